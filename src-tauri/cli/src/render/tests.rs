use std::collections::BTreeSet;
use std::sync::Arc;

use gatehouse_core::age_limit::{AgeLimit, Standing, Tool};
use gatehouse_core::connector::{Change, Facet, Scope, Transport};
use gatehouse_core::finding::{Code, Confidence, Severity};
use gatehouse_core::guard::Why;
use gatehouse_core::policy::Mode;
use gatehouse_core::record::{Channel, Method, QuestionKind};
use gatehouse_core::report::{
    ApprovalRow, ArtefactRow, ArtefactStateRow, Checks, Coverage, CoverageState, FindingRow, Guard, HoldRow, HoldState,
    Inventory, LaunchRow, LedgerState, NotRun, PublicationRow, PublicationState, QuestionRow, ReasonRow, Row, Settings,
    StatementRow, Status, TakesEffect, TrustRow,
};
use gatehouse_core::trust::Word;
use gatehouse_core::wording::Language;
use insta::assert_snapshot;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

mod events;

/// Enum values of the model are read from their JSON names where the type is not part of this crate's interface.
fn launch() -> LaunchRow {
    LaunchRow {
        runner: named("npx"),
        wrappers: Vec::new(),
        ecosystem: named("npm"),
        package: Some("postmark-mcp".to_owned()),
        version: None,
        pin: Some(named("none")),
        floating: true,
        purl: Some("pkg:npm/postmark-mcp".to_owned()),
        bridge: None,
        target: None,
        unknown: None,
    }
}

fn named<T: serde::de::DeserializeOwned>(name: &str) -> T {
    serde_json::from_value(json!(name)).expect("it is the name of a value")
}

fn publication() -> PublicationRow {
    PublicationRow {
        state: PublicationState::Known,
        reason: None,
        registry: Some("registry.example".to_owned()),
        at: Some("2026-07-01T09:07:00Z".to_owned()),
        published: Some("2026-06-28T10:00:00Z".to_owned()),
        publisher: Some("someone".to_owned()),
        offered: true,
        new_install_script: true,
        provenance_lost: false,
    }
}

pub(crate) fn row() -> Row {
    Row {
        id: "3fa9c1d2".to_owned(),
        client: "cursor".to_owned(),
        scope: Scope::User,
        project: None,
        path: "~/.cursor/mcp.json".to_owned(),
        route: "mcpServers.postmark".to_owned(),
        name: "postmark".to_owned(),
        readers: Vec::new(),
        namesakes: Vec::new(),
        present: true,
        line: Some(7),
        enabled: true,
        transport: Transport::Stdio,
        command: Some("npx".to_owned()),
        args: vec!["-y".to_owned(), "postmark-mcp".to_owned()],
        url: None,
        env: vec!["POSTMARK_TOKEN".to_owned()],
        headers: Vec::new(),
        launch: launch(),
        artefact: ArtefactRow {
            kind: named("npm"),
            state: ArtefactStateRow::NotLooked,
            reason: None,
            version: None,
            integrity: None,
            source: None,
            pin: None,
        },
        publication: None,
        age_limit: None,
        fingerprint: format!("v1:{}", "3fa9c1d2".repeat(8)),
        status: Status::Unreviewed,
        why: Why::Unreviewed,
        hold: None,
        previous: None,
        folder_offer: None,
        question: None,
        approval: None,
        trust: TrustRow {
            word: Word::NotChecked,
            reasons: vec![ReasonRow {
                code: "not-asked",
                text: "Not checked: look-ups are off.".to_owned(),
                source: None,
                at: None,
            }],
            statements: Vec::new(),
        },
        findings: vec![FindingRow {
            code: Code::FloatingVersion,
            severity: Severity::Medium,
            confidence: Confidence::High,
            message: "postmark-mcp is not pinned to a version: its code can change while the entry stays the same."
                .to_owned(),
            route: "mcpServers.postmark.args[1]".to_owned(),
            line: Some(7),
            help: "Name an exact version, or approve with --pin.".to_owned(),
        }],
        checks: Checks { passed: vec![Code::PlainHttp, Code::HiddenText], not_run: Vec::new() },
    }
}

