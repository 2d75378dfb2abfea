//! Looks after a file that was taken out of its place until nobody writes to it any more.
//!
//! A program that opened the file before the exchange goes on writing to it under its temp name. Such bytes are a save
//! like any other: they are found here and adopted.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::host::files;
use crate::host::files::Digest;
use crate::host::files::FileRead;
use crate::host::files::ReadError;
use crate::host::files::Stamp;
use crate::host::writers;

use super::Observe;
use super::Replaced;
use super::Step;
use super::is_own_temp;
use super::place::Place;
use super::swap;
use super::swap::ReplaceError;

/// A file that stood at the user's path and now lies under a temp name. Goes into the journal as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OldFile {
    pub temp: PathBuf,
    /// The path that it stood at, links resolved.
    pub target: PathBuf,
    /// The bytes that are known and may go.
    pub base: Digest,
    /// The bytes that were put in its place.
    pub ours: Digest,
    /// When the bytes that `ours` was planned from were saved, in nanoseconds since 1970. The file with `ours` is
    /// younger than that save, so its own time says nothing of which save was the last.
    pub saved_ns: i64,
}

/// How an old file was found.
#[derive(Clone, PartialEq, Eq)]
pub enum Settled {
    /// Unchanged, nobody writes to it: removed.
    Quiet,
    /// Somebody has it open for writing, or just wrote: to be looked at again at the next event or in 50 ms.
    Writing,
    /// Saved after the swap: these are the bytes. Nothing was removed; [`OldFile::adopt`] or [`OldFile::discard`] is
    /// next.
    Late(Vec<u8>),
    /// There is no such file (any more).
    Gone,
}

impl fmt::Debug for Settled {
    /// Says everything but the bytes, which may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quiet => f.write_str("Quiet"),
            Self::Writing => f.write_str("Writing"),
            Self::Late(bytes) => write!(f, "Late({} bytes)", bytes.len()),
            Self::Gone => f.write_str("Gone"),
        }
    }
}

/// Why an old file was not looked at or removed.
#[derive(Debug, thiserror::Error)]
pub enum SettleError {
    #[error("{path} is not a temp file of Gatehouse", path = path.display())]
    NotOurs { path: PathBuf },
    #[error("{path} is not a file", path = path.display())]
    NotRegular { path: PathBuf },
    #[error("{path} could not be settled", path = path.display())]
    Io { path: PathBuf, source: io::Error },
}

/// Late bytes that were taken up.
#[derive(Debug)]
pub struct Adopted {
    /// The swap; `None` where the planned bytes stood at the path already.
    pub replaced: Option<Replaced>,
    /// The late file itself, where somebody writes to it once more: to be settled like any other.
    pub rest: Option<OldFile>,
}

