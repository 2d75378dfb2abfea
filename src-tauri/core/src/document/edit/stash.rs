//! What an edit leaves behind so that it can be undone.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use super::Splice;
use super::writing;
use crate::document::{Document, Format, Node, Route, Step};

/// Bytes of the user's file; base64 where they are stored, never shown.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct Bytes(pub(super) Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(Self).map_err(serde::de::Error::custom)
    }
}

/// Everything needed to undo an edit later, even when the file has changed in between.
///
/// It holds bytes of the user's file, secrets included: it is stored in the hold store only, and its `Debug` shows no bytes.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Stash {
    pub route: Route,
    format: Format,
    /// What was exchanged, in file order.
    pieces: Vec<Piece>,
    /// SHA-256 of the whole file before the edit, in hex.
    before: String,
    /// SHA-256 of the whole file after the edit, in hex.
    after: String,
    pub(super) kind: Kind,
}

/// One place where the edit exchanged bytes.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Piece {
    /// Offset in the file before the edit.
    at: usize,
    removed: Bytes,
    added: Bytes,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Cut(Box<Cut>),
    Switch(Switch),
    List(Listing),
}

/// An item that was put into a list.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Listing {
    pub(super) item: serde_json::Value,
    /// The list was made for it.
    pub(super) made: bool,
}

/// An entry that was taken out, and what it stood between.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Cut {
    /// The member as it was written between braces.
    pub(super) member: Option<Member>,
    /// TOML: whole lines from inside another table, with the blank lines before them. YAML: the lines of an entry.
    pub(super) lines: Option<Part>,
    /// TOML: headers with all that stands under them, with the blank lines before them.
    pub(super) sections: Option<Part>,
    /// How many steps of the route are given by the place of `member` or `lines`.
    pub(super) base: usize,
    /// How many entries of this name there were, this one included.
    pub(super) copies: u32,
}

/// Neighbours by name: the key of a member, the route of a line or header.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub(super) struct Neighbours {
    pub(super) own: Vec<String>,
    /// Nearest first.
    pub(super) preceding: Vec<String>,
    /// Nearest first.
    pub(super) following: Vec<String>,
}

#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Member {
    /// From the key to the end of the value.
    pub(super) text: Bytes,
    /// Space between the token or comment before it and the key.
    pub(super) lead: Bytes,
    /// What stands between the token before it and the lead.
    pub(super) gaps: Gaps,
    /// Comments behind it on the same line.
    pub(super) trail: Bytes,
    /// Space before its comma.
    pub(super) tail: Bytes,
    /// Whether the last member had a comma.
    pub(super) trailing: bool,
    pub(super) near: Neighbours,
}

#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Part {
    pub(super) text: Bytes,
    /// What stands between the statement before it and the text.
    pub(super) gaps: Gaps,
    pub(super) near: Neighbours,
}

/// A boolean that was set.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Switch {
    pub(super) key: String,
    pub(super) to: bool,
    /// The value as it was written before, `None` where the key was missing.
    pub(super) old: Option<Bytes>,
}

impl std::fmt::Debug for Stash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stash").field("route", &self.route).finish_non_exhaustive()
    }
}

impl Stash {
    /// Describes an edit that is about to be returned. The splices are in file order.
    pub(super) fn new(before: &Document, route: &Route, splices: &[Splice], after: &[u8], kind: Kind) -> Self {
        let pieces = splices.iter().map(|s| Piece {
            at: s.span.start,
            removed: Bytes(before.source()[s.span.clone()].to_vec()),
            added: Bytes(s.added.clone()),
        });
        Self {
            route: route.clone(),
            format: before.format(),
            pieces: pieces.collect(),
            before: digest(before.source()),
            after: digest(after),
            kind,
        }
    }

    /// The format of the file that the entry stood in.
    pub fn format(&self) -> Format {
        self.format
    }

    fn is_item(&self) -> bool {
        matches!(self.route.0.last(), Some(Step::Named { .. }))
    }

    /// Returns a document that holds nothing but the entry that was cut, in its own bytes; `None` for a switch,
    /// which leaves the entry in its file.
    pub fn entry_text(&self) -> Option<Vec<u8>> {
        let Kind::Cut(cut) = &self.kind else { return None };
        let mut text = Vec::new();
        if let (Format::Json | Format::Jsonc | Format::Json5 | Format::Yaml, Some(member)) = (self.format, &cut.member)
        {
            let brackets = if self.is_item() { b"[]" } else { b"{}" };
            text.push(brackets[0]);
            text.extend(&member.text.0);
            if self.format == Format::Yaml {
                // A comment inside a flow mapping may run to the end of its last line.
                text.extend(b"\n ");
            }
            text.push(brackets[1]);
            return Some(text);
        }
        match self.format {
            Format::Json | Format::Jsonc | Format::Json5 | Format::Xml | Format::FrontMatter => return None,
            Format::Yaml => return cut.lines.as_ref().map(|lines| lines.text.0.clone()),
            Format::Toml => {}
        }
        let line = cut.member.as_ref().map(|m| &m.text).or(cut.lines.as_ref().map(|l| &l.text));
        if let Some(line) = line {
            if cut.base > 0 {
                text.extend(writing::toml_header(self.route.0.get(..cut.base)?).into_bytes());
                text.push(b'\n');
            }
            text.extend(&line.0);
            text.push(b'\n');
        }
        if let Some(sections) = &cut.sections {
            text.extend(&sections.text.0);
        }
        Some(text)
    }

