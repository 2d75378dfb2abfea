//! A configuration file as text with routes into it: reading, and edits that touch one entry's bytes only.
//!
//! A [`Document`] keeps the source bytes. Reading yields [`Node`]s with byte spans; an edit is computed
//! as a list of splices on those same bytes, re-read, and compared entry by entry before it is returned.
//! Nothing here knows about clients or files.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

mod braces;
mod edit;
mod front_matter;
pub mod ini;
mod json;
mod reason;
mod toml;
mod xml;
mod yaml;

pub use edit::{Edit, EditError, Exactness, Restored, Stash};
pub use reason::{SyntaxReason, Wanted};

/// The deepest nesting that is read; deeper text is a [`SyntaxError`].
pub const MAX_DEPTH: usize = 128;

/// The syntax of a configuration file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// JSON. Read as tolerantly as JSONC: a client that is stricter reads less, never more.
    Json,
    /// JSON with comments and trailing commas.
    Jsonc,
    /// JSON5, without white space beyond ASCII between tokens.
    Json5,
    /// TOML 1.0.
    Toml,
    /// YAML 1.2, one document.
    Yaml,
    /// XML as the editors of JetBrains keep their state in it. Read, never edited.
    Xml,
    /// Markdown with YAML in front of it, which is what is read. Never edited.
    FrontMatter,
}

impl Format {
    /// Whether files of the format are read and never edited.
    pub fn is_only_read(self) -> bool {
        matches!(self, Self::Xml | Self::FrontMatter)
    }
}

/// One step of a [`Route`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// A key of an object or table; `nth` is 1 except for a repeated key, counted in file order.
    Key { name: String, nth: u32 },
    /// A position in an array, from 0.
    Index(usize),
    /// An item of an array by its member `name`, which stays as it is when items before it come and go; `nth` as for a
    /// key.
    Named { name: String, nth: u32 },
}

/// Where a value stands in a document, written `mcpServers.postmark.args[1]`.
///
/// A key that is not made of letters, digits, `_`, `-`, `@` and `/` is quoted as JSON:
/// `projects["/home/a b"].mcpServers.x`. The second of two equal keys is `x#2`. An item that is known by its name is
/// `mcpServers[name="mail"]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Route(pub Vec<Step>);

/// A value that was read, with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub value: Value,
    /// Bytes of the value in the source, without surrounding space. For a TOML table that is written in
    /// several places: from its first header or key to the end of its last line.
    pub span: Range<usize>,
}

/// A value of any of the formats.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    /// A number as it is written.
    Number(String),
    String(String),
    /// A TOML date or time as it is written.
    Date(String),
    Array(Vec<Node>),
    /// Members in file order; equal keys are all kept.
    Object(Vec<Member>),
}

/// One member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub key: String,
    /// 1, or 2 and up for a repeated key in file order.
    pub nth: u32,
    /// Bytes of the key as written, quotes included.
    pub key_span: Range<usize>,
    pub node: Node,
}

/// Counts lines from the last offset on: a file of many entries is gone through once.
#[derive(Debug)]
pub struct Lines<'a> {
    source: &'a [u8],
    offset: usize,
    line: u32,
}

impl Lines<'_> {
    /// Returns the line (from 1) of a byte offset.
    pub fn of(&mut self, offset: usize) -> u32 {
        let offset = offset.min(self.source.len());
        if offset < self.offset {
            (self.offset, self.line) = (0, 1);
        }
        let breaks = memchr::memchr_iter(b'\n', &self.source[self.offset..offset]).count();
        self.line = self.line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
        self.offset = offset;
        self.line
    }
}

/// One step of a pattern for [`Document::find`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// Exactly this key.
    Key(&'static str),
    /// Any key.
    Any,
}

/// Text that cannot be read as its format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at line {line}, column {column}")]
pub struct SyntaxError {
    /// Without secret values; it quotes at most a single character of the source.
    pub reason: SyntaxReason,
    /// Byte offset into the source.
    pub offset: usize,
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    /// The text ends before it is complete, as in a half-written file.
    pub truncated: bool,
}

impl SyntaxError {
    /// Makes an error at a byte offset of `source`, counting its line and column.
    fn at(source: &[u8], offset: usize, reason: SyntaxReason, truncated: bool) -> Self {
        let offset = offset.min(source.len());
        let from = bom(source).min(offset);
        let head = &source[from..offset];
        let line_start = memchr::memrchr(b'\n', head).map_or(0, |i| i + 1);
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            reason,
            offset,
            line: number(memchr::memchr_iter(b'\n', head).count() + 1),
            // Bytes that continue a character are not counted.
            column: number(head[line_start..].iter().filter(|b| **b & 0xC0 != 0x80).count() + 1),
            truncated,
        }
    }
}

