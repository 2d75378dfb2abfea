//! The code behind the launches: looked at on a thread of its own, and again whenever something happens where it lies.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use crate::artefact::{self, Found, Memo, Start, Watch};
use crate::checks;
use crate::connector::{Connector, ConnectorId, Fingerprint};
use crate::facts::{ArtefactState, Facts};
use crate::guard::Seen;
use crate::host::Host;
use crate::watcher::folders::{Folders, Touched};

use super::event_loop::Event;
use super::outlines::{Outlines, integrity, outline};
use super::state::Engine;

/// A package manager writes many files; they are looked at once it rests for so long.
const QUIET: Duration = Duration::from_millis(150);

/// Code that is written without a pause is looked at all the same.
const LATEST: Duration = Duration::from_secs(2);

/// Where no watch could be had, the code is looked at this often.
const POLL: Duration = Duration::from_secs(30);

/// So many rounds of setting watches and looking at what came before they stood.
const ROUNDS: usize = 4;

/// Folders of one tree that are watched.
const MOST_FOLDERS: usize = 256;

/// Folders that are watched in all: the system's watches are for configuration files first. What lies beyond is polled.
const MOST_WATCHES: usize = 4_096;

/// What was found of a launch.
pub(super) type Looked = (ConnectorId, Fingerprint, Found);

/// What the thread is told.
pub(super) enum Message {
    /// All connectors whose code counts.
    Connectors(Vec<Arc<Connector>>),
    Touched(Touched),
    /// The code whose outlines the engine may ask for.
    Keep(BTreeSet<String>),
}

/// What is known of the code behind the launches.
#[derive(Default)]
pub(super) struct Artefacts {
    found: BTreeMap<ConnectorId, (Fingerprint, Found)>,
    /// Asks the thread; `None` where none runs, as in a command.
    ask: Option<Sender<Message>>,
    /// Other connectors than those that the thread knows.
    pub(super) stale: bool,
    pub(super) memo: Memo,
}

impl Artefacts {
    /// What was found of a connector's present launch.
    pub(super) fn found_of(&self, connector: &Connector) -> Option<&Found> {
        let (launch, found) = self.found.get(&connector.id)?;
        (*launch == connector.fingerprint).then_some(found)
    }

    /// Tells the thread something, where one runs.
    pub(super) fn tell(&self, message: Message) {
        if let Some(ask) = &self.ask {
            let _ = ask.send(message);
        }
    }
}

impl Engine {
    /// All that is known of what a connector runs, as it was looked at last.
    pub(super) fn facts(&self, connector: &Connector) -> Facts {
        let facts = match self.artefacts.found_of(connector) {
            Some(found) => found.clone().facts(),
            None => Facts::not_looked(artefact::kind(connector.launch_line.ecosystem)),
        };
        let facts = self.look_ups.add_to(facts, connector, &self.memory, &self.managed, self.host.now());
        checks::with_advisories(facts, connector)
    }

    /// Starts the thread that looks.
    pub(super) fn start_artefacts(&mut self, tell: impl Fn(Event) + Send + 'static) {
        let host = self.host.clone();
        let (ask, asked) = mpsc::channel();
        let to_self = ask.clone();
        let run = move || {
            let folders = Folders::new(move |touched| drop(to_self.send(Message::Touched(touched))));
            if let Err(error) = &folders {
                tracing::warn!(%error, "code is looked at without events");
            }
            Worker::new(host, folders.ok(), Box::new(tell)).run(&asked);
        };
        let spawned = std::thread::Builder::new().name("artefacts".into()).spawn(run);
        self.artefacts.ask = spawned.ok().map(|_| ask);
        self.artefacts.stale = true;
    }

    /// Tells the thread of other connectors.
    pub(super) fn follow_artefacts(&mut self) {
        if !std::mem::take(&mut self.artefacts.stale) {
            return;
        }
        let Some(ask) = &self.artefacts.ask else { return };
        let present = self.files.values().flat_map(|file| &file.connectors);
        let _ = ask.send(Message::Connectors(present.chain(self.held.values()).cloned().collect()));
    }

