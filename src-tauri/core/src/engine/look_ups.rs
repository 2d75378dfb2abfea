//! What registries say of the packages behind the launches: asked on a thread of its own, only while that is switched on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::archive::ArchiveSource;
use crate::connector::Connector;
use crate::facts::{ArtefactState, Facts, Publication};
use crate::host::Host;
use crate::memory::Memory;
use crate::network::{self, Failure, Network, Patience};
use crate::policy::{LookUps, Managed, keys};
use crate::provenance::{self, Archives, Mirrors, Package, Registries, Terms};
use crate::request::{Notice, Refusal, Reply};

use super::event_loop::Event;
use super::state::Engine;

/// So often registries are asked again, beside what is new. Most answer in a word that nothing changed.
const AGAIN: Duration = Duration::from_secs(30 * 60);

/// What came of asking about each package.
type Outcomes = BTreeMap<Package, Result<Publication, Failure>>;

/// The answers to one round of questions.
pub(super) struct Round {
    outcomes: Outcomes,
    /// In days, as npm's settings have it.
    age_limit: Option<u64>,
}

/// What is known of packages, kept beside the ledger so that reading verbs know it too.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Registered {
    #[serde(with = "pairs")]
    known: Outcomes,
    age_limit: Option<u64>,
    /// Asks the thread; `None` where none runs, as in a command.
    #[serde(skip)]
    ask: Option<Sender<Message>>,
    /// Other packages, or another setting, than the thread knows.
    #[serde(skip)]
    pub(super) stale: bool,
}

/// What the thread is told.
enum Message {
    Wanted(Wanted),
    Now,
}

/// What shall be asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Wanted {
    is_on: bool,
    /// With the versions that are of interest however old they are.
    packages: BTreeMap<Package, BTreeSet<String>>,
    npm_registry: Option<String>,
    python_index: Option<String>,
}

impl Registered {
    /// As it was kept when registries were asked last. Nothing is created.
    pub(super) fn load(host: &Host) -> Self {
        let bytes = fs::read(file(host)).ok();
        bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// What the registry says of the package of a launch, or why that is not known.
    pub(super) fn of(&self, connector: &Connector) -> Option<Result<&Publication, Failure>> {
        let package = Package::of(connector)?;
        if Registries::has_own(connector) {
            return Some(Err(Failure::Private));
        }
        Some(self.known.get(&package).map_or(Err(Failure::NotAsked), |it| it.as_ref().map_err(|failure| *failure)))
    }

    /// The facts with what the registry says, while it may be asked.
    pub(super) fn add_to(
        &self,
        facts: Facts,
        connector: &Connector,
        memory: &Memory,
        managed: &Managed,
        now: Timestamp,
    ) -> Facts {
        if self.known.is_empty() || !is_on(memory, managed) {
            return facts;
        }
        let publication = match self.of(connector) {
            Some(Ok(publication)) => publication,
            Some(Err(Failure::NotFound)) => return provenance::without(facts),
            _ => return facts,
        };
        let in_force = memory.known(&connector.id).and_then(|known| known.in_force.as_ref());
        let terms = Terms {
            now,
            cooldown: managed.cooldown.unwrap_or(keys::COOLDOWN_DAYS),
            age_limit: self.age_limit,
            approved: in_force.map(|(seen, _)| &seen.artefact),
        };
        provenance::enrich(facts, &connector.launch_line, publication, &terms)
    }
}

/// Whether registries may be asked, and what they said counts.
fn is_on(memory: &Memory, managed: &Managed) -> bool {
    managed.look_ups(memory.look_ups) == LookUps::On
}

/// The source of archives, while registries may be asked.
pub(super) fn archives(host: &Host) -> Option<Arc<dyn ArchiveSource>> {
    let memory = super::survey::recall(host).memory;
    let policy = super::settings::policy_now(host, &memory);
    if policy.look_ups() == LookUps::Off {
        return None;
    }
    let (npm, pypi) = (policy.managed.npm_registry.as_deref(), policy.managed.python_index.as_deref());
    let registries = Registries::of(host, &Mirrors { npm, pypi });
    let network = Network::new(host.clone(), registries.roots.as_deref(), Patience::default()).ok()?;
    Some(Arc::new(Archives::new(network, registries)))
}

fn file(host: &Host) -> PathBuf {
    host.data_dir().join(network::FOLDER).join("packages.json")
}

impl Engine {
    /// Starts the thread that asks.
    pub(super) fn start_look_ups(&mut self, tell: impl Fn(Event) + Send + 'static) {
        let (ask, asked) = mpsc::channel();
        let mut asker = Asker::new(self.host.clone(), Box::new(tell));
        let spawned = std::thread::Builder::new().name("look-ups".into()).spawn(move || asker.run(&asked));
        self.look_ups.ask = spawned.ok().map(|_| ask);
        self.look_ups.stale = true;
    }

