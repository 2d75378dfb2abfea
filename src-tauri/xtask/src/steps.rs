//! `test`: everything that must hold, step by step, each announced and timed.

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
    ("tests", || cargo(&["test", "--workspace"])),
    ("the app in its window", || window::run(&Node::provide()?, "")),
    ("tracked files", tracked::run),
    ("real clients", || clients::run(false)),
    ("the replay", replay::run),
];

pub(crate) fn run() -> Result<Outcome, Failure> {
    let mut lines = Vec::new();
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
                good = false;
                "FAILED"
            }
        };
        lines.push(format!("{how:8} {name} ({:.1} s)", start.elapsed().as_secs_f64()));
        println!("=== {}", lines[lines.len() - 1]);
    }
    println!("\n{}", lines.join("\n"));
    Ok(if good { Outcome::Good } else { Outcome::Failed })
}

fn cargo(args: &[&str]) -> Result<Outcome, Failure> {
    let mut cargo = machine::cargo();
    if std::env::var_os("CI").is_some() && std::env::var_os("GATEHOUSE_CASES").is_none() {
        cargo.env("GATEHOUSE_CASES", "10000");
    }
    machine::run(cargo.args(args)).map(|()| Outcome::Good)
}
