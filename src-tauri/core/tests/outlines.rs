//! A look at a file ends where its outline is that of the last one. So two texts of one outline must read the same: this
//! changes the fixtures of all clients in many thousand ways and compares what is read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gatehouse_core::clients::CLIENTS;
use gatehouse_core::connector::Connector;
use gatehouse_core::discover::{self, Earlier, Location};
use gatehouse_core::document::{Document, Node, Route};
use gatehouse_core::finding::Finding;
use gatehouse_core::gates;
use gatehouse_core::host::{Host, Os};

/// Texts that are compared with the one before, at least.
const CASES: usize = 12_000;

/// So many changes follow on each other before a fixture is begun anew.
const IN_A_ROW: usize = 12;

/// Numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }
}

type Reading = (Vec<Arc<Connector>>, Vec<Finding>, BTreeSet<PathBuf>);

fn read(host: &Host, locations: &[Location], document: &Document) -> Reading {
    let mut reading = Reading::default();
    for location in locations {
        let row = location.row;
        reading.0.extend(discover::connectors(host, location, document, None, &mut Earlier::none()));
        reading.1.extend(gates::findings(row.client, row.file, &location.path, document));
        reading.2.extend(discover::known_projects(host, location, document));
    }
    reading
}

/// The files of all fixtures of a format that can be outlined, each with what reads it.
fn fixtures() -> Vec<(Host, Vec<Location>, Document)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    let folders = |path: &Path| {
        let entries = fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).flatten();
        let mut found: Vec<_> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
        found.sort();
        found
    };
    let mut out = Vec::new();
    for client in CLIENTS {
        let here = |os: &Os| client.files.iter().any(|file| file.systems.contains(os));
        let os = [Os::Linux, Os::Macos, Os::Windows].into_iter().find(here).expect("a system");
        for case in folders(&root.join(client.id)) {
            let mut host = Host::new(os, case.join("home"), BTreeMap::new(), Arc::new(jiff::Timestamp::now));
            host.root = case.join("root");
            let all = discover::locations(&host, &BTreeMap::new(), &BTreeSet::from([case.join("project")]));
            for locations in all.chunk_by(|a, b| a.path == b.path) {
                let bytes = fs::read(&locations[0].path).ok();
                let document = bytes.and_then(|bytes| Document::parse(locations[0].row.file.format, bytes).ok());
                let outlined = document.filter(|document| discover::outline(locations, document).is_some());
                out.extend(outlined.map(|document| (host.clone(), locations.to_vec(), document)));
            }
        }
    }
    out
}

/// Where the keys and the values of a document stand, from the outermost on.
fn parts(node: &Node, keys: &mut Vec<Range<usize>>, values: &mut Vec<Range<usize>>) {
    values.push(node.span.clone());
    for member in node.value.members().unwrap_or_default() {
        keys.push(member.key_span.clone());
        parts(&member.node, keys, values);
    }
    for item in node.value.items().unwrap_or_default() {
        parts(item, keys, values);
    }
}

