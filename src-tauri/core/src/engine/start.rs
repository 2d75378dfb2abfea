//! Opening: lock, key, ledger and memory, first run or loss, and the parts of a running guard put together.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::clients;
use crate::connector::ConnectorId;
use crate::guard::Seen;
use crate::hold::{HoldStore, Step};
use crate::host::{Host, processes};
use crate::ipc;
use crate::ipc::{Deadline, GuardInfo, GuardLock, LockError, Notices, Peer, Server};
use crate::ledger::{
    self, Fault, FirstRun, Key, KeyAnswer, KeySource as _, KeyState, Ledger, LedgerError, Opened, OsKeyring, Problem,
    ReadOnly, Witnesses,
};
use crate::memory::Memory;
use crate::policy::Mode;
use crate::record::{Channel, Origin, Record};
use crate::request::{Notice, Refusal, Reply, Request};
use crate::watcher::Watcher;

use super::event_loop::{Event, EventLoop, KeyRequest};
use super::projection;
use super::state::{Engine, FirstLook, Parts};
use super::{GuardKind, Options, StartError};

/// A start waits so long for the keyring; later the key is taken when it comes.
const KEY_WAIT: Duration = Duration::from_millis(1_500);

/// At the end so much time is given to the keyring to take the checkpoint.
pub(super) const ANCHOR_WAIT: Duration = Duration::from_millis(1_000);

/// A running guard's threads and what ends them.
pub(super) struct Running {
    pub(super) events: Sender<Event>,
    thread: Option<JoinHandle<()>>,
    keys_done: Receiver<()>,
    server: Option<Server>,
    _lock: Arc<Mutex<GuardLock>>,
}

/// What a thread of the keyring answered at the start.
struct KeyAtStart {
    answer: KeyAnswer,
    /// There was a key before this start.
    existed: bool,
}

pub(super) fn guard_info(kind: ipc::GuardKind, mode: Mode) -> GuardInfo {
    GuardInfo {
        pid: std::process::id(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        kind,
        mode: mode_word(mode).to_owned(),
    }
}

pub(super) fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::Monitor => "monitor",
        Mode::Ask => "ask",
        Mode::Lockdown => "lockdown",
    }
}

pub(super) fn key_word(state: KeyState) -> &'static str {
    match state {
        KeyState::Keyed => "keyed",
        KeyState::Locked => "locked",
        KeyState::Missing => "missing",
        KeyState::None => "none",
    }
}

fn in_words(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Makes the data folder, for this user alone.
pub(super) fn prepare(host: &Host) -> Result<(), StartError> {
    let dir = host.data_dir();
    ledger::folder::ensure(&dir)
        .map_err(|error| StartError::DataFolder { path: dir.clone(), detail: error.to_string() })
}

pub(super) fn lock_error(error: LockError) -> StartError {
    match error {
        LockError::Busy { info } => StartError::Busy {
            pid: info.as_ref().map(|i| i.pid).filter(|pid| *pid != 0),
            kind: info.map(|i| kind_word(i.kind).to_owned()),
        },
        LockError::Io { path, source } => StartError::DataFolder { path, detail: source.to_string() },
    }
}

pub(super) fn kind_word(kind: ipc::GuardKind) -> &'static str {
    match kind {
        ipc::GuardKind::Tray => "tray",
        ipc::GuardKind::Watch => "watch",
        ipc::GuardKind::Command => "command",
        ipc::GuardKind::Unknown => "unknown",
    }
}

