//! Watches config files, those that exist and those that may appear.
//!
//! One `notify` watcher for all. Watched are folders, never files (a file's watch dies with the first rename over it),
//! and never recursively (a recursive watch misses what is written right after `mkdir -p`): the folder of each config
//! file, the folders of the links on the way and of what they point to, the nearest existing ancestor of what is
//! missing, and those folders on the way that this user owns, so that moving one of them is seen.
//!
//! The callback of `notify` only sorts events into [`Signal`]s and sends them; it cannot add watches. So after a
//! [`Signal::Rescan`] the owner calls [`Watcher::refresh`] and looks at the files that it returns: something may have
//! stood there before the watch did. How soon a touched file is looked at is the matter of [`pace`].

pub mod folders;
pub mod pace;
mod register;
mod tree;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::HashSet;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;

use notify::ErrorKind;
use notify::RecursiveMode;

use crate::host::Listed;

use register::Register;
use register::Shared;
use tree::Id;
use tree::Kind;
use tree::Step;
use tree::Steps;
use tree::Survey;
use tree::Trail;

/// Rounds in which watches are set and the way is walked again; more are left to another [`Signal::Rescan`].
const ROUNDS: usize = 8;

/// The name of a file that never is, in a folder that is watched for whatever comes into it.
const LISTED: &str = ".gatehouse-listed";

/// What a watcher tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    /// Something happened to a config file, named as it was given.
    Touched { path: PathBuf, kind: Touch },
    /// Something happened to the old file of an exchange, in a folder of a config file: somebody still held it open.
    OldFile { path: PathBuf, kind: Touch },
    /// Watches no longer fit: call [`Watcher::refresh`]. Sent once until then.
    Rescan(Reason),
    /// The system grants no more watches: this config file, or listed folder, must be polled. Sent once while this lasts.
    Polling { path: PathBuf },
    /// A folder that this config file, or listed folder, needs cannot be watched. Sent once while this lasts.
    Failed { path: PathBuf, folder: PathBuf, message: String },
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Touch {
    /// It appeared, vanished or was replaced.
    Renamed,
    /// Whoever wrote it closed it, or its mode or owner changed.
    Closed,
    /// It was written to, and the writer may go on.
    Written,
}

/// Why the watches have to be looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Events were lost: every file has to be looked at.
    Overflow,
    /// A folder or link on the way to a file came, went or changed.
    Folder,
    /// The watcher of the system failed and is set up anew.
    Restart,
}

/// How a config file is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Watched {
    Events,
    /// No events: see [`Signal::Polling`] and [`Signal::Failed`].
    Poll,
}

/// A watcher that could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("files cannot be watched: {0}")]
pub struct WatchError(#[from] notify::Error);

type Send = Arc<Mutex<dyn Fn(Signal) + std::marker::Send>>;

/// A standing watch over a set of config files.
pub struct Watcher {
    notify: Box<dyn notify::Watcher + std::marker::Send>,
    shared: Arc<Shared>,
    send: Send,
    trails: BTreeMap<PathBuf, Trail>,
    steps: Steps,
    /// Folders of which some new names matter. Each is watched as the way to a file of [`LISTED`] in it.
    listed: Listed,
    /// The folders that have a watch, and the identity that they had when it was set.
    folders: BTreeMap<PathBuf, Id>,
    /// The files without events; those already told are not told again.
    blind: BTreeSet<PathBuf>,
}

impl std::fmt::Debug for Watcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watcher").field("files", &self.trails.len()).field("folders", &self.folders.len()).finish()
    }
}

impl Watcher {
    /// Starts a watcher of nothing. `send` is called on the watcher's own thread and inside the calls below; it must
    /// not block.
    pub fn new(send: impl Fn(Signal) + std::marker::Send + 'static) -> Result<Self, WatchError> {
        let send: Send = Arc::new(Mutex::new(send));
        let shared = Arc::new(Shared::default());
        let callback = {
            let (send, shared) = (Arc::clone(&send), Arc::clone(&shared));
            move |event: notify::Result<notify::Event>| {
                for signal in shared.signals(event) {
                    tell(&send, signal);
                }
            }
        };
        let notify = notify::recommended_watcher(callback)?;
        Ok(Self::with(Box::new(notify), shared, send))
    }

