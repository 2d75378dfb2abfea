//! The words that people read, in English and Spanish, from the Fluent files that the window uses too.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    English,
    Spanish,
}

impl Language {
    /// Every language.
    pub const ALL: &[Self] = &[Self::English, Self::Spanish];

    /// The two-letter tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    /// Reads a locale of any system (`es_ES.UTF-8`, `es-419`, `C`) and falls back to English.
    pub fn of_locale(locale: &str) -> Self {
        let tag: String = locale.chars().take_while(char::is_ascii_alphabetic).collect();
        match tag.to_ascii_lowercase().as_str() {
            "es" => Self::Spanish,
            _ => Self::English,
        }
    }

    fn identifier(self) -> LanguageIdentifier {
        self.tag().parse().expect("both tags are language identifiers")
    }

    /// The Fluent files, each with its name.
    fn sources(self) -> [(&'static str, &'static str); 3] {
        match self {
            Self::English => [
                ("core.ftl", include_str!("../../../ui/locales/en/core.ftl")),
                ("cli.ftl", include_str!("../../../ui/locales/en/cli.ftl")),
                ("tray.ftl", include_str!("../../../ui/locales/en/tray.ftl")),
            ],
            Self::Spanish => [
                ("core.ftl", include_str!("../../../ui/locales/es/core.ftl")),
                ("cli.ftl", include_str!("../../../ui/locales/es/cli.ftl")),
                ("tray.ftl", include_str!("../../../ui/locales/es/tray.ftl")),
            ],
        }
    }
}

/// All messages of one language.
pub struct Wording {
    language: Language,
    messages: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Wording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wording").field("language", &self.language).finish_non_exhaustive()
    }
}

impl Wording {
    pub fn new(language: Language) -> Self {
        let mut messages = FluentBundle::new_concurrent(vec![language.identifier()]);
        // A terminal shows the isolation marks as rubbish; foreign text is made visible before it gets here.
        messages.set_use_isolating(false);
        for (_, source) in language.sources() {
            // What cannot be parsed is left out and shown by its id; the tests allow neither.
            let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(partial, _)| partial);
            messages.add_resource_overriding(resource);
        }
        Self { language, messages }
    }

    pub fn language(&self) -> Language {
        self.language
    }

    /// Returns the message `id` with its named values filled in. A missing message is shown by its id and is a failed test.
    ///
    /// Values made of digits alone count for plurals. Text from outside must have been made visible before.
    pub fn text(&self, id: &str, args: &[(&str, &str)]) -> String {
        let Some(pattern) = self.messages.get_message(id).and_then(|message| message.value()) else {
            return id.to_owned();
        };
        let mut values = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            values.set(*name, value_of(value));
        }
        self.messages.format_pattern(pattern, Some(&values), &mut Vec::new()).into_owned()
    }
}

/// A count becomes a number, so that plurals follow it; everything else (`1.10`, `007`, `3e5`) stays the text that it is.
fn value_of(text: &str) -> FluentValue<'_> {
    let is_count = !text.is_empty()
        && text.len() <= 15
        && text.bytes().all(|b| b.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'));
    match text.parse::<f64>() {
        Ok(count) if is_count => FluentValue::from(count),
        _ => FluentValue::from(text),
    }
}

#[cfg(test)]
mod tests;
