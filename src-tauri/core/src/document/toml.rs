//! Reading TOML. `toml_edit` judges the syntax; where things stand is read off the source here, statement by statement.
//!
//! TOML lets one table be written in many places (headers, sub-tables, dotted keys, inline tables). A list of
//! statements with their absolute routes keeps all of those places, which edits need, and carries over `\r\n` and the
//! byte order mark, because nothing is ever written back from a parsed form.

use std::ops::Range;

use super::braces::Braces;
use super::{MAX_DEPTH, Node, Route, Step, SyntaxError, SyntaxReason, bom, text};

mod scan;
mod tree;

pub(super) use scan::Statement;

/// A TOML file as its statements, each with the absolute route of what it defines.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) statements: Vec<Statement>,
    /// For a header the route of its table, for a pair the route of its value.
    pub(super) routes: Vec<Route>,
    /// For a pair the index of the header it stands under; a header names itself; `None` above the first header.
    pub(super) sections: Vec<Option<usize>>,
}

pub(super) fn check(source: &[u8]) -> Result<(), SyntaxError> {
    let text = text(source)?;
    let start = bom(source);
    // The parser recurses; this bound holds whatever bound of its own it is built with.
    if let Some(offset) = scan::too_deep(source) {
        return Err(SyntaxError::at(source, offset, SyntaxReason::TooDeep, false));
    }
    if let Err(e) = toml_edit::Document::parse(&text[start..]) {
        let end = text.trim_end().len();
        let offset = e.span().map_or(end, |s| s.start + start);
        let reason = match e.message().lines().next().unwrap_or("not TOML") {
            // Long dotted keys; brackets were counted above.
            "recursion limit" => SyntaxReason::TooDeep,
            detail => SyntaxReason::Toml { detail: detail.to_owned() },
        };
        // An unclosed string, bracket or key, or a fault in a last line that has no line break yet.
        let truncated = matches!(scan::statements(source), Err(scan::Stop::Ended))
            || (!source.ends_with(b"\n") && memchr::memchr(b'\n', &source[offset.min(source.len())..]).is_none());
        return Err(SyntaxError::at(source, offset, reason, truncated));
    }
    let layout = layout(source).ok_or_else(|| SyntaxError::at(source, start, SyntaxReason::Unsupported, false))?;
    for (statement, route) in layout.statements.iter().zip(&layout.routes) {
        if route.0.len() > MAX_DEPTH {
            let reason = SyntaxReason::TooDeep;
            return Err(SyntaxError::at(source, statement.span.start, reason, false));
        }
    }
    Ok(())
}

/// Returns the statements of a source that has passed [`check`].
pub(super) fn layout(source: &[u8]) -> Option<Layout> {
    let statements = scan::statements(source).ok()?;
    let (_, routes) = tree::grow(&statements);
    let mut header = None;
    let sections = (0..statements.len())
        .map(|i| {
            if statements[i].header.is_some() {
                header = Some(i);
            }
            header
        })
        .collect();
    Some(Layout { statements, routes, sections })
}

/// The whole document as a node. The source has passed [`check`].
pub(super) fn root(source: &[u8]) -> Option<Node> {
    let statements = scan::statements(source).ok()?;
    let (table, _) = tree::grow(&statements);
    tree::node(source, &table)
}

/// Returns the layout of the inline table whose brace stands at `open`. The source has passed [`check`].
pub(super) fn braces(source: &[u8], open: usize) -> Option<Braces> {
    scan::braces(source, open).ok()
}

/// The header or pair as it is written, up to the part of the key that a route of `length` steps names.
pub(super) fn prefix_of(statement: &Statement, route: &Route, length: usize) -> Option<Range<usize>> {
    // The last parts of the key are the last steps of the route, positions in arrays left out.
    let beyond = route.0[length..].iter().filter(|s| matches!(s, Step::Key { .. })).count();
    let last = statement.parts.len().checked_sub(beyond + 1)?;
    Some(statement.parts[0].span.start..statement.parts[last].span.end)
}
