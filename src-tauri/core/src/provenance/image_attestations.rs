//! The attestations of images: what a registry says refers to them, by its own list or by names made of the digest, verified
//! here.

use std::collections::BTreeMap;

use crate::attestation::{Flaw, of_bundle, of_envelope, of_payload};
use crate::facts::{Attestation, Attested, Dossier, Fact};
use crate::network::{Answer, Ask, Failure, Purpose};

use super::attestations::NONE;
use super::images::{Descriptor, MANIFESTS, Place, manifest, under};
use super::services::{Inquiry, Origin, Subject};

/// Of one image: whoever may write there can add any number.
const MOST: usize = 8;

/// A bundle, whatever its version.
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle";
const ENVELOPE: &str = "application/vnd.dsse.envelope.v1+json";
const PAYLOAD: &str = "application/vnd.dev.cosign.simplesigning.v1+json";

/// One image, and what came of looking at what refers to it.
struct Claim {
    subject: Subject,
    place: Place,
    digest: String,
    at: jiff::Timestamp,
    /// The first that holds.
    held: Option<Attestation>,
    /// Why one that there is does not.
    flaw: Option<Flaw>,
    /// Why it is not known whether there are any.
    failure: Option<Failure>,
}

impl Claim {
    fn ask(&self, inquiry: &Inquiry<'_>, path: &str) -> Option<Ask> {
        self.place.ask(inquiry, path, MANIFESTS, Purpose::Attestations)
    }

    /// The name that stands for what refers to it, where a registry keeps no list; older tools add an ending.
    fn name(&self, ending: &str) -> String {
        format!("manifests/{}{ending}", self.digest.replace(':', "-"))
    }

    fn judge(&mut self, verdict: Result<Attestation, Flaw>) {
        match verdict {
            Ok(attestation) => drop(self.held.get_or_insert(attestation)),
            Err(flaw) => self.flaw = Some(flaw),
        }
    }

    /// What is there; `None` where nothing is, or nobody can tell.
    fn there(&mut self, answer: Result<Answer, Failure>) -> Option<Answer> {
        match answer {
            Ok(answer) => Some(answer),
            Err(Failure::NotFound) => None,
            Err(failure) => {
                self.failure = Some(failure);
                None
            }
        }
    }

    fn verdict(self) -> Fact<Attested> {
        match (self.held, self.failure, self.flaw) {
            (Some(attestation), ..) => {
                let integrity = self.digest;
                Fact::known(Attested::Holds { attestation, integrity }, self.place.host, self.at)
            }
            (None, Some(failure), _) => Fact::unknown(failure.name()),
            // Whoever may write there can add what holds for nothing: that accuses nobody.
            (None, None, Some(flaw)) => Fact::unknown(format!("attestation-{}", flaw.name())),
            (None, None, None) => Fact::unknown(NONE),
        }
    }
}

/// A part of what refers to an image, in the form that it is in.
struct Part {
    claim: usize,
    digest: String,
    kind: String,
    beside: BTreeMap<String, String>,
}

impl Part {
    fn of(claim: usize, layer: Descriptor) -> Option<Self> {
        let is_known = layer.media_type.starts_with(BUNDLE) || [ENVELOPE, PAYLOAD].contains(&layer.media_type.as_str());
        let Descriptor { digest, media_type: kind, annotations: beside, .. } = layer;
        is_known.then_some(Self { claim, digest, kind, beside })
    }

    fn verified(&self, body: &[u8], of: &str) -> Result<Attestation, Flaw> {
        match self.kind.as_str() {
            ENVELOPE => of_envelope(body, &self.beside, of),
            PAYLOAD => of_payload(body, &self.beside, of),
            _ => of_bundle(body, of),
        }
    }
}

