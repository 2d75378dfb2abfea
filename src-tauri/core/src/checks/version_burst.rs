//! Many versions of a package in a short time.

use crate::finding::{Code, Severity};

use super::named::of_registry;
use super::{Outcome, Subject};

/// So many within two days are more than people make who try what they publish.
const MANY: usize = 10;

/// A remark: machines that publish by themselves do it too.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let count = subject.facts.history.burst;
    let told = count.to_string();
    let told = [("count", told.as_str())];
    of_registry(subject, Code::VersionBurst, Severity::Low, (count >= MANY).then_some(&told))
}