pub(crate) fn held(kind: QuestionKind, changes: Vec<Change>) -> Row {
    Row {
        present: false,
        line: None,
        status: Status::Held,
        why: if kind == QuestionKind::New { Why::New } else { Why::FingerprintChanged },
        hold: Some(HoldRow {
            method: Method::Cut,
            state: HoldState::InForce,
            since: Some("2026-07-01T10:05:00Z".to_owned()),
            reason: None,
            takes_effect: TakesEffect::Now,
        }),
        question: Some(QuestionRow { kind, since: "2026-07-01T10:05:00Z".to_owned(), changes }),
        ..row()
    }
}

pub(crate) fn remote() -> Row {
    Row {
        id: "b07c55aa".to_owned(),
        client: "claude-code".to_owned(),
        scope: Scope::Project,
        project: Some("~/code/site".to_owned()),
        path: "~/code/site/.mcp.json".to_owned(),
        route: "mcpServers.linear".to_owned(),
        name: "linear".to_owned(),
        transport: Transport::Http,
        command: None,
        args: Vec::new(),
        url: Some("https://mcp.linear.example/mcp".to_owned()),
        env: Vec::new(),
        headers: vec!["Authorization".to_owned()],
        status: Status::Approved,
        why: Why::ApprovedExact,
        approval: Some(ApprovalRow {
            kind: "exact",
            reach: "everywhere",
            by: Channel::Terminal,
            at: "2026-06-28T10:00:00Z".to_owned(),
            unverified: false,
        }),
        findings: Vec::new(),
        checks: Checks {
            passed: vec![Code::PlainHttp],
            not_run: vec![NotRun { code: Code::RepeatedKey, reason: "the file is not at hand".to_owned() }],
        },
        launch: LaunchRow {
            runner: named("remote"),
            ecosystem: named("remote"),
            purl: None,
            pin: None,
            floating: false,
            ..launch()
        },
        artefact: ArtefactRow { kind: named("remote"), state: ArtefactStateRow::Unobservable, ..row().artefact },
        fingerprint: format!("v1:{}", "b07c55aa".repeat(8)),
        ..row()
    }
}

fn no_limit() -> AgeLimit {
    AgeLimit {
        tool: Tool::Npm,
        setting: "min-release-age".to_owned(),
        value: None,
        from: None,
        standing: Standing::NotSet,
        can_be_set: true,
        can_be_undone: false,
    }
}

#[test]
fn a_card_says_whether_new_versions_wait_and_offers_that_they_do() {
    let limit = |standing, value: &str| AgeLimit {
        standing,
        value: Some(value.to_owned()),
        from: Some("~/.npmrc".to_owned()),
        ..no_limit()
    };
    let check = |limit: AgeLimit, told: &str, offered: bool| {
        with_page(Language::English, |page| {
            let shown = card::card(page, &Row { age_limit: Some(limit), ..row() });
            let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(words.contains(told), "{shown}");
            assert_eq!(words.contains("`gatehouse age-limit npm --set`"), offered, "{shown}");
        });
    };
    check(no_limit(), "npm runs a new version at once", true);
    check(limit(Standing::TooShort, "3"), "min-release-age is 3 (~/.npmrc)", true);
    check(limit(Standing::Unreadable, "14d"), "It cannot be told", true);
    check(limit(Standing::Enough, "14"), "enough for the cooldown of 14 days", false);
    let of_bun = AgeLimit { tool: Tool::Bun, can_be_set: false, ..no_limit() };
    check(of_bun, "bun runs a new version at once", false);
}

