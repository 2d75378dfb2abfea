//! A domain that whoever comes first could have, and with it the mail of who publishes, or the host.

use jiff::SignedDuration;

use crate::facts::{Domain, Fact};
use crate::finding::{Code, Finding, Severity};

use super::named::Named;
use super::{Outcome, Subject};

/// A domain that is younger is worth a remark.
const YOUNG_DAYS: i64 = 30;

/// Medium where the domain can be taken over; low where it is new.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let dossier = &subject.facts.dossier;
    let domains = [&dossier.domain, &dossier.namespace];
    let findings: Vec<_> = domains.into_iter().filter_map(|domain| trouble(subject, domain)).collect();
    match dossier.domain.reason() {
        _ if !findings.is_empty() => Outcome::Findings(findings),
        // An address where everybody can have one, or none at all, is nobody's domain.
        None | Some("no-publisher-domain" | "shared-domain") => Outcome::Passed,
        Some(_) => Outcome::NotRun("domain-not-asked"),
    }
}

fn trouble(subject: &Subject<'_>, domain: &Fact<Domain>) -> Option<Finding> {
    let Fact::Known { value: domain, at, .. } = domain else { return None };
    let young = SignedDuration::from_hours(24 * YOUNG_DAYS);
    let (how, severity) = if !domain.exists {
        ("unclaimed", Severity::Medium)
    } else if domain.expires.is_some_and(|end| end < *at) {
        ("expired", Severity::Medium)
    } else if domain.registered.is_some_and(|start| at.duration_since(start) < young) {
        ("young", Severity::Low)
    } else {
        return None;
    };
    let connector = subject.connector;
    let place = Named::of(subject).map_or_else(|_| connector.route.clone(), |named| named.place());
    let args = [("domain", domain.name.as_str()), ("how", how)];
    Some(subject.finding(Code::PublisherDomain, severity, &place, &args))
}
