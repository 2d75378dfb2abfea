//! An entry that points at a file which was made minutes before, in a hidden folder of the home.

use std::path::Path;

use jiff::SignedDuration;

use crate::finding::{Code, Confidence, Finding, Severity};

use super::{Arrival, Outcome, Subject};

/// Older code was there before whoever wrote the entry came by.
const FRESH: SignedDuration = SignedDuration::from_mins(15);

/// Where package managers put programs that were just installed.
#[rustfmt::skip]
const INSTALLED: &[&str] = &[
    ".asdf/shims", ".bun/bin", ".cargo/bin", ".deno/bin", ".dotnet/tools", ".local/bin", ".local/share/mise/shims",
    ".nix-profile/bin", ".npm-global/bin", ".pyenv/shims", ".rbenv/shims", ".volta/bin", ".yarn/bin",
];

/// High: dropping a script out of sight and naming it in an entry is how a connector is planted.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let Some(code) = &subject.connector.local_code else { return Outcome::Passed };
    if !is_hidden(code, &subject.around.home) {
        return Outcome::Passed;
    }
    let at = match subject.arrival() {
        Arrival::Seen(at) => at,
        Arrival::Settled => return Outcome::Passed,
        Arrival::Unseen => return Outcome::NotRun("arrival-unseen"),
    };
    let Some(made) = subject.around.get(&subject.connector.id).and_then(|own| own.code_made) else {
        return Outcome::NotRun("code-not-at-hand");
    };
    // A file that came after its entry is as fresh as can be.
    if at.duration_since(made) > FRESH {
        return Outcome::Passed;
    }
    let launch = &subject.connector.launch;
    let named =
        launch.args.iter().zip(&launch.places.args).find(|(word, _)| Path::new(word).file_name() == code.file_name());
    let route = named.map(|(_, route)| route).or(launch.places.command.as_ref()).unwrap_or(&subject.connector.route);
    let shown = subject.connector.shown_target().unwrap_or_else(|| code.display().to_string());
    let found = subject.finding(Code::FreshLocalFile, Severity::High, route, &[("file", &shown)]);
    Outcome::Findings(vec![Finding { confidence: Confidence::Medium, ..found }])
}

/// A folder whose name begins with a dot, at any depth below the home, but for those of package managers.
fn is_hidden(code: &Path, home: &Path) -> bool {
    let Ok(below) = code.strip_prefix(home) else { return false };
    let Some(folder) = below.parent() else { return false };
    let has_dot = folder.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.'));
    has_dot && !INSTALLED.iter().any(|place| folder == Path::new(place))
}
