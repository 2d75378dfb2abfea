//! One name for two entries of a file.

use crate::finding::{Code, Severity};

use super::{Outcome, Subject};

/// Medium: clients differ on which of the two they start.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let connector = subject.connector;
    if !connector.repeated {
        return Outcome::Passed;
    }
    let found = subject.finding(Code::RepeatedKey, Severity::Medium, &connector.route, &[("key", &connector.name)]);
    Outcome::Findings(vec![found])
}
