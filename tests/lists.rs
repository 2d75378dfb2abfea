//! Holding by the list of a client's own settings: the entry's file stays as it is, and so does every other rule.

use serde_json::Value;

use crate::support::{Sandbox, Watch, assert_asked_once, eventually, servers};

const SETTINGS: &str = ".claude/settings.json";

const OWN: &str = "{\n  \"model\": \"opus\",\n  \"deniedMcpServers\": [\n    { \"serverName\": \"old\" }\n  ]\n}\n";

const USER: &str = ".claude.json";

const PROJECT: &str = "w/.mcp.json";

const FILES: &str = r#"{ "command": "npx", "args": ["-y", "files-mcp"] }"#;

const MAIL: &str = r#"{ "command": "npx", "args": ["-y", "mail-mcp"] }"#;

const WITH_ENV: &str = r#"{ "command": "npx", "args": ["-y", "mail-mcp"], "env": { "MAIL_HOST": "b.example" } }"#;

fn user(entries: &[(&str, &str)], project: &str) -> String {
    let all = servers("mcpServers", entries);
    format!("{},\n  \"projects\": {{ {project:?}: {{}} }}\n}}\n", all.trim_end().trim_end_matches('}').trim_end())
}

/// A home with Claude Code, its settings and one project; nothing else reads its files.
fn home() -> Sandbox {
    let home = Sandbox::new();
    home.write(SETTINGS, OWN);
    home.write(USER, &user(&[("files", FILES)], &home.path("w").display().to_string()));
    home.write(PROJECT, &servers("mcpServers", &[("files", FILES)]));
    home
}

fn rules(home: &Sandbox) -> Vec<Value> {
    let settings: Value = serde_json::from_str(&home.read(SETTINGS)).expect("JSON");
    settings["deniedMcpServers"].as_array().cloned().unwrap_or_default()
}

fn hold_of(home: &Sandbox, name: &str) -> (String, String) {
    let row = home.rows(name).pop().expect("it is listed");
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (word(&row["status"]), word(&row["hold"]["method"]))
}

/// Saves the project's file with one more entry, and waits until it is held.
fn comes(home: &Sandbox, guard: &mut Watch, entry: &str) -> String {
    let text = servers("mcpServers", &[("files", FILES), ("mail", entry)]);
    home.save(PROJECT, &text);
    guard.wait_about("held", "mail");
    text
}

fn is_held(home: &Sandbox, method: &str) {
    assert_eq!(hold_of(home, "mail"), ("held".to_owned(), method.to_owned()));
    assert_asked_once(home);
}

#[test]
fn an_entry_of_any_scope_stays_in_its_file_and_is_not_started() {
    let home = home();
    let mut guard = home.watch();
    let text = comes(&home, &mut guard, MAIL);
    assert_eq!(home.read(PROJECT), text);
    is_held(&home, "list");
    let row = home.rows("mail").pop().expect("it is listed");
    assert_eq!(row["enabled"], false, "{row:#}");
    assert_eq!(
        home.read(SETTINGS),
        "{\n  \"model\": \"opus\",\n  \"deniedMcpServers\": [\n    { \"serverName\": \"old\" },\n    {\"serverCommand\": [\"npx\", \"-y\", \"mail-mcp\"]}\n  ]\n}\n"
    );
    home.run(&["approve", "claude-code/mail"]).ok();
    assert_eq!((home.read(SETTINGS).as_str(), home.read(PROJECT)), (OWN, text));
    assert_eq!(home.status("claude-code/mail"), "approved");

    let project = home.path("w").display().to_string();
    let remote = r#"{ "type": "http", "url": "https://mcp.mail.example/v1" }"#;
    let text = user(&[("files", FILES), ("far", remote)], &project);
    home.save(USER, &text);
    guard.wait_about("held", "far");
    assert_eq!(home.read(USER), text);
    assert_eq!(rules(&home)[1], serde_json::json!({"serverUrl": "https://mcp.mail.example/v1"}));
    home.run(&["release", "claude-code/far"]).ok();
    assert_eq!((home.read(SETTINGS).as_str(), home.read(USER)), (OWN, text));
}

