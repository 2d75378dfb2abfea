use std::collections::BTreeMap;
use std::sync::Arc;

use gatehouse_core::connector::{ConnectorId, Fingerprint, Scope};
use gatehouse_core::document::Route;
use gatehouse_core::finding::{Code, Confidence, Finding, Location, Severity};
use gatehouse_core::host::{Host, Os};
use gatehouse_core::record::Channel;
use gatehouse_core::report::FindingRow;
use gatehouse_core::request::About;
use gatehouse_core::wording::{Language, Wording};

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + second).expect("it is a time")
}

fn about(id: &str, name: &str) -> About {
    About {
        id: ConnectorId(id.to_owned()),
        client: "cursor".to_owned(),
        name: name.to_owned(),
        file: "/home/u/.cursor/mcp.json".into(),
        route: format!("mcpServers.{name}"),
        fingerprint: Fingerprint("v1:0".to_owned()),
        runs: "npx x".to_owned(),
    }
}

fn decided(id: &str, answer: &str) -> Notice {
    let (connector, answer) = (about(id, "x"), answer.to_owned());
    Notice::Decided { connector, answer, channel: Channel::Desk, client: None }
}

fn with(hear: impl FnOnce(&mut Heard, &Speech<'_>)) -> Heard {
    let host = Host::new(Os::Linux, "/home/u".into(), BTreeMap::new(), Arc::new(|| at(0)));
    let wording = Wording::new(Language::English);
    let mut heard = Heard::default();
    hear(&mut heard, &Speech { wording: &wording, host: &host });
    heard
}

#[test]
fn a_decision_is_news_for_half_a_minute() {
    let mut heard = with(|heard, speech| {
        heard.hear(&decided("aaaaaaaa11", "approve"), at(0), speech);
        heard.hear(&decided("bbbbbbbb22", "keep-held"), at(10), speech);
    });
    let ids = |heard: &Heard, now| heard.news(now).into_iter().map(|news| news.id).collect::<Vec<_>>();
    assert_eq!(ids(&heard, at(11)), ["bbbbbbbb", "aaaaaaaa"], "newest first");
    assert_eq!(ids(&heard, at(29)), ["bbbbbbbb", "aaaaaaaa"]);
    assert_eq!(ids(&heard, at(30)), ["bbbbbbbb"]);
    assert_eq!(heard.age(at(20)), Some(Duration::from_secs(10)));
    assert_eq!(heard.age(at(41)), None);
}

#[test]
fn only_the_last_decision_on_a_connector_is_offered_to_be_undone() {
    let check = |answers: &[&str], expect: Option<bool>| {
        let heard = with(|heard, speech| {
            for answer in answers {
                heard.hear(&decided("aaaaaaaa11", answer), at(0), speech);
            }
        });
        let news = heard.news(at(1));
        assert!(news.len() <= 1, "{answers:?}");
        assert_eq!(news.first().map(|news| news.undo_until.is_some()), expect, "{answers:?}");
    };
    check(&["approve"], Some(true));
    check(&["approve", "deny"], Some(true));
    check(&["approve", "undo"], Some(false));
    check(&["revoke"], Some(false));
    check(&["keep-approved"], Some(false));
}

#[test]
fn an_alarm_stands_until_what_it_tells_of_is_over() {
    let ledger = |state: &str| Notice::Ledger { state: state.to_owned(), detail: String::new() };
    let heard = with(|heard, speech| {
        for notice in [ledger("lost"), ledger("locked"), ledger("locked")] {
            heard.hear(&notice, at(0), speech);
        }
        for times in [3, 4] {
            heard.hear(&Notice::Contested { connector: about("cccccccc33", "x"), times }, at(0), speech);
        }
    });
    let codes = |state, after_loss| {
        heard.alarms(state, after_loss, &[]).into_iter().map(|alarm| alarm.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(LedgerState::Locked, true), ["ledger-lost", "ledger-locked", "contested-cccccccc"]);
    assert_eq!(codes(LedgerState::Keyed, true), ["ledger-lost", "contested-cccccccc"]);
    assert_eq!(codes(LedgerState::Keyed, false), ["contested-cccccccc"]);
    let contested = &heard.alarms(LedgerState::Keyed, false, &[])[0].message;
    assert!(contested.contains("4 times"), "{contested}");
}

#[test]
fn what_look_ups_brought_to_light_stands_until_somebody_decides() {
    let doubted = |code: Code| {
        let finding = Finding {
            code,
            severity: Severity::High,
            confidence: Confidence::High,
            args: vec![("package".to_owned(), "mail-mcp".to_owned()), ("how".to_owned(), "not-there".to_owned())],
            primary: Location { file: "/home/u/.cursor/mcp.json".into(), route: Route::root(), line: Some(3) },
        };
        Notice::Doubted { connector: about("cccccccc33", "mail"), findings: vec![finding] }
    };
    let heard = |notices: &[Notice]| {
        let heard = with(|heard, speech| notices.iter().for_each(|notice| heard.hear(notice, at(0), speech)));
        heard.alarms(LedgerState::Keyed, false, &[]).into_iter().map(|alarm| alarm.message).collect::<Vec<_>>()
    };
    let told = heard(&[doubted(Code::PackageMissing), doubted(Code::PackageMissing)]);
    assert!(told.len() == 1 && told[0].contains("mail-mcp"), "{told:?}");
    assert_eq!(heard(&[doubted(Code::PackageMissing), decided("cccccccc33", "approve")]), Vec::<String>::new());
}

#[test]
fn a_setting_that_opened_the_gate_is_told_while_it_stands() {
    let opened = |line: u32| {
        let finding = Finding {
            code: Code::HookCommand,
            severity: Severity::Medium,
            confidence: Confidence::High,
            args: vec![("value".to_owned(), format!("./{line}.sh"))],
            primary: Location { file: "/home/u/.claude/settings.json".into(), route: Route::root(), line: Some(line) },
        };
        Notice::SettingOpened { client: "claude-code".to_owned(), path: finding.primary.file.clone(), finding }
    };
    let heard = with(|heard, speech| {
        for notice in [opened(1), opened(1), opened(2)] {
            heard.hear(&notice, at(0), speech);
        }
    });
    let row = |code| FindingRow {
        code,
        severity: Severity::Medium,
        confidence: Confidence::High,
        message: String::new(),
        route: String::new(),
        line: None,
        help: String::new(),
    };
    let file = |path: &str, code| Settings {
        client: "claude-code".to_owned(),
        scope: Scope::User,
        project: None,
        path: path.to_owned(),
        findings: vec![row(code)],
    };
    let told = |settings: &[Settings]| heard.alarms(LedgerState::Keyed, false, settings).len();
    assert_eq!(told(&[file("~/.claude/settings.json", Code::HookCommand)]), 2);
    assert_eq!(told(&[file("~/.claude/settings.json", Code::AsksNoOne)]), 0);
    assert_eq!(told(&[file("~/w/.claude/settings.json", Code::HookCommand)]), 0);
    assert_eq!(told(&[]), 0);
}
