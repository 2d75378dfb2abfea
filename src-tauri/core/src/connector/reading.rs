//! Reads an entry of a document as a connector, by the shape that the client's row gives.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::clients::Shape;
use crate::document::{Member, Node, Route, Value as Read};
use crate::launch_line::{LaunchLine, Runner};

use super::fingerprint::ValueKey;
use super::secrecy::{MASK, looks_secret, mask_argument, mask_arguments, mask_json, mask_url};
use super::{Beside, Connector, ConnectorId, Facets, Launch, Places, Scope, Transport, Value};

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

/// Where in its file an entry stands, and how it is written there.
#[derive(Debug, Clone)]
pub struct Stand {
    pub route: Route,
    /// Line of the entry's key, from 1.
    pub line: u32,
    /// The key stands more than once in its container.
    pub repeated: bool,
    /// See [`Connector::text`].
    pub text: Option<[u8; 32]>,
}

impl Stand {
    /// An entry that is read on its own, away from its file.
    pub fn alone(route: &Route) -> Self {
        Self { route: route.clone(), line: 1, repeated: false, text: None }
    }
}

/// Reads one entry. An entry of a form that no client obeys is a connector without a launch, never an error.
pub fn read(place: &Place<'_>, stand: Stand, member: &Member, key: Option<&ValueKey>) -> Connector {
    let Stand { route, line, repeated, text } = stand;
    let route = &route;
    let launch = launch(place.shape, route, &member.node.value);
    let launch_line = launch_line(&launch, &member.key);
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
        text,
        enabled,
        denied: false,
        repeated,
        fingerprint: facets.fingerprint(),
        local_code: resolved.code,
        launch,
        launch_line,
        facets,
        beside,
    }
}

