//! Edits of JSON files.

use gatehouse_core::document::{EditError, Exactness, Format, Route, Stash};
use proptest::prelude::*;

use crate::made::{Choices, Made, choices};
use crate::{cases, is_within, parse, pieces, plain, replay, route, values};

/// Checks a cut and its undoing.
pub(crate) fn cut_and_back(made: &Made, entry: &Route) -> Result<(), TestCaseError> {
    let before = parse(made.format, made.text.as_bytes());
    let node = before.node(entry).expect("the entry was made");
    let edit = before.cut(entry).map_err(|e| TestCaseError::fail(format!("{e}\n{}", made.text)))?;
    let taken = pieces(&edit.stash);
    prop_assert_eq!(replay(before.source(), &taken), edit.after.source().to_vec());
    prop_assert!(taken.iter().all(|(_, _, added)| added.is_empty()));
    prop_assert_eq!(edit.stash.node().map(|n| plain(&n.value)), Some(plain(&node.value)), "{}", made.text);
    let after = parse(made.format, edit.after.source());
    let back = after.restore(&edit.stash).expect("it comes back");
    prop_assert_eq!(back.exactness, Exactness::Exact);
    prop_assert_eq!(String::from_utf8_lossy(back.after.source()), made.text.as_str());
    let stored = serde_json::to_string(&edit.stash).expect("stored");
    prop_assert_eq!(&serde_json::from_str::<Stash>(&stored).expect("read"), &edit.stash);
    Ok(())
}

/// The bytes of the pieces that are not the entry's own, without space.
fn outside(made: &Made, entry: &Route) -> Vec<u8> {
    let before = parse(made.format, made.text.as_bytes());
    let parent = before.node(&entry.parent().expect("a parent")).expect("a container");
    let own: Vec<_> =
        parent.value.members().expect("an object").iter().map(|m| m.key_span.start..m.node.span.end).collect();
    let node = before.node(entry).expect("the entry");
    let own = own.into_iter().find(|o| o.end == node.span.end).expect("the member");
    let edit = before.cut(entry).expect("cut before");
    let all = pieces(&edit.stash);
    let bytes = all.iter().flat_map(|(at, removed, _)| removed.iter().enumerate().map(move |(i, b)| (at + i, *b)));
    bytes.filter(|(at, b)| !own.contains(at) && !b.is_ascii_whitespace()).map(|(_, b)| b).collect()
}

/// Cuts some entries in one order and brings them back in another.
pub(crate) fn shuffled(c: &mut Choices, made: &Made) -> Vec<u8> {
    let mut now = parse(made.format, made.text.as_bytes());
    let mut routes = made.entries.clone();
    let mut held = Vec::new();
    for _ in 0..1 + c.of(routes.len()) {
        let route = routes.remove(c.of(routes.len()));
        let mut edit = now.cut(&route).unwrap_or_else(|e| panic!("{e}\n{}", made.text));
        edit.stash.beside(&held);
        held.push(edit.stash);
        now = parse(made.format, edit.after.source());
        if c.one_in(4) {
            let stash = held.remove(c.of(held.len()));
            now = parse(made.format, now.restore(&stash).expect("it comes back").after.source());
            routes.push(stash.route);
        }
        if routes.is_empty() {
            break;
        }
    }
    while !held.is_empty() {
        let stash = held.remove(c.of(held.len()));
        let back = now.restore(&stash).unwrap_or_else(|e| panic!("{e}\n{}", String::from_utf8_lossy(now.source())));
        now = parse(made.format, back.after.source());
    }
    now.source().to_vec()
}

