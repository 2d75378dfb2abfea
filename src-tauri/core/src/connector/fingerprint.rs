//! The fingerprint of a launch, made of named facets so that a change can be told in words.

use std::collections::BTreeMap;
use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Transport;

/// A versioned hash of a launch, the same on every machine: `v1:` and 64 hex digits.
///
/// The hash covers the compact JSON of [`Facets`]. A new formula gets a new version; the golden hashes in the tests guard
/// this one, because every stored approval depends on it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What makes one launch differ from another. Holds no secret: secret-looking values are masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facets {
    pub transport: Transport,
    pub command: Option<String>,
    pub args: Vec<String>,
    pub url: Option<String>,
    pub cwd: Option<String>,
    /// Names, sorted.
    pub env: Vec<String>,
    /// Names in lower case, sorted.
    pub headers: Vec<String>,
    /// Values of variables that load or redirect code, and of those that are an address or a path.
    pub values: BTreeMap<String, String>,
    /// Members that the client's row does not know, as compact JSON.
    pub extra: BTreeMap<String, String>,
    /// Relative places made absolute against the project (`command`, `args[1]`, `cwd`, `folder`); `~/…` in the home.
    pub resolved: BTreeMap<String, String>,
}

/// What is kept beside the fingerprint: a change here is noted, but is not another launch.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Beside {
    /// Keyed digests of values by place (`env.TOKEN`, `headers.Authorization`, `args[2]`); `None` without a key.
    pub digests: BTreeMap<String, Option<String>>,
    /// Trust flags as compact JSON.
    pub trust: BTreeMap<String, String>,
}

/// Digests values so that two can be compared without keeping either.
#[derive(Clone)]
pub struct ValueKey(pub [u8; 32]);

impl fmt::Debug for ValueKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ValueKey")
    }
}

impl ValueKey {
    /// Returns 32 hex digits.
    pub fn digest(&self, value: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(value.as_bytes());
        hex::encode(&mac.finalize().into_bytes()[..16])
    }
}

impl Facets {
    pub fn fingerprint(&self) -> Fingerprint {
        let canonical = serde_json::to_vec(self).expect("facets are plain JSON");
        let mut hash = Sha256::new();
        hash.update(b"gatehouse launch v1\n");
        hash.update(&canonical);
        Fingerprint(format!("v1:{}", hex::encode(hash.finalize())))
    }
}

/// A named part of a launch.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Facet(pub String);

/// One difference between two launches; values are masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Change {
    /// `command`, `args`, `url`, `cwd`, `transport`, `env.NAME`, `headers.NAME`, `extra.NAME`, `resolved.PLACE`, `trust.NAME`,
    /// or `code` for the artefact.
    pub facet: Facet,
    pub old: Option<String>,
    pub new: Option<String>,
}

/// Tells what differs from `old` to `new`, in the order in which a person wants to read it.
pub fn changes(old: &Facets, new: &Facets) -> Vec<Change> {
    let mut out = Vec::new();
    let mut note = |facet: String, old: Option<String>, new: Option<String>| {
        if old != new {
            out.push(Change { facet: Facet(facet), old, new });
        }
    };
    let transport = |t: Transport| serde_json::to_value(t).ok().and_then(|v| v.as_str().map(str::to_owned));
    note("transport".into(), transport(old.transport), transport(new.transport));
    note("command".into(), old.command.clone(), new.command.clone());
    let args = |args: &[String]| (!args.is_empty()).then(|| args.join(" "));
    // Two lists can read alike joined and still differ; then they are shown as lists.
    if args(&old.args) == args(&new.args) && old.args != new.args {
        note("args".into(), Some(format!("{:?}", old.args)), Some(format!("{:?}", new.args)));
    } else {
        note("args".into(), args(&old.args), args(&new.args));
    }
    note("url".into(), old.url.clone(), new.url.clone());
    note("cwd".into(), old.cwd.clone(), new.cwd.clone());
    for (what, then, now) in [("env", &old.env, &new.env), ("headers", &old.headers, &new.headers)] {
        let shown = |facets: &Facets, name: &String| {
            let value = if what == "env" { facets.values.get(name) } else { None };
            value.cloned().unwrap_or_else(|| name.clone())
        };
        let mut names: Vec<_> = then.iter().chain(now).collect();
        names.sort();
        names.dedup();
        for name in names {
            let then = then.contains(name).then(|| shown(old, name));
            let now = now.contains(name).then(|| shown(new, name));
            note(format!("{what}.{name}"), then, now);
        }
    }
    for (what, then, now) in [("extra", &old.extra, &new.extra), ("resolved", &old.resolved, &new.resolved)] {
        let mut names: Vec<_> = then.keys().chain(now.keys()).collect();
        names.sort();
        names.dedup();
        for name in names {
            note(format!("{what}.{name}"), then.get(name).cloned(), now.get(name).cloned());
        }
    }
    out
}

