//! The verbs that decide on one connector.

use gatehouse_core::engine::Scope;
use gatehouse_core::report::Status;
use gatehouse_core::request::{ApproveHow, Effect, Request, Selector, Wish};

use super::{Outcome, act, find, survey};
use crate::args::{Approve, Decision, Release};
use crate::session::Session;

pub(crate) fn approve(session: &Session, approve: Approve) -> Outcome {
    let how = if approve.pin.is_some() {
        ApproveHow::Pin
    } else if approve.updates {
        ApproveHow::Updates
    } else if approve.developing {
        ApproveHow::Developing
    } else {
        ApproveHow::ThisVersion
    };
    let version = approve.pin.filter(|version| !version.is_empty());
    let wish = Wish::Approve { how, version, only_here: approve.only_here, typed_name: approve.typed_name };
    decide(session, approve.id, wish, approve.note)
}

pub(crate) fn keep(session: &Session, Decision { id, note }: Decision) -> Outcome {
    decide(session, id, Wish::KeepHeld, note)
}

pub(crate) fn keep_approved(session: &Session, Decision { id, note }: Decision) -> Outcome {
    decide(session, id, Wish::KeepApproved, note)
}

pub(crate) fn deny(session: &Session, Decision { id, note }: Decision) -> Outcome {
    decide(session, id, Wish::Deny, note)
}

pub(crate) fn remove(session: &Session, Decision { id, note }: Decision) -> Outcome {
    decide(session, id, Wish::Remove, note)
}

/// Holds what runs now, and confirms what is held already.
pub(crate) fn hold(session: &Session, id: String) -> Outcome {
    let inventory = survey(session, &Scope::default())?.inventory;
    let is_held = find(&inventory, &id).is_ok_and(|row| row.status == Status::Held);
    if is_held {
        return decide(session, id, Wish::KeepHeld, None);
    }
    act(session, &Request::Hold { id: Selector(id) }, |effects| recorded(session, effects))
}

pub(crate) fn release(session: &Session, release: Release) -> Outcome {
    let Some(id) = release.id else {
        let request = Request::ReleaseAll { malicious_too: release.malicious_too };
        return act(session, &request, |effects| {
            let count = effects.len().to_string();
            Some(session.say("done-release-all", &[("count", &count)]))
        });
    };
    decide(session, id, Wish::Release, release.note)
}

pub(crate) fn revoke(session: &Session, id: String) -> Outcome {
    act(session, &Request::Revoke { id: Selector(id) }, |effects| recorded(session, effects))
}

pub(crate) fn unpin(session: &Session, id: String) -> Outcome {
    act(session, &Request::Unpin { id: Selector(id) }, |effects| recorded(session, effects))
}

pub(crate) fn undo(session: &Session, id: String) -> Outcome {
    act(session, &Request::Undo { id: Selector(id) }, |effects| recorded(session, effects))
}

fn decide(session: &Session, id: String, wish: Wish, note: Option<String>) -> Outcome {
    let request = Request::Decide { id: Selector(id), wish, shown: None, note };
    act(session, &request, |effects| recorded(session, effects))
}

fn recorded(session: &Session, effects: &[Effect]) -> Option<String> {
    effects.is_empty().then(|| session.say("done-recorded", &[]))
}
