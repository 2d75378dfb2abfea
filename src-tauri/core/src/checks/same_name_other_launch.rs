//! One name that stands for different things.

use std::collections::BTreeSet;

use crate::clients::client;
use crate::finding::{Code, Confidence, Finding, Severity};

use super::{Neighbour, Outcome, Subject};

/// Low: arguments may differ; another package, host or program under a name that people trust is worth a look.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let Some(own) = subject.around.get(&subject.connector.id) else { return Outcome::NotRun("alone") };
    let Some(runs) = &own.subject else { return Outcome::NotRun("package-not-told") };
    let differs = |other: &&Neighbour| other.subject.as_ref().is_some_and(|theirs| theirs != runs);
    let name = |other: &Neighbour| client(&other.client).map_or(other.client.clone(), |row| row.name.to_owned());
    let others: BTreeSet<_> = subject.around.same_name(own).filter(differs).map(name).collect();
    if others.is_empty() {
        return Outcome::Passed;
    }
    let clients = others.into_iter().collect::<Vec<_>>().join(", ");
    let route = &subject.connector.route;
    let args = [("name", own.name.as_str()), ("clients", &clients)];
    let found = subject.finding(Code::SameNameOtherLaunch, Severity::Low, route, &args);
    Outcome::Findings(vec![Finding { confidence: Confidence::Low, ..found }])
}
