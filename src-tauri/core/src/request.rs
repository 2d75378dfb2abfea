//! What windows, the command line and tests say to the engine, and what it says back. Small, closed and serialisable.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::age_limit::Tool;
use crate::archive::{NotAvailable, Refused};
use crate::connector::{Change, ConnectorId, Fingerprint};
use crate::document::{Exactness, SyntaxReason};
use crate::finding::Finding;
use crate::pin::CannotPin;
use crate::policy::layer::Problem;
use crate::policy::{CliApprovals, FolderRule, LookUps, Mode};
use crate::record::{HoldId, Method, QuestionKind};

/// So long after a decision it can be undone, in seconds.
pub const UNDO_SECONDS: i64 = 30;

/// Which connector a person means: hex digits of its identity, or `client/name`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Selector(pub String);

/// What a person wants done. The engine adds the origin itself, from the peer's process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "kebab-case")]
pub enum Request {
    /// A decision on one connector and all that share its launch.
    Decide {
        id: Selector,
        wish: Wish,
        /// The fingerprint that was shown; another one in the file is a stale answer and is refused.
        shown: Option<Fingerprint>,
        note: Option<String>,
    },
    /// Hold a connector that runs now.
    Hold {
        id: Selector,
    },
    /// Everything back as it was: switches to monitor, and releases all holds.
    ReleaseAll {
        /// Also those that are known to be malicious.
        malicious_too: bool,
    },
    /// Takes back the approval or refusal of a connector.
    Revoke {
        id: Selector,
    },
    /// Gives back what the last decision on a connector replaced, within [`UNDO_SECONDS`] of it.
    Undo {
        id: Selector,
    },
    /// Writes back what stood in an entry before a version was pinned.
    Unpin {
        id: Selector,
    },
    SetMode {
        mode: Mode,
    },
    Pause {
        for_: Option<SignedDuration>,
    },
    SetCliApprovals {
        setting: CliApprovals,
    },
    SetLookUps {
        setting: LookUps,
    },
    /// Asks the registries about all packages again, now. The answer does not wait for theirs.
    LookUp,
    SetFolder {
        folder: PathBuf,
        rule: FolderRule,
        /// With the rule that only asks: what waits for an answer there goes back.
        #[serde(default)]
        put_back: bool,
    },
    SetClientPath {
        client: String,
        path: Option<PathBuf>,
    },
    /// Writes a package manager's age limit into the user's own settings.
    SetAgeLimit {
        tool: Tool,
        days: u32,
    },
    /// Takes the last such edit back.
    UndoAgeLimit {
        tool: Tool,
    },
    /// Look at all files again, now.
    Rescan,
    /// Bring up the window; it decides nothing.
    ShowDesk,
    /// Say what is going on, as notices, until the line is closed.
    Subscribe,
    /// Whether the guard answers.
    Ping,
}

/// A decision as a person words it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "wish", rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Wish {
    Approve {
        how: ApproveHow,
        /// The version to pin to, where it is not the one that runs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "bindings", ts(optional))]
        version: Option<String>,
        only_here: bool,
        /// The name of a connector that is known to be malicious, typed out.
        typed_name: Option<String>,
    },
    KeepApproved,
    KeepHeld,
    Deny,
    Release,
    Remove,
}

/// What an approval shall cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum ApproveHow {
    /// This launch and this artefact.
    ThisVersion,
    /// The entry is edited to the exact version first.
    Pin,
    /// Updates of this publisher.
    Updates,
    /// Local code in a folder under development.
    Developing,
}

/// The engine's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "kebab-case")]
pub enum Reply {
    /// It was done; one line for each connector that it touched.
    Done {
        effects: Vec<Effect>,
    },
    /// It became a question at the desk, because it was asked for below a client's process.
    AskedAtDesk {
        client: Option<String>,
    },
    /// It was not done, and nothing was changed.
    Refused {
        refusal: Refusal,
    },
    Pong,
}

/// What became of one connector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    pub id: ConnectorId,
    pub client: String,
    pub name: String,
    pub file: PathBuf,
    /// How it is held, or was.
    pub method: Method,
    pub kind: EffectKind,
}

