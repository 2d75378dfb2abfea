//! `look-ups token`, `look-ups no-token`: the user's token for the host of repositories.

use std::io::{self, IsTerminal as _, Read as _};

use gatehouse_core::engine;

use super::Outcome;
use crate::exit::Exit;
use crate::problem::Problem;
use crate::session::Session;

/// Real ones have some hundred bytes.
const MOST_BYTES: u64 = 8 * 1024;

/// Keeps what comes in on standard input. Never an argument: those are seen by every program, and kept by shells.
pub(crate) fn keep(session: &Session) -> Outcome {
    if io::stdin().is_terminal() {
        return Err(Problem::token_at_terminal(session));
    }
    let mut text = String::new();
    // What is no text is no token.
    let _ = io::stdin().lock().take(MOST_BYTES).read_to_string(&mut text);
    let of = engine::keep_token(&session.host, &text).map_err(|trouble| Problem::of_token(trouble, session))?;
    session.print(&session.say("look-ups-token-kept", &[("host", &of)]));
    Ok(Exit::Done)
}

pub(crate) fn forget(session: &Session) -> Outcome {
    let was_there = engine::forget_token(&session.host).map_err(|trouble| Problem::of_token(trouble, session))?;
    let message = if was_there { "look-ups-token-forgotten" } else { "look-ups-token-none" };
    session.print(&session.say(message, &[]));
    Ok(Exit::Done)
}
