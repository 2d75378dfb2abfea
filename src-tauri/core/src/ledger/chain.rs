//! The chain: what is hashed and sealed of an entry, and the walk that finds the first row that does not fit.

use std::fmt;

use hmac::{Hmac, Mac as _};
use rusqlite::Row;
use rusqlite::types::ValueRef;
use sha2::{Digest as _, Sha256};

use super::key::Secret32;
use super::verification::{Fault, Problem};

/// A SHA-256 value or a MAC.
pub(super) type Hash = [u8; 32];

/// What the first entry names as its predecessor.
pub(super) const GENESIS: Hash = [0; 32];

const ENTRY: &[u8] = b"gatehouse-entry-1\0";
const CHECKPOINT: &[u8] = b"gatehouse-checkpoint-1\0";
const HEAD: &[u8] = b"gatehouse-head-1\0";
const CHECK: &[u8] = b"gatehouse-key-check-1\0";

/// Columns of an entry in the order that [`RawRow::read`] expects.
pub(super) const COLUMNS: &str = "seq, at, body, prev, hash, seal, mac";

/// When an entry got its MAC. The kind is under the MAC, so it cannot be changed afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seal {
    /// No key was at hand yet.
    None,
    /// Sealed in the transaction that wrote it.
    AtOnce,
    /// Sealed when the key came, after the entry had lain unsealed.
    Late,
}

impl Seal {
    pub(super) const fn code(self) -> u8 {
        match self {
            Self::None => 0,
            Self::AtOnce => 1,
            Self::Late => 2,
        }
    }

    pub(super) const fn from_code(code: i64) -> Option<Self> {
        match code {
            0 => Some(Self::None),
            1 => Some(Self::AtOnce),
            2 => Some(Self::Late),
            _ => None,
        }
    }
}

/// The parts of an entry that are hashed. The length of `at` is hashed too, so that no byte can move between the fields.
#[derive(Clone, Copy)]
pub(super) struct Link<'a> {
    pub(super) prev: &'a [u8],
    pub(super) seq: u64,
    pub(super) at: &'a [u8],
    pub(super) body: &'a [u8],
}

impl Link<'_> {
    fn feed(&self, mut take: impl FnMut(&[u8])) {
        take(ENTRY);
        take(self.prev);
        take(&self.seq.to_be_bytes());
        take(&(self.at.len() as u64).to_be_bytes());
        take(self.at);
        take(self.body);
    }

    pub(super) fn hash(&self) -> Hash {
        let mut sha = Sha256::new();
        self.feed(|part| sha.update(part));
        sha.finalize().into()
    }
}

/// The parts of a checkpoint that are sealed; `digest` stands for the snapshot, so that an old snapshot can be dropped
/// without losing the seal.
#[derive(Clone, Copy)]
pub(super) struct Mark<'a> {
    pub(super) id: i64,
    pub(super) seq: u64,
    pub(super) at: &'a [u8],
    pub(super) head: &'a [u8],
    pub(super) digest: &'a [u8],
}

/// The chain's key, ready for use: cloning the keyed state costs less than keying it for each row.
pub(super) struct Sealer(Hmac<Sha256>);

impl Sealer {
    pub(super) fn new(key: &Secret32) -> Self {
        Self(key.derive(b"chain-v1").keyed())
    }

    fn entry_state(&self, link: &Link<'_>, seal: Seal) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(&[seal.code()]);
        link.feed(|part| mac.update(part));
        mac
    }

    fn mark_state(&self, mark: &Mark<'_>) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(CHECKPOINT);
        mac.update(&mark.id.to_be_bytes());
        mac.update(&mark.seq.to_be_bytes());
        mac.update(&(mark.at.len() as u64).to_be_bytes());
        mac.update(mark.at);
        mac.update(mark.head);
        mac.update(mark.digest);
        mac
    }

    fn head_state(&self, seq: u64, hash: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(HEAD);
        mac.update(&seq.to_be_bytes());
        mac.update(hash);
        mac
    }

    pub(super) fn seal(&self, link: &Link<'_>, seal: Seal) -> Hash {
        self.entry_state(link, seal).finalize().into_bytes().into()
    }

    pub(super) fn seals(&self, link: &Link<'_>, seal: Seal, mac: &[u8]) -> bool {
        self.entry_state(link, seal).verify_slice(mac).is_ok()
    }

    pub(super) fn mark(&self, mark: &Mark<'_>) -> Hash {
        self.mark_state(mark).finalize().into_bytes().into()
    }

    pub(super) fn marks(&self, mark: &Mark<'_>, mac: &[u8]) -> bool {
        self.mark_state(mark).verify_slice(mac).is_ok()
    }

