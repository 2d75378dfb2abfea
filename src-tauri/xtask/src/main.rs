//! Sets up, starts, tests and measures Gatehouse. Each verb has its module; what they share is about the machine, a home
//! made up for a run, and a guard that runs in it.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "talking to the terminal is what this program is for")]

mod bench;
mod catalogue;
mod clients;
mod deltas;
mod demo;
mod guard;
mod home;
mod machine;
mod node;
mod replay;
mod soak;
mod start;
mod steps;
mod tracked;
mod ui;
mod window;

use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo xtask <VERB>

  start [--demo] [-- ARGS]  build Gatehouse and start it: in the tray, or without a graphical session in this terminal
                            --demo: on a made-up home under target/demo that shows every state
  test                      everything that must hold: format, clippy, tests, the app in its window, tracked files,
                            real clients
  ui                        build the window's code, which the app is built with
  window [FILTER]           the app in a real window on a virtual display
  clients [--record]        judge holds by six real clients of exact versions, installed from the npm registry, and compare
                            with docs/reference/real-clients.json (exit code 75: not run, the registry does not answer)
                            --record: write that file
  replay                    a package whose next version copies mail: npm and uv themselves, registries here, a guard
                            (exit code 75: not run, the registry that the tools come from does not answer)
  deltas                    how often harmless updates of much used packages show each signal of `gatehouse diff`; writes
                            docs/reference/deltas.md (exit code 75: not run, the registry does not answer)
  catalogue [FOLDER]        make the lists of known connectors in src-tauri/core/data from the tables that they were
                            gathered in (exit code 75: not run, the tables are not there)
  bench                     build with optimisations and run the benchmarks
  soak [SECONDS]            a guard among programs that save, move and delete for ten minutes; a seed is printed, and
                            GATEHOUSE_SOAK_SEED repeats it";

/// Why a verb ended early; the text says what to do.
#[derive(Debug)]
struct Failure(String);

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// How a verb ended.
enum Outcome {
    Good,
    Failed,
    /// It could not be tried, for a reason outside the project: exit code 75.
    NotRun,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["start", "--demo"] => demo::run(),
        ["start"] => start::run(&[]),
        ["start", "--", rest @ ..] => start::run(rest),
        ["ui"] => node::Node::provide().and_then(|node| ui::build(&node)).map(|()| Outcome::Good),
        ["window"] => node::Node::provide().and_then(|node| window::run(&node, "")),
        ["window", filter] => node::Node::provide().and_then(|node| window::run(&node, filter)),
        ["test"] => steps::run(),
        ["clients"] => clients::run(false),
        ["clients", "--record"] => clients::run(true),
        ["replay"] => replay::run(),
        ["deltas"] => deltas::run(),
        ["catalogue"] => catalogue::run(None),
        ["catalogue", folder] => catalogue::run(Some(folder)),
        ["bench"] => bench::run(),
        ["soak"] => soak::run(None),
        ["soak", seconds] => soak::run(Some(seconds)),
        _ => Err(Failure(USAGE.to_owned())),
    };
    match outcome {
        Ok(Outcome::Good) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::FAILURE,
        Ok(Outcome::NotRun) => ExitCode::from(75),
        Err(Failure(text)) => {
            eprintln!("{text}");
            ExitCode::FAILURE
        }
    }
}
