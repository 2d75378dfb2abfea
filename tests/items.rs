//! Entries that are items of a list: Continue's, in YAML.

use crate::support::{Sandbox, eventually};

const CONFIG: &str = ".continue/config.yaml";

const BEFORE: &str = "name: mine\nversion: 0.0.1\nschema: v1\n# what it talks to\nmcpServers:\n  # the hub's\n  - uses: example/files\n\n  - name: files # first\n    command: npx\n    args: [\"-y\", \"files-mcp\"]\nrules: []\n";

const MAIL: &str = "  - # every message\n    name: mail\n    command: npx\n    args:\n      - \"-y\"\n      - mail-mcp # the package\n    env: { MAIL_TOKEN: s3cret }\n";

/// With the entry at its place before the rules.
fn with(text: &str, entry: &str) -> String {
    text.replace("rules: []\n", &format!("{entry}rules: []\n"))
}

#[test]
fn an_item_of_a_list_is_held_approved_and_back_byte_for_byte() {
    let home = Sandbox::new();
    home.write(CONFIG, BEFORE);
    let mut guard = home.watch();
    let after = with(BEFORE, MAIL);
    home.save(CONFIG, &after);
    guard.wait_about("held", "mail");
    assert_eq!(home.read(CONFIG), BEFORE);
    let row = home.row("continue/mail");
    assert_eq!((row["status"].as_str(), row["hold"]["method"].as_str()), (Some("held"), Some("cut")), "{row:#}");
    assert_eq!(row["route"], "mcpServers[name=\"mail\"]");
    home.run(&["approve", "continue/mail"]).ok();
    assert_eq!(home.read(CONFIG), after);
    assert_eq!((home.status("continue/mail"), home.waiting()), ("approved".to_owned(), 0));
    home.run(&["log", "--verify"]).ok();
}

#[test]
fn an_item_comes_back_among_others_that_were_moved_and_after_a_restart() {
    let home = Sandbox::new();
    let two = with(BEFORE, "  - name: notes\n    command: notes-mcp\n");
    home.write(CONFIG, &two);
    let mut guard = home.watch();
    // Between the two others.
    let mail_of = |text: &str| text.replace("  - name: notes\n", &format!("{MAIL}  - name: notes\n"));
    home.save(CONFIG, &mail_of(&two));
    guard.wait_about("held", "mail");
    assert_eq!(home.read(CONFIG), two);
    drop(guard);
    let moved = "mcpServers:\n  - name: notes\n    command: notes-mcp\n  # moved here\n  - name: files # first\n    command: npx\n    args: [\"-y\", \"files-mcp\"]\nrules: [\"new\"]\n";
    home.write(CONFIG, moved);
    let mut guard = home.watch();
    assert_eq!(home.status("continue/mail"), "held");
    home.run(&["approve", "continue/mail"]).ok();
    guard.wait_about("released", "mail");
    assert_eq!(home.read(CONFIG), moved.replace("rules:", &format!("{MAIL}rules:")));
    eventually("it runs", || home.status("continue/mail") == "approved");
}

#[test]
fn a_block_file_with_one_entry_is_held_and_pinned_when_it_comes_back() {
    let home = Sandbox::new();
    std::fs::create_dir_all(home.path(".continue/mcpServers")).expect("a folder");
    let mut guard = home.watch();
    let block = |package: &str| {
        format!(
            "name: mail\r\nversion: 0.0.1\r\nschema: v1\r\nmcpServers:\r\n- name: mail\r\n  command: npx\r\n  args: [-y, {package}]\r\n"
        )
    };
    let file = ".continue/mcpServers/mail.yaml";
    home.save(file, &block("mail-mcp"));
    guard.wait_about("held", "mail");
    assert_eq!(home.read(file), "name: mail\r\nversion: 0.0.1\r\nschema: v1\r\nmcpServers: []\r\n");
    home.run(&["approve", "continue/mail", "--pin=1.0.15"]).ok();
    assert_eq!(home.read(file), block("mail-mcp@1.0.15"));
    assert_eq!(home.status("continue/mail"), "approved");
    home.run(&["unpin", "continue/mail"]).ok();
    eventually("what it says now was never approved", || home.status("continue/mail") == "held");
    home.run(&["release", "continue/mail"]).ok();
    assert_eq!(home.read(file), block("mail-mcp"));
}

#[test]
fn an_item_that_refers_to_something_else_is_asked_about_and_stays() {
    let home = Sandbox::new();
    home.write(CONFIG, "mcpServers: []\n");
    let mut guard = home.watch();
    let text =
        "x-common: &common { MAIL_TOKEN: s3cret }\nmcpServers:\n- name: mail\n  command: mail-mcp\n  env: *common\n";
    home.save(CONFIG, text);
    guard.wait_about("asked", "mail");
    eventually("it is refused", || home.row("continue/mail")["hold"]["state"] == "refused");
    assert_eq!((home.read(CONFIG).as_str(), home.waiting()), (text, 1));
}
