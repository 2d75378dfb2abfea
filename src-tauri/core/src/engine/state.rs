//! The state that the event loop owns, and the way every change of it goes through the ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Instant;

use jiff::Timestamp;

use crate::checks;
use crate::connector::{Connector, ConnectorId, ValueKey};
use crate::discover::{self, Earlier, Location};
use crate::document::{Document, Stash};
use crate::facts::Facts;
use crate::finding::Finding;
use crate::guard::{self, FirstMet, Seen, Subject, Verdict};
use crate::hold::{HoldStore, OldFile, Step};
use crate::host::files::{Digest, ReadError, Stamp};
use crate::host::{Host, Listed};
use crate::ledger::{Anchor, Key, KeyAnswer, KeyState, Ledger, LedgerError};
use crate::memory::Memory;
use crate::policy::{FolderRule, Managed, Policy, nearest_rule};
use crate::record::{HoldId, Record};
use crate::report::CoverageState;
use crate::request::{About, FileTrouble, Notice, Refusal};

use super::artefacts::Artefacts;
use super::look_ups::Registered;
use super::projects::{Walk, Walked};
use super::undo::Undoable;

/// Everything that a guard or a command knows while it runs.
pub(super) struct Engine {
    pub(super) host: Host,
    pub(super) ledger: Ledger,
    pub(super) memory: Memory,
    pub(super) store: HoldStore,
    pub(super) key: Option<ValueKey>,
    pub(super) locations: Vec<Location>,
    /// The folders in which further ones may come, as they were when those were found.
    pub(super) listed: Listed,
    /// The project folders that were known then.
    pub(super) folders: BTreeSet<PathBuf>,
    /// Project folders by the file that lists them.
    pub(super) projects: BTreeMap<PathBuf, BTreeSet<PathBuf>>,
    /// The rules that all files of settings make together.
    pub(super) managed: Managed,
    /// The projects below the folders that the user named, as far as they were walked.
    pub(super) walked: Walked,
    /// Walks those folders on a thread of its own; the answer is an event.
    pub(super) walker: Option<Sender<Walk>>,
    pub(super) files: BTreeMap<PathBuf, FileState>,
    /// The entries that are held, as they were read when they were taken out.
    pub(super) held: BTreeMap<HoldId, Arc<Connector>>,
    /// What the hold store keeps of them, as far as it was asked for.
    pub(super) stashes: BTreeMap<HoldId, Stash>,
    /// Why an entry that should be held is not.
    pub(super) refused: BTreeMap<ConnectorId, FileTrouble>,
    pub(super) artefacts: Artefacts,
    pub(super) look_ups: Registered,
    pub(super) old_files: Vec<Aging>,
    /// Asks which of these files somebody has open for writing; the answer is an event.
    pub(super) find_writers: Option<Sender<Vec<(PathBuf, Stamp)>>>,
    /// By target: the digest of our last write, and when the bytes that it was planned from were saved.
    pub(super) planned: BTreeMap<PathBuf, (Digest, i64)>,
    /// Files that must be looked at again at a time, because they could not be read or others were writing.
    pub(super) again: BTreeMap<PathBuf, Instant>,
    /// How what is met now counts, while the first look at everything lasts.
    pub(super) first_look: Option<FirstLook>,
    /// The first look at everything is not over.
    pub(super) starts: bool,
    /// The set of locations changed: the watches have to follow.
    pub(super) locations_changed: bool,
    /// A person sits at this guard.
    pub(super) can_ask: bool,
    /// This guard can bring up a window.
    pub(super) has_window: bool,
    /// What is wrong with a database that can be read no further: see [`Engine::renew_ledger`].
    pub(super) damaged: Option<String>,
    /// That the ledger cannot be written was told, and it was not written since.
    told_unwritable: bool,
    /// The ledger was lost in this run.
    pub(super) lost: bool,
    /// What is wrong beside the entries of the ledger, as it was told in this run.
    pub(super) doubts: BTreeSet<String>,
    /// The entry of the checkpoint that the ledger was opened from; 0 = it was read from the first entry.
    pub(super) opened_from: u64,
    /// The newest checkpoint, for the keyring to remember.
    pub(super) anchor: Option<Anchor>,
    /// Whose question was told since the start.
    pub(super) told: BTreeSet<ConnectorId>,
    /// The decisions of the last half minute.
    pub(super) undoable: Vec<Undoable>,
    pub(super) tell: Box<dyn Fn(Notice) + Send>,
    /// Told of each step of the journal right after it is done.
    pub(super) observe: Box<dyn FnMut(Step) + Send>,
    pending: Vec<Record>,
    pending_at: Option<Timestamp>,
    notices: Vec<Notice>,
}

