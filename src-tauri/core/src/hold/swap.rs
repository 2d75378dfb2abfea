//! Puts planned bytes in the place of those that were read.
//!
//! The new bytes are written beside the file and the two change names in one atomic exchange. Only then can it be told
//! whether the file that was taken out is the one that was read; if a writer was faster, the exchange is undone, and
//! the caller plans anew. At no moment is there a path without a whole file.
//!
//! One replacement costs two fsyncs: the new file and its folder.

use std::ffi::OsStr;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::io::Read as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::host::files;
use crate::host::files::Digest;
use crate::host::files::FileRead;
use crate::host::files::NotEditable;
use crate::host::files::Stamp;

use super::Observe;
use super::OldFile;
use super::Step;
use super::attributes;
pub use super::attributes::AttributeError;
use super::place::Exchange;
use super::place::Place;
use super::place::Seen;

/// How often a file is put back that others keep replacing, before both are left as they are.
const ROUNDS: usize = 32;

/// A replacement that is done, but for the old file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// The file that was taken out, to be settled. `None` only where the file system can keep no second name.
    pub old: Option<OldFile>,
    /// Stamp and digest of the file that stands at the path now.
    pub stamp: Stamp,
    pub digest: Digest,
    /// Whether it was an exchange. `false`: a plain rename, which `doctor` mentions.
    pub exchanged: bool,
    /// Extended attributes that could not be kept; none of them bears on security.
    pub lost_attributes: Vec<String>,
}

/// Why nothing was replaced.
#[derive(Debug, thiserror::Error)]
pub enum ReplaceError {
    #[error("{path} may not be edited: {reason}", path = path.display())]
    NotEditable { path: PathBuf, reason: NotEditable },
    /// Somebody saved meanwhile, and the save stands at the path (or the file is gone): read again and plan anew.
    /// `old`, where present, is a file that stood at the path for a moment and has yet to be settled.
    #[error("{path} changed meanwhile", path = path.display())]
    Changed { path: PathBuf, old: Option<Box<OldFile>> },
    #[error("{path} exists", path = path.display())]
    Exists { path: PathBuf },
    #[error("{path} cannot be replaced", path = path.display())]
    Attribute { path: PathBuf, source: AttributeError },
    /// Others kept replacing the file, or something else than a file came out; nothing was removed.
    #[error("{path} was fought over; one version was left at {temp}", path = path.display(), temp = temp.display())]
    Contended { path: PathBuf, temp: PathBuf },
    #[error("{path} could not be written", path = path.display())]
    Io { path: PathBuf, source: io::Error },
}

/// What the file system is asked for; tests ask for less than this machine has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Means {
    pub(super) exchange: bool,
    pub(super) link: bool,
}

impl Means {
    pub(super) const ALL: Self = Self { exchange: true, link: true };
}

/// Replaces the file that was read by one with the bytes `after` and the same owner, rights and attributes.
pub fn replace(read: &FileRead, after: &[u8], observe: Observe<'_>) -> Result<Replaced, ReplaceError> {
    replace_by(Means::ALL, read, after, observe)
}

/// Tries whether the bytes could be brought to the disk beside the file that was read, and leaves nothing there.
pub fn rehearse(read: &FileRead, after: &[u8]) -> Result<(), ReplaceError> {
    let fail = |source| ReplaceError::Io { path: read.path.clone(), source };
    let place = Place::of(&read.target).map_err(fail)?;
    Temp::write(&place, None, after).map(drop).map_err(|error| error.at(&read.path))
}

