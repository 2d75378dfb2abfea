//! Gives each command a permission, and says what to do where the window is not built.

use std::path::Path;

/// What the window may ask for; `capabilities/desk.json` allows them to it, one by one.
const COMMANDS: &[&str] = &[
    "desk",
    "decide",
    "decide_all",
    "hold",
    "revoke",
    "undo",
    "ask_only",
    "set_look_ups",
    "set_mode",
    "pause",
    "set_age_limit",
    "undo_age_limit",
    "history",
    "diff",
    "finish_sheet",
    "close",
];

fn main() {
    let page = Path::new("../../ui/dist/index.html");
    println!("cargo::rerun-if-changed={}", page.display());
    if !page.is_file() {
        println!("cargo::error=The window is not built: ui/dist/index.html is missing. Run `cargo xtask ui`.");
        return;
    }
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        println!("cargo::error={error:#}");
    }
}
