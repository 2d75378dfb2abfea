//! What the ledger remembers: one closed enum of everything observed, decided and done.
//!
//! Additive only: old entries must be readable for ever. No secret value is in any of them.

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::age_limit::Tool;
use crate::connector::{Beside, Change, Connector, ConnectorId, Facets, Fingerprint, Scope};
use crate::document::{Exactness, Route};
use crate::guard::{Approval, ApprovalKind, FirstMet, Known, Reach, Refusal, Seen, Standing, Why};
use crate::policy::effective::Layers;
use crate::policy::{CliApprovals, FolderRule, LookUps, Mode};

mod hold_id;

pub use hold_id::{HoldId, NotAHoldId};

/// A connector as the ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    pub id: ConnectorId,
    pub client: String,
    pub scope: Scope,
    pub project: Option<PathBuf>,
    pub file: PathBuf,
    pub route: Route,
    pub name: String,
    pub enabled: bool,
    pub facets: Facets,
    pub beside: Beside,
    pub seen: Seen,
}

impl Sighting {
    pub fn of(connector: &Connector, seen: Seen) -> Self {
        Self {
            id: connector.id.clone(),
            client: connector.client.clone(),
            scope: connector.scope,
            project: connector.project.clone(),
            file: connector.file.clone(),
            route: connector.route.clone(),
            name: connector.name.clone(),
            enabled: connector.enabled,
            facets: connector.facets.clone(),
            beside: connector.beside.clone(),
            seen,
        }
    }
}

/// Through what a decision was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Channel {
    Desk,
    Terminal,
    /// A window that a program drives: it loosens no more than a terminal does.
    Automation,
    Policy,
}

impl Channel {
    /// Nobody need sit in front of it: a program can answer as well as a person.
    pub const fn is_unattended(self) -> bool {
        matches!(self, Self::Terminal | Self::Automation)
    }
}

/// Who decided, as far as it can be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    pub channel: Channel,
    /// Names of the parent processes, nearest first.
    pub parents: Vec<String>,
    /// Id of the client among the parents, if one is.
    pub client: Option<String>,
}

/// What a person answers about a connector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    Approve {
        kind: ApprovalKind,
        reach: Reach,
        expires: Option<Timestamp>,
        despite_malicious: bool,
    },
    /// The approved launch is written back at the same route.
    KeepApproved,
    KeepHeld,
    Deny,
    Release,
    /// Deny, and the kept bytes are deleted after 30 days.
    Remove,
}

/// How an entry is taken out of a client's reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Method {
    Cut,
    Switch,
    List,
    None,
}

/// One edit of a package manager's settings. The rest of such a file may hold secrets: only its digests are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitEdit {
    pub tool: Tool,
    pub days: u32,
    pub file: PathBuf,
    /// Offset of the bytes that were exchanged, and what they were and are.
    pub at: usize,
    pub was: String,
    pub now: String,
    /// SHA-256 of the whole file before and after; `None` where there was, or is, no file.
    pub before: Option<String>,
    pub after: Option<String>,
    /// The exchange; `None` where the file was made or taken away.
    pub swap: Option<Swap>,
}

/// One swap of a file's bytes, so that the next start can tell how far it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swap {
    /// The file, links resolved.
    pub target: PathBuf,
    /// SHA-256 of the whole file before.
    pub base: String,
    pub stamp: FileStamp,
    /// SHA-256 of the whole file after.
    pub ours: String,
}

/// Which file it was, and in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileStamp {
    pub dev: u64,
    pub ino: u64,
    /// Bytes.
    pub size: u64,
    pub mtime_ns: i64,
    pub ctime_ns: i64,
}

/// A hold that is about to be made; enough for the next start to finish or undo it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    pub hold: HoldId,
    pub connector: ConnectorId,
    pub file: PathBuf,
    pub route: Route,
    pub method: Method,
    pub swap: Swap,
    pub seen: Seen,
    pub why: Why,
}

/// What a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum QuestionKind {
    New,
    Changed,
    Artefact,
}

/// How a connector stood before a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former {
    pub id: ConnectorId,
    pub known: Known,
    pub in_force: Option<Box<Sighting>>,
}

