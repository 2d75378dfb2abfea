//! Python: comments, strings with their prefixes, and texts that only document.

use std::borrow::Cow;

use super::{Piece, Token, escape, is_word};

pub(super) fn read<'t>(text: &'t str, out: &mut dyn FnMut(Piece<'t>)) {
    // A text that documents is a value after all where the code asks for it.
    let uses_documentation = text.contains("__doc__");
    let bytes = text.as_bytes();
    let (mut at, mut line, mut depth, mut starts) = (0, 1_u32, 0_usize, true);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\n' => {
                line += 1;
                at += 1;
                starts |= depth == 0;
            }
            b'#' => at += memchr::memchr(b'\n', &bytes[at..]).unwrap_or(bytes.len() - at),
            b'\\' if bytes.get(at + 1) == Some(&b'\n') => {
                line += 1;
                at += 2;
            }
            _ if byte.is_ascii_whitespace() => at += 1,
            b'\'' | b'"' => {
                let (found, numbers, end, lines) = string(text, at, false);
                if !starts || uses_documentation {
                    out(Piece { token: Token::Text(found, numbers), line });
                }
                line += lines;
                at = end;
                starts = false;
            }
            _ if is_word(byte) => {
                let start = at;
                while bytes.get(at).is_some_and(|b| is_word(*b)) {
                    at += 1;
                }
                let word = &text[start..at];
                let is_prefix = word.len() <= 2 && word.bytes().all(|b| b"rRbBfFuUtT".contains(&b));
                if is_prefix && matches!(bytes.get(at), Some(b'\'' | b'"')) {
                    let is_raw = word.contains(['r', 'R']);
                    let (found, numbers, end, lines) = string(text, at, is_raw);
                    if !starts || uses_documentation {
                        out(Piece { token: Token::Text(found, numbers), line });
                    }
                    line += lines;
                    at = end;
                } else {
                    out(Piece { token: Token::Word(word), line });
                }
                starts = false;
            }
            _ => {
                match byte {
                    b'(' | b'[' | b'{' => depth += 1,
                    b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                starts = depth == 0 && matches!(byte, b';' | b':');
                out(Piece { token: Token::Sign(byte), line });
                at += 1;
            }
        }
    }
}

/// The string that begins with its quote here: its text, the numbers in it, where it ends, the line ends in it.
fn string(text: &str, at: usize, is_raw: bool) -> (Cow<'_, str>, usize, usize, u32) {
    let bytes = text.as_bytes();
    let quote = bytes[at];
    let is_long = bytes[at..].starts_with(&[quote; 3]);
    let start = at + if is_long { 3 } else { 1 };
    let (mut at, mut from, mut numbers, mut lines) = (start, start, 0, 0);
    let mut decoded: Option<String> = None;
    let finish = |decoded: Option<String>, from: usize, to: usize| match decoded {
        Some(mut out) => {
            out.push_str(&text[from..to]);
            Cow::Owned(out)
        }
        None => Cow::Borrowed(&text[start..to]),
    };
    while let Some(&byte) = bytes.get(at) {
        if is_long && bytes[at..].starts_with(&[quote; 3]) {
            return (finish(decoded, from, at), numbers, at + 3, lines);
        }
        if !is_long && (byte == quote || byte == b'\n') {
            return (finish(decoded, from, at), numbers, at + usize::from(byte == quote), lines);
        }
        if byte == b'\\' {
            let is_line_end = bytes.get(at + 1) == Some(&b'\n');
            lines += u32::from(is_line_end);
            if is_raw {
                // The quote behind it does not end the text, and both stay in it.
                at += 1;
                at += usize::from(bytes.get(at).is_some_and(u8::is_ascii));
                continue;
            }
            let out = decoded.get_or_insert_default();
            out.push_str(&text[from..at]);
            let (taken, is_number) = escape(&bytes[at + 1..], out);
            numbers += usize::from(is_number);
            at = (at + 1 + taken).min(bytes.len());
            from = at;
            continue;
        }
        lines += u32::from(byte == b'\n');
        at += 1;
    }
    (finish(decoded, from, bytes.len()), numbers, bytes.len(), lines)
}
