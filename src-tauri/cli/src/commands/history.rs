//! `log`: what is remembered, and whether it is whole.

use gatehouse_core::engine::{self, Verified};
use gatehouse_core::network::journal;
use gatehouse_core::sentences::Names;
use serde_json::{Value, json};

use super::Outcome;
use crate::exit::Exit;
use crate::problem::Problem;
use crate::render::kebab;
use crate::render::log::{log as render_log, requests as render_requests, verified};
use crate::session::Session;

pub(crate) fn log(session: &Session, as_json: bool) -> Outcome {
    let entries = engine::history(&session.host).map_err(|error| Problem::of_survey(&error, session))?;
    if as_json {
        let entries = entries.iter().map(|entry| {
            let mut value = json!({"seq": entry.seq, "at": entry.at.to_string(), "sealed": entry.sealed});
            let record = serde_json::to_value(&entry.record).expect("a record is plain JSON");
            if let (Value::Object(value), Value::Object(record)) = (&mut value, record) {
                value.extend(record);
            }
            value
        });
        session.print_json(&json!({"entries": entries.collect::<Vec<_>>()}));
        return Ok(Exit::Done);
    }
    let mut names = Names::default();
    entries.iter().for_each(|entry| names.learn(&entry.record));
    session.print(&render_log(&session.page(), entries.iter(), &names));
    Ok(Exit::Done)
}

/// Every request that was made, as far back as the list goes.
pub(crate) fn network(session: &Session, as_json: bool) -> Exit {
    let requests = journal::read(&session.host);
    if as_json {
        session.print_json(&json!({"requests": requests}));
    } else {
        session.print(&render_requests(&session.page(), &requests));
    }
    Exit::Done
}

pub(crate) fn verify(session: &Session, as_json: bool) -> Outcome {
    let bar = session.progress("progress-verify", None);
    let found = engine::verify(&session.host, &mut |done| bar.set_position(done));
    bar.finish_and_clear();
    let found = found.map_err(|error| Problem::of_survey(&error, session))?;
    let (text, is_sound) = verified(&session.page(), &found);
    if as_json {
        session.print_json(&json!({"verified": as_value(&found)}));
    } else {
        session.print(&text);
    }
    Ok(if is_sound { Exit::Done } else { Exit::Failure })
}

fn as_value(found: &Verified) -> Value {
    match found {
        Verified::NoLedger => json!({"state": "no-ledger"}),
        Verified::Sound { entries, sealed, unsealed, key } => {
            json!({"state": "sound", "entries": entries, "sealed": sealed, "unsealed": unsealed, "key": kebab(key)})
        }
        Verified::Broken { seq, what } => json!({"state": "broken", "seq": seq, "what": what}),
    }
}
