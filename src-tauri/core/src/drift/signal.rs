//! How much a kind of change says. The severities follow from how often harmless updates show each: see
//! `docs/reference/deltas.md`, which `cargo xtask deltas` measures.

use crate::finding::Severity;

use super::calls::CallKind;
use super::outline::Place;

/// Every kind of change, by name, with its severity.
#[rustfmt::skip]
pub const SIGNALS: &[(&str, Severity)] = &[
    ("address-in-data",            Severity::Low),
    ("credentials-first",          Severity::High),
    ("credentials-more",           Severity::Medium),
    ("decoded-code",               Severity::High),
    ("dependency-added",           Severity::Medium),
    ("dependency-changed",         Severity::Low),
    ("dependency-removed",         Severity::Low),
    ("dynamic-load-first",         Severity::Medium),
    ("dynamic-load-more",          Severity::Low),
    ("email-of-known-domain",      Severity::Medium),
    ("email-of-other-domain",      Severity::High),
    ("encoded-address",            Severity::High),
    ("environment",                Severity::Medium),
    ("evaluation-first",           Severity::High),
    ("evaluation-more",            Severity::Medium),
    ("host-of-known-domain",       Severity::Low),
    ("host-of-other-domain",       Severity::Medium),
    ("install-script-added",       Severity::High),
    ("install-script-changed",     Severity::High),
    ("ip-near",                    Severity::Low),
    ("ip-public",                  Severity::High),
    ("machine-code",               Severity::Medium),
    ("network-first",              Severity::Medium),
    ("network-more",               Severity::Low),
    ("obfuscated",                 Severity::High),
    ("placeholder-address",        Severity::Low),
    ("prepare-script",             Severity::Low),
    ("process-first",              Severity::High),
    ("process-more",               Severity::Medium),
    ("program-changed",            Severity::Low),
    ("url-of-known-host",          Severity::Low),
];

/// The severity of a signal of the table.
pub(super) fn severity(signal: &str) -> Severity {
    let at = SIGNALS.binary_search_by_key(&signal, |(name, _)| name).expect("each signal stands in the table");
    SIGNALS[at].1
}

/// The same one step lower for a test of the package's own, which nothing of the package runs.
pub(super) fn severity_at(signal: &str, place: &Place) -> Severity {
    match severity(signal) {
        severity if !place.is_test => severity,
        Severity::Critical => Severity::High,
        Severity::High => Severity::Medium,
        Severity::Medium | Severity::Low => Severity::Low,
    }
}

/// The signal of something new that code can do; `is_first` where it could nothing of the kind before.
pub(super) fn of_call(kind: CallKind, is_first: bool) -> &'static str {
    match (kind, is_first) {
        (CallKind::Process, true) => "process-first",
        (CallKind::Process, false) => "process-more",
        (CallKind::Network, true) => "network-first",
        (CallKind::Network, false) => "network-more",
        (CallKind::Credentials, true) => "credentials-first",
        (CallKind::Credentials, false) => "credentials-more",
        (CallKind::Evaluation, true) => "evaluation-first",
        (CallKind::Evaluation, false) => "evaluation-more",
        (CallKind::DynamicLoad, true) => "dynamic-load-first",
        (CallKind::DynamicLoad, false) => "dynamic-load-more",
        (CallKind::DecodedCode, _) => "decoded-code",
        (CallKind::Environment, _) => "environment",
        (CallKind::Obfuscated, _) => "obfuscated",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_signal_stands_in_the_table_once() {
        assert!(SIGNALS.is_sorted_by(|(a, _), (b, _)| a < b));
        for kind in CallKind::ALL {
            for is_first in [true, false] {
                assert!(SIGNALS.iter().any(|(name, _)| *name == of_call(*kind, is_first)), "{kind:?}");
            }
        }
    }
}
