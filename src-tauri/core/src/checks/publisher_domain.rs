//! A domain that whoever comes first could have, and with it the mail of who publishes, or the host.

use jiff::SignedDuration;

use crate::facts::Fact;
use crate::finding::{Code, Severity};

use super::named::Named;
use super::{Outcome, Subject};

/// A domain that is younger is worth a remark.
const YOUNG_DAYS: i64 = 30;

/// Medium where the domain can be taken over; low where it is new.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let (domain, at) = match &subject.facts.dossier.domain {
        Fact::Known { value, at, .. } => (value, *at),
        // An address where everybody can have one, or none at all, is nobody's domain.
        Fact::Unknown { reason } if matches!(reason.as_str(), "no-publisher-domain" | "shared-domain") => {
            return Outcome::Passed;
        }
        Fact::Unknown { .. } => return Outcome::NotRun("domain-not-asked"),
    };
    let young = SignedDuration::from_hours(24 * YOUNG_DAYS);
    let (how, severity) = if !domain.exists {
        ("unclaimed", Severity::Medium)
    } else if domain.expires.is_some_and(|end| end < at) {
        ("expired", Severity::Medium)
    } else if domain.registered.is_some_and(|start| at.duration_since(start) < young) {
        ("young", Severity::Low)
    } else {
        return Outcome::Passed;
    };
    let connector = subject.connector;
    let place = Named::of(subject).map_or_else(|_| connector.route.clone(), |named| named.place());
    let args = [("domain", domain.name.as_str()), ("how", how)];
    Outcome::Findings(vec![subject.finding(Code::PublisherDomain, severity, &place, &args)])
}
