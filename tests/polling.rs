//! A system that has no more watches to give: files are looked at all the same, and that is said.

use std::process::Command;

use serde_json::json;

use crate::support::{Sandbox, Watch, eventually, servers};

/// A guard with so many watches of a user namespace of its own. `None` where this machine lets its users make none.
fn watch_with(home: &Sandbox, watches: u32) -> Option<Watch> {
    let limited = |program: &str, args: &[&str]| {
        let script = format!("echo {watches} > /proc/sys/user/max_inotify_watches && exec \"$@\"");
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "sh", "-c", &script, "sh", program]).args(args);
        command.env_clear().env("HOME", home.home()).env("LANG", "C.UTF-8").current_dir(home.home());
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command
    };
    let tried = limited("true", &[]).output();
    if !tried.as_ref().is_ok_and(|output| output.status.success()) {
        eprintln!("NOT RUN: no limit of a test's own can be had here, so nothing was tried without watches: {tried:?}");
        return None;
    }
    Some(Watch::start(&mut limited(env!("CARGO_BIN_EXE_gatehouse"), &["watch", "--format", "json"])))
}

#[test]
fn without_watches_files_are_polled_and_coverage_says_so() {
    let home = Sandbox::new();
    let file = ".cursor/mcp.json";
    home.write(file, &servers("mcpServers", &[]));
    let Some(mut guard) = watch_with(&home, 2) else { return };
    let state = || {
        let scan = home.scan();
        let coverage = scan["coverage"].as_array().expect("coverage").clone();
        coverage.into_iter().find(|place| place["path"] == "~/.cursor/mcp.json").expect("the place")
    };
    eventually("it is said", || state()["state"] == "polling");
    assert!(state()["message"].as_str().is_some_and(|message| message.contains("two seconds")), "{}", state());
    home.save(file, &servers("mcpServers", &[("mail", r#"{ "command": "npx", "args": ["-y", "mail-mcp"] }"#)]));
    guard.wait_about("held", "mail");
    assert_eq!(home.row("cursor/mail")["status"], "held");
    assert!(home.run(&["log"]).ok().out.contains("no more watches"));
    // Once nobody polls, nothing is said to be polled; a guard with watches says so in the log.
    guard.end();
    assert_eq!(state()["state"], "read");
    let guard = home.watch();
    eventually("it is watched again", || home.run(&["log"]).ok().out.contains("Every file is watched again"));
    assert_eq!(state()["state"], json!("read"));
    drop(guard);
}
