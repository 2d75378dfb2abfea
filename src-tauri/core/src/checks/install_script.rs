//! A package that runs a program while it is being installed.

use crate::finding::{Code, Severity};

use super::named::{Named, asked};
use super::{Outcome, Subject};

/// High where it is new since the approval: hardly any harmless update adds one, and most worms do.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let named = match Named::of(subject) {
        Ok(named) => named,
        Err(outcome) => return outcome,
    };
    if subject.facts.new_install_script {
        let args = [("package", named.name)];
        return Outcome::Findings(vec![subject.finding(Code::InstallScript, Severity::High, &named.place(), &args)]);
    }
    asked(subject.facts)
}
