//! The same new entry in several clients within a minute.

use std::collections::BTreeSet;

use crate::clients::client;
use crate::finding::{Code, Confidence, Finding, Severity};

use super::surroundings::TOGETHER;
use super::{Arrival, Neighbour, Outcome, Subject};

/// Medium: programs that add themselves to every client do this, honest installers and worms alike.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let (own, at) = match (subject.around.get(&subject.connector.id), subject.arrival()) {
        (Some(own), Arrival::Seen(at)) => (own, at),
        (_, Arrival::Settled) => return Outcome::Passed,
        _ => return Outcome::NotRun("arrival-unseen"),
    };
    let came_too = |other: &&Neighbour| match other.arrival {
        Arrival::Seen(then) => other.client != own.client && then.duration_since(at).abs() <= TOGETHER,
        Arrival::Unseen | Arrival::Settled => false,
    };
    let name = |other: &Neighbour| client(&other.client).map_or(other.client.clone(), |row| row.name.to_owned());
    let others: BTreeSet<_> = subject.around.same_launch(own).filter(came_too).map(name).collect();
    if others.is_empty() {
        return Outcome::Passed;
    }
    let clients = others.into_iter().collect::<Vec<_>>().join(", ");
    let route = &subject.connector.route;
    let found = subject.finding(Code::SameEntryElsewhere, Severity::Medium, route, &[("clients", &clients)]);
    Outcome::Findings(vec![Finding { confidence: Confidence::Medium, ..found }])
}
