//! Reading: values, places, errors.

use gatehouse_core::document::{Document, Format, MAX_DEPTH, Pattern, Route, Value};
use proptest::prelude::*;

use crate::made::{choices, messy_json, messy_json5, messy_toml, messy_yaml, tidy_json};
use crate::{cases, parse, route};

/// JSON text of any shape from serde_json's own values.
fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        (-1e9f64..1e9).prop_map(Into::into),
        ".{0,8}".prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            prop::collection::vec((".{0,6}", inner), 0..4)
                .prop_map(|m| serde_json::Value::Object(m.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn json_reads_as_serde_reads_it(value in any_json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        let text = text.expect("written");
        let node = parse(Format::Json, text.as_bytes()).node(&Route::root()).expect("a value");
        prop_assert_eq!(&text[node.span], text.as_str());
        prop_assert_eq!(node.value.to_json(), serde_json::from_str::<serde_json::Value>(&text).expect("readable"));
    }

    #[test]
    fn jsonc_reads_as_another_parser_reads_it(mut c in choices()) {
        let made = messy_json(&mut c);
        let node = parse(Format::Jsonc, made.text.as_bytes()).node(&Route::root()).expect("a value");
        let options = jsonc_parser::ParseOptions::default();
        let text = made.text.trim_start_matches('\u{feff}');
        let other = jsonc_parser::parse_to_serde_value::<serde_json::Value>(text, &options).expect("readable");
        prop_assert_eq!(node.value.to_json(), other);
    }

    #[test]
    fn json5_reads_as_another_parser_reads_it(mut c in choices()) {
        let made = messy_json5(&mut c);
        let node = parse(Format::Json5, made.text.as_bytes()).node(&Route::root()).expect("a value");
        let other: serde_json::Value = json5::from_str(made.text.trim_start_matches('\u{feff}')).expect("readable");
        prop_assert_eq!(without_numbers(node.value.to_json()), without_numbers(other), "{}", made.text);
    }

    #[test]
    fn toml_reads_as_the_parser_reads_it(mut c in choices()) {
        let made = messy_toml(&mut c);
        let node = parse(Format::Toml, made.text.as_bytes()).node(&Route::root()).expect("a value");
        let other: toml_edit::DocumentMut = made.text.parse().expect("readable");
        prop_assert_eq!(node.value.to_json(), of_table(other.as_table()), "{}", made.text);
        check_spans(&made.text, &node.value);
    }

    #[test]
    fn yaml_reads_as_another_parser_reads_it(mut c in choices()) {
        let made = messy_yaml(&mut c);
        let node = parse(Format::Yaml, made.text.as_bytes()).node(&Route::root()).expect("a value");
        check_yaml_spans(&made.text, &node.value);
        match serde_yaml_ng::from_str::<serde_json::Value>(made.text.trim_start_matches('\u{feff}')) {
            Ok(other) => prop_assert_eq!(without_numbers(node.value.to_json()), without_numbers(other), "{}", made.text),
            // The other one refuses a repeated key, which is read here and told.
            Err(e) => prop_assert!(e.to_string().contains("duplicate"), "{}\n{}", e, made.text),
        }
    }

    #[test]
    fn nothing_panics_on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..60), text in "[\\[\\]{}\"',:=.#/*a1\\\\ \n-]{0,40}") {
        for source in [bytes, text.into_bytes()] {
            for format in [Format::Json, Format::Jsonc, Format::Json5, Format::Toml, Format::Yaml] {
                exercise(format, &source);
            }
        }
    }

    #[test]
    fn a_cut_off_file_is_told_as_such(mut c in choices(), at in any::<prop::sample::Index>()) {
        let made = tidy_json(&mut c);
        let text = made.text.trim_end();
        let cut = at.index(text.len());
        if let Err(e) = Document::parse(made.format, text.as_bytes()[..cut].to_vec()) {
            prop_assert!(e.truncated, "{} in {}", e, &text.as_bytes()[..cut].escape_ascii());
        }
    }
}

/// Found by chance among any bytes: a key that the reader finds before the first byte.
#[test]
fn a_part_without_bytes_is_left_alone() {
    for source in ["\x0c:", ":", "\x0c: 1", "\x0c\n:\n", "- \x0c:", "a:\n  \x0c:"] {
        exercise(Format::Yaml, source.as_bytes());
    }
}

