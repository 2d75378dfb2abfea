//! The ledger from outside: what it keeps, and what it tells when somebody has been at its files.

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use gatehouse_core::ledger::{
    self, Anchor, Fault, Key, KeyAnswer, KeySource as _, KeyState, Ledger, LedgerError, MemoryKeys, OpenReport, Opened,
    Problem, Seal, Secret32, Trace, Verification,
};
use jiff::Timestamp;
use proptest::prelude::*;
use rusqlite::{Connection, OptionalExtension as _};
use serde_json::{Value, json};
use tempfile::TempDir;

const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);

struct World {
    home: TempDir,
    keys: MemoryKeys,
}

impl World {
    fn new(keys: MemoryKeys) -> Self {
        Self { home: tempfile::tempdir().expect("a temporary folder"), keys }
    }

    fn keyed() -> Self {
        Self::new(MemoryKeys::empty())
    }

    fn dir(&self) -> PathBuf {
        self.home.path().join("data")
    }

    fn ask(&self) -> KeyAnswer {
        let keyed = Ledger::open_read_only(&self.dir()).ok().flatten().is_some();
        ledger::ask(&self.keys, keyed)
    }

    /// Asks as a first run does, so that a key is made where there is none.
    fn ask_first(&self) -> KeyAnswer {
        ledger::ask(&self.keys, false)
    }

    fn open(&self) -> Opened {
        let answer = if ledger::exists(&self.dir()) { self.ask() } else { self.ask_first() };
        Ledger::open(&self.dir(), &answer, NOW).expect("the ledger opens")
    }

    fn verify(&self) -> Verification {
        ledger::verify(&self.dir(), &self.ask(), |_| {}).expect("readable").expect("there is a ledger")
    }

    /// Appends `count` entries, numbered in their bodies.
    fn append(ledger: &mut Ledger, count: u64) {
        let from = ledger.last();
        let bodies: Vec<Value> = (1..=count).map(|n| json!({ "n": from + n, "event": "seen" })).collect();
        ledger.append(NOW, &bodies).expect("the entries are written");
    }

    fn checkpoint(&self, ledger: &mut Ledger) -> Anchor {
        let anchor = ledger.checkpoint(NOW, &json!({ "upto": ledger.last() })).expect("the checkpoint is written");
        if ledger.key_state() == KeyState::Keyed {
            self.keys.set_anchor(&anchor).expect("the store is open");
        }
        anchor
    }

    /// Ten entries, a checkpoint, ten more, a checkpoint, five more.
    fn settled(self) -> Self {
        let mut ledger = self.open().ledger;
        Self::append(&mut ledger, 10);
        self.checkpoint(&mut ledger);
        Self::append(&mut ledger, 10);
        self.checkpoint(&mut ledger);
        Self::append(&mut ledger, 5);
        self
    }

    /// Copies of all files of the data folder.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let entries = fs::read_dir(self.dir()).expect("the data folder");
        let paths = entries.map(|entry| entry.expect("a name").path());
        paths.map(|path| (path.clone(), fs::read(&path).expect("own file"))).collect()
    }

    fn put_back(&self, files: &BTreeMap<PathBuf, Vec<u8>>) {
        for path in self.files().keys() {
            fs::remove_file(path).expect("own file");
        }
        for (path, bytes) in files {
            fs::write(path, bytes).expect("own file");
        }
    }

    /// Changes the database as somebody who knows SQLite would: the triggers are there again afterwards.
    fn tamper(&self, change: &str) {
        tamper(&self.dir(), |db| db.execute_batch(change).expect("valid SQL"));
    }
}

