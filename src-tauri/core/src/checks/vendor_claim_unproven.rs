//! A vendor's name on something that is not known to be the vendor's.

use crate::finding::{Code, Confidence, Finding, Severity};
use crate::squats::Squats;

use super::named::{Named, Publisher, publisher};
use super::{Outcome, Subject};

/// Medium where the name asserts it, and where it is nothing but the vendor's name while the registry names another
/// publisher. Low for the rest: most connectors with a vendor's name are made by its users.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let named = match Named::of(subject) {
        Ok(named) => named,
        Err(outcome) => return outcome,
    };
    let squats = Squats::compiled();
    let vendors = &squats.catalogue.vendors;
    let Some(claim) = squats.claim(named.kind, named.name) else { return of_entry(subject, &named) };
    let vendor = claim.vendor.map(|at| &vendors[at]);
    let (severity, confidence) = match publisher(subject.facts, vendor) {
        Publisher::Vendors => return Outcome::Passed,
        Publisher::Other if claim.is_asserted || claim.is_whole => (Severity::Medium, Confidence::High),
        Publisher::Other => (Severity::Low, Confidence::Medium),
        Publisher::NotTold => (claim.severity(), Confidence::Low),
    };
    let vendor = vendor.map_or("none", |vendor| vendor.name_of(&claim.word));
    let told = if publisher(subject.facts, None) == Publisher::NotTold { "not-told" } else { "other" };
    let args = [("package", named.name), ("vendor", vendor), ("publisher", told)];
    let found = subject.finding(Code::VendorClaimUnproven, severity, &named.place(), &args);
    Outcome::Findings(vec![Finding { confidence, ..found }])
}

/// The name of the entry is whoever's wrote it: a remark, where the package is nobody's that is known.
fn of_entry(subject: &Subject<'_>, named: &Named<'_>) -> Outcome {
    let squats = Squats::compiled();
    let of_scope = named.name.strip_prefix('@').and_then(|it| it.split_once('/'));
    let owner = of_scope.and_then(|(scope, _)| squats.catalogue.vendor_of_scope(scope));
    if owner.is_some() || squats.catalogue.entry(named.kind, named.name).is_some() {
        return Outcome::Passed;
    }
    let Some((vendor, word)) = squats.vendor_named(&subject.connector.name) else { return Outcome::Passed };
    let vendor = &squats.catalogue.vendors[vendor];
    let told = match publisher(subject.facts, Some(vendor)) {
        Publisher::Vendors => return Outcome::Passed,
        Publisher::Other => "other",
        Publisher::NotTold => "not-told",
    };
    let args = [("package", named.name), ("vendor", vendor.name_of(&word)), ("publisher", told)];
    let found = subject.finding(Code::VendorClaimUnproven, Severity::Low, &subject.connector.route, &args);
    Outcome::Findings(vec![Finding { confidence: Confidence::Low, ..found }])
}
