//! What pages of `docs` say of the workspace: one line for each direct dependency and none besides, tests that exist, and
//! the table of clients.

mod sources;

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use gatehouse_core::artefact::Reason;
use gatehouse_core::clients::{
    CLIENTS, Client, ConfigFile, Container, ELSEWHERE, HoldMethod, PACKAGINGS, Reload, Root, UNREAD, client,
};
use gatehouse_core::document::Pattern;
use gatehouse_core::host::{Base, Host, Os};
use gatehouse_core::policy::keys::{KEYS, Kind, Merge, OnInvalid, SetBy};
use gatehouse_core::wording::{Language, Wording};

fn declared() -> BTreeSet<String> {
    let packages = fs::read_dir(sources::root().join("src-tauri")).expect("the packages are there").flatten();
    let manifests = packages.map(|entry| entry.path().join("Cargo.toml")).filter(|path| path.is_file());
    let mut names = BTreeSet::new();
    for path in manifests {
        let text = fs::read_to_string(&path).expect("a manifest is text");
        let manifest: toml_edit::DocumentMut = text.parse().expect("a manifest is TOML");
        tables(manifest.as_table(), &mut names);
    }
    names.retain(|name| name != "gatehouse-core");
    names
}

/// Dependencies of every kind, also those of one system only.
fn tables(table: &toml_edit::Table, names: &mut BTreeSet<String>) {
    for (key, item) in table {
        let Some(below) = item.as_table() else { continue };
        if ["dependencies", "dev-dependencies", "build-dependencies"].contains(&key) {
            names.extend(below.iter().map(|(name, _)| name.to_owned()));
        } else {
            tables(below, names);
        }
    }
}

