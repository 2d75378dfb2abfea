//! Reads whole files of the table's clients, from the corpus and from the project's own fixtures, as a survey does: bytes,
//! document, row of the client, connectors. Compared is what the entries say, unmasked.

#![expect(clippy::print_stderr, reason = "a test that compares nothing says so")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gatehouse_core::clients::{CLIENTS, Client, client};
use gatehouse_core::connector::Connector;
use gatehouse_core::discover::{self, Location, Row};
use gatehouse_core::document::Document;
use gatehouse_core::host::{Host, Os, files};
use gatehouse_core::launch_line::Ecosystem;
use gatehouse_core::pin::{self, CannotPin};
use serde_json::{Value, json};

/// Formats of the corpus: the client, the name that its file has in place, files and servers that take effect in them.
const FORMATS: [(&str, &str, &str, usize, usize); 21] = [
    ("amazon-q", "amazon-q", ".aws/amazonq/mcp.json", 7, 8),
    ("claude-code", "claude-code", ".mcp.json", 12, 24),
    ("claude-code-user", "claude-code", ".claude.json", 6, 9),
    ("claude-desktop", "claude-desktop", "Claude/claude_desktop_config.json", 15, 39),
    ("cline", "cline", ".cline/data/settings/cline_mcp_settings.json", 6, 14),
    ("codex", "codex", ".codex/config.toml", 9, 13),
    ("copilot-cli", "copilot-cli", ".copilot/mcp-config.json", 11, 24),
    ("crush", "crush", "crush/crush.json", 2, 5),
    ("cursor", "cursor", ".cursor/mcp.json", 10, 12),
    ("factory", "factory-droid", ".factory/mcp.json", 5, 11),
    ("gemini-cli", "gemini-cli", ".gemini/settings.json", 5, 6),
    ("goose", "goose", "goose/config.yaml", 4, 25),
    ("junie", "junie", ".junie/mcp/mcp.json", 2, 2),
    ("kiro", "kiro", ".kiro/settings/mcp.json", 4, 16),
    ("opencode", "opencode", "opencode/opencode.jsonc", 3, 11),
    ("qwen", "qwen-code", ".qwen/settings.json", 1, 1),
    ("roo", "roo-code", ".roo/mcp.json", 5, 7),
    ("trae", "trae", ".trae/mcp.json", 5, 7),
    ("vscode", "vscode", ".vscode/mcp.json", 12, 19),
    ("windsurf", "windsurf", ".codeium/windsurf/mcp_config.json", 6, 8),
    ("zed", "zed", "zed/settings.json", 3, 3),
];

/// Rows that stand in a place where their client reads nothing.
const WITHOUT_EFFECT: usize = 11;

/// Files that no parser of their client takes, with the rows that were read off them by eye.
const UNPARSABLE: [(&str, usize, &str); 1] =
    [("claude-desktop/AllenOnAzure__MCP-Server__1.json", 1, "`#` begins no comment in JSON")];

/// Rows whose expectation is wrong, by file and name, with the reason. At most five.
const WRONG: [(&str, &str, &str); 1] = [(
    "claude-desktop/Alzarak__Kali-Linux-MCP__1.json",
    "kali-security",
    "the variables are arguments of `docker run -e NAME=value`, compared as arguments; the entry itself sets none",
)];

fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if folder.is_dir() {
        return Some(folder);
    }
    let required = std::env::var("GATEHOUSE_CORPUS").is_ok_and(|value| value == "required");
    assert!(!required, "the corpus is required and missing at {}", folder.display());
    eprintln!("SKIPPED: there is no corpus at {}; no file of it was compared", folder.display());
    None
}

fn host(os: Os, home: &Path) -> Host {
    Host::new(os, home.to_owned(), BTreeMap::new(), Arc::new(|| jiff::Timestamp::UNIX_EPOCH))
}