/// The same for each dialect.
macro_rules! edits_of {
    ($name:ident, $messy:path, $tidy:path, $commented:path) => {
        mod $name {
            use super::*;

            proptest! {
                #![proptest_config(cases())]

                #[test]
                fn a_cut_takes_the_entry_alone_and_comes_back(mut c in choices()) {
                    let made = $messy(&mut c);
                    let entry = &made.entries[c.of(made.entries.len())];
                    cut_and_back(&made, entry)?;
                    let outside = outside(&made, entry);
                    prop_assert!(outside.is_empty() || outside == b",", "{:?} of\n{}", outside, made.text);
                }

                #[test]
                fn edits_made_meanwhile_are_kept(mut c in choices()) {
                    let made = $messy(&mut c);
                    let entry = &made.entries[c.of(made.entries.len())];
                    let edit = parse(made.format, made.text.as_bytes()).cut(entry).expect("a cut");
                    let (after, stash) = (parse(made.format, edit.after.source()), edit.stash);
                    let mut text = String::from_utf8(after.source().to_vec()).expect("text");
                    let container = after.node(&entry.parent().expect("a parent")).expect("the container stays");
                    match c.of(3) {
                        0 => {
                            let comma = if container.value.members().is_some_and(<[_]>::is_empty) { "" } else { "," };
                            text.insert_str(container.span.start + 1, &format!("/* new */ \"new entry\": {{\"a\": 1}}{comma}"));
                        }
                        1 => text.push_str("\n// the end"),
                        _ => {
                            if let Some(first) = container.value.members().and_then(<[_]>::first) {
                                text.replace_range(first.node.span.clone(), "{\"changed\": []}");
                            } else {
                                text.push('\n');
                            }
                        }
                    }
                    let edited = parse(made.format, text.as_bytes());
                    let back = edited.restore(&stash);
                    if let Err(EditError::Taken(_)) = back {
                        // Another copy of a repeated key stands there.
                        prop_assert!(edited.node(&entry.parent().expect("a parent").key(entry.name().expect("a key"))).is_some());
                        return Ok(());
                    }
                    let back = back.map_err(|e| TestCaseError::fail(format!("{e}\n{text}")))?;
                    prop_assert_eq!(back.exactness, Exactness::ByMeaning);
                    prop_assert!(is_within(text.as_bytes(), back.after.source()), "{}\n---\n{}", text, String::from_utf8_lossy(back.after.source()));
                    let restored = parse(made.format, back.after.source());
                    let extra = back.after.source().len() - text.len();
                    let kept: usize = pieces(&stash).iter().map(|p| p.1.len()).sum();
                    prop_assert!(extra <= kept + 40, "{} bytes for {}", extra, kept);
                    let name = entry.name().expect("a key");
                    let parent = entry.parent().expect("a parent");
                    let again = (1..6).map(|nth| parent.nth_key(name, nth)).filter_map(|r| restored.cut(&r).ok());
                    let equal = again.map(|e| values(&parse(made.format, e.after.source()))).any(|v| v == values(&edited));
                    prop_assert!(equal, "{}\n---\n{}", text, String::from_utf8_lossy(back.after.source()));
                }

                #[test]
                fn comments_between_entries_stand_as_before_after_any_order(mut c in choices()) {
                    let made = $commented(&mut c);
                    let end = shuffled(&mut c, &made);
                    prop_assert_eq!(String::from_utf8_lossy(&end), made.text);
                }

                #[test]
                fn tidy_files_are_the_same_after_any_order(mut c in choices()) {
                    let made = $tidy(&mut c);
                    let end = shuffled(&mut c, &made);
                    prop_assert_eq!(String::from_utf8_lossy(&end), made.text);
                }

                #[test]
                fn a_switch_changes_one_value(mut c in choices()) {
                    let made = $messy(&mut c);
                    let entry = &made.entries[c.of(made.entries.len())];
                    let before = parse(made.format, made.text.as_bytes());
                    let node = before.node(entry).expect("the entry");
                    let Some(members) = node.value.members() else {
                        prop_assert!(matches!(before.switch(entry, "disabled", true), Err(EditError::Inexact(..))));
                        return Ok(());
                    };
                    let edit = before.switch(entry, "disabled", true).map_err(|e| TestCaseError::fail(e.to_string()))?;
                    let changed = pieces(&edit.stash);
                    prop_assert_eq!(replay(before.source(), &changed), edit.after.source().to_vec());
                    let after = parse(made.format, edit.after.source());
                    let now = after.node(entry).expect("the entry stays");
                    prop_assert_eq!(now.value.get("disabled").and_then(|n| n.value.as_bool()), Some(true));
                    for member in members.iter().filter(|m| m.key != "disabled") {
                        prop_assert_eq!(now.value.get(&member.key).map(|n| plain(&n.value)), Some(plain(&member.node.value)));
                    }
                    let back = after.restore(&edit.stash).expect("switched back");
                    prop_assert_eq!((back.exactness, back.after.source()), (Exactness::Exact, made.text.as_bytes()));
                    let mut moved = edit.after.source().to_vec();
                    moved.extend(b"\n// more");
                    let back = parse(made.format, &moved).restore(&edit.stash).expect("switched back");
                    let mut expected = made.text.clone().into_bytes();
                    expected.extend(b"\n// more");
                    prop_assert_eq!(back.exactness, Exactness::ByMeaning);
                    prop_assert_eq!(String::from_utf8_lossy(back.after.source()), String::from_utf8_lossy(&expected));
                }
            }
        }
    };
}

edits_of!(with_comments, crate::made::messy_json, crate::made::tidy_json, crate::made::commented_json);
edits_of!(five, crate::made::messy_json5, crate::made::tidy_json5, crate::made::commented_json5);

#[track_caller]
fn cut(before: &str, at: &str, after: &str) {
    let document = parse(Format::Jsonc, before.as_bytes());
    let edit = document.cut(&route(at)).expect("a cut");
    assert_eq!(String::from_utf8_lossy(edit.after.source()), after);
}

