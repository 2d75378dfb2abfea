//! A package that says it is an entry of the registry of connectors, which names another package.

use crate::facts::{Fact, Listing};
use crate::finding::{Code, Severity};

use super::named::Named;
use super::{Outcome, Subject};

/// Medium: somebody copied what another package says of itself, in bad faith or with the rest of its files.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let named = match Named::of(subject) {
        Ok(named) => named,
        Err(outcome) => return outcome,
    };
    match &subject.facts.dossier.listing {
        Fact::Known { value: Listing::Foreign { name, packages }, .. } => {
            let packages = if packages.is_empty() { "–".to_owned() } else { packages.join(", ") };
            let args = [("package", named.name), ("entry", name), ("packages", packages.as_str())];
            let code = Code::RegistryBacklinkMismatch;
            Outcome::Findings(vec![subject.finding(code, Severity::Medium, &named.place(), &args)])
        }
        Fact::Known { .. } => Outcome::Passed,
        // It claims nothing that could be false.
        Fact::Unknown { reason } if reason == "no-claim" => Outcome::Passed,
        Fact::Unknown { .. } => Outcome::NotRun("listing-not-asked"),
    }
}
