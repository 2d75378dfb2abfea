//! One look at one file: what came, changed or went, and what is to be held.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::clients::{Client, HoldMethod, client};
use crate::connector::{Beside, Change, Connector, ConnectorId, Facet, Scope, changes, widened};
use crate::discover::{self, Location};
use crate::document::{Document, SyntaxError};
use crate::facts::{Artefact, ArtefactState};
use crate::finding::Finding;
use crate::gates;
use crate::guard::{Seen, Standing, Verdict, Why};
use crate::host::files::{self, Digest, ReadError};
use crate::managed;
use crate::memory::HoldProgress;
use crate::policy::{FolderRule, Mode};
use crate::record::{Method, QuestionKind, Record, Sighting};
use crate::report::CoverageState;
use crate::request::{FileTrouble, Notice};

use super::state::{Engine, Target, trouble};

/// So often a file is planned anew within one look when others keep saving it.
const ROUNDS: usize = 8;

/// A file that others keep saving is looked at again after this.
const BUSY_AGAIN: Duration = Duration::from_millis(50);

/// A file that cannot be parsed is looked at again after this, and told after [`BROKEN_TOLD`].
const BROKEN_AGAIN: Duration = Duration::from_millis(250);

/// A half-written file gets seconds, not an alarm.
const BROKEN_TOLD: Duration = Duration::from_secs(3);

/// What the system did not let us write is tried again after so long, and ever more rarely: each try is noted in the ledger.
const FAILED_AGAIN: Duration = Duration::from_secs(2);

/// The longest rest between two tries.
const FAILED_REST: Duration = Duration::from_secs(600);

/// The kind of a digest and twelve digits of it.
const SHOWN_OF_A_DIGEST: usize = 19;

/// After so many write-backs in a row the user is told who fights.
const FIGHT: u32 = 3;

/// How one look ended.
pub(super) enum Round {
    Done,
    /// Somebody saved meanwhile: plan anew.
    Again,
}

impl Engine {
    /// Looks at a file until what stands there is judged and what must be held is held.
    pub(super) fn look(&mut self, path: &Path) {
        if managed::is_place(&self.host, path) {
            return self.follow_settings();
        }
        self.again.remove(path);
        for _ in 0..ROUNDS {
            match self.look_once(path) {
                Round::Done => {
                    self.put_back_what_may(path);
                    self.retire_rules();
                    if !self.again.contains_key(path)
                        && let Some(file) = self.files.get_mut(path)
                    {
                        file.failing_since = None;
                    }
                    return;
                }
                Round::Again => {}
            }
        }
        self.again.insert(path.to_owned(), Instant::now() + BUSY_AGAIN);
    }

    /// An entry that was approved while its file could not be edited goes back as soon as it can.
    fn put_back_what_may(&mut self, path: &Path) {
        if self.files.get(path).is_none_or(|file| file.state != Some(CoverageState::Read)) {
            return;
        }
        let of_file = self.memory.holds.iter().filter(|(_, hold)| hold.file == path);
        let in_force = of_file.filter(|(_, hold)| {
            matches!(hold.method, Method::Cut | Method::List) && hold.progress == HoldProgress::InForce
        });
        let ids: Vec<_> = in_force.map(|(id, _)| *id).collect();
        for id in ids {
            let may = self.held.get(&id).is_some_and(|connector| !self.verdict(connector).1.holds());
            if may && let Err(refusal) = self.release(&id) {
                tracing::warn!(%refusal, "an approved entry is not back yet");
            }
        }
    }

    /// Looks at a file again by itself, because an edit failed for a reason that may pass without an event of the file: a
    /// disk that was full, a ledger that could not be written, others who kept writing.
    pub(super) fn try_again(&mut self, path: &Path) {
        let now = Instant::now();
        let file = self.files.entry(path.to_owned()).or_default();
        let since = *file.failing_since.get_or_insert(now);
        file.digest = None;
        self.again.insert(path.to_owned(), now + now.duration_since(since).clamp(FAILED_AGAIN, FAILED_REST));
    }

