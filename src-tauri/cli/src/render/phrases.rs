//! Values of the interface in words.

use gatehouse_core::report::{
    ArtefactRow, ArtefactStateRow, Namesake, PublicationRow, PublicationState, Relation, Row, Status,
};
use gatehouse_core::sentences::client_name;
use gatehouse_core::trust::Word;
use jiff::Timestamp;

use super::Page;
use super::chips::visible;
use super::table::Tone;

/// Why a check could not say anything; an id of a later version stays what it is.
pub(crate) fn not_run(page: &Page<'_>, reason: &str) -> String {
    match reason {
        "unobservable" => page.say("not-run-unobservable", &[]),
        "no-launch" => page.say("not-run-no-launch", &[]),
        "other-registry" => page.say("not-run-other-registry", &[]),
        "package-not-told" => page.say("not-run-package-not-told", &[]),
        "host-is-a-placeholder" => page.say("not-run-host-is-a-placeholder", &[]),
        "arrival-unseen" => page.say("not-run-arrival-unseen", &[]),
        "alone" => page.say("not-run-alone", &[]),
        "code-not-at-hand" => page.say("not-run-code-not-at-hand", &[]),
        "artefact-not-looked" => page.say("not-run-artefact-not-looked", &[]),
        "artefact-unknown" => page.say("not-run-artefact-unknown", &[]),
        "no-advisories" => page.say("not-run-no-advisories", &[]),
        "advisories-not-asked" => page.say("not-run-advisories-not-asked", &[]),
        "rights-not-told" => page.say("not-run-rights-not-told", &[]),
        "domain-not-asked" => page.say("not-run-domain-not-asked", &[]),
        "listing-not-asked" => page.say("not-run-listing-not-asked", &[]),
        "registry-not-asked" => page.say("not-run-registry-not-asked", &[]),
        other => visible(other),
    }
}

/// How long ago a moment was; a text that is no time stays what it is.
pub(crate) fn ago(page: &Page<'_>, moment: &str) -> String {
    let Ok(then) = moment.parse::<Timestamp>() else { return visible(moment) };
    let seconds = page.host.now().duration_since(then).as_secs();
    let count = |unit: i64| (seconds / unit).to_string();
    match seconds {
        ..60 => page.say("ago-now", &[]),
        60..3_600 => page.say("ago-minutes", &[("count", &count(60))]),
        3_600..86_400 => page.say("ago-hours", &[("count", &count(3_600))]),
        _ => page.say("ago-days", &[("count", &count(86_400))]),
    }
}

/// The status with its mark: shape, then word, then colour.
pub(crate) fn status(page: &Page<'_>, status: Status) -> (String, Tone) {
    let (mark, tone) = match status {
        Status::Unreviewed => ('?', Tone::Plain),
        Status::New => ('+', Tone::Look),
        Status::Changed => ('~', Tone::Look),
        Status::Approved | Status::AllowedByPolicy => ('✓', Tone::Settled),
        Status::Held => ('■', Tone::Look),
        Status::Released => ('○', Tone::Plain),
        Status::Denied => ('×', Tone::Plain),
        Status::Blocked => ('×', Tone::Danger),
        Status::Unmanaged => ('-', Tone::Dim),
    };
    (format!("{mark} {}", page.name("status", &status)), tone)
}

/// The command line or address of a row, as it would be typed, masked already.
pub(crate) fn runs(row: &Row) -> String {
    let words: Vec<_> = row.command.iter().chain(&row.args).map(|word| quoted(word)).collect();
    match (&row.url, words.is_empty()) {
        (Some(url), true) => visible(url),
        (None, true) => "–".to_owned(),
        _ => visible(&words.join(" ")),
    }
}

