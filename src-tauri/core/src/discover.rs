//! The table of clients applied to one machine: which files could hold connectors, and whose they are.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::clients::{
    CLIENTS, Client, ConfigFile, Container, Further, KnownProjects, PACKAGINGS, Root, UNREAD, Unread,
};
use crate::connector::{Connector, Place, Scope, Stand, ValueKey, read, text_digest};
use crate::document::{Document, Format, Member, Node, Pattern, Route, Step, Value};
use crate::host::{Base, Host, Listed, Os, files, name_fits};

use projects::ProjectRows;

mod denied;
mod outline;
mod projects;
mod switches;
mod walk;

pub use denied::{Denied, deny_list, exact_rule, share_a_rule};
pub use outline::outline;
pub use projects::locations_at;
pub use walk::projects_below;

/// One file that could hold connectors of one client.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    pub client: &'static Client,
    pub file: &'static ConfigFile,
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.client, other.client) && std::ptr::eq(self.file, other.file)
    }
}

/// A place on this machine that a row points to; the file need not exist.
#[derive(Debug, Clone, PartialEq)]
pub struct Location {
    pub path: PathBuf,
    pub row: Row,
    /// The project folder, for files of project scope.
    pub project: Option<PathBuf>,
}

/// All places of the table on a machine.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// In order of their paths. Of a project those alone whose first folder, or file, is there.
    pub locations: Vec<Location>,
    /// The folders in which a new name may be, or hold, another location. They need not exist.
    pub listed: Listed,
}

/// Returns every location of the table, for the user and for each project folder.
///
/// `moved` holds paths that the user set for a client's own file.
pub fn places(host: &Host, moved: &BTreeMap<String, PathBuf>, projects: &BTreeSet<PathBuf>) -> Places {
    let mut places = Places::default();
    for client in CLIENTS {
        for file in client.files.iter().filter(|f| f.systems.contains(&host.os)) {
            let row = Row { client, file };
            if let Some(path) = moved.get(client.id).filter(|_| is_main(client, file)) {
                places.locations.push(Location { path: path.clone(), row, project: None });
                continue;
            }
            let first = places.locations.len();
            for Start { folder, below } in starts(host, file) {
                places.add(row, &folder, below, None);
            }
            if file.further.is_some() {
                let named =
                    |location: &Location| document_at(&location.path).map(|document| further(location, &document));
                let more: Vec<_> = places.locations[first..].iter().filter_map(named).flatten().collect();
                places.locations.extend(more);
            }
        }
    }
    for packaging in PACKAGINGS {
        for (place, own) in packaged(host, Base::AppConfig, packaging.settings) {
            places.list(place, own);
        }
    }
    let table = ProjectRows::of(host.os);
    projects.iter().for_each(|folder| table.add(folder, &mut places));
    places.sort();
    places
}

/// Returns the locations of these project folders alone.
pub fn locations_in(host: &Host, projects: &BTreeSet<PathBuf>) -> Vec<Location> {
    let (table, mut places) = (ProjectRows::of(host.os), Places::default());
    projects.iter().for_each(|folder| table.add(folder, &mut places));
    places.sort();
    places.locations
}

/// As [`places`], the locations alone.
pub fn locations(host: &Host, moved: &BTreeMap<String, PathBuf>, projects: &BTreeSet<PathBuf>) -> Vec<Location> {
    places(host, moved, projects).locations
}

impl Places {
    fn add(&mut self, row: Row, folder: &Path, below: &'static str, project: Option<&Path>) {
        let found = walk_parts(folder, below, |folder, part| self.list(folder.to_owned(), part));
        let project = project.map(Path::to_path_buf);
        self.locations.extend(found.into_iter().map(|path| Location { path, row, project: project.clone() }));
    }

    fn list(&mut self, folder: PathBuf, part: &'static str) {
        Arc::make_mut(self.listed.entry(folder).or_default()).ways.insert(part);
    }

    fn sort(&mut self) {
        self.locations.sort_by(|a, b| (&a.path, a.row.client.id).cmp(&(&b.path, b.row.client.id)));
        // Two projects, or a home that is a project too, may lead to one file.
        self.locations.dedup_by(|a, b| a.path == b.path && a.row.client.id == b.row.client.id);
    }
}

