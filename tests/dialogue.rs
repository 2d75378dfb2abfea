//! The questions of `gatehouse watch` and `gatehouse review` on a terminal, in both languages.

use std::process::Command;

use serde_json::Value;

use crate::support::{Sandbox, Terminal, eventually};

const FILE: &str = ".cursor/mcp.json";
const ONE: &str = "{\n  \"mcpServers\": {\n    \"files\": { \"command\": \"npx\", \"args\": [\"-y\", \"files-mcp@1.0.0\"] }\n  }\n}\n";
const TWO: &str = "{\n  \"mcpServers\": {\n    \"files\": { \"command\": \"npx\", \"args\": [\"-y\", \"files-mcp@1.0.0\"] },\n    \"mail\": { \"command\": \"npx\", \"args\": [\"-y\", \"mail-mcp@1.0.0\"], \"env\": { \"MAIL_TOKEN\": \"plain-text-secret\" } }\n  }\n}\n";

/// The words of one language that the tests wait for.
struct Words {
    tag: &'static str,
    guarding: &'static str,
    /// Ends each prompt for a held connector.
    later: &'static str,
    enter_keeps: &'static str,
    enter_keeps_approved: &'static str,
    put_off: &'static str,
    nobody: &'static str,
    fingerprint: &'static str,
    waiting: &'static str,
    which: &'static str,
    changed: &'static str,
    review_end: &'static str,
    review_running: &'static str,
}

const LANGUAGES: [Words; 2] = [
    Words {
        tag: "en",
        guarding: "Guarding ",
        later: "[n] later: ",
        enter_keeps: "[k]eep held (Enter)",
        enter_keeps_approved: "[K] keep the approved one (Enter)",
        put_off: "Later. Nothing was decided",
        nobody: "Nobody is at the terminal",
        fingerprint: "Fingerprint",
        waiting: "2 connectors wait for your decision",
        which: "Which one, 1 to 2?",
        changed: "The launch of mail in Cursor changed",
        review_end: "The review ends here.",
        review_running: "[n] later (Enter)",
    },
    Words {
        tag: "es",
        guarding: "Se vigila",
        later: "[n] más tarde: ",
        enter_keeps: "[k] mantener retenido (Intro)",
        enter_keeps_approved: "[K] mantener el aprobado (Intro)",
        put_off: "Más tarde. No se decidió nada",
        nobody: "No hay nadie en el terminal",
        fingerprint: "Huella",
        waiting: "2 conectores esperan su decisión",
        which: "¿Cuál, de 1 a 2?",
        changed: "Cambió el arranque de mail en Cursor",
        review_end: "La revisión termina aquí.",
        review_running: "[n] más tarde (Intro)",
    },
];

fn command(home: &Sandbox, words: &Words, verb: &str) -> Command {
    let mut command = home.command();
    command.env("NO_COLOR", "1").args(["--lang", words.tag, verb]);
    command
}

fn guard(home: &Sandbox, words: &Words) -> Terminal {
    let mut terminal = Terminal::start(command(home, words, "watch"));
    terminal.wait(words.guarding);
    terminal
}

/// A guard on a terminal that asks about `cursor/mail`.
fn asking(words: &Words) -> (Sandbox, Terminal) {
    let home = Sandbox::new();
    home.write(FILE, ONE);
    let mut terminal = guard(&home, words);
    home.save(FILE, TWO);
    terminal.wait(words.later);
    (home, terminal)
}

fn waiting(home: &Sandbox) -> u64 {
    home.scan()["waiting"].as_u64().expect("a number")
}

#[track_caller]
fn stands(home: &Sandbox, status: &str, waits: u64) {
    eventually(&format!("{status}, {waits} waiting"), || {
        let scan = home.scan();
        let mail = scan["connectors"].as_array().expect("rows").iter().find(|row| row["name"] == "mail");
        mail.is_some_and(|row| row["status"] == status) && scan["waiting"] == waits
    });
}

#[test]
fn every_letter_does_what_it_says() {
    // Typed, status, questions left, whether the entry is back, reach of the approval.
    let table: [(&str, &str, u64, bool, Value); 9] = [
        ("\n", "held", 0, false, Value::Null),
        ("k\n", "held", 0, false, Value::Null),
        ("K\n", "held", 0, false, Value::Null),
        ("a\n", "approved", 0, true, "everywhere".into()),
        ("o\n", "approved", 0, true, "here".into()),
        ("d\n", "denied", 0, false, Value::Null),
        ("r\n", "denied", 0, false, Value::Null),
        ("l\n", "released", 0, true, Value::Null),
        (" A \n", "approved", 0, true, "everywhere".into()),
    ];
    for words in &LANGUAGES {
        for (keys, status, waits, is_back, reach) in &table {
            let (home, mut terminal) = asking(words);
            assert!(terminal.text().contains(words.enter_keeps), "{}", terminal.text());
            terminal.type_in(keys);
            stands(&home, status, *waits);
            // The decision is recorded before the file is edited.
            let expect = if *is_back { TWO } else { ONE };
            eventually(&format!("the file after {keys:?}"), || home.read(FILE) == expect);
            assert_eq!(home.row("cursor/mail")["approval"]["reach"], *reach, "{keys:?}");
            if !reach.is_null() {
                assert_eq!(home.row("cursor/mail")["approval"]["by"], "desk");
            }
            terminal.type_in("\u{3}");
            let (code, text) = terminal.ended();
            assert_eq!(code, Some(0), "{text}");
            assert!(!text.contains("plain-text-secret"), "{text}");
        }
    }
}

