//! What was seen, kept in `docs/reference/real-clients.json`; a test of core makes its part of the page of clients from it.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::Tried;
use super::judgement::Judged;
use crate::{Failure, home, machine};

fn file() -> PathBuf {
    machine::root().join("docs/reference/real-clients.json")
}

pub(super) fn write(tried: &[Tried]) -> Result<(), Failure> {
    let clients: Vec<Value> = tried.iter().map(as_json).collect();
    home::save(&file(), &format!("{:#}\n", json!({ "clients": clients })))?;
    println!("\nRecorded. `UPDATE=1 cargo test -p gatehouse-core --test pages` makes the page of it.");
    Ok(())
}

/// Says how what is kept differs from what was seen, and from the table where nothing could be seen.
pub(super) fn differences(tried: &[Tried]) -> Result<Vec<String>, Failure> {
    let text = fs::read_to_string(file()).unwrap_or_else(|_| "{}".to_owned());
    let kept: Value = serde_json::from_str(&text).map_err(|e| Failure(format!("{}: {e}", file().display())))?;
    Ok(compare(kept["clients"].as_array().map(Vec::as_slice).unwrap_or_default(), tried))
}

fn compare(kept: &[Value], tried: &[Tried]) -> Vec<String> {
    let mut out = Vec::new();
    for tried in tried {
        let id = tried.name();
        let Some(kept) = kept.iter().find(|kept| is_of(kept, tried)) else {
            out.push(format!("{id} is not recorded"));
            continue;
        };
        let seen = as_json(tried);
        let members: &[&str] =
            if tried.places.is_some() { &["package", "version", "places"] } else { &["package", "version"] };
        let differing = members.iter().filter(|member| kept[**member] != seen[**member]);
        out.extend(differing.map(|member| format!("{id}: {member} recorded and seen differ")));
    }
    let is_known = |kept: &&Value| tried.iter().any(|tried| is_of(kept, tried));
    let gone = kept.iter().filter(|kept| !is_known(kept));
    out.extend(gone.map(|kept| format!("{} is recorded and not tried", kept["client"])));
    out
}

fn is_of(kept: &Value, tried: &Tried) -> bool {
    kept["client"] == tried.client.id && kept["with"].as_str().unwrap_or_default() == tried.client.with
}

fn as_json(tried: &Tried) -> Value {
    let places: Vec<Value> = tried.places.iter().flatten().map(place).collect();
    let client = tried.client;
    let mut out = json!({"client": client.id, "package": client.package, "version": client.version, "places": places});
    if !client.with.is_empty() {
        out["with"] = json!(client.with);
    }
    out
}

fn place(judged: &Judged) -> Value {
    let [control, held, namesake, rewrite, approved] = judged.steps();
    json!({
        "scope": judged.scope,
        "file": judged.file,
        "commands": judged.commands,
        "row": judged.row,
        "held_by": judged.held_by,
        "control": control,
        "held": held,
        "namesake": namesake,
        "rewrite": rewrite,
        "approved": approved,
    })
}

#[cfg(test)]
mod tests {
    use super::super::table::REAL_CLIENTS;
    use super::*;

    fn tried() -> Vec<Tried> {
        REAL_CLIENTS.iter().map(|client| Tried { client, places: None }).collect()
    }

    #[test]
    fn the_record_has_the_clients_of_the_table() {
        assert_eq!(differences(&tried()).expect("the record is JSON"), Vec::<String>::new());
    }

    #[test]
    fn a_record_of_something_else_is_told() {
        let good: Vec<Value> = tried().iter().map(as_json).collect();
        assert_eq!(compare(&good, &tried()), Vec::<String>::new());
        let mut other = good.clone();
        other[0]["version"] = json!("0.0.0");
        other[1]["client"] = json!("nobody");
        let [first, second] = [tried()[0].name(), tried()[1].name()];
        assert_eq!(
            compare(&other, &tried()),
            [
                format!("{first}: version recorded and seen differ"),
                format!("{second} is not recorded"),
                "\"nobody\" is recorded and not tried".to_owned(),
            ]
        );
    }

    #[test]
    fn places_are_compared_where_they_were_seen() {
        let seen = [Tried { client: &REAL_CLIENTS[0], places: Some(Vec::new()) }];
        let mut kept = as_json(&seen[0]);
        kept["places"] = json!([{"scope": "user"}]);
        assert_eq!(compare(&[kept], &seen), [format!("{}: places recorded and seen differ", seen[0].name())]);
    }
}
