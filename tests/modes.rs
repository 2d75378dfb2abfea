//! Baseline, modes, pause and the rules of folders.

use crate::support::{Sandbox, servers};

const FILE: &str = ".cursor/mcp.json";

const FILES: &str = r#"{ "command": "npx", "args": ["-y", "files-mcp"] }"#;

const MAIL: &str = r#"{ "command": "npx", "args": ["-y", "mail-mcp"] }"#;

fn old() -> String {
    servers("mcpServers", &[("files", FILES)])
}

fn new() -> String {
    servers("mcpServers", &[("files", FILES), ("mail", MAIL)])
}

#[test]
fn a_first_run_holds_nothing_and_notices_later_changes() {
    let home = Sandbox::new();
    home.write(FILE, &new());
    let mut guard = home.watch();
    assert_eq!(home.read(FILE), new());
    assert_eq!((home.status("cursor/files"), home.status("cursor/mail")), ("unreviewed".into(), "unreviewed".into()));
    assert_eq!(guard.count(&home, "asked", "mail"), 0);
    let changed = r#"{ "command": "npx", "args": ["-y", "mail-mcp", "--bcc"] }"#;
    home.save(FILE, &servers("mcpServers", &[("files", FILES), ("mail", changed)]));
    assert_eq!(guard.wait_about("asked", "mail")["kind"], "changed");
    guard.wait_about("held", "mail");
    assert_eq!(home.read(FILE), old());
    home.run(&["keep-approved", "cursor/mail"]).ok();
    assert_eq!(home.read(FILE), new());
    assert_eq!((home.status("cursor/mail"), home.waiting()), ("unreviewed".to_owned(), 0));
}

