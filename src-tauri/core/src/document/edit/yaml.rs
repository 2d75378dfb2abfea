//! Edits of YAML entries: whole lines of a mapping or list in lines, members and items between braces and brackets.
//!
//! A file in which something refers to something else (anchors, aliases, tags) is left alone, and so is an entry that
//! shares a line with what is not its own.

use std::collections::BTreeMap;
use std::ops::Range;

use super::member::{Place, labels_of, place, put, take};
use super::stash::{Bytes, Cut, Gaps, Member as Kept, Neighbours, Part, Switch};
use super::toml::{behind_gap, whole_lines};
use super::writing::{self, Layout};
use super::{EditError, Splice, apply, container, inexact, read_again};
use crate::document::braces::{Braces, Comments, comment};
use crate::document::yaml::{self, behind_colon, is_between_brackets, keys_of};
use crate::document::{Document, Member, Node, Route, Step, Value, bom, name_of, named};

/// A mapping or a list that an entry stands in.
struct Collection<'a> {
    source: &'a [u8],
    node: Node,
    /// The end of the key that names it, `None` at the root and in a list.
    key_end: Option<usize>,
    /// The bytes of its members from their keys on, of its items from their dashes on.
    parts: Vec<Range<usize>>,
}

/// How the parts of a collection are written.
enum Written {
    /// Each on lines of its own.
    Lines,
    Flow(Braces),
    /// Nothing is there: no value, `null`, or `{}`, in these bytes.
    Empty(Range<usize>),
}

impl<'a> Collection<'a> {
    fn read(source: &'a [u8], at: &Route, route: &Route) -> Result<Self, EditError> {
        let missing = || EditError::Missing(route.clone());
        let Ok(root) = yaml::root_of_parts(source) else {
            return inexact(route, "something in the file refers to something else");
        };
        let mut node = root.ok_or_else(missing)?;
        let mut key_end = None;
        for step in &at.0 {
            (node, key_end) = match (step, node.value) {
                (Step::Key { name, nth }, Value::Object(members)) => {
                    let member = members.into_iter().find(|m| m.key == *name && m.nth == *nth).ok_or_else(missing)?;
                    (member.node, Some(member.key_span.end))
                }
                (Step::Index(index), Value::Array(mut items)) if *index < items.len() => {
                    (items.swap_remove(*index), None)
                }
                _ => return Err(missing()),
            };
        }
        let parts = match &node.value {
            Value::Object(members) => members.iter().map(|member| span_of(source, member)).collect(),
            Value::Array(items) if is_between_brackets(source, node.span.start, items) => {
                items.iter().map(|item| item.span.clone()).collect()
            }
            Value::Array(items) => match key_end.and_then(|end| dashed(source, behind_colon(source, end), items)) {
                Some(parts) => parts,
                None => return inexact(route, "where the items of its list begin is not told apart"),
            },
            _ => Vec::new(),
        };
        Ok(Self { source, node, key_end, parts })
    }

    fn members(&self) -> &[Member] {
        self.node.value.members().unwrap_or_default()
    }

    fn is_list(&self) -> bool {
        self.node.value.items().is_some()
    }

    fn written(&self, route: &Route) -> Result<Written, EditError> {
        let wants_list = matches!(route.0.last(), Some(Step::Named { .. }));
        if self.node.value != Value::Null && self.is_list() != wants_list {
            return inexact(route, "its place holds something else now");
        }
        if self.parts.is_empty() {
            let text = &self.source[self.node.span.clone()];
            let is_empty = self.node.value == Value::Null || text == empty(wants_list).as_bytes();
            if is_empty && !text.contains(&b'\n') && self.key_end.is_some() {
                return Ok(Written::Empty(self.node.span.clone()));
            }
            // Braces with a comment in them stay as they are.
            let braces = yaml::braces(self.source, &self.node).map(Written::Flow);
            return braces.map_or_else(|| inexact(route, "its place holds something else now"), Ok);
        }
        match yaml::braces(self.source, &self.node) {
            Some(braces) => Ok(Written::Flow(braces)),
            None if self
                .node
                .value
                .items()
                .is_some_and(|i| is_between_brackets(self.source, self.node.span.start, i)) =>
            {
                inexact(route, "the list around it is not told apart")
            }
            None => Ok(Written::Lines),
        }
    }

    fn position(&self, step: Option<&Step>) -> Option<usize> {
        match step? {
            Step::Key { name, nth } => self.members().iter().position(|m| m.key == *name && m.nth == *nth),
            Step::Named { name, nth } => named(self.node.value.items()?, name, *nth),
            Step::Index(_) => None,
        }
    }

