//! The ledger's entries in words.

use gatehouse_core::engine::{HistoryEntry, Verified};
use gatehouse_core::network::journal::Line;
use gatehouse_core::sentences::{Names, stamp};

use super::Page;
use super::chips::visible;
use super::table::{Field, Tone, rows};

/// The entries, newest last.
pub(crate) fn log<'a>(page: &Page<'_>, entries: impl Iterator<Item = &'a HistoryEntry>, names: &Names) -> String {
    let mut widest = 0;
    let lines = entries.map(|entry| {
        let number = entry.seq.to_string();
        widest = widest.max(number.len());
        let seal = if entry.sealed { "" } else { "○" };
        let text = page.speech().past(&entry.record, names);
        vec![
            Field(number, Tone::Dim),
            Field(stamp(entry.at), Tone::Dim),
            Field(seal.to_owned(), Tone::Look),
            text.into(),
        ]
    });
    let lines: Vec<_> = lines.collect();
    if lines.is_empty() {
        return page.say("log-empty", &[]);
    }
    let unsealed = lines.iter().any(|line| !line[2].0.is_empty());
    let table = rows(page, &[], lines, &[Some(widest), Some(20), Some(1), None]);
    if unsealed { format!("{table}\n\n○ {}", page.say("log-unsealed", &[])) } else { table }
}

/// The requests that were made, newest last.
pub(crate) fn requests(page: &Page<'_>, requests: &[Line]) -> String {
    if requests.is_empty() {
        return page.say("requests-none", &[]);
    }
    let line = |line: &Line| {
        let outcome = match (line.status, &line.failure) {
            (Some(304), _) => page.say("request-unchanged", &[]),
            (Some(status), _) => status.to_string(),
            (None, Some(failure)) => page.name("look-up", failure),
            (None, None) => "–".to_owned(),
        };
        let purpose = page.name("request-for", &line.purpose);
        vec![
            Field(stamp(line.at), Tone::Dim),
            Field(outcome, Tone::Plain),
            Field(purpose, Tone::Plain),
            Field(visible(&line.url), Tone::Plain),
        ]
    };
    rows(page, &[], requests.iter().map(line).collect(), &[Some(20), Some(12), Some(12), None])
}

/// How a verification ended, in words, and whether the ledger is sound.
pub(crate) fn verified(page: &Page<'_>, verified: &Verified) -> (String, bool) {
    match verified {
        Verified::NoLedger => (page.say("verify-no-ledger", &[]), true),
        Verified::Sound { entries, sealed, unsealed, key } => {
            let args = [("count", &*entries.to_string()), ("sealed", &sealed.to_string())];
            let mut text = page.say("verify-sound", &args);
            if *unsealed > 0 {
                let args = [("count", &*unsealed.to_string()), ("key", &page.name("ledger", key))];
                text = format!("{text}\n{}", page.say("verify-unsealed", &args));
            }
            (text, true)
        }
        Verified::Broken { seq, what } => {
            (page.say("verify-broken", &[("number", &seq.to_string()), ("what", what)]), false)
        }
    }
}