    /// Looks even if the content is the one that was looked at last, because what is decided about it changed.
    pub(super) fn look_anew(&mut self, path: &Path) {
        if let Some(file) = self.files.get_mut(path) {
            file.digest = None;
        }
        self.look(path);
    }

    fn look_once(&mut self, path: &Path) -> Round {
        let mut read = match files::glance(path) {
            Ok(read) => read,
            Err(error) => {
                self.unreadable(path, &error);
                return Round::Done;
            }
        };
        self.meet(path);
        if read.bytes.iter().all(u8::is_ascii_whitespace) && self.may_be_half_a_save(path) {
            return Round::Done;
        }
        let Some(format) = self.locations_of(path).first().map(|l| l.row.file.format) else { return Round::Done };
        let document = match Document::parse(format, std::mem::take(&mut read.bytes)) {
            Ok(document) => document,
            Err(error) => {
                self.unparsable(path, &error);
                return Round::Done;
            }
        };
        let outline = discover::outline(&self.locations_of(path), &document);
        if self.is_as_before(path, outline) {
            return Round::Done;
        }
        let read = read.with_digest(Digest::of(document.source()));
        let file = self.files.entry(path.to_owned()).or_default();
        // Where an entry could not be held for lack of rights, the same bytes are worth another try: they may have been
        // mended.
        let refused = file.connectors.iter().any(|c| self.refused.get(&c.id).is_some_and(is_matter_of_rights));
        if file.digest == Some(read.digest) && file.state == Some(CoverageState::Read) && !refused {
            file.outline = outline.map(|outline| (read.digest, outline));
            return Round::Done;
        }
        file.digest = Some(read.digest);
        file.outline = None;
        file.state = Some(CoverageState::Read);
        file.trouble = None;
        file.broken_since = None;
        file.told_broken = false;
        self.list_further(path, &document);
        self.list_projects(path, &document);
        self.look_at_settings(path, &document);
        self.note_denials(path, Some(&document));
        let connectors = self.connectors_in(path, &document);
        let targets = self.judge(path, connectors);
        if targets.is_empty() {
            if let Some(file) = self.files.get_mut(path) {
                file.outline = outline.map(|outline| (read.digest, outline));
            }
            // What cannot be written stays noted and is tried again with the next flush.
            let _ = self.flush();
            return Round::Done;
        }
        self.hold(&read, document, targets)
    }

    /// Whether all that matters in a file is as it was when it was looked at last, and nothing of it waits to be held. The
    /// outline counts only beside the digest that it was made with: whoever forgets that one, or writes another, is
    /// followed by a whole look.
    fn is_as_before(&self, path: &Path, outline: Option<Digest>) -> bool {
        self.files.get(path).is_some_and(|file| {
            file.state == Some(CoverageState::Read)
                && file.digest.zip(outline).is_some_and(|now| file.outline == Some(now))
                && !file.connectors.iter().any(|c| self.refused.contains_key(&c.id))
        })
    }

    fn unreadable(&mut self, path: &Path, error: &ReadError) {
        let (state, trouble) = trouble(error);
        let file = self.files.entry(path.to_owned()).or_default();
        let news = file.state != Some(state);
        file.state = Some(state);
        file.trouble = Some(trouble.clone());
        file.digest = None;
        match error {
            ReadError::Absent { .. } => {
                file.connectors.clear();
                file.broken_since = None;
                file.told_broken = false;
                self.forget_projects(path);
                self.note_denials(path, None);
                self.judge(path, Vec::new());
                let _ = self.flush();
            }
            ReadError::Unstable { .. } => {
                self.again.insert(path.to_owned(), Instant::now() + BUSY_AGAIN);
            }
            _ if news => (self.tell)(Notice::Unreadable { path: path.to_owned(), trouble }),
            _ => {}
        }
    }