    /// The names of the parts, in file order.
    fn names(&self) -> impl Iterator<Item = Option<&str>> {
        let items = self.node.value.items().unwrap_or_default().iter();
        self.members().iter().map(|member| Some(member.key.as_str())).chain(items.map(name_of))
    }

    /// How many parts have the name.
    fn copies(&self, name: &str) -> usize {
        self.names().filter(|other| *other == Some(name)).count()
    }

    /// The whole lines of a part; an error where it shares one of them.
    fn lines(&self, index: usize, route: &Route) -> Result<Range<usize>, EditError> {
        let part = &self.parts[index];
        let start = line_start(self.source, part.start);
        if !self.source[start..part.start].iter().all(|b| *b == b' ') {
            return inexact(route, "it begins on a line with something else");
        }
        Ok(start..self.end(index, route)?)
    }

    /// The end of the last line of a part; an error where something else begins on it.
    fn end(&self, index: usize, route: &Route) -> Result<usize, EditError> {
        let part = &self.parts[index];
        let Some(last) = part.end.checked_sub(1).filter(|last| *last >= part.start) else {
            return inexact(route, "it has no bytes of its own");
        };
        // A block of lines that keeps its line breaks ends where the next line begins.
        let end = line_end(self.source, last);
        if self.parts.get(index + 1).is_some_and(|next| next.start < end) {
            return inexact(route, "it ends on a line with something else");
        }
        Ok(end)
    }

    /// The end of what stands before the lines of a part.
    fn before(&self, index: usize, route: &Route) -> Result<usize, EditError> {
        match (index.checked_sub(1), self.key_end) {
            (Some(before), _) => Ok(self.lines(before, route)?.end),
            (None, Some(key_end)) => Ok(line_end(self.source, key_end)),
            (None, None) => Ok(bom(self.source)),
        }
    }

    /// The indentation of the members of an entry in lines, the first of which may stand behind the dash of an item.
    fn indentation(&self, route: &Route) -> Result<String, EditError> {
        let Some(first) = self.parts.first() else { return Ok(String::new()) };
        let before = &self.source[line_start(self.source, first.start)..first.start];
        if !before.iter().all(|b| matches!(b, b' ' | b'-')) {
            return inexact(route, "it begins on a line with something else");
        }
        Ok(" ".repeat(before.len()))
    }

    /// The names of the parts as neighbours know them.
    fn labels(&self) -> Vec<String> {
        let keys: Vec<Vec<String>> = match &self.node.value {
            Value::Array(items) => items.iter().map(keys_of).collect(),
            _ => self.members().iter().map(|m| vec![m.key.clone()]).collect(),
        };
        labels_of(keys.iter().map(Vec::as_slice))
    }
}

/// The bytes of a member from its key on, its colon included.
fn span_of(source: &[u8], member: &Member) -> Range<usize> {
    member.key_span.start..member.node.span.end.max(behind_colon(source, member.key_span.end))
}

/// The bytes of items in lines from their dashes on; `None` where a dash is not where it should be.
fn dashed(source: &[u8], from: usize, items: &[Node]) -> Option<Vec<Range<usize>>> {
    let mut pos = from;
    let mut parts = Vec::with_capacity(items.len());
    for item in items {
        loop {
            match comment(source, pos, Comments::Hash) {
                Some(after) => pos = after.end,
                None if source.get(pos)?.is_ascii_whitespace() => pos += 1,
                None => break,
            }
        }
        // An item without a value has no place of its own.
        let end = if item.span.is_empty() { pos + 1 } else { item.span.end };
        if source[pos] != b'-' || end <= pos || !item.span.is_empty() && item.span.start <= pos {
            return None;
        }
        parts.push(pos..end);
        pos = end;
    }
    Some(parts)
}

/// What is written where nothing is left.
fn empty(is_list: bool) -> &'static str {
    if is_list { "[]" } else { "{}" }
}

fn line_start(source: &[u8], at: usize) -> usize {
    memchr::memrchr(b'\n', &source[..at]).map_or(bom(source), |i| i + 1)
}

/// The offset behind the line break of the line that holds `at`.
fn line_end(source: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &source[at..]).map_or(source.len(), |i| at + i + 1)
}

pub(super) fn cut(source: &[u8], route: &Route) -> Result<(Vec<Splice>, Cut), EditError> {
    if container(route)?.0.iter().any(|step| !matches!(step, Step::Key { .. })) {
        return inexact(route, "it stands in a list");
    }
    cut_part(source, route)
}

