//! What a damaged, rolled back or lost ledger leads to, end to end.

use std::fs;

use rusqlite::Connection;
use serde_json::Value;

use crate::support::{Sandbox, Watch, assert_asked_once, eventually, leaves_nothing};

const FILE: &str = ".cursor/mcp.json";

fn entry(name: &str) -> String {
    format!("\"{name}\": {{ \"command\": \"npx\", \"args\": [\"-y\", \"{name}-mcp\"] }}")
}

fn config(names: &[&str]) -> String {
    let entries: Vec<_> = names.iter().map(|name| entry(name)).collect();
    format!("{{\n  \"mcpServers\": {{\n    {}\n  }}\n}}\n", entries.join(",\n    "))
}

/// A home with a ledger that knows: `base` from the first run, `good` approved, `bad` denied and `kept` kept held (both
/// out of the file), `asked` out of the file with its question open. Every guard has ended.
fn lived_in() -> Sandbox {
    let home = Sandbox::new();
    live_in(&home);
    home
}

fn live_in(home: &Sandbox) {
    home.write(FILE, &config(&["base"]));
    let mut guard = home.watch();
    home.save(FILE, &config(&["base", "good"]));
    guard.wait_about("held", "good");
    home.run(&["approve", "cursor/good"]).ok();
    home.save(FILE, &config(&["base", "good", "bad"]));
    guard.wait_about("held", "bad");
    home.run(&["deny", "cursor/bad"]).ok();
    home.save(FILE, &config(&["base", "good", "kept"]));
    guard.wait_about("held", "kept");
    home.run(&["keep", "cursor/kept"]).ok();
    home.save(FILE, &config(&["base", "good", "asked"]));
    guard.wait_about("held", "asked");
    eventually("old files are gone", || leaves_nothing(&home.path(".cursor")));
    assert_eq!(guard.end(), Some(0));
    assert_eq!(home.read(FILE), config(&["base", "good"]));
    let statuses = statuses(home);
    assert_eq!(statuses, "asked held, bad denied, base unreviewed, good approved, kept held");
}

fn statuses(home: &Sandbox) -> String {
    let scan = home.scan();
    let rows = scan["connectors"].as_array().expect("connectors");
    let mut all: Vec<_> = rows
        .iter()
        .map(|row| format!("{} {}", row["name"].as_str().expect("a name"), row["status"].as_str().expect("a status")))
        .collect();
    all.sort();
    all.join(", ")
}

fn alarms(notices: &[Value]) -> usize {
    notices.iter().filter(|notice| notice["notice"] == "ledger").count()
}

fn db(home: &Sandbox) -> Connection {
    Connection::open(home.data().join("ledger.db")).expect("the database")
}

/// Opens the database as somebody does who means to change what may not be changed, and puts everything back after.
fn tamper(home: &Sandbox, change: &str) {
    let db = db(home);
    let triggers: Vec<(String, String)> = {
        let mut all = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").expect("a schema");
        let rows = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
        rows.collect::<Result<_, _>>().expect("rows")
    };
    for (name, _) in &triggers {
        db.execute_batch(&format!("DROP TRIGGER {name}")).expect("dropped");
    }
    db.execute_batch(change).expect("changed");
    for (_, sql) in &triggers {
        db.execute_batch(sql).expect("made again");
    }
    db.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(())).expect("no journal");
    drop(db);
    let verified = home.run(&["log", "--verify", "--format", "json"]);
    assert_eq!(verified.code, Some(2), "{}", verified.out);
    assert_eq!(verified.json()["verified"]["state"], "broken");
}

/// After a loss: one alarm, nothing in force is cut, refusals stay, what was held stays held and goes back byte for byte,
/// and the next start gives no alarm.
fn check_loss(home: &Sandbox) {
    let mut guard = home.watch();
    eventually("the alarm is in the ledger", || entries(home).iter().any(|entry| entry["event"] == "ledger-lost"));
    if alarms(guard.drain()) == 0 {
        guard.wait("ledger");
    }
    // A guard that ends before it has looked at everything begins after the loss once more.
    eventually("the loss is dealt with", || {
        let lost = entries(home).into_iter().rfind(|entry| entry["event"] == "ledger-lost").expect("it is there");
        let file = fs::read(home.data().join("ledger.checkpoint")).expect("a checkpoint");
        let checkpoint: Value = serde_json::from_slice(&file).expect("JSON");
        checkpoint["seq"].as_u64() >= lost["seq"].as_u64()
    });
    after_loss(home, guard);
}