/// A folder that a file of the table is looked for in.
struct Start {
    folder: PathBuf,
    /// The path of the file below it.
    below: &'static str,
}

/// Where a file of the user or of the machine is looked for.
fn starts(host: &Host, file: &ConfigFile) -> Vec<Start> {
    let at = |folder: PathBuf, below| Start { folder, below };
    match file.root {
        Root::Base(base) => {
            let by_environment = file.moved_by.and_then(|(variable, below)| Some((host.var(variable)?, below)));
            match by_environment {
                Some((folder, below)) => vec![at(folder.into(), below)],
                None => {
                    let packaged =
                        packaged(host, base, file.path).into_iter().filter(|(place, own)| place.join(own).is_dir());
                    let roots = host.base(base).into_iter().chain(packaged.map(|(place, _)| place));
                    roots.map(|root| at(root, file.path)).collect()
                }
            }
        }
        Root::Project => Vec::new(),
    }
}

/// Where the settings of the user are for a program with a home of its own, and the folder there that is the program's.
fn packaged(host: &Host, base: Base, path: &str) -> Vec<(PathBuf, &'static str)> {
    if host.os != Os::Linux || !matches!(base, Base::AppConfig | Base::XdgConfig) {
        return Vec::new();
    }
    let first = path.split('/').next();
    let packaging = PACKAGINGS.iter().find(|packaging| Some(packaging.settings) == first);
    let places = packaging.into_iter().flat_map(|of| of.places().map(move |place| (place, of.settings)));
    places.map(|(place, own)| (host.home.join(place), own)).collect()
}

/// Returns the places that hold connectors and are not read, as far as they are there.
pub fn unread(host: &Host) -> Vec<(PathBuf, &'static Unread)> {
    let of_system = UNREAD.iter().filter(|place| place.systems.contains(&host.os));
    let paths = |place: &'static Unread| {
        let found = host.base(place.base).map(|base| expand(&base, place.path)).unwrap_or_default();
        found.into_iter().filter(|path| path.exists()).map(move |path| (path, place))
    };
    of_system.flat_map(paths).collect()
}

/// Whether a client seems to be on this machine: its own file or the folder for it is there, or one of its files in a
/// project. Files that other clients have too say nothing.
pub fn is_installed(host: &Host, client: &Client, locations: &[Location]) -> bool {
    let main = client.files.iter().find(|file| is_main(client, file) && file.systems.contains(&host.os));
    let is_there = |start: Start| {
        let paths = expand(&start.folder, start.below).into_iter();
        paths.into_iter().any(|path| path.exists() || path.parent().is_some_and(|p| p != start.folder && p.is_dir()))
    };
    let is_shared = |file: &ConfigFile| {
        let others = CLIENTS.iter().filter(|other| other.id != client.id).flat_map(|other| other.files);
        others.into_iter().any(|other| other.root == file.root && other.path == file.path)
    };
    main.is_some_and(|file| starts(host, file).into_iter().any(is_there))
        || locations.iter().any(|l| l.row.client.id == client.id && !is_shared(l.row.file) && l.path.is_file())
}

/// The first user file of a row is the one that a person means by "the client's file".
fn is_main(client: &Client, file: &ConfigFile) -> bool {
    client.files.iter().find(|f| f.scope == Scope::User).is_some_and(|first| std::ptr::eq(first, file))
}

/// Expands `*` against the folders that are there. A path without one is returned whether it exists or not.
fn expand(root: &Path, below: &'static str) -> Vec<PathBuf> {
    walk_parts(root, below, |_, _| {})
}

/// As [`expand`], and tells each folder in which a part with a `*` is looked for.
fn walk_parts(root: &Path, below: &'static str, mut look: impl FnMut(&Path, &'static str)) -> Vec<PathBuf> {
    let mut found = vec![root.to_path_buf()];
    let mut parts = below.split('/').filter(|part| !part.is_empty()).peekable();
    while let Some(part) = parts.next() {
        if part.contains('*') {
            found.iter().for_each(|folder| look(folder, part));
            found = found.iter().flat_map(|folder| matching(folder, part)).collect();
            // Nothing is below a file.
            found.retain(|path| parts.peek().is_none() || path.is_dir());
        } else {
            found.iter_mut().for_each(|path| path.push(part));
        }
    }
    found
}

