//! The verb that compares two versions: `diff`.

use gatehouse_core::engine::{self, Scope, Versions};
use serde_json::json;

use super::{Outcome, find, survey};
use crate::exit::Exit;
use crate::problem::Problem;
use crate::render::drift;
use crate::session::Session;

pub(crate) fn diff(session: &Session, id: &str, versions: Versions, as_json: bool) -> Outcome {
    let survey = survey(session, &Scope::default())?;
    let row = find(&survey.inventory, id).map_err(|refusal| Problem::of_refusal(&refusal, session))?;
    let compared =
        engine::compare(&session.host, &survey, row, &versions, engine::archives(&session.host), &session.wording);
    let compared = compared.map_err(|error| Problem::of_comparison(&error, session))?;
    if as_json {
        session.print_json(&json!(compared));
    } else {
        session.print(&drift::comparison(&session.page(), &compared));
    }
    Ok(Exit::Done)
}
