//! What is in force: the fold of all ledger entries. It can always be rebuilt from them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::age_limit::Tool;
use crate::connector::{Change, ConnectorId, Fingerprint};
use crate::document::Route;
use crate::facts::{Artefact, ArtefactState};
use crate::guard::{Approval, ApprovalKind, Decisions, FirstMet, Known, Reach, Refusal, Seen, Standing, Why};
use crate::policy::effective::Layers;
use crate::policy::{CliApprovals, FolderRule, LookUps, Mode, Policy};
use crate::record::{Answer, Former, HoldId, Intent, LimitEdit, Method, Origin, QuestionKind, Record, Sighting, Swap};

mod connectors;

pub use connectors::Connectors;

/// Days after which the kept bytes of a removed connector are deleted.
pub const REMOVED_KEPT_DAYS: i64 = 30;

/// Days without use after which an approval under development ends.
pub const DEVELOPMENT_DAYS: i64 = 30;

/// One connector as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    pub sighting: Sighting,
    pub known: Known,
    /// The entry stands in its file.
    pub present: bool,
    pub first_seen: Timestamp,
    /// The launch that was last in force, in words, for *Keep the approved one* and for telling changes.
    pub in_force: Option<Box<Sighting>>,
    pub question: Option<Question>,
    /// Times in a row that a client wrote the held entry back.
    pub contested: u32,
    /// The last decision on it, for `show`.
    pub decided: Option<Decided>,
    /// The approved launch was decided on and is not in its place yet: an end in between is made up for.
    #[serde(default)]
    pub to_keep_approved: bool,
    /// What an approval wrote into the entry.
    #[serde(default)]
    pub pinned: Option<Pinned>,
}

/// A version that we wrote into an entry: the part as it stood there, and as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pinned {
    pub old: String,
    pub new: String,
}

/// A decision as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    pub seq: u64,
    pub at: Timestamp,
    pub answer: Answer,
    pub origin: Origin,
}

/// A question that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub kind: QuestionKind,
    pub since: Timestamp,
    pub changes: Vec<Change>,
    /// Set when a decision was asked for below a client's process.
    pub asked_by: Option<Origin>,
    /// What was asked for, as `approve`.
    pub request: Option<String>,
}

/// How far a hold is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldProgress {
    Intended { swap: Swap },
    InForce,
    ReleaseIntended { swap: Swap },
}

/// One hold that is not over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    pub connector: ConnectorId,
    pub file: PathBuf,
    pub route: Route,
    pub method: Method,
    pub seen: Seen,
    pub why: Why,
    pub since: Timestamp,
    pub progress: HoldProgress,
    /// When the kept bytes are deleted, after Remove.
    pub delete_at: Option<Timestamp>,
}

/// Everything in force.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Memory {
    /// Sequence number of the last entry that was folded in.
    pub seq: u64,
    /// A first run or a start after loss was completed.
    pub has_baseline: bool,
    pub connectors: Connectors,
    pub decisions: Decisions,
    pub holds: BTreeMap<HoldId, Hold>,
    pub mode: Mode,
    pub paused_until: Option<Timestamp>,
    pub cli_approvals: Option<CliApprovals>,
    #[serde(default)]
    pub look_ups: Option<LookUps>,
    /// What files of settings said when they were read last.
    #[serde(default)]
    pub settings: Layers,
    pub folders: BTreeMap<PathBuf, FolderRule>,
    /// Projects for which the rule was offered that only asks, with those whose question it was offered beside.
    #[serde(default)]
    pub folder_offers: BTreeMap<PathBuf, BTreeSet<ConnectorId>>,
    /// Paths that the user set for a client.
    pub client_paths: BTreeMap<String, PathBuf>,
    /// The keyring was open and had no key, or another one, when it was asked last.
    #[serde(default)]
    pub key_is_missing: bool,
    pub lost_at: Option<Timestamp>,
    /// The entry that tells of the last loss; what lies before it is in doubt. 0 = there was none.
    #[serde(default)]
    pub lost_seq: u64,
    /// The last entry by which a person decided something or set the mode. 0 = there was none since the last loss.
    #[serde(default)]
    pub settled_seq: u64,
    /// Files that are polled, because the system tells no events for them.
    #[serde(default)]
    pub polled: BTreeSet<PathBuf>,
    /// Folders whose file system has no exchange.
    pub no_exchange: BTreeSet<PathBuf>,
    /// The edits of package managers' settings that can be taken back, the last one last.
    #[serde(default)]
    pub age_limits: BTreeMap<Tool, Vec<LimitEdit>>,
    /// One that was begun, and whether it takes the last one back.
    #[serde(default)]
    pub age_limit_under_way: Option<(LimitEdit, bool)>,
    /// The last swaps of all, so that files left beside their targets by a killed process can be judged.
    pub swaps: Vec<Swap>,
}

