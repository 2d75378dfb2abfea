//! The inventory: one model that every output format is made from. Field names are those of the JSON.
//!
//! Additive changes only: others parse it. The JSON Schema in `docs/reference` is generated from these types.

mod comparison;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::age_limit::AgeLimit;
use crate::connector::{Change, Scope, Transport};
use crate::facts::ArtefactKind;
use crate::finding::{Code, Confidence, Severity};
use crate::guard::Why;
use crate::launch_line::{Ecosystem, Pin, Runner};
use crate::policy::Mode;
use crate::record::{Channel, Method, QuestionKind};
use crate::trust::Word;

pub use comparison::{COMPARISON, Comparison, Side, SideSource};

/// Name and version of the JSON format.
pub const SCHEMA: &str = "gatehouse.inventory/1";

/// Everything that `scan` tells.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Inventory {
    pub schema: &'static str,
    /// `gatehouse` and its version.
    pub tool: String,
    /// UTC, RFC 3339.
    pub generated: String,
    pub mode: Mode,
    pub guard: Guard,
    pub ledger: LedgerState,
    /// Open questions.
    pub waiting: usize,
    pub coverage: Vec<Coverage>,
    /// Files with settings that let a client start, use or run something without a question.
    pub settings: Vec<Settings>,
    /// What the package managers in use are told about the age of versions in the user's own settings.
    pub age_limits: Vec<AgeLimit>,
    pub connectors: Vec<Row>,
}

/// One file with settings that open the gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Settings {
    pub client: String,
    pub scope: Scope,
    pub project: Option<String>,
    pub path: String,
    /// In the order of the file.
    pub findings: Vec<FindingRow>,
}

/// Whether a guard runs, and which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Guard {
    pub running: bool,
    /// `tray`, `watch` or `command`.
    pub kind: Option<String>,
}

/// State of the ledger's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum LedgerState {
    Keyed,
    Locked,
    Missing,
    /// Never had a key, or there is no ledger yet.
    None,
    Broken,
}

/// The client of a row of coverage that is about a whole project folder.
pub const ALL_CLIENTS: &str = "*";

/// What is known of one place that could hold connectors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Coverage {
    /// Its id. `*` tells of a project folder that all places in it without a row of their own are absent.
    pub client: String,
    pub scope: Scope,
    pub path: String,
    pub state: CoverageState,
    /// Entries in the file.
    pub connectors: usize,
    /// Entries that are held out of it.
    pub held: usize,
    /// Why the state is not `read`, or what limits it; in the user's language.
    pub message: Option<String>,
}

/// Whether a place was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum CoverageState {
    Read,
    Absent,
    Denied,
    Unparsable,
    Unsupported,
    TooLarge,
    NotRegular,
    Polling,
}

/// One connector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Row {
    /// Eight hex digits, more where two would be alike.
    pub id: String,
    pub client: String,
    pub scope: Scope,
    pub project: Option<String>,
    pub path: String,
    pub route: String,
    pub name: String,
    /// Other clients that read the same file.
    pub readers: Vec<String>,
    /// Entries of the same name in other scopes of the client.
    pub namesakes: Vec<Namesake>,
    /// The entry stands in its file.
    pub present: bool,
    pub line: Option<u32>,
    pub enabled: bool,
    pub transport: Transport,
    pub command: Option<String>,
    pub args: Vec<String>,
    pub url: Option<String>,
    /// Names.
    pub env: Vec<String>,
    /// Names.
    pub headers: Vec<String>,
    pub launch: LaunchRow,
    pub artefact: ArtefactRow,
    /// `null` where no registry has what is run.
    pub publication: Option<PublicationRow>,
    /// What the package manager is told about the age of versions, where the launch names no exact one.
    pub age_limit: Option<AgeLimit>,
    pub fingerprint: String,
    pub status: Status,
    pub why: Why,
    pub hold: Option<HoldRow>,
    /// An older launch that is held, and whose place this one has taken.
    pub previous: Option<PreviousRow>,
    /// A project with the entry's file under git, where it was the first to be held: to be asked only is offered there.
    pub folder_offer: Option<String>,
    pub question: Option<QuestionRow>,
    pub approval: Option<ApprovalRow>,
    /// Who vouches for what it runs.
    pub trust: TrustRow,
    pub findings: Vec<FindingRow>,
    pub checks: Checks,
}

/// Who vouches for what a connector runs, in one word, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct TrustRow {
    pub word: Word,
    /// Never empty.
    pub reasons: Vec<ReasonRow>,
    /// What others were asked about it, each with what came of it. Empty while look-ups are off.
    pub statements: Vec<StatementRow>,
}

/// What somebody else says of what a connector runs, or why that is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct StatementRow {
    /// As `listing-mutual`.
    pub code: &'static str,
    /// Something is known; else `text` says why not.
    pub known: bool,
    /// One of the reasons says the same.
    pub told: bool,
    /// In the user's language.
    pub text: String,
    /// The host that says so, and when it did.
    pub source: Option<String>,
    pub at: Option<String>,
}

