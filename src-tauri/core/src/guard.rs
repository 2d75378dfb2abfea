//! Decides what becomes of a connector. Pure: everything that counts comes in as values.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

use crate::connector::{Connector, ConnectorId, Fingerprint, is_code_loading};
use crate::facts::{Artefact, ArtefactState, Facts};
use crate::finding::{Finding, Severity};
use crate::policy::{Mode, Policy};

/// The one reason of a verdict, in the order in which the reasons are tried.
///
/// Nothing that depends on the moment (a pause, a mode) may be stored as an approval: it says what happened, not what is
/// trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Why {
    /// The organisation's policy denies this launch.
    ManagedDeny,
    /// A public record names this artefact as malicious.
    KnownMalicious,
    /// The user denied this launch.
    UserDenied,
    /// The user decided to keep exactly this launch and artefact held.
    KeptHeld,
    /// Lockdown, and the organisation's policy does not allow this launch.
    LockdownNotAllowed,
    /// The organisation's policy allows this launch.
    ManagedAllow,
    /// This launch and this artefact are approved.
    ApprovedExact,
    /// Attestation, signature or publisher that were there before are gone.
    ProvenanceLost,
    /// Updates of this publisher are approved.
    ApprovedContinuity,
    /// Local code in a folder that the user develops in.
    ApprovedDevelopment,
    /// The launch is not the one that was in force under this identity.
    FingerprintChanged,
    /// The launch is the same, the code behind it is not.
    ArtefactChanged,
    /// Released without approval; asked again at the next change.
    Released,
    /// Came with the baseline, in monitor mode, during a pause or with a lost ledger, and nobody has looked at it.
    Unreviewed,
    /// Never seen before.
    New,
}

impl Why {
    /// It is held for no other reason than that nobody has looked at it yet.
    pub fn is_undecided(self) -> bool {
        matches!(self, Self::New | Self::FingerprintChanged | Self::ArtefactChanged | Self::ProvenanceLost)
    }
}

/// What becomes of a connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Allow(Why),
    Hold(Why),
    /// A hold that the desk cannot lift.
    Block(Why),
}

impl Verdict {
    pub fn why(self) -> Why {
        match self {
            Self::Allow(why) | Self::Hold(why) | Self::Block(why) => why,
        }
    }

    pub fn holds(self) -> bool {
        !matches!(self, Self::Allow(_))
    }
}

/// A launch together with what it resolved to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Seen {
    pub fingerprint: Fingerprint,
    pub artefact: Artefact,
}

impl Seen {
    /// Whether `now` is the same launch with code that is not known to be other code.
    pub fn covers(&self, now: &Self) -> bool {
        self.fingerprint == now.fingerprint && !now.artefact.differs_from(&self.artefact)
    }
}

/// How a connector was first met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FirstMet {
    /// It was there when Gatehouse first ran.
    Baseline,
    Monitor,
    Pause,
    /// It was there when a lost ledger was started anew.
    LedgerLoss,
    /// It came while the guard asks.
    Asked,
}

/// How the launch that counts as the one in force got there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    Unreviewed,
    Released,
    Approved,
}

/// What is remembered of a connector under its identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    pub first_met: FirstMet,
    /// The launch and artefact in force, against which a change is told; `None` while it was never let through.
    pub in_force: Option<(Seen, Standing)>,
}

/// What an approval covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApprovalKind {
    /// This launch and this artefact.
    Exact,
    /// Updates of this publisher under this launch.
    Continuity { publisher: String },
    /// Local code in this folder of the user's own.
    Development { folder: PathBuf },
}

/// Where an approval counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// Wherever this launch and artefact appear for this user.
    Everywhere,
    /// At this connector only.
    Here(ConnectorId),
}

/// A standing decision to let a launch run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Sequence number of the ledger entry that made it.
    pub seq: u64,
    pub kind: ApprovalKind,
    pub seen: Seen,
    pub reach: Reach,
    pub at: Timestamp,
    pub expires: Option<Timestamp>,
    /// The user typed the name of a connector that is known to be malicious.
    pub despite_malicious: bool,
}

/// A standing decision against a launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// Held silently wherever this launch appears.
    Denied(Fingerprint),
    /// Held while launch and artefact stay these.
    KeptHeld(Seen),
}

impl Refusal {
    /// The launch that is refused.
    pub fn launch(&self) -> &Fingerprint {
        match self {
            Self::Denied(launch) => launch,
            Self::KeptHeld(seen) => &seen.fingerprint,
        }
    }
}

/// All decisions in force.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Decisions {
    pub approvals: Vec<Approval>,
    pub refusals: Vec<Refusal>,
}

/// One connector with everything that a decision looks at.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub connector: &'a Connector,
    /// `None` for an identity that was never seen.
    pub known: Option<&'a Known>,
    pub facts: &'a Facts,
    pub findings: &'a [Finding],
    pub policy: &'a Policy,
    pub decisions: &'a Decisions,
    pub now: Timestamp,
}

