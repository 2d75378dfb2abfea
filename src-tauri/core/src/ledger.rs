//! The append-only, tamper-evident record of everything observed, decided and done.
//!
//! The ledger knows nothing of the domain. It keeps bodies (any `Serialize`, as canonical JSON) in a hash chain that is
//! sealed with a key from the system's secret store, and from time to time a snapshot of whatever its caller folds the
//! bodies into. There is no way to change or delete an entry here; what is done to the file from outside is told:
//!
//! - a changed, missing or swapped row by the chain and its seals ([`Problem::Broken`]),
//! - a cut or older database by the traces beside it ([`Problem::RolledBack`]): `ledger.head` after every entry,
//!   `ledger.checkpoint` and the anchor in the secret store after every checkpoint.
//!
//! Somebody who runs as the user can replace everything at once, secret store included; that leaves no evidence here.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, TransactionBehavior};
use serde::Serialize;

mod chain;
mod checkpoint;
pub mod folder;
mod key;
mod keyring;
mod reading;
mod schema;
mod trace;
mod verification;
mod witness;

pub use chain::Seal;
pub use checkpoint::{Anchor, NotAnAnchor};
pub use folder::FolderError;
pub use key::{AnchorError, Key, KeyAnswer, KeySource, MemoryKeys, Secret32, ask, ask_quietly, complete};
pub use keyring::{NotKept, OsKeyring, TokenItem};
pub use reading::ReadOnly;
pub use schema::VERSION as SCHEMA_VERSION;
pub use verification::{Fault, Problem, Trace, Verification, verify};
pub use witness::{FirstRun, Witness, Witnesses, first_run, mark_installed};

use chain::{GENESIS, Hash, Link, Sealer, Walk};
use reading::fixed;
use trace::{HeadWriter, Traces};

const FILE: &str = "ledger.db";

/// Entries after which the log is written back.
const WRITE_BACK: u64 = 250;

/// Pages of 4 kB after which an append writes the log back itself.
const LOG_PAGES: u32 = 4_096;

/// So many entries after a checkpoint the next one is due.
const SPAN: u64 = 1_000;

/// Rows that are sealed late in one go.
const BATCH: i64 = 1_000;

/// One entry, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// From 1, without gaps.
    pub seq: u64,
    pub at: Timestamp,
    /// Canonical JSON: sorted keys, no white space.
    pub body: String,
    pub seal: Seal,
    /// 64 hex digits.
    pub hash: String,
}

/// How the chain stands to its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyState {
    /// The key is here; entries are sealed.
    Keyed,
    /// The store does not open now; entries are sealed when it does.
    Locked,
    /// The chain had a key, and the store has none or another one.
    Missing,
    /// The chain never had a key.
    None,
}

/// What opening, or the arrival of the key, found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenReport {
    pub key: KeyState,
    /// There was no database.
    pub created: bool,
    /// The newest entry; 0 = none.
    pub last: u64,
    /// The entry of the checkpoint that was used; `None` = read from the first entry.
    pub checkpoint: Option<u64>,
    /// Entries that have no seal yet.
    pub unsealed: u64,
    /// Entries that were sealed just now.
    pub sealed_late: u64,
    /// The worst first; empty = all is well as far as it was looked at.
    pub problems: Vec<Problem>,
}

impl OpenReport {
    /// True if entries may be gone or changed. The caller records that and makes a checkpoint, with which the traces
    /// follow the present chain again.
    pub fn is_loss(&self) -> bool {
        self.problems.iter().any(Problem::is_loss)
    }

    /// True if seals were checked. Otherwise only hashes were.
    pub const fn is_verified(&self) -> bool {
        matches!(self.key, KeyState::Keyed)
    }
}

/// An opened ledger with what its caller folds.
#[derive(Debug)]
pub struct Opened {
    pub ledger: Ledger,
    /// The newest snapshot that can be trusted, canonical JSON.
    pub snapshot: Option<String>,
    /// Entries after the snapshot, up to the first that is broken.
    pub tail: Vec<Entry>,
    /// After a loss: the snapshot of the checkpoint file beside the database, which may know more than the database.
    pub rescued: Option<String>,
    pub report: OpenReport,
}