    /// Returns the value of the entry that was cut; its spans lie in [`Stash::entry_text`].
    pub fn node(&self) -> Option<Node> {
        let document = Document::parse(self.format, self.entry_text()?).ok()?;
        if self.is_item() {
            return document.node(&Route::root().item(0));
        }
        let name = self.route.name()?;
        if self.format != Format::Toml {
            return document.node(&Route::root().key(name));
        }
        let keys = self.route.0.iter().filter(|s| matches!(s, Step::Key { .. })).cloned();
        document.node(&Route(keys.collect()))
    }

    /// Tells the stash which entries of the same file were out already, so that it finds its place among them
    /// in whatever order they come back. Call it before the stash is stored.
    pub fn beside(&mut self, held: &[Self]) {
        let place = (self.route.parent(), self.format);
        let Kind::Cut(cut) = &mut self.kind else { return };
        let (mut members, mut lines, mut sections) = (Vec::new(), Vec::new(), Vec::new());
        for other in held {
            let Kind::Cut(theirs) = &other.kind else { continue };
            if let (Some(a), Some(b)) = (&mut cut.member, &theirs.member)
                && place == (other.route.parent(), other.format)
            {
                a.near.admit(&b.near);
                members.push((&b.near, &b.gaps));
            }
            for (a, b, out) in
                [(&mut cut.lines, &theirs.lines, &mut lines), (&mut cut.sections, &theirs.sections, &mut sections)]
            {
                if let (Some(a), Some(b)) = (a, b) {
                    a.near.admit(&b.near);
                    out.push((&b.near, &b.gaps));
                }
            }
        }
        if let Some(member) = &mut cut.member {
            member.gaps.part(&member.near, &members);
        }
        for (part, out) in [(&mut cut.lines, &lines), (&mut cut.sections, &sections)] {
            if let Some(part) = part {
                part.gaps.part(&part.near, out);
            }
        }
    }

    /// Undoes the edit byte by byte, where the file is exactly as the edit left it.
    pub(super) fn undo(&self, source: &[u8]) -> Option<Vec<u8>> {
        if digest(source) != self.after {
            return None;
        }
        let mut out: Vec<u8> = Vec::with_capacity(source.len());
        let mut pos = 0;
        for piece in &self.pieces {
            let kept = piece.at.checked_sub(out.len())?;
            out.extend(source.get(pos..pos + kept)?);
            out.extend(&piece.removed.0);
            pos += kept + piece.added.0.len();
        }
        out.extend(source.get(pos..)?);
        (digest(&out) == self.before).then_some(out)
    }
}

/// Comments in front of something that may be out, and of those before it: where those are out, theirs are left.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Gaps {
    /// What stands between the token or statement before it and its own space: comments.
    pub(super) own: Bytes,
    /// The same of those before it, by name, as far as there are comments.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) others: BTreeMap<String, Bytes>,
}

impl Gaps {
    /// The comments of what is out stand in front of those of the next one: tells them apart.
    fn part(&mut self, near: &Neighbours, out: &[(&Neighbours, &Self)]) {
        let mut of_out: Vec<u8> = Vec::new();
        let part = |gap: &mut Bytes, of_out: &mut Vec<u8>| {
            if gap.0.starts_with(of_out) {
                gap.0.drain(..of_out.len());
            }
            of_out.clear();
        };
        for name in near.preceding.iter().rev() {
            match out.iter().find(|(near, _)| near.own.contains(name)) {
                // Of something in several pieces they stand in front of the first.
                Some((near, _)) if near.own.first() != Some(name) => {}
                Some((_, gaps)) => {
                    of_out.extend(&gaps.own.0);
                    if !gaps.own.0.is_empty() {
                        self.others.insert(name.clone(), gaps.own.clone());
                    }
                }
                None => match self.others.get_mut(name) {
                    Some(gap) => part(gap, &mut of_out),
                    None => of_out.clear(),
                },
            }
        }
        part(&mut self.own, &mut of_out);
    }

    /// The comments between the nearest of those before it that is there, as `is_there` says, and its own place.
    pub(super) fn behind(&self, near: &Neighbours, is_there: impl Fn(&String) -> bool) -> Bytes {
        let gone = near.preceding.iter().take_while(|name| !is_there(name));
        let mut gaps: Vec<&Bytes> = gone.filter_map(|name| self.others.get(name)).collect();
        gaps.reverse();
        Bytes(gaps.into_iter().chain([&self.own]).flat_map(|gap| gap.0.iter().copied()).collect())
    }
}

impl Neighbours {
    /// Places the entry that `other` describes among the neighbours, unless it is there.
    fn admit(&mut self, other: &Self) {
        // Farthest preceding first, as in the file.
        let own = self.own.clone();
        let mut order: Vec<&String> = self.preceding.iter().rev().chain(&own).chain(&self.following).collect();
        for (i, name) in other.own.iter().enumerate() {
            if order.contains(&name) {
                continue;
            }
            let before = other.own[..i].iter().rev().chain(&other.preceding);
            let after = before.filter_map(|n| order.iter().position(|o| *o == n)).next().map(|i| i + 1);
            let ahead = other.following.iter().filter_map(|n| order.iter().position(|o| *o == n)).next();
            order.insert(after.or(ahead).unwrap_or(order.len()), name);
        }
        let Some(first) = own.first().and_then(|n| order.iter().position(|o| *o == n)) else { return };
        let preceding = order[..first].iter().rev().map(|n| (*n).clone()).collect();
        let following = order[first..].iter().filter(|n| !own.contains(n)).map(|n| (*n).clone()).collect();
        self.preceding = preceding;
        self.following = following;
    }
}

pub(super) fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
