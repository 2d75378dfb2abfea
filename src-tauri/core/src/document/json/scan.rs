//! The byte scanner: one pass, no recursion.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem;

use super::five;
use super::plain::end_of_plain;
use crate::document::{MAX_DEPTH, SyntaxReason, Wanted};

/// What is wrong, before line and column are counted.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) reason: SyntaxReason,
    pub(super) offset: usize,
    pub(super) truncated: bool,
}

pub(super) type Scan<T> = Result<T, Fault>;

/// A position in JSON text.
#[derive(Debug, Clone)]
pub(super) struct Scanner<'a> {
    source: &'a [u8],
    pos: usize,
    /// Names without quotes and the like are read. Text that was checked may be read so in any case.
    five: bool,
    /// Known to be sound, by their starts: passed over without being read.
    large: &'a [Range<usize>],
    /// Notes the large objects and arrays that are passed, where that is wanted.
    found: Option<Vec<Range<usize>>>,
}

/// An object or array of so many bytes is worth being remembered.
const LARGE: usize = 4_096;

/// What [`Scanner::next`] met.
pub(super) struct Next {
    /// The offset of the comma that was passed.
    pub(super) comma: Option<usize>,
    /// Whether a member or item follows; else the closing bracket was passed.
    pub(super) more: bool,
}

enum Expect {
    Value,
    /// Right after an opening bracket or a comma.
    ItemOrClose,
    After,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(source: &'a [u8], pos: usize) -> Self {
        Self { source, pos, five: true, large: &[], found: None }
    }

    /// A scanner that takes what JSON5 has beyond JSON for mistakes.
    pub(super) fn strict(self) -> Self {
        Self { five: false, ..self }
    }

    /// A scanner that passes over `large` values at once, as [`Scanner::large`] found them in this source.
    pub(super) fn over(self, large: &'a [Range<usize>]) -> Self {
        Self { large, ..self }
    }

    /// Checks a whole document, and returns its large objects and arrays in order of their starts.
    pub(super) fn large(mut self) -> Scan<Vec<Range<usize>>> {
        self.found = Some(Vec::new());
        self.document()?;
        let mut found = self.found.unwrap_or_default();
        found.sort_by_key(|span| span.start);
        Ok(found)
    }

    pub(super) fn offset(&self) -> usize {
        self.pos
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.source.get(self.pos).copied()
    }

    /// Goes on by so many bytes, which are there.
    pub(super) fn pass(&mut self, bytes: usize) {
        self.pos += bytes;
    }

