//! A version of another account than the one before.

use crate::finding::{Code, Severity};

use super::named::of_registry;
use super::{Outcome, Subject};

/// Maintainers change in good order too.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let change =
        subject.facts.history.publisher.as_ref().map(|(then, now)| [("then", then.as_str()), ("now", now.as_str())]);
    of_registry(subject, Code::PublisherChanged, Severity::Medium, change.as_ref().map(|it| &it[..]))
}
