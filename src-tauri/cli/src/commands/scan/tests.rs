use clap::Parser as _;
use gatehouse_core::record::QuestionKind;
use gatehouse_core::request::Refusal;

use super::*;
use crate::args::{Arguments, Verb};
use crate::commands::find;
use crate::render::tests::{held, inventory_of, remote, row};

fn parsed(line: &str) -> Scan {
    let arguments =
        Arguments::try_parse_from(format!("gatehouse scan {line}").split_whitespace()).expect("it is understood");
    match arguments.verb {
        Verb::Scan(scan) => scan,
        other => panic!("{other:?}"),
    }
}

#[test]
fn exit_codes_follow_what_was_asked_for() {
    let check = |line: &str, change: fn(&mut Inventory), expect| {
        let mut inventory = inventory_of(vec![row(), held(QuestionKind::New, Vec::new()), remote()]);
        inventory.coverage.retain(|place| place.state != CoverageState::Unparsable);
        change(&mut inventory);
        assert_eq!(exit(&parsed(line), &inventory), expect, "{line}");
    };
    let nothing = |_: &mut Inventory| {};
    let critical = |i: &mut Inventory| i.connectors[0].findings[0].severity = Severity::Critical;
    let unparsable = |i: &mut Inventory| i.coverage[0].state = CoverageState::Unparsable;
    let unsupported = |i: &mut Inventory| i.coverage[0].state = CoverageState::Unsupported;
    check("", nothing, Exit::Done);
    check("", critical, Exit::Done);
    check("--fail-on low", nothing, Exit::Medium);
    check("--fail-on medium", nothing, Exit::Medium);
    check("--fail-on high", nothing, Exit::Done);
    check("--fail-on high", critical, Exit::Critical);
    check("--fail-on-waiting", nothing, Exit::Waiting);
    check("--fail-on-waiting", |i| i.waiting = 0, Exit::Done);
    check("--fail-on low --fail-on-waiting", critical, Exit::Waiting);
    // A file that was not read is no clean file.
    check("", unparsable, Exit::Done);
    check("--fail-on critical", unparsable, Exit::Failure);
    check("--fail-on low --fail-on-waiting", unparsable, Exit::Failure);
    check("--fail-on critical", unsupported, Exit::Done);
    check("a.json", unsupported, Exit::Failure);
    check("a.json", |i| i.coverage.truncate(2), Exit::Done);
    check("a.json", nothing, Exit::Failure);
}

#[test]
fn a_connector_is_found_by_digits_or_name() {
    let inventory = inventory_of(vec![row(), remote()]);
    let id = |wanted: &str| find(&inventory, wanted).map(|row| row.id.clone());
    assert_eq!(id("3fa9c1d2"), Ok("3fa9c1d2".to_owned()));
    assert_eq!(id("3FA9"), Ok("3fa9c1d2".to_owned()));
    assert_eq!(id("3fa9c1d2ffff"), Ok("3fa9c1d2".to_owned()));
    assert_eq!(id("claude-code/linear"), Ok("b07c55aa".to_owned()));
    for wanted in ["3f", "postmark", "cursor/linear", "", "/", "3fa9c1d3"] {
        assert_eq!(id(wanted), Err(Refusal::NoSuchConnector { id: wanted.to_owned() }));
    }
    let mut twins = inventory_of(vec![row(), row()]);
    twins.connectors[1].id = "3fa9aaaa".to_owned();
    let ambiguous =
        |wanted: &str| matches!(find(&twins, wanted), Err(Refusal::Ambiguous { ids, .. }) if ids.len() == 2);
    assert!(ambiguous("3fa9") && ambiguous("cursor/postmark"));
}
