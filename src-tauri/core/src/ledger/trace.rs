//! The traces outside the database that remember how far the chain had come. A database that is behind one of them
//! has lost entries.

use std::fs;
use std::io::{self, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::chain::{Hash, Sealer};
use super::checkpoint::{self, Anchor, hash_at};
use super::folder::{self, FolderError};
use super::verification::{Fault, Problem, Trace};
use super::{LedgerError, Settled};

const HEAD_FILE: &str = "ledger.head";
/// The head file's length never changes, so that one write replaces it.
const HEAD_LEN: usize = 256;

/// What a file beside the database remembers.
pub(super) struct Remembered {
    pub(super) seq: u64,
    pub(super) hash: Vec<u8>,
    pub(super) keyed: bool,
    pub(super) snapshot: Option<String>,
}

/// A file beside the database, read.
pub(super) enum Found {
    Absent,
    /// Unreadable, or its seal or digest does not fit.
    Damaged,
    Good(Remembered),
}

#[derive(Serialize, Deserialize)]
struct HeadFile {
    seq: u64,
    hash: String,
    mac: Option<String>,
}

pub(super) fn read_file(path: &Path) -> Result<Option<Vec<u8>>, FolderError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(FolderError::Io { path: path.to_owned(), error }),
    }
}

/// Reads the head file.
pub(super) fn read_head(dir: &Path, sealer: Option<&Sealer>) -> Result<Found, LedgerError> {
    match read_file(&dir.join(HEAD_FILE))? {
        None => Ok(Found::Absent),
        Some(bytes) => Ok(parse_head(&bytes, sealer).map_or(Found::Damaged, Found::Good)),
    }
}

fn parse_head(bytes: &[u8], sealer: Option<&Sealer>) -> Option<Remembered> {
    let file: HeadFile = serde_json::from_slice(bytes).ok()?;
    let hash = hex::decode(&file.hash).ok()?;
    if let (Some(mac), Some(sealer)) = (&file.mac, sealer)
        && !sealer.heads(file.seq, &hash, &hex::decode(mac).ok()?)
    {
        return None;
    }
    Some(Remembered { seq: file.seq, hash, keyed: file.mac.is_some(), snapshot: None })
}

/// The file that names the newest entry after every append. It is written after the database is durable and without
/// waiting for the disk: after a power failure it may lag behind the database, but nothing honest puts it ahead.
#[derive(Debug)]
pub(super) struct HeadWriter {
    file: fs::File,
    path: PathBuf,
}

impl HeadWriter {
    pub(super) fn open(dir: &Path) -> Result<Self, LedgerError> {
        let path = dir.join(HEAD_FILE);
        Ok(Self { file: folder::open_private(&path)?, path })
    }

    pub(super) fn write(&mut self, seq: u64, hash: &Hash, sealer: Option<&Sealer>) -> Result<(), LedgerError> {
        let head =
            HeadFile { seq, hash: hex::encode(hash), mac: sealer.map(|sealer| hex::encode(sealer.head(seq, hash))) };
        let mut text = serde_json::to_vec(&head).map_err(LedgerError::Body)?;
        text.resize(HEAD_LEN - 1, b' ');
        text.push(b'\n');
        let written = self.file.rewind().and_then(|()| self.file.write_all(&text));
        Ok(written.map_err(|error| FolderError::Io { path: self.path.clone(), error })?)
    }

    /// Makes the file itself durable; its absence is told from then on.
    pub(super) fn sync(&self) -> Result<(), LedgerError> {
        Ok(self.file.sync_all().map_err(|error| FolderError::Io { path: self.path.clone(), error })?)
    }
}

/// Everything outside the database that remembers the chain.
pub(super) struct Traces {
    head: Found,
    file: Found,
    anchor: Option<Anchor>,
}

impl Traces {
    pub(super) fn read(dir: &Path, settled: &Settled, anchor: Option<&Anchor>) -> Result<Self, LedgerError> {
        let sealer = settled.sealer.as_ref();
        Ok(Self {
            head: read_head(dir, sealer)?,
            file: checkpoint::read_file_beside(dir, sealer)?,
            anchor: anchor.cloned(),
        })
    }

    pub(super) const fn lacks_head(&self) -> bool {
        matches!(self.head, Found::Absent)
    }

    /// The snapshot of the checkpoint file, where that file is in order.
    pub(super) fn into_snapshot(self) -> Option<String> {
        match self.file {
            Found::Good(remembered) => remembered.snapshot,
            _ => None,
        }
    }

    /// Says where the chain and its traces disagree, losses first.
    pub(super) fn problems(&self, db: &Connection, settled: &Settled) -> Result<Vec<Problem>, LedgerError> {
        let last = super::last_seq(db)?;
        let marked: bool = db.query_row("SELECT EXISTS (SELECT 1 FROM checkpoints)", [], |row| row.get(0))?;
        let mut losses = Vec::new();
        let mut oddities = Vec::new();
        let mut keyed = self.anchor.is_some();
        for (found, trace, expected) in
            [(&self.head, Trace::HeadFile, last > 0), (&self.file, Trace::CheckpointFile, marked)]
        {
            match found {
                Found::Absent if expected => oddities.push(Problem::TraceMissing(trace)),
                Found::Absent => {}
                Found::Damaged => oddities.push(Problem::TraceDamaged(trace)),
                Found::Good(remembered) => {
                    keyed |= remembered.keyed;
                    losses.extend(compare(db, last, remembered.seq, &remembered.hash, trace)?);
                }
            }
        }
        if let Some(anchor) = &self.anchor {
            let hash = hex::decode(&anchor.hash).unwrap_or_default();
            losses.extend(compare(db, last, anchor.seq, &hash, Trace::Keyring)?);
        }
        // The trace that remembers most speaks first.
        losses.sort_by_key(|problem| match problem {
            Problem::RolledBack { expected, .. } => std::cmp::Reverse(*expected),
            _ => std::cmp::Reverse(0),
        });
        if losses.is_empty() && keyed && !settled.was_keyed && last > 0 {
            losses.push(Problem::SealsStripped);
        }
        losses.extend(oddities);
        Ok(losses)
    }
}

/// Compares the chain with one witness of how far it had come.
fn compare(db: &Connection, last: u64, seq: u64, hash: &[u8], trace: Trace) -> Result<Option<Problem>, LedgerError> {
    if seq > last {
        return Ok(Some(Problem::RolledBack { have: last, expected: seq, trace }));
    }
    Ok(match hash_at(db, seq)? {
        Some(stored) if stored == hash => None,
        Some(_) => Some(Problem::Broken { seq, fault: Fault::Trace(trace) }),
        None => Some(Problem::Broken { seq, fault: Fault::Missing }),
    })
}
