//! Mistakes on the command line, in the user's language.

use std::error::Error as _;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::session::Session;

/// What was not understood, in one or two sentences.
pub(crate) fn mistake(session: &Session, error: &clap::Error) -> String {
    let all = |kind| error.get(kind).map(texts).unwrap_or_default();
    let one = |kind| all(kind).join(", ");
    let argument = one(ContextKind::InvalidArg);
    let say = |id: &str, args: &[(&str, &str)]| session.say(id, args);
    let text = match error.kind() {
        ErrorKind::InvalidValue if one(ContextKind::InvalidValue).is_empty() => {
            say("usage-missing-value", &[("argument", &argument)])
        }
        ErrorKind::InvalidValue => {
            let text =
                say("usage-invalid-value", &[("argument", &argument), ("value", &one(ContextKind::InvalidValue))]);
            match one(ContextKind::ValidValue) {
                possible if possible.is_empty() => text,
                possible => format!("{text} {}", say("usage-possible", &[("possible", &possible)])),
            }
        }
        ErrorKind::ValueValidation => {
            let text =
                say("usage-invalid-value", &[("argument", &argument), ("value", &one(ContextKind::InvalidValue))]);
            // Our own parsers of values answer with the id of a message.
            match error.source() {
                Some(why) => format!("{text} {}", say(&why.to_string(), &[])),
                None => text,
            }
        }
        ErrorKind::UnknownArgument => say("usage-unknown-argument", &[("argument", &argument)]),
        ErrorKind::InvalidSubcommand => say("usage-unknown-verb", &[("verb", &one(ContextKind::InvalidSubcommand))]),
        ErrorKind::ArgumentConflict => match one(ContextKind::PriorArg) {
            other if other.is_empty() => say("usage-conflict-alone", &[("argument", &argument)]),
            other if other == argument => say("usage-twice", &[("argument", &argument)]),
            other => say("usage-conflict", &[("argument", &argument), ("other", &other)]),
        },
        ErrorKind::MissingRequiredArgument => say("usage-missing-argument", &[("arguments", &argument)]),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            say("usage-missing-verb", &[])
        }
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            say("usage-number-of-values", &[("argument", &argument)])
        }
        ErrorKind::NoEquals => say("usage-no-equals", &[("argument", &argument)]),
        ErrorKind::InvalidUtf8 => say("usage-not-text", &[]),
        _ => say("usage-not-understood", &[]),
    };
    let kinds = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let similar: Vec<String> = kinds.into_iter().flat_map(all).collect();
    if similar.is_empty() {
        text
    } else {
        format!("{text} {}", say("usage-similar", &[("similar", &similar.join(", "))]))
    }
}

/// Where help is: that of the command that was typed, if any.
pub(crate) fn hint(session: &Session, arguments: &[OsString]) -> String {
    let command = crate::args::command(&session.wording);
    let is_verb = |word: &&str| command.get_subcommands().any(|verb| verb.get_name() == *word);
    let typed = match arguments.iter().skip(1).filter_map(|word| word.to_str()).find(is_verb) {
        Some(verb) => format!("gatehouse {verb} --help"),
        None => "gatehouse --help".to_owned(),
    };
    session.say("usage-help", &[("command", &typed)])
}

fn texts(value: &ContextValue) -> Vec<String> {
    match value {
        ContextValue::String(text) => vec![text.clone()],
        ContextValue::Strings(texts) => texts.clone(),
        ContextValue::StyledStr(text) => vec![text.to_string()],
        ContextValue::StyledStrs(texts) => texts.iter().map(ToString::to_string).collect(),
        ContextValue::Number(number) => vec![number.to_string()],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use gatehouse_core::host::Host;
    use gatehouse_core::wording::{Language, Wording};

    use super::*;

    fn told(language: Language, line: &str) -> (String, String) {
        let now = Arc::new(|| jiff::Timestamp::UNIX_EPOCH);
        let host = Host::new(Host::this_os(), "/home/u".into(), std::collections::BTreeMap::new(), now);
        let session = Session::into_writer(host, Wording::new(language), Box::new(std::io::sink()));
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let error = crate::args::command(&session.wording).try_get_matches_from(&words).expect_err("a mistake");
        (mistake(&session, &error), hint(&session, &words))
    }

    #[test]
    fn mistakes_are_told_in_both_languages() {
        let check = |line: &str, english: &str, spanish: &str, command: &str| {
            let (text, hint) = told(Language::English, line);
            assert_eq!(text, english, "{line}");
            assert!(hint.contains(&format!("`{command}`")), "{line}: {hint}");
            assert_eq!(told(Language::Spanish, line).0, spanish, "{line}");
        };
        check("gatehouse", "A command is missing.", "Falta una orden.", "gatehouse --help");
        check(
            "gatehouse scna",
            "There is no command “scna”. Similar: scan.",
            "No existe la orden «scna». Parecido: scan.",
            "gatehouse --help",
        );
        check(
            "gatehouse scan --formt json",
            "“--formt” is not known here. Similar: --format.",
            "«--formt» no se conoce aquí. Parecido: --format.",
            "gatehouse scan --help",
        );
        check(
            "gatehouse mode lockdown",
            "“lockdown” is no value for [monitor|ask]. Possible: monitor, ask.",
            "«lockdown» no es un valor para [monitor|ask]. Posibles: monitor, ask.",
            "gatehouse mode --help",
        );
        check(
            "gatehouse approve x --note",
            "--note <TEXT> needs a value.",
            "A --note <TEXT> le falta un valor.",
            "gatehouse approve --help",
        );
        check("gatehouse show", "This is missing: <ID>.", "Falta esto: <ID>.", "gatehouse show --help");
        check(
            "gatehouse release --all x",
            "--all cannot stand beside [ID].",
            "--all no puede ir junto a [ID].",
            "gatehouse release --help",
        );
        check(
            "gatehouse pause soon",
            "“soon” is no value for [DURATION|off]. A duration looks like 30m, 2h or 1h30m.",
            "«soon» no es un valor para [DURATION|off]. Una duración se escribe como 30m, 2h o 1h30m.",
            "gatehouse pause --help",
        );
    }
}
