//! Reading Markdown that has YAML in front of it, between two lines of `---`: the YAML alone. It is read and never edited.
//!
//! What people write there is not always YAML: a description with a colon in it is read as text by the programs that
//! such files are for. A line of text that is no YAML by itself is passed over here; a list or mapping is not.

use std::borrow::Cow;

use super::{Node, SyntaxError, bom, text, yaml};

pub(super) fn check(source: &[u8]) -> Result<(), SyntaxError> {
    text(source)?;
    front(source).map_or(Ok(()), |front| yaml::check(&readable(front)))
}

/// The YAML in front as a node. The source has passed [`check`].
pub(super) fn root(source: &[u8]) -> Option<Node> {
    yaml::root(&readable(front(source)?))
}

/// All up to the line that ends the YAML, so that places are those of the file.
fn front(source: &[u8]) -> Option<&[u8]> {
    let mut at = bom(source);
    let mut lines = source[at..].split_inclusive(|b| *b == b'\n');
    let is_fence = |line: &[u8]| line.trim_ascii_end() == b"---";
    at += lines.next().filter(|line| is_fence(line))?.len();
    for line in lines {
        if is_fence(line) {
            return Some(&source[..at]);
        }
        at += line.len();
    }
    None
}

/// The YAML with blanks in place of the text that is none.
fn readable(front: &[u8]) -> Cow<'_, [u8]> {
    if yaml::check(front).is_ok() {
        return Cow::Borrowed(front);
    }
    let mut out = front.to_vec();
    let mut start = 0;
    let mut at = 0;
    let mut sections = Vec::new();
    for line in front.split_inclusive(|b| *b == b'\n') {
        // What is indented belongs to the key above it.
        if at > start && !line.starts_with(b" ") && !line.trim_ascii().is_empty() {
            sections.push(start..at);
            start = at;
        }
        at += line.len();
    }
    sections.push(start..at);
    for section in sections {
        if is_text(&front[section.clone()]) && yaml::check(&front[section.clone()]).is_err() {
            out[section].iter_mut().filter(|b| !matches!(b, b'\n' | b'\r')).for_each(|b| *b = b' ');
        }
    }
    Cow::Owned(out)
}

/// Whether a key has plain text behind it on its line.
fn is_text(section: &[u8]) -> bool {
    let line = section.split(|b| *b == b'\n').next().unwrap_or_default();
    let value = memchr::memchr(b':', line).map(|colon| line[colon + 1..].trim_ascii());
    value.and_then(<[u8]>::first).is_some_and(|first| !b"[{|>&*!\"'#".contains(first))
}
