//! XML as the editors of JetBrains write it: read, never edited.

use gatehouse_core::document::{Document, EditError, Format, Route, SyntaxReason};
use proptest::prelude::*;
use serde_json::json;

use crate::{cases, parse, route};

const STATE: &str = "\u{feff}<?xml version=\"1.0\"?>\n<!-- <not> read -->\n<application>\n  <component name=\"Commands\" modifiable=\"true\">\n    <Server id='1'>\n      <option name=\"name\" value=\"a &amp; b &#x1F511;&nbsp;\" />\n      <option name=\"enabled\" value=\"true\"/>\n      <option name=\"dir\" value=\"\" />\n      <option name=\"args\"><list><option value=\"-y\" /><option value='\"x\"' /></list></option>\n      <option name=\"map\"><map><entry key=\"A\" value=\"1\" /></map></option>\n      <envs><env name=\"K\" value=\"v\" /></envs>\n    </Server>\n    <commands><Server><option name=\"name\" value=\"c\"></option></Server></commands>\n    <urls />\n  </component>\n</application>\n";

#[test]
fn components_options_lists_and_maps_are_read_by_name() {
    let document = parse(Format::Xml, STATE.as_bytes());
    let node = document.node(&Route::root()).expect("a root");
    let expected = json!({"Commands": [
        {
            "name": "a & b 🔑&nbsp;", "enabled": true, "dir": null, "args": ["-y", "\"x\""],
            "map": {"A": "1"}, "envs": {"K": "v"},
        },
        {"name": "c"},
    ]});
    assert_eq!(node.value.to_json(), expected);
    let c = document.node(&route(r#"Commands[name="c"]"#)).expect("found by its name");
    assert!(STATE[c.span.clone()].starts_with("<Server><option"), "{}", &STATE[c.span]);
    assert_eq!(document.line_of(c.span.start), 13);
}

#[test]
fn what_is_no_xml_is_told() {
    let check = |text: &str, reason: SyntaxReason, truncated: bool| {
        let error = Document::parse(Format::Xml, text.into()).expect_err(text);
        assert_eq!((error.reason, error.truncated), (reason, truncated), "{text}");
    };
    check("<a><b></a>", SyntaxReason::Unsupported, false);
    check("<a/><b/>", SyntaxReason::Unsupported, false);
    check("<!DOCTYPE a [<!ENTITY x \"y\">]><a/>", SyntaxReason::Unsupported, false);
    check("<a b=c/>", SyntaxReason::Unsupported, false);
    check("<a><b name=\"x", SyntaxReason::Ended, true);
    check("<a><!-- ", SyntaxReason::Ended, true);
    check(&"<a>".repeat(200), SyntaxReason::TooDeep, false);
    for empty in ["", " \n", "<?xml version=\"1.0\"?>\n<!-- none -->\n"] {
        assert_eq!(parse(Format::Xml, empty.as_bytes()).node(&Route::root()), None, "{empty}");
    }
}

#[test]
fn no_edit_is_made() {
    let document = parse(Format::Xml, STATE.as_bytes());
    let at = route(r#"Commands[name="c"]"#);
    let refused = |made: Result<(), EditError>| assert!(matches!(made, Err(EditError::Inexact(..))), "{made:?}");
    refused(document.cut(&at).map(drop));
    refused(document.cut(&route("Commands")).map(drop));
    refused(document.switch(&at, "enabled", false).map(drop));
    refused(document.respell(&at, &at.key("name"), ("c", "d"), "d").map(drop));
    refused(document.amend(&at, &[("name".to_owned(), Some("d".into()))]).map(drop));
    refused(document.enlist(&route("Commands"), &json!(1)).map(drop));
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn every_start_of_a_file_is_read_or_told_as_unfinished(at in 0..STATE.len()) {
        prop_assume!(STATE.is_char_boundary(at));
        let whole = parse(Format::Xml, STATE.as_bytes()).node(&Route::root());
        match Document::parse(Format::Xml, STATE.as_bytes()[..at].to_vec()) {
            Ok(document) => {
                let node = document.node(&Route::root());
                prop_assert!(node.is_none() || node == whole);
            }
            Err(error) => prop_assert!(error.truncated, "{} at {}", error, at),
        }
    }

    #[test]
    fn any_text_is_read_or_refused(parts in prop::collection::vec(prop::sample::select(vec![
        "<", ">", "/", "</a>", "<a", "<a>", " name=\"x\"", "=", "'", "\"", "&", "&#99999999;", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "é", "\n",
    ]), 0..30)) {
        let text = parts.concat();
        if let Ok(document) = Document::parse(Format::Xml, text.clone().into_bytes())
            && let Some(node) = document.node(&Route::root())
        {
            prop_assert!(text.is_char_boundary(node.span.start) && text.get(node.span.clone()).is_some());
        }
    }
}