/// The length of a UTF-8 byte order mark at the start, 0 without one.
fn bom(source: &[u8]) -> usize {
    if source.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 }
}

/// Checks that `source` is UTF-8.
fn text(source: &[u8]) -> Result<&str, SyntaxError> {
    std::str::from_utf8(source)
        .map_err(|e| SyntaxError::at(source, e.valid_up_to(), SyntaxReason::NotUtf8, e.error_len().is_none()))
}

/// A parsed configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    format: Format,
    source: Vec<u8>,
    /// Spans of large values of JSON, in order: a file of foreign state is gone through once, not for each pattern.
    large: Vec<Range<usize>>,
}

impl Document {
    /// Checks the syntax of `source` and keeps it. An empty or blank source is an empty document.
    ///
    /// The check is one pass without building values, so that a file of many megabytes of foreign state costs
    /// about as much as hashing it.
    pub fn parse(format: Format, source: Vec<u8>) -> Result<Self, SyntaxError> {
        let large = match format {
            Format::Json | Format::Jsonc => json::check(&source, false)?,
            Format::Json5 => json::check(&source, true)?,
            Format::Toml => {
                toml::check(&source)?;
                Vec::new()
            }
            Format::Yaml => {
                yaml::check(&source)?;
                Vec::new()
            }
            Format::Xml => {
                xml::check(&source)?;
                Vec::new()
            }
            Format::FrontMatter => {
                front_matter::check(&source)?;
                Vec::new()
            }
        };
        Ok(Self { format, source, large })
    }

    pub fn format(&self) -> Format {
        self.format
    }

    pub fn source(&self) -> &[u8] {
        &self.source
    }

    /// Returns every node that a pattern matches, in file order. Only matched subtrees are built.
    pub fn find(&self, pattern: &[Pattern]) -> Vec<(Route, Node)> {
        match self.format {
            Format::Json | Format::Jsonc | Format::Json5 => json::find(&self.source, &self.large, pattern),
            Format::Toml => matches_in(toml::root(&self.source).as_ref(), pattern),
            Format::Yaml => matches_in(yaml::root(&self.source).as_ref(), pattern),
            Format::Xml => matches_in(xml::root(&self.source).as_ref(), pattern),
            Format::FrontMatter => matches_in(front_matter::root(&self.source).as_ref(), pattern),
        }
    }

    /// Returns where that stands which a pattern matches, in file order; `None` in the formats of which values have to be
    /// built for that.
    pub fn spans(&self, pattern: &[Pattern]) -> Option<Vec<(Route, Range<usize>)>> {
        match self.format {
            Format::Json | Format::Jsonc | Format::Json5 => Some(json::spans(&self.source, &self.large, pattern)),
            Format::Toml | Format::Yaml | Format::Xml | Format::FrontMatter => None,
        }
    }

    /// Returns the node at a route.
    pub fn node(&self, route: &Route) -> Option<Node> {
        let route = &self.positions(route)?;
        match self.format {
            Format::Json | Format::Jsonc | Format::Json5 => json::node(&self.source, route),
            Format::Toml => toml::root(&self.source)?.at(&route.0),
            Format::Yaml => yaml::root(&self.source)?.at(&route.0),
            Format::Xml => xml::root(&self.source)?.at(&route.0),
            Format::FrontMatter => front_matter::root(&self.source)?.at(&route.0),
        }
    }

    /// Returns the route with the positions of items that are known by their names; `None` where one is not there.
    fn positions(&self, route: &Route) -> Option<Route> {
        let mut found = Route(Vec::with_capacity(route.0.len()));
        for step in &route.0 {
            let step = match step {
                Step::Named { name, nth } => Step::Index(named(self.node(&found)?.value.items()?, name, *nth)?),
                other => other.clone(),
            };
            found.0.push(step);
        }
        Some(found)
    }

    /// Returns the line (from 1) of a byte offset.
    pub fn line_of(&self, offset: usize) -> u32 {
        self.lines().of(offset)
    }

