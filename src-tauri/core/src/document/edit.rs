//! Edits of one entry as splices on the original bytes.
//!
//! Every edit is computed as splices, applied, read again and compared: all members but the one concerned must be
//! what they were, or the edit is refused.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Document, Format, Route, Step};

mod json;
mod list;
mod member;
mod outline;
mod part;
mod stash;
mod toml;
mod writing;
mod yaml;

pub use stash::Stash;

pub(in crate::document) use part::respell;

use outline::{canonical, outline};
use stash::Kind;

/// A computed edit: the whole file afterwards, and what undoes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    pub after: Document,
    pub stash: Stash,
}

/// How an entry came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exactness {
    /// The very bytes, where they stood.
    Exact,
    /// The entry's own bytes, at a place found by its neighbours in a file that changed meanwhile.
    ByMeaning,
}

/// The result of [`Document::restore`].
#[derive(Debug, Clone, PartialEq)]
pub struct Restored {
    pub after: Document,
    pub exactness: Exactness,
}

/// Why an edit is refused. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error("there is no entry at {0}")]
    Missing(Route),
    #[error("another entry stands at {0}")]
    Taken(Route),
    #[error("the text around {0} cannot be edited exactly: {1}")]
    Inexact(Route, &'static str),
}

/// Bytes to be exchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Splice {
    span: Range<usize>,
    added: Vec<u8>,
}

impl Splice {
    fn cut(span: Range<usize>) -> Self {
        Self { span, added: Vec::new() }
    }

    /// The one splice that makes one text of another.
    fn between(before: &[u8], after: &[u8]) -> Self {
        let start = before.iter().zip(after).take_while(|(a, b)| a == b).count();
        let (rest, now) = (&before[start..], &after[start..]);
        let end = rest.iter().rev().zip(now.iter().rev()).take_while(|(a, b)| a == b).count();
        Self { span: start..before.len() - end, added: now[..now.len() - end].to_vec() }
    }
}

/// Applies splices, which are brought into file order. They do not overlap.
fn apply(source: &[u8], splices: &mut [Splice]) -> Vec<u8> {
    splices.sort_by_key(|s| (s.span.start, s.span.end));
    let mut out = Vec::with_capacity(source.len());
    let mut pos = 0;
    for splice in splices.iter() {
        out.extend(&source[pos..splice.span.start]);
        out.extend(&splice.added);
        pos = splice.span.end;
    }
    out.extend(&source[pos..]);
    out
}

fn read_again(before: &Document, after: Vec<u8>, route: &Route) -> Result<Document, EditError> {
    Document::parse(before.format(), after)
        .map_err(|_| EditError::Inexact(route.clone(), "the text would not be readable afterwards"))
}

/// The route with the positions of items that are known by their names.
fn positions(document: &Document, route: &Route) -> Result<Route, EditError> {
    document.positions(route).ok_or_else(|| EditError::Missing(route.clone()))
}

/// What is refused for every edit of a format that is only read.
fn only_read<T>(route: &Route) -> Result<T, EditError> {
    inexact(route, "files of this format are read and never edited")
}

fn inexact<T>(route: &Route, why: &'static str) -> Result<T, EditError> {
    Err(EditError::Inexact(route.clone(), why))
}

/// The parent of an entry that has a name.
fn container(route: &Route) -> Result<Route, EditError> {
    match (route.parent(), route.0.last()) {
        (Some(parent), Some(Step::Key { .. } | Step::Named { .. })) => Ok(parent),
        (Some(_), _) => inexact(route, "it is an item of a list"),
        (None, _) => inexact(route, "it is the whole file"),
    }
}

/// The route to open documents along so that an entry can be taken out and the others be compared.
fn around(route: &Route, parent: &Route) -> Route {
    // Of a list each item is compared as a whole: the position leads to none.
    if matches!(route.0.last(), Some(Step::Named { .. })) { parent.item(usize::MAX) } else { parent.clone() }
}

/// Takes the entry at `route` out of `before`, and compares with `after`, where it is not.
fn only_removed(before: &Document, after: &Document, route: &Route) -> bool {
    let Some(parent) = route.parent() else { return false };
    let along = around(route, &parent);
    let (Some(mut was), Some(is)) = (outline(before, &along), outline(after, &along)) else { return false };
    let Ok(at) = positions(before, route) else { return false };
    if was.remove(&at.0).is_none() {
        return false;
    }
    if before.format() == Format::Toml {
        // A table that is only mentioned in the headers of its members goes with the last of them.
        return was.prune(&parent.0) == is.prune(&parent.0);
    }
    was == is
}

/// Items of lists come and go in YAML: no client keeps its entries in one in the other formats, but those that have a
/// switch of their own.
fn of_yaml_only(document: &Document, route: &Route) -> Result<(), EditError> {
    match route.0.last() {
        Some(Step::Named { .. }) if document.format() != Format::Yaml => inexact(route, "it is an item of a list"),
        _ => Ok(()),
    }
}

pub(super) fn cut(document: &Document, route: &Route) -> Result<Edit, EditError> {
    container(route)?;
    of_yaml_only(document, route)?;
    positions(document, route)?;
    let (mut splices, cut) = match document.format() {
        Format::Toml => toml::cut(document.source(), route)?,
        Format::Yaml => yaml::cut(document.source(), route)?,
        Format::Xml | Format::FrontMatter => return only_read(route),
        Format::Json | Format::Jsonc | Format::Json5 => json::cut(document.source(), route)?,
    };
    let after = apply(document.source(), &mut splices);
    let stash = Stash::new(document, route, &splices, &after, Kind::Cut(Box::new(cut)));
    let after = read_again(document, after, route)?;
    if !only_removed(document, &after, route) {
        return inexact(route, "something else would change with it");
    }
    Ok(Edit { after, stash })
}

