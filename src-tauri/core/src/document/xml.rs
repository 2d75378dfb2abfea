//! Reading XML in the manner in which the editors of JetBrains keep their state: components and options by name, lists and
//! maps of them. It is read and never edited.
//!
//! An element that bears a `name` or `key` is a member of that name; its value is its attribute `value`, or what is in
//! it. Elements without one are items of a list, and lists within a list are one, since older files lack a level of them.

use std::ops::Range;

use super::{MAX_DEPTH, Member, Node, SyntaxError, SyntaxReason, Value, bom, text};

/// An element as it is written.
#[derive(Debug)]
struct Element<'a> {
    tag: &'a str,
    attributes: Vec<(&'a str, String)>,
    children: Vec<Self>,
    span: Range<usize>,
}

pub(super) fn check(source: &[u8]) -> Result<(), SyntaxError> {
    document(source).map(drop)
}

/// The whole document as a node. The source has passed [`check`].
pub(super) fn root(source: &[u8]) -> Option<Node> {
    let element = document(source).ok()??;
    Some(Node { span: element.span.clone(), value: element.members() })
}

fn document(source: &[u8]) -> Result<Option<Element<'_>>, SyntaxError> {
    let mut reader = Reader { source, text: text(source)?, pos: bom(source) };
    reader.skip_to_tag()?;
    if reader.pos == source.len() {
        return Ok(None);
    }
    let element = reader.element(0)?;
    reader.skip_to_tag()?;
    if reader.pos < source.len() {
        return Err(reader.fail(SyntaxReason::Unsupported));
    }
    Ok(Some(element))
}

struct Reader<'a> {
    source: &'a [u8],
    text: &'a str,
    pos: usize,
}

impl<'a> Reader<'a> {
    fn fail(&self, reason: SyntaxReason) -> SyntaxError {
        let truncated = reason == SyntaxReason::Ended;
        SyntaxError::at(self.source, self.pos, reason, truncated)
    }

