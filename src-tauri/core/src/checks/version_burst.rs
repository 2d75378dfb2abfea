//! Many versions of a package in a short time.

use crate::finding::{Code, Severity};

use super::named::{Named, asked};
use super::{Outcome, Subject};

/// So many within two days are more than people make who try what they publish.
const MANY: usize = 10;

/// A remark: machines that publish by themselves do it too.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let named = match Named::of(subject) {
        Ok(named) => named,
        Err(outcome) => return outcome,
    };
    let facts = subject.facts;
    if facts.history.burst >= MANY {
        let count = facts.history.burst.to_string();
        let args = [("package", named.name), ("count", count.as_str())];
        return Outcome::Findings(vec![subject.finding(Code::VersionBurst, Severity::Low, &named.place(), &args)]);
    }
    asked(facts)
}
