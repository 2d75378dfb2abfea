//! The services that are asked about what connectors run, beside the registries that it comes from.
//!
//! To add one: a file beside this one, a row in [`ALL`], and its facts in [`Dossier`].

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::connector::Connector;
use crate::facts::{Dossier, Fact, Publication};
use crate::launch_line::Ecosystem;
use crate::network::{Access, Answer, Ask, Failure, Network, Purpose, Token};
use crate::policy::LookUpKind;

use super::pypi::Descriptions;
use super::{
    Index, Package, Registries, advisories, attestations, domains, image_attestations, images, listings, opinions,
    repositories, repository_attestations, signatures,
};

/// Where what a connector runs comes from, as far as somebody else may be asked about it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    Package(Package),
    /// The host of an address.
    Host(String),
    /// The whole name of an image of a public registry.
    Image(String),
    /// A repository that is run as it is, `host/owner/name`.
    Repository(String),
}

impl Origin {
    /// `None` where nobody is asked: code of this machine, a private registry, a host of the own network.
    pub fn of(connector: &Connector) -> Option<Self> {
        if let Some(package) = Package::of(connector) {
            return (!Registries::has_own(connector)).then_some(Self::Package(package));
        }
        let line = &connector.launch_line;
        match line.ecosystem {
            Ecosystem::Remote => {
                let url = url::Url::parse(connector.launch.url.as_deref()?).ok()?;
                let host = url.domain().filter(|host| is_public(host))?;
                Some(Self::Host(host.to_owned()))
            }
            Ecosystem::Git => line.package.clone().filter(|name| repositories::is_public(name)).map(Self::Repository),
            Ecosystem::Oci => images::name(line).map(Self::Image),
            _ => None,
        }
    }

    pub fn host(&self) -> Option<&str> {
        match self {
            Self::Host(host) => Some(host),
            _ => None,
        }
    }

    pub fn package(&self) -> Option<&Package> {
        match self {
            Self::Package(package) => Some(package),
            _ => None,
        }
    }
}

/// Not a name that only an own network can have: such names are told to nobody. What ends in no top-level domain of the
/// public list is of an own network, or of none; `example` is of documentation, and nobody's.
fn is_public(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let is_below = |end: &str| host.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    let is_listed = psl::domain(host.as_bytes()).is_some_and(|domain| domain.suffix().is_known());
    (is_listed || host.ends_with(".example")) && !["home.arpa", "onion"].into_iter().any(is_below)
}

/// `com.vendor` of `vendor.com`, as entries are named, and the other way round.
pub(super) fn reversed(domain: &str) -> String {
    domain.rsplit('.').collect::<Vec<_>>().join(".").to_ascii_lowercase()
}

/// Another registry than the ecosystem's own handed the package out: it may have left something out or rewritten it, and
/// signs with no key that is known.
pub(super) const MIRROR: &str = "mirror";

/// A setting says that nobody is asked.
const SWITCHED_OFF: &str = "switched-off";

/// One thing that services are asked about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Subject {
    pub origin: Origin,
    /// Of a package; `None` where none is known, and for what has none.
    pub version: Option<String>,
}

impl Subject {
    /// The name of an image, and a host, stand for one thing.
    pub fn new(origin: Origin, version: Option<String>) -> Self {
        let version = version.filter(|_| origin.package().is_some());
        Self { origin, version }
    }
}

/// What services have to ask with, and about.
#[derive(Debug)]
pub struct Inquiry<'a> {
    pub network: &'a Network,
    pub registries: &'a Registries,
    pub now: Timestamp,
    /// Ask, however lately it was answered.
    pub anew: bool,
    /// With what the registry said of the package.
    pub subjects: BTreeMap<Subject, Option<&'a Publication>>,
    /// Kinds that are not asked about.
    pub without: &'a BTreeSet<LookUpKind>,
    /// For the host of repositories, and nobody else.
    pub token: Option<Token>,
    /// What Python packages say of themselves, asked for once.
    pub descriptions: Descriptions,
}

impl Inquiry<'_> {
    /// The answers in the order of the questions; one that has no address has none.
    pub(super) fn ask_each(&self, asks: Vec<Option<Ask>>) -> Vec<Result<Answer, Failure>> {
        let mut answers = self.network.ask(asks.iter().flatten().cloned().collect()).into_iter();
        let mut next = || answers.next().unwrap_or(Err(Failure::Unreachable));
        asks.iter().map(|ask| if ask.is_some() { next() } else { Err(Failure::NoAddress) }).collect()
    }
}

