//! What programs rely on: the shape of the JSON, the exit codes, and help in both languages.

use serde_json::{Value, json};

use crate::support::Sandbox;

/// The inventory as it is documented. Lists show one element; `null` beside a value of the documentation is a value
/// that may be missing.
const DOCUMENTED: &str = r#"{
        "schema": "gatehouse.inventory/1", "tool": "…", "generated": "…Z", "mode": "ask",
        "guard": {"running": true, "kind": "tray"}, "ledger": "keyed", "waiting": 1,
        "coverage": [{"client": "cursor", "scope": "user", "path": "~/.cursor/mcp.json", "state": "read", "connectors": 1,
            "held": 0, "message": null}],
        "settings": [{"client": "claude-code", "scope": "project", "project": "~/w", "path": "~/w/.claude/settings.json",
            "findings": [{"code": "hook-command", "severity": "medium", "confidence": "high", "message": "…",
                "route": "hooks.Stop[0].hooks[0].command", "line": 7, "help": "…"}]}],
        "age_limits": [{"tool": "npm", "setting": "min-release-age", "value": "14", "from": "~/.npmrc", "standing": "enough",
            "can_be_set": true, "can_be_undone": false}],
        "connectors": [{
            "id": "3fa9c1d2", "client": "cursor", "scope": "user", "project": null, "path": "~/.cursor/mcp.json",
            "route": "mcpServers.postmark", "name": "postmark", "readers": [], "namesakes": [], "present": true, "line": 7,
            "enabled": true, "transport": "stdio", "command": "npx", "args": ["-y"], "url": null,
            "env": ["POSTMARK_TOKEN"], "headers": [],
            "launch": {"runner": "npx", "wrappers": [], "ecosystem": "npm", "package": "postmark-mcp", "version": null,
                "pin": "none", "floating": true, "purl": "pkg:npm/postmark-mcp", "bridge": null, "target": null,
                "unknown": null},
            "artefact": {"kind": "npm", "state": "known", "reason": null, "version": "1.0.15", "integrity": "sha512-…",
                "source": "npx cache", "pin": "1.0.15"},
            "publication": {"state": "known", "reason": null, "registry": "registry.example", "at": "2026-11-24T07:52:00Z",
                "published": "2026-11-21T08:00:00Z", "publisher": "someone", "offered": true, "new_install_script": false,
                "provenance_lost": false},
            "age_limit": {"tool": "npm", "setting": "min-release-age", "value": "14", "from": "~/.npmrc",
                "standing": "enough", "can_be_set": true, "can_be_undone": false},
            "fingerprint": "v1:…", "status": "unreviewed", "why": "unreviewed",
            "hold": {"method": "cut", "state": "in-force", "since": "…", "reason": null, "takes_effect": "now"},
            "previous": {"runs": "npx -y postmark-mcp", "fingerprint": "v1:…", "since": "…", "approved": false},
            "folder_offer": "~/w",
            "question": {"kind": "changed", "since": "…", "changes": [{"facet": "args", "old": "…", "new": "…"}]},
            "approval": {"kind": "exact", "reach": "everywhere", "by": "desk", "at": "…", "unverified": false},
            "trust": {"word": "not-checked", "reasons": [{"code": "not-asked", "text": "…", "source": "registry.example",
                "at": "2026-11-24T07:52:00Z"}],
                "statements": [{"code": "untold-listing", "known": false, "told": false, "text": "…", "source": null, "at": null}]},
            "findings": [{"code": "floating-version", "severity": "medium", "confidence": "high", "message": "…",
                "route": "mcpServers.postmark.args[1]", "line": 7, "help": "…"}],
            "checks": {"passed": ["…"], "not_run": [{"code": "known-malicious", "reason": "offline"}]}
        }]
    }"#;

fn documented() -> Value {
    serde_json::from_str(DOCUMENTED).expect("JSON")
}

/// The same keys in the same order, all the way down, and values of the same kind.
#[track_caller]
fn same_shape(place: &str, told: &Value, documented: &Value) {
    match (told, documented) {
        (Value::Object(told), Value::Object(documented)) => {
            let keys = |of: &serde_json::Map<String, Value>| of.keys().cloned().collect::<Vec<_>>();
            assert_eq!(keys(told), keys(documented), "{place}");
            for (key, value) in told {
                same_shape(&format!("{place}.{key}"), value, &documented[key]);
            }
        }
        (Value::Array(told), Value::Array(documented)) => {
            for value in told {
                if let Some(one) = documented.first() {
                    same_shape(&format!("{place}[]"), value, one);
                }
            }
        }
        (Value::Null, _) | (_, Value::Null) => {}
        _ => assert_eq!(
            std::mem::discriminant(told),
            std::mem::discriminant(documented),
            "{place}: {told} is not of the kind of {documented}"
        ),
    }
}

