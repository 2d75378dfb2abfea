use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::sync::Arc;

use gatehouse_core::host::Host;
use gatehouse_core::record::Channel;
use gatehouse_core::request::Wish;
use gatehouse_core::wording::{Language, Wording};

use super::*;

/// What was printed, to be looked at afterwards.
#[derive(Clone, Default)]
struct Paper(Rc<RefCell<Vec<u8>>>);

impl io::Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn about(digit: char, fingerprint: &str) -> About {
    About {
        id: ConnectorId(digit.to_string().repeat(64)),
        client: "cursor".to_owned(),
        name: format!("connector-{digit}"),
        file: "/nonexistent/.cursor/mcp.json".into(),
        route: format!("mcpServers.connector-{digit}"),
        fingerprint: Fingerprint(fingerprint.to_owned()),
        runs: "npx -y x".to_owned(),
    }
}

fn asked(digit: char, fingerprint: &str) -> Notice {
    Notice::Asked {
        connector: about(digit, fingerprint),
        kind: QuestionKind::New,
        changes: Vec::new(),
        held: true,
        asked_by: None,
        request: None,
    }
}

/// Runs a script of notices and lines; returns the requests and the text.
fn play(script: &[Step], reply: Reply) -> (Vec<Request>, String) {
    let paper = Paper::default();
    let host = Host::new(Host::this_os(), "/nonexistent".into(), [].into(), Arc::new(|| jiff::Timestamp::UNIX_EPOCH));
    let session = Session::into_writer(host, Wording::new(Language::English), Box::new(paper.clone()));
    let requests = RefCell::new(Vec::new());
    let mut desk = Desk::new(&session, |request| {
        requests.borrow_mut().push(request);
        reply.clone()
    });
    for step in script {
        match step {
            Step::Hear(notices) => notices.iter().cloned().for_each(|notice| desk.hear(notice)),
            Step::Type(line) => desk.answer(line),
            Step::Leave => desk.leave(),
        }
        if !matches!(step, Step::Hear(notices) if notices.iter().any(|n| matches!(n, Notice::Held { .. }))) {
            desk.wait_no_longer();
        }
        desk.settle();
    }
    drop(desk);
    let text = String::from_utf8(paper.0.borrow().clone()).expect("text is printed");
    (requests.into_inner(), text)
}

