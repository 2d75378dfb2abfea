//! The command line of Gatehouse.

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;

use clap::FromArgMatches as _;
use clap::error::ErrorKind;
use gatehouse_core::host::Host;
use gatehouse_core::wording::Wording;
use jiff::Timestamp;
use serde_json::json;

mod args;
mod commands;
mod exit;
mod language;
mod logs;
mod problem;
mod render;
mod session;
mod usage;

use args::Arguments;
use exit::Exit;
use session::Session;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let host = host();
    let wording = Wording::new(language::of(&arguments, &host));
    let session = Session::new(host, wording);
    let exit = run(&session, &arguments);
    let exit = if session.is_broken() { exit.or_worse(Exit::Failure) } else { exit };
    exit.into()
}

/// The machine as it is. Variables that are no Unicode name no folder that the tables know.
fn host() -> Host {
    let env =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    // Without a home nothing can be found; the folder that is not there makes every place absent.
    let home = std::env::home_dir().filter(|home| home.is_absolute()).unwrap_or_else(|| "/nonexistent".into());
    Host::new(Host::this_os(), home, env.collect(), Arc::new(Timestamp::now))
}

fn run(session: &Session, arguments: &[OsString]) -> Exit {
    let mut command = args::command(&session.wording);
    let matches = match command.try_get_matches_from_mut(arguments) {
        Ok(matches) => matches,
        Err(error) => return usage(session, arguments, &error),
    };
    let parsed = match Arguments::from_arg_matches(&matches) {
        Ok(parsed) => parsed,
        Err(error) => return usage(session, arguments, &error),
    };
    let (verb, writes) = parsed.verb.name();
    logs::start(&session.host, writes, parsed.global.verbose);
    tracing::info!(verb, version = env!("CARGO_PKG_VERSION"), "begins");
    let as_json = parsed.verb.wants_json();
    let exit = match commands::run(session, parsed.verb) {
        Ok(exit) => exit,
        Err(problem) => {
            tracing::warn!(verb, code = problem.code, "not done");
            problem.tell(session, as_json)
        }
    };
    tracing::info!(verb, exit = exit as u8, "ends");
    exit
}

/// Help that was asked for goes to stdout; a mistake goes to stderr and is 1.
fn usage(session: &Session, arguments: &[OsString], error: &clap::Error) -> Exit {
    let text = error.render();
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let text = if session.stdout.colour { text.ansi().to_string() } else { text.to_string() };
        session.print(&text);
        return Exit::Done;
    }
    let message = usage::mistake(session, error);
    let words: Vec<_> = arguments.iter().map(|word| word.to_string_lossy()).collect();
    let as_json = words.iter().any(|word| word == "--format=json")
        || words.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json");
    if as_json {
        session.print_json(&json!({"error": {"code": "usage", "message": message, "path": null}}));
    } else {
        session.note_text(&format!("{message}\n{}", usage::hint(session, arguments)));
    }
    Exit::Usage
}

#[cfg(test)]
mod tests;