fn cut_part(source: &[u8], route: &Route) -> Result<(Vec<Splice>, Cut), EditError> {
    let parent = container(route)?;
    let whole = Collection::read(source, &parent, route)?;
    let index = whole.position(route.0.last()).ok_or_else(|| EditError::Missing(route.clone()))?;
    let copies = whole.copies(route.name().unwrap_or_default()).try_into().unwrap_or(u32::MAX);
    let mut cut = Cut { base: parent.0.len(), copies, ..Cut::default() };
    if let Written::Flow(braces) = whole.written(route)? {
        let (splices, member) = take(source, &braces, index);
        cut.member = Some(member);
        return Ok((splices, cut));
    }
    let lines = whole.lines(index, route)?;
    let labels = whole.labels();
    let gap = |i: usize| -> Result<Bytes, EditError> {
        let (before, lines) = (whole.before(i, route)?, whole.lines(i, route)?);
        Ok(Bytes(source[before.min(lines.start)..lines.start].to_vec()))
    };
    let mut gaps = Gaps { own: gap(index)?, others: BTreeMap::new() };
    for (i, label) in labels[..index].iter().enumerate() {
        let other = gap(i)?;
        if !other.0.is_empty() {
            gaps.others.insert(label.clone(), other);
        }
    }
    cut.lines = Some(Part {
        text: Bytes(source[lines.clone()].to_vec()),
        gaps,
        near: Neighbours {
            own: vec![labels[index].clone()],
            preceding: labels[..index].iter().rev().cloned().collect(),
            following: labels[index + 1..].to_vec(),
        },
    });
    let mut splices = vec![Splice::cut(lines)];
    if whole.parts.len() == 1 {
        // Without a value the key would be null, which not every client takes for an empty mapping or list.
        let Some(key_end) = whole.key_end else { return inexact(route, "nothing else is in the file") };
        let colon = behind_colon(source, key_end);
        splices.push(Splice { span: colon..colon, added: format!(" {}", empty(whole.is_list())).into_bytes() });
    }
    Ok((splices, cut))
}

/// Puts an entry back by meaning.
pub(super) fn insert(source: &[u8], route: &Route, cut: &Cut, entry: &Node) -> Result<(Vec<Splice>, Route), EditError> {
    let parent = container(route)?;
    let step = route.0.last().ok_or_else(|| EditError::Missing(route.clone()))?;
    let name = route.name().unwrap_or_default();
    let whole = match Collection::read(source, &parent, route) {
        Err(EditError::Missing(_)) => return inexact(route, "its place in the file is gone"),
        other => other?,
    };
    if whole.copies(name) >= usize::try_from(cut.copies).unwrap_or(usize::MAX) {
        return Err(EditError::Taken(route.clone()));
    }
    let near = cut.lines.as_ref().map(|part| &part.near).or(cut.member.as_ref().map(|member| &member.near));
    let none = Neighbours::default();
    let near = near.unwrap_or(&none);
    let written = match (whole.written(route)?, yaml::braces(source, &whole.node)) {
        // It stood between braces, and they are there.
        (Written::Empty(_), Some(braces)) if cut.member.is_some() => Written::Flow(braces),
        (written, _) => written,
    };
    let (splices, ahead) = match written {
        Written::Flow(braces) => {
            let kept = match &cut.member {
                Some(member) => member.clone(),
                None => flow_part(step, entry),
            };
            let at = place(&braces, near);
            let (splices, index) = put(source, &braces, at, &kept);
            (splices, index)
        }
        Written::Lines => into_lines(&whole, route, step, cut, entry, near)?,
        Written::Empty(span) => {
            let key_end = whole.key_end.unwrap_or_default();
            let (key_line, outer) = (line_start(source, key_end), writing::indentation(source, key_end));
            if source[key_line..].starts_with(b"- ") || outer.contains(&b'\t') {
                return inexact(route, "its place holds something else now");
            }
            let own = cut.lines.as_ref().map(|part| indentation_of(&part.text.0));
            // The dashes of a list may stand right below its key.
            let fits = |own: &&[u8]| own.len() > outer.len() || own.len() == outer.len() && is_item(step);
            let inner = own.filter(fits).map_or_else(|| [outer, b"  "].concat(), <[u8]>::to_vec);
            let inner = String::from_utf8_lossy(&inner).into_owned();
            let lines = lines_of(step, cut, entry, &inner, writing::line_break(source));
            let gone = behind_colon(source, key_end)..span.end.max(behind_colon(source, key_end));
            let at = line_end(source, gone.end);
            let at =
                cut.lines.as_ref().map_or(at, |part| behind_gap(source, at, &part.gaps.behind(&part.near, |_| false)));
            (vec![Splice::cut(gone), whole_lines(source, at, &lines)], 0)
        }
    };
    let nth = 1 + whole.names().take(ahead).filter(|other| *other == Some(name)).count();
    let nth = nth.try_into().unwrap_or(u32::MAX);
    Ok((splices, if is_item(step) { parent.named(name, nth) } else { parent.nth_key(name, nth) }))
}

