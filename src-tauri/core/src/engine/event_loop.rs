//! The one loop: watchers, the socket, the desk and the keyring only send events; this owns all state.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender};
use std::time::{Duration, Instant};

use crate::ledger::{KeyAnswer, KeyState, Problem};
use crate::policy::Mode;
use crate::record::{Origin, Record};
use crate::request::{Notice, Reply, Request};
use crate::watcher::pace::Pace;
use crate::watcher::{Signal, Touch, Watched, Watcher};

use super::artefacts::Looked;
use super::holding::QUIET;
use super::look_ups::Round;
use super::old_files::Found;
use super::projects::{WALK_AGAIN, Walked};
use super::state::Engine;

/// So often files without events are looked at.
pub(super) const POLL: Duration = Duration::from_secs(2);

/// So often things that depend on the clock alone are looked at: the end of a pause, bytes to be deleted.
const TICK: Duration = Duration::from_secs(30);

/// After so much quiet the ledger is sealed, where that is due.
const SEAL_QUIET: Duration = Duration::from_millis(500);

/// A clock that jumped by so much more than was waited means that the machine slept.
const SLEPT: Duration = Duration::from_secs(20);

/// Without its key for so long the ledger gives an alarm.
const KEYLESS: Duration = Duration::from_secs(600);

/// Whether the keyring can be asked without asking its user in turn.
const ASKS_QUIETLY: bool = cfg!(target_os = "linux");

/// All that happens to a guard.
pub(super) enum Event {
    Signal(Signal),
    Request {
        request: Request,
        origin: Origin,
        reply: SyncSender<Reply>,
        expired: Box<dyn Fn() -> bool + Send>,
    },
    Key(KeyAnswer),
    /// What the walk for projects found.
    Walked(Walked),
    /// Code that is other code than before.
    Artefacts(Vec<Looked>),
    /// What registries say of packages.
    Published(Round),
    /// Outlines of such code are kept.
    Outlined,
    /// Which old files somebody has open for writing.
    Writers(Vec<Found>),
    /// What the verification of the whole ledger found.
    Verified(Vec<Problem>),
    /// It cannot be read to its end.
    Damaged(String),
    Stop,
}

/// The loop with its timers.
pub(super) struct EventLoop {
    pub(super) engine: Engine,
    pub(super) watcher: Watcher,
    pub(super) events: Receiver<Event>,
    /// Asks the thread of the keyring to look again.
    pub(super) ask_key: Sender<KeyRequest>,
    pace: Pace,
    next_poll: Option<Instant>,
    next_tick: Instant,
    next_walk: Instant,
    /// When a file was looked at last, or the ledger was sealed or its log written back, in vain as well: what failed is
    /// not tried again at once.
    quiet_since: Instant,
    keyless_since: Option<Instant>,
    told_keyless: bool,
    /// When the keyring is asked again, and the pause after that.
    key_again: Instant,
    key_pause: Duration,
    mode: Mode,
    paused: bool,
    /// Up to when approvals that ended were looked for.
    expired_to: jiff::Timestamp,
    pub(super) mode_changed: Box<dyn Fn(Mode) + Send>,
}

/// What the thread of the keyring is asked for.
pub(super) enum KeyRequest {
    /// Whether the chain has been keyed before.
    Get {
        was_keyed: bool,
    },
    Anchor(crate::ledger::Anchor),
}

impl EventLoop {
    pub(super) fn new(
        engine: Engine,
        watcher: Watcher,
        events: Receiver<Event>,
        ask_key: Sender<KeyRequest>,
        mode_changed: Box<dyn Fn(Mode) + Send>,
    ) -> Self {
        let now = Instant::now();
        let expired_to = engine.host.now();
        let (mode, paused) = (engine.policy().mode(), engine.policy().is_paused(engine.host.now()));
        let mut event_loop = Self {
            engine,
            watcher,
            events,
            ask_key,
            pace: Pace::new(),
            next_poll: None,
            next_tick: now + TICK,
            next_walk: now + WALK_AGAIN,
            quiet_since: now,
            keyless_since: None,
            told_keyless: false,
            key_again: now,
            key_pause: TICK,
            mode,
            paused,
            expired_to,
            mode_changed,
        };
        event_loop.watch_key(now);
        event_loop.follow_expiry();
        event_loop
    }

    /// Stands the watches of all locations and looks at what may have slipped in before they stood.
    pub(super) fn follow_locations(&mut self) {
        while std::mem::take(&mut self.engine.locations_changed) {
            let (files, listed) = self.engine.watched();
            let lists_more = listed != *self.watcher.listed();
            let stale = self.watcher.set_files(&files, &listed);
            for path in stale {
                self.engine.look(&path);
            }
            // A name may have come into such a folder after it was read and before its watch stood.
            if lists_more {
                self.engine.locate();
            }
        }
        self.plan_polling();
    }

