//! Which settings of a file open the gate: a pure function from a document to findings.

use std::path::Path;

use crate::clients::{Client, ConfigFile, Gate, Opens};
use crate::connector::{Scope, is_code_loading, mask_argument};
use crate::document::{Document, Node, Route, Value};
use crate::finding::{Code, Confidence, Finding, Location, Severity};

/// Longer commands are shown shortened.
const SHOWN: usize = 120;

/// Reads the settings of one file. `path` is where it was read.
pub fn findings(client: &Client, file: &ConfigFile, path: &Path, document: &Document) -> Vec<Finding> {
    let mut found = Vec::new();
    for gate in file.gates {
        for (route, node) in document.find(gate.pattern) {
            for Opening { route, at, value } in openings(gate, &route, &node) {
                let place =
                    Location { file: path.to_path_buf(), line: Some(document.line_of(at)), route: route.clone() };
                let args = [("client", client.name), ("setting", &*route.to_string()), ("value", &*value)];
                found.push(Finding {
                    code: gate.code,
                    severity: severity(gate.code, file.scope),
                    confidence: Confidence::High,
                    args: args.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
                    primary: place,
                });
            }
        }
    }
    found
}

/// What a repository ships was chosen by somebody else; what the user has set is worth knowing.
fn severity(code: Code, scope: Scope) -> Severity {
    let is_shipped = scope == Scope::Project;
    match code {
        Code::ApprovesProjectServers | Code::AsksNoOne if is_shipped => Severity::High,
        Code::RedirectedClient => Severity::High,
        Code::ApprovesProjectServers | Code::AsksNoOne => Severity::Medium,
        _ if is_shipped => Severity::Medium,
        _ => Severity::Low,
    }
}

/// One value that opens a gate.
struct Opening {
    route: Route,
    at: usize,
    /// Masked.
    value: String,
}

fn openings(gate: &Gate, route: &Route, node: &Node) -> Vec<Opening> {
    let here = |value: String| vec![Opening { route: route.clone(), at: node.span.start, value }];
    match gate.opens {
        Opens::Flag(open) if node.value.as_bool() == Some(open) => here(open.to_string()),
        Opens::Word(words) => match node.value.as_str().filter(|word| words.contains(word)) {
            Some(word) => here(word.to_owned()),
            None => Vec::new(),
        },
        Opens::Listed => match words(&node.value) {
            words if words.is_empty() => Vec::new(),
            words => here(words.join(", ")),
        },
        Opens::Items(beginnings) => {
            let opens = |word: &&str| beginnings.iter().any(|beginning| word.starts_with(beginning));
            match words(&node.value).into_iter().filter(opens).collect::<Vec<_>>() {
                words if words.is_empty() => Vec::new(),
                words => here(words.join(", ")),
            }
        }
        Opens::Variables => variables(route, node),
        Opens::Commands(keys) => {
            let mut out = Vec::new();
            commands(keys, route, node, &mut out);
            out
        }
        Opens::Program => match words(&node.value) {
            words if words.iter().all(|word| word.trim().is_empty()) => Vec::new(),
            words => here(shown(&words.join(" "))),
        },
        Opens::Flag(_) => Vec::new(),
    }
}

/// A text as one word, a list as the words in it.
fn words(value: &Value) -> Vec<&str> {
    match value.as_str() {
        Some(word) => vec![word],
        None => value.items().unwrap_or_default().iter().filter_map(|item| item.value.as_str()).collect(),
    }
}

/// Names only: a value may be an address with a password in it.
fn variables(route: &Route, node: &Node) -> Vec<Opening> {
    let members = node.value.members().unwrap_or_default().iter();
    let set = members.filter(|m| is_code_loading(&m.key) && m.node.value.as_str().is_none_or(|v| !v.trim().is_empty()));
    set.map(|m| Opening { route: route.nth_key(&m.key, m.nth), at: m.key_span.start, value: m.key.clone() }).collect()
}

fn commands(keys: &[&str], route: &Route, node: &Node, out: &mut Vec<Opening>) {
    for member in node.value.members().unwrap_or_default() {
        let below = route.nth_key(&member.key, member.nth);
        match member.node.value.as_str() {
            Some(command) if keys.contains(&member.key.as_str()) && !command.trim().is_empty() => {
                out.push(Opening { route: below, at: member.key_span.start, value: shown(command) });
            }
            _ => commands(keys, &below, &member.node, out),
        }
    }
    for (index, item) in node.value.items().unwrap_or_default().iter().enumerate() {
        commands(keys, &route.item(index), item, out);
    }
}

/// A command line with what looks secret masked, word by word.
fn shown(line: &str) -> String {
    let masked = line.split_whitespace().map(|word| mask_argument(None, word)).collect::<Vec<_>>().join(" ");
    match masked.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &masked[..end]),
        None => masked,
    }
}

#[cfg(test)]
mod tests;
