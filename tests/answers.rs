//! The main job, and every answer of the table, through the command line beside a running guard.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::Receiver;

use gatehouse_core::engine::{Guard, GuardKind, Options};
use gatehouse_core::host::Host;
use gatehouse_core::policy::FolderRule;
use gatehouse_core::record::{Channel, Origin};
use gatehouse_core::request::{ApproveHow, Notice, Reply, Request, Selector, Wish};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::support::{Sandbox, Watch, eventually, leaves_nothing, servers};

const ONE: &str = "{\n  \"mcpServers\": {\n    \"files\": {\n      \"command\": \"npx\",\n      \"args\": [\"-y\", \"files-mcp\"]\n    }\n  }\n}\n";

const TWO: &str = "{\n  \"mcpServers\": {\n    \"files\": {\n      \"command\": \"npx\",\n      \"args\": [\"-y\", \"files-mcp\"]\n    },\n    \"postmark\": {\n      \"command\": \"npx\",\n      \"args\": [\"-y\", \"postmark-mcp\"],\n      \"env\": { \"POSTMARK_TOKEN\": \"pm-very-secret\" }\n    }\n  }\n}\n";

const FILE: &str = ".cursor/mcp.json";

#[test]
fn a_new_entry_is_held_and_approved_byte_for_byte() {
    type Way = fn(&Sandbox, &str, &str);
    let ways: [Way; 2] = [Sandbox::save, Sandbox::write];
    for way in ways {
        let home = Sandbox::new();
        home.write(FILE, ONE);
        let mut guard = home.watch();
        way(&home, FILE, TWO);
        guard.wait_about("held", "postmark");
        assert_eq!(home.read(FILE), ONE);
        assert_eq!(home.status("cursor/postmark"), "held");
        assert_eq!(home.status("cursor/files"), "unreviewed");
        home.run(&["approve", "cursor/postmark"]).ok();
        guard.wait_about("released", "postmark");
        assert_eq!(home.read(FILE), TWO);
        assert_eq!(home.status("cursor/postmark"), "approved");
        eventually("old files are gone", || leaves_nothing(&home.path(".cursor")));
        assert_eq!(guard.end(), Some(0));

        let mut again = home.watch();
        home.save(".cursor/other.json", "{}");
        assert_eq!(home.read(FILE), TWO);
        assert_eq!(home.status("cursor/postmark"), "approved");
        let asked = again.drain().iter().filter(|notice| notice["notice"] == "asked").count();
        assert_eq!(asked, 0, "a second start asks nothing");
        assert!(home.data().join("ledger.db").exists());
        again.kill();
    }
}

const MAIL: &str = r#"{ "command": "npx", "args": ["-y", "mail-mcp"], "env": { "MAIL_TOKEN": "tk-1" } }"#;

const DESKTOP: &str = ".config/Claude/claude_desktop_config.json";

const VSCODE: &str = ".config/Code/User/mcp.json";

const FILES: &str = r#"{ "command": "npx", "args": ["-y", "files-mcp"] }"#;

/// A home with one older connector in Cursor.
fn empty() -> Sandbox {
    let home = Sandbox::new();
    home.write(FILE, &mail(None));
    home
}

/// Cursor's configuration, with `mail` or without.
fn mail(entry: Option<&str>) -> String {
    let mut entries = vec![("files", FILES)];
    entries.extend(entry.map(|entry| ("mail", entry)));
    servers("mcpServers", &entries)
}

