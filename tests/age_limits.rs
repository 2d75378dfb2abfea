//! The package managers' own age limit: told where it matters, written on request alone, and taken back byte for byte.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Sandbox, eventually, leaves_nothing, servers};

const CURSOR: &str = ".cursor/mcp.json";
const NPMRC: &str = ".npmrc";
const UV: &str = ".config/uv/uv.toml";

/// With a secret, a comment, Windows line ends and no line end at the end.
const SETTINGS: &str = "; mine\r\n//registry.example/:_authToken=s3cr3t-t0ken\r\nfund = false";

fn limit(home: &Sandbox, tool: &str) -> Value {
    let all = home.run(&["age-limit", "--format", "json"]).ok().json();
    let all = all["age_limits"].as_array().expect("a list");
    all.iter().find(|limit| limit["tool"] == tool).expect("each tool is told").clone()
}

fn standing(home: &Sandbox, tool: &str) -> String {
    limit(home, tool)["standing"].as_str().expect("a word").to_owned()
}

#[test]
fn a_limit_is_written_beside_what_stands_there_and_taken_back() {
    let home = Sandbox::new();
    home.write(NPMRC, SETTINGS);
    let _guard = home.watch();
    assert_eq!(standing(&home, "npm"), "not-set");
    let said = home.run(&["age-limit", "npm", "--set"]).ok();
    assert!(said.out.contains("min-release-age is 14 (~/.npmrc)") && said.out.contains("--undo"), "{}", said.out);
    assert_eq!(home.read(NPMRC), format!("{SETTINGS}\r\nmin-release-age=14"));
    assert_eq!(limit(&home, "npm")["can_be_undone"], true);
    // Said twice, it is said once.
    let entries = home.ledger_entries();
    home.run(&["age-limit", "npm", "--set"]).ok();
    assert_eq!(home.ledger_entries(), entries);
    home.run(&["age-limit", "npm", "--set=30"]).ok();
    assert_eq!(home.read(NPMRC), format!("{SETTINGS}\r\nmin-release-age=30"));
    home.run(&["age-limit", "npm", "--undo"]).ok();
    assert_eq!(home.read(NPMRC), format!("{SETTINGS}\r\nmin-release-age=14"));
    home.run(&["age-limit", "npm", "--undo"]).ok();
    assert_eq!(home.read(NPMRC), SETTINGS);
    let said = home.refused(&["age-limit", "npm", "--undo"]);
    assert!(said.contains("no age limit for npm"), "{said}");
    eventually("no old file is left", || leaves_nothing(&home.home()));
    // Of the file nothing but the line went into the ledger.
    let log = home.run(&["log", "--format", "json"]).ok().out;
    assert!(log.contains("age-limit-intended") && log.contains("age-limit-written"), "{log}");
    assert!(!log.contains("s3cr3t") && !log.contains("_authToken"), "{log}");
    let spanish = home.run(&["--lang", "es", "log"]).ok().out;
    assert!(spanish.contains("límite de edad") && spanish.contains("14 días"), "{spanish}");
    home.run(&["log", "--verify"]).ok();
}

