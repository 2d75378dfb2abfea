//! `review`: walks through what nobody has decided on.

use std::io::{self, BufRead as _, IsTerminal as _};

use gatehouse_core::connector::Fingerprint;
use gatehouse_core::engine::{self, Scope};
use gatehouse_core::report::{Row, Status};
use gatehouse_core::request::{Refusal, Reply};

use super::answers::{Answer, Offer};
use super::{Outcome, memory, rows_document, survey, tell};
use crate::exit::Exit;
use crate::problem::Problem;
use crate::render::{card, inventory};
use crate::session::Session;

pub(crate) fn review(session: &Session, as_json: bool) -> Outcome {
    let inventory = survey(session, &Scope::default())?.inventory;
    let open: Vec<_> = inventory.connectors.iter().filter(|row| is_open(row)).cloned().collect();
    if as_json {
        session.print_json(&rows_document(&inventory, open));
        return Ok(Exit::Done);
    }
    if open.is_empty() {
        session.print(&session.say("review-none", &[]));
        return Ok(Exit::Done);
    }
    if io::stdin().is_terminal() && session.stdout.is_terminal {
        walk(session, &open)
    } else {
        list(session, &open);
        Ok(Exit::Done)
    }
}

/// What waits for a decision or was never looked at.
pub(crate) fn is_open(row: &Row) -> bool {
    row.question.is_some() || matches!(row.status, Status::Unreviewed | Status::New | Status::Changed)
}

fn list(session: &Session, open: &[Row]) {
    let page = session.page();
    let mut lines = vec![page.say("review-count", &[("count", &open.len().to_string())])];
    for row in open {
        lines.push(format!("\n{}", inventory::name(&page, row)));
        lines.push(format!("  {}", crate::render::phrases::runs(row)));
        let command = if row.hold.is_some() { "review-command" } else { "review-command-running" };
        lines.push(format!("  {}", page.say(command, &[("id", &row.id)])));
    }
    session.print(&lines.join("\n"));
}

/// How the walk goes on after one card.
enum Next {
    On,
    /// The input ended.
    Stop,
}

fn walk(session: &Session, open: &[Row]) -> Outcome {
    let memory = memory(session);
    let mut lines = io::stdin().lock().lines();
    let mut input = || lines.next().and_then(Result::ok);
    for (index, row) in open.iter().enumerate() {
        let page = session.page();
        let args = [("count", &*(index + 1).to_string()), ("total", &open.len().to_string())];
        session.print(&format!("\n{}\n{}\n", page.say("review-progress", &args), card::card(&page, row)));
        match answer(session, row, Offer::of(row, &memory), &mut input)? {
            Next::On => {}
            Next::Stop => break,
        }
    }
    session.print(&session.say("review-end", &[]));
    Ok(Exit::Done)
}

fn answer(
    session: &Session,
    row: &Row,
    offer: Offer,
    input: &mut dyn FnMut() -> Option<String>,
) -> Result<Next, Problem> {
    let mut typed: Option<(Answer, String)> = None;
    loop {
        let (answer, typed_name) = match typed.take() {
            Some((answer, name)) => (answer, Some(name)),
            None => {
                session.print_exactly(&format!("{} ", offer.prompt(&session.page())));
                let Some(line) = input() else {
                    session.print("");
                    return Ok(Next::Stop);
                };
                match offer.read(&line) {
                    Some(answer) => (answer, None),
                    None => continue,
                }
            }
        };
        if answer == Answer::Show {
            session.print(&format!("\n{}\n", card::account(&session.page(), row)));
            continue;
        }
        let Some(request) = answer.request(&row.id, Fingerprint(row.fingerprint.clone()), typed_name) else {
            return Ok(Next::On);
        };
        let acted = engine::act(&session.host, &request).map_err(|error| Problem::of_act(&error, session))?;
        if let Reply::Refused { refusal: Refusal::NameNotTyped { name } } = &acted.reply {
            session.print_exactly(&format!("{} ", session.say("ask-name", &[("name", name)])));
            match input() {
                Some(line) if line.trim() == name => typed = Some((answer, line.trim().to_owned())),
                Some(_) => session.print(&session.say("ask-name-differs", &[])),
                None => return Ok(Next::Stop),
            }
            continue;
        }
        let done = |effects: &[_]| effects.is_empty().then(|| session.say("done-recorded", &[]));
        match tell(session, &acted.reply, done) {
            Ok(_) => {}
            // The next card is another matter.
            Err(problem) => session.note_text(&problem.message),
        }
        if !acted.by_guard {
            session.note("no-guard", &[]);
        }
        return Ok(Next::On);
    }
}
