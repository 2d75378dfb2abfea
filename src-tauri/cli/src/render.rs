//! Everything that is laid out for a terminal: values in, text out.

use gatehouse_core::host::Host;
use gatehouse_core::wording::Wording;
use serde::Serialize;

pub(crate) mod card;
pub(crate) mod chips;
pub(crate) mod inventory;
pub(crate) mod log;
pub(crate) mod notice;
pub(crate) mod phrases;
pub(crate) mod syntax;
pub(crate) mod table;

use chips::visible;

/// Where something is laid out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page<'a> {
    pub(crate) wording: &'a Wording,
    pub(crate) host: &'a Host,
    /// In columns.
    pub(crate) width: usize,
    pub(crate) colour: bool,
}

impl Page<'_> {
    /// The message `id`; hidden characters in its values are made visible.
    pub(crate) fn say(&self, id: &str, args: &[(&str, &str)]) -> String {
        let shown: Vec<_> = args.iter().map(|(name, value)| (*name, visible(value))).collect();
        let args: Vec<_> = shown.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.wording.text(id, &args)
    }

    /// The message for one value of a closed set, as `status-held`.
    pub(crate) fn name(&self, family: &str, value: &impl Serialize) -> String {
        self.wording.text(&format!("{family}-{}", kebab(value)), &[])
    }
}

/// The kebab-case name of a plain enum's value, as in the JSON.
pub(crate) fn kebab(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

#[cfg(test)]
pub(crate) mod tests;
