//! Reading JSON with comments, trailing commas, repeated keys and a byte order mark.
//!
//! One scanner serves plain JSON, JSONC and, with [`five`], JSON5. For the first two the grammar is that of RFC 8259 plus: a UTF-8 byte order mark, `//` and
//! `/* */` comments, one trailing comma in an object or array, and raw tabs in strings. Other control characters in
//! strings, a line break among them, are errors: the clients reject them, and a forgotten quote is then told at its
//! own line. A lone surrogate escape reads as U+FFFD.

use std::collections::HashMap;
use std::ops::Range;

use super::braces::{Braces, Comments, Slot};
use super::{Member, Node, Pattern, Route, Step, SyntaxError, Value, bom, text};

mod five;
mod plain;
mod scan;

use scan::{Scan, Scanner};

/// Checks a source and returns the spans of its large values, which [`find`] passes over at once.
pub(super) fn check(source: &[u8], five: bool) -> Result<Vec<Range<usize>>, SyntaxError> {
    // Told faster than that other text is sound.
    if !source.is_ascii() {
        text(source)?;
    }
    let scanner = Scanner::new(source, bom(source));
    let scanner = if five { scanner } else { scanner.strict() };
    scanner.large().map_err(|f| SyntaxError::at(source, f.offset, f.reason, f.truncated))
}

/// Returns what a pattern matches. The source has passed [`check`].
pub(super) fn find(source: &[u8], large: &[Range<usize>], pattern: &[Pattern]) -> Vec<(Route, Node)> {
    each(source, large, pattern, build)
}

/// Returns where that stands which a pattern matches, without building it. The source has passed [`check`].
pub(super) fn spans(source: &[u8], large: &[Range<usize>], pattern: &[Pattern]) -> Vec<(Route, Range<usize>)> {
    each(source, large, pattern, |scanner| {
        let start = scanner.offset();
        scanner.skip().map(|()| start..scanner.offset())
    })
}

fn each<'a, T>(
    source: &'a [u8],
    large: &'a [Range<usize>],
    pattern: &[Pattern],
    take: fn(&mut Scanner<'a>) -> Scan<T>,
) -> Vec<(Route, T)> {
    let mut found = Vec::new();
    if let Some(mut scanner) = root(source).map(|scanner| scanner.over(large)) {
        let mut note = |route: &[Step], scanner: &mut Scanner<'a>| {
            found.push((Route(route.to_vec()), take(scanner)?));
            Ok(())
        };
        // The source was checked, so that the walk meets no fault; if it did, what was found so far stands.
        let _ = walk(&mut scanner, pattern, &mut Vec::new(), &mut note);
    }
    found
}

fn walk<'a>(
    scanner: &mut Scanner<'a>,
    pattern: &[Pattern],
    route: &mut Vec<Step>,
    found: &mut dyn FnMut(&[Step], &mut Scanner<'a>) -> Scan<()>,
) -> Scan<()> {
    let Some((step, rest)) = pattern.split_first() else { return found(route, scanner) };
    if scanner.peek() != Some(b'{') {
        return scanner.skip();
    }
    let mut counts = HashMap::new();
    scanner.enter();
    while scanner.next(b'}')?.more {
        let key = scanner.key()?;
        let name = scanner.decode(key);
        if matches!(step, Pattern::Key(wanted) if *wanted != name) {
            scanner.skip()?;
            continue;
        }
        let nth = count(&mut counts, &name);
        route.push(Step::Key { name: name.into_owned(), nth });
        walk(scanner, rest, route, found)?;
        route.pop();
    }
    Ok(())
}

fn count(counts: &mut HashMap<String, u32>, name: &str) -> u32 {
    match counts.get_mut(name) {
        Some(n) => {
            *n += 1;
            *n
        }
        None => {
            counts.insert(name.to_owned(), 1);
            1
        }
    }
}

/// Returns the node at a route. The source has passed [`check`].
pub(super) fn node(source: &[u8], route: &Route) -> Option<Node> {
    build(&mut scanner_at(source, route)?).ok()
}

/// Returns the offset of the value at a route, without building it. The source has passed [`check`].
pub(super) fn offset_of(source: &[u8], route: &Route) -> Option<usize> {
    scanner_at(source, route).map(|s| s.offset())
}

fn scanner_at<'a>(source: &'a [u8], route: &Route) -> Option<Scanner<'a>> {
    let mut scanner = root(source)?;
    for step in &route.0 {
        match step {
            Step::Key { name, nth } => {
                if scanner.peek() != Some(b'{') {
                    return None;
                }
                let mut seen = 0;
                scanner.enter();
                loop {
                    if !scanner.next(b'}').ok()?.more {
                        return None;
                    }
                    let key = scanner.key().ok()?;
                    if scanner.decode(key) == *name {
                        seen += 1;
                        if seen == *nth {
                            break;
                        }
                    }
                    scanner.skip().ok()?;
                }
            }
            // Given as a position by the caller.
            Step::Named { .. } => return None,
            Step::Index(index) => {
                if scanner.peek() != Some(b'[') {
                    return None;
                }
                scanner.enter();
                for i in 0..=*index {
                    if !scanner.next(b']').ok()?.more {
                        return None;
                    }
                    if i < *index {
                        scanner.skip().ok()?;
                    }
                }
            }
        }
    }
    Some(scanner)
}

