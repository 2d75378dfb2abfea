//! The one window: made when it is needed, destroyed when it is closed.

use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Manager as _, Url, UserAttentionType, WebviewUrl, WebviewWindowBuilder};

/// The window's label; its capability names it.
pub(crate) const DESK: &str = "desk";

/// How a window comes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comes {
    /// The user asked for it.
    ToTheFront,
    /// By itself: it takes no focus from what the user is typing into, as far as the system lets us.
    Aside,
}

/// Shows the window.
pub(crate) fn show(app: &AppHandle, comes: Comes) {
    let shown = app.clone();
    // In the main thread one after the other, so that two wishes make one window.
    let asked = app.run_on_main_thread(move || {
        if let Err(error) = show_now(&shown, comes) {
            tracing::error!(%error, "the window does not come up");
        }
    });
    if let Err(error) = asked {
        tracing::error!(%error, "the window does not come up");
    }
}

fn show_now(app: &AppHandle, comes: Comes) -> tauri::Result<()> {
    if let Some(window) = app.get_webview_window(DESK) {
        window.unminimize()?;
        window.show()?;
        return match comes {
            Comes::ToTheFront => window.set_focus(),
            Comes::Aside => window.request_user_attention(Some(UserAttentionType::Informational)),
        };
    }
    WebviewWindowBuilder::new(app, DESK, WebviewUrl::App("index.html".into()))
        .title("Gatehouse")
        .inner_size(960.0, 760.0)
        .min_inner_size(360.0, 480.0)
        .center()
        .focused(comes == Comes::ToTheFront)
        .on_navigation(is_own)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()
        .map(drop)
}

/// Only what is built into the program is ever shown.
fn is_own(url: &Url) -> bool {
    let own = |scheme: &str, host: &str| url.scheme() == scheme && url.host_str() == Some(host) && url.port().is_none();
    if cfg!(windows) { own("http", "tauri.localhost") } else { own("tauri", "localhost") }
}

/// Whether the user looks at the window now.
pub(crate) fn has_focus(app: &AppHandle) -> bool {
    app.get_webview_window(DESK).is_some_and(|window| window.is_focused().unwrap_or(false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_our_own_page_is_shown() {
        let check = |url: &str, expect: bool| assert_eq!(is_own(&url.parse().expect("it is a URL")), expect, "{url}");
        let own = if cfg!(windows) { "http://tauri.localhost" } else { "tauri://localhost" };
        check(&format!("{own}/index.html"), true);
        check("https://example.org/", false);
        check("http://localhost/index.html", false);
        check("http://localhost:1420/", false);
        check("tauri://localhost.example.org/", false);
        check("file:///etc/passwd", false);
        check("data:text/html,x", false);
        check("about:blank", false);
        check("javascript:1", false);
    }
}
