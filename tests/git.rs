//! A project under git: its tracked `.mcp.json` changes with every branch, and what was answered once is not asked again.

use std::process::Command;

use serde_json::Value;

use crate::support::{Run, Sandbox, Watch, eventually, leaves_nothing, servers};

const PROJECT: &str = "work";

const FILE: &str = "work/.mcp.json";

const ENTRIES: usize = 50;

/// The entries of a branch.
fn names(branch: &str) -> Vec<String> {
    (0..ENTRIES).map(|number| format!("{branch}-{number:02}")).collect()
}

fn text(names: &[String]) -> String {
    let entry = |name: &String| format!("{{ \"command\": \"npx\", \"args\": [\"-y\", \"{name}-mcp@1.0.0\"] }}");
    let entries: Vec<_> = names.iter().map(|name| (name.as_str(), entry(name))).collect();
    servers("mcpServers", &entries.iter().map(|(name, body)| (*name, body.as_str())).collect::<Vec<_>>())
}

/// Runs git with nothing of this machine's settings.
fn git(home: &Sandbox, args: &[&str]) -> Run {
    let mut command = Command::new("git");
    command.env_clear().current_dir(home.path(PROJECT)).env("HOME", home.home());
    command.envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1"), ("LC_ALL", "C")]);
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    let identity = ["-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-c", "init.defaultBranch=one"];
    Run::of(command.args(identity).args(args).output().expect("git runs"))
}

/// A project with the branches `one` and `two`, of 50 entries each, on `one`, and in Claude Code's list; with a guard.
fn guarded() -> Option<(Sandbox, Watch)> {
    if Command::new("git").arg("--version").output().is_err() {
        eprintln!("NOT RUN: there is no git on this machine; nothing was seen of projects under it");
        return None;
    }
    let home = Sandbox::new();
    home.write(".claude.json", &format!("{{ \"projects\": {{ {:?}: {{}} }} }}\n", home.path(PROJECT).display()));
    home.write(FILE, &text(&names("one")));
    git(&home, &["init", "--quiet"]).ok();
    for branch in ["one", "two"] {
        if branch != "one" {
            git(&home, &["switch", "--quiet", "--create", branch]).ok();
        }
        home.write(FILE, &text(&names(branch)));
        git(&home, &["add", "."]).ok();
        git(&home, &["commit", "--quiet", "--message", branch]).ok();
    }
    git(&home, &["switch", "--quiet", "one"]).ok();
    let guard = home.watch();
    Some((home, guard))
}

/// The rows of the project's file by name, as far as `wanted`.
fn rows(home: &Sandbox, wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
    let scan = home.scan();
    let rows = scan["connectors"].as_array().expect("connectors").iter();
    rows.filter(|row| row["path"] == format!("~/{FILE}") && wanted(row)).cloned().collect()
}

/// How many entries of the ledger tell an event.
fn times(entries: &[Value], event: &str) -> usize {
    entries.iter().filter(|entry| entry["event"] == event).count()
}

/// Switches to a branch whose entries were all seen before, and waits until each of them is met again.
#[track_caller]
fn switch(home: &Sandbox, options: &[&str], branch: &str) -> Vec<Value> {
    let before = home.ledger_entries();
    git(home, &[&["switch", "--quiet"], options, &[branch]].concat()).ok();
    eventually(&format!("all of {branch} is met"), || times(&home.ledger_since(before), "appeared") == ENTRIES);
    home.ledger_since(before)
}

/// What git says of the project, once the old file of an exchange is gone.
fn status(home: &Sandbox) -> String {
    eventually("old files are gone", || leaves_nothing(&home.path(PROJECT)));
    git(home, &["status", "--porcelain"]).ok().out
}

