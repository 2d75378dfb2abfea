//! Approving at one exact version: one part of one text in the entry is edited, and can be edited back.

use crate::support::{Sandbox, eventually, servers};

const CURSOR: &str = ".cursor/mcp.json";

const FILES: &str = r#"{ "command": "npx", "args": ["-y", "files-mcp"] }"#;

/// With what an edit could disturb: odd space, the name in another place, a secret.
const MAIL: &str =
    r#"{ "command":"npx",  "args" : ["-y","mail-mcp@latest", "--box", "mail-mcp"], "env": { "TOKEN": "s3cret" } }"#;

const PINNED: &str =
    r#"{ "command":"npx",  "args" : ["-y","mail-mcp@1.0.15", "--box", "mail-mcp"], "env": { "TOKEN": "s3cret" } }"#;

fn with(entry: &str) -> String {
    servers("mcpServers", &[("files", FILES), ("mail", entry)])
}

#[test]
fn a_held_entry_comes_back_pinned_and_is_unpinned_byte_for_byte() {
    let home = Sandbox::new();
    home.write(CURSOR, &servers("mcpServers", &[("files", FILES)]));
    let mut guard = home.watch();
    home.save(CURSOR, &with(MAIL));
    guard.wait_about("held", "mail");
    let said = home.run(&["approve", "cursor/mail", "--pin=1.0.15"]).ok();
    assert!(said.out.contains("mail-mcp@1.0.15"), "{}", said.out);
    assert_eq!(home.read(CURSOR), with(PINNED));
    let row = home.row("cursor/mail");
    assert_eq!((row["status"].as_str(), row["launch"]["pin"].as_str()), (Some("approved"), Some("exact")), "{row:#}");
    assert_eq!(home.waiting(), 0);

    // The next version is another launch, and so is none.
    home.save(CURSOR, &with(&PINNED.replace("1.0.15", "1.0.16")));
    guard.wait_about("held", "mail");
    assert!(!home.read(CURSOR).contains("mail-mcp"));
    home.run(&["keep-approved", "cursor/mail"]).ok();
    eventually("the pinned one is back", || home.status("cursor/mail") == "approved");

    let said = home.run(&["unpin", "cursor/mail"]).ok();
    assert!(said.out.contains("mail-mcp@latest"), "{}", said.out);
    eventually("what it says now was never approved", || home.status("cursor/mail") == "held");
    home.run(&["approve", "cursor/mail"]).ok();
    assert_eq!(home.row("cursor/mail")["args"][1], "mail-mcp@latest");
    let said = home.refused(&["unpin", "cursor/mail"]);
    assert!(said.contains("not pinned"), "{said}");
    home.run(&["log", "--verify"]).ok();
}

#[test]
fn the_bytes_after_unpin_are_those_before_the_pin() {
    let home = Sandbox::new();
    home.write(CURSOR, &with(MAIL));
    let _guard = home.watch();
    home.run(&["approve", "cursor/mail"]).ok();
    home.run(&["approve", "cursor/mail", "--pin=1.0.15"]).ok();
    assert_eq!(home.read(CURSOR), with(PINNED));
    home.run(&["unpin", "cursor/mail"]).ok();
    assert_eq!(home.read(CURSOR), with(MAIL));
    assert_eq!(home.status("cursor/mail"), "approved");
}

