//! A decision can be undone for half a minute: everything is again as it was before it.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use gatehouse_core::engine::{Guard, GuardKind, Options};
use gatehouse_core::host::Host;
use gatehouse_core::record::{Channel, Origin};
use gatehouse_core::request::{Refusal, Reply, Request, Selector, UNDO_SECONDS, Wish};
use jiff::{SignedDuration, Timestamp};

use crate::support::{Sandbox, Watch, servers};

const FILE: &str = ".cursor/mcp.json";

const DESKTOP: &str = ".config/Claude/claude_desktop_config.json";

const MAIL: &str = r#"{ "command": "npx", "args": ["-y", "mail-mcp"], "env": { "MAIL_TOKEN": "tk-1" } }"#;

const BCC: &str = r#"{ "command": "npx", "args": ["-y", "mail-mcp", "--bcc"], "env": { "MAIL_TOKEN": "tk-1" } }"#;

const FILES: &str = r#"{ "command": "npx", "args": ["-y", "files-mcp"] }"#;

fn with(entry: Option<&str>) -> String {
    let mut entries = vec![("files", FILES)];
    entries.extend(entry.map(|entry| ("mail", entry)));
    servers("mcpServers", &entries)
}

/// A guard beside which `mail` came to two clients, and is held in both.
fn held(home: &Sandbox) -> Watch {
    for file in [FILE, DESKTOP] {
        home.write(file, &with(None));
    }
    let mut guard = home.watch();
    for file in [FILE, DESKTOP] {
        home.save(file, &with(Some(MAIL)));
        guard.wait_about("held", "mail");
    }
    guard
}

#[test]
fn every_answer_to_a_new_connector_can_be_undone() {
    for answer in ["approve", "keep", "deny", "remove", "release"] {
        let home = Sandbox::new();
        let _guard = held(&home);
        assert_eq!(home.waiting(), 2);
        home.run(&[answer, "cursor/mail"]).ok();
        assert_ne!(home.waiting(), 2, "{answer}");
        home.run(&["undo", "cursor/mail"]).ok();
        for (file, which) in [(FILE, "cursor/mail"), (DESKTOP, "claude-desktop/mail")] {
            assert_eq!(home.read(file), with(None), "{answer} {which}");
            let row = home.row(which);
            assert_eq!((&row["status"], &row["question"]["kind"]), (&"held".into(), &"new".into()), "{answer} {which}");
            assert_eq!(row["approval"], serde_json::Value::Null);
        }
        assert!(home.refused(&["undo", "cursor/mail"]).contains("No decision"), "{answer}: once is enough");
        // It can be answered as if nothing had been said.
        home.run(&["approve", "cursor/mail"]).ok();
        assert_eq!(home.read(FILE), with(Some(MAIL)), "{answer}");
    }
}

#[test]
fn what_ran_before_a_refusal_runs_again() {
    for answer in ["hold", "deny", "remove"] {
        let home = Sandbox::new();
        home.write(FILE, &with(Some(MAIL)));
        let _guard = home.watch();
        home.run(&[answer, "cursor/mail"]).ok();
        assert_eq!(home.read(FILE), with(None), "{answer}");
        home.run(&["undo", "cursor/mail"]).ok();
        assert_eq!(
            (home.read(FILE), home.status("cursor/mail")),
            (with(Some(MAIL)), "unreviewed".to_owned()),
            "{answer}"
        );
    }
}

#[test]
fn an_undone_answer_to_a_change_leaves_the_way_back_to_the_approved_one() {
    for answer in ["approve", "release", "deny"] {
        let home = Sandbox::new();
        let mut guard = held(&home);
        home.run(&["approve", "cursor/mail"]).ok();
        home.save(FILE, &with(Some(BCC)));
        guard.wait_about("held", "mail");
        home.run(&[answer, "cursor/mail"]).ok();
        home.run(&["undo", "cursor/mail"]).ok();
        let row = home.row("cursor/mail");
        assert_eq!((&row["status"], &row["question"]["kind"]), (&"held".into(), &"changed".into()), "{answer}");
        home.run(&["keep-approved", "cursor/mail"]).ok();
        assert!(home.read(FILE).contains("mail-mcp\"]"), "{answer}");
        assert_eq!(home.status("claude-desktop/mail"), "approved");
        assert!(home.refused(&["undo", "cursor/mail"]).contains("No decision"), "the approved one was kept");
    }
}