fn into_lines(
    whole: &Collection<'_>,
    route: &Route,
    step: &Step,
    cut: &Cut,
    entry: &Node,
    near: &Neighbours,
) -> Result<(Vec<Splice>, usize), EditError> {
    let source = whole.source;
    let labels = whole.labels();
    let find = |names: &[String]| names.iter().find_map(|n| labels.iter().position(|label| label == n));
    let is_there = |name: &String| labels.contains(name);
    let gap = cut.lines.as_ref().map(|part| part.gaps.behind(&part.near, is_there)).unwrap_or_default();
    let last = whole.parts.len() - 1;
    let (index, from) = match (find(&near.preceding), find(&near.following)) {
        (Some(i), _) => (i + 1, whole.lines(i, route)?.end),
        (None, Some(i)) => (i, whole.before(i, route)?),
        (None, None) => (last + 1, whole.lines(last, route)?.end),
    };
    let first = whole.parts[0].start;
    let indent = writing::indentation(source, first);
    if line_start(source, first) + indent.len() != first {
        return inexact(route, "the entries around it share a line with something else");
    }
    let indent = String::from_utf8_lossy(indent).into_owned();
    let lines = lines_of(step, cut, entry, &indent, writing::line_break(source));
    let at = behind_gap(source, from, &gap);
    Ok((vec![whole_lines(source, at, &lines)], index))
}

fn is_item(step: &Step) -> bool {
    matches!(step, Step::Named { .. })
}

/// The entry in lines of this indentation: its own where it has them, else as a flow mapping on one line.
fn lines_of(step: &Step, cut: &Cut, entry: &Node, indent: &str, eol: &str) -> Vec<u8> {
    let Some(part) = &cut.lines else {
        let dash = if is_item(step) { "- " } else { "" };
        return format!("{indent}{dash}{}{eol}", flow_text(step, entry)).into_bytes();
    };
    let own = indentation_of(&part.text.0);
    if own == indent.as_bytes() {
        return part.text.0.clone();
    }
    let mut out = Vec::with_capacity(part.text.0.len());
    for line in part.text.0.split_inclusive(|b| *b == b'\n') {
        match line.strip_prefix(own) {
            Some(rest) if !rest.trim_ascii().is_empty() => {
                out.extend(indent.bytes());
                out.extend(rest);
            }
            _ => out.extend(line),
        }
    }
    out
}

fn indentation_of(lines: &[u8]) -> &[u8] {
    &lines[..lines.iter().take_while(|b| **b == b' ').count()]
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A value on one line: JSON is YAML.
fn flow(entry: &Node) -> String {
    one_line().json(&entry.value.to_json())
}

fn one_line() -> Layout<'static> {
    Layout { eol: "\n", unit: None, base: String::new(), spaced: true }
}

/// A member with its key, or an item, on one line.
fn flow_text(step: &Step, entry: &Node) -> String {
    match step {
        Step::Key { name, .. } => format!("{}: {}", json(name), flow(entry)),
        Step::Named { .. } | Step::Index(_) => flow(entry),
    }
}

fn flow_part(step: &Step, entry: &Node) -> Kept {
    Kept { text: Bytes(flow_text(step, entry).into_bytes()), lead: Bytes(b" ".to_vec()), ..Kept::default() }
}

pub(super) fn switch(source: &[u8], route: &Route, key: &str, to: bool) -> Result<(Vec<Splice>, Switch), EditError> {
    let entry = Collection::read(source, route, route)?;
    if let Some(member) = entry.members().iter().rev().find(|m| m.key == key) {
        let span = value_span(source, member);
        let old = Some(Bytes(source[span.clone()].to_vec()));
        return Ok((vec![set_value(source, span, &to.to_string())], Switch { key: key.to_owned(), to, old }));
    }
    let splices = add(&entry, route, key, &to.to_string(), true)?;
    Ok((splices, Switch { key: key.to_owned(), to, old: None }))
}

/// The bytes of a value; behind the colon where nothing is written.
fn value_span(source: &[u8], member: &Member) -> Range<usize> {
    if member.node.span.is_empty() {
        let at = behind_colon(source, member.key_span.end);
        return at..at;
    }
    member.node.span.clone()
}

