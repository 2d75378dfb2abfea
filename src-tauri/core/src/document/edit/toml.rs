//! Edits of TOML entries, in every way of writing one.

use std::ops::Range;

use super::member::{Place, place, put, take};
use super::stash::{Bytes, Cut, Gaps, Member, Neighbours, Part, Switch};
use super::writing;
use super::{EditError, Splice, apply, container, inexact, read_again};
use crate::document::braces::{Braces, Comments, last_comment};
use crate::document::toml::{self, Layout, Statement};
use crate::document::{Document, Node, Route, Step, Value, bom};

/// A source with its statements.
struct File<'a> {
    source: &'a [u8],
    layout: Layout,
}

/// How an entry is written.
enum Written {
    /// Statements by index, in file order.
    Statements(Vec<usize>),
    /// A member of an inline table; the route of that table has this many steps.
    Inline(Braces, usize, usize),
}

impl<'a> File<'a> {
    fn read(source: &'a [u8], route: &Route) -> Result<Self, EditError> {
        match toml::layout(source) {
            Some(layout) => Ok(Self { source, layout }),
            None => inexact(route, "a way of writing TOML that is not supported"),
        }
    }

    fn statement(&self, index: usize) -> &Statement {
        &self.layout.statements[index]
    }

    fn route(&self, index: usize) -> &Route {
        &self.layout.routes[index]
    }

    /// The header of exactly this table.
    fn header(&self, route: &Route) -> Option<usize> {
        (0..self.layout.statements.len())
            .find(|i| self.statement(*i).header == Some(false) && self.route(*i) == route)
            .or_else(|| {
                (0..self.layout.statements.len())
                    .find(|i| self.statement(*i).header == Some(true) && self.route(*i) == route)
            })
    }

