//! Statements of a TOML file: headers and key/value pairs, with the places of their parts.
//!
//! It presumes text that the TOML parser accepts, and only finds places in it; on other text it stops without a verdict.

use std::ops::Range;

use crate::document::braces::{Braces, Comments, Slot, comment};
use crate::document::{MAX_DEPTH, bom};

/// Why the scan stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The text ends inside a string, bracket, key or pair.
    Ended,
    /// The text is no TOML.
    Confused,
}

/// One part of a dotted key.
#[derive(Debug, Clone)]
pub(in crate::document) struct Part {
    pub(in crate::document) name: String,
    /// Quotes included.
    pub(in crate::document) span: Range<usize>,
}

/// A header or a key/value pair.
#[derive(Debug, Clone)]
pub(in crate::document) struct Statement {
    /// `Some(true)` for `[[array]]`, `Some(false)` for `[table]`, `None` for a pair.
    pub(in crate::document) header: Option<bool>,
    pub(in crate::document) parts: Vec<Part>,
    /// From the bracket or first key to the bracket or the end of the value.
    pub(in crate::document) span: Range<usize>,
    /// The value of a pair.
    pub(in crate::document) value: Option<Range<usize>>,
    /// The lines of the statement: indentation, comment behind it and line break included.
    pub(in crate::document) line: Range<usize>,
}

struct Cursor<'a> {
    source: &'a [u8],
    pos: usize,
}

/// Splits a file into its statements.
pub(super) fn statements(source: &[u8]) -> Result<Vec<Statement>, Stop> {
    let mut cursor = Cursor { source, pos: bom(source) };
    let mut found = Vec::new();
    let mut line = cursor.pos;
    loop {
        cursor.blank();
        match cursor.peek() {
            None => return Ok(found),
            Some(b'\n') => {
                cursor.pos += 1;
                line = cursor.pos;
            }
            Some(b'\r') => cursor.pos += 1,
            Some(b'#') => cursor.comment(),
            Some(b'[') => {
                let start = cursor.pos;
                let array = source.get(start + 1) == Some(&b'[');
                cursor.pos += if array { 2 } else { 1 };
                let parts = cursor.keys()?;
                for _ in 0..if array { 2 } else { 1 } {
                    cursor.expect(b']')?;
                }
                let span = start..cursor.pos;
                let line = line..cursor.line_end()?;
                found.push(Statement { header: Some(array), parts, span, value: None, line });
            }
            Some(_) => {
                let start = cursor.pos;
                let parts = cursor.keys()?;
                let value = cursor.assigned()?;
                let span = start..cursor.pos;
                let line = line..cursor.line_end()?;
                found.push(Statement { header: None, parts, span, value: Some(value), line });
            }
        }
        if found.last().is_some_and(|s| s.line.end == cursor.pos) {
            line = cursor.pos;
        }
    }
}

/// Finds the members of an inline table.
pub(super) fn braces(source: &[u8], open: usize) -> Result<Braces, Stop> {
    let mut cursor = Cursor { source, pos: open };
    cursor.expect(b'{')?;
    let mut slots: Vec<Slot> = Vec::new();
    loop {
        cursor.trivia();
        match cursor.peek().ok_or(Stop::Ended)? {
            b'}' => return Ok(Braces { comments: Comments::Hash, open, close: cursor.pos, slots }),
            b',' => {
                slots.last_mut().ok_or(Stop::Confused)?.comma = Some(cursor.pos);
                cursor.pos += 1;
            }
            _ => {
                let parts = cursor.keys()?;
                let key = match (parts.first(), parts.last()) {
                    (Some(first), Some(last)) => first.span.start..last.span.end,
                    _ => return Err(Stop::Confused),
                };
                let keys = parts.into_iter().map(|p| p.name).collect();
                let value = cursor.assigned()?;
                slots.push(Slot { keys, key, value, comma: None });
            }
        }
    }
}

/// Finds the items of an array.
pub(super) fn items(source: &[u8], open: usize) -> Result<Vec<Range<usize>>, Stop> {
    let mut cursor = Cursor { source, pos: open };
    cursor.expect(b'[')?;
    let mut found = Vec::new();
    loop {
        cursor.trivia();
        match cursor.peek().ok_or(Stop::Ended)? {
            b']' => return Ok(found),
            b',' => cursor.pos += 1,
            _ => {
                let start = cursor.pos;
                cursor.value()?;
                found.push(start..cursor.pos);
            }
        }
    }
}