#[test]
fn switching_branches_asks_about_each_entry_once() {
    let Some((home, mut guard)) = guarded() else { return };
    git(&home, &["switch", "--quiet", "two"]).ok();
    for name in names("two") {
        guard.wait_about_any("held", &[&name]);
    }
    assert!(home.read(FILE) == allowed_only(&[]));
    assert_eq!((status(&home).as_str(), home.waiting()), (CUT, 50));
    for row in rows(&home, |row| row["status"] == "held") {
        home.run(&["approve", row["id"].as_str().expect("an id")]).ok();
    }
    // What git has checked out stands there to the byte: nothing is in the way of the next switch.
    assert!(home.read(FILE) == text(&names("two")));
    assert_eq!((status(&home).as_str(), home.waiting()), ("", 0));
    let asked = guard.drain().iter().filter(|notice| notice["notice"] == "asked").count();
    assert_eq!(asked, ENTRIES);

    for branch in ["one", "two", "one", "two"] {
        let noted = switch(&home, &[], branch);
        assert_eq!(times(&noted, "asked") + times(&noted, "held") + times(&noted, "contested"), 0, "{noted:#?}");
        assert!(home.read(FILE) == text(&names(branch)), "{branch}");
        assert_eq!(status(&home), "", "{branch}");
        let status = if branch == "one" { "unreviewed" } else { "approved" };
        assert_eq!(rows(&home, |row| row["status"] == status && row["present"] == true).len(), ENTRIES, "{branch}");
    }
    let asked = guard.drain().iter().filter(|notice| notice["notice"] == "asked").count();
    assert_eq!((asked, home.waiting()), (ENTRIES, 0), "the second round asks nothing");
    assert_eq!(guard.end(), Some(0));
}

/// What git says of the file while something is out of it.
const CUT: &str = " M .mcp.json\n";

/// The file of the branch `two` with nothing but those of its first entries that may run.
fn allowed_only(allowed: &[String]) -> String {
    let all = text(&names("two"));
    let kept = text(allowed);
    if allowed.is_empty() {
        // The entries' lines go; the container's braces stay where they are.
        return "{\n  \"mcpServers\": {\n  }\n}\n".to_owned();
    }
    assert!(all.starts_with(&kept[..kept.len() - "\n  }\n}\n".len()]), "the allowed ones come first");
    kept
}

#[test]
fn what_is_kept_held_in_a_tracked_file_is_held_again_and_never_a_fight() {
    let Some((home, mut guard)) = guarded() else { return };
    git(&home, &["switch", "--quiet", "two"]).ok();
    for name in names("two") {
        guard.wait_about_any("held", &[&name]);
    }
    let (approved, kept) = (names("two")[..30].to_vec(), names("two")[30..].to_vec());
    for row in rows(&home, |row| row["status"] == "held") {
        let is_approved = approved.iter().any(|name| row["name"] == name.as_str());
        home.run(&[if is_approved { "approve" } else { "keep" }, row["id"].as_str().expect("an id")]).ok();
    }
    assert!(home.read(FILE) == allowed_only(&approved));
    assert_eq!((status(&home).as_str(), home.waiting()), (CUT, 0));
    // Git does not overwrite what it takes for the user's change; it says so, and the file stays.
    let refused = git(&home, &["switch", "--quiet", "one"]);
    assert!(refused.code != Some(0) && refused.err.contains(".mcp.json"), "{}", refused.err);
    assert!(home.read(FILE) == allowed_only(&approved));

    for _ in 0..2 {
        switch(&home, &["--discard-changes"], "one");
        assert!(home.read(FILE) == text(&names("one")));
        assert_eq!(status(&home), "");
        let noted = switch(&home, &[], "two");
        assert_eq!(times(&noted, "asked"), 0, "{noted:#?}");
        eventually("the kept ones are out again", || home.read(FILE) == allowed_only(&approved));
    }
    // Put back by git on the same branch, as often as a client that fights would do it.
    for _ in 0..4 {
        let before = home.ledger_entries();
        git(&home, &["restore", ".mcp.json"]).ok();
        eventually("all are held anew", || times(&home.ledger_since(before), "held") == kept.len());
        let noted = home.ledger_since(before);
        assert_eq!(times(&noted, "asked") + times(&noted, "contested"), 0, "git is nobody who fights: {noted:#?}");
        eventually("the kept ones are out again", || home.read(FILE) == allowed_only(&approved));
    }
    let held = rows(&home, |row| row["status"] == "held" && row["hold"]["state"] == "in-force");
    assert_eq!(held.len(), kept.len());
    assert_eq!(rows(&home, |row| row["status"] == "approved" && row["present"] == true).len(), approved.len());
    let asked = guard.drain().iter().filter(|notice| notice["notice"] == "asked").count();
    assert_eq!((asked, home.waiting()), (ENTRIES, 0));
    assert_eq!(guard.end(), Some(0));
}