pub(super) fn enlist(document: &Document, list: &Route, item: &serde_json::Value) -> Result<Edit, EditError> {
    list::enlist(document, list, item)
}

pub(super) fn switch(document: &Document, route: &Route, key: &str, to: bool) -> Result<Edit, EditError> {
    let named = route;
    let route = &positions(document, route)?;
    let (mut splices, switch) = match document.format() {
        Format::Toml => toml::switch(document.source(), route, key, to)?,
        Format::Yaml => yaml::switch(document.source(), route, key, to)?,
        Format::Xml | Format::FrontMatter => return only_read(route),
        Format::Json | Format::Jsonc | Format::Json5 => json::switch(document.source(), route, key, to)?,
    };
    let after = apply(document.source(), &mut splices);
    let stash = Stash::new(document, named, &splices, &after, Kind::Switch(switch));
    let after = read_again(document, after, route)?;
    let set = after.node(route).and_then(|n| n.value.get(key)?.value.as_bool());
    if set != Some(to) || !others_equal(document, &after, route, &[key]) {
        return inexact(route, "something else would change with it");
    }
    Ok(Edit { after, stash })
}

/// Compares two documents without regard to some members of one entry.
fn others_equal(before: &Document, after: &Document, route: &Route, keys: &[&str]) -> bool {
    let without = |document: &Document| {
        let mut outline = outline(document, route)?;
        for key in keys {
            while outline.remove(&route.key(key).0).is_some() {}
        }
        Some(outline)
    };
    let (was, is) = (without(before), without(after));
    was.is_some() && was == is
}

pub(super) fn restore(document: &Document, stash: &Stash) -> Result<Restored, EditError> {
    let route = &stash.route;
    if let Some(after) = stash.undo(document.source()) {
        let after = read_again(document, after, route)?;
        return Ok(Restored { after, exactness: Exactness::Exact });
    }
    let kind_of = |format| match format {
        Format::Json | Format::Jsonc | Format::Json5 => Format::Json,
        other => other,
    };
    if kind_of(document.format()) != kind_of(stash.format()) {
        return inexact(route, "the file has another format now");
    }
    let after = match &stash.kind {
        Kind::Cut(cut) => {
            let parent = container(route)?;
            of_yaml_only(document, route)?;
            let entry = stash.node().ok_or_else(|| EditError::Inexact(route.clone(), "the kept text is damaged"))?;
            let (mut splices, route) = match document.format() {
                Format::Toml => toml::insert(document.source(), route, cut, &entry)?,
                Format::Yaml => yaml::insert(document.source(), route, cut, &entry)?,
                Format::Xml | Format::FrontMatter => return only_read(route),
                Format::Json | Format::Jsonc | Format::Json5 => json::insert(document.source(), route, cut)?,
            };
            let after = read_again(document, apply(document.source(), &mut splices), &route)?;
            let back = after.node(&route).is_some_and(|n| canonical(&n.value) == canonical(&entry.value));
            let (along, at) = (around(&route, &parent), positions(&after, &route)?);
            let rest = outline(&after, &along).and_then(|mut is| is.remove(&at.0).map(|_| is.prune(&parent.0)));
            if !back || rest.is_none() || rest != outline(document, &along).map(|was| was.prune(&parent.0)) {
                return inexact(&route, "something else would change with it");
            }
            after
        }
        Kind::List(listing) => list::delist(document, route, listing)?,
        Kind::Switch(switch) => {
            let route = &positions(document, route)?;
            let mut splices = match document.format() {
                Format::Toml => toml::unswitch(document.source(), route, switch)?,
                Format::Yaml => yaml::unswitch(document.source(), route, switch)?,
                Format::Xml | Format::FrontMatter => return only_read(route),
                Format::Json | Format::Jsonc | Format::Json5 => json::unswitch(document.source(), route, switch)?,
            };
            let after = read_again(document, apply(document.source(), &mut splices), route)?;
            if !others_equal(document, &after, route, &[&switch.key]) {
                return inexact(route, "something else would change with it");
            }
            after
        }
    };
    Ok(Restored { after, exactness: Exactness::ByMeaning })
}

pub(super) fn amend(
    document: &Document,
    route: &Route,
    changes: &[(String, Option<serde_json::Value>)],
) -> Result<Document, EditError> {
    let route = &positions(document, route)?;
    let mut now = document.clone();
    for (key, value) in changes {
        now = match document.format() {
            Format::Toml => toml::set(now, route, key, value.as_ref())?,
            Format::Yaml => yaml::set(&now, route, key, value.as_ref())?,
            Format::Xml | Format::FrontMatter => return only_read(route),
            Format::Json | Format::Jsonc | Format::Json5 => json::set(now, route, key, value.as_ref())?,
        };
    }
    let entry = now.node(route).ok_or_else(|| EditError::Missing(route.clone()))?;
    let keys: Vec<&str> = changes.iter().map(|(key, _)| key.as_str()).collect();
    // Of two changes to one key the last holds.
    let holds = changes.iter().enumerate().all(|(i, (key, value))| {
        changes[i + 1..].iter().any(|(later, _)| later == key)
            || entry.value.get(key).map(|n| n.value.to_json()) == *value
    });
    if !holds || !others_equal(document, &now, route, &keys) {
        return inexact(route, "something else would change with it");
    }
    Ok(now)
}