/// One entry of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Record {
    /// A guard or a command began to write.
    Started {
        version: String,
        kind: String,
    },
    Stopped,
    /// The first run: everything present is unreviewed.
    Baseline {
        connectors: usize,
    },
    /// The ledger was lost or broken and is started anew; everything present is unreviewed.
    LedgerLost {
        told_by: Vec<String>,
        detail: String,
    },
    /// A connector is there for the first time, or again.
    Appeared {
        sighting: Box<Sighting>,
        first_met: FirstMet,
    },
    /// Another launch or artefact under the same identity.
    Changed {
        sighting: Box<Sighting>,
        changes: Vec<Change>,
    },
    /// Only values beside the fingerprint changed.
    ValuesChanged {
        id: ConnectorId,
        places: Vec<String>,
        sighting: Box<Sighting>,
    },
    Vanished {
        id: ConnectorId,
    },
    /// This launch counts as the one in force from now on.
    InForce {
        id: ConnectorId,
        seen: Seen,
        standing: Standing,
    },
    Asked {
        id: ConnectorId,
        kind: QuestionKind,
        changes: Vec<Change>,
        by: Option<Origin>,
        request: Option<String>,
    },
    /// The question ended without a decision of its own (an approval elsewhere, the entry went away).
    Settled {
        id: ConnectorId,
    },
    Decided {
        id: ConnectorId,
        seen: Seen,
        answer: Answer,
        origin: Origin,
        note: Option<String>,
    },
    /// Takes an approval or a refusal back.
    Revoked {
        id: ConnectorId,
        fingerprint: Fingerprint,
        origin: Origin,
    },
    /// Gives back what the last decision on a launch replaced, at every connector of that launch.
    Undone {
        id: ConnectorId,
        launch: Fingerprint,
        formers: Vec<Former>,
        approvals: Vec<Approval>,
        refusals: Vec<Refusal>,
        origin: Origin,
    },
    /// An approval under development was used; at most once a day.
    Used {
        approval: u64,
    },
    HoldIntended {
        intent: Box<Intent>,
    },
    Held {
        hold: HoldId,
    },
    /// The edit was not made; the question stands.
    HoldDropped {
        hold: HoldId,
        reason: String,
    },
    ReleaseIntended {
        hold: HoldId,
        swap: Box<Swap>,
    },
    Released {
        hold: HoldId,
        exactness: Exactness,
    },
    ReleaseDropped {
        hold: HoldId,
        reason: String,
    },
    /// The kept bytes were deleted.
    StashDeleted {
        hold: HoldId,
    },
    /// A file changed by [`Answer::KeepApproved`] or a pin.
    Amended {
        id: ConnectorId,
        swap: Box<Swap>,
    },
    /// An approval wrote the exact version into the entry.
    Pinned {
        id: ConnectorId,
        /// The part of the entry that named the package.
        old: String,
        new: String,
    },
    /// What stood there before the pin was written back.
    Unpinned {
        id: ConnectorId,
        origin: Origin,
    },
    /// A client wrote the held entry back.
    Contested {
        id: ConnectorId,
        times: u32,
    },
    /// A hold found in the hold store after the ledger was lost.
    Rebuilt {
        hold: HoldId,
        intent: Box<Intent>,
    },
    /// A file system has no exchange: a plain rename is used there.
    NoExchange {
        folder: PathBuf,
    },
    ModeSet {
        mode: Mode,
        origin: Origin,
    },
    Paused {
        until: Option<Timestamp>,
        origin: Origin,
    },
    CliApprovalsSet {
        setting: CliApprovals,
        origin: Origin,
    },
    LookUpsSet {
        setting: LookUps,
        origin: Origin,
    },
    FolderSet {
        folder: PathBuf,
        rule: FolderRule,
        origin: Origin,
    },
    /// With the first edit in a file that git tracks, the rule that only asks was offered for its project. Once is enough.
    FolderOffered {
        folder: PathBuf,
        ids: BTreeSet<ConnectorId>,
    },
    ClientPathSet {
        client: String,
        path: Option<PathBuf>,
        origin: Origin,
    },
    /// For these files the system tells no events: they are polled from now on, and no others.
    Polled {
        files: BTreeSet<PathBuf>,
    },
    /// Files of settings say something else than before.
    PolicyChanged {
        layers: Layers,
    },
    KeyStateChanged {
        state: String,
    },
    /// A package manager's age limit is about to be written into the user's settings, or taken back.
    AgeLimitIntended {
        edit: Box<LimitEdit>,
        undoes: bool,
        origin: Origin,
    },
    /// It stands there, or is gone.
    AgeLimitWritten {
        tool: Tool,
    },
    /// The file was not edited.
    AgeLimitDropped {
        tool: Tool,
        reason: String,
    },
}
