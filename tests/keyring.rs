//! The states of the ledger's key with a real secret store on a private bus, and with one that never answers.
//!
//! Needs `dbus-run-session`, `dbus-send` and `gnome-keyring-daemon`. Where one is missing the tests say SKIPPED, or
//! fail with `GATEHOUSE_KEYRING=required`.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::support::{Run, Sandbox, eventually, leaves_nothing, servers};
use crate::web::{Asked, Says, Web};

/// Obeys one line after the other: starts a keyring (with a password, or locked), freezes, stops, resets it.
const SCRIPT: &str = r#"
owned() { dbus-send --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets | grep -q true; }
echo "$DBUS_SESSION_BUS_ADDRESS"
while read -r verb password; do
    case $verb in
    start)
        printf %s "$password" | gnome-keyring-daemon --unlock --components=secrets --foreground >/dev/null 2>&1 &
        daemon=$!
        until owned; do kill -0 $daemon || exit 99; done ;;
    start-locked)
        gnome-keyring-daemon --components=secrets --foreground </dev/null >/dev/null 2>&1 &
        daemon=$!
        until owned; do kill -0 $daemon || exit 99; done ;;
    freeze) kill -STOP $daemon ;;
    stop) kill -CONT $daemon; kill $daemon; wait $daemon; daemon= ;;
    reset) rm -r "$XDG_DATA_HOME/keyrings" ;;
    esac
    echo done
done
[ -z "$daemon" ] || { kill -CONT $daemon; kill $daemon; }
"#;

/// A bus that starts nothing by itself.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
"#;

struct Bus {
    child: Child,
    say: Option<ChildStdin>,
    hear: BufReader<ChildStdout>,
}

impl Bus {
    /// Starts a bus without a keyring, for everything that runs in the home. `None` = the tools are not here.
    fn start(home: &mut Sandbox) -> Option<Self> {
        if !tools_are_here() {
            return None;
        }
        let folder = home.path("../bus");
        for part in ["", "run", "share"] {
            fs::DirBuilder::new().mode(0o700).create(folder.join(part)).expect("own folder");
        }
        fs::write(folder.join("bus.conf"), BUS).expect("own folder");
        let mut child = Command::new("dbus-run-session")
            .arg("--config-file")
            .arg(folder.join("bus.conf"))
            .args(["--", "sh", "-c", SCRIPT])
            .env("HOME", &folder)
            .env("XDG_RUNTIME_DIR", folder.join("run"))
            .env("XDG_DATA_HOME", folder.join("share"))
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the bus starts");
        let say = child.stdin.take();
        let hear = BufReader::new(child.stdout.take().expect("its output"));
        let mut bus = Self { child, say, hear };
        home.env.push(("DBUS_SESSION_BUS_ADDRESS".to_owned(), bus.line()));
        Some(bus)
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.hear.read_line(&mut line).expect("the bus answers");
        line.trim().to_owned()
    }

    #[track_caller]
    fn tell(&mut self, what: &str) {
        let say = self.say.as_mut().expect("it is open until the end");
        writeln!(say, "{what}").expect("the bus listens");
        assert_eq!(self.line(), "done", "{what}");
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        drop(self.say.take());
        let _ = self.child.wait();
    }
}

fn tools_are_here() -> bool {
    let is_here =
        |tool: &&str| Command::new(tool).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    let tools = ["dbus-run-session", "dbus-send", "gnome-keyring-daemon"];
    let missing: Vec<_> = tools.into_iter().filter(|tool| !is_here(tool)).collect();
    if missing.is_empty() {
        return true;
    }
    let required = std::env::var_os("GATEHOUSE_KEYRING").is_some_and(|value| value == "required");
    assert!(!required, "the keyring tests are required, but {missing:?} cannot be started");
    let text = format!("SKIPPED: the keyring tests need {missing:?}\n");
    std::io::stderr().write_all(text.as_bytes()).expect("standard error is open");
    false
}

const FILE: &str = ".cursor/mcp.json";

fn config(names: &[&str]) -> String {
    let entry = |name: &&str| format!("\"{name}\": {{ \"command\": \"npx\", \"args\": [\"-y\", \"{name}-mcp\"] }}");
    let entries: Vec<_> = names.iter().map(entry).collect();
    format!("{{\n  \"mcpServers\": {{\n    {}\n  }}\n}}\n", entries.join(",\n    "))
}

