//! YAML in front of Markdown: read, never edited.

use gatehouse_core::document::{Document, EditError, Format, Route};
use serde_json::json;

use crate::{parse, route};

fn read(text: &str) -> Option<serde_json::Value> {
    parse(Format::FrontMatter, text.as_bytes()).node(&Route::root()).map(|node| node.value.to_json())
}

#[test]
fn the_yaml_in_front_is_read_and_nothing_behind_it() {
    let text = "\u{feff}---\r\nname: a\r\nmcpServers:\r\n- x:\r\n    command: y\r\n---\r\nmcpServers: {z: {}}\r\n";
    assert_eq!(read(text), Some(json!({"name": "a", "mcpServers": [{"x": {"command": "y"}}]})));
    let document = parse(Format::FrontMatter, text.as_bytes());
    let node = document.node(&route("mcpServers[0].x")).expect("its place");
    assert_eq!((document.line_of(node.span.start), &text[node.span]), (5, "command: y"));
    for none in ["", "text\n", "---\nname: a\n", "# title\n---\nname: a\n---\n", "---\n---\ntext\n"] {
        assert_eq!(read(none), None, "{none}");
    }
}

#[test]
fn text_that_is_no_yaml_hides_nothing_and_a_broken_list_is_told() {
    let text = "---\ndescription: Use it when: asked\n  and: then: more\nmcpServers: {x: {}}\nname: @a\n---\n";
    assert_eq!(read(text), Some(json!({"mcpServers": {"x": {}}})));
    for broken in [
        "---\ndescription: when: asked\nmcpServers: [x\n---\n",
        "---\nmcpServers:\n  - x: {\n---\n",
        "---\nmcpServers: {x: {}}\n  - y\n---\n",
        "---\nmcpServers: \"x\n---\n",
    ] {
        let error = Document::parse(Format::FrontMatter, broken.into());
        assert!(error.is_err(), "{broken}");
    }
}

#[test]
fn no_edit_is_made() {
    let document = parse(Format::FrontMatter, b"---\nmcpServers: {x: {command: y}}\n---\n");
    let at = route("mcpServers.x");
    assert!(document.node(&at).is_some());
    assert!(matches!(document.cut(&at), Err(EditError::Inexact(..))));
    assert!(matches!(document.switch(&at, "enabled", false), Err(EditError::Inexact(..))));
    let respelled = document.respell(&at, &at.key("command"), ("y", "z"), "z");
    assert!(matches!(respelled, Err(EditError::Inexact(..))));
}
