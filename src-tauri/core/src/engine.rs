//! The composition root: the one event loop that owns all state, and the ways in for the command line.

mod age_limits;
mod alone;
mod answers;
mod artefacts;
mod check_up;
mod comparing;
mod doubts;
mod event_loop;
mod holding;
mod inventory;
mod listing;
mod look;
mod look_ups;
mod offers;
mod old_files;
mod outlines;
mod pinning;
mod projection;
mod projects;
mod recovery;
mod releasing;
mod settings;
mod start;
mod state;
mod survey;
mod tokens;
mod undo;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};

use jiff::Timestamp;

use crate::age_limit::{AgeLimit, Tool};
use crate::archive::ArchiveSource;
use crate::connector::{Connector, ConnectorId};
use crate::hold::Step;
use crate::host::Host;
use crate::memory::Memory;
use crate::policy::effective::{Layers, Own};
use crate::record::{Origin, Record};
use crate::report::Inventory;
use crate::request::{FileTrouble, Notice, Refusal, Reply, Request};
use crate::wording::Wording;

pub use comparing::{Versions, compare};
pub use tokens::{TokenTrouble, forget_token, keep_token, token_host};

/// What kind of program the guard runs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuardKind {
    Tray,
    Watch,
}

/// How a guard is started.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    pub kind: GuardKind,
    /// A person sits at it: decisions that are asked for below a client's process become questions here.
    pub can_ask: bool,
}

/// Why a guard did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("another guard is running")]
    Busy { pid: Option<u32>, kind: Option<String> },
    #[error("the data folder {path} cannot be used: {detail}")]
    DataFolder { path: PathBuf, detail: String },
    #[error("the ledger cannot be opened: {detail}")]
    Ledger { detail: String },
    #[error("the ledger was written by a newer version")]
    NewerLedger,
    #[error("files cannot be watched: {detail}")]
    Watcher { detail: String },
}

/// A running guard.
pub struct Guard {
    running: start::Running,
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Guard")
    }
}

impl Guard {
    /// Takes the lock, opens the ledger, stands all watches and makes the first look; `tell` is called from the engine's
    /// thread. [`Notice::Guarding`] is told once all watches stand.
    pub fn start(host: Host, options: Options, tell: impl Fn(Notice) + Send + 'static) -> Result<Self, StartError> {
        Self::start_observed(host, options, tell, |_| {})
    }

    /// As [`Guard::start`]; `observe` is told each step of the journal right after it is done.
    pub fn start_observed(
        host: Host,
        options: Options,
        tell: impl Fn(Notice) + Send + 'static,
        observe: impl FnMut(Step) + Send + 'static,
    ) -> Result<Self, StartError> {
        let running = start::Running::start(host, options, tell, Box::new(observe))?;
        Ok(Self { running })
    }

    /// Asks the engine in this process and waits for its answer.
    pub fn ask(&self, request: Request, origin: Origin) -> Reply {
        let (reply, answer) = mpsc::sync_channel(1);
        let event = event_loop::Event::Request { request, origin, reply, expired: Box::new(|| false) };
        let ended = || Reply::Refused { refusal: Refusal::Ledger { detail: "the guard is ending".to_owned() } };
        if self.running.events.send(event).is_err() {
            return ended();
        }
        answer.recv().unwrap_or_else(|_| ended())
    }

    /// Seals the ledger and ends. What is held stays held.
    pub fn stop(self) {
        self.running.stop();
    }
}

/// The origin of what this process asks for by itself, as a command: the processes above it and their client, if any.
pub fn own_origin() -> Origin {
    start::origin_of_process(std::process::id())
}

/// How a verb of the command line was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acted {
    pub reply: Reply,
    /// A running guard did it; otherwise it was done here, and new connectors are not held.
    pub by_guard: bool,
    /// What no guard was there to tell: the ledger was lost.
    pub alarms: Vec<Notice>,
}

/// Why a verb could not be carried out. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    #[error("the guard does not answer")]
    NoAnswer { pid: Option<u32> },
    /// It may or may not have been done.
    #[error("the guard ended before it answered")]
    Gone,
    #[error("the guard speaks protocol {theirs}, this program speaks {ours}")]
    Protocol { theirs: u32, ours: u32 },
    #[error(transparent)]
    Start(#[from] StartError),
}

/// Sends a request to the running guard, or, where none runs, takes the lock and does it here.
pub fn act(host: &Host, request: &Request) -> Result<Acted, ActError> {
    alone::act(host, request)
}