/// The offset of the first bracket that nests deeper than [`MAX_DEPTH`].
pub(super) fn too_deep(source: &[u8]) -> Option<usize> {
    let mut cursor = Cursor { source, pos: bom(source) };
    let mut depth = 0usize;
    while let Some(byte) = cursor.peek() {
        match byte {
            b'"' | b'\'' => {
                // An unclosed string is the parser's to tell.
                match cursor.string() {
                    Ok(()) => {}
                    Err(Stop::Ended) => return None,
                    Err(Stop::Confused) => cursor.pos += 1,
                }
                continue;
            }
            b'#' => {
                cursor.comment();
                continue;
            }
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Some(cursor.pos);
        }
        cursor.pos += 1;
    }
    None
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        self.source.get(self.pos).copied()
    }

    fn blank(&mut self) {
        while let Some(b' ' | b'\t') = self.peek() {
            self.pos += 1;
        }
    }

    fn trivia(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.pos += 1,
                Some(b'#') => self.comment(),
                _ => return,
            }
        }
    }

    fn comment(&mut self) {
        if let Some(found) = comment(self.source, self.pos, Comments::Hash) {
            self.pos = found.end;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Stop> {
        match self.peek() {
            Some(found) if found == byte => {
                self.pos += 1;
                Ok(())
            }
            Some(_) => Err(Stop::Confused),
            None => Err(Stop::Ended),
        }
    }

    /// Goes behind the line break of the statement that ends here.
    fn line_end(&mut self) -> Result<usize, Stop> {
        self.blank();
        if self.peek() == Some(b'#') {
            self.comment();
        }
        if self.peek() == Some(b'\r') {
            self.pos += 1;
        }
        if self.peek().is_some() {
            self.expect(b'\n')?;
        }
        Ok(self.pos)
    }

    fn keys(&mut self) -> Result<Vec<Part>, Stop> {
        let mut parts = Vec::new();
        loop {
            self.blank();
            let start = self.pos;
            let name = match self.peek().ok_or(Stop::Ended)? {
                b'"' | b'\'' => {
                    self.string()?;
                    decoded(&self.source[start..self.pos]).ok_or(Stop::Confused)?
                }
                _ => {
                    let bare = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-') || *b >= 0x80;
                    self.pos += self.source[start..].iter().take_while(|b| bare(b)).count();
                    String::from_utf8_lossy(&self.source[start..self.pos]).into_owned()
                }
            };
            let span = start..self.pos;
            if span.is_empty() {
                return Err(Stop::Confused);
            }
            parts.push(Part { name, span });
            self.blank();
            if self.peek() != Some(b'.') {
                return Ok(parts);
            }
            self.pos += 1;
        }
    }

    fn assigned(&mut self) -> Result<Range<usize>, Stop> {
        self.blank();
        self.expect(b'=')?;
        self.blank();
        let start = self.pos;
        self.value()?;
        Ok(start..self.pos)
    }

    fn value(&mut self) -> Result<(), Stop> {
        let start = self.pos;
        match self.peek().ok_or(Stop::Ended)? {
            b'"' | b'\'' => return self.string(),
            b'[' | b'{' => return self.brackets(),
            _ => {}
        }
        let rest = &self.source[start..];
        let length = rest.iter().position(|b| b",]}#\r\n".contains(b)).unwrap_or(rest.len());
        let length = rest[..length].trim_ascii_end().len();
        if length == 0 {
            return Err(Stop::Confused);
        }
        self.pos += length;
        Ok(())
    }

    /// Passes an array or inline table without descending into it.
    fn brackets(&mut self) -> Result<(), Stop> {
        let mut depth = 0usize;
        loop {
            match self.peek().ok_or(Stop::Ended)? {
                b'"' | b'\'' => {
                    self.string()?;
                    continue;
                }
                b'#' => {
                    self.comment();
                    continue;
                }
                b'[' | b'{' => depth += 1,
                b']' | b'}' => depth -= 1,
                _ => {}
            }
            self.pos += 1;
            if depth == 0 {
                return Ok(());
            }
        }
    }

    fn string(&mut self) -> Result<(), Stop> {
        let rest = &self.source[self.pos..];
        let quote = rest[0];
        let long = rest.len() >= 3 && rest[1] == quote && rest[2] == quote;
        let mut at = if long { 3 } else { 1 };
        loop {
            match *rest.get(at).ok_or(Stop::Ended)? {
                b'\\' if quote == b'"' => at += 2,
                b'\n' if !long => return Err(Stop::Confused),
                byte if byte != quote => at += 1,
                _ if !long => {
                    at += 1;
                    break;
                }
                _ => {
                    let run = rest[at..].iter().take_while(|b| **b == quote).count();
                    // Up to two quotes may stand before the three that close.
                    if run >= 3 {
                        at += run.min(5);
                        break;
                    }
                    at += run;
                }
            }
        }
        self.pos += at;
        Ok(())
    }
}

/// The text that a quoted key or string stands for.
pub(super) fn decoded(quoted: &[u8]) -> Option<String> {
    // What is written on one line without escapes is what it stands for.
    if let Some((quote, rest)) = quoted.split_first()
        && let Some(body) = rest.strip_suffix(&[*quote])
        && !body.iter().any(|b| b == quote || b"\\\n".contains(b))
    {
        return Some(String::from_utf8_lossy(body).into_owned());
    }
    match scalar(quoted)? {
        toml_edit::Value::String(text) => Some(text.into_value()),
        _ => None,
    }
}

/// Any value as the parser reads it.
pub(super) fn scalar(written: &[u8]) -> Option<toml_edit::Value> {
    std::str::from_utf8(written).ok()?.parse().ok()
}
