//! Reading YAML. `saphyr-parser` judges the syntax and says where things stand; values are those of the core schema of
//! YAML 1.2, which the clients' own readers follow.
//!
//! Merge keys (`<<`) mean nothing here, as they mean nothing to those readers unless they are asked. An alias stands for
//! the value of its anchor.

use std::collections::HashMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use sha2::{Digest as _, Sha256};

use super::braces::{Braces, Comments, Slot, comment};
use super::{MAX_DEPTH, Member, Node, SyntaxError, SyntaxReason, Value, bom, name_of, text};

/// More values than any configuration has: aliases within aliases grow without bound.
const MAX_NODES: usize = 1_000_000;

/// A file of this format is read whole; no client keeps so much in one.
const MAX_BYTES: usize = 16 << 20;

/// A YAML file as its values, and what bears on edits.
#[derive(Debug, Default)]
struct Tree {
    root: Option<Node>,
    /// Something in it refers to something else by name, or has a type of its own.
    refers: bool,
}

pub(super) fn check(source: &[u8]) -> Result<(), SyntaxError> {
    tree(source).map(drop)
}

/// The whole document as a node. The source has passed [`check`].
pub(super) fn root(source: &[u8]) -> Option<Node> {
    tree(source).ok()?.root
}

/// As [`root`], where nothing in the file refers to something else: else no part of it can be taken out by itself.
pub(super) fn root_of_parts(source: &[u8]) -> Result<Option<Node>, Refers> {
    match tree(source) {
        Ok(Tree { refers: true, .. }) => Err(Refers),
        Ok(Tree { root, .. }) => Ok(root),
        Err(_) => Ok(None),
    }
}

/// Something in a file refers to something else.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refers;

/// Returns the layout of a flow mapping or list, `None` for one that is written in lines.
pub(super) fn braces(source: &[u8], node: &Node) -> Option<Braces> {
    let slot = |keys, key, value| Slot { keys, key, value, comma: None };
    let (brackets, mut slots): (_, Vec<Slot>) = match &node.value {
        Value::Object(members) => {
            let of = |m: &Member| slot(vec![m.key.clone()], m.key_span.clone(), m.node.span.clone());
            (b"{}", members.iter().map(of).collect())
        }
        Value::Array(items) => {
            let of = |item: &Node| slot(keys_of(item), item.span.start..item.span.start, item.span.clone());
            (b"[]", items.iter().map(of).collect())
        }
        _ => return None,
    };
    let is_lines = node.value.items().is_some_and(|items| !is_between_brackets(source, node.span.start, items));
    if is_lines || source.get(node.span.start) != Some(&brackets[0]) {
        return None;
    }
    let close = node.span.end.checked_sub(1).filter(|close| source[*close] == brackets[1])?;
    for i in 0..slots.len() {
        let next = slots.get(i + 1).map_or(close, |next| next.key.start);
        slots[i].comma = comma(source, slots[i].value.end..next);
    }
    let braces = Braces { comments: Comments::Hash, open: node.span.start, close, slots };
    // A key that is no scalar, or none at all: what stands where is not told apart.
    let mut end = braces.open + 1;
    for slot in &braces.slots {
        if slot.key.start < end || slot.value.start < slot.key.end || slot.value.end < slot.value.start {
            return None;
        }
        end = slot.comma.map_or(slot.value.end, |comma| comma + 1);
    }
    (end <= close).then_some(braces)
}

/// Whether a list that begins here is none in lines: the parser lets one of these begin with its first item, where its
/// dash stands below the key.
pub(super) fn is_between_brackets(source: &[u8], start: usize, items: &[Node]) -> bool {
    source.get(start) == Some(&b'[') && items.first().is_none_or(|item| item.span.start > start)
}

/// What an item of a list is known by among the others: its name, else the digest of all that it is.
pub(super) fn keys_of(item: &Node) -> Vec<String> {
    match name_of(item) {
        Some(name) => vec![name.to_owned()],
        None => vec![String::new(), hex::encode(Sha256::digest(item.value.to_json().to_string()))],
    }
}

fn comma(source: &[u8], range: Range<usize>) -> Option<usize> {
    let mut pos = range.start;
    while pos < range.end {
        match comment(source, pos, Comments::Hash) {
            Some(after) => pos = after.end,
            None if source[pos] == b',' => return Some(pos),
            None => pos += 1,
        }
    }
    None
}

