//! Edits of JSON entries.

use super::member::{Place, place, put, take};
use super::stash::{Bytes, Cut, Member, Switch};
use super::writing::{self, Layout};
use super::{EditError, Splice, apply, container, inexact, read_again};
use crate::document::braces::{Braces, last_comment};
use crate::document::{Document, Route, Step, bom, json};

pub(super) fn cut(source: &[u8], route: &Route) -> Result<(Vec<Splice>, Cut), EditError> {
    let missing = || EditError::Missing(route.clone());
    let parent = container(route)?;
    let open = json::offset_of(source, &parent).ok_or_else(missing)?;
    let braces = json::braces(source, open).ok_or_else(missing)?;
    let Some(Step::Key { name, nth }) = route.0.last() else { return Err(missing()) };
    let index = braces.position(name, *nth).ok_or_else(missing)?;
    let (splices, member) = take(source, &braces, index);
    Ok((splices, Cut { member: Some(member), base: parent.0.len(), copies: copies(&braces, name), ..Cut::default() }))
}

fn copies(braces: &Braces, name: &str) -> u32 {
    u32::try_from(braces.slots.iter().filter(|s| s.keys[0] == name).count()).unwrap_or(u32::MAX)
}

/// Puts an entry back by meaning; returns the route where it is then.
pub(super) fn insert(source: &[u8], route: &Route, cut: &Cut) -> Result<(Vec<Splice>, Route), EditError> {
    let damaged = || EditError::Inexact(route.clone(), "the kept text is damaged");
    let member = cut.member.as_ref().ok_or_else(damaged)?;
    let (last, parents) = route.0.split_last().ok_or_else(damaged)?;
    let Step::Key { name, .. } = last else { return Err(damaged()) };
    let style = style(source, member, route.0.len());

    let Some(mut at) = json::offset_of(source, &Route::root()) else {
        let (inner, _) = nest(parents, member, 0, &style);
        let mut text = format!("{{{}", style.line(1)).into_bytes();
        text.extend(inner);
        text.extend(format!("{}}}", style.line(0)).bytes());
        let start = bom(source);
        if !source[start..].contains(&b'\n') && style.unit.is_some() {
            text.extend(style.eol.bytes());
        }
        // In front of the blank rest, or behind what comments there are.
        let at = last_comment(source, start..source.len(), crate::document::braces::Comments::Slash);
        if at.to_line_end {
            text.splice(0..0, style.eol.bytes());
        }
        return Ok((vec![Splice { span: at.end..at.end, added: text }], first_of(route)));
    };
    let mut actual = Route::root();
    for (depth, step) in parents.iter().enumerate() {
        let next = match step {
            Step::Key { name, nth } => {
                let Some(braces) = json::braces(source, at) else { return inexact(route, "its parent is no object") };
                // Where a repeated key is gone, its last copy is the container that counts.
                let nth = (*nth).min(copies(&braces, name).max(1));
                actual = actual.nth_key(name, nth);
                match braces.position(name, nth) {
                    Some(i) => braces.slots[i].value.start,
                    None => {
                        let (text, _) = nest(&parents[depth..], member, depth, &style);
                        let lead = style.line(depth + 1).into_bytes();
                        let unit = Member { text: Bytes(text), lead: Bytes(lead), ..Member::default() };
                        let place = braces.slots.len().checked_sub(1).map_or(Place::Only, Place::After);
                        let (splices, _) = put(source, &braces, place, &unit);
                        return Ok((splices, first_of(&Route([&actual.0[..], &route.0[depth + 1..]].concat()))));
                    }
                }
            }
            Step::Named { .. } => return Err(EditError::Missing(Route(parents[..=depth].to_vec()))),
            Step::Index(index) => {
                actual = actual.item(*index);
                let items = json::items(source, at).unwrap_or_default();
                match items.get(*index) {
                    Some(item) => item.start,
                    None => return Err(EditError::Missing(Route(parents[..=depth].to_vec()))),
                }
            }
        };
        at = next;
    }
    let Some(braces) = json::braces(source, at) else { return inexact(route, "its parent is no object") };
    if copies(&braces, name) >= cut.copies.max(1) {
        return Err(EditError::Taken(route.clone()));
    }
    let (splices, index) = put(source, &braces, place(&braces, &member.near), member);
    let earlier = braces.slots[..index].iter().filter(|s| s.keys[0] == *name).count();
    Ok((splices, actual.nth_key(name, u32::try_from(earlier + 1).unwrap_or(u32::MAX))))
}

