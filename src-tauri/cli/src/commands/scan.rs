//! `scan`: everything that is found, and the exit code for scripts.

use std::path::PathBuf;

use gatehouse_core::engine::{Scope, Survey};
use gatehouse_core::finding::Severity;
use gatehouse_core::report::{CoverageState, Inventory};

use super::{Outcome, survey};
use crate::args::Scan;
use crate::exit::Exit;
use crate::render::{inventory, syntax};
use crate::session::Session;

pub(crate) fn scan(session: &Session, scan: &Scan) -> Outcome {
    // There is nothing to switch off for --offline: a survey opens no connection.
    tracing::debug!(offline = scan.offline, paths = scan.paths.len(), "looks");
    // A connector's identity has the whole path in it.
    let absolute = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
    let scope = Scope { paths: scan.paths.iter().map(absolute).collect(), client: scan.client.clone() };
    let Survey { inventory, unparsable, .. } = survey(session, &scope)?;
    for file in &unparsable {
        let page = crate::render::Page { colour: session.stderr.colour, ..session.page() };
        session.note_text(&syntax::unparsable(&page, file, session.stderr.is_terminal));
    }
    if scan.output.is_json() {
        session.print_json(&inventory);
    } else {
        session.print(&inventory::inventory(&session.page(), &inventory));
    }
    Ok(exit(scan, &inventory))
}

/// Failure over waiting over findings; without `--fail-on…` only what was named and not read counts.
pub(crate) fn exit(scan: &Scan, inventory: &Inventory) -> Exit {
    let mut exit = Exit::Done;
    let judges = scan.fail_on.is_some() || scan.fail_on_waiting;
    let unread = inventory.coverage.iter().any(|place| match place.state {
        CoverageState::Read | CoverageState::Polling => false,
        CoverageState::Absent => !scan.paths.is_empty(),
        // Known beforehand for the whole machine, and no news of it; a file that is named is another matter.
        CoverageState::Unsupported => !scan.paths.is_empty(),
        CoverageState::Denied | CoverageState::Unparsable | CoverageState::TooLarge | CoverageState::NotRegular => {
            judges || !scan.paths.is_empty()
        }
    });
    if unread {
        exit = exit.or_worse(Exit::Failure);
    }
    if scan.fail_on_waiting && inventory.waiting > 0 {
        exit = exit.or_worse(Exit::Waiting);
    }
    if let Some(threshold) = scan.fail_on {
        let of_settings = inventory.settings.iter().flat_map(|file| &file.findings);
        let of_connectors = inventory.connectors.iter().flat_map(|row| &row.findings);
        let worst = of_connectors.chain(of_settings).map(|f| f.severity).max();
        if let Some(worst) = worst.filter(|worst| *worst >= Severity::from(threshold)) {
            exit = exit.or_worse(worst.into());
        }
    }
    exit
}

#[cfg(test)]
mod tests;
