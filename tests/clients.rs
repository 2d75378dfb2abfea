//! The whole way of an entry for every client of the table that exists on this system: saved, held as its row says,
//! released, back byte for byte.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gatehouse_core::clients::{CLIENTS, Client, HoldMethod};
use gatehouse_core::host::Host;
use serde_json::Value;

use crate::support::{Sandbox, eventually};

/// The project folder that the fixtures' projects are copied to.
const PROJECT: &str = "work";

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures")
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(path).expect("a folder").flatten();
    let mut found: Vec<_> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

/// A file of a case.
struct Saved {
    text: String,
    routes: Vec<String>,
    /// The word of why it is only watched, if so.
    watched: Option<&'static str>,
}

/// The files of a case, by where they belong below the home. Those of the system's own folders stay out of a test.
fn files_of(client: &Client, case: &Path) -> BTreeMap<String, Saved> {
    let text = std::fs::read_to_string(case.join("expected.json")).expect("what is read");
    let rows: Vec<Value> = serde_json::from_str(&text).expect("a list of readings");
    let mut files: BTreeMap<String, Saved> = BTreeMap::new();
    // What cannot be parsed is left alone.
    for row in rows.iter().filter(|row| row["unparsable"].is_null()) {
        let file = row["file"].as_str().expect("a file");
        if file.starts_with("root/") {
            continue;
        }
        let place = match file.strip_prefix("project/") {
            Some(below) => format!("{PROJECT}/{below}"),
            None => file.strip_prefix("home/").expect("home or project").to_owned(),
        };
        let of_file = files.entry(place).or_insert_with(|| {
            let text = std::fs::read_to_string(case.join(file)).expect("a fixture is text");
            let watched = match row["scope"].as_str() {
                Some("plugin") => Some("plugin"),
                Some("extension") => Some("extension"),
                _ => {
                    let is_only_read = client.hold == HoldMethod::Observe || client.only_reads(Path::new(file));
                    is_only_read.then_some("never edited")
                }
            };
            Saved { text, routes: Vec::new(), watched }
        });
        of_file.routes.extend(row["route"].as_str().map(str::to_owned));
    }
    files
}

/// The rows of a client by route, without those that stand in other files.
fn rows(home: &Sandbox, client: &str, file: &str) -> BTreeMap<String, Value> {
    let path = home.path(file).display().to_string();
    let shown = format!("~/{file}");
    let scan = home.scan();
    let rows = scan["connectors"].as_array().expect("connectors").iter();
    rows.filter(|row| row["client"] == client && (row["path"] == shown.as_str() || row["path"] == path.as_str()))
        .map(|row| (row["route"].as_str().expect("a route").to_owned(), row.clone()))
        .collect()
}

/// Reads `~/.claude.json` itself as the list of projects: its entries go the whole way in `answers` and `places`.
const LIST: &str = ".claude.json";

#[test]
fn every_client_is_held_as_its_row_says_and_gets_its_bytes_back() {
    let home = Sandbox::new();
    let project = home.path(PROJECT);
    std::fs::create_dir_all(&project).expect("a project");
    home.write(LIST, &format!("{{\"projects\": {{{:?}: {{}}}}}}", project.display().to_string()));
    let _guard = home.watch();
    let (mut held, mut tried, mut watched) = (0, 0, 0);
    let is_here = |client: &&Client| client.files.iter().any(|file| file.systems.contains(&Host::this_os()));
    for client in CLIENTS.iter().filter(is_here) {
        tried += 1;
        let cases = folders(&fixtures().join(client.id));
        for (file, saved) in cases.iter().flat_map(|case| files_of(client, case)).filter(|(file, _)| file != LIST) {
            home.save(&file, &saved.text);
            if let Some(reason) = saved.watched {
                asked_about(&home, client, &file, &saved, reason);
                watched += 1;
                continue;
            }
            let Saved { text, routes, .. } = saved;
            let is_held = |row: &Value| row["status"] == "held" && row["hold"]["state"] == "in-force";
            let is_settled = |row: &Value| is_held(row) || client.hold == HoldMethod::Switch && row["enabled"] == false;
            eventually(&format!("{}: {file} is held", client.id), || {
                let rows = rows(&home, client.id, &file);
                routes.iter().all(|route| rows.get(route).is_some_and(is_settled))
            });
            let rows = rows(&home, client.id, &file);
            assert_eq!(rows.len(), routes.len(), "{}: {file}", client.id);
            let method = if client.hold == HoldMethod::Switch { "switch" } else { "cut" };
            for row in rows.values().filter(|row| is_held(row)) {
                assert_eq!(row["hold"]["method"], method, "{}: {file}", client.id);
                assert_eq!(row["present"], client.hold == HoldMethod::Switch, "{}: {file}", client.id);
                held += 1;
            }
            assert_ne!(home.read(&file), text, "{}: nothing was taken out of {file}", client.id);
            // Released, not approved: an approval would let the same launch pass in the next client.
            for row in rows.values().filter(|row| is_held(row)) {
                home.run(&["release", row["id"].as_str().expect("an id")]).ok();
            }
            assert_eq!(home.read(&file), text, "{}: {file}", client.id);
        }
    }
    assert!(held >= 2 * tried, "only {held} entries were held");
    assert!(watched >= 17, "only {watched} files were watched");
}

/// Entries that are never edited are asked about and stay as they are.
fn asked_about(home: &Sandbox, client: &Client, file: &str, saved: &Saved, why: &str) {
    let Saved { text, routes, .. } = saved;
    eventually(&format!("{}: {file} is asked about", client.id), || {
        let rows = rows(home, client.id, file);
        routes.iter().all(|route| rows.get(route).is_some_and(|row| !row["question"].is_null()))
    });
    for (route, row) in rows(home, client.id, file) {
        assert!(routes.contains(&route), "{}: {file}: {route}", client.id);
        let hold = (row["hold"]["method"].as_str(), row["hold"]["state"].as_str());
        assert_eq!(
            (row["status"].as_str(), hold),
            (Some("new"), (Some("none"), Some("refused"))),
            "{}: {file}",
            client.id
        );
        assert!(row["hold"]["reason"].as_str().is_some_and(|reason| reason.contains(why)), "{row:#}");
        home.run(&["release", row["id"].as_str().expect("an id")]).ok();
    }
    assert_eq!(home.read(file), *text, "{}: {file}", client.id);
}
