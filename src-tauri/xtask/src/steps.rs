//! `test`: everything that must hold, step by step, each announced and timed.

use std::time::Instant;

use crate::machine::{self, Need};
use crate::{Failure, Outcome, clients, tracked};

/// What the tests need beside Rust: a keyring on a bus of its own.
const NEEDS: &[Need] = &[
    machine::C_COMPILER,
    Need { program: "gnome-keyring-daemon", packages: &["gnome-keyring"] },
    Need { program: "dbus-run-session", packages: &["dbus", "dbus-x11"] },
    Need { program: "secret-tool", packages: &["libsecret-tools"] },
];

type Step = (&'static str, fn() -> Result<Outcome, Failure>);

const STEPS: &[Step] = &[
    ("what the tests need", || {
        if cfg!(target_os = "linux") && !machine::provide(NEEDS)? {
            println!("Going on without: tests that need it say so.");
        }
        Ok(Outcome::Good)
    }),
    ("format", || cargo(&["fmt", "--check"])),
    ("clippy", || cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])),
    ("tests", || cargo(&["test", "--workspace"])),
    ("tracked files", tracked::run),
    ("real clients", clients::run),
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
