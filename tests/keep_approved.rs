//! *Keep the approved one*: the earlier launch is written back, with the secret values that stand there now.

use crate::support::{Sandbox, Watch};

/// One client's file with an approved entry, and what another launch makes of it.
struct Case {
    file: &'static str,
    which: &'static str,
    /// Beside the entry, from the start.
    empty: &'static str,
    approved: &'static str,
    /// Another launch; the secret values are newer ones.
    changed: &'static str,
    /// The approved launch with the newer values.
    kept: &'static str,
    /// Another launch that lost a secret value.
    lost: &'static str,
    place: &'static str,
}

const CURSOR: Case = Case {
    file: ".cursor/mcp.json",
    which: "cursor/mail",
    empty: "{\n  \"mcpServers\": {\n    \"files\": { \"command\": \"files\" }\n  }\n}\n",
    approved: "{\n  \"mcpServers\": {\n    \"files\": { \"command\": \"files\" },\n    \"mail\": {\n      \"command\": \"npx\",\n      \"args\": [\"-y\", \"mail-mcp\"],\n      \"env\": { \"MAIL_TOKEN\": \"tk-old\" }\n    }\n  }\n}\n",
    changed: "{\n  \"mcpServers\": {\n    \"files\": { \"command\": \"files\" },\n    \"mail\": {\n      \"command\": \"npx\",\n      \"args\": [\"-y\", \"mail-mcp\", \"--bcc\"],\n      \"env\": { \"MAIL_TOKEN\": \"tk-new\", \"BCC\": \"x\" }\n    }\n  }\n}\n",
    kept: "{\n  \"mcpServers\": {\n    \"files\": { \"command\": \"files\" },\n    \"mail\": {\n      \"command\": \"npx\",\n      \"args\": [\"-y\", \"mail-mcp\"],\n      \"env\": { \"MAIL_TOKEN\": \"tk-new\" }\n    }\n  }\n}\n",
    lost: "{\n  \"mcpServers\": {\n    \"files\": { \"command\": \"files\" },\n    \"mail\": {\n      \"command\": \"npx\",\n      \"args\": [\"-y\", \"mail-mcp\", \"--bcc\"]\n    }\n  }\n}\n",
    place: "env.MAIL_TOKEN",
};

const VSCODE: Case = Case {
    file: ".config/Code/User/mcp.json",
    which: "vscode/mail",
    empty: "{\n  // mine\n  \"servers\": {\n    \"files\": { \"command\": \"files\" }, // first\n  },\n}\n",
    approved: "{\n  // mine\n  \"servers\": {\n    \"files\": { \"command\": \"files\" }, // first\n    \"mail\": {\n      \"type\": \"http\", // remote\n      \"url\": \"https://mcp.example.com/mail\",\n      \"headers\": { \"Authorization\": \"Bearer old\" },\n    },\n  },\n}\n",
    changed: "{\n  // mine\n  \"servers\": {\n    \"files\": { \"command\": \"files\" }, // first\n    \"mail\": {\n      \"type\": \"http\", // remote\n      \"url\": \"https://mcp.example.net/mail\",\n      \"headers\": { \"Authorization\": \"Bearer new\" },\n    },\n  },\n}\n",
    kept: "{\n  // mine\n  \"servers\": {\n    \"files\": { \"command\": \"files\" }, // first\n    \"mail\": {\n      \"type\": \"http\", // remote\n      \"url\": \"https://mcp.example.com/mail\",\n      \"headers\": { \"Authorization\": \"Bearer new\" },\n    },\n  },\n}\n",
    lost: "{\n  // mine\n  \"servers\": {\n    \"files\": { \"command\": \"files\" }, // first\n    \"mail\": {\n      \"type\": \"http\", // remote\n      \"url\": \"https://mcp.example.net/mail\",\n    },\n  },\n}\n",
    place: "headers.authorization",
};

