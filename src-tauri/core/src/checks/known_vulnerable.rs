//! A version with a fault that is publicly known.

use crate::facts::{Advisory, ArtefactKind, Fact, Weight};
use crate::finding::{Code, Severity};

use super::{Outcome, Subject, place_of_word};

/// As grave as the gravest of them; medium where their database does not say. What does harm itself is another matter.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    match subject.facts.artefact.kind {
        ArtefactKind::Npm | ArtefactKind::Pypi => {}
        ArtefactKind::Remote | ArtefactKind::Builtin => return Outcome::NotRun("unobservable"),
        _ => return Outcome::NotRun("no-advisories"),
    }
    let all = match &subject.facts.dossier.advisories {
        Fact::Known { value, .. } => value,
        Fact::Unknown { .. } => return Outcome::NotRun("advisories-not-asked"),
    };
    let faults: Vec<&Advisory> = all.iter().filter(|one| !one.is_malicious).collect();
    let Some(gravest) = faults.iter().map(|one| one.weight).max() else { return Outcome::Passed };
    let severity = match gravest {
        Weight::Low => Severity::Low,
        Weight::Moderate | Weight::Untold => Severity::Medium,
        Weight::High | Weight::Critical => Severity::High,
    };
    let connector = subject.connector;
    let package = connector.launch_line.package.as_deref().unwrap_or_default();
    let route = place_of_word(connector, |word| !package.is_empty() && word.contains(package));
    let ids: Vec<_> = faults.iter().map(|one| one.id.as_str()).collect();
    let args = [("package", package), ("count", &faults.len().to_string()), ("ids", &ids.join(", "))];
    Outcome::of(vec![subject.finding(
        Code::KnownVulnerable,
        severity,
        &route.unwrap_or(connector.route.clone()),
        &args,
    )])
}
