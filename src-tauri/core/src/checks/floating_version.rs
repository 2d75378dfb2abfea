//! A package that is not pinned: the same line runs other code tomorrow.

use crate::connector::Connector;
use crate::document::Route;
use crate::finding::{Code, Confidence, Finding, Severity};
use crate::launch_line::{Ecosystem, Pin, Runner};

use super::{Outcome, Subject, place_of_word};

/// Medium where no version is named, low for a range or a tag that reads as a version.
///
/// A remote server's code cannot be pinned and is not seen: the check is not run there, rather than passed. A local file
/// has no version; it passes, because its bytes are the artefact.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let line = &subject.connector.launch_line;
    match (line.runner, line.ecosystem) {
        (Runner::None, Ecosystem::None) => return Outcome::NotRun("no-launch"),
        (_, Ecosystem::Remote | Ecosystem::Builtin) => return Outcome::NotRun("unobservable"),
        _ => {}
    }
    let Some(package) = line.package.as_deref() else {
        let is_untold = line.ecosystem == Ecosystem::Unknown || line.pin.is_some();
        return if is_untold { Outcome::NotRun("package-not-told") } else { Outcome::Passed };
    };
    if !line.is_floating() {
        return Outcome::Passed;
    }
    let version = line.version.as_deref().unwrap_or_default();
    let (severity, confidence) = match line.pin {
        Some(Pin::Range) => (Severity::Low, Confidence::High),
        // Whoever publishes may move them, though most leave a number where it is.
        Some(Pin::Tag | Pin::GitRef) if reads_as_version(version) => (Severity::Low, Confidence::Medium),
        _ => (Severity::Medium, Confidence::High),
    };
    let route = place_of_package(subject.connector, package).unwrap_or_else(|| subject.connector.route.clone());
    let found = subject.finding(Code::FloatingVersion, severity, &route, &[("package", package), ("version", version)]);
    Outcome::Findings(vec![Finding { confidence, ..found }])
}

fn reads_as_version(version: &str) -> bool {
    version.strip_prefix('v').unwrap_or(version).starts_with(|c: char| c.is_ascii_digit())
}

/// The word that names the package: first one that begins with it, then one that holds it (`--package=x`, a shell line).
fn place_of_package(connector: &Connector, package: &str) -> Option<Route> {
    let short = package.split_once('/').map_or(package, |(_, repository)| repository);
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/'));
    place_of_word(connector, |word| word.strip_prefix(package).is_some_and(ends))
        .or_else(|| place_of_word(connector, |word| holds(word, package)))
        .or_else(|| place_of_word(connector, |word| holds(word, short)))
}

fn holds(word: &str, package: &str) -> bool {
    word.match_indices(package).any(|(at, _)| {
        let before = word[..at].chars().next_back();
        let after = word[at + package.len()..].chars().next();
        before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '-' | '_'))
            && after.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '-' | '_'))
    })
}
