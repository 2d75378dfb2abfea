//! Checkpoints: sealed snapshots in the database, the newest of them also as a file beside it.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use rusqlite::{Connection, OptionalExtension as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::LedgerError;
use super::chain::{GENESIS, Hash, Mark, Sealer};
use super::folder;
use super::trace::{Found, Remembered, read_file};
use super::verification::Fault;

const FILE: &str = "ledger.checkpoint";
/// So many checkpoints, and so many sealed ones, keep their snapshot; older ones keep only its digest.
const KEPT: i64 = 3;

/// How far a chain has come: the newest entry and its hash. Written `seq:hash`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    pub seq: u64,
    /// 64 hex digits.
    pub hash: String,
}

/// Text that is not an [`Anchor`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an anchor of a ledger")]
pub struct NotAnAnchor;

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

impl FromStr for Anchor {
    type Err = NotAnAnchor;

    fn from_str(text: &str) -> Result<Self, NotAnAnchor> {
        let (seq, hash) = text.split_once(':').ok_or(NotAnAnchor)?;
        let seq = seq.parse().map_err(|_| NotAnAnchor)?;
        if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(NotAnAnchor);
        }
        Ok(Self { seq, hash: hash.to_owned() })
    }
}

/// One row of the checkpoints.
pub(super) struct Checkpoint {
    pub(super) id: i64,
    pub(super) seq: u64,
    pub(super) at: String,
    pub(super) head: Vec<u8>,
    pub(super) digest: Vec<u8>,
    pub(super) mac: Option<Vec<u8>>,
    pub(super) snapshot: Option<String>,
}

impl Checkpoint {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        // Text that is no UTF-8 reads as empty and so fails the digest or the seal.
        let text = |index| -> rusqlite::Result<Option<String>> {
            Ok(row.get_ref(index)?.as_bytes().ok().map(|b| String::from_utf8(b.to_vec()).unwrap_or_default()))
        };
        Ok(Self {
            id: row.get(0)?,
            seq: u64::try_from(row.get::<_, i64>(1)?).unwrap_or(u64::MAX),
            at: text(2)?.unwrap_or_default(),
            head: row.get(3)?,
            digest: row.get(4)?,
            mac: row.get(5)?,
            snapshot: text(6)?,
        })
    }

    fn mark(&self) -> Mark<'_> {
        Mark { id: self.id, seq: self.seq, at: self.at.as_bytes(), head: &self.head, digest: &self.digest }
    }

    /// Says what is wrong with the row itself: its seal, its snapshot, and its place in the chain.
    pub(super) fn fault(&self, db: &Connection, sealer: Option<&Sealer>) -> Result<Option<Fault>, LedgerError> {
        if let (Some(sealer), Some(mac)) = (sealer, &self.mac)
            && !sealer.marks(&self.mark(), mac)
        {
            return Ok(Some(Fault::Mac));
        }
        if self.snapshot.as_ref().is_some_and(|text| self.digest != Sha256::digest(text.as_bytes()).as_slice()) {
            return Ok(Some(Fault::Snapshot));
        }
        Ok(match hash_at(db, self.seq)? {
            None => Some(Fault::Missing),
            Some(hash) if hash != self.head => Some(Fault::Hash),
            Some(_) => None,
        })
    }
}

/// Returns the stored hash of an entry; entry 0 is the start of every chain.
pub(super) fn hash_at(db: &Connection, seq: u64) -> Result<Option<Vec<u8>>, LedgerError> {
    if seq == 0 {
        return Ok(Some(GENESIS.to_vec()));
    }
    let Ok(seq) = i64::try_from(seq) else { return Ok(None) };
    Ok(db.query_row("SELECT hash FROM entries WHERE seq = ?1", [seq], |row| row.get(0)).optional()?)
}

const COLUMNS: &str = "id, seq, at, head, digest, mac, snapshot";

/// Returns the checkpoints that have their snapshot, newest first.
pub(super) fn newest(db: &Connection) -> Result<Vec<Checkpoint>, LedgerError> {
    let sql = format!("SELECT {COLUMNS} FROM checkpoints WHERE snapshot IS NOT NULL ORDER BY id DESC");
    let mut statement = db.prepare(&sql)?;
    let rows = statement.query_map([], Checkpoint::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns the newest checkpoint with its snapshot if it is of this entry; those of others are not read.
fn newest_at(db: &Connection, seq: u64) -> Result<Option<Checkpoint>, LedgerError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM checkpoints WHERE seq = ?1
            AND id = (SELECT max(id) FROM checkpoints WHERE snapshot IS NOT NULL)"
    );
    Ok(db.query_row(&sql, [super::stored(seq)], Checkpoint::read).optional()?)
}

