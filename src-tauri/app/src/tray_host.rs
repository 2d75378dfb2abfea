//! Whether anything on this desktop shows tray icons.

/// Asks the session bus whether a host shows the items of the tray. Without an answer there is none.
#[cfg(target_os = "linux")]
pub(crate) fn is_there() -> bool {
    const WATCHER: &str = "org.kde.StatusNotifierWatcher";
    let asked = || -> zbus::Result<bool> {
        let builder = zbus::blocking::connection::Builder::session()?;
        let bus = builder.method_timeout(std::time::Duration::from_secs(1)).build()?;
        let watcher = zbus::blocking::Proxy::new(&bus, WATCHER, "/StatusNotifierWatcher", WATCHER)?;
        watcher.get_property("IsStatusNotifierHostRegistered")
    };
    asked().unwrap_or_else(|error| {
        tracing::info!(%error, "no tray host");
        false
    })
}

/// The other systems always have one.
#[cfg(not(target_os = "linux"))]
pub(crate) fn is_there() -> bool {
    true
}
