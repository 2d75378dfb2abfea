//! The package that a launch names, and what is told of who published it.

use url::Url;

use crate::catalogue::{Catalogue, Kind, Standing, Vendor};
use crate::connector::Connector;
use crate::document::Route;
use crate::facts::{ArtefactState, Facts};
use crate::finding::{Code, Severity};
use crate::launch_line::Ecosystem;

use super::{Outcome, Subject, place_of_word};

/// A package of a registry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'a> {
    pub(super) kind: Kind,
    pub(super) name: &'a str,
    connector: &'a Connector,
}

impl<'a> Named<'a> {
    /// The package, or how a check of its name ends where there is none.
    pub(super) fn of(subject: &Subject<'a>) -> Result<Self, Outcome> {
        Self::in_launch(subject.connector).ok_or_else(|| {
            let line = &subject.connector.launch_line;
            match line.ecosystem {
                Ecosystem::None => Outcome::NotRun("no-launch"),
                Ecosystem::Unknown => Outcome::NotRun("package-not-told"),
                _ => Outcome::Passed,
            }
        })
    }

    pub(super) fn in_launch(connector: &'a Connector) -> Option<Self> {
        let kind = match connector.launch_line.ecosystem {
            Ecosystem::Npm => Kind::Npm,
            Ecosystem::Pypi => Kind::Pypi,
            _ => return None,
        };
        Some(Self { kind, name: connector.launch_line.package.as_deref()?, connector })
    }

    /// The word that names it.
    pub(super) fn place(&self) -> Route {
        let found = place_of_word(self.connector, |word| word.contains(self.name));
        found.unwrap_or_else(|| self.connector.route.clone())
    }

    /// The version that runs: as it was found, else as it is pinned.
    pub(super) fn version(&self, facts: &'a Facts) -> Option<&'a str> {
        facts.artefact.version().or_else(|| self.connector.launch_line.exact_version())
    }
}

/// Whether a vendor is behind a package, as far as its registry tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Publisher {
    /// An account of the vendor's.
    Vendors,
    Other,
    NotTold,
}

/// The registry gives the account; the repository is what the publisher wrote there, and proves nothing.
pub(super) fn publisher(facts: &Facts, vendor: Option<&Vendor>) -> Publisher {
    let offered = facts.offer.as_ref().and_then(|offer| offer.publisher.as_deref());
    let account = offered.or_else(|| facts.publisher.as_deref().and_then(|it| it.split(", ").next()));
    match (account, vendor) {
        (None, _) => Publisher::NotTold,
        (Some(account), Some(vendor)) if vendor.owns(account) => Publisher::Vendors,
        (Some(_), _) => Publisher::Other,
    }
}

/// Whose known connector it is: the catalogue has it as a vendor's, and nobody else can publish under that name, or the
/// registry names an account of the vendor's.
pub fn vendor_of(connector: &Connector, facts: &Facts) -> Option<&'static str> {
    if facts.evidence.shadow.is_some() {
        return None;
    }
    let catalogue = Catalogue::compiled();
    let host =
        connector.launch.url.as_deref().and_then(|url| Url::parse(url).ok()).filter(|url| url.scheme() == "https");
    let host = host.as_ref().and_then(Url::domain);
    let (kind, name) = match (Named::in_launch(connector), host) {
        (Some(named), _) => (named.kind, named.name),
        (None, Some(host)) if connector.launch_line.ecosystem == Ecosystem::Remote => (Kind::Remote, host),
        (None, _) => return None,
    };
    let entry =
        catalogue.entry(kind, name).filter(|entry| entry.standing != Standing::Community && !entry.is_retired)?;
    let vendor = &catalogue.vendors[entry.vendor?];
    let scope = name.strip_prefix('@').and_then(|it| it.split_once('/')).map(|(scope, _)| scope);
    let is_sure = match kind {
        Kind::Remote => vendor.domains.iter().any(|domain| {
            name.strip_suffix(domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        }),
        Kind::Npm if scope.is_some_and(|scope| vendor.scopes.contains(scope)) => true,
        _ => publisher(facts, Some(vendor)) == Publisher::Vendors,
    };
    is_sure.then(|| vendor.name())
}

/// How a check of what the registry says of a package ends: `found` is what it tells beside the package's name. Nothing is
/// passed that no registry was asked about.
pub(super) fn of_registry(
    subject: &Subject<'_>,
    code: Code,
    severity: Severity,
    found: Option<&[(&'static str, &str)]>,
) -> Outcome {
    let named = match Named::of(subject) {
        Ok(named) => named,
        Err(outcome) => return outcome,
    };
    match (found, &subject.facts.offer, &subject.facts.artefact.state) {
        (Some(told), ..) => {
            let args = [&[("package", named.name)], told].concat();
            Outcome::Findings(vec![subject.finding(code, severity, &named.place(), &args)])
        }
        (None, None, _) => Outcome::NotRun("registry-not-asked"),
        (None, Some(_), ArtefactState::Known { .. }) => Outcome::Passed,
        (None, Some(_), _) => Outcome::NotRun("artefact-unknown"),
    }
}
