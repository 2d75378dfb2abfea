//! What `diff` and the card tell of two versions.

use schemars::JsonSchema;
use serde::Serialize;

use crate::drift::{Drift, Passages};

/// The name of this form of a comparison.
pub const COMPARISON: &str = "gatehouse.diff/1";

/// Two versions of the code behind one connector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Comparison {
    pub schema: &'static str,
    pub id: String,
    pub client: String,
    pub name: String,
    pub package: Option<String>,
    pub old: Side,
    pub new: Side,
    pub drift: Drift,
    /// Line by line, where the bytes of both are to be had.
    pub passages: Option<Passages>,
    /// Why not, in the user's language.
    pub no_passages: Option<String>,
}

/// One of two versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Side {
    pub version: Option<String>,
    pub source: SideSource,
}

/// Where a version was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum SideSource {
    /// What would run now.
    Present,
    /// What was kept of it when it was seen: no text.
    Outline,
    /// A cache of a package manager.
    Cache,
    Registry,
}