fn matching(folder: &Path, part: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<_> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_str().is_some_and(|name| name_fits(part, name)))
        .map(|entry| entry.path())
        .collect();
    found.sort();
    found
}

/// The connectors of a file as they were read before, in its order.
#[derive(Debug)]
pub struct Earlier<'a> {
    connectors: &'a [Arc<Connector>],
    /// The one behind the last that was found: entries seldom change their order.
    next: usize,
    found: usize,
    by_route: Option<HashMap<&'a Route, &'a Arc<Connector>>>,
}

impl<'a> Earlier<'a> {
    pub fn new(connectors: &'a [Arc<Connector>]) -> Self {
        Self { connectors, next: 0, found: 0, by_route: None }
    }

    /// Nothing is known.
    pub fn none() -> Self {
        Self::new(&[])
    }

    /// The connector that stood at this place with this very text.
    fn find(&mut self, place: &Place<'_>, stand: &Stand) -> Option<&'a Arc<Connector>> {
        let before = self.at(&stand.route)?;
        let same_place = before.client == place.client
            && before.scope == place.scope
            && before.project.as_deref() == place.project
            && before.file == place.file;
        (same_place && before.text.is_some() && before.text == stand.text).then_some(before)
    }

    fn at(&mut self, route: &Route) -> Option<&'a Arc<Connector>> {
        if let Some(at_next) = self.connectors.get(self.next).filter(|next| next.route == *route) {
            self.next += 1;
            self.found += 1;
            return Some(at_next);
        }
        if self.found == self.connectors.len() {
            return None;
        }
        let all = self.connectors;
        let by_route = self.by_route.get_or_insert_with(|| all.iter().map(|c| (&c.route, c)).collect());
        by_route.get(route).copied()
    }
}

/// Reads all connectors of a document by the row of its location.
///
/// `earlier` is what an earlier reading of the file found, with the same key: an entry whose text is the same is not
/// read again.
pub fn connectors(
    host: &Host,
    location: &Location,
    document: &Document,
    key: Option<&ValueKey>,
    earlier: &mut Earlier<'_>,
) -> Vec<Arc<Connector>> {
    let mut out = Vec::new();
    let mut lines = document.lines();
    let Row { client, file } = location.row;
    let denied = Denied::of_client(host, client);
    let switched = switches::is_switched_on(host, location);
    let mut is_there = false;
    for container in file.containers {
        if container.otherwise && is_there {
            continue;
        }
        for (route, node) in document.find(container.pattern) {
            is_there = true;
            let members: Vec<(Route, Member)> = match &node.value {
                _ if container.is_entry => {
                    own_entry(&location.path, &node).into_iter().map(|entry| (route.clone(), entry)).collect()
                }
                Value::Array(items) if container.has_items => items_of(&route, items, container),
                value => {
                    let of = |m: &Member| (route.nth_key(&m.key, m.nth), m.clone());
                    value.members().unwrap_or_default().iter().map(of).collect()
                }
            };
            let named = container.project_step.and_then(|step| match route.0.get(step) {
                Some(Step::Key { name, .. }) => Some(PathBuf::from(name)),
                _ => None,
            });
            let project = named.as_deref().or(location.project.as_deref());
            let mut times: HashMap<&str, u32> = HashMap::new();
            for (_, member) in &members {
                *times.entry(&member.key).or_default() += 1;
            }
            let place = Place {
                client: client.id,
                shape: file.shape.unwrap_or(client.shape),
                scope: container.scope.unwrap_or(file.scope),
                project,
                file: &location.path,
                home: &host.home,
            };
            for (route, member) in &members {
                // `servers: {"x": 1}` starts nothing in any client.
                if member.node.value.members().is_none() {
                    continue;
                }
                let stand = Stand {
                    route: route.clone(),
                    line: lines.of(member.key_span.start),
                    repeated: times[member.key.as_str()] > 1,
                    text: document.text_of(member).map(text_digest),
                };
                let before = earlier.find(&place, &stand);
                let read = match before {
                    Some(before) if before.line == stand.line && before.repeated == stand.repeated => {
                        Arc::clone(before)
                    }
                    Some(before) => {
                        let before = Connector::clone(before);
                        Arc::new(Connector { line: stand.line, repeated: stand.repeated, ..before })
                    }
                    None => Arc::new(read(&place, stand, member, key)),
                };
                out.push(match switched {
                    Some(enabled) if enabled != read.enabled => {
                        Arc::new(Connector { enabled, ..Connector::clone(&read) })
                    }
                    _ => denied.mark(read),
                });
            }
        }
    }
    out
}

