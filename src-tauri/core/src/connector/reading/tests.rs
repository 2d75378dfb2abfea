use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::connector::samples::{Spot, connector};
use crate::connector::{Change, Connector, Facet, Scope, Transport, ValueKey, changes, is_code_loading, looks_secret};
use crate::document::Route;
use crate::facts::{Artefact, ArtefactKind, ArtefactState};
use crate::guard::Seen;
use crate::record::Sighting;

fn resolved(connector: &Connector) -> Vec<(&str, &str)> {
    connector.facets.resolved.iter().map(|(place, path)| (place.as_str(), path.as_str())).collect()
}

#[test]
fn a_line_that_names_a_plugins_own_folder_is_another_launch_in_another_plugin() {
    let of =
        |file, scope, entry: &Json| Spot { client: "claude-code", scope, file, ..Spot::CURSOR }.read(entry.clone());
    let differs = |entry: Json| {
        let [a, b] = ["/home/ana/p/a/1/.mcp.json", "/home/ana/p/b/1/.mcp.json"].map(|file| {
            [Scope::Plugin, Scope::Extension, Scope::User].map(|scope| of(file, scope, &entry).fingerprint)
        });
        assert_eq!(a[2], b[2], "{entry}: a user's own file names no folder");
        assert_eq!(a[0] == b[0], a[1] == b[1], "{entry}");
        a[0] != b[0]
    };
    assert!(differs(json!({"command": "node", "args": ["${CLAUDE_PLUGIN_ROOT}/server.js"]})));
    assert!(differs(json!({"command": "${CLAUDE_PLUGIN_ROOT}/bin/server"})));
    assert!(differs(json!({"command": "npx", "args": ["-y", "mail-mcp"], "env": {"X": "${CLAUDE_PLUGIN_ROOT}/x"}})));
    assert!(differs(json!({"command": "node", "args": ["./server.js"]})));
    assert!(differs(json!({"command": "uv", "args": ["run", "server.py"], "cwd": "."})));
    assert!(!differs(json!({"command": "npx", "args": ["-y", "mail-mcp@1.2.0"]})));
    assert!(!differs(json!({"type": "http", "url": "https://mcp.example.com/mcp"})));
}

/// The same entry in two repositories of one user.
fn in_two_projects(entry: &Json) -> (Connector, Connector) {
    (Spot::project("/home/ana/w/a").read(entry.clone()), Spot::project("/home/ana/w/b").read(entry.clone()))
}

#[test]
fn a_line_that_reads_code_from_its_folder_is_another_launch_in_another_repository() {
    let check = |entry: Json, expect: &[(&str, &str)]| {
        let (a, b) = in_two_projects(&entry);
        assert_eq!(resolved(&a), expect, "{entry}");
        assert_ne!(a.fingerprint, b.fingerprint, "{entry}");
        assert_eq!(a.fingerprint, Spot::project("/home/ana/w/a").read(entry).fingerprint);
    };
    let folder = ("folder", "~/w/a");
    check(
        json!({"command": "node", "args": ["./server.js"]}),
        &[("args[0]", "~/w/a/server.js"), folder, ("target", "~/w/a/server.js")],
    );
    check(json!({"command": "node", "args": ["server.js"]}), &[folder, ("target", "~/w/a/server.js")]);
    check(json!({"command": "node", "args": ["build/index"]}), &[folder, ("target", "~/w/a/build/index")]);
    check(json!({"command": "python", "args": ["scripts/a.py"]}), &[folder, ("target", "~/w/a/scripts/a.py")]);
    check(json!({"command": "python", "args": ["my scripts/a.py"]}), &[folder, ("target", "~/w/a/my scripts/a.py")]);
    check(json!({"command": "python", "args": ["-m", "mod"]}), &[folder]);
    check(json!({"command": "npm", "args": ["run", "x"]}), &[folder]);
    check(json!({"command": "sh", "args": ["-c", "node ./server.js"]}), &[folder, ("target", "~/w/a/server.js")]);
    check(json!({"command": "sh", "args": ["-c", "cat x | tool"]}), &[folder]);
    check(json!({"command": "./run.sh"}), &[("command", "~/w/a/run.sh"), folder, ("target", "~/w/a/run.sh")]);
    check(json!({"command": "../bin/run"}), &[("command", "~/w/bin/run"), folder, ("target", "~/w/bin/run")]);
    check(
        json!({"command": "bin\\run.exe"}),
        &[("command", "~/w/a/bin/run.exe"), folder, ("target", "~/w/a/bin/run.exe")],
    );
    check(
        json!({"command": "node", "args": ["s.js"], "cwd": "tools/./x"}),
        &[("cwd", "~/w/a/tools/x"), ("folder", "~/w/a/tools/x"), ("target", "~/w/a/tools/x/s.js")],
    );
    check(json!({"command": "npx", "args": ["-y", "fs-mcp", "."]}), &[("args[2]", "~/w/a")]);
    // Where a placeholder stands for is not told, but it is another place in another repository.
    check(json!({"command": "node", "args": ["${workspaceFolder}/s.js"]}), &[folder]);
    check(
        json!({"command": "node", "args": ["s.js"], "cwd": "${workspaceFolder}"}),
        &[("folder", "~/w/a/${workspaceFolder}"), ("target", "~/w/a/${workspaceFolder}/s.js")],
    );
}

