//! What look-ups bring to light of a connector that runs is told when it comes, not only to whoever looks.

use std::collections::BTreeMap;

use crate::checks::{self, Outcome};
use crate::connector::{Connector, ConnectorId};
use crate::finding::{Code, Finding, Severity};
use crate::provenance::Origin;
use crate::request::Notice;

use super::state::Engine;

/// What others say of what runs. All else stands in the entry or on this machine, and was seen when it came.
const OF_LOOK_UPS: &[Code] = &[
    Code::KnownVulnerable,
    Code::PackageMissing,
    Code::ProvenanceLost,
    Code::PublisherChanged,
    Code::PublisherDomain,
    Code::RegistryBacklinkMismatch,
    Code::RepositoryChanged,
];

/// By connector.
pub(super) type Doubts = BTreeMap<ConnectorId, Vec<Finding>>;

impl Engine {
    /// What is known now against connectors that run. Those that wait for an answer have a card that says it.
    pub(super) fn doubts(&self) -> Doubts {
        let running = self.files.values().flat_map(|file| &file.connectors);
        let running = running.filter(|connector| {
            let waits = self.memory.connectors.get(&connector.id).is_some_and(|known| known.question.is_some());
            !waits && Origin::of(connector).is_some()
        });
        running.map(|connector| (connector.id.clone(), self.doubts_about(connector))).collect()
    }

    fn doubts_about(&self, connector: &Connector) -> Vec<Finding> {
        let facts = self.facts(connector);
        // What came beside it is no matter of look-ups.
        let around = checks::Surroundings::default();
        let subject = checks::Subject { connector, facts: &facts, around: &around };
        let of_look_ups = checks::ALL.iter().filter(|check| OF_LOOK_UPS.contains(&check.code));
        let found = of_look_ups.flat_map(|check| match (check.run)(&subject) {
            Outcome::Findings(findings) => findings,
            Outcome::Passed | Outcome::NotRun(_) => Vec::new(),
        });
        found.filter(|finding| finding.severity >= Severity::Medium).collect()
    }

    /// Tells what is known now and was not before.
    pub(super) fn tell_new_doubts(&mut self, before: &Doubts) {
        for (id, findings) in self.doubts() {
            let known: &[Finding] = before.get(&id).map_or(&[], Vec::as_slice);
            let is_new = |finding: &Finding| !known.iter().any(|other| other.code == finding.code);
            let news: Vec<_> = findings.into_iter().filter(is_new).collect();
            if let Some(connector) = self.connector(&id).filter(|_| !news.is_empty()) {
                self.say(Notice::Doubted { connector: self.about(connector), findings: news });
            }
        }
    }
}
