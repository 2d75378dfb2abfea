//! Takes in what the guard tells, a burst at a time: window, notifications, tray, and the word to the window.
//!
//! This thread alone acts on notices, so the engine waits for none of it.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use gatehouse_core::connector::ConnectorId;
use gatehouse_core::record::Channel;
use gatehouse_core::request::{About, Notice};
use gatehouse_core::sentences::client_name;
use tauri::{AppHandle, Emitter as _, Manager as _};

use crate::dto::{Desk, Open};
use crate::station::Station;
use crate::tray::Tray;
use crate::windows::{self, Comes};
use crate::{desk, notifications};

/// The one event that the window hears.
pub(crate) const CHANGED: &str = "desk-changed";

/// A burst is over when nothing more was told for so long; a question and its hold come within it.
const QUIET: Duration = Duration::from_millis(40);

/// A burst that does not end is shown after so long all the same.
const LONGEST: Duration = Duration::from_millis(250);

/// Not all that is shown is told: a file that can be read again, an entry that is gone. While somebody may be looking at
/// it, and for the tray alone, it is looked at so often.
const SHOWN: Duration = Duration::from_secs(2);
const HIDDEN: Duration = Duration::from_secs(60);

/// Listens until the guard ends.
pub(crate) fn listen(app: &AppHandle, inbox: &Receiver<Notice>, tray: Option<Tray>) {
    let mut listener = Listener { app: app.clone(), tray, brought: BTreeSet::new(), starting: true, shown: None };
    loop {
        let station = app.state::<Station>();
        let idle = if app.get_webview_window(windows::DESK).is_some() { SHOWN } else { HIDDEN };
        let wait = station.heard().age(station.host.now()).map_or(idle, |news| news.min(idle));
        match inbox.recv_timeout(wait) {
            Ok(first) => {
                let burst = burst(first, inbox);
                listener.take(&station, &burst);
            }
            Err(RecvTimeoutError::Timeout) => listener.take(&station, &[]),
            Err(RecvTimeoutError::Disconnected) => {
                let speech = station.speech();
                station.heard().guard_ended(&speech);
                listener.take(&station, &[]);
                return;
            }
        }
    }
}

fn burst(first: Notice, inbox: &Receiver<Notice>) -> Vec<Notice> {
    let end = Instant::now() + LONGEST;
    let mut out = vec![first];
    while let left = end.saturating_duration_since(Instant::now())
        && !left.is_zero()
        && let Ok(next) = inbox.recv_timeout(QUIET.min(left))
    {
        out.push(next);
    }
    out
}

/// All that is shown but the time of the look. A view may have been asked for since.
fn as_text(desk: &Desk, open_seq: u32) -> String {
    let mut value = serde_json::to_value(desk).unwrap_or_default();
    value["inventory"]["generated"].take();
    value["open_seq"] = open_seq.into();
    value["open"].take();
    value.to_string()
}

struct Listener {
    app: AppHandle,
    tray: Option<Tray>,
    /// Questions that the window came up for. *Later* puts one off until something else is asked.
    brought: BTreeSet<ConnectorId>,
    /// Nothing was shown yet.
    starting: bool,
    /// What the window was last told to look at, as text.
    shown: Option<String>,
}

impl Listener {
    fn take(&mut self, station: &Station, burst: &[Notice]) {
        for notice in burst {
            tracing::debug!(?notice, "told");
            let (now, speech) = (station.host.now(), station.speech());
            station.heard().hear(notice, now, &speech);
        }
        let desk = match desk::desk(station) {
            Ok(desk) => desk,
            Err(refused) => {
                tracing::error!(code = refused.code, "the desk cannot be put together");
                return;
            }
        };
        self.tell_decisions(station, burst);
        self.bring_up(station, burst, &desk);
        if let Some(tray) = &self.tray {
            tray.follow(&self.app, station, &desk);
        }
        let shown = as_text(&desk, station.wished().1);
        if self.shown.as_ref() == Some(&shown) {
            return;
        }
        self.shown = Some(shown);
        // No window hears it where none is.
        if let Err(error) = self.app.emit_to(windows::DESK, CHANGED, ()) {
            tracing::warn!(%error, "the window was not told");
        }
    }

    /// What was approved in a terminal is told here, where it can be undone.
    fn tell_decisions(&self, station: &Station, burst: &[Notice]) {
        let speech = station.speech();
        for notice in burst {
            let Notice::Decided { connector, answer, channel, client } = notice else { continue };
            if !channel.is_unattended() || !matches!(answer.as_str(), "approve" | "release") {
                continue;
            }
            let args = [("name", connector.name.as_str()), ("client", client_name(&connector.client))];
            let title = match answer.as_str() {
                "approve" => speech.say("notify-approved", &args),
                _ => speech.say("notify-released", &args),
            };
            let body = match client.as_deref().map(client_name) {
                Some(by) => speech.say("notify-below", &[("client", by)]),
                None if *channel == Channel::Automation => speech.say("notify-by-automation", &[]),
                None => speech.say("notify-in-terminal", &[]),
            };
            notifications::notify(&self.app, &title, &body);
        }
    }

    fn bring_up(&mut self, station: &Station, burst: &[Notice], desk: &Desk) {
        let starting = std::mem::take(&mut self.starting);
        let mut asked: Vec<&About> = Vec::new();
        let mut wanted = false;
        for notice in burst {
            match notice {
                Notice::Asked { connector, request, .. } => {
                    let is_new = self.brought.insert(connector.id.clone());
                    if is_new || request.is_some() {
                        asked.retain(|about| about.id != connector.id);
                        asked.push(connector);
                    }
                }
                Notice::Settled { connector } | Notice::Decided { connector, .. } => {
                    self.brought.remove(&connector.id);
                    asked.retain(|about| about.id != connector.id);
                }
                Notice::ShowDesk => wanted = true,
                _ => {}
            }
        }
        let sheet = desk.sheet.filter(|_| starting);
        if let Some(sheet) = sheet {
            tracing::info!(?sheet, "the sheet is due");
            station.wish(Open::FirstRun);
            windows::show(&self.app, Comes::ToTheFront);
        } else if !asked.is_empty() {
            self.ask(station, &asked, desk);
        } else if wanted {
            station.wish(desk::review(desk));
        } else if starting && !desk.tray {
            // There is no other way to see that the guard runs, and none to reach it.
            station.wish(desk::review(desk));
            windows::show(&self.app, Comes::ToTheFront);
        }
        if wanted {
            windows::show(&self.app, Comes::ToTheFront);
        }
    }

    fn ask(&self, station: &Station, asked: &[&About], desk: &Desk) {
        let is_asked = |row: &String| asked.iter().any(|about| about.id.0.starts_with(row.as_str()));
        let others = desk.cards.iter().any(|card| !card.members.iter().any(is_asked));
        let has_window = self.app.get_webview_window(windows::DESK).is_some();
        // A card that is being read is not moved away: the window counts what else waits.
        if !(others && has_window) {
            station.wish(desk::review(desk));
        }
        if !windows::has_focus(&self.app) {
            let speech = station.speech();
            let (title, body) = match asked {
                [one] => {
                    let client = client_name(&one.client);
                    let args = [("name", one.name.as_str()), ("client", client)];
                    (speech.say("notify-asked", &args), speech.say("notify-asked-one", &[]))
                }
                many => {
                    let count = many.len().to_string();
                    (speech.say("notify-asked-many", &[("count", &count)]), speech.say("notify-asked-one", &[]))
                }
            };
            notifications::notify(&self.app, &title, &body);
        }
        windows::show(&self.app, Comes::Aside);
    }
}