#[test]
fn a_line_that_needs_no_folder_is_one_launch_everywhere() {
    let check = |entry: Json| {
        let (a, b) = in_two_projects(&entry);
        assert_eq!(resolved(&a), [], "{entry}");
        assert_eq!(a.fingerprint, b.fingerprint, "{entry}");
        assert_eq!(a.fingerprint, connector(entry).fingerprint);
    };
    check(json!({"command": "npx", "args": ["-y", "postmark-mcp"]}));
    check(json!({"command": "uvx", "args": ["mcp-server-git", "--repository", "/home/ana/w"]}));
    check(json!({"command": "/usr/local/bin/tool", "args": ["--port", "1"]}));
    check(json!({"command": "~/bin/tool"}));
    check(json!({"command": "node", "args": ["~/tools/s.js"], "cwd": "~/tools"}));
    check(json!({"command": "C:\\tools\\x.exe", "cwd": "C:\\tools"}));
    check(json!({"command": "$HOME/bin/tool"}));
    check(json!({"command": "${HOME}/bin/tool", "args": ["${input:x}"]}));
    check(json!({"url": "https://mcp.vendor.example/mcp"}));
}

#[test]
fn the_file_that_runs_is_found_below_its_folder() {
    let check = |entry: Json, expect: Option<&str>| {
        let found = Spot::project("/home/ana/w/a").read(entry.clone()).local_code;
        assert_eq!(found.as_deref(), expect.map(Path::new), "{entry}");
    };
    check(json!({"command": "node", "args": ["./s.js"]}), Some("/home/ana/w/a/s.js"));
    check(json!({"command": "node", "args": ["../s.js"], "cwd": "tools"}), Some("/home/ana/w/a/s.js"));
    check(json!({"command": "node", "args": ["~/s.js"]}), Some("/home/ana/s.js"));
    check(json!({"command": "/opt/tool"}), Some("/opt/tool"));
    check(json!({"command": "node", "args": ["s.js"], "cwd": "~/t"}), Some("/home/ana/t/s.js"));
    check(json!({"command": "php", "args": ["tools/artisan", "mcp:serve"]}), Some("/home/ana/w/a/tools/artisan"));
    check(json!({"command": "node", "args": ["${workspaceFolder}/s.js"]}), None);
    check(json!({"command": "node", "args": ["s.js"], "cwd": "${workspaceFolder}"}), None);
    check(json!({"command": "npx", "args": ["-y", "x"]}), None);
    check(json!({"url": "https://h.example/a.js"}), None);
}

#[test]
fn placeholders_stay_as_they_are_written() {
    let read = connector(json!({
        "command": "${HOME}/bin/x", "args": ["${input:token}", "--key=${KEY}", "--token", "${T}"], "cwd": "${PWD}",
    }));
    assert_eq!(read.facets.command.as_deref(), Some("${HOME}/bin/x"));
    assert_eq!(read.facets.args, ["${input:token}", "--key=${KEY}", "--token", "${T}"]);
    assert_eq!(read.facets.cwd.as_deref(), Some("${PWD}"));
    let read = connector(json!({"url": "https://${HOST}/x?api_key=${KEY}"}));
    assert_eq!(read.facets.url.as_deref(), Some("https://${HOST}/x?api_key=${KEY}"));
    assert_eq!(read.beside.digests.len(), 0);
}

