//! The questions of a watching terminal: one card at a time, nothing decided by silence.

use std::time::{Duration, Instant};

use gatehouse_core::connector::{ConnectorId, Fingerprint};
use gatehouse_core::engine::{self, Scope};
use gatehouse_core::record::QuestionKind;
use gatehouse_core::report::Row;
use gatehouse_core::request::{About, Notice, Refusal, Reply, Request};

use super::line;
use crate::commands::answers::{Answer, Offer};
use crate::commands::{is_row, memory, tell};
use crate::render::{card, notice};
use crate::session::Session;

/// An answer that lets something run does not count this soon after its card changed under the reader's eyes.
const SETTLING: Duration = Duration::from_millis(700);

/// A question that was not answered yet.
struct Waiting {
    about: About,
    kind: QuestionKind,
    /// The line that told it.
    told: String,
    /// Which client asked for it, in words.
    asked_by: Option<String>,
    /// It is about to be held: its card is right a moment later.
    awaits_hold: bool,
}

/// What the next line of input is an answer to.
enum Open {
    Nothing,
    /// A choice among the waiting ones by number.
    List,
    Card(Box<Card>),
    /// The name of a known malicious connector has to be typed.
    Name(Box<Card>, Answer, String),
}

struct Card {
    about: About,
    /// `None` where the survey does not list it: then the notice is all there is to show.
    row: Option<Row>,
    offer: Offer,
    /// When it replaced another state of the same question.
    changed: Option<Instant>,
}

pub(super) struct Desk<'a> {
    session: &'a Session,
    /// Asks the engine.
    ask: Box<dyn Fn(Request) -> Reply + 'a>,
    waiting: Vec<Waiting>,
    /// Answered here: what the engine tells of it was told with the answer.
    answered: Vec<ConnectorId>,
    open: Open,
    /// Somebody is at the keyboard.
    attended: bool,
}

impl<'a> Desk<'a> {
    pub(super) fn new(session: &'a Session, ask: impl Fn(Request) -> Reply + 'a) -> Self {
        let (waiting, answered) = (Vec::new(), Vec::new());
        Self { session, ask: Box::new(ask), waiting, answered, open: Open::Nothing, attended: true }
    }

    /// Takes a notice in.
    pub(super) fn hear(&mut self, notice: Notice) {
        let told = line(self.session, &notice);
        let asked_by = notice::asked_by(&self.session.page(), &notice);
        match notice {
            Notice::Asked { connector, kind, held, .. } if self.attended => {
                self.asked(Waiting { about: connector, kind, told, asked_by, awaits_hold: held });
            }
            Notice::Held { connector, .. } | Notice::NotEdited { connector, .. } => {
                let waiting = self.waiting.iter_mut().find(|waiting| waiting.about.id == connector.id);
                if let Some(waiting) = waiting {
                    waiting.awaits_hold = false;
                }
                self.print_aside(&told);
            }
            Notice::Settled { connector } => {
                let waited = self.waiting.iter().any(|w| w.about.id == connector.id);
                self.waiting.retain(|w| w.about.id != connector.id);
                // A question that was answered here is gone already, and needs no line.
                if waited {
                    self.print_aside(&told);
                }
                if self.is_open(&connector) {
                    self.open = Open::Nothing;
                }
            }
            Notice::Decided { connector, .. } | Notice::Released { connector, .. }
                if self.answered.contains(&connector.id) => {}
            _ => self.print_aside(&told),
        }
    }

    fn asked(&mut self, question: Waiting) {
        let is_open = self.is_open(&question.about);
        self.answered.retain(|id| *id != question.about.id);
        let index = self.waiting.iter().position(|w| w.about.id == question.about.id).unwrap_or(self.waiting.len());
        match self.waiting.get_mut(index) {
            Some(waiting) => *waiting = question,
            None => self.waiting.push(question),
        }
        if is_open {
            self.session.print(&format!("\n{}", self.session.say("ask-changed-meanwhile", &[])));
            self.show(index, Some(Instant::now()));
        } else if !matches!(self.open, Open::Nothing) {
            let count = self.waiting.len().to_string();
            self.print_aside(&self.session.say("ask-more-wait", &[("count", &count)]));
        }
    }

    fn is_open(&self, about: &About) -> bool {
        matches!(&self.open, Open::Card(card) | Open::Name(card, ..) if card.about.id == about.id)
    }

    /// Whether the next question is better shown when its hold is in force, which is soon.
    pub(super) fn awaits_hold(&self) -> bool {
        self.attended && matches!(self.open, Open::Nothing) && self.waiting.iter().any(|waiting| waiting.awaits_hold)
    }

    /// Nothing more is said about the holds that were waited for.
    pub(super) fn wait_no_longer(&mut self) {
        for waiting in &mut self.waiting {
            waiting.awaits_hold = false;
        }
    }

    /// Shows the next question where none is open.
    pub(super) fn settle(&mut self) {
        if !self.attended || !matches!(self.open, Open::Nothing) || self.awaits_hold() {
            return;
        }
        match self.waiting.len() {
            0 => {}
            1 => self.show(0, None),
            _ => {
                let page = self.session.page();
                let count = self.waiting.len().to_string();
                let mut lines = vec![page.say("ask-list", &[("count", &count)])];
                for (index, waiting) in self.waiting.iter().enumerate() {
                    lines.push(format!("{:>3}  {}", index + 1, notice::connector(&page, &waiting.about)));
                    lines.push(format!("     {}", crate::render::chips::visible(&waiting.about.runs)));
                }
                self.session.print(&format!("\n{}", lines.join("\n")));
                self.open = Open::List;
                self.prompt();
            }
        }
    }

