//! When a config file is looked at: at once after a rename or a close, after a short quiet while somebody writes, and
//! once more when it has gone quiet; a hot file costs four looks a second at most.
//!
//! No clock of its own: every call is told the time, so the rules are tested as a table.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;

use super::Touch;

/// Quiet after which a write that was not closed is looked at.
pub const WRITE_QUIET: Duration = Duration::from_millis(20);
/// Quiet after which a file counts as settled and is looked at once more.
pub const SETTLED: Duration = Duration::from_millis(100);
/// Least time between two looks at a hot file, and the longest that an endless writer can put a look off.
pub const HOT: Duration = Duration::from_millis(250);

/// The looks that are owed, by file.
#[derive(Debug, Default)]
pub struct Pace {
    files: BTreeMap<PathBuf, Burst>,
}

/// The events of one file that belong together: a burst ends [`HOT`] after its last look.
#[derive(Debug)]
struct Burst {
    last_event: Instant,
    /// The oldest write, and the oldest rename or close, that no look has followed yet.
    written: Option<Instant>,
    urgent: Option<Instant>,
    /// No look yet at or after `last_event + SETTLED`.
    unsettled: bool,
    /// The one look at quiet that a burst gets however short ago the last look was.
    free_settle: bool,
    last_look: Option<Instant>,
    /// A rename or close of this burst was acted on: from here on the file is hot.
    reacted: bool,
}

impl Burst {
    fn new(now: Instant) -> Self {
        Self {
            last_event: now,
            written: None,
            urgent: None,
            unsettled: false,
            free_settle: true,
            last_look: None,
            reacted: false,
        }
    }

    fn over(&self, now: Instant) -> bool {
        self.next().is_none() && self.last_look.is_none_or(|look| now >= look + HOT)
    }

    fn next(&self) -> Option<Instant> {
        let not_before = |at: Instant| self.last_look.map_or(at, |look| at.max(look + HOT));
        let urgent = self.urgent.map(|at| if self.reacted { not_before(at) } else { at });
        let written = self.written.map(|first| not_before((self.last_event + WRITE_QUIET).min(first + HOT)));
        let settled = self.unsettled.then(|| {
            let at = self.last_event + SETTLED;
            if self.free_settle { at } else { not_before(at) }
        });
        [urgent, written, settled].into_iter().flatten().min()
    }

    fn look(&mut self, now: Instant) {
        self.reacted |= self.urgent.take().is_some();
        self.written = None;
        if self.unsettled && now >= self.last_event + SETTLED {
            self.unsettled = false;
            self.free_settle = false;
        }
        self.last_look = Some(now);
    }
}

impl Pace {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes note of an event of a file.
    pub fn note(&mut self, path: &Path, touch: Touch, now: Instant) {
        if self.files.get(path).is_some_and(|burst| burst.over(now)) {
            self.files.remove(path);
        }
        let burst = self.files.entry(path.to_owned()).or_insert_with(|| Burst::new(now));
        burst.last_event = burst.last_event.max(now);
        burst.unsettled = true;
        let oldest = match touch {
            Touch::Renamed | Touch::Closed => &mut burst.urgent,
            Touch::Written => &mut burst.written,
        };
        oldest.get_or_insert(now);
    }

    /// Returns the files to look at now, in the order of their paths, and counts them as looked at.
    pub fn due(&mut self, now: Instant) -> Vec<PathBuf> {
        let mut due = Vec::new();
        for (path, burst) in &mut self.files {
            if burst.next().is_some_and(|at| at <= now) {
                burst.look(now);
                due.push(path.clone());
            }
        }
        self.files.retain(|_, burst| !burst.over(now));
        due
    }

    /// Returns when [`Pace::due`] is to be asked next, or `None` while nothing is owed.
    pub fn next(&self) -> Option<Instant> {
        self.files.values().filter_map(Burst::next).min()
    }

