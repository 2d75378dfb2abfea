//! Tables that fit the page: no lines, two spaces between columns.

use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, Color, ColumnConstraint, ContentArrangement, Table, Width};

use super::Page;

/// How a cell is coloured; shape and word say the same without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Dim,
    /// Changed, in doubt, waiting.
    Look,
    /// A finding of high severity, known harmful.
    Danger,
    /// A person or a policy stands behind it.
    Settled,
}

/// One cell before it is laid out.
#[derive(Debug, Clone)]
pub(crate) struct Field(pub(crate) String, pub(crate) Tone);

impl From<String> for Field {
    fn from(text: String) -> Self {
        Self(text, Tone::Plain)
    }
}

/// Lays rows out below each other. `fixed` columns, given as widest contents, do not break; the others share what is left.
pub(crate) fn rows(page: &Page<'_>, header: &[String], rows: Vec<Vec<Field>>, fixed: &[Option<usize>]) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(page.width).unwrap_or(u16::MAX));
    if page.colour {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    if !header.is_empty() {
        table.set_header(header.iter().map(|text| Cell::new(text).add_attribute(Attribute::Bold)));
    }
    for row in rows {
        table.add_row(row.into_iter().map(|Field(text, tone)| paint(Cell::new(text), tone)));
    }
    let last = table.column_count().saturating_sub(1);
    for (index, column) in table.column_iter_mut().enumerate() {
        let gap = if index == last { 0 } else { 2 };
        column.set_padding((0, gap));
        if let Some(width) = fixed.get(index).copied().flatten() {
            let width = u16::try_from(width).unwrap_or(u16::MAX).saturating_add(gap);
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
        }
    }
    table.trim_fmt()
}

fn paint(cell: Cell, tone: Tone) -> Cell {
    match tone {
        Tone::Plain => cell,
        Tone::Dim => cell.add_attribute(Attribute::Dim),
        Tone::Look => cell.fg(Color::Yellow),
        Tone::Danger => cell.fg(Color::Red),
        Tone::Settled => cell.fg(Color::DarkCyan),
    }
}

/// Puts spaces before every line.
pub(crate) fn indented(text: &str, by: usize) -> String {
    let lines: Vec<_> = text.lines().map(|line| format!("{:by$}{line}", "").trim_end().to_owned()).collect();
    lines.join("\n")
}

/// Breaks every line between words to fit `width` columns, each piece behind so many spaces: a table breaks what is too
/// long without them. A word that is longer than a line is left to the table.
pub(crate) fn hanging(text: &str, by: usize, width: usize) -> String {
    let room = width.saturating_sub(by).max(1);
    let mut out = Vec::new();
    for line in text.lines() {
        out.extend(wrapped(line, " ", room).into_iter().map(|piece| format!("{:by$}{piece}", "")));
    }
    out.join("\n")
}

/// Breaks a line at `separator` so that no piece is wider than `room`, where that is possible.
pub(crate) fn wrapped(line: &str, separator: &str, room: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for part in line.split(separator) {
        match out.last_mut() {
            Some(last) if last.chars().count() + separator.chars().count() + part.chars().count() <= room => {
                last.push_str(separator);
                last.push_str(part);
            }
            _ => out.push(part.to_owned()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_their_parts() {
        let check = |line: &str, room: usize, expect: &[&str]| assert_eq!(wrapped(line, " · ", room), expect);
        check("a · b · c", 20, &["a · b · c"]);
        check("a · b · c", 5, &["a · b", "c"]);
        check("abcdef · b", 3, &["abcdef", "b"]);
        assert_eq!(hanging("one two three\nx", 2, 10), "  one two\n  three\n  x");
    }
}
