//! Verifies attestations of where a package was built: bytes in, verdict out. Nobody is asked for anything; the keys that
//! they are verified with are part of the program.

mod cryptography;
mod npm;
mod oci;
mod pypi;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::Value as Json;
use sigstore_verify::trust_root::{SIGSTORE_PRODUCTION_TRUSTED_ROOT, TrustedRoot};
use sigstore_verify::types::{Artifact, ArtifactDigest, Bundle, HashAlgorithm, SignatureContent};
use sigstore_verify::{VerificationPolicy, Verifier};

use crate::facts::Attestation;

pub use npm::of_npm;
pub use oci::{of_bundle, of_envelope, of_payload};
pub use pypi::of_pypi;

/// Why an attestation does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("it cannot be read")]
    Unreadable,
    #[error("it holds no statement of where the package was built")]
    NoStatement,
    #[error("its signature, its certificate, or its entry in the log does not verify")]
    NotVerified,
    #[error("it is about another package or version")]
    OtherSubject,
    #[error("it is about other bytes")]
    OtherDigest,
    #[error("it names another repository")]
    OtherRepository,
    #[error("its certificate names no repository")]
    NoIdentity,
}

impl Flaw {
    /// Never renamed: it is stored, and told by `attestation-<name>`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::NoStatement => "no-statement",
            Self::NotVerified => "not-verified",
            Self::OtherSubject => "other-subject",
            Self::OtherDigest => "other-digest",
            Self::OtherRepository => "other-repository",
            Self::NoIdentity => "no-identity",
        }
    }
}

/// Kinds of statement: where something was built, by whom, out of what.
const PROVENANCE: &[&str] = &["https://slsa.dev/provenance/v1", "https://slsa.dev/provenance/v0.2"];

/// What an attestation has to be about.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    pub name: &'a str,
    pub version: &'a str,
    /// As the registry's list has it: `sha512-…` in base64, or `sha256:…` in hex.
    pub integrity: &'a str,
    /// The repository that the registry names, as `host/owner/name`; `None` where it names none.
    pub repository: Option<&'a str>,
}

/// An in-toto statement, as far as it is compared.
#[derive(Deserialize)]
struct Statement {
    subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    kind: String,
    #[serde(default)]
    predicate: Json,
}

#[derive(Deserialize)]
struct Subject {
    name: String,
    digest: std::collections::BTreeMap<String, String>,
}

/// A digest that a subject must have, and its name in a statement.
struct Digest {
    kind: &'static str,
    algorithm: HashAlgorithm,
    bytes: Vec<u8>,
}

/// Made once: reading the keys takes longer than a verification.
fn verifier() -> Option<&'static Verifier> {
    static VERIFIER: OnceLock<Option<Verifier>> = OnceLock::new();
    VERIFIER.get_or_init(|| with_keys(SIGSTORE_PRODUCTION_TRUSTED_ROOT)).as_ref()
}

fn with_keys(keys: &str) -> Option<Verifier> {
    // It fails where it was installed before, and there is no other.
    let _ = sigstore_verify::crypto::install_default_provider(&cryptography::Ring);
    Verifier::new(&TrustedRoot::from_json(keys).ok()?).ok()
}

/// Verifies one bundle and what it says of its one subject.
fn verify(
    verifier: &Verifier,
    bundle: &Json,
    subject: &dyn Fn(&str) -> bool,
    digest: Digest,
) -> Result<(Statement, Attestation), Flaw> {
    let bundle = Bundle::from_json(&bundle.to_string()).map_err(|_| Flaw::Unreadable)?;
    let SignatureContent::DsseEnvelope(envelope) = &bundle.content else { return Err(Flaw::NoStatement) };
    let statement: Statement = serde_json::from_slice(envelope.payload.as_bytes()).map_err(|_| Flaw::Unreadable)?;
    // One that speaks of several things could be shown for any of them.
    let [only] = statement.subject.as_slice() else { return Err(Flaw::OtherSubject) };
    if !subject(&only.name) {
        return Err(Flaw::OtherSubject);
    }
    if only.digest.get(digest.kind).is_none_or(|it| *it != hex::encode(&digest.bytes)) {
        return Err(Flaw::OtherDigest);
    }
    let artifact = ArtifactDigest::new(digest.algorithm, digest.bytes).map_err(|_| Flaw::OtherDigest)?;
    let attestation = sealed(verifier, &bundle, Artifact::from_digest(artifact))?;
    Ok((statement, attestation))
}

/// Whose seal on something a bundle holds, if it holds.
fn sealed(verifier: &Verifier, bundle: &Bundle, artifact: Artifact<'_>) -> Result<Attestation, Flaw> {
    // Whose certificate it is, is remembered and compared by whoever asks: no identity is known beforehand.
    let verified =
        verifier.verify(artifact, bundle, &VerificationPolicy::any_identity()).map_err(|_| Flaw::NotVerified)?;
    let (Some(certificate), true, true) =
        (verified.certificate(), verified.certificate_verified(), verified.tlog_verified())
    else {
        return Err(Flaw::NotVerified);
    };
    let claims = &certificate.ci_claims;
    let logged = verified.integrated_time().or_else(|| verified.verified_timestamps().first().copied());
    Ok(Attestation {
        identity: verified.identity().ok_or(Flaw::NoIdentity)?.as_str().to_owned(),
        issuer: verified.issuer().ok_or(Flaw::NoIdentity)?.to_owned(),
        repository: claims.source_repository_uri.as_deref().map(plain).ok_or(Flaw::NoIdentity)?,
        reference: claims.source_repository_ref.clone(),
        commit: claims.source_repository_digest.clone(),
        workflow: None,
        logged: logged.ok_or(Flaw::NotVerified)?,
    })
}

/// `host/owner/name`
fn plain(address: &str) -> String {
    let address = address.strip_prefix("git+").unwrap_or(address);
    let address = address.strip_prefix("https://").unwrap_or(address).trim_end_matches('/');
    address.strip_suffix(".git").unwrap_or(address).to_ascii_lowercase()
}
