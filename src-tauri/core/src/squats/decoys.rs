//! Words that are put around a known name to make another of it.

use super::spelling::Spelling;

/// Says that it is the true one.
pub(super) const OFFICIAL: &[&str] = &["official", "real", "original", "genuine", "verified", "authentic"];

/// Says that it is a better one of the same.
const BETTER: &[&str] = &[
    "secure", "safe", "pro", "plus", "premium", "latest", "beta", "alpha", "next", "stable", "new", "v1", "v2", "v3",
    "2", "fixed", "updated", "ultimate",
];

/// Says where it runs, or how it is got.
const RUNTIME: &[&str] = &["node", "nodejs", "js", "py", "npm", "vscode", "get", "install", "the"];

pub(super) fn is_decoy(word: &str) -> bool {
    OFFICIAL.contains(&word) || BETTER.contains(&word) || RUNTIME.contains(&word)
}

/// What is left of a name without such words; `None` where there are none, or nothing else.
pub(super) fn bare(spelling: &Spelling) -> Option<Spelling> {
    let left = spelling.without(is_decoy);
    if left.words.len() < spelling.words.len() && !left.leaf.is_empty() && left.core_length() > 0 {
        return Some(left);
    }
    // Grown on to the first word, or to the last: `pyname`, `name2`.
    let mut words = spelling.words.clone();
    let last = words.last_mut()?;
    if last.chars().count() > 3 && last.ends_with(|c: char| c.is_ascii_digit()) {
        last.pop();
        return Some(spelling.with_words(words));
    }
    let first = words.first_mut()?;
    let cut = ["py", "node", "get", "my"].iter().find_map(|start| first.strip_prefix(start))?;
    if cut.chars().count() < 4 {
        return None;
    }
    *first = cut.to_owned();
    Some(spelling.with_words(words))
}
