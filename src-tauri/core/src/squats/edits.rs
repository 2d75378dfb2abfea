//! Names that are one edit away: each name is filed under itself and under what is left without one of its letters.
//! Two names that share such a text are compared; others cannot be one edit apart.

use super::spelling::key;

/// Pairs of a key and a name, sorted.
#[derive(Debug, Default)]
pub(super) struct Edits(Vec<(u32, u32)>);

impl Edits {
    pub(super) fn add(&mut self, id: u32, text: &str) {
        self.0.extend(keys(text).map(|key| (key, id)));
    }

    /// To be called once all names are added.
    pub(super) fn sort(&mut self) {
        self.0.sort_unstable();
        self.0.dedup();
        self.0.shrink_to_fit();
    }

    /// Every name that may be one edit from the text, each once.
    pub(super) fn near(&self, text: &str) -> Vec<u32> {
        let mut found = Vec::new();
        for key in keys(text) {
            let from = self.0.partition_point(|pair| pair.0 < key);
            found.extend(self.0[from..].iter().take_while(|pair| pair.0 == key).map(|pair| pair.1));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn keys(text: &str) -> impl Iterator<Item = u32> {
    let letters: Vec<char> = text.chars().collect();
    (0..=letters.len()).map(move |out| {
        let left: String = letters.iter().enumerate().filter(|(at, _)| *at != out).map(|(_, c)| *c).collect();
        // Half of the key is enough: what it brings together by chance is told apart by the comparison.
        (key(&left) >> 32) as u32
    })
}

/// One letter more, less or other, or two neighbours swapped.
pub(super) fn is_one_edit(one: &str, other: &str) -> bool {
    one.len().abs_diff(other.len()) <= 4 && strsim::osa_distance(one, other) == 1
}
