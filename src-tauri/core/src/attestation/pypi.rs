//! The attestations of Python's index (PEP 740): the parts of a Sigstore bundle under names of their own.

use serde::Deserialize;
use serde_json::{Value as Json, json};
use sigstore_verify::Verifier;
use sigstore_verify::types::HashAlgorithm;

use crate::facts::Attestation;

use super::{Digest, Expected, Flaw, plain, verifier, verify};

/// That the file was published by the publisher that the index trusts: how the name of that kind ends.
const PUBLISH: &str = "/attestations/publish/v1";

#[derive(Deserialize)]
pub(super) struct Provenance {
    pub(super) attestation_bundles: Vec<Bundle>,
}

#[derive(Deserialize)]
pub(super) struct Bundle {
    #[serde(default)]
    publisher: Json,
    pub(super) attestations: Vec<Entry>,
}

#[derive(Deserialize)]
pub(super) struct Entry {
    verification_material: Material,
    envelope: Envelope,
}

#[derive(Deserialize)]
struct Material {
    certificate: String,
    transparency_entries: Json,
}

#[derive(Deserialize)]
struct Envelope {
    statement: String,
    signature: String,
}

/// What the attestation of one file says, if it holds for that file.
pub fn of_pypi(answer: &[u8], file: &str, expected: Expected<'_>) -> Result<Attestation, Flaw> {
    verified(verifier().ok_or(Flaw::NotVerified)?, answer, file, expected)
}

pub(super) fn verified(
    verifier: &Verifier,
    answer: &[u8],
    file: &str,
    expected: Expected<'_>,
) -> Result<Attestation, Flaw> {
    let list: Provenance = serde_json::from_slice(answer).map_err(|_| Flaw::Unreadable)?;
    let bytes = expected.integrity.strip_prefix("sha256:").and_then(|it| hex::decode(it).ok());
    let bytes = bytes.ok_or(Flaw::OtherDigest)?;
    let mut flaw = Flaw::NoStatement;
    for bundle in &list.attestation_bundles {
        for entry in &bundle.attestations {
            let digest = Digest { kind: "sha256", algorithm: HashAlgorithm::Sha2256, bytes: bytes.clone() };
            match verify(verifier, &as_bundle(entry), &|name| name == file, digest) {
                Ok((statement, attestation)) if statement.kind.ends_with(PUBLISH) => {
                    let named = expected.repository.map(plain);
                    // The index says whom it took the file from; the certificate decides.
                    let publisher = bundle.publisher["repository"].as_str().map(str::to_ascii_lowercase);
                    let is_other = named.is_some_and(|it| it != attestation.repository)
                        || publisher.is_some_and(|it| !attestation.repository.ends_with(&format!("/{it}")));
                    if is_other {
                        return Err(Flaw::OtherRepository);
                    }
                    let workflow = bundle.publisher["workflow"].as_str().map(str::to_owned);
                    return Ok(Attestation { workflow, ..attestation });
                }
                Ok(_) => {}
                Err(found) => flaw = found,
            }
        }
    }
    Err(flaw)
}

/// The same as a Sigstore bundle.
pub(super) fn as_bundle(entry: &Entry) -> Json {
    json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {
            "certificate": { "rawBytes": entry.verification_material.certificate },
            "tlogEntries": entry.verification_material.transparency_entries,
        },
        "dsseEnvelope": {
            "payload": entry.envelope.statement,
            "payloadType": "application/vnd.in-toto+json",
            "signatures": [{ "sig": entry.envelope.signature }],
        },
    })
}
