//! What registries say of the packages behind the launches: asked on a thread of its own, only while that is switched on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::age_limit::{Meaning, Tool};
use crate::archive::ArchiveSource;
use crate::artefact::age_limits;
use crate::connector::{Connector, ConnectorId};
use crate::facts::{Artefact, Dossier, Facts, Publication, Release};
use crate::host::Host;
use crate::launch_line::Runner;
use crate::memory::Memory;
use crate::network::{self, Failure, Network, Patience};
use crate::policy::{Addresses, LookUpKind, LookUps, Managed, keys};
use crate::provenance::{
    self, Archives, Descriptions, Index, Inquiry, Mirrors, Origin, Package, Registries, Subject, Terms,
};
use crate::request::{Notice, Refusal, Reply};

use super::doubts::Doubts;
use super::event_loop::Event;
use super::state::Engine;
use super::tokens;

/// So often registries are asked again, beside what is new. Most answer in a word that nothing changed.
const AGAIN: Duration = Duration::from_secs(30 * 60);

/// What came of asking about each package.
type Outcomes = BTreeMap<Package, Result<Publication, Failure>>;

/// What services said of each subject.
type Dossiers = BTreeMap<Subject, Dossier>;

/// How old the versions of each package must be, as the user's settings have it.
type Limits = BTreeMap<Package, Option<Meaning>>;

/// The answers to one round of questions, or some of them.
#[derive(Default)]
pub(super) struct Round {
    outcomes: Outcomes,
    dossiers: Dossiers,
    limits: Limits,
    /// Once everybody was asked.
    done: Option<Done>,
}

struct Done {
    packages: usize,
    /// Of how many of them nothing is known.
    unknown: usize,
}

/// What is known of packages, kept beside the ledger so that reading verbs know it too.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Registered {
    #[serde(with = "pairs")]
    known: Outcomes,
    #[serde(with = "pairs", default)]
    dossiers: Dossiers,
    /// The age limits of package managers that the packages come under.
    #[serde(with = "pairs", default)]
    limits: Limits,
    /// What a registry said of the versions of interest, also where it has them no more. A package that stands here was
    /// public once.
    #[serde(with = "pairs", default)]
    told: BTreeMap<Package, BTreeMap<String, Release>>,
    /// Asks the thread; `None` where none runs, as in a command.
    #[serde(skip)]
    ask: Option<Sender<Message>>,
    /// Other packages, or another setting, than the thread knows.
    #[serde(skip)]
    pub(super) stale: bool,
}

/// What the thread is told.
enum Message {
    Wanted(Box<Wanted>),
    Now,
}

/// What shall be asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Wanted {
    is_on: bool,
    /// With the versions that are of interest however old they are.
    origins: BTreeMap<Origin, BTreeSet<String>>,
    /// Packages that a registry had once: what it does not know now is no private name.
    public: BTreeSet<Package>,
    addresses: Addresses,
    without: BTreeSet<LookUpKind>,
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
        if !is_on(memory, managed) {
            return facts;
        }
        let facts = self.with_publication(facts, connector, memory, managed, now);
        self.with_dossier(facts, connector, memory, &managed.look_ups_without)
    }

    fn with_publication(
        &self,
        facts: Facts,
        connector: &Connector,
        memory: &Memory,
        managed: &Managed,
        now: Timestamp,
    ) -> Facts {
        let publication = match self.of(connector) {
            Some(Ok(publication)) => publication,
            Some(Err(Failure::NotFound)) => return provenance::without(facts),
            _ => return facts,
        };
        let approved = in_force(memory, &connector.id);
        let told = || self.told.get(&Package::of(connector)?)?.get(approved?.version()?);
        let terms = Terms {
            now,
            cooldown: managed.cooldown.unwrap_or(keys::COOLDOWN_DAYS),
            before: self.limit(connector).and_then(|limit| limit.moment(now)),
            approved,
            told: told(),
        };
        provenance::enrich(facts, &connector.launch_line, publication, &terms)
    }

    /// The age limit that the tool which starts the connector goes by.
    fn limit(&self, connector: &Connector) -> Option<Meaning> {
        let package = Package::of(connector)?;
        let (runner, _) = limited(package.index);
        self.limits
            .get(&package)
            .copied()
            .flatten()
            .filter(|_| connector.launch_line.runner == runner && age_limits::is_of_user(connector))
    }

    /// What services said of the present code.
    fn with_dossier(
        &self,
        facts: Facts,
        connector: &Connector,
        memory: &Memory,
        without: &BTreeSet<LookUpKind>,
    ) -> Facts {
        let Some(origin) = Origin::of(connector).filter(|_| !self.dossiers.is_empty()) else { return facts };
        let pinned = connector.launch_line.exact_version();
        let now_runs = facts.artefact.version().or(pinned).map(str::to_owned);
        let then = in_force(memory, &connector.id).and_then(Artefact::version).map(str::to_owned);
        let then = then.filter(|then| now_runs.as_ref() != Some(then));
        let before = then.and_then(|then| self.dossiers.get(&Subject::new(origin.clone(), Some(then))));
        let dossier = self.dossiers.get(&Subject::new(origin.clone(), now_runs)).cloned().unwrap_or_default();
        // What was said before a kind was switched off counts no more than if it had never been asked for.
        let before = before.cloned().map(|before| provenance::silenced(before, &origin, without));
        provenance::told(facts, provenance::silenced(dossier, &origin, without), before.as_ref())
    }
}

