//! The lines that changed, those first that hold what the comparison found.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use similar::{ChangeTag, TextDiff};

use crate::archive::Contents;
use crate::finding::Severity;

use super::{Drift, without_version};

/// Larger files, and files with longer lines, are made by programs and say nothing line by line.
const LARGEST: usize = 512 * 1024;
const LONGEST_LINE: usize = 2_000;

/// Passages, and signs of a line, that are shown.
const MOST_PASSAGES: usize = 60;
const MOST_LINES: usize = 60;
const SHOWN: usize = 240;

/// Lines that did not change around those that did.
const AROUND: usize = 2;

/// All files together are compared for about so long.
const WITHIN: Duration = Duration::from_secs(4);

/// What changed line by line.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Passages {
    /// With what is risky first, then by file.
    pub shown: Vec<Passage>,
    /// There are more.
    pub left_out: u32,
    /// Changed files that are compared by what they say and can do alone.
    pub unreadable: Vec<String>,
}

/// Lines of one file that changed, with those around them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Passage {
    pub file: String,
    /// The first line of the new file, from 1; of a removed file, of the old one.
    pub line: u32,
    /// Of the gravest thing that was found in these lines.
    pub severity: Option<Severity>,
    pub lines: Vec<Line>,
}

/// One line of a passage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Line {
    /// `+`, `-` or a space.
    pub sign: char,
    pub text: String,
}

pub(super) fn of(old: &Contents, new: &Contents, drift: &Drift) -> Passages {
    let mut out = Passages::default();
    let mut all = Vec::new();
    let mut names: Vec<_> = new.files().map(|(path, _)| (path.to_owned(), old_name(old, path))).collect();
    let gone = old.files().map(|(path, _)| path).filter(|path| !names.iter().any(|(_, name)| name == path));
    let gone: Vec<_> = gone.map(|path| (String::new(), path.to_owned())).collect();
    names.extend(gone);
    for (now, then) in names {
        let digest = |contents: &Contents, path: &str| contents.get(path).map(|file| file.digest.clone());
        if digest(old, &then) == digest(new, &now) {
            continue;
        }
        let shown = if now.is_empty() { &then } else { &now };
        match (readable(old, &then), readable(new, &now)) {
            (Some(before), Some(after)) => of_file(shown, &before, &after, drift, &mut all),
            _ => out.unreadable.push(shown.clone()),
        }
    }
    all.sort_by(|a, b| (b.severity, &a.file, a.line).cmp(&(a.severity, &b.file, b.line)));
    out.left_out = u32::try_from(all.len().saturating_sub(MOST_PASSAGES)).unwrap_or(u32::MAX);
    all.truncate(MOST_PASSAGES);
    out.shown = all;
    out
}

fn old_name(old: &Contents, path: &str) -> String {
    if old.get(path).is_some() {
        return path.to_owned();
    }
    let wanted = without_version(path);
    let same = old.files().map(|(path, _)| path).find(|path| wanted != *path && without_version(path) == wanted);
    same.unwrap_or(path).to_owned()
}

/// The text of a file that people could have written; of none, no text.
fn readable(contents: &Contents, path: &str) -> Option<String> {
    let Some(file) = contents.get(path) else { return Some(String::new()) };
    let text = file.text.as_ref().filter(|text| text.len() <= LARGEST)?;
    let text = String::from_utf8_lossy(text).into_owned();
    text.lines().all(|line| line.len() <= LONGEST_LINE).then_some(text)
}

fn of_file(path: &str, before: &str, after: &str, drift: &Drift, out: &mut Vec<Passage>) {
    let places: Vec<(u32, Severity)> = drift
        .literals
        .iter()
        .map(|it| (&it.file, it.line, it.severity))
        .chain(drift.calls.iter().map(|it| (&it.file, it.line, it.severity)))
        .filter(|(file, ..)| *file == path)
        .map(|(_, line, severity)| (line, severity))
        .collect();
    // What a manifest says stands in it under its name.
    let is_manifest = path == "package.json";
    let named: Vec<(String, Severity)> = drift
        .scripts
        .iter()
        .chain(&drift.dependencies)
        .filter(|change| is_manifest && change.new.is_some())
        .map(|change| (format!("\"{}\"", change.name), change.severity))
        .collect();
    let diff = TextDiff::configure().timeout(WITHIN).diff_lines(before, after);
    for group in diff.grouped_ops(AROUND) {
        let mut passage = Passage { file: path.to_owned(), line: 0, severity: None, lines: Vec::new() };
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Equal => ' ',
                ChangeTag::Insert => '+',
                ChangeTag::Delete => '-',
            };
            let index = change.new_index().or(change.old_index()).unwrap_or(0);
            let line = u32::try_from(index + 1).unwrap_or(u32::MAX);
            if passage.line == 0 {
                passage.line = line;
            }
            let found = places.iter().filter(|(at, _)| *at == line).map(|(_, severity)| *severity);
            let told = named.iter().filter(|(name, _)| change.value().contains(name.as_str())).map(|(_, it)| *it);
            let here = found.chain(told).max().filter(|_| sign == '+');
            passage.severity = passage.severity.max(here);
            // A long passage keeps its risky lines, wherever they are.
            if passage.lines.len() < MOST_LINES || here.is_some() {
                passage.lines.push(Line { sign, text: change.value().trim_end().chars().take(SHOWN).collect() });
            }
        }
        out.push(passage);
    }
}
