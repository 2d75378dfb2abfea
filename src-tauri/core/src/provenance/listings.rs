//! The registry of connectors: whether the entry that a package says it is names that package in turn, and whether the owner
//! of a host has an entry with it.
//!
//! What a package says of itself is text that anybody can copy. The entry can be written by nobody but the owner of its
//! name: an account of GitHub, or whoever controls a domain.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value as Json;
use url::Url;

use crate::facts::{Dossier, Fact, Listing, Publication, Standing};
use crate::network::{Access, Answer, Ask, Failure, Purpose};

use super::services::{Inquiry, MIRROR, Origin, Subject, read_json, reversed};
use super::{Index, Package, Registries, images, pypi};

/// Real entries have some thousand.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// Pages of one answer that are asked for.
const MOST_PAGES: usize = 4;

/// Of one package's name, which the registry itself bounds.
const LONGEST_NAME: usize = 200;

/// What stands before the name of the entry in the description of a Python package.
const MARK: &str = "mcp-name:";

/// Packages of somebody else's entry that are told.
const MOST_TOLD: usize = 5;

/// The package says of itself that it is none.
const NO_CLAIM: &str = "no-claim";
/// What it says is no name of an entry.
const NO_NAME: &str = "no-entry-name";

#[derive(Deserialize)]
struct Page {
    servers: Vec<Entry>,
    #[serde(default)]
    metadata: Json,
}

#[derive(Deserialize)]
struct Entry {
    server: Server,
    #[serde(default, rename = "_meta")]
    meta: Json,
}

#[derive(Deserialize)]
struct Server {
    name: String,
    #[serde(default)]
    packages: Vec<Named>,
    #[serde(default)]
    remotes: Vec<Remote>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    #[serde(default)]
    registry_type: String,
    #[serde(default)]
    identifier: String,
    /// Where the registry of connectors found the package when it took the entry in.
    #[serde(default)]
    registry_base_url: Option<String>,
}

#[derive(Deserialize)]
struct Remote {
    #[serde(default)]
    url: String,
}

impl Entry {
    fn standing(&self) -> Standing {
        match self.meta["io.modelcontextprotocol.registry/official"]["status"].as_str() {
            Some("active") => Standing::Active,
            Some("deprecated") => Standing::Deprecated,
            Some("deleted") => Standing::Deleted,
            _ => Standing::Other,
        }
    }

    /// What it says of the package, where it names it as its own.
    fn naming(&self, package: &Package) -> Option<&Named> {
        self.server.packages.iter().find(|named| match (package.index, named.registry_type.as_str()) {
            (Index::Npm, "npm") => named.identifier == package.name,
            (Index::Pypi, "pypi") => pypi::normalised(&named.identifier) == package.name,
            _ => false,
        })
    }

    fn of_image(self, image: &str) -> Listing {
        let is_it = |named: &Named| named.registry_type == "oci" && images::is_same(&named.identifier, image);
        match self.server.packages.iter().any(is_it) {
            true => Listing::Mutual { standing: self.standing(), name: self.server.name },
            false => self.into_foreign(),
        }
    }

    fn into_foreign(self) -> Listing {
        let named = self.server.packages.iter().take(MOST_TOLD);
        let packages = named.map(|it| format!("{} {}", it.registry_type, it.identifier)).collect();
        Listing::Foreign { name: self.server.name, packages }
    }

    /// `is_asked`: whether this is the index that the package was asked of.
    fn of_package(self, package: &Package, is_asked: impl Fn(&Named) -> bool) -> Listing {
        if let Some(named) = self.naming(package) {
            // That the two name each other says something only of the package that the entry means.
            return match is_asked(named) {
                true => Listing::Mutual { standing: self.standing(), name: self.server.name },
                false => Listing::Mirrored { name: self.server.name },
            };
        }
        self.into_foreign()
    }

    /// Whether it has an address at the host, over a line that nobody reads.
    fn has_host(&self, host: &str) -> bool {
        let urls = self.server.remotes.iter().filter_map(|remote| Url::parse(&remote.url).ok());
        urls.filter(|url| url.scheme() == "https").any(|url| url.domain() == Some(host))
    }
}

