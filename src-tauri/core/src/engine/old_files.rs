//! Looking after the files that were taken out of their places, until nobody writes to them any more.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use crate::document::Document;
use crate::hold::settle::{AdoptError, SettleError};
use crate::hold::{Settled, swap};
use crate::host::files::{self, Digest, ReadError, Stamp};
use crate::host::writers;

use super::event_loop::{Event, POLL};
use super::holding::QUIET;
use super::state::{Aging, Engine};

/// Late bytes that cannot be parsed, or are none, for so long are taken as they are: it is what somebody saved.
const LATE_BROKEN: Duration = Duration::from_secs(3);

/// So long a folder that was moved is waited for: an old file in it moves with it.
const AWAY: Duration = Duration::from_secs(60);

/// An old file that was looked for among all open files.
pub(super) struct Found {
    temp: PathBuf,
    stamp: Stamp,
    /// Somebody has it open for writing.
    open: bool,
}

/// Starts the thread that looks for writers: it goes through the open files of the whole machine, which no save waits
/// for. `None` where no thread can be had; then the loop looks itself.
pub(super) fn start_finder(send: impl Fn(Event) + Send + 'static) -> Option<Sender<Vec<(PathBuf, Stamp)>>> {
    let (ask, asked) = mpsc::channel::<Vec<(PathBuf, Stamp)>>();
    let find = move || {
        while let Ok(mut files) = asked.recv() {
            files.extend(asked.try_iter().flatten());
            let stamps: Vec<_> = files.iter().map(|(_, stamp)| *stamp).collect();
            let open = writers::open_for_writing(&stamps).unwrap_or_else(|| vec![false; stamps.len()]);
            let found = files.into_iter().zip(open).map(|((temp, stamp), open)| Found { temp, stamp, open });
            send(Event::Writers(found.collect()));
        }
    };
    let spawned = std::thread::Builder::new().name("writers".into()).spawn(find);
    spawned.is_ok().then_some(ask)
}

