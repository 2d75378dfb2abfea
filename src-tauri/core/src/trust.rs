//! The trust status: one word for who vouches for what a connector runs, with the reasons for it.
//!
//! The word judges nothing: what is held is decided by `guard` alone.

use jiff::Timestamp;
use serde::Serialize;

use crate::facts::{
    ArtefactKind, ArtefactState, Attested, Fact, Facts, Listing, Repository, Signature, Signed, Standing,
};
use crate::finding::{Code, Finding, Severity};

pub mod statements;

/// One of six words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Word {
    /// A signature, an attestation, or a registry's link in both directions was checked.
    Verified,
    /// In the catalogue of known connectors, with the publisher that it is known to have.
    Known,
    /// Asked about, and nobody vouches for it: neither good nor bad.
    Unconfirmed,
    /// Nobody was asked, or nobody answered.
    NotChecked,
    /// There is a finding of medium severity or more.
    InDoubt,
    /// A listing of harmful packages names it.
    Harmful,
}

/// Whether the registry that a package comes from has said anything of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Answered,
    /// Why it has not, as `look-up-<name>` tells it.
    Not(&'static str),
    /// There is no registry to ask.
    Nowhere,
}

/// One reason for the word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Told by the message `trust-because-<code>`.
    pub code: &'static str,
    pub args: Vec<(&'static str, String)>,
    /// Who says so, and when.
    pub source: Option<(String, Timestamp)>,
}

/// Every reason there is, sorted.
pub const REASONS: &[&str] = &[
    "attestation-broken",
    "attested",
    "built-in",
    "catalogue",
    "finding",
    "host-not-listed",
    "known-malicious",
    "listed",
    "local-code",
    "no-service",
    "nobody-vouches",
    "not-asked",
    "registry-signature-broken",
    "registry-signed",
    "repository-alone",
    "signature-broken",
    "signed",
    "vouchers-not-asked",
];

/// The word and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    pub word: Word,
    /// Never empty.
    pub reasons: Vec<Reason>,
}

impl Reason {
    fn plain(code: &'static str) -> Self {
        Self { code, args: Vec::new(), source: None }
    }
}

impl Trust {
    fn because(word: Word, reason: Reason) -> Self {
        Self { word, reasons: vec![reason] }
    }

    /// The gravest word that holds; what speaks for a connector never outweighs what speaks against it.
    /// `vendor` is whose known connector it is, where that is sure.
    pub fn of(facts: &Facts, findings: &[Finding], asked: Asked, vendor: Option<&str>) -> Self {
        if facts.known_malicious {
            return Self::because(Word::Harmful, Reason::plain("known-malicious"));
        }
        let doubts: Vec<_> = doubts(findings).map(doubt).collect();
        if !doubts.is_empty() {
            return Self { word: Word::InDoubt, reasons: doubts };
        }
        let broken = broken(facts);
        if !broken.is_empty() {
            return Self { word: Word::InDoubt, reasons: broken };
        }
        let vouched: Vec<_> = attested(facts).into_iter().chain(listed(facts)).collect();
        // A registry of one's own gives the same names to others.
        let vendor = vendor.filter(|_| asked != Asked::Not("private"));
        let mut trust = match vendor {
            _ if !vouched.is_empty() => Self { word: Word::Verified, reasons: vouched },
            Some(vendor) => {
                let args = vec![("vendor", vendor.to_owned())];
                Self::because(Word::Known, Reason { args, ..Reason::plain("catalogue") })
            }
            None => unvouched(facts, asked),
        };
        trust.reasons.extend(signed_by_registry(facts));
        trust
    }
}

/// Whether a digest is of what runs.
fn is_running(facts: &Facts, digest: &str) -> bool {
    let ArtefactState::Known { integrity, .. } = &facts.artefact.state else { return false };
    // An image that this machine has goes by a digest of its own beside the registry's.
    integrity.split(' ').any(|own| own == digest) || facts.evidence.digest.as_deref() == Some(digest)
}

/// What was checked and does not hold.
fn broken(facts: &Facts) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if let Fact::Known { value: Attested::Broken { .. }, source, at } = &facts.dossier.attestation {
        reasons.push(Reason { source: Some((source.clone(), *at)), ..Reason::plain("attestation-broken") });
    }
    if let Fact::Known { value: Signed::Broken, source, at } = &facts.dossier.signature {
        reasons.push(Reason { source: Some((source.clone(), *at)), ..Reason::plain("registry-signature-broken") });
    }
    reasons
}

/// An attestation that holds. One of other bytes than would run says nothing of these.
fn attested(facts: &Facts) -> Option<Reason> {
    let Fact::Known { value: Attested::Holds { attestation, integrity }, source, at } = &facts.dossier.attestation
    else {
        return None;
    };
    let args = vec![("repository", attestation.repository.clone())];
    is_running(facts, integrity).then(|| Reason {
        args,
        source: Some((source.clone(), *at)),
        ..Reason::plain("attested")
    })
}

