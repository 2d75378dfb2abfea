//! What JSON5 has beyond JSON with comments: names without quotes, single quotes, more escapes, more numbers.
//!
//! White space outside of ASCII between tokens is not accepted: the file is then told as one that cannot be parsed.

use crate::document::{SyntaxReason, Wanted};

use super::scan::{Scan, Scanner};

/// Whether a byte begins a value that only JSON5 has.
pub(super) const fn begins_value(byte: u8) -> bool {
    matches!(byte, b'+' | b'.' | b'I' | b'N')
}

impl Scanner<'_> {
    /// Passes a name without quotes; what is none is told as a missing key.
    pub(super) fn name(&mut self) -> Scan<()> {
        let start = self.offset();
        while let Some(byte) = self.peek() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'$' | b'_' => self.pass(1),
                b'0'..=b'9' if self.offset() > start => self.pass(1),
                b'\\' if self.rest().get(1) == Some(&b'u') => self.escape()?,
                0x80.. => match self.letter() {
                    Some(length) => self.pass(length),
                    None => break,
                },
                _ => break,
            }
        }
        if self.offset() == start { self.expected(Wanted::Key) } else { Ok(()) }
    }

    /// The length of the letter or mark at the present place.
    fn letter(&self) -> Option<usize> {
        let rest = self.rest();
        let text = match std::str::from_utf8(&rest[..rest.len().min(4)]) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&rest[..error.valid_up_to()]).ok()?,
        };
        let letter = text.chars().next()?;
        let joins = matches!(letter, '\u{200c}' | '\u{200d}');
        (letter.is_alphanumeric() || joins || is_mark(letter)).then(|| letter.len_utf8())
    }

    /// Passes an escape that only JSON5 has, at its backslash. A line break behind a backslash joins two lines.
    pub(super) fn escape_of_five(&mut self) -> Scan<()> {
        let rest = self.rest();
        match rest.get(1) {
            None => self.ended(SyntaxReason::StringNotClosed),
            Some(b'x') => {
                let digits = &rest[2..rest.len().min(4)];
                if !digits.iter().all(u8::is_ascii_hexdigit) {
                    return self.fault(self.offset(), SyntaxReason::ShortEscape);
                }
                if digits.len() < 2 {
                    return self.ended(SyntaxReason::StringNotClosed);
                }
                self.pass(4);
                Ok(())
            }
            Some(b'0') if rest.get(2).is_some_and(u8::is_ascii_digit) => {
                self.fault(self.offset(), SyntaxReason::UnknownEscape)
            }
            Some(b'1'..=b'9') => self.fault(self.offset(), SyntaxReason::UnknownEscape),
            Some(b'\r') if rest.get(2) == Some(&b'\n') => {
                self.pass(3);
                Ok(())
            }
            // What follows of a longer letter is passed with the text.
            Some(_) => {
                self.pass(2);
                Ok(())
            }
        }
    }

    /// Passes a number with what JSON5 allows.
    pub(super) fn number_of_five(&mut self) -> Scan<()> {
        if let Some(b'+' | b'-') = self.peek() {
            self.pass(1);
        }
        match (self.peek(), self.rest().get(1)) {
            (Some(b'I'), _) => return self.word(b"Infinity"),
            (Some(b'N'), _) => return self.word(b"NaN"),
            (Some(b'0'), Some(b'x' | b'X')) => {
                self.pass(2);
                let start = self.offset();
                while self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                    self.pass(1);
                }
                if self.offset() == start {
                    return self.expected(Wanted::Digit);
                }
                return self.end_of_number();
            }
            (Some(b'.'), _) => {}
            (Some(b'0'), _) => self.pass(1),
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            let is_led = self.source_before().is_some_and(|byte| byte.is_ascii_digit());
            self.pass(1);
            if !is_led || self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                self.digits()?;
            }
        }
        self.exponent()?;
        self.end_of_number()
    }
}

/// Marks that stand above, below or around the letter before them.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{203f}' | '\u{2040}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use crate::document::{Document, Format, Route};

    fn read(text: &str) -> Result<String, String> {
        let document = Document::parse(Format::Json5, text.into()).map_err(|error| error.reason.to_string())?;
        Ok(document.node(&Route::root()).map_or_else(String::new, |node| node.value.to_json().to_string()))
    }

    #[test]
    fn what_json_does_not_have_is_read() {
        let check = |text: &str, expect: &str| assert_eq!(read(text).as_deref(), Ok(expect), "{text}");
        check("{a: 1, $b_: 2, 'c d': 3, \"e\": 4,}", r#"{"a":1,"$b_":2,"c d":3,"e":4}"#);
        check("{ключ\u{301}: 1, é\\u0061: 2, null: 3}", "{\"ключ\u{301}\":1,\"éa\":2,\"null\":3}");
        check("'it\\'s \"so\"'", r#""it's \"so\"""#);
        check("'a\\\nb\\\r\nc\\\u{2028}d'", "\"abcd\"");
        check("'\\x41\\v\\0\\q'", r#""A\u000b\u0000q""#);
        check("[+1, -1, .5, 5., 0x1f, -Infinity, NaN]", r#"["+1",-1,".5","5.","0x1f","-Infinity","NaN"]"#);
        check("// only\n", "");
    }

    #[test]
    fn what_is_neither_is_told() {
        for text in [
            "{1a: 1}",
            "{a-b: 1}",
            "{: 1}",
            "{a 1}",
            "{'a: 1}",
            "'a\nb'",
            "'\\x4'",
            "'\\x4g'",
            "'\\1'",
            "'\\01'",
            "[+]",
            "[.]",
            "[0x]",
            "[01]",
            "[1.e]",
            "[Infinit]",
            "[NaNs]",
            "[--1]",
            "{a: undefined}",
            "{a: 1;}",
            "[,]",
            "[1,,2]",
            "{\u{a0}a: 1}",
        ] {
            assert!(read(text).is_err(), "{text} reads as {:?}", read(text));
        }
        // The stricter dialects stay as they are.
        for text in ["{a: 1}", "{'a': 1}", "[+1]", "[.5]", "[0x1]", "[NaN]", "\"\\x41\"", "\"a\\\nb\""] {
            assert!(Document::parse(Format::Jsonc, text.into()).is_err(), "{text}");
        }
    }
}
