//! Whether a registry signed what it hands out.

use serde::{Deserialize, Serialize};

/// What came of verifying a registry's own signature of one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signed {
    /// It holds for the archive with this digest. That says who handed it out, and nothing of who made it.
    Holds { integrity: String },
    /// It does not hold, or its key had expired when the version was published.
    Broken,
}