/// One guard's life: `base` is there, `name` is held and approved.
fn approve(home: &Sandbox, before: &[&str], name: &str) {
    home.write(FILE, &config(before));
    let guard = home.watch();
    hold_and_approve(home, guard, before, name);
}

fn hold_and_approve(home: &Sandbox, mut guard: crate::support::Watch, before: &[&str], name: &str) {
    home.save(FILE, &config(&[before, &[name]].concat()));
    guard.wait_about("held", name);
    home.run(&["approve", &format!("cursor/{name}")]).ok();
    assert_eq!(home.status(&format!("cursor/{name}")), "approved");
    eventually("old files are gone", || leaves_nothing(&home.path(".cursor")));
    assert_eq!(guard.end(), Some(0));
}

fn verified(home: &Sandbox) -> (String, u64, u64) {
    let found = home.run(&["log", "--verify", "--format", "json"]).ok().json()["verified"].clone();
    assert_eq!(found["state"], "sound");
    let number = |of: &str| found[of].as_u64().expect("a number");
    (found["key"].as_str().expect("a state").to_owned(), number("sealed"), number("unsealed"))
}

fn shown(home: &Sandbox) -> String {
    home.run(&["status", "--format", "json"]).ok().json()["ledger"].as_str().expect("a state").to_owned()
}

fn alarms(notices: &[Value]) -> usize {
    notices.iter().filter(|notice| notice["notice"] == "ledger").count()
}

#[test]
fn without_a_bus_the_chain_has_no_key() {
    let home = Sandbox::new();
    approve(&home, &["base"], "one");
    let (key, sealed, unsealed) = verified(&home);
    assert_eq!((key.as_str(), sealed), ("none", 0));
    assert!(unsealed > 0);
    assert_eq!(shown(&home), "none");
}

#[test]
fn an_open_keyring_seals_and_remembers() {
    let mut home = Sandbox::new();
    let Some(mut bus) = Bus::start(&mut home) else { return };
    bus.tell("start pw");
    approve(&home, &["base"], "one");
    let (key, sealed, unsealed) = verified(&home);
    assert_eq!((key.as_str(), unsealed, shown(&home).as_str()), ("keyed", 0, "keyed"));
    assert!(sealed > 0);

    // Of everything else nothing is left: the keyring alone tells that this is no first run.
    fs::remove_dir_all(home.data()).expect("own folder");
    fs::remove_dir_all(home.path(".config/gatehouse")).expect("own folder");
    let mut guard = home.watch();
    assert_eq!(home.read(FILE), config(&["base", "one"]), "nothing in force is cut");
    assert_eq!(home.status("cursor/one"), "unreviewed");
    assert_eq!(alarms(guard.drain()), 1, "{:#?}", guard.seen);
    // A guard that is killed does not come to the end where it tells the keyring how far it came.
    let log = home.run(&["log", "--format", "json"]).ok().json();
    let lost = log["entries"].as_array().expect("entries").iter().find(|e| e["event"] == "ledger-lost").cloned();
    assert!(lost.expect("it is recorded")["told_by"].to_string().contains("keyring"));
    home.run(&["approve", "cursor/one"]).ok();
    guard.kill();
    let mut again = home.watch();
    assert_eq!(home.status("cursor/one"), "approved");
    assert_eq!(alarms(again.drain()), 0, "{:#?}", again.seen);
    assert_eq!(again.end(), Some(0));
    assert_eq!(verified(&home).0, "keyed");
}

#[test]
fn a_locked_keyring_takes_nothing_away_and_seals_later() {
    let mut home = Sandbox::new();
    let Some(mut bus) = Bus::start(&mut home) else { return };
    bus.tell("start pw");
    approve(&home, &["base"], "one");
    bus.tell("stop");
    bus.tell("start-locked");
    approve(&home, &["base", "one"], "two");
    assert_eq!(home.status("cursor/one"), "approved");
    let (key, sealed, unsealed) = verified(&home);
    assert!(key == "locked" && sealed > 0 && unsealed > 0, "{key} {sealed} {unsealed}");
    assert_eq!(shown(&home), "locked");
    assert_unverified(&home, true);
    bus.tell("stop");
    bus.tell("start pw");
    approve(&home, &["base", "one", "two"], "three");
    assert_unverified(&home, false);
    let (key, _, unsealed) = verified(&home);
    assert_eq!((key.as_str(), unsealed, shown(&home).as_str()), ("keyed", 0, "keyed"));
    assert_eq!(home.status("cursor/two"), "approved");
}

