//! What happens, one line each.

use gatehouse_core::record::{Method, QuestionKind};
use gatehouse_core::request::{About, Notice};
use gatehouse_core::sentences::{client_name, stamp};

use super::chips::visible;
use super::{Page, kebab, phrases};

/// The line for a notice, without the time.
pub(crate) fn notice(page: &Page<'_>, notice: &Notice) -> String {
    let with = |id: &str, about: &About, more: &[(&str, &str)]| {
        let connector = connector(page, about);
        let mut args = vec![("connector", connector.as_str())];
        args.extend(more);
        page.say(id, &args)
    };
    match notice {
        Notice::Guarding { files } => page.say("watch-guarding", &[("count", &files.to_string())]),
        Notice::Held { connector, method, .. } => {
            let id = match method {
                Method::Switch => "watch-held-switch",
                Method::List => "watch-held-list",
                Method::Cut | Method::None => "watch-held",
            };
            with(id, connector, &[("file", &page.host.display(&connector.file))])
        }
        Notice::Asked { connector, kind, held, .. } => {
            let id = match kind {
                QuestionKind::New => "watch-asked-new",
                QuestionKind::Changed => "watch-asked-changed",
                QuestionKind::Artefact => "watch-asked-artefact",
            };
            let state = page.say(if *held { "watch-is-held" } else { "watch-is-not-held" }, &[]);
            let text = with(id, connector, &[("runs", &connector.runs), ("state", &state)]);
            match asked_by(page, notice) {
                Some(by) => format!("{text} {by}"),
                None => text,
            }
        }
        Notice::Settled { connector } => with("watch-settled", connector, &[]),
        Notice::Allowed { connector, why } => with("watch-allowed", connector, &[("why", &page.name("why", why))]),
        Notice::Released { connector, method, exactness } => {
            let exact = kebab(exactness) == "exact";
            let id = match method {
                Method::Switch => "watch-released-switch",
                Method::List => "watch-released-list",
                _ if exact => "watch-released-exact",
                _ => "watch-released-by-meaning",
            };
            with(id, connector, &[("file", &page.host.display(&connector.file))])
        }
        Notice::Decided { connector, answer, channel, client } => {
            let answer = page.say(&format!("answer-{answer}"), &[]);
            let mut by = page.name("channel", channel);
            if let Some(client) = client {
                by = page.say("log-by-client", &[("channel", &by), ("client", client_name(client))]);
            }
            with("watch-decided", connector, &[("answer", &answer), ("by", &by)])
        }
        Notice::FolderOffered { connector, folder } => {
            let folder = phrases::typed(&page.host.display(folder));
            with(
                "watch-folder-offered",
                connector,
                &[("file", &page.host.display(&connector.file)), ("folder", &folder)],
            )
        }
        Notice::ValuesChanged { connector, places } => {
            with("watch-values-changed", connector, &[("places", &places.join(", "))])
        }
        Notice::NotEdited { connector, trouble } => {
            let trouble = page.speech().trouble(trouble);
            with("watch-not-edited", connector, &[("file", &page.host.display(&connector.file)), ("trouble", &trouble)])
        }
        Notice::Contested { connector, times } => with(
            "watch-contested",
            connector,
            &[("client", client_name(&connector.client)), ("count", &times.to_string())],
        ),
        Notice::Unreadable { path, trouble } => {
            let trouble = page.speech().trouble(trouble);
            page.say("watch-unreadable", &[("path", &page.host.display(path)), ("trouble", &trouble)])
        }
        Notice::SettingOpened { path, finding, .. } => page.say(
            "watch-setting-opened",
            &[
                ("message", &page.speech().finding(finding)),
                ("file", &page.host.display(path)),
                ("line", &finding.primary.line.unwrap_or(1).to_string()),
            ],
        ),
        Notice::PolicyChanged { problems } => {
            let problems = problems.iter().map(|problem| page.speech().policy_problem(problem));
            std::iter::once(page.say("watch-policy-changed", &[])).chain(problems).collect::<Vec<_>>().join("\n")
        }
        Notice::ModeChanged { mode } => page.say("watch-mode", &[("mode", &page.name("mode", mode))]),
        Notice::Paused { until: Some(until) } => page.say("watch-paused", &[("until", &stamp(*until))]),
        Notice::Paused { until: None } => page.say("watch-pause-ended", &[]),
        Notice::LookedUp { packages, unknown, others } => {
            let of_packages = (*packages > 0).then(|| {
                page.say("watch-looked-up", &[("count", &packages.to_string()), ("unknown", &unknown.to_string())])
            });
            let of_others =
                (*others > 0).then(|| page.say("watch-looked-up-others", &[("count", &others.to_string())]));
            of_packages.into_iter().chain(of_others).collect::<Vec<_>>().join(" ")
        }
        Notice::Doubted { connector, findings } => {
            let findings = findings.iter().map(|finding| page.speech().finding(finding));
            let line = |text: String| with("watch-doubted", connector, &[("message", &text)]);
            findings.map(line).collect::<Vec<_>>().join("\n")
        }
        Notice::ShowDesk => page.say("watch-show-desk", &[]),
        Notice::Requested { what, client } => match client.as_deref().map(client_name) {
            Some(client) => page.say("watch-requested", &[("request", what), ("client", client)]),
            None => page.say("watch-requested-elsewhere", &[("request", what)]),
        },
        Notice::Ledger { state, detail } => {
            let what = match state.as_str() {
                "lost" => page.say("watch-ledger-lost", &[]),
                "locked" => page.say("watch-ledger-locked", &[]),
                "missing" => page.say("watch-ledger-missing", &[]),
                "unwritable" => page.say("watch-ledger-unwritable", &[]),
                "altered" => page.say("watch-ledger-altered", &[]),
                other => visible(other),
            };
            match detail.as_str() {
                "" => page.say("watch-ledger", &[("what", &what)]),
                detail => page.say("watch-ledger-detail", &[("what", &what), ("detail", detail)]),
            }
        }
    }
}

/// Below which client, or that in another terminal a question was asked for, and what was asked for.
pub(crate) fn asked_by(page: &Page<'_>, notice: &Notice) -> Option<String> {
    page.speech().asked_by(notice)
}

/// A connector in one line: its name, client and digits.
pub(crate) fn connector(page: &Page<'_>, about: &About) -> String {
    page.speech().connector(about)
}