/// A question whose answer holds for a day: what it is about changes seldom, and strangers may not ask often.
pub(super) fn all_day(
    inquiry: &Inquiry<'_>,
    url: url::Url,
    accept: &'static str,
    purpose: Purpose,
    most: usize,
) -> Ask {
    let holds_for = Duration::from_secs(24 * 60 * 60);
    Ask { url, accept, purpose, most_bytes: most, anew: inquiry.anew, holds_for, access: Access::Anybody }
}

/// Whether the server calls it JSON: what it says else is of somebody in between.
pub(super) fn is_json(answer: &Answer) -> bool {
    answer.content_type.as_deref().is_some_and(|it| it.contains("json"))
}

/// An answer in JSON.
pub(super) fn read_json<T: serde::de::DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    if !is_json(answer) {
        return Err(Failure::Unreadable);
    }
    serde_json::from_slice(&answer.body).map_err(|_| Failure::Unreadable)
}

/// One service.
#[derive(Debug)]
pub struct Service {
    pub kind: LookUpKind,
    /// Asks about all subjects at once and fills its own facts.
    pub fill: fn(&Inquiry<'_>, &mut BTreeMap<Subject, Dossier>),
}

/// Every service, in the order in which they are asked.
const ALL: &[Service] = &[
    // They alone can say that something does harm.
    Service { kind: LookUpKind::Advisories, fill: advisories::fill },
    // What images say of themselves is what others are asked about.
    Service { kind: LookUpKind::Images, fill: images::fill },
    Service { kind: LookUpKind::Attestations, fill: image_attestations::fill },
    Service { kind: LookUpKind::Attestations, fill: attestations::fill },
    Service { kind: LookUpKind::Domains, fill: listings::of_hosts },
    Service { kind: LookUpKind::Listings, fill: listings::of_packages },
    // Behind the entries, whose names lead to domains.
    Service { kind: LookUpKind::Domains, fill: domains::fill },
    Service { kind: LookUpKind::Opinions, fill: opinions::fill },
    Service { kind: LookUpKind::Repositories, fill: repositories::fill },
    Service { kind: LookUpKind::Signatures, fill: signatures::fill },
    // Of what nobody else has an attestation of.
    Service { kind: LookUpKind::Attestations, fill: repository_attestations::fill },
];

/// Asks all services, and tells what is known after each that added something.
pub fn gather(inquiry: &Inquiry<'_>, mut tell: impl FnMut(&BTreeMap<Subject, Dossier>)) -> BTreeMap<Subject, Dossier> {
    let mut dossiers = inquiry.subjects.keys().map(|subject| (subject.clone(), Dossier::default())).collect();
    for service in ALL.iter().filter(|service| !inquiry.without.contains(&service.kind)) {
        let before = BTreeMap::clone(&dossiers);
        (service.fill)(inquiry, &mut dossiers);
        if dossiers != before {
            tell(&dossiers);
        }
    }
    dossiers
}

/// The facts without those of kinds that are switched off.
pub fn silenced(dossier: Dossier, origin: &Origin, without: &BTreeSet<LookUpKind>) -> Dossier {
    fn hush<T>(fact: &mut Fact<T>, kind: LookUpKind) {
        // Nobody misses what is off at first.
        *fact = if kind.is_on_at_first() { Fact::unknown(SWITCHED_OFF) } else { Fact::default() };
    }
    let mut dossier = dossier;
    for kind in without {
        match kind {
            LookUpKind::Advisories => hush(&mut dossier.advisories, *kind),
            LookUpKind::Attestations => hush(&mut dossier.attestation, *kind),
            LookUpKind::Domains => {
                hush(&mut dossier.domain, *kind);
                hush(&mut dossier.namespace, *kind);
                if origin.host().is_some() {
                    hush(&mut dossier.listing, *kind);
                }
            }
            LookUpKind::Images => hush(&mut dossier.image, *kind),
            LookUpKind::Listings if origin.host().is_none() => hush(&mut dossier.listing, *kind),
            LookUpKind::Listings => {}
            LookUpKind::Opinions => hush(&mut dossier.opinion, *kind),
            LookUpKind::Repositories => hush(&mut dossier.repository, *kind),
            LookUpKind::Signatures => hush(&mut dossier.signature, *kind),
        }
    }
    dossier
}

/// The versions of a package that are asked about: those of interest, and the newest.
pub fn versions(package: &Package, wanted: &BTreeSet<String>, publication: &Publication) -> BTreeSet<String> {
    let newest = match package.index {
        Index::Npm => publication.tags.get("latest"),
        Index::Pypi => publication.releases.iter().max_by_key(|(_, it)| it.published).map(|(version, _)| version),
    };
    newest.into_iter().chain(wanted).cloned().collect()
}
