//! A package that runs a program while it is being installed.

use crate::finding::{Code, Severity};

use super::named::of_registry;
use super::{Outcome, Subject};

/// High where it is new since the approval: hardly any harmless update adds one, and most worms do. A remark where there is one
/// at all: one connector in eight has it.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let (severity, found): (_, Option<&[_]>) = match subject.facts {
        facts if facts.new_install_script => (Severity::High, Some(&[("how", "new")])),
        facts if facts.installs_by_script => (Severity::Low, Some(&[("how", "has")])),
        _ => (Severity::High, None),
    };
    of_registry(subject, Code::InstallScript, severity, found)
}