/// The kind of an [`Effect`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EffectKind {
    /// Decided, and nothing had to be edited.
    Recorded,
    /// The entry is back in its file.
    Released(Exactness),
    /// The entry was taken out of its file, or switched off.
    Held,
    /// The approved launch was written back.
    WrittenBack,
    /// The entry names an exact version now.
    Pinned { to: String },
    /// The entry names its package as before the pin.
    Unpinned { to: String },
    /// Nothing new is held there any more, but what is held is until it is answered.
    StaysHeld,
    /// The decision stands, but the file could not be edited.
    NotEdited(Refusal),
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "refusal", rename_all = "kebab-case")]
pub enum Refusal {
    #[error("no connector is called {id}")]
    NoSuchConnector { id: String },
    #[error("{id} names more than one connector")]
    Ambiguous { id: String, ids: Vec<String> },
    #[error("the entry changed after it was shown")]
    Stale { id: String },
    #[error("the organisation's policy blocks it")]
    BlockedByPolicy { id: String },
    #[error("known to be malicious: its name must be typed")]
    NameNotTyped { name: String },
    #[error("approvals from a terminal are switched off")]
    CliApprovalsNever,
    #[error("approvals from a terminal are decided at the desk, and no desk is running")]
    NoDesk,
    #[error("there is no approved launch to go back to")]
    NothingApproved { id: String },
    #[error("a secret value of the approved entry is missing in the present one")]
    SecretMissing { id: String, place: String },
    #[error("{id} cannot be pinned: {reason}")]
    CannotPin { id: String, reason: CannotPin },
    #[error("{id} was not pinned, or its entry was changed since")]
    NotPinned { id: String },
    #[error("updates of a publisher cannot be approved: its publisher is not known")]
    PublisherUnknown { id: String },
    #[error("look-ups are off")]
    LookUpsOff,
    #[error("its code is in no folder under development")]
    NotUnderDevelopment { id: String },
    #[error("nothing is decided about it")]
    NothingToRevoke { id: String },
    #[error("no decision of the last half minute can be undone")]
    NothingToUndo { id: String },
    #[error("the decision is too old to be undone")]
    UndoTooLate { id: String },
    #[error("it is not held")]
    NotHeld { id: String },
    /// An older launch is held, and another one that runs has taken its place.
    #[error("another launch stands in the place of the held one: {newer}")]
    PlaceTaken {
        id: String,
        /// The command line or address of the one that stands there, masked.
        newer: String,
        /// The older one may run: *Keep the approved one* puts it back.
        approved: bool,
    },
    #[error("the age limit of {} is only read", .tool.name())]
    AgeLimitReadOnly { tool: Tool },
    /// Another setting of the same file comes first, so that the limit would do nothing.
    #[error("`{by}` in {path} comes first", path = path.display())]
    AgeLimitHidden { path: PathBuf, by: String },
    #[error("no age limit of {} was written", .tool.name())]
    NoAgeLimitToUndo { tool: Tool },
    #[error("this guard has no window")]
    NoWindow,
    /// The file could not be read or edited; it was not changed.
    #[error("{path} was not edited: {reason}")]
    File { path: PathBuf, route: Option<String>, reason: FileTrouble },
    #[error("the ledger cannot be written: {detail}")]
    Ledger { detail: String },
}

/// What stood in the way of an edit. Each has a message in the Fluent files (`trouble-…`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum FileTrouble {
    #[error("the file is gone")]
    Absent,
    #[error("the file may not be read")]
    Denied,
    #[error("the file cannot be parsed, line {line}: {reason}")]
    Unparsable { line: u32, reason: SyntaxReason },
    #[error("the file is too large")]
    TooLarge,
    #[error("it is not a regular file")]
    NotRegular,
    #[error("the file belongs to somebody else")]
    ForeignOwner,
    #[error("others may write its folder")]
    OpenFolder,
    #[error("the file may not be written")]
    ReadOnly,
    #[error("the file has other names (hard links)")]
    HardLinked,
    #[error("another entry stands at the route")]
    RouteTaken,
    #[error("the text cannot be edited exactly: {detail}")]
    Inexact { detail: String },
    #[error("files of this kind are read and never edited, so it is only watched")]
    List,
    #[error("the organisation set it up, and it is only watched")]
    OfOrganisation,
    #[error("a plugin brought it along, and it is only watched")]
    OfPlugin,
    #[error("an extension brought it along, and it is only watched")]
    OfExtension,
    #[error("other programs keep writing the file")]
    Busy,
    #[error("the file was changed since")]
    ChangedSince,
    #[error("{detail}")]
    Io { detail: String },
}