fn entries(home: &Sandbox) -> Vec<Value> {
    home.run(&["log", "--format", "json"]).ok().json()["entries"].as_array().expect("entries").clone()
}

fn after_loss(home: &Sandbox, mut guard: Watch) {
    assert_eq!(home.read(FILE), config(&["base", "good"]), "nothing in force is cut");
    eventually("everything is looked at", || {
        statuses(home) == "asked held, bad denied, base unreviewed, good unreviewed, kept held"
    });
    assert_eq!(home.scan()["waiting"], 1, "only what was asked before is asked");
    assert_asked_once(home);
    let asked = guard.drain().iter().filter(|notice| notice["notice"] == "asked").count();
    assert!(asked >= 1, "{:#?}", guard.seen);
    assert_eq!(alarms(guard.drain()), 1, "{:#?}", guard.seen);
    assert_eq!(fs::read_dir(home.data().join("holds")).expect("holds").count(), 3);
    guard.kill();

    let mut again = home.watch();
    home.run(&["approve", "cursor/asked"]).ok();
    assert_eq!(home.read(FILE), config(&["base", "good", "asked"]));
    assert_eq!(statuses(home), "asked approved, bad denied, base unreviewed, good unreviewed, kept held");
    eventually("old files are gone", || leaves_nothing(&home.path(".cursor")));
    assert_eq!(alarms(again.drain()), 0, "{:#?}", again.seen);
    assert_eq!(again.end(), Some(0));

    let mut third = home.watch();
    home.save(FILE, &config(&["base", "good", "asked", "next"]));
    third.wait_about("held", "next");
    assert_eq!(alarms(third.drain()), 0, "{:#?}", third.seen);
    assert_eq!(third.end(), Some(0));
}

#[test]
fn a_changed_entry_behind_the_checkpoint_is_a_loss() {
    let home = lived_in();
    // A guard that was killed leaves entries that no checkpoint covers.
    let mut guard = home.watch();
    home.save(FILE, &config(&["base", "good", "more"]));
    guard.wait_about("held", "more");
    home.run(&["approve", "cursor/more"]).ok();
    home.save(FILE, &config(&["base", "good"]));
    eventually("it is gone", || {
        entries(&home).iter().any(|entry| entry["event"] == "vanished" && is(&home, entry, "more"))
    });
    eventually("old files are gone", || leaves_nothing(&home.path(".cursor")));
    guard.kill();
    tamper(
        &home,
        "UPDATE entries SET body = replace(body, '\"npx\"', '\"npy\"') WHERE seq = (SELECT max(seq) FROM entries WHERE body LIKE '%\"npx\"%')",
    );
    check_loss(&home);
}

fn is(home: &Sandbox, entry: &Value, name: &str) -> bool {
    let id = entries(home).iter().find(|e| e["sighting"]["name"] == name).map(|e| e["sighting"]["id"].clone());
    id.is_some_and(|id| entry["id"] == id)
}

#[test]
fn a_changed_entry_below_the_checkpoint_is_a_loss() {
    let home = lived_in();
    tamper(&home, "UPDATE entries SET body = replace(body, 'base', 'bass') WHERE seq = 1");
    check_loss(&home);
}

#[test]
fn a_dropped_row_is_a_loss() {
    let home = lived_in();
    tamper(&home, "DELETE FROM entries WHERE seq = 3");
    check_loss(&home);
}

#[test]
fn a_cut_end_is_a_loss() {
    let home = lived_in();
    tamper(
        &home,
        "DELETE FROM checkpoints WHERE seq > 10; DELETE FROM entries WHERE seq > (SELECT max(seq) FROM entries) - 2",
    );
    check_loss(&home);
}

