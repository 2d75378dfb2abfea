//! A package that runs a program while it is being installed.

use crate::finding::{Code, Severity};

use super::named::of_registry;
use super::{Outcome, Subject};

/// High where it is new since the approval: hardly any harmless update adds one, and most worms do.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    of_registry(subject, Code::InstallScript, Severity::High, subject.facts.new_install_script.then_some(&[]))
}