/// Asks for the entry that each version, or each image, says it is. Each entry is asked for once.
pub(super) fn of_packages(inquiry: &Inquiry<'_>, dossiers: &mut BTreeMap<Subject, Dossier>) {
    let mut claims: Vec<(&Subject, String)> = Vec::new();
    let mut marks = marks(inquiry);
    for (subject, publication) in &inquiry.subjects {
        let Some(dossier) = dossiers.get_mut(subject) else { continue };
        let Some(claim) = claim(subject, *publication, &mut marks, dossier) else { continue };
        let is_of_mirror =
            subject.origin.package().is_some_and(|it| it.index == Index::Npm && !is_npm_default(inquiry, it));
        match claim.as_ref().map(Option::as_deref) {
            Err(failure) => dossier.listing = Fact::unknown(failure.name()),
            // A mirror may have left it out.
            Ok(None) if is_of_mirror => dossier.listing = Fact::unknown(MIRROR),
            Ok(None) => dossier.listing = Fact::unknown(NO_CLAIM),
            Ok(Some(name)) if !is_name(name) => dossier.listing = Fact::unknown(NO_NAME),
            Ok(Some(name)) => claims.push((subject, name.to_owned())),
        }
    }
    let names: BTreeSet<&String> = claims.iter().map(|(_, name)| name).collect();
    let asks = names.iter().map(|name| entry(inquiry, name));
    let answers = ask(inquiry, asks.collect());
    let answers: BTreeMap<&String, Result<Answer, Failure>> = names.into_iter().zip(answers).collect();
    for (subject, name) in &claims {
        let Some(dossier) = dossiers.get_mut(*subject) else { continue };
        dossier.listing = match &answers[name] {
            Err(Failure::NotFound) => told(inquiry, Listing::Absent { name: name.clone() }, inquiry.now),
            Err(failure) => Fact::unknown(failure.name()),
            Ok(answer) => match read_json::<Entry>(answer) {
                Ok(entry) if entry.server.name != *name => Fact::unknown(Failure::Unexpected.name()),
                Ok(entry) => told(inquiry, linked(inquiry, entry, &subject.origin), answer.at),
                Err(failure) => Fact::unknown(failure.name()),
            },
        };
    }
}

type Claim = Result<Option<String>, Failure>;

/// The entry that something says it is; `None` where it is not known what it says.
fn claim(
    subject: &Subject,
    publication: Option<&Publication>,
    marks: &mut BTreeMap<Subject, Claim>,
    dossier: &Dossier,
) -> Option<Claim> {
    match &subject.origin {
        Origin::Package(package) => {
            let release = publication?.releases.get(subject.version.as_deref()?)?;
            Some(match package.index {
                Index::Npm => Ok(release.listed_as.clone()),
                Index::Pypi => marks.remove(subject).unwrap_or(Ok(None)),
            })
        }
        Origin::Image(_) => Some(Ok(dossier.image.value()?.listed_as.clone())),
        Origin::Host(_) | Origin::Repository(_) => None,
    }
}

/// Whether an entry leads back.
fn linked(inquiry: &Inquiry<'_>, entry: Entry, origin: &Origin) -> Listing {
    match origin {
        Origin::Package(package) => entry.of_package(package, |named| match package.index {
            Index::Npm => is_npm_default(inquiry, package),
            Index::Pypi => is_index_of(inquiry, named),
        }),
        Origin::Image(image) => entry.of_image(image),
        Origin::Host(_) | Origin::Repository(_) => entry.into_foreign(),
    }
}

/// What Python packages say in their descriptions, which their index has in a list of its own.
fn marks(inquiry: &Inquiry<'_>) -> BTreeMap<Subject, Claim> {
    let told = pypi::descriptions(inquiry, Purpose::Listings).iter();
    let read = |info: &Json| mark(info["description"].as_str().unwrap_or_default());
    told.map(|(subject, info)| (subject.clone(), info.as_ref().map(read).map_err(|failure| *failure))).collect()
}

/// The entry that a description names. What goes on behind the name belongs to it: `io.github.a/b` is not in
/// `io.github.a/b-c`.
fn mark(description: &str) -> Option<String> {
    let (_, rest) = description.split_once(MARK)?;
    let name = rest.trim_start_matches([' ', '\t']);
    let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || "._/-".contains(c))).unwrap_or(name.len());
    Some(name[..end].to_owned())
}

