//! A connector: one MCP server entry in one configuration file, its launch and its fingerprint.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::document::Route;
use crate::launch_line::LaunchLine;

mod fingerprint;
mod reading;
mod secrecy;

pub use fingerprint::{Beside, Change, Facet, Facets, Fingerprint, ValueKey, changes};
pub use reading::{Place, read};
pub use secrecy::{MASK, looks_secret, mask_argument, mask_url};

/// Where a configuration file belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
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
    /// In file order.
    pub headers: Vec<(String, Value)>,
    /// Members that the client's row does not know, and code-carrying ones such as `headersHelper`, as compact JSON.
    pub extra: BTreeMap<String, String>,
    /// Trust flags of the client's row (`alwaysAllow`, `trust`), as compact JSON.
    pub trust: BTreeMap<String, String>,
}

impl fmt::Debug for Launch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Launch").field("transport", &self.transport).finish_non_exhaustive()
    }
}

/// One MCP server entry, read.
#[derive(Debug, Clone, PartialEq)]
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
    /// The client's own switch, or true.
    pub enabled: bool,
    /// The key stands more than once in its container.
    pub repeated: bool,
    pub launch: Launch,
    pub launch_line: LaunchLine,
    /// The local script or binary that runs, where the line names one.
    pub local_code: Option<PathBuf>,
    pub facets: Facets,
    pub fingerprint: Fingerprint,
    pub beside: Beside,
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
