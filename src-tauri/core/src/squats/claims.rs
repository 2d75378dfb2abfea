//! A vendor's name in the name of something that is not known to be the vendor's.

use crate::catalogue::{Kind, Standing, folded};
use crate::finding::Severity;

use super::spelling::{GENERIC, Spelling, words_of};
use super::{Claim, Squats, decoys};

/// What an account of the vendor itself is called: `vendorhq`.
const OF_ACCOUNTS: &[&str] = &["hq", "inc", "official"];

impl Claim {
    /// What the name alone is worth: most that carry a vendor's name are made by its users, in good faith.
    pub fn severity(&self) -> Severity {
        if self.is_asserted { Severity::Medium } else { Severity::Low }
    }
}

impl Squats<'_> {
    /// The vendor whose name a package's name carries; `None` for a package that is known to be the vendor's, and for a
    /// scope of the vendor's own.
    pub fn claim(&self, kind: Kind, name: &str) -> Option<Claim> {
        let known = self.catalogue.entry(kind, name);
        if known.is_some_and(|entry| entry.standing != Standing::Community) {
            return None;
        }
        let claim = self.claim_of_name(kind, name)?;
        // What many know as somebody else's deceives nobody.
        Some(if known.is_some() { Claim { is_asserted: false, is_whole: false, ..claim } } else { claim })
    }

    fn claim_of_name(&self, kind: Kind, name: &str) -> Option<Claim> {
        let own = Spelling::of(kind, name);
        let of_scope = own.scope.as_deref().and_then(|scope| self.catalogue.vendor_of_scope(scope));
        let scope_words = &own.words[..own.in_scope];
        if own.scope.is_some()
            && let Some((vendor, word)) = self.vendor_in(scope_words)
            && of_scope.is_none()
        {
            let rest = scope_words.iter().filter(|it| !word.contains(it.as_str()) && !is_filler(it)).count();
            let scopes = &self.catalogue.vendors[vendor].scopes;
            let is_bare = scope_words.concat() == word;
            // A vendor whose scopes are not known may have one by its name.
            let is_asserted = rest == 0 && (!is_bare || !scopes.is_empty());
            return Some(Claim { vendor: Some(vendor), word, is_asserted, is_whole: rest == 0 });
        }
        if of_scope.is_some() {
            return None;
        }
        let leaf = &own.words[own.in_scope..];
        let says_official = own.words.iter().any(|word| decoys::OFFICIAL.contains(&word.as_str()));
        if let Some((vendor, word)) = self.vendor_in(leaf) {
            let is_account = leaf.iter().any(|it| OF_ACCOUNTS.iter().any(|end| *it == format!("{word}{end}")));
            let is_whole = leaf.iter().all(|it| word.contains(it.as_str()) || is_filler(it) || it.starts_with(&word));
            let is_asserted = own.scope.is_none() && (says_official || is_account);
            return Some(Claim { vendor: Some(vendor), word, is_asserted, is_whole: is_whole && own.scope.is_none() });
        }
        let official = own.words.iter().find(|word| word.as_str() == "official")?;
        Some(Claim { vendor: None, word: official.clone(), is_asserted: true, is_whole: false })
    }

    /// The vendor that a text names, and the word that does: the name of an entry, say.
    pub fn vendor_named(&self, text: &str) -> Option<(usize, String)> {
        self.vendor_in(&words_of(&text.to_lowercase()))
    }

    /// The first vendor that up to three words in a row stand for, longest first.
    fn vendor_in(&self, words: &[String]) -> Option<(usize, String)> {
        for from in 0..words.len() {
            for to in (from + 1..=words.len().min(from + 3)).rev() {
                let word = folded(&words[from..to].concat());
                let known = |word: &str| self.catalogue.vendor_of_word(word).map(|vendor| (vendor, word.to_owned()));
                let account = || {
                    let bare = OF_ACCOUNTS.iter().find_map(|end| word.strip_suffix(end))?;
                    (bare.len() >= 3).then(|| known(bare)).flatten()
                };
                if let Some(found) = known(&word).or_else(account) {
                    // The protocol's name is in every second one.
                    if !GENERIC.contains(&found.1.as_str()) {
                        return Some(found);
                    }
                }
            }
        }
        None
    }
}

fn is_filler(word: &str) -> bool {
    GENERIC.contains(&word) || decoys::is_decoy(word) || OF_ACCOUNTS.contains(&word)
}