    /// Entries of a file that cannot be parsed have not vanished: nothing is concluded from it.
    fn unparsable(&mut self, path: &Path, error: &SyntaxError) {
        let now = Instant::now();
        let trouble = FileTrouble::Unparsable { line: error.line, reason: error.reason.clone() };
        let file = self.files.entry(path.to_owned()).or_default();
        let since = *file.broken_since.get_or_insert(now);
        file.state = Some(CoverageState::Unparsable);
        file.trouble = Some(trouble.clone());
        file.digest = None;
        if file.told_broken {
            return;
        }
        if now.duration_since(since) >= BROKEN_TOLD {
            file.told_broken = true;
            // A list that its client cannot read keeps nothing off.
            self.note_denials(path, None);
            (self.tell)(Notice::Unreadable { path: path.to_owned(), trouble });
        } else {
            self.again.insert(path.to_owned(), now + BROKEN_AGAIN);
        }
    }

    /// The files with an entry that could not be held for lack of rights.
    pub(super) fn refused_for_rights(&self) -> Vec<PathBuf> {
        let refused = |c: &Arc<Connector>| self.refused.get(&c.id).is_some_and(is_matter_of_rights);
        let files = self.files.iter().filter(|(_, file)| file.connectors.iter().any(refused));
        files.map(|(path, _)| path.clone()).collect()
    }

    /// Whether a file without content is to be left alone for now: somebody who truncates it writes it next. Entries
    /// that stay away for as long as a half-written file is given have gone.
    fn may_be_half_a_save(&mut self, path: &Path) -> bool {
        if !self.memory.connectors.of_file(path).any(|known| known.present) {
            return false;
        }
        let now = Instant::now();
        let file = self.files.entry(path.to_owned()).or_default();
        let since = *file.broken_since.get_or_insert(now);
        let waits = now.duration_since(since) < BROKEN_TOLD;
        if waits {
            file.digest = None;
            self.again.insert(path.to_owned(), now + BROKEN_AGAIN);
        }
        waits
    }

    /// Tells what opens the gate since the last look. What was there at the start is shown, and is no news.
    fn look_at_settings(&mut self, path: &Path, document: &Document) {
        let found = |l: &Location| {
            let findings = gates::findings(l.row.client, l.row.file, path, document);
            findings.into_iter().map(|finding| (l.row.client.id, finding)).collect::<Vec<_>>()
        };
        let open: Vec<_> = self.locations_of(path).iter().flat_map(found).collect();
        let file = self.files.entry(path.to_owned()).or_default();
        let is_same = |a: &Finding, b: &Finding| a.code == b.code && a.args == b.args;
        let news: Vec<_> =
            open.iter().filter(|(_, now)| !file.open.iter().any(|then| is_same(then, now))).cloned().collect();
        file.open = open.into_iter().map(|(_, finding)| finding).collect();
        if self.starts {
            return;
        }
        for (client, finding) in news {
            (self.tell)(Notice::SettingOpened { client: client.to_owned(), path: path.to_owned(), finding });
        }
    }

    /// Takes up the further files that a manifest names.
    fn list_further(&mut self, path: &Path, document: &Document) {
        let is_known = |other: &Location| {
            self.locations.iter().any(|known| known.path == other.path && known.row.client.id == other.row.client.id)
        };
        let locations = self.locations_of(path);
        let mut named = locations.iter().flat_map(|location| discover::further(location, document));
        if !named.all(|location| is_known(&location)) {
            self.locate();
        }
    }

    fn list_projects(&mut self, path: &Path, document: &Document) {
        let locations = self.locations_of(path);
        if !locations.iter().any(|l| l.row.file.known_projects.is_some()) {
            return;
        }
        let projects: BTreeSet<_> =
            locations.iter().flat_map(|l| discover::known_projects(&self.host, l, document)).collect();
        if projects.is_empty() {
            // Most files of such a client list none: those of the projects themselves.
            self.forget_projects(path);
        } else if self.projects.get(path) != Some(&projects) {
            self.projects.insert(path.to_owned(), projects);
            self.locate();
        }
    }

