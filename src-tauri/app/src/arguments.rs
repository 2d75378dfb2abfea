//! The arguments of a start, and the language that it speaks.

use gatehouse_core::host::Host;
use gatehouse_core::wording::Language;

/// What a start was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Arguments {
    Start(Option<Language>),
    Version,
    /// A word that means nothing here.
    Unknown(String),
}

impl Arguments {
    /// Reads the words behind the program's name.
    pub(crate) fn read(words: impl Iterator<Item = String>) -> Self {
        let mut language = None;
        let mut words = words.peekable();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--version" | "-V" => return Self::Version,
                "--lang" => language = words.next().map(|word| Language::of_locale(&word)),
                other => match other.strip_prefix("--lang=") {
                    Some(word) => language = Some(Language::of_locale(word)),
                    None => return Self::Unknown(word),
                },
            }
        }
        Self::Start(language)
    }
}

/// The language of the environment, or else of the system.
pub(crate) fn own_language(host: &Host) -> Language {
    if let Some(locale) = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| host.var(name)) {
        return Language::of_locale(locale);
    }
    sys_locale::get_locale().map_or(Language::English, |locale| Language::of_locale(&locale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read() {
        let check = |line: &str, expect: Arguments| {
            assert_eq!(Arguments::read(line.split_whitespace().map(str::to_owned)), expect, "{line}");
        };
        check("", Arguments::Start(None));
        check("--lang es", Arguments::Start(Some(Language::Spanish)));
        check("--lang=en", Arguments::Start(Some(Language::English)));
        check("--version", Arguments::Version);
        check("watch", Arguments::Unknown("watch".to_owned()));
        check("--lang es extra", Arguments::Unknown("extra".to_owned()));
    }
}
