//! A held entry whose place another launch has taken: it is told of, and can be brought back.

use crate::support::{Sandbox, Watch, servers};

const FILE: &str = ".cursor/mcp.json";
const OTHER: &str = ".config/Code/User/mcp.json";

const OLDER: &str = r#"{ "command": "npx", "args": ["-y", "mail-mcp", "--older"] }"#;
const NEWER: &str = r#"{ "command": "npx", "args": ["-y", "mail-mcp", "--newer"] }"#;

fn cursor(mail: Option<&str>) -> String {
    let files = ("files", r#"{ "command": "files" }"#);
    servers("mcpServers", &mail.map(|mail| ("mail", mail)).into_iter().chain([files]).collect::<Vec<_>>())
}

/// The older launch was held, and the newer one, which is approved for Visual Studio Code, stands in its place.
fn taken(home: &Sandbox) -> Watch {
    home.write(FILE, &cursor(None));
    home.write(OTHER, &servers("servers", &[("post", NEWER)]));
    let mut guard = home.watch();
    home.run(&["approve", "vscode/post"]).ok();
    home.save(FILE, &cursor(Some(OLDER)));
    guard.wait_about("held", "mail");
    home.save(FILE, &cursor(Some(NEWER)));
    guard.wait_about("allowed", "mail");
    assert_eq!(home.read(FILE), cursor(Some(NEWER)));
    guard
}

#[test]
fn what_is_held_behind_another_launch_is_told_and_comes_back_once_its_place_is_free() {
    let home = Sandbox::new();
    let mut guard = taken(&home);
    let row = home.row("cursor/mail");
    assert_eq!((&row["status"], &row["hold"], home.waiting()), (&"approved".into(), &serde_json::Value::Null, 0));
    assert_eq!(row["previous"]["runs"], "npx -y mail-mcp --older");
    assert_eq!(row["previous"]["approved"], false);
    let shown = home.run(&["show", "cursor/mail"]).ok().out;
    assert!(shown.contains("npx -y mail-mcp --older") && shown.contains("gatehouse release"), "{shown}");
    let said = home.refused(&["release", "cursor/mail"]);
    assert!(said.contains("npx -y mail-mcp --newer") && said.contains("Nothing was changed"), "{said}");
    home.refused(&["keep-approved", "cursor/mail"]);
    assert_eq!(home.read(FILE), cursor(Some(NEWER)));

    home.save(FILE, &cursor(None));
    assert_eq!(guard.wait_about("asked", "mail")["connector"]["runs"], "npx -y mail-mcp --older");
    assert_eq!((home.status("cursor/mail"), home.waiting()), ("held".to_owned(), 1));
    home.run(&["release", "cursor/mail"]).ok();
    assert_eq!(home.read(FILE), cursor(Some(OLDER)));
    assert_eq!(home.row("cursor/mail")["previous"], serde_json::Value::Null);
}

#[test]
fn an_approved_launch_is_put_back_in_place_of_the_one_that_took_its_place() {
    for guarded in [true, false] {
        let home = Sandbox::new();
        let mut guard = taken(&home);
        home.save(OTHER, &servers("servers", &[("post", NEWER), ("mail", OLDER)]));
        guard.wait_about("held", "mail");
        let run = home.run(&["approve", "vscode/mail"]);
        assert_eq!(run.code, Some(2), "one of its entries could not go back: {}", run.out);
        assert_eq!(home.row("cursor/mail")["previous"]["approved"], true);
        let said = home.refused(&["release", "cursor/mail"]);
        assert!(said.contains("gatehouse keep-approved"), "{said}");
        if guarded {
            home.run(&["keep-approved", "cursor/mail"]).ok();
        } else {
            guard.end();
            home.alone(&["keep-approved", "cursor/mail"]);
        }
        assert_eq!(home.read(FILE), cursor(Some(OLDER)));
        let row = home.row("cursor/mail");
        assert_eq!((&row["status"], &row["previous"]), (&"approved".into(), &serde_json::Value::Null));
        assert!(std::fs::read_dir(home.data().join("holds")).expect("a store").next().is_none(), "no bytes are kept");
    }
}

#[test]
fn holding_what_took_its_place_lets_the_approved_one_back() {
    let home = Sandbox::new();
    let mut guard = taken(&home);
    home.save(OTHER, &servers("servers", &[("post", NEWER), ("mail", OLDER)]));
    guard.wait_about("held", "mail");
    home.run(&["approve", "vscode/mail", "--note", "x"]);
    home.run(&["hold", "cursor/mail"]);
    assert_eq!(home.read(FILE), cursor(Some(OLDER)));
    let row = home.row("cursor/mail");
    assert_eq!((&row["status"], &row["previous"]["runs"]), (&"approved".into(), &"npx -y mail-mcp --newer".into()));
}