    fn forget_projects(&mut self, path: &Path) {
        if self.projects.remove(path).is_some() {
            self.locate();
        }
    }

    /// Notes what came, changed and went in a file, opens and settles questions, and returns what is to be held.
    pub(super) fn judge(&mut self, path: &Path, connectors: Vec<Arc<Connector>>) -> Vec<Target> {
        let mut targets = Vec::new();
        let mut still_there = HashSet::with_capacity(connectors.len());
        for connector in &connectors {
            still_there.insert(connector.id.clone());
            let facts = self.facts(connector);
            let seen = Self::seen(connector, &facts);
            self.observe_connector(connector, &seen);
            let (seen, verdict) = self.verdict(connector);
            self.question(connector, &seen, verdict);
            if verdict.holds() {
                if self.must_hold(connector, verdict) {
                    targets.push(Target { connector: Arc::clone(connector), seen, verdict });
                }
            } else {
                self.refused.remove(&connector.id);
                self.let_through(connector, &seen, verdict);
            }
        }
        let gone: Vec<_> = self
            .memory
            .connectors
            .of_file(path)
            .filter(|known| known.present && !still_there.contains(&known.sighting.id))
            .map(|known| (known.sighting.id.clone(), known.question.is_some()))
            .collect();
        for (id, was_asked) in gone {
            self.refused.remove(&id);
            // What came back and went again while it is held is held as before, and its question is about that.
            if was_asked && !self.is_held_as_it_was(&id) {
                self.settle(&id);
            }
            self.end_switch_holds(&id);
            let previous = self.return_to_previous(&id);
            self.note(Record::Vanished { id });
            if let Some((held, seen, verdict)) = previous {
                self.question_of_held(&held, &seen, verdict);
            }
        }
        self.files.entry(path.to_owned()).or_default().connectors = connectors;
        self.artefacts.stale = true;
        self.look_ups.stale = true;
        targets
    }

    /// Whether the launch that stood in a place last is out of it and kept.
    fn is_held_as_it_was(&self, id: &ConnectorId) -> bool {
        let last = self.memory.connectors.get(id).map(|known| &known.sighting.seen.fingerprint);
        self.memory.hold_of(id).is_some_and(|(_, hold)| {
            let in_force = hold.method == Method::Cut && hold.progress == HoldProgress::InForce;
            in_force && Some(&hold.seen.fingerprint) == last
        })
    }

    /// The place of a held entry is free again: decisions are about that one from now on. Returns it where it stays held.
    fn return_to_previous(&mut self, id: &ConnectorId) -> Option<(Arc<Connector>, Seen, Verdict)> {
        let held = self.held.get(self.previous(id)?)?.clone();
        let (seen, verdict) = self.verdict(&held);
        let changes = changes(&self.memory.connectors.get(id)?.sighting.facets, &held.facets);
        self.note(Record::Changed { sighting: Box::new(Sighting::of(&held, seen.clone())), changes });
        verdict.holds().then_some((held, seen, verdict))
    }