#[test]
fn what_is_no_answer_decides_nothing() {
    for words in &LANGUAGES {
        // Later, Esc and an arrow key put it off; a word that is no answer brings the prompt again.
        for (keys, then) in [("n\n", words.put_off), ("\u{1b}\n", words.put_off), ("\u{1b}[A\n", words.put_off)] {
            let (home, mut terminal) = asking(words);
            terminal.type_in(keys);
            terminal.wait(then);
            // Nothing is open any more: a letter now answers nothing.
            terminal.type_in("a\n");
            terminal.type_in("\u{4}");
            terminal.wait(words.nobody);
            stands(&home, "held", 1);
            assert_eq!(home.read(FILE), ONE);
        }
        let (home, mut terminal) = asking(words);
        for keys in ["yes\n", "approve\n", "h\n", "aa\n", "1\n"] {
            terminal.type_in(keys);
            terminal.wait(words.later);
        }
        terminal.type_in("s\n");
        let account = terminal.wait(words.later);
        assert!(account.contains(words.fingerprint) && account.contains("v1:"), "{account}");
        stands(&home, "held", 1);
        assert_eq!(home.read(FILE), ONE);
        terminal.type_in("\u{3}");
        assert_eq!(terminal.ended().0, Some(0));
        assert_eq!(waiting(&home), 1, "the end of the guard decides nothing");

        // The question is asked again by the next guard.
        let mut again = guard(&home, words);
        again.wait(words.later);
        again.type_in("a\n");
        stands(&home, "approved", 0);
        again.terminate();
        assert_eq!(again.ended().0, Some(0));
    }
}

#[test]
fn with_nobody_there_the_guard_goes_on_and_names_the_command() {
    for words in &LANGUAGES {
        let (home, mut terminal) = asking(words);
        terminal.type_in("\u{4}");
        terminal.wait(words.nobody);
        terminal.wait("gatehouse approve ");
        home.save(".codex/config.toml", "[mcp_servers.later]\ncommand = \"npx\"\nargs = [\"later-mcp\"]\n");
        terminal.wait("later (codex, ");
        terminal.wait("gatehouse approve ");
        // It is told before the file is edited.
        eventually("it is held", || home.status("codex/later") == "held");
        assert_eq!(waiting(&home), 2);
        assert_eq!(home.read(FILE), ONE);
        terminal.terminate();
        assert_eq!(terminal.ended().0, Some(0));
    }
}

#[test]
fn enter_on_a_change_keeps_the_approved_one() {
    for words in &LANGUAGES {
        let (home, mut terminal) = asking(words);
        terminal.type_in("a\n");
        stands(&home, "approved", 0);
        eventually("it is back in its file", || home.read(FILE) == TWO);
        home.save(FILE, &TWO.replace("mail-mcp@1.0.0", "mail-mcp@1.0.1"));
        let card = terminal.wait(words.later);
        for told in [words.changed, "mail-mcp@1.0.0", "mail-mcp@1.0.1", words.enter_keeps_approved] {
            assert!(card.contains(told), "no {told:?} in {card}");
        }
        terminal.type_in("\n");
        eventually("it is written back", || home.read(FILE) == TWO);
        stands(&home, "approved", 0);
        terminal.type_in("\u{3}");
        assert_eq!(terminal.ended().0, Some(0));
    }
}

#[test]
fn several_are_chosen_by_number() {
    for words in &LANGUAGES {
        let home = Sandbox::new();
        home.write(FILE, "{\"mcpServers\": {}}\n");
        let mut terminal = guard(&home, words);
        home.save(FILE, TWO);
        // Both may come in one look or one by one, as the terminal shows them.
        eventually("both are held", || waiting(&home) == 2);
        terminal.wait("files");
        terminal.wait("mail");
        // The prompt behind the news decides what is asked.
        if terminal.wait_any(&[words.which, words.later]) == 1 {
            terminal.type_in("s\n");
            terminal.wait(words.fingerprint);
            terminal.wait(words.later);
            terminal.type_in("k\n");
        } else {
            assert!(terminal.text().contains(words.waiting), "{}", terminal.text());
            terminal.type_in("9\n");
            terminal.wait(words.which);
            terminal.type_in("2\n");
            terminal.wait(words.later);
            terminal.type_in("k\n");
        }
        eventually("one is left", || waiting(&home) == 1);
        terminal.wait(words.later);
        terminal.type_in("a\n");
        eventually("none is left", || waiting(&home) == 0);
        let statuses = [home.status("cursor/files"), home.status("cursor/mail")];
        assert!(statuses.contains(&"approved".to_owned()) && statuses.contains(&"held".to_owned()), "{statuses:?}");
        terminal.type_in("\u{3}");
        assert_eq!(terminal.ended().0, Some(0));
    }
}

