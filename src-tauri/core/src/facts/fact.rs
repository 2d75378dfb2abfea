//! One statement of somebody else, with who made it and when, or why there is none.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Nobody has asked yet.
pub const NOT_ASKED: &str = "not-asked";

/// What is known of one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fact<T> {
    Known {
        value: T,
        /// Who says so: a host, or the name of a file of this machine.
        source: String,
        at: Timestamp,
    },
    /// The reason as a kebab-case id, never a text of the other side's.
    Unknown { reason: String },
}

impl<T> Fact<T> {
    pub fn known(value: T, source: impl Into<String>, at: Timestamp) -> Self {
        Self::Known { value, source: source.into(), at }
    }

    pub fn unknown(reason: impl Into<String>) -> Self {
        Self::Unknown { reason: reason.into() }
    }

    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Known { value, .. } => Some(value),
            Self::Unknown { .. } => None,
        }
    }

    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Known { .. } => None,
            Self::Unknown { reason } => Some(reason),
        }
    }

    /// This, unless it is unknown while the other is known: a service that does not answer now has not taken back what it
    /// said before.
    #[must_use]
    pub fn or_before(self, before: Self) -> Self {
        match (&self, &before) {
            (Self::Unknown { .. }, Self::Known { .. }) => before,
            _ => self,
        }
    }
}

/// Nobody has asked yet.
impl<T> Default for Fact<T> {
    fn default() -> Self {
        Self::unknown(NOT_ASKED)
    }
}