/// The same route where nothing is repeated.
fn first_of(route: &Route) -> Route {
    let mut route = route.clone();
    if let Some(Step::Key { nth, .. }) = route.0.last_mut() {
        *nth = 1;
    }
    route
}

struct Style {
    eol: &'static str,
    unit: Option<String>,
    lead: Option<String>,
}

impl Style {
    /// A line break with the indentation of members at a depth, empty where all is on one line.
    fn line(&self, depth: usize) -> String {
        self.unit.as_ref().map(|u| format!("{}{}", self.eol, u.repeat(depth))).unwrap_or_default()
    }
}

/// How the file is indented, or how the entry was, where the file does not tell.
fn style(source: &[u8], member: &Member, depth: usize) -> Style {
    let lead = String::from_utf8_lossy(&member.lead.0).into_owned();
    let broken = lead.contains('\n') || member.text.0.contains(&b'\n');
    let blank = source[bom(source)..].trim_ascii().is_empty();
    let eol = if blank || !source.contains(&b'\n') {
        writing::line_break(if lead.contains('\n') { lead.as_bytes() } else { &member.text.0 })
    } else {
        writing::line_break(source)
    };
    let own = lead.rsplit('\n').next().unwrap_or_default();
    let own = if lead.contains('\n') && !own.is_empty() && own.len().is_multiple_of(depth) {
        own[..own.len() / depth].to_owned()
    } else {
        "  ".to_owned()
    };
    let unit = match unit_of(source) {
        Some(unit) => Some(unit),
        None if source.contains(&b'\n') || broken => Some(own),
        None => None,
    };
    Style { eol, unit, lead: lead.contains('\n').then_some(lead) }
}

/// One step of indentation, as the first member of the root object shows it.
fn unit_of(source: &[u8]) -> Option<String> {
    let braces = json::braces(source, json::offset_of(source, &Route::root())?)?;
    let first = braces.slots.first()?;
    let lead = &source[braces.open..first.key.start];
    let line = lead.iter().rposition(|b| *b == b'\n')?;
    let unit = &lead[line + 1..];
    (!unit.is_empty() && unit.iter().all(|b| matches!(b, b' ' | b'\t')))
        .then(|| String::from_utf8_lossy(unit).into_owned())
}

/// Wraps a member into the objects that are missing around it.
fn nest(parents: &[Step], member: &Member, depth: usize, style: &Style) -> (Vec<u8>, usize) {
    let mut text = member.text.0.clone();
    let mut level = depth + parents.len();
    let colon = if style.unit.is_some() { ": " } else { ":" };
    for (i, parent) in parents.iter().rev().enumerate() {
        let name = match parent {
            Step::Key { name, .. } => name.clone(),
            Step::Index(index) => index.to_string(),
            Step::Named { name, .. } => name.clone(),
        };
        let lead = match &style.lead {
            Some(lead) if i == 0 => lead.clone(),
            _ => style.line(level + 1),
        };
        let mut outer = format!("{}{colon}{{{lead}", serde_json::Value::from(name)).into_bytes();
        outer.extend(text);
        outer.extend(format!("{}}}", style.line(level)).bytes());
        text = outer;
        level -= 1;
    }
    (text, level)
}

fn entry(source: &[u8], route: &Route) -> Result<Braces, EditError> {
    let open = json::offset_of(source, route).ok_or_else(|| EditError::Missing(route.clone()))?;
    json::braces(source, open).map_or_else(|| inexact(route, "it is no object"), Ok)
}

pub(super) fn switch(source: &[u8], route: &Route, key: &str, to: bool) -> Result<(Vec<Splice>, Switch), EditError> {
    let braces = entry(source, route)?;
    // Of equal keys the last is obeyed.
    if let Some(slot) = braces.slots.iter().rev().find(|s| s.keys[0] == key) {
        let old = Some(Bytes(source[slot.value.clone()].to_vec()));
        let splice = Splice { span: slot.value.clone(), added: to.to_string().into_bytes() };
        return Ok((vec![splice], Switch { key: key.to_owned(), to, old }));
    }
    let text = format!("{}{}{to}", serde_json::Value::from(key), colon(source, &braces));
    let (splices, _) = front(source, &braces, text);
    Ok((splices, Switch { key: key.to_owned(), to, old: None }))
}