/// So many of the last swaps are remembered.
const SWAPS: usize = 64;

impl Memory {
    /// The user's own part of the policy.
    pub fn policy(&self) -> Policy {
        Policy {
            mode: self.mode,
            paused_until: self.paused_until,
            cli_approvals: self.cli_approvals.unwrap_or_default(),
            look_ups: self.look_ups,
            folders: self.folders.clone(),
            managed: crate::policy::Managed::default(),
        }
    }

    pub fn known(&self, id: &ConnectorId) -> Option<&Known> {
        self.connectors.get(id).map(|c| &c.known)
    }

    /// The newest hold of a connector.
    pub fn hold_of(&self, id: &ConnectorId) -> Option<(&HoldId, &Hold)> {
        self.holds.iter().filter(|(_, hold)| hold.connector == *id).max_by_key(|(_, hold)| hold.since)
    }

    /// Connectors whose question is open.
    pub fn waiting(&self) -> impl Iterator<Item = &Remembered> {
        self.connectors.values().filter(|c| c.question.is_some())
    }

    /// Folds one entry in.
    pub fn apply(&mut self, seq: u64, at: Timestamp, record: &Record) {
        self.seq = seq;
        match record {
            Record::Baseline { .. } => self.has_baseline = true,
            // Approvals are void; refusals and what the user has set stay; what is held is told by the hold store.
            Record::LedgerLost { .. } => {
                let refusals = std::mem::take(&mut self.decisions.refusals);
                *self = Self {
                    seq,
                    has_baseline: true,
                    decisions: Decisions { approvals: Vec::new(), refusals },
                    mode: self.mode,
                    lost_at: Some(at),
                    lost_seq: seq,
                    cli_approvals: self.cli_approvals,
                    look_ups: self.look_ups,
                    settings: std::mem::take(&mut self.settings),
                    folders: std::mem::take(&mut self.folders),
                    folder_offers: std::mem::take(&mut self.folder_offers),
                    client_paths: std::mem::take(&mut self.client_paths),
                    swaps: std::mem::take(&mut self.swaps),
                    key_is_missing: self.key_is_missing,
                    ..Self::default()
                };
            }
            Record::Appeared { sighting, first_met } => self.appeared(at, sighting, *first_met),
            Record::Changed { sighting, .. } | Record::ValuesChanged { sighting, .. } => {
                if let Some(known) = self.connectors.get_mut(&sighting.id) {
                    known.sighting = (**sighting).clone();
                    known.present = true;
                    // Either it is done, or what was saved since was not decided on.
                    known.to_keep_approved = false;
                }
            }
            Record::Vanished { id } => {
                if let Some(known) = self.connectors.get_mut(id) {
                    known.present = false;
                }
            }
            Record::InForce { id, seen, standing } => self.let_through(id, seen, *standing),
            Record::Asked { id, kind, changes, by, request } => {
                if let Some(known) = self.connectors.get_mut(id) {
                    let since = known.question.as_ref().map_or(at, |q| q.since);
                    let (changes, asked_by, request) = (changes.clone(), by.clone(), request.clone());
                    known.question = Some(Question { kind: *kind, since, changes, asked_by, request });
                    known.to_keep_approved = false;
                }
            }
            Record::Settled { id } => self.settle(id),
            Record::Decided { id, seen, answer, origin, .. } => self.decided(seq, at, id, seen, answer, origin),
            Record::Revoked { id, fingerprint, .. } => self.revoked(id, fingerprint),
            Record::Undone { launch, formers, approvals, refusals, .. } => {
                self.undone(launch, formers, approvals, refusals);
            }
            Record::Used { approval } => {
                if let Some(approval) = self.decisions.approvals.iter_mut().find(|a| a.seq == *approval) {
                    approval.expires = Some(days_after(at, DEVELOPMENT_DAYS));
                }
            }
            Record::HoldIntended { intent } => {
                let hold = Hold {
                    connector: intent.connector.clone(),
                    file: intent.file.clone(),
                    route: intent.route.clone(),
                    method: intent.method,
                    seen: intent.seen.clone(),
                    why: intent.why,
                    since: at,
                    progress: HoldProgress::Intended { swap: intent.swap.clone() },
                    delete_at: self.is_removed(intent).then(|| days_after(at, REMOVED_KEPT_DAYS)),
                };
                self.holds.insert(intent.hold, hold);
                self.swapped(&intent.swap);
            }
            Record::Rebuilt { hold, intent } => {
                let rebuilt = Hold {
                    connector: intent.connector.clone(),
                    file: intent.file.clone(),
                    route: intent.route.clone(),
                    method: intent.method,
                    seen: intent.seen.clone(),
                    why: intent.why,
                    since: at,
                    progress: HoldProgress::InForce,
                    delete_at: None,
                };
                self.holds.insert(*hold, rebuilt);
                self.swapped(&intent.swap);
            }
            Record::Held { hold } => self.held(hold),
            Record::ReleaseDropped { hold, .. } => {
                if let Some(hold) = self.holds.get_mut(hold) {
                    hold.progress = HoldProgress::InForce;
                }
            }
            Record::HoldDropped { hold, .. } | Record::Released { hold, .. } | Record::StashDeleted { hold } => {
                if let Some(ended) = self.holds.remove(hold)
                    && matches!(record, Record::Released { .. })
                    && let Some(known) = self.connectors.get_mut(&ended.connector)
                {
                    known.contested = 0;
                    known.to_keep_approved = false;
                    // A client's own switch leaves the entry where it is; a cut one is there again.
                    known.present = true;
                }
            }
            Record::ReleaseIntended { hold, swap } => {
                if let Some(hold) = self.holds.get_mut(hold) {
                    hold.progress = HoldProgress::ReleaseIntended { swap: (**swap).clone() };
                }
                self.swapped(swap);
            }
            Record::Amended { swap, .. } => self.swapped(swap),
            Record::Pinned { id, old, new } => {
                if let Some(known) = self.connectors.get_mut(id) {
                    known.pinned = Some(Pinned { old: old.clone(), new: new.clone() });
                }
            }
            Record::Unpinned { id, .. } => {
                if let Some(known) = self.connectors.get_mut(id) {
                    known.pinned = None;
                }
            }
            Record::Contested { id, times } => {
                if let Some(known) = self.connectors.get_mut(id) {
                    known.contested = *times;
                }
            }
            Record::NoExchange { folder } => {
                self.no_exchange.insert(folder.clone());
            }
            Record::ModeSet { mode, .. } => {
                self.mode = *mode;
                self.paused_until = None;
                self.settled_seq = seq;
            }
            Record::Paused { until, .. } => self.paused_until = *until,
            Record::CliApprovalsSet { setting, .. } => self.cli_approvals = Some(*setting),
            Record::LookUpsSet { setting, .. } => self.look_ups = Some(*setting),
            Record::FolderSet { folder, rule, .. } => {
                // A folder that is no longer under development takes its approvals along.
                if *rule != FolderRule::Developing {
                    let is_of =
                        |kind: &ApprovalKind| matches!(kind, ApprovalKind::Development { folder: f } if f == folder);
                    self.decisions.approvals.retain(|approval| !is_of(&approval.kind));
                }
                self.folders.insert(folder.clone(), *rule);
            }
            Record::FolderOffered { folder, ids } => {
                self.folder_offers.insert(folder.clone(), ids.clone());
            }
            Record::ClientPathSet { client, path, .. } => {
                match path {
                    Some(path) => self.client_paths.insert(client.clone(), path.clone()),
                    None => self.client_paths.remove(client),
                };
            }
            Record::AgeLimitIntended { edit, undoes, .. } => {
                if let Some(swap) = &edit.swap {
                    self.swapped(swap);
                }
                self.age_limit_under_way = Some(((**edit).clone(), *undoes));
            }
            Record::AgeLimitWritten { tool } => {
                let edits = self.age_limits.entry(*tool).or_default();
                match self.age_limit_under_way.take() {
                    Some((_, true)) => drop(edits.pop()),
                    Some((edit, false)) => edits.push(edit),
                    None => {}
                }
            }
            Record::AgeLimitDropped { .. } => self.age_limit_under_way = None,
            Record::KeyStateChanged { state } => self.key_is_missing = state == "missing",
            Record::Polled { files } => self.polled.clone_from(files),
            Record::PolicyChanged { layers } => self.settings = layers.clone(),
            Record::Started { .. } | Record::Stopped => {}
        }
    }

