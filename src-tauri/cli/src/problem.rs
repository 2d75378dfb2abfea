//! Errors as they are told: one shape, a code for programs and whole sentences for people.

use std::path::Path;

use gatehouse_core::engine::{ActError, StartError, SurveyError, TokenTrouble};
use gatehouse_core::ledger::NotKept;
use gatehouse_core::request::{CannotCompare, FileTrouble, Refusal};
use serde_json::json;

use crate::exit::Exit;
use crate::render::syntax;
use crate::session::Session;

/// Something that was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Kebab-case, stable.
    pub(crate) code: String,
    /// What happened, to what, what was not touched and what to do.
    pub(crate) message: String,
    pub(crate) path: Option<String>,
}

impl Problem {
    fn new(code: &str, message: String, path: Option<&Path>, session: &Session) -> Self {
        Self { code: code.to_owned(), message, path: path.map(|path| session.host.display(path)) }
    }

    /// Tells it, as JSON on stdout or in words on stderr.
    pub(crate) fn tell(&self, session: &Session, as_json: bool) -> Exit {
        if as_json {
            let Self { code, message, path } = self;
            session.print_json(&json!({"error": {"code": code, "message": message, "path": path}}));
        } else {
            session.note_text(&self.message);
        }
        Exit::Failure
    }

    /// A file that was named and cannot be read.
    pub(crate) fn of_file(path: &Path, error: &std::io::Error, session: &Session) -> Self {
        let trouble = match error.kind() {
            std::io::ErrorKind::NotFound => FileTrouble::Absent,
            std::io::ErrorKind::PermissionDenied => FileTrouble::Denied,
            _ => FileTrouble::Io { detail: error.to_string() },
        };
        Self::of_survey(&SurveyError::Unreadable { path: path.to_owned(), trouble }, session)
    }

    /// A token would be shown while it is typed.
    pub(crate) fn token_at_terminal(session: &Session) -> Self {
        Self::new("token-at-terminal", session.say("problem-token-at-terminal", &[]), None, session)
    }

    pub(crate) fn of_token(trouble: TokenTrouble, session: &Session) -> Self {
        let (code, message) = match trouble {
            TokenTrouble::NoToken => ("no-token", "problem-no-token"),
            TokenTrouble::NoHost => ("no-repository-host", "problem-no-repository-host"),
            TokenTrouble::NotKept(NotKept::NoStore) => ("no-secret-store", "problem-no-secret-store"),
            TokenTrouble::NotKept(NotKept::Closed) => ("secret-store-closed", "problem-secret-store-closed"),
        };
        Self::new(code, session.say(message, &[]), None, session)
    }

    pub(crate) fn of_survey(error: &SurveyError, session: &Session) -> Self {
        match error {
            SurveyError::UnknownClient { path } => {
                let shown = session.path(path);
                let message = session.say("problem-unknown-client", &[("path", &shown)]);
                Self::new("unknown-client", message, Some(path), session)
            }
            SurveyError::Unreadable { path, trouble } => {
                let trouble = session.page().speech().trouble(trouble);
                let args = [("path", &*session.path(path)), ("trouble", trouble.as_str())];
                Self::new("unreadable", session.say("watch-unreadable", &args), Some(path), session)
            }
            SurveyError::Unparsable(file) => {
                let page = crate::render::Page { colour: session.stderr.colour, ..session.page() };
                let message = syntax::unparsable(&page, file, session.stderr.is_terminal);
                Self::new("unparsable", message, Some(&file.path), session)
            }
            SurveyError::NoSuchClient { client } => {
                let message = session.say("problem-no-such-client", &[("client", client)]);
                Self::new("no-such-client", message, None, session)
            }
            SurveyError::Ledger { detail } => {
                let message = session.say("problem-ledger", &[("detail", detail)]);
                Self::new("ledger", message, None, session)
            }
        }
    }

    pub(crate) fn of_comparison(error: &CannotCompare, session: &Session) -> Self {
        let code = match error {
            CannotCompare::PresentUnknown { .. } => "present-unknown",
            other => other.message().trim_start_matches("diff-"),
        };
        Self::new(code, session.page().speech().cannot_compare(error), None, session)
    }

    pub(crate) fn of_act(error: &ActError, session: &Session) -> Self {
        match error {
            ActError::NoAnswer { pid: Some(pid) } => {
                let message = session.say("problem-no-answer-pid", &[("pid", &pid.to_string())]);
                Self::new("no-answer", message, None, session)
            }
            ActError::NoAnswer { pid: None } => {
                Self::new("no-answer", session.say("problem-no-answer", &[]), None, session)
            }
            ActError::Gone => Self::new("guard-gone", session.say("problem-guard-gone", &[]), None, session),
            ActError::Protocol { theirs, ours } => {
                let args = [("theirs", &*theirs.to_string()), ("ours", &*ours.to_string())];
                Self::new("protocol", session.say("problem-protocol", &args), None, session)
            }
            ActError::Start(error) => Self::of_start(error, session),
        }
    }

    pub(crate) fn of_start(error: &StartError, session: &Session) -> Self {
        match error {
            StartError::Busy { pid: Some(pid), kind } => {
                let args = [("pid", &*pid.to_string()), ("kind", kind.as_deref().unwrap_or("?"))];
                Self::new("busy", session.say("problem-busy-pid", &args), None, session)
            }
            StartError::Busy { pid: None, .. } => Self::new("busy", session.say("problem-busy", &[]), None, session),
            StartError::DataFolder { path, detail } => {
                let args = [("path", &*session.path(path)), ("detail", detail)];
                Self::new("data-folder", session.say("problem-data-folder", &args), Some(path), session)
            }
            StartError::Ledger { detail } => {
                Self::new("ledger", session.say("problem-ledger", &[("detail", detail)]), None, session)
            }
            StartError::NewerLedger => {
                Self::new("newer-ledger", session.say("problem-newer-ledger", &[]), None, session)
            }
            StartError::Watcher { detail } => {
                Self::new("watcher", session.say("problem-watcher", &[("detail", detail)]), None, session)
            }
        }
    }

    pub(crate) fn of_refusal(refusal: &Refusal, session: &Session) -> Self {
        let path = if let Refusal::File { path, .. } = refusal { Some(path.as_path()) } else { None };
        let (code, message) = session.page().speech().refusal(refusal);
        Self::new(code.trim_start_matches("refusal-"), message, path, session)
    }

    pub(crate) fn no_code(name: &str, session: &Session) -> Self {
        Self::new("no-such-code", session.say("problem-no-such-code", &[("name", name)]), None, session)
    }

    pub(crate) fn guard_ended(session: &Session) -> Self {
        Self::new("guard-ended", session.say("problem-guard-ended", &[]), None, session)
    }

    pub(crate) fn no_signals(detail: &str, session: &Session) -> Self {
        Self::new("signals", session.say("problem-signals", &[("detail", detail)]), None, session)
    }
}