/// The one entry of a file as a member under the name of the file's folder.
fn own_entry(file: &Path, node: &Node) -> Option<Member> {
    let key = file.parent()?.file_name()?.to_string_lossy().into_owned();
    let start = node.span.start;
    Some(Member { key, nth: 1, key_span: start..start, node: node.clone() })
}

fn document_at(path: &Path) -> Option<Document> {
    let read = files::read(path).ok()?;
    Document::parse(Format::Json, read.bytes).ok()
}

/// The places of the further files that a manifest names. None of them is outside of the folder that it came in.
pub fn further(location: &Location, document: &Document) -> Vec<Location> {
    let Some(Further { pattern, file }) = &location.row.file.further else { return Vec::new() };
    let Some(folder) = location.path.parent().and_then(Path::parent) else { return Vec::new() };
    let named = document.find(pattern);
    let texts = named.iter().flat_map(|(_, node)| match &node.value {
        Value::Array(items) => items.iter().filter_map(|item| item.value.as_str()).collect(),
        value => value.as_str().into_iter().collect::<Vec<_>>(),
    });
    let below = texts.map(|text| Path::new(text.trim_start_matches("${CLAUDE_PLUGIN_ROOT}/")));
    let inside =
        below.filter(|path| path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)));
    let row = Row { client: location.row.client, file };
    inside.map(|path| Location { path: folder.join(path).components().collect(), row, project: None }).collect()
}

/// The items of a list as members under their names, with their routes. One without a name refers to something that is
/// not in the file, as one does that has none of the members that an entry needs.
fn items_of(list: &Route, items: &[Node], container: &Container) -> Vec<(Route, Member)> {
    let mut times: HashMap<String, u32> = HashMap::new();
    let mut members = Vec::with_capacity(items.len());
    for (at, node) in items.iter().enumerate() {
        let Some(name) = node.value.get("name").and_then(|name| name.value.as_str()) else {
            if let (true, Some([only])) = (container.has_keyed_items, node.value.members()) {
                members.push((list.item(at).key(&only.key), only.clone()));
            }
            continue;
        };
        let is_set = |key: &&str| node.value.get(key).is_some_and(|member| member.value != Value::Null);
        if !container.needs.is_empty() && !container.needs.iter().any(is_set) {
            continue;
        }
        let nth = times.entry(name.to_owned()).or_default();
        *nth += 1;
        let start = node.span.start;
        let member = Member { key: name.to_owned(), nth: *nth, key_span: start..start, node: node.clone() };
        members.push((list.named(name, *nth), member));
    }
    members
}

/// Returns the project folders that a client's own file lists.
pub fn known_projects(host: &Host, location: &Location, document: &Document) -> BTreeSet<PathBuf> {
    let Some(list) = project_list(location) else { return BTreeSet::new() };
    let is_folder = |path: &PathBuf| path.is_absolute() && *path != host.home;
    match list {
        KnownProjects::Keys(pattern) => {
            let keys = document.find(pattern).into_iter().filter_map(|(route, _)| match route.0.last() {
                Some(Step::Key { name, .. }) => Some(PathBuf::from(name)),
                _ => None,
            });
            keys.filter(is_folder).collect()
        }
        KnownProjects::Addresses(pattern) => {
            let named = document.find(pattern);
            let folders = named.iter().filter_map(|(_, node)| addressed(node.value.as_str()?));
            // Such lists keep what was opened years ago.
            folders.filter(|path| is_folder(path) && path.is_dir()).collect()
        }
    }
}

/// The folder of this machine that an address names.
fn addressed(address: &str) -> Option<PathBuf> {
    let url = url::Url::parse(address).ok().filter(|url| url.scheme() == "file")?;
    url.to_file_path().ok()
}

/// A list that a repository ships is nobody's.
fn project_list(location: &Location) -> Option<KnownProjects> {
    location.row.file.known_projects.filter(|_| location.row.file.scope == Scope::User)
}

