//! Prints what the ledger costs with a million entries: `cargo bench -p gatehouse-core --bench ledger`.
//!
//! `cargo test` runs it too, with a thousand entries, so that it keeps working.

use std::fs;
use std::hint::black_box;
use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use gatehouse_core::ledger::{self, Anchor, Key, KeyAnswer, Ledger, Secret32};
use jiff::Timestamp;
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);

fn body(n: u64) -> Value {
    json!({
        "event": "connector-seen",
        "connector": format!("{n:064x}"),
        "client": "claude-code",
        "path": "~/.claude.json",
        "route": "mcpServers.postmark",
        "fingerprint": format!("v1:{:064x}", n / 7),
    })
}

/// A snapshot of 300 connectors.
fn snapshot(upto: u64) -> Value {
    (0..300).map(|n| body(upto + n)).collect()
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let made = work();
    (made, start.elapsed())
}

fn main() -> io::Result<()> {
    let full = std::env::args().any(|argument| argument == "--bench");
    let entries: u64 = if full { 1_000_000 } else { 1_000 };
    let home = tempfile::tempdir()?;
    let dir = home.path().join("data");
    let mut answer = KeyAnswer { key: Key::Available(Secret32::new([7; 32])), anchor: None };
    let mut out = io::stdout();

    let mut guard = Ledger::open(&dir, &answer, NOW).expect("a new ledger").ledger;
    let mut anchor: Option<Anchor> = None;
    let (_, took) = timed(|| {
        for batch in 0..entries / 1_000 {
            let bodies: Vec<Value> = (0..1_000).map(|n| body(batch * 1_000 + n)).collect();
            guard.append(NOW, &bodies).expect("written");
            if guard.due() {
                anchor = Some(guard.checkpoint(NOW, &snapshot(batch)).expect("written"));
            }
        }
    });
    answer.anchor = anchor;
    writeln!(out, "fill {entries} entries, checkpoint each 1,000: {took:.1?}")?;

    let mut single: Vec<Duration> =
        (0..500).map(|n| timed(|| guard.append(NOW, &[body(n)]).expect("written")).1).collect();
    single.sort();
    writeln!(out, "append one, durable: median {:.2?}, p99 {:.2?}", single[250], single[495])?;
    let mut synced: Vec<Duration> = Vec::new();
    let path = home.path().join("bare");
    let mut bare = fs::File::create(&path)?;
    for _ in 0..500 {
        let (written, took) = timed(|| bare.write_all(&[b'x'; 4096]).and_then(|()| bare.sync_all()));
        written?;
        synced.push(took);
    }
    synced.sort();
    writeln!(out, "bare write of 4 kB and fsync: median {:.2?}, p99 {:.2?}", synced[250], synced[495])?;
    drop(guard);

    let size = fs::metadata(dir.join("ledger.db"))?.len() / 1_048_576;
    writeln!(out, "database: {size} MiB")?;
    for _ in 0..3 {
        let (opened, took) = timed(|| Ledger::open(&dir, &answer, NOW).expect("the ledger opens"));
        writeln!(out, "open from a checkpoint, {} entries behind it: {took:.2?}", opened.tail.len())?;
        assert_eq!(opened.report.problems, []);
    }
    let (read, took) = timed(|| Ledger::open_read_only(&dir).expect("readable").expect("there is a ledger"));
    writeln!(out, "open for reading: {took:.2?}")?;
    black_box(read);
    for _ in 0..3 {
        let (found, took) = timed(|| ledger::verify(&dir, &answer, |_| {}).expect("readable").expect("a ledger"));
        writeln!(out, "verify {} entries: {took:.2?}", found.entries)?;
        assert!(found.is_sound(), "{found:?}");
    }
    Ok(())
}