    fn swapped(&mut self, swap: &Swap) {
        if self.swaps.len() == SWAPS {
            self.swaps.remove(0);
        }
        self.swaps.push(swap.clone());
    }

    /// An entry that ran when it was removed, or that came back after it, is held later than the decision.
    fn is_removed(&self, intent: &Intent) -> bool {
        let decided = self.connectors.get(&intent.connector).and_then(|known| known.decided.as_ref());
        intent.why == Why::UserDenied && decided.is_some_and(|decided| decided.answer == Answer::Remove)
    }

    /// Whatever else is decided about a removed connector, its bytes stay; what lifts a refusal lifts it for all holds of
    /// the launch.
    fn keep_bytes(&mut self, of: &ConnectorId, launch: Option<&Fingerprint>) {
        for hold in self.holds.values_mut() {
            if hold.connector == *of || Some(&hold.seen.fingerprint) == launch {
                hold.delete_at = None;
            }
        }
    }

    fn held(&mut self, id: &HoldId) {
        let Some(hold) = self.holds.get_mut(id) else { return };
        hold.progress = HoldProgress::InForce;
        let Some(known) = self.connectors.get_mut(&hold.connector) else { return };
        // What came during a pause that is over is new: the next pause does not let it go.
        if known.known.first_met == FirstMet::Pause {
            known.known.first_met = FirstMet::Asked;
        }
        // A client's own switch leaves the entry where it is.
        if hold.method == Method::Cut {
            known.present = false;
        }
    }