    fn with(notify: Box<dyn notify::Watcher + std::marker::Send>, shared: Arc<Shared>, send: Send) -> Self {
        Self {
            notify,
            shared,
            send,
            trails: BTreeMap::new(),
            steps: Steps::default(),
            listed: Listed::new(),
            folders: BTreeMap::new(),
            blind: BTreeSet::new(),
        }
    }

    /// Watches exactly these config files (absolute paths, existing or not) and returns those to look at, because
    /// their watch is new. The others keep theirs. What happens in a folder of `listed`, which need not exist, to a name
    /// of a file there is told as of a config file; what comes or goes there by the name of a way is a
    /// [`Signal::Rescan`]: it may be or hold another config file.
    pub fn set_files(&mut self, files: &BTreeSet<PathBuf>, listed: &Listed) -> BTreeSet<PathBuf> {
        self.listed.clone_from(listed);
        let ways = listed.keys().map(|folder| folder.join(LISTED));
        let files: BTreeSet<PathBuf> = files.iter().cloned().chain(ways).collect();
        self.trails.retain(|path, _| files.contains(path));
        self.blind.retain(|path| files.contains(path));
        for path in files {
            self.trails.entry(path).or_default();
        }
        self.refresh()
    }

    /// Sets the watches that are missing, drops those no longer needed, and returns the files to look at: those whose
    /// way changed or has a watch that was not there before.
    pub fn refresh(&mut self) -> BTreeSet<PathBuf> {
        let mut stale = BTreeSet::new();
        for _ in 0..ROUNDS {
            let (more, stable) = self.round();
            stale.extend(more.into_iter().filter(|path| !self.is_way(path)));
            if stable {
                return stale;
            }
        }
        // Folders come and go faster than watches are set.
        if let Some(signal) = self.shared.ask_rescan(Reason::Folder) {
            tell(&self.send, signal);
        }
        stale
    }

    /// Returns the folders of which some new names matter.
    pub fn listed(&self) -> &Listed {
        &self.listed
    }

    /// Returns how each file is watched.
    pub fn watched(&self) -> BTreeMap<&Path, Watched> {
        self.trails
            .keys()
            .filter(|path| !self.is_way(path))
            .map(|path| (path.as_path(), if self.blind.contains(path) { Watched::Poll } else { Watched::Events }))
            .collect()
    }

    /// Whether what comes into a listed folder is not told: it has to be listed again now and then.
    pub fn is_blind_to_names(&self) -> bool {
        self.blind.iter().any(|path| self.is_way(path))
    }

    /// A path that stands for a listed folder and names no config file.
    fn is_way(&self, path: &Path) -> bool {
        path.ends_with(LISTED) && path.parent().is_some_and(|folder| self.listed.contains_key(folder))
    }

    /// Returns the number of folders that have a watch.
    pub fn folders(&self) -> usize {
        self.folders.len()
    }

