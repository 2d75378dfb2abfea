//! A second opinion: an index that looks at packages by itself, and verifies the attestations that it finds.

use std::collections::BTreeMap;

use serde::Deserialize;
use url::Url;

use crate::facts::{Dossier, Fact, Opinion};
use crate::network::Purpose;

use super::services::{Inquiry, Subject, all_day, read_json};
use super::{Index, npm};

const MOST_BYTES: usize = 4 * 1024 * 1024;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    version_key: Key,
    #[serde(default)]
    is_deprecated: bool,
    #[serde(default)]
    advisory_keys: Vec<serde::de::IgnoredAny>,
    #[serde(default)]
    attestations: Vec<Attestation>,
    #[serde(default)]
    slsa_provenances: Vec<Attestation>,
}

#[derive(Deserialize)]
struct Key {
    version: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attestation {
    #[serde(default)]
    verified: bool,
    #[serde(default)]
    source_repository: String,
}

/// Asks about each version.
pub(super) fn fill(inquiry: &Inquiry<'_>, dossiers: &mut BTreeMap<Subject, Dossier>) {
    let service = inquiry.registries.endpoints.opinions.as_ref();
    let subjects: Vec<_> =
        dossiers.keys().filter(|it| it.origin.package().is_some() && it.version.is_some()).cloned().collect();
    let asks = subjects.iter().map(|subject| {
        let url = address(service?, subject)?;
        Some(all_day(inquiry, url, "application/json", Purpose::Opinions, MOST_BYTES))
    });
    let answers = inquiry.ask_each(asks.collect());
    for (subject, answer) in subjects.iter().zip(answers) {
        let Some(dossier) = dossiers.get_mut(subject) else { continue };
        let told = answer.and_then(|answer| Ok((read_json::<Told>(&answer)?, answer.at)));
        dossier.opinion = match told {
            Ok((told, _)) if Some(&told.version_key.version) != subject.version.as_ref() => {
                Fact::unknown(crate::network::Failure::Unexpected.name())
            }
            Ok((told, at)) => Fact::known(opinion(&told), service.and_then(Url::host_str).unwrap_or_default(), at),
            Err(failure) => Fact::unknown(failure.name()),
        };
    }
}

fn opinion(told: &Told) -> Opinion {
    let all = told.attestations.iter().chain(&told.slsa_provenances);
    let verified = all.filter(|it| it.verified).find_map(|it| npm::plain(&it.source_repository));
    Opinion { built_in: verified, advisories: told.advisory_keys.len(), is_deprecated: told.is_deprecated }
}

fn address(service: &Url, subject: &Subject) -> Option<Url> {
    let (package, version) = (subject.origin.package()?, subject.version.as_deref()?);
    let system = match package.index {
        Index::Npm => "npm",
        Index::Pypi => "pypi",
    };
    let mut url = service.join("v3/systems/").ok()?;
    // Each part escaped, `@` and `/` of a scoped name among them.
    let escaped = package.name.replace('@', "%40").replace('/', "%2F");
    url.set_path(&format!("{}{system}/packages/{escaped}/versions/", url.path()));
    url.path_segments_mut().ok()?.pop_if_empty().push(version);
    Some(url)
}

#[cfg(test)]
mod tests;
