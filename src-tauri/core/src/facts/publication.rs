//! What a registry says of a package.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A package as its registry has it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// When the registry said so.
    pub at: Timestamp,
    /// The host that was asked.
    pub registry: String,
    /// The registry is the ecosystem's own.
    #[serde(default)]
    pub is_default: bool,
    /// The registry lets nobody have it, while it looks whether it does harm.
    #[serde(default)]
    pub is_quarantined: bool,
    /// When the first version came.
    #[serde(default)]
    pub created: Option<Timestamp>,
    /// What the package's tags stand for, `latest` among them. Python has none.
    pub tags: BTreeMap<String, String>,
    /// The newest versions, and those that were asked about.
    pub releases: BTreeMap<String, Release>,
}

impl Publication {
    /// Takes over who published a version where that was not told this time: what is said of a version does not change.
    pub fn keep_publishers(&mut self, before: &Self) {
        for (version, release) in &mut self.releases {
            let Some(then) = before.releases.get(version) else { continue };
            let is_untold = release.publisher.is_none() && release.attestation.is_some();
            if is_untold && release.attestation == then.attestation && release.integrity == then.integrity {
                release.publisher.clone_from(&then.publisher);
                release.repository.clone_from(&then.repository);
            }
        }
    }
}

/// One version of a package.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Release {
    pub published: Option<Timestamp>,
    /// The registry's digest of the archive, as `sha512-…` in base64 (npm) or `sha256:…` in hex (Python).
    pub integrity: Option<String>,
    /// Where the archive lies.
    pub archive: Option<String>,
    /// The account that published it.
    pub publisher: Option<String>,
    /// The accounts that could publish at the time, sorted.
    #[serde(default)]
    pub maintainers: Vec<String>,
    /// The repository that it names, without scheme, user and `.git`.
    pub repository: Option<String>,
    /// It comes with an attestation of where it was built. Whether that holds is not checked.
    pub attested: bool,
    /// Where the registry says that its attestation lies.
    #[serde(default)]
    pub attestation: Option<String>,
    /// The entry of the registry of connectors that it says it is.
    #[serde(default)]
    pub listed_as: Option<String>,
    /// Behind the `@` of the publisher's mail address.
    #[serde(default)]
    pub mail_domain: Option<String>,
    /// The registry's own signatures, each with the id of its key.
    #[serde(default)]
    pub signatures: Vec<(String, String)>,
    /// It runs a script when it is installed.
    pub installs_by_script: bool,
    /// Its publisher took it back, or warns of it.
    pub withdrawn: bool,
}

impl Release {
    /// Publisher, repository and attestation as one text that can be compared; `None` where the publisher is not told.
    pub fn identity(&self) -> Option<String> {
        let publisher = self.publisher.as_deref()?;
        let repository = self.repository.as_deref().unwrap_or("-");
        let attested = if self.attested { "attested" } else { "not attested" };
        Some(format!("{publisher}, {repository}, {attested}"))
    }
}
