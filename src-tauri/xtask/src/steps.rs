//! `test`: everything that must hold, step by step, each announced and timed.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::Instant;

use crate::machine::{self, Need, program};
use crate::node::Node;
use crate::{Failure, Outcome, clients, replay, tracked, ui, window};

/// What the tests need beside Rust and what the app is built with: a keyring on a bus of its own, a browser.
const NEEDS: &[Need] = &[
    program("gnome-keyring-daemon", &["gnome-keyring"]),
    program("dbus-run-session", &["dbus", "dbus-x11"]),
    program("secret-tool", &["libsecret-tools"]),
    program("chromium", &["chromium"]),
];

/// Bytes of what failed tests say that are repeated at the end.
const MOST_TOLD: usize = 8000;

type Step = (&'static str, fn() -> Result<Outcome, Failure>);

const STEPS: &[Step] = &[
    ("what the tests need", || {
        let needs: Vec<Need> = [machine::APP, NEEDS, window::NEEDS].concat();
        if cfg!(target_os = "linux") && !machine::provide(&needs)? {
            println!("Going on without: tests that need it say so.");
        }
        Ok(Outcome::Good)
    }),
    ("format", || cargo(&["fmt", "--check"])),
    ("the window's code", || ui::build(&Node::provide()?).map(|()| Outcome::Good)),
    ("the window's tests", || ui::test(&Node::provide()?).map(|()| Outcome::Good)),
    ("clippy", || cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])),
    ("tests", || tests(&["test", "--workspace", "--no-fail-fast"])),
    ("the app in its window", || window::run(&Node::provide()?, "")),
    ("tracked files", tracked::run),
    ("real clients", || clients::run(false)),
    ("the replay", replay::run),
];

pub(crate) fn run() -> Result<Outcome, Failure> {
    let mut lines = Vec::new();
    let mut failures = Vec::new();
    let mut good = true;
    for (name, step) in STEPS {
        println!("\n=== {name}");
        let start = Instant::now();
        let how = match step() {
            Ok(Outcome::Good) => "ok",
            Ok(Outcome::NotRun) => "NOT RUN",
            Ok(Outcome::Failed) => {
                good = false;
                "FAILED"
            }
            // The later steps have something to say all the same.
            Err(Failure(text)) => {
                eprintln!("{text}");
                failures.push(text);
                good = false;
                "FAILED"
            }
        };
        lines.push(format!("{how:8} {name} ({:.1} s)", start.elapsed().as_secs_f64()));
        println!("=== {}", lines[lines.len() - 1]);
    }
    // Once more, where they are looked for: at the end.
    failures.iter().for_each(|text| println!("\n{text}"));
    println!("\n{}", lines.join("\n"));
    Ok(if good { Outcome::Good } else { Outcome::Failed })
}

fn cargo(args: &[&str]) -> Result<Outcome, Failure> {
    machine::run(machine::cargo().args(args)).map(|()| Outcome::Good)
}

/// Runs tests; what those that failed had to say comes back as the failure.
fn tests(args: &[&str]) -> Result<Outcome, Failure> {
    let mut cargo = machine::cargo();
    if std::env::var_os("CI").is_some() && std::env::var_os("GATEHOUSE_CASES").is_none() {
        cargo.env("GATEHOUSE_CASES", "10000");
    }
    let mut child = cargo.args(args).stdout(Stdio::piped()).spawn()?;
    let mut failures = String::new();
    let mut is_in = false;
    for line in BufReader::new(child.stdout.take().expect("piped")).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        println!("{line}");
        // Each program's own part, from this line to its result.
        is_in = (is_in || line == "failures:") && !line.starts_with("test result:");
        if is_in && failures.len() < MOST_TOLD {
            failures.push_str(&line);
            failures.push('\n');
        }
    }
    if child.wait()?.success() { Ok(Outcome::Good) } else { Err(Failure(format!("tests failed\n{failures}"))) }
}