/// One byte of the file in each place that tells something: whatever it breaks, the guard comes up and holds what is new,
/// and nothing in force is cut.
#[test]
fn a_flipped_byte_never_keeps_a_guard_from_its_work() {
    let home = lived_in();
    let path = home.data().join("ledger.db");
    let whole = fs::read(&path).expect("the database");
    let page = usize::from(u16::from_be_bytes([whole[16], whole[17]]));
    // The magic, the version of the schema, and in each page its kind, its first cell's place and its last bytes.
    let pages = (1..whole.len() / page).flat_map(|at| [at * page, at * page + 8, (at + 1) * page - 40]);
    let kept = home.path("../kept");
    copy(&home.data(), &kept);
    for at in [3, 63].into_iter().chain(pages) {
        fs::remove_dir_all(home.data()).expect("own folder");
        copy(&kept, &home.data());
        home.write(FILE, &config(&["base", "good"]));
        let mut bytes = whole.clone();
        bytes[at] ^= if at == 63 { bytes[at] } else { 0x55 };
        fs::write(&path, bytes).expect("own file");
        let mut guard = home.watch();
        assert_eq!(home.read(FILE), config(&["base", "good"]), "byte {at}: nothing in force is cut");
        home.save(FILE, &config(&["base", "good", "next"]));
        guard.wait_about("held", "next");
        let lost = alarms(guard.drain());
        assert!(lost <= 1 && (at > 63 || lost == 1), "byte {at}: {:#?}", guard.seen);
        // What the verification finds later than this is the next guard's to tell.
        guard.end();
        let mut again = home.watch();
        assert_eq!(home.read(FILE), config(&["base", "good"]), "byte {at}: nothing in force is cut");
        home.run(&["approve", "cursor/next"]).ok();
        assert_eq!(home.read(FILE), config(&["base", "good", "next"]));
        let lost = lost + alarms(again.drain());
        assert!(lost <= 1, "byte {at}: {:#?}", again.seen);
    }
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else if entry.file_type().expect("a type").is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
        }
    }
}

#[test]
fn yesterdays_file_is_a_loss() {
    let home = Sandbox::new();
    home.write(FILE, &config(&["base"]));
    home.watch().end();
    let yesterday = fs::read(home.data().join("ledger.db")).expect("the database");
    live_in(&home);
    fs::write(home.data().join("ledger.db"), yesterday).expect("own file");
    check_loss(&home);
}

#[test]
fn a_deleted_database_is_a_loss() {
    let home = lived_in();
    fs::remove_file(home.data().join("ledger.db")).expect("own file");
    check_loss(&home);
}

#[test]
fn what_is_in_no_checkpoint_is_held_after_a_loss() {
    let home = lived_in();
    fs::remove_file(home.data().join("ledger.db")).expect("own file");
    home.save(FILE, &config(&["base", "good", "sneaked"]));
    let mut guard = home.watch();
    let asked = |notice: &&Value| notice["notice"] == "asked" && notice["connector"]["name"] == "sneaked";
    assert_eq!(guard.drain().iter().filter(asked).count(), 1, "{:#?}", guard.seen);
    assert_eq!(home.read(FILE), config(&["base", "good"]));
    assert_eq!(home.status("cursor/sneaked"), "held");
    assert_eq!(home.scan()["waiting"], 2);
    assert_eq!(alarms(guard.drain()), 1, "{:#?}", guard.seen);
    home.run(&["approve", "cursor/sneaked"]).ok();
    assert_eq!(home.read(FILE), config(&["base", "good", "sneaked"]));
}