    /// Runs until it is told to stop.
    pub(super) fn run(mut self) {
        loop {
            let deadline = self.next_deadline();
            let waited_from = (Instant::now(), self.engine.host.now());
            let wait = deadline.saturating_duration_since(waited_from.0);
            match self.events.recv_timeout(wait) {
                Ok(Event::Stop) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(event) => {
                    self.take(event);
                    // What is there already is taken together, so that a burst is one look.
                    while let Ok(event) = self.events.try_recv() {
                        if matches!(event, Event::Stop) {
                            self.end();
                            return;
                        }
                        self.take(event);
                    }
                }
                Err(RecvTimeoutError::Timeout) => self.notice_sleep(waited_from),
            }
            self.work();
        }
        self.end();
    }

    fn next_deadline(&self) -> Instant {
        let mut next = self.next_tick;
        let old = self.engine.old_files.iter().map(|old| old.due);
        let again = self.engine.again.values().copied();
        if self.engine.ledger.due() || self.engine.ledger.write_back_due() {
            next = next.min(self.quiet_since + SEAL_QUIET);
        }
        for at in old.chain(again).chain(self.pace.next()).chain(self.next_poll) {
            next = next.min(at);
        }
        next
    }

    /// A sleeping machine loses events of network and other file systems: everything is looked at again.
    fn notice_sleep(&mut self, (instant, clock): (Instant, jiff::Timestamp)) {
        let passed = Instant::now().duration_since(instant);
        let by_clock = Duration::try_from(self.engine.host.now().duration_since(clock)).unwrap_or_default();
        if by_clock > passed + SLEPT {
            self.engine.look_at_all();
        }
    }

    fn take(&mut self, event: Event) {
        let now = Instant::now();
        match event {
            Event::Signal(Signal::Touched { path, kind }) => self.pace.note(&path, kind, now),
            Event::Signal(Signal::OldFile { path, kind }) => {
                for old in self.engine.old_files.iter_mut().filter(|old| old.file.temp == path) {
                    // A closed file is final; one that is being written rests first.
                    old.due = if kind == Touch::Closed { now } else { now + QUIET };
                }
            }
            Event::Signal(Signal::Rescan(_)) => {
                let stale = self.watcher.refresh();
                for path in stale {
                    self.engine.look(&path);
                }
                self.engine.locate();
                self.engine.walk();
                self.engine.follow_settings();
            }
            Event::Signal(Signal::Polling { path } | Signal::Failed { path, .. }) => {
                tracing::warn!(path = %path.display(), "no events for a file: it is polled");
                self.plan_polling();
            }
            Event::Request { request, origin, reply, expired } => {
                // Whoever asked has been told by now that nothing was done.
                if expired() {
                    return;
                }
                let answer = self.engine.answer(request, &origin);
                // A command that was ended does not wait for its answer.
                let _ = reply.send(answer);
            }
            Event::Key(answer) => self.key_arrived(&answer),
            Event::Walked(walked) => self.engine.take_walked(walked),
            Event::Artefacts(looked) => self.engine.take_artefacts(looked),
            Event::Published(round) => self.engine.take_published(round),
            Event::Outlined => self.engine.name_outlines(),
            Event::Writers(found) => self.engine.settle_found(&found),
            Event::Verified(problems) => self.engine.lose_ledger(&problems),
            Event::Damaged(detail) => self.engine.damaged = Some(detail),
            Event::Stop => {}
        }
    }

    fn work(&mut self) {
        let now = Instant::now();
        let mut due = self.pace.due(now);
        due.extend(self.engine.again.iter().filter(|(_, at)| **at <= now).map(|(path, _)| path.clone()));
        for path in due {
            self.engine.look(&path);
            self.quiet_since = Instant::now();
            self.pace.looked(&path, self.quiet_since);
        }
        self.engine.settle_due(now);
        if self.next_poll.is_some_and(|at| at <= now) {
            for path in self.polled() {
                self.engine.look(&path);
            }
            if self.watcher.is_blind_to_names() {
                self.engine.locate();
            }
            self.plan_polling();
        }
        if self.next_tick <= now {
            self.tick(now);
        }
        if self.engine.locations_changed {
            self.follow_locations();
        }
        self.engine.follow_artefacts();
        self.engine.follow_look_ups();
        self.follow_mode();
        self.follow_expiry();
        let _ = self.engine.flush();
        self.engine.renew_ledger();
        self.seal();
        self.send_anchor();
    }

    /// Sealing writes all that is in force, and writing the log back takes fsyncs: no edit shall wait for either, so they
    /// are done in a quiet moment.
    fn seal(&mut self) {
        let ledger = &self.engine.ledger;
        let is_quiet = self.quiet_since.elapsed() >= SEAL_QUIET;
        let (seals, writes_back) = (ledger.overdue() || ledger.due() && is_quiet, ledger.write_back_due() && is_quiet);
        if seals {
            self.engine.checkpoint();
        }
        if writes_back {
            self.engine.write_back();
        }
        if seals || writes_back {
            self.quiet_since = Instant::now();
        }
    }

