//! Whether programs can press the buttons of the window.
//!
//! The web view's automation is switched on by the environment of the process. Whoever starts the app decides on that, an
//! agent too, so what is answered in such a window counts as answered in a terminal.

use gatehouse_core::host::{Host, Os};

/// Read by the runtime of the window; it obeys `true` only, but nobody sets it who does not mean it.
const AUTOMATION: &str = "TAURI_WEBVIEW_AUTOMATION";

/// Arguments for WebView2: a debugging port lets programs press buttons as well.
const WEBVIEW2_ARGUMENTS: &str = "WEBVIEW2_ADDITIONAL_BROWSER_ARGUMENTS";

pub(crate) fn is_on(host: &Host) -> bool {
    let is_set = |name: &str| host.var(name).is_some_and(|value| !value.is_empty());
    is_set(AUTOMATION) || (host.os == Os::Windows && is_set(WEBVIEW2_ARGUMENTS))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_window_is_driven_where_its_environment_says_so() {
        let check = |os: Os, env: &[(&str, &str)], expect: bool| {
            let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let host = Host::new(os, "/home/u".into(), env, Arc::new(jiff::Timestamp::now));
            assert_eq!(is_on(&host), expect);
        };
        check(Os::Linux, &[], false);
        check(Os::Linux, &[(AUTOMATION, "")], false);
        check(Os::Linux, &[(AUTOMATION, "true")], true);
        check(Os::Linux, &[(AUTOMATION, "1")], true);
        check(Os::Linux, &[(WEBVIEW2_ARGUMENTS, "--remote-debugging-port=1")], false);
        check(Os::Windows, &[(WEBVIEW2_ARGUMENTS, "--remote-debugging-port=1")], true);
    }
}
