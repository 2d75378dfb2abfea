//! One writer: decisions under a guard, without one, two at once, and below a client's process.

use std::cell::RefCell;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Run, Sandbox, Terminal, Watch, eventually};

const FILE: &str = ".cursor/mcp.json";

const NO_GUARD: &str = "No guard is running: new connectors are not held until one is.";

fn entries(names: &[&str]) -> String {
    let entries: Vec<_> = names
        .iter()
        .map(|name| format!("    \"{name}\": {{ \"command\": \"npx\", \"args\": [\"{name}-mcp@1.0.0\"] }}"))
        .collect();
    format!("{{\n  \"mcpServers\": {{\n{}\n  }}\n}}\n", entries.join(",\n"))
}

/// A guard with `one` unreviewed and `two` held.
fn guarded() -> (Sandbox, Watch) {
    let home = Sandbox::new();
    home.write(FILE, &entries(&["one"]));
    let mut guard = home.watch();
    home.save(FILE, &entries(&["one", "two"]));
    guard.wait_about("held", "two");
    (home, guard)
}

fn signal(guard: &Watch, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(guard.child.id()).expect("a process id")).expect("a process id");
    kill_process(pid, signal).expect("the guard is there");
}

fn history(home: &Sandbox) -> String {
    home.run(&["log"]).ok().out
}

#[test]
fn a_second_guard_ends_and_names_the_first() {
    for (language, says) in [("en", "Another guard is running"), ("es", "Ya hay otro guardián en marcha")] {
        let (home, guard) = guarded();
        let second = home.run(&["--lang", language, "watch"]);
        assert_eq!(second.code, Some(2), "{}", second.err);
        assert!(second.err.contains(says) && second.err.contains(&guard.child.id().to_string()), "{}", second.err);
        let second = home.run(&["--lang", language, "watch", "--format", "json"]);
        assert_eq!(second.code, Some(2));
        let error = &second.json()["error"];
        assert_eq!(error["code"], "busy");
        assert!(error["message"].as_str().is_some_and(|text| text.contains(&guard.child.id().to_string())), "{error}");
        // The first goes on as before.
        home.run(&["approve", "cursor/two"]).ok();
        assert_eq!(home.read(FILE), entries(&["one", "two"]));
        assert_eq!(guard.end(), Some(0));
    }
}

#[test]
fn every_verb_works_under_a_guard_and_without() {
    // Verb, status of `two` afterwards, whether its entry is in the file.
    let verbs: [(&[&str], &str, bool); 6] = [
        (&["keep", "cursor/two"], "held", false),
        (&["hold", "cursor/two"], "held", false),
        (&["deny", "cursor/two"], "denied", false),
        (&["remove", "cursor/two"], "denied", false),
        (&["release", "cursor/two"], "released", true),
        (&["approve", "cursor/two", "--note", "from the team"], "approved", true),
    ];
    for is_guarded in [true, false] {
        for (verb, status, is_in_file) in verbs {
            let (home, guard) = guarded();
            let guard = if is_guarded {
                Some(guard)
            } else {
                assert_eq!(guard.end(), Some(0));
                None
            };
            let run = home.run(verb).ok();
            assert_eq!(run.err.contains(NO_GUARD), !is_guarded, "{verb:?}: {}", run.err);
            assert!(!run.out.is_empty(), "{verb:?} says nothing");
            assert_eq!(home.status("cursor/two"), status, "{verb:?}");
            assert_eq!(home.scan()["waiting"], 0, "{verb:?}");
            let names: &[&str] = if is_in_file { &["one", "two"] } else { &["one"] };
            assert_eq!(home.read(FILE), entries(names), "{verb:?}");
            assert_eq!(home.status("cursor/one"), "unreviewed");
            // Taken back, and the other direction.
            let run = home.run(&["revoke", "cursor/two"]).ok();
            assert_eq!(run.err.contains(NO_GUARD), !is_guarded);
            home.run(&["hold", "cursor/one"]).ok();
            assert_eq!(home.status("cursor/one"), "held");
            home.run(&["mode", "monitor"]).ok();
            home.run(&["mode", "ask"]).ok();
            home.run(&["pause", "30m"]).ok();
            home.run(&["pause", "off"]).ok();
            home.run(&["release", "--all"]).ok();
            assert_eq!(home.scan()["mode"], "monitor");
            assert_eq!(home.read(FILE), entries(&["one", "two"]), "{verb:?}");
            assert!(home.run(&["log", "--verify"]).ok().out.contains("The chain is whole"));
            if let Some(guard) = guard {
                assert_eq!(guard.end(), Some(0));
            }
        }
    }
}