/// Tells whose file a path is, by its name, by the ends of its path and by what it holds.
pub fn row_of(path: &Path, document: Option<&Document>) -> Option<Row> {
    let rows = || CLIENTS.iter().flat_map(|client| client.files.iter().map(move |file| Row { client, file }));
    let by_end = rows().filter(|row| ends_like(path, row.file.path));
    // `Code/User/mcp.json` says more than `mcp.json`; of equals the one whose container the file has, then the first.
    let holds = |row: &Row| {
        document
            .is_some_and(|d| row.file.containers.iter().filter(|c| !c.otherwise).any(|c| !d.find(c.pattern).is_empty()))
    };
    let by_name = || {
        rows().filter(|row| {
            let name = Path::new(row.file.path).file_name();
            name.is_some() && name == path.file_name() && holds(row)
        })
    };
    // Whose a file of a common name is remains a guess: the first that knows the usual switch reads most of them right.
    let is_unusual = |row: &Row| row.client.shape.switch.is_none_or(|switch| switch.key != "disabled");
    by_end.rev().max_by_key(|row| (row.file.path.len(), holds(row))).or_else(|| by_name().min_by_key(is_unusual))
}

/// Whether a path ends as one of the table does.
pub fn ends_like(path: &Path, below: &str) -> bool {
    let mut names = path.iter().rev();
    let fits = |part: &str| names.next().and_then(|name| name.to_str()).is_some_and(|name| name_fits(part, name));
    below.rsplit('/').all(fits)
}

/// Returns the row of a client for a file given by hand, by the container that the file has.
pub fn row_of_client(client: &'static Client, path: &Path, document: Option<&Document>) -> Option<Row> {
    let holds = |file: &&ConfigFile| {
        document.is_some_and(|d| file.containers.iter().any(|c| c.pattern.len() == 1 && !d.find(c.pattern).is_empty()))
    };
    let by_end = client.files.iter().find(|file| ends_like(path, file.path));
    by_end.or_else(|| client.files.iter().find(holds)).or_else(|| client.files.first()).map(|file| Row { client, file })
}

/// Whether a pattern names the container of a route: the route without its last step.
pub fn container_matches(pattern: &[Pattern], route: &Route) -> bool {
    route.0.len() == pattern.len() + 1
        && pattern.iter().zip(&route.0).all(|(wanted, step)| match (wanted, step) {
            (Pattern::Any, Step::Key { .. }) => true,
            (Pattern::Key(key), Step::Key { name, .. }) => key == name,
            (_, Step::Index(_) | Step::Named { .. }) => false,
        })
}

#[cfg(test)]
mod tests {
    use crate::connector::Fingerprint;

    use super::*;

    #[test]
    fn an_address_names_a_folder_of_this_machine_or_none() {
        for (address, folder) in [
            ("file:///home/ana/a%20site", Some("/home/ana/a site")),
            ("file://localhost/home/ana", Some("/home/ana")),
            ("vscode-remote://wsl%2Bubuntu/home/ana", None),
            ("file://elsewhere/home/ana", None),
            ("https://example.org/", None),
            ("/home/ana", None),
            ("", None),
        ] {
            let found = addressed(address);
            #[cfg(unix)]
            assert_eq!(found.as_deref(), folder.map(Path::new), "{address}");
            #[cfg(windows)]
            assert!(found.is_none() || folder.is_some(), "{address}");
        }
    }

    fn host(os: Os, env: &[(&str, &str)]) -> Host {
        let env = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Host::new(os, "/h".into(), env, Arc::new(jiff::Timestamp::now))
    }

    fn paths(host: &Host, client: &str, projects: &[&str]) -> Vec<String> {
        let projects = projects.iter().map(PathBuf::from).collect();
        locations(host, &BTreeMap::new(), &projects)
            .into_iter()
            .filter(|l| l.row.client.id == client)
            .map(|l| l.path.display().to_string())
            .collect()
    }

