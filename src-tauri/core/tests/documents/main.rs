//! Documents from outside: real files, made-up files, and edits of both.

mod corpus;
mod front_matter;
mod ini;
mod items;
mod json;
mod list;
mod made;
mod reading;
mod toml;
mod xml;
mod yaml;

use gatehouse_core::document::{Document, Format, Route, Value};
use proptest::test_runner::Config;

/// The number of cases of each property, from the environment where it is set.
fn cases() -> Config {
    let cases = std::env::var("GATEHOUSE_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000);
    Config { cases, failure_persistence: None, max_global_rejects: cases, ..Config::default() }
}

fn parse(format: Format, text: &[u8]) -> Document {
    match Document::parse(format, text.to_vec()) {
        Ok(document) => document,
        Err(e) => panic!("{e}:\n{}", String::from_utf8_lossy(text)),
    }
}

fn route(text: &str) -> Route {
    text.parse().expect("a route")
}

/// The value of the whole document without the spans, members sorted, equal keys kept.
fn values(document: &Document) -> String {
    document.node(&Route::root()).map_or_else(|| "{}".to_owned(), |n| plain(&n.value))
}

fn plain(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(|n| plain(&n.value)).collect::<Vec<_>>().join(",")),
        Value::Object(members) => {
            let mut texts: Vec<String> =
                members.iter().map(|m| format!("{:?}#{}={}", m.key, m.nth, plain(&m.node.value))).collect();
            texts.sort();
            format!("{{{}}}", texts.join(","))
        }
        other => format!("{other:?}"),
    }
}

/// Whether `part` is `whole` with some bytes taken out.
fn is_within(part: &[u8], whole: &[u8]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|b| rest.any(|w| w == b))
}

/// The pieces of a stash as they are stored: offset, bytes removed, bytes added.
fn pieces(stash: &gatehouse_core::document::Stash) -> Vec<(usize, Vec<u8>, Vec<u8>)> {
    use base64::Engine as _;
    let stored = serde_json::to_value(stash).expect("a stash is stored as JSON");
    let bytes = |v: &serde_json::Value| {
        let text = v.as_str().expect("bytes are text");
        base64::engine::general_purpose::STANDARD.decode(text).expect("base64")
    };
    let list = stored["pieces"].as_array().expect("a list of pieces");
    list.iter()
        .map(|p| {
            let at = p["at"].as_u64().and_then(|n| usize::try_from(n).ok()).expect("an offset");
            (at, bytes(&p["removed"]), bytes(&p["added"]))
        })
        .collect()
}

/// Applies stored pieces to the text before the edit, independently of the code under test.
fn replay(before: &[u8], pieces: &[(usize, Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let mut out = before.to_vec();
    for (at, removed, added) in pieces.iter().rev() {
        assert_eq!(&out[*at..at + removed.len()], &removed[..], "a piece is not what stood there");
        out.splice(*at..at + removed.len(), added.iter().copied());
    }
    out
}
