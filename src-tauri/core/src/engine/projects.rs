//! Which folders are projects: those that clients list, and those below folders that the user named.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use crate::discover::{self, Location, Places};
use crate::host::Os;
use crate::memory::Memory;
use crate::policy::FolderRule;
use crate::report::CoverageState;

use super::event_loop::Event;
use super::state::Engine;

/// So often the named folders are walked although nothing was told: deep in a tree nobody watches.
pub(super) const WALK_AGAIN: Duration = Duration::from_secs(30 * 60);

/// So much of the time at most is spent on walks.
const SHARE: u32 = 10;

/// What is to be walked.
#[derive(Debug, Clone)]
pub(super) struct Walk {
    os: Os,
    named: BTreeSet<PathBuf>,
    left_out: BTreeSet<PathBuf>,
}

/// The projects below each named folder.
pub(super) type Walked = BTreeMap<PathBuf, BTreeSet<PathBuf>>;

impl Walk {
    /// The folders that the user named, without those that are to be ignored.
    pub(super) fn of(os: Os, memory: &Memory) -> Self {
        let with = |ignored: bool| {
            let rules = memory.folders.iter().filter(move |(_, rule)| (**rule == FolderRule::Ignore) == ignored);
            rules.map(|(folder, _)| folder.clone()).collect()
        };
        Self { os, named: with(false), left_out: with(true) }
    }

    pub(super) fn run(&self) -> Walked {
        let below = |folder: &PathBuf| {
            let found = discover::projects_below(self.os, folder, &|path| self.left_out.contains(path));
            (folder.clone(), found)
        };
        self.named.iter().map(below).collect()
    }
}

/// Every project that a reader can know of before it has read a file.
pub(super) fn named_projects(os: Os, memory: &Memory) -> BTreeSet<PathBuf> {
    let walk = Walk::of(os, memory);
    let children = walk.named.iter().flat_map(|folder| children(folder));
    walk.run().into_values().flatten().chain(memory.folders.keys().cloned()).chain(children).collect()
}

/// The folders right in a named one: what is cloned there is a project before anything in it says so.
fn children(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let is_shown = |entry: &std::fs::DirEntry| !entry.file_name().to_string_lossy().starts_with('.');
    let folders =
        entries.flatten().filter(|entry| is_shown(entry) && entry.file_type().is_ok_and(|kind| kind.is_dir()));
    folders.map(|entry| entry.path()).collect()
}

/// Starts the thread that walks; it is asked through what is returned.
pub(super) fn start_walker(tell: impl Fn(Event) + Send + 'static) -> Option<Sender<Walk>> {
    let (ask, asked) = mpsc::channel::<Walk>();
    let walk = move || {
        let mut next = None;
        while let Some(walk) = next.take().or_else(|| asked.recv().ok()) {
            let begun = Instant::now();
            // Of several wishes the last one knows most.
            let walk = asked.try_iter().last().unwrap_or(walk);
            tell(Event::Walked(walk.run()));
            let rested = Instant::now() + begun.elapsed() * SHARE;
            loop {
                match asked.recv_timeout(rested.saturating_duration_since(Instant::now())) {
                    Ok(later) => next = Some(later),
                    Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        }
    };
    std::thread::Builder::new().name("projects".into()).spawn(walk).ok().map(|_| ask)
}

impl Engine {
    /// Has the named folders walked; where no thread does it, right now.
    pub(super) fn walk(&mut self) {
        let walk = Walk::of(self.host.os, &self.memory);
        match &self.walker {
            Some(walker) if !walk.named.is_empty() => drop(walker.send(walk)),
            Some(_) => {
                self.take_walked(Walked::new());
            }
            None => {
                self.take_walked(walk.run());
            }
        }
    }

    /// Takes up what a walk found.
    pub(super) fn take_walked(&mut self, walked: Walked) {
        if self.walked != walked {
            self.walked = walked;
            self.locate();
        }
    }

    /// Every project folder that is known.
    pub(super) fn project_folders(&self) -> BTreeSet<PathBuf> {
        let of_clients = self.projects.values().flatten().cloned();
        let named = self.memory.folders.keys();
        let below = named.clone().filter(|folder| self.is_walked(folder)).flat_map(|folder| children(folder));
        let walked = self.walked.values().flatten().cloned();
        of_clients.chain(walked).chain(named.cloned()).chain(below).collect()
    }

    fn is_walked(&self, folder: &Path) -> bool {
        self.memory.folders.get(folder).is_some_and(|rule| *rule != FolderRule::Ignore)
    }

    /// Reads the table of clients anew: other projects or folders, other places.
    pub(super) fn locate(&mut self) {
        let folders = self.project_folders();
        let Places { locations, mut listed } = discover::places(&self.host, &self.memory.client_paths, &folders);
        for folder in self.memory.folders.keys().filter(|folder| self.is_walked(folder)) {
            Arc::make_mut(listed.entry(folder.clone()).or_default()).ways.insert("*");
        }
        if locations != self.locations {
            self.locations_changed = true;
            // What went with the folder that held it is told by no event of its own.
            let is_gone = |path: &Path| locations.binary_search_by(|now| now.path.as_path().cmp(path)).is_err();
            let now = Instant::now();
            for path in self.locations.iter().map(|then| &then.path).filter(|path| is_gone(path)) {
                match self.files.get(path).map(|file| file.state) {
                    Some(None | Some(CoverageState::Absent)) => drop(self.files.remove(path)),
                    Some(_) => drop(self.again.insert(path.clone(), now)),
                    None => {}
                }
            }
        }
        // A folder on the way to a `*` further below is listed before any place is there.
        self.locations_changed |= listed != self.listed;
        (self.locations, self.listed, self.folders) = (locations, listed, folders);
    }

    /// The rows of a path; [`Engine::locations`] is in order of the paths, and has of a project what was there when it
    /// was read.
    pub(super) fn locations_of(&self, path: &Path) -> Cow<'_, [Location]> {
        let from = self.locations.partition_point(|location| location.path.as_path() < path);
        let rest = &self.locations[from..];
        match rest.iter().take_while(|location| location.path == path).count() {
            0 => Cow::Owned(discover::locations_at(self.host.os, &self.folders, path)),
            count => Cow::Borrowed(&rest[..count]),
        }
    }

    /// Takes up a place of a project to which a file has come.
    pub(super) fn meet(&mut self, path: &Path) {
        if let Cow::Owned(met) = self.locations_of(path)
            && !met.is_empty()
        {
            let at = self.locations.partition_point(|location| location.path.as_path() < path);
            self.locations.splice(at..at, met);
            self.locations_changed = true;
        }
    }
}