/// Asks for what refers to each image, by the newer way first.
pub(super) fn fill(inquiry: &Inquiry<'_>, dossiers: &mut BTreeMap<Subject, Dossier>) {
    let mut claims = Vec::new();
    for (subject, dossier) in dossiers.iter_mut() {
        let (Origin::Image(name), Fact::Known { value: image, at, .. }) = (&subject.origin, &dossier.image) else {
            continue;
        };
        let Some(place) = Place::of(inquiry, name) else { continue };
        let (subject, digest, at) = (subject.clone(), image.digest.clone(), *at);
        claims.push(Claim { subject, place, digest, at, held: None, flaw: None, failure: None });
    }
    let referring = referring(inquiry, &mut claims);
    let parts = layers(inquiry, &mut claims, referring);
    verify(inquiry, &mut claims, parts);
    let older = claims.iter().enumerate().filter(|(_, claim)| claim.held.is_none());
    let older: Vec<_> =
        older.flat_map(|(at, claim)| ["att", "sig"].map(|end| (at, claim.name(&format!(".{end}"))))).collect();
    let asks = older.iter().map(|(at, path)| claims[*at].ask(inquiry, path)).collect();
    let mut parts = Vec::new();
    for ((at, _), answer) in older.into_iter().zip(inquiry.ask_each(asks)) {
        let Some(answer) = claims[at].there(answer) else { continue };
        match manifest(&answer) {
            Ok(manifest) => {
                parts.extend(manifest.layers.into_iter().take(MOST).filter_map(|layer| Part::of(at, layer)))
            }
            Err(failure) => claims[at].failure = Some(failure),
        }
    }
    verify(inquiry, &mut claims, parts);
    for claim in claims {
        if let Some(dossier) = dossiers.get_mut(&claim.subject) {
            dossier.attestation = claim.verdict();
        }
    }
}

/// What registries list as bundles about each image.
fn referring(inquiry: &Inquiry<'_>, claims: &mut [Claim]) -> Vec<(usize, String)> {
    let asks = claims.iter().map(|claim| claim.ask(inquiry, &format!("referrers/{}", claim.digest))).collect();
    let lists = inquiry.ask_each(asks);
    // Registries that know of no such list say so in several ways.
    let has_none = |list: &Result<Answer, Failure>| matches!(list, Err(Failure::NotFound | Failure::Unexpected));
    let named =
        claims.iter().zip(&lists).map(|(claim, list)| has_none(list).then(|| claim.ask(inquiry, &claim.name(""))));
    let named: Vec<Option<Option<Ask>>> = named.collect();
    let mut second = inquiry.ask_each(named.iter().flatten().cloned().collect()).into_iter();
    let mut found = Vec::new();
    for (at, (list, named)) in lists.into_iter().zip(named).enumerate() {
        let list = if named.is_some() { second.next().unwrap_or(Err(Failure::NotFound)) } else { list };
        let Some(answer) = claims[at].there(list) else { continue };
        match manifest(&answer).and_then(|list| list.manifests.ok_or(Failure::Unreadable)) {
            Ok(list) => {
                let is_bundle =
                    |it: &Descriptor| it.artifact_type.as_deref().is_some_and(|kind| kind.starts_with(BUNDLE));
                let bundles = list.into_iter().filter(is_bundle).take(MOST);
                found.extend(bundles.map(|it| (at, it.digest)));
            }
            Err(failure) => claims[at].failure = Some(failure),
        }
    }
    found
}

/// The parts of what refers to images.
fn layers(inquiry: &Inquiry<'_>, claims: &mut [Claim], referring: Vec<(usize, String)>) -> Vec<Part> {
    let asks = referring.iter().map(|(at, digest)| claims[*at].ask(inquiry, &format!("manifests/{digest}"))).collect();
    let mut parts = Vec::new();
    for ((at, digest), answer) in referring.into_iter().zip(inquiry.ask_each(asks)) {
        match under(&digest, answer).and_then(|answer| manifest(&answer)) {
            Ok(manifest) => parts.extend(manifest.layers.into_iter().take(1).filter_map(|layer| Part::of(at, layer))),
            Err(failure) => claims[at].failure = Some(failure),
        }
    }
    parts
}

fn verify(inquiry: &Inquiry<'_>, claims: &mut [Claim], parts: Vec<Part>) {
    let asks = parts.iter().map(|part| claims[part.claim].ask(inquiry, &format!("blobs/{}", part.digest))).collect();
    for (part, answer) in parts.into_iter().zip(inquiry.ask_each(asks)) {
        let claim = &mut claims[part.claim];
        match under(&part.digest, answer) {
            Ok(answer) => {
                let verdict = part.verified(&answer.body, &claim.digest);
                claim.judge(verdict);
            }
            Err(failure) => claim.failure = Some(failure),
        }
    }
}

#[cfg(test)]
mod tests;