/// Calls `each` for every checkpoint, newest first.
pub(super) fn for_each(
    db: &Connection,
    mut each: impl FnMut(Checkpoint) -> Result<(), LedgerError>,
) -> Result<(), LedgerError> {
    let mut statement = db.prepare(&format!("SELECT {COLUMNS} FROM checkpoints ORDER BY id DESC"))?;
    for row in statement.query_map([], Checkpoint::read)? {
        each(row?)?;
    }
    Ok(())
}

/// Writes a checkpoint into the database and returns it. One that says the same as the newest is not written again.
pub(super) fn insert(
    db: &Connection,
    seq: u64,
    head: &Hash,
    at: &str,
    snapshot: String,
    sealer: Option<&Sealer>,
) -> Result<Checkpoint, LedgerError> {
    let id: i64 = db.query_row("SELECT coalesce(max(id), 0) + 1 FROM checkpoints", [], |row| row.get(0))?;
    let digest = Sha256::digest(snapshot.as_bytes()).to_vec();
    let mut row =
        Checkpoint { id, seq, at: at.to_owned(), head: head.to_vec(), digest, mac: None, snapshot: Some(snapshot) };
    if let Some(newest) = newest_at(db, seq)?
        && (&newest.head, &newest.digest) == (&row.head, &row.digest)
        && newest.mac.is_some() == sealer.is_some()
        && newest.fault(db, sealer)?.is_none()
    {
        return Ok(newest);
    }
    row.mac = sealer.map(|sealer| sealer.mark(&row.mark()).to_vec());
    db.execute(
        "INSERT INTO checkpoints (id, seq, at, head, digest, mac, snapshot) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (id, super::stored(seq), at, &row.head, &row.digest, &row.mac, &row.snapshot),
    )?;
    db.execute(
        "UPDATE checkpoints SET snapshot = NULL WHERE snapshot IS NOT NULL
            AND id NOT IN (SELECT id FROM checkpoints ORDER BY id DESC LIMIT ?1)
            AND id NOT IN (SELECT id FROM checkpoints WHERE mac IS NOT NULL ORDER BY id DESC LIMIT ?1)",
        [KEPT],
    )?;
    Ok(row)
}

#[derive(Serialize, Deserialize)]
struct CheckpointFile {
    version: u32,
    id: i64,
    seq: u64,
    at: String,
    head: String,
    digest: String,
    mac: Option<String>,
    snapshot: String,
}

/// Writes the checkpoint beside the database. The snapshot may be of many megabytes: it is copied nowhere on its way.
pub(super) fn write_file(dir: &Path, checkpoint: Checkpoint) -> Result<(), LedgerError> {
    let file = CheckpointFile {
        version: 1,
        id: checkpoint.id,
        seq: checkpoint.seq,
        at: checkpoint.at,
        head: hex::encode(&checkpoint.head),
        digest: hex::encode(&checkpoint.digest),
        mac: checkpoint.mac.map(hex::encode),
        snapshot: checkpoint.snapshot.unwrap_or_default(),
    };
    Ok(folder::replace_private_with(&dir.join(FILE), |out| Ok(serde_json::to_writer(out, &file)?))?)
}

/// Reads the checkpoint beside the database.
pub(super) fn read_file_beside(dir: &Path, sealer: Option<&Sealer>) -> Result<Found, LedgerError> {
    let Some(bytes) = read_file(&dir.join(FILE))? else { return Ok(Found::Absent) };
    Ok(parse_checkpoint(&bytes, sealer).map_or(Found::Damaged, Found::Good))
}

fn parse_checkpoint(bytes: &[u8], sealer: Option<&Sealer>) -> Option<Remembered> {
    let file: CheckpointFile = serde_json::from_slice(bytes).ok()?;
    let (head, digest) = (hex::decode(&file.head).ok()?, hex::decode(&file.digest).ok()?);
    if digest != Sha256::digest(file.snapshot.as_bytes()).as_slice() {
        return None;
    }
    if let (Some(mac), Some(sealer)) = (&file.mac, sealer) {
        let mark = Mark { id: file.id, seq: file.seq, at: file.at.as_bytes(), head: &head, digest: &digest };
        if !sealer.marks(&mark, &hex::decode(mac).ok()?) {
            return None;
        }
    }
    Some(Remembered { seq: file.seq, hash: head, keyed: file.mac.is_some(), snapshot: Some(file.snapshot) })
}