    /// Tells the thread of other packages and settings.
    pub(super) fn follow_look_ups(&mut self) {
        if !std::mem::take(&mut self.look_ups.stale) {
            return;
        }
        let Some(ask) = &self.look_ups.ask else { return };
        let _ = ask.send(Message::Wanted(self.wanted()));
    }

    /// Asks about everything again.
    pub(super) fn look_up_now(&mut self) -> Result<Reply, Refusal> {
        if !is_on(&self.memory, &self.managed) {
            return Err(Refusal::LookUpsOff);
        }
        self.look_ups.stale = true;
        self.follow_look_ups();
        match &self.look_ups.ask {
            Some(ask) => drop(ask.send(Message::Now)),
            // A command has no thread for it, and waits.
            None => {
                let (tell, told) = mpsc::channel();
                let mut asker = Asker::new(self.host.clone(), Box::new(move |event| drop(tell.send(event))));
                asker.wanted = self.wanted();
                asker.ask_all(true);
                drop(asker);
                // Nor has it looked at any code yet.
                let ids: Vec<_> = self.memory.connectors.keys().cloned().collect();
                ids.iter().for_each(|id| self.look_at_code(id));
                for event in told {
                    if let Event::Published(round) = event {
                        self.take_published(round);
                    }
                }
            }
        }
        Ok(Reply::Done { effects: self.reconcile() })
    }

    fn wanted(&self) -> Wanted {
        let mut packages: BTreeMap<Package, BTreeSet<String>> = BTreeMap::new();
        let present = self.files.values().flat_map(|file| &file.connectors).chain(self.held.values());
        for connector in present.filter(|connector| !Registries::has_own(connector)) {
            let Some(package) = Package::of(connector) else { continue };
            let versions = packages.entry(package).or_default();
            let in_force = self.memory.known(&connector.id).and_then(|known| known.in_force.as_ref());
            let last = self.memory.connectors.get(&connector.id).map(|known| &known.sighting.seen);
            for seen in in_force.map(|(seen, _)| seen).into_iter().chain(last) {
                if let ArtefactState::Known { version: Some(version), .. } = &seen.artefact.state {
                    versions.insert(version.clone());
                }
            }
        }
        let (npm_registry, python_index) = (self.managed.npm_registry.clone(), self.managed.python_index.clone());
        Wanted { is_on: is_on(&self.memory, &self.managed), packages, npm_registry, python_index }
    }

    /// Takes up what registries said, and judges what it is about: also what they said before, for time has passed.
    pub(super) fn take_published(&mut self, round: Round) {
        let Round { outcomes, age_limit } = round;
        let asked = (outcomes.len(), outcomes.values().filter(|outcome| outcome.is_err()).count());
        for (package, outcome) in outcomes {
            // A registry that cannot be asked now has not taken back what it said before.
            let is_older = outcome.is_err() && outcome != Err(Failure::NotFound);
            if !is_older || !matches!(self.look_ups.known.get(&package), Some(Ok(_))) {
                self.look_ups.known.insert(package, outcome);
            }
        }
        self.look_ups.age_limit = age_limit;
        if asked.0 > 0 {
            let wanted = self.wanted().packages;
            self.look_ups.known.retain(|package, _| wanted.contains_key(package));
            self.keep_published();
            self.say(Notice::LookedUp { packages: asked.0, unknown: asked.1 });
        }
        let has_package = |connector: &&Arc<Connector>| Package::of(connector).is_some();
        let present = self.files.values().flat_map(|file| &file.connectors).chain(self.held.values());
        let files: BTreeSet<_> = present.filter(has_package).map(|connector| connector.file.clone()).collect();
        self.judge_code(files);
    }