/// A ledger that cannot be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error("the ledger has schema {found}, written by a newer Gatehouse; this one knows schema {known}")]
    Newer { found: u32, known: u32 },
    #[error("the ledger has schema {found}; the guard brings it to schema {known} when it starts")]
    Older { found: u32, known: u32 },
    #[error("the ledger could not be brought to the present schema: {0}")]
    Migration(String),
    #[error("the ledger is not a readable database: {0}")]
    Damaged(#[source] rusqlite::Error),
    #[error("another program is writing the ledger")]
    Busy,
    #[error("another program has written the ledger: it ends at entry {found}, not {have}")]
    Overtaken { have: u64, found: u64 },
    #[error("entry {seq} cannot be read")]
    Unreadable { seq: i64 },
    #[error("what is to be recorded is not JSON: {0}")]
    Body(#[source] serde_json::Error),
    #[error("the ledger could not be used: {0}")]
    Store(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            _ => Self::Store(error),
        }
    }
}

/// The one writer of the ledger. The caller holds `guard.lock`; the database itself refuses a second writer's entries.
#[derive(Debug)]
pub struct Ledger {
    db: Connection,
    dir: PathBuf,
    head: HeadWriter,
    sealer: Option<Sealer>,
    state: KeyState,
    was_keyed: bool,
    last: u64,
    hash: Hash,
    checkpointed: u64,
    urgent: bool,
    /// Up to here the database's log has been written back.
    written_back: u64,
}

/// What is known once the key's answer is held against the database.
struct Settled {
    sealer: Option<Sealer>,
    state: KeyState,
    was_keyed: bool,
    problems: Vec<Problem>,
}

struct Examined {
    snapshot: Option<String>,
    tail: Vec<Entry>,
    rescued: Option<String>,
    report: OpenReport,
}

impl Ledger {
    /// Opens the ledger of a data folder, making both where they are missing, and verifies it from the newest sealed
    /// checkpoint on. Does not wait for a key: see [`KeyAnswer::not_asked`].
    pub fn open(dir: &Path, answer: &KeyAnswer, now: Timestamp) -> Result<Opened, LedgerError> {
        folder::ensure(dir)?;
        let path = dir.join(FILE);
        let created = std::fs::symlink_metadata(&path).is_err();
        folder::claim_private(&path)?;
        let mut db = Connection::open(&path)?;
        db.busy_timeout(reading::PATIENCE)?;
        // The version is looked at before anything is set: a newer database is left as it is.
        let fresh = schema::version(&db)? == 0;
        schema::migrate(&mut db)?;
        db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        db.pragma_update(None, "synchronous", "FULL")?;
        db.pragma_update(None, "fullfsync", true)?;
        db.pragma_update(None, "trusted_schema", false)?;
        // The log is written back in a quiet moment: see `write_back`. This is for an owner that never finds one.
        db.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
        if fresh {
            folder::sync_dir(dir)?;
        }
        let settled = settle(&db, answer)?;
        let traces = Traces::read(dir, &settled, answer.anchor.as_ref())?;
        let head = HeadWriter::open(dir)?;
        let mut ledger = Self {
            db,
            dir: dir.to_owned(),
            head,
            sealer: None,
            state: settled.state,
            was_keyed: settled.was_keyed,
            last: 0,
            hash: GENESIS,
            checkpointed: 0,
            urgent: false,
            written_back: 0,
        };
        (ledger.last, ledger.hash) = last_entry(&ledger.db)?;
        ledger.written_back = ledger.last;
        let lacks_head = traces.lacks_head();
        let Examined { snapshot, tail, rescued, mut report } = ledger.examine(settled, traces)?;
        report.created = created;
        if lacks_head {
            ledger.write_head()?;
            ledger.head.sync()?;
            folder::sync_dir(dir)?;
        }
        tracing::debug!(%now, last = report.last, problems = report.problems.len(), "the ledger is open");
        Ok(Opened { ledger, snapshot, tail, rescued, report })
    }

    /// Opens the ledger for reading: makes nothing, asks for no key, and works beside a guard. `None` = no ledger.
    pub fn open_read_only(dir: &Path) -> Result<Option<ReadOnly>, LedgerError> {
        ReadOnly::open(dir)
    }

