//! From a save to the entry held on disk, beside bare event delivery and, in the same run, the same number of fsyncs
//! with as much computing as a hold may take.
//!
//! Absolute times belong to the machine: one that is lent out in slices takes milliseconds more now and then for a
//! millisecond of computing, from whoever computes. What counts is the row of the hold beside that of the limit.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and ends where something is missing")]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use gatehouse_core::engine::{Guard, GuardKind, Options};
use gatehouse_core::hold::Step;
use gatehouse_core::host::{Host, Os};
use gatehouse_core::request::Notice;
use notify::Watcher as _;

const SAVES: usize = 1_000;

/// The saves go round so many projects: a file that was looked at a moment ago is hot and rests for 250 ms.
const PROJECTS: usize = 16;

/// Between two measurements: whoever saves does so when the machine has come to rest, and so do the fsyncs beside it.
const REST: Duration = Duration::from_millis(20);

/// fsyncs until the entry is out of the file for good: kept bytes and their folder, ledger, new file, folder.
const FSYNCS: usize = 5;

/// What reading, deciding and editing may take beside the fsyncs.
const COMPUTING: Duration = Duration::from_millis(3);

/// In milliseconds.
struct Times {
    held: Vec<f64>,
    fsyncs: Vec<f64>,
    limit: Vec<f64>,
}

fn main() {
    let root = tempfile::tempdir().unwrap();
    let Times { held, fsyncs, limit } = saves(&root.path().join("home"), Limit::new(&root.path().join("limit")));
    let bare = deliveries(&root.path().join("bare"));
    println!("{SAVES} saves of a 10 kB file, each with one new entry, by rename");
    println!("{:<44} {:>9} {:>9}", "", "p50 ms", "p99 ms");
    row("saved → entry held on disk", &held);
    row("bare notify: renamed → callback", &bare);
    row(&format!("{FSYNCS} fsyncs, as many as a hold takes"), &fsyncs);
    row(&format!("the limit: those, and {COMPUTING:?} of computing"), &limit);
    let over = percentile(&held, 99) - percentile(&fsyncs, 99);
    println!("p99 above the fsyncs alone: {over:.2} ms");
    println!(
        "p99 of the limit: {:.0} % (target: 100 % at the most)",
        percentile(&held, 99) / percentile(&limit, 99) * 100.0
    );
}

fn row(name: &str, times: &[f64]) {
    println!("{name:<44} {:>9.2} {:>9.2}", percentile(times, 50), percentile(times, 99));
}

fn percentile(times: &[f64], percent: usize) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[(sorted.len() - 1) * percent / 100]
}

fn config(extra: Option<usize>) -> String {
    let mut entries: Vec<_> = (0..60)
        .map(|n| format!("    \"own-{n}\": {{ \"command\": \"npx\", \"args\": [\"-y\", \"own-mcp-{n}@1.0.{n}\", \"--folder\", \"/srv/some/longer/folder/{n}\"] }}"))
        .collect();
    entries.extend(
        extra.map(|n| format!("    \"fresh\": {{ \"command\": \"npx\", \"args\": [\"-y\", \"fresh-mcp-{n}\"] }}")),
    );
    format!("{{\n  \"mcpServers\": {{\n{}\n  }}\n}}\n", entries.join(",\n"))
}

/// Returns the times from a save to its hold, and those of the fsyncs and of the limit, taken in turn.
fn saves(home: &Path, mut limit: Limit) -> Times {
    let folders: Vec<_> = (0..PROJECTS).map(|n| home.join(format!("src/project-{n}"))).collect();
    let files: Vec<_> = folders.iter().map(|folder| folder.join(".cursor/mcp.json")).collect();
    for file in &files {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, config(None)).unwrap();
    }
    let listed: Vec<_> = folders.iter().map(|folder| format!("{:?}: {{}}", folder.display().to_string())).collect();
    std::fs::write(home.join(".claude.json"), format!("{{\"projects\": {{{}}}}}", listed.join(", "))).unwrap();
    let host = Host::new(Os::Linux, home.to_owned(), [].into(), Arc::new(jiff::Timestamp::now));
    let (steps, done) = mpsc::channel();
    let (notices, told) = mpsc::channel();
    let guard = Guard::start_observed(
        host,
        Options { kind: GuardKind::Watch, can_ask: false },
        move |notice| drop(notices.send(notice)),
        move |step| {
            let _ = steps.send((step, Instant::now()));
        },
    )
    .unwrap();
    let mut times = Vec::with_capacity(SAVES);
    let mut fsyncs = Vec::with_capacity(SAVES);
    let mut limits = Vec::with_capacity(SAVES);
    let mut by_step: BTreeMap<Step, Vec<f64>> = BTreeMap::new();
    for n in 0..SAVES {
        limit.settle();
        let path = &files[n % PROJECTS];
        let temp = path.with_extension("tmp");
        std::fs::write(&temp, config(Some(n))).unwrap();
        let saved = Instant::now();
        std::fs::rename(&temp, path).unwrap();
        loop {
            let (step, at) = done.recv_timeout(Duration::from_secs(10)).unwrap();
            let took = at.duration_since(saved).as_secs_f64() * 1e3;
            by_step.entry(step).or_default().push(took);
            if step == Step::FolderSynced {
                times.push(took);
            }
            // The next save comes when this one is over and done with, as a person's does.
            if step == Step::OldRemoved {
                break;
            }
        }
        while !matches!(told.recv_timeout(Duration::from_secs(10)).unwrap(), Notice::Held { .. }) {}
        thread::sleep(REST);
        limit.settle();
        fsyncs.push(limit.once(false));
        thread::sleep(REST);
        limit.settle();
        limits.push(limit.once(true));
        thread::sleep(REST);
    }
    guard.stop();
    for file in &files {
        assert_eq!(std::fs::read_to_string(file).unwrap(), config(None), "every entry was held");
    }
    println!("from the save to each step, ms (p50, p99):");
    for (step, times) in &by_step {
        row(&format!("  {step:?}"), times);
    }
    Times { held: times, fsyncs, limit: limits }
}