/// Notices of one step are all there before the terminal is quiet.
enum Step {
    Hear(Vec<Notice>),
    Type(&'static str),
    Leave,
}
use Step::{Hear, Leave, Type};

fn done() -> Reply {
    Reply::Done { effects: Vec::new() }
}

fn wishes(requests: &[Request]) -> Vec<(String, String, Wish)> {
    let read = |request: &Request| match request {
        Request::Decide { id, wish, shown, .. } => {
            (id.0[..1].to_owned(), shown.as_ref().map(ToString::to_string).unwrap_or_default(), wish.clone())
        }
        other => panic!("no decision: {other:?}"),
    };
    requests.iter().map(read).collect()
}

#[test]
fn enter_keeps_it_held_with_the_fingerprint_that_was_shown() {
    let (requests, text) = play(&[Hear(vec![asked('a', "v1:1")]), Type("")], done());
    assert_eq!(wishes(&requests), [("a".to_owned(), "v1:1".to_owned(), Wish::KeepHeld)]);
    assert!(text.contains("connector-a (cursor, aaaaaaaa)") && text.contains("[k]eep held (Enter)"), "{text}");
}

#[test]
fn nothing_is_decided_by_silence() {
    for script in [
        vec![Hear(vec![asked('a', "v1:1")])],
        vec![Hear(vec![asked('a', "v1:1")]), Leave],
        vec![Hear(vec![asked('a', "v1:1")]), Type("n"), Type(""), Type("a")],
        vec![Hear(vec![asked('a', "v1:1")]), Type("\u{1b}")],
        vec![Hear(vec![asked('a', "v1:1")]), Type("what")],
        vec![Hear(vec![asked('a', "v1:1"), asked('b', "v1:2")]), Type(""), Type("a")],
        vec![Type("a"), Hear(vec![asked('a', "v1:1")]), Leave, Hear(vec![asked('b', "v1:2")]), Type("a")],
    ] {
        assert_eq!(play(&script, done()).0, []);
    }
}

#[test]
fn several_are_listed_and_chosen_by_number() {
    let script = [Hear(vec![asked('a', "v1:1"), asked('b', "v1:2")]), Type("7"), Type("2"), Type("a"), Type("d")];
    let (requests, text) = play(&script, done());
    let approve = Wish::Approve {
        how: gatehouse_core::request::ApproveHow::ThisVersion,
        version: None,
        only_here: false,
        typed_name: None,
    };
    let expect = [("b".to_owned(), "v1:2".to_owned(), approve), ("a".to_owned(), "v1:1".to_owned(), Wish::Deny)];
    assert_eq!(wishes(&requests), expect);
    assert!(text.contains("2 connectors wait") && text.contains("  1  connector-a"), "{text}");
}

#[test]
fn an_approval_does_not_reach_a_card_that_changed_under_it() {
    let script = [Hear(vec![asked('a', "v1:1")]), Hear(vec![asked('a', "v1:2")]), Type("a")];
    let (requests, text) = play(&script, done());
    assert_eq!(requests, []);
    assert!(text.contains("has just changed"), "{text}");
    // To keep it held is right at any time, and it is the new one that is kept.
    let script = [Hear(vec![asked('a', "v1:1")]), Hear(vec![asked('a', "v1:2")]), Type("k")];
    assert_eq!(wishes(&play(&script, done()).0), [("a".to_owned(), "v1:2".to_owned(), Wish::KeepHeld)]);
}

#[test]
fn a_card_comes_when_its_hold_is_in_force() {
    let held = |digit| Notice::Held {
        connector: about(digit, "v1:1"),
        hold: serde_json::from_value(serde_json::json!("00112233aabbccdd")).expect("an id"),
        method: gatehouse_core::record::Method::Cut,
    };
    let place = |text: &str, wanted: &str| text.find(wanted).unwrap_or_else(|| panic!("no {wanted:?} in {text}"));
    let (_, text) = play(&[Hear(vec![asked('a', "v1:1"), held('a')])], done());
    assert!(place(&text, "Held: connector-a") < place(&text, "[k]eep held (Enter)"), "{text}");
    assert_eq!(text.matches("[k]eep held").count(), 1, "{text}");
    // Another's hold does not bring it forward.
    let (_, text) = play(&[Hear(vec![asked('a', "v1:1"), held('b')])], done());
    assert!(!text.contains("[k]eep held"), "{text}");
}

#[test]
fn a_question_that_ended_takes_no_answer() {
    let settled = Notice::Settled { connector: about('a', "v1:1") };
    let (requests, text) = play(&[Hear(vec![asked('a', "v1:1")]), Hear(vec![settled]), Type("a")], done());
    assert_eq!(requests, []);
    assert!(text.contains("Settled: connector-a"), "{text}");
}

#[test]
fn a_refused_answer_leaves_the_question_open() {
    let stale = Reply::Refused { refusal: Refusal::Stale { id: "aaaaaaaa".to_owned() } };
    let (requests, text) = play(&[Hear(vec![asked('a', "v1:1")]), Type("a"), Type("k")], stale);
    assert_eq!(requests.len(), 2);
    assert!(text.contains("changed after it was shown"), "{text}");
}

#[test]
fn a_malicious_one_needs_its_name() {
    let reply = Reply::Refused { refusal: Refusal::NameNotTyped { name: "connector-a".to_owned() } };
    let hear = || Hear(vec![asked('a', "v1:1")]);
    let (requests, text) = play(&[hear(), Type("a"), Type("yes"), Type("n")], reply.clone());
    assert_eq!(requests.len(), 1);
    assert!(text.contains("That is another name"), "{text}");
    let (requests, _) = play(&[hear(), Type("a"), Type("connector-a")], reply);
    let typed = wishes(&requests).into_iter().map(|(_, _, wish)| match wish {
        Wish::Approve { typed_name, .. } => typed_name,
        _ => None,
    });
    assert_eq!(typed.collect::<Vec<_>>(), [None, Some("connector-a".to_owned())]);
}

#[test]
fn what_the_answer_told_is_not_told_twice() {
    let decided = Notice::Decided {
        connector: about('a', "v1:1"),
        answer: "approve".to_owned(),
        channel: Channel::Terminal,
        client: None,
    };
    let (_, text) = play(&[Hear(vec![asked('a', "v1:1")]), Type("a"), Hear(vec![decided.clone()])], done());
    assert!(!text.contains("Decided:"), "{text}");
    let (_, text) = play(&[Hear(vec![decided])], done());
    assert!(text.contains("Decided: connector-a (cursor, aaaaaaaa) · approved, in a terminal."), "{text}");
}
