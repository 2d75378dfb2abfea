//! What a person answers to a card in the terminal.

use gatehouse_core::connector::{ConnectorId, Fingerprint};
use gatehouse_core::guard::Standing;
use gatehouse_core::memory::Memory;
use gatehouse_core::record::QuestionKind;
use gatehouse_core::report::{Row, Status};
use gatehouse_core::request::{ApproveHow, Request, Selector, Wish};

use super::is_row;
use crate::render::Page;
use crate::render::table::wrapped;

/// One answer by its letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    KeepHeld,
    KeepApproved,
    /// Hold what runs now.
    Hold,
    Approve,
    OnlyHere,
    Deny,
    Remove,
    Release,
    Show,
    Later,
}

/// Which answers a card offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Offer {
    /// It is held, or asks to be.
    Held,
    /// It changed, and an approved launch is there to go back to.
    HeldWithApproved,
    /// It runs, and nobody reviewed it.
    Running,
}

impl Offer {
    /// What is offered for a row.
    pub(crate) fn of(row: &Row, memory: &Memory) -> Self {
        // Asked for by a client, a connector that runs has a question too: silence must not take it out.
        let runs = matches!(row.status, Status::Unreviewed | Status::Approved | Status::Released);
        let Some(question) = row.question.as_ref().filter(|_| !runs) else {
            return if row.hold.is_some() { Self::Held } else { Self::Running };
        };
        if question.kind == QuestionKind::New { Self::Held } else { Self::of_change(memory, |id| is_row(id, row)) }
    }

    /// What is offered for a changed connector.
    pub(crate) fn of_change(memory: &Memory, is_it: impl Fn(&ConnectorId) -> bool) -> Self {
        let known = memory.connectors.iter().find(|(id, _)| is_it(id)).map(|(_, remembered)| &remembered.known);
        match known.and_then(|known| known.in_force.as_ref()) {
            Some((_, Standing::Approved)) => Self::HeldWithApproved,
            _ => Self::Held,
        }
    }

    pub(crate) fn prompt(self, page: &Page<'_>) -> String {
        let all = match self {
            Self::Held => page.say("ask-held", &[]),
            Self::HeldWithApproved => page.say("ask-held-with-approved", &[]),
            Self::Running => page.say("ask-running", &[]),
        };
        // Room for what is typed behind it.
        wrapped(&all, " · ", page.width.saturating_sub(2)).join("\n")
    }

    /// Reads a line. `None` is no answer at all; the prompt comes again.
    pub(crate) fn read(self, line: &str) -> Option<Answer> {
        let word = line.trim();
        if word.starts_with('\u{1b}') {
            return Some(Answer::Later);
        }
        match (word, self) {
            ("", Self::Held) => Some(Answer::KeepHeld),
            ("", Self::HeldWithApproved) => Some(Answer::KeepApproved),
            ("" | "n" | "N", _) => Some(Answer::Later),
            ("k", Self::Held | Self::HeldWithApproved) => Some(Answer::KeepHeld),
            ("K", Self::Held) => Some(Answer::KeepHeld),
            ("K", Self::HeldWithApproved) => Some(Answer::KeepApproved),
            ("h" | "H", Self::Running) => Some(Answer::Hold),
            ("a" | "A", _) => Some(Answer::Approve),
            ("o" | "O", _) => Some(Answer::OnlyHere),
            ("d" | "D", _) => Some(Answer::Deny),
            ("r" | "R", _) => Some(Answer::Remove),
            ("l" | "L", Self::Held | Self::HeldWithApproved) => Some(Answer::Release),
            ("s" | "S", _) => Some(Answer::Show),
            _ => None,
        }
    }
}

impl Answer {
    /// Whether it lets something run that did not run before.
    pub(crate) fn lets_run(self) -> bool {
        matches!(self, Self::Approve | Self::OnlyHere | Self::Release)
    }

    /// The request that carries it out; `None` where nothing is decided.
    pub(crate) fn request(self, id: &str, shown: Fingerprint, typed_name: Option<String>) -> Option<Request> {
        let id = Selector(id.to_owned());
        let approve = |only_here| Wish::Approve { how: ApproveHow::ThisVersion, version: None, only_here, typed_name };
        let wish = match self {
            Self::Show | Self::Later => return None,
            Self::Hold => return Some(Request::Hold { id }),
            Self::KeepHeld => Wish::KeepHeld,
            Self::KeepApproved => Wish::KeepApproved,
            Self::Approve => approve(false),
            Self::OnlyHere => approve(true),
            Self::Deny => Wish::Deny,
            Self::Remove => Wish::Remove,
            Self::Release => Wish::Release,
        };
        Some(Request::Decide { id, wish, shown: Some(shown), note: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_read_and_nothing_is_guessed() {
        let check = |offer: Offer, line: &str, expect| assert_eq!(offer.read(line), expect, "{offer:?} {line:?}");
        check(Offer::Held, "", Some(Answer::KeepHeld));
        check(Offer::Held, "K", Some(Answer::KeepHeld));
        check(Offer::HeldWithApproved, "", Some(Answer::KeepApproved));
        check(Offer::HeldWithApproved, "k", Some(Answer::KeepHeld));
        check(Offer::HeldWithApproved, "K", Some(Answer::KeepApproved));
        check(Offer::Running, "", Some(Answer::Later));
        check(Offer::Running, "k", None);
        check(Offer::Running, "l", None);
        check(Offer::Held, "h", None);
        check(Offer::Held, " a ", Some(Answer::Approve));
        check(Offer::Held, "approve", None);
        check(Offer::Held, "yes", None);
        check(Offer::Held, "\u{1b}", Some(Answer::Later));
        check(Offer::Held, "\u{1b}[A", Some(Answer::Later));
        check(Offer::Held, "n", Some(Answer::Later));
    }

    #[test]
    fn an_answer_repeats_the_fingerprint_that_was_shown() {
        let shown = Fingerprint("v1:ab".to_owned());
        for answer in [Answer::Approve, Answer::KeepHeld, Answer::Deny, Answer::Release, Answer::KeepApproved] {
            let Some(Request::Decide { shown: repeated, .. }) = answer.request("3fa9c1d2", shown.clone(), None) else {
                panic!("{answer:?} decides nothing");
            };
            assert_eq!(repeated.as_ref(), Some(&shown));
        }
        assert_eq!(Answer::Later.request("3fa9c1d2", shown, None), None);
    }
}