    /// Appends bodies in one transaction and returns their numbers when they are durable.
    pub fn append(&mut self, at: Timestamp, bodies: &[impl Serialize]) -> Result<Vec<u64>, LedgerError> {
        let at = at.to_string();
        let (mut last, mut hash) = (self.last, self.hash);
        let mut numbers = Vec::with_capacity(bodies.len());
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let found = last_seq(&transaction)?;
        if found != last {
            return Err(LedgerError::Overtaken { have: last, found });
        }
        {
            let mut insert = transaction.prepare_cached(
                "INSERT INTO entries (seq, at, body, prev, hash, seal, mac) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?;
            for body in bodies {
                let body = canonical(body)?;
                let link = Link { prev: &hash, seq: last + 1, at: at.as_bytes(), body: body.as_bytes() };
                let next = link.hash();
                let seal = if self.sealer.is_some() { Seal::AtOnce } else { Seal::None };
                let mac = self.sealer.as_ref().map(|sealer| sealer.seal(&link, seal));
                insert.execute((stored(last + 1), &at, &body, &hash, &next, seal.code(), mac))?;
                (last, hash) = (last + 1, next);
                numbers.push(last);
            }
        }
        transaction.commit()?;
        (self.last, self.hash) = (last, hash);
        // The entries are durable; a head file that cannot be written only watches less well.
        if let Err(error) = self.write_head() {
            tracing::warn!(%error, "the head file was not written");
        }
        Ok(numbers)
    }

    /// True when a checkpoint should be made: every 1,000 entries, after late sealing, after a loss.
    pub const fn due(&self) -> bool {
        self.urgent || self.last - self.checkpointed >= SPAN
    }

    /// True when a checkpoint should wait no longer for a quiet moment.
    pub const fn overdue(&self) -> bool {
        self.urgent || self.last - self.checkpointed >= 8 * SPAN
    }

    /// True when [`Ledger::write_back`] is worth its while.
    pub const fn write_back_due(&self) -> bool {
        self.last - self.written_back >= WRITE_BACK
    }

    /// Writes the database's log back into the database, which takes fsyncs that no append shall wait for.
    pub fn write_back(&mut self) -> Result<(), LedgerError> {
        self.db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        self.written_back = self.last;
        Ok(())
    }

    /// Stores a snapshot of everything up to the newest entry, sealed if the key is here, and returns the anchor for
    /// [`KeySource::set_anchor`], which is worth storing in state [`KeyState::Keyed`].
    pub fn checkpoint(&mut self, at: Timestamp, snapshot: &impl Serialize) -> Result<Anchor, LedgerError> {
        // Its text is what is digested: nobody writes it a second time, so its keys need no order.
        let snapshot = serde_json::to_string(snapshot).map_err(LedgerError::Body)?;
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let row =
            checkpoint::insert(&transaction, self.last, &self.hash, &at.to_string(), snapshot, self.sealer.as_ref())?;
        transaction.commit()?;
        (self.checkpointed, self.urgent) = (self.last, false);
        checkpoint::write_file(&self.dir, row)?;
        self.write_head()?;
        Ok(Anchor { seq: self.last, hash: hex::encode(self.hash) })
    }

    /// Takes a later answer about the key: verifies what could not be verified before and seals what lies unsealed.
    pub fn key_arrived(&mut self, answer: &KeyAnswer) -> Result<OpenReport, LedgerError> {
        let settled = settle(&self.db, answer)?;
        if settled.sealer.is_none() && self.sealer.is_some() {
            // A store that closed again takes nothing away: the key is here until the end of the process.
            return Ok(OpenReport {
                key: self.state,
                created: false,
                last: self.last,
                checkpoint: None,
                unsealed: 0,
                sealed_late: 0,
                problems: settled.problems,
            });
        }
        let traces = Traces::read(&self.dir, &settled, answer.anchor.as_ref())?;
        Ok(self.examine(settled, traces)?.report)
    }

    /// Starts anew where the database turns out not to be readable, which is moved out of the way. The new one waits for
    /// its key.
    pub fn renew(&mut self, now: Timestamp) -> Result<(), LedgerError> {
        // Closed first: closing removes the journal by its name, which is the new database's by then.
        self.db = Connection::open_in_memory()?;
        set_aside(&self.dir, now)?;
        *self = Self::open(&self.dir.clone(), &KeyAnswer::not_asked(), now)?.ledger;
        Ok(())
    }

    pub const fn key_state(&self) -> KeyState {
        self.state
    }

    /// True if this chain has had a key, whether or not it is here.
    pub const fn was_keyed(&self) -> bool {
        self.was_keyed
    }

    /// The newest entry; 0 = none.
    pub const fn last(&self) -> u64 {
        self.last
    }

    /// Chooses a checkpoint, verifies what follows it, and takes the key into use.
    fn examine(&mut self, settled: Settled, traces: Traces) -> Result<Examined, LedgerError> {
        let mut problems = Vec::new();
        let mut marks = Vec::new();
        let sealer = settled.sealer.as_ref();
        let mut start = None;
        for row in checkpoint::newest(&self.db)? {
            // In a keyed chain an unsealed checkpoint was made while the key was away, or by somebody else.
            if sealer.is_some() && settled.was_keyed && row.mac.is_none() {
                continue;
            }
            match row.fault(&self.db, sealer)? {
                Some(fault) => marks.push(Problem::Checkpoint { seq: row.seq, fault }),
                None => {
                    start = Some(row);
                    break;
                }
            }
        }
        let (from, head) = start.as_ref().map_or((0, GENESIS), |row| (row.seq, fixed(&row.head)));
        let mut walk = Walk::behind(from, head, 0, sealer);
        let (tail, broken) = reading::tail(&self.db, &mut walk)?;
        let mut sound_to = walk.last();
        let mut unsealed = walk.unsealed;
        problems.extend(broken);
        problems.extend(traces.problems(&self.db, &settled)?);
        problems.extend(settled.problems);
        problems.extend(marks);
        if schema::is_altered(&self.db)? {
            problems.push(Problem::SchemaAltered);
        }
        let mut sealed_late = 0;
        if let Some(sealer) = settled.sealer {
            // With its first key a chain is sealed from the first entry on; what a checkpoint vouched for is walked too.
            let behind = if settled.was_keyed { from } else { 0 };
            if behind < from {
                let mut walk = Walk::behind(behind, GENESIS, 0, None);
                if let Some(broken) = reading::walk_to(&self.db, &mut walk, from)? {
                    problems.insert(0, broken);
                    sound_to = walk.last();
                }
            }
            // Nothing is sealed behind a break: a seal there would vouch for what nobody can.
            sealed_late = take_key(&mut self.db, &sealer, behind, sound_to)?;
            unsealed -= sealed_late.min(unsealed);
            self.sealer = Some(sealer);
            self.was_keyed = true;
            if sealed_late > 0 {
                self.write_head()?;
            }
        }
        self.state = settled.state;
        self.checkpointed = from;
        let loss = problems.iter().any(Problem::is_loss);
        self.urgent |= loss || sealed_late > 0;
        let report = OpenReport {
            key: self.state,
            created: false,
            last: self.last,
            checkpoint: start.as_ref().map(|row| row.seq),
            unsealed,
            sealed_late,
            problems,
        };
        let rescued = if loss { traces.into_snapshot() } else { None };
        Ok(Examined { snapshot: start.and_then(|row| row.snapshot), tail, rescued, report })
    }

    fn write_head(&mut self) -> Result<(), LedgerError> {
        self.head.write(self.last, &self.hash, self.sealer.as_ref())
    }
}

/// Moves a database that cannot be opened out of the way, with its journal, and returns its new place. The traces stay:
/// the next [`Ledger::open`] tells the loss.
pub fn set_aside(dir: &Path, now: Timestamp) -> Result<PathBuf, LedgerError> {
    let stamp = now.as_second();
    let aside = |suffix: &str| dir.join(format!("ledger.broken-{stamp}.db{suffix}"));
    for suffix in ["-wal", "-shm", ""] {
        let path = dir.join(format!("{FILE}{suffix}"));
        match std::fs::rename(&path, aside(suffix)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(FolderError::Io { path, error }.into());
            }
            _ => {}
        }
    }
    folder::sync_dir(dir)?;
    Ok(aside(""))
}