    fn appeared(&mut self, at: Timestamp, sighting: &Sighting, first_met: FirstMet) {
        match self.connectors.get_mut(&sighting.id) {
            Some(known) => {
                known.sighting = sighting.clone();
                known.present = true;
            }
            None => {
                let known = Remembered {
                    sighting: sighting.clone(),
                    known: Known { first_met, in_force: None },
                    present: true,
                    first_seen: at,
                    in_force: None,
                    question: None,
                    contested: 0,
                    decided: None,
                    pinned: None,
                    to_keep_approved: false,
                };
                self.connectors.insert(sighting.id.clone(), known);
            }
        }
    }

    fn in_force(&mut self, id: &ConnectorId, seen: &Seen, standing: Standing) {
        if let Some(known) = self.connectors.get_mut(id) {
            known.known.in_force = Some((seen.clone(), standing));
            if known.sighting.seen.fingerprint == seen.fingerprint {
                known.in_force = Some(Box::new(known.sighting.clone()));
            }
        }
    }

    /// Nobody looked at it: trust flags that were widened under the same launch are still to be asked about.
    fn let_through(&mut self, id: &ConnectorId, seen: &Seen, standing: Standing) {
        let before = self.connectors.get(id).and_then(|known| known.in_force.as_deref());
        let trust =
            before.filter(|then| then.seen.fingerprint == seen.fingerprint).map(|then| then.beside.trust.clone());
        self.in_force(id, seen, standing);
        if standing == Standing::Approved {
            self.learn(id, seen);
        }
        let in_force = self.connectors.get_mut(id).and_then(|known| known.in_force.as_deref_mut());
        if let (Some(in_force), Some(trust)) = (in_force, trust) {
            in_force.beside.trust = trust;
        }
    }

    /// An approval that was given before the code could be seen is for the code that is seen first: later code is another.
    /// One for what a registry offers is for the bytes that come of it.
    fn learn(&mut self, id: &ConnectorId, seen: &Seen) {
        let is_known = |artefact: &Artefact| matches!(artefact.state, ArtefactState::Known { .. });
        if !is_known(&seen.artefact) {
            return;
        }
        for approval in &mut self.decisions.approvals {
            let fits = matches!(&approval.reach, Reach::Everywhere) || approval.reach == Reach::Here(id.clone());
            let then = &approval.seen.artefact;
            let is_first = !is_known(then) && !then.is_absent() || then.is_offer() && !seen.artefact.differs_from(then);
            if fits && approval.seen.fingerprint == seen.fingerprint && is_first {
                approval.seen.artefact = seen.artefact.clone();
            }
        }
    }

