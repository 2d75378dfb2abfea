//! Reads an entry of a document as a connector, by the shape that the client's row gives.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::clients::Shape;
use crate::document::{Member, Node, Route, Value as Read};
use crate::launch_line::{LaunchLine, Runner};

use super::fingerprint::ValueKey;
use super::secrecy::{looks_secret, mask_argument, mask_url};
use super::{Beside, Connector, ConnectorId, Facets, Launch, Scope, Transport, Value};

const CODE_LOADING: &str = include_str!("../../data/code_loading_env.txt");

/// Where an entry stands and by which row it is read.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub client: &'a str,
    pub shape: &'a Shape,
    pub scope: Scope,
    pub project: Option<&'a Path>,
    pub file: &'a Path,
    /// The user's home, so that fingerprints are the same on every machine.
    pub home: &'a Path,
}

/// Reads one entry. An entry of a form that no client obeys is a connector without a launch, never an error.
pub fn read(
    place: &Place<'_>,
    route: &Route,
    member: &Member,
    line: u32,
    repeated: bool,
    key: Option<&ValueKey>,
) -> Connector {
    let launch = launch(place.shape, &member.node.value);
    let launch_line = launch_line(&launch);
    let resolved = Resolution::of(place, &launch, &launch_line);
    let facets = facets(&launch, resolved.shown);
    let beside = beside(&launch, &facets, key);
    let switch = place.shape.switch;
    let enabled = switch.is_none_or(|s| member.node.value.get(s.key).and_then(|n| n.value.as_bool()) != Some(s.off));
    Connector {
        id: identity(place, route),
        client: place.client.to_owned(),
        scope: place.scope,
        project: place.project.map(Path::to_path_buf),
        file: place.file.to_path_buf(),
        route: route.clone(),
        name: member.key.clone(),
        line,
        enabled,
        repeated,
        fingerprint: facets.fingerprint(),
        local_code: resolved.code,
        launch,
        launch_line,
        facets,
        beside,
    }
}

/// Names a connector by client, scope, file and route, so that equal names in two places never meet.
fn identity(place: &Place<'_>, route: &Route) -> ConnectorId {
    let mut hash = Sha256::new();
    let scope = serde_json::to_string(&place.scope).expect("a scope is a plain word");
    for part in [place.client, &scope, &portable(place.file, place.home), &route.to_string()] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    ConnectorId(hex::encode(hash.finalize()))
}

fn text(node: &Node) -> Option<String> {
    match &node.value {
        Read::String(text) | Read::Number(text) | Read::Date(text) => Some(text.clone()),
        Read::Bool(flag) => Some(flag.to_string()),
        Read::Null | Read::Array(_) | Read::Object(_) => None,
    }
}

/// Array items, or the one text that some people write instead of an array.
fn texts(node: &Node) -> Vec<String> {
    match &node.value {
        Read::Array(items) => items.iter().filter_map(text).collect(),
        _ => text(node).into_iter().collect(),
    }
}

fn pairs(node: &Node) -> Vec<(String, Value)> {
    let members = node.value.members().unwrap_or_default();
    members.iter().map(|m| (m.key.clone(), Value(text(&m.node).unwrap_or_default()))).collect()
}

fn launch(shape: &Shape, entry: &Read) -> Launch {
    let get = |key: &str| entry.get(key);
    let command_node = get(shape.command);
    // A command array is split into program and arguments.
    let mut command_words = command_node.map(texts).unwrap_or_default();
    let command = (!command_words.is_empty()).then(|| command_words.remove(0));
    let mut args = command_words;
    args.extend(get(shape.args).map(texts).unwrap_or_default());
    let url = shape.url.iter().find_map(|key| get(key)).and_then(text);
    let headers: Vec<_> = shape.headers.iter().filter_map(|key| get(key)).flat_map(pairs).collect();
    let kind = get(shape.kind).and_then(text).unwrap_or_default();
    let transport = transport(&kind, command.as_deref(), url.as_deref());
    let named = [shape.command, shape.args, shape.env, shape.cwd, shape.kind];
    let mut extra = BTreeMap::new();
    let mut trust = BTreeMap::new();
    for member in entry.members().unwrap_or_default() {
        let key = member.key.as_str();
        let known = named.contains(&key)
            || shape.url.contains(&key)
            || shape.headers.contains(&key)
            || shape.volatile.contains(&key)
            || shape.switch.is_some_and(|s| s.key == key);
        let shown = || mask_json(key, &member.node.value.to_json()).to_string();
        if shape.trust.contains(&key) {
            trust.insert(member.key.clone(), shown());
        } else if !known {
            extra.insert(member.key.clone(), shown());
        }
    }
    Launch {
        transport,
        command,
        args,
        url,
        cwd: get(shape.cwd).and_then(text),
        env: get(shape.env).map(pairs).unwrap_or_default(),
        headers,
        extra,
        trust,
    }
}