/// True if the data folder has a ledger's database.
pub fn exists(dir: &Path) -> bool {
    std::fs::symlink_metadata(dir.join(FILE)).is_ok()
}

/// Holds what the key source said against what the chain says of its key.
fn settle(db: &Connection, answer: &KeyAnswer) -> Result<Settled, LedgerError> {
    let check: Option<Vec<u8>> = db.query_row("SELECT key_check FROM chain", [], |row| row.get(0)).optional()?;
    let sealed: bool = db.query_row(
        "SELECT coalesce((SELECT mac FROM entries ORDER BY seq LIMIT 1),
            (SELECT mac FROM entries ORDER BY seq DESC LIMIT 1),
            (SELECT mac FROM checkpoints WHERE mac IS NOT NULL LIMIT 1)) IS NOT NULL",
        [],
        |row| row.get(0),
    )?;
    let was_keyed = check.is_some() || sealed;
    let mut problems = Vec::new();
    if sealed && check.is_none() {
        problems.push(Problem::SealsStripped);
    }
    let (sealer, state) = match &answer.key {
        Key::Available(key) => {
            let sealer = Sealer::new(key);
            if check.is_some_and(|check| check != sealer.check()) {
                problems.push(Problem::OtherKey);
                (None, KeyState::Missing)
            } else {
                (Some(sealer), KeyState::Keyed)
            }
        }
        Key::Locked => (None, KeyState::Locked),
        Key::Missing if was_keyed => (None, KeyState::Missing),
        // A keyed chain in a session without a store, as over SSH: the store is elsewhere, not gone.
        Key::None if was_keyed => (None, KeyState::Locked),
        Key::Missing | Key::None => (None, KeyState::None),
    };
    Ok(Settled { sealer, state, was_keyed, problems })
}

