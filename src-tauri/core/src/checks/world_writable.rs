//! Code that every user of the machine may replace.

use crate::facts::{ArtefactState, Rights};
use crate::finding::{Code, Severity};
use crate::launch_line::{Ecosystem, Runner};

use super::{Outcome, Subject, shown};

/// High: another account, or anything that runs as one, decides what runs as this user.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let line = &subject.connector.launch_line;
    match (line.runner, line.ecosystem) {
        (Runner::None, Ecosystem::None) => return Outcome::NotRun("no-launch"),
        (_, Ecosystem::Remote | Ecosystem::Builtin) => return Outcome::NotRun("unobservable"),
        _ => {}
    }
    match (&subject.facts.artefact.state, &subject.facts.evidence.rights) {
        (ArtefactState::Unobservable, _) => Outcome::NotRun("unobservable"),
        (ArtefactState::NotLooked, _) => Outcome::NotRun("artefact-not-looked"),
        (ArtefactState::Unknown { .. }, _) => Outcome::NotRun("artefact-unknown"),
        (ArtefactState::Known { .. }, Rights::Untold) => Outcome::NotRun("rights-not-told"),
        (ArtefactState::Known { .. }, Rights::OfOwner) => Outcome::Passed,
        (ArtefactState::Known { .. }, Rights::OfAll(place)) => {
            let launch = &subject.connector.launch;
            let named = subject.facts.evidence.file.as_ref().and_then(|file| file.path.file_name());
            let words = launch.args.iter().zip(&launch.places.args);
            let is_named = |word: &str| std::path::Path::new(word).file_name() == named && named.is_some();
            let route = words.filter(|(word, _)| is_named(word)).map(|(_, route)| route).next();
            let route = route.or(launch.places.command.as_ref()).unwrap_or(&subject.connector.route);
            let place = shown(place, &subject.around.home);
            Outcome::Findings(vec![subject.finding(Code::WorldWritable, Severity::High, route, &[("place", &place)])])
        }
    }
}
