//! Variables that load or redirect code, set in the entry.

use crate::connector::is_code_loading;
use crate::finding::{Code, Confidence, Finding, Severity};

use super::{Outcome, Subject};

/// Names of the list whose value loads nothing and sends nothing elsewhere.
#[rustfmt::skip]
const HARMLESS: &[&str] = &[
    "NO_PROXY", "PIP_DISABLE_PIP_VERSION_CHECK", "PIP_NO_COLOR", "PIP_NO_INPUT", "PIP_PROGRESS_BAR", "PIP_QUIET",
    "PYTHONASYNCIODEBUG", "PYTHONCOERCECLOCALE", "PYTHONDONTWRITEBYTECODE", "PYTHONFAULTHANDLER", "PYTHONHASHSEED",
    "PYTHONIOENCODING", "PYTHONLEGACYWINDOWSSTDIO", "PYTHONNOUSERSITE", "PYTHONOPTIMIZE", "PYTHONSAFEPATH",
    "PYTHONTRACEMALLOC", "PYTHONUNBUFFERED", "PYTHONUTF8", "PYTHON_COLORS", "PYTHON_ENV", "PYTHON_LOG_LEVEL", "UV_CONCURRENT_DOWNLOADS",
    "UV_HTTP_TIMEOUT", "UV_LINK_MODE", "UV_NO_COLOR", "UV_NO_PROGRESS", "UV_OFFLINE", "no_proxy",
];

/// Settings of npm that change only what it says.
const QUIET_NPM: &[&str] = &["audit", "color", "fund", "loglevel", "progress", "update_notifier", "yes"];

/// Beginnings of options of Node that load nothing.
#[rustfmt::skip]
const HARMLESS_NODE: &[&str] = &[
    "--max-old-space-size", "--max-semi-space-size", "--max-http-header-size", "--no-warnings", "--no-deprecation",
    "--disable-warning", "--trace-warnings", "--trace-deprecation", "--trace-uncaught", "--unhandled-rejections", "--enable-source-maps",
    "--dns-result-order", "--stack-trace-limit", "--use-system-ca", "--no-network-family-autoselection",
];

/// High for what decides which code runs or reads all traffic, medium for the rest of the list, low for the address of
/// a service, which is most often plain configuration.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let launch = &subject.connector.launch;
    let set = launch.env.iter().filter(|(name, value)| is_code_loading(name) && counts(name, value.0.trim()));
    let findings = set.map(|(name, _)| {
        let (severity, confidence) = weight(name);
        let found = subject.finding(Code::DangerousEnv, severity, &launch.places.env.key(name), &[("name", name)]);
        Finding { confidence, ..found }
    });
    Outcome::of(findings.collect())
}

fn weight(name: &str) -> (Severity, Confidence) {
    match name {
        "PATH" | "NODE_OPTIONS" | "LD_PRELOAD" | "LD_AUDIT" | "DYLD_INSERT_LIBRARIES" => {
            (Severity::High, Confidence::High)
        }
        _ if name.to_ascii_uppercase().ends_with("_PROXY") => (Severity::High, Confidence::High),
        _ if name.ends_with("_BASE_URL") || name.ends_with("_ENDPOINT") => (Severity::Low, Confidence::Medium),
        _ => (Severity::Medium, Confidence::High),
    }
}

fn counts(name: &str, value: &str) -> bool {
    if value.is_empty() || HARMLESS.contains(&name) || passes_on(name, value) {
        return false;
    }
    let npm = name.to_ascii_lowercase();
    if npm.strip_prefix("npm_config_").is_some_and(|setting| QUIET_NPM.contains(&setting)) {
        return false;
    }
    match name {
        "NODE_OPTIONS" => !value
            .split_whitespace()
            .all(|word| HARMLESS_NODE.iter().any(|it| word.replace('_', "-").split('=').next() == Some(it))),
        // Node verifies unless this says otherwise.
        "NODE_TLS_REJECT_UNAUTHORIZED" => value == "0",
        // The file that a shell reads first; as a word it names a stage such as `production`.
        "ENV" => value.contains(['/', '\\', '$', '`']),
        _ => true,
    }
}

/// The client's own variable is handed on as it is: `"PATH": "${PATH}"`.
fn passes_on(name: &str, value: &str) -> bool {
    let inner = value.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    let inner = inner.map(|it| it.strip_prefix("env:").unwrap_or(it)).or_else(|| value.strip_prefix('$'));
    let inner = inner.or_else(|| value.strip_prefix('%').and_then(|rest| rest.strip_suffix('%')));
    inner == Some(name)
}