    /// The pairs under a header, or above the first one.
    fn pairs(&self, section: Option<usize>) -> impl DoubleEndedIterator<Item = usize> + '_ {
        (0..self.layout.statements.len())
            .filter(move |i| self.statement(*i).header.is_none() && self.layout.sections[*i] == section)
    }

    /// The end of the last line of a section.
    fn section_end(&self, section: Option<usize>) -> usize {
        let last = self.pairs(section).next_back().or(section);
        last.map_or(bom(self.source), |i| self.statement(i).line.end)
    }

    /// The end of the statement before this one.
    fn before(&self, index: usize) -> usize {
        index.checked_sub(1).map_or(bom(self.source), |i| self.statement(i).line.end)
    }

    /// The start of the blank lines in front of a statement, behind the comment lines in front of those.
    fn lead(&self, index: usize) -> usize {
        let from = self.before(index);
        let start = self.statement(index).line.start;
        let comment = last_comment(self.source, from..start, Comments::Hash);
        if !comment.to_line_end {
            return from;
        }
        // The line break behind the comment is the comment's.
        memchr::memchr(b'\n', &self.source[comment.end..start]).map_or(start, |i| comment.end + i + 1)
    }

    fn written(&self, route: &Route) -> Result<Written, EditError> {
        let under = |i: &usize| self.route(*i).0.starts_with(&route.0);
        let statements: Vec<usize> = (0..self.layout.statements.len()).filter(under).collect();
        if !statements.is_empty() {
            return Ok(Written::Statements(statements));
        }
        let missing = || EditError::Missing(route.clone());
        let (mut braces, mut base) = self.inline_around(route).ok_or_else(missing)?;
        loop {
            let rest: Vec<&str> = names(&route.0[base..]);
            let under = |keys: &[String]| rest.len() <= keys.len() && keys.iter().zip(&rest).all(|(a, b)| a == b);
            let mut found = (0..braces.slots.len()).filter(|i| under(&braces.slots[*i].keys));
            match (found.next(), found.next()) {
                (Some(index), None) => return Ok(Written::Inline(braces, index, base)),
                (Some(_), Some(_)) => return inexact(route, "it is written with dotted keys in an inline table"),
                (None, _) => {}
            }
            let deeper = |keys: &[String]| keys.len() < rest.len() && keys.iter().zip(&rest).all(|(a, b)| a == b);
            let slot = braces.slots.iter().find(|s| deeper(&s.keys)).ok_or_else(missing)?;
            base += slot.keys.len();
            braces = toml::braces(self.source, slot.value.start).ok_or_else(missing)?;
        }
    }

    /// The outermost inline table that a route leads into.
    fn inline_around(&self, route: &Route) -> Option<(Braces, usize)> {
        let index = (0..self.layout.statements.len())
            .find(|i| self.statement(*i).header.is_none() && route.0.starts_with(&self.route(*i).0))?;
        let value = self.statement(index).value.clone()?;
        Some((toml::braces(self.source, value.start)?, self.route(index).0.len()))
    }

    /// The braces of the inline table at exactly this route.
    fn inline_at(&self, route: &Route) -> Option<Braces> {
        let (mut braces, mut base) = self.inline_around(route)?;
        while base < route.0.len() {
            let rest = names(&route.0[base..]);
            let slot = braces
                .slots
                .iter()
                .find(|s| s.keys.len() <= rest.len() && s.keys.iter().zip(&rest).all(|(a, b)| a == b))?;
            base += slot.keys.len();
            braces = toml::braces(self.source, slot.value.start)?;
        }
        Some(braces)
    }

    fn names_of(&self, statements: impl Iterator<Item = usize>) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for i in statements {
            let name = self.route(i).to_string();
            if found.last() != Some(&name) {
                found.push(name);
            }
        }
        found
    }

    /// What stands around some statements among all statements of their kind.
    fn around(&self, own: &[usize], all: &[usize]) -> Neighbours {
        let (first, last) = (own[0], own[own.len() - 1]);
        Neighbours {
            own: self.names_of(own.iter().copied()),
            preceding: self.names_of(all.iter().rev().copied().filter(|i| *i < first)),
            following: self.names_of(all.iter().copied().filter(|i| *i > first && !own.contains(i) || *i > last)),
        }
    }

    /// Comments between the statement before and the blank lines in front of this one.
    fn gap(&self, index: usize) -> Bytes {
        Bytes(self.source[self.before(index)..self.lead(index)].to_vec())
    }

    /// The comments in front of a statement and of those of its kind before it.
    fn gaps(&self, index: usize, all: &[usize]) -> Gaps {
        let others = all.iter().filter(|i| **i < index).map(|i| (self.route(*i).to_string(), self.gap(*i)));
        Gaps { own: self.gap(index), others: others.filter(|(_, gap)| !gap.0.is_empty()).collect() }
    }
}

fn node_at(source: &[u8], route: &Route) -> Option<Node> {
    toml::root(source)?.at(&route.0)
}

fn names(steps: &[Step]) -> Vec<&str> {
    steps
        .iter()
        .filter_map(|s| match s {
            Step::Key { name, .. } => Some(name.as_str()),
            Step::Index(_) | Step::Named { .. } => None,
        })
        .collect()
}

