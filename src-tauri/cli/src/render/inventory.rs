//! The inventory, the coverage and the state of things as tables.

use std::collections::BTreeMap;

use gatehouse_core::engine::{Check, CheckState};
use gatehouse_core::finding::Severity;
use gatehouse_core::report::{ALL_CLIENTS, Coverage, CoverageState, Inventory, LedgerState, Row, by_launch};
use gatehouse_core::sentences::client_name;

use super::chips::visible;
use super::table::{Field, Tone, indented, rows};
use super::{Page, kebab, phrases};

/// Names longer than this are wrapped.
const NAME: usize = 20;

/// All connectors by file, those of several places once and with their places, and what is to be said of the whole.
pub(crate) fn inventory(page: &Page<'_>, inventory: &Inventory) -> String {
    let launches = by_launch(&inventory.connectors);
    let (once, shared): (Vec<_>, Vec<_>) = launches.into_iter().partition(|rows| rows.len() == 1);
    let mut files: BTreeMap<(&str, &str), Vec<&Row>> = BTreeMap::new();
    for row in once.into_iter().flatten() {
        files.entry((&row.client, &row.path)).or_default().push(row);
    }
    let widest = |field: &dyn Fn(&Row) -> usize| inventory.connectors.iter().map(field).max().unwrap_or(0);
    let fixed = [
        Some(widest(&|row| row.id.len())),
        Some(widest(&|row| phrases::status(page, row.status).0.chars().count())),
        Some(widest(&|row| visible(&row.name).chars().count()).min(NAME)),
        None,
    ];
    let mut parts = Vec::new();
    let table = |head: String, lines: Vec<Vec<Field>>| {
        let inner = Page { width: page.width.saturating_sub(2), ..*page };
        format!("{head}\n{}", indented(&rows(&inner, &[], lines, &fixed), 2))
    };
    if !shared.is_empty() {
        let lines = shared.iter().flat_map(|rows| places(page, rows)).collect();
        parts.push(table(page.say("scan-several-places", &[]), lines));
    }
    for ((client, path), connectors) in files {
        let scope = page.name("scope", &connectors[0].scope);
        let head = format!("{} · {} · {scope}", visible(client), visible(path));
        parts.push(table(head, connectors.iter().map(|row| line(page, row).into()).collect()));
    }
    parts.extend(settings(page, inventory));
    parts.push(closing(page, inventory));
    parts.join("\n\n")
}

/// One launch in several places: what runs once, and each place with what is its own.
fn places(page: &Page<'_>, places: &[&Row]) -> Vec<Vec<Field>> {
    let worst = |row: &&&Row| row.findings.iter().map(|finding| finding.severity).max();
    // The first of those with the gravest finding: the others were found the same or less.
    let Some(lead) = places.iter().rev().max_by_key(worst) else { return Vec::new() };
    let [_, _, name, runs] = line(page, &Row { enabled: true, ..(**lead).clone() });
    let mut lines = vec![vec![String::new().into(), String::new().into(), name, runs]];
    for row in places {
        let [id, status, name, _] = line(page, row);
        let name = if row.name == lead.name { String::new().into() } else { name };
        let scope = page.name("scope", &row.scope);
        let mut place = format!("{} · {} · {scope}", visible(&row.client), visible(&row.path));
        place.extend(switched_off(page, row).map(|text| format!("\n{text}")));
        lines.push(vec![id, status, name, Field(place, Tone::Dim)]);
    }
    lines
}

fn switched_off(page: &Page<'_>, row: &Row) -> Option<String> {
    (!row.enabled && row.hold.is_none()).then(|| page.say("scan-switched-off", &[("client", client_name(&row.client))]))
}

fn line(page: &Page<'_>, row: &Row) -> [Field; 4] {
    let (status, tone) = phrases::status(page, row.status);
    let mut runs = format!("{}\n{}", phrases::runs(row), phrases::trust(page, row.trust.word));
    let worst = row.findings.iter().map(|f| f.severity).max();
    if let Some(worst) = worst {
        let severity = page.name("severity", &worst);
        let args = [("count", &*row.findings.len().to_string()), ("severity", severity.as_str())];
        runs = format!("{runs} · {} {}", mark(worst), page.say("scan-findings", &args));
    }
    runs.extend(switched_off(page, row).map(|text| format!("\n{text}")));
    let danger = worst >= Some(Severity::High);
    [
        Field(visible(&row.id), Tone::Dim),
        Field(status, tone),
        visible(&row.name).into(),
        Field(runs, if danger { Tone::Danger } else { Tone::Plain }),
    ]
}