/// Writes down which key the chain has and seals what lies unsealed behind one entry and up to another. Returns how
/// many entries that were.
fn take_key(db: &mut Connection, sealer: &Sealer, behind: u64, upto: u64) -> Result<u64, LedgerError> {
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("INSERT OR IGNORE INTO chain (id, key_check) VALUES (1, ?1)", [sealer.check()])?;
    let mut sealed = 0;
    {
        let mut select = transaction.prepare(
            "SELECT seq, at, body, prev FROM entries WHERE mac IS NULL AND seq > ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3",
        )?;
        let mut update = transaction.prepare("UPDATE entries SET seal = ?1, mac = ?2 WHERE seq = ?3")?;
        let mut from = stored(behind);
        loop {
            let mut batch = Vec::new();
            let mut rows = select.query([from, stored(upto), BATCH])?;
            while let Some(row) = rows.next()? {
                let seq: i64 = row.get(0)?;
                let (at, body, prev) = (row.get_ref(1)?, row.get_ref(2)?, row.get_ref(3)?);
                let (Ok(number), Ok(at), Ok(body), Ok(prev)) =
                    (u64::try_from(seq), at.as_bytes(), body.as_bytes(), prev.as_bytes())
                else {
                    return Err(LedgerError::Unreadable { seq });
                };
                batch.push((seq, sealer.seal(&Link { prev, seq: number, at, body }, Seal::Late)));
            }
            let Some((last, _)) = batch.last() else { break };
            from = *last;
            sealed += batch.len() as u64;
            for (seq, mac) in &batch {
                update.execute((Seal::Late.code(), mac, seq))?;
            }
        }
    }
    transaction.commit()?;
    Ok(sealed)
}

fn last_seq(db: &Connection) -> Result<u64, LedgerError> {
    let seq: Option<i64> = db.prepare_cached("SELECT max(seq) FROM entries")?.query_row([], |row| row.get(0))?;
    Ok(seq.and_then(|seq| u64::try_from(seq).ok()).unwrap_or(0))
}

fn last_entry(db: &Connection) -> Result<(u64, Hash), LedgerError> {
    let last = last_seq(db)?;
    Ok((last, checkpoint::hash_at(db, last)?.map_or(GENESIS, |hash| fixed(&hash))))
}

/// A number as SQLite holds it.
fn stored(seq: u64) -> i64 {
    i64::try_from(seq).expect("entries are counted one by one")
}

/// Writes a value as JSON with sorted keys and no white space.
fn canonical(value: &impl Serialize) -> Result<String, LedgerError> {
    let mut value = serde_json::to_value(value).map_err(LedgerError::Body)?;
    value.sort_all_objects();
    serde_json::to_string(&value).map_err(LedgerError::Body)
}
