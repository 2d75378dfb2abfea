//! A name taken apart into what is compared.

use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

use unicode_security::confusable_detection::skeleton;

use crate::catalogue::Kind;

/// Words that nearly every connector has in its name.
pub(super) const GENERIC: &[&str] = &["mcp", "mcps", "server", "servers", "modelcontextprotocol"];

/// A name of a package, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spelling {
    /// Without `@`, in lower case.
    pub(super) scope: Option<String>,
    pub(super) leaf: String,
    /// Letters and digits of the whole name.
    pub(super) plain: String,
    pub(super) leaf_plain: String,
    /// As `plain`, with each letter replaced by the one that it looks like.
    pub(super) look: String,
    /// The words of scope and leaf.
    pub(super) words: Vec<String>,
    /// How many of them are the scope's.
    pub(super) in_scope: usize,
    pub(super) scope_letters: Letters,
}

/// Which letters a text has and how many, to tell at a glance that two are far apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Letters {
    which: u64,
    count: usize,
}

impl Letters {
    fn of(text: &str) -> Self {
        let bit = |byte: u8| match byte {
            b'a'..=b'z' => byte - b'a',
            b'0'..=b'9' => 26 + byte - b'0',
            _ => 36,
        };
        let which = text.bytes().fold(0, |which, byte| which | 1 << bit(byte));
        Self { which, count: text.len() }
    }

    /// Whether two edits can make one text of the other, or three letters more around it: an edit takes one letter out of a
    /// text and puts one in at most. What other scripts have in bytes counts as one letter and is not told apart by number.
    pub(super) fn may_be_near(self, other: Self) -> bool {
        let is_other = (self.which | other.which) >> 36 != 0;
        (self.which ^ other.which).count_ones() <= 4 && (is_other || self.count.abs_diff(other.count) <= 3)
    }
}

impl Spelling {
    pub(super) fn of(kind: Kind, name: &str) -> Self {
        let lower = name.to_lowercase();
        let parts = lower.strip_prefix('@').and_then(|it| it.split_once('/')).filter(|_| kind == Kind::Npm);
        let (scope, leaf) = parts.map_or((None, lower.as_str()), |(scope, leaf)| (Some(scope), leaf));
        let mut words: Vec<String> = scope.map(words_of).unwrap_or_default();
        let in_scope = words.len();
        words.extend(words_of(leaf));
        Self::from_words(scope.map(str::to_owned), leaf.to_owned(), words, in_scope)
    }

    fn from_words(scope: Option<String>, leaf: String, words: Vec<String>, in_scope: usize) -> Self {
        let plain = words.concat();
        let leaf_plain = words[in_scope..].concat();
        let scope_letters = scope.as_deref().map(Letters::of).unwrap_or_default();
        Self { look: look(&plain), leaf_plain, plain, scope, leaf, words, in_scope, scope_letters }
    }

    /// The same without some of its words.
    pub(super) fn without(&self, is_out: impl Fn(&str) -> bool) -> Self {
        let keep = |words: &[String]| words.iter().filter(|word| !is_out(word)).cloned().collect::<Vec<_>>();
        let scope = keep(&self.words[..self.in_scope]);
        let leaf = keep(&self.words[self.in_scope..]);
        let in_scope = scope.len();
        let name = (!scope.is_empty()).then(|| scope.join("-"));
        Self::from_words(name, leaf.join("-"), [scope, leaf].concat(), in_scope)
    }

    /// With the last letters of a word cut off, or the first.
    pub(super) fn with_words(&self, words: Vec<String>) -> Self {
        let in_scope = self.in_scope.min(words.len());
        Self::from_words(self.scope.clone(), words[in_scope..].join("-"), words, in_scope)
    }

    /// The words that say what it is for.
    pub(super) fn core(&self) -> Vec<&str> {
        self.words.iter().map(String::as_str).filter(|word| !GENERIC.contains(word)).collect()
    }

    /// How many letters say what it is for.
    pub(super) fn core_length(&self) -> usize {
        self.core().iter().map(|word| word.chars().count()).sum()
    }

    /// Whether the name behind the scope says what it is for.
    pub(super) fn is_leaf_telling(&self) -> bool {
        self.words[self.in_scope..].iter().any(|word| !GENERIC.contains(&word.as_str()))
    }

    pub(super) fn look_key(&self) -> u64 {
        key(&self.look)
    }

    pub(super) fn plain_key(&self) -> u64 {
        key(&self.plain)
    }

    pub(super) fn leaf_key(&self) -> u64 {
        key(&self.leaf_plain)
    }

    /// The words of the whole name, in any order, with the protocol's name and its letters as one.
    pub(super) fn words_key(&self) -> u64 {
        let mut words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        words.sort_unstable();
        key(&words.join(" "))
    }

    pub(super) fn core_key(&self) -> u64 {
        let mut core = self.core();
        core.sort_unstable();
        core.dedup();
        key(&core.join(" "))
    }
}

pub(super) fn key(text: &str) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(text)
}

/// What stands between marks.
pub(super) fn words_of(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The letters as a hurried eye reads them: other scripts by their form, digits by the letter that they stand for.
pub(super) fn look(plain: &str) -> String {
    // The table of Unicode turns `m` into `rn`, and leaves alone what only a font makes alike.
    let form: String = if plain.is_ascii() { plain.replace('m', "rn") } else { skeleton(plain).collect() };
    let form = form.to_lowercase();
    let alike = |c: char| match c {
        '0' => 'o',
        '1' | 'i' | '|' => 'l',
        '3' => 'e',
        '5' => 's',
        c => c,
    };
    form.chars().filter(|c| c.is_alphanumeric()).map(alike).collect::<String>().replace("vv", "w")
}
