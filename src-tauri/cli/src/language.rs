//! The language of a run: the flag, the environment, the system.

use std::ffi::OsString;

use gatehouse_core::host::Host;
use gatehouse_core::wording::Language;

/// Returns the language before the arguments are parsed, because `--help` needs it too.
pub(crate) fn of(arguments: &[OsString], host: &Host) -> Language {
    if let Some(flag) = flag(arguments) {
        return Language::of_locale(&flag);
    }
    if let Some(locale) = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| host.var(name)) {
        return Language::of_locale(locale);
    }
    sys_locale::get_locale().map_or(Language::English, |locale| Language::of_locale(&locale))
}

fn flag(arguments: &[OsString]) -> Option<String> {
    let mut words = arguments.iter().skip(1).map(|word| word.to_string_lossy()).take_while(|word| word != "--");
    while let Some(word) = words.next() {
        if word == "--lang" {
            return words.next().map(Into::into);
        }
        if let Some(value) = word.strip_prefix("--lang=") {
            return Some(value.to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn the_flag_counts_before_the_environment() {
        let check = |line: &str, env: &[(&str, &str)], expect| {
            let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let host = Host::new(Host::this_os(), "/home/u".into(), env, Arc::new(|| jiff::Timestamp::UNIX_EPOCH));
            let words: Vec<OsString> = line.split(' ').map(Into::into).collect();
            assert_eq!(of(&words, &host), expect, "{line}");
        };
        check("gatehouse scan --lang es", &[("LANG", "en_GB.UTF-8")], Language::Spanish);
        check("gatehouse --lang=en scan", &[("LC_ALL", "es_ES")], Language::English);
        check("gatehouse scan", &[("LC_ALL", "es_ES"), ("LANG", "en_US")], Language::Spanish);
        check("gatehouse scan", &[("LC_ALL", ""), ("LANG", "es_AR")], Language::Spanish);
        check("gatehouse scan", &[("LANG", "C")], Language::English);
        check("gatehouse scan -- --lang es", &[("LANG", "C")], Language::English);
    }
}