#[test]
fn of_variables_those_count_that_load_code_or_are_a_place() {
    let check = |name: &str, value: &str, expect: Option<&str>| {
        let spot = Spot { key: Some(ValueKey([7; 32])), ..Spot::CURSOR };
        let with = |value: &str| spot.read(json!({"command": "x", "env": {name: value}}));
        let read = with(value);
        assert_eq!(read.facets.env, [name]);
        assert_eq!(read.facets.values.get(name).map(String::as_str), expect, "{name}={value}");
        let digest = read.beside.digests.get(&format!("env.{name}"));
        assert_eq!(digest.is_none(), expect == Some(value), "{name}={value} is either shown or digested");
        let counts = with("other").fingerprint != with("another").fingerprint;
        assert_eq!(counts, is_code_loading(name) && !looks_secret(name, "other"), "{name}");
    };
    check("NODE_OPTIONS", "--require ./x.js", Some("--require ./x.js"));
    check("LD_PRELOAD", "x.so", Some("x.so"));
    check("npm_config_registry", "https://u:p@npm.acme.example/", Some("https://npm.acme.example/"));
    check("OPENAI_BASE_URL", "llm.acme.example", Some("llm.acme.example"));
    check("WEBHOOK", "https://h.example/a?token=t", Some("https://h.example/a?token=‹secret›"));
    check("CONFIG", "/etc/x.json", Some("/etc/x.json"));
    check("CONFIG", "C:\\x.json", Some("C:\\x.json"));
    check("CONFIG", "~/x.json", Some("~/x.json"));
    check("DATABASE_URL", "postgres://u:p@db.example/x", Some("postgres://db.example/x"));
    check("API_TOKEN", "/slash+first==", Some("‹secret›"));
    check("API_TOKEN", "t; see https://h.example", Some("‹secret›"));
    check("PIP_PASSWORD", "-x", Some("‹secret›"));
    check("LOG_LEVEL", "debug", None);
    check("API_TOKEN", "t", None);
}

#[test]
fn a_changed_value_is_noted_beside_and_unknown_without_a_key() {
    let entry = |token: &str| json!({"command": "x", "args": ["--token", token], "env": {"TOKEN": token}, "headers": {"Authorization": token}});
    let keyed = Spot { key: Some(ValueKey([7; 32])), ..Spot::CURSOR };
    let (old, new) = (keyed.read(entry("a")), keyed.read(entry("b")));
    assert_eq!(old.fingerprint, new.fingerprint);
    assert_eq!(changes(&old.facets, &new.facets), []);
    let places: Vec<_> = old.beside.digests.keys().map(String::as_str).collect();
    assert_eq!(places, ["args[1]", "env.TOKEN", "headers.Authorization"]);
    for (place, digest) in &old.beside.digests {
        assert!(digest.is_some() && new.beside.digests[place] != *digest, "{place}");
    }
    assert!(connector(entry("a")).beside.digests.values().all(Option::is_none));
}

#[test]
fn the_fingerprint_passes_over_what_does_not_change_the_launch() {
    let base = || json!({"command": "npx", "args": ["-y", "x"], "env": {"A": "1", "B": "2"}});
    let check = |client: &'static str, name: &str, value: Json, same: bool| {
        let spot = Spot { client, ..Spot::CURSOR };
        let mut entry = base();
        entry[name] = value;
        let (old, new) = (spot.read(base()), spot.read(entry));
        assert_eq!(old.fingerprint == new.fingerprint, same, "{client}: {name}");
        assert_eq!(old.id, new.id);
    };
    check("cursor", "env", json!({"B": "2", "A": "1"}), true);
    check("cursor", "env", json!({"A": "9", "B": "2"}), true);
    check("cursor", "env", json!({"A": "1"}), false);
    check("cursor", "alwaysAllow", json!(["*"]), true);
    check("cursor", "type", json!("stdio"), true);
    check("claude-code", "timeout", json!(10), true);
    check("cursor", "timeout", json!(10), false);
    check("codex", "enabled", json!(false), true);
    check("cursor", "enabled", json!(false), false);
    check("codex", "startup_timeout_sec", json!(3), true);
    check("codex", "default_tools_approval_mode", json!("auto"), true);
    check("claude-code", "headersHelper", json!("./helper.sh"), false);
    check("cursor", "unheardOf", json!({"a": [1, null]}), false);
    check("cursor", "args", json!(["-y x"]), false);
    check("cursor", "args", json!(["x", "-y"]), false);
    // Nothing that a client might understand is passed over.
    check("cursor", "env", json!(["A=1", "B=2"]), false);
    check("cursor", "args", json!(["-y", "x", {"a": 1}]), false);
}

