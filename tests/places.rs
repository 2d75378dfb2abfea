//! Where entries stand: clients and their formats, projects, names; and what several of them have to do with each other.

use crate::support::{Sandbox, Watch, eventually, servers};

const CURSOR: &str = ".cursor/mcp.json";

const FILES: &str = r#"{ "command": "npx", "args": ["-y", "files-mcp"] }"#;

const MAIL: &str = r#"{ "command": "npx", "args": ["-y", "mail-mcp"] }"#;

const SCRIPT: &str = r#"{ "command": "node", "args": ["./tools/server.js"] }"#;

fn old() -> String {
    servers("mcpServers", &[("files", FILES)])
}

fn with(name: &str, entry: &str) -> String {
    servers("mcpServers", &[("files", FILES), (name, entry)])
}

/// Saves a file in which one entry is new, sees it held, approves it and sees it back.
fn goes_the_whole_way(home: &Sandbox, guard: &mut Watch, file: &str, which: &str, (before, after): (&str, &str)) {
    let name = which.split_once('/').expect("client/name").1;
    home.save(file, after);
    guard.wait_about("held", name);
    assert_eq!(home.read(file), before, "{file}");
    assert_eq!(home.status(which), "held");
    home.run(&["approve", which]).ok();
    assert_eq!(home.read(file), after, "{file}");
    assert_eq!(home.status(which), "approved");
}

#[test]
fn every_format_comes_back_byte_for_byte() {
    let home = Sandbox::new();
    let desktop = ".config/Claude/claude_desktop_config.json";
    let (before, after) = (
        "{\"globalShortcut\": \"\", \"mcpServers\": {\"files\": {\"command\": \"files\"}}}",
        "{\"globalShortcut\": \"\", \"mcpServers\": {\"files\": {\"command\": \"files\"}, \"desk\": {\"command\": \"desk\"}}}",
    );
    home.write(desktop, before);
    let vscode = ".config/Code/User/mcp.json";
    let comments = (
        "{\r\n\t// ours\r\n\t\"servers\": {\r\n\t\t/* kept */ \"files\": { \"command\": \"files\" },\r\n\t},\r\n\t\"inputs\": [],\r\n}\r\n",
        "{\r\n\t// ours\r\n\t\"servers\": {\r\n\t\t/* kept */ \"files\": { \"command\": \"files\" },\r\n\t\t\"code\": {\r\n\t\t\t\"command\": \"npx\", // why\r\n\t\t\t\"args\": [\"code-mcp\",],\r\n\t\t},\r\n\t},\r\n\t\"inputs\": [],\r\n}\r\n",
    );
    home.write(vscode, comments.0);
    let mut guard = home.watch();
    goes_the_whole_way(&home, &mut guard, desktop, "claude-desktop/desk", (before, after));
    goes_the_whole_way(&home, &mut guard, vscode, "vscode/code", comments);
}

#[test]
fn a_switched_entry_in_a_file_of_any_name_comes_back_after_a_restart() {
    let home = Sandbox::new();
    let (file, text) = (".kiro/agents/mail.json", servers("mcpServers", &[("mail", MAIL)]));
    let mut guard = home.watch();
    home.save(file, &text);
    guard.wait_about("held", "mail");
    assert_ne!(home.read(file), text);
    drop(guard);
    let _guard = home.watch();
    assert_eq!(home.status("kiro/mail"), "held");
    home.run(&["approve", "kiro/mail"]).ok();
    assert_eq!(home.read(file), text);
    assert_eq!(home.status("kiro/mail"), "approved");
}

/// Anything else that comes into a project's own folder is no news.
#[test]
fn a_workspace_file_is_held_under_whatever_name_it_comes() {
    let home = Sandbox::new();
    std::fs::create_dir_all(home.path("w/one")).expect("a project");
    let mut guard = home.watch();
    home.run(&["folder", &home.path("w").display().to_string(), "ask"]).ok();
    let text = format!("{{\"folders\": [], \"settings\": {{\"mcp\": {}}}}}", servers("servers", &[("mail", MAIL)]));
    for name in ["team", "other team"] {
        let file = format!("w/one/{name}.code-workspace");
        home.save(&file, &text);
        guard.wait_about("held", "mail");
        let row = home.scan()["connectors"][0].clone();
        assert_eq!((row["status"].as_str(), row["scope"].as_str()), (Some("held"), Some("project")), "{row:#}");
        assert!(!home.read(&file).contains("mail-mcp"), "{}", home.read(&file));
        home.run(&["release", row["id"].as_str().expect("an id")]).ok();
        assert_eq!(home.read(&file), text);
        std::fs::remove_file(home.path(&file)).expect("removed");
        eventually("it is gone", || home.scan()["connectors"].as_array().is_some_and(Vec::is_empty));
    }
}

