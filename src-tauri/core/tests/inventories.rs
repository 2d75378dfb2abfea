//! A home of each system with every client of the table in it: what a survey says of all places and all entries, beside this
//! test as one text for each system. `UPDATE=1` writes the texts anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gatehouse_core::clients::{CLIENTS, Client, ConfigFile, Root};
use gatehouse_core::discover;
use gatehouse_core::engine::{self, Scope};
use gatehouse_core::host::{Base, Host, Os};
use gatehouse_core::report::{ALL_CLIENTS, Coverage, CoverageState, Row};
use gatehouse_core::wording::{Language, Wording};
use serde_json::{Value, json};

mod sources;

/// The project folder, below the home.
const PROJECT: &str = "shop-front";

fn host(os: Os, home: &Path) -> Host {
    // What lies outside the home on Windows lies in it here.
    let outside = ["ProgramFiles", "ProgramData"].map(|name| (name.to_owned(), home.join(name).display().to_string()));
    let env = if os == Os::Windows { outside.into() } else { BTreeMap::new() };
    Host::new(os, home.to_owned(), env, Arc::new(|| jiff::Timestamp::UNIX_EPOCH))
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()).collect();
    found.sort();
    found
}

fn files_below(folder: &Path, out: &mut Vec<PathBuf>) {
    for path in sorted(folder) {
        if path.is_dir() { files_below(&path, out) } else { out.push(path) }
    }
}

/// A fixture: its text, and where it belongs below a home or a project.
struct Fixture {
    of_project: bool,
    below: PathBuf,
    text: String,
}

/// The fixtures of a client that can be parsed, those of its usual cases first.
fn fixtures(client: &Client) -> Vec<Fixture> {
    let mut cases = sorted(&sources::root().join("tests/fixtures").join(client.id));
    cases.retain(|case| !case.ends_with("broken"));
    cases.sort_by_key(|case| !(case.ends_with("user") || case.ends_with("project")));
    let mut out = Vec::new();
    for (case, root) in cases.iter().flat_map(|case| ["home", "project"].map(|root| (case, root))) {
        let mut files = Vec::new();
        if case.join(root).is_dir() {
            files_below(&case.join(root), &mut files);
        }
        out.extend(files.iter().map(|file| Fixture {
            of_project: root == "project",
            below: file.strip_prefix(case.join(root)).expect("below").to_owned(),
            text: fs::read_to_string(file).expect("a fixture is text"),
        }));
    }
    out
}

/// The fixture that fits a file best: of the same place, else of the same name, else of the same end.
fn fitting<'a>(file: &ConfigFile, fixtures: &'a [Fixture]) -> Option<&'a Fixture> {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let end = |path: &Path| path.extension().map(|end| end.to_string_lossy().trim_end_matches('c').to_owned());
    let path = Path::new(file.path);
    let scoped = || fixtures.iter().filter(|fixture| fixture.of_project == (file.root == Root::Project));
    let by_place = scoped().find(|fixture| fixture.below.ends_with(path));
    let by_name = || scoped().find(|fixture| name(&fixture.below) == name(path));
    by_place.or_else(by_name).or_else(|| scoped().find(|fixture| end(&fixture.below) == end(path)))
}

/// Installs every client, and returns the files that were written with whose they are.
fn install(host: &Host) -> BTreeSet<(PathBuf, &'static str)> {
    let mut written = BTreeSet::new();
    for client in CLIENTS {
        let fixtures = fixtures(client);
        // A file of settings alone has no entries.
        let holding = client.files.iter().filter(|file| !file.containers.is_empty());
        for file in holding.filter(|file| file.systems.contains(&host.os)) {
            let folder = match file.root {
                // What an administrator puts at the root of the system is not this test's to write.
                Root::Base(Base::Root) => continue,
                Root::Base(base) => host.base(base).expect("a folder of this system's"),
                Root::Project => host.home.join(PROJECT),
            };
            let Some(fixture) = fitting(file, &fixtures) else { continue };
            let path = folder.join(file.path.replace('*', "one"));
            // Some clients share a file: the first one's entries stand in it.
            if !path.exists() {
                fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
                fs::write(&path, &fixture.text).expect("written");
            }
            written.insert((path, client.id));
        }
    }
    list_project(host);
    written
}

/// Adds the project to the list that Claude Code keeps.
fn list_project(host: &Host) {
    let path = host.home.join(".claude.json");
    let mut state: Value = serde_json::from_slice(&fs::read(&path).expect("it is installed")).expect("plain JSON");
    state["projects"][host.home.join(PROJECT).display().to_string()] = json!({});
    fs::write(path, serde_json::to_string_pretty(&state).expect("JSON")).expect("written");
}

