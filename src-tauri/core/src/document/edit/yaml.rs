//! Edits of YAML entries: whole lines of a block mapping, members of a flow mapping.
//!
//! A file in which something refers to something else (anchors, aliases, tags) is left alone, and so is an entry that
//! shares a line with what is not its own.

use std::collections::BTreeMap;
use std::ops::Range;

use super::member::{Place, place, put, take};
use super::stash::{Bytes, Cut, Gaps, Member as Kept, Neighbours, Part, Switch};
use super::toml::{behind_gap, whole_lines};
use super::writing::{self, Layout};
use super::{EditError, Splice, apply, container, inexact, read_again};
use crate::document::braces::Braces;
use crate::document::yaml::{self, behind_colon};
use crate::document::{Document, Member, Node, Route, Step, Value, bom};

/// A mapping that an entry stands in.
struct Mapping<'a> {
    source: &'a [u8],
    node: Node,
    /// The end of the key that names it, `None` at the root.
    key_end: Option<usize>,
}

/// How the members of a mapping are written.
enum Written {
    /// Each on lines of its own.
    Lines,
    Flow(Braces),
    /// Nothing is there: no value, `null`, or `{}`, in these bytes.
    Empty(Range<usize>),
}

impl<'a> Mapping<'a> {
    fn read(source: &'a [u8], at: &Route, route: &Route) -> Result<Self, EditError> {
        let missing = || EditError::Missing(route.clone());
        let Ok(root) = yaml::root_of_parts(source) else {
            return inexact(route, "something in the file refers to something else");
        };
        let mut node = root.ok_or_else(missing)?;
        let mut key_end = None;
        for step in &at.0 {
            let Step::Key { name, nth } = step else { return inexact(route, "it stands in a list") };
            let Value::Object(members) = node.value else { return Err(missing()) };
            let member = members.into_iter().find(|m| m.key == *name && m.nth == *nth).ok_or_else(missing)?;
            key_end = Some(member.key_span.end);
            node = member.node;
        }
        Ok(Self { source, node, key_end })
    }

    fn members(&self) -> &[Member] {
        self.node.value.members().unwrap_or_default()
    }

    fn written(&self, route: &Route) -> Result<Written, EditError> {
        if self.members().is_empty() {
            let text = &self.source[self.node.span.clone()];
            let is_empty = self.node.value == Value::Null || text == b"{}";
            if is_empty && !text.contains(&b'\n') && self.key_end.is_some() {
                return Ok(Written::Empty(self.node.span.clone()));
            }
            // A mapping with a comment in it stays as it is.
            let braces = yaml::braces(self.source, &self.node).map(Written::Flow);
            return braces.map_or_else(|| inexact(route, "its place holds something else now"), Ok);
        }
        match yaml::braces(self.source, &self.node) {
            Some(braces) => Ok(Written::Flow(braces)),
            None => Ok(Written::Lines),
        }
    }

    fn position(&self, name: &str, nth: u32) -> Option<usize> {
        self.members().iter().position(|m| m.key == name && m.nth == nth)
    }

    /// The whole lines of a member; an error where it shares one of them.
    fn lines(&self, index: usize, route: &Route) -> Result<Range<usize>, EditError> {
        let member = &self.members()[index];
        let start = line_start(self.source, member.key_span.start);
        if !self.source[start..member.key_span.start].iter().all(|b| *b == b' ') {
            return inexact(route, "it begins on a line with something else");
        }
        let end = member.node.span.end.max(behind_colon(self.source, member.key_span.end));
        // A block of lines that keeps its line breaks ends where the next line begins.
        let end = line_end(self.source, end - 1);
        if self.members().get(index + 1).is_some_and(|next| next.key_span.start < end) {
            return inexact(route, "it ends on a line with something else");
        }
        Ok(start..end)
    }

    /// The end of what stands before the lines of a member.
    fn before(&self, index: usize, route: &Route) -> Result<usize, EditError> {
        match (index.checked_sub(1), self.key_end) {
            (Some(before), _) => Ok(self.lines(before, route)?.end),
            (None, Some(key_end)) => Ok(line_end(self.source, key_end)),
            (None, None) => Ok(bom(self.source)),
        }
    }

    fn labels(&self) -> Vec<String> {
        self.members().iter().map(|m| Route::root().nth_key(&m.key, m.nth).to_string()).collect()
    }
}

fn line_start(source: &[u8], at: usize) -> usize {
    memchr::memrchr(b'\n', &source[..at]).map_or(bom(source), |i| i + 1)
}

/// The offset behind the line break of the line that holds `at`.
fn line_end(source: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &source[at..]).map_or(source.len(), |i| at + i + 1)
}

