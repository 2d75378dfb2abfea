//! Values of the interface in words.

use gatehouse_core::connector::Change;
use gatehouse_core::document::SyntaxReason;
use gatehouse_core::report::{ArtefactRow, ArtefactStateRow, Row, Status};
use gatehouse_core::request::{Effect, EffectKind, FileTrouble, Refusal};
use jiff::Timestamp;

use super::chips::visible;
use super::table::Tone;
use super::{Page, kebab};

/// Returns the message id of a refusal and its sentences.
pub(crate) fn refusal(page: &Page<'_>, refusal: &Refusal) -> (&'static str, String) {
    let say = |id: &'static str, args: &[(&str, &str)]| (id, page.say(id, args));
    match refusal {
        Refusal::NoSuchConnector { id } => say("refusal-no-such-connector", &[("id", id)]),
        Refusal::Ambiguous { id, ids } => say("refusal-ambiguous", &[("id", id), ("ids", &ids.join(", "))]),
        Refusal::Stale { id } => say("refusal-stale", &[("id", id)]),
        Refusal::BlockedByPolicy { id } => say("refusal-blocked-by-policy", &[("id", id)]),
        Refusal::NameNotTyped { name } => say("refusal-name-not-typed", &[("name", name)]),
        Refusal::CliApprovalsNever => say("refusal-cli-approvals-never", &[]),
        Refusal::NoDesk => say("refusal-no-desk", &[]),
        Refusal::NothingApproved { id } => say("refusal-nothing-approved", &[("id", id)]),
        Refusal::SecretMissing { id, place } => say("refusal-secret-missing", &[("id", id), ("place", place)]),
        Refusal::CannotPin { id } => say("refusal-cannot-pin", &[("id", id)]),
        Refusal::PublisherUnknown { id } => say("refusal-publisher-unknown", &[("id", id)]),
        Refusal::NotUnderDevelopment { id } => say("refusal-not-under-development", &[("id", id)]),
        Refusal::NothingToRevoke { id } => say("refusal-nothing-to-revoke", &[("id", id)]),
        Refusal::NothingToUndo { id } => say("refusal-nothing-to-undo", &[("id", id)]),
        Refusal::UndoTooLate { id } => say("refusal-undo-too-late", &[("id", id)]),
        Refusal::NotHeld { id } => say("refusal-not-held", &[("id", id)]),
        Refusal::PlaceTaken { id, newer, approved } => {
            let message = if *approved { "refusal-place-taken-approved" } else { "refusal-place-taken" };
            ("refusal-place-taken", page.say(message, &[("id", id), ("newer", newer)]))
        }
        Refusal::File { path, reason, route: _ } => {
            let reason = trouble(page, reason);
            say("refusal-file", &[("path", &page.host.display(path)), ("reason", &reason)])
        }
        Refusal::Ledger { detail } => say("refusal-ledger", &[("detail", detail)]),
    }
}

/// What stood in the way of a file.
pub(crate) fn trouble(page: &Page<'_>, trouble: &FileTrouble) -> String {
    match trouble {
        FileTrouble::Absent => page.say("trouble-absent", &[]),
        FileTrouble::Denied => page.say("trouble-denied", &[]),
        FileTrouble::Unparsable { line, reason } => {
            let reason = syntax(page, reason);
            page.say("trouble-unparsable", &[("line", &line.to_string()), ("reason", &reason)])
        }
        FileTrouble::TooLarge => page.say("trouble-too-large", &[]),
        FileTrouble::NotRegular => page.say("trouble-not-regular", &[]),
        FileTrouble::ForeignOwner => page.say("trouble-foreign-owner", &[]),
        FileTrouble::OpenFolder => page.say("trouble-open-folder", &[]),
        FileTrouble::ReadOnly => page.say("trouble-read-only", &[]),
        FileTrouble::HardLinked => page.say("trouble-hard-linked", &[]),
        FileTrouble::RouteTaken => page.say("trouble-route-taken", &[]),
        FileTrouble::Inexact { detail } => page.say("trouble-inexact", &[("detail", detail)]),
        FileTrouble::Busy => page.say("trouble-busy", &[]),
        FileTrouble::Io { detail } => page.say("trouble-io", &[("detail", detail)]),
    }
}

/// Why a text cannot be read.
pub(crate) fn syntax(page: &Page<'_>, reason: &SyntaxReason) -> String {
    let (id, args) = reason.message();
    let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    page.say(id, &args)
}

/// What became of one connector.
pub(crate) fn effect(page: &Page<'_>, effect: &Effect) -> String {
    let file = page.host.display(&effect.file);
    let about = [("name", effect.name.as_str()), ("client", effect.client.as_str()), ("file", file.as_str())];
    match &effect.kind {
        EffectKind::Recorded => page.say("effect-recorded", &about[..2]),
        EffectKind::Released(exactness) if kebab(exactness) == "exact" => page.say("effect-released-exact", &about),
        EffectKind::Released(_) => page.say("effect-released-by-meaning", &about),
        EffectKind::Held => page.say("effect-held", &about),
        EffectKind::WrittenBack => page.say("effect-written-back", &about),
        EffectKind::StaysHeld => {
            page.say("effect-stays-held", &[about[0], about[1], about[2], ("id", effect.id.short())])
        }
        EffectKind::NotEdited(why) => {
            let (_, reason) = refusal(page, why);
            page.say("effect-not-edited", &[about[0], about[1], ("reason", &reason)])
        }
    }
}

/// The name of the part that changed.
pub(crate) fn facet(page: &Page<'_>, change: &Change) -> String {
    let facet = change.facet.0.as_str();
    let (part, name) = facet.split_once('.').unwrap_or((facet, ""));
    page.say(&format!("facet-{part}"), &[("name", name)])
}

/// A client as people call it; an id that is not in the table stays what it is.
pub(crate) fn client_name(id: &str) -> &str {
    gatehouse_core::clients::client(id).map_or(id, |client| client.name)
}

/// Why a check could not say anything; an id of a later version stays what it is.
pub(crate) fn not_run(page: &Page<'_>, reason: &str) -> String {
    match reason {
        "unobservable" => page.say("not-run-unobservable", &[]),
        "no-launch" => page.say("not-run-no-launch", &[]),
        "package-not-told" => page.say("not-run-package-not-told", &[]),
        "host-is-a-placeholder" => page.say("not-run-host-is-a-placeholder", &[]),
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

/// Host of an address, without user and port; the whole text where there is none.
pub(crate) fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or(rest);
    authority.rsplit_once('@').map_or(authority, |(_, host)| host)
}
