//! The card of one question, and the full account of one connector. What happened comes first, then why it matters.

use std::collections::BTreeMap;
use std::iter::once;

use gatehouse_core::age_limit::{AgeLimit, COOLDOWN_DAYS, Standing};
use gatehouse_core::connector::Transport;
use gatehouse_core::record::QuestionKind;
use gatehouse_core::report::{ArtefactStateRow, HoldState, QuestionRow, Row, TrustRow};
use gatehouse_core::sentences::client_name;

use super::chips::visible;
use super::inventory::mark;
use super::table::{Field, Tone, rows};
use super::{Page, kebab, phrases};

/// The card of a question that waits, or of a connector that nobody reviewed.
pub(crate) fn card(page: &Page<'_>, row: &Row) -> String {
    let mut parts = vec![heading(page, row)];
    if let Some(question) = row.question.as_ref().filter(|q| !q.changes.is_empty()) {
        parts.push(changed(page, question));
    }
    let mut more = if_held(page, row);
    more.extend(code_changed(page, row));
    more.extend(previous(page, row));
    more.extend(folder_offer(page, row));
    parts.push(body(page, row, more));
    parts.join("\n\n")
}

/// Old and new of every part that changed, each on lines of their own: a long value breaks, and stays under its word.
fn changed(page: &Page<'_>, question: &QuestionRow) -> String {
    let nothing = || page.say("card-nothing", &[]);
    let mut lines: Vec<Vec<Field>> = Vec::new();
    for change in &question.changes {
        let facet = page.speech().facet(change);
        let old = change.old.as_deref().map_or_else(nothing, visible);
        let new = change.new.as_deref().map_or_else(nothing, visible);
        lines.push(vec![facet.into(), Field(page.say("card-was", &[]), Tone::Dim), old.into()]);
        lines.push(vec![String::new().into(), Field(page.say("card-now", &[]), Tone::Look), new.into()]);
    }
    let widest = |index: usize, cap: usize| lines.iter().map(|l| l[index].0.chars().count()).max().map(|w| w.min(cap));
    let fixed = [widest(0, 30), widest(1, 10), None];
    rows(page, &[], lines, &fixed)
}

/// Everything about one connector, for `show`.
pub(crate) fn account(page: &Page<'_>, row: &Row) -> String {
    let (status, _) = phrases::status(page, row.status);
    let head = format!("{}\n{status}. {}", super::inventory::name(page, row), page.name("why", &row.why));
    let mut more = Vec::new();
    if let Some(question) = &row.question {
        let since = phrases::ago(page, &question.since);
        more.push(("card-question", page.say("card-question-since", &[("since", &since)])));
    }
    if row.hold.is_some() {
        more.extend(if_held(page, row));
    }
    more.extend(code_changed(page, row));
    more.extend(previous(page, row));
    more.extend(folder_offer(page, row));
    if let Some(approval) = &row.approval {
        let by = page.name("channel", &approval.by);
        let at = phrases::ago(page, &approval.at);
        let kind = page.say(&format!("approval-{}", approval.kind), &[]);
        let reach = page.say(&format!("approval-{}", approval.reach), &[]);
        let args = [("kind", kind.as_str()), ("reach", &reach), ("by", &by), ("at", &at)];
        let mut approved = page.say("card-approved", &args);
        if approval.unverified {
            approved = format!("{approved}\n{}", page.say("card-unverified", &[]));
        }
        more.push(("card-approval", approved));
    }
    if let Some(integrity) = &row.artefact.integrity {
        more.push(("card-integrity", visible(integrity)));
    }
    more.push(("card-fingerprint", visible(&row.fingerprint)));
    format!("{head}\n\n{}", body(page, row, more))
}

/// What tells more of new code under an unchanged launch.
fn code_changed(page: &Page<'_>, row: &Row) -> Option<(&'static str, String)> {
    let is_code = row.question.as_ref().is_some_and(|question| question.kind == QuestionKind::Artefact);
    is_code.then(|| ("card-code", page.say("card-code-diff", &[("id", &row.id)])))
}

fn heading(page: &Page<'_>, row: &Row) -> String {
    let about = [("name", row.name.as_str()), ("client", client_name(&row.client))];
    let kind = row.question.as_ref().map(|question| kebab(&question.kind));
    let what = match kind.as_deref() {
        Some("changed") => page.say("card-changed", &about),
        Some("artefact") => page.say("card-artefact", &about),
        Some(_) => page.say("card-new", &about),
        None => page.say("card-unreviewed", &about),
    };
    let state = match &row.hold {
        Some(hold) => {
            let since = hold.since.as_deref().map(|since| phrases::ago(page, since)).unwrap_or_default();
            let state = page.say(&format!("hold-{}", kebab(&hold.state)), &[("client", client_name(&row.client))]);
            format!("■ {state} {since}").trim_end().to_owned()
        }
        None => {
            let (status, _) = phrases::status(page, row.status);
            format!("{status}. {}", page.name("why", &row.why))
        }
    };
    format!("{what}\n{state}")
}

