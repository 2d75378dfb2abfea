//! A version of another account than the one before.

use crate::finding::{Code, Severity};

use super::named::{Named, asked};
use super::{Outcome, Subject};

/// Maintainers change in good order too.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let named = match Named::of(subject) {
        Ok(named) => named,
        Err(outcome) => return outcome,
    };
    let facts = subject.facts;
    if let Some((then, now)) = &facts.history.publisher {
        let args = [("package", named.name), ("then", then.as_str()), ("now", now.as_str())];
        return Outcome::Findings(vec![subject.finding(
            Code::PublisherChanged,
            Severity::Medium,
            &named.place(),
            &args,
        )]);
    }
    asked(facts)
}