fn tree(source: &[u8]) -> Result<Tree, SyntaxError> {
    let whole = text(source)?;
    let start = bom(source);
    let fail = |offset, reason, truncated| SyntaxError::at(source, offset, reason, truncated);
    if source.len() > MAX_BYTES {
        return Err(fail(start, SyntaxReason::Unsupported, false));
    }
    let offsets = Offsets::new(&whole[start..], start);
    let mut builder = Builder { source, offsets: &offsets, anchors: HashMap::new(), nodes: 0, refers: false };
    let mut events = Parser::new_from_str(&whole[start..]).keep_tags(true);
    let mut root = None;
    let mut documents = 0;
    loop {
        let (event, span) = builder.next(&mut events)?;
        match event {
            Event::StreamEnd => break,
            Event::StreamStart | Event::Nothing | Event::DocumentEnd => {}
            Event::DocumentStart(_) => {
                documents += 1;
                if documents > 1 {
                    let offset = offsets.byte(span.start.index());
                    return Err(fail(offset, SyntaxReason::SeveralDocuments, false));
                }
            }
            event => root = Some(builder.node(event, span, &mut events, 0)?),
        }
    }
    // A file of comments alone is empty.
    let root = root.filter(|node| !(node.value == Value::Null && node.span.is_empty()));
    Ok(Tree { root, refers: builder.refers })
}

/// The parser counts characters; places are bytes.
struct Offsets {
    start: usize,
    /// Of each character, where one of them is longer than a byte.
    bytes: Option<Vec<usize>>,
    end: usize,
}

impl Offsets {
    fn new(text: &str, start: usize) -> Self {
        let bytes = (!text.is_ascii()).then(|| text.char_indices().map(|(at, _)| at).collect());
        Self { start, bytes, end: text.len() }
    }

    fn byte(&self, index: usize) -> usize {
        let at = match &self.bytes {
            Some(bytes) => bytes.get(index).copied().unwrap_or(self.end),
            None => index.min(self.end),
        };
        self.start + at
    }
}

struct Builder<'a> {
    source: &'a [u8],
    offsets: &'a Offsets,
    anchors: HashMap<usize, Node>,
    nodes: usize,
    refers: bool,
}

type Events<'a> = Parser<'a, saphyr_parser::StrInput<'a>>;