/// Reads the file behind a location, or says why it cannot be parsed.
fn read(host: &Host, location: &Location) -> Result<Vec<Arc<Connector>>, String> {
    let bytes = files::read(&location.path).expect("a regular file").bytes;
    let document = Document::parse(location.row.file.format, bytes).map_err(|error| error.to_string())?;
    Ok(discover::connectors(host, location, &document, None, &mut discover::Earlier::none()))
}

fn names(pairs: &[(String, gatehouse_core::connector::Value)]) -> BTreeSet<&str> {
    pairs.iter().map(|(name, _)| name.as_str()).collect()
}

/// What a connector was read as, under the names of the corpus.
fn told(connector: &Connector) -> Value {
    let (launch, line) = (&connector.launch, &connector.launch_line);
    // The corpus gives the address that is called in the end.
    let url = line.bridge_url.as_ref().or(launch.url.as_ref());
    json!({
        "name": connector.name, "transport": launch.transport, "command": launch.command, "args": launch.args,
        "url": url, "bridge": line.bridge, "runner": line.runner, "ecosystem": line.ecosystem,
        "package": line.package, "version": line.version, "env_keys": launch.variables().collect::<BTreeSet<_>>(),
        "disabled": !connector.enabled,
    })
}

/// The fields of an expected row that a reading is compared by. Names of variables are a set.
fn expected(row: &Value, told: &Value) -> Value {
    let keys = told.as_object().expect("an object").keys();
    let mut out: serde_json::Map<String, Value> = keys.map(|key| (key.clone(), row[key].clone())).collect();
    let names: BTreeSet<String> = serde_json::from_value(row["env_keys"].clone()).expect("names");
    out.insert("env_keys".to_owned(), json!(names));
    out.into()
}

#[test]
fn every_server_of_the_corpus_is_read_as_by_hand() {
    let Some(corpus) = corpus() else { return };
    let rows = fs::read_to_string(corpus.join("expected.jsonl")).expect("expected.jsonl");
    let rows: Vec<Value> = rows.lines().map(|row| serde_json::from_str(row).expect("a JSON object a line")).collect();
    let host = host(Os::Linux, Path::new("/home/somebody"));
    let (mut differing, mut unparsable, mut wrong, mut without_effect) = (Vec::new(), Vec::new(), Vec::new(), 0);
    let mut compared = Vec::new();
    for (format, id, place, ..) in FORMATS {
        let row = client(id).expect("a row of the table");
        let Row { client, file } = discover::row_of_client(row, Path::new(place), None).expect("a file of the row");
        let mut paths: Vec<_> = fs::read_dir(corpus.join(format)).expect("a folder").flatten().collect();
        paths.sort_by_key(fs::DirEntry::path);
        let mut servers = 0;
        for entry in &paths {
            let name = format!("{format}/{}", entry.file_name().to_string_lossy());
            let of_file: Vec<_> = rows.iter().filter(|row| row["file"] == name.as_str()).collect();
            let location = Location { path: entry.path(), row: Row { client, file }, project: None };
            let found = match read(&host, &location) {
                Ok(found) => found,
                Err(error) => {
                    unparsable.push((name, of_file.len(), error));
                    continue;
                }
            };
            let (effective, rest): (Vec<&Value>, Vec<&Value>) =
                of_file.iter().copied().partition(|row| row["effective"] == true);
            without_effect += rest.len();
            servers += effective.len();
            // Names are as good as unique: the corpus has no repeated keys in these files.
            let mut found: BTreeMap<&str, &Connector> = found.iter().map(|c| (c.name.as_str(), &**c)).collect();
            for row in effective {
                let name_of_row = row["name"].as_str().expect("a name");
                let told = found.remove(name_of_row).map(told).unwrap_or_default();
                let expected = if told.is_null() { row.clone() } else { expected(row, &told) };
                if told != expected {
                    if let Some(listed) = WRONG.iter().find(|(file, entry, _)| *file == name && *entry == name_of_row) {
                        wrong.push(*listed);
                    } else {
                        differing.push(format!("{name} {name_of_row}\n  expected {expected}\n  read     {told}"));
                    }
                }
            }
            differing.extend(found.keys().map(|more| format!("{name} {more}: read, but not a server")));
        }
        compared.push((format, id, place, paths.len(), servers));
    }
    assert!(differing.is_empty(), "{} differ:\n{}", differing.len(), differing.join("\n"));
    assert_eq!(compared, FORMATS);
    assert_eq!(compared.iter().map(|row| row.3).sum::<usize>(), 133, "files");
    let listed: usize = UNPARSABLE.iter().map(|row| row.1).sum();
    assert_eq!(compared.iter().map(|row| row.4).sum::<usize>() + without_effect + listed, 276, "rows");
    assert_eq!(without_effect, WITHOUT_EFFECT);
    assert_eq!(unparsable.len(), UNPARSABLE.len(), "{unparsable:?}");
    for ((file, rows, reason), (listed, of_file, why)) in unparsable.iter().zip(UNPARSABLE) {
        assert_eq!((file.as_str(), *rows), (listed, of_file), "{why}");
        assert!(reason.contains("'#'"), "{reason}");
    }
    assert!(WRONG.len() + UNPARSABLE.len() <= 5, "an expectation is wrong in few places or the reading is");
    assert_eq!(wrong, WRONG, "a listed row reads as expected after all");
}

