//! What a plugin, an extension or an organisation brings along: asked about, decided on, never edited.

use serde_json::Value;

use crate::support::{Sandbox, eventually};

const FILE: &str = ".gemini/extensions/mail/gemini-extension.json";

fn manifest(entries: &[(&str, &str)]) -> String {
    let entries: Vec<_> = entries.iter().map(|(name, line)| format!("{name:?}: {{\"command\": {line:?}}}")).collect();
    format!("{{\"name\": \"mail\", \"mcpServers\": {{{}}}}}\n", entries.join(", "))
}

/// The row of an entry of the extension.
fn row(home: &Sandbox, name: &str) -> Value {
    let scan = home.scan();
    let mut rows = scan["connectors"].as_array().expect("connectors").iter();
    rows.find(|row| row["name"] == name).unwrap_or_else(|| panic!("{name} in {scan:#}")).clone()
}

fn id(home: &Sandbox, name: &str) -> String {
    row(home, name)["id"].as_str().expect("an id").to_owned()
}

#[test]
fn every_answer_is_recorded_and_none_is_an_edit() {
    let home = Sandbox::new();
    let _guard = home.watch();
    let text = manifest(&[("one", "a"), ("two", "b"), ("three", "c"), ("four", "d"), ("five", "e")]);
    home.save(FILE, &text);
    eventually("the last entry is asked about", || {
        let scan = home.scan();
        let rows = scan["connectors"].as_array().expect("connectors");
        rows.len() == 5 && rows.iter().all(|row| !row["question"].is_null())
    });
    assert_eq!(row(&home, "one")["scope"], "extension");
    let check = |name: &str, verb: &str, status: &str, told: &[&str]| {
        let answer = home.run(&[verb, &id(&home, name)]);
        assert_eq!(answer.code, Some(if told.is_empty() { 0 } else { 2 }), "{verb}: {} {}", answer.out, answer.err);
        for words in told {
            assert!(answer.out.contains(words), "{verb}: {}", answer.out);
        }
        let row = row(&home, name);
        assert_eq!((&row["status"], &row["present"]), (&status.into(), &true.into()), "{verb}: {row:#}");
        assert!(row["question"].is_null(), "{verb}: {row:#}");
        assert_eq!(home.read(FILE), text, "{verb}");
        row
    };
    let stays = ["not edited", "switch the extension off in the client"];
    assert!(check("one", "approve", "approved", &[])["hold"].is_null());
    assert!(check("two", "release", "released", &[])["hold"].is_null());
    for (name, verb, status) in [("three", "deny", "denied"), ("four", "remove", "denied"), ("five", "hold", "new")] {
        let hold = check(name, verb, status, &stays)["hold"].clone();
        assert_eq!((&hold["method"], &hold["state"]), (&"none".into(), &"refused".into()), "{verb}");
        assert!(hold["reason"].as_str().is_some_and(|reason| reason.contains("extension")), "{hold}");
    }
    home.run(&["revoke", &id(&home, "three")]).ok();
    assert!(!row(&home, "three")["question"].is_null(), "the question is open again");
    home.run(&["release", "--all"]).ok();
    assert_eq!(home.read(FILE), text);
}

#[test]
fn an_approved_entry_that_changes_is_not_written_back() {
    let home = Sandbox::new();
    home.write(FILE, &manifest(&[("mail", "a")]));
    let _guard = home.watch();
    home.run(&["approve", &id(&home, "mail")]).ok();
    let changed = manifest(&[("mail", "b")]);
    home.save(FILE, &changed);
    eventually("the change is asked about", || row(&home, "mail")["question"]["kind"] == "changed");
    let refused = home.run(&["keep-approved", &id(&home, "mail")]);
    assert!(refused.code != Some(0) && refused.err.contains("switch the extension off"), "{}", refused.err);
    assert_eq!(home.read(FILE), changed);
    assert!(!row(&home, "mail")["question"].is_null(), "it still waits");
}