    /// Tells that a look has ended: the pause of a hot file counts from here, so that a slow look at a large file does
    /// not follow on itself. What was noted meanwhile stays owed.
    pub fn looked(&mut self, path: &Path, now: Instant) {
        if let Some(burst) = self.files.get_mut(path) {
            burst.last_look = Some(burst.last_look.map_or(now, |look| look.max(now)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Touch::Closed;
    use Touch::Renamed;
    use Touch::Written;

    /// Plays events (at milliseconds) and compares the milliseconds of the looks at the one file.
    fn check(events: &[(u64, Touch)], looks: &[u64]) {
        let start = Instant::now();
        let at = |ms: u64| start + Duration::from_millis(ms);
        let path = Path::new("/c.json");
        let mut pace = Pace::new();
        let mut seen = Vec::new();
        let mut events = events.iter().peekable();
        for ms in 0..5_000 {
            while let Some((_, touch)) = events.next_if(|(when, _)| *when == ms) {
                pace.note(path, *touch, at(ms));
            }
            let expected = pace.next().is_some_and(|next| next <= at(ms));
            let due = pace.due(at(ms));
            assert_eq!(expected, !due.is_empty(), "next() and due() agree at {ms}");
            if !due.is_empty() {
                assert_eq!(due, [path]);
                seen.push(ms);
            }
        }
        assert_eq!(seen, looks);
        assert_eq!(pace.next(), None);
        assert!(pace.files.is_empty(), "nothing is kept of a quiet file");
    }

    fn every(step: u64, until: u64, touch: Touch) -> Vec<(u64, Touch)> {
        (0..until).step_by(step as usize).map(|ms| (ms, touch)).collect()
    }

    #[test]
    fn renames_and_closes_are_looked_at_at_once_and_when_quiet() {
        check(&[(0, Renamed)], &[0, 100]);
        check(&[(0, Closed)], &[0, 100]);
        check(&[(5, Renamed), (5, Renamed)], &[5, 105]);
        check(&[(0, Written), (0, Closed)], &[0, 100]);
    }

    #[test]
    fn a_write_waits_for_quiet() {
        check(&[(0, Written)], &[20, 100]);
        check(&[(0, Written), (15, Written), (30, Written)], &[50, 130]);
        // The close is acted on though the half-written file was just looked at.
        check(&[(0, Written), (25, Closed)], &[20, 25, 125]);
    }

    #[test]
    fn an_endless_writer_cannot_put_the_look_off() {
        check(&every(10, 1_000, Written), &[250, 510, 770, 1_020, 1_090]);
    }

    #[test]
    fn a_hot_file_is_looked_at_four_times_a_second() {
        check(&every(10, 1_000, Renamed), &[0, 250, 500, 750, 1_000, 1_090]);
        check(&every(110, 1_000, Closed), &[0, 100, 350, 600, 850, 1_100]);
        check(&every(1, 300, Closed), &[0, 250, 399]);
    }

    #[test]
    fn a_file_cools_down() {
        check(&[(0, Renamed), (1_000, Renamed)], &[0, 100, 1_000, 1_100]);
        check(&[(0, Renamed), (350, Renamed)], &[0, 100, 350, 450]);
        check(&[(0, Renamed), (349, Renamed)], &[0, 100, 350, 600]);
    }

    #[test]
    fn a_slow_look_counts_from_its_end_and_loses_nothing() {
        let start = Instant::now();
        let at = |ms: u64| start + Duration::from_millis(ms);
        let path = Path::new("/c.json");
        let mut pace = Pace::new();
        pace.note(path, Renamed, at(0));
        assert_eq!(pace.due(at(0)), [path]);
        pace.note(path, Renamed, at(50));
        pace.looked(path, at(90));
        assert_eq!(pace.next(), Some(at(150)), "settles first");
        assert_eq!(pace.due(at(150)), [path]);
        pace.note(path, Renamed, at(160));
        pace.looked(path, at(200));
        assert_eq!(pace.next(), Some(at(450)));
    }

    #[test]
    fn files_do_not_wait_for_each_other() {
        let now = Instant::now();
        let mut pace = Pace::new();
        pace.note(Path::new("/b"), Renamed, now);
        pace.note(Path::new("/a"), Closed, now);
        pace.note(Path::new("/c"), Written, now);
        assert_eq!(pace.due(now), [Path::new("/a"), Path::new("/b")]);
        assert_eq!(pace.due(now + WRITE_QUIET), [Path::new("/c")]);
    }
}
