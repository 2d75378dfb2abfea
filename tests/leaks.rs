//! No secret value leaves its configuration file, but for the hold store: a whole session, then everything is searched.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use sha2::Digest as _;

use crate::support::{Run, Sandbox, Terminal, Watch, eventually};

/// Every secret of the session, with the place that it stands in.
const SECRETS: [(&str, &str); 24] = [
    ("ENV-plainword-4411", "a variable with a telling name"),
    ("ENVOTHER-redgreen-9", "a variable with a harmless name"),
    ("ENVURL-pass-5521", "the user-info of an address in a variable"),
    ("HEAD-plainword-6631", "a header"),
    ("HEADOTHER-bluegrey-7", "a header with a harmless name"),
    ("FLAG-plainword-7741", "an argument behind a flag"),
    ("FLAGEQ-plainword-8851", "an argument after ="),
    ("DOCKER-plainword-9961", "a variable among arguments"),
    ("BEARER-plainword-1171", "a header among arguments"),
    ("JSON-plainword-2281", "JSON among arguments"),
    ("sk-live0123456789abcdefXYZ", "a token that marks itself"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzYW0ifQ.c2lnbmF0dXJlLWZpeHR1cmU", "a JWT"),
    ("URLUSER-pass-3391", "the user-info of an address"),
    ("URLQUERY-word-4401", "the query of an address"),
    ("URLFRAG-word-5511", "the fragment of an address"),
    ("Zk3x9QpLm2Vt7Rw8Yb4Nc6Hd", "the path of an address"),
    ("SHELL-plainword-6621", "an assignment in a shell line"),
    ("SHELLH-plainword-7731", "a header in a shell line"),
    ("TOML-plainword-8841", "a variable in TOML"),
    ("TOMLH-plainword-9951", "a header in TOML"),
    ("HELPER-plainword-1061", "a member that no row knows"),
    ("BROKEN-plainword-2171", "the line of a syntax error"),
    ("ROTATED-plainword-3281", "a variable that was changed"),
    ("CHANGED-plainword-4391", "an argument of a changed launch"),
];

/// Entries of the Cursor file by name.
fn entries() -> BTreeMap<&'static str, &'static str> {
    BTreeMap::from([
        (
            "env",
            r#"{"command": "npx", "args": ["env-mcp@1.0.0"], "env": {"MAIL_TOKEN": "ENV-plainword-4411", "COLOUR": "ENVOTHER-redgreen-9", "DATABASE": "postgres://sam:ENVURL-pass-5521@db.example/x"}}"#,
        ),
        (
            "headers",
            r#"{"url": "https://head.example/mcp", "headers": {"Authorization": "Bearer HEAD-plainword-6631", "X-Colour": "HEADOTHER-bluegrey-7"}}"#,
        ),
        (
            "args",
            r#"{"command": "docker", "args": ["run", "-e", "GITHUB_TOKEN=DOCKER-plainword-9961", "registry.example/a", "--api-key", "FLAG-plainword-7741", "--token=FLAGEQ-plainword-8851", "--header", "Authorization: Bearer BEARER-plainword-1171", "{\"apiKey\": \"JSON-plainword-2281\"}", "sk-live0123456789abcdefXYZ", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzYW0ifQ.c2lnbmF0dXJlLWZpeHR1cmU"]}"#,
        ),
        (
            "address",
            r#"{"url": "https://sam:URLUSER-pass-3391@url.example/Zk3x9QpLm2Vt7Rw8Yb4Nc6Hd/mcp?api_key=URLQUERY-word-4401#access_token=URLFRAG-word-5511"}"#,
        ),
        (
            "shell",
            r#"{"command": "sh", "args": ["-c", "API_TOKEN=SHELL-plainword-6621 curl -H 'Authorization: Bearer SHELLH-plainword-7731' https://sh.example/x | npx -y sh-mcp"]}"#,
        ),
        (
            "helper",
            r#"{"command": "npx", "args": ["helper-mcp@1.0.0"], "headersHelper": "get --token HELPER-plainword-1061"}"#,
        ),
    ])
}

fn file(entries: &BTreeMap<&str, &str>) -> String {
    let entries: Vec<_> = entries.iter().map(|(name, entry)| format!("    \"{name}\": {entry}")).collect();
    format!("{{\n  \"mcpServers\": {{\n{}\n  }}\n}}\n", entries.join(",\n"))
}

const CODEX: &str = "[mcp_servers.toml]\ncommand = \"npx\"\nargs = [\"toml-mcp\"]\n[mcp_servers.toml.env]\nA_TOKEN = \"TOML-plainword-8841\"\n\n[mcp_servers.far]\nurl = \"https://toml.example/mcp\"\nhttp_headers = { Authorization = \"Bearer TOMLH-plainword-9951\" }\n";

const BROKEN: &str =
    "{\n  \"mcpServers\": {\n    \"b\": { \"env\": { \"API_TOKEN\": \"BROKEN-plainword-2171\" \"X\": 1 } }\n  }\n}\n";

const FILE: &str = ".cursor/mcp.json";
const CODEX_FILE: &str = ".codex/config.toml";
const BROKEN_FILE: &str = ".config/Claude/claude_desktop_config.json";

/// Everything that programs of the session wrote, one file each, below the home.
struct Session {
    home: Sandbox,
    runs: usize,
}

impl Session {
    fn keep(&mut self, what: &str, text: &str) {
        self.runs += 1;
        self.home.write(&format!("written/{:03} {what}", self.runs), text);
    }

    fn run(&mut self, args: &[&str]) -> Run {
        let run = self.home.run(args);
        let what = args.join(" ").replace('/', "_");
        self.keep(&format!("out {what}"), &run.out);
        self.keep(&format!("err {what}"), &run.err);
        run
    }

    /// All reading verbs, in all forms and both languages.
    fn look_around(&mut self) {
        let ids: Vec<String> = {
            let scan = self.run(&["scan", "--format", "json"]).json();
            let rows = scan["connectors"].as_array().expect("rows");
            rows.iter().map(|row| row["id"].as_str().expect("an id").to_owned()).collect()
        };
        for language in ["en", "es"] {
            for format in ["table", "json"] {
                for verb in ["scan", "coverage", "log", "doctor", "status", "review"] {
                    self.run(&["--lang", language, "--verbose", verb, "--format", format]);
                }
                for id in &ids {
                    self.run(&["--lang", language, "--verbose", "show", id, "--format", format]).ok();
                }
            }
            let broken = self.home.path(BROKEN_FILE).display().to_string();
            let run = self.run(&["--lang", language, "scan", &broken]);
            assert_eq!(run.code, Some(2));
        }
    }

    fn watch(&self) -> Watch {
        let gatehouse = self.home.command();
        let mut command = Command::new("sh");
        command.env_clear().envs(gatehouse.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.args(["-c", "mkdir -p \"$HOME/written\"; exec \"$0\" \"$@\" 2>>\"$HOME/written/guard\""]);
        command.arg(gatehouse.get_program()).args(["watch", "--verbose", "--format", "json"]);
        Watch::start(&mut command)
    }

    fn end(&mut self, guard: Watch) {
        self.keep("notices", &serde_json::to_string(&guard.seen).expect("JSON"));
        guard.kill();
    }
}

/// The ways in which a value could be written down.
fn spellings(secret: &str) -> Vec<Vec<u8>> {
    let bytes = secret.as_bytes();
    let digest = sha2::Sha256::digest(bytes);
    let mut out = vec![bytes.to_vec(), hex::encode(bytes).into_bytes(), hex::encode_upper(bytes).into_bytes()];
    // A digest without a key can be tried out.
    out.extend([digest.to_vec(), hex::encode(digest).into_bytes(), STANDARD_NO_PAD.encode(digest).into_bytes()]);
    out.push(bytes.iter().flat_map(|byte| [*byte, 0]).collect());
    // Base64 of a longer text that the value stands in, at each of the three positions.
    for before in 0..3 {
        let whole = [&[0; 3][..before], bytes].concat();
        let whole = &whole[..whole.len() - whole.len() % 3];
        for text in [STANDARD_NO_PAD.encode(whole), URL_SAFE_NO_PAD.encode(whole)] {
            // The first group holds bits of what stands in front.
            out.push(text.as_bytes()[if before == 0 { 0 } else { 4 }..].to_vec());
        }
    }
    out
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let kind = entry.file_type().expect("its kind");
        if kind.is_dir() {
            files(&entry.path(), out);
        } else if kind.is_file() {
            out.push(entry.path());
        }
    }
}

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    memchr::memmem::find(bytes, text).is_some()
}

