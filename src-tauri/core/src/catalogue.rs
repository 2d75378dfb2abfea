//! What is known of connectors without asking anybody: their names, whose they are, and which packages do harm.
//!
//! A row proves nothing by itself. It says what to compare a publisher, a repository or a host with.

use std::collections::BTreeSet;
use std::collections::HashMap;
use std::sync::LazyLock;

mod advisories;
mod brands;
mod reading;
#[cfg(test)]
mod tests;

pub use advisories::{Advisories, Advisory, Reach};

/// What kind of thing a name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Npm,
    Pypi,
    Oci,
    Nuget,
    /// The host of a server.
    Remote,
    /// `owner/repository`.
    Github,
}

/// Who stands behind a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// The vendor whose name it carries.
    Official,
    /// Those who make the protocol, to show it.
    Reference,
    Community,
}

/// One known connector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub kind: Kind,
    pub name: String,
    /// A place in [`Catalogue::vendors`].
    pub vendor: Option<usize>,
    pub standing: Standing,
    /// Digits of its downloads of a month; 0 where nobody counts them.
    pub used: u8,
    /// `owner/name` on GitHub.
    pub repository: Option<String>,
    /// Its owner gave it up, and the registry gives the name to whoever asks first.
    pub is_retired: bool,
}

/// Somebody whose name others may borrow.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Vendor {
    /// As shown; the first is the one to show.
    pub names: Vec<String>,
    /// Words that stand for it in a name: lower case, without marks.
    pub words: BTreeSet<String>,
    /// Scopes of npm, without `@`.
    pub scopes: BTreeSet<String>,
    /// Owners of its repositories, in lower case.
    pub owners: BTreeSet<String>,
    /// Domains under which only it names hosts.
    pub domains: BTreeSet<String>,
}

/// All that is known.
#[derive(Debug, Default)]
pub struct Catalogue {
    pub vendors: Vec<Vendor>,
    pub entries: Vec<Entry>,
    by_name: HashMap<(Kind, String), usize>,
    by_word: HashMap<String, usize>,
    by_scope: HashMap<String, usize>,
}

impl Catalogue {
    /// What this program was built with.
    pub fn compiled() -> &'static Self {
        static COMPILED: LazyLock<Catalogue> = LazyLock::new(|| {
            Catalogue::read(include_str!("../data/catalogue.txt"), include_str!("../data/brands.txt"))
        });
        &COMPILED
    }

    /// Reads lists as `core/data` has them.
    pub fn read(known: &str, brands: &str) -> Self {
        let mut catalogue = reading::read(known);
        brands::join(&mut catalogue, brands);
        for (at, entry) in catalogue.entries.iter().enumerate() {
            catalogue.by_name.insert((entry.kind, normalized(entry.kind, &entry.name)), at);
        }
        for (at, vendor) in catalogue.vendors.iter().enumerate() {
            for word in &vendor.words {
                catalogue.by_word.entry(word.clone()).or_insert(at);
            }
            for scope in &vendor.scopes {
                catalogue.by_scope.entry(scope.clone()).or_insert(at);
            }
        }
        catalogue
    }

    /// The row of that very name.
    pub fn entry(&self, kind: Kind, name: &str) -> Option<&Entry> {
        self.by_name.get(&(kind, normalized(kind, name))).map(|at| &self.entries[*at])
    }

    /// Whether a known connector comes from there: `owner/name`.
    pub fn has_repository(&self, name: &str) -> bool {
        let is_it = |entry: &Entry| entry.repository.as_deref().is_some_and(|it| it.eq_ignore_ascii_case(name));
        self.entries.iter().any(is_it)
    }

    /// The vendor that a word stands for: lower case, without marks.
    pub fn vendor_of_word(&self, word: &str) -> Option<usize> {
        self.by_word.get(word).copied()
    }

    /// The vendor that a scope of npm belongs to, without `@`.
    pub fn vendor_of_scope(&self, scope: &str) -> Option<usize> {
        self.by_scope.get(scope).copied()
    }
}

impl Vendor {
    /// The name to show.
    pub fn name(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }

    /// The name that a word stands for, a product's say; else the name to show.
    pub fn name_of(&self, word: &str) -> &str {
        self.names.iter().find(|name| folded(name) == word).map_or_else(|| self.name(), String::as_str)
    }

    /// Whether npm knows the vendor by this account: who has a scope there has the account of that name, and nobody else can.
    pub fn has_account(&self, account: &str) -> bool {
        self.scopes.contains(&account.to_lowercase())
    }

    /// Whether an owner of repositories on GitHub is the vendor.
    pub fn has_owner(&self, owner: &str) -> bool {
        self.owners.contains(&owner.to_lowercase())
    }

    /// Whether a name reads as the vendor's. Where the vendor does not hold it, anybody can have it.
    pub fn is_named_so(&self, account: &str) -> bool {
        self.has_account(account) || self.has_owner(account) || self.words.contains(&folded(account))
    }
}

/// The name under which a registry keeps what is asked for by this one.
pub fn normalized(kind: Kind, name: &str) -> String {
    let lower = name.to_lowercase();
    match kind {
        Kind::Pypi => {
            let words: Vec<&str> = lower.split(['-', '_', '.']).filter(|word| !word.is_empty()).collect();
            words.join("-")
        }
        _ => lower,
    }
}

/// Letters and digits alone, in lower case.
pub fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
