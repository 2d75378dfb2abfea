//! Reading a ledger without writing: neither file nor key nor journal is made.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::chain::{COLUMNS, GENESIS, Hash, RawRow, Seal, Walk};
use super::verification::Problem;
use super::{Entry, FILE, LedgerError, checkpoint, last_seq, schema};

/// How long a reader or writer waits for the other.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// A ledger as a reading verb sees it. Hashes are checked, seals are not: the key is not asked for.
#[derive(Debug)]
pub struct ReadOnly {
    db: Connection,
    /// The newest usable snapshot, canonical JSON.
    pub snapshot: Option<String>,
    /// Entries after the snapshot, up to the first that is broken.
    pub tail: Vec<Entry>,
    /// What is broken in the tail or its checkpoint.
    pub problem: Option<Problem>,
    /// The newest entry; 0 = none.
    pub last: u64,
}

impl ReadOnly {
    pub(super) fn open(dir: &Path) -> Result<Option<Self>, LedgerError> {
        loop {
            let quiet = !journal_exists(dir);
            let Some(db) = connect(dir)? else { return Ok(None) };
            let read = Self::load(db);
            // A guard that came up in the middle may have changed pages that were taken for fixed.
            if quiet && journal_exists(dir) {
                continue;
            }
            return read.map(Some);
        }
    }

    fn load(db: Connection) -> Result<Self, LedgerError> {
        let mut problem = None;
        let mut start = None;
        for row in checkpoint::newest(&db)? {
            match row.fault(&db, None)? {
                None => {
                    start = Some(row);
                    break;
                }
                Some(fault) => {
                    problem.get_or_insert(Problem::Checkpoint { seq: row.seq, fault });
                }
            }
        }
        let (seq, head) = start.as_ref().map_or((0, GENESIS), |row| (row.seq, fixed(&row.head)));
        let mut walk = Walk::behind(seq, head, 0, None);
        let (tail, broken) = tail(&db, &mut walk)?;
        let last = last_seq(&db)?;
        Ok(Self { db, snapshot: start.and_then(|row| row.snapshot), tail, problem: broken.or(problem), last })
    }

    /// Whether the chain has been keyed.
    pub fn was_keyed(&self) -> Result<bool, LedgerError> {
        Ok(self
            .db
            .query_row("SELECT count(*) FROM chain WHERE key_check IS NOT NULL", [], |row| row.get::<_, i64>(0))?
            > 0)
    }

    /// Whether the newest entry carries a seal.
    pub fn is_sealed(&self) -> Result<bool, LedgerError> {
        let sealed = "SELECT count(*) FROM (SELECT mac FROM entries ORDER BY seq DESC LIMIT 1) WHERE mac IS NOT NULL";
        Ok(self.db.query_row(sealed, [], |row| row.get::<_, i64>(0))? > 0)
    }

    /// Calls `each` for every entry from `from` on, until it breaks off. Nothing is checked.
    pub fn entries(&self, from: u64, mut each: impl FnMut(Entry) -> ControlFlow<()>) -> Result<(), LedgerError> {
        let mut statement = self.db.prepare(&format!("SELECT {COLUMNS} FROM entries WHERE seq >= ?1 ORDER BY seq"))?;
        let mut rows = statement.query([super::stored(from)])?;
        while let Some(row) = rows.next()? {
            let row = RawRow::read(row)?;
            let entry = entry(&row).ok_or(LedgerError::Unreadable { seq: row.seq })?;
            if each(entry).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// Reads the entries behind a walk's start, up to the first that is broken.
pub(super) fn tail(db: &Connection, walk: &mut Walk<'_>) -> Result<(Vec<Entry>, Option<Problem>), LedgerError> {
    let mut entries = Vec::new();
    // Seen from the start, even a row with a number below 1 stands behind it.
    let from = if walk.last() == 0 { i64::MIN } else { super::stored(walk.last() + 1) };
    let mut statement = db.prepare(&format!("SELECT {COLUMNS} FROM entries WHERE seq >= ?1 ORDER BY seq"))?;
    let mut rows = statement.query([from])?;
    while let Some(row) = rows.next()? {
        let row = RawRow::read(row)?;
        if let Err(problem) = walk.step(&row) {
            return Ok((entries, Some(problem)));
        }
        let entry = entry(&row).ok_or(LedgerError::Unreadable { seq: row.seq })?;
        entries.push(entry);
    }
    Ok((entries, None))
}

/// Walks on to entry `upto` without keeping anything, and returns what is broken on the way.
pub(super) fn walk_to(db: &Connection, walk: &mut Walk<'_>, upto: u64) -> Result<Option<Problem>, LedgerError> {
    let mut statement = db.prepare(&format!("SELECT {COLUMNS} FROM entries WHERE seq <= ?1 ORDER BY seq"))?;
    let mut rows = statement.query([super::stored(upto)])?;
    while let Some(row) = rows.next()? {
        if let Err(problem) = walk.step(&RawRow::read(row)?) {
            return Ok(Some(problem));
        }
    }
    Ok(None)
}

fn entry(row: &RawRow<'_>) -> Option<Entry> {
    Some(Entry {
        seq: u64::try_from(row.seq).ok()?,
        at: std::str::from_utf8(row.at).ok()?.parse().ok()?,
        body: std::str::from_utf8(row.body).ok()?.to_owned(),
        seal: Seal::from_code(row.seal)?,
        hash: hex::encode(row.hash),
    })
}

/// A stored hash as a value; one of another length reads as the start of a chain and so fits nothing.
pub(super) fn fixed(stored: &[u8]) -> Hash {
    stored.try_into().unwrap_or(GENESIS)
}

fn journal_exists(dir: &Path) -> bool {
    fs::symlink_metadata(dir.join(format!("{FILE}-wal"))).is_ok()
}

/// Opens the database for reading, or returns `None` where there is none or nothing was written yet.
pub(super) fn connect(dir: &Path) -> Result<Option<Connection>, LedgerError> {
    let path = dir.join(FILE);
    match fs::metadata(&path) {
        Ok(found) if found.len() == 0 && !journal_exists(dir) => return Ok(None),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(super::FolderError::Io { path, error }.into()),
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    // Without a journal nobody has the database open, and SQLite would make one just to read. `immutable` keeps it
    // from that, and makes a folder without write permission readable.
    let fixed = if journal_exists(dir) { "" } else { "?immutable=1" };
    let db = Connection::open_with_flags(format!("{}{fixed}", uri(&path)), flags)?;
    db.busy_timeout(PATIENCE)?;
    match schema::version(&db)? {
        0 => Ok(None),
        schema::VERSION => Ok(Some(db)),
        found if found > schema::VERSION => Err(LedgerError::Newer { found, known: schema::VERSION }),
        found => Err(LedgerError::Older { found, known: schema::VERSION }),
    }
}

fn uri(path: &Path) -> String {
    let mut uri = String::from("file:");
    if cfg!(windows) {
        uri.push_str("///");
    }
    for &byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => uri.push(char::from(byte)),
            b'\\' if cfg!(windows) => uri.push('/'),
            b':' if cfg!(windows) => uri.push(':'),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