#[test]
fn a_verb_before_any_guard_makes_the_same_baseline() {
    let home = Sandbox::new();
    home.write(FILE, &new());
    home.alone(&["approve", "cursor/files"]);
    assert_eq!((home.status("cursor/files"), home.status("cursor/mail")), ("approved".into(), "unreviewed".into()));
    assert_eq!(home.read(FILE), new());
    home.save(FILE, &servers("mcpServers", &[("files", FILES), ("mail", MAIL), ("late", r#"{ "command": "late" }"#)]));
    // It came while nobody guarded, and is held by whoever looks first.
    home.alone(&["approve", "cursor/mail"]);
    assert_eq!((home.status("cursor/late"), home.read(FILE)), ("held".to_owned(), new()));
}

#[test]
fn monitoring_records_and_edits_nothing() {
    for guarded in [true, false] {
        let home = Sandbox::new();
        home.write(FILE, &old());
        let mut guard = home.watch();
        if guarded {
            home.run(&["mode", "monitor"]).ok();
            assert_eq!(guard.wait("mode-changed")["mode"], "monitor");
        } else {
            guard.end();
            home.alone(&["mode", "monitor"]);
            guard = home.watch();
        }
        assert_eq!(home.scan()["mode"], "monitor");
        home.save(FILE, &new());
        let asked = guard.wait_about("asked", "mail");
        assert_eq!((&asked["kind"], &asked["held"]), (&"new".into(), &false.into()));
        assert_eq!((home.read(FILE), home.status("cursor/mail")), (new(), "new".to_owned()));
        // What came while monitoring is unreviewed afterwards.
        home.run(&["mode", "ask"]).ok();
        guard.wait("mode-changed");
        assert_eq!((home.read(FILE), home.status("cursor/mail")), (new(), "unreviewed".to_owned()));
        assert_eq!(home.waiting(), 0);
        let late = servers("mcpServers", &[("files", FILES), ("mail", MAIL), ("late", r#"{ "command": "late" }"#)]);
        home.save(FILE, &late);
        guard.wait_about("held", "late");
    }
}

#[test]
fn what_is_held_stays_held_in_every_mode() {
    let home = Sandbox::new();
    home.write(FILE, &old());
    let mut guard = home.watch();
    home.save(FILE, &new());
    guard.wait_about("held", "mail");
    home.run(&["mode", "monitor"]).ok();
    home.run(&["mode", "ask"]).ok();
    home.run(&["pause", "1h"]).ok();
    assert_eq!((home.read(FILE), home.status("cursor/mail"), home.waiting()), (old(), "held".to_owned(), 1));
}

#[test]
fn an_approval_while_monitoring_settles_every_question_of_the_launch() {
    let home = Sandbox::new();
    let desktop = ".config/Claude/claude_desktop_config.json";
    home.write(FILE, &old());
    home.write(desktop, &old());
    home.run(&["mode", "monitor"]).ok();
    let mut guard = home.watch();
    home.save(FILE, &new());
    guard.wait_about("asked", "mail");
    home.save(desktop, &new());
    guard.wait_about("asked", "mail");
    assert_eq!(home.waiting(), 2);
    home.run(&["approve", "cursor/mail"]).ok();
    guard.wait_about("settled", "mail");
    assert_eq!((home.status("claude-desktop/mail"), home.waiting()), ("approved".to_owned(), 0));
}

#[test]
fn a_pause_ends_by_itself_and_what_came_is_new() {
    let home = Sandbox::new();
    home.write(FILE, &old());
    let mut guard = home.watch();
    home.run(&["pause", "1h"]).ok();
    home.save(FILE, &new());
    assert_eq!(guard.wait_about("allowed", "mail")["why"], "unreviewed");
    assert_eq!((home.read(FILE), home.status("cursor/mail")), (new(), "unreviewed".to_owned()));
    assert_eq!(home.waiting(), 0);
    // As short as it may be: its end is an event of the guard's own.
    home.run(&["pause", "1s"]).ok();
    guard.wait_about("asked", "mail");
    guard.wait_about("held", "mail");
    assert_eq!((home.read(FILE), home.status("cursor/mail"), home.waiting()), (old(), "held".to_owned(), 1));
    // The next pause lets nothing go that is held by then.
    home.run(&["pause", "1h"]).ok();
    assert_eq!((home.read(FILE), home.status("cursor/mail"), home.waiting()), (old(), "held".to_owned(), 1));
}

#[test]
fn a_pause_that_is_ended_by_hand_or_runs_out_unguarded_leaves_nothing_new_running() {
    for guarded in [true, false] {
        let home = Sandbox::new();
        home.write(FILE, &old());
        let mut guard = home.watch();
        home.run(&["pause", "1h"]).ok();
        home.save(FILE, &new());
        guard.wait_about("allowed", "mail");
        if guarded {
            home.run(&["pause", "off"]).ok();
            guard.wait_about("held", "mail");
        } else {
            guard.end();
            home.alone(&["pause", "off"]);
        }
        assert_eq!((home.read(FILE), home.status("cursor/mail")), (old(), "held".to_owned()));
    }
}

/// Two projects of Claude Code's list, each with an empty file of its own.
fn projects(home: &Sandbox) {
    let listed = |name: &str| format!("{:?}: {{}}", home.path(name).display().to_string());
    home.write(".claude.json", &format!("{{ \"projects\": {{ {}, {} }} }}\n", listed("work/a"), listed("work/b")));
    home.write("work/a/.mcp.json", &old());
    home.write("work/b/.mcp.json", &old());
}

#[test]
fn a_folder_that_only_notifies_asks_and_holds_nothing() {
    for guarded in [true, false] {
        let home = Sandbox::new();
        projects(&home);
        let mut guard = home.watch();
        if guarded {
            home.run(&["folder", "work/a", "notify"]).ok();
        } else {
            guard.end();
            home.alone(&["folder", "work/a", "notify"]);
            guard = home.watch();
        }
        home.save("work/a/.mcp.json", &new());
        assert_eq!(guard.wait_about("asked", "mail")["held"], false);
        home.save("work/b/.mcp.json", &servers("mcpServers", &[("files", FILES), ("post", MAIL)]));
        guard.wait_about("held", "post");
        assert_eq!(
            (home.read("work/a/.mcp.json"), home.row_in("work/a", "mail")["status"].clone()),
            (new(), "new".into())
        );
        // Asking again means holding again.
        home.run(&["folder", "work/a", "ask"]).ok();
        guard.wait_about("held", "mail");
        assert_eq!(home.read("work/a/.mcp.json"), old());
    }
}

#[test]
fn an_ignored_folder_is_left_alone() {
    let home = Sandbox::new();
    projects(&home);
    let mut guard = home.watch();
    home.save("work/a/.mcp.json", &new());
    guard.wait_about("held", "mail");
    assert_eq!(home.waiting(), 1);
    home.run(&["folder", "work/a", "ignore"]).ok();
    assert_eq!(home.waiting(), 0);
    home.save("work/a/.mcp.json", &servers("mcpServers", &[("files", FILES), ("more", MAIL)]));
    home.save("work/b/.mcp.json", &servers("mcpServers", &[("files", FILES), ("post", MAIL)]));
    guard.wait_about("held", "post");
    assert_eq!(guard.count(&home, "asked", "more"), 0);
    assert_eq!(home.row_in("work/a", "more")["status"], "unmanaged");
    // No longer ignored, it is as new as it is.
    home.run(&["folder", "work/a", "ask"]).ok();
    guard.wait_about("held", "more");
}

#[test]
fn a_folder_is_named_from_where_one_stands() {
    let home = Sandbox::new();
    projects(&home);
    let mut guard = home.watch();
    home.run(&["folder", "work/b/../a", "notify"]).ok();
    home.save("work/a/.mcp.json", &new());
    assert_eq!(guard.wait_about("asked", "mail")["held"], false);
}

#[test]
fn what_is_held_in_a_folder_stays_held_when_nothing_is_held_there_any_more_and_that_is_said() {
    for rule in ["notify", "ignore"] {
        for guarded in [true, false] {
            let home = Sandbox::new();
            home.write("work/a/.cursor/mcp.json", &servers("mcpServers", &[]));
            home.run(&["folder", "work/a", "ask"]).ok();
            let mut guard = home.watch();
            let mail = servers("mcpServers", &[("mail", MAIL)]);
            home.save("work/a/.cursor/mcp.json", &mail);
            guard.wait_about("held", "mail");
            let id = home.row_in("work/a", "mail")["id"].as_str().expect("an id").to_owned();
            let command = format!("gatehouse release {id}");
            let said = if guarded {
                home.run(&["folder", "work/a", rule]).ok().out
            } else {
                guard.end();
                home.alone(&["folder", "work/a", rule]).out
            };
            assert!(said.contains("stays held") && said.contains(&command), "{said}");
            assert!(home.run(&["--lang", "es", "folder", "work/a", rule]).ok().out.contains(&command));
            assert_eq!(home.row_in("work/a", "mail")["status"], "held");
            home.run(&["release", &id]).ok();
            assert_eq!(home.read("work/a/.cursor/mcp.json"), mail);
            assert!(!home.run(&["folder", "work/a", rule]).ok().out.contains("stays held"));
        }
    }
}
