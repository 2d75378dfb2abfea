//! The real secret store on a private session bus: open, locked, reset and absent.
//!
//! Needs `dbus-run-session`, `dbus-send` and `gnome-keyring-daemon`. Where one is missing the tests say SKIPPED, or
//! fail with `GATEHOUSE_KEYRING=required`.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use gatehouse_core::ledger::{self, Anchor, Key, KeySource as _, OsKeyring};
use tempfile::TempDir;

/// Set for a child of these tests: the file that takes its answer.
const ANSWER: &str = "GATEHOUSE_KEYRING_ANSWER";

/// Starts the keyring inside the bus and waits until it owns its name. `$1` = password, empty for a locked one.
const START: &str = r#"
start() {
    if [ -n "$1" ]; then printf %s "$1" | gnome-keyring-daemon --unlock --components=secrets --foreground >/dev/null 2>&1 &
    else gnome-keyring-daemon --components=secrets --foreground </dev/null >/dev/null 2>&1 &
    fi
    daemon=$!
    tries=0
    until dbus-send --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets | grep -q true; do
        tries=$((tries + 1)); [ $tries -lt 2000 ] || exit 99
    done
}
stop() { kill $daemon; wait $daemon; }
"#;

/// A bus that starts nothing by itself.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
"#;

fn tools_are_here() -> bool {
    let missing: Vec<_> = ["dbus-run-session", "dbus-send", "gnome-keyring-daemon"]
        .into_iter()
        .filter(|tool| {
            let found = Command::new(tool).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
            found.is_err()
        })
        .collect();
    if missing.is_empty() {
        return true;
    }
    let required = std::env::var_os("GATEHOUSE_KEYRING").is_some_and(|value| value == "required");
    assert!(!required, "the keyring tests are required, but {missing:?} cannot be started");
    let text = format!("SKIPPED: the keyring tests need {missing:?}\n");
    std::io::stderr().write_all(text.as_bytes()).expect("standard error is open");
    false
}

/// Runs a script on a private bus; each `probe` in it asks the store in a process of its own. Returns the answers.
fn on_bus(script: &str) -> Vec<String> {
    let home = tempfile::tempdir().expect("a temporary folder");
    let runtime = home.path().join("run");
    fs::DirBuilder::new().mode(0o700).create(&runtime).expect("own folder");
    fs::write(home.path().join("bus.conf"), BUS).expect("own folder");
    let answers = home.path().join("answers");
    let probe = std::env::current_exe().expect("this test's own program");
    let script = format!(
        "{START}\nprobe() {{ \"$PROBE\" --exact probe >/dev/null 2>&1 || echo failed >> \"${ANSWER}\"; }}\n{script}"
    );
    let status = Command::new("dbus-run-session")
        .arg("--config-file")
        .arg(home.path().join("bus.conf"))
        .args(["--", "sh", "-c", &script])
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", &runtime)
        .env("XDG_DATA_HOME", home.path().join("share"))
        .env("PROBE", probe)
        .env(ANSWER, &answers)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .stderr(Stdio::null())
        .status()
        .expect("the bus starts");
    assert!(status.success(), "{status}");
    read(&answers)
}

fn read(answers: &Path) -> Vec<String> {
    fs::read_to_string(answers).expect("the probes answered").lines().map(str::to_owned).collect()
}

/// Does nothing as a test. As a child it asks the store as a guard would and writes down what came.
#[test]
fn probe() {
    let Some(answers) = std::env::var_os(ANSWER) else { return };
    let keyed = std::env::var_os("KEYED").is_some();
    let keyring = OsKeyring::new(Path::new("/the/data/folder"));
    let answer = ledger::ask(&keyring, keyed);
    let key = match &answer.key {
        // Not the key itself: enough of a digest to compare two answers.
        Key::Available(key) => format!("available {}", hex::encode(&key.derive(b"test").expose()[..4])),
        Key::Locked => "locked".to_owned(),
        Key::Missing => "missing".to_owned(),
        Key::None => "none".to_owned(),
    };
    let anchor = answer.anchor.map_or_else(|| "no anchor".to_owned(), |anchor| format!("anchor {}", anchor.seq));
    let next = Anchor { seq: 12, hash: "ab".repeat(32) };
    let stored = if keyring.set_anchor(&next).is_ok() { "stored" } else { "not stored" };
    let mut file = fs::OpenOptions::new().create(true).append(true).open(answers).expect("own file");
    writeln!(file, "{key}, {anchor}, {stored}").expect("own file");
}

#[test]
fn an_open_store_makes_the_key_once_and_keeps_the_anchor() {
    if !tools_are_here() {
        return;
    }
    let answers = on_bus("start pw; probe; probe; stop; start pw; KEYED=1 probe; stop");
    let [first, second, third] = answers.as_slice() else { panic!("{answers:?}") };
    assert!(first.starts_with("available ") && first.ends_with(", no anchor, stored"), "{first}");
    assert_eq!(*second, first.replace("no anchor", "anchor 12"));
    assert_eq!(third, second);
}

#[test]
fn a_locked_store_is_locked_and_not_missing() {
    if !tools_are_here() {
        return;
    }
    let answers = on_bus("start pw; probe; stop; start ''; KEYED=1 probe; probe; stop");
    assert_eq!(answers[1..], ["locked, no anchor, not stored"; 2], "{answers:?}");
}

#[test]
fn a_store_that_was_never_set_up_takes_no_key() {
    if !tools_are_here() {
        return;
    }
    assert_eq!(on_bus("start ''; probe; stop"), ["locked, no anchor, not stored"]);
}

#[test]
fn a_reset_store_is_missing_for_a_keyed_chain() {
    if !tools_are_here() {
        return;
    }
    let reset = "rm -r \"$XDG_DATA_HOME/keyrings\"";
    let answers = on_bus(&format!("start pw; probe; stop; {reset}; start pw; KEYED=1 probe; stop"));
    assert_eq!(answers[1], "missing, no anchor, stored", "{answers:?}");
}

#[test]
fn no_store_is_none() {
    if !tools_are_here() {
        return;
    }
    assert_eq!(on_bus("probe"), ["none, no anchor, not stored"]);
}

#[test]
fn no_bus_is_none() {
    let home = tempfile::tempdir().expect("a temporary folder");
    assert_eq!(without_bus(&home), ["none, no anchor, not stored"]);
}

fn without_bus(home: &TempDir) -> Vec<String> {
    let answers = home.path().join("answers");
    let status = Command::new(std::env::current_exe().expect("this test's own program"))
        .args(["--exact", "probe"])
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path())
        .env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}/nothing", home.path().display()))
        .env(ANSWER, &answers)
        .stdout(Stdio::null())
        .status()
        .expect("the probe starts");
    assert!(status.success());
    read(&answers)
}
