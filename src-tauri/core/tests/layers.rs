//! Who may import whom. `docs/ARCHITECTURE.md` prints the same table; any other arrow between two modules fails.

mod sources;

use std::collections::BTreeSet;

const EFFECTS: &[&str] = &[
    "host",
    "artefact",
    "discover",
    "hold",
    "ipc",
    "ledger",
    "managed",
    "network",
    "provenance",
    "watcher",
    "sentences",
    "engine",
];

#[rustfmt::skip]
const LAYERS: &[(&str, &[&str])] = &[
    ("document",    &[]),
    ("age_limit",   &["document"]),
    ("facts",       &[]),
    ("launch_line", &[]),
    ("finding",     &["document"]),
    ("clients",     &["connector", "document", "finding", "host"]),
    ("connector",   &["clients", "document", "launch_line"]),
    ("archive",     &[]),
    ("attestation", &["facts"]),
    ("catalogue",   &[]),
    ("checks",      &["catalogue", "clients", "connector", "document", "facts", "finding", "launch_line", "squats"]),
    ("drift",       &["archive", "connector", "finding"]),
    ("pin",         &["connector", "document", "launch_line"]),
    ("gates",       &["clients", "connector", "document", "finding"]),
    ("policy",      &["age_limit", "connector", "document"]),
    ("guard",       &["connector", "facts", "finding", "policy"]),
    ("record",      &["age_limit", "connector", "document", "guard", "policy"]),
    ("memory",      &["age_limit", "connector", "document", "facts", "guard", "policy", "record"]),
    ("report",      &["age_limit", "connector", "drift", "facts", "finding", "guard", "launch_line", "policy", "record", "trust"]),
    ("squats",      &["catalogue", "finding"]),
    ("trust",       &["document", "facts", "finding"]),
    ("wording",     &["report"]),
    ("request",     &["age_limit", "archive", "connector", "document", "finding", "guard", "pin", "policy", "record"]),
    ("host",        &[]),
    ("artefact",    &["age_limit", "archive", "connector", "document", "facts", "host", "launch_line"]),
    ("discover",    &["clients", "connector", "document", "host", "policy"]),
    ("hold",        &["document", "host", "record"]),
    ("ipc",         &["host"]),
    ("ledger",      &["host"]),
    ("managed",     &["host", "policy"]),
    ("network",     &["host"]),
    ("provenance",  &["archive", "artefact", "attestation", "catalogue", "connector", "document", "facts", "host", "launch_line", "network", "policy"]),
    ("watcher",     &["host"]),
    ("sentences",   &["age_limit", "archive", "clients", "connector", "document", "finding", "host", "policy", "record", "request", "wording"]),
    ("engine",      &["*"]),
];

#[test]
fn every_arrow_stands_in_the_table() {
    let modules: BTreeSet<String> = sources::core().into_iter().map(|file| file.module).collect();
    assert_eq!(modules, LAYERS.iter().map(|(module, _)| (*module).to_owned()).collect(), "a row for each module");
    for file in sources::core() {
        let (_, allowed) = LAYERS.iter().find(|(module, _)| *module == file.module).expect("each module has a row");
        for (line, import) in file.imports() {
            let is_allowed = import == file.module || allowed.contains(&"*") || allowed.contains(&import.as_str());
            assert!(is_allowed, "{}:{line}: {} must not import {import}", file.path, file.module);
            // Of all effects, pure code may name the systems and the folders; the table of clients does.
            let is_pure = !EFFECTS.contains(&file.module.as_str());
            let is_name = file.code[line - 1] == "use crate::host::{Base, Os};";
            assert!(!is_pure || is_name || !EFFECTS.contains(&import.as_str()), "{}:{line}: an effect", file.path);
        }
    }
}

#[test]
fn the_architecture_page_prints_this_table() {
    let rows =
        LAYERS.iter().map(|(module, imports)| format!("{module:<11} ▶ {}", imports.join(", ")).trim_end().to_owned());
    let page = sources::read("docs/ARCHITECTURE.md");
    let (_, table) = page.split_once("```arrows\n").expect("the page has a block of arrows");
    assert_eq!(table.lines().take_while(|line| *line != "```").collect::<Vec<_>>(), rows.collect::<Vec<_>>());
}