#[test]
fn a_folder_that_only_asks_leaves_the_tracked_file_to_git() {
    let Some((home, mut guard)) = guarded() else { return };
    home.run(&["folder", PROJECT, "notify"]).ok();
    for round in 0..2 {
        git(&home, &["switch", "--quiet", "two"]).ok();
        if round == 0 {
            for name in names("two") {
                assert_eq!(guard.wait_about_any("asked", &[&name])["held"], false);
            }
            for row in rows(&home, |row| row["status"] == "new").iter().take(ENTRIES) {
                home.run(&["approve", row["id"].as_str().expect("an id")]).ok();
            }
        } else {
            eventually("all are there again", || rows(&home, |row| row["status"] == "approved").len() == ENTRIES);
        }
        assert!(home.read(FILE) == text(&names("two")));
        assert_eq!((status(&home).as_str(), home.waiting()), ("", 0));
        let noted = switch(&home, &[], "one");
        assert_eq!(times(&noted, "asked") + times(&noted, "held"), 0, "{noted:#?}");
        assert_eq!(status(&home), "");
    }
    let asked = guard.drain().iter().filter(|notice| notice["notice"] == "asked").count();
    assert_eq!(asked, ENTRIES);
    assert_eq!(guard.end(), Some(0));
}

/// A project under git with one entry that was there before, in Claude Code's list; with a guard.
fn tracked(home: &Sandbox, git_init: &[&str]) {
    home.write(".claude.json", &format!("{{ \"projects\": {{ {:?}: {{}} }} }}\n", home.path(PROJECT).display()));
    home.write(FILE, &servers("mcpServers", &[]));
    home.write("work/a-longer-name.txt", "");
    git(home, git_init).ok();
    git(home, &["add", "."]).ok();
    git(home, &["commit", "--quiet", "--message", "one"]).ok();
}

fn has_git() -> bool {
    Command::new("git").arg("--version").output().is_ok()
}

const ONE: (&str, &str) = ("one", "{ \"command\": \"npx\", \"args\": [\"-y\", \"one-mcp@1.0.0\"] }");

const TWO: (&str, &str) = ("two", "{ \"command\": \"npx\", \"args\": [\"-y\", \"two-mcp@1.0.0\"] }");

