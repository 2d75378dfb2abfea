//! Edits of TOML files.

use gatehouse_core::document::{EditError, Exactness, Format};
use proptest::prelude::*;

use crate::json::{cut_and_back, shuffled};
use crate::made::{choices, commented_toml, messy_toml, tidy_toml};
use crate::{cases, is_within, parse, pieces, plain, replay, route, values};

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_cut_takes_the_entry_alone_and_comes_back(mut c in choices()) {
        let made = messy_toml(&mut c);
        let entry = &made.entries[c.of(made.entries.len())];
        cut_and_back(&made, entry)?;
    }

    #[test]
    fn edits_made_meanwhile_are_kept(mut c in choices()) {
        let made = messy_toml(&mut c);
        let entry = &made.entries[c.of(made.entries.len())];
        let edit = parse(made.format, made.text.as_bytes()).cut(entry).expect("a cut");
        let (after, stash) = (parse(made.format, edit.after.source()), edit.stash);
        let mut text = String::from_utf8(after.source().to_vec()).expect("text");
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        match c.of(3) {
            0 => text.push_str("# the end\n"),
            1 => text.push_str("[projects.\"/x\"]\ntrust = \"yes\"\n"),
            _ => text.insert_str(if text.starts_with('\u{feff}') { 3 } else { 0 }, "first = 1\n"),
        }
        let edited = parse(made.format, text.as_bytes());
        let back = edited.restore(&stash).map_err(|e| TestCaseError::fail(format!("{e}\n{}\n---\n{text}", made.text)))?;
        prop_assert!(is_within(text.as_bytes(), back.after.source()));
        let restored = parse(made.format, back.after.source());
        let node = restored.node(entry).expect("it is back");
        prop_assert_eq!(Some(plain(&node.value)), stash.node().map(|n| plain(&n.value)));
        let again = restored.cut(entry).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let prune = |v: String| v.replace("\"mcp_servers\"#1={}", "").replace("{,", "{").replace(",}", "}").replace(",,", ",");
        let again = parse(made.format, again.after.source());
        prop_assert_eq!(prune(values(&again)), prune(values(&edited)), "{}", text);
    }

    #[test]
    fn comments_between_entries_stand_as_before_after_any_order(mut c in choices()) {
        let made = commented_toml(&mut c);
        let end = shuffled(&mut c, &made);
        prop_assert_eq!(String::from_utf8_lossy(&end), made.text);
    }

    #[test]
    fn tidy_files_are_the_same_after_any_order(mut c in choices()) {
        let made = tidy_toml(&mut c);
        let end = shuffled(&mut c, &made);
        prop_assert_eq!(String::from_utf8_lossy(&end), made.text);
    }

    #[test]
    fn messy_files_mean_the_same_after_any_order(mut c in choices()) {
        let made = messy_toml(&mut c);
        let end = shuffled(&mut c, &made);
        prop_assert_eq!(values(&parse(made.format, &end)), values(&parse(made.format, made.text.as_bytes())));
    }

    #[test]
    fn a_switch_changes_one_value(mut c in choices()) {
        let made = messy_toml(&mut c);
        let entry = &made.entries[c.of(made.entries.len())];
        let before = parse(made.format, made.text.as_bytes());
        let node = before.node(entry).expect("the entry");
        let edit = before.switch(entry, "enabled", false)
            .map_err(|e| TestCaseError::fail(format!("{e}\n{}", made.text)))?;
        prop_assert_eq!(replay(before.source(), &pieces(&edit.stash)), edit.after.source().to_vec());
        let after = parse(made.format, edit.after.source());
        let now = after.node(entry).expect("the entry stays");
        prop_assert_eq!(now.value.get("enabled").and_then(|n| n.value.as_bool()), Some(false));
        for member in node.value.members().expect("a table").iter().filter(|m| m.key != "enabled") {
            prop_assert_eq!(now.value.get(&member.key).map(|n| plain(&n.value)), Some(plain(&member.node.value)));
        }
        let back = after.restore(&edit.stash).expect("switched back");
        prop_assert_eq!((back.exactness, String::from_utf8_lossy(back.after.source())), (Exactness::Exact, made.text.as_str().into()));
        let mut moved = edit.after.source().to_vec();
        moved.extend(b"\n# more");
        let back = parse(made.format, &moved).restore(&edit.stash).expect("switched back");
        prop_assert_eq!(values(&parse(made.format, back.after.source())), values(&before));
        prop_assert!(back.after.source().ends_with(b"\n# more"));
    }

    #[test]
    fn members_are_amended(mut c in choices()) {
        let made = messy_toml(&mut c);
        let entry = &made.entries[c.of(made.entries.len())];
        let before = parse(made.format, made.text.as_bytes());
        let changes = [
            ("command".to_owned(), Some("uvx".into())),
            ("args".to_owned(), Some(serde_json::json!(["a\u{7f}b", "ü\n"]))),
            ("env".to_owned(), Some(serde_json::json!({"A": "x", "new key": "y"}))),
            ("enabled".to_owned(), None),
        ];
        let after = before.amend(entry, &changes).map_err(|e| TestCaseError::fail(format!("{e}\n{}", made.text)))?;
        let now = after.node(entry).expect("the entry stays");
        for (key, value) in &changes {
            prop_assert_eq!(&now.value.get(key).map(|n| n.value.to_json()), value);
        }
    }
}

#[track_caller]
fn cut(before: &str, at: &str, after: &str) {
    let edit = parse(Format::Toml, before.as_bytes()).cut(&route(at)).expect("a cut");
    assert_eq!(String::from_utf8_lossy(edit.after.source()), after);
}

