//! A vendor's name on something that is not known to be the vendor's.

use oci_spec::distribution::Reference;

use crate::catalogue::{Entry, Kind};
use crate::finding::{Code, Confidence, Finding, Severity};
use crate::launch_line::Ecosystem;
use crate::squats::Squats;

use super::named::{Named, Publisher, publisher};
use super::{Outcome, Subject, place_of_word};

/// Medium where the name asserts it, and where it is nothing but the vendor's name while the registry names another
/// publisher. Low for the rest: most connectors with a vendor's name are made by its users.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let named = match Named::of(subject) {
        Ok(named) => named,
        Err(outcome) => return of_source(subject).unwrap_or(outcome),
    };
    let squats = Squats::compiled();
    let vendors = &squats.catalogue.vendors;
    let Some(claim) = squats.claim(named.kind, named.name) else { return of_entry(subject, &named) };
    let vendor = claim.vendor.map(|at| &vendors[at]);
    let publisher = publisher(subject.facts, vendor);
    let told = told(publisher);
    let (severity, confidence) = match publisher {
        Publisher::Vendors => return Outcome::Passed,
        Publisher::Other if claim.is_asserted || claim.is_whole => (Severity::Medium, Confidence::High),
        Publisher::Alike if claim.is_asserted => (Severity::Medium, Confidence::Low),
        Publisher::Alike => (Severity::Low, Confidence::Low),
        Publisher::Other => (Severity::Low, Confidence::Medium),
        Publisher::NotTold => (claim.severity(), Confidence::Low),
    };
    let vendor = vendor.map_or("none", |vendor| vendor.name_of(&claim.word));
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
    let publisher = publisher(subject.facts, Some(vendor));
    if publisher == Publisher::Vendors {
        return Outcome::Passed;
    }
    let told = told(publisher);
    let args = [("package", named.name), ("vendor", vendor.name_of(&word)), ("publisher", told)];
    let found = subject.finding(Code::VendorClaimUnproven, Severity::Low, &subject.connector.route, &args);
    Outcome::Findings(vec![Finding { confidence: Confidence::Low, ..found }])
}

/// An image or a repository, whose owner stands in its name: as a package of a scope. `None` for everything else.
fn of_source(subject: &Subject<'_>) -> Option<Outcome> {
    let squats = Squats::compiled();
    let line = &subject.connector.launch_line;
    let kind = match line.ecosystem {
        Ecosystem::Oci => Kind::Oci,
        Ecosystem::Git => Kind::Github,
        _ => return None,
    };
    let package = line.package.as_deref()?;
    let whole = match kind {
        // A short name leads to the registry that has its owners' images.
        Kind::Oci => package.parse().map(|it: Reference| format!("{}/{}", it.registry(), it.repository())).ok()?,
        _ => package.to_owned(),
    };
    let (place, name) = whole.rsplit_once('/')?;
    // A registry whose images have no owner is somebody's own, and so are they.
    let Some((host, owner)) = place.split_once('/') else { return Some(Outcome::Passed) };
    let owner = owner.split('/').next().unwrap_or_default();
    let catalogue = squats.catalogue;
    // Its owners alone are those that the catalogue knows: elsewhere anybody may be called like them.
    let is_github = ["github.com", "ghcr.io"].contains(&host);
    let is_known = catalogue.entry(kind, &whole).is_some()
        || is_github && catalogue.has_repository(&format!("{owner}/{name}"))
        // Nobody but the registry itself has images without an owner.
        || kind == Kind::Oci && owner == "library";
    if is_known {
        return Some(Outcome::Passed);
    }
    let of_name = squats.claim(Kind::Npm, &format!("@{owner}/{name}"));
    let alike = catalogue.vendor_of_scope(owner).filter(|_| !is_github);
    let (vendor, word, severity, publisher) = match (of_name, alike) {
        (Some(claim), _) if claim.is_asserted => (claim.vendor, claim.word, Severity::Medium, Publisher::Other),
        (Some(claim), _) => (claim.vendor, claim.word, Severity::Low, Publisher::Other),
        (None, Some(vendor)) => (Some(vendor), owner.to_owned(), Severity::Low, Publisher::Alike),
        (None, None) => return Some(Outcome::Passed),
    };
    // Images of the vendor's from the same place were put there by somebody whom it lets.
    let is_of_place = |entry: &Entry| {
        let rest = entry.name.strip_prefix(place);
        entry.kind == kind && entry.vendor == vendor && rest.is_some_and(|rest| rest.starts_with('/'))
    };
    let is_vendors = vendor.is_some() && catalogue.entries.iter().any(is_of_place);
    let vendor = vendor.map(|at| &catalogue.vendors[at]);
    if is_vendors || is_github && vendor.is_some_and(|it| it.has_owner(owner)) {
        return Some(Outcome::Passed);
    }
    let vendor = vendor.map_or("none", |vendor| vendor.name_of(&word));
    let args = [("package", package), ("vendor", vendor), ("publisher", told(publisher))];
    let place = place_of_word(subject.connector, |word| word.contains(name));
    let place = place.unwrap_or_else(|| subject.connector.route.clone());
    let found = subject.finding(Code::VendorClaimUnproven, severity, &place, &args);
    Some(Outcome::Findings(vec![Finding { confidence: Confidence::Medium, ..found }]))
}

/// The id by which the message says who published it.
fn told(publisher: Publisher) -> &'static str {
    match publisher {
        Publisher::Alike => "alike",
        Publisher::Vendors | Publisher::Other => "other",
        Publisher::NotTold => "not-told",
    }
}