#[test]
fn a_whole_session_leaves_no_secret_outside_its_file() {
    let mut session = Session { home: Sandbox::new(), runs: 0 };
    let mut written = String::new();
    let mut save = |session: &Session, path: &str, text: &str| {
        written.push_str(text);
        session.home.save(path, text);
    };
    save(&session, BROKEN_FILE, BROKEN);
    save(&session, FILE, &file(&BTreeMap::new()));
    let mut guard = session.watch();
    save(&session, CODEX_FILE, CODEX);
    save(&session, FILE, &file(&entries()));
    for _ in 0..entries().len() + 2 {
        guard.wait("held");
    }
    session.look_around();
    for (verb, name) in [("keep", "helper"), ("deny", "headers"), ("remove", "shell"), ("release", "address")] {
        session.run(&["--verbose", verb, &format!("cursor/{name}")]).ok();
    }
    for name in ["cursor/env", "cursor/args", "codex/toml", "codex/far"] {
        session.run(&["--verbose", "approve", name]).ok();
    }
    session.look_around();

    // A value is renewed, a launch is changed and put back with the value that is there now.
    let present = session.home.read(FILE);
    save(&session, FILE, &present.replace("ENV-plainword-4411", "ROTATED-plainword-3281"));
    let present = session.home.read(FILE).replace("FLAG-plainword-7741", "CHANGED-plainword-4391");
    save(&session, FILE, &present.replace("\"registry.example/a\"", "\"registry.example/b\""));
    guard.wait_about("held", "args");
    session.look_around();
    session.run(&["--verbose", "keep-approved", "cursor/args"]).ok();
    session.run(&["--verbose", "revoke", "cursor/env"]).ok();
    session.run(&["--verbose", "revoke", "cursor/headers"]).ok();
    session.run(&["--verbose", "hold", "cursor/env"]).ok();
    session.run(&["--verbose", "mode", "monitor"]).ok();
    session.run(&["--verbose", "mode", "ask"]).ok();
    // What is broken for a moment is told, and not with what stands in it.
    let present = session.home.read(FILE);
    save(&session, FILE, &present[..present.len() - 8]);
    session.look_around();
    save(&session, FILE, &present);
    eventually("it is read again", || session.home.scan()["coverage"].to_string().matches("unparsable").count() == 1);
    session.look_around();
    session.end(guard);

    // Without a guard, and the next one on a terminal.
    session.run(&["--verbose", "approve", "cursor/headers"]).ok();
    session.run(&["--verbose", "hold", "cursor/headers"]).ok();
    session.run(&["--verbose", "revoke", "cursor/headers"]).ok();
    for language in ["en", "es"] {
        let mut command = session.home.command();
        command.args(["--lang", language, "--verbose", "watch"]);
        let mut terminal = Terminal::start(command);
        terminal.wait("[s]");
        terminal.type_in("s\n1\ns\nn\n");
        terminal.wait("v1:");
        terminal.type_in("\u{3}");
        let (code, text) = terminal.ended();
        assert_eq!(code, Some(0), "{text}");
        session.keep("terminal", &text);
        let mut command = session.home.command();
        command.args(["--lang", language, "--verbose", "review"]);
        let mut terminal = Terminal::start(command);
        terminal.wait("[s]");
        terminal.type_in("s\n\u{4}");
        session.keep("terminal", &terminal.ended().1);
    }
    session.run(&["--verbose", "release", "--all"]).ok();
    session.look_around();
    // The last guard is killed, so that the log of the database stays as it is beside it.
    let guard = session.watch();
    session.run(&["--verbose", "deny", "cursor/args"]).ok();
    session.end(guard);

    let stash = session.home.data().join("holds");
    let own = [FILE, CODEX_FILE, BROKEN_FILE].map(|path| session.home.path(path));
    let mut all = Vec::new();
    files(&session.home.home(), &mut all);
    let searched: Vec<_> = all.iter().filter(|path| !path.starts_with(&stash) && !own.contains(path)).collect();
    for part in ["ledger.db", "ledger.db-wal", "gatehouse.log", "written/guard"] {
        assert!(searched.iter().any(|path| path.ends_with(part)), "{part} is not among {searched:#?}");
    }
    assert!(session.runs > 300, "only {} texts", session.runs);
    let contents: Vec<_> = searched.iter().map(|path| fs::read(path).expect("a readable file")).collect();
    let mut found = Vec::new();
    for (secret, place) in SECRETS {
        assert!(written.contains(secret), "{secret} was in no configuration file");
        for spelling in spellings(secret) {
            for (path, bytes) in searched.iter().zip(&contents) {
                if holds(bytes, &spelling) {
                    found.push(format!(
                        "{secret} ({place}) as {:?} in {}",
                        String::from_utf8_lossy(&spelling),
                        path.display()
                    ));
                }
            }
        }
    }
    let first = found.iter().take(12).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(found.is_empty(), "{} finds:\n{first}", found.len());
}

#[test]
fn a_secret_would_be_found_in_every_spelling() {
    let secret = SECRETS[0].0;
    let spelt = spellings(secret);
    let check = |text: &[u8]| assert!(spelt.iter().any(|spelling| holds(text, spelling)), "{text:?}");
    check(format!("x {secret} y").as_bytes());
    check(hex::encode(format!("{secret}.")).as_bytes());
    for before in ["", "a", "ab", "abc"] {
        check(STANDARD_NO_PAD.encode(format!("{before}{secret} and more")).as_bytes());
    }
    check(hex::encode(sha2::Sha256::digest(secret)).as_bytes());
}
