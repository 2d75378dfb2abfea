//! Compares pairs of archives, for `cargo xtask deltas`: one line of JSON for each line `old<TAB>new` of its input.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use std::error::Error;
use std::fs;
use std::io::BufRead as _;
use std::time::Instant;

use gatehouse_core::archive;
use gatehouse_core::drift::{self, Outline};
use serde_json::{Value, json};

fn main() {
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let Some((old, new)) = line.split_once('\t') else { continue };
        let told = pair(old, new).unwrap_or_else(|error| json!({"refused": error.to_string()}));
        println!("{told}");
    }
}

fn pair(old: &str, new: &str) -> Result<Value, Box<dyn Error>> {
    let start = Instant::now();
    let read = |path: &str| -> Result<_, Box<dyn Error>> { Ok(archive::read(path, &fs::read(path)?)?) };
    let (old, new) = (read(old)?, read(new)?);
    let outlined = (Outline::of(&old), Outline::of(&new));
    let drift = drift::compare(&outlined.0, &outlined.1);
    let compared = start.elapsed();
    let passages = drift::passages(&old, &new, &drift);
    let bytes: u64 = new.files().map(|(_, file)| file.size).sum();
    Ok(json!({
        "signals": drift.signals(),
        "severity": drift.severity,
        "files": drift.files.added_in_all + drift.files.removed_in_all + drift.files.changed_in_all,
        "literals": drift.literals.iter().map(|it| format!("{} {} {}:{}", it.signal, it.text, it.file, it.line)).collect::<Vec<_>>(),
        "calls": drift.calls.iter().map(|it| format!("{} {} {}:{}", it.signal, it.name, it.file, it.line)).collect::<Vec<_>>(),
        "passages": passages.shown.len(),
        "bytes": bytes,
        "outline": serde_json::to_vec(&outlined.1)?.len(),
        "compare_ms": compared.as_millis(),
        "all_ms": start.elapsed().as_millis(),
    }))
}