/// The guard asks again every half a minute.
#[test]
fn a_keyring_that_opens_while_the_guard_runs_seals() {
    let mut home = Sandbox::new();
    let Some(mut bus) = Bus::start(&mut home) else { return };
    bus.tell("start pw");
    approve(&home, &["base"], "one");
    bus.tell("stop");
    bus.tell("start-locked");
    let guard = home.watch();
    assert_eq!(shown(&home), "locked");
    bus.tell("stop");
    bus.tell("start pw");
    let until = std::time::Instant::now() + crate::support::SOON * 4;
    while shown(&home) != "keyed" {
        assert!(std::time::Instant::now() < until, "it was not sealed");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert_eq!((verified(&home).0.as_str(), verified(&home).2), ("keyed", 0));
    hold_and_approve(&home, guard, &["base", "one"], "two");
    assert_eq!((verified(&home).0.as_str(), verified(&home).2), ("keyed", 0));
}

#[test]
fn a_missing_key_takes_nothing_away_and_is_not_made_anew() {
    let mut home = Sandbox::new();
    let Some(mut bus) = Bus::start(&mut home) else { return };
    bus.tell("start pw");
    approve(&home, &["base"], "one");
    let (_, sealed, _) = verified(&home);
    bus.tell("stop");
    bus.tell("reset");
    bus.tell("start pw");
    for (before, name) in [(&["base", "one"][..], "two"), (&["base", "one", "two"], "three")] {
        approve(&home, before, name);
        let (key, now, unsealed) = verified(&home);
        assert_eq!((key.as_str(), now), ("missing", sealed));
        assert!(unsealed > 0);
        assert_eq!(home.status("cursor/one"), "approved");
    }
    // Told without asking the keyring: those who only read never do.
    assert_eq!(shown(&home), "missing");
    assert_unverified(&home, true);
}

/// What nobody can prove without the key is marked so, wherever an approval is shown.
fn assert_unverified(home: &Sandbox, is_unverified: bool) {
    assert_eq!(home.row("cursor/one")["approval"]["unverified"], is_unverified);
    for verb in [&["status"][..], &["show", "cursor/one"]] {
        let text = home.run(verb).ok().out.to_lowercase();
        assert_eq!(text.contains("unverified"), is_unverified, "{verb:?}: {text}");
    }
}

/// A closed keyring asks its user each time that something is to be unlocked: a guard does that once, at its start.
#[test]
fn a_closed_keyring_asks_its_user_once() {
    let mut home = Sandbox::new();
    let Some(mut bus) = Bus::start(&mut home) else { return };
    bus.tell("start pw");
    approve(&home, &["base"], "one");
    bus.tell("stop");
    bus.tell("start-locked");
    let mut monitor = Command::new("dbus-monitor")
        .args(["--session", "type='method_call',interface='org.freedesktop.Secret.Service'"])
        .envs(home.env.iter().cloned())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it belongs to the bus");
    let mut calls = BufReader::new(monitor.stdout.take().expect("its output")).lines().map_while(Result::ok);
    // It announces itself before anybody else is heard.
    assert!(calls.any(|line| line.contains("member=NameLost")), "the monitor listens");
    let _guard = home.watch();
    let mut heard = Vec::new();
    // One search at the start; the second is the one that the guard goes on with.
    while heard.iter().filter(|call| *call == "SearchItems").count() < 2 {
        let line = calls.next().expect("the guard asks on");
        heard.extend(line.split_once("member=").map(|(_, member)| member.to_owned()));
    }
    // Whatever would follow the second search has been sent before this is.
    assert_eq!(home.run(&["doctor"]).code, Some(2), "the keyring is locked");
    while heard.iter().filter(|call| *call == "SearchItems").count() < 3 {
        let line = calls.next().expect("the check-up asks");
        heard.extend(line.split_once("member=").map(|(_, member)| member.to_owned()));
    }
    monitor.kill().expect("it runs");
    monitor.wait().expect("it ends");
    assert_eq!(heard.iter().filter(|call| *call == "Unlock").count(), 1, "{heard:?}");
}

#[test]
fn a_newer_ledger_makes_no_key() {
    let mut home = Sandbox::new();
    approve(&home, &["base"], "one");
    let Some(mut bus) = Bus::start(&mut home) else { return };
    bus.tell("start pw");
    let db = rusqlite::Connection::open(home.data().join("ledger.db")).expect("the database");
    db.pragma_update(None, "user_version", 99).expect("own file");
    assert_eq!(home.run(&["watch"]).code, Some(2));
    // With nothing but the keyring left, a key that was made would tell of a loss.
    fs::remove_dir_all(home.data()).expect("own folder");
    fs::remove_dir_all(home.path(".config/gatehouse")).expect("own folder");
    let mut guard = home.watch();
    assert_eq!(alarms(guard.drain()), 0, "{:#?}", guard.seen);
}

#[test]
fn a_keyring_that_never_answers_holds_nothing_up() {
    let mut home = Sandbox::new();
    let Some(mut bus) = Bus::start(&mut home) else { return };
    bus.tell("start pw");
    approve(&home, &["base"], "one");
    bus.tell("freeze");
    approve(&home, &["base", "one"], "two");
    assert_eq!(shown(&home), "locked");
    bus.tell("stop");
    bus.tell("start pw");
    approve(&home, &["base", "one", "two"], "three");
    assert_eq!((verified(&home).0.as_str(), verified(&home).2), ("keyed", 0));
}

/// `look-ups token` with something on standard input.
fn hand_over(home: &Sandbox, text: &str) -> Run {
    let mut command = home.command();
    command.args(["look-ups", "token"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    // One that is refused before it is read leaves nobody to listen.
    let _ = child.stdin.take().expect("its input").write_all(text.as_bytes());
    Run::of(child.wait_with_output().expect("it ends"))
}

/// It is kept in the store and nowhere else, and shown to nobody but whom it was given for.
#[test]
fn a_token_is_kept_in_the_store_and_shown_to_its_host_alone() {
    const TOKEN: &str = "ghp_hush0123456789";
    let hub = || Web::new(|_: &Asked| Says::json(r#"{"full_name": "acme/mail"}"#));
    let (own, other) = (hub(), hub());
    let mut home = Sandbox::new();
    home.write(
        ".cursor/mcp.json",
        &servers(
            "mcpServers",
            &[("mail", r#"{ "command": "npx", "args": ["-y", "github:modelcontextprotocol/servers"] }"#)],
        ),
    );
    let settings = |hub: &Web| {
        home.save(".config/gatehouse/settings.json", &json!({ "repositoryService": hub.base() }).to_string());
    };
    settings(&own);
    let refused = hand_over(&home, TOKEN);
    assert!(refused.code == Some(2) && refused.err.contains("no secret store"), "{refused:?}");
    let Some(mut bus) = Bus::start(&mut home) else { return };
    bus.tell("start pw");
    for odd in ["", "two words", "a\nb"] {
        let refused = hand_over(&home, odd);
        assert!(refused.code == Some(2) && refused.err.contains("no token"), "{odd}: {refused:?}");
    }
    let kept = hand_over(&home, &format!("{TOKEN}\n")).ok();
    assert!(kept.out.contains("127.0.0.1") && !kept.out.contains(TOKEN), "{}", kept.out);
    home.run(&["look-ups", "on"]).ok();
    home.run(&["look-ups", "now"]).ok();
    let shown = |hub: &Web| {
        let all = hub.asked();
        assert!(!all.is_empty());
        all.iter().all(|asked| asked.headers.get("authorization").is_some_and(|it| *it == format!("Bearer {TOKEN}")))
    };
    assert!(shown(&own), "{:?}", own.asked());
    // An organisation's file, or the user's own, that names another host does not have it sent there.
    home.save(".config/gatehouse/settings.json", &json!({ "repositoryService": other.base() }).to_string());
    home.run(&["look-ups", "now"]).ok();
    assert!(!shown(&other), "{:?}", other.asked());
    assert!(home.run(&["look-ups"]).ok().out.contains("token"));
    // Of all that is written, in the home and beside it, nothing holds it.
    let found = Command::new("grep").args(["-rlaF", TOKEN]).arg(home.home()).output().expect("grep runs");
    assert!(found.stdout.is_empty(), "{}", String::from_utf8_lossy(&found.stdout));
    assert!(home.run(&["look-ups", "no-token"]).ok().out.contains("no longer"));
    assert!(home.run(&["look-ups", "no-token"]).ok().out.contains("no token"));
    assert!(!home.run(&["look-ups"]).ok().out.contains("token"));
}