fn deliveries(folder: &Path) -> Vec<f64> {
    std::fs::create_dir_all(folder).unwrap();
    let path = folder.join("mcp.json");
    std::fs::write(&path, config(None)).unwrap();
    let (send, events) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|e| {
            matches!(e.kind, notify::EventKind::Modify(notify::event::ModifyKind::Name(notify::event::RenameMode::To)))
        }) {
            let _ = send.send(Instant::now());
        }
    })
    .unwrap();
    watcher.watch(folder, notify::RecursiveMode::NonRecursive).unwrap();
    let mut times = Vec::with_capacity(SAVES);
    for n in 0..SAVES {
        let temp = folder.join("editor.tmp");
        std::fs::write(&temp, config(Some(n))).unwrap();
        let saved = Instant::now();
        std::fs::rename(&temp, &path).unwrap();
        let at = events.recv_timeout(Duration::from_secs(10)).unwrap();
        times.push(at.duration_since(saved).as_secs_f64() * 1e3);
    }
    times
}

/// Writes and syncs what a hold does behind a save, and computes as long as it may.
struct Limit {
    folder: PathBuf,
    directory: File,
    log: File,
    small: Vec<u8>,
    large: Vec<u8>,
    done: usize,
    /// So often the file is parsed in [`COMPUTING`].
    parses: u32,
}

impl Limit {
    fn new(folder: &Path) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        let large = config(None).into_bytes();
        let best = (0..200).map(|_| computing(&large, 1)).min().unwrap_or(COMPUTING);
        let parses = COMPUTING.as_nanos().div_ceil(best.as_nanos()).try_into().unwrap_or(1);
        Self {
            folder: folder.to_owned(),
            directory: File::open(folder).unwrap(),
            log: File::create(folder.join("log")).unwrap(),
            small: vec![b'x'; 1_500],
            large,
            done: 0,
            parses,
        }
    }

    /// Leaves nothing for the next fsync to write but what is measured: a journalling file system writes all that was
    /// done since the last one, the removal of old files included.
    fn settle(&mut self) {
        self.log.write_all(b"x").unwrap();
        self.log.sync_all().unwrap();
    }

    fn once(&mut self, computes: bool) -> f64 {
        self.done += 1;
        // The first fsync has the save to write as well.
        let saved = self.folder.join("saved.tmp");
        std::fs::write(&saved, &self.large).unwrap();
        let from = Instant::now();
        std::fs::rename(&saved, self.folder.join("saved")).unwrap();
        if computes {
            computing(&self.large, self.parses);
        }
        let mut kept = File::create(self.folder.join(format!("kept-{}", self.done))).unwrap();
        kept.write_all(&self.small).unwrap();
        kept.sync_all().unwrap();
        self.directory.sync_all().unwrap();
        self.log.write_all(&self.large[..4_096]).unwrap();
        self.log.sync_all().unwrap();
        let temp = self.folder.join("temp");
        let mut new = File::create(&temp).unwrap();
        new.write_all(&self.large).unwrap();
        new.sync_all().unwrap();
        std::fs::rename(&temp, self.folder.join("file")).unwrap();
        self.directory.sync_all().unwrap();
        from.elapsed().as_secs_f64() * 1e3
    }
}

/// Parses the file so often, and returns how long it took.
fn computing(file: &[u8], parses: u32) -> Duration {
    let from = Instant::now();
    for _ in 0..parses {
        std::hint::black_box(serde_json::from_slice::<serde_json::Value>(std::hint::black_box(file)).unwrap());
    }
    from.elapsed()
}