#[test]
fn an_undone_decision_stays_undone_after_a_restart_and_is_in_the_log() {
    let home = Sandbox::new();
    let guard = held(&home);
    home.run(&["approve", "cursor/mail"]).ok();
    home.run(&["undo", "cursor/mail"]).ok();
    assert_eq!(guard.end(), Some(0));
    let _again = home.watch();
    assert_eq!((home.status("cursor/mail"), home.waiting()), ("held".to_owned(), 2));
    assert!(home.run(&["log"]).ok().out.contains("undone"));
    assert!(home.refused(&["undo", "cursor/mail"]).contains("No decision"));
}

#[test]
fn an_entry_that_changed_since_is_not_put_back_by_undoing() {
    let home = Sandbox::new();
    let mut guard = held(&home);
    home.run(&["approve", "cursor/mail"]).ok();
    home.save(FILE, &with(Some(BCC)));
    guard.wait_about("held", "mail");
    assert!(home.refused(&["undo", "cursor/mail"]).contains("No decision"));
}

/// Set for the child of the next test.
const CLOCK: &str = "GATEHOUSE_TEST_UNDO_CLOCK";

#[test]
fn half_a_minute_later_it_is_too_late() {
    for (seconds, undone) in [(UNDO_SECONDS, true), (UNDO_SECONDS + 1, false)] {
        let home = Sandbox::new();
        assert_eq!(held(&home).end(), Some(0));
        let mut child = Command::new(std::env::current_exe().expect("this program"));
        child.args(["undo::guard_whose_clock_moves", "--exact", "--nocapture"]).env_clear();
        child.env("HOME", home.home()).env(CLOCK, seconds.to_string()).env("EXPECT", undone.to_string());
        let output = child.output().expect("a run of this program");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        assert_eq!(home.read(FILE) == with(None), undone);
    }
}

/// The guard of [`half_a_minute_later_it_is_too_late`]; a test of nothing elsewhere.
#[test]
fn guard_whose_clock_moves() {
    let Some(seconds) = std::env::var(CLOCK).ok().and_then(|text| text.parse::<i64>().ok()) else { return };
    let passed = Arc::new(AtomicI64::new(0));
    let start = Timestamp::now();
    let clock = {
        let passed = passed.clone();
        Arc::new(move || start + SignedDuration::from_secs(passed.load(Ordering::SeqCst)))
    };
    let home = std::env::var_os("HOME").expect("a home").into();
    let host = Host::new(Host::this_os(), home, BTreeMap::new(), clock);
    let guard = Guard::start(host, Options { kind: GuardKind::Watch, can_ask: false }, |_| {}).expect("a guard");
    let ask = |request| guard.ask(request, Origin { channel: Channel::Desk, parents: Vec::new(), client: None });
    let id = || Selector("cursor/mail".to_owned());
    let wish = Wish::Approve {
        how: gatehouse_core::request::ApproveHow::ThisVersion,
        version: None,
        only_here: false,
        typed_name: None,
    };
    let approved = ask(Request::Decide { id: id(), wish, shown: None, note: None });
    assert!(matches!(approved, Reply::Done { .. }), "{approved:?}");
    passed.store(seconds, Ordering::SeqCst);
    let reply = ask(Request::Undo { id: id() });
    let expected = std::env::var("EXPECT").expect("what to expect") == "true";
    assert_eq!(matches!(reply, Reply::Done { .. }), expected, "{reply:?}");
    if !expected {
        assert!(matches!(reply, Reply::Refused { refusal: Refusal::UndoTooLate { .. } }), "{reply:?}");
    }
    guard.stop();
}