fn word(value: impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).expect("JSON");
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn place_line(place: &Coverage) -> String {
    let message = place.message.as_ref().map(|message| format!(" ({message})")).unwrap_or_default();
    format!("{} {} {} {} {}{message}", place.path, place.client, word(place.scope), word(place.state), place.connectors)
}

fn entry_line(row: &Row, home: &Path) -> String {
    let launch = &row.launch;
    let runs = row.url.clone().or_else(|| row.command.clone()).unwrap_or_default();
    let (package, version) = (launch.package.as_deref().unwrap_or("-"), launch.version.as_deref().unwrap_or("-"));
    let on = if row.enabled { "on" } else { "off" };
    let line = format!(
        "{} {} {} {on} {} {}:{package}@{version} `{runs}` {}",
        row.path,
        row.client,
        row.route,
        word(row.transport),
        word(launch.ecosystem),
        word(row.status),
    );
    line.replace(&home.display().to_string(), "~")
}

fn check(os: Os, name: &str) {
    let root = tempfile::tempdir().expect("a folder");
    let home = root.path().canonicalize().expect("it is there");
    let host = host(os, &home);
    let installed = install(&host);
    let wording = Wording::new(Language::English);
    let found = engine::survey(&host, &Scope::default(), &wording, &mut |_, _| {}).expect("a survey").inventory;

    // Each place of the table has a state, once, and what is installed is read.
    let projects = [home.join(PROJECT), "/home/sam/shop".into(), "/home/sam/site".into()].into();
    let locations = discover::locations(&host, &BTreeMap::new(), &projects);
    // A file of settings alone never holds connectors: it has a state where it is there.
    let has_state = |l: &&discover::Location| !l.row.file.containers.is_empty() || l.path.exists();
    let of_table: BTreeSet<_> =
        locations.iter().filter(has_state).map(|l| (host.display(&l.path), l.row.client.id.to_owned())).collect();
    let states: Vec<_> = found.coverage.iter().map(|place| (place.path.clone(), place.client.clone())).collect();
    let told: BTreeSet<_> = states.iter().cloned().collect();
    assert_eq!(told.len(), states.len(), "a place is told once");
    let untold: Vec<_> = of_table.difference(&told).collect();
    assert!(untold.is_empty(), "places without a state on {name}: {untold:#?}");
    // In a project what has no row of its own is not there, and the folder's row says so of all.
    for project in &projects {
        let folder = (host.display(project), ALL_CLIENTS.to_owned());
        assert!(told.contains(&folder), "{} has no row on {name}", project.display());
        let of_projects = CLIENTS.iter().flat_map(|client| client.files.iter().map(move |file| (client, file)));
        let of_system = of_projects.filter(|(_, file)| file.root == Root::Project && file.systems.contains(&os));
        for (client, file) in of_system.filter(|(_, file)| !file.path.contains('*') && !file.containers.is_empty()) {
            let path = project.join(file.path);
            let is_told = told.contains(&(host.display(&path), client.id.to_owned()));
            assert!(is_told || !path.exists(), "{} of {} has no state on {name}", path.display(), client.id);
        }
    }
    for (path, client) in &installed {
        let shown = host.display(path);
        let place = found.coverage.iter().find(|place| place.path == shown && place.client == *client);
        let place = place.unwrap_or_else(|| panic!("{shown} of {client} has no state"));
        assert_eq!(place.state, CoverageState::Read, "{shown} of {client}: {:?}", place.message);
    }
    let here = CLIENTS.iter().filter(|client| client.files.iter().any(|file| file.systems.contains(&os)));
    let silent: Vec<_> =
        here.map(|c| c.id).filter(|id| !found.connectors.iter().any(|row| row.client == *id)).collect();
    assert!(silent.is_empty(), "clients without an entry on {name}: {silent:?}");

    // What lies outside the home is the machine's own.
    let own = |path: &str| path.starts_with("~/");
    let places = found.coverage.iter().filter(|place| own(&place.path)).map(place_line);
    let entries = found.connectors.iter().filter(|row| own(&row.path)).map(|row| entry_line(row, &home));
    let mut text = places.collect::<Vec<_>>().join("\n");
    text += "\n\n";
    text += &entries.collect::<Vec<_>>().join("\n");
    text.push('\n');
    let path = sources::root().join(format!("src-tauri/core/tests/fixtures/inventory-{name}.txt"));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &text).expect("written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let differs = text.lines().zip(written.lines()).find(|(now, then)| now != then);
    assert!(written == text, "{name}: the inventory is another; run UPDATE=1 and look at the difference: {differs:#?}");
}

#[test]
fn linux() {
    check(Os::Linux, "linux");
}

#[test]
fn macos() {
    check(Os::Macos, "macos");
}

#[test]
fn windows() {
    check(Os::Windows, "windows");
}
