//! A package that says it is an entry of the registry of connectors, which names another package.

use crate::facts::{Fact, Listing};
use crate::finding::{Code, Severity};
use crate::launch_line::Ecosystem;

use super::named::Named;
use super::{Outcome, Subject, place_of_word};

/// Medium: somebody copied what another package says of itself, in bad faith or with the rest of its files. Low for an image,
/// which takes over the labels of the one that it is built upon.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let connector = subject.connector;
    let (name, place, severity) = match (Named::of(subject), connector.launch_line.package.as_deref()) {
        (Ok(named), _) => (named.name, named.place(), Severity::Medium),
        (Err(_), Some(image)) if connector.launch_line.ecosystem == Ecosystem::Oci => {
            let place = place_of_word(connector, |word| word.contains(image));
            (image, place.unwrap_or_else(|| connector.route.clone()), Severity::Low)
        }
        (Err(outcome), _) => return outcome,
    };
    match &subject.facts.dossier.listing {
        Fact::Known { value: Listing::Foreign { name: entry, packages }, .. } => {
            let packages = if packages.is_empty() { "–".to_owned() } else { packages.join(", ") };
            let args = [("package", name), ("entry", entry), ("packages", packages.as_str())];
            let code = Code::RegistryBacklinkMismatch;
            Outcome::Findings(vec![subject.finding(code, severity, &place, &args)])
        }
        Fact::Known { .. } => Outcome::Passed,
        // It claims nothing that could be false.
        Fact::Unknown { reason } if reason == "no-claim" => Outcome::Passed,
        Fact::Unknown { .. } => Outcome::NotRun("listing-not-asked"),
    }
}
