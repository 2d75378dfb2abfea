//! An address that names a machine by its number.

use crate::finding::{Code, Severity};

use super::address::{Reach, addresses};
use super::{Outcome, Subject};

/// Medium for a public one: no name, no certificate of anybody's, and nothing to know it by. Low in a local network; this
/// machine is left out.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let mut findings = Vec::new();
    for (route, word) in subject.words() {
        for address in addresses(word).filter(|it| it.is_ip()) {
            let severity = match address.reach() {
                Reach::Public => Severity::Medium,
                Reach::Near => Severity::Low,
                Reach::ThisMachine | Reach::Unknown => continue,
            };
            findings.push(subject.finding(Code::IpLiteralHost, severity, route, &[("host", address.host)]));
        }
    }
    Outcome::of(findings)
}
