//! Files of settings: the user's own, which can only be stricter, and what `policy` says of them. The organisation's are
//! tested in core, below a root of their own.

use serde_json::{Value, json};

use crate::support::{Sandbox, servers};

const FILE: &str = ".cursor/mcp.json";
const SETTINGS: &str = ".config/gatehouse/settings.json";
const MAIL: &str = r#"{ "command": "npx", "args": ["-y", "mail-mcp"] }"#;

fn shown(home: &Sandbox, key: &str) -> Value {
    let policy = home.run(&["policy", "show", "--format", "json"]).ok().json();
    let values = policy["values"].as_array().expect("values").clone();
    values.into_iter().find(|value| value["key"] == key).unwrap_or_else(|| panic!("no {key} in {policy}"))
}

#[test]
fn the_users_file_tightens_at_once_and_is_told_with_its_origin() {
    let home = Sandbox::new();
    let (none, one) = (servers("mcpServers", &[]), servers("mcpServers", &[("mail", MAIL)]));
    home.write(FILE, &none);
    let mut guard = home.watch();
    home.save(FILE, &one);
    guard.wait_about("held", "mail");
    home.run(&["approve", "cursor/mail"]).ok();
    assert_eq!((home.read(FILE), shown(&home, "mode")["origin"].clone()), (one.clone(), json!("default")));
    // What is denied is held, whatever was approved.
    home.save(SETTINGS, r#"{ "deniedMcpServers": [{ "serverCommand": ["npx", "-y", "mail-mcp"] }] }"#);
    guard.wait("policy-changed");
    guard.wait_about("held", "mail");
    assert!(!home.read(FILE).contains("mail-mcp"));
    assert_eq!(home.status("cursor/mail"), "blocked");
    let denied = shown(&home, "deniedMcpServers");
    assert_eq!((&denied["origin"], &denied["path"]), (&json!("user"), &json!("~/.config/gatehouse/settings.json")));
    assert_ne!(home.run(&["release", "cursor/mail"]).code, Some(0));
    assert!(!home.read(FILE).contains("mail-mcp"));
    // Without the file the approval counts again.
    std::fs::remove_file(home.path(SETTINGS)).expect("removed");
    guard.wait("policy-changed");
    guard.wait_about("released", "mail");
    assert_eq!((home.read(FILE), home.status("cursor/mail")), (one.clone(), "approved".to_owned()));
    // Stricter counts, looser does not.
    home.save(SETTINGS, r#"{ "mode": "monitor", "cliApprovals": "never" }"#);
    guard.wait("policy-changed");
    assert_eq!(
        (shown(&home, "mode")["value"].clone(), shown(&home, "mode")["origin"].clone()),
        (json!("ask"), json!("default"))
    );
    assert_eq!(shown(&home, "cliApprovals")["origin"], "user");
    assert_ne!(home.run(&["approve", "cursor/mail"]).code, Some(0));
    home.save(SETTINGS, r#"{ "mode": "lockdown" }"#);
    guard.wait("policy-changed");
    guard.wait_about("held", "mail");
    assert_eq!((home.scan()["mode"].clone(), home.read(FILE).contains("mail-mcp")), (json!("lockdown"), false));
}

#[test]
fn a_file_that_cannot_be_understood_is_told_and_loosens_nothing() {
    let home = Sandbox::new();
    home.write(FILE, &servers("mcpServers", &[]));
    home.write(SETTINGS, r#"{ "mode": "lockdown" }"#);
    let mut guard = home.watch();
    assert_eq!(home.scan()["mode"], "lockdown");
    home.save(SETTINGS, r#"{ "mode": "ask", }}"#);
    let told = guard.wait("policy-changed");
    assert_eq!(told["problems"].as_array().map(Vec::len), Some(1), "{told}");
    home.save(FILE, &servers("mcpServers", &[("mail", MAIL)]));
    guard.wait_about("held", "mail");
    assert_eq!(home.row("cursor/mail")["why"], "lockdown-not-allowed", "what it said before stays in force");
    let out = home.run(&["policy", "show"]).ok().out;
    assert!(out.contains("settings.json") && out.contains("line 1"), "{out}");
    let log = home.run(&["log"]).ok().out;
    assert!(log.contains("files of settings"), "{log}");
}

#[test]
fn a_file_is_checked_before_it_is_put_in_place() {
    let home = Sandbox::new();
    home.write("good.json", r#"{ "mode": "ask", "allowedMcpServers": [{ "serverUrl": "https://h.example/*" }] }"#);
    home.write(
        "bad.json",
        "{\n  \"mode\": \"ask\",\n  \"allowedMcpServers\": [{ \"serverName\": \"mail\" }],\n  \"colour\": 1\n}\n",
    );
    let good = home.run(&["policy", "check", "good.json"]).ok();
    assert!(good.out.contains("good.json"), "{}", good.out);
    let bad = home.run(&["policy", "check", "bad.json", "--format", "json"]);
    assert_eq!(bad.code, Some(2));
    let problems = bad.json()["problems"].clone();
    let lines: Vec<_> = problems.as_array().expect("problems").iter().map(|problem| problem["line"].clone()).collect();
    assert_eq!(lines, [json!(3), json!(4)]);
    let gone = home.run(&["--lang", "es", "policy", "check", "none.json"]);
    assert_eq!(gone.code, Some(2));
    assert!(gone.err.contains("none.json"), "{}", gone.err);
}
