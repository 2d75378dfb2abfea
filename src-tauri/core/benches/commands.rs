//! What the program itself costs, measured from outside: time, memory and processor time of the built `gatehouse`.
//!
//! `cargo xtask bench` builds it and names it in `GATEHOUSE_PROGRAM`; without that nothing is measured, and this says so.

#![cfg(target_os = "linux")]
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and ends where something is missing")]

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use gatehouse_core::clients::{CLIENTS, Client, Root};
use gatehouse_core::document::{Format, Pattern};
use gatehouse_core::host::{Base, Os};
use gatehouse_core::ledger::{KeyAnswer, Ledger};
use serde_json::json;
use sha2::{Digest as _, Sha256};

const RUNS: usize = 50;

/// The own files of 35 clients and the files of 25 projects.
const CONNECTORS: usize = 300;

const PROJECTS: usize = 25;

/// Clients beside the five whose files are written out below.
const FURTHER: usize = 30;

const MINUTE: Duration = Duration::from_secs(60);

fn main() {
    let Some(program) = std::env::var_os("GATEHOUSE_PROGRAM") else {
        println!("NOT RUN: GATEHOUSE_PROGRAM does not name the built gatehouse (cargo xtask bench does)");
        return;
    };
    let program = Path::new(&program);
    scan(program);
    idle(program);
    rewrites(program);
    status(program);
}

fn gatehouse(program: &Path, home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).env_clear().env("HOME", home).stdin(Stdio::null()).stderr(Stdio::null());
    command
}

fn entries(from: usize, count: usize) -> String {
    let entries: Vec<_> = (from..from + count)
        .map(|n| format!("\"own-{n}\": {{\"command\": \"npx\", \"args\": [\"-y\", \"own-mcp-{n}\", \"--folder\", \"/srv/{n}\"], \"env\": {{\"API_TOKEN\": \"t-{n}\"}}}}"))
        .collect();
    entries.join(",\n    ")
}

/// A home with all connectors; returns the number of files.
fn furnish(home: &Path) -> usize {
    let write = |below: String, text: String| {
        let path = home.join(below);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let projects: Vec<_> = (0..PROJECTS).map(|n| home.join(format!("src/project-{n}"))).collect();
    let mut listed = String::new();
    for (n, project) in projects.iter().enumerate() {
        let comma = if n == 0 { "" } else { ",\n" };
        write!(listed, "{comma}{:?}: {{\"mcpServers\": {{{}}}}}", project.display().to_string(), entries(n, 1))
            .unwrap();
        write(format!("src/project-{n}/.mcp.json"), format!("{{\"mcpServers\": {{{}}}}}", entries(n * 4, 4)));
    }
    write(".claude.json".into(), format!("{{\"mcpServers\": {{{}}}, \"projects\": {{{listed}}}}}", entries(0, 20)));
    write(".cursor/mcp.json".into(), format!("{{\"mcpServers\": {{{}}}}}", entries(100, 40)));
    write(".config/Code/User/mcp.json".into(), format!("{{\"servers\": {{{}}}}}", entries(200, 20)));
    let desktop = ".config/Claude/claude_desktop_config.json";
    write(desktop.into(), format!("{{\"mcpServers\": {{{}}}}}", entries(300, 10)));
    let tables = (0..10).map(|n| format!("[mcp_servers.t{n}]\ncommand = \"uvx\"\nargs = [\"t-mcp-{n}\"]\n"));
    write(".codex/config.toml".into(), tables.collect());
    let further = further();
    assert_eq!(further.len(), FURTHER);
    for (n, (path, key)) in further.into_iter().enumerate() {
        write(path.into(), format!("{{{key:?}: {{{}}}}}", entries(400 + n * 3, 2 + n % 2)));
    }
    projects.len() + 5 + FURTHER
}

/// Files right in a home, with the one key that entries stand below, of clients that have nothing yet.
fn further() -> Vec<(&'static str, &'static str)> {
    let done = ["claude-code", "cursor", "vscode", "claude-desktop", "codex"];
    let own = |client: &Client| {
        client.files.iter().find_map(|file| match (file.root, file.format, file.containers) {
            (Root::Base(Base::Home), Format::Json | Format::Jsonc, [container])
                if !file.path.contains('*') && file.systems.contains(&Os::Linux) =>
            {
                let [Pattern::Key(key)] = container.pattern else { return None };
                Some((file.path, *key))
            }
            _ => None,
        })
    };
    CLIENTS.iter().filter(|client| !done.contains(&client.id)).filter_map(own).take(FURTHER).collect()
}

/// A field of a running process, in kilobytes.
fn memory(child: &Child, field: &str) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(field)).unwrap();
    line.trim_matches([':', ' ', '\t', 'k', 'B']).parse().unwrap()
}

/// Processor time so far, in hundredths of a second (the kernel's unit for programs).
fn ticks(child: &Child) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
    let fields: Vec<_> = text.rsplit_once(')').unwrap().1.split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

fn percentile(times: &mut [f64], percent: usize) -> f64 {
    times.sort_by(f64::total_cmp);
    times[(times.len() - 1) * percent / 100]
}