/// The rows that card and account share: where, what it is able to do, what runs, provenance, findings.
fn body(page: &Page<'_>, row: &Row, more: Vec<(&'static str, String)>) -> String {
    let own = ["card-where", "card-can", "card-runs", "card-provenance", "card-findings"];
    let label = |id: &str| page.say(id, &[]);
    let ids = own.into_iter().chain(more.iter().map(|(id, _)| *id));
    let width = ids.map(|id| label(id).chars().count()).max();
    let rest = page.width.saturating_sub(width.unwrap_or(0) + 2);
    let texts =
        [place(page, row), abilities(page, row), phrases::runs(row), provenance(page, row), findings(page, row, rest)];
    let lines: Vec<_> = own.into_iter().zip(texts).chain(more).collect();
    let lines = lines.iter().map(|(id, text)| vec![Field(label(id), Tone::Dim), text.clone().into()]);
    rows(page, &[], lines.collect(), &[width, None])
}

fn place(page: &Page<'_>, row: &Row) -> String {
    let scope = page.name("scope", &row.scope);
    let line = row.line.map(|line| page.say("card-line", &[("line", &line.to_string())])).unwrap_or_default();
    let mut out = format!(
        "{}, {scope}\n{}{line}\n{}",
        visible(client_name(&row.client)),
        visible(&row.path),
        visible(&row.route)
    );
    if let Some(project) = &row.project {
        out = format!("{out}\n{}", page.say("card-project", &[("project", project)]));
    }
    for other in &row.namesakes {
        out = format!("{out}\n{}", phrases::namesake(page, row, other));
    }
    if !row.readers.is_empty() {
        out = format!("{out}\n{}", page.say("card-readers", &[("readers", &row.readers.join(", "))]));
    }
    out
}

fn abilities(page: &Page<'_>, row: &Row) -> String {
    let ecosystem = kebab(&row.launch.ecosystem);
    let remote = row.url.as_deref().or(row.launch.target.as_deref().filter(|target| target.contains("://")));
    let can = match (row.transport, ecosystem.as_str()) {
        (Transport::Builtin, _) => page.say("can-be-builtin", &[("client", client_name(&row.client))]),
        (Transport::None, _) => page.say("can-nothing", &[]),
        (Transport::Http | Transport::Sse | Transport::Ws, _) | (_, "remote") => {
            page.say("can-call-remote", &[("host", remote.map_or("?", phrases::host_of))])
        }
        (Transport::Stdio, "oci") => page.say("can-run-image", &[]),
        (Transport::Stdio, "local" | "builtin") => page.say("can-run-local", &[]),
        (Transport::Stdio, "unknown" | "none") => page.say("can-run-unknown", &[]),
        (Transport::Stdio, package) => page.say("can-run-package", &[("ecosystem", package)]),
    };
    let given = match (row.env.is_empty(), row.headers.is_empty()) {
        (false, _) => page.say("can-given-env", &[("names", &row.env.join(", "))]),
        (true, false) => page.say("can-given-headers", &[("names", &row.headers.join(", "))]),
        (true, true) => page.say("can-given-nothing", &[]),
    };
    if matches!(row.transport, Transport::Builtin | Transport::None) { can } else { format!("{can}\n{given}") }
}

fn provenance(page: &Page<'_>, row: &Row) -> String {
    let mut artefact = format!("{}\n{}", vouchers(page, &row.trust), phrases::artefact(page, &row.artefact));
    if let Some(publication) = &row.publication {
        artefact = format!("{artefact}\n{}", phrases::publication(page, publication));
    }
    if let Some(limit) = &row.age_limit {
        artefact = format!("{artefact}\n{}", age_limit(page, limit));
    }
    let subject = row.launch.purl.as_deref().or(row.launch.package.as_deref()).or(row.launch.target.as_deref());
    match subject {
        Some(subject) if row.artefact.state != ArtefactStateRow::Unobservable => {
            format!("{}\n{artefact}", visible(subject))
        }
        _ => artefact,
    }
}

