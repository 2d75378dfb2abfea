//! Names that may be taken for another's.
//!
//! Likeness is told from text alone, so it says *looks like* and never *is*. One edit from a much used name, or letters that
//! look alike, is all that colours red; for the rest it takes what is known of publisher, repository and listing, which the
//! checks add.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::catalogue::{Catalogue, Entry, Kind, Standing};
use crate::finding::Severity;

mod claims;
mod decoys;
mod edits;
mod hosts;
mod likeness;
mod spelling;
#[cfg(test)]
mod tests;

use edits::Edits;
pub use hosts::Host;
use spelling::{Letters, Spelling};

/// In what way a name is like another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum How {
    /// Letters that look alike.
    LookAlike,
    /// One letter more, less, other, or two swapped.
    OneEdit,
    /// What stands between the words, or between scope and name.
    Marks,
    /// The same words in another order.
    Order,
    /// A word around it that says *the real one*, *the new one* or *for this runtime*.
    Decorated,
    /// The name behind the scope alone.
    ScopeDropped,
    /// A scope that is nearly the other.
    ScopeAlike,
    /// The same name under another scope.
    SameLeaf,
    /// The name of a vendor's repository, which is none of its packages.
    Repository,
    /// Its owner gave it up.
    GivenUp,
    /// Somebody else's project under one more name.
    Republished,
    /// Another top-level domain, or the host as part of another.
    Domain,
}

/// A name that another may be taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    pub how: How,
    /// The name that it is like.
    pub like: String,
    /// A place in the catalogue's vendors, where it is somebody's.
    pub vendor: Option<usize>,
    pub severity: Severity,
}

/// A vendor's name in a name that is not known to be the vendor's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// A place in the catalogue's vendors; `None` where the name says *official* of nobody who is known.
    pub vendor: Option<usize>,
    /// The word that makes the claim.
    pub word: String,
    /// It says of itself that it is the vendor's: *official*, `…hq`, a scope that is the vendor's name.
    pub is_asserted: bool,
    /// Nothing but the vendor's name and what every connector has in its name.
    pub is_whole: bool,
}

/// Everything that names are compared with, ready to be asked.
#[derive(Debug)]
pub struct Squats<'a> {
    pub catalogue: &'a Catalogue,
    spellings: Vec<Spelling>,
    /// By what the letters look like, without marks.
    looks: HashMap<(Kind, u64), Vec<u32>>,
    /// By their words, sorted.
    words: HashMap<(Kind, u64), Vec<u32>>,
    /// By the name behind the scope, each with the letters of its scope.
    leaves: HashMap<(Kind, u64), Vec<(u32, Letters)>>,
    /// By the words that say what it is for, sorted.
    cores: HashMap<(Kind, u64), Vec<u32>>,
    /// By a vendor's word and the name behind the scope.
    spelt: HashMap<(Kind, u64), Vec<u32>>,
    /// Repositories by their name, of those who are known to publish.
    repositories: HashMap<u64, Vec<u32>>,
    edits: Edits,
    /// Scopes of vendors by what they look like.
    scopes: HashMap<String, Vec<(usize, &'a str)>>,
}

impl Squats<'static> {
    /// Over what this program was built with.
    pub fn compiled() -> &'static Self {
        static COMPILED: LazyLock<Squats<'static>> = LazyLock::new(|| Squats::over(Catalogue::compiled()));
        &COMPILED
    }
}

impl<'a> Squats<'a> {
    /// Reads every name of a catalogue once.
    pub fn over(catalogue: &'a Catalogue) -> Self {
        let mut squats = Self {
            catalogue,
            spellings: Vec::with_capacity(catalogue.entries.len()),
            looks: HashMap::new(),
            words: HashMap::new(),
            leaves: HashMap::new(),
            cores: HashMap::new(),
            spelt: HashMap::new(),
            repositories: HashMap::new(),
            edits: Edits::default(),
            scopes: HashMap::new(),
        };
        for (at, vendor) in catalogue.vendors.iter().enumerate() {
            for scope in &vendor.scopes {
                squats.scopes.entry(spelling::look(scope)).or_default().push((at, scope));
            }
        }
        for (at, entry) in catalogue.entries.iter().enumerate() {
            let id = u32::try_from(at).unwrap_or(u32::MAX);
            let name = if entry.kind == Kind::Github { entry.name.rsplit('/').next() } else { None };
            let spelling = Spelling::of(entry.kind, name.unwrap_or(&entry.name));
            match entry.kind {
                Kind::Github => squats.repositories.entry(spelling.plain_key()).or_default().push(id),
                Kind::Npm | Kind::Pypi => {
                    let kind = entry.kind;
                    squats.looks.entry((kind, spelling.look_key())).or_default().push(id);
                    squats.words.entry((kind, spelling.words_key())).or_default().push(id);
                    squats.cores.entry((kind, spelling.core_key())).or_default().push(id);
                    squats.leaves.entry((kind, spelling.leaf_key())).or_default().push((id, spelling.scope_letters));
                    if let (Some(vendor), Some(scope)) = (entry.vendor, &spelling.scope) {
                        let words = catalogue.vendors[vendor].words.iter();
                        for word in words.filter(|word| scope.starts_with(*word) && scope != *word) {
                            let whole = spelling::key(&format!("{word}{}", spelling.leaf_plain));
                            squats.spelt.entry((kind, whole)).or_default().push(id);
                        }
                    }
                    squats.edits.add(id, &spelling.plain);
                    // Thousands are called `mcp-server` behind their scope, which is like nothing.
                    if spelling.scope.is_some()
                        && spelling.is_leaf_telling()
                        && spelling.leaf_plain.chars().count() >= 8
                    {
                        squats.edits.add(id, &spelling.leaf_plain);
                    }
                }
                Kind::Oci | Kind::Nuget | Kind::Remote => {}
            }
            squats.spellings.push(spelling);
        }
        squats.edits.sort();
        squats
    }

    fn entry(&self, id: u32) -> (&Entry, &Spelling) {
        (&self.catalogue.entries[id as usize], &self.spellings[id as usize])
    }
}

/// Whether many use it, so that its name is worth to be borrowed.
fn is_much_used(entry: &Entry) -> bool {
    match entry.standing {
        Standing::Official | Standing::Reference => entry.used >= 4 || entry.kind != Kind::Npm,
        Standing::Community => entry.used >= 5,
    }
}
