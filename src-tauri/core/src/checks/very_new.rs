//! A package that has hardly been there.

use crate::finding::{Code, Severity};

use super::named::{Named, asked};
use super::{Outcome, Subject};

/// In days. Most packages that do harm are found within two weeks, and most people come later.
const YOUNG: i64 = 14;

/// A doubt, for that is how every squat begins; a harmless package outgrows it.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let named = match Named::of(subject) {
        Ok(named) => named,
        Err(outcome) => return outcome,
    };
    let facts = subject.facts;
    if let Some((_, days)) = facts.history.created.filter(|(_, days)| *days < YOUNG) {
        let days = days.max(0).to_string();
        let args = [("package", named.name), ("days", days.as_str())];
        return Outcome::Findings(vec![subject.finding(Code::VeryNew, Severity::Medium, &named.place(), &args)]);
    }
    asked(facts)
}