    /// Walks all ways and sets watches once. Stable means: nothing had to be set, so nothing can have slipped in
    /// between the walk and a watch.
    fn round(&mut self) -> (BTreeSet<PathBuf>, bool) {
        let mut survey = Survey::new(&mut self.steps);
        let trails: BTreeMap<PathBuf, Trail> =
            self.trails.keys().map(|path| (path.clone(), survey.trail(path))).collect();
        // The ways have most of their steps in common: each is looked at once.
        let mut met = HashSet::new();
        let steps: Vec<&Arc<Step>> = trails.values().flatten().filter(|step| met.insert(Arc::as_ptr(step))).collect();
        let needed: BTreeSet<&Path> = needed(steps.iter().copied()).collect();
        let mut wanted: BTreeSet<&Path> = steps.iter().map(|step| step.folder.as_path()).collect();
        wanted.retain(|folder| needed.contains(folder) || tree::own(folder));

        // The register is in place before the watches, or their first events would be strangers.
        let doubted = self.shared.replace(Register::of(&trails, &self.listed));
        let gone: Vec<PathBuf> =
            self.folders.keys().filter(|folder| !wanted.contains(folder.as_path())).cloned().collect();
        for folder in gone {
            self.folders.remove(&folder);
            let _ = self.notify.unwatch(&folder);
        }
        let mut fresh = BTreeSet::new();
        let mut failed = BTreeMap::new();
        for folder in &wanted {
            let id = tree::identity(folder);
            let is_doubted = doubted.covers(folder);
            if self.folders.get(*folder) == Some(&id) && !is_doubted {
                continue;
            }
            // Whatever watch the name had is of another folder by now.
            if self.folders.remove(*folder).is_some() || is_doubted {
                let _ = self.notify.unwatch(folder);
            }
            match self.notify.watch(folder, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    self.folders.insert((*folder).to_owned(), id);
                    fresh.insert(*folder);
                }
                Err(error) => {
                    failed.insert(*folder, error);
                }
            }
        }

        // A folder that was there in the walk and is not at the watch is a change of the way, not a failure.
        let raced = failed.iter().any(|(folder, error)| needed.contains(folder) && is_missing(error));
        failed.retain(|_, error| !is_missing(error));
        for (path, trail) in &trails {
            let failure = needed_failure(trail, &failed);
            match failure {
                None => {
                    self.blind.remove(path);
                }
                Some((folder, error)) if self.blind.insert(path.clone()) => {
                    let path = if self.is_way(path) { path.parent().unwrap_or(path) } else { path };
                    tell(&self.send, failure_signal(path, folder, error));
                }
                Some(_) => {}
            }
        }
        // What came and went again leaves the same way behind, yet a look in between may have seen it.
        let is_news = |step: &Step| doubted.has(&step.entry) || fresh.contains(step.folder.as_path());
        let news: HashSet<_> = steps.iter().filter(|step| is_news(step)).map(|step| Arc::as_ptr(step)).collect();
        let moved = |path: &PathBuf, trail: &Trail| self.trails.get(path) != Some(trail);
        let stale: BTreeSet<PathBuf> = trails
            .iter()
            .filter(|(path, trail)| {
                moved(path, trail) || !news.is_empty() && trail.iter().any(|step| news.contains(&Arc::as_ptr(step)))
            })
            .map(|(path, _)| path.clone())
            .collect();
        let moved = trails.iter().any(|(path, trail)| moved(path, trail));
        let stable = fresh.is_empty() && !moved && !raced;
        self.trails = trails;
        self.steps.tidy();
        (stale, stable)
    }
}

fn tell(send: &Send, signal: Signal) {
    // A receiver that panicked has nobody left to tell.
    if let Ok(send) = send.lock() {
        send(signal);
    }
}

/// The folders without which a change would not be noticed.
fn needed<'t>(steps: impl IntoIterator<Item = &'t Arc<Step>>) -> impl Iterator<Item = &'t Path> {
    steps.into_iter().filter(|step| !matches!(step.kind, Kind::Folder(..))).map(|step| step.folder.as_path())
}

fn needed_failure<'t, 'e>(
    trail: &'t Trail,
    failed: &'e BTreeMap<&Path, notify::Error>,
) -> Option<(&'t Path, &'e notify::Error)> {
    needed(trail).find_map(|folder| failed.get(folder).map(|error| (folder, error)))
}

fn failure_signal(path: &Path, folder: &Path, error: &notify::Error) -> Signal {
    match error.kind {
        ErrorKind::MaxFilesWatch => Signal::Polling { path: path.to_owned() },
        _ => Signal::Failed { path: path.to_owned(), folder: folder.to_owned(), message: error.to_string() },
    }
}

fn is_missing(error: &notify::Error) -> bool {
    match &error.kind {
        ErrorKind::PathNotFound => true,
        ErrorKind::Io(io) => matches!(io.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