    fn observe_connector(&mut self, connector: &Connector, seen: &Seen) {
        let sighting = || Box::new(Sighting::of(connector, seen.clone()));
        let Some(known) = self.memory.connectors.get(&connector.id) else {
            let first_met = self.first_met(&connector.id, seen);
            self.note(Record::Appeared { sighting: sighting(), first_met });
            return;
        };
        let before = &known.sighting;
        let was_present = known.present;
        let first_met = known.known.first_met;
        let wrote_back = self.written_back(connector, seen);
        let old = known.in_force.as_deref().unwrap_or(before);
        if before.seen.fingerprint != seen.fingerprint || before.seen.artefact.differs_from(&seen.artefact) {
            // Back at what is in force: then the change is told against what was there in between.
            let told = changes(&old.facets, &connector.facets);
            let mut changes = if told.is_empty() { changes(&before.facets, &connector.facets) } else { told };
            changes.extend(code_change(&before.seen.artefact, &seen.artefact));
            self.note(Record::Changed { sighting: sighting(), changes });
        } else if !was_present {
            self.note(Record::Appeared { sighting: sighting(), first_met });
        } else {
            let places = changed_values(&before.beside, &connector.beside);
            let widened = before.beside.trust != connector.beside.trust;
            if !places.is_empty() || widened {
                let id = connector.id.clone();
                self.note(Record::ValuesChanged { id, places: places.clone(), sighting: sighting() });
                let connector = self.about(connector);
                self.say(Notice::ValuesChanged { connector, places });
            } else if before.beside != connector.beside {
                // The key came: what could not be compared before can be from now on. That is no news.
                let beside = connector.beside.clone();
                if let Some(known) = self.memory.connectors.get_mut(&connector.id) {
                    known.sighting.beside = beside;
                }
            }
        }
        self.learn_code(&connector.id, seen);
        if let Some(times) = wrote_back {
            self.note(Record::Contested { id: connector.id.clone(), times });
            if times >= FIGHT {
                let connector = self.about(connector);
                self.say(Notice::Contested { connector, times });
            }
        }
    }

    /// Counts the times in a row that a client wrote a held entry back unchanged. What comes back in a file that its
    /// client does not write from memory came by a person's hand, git or a sync tool, and so does what comes back in a
    /// project: it is judged anew, and nobody fights.
    fn written_back(&self, connector: &Connector, seen: &Seen) -> Option<u32> {
        let rewrites = client(&connector.client).is_some_and(|row| row.rewrites_from_memory);
        if !rewrites || connector.scope == Scope::Project {
            return None;
        }
        let known = self.memory.connectors.get(&connector.id)?;
        let (_, hold) = self.memory.hold_of(&connector.id)?;
        let back = match hold.method {
            Method::Switch | Method::List => connector.enabled,
            Method::Cut | Method::None => !known.present,
        };
        (hold.progress == HoldProgress::InForce && back && hold.seen.fingerprint == seen.fingerprint)
            .then(|| known.contested + 1)
    }

    /// Opens, updates or settles the question of a connector.
    pub(super) fn question(&mut self, connector: &Connector, seen: &Seen, verdict: Verdict) {
        let known = self.memory.connectors.get(&connector.id);
        // What runs is not held for it: the launch is the approved one, but it may do more unasked.
        let widened = known
            .and_then(|known| known.in_force.as_deref())
            .map(|old| widened(&old.beside, &connector.beside))
            .unwrap_or_default();
        let kind = match verdict {
            Verdict::Allow(_) if !widened.is_empty() => QuestionKind::Changed,
            Verdict::Hold(Why::New) | Verdict::Block(Why::KnownMalicious) => QuestionKind::New,
            Verdict::Hold(Why::FingerprintChanged) => QuestionKind::Changed,
            Verdict::Hold(Why::ArtefactChanged | Why::ProvenanceLost) => QuestionKind::Artefact,
            _ => {
                let question = self.memory.connectors.get(&connector.id).and_then(|known| known.question.as_ref());
                // What was asked for below a client waits for a person as long as it would change something.
                if question.is_some_and(|question| question.request.is_none() || !verdict.holds()) {
                    self.settle(&connector.id);
                }
                return;
            }
        };
        let Some(known) = self.memory.connectors.get(&connector.id) else { return };
        let mut changes = match (&known.in_force, kind) {
            (Some(old), QuestionKind::Changed | QuestionKind::Artefact) => changes(&old.facets, &connector.facets),
            _ => Vec::new(),
        };
        if kind == QuestionKind::Changed {
            changes.extend(widened);
        }
        if let Some(then) = known.known.in_force.as_ref().filter(|_| kind == QuestionKind::Artefact) {
            changes.extend(code_change(&then.0.artefact, &seen.artefact));
        }
        if known
            .question
            .as_ref()
            .is_some_and(|q| q.kind == kind && q.changes == changes && known.sighting.seen.covers(seen))
        {
            return;
        }
        let id = connector.id.clone();
        self.note(Record::Asked { id, kind, changes: changes.clone(), by: None, request: None });
        let is_to_be_held = self.must_hold(connector, verdict) && method_of(connector) != Method::None;
        let held = is_to_be_held || self.memory.hold_of(&connector.id).is_some();
        let about = self.about(connector);
        self.say(Notice::Asked { connector: about, kind, changes, held, asked_by: None, request: None });
    }

