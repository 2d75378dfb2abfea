//! The attestations of images: Sigstore bundles, and the older forms of cosign, which keeps the parts of one in annotations.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};
use sigstore_verify::Verifier;
use sigstore_verify::types::{Artifact, Bundle, HashAlgorithm};

use crate::facts::Attestation;

use super::{Digest, Flaw, PROVENANCE, sealed, verifier, verify};

/// That somebody signed the image, which is all that it says.
const SIGNED: &str = "https://sigstore.dev/cosign/sign/v1";

const CERTIFICATE: &str = "dev.sigstore.cosign/certificate";
const LOG: &str = "dev.sigstore.cosign/bundle";
const SIGNATURE: &str = "dev.cosignproject.cosign/signature";

/// What the public log said when it took a signature in.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Logged {
    signed_entry_timestamp: String,
    payload: Payload,
}

#[derive(Deserialize)]
struct Payload {
    body: String,
    #[serde(rename = "integratedTime")]
    integrated_time: i64,
    #[serde(rename = "logIndex")]
    log_index: i64,
    #[serde(rename = "logID")]
    log_id: String,
}

/// What a bundle that refers to the image with this digest (`sha256:…`) says, if it holds.
pub fn of_bundle(bundle: &[u8], digest: &str) -> Result<Attestation, Flaw> {
    let bundle: Json = serde_json::from_slice(bundle).map_err(|_| Flaw::Unreadable)?;
    of_statement(verifier().ok_or(Flaw::NotVerified)?, &bundle, digest, is_of_image)
}

/// The same of an envelope with a statement, and the annotations beside it.
pub fn of_envelope(envelope: &[u8], beside: &BTreeMap<String, String>, digest: &str) -> Result<Attestation, Flaw> {
    let bundle = enveloped(envelope, beside)?;
    of_statement(verifier().ok_or(Flaw::NotVerified)?, &bundle, digest, is_of_image)
}

/// The same of a signed payload that names the digest.
pub fn of_payload(payload: &[u8], beside: &BTreeMap<String, String>, digest: &str) -> Result<Attestation, Flaw> {
    let told: Json = serde_json::from_slice(payload).map_err(|_| Flaw::Unreadable)?;
    if told["critical"]["image"]["docker-manifest-digest"].as_str() != Some(digest) {
        return Err(Flaw::OtherDigest);
    }
    of_signed(verifier().ok_or(Flaw::NotVerified)?, payload, beside)
}

fn is_of_image(kind: &str) -> bool {
    kind == SIGNED || PROVENANCE.contains(&kind)
}

pub(super) fn of_statement(
    verifier: &Verifier,
    bundle: &Json,
    digest: &str,
    is_kind: fn(&str) -> bool,
) -> Result<Attestation, Flaw> {
    let bytes = digest.strip_prefix("sha256:").and_then(|it| hex::decode(it).ok()).ok_or(Flaw::OtherDigest)?;
    let digest = Digest { kind: "sha256", algorithm: HashAlgorithm::Sha2256, bytes };
    // Images have many names; the digest is what is run.
    let (statement, attestation) = verify(verifier, bundle, &|_| true, digest)?;
    if !is_kind(&statement.kind) {
        return Err(Flaw::NoStatement);
    }
    let workflow = &statement.predicate["buildDefinition"]["externalParameters"]["workflow"]["path"];
    Ok(Attestation { workflow: workflow.as_str().map(str::to_owned), ..attestation })
}

/// Whose signature stands beside a payload.
pub(super) fn of_signed(
    verifier: &Verifier,
    payload: &[u8],
    beside: &BTreeMap<String, String>,
) -> Result<Attestation, Flaw> {
    let signature = beside.get(SIGNATURE).ok_or(Flaw::Unreadable)?;
    let bundle = json!({
        "mediaType": "application/vnd.dev.sigstore.bundle+json;version=0.1",
        "verificationMaterial": material(beside)?,
        "messageSignature": {
            "messageDigest": { "algorithm": "SHA2_256", "digest": STANDARD.encode(Sha256::digest(payload)) },
            "signature": signature,
        },
    });
    let bundle = Bundle::from_json(&bundle.to_string()).map_err(|_| Flaw::Unreadable)?;
    sealed(verifier, &bundle, Artifact::from_blob(payload))
}

pub(super) fn enveloped(envelope: &[u8], beside: &BTreeMap<String, String>) -> Result<Json, Flaw> {
    let envelope: Json = serde_json::from_slice(envelope).map_err(|_| Flaw::Unreadable)?;
    Ok(json!({
        "mediaType": "application/vnd.dev.sigstore.bundle+json;version=0.1",
        "verificationMaterial": material(beside)?,
        "dsseEnvelope": envelope,
    }))
}

/// The certificate and the log's promise, as a bundle has them.
fn material(beside: &BTreeMap<String, String>) -> Result<Json, Flaw> {
    let certificate = beside.get(CERTIFICATE).ok_or(Flaw::NoIdentity)?;
    // What stands between the two lines of a certificate as text is what a bundle holds.
    let raw: String = certificate.lines().filter(|line| !line.starts_with('-')).map(str::trim).collect();
    let logged = beside.get(LOG).ok_or(Flaw::NotVerified)?;
    let Logged { signed_entry_timestamp, payload } = serde_json::from_str(logged).map_err(|_| Flaw::Unreadable)?;
    let entry = STANDARD.decode(&payload.body).ok().and_then(|body| serde_json::from_slice::<Json>(&body).ok());
    let entry = entry.ok_or(Flaw::Unreadable)?;
    let key = hex::decode(&payload.log_id).map_err(|_| Flaw::Unreadable)?;
    Ok(json!({
        "x509CertificateChain": { "certificates": [{ "rawBytes": raw }] },
        "tlogEntries": [{
            "logIndex": payload.log_index.to_string(),
            "logId": { "keyId": STANDARD.encode(key) },
            "kindVersion": { "kind": entry["kind"], "version": entry["apiVersion"] },
            "integratedTime": payload.integrated_time.to_string(),
            "inclusionPromise": { "signedEntryTimestamp": signed_entry_timestamp },
            "canonicalizedBody": payload.body,
        }],
    }))
}
