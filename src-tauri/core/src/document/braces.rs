//! The members of one object in braces, as places in the source: what JSON objects and TOML inline tables share.

use std::ops::Range;

/// How comments are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comments {
    /// `//` to the end of the line and `/* */`.
    Slash,
    /// `#` to the end of the line.
    Hash,
}

/// One member between braces.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    /// The decoded key; more than one for a dotted key of TOML.
    pub(super) keys: Vec<String>,
    pub(super) key: Range<usize>,
    pub(super) value: Range<usize>,
    pub(super) comma: Option<usize>,
}

impl Slot {
    pub(super) fn span(&self) -> Range<usize> {
        self.key.start..self.value.end
    }
}

/// An object as it is written.
#[derive(Debug, Clone)]
pub(super) struct Braces {
    pub(super) comments: Comments,
    /// Offset of the opening brace.
    pub(super) open: usize,
    /// Offset of the closing brace.
    pub(super) close: usize,
    pub(super) slots: Vec<Slot>,
}

impl Braces {
    /// The end of the token before slot `index`; `index` may be the number of slots.
    pub(super) fn before(&self, index: usize) -> usize {
        match index.checked_sub(1).map(|i| &self.slots[i]) {
            Some(slot) => slot.comma.map_or(slot.value.end, |c| c + 1),
            None => self.open + 1,
        }
    }

    /// Finds the `nth` (from 1) slot with exactly this one key.
    pub(super) fn position(&self, name: &str, nth: u32) -> Option<usize> {
        let nth = usize::try_from(nth).ok()?.checked_sub(1)?;
        let equal = |(_, s): &(usize, &Slot)| matches!(s.keys.as_slice(), [key] if key == name);
        self.slots.iter().enumerate().filter(equal).nth(nth).map(|(i, _)| i)
    }
}

/// The last comment in a range that holds only space, commas and comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Trivia {
    /// The end of the last comment, or the start of the range.
    pub(super) end: usize,
    /// Whether that comment runs to the end of its line.
    pub(super) to_line_end: bool,
}

/// Finds the last comment in a range between tokens.
pub(super) fn last_comment(source: &[u8], range: Range<usize>, comments: Comments) -> Trivia {
    let mut found = Trivia { end: range.start, to_line_end: false };
    let mut pos = range.start;
    while pos < range.end {
        let Some(after) = comment(source, pos, comments) else {
            pos += 1;
            continue;
        };
        pos = after.end.min(range.end);
        found = Trivia { end: pos, ..after };
    }
    found
}

/// The end of a comment that starts at `pos`. The line break after a line comment is not part of it.
pub(super) fn comment(source: &[u8], pos: usize, comments: Comments) -> Option<Trivia> {
    let rest = &source[pos..];
    let line = |rest: &[u8]| {
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let length = if rest[..length].ends_with(b"\r") { length - 1 } else { length };
        Trivia { end: pos + length, to_line_end: true }
    };
    match comments {
        Comments::Hash => rest.starts_with(b"#").then(|| line(rest)),
        Comments::Slash if rest.starts_with(b"//") => Some(line(rest)),
        Comments::Slash if rest.starts_with(b"/*") => {
            let length = memchr::memmem::find(&rest[2..], b"*/").map_or(rest.len(), |i| i + 4);
            Some(Trivia { end: pos + length, to_line_end: false })
        }
        Comments::Slash => None,
    }
}

/// The end of the last comment that stands on the same line as `pos`, after at most spaces and tabs; `pos` without one.
pub(super) fn same_line_comment(source: &[u8], pos: usize, comments: Comments) -> Trivia {
    let mut found = Trivia { end: pos, to_line_end: false };
    let mut at = pos;
    while at < source.len() {
        if matches!(source[at], b' ' | b'\t') {
            at += 1;
            continue;
        }
        match comment(source, at, comments) {
            Some(after) => {
                found = after;
                at = after.end;
            }
            None => break,
        }
    }
    found
}
