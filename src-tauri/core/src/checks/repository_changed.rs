//! A version that names another repository than the one before.

use crate::finding::{Code, Severity};

use super::named::{Named, asked};
use super::{Outcome, Subject};

/// Projects move in good order too.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let named = match Named::of(subject) {
        Ok(named) => named,
        Err(outcome) => return outcome,
    };
    let facts = subject.facts;
    if let Some((then, now)) = &facts.history.repository {
        let args = [("package", named.name), ("then", then.as_str()), ("now", now.as_str())];
        return Outcome::Findings(vec![subject.finding(
            Code::RepositoryChanged,
            Severity::Medium,
            &named.place(),
            &args,
        )]);
    }
    asked(facts)
}
