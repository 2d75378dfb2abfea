//! Which known package a name may be taken for.

use crate::catalogue::{Kind, Standing, folded};
use crate::finding::Severity;

use super::decoys;
use super::edits::is_one_edit;
use super::spelling::{GENERIC, Spelling, key, look};
use super::{How, Likeness, Squats, is_much_used};

/// A republisher's names hold the owner and the name of what it took.
const LEAST_REPUBLISHED: usize = 10;

impl Squats<'_> {
    /// The gravest likeness of a package's name; `None` for a known name, and for one that is like none.
    pub fn likeness(&self, kind: Kind, name: &str) -> Option<Likeness> {
        if !matches!(kind, Kind::Npm | Kind::Pypi) {
            return None;
        }
        if let Some(entry) = self.catalogue.entry(kind, name) {
            return entry.is_retired.then(|| Likeness {
                how: How::GivenUp,
                like: entry.name.clone(),
                vendor: entry.vendor,
                severity: Severity::Medium,
            });
        }
        let own = Spelling::of(kind, name);
        let mut found = Vec::new();
        self.alike(kind, &own, &mut found);
        self.one_edit(kind, &own, &mut found);
        self.in_other_order(kind, &own, How::Order, &mut found);
        self.decorated(kind, &own, &mut found);
        self.by_leaf(kind, &own, &mut found);
        self.by_repository(&own, &mut found);
        // The gravest; of equals the nearest.
        found.into_iter().max_by(|a, b| a.severity.cmp(&b.severity).then_with(|| b.how.cmp(&a.how)))
    }

    fn told(&self, id: u32, how: How, severity: Severity) -> Likeness {
        let (entry, _) = self.entry(id);
        Likeness { how, like: entry.name.clone(), vendor: entry.vendor, severity }
    }

    fn alike(&self, kind: Kind, own: &Spelling, found: &mut Vec<Likeness>) {
        let read = own.without(|word| word == "modelcontextprotocol");
        let of_protocol = (read.words.len() == own.words.len() && own.scope.is_none() && own.words[0] == "mcp")
            .then(|| format!("modelcontextprotocol{}", own.words[1..].concat()));
        let spelt_out = of_protocol.map(|plain| key(&look(&plain)));
        for look in [Some(own.look_key()), spelt_out].into_iter().flatten() {
            for id in self.looks.get(&(kind, look)).into_iter().flatten() {
                let (entry, other) = self.entry(*id);
                let how = if other.plain != own.plain && look == own.look_key() { How::LookAlike } else { How::Marks };
                let severity = match (how, is_much_used(entry)) {
                    (How::LookAlike, true) => Severity::High,
                    (How::LookAlike, false) => Severity::Medium,
                    _ if entry.standing == Standing::Community && entry.used < 5 => Severity::Low,
                    _ => Severity::Medium,
                };
                found.push(self.told(*id, how, severity));
            }
        }
        // `vendor-sdk` for `@vendor-ai/sdk`.
        for id in self.spelt.get(&(kind, own.plain_key())).into_iter().flatten().filter(|_| own.scope.is_none()) {
            let severity = if is_much_used(self.entry(*id).0) { Severity::Medium } else { Severity::Low };
            found.push(self.told(*id, How::ScopeDropped, severity));
        }
        // A scope that only looks like a vendor's, whatever stands behind it.
        let Some(scope) = &own.scope else { return };
        for (vendor, other) in self.scopes.get(&look(scope)).into_iter().flatten() {
            if other.len() >= 4 && folded(other) != folded(scope) {
                let like = format!("@{other}");
                found.push(Likeness { how: How::LookAlike, like, vendor: Some(*vendor), severity: Severity::High });
            }
        }
    }

    fn one_edit(&self, kind: Kind, own: &Spelling, found: &mut Vec<Likeness>) {
        for id in self.edits.near(&own.plain) {
            let (entry, other) = self.entry(id);
            if entry.kind != kind {
                continue;
            }
            let is_whole = is_one_edit(&own.plain, &other.plain);
            let is_leaf = own.scope.is_none() && other.scope.is_some() && is_one_edit(&own.plain, &other.leaf_plain);
            if !is_whole && !is_leaf {
                continue;
            }
            let letters = other.core_length();
            let is_same_owner = own.scope.is_some() && own.scope == other.scope;
            let is_longer = own.plain.chars().count() != other.plain.chars().count();
            let severity = match (letters, is_much_used(entry)) {
                // The words that tell it apart are too short to be mistyped: `nx` and `n8` are two things.
                (0..=2, _) => Severity::Low,
                (3, _) if !is_longer && generic(own) >= generic(other) => Severity::Low,
                (_, false) if entry.standing == Standing::Community => Severity::Low,
                (3..=4, _) | (_, false) => Severity::Medium,
                _ if is_same_owner || !is_whole => Severity::Medium,
                _ => Severity::High,
            };
            found.push(self.told(id, How::OneEdit, severity));
        }
    }

    fn in_other_order(&self, kind: Kind, own: &Spelling, how: How, found: &mut Vec<Likeness>) {
        for id in self.words.get(&(kind, own.words_key())).into_iter().flatten() {
            let (entry, other) = self.entry(*id);
            if other.words == own.words && how == How::Order {
                continue;
            }
            let severity =
                if entry.standing == Standing::Community && entry.used < 5 { Severity::Low } else { Severity::Medium };
            found.push(self.told(*id, how, severity));
        }
    }

    fn decorated(&self, kind: Kind, own: &Spelling, found: &mut Vec<Likeness>) {
        let Some(bare) = decoys::bare(own) else { return };
        let known = self.looks.get(&(kind, bare.look_key())).into_iter().flatten();
        for id in known {
            found.push(self.told(*id, How::Decorated, Severity::Medium));
        }
        self.in_other_order(kind, &bare, How::Decorated, found);
        if bare.scope.is_some() {
            return;
        }
        for (id, _) in self.leaves.get(&(kind, bare.leaf_key())).into_iter().flatten() {
            let (entry, other) = self.entry(*id);
            let is_vendors = entry.standing != Standing::Community && is_much_used(entry);
            if is_vendors && other.scope.is_some() && bare.core_length() >= 4 {
                found.push(self.told(*id, How::Decorated, Severity::Medium));
            }
        }
        // `vendor-mcp-server` for `@vendor/mcp`, with such a word around it.
        for id in self.cores.get(&(kind, bare.core_key())).into_iter().flatten() {
            let (entry, other) = self.entry(*id);
            if is_much_used(entry) && entry.standing != Standing::Community && other.core_length() >= 4 {
                found.push(self.told(*id, How::Decorated, Severity::Medium));
            }
        }
    }

    fn by_leaf(&self, kind: Kind, own: &Spelling, found: &mut Vec<Likeness>) {
        let is_telling = own.is_leaf_telling();
        let Some(leaves) = self.leaves.get(&(kind, own.leaf_key())) else { return };
        let Some(scope) = &own.scope else {
            if is_telling {
                leaves.iter().for_each(|(id, _)| self.without_scope(*id, own, found));
            }
            return;
        };
        for (id, letters) in leaves {
            let is_near = own.scope_letters.may_be_near(*letters);
            // Thousands have the same name behind the scope, where it is one that says nothing.
            if !is_near && !is_telling {
                continue;
            }
            let (entry, other) = self.entry(*id);
            if is_near && other.scope.as_ref().is_some_and(|known| is_scope_alike(scope, known)) {
                found.push(self.told(*id, How::ScopeAlike, Severity::Medium));
            } else if is_telling && entry.standing != Standing::Community && is_much_used(entry) {
                found.push(self.told(*id, How::SameLeaf, Severity::Low));
            }
        }
    }

    /// The name behind a known one's scope, alone.
    fn without_scope(&self, id: u32, own: &Spelling, found: &mut Vec<Likeness>) {
        let (entry, other) = self.entry(id);
        if other.scope.is_none() {
            return;
        }
        let names_vendor = entry.vendor.is_some_and(|vendor| {
            let words = &self.catalogue.vendors[vendor].words;
            own.words.iter().any(|word| words.iter().any(|brand| brand.len() >= 4 && word.starts_with(brand)))
        });
        let is_vendors = entry.standing != Standing::Community;
        let is_worth = entry.used >= 5 || entry.used >= 4 && names_vendor;
        let severity = if is_vendors && is_worth { Severity::Medium } else { Severity::Low };
        found.push(self.told(id, How::ScopeDropped, severity));
    }

    /// A vendor's repository of that very name, or a project with its owner's name, republished.
    fn by_repository(&self, own: &Spelling, found: &mut Vec<Likeness>) {
        if own.scope.is_some() {
            return;
        }
        for id in self.repositories.get(&own.plain_key()).into_iter().flatten() {
            let (entry, other) = self.entry(*id);
            let Some(vendor) = entry.vendor else { continue };
            let words = &self.catalogue.vendors[vendor].words;
            // The vendor may well publish it under that name: only where it publishes under others is that a likeness.
            let is_vendors = other.core().iter().any(|word| words.contains(*word));
            if is_vendors {
                found.push(self.told(*id, How::Repository, Severity::Medium));
            }
        }
        // Owner and name of a project at the end, whatever stands in front.
        for from in 1..own.words.len() {
            let rest = &own.words[from..];
            if rest.iter().map(String::len).sum::<usize>() < LEAST_REPUBLISHED {
                break;
            }
            for id in self.repositories.get(&key(&rest.concat())).into_iter().flatten() {
                found.push(self.told(*id, How::Republished, Severity::Low));
            }
        }
    }
}

/// How many of its words are in every second name: a slip in `server` makes it one less.
fn generic(spelling: &Spelling) -> usize {
    spelling.words.iter().filter(|word| GENERIC.contains(&word.as_str())).count()
}

/// Two letters apart, or one with a little more around it.
pub(super) fn is_scope_alike(scope: &str, known: &str) -> bool {
    if scope == known || scope.chars().count().min(known.chars().count()) < 5 {
        return false;
    }
    let is_around = scope.len().abs_diff(known.len()) <= 3 && (scope.contains(known) || known.contains(scope));
    is_around || scope.len().abs_diff(known.len()) <= 2 && strsim::osa_distance(scope, known) <= 2
}