/// Creates a file of mode 0600 that must not exist yet, in a folder that does.
pub fn create(path: &Path, bytes: &[u8], observe: Observe<'_>) -> Result<(Stamp, Digest), ReplaceError> {
    let fail = |source| ReplaceError::Io { path: path.to_owned(), source };
    let no_name = || io::Error::new(io::ErrorKind::InvalidInput, "the path names no file");
    let name = path.file_name().ok_or_else(|| fail(no_name()))?;
    let folder = path.parent().ok_or_else(|| fail(no_name()))?.canonicalize().map_err(fail)?;
    files::folder_is_ours(&folder).map_err(|reason| ReplaceError::NotEditable { path: path.to_owned(), reason })?;
    let place = Place::of(&folder.join(name)).map_err(fail)?;
    let temp = Temp::write(&place, None, bytes)?;
    observe(Step::TempWritten);
    temp.file.sync_all().map_err(fail)?;
    observe(Step::TempSynced);
    match place.rename_new(&temp.name.name) {
        Ok(()) => {}
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
            return Err(ReplaceError::Exists { path: path.to_owned() });
        }
        Err(e) => return Err(fail(e)),
    }
    let Temp { name, file, .. } = temp;
    name.keep();
    observe(Step::Exchanged);
    place.sync().map_err(fail)?;
    observe(Step::FolderSynced);
    Ok((Stamp::of(&file.metadata().map_err(fail)?), Digest::of(bytes)))
}

/// Takes a file out of its place. What comes out is to be settled like any old file; if it is not what was read, it goes
/// back.
pub fn remove(read: &FileRead, observe: Observe<'_>) -> Result<OldFile, ReplaceError> {
    let fail = |source| ReplaceError::Io { path: read.path.clone(), source };
    read.editable.clone().map_err(|reason| ReplaceError::NotEditable { path: read.path.clone(), reason })?;
    let place = Place::of(&read.target).map_err(fail)?;
    if !stands_as_read(read, &place).map_err(fail)? {
        return Err(changed(read));
    }
    observe(Step::Checked);
    let temp = place.temp_name().map_err(fail)?;
    place.take_out(&temp).map_err(fail)?;
    observe(Step::Exchanged);
    let swap = Swap { read, place: &place, ours: Digest::of(b"") };
    if !swap.look(&temp)?.is(&swap.base()) {
        // Whatever stands at the path by now is newer still, and is left alone.
        let back = place.rename_new(&temp);
        observe(Step::ExchangedBack);
        return Err(if back.is_ok() { changed(read) } else { swap.superseded(&temp) });
    }
    observe(Step::OldChecked);
    place.sync().map_err(fail)?;
    observe(Step::FolderSynced);
    Ok(swap.old_file(&temp, read.digest))
}

pub(super) fn replace_by(
    means: Means,
    read: &FileRead,
    after: &[u8],
    observe: Observe<'_>,
) -> Result<Replaced, ReplaceError> {
    let path = || read.path.clone();
    let fail = |source| ReplaceError::Io { path: path(), source };
    read.editable.clone().map_err(|reason| ReplaceError::NotEditable { path: path(), reason })?;
    let place = match Place::of(&read.target) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Err(changed(read)),
        other => other.map_err(fail)?,
    };
    let old = match place.open(&place.name) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::PermissionDenied => return Err(fail(e)),
        Err(_) => return Err(changed(read)),
    };
    let temp = Temp::write(&place, Some(&old), after).map_err(|e| e.at(&read.path))?;
    observe(Step::TempWritten);
    temp.file.sync_all().map_err(fail)?;
    observe(Step::TempSynced);

    if !stands_as_read(read, &place).map_err(fail)? {
        return Err(changed(read));
    }
    observe(Step::Checked);
    let ours = Digest::of(after);
    let swap = Swap { read, place: &place, ours };
    let exchange = if means.exchange { place.exchange(&temp.name.name) } else { Ok(Exchange::Unsupported) };
    match exchange {
        Ok(Exchange::Done) => swap.after_exchange(temp, observe),
        Ok(Exchange::Unsupported) => swap.plainly(means, temp, &old, observe),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Err(changed(read)),
        Err(e) => Err(fail(e)),
    }
}

fn changed(read: &FileRead) -> ReplaceError {
    ReplaceError::Changed { path: read.path.clone(), old: None }
}

/// Whether the links still lead to the file that was read, and it still is as it was.
fn stands_as_read(read: &FileRead, place: &Place) -> io::Result<bool> {
    if read.path.canonicalize().ok().as_ref() != Some(&read.target) {
        return Ok(false);
    }
    let Some(seen) = place.look(&place.name)? else { return Ok(false) };
    Ok(seen.stamp == read.stamp && seen.digest == Some(read.digest))
}

struct Swap<'a> {
    read: &'a FileRead,
    place: &'a Place,
    ours: Digest,
}