#[test]
fn settings_that_changed_meanwhile_lose_our_rule_only() {
    let home = home();
    let mut guard = home.watch();
    comes(&home, &mut guard, MAIL);
    let now =
        r#"{"deniedMcpServers": [{"serverCommand": ["npx","-y","mail-mcp"]}, {"serverName":"new"}], "theme": "dark"}"#;
    home.save(SETTINGS, now);
    home.run(&["approve", "claude-code/mail"]).ok();
    assert_eq!(home.read(SETTINGS), r#"{"deniedMcpServers": [{"serverName":"new"}], "theme": "dark"}"#);
    assert_eq!(home.status("claude-code/mail"), "approved");
}

/// Where a rule would tell a secret, hit something that is to run, or not be obeyed by all who read the file.
#[test]
fn what_no_rule_can_hold_is_cut() {
    let check = |what: &str, entry: &str, prepare: &dyn Fn(&Sandbox)| {
        let home = home();
        prepare(&home);
        let settings = std::fs::read(home.path(SETTINGS)).ok();
        let before = home.read(PROJECT);
        let mut guard = home.watch();
        let text = comes(&home, &mut guard, entry);
        assert_eq!(home.read(PROJECT), before, "{what}");
        assert_eq!(std::fs::read(home.path(SETTINGS)).ok(), settings, "{what}");
        is_held(&home, "cut");
        home.run(&["approve", "claude-code/mail"]).ok();
        assert_eq!(home.read(PROJECT), text, "{what}");
    };
    let token = r#"{ "command": "npx", "args": ["-y", "mail-mcp", "--token", "sk-live-4f9a8b7c6d5e4f3a2b1c"] }"#;
    check("a secret", token, &|_| {});
    check("a placeholder", r#"{ "command": "npx", "args": ["-y", "${MAIL}"] }"#, &|_| {});
    check("a pattern", r#"{ "url": "https://mcp.mail.example/*" }"#, &|_| {});
    check("no settings", MAIL, &|home| std::fs::remove_file(home.path(SETTINGS)).expect("it is there"));
    check("broken settings", MAIL, &|home| home.write(SETTINGS, "{\"deniedMcpServers\": ["));
    check("no list", MAIL, &|home| home.write(SETTINGS, "{\"deniedMcpServers\": {}}"));
    check("a reader", MAIL, &|home| home.write(".copilot/mcp-config.json", "{}"));
    check("a reader in a project", MAIL, &|home| home.write("w/.vscode/mcp.json", "{}"));
    check("the same launch runs elsewhere", WITH_ENV, &|home| {
        home.write(USER, &user(&[("post", MAIL)], &home.path("w").display().to_string()));
    });
}

#[test]
fn what_may_run_is_not_kept_off_by_the_rule_for_another() {
    let home = home();
    let project = home.path("w").display().to_string();
    let mut guard = home.watch();
    let text = comes(&home, &mut guard, MAIL);
    home.save(USER, &user(&[("files", FILES), ("post", WITH_ENV)], &project));
    guard.wait_about("asked", "post");
    is_held(&home, "list");
    home.run(&["approve", "claude-code/post"]).ok();
    eventually("the rule is gone", || home.read(SETTINGS) == OWN);
    eventually("the other is cut", || !home.read(PROJECT).contains("mail"));
    let post = home.rows("post").pop().expect("it is listed");
    assert_eq!((post["status"].as_str(), post["enabled"].as_bool()), (Some("approved"), Some(true)), "{post:#}");
    is_held(&home, "cut");
    home.run(&["approve", "claude-code/mail"]).ok();
    assert_eq!(home.read(PROJECT), text);
}

#[test]
fn whoever_takes_the_rule_out_meets_the_cut() {
    let home = home();
    let mut guard = home.watch();
    let text = comes(&home, &mut guard, MAIL);
    home.save(SETTINGS, OWN);
    eventually("it is cut", || !home.read(PROJECT).contains("mail"));
    is_held(&home, "cut");
    home.run(&["approve", "claude-code/mail"]).ok();
    assert_eq!((home.read(PROJECT), home.read(SETTINGS).as_str()), (text, OWN));

    let home = self::home();
    let mut guard = home.watch();
    let text = comes(&home, &mut guard, MAIL);
    std::fs::remove_file(home.path(SETTINGS)).expect("it is there");
    eventually("it is cut", || !home.read(PROJECT).contains("mail"));
    home.run(&["release", "claude-code/mail"]).ok();
    assert_eq!(home.read(PROJECT), text);
    assert!(!home.path(SETTINGS).exists());
    drop(guard);
}

#[test]
fn the_rule_goes_with_its_entry_and_follows_its_launch() {
    let home = home();
    let before = home.read(PROJECT);
    let mut guard = home.watch();
    comes(&home, &mut guard, MAIL);
    home.save(PROJECT, &before);
    eventually("the rule is gone", || home.read(SETTINGS) == OWN);

    comes(&home, &mut guard, MAIL);
    let other = r#"{ "command": "npx", "args": ["-y", "mail-mcp@2"] }"#;
    home.save(PROJECT, &servers("mcpServers", &[("files", FILES), ("mail", other)]));
    let only = serde_json::json!({"serverCommand": ["npx", "-y", "mail-mcp@2"]});
    eventually("the rule is for the new launch alone", || {
        let rules = rules(&home);
        rules.len() == 2 && rules[1] == only
    });
    eventually("it is held", || hold_of(&home, "mail") == ("held".to_owned(), "list".to_owned()));
    home.run(&["approve", "claude-code/mail"]).ok();
    assert_eq!(home.read(SETTINGS), OWN);
}

#[test]
fn a_changed_launch_is_put_right_and_a_removed_one_cut() {
    let home = home();
    let before = home.read(PROJECT);
    let mut guard = home.watch();
    let changed = r#"{ "command": "npx", "args": ["-y", "files-mcp@evil"] }"#;
    home.save(PROJECT, &servers("mcpServers", &[("files", changed)]));
    guard.wait_about("held", "files");
    assert_eq!(rules(&home).len(), 2);
    let id = home.row_in("w", "files")["id"].as_str().expect("an id").to_owned();
    home.run(&["keep-approved", &id]).ok();
    eventually("the approved launch is back", || home.read(PROJECT) == before);
    assert_eq!(home.read(SETTINGS), OWN);

    comes(&home, &mut guard, MAIL);
    home.run(&["remove", "claude-code/mail"]).ok();
    eventually("it is cut", || home.read(PROJECT) == before);
    eventually("the rule is gone", || home.read(SETTINGS) == OWN);
    assert_eq!(home.status("claude-code/mail"), "denied");
}

#[test]
fn a_rule_of_the_users_own_is_the_users() {
    let home = home();
    home.write(SETTINGS, r#"{"deniedMcpServers": [{"serverCommand": ["npx", "-y", "mail-mcp"]}]}"#);
    let own = home.read(SETTINGS);
    let mut guard = home.watch();
    let text = servers("mcpServers", &[("files", FILES), ("mail", MAIL)]);
    home.save(PROJECT, &text);
    guard.wait_about("asked", "mail");
    let row = home.rows("mail").pop().expect("it is listed");
    assert_eq!((row["enabled"].as_bool(), row["status"].as_str()), (Some(false), Some("new")), "{row:#}");
    home.run(&["approve", "claude-code/mail"]).ok();
    assert_eq!((home.read(PROJECT), home.read(SETTINGS)), (text, own));
    // Without the rule it may run: nothing is asked again.
    home.save(SETTINGS, "{}");
    eventually("it is on", || home.rows("mail")[0]["enabled"] == true);
    assert_eq!(home.status("claude-code/mail"), "approved");
}

#[test]
fn it_holds_over_a_restart_and_all_is_released_in_the_end() {
    let home = home();
    let mut guard = home.watch();
    let text = comes(&home, &mut guard, MAIL);
    drop(guard);
    let guard = home.watch();
    is_held(&home, "list");
    home.run(&["release", "--all"]).ok();
    assert_eq!((home.read(PROJECT), home.read(SETTINGS).as_str()), (text, OWN));
    drop(guard);
}
