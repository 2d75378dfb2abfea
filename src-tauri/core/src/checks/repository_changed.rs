//! A version that names another repository than the one before.

use crate::finding::{Code, Severity};

use super::named::of_registry;
use super::{Outcome, Subject};

/// Projects move in good order too.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let change =
        subject.facts.history.repository.as_ref().map(|(then, now)| [("then", then.as_str()), ("now", now.as_str())]);
    of_registry(subject, Code::RepositoryChanged, Severity::Medium, change.as_ref().map(|it| &it[..]))
}