    fn rest(&self) -> &'a str {
        &self.text[self.pos..]
    }

    /// Goes behind the next `end`.
    fn skip_past(&mut self, end: &str) -> Result<(), SyntaxError> {
        let Some(at) = self.rest().find(end) else {
            self.pos = self.source.len();
            return Err(self.fail(SyntaxReason::Ended));
        };
        self.pos += at + end.len();
        Ok(())
    }

    /// Goes to the next tag, over text, comments and instructions. Definitions of entities are not followed.
    fn skip_to_tag(&mut self) -> Result<(), SyntaxError> {
        loop {
            self.pos += self.rest().find('<').unwrap_or(self.rest().len());
            let rest = self.rest();
            if rest.starts_with("<!--") {
                self.skip_past("-->")?;
            } else if rest.starts_with("<![CDATA[") {
                self.skip_past("]]>")?;
            } else if rest.starts_with("<?") {
                self.skip_past("?>")?;
            } else if rest.starts_with("<!") {
                let is_begun = ["<!--", "<![CDATA["].iter().any(|whole| whole.starts_with(rest));
                return Err(self.fail(if is_begun { SyntaxReason::Ended } else { SyntaxReason::Unsupported }));
            } else {
                return Ok(());
            }
        }
    }

    fn skip_space(&mut self) {
        self.pos += self.rest().len() - self.rest().trim_ascii_start().len();
    }

    fn name(&mut self) -> Result<&'a str, SyntaxError> {
        let rest = self.rest();
        let is_end = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '=' | '<' | '"' | '\'');
        let length = rest.find(is_end).unwrap_or(rest.len());
        if length == 0 {
            return Err(self.fail(if rest.is_empty() { SyntaxReason::Ended } else { SyntaxReason::Unsupported }));
        }
        self.pos += length;
        Ok(&rest[..length])
    }

    /// Goes behind `token`, which has to stand here.
    fn expect(&mut self, token: &str) -> Result<(), SyntaxError> {
        if !self.rest().starts_with(token) {
            let ended = token.starts_with(self.rest());
            return Err(self.fail(if ended { SyntaxReason::Ended } else { SyntaxReason::Unsupported }));
        }
        self.pos += token.len();
        Ok(())
    }

    fn element(&mut self, depth: usize) -> Result<Element<'a>, SyntaxError> {
        if depth > MAX_DEPTH {
            return Err(self.fail(SyntaxReason::TooDeep));
        }
        let start = self.pos;
        self.expect("<")?;
        let tag = self.name()?;
        let (mut attributes, mut children) = (Vec::new(), Vec::new());
        loop {
            self.skip_space();
            if self.rest().starts_with("/") {
                self.expect("/>")?;
                return Ok(Element { tag, attributes, children, span: start..self.pos });
            }
            if self.rest().starts_with('>') {
                self.pos += 1;
                break;
            }
            let name = self.name()?;
            self.skip_space();
            self.expect("=")?;
            self.skip_space();
            attributes.push((name, self.quoted()?));
        }
        loop {
            self.skip_to_tag()?;
            if self.rest().starts_with("</") {
                self.pos += 2;
                self.expect(tag)?;
                self.skip_space();
                self.expect(">")?;
                return Ok(Element { tag, attributes, children, span: start..self.pos });
            }
            children.push(self.element(depth + 1)?);
        }
    }

    fn quoted(&mut self) -> Result<String, SyntaxError> {
        let quote = self.rest().chars().next().filter(|c| matches!(c, '"' | '\''));
        let Some(quote) = quote else {
            let ended = self.rest().is_empty();
            return Err(self.fail(if ended { SyntaxReason::Ended } else { SyntaxReason::Unsupported }));
        };
        self.pos += 1;
        let start = self.pos;
        self.skip_past(quote.encode_utf8(&mut [0; 4]))?;
        Ok(unescaped(&self.text[start..self.pos - 1]))
    }
}

/// Text with its entities replaced. One that is not known stays as it is written.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let read = rest.find(';').and_then(|end| Some((entity(&rest[1..end])?, end + 1)));
        let (c, length) = read.unwrap_or(('&', 1));
        out.push(c);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            code.ok().and_then(char::from_u32)
        }
    }
}

impl Element<'_> {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }

    /// The name that it is a member by.
    fn key(&self) -> Option<&str> {
        self.attribute("name").or_else(|| self.attribute("key"))
    }

    fn value(&self) -> Value {
        match self.attribute("value") {
            // What is left empty there was never set.
            Some("") => Value::Null,
            Some("true") => Value::Bool(true),
            Some("false") => Value::Bool(false),
            Some(text) => Value::String(text.to_owned()),
            None => match self.children.as_slice() {
                [] => Value::Null,
                [map] if map.tag == "map" => map.members(),
                children if children.iter().any(|child| child.key().is_some()) => self.members(),
                _ => Value::Array(self.items()),
            },
        }
    }

    /// What is in it by name; an element without one, by its tag.
    fn members(&self) -> Value {
        let mut members: Vec<Member> = Vec::with_capacity(self.children.len());
        for child in &self.children {
            let key = child.key().unwrap_or(child.tag);
            let before = members.iter().filter(|member| member.key == key).count();
            members.push(Member {
                key: key.to_owned(),
                nth: u32::try_from(before + 1).unwrap_or(u32::MAX),
                key_span: child.span.start..child.span.start,
                node: Node { value: child.value(), span: child.span.clone() },
            });
        }
        Value::Object(members)
    }

    fn items(&self) -> Vec<Node> {
        let node = |child: &Element<'_>| match child.value() {
            Value::Array(items) => items,
            Value::Null => Vec::new(),
            value => vec![Node { value, span: child.span.clone() }],
        };
        self.children.iter().flat_map(node).collect()
    }
}