    fn show(&mut self, index: usize, changed: Option<Instant>) {
        let Some(waiting) = self.waiting.get(index) else { return };
        let (session, about) = (self.session, waiting.about.clone());
        let survey = engine::survey(&session.host, &Scope::default(), &session.wording, &mut |_, _| {});
        let rows = survey.map(|survey| survey.inventory.connectors).unwrap_or_default();
        let row = rows.into_iter().find(|row| is_row(&about.id, row) && row.fingerprint == about.fingerprint.0);
        let offer = match (&row, waiting.kind) {
            (Some(row), _) => Offer::of(row, &memory(session)),
            (None, QuestionKind::New) => Offer::Held,
            (None, QuestionKind::Changed | QuestionKind::Artefact) => {
                Offer::of_change(&memory(session), |id| *id == about.id)
            }
        };
        let text = row.as_ref().map_or_else(|| waiting.told.clone(), |row| card::card(&session.page(), row));
        // Who wants it comes first: it is what the reader has to weigh.
        let by = waiting.asked_by.as_ref().filter(|_| row.is_some()).map(|by| format!("{by}\n")).unwrap_or_default();
        session.print(&format!("\n{by}{text}\n"));
        self.open = Open::Card(Box::new(Card { about, row, offer, changed }));
        self.prompt();
    }

    fn prompt(&self) {
        let page = self.session.page();
        let text = match &self.open {
            Open::Nothing => return,
            Open::List => page.say("ask-which", &[("count", &self.waiting.len().to_string())]),
            Open::Card(card) => card.offer.prompt(&page),
            Open::Name(_, _, name) => page.say("ask-name", &[("name", name)]),
        };
        self.session.print_exactly(&format!("{text} "));
    }

    /// Prints a line beside an open prompt, which then stands again below.
    fn print_aside(&self, text: &str) {
        let gap = if matches!(self.open, Open::Nothing) { "" } else { "\n" };
        self.session.print(&format!("{gap}{text}"));
        self.prompt();
    }

    /// Takes a line of input in.
    pub(super) fn answer(&mut self, line: &str) {
        match std::mem::replace(&mut self.open, Open::Nothing) {
            Open::Nothing => {}
            Open::List => self.choose(line),
            Open::Card(card) => match card.offer.read(line) {
                Some(answer) => self.carry_out(card, answer, None),
                None => {
                    self.open = Open::Card(card);
                    self.prompt();
                }
            },
            Open::Name(card, answer, name) => {
                if line.trim() == name {
                    self.carry_out(card, answer, Some(name));
                } else {
                    self.session.print(&self.session.say("ask-name-differs", &[]));
                    self.open = Open::Card(card);
                    self.prompt();
                }
            }
        }
    }

    fn choose(&mut self, line: &str) {
        match line.trim() {
            "" | "n" | "N" => self.put_off_all(),
            word if word.starts_with('\u{1b}') => self.put_off_all(),
            word => match word.parse::<usize>() {
                Ok(number) if (1..=self.waiting.len()).contains(&number) => self.show(number - 1, None),
                _ => {
                    self.open = Open::List;
                    self.prompt();
                }
            },
        }
    }

    fn put_off_all(&mut self) {
        self.waiting.clear();
        self.session.print(&self.session.say("ask-later", &[]));
    }

    fn carry_out(&mut self, card: Box<Card>, answer: Answer, typed_name: Option<String>) {
        let session = self.session;
        if answer.lets_run() && card.changed.is_some_and(|changed| changed.elapsed() < SETTLING) {
            session.print(&session.say("ask-look-again", &[]));
            self.open = Open::Card(card);
            return self.prompt();
        }
        if answer == Answer::Show {
            let text = card.row.as_ref().map(|row| card::account(&session.page(), row));
            session.print(&format!("\n{}\n", text.unwrap_or_else(|| card.about.fingerprint.to_string())));
            self.open = Open::Card(card);
            return self.prompt();
        }
        let shown = Fingerprint(card.about.fingerprint.0.clone());
        let Some(request) = answer.request(&card.about.id.0, shown, typed_name) else {
            self.forget(&card);
            return session.print(&session.say("ask-later", &[]));
        };
        let reply = (self.ask)(request);
        if let Reply::Refused { refusal: Refusal::NameNotTyped { name } } = &reply {
            self.open = Open::Name(card, answer, name.clone());
            return self.prompt();
        }
        let done = |effects: &[_]| effects.is_empty().then(|| session.say("done-recorded", &[]));
        match tell(session, &reply, done) {
            Ok(_) => {
                self.answered.push(card.about.id.clone());
                self.forget(&card);
            }
            Err(problem) => {
                // Refused: the question stands and can be answered otherwise.
                session.print(&problem.message);
                self.open = Open::Card(card);
                self.prompt();
            }
        }
    }

    fn forget(&mut self, card: &Card) {
        self.waiting.retain(|waiting| waiting.about.id != card.about.id);
    }

    /// Nobody answers any more: what waits stays waiting.
    pub(super) fn leave(&mut self) {
        self.attended = false;
        self.open = Open::Nothing;
        self.session.print(&format!("\n{}", self.session.say("ask-nobody", &[])));
        for waiting in std::mem::take(&mut self.waiting) {
            self.session.print(&waiting.told);
        }
    }
}

#[cfg(test)]
mod tests;
