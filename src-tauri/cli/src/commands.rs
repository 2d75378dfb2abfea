//! The verbs, one noun a file.

use gatehouse_core::connector::ConnectorId;
use gatehouse_core::engine::{self, Acted, Scope, Survey, Versions};
use gatehouse_core::memory::Memory;
use gatehouse_core::report::{Inventory, Row};
use gatehouse_core::request::{Effect, EffectKind, Refusal, Reply, Request};
use gatehouse_core::sentences::client_name;
use serde_json::{Value, json};

use crate::args::{PolicyVerb, Verb};
use crate::exit::Exit;
use crate::problem::Problem;
use crate::render::notice;
use crate::session::Session;

mod age_limit;
mod answers;
mod decide;
mod diff;
mod help;
mod history;
mod look;
mod policy;
mod review;
mod scan;
mod settings;
mod token;
mod watch;

pub(crate) type Outcome = Result<Exit, Problem>;

pub(crate) fn run(session: &Session, verb: Verb) -> Outcome {
    match verb {
        Verb::Scan(scan) => scan::scan(session, &scan),
        Verb::Show { id, output } => look::show(session, &id, output.is_json()),
        Verb::Diff { id, from, to, output } => diff::diff(session, &id, Versions { from, to }, output.is_json()),
        Verb::Coverage { all, output } => look::coverage(session, all, output.is_json()),
        Verb::Status { output } => look::status(session, output.is_json()),
        Verb::Doctor { output } => look::doctor(session, output.is_json()),
        Verb::Approve(approve) => decide::approve(session, approve),
        Verb::Keep(decision) => decide::keep(session, decision),
        Verb::KeepApproved(decision) => decide::keep_approved(session, decision),
        Verb::Hold { id } => decide::hold(session, id),
        Verb::Deny(decision) => decide::deny(session, decision),
        Verb::Remove(decision) => decide::remove(session, decision),
        Verb::Release(release) => decide::release(session, release),
        Verb::Revoke { id } => decide::revoke(session, id),
        Verb::Undo { id } => decide::undo(session, id),
        Verb::Unpin { id } => decide::unpin(session, id),
        Verb::Review { output } => review::review(session, output.is_json()),
        Verb::Watch { output } => watch::watch(session, output.is_json()),
        Verb::Log { verify: true, output, .. } => history::verify(session, output.is_json()),
        Verb::Log { network: true, output, .. } => Ok(history::network(session, output.is_json())),
        Verb::Log { output, .. } => history::log(session, output.is_json()),
        Verb::Mode { mode } => settings::mode(session, mode),
        Verb::CliApprovals { setting } => settings::cli_approvals(session, setting),
        Verb::LookUps { setting } => settings::look_ups(session, setting),
        Verb::Pause { duration } => settings::pause(session, duration),
        Verb::AgeLimit(wish) => age_limit::age_limit(session, &wish),
        Verb::Folder { path, rule, put_back } => settings::folder(session, &path, rule, put_back),
        Verb::Policy { verb: PolicyVerb::Show { output } } => Ok(policy::show(session, output.is_json())),
        Verb::Policy { verb: PolicyVerb::Check { file, output } } => policy::check(session, &file, output.is_json()),
        Verb::Help { code } => help::help(session, code.as_deref()),
        Verb::Completions { shell } => Ok(help::completions(session, shell)),
    }
}

/// Looks at the machine, with a progress bar on a terminal.
fn survey(session: &Session, scope: &Scope) -> Result<Survey, Problem> {
    let bar = session.progress("progress-files", Some(0));
    let mut progress = |done: usize, total: usize| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    };
    let survey = engine::survey(&session.host, scope, &session.wording, &mut progress);
    bar.finish_and_clear();
    survey.map_err(|error| Problem::of_survey(&error, session))
}

/// The row that a person means: digits of its id, or `client/name`.
fn find<'a>(inventory: &'a Inventory, wanted: &str) -> Result<&'a Row, Refusal> {
    let is_hex = wanted.len() >= 4 && wanted.bytes().all(|b| b.is_ascii_hexdigit());
    let digits = wanted.to_ascii_lowercase();
    let matches = |row: &&Row| {
        (is_hex && (row.id.starts_with(&digits) || digits.starts_with(&row.id)))
            || wanted.split_once('/').is_some_and(|(client, name)| row.client == client && row.name == name)
    };
    let found: Vec<_> = inventory.connectors.iter().filter(matches).collect();
    match found.as_slice() {
        [row] => Ok(row),
        [] => Err(Refusal::NoSuchConnector { id: wanted.to_owned() }),
        rows => {
            let ids = rows.iter().map(|row| row.id.clone()).collect();
            Err(Refusal::Ambiguous { id: wanted.to_owned(), ids })
        }
    }
}

fn memory(session: &Session) -> Memory {
    engine::remembered(&session.host)
}

/// Whether a full identity is the one that a row shows the first digits of.
fn is_row(id: &ConnectorId, row: &Row) -> bool {
    id.0.starts_with(&row.id)
}

/// The inventory's own keys with only some of its lists.
fn part(inventory: &Inventory, keep: &[&str]) -> Value {
    let mut value = serde_json::to_value(inventory).expect("the model is plain JSON");
    if let Value::Object(members) = &mut value {
        members.retain(|key, _| !matches!(key.as_str(), "coverage" | "connectors") || keep.contains(&key.as_str()));
    }
    value
}

/// Sends a request and tells how it went. `done` is said where nothing else is to be told.
fn act(session: &Session, request: &Request, done: impl FnOnce(&[Effect]) -> Option<String>) -> Outcome {
    let acted = engine::act(&session.host, request).map_err(|error| Problem::of_act(&error, session))?;
    tell_acted(session, &acted, done)
}

/// Tells how a request went that was carried out.
fn tell_acted(session: &Session, acted: &Acted, done: impl FnOnce(&[Effect]) -> Option<String>) -> Outcome {
    let Acted { reply, by_guard, alarms } = acted;
    for alarm in alarms {
        session.note_text(&notice::notice(&session.page(), alarm));
    }
    let exit = tell(session, reply, done)?;
    if !by_guard {
        session.note("no-guard", &[]);
    }
    Ok(exit)
}

/// Tells an answer of the engine.
fn tell(session: &Session, reply: &Reply, done: impl FnOnce(&[Effect]) -> Option<String>) -> Outcome {
    match reply {
        Reply::Done { effects } => {
            for effect in effects {
                session.print(&session.page().speech().effect(effect));
            }
            if let Some(done) = done(effects) {
                session.print(&done);
            }
            // The decision stands, but a script has to know that the file is not as was asked.
            let unedited = |effect: &Effect| matches!(effect.kind, EffectKind::NotEdited(Refusal::File { .. }));
            Ok(if effects.iter().any(unedited) { Exit::Failure } else { Exit::Done })
        }
        Reply::AskedAtDesk { client: Some(client) } => {
            session.print(&session.say("asked-at-desk-by", &[("client", client_name(client))]));
            Ok(Exit::Done)
        }
        Reply::AskedAtDesk { client: None } => {
            session.print(&session.say("asked-at-desk", &[]));
            Ok(Exit::Done)
        }
        Reply::Refused { refusal } => Err(Problem::of_refusal(refusal, session)),
        Reply::Pong => Ok(Exit::Done),
    }
}

/// A number of rows as a JSON document of its own.
fn rows_document(inventory: &Inventory, rows: Vec<Row>) -> Value {
    let mut value = part(inventory, &["connectors"]);
    value["connectors"] = json!(rows);
    value
}