    #[test]
    fn every_system_has_its_own_places() {
        let check = |os, client, expect: &[&str]| assert_eq!(paths(&host(os, &[]), client, &[]), expect);
        check(
            Os::Linux,
            "claude-desktop",
            &["/h/.config/Claude/claude_desktop_config.json", "/h/.config/claude/claude_desktop_config.json"],
        );
        check(Os::Macos, "claude-desktop", &["/h/Library/Application Support/Claude/claude_desktop_config.json"]);
        check(Os::Windows, "claude-desktop", &["/h/AppData/Roaming/Claude/claude_desktop_config.json"]);
        check(Os::Linux, "jan", &["/h/.config/Jan/data/mcp_config.json"]);
        check(Os::Macos, "jan", &["/h/Library/Application Support/Jan/data/mcp_config.json"]);
        check(Os::Linux, "zed", &["/h/.config/zed/settings.json"]);
        check(Os::Macos, "zed", &["/h/.config/zed/settings.json"]);
        check(Os::Windows, "zed", &["/h/AppData/Roaming/Zed/settings.json"]);
        check(Os::Windows, "cursor", &["/h/.cursor/cli-config.json", "/h/.cursor/hooks.json", "/h/.cursor/mcp.json"]);
    }

    #[test]
    fn variables_and_projects_move_files() {
        let moved = host(Os::Linux, &[("CODEX_HOME", "/c"), ("CLAUDE_CONFIG_DIR", "/d"), ("XDG_CONFIG_HOME", "/x")]);
        let root = tempfile::tempdir().expect("a temporary folder");
        let project = root.path().display().to_string();
        let own = |client| -> Vec<String> {
            let found = paths(&moved, client, &[&project]).into_iter();
            found.map(|path| path.replace(&project, "/w")).collect()
        };
        let of_codex = ["/c/config.toml", "/etc/codex/config.toml", "/etc/codex/managed_config.toml"];
        assert_eq!(own("codex"), of_codex, "of a project what is not there is not a place");
        for folder in [".codex", ".claude", ".mcp.json"] {
            std::fs::create_dir(root.path().join(folder)).expect("a folder");
        }
        assert_eq!(own("codex"), of_codex.into_iter().chain(["/w/.codex/config.toml"]).collect::<Vec<_>>());
        assert_eq!(
            own("claude-code"),
            [
                "/d/.claude.json",
                "/d/settings.json",
                "/etc/claude-code/managed-mcp.json",
                "/w/.claude/settings.json",
                "/w/.claude/settings.local.json",
                "/w/.mcp.json"
            ]
        );
        assert_eq!(paths(&moved, "jan", &[]), ["/x/Jan/data/mcp_config.json"]);
    }

    #[test]
    fn an_organisations_files_are_where_each_system_has_them() {
        let check = |os, client, expect: &[&str]| {
            let locations = locations(&host(os, &[]), &BTreeMap::new(), &BTreeSet::new()).into_iter();
            let managed = locations.filter(|l| l.row.client.id == client && l.row.file.scope == Scope::Managed);
            assert_eq!(managed.map(|l| l.path.display().to_string()).collect::<Vec<_>>(), expect, "{os:?} {client}");
        };
        check(Os::Linux, "claude-code", &["/etc/claude-code/managed-mcp.json"]);
        check(Os::Macos, "claude-code", &["/Library/Application Support/ClaudeCode/managed-mcp.json"]);
        check(Os::Windows, "claude-code", &["C:/Program Files/ClaudeCode/managed-mcp.json"]);
        check(Os::Macos, "codex", &["/etc/codex/config.toml"]);
        check(Os::Windows, "codex", &["C:/ProgramData/OpenAI/Codex/config.toml"]);
        check(
            Os::Macos,
            "gemini-cli",
            &[
                "/Library/Application Support/GeminiCli/settings.json",
                "/Library/Application Support/GeminiCli/system-defaults.json",
            ],
        );
        check(Os::Windows, "opencode", &["C:/ProgramData/opencode/opencode.json"]);
        check(Os::Windows, "crush", &[]);
        let moved = host(Os::Linux, &[("GEMINI_CLI_SYSTEM_SETTINGS_PATH", "/o/gemini.json")]);
        assert!(paths(&moved, "gemini-cli", &[]).contains(&"/o/gemini.json".to_owned()));
    }

    #[test]
    fn each_folder_on_the_way_to_a_plugin_is_listed() {
        let root = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir_all(root.path().join("plugins/cache/market/mail/1.0.0")).expect("folders");
        std::fs::write(root.path().join("plugins/cache/market/README"), "").expect("a file");
        let folder = root.path().display().to_string();
        let host = host(Os::Linux, &[("CLAUDE_CONFIG_DIR", &folder)]);
        let listed = places(&host, &BTreeMap::new(), &BTreeSet::new()).listed;
        let below: Vec<_> = listed.keys().filter_map(|path| path.strip_prefix(root.path()).ok()).collect();
        let places = ["agents", "plugins/cache", "plugins/cache/market", "plugins/cache/market/mail"];
        assert_eq!(below, places.map(Path::new));
        let manifest = format!("{folder}/plugins/cache/market/mail/1.0.0/.claude-plugin/plugin.json");
        assert!(paths(&host, "claude-code", &[]).contains(&manifest));
    }