impl Swap<'_> {
    fn fail(&self, source: io::Error) -> ReplaceError {
        ReplaceError::Io { path: self.read.path.clone(), source }
    }

    fn old_file(&self, temp: &OsStr, base: Digest) -> OldFile {
        OldFile {
            temp: self.place.path(temp),
            target: self.read.target.clone(),
            base,
            ours: self.ours,
            saved_ns: self.read.stamp.mtime_ns,
        }
    }

    fn base(&self) -> Seen {
        Seen { stamp: self.read.stamp, digest: Some(self.read.digest) }
    }

    /// From here on the temp name holds a file that stood at the path, so nothing removes it by itself.
    fn after_exchange(&self, temp: Temp<'_>, observe: Observe<'_>) -> Result<Replaced, ReplaceError> {
        let Temp { name, file, lost_attributes } = temp;
        let name = name.keep();
        observe(Step::Exchanged);
        let out = self.look(&name)?;
        if !out.is(&self.base()) {
            return Err(self.give_back(&file, &name, out, observe));
        }
        observe(Step::OldChecked);
        self.place.sync().map_err(|e| self.fail(e))?;
        observe(Step::FolderSynced);
        let old = Some(self.old_file(&name, self.read.digest));
        let stamp = Stamp::of(&file.metadata().map_err(|e| self.fail(e))?);
        Ok(Replaced { old, stamp, digest: self.ours, exchanged: true, lost_attributes })
    }

    fn look(&self, name: &OsStr) -> Result<Seen, ReplaceError> {
        match self.place.look(name) {
            Ok(Some(seen)) => Ok(seen),
            Ok(None) => Err(self.contended(name)),
            Err(e) => Err(self.fail(e)),
        }
    }

    fn contended(&self, temp: &OsStr) -> ReplaceError {
        ReplaceError::Contended { path: self.read.path.clone(), temp: self.place.path(temp) }
    }

    /// Brings the newest save back to the path, and says what is left under the temp name.
    ///
    /// `out` came out of the exchange and is newer than what was read. While it is put back, somebody may save again,
    /// onto ours or over it; what then comes out is newer still and goes back in its turn. Whatever already stands at
    /// the path and is not what we put there is the newest of all, and is left alone.
    fn give_back(&self, file: &File, temp: &OsStr, out: Seen, observe: Observe<'_>) -> ReplaceError {
        let Ok(stamp) = file.metadata().map(|meta| Stamp::of(&meta)) else { return self.contended(temp) };
        let mut standing = Seen { stamp, digest: Some(self.ours) };
        let mut under = out;
        for round in 0..ROUNDS {
            // While it is open its number cannot pass to a later save, which would then be taken for it. What is no file
            // cannot be opened; it goes back all the same.
            let _open = self.place.open(temp).ok();
            match self.place.look(&self.place.name) {
                Ok(Some(now)) if now.is(&standing) => {}
                // Written to in place after it had come back: which of the two is the newer save cannot be told here.
                Ok(Some(now)) if round > 0 && now.stamp.same_file(&standing.stamp) => return self.undecided(temp),
                // A save came after ours, or the file was removed: that is what its owner wants.
                Ok(_) => return self.superseded(temp),
                Err(_) => return self.contended(temp),
            }
            match self.place.exchange(temp) {
                Ok(Exchange::Done) => observe(Step::ExchangedBack),
                _ => return self.contended(temp),
            }
            let Ok(Some(now)) = self.place.look(temp) else { return self.contended(temp) };
            if now.is(&standing) {
                return self.superseded(temp);
            }
            // What has just come back to the path may be written to at this very moment: it is looked at again.
            standing = match self.place.look(&self.place.name) {
                Ok(Some(at)) if at.stamp.same_file(&under.stamp) => at,
                Ok(_) => return self.superseded(temp),
                Err(_) => return self.contended(temp),
            };
            under = now;
        }
        self.undecided(temp)
    }

    /// The path holds the newest version; an older one lies under the temp name and is to be settled.
    fn superseded(&self, temp: &OsStr) -> ReplaceError {
        match self.place.look(temp) {
            Ok(Some(Seen { digest: Some(base), .. })) => self.left(self.old_file(temp, base)),
            Ok(None) => changed(self.read),
            Ok(Some(_)) => self.undecided(temp),
            Err(_) => self.contended(temp),
        }
    }

    /// Two saves, and no telling which is the newer. Ours as the base makes settling report the one under the temp
    /// name as late, and adopting it lays both before the caller.
    fn undecided(&self, temp: &OsStr) -> ReplaceError {
        match self.place.stat(temp) {
            Ok((_, true)) => self.left(self.old_file(temp, self.ours)),
            _ => self.contended(temp),
        }
    }

    fn left(&self, old: OldFile) -> ReplaceError {
        ReplaceError::Changed { path: self.read.path.clone(), old: Some(Box::new(old)) }
    }

    /// Replaces by a plain rename. The old file keeps a second name where the file system allows one; otherwise its
    /// open descriptor tells whether a save was missed, and its bytes are written under a temp name again.
    fn plainly(
        &self,
        means: Means,
        temp: Temp<'_>,
        old: &File,
        observe: Observe<'_>,
    ) -> Result<Replaced, ReplaceError> {
        let fail = |e| self.fail(e);
        let mut second = self.place.temp_name().map_err(fail)?;
        let mut kept = means.link && self.place.link(&second).map_err(fail)?;
        if kept && !self.look(&second)?.is(&self.base()) {
            self.place.unlink(&second).map_err(fail)?;
            return Err(changed(self.read));
        }
        if let Err(e) = self.place.rename_over(&temp.name.name) {
            if kept {
                self.place.unlink(&second).map_err(fail)?;
            }
            return Err(fail(e));
        }
        let Temp { name, file, lost_attributes } = temp;
        name.keep();
        observe(Step::Exchanged);
        if !kept {
            let mut late = Vec::new();
            io::Seek::seek(&mut &*old, io::SeekFrom::Start(0)).map_err(fail)?;
            old.take(files::MAX_BYTES).read_to_end(&mut late).map_err(fail)?;
            if Digest::of(&late) != self.read.digest {
                let rescued = Temp::write(self.place, Some(&file), &late)?;
                rescued.file.sync_all().map_err(fail)?;
                second = rescued.name.keep();
                kept = true;
            }
        }
        observe(Step::OldChecked);
        self.place.sync().map_err(fail)?;
        observe(Step::FolderSynced);
        let old = kept.then(|| self.old_file(&second, self.read.digest));
        let stamp = Stamp::of(&file.metadata().map_err(fail)?);
        Ok(Replaced { old, stamp, digest: self.ours, exchanged: false, lost_attributes })
    }
}