    /// Returns a count of lines for offsets that mostly rise.
    pub fn lines(&self) -> Lines<'_> {
        Lines { source: &self.source, offset: 0, line: 1 }
    }

    /// Returns key and value of a member as they are written; `None` where their text does not tell all: TOML may have
    /// more of it elsewhere, YAML what an alias stands for.
    pub fn text_of(&self, member: &Member) -> Option<&[u8]> {
        match self.format {
            Format::Json | Format::Jsonc | Format::Json5 => {
                self.source.get(member.key_span.start..member.node.span.end)
            }
            Format::Toml | Format::Yaml | Format::Xml | Format::FrontMatter => None,
        }
    }

    /// Takes the entry at `route` out; see [`Edit`].
    pub fn cut(&self, route: &Route) -> Result<Edit, EditError> {
        edit::cut(self, route)
    }

    /// Sets the boolean member `key` of the entry at `route` (a client's own on/off switch), adding it where it is missing.
    pub fn switch(&self, route: &Route, key: &str, to: bool) -> Result<Edit, EditError> {
        edit::switch(self, route, key, to)
    }

    /// Puts an item at the end of the list at `list`, a member of an object, which is made where it is missing. Strict JSON
    /// only.
    pub fn enlist(&self, list: &Route, item: &serde_json::Value) -> Result<Edit, EditError> {
        edit::enlist(self, list, item)
    }

    /// Exchanges one part of the text at `route`, which lies in the entry at `entry`, so that the text reads `to`; see
    /// [`crate::pin`]. Every other byte stays.
    pub fn respell(&self, entry: &Route, route: &Route, part: (&str, &str), to: &str) -> Result<Self, EditError> {
        edit::respell(self, entry, route, part, to)
    }

    /// Undoes an earlier [`Document::cut`], [`Document::switch`] or [`Document::enlist`].
    pub fn restore(&self, stash: &Stash) -> Result<Restored, EditError> {
        edit::restore(self, stash)
    }

    /// Replaces members of the entry at `route`: `Some` sets (adding where missing), `None` removes. Other members keep their bytes.
    pub fn amend(&self, route: &Route, changes: &[(String, Option<serde_json::Value>)]) -> Result<Self, EditError> {
        edit::amend(self, route, changes)
    }
}

/// What a pattern matches in a document that is built whole.
fn matches_in(root: Option<&Node>, pattern: &[Pattern]) -> Vec<(Route, Node)> {
    let mut found = Vec::new();
    if let Some(node) = root {
        walk(node, pattern, &Route::root(), &mut found);
    }
    found
}

fn walk(node: &Node, pattern: &[Pattern], route: &Route, found: &mut Vec<(Route, Node)>) {
    let Some((step, rest)) = pattern.split_first() else {
        found.push((route.clone(), node.clone()));
        return;
    };
    for member in node.value.members().unwrap_or_default() {
        if matches!(step, Pattern::Any) || matches!(step, Pattern::Key(name) if *name == member.key) {
            walk(&member.node, rest, &route.nth_key(&member.key, member.nth), found);
        }
    }
}

impl Node {
    /// The node that some steps lead to from here.
    fn at(mut self, steps: &[Step]) -> Option<Self> {
        for step in steps {
            self = match (step, self.value) {
                (Step::Key { name, nth }, Value::Object(members)) => {
                    members.into_iter().find(|m| m.key == *name && m.nth == *nth).map(|m| m.node)?
                }
                (Step::Index(index), Value::Array(mut items)) if *index < items.len() => items.swap_remove(*index),
                _ => return None,
            };
        }
        Some(self)
    }
}

impl Value {
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    pub fn members(&self) -> Option<&[Member]> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    pub fn items(&self) -> Option<&[Node]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// Returns the member that the field's parsers obey: the last of equal keys.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.members()?.iter().rev().find(|m| m.key == key).map(|m| &m.node)
    }

    /// The value as plain JSON; the last of equal keys wins.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(flag) => (*flag).into(),
            Self::Number(text) => text.parse::<serde_json::Number>().map_or_else(|_| text.clone().into(), Into::into),
            Self::String(text) | Self::Date(text) => text.clone().into(),
            Self::Array(items) => items.iter().map(|n| n.value.to_json()).collect::<Vec<_>>().into(),
            Self::Object(members) => {
                serde_json::Value::Object(members.iter().map(|m| (m.key.clone(), m.node.value.to_json())).collect())
            }
        }
    }
}

impl Route {
    /// The route of the whole document.
    pub fn root() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn key(&self, name: &str) -> Self {
        self.nth_key(name, 1)
    }