    pub(super) fn settle(&mut self, id: &crate::connector::ConnectorId) {
        let about = self.connector(id).map(|c| self.about(c));
        self.note(Record::Settled { id: id.clone() });
        if let Some(connector) = about {
            self.say(Notice::Settled { connector });
        }
    }

    /// What is let through counts as in force from now on: a later change is told against it.
    pub(super) fn let_through(&mut self, connector: &Connector, seen: &Seen, verdict: Verdict) {
        let why = verdict.why();
        let standing = match why {
            Why::Released => Standing::Released,
            Why::Unreviewed => Standing::Unreviewed,
            _ => Standing::Approved,
        };
        let known = self.memory.known(&connector.id);
        let same = known.and_then(|known| known.in_force.as_ref()).is_some_and(|(then, stood)| {
            let is_known = |artefact: &Artefact| matches!(artefact.state, ArtefactState::Known { .. });
            let learnt = is_known(&seen.artefact)
                && (!is_known(&then.artefact) || then.artefact.is_offer() && !seen.artefact.is_offer());
            then.fingerprint == seen.fingerprint
                && *stood == standing
                && !learnt
                && !then.artefact.differs_from(&seen.artefact)
        });
        if why == Why::ApprovedDevelopment {
            self.use_development(connector);
        }
        self.make_way(connector);
        if !same {
            let news = self.first_look.is_none();
            self.note(Record::InForce { id: connector.id.clone(), seen: seen.clone(), standing });
            if news {
                let connector = self.about(connector);
                self.say(Notice::Allowed { connector, why });
            }
        }
    }

    /// An approval under development lives on with its use; noted at most once a day.
    fn use_development(&mut self, connector: &Connector) {
        use crate::guard::ApprovalKind;
        let now = self.host.now();
        let day = jiff::SignedDuration::from_hours(24);
        let whole = jiff::SignedDuration::from_hours(24 * crate::memory::DEVELOPMENT_DAYS);
        let used = self.memory.decisions.approvals.iter().find(|a| match &a.kind {
            ApprovalKind::Development { folder } => {
                let inside = connector.local_code.as_ref().is_some_and(|code| code.starts_with(folder));
                inside && a.expires.is_some_and(|until| until.duration_since(now) < whole - day)
            }
            ApprovalKind::Exact | ApprovalKind::Continuity { .. } => false,
        });
        if let Some(approval) = used.map(|a| a.seq) {
            self.note(Record::Used { approval });
        }
    }

    /// Whether a verdict that holds is to be carried out in the file.
    pub(super) fn must_hold(&self, connector: &Connector, verdict: Verdict) -> bool {
        let policy = self.policy();
        let is_undecided = verdict.why().is_undecided();
        let is_off = match method_of(connector) {
            Method::Switch => !connector.enabled,
            _ => connector.denied && !self.must_leave_list(connector),
        };
        verdict.holds()
            && policy.mode() != Mode::Monitor
            && !(is_undecided && policy.is_paused(self.host.now()))
            // What a person or the organisation decided is carried out in every folder.
            && !(is_undecided && self.folder_rule(connector) == FolderRule::Notify)
            && !is_off
    }
}

fn is_matter_of_rights(trouble: &FileTrouble) -> bool {
    matches!(
        trouble,
        FileTrouble::ForeignOwner | FileTrouble::OpenFolder | FileTrouble::ReadOnly | FileTrouble::HardLinked
    )
}