/// What the first look after a start is for.
#[derive(Debug, Clone)]
pub(super) enum FirstLook {
    /// Everything there is the baseline.
    Baseline,
    /// The ledger was lost; what the newest readable snapshot knew is unreviewed, the rest is new. Without any snapshot
    /// everything is unreviewed.
    AfterLoss { known: Option<BTreeMap<ConnectorId, Seen>> },
}

/// What is known of one file.
#[derive(Debug, Clone, Default)]
pub(super) struct FileState {
    /// Of the content that was looked at last, our own writes included.
    pub(super) digest: Option<Digest>,
    /// Of what matters in the content of that digest, where nothing of it is to be held.
    pub(super) outline: Option<(Digest, Digest)>,
    pub(super) state: Option<CoverageState>,
    pub(super) trouble: Option<FileTrouble>,
    /// Since when it cannot be parsed.
    pub(super) broken_since: Option<Instant>,
    pub(super) told_broken: bool,
    /// Since when an edit of it fails for a reason that may pass.
    pub(super) failing_since: Option<Instant>,
    pub(super) connectors: Vec<Arc<Connector>>,
    /// Settings that open the gate.
    pub(super) open: Vec<Finding>,
}

/// A file that was taken out of its place and waits to be removed.
#[derive(Debug, Clone)]
pub(super) struct Aging {
    pub(super) file: OldFile,
    pub(super) due: Instant,
    /// When it was taken out, or found.
    pub(super) since: Instant,
    /// Until then it stays, as long as nothing was written to it.
    pub(super) rests_until: Instant,
    /// Since when its late bytes cannot be parsed.
    pub(super) late_since: Option<Instant>,
}

/// What a file holds that has to be looked at by [`Engine::judge`].
#[derive(Debug)]
pub(super) struct Target {
    pub(super) connector: Arc<Connector>,
    pub(super) seen: Seen,
    pub(super) verdict: Verdict,
}

/// The parts that an engine is made of.
pub(super) struct Parts {
    pub(super) host: Host,
    pub(super) ledger: Ledger,
    pub(super) memory: Memory,
    pub(super) store: HoldStore,
    pub(super) key: Option<ValueKey>,
    pub(super) can_ask: bool,
    pub(super) tell: Box<dyn Fn(Notice) + Send>,
    pub(super) observe: Box<dyn FnMut(Step) + Send>,
}

impl Engine {
    pub(super) fn new(parts: Parts) -> Self {
        let Parts { host, ledger, memory, store, key, can_ask, tell, observe } = parts;
        let look_ups = Registered::load(&host);
        Self {
            host,
            ledger,
            memory,
            store,
            key,
            locations: Vec::new(),
            listed: Listed::new(),
            folders: BTreeSet::new(),
            projects: BTreeMap::new(),
            managed: Managed::default(),
            walked: Walked::new(),
            walker: None,
            files: BTreeMap::new(),
            held: BTreeMap::new(),
            stashes: BTreeMap::new(),
            refused: BTreeMap::new(),
            artefacts: Artefacts::default(),
            look_ups,
            old_files: Vec::new(),
            find_writers: None,
            planned: BTreeMap::new(),
            again: BTreeMap::new(),
            first_look: None,
            starts: true,
            locations_changed: true,
            can_ask,
            has_window: false,
            damaged: None,
            told_unwritable: false,
            lost: false,
            doubts: BTreeSet::new(),
            opened_from: 0,
            anchor: None,
            told: BTreeSet::new(),
            undoable: Vec::new(),
            tell,
            observe,
            pending: Vec::new(),
            pending_at: None,
            notices: Vec::new(),
        }
    }

    /// Notes a record: it counts at once, and is in the ledger after the next [`Engine::flush`].
    pub(super) fn note(&mut self, record: Record) {
        let at = *self.pending_at.get_or_insert_with(|| self.host.now());
        self.pending.push(record);
        let seq = self.ledger.last() + self.pending.len() as u64;
        if let Some(record) = self.pending.last() {
            self.memory.apply(seq, at, record);
        }
    }

    /// Says something once what it says is in the ledger.
    pub(super) fn say(&mut self, notice: Notice) {
        if let Notice::Asked { connector, .. } = &notice {
            self.told.insert(connector.id.clone());
        }
        self.notices.push(notice);
    }