#[test]
fn each_dependency_has_its_line_and_none_besides() {
    let page = sources::read("docs/dependencies.md");
    let rows =
        page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`')).map(|(name, _)| name.to_owned());
    let listed: Vec<String> = rows.collect();
    let mut once: Vec<String> = declared().into_iter().collect();
    once.sort();
    let mut sorted = listed.clone();
    sorted.sort();
    assert_eq!(sorted, once);
    assert_eq!(listed, sorted, "the rows are sorted");
}

#[test]
fn the_workspace_declares_nothing_that_no_package_uses() {
    let manifest: toml_edit::DocumentMut = sources::read("Cargo.toml").parse().expect("a manifest is TOML");
    let shared = manifest["workspace"]["dependencies"].as_table().expect("it is a table");
    let used = declared();
    let unused: Vec<&str> =
        shared.iter().map(|(name, _)| name).filter(|n| *n != "gatehouse-core" && !used.contains(*n)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn the_page_of_artefacts_names_each_reason_once() {
    let page = sources::read("docs/reference/artefacts.md");
    let (_, table) = page.split_once("## Why it is unknown").expect("the page has the table");
    let listed: Vec<&str> =
        table.lines().filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0)).collect();
    assert_eq!(listed, Reason::ALL.iter().map(|reason| reason.name()).collect::<Vec<_>>());
}

#[test]
fn the_tests_that_the_threats_name_are_there() {
    let page = sources::read("docs/THREATS.md");
    let named: Vec<&str> = page.split('`').filter(|text| text.starts_with("core/")).collect();
    assert!(named.len() > 10, "the page names tests");
    let missing: Vec<&&str> =
        named.iter().filter(|path| !sources::root().join("src-tauri").join(path).exists()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Where a file stands on a system, with the system's own names for its folders.
fn place(file: &ConfigFile, os: Os) -> String {
    let Root::Base(base) = file.root else { return file.path.to_owned() };
    let names = [
        ("APPDATA", "%APPDATA%"),
        ("LOCALAPPDATA", "%LOCALAPPDATA%"),
        ("ProgramFiles", "%ProgramFiles%"),
        ("ProgramData", "%ProgramData%"),
    ];
    let (home, env) = if os == Os::Windows { ("%USERPROFILE%", &names[..]) } else { ("~", &[][..]) };
    let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let host = Host::new(os, home.into(), env, Arc::new(|| jiff::Timestamp::UNIX_EPOCH));
    let folder = host.base(base).expect("the row's folder is one of this system's");
    folder.join(file.path).display().to_string()
}

/// The file with the list by which a client's entries are held first.
fn deny_list(client: &Client) -> Option<&'static ConfigFile> {
    client.files.iter().find(|file| file.denies.is_some())
}

/// The page of one client.
fn section(client: &Client) -> String {
    let mut out = format!("## {}\n\n", client.name);
    let hold = match client.hold {
        HoldMethod::Switch => "its own switch",
        HoldMethod::Cut if deny_list(client).is_some() => &format!(
            "a rule in `{}` of `{}`, where that file is there, no other client here reads the entry's file, and the rule \
             tells no secret and fits nothing that may run; else the entry is taken out of the file",
            deny_list(client).and_then(|file| file.denies).map_or("", |list| list.key),
            deny_list(client).map_or("", |file| file.path)
        ),
        HoldMethod::Cut => "the entry is taken out of the file",
        HoldMethod::Observe => "nothing; what is new is asked about, and runs until it is taken out by hand",
    };
    let reload = match client.reload {
        Reload::Live => "at once",
        Reload::OnRestart => "when it starts again",
        Reload::Unknown => "not known; a restart is safe",
    };
    let rewrites = if client.rewrites_from_memory { " It writes its memory back over the file." } else { "" };
    out += &format!("`{}`. Held by: {hold}. Notices a change: {reload}.{rewrites}\n\n", client.id);
    out += "| file | systems | scope | format | entries below | settings |\n|---|---|---|---|---|---|\n";
    for file in client.files {
        // Systems on which the file has the same place share a row.
        let mut places: Vec<(String, Vec<&str>)> = Vec::new();
        for os in file.systems {
            let name = match os {
                Os::Linux => "Linux",
                Os::Macos => "macOS",
                Os::Windows => "Windows",
            };
            let place = place(file, *os);
            match places.iter_mut().find(|(known, _)| *known == place) {
                Some((_, systems)) => systems.push(name),
                None => places.push((place, vec![name])),
            }
        }
        let routes = |container: &Container| {
            let steps = container.pattern.iter().map(|step| match step {
                Pattern::Key(key) => (*key).to_owned(),
                Pattern::Any => "*".to_owned(),
            });
            match steps.collect::<Vec<_>>().join(" / ") {
                steps if container.is_entry => format!("`{steps}` itself"),
                steps if steps.is_empty() => "else the whole file".to_owned(),
                steps => format!("`{steps}`"),
            }
        };
        let below: Vec<_> = file.containers.iter().map(routes).collect();
        let format = format!("{:?}", file.format).to_lowercase();
        let scope = format!("{:?}", file.scope).to_lowercase();
        let settings: BTreeSet<_> = file.gates.iter().map(|gate| gate.code.name()).collect();
        let mut settings: Vec<_> = settings.into_iter().map(|code| format!("`{code}`")).collect();
        settings.extend(file.known_projects.map(|_| "lists projects".to_owned()));
        let settings = settings.join(", ");
        for (place, systems) in places {
            out += &format!(
                "| `{place}` | {} | {scope} | {format} | {} | {settings} |\n",
                systems.join(", "),
                below.join(", ")
            );
        }
    }
    out
}

/// Programs with a home of their own.
fn packaged() -> String {
    let mut out = "\n# Flatpaks and snaps\n\nOn Linux, the files above that stand in such a folder of the user's settings are read, watched and held in these\n\
                   places too, as soon as the folder is there. They were not tried with the packaged programs.\n\n\
                   | folder | places |\n|---|---|\n"
        .to_owned();
    for packaging in PACKAGINGS {
        let places: Vec<_> = packaging.places().map(|place| format!("`~/{place}/{}`", packaging.settings)).collect();
        out += &format!("| `~/.config/{}` | {} |\n", packaging.settings, places.join(", "));
    }
    out
}

/// What is known and not read, and what to do about it.
fn not_guarded() -> String {
    let wording = Wording::new(Language::English);
    let mut out = "\n# Not guarded\n\n`coverage` tells those that it finds as *unsupported*; of those without a place nothing on the machine speaks.\n\n\
                   | client | place | what to do |\n|---|---|---|\n"
        .to_owned();
    for place in UNREAD {
        let folder = match place.base {
            Base::Home => "~/".to_owned(),
            base => format!("{base:?}/"),
        };
        let advice = wording.text(place.kept_as.message(), &[]);
        out += &format!("| {} | `{folder}{}` | {advice} |\n", place.name, place.path);
    }
    for client in ELSEWHERE {
        out += &format!("| {} | | {} |\n", client.name, wording.text(client.kept_as.message(), &[]));
    }
    out
}

/// What the clients themselves did, as `cargo xtask clients --record` wrote it down.
fn tried() -> String {
    let record: serde_json::Value =
        serde_json::from_str(&sources::read("docs/reference/real-clients.json")).expect("the record is JSON");
    let list = |value: &serde_json::Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().expect("it is a text").to_owned();
    let row = |id: &serde_json::Value| client(&text(id)).expect("it is a client of the table");
    let mut out = String::from(TRIED);
    for tried in list(&record["clients"]) {
        let name = row(&tried["client"]).name;
        let with = tried["with"].as_str().map(|with| format!(", {with}")).unwrap_or_default();
        for place in list(&tried["places"]) {
            let (owner, method) = (row(&place["row"]), text(&place["held_by"]));
            let of_the_row: &[&str] = match owner.hold {
                HoldMethod::Switch => &["switch"],
                HoldMethod::Cut if deny_list(owner).is_some() => &["list", "cut"],
                HoldMethod::Cut => &["cut"],
                HoldMethod::Observe => &["none"],
            };
            assert!(of_the_row.contains(&&*method), "{name}: it was tried with another way to hold than the row's");
            let whose = if owner.name == name { String::new() } else { format!(" ({})", owner.name) };
            let commands: Vec<_> = list(&place["commands"]).iter().map(|words| format!("`{}`", text(words))).collect();
            let steps =
                ["control", "held", "namesake", "rewrite", "approved"].map(|step| match place[step].as_bool() {
                    Some(true) => "yes",
                    Some(false) => "**no**",
                    None => "-",
                });
            out += &format!(
                "| {name}{with} | `{}` {} | {} | `{}`{whose} | {} | {method} | {} |\n",
                text(&tried["package"]),
                text(&tried["version"]),
                text(&place["scope"]),
                text(&place["file"]),
                commands.join(", "),
                steps.join(" | ")
            );
        }
    }
    out
}

#[test]
fn the_page_of_settings_is_the_table() {
    let mut page = "# Files of settings\n\nMade from `src-tauri/core/src/policy/keys.rs` by `UPDATE=1 cargo test -p gatehouse-core --test pages`. \
                    `gatehouse policy show` prints what is in force and what set it, `gatehouse policy check FILE` reads a file before it is \
                    put in place.\n\n\
                    | whose | Linux | macOS | Windows |\n|---|---|---|---|\n\
                    | the organisation | `/etc/gatehouse/policy.json`, then `/etc/gatehouse/policy.d/*.json` in the order of their names | \
                    the same in `/Library/Application Support/Gatehouse` | the same in `%ProgramFiles%\\Gatehouse` |\n\
                    | the user | `~/.config/gatehouse/settings.json` | `~/Library/Preferences/dev.gatehouse.Gatehouse/settings.json` | \
                    `%APPDATA%\\Gatehouse\\settings.json` |\n\n\
                    JSON with comments. All files are merged, never one picked, and always towards the stricter; the user's file and what \
                    the user decides can be stricter than the organisation, never looser. A file of the organisation's counts only if the \
                    owner of the file system's root owns it and every folder on the way, nobody else can write there, and nothing on the way \
                    is a link (on Windows the folder's own rights decide). A file that cannot be parsed, or is not believed, says what it said \
                    when it was read last; where that is not known, no less than `ask` holds and nothing counts as allowed. Whatever does not \
                    count as it was meant is told.\n\n\
                    | setting | value | without it | several files | not understood | set by | |\n|---|---|---|---|---|---|---|\n"
        .to_owned();
    for key in KEYS {
        let value = match key.kind {
            Kind::Word(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
            Kind::Matchers => "a list of `{\"serverCommand\": [\"npx\", \"-y\", \"x\"]}` (exact), `{\"serverUrl\": \"https://h.example/*\"}`, \
                               `{\"launchHash\": \"v1:…\"}`"
                .to_owned(),
            Kind::Text => "text".to_owned(),
            Kind::Days(most) => format!("a whole number of days, 0 to {most}"),
            Kind::Address => "an address, without a name or password in it".to_owned(),
        };
        let merge = match key.merge {
            Merge::Strictest => "the strictest",
            Merge::Union => "all they name",
            Merge::Intersection => "what each that names any names",
            Merge::First => "the first",
        };
        let invalid = match key.on_invalid {
            OnInvalid::Strictest => "the strictest",
            OnInvalid::StripElement => "the other elements count",
            OnInvalid::EmptyAllow => "the other elements count; no list allows nothing",
            OnInvalid::Drop => "as if it were not there",
        };
        let set_by = if key.set_by == SetBy::Both { "both" } else { "the organisation" };
        page += &format!(
            "| `{}` | {value} | {} | {merge} | {invalid} | {set_by} | {} Since {}. |\n",
            key.name, key.default, key.doc, key.since
        );
    }
    let path = sources::root().join("docs/reference/policy.md");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &page).expect("the page is written");
    }
    let written = fs::read_to_string(&path).expect("docs/reference/policy.md");
    assert!(written == page, "docs/reference/policy.md is not what the table says; run UPDATE=1");
}

