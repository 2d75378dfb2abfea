//! Edits of YAML files.

use gatehouse_core::document::{Document, EditError, Exactness, Format, Member, Route, Stash};
use proptest::prelude::*;

use crate::made::{Made, choices, messy_yaml, tidy_yaml};
use crate::{cases, parse, pieces, plain, replay, route, values};

/// A cut; `None` where it is refused, which only blank lines that belong to a value may cause.
fn cut(made: &Made, entry: &Route) -> Option<(Document, Stash)> {
    match parse(made.format, made.text.as_bytes()).cut(entry) {
        Ok(edit) => Some((edit.after, edit.stash)),
        Err(e) => {
            assert!(made.text.contains("|+"), "{e}\n{}", made.text);
            None
        }
    }
}

/// The members of the container without the entry, and all that is around it.
fn without(document: &Document, entry: &Route) -> Vec<String> {
    let parent = entry.parent().expect("a container");
    let node = document.node(&parent).expect("the container");
    let name = entry.name().expect("a name");
    let mut others: Vec<String> = node
        .value
        .members()
        .expect("a mapping")
        .iter()
        .filter(|m| m.key != name)
        .map(|m| format!("{:?}={}", m.key, plain(&m.node.value)))
        .collect();
    let root = document.node(&Route::root()).expect("a mapping");
    let Some(gatehouse_core::document::Step::Key { name: top, .. }) = parent.0.first() else { unreachable!() };
    others.extend(
        root.value.members().expect("a mapping").iter().filter(|m| m.key != *top).map(|m| plain(&m.node.value)),
    );
    others
}

/// The first entry that has members.
fn mapping<'a>(document: &Document, made: &'a Made) -> Option<(&'a Route, Vec<Member>)> {
    let members = |entry| document.node(entry)?.value.members().filter(|m| !m.is_empty()).map(<[_]>::to_vec);
    made.entries.iter().find_map(|entry| Some((entry, members(entry)?)))
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_cut_takes_the_entry_alone_and_comes_back(mut c in choices()) {
        let made = messy_yaml(&mut c);
        let entry = &made.entries[c.of(made.entries.len())];
        let before = parse(made.format, made.text.as_bytes());
        let node = before.node(entry).expect("the entry");
        let Some((after, stash)) = cut(&made, entry) else { return Ok(()) };
        let taken = pieces(&stash);
        prop_assert_eq!(replay(before.source(), &taken), after.source().to_vec());
        let added: Vec<u8> = taken.iter().flat_map(|(_, _, added)| added.clone()).collect();
        prop_assert!(added.is_empty() || added == b" {}", "{}", made.text);
        prop_assert_eq!(without(&before, entry), without(&after, entry), "{}", made.text);
        prop_assert_eq!(stash.node().map(|n| plain(&n.value)), Some(plain(&node.value)), "{}", made.text);
        // What is taken out is the entry, and nothing that stands before or behind its lines.
        let removed: Vec<u8> = taken.iter().flat_map(|(_, removed, _)| removed.clone()).collect();
        let text = String::from_utf8(removed).expect("text");
        prop_assert!(!text.contains("behind") && !text.contains("# two") && !text.contains("a comment"), "{}\n---\n{}", text, made.text);
        let back = after.restore(&stash).expect("it comes back");
        prop_assert_eq!(back.exactness, Exactness::Exact);
        prop_assert_eq!(String::from_utf8_lossy(back.after.source()), made.text.as_str());
        let stored = serde_json::to_string(&stash).expect("stored");
        prop_assert_eq!(&serde_json::from_str::<Stash>(&stored).expect("read"), &stash);
    }

    #[test]
    fn edits_made_meanwhile_are_kept(mut c in choices()) {
        let made = messy_yaml(&mut c);
        let entry = &made.entries[c.of(made.entries.len())];
        let Some((after, stash)) = cut(&made, entry) else { return Ok(()) };
        let mut text = String::from_utf8(after.source().to_vec()).expect("text");
        let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
        if !text.ends_with('\n') {
            text.push('\n');
        }
        match c.of(3) {
            0 => text.push_str("# the end\n"),
            1 => text.push_str("later: {a: 1}\n"),
            _ if text[start..].starts_with("---") => text.insert_str(start + 3, " # first"),
            _ => text.insert_str(start, "first: 1\n"),
        }
        let edited = parse(made.format, text.as_bytes());
        let back = match edited.restore(&stash) {
            Ok(back) => back.after,
            Err(e) => {
                prop_assert!(made.text.contains("|+"), "{}\n{}\n---\n{}", e, made.text, text);
                return Ok(());
            }
        };
        let node = back.node(entry).expect("it is back");
        prop_assert_eq!(Some(plain(&node.value)), stash.node().map(|n| plain(&n.value)));
        prop_assert_eq!(without(&back, entry), without(&edited, entry), "{}", text);
        for comment in text.lines().filter_map(|line| line.find(" # ").map(|at| &line[at..])) {
            prop_assert!(back.source().windows(comment.len()).any(|w| w == comment.as_bytes()), "{}", comment);
        }
    }

    #[test]
    fn comments_between_entries_stand_as_before_after_any_order(mut c in choices()) {
        let made = tidy_yaml(&mut c);
        let end = crate::json::shuffled(&mut c, &made);
        prop_assert_eq!(String::from_utf8_lossy(&end), made.text);
    }

    #[test]
    fn files_mean_the_same_after_any_order(mut c in choices()) {
        let made = messy_yaml(&mut c);
        prop_assume!(!made.text.contains("|+"));
        let end = crate::json::shuffled(&mut c, &made);
        let (end, start) = (parse(made.format, &end), parse(made.format, made.text.as_bytes()));
        prop_assert_eq!(values(&end), values(&start), "{}", made.text);
    }

    #[test]
    fn a_switch_changes_one_value(mut c in choices()) {
        let made = messy_yaml(&mut c);
        let before = parse(made.format, made.text.as_bytes());
        let Some((entry, members)) = mapping(&before, &made) else { return Ok(()) };
        let edit = before.switch(entry, "enabled", false).map_err(|e| TestCaseError::fail(format!("{e}\n{}", made.text)))?;
        prop_assert_eq!(replay(before.source(), &pieces(&edit.stash)), edit.after.source().to_vec());
        let now = edit.after.node(entry).expect("the entry stays");
        prop_assert_eq!(now.value.get("enabled").and_then(|n| n.value.as_bool()), Some(false));
        for member in members.iter().filter(|m| m.key != "enabled") {
            prop_assert_eq!(now.value.get(&member.key).map(|n| plain(&n.value)), Some(plain(&member.node.value)));
        }
        let back = edit.after.restore(&edit.stash).expect("switched back");
        prop_assert_eq!((back.exactness, String::from_utf8_lossy(back.after.source())), (Exactness::Exact, made.text.as_str().into()));
        let mut moved = edit.after.source().to_vec();
        moved.extend(b"\n# more");
        let back = parse(made.format, &moved).restore(&edit.stash).expect("switched back");
        prop_assert_eq!(values(&back.after), values(&parse(made.format, &[made.text.as_bytes(), b"\n# more"].concat())));
    }

    #[test]
    fn members_are_amended(mut c in choices()) {
        let made = messy_yaml(&mut c);
        let before = parse(made.format, made.text.as_bytes());
        let Some((entry, _)) = mapping(&before, &made) else { return Ok(()) };
        let changes = [
            ("cmd".to_owned(), Some("uvx".into())),
            ("args".to_owned(), Some(serde_json::json!(["a\u{7f}b", "ü\n", "- x: #"]))),
            ("env".to_owned(), Some(serde_json::json!({"A": "x", "new key": "y"}))),
            ("enabled".to_owned(), None),
        ];
        let after = match before.amend(entry, &changes) {
            Ok(after) => after,
            Err(e) => {
                prop_assert!(made.text.contains("|+"), "{}\n{}", e, made.text);
                return Ok(());
            }
        };
        let now = after.node(entry).expect("the entry stays");
        for (key, value) in &changes {
            prop_assert_eq!(&now.value.get(key).map(|n| n.value.to_json()), value);
        }
        prop_assert_eq!(without(&before, entry), without(&after, entry), "{}", made.text);
    }
}