/// Tells which trust flags let more through unasked than before. A flag that cannot be compared counts as wider.
pub fn widened(old: &Beside, new: &Beside) -> Vec<Change> {
    let wider = |then: Option<&String>, now: &String| {
        let parse = |text: &String| serde_json::from_str::<serde_json::Value>(text).ok();
        !is_within(parse(now).as_ref(), then.and_then(parse).as_ref())
    };
    let change = |(name, now): (&String, &String)| {
        let facet = Facet(format!("trust.{name}"));
        Change { facet, old: old.trust.get(name).cloned(), new: Some(now.clone()) }
    };
    new.trust.iter().filter(|(name, now)| wider(old.trust.get(*name), now)).map(change).collect()
}

/// Whether a flag lets through no more than another one did.
fn is_within(now: Option<&serde_json::Value>, then: Option<&serde_json::Value>) -> bool {
    use serde_json::Value::{Array, Bool, Null};
    match (now, then) {
        (Some(Null | Bool(false)), _) | (Some(_), Some(Bool(true))) => true,
        (Some(now), Some(then)) if now == then => true,
        (Some(Array(now)), Some(Array(then))) => now.iter().all(|tool| then.contains(tool)),
        (Some(Array(now)), _) => now.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain() -> Facets {
        Facets {
            transport: Transport::Stdio,
            command: Some("npx".into()),
            args: vec!["-y".into(), "postmark-mcp".into()],
            url: None,
            cwd: None,
            env: vec!["POSTMARK_TOKEN".into()],
            headers: Vec::new(),
            values: BTreeMap::new(),
            extra: BTreeMap::new(),
            resolved: BTreeMap::new(),
        }
    }

    /// These never change: approvals that people gave are stored under them.
    #[test]
    fn golden_hashes() {
        let check = |facets: &Facets, expect: &str| assert_eq!(facets.fingerprint().0, expect);
        check(&plain(), "v1:d99271a590a7a95aed282bb7d4e0b624c994d2b46a960bc3bf75ab1d3af14910");
        let remote = Facets {
            transport: Transport::Http,
            command: None,
            args: Vec::new(),
            url: Some("https://mcp.vendor.example/mcp".into()),
            headers: vec!["authorization".into()],
            env: Vec::new(),
            ..plain()
        };
        check(&remote, "v1:d683636b5bd127f0ae2cbfeb1b69e21144b562263dd0f190af9385afb957fd01");
        let rich = Facets {
            cwd: Some("tools".into()),
            values: [("NODE_OPTIONS".to_owned(), "--require ./x.js".to_owned())].into(),
            extra: [("headersHelper".to_owned(), "\"./h.sh\"".to_owned())].into(),
            resolved: [("cwd".to_owned(), "~/w/tools".to_owned())].into(),
            ..plain()
        };
        check(&rich, "v1:17bbc74bdf45102b1413bca735b691dbf4fc5d173155155f63487432be935044");
    }

    #[test]
    fn every_facet_counts() {
        let base = plain().fingerprint();
        let check = |change: fn(&mut Facets)| {
            let mut facets = plain();
            change(&mut facets);
            assert_ne!(facets.fingerprint(), base);
            assert!(!changes(&plain(), &facets).is_empty());
        };
        check(|f| f.transport = Transport::Sse);
        check(|f| f.command = Some("bunx".into()));
        check(|f| f.args = vec!["-y postmark-mcp".into()]);
        check(|f| f.url = Some("https://x.example".into()));
        check(|f| f.cwd = Some("/x".into()));
        check(|f| f.env.push("X".into()));
        check(|f| f.headers.push("x".into()));
        check(|f| drop(f.extra.insert("x".into(), "1".into())));
        check(|f| drop(f.resolved.insert("cwd".into(), "/x".into())));
        check(|f| {
            f.values.insert("POSTMARK_TOKEN".into(), "https://x.example".into());
        });
    }

    #[test]
    fn digests_depend_on_the_key() {
        let (a, b) = (ValueKey([1; 32]), ValueKey([2; 32]));
        assert_eq!(a.digest("x"), a.digest("x"));
        assert_ne!(a.digest("x"), b.digest("x"));
        assert_ne!(a.digest("x"), a.digest("y"));
    }

    #[test]
    fn only_a_wider_trust_flag_is_told() {
        let flag = |value: Option<&str>| Beside {
            trust: value.map(|value| ("alwaysAllow".to_owned(), value.to_owned())).into_iter().collect(),
            ..Beside::default()
        };
        let check = |old, new, expect: bool| {
            let told = widened(&flag(old), &flag(new));
            assert_eq!(!told.is_empty(), expect, "{old:?} to {new:?}");
        };
        check(None, Some(r#"["a"]"#), true);
        check(Some(r#"["a"]"#), Some(r#"["b"]"#), true);
        check(Some(r#"["a"]"#), Some(r#"["a","b"]"#), true);
        check(Some(r#"["a","b"]"#), Some(r#"["b"]"#), false);
        check(Some(r#"["a"]"#), None, false);
        check(None, Some("[]"), false);
        check(None, Some("false"), false);
        check(Some("false"), Some("true"), true);
        check(Some("true"), Some(r#"["a"]"#), false);
        check(Some(r#"["a"]"#), Some("true"), true);
        check(Some(r#""prompt""#), Some(r#""auto""#), true);
        check(Some(r#""auto""#), Some(r#""auto""#), false);
        check(None, Some("not JSON"), true);
    }
}
