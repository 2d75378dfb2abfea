//! What an index of packages says of a version, which looks at them by itself.

use serde::{Deserialize, Serialize};

/// A second opinion: nothing of it is verified here.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Opinion {
    /// The repository of an attestation that the index itself has verified, as `host/owner/name`.
    pub built_in: Option<String>,
    /// Records that it has against the version.
    pub advisories: usize,
    pub is_deprecated: bool,
}
