//! Taking a member out of braces and putting one in, comma and space included, comments left alone.

use std::collections::HashMap;
use std::ops::Range;

use super::stash::{Bytes, Gaps, Member, Neighbours};
use super::{Splice, writing};
use crate::document::braces::{Braces, Comments, last_comment, same_line_comment};
use crate::document::{Route, Step};

/// Where a member goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    After(usize),
    Before(usize),
    Only,
}

/// The names of the slots as neighbours know them.
fn labels(braces: &Braces) -> Vec<String> {
    labels_of(braces.slots.iter().map(|slot| slot.keys.as_slice()))
}

/// Keys as routes, those that come again counted.
pub(super) fn labels_of<'a>(all: impl Iterator<Item = &'a [String]>) -> Vec<String> {
    let mut counts: HashMap<&[String], u32> = HashMap::new();
    let label = |keys: &[String], nth: u32| {
        let mut route = Route(keys.iter().map(|name| Step::Key { name: name.clone(), nth: 1 }).collect());
        if let Some(Step::Key { nth: last, .. }) = route.0.last_mut() {
            *last = nth;
        }
        route.to_string()
    };
    let mut found = Vec::new();
    for keys in all {
        let nth = counts.entry(keys).or_default();
        *nth += 1;
        found.push(label(keys, *nth));
    }
    found
}

/// Takes the member at `index` out: its bytes, one comma, the space before it.
pub(super) fn take(source: &[u8], braces: &Braces, index: usize) -> (Vec<Splice>, Member) {
    let slot = &braces.slots[index];
    let from = braces.before(index);
    let before = last_comment(source, from..slot.key.start, braces.comments);
    let mut splices = Vec::new();
    let mut start = before.end;
    let mut tail = Bytes::default();
    let end = match slot.comma {
        Some(comma) if is_space(&source[slot.value.end..comma]) => {
            tail = Bytes(source[slot.value.end..comma].to_vec());
            comma + 1
        }
        Some(comma) => {
            splices.push(Splice::cut(comma..comma + 1));
            slot.value.end
        }
        None => {
            // The last of several: the comma that joined it to the one before goes with it.
            if let Some(comma) = index.checked_sub(1).and_then(|i| braces.slots[i].comma) {
                splices.push(Splice::cut(comma..comma + 1));
            }
            slot.value.end
        }
    };
    if before.to_line_end && !writing::starts_with_line_break(&source[end..]) {
        // What follows must not become part of the comment, and in YAML not stand further left than it may.
        start = match braces.comments {
            Comments::Slash => start + memchr::memchr(b'\n', &source[start..slot.key.start]).map_or(0, |i| i + 1),
            Comments::Hash => slot.key.start,
        };
    }
    splices.push(Splice::cut(start..end));
    splices.sort_by_key(|s| s.span.start);
    let comment = same_line_comment(source, end, braces.comments);
    let labels = labels(braces);
    let gap_of = |i: usize| {
        let from = braces.before(i);
        let comment = last_comment(source, from..braces.slots[i].key.start, braces.comments);
        (comment.end > from).then(|| (labels[i].clone(), Bytes(source[from..comment.end].to_vec())))
    };
    let member = Member {
        gaps: Gaps { own: Bytes(source[from..before.end].to_vec()), others: (0..index).filter_map(gap_of).collect() },
        text: Bytes(source[slot.span()].to_vec()),
        lead: Bytes(source[before.end..slot.key.start].to_vec()),
        trail: Bytes(source[end..comment.end].to_vec()),
        tail,
        trailing: braces.slots.last().is_some_and(|s| s.comma.is_some()),
        near: Neighbours {
            own: vec![labels[index].clone()],
            preceding: labels[..index].iter().rev().cloned().collect(),
            following: labels[index + 1..].to_vec(),
        },
    };
    (splices, member)
}

/// Finds the place between the neighbours that are still there.
pub(super) fn place(braces: &Braces, near: &Neighbours) -> Place {
    let labels = labels(braces);
    let index: HashMap<&String, usize> = labels.iter().enumerate().map(|(i, l)| (l, i)).collect();
    let find = |names: &[String]| names.iter().find_map(|n| index.get(n).copied());
    match (find(&near.preceding), find(&near.following), labels.len()) {
        (Some(i), _, _) => Place::After(i),
        (None, Some(i), _) => Place::Before(i),
        (None, None, 0) => Place::Only,
        (None, None, n) => Place::After(n - 1),
    }
}

/// Puts a member in; returns also its index among the slots.
pub(super) fn put(source: &[u8], braces: &Braces, place: Place, member: &Member) -> (Vec<Splice>, usize) {
    let eol = writing::line_break(source);
    let Member { text, lead, tail, .. } = member;
    let mut splices = Vec::new();
    let (from, until, index) = match place {
        Place::After(i) => {
            let until = braces.slots.get(i + 1).map_or(braces.close, |s| s.key.start);
            (braces.before(i + 1), until, i + 1)
        }
        Place::Before(i) => (braces.before(i), braces.slots[i].key.start, i),
        Place::Only => (braces.open + 1, braces.close, 0),
    };
    let at = landing(source, from..until, braces, place, member);
    let mut added = Vec::new();
    // In YAML what is between braces stands further right than the key of the braces.
    let step: &[u8] = if braces.comments == Comments::Hash { b"  " } else { b"" };
    if at.1 && !writing::starts_with_line_break(&lead.0) {
        added.extend(eol.as_bytes());
        if !step.is_empty() {
            added.extend(writing::indentation(source, braces.open));
            added.extend(step);
        }
    }
    added.extend(&lead.0);
    added.extend(&text.0);
    let comma = match place {
        Place::After(i) if braces.slots[i].comma.is_none() => {
            let end = braces.slots[i].value.end;
            splices.push(Splice { span: end..end, added: b",".to_vec() });
            false
        }
        Place::After(_) | Place::Before(_) => true,
        Place::Only => member.trailing,
    };
    if comma {
        added.extend(&tail.0);
        added.push(b',');
    }
    if place == Place::Only && writing::starts_with_line_break(&added) && !source[at.0..until].contains(&b'\n') {
        added.extend(eol.as_bytes());
        added.extend(writing::indentation(source, braces.open));
        added.extend(step);
    }
    splices.push(Splice { span: at.0..at.0, added });
    (splices, index)
}

/// The offset between the token before and the token after, with regard to comments that were around the member, and
/// whether the offset is behind a comment that runs to the end of its line.
fn landing(source: &[u8], between: Range<usize>, braces: &Braces, place: Place, member: &Member) -> (usize, bool) {
    let Range { start, end } = between;
    let rest = &source[start..end];
    let behind = |at: usize| (at, last_comment(source, start..at, braces.comments).to_line_end);
    let there = labels(braces);
    let gap = member.gaps.behind(&member.near, |name| there.contains(name)).0;
    if !gap.is_empty() && rest.starts_with(&gap) {
        return behind(start + gap.len());
    }
    if gap.is_empty() && !member.near.own.is_empty() && !matches!(place, Place::After(_)) {
        // It stood right behind the brace: comments there belong to what follows.
        return (start, false);
    }
    if !member.trail.0.is_empty() && rest.starts_with(&member.trail.0) {
        return (start, false);
    }
    match place {
        // A comment behind the neighbour on its line is the neighbour's.
        Place::After(_) => {
            let comment = same_line_comment(source, start, braces.comments);
            if comment.end <= end { (comment.end, comment.to_line_end) } else { (start, false) }
        }
        Place::Before(_) | Place::Only => behind(last_comment(source, between, braces.comments).end),
    }
}

fn is_space(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_whitespace)
}