/// What [`survey`] looks at.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Just these files, instead of the whole machine.
    pub paths: Vec<PathBuf>,
    /// The client whose files they are, where the path does not tell.
    pub client: Option<String>,
}

/// Why a survey could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SurveyError {
    #[error("{path} belongs to no client that is known")]
    UnknownClient { path: PathBuf },
    /// A file that was named and cannot be read; nothing else tells whose it is.
    #[error("{path} cannot be read: {trouble}")]
    Unreadable { path: PathBuf, trouble: FileTrouble },
    /// A file that was named and cannot be parsed; nothing else tells whose it is.
    #[error("{} cannot be parsed: {}", .0.path.display(), .0.error)]
    Unparsable(Box<Unparsable>),
    #[error("there is no client called {client}")]
    NoSuchClient { client: String },
    #[error("the ledger cannot be read: {detail}")]
    Ledger { detail: String },
}

/// A file that cannot be parsed, with its text, so that the line can be shown.
#[derive(Debug, Clone)]
pub struct Unparsable {
    pub path: PathBuf,
    pub text: String,
    pub error: crate::document::SyntaxError,
}

/// What a look at the machine found.
#[derive(Debug, Clone)]
pub struct Survey {
    pub inventory: Inventory,
    pub unparsable: Vec<Unparsable>,
    /// Of all rows.
    pub connectors: Vec<Arc<Connector>>,
    /// What is remembered, as it was read for the inventory.
    pub memory: Memory,
    /// Connectors with an approved launch that cannot be written back, and why not.
    pub not_kept: BTreeMap<ConnectorId, Refusal>,
}

/// Reads all connectors and what is remembered of them. Writes nothing and creates nothing.
///
/// `progress` is called with files done and files in all.
pub fn survey(
    host: &Host,
    scope: &Scope,
    wording: &Wording,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Survey, SurveyError> {
    survey::survey(host, scope, wording, progress)
}

/// One entry of the ledger as it is shown.
#[derive(Debug, Clone)]
pub struct HistoryEntry {
    pub seq: u64,
    pub at: Timestamp,
    pub record: Record,
    /// Sealed with the key.
    pub sealed: bool,
}

/// What is in force, from the newest checkpoint and the entries behind it. An unreadable ledger remembers nothing:
/// [`survey`] tells of it.
pub fn remembered(host: &Host) -> Memory {
    survey::recall(host).memory
}

/// Reads the ledger, oldest first. Empty where there is none.
pub fn history(host: &Host) -> Result<Vec<HistoryEntry>, SurveyError> {
    survey::history(host)
}

/// What [`verify`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verified {
    NoLedger,
    /// All entries follow from each other, and the sealed ones carry the right seal.
    Sound {
        entries: u64,
        sealed: u64,
        unsealed: u64,
        key: crate::report::LedgerState,
    },
    Broken {
        seq: u64,
        what: String,
    },
}

/// Verifies the whole ledger; opens the keyring.
pub fn verify(host: &Host, progress: &mut dyn FnMut(u64)) -> Result<Verified, SurveyError> {
    survey::verify(host, progress)
}

/// One line of `doctor`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// `guard`, `data-folder`, `ledger`, `keyring`, `exchange`, `watches`, `coverage`, `leftovers`, `age-limit`, `age-limit-offer`: message ids
    /// `doctor-<name>-<state>`.
    pub name: &'static str,
    pub state: CheckState,
    /// Values for the message. Beside a `detail` in English there may be a `why`: the id of a message that says the same.
    pub args: Vec<(&'static str, String)>,
}

/// How a line of `doctor` ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckState {
    Good,
    Note,
    Bad,
}

/// What files of settings say now, and what the user has decided beside them.
pub fn settings(host: &Host) -> (Layers, Own) {
    let memory = survey::recall(host).memory;
    (settings::layers_now(host, &memory), settings::own(&memory))
}

/// What one package manager is told about the age of versions in the user's own settings.
pub fn age_limit(host: &Host, tool: Tool) -> AgeLimit {
    age_limits::of_user(host, &survey::recall(host).memory, tool)
}

/// Where archives that no cache here has may be fetched from: nowhere while look-ups are off.
pub fn archives(host: &Host) -> Option<Arc<dyn ArchiveSource>> {
    look_ups::archives(host)
}

/// Looks at Gatehouse's own health.
pub fn check_up(host: &Host) -> Vec<Check> {
    check_up::check_up(host)
}
