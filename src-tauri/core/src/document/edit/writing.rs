//! New text in the manner of the file: line breaks, indentation, values of JSON and TOML.

use crate::document::{Step, Value};

/// The line break that the file uses.
pub(super) fn line_break(source: &[u8]) -> &'static str {
    match memchr::memchr(b'\n', source) {
        Some(i) if i > 0 && source[i - 1] == b'\r' => "\r\n",
        _ => "\n",
    }
}

/// The space at the start of the line that holds `offset`.
pub(super) fn indentation(source: &[u8], offset: usize) -> &[u8] {
    let start = memchr::memrchr(b'\n', &source[..offset]).map_or(crate::document::bom(source), |i| i + 1);
    let line = &source[start.min(offset)..offset];
    &line[..line.iter().take_while(|b| matches!(b, b' ' | b'\t')).count()]
}

/// Whether a line break comes before anything but spaces and tabs.
pub(super) fn starts_with_line_break(bytes: &[u8]) -> bool {
    let rest = &bytes[bytes.iter().take_while(|b| matches!(b, b' ' | b'\t')).count()..];
    rest.starts_with(b"\n") || rest.starts_with(b"\r\n")
}

/// How JSON is laid out.
#[derive(Debug, Clone)]
pub(super) struct Layout<'a> {
    pub(super) eol: &'a str,
    /// One step of indentation; `None` for all on one line.
    pub(super) unit: Option<String>,
    /// Indentation of the line that the value starts on.
    pub(super) base: String,
    /// Whether a space follows `:` and `,` on one line.
    pub(super) spaced: bool,
}

impl Layout<'_> {
    /// Writes a value; its first line starts where the caller stands.
    pub(super) fn json(&self, value: &serde_json::Value) -> String {
        let mut out = String::new();
        self.write(value, 0, &mut out);
        out
    }

    fn write(&self, value: &serde_json::Value, depth: usize, out: &mut String) {
        let colon = if self.spaced || self.unit.is_some() { ": " } else { ":" };
        match value {
            serde_json::Value::Array(items) if !items.is_empty() => {
                self.list('[', ']', items.len(), depth, out, |i, out| self.write(&items[i], depth + 1, out));
            }
            serde_json::Value::Object(members) if !members.is_empty() => {
                let members: Vec<_> = members.iter().collect();
                self.list('{', '}', members.len(), depth, out, |i, out| {
                    let (key, value) = members[i];
                    out.push_str(&serde_json::Value::from(key.as_str()).to_string());
                    out.push_str(colon);
                    self.write(value, depth + 1, out);
                });
            }
            other => out.push_str(&other.to_string()),
        }
    }

    fn list(
        &self,
        open: char,
        close: char,
        n: usize,
        depth: usize,
        out: &mut String,
        item: impl Fn(usize, &mut String),
    ) {
        let line = |depth: usize, out: &mut String| {
            if let Some(unit) = &self.unit {
                out.push_str(self.eol);
                out.push_str(&self.base);
                out.push_str(&unit.repeat(depth));
            }
        };
        out.push(open);
        for i in 0..n {
            if i > 0 {
                out.push_str(if self.unit.is_none() && self.spaced { ", " } else { "," });
            }
            line(depth + 1, out);
            item(i, out);
        }
        line(depth, out);
        out.push(close);
    }
}

/// A key of TOML, quoted where it must be.
pub(super) fn toml_key(name: &str) -> String {
    let bare = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if bare { name.to_owned() } else { toml_string(name) }
}

/// A basic string of TOML on one line.
fn toml_string(text: &str) -> String {
    // JSON's escapes are escapes of TOML; DEL, which JSON leaves bare, is not allowed bare here.
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007F")
}

/// A header without line break; positions in arrays are left out.
pub(super) fn toml_header(steps: &[Step]) -> String {
    let keys = steps.iter().filter_map(|s| match s {
        Step::Key { name, .. } => Some(toml_key(name)),
        Step::Index(_) | Step::Named { .. } => None,
    });
    format!("[{}]", keys.collect::<Vec<_>>().join("."))
}

/// A value as TOML on one line; `None` for null, which TOML has not.
pub(super) fn toml_json(value: &serde_json::Value) -> Option<String> {
    Some(match value {
        serde_json::Value::Null => return None,
        serde_json::Value::Bool(flag) => flag.to_string(),
        serde_json::Value::Number(number) => number.to_string(),
        serde_json::Value::String(text) => toml_string(text),
        serde_json::Value::Array(items) => {
            format!("[{}]", items.iter().map(toml_json).collect::<Option<Vec<_>>>()?.join(", "))
        }
        serde_json::Value::Object(members) => {
            let pairs = members.iter().map(|(k, v)| Some(format!("{} = {}", toml_key(k), toml_json(v)?)));
            inline_table(&pairs.collect::<Option<Vec<_>>>()?)
        }
    })
}

/// A value that was read as TOML on one line; `None` for null.
pub(super) fn toml_value(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(flag) => flag.to_string(),
        Value::Number(text) | Value::Date(text) => text.clone(),
        Value::String(text) => toml_string(text),
        Value::Array(items) => {
            let items = items.iter().map(|n| toml_value(&n.value)).collect::<Option<Vec<_>>>()?;
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let pairs = members.iter().map(|m| Some(format!("{} = {}", toml_key(&m.key), toml_value(&m.node.value)?)));
            inline_table(&pairs.collect::<Option<Vec<_>>>()?)
        }
    })
}

fn inline_table(pairs: &[String]) -> String {
    if pairs.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", pairs.join(", ")) }
}
