//! Archives of packages from the registry that has them, checked against what it says of them.

use std::collections::BTreeSet;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256, Sha512};
use url::{Host as UrlHost, Url};

use crate::archive::{self, ArchiveSource, NotAvailable, Wanted};
use crate::network::{Access, Ask, Failure, Network, Purpose};

use super::{Index, Package, Registries};

/// The longest archive that is fetched: what is longer is not read either.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// Fetches archives over the network that it was handed.
#[derive(Debug)]
pub struct Archives {
    network: Network,
    registries: Registries,
}

impl Archives {
    pub fn new(network: Network, registries: Registries) -> Self {
        Self { network, registries }
    }

    fn one(&self, ask: Ask) -> Result<crate::network::Answer, Failure> {
        self.network.ask(vec![ask]).pop().unwrap_or(Err(Failure::Unreachable))
    }

    fn archive(&self, wanted: &Wanted) -> Result<Vec<u8>, Failure> {
        let index = match wanted.registry {
            archive::Registry::Npm => Index::Npm,
            archive::Registry::Pypi => Index::Pypi,
        };
        let name = if index == Index::Pypi { super::pypi::normalised(&wanted.package) } else { wanted.package.clone() };
        let package = Package { index, name };
        if !super::is_name(index, &package.name) {
            return Err(Failure::Private);
        }
        let ask = super::ask(&self.registries, &package, false)?;
        let answer = self.one(ask.clone())?;
        let version = BTreeSet::from([wanted.version.clone()]);
        let publication = super::read(&ask, &package, &answer, &version)?;
        let release = publication.releases.get(&wanted.version).ok_or(Failure::NotFound)?;
        let (address, integrity) = release.archive.as_ref().zip(release.integrity.as_ref()).ok_or(Failure::NotFound)?;
        let url = Url::parse(address).ok().filter(|url| may_be_asked(url, &ask.url)).ok_or(Failure::NoAddress)?;
        let accept = "application/octet-stream, */*;q=0.5";
        let answer = self.one(Ask {
            url,
            accept,
            purpose: Purpose::Archive,
            most_bytes: MOST_BYTES,
            anew: false,
            holds_for: Duration::ZERO,
            access: Access::Anybody,
        })?;
        if is_it(&answer.body, integrity) { Ok(answer.body) } else { Err(Failure::OtherBytes) }
    }
}

impl ArchiveSource for Archives {
    fn fetch(&self, wanted: &Wanted) -> Result<Vec<u8>, NotAvailable> {
        self.archive(wanted).map_err(|failure| match failure {
            Failure::Off => NotAvailable::LookupsOff,
            Failure::NotFound => NotAvailable::NoSuchVersion,
            other => NotAvailable::Failed { reason: other.name() },
        })
    }
}

/// The registry says where an archive lies: there itself, or at a public host. It cannot have us look into the user's own
/// network.
fn may_be_asked(url: &Url, registry: &Url) -> bool {
    let is_registry = url.origin() == registry.origin();
    let is_public =
        matches!(url.host(), Some(UrlHost::Domain(name)) if name.contains('.') && !name.ends_with(".local"));
    is_registry || url.scheme() == "https" && is_public
}

/// Whether bytes are those of an integrity.
fn is_it(bytes: &[u8], integrity: &str) -> bool {
    let first = integrity.split(' ').next().unwrap_or_default();
    if let Some(hash) = first.strip_prefix("sha512-") {
        return STANDARD.encode(Sha512::digest(bytes)) == hash;
    }
    first.strip_prefix("sha256:").is_some_and(|hash| hex::encode(Sha256::digest(bytes)) == hash.to_ascii_lowercase())
}
