//! `policy`: the rules in force with their origins, and a look at a file before it is put in place.

use std::path::Path;

use gatehouse_core::engine;
use gatehouse_core::policy::effective::{Effective, Layers, Origin, Own, cli_approvals_word, look_ups_word, mode_word};
use gatehouse_core::policy::layer::{Layer, Problem, Source};
use gatehouse_core::policy::{Addresses, LookUpKind, LookUps, Matcher};
use serde_json::{Value, json};

use super::Outcome;
use crate::exit::Exit;
use crate::problem::Problem as Failure;
use crate::session::Session;

/// One value as it is shown.
struct Shown {
    key: &'static str,
    value: Value,
    origin: Origin,
}

pub(crate) fn show(session: &Session, as_json: bool) -> Exit {
    let (layers, own) = engine::settings(&session.host);
    let values = values(&layers, own);
    if as_json {
        let values: Vec<_> = values.iter().map(|shown| row(session, shown)).collect();
        session.print_json(&json!({"values": values, "problems": problems(session, layers.problems())}));
        return Exit::Done;
    }
    let organization = layers.managed().organization;
    let mut lines: Vec<_> = values
        .iter()
        .map(|shown| {
            let text = shown.value.as_str().map_or_else(|| shown.value.to_string(), str::to_owned);
            let value = session.say("policy-value", &[("key", shown.key), ("value", &text)]);
            format!("{value} ({})", origin(session, &shown.origin, organization.as_deref()))
        })
        .collect();
    if layers.0.is_empty() {
        lines.push(session.say("policy-none", &[]));
    }
    lines.extend(told(session, layers.problems()));
    session.print(&lines.join("\n"));
    Exit::Done
}

/// Reads a file as the organisation's would be, wherever it lies; a file with anything wrong in it is a failure.
pub(crate) fn check(session: &Session, file: &Path, as_json: bool) -> Outcome {
    let text = std::fs::read(file).map_err(|error| Failure::of_file(file, &error, session))?;
    let layer = Layer::parse(Source::Organisation(file.to_owned()), text);
    let is_good = layer.problems.is_empty();
    if as_json {
        session.print_json(&json!({"problems": problems(session, layer.problems.iter())}));
    } else if is_good {
        session.print(&session.say("policy-good", &[("path", &session.path(file))]));
    } else {
        session.print(&told(session, layer.problems.iter()).join("\n"));
    }
    Ok(if is_good { Exit::Done } else { Exit::Failure })
}

fn values(layers: &Layers, own: Own) -> Vec<Shown> {
    let (mode, cli_approvals) = (layers.mode(own), layers.cli_approvals(own));
    let mut out = Vec::new();
    let matchers = |key: &'static str, list: Vec<Effective<Matcher>>| {
        list.into_iter().map(move |one| Shown { key, value: json!(one.value), origin: one.origin })
    };
    out.extend(matchers("allowedMcpServers", layers.allowed()));
    let value = cli_approvals_word(cli_approvals.value).into();
    out.push(Shown { key: "cliApprovals", value, origin: cli_approvals.origin });
    let cooldown = layers.cooldown();
    out.push(Shown { key: "cooldownDays", value: cooldown.value.into(), origin: cooldown.origin });
    out.extend(matchers("deniedMcpServers", layers.denied()));
    let look_ups = layers.look_ups(own);
    out.push(Shown { key: "lookUps", value: look_ups_word(look_ups.value).into(), origin: look_ups.origin });
    out.push(Shown { key: "mode", value: mode_word(mode.value).into(), origin: mode.origin });
    let named = layers.0.iter().find_map(|layer| Some((layer.organization.clone()?, layer.source.clone())));
    out.extend(named.map(|(name, source)| Shown {
        key: "organizationName",
        value: name.into(),
        origin: Origin::File(source),
    }));
    type Of = fn(&Addresses) -> Option<&String>;
    let addresses: [(&str, Of); 9] = [
        ("advisoryService", |it| it.advisories.as_ref()),
        ("connectorRegistry", |it| it.listings.as_ref()),
        ("imageRegistry", |it| it.images.as_ref()),
        ("nameService", |it| it.names.as_ref()),
        ("npmRegistry", |it| it.npm.as_ref()),
        ("opinionService", |it| it.opinions.as_ref()),
        ("pythonIndex", |it| it.python.as_ref()),
        ("registrationService", |it| it.registrations.as_ref()),
        ("repositoryService", |it| it.repositories.as_ref()),
    ];
    let named = addresses.iter().filter_map(|(key, of)| Some((*key, layers.address(*of)?)));
    out.extend(named.map(|(key, one)| Shown { key, value: one.value.into(), origin: one.origin }));
    out.extend(LookUpKind::ALL.iter().map(|kind| {
        let one = layers.asks_about(*kind);
        let setting = if one.value { LookUps::On } else { LookUps::Off };
        Shown { key: kind.key(), value: look_ups_word(setting).into(), origin: one.origin }
    }));
    out.sort_by_key(|one| one.key);
    out
}

fn row(session: &Session, shown: &Shown) -> Value {
    let (by, path) = match &shown.origin {
        Origin::Default => ("default", None),
        Origin::Decided => ("decided", None),
        Origin::File(source @ Source::Organisation(_)) => ("organisation", Some(session.path(source.path()))),
        Origin::File(source @ Source::User(_)) => ("user", Some(session.path(source.path()))),
    };
    json!({"key": shown.key, "value": shown.value, "origin": by, "path": path})
}

fn origin(session: &Session, origin: &Origin, organization: Option<&str>) -> String {
    match origin {
        Origin::Default => session.say("policy-from-default", &[]),
        Origin::Decided => session.say("policy-from-decided", &[]),
        Origin::File(Source::Organisation(path)) => match organization {
            Some(name) => session.say("policy-from-named", &[("name", name), ("path", &session.path(path))]),
            None => session.say("policy-from-organisation", &[("path", &session.path(path))]),
        },
        Origin::File(Source::User(path)) => session.say("policy-from-user", &[("path", &session.path(path))]),
    }
}

fn told<'a>(session: &Session, problems: impl Iterator<Item = &'a Problem>) -> Vec<String> {
    let page = session.page();
    let mut lines: Vec<_> = problems.map(|problem| page.speech().policy_problem(problem)).collect();
    if !lines.is_empty() {
        lines.insert(0, session.say("policy-problems", &[]));
    }
    lines
}

fn problems<'a>(session: &Session, problems: impl Iterator<Item = &'a Problem>) -> Vec<Value> {
    let page = session.page();
    let row = |problem: &Problem| {
        let path = session.path(problem.source.path());
        json!({"path": path, "line": problem.line, "message": page.speech().policy_problem(problem)})
    };
    problems.map(row).collect()
}
