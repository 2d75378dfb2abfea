//! Ten thousand projects: the walk that finds them beside the walk of `rg --files`, a scan of all, a guard's watches.
//!
//! The walk beside it is ripgrep's own, from its library, with the settings of `rg --files`; where `rg` is installed it is
//! timed too.

#![cfg(target_os = "linux")]
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and ends where something is missing")]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use gatehouse_core::discover::projects_below;
use gatehouse_core::host::Os;
use ignore::{WalkBuilder, WalkState};

const PROJECTS: usize = 10_000;

/// One in so many projects configures a client.
const CONFIGURED: usize = 10;

const RUNS: usize = 11;

fn main() {
    let home = tempfile::tempdir().unwrap();
    let root = home.path().join("code");
    let files = furnish(&root);
    walk(&root, files);
    let Some(program) = std::env::var_os("GATEHOUSE_PROGRAM") else {
        println!("NOT RUN: GATEHOUSE_PROGRAM does not name the built gatehouse (cargo xtask bench does)");
        return;
    };
    guard(Path::new(&program), home.path());
}

/// Repositories as they are: sources in some folders, and a folder of dependencies that is ignored.
fn furnish(root: &Path) -> usize {
    let mut files = 0;
    let mut write = |below: String, text: &str| {
        let path = root.join(below);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        files += 1;
    };
    for n in 0..PROJECTS {
        let project = format!("team-{}/project-{n}", n / 100);
        write(format!("{project}/.git/HEAD"), "ref: refs/heads/main\n");
        write(format!("{project}/.gitignore"), "/node_modules\n/dist\n");
        for source in ["README.md", "src/main.ts", "src/lib/a.ts", "src/lib/b.ts", "tests/a.ts"] {
            write(format!("{project}/{source}"), "");
        }
        write(format!("{project}/node_modules/x/index.js"), "");
        if n % CONFIGURED == 0 {
            let entry = format!(
                "{{\"mcpServers\": {{\"own-{n}\": {{\"command\": \"npx\", \"args\": [\"-y\", \"own-mcp-{n}\"]}}}}}}"
            );
            write(format!("{project}/.mcp.json"), &entry);
        }
    }
    files
}

fn median(mut run: impl FnMut()) -> f64 {
    let mut times: Vec<_> = (0..RUNS)
        .map(|_| {
            let from = Instant::now();
            run();
            from.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[RUNS / 2]
}

fn walk(root: &Path, files: usize) {
    let ours = median(|| assert_eq!(projects_below(Os::Linux, root, &|_| false).len(), PROJECTS));
    let theirs = median(|| {
        let seen = AtomicUsize::new(0);
        WalkBuilder::new(root).build_parallel().run(|| {
            Box::new(|entry| {
                let is_file = entry.is_ok_and(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
                seen.fetch_add(usize::from(is_file), Ordering::Relaxed);
                WalkState::Continue
            })
        });
        assert!(seen.into_inner() >= PROJECTS * 5);
    });
    println!(
        "walk of {PROJECTS} projects, {files} files: p50 {ours:.0} ms; ripgrep's walk of the same tree {theirs:.0} ms, ratio {:.2} (target: 1.3)",
        ours / theirs
    );
    let rg = || Command::new("rg").arg("--files").current_dir(root).stdout(Stdio::null()).status();
    if rg().is_ok() {
        let rg = median(|| assert!(rg().unwrap().success()));
        println!("rg --files of the same tree: p50 {rg:.0} ms, ratio {:.2} (target: 1.3)", ours / rg);
    }
}

fn gatehouse(program: &Path, home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).env_clear().env("HOME", home).stdin(Stdio::null()).stderr(Stdio::null());
    command
}

fn guard(program: &Path, home: &Path) {
    assert!(gatehouse(program, home, &["folder", "code", "ask"]).current_dir(home).status().unwrap().success());
    let mut connectors = 0;
    let scan = median(|| {
        let output = gatehouse(program, home, &["scan", "--offline", "--format", "json"]).output().unwrap();
        let read: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        connectors = read["connectors"].as_array().unwrap().len();
    });
    println!("scan --offline, {connectors} connectors in {PROJECTS} projects: p50 {scan:.0} ms");
    let from = Instant::now();
    let mut child = gatehouse(program, home, &["watch", "--format", "json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    let stands = from.elapsed().as_secs_f64();
    let new = home.join("code/team-0/project-1/.mcp.json");
    // The walk goes on behind the first line: what it finds is guarded once it is done.
    while !line.contains("late-mcp") {
        let entry = "{\"mcpServers\": {\"late\": {\"command\": \"npx\", \"args\": [\"-y\", \"late-mcp\"]}}}";
        if !new.exists() {
            std::fs::write(&new, entry).unwrap();
        }
        line.clear();
        lines.read_line(&mut line).unwrap();
    }
    let all = from.elapsed().as_secs_f64();
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap().trim().to_owned();
    let descriptors = std::fs::read_dir(format!("/proc/{}/fdinfo", child.id())).unwrap().flatten();
    let watches: usize = descriptors
        .filter_map(|entry| std::fs::read_to_string(entry.path()).ok())
        .map(|text| text.lines().filter(|line| line.starts_with("inotify")).count())
        .sum();
    println!(
        "watch over {PROJECTS} projects: first line after {stands:.1} s, a new project entry told after {all:.1} s, {watches} watches, {resident}"
    );
    child.kill().unwrap();
    child.wait().unwrap();
}
