//! A secret that stands in the entry itself, readable for every program of the user's.

use url::Url;

use crate::clients;
use crate::connector::{MASK, looks_secret, mask_argument, mask_arguments};
use crate::document::Route;
use crate::finding::{Code, Confidence, Finding, Severity};

use super::address::is_placeholder;
use super::{Outcome, Subject};

/// Forms of keys, one a line: how it begins, how long it is at least, whose it is.
const FORMS: &str = include_str!("../../data/secret_forms.txt");

/// Medium where its form says whose key it is, low where only the name says that it is one. Never with a part of its value.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let launch = &subject.connector.launch;
    let mut findings = Vec::new();
    for (name, value) in &launch.env {
        findings.extend(found(subject, name, &value.0, &launch.places.env.key(name), false));
    }
    let headers = launch.places.headers.first().unwrap_or(&launch.places.entry);
    for (name, value) in &launch.headers {
        findings.extend(found(subject, name, &value.0, &headers.key(name), false));
    }
    // An address is told of by `credentials-in-url`.
    let masked = mask_arguments(launch.command.as_deref(), &launch.args);
    let words = launch.args.iter().zip(&launch.places.args).enumerate();
    for (at, (word, route)) in words.filter(|(_, (word, _))| !word.contains("://")) {
        let before = at.checked_sub(1).and_then(|at| launch.args.get(at)).map(String::as_str);
        if masked[at] == *word || !masked[at].contains(MASK) {
            continue;
        }
        // By what the program means with the flag, or as `user:password`, it is one whatever it looks like.
        let is_sure = mask_argument(before, word) == *word || masked[at].ends_with(&format!(":{MASK}"));
        let (name, value) = named_value(before, word);
        findings.extend(found(subject, name, value, route, is_sure));
    }
    Outcome::of(findings)
}

/// An argument taken apart: `--name=value`, `Name: value`, a value behind `--name`, or a value that has no name.
///
/// Only a flag, a variable or a header has a name that may be told; whatever else stands there may be the secret itself.
fn named_value<'a>(before: Option<&'a str>, word: &'a str) -> (&'a str, &'a str) {
    for mark in ["=", ": "] {
        match word.split_once(mark) {
            Some((name, value)) if is_name(name) => return (name.trim_start_matches('-'), value),
            Some((flag, value)) if flag.starts_with('-') => return ("", value),
            _ => {}
        }
    }
    let flag = before.filter(|it| it.starts_with('-') && is_name(it) && looks_secret(it, "x"));
    (flag.unwrap_or_default().trim_start_matches('-'), word)
}

/// Letters, as in `--api-key` and `API_KEY`, and no key itself.
fn is_name(word: &str) -> bool {
    let is_plain = word.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b'-' | b'_'));
    let has_letter = word.bytes().any(|b| b.is_ascii_alphabetic());
    is_plain && has_letter && word.len() <= 40 && !looks_secret("", word) && issuer(word).is_none()
}

fn found(subject: &Subject<'_>, name: &str, value: &str, route: &Route, is_sure: bool) -> Option<Finding> {
    let scheme = ["Bearer ", "Basic ", "token "].into_iter().find(|word| value.starts_with(word)).unwrap_or_default();
    let bare = value[scheme.len()..].trim();
    let issuer = issuer(bare);
    let has_password = has_password(bare);
    let is_sure = is_sure || has_password;
    let is_secret = is_sure || issuer.is_some() || bare.chars().count() >= 8 && looks_secret(name, value);
    // A word of an example, a path or a switch stands under many a name that speaks of keys.
    let is_other = is_placeholder(bare) || bare.starts_with(['/', '~', '.']) || bare.contains("://") && !has_password;
    if !is_secret || is_other {
        return None;
    }
    let reference = clients::reference(&subject.connector.client, name).filter(|_| !name.is_empty());
    let reference = reference.map(|reference| format!("{scheme}{reference}"));
    let reference = reference.as_deref().unwrap_or("none");
    let name = if name.is_empty() { "none" } else { name };
    let severity = if issuer.is_some() || is_sure { Severity::Medium } else { Severity::Low };
    let args = [("name", name), ("issuer", issuer.unwrap_or("none")), ("reference", reference)];
    let confidence = if issuer.is_some() || is_sure { Confidence::High } else { Confidence::Medium };
    Some(Finding { confidence, ..subject.finding(Code::PlaintextSecret, severity, route, &args) })
}

/// `postgres://user:password@host/`; one that is the user's name is that of an example.
fn has_password(value: &str) -> bool {
    let Ok(url) = Url::parse(value) else { return false };
    // A brace comes encoded.
    let is_told = |it: &str| !it.is_empty() && it != url.username() && !it.contains("%7B") && !is_placeholder(it);
    url.password().is_some_and(is_told)
}

/// Whose key it is, by its form.
fn issuer(value: &str) -> Option<&'static str> {
    let is_key = value.bytes().all(|b| b.is_ascii_graphic());
    let rows = FORMS.lines().filter(|line| !line.starts_with('#'));
    let mut forms = rows.filter_map(|line| {
        let mut cells = line.splitn(3, ' ');
        Some((cells.next()?, cells.next()?.parse::<usize>().ok()?, cells.next()?))
    });
    forms.find(|(start, least, _)| is_key && value.len() >= *least && value.starts_with(start)).map(|it| it.2)
}