#[test]
fn without_a_file_one_is_made_for_the_user_alone_and_goes_again() {
    for (tool, file, text) in [("npm", NPMRC, "min-release-age=14\n"), ("uv", UV, "exclude-newer = \"14 days\"\n")] {
        let home = Sandbox::new();
        home.alone(&["age-limit", tool, "--set"]);
        assert_eq!((home.read(file), standing(&home, tool)), (text.to_owned(), "enough".to_owned()));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(home.path(file)).expect("it is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        home.alone(&["age-limit", tool, "--undo"]);
        assert!(!home.path(file).exists() && leaves_nothing(home.path(file).parent().expect("a folder")));
        assert_eq!(standing(&home, tool), "not-set");
    }
}

#[test]
fn a_limit_of_uv_stands_above_the_tables() {
    let home = Sandbox::new();
    let before = "# mine\noffline = true # why\n\n[[index]]\nurl = \"https://u:s3cr3t@registry.example/simple\"\n";
    home.write(UV, before);
    home.alone(&["age-limit", "uv", "--set=21"]);
    let expect = before.replace("# why\n", "# why\nexclude-newer = \"21 days\"\n");
    assert_eq!(home.read(UV), expect);
    home.alone(&["age-limit", "uv", "--undo"]);
    assert_eq!(home.read(UV), before);
    // What stands there already is exchanged, and comes back as it was written.
    let before = before.replace("offline = true", "exclude-newer = '3 days'");
    home.write(UV, &before);
    assert_eq!(standing(&home, "uv"), "too-short");
    home.alone(&["age-limit", "uv", "--set"]);
    assert_eq!(home.read(UV), before.replace("'3 days'", "\"14 days\""));
    home.alone(&["age-limit", "uv", "--undo"]);
    assert_eq!(home.read(UV), before);
    assert!(!home.run(&["log", "--format", "json"]).ok().out.contains("s3cr3t"));
}

#[test]
fn what_was_changed_since_is_not_taken_back() {
    let home = Sandbox::new();
    home.write(NPMRC, "fund=false\n");
    home.alone(&["age-limit", "npm", "--set"]);
    let changed = home.read(NPMRC) + "audit=false\n";
    home.write(NPMRC, &changed);
    let said = home.refused(&["age-limit", "npm", "--undo"]);
    assert!(said.contains("changed since"), "{said}");
    assert_eq!(home.read(NPMRC), changed);
    // As it was left, it can be.
    home.write(NPMRC, "fund=false\nmin-release-age=14\n");
    home.alone(&["age-limit", "npm", "--undo"]);
    assert_eq!(home.read(NPMRC), "fund=false\n");
    home.alone(&["age-limit", "npm", "--set"]);
    fs::remove_file(home.path(NPMRC)).expect("it is there");
    assert!(home.refused(&["age-limit", "npm", "--undo"]).contains("changed since"));
    assert!(!home.path(NPMRC).exists());
}

#[test]
fn what_cannot_be_edited_for_certain_stays_as_it_is() {
    let check = |tool: &str, file: &str, before: &str, expect: &str| {
        let home = Sandbox::new();
        home.write(file, before);
        let said = home.refused(&["age-limit", tool, "--set"]);
        assert!(said.contains(expect), "{said}");
        assert_eq!((home.read(file), standing(&home, tool) == "enough"), (before.to_owned(), false));
    };
    check("npm", NPMRC, "before=2099-01-01\n", "before is set too");
    check("npm", NPMRC, "min-release-age[]=3\n", "list");
    check("npm", NPMRC, "min-release-age\n", "without a value");
    check("uv", UV, "a = \n", "line 1");
    let home = Sandbox::new();
    home.write(NPMRC, "");
    fs::hard_link(home.path(NPMRC), home.path("other")).expect("a second name");
    assert!(home.refused(&["age-limit", "npm", "--set"]).contains("hard links"));
    let home = Sandbox::new();
    fs::create_dir(home.path(NPMRC)).expect("a folder");
    assert!(home.refused(&["age-limit", "npm", "--set"]).contains("regular file"));
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_and_stays() {
    let home = Sandbox::new();
    home.write("dotfiles/npmrc", "fund=false\n");
    std::os::unix::fs::symlink(home.path("dotfiles/npmrc"), home.path(NPMRC)).expect("a link");
    home.alone(&["age-limit", "npm", "--set"]);
    assert_eq!(home.read("dotfiles/npmrc"), "fund=false\nmin-release-age=14\n");
    assert!(home.path(NPMRC).is_symlink() && leaves_nothing(&home.path("dotfiles")));
    home.alone(&["age-limit", "npm", "--undo"]);
    assert_eq!(home.read("dotfiles/npmrc"), "fund=false\n");
    // Where it leads nowhere, nothing is made in its place.
    fs::remove_file(home.path("dotfiles/npmrc")).expect("it is there");
    home.refused(&["age-limit", "npm", "--set"]);
    assert!(home.path(NPMRC).is_symlink() && !home.path("dotfiles/npmrc").exists());
}

#[test]
fn a_floating_connector_tells_the_limit_that_it_runs_under() {
    let home = Sandbox::new();
    home.write(
        CURSOR,
        &servers(
            "mcpServers",
            &[
                ("floats", r#"{ "command": "npx", "args": ["-y", "mail-mcp"] }"#),
                ("fixed", r#"{ "command": "npx", "args": ["-y", "mail-mcp@1.0.15"] }"#),
                ("told", r#"{ "command": "npx", "args": ["-y", "mail-mcp"], "env": { "npm_config_min_release_age": "3" } }"#),
                ("flag", r#"{ "command": "npx", "args": ["-y", "--min-release-age=20", "mail-mcp", "--before", "2000-01-01"] }"#),
                ("let-out", r#"{ "command": "npx", "args": ["-y", "@own/mail-mcp"] }"#),
                ("snake", r#"{ "command": "uvx", "args": ["mail-mcp"] }"#),
                ("no-file", r#"{ "command": "uvx", "args": ["--no-config", "mail-mcp"] }"#),
                ("bun", r#"{ "command": "bunx", "args": ["mail-mcp"] }"#),
                ("pnpm", r#"{ "command": "pnpm", "args": ["dlx", "mail-mcp"] }"#),
                ("script", r#"{ "command": "node", "args": ["/srv/a.js"] }"#),
            ],
        ),
    );
    home.write(NPMRC, "min-release-age=14\nmin-release-age-exclude[]=@own/*\nminimum-release-age=1440\n");
    home.write(UV, "exclude-newer = \"2 weeks\"\n");
    home.write(".bunfig.toml", "[install]\nminimumReleaseAge = 1209600\n");
    let of = |name: &str| {
        let limit = home.row(&format!("cursor/{name}"))["age_limit"].clone();
        (limit["value"].clone(), limit["from"].clone(), limit["standing"].clone())
    };
    assert_eq!(of("floats"), (json!("14"), json!("~/.npmrc"), json!("enough")));
    assert_eq!(of("told"), (json!("3"), json!("npm_config_min_release_age"), json!("too-short")));
    assert_eq!(of("flag"), (json!("20"), json!("--min-release-age"), json!("enough")));
    assert_eq!(of("let-out"), (json!("14"), json!("~/.npmrc"), json!("exempt")));
    assert_eq!(of("snake"), (json!("2 weeks"), json!("~/.config/uv/uv.toml"), json!("enough")));
    assert_eq!(of("no-file"), (Value::Null, Value::Null, json!("not-set")));
    assert_eq!(of("bun"), (json!("1209600"), json!("~/.bunfig.toml"), json!("enough")));
    assert_eq!(of("pnpm"), (json!("1440"), json!("~/.npmrc"), json!("too-short")));
    for name in ["fixed", "script"] {
        assert_eq!(home.row(&format!("cursor/{name}"))["age_limit"], Value::Null, "{name}");
    }
    let all = home.scan()["age_limits"].clone();
    let tools: Vec<_> = all.as_array().expect("a list").iter().map(|limit| &limit["tool"]).collect();
    assert_eq!(tools, ["npm", "uv", "bun", "pnpm"]);
    let shown = home.run(&["show", "cursor/told"]).ok().out.replace(['\n', ' '], "");
    assert!(shown.contains("min-release-ageis3(npm_config_min_release_age)"), "{shown}");
    assert!(shown.contains("age-limitnpm--set"), "{shown}");
}

#[test]
fn doctor_says_whether_new_versions_wait() {
    let home = Sandbox::new();
    let lines = || {
        let checks = home.run(&["doctor", "--format", "json"]).json();
        let checks = checks["checks"].as_array().expect("a list").clone();
        let own =
            checks.into_iter().filter(|check| check["name"].as_str().is_some_and(|it| it.starts_with("age-limit")));
        own.map(|check| (check["state"].clone(), check["message"].as_str().expect("a text").to_owned()))
            .collect::<Vec<_>>()
    };
    // Nothing is started by a package manager, and none was told anything.
    assert_eq!(lines(), []);
    home.write(CURSOR, &servers("mcpServers", &[("mail", r#"{ "command": "npx", "args": ["-y", "mail-mcp"] }"#)]));
    let found = lines();
    assert_eq!((found.len(), &found[0].0), (1, &json!("note")));
    assert!(found[0].1.contains("npm runs a new version at once") && found[0].1.contains("--set"), "{found:?}");
    home.alone(&["age-limit", "npm", "--set"]);
    let found = lines();
    assert_eq!((found.len(), &found[0].0), (1, &json!("good")));
    assert!(found[0].1.contains("min-release-age is 14"), "{found:?}");
}

#[test]
fn words_that_mean_nothing_are_told_apart() {
    let home = Sandbox::new();
    for args in [
        &["age-limit", "--set"][..],
        &["age-limit", "npm", "--set=0"],
        &["age-limit", "npm", "--set", "--undo"],
        &["age-limit", "bun", "--set"],
    ] {
        let run = home.run(args);
        assert_eq!(run.code, Some(1), "{args:?}: {}", run.err);
    }
    assert!(!home.path(NPMRC).exists());
    let said = home.run(&["--lang", "es", "age-limit"]).ok().out;
    assert!(said.contains("npm ejecuta cada versión nueva al momento"), "{said}");
}