/// Starts all at once and waits for all.
fn at_once(home: &Sandbox, verbs: &[[&str; 2]]) -> Vec<Run> {
    let spawn = |verb: &[&str; 2]| {
        let mut command = home.command();
        command.args(verb).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("gatehouse runs")
    };
    let children: Vec<_> = verbs.iter().map(spawn).collect();
    children.into_iter().map(|child| Run::of(child.wait_with_output().expect("it ends"))).collect()
}

#[test]
fn verbs_at_once_are_done_one_after_the_other() {
    let names = ["alpha", "beta", "delta", "gamma"];
    for is_guarded in [false, true] {
        let home = Sandbox::new();
        home.write(FILE, &entries(&[]));
        let mut guard = home.watch();
        home.save(FILE, &entries(&names));
        for _ in names {
            guard.wait("held");
        }
        let guard = if is_guarded {
            Some(guard)
        } else {
            assert_eq!(guard.end(), Some(0));
            None
        };
        let verbs = [
            ["approve", "cursor/alpha"],
            ["approve", "cursor/beta"],
            ["deny", "cursor/delta"],
            ["keep", "cursor/gamma"],
        ];
        for run in at_once(&home, &verbs) {
            let run = run.ok();
            assert_eq!(run.err.contains(NO_GUARD), !is_guarded, "{}", run.err);
        }
        let statuses = names.map(|name| home.status(&format!("cursor/{name}")));
        assert_eq!(statuses, ["approved", "approved", "denied", "held"]);
        let read: serde_json::Value = serde_json::from_str(&home.read(FILE)).expect("JSON");
        let mut left: Vec<_> = read["mcpServers"].as_object().expect("an object").keys().cloned().collect();
        left.sort();
        assert_eq!(left, ["alpha", "beta"]);
        assert!(home.run(&["log", "--verify"]).ok().out.contains("The chain is whole"));
        drop(guard);
    }
}

#[test]
fn a_guard_that_stands_still_changes_nothing_later_either() {
    let (home, mut guard) = guarded();
    signal(&guard, Signal::STOP);
    let runs = at_once(&home, &[["approve", "cursor/two"], ["deny", "cursor/one"]]);
    for run in &runs {
        assert_eq!(run.code, Some(2), "{}", run.err);
        assert!(run.err.contains("does not answer") && run.err.contains("nothing was changed"), "{}", run.err);
        assert!(run.err.contains(&guard.child.id().to_string()), "{}", run.err);
    }
    assert_eq!(home.read(FILE), entries(&["one"]));
    // Reading verbs need no guard.
    assert_eq!(home.status("cursor/two"), "held");
    signal(&guard, Signal::CONT);
    // What is held and answered after this was taken in after the two requests that had waited.
    home.save(FILE, &entries(&["one", "three"]));
    guard.wait_about("held", "three");
    home.run(&["keep", "cursor/three"]).ok();
    assert_eq!(home.status("cursor/two"), "held");
    assert_eq!(home.status("cursor/one"), "unreviewed");
    assert_eq!(home.scan()["waiting"], 1);
    assert_eq!(home.read(FILE), entries(&["one"]));
    let log = history(&home);
    assert!(!log.contains("approved") && !log.contains("denied"), "{log}");
    assert_eq!(guard.end(), Some(0));
}

/// Connections to the socket of the guard, as the kernel counts them; its listening socket is one line of its own.
#[cfg(target_os = "linux")]
fn connections(home: &Sandbox) -> usize {
    let socket = home.data().join("guard.sock").display().to_string();
    let table = std::fs::read_to_string("/proc/net/unix").expect("the kernel's table");
    table.lines().filter(|line| line.ends_with(&socket)).count().saturating_sub(1)
}