/// Changes something, such that the text mostly stays one that can be read.
fn changed(document: &Document, numbers: &mut Numbers) -> Vec<u8> {
    let source = document.source();
    let mut text = source.to_vec();
    let (mut keys, mut values) = (Vec::new(), Vec::new());
    if let Some(root) = document.node(&Route::root()) {
        parts(&root, &mut keys, &mut values);
    }
    let Some(value) = values.get(numbers.below(values.len())).cloned() else { return b"{\"mcpServers\": {}}".to_vec() };
    let open = source.get(value.start) == Some(&b'{');
    match (numbers.below(8), keys.get(numbers.below(keys.len())).cloned()) {
        (0, _) => {
            let scalars = ["1", "true", "false", "null", "\"x\"", "\"npx\"", "[]", "{}", "[{\"name\": \"a\"}]"];
            text.splice(value, numbers.of(&scalars).bytes());
        }
        (1, _) => {
            let other = values[numbers.below(values.len())].clone();
            text.splice(value, source[other].iter().copied());
        }
        (2, _) => {
            let space = ["\n", " ", "\n\n\t", "/* a\nb */", "// c\n"];
            text.splice(value.start..value.start, numbers.of(&space).bytes());
        }
        (3, Some(key)) => {
            let names =
                ["\"mcpServers\"", "\"mcp\\u0053ervers\"", "\"servers\"", "\"projects\"", "\"x\"", "\"permissions\""];
            text.splice(key, numbers.of(&names).bytes());
        }
        // A trailing comma is read by all.
        (4, Some(key)) if open => {
            let member = [&source[key], b": ", &source[values[numbers.below(values.len())].clone()], b","].concat();
            text.splice(value.start + 1..value.start + 1, member);
        }
        (5, _) => {
            let at = numbers.below(text.len());
            text[at] = *numbers.of(&[b"\"", b"}", b"a", b"\n", b"\\", b" "]).first().expect("a byte");
        }
        // What a program notes for itself all the time.
        _ => {
            let noted = format!("{{\"numStartups\": {}, \"history\": [\"{}\"],", numbers.below(99), numbers.below(9));
            let root = values[0].clone();
            if source.get(root.start) == Some(&b'{') {
                text.splice(root.start..=root.start, noted.into_bytes());
            }
        }
    }
    text
}

#[test]
fn texts_of_one_outline_are_read_alike() {
    let fixtures = fixtures();
    assert!(fixtures.len() > 60, "{} fixtures", fixtures.len());
    let mut numbers = Numbers(11_400_714_819_323_198_485);
    let (mut compared, mut equal, mut unread) = (0, 0, 0);
    while compared < CASES {
        for (host, locations, document) in &fixtures {
            let mut before = document.clone();
            let mut outline = discover::outline(locations, &before);
            let mut reading = read(host, locations, &before);
            for _ in 0..IN_A_ROW {
                let text = changed(&before, &mut numbers);
                let Ok(after) = Document::parse(document.format(), text) else {
                    unread += 1;
                    continue;
                };
                let (now, read_now) = (discover::outline(locations, &after), read(host, locations, &after));
                compared += 1;
                if now == outline {
                    equal += usize::from(before.source() != after.source());
                    let (was, is) = (String::from_utf8_lossy(before.source()), String::from_utf8_lossy(after.source()));
                    assert!(reading == read_now, "{}:\n{was}\n---\n{is}", locations[0].path.display());
                }
                (before, outline, reading) = (after, now, read_now);
            }
        }
    }
    // Neither of the two ends is met by accident alone.
    assert!(equal > CASES / 20 && equal < compared, "{equal} of {compared} were alike, {unread} could not be read");
}

#[test]
fn what_a_program_notes_for_itself_is_outside_the_outline_and_lines_are_in_it() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let host = Host::new(Os::Linux, home.path().to_owned(), BTreeMap::new(), Arc::new(jiff::Timestamp::now));
    let all = discover::locations(&host, &BTreeMap::new(), &BTreeSet::new());
    let here: Vec<_> = all.into_iter().filter(|l| l.path == home.path().join(".claude.json")).collect();
    let outline = |text: &str| {
        let document = Document::parse(here[0].row.file.format, text.into()).expect("sound JSON");
        discover::outline(&here, &document).expect("an outline")
    };
    let base = r#"{"n": 1, "projects": {"/w": {"history": [1]}}, "mcpServers": {"a": {"command": "a"}}}"#;
    let check = |same: bool, from: &str, to: &str| {
        assert_eq!(outline(base) == outline(&base.replace(from, to)), same, "{from} to {to}");
    };
    check(true, "\"n\": 1", "\"n\": 22222, \"more\": {\"mcpServers\": {}}");
    check(true, "[1]", "[1, {\"mcpServers\": 2}]");
    check(true, "\"mcpServers\"", "\"mcp\\u0053ervers\"");
    check(false, "\"n\": 1", "\n\"n\": 1");
    check(false, "\"/w\"", "\"/v\"");
    check(false, "[1]}", "[1], \"mcpServers\": {}}");
    check(false, "\"command\"", "\"comman\"");
    check(false, "\"n\": 1", "\"mcpServers\": {}");
    check(false, "{\"a\": {", "{\"a\":  {");
}