    pub(super) fn head(&self, seq: u64, hash: &[u8]) -> Hash {
        self.head_state(seq, hash).finalize().into_bytes().into()
    }

    pub(super) fn heads(&self, seq: u64, hash: &[u8], mac: &[u8]) -> bool {
        self.head_state(seq, hash).verify_slice(mac).is_ok()
    }

    /// A value that tells this key from another and nothing else about it.
    pub(super) fn check(&self) -> Hash {
        self.0.clone().chain_update(CHECK).finalize().into_bytes().into()
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(‹secret›)")
    }
}

/// One stored row, borrowed from SQLite.
pub(super) struct RawRow<'r> {
    pub(super) seq: i64,
    pub(super) at: &'r [u8],
    pub(super) body: &'r [u8],
    pub(super) prev: &'r [u8],
    pub(super) hash: &'r [u8],
    pub(super) seal: i64,
    pub(super) mac: Option<&'r [u8]>,
}

fn bytes(value: ValueRef<'_>) -> Option<&[u8]> {
    match value {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(bytes),
        _ => None,
    }
}

impl<'r> RawRow<'r> {
    /// Reads a row of [`COLUMNS`]; a value of a foreign type reads as empty and so fails its hash.
    pub(super) fn read(row: &'r Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get_ref(0)?.as_i64().unwrap_or(-1),
            at: bytes(row.get_ref(1)?).unwrap_or_default(),
            body: bytes(row.get_ref(2)?).unwrap_or_default(),
            prev: bytes(row.get_ref(3)?).unwrap_or_default(),
            hash: bytes(row.get_ref(4)?).unwrap_or_default(),
            seal: row.get_ref(5)?.as_i64().unwrap_or(-1),
            mac: bytes(row.get_ref(6)?),
        })
    }

    pub(super) fn link(&self, seq: u64) -> Link<'r> {
        Link { prev: self.prev, seq, at: self.at, body: self.body }
    }
}

/// A walk along the chain, row by row in order.
pub(super) struct Walk<'k> {
    sealer: Option<&'k Sealer>,
    prev: Hash,
    next: u64,
    /// Rows up to here lie under a sealed checkpoint and must be sealed.
    sealed_through: u64,
    first_unsealed: Option<u64>,
    pub(super) sealed: u64,
    pub(super) late: u64,
    pub(super) unsealed: u64,
}

impl<'k> Walk<'k> {
    /// Starts behind entry `seq` with hash `prev`.
    pub(super) fn behind(seq: u64, prev: Hash, sealed_through: u64, sealer: Option<&'k Sealer>) -> Self {
        Self { sealer, prev, next: seq + 1, sealed_through, first_unsealed: None, sealed: 0, late: 0, unsealed: 0 }
    }

    /// Checks the next row, or names what is wrong with it.
    pub(super) fn step(&mut self, row: &RawRow<'_>) -> Result<(), Problem> {
        let seq = self.next;
        let broken = |seq, fault| Err(Problem::Broken { seq, fault });
        match u64::try_from(row.seq) {
            Ok(found) if found == seq => {}
            Ok(found) if found > seq => return broken(seq, Fault::Missing),
            _ => return broken(seq, Fault::Order),
        }
        if row.prev != self.prev {
            return broken(seq, Fault::Previous);
        }
        let link = row.link(seq);
        let hash = link.hash();
        if row.hash != hash {
            return broken(seq, Fault::Hash);
        }
        match (Seal::from_code(row.seal), row.mac) {
            (Some(Seal::None), None) => {
                if self.sealer.is_some() && seq <= self.sealed_through {
                    return broken(seq, Fault::SealMissing);
                }
                self.first_unsealed.get_or_insert(seq);
                self.unsealed += 1;
            }
            (Some(seal @ (Seal::AtOnce | Seal::Late)), Some(mac)) => {
                // Whenever the key is there, everything before is sealed first. An unsealed row below a sealed one
                // has therefore lost its seal.
                if let Some(bare) = self.first_unsealed {
                    return broken(bare, Fault::SealMissing);
                }
                if self.sealer.is_some_and(|sealer| !sealer.seals(&link, seal, mac)) {
                    return broken(seq, Fault::Mac);
                }
                self.sealed += 1;
                self.late += u64::from(seal == Seal::Late);
            }
            (_, None) => return broken(seq, Fault::SealMissing),
            _ => return broken(seq, Fault::Mac),
        }
        self.prev = hash;
        self.next += 1;
        Ok(())
    }

    /// The newest entry that was found right.
    pub(super) fn last(&self) -> u64 {
        self.next - 1
    }
}
