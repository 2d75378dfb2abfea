//! JavaScript and TypeScript: comments, three kinds of strings, regular expressions.

use std::borrow::Cow;

use super::{Piece, Token, escape, is_word};

/// Words behind which a slash begins a regular expression.
const BEFORE_VALUE: &[&str] = &[
    "return",
    "typeof",
    "case",
    "in",
    "of",
    "delete",
    "void",
    "throw",
    "new",
    "do",
    "else",
    "instanceof",
    "yield",
    "await",
];

struct Lexer<'t, 'o> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    line: u32,
    /// What stands in front is a value, so that a slash divides.
    after_value: bool,
    /// Braces that are open in each `${` of a template.
    templates: Vec<usize>,
    out: &'o mut dyn FnMut(Piece<'t>),
}

pub(super) fn read<'t>(text: &'t str, out: &mut dyn FnMut(Piece<'t>)) {
    let mut lexer =
        Lexer { text, bytes: text.as_bytes(), at: 0, line: 1, after_value: false, templates: Vec::new(), out };
    if text.starts_with("#!") {
        lexer.skip_line();
    }
    while let Some(&byte) = lexer.bytes.get(lexer.at) {
        lexer.step(byte);
    }
}

impl<'t> Lexer<'t, '_> {
    fn step(&mut self, byte: u8) {
        match byte {
            b'\n' => {
                self.line += 1;
                self.at += 1;
            }
            _ if byte.is_ascii_whitespace() => self.at += 1,
            b'/' => self.slash(),
            b'\'' | b'"' => self.string(byte),
            b'`' => {
                self.at += 1;
                self.template();
            }
            _ if is_word(byte) => {
                let start = self.at;
                while self.bytes.get(self.at).is_some_and(|b| is_word(*b)) {
                    self.at += 1;
                }
                let word = &self.text[start..self.at];
                self.after_value = !BEFORE_VALUE.contains(&word);
                self.emit(Token::Word(word));
            }
            _ => self.sign(byte),
        }
    }

    fn emit(&mut self, token: Token<'t>) {
        (self.out)(Piece { token, line: self.line });
    }

    fn sign(&mut self, byte: u8) {
        self.at += 1;
        if let Some(open) = self.templates.last_mut() {
            match byte {
                b'{' => *open += 1,
                b'}' if *open == 0 => {
                    self.templates.pop();
                    self.emit(Token::Sign(b'}'));
                    self.template();
                    return;
                }
                b'}' => *open -= 1,
                _ => {}
            }
        }
        self.after_value = matches!(byte, b')' | b']');
        self.emit(Token::Sign(byte));
    }

    fn skip_line(&mut self) {
        self.at += memchr::memchr(b'\n', &self.bytes[self.at..]).unwrap_or(self.bytes.len() - self.at);
    }

    fn slash(&mut self) {
        match self.bytes.get(self.at + 1) {
            Some(b'/') => self.skip_line(),
            Some(b'*') => {
                let rest = &self.bytes[self.at + 2..];
                let end = memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2);
                self.line += lines_in(&rest[..end.min(rest.len())]);
                self.at = (self.at + 2 + end).min(self.bytes.len());
            }
            _ if !self.after_value => match self.end_of_regex() {
                Some(end) => {
                    self.at = end;
                    self.after_value = true;
                }
                None => self.sign(b'/'),
            },
            _ => self.sign(b'/'),
        }
    }

    /// Where a regular expression that begins here ends, if it does so in its line.
    fn end_of_regex(&self) -> Option<usize> {
        let (mut at, mut in_class) = (self.at + 1, false);
        loop {
            match self.bytes.get(at)? {
                b'\n' => return None,
                b'\\' => at += 1,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => return Some(at + 1),
                _ => {}
            }
            at += 1;
        }
    }

    fn string(&mut self, quote: u8) {
        self.at += 1;
        let line = self.line;
        let (text, numbers) = self.text_until(|byte| byte == quote || byte == b'\n');
        if self.bytes.get(self.at) == Some(&quote) {
            self.at += 1;
        }
        self.after_value = true;
        (self.out)(Piece { token: Token::Text(text, numbers), line });
    }

    /// The text of a template up to its end or to the next `${`.
    fn template(&mut self) {
        let line = self.line;
        let (mut whole, mut all) = (Cow::Borrowed(""), 0);
        loop {
            let (text, numbers) = self.text_until(|byte| matches!(byte, b'`' | b'$'));
            all += numbers;
            if whole.is_empty() {
                whole = text
            } else {
                whole.to_mut().push_str(&text)
            }
            match self.bytes.get(self.at) {
                Some(b'$') if self.bytes.get(self.at + 1) == Some(&b'{') => {
                    self.at += 2;
                    self.templates.push(0);
                    (self.out)(Piece { token: Token::Text(whole, all), line });
                    self.emit(Token::Sign(b'{'));
                    self.after_value = false;
                    return;
                }
                Some(b'$') => {
                    whole.to_mut().push('$');
                    self.at += 1;
                }
                found => {
                    self.at += usize::from(found.is_some());
                    self.after_value = true;
                    (self.out)(Piece { token: Token::Text(whole, all), line });
                    return;
                }
            }
        }
    }

    /// Reads up to an unescaped end, and not past it.
    fn text_until(&mut self, is_end: impl Fn(u8) -> bool) -> (Cow<'t, str>, usize) {
        let start = self.at;
        let mut decoded: Option<String> = None;
        let (mut from, mut numbers) = (start, 0);
        while let Some(&byte) = self.bytes.get(self.at) {
            if is_end(byte) {
                break;
            }
            if byte == b'\\' {
                let out = decoded.get_or_insert_default();
                out.push_str(&self.text[from..self.at]);
                let (taken, is_number) = escape(&self.bytes[self.at + 1..], out);
                self.line += u32::from(self.bytes.get(self.at + 1) == Some(&b'\n'));
                numbers += usize::from(is_number);
                self.at = (self.at + 1 + taken).min(self.bytes.len());
                from = self.at;
                continue;
            }
            self.line += u32::from(byte == b'\n');
            self.at += 1;
        }
        match decoded {
            Some(mut text) => {
                text.push_str(&self.text[from..self.at]);
                (Cow::Owned(text), numbers)
            }
            None => (Cow::Borrowed(&self.text[start..self.at]), 0),
        }
    }
}

fn lines_in(bytes: &[u8]) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX)
}
