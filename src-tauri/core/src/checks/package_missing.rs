//! A package that its registry does not have.

use crate::finding::{Code, Severity};

use super::named::{Named, asked};
use super::{Outcome, Subject};

/// Whoever takes the name next decides what runs. What did harm is taken down the same way.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let named = match Named::of(subject) {
        Ok(named) => named,
        Err(outcome) => return outcome,
    };
    let facts = subject.facts;
    if let Some(missing) = facts.history.missing {
        let args = [("package", named.name), ("how", missing.name())];
        return Outcome::Findings(vec![subject.finding(Code::PackageMissing, Severity::High, &named.place(), &args)]);
    }
    asked(facts)
}
