//! What the host of a public repository says of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A repository that a package names as its own. That it does so proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Repository {
    There {
        /// `owner/name`, as it is called now.
        name: String,
        created: Option<Timestamp>,
        /// When somebody changed it last.
        changed: Option<Timestamp>,
        /// Since when its owner has the account.
        owner_since: Option<Timestamp>,
        is_archived: bool,
        is_fork: bool,
    },
    /// There is no public one of that name.
    Missing { name: String },
}