    /// Writes what was noted in one durable transaction, then tells what was said.
    pub(super) fn flush(&mut self) -> Result<(), LedgerError> {
        if !self.pending.is_empty() {
            let at = self.pending_at.unwrap_or_else(|| self.host.now());
            if let Err(error) = self.ledger.append(at, &self.pending) {
                tracing::error!(%error, "the ledger cannot be written");
                if matches!(error, LedgerError::Damaged(_)) {
                    self.damaged = Some(error.to_string());
                    return Err(error);
                }
                if !std::mem::replace(&mut self.told_unwritable, true) {
                    (self.tell)(Notice::Ledger { state: "unwritable".to_owned(), detail: error.to_string() });
                }
                return Err(error);
            }
            self.told_unwritable = false;
            self.pending.clear();
            self.pending_at = None;
            // A first look ends only with its seal: after a loss the alarm would be given again. Later seals wait for
            // the loop, behind the edits.
            if self.first_look.is_some() && self.ledger.due() {
                self.checkpoint();
            }
        }
        for notice in std::mem::take(&mut self.notices) {
            (self.tell)(notice);
        }
        Ok(())
    }

    /// Notes what somebody decided and says so, if it can be written. If not, it does not count, now or later: whoever
    /// decided is told that nothing was changed.
    pub(super) fn decide_durably(&mut self, decide: impl FnOnce(&mut Self)) -> Result<(), Refusal> {
        let refuse = |error: LedgerError| Refusal::Ledger { detail: error.to_string() };
        // What was noted before and could not be written then goes first.
        self.flush().map_err(refuse)?;
        let before = (self.memory.clone(), self.undoable.clone());
        decide(self);
        self.flush().map_err(|error| {
            self.forget_pending();
            (self.memory, self.undoable) = before;
            refuse(error)
        })
    }

    /// Forgets what was noted and cannot be written any more.
    pub(super) fn forget_pending(&mut self) {
        self.pending.clear();
        self.pending_at = None;
        self.notices.clear();
    }

    /// Whether everything noted is in the ledger; nothing may be edited while it is not.
    pub(super) fn is_flushed(&self) -> bool {
        self.pending.is_empty()
    }

    /// Seals the ledger up to here.
    pub(super) fn checkpoint(&mut self) {
        match self.ledger.checkpoint(self.host.now(), &self.memory) {
            Ok(anchor) => self.anchor = Some(anchor),
            Err(error) => tracing::warn!(%error, "no checkpoint could be made"),
        }
    }

    /// Writes the log of the ledger's database back.
    pub(super) fn write_back(&mut self) {
        if let Err(error) = self.ledger.write_back() {
            tracing::warn!(%error, "the log of the ledger could not be written back");
        }
    }

    /// The checkpoint that the keyring does not know yet. Only a sealed chain is remembered there.
    pub(super) fn take_anchor(&mut self) -> Option<Anchor> {
        self.anchor.take().filter(|_| self.ledger.key_state() == KeyState::Keyed)
    }

    pub(super) fn policy(&self) -> Policy {
        Policy { managed: self.managed.clone(), ..self.memory.policy() }
    }

    /// The rule of the folder that a connector belongs to.
    pub(super) fn folder_rule(&self, connector: &Connector) -> FolderRule {
        nearest_rule(&self.memory.folders, connector.project.as_deref().unwrap_or(&connector.file))
    }

    /// Takes the key that digests values, once the ledger's is there.
    pub(super) fn take_value_key(&mut self, answer: &KeyAnswer) {
        if let Key::Available(secret) = &answer.key {
            // Read without it, the values of an entry have no digests.
            for file in self.files.values_mut() {
                file.outline = None;
                file.connectors.iter_mut().for_each(|connector| Arc::make_mut(connector).text = None);
            }
            self.key = Some(ValueKey(*secret.derive(b"values-v1").expose()));
        }
    }

    pub(super) fn paths(&self) -> BTreeSet<PathBuf> {
        self.locations.iter().map(|location| location.path.clone()).collect()
    }

    pub(super) fn seen(connector: &Connector, facts: &Facts) -> Seen {
        Seen { fingerprint: connector.fingerprint.clone(), artefact: facts.artefact.clone() }
    }

