//! The verbs that set something: `mode`, `cli-approvals`, `pause`, `folder`.

use std::path::{Component, Path};

use gatehouse_core::engine::{self, Scope};
use gatehouse_core::policy::{CliApprovals, FolderRule, LookUps, Mode};
use gatehouse_core::request::Request;

use super::{Outcome, act, survey, token};
use crate::args::{CliApprovalsWish, FolderWish, LookUpsWish, ModeWish, Pause};
use crate::exit::Exit;
use crate::render::kebab;
use crate::session::Session;

/// Sets the mode, or says which one it is.
pub(crate) fn mode(session: &Session, wish: Option<ModeWish>) -> Outcome {
    let mode = match wish {
        Some(ModeWish::Monitor) => Mode::Monitor,
        Some(ModeWish::Ask) => Mode::Ask,
        None => {
            let mode = survey(session, &Scope::default())?.inventory.mode;
            session.print(&said(session, mode));
            return Ok(Exit::Done);
        }
    };
    act(session, &Request::SetMode { mode }, |_| Some(said(session, mode)))
}

fn said(session: &Session, mode: Mode) -> String {
    let meaning = session.say(&format!("mode-{}-means", kebab(&mode)), &[]);
    format!("{}: {meaning}", session.page().name("mode", &mode))
}

/// Sets who may approve from a terminal, or says it.
pub(crate) fn cli_approvals(session: &Session, wish: Option<CliApprovalsWish>) -> Outcome {
    let said = |setting: CliApprovals| {
        let word = kebab(&setting);
        format!("{word}: {}", session.say(&format!("cli-approvals-{word}-means"), &[]))
    };
    let setting = match wish {
        Some(CliApprovalsWish::Allow) => CliApprovals::Allow,
        Some(CliApprovalsWish::Desk) => CliApprovals::Desk,
        Some(CliApprovalsWish::Never) => CliApprovals::Never,
        None => {
            let (layers, own) = engine::settings(&session.host);
            session.print(&said(layers.cli_approvals(own).value));
            return Ok(Exit::Done);
        }
    };
    act(session, &Request::SetCliApprovals { setting }, |_| Some(said(setting)))
}

/// Switches look-ups, has registries asked now, or says whether they are asked.
pub(crate) fn look_ups(session: &Session, wish: Option<LookUpsWish>) -> Outcome {
    let said = |setting: LookUps| {
        let word = kebab(&setting);
        session.say(&format!("look-ups-{word}-means"), &[])
    };
    match wish {
        Some(LookUpsWish::Token) => token::keep(session),
        Some(LookUpsWish::NoToken) => token::forget(session),
        Some(LookUpsWish::Now) => act(session, &Request::LookUp, |_| Some(session.say("look-ups-asked", &[]))),
        Some(LookUpsWish::On) => {
            let setting = LookUps::On;
            act(session, &Request::SetLookUps { setting }, |_| {
                // Somebody stricter may keep them off.
                let (layers, own) = engine::settings(&session.host);
                let kept_off = layers.look_ups(own).value == LookUps::Off;
                Some(if kept_off { session.say("look-ups-kept-off", &[]) } else { said(setting) })
            })
        }
        Some(LookUpsWish::Off) => {
            let setting = LookUps::Off;
            act(session, &Request::SetLookUps { setting }, |_| Some(said(setting)))
        }
        None => {
            let (layers, own) = engine::settings(&session.host);
            session.print(&said(layers.look_ups(own).value));
            if let Some(host) = engine::token_host(&session.host) {
                session.print(&session.say("look-ups-token-there", &[("host", &host)]));
            }
            Ok(Exit::Done)
        }
    }
}

pub(crate) fn pause(session: &Session, pause: Pause) -> Outcome {
    let for_ = match pause {
        Pause::Off => None,
        Pause::For(duration) => Some(duration),
    };
    let until = for_.and_then(|duration| session.host.now().checked_add(duration).ok());
    act(session, &Request::Pause { for_ }, |_| {
        Some(match until {
            Some(until) => session.say("done-pause", &[("until", &gatehouse_core::sentences::stamp(until))]),
            None => session.say("done-pause-off", &[]),
        })
    })
}

pub(crate) fn folder(session: &Session, path: &Path, wish: FolderWish, put_back: bool) -> Outcome {
    let rule = match wish {
        FolderWish::Ask => FolderRule::Ask,
        FolderWish::Notify => FolderRule::Notify,
        FolderWish::Ignore => FolderRule::Ignore,
        FolderWish::Developing => FolderRule::Developing,
    };
    // A rule is kept for the folder, not for the place that it was typed in.
    let mut folder = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    // Rules are compared by their text; where `..` leads to, a link may have a say in.
    if folder.components().any(|part| part == Component::ParentDir) {
        folder = folder.canonicalize().unwrap_or(folder);
    }
    let shown = session.path(&folder);
    let meaning = session.say(&format!("folder-{}", kebab(&rule)), &[]);
    act(session, &Request::SetFolder { folder, rule, put_back }, |_| Some(format!("{shown}: {meaning}")))
}