#[cfg(target_os = "linux")]
#[test]
fn a_guard_that_is_killed_with_a_request_in_hand_leaves_it_undone_and_says_so() {
    let (home, guard) = guarded();
    signal(&guard, Signal::STOP);
    let mut command = home.command();
    command.args(["approve", "cursor/two"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let verb = command.spawn().expect("gatehouse runs");
    eventually("the request is under way", || connections(&home) > 0);
    guard.kill();
    let run = Run::of(verb.wait_with_output().expect("it ends"));
    assert_eq!(run.code, Some(2), "{}{}", run.out, run.err);
    assert!(run.err.contains("The guard ended before it answered"), "{}", run.err);
    assert_eq!(home.read(FILE), entries(&["one"]));
    assert_eq!(home.status("cursor/two"), "held");
    assert_eq!(home.scan()["guard"]["running"], false);
    // Asked again without a guard it is done; the next guard finds all in order.
    home.run(&["approve", "cursor/two"]).ok();
    assert_eq!(home.read(FILE), entries(&["one", "two"]));
    let mut next = home.watch();
    assert_eq!(home.status("cursor/two"), "approved");
    assert!(next.drain().iter().all(|notice| notice["notice"] != "asked"));
    assert!(home.run(&["log", "--verify"]).ok().out.contains("The chain is whole"));
    assert_eq!(next.end(), Some(0));
}

/// Programs that run their arguments as a child, and that a client's processes are told by.
fn clients(home: &Sandbox) -> [(PathBuf, &'static str); 3] {
    let folder = home.path("bin");
    std::fs::create_dir_all(&folder).expect("a folder");
    let program = |name: &str, source: &Path| {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        // Copied by another process: a file that any thread here has open for writing cannot be started.
        assert!(Command::new("cp").arg(source).arg(&path).status().is_ok_and(|status| status.success()), "a copy");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("its mode");
        path
    };
    let script = |name: &str, text: &str| {
        home.write(&format!("bin/source/{name}"), text);
        home.path(&format!("bin/source/{name}"))
    };
    let plain = script("plain", "#!/bin/sh\n\"$@\"\nexit $?\n");
    // A wrapper between the client and the command hides nothing.
    let deep = script("deep", "#!/bin/sh\nsh -c '\"$@\"; exit $?' sh \"$@\"\nexit $?\n");
    [
        (program("claude", &plain), "script"),
        (program("shell/claude", Path::new("/bin/sh")), "shell"),
        (program("deep/claude", &deep), "deep"),
    ]
}

/// `gatehouse` with a client above it.
fn below(home: &Sandbox, (client, kind): &(PathBuf, &str), args: &[&str]) -> Run {
    let gatehouse = home.command();
    let mut command = Command::new(client);
    command.env_clear().current_dir(home.home()).stdin(Stdio::null());
    command.envs(gatehouse.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if *kind == "shell" {
        command.args(["-c", "\"$@\"; exit $?", "sh"]);
    }
    Run::of(command.arg(gatehouse.get_program()).args(args).output().expect("it runs"))
}

#[test]
fn below_a_client_without_a_desk_it_is_done_and_recorded() {
    for is_guarded in [true, false] {
        let (home, guard) = guarded();
        let guard = if is_guarded {
            Some(guard)
        } else {
            assert_eq!(guard.end(), Some(0));
            None
        };
        for client in &clients(&home) {
            let run = below(&home, client, &["approve", "cursor/two"]).ok();
            assert!(!run.out.contains("question at the desk"), "{}", run.out);
            assert_eq!(home.status("cursor/two"), "approved");
            assert_eq!(home.read(FILE), entries(&["one", "two"]));
            let log = history(&home);
            let last = log.lines().rfind(|line| line.contains("approved,")).expect("the decision").to_owned();
            let log = log.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(log.contains("in a terminal, below Claude Code"), "{last} in {log}");
            let json = home.run(&["log", "--format", "json"]).ok().json().to_string();
            assert!(json.contains(r#""client":"claude-code""#), "{json}");
            home.run(&["hold", "cursor/two"]).ok();
        }
        drop(guard);
    }
}

#[test]
fn below_a_client_it_becomes_a_question_at_the_guards_terminal() {
    for (language, prompt, by, says) in [
        ("en", "[n] later", "Asked by Claude Code: ", "This was asked for by Claude Code"),
        ("es", "[n] más tarde", "Lo pide Claude Code: ", "Lo pidió Claude Code"),
    ] {
        let home = Sandbox::new();
        let clients = clients(&home);
        home.write(FILE, &entries(&["one"]));
        let mut command = home.command();
        command.args(["--lang", language, "watch"]);
        let mut guard = Terminal::start(command);
        guard.wait(if language == "en" { "files" } else { "archivos" });
        home.save(FILE, &entries(&["one", "two"]));
        guard.wait(prompt);
        guard.type_in("n\n");
        for client in &clients {
            for (verb, word) in [("approve", ["approve", "aprobar"]), ("release", ["release", "liberar"])] {
                let run = below(&home, client, &["--lang", language, verb, "cursor/two"]).ok();
                assert!(run.out.contains(says), "{}", run.out);
                let word = word[usize::from(language == "es")];
                guard.wait(&format!("{by}{word}"));
                guard.wait(prompt);
                assert_eq!(home.status("cursor/two"), "held");
                assert_eq!(home.read(FILE), entries(&["one"]));
                guard.type_in("n\n");
            }
        }
        // What makes things stricter needs nobody.
        below(&home, &clients[0], &["keep", "cursor/two"]).ok();
        assert_eq!(home.scan()["waiting"], 0);
        // Looser modes are told at the desk and not done.
        for verb in [&["mode", "monitor"] as &[&str], &["pause"], &["release", "--all"], &["folder", ".", "ignore"]] {
            let run = below(&home, &clients[0], &[&["--lang", language], verb].concat()).ok();
            assert!(run.out.contains(says), "{verb:?}: {}", run.out);
            guard.wait("Claude Code");
            assert_eq!(home.scan()["mode"], "ask");
        }
        assert_eq!(home.read(FILE), entries(&["one"]));
        // Asked for a connector that runs, nothing happens to it before somebody answers.
        below(&home, &clients[0], &["approve", "cursor/one"]).ok();
        guard.wait(by);
        guard.wait(prompt);
        assert_eq!(home.read(FILE), entries(&["one"]));
        guard.type_in("a\n");
        eventually("it is approved at the desk", || home.status("cursor/one") == "approved");
        assert_eq!(home.row("cursor/one")["approval"]["by"], "desk");
        guard.type_in("\u{3}");
        let (code, text) = guard.ended();
        assert_eq!(code, Some(0), "{text}");
    }
}

#[test]
fn a_running_connector_that_a_client_asks_for_is_not_held_by_enter() {
    let home = Sandbox::new();
    home.write(FILE, &entries(&["one"]));
    let mut command = home.command();
    command.arg("watch");
    let mut guard = Terminal::start(command);
    guard.wait("Guarding");
    below(&home, &clients(&home)[0], &["approve", "cursor/one"]).ok();
    guard.wait("[n] later (Enter)");
    guard.type_in("\n");
    guard.wait("Later.");
    assert_eq!(home.read(FILE), entries(&["one"]));
    assert_eq!(home.status("cursor/one"), "unreviewed");
    guard.type_in("\u{3}");
    assert_eq!(guard.ended().0, Some(0));
}

#[test]
fn approvals_from_a_terminal_can_be_left_to_the_desk_or_switched_off() {
    // Setting, whether somebody sits at the guard, exit code of `approve`, what it says.
    let table = [
        ("desk", false, Some(2), "no desk is running"),
        ("desk", true, Some(0), "question at the desk"),
        ("never", false, Some(2), "switched off"),
        ("never", true, Some(2), "switched off"),
    ];
    for (setting, has_desk, code, says) in table {
        let home = Sandbox::new();
        home.write(FILE, &entries(&["one"]));
        assert!(home.run(&["cli-approvals"]).ok().out.starts_with("allow: "));
        let (mut desk, mut guard) = (None, None);
        if has_desk {
            let mut command = home.command();
            command.arg("watch");
            let mut terminal = Terminal::start(command);
            terminal.wait("Guarding");
            home.save(FILE, &entries(&["one", "two"]));
            terminal.wait("[n] later");
            desk = Some(terminal);
        } else {
            let mut watch = home.watch();
            home.save(FILE, &entries(&["one", "two"]));
            watch.wait_about("held", "two");
            guard = Some(watch);
        }
        assert!(home.run(&["cli-approvals", setting]).ok().out.starts_with(&format!("{setting}: ")));
        assert!(home.run(&["cli-approvals"]).ok().out.starts_with(&format!("{setting}: ")));
        assert!(history(&home).contains("Approvals from a terminal"), "it is recorded");
        for verb in ["approve", "release"] {
            let run = home.run(&[verb, "cursor/two"]);
            assert_eq!(run.code, code, "{setting} {verb}: {}{}", run.out, run.err);
            let text = format!("{}{}", run.out, run.err);
            assert!(text.contains(says), "{setting} {verb}: {text}");
            assert_eq!(home.status("cursor/two"), "held");
            assert_eq!(home.read(FILE), entries(&["one"]));
        }
        // It is not taken back by the way that it closes.
        for looser in ["allow", "desk"].iter().filter(|looser| **looser != setting) {
            let run = home.run(&["cli-approvals", looser]);
            assert_eq!(run.code, code, "{setting} → {looser}: {}{}", run.out, run.err);
            assert!(home.run(&["cli-approvals"]).ok().out.starts_with(&format!("{setting}: ")));
        }
        assert_eq!(home.run(&["mode", "monitor"]).code, code);
        assert_eq!(home.scan()["mode"], "ask");
        home.run(&["hold", "cursor/one"]).ok();
        assert_eq!(home.status("cursor/one"), "held");
        if let Some(desk) = desk {
            // Who sits at the guard decides, whatever is set for other terminals. A card that has just changed takes
            // the answer a moment later.
            let desk = RefCell::new(desk);
            eventually("the desk decides", || {
                let is_approved = home.status("cursor/two") == "approved";
                if !is_approved {
                    desk.borrow_mut().type_in("a\n");
                }
                is_approved
            });
            let mut desk = desk.into_inner();
            if setting == "desk" {
                desk.wait("Asked in another terminal: approve.");
                desk.wait("In another terminal somebody asked for `mode monitor`");
            }
            desk.type_in("\u{3}");
            assert_eq!(desk.ended().0, Some(0));
        }
        drop(guard);
    }
}
