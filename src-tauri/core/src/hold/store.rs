//! The hold store: the bytes of held entries, one file each, outside the ledger.
//!
//! It is the only place besides the config file where secret values may be, so it is a folder of mode 0700 with files
//! of mode 0600, and nothing of their content shows in an error. To put entries costs one fsync for each and one for the folder.

use std::ffi::OsStr;
use std::io;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::host::files;
use crate::record::HoldId;

use super::Observe;
use super::Step;
use super::leftovers;
use super::place::Place;

/// Returns a fresh id from the system's random source.
pub fn new_id() -> Result<HoldId, StoreError> {
    let mut id = [0; 8];
    getrandom::fill(&mut id).map_err(|e| StoreError::Random { source: io::Error::other(e) })?;
    Ok(HoldId(id))
}

/// Why the hold store did not do what it was asked. Never carries any content.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A link, a file, or a folder of somebody else.
    #[error("the hold store {path} is not a folder of this user", path = path.display())]
    NotOurFolder { path: PathBuf },
    #[error("there is no hold {id}")]
    Absent { id: HoldId },
    #[error("hold {id} exists")]
    Exists { id: HoldId },
    /// The position only: a parser's own words may quote the value.
    #[error("hold {id} is damaged at line {line}, column {column}")]
    Damaged { id: HoldId, line: usize, column: usize },
    #[error("hold {id} cannot be written down")]
    Unwritable { id: HoldId },
    #[error("the system has no random numbers")]
    Random { source: io::Error },
    #[error("the hold store {path} failed", path = path.display())]
    Io { path: PathBuf, source: io::Error },
}

/// The folder `holds` in Gatehouse's data folder.
#[derive(Debug, Clone)]
pub struct HoldStore {
    folder: PathBuf,
}

impl HoldStore {
    /// Opens the store in a data folder, and creates both where they are missing. For the guard.
    pub fn open(data: &Path) -> Result<Self, StoreError> {
        let folder = data.join("holds");
        let fail = |source| StoreError::Io { path: folder.clone(), source };
        create_private(&folder).map_err(fail)?;
        let store = Self::checked(folder.clone())?;
        make_private(&folder).map_err(fail)?;
        Ok(store)
    }

    /// Opens the store if there is one; creates nothing. For those who only read.
    pub fn existing(data: &Path) -> Result<Option<Self>, StoreError> {
        let folder = data.join("holds");
        match std::fs::symlink_metadata(&folder) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            _ => Self::checked(folder).map(Some),
        }
    }

    fn checked(folder: PathBuf) -> Result<Self, StoreError> {
        let fail = |source| StoreError::Io { path: folder.clone(), source };
        let meta = std::fs::symlink_metadata(&folder).map_err(fail)?;
        if !meta.is_dir() || !is_mine(&meta) {
            return Err(StoreError::NotOurFolder { path: folder });
        }
        Ok(Self { folder })
    }

    /// Writes holds, each all or nothing; on return they are on the disk. Where one fails the earlier ones may stay.
    pub fn put<'a, T: Serialize + 'a>(
        &self,
        holds: impl IntoIterator<Item = (&'a HoldId, &'a T)>,
        observe: Observe<'_>,
    ) -> Result<(), StoreError> {
        let mut last = None;
        for (id, value) in holds {
            let bytes = serde_json::to_vec(value).map_err(|_| StoreError::Unwritable { id: *id })?;
            let place = self.place(id)?;
            let fail = |source| self.fail(source);
            let (temp, file) = place.create_temp().map_err(fail)?;
            let written =
                (&file).write_all(&bytes).and_then(|()| file.sync_all()).and_then(|()| place.rename_new(&temp));
            if let Err(e) = written {
                // If it stays, `sweep` removes it.
                let _ = place.unlink(&temp);
                let exists = e.kind() == io::ErrorKind::AlreadyExists;
                return Err(if exists { StoreError::Exists { id: *id } } else { fail(e) });
            }
            last = Some(place);
        }
        if let Some(place) = last {
            place.sync().map_err(|source| self.fail(source))?;
            observe(Step::Stashed);
        }
        Ok(())
    }

    /// Reads a hold.
    pub fn get<T: DeserializeOwned>(&self, id: &HoldId) -> Result<T, StoreError> {
        let place = self.place(id)?;
        let file = place.open(&place.name).map_err(|e| self.fail_at(id, e))?;
        let meta = file.metadata().map_err(|e| self.fail(e))?;
        if !meta.is_file() || !is_mine(&meta) {
            return Err(StoreError::Damaged { id: *id, line: 0, column: 0 });
        }
        let read = files::contents(&file).map_err(|e| self.fail(e))?;
        let (bytes, _) = read.ok_or(StoreError::Damaged { id: *id, line: 0, column: 0 })?;
        serde_json::from_slice(&bytes).map_err(|e| StoreError::Damaged { id: *id, line: e.line(), column: e.column() })
    }

    /// Removes a hold; on return that is on the disk too.
    pub fn remove(&self, id: &HoldId, observe: Observe<'_>) -> Result<(), StoreError> {
        let place = self.place(id)?;
        place.unlink(&place.name).map_err(|e| self.fail_at(id, e))?;
        place.sync().map_err(|e| self.fail(e))?;
        observe(Step::StashRemoved);
        Ok(())
    }

    /// Returns the ids of all holds, sorted.
    pub fn ids(&self) -> Result<Vec<HoldId>, StoreError> {
        let mut ids = Vec::new();
        for entry in std::fs::read_dir(&self.folder).map_err(|e| self.fail(e))? {
            let name = entry.map_err(|e| self.fail(e))?.file_name();
            ids.extend(name.to_str().and_then(|name| name.parse::<HoldId>().ok()));
        }
        ids.sort();
        Ok(ids)
    }

    pub fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(self.ids()?.is_empty())
    }

    /// Removes what a killed process left half written. Only for the one who writes: the guard, at its start.
    pub fn sweep(&self) -> Result<usize, StoreError> {
        let left = leftovers(&self.folder);
        for temp in &left {
            std::fs::remove_file(temp).map_err(|e| self.fail(e))?;
        }
        Ok(left.len())
    }

    fn place(&self, id: &HoldId) -> Result<Place, StoreError> {
        Place::of(&self.folder.join(OsStr::new(&id.to_string()))).map_err(|e| self.fail(e))
    }

    fn fail(&self, source: io::Error) -> StoreError {
        StoreError::Io { path: self.folder.clone(), source }
    }

    fn fail_at(&self, id: &HoldId, source: io::Error) -> StoreError {
        if source.kind() == io::ErrorKind::NotFound { StoreError::Absent { id: *id } } else { self.fail(source) }
    }
}

#[cfg(unix)]
fn create_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    match std::fs::symlink_metadata(folder) {
        // Judged by the caller: a link in particular is not followed.
        Ok(_) => Ok(()),
        Err(_) => std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder),
    }
}

#[cfg(unix)]
fn is_mine(meta: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    meta.uid() == rustix::process::geteuid().as_raw()
}

#[cfg(unix)]
fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
}

/// The user's local data folder is closed to others by itself. Not tried on Windows.
#[cfg(windows)]
fn create_private(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)
}

#[cfg(windows)]
fn is_mine(_: &std::fs::Metadata) -> bool {
    true
}

#[cfg(windows)]
fn make_private(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests;