/// Why an entry is watched and never edited, whatever its file allows.
pub(super) fn only_watched(connector: &Connector) -> Option<FileTrouble> {
    match connector.scope {
        Scope::Managed => Some(FileTrouble::OfOrganisation),
        Scope::Plugin => Some(FileTrouble::OfPlugin),
        Scope::Extension => Some(FileTrouble::OfExtension),
        Scope::User | Scope::Project | Scope::Local | Scope::Profile => {
            is_never_edited(client(&connector.client), &connector.file).then_some(FileTrouble::List)
        }
    }
}

/// Whether nothing is edited in a file of a client.
pub(super) fn is_never_edited(row: Option<&Client>, path: &Path) -> bool {
    row.is_none_or(|row| row.hold == HoldMethod::Observe || row.only_reads(path))
}

/// How an entry is held: as its client's row says, unless it is only watched.
pub(super) fn method_of(connector: &Connector) -> Method {
    match client(&connector.client).map(|row| row.hold).filter(|_| only_watched(connector).is_none()) {
        Some(HoldMethod::Switch) => Method::Switch,
        Some(HoldMethod::Cut) => Method::Cut,
        Some(HoldMethod::Observe) | None => Method::None,
    }
}

/// The change of code behind the same launch: its version, or, where there is none or it stayed, its bytes.
fn code_change(old: &Artefact, new: &Artefact) -> Option<Change> {
    if !new.differs_from(old) {
        return None;
    }
    let known = |artefact: &Artefact| match &artefact.state {
        ArtefactState::Known { version, integrity, .. } => Some((version.clone(), integrity.clone())),
        _ => None,
    };
    if old.is_absent() {
        let new = known(new).map(|(version, integrity)| version.unwrap_or(integrity));
        return Some(Change { facet: Facet("code".to_owned()), old: None, new });
    }
    let ((then, was), (now, is)) = known(old).zip(known(new))?;
    let (old, new) = match (then, now) {
        (Some(then), Some(now)) if then != now => (then, now),
        (then, now) => {
            // An integrity has several parts where a lock file names one too; the one that differs tells something.
            let (was, is): (Vec<&str>, Vec<&str>) = (was.split(' ').collect(), is.split(' ').collect());
            let part = was.iter().zip(&is).position(|(was, is)| was != is).unwrap_or(0);
            let named = |version: Option<String>, parts: &[&str]| {
                let bytes: String = parts.get(part).unwrap_or(&"").chars().take(SHOWN_OF_A_DIGEST).collect();
                version.map_or(bytes.clone(), |version| format!("{version} ({bytes})"))
            };
            (named(then, &was), named(now, &is))
        }
    };
    Some(Change { facet: Facet("code".to_owned()), old: Some(old), new: Some(new) })
}

/// Names the places whose digests are known before and after and differ. Without a key nothing is said to have changed.
fn changed_values(before: &Beside, after: &Beside) -> Vec<String> {
    after
        .digests
        .iter()
        .filter(|(place, now)| {
            before.digests.get(*place).is_some_and(|then| match (then, now) {
                (Some(then), Some(now)) => then != now,
                _ => false,
            })
        })
        .map(|(place, _)| place.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::connector::samples::Spot;

    #[test]
    fn what_is_brought_along_is_only_watched_whatever_its_client_allows() {
        let check = |client, scope, expect: Method, why: Option<FileTrouble>| {
            let connector = Spot { client, scope, ..Spot::CURSOR }.read(json!({"command": "a"}));
            assert_eq!((method_of(&connector), only_watched(&connector)), (expect, why), "{client} {scope:?}");
        };
        check("docker-mcp", Scope::User, Method::None, Some(FileTrouble::List));
        for (client, own) in [("cursor", Method::Cut), ("windsurf", Method::Switch)] {
            for scope in [Scope::User, Scope::Project, Scope::Local] {
                check(client, scope, own, None);
            }
            check(client, Scope::Managed, Method::None, Some(FileTrouble::OfOrganisation));
            check(client, Scope::Plugin, Method::None, Some(FileTrouble::OfPlugin));
            check(client, Scope::Extension, Method::None, Some(FileTrouble::OfExtension));
        }
    }
}