#[test]
fn the_first_cut_in_a_tracked_file_offers_to_ask_only_there_and_taking_it_up_puts_back_what_waits() {
    if !has_git() {
        return;
    }
    let home = Sandbox::new();
    tracked(&home, &["init", "--quiet"]);
    let mut guard = home.watch();
    home.save(FILE, &servers("mcpServers", &[TWO]));
    guard.wait_about("held", "two");
    let offer = guard.wait("folder-offered");
    assert_eq!((&offer["connector"]["name"], offer["folder"].as_str()), (&"two".into(), home.path(PROJECT).to_str()));
    let row = home.row("claude-code/two");
    assert_eq!(
        row["folder_offer"],
        home.path(PROJECT).to_str().expect("UTF-8").replace(home.home().to_str().expect("UTF-8"), "~")
    );
    for (language, words) in [("en", "git tracks .mcp.json"), ("es", "git sigue .mcp.json")] {
        let shown = home.run(&["--lang", language, "show", row["id"].as_str().expect("an id")]).ok().out;
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(shown.contains(words) && shown.contains("gatehouse folder ~/work notify --put-back"), "{shown}");
    }
    // Denied is decided: that stays out, whatever the folder's rule is.
    home.run(&["deny", "claude-code/two"]).ok();
    home.save(FILE, &servers("mcpServers", &[ONE]));
    guard.wait_about("held", "one");
    // Once for a folder.
    assert_eq!(home.row("claude-code/one")["folder_offer"], Value::Null);
    let said = home.run(&["folder", PROJECT, "notify", "--put-back"]).ok().out;
    assert!(said.contains("one (claude-code) is back in"), "{said}");
    assert_eq!(home.read(FILE), servers("mcpServers", &[ONE]));
    let row = home.row("claude-code/one");
    assert_eq!(
        (&row["status"], &row["hold"], row["question"]["kind"].as_str()),
        (&"new".into(), &Value::Null, Some("new"))
    );
    assert_eq!(home.row("claude-code/two")["status"], "denied");
    home.save(FILE, &servers("mcpServers", &[ONE, TWO]));
    guard.wait_about("held", "two");
    assert_eq!(home.read(FILE), servers("mcpServers", &[ONE]));
    // Holding it is an answer like any other.
    home.run(&["keep", "claude-code/one"]).ok();
    assert!(!home.read(FILE).contains("one-mcp"));
    assert_eq!(guard.count(&home, "folder-offered", "one") + guard.count(&home, "folder-offered", "two"), 1);
    assert_eq!(guard.end(), Some(0));
}

#[test]
fn what_git_tracks_is_told_for_every_kind_of_repository_and_nothing_else_is_offered() {
    if !has_git() {
        return;
    }
    type Prepare = fn(&Sandbox);
    let kinds: [(&str, bool, Prepare); 7] = [
        ("version 4", true, |home| {
            tracked(home, &["init", "--quiet"]);
            git(home, &["update-index", "--index-version", "4"]).ok();
        }),
        ("version 3", true, |home| {
            tracked(home, &["init", "--quiet"]);
            git(home, &["update-index", "--skip-worktree", "a-longer-name.txt"]).ok();
        }),
        ("SHA-256", true, |home| tracked(home, &["init", "--quiet", "--object-format=sha256"])),
        ("another work tree", true, |home| {
            home.write("main/.mcp.json", &servers("mcpServers", &[]));
            home.write("work/x", "");
            let main = home.path("main");
            let main = main.to_str().expect("UTF-8");
            git(home, &["-C", main, "init", "--quiet"]).ok();
            git(home, &["-C", main, "add", "."]).ok();
            git(home, &["-C", main, "commit", "--quiet", "--message", "one"]).ok();
            std::fs::remove_dir_all(home.path(PROJECT)).expect("it goes");
            let work = home.path(PROJECT);
            let mut add = Command::new("git");
            add.current_dir(main).env("HOME", home.home()).args(["worktree", "add", "--quiet", "-b", "two"]).arg(&work);
            Run::of(add.output().expect("git runs")).ok();
            home.write(".claude.json", &format!("{{ \"projects\": {{ {:?}: {{}} }} }}\n", work.display()));
        }),
        ("not added", false, |home| {
            tracked(home, &["init", "--quiet"]);
            git(home, &["rm", "--quiet", "--cached", ".mcp.json"]).ok();
        }),
        ("no repository", false, |home| {
            tracked(home, &["init", "--quiet"]);
            std::fs::remove_dir_all(home.path("work/.git")).expect("it goes");
        }),
        ("an index that is none", false, |home| {
            tracked(home, &["init", "--quiet"]);
            home.write("work/.git/index", "DIRC");
        }),
    ];
    for (kind, is_tracked, prepare) in kinds {
        let home = Sandbox::new();
        prepare(&home);
        let mut guard = home.watch();
        home.save(FILE, &servers("mcpServers", &[ONE]));
        guard.wait_about("held", "one");
        assert_eq!(home.row("claude-code/one")["folder_offer"] != Value::Null, is_tracked, "{kind}");
        assert_eq!(guard.end(), Some(0));
    }
}