/// Returns the digest by which the text of an entry is known again.
pub fn text_digest(text: &[u8]) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// Names a connector by client, scope, file and route, so that equal names in two places never meet.
pub fn identity(place: &Place<'_>, route: &Route) -> ConnectorId {
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

/// Array items with their routes, or the one text that some people write instead of an array.
fn texts(route: &Route, node: &Node) -> Vec<(Route, String)> {
    match &node.value {
        Read::Array(items) => {
            items.iter().enumerate().filter_map(|(at, item)| Some((route.item(at), text(item)?))).collect()
        }
        _ => text(node).map(|text| (route.clone(), text)).into_iter().collect(),
    }
}

/// The words of a line, double quotes around some of them.
fn split(line: &str) -> Vec<String> {
    let (mut words, mut word, mut is_quoted) = (Vec::new(), None::<String>, false);
    for c in line.chars() {
        match c {
            '"' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            c if c.is_whitespace() && !is_quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Whether a member has the form that its name promises: texts, or pairs of names and texts.
fn is_as_expected(node: &Node, wants_pairs: bool) -> bool {
    match &node.value {
        Read::Null => true,
        Read::Object(members) => {
            wants_pairs && members.iter().all(|m| m.node.value == Read::Null || text(&m.node).is_some())
        }
        Read::Array(items) => !wants_pairs && items.iter().all(|item| text(item).is_some()),
        _ => !wants_pairs,
    }
}

fn pairs(node: &Node) -> Vec<(String, Value)> {
    let members = node.value.members().unwrap_or_default();
    members.iter().map(|m| (m.key.clone(), Value(text(&m.node).unwrap_or_default()))).collect()
}

/// Names of variables, alone or as objects with a name.
fn names_passed(node: &Node) -> Vec<String> {
    let items = node.value.items().unwrap_or_default();
    items.iter().filter_map(|item| text(item).or_else(|| item.value.get("name").and_then(text))).collect()
}

fn launch(shape: &Shape, route: &Route, entry: &Read) -> Launch {
    let get = |key: &str| entry.get(key);
    // What runs may stand in an object of its own; an entry that says it itself is taken at its word.
    let says_itself = std::iter::once(&shape.command).chain(shape.url).any(|key| get(key).is_some());
    let inner = get(shape.nested).filter(|node| !says_itself && node.value.members().is_some());
    let (inside, at) = inner.map_or((entry, route.clone()), |node| (&node.value, route.key(shape.nested)));
    let words = |key: &str| inside.get(key).map(|node| texts(&at.key(key), node)).unwrap_or_default();
    // A command array is split into program and arguments.
    let mut words_of_command = words(shape.command).into_iter();
    let (command_route, command) = words_of_command.next().unzip();
    let args = words(shape.args).into_iter().flat_map(|(route, text)| match shape.joined_args {
        true => split(&text).into_iter().map(|word| (route.clone(), word)).collect(),
        false => vec![(route, text)],
    });
    let (arg_routes, args) = words_of_command.chain(args).unzip();
    let (url_route, url) = shape.url.iter().find_map(|key| Some((at.key(key), text(inside.get(key)?)?))).unzip();
    let headers: Vec<_> = shape.headers.iter().filter_map(|key| get(key)).flat_map(pairs).collect();
    let kind = inside.get(shape.kind).and_then(text).unwrap_or_default();
    let passed = shape.passed.iter().filter_map(|key| get(key)).flat_map(names_passed).collect();
    let mut extra = BTreeMap::new();
    let mut trust = BTreeMap::new();
    for member in entry.members().unwrap_or_default() {
        let key = member.key.as_str();
        let has_pairs = key == shape.env || shape.headers.contains(&key);
        let is_launch =
            has_pairs || [shape.command, shape.args, shape.cwd, shape.kind].contains(&key) || shape.url.contains(&key);
        let is_understood = is_launch && is_as_expected(&member.node, has_pairs);
        let says_nothing = shape.volatile.contains(&key) || shape.switch.is_some_and(|s| s.key == key);
        let shown = || mask_json(key, &member.node.value.to_json()).to_string();
        if shape.trust.contains(&key) {
            trust.insert(member.key.clone(), shown());
        } else if !says_nothing && !is_understood {
            // What is not understood counts as it stands: a client may understand it.
            extra.insert(member.key.clone(), shown());
        }
    }
    Launch {
        transport: match transport(&kind, command.as_deref(), url.as_deref()) {
            Transport::None if shape.builtin.contains(&kind.as_str()) => Transport::Builtin,
            transport => transport,
        },
        command,
        args,
        url,
        cwd: get(shape.cwd).and_then(text),
        env: get(shape.env).map(pairs).unwrap_or_default(),
        passed,
        headers,
        extra,
        trust,
        places: Places {
            entry: route.clone(),
            command: command_route,
            args: arg_routes,
            url: url_route,
            cwd: route.key(shape.cwd),
            env: route.key(shape.env),
            headers: shape.headers.iter().filter(|key| get(key).is_some()).map(|key| route.key(key)).collect(),
        },
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

fn launch_line(launch: &Launch, name: &str) -> LaunchLine {
    match (&launch.command, &launch.url) {
        (None, None) if launch.transport == Transport::Builtin => {
            let builtin = LaunchLine::empty(Runner::Builtin, crate::launch_line::Ecosystem::Builtin);
            LaunchLine { package: Some(name.to_owned()), ..builtin }
        }
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
        let at_home = |path: &str| path.strip_prefix("~/").map(|rest| place.home.join(rest));
        // What a plugin says of its own folder is another folder in each, as it is with projects.
        let brought = matches!(place.scope, Scope::Plugin | Scope::Extension).then(|| place.file.parent()).flatten();
        let own = brought.or(place.project);
        let cwd = launch.cwd.as_deref().map(|cwd| match (at_home(cwd), own) {
            (Some(cwd), _) => cwd,
            // A placeholder may stand for anything, but in another project it stands for something else.
            (None, Some(own)) => join(own, cwd),
            (None, None) => PathBuf::from(cwd),
        });
        let folder = cwd.or_else(|| own.map(Path::to_path_buf));
        let words: Vec<&str> = launch.command.iter().chain(&launch.args).map(String::as_str).collect();
        // A target of several words (`artisan serve`) is a file and what it is told.
        let target = line.target.as_deref().map(|target| {
            let is_file = |word: &str| target.strip_prefix(word).is_some_and(|rest| rest.starts_with(' '));
            if words.contains(&target) {
                target
            } else {
                words.iter().copied().find(|word| is_file(word)).unwrap_or(target)
            }
        });
        let mut shown = BTreeMap::new();
        if let (Some(folder), true) = (&folder, own.is_some()) {
            let mut show = |name: &str, path: &Path| {
                shown.insert(name.to_owned(), portable(path, place.home));
            };
            if launch.cwd.as_deref().is_some_and(|cwd| !is_literal(cwd) && !cwd.starts_with('~') && is_relative(cwd)) {
                show("cwd", folder);
            }
            let mut before = None;
            for (at, word) in words.iter().enumerate() {
                if looks_relative(word, at == 0) {
                    let name = if at == 0 { "command".to_owned() } else { format!("args[{}]", at - 1) };
                    show(&name, &join(folder, &mask_argument(before, word)));
                }
                before = Some(word);
            }
            if let Some(target) = target.filter(|t| is_local_path(t, &words)) {
                show("target", &join(folder, &mask_argument(None, target)));
            }
            // The same words in another folder run other code.
            let names_own =
                || launch.env.iter().map(|(_, value)| &*value.0).chain(words.iter().copied()).any(is_placed);
            if line.uses_cwd || brought.is_some() && names_own() {
                show("folder", folder);
            }
        }
        let code = target.filter(|t| !is_literal(t)).and_then(|target| {
            let path = at_home(target).unwrap_or_else(|| PathBuf::from(target));
            if path.is_absolute() {
                // `/w/../x` is not below `/w`.
                return Some(join(&path, ""));
            }
            let folder = folder.filter(|folder| !is_literal(&folder.to_string_lossy()))?;
            is_local_path(target, &words).then(|| join(&folder, target))
        });
        Self { shown, code }
    }
}

/// Holds a placeholder of the kind that plugins name their own folder by.
fn is_placed(text: &str) -> bool {
    text.contains("${")
}

/// Holds a placeholder, which stays as it is written.
fn is_literal(text: &str) -> bool {
    is_placed(text) || text.starts_with(['%', '$', '{'])
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

fn is_relative(path: &str) -> bool {
    let has_drive = path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic();
    !path.starts_with(['/', '\\']) && !has_drive
}

/// A target that is a file below the folder. White space in it is part of its name only where it is one word.
fn is_local_path(target: &str, words: &[&str]) -> bool {
    !is_literal(target)
        && !target.starts_with('~')
        && !target.contains("://")
        && (words.contains(&target) || !target.contains(char::is_whitespace))
        && is_relative(target)
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

/// Whether the value of a variable of this name loads or redirects code, by the list in `data/`.
pub fn is_code_loading(name: &str) -> bool {
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

fn is_scheme(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'.' | b'-'))
}

fn facets(launch: &Launch, resolved: BTreeMap<String, String>) -> Facets {
    let names = |pairs: &[(String, Value)], fold: fn(&str) -> String| {
        let mut names: Vec<_> = pairs.iter().map(|(name, _)| fold(name)).collect();
        names.sort();
        names.dedup();
        names
    };
    let args = mask_arguments(launch.command.as_deref(), &launch.args);
    let values = launch.env.iter().filter_map(|(name, Value(value))| {
        let counts = is_code_loading(name) || is_address_or_path(value);
        // Of an address the host counts, whatever its name says.
        let shown = || match value.split_once("://") {
            Some((scheme, _)) if is_scheme(scheme) => mask_url(value),
            _ if looks_secret(name, value) => MASK.to_owned(),
            _ => mask_argument(None, value),
        };
        counts.then(|| (name.clone(), shown()))
    });
    Facets {
        transport: launch.transport,
        command: launch.command.as_deref().map(|c| mask_argument(None, c)),
        args,
        url: launch.url.as_deref().map(mask_url),
        cwd: launch.cwd.as_deref().map(|cwd| mask_argument(None, cwd)),
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
