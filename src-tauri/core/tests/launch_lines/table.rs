//! Reads `table.txt`, where each launch stands below what it runs.

use std::collections::BTreeSet;

use gatehouse_core::launch_line::Ecosystem;
use gatehouse_core::launch_line::LaunchLine;

const TABLE: &str = include_str!("table.txt");

/// Launches of the table; it only grows.
const LEAST: usize = 450;

/// Words are parted by blanks; quotes of either kind hold one together, and an empty pair is a word.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quote) = (None::<String>, None);
    for c in line.chars() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('\'' | '"', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (' ', None) => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    assert!(quote.is_none(), "a quote stands open in {line}");
    words.extend(word);
    words
}

fn name(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        other => panic!("{other:?} is no name"),
    }
}

/// The columns of a launch, as the table writes them.
fn columns(line: &LaunchLine) -> String {
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let pin = line.pin.map(|pin| name(&pin));
    let columns = [
        or_none(line.purl()),
        name(&line.ecosystem),
        or_none(pin),
        or_none(line.version.clone()),
        or_none(line.unknown.map(str::to_owned)),
    ];
    columns.join(" | ")
}

#[test]
fn every_launch_of_the_table_runs_what_stands_above_it() {
    let (mut expected, mut differing, mut seen) = (None, Vec::new(), BTreeSet::new());
    for (at, text) in TABLE.lines().enumerate() {
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if let Some(columns) = text.strip_prefix("=> ") {
            assert_eq!(columns.matches(" | ").count(), 4, "line {}: five columns", at + 1);
            expected = Some(columns);
            continue;
        }
        let words = words(text);
        let line = match words[0].as_str() {
            "url" => LaunchLine::of_url(&words[1]),
            command => LaunchLine::of_command(command, &words[1..]),
        };
        let expected = expected.expect("a launch stands below its columns");
        let read = columns(&line);
        if read != expected {
            differing.push(format!("line {}: {text}\n  expected {expected}\n  read     {read}", at + 1));
        }
        if line.ecosystem == Ecosystem::Unknown {
            assert!(line.unknown.is_some(), "{text} gives no reason");
        }
        assert!(seen.insert(text), "line {}: {text} stands there twice", at + 1);
    }
    assert!(differing.is_empty(), "{} differ:\n{}", differing.len(), differing.join("\n"));
    assert!(seen.len() >= LEAST, "{} launches", seen.len());
}
