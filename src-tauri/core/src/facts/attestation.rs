//! What a verified attestation says.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What came of verifying the attestation that a registry has of a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attested {
    Holds {
        attestation: Attestation,
        /// The archive that it is about, as the registry's list has its digest.
        integrity: String,
    },
    /// There is one, and it does not hold; why, as a kebab-case id.
    Broken { flaw: String },
}

/// Where a package was built, as its certificate says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attestation {
    /// Of the certificate: the address of a workflow.
    pub identity: String,
    /// Who vouches for that identity.
    pub issuer: String,
    /// `host/owner/name`
    pub repository: String,
    /// The branch or tag.
    pub reference: Option<String>,
    pub commit: Option<String>,
    /// The path of the workflow in its repository.
    pub workflow: Option<String>,
    /// When the public log took it in.
    pub logged: Timestamp,
}

impl Attestation {
    /// The workflow that its certificate was made out to, without the branch or tag that it ran on.
    pub fn builder(&self) -> &str {
        let identity = self.identity.split('@').next().unwrap_or_default();
        identity.strip_prefix("https://").unwrap_or(identity)
    }
}