fn mail_of(args: &str) -> String {
    mail(Some(&format!(r#"{{ "command": "npx", "args": [{args}] }}"#)))
}

/// A guard beside which `mail` came, and is held.
fn held(home: &Sandbox) -> Watch {
    let mut guard = home.watch();
    home.save(FILE, &mail(Some(MAIL)));
    guard.wait_about("held", "mail");
    assert_eq!(home.read(FILE), mail(None));
    assert_eq!(home.row("cursor/mail")["question"]["kind"], "new");
    guard
}

/// As [`held`], and the guard has ended.
fn held_alone(home: &Sandbox) {
    assert_eq!(held(home).end(), Some(0));
}

#[test]
fn one_approval_answers_for_every_client() {
    for guarded in [true, false] {
        let home = empty();
        home.write(DESKTOP, &mail(None));
        let mut guard = held(&home);
        home.save(DESKTOP, &mail(Some(MAIL)));
        guard.wait_about("held", "mail");
        assert_eq!(home.waiting(), 2);
        if guarded {
            home.run(&["approve", "cursor/mail"]).ok();
        } else {
            guard.end();
            home.alone(&["approve", "cursor/mail"]);
        }
        assert_eq!((home.read(FILE), home.read(DESKTOP)), (mail(Some(MAIL)), mail(Some(MAIL))));
        assert_eq!(home.status("claude-desktop/mail"), "approved");
        assert_eq!(home.row("cursor/mail")["approval"]["reach"], "everywhere");
        assert_eq!(home.waiting(), 0);
    }
}

#[test]
fn an_approval_only_here_counts_nowhere_else() {
    let home = empty();
    home.write(DESKTOP, &mail(None));
    let mut guard = held(&home);
    home.run(&["approve", "cursor/mail", "--only-here"]).ok();
    assert_eq!(home.read(FILE), mail(Some(MAIL)));
    assert_eq!(home.row("cursor/mail")["approval"]["reach"], "here");
    home.save(DESKTOP, &mail(Some(MAIL)));
    guard.wait_about("held", "mail");
    assert_eq!(home.status("claude-desktop/mail"), "held");
    // Under another name it is another connector.
    home.save(FILE, &servers("mcpServers", &[("post", MAIL)]));
    guard.wait_about("held", "post");
}

#[test]
fn what_cannot_be_approved_is_refused_and_stays_held() {
    let home = empty();
    let _guard = held(&home);
    let before = home.row("cursor/mail");
    for (how, reason) in [("--pin", "version"), ("--updates", "publisher"), ("--developing", "developing")] {
        let said = home.refused(&["approve", "cursor/mail", how]);
        assert!(said.contains(reason), "{how}: {said}");
    }
    assert_eq!(home.row("cursor/mail"), before);
    assert_eq!(home.read(FILE), mail(None));
}

#[test]
fn kept_held_leaves_the_queue_until_the_launch_changes() {
    for guarded in [true, false] {
        let home = empty();
        let guard = held(&home);
        if guarded {
            home.run(&["keep", "cursor/mail"]).ok();
            guard.end();
        } else {
            guard.end();
            home.alone(&["keep", "cursor/mail"]);
        }
        let row = home.row("cursor/mail");
        assert_eq!(
            (&row["status"], &row["why"], &row["question"]),
            (&"held".into(), &"kept-held".into(), &Value::Null)
        );
        assert_eq!(home.waiting(), 0);

        let mut again = home.watch();
        home.save(FILE, &mail(Some(MAIL)));
        again.wait_about("held", "mail");
        assert_eq!(again.count(&home, "asked", "mail"), 0);
        assert_eq!(home.read(FILE), mail(None));
        home.save(FILE, &mail_of(r#""-y", "mail-mcp@2""#));
        again.wait_about("asked", "mail");
        again.wait_about("held", "mail");
        assert_eq!(home.waiting(), 1);
    }
}

#[test]
fn later_is_no_decision() {
    let home = empty();
    held_alone(&home);
    for _ in 0..2 {
        let mut guard = home.watch();
        let asked = guard.wait_about("asked", "mail");
        assert_eq!((&asked["kind"], &asked["held"]), (&"new".into(), &true.into()));
        assert_eq!((home.status("cursor/mail"), home.waiting()), ("held".to_owned(), 1));
        assert_eq!(guard.end(), Some(0));
    }
    assert_eq!(home.run(&["scan", "--fail-on-waiting"]).code, Some(20));
    home.alone(&["approve", "cursor/mail"]);
    assert_eq!(home.read(FILE), mail(Some(MAIL)));
    assert_eq!(home.run(&["scan", "--fail-on-waiting"]).code, Some(0));
}

#[test]
fn a_denied_launch_is_held_silently_wherever_it_is() {
    for guarded in [true, false] {
        let home = empty();
        home.write(DESKTOP, &mail(None));
        home.write(VSCODE, &servers("servers", &[]));
        let mut guard = held(&home);
        // It waits here too when it is denied there.
        home.save(DESKTOP, &mail(Some(MAIL)));
        guard.wait_about("held", "mail");
        assert_eq!(home.waiting(), 2);
        if guarded {
            home.run(&["deny", "cursor/mail"]).ok();
        } else {
            guard.end();
            home.alone(&["deny", "cursor/mail"]);
            guard = home.watch();
        }
        assert_eq!(home.waiting(), 0, "the same launch in another client is answered too");
        let before = guard.count(&home, "asked", "mail");
        home.save(VSCODE, &servers("servers", &[("post", MAIL)]));
        guard.wait_about("held", "post");
        assert_eq!(guard.count(&home, "asked", "post"), 0);
        assert_eq!(guard.count(&home, "asked", "mail"), before);
        for which in ["cursor/mail", "claude-desktop/mail", "vscode/post"] {
            let row = home.row(which);
            assert_eq!((&row["status"], &row["question"]), (&"denied".into(), &Value::Null), "{which}");
        }
        // Taken back, it is a question again everywhere.
        home.run(&["revoke", "vscode/post"]).ok();
        assert_eq!(home.waiting(), 3);
        assert_eq!(home.status("cursor/mail"), "held");
    }
}

#[test]
fn a_denied_launch_runs_nowhere() {
    // What runs already is taken out too.
    let home = Sandbox::new();
    home.write(FILE, &mail(Some(MAIL)));
    home.write(DESKTOP, &mail(Some(MAIL)));
    let mut guard = home.watch();
    assert_eq!(home.status("cursor/mail"), "unreviewed");
    home.run(&["deny", "cursor/mail"]).ok();
    guard.wait_about("held", "mail");
    assert_eq!((home.read(FILE), home.read(DESKTOP)), (mail(None), mail(None)));
    assert_eq!(home.waiting(), 0);
}

#[test]
fn a_released_entry_is_asked_about_at_its_next_change() {
    for guarded in [true, false] {
        let home = empty();
        let guard = held(&home);
        if guarded {
            home.run(&["release", "cursor/mail"]).ok();
            guard.end();
        } else {
            guard.end();
            home.alone(&["release", "cursor/mail"]);
        }
        assert_eq!(home.read(FILE), mail(Some(MAIL)));
        let row = home.row("cursor/mail");
        assert_eq!((&row["status"], &row["approval"], home.waiting()), (&"released".into(), &Value::Null, 0));

        let mut again = home.watch();
        assert_eq!(again.count(&home, "asked", "mail"), 0);
        home.save(FILE, &mail_of(r#""-y", "mail-mcp", "--bcc""#));
        let asked = again.wait_about("asked", "mail");
        assert_eq!(asked["kind"], "changed");
        again.wait_about("held", "mail");
        assert_eq!(home.read(FILE), mail(None));
        home.refused(&["release", "cursor/nobody"]);
    }
}

#[test]
fn an_entry_that_runs_cannot_be_released() {
    let home = Sandbox::new();
    home.write(FILE, &mail(Some(MAIL)));
    let _guard = home.watch();
    assert!(home.refused(&["release", "cursor/mail"]).contains("not held"));
    assert_eq!(home.status("cursor/mail"), "unreviewed");
}

#[test]
fn revoking_takes_an_approval_back() {
    for guarded in [true, false] {
        let home = empty();
        let mut guard = held(&home);
        home.run(&["approve", "cursor/mail"]).ok();
        if guarded {
            home.run(&["revoke", "cursor/mail"]).ok();
            guard.wait_about("held", "mail");
        } else {
            guard.end();
            home.alone(&["revoke", "cursor/mail"]);
        }
        assert_eq!(home.read(FILE), mail(None));
        assert_eq!((home.status("cursor/mail"), home.waiting()), ("held".to_owned(), 1));
        assert!(home.refused(&["revoke", "cursor/mail"]).contains("othing"));
        home.run(&["approve", "cursor/mail"]).ok();
        assert_eq!(home.read(FILE), mail(Some(MAIL)));
    }
}

#[test]
fn hold_takes_out_what_runs() {
    for guarded in [true, false] {
        let home = Sandbox::new();
        home.write(FILE, &mail(Some(MAIL)));
        if guarded {
            let _guard = home.watch();
            home.run(&["hold", "cursor/mail"]).ok();
        } else {
            home.alone(&["hold", "cursor/mail"]);
        }
        assert_eq!(home.read(FILE), mail(None));
        assert_eq!((home.status("cursor/mail"), home.waiting()), ("held".to_owned(), 0));
        home.run(&["approve", "cursor/mail"]).ok();
        assert_eq!(home.read(FILE), mail(Some(MAIL)));
    }
}

#[test]
fn release_all_puts_everything_back_and_stops_holding() {
    for guarded in [true, false] {
        let home = empty();
        home.write(VSCODE, &servers("servers", &[]));
        home.write(".codex/config.toml", "model = \"m\" # mine\n");
        let mut guard = held(&home);
        let vscode = servers("servers", &[("one", MAIL), ("two", r#"{ "url": "https://mcp.example.com/two" }"#)]);
        let codex =
            "model = \"m\" # mine\n\n[mcp_servers.three]\ncommand = \"uvx\"\nargs = [\"three-mcp\"] # as told\n";
        home.save(VSCODE, &vscode);
        guard.wait_about("held", "one");
        home.save(".codex/config.toml", codex);
        guard.wait_about("held", "three");
        home.run(&["deny", "vscode/two"]).ok();
        home.run(&["remove", "cursor/mail"]).ok();
        if guarded {
            home.run(&["release", "--all"]).ok();
            guard.wait("mode-changed");
        } else {
            guard.end();
            home.alone(&["release", "--all"]);
        }
        assert_eq!(home.read(FILE), mail(Some(MAIL)));
        assert_eq!(home.read(VSCODE), vscode);
        assert_eq!(home.read(".codex/config.toml"), codex);
        let scan = home.scan();
        assert_eq!(scan["mode"], "monitor");
        assert!(scan["connectors"].as_array().expect("rows").iter().all(|row| row["present"] == true), "{scan:#}");
        assert!(std::fs::read_dir(home.data().join("holds")).expect("a store").next().is_none(), "no bytes are kept");
    }
}

/// Set for a child of these tests: the day on which its guard runs, and what it is asked for.
const DAY: &str = "GATEHOUSE_TEST_DAY";
const REQUESTS: &str = "GATEHOUSE_TEST_REQUESTS";

/// Runs a guard on a day, through the core's own interface: the command line takes no clock. In a process of its own,
/// so that no keyring of this machine is met.
#[track_caller]
fn on_day(home: &Sandbox, day: i64, requests: &[Request]) {
    on_days(home, day, requests, false);
}

#[track_caller]
fn on_days(home: &Sandbox, day: i64, requests: &[Request], goes_on: bool) {
    let mut command = Command::new(std::env::current_exe().expect("this test's own program"));
    command.args(["--exact", "answers::guard_of_a_day", "--nocapture"]).env_clear().env("HOME", home.home());
    command.env(DAY, day.to_string()).env(REQUESTS, serde_json::to_string(requests).expect("requests are plain JSON"));
    if goes_on {
        command.env(GOES_ON, "1");
    }
    let output = command.output().expect("the guard runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// The guard of [`on_day`]; a test of nothing elsewhere.
#[test]
fn guard_of_a_day() {
    let (Ok(day), Ok(requests)) = (std::env::var(DAY), std::env::var(REQUESTS)) else { return };
    let requests: Vec<Request> = serde_json::from_str(&requests).expect("requests");
    let start: Timestamp = "2026-01-01T12:00:00Z".parse().expect("a time");
    let now = start + SignedDuration::from_hours(24 * day.parse::<i64>().expect("a day"));
    let clock = Arc::new(AtomicI64::new(now.as_second()));
    let home = std::env::var_os("HOME").expect("a home").into();
    let read = Arc::clone(&clock);
    let now = move || Timestamp::from_second(read.load(Ordering::SeqCst)).expect("a time");
    let host = Host::new(Host::this_os(), home, BTreeMap::new(), Arc::new(now));
    let (tell, told) = std::sync::mpsc::channel();
    let tell = move |notice| drop(tell.send(notice));
    let guard = Guard::start(host, Options { kind: GuardKind::Watch, can_ask: false }, tell).expect("a guard");
    for request in requests {
        let origin = Origin { channel: Channel::Desk, parents: Vec::new(), client: None };
        let reply = guard.ask(request, origin);
        assert!(matches!(reply, Reply::Done { .. }), "{reply:?}");
    }
    if std::env::var_os(GOES_ON).is_some() {
        day_goes_on(&guard, &clock, &told);
    }
    guard.stop();
}

/// Set for a child whose day ends a month later: nobody saves a file meanwhile.
const GOES_ON: &str = "GATEHOUSE_TEST_GOES_ON";

fn day_goes_on(guard: &Guard, clock: &AtomicI64, told: &Receiver<Notice>) {
    clock.fetch_add(31 * 24 * 3_600, Ordering::SeqCst);
    let origin = Origin { channel: Channel::Desk, parents: Vec::new(), client: None };
    guard.ask(Request::Ping, origin);
    let is_held = |notice: Notice| matches!(notice, Notice::Held { .. });
    let until = std::time::Instant::now() + crate::support::SOON;
    while !is_held(told.recv_timeout(until - std::time::Instant::now()).expect("it is held")) {}
}

fn mail_id() -> Selector {
    Selector("cursor/mail".to_owned())
}

fn wish(wish: Wish) -> Request {
    Request::Decide { id: mail_id(), wish, shown: None, note: None }
}

fn kept(home: &Sandbox) -> usize {
    std::fs::read_dir(home.data().join("holds")).expect("a store").count()
}

#[test]
fn the_bytes_of_a_removed_entry_are_deleted_after_thirty_days() {
    // It runs when it is removed, or is held already: that makes no difference.
    for runs in [true, false] {
        let home = Sandbox::new();
        home.write(FILE, &mail(Some(MAIL)));
        let hold = (!runs).then(|| Request::Hold { id: mail_id() });
        on_day(&home, 0, &hold.into_iter().chain([wish(Wish::Remove)]).collect::<Vec<_>>());
        assert_eq!((home.read(FILE), kept(&home)), (mail(None), 1));
        on_day(&home, 29, &[]);
        assert_eq!(kept(&home), 1, "runs: {runs}");
        on_day(&home, 31, &[]);
        assert_eq!(kept(&home), 0, "runs: {runs}");
        // As denied: it does not come back.
        home.write(FILE, &mail(Some(MAIL)));
        on_day(&home, 32, &[]);
        assert_eq!(home.read(FILE), mail(None));
    }
}

#[test]
fn a_removed_entry_that_is_wanted_after_all_keeps_its_bytes() {
    for change_of_mind in [wish(Wish::KeepHeld), wish(Wish::Deny), Request::Revoke { id: mail_id() }] {
        let home = Sandbox::new();
        home.write(FILE, &mail(Some(MAIL)));
        on_day(&home, 0, &[wish(Wish::Remove), change_of_mind]);
        on_day(&home, 31, &[]);
        assert_eq!(kept(&home), 1);
        home.run(&["approve", "cursor/mail"]).ok();
        assert_eq!(home.read(FILE), mail(Some(MAIL)));
    }
}

#[test]
fn removing_is_a_denial_that_can_be_taken_back() {
    let home = empty();
    let _guard = held(&home);
    home.run(&["remove", "cursor/mail"]).ok();
    assert_eq!((home.status("cursor/mail"), home.waiting(), kept(&home)), ("denied".to_owned(), 0, 1));
    home.run(&["approve", "cursor/mail"]).ok();
    assert_eq!((home.read(FILE), kept(&home)), (mail(Some(MAIL)), 0));
}

/// A script in a folder of the user's own, as an entry.
fn script(home: &Sandbox, more: &str) -> String {
    mail(Some(&format!(r#"{{ "command": "node", "args": ["{}/own/server.js"]{more} }}"#, home.home().display())))
}

#[test]
fn code_under_development_changes_unasked() {
    let home = empty();
    home.write("own/server.js", "");
    let mut guard = home.watch();
    home.save(FILE, &script(&home, ""));
    guard.wait_about("held", "mail");
    assert!(home.refused(&["approve", "cursor/mail", "--developing"]).contains("developing"));
    let own = home.path("own").display().to_string();
    home.run(&["folder", &own, "developing"]).ok();
    home.run(&["approve", "cursor/mail", "--developing"]).ok();
    let row = home.row("cursor/mail");
    assert_eq!((&row["status"], &row["why"]), (&"approved".into(), &"approved-development".into()));
    let asked = guard.count(&home, "asked", "mail");
    // Another launch of the same code is development too.
    let port = script(&home, r#", "env": { "PORT": "1" }"#);
    home.save(FILE, &port);
    guard.wait_about("allowed", "mail");
    assert_eq!(guard.count(&home, "asked", "mail"), asked);
    assert_eq!(home.read(FILE), port);
    // One that brings code along is not.
    home.save(FILE, &script(&home, r#", "env": { "NODE_OPTIONS": "--require /tmp/x.js" }"#));
    guard.wait_about("asked", "mail");
    guard.wait_about("held", "mail");
    assert_eq!(home.read(FILE), mail(None));
    home.save(FILE, &port);
    guard.wait_about("settled", "mail");
    assert_eq!(home.status("cursor/mail"), "approved");
    // The approval can be taken back, whatever launch it was given for.
    home.run(&["revoke", "cursor/mail"]).ok();
    guard.wait_about("held", "mail");
    assert_eq!(home.waiting(), 1);
}

#[test]
fn development_ends_with_its_folder() {
    let home = empty();
    home.write("own/server.js", "");
    home.run(&["folder", "own", "developing"]).ok();
    let mut guard = home.watch();
    home.save(FILE, &script(&home, ""));
    guard.wait_about("held", "mail");
    home.run(&["approve", "cursor/mail", "--developing"]).ok();
    assert_eq!(home.status("cursor/mail"), "approved");
    home.run(&["folder", "own", "ask"]).ok();
    guard.wait_about("held", "mail");
    assert_eq!((home.read(FILE), home.waiting()), (mail(None), 1));
}

#[test]
fn development_ends_after_thirty_days_without_use() {
    let home = empty();
    home.write("own/server.js", "");
    home.write(FILE, &script(&home, ""));
    let developing = Request::SetFolder { folder: home.path("own"), rule: FolderRule::Developing, put_back: false };
    let approve =
        wish(Wish::Approve { how: ApproveHow::Developing, version: None, only_here: false, typed_name: None });
    on_day(&home, 0, &[developing, approve]);
    // Each use counts thirty days anew.
    on_day(&home, 20, &[]);
    on_day(&home, 49, &[]);
    assert_eq!(home.read(FILE), script(&home, ""));
    on_day(&home, 80, &[]);
    assert_eq!(home.read(FILE), mail(None));
}

#[test]
fn an_approval_that_ends_while_the_guard_runs_ends_then() {
    let home = empty();
    home.write("own/server.js", "");
    home.write(FILE, &script(&home, ""));
    let developing = Request::SetFolder { folder: home.path("own"), rule: FolderRule::Developing, put_back: false };
    let approve =
        wish(Wish::Approve { how: ApproveHow::Developing, version: None, only_here: false, typed_name: None });
    on_days(&home, 0, &[developing, approve], true);
    assert_eq!(home.read(FILE), mail(None));
    assert_eq!(home.waiting(), 1);
}
