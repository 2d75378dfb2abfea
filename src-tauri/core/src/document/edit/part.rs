//! A part of one text that is exchanged: all other bytes of the file stay, those of the same text included.

use super::{EditError, Splice, apply, inexact, only_read, others_equal, positions, read_again};
use crate::document::{Document, Node, Route, Step, Value};

/// Exchanges the one `old` part of the text at `route`, inside the entry at `entry`, so that the text reads `to`.
///
/// The part is looked for as it is written: where it is escaped there, or stands more than once and not just one of them
/// gives `to`, nothing is changed.
pub(in crate::document) fn respell(
    document: &Document,
    entry: &Route,
    route: &Route,
    (old, new): (&str, &str),
    to: &str,
) -> Result<Document, EditError> {
    if document.format().is_only_read() {
        return only_read(route);
    }
    let entry = &positions(document, entry)?;
    let route = &positions(document, route)?;
    let node = document.node(route).ok_or_else(|| EditError::Missing(route.clone()))?;
    if !matches!(node.value, Value::String(_)) || old.is_empty() {
        return inexact(route, "it is no text");
    }
    let Some(Step::Key { name, .. }) = route.0.get(entry.0.len()) else {
        return inexact(route, "it is no part of the entry");
    };
    let written = &document.source()[node.span.clone()];
    let mut found: Option<Document> = None;
    for at in memchr::memmem::find_iter(written, old.as_bytes()) {
        let span = node.span.start + at..node.span.start + at + old.len();
        let after = apply(document.source(), &mut [Splice { span, added: new.as_bytes().to_vec() }]);
        let Ok(after) = read_again(document, after, route) else { continue };
        let is_it = after.node(route).is_some_and(|node| node.value.as_str() == Some(to))
            && others_equal(document, &after, entry, &[name])
            && same_around(document, &after, entry, route);
        if is_it && found.replace(after).is_some() {
            return inexact(route, "the part stands there more than once");
        }
    }
    found.map_or_else(|| inexact(route, "the part is written in another way there"), Ok)
}

/// Whether the member that the text stands in is the same but for it.
fn same_around(before: &Document, after: &Document, entry: &Route, route: &Route) -> bool {
    let member = Route(route.0[..=entry.0.len()].to_vec());
    let inner = &route.0[member.0.len()..];
    let without = |document: &Document| document.node(&member).map(|node| blanked(&node, inner));
    let (was, is) = (without(before), without(after));
    was.is_some() && was == is
}

/// The value with nothing in place of the text.
fn blanked(node: &Node, steps: &[Step]) -> serde_json::Value {
    let mut value = node.value.to_json();
    let mut at = &mut value;
    for step in steps {
        let next = match step {
            Step::Key { name, .. } | Step::Named { name, .. } => at.get_mut(name.as_str()),
            Step::Index(index) => at.get_mut(*index),
        };
        let Some(next) = next else { return serde_json::Value::Null };
        at = next;
    }
    *at = serde_json::Value::Null;
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Format;

    #[test]
    fn one_part_of_one_text_is_exchanged_in_every_format() {
        let check = |format, source: &str, part: (&str, &str), to: &str, expect: Option<&str>| {
            let document = Document::parse(format, source.as_bytes().to_vec()).expect("the sample can be read");
            let entry: Route = "s.x".parse().expect("a route");
            let after = document.respell(&entry, &entry.key("args").item(1), part, to);
            let text = after.map(|after| String::from_utf8_lossy(after.source()).into_owned());
            assert_eq!(text.as_deref().ok(), expect, "{source}");
            if let Ok(text) = text {
                let back = Document::parse(format, text.into_bytes()).expect("it can be read");
                let was = document.node(&entry.key("args").item(1)).expect("it is there");
                let was = was.value.as_str().expect("a text").to_owned();
                let back = back.respell(&entry, &entry.key("args").item(1), (part.1, part.0), &was);
                assert_eq!(back.expect("it goes back").source(), source.as_bytes());
            }
        };
        let pin = ("a-mcp", "a-mcp@1.0.0");
        check(
            Format::Jsonc,
            "{\"s\": {\"x\": {\"args\": [ \"-y\" , // why\n\"a-mcp\",]}}}",
            pin,
            "a-mcp@1.0.0",
            Some("{\"s\": {\"x\": {\"args\": [ \"-y\" , // why\n\"a-mcp@1.0.0\",]}}}"),
        );
        check(
            Format::Json5,
            "{s: {x: {args: ['-y', 'a-mcp']}}}",
            pin,
            "a-mcp@1.0.0",
            Some("{s: {x: {args: ['-y', 'a-mcp@1.0.0']}}}"),
        );
        check(
            Format::Toml,
            "[s.x] # mine\nargs = ['-y',\n 'a-mcp' ]\n",
            pin,
            "a-mcp@1.0.0",
            Some("[s.x] # mine\nargs = ['-y',\n 'a-mcp@1.0.0' ]\n"),
        );
        check(
            Format::Yaml,
            "s:\n  x:\n    args: [-y, a-mcp] # mine\n",
            pin,
            "a-mcp@1.0.0",
            Some("s:\n  x:\n    args: [-y, a-mcp@1.0.0] # mine\n"),
        );
        let line = ("a-mcp", "a-mcp@1.0.0");
        check(
            Format::Json,
            r#"{"s": {"x": {"args": ["-c", "npx a-mcp --as a-mcp"]}}}"#,
            line,
            "npx a-mcp@1.0.0 --as a-mcp",
            Some(r#"{"s": {"x": {"args": ["-c", "npx a-mcp@1.0.0 --as a-mcp"]}}}"#),
        );
        // Written with an escape, as no text, or leading to something else.
        check(Format::Json, r#"{"s": {"x": {"args": ["-y", "\u0061-mcp"]}}}"#, pin, "a-mcp@1.0.0", None);
        check(Format::Json, r#"{"s": {"x": {"args": ["-y", 1]}}}"#, ("1", "2"), "2", None);
        check(Format::Json, r#"{"s": {"x": {"args": ["-y", "a-mcp"]}}}"#, pin, "b", None);
        check(Format::Json, r#"{"s": {"x": {"args": ["-y", "a-mcp"]}}}"#, ("a-mcp", "a\", \"b"), "a\", \"b", None);
    }
}
