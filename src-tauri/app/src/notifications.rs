//! Notifications of the system. Their one action is *Review…*; nothing is decided from them.

use tauri::{AppHandle, Manager as _};
use tauri_plugin_notification::{Action, ActionType, NotificationExt as _};

use crate::station::Station;

const REVIEW: &str = "review";

/// Names the action and what it does.
pub(crate) fn prepare(
    app: &AppHandle,
    review: impl Fn() + Send + Sync + 'static,
) -> tauri_plugin_notification::Result<()> {
    let title = app.state::<Station>().speech().say("tray-review", &[]);
    let action = Action::builder(REVIEW, title).build();
    app.notification().register_action_types(vec![ActionType::builder(REVIEW).actions(vec![action]).build()])?;
    app.notification().on_action(move |_| review())
}

/// Shows a notification; text from outside was made visible before.
pub(crate) fn notify(app: &AppHandle, title: &str, body: &str) {
    // Some servers read markup in a body.
    let body = body.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let shown = app.notification().builder().title(title).body(body).action_type_id(REVIEW).show();
    if let Err(error) = shown {
        tracing::info!(%error, "no notification");
    }
}