/// What happened, told to every subscriber.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "kebab-case")]
pub enum Notice {
    /// All watches stand.
    Guarding {
        files: usize,
    },
    /// A connector was taken out of its client's reach.
    Held {
        connector: About,
        hold: HoldId,
        method: Method,
    },
    /// A question was opened or its card changed.
    Asked {
        connector: About,
        kind: QuestionKind,
        changes: Vec<Change>,
        held: bool,
        asked_by: Option<String>,
        request: Option<String>,
    },
    /// A question ended.
    Settled {
        connector: About,
    },
    /// A connector came and was let through, with the reason.
    Allowed {
        connector: About,
        why: crate::guard::Why,
    },
    Released {
        connector: About,
        method: Method,
        exactness: Exactness,
    },
    Decided {
        connector: About,
        answer: String,
        channel: crate::record::Channel,
        client: Option<String>,
    },
    /// The first edit in a project was made in a file that git tracks: to be asked only is offered there.
    FolderOffered {
        connector: About,
        folder: PathBuf,
    },
    /// Values beside the fingerprint changed.
    ValuesChanged {
        connector: About,
        places: Vec<String>,
    },
    /// A hold or a release could not be made.
    NotEdited {
        connector: About,
        trouble: FileTrouble,
    },
    /// A client keeps writing the held entry back.
    Contested {
        connector: About,
        times: u32,
    },
    /// A file cannot be read for now.
    Unreadable {
        path: PathBuf,
        trouble: FileTrouble,
    },
    /// A setting came that lets a client start, use or run something without a question.
    SettingOpened {
        client: String,
        path: PathBuf,
        finding: Finding,
    },
    /// What files of settings say changed; with everything in them that does not count as it was meant.
    PolicyChanged {
        problems: Vec<Problem>,
    },
    ModeChanged {
        mode: Mode,
    },
    /// A pause began, or ended.
    Paused {
        until: Option<Timestamp>,
    },
    /// Registries were asked.
    LookedUp {
        /// How many packages were asked about.
        packages: usize,
        /// About how many of them nothing could be learnt.
        unknown: usize,
        /// About how many images, repositories and hosts.
        #[serde(default)]
        others: usize,
    },
    /// Look-ups brought to light what speaks against a connector that runs.
    Doubted {
        connector: About,
        /// Of medium severity or more, and not known before.
        findings: Vec<Finding>,
    },
    /// The window is to come up.
    ShowDesk,
    /// Something was asked for below a client, and a person has to do it.
    Requested {
        what: String,
        client: Option<String>,
    },
    /// The ledger's key or chain needs attention.
    Ledger {
        state: String,
        detail: String,
    },
}

/// The connector that a notice is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    pub id: ConnectorId,
    pub client: String,
    pub name: String,
    pub file: PathBuf,
    pub route: String,
    pub fingerprint: Fingerprint,
    /// The command line or address, masked.
    pub runs: String,
}

/// Why two versions are not compared. Each has a message in the Fluent files (`diff-…`).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CannotCompare {
    /// A server elsewhere, an image, a repository: its code is not looked into.
    #[error("its code is not looked into")]
    NotFollowed,
    #[error("what it would run now is not known: {reason}")]
    PresentUnknown { reason: String },
    #[error("there is nothing to compare with: no other code of it was seen")]
    NothingBefore,
    #[error("nothing was kept of version {version}")]
    NotKept { version: String, why: NotAvailable },
    #[error(transparent)]
    Refused(#[from] Refused),
}

impl CannotCompare {
    /// The id of its message.
    pub const fn message(&self) -> &'static str {
        match self {
            Self::NotFollowed => "diff-not-followed",
            Self::PresentUnknown { .. } => "artefact-unknown",
            Self::NothingBefore => "diff-nothing-before",
            Self::NotKept { why: NotAvailable::LookupsOff, .. } => "diff-not-kept",
            Self::NotKept { why: NotAvailable::NoSuchVersion, .. } => "diff-no-such-version",
            Self::NotKept { why: NotAvailable::Failed { .. }, .. } => "diff-not-fetched",
            Self::Refused(_) => "diff-refused",
        }
    }
}