/// What the entry writes between a key and its value.
fn colon(source: &[u8], braces: &Braces) -> String {
    let first = braces.slots.first().map(|s| &source[s.key.end..s.value.start]);
    match first {
        Some(text) if text.len() < 8 && text.iter().all(|b| matches!(b, b' ' | b'\t' | b':')) => {
            String::from_utf8_lossy(text).into_owned()
        }
        _ => ": ".to_owned(),
    }
}

/// Puts a member before all others, with the space that the first one has.
pub(super) fn front(source: &[u8], braces: &Braces, text: String) -> (Vec<Splice>, usize) {
    let (place, lead) = match braces.slots.first() {
        Some(first) => {
            let comment = last_comment(source, braces.open + 1..first.key.start, braces.comments);
            (Place::Before(0), source[comment.end..first.key.start].to_vec())
        }
        None => (Place::Only, Vec::new()),
    };
    let member = Member { text: Bytes(text.into_bytes()), lead: Bytes(lead), ..Member::default() };
    put(source, braces, place, &member)
}

/// Takes a switch back by meaning: nothing is to be done where somebody set it otherwise meanwhile.
pub(super) fn unswitch(source: &[u8], route: &Route, switch: &Switch) -> Result<Vec<Splice>, EditError> {
    let braces = entry(source, route)?;
    let Some(index) = braces.slots.iter().rposition(|s| s.keys[0] == switch.key) else { return Ok(Vec::new()) };
    let value = braces.slots[index].value.clone();
    if source[value.clone()] != *switch.to.to_string().as_bytes() {
        return Ok(Vec::new());
    }
    Ok(match &switch.old {
        Some(old) => vec![Splice { span: value, added: old.0.clone() }],
        None => take(source, &braces, index).0,
    })
}

/// Sets or removes one member of an entry; copies of a repeated key are made one.
pub(super) fn set(
    mut document: Document,
    route: &Route,
    key: &str,
    value: Option<&serde_json::Value>,
) -> Result<Document, EditError> {
    let wanted = usize::from(value.is_some());
    loop {
        let source = document.source();
        let braces = entry(source, route)?;
        let copies: Vec<usize> = (0..braces.slots.len()).filter(|i| braces.slots[*i].keys[0] == key).collect();
        if copies.len() <= wanted {
            break;
        }
        let mut splices = take(source, &braces, copies[0]).0;
        let after = apply(source, &mut splices);
        document = read_again(&document, after, route)?;
    }
    let Some(value) = value else { return Ok(document) };
    let source = document.source();
    let braces = entry(source, route)?;
    let present = braces.slots.iter().find(|s| s.keys[0] == key);
    let whole = &source[braces.open..braces.close];
    let broken = match present {
        Some(slot) => source[slot.value.clone()].contains(&b'\n'),
        None => value.is_object() && whole.contains(&b'\n'),
    };
    let spaced = braces.slots.iter().any(|s| s.key.end + 1 < s.value.start) || braces.slots.is_empty();
    let line = match present {
        Some(slot) => writing::indentation(source, slot.key.start),
        None => braces.slots.last().map_or(&[][..], |s| writing::indentation(source, s.key.start)),
    };
    let layout = Layout {
        eol: writing::line_break(source),
        unit: broken.then(|| unit_of(source).unwrap_or_else(|| "  ".to_owned())),
        base: String::from_utf8_lossy(line).into_owned(),
        spaced,
    };
    let mut splices = match present {
        Some(slot) => vec![Splice { span: slot.value.clone(), added: layout.json(value).into_bytes() }],
        None => {
            let text = format!("{}{}{}", serde_json::Value::from(key), colon(source, &braces), layout.json(value));
            match braces.slots.len().checked_sub(1) {
                Some(last) => {
                    let key = braces.slots[last].key.start;
                    let comment = last_comment(source, braces.before(last)..key, braces.comments);
                    let mut lead = source[comment.end..key].to_vec();
                    if last == 0 && braces.slots.len() == 1 && !lead.contains(&b'\n') && spaced {
                        // The first member's own space need not be what parts two members.
                        lead = b" ".to_vec();
                    }
                    let lead = Bytes(lead);
                    let member = Member { text: Bytes(text.into_bytes()), lead, ..Member::default() };
                    put(source, &braces, Place::After(last), &member).0
                }
                None => front(source, &braces, text).0,
            }
        }
    };
    let after = apply(source, &mut splices);
    read_again(&document, after, route)
}
