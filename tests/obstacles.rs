//! Answers when the file is not as it was: gone, broken, not to be written, or with something else at the route.

use std::path::Path;

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

/// Mode, owner and group of the file at the end of all links.
#[cfg(unix)]
fn facts(path: &Path) -> (u32, u32, u32) {
    use std::os::unix::fs::MetadataExt as _;
    let meta = std::fs::metadata(path).expect("there");
    (meta.mode(), meta.uid(), meta.gid())
}

#[cfg(unix)]
#[test]
fn mode_owner_and_links_stay_through_a_hold_and_a_release() {
    use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
    let codex = |more: &str| format!("model = \"m\"\n\n[mcp_servers.files]\ncommand = \"files\"\n{more}");
    let mail = "\n[mcp_servers.mail]\ncommand = \"mail\"\n";
    let files = [
        (FILE, "cursor/mail", with(&[]), with(&[("mail", MAIL)])),
        (".codex/config.toml", "codex/mail", codex(""), codex(mail)),
    ];
    let group = rustix::process::geteuid().is_root().then_some(1234);
    for mode in [0o600, 0o644, 0o640, 0o400, 0o444] {
        for (file, which, old, new) in &files {
            for is_linked in [false, true] {
                let home = Sandbox::new();
                let links = [home.path(file), home.path("dotfiles/link")];
                let target = if is_linked { home.path("dotfiles/real") } else { home.path(file) };
                let save = |text: &str| {
                    let temp = home.path("temp");
                    std::fs::write(&temp, text).expect("written");
                    chown(&temp, None, group).expect("given");
                    std::fs::set_permissions(&temp, std::fs::Permissions::from_mode(mode)).expect("rights");
                    std::fs::rename(temp, &target).expect("renamed");
                };
                std::fs::create_dir_all(links[0].parent().expect("a folder")).expect("folders");
                std::fs::create_dir_all(home.path("dotfiles")).expect("a folder");
                if is_linked {
                    symlink("../dotfiles/link", &links[0]).expect("a link");
                    symlink(&target, &links[1]).expect("a link");
                }
                let read_links = || links.each_ref().map(|link| std::fs::read_link(link).ok());
                save(old);
                let before = (facts(&target), read_links());
                let mut guard = home.watch();
                save(new);
                guard.wait_about("held", "mail");
                assert_ne!(home.read(file), *new, "{file} {mode:o} {is_linked}");
                assert_eq!((facts(&target), read_links()), before, "held: {file} {mode:o} {is_linked}");
                home.run(&["approve", which]).ok();
                assert_eq!(home.read(file), *new, "{file} {mode:o} {is_linked}");
                assert_eq!((facts(&target), read_links()), before, "released: {file} {mode:o} {is_linked}");
                assert_eq!(guard.end(), Some(0));
            }
        }
    }
}
