//! The repositories that packages name: how old they and their owners are, whether they are forks, or archived, or not there.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use url::Url;

use crate::catalogue::Catalogue;
use crate::facts::{Dossier, Fact, Publication, Repository};
use crate::network::{Access, Answer, Ask, Failure, Purpose};

use super::pypi;
use super::services::{Inquiry, MIRROR, Origin, Subject, all_day, read_json};

/// A list of attestations is the longest.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// The package names none.
const NO_REPOSITORY: &str = "no-repository";
/// It lies with a host that is not asked.
const OTHER_HOST: &str = "other-repository-host";

/// The one host that tells strangers.
const HOST: &str = "github.com/";

#[derive(Deserialize)]
struct Told {
    full_name: String,
    #[serde(default)]
    fork: bool,
    #[serde(default)]
    archived: bool,
    #[serde(default)]
    created_at: Option<jiff::Timestamp>,
    #[serde(default)]
    pushed_at: Option<jiff::Timestamp>,
}

#[derive(Deserialize)]
struct Account {
    #[serde(default)]
    created_at: Option<jiff::Timestamp>,
}

/// Asks for each repository and each owner once, and at most once a day.
pub(super) fn fill(inquiry: &Inquiry<'_>, dossiers: &mut BTreeMap<Subject, Dossier>) {
    let mut all: Vec<(&Subject, String)> = Vec::new();
    let named = named(inquiry, dossiers, Purpose::Repositories);
    for (subject, named) in &named {
        let Some(dossier) = dossiers.get_mut(subject) else { continue };
        match named {
            Err(reason) => dossier.repository = Fact::unknown(*reason),
            Ok(None) => dossier.repository = Fact::unknown(NO_REPOSITORY),
            Ok(Some(repository)) => match on_host(repository) {
                None => dossier.repository = Fact::unknown(OTHER_HOST),
                Some(name) => all.push((subject, name)),
            },
        }
    }
    let names: BTreeSet<&str> = all.iter().map(|(_, name)| name.as_str()).collect();
    let owners: BTreeSet<&str> = names.iter().filter_map(|name| name.split('/').next()).collect();
    let repositories = ask(inquiry, "repos", &names);
    let accounts = ask(inquiry, "users", &owners);
    let source = inquiry.registries.endpoints.repositories.as_ref().and_then(Url::host_str).unwrap_or_default();
    for (subject, name) in &all {
        let Some(dossier) = dossiers.get_mut(*subject) else { continue };
        let account = name.split('/').next().and_then(|owner| accounts.get(owner)?.as_ref().ok());
        let owner_since = account.and_then(|answer| read_json::<Account>(answer).ok()?.created_at);
        dossier.repository = match &repositories[name.as_str()] {
            Err(Failure::NotFound) => Fact::known(Repository::Missing { name: name.clone() }, source, inquiry.now),
            // Strangers who ask too often are told that they may not.
            Err(Failure::Unauthorised) if inquiry.token.is_none() => Fact::unknown(Failure::RateLimited.name()),
            Err(failure) => Fact::unknown(failure.name()),
            Ok(answer) => match read_json::<Told>(answer) {
                Ok(told) => Fact::known(there(told, owner_since), source, answer.at),
                Err(failure) => Fact::unknown(failure.name()),
            },
        };
    }
}

/// The repository that each thing names, `host/owner/name`, or why that is not known. What is not known itself is left out.
pub(super) fn named(
    inquiry: &Inquiry<'_>,
    dossiers: &BTreeMap<Subject, Dossier>,
    purpose: Purpose,
) -> BTreeMap<Subject, Result<Option<String>, &'static str>> {
    let descriptions = pypi::descriptions(inquiry, purpose);
    let of = |(subject, publication): (&Subject, &Option<&Publication>)| {
        let named = match &subject.origin {
            Origin::Repository(name) => Ok(Some(name.clone())),
            // A label, which many images have from the one that they are built upon.
            Origin::Image(_) => Ok(dossiers.get(subject)?.image.value()?.repository.clone()),
            Origin::Host(_) => return None,
            Origin::Package(_) => {
                let release = publication.as_ref()?.releases.get(subject.version.as_deref()?)?;
                match (&release.repository, descriptions.get(subject)) {
                    // The list of an index tells it of what is attested alone.
                    (None, Some(Ok(info))) => Ok(pypi::repository(info)),
                    (None, Some(Err(Failure::NoAddress | Failure::NotFound))) => Err(MIRROR),
                    (None, Some(Err(failure))) => Err(failure.name()),
                    (named, _) => Ok(named.clone()),
                }
            }
        };
        Some((subject.clone(), named))
    };
    inquiry.subjects.iter().filter_map(of).collect()
}

fn there(told: Told, owner_since: Option<jiff::Timestamp>) -> Repository {
    Repository::There {
        name: told.full_name,
        created: told.created_at,
        changed: told.pushed_at,
        owner_since,
        is_archived: told.archived,
        is_fork: told.fork,
    }
}

/// Whether a repository that a launch names is known to be public: that of a known connector. Of any other the name may be
/// nobody's business.
pub(super) fn is_public(repository: &str) -> bool {
    on_host(repository).is_some_and(|name| Catalogue::compiled().has_repository(&name))
}

/// `owner/name` of a repository of the host that is asked.
pub(super) fn on_host(repository: &str) -> Option<String> {
    let mut parts = repository.strip_prefix(HOST)?.split('/');
    let (owner, name) = (parts.next()?, parts.next()?);
    let is_plain = |part: &str| {
        !part.is_empty()
            && part.bytes().any(|byte| byte != b'.')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    (is_plain(owner) && is_plain(name)).then(|| format!("{owner}/{name}"))
}

fn ask<'a>(inquiry: &Inquiry<'_>, what: &str, names: &BTreeSet<&'a str>) -> BTreeMap<&'a str, Result<Answer, Failure>> {
    let service = inquiry.registries.endpoints.repositories.as_ref();
    let url = |name: &str| service.and_then(|it| it.join(&format!("{what}/{name}")).ok());
    let asks = names.iter().map(|name| url(name).map(|url| question(inquiry, url, Purpose::Repositories)));
    names.iter().copied().zip(inquiry.ask_each(asks.collect())).collect()
}

/// A question to the host, with the user's token if there is one.
pub(super) fn question(inquiry: &Inquiry<'_>, url: Url, purpose: Purpose) -> Ask {
    let access = inquiry.token.clone().map_or(Access::Anybody, Access::Holder);
    Ask { access, ..all_day(inquiry, url, "application/vnd.github+json", purpose, MOST_BYTES) }
}

#[cfg(test)]
mod tests;
