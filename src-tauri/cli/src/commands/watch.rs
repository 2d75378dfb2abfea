//! `watch`: the guard without a desktop. Asks on a terminal; otherwise tells, and names the command that decides.

use std::io::{self, BufRead as _, IsTerminal as _};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::thread;
use std::time::Duration;

use gatehouse_core::engine::{self, Guard, GuardKind, Options};
use gatehouse_core::record::{Channel, Origin};
use gatehouse_core::request::Notice;
use serde_json::Value;

use super::Outcome;
use crate::exit::Exit;
use crate::problem::Problem;
use crate::render::notice;
use crate::session::Session;
use gatehouse_core::sentences::stamp;

mod desk;

use desk::Desk;

/// A card waits so long for the hold that was announced with its question; most are in force within milliseconds.
const HOLD_WAIT: Duration = Duration::from_millis(500);

/// Everything that can happen to a watching terminal.
#[derive(Debug)]
enum Event {
    Notice(Box<Notice>),
    Line(String),
    /// The input ended; nobody is there to be asked any more.
    NoInput,
    /// A signal asks for the end.
    Stop,
    /// The engine's thread is gone.
    EngineEnded,
}

/// Says that the engine is gone when the engine drops what it was given to speak with.
struct LastWord(Sender<Event>);

impl Drop for LastWord {
    fn drop(&mut self) {
        // Nobody listens any more when the program ends by itself.
        let _ = self.0.send(Event::EngineEnded);
    }
}

pub(crate) fn watch(session: &Session, as_json: bool) -> Outcome {
    let asks = io::stdin().is_terminal() && session.stdout.is_terminal && !as_json;
    let (events, inbox) = mpsc::channel();
    let on_signal = events.clone();
    ctrlc::set_handler(move || {
        let _ = on_signal.send(Event::Stop);
    })
    .map_err(|error| Problem::no_signals(&error.to_string(), session))?;
    let voice = LastWord(events.clone());
    let tell = move |notice| {
        let _ = voice.0.send(Event::Notice(Box::new(notice)));
    };
    let options = Options { kind: GuardKind::Watch, can_ask: asks };
    let guard = Guard::start(session.host.clone(), options, tell);
    let guard = guard.map_err(|error| Problem::of_start(&error, session))?;
    if asks {
        thread::spawn(move || read_lines(&events));
    } else {
        drop(events);
    }
    let ended_by_itself = if asks { ask(session, &guard, &inbox) } else { tell_all(session, &inbox, as_json) };
    guard.stop();
    if ended_by_itself { Err(Problem::guard_ended(session)) } else { Ok(Exit::Done) }
}

fn read_lines(events: &Sender<Event>) {
    for line in io::stdin().lock().lines() {
        let Ok(line) = line else { break };
        if events.send(Event::Line(line)).is_err() {
            return;
        }
    }
    let _ = events.send(Event::NoInput);
}

/// Prints every notice. Returns whether the engine ended by itself.
fn tell_all(session: &Session, inbox: &Receiver<Event>, as_json: bool) -> bool {
    for event in inbox {
        match event {
            Event::Notice(notice) if as_json => session.print_json_line(&as_value(session, &notice)),
            Event::Notice(notice) => session.print(&line(session, &notice)),
            Event::Line(_) | Event::NoInput => {}
            Event::Stop => return false,
            Event::EngineEnded => return true,
        }
    }
    true
}

/// Asks about what comes. Returns whether the engine ended by itself.
fn ask(session: &Session, guard: &Guard, inbox: &Receiver<Event>) -> bool {
    // Whoever sits at the guard's own terminal is at the desk, as before a window; below what it was started is recorded.
    let origin = Origin { channel: Channel::Desk, ..engine::own_origin() };
    let mut desk = Desk::new(session, |request| guard.ask(request, origin.clone()));
    loop {
        let event = match inbox.try_recv() {
            Ok(event) => event,
            Err(TryRecvError::Disconnected) => return true,
            Err(TryRecvError::Empty) => {
                // All news is in: the next question can be shown.
                desk.settle();
                let wait = if desk.awaits_hold() { HOLD_WAIT } else { Duration::MAX };
                match inbox.recv_timeout(wait) {
                    Ok(event) => event,
                    Err(RecvTimeoutError::Timeout) => {
                        desk.wait_no_longer();
                        continue;
                    }
                    Err(RecvTimeoutError::Disconnected) => return true,
                }
            }
        };
        match event {
            Event::Notice(notice) => desk.hear(*notice),
            Event::Line(line) => desk.answer(&line),
            Event::NoInput => desk.leave(),
            Event::Stop => return false,
            Event::EngineEnded => return true,
        }
    }
}

/// A notice as one line: the time, what happened, and for a question the command that decides.
fn line(session: &Session, notice: &Notice) -> String {
    let page = session.page();
    let text = notice::notice(&page, notice);
    match notice {
        Notice::Guarding { .. } => text,
        Notice::Asked { connector, .. } => {
            let decide = page.say("review-command", &[("id", connector.id.short())]);
            format!("{} {text} {decide}", stamp(session.host.now()))
        }
        _ => format!("{} {text}", stamp(session.host.now())),
    }
}

fn as_value(session: &Session, notice: &Notice) -> Value {
    let mut value = serde_json::to_value(notice).expect("a notice is plain JSON");
    value["at"] = session.host.now().to_string().into();
    value
}
