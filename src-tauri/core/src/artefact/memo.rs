//! Digests of files by what the file system says of them, so that a second look reads no bytes.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::host::files::{Digest, MAX_BYTES, Stamp, contents, open_regular};

/// A file that was written this short a time ago may be written again without another stamp: clocks of file systems
/// are coarse.
const SETTLED_NS: i64 = 2_000_000_000;

/// Entries beyond this are forgotten all at once; it is a memory, not a record.
const LARGEST: usize = 200_000;

/// What was hashed before. It may be kept across runs: a stamp names the file, its size and both its times.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Memo {
    digests: HashMap<String, Digest>,
    /// Bytes that were read since it was made.
    #[serde(skip)]
    pub bytes_read: u64,
}

fn key(stamp: &Stamp) -> String {
    format!("{}:{}:{}:{}:{}", stamp.dev, stamp.ino, stamp.size, stamp.mtime_ns, stamp.ctime_ns)
}

impl Memo {
    /// The digest of a regular file that is no link.
    pub(super) fn digest(&mut self, path: &Path, now: Timestamp) -> io::Result<Digest> {
        let stamp = Stamp::of(&path.symlink_metadata()?);
        if let Some(known) = self.digests.get(&key(&stamp)) {
            return Ok(*known);
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
            self.digests.insert(key(&stamp), digest);
        }
        Ok(digest)
    }
}
