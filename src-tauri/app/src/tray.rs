//! The icon in the tray and its menu. Shape and words carry the state; nothing is decided here.

use std::sync::{Mutex, PoisonError};

use gatehouse_core::policy::Mode;
use gatehouse_core::report::{CoverageState, LedgerState};
use gatehouse_core::request::Request;
use gatehouse_core::sentences::Speech;
use jiff::SignedDuration;
use tauri::image::Image;
use tauri::menu::{CheckMenuItem, Menu, MenuEvent, MenuItem, PredefinedMenuItem, Submenu};
use tauri::tray::{TrayIcon, TrayIconBuilder};
use tauri::{AppHandle, Manager as _, Wry};

use crate::cards::is_grave;
use crate::desk;
use crate::dto::{Desk, Open};
use crate::station::Station;
use crate::windows::{self, Comes};

mod shapes;

/// The state that the icon shows. The first that applies counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Alarm,
    Waiting,
    Paused,
    Degraded,
    Quiet,
}

impl State {
    /// Every state.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 5] = [Self::Alarm, Self::Waiting, Self::Paused, Self::Degraded, Self::Quiet];

    fn of(desk: &Desk) -> Self {
        let rows = &desk.inventory.connectors;
        let grave = rows.iter().any(|row| row.question.is_some() && is_grave(row));
        if grave || !desk.alarms.is_empty() {
            Self::Alarm
        } else if !desk.cards.is_empty() {
            Self::Waiting
        } else if desk.paused_until.is_some() {
            Self::Paused
        } else if unread(desk) > 0 || is_keyless(desk) {
            Self::Degraded
        } else {
            Self::Quiet
        }
    }
}

/// Places that are there and cannot be read.
fn unread(desk: &Desk) -> usize {
    let is_unread = |state| {
        matches!(
            state,
            CoverageState::Denied | CoverageState::Unparsable | CoverageState::TooLarge | CoverageState::NotRegular
        )
    };
    desk.inventory.coverage.iter().filter(|place| is_unread(place.state)).count()
}

fn is_keyless(desk: &Desk) -> bool {
    matches!(desk.inventory.ledger, LedgerState::Locked | LedgerState::Missing | LedgerState::Broken)
}

/// The state in one line.
fn line(desk: &Desk, speech: &Speech<'_>) -> String {
    let count = desk.cards.len().to_string();
    match State::of(desk) {
        State::Alarm if desk.cards.is_empty() => speech.say("tray-alarm", &[]),
        State::Alarm => speech.say("tray-alarm-waiting", &[("count", &count)]),
        State::Waiting => speech.say("tray-waiting", &[("count", &count)]),
        State::Paused => speech.say("tray-paused", &[]),
        State::Degraded if unread(desk) > 0 => speech.say("tray-unread", &[("count", &unread(desk).to_string())]),
        State::Degraded => speech.say("tray-keyless", &[]),
        State::Quiet => speech.say("tray-quiet", &[]),
    }
}

/// What is said below the icon, so that only a change is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    state: State,
    line: String,
    waiting: usize,
    paused: bool,
    mode: Mode,
}

impl Said {
    /// Whether *ask* and whether *monitor* is ticked.
    fn ticks(&self) -> (bool, bool) {
        (self.mode == Mode::Ask, self.mode == Mode::Monitor)
    }
}

/// The icon and the parts of its menu that change.
pub(crate) struct Tray {
    icon: TrayIcon,
    line: MenuItem<Wry>,
    review: MenuItem<Wry>,
    pause: MenuItem<Wry>,
    resume: MenuItem<Wry>,
    ask: CheckMenuItem<Wry>,
    monitor: CheckMenuItem<Wry>,
    said: Mutex<Option<Said>>,
}