/// Starts the thread that alone talks to the keyring. Its first answer comes back; later ones go to `send`.
fn start_keys(
    dir: &Path,
    was_keyed: bool,
    send: impl Fn(KeyAnswer) + Send + 'static,
) -> (KeyAtStart, Sender<KeyRequest>, Receiver<()>) {
    let (ask, asked) = mpsc::channel();
    let (first, first_answer) = mpsc::sync_channel(1);
    let (done, keys_done) = mpsc::channel();
    let dir = dir.to_owned();
    let spawned = std::thread::Builder::new().name("keyring".into()).spawn(move || {
        let source = OsKeyring::new(&dir);
        // Asked once: a closed store asks its user each time.
        let key = source.get();
        let existed = matches!(key, Key::Available(_));
        let answer = ledger::complete(&source, key, was_keyed);
        if let Err(mpsc::TrySendError::Disconnected(late) | mpsc::TrySendError::Full(late)) =
            first.try_send(KeyAtStart { answer, existed })
        {
            send(late.answer);
        }
        while let Ok(request) = asked.recv() {
            match request {
                KeyRequest::Get { was_keyed } => send(ledger::ask_quietly(&source, was_keyed)),
                KeyRequest::Anchor(anchor) => {
                    if let Err(error) = source.set_anchor(&anchor) {
                        tracing::warn!(%error, "the checkpoint is not in the keyring");
                    }
                }
            }
        }
        let _ = done.send(());
    });
    let at_start = spawned
        .ok()
        .and_then(|_| first_answer.recv_timeout(KEY_WAIT).ok())
        .unwrap_or(KeyAtStart { answer: KeyAnswer::not_asked(), existed: false });
    (at_start, ask, keys_done)
}

/// The engine with its ledger open, before the first look.
pub(super) struct Opening {
    pub(super) engine: Engine,
    /// What the keyring answered in time.
    answer: KeyAnswer,
    pub(super) ask_key: Sender<KeyRequest>,
    pub(super) keys_done: Receiver<()>,
}

pub(super) fn open(
    host: &Host,
    can_ask: bool,
    tell: Box<dyn Fn(Notice) + Send>,
    observe: Box<dyn FnMut(Step) + Send>,
    key_arrived: impl Fn(KeyAnswer) + Send + 'static,
) -> Result<Opening, StartError> {
    let dir = host.data_dir();
    let fail = |error: LedgerError| match error {
        LedgerError::Newer { .. } => StartError::NewerLedger,
        other => StartError::Ledger { detail: other.to_string() },
    };
    let existed = ledger::exists(&dir);
    // A chain that cannot be asked may have had a key: then none is made.
    let was_keyed = match Ledger::open_read_only(&dir) {
        Ok(Some(read)) => read.was_keyed().unwrap_or(true),
        Ok(None) | Err(LedgerError::Damaged(_)) => false,
        Err(_) => true,
    };
    let mut witnesses = Witnesses::on_disk(&host.config_dir(), &dir);
    let (at_start, ask_key, keys_done) = start_keys(&dir, was_keyed, key_arrived);
    witnesses.keyring = at_start.existed;
    let (opened, damage) = match Ledger::open(&dir, &at_start.answer, host.now()) {
        Ok(opened) => (opened, None),
        Err(error @ (LedgerError::Damaged(_) | LedgerError::Unreadable { .. })) => {
            ledger::set_aside(&dir, host.now()).map_err(fail)?;
            (Ledger::open(&dir, &at_start.answer, host.now()).map_err(fail)?, Some(error.to_string()))
        }
        Err(error) => return Err(fail(error)),
    };
    let store = HoldStore::open(&dir)
        .map_err(|error| StartError::DataFolder { path: dir.clone(), detail: error.to_string() })?;
    let Opened { ledger, snapshot, tail, rescued, report } = opened;
    let memory = remember(snapshot.as_deref(), tail.iter());
    // A first run leaves the marker once its baseline is in the ledger: an empty database beside a witness is none. A key
    // is no such witness, for a first run that was killed leaves one.
    let begun = existed && (memory.has_baseline || !(witnesses.marker || witnesses.holds));
    let lost = match ledger::first_run(begun, witnesses) {
        FirstRun::Lost(told_by) if damage.is_none() => {
            Some(told_by.iter().map(|w| format!("{w:?}").to_lowercase()).collect::<Vec<_>>())
        }
        _ => (damage.is_some() || report.is_loss()).then(|| vec!["ledger".to_owned()]),
    };
    // Beside a ledger that was written to after its first run the marker is there, unless somebody took it.
    let marker_gone = lost.is_none() && memory.has_baseline && !witnesses.marker && has_run(&dir);
    let rescued = rescued.as_deref().and_then(|text| serde_json::from_str::<Memory>(text).ok());
    let mut engine =
        Engine::new(Parts { host: host.clone(), ledger, memory, store, key: None, can_ask, tell, observe });
    engine.take_value_key(&at_start.answer);
    if let Some(told_by) = lost {
        let detail = damage.unwrap_or_else(|| in_words(&report.problems));
        engine.begin_after_loss(rescued, told_by, detail);
    } else if !engine.memory.has_baseline {
        engine.first_look = Some(FirstLook::Baseline);
    }
    engine.opened_from = report.checkpoint.unwrap_or(0);
    engine.tell_doubts(&report.problems);
    if marker_gone {
        let detail = "the marker of the installation is gone".to_owned();
        engine.say(Notice::Ledger { state: "altered".to_owned(), detail });
    }
    // Those who only read do not ask the keyring.
    let key = engine.ledger.key_state();
    if (key == KeyState::Missing) != engine.memory.key_is_missing {
        engine.note(Record::KeyStateChanged { state: key_word(key).to_owned() });
    }
    Ok(Opening { engine, answer: at_start.answer, ask_key, keys_done })
}