/// An update of a snap leads its home to another folder, with a copy of what was in the last.
#[cfg(target_os = "linux")]
#[test]
fn a_snap_is_guarded_before_and_after_its_update() {
    let home = Sandbox::new();
    let (current, text) = (home.path("snap/codium/current"), servers("servers", &[("mail", MAIL)]));
    let in_revision = |revision: &str| format!("snap/codium/{revision}/.config/VSCodium/User/mcp.json");
    home.write(&in_revision("41"), "{}");
    home.write(&in_revision("42"), "{}");
    let lead_to = |revision: &str| {
        let new = home.path("snap/codium/new");
        std::os::unix::fs::symlink(revision, &new).expect("a link");
        std::fs::rename(new, &current).expect("renamed");
    };
    lead_to("41");
    let mut guard = home.watch();
    home.save(&in_revision("41"), &text);
    guard.wait_about("held", "mail");
    assert!(!home.read(&in_revision("41")).contains("mail-mcp"));
    home.run(&["release", "vscode/mail"]).ok();
    assert_eq!(home.read(&in_revision("41")), text);
    lead_to("42");
    home.save(&in_revision("42"), &servers("servers", &[("notes", FILES)]));
    guard.wait_about("held", "notes");
    assert!(!home.read(&in_revision("42")).contains("files-mcp"));
    assert_eq!(home.read(&in_revision("41")), text, "nobody reads it any more");
}

#[test]
fn an_entry_is_switched_off_and_on_again() {
    let home = Sandbox::new();
    let file = ".vibe/config.toml";
    let old = "model = \"m\" # mine\n";
    let new =
        "model = \"m\" # mine\n\n[[mcp_servers]]\nname = \"mail\"\ncommand = \"uvx\" # runner\nargs = [\"mail-mcp\"]\n";
    home.write(file, old);
    let mut guard = home.watch();
    home.save(file, new);
    guard.wait_about("held", "mail");
    let off = home.read(file);
    assert_eq!(off.replace("disabled = true\n", ""), new);
    let row = home.row("mistral-vibe/mail");
    assert_eq!((&row["status"], &row["present"], &row["enabled"]), (&"held".into(), &true.into(), &false.into()));
    assert_eq!(row["hold"]["method"], "switch");
    // Switched on again by hand it is held again, as one question.
    home.save(file, &off.replace("disabled = true", "disabled = false"));
    guard.wait_about("held", "mail");
    assert_eq!(home.read(file), off);
    assert_eq!(guard.count(&home, "asked", "mail"), 1);
    // So it is while nobody guards.
    guard.end();
    home.save(file, new);
    let mut guard = home.watch();
    assert_eq!(home.read(file), off);
    home.run(&["approve", "mistral-vibe/mail"]).ok();
    guard.wait_about("released", "mail");
    assert_eq!(home.read(file), new);
    assert_eq!((home.status("mistral-vibe/mail"), home.waiting()), ("approved".to_owned(), 0));
    // An approved entry is the user's own to switch.
    let by_hand = format!("{new}disabled = true\n");
    home.save(file, &by_hand);
    home.save(file, new);
    assert_eq!(guard.count(&home, "asked", "mail"), 1);
    assert_eq!(home.read(file), new);
}

