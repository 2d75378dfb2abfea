//! `age-limit`: what the package managers are told about the age of versions, and telling them.

use gatehouse_core::age_limit::{AgeLimit, COOLDOWN_DAYS, Standing, Tool};
use gatehouse_core::engine;
use gatehouse_core::request::Request;
use serde_json::json;

use super::{Outcome, act};
use crate::args;
use crate::exit::Exit;
use crate::session::Session;

pub(crate) fn age_limit(session: &Session, wish: &args::AgeLimit) -> Outcome {
    let tool = wish.tool.map(Tool::from);
    let request = match (tool, wish.set) {
        (Some(tool), Some(days)) => Some(Request::SetAgeLimit { tool, days }),
        (Some(tool), None) if wish.undo => Some(Request::UndoAgeLimit { tool }),
        _ => None,
    };
    let tell = || {
        let tools = Tool::ALL.into_iter().filter(|one| tool.is_none_or(|tool| *one == tool));
        let limits: Vec<_> = tools.map(|tool| engine::age_limit(&session.host, tool)).collect();
        if wish.output.is_json() {
            session.print_json(&json!({"age_limits": limits}));
        } else {
            let lines: Vec<_> = limits.iter().map(|limit| line(session, limit)).collect();
            session.print(&lines.join("\n"));
        }
    };
    match request {
        Some(request) => act(session, &request, |_| {
            tell();
            None
        }),
        None => {
            tell();
            Ok(Exit::Done)
        }
    }
}

/// What is told, and what can be done about it.
fn line(session: &Session, limit: &AgeLimit) -> String {
    let page = session.page();
    let mut text = page.speech().age_limit(limit);
    let args = [("tool", limit.tool.name()), ("days", &COOLDOWN_DAYS.to_string())];
    if limit.standing != Standing::Enough && limit.can_be_set {
        text = format!("{text} {}", page.say("age-limit-offer", &args));
    }
    if limit.can_be_undone {
        text = format!("{text} {}", page.say("age-limit-undo", &args));
    }
    text
}
