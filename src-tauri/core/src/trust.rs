//! The trust status: one word for who vouches for what a connector runs, with the reasons for it.
//!
//! The word judges nothing: what is held is decided by `guard` alone.

use jiff::Timestamp;
use serde::Serialize;

use crate::facts::{Artefact, ArtefactKind, ArtefactState, Attested, Fact, Facts, Offer, Signature};
use crate::finding::{Code, Finding, Severity};

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
    "known-malicious",
    "local-code",
    "no-service",
    "not-asked",
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
        if let Some(attested) = attested(facts) {
            return attested;
        }
        // A registry of one's own gives the same names to others.
        if let Some(vendor) = vendor.filter(|_| asked != Asked::Not("private")) {
            let args = vec![("vendor", vendor.to_owned())];
            return Self::because(Word::Known, Reason { args, ..Reason::plain("catalogue") });
        }
        let signature = facts.evidence.file.as_ref().map_or(&Signature::Untold, |file| &file.signature);
        unvouched(&facts.artefact, facts.offer.as_ref(), signature, asked)
    }
}

/// What an attestation makes of it. One of other bytes than would run says nothing of these.
fn attested(facts: &Facts) -> Option<Trust> {
    let Fact::Known { value, source, at } = &facts.dossier.attestation else { return None };
    let (word, code, args) = match value {
        Attested::Holds { attestation, integrity } => {
            let ArtefactState::Known { integrity: runs, .. } = &facts.artefact.state else { return None };
            if !runs.split(' ').any(|digest| digest == integrity) {
                return None;
            }
            (Word::Verified, "attested", vec![("repository", attestation.repository.clone())])
        }
        Attested::Broken { .. } => (Word::InDoubt, "attestation-broken", Vec::new()),
    };
    Some(Trust::because(word, Reason { code, args, source: Some((source.clone(), *at)) }))
}

/// What nobody vouches for, and whether anybody was asked.
fn unvouched(artefact: &Artefact, offer: Option<&Offer>, signature: &Signature, asked: Asked) -> Trust {
    match (artefact.kind, asked) {
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
        (_, Asked::Answered) => {
            let source = offer.map(|it| (it.registry.clone(), it.at));
            // The registry alone says who published it: whoever could vouch for that is not asked yet.
            Trust::because(Word::NotChecked, Reason { source, ..Reason::plain("vouchers-not-asked") })
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
