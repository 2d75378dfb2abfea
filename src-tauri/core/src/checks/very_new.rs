//! A package that has hardly been there.

use crate::finding::{Code, Severity};

use super::named::of_registry;
use super::{Outcome, Subject};

/// In days. Most packages that do harm are found within two weeks, and most people come later.
const YOUNG: i64 = 14;

/// A doubt, for that is how every squat begins; a harmless package outgrows it.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let days = subject.facts.history.created.map(|(_, days)| days.max(0)).filter(|days| *days < YOUNG);
    let told = days.map(|days| days.to_string());
    let told = told.as_ref().map(|days| [("days", days.as_str())]);
    of_registry(subject, Code::VeryNew, Severity::Medium, told.as_ref().map(|it| &it[..]))
}