    #[must_use]
    pub fn nth_key(&self, name: &str, nth: u32) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Key { name: name.to_owned(), nth });
        Self(steps)
    }

    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Index(index));
        Self(steps)
    }

    /// The item of the array at this route that has this name.
    #[must_use]
    pub fn named(&self, name: &str, nth: u32) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Named { name: name.to_owned(), nth });
        Self(steps)
    }

    pub fn parent(&self) -> Option<Self> {
        let (_, head) = self.0.split_last()?;
        Some(Self(head.to_vec()))
    }

    /// The name of the last step, where it has one.
    pub fn name(&self) -> Option<&str> {
        match self.0.last()? {
            Step::Key { name, .. } | Step::Named { name, .. } => Some(name),
            Step::Index(_) => None,
        }
    }
}

/// The position of the item with this name.
fn named(items: &[Node], name: &str, nth: u32) -> Option<usize> {
    let nth = usize::try_from(nth).ok()?.checked_sub(1)?;
    items.iter().enumerate().filter(|(_, item)| name_of(item) == Some(name)).nth(nth).map(|(at, _)| at)
}

/// The name by which an item is known.
fn name_of(item: &Node) -> Option<&str> {
    item.value.get("name").and_then(|node| node.value.as_str())
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'@' | b'/'))
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Key { name, nth } => {
                    if is_plain(name) {
                        if i > 0 {
                            f.write_str(".")?;
                        }
                        f.write_str(name)?;
                    } else {
                        write!(f, "[{}]", serde_json::Value::from(name.as_str()))?;
                    }
                    if *nth > 1 {
                        write!(f, "#{nth}")?;
                    }
                }
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Named { name, nth } => {
                    write!(f, "[name={}]", serde_json::Value::from(name.as_str()))?;
                    if *nth > 1 {
                        write!(f, "#{nth}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// A text that is not a route.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a route: {0:?}")]
pub struct NotARoute(pub String);

impl FromStr for Route {
    type Err = NotARoute;

    fn from_str(text: &str) -> Result<Self, NotARoute> {
        let fail = || NotARoute(text.to_owned());
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix('[') {
                let item = inner.strip_prefix("name=");
                let quoted = item.unwrap_or(inner);
                if quoted.starts_with('"') {
                    let mut stream = serde_json::Deserializer::from_str(quoted).into_iter::<String>();
                    let name = stream.next().ok_or_else(fail)?.map_err(|_| fail())?;
                    rest = quoted[stream.byte_offset()..].strip_prefix(']').ok_or_else(fail)?;
                    let step = if item.is_some() { Step::Named { name, nth: 1 } } else { Step::Key { name, nth: 1 } };
                    steps.push(step);
                } else {
                    let (digits, after) = inner.split_once(']').ok_or_else(fail)?;
                    steps.push(Step::Index(digits.parse().map_err(|_| fail())?));
                    rest = after;
                }
            } else {
                let body = if steps.is_empty() { rest } else { rest.strip_prefix('.').ok_or_else(fail)? };
                let end = body.find(['.', '[', '#']).unwrap_or(body.len());
                let name = &body[..end];
                if !is_plain(name) {
                    return Err(fail());
                }
                steps.push(Step::Key { name: name.to_owned(), nth: 1 });
                rest = &body[end..];
            }
            if let Some(after) = rest.strip_prefix('#') {
                let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
                let number = after[..end].parse::<u32>().map_err(|_| fail())?;
                match steps.last_mut() {
                    Some(Step::Key { nth, .. } | Step::Named { nth, .. }) if number > 1 => *nth = number,
                    _ => return Err(fail()),
                }
                rest = &after[end..];
            }
        }
        Ok(Self(steps))
    }
}

impl Serialize for Route {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Route {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_route_reads_back(names in prop::collection::vec((".{0,12}", 1u32..4), 0..5), index in prop::option::of(0usize..9), item in prop::option::of((".{0,12}", 1u32..4))) {
            let mut route = Route::root();
            for (name, nth) in names {
                route = route.nth_key(&name, nth);
            }
            if let Some(index) = index {
                route = route.item(index);
            }
            if let Some((name, nth)) = item {
                route = route.named(&name, nth);
            }
            prop_assert_eq!(route.to_string().parse::<Route>(), Ok(route));
        }
    }

    #[test]
    fn routes_read_as_people_write_them() {
        let route =
            Route::root().key("projects").key("/home/a b").key("mcpServers").nth_key("x", 2).key("args").item(1);
        assert_eq!(route.to_string(), r#"projects["/home/a b"].mcpServers.x#2.args[1]"#);
        assert!("a..b".parse::<Route>().is_err());
        assert!("a#1".parse::<Route>().is_err());
    }
}