#[test]
fn every_way_of_writing_an_entry_is_cut() {
    cut("[m.a]\nx = 1\n\n# of b\n[m.b]\ny = 2 # y\n\n[m.c]\n", "m.b", "[m.a]\nx = 1\n\n# of b\n\n[m.c]\n");
    cut("[m.a]\nx = 1\n\n[m.b]\ny = 2\n# end of b\n", "m.b", "[m.a]\nx = 1\n# end of b\n");
    cut("[m.a]\nx=1\n[o]\nz=1\n[m.a.env]\nk='v'\n[p]\n", "m.a", "[o]\nz=1\n[p]\n");
    cut("[m]\na.x = 1\nb = {}\na.y = 2\n", "m.a", "[m]\nb = {}\n");
    cut("m.a.x = 1\nm.b.x = 2\n", "m.b", "m.a.x = 1\n");
    cut("m = { a = { x = 1 }, b = {} }\r\n", "m.a", "m = { b = {} }\r\n");
    cut("[m.\"a.b\"]\nx = 1\n[m.a.b]\ny = 1\n", "m[\"a.b\"]", "[m.a.b]\ny = 1\n");
    cut("\u{feff}[m.a]\r\nx = 1\r\n[m.b]\r\n", "m.a", "\u{feff}[m.b]\r\n");
}

#[test]
fn a_switch_goes_where_people_would_write_it() {
    let check = |before: &str, expected: &str| {
        let edit = parse(Format::Toml, before.as_bytes()).switch(&route("m.a"), "enabled", false).expect("a switch");
        assert_eq!(String::from_utf8_lossy(edit.after.source()), expected);
    };
    check("[m.a]\n  x = 1\n", "[m.a]\n  enabled = false\n  x = 1\n");
    check("[m.a]", "[m.a]\nenabled = false\n");
    check("[m.a]\nx = 1\nenabled = true # on\n", "[m.a]\nx = 1\nenabled = false # on\n");
    check("m.a.x = 1\n", "m.a.enabled = false\nm.a.x = 1\n");
    check("m = { a = { x = 1 } }", "m = { a = { enabled = false, x = 1 } }");
    check("m = { a = {} }", "m = { a = {enabled = false} }");
    check("[m.a.env]\nk = 'v'\n", "[m.a]\nenabled = false\n\n[m.a.env]\nk = 'v'\n");
}

#[test]
fn an_entry_comes_back_into_a_file_that_has_changed_its_form() {
    let check = |entry: &str, now: &str, expected: &str| {
        let edit = parse(Format::Toml, entry.as_bytes()).cut(&route("m.a")).expect("a cut");
        let back = parse(Format::Toml, now.as_bytes()).restore(&edit.stash).expect("it comes back");
        assert_eq!(String::from_utf8_lossy(back.after.source()), expected);
    };
    check("[m.a]\nx = 1\n", "", "[m.a]\nx = 1\n");
    check("[m.a]\nx = 1", "[o]\ny = 2", "[o]\ny = 2\n\n[m.a]\nx = 1");
    check("[m]\na = { x = 1 }\n", "[o]\n", "[o]\n\n[m]\na = { x = 1 }\n");
    check("[m.a]\nx = 1\n[m.a.e]\ny = 2\n", "m = {}\n", "m = {a = { x = 1, e = { y = 2 } }}\n");
    check("m = { a = { x = 1 } }\n", "[m]\nb = {}\n[o]\n", "[m]\nb = {}\na = { x = 1 }\n[o]\n");
    let edit = parse(Format::Toml, b"[m.a]\nx = 1\n").cut(&route("m.a")).expect("a cut");
    let now = parse(Format::Toml, b"m.a.x = 1\n");
    assert_eq!(now.restore(&edit.stash), Err(EditError::Taken(route("m.a"))));
}

#[test]
fn an_item_that_is_known_by_its_name_is_switched_wherever_it_stands_by_then() {
    let item = |name: &str| format!("[[mcp_servers]]\nname = \"{name}\"\ncommand = \"{name}\"\n");
    let text = [item("first"), item("mail"), item("mail")].join("\n");
    let document = parse(Format::Toml, text.as_bytes());
    let at = route("mcp_servers[name=\"mail\"]#2");
    let edit = document.switch(&at, "disabled", true).expect("a switch");
    let off = |text: &[u8]| {
        let document = parse(Format::Toml, text);
        let node = document.node(&route("mcp_servers")).expect("a list");
        let items = node.value.items().expect("items").to_vec();
        items.iter().map(|item| item.value.get("disabled").is_some()).collect::<Vec<_>>()
    };
    assert_eq!(off(edit.after.source()), [false, false, true]);
    // Somebody takes the first one out meanwhile.
    let moved = String::from_utf8(edit.after.source().to_vec()).expect("text").replacen(&item("first"), "", 1);
    let back = parse(Format::Toml, moved.as_bytes()).restore(&edit.stash).expect("switched back");
    assert_eq!(off(back.after.source()), [false, false]);
    assert_eq!(back.exactness, Exactness::ByMeaning);
    // It is gone, or never was there; and an item is no entry that could be cut.
    let gone = moved.replace("\"mail\"", "\"post\"");
    assert!(matches!(parse(Format::Toml, gone.as_bytes()).restore(&edit.stash), Err(EditError::Missing(_))));
    assert!(matches!(document.cut(&at), Err(EditError::Inexact(..))));
}
