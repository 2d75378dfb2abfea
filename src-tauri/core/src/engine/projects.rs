//! Which folders are projects: those that clients list, and those below folders that the user named.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use crate::discover;
use crate::host::Os;
use crate::memory::Memory;
use crate::policy::FolderRule;
use crate::watcher::Listed;

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

    /// The folders in which a new name may be, or hold, another location.
    pub(super) fn listed(&self, projects: &BTreeSet<PathBuf>) -> Listed {
        let mut listed = discover::listed(&self.host, projects);
        for folder in self.memory.folders.keys().filter(|folder| self.is_walked(folder)) {
            listed.entry(folder.clone()).or_default().insert("*");
        }
        listed
    }
}
