//! The verbs that decide on one connector.

use gatehouse_core::engine::{self, Scope};
use gatehouse_core::policy::FolderRule;
use gatehouse_core::report::Status;
use gatehouse_core::request::{ApproveHow, Effect, Refusal, Reply, Request, Selector, Wish};

use super::{Outcome, act, find, memory, survey, tell_acted};
use crate::args::{Approve, Decision, Release};
use crate::problem::Problem;
use crate::session::Session;

pub(crate) fn approve(session: &Session, approve: Approve) -> Outcome {
    let chosen = approve.pin.is_some() || approve.updates || approve.developing || approve.this_version;
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
    let (only_here, typed_name) = (approve.only_here, approve.typed_name);
    let wish = |how| Wish::Approve { how, version: version.clone(), only_here, typed_name: typed_name.clone() };
    // Of one's own code in a folder under development the next save is meant too, unless it is said otherwise.
    let developing = memory(session).folders.values().any(|rule| *rule == FolderRule::Developing);
    if !chosen && developing {
        let (id, note) = (Selector(approve.id.clone()), approve.note.clone());
        let request = Request::Decide { id, wish: wish(ApproveHow::Developing), shown: None, note };
        let acted = engine::act(&session.host, &request).map_err(|error| Problem::of_act(&error, session))?;
        if !matches!(acted.reply, Reply::Refused { refusal: Refusal::NotUnderDevelopment { .. } }) {
            return tell_acted(session, &acted, |effects| recorded(session, effects));
        }
    }
    decide(session, approve.id, wish(how), approve.note)
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