/// Without a checkpoint nothing tells what is new: all of it is unreviewed, and said to be.
#[test]
fn a_deleted_data_folder_is_a_loss_and_no_first_run() {
    let home = lived_in();
    fs::remove_dir_all(home.data()).expect("own folder");
    let mut guard = home.watch();
    assert_eq!(home.read(FILE), config(&["base", "good"]), "nothing in force is cut");
    assert_eq!(statuses(&home), "base unreviewed, good unreviewed");
    let events: Vec<_> = entries(&home).iter().map(|entry| entry["event"].clone()).collect();
    assert!(events.iter().any(|event| event == "ledger-lost"), "{events:?}");
    assert!(!events.iter().any(|event| event == "baseline"), "{events:?}");
    assert_eq!(alarms(guard.drain()), 1, "{:#?}", guard.seen);
    // What is lost with the folder is lost; what comes is new.
    home.save(FILE, &config(&["base", "good", "bad"]));
    guard.wait_about("held", "bad");
    guard.kill();
    let mut again = home.watch();
    home.run(&["scan"]).ok();
    assert_eq!(alarms(again.drain()), 0, "{:#?}", again.seen);
}

#[test]
fn an_empty_database_in_place_of_the_ledger_is_a_loss() {
    let home = lived_in();
    fs::remove_dir_all(home.data()).expect("own folder");
    fs::create_dir_all(home.data()).expect("own folder");
    fs::write(home.data().join("ledger.db"), "").expect("own folder");
    let mut guard = home.watch();
    let events: Vec<_> = entries(&home).iter().map(|entry| entry["event"].clone()).collect();
    assert!(!events.iter().any(|event| event == "baseline"), "{events:?}");
    home.run(&["scan"]).ok();
    assert_eq!(alarms(guard.drain()), 1, "{:#?}", guard.seen);
}

#[test]
fn with_everything_deleted_it_is_a_first_run() {
    let home = lived_in();
    fs::remove_dir_all(home.data()).expect("own folder");
    fs::remove_dir_all(home.path(".config/gatehouse")).expect("own folder");
    let mut guard = home.watch();
    assert_eq!(statuses(&home), "base unreviewed, good unreviewed");
    assert!(entries(&home).iter().any(|entry| entry["event"] == "baseline"));
    assert_eq!(alarms(guard.drain()), 0, "{:#?}", guard.seen);
}

#[test]
fn a_command_without_a_guard_gives_the_alarm() {
    let home = lived_in();
    tamper(&home, "DELETE FROM entries WHERE seq = (SELECT max(seq) FROM entries)");
    let run = home.run(&["approve", "cursor/asked"]).ok();
    assert!(run.err.contains("lost"), "{}", run.err);
    assert_eq!(home.read(FILE), config(&["base", "good", "asked"]));
    let mut guard = home.watch();
    assert_eq!(statuses(&home), "asked approved, bad denied, base unreviewed, good unreviewed, kept held");
    assert_eq!(alarms(guard.drain()), 0, "{:#?}", guard.seen);
}

#[test]
fn what_the_user_has_set_outlives_a_loss() {
    let home = lived_in();
    let mut guard = home.watch();
    home.run(&["folder", home.path(".cursor").to_str().expect("UTF-8"), "notify"]).ok();
    home.save(FILE, &config(&["base", "good", "shown"]));
    guard.wait_about("asked", "shown");
    assert_eq!(guard.end(), Some(0));
    fs::remove_file(home.data().join("ledger.db")).expect("own file");
    let mut guard = home.watch();
    assert_eq!(home.read(FILE), config(&["base", "good", "shown"]), "nothing is cut in that folder");
    assert_eq!(alarms(guard.drain()), 1, "{:#?}", guard.seen);
}

#[test]
fn a_newer_ledger_is_left_alone() {
    let home = lived_in();
    db(&home).pragma_update(None, "user_version", 99).expect("own file");
    let before = fs::read(home.data().join("ledger.db")).expect("the database");
    home.save(FILE, &config(&["base", "good", "next"]));
    for args in [&["watch"][..], &["approve", "cursor/asked"]] {
        let run = home.run(args);
        assert_eq!(run.code, Some(2), "{}{}", run.out, run.err);
        assert!(run.err.contains("newer version"), "{}", run.err);
    }
    assert_eq!(fs::read(home.data().join("ledger.db")).expect("the database"), before);
    assert_eq!(home.read(FILE), config(&["base", "good", "next"]));
    assert_eq!(fs::read_dir(home.data().join("holds")).expect("holds").count(), 3);
}