/// Quoted where the limits of a word would not be seen.
fn quoted(word: &str) -> String {
    let plain = !word.is_empty() && !word.contains([' ', '\'', '"', '\\', '\n', '\t']);
    if plain { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

/// What is known of the code behind a launch.
pub(crate) fn artefact(page: &Page<'_>, artefact: &ArtefactRow) -> String {
    let known = |text: &Option<String>| text.clone().unwrap_or_else(|| "?".to_owned());
    match artefact.state {
        ArtefactStateRow::Known => {
            let (integrity, source) = (known(&artefact.integrity), known(&artefact.source));
            let about = [("integrity", integrity.as_str()), ("source", source.as_str())];
            match &artefact.version {
                Some(version) => page.say("artefact-known", &[("version", version), about[0], about[1]]),
                None => page.say("artefact-known-no-version", &about),
            }
        }
        ArtefactStateRow::Unknown => page.say("artefact-unknown", &[("reason", &known(&artefact.reason))]),
        ArtefactStateRow::Unobservable => page.say("artefact-unobservable", &[]),
        ArtefactStateRow::NotLooked => page.say("artefact-not-looked", &[]),
    }
}

/// The word of trust, with its shape.
pub(crate) fn trust(page: &Page<'_>, word: Word) -> String {
    format!("{} {}", trust_mark(word), page.name("trust", &word))
}

/// The shape of a word of trust.
pub(crate) fn trust_mark(word: Word) -> char {
    match word {
        Word::Verified => '●',
        Word::Known => '◉',
        Word::Unconfirmed => '○',
        Word::NotChecked => '◌',
        Word::InDoubt => '◆',
        Word::Harmful => '⬢',
    }
}

/// What the registry says of the code.
pub(crate) fn publication(page: &Page<'_>, row: &PublicationRow) -> String {
    let text = |it: &Option<String>| it.as_deref().map_or_else(|| "?".to_owned(), visible);
    match row.state {
        PublicationState::Off => page.say("publication-off", &[]),
        PublicationState::Unknown => {
            let reason =
                row.reason.map_or_else(|| "?".to_owned(), |reason| page.say(&format!("look-up-{reason}"), &[]));
            page.say("publication-unknown", &[("reason", &reason)])
        }
        PublicationState::Known => {
            let source = [("registry", text(&row.registry)), ("at", ago_of(page, row.at.as_deref()))];
            let source: Vec<_> = source.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let (published, publisher) = (ago_of(page, row.published.as_deref()), text(&row.publisher));
            let what = match (&row.published, &row.publisher) {
                (Some(_), Some(_)) => page
                    .say("publication-known", &[("age", &published), ("publisher", &publisher), source[0], source[1]]),
                (Some(_), None) => page.say("publication-age", &[("age", &published), source[0], source[1]]),
                (None, Some(_)) => {
                    page.say("publication-publisher", &[("publisher", &publisher), source[0], source[1]])
                }
                (None, None) => page.say("publication-other-code", &source),
            };
            let mut lines = Vec::new();
            lines.extend(row.offered.then(|| page.say("publication-offered", &[])));
            lines.push(what);
            lines.extend(row.new_install_script.then(|| page.say("publication-new-script", &[])));
            lines.extend(row.provenance_lost.then(|| page.say("publication-lost", &[])));
            lines.join("\n")
        }
    }
}

pub(crate) fn ago_of(page: &Page<'_>, at: Option<&str>) -> String {
    at.map_or_else(|| "?".to_owned(), |at| ago(page, at))
}

/// A path as people read it, and as a shell does.
pub(crate) fn typed(folder: &str) -> String {
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-+".contains(&byte));
    let word = |text: &str| if is_plain(text) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) };
    // In quotes, `~` is a name like any other.
    folder.strip_prefix("~/").map_or_else(|| word(folder), |rest| format!("~/{}", word(rest)))
}

/// Host of an address, without user and port; the whole text where there is none.
pub(crate) fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or(rest);
    authority.rsplit_once('@').map_or(authority, |(_, host)| host)
}

/// What the client does with an entry of the same name in another place.
pub(crate) fn namesake(page: &Page<'_>, row: &Row, other: &Namesake) -> String {
    let id = match other.relation {
        Relation::Hides => "namesake-hides",
        Relation::HiddenBy => "namesake-hidden-by",
        Relation::Merged => "namesake-merged",
        Relation::Unknown => "namesake-unknown",
    };
    let scope = page.name("scope", &other.scope);
    let args = [("client", client_name(&row.client)), ("path", &*other.path), ("scope", &scope), ("id", &other.id)];
    page.say(id, &args)
}
