//! What services say of one version of what a connector runs, or of the host that it calls.

use serde::{Deserialize, Serialize};

/// Everything that was asked about one subject. A service fills the facts that are its own.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Dossier {}

impl Dossier {
    /// These facts, and the earlier ones where a service did not answer now.
    #[must_use]
    pub fn or_before(self, before: &Self) -> Self {
        let Self {} = before;
        self
    }
}