pub(crate) fn inventory_of(connectors: Vec<Row>) -> Inventory {
    let place = |client: &str, path: &str, state, message: Option<&str>| Coverage {
        client: client.to_owned(),
        scope: Scope::User,
        path: path.to_owned(),
        state,
        connectors: usize::from(state == CoverageState::Read),
        held: 0,
        message: message.map(str::to_owned),
    };
    Inventory {
        schema: gatehouse_core::report::SCHEMA,
        tool: "gatehouse 0.1.0".to_owned(),
        generated: "2026-07-01T10:07:00Z".to_owned(),
        mode: Mode::Ask,
        guard: Guard { running: false, kind: None },
        ledger: LedgerState::Keyed,
        waiting: connectors.iter().filter(|row| row.question.is_some()).count(),
        coverage: vec![
            place("cursor", "~/.cursor/mcp.json", CoverageState::Read, None),
            Coverage { held: 1, ..place("claude-code", "~/code/site/.mcp.json", CoverageState::Read, None) },
            place("zed", "~/.config/zed/settings.json", CoverageState::Absent, None),
            place("codex", "~/.codex/config.toml", CoverageState::Unparsable, Some("Line 3: a value is missing")),
        ],
        settings: vec![Settings {
            client: "claude-code".to_owned(),
            scope: Scope::Project,
            project: Some("~/code/site".to_owned()),
            path: "~/code/site/.claude/settings.json".to_owned(),
            findings: vec![FindingRow {
                code: Code::HookCommand,
                severity: Severity::Medium,
                confidence: Confidence::High,
                message: "Claude Code runs a command that stands in these settings: ./format.sh".to_owned(),
                route: "hooks.Stop[0].hooks[0].command".to_owned(),
                line: Some(12),
                help: String::new(),
            }],
        }],
        age_limits: vec![no_limit()],
        connectors,
    }
}

