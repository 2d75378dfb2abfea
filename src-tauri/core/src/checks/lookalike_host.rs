//! A host that may be taken for a vendor's.

use crate::finding::{Code, Confidence, Finding, Severity};
use crate::squats::{Host, How, Squats};

use super::address::{Reach, addresses};
use super::{Outcome, Subject};

/// As grave as the likeness; medium for a name that mixes scripts and is like none.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let squats = Squats::compiled();
    let mut findings: Vec<Finding> = Vec::new();
    for (route, word) in subject.words() {
        for address in addresses(word).filter(|it| it.reach() == Reach::Public && !it.is_ip()) {
            let Some(host) = Host::of(address.host) else { continue };
            let likeness = squats.host_likeness(&host);
            let (severity, like) = match &likeness {
                Some(likeness) => (likeness.severity, likeness.like.as_str()),
                None if host.mixes_scripts() => (Severity::Medium, "none"),
                None => continue,
            };
            let is_sure =
                likeness.as_ref().is_none_or(|it| matches!(it.how, How::LookAlike | How::OneEdit | How::Marks));
            let confidence = if is_sure { Confidence::High } else { Confidence::Medium };
            // Both spellings, where they differ: the one that is seen and the one that is called.
            let seen = if host.unicode == host.ascii { "none" } else { host.unicode.as_str() };
            let args = [("host", host.ascii.as_str()), ("seen", seen), ("like", like)];
            let found = subject.finding(Code::LookalikeHost, severity, route, &args);
            if !findings.iter().any(|it| it.args == found.args && it.primary == found.primary) {
                findings.push(Finding { confidence, ..found });
            }
        }
    }
    Outcome::of(findings)
}