/// Writes a value in place of another, with the space that a value needs behind its colon.
fn set_value(source: &[u8], span: Range<usize>, text: &str) -> Splice {
    let joined = span.start > 0 && source[span.start - 1] == b':';
    let added = if joined { format!(" {text}") } else { text.to_owned() };
    Splice { span, added: added.into_bytes() }
}

/// A new member at the front or at the end of an entry.
fn add(entry: &Collection<'_>, route: &Route, key: &str, text: &str, in_front: bool) -> Result<Vec<Splice>, EditError> {
    let source = entry.source;
    let is_plain = key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') && !key.is_empty();
    let key = if is_plain { key.to_owned() } else { json(key) };
    match entry.written(route)? {
        Written::Flow(braces) => {
            let lead = if in_front { "" } else { " " };
            let text = Bytes(format!("{key}: {text}").into_bytes());
            let member = Kept { text, lead: Bytes(lead.into()), ..Kept::default() };
            let place = match braces.slots.len().checked_sub(1) {
                None => Place::Only,
                Some(_) if in_front => Place::Before(0),
                Some(last) => Place::After(last),
            };
            let mut splices = put(source, &braces, place, &member).0;
            if matches!(place, Place::Before(_))
                && let Some(splice) = splices.last_mut()
            {
                splice.added.extend(b" ");
            }
            Ok(splices)
        }
        Written::Lines => {
            let members = entry.members();
            let index = if in_front { 0 } else { members.len() - 1 };
            let at = if in_front { entry.lines(index, route)?.start } else { entry.end(index, route)? };
            let line = format!("{}{key}: {text}{}", entry.indentation(route)?, writing::line_break(source));
            Ok(vec![whole_lines(source, at, line.as_bytes())])
        }
        Written::Empty(_) => inexact(route, "it has no members"),
    }
}

/// Takes a switch back by meaning: nothing is to be done where somebody set it otherwise meanwhile.
pub(super) fn unswitch(source: &[u8], route: &Route, switch: &Switch) -> Result<Vec<Splice>, EditError> {
    let entry = Collection::read(source, route, route)?;
    let Some(index) = entry.members().iter().rposition(|m| m.key == switch.key) else { return Ok(Vec::new()) };
    let member = &entry.members()[index];
    let span = member.node.span.clone();
    if source[span.clone()] != *switch.to.to_string().as_bytes() {
        return Ok(Vec::new());
    }
    Ok(match (&switch.old, entry.written(route)?) {
        (Some(old), _) => vec![Splice { span, added: old.0.clone() }],
        (None, Written::Flow(braces)) => take(source, &braces, index).0,
        (None, _) => vec![Splice::cut(entry.lines(index, route)?)],
    })
}

/// Sets or removes one member of an entry; copies of a repeated key are made one.
pub(super) fn set(
    document: &Document,
    route: &Route,
    key: &str,
    value: Option<&serde_json::Value>,
) -> Result<Document, EditError> {
    let wanted = usize::from(value.is_some());
    let mut document = document.clone();
    loop {
        let copies = Collection::read(document.source(), route, route)?;
        if copies.members().iter().filter(|m| m.key == key).count() <= wanted {
            break;
        }
        let mut splices = cut_part(document.source(), &route.key(key))?.0;
        let after = apply(document.source(), &mut splices);
        document = read_again(&document, after, route)?;
    }
    let Some(value) = value else { return Ok(document) };
    let source = document.source();
    let entry = Collection::read(source, route, route)?;
    let text = one_line().json(value);
    let mut splices = match entry.position(Some(&Step::Key { name: key.to_owned(), nth: 1 })) {
        Some(index) => {
            let member = &entry.members()[index];
            let span = value_span(source, member);
            match entry.written(route)? {
                // A value on lines of its own goes with them; what stands behind its colon stays.
                Written::Lines if source[span.clone()].contains(&b'\n') || behind_line(source, member, &span) => {
                    let end = entry.end(index, route)?;
                    let colon = behind_colon(source, member.key_span.end);
                    let eol = writing::line_break(source);
                    vec![Splice { span: colon..end, added: format!(" {text}{eol}").into_bytes() }]
                }
                _ => vec![set_value(source, span, &text)],
            }
        }
        None => add(&entry, route, key, &text, false)?,
    };
    let after = apply(source, &mut splices);
    read_again(&document, after, route)
}

/// Whether a value begins on another line than its key.
fn behind_line(source: &[u8], member: &Member, span: &Range<usize>) -> bool {
    source[member.key_span.end..span.start].contains(&b'\n')
}