/// Who vouches for it, and who says so.
fn vouchers(page: &Page<'_>, trust: &TrustRow) -> String {
    let reasons = trust.reasons.iter().map(|reason| {
        let text = visible(&reason.text);
        match &reason.source {
            Some(source) => format!("{text} ({}, {})", visible(source), phrases::ago_of(page, reason.at.as_deref())),
            None => text,
        }
    });
    let word = format!(
        "{} {}",
        phrases::trust_mark(trust.word),
        page.say(&format!("trust-{}-means", kebab(&trust.word)), &[])
    );
    let statements = trust.statements.iter().filter(|one| !one.told).map(|one| {
        let mark = if one.known { "·" } else { "?" };
        match &one.source {
            Some(source) => {
                let at = phrases::ago_of(page, one.at.as_deref());
                format!("{mark} {} ({}, {at})", visible(&one.text), visible(source))
            }
            None => format!("{mark} {}", visible(&one.text)),
        }
    });
    once(word).chain(reasons).chain(statements).collect::<Vec<_>>().join("\n")
}

/// What the package manager is told about the age of versions, and how it can be told.
fn age_limit(page: &Page<'_>, limit: &AgeLimit) -> String {
    let text = page.speech().age_limit(limit);
    if limit.standing == Standing::Enough || !limit.can_be_set {
        return text;
    }
    let args = [("tool", limit.tool.name()), ("days", &COOLDOWN_DAYS.to_string())];
    format!("{text} {}", page.say("age-limit-offer", &args))
}

/// `width`: columns for the text.
fn findings(page: &Page<'_>, row: &Row, width: usize) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut sorted: Vec<_> = row.findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    for finding in sorted {
        let severity = page.name("severity", &finding.severity);
        let place = finding.line.map(|line| page.say("card-line", &[("line", &line.to_string())])).unwrap_or_default();
        let (message, help) = (visible(&finding.message), visible(&finding.help));
        let at = format!("{}{place} · {}", visible(&finding.route), kebab(&finding.code));
        let more = super::table::hanging(&format!("{help}\n{at}"), 2, width);
        out.push(format!("{} {severity}: {message}\n{more}", mark(finding.severity)));
    }
    let passed = row.checks.passed.len();
    if passed > 0 {
        out.push(page.say("card-passed", &[("count", &passed.to_string())]));
    }
    let mut lacking: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for missing in &row.checks.not_run {
        lacking.entry(&missing.reason).or_default().push(kebab(&missing.code));
    }
    for (reason, codes) in lacking {
        let args = [("code", &*codes.join(", ")), ("reason", &phrases::not_run(page, reason))];
        out.push(page.say("card-not-run", &args));
    }
    if out.is_empty() {
        out.push(page.say("card-no-check", &[]));
    }
    out.join("\n")
}

/// The held launch whose place this one has taken, and how it comes back.
fn previous(page: &Page<'_>, row: &Row) -> Option<(&'static str, String)> {
    let previous = row.previous.as_ref()?;
    let since = page.say("card-previous-since", &[("since", &phrases::ago(page, &previous.since))]);
    let back = if previous.approved { "card-previous-approved" } else { "card-previous-kept" };
    let back = page.say(back, &[("id", &row.id)]);
    Some(("card-previous", format!("{}\n{since} {back}", visible(&previous.runs))))
}

/// That git tracks the file, and how to be asked only in its project.
fn folder_offer(page: &Page<'_>, row: &Row) -> Option<(&'static str, String)> {
    let folder = phrases::typed(row.folder_offer.as_deref()?);
    let file = row.path.rsplit('/').next().unwrap_or(&row.path);
    Some(("card-under-git", page.say("card-folder-offer", &[("file", file), ("folder", &folder)])))
}

/// What happens while it stays held, and when that takes effect.
fn if_held(page: &Page<'_>, row: &Row) -> Vec<(&'static str, String)> {
    let about = [("client", client_name(&row.client)), ("name", row.name.as_str())];
    let Some(hold) = &row.hold else {
        return vec![("card-if-held", page.say("card-not-held", &about))];
    };
    let effect = page.say(&format!("takes-effect-{}", kebab(&hold.takes_effect)), &about[..1]);
    let method = page.name("method", &hold.method);
    let mut lines = match hold.state {
        HoldState::Refused => vec![method],
        HoldState::InForce | HoldState::Pending | HoldState::Contested => {
            vec![page.say("card-without", &about), method, effect]
        }
    };
    if let Some(reason) = &hold.reason {
        lines.push(visible(reason));
    }
    vec![("card-if-held", lines.join("\n"))]
}
