//! The members around an entry, level by level: what an edit must not have changed.

use std::fmt::Write as _;

use crate::document::{Document, Format, Node, Route, Step, Value, json, toml, yaml};

/// A value, opened as far as a route leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outline {
    /// JSON: the bytes as written. Otherwise: the value without regard to how it is written.
    Closed(Vec<u8>),
    Open(Vec<(String, Self)>),
}

/// In place of a key: an item is told by its position, which changes when one before it comes or goes.
const ITEM: &str = "[]";

/// Opens a document along a route, the object at its end included.
pub(super) fn outline(document: &Document, route: &Route) -> Option<Outline> {
    match document.format() {
        Format::Toml => {
            // An edit may change which table is first mentioned where.
            return toml::root(document.source()).map(|node| open_node(&node, Some(&route.0), true));
        }
        Format::Yaml => {
            return Some(match yaml::root(document.source()) {
                Some(node) => open_node(&node, Some(&route.0), false),
                None => Outline::Open(Vec::new()),
            });
        }
        Format::Xml | Format::FrontMatter => return None,
        Format::Json | Format::Jsonc | Format::Json5 => {}
    }
    match json::offset_of(document.source(), &Route::root()) {
        Some(start) => open_json(document.source(), start..document.source().len(), Some(&route.0)),
        None => Some(Outline::Open(Vec::new())),
    }
}

/// What remains of the steps for the child with this name, `None` off the route.
fn onward<'a>(steps: &'a [Step], name: &str, nth: u32) -> Option<&'a [Step]> {
    let (first, rest) = steps.split_first()?;
    (matches!(first, Step::Key { name: n, nth: k } if n == name && *k == nth)).then_some(rest)
}

fn open_json(source: &[u8], span: std::ops::Range<usize>, steps: Option<&[Step]>) -> Option<Outline> {
    let closed = || Outline::Closed(source[span.clone()].to_vec());
    let Some(steps) = steps else { return Some(closed()) };
    match source[span.start] {
        b'{' => {
            let braces = json::braces(source, span.start)?;
            let mut members: Vec<(String, Outline)> = Vec::new();
            let mut seen = 0;
            for slot in &braces.slots {
                let name = &slot.keys[0];
                // Only the key of the route needs its number.
                let on_route = matches!(steps.first(), Some(Step::Key { name: n, .. }) if n == name);
                seen += u32::from(on_route);
                let rest = onward(steps, name, seen);
                members.push((name.clone(), open_json(source, slot.value.clone(), rest)?));
            }
            Some(Outline::Open(members))
        }
        b'[' => {
            let Some((Step::Index(index), rest)) = steps.split_first() else { return Some(closed()) };
            let items = json::items(source, span.start)?.into_iter().enumerate();
            let open =
                items.map(|(i, item)| Some((ITEM.to_owned(), open_json(source, item, (i == *index).then_some(rest))?)));
            Some(Outline::Open(open.collect::<Option<Vec<_>>>()?))
        }
        _ => Some(closed()),
    }
}

fn open_node(node: &Node, steps: Option<&[Step]>, sorted: bool) -> Outline {
    let Some(steps) = steps else { return Outline::Closed(canonical(&node.value).into_bytes()) };
    match &node.value {
        Value::Object(members) => {
            let open =
                members.iter().map(|m| (m.key.clone(), open_node(&m.node, onward(steps, &m.key, m.nth), sorted)));
            let mut open: Vec<_> = open.collect();
            if sorted {
                open.sort_by(|a, b| a.0.cmp(&b.0));
            }
            Outline::Open(open)
        }
        Value::Array(items) if matches!(steps.first(), Some(Step::Index(_))) => {
            let open = items.iter().enumerate().map(|(i, item)| {
                let rest = matches!(steps[0], Step::Index(n) if n == i).then(|| &steps[1..]);
                (ITEM.to_owned(), open_node(item, rest, sorted))
            });
            Outline::Open(open.collect())
        }
        value => Outline::Closed(canonical(value).into_bytes()),
    }
}

/// A value as one text that is equal for equal values; order of members counts not.
pub(super) fn canonical(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(text) => out.push_str(text),
        Value::String(text) => {
            let _ = write!(out, "{text:?}");
        }
        Value::Date(text) => {
            let _ = write!(out, "@{text}");
        }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                out.push_str(&canonical(&item.value));
                out.push(',');
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut texts: Vec<String> =
                members.iter().map(|m| format!("{:?}#{}:{}", m.key, m.nth, canonical(&m.node.value))).collect();
            texts.sort();
            let _ = write!(out, "{{{}}}", texts.join(","));
        }
    }
    out
}

impl Outline {
    /// Takes the value at a route out; `None` where there is none.
    pub(super) fn remove(&mut self, route: &[Step]) -> Option<Self> {
        let (first, rest) = route.split_first()?;
        let Self::Open(members) = self else { return None };
        let index = match first {
            Step::Key { name, nth } => {
                let skip = usize::try_from(*nth).ok()?.checked_sub(1)?;
                members.iter().enumerate().filter(|(_, (n, _))| n == name).nth(skip)?.0
            }
            Step::Index(index) => *index,
            Step::Named { .. } => return None,
        };
        if rest.is_empty() {
            return (index < members.len()).then(|| members.remove(index).1);
        }
        members.get_mut(index)?.1.remove(rest)
    }

    /// Drops what holds nothing on the route, from the inside out.
    pub(super) fn prune(mut self, route: &[Step]) -> Self {
        for length in (1..=route.len()).rev() {
            let empty = |o: &Self| match o {
                Self::Open(members) => members.is_empty(),
                Self::Closed(text) => matches!(text.as_slice(), b"{}" | b"[]" | b"null"),
            };
            if self.at(&route[..length]).is_some_and(empty) {
                self.remove(&route[..length]);
            }
        }
        self
    }

    fn at(&self, route: &[Step]) -> Option<&Self> {
        let Some((first, rest)) = route.split_first() else { return Some(self) };
        let Self::Open(members) = self else { return None };
        let child = match first {
            Step::Key { name, nth } => {
                let skip = usize::try_from(*nth).ok()?.checked_sub(1)?;
                members.iter().filter(|(n, _)| n == name).nth(skip)?
            }
            Step::Index(index) => members.get(*index)?,
            Step::Named { .. } => return None,
        };
        child.1.at(rest)
    }
}
