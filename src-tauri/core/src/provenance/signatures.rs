//! npm's own signatures: of each version the registry signs name, version and digest, and hands out its keys.
//!
//! One that holds says that this is what the registry has for everybody. It says nothing of who made it.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use serde::Deserialize;
use url::Url;

use crate::facts::{Dossier, Fact, Release, Signed};
use crate::network::{Access, Ask, Failure, Purpose};

use super::services::{Inquiry, MIRROR, Subject, read_json};
use super::{Index, Registries};

const MOST_BYTES: usize = 1024 * 1024;

/// Where every registry that signs keeps its keys.
const PATH: &str = "-/npm/v1/keys";

/// What stands before the point of a key on this curve (RFC 5480).
const OF_P256: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// The version has none.
const NOT_SIGNED: &str = "not-signed";
/// By a key that the registry does not hand out.
const UNKNOWN_KEY: &str = "unknown-key";
/// Other registries do not sign in this way.
const NO_SIGNATURES: &str = "no-signatures";

#[derive(Deserialize)]
struct Keys {
    keys: Vec<Key>,
}

#[derive(Deserialize)]
struct Key {
    keyid: String,
    key: String,
    #[serde(default)]
    expires: Option<Timestamp>,
}

/// Asks for the keys, once, and verifies every version that carries signatures.
pub(super) fn fill(inquiry: &Inquiry<'_>, dossiers: &mut BTreeMap<Subject, Dossier>) {
    let mut by_registry: BTreeMap<&Url, Vec<(&Subject, &str, &str, &Release)>> = BTreeMap::new();
    for (subject, publication) in &inquiry.subjects {
        let Some(dossier) = dossiers.get_mut(subject) else { continue };
        let (Some(package), Some(version)) = (subject.origin.package(), subject.version.as_deref()) else { continue };
        let Some(release) = publication.and_then(|it| it.releases.get(version)) else { continue };
        dossier.signature = match (package.index, inquiry.registries.npm(&package.name)) {
            (Index::Pypi, _) => Fact::unknown(NO_SIGNATURES),
            (Index::Npm, Err(failure)) => Fact::unknown(failure.name()),
            (Index::Npm, Ok(registry)) if release.signatures.is_empty() => {
                Fact::unknown(if Registries::is_npm_default(registry) { NOT_SIGNED } else { MIRROR })
            }
            (Index::Npm, Ok(registry)) => {
                by_registry.entry(registry).or_default().push((subject, &package.name, version, release));
                continue;
            }
        };
    }
    for (registry, claims) in by_registry {
        let keys = keys(inquiry, registry);
        for (subject, name, version, release) in claims {
            let Some(dossier) = dossiers.get_mut(subject) else { continue };
            dossier.signature = match &keys {
                Ok((keys, at)) => match verdict(keys, name, version, release) {
                    Ok(signed) => Fact::known(signed, registry.host_str().unwrap_or_default(), *at),
                    Err(reason) => Fact::unknown(reason),
                },
                Err(failure) => Fact::unknown(failure.name()),
            };
        }
    }
}

fn keys(inquiry: &Inquiry<'_>, registry: &Url) -> Result<(Keys, Timestamp), Failure> {
    let base = registry.as_str().trim_end_matches('/');
    let url = Url::parse(&format!("{base}/{PATH}")).map_err(|_| Failure::NoAddress)?;
    let ask = Ask {
        url,
        accept: "application/json",
        purpose: Purpose::Signatures,
        most_bytes: MOST_BYTES,
        anew: inquiry.anew,
        holds_for: Duration::ZERO,
        access: Access::Anybody,
    };
    let answer = inquiry.network.ask(vec![ask]).pop().unwrap_or(Err(Failure::Unreachable))?;
    Ok((read_json(&answer)?, answer.at))
}

/// As npm itself does it (`pacote`): each signature by a key that was good when the version was published.
fn verdict(keys: &Keys, name: &str, version: &str, release: &Release) -> Result<Signed, &'static str> {
    let integrity = release.integrity.as_deref().unwrap_or_default();
    let message = format!("{name}@{version}:{integrity}");
    for (id, signature) in &release.signatures {
        let key = keys.keys.iter().find(|key| key.keyid == *id).ok_or(UNKNOWN_KEY)?;
        let was_expired = key.expires.is_some_and(|end| release.published.is_none_or(|at| at >= end));
        if was_expired || !is_signed(&key.key, &message, signature) {
            return Ok(Signed::Broken);
        }
    }
    Ok(Signed::Holds { integrity: integrity.to_owned() })
}

fn is_signed(key: &str, message: &str, signature: &str) -> bool {
    let (Ok(key), Ok(signature)) = (STANDARD.decode(key), STANDARD.decode(signature)) else { return false };
    let Some(point) = key.strip_prefix(OF_P256) else { return false };
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message.as_bytes(), &signature).is_ok()
}

#[cfg(test)]
mod tests;
