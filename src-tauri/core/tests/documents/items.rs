//! Edits of the items of YAML lists.

use gatehouse_core::document::{Document, EditError, Exactness, Format, Node, Route, Stash, Step};
use proptest::prelude::*;

use crate::made::{Made, choices, messy_yaml_list, tidy_yaml_list};
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

fn items(document: &Document, entry: &Route) -> Vec<Node> {
    let list = document.node(&entry.parent().expect("a list")).expect("the list");
    list.value.items().expect("a list").to_vec()
}

fn is_named(item: &Node, entry: &Route) -> bool {
    item.value.get("name").and_then(|name| name.value.as_str()) == entry.name()
}

/// The items of the list but the entry, in their order, and all that is around the list.
fn without(document: &Document, entry: &Route) -> Vec<String> {
    let mut others: Vec<String> =
        items(document, entry).iter().filter(|item| !is_named(item, entry)).map(|item| plain(&item.value)).collect();
    let root = document.node(&Route::root()).expect("a mapping");
    let Some(Step::Key { name: top, .. }) = entry.0.first() else { unreachable!() };
    others.extend(
        root.value.members().expect("a mapping").iter().filter(|m| m.key != *top).map(|m| plain(&m.node.value)),
    );
    others
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_cut_takes_the_item_alone_and_comes_back(mut c in choices()) {
        let made = messy_yaml_list(&mut c);
        let entry = &made.entries[c.of(made.entries.len())];
        let before = parse(made.format, made.text.as_bytes());
        let node = before.node(entry).expect("the entry");
        let Some((after, stash)) = cut(&made, entry) else { return Ok(()) };
        let taken = pieces(&stash);
        prop_assert_eq!(replay(before.source(), &taken), after.source().to_vec());
        let added: Vec<u8> = taken.iter().flat_map(|(_, _, added)| added.clone()).collect();
        prop_assert!(added.is_empty() || added == b" []", "{}", made.text);
        prop_assert_eq!(without(&before, entry), without(&after, entry), "{}", made.text);
        prop_assert_eq!(items(&after, entry).len() + 1, items(&before, entry).len());
        prop_assert_eq!(stash.node().map(|n| plain(&n.value)), Some(plain(&node.value)), "{}", made.text);
        // What is taken out is the item, and nothing that stands before or behind its lines.
        let removed: Vec<u8> = taken.iter().flat_map(|(_, removed, _)| removed.clone()).collect();
        let text = String::from_utf8(removed).expect("text");
        prop_assert!(!text.contains("behind") && !text.contains("# two") && !text.contains("a comment") && !text.contains("uses:"), "{}\n---\n{}", text, made.text);
        let back = after.restore(&stash).expect("it comes back");
        prop_assert_eq!(back.exactness, Exactness::Exact);
        prop_assert_eq!(String::from_utf8_lossy(back.after.source()), made.text.as_str());
        let stored = serde_json::to_string(&stash).expect("stored");
        prop_assert_eq!(&serde_json::from_str::<Stash>(&stored).expect("read"), &stash);
    }

    #[test]
    fn edits_made_meanwhile_are_kept(mut c in choices()) {
        let made = messy_yaml_list(&mut c);
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
        let before = parse(made.format, made.text.as_bytes());
        let places = |document: &Document| items(document, entry).iter().map(|item| plain(&item.value)).collect::<Vec<_>>();
        prop_assert_eq!(places(&back), places(&before), "{}", text);
        for comment in text.lines().filter_map(|line| line.find(" # ").map(|at| &line[at..])) {
            prop_assert!(back.source().windows(comment.len()).any(|w| w == comment.as_bytes()), "{}", comment);
        }
    }

    #[test]
    fn an_item_comes_back_behind_the_nearest_that_is_left_in_whatever_order(mut c in choices()) {
        let mut listed = tidy_yaml_list(&mut c);
        let whole = listed.made();
        let at = c.of(whole.entries.len());
        let entry = whole.entries[at].clone();
        let stash = parse(Format::Yaml, whole.text.as_bytes()).cut(&entry).expect("a cut").stash;
        // Without the entry, in another order, some gone, a new one among them; its own comments stay with the next.
        let (_, own) = listed.items.remove(at);
        let dash = own.find("- name").map_or("", |to| &own[own[..to].rfind('\n').map_or(0, |i| i + 1)..to]).to_owned();
        let comments = own[..own.find("- name").expect("a dash") - dash.len()].to_owned();
        while listed.items.len() > 1 && c.one_in(3) {
            let gone = c.of(listed.items.len());
            listed.items.remove(gone);
        }
        for from in 0..listed.items.len() {
            let to = c.of(listed.items.len());
            listed.items.swap(from, to);
        }
        let fresh = Route::root().key("mcpServers").named("new one", 1);
        listed.items.insert(c.of(listed.items.len() + 1), (fresh, format!("{dash}- {{name: new one}}\n")));
        let spot = c.of(listed.items.len());
        listed.items[spot].1.insert_str(0, &comments);
        let edited = parse(Format::Yaml, listed.text().as_bytes());
        let back = edited.restore(&stash).expect("it comes back").after;

        let name_of = |route: &Route| route.name().map(str::to_owned);
        let mut names: Vec<Option<String>> = listed.items.iter().map(|(route, _)| name_of(route)).collect();
        let place = |other: &Route| names.iter().position(|name| *name == name_of(other));
        let behind = whole.entries[..at].iter().rev().find_map(place).map(|i| i + 1);
        let expected = behind.or_else(|| whole.entries[at + 1..].iter().find_map(place)).unwrap_or(names.len());
        names.insert(expected, name_of(&entry));
        let there: Vec<Option<String>> = items(&back, &entry)
            .iter()
            .map(|item| item.value.get("name").and_then(|name| name.value.as_str()).map(str::to_owned))
            .collect();
        prop_assert_eq!(there, names, "{}", listed.text());
        // Nothing but its lines was added, and they are its own.
        let lines = &own[comments.len()..];
        let text = String::from_utf8(back.source().to_vec()).expect("text");
        let found: Vec<usize> = text.match_indices(lines).map(|(i, _)| i).collect();
        prop_assert_eq!(found.len(), 1, "{}", text);
        prop_assert_eq!(format!("{}{}", &text[..found[0]], &text[found[0] + lines.len()..]), listed.text());
    }

    #[test]
    fn comments_between_items_stand_as_before_after_any_order(mut c in choices()) {
        let made = tidy_yaml_list(&mut c).made();
        let end = crate::json::shuffled(&mut c, &made);
        prop_assert_eq!(String::from_utf8_lossy(&end), made.text);
    }

    #[test]
    fn files_mean_the_same_after_any_order(mut c in choices()) {
        let made = messy_yaml_list(&mut c);
        prop_assume!(!made.text.contains("|+"));
        let end = crate::json::shuffled(&mut c, &made);
        let (end, start) = (parse(made.format, &end), parse(made.format, made.text.as_bytes()));
        prop_assert_eq!(values(&end), values(&start), "{}", made.text);
    }

    #[test]
    fn members_of_an_item_are_amended_and_no_others(mut c in choices()) {
        let made = messy_yaml_list(&mut c);
        let entry = &made.entries[c.of(made.entries.len())];
        let before = parse(made.format, made.text.as_bytes());
        let changes = [
            ("cmd".to_owned(), Some("uvx".into())),
            ("args".to_owned(), Some(serde_json::json!(["a\u{7f}b", "ü\n", "- x: #"]))),
            ("env".to_owned(), Some(serde_json::json!({"A": "x", "new key": "y"}))),
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

    #[test]
    fn a_part_of_an_item_is_respelled_and_goes_back(mut c in choices()) {
        let listed = tidy_yaml_list(&mut c);
        let made = listed.made();
        let at = c.of(made.entries.len());
        let entry = &made.entries[at];
        let before = parse(made.format, made.text.as_bytes());
        let (part, to) = ((format!("x{at}"), format!("x{at}@1.0.0")), format!("x{at}@1.0.0"));
        let after = before.respell(entry, &entry.key("cmd"), (&part.0, &part.1), &to).expect("it is respelled");
        prop_assert_eq!(without(&before, entry), without(&after, entry));
        let text = made.text.replacen(&format!("cmd: x{at}"), &format!("cmd: x{at}@1.0.0"), 1);
        prop_assert_eq!(String::from_utf8_lossy(after.source()), text);
        let back = after.respell(entry, &entry.key("cmd"), (&part.1, &part.0), &part.0).expect("it goes back");
        prop_assert_eq!(back.source(), made.text.as_bytes());
    }
}

#[track_caller]
fn cut_text(text: &str, at: &str) -> Result<String, EditError> {
    let edit = parse(Format::Yaml, text.as_bytes()).cut(&route(at))?;
    let back = edit.after.restore(&edit.stash).expect("it comes back");
    assert_eq!((back.exactness, back.after.source()), (Exactness::Exact, text.as_bytes()));
    Ok(String::from_utf8(edit.after.source().to_vec()).expect("text"))
}

#[test]
fn a_cut_takes_the_lines_of_the_item() {
    let text = "# mine\nmcpServers:\n  # the hub\n  - uses: example/files\n\n  # the first\n  - name: files # run\n    command: files\n  # the second\n  - # inside\n    command: mail\n    name: mail\n  # behind\nrules: []\n";
    let check = |at: &str, gone: &str| {
        assert_eq!(cut_text(text, at).expect("a cut"), text.replace(gone, ""));
    };
    check(r#"mcpServers[name="files"]"#, "  - name: files # run\n    command: files\n");
    check(r#"mcpServers[name="mail"]"#, "  - # inside\n    command: mail\n    name: mail\n");
    let only = "mcpServers: # all\r\n- name: mail\r\n  command: mail\r\nrules: []\r\n";
    let left = "mcpServers: [] # all\r\nrules: []\r\n";
    assert_eq!(cut_text(only, r#"mcpServers[name="mail"]"#).expect("a cut"), left);
    let flow = "mcpServers: [ {name: a}, # b ]\n  {name: b, command: x}, uses ]\n";
    assert_eq!(
        cut_text(flow, r#"mcpServers[name="b"]"#).expect("a cut"),
        "mcpServers: [ {name: a}, # b ]\n   uses ]\n"
    );
}

#[test]
fn the_second_of_two_equal_names_is_cut_alone() {
    let text = "mcpServers:\n- name: mail\n  command: a\n- name: files\n- name: mail\n  command: b\n";
    let first = "mcpServers:\n- name: files\n- name: mail\n  command: b\n";
    let second = "mcpServers:\n- name: mail\n  command: a\n- name: files\n";
    assert_eq!(cut_text(text, r#"mcpServers[name="mail"]"#).expect("a cut"), first);
    assert_eq!(cut_text(text, r#"mcpServers[name="mail"]#2"#).expect("a cut"), second);
    let stash = parse(Format::Yaml, text.as_bytes()).cut(&route(r#"mcpServers[name="mail"]#2"#)).expect("a cut").stash;
    let taken = parse(Format::Yaml, format!("{second}- name: mail\n").as_bytes()).restore(&stash);
    assert!(matches!(taken, Err(EditError::Taken(_))), "{taken:?}");
    let gone = parse(Format::Yaml, b"rules: []\n").restore(&stash);
    assert!(matches!(gone, Err(EditError::Inexact(..))), "{gone:?}");
}

#[test]
fn an_item_comes_back_into_a_list_that_is_written_otherwise() {
    let back = |text: &str, at: &str, now: &str| {
        let stash = parse(Format::Yaml, text.as_bytes()).cut(&route(at)).expect("a cut").stash;
        let back = parse(Format::Yaml, now.as_bytes()).restore(&stash).map(|back| back.after.source().to_vec());
        back.ok().map(|text| String::from_utf8(text).expect("text"))
    };
    let lines = "mcpServers:\n  - name: a\n    x: 1\n  - name: b\n";
    let flow = "mcpServers: [{name: a, x: 1}, {name: b}]\n";
    let at = r#"mcpServers[name="a"]"#;
    let check = |text: &str, now: &str, expect: Option<&str>| {
        assert_eq!(back(text, at, now).as_deref(), expect, "{now}");
    };
    check(lines, "mcpServers:\n- name: b\n", Some("mcpServers:\n- name: a\n  x: 1\n- name: b\n"));
    check(lines, "mcpServers: [{name: b}]\n", Some("mcpServers: [ {\"name\": \"a\", \"x\": 1},{name: b}]\n"));
    check(flow, "mcpServers:\n- name: b\n", Some("mcpServers:\n- {\"name\": \"a\", \"x\": 1}\n- name: b\n"));
    check(lines, "mcpServers: []\n", Some("mcpServers:\n  - name: a\n    x: 1\n"));
    check(lines, "mcpServers:\n", Some("mcpServers:\n  - name: a\n    x: 1\n"));
    check(flow, "mcpServers: []\n", Some("mcpServers: [{name: a, x: 1}]\n"));
    // No list any more.
    check(lines, "mcpServers: {}\n", None);
    check(lines, "mcpServers: {b: {}}\n", None);
    check(flow, "mcpServers: { }\n", None);
    check(lines, "mcpServers: text\n", None);
}

#[test]
fn what_is_not_told_apart_is_left_alone() {
    for text in [
        "base: &b {name: mail}\nmcpServers:\n- *b\n- name: files\n",
        "mcpServers:\n- &m\n  name: mail\n- name: files\n",
        "mcpServers:\n- name: mail\n  env: {A: !env MAIL}\n",
        "mcpServers:\n- name: mail\n  env: {A: x}\n- name: files\n  env: &e {B: y}\n",
        "? mcpServers\n: - name: mail\n  - name: files\n",
        "{mcpServers: [{name: mail}], x: &a 1}\n",
    ] {
        let document = parse(Format::Yaml, text.as_bytes());
        let at = route(r#"mcpServers[name="mail"]"#);
        assert!(document.node(&at).is_some(), "{text}");
        assert!(matches!(document.cut(&at), Err(EditError::Inexact(..))), "{text}");
    }
    // Tabs do not indent in YAML; in the other formats no client's items are cut.
    assert!(Document::parse(Format::Yaml, b"mcpServers:\n\t- name: mail\n".to_vec()).is_err());
    for (format, text) in
        [(Format::Json, r#"{"mcpServers": [{"name": "mail"}]}"#), (Format::Toml, "[[mcpServers]]\nname = \"mail\"\n")]
    {
        let at = route(r#"mcpServers[name="mail"]"#);
        assert!(matches!(parse(format, text.as_bytes()).cut(&at), Err(EditError::Inexact(..))), "{text}");
    }
    let missing = parse(Format::Yaml, b"mcpServers: []\n").cut(&route(r#"mcpServers[name="mail"]"#));
    assert!(matches!(missing, Err(EditError::Missing(_))), "{missing:?}");
}
