//! Items that are put into a list of strict JSON, and taken out again.

use gatehouse_core::document::{Document, EditError, Exactness, Format, Route, Stash};
use proptest::prelude::*;
use serde_json::json;

use crate::made::{Choices, choices};
use crate::{cases, parse, pieces, replay, values};

const ITEMS: [&str; 6] = [
    r#"{"serverName":"x"}"#,
    "{ \"serverCommand\" : [ \"npx\" , \"a, ]\" ] }",
    "1",
    r#""a \"] , word""#,
    "[]",
    "{\n\t\"serverUrl\": \"https://é.example/*\"\n}",
];

fn list() -> Route {
    Route::root().key("denied")
}

/// A file of settings, with or without the list, and what stands in the list.
fn settings(c: &mut Choices) -> (String, Vec<&'static str>) {
    let space = |c: &mut Choices| c.pick(&["", " ", "\n", "\r\n  ", "\t", "\n    "]).to_owned();
    let items: Vec<&'static str> = (0..c.of(4)).map(|_| ITEMS[c.of(ITEMS.len())]).collect();
    let mut text = c.pick(&["", "\u{feff}"]).to_owned();
    let before = c.of(3);
    let members = before + c.of(3);
    let has_list = !c.one_in(4);
    text += "{";
    for at in 0..=members {
        if at == before {
            if !has_list {
                continue;
            }
            text += &format!("{}\"denied\"{}:{}[", space(c), space(c), space(c));
            for (nth, item) in items.iter().enumerate() {
                let comma = if nth + 1 < items.len() { "," } else { "" };
                text += &format!("{}{item}{}{comma}", space(c), space(c));
            }
            text += &format!("{}]", space(c));
        } else {
            let value = c.pick(&["1", "null", "\"[denied]\"", "{ \"denied\": [] }", "[ {} , [] ]"]);
            text += &format!("{}\"m{at}\"{}:{}{value}", space(c), space(c), space(c));
        }
        text += &space(c);
        text += ",";
    }
    if text.ends_with(',') {
        text.pop();
    }
    text += &format!("{}}}{}", space(c), c.pick(&["", "\n"]));
    (text, if has_list { items } else { Vec::new() })
}

fn rule(nth: usize) -> serde_json::Value {
    json!({"serverCommand": ["npx", "-y", format!("mail-{nth}"), "a \"quoted\" ] word"]})
}

fn items(document: &Document) -> Option<Vec<serde_json::Value>> {
    Some(document.node(&list())?.value.items()?.iter().map(|item| item.value.to_json()).collect())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn an_item_comes_last_and_goes_without_a_trace(mut c in choices()) {
        let (text, own) = settings(&mut c);
        let before = parse(Format::Json, text.as_bytes());
        let edit = before.enlist(&list(), &rule(0)).map_err(|e| TestCaseError::fail(format!("{e}\n{text}")))?;
        let changed = pieces(&edit.stash);
        prop_assert_eq!(replay(before.source(), &changed), edit.after.source().to_vec());
        prop_assert!(changed.iter().all(|(_, removed, _)| removed.is_empty()), "{}", text);
        let after = parse(Format::Json, edit.after.source());
        let mut wanted: Vec<serde_json::Value> = own.iter().map(|item| serde_json::from_str(item).expect("JSON")).collect();
        wanted.push(rule(0));
        prop_assert_eq!(items(&after), Some(wanted));
        let stored = serde_json::to_string(&edit.stash).expect("stored");
        let stash: Stash = serde_json::from_str(&stored).expect("read");
        let back = after.restore(&stash).expect("it goes");
        prop_assert_eq!(back.exactness, Exactness::Exact);
        prop_assert_eq!(String::from_utf8_lossy(back.after.source()), text);
    }

    #[test]
    fn several_go_in_any_order_and_leave_what_others_wrote(mut c in choices()) {
        let (text, _) = settings(&mut c);
        let mut now = parse(Format::Json, text.as_bytes());
        let had_list = items(&now).is_some();
        let mut stashes = Vec::new();
        for nth in 0..1 + c.of(3) {
            let edit = now.enlist(&list(), &rule(nth)).map_err(|e| TestCaseError::fail(format!("{e}\n{text}")))?;
            now = parse(Format::Json, edit.after.source());
            stashes.push(edit.stash);
        }
        // Others add a rule, a member, or write everything anew.
        let other = c.one_in(2).then(|| json!({"serverName": "theirs"}));
        let mut expected = values(&parse(Format::Json, text.as_bytes()));
        if let Some(other) = &other {
            now = parse(Format::Json, now.enlist(&list(), other).expect("it can be added").after.source());
            let theirs = parse(Format::Json, text.as_bytes()).enlist(&list(), other).expect("it can be added");
            expected = values(&theirs.after);
        }
        if c.one_in(3) {
            let root = now.node(&Route::root()).expect("an object").value.to_json();
            now = parse(Format::Json, serde_json::to_string_pretty(&root).expect("JSON").as_bytes());
        }
        while !stashes.is_empty() {
            let stash = stashes.remove(c.of(stashes.len()));
            let back = now.restore(&stash).map_err(|e| TestCaseError::fail(format!("{e}\n{text}")))?;
            now = parse(Format::Json, back.after.source());
            prop_assert_eq!(now.restore(&stash).err(), Some(EditError::Missing(list())));
        }
        if other.is_none() && !had_list {
            // Whoever made the list takes it away, if it goes last.
            let is_gone = items(&now).is_none_or(|left| left.is_empty());
            prop_assert!(is_gone, "{}", String::from_utf8_lossy(now.source()));
        } else {
            prop_assert_eq!(values(&now), expected, "{}", text);
        }
    }
}
