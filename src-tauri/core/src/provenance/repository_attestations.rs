//! Attestations that the host of a repository keeps, for what has none in the registry that it comes from: asked for by the
//! digest of what runs, and verified here.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value as Json;
use url::Url;

use crate::attestation::{Flaw, of_bundle};
use crate::facts::{Attestation, Attested, Dossier, Fact, Publication};
use crate::network::{Answer, Failure, Purpose};
use crate::policy::LookUpKind;

use super::attestations::NONE;
use super::repositories::{named, on_host, question};
use super::services::{Inquiry, Origin, Subject, read_json};

#[derive(Deserialize)]
struct List {
    attestations: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    /// Empty where the host keeps it elsewhere.
    #[serde(default)]
    bundle: Json,
}

/// One thing that is asked about.
struct Claim {
    subject: Subject,
    /// `owner/name`
    repository: String,
    /// `sha256:…`
    digest: String,
}

impl Claim {
    fn path(&self) -> String {
        format!("repos/{}/attestations/{}", self.repository, self.digest)
    }
}

/// Asks for the attestations of all digests that have none so far, of each once.
pub(super) fn fill(inquiry: &Inquiry<'_>, dossiers: &mut BTreeMap<Subject, Dossier>) {
    if inquiry.without.contains(&LookUpKind::Repositories) {
        return;
    }
    let is_open = |subject: &Subject| dossiers.get(subject).is_some_and(|it| it.attestation.reason() == Some(NONE));
    if !inquiry.subjects.keys().any(is_open) {
        return;
    }
    let named = named(inquiry, dossiers, Purpose::Attestations);
    let open = inquiry.subjects.iter().filter(|(subject, _)| is_open(subject));
    let claims = open.filter_map(|(subject, publication)| {
        let repository = named.get(subject)?.as_ref().ok()?.as_deref()?;
        claim(subject, *publication, dossiers.get(subject)?, repository)
    });
    let claims: Vec<_> = claims.collect();
    let service = inquiry.registries.repositories();
    let paths: BTreeSet<String> = claims.iter().map(Claim::path).collect();
    let url = |path: &String| service?.join(path).ok();
    let asks = paths.iter().map(|path| Some(question(inquiry, url(path)?, Purpose::Attestations)));
    let answers = inquiry.ask_each(asks.collect());
    let answers: BTreeMap<String, Result<Answer, Failure>> = paths.into_iter().zip(answers).collect();
    let source = service.and_then(Url::host_str).unwrap_or_default();
    for claim in claims {
        let Some(dossier) = dossiers.get_mut(&claim.subject) else { continue };
        dossier.attestation = match &answers[&claim.path()] {
            // It has none of that digest, or no such repository.
            Err(Failure::NotFound) => Fact::unknown(NONE),
            Err(failure) => Fact::unknown(failure.name()),
            Ok(answer) => verdict(&claim, answer, source),
        };
    }
}

/// What there is to ask about something: its digest, at the repository that it names.
fn claim(subject: &Subject, publication: Option<&Publication>, dossier: &Dossier, repository: &str) -> Option<Claim> {
    let digest = match &subject.origin {
        Origin::Image(_) => dossier.image.value()?.digest.clone(),
        _ => publication?.releases.get(subject.version.as_deref()?)?.integrity.clone()?,
    };
    let is_digest = digest.strip_prefix("sha256:").is_some_and(|it| it.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let repository = on_host(repository).filter(|_| is_digest)?;
    Some(Claim { subject: subject.clone(), repository, digest })
}

fn verdict(claim: &Claim, answer: &Answer, source: &str) -> Fact<Attested> {
    let list: List = match read_json(answer) {
        Ok(list) => list,
        Err(failure) => return Fact::unknown(failure.name()),
    };
    let mut flaw = None;
    for entry in list.attestations {
        match held(claim, &entry) {
            Ok(attestation) => {
                let integrity = claim.digest.clone();
                return Fact::known(Attested::Holds { attestation, integrity }, source, answer.at);
            }
            Err(found) => flaw = Some(found),
        }
    }
    Fact::unknown(flaw.map_or_else(|| NONE.to_owned(), |flaw| format!("attestation-{}", flaw.name())))
}

fn held(claim: &Claim, entry: &Entry) -> Result<Attestation, Flaw> {
    let attestation = of_bundle(entry.bundle.to_string().as_bytes(), &claim.digest)?;
    // The host keeps it under that repository, and the certificate decides.
    let is_own = attestation.repository.strip_prefix("github.com/").is_some_and(|it| *it == claim.repository);
    if is_own { Ok(attestation) } else { Err(Flaw::OtherRepository) }
}

#[cfg(test)]
mod tests;
