//! What no entry says by itself: how it came, and what else is there.

use serde_json::{Value, json};

use crate::support::{Sandbox, eventually, servers};

fn codes(row: &Value) -> Vec<&str> {
    let findings = row["findings"].as_array().expect("findings");
    findings.iter().map(|finding| finding["code"].as_str().expect("a code")).collect()
}

/// R7: a script out of sight, then the same entry in every client: how a worm plants its server.
#[test]
fn r7_a_planted_connector_is_held_and_told_apart() {
    let home = Sandbox::new();
    let old = servers("mcpServers", &[("files", r#"{ "command": "npx", "args": ["-y", "files-mcp@1.0.0"] }"#)]);
    home.write(".cursor/mcp.json", &old);
    home.write(".codeium/windsurf/mcp_config.json", &old);
    let mut guard = home.watch();
    // What was there before was not seen to come.
    let files = home.row("cursor/files");
    assert_eq!(codes(&files), [""; 0]);
    let unseen = json!({"code": "same-entry-elsewhere", "reason": "arrival-unseen"});
    assert!(files["checks"]["not_run"].as_array().expect("a list").contains(&unseen), "{files:#}");
    home.write(".dev-utils/server.js", "// reads what it should not\n");
    let script = home.path(".dev-utils/server.js").display().to_string();
    let planted = json!({"command": "node", "args": [script]}).to_string();
    let both = servers(
        "mcpServers",
        &[("files", r#"{ "command": "npx", "args": ["-y", "files-mcp@1.0.0"] }"#), ("lint-check", &planted)],
    );
    for file in [".cursor/mcp.json", ".codeium/windsurf/mcp_config.json"] {
        home.save(file, &both);
        guard.wait_about("held", "lint-check");
    }
    for (which, other) in [("cursor/lint-check", "Windsurf"), ("windsurf/lint-check", "Cursor")] {
        let row = home.row(which);
        assert_eq!(codes(&row), ["fresh-local-file", "odd-location", "same-entry-elsewhere"], "{row:#}");
        let told = row["findings"][2]["message"].as_str().expect("a text");
        assert!(told.contains(other), "{told}");
    }
    assert_eq!(home.run(&["scan", "--fail-on", "high"]).code, Some(12));
    let card = home.run(&["show", "cursor/lint-check"]).ok().out;
    let words = card.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("hidden folder") && words.contains("same minute"), "{card}");
    // Once it is decided on, how it came is settled: for all places of this launch.
    home.run(&["keep", "cursor/lint-check"]).ok();
    assert_eq!(codes(&home.row("cursor/lint-check")), ["odd-location"]);
}

#[test]
fn a_burst_of_new_entries_is_told_with_each_of_them() {
    let home = Sandbox::new();
    home.write(".cursor/mcp.json", &servers("mcpServers", &[]));
    let _guard = home.watch();
    let entries: Vec<_> = (0..6)
        .map(|n| (format!("tool{n}"), json!({"command": "npx", "args": ["-y", format!("tool{n}@1.0.0")]}).to_string()))
        .collect();
    let entries: Vec<_> = entries.iter().map(|(name, entry)| (name.as_str(), entry.as_str())).collect();
    home.save(".cursor/mcp.json", &servers("mcpServers", &entries));
    eventually("all of them are held", || home.waiting() == 6);
    for (name, _) in &entries {
        let row = home.row(&format!("cursor/{name}"));
        assert_eq!(codes(&row), ["burst"]);
        assert!(row["findings"][0]["message"].as_str().expect("a text").contains('6'), "{row:#}");
    }
}

#[test]
fn one_name_for_two_things_is_told_at_both() {
    let home = Sandbox::new();
    let entry = |package: &str| json!({"command": "npx", "args": ["-y", package]}).to_string();
    home.write(".cursor/mcp.json", &servers("mcpServers", &[("trains", &entry("trains-mcp@1.0.0"))]));
    home.write(".codeium/windsurf/mcp_config.json", &servers("mcpServers", &[("Trains", &entry("trians-mcp@1.0.0"))]));
    for which in ["cursor/trains", "windsurf/Trains"] {
        assert_eq!(codes(&home.row(which)), ["same-name-other-launch"]);
    }
}