/// Why late bytes were not taken up. Nothing was removed.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    /// A third save: what stands at the path is not what was put there.
    #[error("{path} was saved again", path = standing.path.display())]
    Third {
        standing: Box<FileRead>,
        /// The late file's stamp.
        late: Stamp,
    },
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Replace(#[from] ReplaceError),
    #[error(transparent)]
    Settle(#[from] SettleError),
}

impl AdoptError {
    /// Whether the late bytes were saved after those that stand at the path: the newest save wins.
    ///
    /// Where the caller itself put those there, `planned_from_ns` is the [`OldFile::saved_ns`] of that swap.
    pub fn late_is_newer(&self, planned_from_ns: Option<i64>) -> bool {
        let Self::Third { standing, late } = self else { return false };
        late.mtime_ns > planned_from_ns.unwrap_or(standing.stamp.mtime_ns)
    }
}

impl OldFile {
    /// Looks at the file, and removes it if it is unchanged and nobody has it open for writing.
    ///
    /// To be called at 50 ms of quiet after the swap or later, and at each event of its folder; never waits. Where the
    /// system does not tell who writes, those 50 ms are all that is known.
    pub fn settle(&self, observe: Observe<'_>) -> Result<Settled, SettleError> {
        let is_open = |stamp: &Stamp| writers::open_for_writing(&[*stamp]).is_some_and(|open| open[0]);
        self.settle_by(is_open, observe)
    }

    /// As [`settle`](Self::settle), with the answer to whether somebody has the file open for writing.
    pub fn settle_by(
        &self,
        is_open_for_writing: impl Fn(&Stamp) -> bool,
        observe: Observe<'_>,
    ) -> Result<Settled, SettleError> {
        let fail = |source| SettleError::Io { path: self.temp.clone(), source };
        let Some(name) = self.temp.file_name().filter(|name| is_own_temp(name)) else {
            return Err(SettleError::NotOurs { path: self.temp.clone() });
        };
        let gone = |e: &io::Error| e.kind() == io::ErrorKind::NotFound;
        let place = match Place::of(&self.temp) {
            Err(e) if gone(&e) => return Ok(Settled::Gone),
            other => other.map_err(fail)?,
        };
        let stamp = match place.stat(name) {
            Err(e) if gone(&e) => return Ok(Settled::Gone),
            Err(e) => return Err(fail(e)),
            Ok((_, false)) => return Err(SettleError::NotRegular { path: self.temp.clone() }),
            Ok((stamp, true)) => stamp,
        };
        // Writers first, bytes second: the file's name is nobody's but ours, so once there is no writer there will be
        // none, and the bytes read after that are final.
        if is_open_for_writing(&stamp) {
            return Ok(Settled::Writing);
        }
        let file = match place.open(name) {
            Err(e) if gone(&e) => return Ok(Settled::Gone),
            other => other.map_err(fail)?,
        };
        let Some((bytes, now)) = files::contents(&file).map_err(fail)? else { return Ok(Settled::Writing) };
        if !now.same_file(&stamp) {
            return Ok(Settled::Writing);
        }
        if Digest::of(&bytes) != self.base {
            return Ok(Settled::Late(bytes));
        }
        observe(Step::Settled);
        place.unlink(name).map_err(fail)?;
        observe(Step::OldRemoved);
        Ok(Settled::Quiet)
    }

    /// Whether the file is there with the bytes that are known; writes that are under way do not count.
    pub fn is_unchanged(&self) -> bool {
        files::read(&self.temp).is_ok_and(|read| read.digest == self.base)
    }

    /// Takes up late bytes: `after`, planned from `late` (as [`settle`](Self::settle) gave it), replaces what stands at
    /// the path, provided that it is still ours. The late file is removed at the end, if it is still `late`.
    pub fn adopt(&self, late: &[u8], after: &[u8], observe: Observe<'_>) -> Result<Adopted, AdoptError> {
        let standing = files::read(&self.target)?;
        let stamp = std::fs::symlink_metadata(&self.temp)
            .map(|meta| Stamp::of(&meta))
            .map_err(|source| SettleError::Io { path: self.temp.clone(), source })?;
        if standing.digest != self.ours {
            return Err(AdoptError::Third { standing: Box::new(standing), late: stamp });
        }
        let ours = Digest::of(after);
        let saved_ns = stamp.mtime_ns;
        let mut replaced = None;
        if ours != self.ours {
            let mut done = swap::replace(&standing, after, &mut *observe)?;
            if let Some(old) = &mut done.old {
                old.saved_ns = saved_ns;
            }
            replaced = Some(done);
        }
        let rest = Self { base: Digest::of(late), ours, saved_ns, ..self.clone() };
        let rest = match rest.settle(observe)? {
            Settled::Quiet | Settled::Gone => None,
            Settled::Writing | Settled::Late(_) => Some(rest),
        };
        Ok(Adopted { replaced, rest })
    }

    /// Removes late bytes that the caller decided against, if they are still these and nobody writes to them.
    pub fn discard(&self, late: &[u8], observe: Observe<'_>) -> Result<Settled, SettleError> {
        Self { base: Digest::of(late), ..self.clone() }.settle(observe)
    }

    /// Returns the folder whose events say that it is time to look again.
    pub fn folder(&self) -> Option<&Path> {
        self.temp.parent()
    }
}

#[cfg(test)]
mod tests;
