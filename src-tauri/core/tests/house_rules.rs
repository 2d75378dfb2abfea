//! What core does not contain, and how large a file may grow.

mod sources;

use sources::Source;

/// Lines of a file without its tests and comments' text.
const LARGEST: usize = 800;

/// What must not be named, and the one module that may.
const KEPT_OUT: &[(&str, Option<&str>)] = &[
    ("println!", None),
    ("eprintln!", None),
    ("print!(", None),
    ("dbg!", None),
    // A program hands the environment in, as a `Host`.
    ("std::env", Some("host")),
    ("env::var", Some("host")),
    // Two processes agree on a deadline by the time of the day.
    ("SystemTime", Some("ipc")),
    ("Timestamp::now", None),
    ("std::net", None),
    ("TcpStream", None),
    // Nothing is executed to inspect it; the system's own tool is asked who signed it.
    ("Command::new", Some("host/signatures.rs")),
    ("process::Command", Some("host/signatures.rs")),
    // Where the system tells nothing that could be waited for: a full queue, a lock that is looked at.
    ("thread::sleep", Some("ipc")),
    ("fluent_bundle::", Some("wording")),
    ("rusqlite::", Some("ledger")),
    ("keyring::", Some("ledger")),
    ("interprocess::", Some("ipc")),
    ("notify::", Some("watcher")),
    ("reqwest::", Some("network")),
    ("reqwest_middleware::", Some("network")),
];

fn breaches(file: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (at, line) in file.code.iter().enumerate() {
        for (word, home) in KEPT_OUT {
            if names(line, word) && !home.is_some_and(|home| home == file.module || home == file.path) {
                found.push(format!("{}:{}: {word} in {}", file.path, at + 1, file.module));
            }
        }
    }
    if file.code.len() > LARGEST {
        found.push(format!("{} has {} lines", file.path, file.code.len()));
    }
    found
}

/// Whether a line holds the word, not as the end of a longer one; a crate's name, not a module of the same name.
fn names(line: &str, word: &str) -> bool {
    let is_crate = word.ends_with("::");
    let longer = |c: char| c.is_alphanumeric() || c == '_' || (is_crate && c == ':');
    line.match_indices(word).any(|(at, _)| !line[..at].ends_with(longer))
}

#[test]
fn core_keeps_the_rules() {
    let found: Vec<String> = sources::core().iter().flat_map(breaches).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_breach_is_seen() {
    let check = |module: &str, text: &str, expect: usize| {
        let file = Source { path: format!("{module}.rs"), module: module.to_owned(), code: sources::code(text) };
        assert_eq!(breaches(&file).len(), expect, "{text}");
    };
    check("guard", "fn f() { println!(\"x\"); }", 1);
    check("guard", "fn f() { eprintln!(\"x\"); }", 1);
    check("guard", "// println! is not used here", 0);
    check("guard", "use std::env;", 1);
    check("host", "use std::env;", 0);
    check("guard", "use rusqlite::Connection;", 1);
    check("engine", "use crate::ledger::keyring::Key;", 0);
    check("guard", "fn f() {}\n#[cfg(test)]\nmod tests {\nfn g() { println!(\"x\"); }\n}", 0);
    check("guard", &"a\n".repeat(LARGEST + 1), 1);
}
