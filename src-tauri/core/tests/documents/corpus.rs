//! Every file of the corpus: each entry is cut and put back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gatehouse_core::document::{Document, EditError, Exactness, Format, Route};

use crate::{pieces, replay, values};

/// Files with the endings json, jsonc, toml and yaml: 146 + 2 + 9 + 5.
const FILES: usize = 162;
/// One of them has `#` comments.
const INVALID: usize = 1;
/// Rows of `expected.jsonl`: 328, less 1 of the invalid file and the 1 that is an item of a list.
const ROWS: usize = 326;
/// A catalogue file lists its packages in an array, which is not cut into.
const LISTED: usize = 1;

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if folder.is_dir() {
        return Some(folder);
    }
    let required = std::env::var("GATEHOUSE_CORPUS").is_ok_and(|v| v == "required");
    assert!(!required, "the corpus is required and missing at {}", folder.display());
    eprintln!("SKIPPED: no corpus at {}", folder.display());
    None
}

fn format_of(path: &Path) -> Option<Format> {
    match path.extension()?.to_str()? {
        "json" => Some(Format::Json),
        "jsonc" => Some(Format::Jsonc),
        "toml" => Some(Format::Toml),
        "yaml" => Some(Format::Yaml),
        _ => None,
    }
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            files(&path, found);
        } else if format_of(&path).is_some() {
            found.push(path);
        }
    }
}

#[test]
fn every_entry_of_the_corpus_is_cut_and_comes_back() {
    let Some(folder) = folder() else { return };
    let mut paths = Vec::new();
    files(&folder, &mut paths);
    assert_eq!(paths.len(), FILES);

    let expected = std::fs::read_to_string(folder.join("expected.jsonl")).expect("expected.jsonl");
    let mut rows: BTreeMap<String, Vec<Route>> = BTreeMap::new();
    for line in expected.lines() {
        let row: serde_json::Value = serde_json::from_str(line).expect("a row");
        let text = |key: &str| row[key].as_str().expect("text").to_owned();
        let route = match text("container").as_str() {
            "(root)" => Route::root(),
            container => container.split('.').fold(Route::root(), |r, key| r.key(key)),
        };
        let entry = match text("format").as_str() {
            // A bundle is one server, and its row has the bundle's name.
            "mcpb-manifest" => route.key("mcp_config"),
            "mcp-registry-server-json" => route.item(0),
            _ => route.key(&text("name")),
        };
        rows.entry(text("file")).or_default().push(entry);
    }

    let (mut exercised, mut listed, mut invalid) = (0, 0, 0);
    for path in &paths {
        let bytes = std::fs::read(path).expect("a readable file");
        let name = path.strip_prefix(&folder).expect("below the folder").to_string_lossy().replace('\\', "/");
        let format = format_of(path).expect("one of the formats");
        let document = match Document::parse(format, bytes.clone()) {
            Ok(document) => document,
            Err(e) => {
                assert!(e.reason.to_string().contains("'#'"), "{name}: {e}");
                assert!(!e.truncated);
                invalid += 1;
                continue;
            }
        };
        for route in rows.get(&name).map_or(&[][..], Vec::as_slice) {
            if route.name().is_none() {
                assert!(document.node(route).is_some(), "{name} {route}");
                assert!(matches!(document.cut(route), Err(EditError::Inexact(..))), "{name} {route}");
                listed += 1;
                continue;
            }
            round_trip(&document, &bytes, route, &name);
            exercised += 1;
        }
        if let Some(routes) = rows.get(&name).filter(|r| r.iter().all(|r| r.name().is_some())) {
            any_order(&document, &bytes, routes, &name);
        }
    }
    assert_eq!((invalid, listed, exercised), (INVALID, LISTED, ROWS));
}

fn round_trip(document: &Document, bytes: &[u8], route: &Route, name: &str) {
    let edit = document.cut(route).unwrap_or_else(|e| panic!("{name} {route}: {e}"));
    let taken = pieces(&edit.stash);
    assert_eq!(replay(bytes, &taken), edit.after.source(), "{name} {route}");
    let node = document.node(route).expect("the entry was there");
    if matches!(document.format(), Format::Json | Format::Jsonc) {
        let member = node.span;
        let outside: Vec<u8> = taken
            .iter()
            .flat_map(|(at, removed, _)| removed.iter().enumerate().map(move |(i, b)| (at + i, *b)))
            .filter(|(at, _)| !member.contains(at))
            .map(|(_, b)| b)
            .filter(|b| !b.is_ascii_whitespace())
            .collect();
        let key = serde_json::Value::from(route.name().expect("a key")).to_string();
        let outside = String::from_utf8(outside).expect("text").replace(',', "");
        assert_eq!(outside, format!("{}:", key.replace(' ', "")), "{name} {route}");
    }
    assert_eq!(edit.stash.node().map(|n| crate::plain(&n.value)), Some(crate::plain(&node.value)), "{name} {route}");
    let after = crate::parse(document.format(), edit.after.source());
    assert!(after.node(route).is_none(), "{name} {route}");
    let back = after.restore(&edit.stash).unwrap_or_else(|e| panic!("{name} {route}: {e}"));
    assert_eq!(back.exactness, Exactness::Exact);
    assert_eq!(back.after.source(), bytes, "{name} {route}");
    let switch = document.switch(route, "disabled", true).unwrap_or_else(|e| panic!("{name} {route}: {e}"));
    let off = crate::parse(document.format(), switch.after.source());
    assert_eq!(off.restore(&switch.stash).map(|r| r.after.source().to_vec()), Ok(bytes.to_vec()), "{name} {route}");
}

/// All entries of a file are cut from the last to the first and come back from the last to the first: never exact.
fn any_order(document: &Document, bytes: &[u8], routes: &[Route], name: &str) {
    let mut now = document.clone();
    let mut held = Vec::new();
    for route in routes.iter().rev() {
        let mut edit = now.cut(route).unwrap_or_else(|e| panic!("{name} {route}: {e}"));
        edit.stash.beside(&held);
        held.push(edit.stash);
        now = crate::parse(document.format(), edit.after.source());
    }
    for stash in &held {
        let back = now.restore(stash).unwrap_or_else(|e| panic!("{name} {}: {e}", stash.route));
        now = crate::parse(document.format(), back.after.source());
    }
    assert_eq!(values(&now), values(document), "{name}");
    if !bytes.windows(2).any(|w| w == b"//") && !bytes.contains(&b'#') {
        let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        assert_eq!(text(now.source()), text(bytes), "{name}");
    }
}
