//! Digests of files by what the file system says of them, so that a second look reads no bytes.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::facts::Signature;
use crate::host::files::{Digest, MAX_BYTES, Stamp, contents, open_regular};

/// A file that was written this short a time ago may be written again without another stamp: clocks of file systems
/// are coarse.
const SETTLED_NS: i64 = 2_000_000_000;

/// Entries beyond this are forgotten all at once; it is a memory, not a record.
const LARGEST: usize = 200_000;

/// What was hashed before: a file by its device and number, at most once, so that one that is saved again and again takes
/// no more room.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Memo {
    #[serde(with = "list")]
    digests: HashMap<(u64, u64), Known>,
    /// Bytes that were read since it was made.
    #[serde(skip)]
    pub bytes_read: u64,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    size: u64,
    mtime_ns: i64,
    ctime_ns: i64,
    digest: Digest,
    /// Of a program that somebody asked about.
    signature: Option<Signature>,
}

impl Known {
    fn is_of(&self, stamp: &Stamp) -> bool {
        (self.size, self.mtime_ns, self.ctime_ns) == (stamp.size, stamp.mtime_ns, stamp.ctime_ns)
    }
}

impl Memo {
    /// The digest of a regular file that is no link.
    pub(super) fn digest(&mut self, path: &Path, now: Timestamp) -> io::Result<Digest> {
        let stamp = Stamp::of(&path.symlink_metadata()?);
        if let Some(known) = self.digests.get(&(stamp.dev, stamp.ino)).filter(|it| it.is_of(&stamp)) {
            return Ok(known.digest);
        }
        let file = open_regular(path)?;
        let meta = file.metadata()?;
        if !meta.is_file() || meta.len() > MAX_BYTES {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let Some((bytes, stamp)) = contents(&file)? else { return Err(io::ErrorKind::ResourceBusy.into()) };
        self.bytes_read += bytes.len() as u64;
        let digest = Digest::of(&bytes);
        let age = i64::try_from(now.as_nanosecond()).unwrap_or(i64::MAX).saturating_sub(stamp.ctime_ns);
        if age >= SETTLED_NS {
            if self.digests.len() >= LARGEST {
                self.digests.clear();
            }
            let Stamp { dev, ino, size, mtime_ns, ctime_ns, .. } = stamp;
            self.digests.insert((dev, ino), Known { size, mtime_ns, ctime_ns, digest, signature: None });
        }
        Ok(digest)
    }

    /// Who signed a program; asked once, for each answer takes a process of the system.
    pub(super) fn signature(&mut self, path: &Path, ask: impl FnOnce() -> Signature) -> Signature {
        let stamp = path.symlink_metadata().map(|meta| Stamp::of(&meta));
        let known =
            stamp.ok().and_then(|stamp| self.digests.get_mut(&(stamp.dev, stamp.ino)).filter(|it| it.is_of(&stamp)));
        match known {
            Some(known) => known.signature.get_or_insert_with(ask).clone(),
            None => ask(),
        }
    }
}

/// Keys that are no text.
mod list {
    use std::collections::HashMap;

    use serde::{Deserialize as _, Deserializer, Serializer};

    use super::Known;

    type Digests = HashMap<(u64, u64), Known>;

    pub(super) fn serialize<S: Serializer>(digests: &Digests, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(digests)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Digests, D::Error> {
        Ok(Vec::deserialize(deserializer)?.into_iter().collect())
    }
}