const CODEX: Case = Case {
    file: ".codex/config.toml",
    which: "codex/mail",
    empty: "model = \"m\" # mine\n\n[mcp_servers.files]\ncommand = \"files\"\n",
    approved: "model = \"m\" # mine\n\n[mcp_servers.files]\ncommand = \"files\"\n\n[mcp_servers.mail]\ncommand = \"uvx\" # runner\nargs = [\"mail-mcp\"]\nenv = { MAIL_TOKEN = \"tk-old\" }\n",
    changed: "model = \"m\" # mine\n\n[mcp_servers.files]\ncommand = \"files\"\n\n[mcp_servers.mail]\ncommand = \"uvx\" # runner\nargs = [\"mail-mcp\", \"--bcc\"]\nenv = { MAIL_TOKEN = \"tk-new\" }\n",
    kept: "model = \"m\" # mine\n\n[mcp_servers.files]\ncommand = \"files\"\n\n[mcp_servers.mail]\ncommand = \"uvx\" # runner\nargs = [\"mail-mcp\"]\nenv = { MAIL_TOKEN = \"tk-new\" }\n",
    lost: "model = \"m\" # mine\n\n[mcp_servers.files]\ncommand = \"files\"\n\n[mcp_servers.mail]\ncommand = \"uvx\" # runner\nargs = [\"mail-mcp\", \"--bcc\"]\n",
    place: "env.MAIL_TOKEN",
};

/// Of a list.
const CONTINUE: Case = Case {
    file: ".continue/config.yaml",
    which: "continue/mail",
    empty: "name: mine\nmcpServers:\n  # first\n  - name: files\n    command: files\nrules: []\n",
    approved: "name: mine\nmcpServers:\n  # first\n  - name: files\n    command: files\n  - name: mail # ours\n    command: npx\n    args: [\"-y\", \"mail-mcp\"]\n    env:\n      MAIL_TOKEN: tk-old # the account\nrules: []\n",
    changed: "name: mine\nmcpServers:\n  # first\n  - name: files\n    command: files\n  - name: mail # ours\n    command: npx\n    args: [\"-y\", \"mail-mcp\", \"--bcc\"]\n    env:\n      MAIL_TOKEN: tk-new # the account\n      BCC: x\nrules: []\n",
    kept: "name: mine\nmcpServers:\n  # first\n  - name: files\n    command: files\n  - name: mail # ours\n    command: npx\n    args: [\"-y\", \"mail-mcp\"]\n    env:\n      MAIL_TOKEN: tk-new # the account\nrules: []\n",
    lost: "name: mine\nmcpServers:\n  # first\n  - name: files\n    command: files\n  - name: mail # ours\n    command: npx\n    args: [\"-y\", \"mail-mcp\", \"--bcc\"]\nrules: []\n",
    place: "env.MAIL_TOKEN",
};

impl Case {
    /// A guard beside which the entry came and was approved.
    fn approved(&self, home: &Sandbox) -> Watch {
        home.write(self.file, self.empty);
        let mut guard = home.watch();
        home.save(self.file, self.approved);
        guard.wait_about("held", "mail");
        home.run(&["approve", self.which]).ok();
        guard.wait_about("released", "mail");
        assert_eq!(home.read(self.file), self.approved);
        guard
    }

    /// As [`Case::approved`], and the entry changed.
    fn changes(&self, home: &Sandbox, to: &str) -> Watch {
        let mut guard = self.approved(home);
        home.save(self.file, to);
        assert_eq!(guard.wait_about("asked", "mail")["kind"], "changed");
        guard.wait_about("held", "mail");
        assert_eq!(home.status(self.which), "held");
        guard
    }

    fn keeps_the_approved_one(&self) {
        for guarded in [true, false] {
            let home = Sandbox::new();
            let mut guard = self.changes(&home, self.changed);
            if guarded {
                home.run(&["keep-approved", self.which]).ok();
                guard.wait_about("released", "mail");
            } else {
                guard.end();
                home.alone(&["keep-approved", self.which]);
                guard = home.watch();
            }
            assert_eq!(home.read(self.file), self.kept);
            assert_eq!((home.status(self.which), home.waiting()), ("approved".to_owned(), 0));
            // The refused launch is a question again, not a settled one.
            home.save(self.file, self.changed);
            guard.wait_about("asked", "mail");
            guard.wait_about("held", "mail");
        }
    }

    fn lacks_a_secret(&self) {
        let home = Sandbox::new();
        let _guard = self.changes(&home, self.lost);
        let (before, row) = (home.read(self.file), home.row(self.which));
        let said = home.refused(&["keep-approved", self.which]);
        assert!(said.contains(self.place), "{said}");
        assert_eq!((home.read(self.file), home.row(self.which)), (before, row));
        assert_eq!(home.waiting(), 1);
    }
}

#[test]
fn the_approved_launch_is_written_back_in_json() {
    CURSOR.keeps_the_approved_one();
}

