//! Answers when the file is not as it was: gone, broken, not to be written, or with something else at the route.

use crate::support::{Sandbox, Watch, eventually, servers};

const FILE: &str = ".cursor/mcp.json";

const DESKTOP: &str = ".config/Claude/claude_desktop_config.json";

const FILES: &str = r#"{ "command": "npx", "args": ["-y", "files-mcp"] }"#;

const MAIL: &str = r#"{ "command": "npx", "args": ["-y", "mail-mcp"] }"#;

const OTHER: &str = r#"{ "command": "npx", "args": ["-y", "other-mcp"] }"#;

fn with(entries: &[(&str, &str)]) -> String {
    servers("mcpServers", &[&[("files", FILES)], entries].concat())
}

fn held(home: &Sandbox) -> Watch {
    home.write(FILE, &with(&[]));
    let mut guard = home.watch();
    home.save(FILE, &with(&[("mail", MAIL)]));
    guard.wait_about("held", "mail");
    guard
}

#[test]
fn what_cannot_be_put_back_is_refused_and_the_question_stands() {
    type Obstacle = fn(&Sandbox);
    let obstacles: [(&str, Obstacle, &str); 3] = [
        ("gone", |home| std::fs::remove_file(home.path(FILE)).expect("a file"), "gone"),
        ("broken", |home| home.save(FILE, "{ \"mcpServers\": {"), "parsed"),
        ("hard link", |home| std::fs::hard_link(home.path(FILE), home.path("x")).expect("a link"), "hard link"),
    ];
    for (what, obstacle, reason) in obstacles {
        for guarded in [true, false] {
            let home = Sandbox::new();
            let guard = held(&home);
            let guard = if guarded { Some(guard) } else { guard.end().and(None) };
            obstacle(&home);
            for verb in ["approve", "release"] {
                let said = home.refused(&[verb, "cursor/mail"]);
                assert!(said.contains(reason), "{what}: {said}");
            }
            assert_eq!((home.status("cursor/mail"), home.waiting()), ("held".to_owned(), 1), "{what}");
            let _ = std::fs::remove_file(home.path("x"));
            home.save(FILE, &with(&[]));
            home.run(&["approve", "cursor/mail"]).ok();
            assert_eq!(home.read(FILE), with(&[("mail", MAIL)]), "{what}");
            drop(guard);
        }
    }
}

#[test]
fn an_approved_entry_goes_back_once_its_file_can_be_edited() {
    let home = Sandbox::new();
    home.write(DESKTOP, &with(&[]));
    let mut guard = held(&home);
    home.save(DESKTOP, &with(&[("mail", MAIL)]));
    guard.wait_about("held", "mail");
    home.save(DESKTOP, "{ \"mcpServers\": {");
    // It counts for both, and says of the other that it is not back yet.
    let run = home.run(&["approve", "cursor/mail"]);
    assert_eq!(run.code, Some(2), "{}{}", run.out, run.err);
    assert_eq!(home.read(FILE), with(&[("mail", MAIL)]));
    home.save(DESKTOP, &with(&[]));
    guard.wait_about("released", "mail");
    eventually("the other one is back", || home.read(DESKTOP) == with(&[("mail", MAIL)]));
    assert_eq!(home.status("claude-desktop/mail"), "approved");
}

#[test]
fn an_entry_that_was_put_back_by_hand_is_released_where_it_stands() {
    for guarded in [true, false] {
        let home = Sandbox::new();
        let mut guard = held(&home);
        guard.end();
        home.save(FILE, &with(&[("mail", MAIL)]));
        if guarded {
            guard = home.watch();
            home.run(&["approve", "cursor/mail"]).ok();
            guard.wait_about("released", "mail");
        } else {
            home.alone(&["approve", "cursor/mail"]);
        }
        assert_eq!(home.read(FILE), with(&[("mail", MAIL)]));
        assert_eq!((home.rows("mail").len(), home.waiting()), (1, 0));
    }
}

#[test]
fn another_launch_at_the_route_is_the_question_now() {
    let home = Sandbox::new();
    let mut guard = held(&home);
    home.save(FILE, &with(&[("mail", OTHER)]));
    guard.wait_about("held", "mail");
    assert_eq!((home.rows("mail").len(), home.waiting()), (1, 1));
    assert_eq!(home.row("cursor/mail")["args"][1], "other-mcp");
    home.run(&["approve", "cursor/mail"]).ok();
    assert_eq!(home.read(FILE), with(&[("mail", OTHER)]));
    // The first one was never approved.
    home.save(FILE, &with(&[("mail", MAIL)]));
    guard.wait_about("held", "mail");
    assert_eq!(home.read(FILE), with(&[]));
}