fn scan(program: &Path) {
    let home = tempfile::tempdir().unwrap();
    let files = furnish(home.path());
    let args = ["scan", "--offline", "--format", "json"];
    let mut times: Vec<_> = (0..RUNS)
        .map(|_| {
            let from = Instant::now();
            let output = gatehouse(program, home.path(), &args).output().unwrap();
            let took = from.elapsed().as_secs_f64() * 1e3;
            assert!(output.status.success());
            let read: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            assert_eq!(read["connectors"].as_array().unwrap().len(), CONNECTORS);
            took
        })
        .collect();
    // Its output is larger than a pipe: it waits with all that it has until somebody reads.
    let mut child = gatehouse(program, home.path(), &args).stdout(Stdio::piped()).spawn().unwrap();
    let mut out = child.stdout.take().unwrap();
    let mut first = [0];
    out.read_exact(&mut first).unwrap();
    let peak = memory(&child, "VmHWM");
    out.read_to_end(&mut Vec::new()).unwrap();
    child.wait().unwrap();
    println!(
        "scan --offline, 35 clients, {CONNECTORS} connectors in {files} files: p50 {:.1} ms, p99 {:.1} ms, peak {:.1} MB (target: 50 ms, 25 MB)",
        percentile(&mut times, 50),
        percentile(&mut times, 99),
        peak as f64 / 1e3
    );
}

/// A guard whose watches stand.
fn watch(program: &Path, home: &Path) -> Child {
    let mut child = gatehouse(program, home, &["watch", "--format", "json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    assert!(line.contains("guarding"), "{line}");
    // What else it says is read away, so that it never waits.
    std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
    child
}

fn idle(program: &Path) {
    let home = tempfile::tempdir().unwrap();
    furnish(home.path());
    let mut guard = watch(program, home.path());
    let before = ticks(&guard);
    std::thread::sleep(MINUTE);
    let spent = (ticks(&guard) - before) as f64 / 100.0;
    println!(
        "watch, idle for a minute, {CONNECTORS} connectors: {:.1} MB, peak {:.1} MB, CPU {:.2} % (target: 15 MB, 0.05 %)",
        memory(&guard, "VmRSS") as f64 / 1e3,
        memory(&guard, "VmHWM") as f64 / 1e3,
        spent / MINUTE.as_secs_f64() * 100.0
    );
    guard.kill().unwrap();
    guard.wait().unwrap();
}

/// A `~/.claude.json` of 5 MB, rewritten ten times a second with nothing new for the guard.
fn rewrites(program: &Path) {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join(".claude.json");
    let temp = home.path().join(".claude.json.tmp");
    let history: Vec<_> = (0..40_000)
        .map(|n| format!("{{\"display\": \"a line of {n} words that somebody typed, and more of it\", \"at\": {n}}}"))
        .collect();
    let text = |round: u32| {
        format!(
            "{{\"numStartups\": {round}, \"mcpServers\": {{{}}},\n\"history\": [{}]}}",
            entries(0, 20),
            history.join(",\n")
        )
    };
    std::fs::write(&file, text(0)).unwrap();
    let mut guard = watch(program, home.path());
    let before = ticks(&guard);
    let (from, mut round, mut bytes) = (Instant::now(), 0, 0);
    while from.elapsed() < MINUTE / 3 {
        round += 1;
        let text = text(round);
        bytes = text.len();
        std::fs::write(&temp, text).unwrap();
        std::fs::rename(&temp, &file).unwrap();
        std::thread::sleep((from + Duration::from_millis(100) * round).saturating_duration_since(Instant::now()));
    }
    let spent = (ticks(&guard) - before) as f64 / 100.0;
    // A hot file is looked at every 250 ms.
    let looks = from.elapsed().as_millis() / 250;
    let content = text(round);
    let hashed = Instant::now();
    for _ in 0..looks {
        std::hint::black_box(Sha256::digest(content.as_bytes()));
    }
    let yardstick = hashed.elapsed().as_secs_f64();
    println!(
        "{:.1} MB rewritten {round} times in {:.0} s: CPU {spent:.2} s, SHA-256 over the {looks} looks {yardstick:.2} s, ratio {:.1} (target: 2)",
        bytes as f64 / 1e6,
        from.elapsed().as_secs_f64(),
        spent / yardstick
    );
    guard.kill().unwrap();
    guard.wait().unwrap();
}

fn status(program: &Path) {
    let home = tempfile::tempdir().unwrap();
    furnish(home.path());
    let mut guard = watch(program, home.path());
    // Ended in order, so that the ledger has its checkpoint.
    let ended = Command::new("kill").arg(guard.id().to_string()).status().unwrap();
    assert!(ended.success() && guard.wait().unwrap().success());
    let data = home.path().join(".local/share/gatehouse");
    let now = jiff::Timestamp::now();
    let mut ledger = Ledger::open(&data, &KeyAnswer::not_asked(), now).unwrap().ledger;
    for batch in 0..1_000_u64 {
        let bodies: Vec<_> = (0..1_000).map(|n| json!({"event": "used", "approval": batch * 1_000 + n})).collect();
        ledger.append(now, &bodies).unwrap();
    }
    drop(ledger);
    // A guard that starts and ends seals what was added.
    let mut guard = watch(program, home.path());
    let ended = Command::new("kill").arg(guard.id().to_string()).status().unwrap();
    assert!(ended.success() && guard.wait().unwrap().success());
    let mut times: Vec<_> = (0..RUNS)
        .map(|_| {
            let from = Instant::now();
            let output = gatehouse(program, home.path(), &["status"]).output().unwrap();
            let took = from.elapsed().as_secs_f64() * 1e3;
            assert!(!output.stdout.is_empty());
            took
        })
        .collect();
    println!(
        "status with a million entries and {CONNECTORS} connectors: p50 {:.1} ms, p99 {:.1} ms (target: 50 ms)",
        percentile(&mut times, 50),
        percentile(&mut times, 99)
    );
}