/// Asks whether the owners of hosts list them. Each domain is asked for once.
pub(super) fn of_hosts(inquiry: &Inquiry<'_>, dossiers: &mut BTreeMap<Subject, Dossier>) {
    let mut hosts: BTreeMap<String, Vec<(Subject, String)>> = BTreeMap::new();
    for subject in dossiers.keys() {
        let Origin::Host(host) = &subject.origin else { continue };
        let Some(namespace) = psl::domain_str(host).map(reversed) else { continue };
        hosts.entry(namespace).or_default().push((subject.clone(), host.clone()));
    }
    for (namespace, all) in hosts {
        let entries = entries(inquiry, &namespace);
        for (subject, host) in all {
            let Some(dossier) = dossiers.get_mut(&subject) else { continue };
            dossier.listing = match &entries {
                Err(failure) => Fact::unknown(failure.name()),
                Ok((entries, at)) => {
                    let found = entries.iter().filter(|entry| entry.has_host(&host));
                    // One that stands before one that was given up.
                    let best = found.min_by_key(|entry| entry.standing() != Standing::Active);
                    let absent = || Listing::Absent { name: namespace.clone() };
                    let listing = best.map_or_else(absent, |entry| Listing::Mutual {
                        name: entry.server.name.clone(),
                        standing: entry.standing(),
                    });
                    told(inquiry, listing, *at)
                }
            };
        }
    }
}

type Entries = (Vec<Entry>, jiff::Timestamp);

/// All entries below a name that whoever controls the domain alone can publish under.
fn entries(inquiry: &Inquiry<'_>, namespace: &str) -> Result<Entries, Failure> {
    let mut all = Vec::new();
    let mut cursor = None::<String>;
    for _ in 0..MOST_PAGES {
        let service = inquiry.registries.endpoints.listings.as_ref().ok_or(Failure::NoAddress)?;
        let mut url = service.join("v0.1/servers").map_err(|_| Failure::NoAddress)?;
        url.query_pairs_mut().append_pair("search", namespace).append_pair("version", "latest");
        url.query_pairs_mut().append_pair("limit", "100");
        if let Some(cursor) = &cursor {
            url.query_pairs_mut().append_pair("cursor", cursor);
        }
        let answer = ask(inquiry, vec![Ok(url)]).pop().unwrap_or(Err(Failure::NoAddress))?;
        let page: Page = read_json(&answer)?;
        let is_below = |entry: &Entry| {
            let name = entry.server.name.to_ascii_lowercase();
            name.strip_prefix(namespace).is_some_and(|rest| rest.starts_with(['/', '.']))
        };
        all.extend(page.servers.into_iter().filter(is_below));
        cursor = page.metadata["nextCursor"].as_str().filter(|it| !it.is_empty()).map(str::to_owned);
        if cursor.is_none() {
            return Ok((all, answer.at));
        }
    }
    // A list that has no end was not read to its end.
    Err(Failure::TooLarge)
}

fn told(inquiry: &Inquiry<'_>, listing: Listing, at: jiff::Timestamp) -> Fact<Listing> {
    let service = inquiry.registries.endpoints.listings.as_ref();
    Fact::known(listing, service.and_then(Url::host_str).unwrap_or_default(), at)
}

/// As the registry itself bounds them: an owner, a slash, a name.
fn is_name(name: &str) -> bool {
    let is_of = |text: &str, more: &[u8]| {
        text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || more.contains(&byte))
    };
    name.len() <= LONGEST_NAME
        && name.split_once('/').is_some_and(|(owner, rest)| is_of(owner, b".-") && is_of(rest, b"._-"))
}

fn entry(inquiry: &Inquiry<'_>, name: &str) -> Result<Url, Failure> {
    let service = inquiry.registries.endpoints.listings.as_ref().ok_or(Failure::NoAddress)?;
    let path = format!("v0.1/servers/{}/versions/latest", name.replace('/', "%2F"));
    service.join(&path).map_err(|_| Failure::NoAddress)
}

/// In the order of the addresses.
fn ask(inquiry: &Inquiry<'_>, urls: Vec<Result<Url, Failure>>) -> Vec<Result<Answer, Failure>> {
    let ask = |url: Url| Ask {
        url,
        accept: "application/json",
        purpose: Purpose::Listings,
        most_bytes: MOST_BYTES,
        anew: inquiry.anew,
        holds_for: Duration::ZERO,
        access: Access::Anybody,
    };
    inquiry.ask_each(urls.into_iter().map(|url| url.ok().map(ask)).collect())
}

/// Whether the package is asked of npm's own registry, which alone keeps what its publisher wrote.
fn is_npm_default(inquiry: &Inquiry<'_>, package: &Package) -> bool {
    inquiry.registries.npm(&package.name).is_ok_and(Registries::is_npm_default)
}

/// Whether the entry is about the index that is asked. An entry that names none means Python's own.
fn is_index_of(inquiry: &Inquiry<'_>, named: &Named) -> bool {
    let Ok(asked) = inquiry.registries.pypi() else { return false };
    match named.registry_base_url.as_deref() {
        Some(told) => Url::parse(told).is_ok_and(|told| told.origin() == asked.origin()),
        None => Registries::is_pypi_default(asked),
    }
}

#[cfg(test)]
mod tests;
