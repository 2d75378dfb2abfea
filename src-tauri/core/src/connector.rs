//! A connector: one MCP server entry in one configuration file, its launch and its fingerprint.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::document::Route;
use crate::launch_line::LaunchLine;

mod fingerprint;
mod reading;
#[cfg(test)]
pub(crate) mod samples;
mod secrecy;

pub use fingerprint::{Beside, Change, Facet, Facets, Fingerprint, ValueKey, changes, widened};
pub use reading::{Place, Stand, identity, is_code_loading, read, text_digest};
pub use secrecy::{MASK, looks_secret, mask_argument, mask_arguments, mask_url};

/// Where a configuration file belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Scope {
    User,
    Project,
    Local,
    Managed,
    Plugin,
    Extension,
    Profile,
}

/// Identity of a connector: a hash of client, scope, file and route. Shown as its first eight hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConnectorId(pub String);

/// How a client talks to a connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Transport {
    Stdio,
    Http,
    Sse,
    Ws,
    Builtin,
    /// The entry names neither a command nor an address.
    None,
}

/// A value of the user's that may be a secret. Its `Debug` shows nothing, and it cannot be serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct Value(pub String);

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹value›")
    }
}

/// What an entry says is to be started or called, as written.
#[derive(Clone, PartialEq, Eq)]
pub struct Launch {
    pub transport: Transport,
    pub command: Option<String>,
    pub args: Vec<String>,
    pub url: Option<String>,
    pub cwd: Option<String>,
    /// In file order.
    pub env: Vec<(String, Value)>,
    /// Names of variables that the client hands on from its own environment, in file order.
    pub passed: Vec<String>,
    /// In file order.
    pub headers: Vec<(String, Value)>,
    /// Members that the client's row does not know, and code-carrying ones such as `headersHelper`, as compact JSON.
    pub extra: BTreeMap<String, String>,
    /// Trust flags of the client's row (`alwaysAllow`, `trust`), as compact JSON.
    pub trust: BTreeMap<String, String>,
    /// Where in the document each part stands.
    pub places: Places,
}

/// Routes of the parts of a launch, from the root of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    pub entry: Route,
    pub command: Option<Route>,
    /// One for each argument.
    pub args: Vec<Route>,
    pub url: Option<Route>,
    pub cwd: Route,
    /// The object that holds the variables.
    pub env: Route,
    /// The objects that hold headers.
    pub headers: Vec<Route>,
}

impl Launch {
    /// The names of all variables that the started program gets by this entry.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.env.iter().map(|(name, _)| name).chain(&self.passed).map(String::as_str)
    }
}

impl fmt::Debug for Launch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Launch").field("transport", &self.transport).finish_non_exhaustive()
    }
}

/// One MCP server entry, read. Its `Debug` shows no part of the launch that could hold a secret.
#[derive(Clone, PartialEq)]
pub struct Connector {
    pub id: ConnectorId,
    /// Id of the client's row.
    pub client: String,
    pub scope: Scope,
    /// The project folder, for project and local scope.
    pub project: Option<PathBuf>,
    /// The configuration file by its own path (a symlink is not resolved).
    pub file: PathBuf,
    pub route: Route,
    pub name: String,
    /// Line of the entry's key, from 1.
    pub line: u32,
    /// Digest of the entry as it is written; equal ones at one route read alike. `None` where the text is not in one piece.
    pub text: Option<[u8; 32]>,
    /// Whether the client would start it: by its own switch, and by its own lists.
    pub enabled: bool,
    /// A list in another file of the client's keeps it off, and nothing else does.
    pub denied: bool,
    /// The key stands more than once in its container.
    pub repeated: bool,
    pub launch: Launch,
    /// What the whole launch says, unmasked: see [`Connector::shown_target`] and [`Connector::shown_bridge_url`].
    pub launch_line: LaunchLine,
    /// The local script or binary that runs, where the line names one.
    pub local_code: Option<PathBuf>,
    pub facets: Facets,
    pub fingerprint: Fingerprint,
    pub beside: Beside,
}

impl Connector {
    /// Returns the local file or binary that the launch line names, masked for showing.
    pub fn shown_target(&self) -> Option<String> {
        self.launch_line.target.as_deref().map(|target| mask_argument(None, target))
    }

    /// Returns the address that a bridge calls, masked for showing.
    pub fn shown_bridge_url(&self) -> Option<String> {
        self.launch_line.bridge_url.as_deref().map(mask_url)
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector")
            .field("id", &self.id)
            .field("client", &self.client)
            .field("name", &self.name)
            .field("fingerprint", &self.fingerprint)
            .finish_non_exhaustive()
    }
}

impl ConnectorId {
    /// The digits that people type.
    pub fn short(&self) -> &str {
        &self.0[..8.min(self.0.len())]
    }
}

impl fmt::Display for ConnectorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.short())
    }
}