impl Tray {
    /// Puts the icon into the tray.
    pub(crate) fn new(app: &AppHandle) -> tauri::Result<Self> {
        let station = app.state::<Station>();
        let say = |id: &str| station.speech().say(id, &[]);
        let item = |id: &str, text: String, enabled| MenuItem::with_id(app, id, text, enabled, None::<&str>);
        let line = item("state", say("tray-quiet"), false)?;
        let review = item("review", say("tray-review"), false)?;
        let open = item("open", say("tray-open"), true)?;
        let pause = item("pause", say("tray-pause"), true)?;
        let resume = item("resume", say("tray-resume"), false)?;
        let quit = item("quit", say("tray-quit"), true)?;
        let check = |id: &str, text: String| CheckMenuItem::with_id(app, id, text, true, false, None::<&str>);
        let ask = check("ask", say("tray-mode-ask"))?;
        let monitor = check("monitor", say("tray-mode-monitor"))?;
        let mode = Submenu::with_items(app, say("tray-mode"), true, &[&ask, &monitor])?;
        let rule = || PredefinedMenuItem::separator(app);
        let menu = Menu::with_items(
            app,
            &[&line, &rule()?, &review, &open, &rule()?, &pause, &resume, &mode, &rule()?, &quit],
        )?;
        let icon = TrayIconBuilder::with_id("gatehouse")
            .icon(image(State::Quiet))
            .tooltip("Gatehouse")
            .menu(&menu)
            .on_menu_event(|app, event| chosen(app, &event))
            .build(app)?;
        Ok(Self { icon, line, review, pause, resume, ask, monitor, said: Mutex::new(None) })
    }

    /// Shows the state of the desk.
    pub(crate) fn follow(&self, app: &AppHandle, station: &Station, desk: &Desk) {
        let said = Said {
            state: State::of(desk),
            line: line(desk, &station.speech()),
            waiting: desk.cards.len(),
            paused: desk.paused_until.is_some(),
            mode: desk.inventory.mode,
        };
        let mut last = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        // A chosen item turns its own tick, also where that changes nothing.
        let ticks = (self.ask.is_checked(), self.monitor.is_checked());
        let is_ticked = matches!(ticks, (Ok(ask), Ok(monitor)) if (ask, monitor) == said.ticks());
        if last.as_ref() == Some(&said) && is_ticked {
            return;
        }
        if let Err(error) = self.say(&said) {
            tracing::warn!(%error, app = app.package_info().name, "the tray does not follow");
        }
        *last = Some(said);
    }

    fn say(&self, said: &Said) -> tauri::Result<()> {
        self.icon.set_icon(Some(image(said.state)))?;
        self.icon.set_tooltip(Some(&said.line))?;
        // Beside the icon, where the desktop shows text there.
        let count = (said.waiting > 0).then(|| said.waiting.to_string());
        self.icon.set_title(Some(count.as_deref().unwrap_or_default()))?;
        self.line.set_text(&said.line)?;
        self.review.set_enabled(said.waiting > 0)?;
        self.pause.set_enabled(!said.paused)?;
        self.resume.set_enabled(said.paused)?;
        let (ask, monitor) = said.ticks();
        self.ask.set_checked(ask)?;
        self.monitor.set_checked(monitor)
    }
}

fn image(state: State) -> Image<'static> {
    Image::new_owned(shapes::draw(state), shapes::SIDE, shapes::SIDE)
}

/// Something was chosen in the menu. It is done in a thread of its own: the menu's is the window's.
fn chosen(app: &AppHandle, event: &MenuEvent) {
    let (app, id) = (app.clone(), event.id().as_ref().to_owned());
    let spawned = std::thread::Builder::new().name("menu".into()).spawn(move || {
        let station = app.state::<Station>();
        match id.as_str() {
            "review" => review(&app),
            "open" => {
                station.wish(Open::Connectors);
                windows::show(&app, Comes::ToTheFront);
                changed(&app);
            }
            "pause" => drop(station.ask(Request::Pause { for_: Some(SignedDuration::from_hours(1)) })),
            "resume" => drop(station.ask(Request::Pause { for_: None })),
            "ask" => drop(station.ask(Request::SetMode { mode: Mode::Ask })),
            "monitor" => drop(station.ask(Request::SetMode { mode: Mode::Monitor })),
            "quit" => app.exit(0),
            _ => {}
        }
    });
    if let Err(error) = spawned {
        tracing::error!(%error, "the menu does nothing");
    }
}

/// Shows what waits.
pub(crate) fn review(app: &AppHandle) {
    let station = app.state::<Station>();
    station.wish(desk::desk(&station).map_or(Open::Connectors, |desk| desk::review(&desk)));
    windows::show(app, Comes::ToTheFront);
    changed(app);
}

fn changed(app: &AppHandle) {
    use tauri::Emitter as _;
    if let Err(error) = app.emit_to(windows::DESK, crate::notices::CHANGED, ()) {
        tracing::warn!(%error, "the window was not told");
    }
}