    /// Looks at the code behind one connector right now, where a decision is to bind it.
    pub(super) fn look_at_code(&mut self, id: &ConnectorId) {
        let Some(connector) = self.connector(id).cloned() else { return };
        let start = Start::of(&connector, &self.host.home);
        let found = artefact::look(&self.host, &start, &mut self.artefacts.memo);
        self.artefacts.found.insert(id.clone(), (connector.fingerprint.clone(), found));
        self.learn_code_of_held(&connector);
    }

    /// Whether the code behind a launch is watched, so that what was shown of it cannot be old.
    pub(super) fn watches_code(&self) -> bool {
        self.artefacts.ask.is_some()
    }

    /// What is remembered of a launch gets the code that became known behind it. That is no change; where it is one, the
    /// look at the file notes it.
    pub(super) fn learn_code(&mut self, id: &ConnectorId, seen: &Seen) {
        let Some(known) = self.memory.connectors.get_mut(id) else { return };
        let then = &mut known.sighting.seen;
        let is_known = matches!(seen.artefact.state, ArtefactState::Known { .. });
        let was_known = matches!(then.artefact.state, ArtefactState::Known { .. });
        if then.fingerprint == seen.fingerprint
            && !seen.artefact.differs_from(&then.artefact)
            && (is_known || !was_known)
        {
            then.artefact = seen.artefact.clone();
        }
    }

    /// The same for an entry that is out of its file: no look at a file notes what changed behind it.
    fn learn_code_of_held(&mut self, connector: &Connector) {
        let seen = Self::seen(connector, &self.facts(connector));
        let Some(known) = self.memory.connectors.get_mut(&connector.id).filter(|known| !known.present) else { return };
        let then = &mut known.sighting.seen;
        if then.fingerprint == seen.fingerprint && seen.artefact.differs_from(&then.artefact) {
            then.artefact = seen.artefact;
        } else {
            self.learn_code(&connector.id, &seen);
        }
    }

    /// Takes up what the thread found, and judges what has other code now.
    pub(super) fn take_artefacts(&mut self, looked: Vec<Looked>) {
        let mut files = BTreeSet::new();
        for (id, launch, found) in looked {
            let known = self.artefacts.found.insert(id.clone(), (launch.clone(), found.clone()));
            if known.is_some_and(|(before, was)| before == launch && was == found) {
                continue;
            }
            let file = self.connector(&id).map(|connector| connector.file.clone());
            files.extend(file);
        }
        self.look_ups.stale |= !files.is_empty();
        self.judge_code(files);
        let gone: Vec<_> =
            self.artefacts.found.keys().filter(|id| !self.memory.connectors.contains_key(*id)).cloned().collect();
        for id in gone {
            self.artefacts.found.remove(&id);
        }
    }

    /// Judges files whose launches run other code than before, and what is out of any file.
    pub(super) fn judge_code(&mut self, files: BTreeSet<PathBuf>) {
        for file in files {
            self.look_anew(&file);
        }
        self.settle_held();
    }

    /// The question of an entry that is out of its file is about the code that it would run now.
    fn settle_held(&mut self) {
        let held: Vec<_> = self.held.values().cloned().collect();
        for connector in held {
            self.learn_code_of_held(&connector);
            let (seen, verdict) = self.verdict(&connector);
            if verdict.holds() {
                self.question_of_held(&connector, &seen, verdict);
            }
        }
        let _ = self.flush();
    }
}

/// The thread's own state.
struct Worker {
    host: Host,
    folders: Option<Folders>,
    tell: Box<dyn Fn(Event) + Send>,
    memo: Memo,
    connectors: HashMap<ConnectorId, Arc<Connector>>,
    found: HashMap<ConnectorId, (Fingerprint, Found)>,
    /// For each watched folder: whose code lies there, and the name that counts, where not any does.
    places: BTreeMap<PathBuf, BTreeSet<(ConnectorId, Option<OsString>)>>,
    /// Some folder has no watch.
    is_blind: bool,
    /// Whose code may be another, since when, and when that was told last.
    dirty: BTreeSet<ConnectorId>,
    since: Option<(Instant, Instant)>,
}

