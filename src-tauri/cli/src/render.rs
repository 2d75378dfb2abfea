//! Everything that is laid out for a terminal: values in, text out.

use gatehouse_core::host::Host;
use gatehouse_core::sentences::Speech;
pub(crate) use gatehouse_core::sentences::{chips, kebab};
use gatehouse_core::wording::Wording;
use serde::Serialize;

pub(crate) mod card;
pub(crate) mod drift;
pub(crate) mod inventory;
pub(crate) mod log;
pub(crate) mod notice;
pub(crate) mod phrases;
pub(crate) mod syntax;
pub(crate) mod table;

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
    /// What the window says too.
    pub(crate) fn speech(&self) -> Speech<'_> {
        Speech { wording: self.wording, host: self.host }
    }

    /// The message `id`; hidden characters in its values are made visible.
    pub(crate) fn say(&self, id: &str, args: &[(&str, &str)]) -> String {
        self.speech().say(id, args)
    }

    /// The message for one value of a closed set, as `status-held`.
    pub(crate) fn name(&self, family: &str, value: &impl Serialize) -> String {
        self.speech().name(family, value)
    }
}

#[cfg(test)]
pub(crate) mod tests;
