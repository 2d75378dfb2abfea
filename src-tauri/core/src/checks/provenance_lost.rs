//! An attestation of where a package was built that the version before had, and this one has not.

use crate::finding::{Code, Severity};

use super::named::of_registry;
use super::{Outcome, Subject};

/// The sign of a stolen account: whoever holds only that cannot run the workflow that attests.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    of_registry(subject, Code::ProvenanceLost, Severity::High, subject.facts.provenance_lost.then_some(&[]))
}