/// The system that a client's fixtures are of: Linux where it exists there.
fn system(row: &Client) -> Os {
    let exists = |os| row.files.iter().any(|file| file.systems.contains(&os));
    [Os::Linux, Os::Macos, Os::Windows].into_iter().find(|os| exists(*os)).expect("a system")
}

/// One case: `home/` is a user's home on the client's system, `project/` a folder that the user works in, `root/` what
/// stands in the system's own folders, all optional;
/// `expected.json` lists what is read, in order of file and entry; `UPDATE=1 cargo test` writes it anew, to be looked at.
fn case(os: Os, folder: &Path) -> Vec<Value> {
    let mut host = host(os, &folder.join("home"));
    host.root = folder.join("root");
    let projects: BTreeSet<_> = [folder.join("project")].into_iter().filter(|path| path.is_dir()).collect();
    let mut out = Vec::new();
    for location in discover::locations(&host, &BTreeMap::new(), &projects) {
        if !location.path.is_file() {
            continue;
        }
        let file = location.path.strip_prefix(folder).expect("a file of the case").display().to_string();
        let file = file.replace('\\', "/");
        match read(&host, &location) {
            Err(error) => out.push(json!({"client": location.row.client.id, "file": file, "unparsable": error})),
            Ok(connectors) => out.extend(connectors.iter().map(|connector| {
                let mut row = told(connector);
                let place = json!({
                    "client": connector.client, "file": file, "scope": connector.scope,
                    "route": connector.route.to_string(), "line": connector.line,
                    "headers": names(&connector.launch.headers), "trust": connector.launch.trust,
                    "extra": connector.launch.extra, "pin": connector.launch_line.pin,
                });
                row.as_object_mut().expect("an object").append(&mut place.as_object().expect("an object").clone());
                row
            })),
        }
    }
    out
}

