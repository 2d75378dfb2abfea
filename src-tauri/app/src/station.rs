//! What the app knows beside the engine: words, the user's mark, what was told lately, and which view is wished for.

use std::sync::{Mutex, MutexGuard, PoisonError};

use gatehouse_core::connector::Fingerprint;
use gatehouse_core::engine::{self, Guard, Scope, Survey};
use gatehouse_core::host::Host;
use gatehouse_core::policy::FolderRule;
use gatehouse_core::record::{Channel, Origin};
use gatehouse_core::request::{Effect, EffectKind, Refusal, Reply, Request, Selector, Wish};
use gatehouse_core::sentences::{Speech, client_name};
use gatehouse_core::wording::Wording;

use crate::automation;
use crate::dto::{Open, Outcome, Refused};
use crate::heard::Heard;
use crate::mark::Seed;
use crate::tray_host::TrayHost;

/// One running app.
pub(crate) struct Station {
    pub(crate) host: Host,
    pub(crate) wording: Wording,
    pub(crate) seed: Seed,
    pub(crate) tray_host: TrayHost,
    guard: Mutex<Option<Guard>>,
    /// Of what is answered in the window: whoever sits there is at the desk, whatever started the app is recorded.
    origin: Origin,
    /// Programs can press the window's buttons.
    pub(crate) driven: bool,
    heard: Mutex<Heard>,
    wished: Mutex<(Open, u32)>,
}

impl Station {
    pub(crate) fn new(host: Host, wording: Wording, seed: Seed, guard: Guard) -> Self {
        let driven = automation::is_on(&host);
        let channel = if driven { Channel::Automation } else { Channel::Desk };
        Self {
            host,
            wording,
            seed,
            tray_host: TrayHost::default(),
            guard: Mutex::new(Some(guard)),
            origin: Origin { channel, ..engine::own_origin() },
            driven,
            heard: Mutex::default(),
            wished: Mutex::new((Open::Connectors, 0)),
        }
    }

    pub(crate) fn speech(&self) -> Speech<'_> {
        Speech { wording: &self.wording, host: &self.host }
    }

    /// Looks at the machine.
    pub(crate) fn survey(&self) -> Result<Survey, Refused> {
        engine::survey(&self.host, &Scope::default(), &self.wording, &mut |_, _| {}).map_err(|error| {
            let detail = error.to_string();
            Refused { code: "ledger".to_owned(), message: self.speech().say("refusal-ledger", &[("detail", &detail)]) }
        })
    }

    /// What was told since the start.
    pub(crate) fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for a view; the window goes there once.
    pub(crate) fn wish(&self, open: Open) {
        let mut wished = self.wished.lock().unwrap_or_else(PoisonError::into_inner);
        *wished = (open, wished.1 + 1);
    }

    /// The view that was asked for last, and how many were.
    pub(crate) fn wished(&self) -> (Open, u32) {
        self.wished.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Has the engine do something in the name of whoever sits at the desk.
    pub(crate) fn ask(&self, request: Request) -> Outcome {
        let guard = self.guard.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = || Reply::Refused { refusal: Refusal::Ledger { detail: "the guard is ending".to_owned() } };
        let reply = guard.as_ref().map_or_else(ended, |guard| guard.ask(request, self.origin.clone()));
        drop(guard);
        match reply {
            Reply::Done { effects } => {
                // That a decision is recorded is among the news.
                let told = effects.into_iter().filter(|effect| effect.kind != EffectKind::Recorded);
                let line = |effect: Effect| {
                    let client = client_name(&effect.client).to_owned();
                    self.speech().effect(&Effect { client, ..effect })
                };
                Outcome::Done { lines: told.map(line).collect() }
            }
            Reply::Pong => Outcome::Done { lines: Vec::new() },
            // Only of a window that a program drives.
            Reply::AskedAtDesk { .. } => {
                let message = self.speech().say("app-driven-refused", &[]);
                Outcome::Refused { refused: Refused { code: "driven".to_owned(), message } }
            }
            Reply::Refused { refusal } => Outcome::Refused { refused: refused(&self.speech(), &refusal) },
        }
    }

    /// Has a decision carried out, if the entry is still the one that was shown.
    pub(crate) fn decide(&self, id: String, fingerprint: String, wish: Wish) -> Outcome {
        let shown = Some(Fingerprint(fingerprint));
        self.ask(Request::Decide { id: Selector(id), wish, shown, note: None })
    }

    /// Takes up the offer beside a question: in the project of a row nothing is held before it is decided on.
    pub(crate) fn ask_only(&self, id: &str) -> Outcome {
        let survey = match self.survey() {
            Ok(survey) => survey,
            Err(refused) => return Outcome::Refused { refused },
        };
        let row = survey.inventory.connectors.iter().find(|row| row.id == id && row.folder_offer.is_some());
        let known = row.and_then(|row| crate::cards::remembered(&survey.memory, row));
        let folder = known.and_then(|(id, _)| survey.memory.folder_offers.iter().find(|(_, ids)| ids.contains(id)));
        let Some((folder, _)) = folder else {
            let refusal = Refusal::Stale { id: id.to_owned() };
            return Outcome::Refused { refused: refused(&self.speech(), &refusal) };
        };
        self.ask(Request::SetFolder { folder: folder.clone(), rule: FolderRule::Notify, put_back: true })
    }

    /// Gives the state before the last decision back.
    pub(crate) fn undo(&self, id: String) -> Outcome {
        self.ask(Request::Undo { id: Selector(id) })
    }

    /// The review sheet was gone through: the mode that is in force is set by a person now.
    pub(crate) fn finish_sheet(&self) -> Outcome {
        match self.survey() {
            Ok(survey) => self.ask(Request::SetMode { mode: survey.memory.mode }),
            Err(refused) => Outcome::Refused { refused },
        }
    }

    /// Seals the ledger and ends the guard.
    pub(crate) fn end(&self) {
        let guard = self.guard.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(guard) = guard {
            guard.stop();
        }
    }
}

/// A refusal as the window tells it.
pub(crate) fn refused(speech: &Speech<'_>, refusal: &Refusal) -> Refused {
    let (id, message) = speech.refusal(refusal);
    // The terminal names a command here; the window has the button, or shows the new state itself.
    let message = match refusal {
        Refusal::Stale { .. } => speech.say("stale-at-desk", &[]),
        Refusal::NothingToUndo { .. } | Refusal::UndoTooLate { .. } => speech.say("cannot-undo", &[]),
        _ => message,
    };
    Refused { code: id.trim_start_matches("refusal-").to_owned(), message }
}