#[test]
fn the_order_of_members_does_not_count() {
    let one = json!({"command": "x", "args": ["a"], "p": 1, "q": {"r": 2}, "headers": {"A": "1", "b": "2"}});
    let other = json!({"q": {"r": 2}, "headers": {"b": "2", "A": "1"}, "p": 1, "args": ["a"], "command": "x"});
    assert_eq!(connector(one).fingerprint, connector(other).fingerprint);
}

#[test]
fn switch_trust_and_headers_are_read() {
    let codex = Spot { client: "codex", ..Spot::CURSOR };
    assert!(codex.read(json!({"command": "x"})).enabled);
    assert!(codex.read(json!({"command": "x", "enabled": true})).enabled);
    assert!(!codex.read(json!({"command": "x", "enabled": false})).enabled);
    let read = connector(
        json!({"url": "https://h.example", "headers": {"X-B": "1", "Authorization": "2"}, "autoApprove": ["a"]}),
    );
    assert_eq!(read.facets.headers, ["authorization", "x-b"]);
    assert_eq!(read.beside.trust, [("autoApprove".to_owned(), r#"["a"]"#.to_owned())].into());
}

#[test]
fn a_command_beats_an_address() {
    let check = |entry: Json, expect| assert_eq!(connector(entry).launch.transport, expect);
    check(json!({"command": "x", "url": "https://h.example"}), Transport::Stdio);
    check(json!({"url": "https://h.example/mcp"}), Transport::Http);
    check(json!({"url": "https://h.example/sse/?a=1"}), Transport::Sse);
    check(json!({"url": "https://h.example", "type": "sse"}), Transport::Sse);
    check(json!({"url": "wss://h.example", "type": "ws"}), Transport::Ws);
    check(json!({}), Transport::None);
    check(json!("text"), Transport::None);
    check(json!({"command": ["npx", "-y"]}), Transport::Stdio);
}

#[test]
fn every_part_knows_where_it_stands() {
    let read = connector(json!({"command": ["npx", "-y"], "args": [null, "x"], "url": "https://h.example"}));
    let routes: Vec<_> = read.launch.places.args.iter().map(Route::to_string).collect();
    assert_eq!(read.launch.args, ["-y", "x"]);
    assert_eq!(routes, ["mcpServers.x.command[1]", "mcpServers.x.args[1]"]);
    assert_eq!(read.launch.places.command.map(|r| r.to_string()).as_deref(), Some("mcpServers.x.command[0]"));
    assert_eq!(read.launch.places.url.map(|r| r.to_string()).as_deref(), Some("mcpServers.x.url"));
}

#[test]
fn equal_names_in_two_places_are_two_connectors() {
    let entry = json!({"command": "npx", "args": ["-y", "x"]});
    let root = Route::root();
    let project = |folder: &str| root.key("projects").key(folder).key("mcpServers").key("x");
    let user = Spot { client: "claude-code", scope: Scope::Local, file: "/home/ana/.claude.json", ..Spot::CURSOR };
    let ids = [
        user.read_at(&project("/w/a"), &entry).id,
        user.read_at(&project("/w/b"), &entry).id,
        user.read_at(&root.key("mcpServers").key("x"), &entry).id,
        user.read_at(&root.key("mcpServers").nth_key("x", 2), &entry).id,
        Spot { scope: Scope::User, ..user }.read_at(&project("/w/a"), &entry).id,
        Spot::CURSOR.read(entry.clone()).id,
    ];
    for (at, id) in ids.iter().enumerate() {
        assert_eq!(id.0.len(), 64);
        assert!(!ids[..at].contains(id), "identity {at} was there before");
    }
    assert_eq!(ids[5], Spot::CURSOR.read(json!({"command": "other"})).id);
}

#[test]
fn a_swapped_command_is_told_in_words() {
    let entry = |package: &str| connector(json!({"command": "npx", "args": ["-y", package], "env": {"TOKEN": "t"}}));
    let told = changes(&entry("postmark-mcp").facets, &entry("postmark-mpc").facets);
    let expect = Change {
        facet: Facet("args".into()),
        old: Some("-y postmark-mcp".into()),
        new: Some("-y postmark-mpc".into()),
    };
    assert_eq!(told, [expect]);
}

/// Everything of a connector that is stored, logged or shown.
fn leaving(connector: &Connector) -> String {
    let artefact = Artefact { kind: ArtefactKind::Unknown, state: ArtefactState::NotLooked };
    let seen = Seen { fingerprint: connector.fingerprint.clone(), artefact };
    let sighting = serde_json::to_string(&Sighting::of(connector, seen)).expect("a sighting is plain JSON");
    let facets = serde_json::to_string(&connector.facets).expect("facets are plain JSON");
    let (target, bridged) = (connector.shown_target(), connector.shown_bridge_url());
    format!("{facets}\n{sighting}\n{connector:?}\n{:?}\n{target:?}\n{bridged:?}", connector.launch)
}

/// Entries with `secret` in each place where people put one.
fn entries_with(secret: &str) -> Vec<Json> {
    let argument = |words: &[&str]| json!({"command": "npx", "args": words});
    let line = |line: String| json!({"command": "sh", "args": ["-c", line]});
    vec![
        json!({"command": "x", "env": {"API_KEY": secret}}),
        json!({"command": "x", "env": {"WHATEVER": secret}}),
        json!({"command": "x", "env": {"PIP_TOKEN": secret}}),
        json!({"command": "x", "env": {"DATABASE_URL": format!("postgres://u:{secret}@h.example/d")}}),
        json!({"command": "x", "env": {"SERVER": format!("https://h.example/?access_token={secret}")}}),
        json!({"command": "x", "env": {"API_KEY": format!("/{secret}")}}),
        json!({"url": "https://h.example", "headers": {"Authorization": format!("Bearer {secret}")}}),
        json!({"url": "https://h.example", "headers": {"X-Anything": secret}}),
        json!({"url": format!("https://u:{secret}@h.example/mcp")}),
        json!({"url": format!("https://{secret}@h.example/mcp")}),
        json!({"url": format!("https://h.example/mcp?a=1&api_key={secret}")}),
        json!({"url": format!("https://h.example/mcp#token={secret}")}),
        argument(&["-y", "x", "--api-key", secret]),
        argument(&["-y", "x", &format!("--api-key={secret}")]),
        argument(&["-y", "x", &format!("--password={secret} {secret}")]),
        argument(&["-y", "x", "--header", &format!("Authorization: Bearer {secret}")]),
        argument(&["-y", "x", &format!("--header=Authorization: Bearer {secret}")]),
        argument(&["-y", "x", "--config", &json!({"a": {"apiKey": secret}}).to_string()]),
        argument(&["-y", "x", "--token", &format!("./{secret}")]),
        argument(&["-y", "mcp-remote", &format!("https://h.example/mcp?token={secret}")]),
        argument(&["-y", "x", &format!("postgres://u:{secret}@h.example/d")]),
        json!({"command": format!("./run.sh --token {secret}")}),
        json!({"command": format!("TOKEN={secret} node ./s.js")}),
        line(format!("API_KEY={secret} node ./s.js")),
        line(format!("curl -H 'Authorization: Bearer {secret}' https://h.example/x")),
        line(format!("node ./s.js --token '{secret}'")),
        json!({"command": "curl", "args": ["-H", format!("X-Api-Key: {secret}"), "https://h.example"]}),
        json!({"command": "docker", "args": ["run", "-e", format!("TOKEN={secret}"), "img"]}),
        json!({"command": "x", "unheardOf": {"apiKey": secret}}),
        json!({"command": "x", "unheardOf": ["--token", secret]}),
        json!({"command": "x", "unheardOf": [{"name": "API_KEY", "value": secret}]}),
        json!({"command": "x", "unheardOf": format!("https://h.example?token={secret}")}),
        json!({"command": "x", "alwaysAllow": {"token": secret}}),
        json!({"command": "x", "env": [format!("TOKEN={secret}")]}),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_secret_never_leaves_its_file(secret in "[a-zA-Z0-9_.~+-]{0,20}[A-Z][0-9][a-z][0-9a-zA-Z]{6,12}") {
        for entry in entries_with(&secret) {
            for connector in [connector(entry.clone()), Spot::project("/home/ana/w/a").read(entry.clone())] {
                prop_assert!(!leaving(&connector).contains(&secret), "{} leaves {}", secret, entry);
            }
        }
    }

    #[test]
    fn any_entry_is_read(words in prop::collection::vec(".{0,16}", 0..5), url in prop::option::of(".{0,24}"), cwd in ".{0,8}") {
        let mut entry = json!({"args": words, "cwd": cwd, "env": {"A": words.first()}});
        if let Some(first) = words.last() {
            entry["command"] = json!(first);
        }
        if let Some(url) = url {
            entry["url"] = json!(url);
        }
        let read = Spot::project("/home/ana/w/a").read(entry.clone());
        prop_assert_eq!(read.launch.args.len(), read.launch.places.args.len());
        prop_assert_eq!(&read.fingerprint, &Spot::project("/home/ana/w/a").read(entry).fingerprint);
    }
}
