//! An attestation of where a package was built that the version before had, and this one has not.

use crate::finding::{Code, Severity};

use super::named::{Named, asked};
use super::{Outcome, Subject};

/// The sign of a stolen account: whoever holds only that cannot run the workflow that attests.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let named = match Named::of(subject) {
        Ok(named) => named,
        Err(outcome) => return outcome,
    };
    let facts = subject.facts;
    if facts.provenance_lost {
        let args = [("package", named.name)];
        return Outcome::Findings(vec![subject.finding(Code::ProvenanceLost, Severity::High, &named.place(), &args)]);
    }
    asked(facts)
}