impl Engine {
    /// Settles all old files, as far as nobody writes to them; what is left is the next guard's. Takes a late key
    /// meanwhile.
    pub(super) fn settle_all_old(&mut self, inbox: &Receiver<Event>) {
        self.find_writers = None;
        let now = Instant::now();
        for old in self.old_files.iter_mut().filter(|old| old.rests_until > now) {
            old.rests_until = now;
            old.due = old.due.min(old.since + QUIET);
        }
        let until = Instant::now() + Duration::from_secs(1);
        while let Some(due) = self.old_files.iter().map(|old| old.due).min().filter(|due| *due < until) {
            match inbox.recv_timeout(due.saturating_duration_since(Instant::now())) {
                Ok(Event::Key(answer)) => drop(self.ledger.key_arrived(&answer)),
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => self.settle_due(Instant::now()),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Looks at the old files whose time has come: one goes only when nobody writes to it.
    pub(super) fn settle_due(&mut self, now: Instant) {
        let (due, rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.old_files).into_iter().partition(|old| old.due <= now);
        self.old_files = rest;
        let mut asked = Vec::new();
        for old in due {
            if now < old.rests_until && old.file.is_unchanged() {
                // An event of the file comes before that.
                self.old_files.push(Aging { due: old.rests_until, ..old });
                continue;
            }
            let stamp = self.find_writers.as_ref().and_then(|_| files::stamp(&old.file.temp).ok());
            match stamp {
                Some(stamp) => {
                    asked.push((old.file.temp.clone(), stamp));
                    // The answer settles it; without one it is asked for again.
                    self.old_files.push(Aging { due: now + POLL, ..old });
                }
                None => {
                    let settled = old.file.settle(&mut *self.observe);
                    self.settled(old, settled);
                }
            }
        }
        if let Some(find) = self.find_writers.as_ref().filter(|_| !asked.is_empty()) {
            let _ = find.send(asked);
        }
    }

    /// Settles the old files that the thread of the writers has looked for.
    pub(super) fn settle_found(&mut self, found: &[Found]) {
        for Found { temp, stamp, open } in found {
            let Some(at) = self.old_files.iter().position(|old| old.file.temp == *temp) else { continue };
            let old = self.old_files.swap_remove(at);
            let is_open = |now: &Stamp| *open || !now.same_file(stamp);
            let settled = old.file.settle_by(is_open, &mut *self.observe);
            self.settled(old, settled);
        }
    }

    fn settled(&mut self, old: Aging, settled: Result<Settled, SettleError>) {
        match settled {
            Ok(Settled::Quiet) => {}
            // Its folder may come back, and the file in it.
            Ok(Settled::Gone) => {
                let now = Instant::now();
                let is_away = old.file.folder().is_some_and(|folder| !folder.exists());
                if is_away && now.duration_since(old.since) < AWAY {
                    self.old_files.push(Aging { due: now + POLL, ..old });
                }
            }
            Ok(Settled::Writing) => {
                // Its closing is an event. Looking for its writer goes through all open files of the machine, so the
                // longer a descriptor stays open, the less often that is done.
                let now = Instant::now();
                let rest = now.duration_since(old.since).clamp(QUIET, POLL);
                self.old_files.push(Aging { due: now + rest, ..old });
            }
            Ok(Settled::Late(bytes)) => self.adopt_late(old, &bytes),
            Err(error) => tracing::warn!(%error, "an old file stays"),
        }
    }

    /// Bytes that somebody saved into a file that had been swapped out are a save like any other: they are judged and
    /// put in place.
    pub(super) fn adopt_late(&mut self, old: Aging, bytes: &[u8]) {
        let now = Instant::now();
        let again = |old: Aging| Aging { due: now + QUIET, ..old };
        let Some(path) = self.path_of_target(&old.file.target) else {
            return self.old_files.push(Aging { due: now + POLL, ..old });
        };
        let format = self.locations_of(&path).first().map(|l| l.row.file.format);
        let parsed = format.map(|format| Document::parse(format, bytes.to_vec()));
        // A writer that is still in the call that opens the file may have emptied it, and has no descriptor that could be
        // seen: on a busy disk that call takes its time. Nothing but the writer's next bytes tells that from an empty save.
        if bytes.is_empty() || !matches!(parsed, Some(Ok(_))) {
            let since = *old.late_since.as_ref().unwrap_or(&now);
            if now.duration_since(since) < LATE_BROKEN {
                return self.old_files.push(again(Aging { late_since: Some(since), ..old }));
            }
        }
        match old.file.adopt(bytes, bytes, &mut *self.observe) {
            Ok(adopted) => {
                if let Some(replaced) = adopted.replaced {
                    self.age(replaced.old);
                }
                self.age(adopted.rest);
                // The late save stands at the path now, and is judged like any other.
                self.look_anew(&path);
            }
            Err(error @ AdoptError::Third { .. }) => {
                // Our own file is younger than the save that it was planned from.
                let newer = error.late_is_newer(self.planned_from(&error));
                let AdoptError::Third { standing, .. } = error else { return };
                if newer {
                    match swap::replace(&standing, bytes, &mut *self.observe) {
                        Ok(replaced) => {
                            self.age(replaced.old);
                            let file = crate::hold::OldFile { base: Digest::of(bytes), ..old.file };
                            self.age(Some(file));
                            self.look_anew(&path);
                        }
                        Err(_) => self.old_files.push(again(old)),
                    }
                } else if let Err(error) = old.file.discard(bytes, &mut *self.observe) {
                    tracing::warn!(%error, "an old file stays");
                }
            }
            // The file was deleted after the swap. The late save went into a file that has no name any more, as it would
            // have without the swap.
            Err(AdoptError::Read(ReadError::Absent { .. })) => {
                if let Err(error) = old.file.discard(bytes, &mut *self.observe) {
                    tracing::warn!(%error, "an old file stays");
                }
            }
            Err(error) => {
                tracing::warn!(%error, "a late save could not be taken up yet");
                self.old_files.push(again(old));
            }
        }
    }

    /// When the bytes were saved that our own write at a path was planned from, if ours stand there.
    fn planned_from(&self, error: &AdoptError) -> Option<i64> {
        let AdoptError::Third { standing, .. } = error else { return None };
        self.planned.get(&standing.target).filter(|(digest, _)| *digest == standing.digest).map(|(_, saved)| *saved)
    }

    /// The configuration file whose bytes lie at a resolved path.
    fn path_of_target(&self, target: &Path) -> Option<std::path::PathBuf> {
        // Settings of package managers are edited too, and hold no connectors.
        let paths = self.paths().into_iter().chain(self.edited_settings());
        let same = |path: &PathBuf| path == target || path.canonicalize().is_ok_and(|real| real == target);
        let mut paths = paths;
        paths.find(same)
    }
}