pub(super) fn with_page<T>(language: Language, draw: impl FnOnce(&Page<'_>) -> T) -> T {
    let now = || "2026-07-01T10:07:00Z".parse().expect("it is a time");
    let host = Host::new(Host::this_os(), "/home/u".into(), [].into(), Arc::new(now));
    let wording = Wording::new(language);
    draw(&Page { wording: &wording, host: &host, width: 80, colour: false })
}

fn all() -> Inventory {
    let changes = vec![Change { facet: Facet("args".into()), old: Some("a".into()), new: Some("b".into()) }];
    let changed = Row {
        id: "77aa01cd".into(),
        name: "github-with-a-rather-long-name".into(),
        fingerprint: "v1:other".into(),
        publication: Some(publication()),
        ..held(QuestionKind::Changed, changes)
    };
    inventory_of(vec![row(), changed, remote()])
}

#[test]
fn the_inventory_fits_eighty_columns() {
    assert_snapshot!(with_page(Language::English, |page| inventory::inventory(page, &all())), @r#"
claude-code · ~/code/site/.mcp.json · for a project
  b07c55aa  ✓ approved    linear                https://mcp.linear.example/mcp
                                                ◌ not checked

cursor · ~/.cursor/mcp.json · for your user
  3fa9c1d2  ? unreviewed  postmark              npx -y postmark-mcp
                                                ◌ not checked · ◆ 1 finding,
                                                medium
  77aa01cd  ■ held        github-with-a-rather  npx -y postmark-mcp
                          -long-name            ◌ not checked · ◆ 1 finding,
                                                medium

Settings that let a client act without asking:
  claude-code · ~/code/site/.claude/settings.json · for a project
    :12  ◆ Claude Code runs a command that stands in these settings: ./format.sh

3 connectors in 2 files.
1 connector waits for your decision: `gatehouse review`.
1 place was not read: `gatehouse coverage`.
Not checked: repeated-key (the file is not at hand), for 1 connector.
"#);
    assert_snapshot!(with_page(Language::Spanish, |page| inventory::inventory(page, &all())), @r#"
claude-code · ~/code/site/.mcp.json · para un proyecto
  b07c55aa  ✓ aprobado     linear                https://mcp.linear.example/mcp
                                                 ◌ sin comprobar

cursor · ~/.cursor/mcp.json · para su usuario
  3fa9c1d2  ? sin revisar  postmark              npx -y postmark-mcp
                                                 ◌ sin comprobar · ◆ 1
                                                 observación, media
  77aa01cd  ■ retenido     github-with-a-rather  npx -y postmark-mcp
                           -long-name            ◌ sin comprobar · ◆ 1
                                                 observación, media

Ajustes que permiten a un cliente actuar sin preguntar:
  claude-code · ~/code/site/.claude/settings.json · para un proyecto
    :12  ◆ Claude Code runs a command that stands in these settings: ./format.sh

3 conectores en 2 archivos.
1 conector espera su decisión: `gatehouse review`.
1 lugar no se leyó: `gatehouse coverage`.
Sin comprobar: repeated-key (the file is not at hand), en 1 conector.
"#);
}

#[test]
fn coverage_and_status_are_told() {
    assert_snapshot!(with_page(Language::English, |page| inventory::coverage(page, &all().coverage, true)), @r#"
Client       State         Entries      Place
cursor       ✓ read        1            ~/.cursor/mcp.json
claude-code  ✓ read        1 (+1 held)  ~/code/site/.mcp.json
zed          - absent                   ~/.config/zed/settings.json
codex        × unparsable               ~/.codex/config.toml
                                        Line 3: a value is missing

2 read, 1 absent, 1 not read.
"#);
    assert_snapshot!(with_page(Language::English, |page| inventory::coverage(page, &all().coverage, false)), @r#"
Client       State         Entries      Place
cursor       ✓ read        1            ~/.cursor/mcp.json
claude-code  ✓ read        1 (+1 held)  ~/code/site/.mcp.json
codex        × unparsable               ~/.codex/config.toml
                                        Line 3: a value is missing

Nothing is there for Zed (1 place; a running guard sees what appears there). `gatehouse coverage --all` lists it.

2 read, 1 absent, 1 not read.
"#);
    let until = Some("2026-07-01 11:07:00Z");
    assert_snapshot!(with_page(Language::English, |page| inventory::status(page, &all(), until)), @r#"
Mode        ask: holds what is new or changed, and asks.
Pause       Nothing new is held until 2026-07-01 11:07:00Z.
Guard       none is running: new connectors are not held until one is.
Ledger      sealed with the key
Connectors  1 unreviewed, 1 approved, 1 held
Waiting     github-with-a-rather-long-name (cursor, 77aa01cd)
Coverage    1 place was not read: `gatehouse coverage`.
"#);
    assert_snapshot!(with_page(Language::Spanish, |page| inventory::status(page, &all(), None)), @r#"
Modo        preguntar: retiene lo nuevo y lo cambiado, y pregunta.
Guardián    no hay ninguno en marcha: los conectores nuevos no se retienen hasta
            que lo haya.
Registro    sellado con la clave
Conectores  1 sin revisar, 1 aprobado, 1 retenido
En espera   github-with-a-rather-long-name (cursor, 77aa01cd)
Cobertura   1 lugar no se leyó: `gatehouse coverage`.
"#);
}

#[test]
fn the_card_of_a_new_connector() {
    let card = held(QuestionKind::New, Vec::new());
    assert_snapshot!(with_page(Language::English, |page| card::card(page, &card)), @r#"
postmark was added to Cursor
■ held 2 minutes ago

Where           Cursor, for your user
                ~/.cursor/mcp.json
                mcpServers.postmark
What it can do  Runs a program from npm as you: it can read your files and use
                the network.
                It is given POSTMARK_TOKEN.
What runs       npx -y postmark-mcp
Provenance      pkg:npm/postmark-mcp
                ◌ It is not known who vouches for it.
                Not checked: look-ups are off.
                Not looked at yet.
Findings        ◆ medium: postmark-mcp is not pinned to a version: its code can
                change while the entry stays the same.
                  Name an exact version, or approve with --pin.
                  mcpServers.postmark.args[1], line 7 · floating-version
                Nothing found by 2 checks.
If held         Without postmark, everything in Cursor is as before.
                The entry is taken out of the file; every byte of it is kept.
                Cursor reads the file again by itself.
"#);
    assert_snapshot!(with_page(Language::Spanish, |page| card::card(page, &card)), @r#"
Se añadió postmark a Cursor
■ retenido hace 2 minutos

Dónde            Cursor, para su usuario
                 ~/.cursor/mcp.json
                 mcpServers.postmark
Qué puede hacer  Ejecuta un programa de npm con su usuario: puede leer sus
                 archivos y usar la red.
                 Recibe POSTMARK_TOKEN.
Qué se ejecuta   npx -y postmark-mcp
Procedencia      pkg:npm/postmark-mcp
                 ◌ No se sabe quién responde de él.
                 Not checked: look-ups are off.
                 Todavía no se ha mirado.
Observaciones    ◆ media: postmark-mcp is not pinned to a version: its code can
                 change while the entry stays the same.
                   Name an exact version, or approve with --pin.
                   mcpServers.postmark.args[1], línea 7 · floating-version
                 Nada que señalar en 2 comprobaciones.
Si se retiene    Sin postmark, en Cursor todo sigue como antes.
                 La entrada se retira del archivo; se guarda cada byte.
                 Cursor vuelve a leer el archivo por sí mismo.
"#);
}

#[test]
fn the_card_of_a_changed_connector() {
    let change = |facet: &str, old: Option<&str>, new: Option<&str>| Change {
        facet: Facet(facet.to_owned()),
        old: old.map(str::to_owned),
        new: new.map(str::to_owned),
    };
    let changes = vec![
        change("args", Some("-y postmark-mcp@1.0.15"), Some("-y postmark-mcp")),
        change("env.NODE_OPTIONS", None, Some("--require /tmp/x.js")),
    ];
    assert_snapshot!(with_page(Language::English, |page| card::card(page, &held(QuestionKind::Changed, changes))), @r#"
The launch of postmark in Cursor changed
■ held 2 minutes ago

arguments              was  -y postmark-mcp@1.0.15
                       now  -y postmark-mcp
variable NODE_OPTIONS  was  (not set)
                       now  --require /tmp/x.js

Where           Cursor, for your user
                ~/.cursor/mcp.json
                mcpServers.postmark
What it can do  Runs a program from npm as you: it can read your files and use
                the network.
                It is given POSTMARK_TOKEN.
What runs       npx -y postmark-mcp
Provenance      pkg:npm/postmark-mcp
                ◌ It is not known who vouches for it.
                Not checked: look-ups are off.
                Not looked at yet.
Findings        ◆ medium: postmark-mcp is not pinned to a version: its code can
                change while the entry stays the same.
                  Name an exact version, or approve with --pin.
                  mcpServers.postmark.args[1], line 7 · floating-version
                Nothing found by 2 checks.
If held         Without postmark, everything in Cursor is as before.
                The entry is taken out of the file; every byte of it is kept.
                Cursor reads the file again by itself.
"#);
}

#[test]
fn the_account_of_an_approved_one() {
    assert_snapshot!(with_page(Language::English, |page| card::account(page, &remote())), @r#"
linear (claude-code, b07c55aa)
✓ approved. You approved exactly this launch and this code.

Where           Claude Code, for a project
                ~/code/site/.mcp.json, line 7
                mcpServers.linear
                In ~/code/site
What it can do  Sends what the client gives it to mcp.linear.example.
                It sends the headers Authorization.
What runs       https://mcp.linear.example/mcp
Provenance      ◌ It is not known who vouches for it.
                Not checked: look-ups are off.
                The code runs on somebody else's computer and cannot be looked
                at.
Findings        Nothing found by 1 check.
                Not checked: repeated-key (the file is not at hand).
Approval        this launch and this code, wherever it appears, given in a
                terminal, 3 days ago
Fingerprint     v1:b07c55aab07c55aab07c55aab07c55aab07c55aab07c55aab07c55aab07c5
                5aa
"#);
}

#[test]
fn no_line_is_wider_than_the_page() {
    for language in Language::ALL {
        with_page(*language, |page| {
            let new = held(QuestionKind::New, Vec::new());
            for text in [inventory::inventory(page, &all()), card::card(page, &new), card::account(page, &remote())] {
                for line in text.lines() {
                    assert!(line.chars().count() <= 80, "{line}");
                }
            }
        });
    }
}

/// A row whose every text comes from somebody hostile.
fn hostile(text: &str) -> Row {
    let text = || text.to_owned();
    let question = QuestionRow {
        kind: QuestionKind::Changed,
        since: text(),
        changes: vec![Change { facet: Facet(format!("env.{}", text())), old: Some(text()), new: Some(text()) }],
    };
    Row {
        id: text(),
        client: text(),
        project: Some(text()),
        path: text(),
        route: text(),
        name: text(),
        readers: vec![text()],
        namesakes: Vec::new(),
        command: Some(text()),
        args: vec![text(), text()],
        env: vec![text()],
        fingerprint: text(),
        question: Some(question),
        artefact: ArtefactRow {
            state: ArtefactStateRow::Known,
            version: Some(text()),
            integrity: Some(text()),
            source: Some(text()),
            ..row().artefact
        },
        launch: LaunchRow { purl: Some(text()), ..launch() },
        findings: vec![FindingRow { message: text(), help: text(), route: text(), ..row().findings[0].clone() }],
        checks: Checks { passed: Vec::new(), not_run: vec![NotRun { code: Code::PlainHttp, reason: text() }] },
        ..held(QuestionKind::Changed, Vec::new())
    }
}

fn steers(c: char) -> bool {
    (c != '\n' && c.is_control())
        || matches!(c as u32, 0x61c | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfeff)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn hostile_text_never_steers_the_terminal(text in "[\u{1b}\r\u{7}\u{8}\u{9b}\u{202e}\u{2066}\u{200b}\u{feff}a-z\\[;m ]{1,40}") {
        let row = hostile(&text);
        with_page(Language::English, |page| {
            let mut whole = inventory_of(vec![row.clone()]);
            whole.coverage[0] = Coverage { client: text.clone(), path: text.clone(), message: Some(text.clone()), ..whole.coverage[3].clone() };
            for shown in [
                inventory::inventory(page, &whole),
                inventory::coverage(page, &whole.coverage, true),
                inventory::status(page, &whole, None),
                card::card(page, &row),
                card::account(page, &row),
            ] {
                prop_assert!(!shown.chars().any(steers), "{:?}", shown);
            }
            Ok(())
        })?;
    }
}

#[test]
fn one_launch_in_several_places_is_told_once_with_each_place() {
    let there = Row {
        id: "77aa01cd".into(),
        name: "mail".into(),
        client: "codex".into(),
        path: "~/.codex/config.toml".into(),
        ..held(QuestionKind::New, Vec::new())
    };
    let off = Row {
        id: "88aa01cd".into(),
        client: "zed".into(),
        path: "~/.config/zed/settings.json".into(),
        enabled: false,
        ..row()
    };
    let whole = inventory_of(vec![row(), there, remote(), off]);
    assert_snapshot!(with_page(Language::English, |page| inventory::inventory(page, &whole)), @r#"
In several places
                          postmark  npx -y postmark-mcp
                                    ◌ not checked · ◆ 1 finding, medium
  3fa9c1d2  ? unreviewed            cursor · ~/.cursor/mcp.json · for your user
  77aa01cd  ■ held        mail      codex · ~/.codex/config.toml · for your user
  88aa01cd  ? unreviewed            zed · ~/.config/zed/settings.json · for your
                                    user
                                    switched off in Zed

claude-code · ~/code/site/.mcp.json · for a project
  b07c55aa  ✓ approved    linear    https://mcp.linear.example/mcp
                                    ◌ not checked

Settings that let a client act without asking:
  claude-code · ~/code/site/.claude/settings.json · for a project
    :12  ◆ Claude Code runs a command that stands in these settings: ./format.sh

2 connectors in 2 files.
1 connector waits for your decision: `gatehouse review`.
1 place was not read: `gatehouse coverage`.
Not checked: repeated-key (the file is not at hand), for 1 connector.
"#);
    let spanish = with_page(Language::Spanish, |page| inventory::inventory(page, &whole));
    assert!(spanish.starts_with("En varios lugares"), "{spanish}");
    // What has no launch of its own is the same as no other.
    let built_in = |id: &str| Row { id: id.into(), transport: Transport::Builtin, ..row() };
    assert_eq!(gatehouse_core::report::by_launch(&[built_in("1"), built_in("2")]).len(), 2);
}

#[test]
fn a_line_end_in_a_name_makes_no_line_of_its_own() {
    let row = Row { name: "postmark\n✓ approved".to_owned(), ..held(QuestionKind::New, Vec::new()) };
    with_page(Language::English, |page| {
        let shown = card::card(page, &row);
        assert!(!shown.lines().any(|line| line.trim_start().starts_with('✓')), "{shown}");
        assert!(shown.contains("⟦U+000A⟧"), "{shown}");
    });
}

/// Routes of all keys, arrays taken as one.
fn keys(value: &Value, at: &str, out: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let here = format!("{at}.{key}");
                keys(value, &here, out);
                out.insert(here);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, at, out)),
        _ => {}
    }
}

#[test]
fn the_json_of_scan_has_the_documented_keys() {
    let documented = r#"{"schema":"","tool":"","generated":"","mode":"","guard":{"running":true,"kind":""},"ledger":"","waiting":1,
      "coverage":[{"client":"","scope":"","path":"","state":"","connectors":1,"held":0,"message":null}],
      "settings":[{"client":"","scope":"","project":null,"path":"","findings":[{"code":"","severity":"","confidence":"","message":"","route":"","line":7,"help":""}]}],
      "age_limits":[{"tool":"","setting":"","value":null,"from":null,"standing":"","can_be_set":true,"can_be_undone":false}],
      "connectors":[{"id":"","client":"","scope":"","project":null,"path":"","route":"","name":"","readers":[],"namesakes":[],
        "present":true,"line":7,"enabled":true,"transport":"","command":"","args":[],"url":null,"env":[],"headers":[],
        "launch":{"runner":"","wrappers":[],"ecosystem":"","package":"","version":null,"pin":"","floating":true,"purl":"","bridge":null,"target":null,"unknown":null},
        "artefact":{"kind":"","state":"","reason":null,"version":"","integrity":"","source":"","pin":""},
        "publication":{"state":"","reason":null,"registry":"","at":"","published":"","publisher":"","offered":true,"new_install_script":false,"provenance_lost":false},
        "age_limit":{"tool":"","setting":"","value":null,"from":null,"standing":"","can_be_set":true,"can_be_undone":false},
        "fingerprint":"","status":"","why":"",
        "hold":{"method":"","state":"","since":"","reason":"","takes_effect":""},"previous":null,"folder_offer":null,
        "question":{"kind":"","since":"","changes":[{"facet":"","old":"","new":""}]},
        "approval":{"kind":"","reach":"","by":"","at":"","unverified":true},
        "trust":{"word":"","reasons":[{"code":"","text":"","source":null,"at":null}],
            "statements":[{"code":"","known":true,"told":true,"text":"","source":null,"at":null}]},
        "findings":[{"code":"","severity":"","confidence":"","message":"","route":"","line":7,"help":""}],
        "checks":{"passed":[""],"not_run":[{"code":"","reason":""}]}}]}"#;
    let documented: Value = serde_json::from_str(documented).expect("it is JSON");
    let set = |value: &Value| {
        let mut out = BTreeSet::new();
        keys(value, "", &mut out);
        out
    };
    let mut all = all();
    all.connectors[0].trust.statements.push(StatementRow {
        code: "untold-listing",
        known: false,
        told: false,
        text: String::new(),
        source: None,
        at: None,
    });
    all.connectors[0].age_limit = Some(no_limit());
    assert_eq!(set(&serde_json::to_value(all).expect("it is JSON")), set(&documented));
}

#[test]
fn what_a_registry_says_is_told_with_its_source() {
    let told = |language: Language, row: &PublicationRow| with_page(language, |page| phrases::publication(page, row));
    let known = publication();
    let unknown = PublicationRow { state: PublicationState::Unknown, reason: Some("not-found"), ..known.clone() };
    let other =
        PublicationRow { published: None, publisher: None, offered: false, new_install_script: false, ..known.clone() };
    let all =
        [known.clone(), PublicationRow { publisher: None, provenance_lost: true, ..known.clone() }, other, unknown];
    let all = |language| all.iter().map(|row| told(language, row)).collect::<Vec<_>>().join("\n--\n");
    assert_snapshot!(all(Language::English), @r#"
Not on this machine yet: the client's next start would fetch it.
Published 3 days ago by someone (registry.example, asked 1 hour ago).
It runs a script when it is installed, which the approved version did not.
--
Not on this machine yet: the client's next start would fetch it.
Published 3 days ago; the registry does not say by whom (registry.example, asked 1 hour ago).
It runs a script when it is installed, which the approved version did not.
The approved version had an attestation of where it was built. This one has none.
--
What would run is not what registry.example has (asked 1 hour ago).
--
Publisher and age are not known: the service does not know it.
"#);
    assert_snapshot!(all(Language::Spanish), @r#"
Aún no está en este equipo: lo descargaría el próximo arranque del cliente.
Publicado hace 3 días por someone (registry.example, consultado hace 1 hora).
Al instalarse ejecuta un script, cosa que la versión aprobada no hacía.
--
Aún no está en este equipo: lo descargaría el próximo arranque del cliente.
Publicado hace 3 días; el registro no dice por quién (registry.example, consultado hace 1 hora).
Al instalarse ejecuta un script, cosa que la versión aprobada no hacía.
La versión aprobada traía una atestación de dónde se construyó. Esta no trae ninguna.
--
Lo que se ejecutaría no es lo que tiene registry.example (consultado hace 1 hora).
--
No se sabe quién lo publica ni desde cuándo: el servicio no lo conoce.
"#);
}