/// The code that is approved, or runs as if it were.
fn in_force<'a>(memory: &'a Memory, id: &ConnectorId) -> Option<&'a Artefact> {
    memory.known(id)?.in_force.as_ref().map(|(seen, _)| &seen.artefact)
}

/// What fetches packages of an index by launches, and has a limit of which it is known what it leaves out.
fn limited(index: Index) -> (Runner, Tool) {
    match index {
        Index::Npm => (Runner::Npx, Tool::Npm),
        Index::Pypi => (Runner::Uvx, Tool::Uv),
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
    let registries = Registries::of(host, &Mirrors::of(&policy.managed.addresses));
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
        let _ = ask.send(Message::Wanted(Box::new(self.wanted())));
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
        let mut origins: BTreeMap<Origin, BTreeSet<String>> = BTreeMap::new();
        let present = self.files.values().flat_map(|file| &file.connectors).chain(self.held.values());
        for connector in present {
            let Some(origin) = Origin::of(connector) else { continue };
            let versions = origins.entry(origin).or_default();
            let in_force = self.memory.known(&connector.id).and_then(|known| known.in_force.as_ref());
            let last = self.memory.connectors.get(&connector.id).map(|known| &known.sighting.seen);
            for seen in in_force.map(|(seen, _)| seen).into_iter().chain(last) {
                versions.extend(seen.artefact.version().map(str::to_owned));
            }
            versions.extend(connector.launch_line.exact_version().map(str::to_owned));
        }
        let Managed { addresses, look_ups_without, .. } = &self.managed;
        let is_on = is_on(&self.memory, &self.managed);
        let public = self.look_ups.told.keys().cloned().collect();
        Wanted { is_on, origins, public, addresses: addresses.clone(), without: look_ups_without.clone() }
    }

    /// Takes up what registries said, and judges what it is about: also what they said before, for time has passed.
    pub(super) fn take_published(&mut self, round: Round) {
        let Round { outcomes, dossiers, limits, done } = round;
        let has_news = !outcomes.is_empty() || !dossiers.is_empty();
        let doubts = if has_news { self.doubts() } else { Doubts::new() };
        let wanted = self.wanted().origins;
        for (package, mut outcome) in outcomes {
            if let Ok(publication) = &outcome {
                let told = self.look_ups.told.entry(package.clone()).or_default();
                for version in wanted.get(&Origin::Package(package.clone())).into_iter().flatten() {
                    let Some(release) = publication.releases.get(version) else { continue };
                    // Other bytes under the same number are somebody else's.
                    if told.get(version).is_none_or(|before| before.integrity == release.integrity) {
                        told.insert(version.clone(), release.clone());
                    }
                }
            }
            if let (Ok(now), Some(Ok(before))) = (&mut outcome, self.look_ups.known.get(&package)) {
                now.keep_publishers(before);
            }
            // A registry that cannot be asked now has not taken back what it said before.
            let is_older = outcome.is_err() && outcome != Err(Failure::NotFound);
            if !is_older || !matches!(self.look_ups.known.get(&package), Some(Ok(_) | Err(Failure::NotFound))) {
                self.look_ups.known.insert(package, outcome);
            }
        }
        let is_asked = |(subject, dossier): &(&Subject, &Dossier)| {
            subject.origin.package().is_none() && **dossier != Dossier::default()
        };
        let others = dossiers.iter().filter(is_asked).count();
        for (subject, dossier) in dossiers {
            let before = self.look_ups.dossiers.remove(&subject).unwrap_or_default();
            self.look_ups.dossiers.insert(subject, dossier.or_before(before));
        }
        self.look_ups.limits.extend(limits);
        if has_news {
            let is_wanted = |package: &Package| wanted.contains_key(&Origin::Package(package.clone()));
            self.look_ups.known.retain(|package, _| is_wanted(package));
            self.look_ups.limits.retain(|package, _| is_wanted(package));
            self.look_ups.told.retain(|package, told| {
                let versions = wanted.get(&Origin::Package(package.clone()));
                told.retain(|version, _| versions.is_some_and(|it| it.contains(version)));
                versions.is_some()
            });
            self.look_ups.dossiers.retain(|subject, _| wanted.contains_key(&subject.origin));
            self.keep_published();
        }
        if let Some(Done { packages, unknown }) = done
            && (packages > 0 || others > 0)
        {
            self.say(Notice::LookedUp { packages, unknown, others });
        }
        let has_package = |connector: &&Arc<Connector>| Origin::of(connector).is_some();
        let present = self.files.values().flat_map(|file| &file.connectors).chain(self.held.values());
        let files: BTreeSet<_> = present.filter(has_package).map(|connector| connector.file.clone()).collect();
        self.judge_code(files);
        if has_news {
            self.tell_new_doubts(&doubts);
        }
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
    /// With the versions that were of interest then.
    asked: BTreeMap<Origin, BTreeSet<String>>,
    next: Option<Instant>,
}

impl Asker {
    fn new(host: Host, tell: Box<dyn Fn(Event) + Send>) -> Self {
        Self { host, tell, wanted: Wanted::default(), asked: BTreeMap::new(), next: None }
    }

    fn run(&mut self, asked: &Receiver<Message>) {
        loop {
            let message = match self.next {
                Some(at) => asked.recv_timeout(at.saturating_duration_since(Instant::now())),
                None => asked.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match message {
                Ok(Message::Wanted(wanted)) => self.follow(*wanted),
                Ok(Message::Now) => self.ask_all(true),
                Err(RecvTimeoutError::Timeout) => self.ask_all(false),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Asks about what is new.
    fn follow(&mut self, wanted: Wanted) {
        let registries = |it: &Wanted| (it.is_on, it.addresses.clone(), it.without.clone());
        if registries(&wanted) != registries(&self.wanted) {
            self.asked.clear();
        }
        let public = std::mem::replace(&mut self.wanted, wanted).public;
        self.wanted.public.extend(public);
        self.asked.retain(|origin, _| self.wanted.origins.contains_key(origin));
        if !self.wanted.is_on {
            self.next = None;
            return;
        }
        let news = self.wanted.origins.keys().filter(|origin| !self.asked.contains_key(*origin));
        let news: Vec<_> = news.cloned().collect();
        self.next.get_or_insert_with(|| Instant::now() + AGAIN);
        self.ask(news, false, true);
        // Other code came to be known of what was asked about before.
        let has_more = |(origin, versions): &(&Origin, &BTreeSet<String>)| {
            self.asked.get(*origin).is_some_and(|asked| !versions.is_subset(asked))
        };
        let more: Vec<_> = self.wanted.origins.iter().filter(has_more).map(|(origin, _)| origin.clone()).collect();
        self.ask(more, false, false);
    }

    fn ask_all(&mut self, anew: bool) {
        if self.wanted.is_on {
            self.next = Some(Instant::now() + AGAIN);
            self.ask(self.wanted.origins.keys().cloned().collect(), anew, true);
        }
    }

    /// `is_told`: whether it is news that this was asked.
    fn ask(&mut self, origins: Vec<Origin>, anew: bool, is_told: bool) {
        if origins.is_empty() {
            return;
        }
        // Whoever waits for an answer has each as it comes; a round of its own accord brings little that is new.
        let tells_each = anew || origins.iter().any(|origin| !self.asked.contains_key(origin));
        self.asked.extend(origins.iter().map(|origin| (origin.clone(), self.wanted.origins[origin].clone())));
        // Settings are read anew each time: nobody tells when they change.
        let registries = Registries::of(&self.host, &Mirrors::of(&self.wanted.addresses));
        // Made anew for each round, half an hour apart: between them nothing of it is needed.
        let network = Network::new(self.host.clone(), registries.roots.as_deref(), Patience::default());
        let packages = origins.iter().filter_map(Origin::package);
        let outcomes = match &network {
            Ok(network) => self.ask_registries(network, &registries, packages, anew),
            Err(failure) => packages.map(|package| (package.clone(), Err(*failure))).collect(),
        };
        let public = outcomes.iter().filter(|(_, outcome)| outcome.is_ok()).map(|(package, _)| package.clone());
        self.wanted.public.extend(public);
        let limit = |package: &Package| age_limits::of_package(&self.host, limited(package.index).1, &package.name);
        let limits: Limits =
            origins.iter().filter_map(Origin::package).map(|package| (package.clone(), limit(package))).collect();
        let unknown = outcomes.values().filter(|outcome| outcome.is_err()).count();
        let done = is_told.then_some(Done { packages: outcomes.len(), unknown });
        // A newer version is not left to run while a service does not answer.
        (self.tell)(Event::Published(Round { outcomes: outcomes.clone(), limits, ..Round::default() }));
        let mut last = Dossiers::new();
        if let Ok(network) = &network {
            let subjects = origins.iter().flat_map(|origin| self.subjects(origin, &outcomes)).collect();
            let (registries, without) = (&registries, &self.wanted.without);
            let now = self.host.now();
            let token = tokens::token(&self.host, registries);
            let descriptions = Descriptions::default();
            let inquiry = Inquiry { network, registries, now, anew, subjects, without, token, descriptions };
            last = provenance::gather(&inquiry, |dossiers| {
                let dossiers = if tells_each { dossiers.clone() } else { return };
                (self.tell)(Event::Published(Round { dossiers, ..Round::default() }));
            });
        }
        (self.tell)(Event::Published(Round { dossiers: last, done, ..Round::default() }));
    }

    fn ask_registries<'a>(
        &self,
        network: &Network,
        registries: &Registries,
        packages: impl Iterator<Item = &'a Package>,
        anew: bool,
    ) -> Outcomes {
        let mut outcomes = Outcomes::new();
        let mut asks = Vec::new();
        for package in packages {
            match provenance::ask(registries, package, anew) {
                Ok(ask) => asks.push((package, ask)),
                Err(failure) => drop(outcomes.insert(package.clone(), Err(failure))),
            }
        }
        let answers = network.ask(asks.iter().map(|(_, ask)| ask.clone()).collect());
        for ((package, ask), answer) in asks.into_iter().zip(answers) {
            let wanted = &self.wanted.origins[&Origin::Package(package.clone())];
            let outcome = answer.and_then(|answer| provenance::read(&ask, package, &answer, wanted));
            outcomes.insert(package.clone(), outcome);
        }
        let published = outcomes.iter_mut().filter_map(|(package, outcome)| {
            let wanted = &self.wanted.origins[&Origin::Package(package.clone())];
            Some((package, outcome.as_mut().ok()?, wanted))
        });
        provenance::name_publishers(network, published, anew);
        outcomes
    }

    /// What services are asked about an origin: each version that matters, of a package. Whoever is not its registry hears
    /// of a package only if that has it, or had it: any other name may be private.
    fn subjects<'a>(&self, origin: &Origin, outcomes: &'a Outcomes) -> Vec<(Subject, Option<&'a Publication>)> {
        let wanted = &self.wanted.origins[origin];
        let outcome = origin.package().and_then(|package| Some((package, outcomes.get(package)?)));
        let publication = outcome.and_then(|(_, outcome)| outcome.as_ref().ok());
        if let Some((package, Err(failure))) = outcome {
            let is_own = matches!(failure, Failure::Private | Failure::NoRegistry | Failure::Unauthorised);
            if is_own || !self.wanted.public.contains(package) {
                return Vec::new();
            }
        }
        let versions = match (origin.package(), publication) {
            (Some(package), Some(publication)) => provenance::versions(package, wanted, publication),
            _ => wanted.clone(),
        };
        let of_versions = versions.into_iter().map(Some);
        let all = of_versions.chain(wanted.is_empty().then_some(None));
        let all: BTreeSet<_> = all.map(|version| Subject::new(origin.clone(), version)).collect();
        all.into_iter().map(|subject| (subject, publication)).collect()
    }
}

/// A map whose keys are no text, as a list.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer, K: Serialize, V: Serialize>(
        map: &BTreeMap<K, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        map.iter().collect::<Vec<_>>().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D, K, V>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        D: Deserializer<'de>,
        K: Deserialize<'de> + Ord,
        V: Deserialize<'de>,
    {
        Ok(Vec::deserialize(deserializer)?.into_iter().collect())
    }
}
