//! Settings in the ini format of npm, one a line: read as npm reads them, and one of them set without another byte changing.
//!
//! npm parts lines at any run of CR and LF, lets the last of equal keys win, and takes what stands below a `[section]` for
//! something else. A text that it may read in another way than this page says is not edited.

use std::ops::Range;

/// Why a setting was not written. The text stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSettable {
    #[error("it is written as a list")]
    List,
    #[error("it is written without a value")]
    NoValue,
    #[error("its line has a backslash, which may hide what it says")]
    Escaped,
    #[error("the text would read otherwise afterwards")]
    Inexact,
}

/// One `key = value` line above all sections.
struct Line {
    key: String,
    is_list: bool,
    /// Bytes of the value without space and comment around it; `None` where there is no `=`.
    value: Option<Range<usize>>,
}

/// Returns what npm takes a key to be set to: the last value that it is given above all sections.
pub fn value(source: &[u8], key: &str) -> Option<String> {
    let line = lines(source).0.into_iter().rfind(|line| line.key == key)?;
    Some(line.value.map_or_else(String::new, |at| bare(&source[at])))
}

/// Returns all values of a key that may be a list: `key[] = a` and repeated, or `key = a`.
pub fn values(source: &[u8], key: &str) -> Vec<String> {
    let of_key = lines(source).0.into_iter().filter(|line| line.key == key);
    of_key.filter_map(|line| line.value).map(|at| bare(&source[at])).filter(|value| !value.is_empty()).collect()
}

/// Sets a key: its last line gets the value, or a line is added above the sections. Every other byte stays.
pub fn set(source: &[u8], key: &str, to: &str) -> Result<Vec<u8>, NotSettable> {
    let (all, end) = lines(source);
    let after = match all.iter().rfind(|line| line.key == key) {
        Some(Line { is_list: true, .. }) => return Err(NotSettable::List),
        Some(Line { value: None, .. }) => return Err(NotSettable::NoValue),
        Some(Line { value: Some(at), .. }) if source[at.clone()].contains(&b'\\') => return Err(NotSettable::Escaped),
        Some(Line { value: Some(at), .. }) => [&source[..at.start], to.as_bytes(), &source[at.end..]].concat(),
        None => with_line(source, end, &format!("{key}={to}")),
    };
    let others = |source: &[u8]| -> Vec<(String, Option<String>)> {
        let (lines, _) = lines(source);
        let told = lines.into_iter().map(|line| (line.key, line.value.map(|at| bare(&source[at]))));
        told.filter(|(other, _)| other != key).collect()
    };
    let is_exact = value(&after, key).as_deref() == Some(to) && others(&after) == others(source);
    if is_exact { Ok(after) } else { Err(NotSettable::Inexact) }
}

/// The text with a line of its own at an offset, with the line breaks that it has.
pub(crate) fn with_line(source: &[u8], at: usize, line: &str) -> Vec<u8> {
    let at = at.max(bom(source));
    let eol = match source.iter().position(|byte| matches!(byte, b'\r' | b'\n')) {
        Some(first) if source[first..].starts_with(b"\r\n") => "\r\n",
        Some(first) if source[first] == b'\r' => "\r",
        _ => "\n",
    };
    let begins_a_line = at == bom(source) || matches!(source[at - 1], b'\r' | b'\n');
    // A text without a line break at its end gets none.
    let line = if begins_a_line { format!("{line}{eol}") } else { format!("{eol}{line}") };
    [&source[..at], line.as_bytes(), &source[at..]].concat()
}

fn bom(source: &[u8]) -> usize {
    if source.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 }
}

/// The lines above all sections, and the offset where one more goes.
fn lines(source: &[u8]) -> (Vec<Line>, usize) {
    let mut found = Vec::new();
    let mut at = bom(source);
    while at < source.len() {
        let end = source[at..].iter().position(|byte| matches!(byte, b'\r' | b'\n')).map_or(source.len(), |n| at + n);
        let text = &source[at..end];
        if is_section(text) {
            return (found, at);
        }
        found.extend(line(text, at));
        at = end + 1;
    }
    (found, source.len())
}

fn is_section(text: &[u8]) -> bool {
    let text = text.trim_ascii_end();
    text.len() > 1 && text[0] == b'[' && text.iter().position(|byte| *byte == b']') == Some(text.len() - 1)
}

fn line(text: &[u8], offset: usize) -> Option<Line> {
    let first = text.trim_ascii_start().first()?;
    if matches!(first, b'#' | b';') {
        return None;
    }
    let equals = text.iter().position(|byte| *byte == b'=');
    let key = bare(&text[..equals.unwrap_or(text.len())]);
    let (key, is_list) = match key.strip_suffix("[]") {
        Some(name) => (name.to_owned(), true),
        None => (key, false),
    };
    let value = equals.map(|equals| {
        let span = trimmed(text, equals + 1..text.len());
        let length = if is_quoted(&text[span.clone()]) { span.len() } else { plain(&text[span.clone()]) };
        let span = trimmed(text, span.start..span.start + length);
        offset + span.start..offset + span.end
    });
    Some(Line { key, is_list, value })
}

fn trimmed(text: &[u8], span: Range<usize>) -> Range<usize> {
    let cut = text[span.clone()].trim_ascii_start();
    let start = span.end - cut.len();
    start..start + cut.trim_ascii_end().len()
}

fn is_quoted(text: &[u8]) -> bool {
    let ends = |quote: u8| text.len() > 1 && text[0] == quote && text[text.len() - 1] == quote;
    ends(b'"') || ends(b'\'')
}

/// So many bytes stand before a comment. A sign behind a backslash begins none.
fn plain(text: &[u8]) -> usize {
    let begins = |at: &usize| matches!(text[*at], b'#' | b';') && (*at == 0 || text[at - 1] != b'\\');
    (0..text.len()).find(begins).unwrap_or(text.len())
}

/// A key or value without space, quotes and comment.
fn bare(text: &[u8]) -> String {
    let text = text.trim_ascii();
    let text = if is_quoted(text) { &text[1..text.len() - 1] } else { text[..plain(text)].trim_ascii() };
    String::from_utf8_lossy(text).into_owned()
}