/// Whether a guard or a command has come to its end or past its first look: it leaves the marker before that.
fn has_run(dir: &Path) -> bool {
    let mut found = false;
    let read = Ledger::open_read_only(dir);
    let all = read.ok().flatten().map(|read| {
        read.entries(1, |entry| {
            found = matches!(serde_json::from_str(&entry.body), Ok(Record::Started { .. } | Record::Stopped));
            if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
    });
    found && matches!(all, Some(Ok(())))
}

/// Folds a snapshot and the entries behind it.
pub(super) fn remember<'a>(snapshot: Option<&str>, tail: impl Iterator<Item = &'a ledger::Entry>) -> Memory {
    let mut memory: Memory = snapshot.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    for entry in tail {
        match serde_json::from_str::<Record>(&entry.body) {
            Ok(record) => memory.apply(entry.seq, entry.at, &record),
            // An entry of a later version says nothing to this one.
            Err(error) => tracing::warn!(seq = entry.seq, %error, "an entry is not understood"),
        }
    }
    memory
}

/// What a reader without the key makes of the ledger.
pub(super) fn remember_read_only(read: &ReadOnly) -> Memory {
    remember(read.snapshot.as_deref(), read.tail.iter())
}

impl Engine {
    /// Starts anew after a loss: approvals are void, refusals stay, what is held stays held.
    fn begin_after_loss(&mut self, rescued: Option<Memory>, told_by: Vec<String>, detail: String) {
        // The checkpoint's file may know more than what could be read of the ledger itself.
        let best = match rescued {
            Some(rescued) if rescued.seq >= self.memory.seq || !self.memory.has_baseline => Some(rescued),
            _ => self.memory.has_baseline.then(|| self.memory.clone()),
        };
        let known = best.as_ref().map(|memory| {
            let seen = |known: &crate::memory::Remembered| {
                known.known.in_force.as_ref().map(|(seen, _)| seen.clone()).filter(|_| known.present)
            };
            let pairs = memory.connectors.iter().filter_map(|(id, known)| Some((id.clone(), seen(known)?)));
            pairs.collect::<BTreeMap<ConnectorId, Seen>>()
        });
        if let Some(best) = &best {
            self.memory.decisions.refusals = best.decisions.refusals.clone();
            // What the user has set holds on: it may be stricter than what is set by itself.
            self.memory.mode = best.mode;
            self.memory.cli_approvals = best.cli_approvals;
            self.memory.look_ups = best.look_ups;
            self.memory.folders = best.folders.clone();
            self.memory.client_paths = best.client_paths.clone();
        }
        self.lost = true;
        self.note(Record::LedgerLost { told_by: told_by.clone(), detail: detail.clone() });
        self.first_look = Some(FirstLook::AfterLoss { known });
        self.say(Notice::Ledger { state: "lost".to_owned(), detail: format!("{} {detail}", told_by.join(", ")) });
    }

    /// A ledger that turns out to be broken while the guard runs. What lies before the last loss is known to be in doubt.
    pub(super) fn lose_ledger(&mut self, problems: &[Problem]) {
        let is_news = |problem: &&Problem| match problem {
            Problem::Broken { seq, .. } => *seq > self.memory.lost_seq,
            // The keyring still remembers the chain that is lost, if it could not be reached then.
            Problem::RolledBack { .. } => !self.lost,
            _ => problem.is_loss(),
        };
        let news: Vec<_> = problems.iter().filter(is_news).cloned().collect();
        if news.is_empty() {
            self.tell_doubts(problems);
            let is_altered = |problem: &Problem| matches!(problem, Problem::Checkpoint { fault: Fault::Snapshot, .. });
            if problems.iter().any(is_altered) {
                self.fold_anew();
            }
            return;
        }
        if self.flush().is_err() {
            return;
        }
        self.begin_anew(in_words(&news));
    }

    /// Gives an alarm for what is wrong beside the entries, once each. After a loss it is known.
    fn tell_doubts(&mut self, problems: &[Problem]) {
        // A checkpoint before the one that was opened from counts for nothing any more, whatever was done to it.
        let counts = |problem: &&Problem| match problem {
            Problem::Checkpoint { seq, .. } => *seq >= self.opened_from,
            problem => !problem.is_loss(),
        };
        let doubts: Vec<_> = problems.iter().filter(counts).map(ToString::to_string).collect();
        let news: Vec<_> = doubts.into_iter().filter(|doubt| self.doubts.insert(doubt.clone())).collect();
        if !self.lost && !news.is_empty() {
            self.say(Notice::Ledger { state: "altered".to_owned(), detail: news.join("; ") });
        }
    }

    /// What is in force is made anew from all entries, because what was made of them before was altered.
    fn fold_anew(&mut self) {
        if self.flush().is_err() {
            return;
        }
        let Some(mut memory) = projection::fold(&self.host.data_dir(), self.ledger.last()) else { return };
        // After a loss more may be refused than the entries tell.
        let refusals = std::mem::take(&mut self.memory.decisions.refusals);
        let further = refusals.into_iter().filter(|refusal| !memory.decisions.refusals.contains(refusal));
        let further: Vec<_> = further.collect();
        memory.decisions.refusals.extend(further);
        self.memory = memory;
        self.checkpoint();
        self.reconcile_all();
    }

    /// Starts a new ledger where pages of the old one turn out to be unreadable.
    pub(super) fn renew_ledger(&mut self) {
        let Some(detail) = self.damaged.take() else { return };
        if let Err(error) = self.ledger.renew(self.host.now()) {
            tracing::error!(%error, "no new ledger could be made");
            (self.tell)(Notice::Ledger { state: "unwritable".to_owned(), detail: error.to_string() });
            return;
        }
        self.forget_pending();
        self.begin_anew(detail);
    }

    fn begin_anew(&mut self, detail: String) {
        self.begin_after_loss(None, vec!["ledger".to_owned()], detail);
        for file in self.files.values_mut() {
            file.digest = None;
        }
        self.held.clear();
        self.stashes.clear();
        self.first_look_at_all();
    }

    /// Finishes what was under way, looks at everything once, and closes the first look.
    pub(super) fn first_look_at_all(&mut self) {
        let after_loss = matches!(self.first_look, Some(FirstLook::AfterLoss { .. }));
        if after_loss {
            self.rebuild_holds();
        }
        self.recover();
        // What came due while nobody looked.
        self.delete_removed();
        let kept_approved = self.to_be_kept_approved();
        self.locate();
        self.look_at_all();
        self.finish_keeping_approved(kept_approved);
        if let Some(first) = self.first_look.take() {
            if matches!(first, FirstLook::Baseline) {
                let connectors = self.memory.connectors.len();
                self.note(Record::Baseline { connectors });
            }
            let _ = self.flush();
            self.checkpoint();
        }
        self.starts = false;
        // Only once the baseline is in the ledger: before that, an end is no loss.
        if self.memory.has_baseline
            && self.is_flushed()
            && let Err(error) = ledger::mark_installed(&self.host.config_dir())
        {
            tracing::warn!(%error, "the installed marker could not be written");
        }
        // What was decided while no guard ran, or what a pause that ended has left.
        self.reconcile();
        let _ = self.flush();
    }
}

impl Running {
    pub(super) fn start(
        host: Host,
        options: Options,
        tell: impl Fn(Notice) + Send + 'static,
        observe: Box<dyn FnMut(Step) + Send>,
    ) -> Result<Self, StartError> {
        let kind = match options.kind {
            GuardKind::Tray => ipc::GuardKind::Tray,
            GuardKind::Watch => ipc::GuardKind::Watch,
        };
        prepare(&host)?;
        let lock = GuardLock::acquire(&host.data_dir(), &guard_info(kind, Mode::Ask)).map_err(lock_error)?;
        let (events, inbox) = mpsc::channel();
        let subscribers: Arc<OnceLock<Notices>> = Arc::default();
        let tell = {
            let subscribers = Arc::clone(&subscribers);
            move |notice: Notice| {
                if let Some(subscribers) = subscribers.get() {
                    subscribers.send(&notice);
                }
                tell(notice);
            }
        };
        let to_loop = events.clone();
        let opening = open(&host, options.can_ask, Box::new(tell), observe, move |answer| {
            let _ = to_loop.send(Event::Key(answer));
        })?;
        let Opening { mut engine, answer, ask_key, keys_done } = opening;
        engine.has_window = options.kind == GuardKind::Tray;
        let walked = events.clone();
        engine.walker = super::projects::start_walker(move |event| drop(walked.send(event)));
        engine.walk();
        let to_loop = events.clone();
        let mut watcher = Watcher::new(move |signal| drop(to_loop.send(Event::Signal(signal))))
            .map_err(|error| StartError::Watcher { detail: error.to_string() })?;
        // The watches stand before the look: what is saved in between is seen by one of the two.
        engine.locate();
        let (files, listed) = engine.watched();
        watcher.set_files(&files, &listed);
        engine.locate();
        engine.follow_settings();
        engine.first_look_at_all();
        let lock = Arc::new(Mutex::new(lock));
        let mode_changed = {
            let lock = Arc::clone(&lock);
            move |mode| {
                let mut lock = lock.lock().unwrap_or_else(PoisonError::into_inner);
                let _ = lock.tell(&guard_info(kind, mode));
            }
        };
        mode_changed(engine.policy().mode());
        let mut event_loop = EventLoop::new(engine, watcher, inbox, ask_key, Box::new(mode_changed));
        event_loop.follow_locations();
        let server = {
            let guard = lock.lock().unwrap_or_else(PoisonError::into_inner);
            let events = Mutex::new(events.clone());
            ipc::serve(&guard, runtime(&host).as_deref(), move |peer: Peer, request: Request, deadline: Deadline| {
                ask_loop(&events, request, origin_of(peer), deadline)
            })
            .map_err(|error| StartError::DataFolder { path: host.data_dir(), detail: error.to_string() })?
        };
        let _ = subscribers.set(server.notices());
        let kind = options.kind;
        event_loop.engine.note(Record::Started {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            kind: if kind == GuardKind::Tray { "tray" } else { "watch" }.to_owned(),
        });
        let _ = event_loop.engine.flush();
        event_loop.engine.renew_ledger();
        let looked = events.clone();
        event_loop.engine.start_artefacts(move |event| drop(looked.send(event)));
        event_loop.engine.follow_artefacts();
        let published = events.clone();
        event_loop.engine.start_look_ups(move |event| drop(published.send(event)));
        event_loop.engine.follow_look_ups();
        let files = event_loop.engine.paths().len();
        event_loop.engine.say(Notice::Guarding { files });
        event_loop.engine.ask_again();
        let _ = event_loop.engine.flush();
        event_loop.send_anchor();
        verify_all(&host, answer, events.clone());
        let found = events.clone();
        event_loop.engine.find_writers = super::old_files::start_finder(move |event| drop(found.send(event)));
        let thread = std::thread::Builder::new()
            .name("engine".into())
            .spawn(move || event_loop.run())
            .map_err(|error| StartError::Watcher { detail: error.to_string() })?;
        Ok(Self { events, thread: Some(thread), keys_done, server: Some(server), _lock: lock })
    }

    pub(super) fn stop(mut self) {
        // No new requests while the loop ends; those under way are answered.
        let _ = self.events.send(Event::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        drop(self.server.take());
        let _ = self.keys_done.recv_timeout(ANCHOR_WAIT);
    }
}

/// Verifies the whole chain in a thread of its own: opening looks only at what came after the newest checkpoint.
fn verify_all(host: &Host, answer: KeyAnswer, events: Sender<Event>) {
    let dir = host.data_dir();
    let spawned = std::thread::Builder::new().name("verification".into()).spawn(move || {
        match ledger::verify(&dir, &answer, |_| {}) {
            Ok(Some(mut found)) => {
                found.problems.extend(projection::altered(&dir, &found));
                if !found.is_sound() {
                    drop(events.send(Event::Verified(found.problems)));
                }
            }
            Ok(None) => {}
            Err(error @ (LedgerError::Damaged(_) | LedgerError::Unreadable { .. })) => {
                drop(events.send(Event::Damaged(error.to_string())));
            }
            Err(error) => tracing::warn!(%error, "the ledger could not be verified"),
        }
    });
    if let Err(error) = spawned {
        tracing::warn!(%error, "the ledger is not verified");
    }
}

/// The user's folder for sockets, for data folders whose path is too long for one.
pub(super) fn runtime(host: &Host) -> Option<std::path::PathBuf> {
    host.var("XDG_RUNTIME_DIR").map(std::path::PathBuf::from)
}

fn ask_loop(events: &Mutex<Sender<Event>>, request: Request, origin: Origin, deadline: Deadline) -> Reply {
    let (reply, answer) = mpsc::sync_channel(1);
    let sent = events.lock().unwrap_or_else(PoisonError::into_inner).send(Event::Request {
        request,
        origin,
        reply,
        expired: Box::new(move || deadline.passed()),
    });
    let left = deadline.at().saturating_duration_since(Instant::now());
    let gone = || Reply::Refused { refusal: Refusal::Ledger { detail: "the guard is ending".to_owned() } };
    if sent.is_err() { gone() } else { answer.recv_timeout(left).unwrap_or_else(|_| gone()) }
}

/// Who is at the other end: the guard looks itself and believes nothing that it is told.
pub(super) fn origin_of(peer: Peer) -> Origin {
    let Some(pid) = peer.pid else {
        return Origin { channel: Channel::Terminal, parents: Vec::new(), client: None };
    };
    origin_of_process(pid)
}

/// The origin of a decision that a process gives.
pub(super) fn origin_of_process(pid: u32) -> Origin {
    let ancestry = processes::ancestry(pid);
    let client = ancestry.iter().find_map(|process| {
        let file_name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
        let exe = process.exe.as_deref().and_then(file_name);
        let words = process.words.iter().filter_map(|word| file_name(Path::new(word)));
        let names = std::iter::once(process.name.clone()).chain(exe).chain(words);
        names.into_iter().find_map(|name| clients::by_process(&name)).map(|row| row.id.to_owned())
    });
    Origin { channel: Channel::Terminal, parents: ancestry.into_iter().map(|p| p.name).collect(), client }
}