#[test]
fn the_approved_launch_is_written_back_between_comments() {
    VSCODE.keeps_the_approved_one();
}

#[test]
fn the_approved_launch_is_written_back_in_toml() {
    CODEX.keeps_the_approved_one();
}

#[test]
fn the_approved_launch_is_written_back_in_a_list() {
    CONTINUE.keeps_the_approved_one();
}

#[test]
fn an_approved_launch_whose_secret_is_gone_is_refused() {
    for case in [CURSOR, VSCODE, CODEX, CONTINUE] {
        case.lacks_a_secret();
    }
}

#[test]
fn a_new_entry_has_nothing_to_go_back_to() {
    let home = Sandbox::new();
    home.write(CURSOR.file, CURSOR.empty);
    let mut guard = home.watch();
    home.save(CURSOR.file, CURSOR.approved);
    guard.wait_about("held", "mail");
    home.refused(&["keep-approved", "cursor/mail"]);
    assert_eq!((home.status("cursor/mail"), home.waiting()), ("held".to_owned(), 1));
}

#[test]
fn a_changed_launch_is_told_part_by_part_and_can_be_approved() {
    let home = Sandbox::new();
    let mut guard = CURSOR.changes(&home, CURSOR.changed);
    let row = home.row("cursor/mail");
    assert_eq!(row["why"], "fingerprint-changed");
    let facets: Vec<_> = row["question"]["changes"].as_array().expect("changes").iter().map(|c| &c["facet"]).collect();
    assert_eq!(facets, ["args", "env.BCC"]);
    assert_eq!(row["question"]["changes"][0]["new"], "-y mail-mcp --bcc");
    home.run(&["approve", "cursor/mail"]).ok();
    guard.wait_about("released", "mail");
    assert_eq!(home.read(CURSOR.file), CURSOR.changed);
    // Both launches are approved now: going back, as by another branch, asks nothing.
    home.save(CURSOR.file, CURSOR.approved);
    guard.wait_about("allowed", "mail");
    assert_eq!((home.status("cursor/mail"), home.waiting()), ("approved".to_owned(), 0));
}

/// An entry with variables written in the user's own way, and with tools that run unasked.
fn mail_of(args: &str, env: &str, trust: &str) -> String {
    format!(
        "{{\n  \"mcpServers\": {{\n    \"mail\": {{\n      \"command\": \"npx\",\n      \"args\": [\"-y\", \"mail-mcp\"{args}],\n      \"env\": {{\n{env}      }},\n      \"alwaysAllow\": [{trust}]\n    }}\n  }}\n}}\n"
    )
}

#[test]
fn what_was_widened_with_the_launch_goes_back_with_it_and_variables_that_did_not_change_keep_their_bytes() {
    let env = "        \"MAIL_TOKEN\":   \"tk-1\",\n        \"MAIL_URL\" : \"https://mail.example.com\"\n";
    let changed_env = "        \"MAIL_TOKEN\":   \"tk-1\",\n        \"MAIL_URL\" : \"https://mail.example.net\"\n";
    let approved = mail_of("", env, "\"read\"");
    let widened = "\"read\", \"send\"";
    // With another launch the entry is held; with wider trust alone it runs, and is asked about.
    for (changed, is_held) in [
        (mail_of(", \"--bcc\"", changed_env, widened), true),
        (mail_of(", \"--bcc\"", &format!("        \"BCC\": \"x\",\n{env}"), widened), true),
        (mail_of("", env, widened), false),
    ] {
        let home = Sandbox::new();
        home.write(CURSOR.file, &approved);
        let mut guard = home.watch();
        home.run(&["approve", "cursor/mail"]).ok();
        home.save(CURSOR.file, &changed);
        assert_eq!(guard.wait_about("asked", "mail")["kind"], "changed");
        if is_held {
            guard.wait_about("held", "mail");
        }
        home.run(&["keep-approved", "cursor/mail"]).ok();
        let kept: serde_json::Value = serde_json::from_str(&home.read(CURSOR.file)).expect("JSON");
        assert_eq!(kept, serde_json::from_str::<serde_json::Value>(&approved).expect("JSON"));
        assert!(home.read(CURSOR.file).contains(env), "{}", home.read(CURSOR.file));
        assert_eq!((home.status("cursor/mail"), home.waiting()), ("approved".to_owned(), 0));
    }
}