#[test]
fn every_way_to_hold_and_every_format_can_be_pinned() {
    let check = |file: &str, which: &str, before: &str, after: &str, version: &str, pinned: &str| {
        let home = Sandbox::new();
        home.write(".claude/settings.json", "{}");
        home.write(file, before);
        let mut guard = home.watch();
        home.save(file, after);
        guard.wait_about("held", which.split_once('/').expect("client/name").1);
        home.run(&["approve", which, &format!("--pin={version}")]).ok();
        eventually("it is pinned", || home.read(file) == pinned);
        assert_eq!(home.status(which), "approved", "{which}");
        assert_eq!(home.read(".claude/settings.json"), "{}");
    };
    let mail = |spec: &str| format!("{{ \"command\": \"npx\", \"args\": [\"-y\", \"{spec}\"] }}");
    let json = |spec: &str| servers("mcpServers", &[("mail", &mail(spec))]);
    check(".claude.json", "claude-code/mail", "{}", &json("mail-mcp"), "1.0.15", &json("mail-mcp@1.0.15"));
    let windsurf = ".codeium/windsurf/mcp_config.json";
    check(windsurf, "windsurf/mail", "{}", &json("@a/mail-mcp"), "1.0.15", &json("@a/mail-mcp@1.0.15"));
    let toml = |spec: &str| format!("[mcp_servers.mail] # mine\ncommand = 'uvx'\nargs = [ '{spec}', ]\n");
    check(".codex/config.toml", "codex/mail", "", &toml("mail-mcp"), "1.2", &toml("mail-mcp==1.2"));
    let yaml = |spec: &str| {
        format!(
            "extensions:\n  mail: # mine\n    type: stdio\n    enabled: true\n    cmd: npx\n    args: [-y, {spec}]\n"
        )
    };
    let goose = ".config/goose/config.yaml";
    check(goose, "goose/mail", "extensions: {}\n", &yaml("mail-mcp"), "1.0.15", &yaml("mail-mcp@1.0.15"));
}

#[test]
fn what_cannot_be_pinned_is_said_and_left_as_it_is() {
    let home = Sandbox::new();
    home.write(CURSOR, &servers("mcpServers", &[("files", FILES)]));
    let mut guard = home.watch();
    let script = r#"{ "command": "node", "args": ["/srv/a.js"] }"#;
    home.save(CURSOR, &servers("mcpServers", &[("files", FILES), ("mail", MAIL), ("own", script)]));
    guard.wait_about("held", "mail");
    eventually("both are held", || home.status("cursor/own") == "held" && home.status("cursor/mail") == "held");
    let before = (home.read(CURSOR), home.waiting(), home.ledger_entries());
    for (args, said) in [
        (["approve", "cursor/mail", "--pin"], "is not known"),
        (["approve", "cursor/mail", "--pin=latest"], "no exact version"),
        (["approve", "cursor/mail", "--pin=1;x"], "no exact version"),
        (["approve", "cursor/own", "--pin=1.0.0"], "no package"),
    ] {
        let text = home.refused(&args);
        assert!(text.contains(said) && text.contains("Nothing was changed"), "{args:?}: {text}");
    }
    assert_eq!((home.read(CURSOR), home.waiting(), home.ledger_entries()), before);
}

#[test]
fn an_image_is_pinned_to_the_digest_that_its_store_has() {
    let home = Sandbox::new();
    let digest = format!("sha256:{}", "5c".repeat(32));
    let images =
        format!(r#"[{{"id": "{}", "names": ["docker.io/mcp/mail:latest"], "digest": "{digest}"}}]"#, "66".repeat(32));
    home.write(".local/share/containers/storage/overlay-images/images.json", &images);
    let entry = |image: &str| with(&format!(r#"{{"command": "podman", "args": ["run", "-i", "--rm", "{image}"]}}"#));
    home.write(CURSOR, &entry("mcp/mail"));
    let _guard = home.watch();
    eventually("the store was read", || home.row("cursor/mail")["artefact"]["pin"] == digest.as_str());
    home.run(&["approve", "cursor/mail"]).ok();
    let said = home.run(&["approve", "cursor/mail", "--pin"]).ok();
    assert!(said.out.contains(&digest), "{}", said.out);
    assert_eq!(home.read(CURSOR), entry(&format!("mcp/mail@{digest}")));
    let row = home.row("cursor/mail");
    assert_eq!((row["status"].as_str(), row["launch"]["pin"].as_str()), (Some("approved"), Some("digest")), "{row:#}");
    home.run(&["unpin", "cursor/mail"]).ok();
    assert_eq!(home.read(CURSOR), entry("mcp/mail"));
    assert_eq!(home.status("cursor/mail"), "approved");
}