#[test]
fn a_held_entry_whose_route_was_taken_by_an_approved_one_is_nothing_any_more() {
    let home = Sandbox::new();
    home.write(FILE, &with(&[("mail", MAIL)]));
    let mut guard = home.watch();
    home.run(&["approve", "cursor/mail"]).ok();
    home.save(FILE, &with(&[("mail", OTHER)]));
    guard.wait_about("held", "mail");
    home.save(FILE, &with(&[("mail", MAIL)]));
    guard.wait_about("settled", "mail");
    let row = home.row("cursor/mail");
    assert_eq!((&row["status"], &row["hold"], home.waiting()), (&"approved".into(), &serde_json::Value::Null, 0));
    home.run(&["release", "--all"]).ok();
    assert_eq!(home.read(FILE), with(&[("mail", MAIL)]));
}

#[test]
fn an_entry_that_went_and_comes_back_is_judged_anew() {
    let home = Sandbox::new();
    let mut guard = held(&home);
    home.run(&["approve", "cursor/mail", "--only-here"]).ok();
    guard.wait_about("released", "mail");
    home.save(FILE, &with(&[]));
    home.save(FILE, &with(&[("mail", MAIL)]));
    assert_eq!(guard.count(&home, "asked", "mail"), 1);
    assert_eq!((home.read(FILE), home.status("cursor/mail")), (with(&[("mail", MAIL)]), "approved".to_owned()));
    // Gone while its question waited, it asks for nothing.
    home.save(FILE, &with(&[("post", OTHER)]));
    guard.wait_about("held", "post");
    home.run(&["mode", "monitor"]).ok();
    home.save(FILE, &with(&[("third", r#"{ "command": "third" }"#)]));
    guard.wait_about("asked", "third");
    home.save(FILE, &with(&[]));
    guard.wait_about("settled", "third");
}

#[test]
fn of_repeated_keys_only_the_changed_one_is_held() {
    let home = Sandbox::new();
    home.write(FILE, &with(&[("mail", MAIL)]));
    let mut guard = home.watch();
    home.run(&["approve", "cursor/mail"]).ok();
    // The later one wins in most clients; the earlier one is the approved launch.
    home.save(FILE, &with(&[("mail", MAIL), ("mail", OTHER)]));
    guard.wait_about("held", "mail");
    assert_eq!(home.read(FILE), with(&[("mail", MAIL)]));
    let waiting = home.rows("mail").into_iter().find(|row| row["status"] == "held").expect("a held one");
    home.run(&["approve", waiting["id"].as_str().expect("an id")]).ok();
    assert_eq!(home.read(FILE), with(&[("mail", MAIL), ("mail", OTHER)]));
    guard.end();

    let home = Sandbox::new();
    home.write(FILE, &with(&[("mail", MAIL)]));
    let mut guard = home.watch();
    home.run(&["approve", "cursor/mail"]).ok();
    // The other way round the approved launch moves to the first place when the new one is taken out.
    home.save(FILE, &with(&[("mail", OTHER), ("mail", MAIL)]));
    guard.wait_about("held", "mail");
    assert_eq!(home.read(FILE), with(&[("mail", MAIL)]));
    guard.end();
    let _guard = home.watch();
    assert_eq!((home.status("cursor/mail"), home.read(FILE)), ("approved".to_owned(), with(&[("mail", MAIL)])));
}

#[test]
fn without_a_guard_nothing_is_held_until_somebody_looks() {
    let home = Sandbox::new();
    held(&home).end();
    home.save(FILE, &with(&[("post", OTHER)]));
    assert_eq!((home.status("cursor/post"), home.read(FILE)), ("new".to_owned(), with(&[("post", OTHER)])));
    let mut guard = home.watch();
    // Both are told at the start, the one that waited and the one that came.
    guard.wait_about_any("asked", &["mail"]);
    guard.wait_about_any("asked", &["post"]);
    assert_eq!((home.read(FILE), home.waiting()), (with(&[]), 2));
}
