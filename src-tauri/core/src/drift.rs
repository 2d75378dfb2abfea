//! What changed between two versions of a package: not line by line, which a bundler defeats, but by what the code says and
//! can do, as sets.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::archive::Contents;
use crate::finding::Severity;

mod calls;
mod lexer;
mod literals;
mod manifest;
mod outline;
mod passages;
mod signal;
#[cfg(test)]
mod tests;

pub use calls::CallKind;
pub use literals::LiteralKind;
pub use manifest::Manifest;
pub use outline::{FORM, Outline, Place};
pub use passages::{Line, Passage, Passages};
pub use signal::SIGNALS;

/// Names of a list that are told; of the rest, how many there are.
const MOST_NAMES: usize = 200;

/// What one version has and the one before had not, with how much that says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Drift {
    /// Of everything below, the gravest; none where nothing that counts changed.
    pub severity: Option<Severity>,
    /// What runs when it is installed.
    pub scripts: Vec<ManifestChange>,
    pub literals: Vec<NewLiteral>,
    pub calls: Vec<NewCall>,
    pub dependencies: Vec<ManifestChange>,
    /// Its programs.
    pub programs: Vec<ManifestChange>,
    pub files: Files,
    /// Of one side there is more than was read: what is new may have been there.
    pub partly: bool,
}

/// A named thing as it was and as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ManifestChange {
    pub signal: String,
    pub severity: Severity,
    pub name: String,
    pub old: Option<String>,
    pub new: Option<String>,
}

/// An address that no file had before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct NewLiteral {
    pub signal: String,
    pub severity: Severity,
    pub kind: LiteralKind,
    pub text: String,
    pub file: String,
    pub line: u32,
    /// The package had nothing to do with its domain before.
    pub foreign: bool,
    /// It is written in base64.
    pub encoded: bool,
}

/// Something that the code could not do before, or not by this name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct NewCall {
    pub signal: String,
    pub severity: Severity,
    pub kind: CallKind,
    pub name: String,
    pub file: String,
    pub line: u32,
    /// It could nothing of the kind before.
    pub first: bool,
}

/// Files by what became of them; long lists are cut, the numbers are whole.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Files {
    pub added: Vec<String>,
    pub removed: Vec<String>,
    pub changed: Vec<String>,
    pub added_in_all: u32,
    pub removed_in_all: u32,
    pub changed_in_all: u32,
    /// New programs for processors, which nobody can read.
    pub machine_code: Vec<String>,
}

impl Drift {
    /// The same files, so nothing at all.
    pub fn is_none(&self) -> bool {
        let files = &self.files;
        files.added_in_all + files.removed_in_all + files.changed_in_all == 0
    }

    /// The names of all signals that it shows, each once.
    pub fn signals(&self) -> BTreeSet<&str> {
        let changes = self.scripts.iter().chain(&self.dependencies).chain(&self.programs);
        let named = changes.map(|it| it.signal.as_str());
        let literals = self.literals.iter().map(|it| it.signal.as_str());
        let calls = self.calls.iter().map(|it| it.signal.as_str());
        let machine_code = (!self.files.machine_code.is_empty()).then_some("machine-code");
        named.chain(literals).chain(calls).chain(machine_code).collect()
    }
}

/// Compares two versions by their outlines.
pub fn compare(old: &Outline, new: &Outline) -> Drift {
    let mut drift = Drift {
        severity: None,
        scripts: changes(&old.manifest.scripts, &new.manifest.scripts, script_signal),
        literals: literals_of(old, new),
        calls: calls_of(old, new),
        dependencies: changes(&old.manifest.dependencies, &new.manifest.dependencies, dependency_signal),
        programs: changes(&old.manifest.programs, &new.manifest.programs, |_, _, _| "program-changed"),
        files: files_of(old, new),
        partly: old.partly || new.partly,
    };
    let changes = drift.scripts.iter().chain(&drift.dependencies).chain(&drift.programs).map(|it| it.severity);
    let found = drift.literals.iter().map(|it| it.severity).chain(drift.calls.iter().map(|it| it.severity));
    let machine_code = (!drift.files.machine_code.is_empty()).then(|| signal::severity("machine-code"));
    drift.severity = changes.chain(found).chain(machine_code).max();
    drift
}

/// Compares two versions line by line, with what is risky first.
pub fn passages(old: &Contents, new: &Contents, drift: &Drift) -> Passages {
    passages::of(old, new, drift)
}

fn script_signal(name: &str, old: Option<&str>, _: Option<&str>) -> &'static str {
    match old {
        _ if manifest::PREPARE_SCRIPTS.contains(&name) => "prepare-script",
        None => "install-script-added",
        Some(_) => "install-script-changed",
    }
}

fn dependency_signal(_: &str, old: Option<&str>, new: Option<&str>) -> &'static str {
    match (old, new) {
        (None, _) => "dependency-added",
        (_, None) => "dependency-removed",
        _ => "dependency-changed",
    }
}

fn changes(
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
    signal: fn(&str, Option<&str>, Option<&str>) -> &'static str,
) -> Vec<ManifestChange> {
    let names: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let change = |name: &String| {
        let (then, now) = (old.get(name), new.get(name));
        (then != now).then(|| {
            let signal = signal(name, then.map(String::as_str), now.map(String::as_str));
            // What is gone runs no more.
            let severity = if now.is_none() { Severity::Low } else { signal::severity(signal) };
            let (old, new) = (then.cloned(), now.cloned());
            ManifestChange { signal: signal.to_owned(), severity, name: name.clone(), old, new }
        })
    };
    let mut changes: Vec<_> = names.into_iter().filter_map(change).collect();
    changes.sort_by(|a, b| (b.severity, a.old.is_some(), &a.name).cmp(&(a.severity, b.old.is_some(), &b.name)));
    changes
}

