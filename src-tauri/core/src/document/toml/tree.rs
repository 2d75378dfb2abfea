//! From statements to tables: which place of the file defines which member.

use std::collections::HashMap;
use std::ops::Range;

use super::scan::{self, Statement};
use crate::document::{Member, Node, Route, Step, Value};

/// A table, wherever its members are written.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// In file order.
    entries: Vec<Entry>,
    index: HashMap<String, usize>,
    /// From its first header or key to its last statement.
    span: Option<Range<usize>>,
}

#[derive(Debug)]
struct Entry {
    name: String,
    key: Range<usize>,
    item: Item,
}

#[derive(Debug)]
enum Item {
    Value(Range<usize>),
    Table(Table),
    /// An array of tables, with its span.
    Tables(Vec<Table>, Range<usize>),
}

impl Table {
    fn widen(&mut self, by: &Range<usize>) {
        self.span = Some(match self.span.take() {
            Some(span) => span.start.min(by.start)..span.end.max(by.end),
            None => by.clone(),
        });
    }

    fn entry(&mut self, name: &str, key: &Range<usize>, make: impl FnOnce() -> Item) -> &mut Item {
        let index = match self.index.get(name) {
            Some(index) => *index,
            None => {
                let index = self.entries.len();
                self.index.insert(name.to_owned(), index);
                self.entries.push(Entry { name: name.to_owned(), key: key.clone(), item: make() });
                index
            }
        };
        &mut self.entries[index].item
    }

    /// Goes one key down, making the table where it is missing, into the last of an array of tables.
    fn child(&mut self, name: &str, key: &Range<usize>, by: &Range<usize>, route: &mut Vec<Step>) -> Option<&mut Self> {
        route.push(Step::Key { name: name.to_owned(), nth: 1 });
        let table = match self.entry(name, key, || Item::Table(Self::default())) {
            Item::Table(table) => table,
            Item::Tables(tables, span) => {
                span.end = span.end.max(by.end);
                route.push(Step::Index(tables.len().checked_sub(1)?));
                tables.last_mut()?
            }
            Item::Value(_) => return None,
        };
        table.widen(by);
        Some(table)
    }
}

/// Grows the tree of a file, and tells the absolute route of each statement.
pub(super) fn grow(statements: &[Statement]) -> (Table, Vec<Route>) {
    let mut root = Table::default();
    let mut routes = Vec::new();
    // The keys of the section's header: followed from the root for each of its pairs.
    let mut section: Option<&Statement> = None;
    for statement in statements {
        let mut route = Vec::new();
        let by = &statement.span;
        root.widen(by);
        let mut table = Some(&mut root);
        if statement.header.is_some() {
            section = Some(statement);
        } else {
            for part in section.iter().flat_map(|s| &s.parts) {
                table = table.and_then(|t| t.child(&part.name, &part.span, by, &mut route));
            }
        }
        if let Some((last, path)) = statement.parts.split_last() {
            for part in path {
                table = table.and_then(|t| t.child(&part.name, &part.span, by, &mut route));
            }
            match (statement.header, &statement.value, table) {
                (Some(true), _, Some(table)) => {
                    route.push(Step::Key { name: last.name.clone(), nth: 1 });
                    let item = table.entry(&last.name, &last.span, || Item::Tables(Vec::new(), by.clone()));
                    if let Item::Tables(tables, span) = item {
                        span.end = span.end.max(by.end);
                        route.push(Step::Index(tables.len()));
                        tables.push(Table { span: Some(by.clone()), ..Table::default() });
                    }
                }
                (Some(false), _, Some(table)) => {
                    table.child(&last.name, &last.span, by, &mut route);
                }
                (None, Some(value), Some(table)) => {
                    route.push(Step::Key { name: last.name.clone(), nth: 1 });
                    table.entry(&last.name, &last.span, || Item::Value(value.clone()));
                }
                _ => {}
            }
        }
        routes.push(Route(route));
    }
    (root, routes)
}

/// Turns a table into a node.
pub(super) fn node(source: &[u8], table: &Table) -> Option<Node> {
    let mut members = Vec::new();
    for Entry { name, key, item } in &table.entries {
        let node = match item {
            Item::Value(span) => value(source, span.clone())?,
            Item::Table(table) => node(source, table)?,
            Item::Tables(tables, span) => {
                let items = tables.iter().map(|t| node(source, t)).collect::<Option<Vec<_>>>()?;
                Node { value: Value::Array(items), span: span.clone() }
            }
        };
        members.push(Member { key: name.clone(), nth: 1, key_span: key.clone(), node });
    }
    Some(Node { value: Value::Object(members), span: table.span.clone().unwrap_or(0..0) })
}

fn value(source: &[u8], span: Range<usize>) -> Option<Node> {
    let written = &source[span.clone()];
    let value = match written.first()? {
        b'{' => {
            let mut table = Table::default();
            for slot in scan::braces(source, span.start).ok()?.slots {
                let (last, path) = slot.keys.split_last()?;
                let mut at = &mut table;
                for name in path {
                    at = at.child(name, &slot.key, &slot.span(), &mut Vec::new())?;
                }
                at.entry(last, &slot.key, || Item::Value(slot.value.clone()));
            }
            node(source, &table)?.value
        }
        b'[' => {
            let items = scan::items(source, span.start).ok()?;
            Value::Array(items.into_iter().map(|item| value(source, item)).collect::<Option<Vec<_>>>()?)
        }
        b'"' | b'\'' => Value::String(scan::decoded(written)?),
        _ if written == b"true" || written == b"false" => Value::Bool(written == b"true"),
        _ => {
            let text = || String::from_utf8_lossy(written).into_owned();
            match scan::scalar(written)? {
                toml_edit::Value::Datetime(_) => Value::Date(text()),
                _ => Value::Number(text()),
            }
        }
    };
    Some(Node { value, span })
}