#[test]
fn every_client_has_fixtures_and_they_are_read_as_they_say() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    let folders = |path: &Path| -> BTreeSet<PathBuf> {
        let entries = fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).flatten();
        entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
    };
    let clients: BTreeSet<_> = folders(&fixtures).iter().map(|path| path.file_name().map(ToOwned::to_owned)).collect();
    let table: BTreeSet<_> = CLIENTS.iter().map(|row| Some(row.id.into())).collect();
    assert_eq!(clients, table, "a folder for each row of the table");
    for row in CLIENTS {
        let cases = folders(&fixtures.join(row.id));
        assert!(!cases.is_empty(), "{} has no fixture", row.id);
        let mut files_seen = BTreeSet::new();
        for folder in cases {
            let read = case(system(row), &folder);
            let path = folder.join("expected.json");
            if std::env::var_os("UPDATE").is_some() {
                let rows: Vec<_> = read.iter().map(|row| format!("  {row}")).collect();
                fs::write(&path, format!("[\n{}\n]\n", rows.join(",\n"))).expect("the expectation is written");
            }
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let expected: Vec<Value> = serde_json::from_str(&text).expect("a list of readings");
            assert!(!expected.is_empty(), "{} expects nothing", path.display());
            for (at, row) in read.iter().enumerate() {
                assert_eq!(Some(row), expected.get(at), "{}: reading {at}", path.display());
            }
            assert_eq!(read.len(), expected.len(), "{}", path.display());
            assert!(read.iter().all(|reading| reading["client"] == row.id), "{}: another's file", path.display());
            files_seen.extend(read.iter().map(|reading| reading["scope"].to_string()));
        }
        // Every scope that the row's files have on this system is covered.
        for file in row.files.iter().filter(|file| file.systems.contains(&system(row))) {
            assert!(files_seen.contains(&json!(file.scope).to_string()), "{}: no fixture for {}", row.id, file.path);
        }
    }
}

/// Floating launches of the corpus that can be pinned; the others run a flake of nix and a git repository.
const PINNED: usize = 120;
const WITHOUT_VERSIONS: usize = 2;

/// A version is written into every entry that floats, read again, and taken out again.
#[test]
fn every_floating_package_of_the_corpus_is_pinned_and_unpinned_byte_for_byte() {
    let Some(corpus) = corpus() else { return };
    let host = host(Os::Linux, Path::new("/home/somebody"));
    let mut pinned = 0;
    let mut refused = Vec::new();
    for (format, id, place, ..) in FORMATS {
        let row = discover::row_of_client(client(id).expect("a row of the table"), Path::new(place), None);
        let row = row.expect("a file of the row");
        for entry in fs::read_dir(corpus.join(format)).expect("a folder").flatten() {
            let location = Location { path: entry.path(), row, project: None };
            let bytes = files::read(&location.path).expect("a regular file").bytes;
            let Ok(document) = Document::parse(row.file.format, bytes.clone()) else { continue };
            let connectors = |document: &Document| {
                discover::connectors(&host, &location, document, None, &mut discover::Earlier::none())
            };
            let before = connectors(&document);
            for (at, connector) in before.iter().enumerate().filter(|(_, c)| c.launch_line.is_floating()) {
                let digest = format!("sha256:{}", "0123456789abcdef".repeat(4));
                let version = if connector.launch_line.ecosystem == Ecosystem::Oci { &digest } else { "12.34.56" };
                let name = format!("{} {}", location.path.display(), connector.route);
                let plan = match pin::plan(connector, version) {
                    Ok(plan) => plan,
                    Err(reason) => {
                        refused.push((reason, name));
                        continue;
                    }
                };
                let places = &connector.launch.places;
                let after = document.respell(&places.entry, &plan.route, (&plan.old, &plan.new), &plan.text);
                let after = after.unwrap_or_else(|error| panic!("{name}: {error}"));
                let now = connectors(&after);
                for (nth, (was, is)) in before.iter().zip(&now).enumerate() {
                    assert_eq!(nth != at, told(was) == told(is), "{name}: {nth}");
                }
                assert_eq!(now[at].launch_line.version.as_deref(), Some(version), "{name}");
                assert!(!now[at].launch_line.is_floating(), "{name}");
                let text =
                    &connector.launch.args[places.args.iter().position(|r| *r == plan.route).expect("an argument")];
                let back = after.respell(&places.entry, &plan.route, (&plan.new, &plan.old), text);
                assert_eq!(back.expect("it goes back").source(), bytes, "{name}");
                pinned += 1;
            }
        }
    }
    assert!(refused.iter().all(|(reason, _)| *reason == CannotPin::NoPackage), "{refused:#?}");
    assert_eq!((pinned, refused.len()), (PINNED, WITHOUT_VERSIONS), "{refused:#?}");
}
