//! Program text that stands in the entry itself.

use crate::connector::Connector;
use crate::document::Route;
use crate::finding::{Code, Severity};

use super::{Outcome, Subject};

/// Medium: `sh -c`, `node -e`, `python -c` and their kin run what no package and no file holds.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let Some(label) = subject.connector.launch_line.evaluates.as_deref() else { return Outcome::Passed };
    // A command that is a whole line goes to whatever shell the client has.
    let program = if label == "shell-line" { "sh" } else { label };
    let route = place_of_text(subject.connector, label);
    Outcome::Findings(vec![subject.finding(Code::InterpreterEval, Severity::Medium, &route, &[("program", program)])])
}

/// The word behind the flag that the label ends with, the word that holds the flag and the text, or the command.
fn place_of_text(connector: &Connector, label: &str) -> Route {
    let launch = &connector.launch;
    let flag = label.rsplit(' ').next().unwrap_or_default();
    let at = launch.args.iter().position(|word| word.eq_ignore_ascii_case(flag));
    let behind = at.and_then(|at| launch.places.args.get(at + 1));
    let within = || {
        let at = launch.args.iter().position(|word| word.starts_with(flag) || word.contains(&format!(" {flag} ")))?;
        launch.places.args.get(at)
    };
    let command = || if label == "shell-line" { launch.places.command.as_ref() } else { None };
    let found = command().or(behind).or_else(within).or(launch.places.args.last());
    found.or(launch.places.command.as_ref()).unwrap_or(&connector.route).clone()
}
