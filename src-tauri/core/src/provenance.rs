//! What registries say of the packages behind the launches: which registry is asked about which package, how its answer is
//! read, and what that makes of a launch.

mod advisories;
mod archives;
mod attestations;
mod domains;
mod endpoints;
mod image_attestations;
#[cfg(test)]
mod image_registry;
mod images;
#[cfg(test)]
mod inquiries;
mod listings;
mod npm;
mod offer;
mod opinions;
mod publishers;
mod pypi;
mod registries;
mod repositories;
mod repository_attestations;
mod services;
mod signatures;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::connector::Connector;
use crate::facts::Publication;
use crate::launch_line::Ecosystem;
use crate::network::{Access, Answer, Ask, Failure, Purpose};

pub use archives::Archives;
pub use offer::{Terms, enrich, offered, told, without};
pub use publishers::name_publishers;
pub use pypi::Descriptions;
pub use registries::{Mirrors, Registries};
pub use services::{Inquiry, Origin, Service, Subject, gather, silenced, versions};

/// The longest list of versions that is read.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// A package that a registry may know.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Package {
    pub index: Index,
    /// As its index spells it.
    pub name: String,
}

/// Which kind of registry a package comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Index {
    Npm,
    Pypi,
}

impl Package {
    /// The one package of a launch; `None` where it runs none, or one that no look-up is for.
    pub fn of(connector: &Connector) -> Option<Self> {
        let line = &connector.launch_line;
        let name = line.package.as_deref().filter(|name| !name.contains(['$', '{', '%']))?;
        let (index, name) = match line.ecosystem {
            Ecosystem::Npm => (Index::Npm, name.to_owned()),
            Ecosystem::Pypi => (Index::Pypi, pypi::normalised(name)),
            _ => return None,
        };
        is_name(index, &name).then_some(Self { index, name })
    }
}

/// Whether it can be the name of a public package: anything else, a path or an address say, is sent to nobody.
fn is_name(index: Index, name: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word.len() <= 214
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~'))
            && !word.starts_with('.')
    };
    match (index, name.strip_prefix('@')) {
        (Index::Npm, Some(scoped)) => {
            scoped.split_once('/').is_some_and(|(scope, leaf)| is_word(scope) && is_word(leaf))
        }
        (_, None) => is_word(name),
        (Index::Pypi, Some(_)) => false,
    }
}

/// The question that a registry is asked about a package.
pub fn ask(registries: &Registries, package: &Package, anew: bool) -> Result<Ask, Failure> {
    let (url, accept) = match package.index {
        Index::Npm => (npm::address(registries.npm(&package.name)?, &package.name), npm::ACCEPT),
        Index::Pypi => (pypi::address(registries.pypi()?, &package.name), pypi::ACCEPT),
    };
    Ok(Ask {
        url: url.ok_or(Failure::NoAddress)?,
        accept,
        purpose: Purpose::Versions,
        most_bytes: MOST_BYTES,
        anew,
        holds_for: Duration::ZERO,
        access: Access::Anybody,
    })
}

/// Reads what came back. `wanted` are versions that are kept however old they are.
pub fn read(ask: &Ask, package: &Package, answer: &Answer, wanted: &BTreeSet<String>) -> Result<Publication, Failure> {
    let says = |kind: &str| answer.content_type.as_deref().is_some_and(|it| it.contains(kind));
    let is_readable = says("json") || package.index == Index::Pypi && says("html");
    if !is_readable {
        return Err(Failure::Unreadable);
    }
    let registry = ask.url.host_str().unwrap_or_default().to_owned();
    let (read, is_default) = match package.index {
        Index::Npm => (npm::read(answer, registry, wanted), Registries::is_npm_default(&ask.url)),
        Index::Pypi => {
            (pypi::read(answer, registry, &ask.url, &package.name, wanted), Registries::is_pypi_default(&ask.url))
        }
    };
    Ok(Publication { is_default, ..read? })
}