/// Decides one connector. Total: every subject gets a verdict, and the first reason of [`Why`] that applies is the one.
pub fn decide(subject: &Subject<'_>) -> Verdict {
    let Subject { connector, known, facts, policy, decisions, now, .. } = *subject;
    let seen = Seen { fingerprint: connector.fingerprint.clone(), artefact: facts.artefact.clone() };
    let is_approved = |wanted: fn(&Approval, &Subject<'_>, &Seen) -> bool| {
        decisions.approvals.iter().any(|a| {
            a.expires.is_none_or(|until| now < until)
                && match &a.reach {
                    Reach::Everywhere => true,
                    Reach::Here(id) => *id == connector.id,
                }
                && wanted(a, subject, &seen)
        })
    };
    let in_lockdown = policy.mode() == Mode::Lockdown;

    if policy.denies(connector) {
        return Verdict::Block(Why::ManagedDeny);
    }
    if facts.known_malicious && !is_approved(|a, _, seen| a.despite_malicious && is_exact(a, seen)) {
        return Verdict::Block(Why::KnownMalicious);
    }
    if decisions.refusals.iter().any(|r| matches!(r, Refusal::Denied(launch) if *launch == seen.fingerprint)) {
        return Verdict::Hold(Why::UserDenied);
    }
    if decisions.refusals.iter().any(|r| matches!(r, Refusal::KeptHeld(kept) if kept.covers(&seen))) {
        return Verdict::Hold(Why::KeptHeld);
    }
    if in_lockdown && !policy.allows(connector) {
        return Verdict::Hold(Why::LockdownNotAllowed);
    }
    if policy.allows(connector) {
        return Verdict::Allow(Why::ManagedAllow);
    }
    if is_approved(|a, _, seen| is_exact(a, seen)) {
        return Verdict::Allow(Why::ApprovedExact);
    }
    if facts.provenance_lost {
        return Verdict::Hold(Why::ProvenanceLost);
    }
    if is_approved(continues) {
        return Verdict::Allow(Why::ApprovedContinuity);
    }
    if is_approved(is_developed) {
        return Verdict::Allow(Why::ApprovedDevelopment);
    }
    if let Some((in_force, standing)) = known.and_then(|k| k.in_force.as_ref()) {
        if in_force.fingerprint != seen.fingerprint {
            return Verdict::Hold(Why::FingerprintChanged);
        }
        // Nobody vouched for the old code either, so for an unreviewed connector new code alone is news, not an alarm.
        let alarming = *standing != Standing::Unreviewed || worst(subject.findings) >= Some(Severity::High);
        if seen.artefact.differs_from(&in_force.artefact) && alarming {
            return Verdict::Hold(Why::ArtefactChanged);
        }
        match standing {
            Standing::Released => return Verdict::Allow(Why::Released),
            Standing::Unreviewed if is_unreviewed(known, policy, now) => return Verdict::Allow(Why::Unreviewed),
            // An approval that was revoked or has run out leaves nothing in force.
            Standing::Unreviewed | Standing::Approved => {}
        }
    } else if is_unreviewed(known, policy, now) {
        return Verdict::Allow(Why::Unreviewed);
    }
    Verdict::Hold(Why::New)
}

fn worst(findings: &[Finding]) -> Option<Severity> {
    findings.iter().map(|f| f.severity).max()
}

fn is_unreviewed(known: Option<&Known>, policy: &Policy, now: Timestamp) -> bool {
    match known.map(|k| k.first_met) {
        Some(FirstMet::Baseline | FirstMet::LedgerLoss) => true,
        // While monitoring the news is the point; afterwards it is one of those that nobody looked at.
        Some(FirstMet::Monitor) => policy.mode() != Mode::Monitor,
        Some(FirstMet::Pause) | None => policy.is_paused(now),
        Some(FirstMet::Asked) => false,
    }
}

fn is_exact(approval: &Approval, seen: &Seen) -> bool {
    matches!(approval.kind, ApprovalKind::Exact) && approval.seen.covers(seen)
}

fn continues(approval: &Approval, subject: &Subject<'_>, seen: &Seen) -> bool {
    let ApprovalKind::Continuity { publisher } = &approval.kind else { return false };
    if approval.seen.fingerprint != seen.fingerprint {
        return false;
    }
    let is_update = match (&seen.artefact.state, &approval.seen.artefact.state) {
        // The cooldown is for what comes after: the very code that was approved needs none.
        (ArtefactState::Known { integrity: now, .. }, ArtefactState::Known { integrity: then, .. }) => now != then,
        (ArtefactState::Known { .. }, _) => true,
        // Code that cannot be looked at any more is no change.
        _ => false,
    };
    let facts = subject.facts;
    !is_update || facts.publisher.as_ref() == Some(publisher) && facts.is_past_cooldown && !facts.new_install_script
}

fn is_developed(approval: &Approval, subject: &Subject<'_>, seen: &Seen) -> bool {
    let ApprovalKind::Development { folder } = &approval.kind else { return false };
    let connector = subject.connector;
    let line = &connector.launch_line;
    // Another launch of the folder's code is development too, but not one that brings code from elsewhere along.
    let runs_only_this = || {
        line.unknown.is_none()
            && line.evaluates.is_none()
            && !connector.launch.env.iter().any(|(name, _)| is_code_loading(name))
    };
    connector.local_code.as_ref().is_some_and(|path| path.starts_with(folder))
        && (approval.seen.fingerprint == seen.fingerprint || runs_only_this())
}

#[cfg(test)]
mod tests;