/// The settings that open the gate, by file.
fn settings(page: &Page<'_>, inventory: &Inventory) -> Option<String> {
    if inventory.settings.is_empty() {
        return None;
    }
    let inner = Page { width: page.width.saturating_sub(4), ..*page };
    let mut parts = vec![page.say("scan-settings", &[])];
    for file in &inventory.settings {
        let scope = page.name("scope", &file.scope);
        parts.push(format!("  {} · {} · {scope}", visible(&file.client), visible(&file.path)));
        let lines = file.findings.iter().map(|finding| {
            let line = finding.line.map_or_else(String::new, |line| format!(":{line}"));
            let tone = if finding.severity >= Severity::High { Tone::Danger } else { Tone::Plain };
            let text = format!("{} {}", mark(finding.severity), visible(&finding.message));
            vec![Field(line, Tone::Dim), Field(text, tone)]
        });
        let lines: Vec<_> = lines.collect();
        let width = file.findings.iter().filter_map(|f| f.line).max().map(|line| line.to_string().len() + 1);
        parts.push(indented(&rows(&inner, &[], lines, &[width, None]), 4));
    }
    Some(parts.join("\n"))
}

/// The mark of a finding.
pub(crate) fn mark(severity: Severity) -> char {
    match severity {
        Severity::Low => '·',
        Severity::Medium => '◆',
        Severity::High | Severity::Critical => '⬢',
    }
}

fn closing(page: &Page<'_>, inventory: &Inventory) -> String {
    let count = |n: usize| n.to_string();
    let read = inventory.coverage.iter().filter(|c| matches!(c.state, CoverageState::Read | CoverageState::Polling));
    let files = count(read.count());
    let mut lines = Vec::new();
    if inventory.connectors.is_empty() {
        lines.push(page.say("scan-none", &[("files", &files)]));
    } else {
        let connectors = page.say("scan-connectors", &[("count", &count(by_launch(&inventory.connectors).len()))]);
        lines.push(page.say("scan-sum", &[("connectors", &connectors), ("files", &files)]));
    }
    if inventory.waiting > 0 {
        lines.push(page.say("scan-waiting", &[("count", &count(inventory.waiting))]));
    }
    let unread = inventory.coverage.iter().filter(|c| is_gap(c.state)).count();
    if unread > 0 {
        lines.push(page.say("scan-unread", &[("count", &count(unread))]));
    }
    let mut not_run: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for missing in inventory.connectors.iter().flat_map(|row| &row.checks.not_run) {
        *not_run.entry((kebab(&missing.code), &missing.reason)).or_default() += 1;
    }
    // Checks that could not be run of the same connectors for the same reason are one line.
    let mut lacking: BTreeMap<(&str, usize), Vec<String>> = BTreeMap::new();
    for ((code, reason), times) in not_run {
        lacking.entry((reason, times)).or_default().push(code);
    }
    for ((reason, times), codes) in lacking {
        let reason = phrases::not_run(page, reason);
        let args = [("code", &*codes.join(", ")), ("reason", &reason), ("count", &count(times))];
        lines.push(page.say("scan-not-run", &args));
    }
    lines.join("\n")
}

/// A place that may hold connectors and was not read.
pub(crate) fn is_gap(state: CoverageState) -> bool {
    match state {
        CoverageState::Read | CoverageState::Absent | CoverageState::Polling => false,
        CoverageState::Denied
        | CoverageState::Unparsable
        | CoverageState::Unsupported
        | CoverageState::TooLarge
        | CoverageState::NotRegular => true,
    }
}

/// Every place with its state. Where nothing is, only the names of the clients are told, unless `all` are asked for.
pub(crate) fn coverage(page: &Page<'_>, places: &[Coverage], all: bool) -> String {
    let (listed, absent): (Vec<_>, Vec<_>) =
        places.iter().partition(|place| all || place.state != CoverageState::Absent);
    let mut parts = Vec::new();
    if !listed.is_empty() {
        parts.push(coverage_table(page, &listed));
    }
    if !absent.is_empty() {
        let of_clients = absent.iter().filter(|place| place.client != ALL_CLIENTS);
        let mut names: Vec<_> = of_clients.map(|place| visible(client_name(&place.client))).collect();
        names.sort();
        names.dedup();
        let (count, names) = (absent.len().to_string(), names.join(", "));
        parts.push(page.say("coverage-nothing", &[("count", &count), ("clients", &names)]));
    }
    let of = |wanted: fn(CoverageState) -> bool| places.iter().filter(|p| wanted(p.state)).count().to_string();
    parts.push(page.say(
        "coverage-sum",
        &[
            ("read", &of(|s| matches!(s, CoverageState::Read | CoverageState::Polling))),
            ("absent", &of(|s| s == CoverageState::Absent)),
            ("gaps", &of(is_gap)),
        ],
    ));
    parts.join("\n\n")
}

fn coverage_table(page: &Page<'_>, places: &[&Coverage]) -> String {
    let header = ["coverage-head-client", "coverage-head-state", "coverage-head-count", "coverage-head-path"];
    let header = header.map(|id| page.say(id, &[]));
    let states = places.iter().map(|place| shown_state(page, place.state).0.chars().count());
    let state_width = states.chain([header[1].chars().count()]).max();
    let client = |place: &Coverage| match &*place.client {
        ALL_CLIENTS => page.say("coverage-every-client", &[]),
        client => visible(client),
    };
    let clients = places.iter().map(|place| client(place).chars().count());
    let client_width = clients.chain([header[0].chars().count()]).max();
    let lines = places.iter().map(|place| {
        let (state, tone) = shown_state(page, place.state);
        let mut path = visible(&place.path);
        if let Some(message) = &place.message {
            path = format!("{path}\n{}", visible(message));
        }
        let held = page.say("coverage-held", &[("count", &place.held.to_string())]);
        let counts = match (place.connectors, place.held) {
            (0, 0) => String::new(),
            (connectors, 0) => connectors.to_string(),
            (connectors, _) => format!("{connectors} {held}"),
        };
        vec![client(place).into(), Field(state, tone), counts.into(), path.into()]
    });
    rows(page, &header, lines.collect(), &[client_width, state_width, None, None])
}