    /// Has the newest checkpoint remembered by the keyring.
    pub(super) fn send_anchor(&mut self) {
        if let Some(anchor) = self.engine.take_anchor() {
            let _ = self.ask_key.send(KeyRequest::Anchor(anchor));
        }
    }

    fn tick(&mut self, now: Instant) {
        self.next_tick = now + TICK;
        if self.next_walk <= now {
            self.next_walk = now + WALK_AGAIN;
            self.engine.walk();
        }
        self.engine.delete_removed();
        // Some rights come back without an event: that of a folder far above, the last but one of two names.
        for path in self.engine.refused_for_rights() {
            self.engine.look(&path);
        }
        self.watch_key(now);
        self.engine.follow_settings();
        let _ = self.engine.flush();
    }

    fn follow_mode(&mut self) {
        let policy = self.engine.policy();
        let (mode, paused) = (policy.mode(), policy.is_paused(self.engine.host.now()));
        if mode != self.mode {
            self.mode = mode;
            (self.mode_changed)(mode);
        }
        // The end of a pause: what came during it is new now.
        if self.paused && !paused {
            if policy.paused_until.is_some() {
                self.engine.say(Notice::Paused { until: None });
            }
            self.engine.reconcile_all();
        }
        self.paused = paused;
        if let Some(until) = policy.paused_until.filter(|_| paused) {
            self.tick_at(until);
        }
    }

    /// What an approval let run is judged when it ends, not when its file is saved next.
    fn follow_expiry(&mut self) {
        let now = self.engine.host.now();
        let approvals = &self.engine.memory.decisions.approvals;
        // An approval may have been given since, and have ended since, if the clock has jumped.
        let ended = approvals.iter().filter_map(|a| a.expires).any(|at| self.expired_to < at && at <= now);
        let next = approvals.iter().filter_map(|a| a.expires).filter(|at| now < *at).min();
        self.expired_to = now;
        if ended {
            self.engine.reconcile_all();
        }
        if let Some(at) = next {
            self.tick_at(at);
        }
    }

    fn tick_at(&mut self, at: jiff::Timestamp) {
        let left = at.duration_since(self.engine.host.now());
        let left = Duration::try_from(left).unwrap_or_default() + Duration::from_millis(1);
        self.next_tick = self.next_tick.min(Instant::now() + left);
    }

    fn polled(&self) -> Vec<std::path::PathBuf> {
        let polled = self.watcher.watched().into_iter().filter(|(_, how)| *how == Watched::Poll);
        polled.map(|(path, _)| path.to_owned()).collect()
    }

    fn plan_polling(&mut self) {
        let polled = self.polled();
        let polls = !polled.is_empty() || self.watcher.is_blind_to_names();
        self.next_poll = polls.then(|| Instant::now() + POLL);
        let polled: BTreeSet<_> = polled.into_iter().collect();
        if polled != self.engine.memory.polled {
            self.engine.note(Record::Polled { files: polled });
        }
    }

    /// Asks for a key that is locked or missing, and gives the alarm when it stays away.
    fn watch_key(&mut self, now: Instant) {
        match self.engine.ledger.key_state() {
            KeyState::Keyed => {
                self.keyless_since = None;
                self.told_keyless = false;
                self.key_pause = TICK;
            }
            state @ (KeyState::Locked | KeyState::Missing) => {
                // Where each asking may be a prompt, it comes ever more rarely.
                if ASKS_QUIETLY || self.key_again <= now {
                    let was_keyed = self.engine.ledger.was_keyed();
                    let _ = self.ask_key.send(KeyRequest::Get { was_keyed });
                    self.key_again = now + self.key_pause;
                    self.key_pause = (self.key_pause * 2).min(KEYLESS);
                }
                let since = *self.keyless_since.get_or_insert(now);
                if !self.told_keyless && now.duration_since(since) >= KEYLESS {
                    self.told_keyless = true;
                    let state = if state == KeyState::Locked { "locked" } else { "missing" };
                    (self.engine.tell)(Notice::Ledger { state: state.to_owned(), detail: String::new() });
                }
            }
            KeyState::None => {}
        }
    }

    fn key_arrived(&mut self, answer: &KeyAnswer) {
        let before = self.engine.ledger.key_state();
        match self.engine.ledger.key_arrived(answer) {
            Ok(report) => {
                self.engine.take_value_key(answer);
                if report.key != before {
                    let state = super::start::key_word(report.key).to_owned();
                    self.engine.note(Record::KeyStateChanged { state });
                }
                self.engine.lose_ledger(&report.problems);
                let _ = self.engine.flush();
            }
            Err(error) => tracing::warn!(%error, "the key could not be taken"),
        }
    }

    fn end(mut self) {
        // What nobody writes to goes now: it may hold secrets. The rest is the next guard's.
        self.engine.settle_all_old(&self.events);
        self.engine.note(Record::Stopped);
        let _ = self.engine.flush();
        self.engine.checkpoint();
        self.send_anchor();
    }
}
