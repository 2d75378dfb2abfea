//! The services that are asked where the settings name no other, each by its public address. None of them is a registry
//! that packages come from.

use url::Url;

use super::Mirrors;

/// Where services are asked.
#[derive(Debug, Clone)]
pub(super) struct Endpoints {
    /// `None` where what the settings name is no address.
    pub(super) advisories: Option<Url>,
    /// `Ok(None)` where each image's own registry is asked.
    pub(super) images: Result<Option<Url>, url::ParseError>,
    pub(super) listings: Option<Url>,
    pub(super) names: Option<Url>,
    pub(super) opinions: Option<Url>,
    pub(super) registrations: Option<Url>,
    pub(super) repositories: Option<Url>,
}

const ADVISORIES: &str = "https://api.osv.dev/";

/// The official list of MCP servers: it has no packages.
const LISTINGS: &str = "https://registry.modelcontextprotocol.io/";

const NAMES: &str = "https://dns.google/";

const OPINIONS: &str = "https://api.deps.dev/";

/// Leads on to whoever registers names below a top-level domain.
const REGISTRATIONS: &str = "https://rdap.org/";

const REPOSITORIES: &str = "https://api.github.com/";

impl Endpoints {
    pub(super) fn of(mirrors: &Mirrors<'_>) -> Self {
        let address = |told: Option<&str>, default: &str| Url::parse(told.unwrap_or(default)).ok();
        Self {
            advisories: address(mirrors.advisories, ADVISORIES),
            images: mirrors.images.map(Url::parse).transpose(),
            listings: address(mirrors.listings, LISTINGS),
            names: address(mirrors.names, NAMES),
            opinions: address(mirrors.opinions, OPINIONS),
            registrations: address(mirrors.registrations, REGISTRATIONS),
            repositories: address(mirrors.repositories, REPOSITORIES),
        }
    }
}