pub(super) fn cut(source: &[u8], route: &Route) -> Result<(Vec<Splice>, Cut), EditError> {
    let parent = container(route)?;
    let file = File::read(source, route)?;
    let statements = match file.written(route)? {
        Written::Inline(braces, index, base) => {
            let (splices, member) = take(source, &braces, index);
            return Ok((splices, Cut { member: Some(member), base, copies: 1, ..Cut::default() }));
        }
        Written::Statements(found) => found,
    };
    let under_own_header = |i: usize| file.layout.sections[i].is_some_and(|h| file.route(h).0.starts_with(&route.0));
    let headers: Vec<usize> = statements.iter().copied().filter(|i| file.statement(*i).header.is_some()).collect();
    let lines: Vec<usize> = statements.iter().copied().filter(|i| !under_own_header(*i)).collect();
    let mut cut = Cut { base: parent.0.len(), copies: 1, ..Cut::default() };
    let mut splices = Vec::new();
    let mut pieces = |spans: Vec<Range<usize>>| {
        let text = spans.iter().flat_map(|s| source[s.clone()].iter().copied()).collect();
        splices.extend(spans.into_iter().map(Splice::cut));
        Bytes(text)
    };
    if let Some(first) = headers.first() {
        let spans = headers.iter().map(|h| file.lead(*h)..file.section_end(Some(*h))).collect();
        let all: Vec<usize> =
            (0..file.layout.statements.len()).filter(|i| file.statement(*i).header.is_some()).collect();
        cut.sections =
            Some(Part { text: pieces(spans), gaps: file.gaps(*first, &all), near: file.around(&headers, &all) });
    }
    if let Some(first) = lines.first() {
        let section = file.layout.sections[*first];
        if lines.iter().any(|i| file.layout.sections[*i] != section) {
            return inexact(route, "its lines stand under several headers");
        }
        cut.base = section.map_or(0, |h| file.route(h).0.len());
        let spans = lines.iter().map(|i| file.lead(*i)..file.statement(*i).line.end).collect();
        let all: Vec<usize> = file.pairs(section).collect();
        cut.lines = Some(Part { text: pieces(spans), gaps: file.gaps(*first, &all), near: file.around(&lines, &all) });
    }
    Ok((splices, cut))
}

/// Puts an entry back by meaning.
pub(super) fn insert(source: &[u8], route: &Route, cut: &Cut, entry: &Node) -> Result<(Vec<Splice>, Route), EditError> {
    if route.0.iter().any(|s| !matches!(s, Step::Key { .. })) {
        return inexact(route, "it stood in a list, and the file has changed");
    }
    if node_at(source, route).is_some() {
        return Err(EditError::Taken(route.clone()));
    }
    let parent = container(route)?;
    let Some(section) = route.0.get(..cut.base) else { return inexact(route, "the kept text is damaged") };
    let file = File::read(source, route)?;
    // Where the container is written on one line now, the entry goes into it, whatever it was before.
    if let Some((braces, base)) = inline_container(&file, &parent) {
        let same = cut.member.as_ref().filter(|_| cut.base == base);
        let member = match same {
            Some(member) => member.clone(),
            None => inline_member(route, base, entry, &braces)?,
        };
        let (splices, _) = put(source, &braces, place(&braces, &member.near), &member);
        return Ok((splices, route.clone()));
    }
    let mut splices = Vec::new();
    let of_member = cut.member.as_ref().map(|m| Part { text: m.text.clone(), ..Part::default() });
    if let Some(part) = cut.lines.as_ref().or(of_member.as_ref()) {
        splices.push(insert_lines(&file, &Route(section.to_vec()), part));
    }
    if let Some(part) = &cut.sections {
        splices.push(insert_sections(&file, part));
    }
    Ok((splices, route.clone()))
}

/// The innermost inline table on the way to a container, with the length of its route.
fn inline_container(file: &File<'_>, parent: &Route) -> Option<(Braces, usize)> {
    (0..=parent.0.len()).rev().find_map(|n| Some((file.inline_at(&Route(parent.0[..n].to_vec()))?, n)))
}

fn inline_member(route: &Route, base: usize, entry: &Node, braces: &Braces) -> Result<Member, EditError> {
    let keys: Vec<String> = names(&route.0[base..]).into_iter().map(writing::toml_key).collect();
    let Some(value) = writing::toml_value(&entry.value) else { return inexact(route, "TOML has no null") };
    let lead = if braces.slots.is_empty() { "" } else { " " };
    Ok(Member {
        text: Bytes(format!("{} = {value}", keys.join(".")).into_bytes()),
        lead: Bytes(lead.into()),
        ..Member::default()
    })
}