/// An entry of the registry of connectors that leads here and that this leads to.
fn listed(facts: &Facts) -> Option<Reason> {
    let Fact::Known { value: Listing::Mutual { name, standing: Standing::Active }, source, at } =
        &facts.dossier.listing
    else {
        return None;
    };
    // What takes its place is listed nowhere.
    facts.evidence.shadow.is_none().then(|| Reason {
        args: vec![("entry", name.clone())],
        source: Some((source.clone(), *at)),
        ..Reason::plain("listed")
    })
}

/// What the registry that handed it out stands for: never enough for a word of its own.
fn signed_by_registry(facts: &Facts) -> Option<Reason> {
    let Fact::Known { value: Signed::Holds { integrity }, source, at } = &facts.dossier.signature else { return None };
    is_running(facts, integrity)
        .then(|| Reason { source: Some((source.clone(), *at)), ..Reason::plain("registry-signed") })
}

/// Whether all who could vouch for it were asked and do not: none is claimed, or what is claimed vouches for nothing.
fn is_asked_in_vain(facts: &Facts) -> bool {
    let attestation = match &facts.dossier.attestation {
        Fact::Known { .. } => true,
        Fact::Unknown { reason } => reason == "not-attested" || reason.starts_with("attestation-"),
    };
    let listing = match &facts.dossier.listing {
        Fact::Known { value: Listing::Mirrored { .. }, .. } => false,
        Fact::Known { .. } => true,
        Fact::Unknown { reason } => matches!(reason.as_str(), "no-claim" | "no-entry-name"),
    };
    attestation && listing
}

/// What nobody vouches for, and whether anybody was asked.
fn unvouched(facts: &Facts, asked: Asked) -> Trust {
    let signature = facts.evidence.file.as_ref().map_or(&Signature::Untold, |file| &file.signature);
    match (facts.artefact.kind, asked) {
        (ArtefactKind::Builtin, _) => Trust::because(Word::Unconfirmed, Reason::plain("built-in")),
        (ArtefactKind::File, _) if signature == &Signature::Broken => {
            Trust::because(Word::InDoubt, Reason::plain("signature-broken"))
        }
        (ArtefactKind::File, _) if let Signature::Signed { by } = signature => {
            let args = vec![("signer", by.clone())];
            Trust::because(Word::Verified, Reason { args, ..Reason::plain("signed") })
        }
        // Nobody publishes it, so that there is nobody to ask.
        (ArtefactKind::File, _) => Trust::because(Word::Unconfirmed, Reason::plain("local-code")),
        (ArtefactKind::Git, Asked::Answered) if let Fact::Known { value, source, at } = &facts.dossier.repository => {
            let (Repository::There { name, .. } | Repository::Missing { name }) = value;
            let args = vec![("repository", name.clone())];
            let reason = Reason { args, source: Some((source.clone(), *at)), ..Reason::plain("repository-alone") };
            Trust::because(Word::Unconfirmed, reason)
        }
        (ArtefactKind::Remote, _) if let Fact::Known { value, source, at } = &facts.dossier.listing => {
            let entry = match value {
                Listing::Mutual { name, .. }
                | Listing::Mirrored { name }
                | Listing::Foreign { name, .. }
                | Listing::Absent { name } => name.clone(),
            };
            let args = vec![("entry", entry)];
            let reason = Reason { args, source: Some((source.clone(), *at)), ..Reason::plain("host-not-listed") };
            Trust::because(Word::Unconfirmed, reason)
        }
        (_, Asked::Answered) => {
            let of_image = match &facts.dossier.image {
                Fact::Known { source, at, .. } => Some((source.clone(), *at)),
                Fact::Unknown { .. } => None,
            };
            let source = facts.offer.as_ref().map(|it| (it.registry.clone(), it.at)).or(of_image);
            let (word, code) = match is_asked_in_vain(facts) {
                true => (Word::Unconfirmed, "nobody-vouches"),
                false => (Word::NotChecked, "vouchers-not-asked"),
            };
            Trust::because(word, Reason { source, ..Reason::plain(code) })
        }
        (_, Asked::Not(reason)) => {
            let args = vec![("reason", reason.to_owned())];
            Trust::because(Word::NotChecked, Reason { args, ..Reason::plain("not-asked") })
        }
        (_, Asked::Nowhere) => Trust::because(Word::NotChecked, Reason::plain("no-service")),
    }
}

/// That a version floats, or that a secret stands in the entry, is no doubt about who stands behind it: nearly every real
/// entry floats, many hold a key, and a word that all carry says nothing.
fn doubts(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    let is_of_entry = |code| matches!(code, Code::FloatingVersion | Code::PlaintextSecret);
    findings.iter().filter(move |it| it.severity >= Severity::Medium && !is_of_entry(it.code))
}

fn doubt(finding: &Finding) -> Reason {
    Reason { args: vec![("finding", finding.code.name().to_owned())], ..Reason::plain("finding") }
}

#[cfg(test)]
mod tests;