/// Reads, and edits at every route that there is.
fn exercise(format: Format, source: &[u8]) {
    let Ok(document) = Document::parse(format, source.to_vec()) else { return };
    for pattern in [&[][..], &[Pattern::Any], &[Pattern::Any, Pattern::Any]] {
        for (route, node) in document.find(pattern) {
            assert_eq!(document.node(&route).as_ref(), Some(&node));
            if let Ok(edit) = document.cut(&route) {
                let after = parse(format, edit.after.source());
                assert_eq!(after.restore(&edit.stash).map(|r| r.after.source().to_vec()), Ok(source.to_vec()));
                let mut moved = edit.after.source().to_vec();
                moved.push(b'\n');
                if let Ok(moved) = Document::parse(format, moved) {
                    let _ = moved.restore(&edit.stash);
                }
            }
            let _ = document.switch(&route, "on", true);
            let _ = document.amend(&route, &[("a".to_owned(), Some(1.into())), ("b".to_owned(), None)]);
        }
    }
}

fn of_table(table: &dyn toml_edit::TableLike) -> serde_json::Value {
    serde_json::Value::Object(table.iter().map(|(k, item)| (k.to_owned(), of_item(item))).collect())
}

fn of_item(item: &toml_edit::Item) -> serde_json::Value {
    match item {
        toml_edit::Item::Value(value) => of_value(value),
        toml_edit::Item::Table(table) => of_table(table),
        toml_edit::Item::ArrayOfTables(tables) => tables.iter().map(|t| of_table(t)).collect::<Vec<_>>().into(),
        toml_edit::Item::None => serde_json::Value::Null,
    }
}

fn of_value(value: &toml_edit::Value) -> serde_json::Value {
    match value {
        toml_edit::Value::String(text) => text.value().as_str().into(),
        toml_edit::Value::Boolean(flag) => (*flag.value()).into(),
        toml_edit::Value::Array(items) => items.iter().map(of_value).collect::<Vec<_>>().into(),
        toml_edit::Value::InlineTable(table) => of_table(table),
        other => {
            let text = other.clone().decorated("", "").to_string();
            text.parse::<serde_json::Number>().map_or(text.into(), Into::into)
        }
    }
}

/// Every string without escapes stands where its span says.
fn check_spans(text: &str, value: &Value) {
    for member in value.members().unwrap_or_default() {
        assert!(text.is_char_boundary(member.key_span.start));
        let written = &text[member.node.span.clone()];
        if let Value::String(s) = &member.node.value
            && written.len() == s.len() + 2
        {
            assert_eq!(&written[1..written.len() - 1], s);
        }
        if let Value::Number(s) = &member.node.value {
            assert_eq!(written, s);
        }
        check_spans(text, &member.node.value);
    }
}

#[track_caller]
fn error(format: Format, text: &[u8], expected: &str, truncated: bool) {
    let e = Document::parse(format, text.to_vec()).expect_err("not readable");
    assert_eq!((e.to_string().as_str(), e.truncated), (expected, truncated));
}

#[test]
fn errors_name_the_place() {
    let json = |text: &str, expected: &str, truncated| error(Format::Json, text.as_bytes(), expected, truncated);
    json("{\n  # c\n}", "expected a key in double quotes, found '#' at line 2, column 3", false);
    json("{\"é\": \"é\" 1}", "expected ',' or '}', found '1' at line 1, column 11", false);
    json("{\"a\": NaN}", "expected a value, found 'N' at line 1, column 7", false);
    json("{\"a\": \"secret\nx\"}", "a line break inside a string at line 1, column 14", false);
    json("{} x", "expected the end of the text, found 'x' at line 1, column 4", false);
    json("[1,,2]", "expected a value, found ',' at line 1, column 4", false);
    json("{\"a\":}", "expected a value, found '}' at line 1, column 6", false);
    json("{\"a\":1]", "expected ',' or '}', found ']' at line 1, column 7", false);
    json("[01]", "expected the end of the number, found '1' at line 1, column 3", false);
    json("{\"a\": 1 /* c", "a comment is not closed at line 1, column 13", true);
    json("{\"a\": tr", "the text ends before the value is complete at line 1, column 9", true);
    json("{\"a\": \"b", "a string is not closed at line 1, column 9", true);
    error(Format::Json, b"{\"a\": \"\xff\"}", "the text is not valid UTF-8 at line 1, column 8", false);
    error(Format::Json, b"{\"a\": \"\xc3", "the text is not valid UTF-8 at line 1, column 8", true);
    for (text, truncated) in [
        ("[mcp_servers.x", true),
        ("[mcp_servers]\nx = ", true),
        ("x = \"abc", true),
        ("x = [1,\n", true),
        ("x = \"\"\"a\nb\n", true),
        ("x = 1\nx = 2\ny = 1\n", false),
        ("x = = 1\ny = 1\n", false),
    ] {
        let e = Document::parse(Format::Toml, text.into()).expect_err("not readable");
        assert_eq!(e.truncated, truncated, "{text:?}: {e}");
    }
}

