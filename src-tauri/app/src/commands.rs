//! What the window may ask for. Each is an adapter of a few lines; ids and fingerprints go in, never paths.

use gatehouse_core::age_limit::{COOLDOWN_DAYS, Tool};
use gatehouse_core::policy::{LookUps, Mode};
use gatehouse_core::report::Comparison;
use gatehouse_core::request::{Request, Selector, Wish};
use jiff::SignedDuration;
use tauri::{State, WebviewWindow};

use crate::desk;
use crate::dto::{Desk, HistoryRow, Outcome, Refused, Shown};
use crate::station::Station;

#[tauri::command(async)]
pub(crate) fn desk(station: State<'_, Station>) -> Result<Desk, Refused> {
    desk::desk(&station)
}

#[tauri::command(async)]
pub(crate) fn decide(station: State<'_, Station>, id: String, fingerprint: String, wish: Wish) -> Outcome {
    station.decide(id, fingerprint, wish)
}

#[tauri::command(async)]
pub(crate) fn decide_all(station: State<'_, Station>, items: Vec<Shown>, wish: Wish) -> Vec<Outcome> {
    items.into_iter().map(|shown| station.decide(shown.id, shown.fingerprint, wish.clone())).collect()
}

#[tauri::command(async)]
pub(crate) fn hold(station: State<'_, Station>, id: String) -> Outcome {
    station.ask(Request::Hold { id: Selector(id) })
}

#[tauri::command(async)]
pub(crate) fn revoke(station: State<'_, Station>, id: String) -> Outcome {
    station.ask(Request::Revoke { id: Selector(id) })
}

#[tauri::command(async)]
pub(crate) fn ask_only(station: State<'_, Station>, id: String) -> Outcome {
    station.ask_only(&id)
}

#[tauri::command(async)]
pub(crate) fn undo(station: State<'_, Station>, id: String) -> Outcome {
    station.undo(id)
}

#[tauri::command(async)]
pub(crate) fn set_look_ups(station: State<'_, Station>, setting: LookUps) -> Outcome {
    station.ask(Request::SetLookUps { setting })
}

#[tauri::command(async)]
pub(crate) fn set_mode(station: State<'_, Station>, mode: Mode) -> Outcome {
    station.ask(Request::SetMode { mode })
}

#[tauri::command(async)]
pub(crate) fn pause(station: State<'_, Station>, minutes: Option<u32>) -> Outcome {
    station.ask(Request::Pause { for_: minutes.map(|minutes| SignedDuration::from_mins(minutes.into())) })
}

/// The cooldown, in the user's own settings of the package manager.
#[tauri::command(async)]
pub(crate) fn set_age_limit(station: State<'_, Station>, tool: Tool) -> Outcome {
    station.ask(Request::SetAgeLimit { tool, days: COOLDOWN_DAYS })
}

#[tauri::command(async)]
pub(crate) fn undo_age_limit(station: State<'_, Station>, tool: Tool) -> Outcome {
    station.ask(Request::UndoAgeLimit { tool })
}

#[tauri::command(async)]
pub(crate) fn history(station: State<'_, Station>, id: String) -> Result<Vec<HistoryRow>, Refused> {
    desk::history(&station, &id)
}

#[tauri::command(async)]
pub(crate) fn diff(station: State<'_, Station>, id: String) -> Result<Comparison, Refused> {
    desk::diff(&station, &id)
}

#[tauri::command(async)]
pub(crate) fn finish_sheet(station: State<'_, Station>) -> Outcome {
    station.finish_sheet()
}

#[tauri::command(async)]
pub(crate) fn close(window: WebviewWindow) {
    // Destroyed, not hidden: nothing is decided by it, and a hidden window costs its whole memory.
    if let Err(error) = window.destroy() {
        tracing::warn!(%error, "the window stays");
    }
}