impl ReplaceError {
    /// Says the error of the path that was asked for, not of the link's target.
    fn at(self, asked: &Path) -> Self {
        let path = asked.to_owned();
        match self {
            Self::Attribute { source, .. } => Self::Attribute { path, source },
            Self::Io { source, .. } => Self::Io { path, source },
            other => other,
        }
    }
}

/// A new file beside the target.
struct Temp<'a> {
    name: TempName<'a>,
    file: File,
    lost_attributes: Vec<String>,
}

impl<'a> Temp<'a> {
    fn write(place: &'a Place, like: Option<&File>, bytes: &[u8]) -> Result<Self, ReplaceError> {
        let fail = |source| ReplaceError::Io { path: place.path(&place.name), source };
        let (name, file) = place.create_temp().map_err(fail)?;
        let name = TempName { place, name, kept: false };
        (&file).write_all(bytes).map_err(fail)?;
        let copied = like.map_or(Ok(Vec::new()), |old| attributes::copy(old, &file));
        let lost_attributes =
            copied.map_err(|source| ReplaceError::Attribute { path: place.path(&place.name), source })?;
        Ok(Self { name, file, lost_attributes })
    }
}

/// The name of a new file. Dropped, the file is removed; that ends when it has stood at the path.
struct TempName<'a> {
    place: &'a Place,
    name: OsString,
    kept: bool,
}

impl TempName<'_> {
    fn keep(mut self) -> OsString {
        self.kept = true;
        std::mem::take(&mut self.name)
    }
}

impl Drop for TempName<'_> {
    fn drop(&mut self) {
        if !self.kept {
            // If it stays it is found as a leftover.
            let _ = self.place.unlink(&self.name);
        }
    }
}

#[cfg(test)]
mod tests;
