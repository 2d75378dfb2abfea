//! What the registry of connectors has of a package or a host.

use serde::{Deserialize, Serialize};

/// An entry of the registry, and whether it leads back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Listing {
    /// It names this very package or host as its own: only whoever owns the name of the entry could write that there.
    Mutual { name: String, standing: Standing },
    /// The same of a package that came by another registry than the ecosystem's own, which may say anything of it.
    Mirrored { name: String },
    /// The package says that it is this entry, which names others.
    Foreign {
        name: String,
        /// The packages that it names, each with its kind; at most a few.
        packages: Vec<String>,
    },
    /// There is no such entry; of a host, none of its owner's that names it.
    Absent { name: String },
}

/// What the registry itself says of its entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    Active,
    /// Its owner gave it up.
    Deprecated,
    /// It was taken down, by its owner or by the registry.
    Deleted,
    /// In a word that this program does not know.
    Other,
}
