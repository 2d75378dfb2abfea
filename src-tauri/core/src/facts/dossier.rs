//! What services say of one version of what a connector runs, or of the host that it calls.

use serde::{Deserialize, Serialize};

use super::{Advisory, Attested, Domain, Fact, Image, Listing, Opinion, Repository, Signed};

/// Everything that was asked about one subject. A service fills the facts that are its own.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Dossier {
    /// Those that cover this version; empty where the service knows none.
    pub advisories: Fact<Vec<Advisory>>,
    /// Where this version was built, as far as that holds.
    pub attestation: Fact<Attested>,
    /// Of who publishes it, or of the host.
    pub domain: Fact<Domain>,
    /// What the name of an image leads to.
    pub image: Fact<Image>,
    /// What the registry of connectors has of it.
    pub listing: Fact<Listing>,
    /// By which the owner of the entry proved that its name is theirs.
    pub namespace: Fact<Domain>,
    pub opinion: Fact<Opinion>,
    /// The one that it names as its own.
    pub repository: Fact<Repository>,
    /// Whether the registry that hands it out signed it.
    pub signature: Fact<Signed>,
}

impl Dossier {
    /// An advisory names the code itself harmful.
    pub fn is_known_malicious(&self) -> bool {
        self.advisories.value().is_some_and(|all| all.iter().any(|one| one.is_malicious))
    }

    /// The workflow that built it, where its attestation holds.
    pub fn builder(&self) -> Option<&str> {
        match self.attestation.value()? {
            Attested::Holds { attestation, .. } => Some(attestation.builder()),
            Attested::Broken { .. } => None,
        }
    }

    /// These facts, and the earlier ones where a service did not answer now.
    #[must_use]
    pub fn or_before(self, before: Self) -> Self {
        Self {
            advisories: self.advisories.or_before(before.advisories),
            attestation: self.attestation.or_before(before.attestation),
            domain: self.domain.or_before(before.domain),
            image: self.image.or_before(before.image),
            listing: self.listing.or_before(before.listing),
            namespace: self.namespace.or_before(before.namespace),
            opinion: self.opinion.or_before(before.opinion),
            repository: self.repository.or_before(before.repository),
            signature: self.signature.or_before(before.signature),
        }
    }
}
