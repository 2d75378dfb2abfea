//! A package whose name may be taken for that of a known one.

use crate::finding::{Code, Confidence, Finding};
use crate::squats::{How, Squats};

use super::named::{Named, Publisher, publisher};
use super::{Outcome, Subject};

/// As grave as the likeness. A vendor's own account may name its packages as it likes.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let named = match Named::of(subject) {
        Ok(named) => named,
        Err(outcome) => return outcome,
    };
    let squats = Squats::compiled();
    let Some(likeness) = squats.likeness(named.kind, named.name) else { return Outcome::Passed };
    let vendor = likeness.vendor.map(|at| &squats.catalogue.vendors[at]);
    let publisher = publisher(subject.facts, vendor);
    if publisher == Publisher::Vendors {
        return Outcome::Passed;
    }
    let confidence = match (publisher, likeness.how) {
        (_, How::LookAlike) | (Publisher::Other, How::OneEdit) => Confidence::High,
        (_, How::OneEdit) | (Publisher::Other, _) => Confidence::Medium,
        _ => Confidence::Low,
    };
    let args = [("package", named.name), ("like", likeness.like.as_str()), ("how", way(likeness.how))];
    let found = subject.finding(Code::NameSquat, likeness.severity, &named.place(), &args);
    Outcome::Findings(vec![Finding { confidence, ..found }])
}

/// The id by which the message says in what way.
fn way(how: How) -> &'static str {
    match how {
        How::LookAlike => "look-alike",
        How::OneEdit => "one-edit",
        How::Marks => "marks",
        How::Order => "order",
        How::Decorated => "decorated",
        How::ScopeDropped => "scope-dropped",
        How::ScopeAlike => "scope-alike",
        How::SameLeaf => "same-leaf",
        How::Repository => "repository",
        How::GivenUp => "given-up",
        How::Republished => "republished",
        How::Domain => "domain",
    }
}
