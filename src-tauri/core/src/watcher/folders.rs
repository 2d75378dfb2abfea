//! Watches folders for whatever happens right in them: for code, of which any file counts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use notify::RecursiveMode;

use super::register::Change;
use super::tree::{self, Id};
use super::{Touch, WatchError};

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touched {
    /// Something of this name came, went or was written.
    Path(PathBuf),
    /// Events were lost: all has to be looked at.
    Anything,
}

/// A standing watch over a set of folders, none of them with what is below it.
pub struct Folders {
    notify: Box<dyn notify::Watcher + Send>,
    /// With the identity that each had when its watch was set.
    watched: BTreeMap<PathBuf, Id>,
    /// What came or went since the last look at the watches: a watch goes with its folder, and another folder of the name
    /// may even have the same identity.
    doubted: Arc<Mutex<BTreeSet<PathBuf>>>,
}

impl std::fmt::Debug for Folders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Folders").field("watched", &self.watched.len()).finish_non_exhaustive()
    }
}

/// How it went to set watches.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Set {
    /// Folders whose watch is new: something may have happened there before.
    pub fresh: BTreeSet<PathBuf>,
    /// Folders that are there and cannot be watched.
    pub blind: BTreeSet<PathBuf>,
}

impl Folders {
    /// Starts a watcher of nothing. `send` is called on a thread of its own and must not block.
    pub fn new(send: impl Fn(Touched) + Send + 'static) -> Result<Self, WatchError> {
        let send = Mutex::new(send);
        let doubted: Arc<Mutex<BTreeSet<PathBuf>>> = Arc::default();
        let doubts = Arc::clone(&doubted);
        let notify = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let Ok(send) = send.lock() else { return };
            match event {
                Ok(event) if event.need_rescan() => send(Touched::Anything),
                Ok(event) => {
                    // A scan of ours opens and reads.
                    let Some(change) = Change::of(event.kind) else { return };
                    if change == Change::Touch(Touch::Renamed)
                        && let Ok(mut doubts) = doubts.lock()
                    {
                        doubts.extend(event.paths.iter().cloned());
                    }
                    event.paths.into_iter().for_each(|path| send(Touched::Path(path)));
                }
                Err(_) => send(Touched::Anything),
            }
        })?;
        Ok(Self { notify: Box::new(notify), watched: BTreeMap::new(), doubted })
    }

    /// Watches exactly these folders; one that is not there is left out.
    pub fn set(&mut self, wanted: &BTreeSet<PathBuf>) -> Set {
        let gone: Vec<PathBuf> = self.watched.keys().filter(|folder| !wanted.contains(*folder)).cloned().collect();
        for folder in gone {
            self.drop_watch(&folder);
        }
        let doubted = self.doubted.lock().map(|mut doubted| std::mem::take(&mut *doubted)).unwrap_or_default();
        let mut set = Set::default();
        for folder in wanted {
            let id = tree::identity(folder);
            if self.watched.get(folder) == Some(&id) && !doubted.contains(folder) {
                continue;
            }
            // Whatever watch the name had is of another folder by now.
            if self.watched.contains_key(folder) {
                self.drop_watch(folder);
            }
            match self.notify.watch(folder, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    self.watched.insert(folder.clone(), id);
                    set.fresh.insert(folder.clone());
                }
                Err(error) if super::is_missing(&error) => {}
                Err(_) => {
                    set.blind.insert(folder.clone());
                }
            }
        }
        set
    }

    fn drop_watch(&mut self, folder: &Path) {
        self.watched.remove(folder);
        let _ = self.notify.unwatch(folder);
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_is_written_comes_and_goes_is_told_and_a_new_folder_of_a_name_is_watched_anew() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("code");
        let (send, told) = mpsc::channel();
        let mut folders = Folders::new(move |touched| drop(send.send(touched))).expect("a watcher");
        let wanted = BTreeSet::from([folder.clone()]);
        assert_eq!(folders.set(&wanted), Set::default());
        let until = |path: &Path| loop {
            match told.recv_timeout(Duration::from_secs(10)).expect("it is told") {
                Touched::Path(touched) if touched == path => return,
                _ => {}
            }
        };
        for round in 0..2 {
            fs::create_dir(&folder).expect("made");
            assert_eq!(folders.set(&wanted).fresh, wanted, "{round}");
            assert_eq!(folders.set(&wanted), Set::default());
            let file = folder.join(format!("{round}.js"));
            fs::write(&file, "a").expect("written");
            until(&file);
            fs::remove_dir_all(&folder).expect("removed");
            until(&folder);
        }
    }
}