#[test]
fn commas_and_space_go_with_the_entry_comments_stay() {
    cut(r#"{"a":1,"b":2,"c":3}"#, "a", r#"{"b":2,"c":3}"#);
    cut(r#"{"a":1,"b":2,"c":3}"#, "b", r#"{"a":1,"c":3}"#);
    cut(r#"{"a":1,"b":2,"c":3}"#, "c", r#"{"a":1,"b":2}"#);
    cut("{\n  \"a\": 1\n}\n", "a", "{\n}\n");
    cut("{\n  \"a\": 1,\n  \"b\": 2,\n}\n", "b", "{\n  \"a\": 1,\n}\n");
    cut("{\n  \"a\": 1,\n}", "a", "{\n}");
    cut("{ // c\n  \"a\": 1, // of a\n  \"b\": 2 /* of b */ }", "b", "{ // c\n  \"a\": 1 // of a\n /* of b */ }");
    cut("{ // c\n\"a\":1,\"b\":2}", "a", "{ // c\n\"b\":2}");
    cut("{\"a\": 1 /* x */ , \"b\": 2}", "a", "{ /* x */  \"b\": 2}");
    cut(r#"{"x":1,"\u0078":2,"y":3}"#, "x#2", r#"{"x":1,"y":3}"#);
}

#[track_caller]
fn restore_into(entry_of: &str, at: &str, now: &str, expected: &str) {
    let edit = parse(Format::Jsonc, entry_of.as_bytes()).cut(&route(at)).expect("a cut");
    let back = parse(Format::Jsonc, now.as_bytes()).restore(&edit.stash).expect("it comes back");
    assert_eq!(String::from_utf8_lossy(back.after.source()), expected);
    assert_eq!(back.exactness, Exactness::ByMeaning);
}

#[test]
fn a_missing_container_is_made_in_the_manner_of_the_file() {
    let pretty = "{\n  \"mcpServers\": {\n    \"x\": {\n      \"command\": \"c\"\n    }\n  }\n}\n";
    restore_into(pretty, "mcpServers.x", "", pretty);
    restore_into(pretty, "mcpServers.x", "{}", pretty.trim_end());
    restore_into(
        pretty,
        "mcpServers.x",
        "{\n    \"a\": 1\n}",
        "{\n    \"a\": 1,\n    \"mcpServers\": {\n    \"x\": {\n      \"command\": \"c\"\n    }\n    }\n}",
    );
    restore_into(pretty, "mcpServers.x", "\u{feff}\r\n", &format!("\u{feff}{}\r\n", pretty.trim_end()));
    restore_into(r#"{"mcpServers":{"x":{}}}"#, "mcpServers.x", r#"{"a":1}"#, r#"{"a":1,"mcpServers":{"x":{}}}"#);
    restore_into(r#"{"a":{"b":{"x":1}}}"#, "a.b.x", "", r#"{"a":{"b":{"x":1}}}"#);
}

#[test]
fn a_place_that_is_taken_is_not_overwritten() {
    let edit = parse(Format::Json, br#"{"m":{"x":1,"y":2}}"#).cut(&route("m.x")).expect("a cut");
    let now = parse(Format::Json, br#"{"m":{"x":3,"y":2}}"#);
    assert_eq!(now.restore(&edit.stash), Err(EditError::Taken(route("m.x"))));
    let now = parse(Format::Json, br#"{"m":[]}"#);
    assert!(matches!(now.restore(&edit.stash), Err(EditError::Inexact(..))));
    assert_eq!(now.cut(&route("m.q")), Err(EditError::Missing(route("m.q"))));
    assert!(matches!(now.cut(&Route::root()), Err(EditError::Inexact(..))));
    assert!(!format!("{:?}", edit.stash).contains("pieces"));
}

#[test]
fn members_are_amended_and_the_others_keep_their_bytes() {
    let before = "{\n  \"m\": {\n    \"x\": {\n      \"command\": \"npx\", // c\n      \"args\": [\n        \"a\"\n      ],\n      \"old\": 1\n    }\n  }\n}\n";
    let changes = [
        ("args".to_owned(), Some(serde_json::json!(["-y", "pkg@1"]))),
        ("command".to_owned(), Some("uvx".into())),
        ("old".to_owned(), None),
        ("env".to_owned(), Some(serde_json::json!({"K": "v"}))),
    ];
    let after = parse(Format::Jsonc, before.as_bytes()).amend(&route("m.x"), &changes).expect("amended");
    let expected = "{\n  \"m\": {\n    \"x\": {\n      \"command\": \"uvx\", // c\n      \"args\": [\n        \"-y\",\n        \"pkg@1\"\n      ],\n      \"env\": {\n        \"K\": \"v\"\n      }\n    }\n  }\n}\n";
    assert_eq!(String::from_utf8_lossy(after.source()), expected);
    let one_line = parse(Format::Json, br#"{"m":{"x":{"a":1}}}"#);
    let after = one_line.amend(&route("m.x"), &[("b".to_owned(), Some(serde_json::json!([1, 2])))]).expect("amended");
    assert_eq!(String::from_utf8_lossy(after.source()), r#"{"m":{"x":{"a":1,"b":[1,2]}}}"#);
}
