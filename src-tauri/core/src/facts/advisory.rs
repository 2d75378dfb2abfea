//! What is known against a version.

use serde::{Deserialize, Serialize};

/// One record of a database of advisories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advisory {
    /// As the database names it.
    pub id: String,
    /// The code itself does harm; else it has a fault that others may use.
    pub is_malicious: bool,
    pub weight: Weight,
}

/// How grave its database finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    Low,
    Moderate,
    /// The database does not say, or nobody could read what it says.
    Untold,
    High,
    Critical,
}
