//! What a client's own list keeps from starting: launches, addresses and names in a file of the user's settings.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::clients::{Client, ConfigFile, DenyList};
use crate::connector::Connector;
use crate::document::{Document, Format, Route};
use crate::host::{Host, files};
use crate::policy::url_matches;

use super::starts;

/// The rules of a client's list. Without one, nothing is denied.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Denied {
    rules: Vec<Value>,
    list: Option<DenyList>,
}

/// Returns where a client's list is, whether the file exists or not.
pub fn deny_list(host: &Host, client: &Client) -> Option<(PathBuf, DenyList)> {
    let file: &ConfigFile =
        client.files.iter().find(|file| file.denies.is_some() && file.systems.contains(&host.os))?;
    let start = starts(host, file).into_iter().next()?;
    Some((start.folder.join(start.below), file.denies?))
}

impl Denied {
    /// Reads the list of a client from its file. One that cannot be read denies nothing: the client fails open too.
    pub fn of_client(host: &Host, client: &Client) -> Self {
        let Some((path, list)) = deny_list(host, client) else { return Self::default() };
        let read = files::read(&path).ok();
        let document = read.and_then(|read| Document::parse(Format::Json, read.bytes).ok());
        document.map(|document| Self::of(&document, list)).unwrap_or_default()
    }

    /// Reads a list from the document that it is in.
    pub fn of(document: &Document, list: DenyList) -> Self {
        let items = document.node(&Route::root().key(list.key)).map(|node| node.value.to_json());
        let Some(Value::Array(rules)) = items else { return Self::default() };
        Self { rules, list: Some(list) }
    }

    /// Whether the list keeps a connector from starting.
    pub fn covers(&self, connector: &Connector) -> bool {
        let Some(list) = self.list else { return false };
        let own = rule_of(connector, list);
        self.rules.iter().any(|rule| {
            if own.as_ref() == Some(rule) {
                return true;
            }
            // An address without `*` is taken for that one address: to think too much kept off would leave it unheld.
            let named = rule.get(list.name).and_then(Value::as_str).is_some_and(|name| name == connector.name);
            let address = rule.get(list.url).and_then(Value::as_str).zip(connector.launch.url.as_deref());
            named
                || address
                    .is_some_and(|(pattern, url)| pattern == url || pattern.contains('*') && url_matches(pattern, url))
        })
    }

    /// Marks what the list keeps off, and takes the mark from what it does not keep off any more.
    pub(super) fn mark(&self, connector: Arc<Connector>) -> Arc<Connector> {
        let own = connector.enabled || connector.denied;
        let denied = own && self.covers(&connector);
        if denied == connector.denied {
            return connector;
        }
        Arc::new(Connector { enabled: own && !denied, denied, ..Connector::clone(&connector) })
    }
}

/// The rule that fits the launch of a connector and no other: its exact command line, or its exact address. `None` where
/// none can be written: what it says would be a secret or is not known before the client runs it.
pub fn exact_rule(connector: &Connector, list: DenyList) -> Option<Value> {
    let facets = &connector.facets;
    let launch = &connector.launch;
    let is_plain = |shown: &str, written: &str| shown == written && !written.contains("${");
    let is_fit = match (&launch.command, &launch.url) {
        (Some(command), None) => {
            facets.command.as_deref().is_some_and(|shown| is_plain(shown, command))
                && facets.args.len() == launch.args.len()
                && facets.args.iter().zip(&launch.args).all(|(shown, written)| is_plain(shown, written))
        }
        (None, Some(url)) => {
            facets.url.as_deref().is_some_and(|shown| is_plain(shown, url)) && !url.contains(['*', '?', '[', '{'])
        }
        _ => false,
    };
    if is_fit { rule_of(connector, list) } else { None }
}

/// Whether one rule would keep both off.
pub fn share_a_rule(one: &Connector, other: &Connector) -> bool {
    let launch = |connector: &Connector| {
        let launch = &connector.launch;
        (launch.command.clone(), launch.args.clone(), launch.url.clone())
    };
    launch(one) == launch(other)
}

fn rule_of(connector: &Connector, list: DenyList) -> Option<Value> {
    let launch = &connector.launch;
    match (&launch.command, &launch.url) {
        (Some(command), _) => {
            let line: Vec<&str> = std::iter::once(&**command).chain(launch.args.iter().map(|arg| &**arg)).collect();
            Some(json!({ list.command: line }))
        }
        (None, Some(url)) => Some(json!({ list.url: url })),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::samples::Spot;

    const LIST: DenyList = DenyList { key: "denied", command: "serverCommand", url: "serverUrl", name: "serverName" };

    fn read(entry: Value) -> Connector {
        Spot { client: "claude-code", ..Spot::CURSOR }.read(entry)
    }

    #[test]
    fn a_rule_keeps_off_what_it_says_and_nothing_else() {
        let check = |rule: Value, entry: Value, expect: bool| {
            let text = json!({"denied": [rule]}).to_string();
            let document = Document::parse(Format::Json, text.into_bytes()).expect("the sample is JSON");
            assert_eq!(Denied::of(&document, LIST).covers(&read(entry)), expect, "{rule}");
        };
        check(json!({"serverCommand": ["a", "b"]}), json!({"command": "a", "args": ["b"]}), true);
        check(json!({"serverCommand": ["a", "b"]}), json!({"command": "a", "args": ["b", "c"]}), false);
        check(json!({"serverCommand": ["a"]}), json!({"command": "a", "args": ["b"]}), false);
        check(json!({"serverUrl": "https://x.example/mcp"}), json!({"url": "https://x.example/mcp"}), true);
        check(json!({"serverUrl": "https://x.example/*"}), json!({"url": "https://x.example/mcp"}), true);
        check(json!({"serverUrl": "https://x.example/*"}), json!({"url": "https://x.test/mcp"}), false);
        check(json!({"serverName": "x"}), json!({"command": "a"}), true);
        check(json!({"serverName": "y"}), json!({"command": "a"}), false);
        check(json!("a"), json!({"command": "a"}), false);
    }

    #[test]
    fn a_rule_is_written_only_where_it_tells_no_secret_and_means_one_launch() {
        let check = |entry: Value, expect: bool| {
            assert_eq!(exact_rule(&read(entry.clone()), LIST).is_some(), expect, "{entry}");
        };
        check(json!({"command": "npx", "args": ["-y", "a"]}), true);
        check(json!({"url": "https://x.example/mcp"}), true);
        check(json!({"command": "npx", "args": ["-y", "a", "--token", "sk-live-0123456789abcdef0123456789"]}), false);
        check(json!({"command": "npx", "args": ["-y", "${NAME}"]}), false);
        check(json!({"url": "https://*.example/mcp"}), false);
        check(json!({"url": "https://user:secret@x.example/mcp"}), false);
        check(json!({}), false);
    }
}
