//! From a save to the entry held on disk, beside bare event delivery and the same number of fsyncs in the same run.
//!
//! Absolute times belong to the machine; what counts is the difference between the two columns.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and ends where something is missing")]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use gatehouse_core::engine::{Guard, GuardKind, Options};
use gatehouse_core::hold::Step;
use gatehouse_core::host::{Host, Os};
use gatehouse_core::request::Notice;
use notify::Watcher as _;

const SAVES: usize = 1_000;

/// The saves go round so many projects: a file that was looked at a moment ago is hot and rests for 250 ms.
const PROJECTS: usize = 16;

/// fsyncs until the entry is out of the file for good: kept bytes and their folder, ledger, new file, folder.
const FSYNCS: usize = 5;

fn main() {
    let root = tempfile::tempdir().unwrap();
    let held = saves(&root.path().join("home"));
    let bare = deliveries(&root.path().join("bare"));
    let fsyncs = fsyncs(&root.path().join("fsyncs"));
    println!("{SAVES} saves of a 10 kB file, each with one new entry, by rename");
    println!("{:<44} {:>9} {:>9}", "", "p50 ms", "p99 ms");
    row("saved → entry held on disk", &held);
    row("bare notify: renamed → callback", &bare);
    row(&format!("{FSYNCS} fsyncs, as many as a hold takes"), &fsyncs);
    let over = percentile(&held, 99) - percentile(&fsyncs, 99);
    println!("p99 above the fsyncs: {over:.2} ms (target: 3 ms at the most)");
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

fn saves(home: &Path) -> Vec<f64> {
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
    let mut by_step: BTreeMap<Step, Vec<f64>> = BTreeMap::new();
    for n in 0..SAVES {
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
    }
    guard.stop();
    for file in &files {
        assert_eq!(std::fs::read_to_string(file).unwrap(), config(None), "every entry was held");
    }
    println!("from the save to each step, ms (p50, p99):");
    for (step, times) in &by_step {
        row(&format!("  {step:?}"), times);
    }
    times
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

fn fsyncs(folder: &Path) -> Vec<f64> {
    std::fs::create_dir_all(folder).unwrap();
    let (small, large) = (vec![b'x'; 1_500], config(None).into_bytes());
    let directory = File::open(folder).unwrap();
    let mut log = File::create(folder.join("log")).unwrap();
    let mut times = Vec::with_capacity(SAVES);
    for n in 0..SAVES {
        let from = Instant::now();
        let mut kept = File::create(folder.join(format!("kept-{n}"))).unwrap();
        kept.write_all(&small).unwrap();
        kept.sync_all().unwrap();
        directory.sync_all().unwrap();
        log.write_all(&large[..4_096]).unwrap();
        log.sync_all().unwrap();
        let temp = folder.join("temp");
        let mut new = File::create(&temp).unwrap();
        new.write_all(&large).unwrap();
        new.sync_all().unwrap();
        std::fs::rename(&temp, folder.join("file")).unwrap();
        directory.sync_all().unwrap();
        times.push(from.elapsed().as_secs_f64() * 1e3);
    }
    times
}
