//! The package that a launch names, and what is told of who published it.

use url::Url;

use crate::catalogue::{Catalogue, Kind, Standing, Vendor};
use crate::connector::Connector;
use crate::document::Route;
use crate::facts::{ArtefactState, Attested, Facts};
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
                Ecosystem::Unknown | Ecosystem::Npm | Ecosystem::Pypi => Outcome::NotRun("package-not-told"),
                // No package of a registry, so that nothing can be wrong with it.
                Ecosystem::Local | Ecosystem::Remote | Ecosystem::Builtin => Outcome::Passed,
                Ecosystem::Oci
                | Ecosystem::Git
                | Ecosystem::Nuget
                | Ecosystem::Jsr
                | Ecosystem::Go
                | Ecosystem::Maven
                | Ecosystem::Nix => Outcome::NotRun("other-registry"),
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

/// Whether a vendor is behind a package, as far as that can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Publisher {
    /// Nobody else can have published it.
    Vendors,
    /// The account reads as the vendor's, and anybody could have it.
    Alike,
    Other,
    NotTold,
}

/// How accounts begin that are no person's: a builder publishes, whom the registry has met beforehand.
const BUILDER: &str = "trusted publisher ";

/// The registry gives the account; the repository is what the publisher wrote there, and proves nothing. One that an
/// attestation names, or an index that has met the builder, is where it was built.
pub(super) fn publisher(facts: &Facts, vendor: Option<&Vendor>) -> Publisher {
    let offered = facts.offer.as_ref().and_then(|offer| offer.publisher.as_deref());
    let account = offered.or_else(|| facts.publisher.as_deref().and_then(|it| it.split(", ").next()));
    let of_builder = account.and_then(|account| account.strip_prefix(BUILDER));
    let met = of_builder.and_then(on_github);
    let attested = match facts.dossier.attestation.value() {
        Some(Attested::Holds { attestation, .. }) => attestation.repository.strip_prefix("github.com/"),
        _ => None,
    };
    let Some(vendor) = vendor else {
        return if account.is_some() { Publisher::Other } else { Publisher::NotTold };
    };
    let has_owner = |repository: &str| repository.split('/').next().is_some_and(|owner| vendor.has_owner(owner));
    // A registry of one's own may say of others' packages what it likes.
    let proven =
        if facts.offer.as_ref().is_some_and(|offer| offer.is_default) { Publisher::Vendors } else { Publisher::Alike };
    match (attested, met, account) {
        (Some(repository), ..) if has_owner(repository) => Publisher::Vendors,
        (None, Some(repository), _) if has_owner(repository) => proven,
        (Some(_), ..) | (None, Some(_), _) => Publisher::Other,
        (None, None, Some(account)) if of_builder.is_none() => match account {
            account if vendor.has_account(account) => proven,
            account if vendor.is_named_so(account) => Publisher::Alike,
            _ => Publisher::Other,
        },
        (None, None, _) => Publisher::NotTold,
    }
}

/// `owner/name` on GitHub, of a builder as it is told: `GitHub owner/name workflow`, `CircleCI github.com/owner/name`. Owners
/// of other hosts may be called the same, and npm tells the kind alone.
fn on_github(builder: &str) -> Option<&str> {
    let mut words = builder.split(' ');
    match (words.next()?, words.next()?) {
        ("GitHub", repository) => Some(repository),
        (_, repository) => repository.strip_prefix("github.com/"),
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
        // The name is the vendor's already; the account is told beside it.
        _ => {
            let is_told = facts.offer.as_ref().is_some_and(|offer| offer.is_default);
            match publisher(facts, Some(vendor)) {
                Publisher::Vendors => true,
                Publisher::Alike => is_told,
                Publisher::Other | Publisher::NotTold => false,
            }
        }
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