/// Whole lines at an offset, with the line breaks that they need there.
pub(super) fn whole_lines(source: &[u8], at: usize, text: &[u8]) -> Splice {
    let eol = writing::line_break(if source.contains(&b'\n') { source } else { text });
    let mut added = Vec::new();
    if at > bom(source) && source[at - 1] != b'\n' {
        added.extend(eol.bytes());
    }
    added.extend(text);
    if at < source.len() && !added.ends_with(b"\n") {
        added.extend(eol.bytes());
    }
    Splice { span: at..at, added }
}

/// The offset behind as much of the gap as stands at `at`, in whole lines.
pub(super) fn behind_gap(source: &[u8], at: usize, gap: &Bytes) -> usize {
    if source[at..].starts_with(&gap.0) { at + gap.0.len() } else { at }
}

fn insert_sections(file: &File<'_>, part: &Part) -> Splice {
    let headers: Vec<(usize, String)> = (0..file.layout.statements.len())
        .filter(|i| file.statement(*i).header.is_some())
        .map(|i| (i, file.route(i).to_string()))
        .collect();
    let behind = part.near.preceding.iter().find_map(|n| headers.iter().rfind(|(_, name)| name == n));
    let ahead = part.near.following.iter().find_map(|n| headers.iter().find(|(_, name)| name == n));
    let gap = part.gaps.behind(&part.near, |name| headers.iter().any(|(_, there)| there == name));
    let at = match (behind, ahead) {
        (Some((i, _)), _) => behind_gap(file.source, file.section_end(Some(*i)), &gap),
        (None, Some((i, _))) => ahead_of(file, *i, &gap),
        // All that was around it is out, or gone: comments that it stood in front of are there.
        (None, None) if headers.is_empty() && !part.near.following.is_empty() => {
            behind_gap(file.source, file.section_end(None), &gap)
        }
        (None, None) => file.source.len(),
    };
    let mut splice = whole_lines(file.source, at, &part.text.0);
    let opens_with_header = !writing::starts_with_line_break(&part.text.0);
    let stood_here = !gap.0.is_empty() && file.source[..at].ends_with(&gap.0);
    let alone = part.near.preceding.is_empty() && behind.is_none() && !stood_here;
    if at == file.source.len() && at > bom(file.source) && alone && opens_with_header {
        // At the end of foreign text a table stands apart.
        let eol = writing::line_break(file.source).bytes();
        splice.added.splice(0..0, eol);
    }
    splice
}

/// The offset in front of a statement and its blank lines.
fn ahead_of(file: &File<'_>, index: usize, gap: &Bytes) -> usize {
    let from = file.before(index);
    // Without comments of its own it stood in front of those of what follows.
    if file.source[from..].starts_with(&gap.0) { from + gap.0.len() } else { file.lead(index) }
}

fn insert_lines(file: &File<'_>, section: &Route, part: &Part) -> Splice {
    let header = file.header(section);
    if header.is_none() && !section.0.is_empty() {
        let eol = writing::line_break(file.source);
        let mut text = format!("{}{eol}", writing::toml_header(&section.0)).into_bytes();
        if file.source.len() > bom(file.source) {
            text.splice(0..0, eol.bytes());
        }
        text.extend(&part.text.0);
        return whole_lines(file.source, file.source.len(), &text);
    }
    let pairs: Vec<(usize, String)> = file.pairs(header).map(|i| (i, file.route(i).to_string())).collect();
    let behind = part.near.preceding.iter().find_map(|n| pairs.iter().rfind(|(_, name)| name == n));
    let ahead = part.near.following.iter().find_map(|n| pairs.iter().find(|(_, name)| name == n));
    let gap = part.gaps.behind(&part.near, |name| pairs.iter().any(|(_, there)| there == name));
    let at = match (behind, ahead) {
        (Some((i, _)), _) => behind_gap(file.source, file.statement(*i).line.end, &gap),
        (None, Some((i, _))) => ahead_of(file, *i, &gap),
        (None, None) => behind_gap(file.source, file.section_end(header), &gap),
    };
    let mut splice = whole_lines(file.source, at, &part.text.0);
    if !splice.added.ends_with(b"\n") && at == file.source.len() && part.near == Neighbours::default() {
        splice.added.extend(writing::line_break(file.source).bytes());
    }
    splice
}

