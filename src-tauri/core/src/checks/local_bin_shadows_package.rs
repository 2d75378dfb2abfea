//! A program of this machine that runs in place of the package which the launch names.

use std::path::Path;

use crate::facts::ArtefactState;
use crate::finding::{Code, Finding, Severity};
use crate::launch_line::Runner;

use super::{Outcome, Subject, place_of_word, shown};

/// High where it belongs to no package of that name: whoever may put a file into the project decides what runs, and no
/// registry was asked. Low where it is the package itself, installed in the project: then that version runs, whatever is
/// published.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let line = &subject.connector.launch_line;
    let (Runner::Npx | Runner::Bunx, Some(package)) = (line.runner, line.package.as_deref()) else {
        return Outcome::Passed;
    };
    let evidence = &subject.facts.evidence;
    if !evidence.shadows_in_projects.is_empty() {
        let all = evidence.shadows_in_projects.iter();
        let findings = all.map(|shadow| found(subject, &shadow.program, package, shadow.is_package, "there"));
        return Outcome::Findings(findings.collect());
    }
    match subject.facts.artefact.state {
        ArtefactState::NotLooked | ArtefactState::Unobservable => return Outcome::NotRun("artefact-not-looked"),
        ArtefactState::Unknown { .. } => return Outcome::NotRun("artefact-unknown"),
        ArtefactState::Known { .. } => {}
    }
    let Some(program) = &evidence.shadow else { return Outcome::Passed };
    let is_same = evidence.from.as_ref().is_some_and(|from| from.ends_with(format!("node_modules/{package}")));
    Outcome::Findings(vec![found(subject, program, package, is_same, "here")])
}

/// `started`: `here`, or `there` where the client has to be used in the program's project.
fn found(subject: &Subject<'_>, program: &Path, package: &str, is_same: bool, started: &str) -> Finding {
    let line = &subject.connector.launch_line;
    let severity = if is_same { Severity::Low } else { Severity::High };
    let spec = line.specs.first().map_or(package, String::as_str);
    let route = place_of_word(subject.connector, |word| word == spec || word.ends_with(&format!("={spec}")));
    let route = route.unwrap_or_else(|| subject.connector.route.clone());
    let program = shown(program, &subject.around.home);
    let args = [("program", program.as_str()), ("package", package), ("started", started)];
    subject.finding(Code::LocalBinShadowsPackage, severity, &route, &args)
}