/// Its folders come one by one, three levels of them below a place that was not there.
#[test]
fn a_plugin_that_is_installed_while_the_guard_runs_is_asked_about() {
    let home = Sandbox::new();
    let _guard = home.watch();
    let mut folder = home.path(".claude/plugins");
    std::fs::create_dir_all(&folder).expect("made");
    for step in ["cache", "team", "mail", "1.0.0"] {
        folder.push(step);
        std::fs::create_dir(&folder).expect("made");
        // What is only there for a moment must not be needed.
        home.scan();
    }
    home.save(".claude/plugins/cache/team/mail/1.0.0/.mcp.json", r#"{"mail": {"command": "mail"}}"#);
    eventually("it is asked about", || home.scan()["waiting"] == 1);
    assert_eq!(
        (row(&home, "mail")["scope"].clone(), row(&home, "mail")["route"].clone()),
        ("plugin".into(), "mail".into())
    );
    home.save(".claude/plugins/cache/team/notes/1.0.0/.claude-plugin/plugin.json", &manifest(&[("notes", "a")]));
    eventually("so is one that comes at once", || home.scan()["waiting"] == 2);
    assert!(row(&home, "notes")["hold"]["reason"].as_str().is_some_and(|reason| reason.contains("plugin")));
}

/// A folder that nobody listed when the guard began to watch, and one below it.
#[test]
fn an_extension_that_is_installed_while_the_guard_runs_is_asked_about() {
    let home = Sandbox::new();
    let _guard = home.watch();
    home.save(FILE, &manifest(&[("mail", "a")]));
    eventually("it is asked about", || home.scan()["waiting"] == 1);
    std::fs::remove_dir_all(home.path(".gemini/extensions/mail")).expect("removed");
    eventually("its question ends with it", || home.scan()["waiting"] == 0);
    home.save(".gemini/extensions/other/gemini-extension.json", &manifest(&[("other", "b")]));
    eventually("the next one is asked about", || home.scan()["waiting"] == 1);
}

#[test]
fn a_plugin_that_is_off_is_told_so_and_the_files_that_its_manifest_names_are_read() {
    let home = Sandbox::new();
    let plugin = ".claude/plugins/cache/team/mail/1.0.0";
    home.write(
        &format!("{plugin}/.claude-plugin/plugin.json"),
        r#"{"name": "mail", "mcpServers": "./servers/mcp.json"}"#,
    );
    home.write(&format!("{plugin}/servers/mcp.json"), r#"{"mail": {"command": "mail"}}"#);
    home.write(".claude/plugins/cache/team/mail/outside.json", r#"{"outside": {"command": "outside"}}"#);
    let settings = |on: bool| format!("{{\"enabledPlugins\": {{\"mail@team\": {on}, \"notes@team\": true}}}}");
    home.write(".claude/settings.json", &settings(true));
    let enabled = |home: &Sandbox| row(home, "mail")["enabled"].as_bool();
    assert_eq!((enabled(&home), row(&home, "mail")["scope"].as_str()), (Some(true), Some("plugin")));
    home.write(".claude/settings.json", &settings(false));
    assert_eq!(enabled(&home), Some(false));
    assert!(home.run(&["scan"]).ok().out.contains("switched off in Claude Code"));
    // In one project it is on all the same, until that project's local settings say otherwise.
    home.write(
        ".claude.json",
        &serde_json::json!({"projects": {home.path("site").display().to_string(): {}}}).to_string(),
    );
    home.write("site/.claude/settings.json", &settings(true));
    assert_eq!(enabled(&home), Some(true));
    home.write("site/.claude/settings.local.json", &settings(false));
    assert_eq!(enabled(&home), Some(false));
    // Whatever cannot be told is taken for on.
    home.write(".claude/settings.json", "{");
    assert_eq!(enabled(&home), Some(true));
    home.write(".claude/settings.json", "{}");
    let mut guard = home.watch();
    // A manifest that is rewritten names another file; nothing outside of the plugin's folder is one.
    let manifest = format!("{plugin}/.claude-plugin/plugin.json");
    home.write(&format!("{plugin}/more.json"), r#"{"mcpServers": {"more": {"command": "more"}}}"#);
    home.save(&manifest, r#"{"mcpServers": ["${CLAUDE_PLUGIN_ROOT}/more.json", "../outside.json", "/etc/passwd"]}"#);
    assert_eq!(guard.wait_about("asked", "more")["held"], false);
    home.save(&format!("{plugin}/more.json"), r#"{"mcpServers": {"later": {"command": "later"}}}"#);
    guard.wait_about("asked", "later");
    let scan = home.scan();
    let names: Vec<_> = scan["connectors"].as_array().expect("a list").iter().map(|row| row["name"].as_str()).collect();
    assert!(!names.contains(&Some("outside")), "{names:?}");
    assert_eq!(guard.end(), Some(0));
}
