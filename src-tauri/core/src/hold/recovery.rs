//! Finds and judges what a killed process left behind.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use crate::host::files;
use crate::host::files::Digest;
use crate::host::files::FileRead;
use crate::host::files::ReadError;
use crate::host::files::Stamp;

use super::Observe;
use super::OldFile;
use super::Settled;
use super::is_own_temp;
use super::place::target_name;
use super::settle::SettleError;

/// Returns the temp files of Gatehouse in a folder, sorted; an unreadable folder has none.
pub fn leftovers(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<_> =
        entries.flatten().filter(|entry| is_own_temp(&entry.file_name())).map(|entry| entry.path()).collect();
    found.sort();
    found
}

/// What a swap is about to do: recorded before it, so that a restart can tell how far it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// The file, links resolved.
    pub target: PathBuf,
    pub base: Digest,
    /// The stamp that was read with `base`. The inode tells an old file with late bytes from a new one half written.
    pub stamp: Stamp,
    pub ours: Digest,
}

/// What stands at the path after a restart.
#[derive(Debug)]
pub enum Standing {
    /// As before the swap: redo or drop it.
    Base,
    /// As after it: complete it.
    Ours,
    /// Saved by somebody since: plan anew from the verdict.
    Other(Box<FileRead>),
    /// Nothing readable.
    Unreadable(ReadError),
}

/// How far a swap came before the process ended.
#[derive(Debug)]
pub struct Recovered {
    pub standing: Standing,
    /// Files that once stood at the path, or may have: to be settled.
    pub old: Vec<OldFile>,
    /// How many files were removed that had never stood there.
    pub removed: usize,
}

impl Intent {
    /// Returns the intent to replace what was read by `after`.
    pub fn of(read: &FileRead, after: &[u8]) -> Self {
        Self { target: read.target.clone(), base: read.digest, stamp: read.stamp, ours: Digest::of(after) }
    }

    /// Judges what stands at the path, and touches nothing.
    pub fn standing(&self) -> Standing {
        self.judged(files::read(&self.target))
    }

    fn judged(&self, read: Result<FileRead, ReadError>) -> Standing {
        match read {
            Ok(read) if read.digest == self.ours => Standing::Ours,
            Ok(read) if read.digest == self.base => Standing::Base,
            Ok(read) => Standing::Other(Box::new(read)),
            Err(e) => Standing::Unreadable(e),
        }
    }

    /// Judges what stands at the path and what lies beside it. Removes only what never stood there; never waits.
    pub fn recover(&self, observe: Observe<'_>) -> Result<Recovered, SettleError> {
        self.recover_among(&[], observe)
    }

    /// As [`recover`](Self::recover), for the newest swap of a path. `stood` are the stamps of the files that earlier
    /// swaps found there: what is left of them is an old file, however far the newest swap came.
    pub fn recover_among(&self, stood: &[Stamp], observe: Observe<'_>) -> Result<Recovered, SettleError> {
        let read = files::read(&self.target);
        let standing_stamp = read.as_ref().ok().map(|read| read.stamp);
        let (mut old, mut removed) = (Vec::new(), 0);
        for temp in self.own_leftovers() {
            let Ok(meta) = std::fs::symlink_metadata(&temp) else { continue };
            let stamp = Stamp::of(&meta);
            let saved_ns = self.stamp.mtime_ns;
            let file = OldFile { temp, target: self.target.clone(), base: self.base, ours: self.ours, saved_ns };
            if standing_stamp.is_some_and(|standing| standing.same_file(&stamp)) {
                // A second name of the file at the path, made where there is no exchange.
                std::fs::remove_file(&file.temp).map_err(|source| SettleError::Io { path: file.temp, source })?;
                removed += 1;
            } else if stamp.same_file(&self.stamp)
                || stood.iter().any(|stood| is_file_of(stood, &meta))
                || !self.never_in_place(standing_stamp)
            {
                old.push(file);
            } else {
                match remove_unused(&file, observe)? {
                    Settled::Quiet => removed += 1,
                    Settled::Gone => {}
                    Settled::Writing | Settled::Late(_) => old.push(file),
                }
            }
        }
        Ok(Recovered { standing: self.judged(read), old, removed })
    }

    /// While the file that was read still stands at the path, no exchange took place, and what lies beside it is ours
    /// in some state of being written.
    fn never_in_place(&self, standing: Option<Stamp>) -> bool {
        standing.is_some_and(|standing| standing.same_file(&self.stamp))
    }

    fn own_leftovers(&self) -> Vec<PathBuf> {
        let Some(folder) = self.target.parent() else { return Vec::new() };
        let mut found = leftovers(folder);
        found.retain(|temp| temp.file_name().and_then(target_name).as_deref() == self.target.file_name());
        found
    }
}

/// Whether a file is the one that had a stamp. The number of a file that was deleted is given to a new one, which is
/// younger than the stamp.
pub(crate) fn is_file_of(stamp: &Stamp, meta: &Metadata) -> bool {
    let born = meta.created().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let is_younger = born.is_some_and(|born| born.as_nanos().cast_signed() > i128::from(stamp.ctime_ns));
    stamp.same_file(&Stamp::of(meta)) && !is_younger
}

/// Removes a file that nobody writes to, whatever its bytes.
fn remove_unused(file: &OldFile, observe: Observe<'_>) -> Result<Settled, SettleError> {
    match file.settle(&mut |_| {})? {
        Settled::Late(bytes) => file.discard(&bytes, observe),
        other => Ok(other),
    }
}

#[cfg(test)]
mod tests;