fn shown_state(page: &Page<'_>, state: CoverageState) -> (String, Tone) {
    let (mark, tone) = match state {
        CoverageState::Read => ('✓', Tone::Plain),
        CoverageState::Absent => ('-', Tone::Dim),
        CoverageState::Polling => ('~', Tone::Look),
        _ => ('×', Tone::Look),
    };
    (format!("{mark} {}", page.name("coverage", &state)), tone)
}

/// The lines of `doctor`.
pub(crate) fn check_up(page: &Page<'_>, checks: &[Check]) -> String {
    let lines = checks.iter().map(|check| {
        let (mark, tone) = match check.state {
            CheckState::Good => ("✓", Tone::Settled),
            CheckState::Note => ("·", Tone::Look),
            CheckState::Bad => ("×", Tone::Danger),
        };
        let text = doctor_line(page, check);
        vec![Field(mark.to_owned(), tone), text.into()]
    });
    rows(page, &[], lines.collect(), &[Some(1), None])
}

/// What one check of `doctor` found.
pub(crate) fn doctor_line(page: &Page<'_>, check: &Check) -> String {
    let state = match check.state {
        CheckState::Good => "good",
        CheckState::Note => "note",
        CheckState::Bad => "bad",
    };
    let all: Vec<_> = check.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let why = check.args.iter().find(|(name, _)| *name == "why").map(|(_, id)| page.say(id, &all));
    let value = |(name, value): &'_ (&'static str, String)| match &why {
        Some(why) if *name == "detail" => (*name, why.clone()),
        _ => (*name, value.clone()),
    };
    let args: Vec<_> = check.args.iter().map(value).collect();
    let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    page.say(&format!("doctor-{}-{state}", check.name), &args)
}

/// Mode, guard, ledger and what waits. `paused` is how long the pause still lasts.
pub(crate) fn status(page: &Page<'_>, inventory: &Inventory, paused: Option<&str>) -> String {
    let mut lines: Vec<(&str, String)> = Vec::new();
    let mode = page.name("mode", &inventory.mode);
    let meaning = page.say(&format!("mode-{}-means", kebab(&inventory.mode)), &[]);
    lines.push(("status-mode", format!("{mode}: {meaning}")));
    if let Some(until) = paused {
        lines.push(("status-pause", page.say("status-paused-until", &[("until", until)])));
    }
    let kind = inventory.guard.kind.as_deref().unwrap_or("?");
    let guard = if inventory.guard.running { "status-guard-running" } else { "status-guard-none" };
    lines.push(("status-guard", page.say(guard, &[("kind", kind)])));
    let mut ledger = page.name("ledger", &inventory.ledger);
    if matches!(inventory.ledger, LedgerState::Locked | LedgerState::Missing) {
        // The seals cannot be checked: the approvals stay in force, and are not proven.
        ledger = page.say("status-ledger-unverified", &[("state", &ledger)]);
    }
    lines.push(("status-ledger", ledger));
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for row in &inventory.connectors {
        *counts.entry(row.status).or_default() += 1;
    }
    let counts: Vec<_> = counts.iter().map(|(status, n)| format!("{n} {}", page.name("status", status))).collect();
    let none = page.say("status-none", &[]);
    lines.push(("status-connectors", if counts.is_empty() { none } else { counts.join(", ") }));
    lines.push(("status-waiting", waiting(page, inventory)));
    let gaps = inventory.coverage.iter().filter(|c| is_gap(c.state)).count();
    if gaps > 0 {
        lines.push(("status-gaps", page.say("scan-unread", &[("count", &gaps.to_string())])));
    }
    let labels: Vec<_> = lines.iter().map(|(id, _)| page.say(id, &[])).collect();
    let width = labels.iter().map(|label| label.chars().count()).max();
    let lines = labels.into_iter().zip(lines).map(|(label, (_, text))| vec![Field(label, Tone::Dim), text.into()]);
    rows(page, &[], lines.collect(), &[width, None])
}

fn waiting(page: &Page<'_>, inventory: &Inventory) -> String {
    let open: Vec<_> =
        inventory.connectors.iter().filter(|row| row.question.is_some()).map(|r| name(page, r)).collect();
    if open.is_empty() { page.say("status-none", &[]) } else { open.join("\n") }
}

/// One connector in one line: its name, client and digits.
pub(crate) fn name(page: &Page<'_>, row: &Row) -> String {
    page.say("connector-line", &[("name", &row.name), ("client", &row.client), ("id", &row.id)])
}
