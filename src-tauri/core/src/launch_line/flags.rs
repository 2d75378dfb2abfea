//! Tells flags from operands, given the flags of a program that take a value.

use std::borrow::Cow;

/// The flags found in a stretch of words, and what follows them.
pub(super) struct Flags<'a> {
    set: Vec<(Cow<'a, str>, Option<&'a str>)>,
    /// The words from the first operand on; behind `--` where that ended the flags.
    pub(super) rest: &'a [String],
}

/// Flags and operands of a program that accepts flags behind operands too. Nothing behind `--` is looked at.
pub(super) struct Spread<'a> {
    pub(super) flags: Flags<'a>,
    pub(super) operands: Vec<&'a str>,
}

/// A cluster of short flags is taken apart up to this length; nobody writes longer ones.
const LONGEST_CLUSTER: usize = 64;

impl<'a> Flags<'a> {
    /// Reads flags up to the first operand. `valued` lists the flags that take the next word as their value.
    pub(super) fn leading(words: &'a [String], valued: &[&str]) -> Self {
        let mut set = Vec::new();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            if word == "--" {
                at += 1;
                break;
            }
            if word.len() < 2 || !word.starts_with('-') {
                break;
            }
            at += 1;
            if valued.contains(&word.as_str()) {
                set.push((Cow::Borrowed(word.as_str()), words.get(at).map(String::as_str)));
                at += 1;
            } else if word.starts_with("--") || word.len() > LONGEST_CLUSTER {
                match word.split_once('=') {
                    Some((flag, value)) => set.push((Cow::Borrowed(flag), Some(value))),
                    None => set.push((Cow::Borrowed(word.as_str()), None)),
                }
            } else {
                at += cluster(word, words.get(at), valued, &mut set);
            }
        }
        Self { set, rest: words.get(at..).unwrap_or_default() }
    }

    /// The value of the first of the flags called `names`.
    pub(super) fn value(&self, names: &[&str]) -> Option<&'a str> {
        self.values(names).next()
    }

    /// The values of every flag called one of `names`, in order.
    pub(super) fn values<'n>(&'n self, names: &'n [&str]) -> impl Iterator<Item = &'a str> + 'n {
        self.set.iter().filter(|(flag, _)| names.contains(&flag.as_ref())).filter_map(|(_, value)| *value)
    }

    /// Whether one of `names` stands there, with or without a value.
    pub(super) fn has(&self, names: &[&str]) -> bool {
        self.set.iter().any(|(flag, _)| names.contains(&flag.as_ref()))
    }
}

impl<'a> Spread<'a> {
    /// Reads flags wherever they stand before `--`.
    pub(super) fn of(words: &'a [String], valued: &[&str]) -> Self {
        let end = words.iter().position(|word| word == "--").unwrap_or(words.len());
        let (mut words, behind) = (&words[..end], words.get(end + 1..).unwrap_or_default());
        let mut flags = Flags { set: Vec::new(), rest: behind };
        let mut operands = Vec::new();
        while !words.is_empty() {
            let mut leading = Flags::leading(words, valued);
            flags.set.append(&mut leading.set);
            match leading.rest.split_first() {
                Some((operand, rest)) => {
                    operands.push(operand.as_str());
                    words = rest;
                }
                None => break,
            }
        }
        Self { flags, operands }
    }
}

/// Takes `-it` or `-eNAME` apart and returns how many further words it used up.
fn cluster<'a>(
    word: &'a str,
    next: Option<&'a String>,
    valued: &[&str],
    set: &mut Vec<(Cow<'a, str>, Option<&'a str>)>,
) -> usize {
    for (at, letter) in word.char_indices().skip(1) {
        let flag = format!("-{letter}");
        if valued.contains(&flag.as_str()) {
            let glued = &word[at + letter.len_utf8()..];
            if glued.is_empty() {
                set.push((Cow::Owned(flag), next.map(String::as_str)));
                return 1;
            }
            set.push((Cow::Owned(flag), Some(glued.strip_prefix('=').unwrap_or(glued))));
            return 0;
        }
        if !letter.is_ascii_alphabetic() {
            break;
        }
        set.push((Cow::Owned(flag), None));
    }
    set.push((Cow::Borrowed(word), None));
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn values_are_taken_from_the_next_word_the_cluster_or_the_equals_sign() {
        let line = words("-it -e A=1 -eB=2 --name x --network=host -p8080:80 image --name y");
        let flags = Flags::leading(&line, &["-e", "--name", "-p", "--network"]);
        assert_eq!(flags.rest, words("image --name y"));
        assert_eq!(flags.values(&["-e"]).collect::<Vec<_>>(), ["A=1", "B=2"]);
        assert_eq!(flags.value(&["--name"]), Some("x"));
        assert_eq!(flags.value(&["--network"]), Some("host"));
        assert_eq!(flags.value(&["-p"]), Some("8080:80"));
        assert!(flags.has(&["-t"]) && !flags.has(&["-x"]));
    }

    #[test]
    fn two_dashes_end_the_flags() {
        let line = words("-y -- --odd name");
        assert_eq!(Flags::leading(&line, &[]).rest, words("--odd name"));
        let line = words("a --v 1 b -- --v 2");
        let spread = Spread::of(&line, &["--v"]);
        assert_eq!(spread.operands, ["a", "b"]);
        assert_eq!(spread.flags.values(&["--v"]).collect::<Vec<_>>(), ["1"]);
        assert_eq!(spread.flags.rest, words("--v 2"));
    }
}