fn mask_json(name: &str, value: &serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::String(text) if looks_secret(name, text) => super::MASK.into(),
        serde_json::Value::String(text) => mask_argument(None, text).into(),
        serde_json::Value::Array(items) => items.iter().map(|item| mask_json(name, item)).collect(),
        serde_json::Value::Object(members) => {
            members.iter().map(|(key, value)| (key.clone(), mask_json(key, value))).collect()
        }
        other => other.clone(),
    }
}

/// A command beats an address, as in the clients; an address without a type is http, and sse where its path says so.
fn transport(kind: &str, command: Option<&str>, url: Option<&str>) -> Transport {
    match (command, url) {
        (Some(_), _) => Transport::Stdio,
        (None, Some(url)) => match kind {
            "sse" => Transport::Sse,
            "ws" => Transport::Ws,
            "http" | "streamable-http" | "streamableHttp" | "streamable_http" => Transport::Http,
            _ if url.split(['?', '#']).next().is_some_and(|path| path.trim_end_matches('/').ends_with("/sse")) => {
                Transport::Sse
            }
            _ => Transport::Http,
        },
        (None, None) => Transport::None,
    }
}

fn launch_line(launch: &Launch) -> LaunchLine {
    match (&launch.command, &launch.url) {
        (Some(command), _) => LaunchLine::of_command(command, &launch.args),
        (None, Some(url)) => LaunchLine::of_url(url),
        (None, None) => LaunchLine::empty(Runner::None, crate::launch_line::Ecosystem::None),
    }
}

/// What a launch means in its own folder.
struct Resolution {
    /// For the facets: place → portable path.
    shown: BTreeMap<String, String>,
    /// The local script or binary that runs.
    code: Option<PathBuf>,
}

impl Resolution {
    fn of(place: &Place<'_>, launch: &Launch, line: &LaunchLine) -> Self {
        let mut shown = BTreeMap::new();
        let cwd = launch.cwd.as_deref().map(|cwd| match place.project {
            Some(project) if !is_literal(cwd) => join(project, cwd),
            _ => PathBuf::from(cwd),
        });
        let folder = cwd.clone().or_else(|| place.project.map(Path::to_path_buf));
        if let (Some(folder), Some(project)) = (&folder, place.project) {
            if launch.cwd.as_deref().is_some_and(|cwd| !is_literal(cwd) && Path::new(cwd).is_relative()) {
                shown.insert(
                    "cwd".to_owned(),
                    portable(&join(project, launch.cwd.as_deref().unwrap_or(".")), place.home),
                );
            }
            let words = launch.command.iter().chain(&launch.args);
            for (at, word) in words.enumerate() {
                if looks_relative(word, at == 0) {
                    let name = if at == 0 { "command".to_owned() } else { format!("args[{}]", at - 1) };
                    shown.insert(name, portable(&join(folder, word), place.home));
                }
            }
            if let Some(target) = line.target.as_deref().filter(|t| is_local_path(t)) {
                shown.insert("target".to_owned(), portable(&join(folder, target), place.home));
            }
            // The same words in another folder run other code.
            if line.uses_cwd {
                shown.insert("folder".to_owned(), portable(folder, place.home));
            }
        }
        let code = line.target.as_deref().filter(|t| !is_literal(t)).and_then(|target| {
            let target = target.strip_prefix("~/").map_or_else(|| PathBuf::from(target), |rest| place.home.join(rest));
            match folder {
                _ if target.is_absolute() => Some(target),
                Some(folder) if is_local_path(&target.to_string_lossy()) => {
                    Some(join(&folder, &target.to_string_lossy()))
                }
                _ => None,
            }
        });
        Self { shown, code }
    }
}

