//! Reads every launch of the corpus and compares it with the reading that was made by hand.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use gatehouse_core::launch_line::Ecosystem;
use gatehouse_core::launch_line::LaunchLine;
use gatehouse_core::launch_line::Runner;
use serde_json::Value;
use serde_json::json;

/// Rows with a command or an address, by format.
const ROWS: [(&str, usize); 25] = [
    ("amazon-q", 8),
    ("claude-code", 24),
    ("claude-code-user", 9),
    ("claude-desktop", 40),
    ("claude-plugin", 13),
    ("cline", 14),
    ("codex", 13),
    ("copilot-cli", 24),
    ("crush", 5),
    ("cursor", 12),
    ("factory", 11),
    ("gemini-cli", 6),
    ("gemini-extension", 7),
    ("goose", 5),
    ("junie", 2),
    ("kiro", 16),
    ("mcp-config-generic", 28),
    ("mcpb-manifest", 3),
    ("opencode", 11),
    ("qwen", 1),
    ("roo", 7),
    ("trae", 5),
    ("vscode", 29),
    ("windsurf", 9),
    ("zed", 3),
];

/// Rows that start nothing: built into their client, switched by name only, or of a catalogue.
const WITHOUT_LAUNCH: usize = 23;

fn text(row: &Value, key: &str) -> Option<String> {
    row[key].as_str().map(str::to_owned)
}

/// The fields that a reading is compared by.
fn told(line: &LaunchLine) -> Value {
    json!({
        "wrappers": line.wrappers, "runner": line.runner, "ecosystem": line.ecosystem, "package": line.package,
        "package_norm": line.normalized_package(), "version": line.version, "pin": line.pin, "entry": line.entry,
        "module": line.module, "target": line.target, "bridge": line.bridge,
    })
}

#[test]
fn every_launch_of_the_corpus_is_read_as_by_hand() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/expected.jsonl");
    let Ok(rows) = fs::read_to_string(&path) else {
        assert!(
            std::env::var("GATEHOUSE_CORPUS").as_deref() != Ok("required"),
            "the corpus is required and {} is not there",
            path.display()
        );
        eprintln!("SKIPPED: there is no corpus at {}; no launch line was compared", path.display());
        return;
    };
    let mut compared = BTreeMap::<String, usize>::new();
    let mut without_launch = 0;
    let mut differing = Vec::new();
    for row in rows.lines() {
        let row: Value = serde_json::from_str(row).expect("the corpus holds one JSON object a line");
        let (command, url) = (text(&row, "command"), text(&row, "url"));
        let line = match (&command, &url) {
            (Some(command), _) => {
                let args: Vec<String> = serde_json::from_value(row["args"].clone()).expect("arguments are words");
                LaunchLine::of_command(command, &args)
            }
            (None, Some(url)) => LaunchLine::of_url(url),
            (None, None) => {
                without_launch += 1;
                continue;
            }
        };
        let (file, name) = (text(&row, "file").unwrap_or_default(), text(&row, "name").unwrap_or_default());
        *compared.entry(text(&row, "format").expect("a row has a format")).or_default() += 1;
        let told = told(&line);
        let expected: Value = told
            .as_object()
            .expect("a reading is an object")
            .keys()
            .map(|key| (key.clone(), row[key].clone()))
            .collect();
        if told != expected {
            differing.push(format!("{file} {name}\n  expected {expected}\n  read     {told}"));
        }
        if line.bridge.is_some() && line.bridge_url != url {
            differing.push(format!("{file} {name}: the bridge leads to {url:?}, read {:?}", line.bridge_url));
        }
        // A launch is told in full or says why not.
        if line.ecosystem == Ecosystem::Unknown || line.runner == Runner::None {
            assert!(line.unknown.is_some(), "{file} {name} gives no reason");
        }
    }
    assert!(differing.is_empty(), "{} rows differ:\n{}", differing.len(), differing.join("\n"));
    let compared: Vec<(&str, usize)> = compared.iter().map(|(format, rows)| (format.as_str(), *rows)).collect();
    assert_eq!(compared, ROWS);
    assert_eq!(without_launch, WITHOUT_LAUNCH);
}
