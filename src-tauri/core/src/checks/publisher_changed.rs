//! A version of another account, or out of another workflow, than the one before.

use crate::finding::{Code, Severity};

use super::named::of_registry;
use super::{Outcome, Subject};

/// The gravest change. Who may publish changes in good order too: that alone is worth a remark.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let history = &subject.facts.history;
    let all = [
        ("publisher", Severity::Medium, &history.publisher),
        ("builder", Severity::Medium, &history.builder),
        ("maintainers", Severity::Low, &history.maintainers),
    ];
    let gravest = all.iter().find_map(|(what, severity, change)| Some((*what, *severity, change.as_ref()?)));
    let severity = gravest.map_or(Severity::Low, |(_, severity, _)| severity);
    let told = gravest.map(|(what, _, (then, now))| [("what", what), ("then", then.as_str()), ("now", now.as_str())]);
    of_registry(subject, Code::PublisherChanged, severity, told.as_ref().map(|it| &it[..]))
}
