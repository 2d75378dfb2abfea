//! A password, token or key inside an address.

use crate::connector::{looks_secret, mask_url};
use crate::finding::{Code, Confidence, Finding, Severity};

use super::address::{Address, Reach, addresses, is_placeholder};
use super::{Outcome, Subject};

/// High: an address ends up in logs, and one among the arguments is seen by every process. Low for this machine, where
/// it is most often the password of a database for development. Variables are the place for such addresses: not looked at.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let mut findings = Vec::new();
    for (route, word) in subject.words() {
        let strongest = addresses(word).filter_map(|address| {
            let confidence = confidence(&address)?;
            let severity = if address.reach() == Reach::ThisMachine { Severity::Low } else { Severity::High };
            let host = if is_placeholder(address.host) { "" } else { address.host };
            let found = subject.finding(Code::CredentialsInUrl, severity, route, &[("host", host)]);
            Some(Finding { confidence, ..found })
        });
        // One finding for a place, however many addresses stand there.
        findings.extend(strongest.max_by_key(|it| (it.severity, it.confidence)));
    }
    Outcome::of(findings)
}

fn confidence(address: &Address<'_>) -> Option<Confidence> {
    if address.user_info.is_some_and(is_credential) {
        return Some(Confidence::High);
    }
    let tail = address.whole.split_once("://").map_or("", |(_, rest)| rest);
    let tail = tail.rsplit_once('@').filter(|_| address.user_info.is_some()).map_or(tail, |(_, tail)| tail);
    let (path, query) = tail.split_once(['?', '#']).unwrap_or((tail, ""));
    let is_named = query.split(['&', '#', '?']).any(|pair| {
        pair.split_once('=').is_some_and(|(name, value)| looks_secret(name, value) && !is_placeholder(value))
    });
    if is_named {
        return Some(Confidence::High);
    }
    // Nothing but its form tells that a part of a path is a key.
    let plain = format!("x://{path}");
    (mask_url(&plain) != plain).then_some(Confidence::Medium)
}

/// `user:password`, or a token in the place of the user. `git@` is neither.
fn is_credential(user_info: &str) -> bool {
    match user_info.split_once(':') {
        Some((_, password)) if !password.is_empty() => !is_placeholder(password),
        Some((user, _)) => looks_secret("", user) && !is_placeholder(user),
        None => looks_secret("", user_info) && !is_placeholder(user_info),
    }
}