const FILE: &str = ".cursor/mcp.json";

#[test]
fn the_inventory_has_the_documented_keys_and_no_others() {
    let home = Sandbox::new();
    let entry = |version: &str| {
        format!(
            "{{\"mcpServers\": {{\"mail\": {{\"command\": \"npx\", \"args\": [\"mail-mcp@{version}\"], \"env\": {{\"A_TOKEN\": \"x\"}}}},\n\
             \"float\": {{\"command\": \"npx\", \"args\": [\"float-mcp\"]}}}}}}"
        )
    };
    home.write(FILE, &entry("1.0.0"));
    home.write(
        ".codex/config.toml",
        "[mcp_servers.call]\nurl = \"http://call.example/mcp\"\nhttp_headers = { X-A = \"b\" }\n",
    );
    home.write(".claude.json", "{ broken");
    let mut guard = home.watch();
    home.run(&["approve", "cursor/mail"]).ok();
    home.run(&["approve", "cursor/float"]).ok();
    home.save(FILE, &entry("1.0.1"));
    guard.wait_about("held", "mail");
    let scan = home.scan();
    same_shape("inventory", &scan, &documented());
    // Every optional part was there to be compared.
    let rows = scan["connectors"].as_array().expect("rows");
    for part in ["hold", "question", "approval"] {
        assert!(rows.iter().any(|row| row[part].is_object()), "no row has {part}: {scan:#}");
    }
    for list in ["/findings/0/code", "/question/changes/0/facet", "/headers/0", "/env/0", "/checks/passed/0"] {
        assert!(rows.iter().any(|row| row.pointer(list).is_some()), "no row has {list}: {scan:#}");
    }
    assert!(scan["coverage"].as_array().expect("places").iter().any(|place| place["state"] == "unparsable"));
    assert_eq!(scan["guard"], json!({"running": true, "kind": "watch"}));
    // The same shapes elsewhere; lists that are not asked for are left out.
    let part = |list: &str| {
        let mut part = documented();
        part.as_object_mut().expect("an object").shift_remove(list);
        part
    };
    same_shape("review", &home.run(&["review", "--format", "json"]).ok().json(), &part("coverage"));
    same_shape("coverage", &home.run(&["coverage", "--format", "json"]).ok().json(), &part("connectors"));
    let shown = home.run(&["show", "cursor/mail", "--format", "json"]).ok().json();
    same_shape("show", &shown["connectors"], &documented()["connectors"]);
    for verb in [&["show", "nothing/here", "--format", "json"] as &[&str], &["scan", "nowhere.txt", "--format", "json"]]
    {
        let error = home.run(verb).json();
        same_shape("error", &error, &json!({"error": {"code": "…", "message": "…", "path": null}}));
    }
}

/// A Cursor file with one entry.
fn one(entry: &str) -> String {
    format!("{{\"mcpServers\": {{\"one\": {entry}}}}}")
}

