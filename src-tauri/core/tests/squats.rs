//! How well names are told apart, measured over names gathered for it; `docs/reference/squats.md` has the figures. The list
//! of known malicious packages has no part in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use gatehouse_core::catalogue::Kind;
use gatehouse_core::finding::Severity;
use gatehouse_core::squats::{Host, Squats};

/// What stands in a row of the list.
struct Row {
    label: String,
    category: String,
    origin: String,
    wanted: String,
    got: Option<Severity>,
}

fn judged(kind: &str, name: &str) -> Option<Severity> {
    let squats = Squats::compiled();
    let kind = match kind {
        "npm" => Kind::Npm,
        "pypi" => Kind::Pypi,
        _ => {
            let host = Host::of(name)?;
            let mixed = host.mixes_scripts().then_some(Severity::Medium);
            return squats.host_likeness(&host).map(|it| it.severity).max(mixed);
        }
    };
    squats.likeness(kind, name).map(|it| it.severity).max(squats.claim(kind, name).map(|it| it.severity()))
}

fn rows(table: &str) -> Vec<Row> {
    let rows = table.lines().skip(1).filter_map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [name, kind, label, _, category, origin, wanted, ..] = cells.as_slice() else { return None };
        let [label, category, origin, wanted] = [label, category, origin, wanted].map(|it| (*it).to_owned());
        Some(Row { label, category, origin, wanted, got: judged(kind, name) })
    });
    rows.collect()
}

fn is_flagged(row: &Row) -> bool {
    row.got >= Some(Severity::Medium)
}

/// Of so many, how many.
fn share(rows: &[&Row], is: impl Fn(&Row) -> bool) -> (usize, usize) {
    (rows.iter().filter(|row| is(row)).count(), rows.len())
}

fn percent((some, all): (usize, usize)) -> f64 {
    if all == 0 { 0.0 } else { 100.0 * some as f64 / all as f64 }
}

fn page(rows: &[Row]) -> String {
    let mut page = "\
# How well names are told apart

Made by `UPDATE=1 cargo test -p gatehouse-core --test squats`, from names gathered for this measurement: known squats, made
ones, and names of harmless packages that are like others. Nothing but the name counts here: no publisher, no repository, no
downloads, and not the list of known malicious packages. *Flagged* is medium or more.

| names | rows | flagged | high | a remark |
|---|---|---|---|---|
"
    .to_owned();
    let squat = |row: &Row, wanted: &str| row.label == "squat" && row.wanted == wanted;
    let mut line = |name: &str, is: &dyn Fn(&Row) -> bool| {
        let some: Vec<&Row> = rows.iter().filter(|row| is(row)).collect();
        let flagged = share(&some, is_flagged);
        let high = share(&some, |row| row.got >= Some(Severity::High));
        let low = share(&some, |row| row.got == Some(Severity::Low));
        let cell = |it: (usize, usize)| format!("{} ({:.1} %)", it.0, percent(it));
        writeln!(page, "| {name} | {} | {} | {} | {} |", some.len(), cell(flagged), cell(high), cell(low))
            .expect("a string takes all");
    };
    line("squats to be flagged", &|row| squat(row, "alert"));
    line("… of them met in the wild", &|row| squat(row, "alert") && row.origin == "real");
    line("… of them made up", &|row| squat(row, "alert") && row.origin == "constructed");
    line("republished projects, worth a remark", &|row| squat(row, "notice"));
    line("harmless names", &|row| row.label == "benign");
    line("… of them worth a remark", &|row| row.label == "benign" && row.wanted == "notice");
    let all = |is: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| is(row)).collect::<Vec<_>>();
    let verdict = |is_met: bool| if is_met { "met" } else { "**missed**" };
    let flagged = percent(share(&all(&|row| squat(row, "alert")), is_flagged));
    let real = percent(share(&all(&|row| squat(row, "alert") && row.origin == "real"), is_flagged));
    let benign = all(&|row| row.label == "benign");
    let high = percent(share(&benign, |row| row.got >= Some(Severity::High)));
    let medium = percent(share(&benign, |row| row.got == Some(Severity::Medium)));
    let targets = [
        ("squats flagged, 85 % or more", flagged >= 85.0),
        ("those met in the wild, 90 % or more", real >= 90.0),
        ("harmless ones that are high, 1 % or less", high <= 1.0),
        ("harmless ones that are medium, 10 % or less", medium <= 10.0),
    ];
    page.push_str("\n| target | |\n|---|---|\n");
    for (target, is_met) in targets {
        writeln!(page, "| {target} | {} |", verdict(is_met)).expect("a string takes all");
    }
    page.push_str(
        "\nWhat is missed in the wild is a plain name (`todo`, `runcommand`), or a vendor's name and nothing else, as many \
         harmless\nconnectors have it. There only the publisher tells, which `vendor-claim-unproven` asks for.\n\n\
         | category | label | rows | flagged | high | a remark |\n|---|---|---|---|---|---|\n",
    );
    let mut categories: BTreeMap<(&str, &str), Vec<&Row>> = BTreeMap::new();
    for row in rows {
        categories.entry((&row.label, &row.category)).or_default().push(row);
    }
    for ((label, category), rows) in categories {
        let counts = [
            share(&rows, is_flagged).0,
            share(&rows, |row| row.got >= Some(Severity::High)).0,
            share(&rows, |row| row.got == Some(Severity::Low)).0,
        ];
        let [flagged, high, low] = counts;
        writeln!(page, "| {category} | {label} | {} | {flagged} | {high} | {low} |", rows.len())
            .expect("a string takes all");
    }
    page
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that compares nothing says so")]
fn squats_are_flagged_and_harmless_names_are_not() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Ok(table) = fs::read_to_string(root.join("../../../shared/data/squat_dev.tsv")) else {
        eprintln!("SKIPPED: the names to measure with are not beside this checkout");
        return;
    };
    let rows = rows(&table);
    let file = root.join("../../docs/reference/squats.md");
    let page = page(&rows);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, &page).expect("the page is written");
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == page, "docs/reference/squats.md is not what this measures: UPDATE=1 writes it");
    let all = |is: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| is(row)).collect::<Vec<_>>();
    let squats = all(&|row| row.label == "squat" && row.wanted == "alert");
    let benign = all(&|row| row.label == "benign");
    assert!(percent(share(&squats, is_flagged)) >= 85.0);
    assert!(percent(share(&benign, |row| row.got >= Some(Severity::High))) <= 1.0);
    assert!(percent(share(&benign, |row| row.got == Some(Severity::Medium))) <= 10.0);
    let notice = all(&|row| row.label == "squat" && row.wanted == "notice");
    assert_eq!(share(&notice, |row| row.got == Some(Severity::Low)), (notice.len(), notice.len()));
}