impl Worker {
    fn new(host: Host, folders: Option<Folders>, tell: Box<dyn Fn(Event) + Send>) -> Self {
        Self {
            host,
            is_blind: folders.is_none(),
            folders,
            tell,
            memo: Memo::default(),
            connectors: HashMap::new(),
            found: HashMap::new(),
            places: BTreeMap::new(),
            dirty: BTreeSet::new(),
            since: None,
        }
    }

    fn run(mut self, asked: &Receiver<Message>) {
        loop {
            let message = match self.wait() {
                Some(wait) => asked.recv_timeout(wait),
                None => asked.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match message {
                Ok(message) => {
                    self.take(message);
                    while let Ok(message) = asked.try_recv() {
                        self.take(message);
                    }
                }
                Err(RecvTimeoutError::Timeout) if self.since.is_none() => {
                    self.dirty.extend(self.connectors.keys().cloned());
                    self.look();
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if self.is_due() {
                self.look();
            }
        }
    }

    fn wait(&self) -> Option<Duration> {
        let due = self.since.map(|(first, last)| (last + QUIET).min(first + LATEST));
        let left = due.map(|at| at.saturating_duration_since(Instant::now()));
        left.or(self.is_blind.then_some(POLL))
    }

    fn is_due(&self) -> bool {
        let now = Instant::now();
        self.since.is_some_and(|(first, last)| now >= last + QUIET || now >= first + LATEST)
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Connectors(all) => {
                let before = std::mem::take(&mut self.connectors);
                self.connectors = all.into_iter().map(|connector| (connector.id.clone(), connector)).collect();
                let is_news = |(id, connector): &(&ConnectorId, &Arc<Connector>)| {
                    before.get(*id).is_none_or(|then| then.fingerprint != connector.fingerprint)
                };
                let news: Vec<_> = self.connectors.iter().filter(is_news).map(|(id, _)| id.clone()).collect();
                self.found.retain(|id, _| self.connectors.contains_key(id));
                for users in self.places.values_mut() {
                    users.retain(|(id, _)| self.connectors.contains_key(id));
                }
                self.dirty.extend(news);
                // What is new is looked at at once.
                self.look();
            }
            Message::Keep(keep) => self.drop_outlines(keep),
            Message::Touched(Touched::Anything) => {
                self.dirty.extend(self.connectors.keys().cloned());
                self.note_touch();
            }
            Message::Touched(Touched::Path(path)) => {
                let own = self.places.get(&path).into_iter().flatten().map(|(id, _)| id.clone());
                let name = path.file_name();
                let above = path.parent().and_then(|folder| self.places.get(folder)).into_iter().flatten();
                let counts = above.filter(|(_, only)| only.as_deref().is_none_or(|only| Some(only) == name));
                let touched: Vec<_> = own.chain(counts.map(|(id, _)| id.clone())).collect();
                if !touched.is_empty() {
                    self.dirty.extend(touched);
                    self.note_touch();
                }
            }
        }
    }

    fn note_touch(&mut self) {
        let now = Instant::now();
        self.since = Some((self.since.map_or(now, |(first, _)| first), now));
    }

    /// Looks at what may be other code, and tells what is.
    fn look(&mut self) {
        self.since = None;
        let mut news: BTreeMap<ConnectorId, (Fingerprint, Found)> = BTreeMap::new();
        for _ in 0..ROUNDS {
            let dirty = std::mem::take(&mut self.dirty);
            if dirty.is_empty() {
                break;
            }
            for id in &dirty {
                self.look_at(id, &mut news);
            }
            self.watch();
        }
        // Folders come and go faster than watches are set.
        if !self.dirty.is_empty() {
            self.note_touch();
        }
        if !news.is_empty() {
            let looked: Vec<_> = news.into_iter().map(|(id, (launch, found))| (id, launch, found)).collect();
            // To be held comes first: an outline takes the reading of all files.
            (self.tell)(Event::Artefacts(looked.clone()));
            if self.keep_outlines(&looked) {
                (self.tell)(Event::Outlined);
            }
        }
    }

    /// Outlines the code that has no outline yet; tells whether there was any.
    fn keep_outlines(&mut self, looked: &[Looked]) -> bool {
        let outlines = Outlines::of(&self.host);
        let mut is_any = false;
        for (id, _, found) in looked {
            let (Some(connector), Some(integrity)) = (self.connectors.get(id), integrity(&found.artefact)) else {
                continue;
            };
            if outlines.has(integrity) {
                continue;
            }
            let start = Start::of(connector, &self.host.home);
            if let Some(outline) = outline(&self.host, &start, found, &mut self.memo) {
                outlines.put(integrity, outline);
                is_any = true;
            }
        }
        is_any
    }

    /// Drops outlines that nothing refers to any more: neither the engine nor what was found here last, which the engine may
    /// not have heard of yet.
    fn drop_outlines(&self, mut keep: BTreeSet<String>) {
        let found = self.found.values().filter_map(|(_, found)| integrity(&found.artefact));
        keep.extend(found.map(str::to_owned));
        Outlines::of(&self.host).prune(&keep);
    }

    fn look_at(&mut self, id: &ConnectorId, news: &mut BTreeMap<ConnectorId, (Fingerprint, Found)>) {
        let Some(connector) = self.connectors.get(id) else { return };
        let start = Start::of(connector, &self.host.home);
        let found = artefact::look(&self.host, &start, &mut self.memo);
        let places = artefact::watch_places(&self.host, &start, &found, &mut self.memo);
        let now = (connector.fingerprint.clone(), found);
        for users in self.places.values_mut() {
            users.retain(|(user, _)| user != id);
        }
        for (folder, only) in places.iter().flat_map(|(path, watch)| folders_of(path, *watch)) {
            self.places.entry(folder).or_default().insert((id.clone(), only));
        }
        if self.found.get(id) != Some(&now) {
            self.found.insert(id.clone(), now.clone());
            news.insert(id.clone(), now);
        }
    }

    /// Sets the watches; whose code lies in a folder with a new one is dirty again.
    fn watch(&mut self) {
        self.places.retain(|_, users| !users.is_empty());
        let Some(folders) = &mut self.folders else { return };
        let wanted: BTreeSet<PathBuf> = self.places.keys().take(MOST_WATCHES).cloned().collect();
        let set = folders.set(&wanted);
        self.is_blind = !set.blind.is_empty() || wanted.len() < self.places.len();
        for folder in &set.fresh {
            self.dirty.extend(self.places[folder].iter().map(|(id, _)| id.clone()));
        }
    }
}

/// The folders to watch for one place, with the name that counts in each, where not any does.
fn folders_of(path: &Path, watch: Watch) -> Vec<(PathBuf, Option<OsString>)> {
    match watch {
        Watch::Tree { .. } if path.is_dir() => {
            let mut all = vec![(path.to_owned(), None)];
            let mut open = vec![path.to_owned()];
            while let Some(folder) = open.pop() {
                let Ok(entries) = std::fs::read_dir(&folder) else { continue };
                for entry in entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())) {
                    if all.len() < MOST_FOLDERS {
                        all.push((entry.path(), None));
                        open.push(entry.path());
                    }
                }
            }
            // The folder itself may be replaced as a whole.
            all.extend(nearest(path));
            all
        }
        Watch::Folder if path.is_dir() => std::iter::once((path.to_owned(), None)).chain(nearest(path)).collect(),
        Watch::Tree { .. } | Watch::Folder | Watch::File => nearest(path).into_iter().collect(),
    }
}

/// The nearest folder above that is there, and the name in it that leads on.
fn nearest(path: &Path) -> Option<(PathBuf, Option<OsString>)> {
    let mut name = path.file_name()?;
    for folder in path.ancestors().skip(1) {
        if folder.is_dir() {
            return Some((folder.to_owned(), Some(name.to_owned())));
        }
        name = folder.file_name()?;
    }
    None
}
