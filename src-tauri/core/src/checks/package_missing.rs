//! A package that its registry does not have.

use crate::finding::{Code, Severity};

use super::named::of_registry;
use super::{Outcome, Subject};

/// Whoever takes the name next decides what runs. What did harm is taken down the same way.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let how = subject.facts.history.missing.map(|missing| [("how", missing.name())]);
    of_registry(subject, Code::PackageMissing, Severity::High, how.as_ref().map(|it| &it[..]))
}
