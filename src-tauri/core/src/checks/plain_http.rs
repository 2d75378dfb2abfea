//! An address that is called without encryption.

use crate::finding::{Code, Confidence, Finding, Severity};

use super::address::{Address, Reach, addresses};
use super::{Outcome, Subject};

/// High for a public host, low for one near by, nothing for this machine. Of the words only the address that the launch
/// calls is certain; others get a medium confidence. Proxies are left to `dangerous-env`.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let connector = subject.connector;
    let called = connector.launch.url.as_deref().or(connector.launch_line.bridge_url.as_deref());
    let mut findings = Vec::new();
    let mut is_open = false;
    for (route, word) in subject.words() {
        for address in addresses(word).filter(is_plain) {
            let severity = match address.reach() {
                Reach::ThisMachine => continue,
                Reach::Near => Severity::Low,
                Reach::Public => Severity::High,
                Reach::Unknown => {
                    is_open |= called == Some(word);
                    continue;
                }
            };
            let found = subject.finding(Code::PlainHttp, severity, route, &[("host", address.host)]);
            let is_called = called.is_some_and(|called| called.contains(address.whole));
            findings
                .push(Finding { confidence: if is_called { Confidence::High } else { Confidence::Medium }, ..found });
        }
    }
    if findings.is_empty() && is_open { Outcome::NotRun("host-is-a-placeholder") } else { Outcome::of(findings) }
}

fn is_plain(address: &Address<'_>) -> bool {
    ["http", "ws"].iter().any(|scheme| address.scheme.eq_ignore_ascii_case(scheme))
}
