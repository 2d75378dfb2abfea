//! A package that is known to do harm.

use crate::catalogue::{Advisories, Reach};
use crate::connector::Connector;
use crate::facts::Facts;
use crate::finding::{Code, Confidence, Finding, Severity};

use super::named::Named;
use super::{Outcome, Subject};

/// Critical for a version that does harm. Medium where some version of the package does and the one that runs is not told,
/// or which do is not told.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let named = match Named::of(subject) {
        Ok(named) => named,
        Err(outcome) => return outcome,
    };
    let listed = Advisories::compiled().of(named.kind, named.name, named.version(subject.facts));
    let listed = listed.map(|(advisory, reach)| (advisory.id.as_str(), reach));
    // A service that was asked about the very version is surer than a list that only names the package.
    let is_sure = listed.is_some_and(|(_, reach)| reach == Reach::Hit);
    let asked = recorded(subject.facts).filter(|_| !is_sure).map(|id| (id, Reach::Hit));
    let Some((advisory, reach)) = asked.or(listed) else { return Outcome::Passed };
    let (severity, confidence, reach) = match reach {
        Reach::Hit => (Severity::Critical, Confidence::High, "hit"),
        Reach::Perhaps => (Severity::Medium, Confidence::Low, "perhaps"),
    };
    let args = [("package", named.name), ("advisory", advisory), ("reach", reach)];
    let found = subject.finding(Code::KnownMalicious, severity, &named.place(), &args);
    Outcome::Findings(vec![Finding { confidence, ..found }])
}

/// The record of a service that names the code itself harmful.
fn recorded(facts: &Facts) -> Option<&str> {
    let all = facts.dossier.advisories.value()?;
    all.iter().find(|one| one.is_malicious).map(|one| one.id.as_str())
}

/// The facts, with what the list of this program says of the version in them.
#[must_use]
pub fn with_advisories(facts: Facts, connector: &Connector) -> Facts {
    let is_hit = Named::in_launch(connector).is_some_and(|named| {
        let found = Advisories::compiled().of(named.kind, named.name, named.version(&facts));
        found.is_some_and(|(_, reach)| reach == Reach::Hit)
    });
    Facts { known_malicious: facts.known_malicious || is_hit, ..facts }
}