/// Holds a placeholder, which stays as it is written.
fn is_literal(text: &str) -> bool {
    text.contains("${") || text.starts_with('%')
}

/// A word that names a file below the folder: the first with a slash, others only when they say so plainly.
fn looks_relative(word: &str, is_command: bool) -> bool {
    if is_literal(word) || word.starts_with(['/', '~', '-', '\\']) || word.contains("://") {
        return false;
    }
    if word == "."
        || word.starts_with("./")
        || word.starts_with("../")
        || word.starts_with(".\\")
        || word.starts_with("..\\")
    {
        return true;
    }
    is_command && word.contains(['/', '\\']) && !word.contains(':')
}

fn is_local_path(target: &str) -> bool {
    !is_literal(target)
        && !target.starts_with('~')
        && !target.contains(char::is_whitespace)
        && Path::new(target).is_relative()
        && (target.contains(['/', '\\']) || Path::new(target).extension().is_some())
}

/// Joins and folds `.` and `..` in text, without asking the file system.
fn join(folder: &Path, relative: &str) -> PathBuf {
    let relative = relative.replace('\\', "/");
    let mut out = PathBuf::new();
    for part in folder.join(relative).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

fn portable(path: &Path, home: &Path) -> String {
    let text = match path.strip_prefix(home) {
        Ok(rest) => format!("~/{}", rest.display()),
        Err(_) => path.display().to_string(),
    };
    text.replace('\\', "/")
}

fn is_code_loading(name: &str) -> bool {
    CODE_LOADING.lines().filter(|line| !line.starts_with('#')).any(|pattern| match pattern.split_once('*') {
        Some((head, tail)) => name.len() > head.len() + tail.len() && name.starts_with(head) && name.ends_with(tail),
        None => name == pattern,
    })
}

fn is_address_or_path(value: &str) -> bool {
    let drive =
        value.as_bytes().get(1) == Some(&b':') && value.as_bytes().get(2).is_some_and(|b| matches!(b, b'\\' | b'/'));
    value.contains("://") || drive || ["/", "~/", "./", "../", "\\\\"].iter().any(|start| value.starts_with(start))
}

fn facets(launch: &Launch, resolved: BTreeMap<String, String>) -> Facets {
    let names = |pairs: &[(String, Value)], fold: fn(&str) -> String| {
        let mut names: Vec<_> = pairs.iter().map(|(name, _)| fold(name)).collect();
        names.sort();
        names.dedup();
        names
    };
    let mut before: Option<&str> = None;
    let mut args = Vec::with_capacity(launch.args.len());
    for arg in &launch.args {
        args.push(mask_argument(before, arg));
        before = Some(arg);
    }
    let values = launch.env.iter().filter_map(|(name, Value(value))| {
        let counts = is_code_loading(name) || is_address_or_path(value);
        let shown = || {
            if value.contains("://") { mask_url(value) } else { mask_argument(Some(&format!("--{name}")), value) }
        };
        counts.then(|| (name.clone(), shown()))
    });
    Facets {
        transport: launch.transport,
        command: launch.command.as_deref().map(|c| mask_argument(None, c)),
        args,
        url: launch.url.as_deref().map(mask_url),
        cwd: launch.cwd.clone(),
        env: names(&launch.env, str::to_owned),
        headers: names(&launch.headers, str::to_ascii_lowercase),
        values: values.collect(),
        extra: launch.extra.clone(),
        resolved,
    }
}

fn beside(launch: &Launch, facets: &Facets, key: Option<&ValueKey>) -> Beside {
    let digest = |value: &str| key.map(|key| key.digest(value));
    let mut digests = BTreeMap::new();
    for (name, Value(value)) in &launch.env {
        if facets.values.get(name) != Some(value) {
            digests.insert(format!("env.{name}"), digest(value));
        }
    }
    for (name, Value(value)) in &launch.headers {
        digests.insert(format!("headers.{name}"), digest(value));
    }
    for (at, (shown, written)) in facets.args.iter().zip(&launch.args).enumerate() {
        if shown != written {
            digests.insert(format!("args[{at}]"), digest(written));
        }
    }
    if let Some(url) = launch.url.as_deref().filter(|url| facets.url.as_deref() != Some(url)) {
        digests.insert("url".to_owned(), digest(url));
    }
    Beside { digests, trust: launch.trust.clone() }
}

#[cfg(test)]
mod tests;
