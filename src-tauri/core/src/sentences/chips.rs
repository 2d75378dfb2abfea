//! Makes characters visible that would not be seen, or that would steer what shows them.

use std::fmt::Write as _;

/// Returns text from outside with every hidden character as a chip: `⟦U+202E⟧`.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            write!(out, "⟦U+{:04X}⟧", u32::from(c)).expect("a string takes all text");
        } else {
            out.push(c);
        }
    }
    out
}

/// Returns JSON text with hidden characters escaped; the values stay the same.
///
/// Outside its strings JSON holds line ends and spaces only, and inside them neither line ends nor controls.
pub fn escape_hidden(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}").expect("a string takes all text");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Control, format and bidi characters, spaces that are not the space, fillers and what only varies its neighbour.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || (c.is_whitespace() && c != ' ')
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}'
            | '\u{8e2}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_not_seen_becomes_a_chip() {
        let check = |text: &str, expect: &str| assert_eq!(visible(text), expect);
        check("postmark", "postmark");
        check("conexión ✓ 邮戳", "conexión ✓ 邮戳");
        check("a\u{202e}b", "a⟦U+202E⟧b");
        check("\u{1b}[31mred", "⟦U+001B⟧[31mred");
        check("a\r\nb\tc", "a⟦U+000D⟧⟦U+000A⟧b⟦U+0009⟧c");
        check("zero\u{200b}width", "zero⟦U+200B⟧width");
        check("\u{e0041}", "⟦U+E0041⟧");
        check("a\u{a0}b", "a⟦U+00A0⟧b");
        check("\u{9b}31m", "⟦U+009B⟧31m");
    }

    /// Written without the function under test: the categories that Unicode calls control, and the bidi controls.
    fn steers(c: char) -> bool {
        c.is_control() || matches!(c as u32, 0x61c | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfeff)
    }

    proptest! {
        #[test]
        fn nothing_that_steers_gets_through(text in any::<String>(), extra in "[\u{0}-\u{1f}\u{7f}-\u{9f}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{200b}-\u{200f}]{0,8}") {
            let shown = visible(&format!("{text}{extra}"));
            prop_assert!(!shown.chars().any(steers), "{shown:?}");
        }

        #[test]
        fn escaped_json_keeps_its_values(text in any::<String>()) {
            let value = serde_json::json!({ "name": text });
            let written = escape_hidden(&serde_json::to_string_pretty(&value).expect("it is JSON"));
            prop_assert!(!written.chars().any(|c| c != '\n' && steers(c)), "{written:?}");
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&written).expect("it stays JSON"), value);
        }
    }
}
