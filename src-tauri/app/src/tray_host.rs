//! Whether anything on this desktop shows tray icons.

/// Where the question is asked.
#[derive(Debug, Default)]
pub(crate) struct TrayHost {
    /// The session bus, once it was reached.
    #[cfg(target_os = "linux")]
    bus: std::sync::Mutex<Option<zbus::blocking::Connection>>,
}

impl TrayHost {
    /// Asks the session bus whether a host shows the items of the tray. Without an answer there is none.
    #[cfg(target_os = "linux")]
    pub(crate) fn is_there(&self) -> bool {
        const WATCHER: &str = "org.kde.StatusNotifierWatcher";
        let mut known = self.bus.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let asked = |known: &mut Option<zbus::blocking::Connection>| -> zbus::Result<bool> {
            let bus = match known {
                Some(bus) => bus.clone(),
                None => {
                    let builder = zbus::blocking::connection::Builder::session()?;
                    known.insert(builder.method_timeout(std::time::Duration::from_secs(1)).build()?).clone()
                }
            };
            let builder = zbus::blocking::proxy::Builder::<zbus::blocking::Proxy<'_>>::new(&bus);
            let builder = builder.destination(WATCHER)?.path("/StatusNotifierWatcher")?.interface(WATCHER)?;
            let watcher = builder.cache_properties(zbus::proxy::CacheProperties::No).build()?;
            watcher.get_property("IsStatusNotifierHostRegistered")
        };
        asked(&mut known).unwrap_or_else(|error| {
            // A watcher that is not there is an answer; a bus that is gone is reached anew next time.
            if !matches!(error, zbus::Error::FDO(_) | zbus::Error::MethodError(..)) {
                *known = None;
            }
            tracing::debug!(%error, "no tray host");
            false
        })
    }

    /// The other systems always have one.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn is_there(&self) -> bool {
        true
    }
}
