//! The services that are asked where the settings name no other, each by its public address. None of them is a registry
//! that packages come from.

use url::Url;

use super::Mirrors;

/// Where services are asked.
#[derive(Debug, Clone)]
pub(super) struct Endpoints {
    /// `None` where what the settings name is no address.
    pub(super) advisories: Option<Url>,
    pub(super) listings: Option<Url>,
}

const ADVISORIES: &str = "https://api.osv.dev/";

/// The official list of MCP servers: it has no packages.
const LISTINGS: &str = "https://registry.modelcontextprotocol.io/";

impl Endpoints {
    pub(super) fn of(mirrors: &Mirrors<'_>) -> Self {
        let address = |told: Option<&str>, default: &str| Url::parse(told.unwrap_or(default)).ok();
        Self { advisories: address(mirrors.advisories, ADVISORIES), listings: address(mirrors.listings, LISTINGS) }
    }
}