    fn keep_published(&self) {
        let path = file(&self.host);
        let write = || {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            let next = path.with_extension("next");
            fs::write(&next, serde_json::to_vec(&self.look_ups)?)?;
            fs::rename(next, &path)
        };
        if let Err(error) = write() {
            tracing::warn!(%error, "what registries said could not be kept");
        }
    }
}

/// The thread's own state.
struct Asker {
    host: Host,
    tell: Box<dyn Fn(Event) + Send>,
    wanted: Wanted,
    asked: BTreeSet<Package>,
    next: Option<Instant>,
}

impl Asker {
    fn new(host: Host, tell: Box<dyn Fn(Event) + Send>) -> Self {
        Self { host, tell, wanted: Wanted::default(), asked: BTreeSet::new(), next: None }
    }

    fn run(&mut self, asked: &Receiver<Message>) {
        loop {
            let message = match self.next {
                Some(at) => asked.recv_timeout(at.saturating_duration_since(Instant::now())),
                None => asked.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match message {
                Ok(Message::Wanted(wanted)) => self.follow(wanted),
                Ok(Message::Now) => self.ask_all(true),
                Err(RecvTimeoutError::Timeout) => self.ask_all(false),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Asks about what is new.
    fn follow(&mut self, wanted: Wanted) {
        let registries = |it: &Wanted| (it.is_on, it.npm_registry.clone(), it.python_index.clone());
        if registries(&wanted) != registries(&self.wanted) {
            self.asked.clear();
        }
        self.wanted = wanted;
        self.asked.retain(|package| self.wanted.packages.contains_key(package));
        if !self.wanted.is_on {
            self.next = None;
            return;
        }
        let news = self.wanted.packages.keys().filter(|package| !self.asked.contains(package));
        let news: Vec<_> = news.cloned().collect();
        self.next.get_or_insert_with(|| Instant::now() + AGAIN);
        self.ask(news, false);
    }

    fn ask_all(&mut self, anew: bool) {
        if self.wanted.is_on {
            self.next = Some(Instant::now() + AGAIN);
            self.ask(self.wanted.packages.keys().cloned().collect(), anew);
        }
    }

    fn ask(&mut self, packages: Vec<Package>, anew: bool) {
        if packages.is_empty() {
            return;
        }
        // Settings are read anew each time: nobody tells when they change.
        let mirrors = Mirrors { npm: self.wanted.npm_registry.as_deref(), pypi: self.wanted.python_index.as_deref() };
        let registries = Registries::of(&self.host, &mirrors);
        // Made anew for each round, half an hour apart: between them nothing of it is needed.
        let network = Network::new(self.host.clone(), registries.roots.as_deref(), Patience::default());
        let mut outcomes = Outcomes::new();
        let mut asks = Vec::new();
        for package in packages {
            self.asked.insert(package.clone());
            match (&network, provenance::ask(&registries, &package, anew)) {
                (Ok(_), Ok(ask)) => asks.push((package, ask)),
                (Err(failure), _) => drop(outcomes.insert(package, Err(*failure))),
                (_, Err(failure)) => drop(outcomes.insert(package, Err(failure))),
            }
        }
        if let Ok(network) = network {
            let answers = network.ask(asks.iter().map(|(_, ask)| ask.clone()).collect());
            for ((package, ask), answer) in asks.into_iter().zip(answers) {
                let wanted = &self.wanted.packages[&package];
                let outcome = answer.and_then(|answer| provenance::read(&ask, &package, &answer, wanted));
                outcomes.insert(package, outcome);
            }
        }
        (self.tell)(Event::Published(Round { outcomes, age_limit: registries.npm_age_limit() }));
    }
}

/// A map whose keys are no text, as a list.
mod pairs {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use super::Outcomes;

    pub(super) fn serialize<S: Serializer>(map: &Outcomes, serializer: S) -> Result<S::Ok, S::Error> {
        map.iter().collect::<Vec<_>>().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Outcomes, D::Error> {
        Ok(Vec::deserialize(deserializer)?.into_iter().collect())
    }
}