#[test]
fn kept_bytes_that_cannot_be_read_are_not_deleted() {
    let home = lived_in();
    let stash = fs::read_dir(home.data().join("holds")).expect("holds").next().expect("one").expect("it").path();
    let mut bytes = fs::read(&stash).expect("own file");
    bytes.truncate(20);
    fs::write(&stash, &bytes).expect("own file");
    fs::remove_file(home.data().join("ledger.db")).expect("own file");
    home.watch().end();
    home.watch().end();
    assert_eq!(fs::read(&stash).expect("it is still there"), bytes);
}

/// The alarm that something beside the entries is not as it was left; no loss, and nothing is taken away for it.
#[track_caller]
fn check_doubt(home: &Sandbox, what: &str) {
    let before = statuses(home);
    let mut guard = home.watch();
    if alarms(guard.drain()) == 0 {
        guard.wait("ledger");
    }
    let alarm = guard.drain().iter().find(|notice| notice["notice"] == "ledger").cloned().expect("it was told");
    assert_eq!(alarm["state"], "altered", "{alarm:#}");
    assert!(alarm["detail"].as_str().expect("a text").contains(what), "{alarm:#}");
    assert_eq!(statuses(home), before);
    assert_eq!((guard.end(), home.read(FILE)), (Some(0), config(&["base", "good"])));
    let mut again = home.watch();
    home.run(&["revoke", "cursor/kept"]).ok();
    assert_eq!(alarms(again.drain()), 0, "it is told once: {:#?}", again.seen);
}

#[test]
fn a_witness_that_is_gone_is_an_alarm() {
    for (file, what) in [
        (".config/gatehouse/installed", "marker"),
        (".local/share/gatehouse/ledger.head", "head file"),
        (".local/share/gatehouse/ledger.checkpoint", "checkpoint file"),
    ] {
        let home = lived_in();
        fs::remove_file(home.path(file)).expect("it is there");
        check_doubt(&home, what);
    }
}

#[test]
fn altered_tables_are_an_alarm() {
    let home = lived_in();
    db(&home).execute_batch("CREATE TABLE more (x); INSERT INTO more VALUES (1)").expect("changed");
    let mut guard = home.watch();
    if alarms(guard.drain()) == 0 {
        guard.wait("ledger");
    }
    assert_eq!(guard.seen.iter().find(|n| n["notice"] == "ledger").expect("it was told")["state"], "altered");
}

/// Nobody needs a key to write a snapshot into a chain without one, digest and all. Its entries know better.
#[test]
fn an_approval_that_no_entry_gives_is_an_alarm_and_does_not_last() {
    use sha2::Digest as _;
    let home = lived_in();
    let (id, text): (i64, String) = db(&home)
        .query_row("SELECT id, snapshot FROM checkpoints ORDER BY id DESC LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .expect("a checkpoint");
    let mut snapshot: Value = serde_json::from_str(&text).expect("JSON");
    let asked = snapshot["connectors"].as_object().expect("connectors").values();
    let asked = asked.into_iter().find(|known| known["sighting"]["name"] == "asked").expect("it is known").clone();
    let mut forged = snapshot["decisions"]["approvals"][0].clone();
    forged["seen"] = asked["sighting"]["seen"].clone();
    snapshot["decisions"]["approvals"].as_array_mut().expect("approvals").push(forged);
    let text = snapshot.to_string();
    let digest = sha2::Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let set = format!("UPDATE checkpoints SET snapshot = '{text}', digest = x'{digest}' WHERE id = {id}");
    tamper(&home, &set);

    let mut guard = home.watch();
    if alarms(guard.drain()) == 0 {
        guard.wait("ledger");
    }
    eventually("what was let in is out again", || {
        statuses(&home) == "asked held, bad denied, base unreviewed, good approved, kept held"
    });
    assert_eq!(home.read(FILE), config(&["base", "good"]));
    assert_eq!(guard.end(), Some(0));
    assert_eq!(home.run(&["log", "--verify"]).code, Some(0));
}
