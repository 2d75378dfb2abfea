//! Cuts code into words, texts and signs, without its comments. It does not understand the code: it tells what is said in
//! it from what is said about it.

use std::borrow::Cow;

mod javascript;
mod lines;
mod python;
#[cfg(test)]
mod tests;

/// What a piece of code is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// An identifier, a keyword or a number.
    Word(&'t str),
    /// What a string stands for, and how many of its characters were written as numbers.
    Text(Cow<'t, str>, usize),
    Sign(u8),
}

/// A token and its line, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece<'t> {
    pub(super) token: Token<'t>,
    pub(super) line: u32,
}

/// The language of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Language {
    Javascript,
    Python,
    /// Scripts of shells and other languages: line by line.
    Script,
    /// Not run, but read by what is run.
    Data,
}

impl Language {
    /// Told by the name of a file, or by the line that names its interpreter.
    pub(super) fn of(path: &str, text: &[u8]) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        // Types and maps are for people and tools; the interpreter never sees them.
        if name.ends_with(".d.ts") || name.ends_with(".d.mts") || name.ends_with(".d.cts") || name.ends_with(".map") {
            return None;
        }
        match name.rsplit_once('.').map_or("", |(_, end)| end) {
            "js" | "mjs" | "cjs" | "jsx" | "ts" | "mts" | "cts" | "tsx" => Some(Self::Javascript),
            "py" | "pyw" | "pth" => Some(Self::Python),
            "sh" | "bash" | "zsh" | "fish" | "ps1" | "bat" | "cmd" | "rb" | "pl" | "php" | "lua" | "applescript" => {
                Some(Self::Script)
            }
            "json" | "json5" | "jsonc" | "yaml" | "yml" | "toml" | "ini" | "cfg" | "conf" | "env" | "html" | "htm" => {
                Some(Self::Data)
            }
            _ => Self::by_first_line(text),
        }
    }

    fn by_first_line(text: &[u8]) -> Option<Self> {
        let line = text.strip_prefix(b"#!")?.split(|b| *b == b'\n').next()?;
        let line = String::from_utf8_lossy(line);
        let named = |names: &[&str]| names.iter().any(|name| line.contains(name));
        Some(match () {
            () if named(&["node", "bun", "deno", "tsx"]) => Self::Javascript,
            () if named(&["python", "uv "]) => Self::Python,
            () => Self::Script,
        })
    }
}

/// Hands each piece of `text` to `out`.
pub(super) fn read<'t>(language: Language, text: &'t str, out: &mut dyn FnMut(Piece<'t>)) {
    match language {
        Language::Javascript => javascript::read(text, out),
        Language::Python => python::read(text, out),
        Language::Script => lines::read(text, true, out),
        Language::Data => lines::read(text, false, out),
    }
}

/// Whether a byte can be part of a word. All that is not ASCII is: it is no sign of any of these languages.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

/// Reads one escape behind its backslash; tells how many bytes it took and whether it was a number.
fn escape(rest: &[u8], out: &mut String) -> (usize, bool) {
    let number = |digits: &[u8], radix| {
        let text = str::from_utf8(digits).ok()?;
        u32::from_str_radix(text, radix).ok().and_then(char::from_u32)
    };
    let mut push = |c: char, taken, is_number| {
        out.push(c);
        (taken, is_number)
    };
    match rest {
        [b'x', a, b, ..] => match number(&[*a, *b], 16) {
            Some(c) => push(c, 3, true),
            None => push('x', 1, false),
        },
        [b'u', b'{', tail @ ..] => {
            let end = tail.iter().take(8).position(|b| *b == b'}');
            match end.and_then(|end| Some((number(&tail[..end], 16)?, end))) {
                Some((c, end)) => push(c, end + 3, true),
                None => push('u', 1, false),
            }
        }
        [b'u', tail @ ..] if tail.len() >= 4 => match number(&tail[..4], 16) {
            Some(c) => push(c, 5, true),
            None => push('u', 1, false),
        },
        [b'0'..=b'7', ..] => {
            let digits = rest.iter().take(3).take_while(|b| (b'0'..=b'7').contains(*b)).count();
            let c = number(&rest[..digits], 8).unwrap_or('\0');
            push(c, digits, true)
        }
        [b'n', ..] => push('\n', 1, false),
        [b't', ..] => push('\t', 1, false),
        [b'r', ..] => push('\r', 1, false),
        // A string that goes on in the next line.
        [b'\n', ..] => (1, false),
        [first, ..] if first.is_ascii() => push(char::from(*first), 1, false),
        // Of a longer character the backslash alone goes.
        _ => (0, false),
    }
}