    /// What has not been passed.
    pub(super) fn rest(&self) -> &'a [u8] {
        &self.source[self.pos..]
    }

    pub(super) fn source_before(&self) -> Option<u8> {
        self.source.get(self.pos.checked_sub(1)?).copied()
    }

    pub(super) fn fault<T>(&self, offset: usize, reason: SyntaxReason) -> Scan<T> {
        Err(Fault { reason, offset, truncated: false })
    }

    pub(super) fn ended<T>(&self, reason: SyntaxReason) -> Scan<T> {
        Err(Fault { reason, offset: self.source.len(), truncated: true })
    }

    /// Says what was expected at the present place.
    pub(super) fn expected<T>(&self, wanted: Wanted) -> Scan<T> {
        let Some(rest) = self.source.get(self.pos..).filter(|r| !r.is_empty()) else {
            return self.ended(SyntaxReason::Ended);
        };
        let head = &rest[..rest.len().min(4)];
        let found = match std::str::from_utf8(head) {
            Ok(s) => s.chars().next(),
            Err(e) => std::str::from_utf8(&head[..e.valid_up_to()]).ok().and_then(|s| s.chars().next()),
        };
        let found = found.filter(|c| !c.is_control() && !c.is_whitespace());
        self.fault(self.pos, SyntaxReason::Expected { wanted, found })
    }

    /// Passes space and comments.
    #[inline]
    pub(super) fn trivia(&mut self) -> Scan<()> {
        loop {
            while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
                self.pos += 1;
            }
            if self.peek() != Some(b'/') {
                return Ok(());
            }
            self.comment()?;
        }
    }

    fn comment(&mut self) -> Scan<()> {
        let rest = &self.source[self.pos..];
        match rest.get(1) {
            Some(b'/') => self.pos += memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
            Some(b'*') => match memmem::find(&rest[2..], b"*/") {
                Some(length) => self.pos += length + 4,
                None => return self.ended(SyntaxReason::CommentNotClosed),
            },
            Some(_) => {
                return self
                    .fault(self.pos, SyntaxReason::Expected { wanted: Wanted::ValueOrComment, found: Some('/') });
            }
            None => return self.ended(SyntaxReason::Ended),
        }
        Ok(())
    }

    /// Checks a whole document: space, at most one value, space.
    pub(super) fn document(&mut self) -> Scan<()> {
        self.trivia()?;
        if self.peek().is_none() {
            return Ok(());
        }
        self.skip()?;
        self.trivia()?;
        if self.peek().is_some() {
            return self.expected(Wanted::End);
        }
        Ok(())
    }

    /// Passes the opening bracket.
    pub(super) fn enter(&mut self) {
        self.pos += 1;
    }

    /// Goes to the next member or item of the container that was entered, or past its closing bracket.
    pub(super) fn next(&mut self, close: u8) -> Scan<Next> {
        self.trivia()?;
        let mut comma = None;
        if self.peek() == Some(b',') {
            comma = Some(self.pos);
            self.pos += 1;
            self.trivia()?;
        }
        let more = self.peek() != Some(close);
        if !more {
            self.pos += 1;
        }
        Ok(Next { comma, more })
    }

    /// Passes a key and its colon, to the first byte of the value; returns the key's span, quotes included.
    pub(super) fn key(&mut self) -> Scan<Range<usize>> {
        let start = self.pos;
        match self.peek() {
            Some(b'"') => self.string(b'"')?,
            Some(b'\'') if self.five => self.string(b'\'')?,
            _ if self.five => self.name()?,
            _ => return self.expected(Wanted::Key),
        }
        let span = start..self.pos;
        self.trivia()?;
        if self.peek() != Some(b':') {
            return self.expected(Wanted::Colon);
        }
        self.pos += 1;
        self.trivia()?;
        Ok(span)
    }

    /// Passes one value, checking it.
    pub(super) fn skip(&mut self) -> Scan<()> {
        if let Ok(at) = self.large.binary_search_by_key(&self.pos, |span| span.start) {
            self.pos = self.large[at].end;
            return Ok(());
        }
        let mut starts = [0; MAX_DEPTH];
        // One bit a level: set for an object.
        let mut objects: u128 = 0;
        let mut depth = 0;
        let mut expect = Expect::Value;
        loop {
            self.trivia()?;
            let in_object = depth > 0 && objects & 1 == 1;
            match expect {
                Expect::After if depth == 0 => return Ok(()),
                Expect::After => match self.peek() {
                    Some(b',') => {
                        self.pos += 1;
                        expect = Expect::ItemOrClose;
                        continue;
                    }
                    Some(b'}') if in_object => {}
                    Some(b']') if !in_object => {}
                    _ if in_object => return self.expected(Wanted::CommaOrBrace),
                    _ => return self.expected(Wanted::CommaOrBracket),
                },
                Expect::ItemOrClose if in_object && self.peek() != Some(b'}') => {
                    self.key()?;
                    expect = Expect::Value;
                }
                _ => {}
            }
            match self.peek() {
                Some(open @ (b'{' | b'[')) => {
                    if depth == MAX_DEPTH {
                        return self.fault(self.pos, SyntaxReason::TooDeep);
                    }
                    starts[depth] = self.pos;
                    depth += 1;
                    objects = objects << 1 | u128::from(open == b'{');
                    self.pos += 1;
                    expect = Expect::ItemOrClose;
                    continue;
                }
                Some(b'}') if in_object && !matches!(expect, Expect::Value) => {
                    self.close(&mut objects, &mut depth, &starts);
                }
                Some(b']') if depth > 0 && !in_object => self.close(&mut objects, &mut depth, &starts),
                Some(b'"') => self.string(b'"')?,
                Some(b'\'') if self.five => self.string(b'\'')?,
                Some(b'-' | b'0'..=b'9') if !self.five => self.number()?,
                Some(b'-' | b'0'..=b'9') => self.number_of_five()?,
                Some(byte) if self.five && five::begins_value(byte) => self.number_of_five()?,
                Some(b't') => self.word(b"true")?,
                Some(b'f') => self.word(b"false")?,
                Some(b'n') => self.word(b"null")?,
                _ => return self.expected(Wanted::Value),
            }
            if depth == 0 {
                return Ok(());
            }
            expect = Expect::After;
        }
    }

    #[inline]
    fn close(&mut self, objects: &mut u128, depth: &mut usize, starts: &[usize; MAX_DEPTH]) {
        *objects >>= 1;
        *depth -= 1;
        self.pos += 1;
        let start = starts[*depth];
        if self.pos - start >= LARGE
            && let Some(found) = &mut self.found
        {
            found.push(start..self.pos);
        }
    }

    #[inline]
    fn string(&mut self, quote: u8) -> Scan<()> {
        let start = self.pos;
        self.pos += 1;
        loop {
            let rest = &self.source[self.pos..];
            self.pos += end_of_plain(rest, quote).unwrap_or(rest.len());
            match self.peek() {
                Some(byte) if byte == quote => {
                    self.pos += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                Some(b'\n' | b'\r') => return self.fault(self.pos, SyntaxReason::LineBreakInString),
                Some(_) => return self.fault(self.pos, SyntaxReason::ControlInString),
                None => {
                    self.pos = start;
                    return self.ended(SyntaxReason::StringNotClosed);
                }
            }
        }
    }

    pub(super) fn escape(&mut self) -> Scan<()> {
        let rest = &self.source[self.pos + 1..];
        match rest.first() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.pos += 2,
            Some(b'u') => {
                let digits = &rest[1..rest.len().min(5)];
                if !digits.iter().all(u8::is_ascii_hexdigit) {
                    return self.fault(self.pos, SyntaxReason::ShortEscape);
                }
                if digits.len() < 4 {
                    return self.ended(SyntaxReason::StringNotClosed);
                }
                self.pos += 6;
            }
            _ if self.five => return self.escape_of_five(),
            Some(_) => return self.fault(self.pos, SyntaxReason::UnknownEscape),
            None => return self.ended(SyntaxReason::StringNotClosed),
        }
        Ok(())
    }

    pub(super) fn word(&mut self, word: &'static [u8]) -> Scan<()> {
        let rest = &self.source[self.pos..];
        if rest.starts_with(word) {
            self.pos += word.len();
            // `nullable` is no value; what may follow is told by the caller for all other bytes.
            return match self.peek() {
                Some(b) if b.is_ascii_alphanumeric() || b == b'_' => self.expected(Wanted::EndOfValue),
                _ => Ok(()),
            };
        }
        if word.starts_with(rest) {
            return self.ended(SyntaxReason::Ended);
        }
        self.expected(Wanted::Value)
    }

    fn number(&mut self) -> Scan<()> {
        if self.peek() == Some(b'-') {
            self.pos += 1;
        }
        match self.peek() {
            Some(b'0') => self.pos += 1,
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            self.pos += 1;
            self.digits()?;
        }
        self.exponent()?;
        self.end_of_number()
    }

    pub(super) fn exponent(&mut self) -> Scan<()> {
        if let Some(b'e' | b'E') = self.peek() {
            self.pos += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.pos += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    pub(super) fn end_of_number(&self) -> Scan<()> {
        match self.peek() {
            Some(b) if b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'+' | b'-') => {
                self.expected(Wanted::EndOfNumber)
            }
            _ => Ok(()),
        }
    }

    pub(super) fn digits(&mut self) -> Scan<()> {
        let start = self.pos;
        while let Some(b'0'..=b'9') = self.peek() {
            self.pos += 1;
        }
        if self.pos == start { self.expected(Wanted::Digit) } else { Ok(()) }
    }

    /// The source bytes of a span as text.
    pub(super) fn text(&self, span: Range<usize>) -> Cow<'a, str> {
        String::from_utf8_lossy(&self.source[span])
    }

    /// The text that the span of a string (quotes included) or of a name stands for.
    pub(super) fn decode(&self, span: Range<usize>) -> Cow<'a, str> {
        let is_quoted = matches!(self.source[span.start], b'"' | b'\'');
        let body = if is_quoted { self.text(span.start + 1..span.end - 1) } else { self.text(span) };
        if memchr::memchr(b'\\', body.as_bytes()).is_none() {
            return body;
        }
        let mut out = String::with_capacity(body.len());
        let mut chars = body.chars();
        while let Some(c) = chars.next() {
            if c != '\\' {
                out.push(c);
                continue;
            }
            match chars.next() {
                Some('b') => out.push('\u{8}'),
                Some('f') => out.push('\u{c}'),
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some('t') => out.push('\t'),
                Some('v') => out.push('\u{b}'),
                Some('0') => out.push('\0'),
                Some('x') => {
                    let point = chars.by_ref().take(2).fold(0, |n, c| n << 4 | c.to_digit(16).unwrap_or(0));
                    out.push(char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                // The line goes on.
                Some('\r') if chars.clone().next() == Some('\n') => drop(chars.next()),
                Some('\r' | '\n' | '\u{2028}' | '\u{2029}') => {}
                Some('u') => {
                    let high = unit(&mut chars);
                    out.push(match high {
                        0xD800..=0xDBFF => {
                            let mut ahead = chars.clone();
                            let low = match (ahead.next(), ahead.next()) {
                                (Some('\\'), Some('u')) => unit(&mut ahead),
                                _ => 0,
                            };
                            if (0xDC00..=0xDFFF).contains(&low) {
                                chars = ahead;
                                let point = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                                char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER)
                            } else {
                                char::REPLACEMENT_CHARACTER
                            }
                        }
                        point => char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER),
                    });
                }
                Some(other) => out.push(other),
                None => {}
            }
        }
        Cow::Owned(out)
    }
}

fn unit(chars: &mut std::str::Chars<'_>) -> u32 {
    chars.by_ref().take(4).fold(0, |n, c| n << 4 | c.to_digit(16).unwrap_or(0))
}