    fn settle(&mut self, id: &ConnectorId) {
        if let Some(known) = self.connectors.get_mut(id) {
            known.question = None;
        }
    }

    fn decided(&mut self, seq: u64, at: Timestamp, id: &ConnectorId, seen: &Seen, answer: &Answer, origin: &Origin) {
        self.settle(id);
        self.settled_seq = seq;
        if let Some(known) = self.connectors.get_mut(id) {
            known.decided = Some(Decided { seq, at, answer: answer.clone(), origin: origin.clone() });
            known.to_keep_approved = *answer == Answer::KeepApproved;
        }
        let is_refusal = matches!(answer, Answer::Deny | Answer::Remove | Answer::KeepApproved);
        self.keep_bytes(id, (!is_refusal).then_some(&seen.fingerprint));
        let decisions = &mut self.decisions;
        match answer {
            Answer::Approve { kind, reach, expires, despite_malicious } => {
                decisions.refusals.retain(|r| !refuses(r, seen));
                let expires = match kind {
                    ApprovalKind::Development { .. } => Some(days_after(at, DEVELOPMENT_DAYS)),
                    ApprovalKind::Exact | ApprovalKind::Continuity { .. } => *expires,
                };
                decisions.approvals.push(Approval {
                    seq,
                    kind: kind.clone(),
                    seen: seen.clone(),
                    reach: reach.clone(),
                    at,
                    expires,
                    despite_malicious: *despite_malicious,
                });
                self.in_force(id, seen, Standing::Approved);
            }
            Answer::KeepHeld => {
                decisions.refusals.retain(|r| !refuses(r, seen));
                decisions.refusals.push(Refusal::KeptHeld(seen.clone()));
            }
            Answer::Deny | Answer::Remove => {
                decisions.approvals.retain(|a| a.seen.fingerprint != seen.fingerprint);
                decisions.refusals.retain(|r| !refuses(r, seen));
                decisions.refusals.push(Refusal::Denied(seen.fingerprint.clone()));
                if *answer == Answer::Remove {
                    let due = days_after(at, REMOVED_KEPT_DAYS);
                    for hold in self.holds.values_mut().filter(|h| h.connector == *id) {
                        hold.delete_at = Some(due);
                    }
                }
            }
            Answer::Release => {
                decisions.refusals.retain(|r| !refuses(r, seen));
                self.in_force(id, seen, Standing::Released);
            }
            // The entry changes back to what is approved already; the decision itself binds nothing new.
            Answer::KeepApproved => {}
        }
    }

    fn undone(&mut self, launch: &Fingerprint, formers: &[Former], approvals: &[Approval], refusals: &[Refusal]) {
        let decisions = &mut self.decisions;
        decisions.approvals.retain(|approval| approval.seen.fingerprint != *launch);
        decisions.approvals.extend_from_slice(approvals);
        decisions.refusals.retain(|refusal| refusal.launch() != launch);
        decisions.refusals.extend_from_slice(refusals);
        for hold in self.holds.values_mut().filter(|hold| hold.seen.fingerprint == *launch) {
            hold.delete_at = None;
        }
        for former in formers {
            if let Some(known) = self.connectors.get_mut(&former.id) {
                known.known = former.known.clone();
                known.in_force = former.in_force.clone();
                known.decided = None;
                known.to_keep_approved = false;
            }
        }
    }

    fn revoked(&mut self, id: &ConnectorId, fingerprint: &Fingerprint) {
        self.decisions.approvals.retain(|a| a.seen.fingerprint != *fingerprint);
        self.decisions.refusals.retain(|refusal| refusal.launch() != fingerprint);
        self.keep_bytes(id, Some(fingerprint));
        for known in self.connectors.values_mut() {
            if known.sighting.id == *id {
                known.decided = None;
                known.to_keep_approved = false;
            }
            let same = known.known.in_force.as_ref().is_some_and(|(seen, _)| seen.fingerprint == *fingerprint);
            if same || known.sighting.id == *id {
                known.known = Known { first_met: FirstMet::Asked, in_force: None };
                known.in_force = None;
            }
        }
    }
}

fn refuses(refusal: &Refusal, seen: &Seen) -> bool {
    *refusal.launch() == seen.fingerprint
}

fn days_after(at: Timestamp, days: i64) -> Timestamp {
    // Hours, because a timestamp has no calendar.
    at.checked_add(jiff::SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MAX)
}