pub(super) fn switch(source: &[u8], route: &Route, key: &str, to: bool) -> Result<(Vec<Splice>, Switch), EditError> {
    let file = File::read(source, route)?;
    let node = node_at(source, route).ok_or_else(|| EditError::Missing(route.clone()))?;
    if node.value.members().is_none() {
        return inexact(route, "it is no table");
    }
    if let Some(value) = value_of(&file, route, key)? {
        let old = Some(Bytes(source[value.clone()].to_vec()));
        let splice = Splice { span: value, added: to.to_string().into_bytes() };
        return Ok((vec![splice], Switch { key: key.to_owned(), to, old }));
    }
    let splices = add(&file, route, key, &to.to_string(), true)?;
    Ok((splices, Switch { key: key.to_owned(), to, old: None }))
}

/// The value of a member as it is written in one place; `None` where the member is missing.
fn value_of(file: &File<'_>, route: &Route, key: &str) -> Result<Option<Range<usize>>, EditError> {
    let at = route.key(key);
    match file.written(&at) {
        Ok(Written::Statements(found)) => match found.as_slice() {
            [one] if file.route(*one) == &at && file.statement(*one).header.is_none() => {
                Ok(file.statement(*one).value.clone())
            }
            _ => inexact(route, "the member is a table in several places"),
        },
        Ok(Written::Inline(braces, index, base)) => {
            let slot = &braces.slots[index];
            if slot.keys.len() == at.0.len() - base {
                Ok(Some(slot.value.clone()))
            } else {
                inexact(route, "the member is a table in several places")
            }
        }
        Err(EditError::Missing(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// Adds a member that is missing, in front of or behind the others.
fn add(file: &File<'_>, route: &Route, key: &str, value: &str, in_front: bool) -> Result<Vec<Splice>, EditError> {
    let source = file.source;
    let eol = writing::line_break(source);
    let name = writing::toml_key(key);
    if let Some(braces) = file.inline_at(route) {
        let text = format!("{name} = {value}");
        if let (false, Some(last)) = (in_front, braces.slots.len().checked_sub(1)) {
            let member = Member { text: Bytes(text.into_bytes()), lead: Bytes(b" ".to_vec()), ..Member::default() };
            return Ok(put(source, &braces, Place::After(last), &member).0);
        }
        return Ok(super::json::front(source, &braces, text).0);
    }
    if let Some(header) = file.header(route) {
        let pairs: Vec<usize> = file.pairs(Some(header)).collect();
        let indent = pairs.first().map_or_else(
            || writing::indentation(source, file.statement(header).span.start),
            |i| writing::indentation(source, file.statement(*i).span.start),
        );
        let at = match pairs.last() {
            Some(last) if !in_front => file.statement(*last).line.end,
            _ => file.statement(header).line.end,
        };
        let line = format!("{}{name} = {value}{eol}", String::from_utf8_lossy(indent));
        return Ok(vec![whole_lines(source, at, line.as_bytes())]);
    }
    let Written::Statements(found) = file.written(route)? else {
        return inexact(route, "it is written with dotted keys in an inline table");
    };
    let dotted: Vec<usize> = found.iter().copied().filter(|i| file.statement(*i).header.is_none()).collect();
    let dotted: Vec<usize> = dotted
        .into_iter()
        .filter(|i| file.layout.sections[*i].is_none_or(|h| !file.route(h).0.starts_with(&route.0)))
        .collect();
    let prefix = |i: usize| {
        toml::prefix_of(file.statement(i), file.route(i), route.0.len())
            .map(|span| String::from_utf8_lossy(&source[span]).into_owned())
    };
    let neighbour = if in_front { dotted.first() } else { dotted.last() };
    if let Some((i, prefix)) = neighbour.and_then(|i| Some((*i, prefix(*i)?))) {
        let indent = String::from_utf8_lossy(writing::indentation(source, file.statement(i).span.start));
        let line = format!("{indent}{prefix}.{name} = {value}{eol}");
        let place = &file.statement(i).line;
        return Ok(vec![whole_lines(source, if in_front { place.start } else { place.end }, line.as_bytes())]);
    }
    // Only sub-tables have headers: the table gets one of its own in front of them.
    let first = found[0];
    let Some(prefix) = prefix(first).filter(|_| file.statement(first).header == Some(false)) else {
        return inexact(route, "a way of writing TOML that is not supported");
    };
    let indent = String::from_utf8_lossy(writing::indentation(source, file.statement(first).span.start));
    let text = format!("{indent}[{prefix}]{eol}{indent}{name} = {value}{eol}{eol}");
    Ok(vec![whole_lines(source, file.statement(first).line.start, text.as_bytes())])
}

/// Takes a switch back by meaning: nothing is to be done where somebody set it otherwise meanwhile.
pub(super) fn unswitch(source: &[u8], route: &Route, switch: &Switch) -> Result<Vec<Splice>, EditError> {
    let file = File::read(source, route)?;
    if node_at(source, route).is_none() {
        return Err(EditError::Missing(route.clone()));
    }
    let Some(value) = value_of(&file, route, &switch.key)? else { return Ok(Vec::new()) };
    if source[value.clone()] != *switch.to.to_string().as_bytes() {
        return Ok(Vec::new());
    }
    if let Some(old) = &switch.old {
        return Ok(vec![Splice { span: value, added: old.0.clone() }]);
    }
    Ok(match file.written(&route.key(&switch.key))? {
        Written::Inline(braces, index, _) => take(source, &braces, index).0,
        // The line alone: the blank lines around it are not ours.
        Written::Statements(found) => found.into_iter().map(|i| Splice::cut(file.statement(i).line.clone())).collect(),
    })
}

/// Sets or removes one member of an entry.
pub(super) fn set(
    document: Document,
    route: &Route,
    key: &str,
    value: Option<&serde_json::Value>,
) -> Result<Document, EditError> {
    let source = document.source();
    let at = route.key(key);
    let entry = node_at(source, route).ok_or_else(|| EditError::Missing(route.clone()))?;
    if entry.value.members().is_none() {
        return inexact(route, "it is no table");
    }
    let present = entry.value.get(key);
    let file = File::read(source, route)?;
    let redo = |splices: Vec<Splice>| {
        let mut splices = splices;
        read_again(&document, apply(source, &mut splices), route)
    };
    match (present, value) {
        (None, None) => Ok(document),
        (Some(_), None) => redo(cut(source, &at)?.0),
        (_, Some(value)) => {
            let Some(text) = writing::toml_json(value) else { return inexact(route, "TOML has no null") };
            if present.is_none() {
                return redo(add(&file, route, key, &text, false)?);
            }
            if let Ok(Some(span)) = value_of(&file, route, key) {
                return redo(vec![Splice { span, added: text.into_bytes() }]);
            }
            // A table in several places: member by member, so that what stays keeps its bytes.
            if let (Some(Value::Object(old)), serde_json::Value::Object(new)) = (present.map(|n| &n.value), value) {
                let mut now = document.clone();
                for (name, value) in new {
                    now = set(now, &at, name, Some(value))?;
                }
                for member in old.iter().filter(|m| !new.contains_key(&m.key)) {
                    now = set(now, &at, &member.key, None)?;
                }
                return Ok(now);
            }
            let without = redo(cut(source, &at)?.0)?;
            set(without, route, key, Some(value))
        }
    }
}