#[track_caller]
fn cut_text(text: &str, at: &str) -> Result<String, EditError> {
    let edit = parse(Format::Yaml, text.as_bytes()).cut(&route(at))?;
    Ok(String::from_utf8(edit.after.source().to_vec()).expect("text"))
}

#[test]
fn a_cut_takes_the_lines_of_the_entry() {
    let text = "# mine\nextensions:\n  # the first\n  files:\n    cmd: files # run\n\n  # the second\n  mail:\n    cmd: mail\n    # inside\n    args: []\n  # behind\nother: 1\n";
    assert_eq!(
        cut_text(text, "extensions.mail").expect("a cut"),
        "# mine\nextensions:\n  # the first\n  files:\n    cmd: files # run\n\n  # the second\n  # behind\nother: 1\n"
    );
    assert_eq!(
        cut_text("extensions: # all\n  mail:\n    cmd: mail", "extensions.mail").expect("a cut"),
        "extensions: {} # all\n"
    );
}

#[test]
fn what_refers_to_something_else_is_left_alone() {
    for text in [
        "base: &b {cmd: x}\nextensions:\n  mail: *b\n  files: {cmd: y}\n",
        "extensions:\n  mail: &m\n    cmd: x\n  files: {cmd: y}\n",
        "extensions:\n  mail:\n    cmd: !env MAIL\n  files: {cmd: y}\n",
        "list:\n- mail:\n    cmd: x\n",
        "? extensions\n: mail: {cmd: x}\n",
    ] {
        let document = parse(Format::Yaml, text.as_bytes());
        let at = if text.starts_with("list") { "list[0].mail" } else { "extensions.mail" };
        assert!(document.node(&route(at)).is_some(), "{text}");
        assert!(matches!(document.cut(&route(at)), Err(EditError::Inexact(..))), "{text}");
    }
}

#[test]
fn what_is_no_single_document_is_told() {
    for (text, told) in
        [("a: 1\n---\nb: 2\n", "several YAML documents"), ("a: [1\nb: 2\n", "line"), ("a: 1\n b: 2\n", "line")]
    {
        let error = Document::parse(Format::Yaml, text.into()).expect_err("unreadable");
        assert!(error.to_string().contains(told), "{error}");
    }
}