    #[test]
    fn a_packaged_program_is_looked_for_in_its_own_homes_as_far_as_they_are_there() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let host = |os| Host::new(os, root.path().to_owned(), BTreeMap::new(), Arc::new(jiff::Timestamp::now));
        let below = |os, client| -> Vec<String> {
            let found = paths(&host(os), client, &[]).into_iter();
            let own = format!("{}/", root.path().display());
            let packaged = found.filter_map(|path| path.strip_prefix(&own).map(str::to_owned));
            packaged.filter(|path| path.starts_with(".var/") || path.starts_with("snap/")).collect()
        };
        for folder in
            [".var/app/dev.zed.Zed/config/zed", ".var/app/com.vscodium.codium/config/VSCodium", "snap/code/current"]
        {
            std::fs::create_dir_all(root.path().join(folder)).expect("folders");
        }
        assert_eq!(below(Os::Linux, "zed"), [".var/app/dev.zed.Zed/config/zed/settings.json"]);
        assert_eq!(
            below(Os::Linux, "vscode"),
            [
                ".var/app/com.vscodium.codium/config/VSCodium/User/mcp.json",
                ".var/app/com.vscodium.codium/config/VSCodium/User/settings.json"
            ]
        );
        let cline = "VSCodium/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json";
        assert_eq!(below(Os::Linux, "cline"), [format!(".var/app/com.vscodium.codium/config/{cline}")]);
        assert_eq!(below(Os::Linux, "cursor"), [""; 0]);
        assert_eq!(below(Os::Macos, "zed"), [""; 0]);
        std::fs::create_dir_all(root.path().join("snap/code/current/.config/Code")).expect("folders");
        assert_eq!(
            below(Os::Linux, "vscode").last().map(String::as_str),
            Some("snap/code/current/.config/Code/User/settings.json")
        );
        // What is not there is waited for.
        let listed = places(&host(Os::Linux), &BTreeMap::new(), &BTreeSet::new()).listed;
        for (folder, name) in [("snap/code/common/.config", "Code"), (".var/app/com.visualstudio.code/config", "Code")]
        {
            let ways = listed.get(&root.path().join(folder)).map(|names| names.ways.clone());
            assert_eq!(ways, Some(BTreeSet::from([name])), "{folder}");
        }
    }

    #[test]
    fn linux_systems_within_windows_are_told_and_left_asleep() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let windows = host(Os::Windows, &[("LOCALAPPDATA", &root.path().display().to_string())]);
        let told = || -> Vec<(PathBuf, &str, &str)> {
            let found = unread(&windows).into_iter().filter(|(path, _)| path.starts_with(root.path()));
            found.map(|(path, place)| (path, place.client, place.kept_as.message())).collect()
        };
        let disks =
            ["Packages/CanonicalGroupLimited.Ubuntu_79rhkp1fndgsc/LocalState/ext4.vhdx", "wsl/{0a1b}/ext4.vhdx"];
        for file in disks.iter().chain(&["Packages/Another.App_1/LocalState/settings.dat"]) {
            let path = root.path().join(file);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
            std::fs::write(path, "").expect("a file");
        }
        assert_eq!(told(), disks.map(|disk| (root.path().join(disk), "wsl", "coverage-unread-other-system")));
        assert!(unread(&host(Os::Linux, &[])).iter().all(|(_, place)| place.client != "wsl"));
    }

    #[test]
    fn the_store_build_of_claude_is_found_behind_its_package_name() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let package = root.path().join("Packages/Claude_abc123/LocalCache");
        std::fs::create_dir_all(&package).expect("folders");
        let windows = host(Os::Windows, &[("LOCALAPPDATA", &root.path().display().to_string())]);
        let found = paths(&windows, "claude-desktop", &[]);
        assert!(
            found.iter().any(|p| p.ends_with("Claude_abc123/LocalCache/Roaming/Claude/claude_desktop_config.json"))
        );
    }

    #[test]
    fn an_unchanged_entry_is_read_as_before_wherever_it_stands_now() {
        let host = host(Os::Linux, &[]);
        let location = locations(&host, &BTreeMap::new(), &BTreeSet::new())
            .into_iter()
            .find(|l| l.path.ends_with(".cursor/mcp.json"))
            .expect("a place of the table");
        let parse = |text: &str| Document::parse(location.row.file.format, text.into()).expect("sound JSON");
        let fresh = |text: &str| connectors(&host, &location, &parse(text), None, &mut Earlier::none());
        let check = |before: &str, after: &str, read_anew: &[&str]| {
            let old = fresh(before);
            // A mark that only the earlier reading bears.
            let mark = |c: &Arc<Connector>| {
                let fingerprint = Fingerprint("before".to_owned());
                Arc::new(Connector { fingerprint, ..Connector::clone(c) })
            };
            let marked: Vec<_> = old.iter().map(mark).collect();
            let read = connectors(&host, &location, &parse(after), None, &mut Earlier::new(&marked));
            let anew: Vec<_> = read.iter().filter(|c| c.fingerprint.0 != "before").map(|c| c.name.clone()).collect();
            assert_eq!(anew, read_anew, "{after}");
            assert_eq!(read.iter().map(mark).collect::<Vec<_>>(), fresh(after).iter().map(mark).collect::<Vec<_>>());
        };
        let (a, b) =
            (r#""a": {"command": "npx", "args": ["-y", "a-mcp"]}"#, r#""b": {"url": "https://b.example/mcp"}"#);
        check(&format!("{{\"mcpServers\": {{{a}, {b}}}}}"), &format!("{{\n\n\"mcpServers\": {{\n{b},\n{a}}}}}"), &[]);
        check(&format!("{{\"mcpServers\": {{{a}}}}}"), &format!("{{\"mcpServers\": {{{a}, {b}}}}}"), &["b"]);
        check(&format!("{{\"mcpServers\": {{{a}}}}}"), &format!("{{\"mcpServers\": {{{b}, {a}}}}}"), &["b"]);
        check(&format!("{{\"mcpServers\": {{{a}, {b}}}}}"), &format!("{{\"mcpServers\": {{{b}}}}}"), &[]);
        check(&format!("{{\"mcpServers\": {{{a}}}}}"), r#"{"mcpServers": {"a": {"command": "npx"}}}"#, &["a"]);
        check(&format!("{{\"mcpServers\": {{{a}}}}}"), &format!("{{\"mcpServers\": {{{a}, {a}}}}}"), &["a"]);
    }

    #[test]
    fn a_path_tells_its_client() {
        let check = |path: &str, expect: Option<&str>| {
            assert_eq!(row_of(Path::new(path), None).map(|row| row.client.id), expect, "{path}");
        };
        check("/w/.cursor/mcp.json", Some("cursor"));
        check("/w/.vscode/mcp.json", Some("vscode"));
        check("/w/.mcp.json", Some("claude-code"));
        check("/x/Code/User/mcp.json", Some("vscode"));
        check("/b/claude_desktop_config.json", None);
        check("/b/.codex/config.toml", Some("codex"));
        check("/b/.codex/work.config.toml", Some("codex"));
        check("/w/team.code-workspace", Some("vscode"));
        check("/b/.kiro/agents/mail.json", Some("kiro"));
        check("/b/mail.json", None);
        check("/b/.claude/plugins/cache/m/p/1/.mcp.json", Some("claude-code"));
        check("/b/settings.json", None);
    }

    #[test]
    fn a_common_name_is_taken_for_a_client_with_the_usual_switch() {
        let check = |name: &str, text: &str, expect: Option<&str>| {
            let document = Document::parse(Format::Json, text.into()).expect("a document");
            let row = row_of(&Path::new("/b").join(name), Some(&document));
            assert_eq!(row.map(|row| row.client.id), expect, "{name}: {text}");
        };
        check("mcp.json", r#"{"mcpServers": {"a": {"command": "a", "disabled": true}}}"#, Some("amazon-q"));
        check("mcp_config.json", r#"{"mcpServers": {"a": {"command": "a"}}}"#, Some("antigravity"));
        check("mcp.json", r#"{"a": {"command": "a"}}"#, None);
    }
}
