//! A program that lies where programs are not kept.

use std::path::Path;

use crate::clients::CLIENTS;
use crate::facts::{ArtefactState, Location};
use crate::finding::{Code, Confidence, Finding, Severity};

use super::{Outcome, Subject, place_of_word, shown};

/// Medium: what lies among temporary files or downloads was put there in passing. Low in a hidden folder: many a tool keeps its
/// programs in one of its own.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let Some(file) = &subject.facts.evidence.file else {
        let is_named = subject.connector.local_code.is_some();
        let is_open = is_named && subject.facts.artefact.state == ArtefactState::NotLooked;
        return if is_open { Outcome::NotRun("artefact-not-looked") } else { Outcome::Passed };
    };
    let (place, severity, confidence) = match file.location {
        Location::Temporary => ("temporary", Severity::Medium, Confidence::High),
        Location::Downloads => ("downloads", Severity::Medium, Confidence::High),
        Location::Hidden if is_of_a_client(&file.path, &subject.around.home) => return Outcome::Passed,
        Location::Hidden => ("hidden", Severity::Low, Confidence::Medium),
        Location::Installed | Location::System | Location::Home | Location::Elsewhere => return Outcome::Passed,
    };
    let name = file.path.file_name().unwrap_or_default().to_string_lossy();
    let route = place_of_word(subject.connector, |word| word.ends_with(&*name));
    let route = route.unwrap_or_else(|| subject.connector.route.clone());
    let path = shown(&file.path, &subject.around.home);
    let found = subject.finding(Code::OddLocation, severity, &route, &[("file", path.as_str()), ("place", place)]);
    Outcome::Findings(vec![Finding { confidence, ..found }])
}

/// A client's folder holds its plugins and extensions beside its files.
fn is_of_a_client(path: &Path, home: &Path) -> bool {
    let Ok(below) = path.strip_prefix(home) else { return false };
    let mut folders = CLIENTS.iter().flat_map(|client| client.files).filter_map(|file| Path::new(file.path).parent());
    folders.any(|folder| !folder.as_os_str().is_empty() && below.starts_with(folder))
}