/// Every client of the facts has a row, or its place among those that are not guarded.
#[test]
#[expect(clippy::print_stderr, reason = "a test that compares nothing says so")]
fn every_known_client_is_accounted_for() {
    let path = sources::root().join("../shared/facts/clients.json");
    let Ok(text) = fs::read_to_string(&path) else {
        let is_required = std::env::var("GATEHOUSE_CORPUS").as_deref() == Ok("required");
        assert!(!is_required, "the facts are required and {} is not there", path.display());
        eprintln!("SKIPPED: there are no facts at {}; no client was looked for", path.display());
        return;
    };
    let facts: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let rows = facts.as_array().or(facts["clients"].as_array()).expect("a list of clients");
    let known: BTreeSet<&str> = (CLIENTS.iter().map(|row| row.id))
        .chain(UNREAD.iter().map(|place| place.client))
        .chain(ELSEWHERE.iter().map(|client| client.client))
        .collect();
    let missing: Vec<_> = rows.iter().filter_map(|row| row["id"].as_str()).filter(|id| !known.contains(id)).collect();
    assert_eq!((rows.len(), missing), (89, Vec::<&str>::new()));
}

const TRIED: &str = "\
## Tried with the real client

`cargo xtask clients` installs these clients at these versions and lets each of them judge: its commands are run on Linux,
without an account and without a network, and what they started is looked at. It fails where it sees something else than is
written here. Where no file that Gatehouse reads names the project folder, it was told of it with `gatehouse folder`. The columns:

- **control**: without a guard the entry is started.
- **held**: written beside a running guard, it is not started by any of the client's commands here.
- **namesake**: an entry of the same name in another scope or project is started meanwhile.
- **rewrite**: the client writes the file itself while the entry is held, and it stays held; where a command of the client does
  so, once more after the release, and it is still started. `-`: the client has no command for this file.
- **approved**: released, it is started by the same commands.

| client | package | scope | file | commands | held by | control | held | namesake | rewrite | approved |
|---|---|---|---|---|---|---|---|---|---|---|
";

#[test]
fn the_page_of_clients_is_the_table() {
    let mut page = format!(
        "# Clients\n\nMade from the table in `src-tauri/core/src/clients` by `UPDATE=1 cargo test -p gatehouse-core --test pages`.\n\
         {} clients are read and watched, and held as each says. Paths of project and local scope are below each known\n\
         project folder. Files of managed, plugin and extension scope are watched and asked about, and never edited, whatever\n\
         holds the client's other files. The last column names the codes of findings for settings that open the gate; they are explained in codes.md.\n",
        CLIENTS.len()
    );
    page += "\n";
    page += &tried();
    for client in CLIENTS {
        page += "\n";
        page += &section(client);
    }
    page += &packaged();
    page += &not_guarded();
    let path = sources::root().join("docs/reference/clients.md");
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder of the page");
        fs::write(&path, &page).expect("the page is written");
    }
    let written = fs::read_to_string(&path).expect("docs/reference/clients.md");
    assert!(written == page, "docs/reference/clients.md is not what the table says; run UPDATE=1");
}

#[test]
fn the_page_of_deltas_has_each_signal_with_its_severity() {
    let page = include_str!("../../../docs/reference/deltas.md");
    for (signal, severity) in gatehouse_core::drift::SIGNALS {
        let severity = format!("{severity:?}").to_lowercase();
        assert!(page.contains(&format!("| `{signal}` | {severity} | ")), "{signal}: run cargo xtask deltas");
    }
    let told = page.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(told, gatehouse_core::drift::SIGNALS.len(), "a signal that is no more");
}
