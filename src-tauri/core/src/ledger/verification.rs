//! Checking a whole chain, and the words for what can be wrong with one.

use std::fmt;
use std::path::Path;

use super::chain::{COLUMNS, GENESIS, RawRow, Walk};
use super::key::KeyAnswer;
use super::trace::Traces;
use super::{KeyState, LedgerError, checkpoint, reading, schema, settle};

/// A place outside the database that remembers how far the chain had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trace {
    /// `ledger.head`, written after every append.
    HeadFile,
    /// `ledger.checkpoint`, written with every checkpoint.
    CheckpointFile,
    /// The anchor in the secret store.
    Keyring,
}

/// What is wrong with one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// There is no such row.
    Missing,
    /// A row with a number that does not belong there.
    Order,
    /// It does not follow the row before it.
    Previous,
    /// Its content is not what was hashed.
    Hash,
    /// Its seal does not fit.
    Mac,
    /// It must have a seal and has none.
    SealMissing,
    /// The stored snapshot is not the one that was made.
    Snapshot,
    /// It is not the entry that this witness remembers.
    Trace(Trace),
}

/// Something wrong with a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The chain does not hold at this entry.
    Broken { seq: u64, fault: Fault },
    /// The database is older than what a witness remembers.
    RolledBack { have: u64, expected: u64, trace: Trace },
    /// The checkpoint at this entry is not to be trusted; an older one or the whole chain is used instead.
    Checkpoint { seq: u64, fault: Fault },
    /// Seals were taken off a chain that had some.
    SealsStripped,
    /// The key at hand is not the one that sealed this chain.
    OtherKey,
    /// Tables, indexes or triggers are not those of this schema.
    SchemaAltered,
    /// A witness is gone that an untouched installation has.
    TraceMissing(Trace),
    /// A witness is there but unreadable or wrongly sealed.
    TraceDamaged(Trace),
}

impl Problem {
    /// True if the entries themselves are in doubt, and not just one of the things beside them.
    pub const fn is_loss(&self) -> bool {
        matches!(self, Self::Broken { .. } | Self::RolledBack { .. } | Self::SealsStripped)
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HeadFile => "head file",
            Self::CheckpointFile => "checkpoint file",
            Self::Keyring => "secret store",
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("it is missing"),
            Self::Order => f.write_str("another row stands in its place"),
            Self::Previous => f.write_str("it does not follow the entry before it"),
            Self::Hash => f.write_str("its content was changed"),
            Self::Mac => f.write_str("its seal does not fit"),
            Self::SealMissing => f.write_str("its seal was removed"),
            Self::Snapshot => f.write_str("its snapshot was changed"),
            Self::Trace(trace) => write!(f, "it is not the entry that the {trace} remembers"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken { seq, fault } => write!(f, "the chain is broken at entry {seq}: {fault}"),
            Self::RolledBack { have, expected, trace } => {
                write!(f, "the ledger ends at entry {have}, but the {trace} remembers entry {expected}")
            }
            Self::Checkpoint { seq, fault } => write!(f, "the checkpoint at entry {seq} cannot be used: {fault}"),
            Self::SealsStripped => f.write_str("the seals of the ledger were removed"),
            Self::OtherKey => f.write_str("the key at hand is not the one that sealed this ledger"),
            Self::SchemaAltered => f.write_str("the tables of the ledger were altered"),
            Self::TraceMissing(trace) => write!(f, "the {trace} no longer remembers the ledger"),
            Self::TraceDamaged(trace) => write!(f, "what the {trace} remembers of the ledger is damaged"),
        }
    }
}

/// The result of checking a whole chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Entries that were found right, from the first on.
    pub entries: u64,
    pub sealed: u64,
    /// Of the sealed ones, those that had lain unsealed for a while.
    pub late: u64,
    pub unsealed: u64,
    pub checkpoints: u64,
    /// Whether the seals could be checked: only `Keyed` says so.
    pub key: KeyState,
    /// The first is the one to name; empty = all is well.
    pub problems: Vec<Problem>,
}

impl Verification {
    /// The first entry that is wrong, and what is wrong with it.
    pub fn first_bad(&self) -> Option<(u64, Fault)> {
        self.problems.iter().find_map(|problem| match problem {
            Problem::Broken { seq, fault } => Some((*seq, *fault)),
            _ => None,
        })
    }

    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Entries between two calls of a verification's `progress`.
const STRIDE: u64 = 4096;

/// Checks the whole chain, every checkpoint and all traces without writing anything; a guard may be at work
/// meanwhile. `progress` is called with the number of entries done. Returns `None` where there is no ledger.
pub fn verify(
    dir: &Path,
    answer: &KeyAnswer,
    mut progress: impl FnMut(u64),
) -> Result<Option<Verification>, LedgerError> {
    let Some(db) = reading::connect(dir)? else { return Ok(None) };
    let settled = settle(&db, answer)?;
    let sealer = settled.sealer.as_ref();
    // The traces are read before the view of the database is fixed: a trace written later would seem to be ahead.
    let traces = Traces::read(dir, &settled, answer.anchor.as_ref())?;
    let db = db.unchecked_transaction()?;
    let mut marks = Vec::new();
    let (mut checkpoints, mut sealed_through) = (0, 0);
    checkpoint::for_each(&db, |row| {
        checkpoints += 1;
        match row.fault(&db, sealer)? {
            Some(fault) => marks.push(Problem::Checkpoint { seq: row.seq, fault }),
            None if row.mac.is_some() => sealed_through = row.seq.max(sealed_through),
            None => {}
        }
        Ok(())
    })?;
    let mut problems = Vec::new();
    let mut walk = Walk::behind(0, GENESIS, sealed_through, sealer);
    let mut statement = db.prepare(&format!("SELECT {COLUMNS} FROM entries ORDER BY seq"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if let Err(problem) = walk.step(&RawRow::read(row)?) {
            problems.push(problem);
            break;
        }
        if walk.last().is_multiple_of(STRIDE) {
            progress(walk.last());
        }
    }
    progress(walk.last());
    problems.extend(traces.problems(&db, &settled)?);
    problems.extend(marks);
    if schema::is_altered(&db)? {
        problems.push(Problem::SchemaAltered);
    }
    // A key at hand says nothing of a chain that was never sealed.
    let key = if settled.was_keyed { settled.state } else { KeyState::None };
    problems.extend(settled.problems);
    Ok(Some(Verification {
        entries: walk.last(),
        sealed: walk.sealed,
        late: walk.late,
        unsealed: walk.unsealed,
        checkpoints,
        key,
        problems,
    }))
}