#[test]
fn renaming_an_approved_entry_asks_nothing() {
    let home = Sandbox::new();
    home.write(CURSOR, &old());
    let mut guard = home.watch();
    goes_the_whole_way(&home, &mut guard, CURSOR, "cursor/mail", (&old(), &with("mail", MAIL)));
    home.save(CURSOR, &with("post", MAIL));
    assert_eq!(guard.wait_about("allowed", "post")["why"], "approved-exact");
    assert_eq!((home.read(CURSOR), home.status("cursor/post")), (with("post", MAIL), "approved".to_owned()));
    assert_eq!((guard.count(&home, "asked", "post"), home.waiting()), (0, 0));
    // Another command under the approved name is another thing.
    home.save(CURSOR, &with("post", r#"{ "command": "npx", "args": ["-y", "mail-mpc"] }"#));
    assert_eq!(guard.wait_about("asked", "post")["kind"], "changed");
    guard.wait_about("held", "post");
    assert_eq!(home.read(CURSOR), old());
}

/// Claude Code's list of projects, with entries of local scope.
fn listed(home: &Sandbox, projects: &[(&str, &str)]) -> String {
    let one = |(name, entry): &(&str, &str)| {
        let servers = if entry.is_empty() { String::new() } else { format!("\"mail\": {entry}") };
        format!("    {:?}: {{ \"mcpServers\": {{{servers}}} }}", home.path(name).display().to_string())
    };
    format!("{{\n  \"projects\": {{\n{}\n  }}\n}}\n", projects.iter().map(one).collect::<Vec<_>>().join(",\n"))
}

#[test]
fn equal_names_in_two_projects_are_two_connectors() {
    let home = Sandbox::new();
    let file = ".claude.json";
    let none = listed(&home, &[("a", ""), ("b", "")]);
    home.write(file, &none);
    let mut guard = home.watch();
    let other = r#"{ "command": "npx", "args": ["-y", "other-mcp"] }"#;
    let both = listed(&home, &[("a", MAIL), ("b", other)]);
    home.save(file, &both);
    guard.wait_about("held", "mail");
    guard.wait_about("held", "mail");
    assert_eq!((home.read(file), home.waiting()), (none, 2));
    let (a, b) = (home.row_in("a", "mail"), home.row_in("b", "mail"));
    assert_eq!((&a["scope"], &b["scope"]), (&"local".into(), &"local".into()));
    let said = home.refused(&["approve", "claude-code/mail"]);
    let (a, b) = (a["id"].as_str().expect("an id"), b["id"].as_str().expect("an id"));
    assert!(said.contains(a) && said.contains(b), "{said}");
    home.run(&["approve", a]).ok();
    assert_eq!(home.read(file), listed(&home, &[("a", MAIL), ("b", "")]));
    home.run(&["deny", b]).ok();
    assert_eq!(home.row_in("a", "mail")["status"], "approved");
    assert_eq!(home.row_in("b", "mail")["status"], "denied");
    home.run(&["approve", b]).ok();
    assert_eq!(home.read(file), both);
}

#[test]
fn projects_of_every_list_are_guarded() {
    let home = Sandbox::new();
    home.write(".claude.json", &listed(&home, &[("a", "")]));
    let trusted = format!("[projects.{:?}]\ntrust_level = \"trusted\"\n", home.path("c").display().to_string());
    home.write(".codex/config.toml", &trusted);
    let mut guard = home.watch();
    // A project that is listed later is looked at when it is.
    home.write("b/.cursor/mcp.json", &with("late", MAIL));
    home.save(".claude.json", &listed(&home, &[("a", ""), ("b", "")]));
    guard.wait_about("held", "late");
    for (file, container, client) in [
        ("a/.mcp.json", "mcpServers", "claude-code"),
        ("a/.vscode/mcp.json", "servers", "vscode"),
        ("c/.cursor/mcp.json", "mcpServers", "cursor"),
    ] {
        let name = format!("new-{client}");
        let text = servers(container, &[("files", FILES), (&name, MAIL)]);
        home.save(file, &text);
        guard.wait_about("held", &name);
        let row = home.row(&format!("{client}/{name}"));
        assert_eq!((&row["status"], &row["scope"]), (&"held".into(), &"project".into()), "{file}");
    }
    let toml = "[mcp_servers.own]\ncommand = \"own\"\n";
    home.save("c/.codex/config.toml", toml);
    guard.wait_about("held", "own");
    home.run(&["approve", "codex/own"]).ok();
    assert_eq!(home.read("c/.codex/config.toml"), toml);
}

#[test]
fn another_repository_with_the_same_line_runs_other_code() {
    for guarded in [true, false] {
        let home = Sandbox::new();
        home.write(".claude.json", &listed(&home, &[("good", ""), ("evil", "")]));
        home.write("good/.mcp.json", &old());
        home.write("evil/.mcp.json", &old());
        let mut guard = home.watch();
        home.save("good/.mcp.json", &with("tools", SCRIPT));
        guard.wait_about("held", "tools");
        if guarded {
            home.run(&["approve", "claude-code/tools"]).ok();
        } else {
            guard.end();
            home.alone(&["approve", "claude-code/tools"]);
            guard = home.watch();
        }
        assert_eq!(home.read("good/.mcp.json"), with("tools", SCRIPT));
        home.save("evil/.mcp.json", &with("tools", SCRIPT));
        guard.wait_about("held", "tools");
        assert_eq!(home.read("evil/.mcp.json"), old());
        assert_eq!(home.row_in("good", "tools")["status"], "approved");
        assert_eq!(home.row_in("evil", "tools")["status"], "held");
    }
}

#[test]
fn a_published_package_is_the_same_in_every_project() {
    let home = Sandbox::new();
    home.write(".claude.json", &listed(&home, &[("a", ""), ("b", "")]));
    home.write("a/.mcp.json", &old());
    home.write("b/.mcp.json", &old());
    let mut guard = home.watch();
    goes_the_whole_way(&home, &mut guard, "a/.mcp.json", "claude-code/mail", (&old(), &with("mail", MAIL)));
    home.save("b/.mcp.json", &with("mail", MAIL));
    guard.wait_about("allowed", "mail");
    assert_eq!(home.row_in("b", "mail")["status"], "approved");
}

#[test]
fn several_new_entries_come_back_in_any_order() {
    let entries = [("a", r#"{ "command": "a" }"#), ("b", r#"{ "command": "b" }"#), ("c", r#"{ "command": "c" }"#)];
    let all: Vec<_> = [("files", FILES)].into_iter().chain(entries).collect();
    let all = servers("mcpServers", &all);
    for order in [["b", "a", "c"], ["c", "b", "a"], ["a", "c", "b"]] {
        let home = Sandbox::new();
        home.write(CURSOR, &old());
        let mut guard = home.watch();
        home.save(CURSOR, &all);
        for (name, _) in entries {
            guard.wait_about_any("held", &[name]);
        }
        assert_eq!(home.read(CURSOR), old());
        for name in order {
            home.run(&["approve", &format!("cursor/{name}")]).ok();
        }
        assert_eq!(home.read(CURSOR), all, "{order:?}");
    }
}

#[test]
fn repeated_keys_are_all_held_and_all_come_back() {
    let home = Sandbox::new();
    home.write(CURSOR, &old());
    let mut guard = home.watch();
    let twice = servers("mcpServers", &[("files", FILES), ("mail", MAIL), ("mail", r#"{ "command": "other" }"#)]);
    home.save(CURSOR, &twice);
    guard.wait_about("held", "mail");
    guard.wait_about("held", "mail");
    assert_eq!(home.read(CURSOR), old());
    let rows = home.rows("mail");
    assert_eq!(
        rows.iter().map(|row| row["route"].clone()).collect::<Vec<_>>(),
        ["mcpServers.mail", "mcpServers.mail#2"]
    );
    for row in rows {
        home.run(&["approve", row["id"].as_str().expect("an id")]).ok();
    }
    assert_eq!(home.read(CURSOR), twice);
    assert_eq!(home.waiting(), 0);
}

#[test]
fn a_client_that_keeps_writing_back_is_told_of() {
    let home = Sandbox::new();
    let desktop = ".config/Claude/claude_desktop_config.json";
    home.write(desktop, &old());
    let mut guard = home.watch();
    home.save(desktop, &with("mail", MAIL));
    guard.wait_about("held", "mail");
    for times in 1..=3 {
        home.write(desktop, &with("mail", MAIL));
        guard.wait_about("held", "mail");
        let told = guard.count(&home, "contested", "mail");
        assert_eq!(told, usize::from(times == 3), "after {times}");
        assert_eq!(home.read(desktop), old());
    }
    assert_eq!(home.row("claude-desktop/mail")["hold"]["state"], "contested");
    assert_eq!(guard.count(&home, "asked", "mail"), 1, "one question");
    home.run(&["approve", "claude-desktop/mail"]).ok();
    assert_eq!(home.read(desktop), with("mail", MAIL));
    // Cursor writes nothing from memory: what comes back there came by the user's own hand or a tool's.
    home.write(CURSOR, &old());
    for _ in 0..4 {
        home.save(CURSOR, &with("post", SCRIPT));
        guard.wait_about("held", "post");
    }
    assert_eq!(guard.count(&home, "contested", "post"), 0);
}

#[test]
fn widened_trust_is_asked_about_and_holds_nothing() {
    let trusting = |flags: &str| format!(r#"{{ "command": "npx", "args": ["-y", "mail-mcp"]{flags} }}"#);
    let read_only = with("mail", &trusting(r#", "alwaysAllow": ["read"]"#));
    let wide = with("mail", &trusting(r#", "alwaysAllow": ["read", "send"]"#));
    let home = Sandbox::new();
    home.write(CURSOR, &old());
    let mut guard = home.watch();
    goes_the_whole_way(&home, &mut guard, CURSOR, "cursor/mail", (&old(), &read_only));
    home.save(CURSOR, &wide);
    let asked = guard.wait_about("asked", "mail");
    assert_eq!((&asked["kind"], &asked["held"]), (&"changed".into(), &false.into()));
    let row = home.row("cursor/mail");
    assert_eq!((home.read(CURSOR), &row["status"]), (wide.clone(), &"approved".into()));
    let change = &row["question"]["changes"][0];
    assert_eq!((&change["facet"], &change["new"]), (&"trust.alwaysAllow".into(), &r#"["read","send"]"#.into()));
    // It waits for an answer across a restart, and ends where the flag goes back.
    guard.end();
    let mut guard = home.watch();
    guard.wait_about("asked", "mail");
    home.save(CURSOR, &read_only);
    guard.wait_about("settled", "mail");
    assert_eq!(home.waiting(), 0);
    home.save(CURSOR, &wide);
    guard.wait_about("asked", "mail");
    home.run(&["approve", "cursor/mail"]).ok();
    assert_eq!(home.waiting(), 0);
    // Narrower is no question.
    home.save(CURSOR, &with("mail", MAIL));
    guard.wait_about("values-changed", "mail");
    assert_eq!(home.waiting(), 0);
    home.save(CURSOR, &wide);
    guard.wait_about("values-changed", "mail");
    assert_eq!(home.waiting(), 0, "as wide as it was approved");
    // Keeping it held is an answer too.
    home.save(CURSOR, &with("mail", &trusting(r#", "autoApprove": true"#)));
    guard.wait_about("asked", "mail");
    home.run(&["keep", "cursor/mail"]).ok();
    assert_eq!((home.read(CURSOR), home.waiting()), (old(), 0));
}

#[test]
fn an_approval_elsewhere_is_no_answer_to_widened_trust() {
    let wide = with("mail", r#"{ "command": "npx", "args": ["-y", "mail-mcp"], "autoApprove": ["send"] }"#);
    let vscode = ".config/Code/User/mcp.json";
    let home = Sandbox::new();
    home.write(CURSOR, &with("mail", MAIL));
    home.write(vscode, &servers("servers", &[("mail", MAIL)]));
    let mut guard = home.watch();
    // Nobody looked at it, but it was there; its flag was not.
    home.save(CURSOR, &wide);
    guard.wait_about("asked", "mail");
    home.run(&["approve", "vscode/mail"]).ok();
    assert_eq!((home.status("cursor/mail"), home.waiting()), ("approved".to_owned(), 1));
    guard.end();
    let _guard = home.watch();
    assert_eq!((home.read(CURSOR), home.waiting()), (wide, 1));
}

#[test]
fn a_profile_that_is_made_while_the_guard_runs_is_guarded() {
    let home = Sandbox::new();
    home.write(".config/Code/User/mcp.json", &servers("servers", &[("files", r#"{ "command": "files" }"#)]));
    let mut guard = home.watch();
    // The folder of all profiles is new as well.
    for profile in ["4f2a", "77b1"] {
        let file = format!(".config/Code/User/profiles/{profile}/mcp.json");
        let name = format!("mail-{profile}");
        let entry = format!(r#"{{ "command": "npx", "args": ["-y", "mail-mcp", "--{profile}"] }}"#);
        let text = servers("servers", &[(&name, &entry)]);
        std::fs::create_dir_all(home.path(&file).parent().expect("a folder")).expect("made");
        home.save(&file, &text);
        guard.wait_about("held", &name);
        home.run(&["approve", &format!("vscode/{name}")]).ok();
        assert_eq!(home.read(&file), text);
    }
}

#[test]
fn projects_below_a_named_folder_are_guarded_wherever_they_are() {
    let home = Sandbox::new();
    let entry = r#"{ "command": "npx", "args": ["-y", "mail-mcp"] }"#;
    home.write("code/team/shop/.cursor/mcp.json", &servers("mcpServers", &[]));
    home.write("code/team/shop/.gitignore", "dist\n");
    home.write("code/team/shop/.git/HEAD", "");
    home.write("code/team/shop/dist/copy/.mcp.json", &servers("mcpServers", &[("built", entry)]));
    home.write("elsewhere/shop/.cursor/mcp.json", &servers("mcpServers", &[]));
    let mut guard = home.watch();
    home.run(&["folder", "code", "ask"]).ok();
    // What the walk finds is guarded.
    eventually("the project is found", || places(&home).contains(&"~/code/team/shop/.cursor/mcp.json".to_owned()));
    home.save("code/team/shop/.cursor/mcp.json", &servers("mcpServers", &[("mail", entry)]));
    guard.wait_about("held", "mail");
    // So is what is cloned right into the folder, before anything in it says that it is a project.
    std::fs::create_dir_all(home.path("code/cloned")).expect("a folder");
    eventually("the folder is watched", || places(&home).contains(&"~/code/cloned".to_owned()));
    home.write("code/cloned/.mcp.json", &servers("mcpServers", &[("brought", entry)]));
    guard.wait_about("held", "brought");
    let names: Vec<_> = home.scan()["connectors"].as_array().expect("rows").iter().map(|r| r["name"].clone()).collect();
    assert_eq!(names, ["brought", "mail"], "neither what is ignored nor what was not named");
    // The same after a start, and in a folder that is to be left alone no more.
    guard.end();
    home.save("code/team/shop/.cursor/mcp.json", &servers("mcpServers", &[("late", entry)]));
    let mut guard = home.watch();
    guard.wait_about("held", "late");
    home.run(&["folder", "code/team", "ignore"]).ok();
    eventually("it is left alone", || !places(&home).iter().any(|place| place.contains("code/team/shop")));
}

/// The places of coverage.
fn places(home: &Sandbox) -> Vec<String> {
    let coverage = home.run(&["coverage", "--all", "--format", "json"]).ok().json();
    let rows = coverage["coverage"].as_array().expect("rows");
    rows.iter().map(|row| row["path"].as_str().expect("a path").to_owned()).collect()
}

#[test]
fn entries_of_one_name_are_told_of_each_other() {
    let home = Sandbox::new();
    let entry = |package: &str| format!("{{ \"command\": \"npx\", \"args\": [\"-y\", {package:?}] }}");
    let project = home.path("src/shop").display().to_string();
    let own = serde_json::json!({
        "mcpServers": {"mail": {"command": "npx", "args": ["-y", "mail-mcp"]}},
        "projects": {&project: {}, home.path("src/other").display().to_string(): {}},
    });
    home.write(".claude.json", &own.to_string());
    home.write("src/shop/.mcp.json", &servers("mcpServers", &[("mail", &entry("mail-mcp@2.0.0"))]));
    home.write("src/other/.mcp.json", &servers("mcpServers", &[("mail", &entry("mail-mcp@3.0.0"))]));
    home.write(".codex/config.toml", "[mcp_servers.docs]\ncommand = \"docs\"\n");
    home.write("src/shop/.codex/config.toml", "[mcp_servers.docs]\nargs = [\"--all\"]\n");
    home.write(".cursor/mcp.json", &servers("mcpServers", &[("mail", &entry("mail-mcp"))]));
    let scan = home.scan();
    let rows = scan["connectors"].as_array().expect("rows");
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    let relations = |client: &str, path: &str| {
        let row = rows.iter().find(|row| row["client"] == client && row["path"] == path).expect("a row");
        let told = row["namesakes"].as_array().expect("a list").iter();
        let mut told: Vec<_> = told.map(|n| format!("{} {}", text(&n["relation"]), text(&n["path"]))).collect();
        told.sort();
        told
    };
    // Two projects never meet; another client's entry is none of this one's.
    assert_eq!(relations("claude-code", "~/src/shop/.mcp.json"), ["hides ~/.claude.json"]);
    let hidden = ["hidden-by ~/src/other/.mcp.json", "hidden-by ~/src/shop/.mcp.json"];
    assert_eq!(relations("claude-code", "~/.claude.json"), hidden);
    assert_eq!(relations("codex", "~/.codex/config.toml"), ["merged ~/src/shop/.codex/config.toml"]);
    assert_eq!(relations("cursor", "~/.cursor/mcp.json"), [""; 0]);
    let id =
        rows.iter().find(|row| row["path"] == "~/src/shop/.mcp.json").expect("a row")["id"].as_str().expect("an id");
    let told = home.run(&["show", id]).ok().out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("starts this one and not that one"), "{told}");
    let told = home.run(&["--lang", "es", "show", id]).ok().out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("inicia esta y no aquella"), "{told}");
}

#[test]
fn projects_are_known_by_the_lists_of_every_client_that_keeps_one_in_a_file() {
    let home = Sandbox::new();
    let address = |below: &str| {
        format!("{{ \"folder\": \"file://{}\" }}\n", home.path(below).display().to_string().replace(' ', "%20"))
    };
    let trusted = |below: &str| format!("{{ {:?}: \"DO_NOT_TRUST\" }}\n", home.path(below).display());
    let lists = [
        ("of-gemini", ".gemini/trustedFolders.json"),
        ("of-qwen", ".qwen/trustedFolders.json"),
        ("of code", ".config/Code/User/workspaceStorage/0f/workspace.json"),
        ("of-codium", ".config/VSCodium/User/workspaceStorage/0f/workspace.json"),
        ("of-cursor", ".config/Cursor/User/workspaceStorage/0f/workspace.json"),
        ("of-windsurf", ".config/Windsurf/User/workspaceStorage/0f/workspace.json"),
        ("of-trae", ".config/Trae/User/workspaceStorage/0f/workspace.json"),
    ];
    for (folder, list) in lists {
        home.write(&format!("w/{folder}/.mcp.json"), &servers("mcpServers", &[]));
        let below = format!("w/{folder}");
        home.write(list, &if list.ends_with("workspace.json") { address(&below) } else { trusted(&below) });
    }
    // What was opened once and is gone is no place; nor is what lies on another machine.
    home.write(".config/Code/User/workspaceStorage/1f/workspace.json", &address("w/gone"));
    let remote = "{ \"folder\": \"vscode-remote://wsl%2Bubuntu/home/ana/x\" }\n";
    home.write(".config/Code/User/workspaceStorage/2f/workspace.json", remote);
    let places = home.run(&["coverage", "--format", "json"]).ok().json();
    let has = |end: &str| {
        places["coverage"]
            .as_array()
            .expect("a list")
            .iter()
            .any(|place| place["path"].as_str().is_some_and(|path| path.ends_with(end)))
    };
    assert!(!has("w/gone/.mcp.json") && !has("workspace.json") && !has("trustedFolders.json"), "{places:#}");
    let mut guard = home.watch();
    for (number, (folder, _)) in lists.iter().enumerate() {
        let file = format!("w/{folder}/.mcp.json");
        let name = format!("one-{number}");
        home.save(&file, &servers("mcpServers", &[(&name, MAIL)]));
        guard.wait_about("held", &name);
    }
    // A folder that is opened for the first time while the guard runs.
    home.write("w/later/.mcp.json", &servers("mcpServers", &[("later", MAIL)]));
    home.write(".config/Code/User/workspaceStorage/3f/workspace.json", &address("w/later"));
    guard.wait_about("held", "later");
    assert_eq!(guard.end(), Some(0));
}