#[test]
fn depth_is_bounded() {
    let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    assert!(Document::parse(Format::Json, deep(MAX_DEPTH).into()).is_ok());
    assert!(Document::parse(Format::Json, deep(MAX_DEPTH + 1).into()).is_err());
    assert!(Document::parse(Format::Json, "{\"a\":".repeat(10_000).into()).is_err());
    for text in [
        format!("x = {}", deep(10_000)),
        format!("x = {}1{}", "{a=".repeat(10_000), "}".repeat(10_000)),
        format!("{}x = 1", "a.".repeat(10_000)),
        format!("[{}x]", "a.".repeat(10_000)),
        "x = [".repeat(10_000),
    ] {
        let e = Document::parse(Format::Toml, text.into()).expect_err("too deep");
        assert!(!e.reason.to_string().is_empty());
    }
}

#[test]
fn patterns_find_entries_in_file_order() {
    let text = r#"{"projects": {"/a": {"mcpServers": {"x": 1}}, "/b": {"mcpServers": 5, "mcpServers": {"x": 2, "x": 3}}}, "\u006dcpServers": {"y": "\ud83d\ude00\ud800"}}"#;
    let document = parse(Format::Json, text.as_bytes());
    let found = document.find(&[Pattern::Key("projects"), Pattern::Any, Pattern::Key("mcpServers"), Pattern::Any]);
    let routes: Vec<String> = found.iter().map(|(r, _)| r.to_string()).collect();
    assert_eq!(routes, ["projects./a.mcpServers.x", "projects./b.mcpServers#2.x", "projects./b.mcpServers#2.x#2"]);
    let node = document.node(&route("mcpServers.y")).expect("a node");
    assert_eq!(node.value, Value::String("\u{1F600}\u{FFFD}".to_owned()));
    for blank in ["", " \n", "\u{feff}", "// nothing\n"] {
        assert!(parse(Format::Jsonc, blank.as_bytes()).find(&[]).is_empty());
    }
    let toml = parse(Format::Toml, b"[m.a]\nx = 1\n[o]\n[m.a.env]\nk = 'v'\n\n[[l]]\n[[l]]\nz = 2\n");
    let found = toml.find(&[Pattern::Key("m"), Pattern::Any]);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].0.to_string().as_str(), found[0].1.span.clone()), ("m.a", 0..33));
    assert_eq!(toml.node(&route("l[1].z")).map(|n| n.value), Some(Value::Number("2".to_owned())));
}

/// How a number is written is kept here and not by the other parser.
fn without_numbers(value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Number(_) => "number".into(),
        serde_json::Value::String(text) if ["0x1F", "0xFF", "+1", "-.5", "2."].contains(&&*text) => "number".into(),
        serde_json::Value::Array(items) => items.into_iter().map(without_numbers).collect::<Vec<_>>().into(),
        serde_json::Value::Object(members) => {
            serde_json::Value::Object(members.into_iter().map(|(key, value)| (key, without_numbers(value))).collect())
        }
        other => other,
    }
}

/// Each value stands where it is said to.
fn check_yaml_spans(text: &str, value: &Value) {
    match value {
        Value::Object(members) => {
            for member in members {
                let key = &text[member.key_span.clone()];
                let plain = key.trim_matches(['"', '\'']);
                assert!(plain == member.key || key.starts_with('"'), "{key:?} for {:?} in\n{text}", member.key);
                check_yaml_spans(text, &member.node.value);
                let written = &text[member.node.span.clone()];
                match &member.node.value {
                    Value::Bool(_) | Value::Number(_) => {
                        assert!(!written.contains(['\n', ' ', ':']), "{written:?} in\n{text}")
                    }
                    Value::String(text) if !written.starts_with(['"', '\'', '|', '>']) => assert_eq!(written, text),
                    Value::Object(_) | Value::Array(_) => {
                        assert_eq!(written.trim(), written.trim_end_matches(['\r', '\n']), "in\n{text}");
                    }
                    _ => {}
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| check_yaml_spans(text, &item.value)),
        _ => {}
    }
}