/// One reason for a word of trust.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ReasonRow {
    /// As `vouchers-not-asked`.
    pub code: &'static str,
    /// In the user's language.
    pub text: String,
    /// The host that says so, and when it did; null for what was seen on this machine.
    pub source: Option<String>,
    pub at: Option<String>,
}

/// An entry of the same client and name in another place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Namesake {
    pub id: String,
    pub scope: Scope,
    pub project: Option<String>,
    pub path: String,
    pub relation: Relation,
}

/// What a client does with two entries of one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Relation {
    /// This one is started, and not the other.
    Hides,
    /// The other is started, and not this one.
    HiddenBy,
    /// One is made of both.
    Merged,
    Unknown,
}

/// The launch, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct LaunchRow {
    pub runner: Runner,
    pub wrappers: Vec<String>,
    pub ecosystem: Ecosystem,
    pub package: Option<String>,
    pub version: Option<String>,
    pub pin: Option<Pin>,
    pub floating: bool,
    pub purl: Option<String>,
    pub bridge: Option<String>,
    pub target: Option<String>,
    pub unknown: Option<String>,
}

/// What the launch resolves to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ArtefactRow {
    pub kind: ArtefactKind,
    pub state: ArtefactStateRow,
    pub reason: Option<String>,
    pub version: Option<String>,
    pub integrity: Option<String>,
    pub source: Option<String>,
    /// What the launch may be pinned to: the version, or an image's digest.
    pub pin: Option<String>,
}

/// What the registry says of the package of a launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct PublicationRow {
    pub state: PublicationState,
    /// Why it is not known, as `not-found`.
    pub reason: Option<&'static str>,
    /// The host that was asked, and when it said so.
    pub registry: Option<String>,
    pub at: Option<String>,
    /// When the code that would run was published, and by whom; null where something else than the registry's runs.
    pub published: Option<String>,
    pub publisher: Option<String>,
    /// It is not on this machine yet: the client's next start would fetch it.
    pub offered: bool,
    /// It runs a script when it is installed, which what is approved did not.
    pub new_install_script: bool,
    /// What is approved had an attestation of where it was built, and this has none.
    pub provenance_lost: bool,
}

/// Whether a registry was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum PublicationState {
    Known,
    Unknown,
    /// Look-ups are off.
    Off,
}

/// How much is known of an artefact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum ArtefactStateRow {
    Known,
    Unknown,
    Unobservable,
    NotLooked,
}

/// Where a connector stands, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Status {
    Unreviewed,
    /// Would be held, and is not: monitor, no guard running, or not holdable.
    New,
    /// As `new`, for another launch or artefact under a known identity.
    Changed,
    Approved,
    Held,
    Released,
    Denied,
    Blocked,
    AllowedByPolicy,
    /// In a folder that the user told Gatehouse to ignore.
    Unmanaged,
}

/// A hold as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct HoldRow {
    pub method: Method,
    pub state: HoldState,
    /// UTC, RFC 3339.
    pub since: Option<String>,
    pub reason: Option<String>,
    pub takes_effect: TakesEffect,
}

/// A held launch whose place another one has taken.
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PreviousRow {
    /// The command line or address, masked.
    pub runs: String,
    pub fingerprint: String,
    /// UTC, RFC 3339.
    pub since: String,
    /// It may run: `keep-approved` puts it back in place of this one.
    pub approved: bool,
}

/// How far a hold is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum HoldState {
    InForce,
    Pending,
    Refused,
    Contested,
}

/// When the client notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum TakesEffect {
    Now,
    OnRestart,
    Unknown,
}

/// An open question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct QuestionRow {
    pub kind: QuestionKind,
    pub since: String,
    pub changes: Vec<Change>,
}

/// The approval that lets a connector run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ApprovalRow {
    /// `exact`, `continuity` or `development`.
    pub kind: &'static str,
    /// `everywhere` or `here`.
    pub reach: &'static str,
    pub by: Channel,
    pub at: String,
    /// The key of the ledger is not at hand, so that the entry that gives the approval cannot be proven.
    pub unverified: bool,
}

/// A finding as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct FindingRow {
    pub code: Code,
    pub severity: Severity,
    pub confidence: Confidence,
    /// In the user's language.
    pub message: String,
    pub route: String,
    pub line: Option<u32>,
    /// What to do, in the user's language.
    pub help: String,
}

/// How every check ended that found nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Checks {
    pub passed: Vec<Code>,
    pub not_run: Vec<NotRun>,
}

/// A check that could not look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct NotRun {
    pub code: Code,
    pub reason: String,
}

/// Brings together the rows that start the same thing, in the order of the first of each. An entry without a launch of its
/// own is told by its name alone, and is the same as no other.
pub fn by_launch<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Vec<Vec<&'a Row>> {
    let mut out: Vec<Vec<&Row>> = Vec::new();
    let mut at: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        if matches!(row.transport, Transport::Builtin | Transport::None) {
            out.push(vec![row]);
            continue;
        }
        let index = *at.entry(&row.fingerprint).or_insert(out.len());
        match out.get_mut(index) {
            Some(same) => same.push(row),
            None => out.push(vec![row]),
        }
    }
    out
}

/// The JSON Schema of [`Inventory`].
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Inventory).to_value()
}
