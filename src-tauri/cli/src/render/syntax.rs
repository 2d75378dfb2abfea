//! Shows the line that cannot be parsed, without its values.

use gatehouse_core::engine::Unparsable;
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};

use super::Page;
use super::chips::visible;

/// Lines shown before and after the one that is wrong.
const AROUND: usize = 1;

/// Characters of a line that are shown at most; minified files have one line.
const WIDTH: usize = 200;

/// Words that are part of the formats of configuration files. Nothing else is shown as it stands.
const KNOWN: &[&str] = &[
    "alwaysAllow",
    "args",
    "autoApprove",
    "bearer_token_env_var",
    "command",
    "context_servers",
    "cwd",
    "disabled",
    "enabled",
    "env",
    "extensions",
    "false",
    "headers",
    "http",
    "httpUrl",
    "mcp",
    "mcpServers",
    "mcp_servers",
    "null",
    "projects",
    "serverUrl",
    "servers",
    "sse",
    "stdio",
    "timeout",
    "tools",
    "true",
    "trust",
    "type",
    "uri",
    "url",
];

#[derive(Debug)]
struct Report {
    message: String,
    help: String,
    label: String,
    source: NamedSource<String>,
    at: usize,
    length: usize,
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Report {}

impl Diagnostic for Report {
    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        Some(Box::new(&self.help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(LabeledSpan::new(Some(self.label.clone()), self.at, self.length))))
    }
}

/// The message, with the line on a terminal.
pub(crate) fn unparsable(page: &Page<'_>, file: &Unparsable, graphical: bool) -> String {
    let (line, column) = (file.error.line.to_string(), file.error.column.to_string());
    let path = visible(&page.host.display(&file.path));
    let reason = page.speech().syntax(&file.error.reason);
    let args = [("path", path.as_str()), ("line", &line), ("column", &column), ("reason", &reason)];
    let help = page.say("syntax-help", &[]);
    if !graphical {
        return format!("{}\n{help}", page.say("syntax-plain", &args));
    }
    let (source, at, length) = excerpt(&file.text, file.error.line, file.error.column);
    let message = page.say("syntax-heading", &args);
    let source = NamedSource::new(path, source);
    let report = Report { message, help, label: reason, source, at, length };
    let theme = if page.colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    drawn(&report, theme, page.width)
}

fn drawn(report: &Report, theme: GraphicalTheme, width: usize) -> String {
    let mut out = String::new();
    let handler = GraphicalReportHandler::new_themed(theme).with_width(width).with_context_lines(AROUND);
    handler.render_report(&mut out, report).expect("a string takes all text");
    out.trim_end().to_owned()
}

/// Returns the masked lines around a place, below as many empty ones as keep the numbers right, and the place in bytes.
fn excerpt(text: &str, line: u32, column: u32) -> (String, usize, usize) {
    let line = usize::try_from(line).unwrap_or(1).max(1);
    let column = usize::try_from(column).unwrap_or(1).max(1);
    let first = line.saturating_sub(1 + AROUND);
    let mut out = "\n".repeat(first);
    let (mut at, mut length) = (out.len(), 0);
    // What stands left of the window in a very long line is left out; the place is then marked at the start of it.
    let skip = if column > WIDTH { column - WIDTH / 2 } else { 0 };
    for (number, source) in text.lines().enumerate().skip(first).take(1 + 2 * AROUND) {
        let (skip, wanted) =
            if number + 1 == line { (skip, Some(column - 1 - skip.min(column - 1))) } else { (0, None) };
        let masked: Vec<char> = mask(source).chars().skip(skip).take(WIDTH).collect();
        if let Some(wanted) = wanted {
            let wanted = wanted.min(masked.len());
            at = out.len() + masked[..wanted].iter().map(|c| c.len_utf8()).sum::<usize>();
            length = masked.get(wanted).map_or(0, |c| c.len_utf8());
        }
        out.extend(masked);
        out.push('\n');
    }
    let at = at.min(out.len());
    (out, at, length)
}

/// Replaces all but punctuation and known words by asterisks, one for one, so that columns stay.
fn mask(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut word = String::new();
    let flush = |word: &mut String, out: &mut String| {
        if KNOWN.contains(&word.as_str()) {
            out.push_str(word);
        } else {
            out.extend(word.chars().map(|_| '*'));
        }
        word.clear();
    };
    for c in line.chars() {
        // Every character that a secret can be made of belongs to a word, so that no part of one is told.
        let ends = matches!(c, '{' | '}' | '[' | ']' | ':' | ',' | '"' | '\'' | '=' | ' ' | '#');
        if ends {
            flush(&mut word, &mut out);
            out.push(c);
        } else if c == '\t' {
            flush(&mut word, &mut out);
            out.push(' ');
        } else {
            word.push(c);
        }
    }
    flush(&mut word, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_are_masked_and_columns_stay() {
        let check = |line: &str, expect: &str| assert_eq!(mask(line), expect);
        check(r#"  "env": { "TOKEN": "sk-12/3+4=" },"#, r#"  "env": { "*****": "*********=" },"#);
        check("command = 'npx'", "command = '***'");
        check("a\u{202e}b", "***");
        check(r#""argsecret": 1"#, r#""*********": *"#);
    }

    #[test]
    fn a_broken_file_is_shown_without_its_values() {
        let text = "{\n  \"mcpServers\": {\n    \"x\": { \"TOKEN\": \"sk-1234567890\" \"B\": 1 }\n  }\n}\n";
        let (source, at, length) = excerpt(text, 3, 37);
        assert_eq!(source, "\n  \"mcpServers\": {\n    \"*\": { \"*****\": \"*************\" \"*\": * }\n  }\n");
        assert_eq!(&source[at..at + length], "\"");
        assert_eq!(source[..at].lines().count(), 3);
    }

    #[test]
    fn the_line_is_shown_on_a_terminal() {
        let (source, at, length) = excerpt("{\n  \"mcpServers\": {\n    \"x\": { \"args\" [] }\n  }\n}\n", 3, 19);
        let (message, help) = ("~/.cursor/mcp.json cannot be parsed".to_owned(), "Mend the line.".to_owned());
        let source = NamedSource::new("~/.cursor/mcp.json", source);
        let report = Report { message, help, label: "a colon is missing".to_owned(), source, at, length };
        insta::assert_snapshot!(drawn(&report, GraphicalTheme::unicode_nocolor(), 80), @r#"
 × ~/.cursor/mcp.json cannot be parsed
  ╭─[~/.cursor/mcp.json:3:19]
2 │   "mcpServers": {
3 │     "*": { "args" [] }
  ·                   ┬
  ·                   ╰── a colon is missing
4 │   }
  ╰────
 help: Mend the line.
"#);
    }

    proptest! {
        #[test]
        fn no_secret_survives(secret in "[A-Za-z0-9_+/.-]{12,40}", before in "[ \"'{}:,=a-z]{0,20}") {
            prop_assume!(!KNOWN.contains(&secret.as_str()));
            let line = format!("{before}{secret}");
            let masked = mask(&line);
            prop_assert!(!masked.contains(&secret));
            prop_assert_eq!(masked.chars().count(), line.chars().count());
        }

        #[test]
        fn any_place_can_be_shown(text in "[ -~\n\u{e9}\u{1b}]{0,300}", line in 0u32..12, column in 0u32..300) {
            let (source, at, length) = excerpt(&text, line, column);
            prop_assert!(source.is_char_boundary(at) && source.is_char_boundary(at + length));
        }
    }
}