fn literals_of(old: &Outline, new: &Outline) -> Vec<NewLiteral> {
    let known = old.domains();
    let none = BTreeMap::new();
    let mut out = Vec::new();
    for (kind, all) in &new.literals {
        let before = old.literals.get(kind).unwrap_or(&none);
        for (text, place) in all.iter().filter(|(text, _)| !before.contains_key(*text)) {
            let host = literals::host_in(*kind, text);
            let foreign = host.is_some_and(|host| !known.contains(&literals::registrable(host)));
            // A page of a host that is new itself says nothing more than the host.
            if *kind == LiteralKind::Url && (foreign || host.is_some_and(|host| is_new_host(old, host))) {
                continue;
            }
            let signal = literal_signal(*kind, text, place, foreign);
            out.push(NewLiteral {
                signal: signal.to_owned(),
                severity: signal::severity_at(signal, place),
                kind: *kind,
                text: text.clone(),
                file: place.file.clone(),
                line: place.line,
                foreign,
                encoded: place.is_encoded,
            });
        }
    }
    // Whoever writes to an address that is new says its host too.
    let mailed: BTreeSet<String> = out
        .iter()
        .filter(|it| it.kind == LiteralKind::Email)
        .filter_map(|it| literals::host_in(it.kind, &it.text).map(str::to_owned))
        .collect();
    out.retain(|it| it.kind != LiteralKind::Host || !mailed.contains(&it.text));
    out.sort_by(|a, b| (b.severity, a.kind, &a.text).cmp(&(a.severity, b.kind, &b.text)));
    out
}

fn is_new_host(old: &Outline, host: &str) -> bool {
    let known = |kind| old.literals.get(&kind).is_some_and(|all| all.contains_key(host));
    !known(LiteralKind::Host) && !known(LiteralKind::Ip)
}

fn literal_signal(kind: LiteralKind, text: &str, place: &Place, foreign: bool) -> &'static str {
    let is_placeholder = literals::host_in(kind, text).is_some_and(literals::is_placeholder);
    match kind {
        _ if is_placeholder => "placeholder-address",
        LiteralKind::Ip if !literals::is_public(text) => "ip-near",
        _ if place.is_data => "address-in-data",
        _ if place.is_encoded => "encoded-address",
        LiteralKind::Email if foreign => "email-of-other-domain",
        LiteralKind::Email => "email-of-known-domain",
        LiteralKind::Host if foreign => "host-of-other-domain",
        LiteralKind::Host => "host-of-known-domain",
        LiteralKind::Ip => "ip-public",
        LiteralKind::Url => "url-of-known-host",
    }
}

fn calls_of(old: &Outline, new: &Outline) -> Vec<NewCall> {
    let none = BTreeMap::new();
    let mut out = Vec::new();
    for (kind, all) in &new.calls {
        let before = old.calls.get(kind).unwrap_or(&none);
        for (name, place) in all.iter().filter(|(name, _)| !before.contains_key(*name)) {
            let first = before.is_empty();
            let signal = signal::of_call(*kind, first);
            out.push(NewCall {
                signal: signal.to_owned(),
                severity: signal::severity_at(signal, place),
                kind: *kind,
                name: name.clone(),
                file: place.file.clone(),
                line: place.line,
                first,
            });
        }
    }
    out.sort_by(|a, b| (b.severity, a.kind, &a.name).cmp(&(a.severity, b.kind, &b.name)));
    out
}

fn files_of(old: &Outline, new: &Outline) -> Files {
    // The folder of a wheel's own papers is named by its version.
    let named = |outline: &Outline| -> BTreeMap<String, (String, String)> {
        let entries = outline.files.iter();
        entries.map(|(path, digest)| (without_version(path), (path.clone(), digest.clone()))).collect()
    };
    let (then, now) = (named(old), named(new));
    let added: Vec<_> = now.iter().filter(|(key, _)| !then.contains_key(*key)).map(|(_, (path, _))| path).collect();
    let removed: Vec<_> = then.iter().filter(|(key, _)| !now.contains_key(*key)).map(|(_, (path, _))| path).collect();
    let is_changed = |key: &&String| then.get(*key).is_some_and(|(_, digest)| *digest != now[*key].1);
    let changed: Vec<_> = now.keys().filter(is_changed).map(|key| &now[key].0).collect();
    let count = |list: &[&String]| u32::try_from(list.len()).unwrap_or(u32::MAX);
    let first = |list: &[&String]| list.iter().take(MOST_NAMES).map(|path| (*path).clone()).collect();
    let is_news = |path: &&String| !old.machine_code.contains(*path);
    Files {
        added_in_all: count(&added),
        removed_in_all: count(&removed),
        changed_in_all: count(&changed),
        added: first(&added),
        removed: first(&removed),
        changed: first(&changed),
        machine_code: new.machine_code.iter().filter(is_news).take(MOST_NAMES).cloned().collect(),
    }
}

/// `p-1.2.dist-info/METADATA` of another version is the same file.
fn without_version(path: &str) -> String {
    match path.split_once('/') {
        Some((folder, name)) if folder.ends_with(".dist-info") => format!("*.dist-info/{name}"),
        _ => path.to_owned(),
    }
}