const HOSTILE: &str = r#"{"mcpServers": {
  "evil\u001b]0;title\u0007\u202egnp\u200b\r\n\u001b[2J": {
    "command": "npx\u001b[1A", "args": ["\u001b[31mred", "a\u2066b\u0000c", "--\u009b2K"], "env": {"N\u001bAME\u202e": "x"}
  }
}}"#;

/// No control but the line ends that the terminal makes, and nothing that turns or hides text.
#[track_caller]
fn is_plain(text: &str) {
    let hidden = |c: &char| {
        (c.is_control() && !matches!(c, '\n' | '\r'))
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if let Some(found) = text.chars().find(hidden) {
        panic!("{found:?} was written: {text:?}");
    }
    assert!(!text.replace("\r\n", "").contains('\r'), "a lone carriage return: {text:?}");
}

#[test]
fn hostile_names_never_reach_the_terminal() {
    for words in &LANGUAGES {
        let home = Sandbox::new();
        home.write(FILE, "{\"mcpServers\": {}}\n");
        let mut terminal = guard(&home, words);
        home.save(FILE, HOSTILE);
        terminal.wait(words.later);
        terminal.type_in("s\n");
        terminal.wait(words.fingerprint);
        terminal.wait(words.later);
        terminal.type_in("k\n");
        eventually("it is kept", || waiting(&home) == 0);
        let id = home.scan()["connectors"][0]["id"].as_str().expect("an id").to_owned();
        assert_eq!(home.scan()["connectors"][0]["status"], "held");
        terminal.type_in("\u{3}");
        let (code, text) = terminal.ended();
        assert_eq!(code, Some(0));
        // Wrapped chips are told apart by their beginnings.
        assert!(text.contains("⟦U+001B⟧") && text.contains("⟦U+202E⟧"), "{text}");
        // The echo of Ctrl-C is the terminal's own.
        is_plain(&text.replace("^C", ""));
        let verbs: [&[&str]; 8] = [
            &["scan"],
            &["scan", "--format", "json"],
            &["show", &id],
            &["log"],
            &["log", "--format", "json"],
            &["status"],
            &["coverage"],
            &["approve", &format!("{id}\u{1b}[31m")],
        ];
        for verb in verbs {
            let run = home.run(&[&["--lang", words.tag], verb].concat());
            is_plain(&run.out);
            is_plain(&run.err);
        }
        home.run(&["release", &id]).ok();
        for verb in ["review", "show"] {
            let mut command = command(&home, words, verb);
            if verb == "show" {
                command.arg(&id);
            }
            let mut terminal = Terminal::start(command);
            if verb == "review" && home.scan()["connectors"][0]["status"] != "released" {
                terminal.wait(words.later);
                terminal.type_in("\u{4}");
            }
            // The progress bar draws itself anew.
            is_plain(&terminal.ended().1.replace("\r\u{1b}[2K", ""));
        }
    }
}

#[test]
fn review_walks_what_nobody_decided_on() {
    for words in &LANGUAGES {
        for guarded in [false, true] {
            let home = Sandbox::new();
            let entries = ["alpha", "beta", "delta", "gamma"]
                .map(|name| format!("\"{name}\": {{\"command\": \"npx\", \"args\": [\"{name}-mcp\"]}}"));
            home.write(FILE, &format!("{{\"mcpServers\": {{{}}}}}\n", entries.join(",\n")));
            let before = home.read(FILE);
            let mut guard = guarded.then(|| home.watch());
            let mut terminal = Terminal::start(command(&home, words, "review"));
            for (at, keys) in [("1", "a\n"), ("2", "h\n"), ("3", "\n")] {
                terminal.wait(&format!("{at} {} 4", if words.tag == "en" { "of" } else { "de" }));
                terminal.wait(words.review_running);
                terminal.type_in(keys);
            }
            terminal.wait(words.review_running);
            terminal.type_in("\u{4}");
            terminal.wait(words.review_end);
            assert_eq!(terminal.ended().0, Some(0));
            let statuses = ["alpha", "beta", "delta", "gamma"].map(|name| home.status(&format!("cursor/{name}")));
            assert_eq!(statuses, ["approved", "held", "unreviewed", "unreviewed"]);
            assert_eq!(home.read(FILE), before.replace(&format!("{},\n", entries[1]), ""));
            if let Some(guard) = guard.take() {
                assert_eq!(guard.end(), Some(0));
            }
        }
    }
}
