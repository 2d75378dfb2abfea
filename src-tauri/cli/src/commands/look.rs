//! The verbs that only look: `show`, `coverage`, `status`, `doctor`.

use std::collections::BTreeMap;

use gatehouse_core::engine::{self, CheckState, Scope};
use gatehouse_core::sentences::{Names, stamp};
use serde_json::{Value, json};

use super::{Outcome, find, is_row, memory, part, rows_document, survey};
use crate::exit::Exit;
use crate::problem::Problem;
use crate::render::log::log;
use crate::render::{card, inventory, kebab};
use crate::session::Session;

pub(crate) fn show(session: &Session, id: &str, as_json: bool) -> Outcome {
    let inventory = survey(session, &Scope::default())?.inventory;
    let row = find(&inventory, id).map_err(|refusal| Problem::of_refusal(&refusal, session))?;
    if as_json {
        session.print_json(&rows_document(&inventory, vec![row.clone()]));
        return Ok(Exit::Done);
    }
    let page = session.page();
    let mut text = card::account(&page, row);
    let entries = engine::history(&session.host).unwrap_or_default();
    let mut names = Names::default();
    entries.iter().for_each(|entry| names.learn(&entry.record));
    let memory = memory(session);
    if let Some(id) = memory.connectors.keys().find(|id| is_row(id, row)) {
        let own = entries.iter().filter(|entry| names.concerns(&entry.record, id));
        text = format!("{text}\n\n{}\n{}", page.say("show-history", &[]), log(&page, own, &names));
    }
    session.print(&text);
    Ok(Exit::Done)
}

pub(crate) fn coverage(session: &Session, all: bool, as_json: bool) -> Outcome {
    let inventory = survey(session, &Scope::default())?.inventory;
    if as_json {
        session.print_json(&part(&inventory, &["coverage"]));
    } else {
        session.print(&inventory::coverage(&session.page(), &inventory.coverage, all));
    }
    Ok(Exit::Done)
}

pub(crate) fn status(session: &Session, as_json: bool) -> Outcome {
    let inventory = survey(session, &Scope::default())?.inventory;
    let paused = memory(session).paused_until.filter(|until| session.host.now() < *until);
    if as_json {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for row in &inventory.connectors {
            *counts.entry(kebab(&row.status)).or_default() += 1;
        }
        let mut value = part(&inventory, &[]);
        value["paused_until"] = paused.map_or(Value::Null, |until| until.to_string().into());
        value["counts"] = json!(counts);
        let gaps = inventory.coverage.iter().filter(|place| inventory::is_gap(place.state)).count();
        value["unread"] = gaps.into();
        session.print_json(&value);
    } else {
        let paused = paused.map(stamp);
        session.print(&inventory::status(&session.page(), &inventory, paused.as_deref()));
    }
    Ok(Exit::Done)
}

pub(crate) fn doctor(session: &Session, as_json: bool) -> Outcome {
    let checks = engine::check_up(&session.host);
    if as_json {
        let page = session.page();
        let lines = checks.iter().map(|check| {
            let state = match check.state {
                CheckState::Good => "good",
                CheckState::Note => "note",
                CheckState::Bad => "bad",
            };
            let message = inventory::doctor_line(&page, check);
            json!({"name": check.name, "state": state, "message": message})
        });
        session.print_json(&json!({"checks": lines.collect::<Vec<_>>()}));
    } else {
        session.print(&inventory::check_up(&session.page(), &checks));
    }
    let is_bad = checks.iter().any(|check| check.state == CheckState::Bad);
    Ok(if is_bad { Exit::Failure } else { Exit::Done })
}