    pub(super) fn verdict(&self, connector: &Connector) -> (Seen, Verdict) {
        let facts = self.facts(connector);
        let policy = self.policy();
        let known = self.memory.known(&connector.id);
        // Findings weigh only where the code changed; the hold path does not wait for checks that nobody asks for.
        let in_force = known.and_then(|known| known.in_force.as_ref());
        let other_code = in_force.is_some_and(|(then, _)| facts.artefact.differs_from(&then.artefact));
        // What came beside it says nothing about code that changed in its place.
        let around = checks::Surroundings::default();
        let subject = checks::Subject { connector, facts: &facts, around: &around };
        let findings = if other_code { checks::run_all(&subject).findings } else { Vec::new() };
        let verdict = guard::decide(&Subject {
            connector,
            known,
            facts: &facts,
            findings: &findings,
            policy: &policy,
            decisions: &self.memory.decisions,
            now: self.host.now(),
        });
        (Self::seen(connector, &facts), verdict)
    }

    /// How a connector that is met for the first time came.
    pub(super) fn first_met(&self, id: &ConnectorId, seen: &Seen) -> FirstMet {
        match &self.first_look {
            Some(FirstLook::Baseline | FirstLook::AfterLoss { known: None }) => {
                if matches!(self.first_look, Some(FirstLook::Baseline)) {
                    FirstMet::Baseline
                } else {
                    FirstMet::LedgerLoss
                }
            }
            Some(FirstLook::AfterLoss { known: Some(known) }) => {
                if known.get(id).is_some_and(|then| then.covers(seen)) { FirstMet::LedgerLoss } else { FirstMet::Asked }
            }
            None if self.policy().is_paused(self.host.now()) => FirstMet::Pause,
            None if self.policy().mode() == crate::policy::Mode::Monitor => FirstMet::Monitor,
            None => FirstMet::Asked,
        }
    }

    pub(super) fn about(&self, connector: &Connector) -> About {
        About {
            id: connector.id.clone(),
            client: connector.client.clone(),
            name: connector.name.clone(),
            file: connector.file.clone(),
            route: connector.route.to_string(),
            fingerprint: connector.fingerprint.clone(),
            runs: runs(connector),
        }
    }

    /// Finds the entry as it stands in its file, or as it is held.
    pub(super) fn connector(&self, id: &ConnectorId) -> Option<&Connector> {
        let held = self.memory.hold_of(id).and_then(|(hold, _)| self.held.get(hold)).map(|connector| &**connector);
        let present = self
            .memory
            .connectors
            .get(id)
            .and_then(|known| self.files.get(&known.sighting.file))
            .and_then(|file| file.connectors.iter().find(|c| c.id == *id))
            .map(|connector| &**connector);
        present.or(held)
    }

    /// Reads the connectors of a parsed file, without those in folders to be ignored.
    pub(super) fn connectors_in(&self, path: &Path, document: &Document) -> Vec<Arc<Connector>> {
        // An entry whose text did not change says the same as before, and a file has many of them.
        let before = self.files.get(path).map(|file| file.connectors.as_slice()).unwrap_or_default();
        let mut earlier = Earlier::new(before);
        let mut out = Vec::new();
        for location in self.locations_of(path).iter() {
            out.extend(discover::connectors(&self.host, location, document, self.key.as_ref(), &mut earlier));
        }
        out.retain(|c| self.folder_rule(c) != FolderRule::Ignore);
        out
    }
}

/// The masked command line or address.
pub(super) fn runs(connector: &Connector) -> String {
    let facets = &connector.facets;
    match (&facets.command, &facets.url) {
        (Some(command), _) => {
            std::iter::once(command).chain(&facets.args).map(String::as_str).collect::<Vec<_>>().join(" ")
        }
        (None, Some(url)) => url.clone(),
        (None, None) => String::new(),
    }
}

/// The state of coverage and the reason that a file could not be read for.
pub(super) fn trouble(error: &ReadError) -> (CoverageState, FileTrouble) {
    match error {
        ReadError::Absent { .. } => (CoverageState::Absent, FileTrouble::Absent),
        ReadError::Denied { .. } => (CoverageState::Denied, FileTrouble::Denied),
        ReadError::TooLarge { .. } => (CoverageState::TooLarge, FileTrouble::TooLarge),
        ReadError::NotRegular { .. } => (CoverageState::NotRegular, FileTrouble::NotRegular),
        ReadError::Unstable { .. } => (CoverageState::Denied, FileTrouble::Busy),
        ReadError::Io { source, .. } => (CoverageState::Denied, FileTrouble::Io { detail: source.to_string() }),
    }
}