#[test]
fn exit_codes_tell_the_worst() {
    let none = "{\"mcpServers\": {}}".to_owned();
    let low = one(r#"{"command": "npx", "args": ["one-mcp@^1.0.0"]}"#);
    let medium = one(r#"{"command": "npx", "args": ["one-mcp"]}"#);
    let high = one(r#"{"url": "http://one.example/mcp"}"#);
    let table: [(&str, &[&str], i32); 16] = [
        (&none, &[], 0),
        (&none, &["--fail-on", "low", "--fail-on-waiting"], 0),
        (&low, &[], 0),
        (&low, &["--fail-on", "low"], 10),
        (&low, &["--fail-on", "medium"], 0),
        (&medium, &["--fail-on", "low"], 11),
        (&medium, &["--fail-on", "medium"], 11),
        (&medium, &["--fail-on", "high"], 0),
        (&high, &["--fail-on", "low"], 12),
        (&high, &["--fail-on", "high"], 12),
        (&high, &["--fail-on", "critical"], 0),
        (&high, &["--fail-on-waiting"], 0),
        ("{ broken", &[], 0),
        ("{ broken", &["--fail-on", "critical"], 2),
        ("{ broken", &["--fail-on-waiting"], 2),
        (&high, &["--fail-on", "severe"], 1),
    ];
    for (text, args, code) in table {
        let home = Sandbox::new();
        home.write(FILE, text);
        for format in ["table", "json"] {
            let run = home.run(&[&["scan", "--offline", "--format", format], args].concat());
            assert_eq!(run.code, Some(code), "{text} {args:?}: {}{}", run.out, run.err);
        }
    }
    let home = Sandbox::new();
    home.write(FILE, &one("{\"command\": \"npx\", \"args\": [\"one-mcp@1.0.0\"]}"));
    let path = home.path(FILE).display().to_string();
    for (args, code) in [
        (&["scan", path.as_str()] as &[&str], 0),
        (&["scan", "absent.json", "--client", "cursor"], 2),
        (&["scan", path.as_str(), "--client", "nobody"], 2),
        (&["scan", "--client", "cursor"], 1),
        (&["show", "cursor/nothing"], 2),
        (&["approve", "cursor/nothing"], 2),
        (&["approve"], 1),
        (&["frobnicate"], 1),
        (&[], 1),
        (&["help", "no-such-code"], 2),
        (&["help", "floating-version"], 0),
        (&["--version"], 0),
        (&["--help"], 0),
    ] {
        let run = home.run(args);
        assert_eq!(run.code, Some(code), "{args:?}: {}{}", run.out, run.err);
    }
}

#[test]
fn a_question_that_waits_is_twenty_over_findings_and_under_failure() {
    let home = Sandbox::new();
    home.write(FILE, "{\"mcpServers\": {}}");
    let mut guard = home.watch();
    home.save(FILE, &one(r#"{"url": "http://one.example/mcp"}"#));
    guard.wait_about("held", "one");
    let code = |args: &[&str]| home.run(&[&["scan"], args].concat()).code;
    assert_eq!(code(&[]), Some(0));
    assert_eq!(code(&["--fail-on-waiting"]), Some(20));
    assert_eq!(code(&["--fail-on", "low"]), Some(12));
    assert_eq!(code(&["--fail-on", "low", "--fail-on-waiting"]), Some(20));
    home.write(".codex/config.toml", "broken =");
    assert_eq!(code(&["--fail-on", "low", "--fail-on-waiting"]), Some(2));
    home.write(".codex/config.toml", "");
    home.run(&["keep", "cursor/one"]).ok();
    assert_eq!(code(&["--fail-on", "low", "--fail-on-waiting"]), Some(12));
}

const VERBS: [&str; 27] = [
    "scan",
    "show",
    "diff",
    "approve",
    "keep",
    "keep-approved",
    "look-ups",
    "hold",
    "deny",
    "remove",
    "release",
    "revoke",
    "undo",
    "unpin",
    "review",
    "watch",
    "log",
    "coverage",
    "doctor",
    "status",
    "mode",
    "cli-approvals",
    "pause",
    "age-limit",
    "folder",
    "policy",
    "completions",
];

#[test]
fn help_of_every_verb_speaks_both_languages() {
    let home = Sandbox::new();
    for (language, usage, options) in [("en", "Usage: ", "Options:"), ("es", "Uso: ", "Opciones:")] {
        let all = home.run(&["--lang", language, "--help"]).ok().out;
        let read = |text: &str, of: &str| {
            assert!(text.contains(usage) && text.contains(options), "{of}: {text}");
            // An id without a message is shown as it is: words joined by `-` that begin as all ids of help do.
            let stray = text.split_whitespace().find(|word| word.starts_with("help-") || word.contains("{ $"));
            assert_eq!(stray, None, "{of}: {text}");
            assert!(text.lines().all(|line| line.chars().count() <= 120), "{of} has long lines: {text}");
        };
        read(&all, "gatehouse");
        for verb in VERBS {
            assert!(
                all.lines().any(|line| line.trim_start().starts_with(&format!("{verb} "))),
                "{verb} is not in {all}"
            );
            let help = home.run(&["--lang", language, verb, "--help"]).ok();
            read(&help.out, verb);
            assert_eq!(home.run(&["--lang", language, "help", verb]).ok().out, help.out, "{verb}");
        }
    }
    let (english, spanish) = (home.run(&["--help"]).ok().out, home.run(&["--lang", "es", "--help"]).ok().out);
    let both = english.lines().filter(|line| line.len() > 40 && spanish.contains(line.trim()));
    assert_eq!(both.collect::<Vec<_>>(), Vec::<&str>::new(), "lines that were not translated");
    let listed = english.lines().skip_while(|line| !line.starts_with("Commands")).skip(1);
    let listed = listed.take_while(|line| line.starts_with("  ")).filter(|line| !line.starts_with("   "));
    assert_eq!(listed.count(), VERBS.len() + 1, "a verb is missing in this test: {english}");
}