impl Builder<'_> {
    fn span(&self, span: saphyr_parser::Span) -> Range<usize> {
        self.offsets.byte(span.start.index())..self.offsets.byte(span.end.index())
    }

    fn fail(&self, offset: usize, reason: SyntaxReason) -> SyntaxError {
        SyntaxError::at(self.source, offset, reason, false)
    }

    /// Whether the header of a block of lines, on the last line that is not blank before it, has the sign that keeps the
    /// line breaks at its end.
    fn keeps(&self, start: usize) -> bool {
        let before = self.source[..start].trim_ascii_end();
        let line = &before[memchr::memrchr(b'\n', before).map_or(0, |i| i + 1)..];
        let header = memchr::memmem::rfind(line, b" #").map_or(line, |comment| &line[..comment]).trim_ascii_end();
        matches!(header, [.., b'+'] | [.., b'+', b'1'..=b'9'])
    }

    fn next<'e>(&self, events: &mut Events<'e>) -> Result<(Event<'e>, saphyr_parser::Span), SyntaxError> {
        let end = self.source.len();
        match events.next_event() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => {
                let offset = self.offsets.byte(error.marker().index());
                let rest = self.source.get(offset..).unwrap_or_default();
                let truncated = rest.trim_ascii().is_empty() || memchr::memchr(b'\n', rest).is_none();
                let reason = SyntaxReason::Yaml { detail: error.info().to_owned() };
                Err(SyntaxError::at(self.source, offset, reason, truncated))
            }
            None => Err(SyntaxError::at(self.source, end, SyntaxReason::Ended, true)),
        }
    }

    fn node(
        &mut self,
        event: Event<'_>,
        span: saphyr_parser::Span,
        events: &mut Events<'_>,
        depth: usize,
    ) -> Result<Node, SyntaxError> {
        let span = self.span(span);
        self.nodes += 1;
        if depth > MAX_DEPTH || self.nodes > MAX_NODES {
            return Err(self.fail(span.start, SyntaxReason::TooDeep));
        }
        let (value, span, anchor, tagged) = match event {
            Event::Alias(anchor) => {
                self.refers = true;
                let node = self.anchors.get(&anchor).cloned();
                let value = node.map_or(Value::Null, |node| node.value);
                self.nodes += count(&value);
                (value, span, 0, false)
            }
            Event::Scalar(text, style, anchor, tag) => {
                // The line breaks behind a block of lines are the value's only where its header keeps them.
                let keeps = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) && self.keeps(span.start);
                let written = &self.source[span.clone()];
                let end = if keeps {
                    span.start + memchr::memrchr(b'\n', written).map_or(written.len(), |i| i + 1)
                } else {
                    span.start + written.trim_ascii_end().len()
                };
                let value = scalar(&text, style, tag.as_deref());
                (value, span.start..end, anchor, tag.is_some())
            }
            Event::SequenceStart(anchor, tag) => {
                let mut items = Vec::new();
                loop {
                    match self.next(events)? {
                        (Event::SequenceEnd, _) => break,
                        (event, span) => items.push(self.node(event, span, events, depth + 1)?),
                    }
                }
                let last = items.last().map(|item| item.span.end);
                let end = if is_between_brackets(self.source, span.start, &items) {
                    closed(self.source, last.unwrap_or(span.start + 1))
                } else {
                    last.unwrap_or(span.start)
                };
                (Value::Array(items), span.start..end, anchor, tag.is_some())
            }
            Event::MappingStart(anchor, tag) => {
                let members = self.members(events, depth)?;
                let last = members.last().map(|member| member.node.span.end.max(member.key_span.end));
                let span = if self.source.get(span.start) == Some(&b'{') {
                    span.start..closed(self.source, last.unwrap_or(span.start + 1))
                } else {
                    let first = members.first().map_or(span.start, |member| member.key_span.start);
                    first..last.unwrap_or(first)
                };
                (Value::Object(members), span, anchor, tag.is_some())
            }
            _ => return Err(self.fail(span.start, SyntaxReason::Unsupported)),
        };
        let node = Node { value, span };
        self.refers |= tagged || anchor > 0;
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn members(&mut self, events: &mut Events<'_>, depth: usize) -> Result<Vec<Member>, SyntaxError> {
        let mut members: Vec<Member> = Vec::new();
        let mut counts: HashMap<String, u32> = HashMap::new();
        loop {
            let (event, span) = self.next(events)?;
            if event == Event::MappingEnd {
                return Ok(members);
            }
            let key = match &event {
                Event::Scalar(text, ..) => Some(text.to_string()),
                _ => None,
            };
            let name = self.node(event, span, events, depth + 1)?;
            // A key that is no scalar has its text for a name.
            let key = key.unwrap_or_else(|| String::from_utf8_lossy(&self.source[name.span.clone()]).into_owned());
            let (event, span) = self.next(events)?;
            let is_block = matches!(event, Event::Scalar(_, ScalarStyle::Literal | ScalarStyle::Folded, ..));
            let mut node = self.node(event, span, events, depth + 1)?;
            let colon = behind_colon(self.source, name.span.end);
            if node.span.is_empty() {
                node.span = colon..colon;
            } else if is_block && colon < node.span.start {
                // The parser begins a block of lines at its first line; it begins at its indicator.
                let blanks = self.source[colon..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
                node.span.start = colon + blanks;
            }
            let nth = counts.entry(key.clone()).or_default();
            *nth += 1;
            members.push(Member { key, nth: *nth, key_span: name.span, node });
        }
    }
}

/// The offset behind the colon that follows a key.
pub(super) fn behind_colon(source: &[u8], key_end: usize) -> usize {
    let blanks = source[key_end..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let at = key_end + blanks;
    if source.get(at) == Some(&b':') { at + 1 } else { key_end }
}

/// The offset behind the bracket that closes a flow collection, from the end of its last item. The parser's own end
/// counts what stands around it.
fn closed(source: &[u8], from: usize) -> usize {
    let mut pos = from;
    while pos < source.len() {
        match comment(source, pos, Comments::Hash) {
            Some(after) => pos = after.end,
            None if matches!(source[pos], b'}' | b']') => return pos + 1,
            None => pos += 1,
        }
    }
    pos
}

fn count(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(|item| 1 + count(&item.value)).sum(),
        Value::Object(members) => members.iter().map(|member| 1 + count(&member.node.value)).sum(),
        _ => 0,
    }
}

/// A scalar by the core schema.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    if style != ScalarStyle::Plain || tag.is_some_and(|tag| !tag.is_yaml_core_schema() || tag.suffix == "str") {
        return Value::String(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        text if is_number(text) => Value::Number(text.to_owned()),
        text => Value::String(text.to_owned()),
    }
}

fn is_number(text: &str) -> bool {
    let digits = |text: &str, radix| !text.is_empty() && text.chars().all(|c| c.is_digit(radix));
    if let Some(octal) = text.strip_prefix("0o") {
        return digits(octal, 8);
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return digits(hex, 16);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    plain(whole)
        && plain(part)
        && !(whole.is_empty() && part.is_empty())
        && exponent.is_none_or(|exponent| digits(exponent, 10))
}