/// Returns the layout of the object whose brace stands at `open`. The source has passed [`check`].
pub(super) fn braces(source: &[u8], open: usize) -> Option<Braces> {
    let mut scanner = Scanner::new(source, open);
    if scanner.peek() != Some(b'{') {
        return None;
    }
    scanner.enter();
    let mut slots: Vec<Slot> = Vec::new();
    loop {
        let next = scanner.next(b'}').ok()?;
        if let Some(last) = slots.last_mut() {
            last.comma = next.comma;
        }
        if !next.more {
            break;
        }
        let key = scanner.key().ok()?;
        let keys = vec![scanner.decode(key.clone()).into_owned()];
        let start = scanner.offset();
        scanner.skip().ok()?;
        slots.push(Slot { keys, key, value: start..scanner.offset(), comma: None });
    }
    Some(Braces { comments: Comments::Slash, open, close: scanner.offset() - 1, slots })
}

/// Returns the spans of the items of the array whose bracket stands at `open`. The source has passed [`check`].
pub(super) fn items(source: &[u8], open: usize) -> Option<Vec<Range<usize>>> {
    let mut scanner = Scanner::new(source, open);
    if scanner.peek() != Some(b'[') {
        return None;
    }
    scanner.enter();
    let mut found = Vec::new();
    while scanner.next(b']').ok()?.more {
        let start = scanner.offset();
        scanner.skip().ok()?;
        found.push(start..scanner.offset());
    }
    Some(found)
}

/// A scanner at the first byte of the value, `None` in an empty document.
fn root(source: &[u8]) -> Option<Scanner<'_>> {
    let mut scanner = Scanner::new(source, bom(source));
    scanner.trivia().ok()?;
    scanner.peek().map(|_| scanner)
}

/// Builds the value at the scanner. The recursion is as deep as the source, which [`check`] has bounded.
fn build(scanner: &mut Scanner<'_>) -> Scan<Node> {
    let start = scanner.offset();
    let value = match scanner.peek() {
        Some(b'{') => {
            let mut members = Vec::new();
            let mut counts = HashMap::new();
            scanner.enter();
            while scanner.next(b'}')?.more {
                let key_span = scanner.key()?;
                let key = scanner.decode(key_span.clone()).into_owned();
                let nth = count(&mut counts, &key);
                members.push(Member { key, nth, key_span, node: build(scanner)? });
            }
            Value::Object(members)
        }
        Some(b'[') => {
            let mut items = Vec::new();
            scanner.enter();
            while scanner.next(b']')?.more {
                items.push(build(scanner)?);
            }
            Value::Array(items)
        }
        Some(b'"' | b'\'') => {
            scanner.skip()?;
            Value::String(scanner.decode(start..scanner.offset()).into_owned())
        }
        first => {
            scanner.skip()?;
            match first {
                Some(b't') => Value::Bool(true),
                Some(b'f') => Value::Bool(false),
                Some(b'n') => Value::Null,
                _ => Value::Number(scanner.text(start..scanner.offset()).into_owned()),
            }
        }
    };
    Ok(Node { value, span: start..scanner.offset() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_values_are_passed_over_and_still_entered() {
        let filler = format!("[{}]", vec![r#"{"a": "}]\"", "b": [1, 2]}"#; 400].join(", "));
        let source = format!(
            r#"{{"history": {filler}, "projects": {{"/w/a": {{"log": {filler}, "mcpServers": {{"x": {{"args": {filler}}}}}}},
            "/w/b": {{"mcpServers": {{"y": 1}}, "log": {filler}}}}}, "mcpServers": {{"z": {{"command": "c"}}}}}}"#
        );
        let large = check(source.as_bytes(), false).expect("sound");
        // history; projects, /w/a, its log, mcpServers, x and args; /w/b and its log; the root around all.
        let sizes: Vec<_> = large.iter().map(Range::len).collect();
        assert_eq!((large.len(), large.iter().filter(|span| span.len() == filler.len()).count()), (10, 4), "{sizes:?}");
        let mut names = 0;
        for pattern in [
            &[Pattern::Key("mcpServers")][..],
            &[Pattern::Key("projects"), Pattern::Any, Pattern::Key("mcpServers")],
            &[Pattern::Key("projects"), Pattern::Any],
            &[Pattern::Any],
        ] {
            let found = find(source.as_bytes(), &large, pattern);
            assert_eq!(found, find(source.as_bytes(), &[], pattern));
            names += found.len();
        }
        assert_eq!(names, 1 + 2 + 2 + 3);
    }
}