fn tamper(dir: &Path, change: impl FnOnce(&Connection)) {
    let db = Connection::open(dir.join("ledger.db")).expect("the database");
    db.pragma_update(None, "synchronous", "OFF").expect("a setting");
    let triggers: Vec<(String, String)> = db
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        .and_then(|mut all| all.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .expect("the triggers");
    for (name, _) in &triggers {
        db.execute_batch(&format!("DROP TRIGGER {name}")).expect("there is this trigger");
    }
    change(&db);
    for (_, sql) in &triggers {
        db.execute_batch(sql).expect("the trigger as it was");
    }
}

fn numbers(opened: &Opened) -> Vec<u64> {
    opened.tail.iter().map(|entry| entry.seq).collect()
}

fn snapshot(upto: u64) -> Option<String> {
    Some(format!("{{\"upto\":{upto}}}"))
}

#[test]
fn entries_come_back_as_they_were_written() {
    let world = World::keyed();
    let mut opened = world.open();
    assert_eq!(
        opened.report,
        OpenReport {
            key: KeyState::Keyed,
            created: true,
            last: 0,
            checkpoint: None,
            unsealed: 0,
            sealed_late: 0,
            problems: vec![]
        }
    );
    let ledger = &mut opened.ledger;
    let seqs = ledger.append(NOW, &[json!({ "b": 1, "a": [1, null] }), json!("x")]).expect("written");
    assert_eq!(seqs, [1, 2]);
    assert!(!ledger.due());
    drop(opened);
    let opened = world.open();
    assert_eq!((opened.report.last, opened.report.problems.as_slice()), (2, &[][..]));
    let bodies: Vec<_> = opened.tail.iter().map(|e| (e.seq, e.at, e.body.as_str(), e.seal)).collect();
    assert_eq!(bodies, [(1, NOW, r#"{"a":[1,null],"b":1}"#, Seal::AtOnce), (2, NOW, r#""x""#, Seal::AtOnce)]);
}

#[test]
fn a_checkpoint_shortens_the_tail_and_is_due_every_thousand_entries() {
    let world = World::keyed();
    let mut ledger = world.open().ledger;
    World::append(&mut ledger, 999);
    assert!(!ledger.due());
    World::append(&mut ledger, 1);
    assert!(ledger.due());
    world.checkpoint(&mut ledger);
    assert!(!ledger.due());
    World::append(&mut ledger, 2);
    drop(ledger);
    let opened = world.open();
    assert_eq!((&opened.snapshot, numbers(&opened)), (&snapshot(1000), vec![1001, 1002]));
    assert_eq!((opened.report.checkpoint, opened.report.problems), (Some(1000), vec![]));
    let verification = world.verify();
    assert_eq!((verification.entries, verification.sealed, verification.checkpoints), (1002, 1002, 1));
    assert!(verification.is_sound(), "{verification:?}");
}

#[test]
fn the_same_checkpoint_is_not_written_twice_and_old_snapshots_go() {
    let world = World::keyed();
    let mut ledger = world.open().ledger;
    for _ in 0..6 {
        World::append(&mut ledger, 1);
        world.checkpoint(&mut ledger);
        world.checkpoint(&mut ledger);
    }
    let db = Connection::open(world.dir().join("ledger.db")).expect("the database");
    let counts: (i64, i64) = db
        .query_row("SELECT count(*), count(snapshot) FROM checkpoints", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("a count");
    assert_eq!(counts, (6, 3));
    assert!(world.verify().is_sound());
}

/// Tampers with a settled, keyed ledger and compares what opening and what verifying say first.
fn check(change: &str, at_open: Option<Problem>, at_verify: &Problem) {
    let world = World::keyed().settled();
    world.tamper(change);
    assert_eq!(world.verify().problems.first(), Some(at_verify), "verify after {change}");
    let opened = world.open();
    assert_eq!(opened.report.problems.first(), at_open.as_ref(), "open after {change}");
}

fn broken(seq: u64, fault: Fault) -> Problem {
    Problem::Broken { seq, fault }
}

#[test]
fn every_change_of_a_row_is_told() {
    let both = |change, problem: Problem| check(change, Some(problem.clone()), &problem);
    let old = |change, problem: Problem| check(change, None, &problem);
    both("UPDATE entries SET body = replace(body, 'seen', 'sean') WHERE seq = 22", broken(22, Fault::Hash));
    both("UPDATE entries SET at = '2020-01-01T00:00:00Z' WHERE seq = 21", broken(21, Fault::Hash));
    both("UPDATE entries SET hash = zeroblob(32) WHERE seq = 23", broken(23, Fault::Hash));
    both("UPDATE entries SET prev = zeroblob(32) WHERE seq = 23", broken(23, Fault::Previous));
    both("UPDATE entries SET mac = zeroblob(32) WHERE seq = 24", broken(24, Fault::Mac));
    both("UPDATE entries SET mac = NULL, seal = 0 WHERE seq = 24", broken(24, Fault::SealMissing));
    both("UPDATE entries SET seal = 2 WHERE seq = 24", broken(24, Fault::Mac));
    both("DELETE FROM entries WHERE seq = 23", broken(23, Fault::Missing));
    old("UPDATE entries SET body = replace(body, 'seen', 'sean') WHERE seq = 12", broken(12, Fault::Hash));
    old("UPDATE entries SET mac = NULL, seal = 0 WHERE seq = 20", broken(20, Fault::SealMissing));
    old("DELETE FROM entries WHERE seq = 4", broken(4, Fault::Missing));
    old("DELETE FROM entries WHERE seq = 1", broken(1, Fault::Missing));
    old("UPDATE entries SET seq = -3 WHERE seq = 3", broken(1, Fault::Order));
}

#[test]
fn entries_before_a_break_are_still_given_and_the_chain_goes_on() {
    let world = World::keyed().settled();
    world.tamper("UPDATE entries SET body = '{}' WHERE seq = 23");
    let mut opened = world.open();
    assert_eq!((&opened.snapshot, numbers(&opened)), (&snapshot(20), vec![21, 22]));
    assert!(opened.report.is_loss() && opened.ledger.due());
    World::append(&mut opened.ledger, 1);
    world.checkpoint(&mut opened.ledger);
    drop(opened);
    let opened = world.open();
    assert_eq!((&opened.snapshot, opened.report.problems), (&snapshot(26), vec![]));
    assert_eq!(world.verify().first_bad(), Some((23, Fault::Hash)), "the evidence stays");
}

#[test]
fn a_bad_snapshot_is_not_used() {
    let bad = |seq, fault| Problem::Checkpoint { seq, fault };
    let check = |change: &str, problems: &[Problem], upto: Option<u64>, first: u64| {
        let world = World::keyed().settled();
        world.tamper(change);
        let opened = world.open();
        assert_eq!(opened.report.problems, problems, "{change}");
        assert_eq!(
            (&opened.snapshot, numbers(&opened)),
            (&upto.and_then(snapshot), (first..=25).collect()),
            "{change}"
        );
        assert_eq!(world.verify().problems, problems, "{change}");
    };
    check("UPDATE checkpoints SET snapshot = '{}' WHERE seq = 20", &[bad(20, Fault::Snapshot)], Some(10), 11);
    check("UPDATE checkpoints SET mac = zeroblob(32) WHERE seq = 20", &[bad(20, Fault::Mac)], Some(10), 11);
    check("UPDATE checkpoints SET mac = zeroblob(32)", &[bad(20, Fault::Mac), bad(10, Fault::Mac)][..], None, 1);
}

#[test]
fn cut_and_old_databases_are_told() {
    let rolled = |have, expected, trace| Problem::RolledBack { have, expected, trace };
    let check = |change: &dyn Fn(&World), at_open: &Problem| {
        let world = World::keyed().settled();
        change(&world);
        assert_eq!(world.verify().problems.first(), Some(at_open));
        let opened = world.open();
        assert_eq!(opened.report.problems.first(), Some(at_open));
        assert!(opened.report.is_loss());
    };
    // The last rows, after and before the newest checkpoint.
    check(&|w| w.tamper("DELETE FROM entries WHERE seq > 22"), &rolled(22, 25, Trace::HeadFile));
    check(
        &|w| w.tamper("DELETE FROM entries WHERE seq > 15; DELETE FROM checkpoints WHERE seq > 15"),
        &rolled(15, 25, Trace::HeadFile),
    );
    let without_head = |world: &World, name: &str| {
        world.tamper("DELETE FROM entries WHERE seq > 15; DELETE FROM checkpoints WHERE seq > 15");
        fs::remove_file(world.dir().join("ledger.head")).expect("own file");
        if name != "ledger.head" {
            fs::remove_file(world.dir().join(name)).expect("own file");
        }
    };
    check(&|w| without_head(w, "ledger.head"), &rolled(15, 20, Trace::CheckpointFile));
    check(&|w| without_head(w, "ledger.checkpoint"), &rolled(15, 20, Trace::Keyring));
}

#[test]
fn yesterdays_files_are_told() {
    let rolled = |trace, expected| Some(Problem::RolledBack { have: 25, expected, trace });
    let check = |all: bool, expect: Option<Problem>| {
        let world = World::keyed().settled();
        let yesterday: BTreeMap<_, _> =
            world.files().into_iter().filter(|(path, _)| all || path.ends_with("ledger.db")).collect();
        let mut ledger = world.open().ledger;
        World::append(&mut ledger, 10);
        world.checkpoint(&mut ledger);
        World::append(&mut ledger, 1);
        drop(ledger);
        let today = world.files();
        world.put_back(&if all { yesterday } else { today.into_iter().chain(yesterday).collect() });
        assert_eq!(world.verify().problems.first().cloned(), expect);
        let opened = world.open();
        assert_eq!(opened.report.problems.first().cloned(), expect);
        assert_eq!(opened.rescued, if all { snapshot(20) } else { snapshot(35) });
    };
    check(false, rolled(Trace::HeadFile, 36));
    check(true, rolled(Trace::Keyring, 35));
}

#[test]
fn a_deleted_database_is_told_and_its_newest_snapshot_is_rescued() {
    let world = World::keyed().settled();
    fs::remove_file(world.dir().join("ledger.db")).expect("own file");
    assert_eq!(ledger::verify(&world.dir(), &world.ask(), |_| {}).expect("readable"), None);
    let mut opened = world.open();
    let report = &opened.report;
    assert!(report.created && report.is_loss());
    assert_eq!(report.problems[0], Problem::RolledBack { have: 0, expected: 25, trace: Trace::HeadFile });
    assert_eq!((&opened.snapshot, &opened.rescued), (&None, &snapshot(20)));
    // Recorded and checkpointed, the loss is over.
    World::append(&mut opened.ledger, 1);
    world.checkpoint(&mut opened.ledger);
    drop(opened);
    assert_eq!(world.open().report.problems, []);
    assert!(world.verify().is_sound());
}

#[test]
fn missing_and_damaged_traces_are_told_but_no_loss() {
    let check = |change: &dyn Fn(&Path), expect: Problem| {
        let world = World::keyed().settled();
        change(&world.dir());
        let report = world.open().report;
        assert_eq!((report.is_loss(), report.problems), (false, vec![expect]));
    };
    check(&|dir| fs::remove_file(dir.join("ledger.head")).expect("own file"), Problem::TraceMissing(Trace::HeadFile));
    check(
        &|dir| fs::remove_file(dir.join("ledger.checkpoint")).expect("own file"),
        Problem::TraceMissing(Trace::CheckpointFile),
    );
    let edit = |dir: &Path, name: &str, from: &str, to: &str| {
        let text = fs::read_to_string(dir.join(name)).expect("own file");
        assert!(text.contains(from), "{name} holds {from}");
        fs::write(dir.join(name), text.replace(from, to)).expect("own file");
    };
    check(&|dir| edit(dir, "ledger.head", "\"seq\":25", "\"seq\":15"), Problem::TraceDamaged(Trace::HeadFile));
    check(&|dir| edit(dir, "ledger.checkpoint", "upto", "unto"), Problem::TraceDamaged(Trace::CheckpointFile));
    check(
        &|dir| edit(dir, "ledger.checkpoint", "\"seq\":20", "\"seq\":10"),
        Problem::TraceDamaged(Trace::CheckpointFile),
    );
}

#[test]
fn plain_statements_change_nothing_and_altered_tables_are_told() {
    let world = World::keyed().settled();
    let db = Connection::open(world.dir().join("ledger.db")).expect("the database");
    for statement in [
        "UPDATE entries SET body = '{}' WHERE seq = 3",
        "UPDATE entries SET mac = NULL WHERE seq = 3",
        "DELETE FROM entries WHERE seq = 25",
        "INSERT INTO entries VALUES (30, '', '', x'', x'', 0, NULL)",
        "INSERT OR REPLACE INTO entries VALUES (3, '', '', x'', x'', 0, NULL)",
        "UPDATE checkpoints SET snapshot = '{}'",
        "DELETE FROM checkpoints",
        "UPDATE chain SET key_check = x''",
        "DELETE FROM chain",
    ] {
        assert!(db.execute_batch(statement).is_err(), "{statement}");
    }
    assert!(world.verify().is_sound());
    db.execute_batch("DROP TRIGGER entries_kept").expect("valid SQL");
    drop(db);
    assert_eq!(world.open().report.problems, [Problem::SchemaAltered]);
    assert_eq!(world.verify().problems, [Problem::SchemaAltered]);
}

#[test]
fn what_is_written_while_locked_is_sealed_when_the_key_comes() {
    let world = World::keyed().settled();
    world.keys.set_locked(true);
    let mut opened = world.open();
    assert_eq!((opened.report.key, &opened.snapshot), (KeyState::Locked, &snapshot(20)));
    assert_eq!(opened.report.problems, []);
    World::append(&mut opened.ledger, 3);
    world.checkpoint(&mut opened.ledger);
    drop(opened);
    // Another start, still locked.
    let mut ledger = world.open().ledger;
    World::append(&mut ledger, 2);
    assert!(!ledger.due());
    assert_eq!(ledger.key_arrived(&world.ask()).expect("asked").key, KeyState::Locked);
    world.keys.set_locked(false);
    let report = ledger.key_arrived(&world.ask()).expect("sealed");
    assert_eq!((report.key, report.sealed_late, report.unsealed, report.problems), (KeyState::Keyed, 5, 0, vec![]));
    assert!(ledger.due());
    World::append(&mut ledger, 1);
    world.checkpoint(&mut ledger);
    let verification = world.verify();
    assert!(verification.is_sound(), "{verification:?}");
    assert_eq!((verification.entries, verification.sealed, verification.late), (31, 31, 5));
    // The key stays, even if the store closes again.
    world.keys.set_locked(true);
    assert_eq!(ledger.key_arrived(&world.ask()).expect("asked").key, KeyState::Keyed);
}

#[test]
fn an_unsealed_checkpoint_is_not_used_once_the_key_is_here() {
    let world = World::keyed().settled();
    world.keys.set_locked(true);
    let mut ledger = world.open().ledger;
    for _ in 0..5 {
        World::append(&mut ledger, 1);
        world.checkpoint(&mut ledger);
    }
    drop(ledger);
    assert_eq!(world.open().snapshot, snapshot(30));
    world.keys.set_locked(false);
    let opened = world.open();
    assert_eq!((&opened.snapshot, opened.report.sealed_late), (&snapshot(20), 5));
}

#[test]
fn a_change_made_while_locked_is_told_when_the_key_comes() {
    let world = World::keyed().settled();
    world.keys.set_locked(true);
    world.tamper("UPDATE entries SET mac = zeroblob(32) WHERE seq = 22");
    let mut opened = world.open();
    assert_eq!(opened.report.problems, []);
    world.keys.set_locked(false);
    let report = opened.ledger.key_arrived(&world.ask()).expect("looked at");
    assert_eq!(report.problems, [broken(22, Fault::Mac)]);
}

#[test]
fn a_keyed_chain_never_becomes_unkeyed() {
    let check = |change: &dyn Fn(&MemoryKeys), state| {
        let world = World::keyed().settled();
        change(&world.keys);
        let mut opened = world.open();
        assert_eq!(opened.report.key, state);
        assert!(opened.ledger.was_keyed());
        World::append(&mut opened.ledger, 1);
        drop(opened);
        let opened = world.open();
        assert_eq!((opened.report.key, opened.report.unsealed), (state, 1));
        assert!(matches!(world.keys.get(), Key::None | Key::Missing), "no key was made");
        let verification = world.verify();
        assert_eq!((verification.key, verification.unsealed, verification.is_sound()), (state, 1, true));
    };
    check(&MemoryKeys::lose, KeyState::Missing);
    check(&|keys| keys.set_service(false), KeyState::Locked);
}

#[test]
fn another_key_is_told() {
    let world = World::keyed().settled();
    world.keys.lose();
    let answer = world.ask_first();
    let report = Ledger::open(&world.dir(), &answer, NOW).expect("the ledger opens").report;
    assert_eq!((report.key, report.problems.contains(&Problem::OtherKey)), (KeyState::Missing, true));
    let verification = ledger::verify(&world.dir(), &answer, |_| {}).expect("readable").expect("there is a ledger");
    assert!(verification.problems.contains(&Problem::OtherKey));
}

#[test]
fn a_chain_without_a_secret_store_says_so_and_can_be_keyed_later() {
    let world = World::new(MemoryKeys::absent()).settled();
    let mut opened = world.open();
    assert_eq!((opened.report.key, opened.report.unsealed), (KeyState::None, 5));
    assert_eq!((&opened.snapshot, opened.report.problems.as_slice()), (&snapshot(20), &[][..]));
    assert!(!opened.ledger.was_keyed() && !opened.report.is_verified());
    assert_eq!((world.verify().key, world.verify().unsealed), (KeyState::None, 25));
    world.keys.set_service(true);
    let report = opened.ledger.key_arrived(&world.ask_first()).expect("sealed");
    assert_eq!((report.key, report.problems.as_slice()), (KeyState::Keyed, &[][..]));
    World::append(&mut opened.ledger, 1);
    world.checkpoint(&mut opened.ledger);
    drop(opened);
    let verification = world.verify();
    assert!(verification.is_sound(), "{verification:?}");
    assert_eq!((verification.sealed, verification.late, verification.key), (26, 25, KeyState::Keyed));
}

#[test]
fn a_first_key_seals_nothing_behind_a_break() {
    let world = World::new(MemoryKeys::absent()).settled();
    world.tamper("UPDATE entries SET body = '{}' WHERE seq = 7");
    let mut opened = world.open();
    assert_eq!(opened.report.problems, []);
    world.keys.set_service(true);
    let report = opened.ledger.key_arrived(&world.ask_first()).expect("looked at");
    assert_eq!((report.problems.as_slice(), report.sealed_late), (&[broken(7, Fault::Hash)][..], 6));
    World::append(&mut opened.ledger, 1);
    world.checkpoint(&mut opened.ledger);
    assert_eq!(world.verify().first_bad(), Some((7, Fault::Hash)));
}

#[test]
fn an_unkeyed_chain_still_tells_changes() {
    let world = World::new(MemoryKeys::absent()).settled();
    world.tamper("UPDATE entries SET body = '{}' WHERE seq = 7; UPDATE checkpoints SET snapshot = '{}' WHERE seq = 20");
    assert_eq!(world.open().snapshot, snapshot(10));
    assert_eq!(world.verify().first_bad(), Some((7, Fault::Hash)));
}

#[test]
fn a_chain_without_its_seals_is_no_new_chain() {
    let strip = "UPDATE entries SET mac = NULL, seal = 0; UPDATE checkpoints SET mac = NULL; DELETE FROM chain";
    check(strip, Some(Problem::SealsStripped), &Problem::SealsStripped);
    check("DELETE FROM chain", Some(Problem::SealsStripped), &Problem::SealsStripped);
}

#[test]
fn a_newer_schema_is_refused_and_left_alone() {
    let world = World::keyed().settled();
    world.tamper("PRAGMA user_version = 99");
    let before = fs::read(world.dir().join("ledger.db")).expect("own file");
    let newer = |result: Result<(), LedgerError>| assert!(matches!(result, Err(LedgerError::Newer { found: 99, .. })));
    let answer = KeyAnswer::not_asked();
    newer(Ledger::open(&world.dir(), &answer, NOW).map(|_| ()));
    newer(Ledger::open_read_only(&world.dir()).map(|_| ()));
    newer(ledger::verify(&world.dir(), &answer, |_| {}).map(|_| ()));
    assert_eq!(fs::read(world.dir().join("ledger.db")).expect("own file"), before);
}

#[test]
fn a_file_that_is_no_database_can_be_set_aside() {
    let world = World::keyed().settled();
    fs::write(world.dir().join("ledger.db"), [b'x'; 8192]).expect("own file");
    let answer = ledger::ask(&world.keys, true);
    assert!(matches!(Ledger::open(&world.dir(), &answer, NOW), Err(LedgerError::Damaged(_))));
    let aside = ledger::set_aside(&world.dir(), NOW).expect("own folder");
    assert_eq!(fs::read(aside).expect("own file").len(), 8192);
    let opened = Ledger::open(&world.dir(), &answer, NOW).expect("a new ledger");
    assert!(opened.report.is_loss());
    assert_eq!(opened.rescued, snapshot(20));
}

#[test]
fn reading_makes_nothing() {
    let world = World::keyed();
    assert!(Ledger::open_read_only(&world.dir()).expect("nothing to read").is_none());
    assert!(!world.dir().exists());
    let world = world.settled();
    let before = world.files();
    let read = Ledger::open_read_only(&world.dir()).expect("readable").expect("there is a ledger");
    assert_eq!((&read.snapshot, read.tail.len(), read.last, &read.problem), (&snapshot(20), 5, 25, &None));
    let mut seen = Vec::new();
    let upto = |entry: ledger::Entry| {
        seen.push(entry.seq);
        if entry.seq == 8 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    read.entries(5, upto).expect("readable");
    assert_eq!(seen, [5, 6, 7, 8]);
    assert!(world.verify().is_sound());
    assert_eq!(world.files().keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    drop(read);
    assert!(world.files() == before, "nothing was written");
    // A file that was made and never written is no ledger.
    fs::write(world.dir().join("ledger.db"), "").expect("own file");
    assert!(Ledger::open_read_only(&world.dir()).expect("nothing to read").is_none());
}

#[test]
fn reading_works_beside_a_guard() {
    let world = World::keyed().settled();
    let mut ledger = world.open().ledger;
    World::append(&mut ledger, 1);
    let before: Vec<_> = world.files().into_keys().collect();
    let read = Ledger::open_read_only(&world.dir()).expect("readable").expect("there is a ledger");
    World::append(&mut ledger, 1);
    assert_eq!((read.last, read.tail.len()), (26, 6));
    let verification = world.verify();
    assert_eq!((verification.entries, verification.is_sound()), (27, true));
    drop(read);
    World::append(&mut ledger, 1);
    assert_eq!(world.files().into_keys().collect::<Vec<_>>(), before);
}

#[test]
fn a_second_writer_is_refused() {
    let world = World::keyed().settled();
    let mut first = world.open().ledger;
    let mut second = world.open().ledger;
    World::append(&mut first, 1);
    let refused = second.append(NOW, &[json!(1)]);
    assert!(matches!(refused, Err(LedgerError::Overtaken { have: 25, found: 26 })), "{refused:?}");
    assert!(world.verify().is_sound());
}

#[cfg(unix)]
#[test]
fn files_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::keyed().settled();
    let _open = world.open();
    let mode = |path: &Path| fs::metadata(path).expect("own file").permissions().mode() & 0o777;
    assert_eq!(mode(&world.dir()), 0o700);
    for path in world.files().keys() {
        assert_eq!(mode(path), 0o600, "{}", path.display());
    }
}

#[test]
fn secrets_do_not_show() {
    let key = Secret32::new([0x41; 32]);
    let shown = format!("{key:?} {:?}", KeyAnswer { key: Key::Available(key.clone()), anchor: None });
    assert!(!shown.contains("65") && !shown.contains("41") && !shown.contains("AAAA"), "{shown}");
    assert_ne!(key.derive(b"values-v1").expose(), key.derive(b"chain-v1").expose());
    assert_ne!(key.derive(b"values-v1").expose(), key.expose());
}

#[test]
fn an_anchor_reads_back() {
    let anchor = Anchor { seq: 7, hash: "ab".repeat(32) };
    assert_eq!(anchor.to_string().parse(), Ok(anchor));
    for bad in ["", "7", "7:abc", "x:abab", &format!("-1:{}", "ab".repeat(32)), &format!("1:{}", "zz".repeat(32))] {
        assert!(bad.parse::<Anchor>().is_err(), "{bad}");
    }
}

/// Cells of a settled ledger that a single bit can be turned in.
const CELLS: &[(&str, &[&str])] = &[
    ("entries", &["seq", "at", "body", "prev", "hash", "seal", "mac"]),
    ("checkpoints", &["id", "seq", "at", "head", "digest", "mac", "snapshot"]),
    ("chain", &["key_check"]),
];

/// Turns one bit of one cell; false where the cell has no such bit.
fn turn(db: &Connection, table: &str, column: &str, row: usize, bit: usize) -> bool {
    let sql = format!(
        "SELECT rowid, typeof({column}), CAST({column} AS BLOB), {column} FROM {table}
        ORDER BY rowid LIMIT 1 OFFSET {row} % (SELECT count(*) FROM {table})"
    );
    let found = db.query_row(&sql, [], |found| {
        let kind: String = found.get(1)?;
        let number = if kind == "integer" { found.get(3)? } else { 0 };
        Ok((found.get::<_, i64>(0)?, kind, found.get::<_, Option<Vec<u8>>>(2)?.unwrap_or_default(), number))
    });
    let Some((rowid, kind, mut bytes, number)) = found.optional().expect("valid SQL") else { return false };
    if kind == "integer" {
        let sql = format!("UPDATE OR REPLACE {table} SET {column} = ?1 WHERE rowid = ?2");
        db.execute(&sql, (number ^ (1_i64 << (bit % 64)), rowid)).expect("valid SQL");
        return true;
    }
    if bytes.is_empty() {
        return false;
    }
    let at = bit % (bytes.len() * 8);
    bytes[at / 8] ^= 1 << (at % 8);
    let value = if kind == "text" { "CAST(?1 AS TEXT)" } else { "?1" };
    db.execute(&format!("UPDATE {table} SET {column} = {value} WHERE rowid = ?2"), (bytes, rowid)).expect("valid SQL");
    true
}

#[test]
fn any_turned_bit_is_told() {
    let world = World::keyed().settled();
    let before = world.files();
    let cells: Vec<(&str, &str)> =
        CELLS.iter().flat_map(|(table, columns)| columns.iter().map(move |column| (*table, *column))).collect();
    let cell = prop::sample::select(cells);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(200)
    });
    runner
        .run(&(cell, 0..50_usize, 0..4096_usize), |((table, column), row, bit)| {
            world.put_back(&before);
            let mut turned = false;
            tamper(&world.dir(), |db| turned = turn(db, table, column, row, bit));
            if turned {
                let verification = ledger::verify(&world.dir(), &world.ask(), |_| {});
                let told = verification.as_ref().map_or(true, |v| v.as_ref().is_some_and(|v| !v.is_sound()));
                prop_assert!(told, "{verification:?}");
            }
            Ok(())
        })
        .expect("every turned bit is told");
}

/// Writes a database as SQL that makes it anew.
fn dump(db: &Connection) -> String {
    let mut text = String::new();
    let version: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0)).expect("a version");
    let definitions = |kind: &str| -> Vec<String> {
        db.prepare(
            "SELECT sql FROM sqlite_schema WHERE (type = 'table') = (?1 = 'table') AND sql IS NOT NULL ORDER BY name",
        )
        .and_then(|mut all| all.query_map([kind], |row| row.get(0))?.collect())
        .expect("the schema")
    };
    for sql in definitions("table") {
        text += &format!("{sql};\n");
    }
    for (table, columns) in [CELLS[0], CELLS[1], ("chain", &["id", "key_check"])] {
        let quoted: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
        let sql = format!("SELECT {} FROM {table} ORDER BY 1", quoted.join(" || ', ' || "));
        let rows: Vec<String> =
            db.prepare(&sql).and_then(|mut all| all.query_map([], |row| row.get(0))?.collect()).expect("the rows");
        for row in rows {
            text += &format!("INSERT INTO {table} ({}) VALUES ({row});\n", columns.join(", "));
        }
    }
    for sql in definitions("other") {
        text += &format!("{sql};\n");
    }
    text + &format!("PRAGMA user_version = {version};\n")
}

/// The key of the fixtures.
fn fixture_answer() -> KeyAnswer {
    KeyAnswer { key: Key::Available(Secret32::new([7; 32])), anchor: None }
}

/// Every released schema opens, with everything in it. A new schema's fixture is written with `UPDATE=1`; those of
/// released schemas are never rewritten.
#[test]
fn every_released_schema_opens() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    for version in 1..=ledger::SCHEMA_VERSION {
        let path = fixtures.join(format!("ledger-v{version}.sql"));
        if version == ledger::SCHEMA_VERSION && !path.exists() && std::env::var_os("UPDATE").is_some() {
            let home = tempfile::tempdir().expect("a temporary folder");
            let mut ledger = Ledger::open(home.path(), &fixture_answer(), NOW).expect("a new ledger").ledger;
            World::append(&mut ledger, 3);
            ledger.checkpoint(NOW, &json!({ "upto": 3 })).expect("the checkpoint is written");
            World::append(&mut ledger, 2);
            let db = Connection::open(home.path().join("ledger.db")).expect("the database");
            fs::write(&path, dump(&db)).expect("own file");
        }
        let sql = fs::read_to_string(&path).expect("each schema has a fixture; UPDATE=1 writes the newest");
        let home = tempfile::tempdir().expect("a temporary folder");
        let db = Connection::open(home.path().join("ledger.db")).expect("a new database");
        db.execute_batch(&sql).expect("the fixture is valid SQL");
        drop(db);
        let opened = Ledger::open(home.path(), &fixture_answer(), NOW).expect("the fixture opens");
        assert_eq!((&opened.snapshot, numbers(&opened)), (&snapshot(3), vec![4, 5]), "schema {version}");
        assert!(!opened.report.is_loss(), "schema {version}: {:?}", opened.report.problems);
        let verification = ledger::verify(home.path(), &fixture_answer(), |_| {}).expect("readable").expect("a ledger");
        assert_eq!((verification.sealed, verification.first_bad()), (5, None), "schema {version}");
    }
}
