//! The attestations of npm: a list of Sigstore bundles, each of its kind.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value as Json;
use sigstore_verify::Verifier;
use sigstore_verify::types::HashAlgorithm;

use crate::facts::Attestation;

use super::{Digest, Expected, Flaw, PROVENANCE, plain, verifier, verify};

#[derive(Deserialize)]
struct List {
    attestations: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "predicateType")]
    kind: String,
    bundle: Json,
}

/// What the attestation in a registry's answer says, if it holds for this package.
pub fn of_npm(answer: &[u8], expected: Expected<'_>) -> Result<Attestation, Flaw> {
    verified(verifier().ok_or(Flaw::NotVerified)?, answer, expected)
}

pub(super) fn verified(verifier: &Verifier, answer: &[u8], expected: Expected<'_>) -> Result<Attestation, Flaw> {
    let list: List = serde_json::from_slice(answer).map_err(|_| Flaw::Unreadable)?;
    let entry = list.attestations.iter().find(|it| PROVENANCE.contains(&it.kind.as_str())).ok_or(Flaw::NoStatement)?;
    let bytes = expected.integrity.strip_prefix("sha512-").and_then(|it| STANDARD.decode(it).ok());
    let digest = Digest { kind: "sha512", algorithm: HashAlgorithm::Sha2512, bytes: bytes.ok_or(Flaw::OtherDigest)? };
    let purl = format!("pkg:npm/{}@{}", expected.name.replace('@', "%40"), expected.version);
    let (statement, attestation) = verify(verifier, &entry.bundle, &|name| name == purl, digest)?;
    // The list calls it so; what was signed decides.
    if statement.kind != entry.kind {
        return Err(Flaw::NoStatement);
    }
    let predicate = &statement.predicate;
    let workflow = &predicate["buildDefinition"]["externalParameters"]["workflow"];
    // The older form writes repository and reference as one address.
    let older = predicate["invocation"]["configSource"]["uri"].as_str().and_then(|it| it.split('@').next());
    let repository = workflow["repository"].as_str().or(older).map(plain);
    let named = expected.repository.map(plain);
    let is_same = |other: &Option<String>| other.as_ref().is_none_or(|it| *it == attestation.repository);
    if !is_same(&repository) || !is_same(&named) {
        return Err(Flaw::OtherRepository);
    }
    let older = predicate["invocation"]["configSource"]["entryPoint"].as_str();
    let workflow = workflow["path"].as_str().or(older).map(str::to_owned);
    Ok(Attestation { workflow, ..attestation })
}
