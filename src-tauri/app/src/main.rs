//! The desk of Gatehouse: the guard with a tray icon and a window.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc;

use gatehouse_core::engine::{self, Guard, GuardKind, Options, StartError};
use gatehouse_core::host::Host;
use gatehouse_core::request::{Notice, Reply, Request};
use gatehouse_core::sentences::Speech;
use gatehouse_core::wording::Wording;
use jiff::Timestamp;
use tauri::{Manager as _, RunEvent};

mod arguments;
mod automation;
#[cfg(test)]
mod bindings;
mod cards;
mod commands;
mod desk;
mod dto;
mod heard;
mod logs;
mod mark;
mod notices;
mod notifications;
mod station;
mod tray;
mod tray_host;
mod windows;

use arguments::Arguments;
use mark::Seed;
use station::Station;
use tray::Tray;

/// As the command line's: 1 for a mistake in the arguments, 2 for what was not done.
const USAGE: u8 = 1;
const FAILURE: u8 = 2;

fn main() -> ExitCode {
    let host = host();
    let arguments = Arguments::read(std::env::args().skip(1));
    let language = match arguments {
        Arguments::Start(Some(language)) => language,
        _ => arguments::own_language(&host),
    };
    let wording = Wording::new(language);
    let speech = Speech { wording: &wording, host: &host };
    match arguments {
        Arguments::Start(_) => {}
        Arguments::Version => {
            tell(&mut io::stdout(), &format!("gatehouse-app {}", env!("CARGO_PKG_VERSION")));
            return ExitCode::SUCCESS;
        }
        Arguments::Unknown(word) => return fail(USAGE, &speech.say("app-usage", &[("word", &word)])),
    }
    // The toolkit ends the process where it finds no display; so does this, with a word on what works there.
    if cfg!(target_os = "linux") && host.var("DISPLAY").is_none() && host.var("WAYLAND_DISPLAY").is_none() {
        return fail(FAILURE, &speech.say("app-no-display", &[]));
    }
    logs::start(&host);
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "begins");
    let (voice, inbox) = mpsc::channel();
    let options = Options { kind: GuardKind::Tray, can_ask: true };
    let guard = match Guard::start(host.clone(), options, move |notice| drop(voice.send(notice))) {
        Ok(guard) => guard,
        Err(StartError::Busy { pid, kind }) => return second(&host, &speech, pid, kind.as_deref()),
        Err(error) => return fail(FAILURE, &speech.say("app-not-started", &[("detail", &error.to_string())])),
    };
    let seed = Seed::of(&host).or_else(|error| {
        tracing::warn!(%error, "the mark is not kept");
        Seed::random()
    });
    let seed = match seed {
        Ok(seed) => seed,
        Err(error) => return fail(FAILURE, &speech.say("app-not-started", &[("detail", &error.to_string())])),
    };
    let failed = speech.say("app-no-window", &[]);
    match run(Station::new(host, wording, seed, guard), inbox) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(FAILURE, &format!("{failed} ({error})")),
    }
}

/// The machine as it is. Variables that are no Unicode name no folder that the tables know.
fn host() -> Host {
    let env =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    // Without a home nothing can be found; the folder that is not there makes every place absent.
    let home = std::env::home_dir().filter(|home| home.is_absolute()).unwrap_or_else(|| "/nonexistent".into());
    Host::new(Host::this_os(), home, env.collect(), Arc::new(Timestamp::now))
}

/// A guard runs already: its window comes up, if it has one.
fn second(host: &Host, speech: &Speech<'_>, pid: Option<u32>, kind: Option<&str>) -> ExitCode {
    let pid = pid.map_or_else(|| "?".to_owned(), |pid| pid.to_string());
    match engine::act(host, &Request::ShowDesk).map(|acted| acted.reply) {
        Ok(Reply::Done { .. }) => {
            tell(&mut io::stdout(), &speech.say("app-shown", &[("pid", &pid)]));
            ExitCode::SUCCESS
        }
        Ok(_) => {
            fail(FAILURE, &speech.say("app-guard-without-window", &[("pid", &pid), ("kind", kind.unwrap_or("?"))]))
        }
        Err(error) => fail(FAILURE, &speech.say("app-not-shown", &[("pid", &pid), ("detail", &error.to_string())])),
    }
}

fn run(station: Station, inbox: mpsc::Receiver<Notice>) -> tauri::Result<()> {
    let mut inbox = Some(inbox);
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_notification::init())
        .manage(station)
        .invoke_handler(tauri::generate_handler![
            commands::desk,
            commands::decide,
            commands::decide_all,
            commands::hold,
            commands::revoke,
            commands::undo,
            commands::ask_only,
            commands::set_look_ups,
            commands::set_mode,
            commands::pause,
            commands::set_age_limit,
            commands::undo_age_limit,
            commands::history,
            commands::diff,
            commands::finish_sheet,
            commands::close,
        ])
        .setup(move |app| {
            let handle = app.handle().clone();
            let review = handle.clone();
            notifications::prepare(&handle, move || tray::review(&review))?;
            let tray = Tray::new(&handle).inspect_err(|error| tracing::warn!(%error, "no tray icon")).ok();
            let at_signal = handle.clone();
            ctrlc::set_handler(move || at_signal.exit(0))?;
            if let Some(inbox) = inbox.take() {
                let listener = std::thread::Builder::new().name("notices".into());
                listener.spawn(move || notices::listen(&handle, &inbox, tray))?;
            }
            Ok(())
        })
        .build(context())?;
    app.run(|app, event| match event {
        // The last window is closed; the guard goes on.
        RunEvent::ExitRequested { code: None, api, .. } => api.prevent_exit(),
        RunEvent::Exit => app.state::<Station>().end(),
        _ => {}
    });
    Ok(())
}

/// The page, the settings and the permissions, as they were built in.
#[expect(clippy::exit, reason = "written by the toolkit")]
fn context() -> tauri::Context {
    tauri::generate_context!()
}

fn fail(code: u8, message: &str) -> ExitCode {
    tell(&mut io::stderr(), message);
    ExitCode::from(code)
}

/// A stream that nobody reads is no failure.
fn tell(stream: &mut dyn io::Write, message: &str) {
    let _ = writeln!(stream, "{message}");
}
