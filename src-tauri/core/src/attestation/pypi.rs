//! The attestations of Python's index (PEP 740): the parts of a Sigstore bundle under names of their own.

use std::collections::BTreeSet;
use std::str::FromStr as _;

use pep440_rs::Version;
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
            match verify(verifier, &as_bundle(entry), &|name| is_same_file(name, file), digest) {
                Ok((statement, attestation)) if statement.kind.ends_with(PUBLISH) => {
                    let named = expected.repository.map(plain);
                    // The index says whom it took the file from; the certificate decides.
                    let told = ["repository", "vcs_origin"].iter().find_map(|key| bundle.publisher[key].as_str());
                    let publisher = told.map(plain);
                    let is_other = named.is_some_and(|it| it != attestation.repository)
                        || publisher
                            .is_some_and(|it| !format!("/{}", attestation.repository).ends_with(&format!("/{it}")));
                    if is_other {
                        return Err(Flaw::OtherRepository);
                    }
                    let workflow =
                        ["workflow", "workflow_filepath"].iter().find_map(|key| bundle.publisher[key].as_str());
                    return Ok(Attestation { workflow: workflow.map(str::to_owned), ..attestation });
                }
                Ok(_) => {}
                Err(found) => flaw = found,
            }
        }
    }
    Err(flaw)
}

/// Whether two names are of one file. Whoever signs may write the same name, version and platforms in another way.
fn is_same_file(one: &str, other: &str) -> bool {
    one == other || parts(one).is_some_and(|parts_of_one| parts(other) == Some(parts_of_one))
}

/// What the name of a file of a package tells: name, version, and what it is built for, each as it is compared.
fn parts(file: &str) -> Option<(String, Version, Vec<BTreeSet<&str>>)> {
    let name = |raw: &str| raw.replace(['_', '.'], "-").to_ascii_lowercase();
    if let Some(stem) = file.strip_suffix(".whl") {
        let (raw, rest) = stem.split_once('-')?;
        let mut rest = rest.split('-');
        let version = Version::from_str(rest.next()?).ok()?;
        return Some((name(raw), version, rest.map(|tags| tags.split('.').collect()).collect()));
    }
    let (raw, version) = file.strip_suffix(".tar.gz")?.rsplit_once('-')?;
    Some((name(raw), Version::from_str(version).ok()?, Vec::new()))
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

#[cfg(test)]
mod tests {
    use super::is_same_file;

    #[test]
    fn a_file_has_one_name_in_several_spellings() {
        let same = [
            ("mail_mcp-1.0-py3-none-any.whl", "Mail.Mcp-1.0.0-py3-none-any.whl"),
            ("mail_mcp-1.0-py2.py3-none-any.whl", "mail_mcp-1.0-py3.py2-none-any.whl"),
            (
                "m-1.0-cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
                "m-1.0-cp310-cp310-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
            ),
            ("mail-mcp-1.0rc1.tar.gz", "mail_mcp-1.0.rc1.tar.gz"),
        ];
        for (one, other) in same {
            assert!(is_same_file(one, other), "{one} {other}");
        }
        let different = [
            ("mail_mcp-1.0-py3-none-any.whl", "mail_mcp-1.0.1-py3-none-any.whl"),
            ("mail_mcp-1.0-py3-none-any.whl", "mail_mcp-1.0-py2-none-any.whl"),
            ("mail_mcp-1.0-1-py3-none-any.whl", "mail_mcp-1.0-py3-none-any.whl"),
            ("mail_mcp-1.0-py3-none-any.whl", "mail_mcp-1.0.tar.gz"),
            ("mail_mcp-1.0.tar.gz", "nail_mcp-1.0.tar.gz"),
            ("", "mail_mcp-1.0.tar.gz"),
        ];
        for (one, other) in different {
            assert!(!is_same_file(one, other), "{one} {other}");
        }
    }
}