pub(super) fn cut(source: &[u8], route: &Route) -> Result<(Vec<Splice>, Cut), EditError> {
    let parent = container(route)?;
    let mapping = Mapping::read(source, &parent, route)?;
    let Some(Step::Key { name, nth }) = route.0.last() else { return inexact(route, "it is an item of a list") };
    let index = mapping.position(name, *nth).ok_or_else(|| EditError::Missing(route.clone()))?;
    let copies = mapping.members().iter().filter(|m| m.key == *name).count().try_into().unwrap_or(u32::MAX);
    let mut cut = Cut { base: parent.0.len(), copies, ..Cut::default() };
    if let Written::Flow(braces) = mapping.written(route)? {
        let (splices, member) = take(source, &braces, index);
        cut.member = Some(member);
        return Ok((splices, cut));
    }
    let lines = mapping.lines(index, route)?;
    let labels = mapping.labels();
    let gap = |i: usize| -> Result<Bytes, EditError> {
        let (before, lines) = (mapping.before(i, route)?, mapping.lines(i, route)?);
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
    if mapping.members().len() == 1 {
        // Without a value the key would be null, which not every client takes for an empty mapping.
        let Some(key_end) = mapping.key_end else { return inexact(route, "nothing else is in the file") };
        let colon = behind_colon(source, key_end);
        splices.push(Splice { span: colon..colon, added: b" {}".to_vec() });
    }
    Ok((splices, cut))
}

/// Puts an entry back by meaning.
pub(super) fn insert(source: &[u8], route: &Route, cut: &Cut, entry: &Node) -> Result<(Vec<Splice>, Route), EditError> {
    let parent = container(route)?;
    let name = route.name().ok_or_else(|| EditError::Missing(route.clone()))?;
    let mapping = match Mapping::read(source, &parent, route) {
        Err(EditError::Missing(_)) => return inexact(route, "its place in the file is gone"),
        other => other?,
    };
    let there = mapping.members().iter().filter(|m| m.key == name).count();
    if there >= usize::try_from(cut.copies).unwrap_or(usize::MAX) {
        return Err(EditError::Taken(route.clone()));
    }
    let near = cut.lines.as_ref().map(|part| &part.near).or(cut.member.as_ref().map(|member| &member.near));
    let none = Neighbours::default();
    let near = near.unwrap_or(&none);
    let written = match (mapping.written(route)?, yaml::braces(source, &mapping.node)) {
        // It stood between braces, and they are there.
        (Written::Empty(_), Some(braces)) if cut.member.is_some() => Written::Flow(braces),
        (written, _) => written,
    };
    let (splices, ahead) = match written {
        Written::Flow(braces) => {
            let kept = match &cut.member {
                Some(member) => member.clone(),
                None => flow_member(name, entry),
            };
            let at = place(&braces, near);
            let (splices, index) = put(source, &braces, at, &kept);
            (splices, index)
        }
        Written::Lines => into_lines(&mapping, route, cut, entry, near)?,
        Written::Empty(span) => {
            let key_end = mapping.key_end.unwrap_or_default();
            let (key_line, outer) = (line_start(source, key_end), writing::indentation(source, key_end));
            if source[key_line..].starts_with(b"- ") || outer.contains(&b'\t') {
                return inexact(route, "its place holds something else now");
            }
            let own = cut.lines.as_ref().map(|part| indentation_of(&part.text.0)).unwrap_or_default();
            let inner = if own.len() > outer.len() { own.to_vec() } else { [outer, b"  "].concat() };
            let inner = String::from_utf8_lossy(&inner).into_owned();
            let lines = lines_of(name, cut, entry, &inner, writing::line_break(source));
            let gone = behind_colon(source, key_end)..span.end.max(behind_colon(source, key_end));
            let at = line_end(source, gone.end);
            let at =
                cut.lines.as_ref().map_or(at, |part| behind_gap(source, at, &part.gaps.behind(&part.near, |_| false)));
            (vec![Splice::cut(gone), whole_lines(source, at, &lines)], 0)
        }
    };
    let nth = 1 + mapping.members()[..ahead.min(mapping.members().len())].iter().filter(|m| m.key == name).count();
    Ok((splices, parent.nth_key(name, nth.try_into().unwrap_or(u32::MAX))))
}

fn into_lines(
    mapping: &Mapping<'_>,
    route: &Route,
    cut: &Cut,
    entry: &Node,
    near: &Neighbours,
) -> Result<(Vec<Splice>, usize), EditError> {
    let source = mapping.source;
    let members = mapping.members();
    let labels = mapping.labels();
    let find = |names: &[String]| names.iter().find_map(|n| labels.iter().position(|label| label == n));
    let is_there = |name: &String| labels.contains(name);
    let gap = cut.lines.as_ref().map(|part| part.gaps.behind(&part.near, is_there)).unwrap_or_default();
    let (index, from) = match (find(&near.preceding), find(&near.following)) {
        (Some(i), _) => (i + 1, mapping.lines(i, route)?.end),
        (None, Some(i)) => (i, mapping.before(i, route)?),
        (None, None) => (members.len(), mapping.lines(members.len() - 1, route)?.end),
    };
    let first = &members[0];
    let indent = writing::indentation(source, first.key_span.start);
    if line_start(source, first.key_span.start) + indent.len() != first.key_span.start {
        return inexact(route, "the entries around it share a line with something else");
    }
    let indent = String::from_utf8_lossy(indent).into_owned();
    let name = route.name().unwrap_or_default();
    let lines = lines_of(name, cut, entry, &indent, writing::line_break(source));
    let at = behind_gap(source, from, &gap);
    Ok((vec![whole_lines(source, at, &lines)], index))
}

/// The entry in lines of this indentation: its own where it has them, else as a flow mapping on one line.
fn lines_of(name: &str, cut: &Cut, entry: &Node, indent: &str, eol: &str) -> Vec<u8> {
    let Some(part) = &cut.lines else {
        return format!("{indent}{}: {}{eol}", json(name), flow(entry)).into_bytes();
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

fn flow_member(name: &str, entry: &Node) -> Kept {
    let text = format!("{}: {}", json(name), flow(entry));
    Kept { text: Bytes(text.into_bytes()), lead: Bytes(b" ".to_vec()), ..Kept::default() }
}

pub(super) fn switch(source: &[u8], route: &Route, key: &str, to: bool) -> Result<(Vec<Splice>, Switch), EditError> {
    let mapping = Mapping::read(source, route, route)?;
    if let Some(member) = mapping.members().iter().rev().find(|m| m.key == key) {
        let span = value_span(source, member);
        let old = Some(Bytes(source[span.clone()].to_vec()));
        return Ok((vec![set_value(source, span, &to.to_string())], Switch { key: key.to_owned(), to, old }));
    }
    let splices = add(&mapping, route, key, &to.to_string(), true)?;
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
fn add(mapping: &Mapping<'_>, route: &Route, key: &str, text: &str, in_front: bool) -> Result<Vec<Splice>, EditError> {
    let source = mapping.source;
    let is_plain = key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') && !key.is_empty();
    let key = if is_plain { key.to_owned() } else { json(key) };
    match mapping.written(route)? {
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
            let members = mapping.members();
            let index = if in_front { 0 } else { members.len() - 1 };
            let lines = mapping.lines(index, route)?;
            let indent = String::from_utf8_lossy(writing::indentation(source, members[0].key_span.start)).into_owned();
            let line = format!("{indent}{key}: {text}{}", writing::line_break(source));
            Ok(vec![whole_lines(source, if in_front { lines.start } else { lines.end }, line.as_bytes())])
        }
        Written::Empty(_) => inexact(route, "it has no members"),
    }
}

/// Takes a switch back by meaning: nothing is to be done where somebody set it otherwise meanwhile.
pub(super) fn unswitch(source: &[u8], route: &Route, switch: &Switch) -> Result<Vec<Splice>, EditError> {
    let mapping = Mapping::read(source, route, route)?;
    let Some(index) = mapping.members().iter().rposition(|m| m.key == switch.key) else { return Ok(Vec::new()) };
    let member = &mapping.members()[index];
    let span = member.node.span.clone();
    if source[span.clone()] != *switch.to.to_string().as_bytes() {
        return Ok(Vec::new());
    }
    Ok(match (&switch.old, mapping.written(route)?) {
        (Some(old), _) => vec![Splice { span, added: old.0.clone() }],
        (None, Written::Flow(braces)) => take(source, &braces, index).0,
        (None, _) => vec![Splice::cut(mapping.lines(index, route)?)],
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
        let copies = Mapping::read(document.source(), route, route)?;
        if copies.members().iter().filter(|m| m.key == key).count() <= wanted {
            break;
        }
        let mut splices = cut(document.source(), &route.key(key))?.0;
        let after = apply(document.source(), &mut splices);
        document = read_again(&document, after, route)?;
    }
    let Some(value) = value else { return Ok(document) };
    let source = document.source();
    let mapping = Mapping::read(source, route, route)?;
    let text = one_line().json(value);
    let mut splices = match mapping.position(key, 1) {
        Some(index) => {
            let member = &mapping.members()[index];
            let span = value_span(source, member);
            match mapping.written(route)? {
                // A value on lines of its own goes with them; what stands behind its colon stays.
                Written::Lines if source[span.clone()].contains(&b'\n') || behind_line(source, member, &span) => {
                    let lines = mapping.lines(index, route)?;
                    let colon = behind_colon(source, member.key_span.end);
                    let eol = writing::line_break(source);
                    vec![Splice { span: colon..lines.end, added: format!(" {text}{eol}").into_bytes() }]
                }
                _ => vec![set_value(source, span, &text)],
            }
        }
        None => add(&mapping, route, key, &text, false)?,
    };
    let after = apply(source, &mut splices);
    read_again(&document, after, route)
}

/// Whether a value begins on another line than its key.
fn behind_line(source: &[u8], member: &Member, span: &Range<usize>) -> bool {
    source[member.key_span.end..span.start].contains(&b'\n')
}
