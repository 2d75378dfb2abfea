//! What of a file matters: a program that keeps its own state in the file saves it all the time, and seldom touches that.

use std::ops::Range;

use sha2::{Digest as _, Sha256};

use super::{Location, project_list};
use crate::clients::KnownProjects;
use crate::document::{Document, Pattern, Route};
use crate::host::files::Digest;

/// Returns a digest of all in a file that its reading by the rows of its locations depends on: the places that the rows
/// name, with their lines and every byte in them, and the names of the projects that it lists. Two texts with the same
/// have the same connectors, settings and projects.
///
/// `None` where only a reading tells: in formats of which values have to be built, and where another file has a say.
pub fn outline(locations: &[Location], document: &Document) -> Option<Digest> {
    let mut parts: Vec<Part> = Vec::new();
    for (location, Location { row, .. }) in locations.iter().enumerate() {
        if row.file.switched_in.is_some() {
            return None;
        }
        let read = row.file.containers.iter().map(|container| container.pattern);
        let read = read.chain(row.file.gates.iter().map(|gate| gate.pattern)).map(|pattern| (pattern, true));
        let listed = project_list(&locations[location]).map(|list| match list {
            KnownProjects::Keys(pattern) => (pattern, false),
            KnownProjects::Addresses(pattern) => (pattern, true),
        });
        let further = row.file.further.as_ref().map(|further| (further.pattern, true));
        let denied = row.file.denies.map(|list| [Pattern::Key(list.key)]);
        let denied = denied.as_ref().map(|pattern| (&pattern[..], true));
        for (nth, (pattern, is_read)) in read.chain(listed).chain(further).chain(denied).enumerate() {
            let found = document.spans(pattern)?.into_iter();
            parts.extend(found.map(|(route, span)| Part { span, pattern: (location, nth), route, is_read }));
        }
    }
    // In the order of the file, so that its lines are counted once.
    parts.sort_by_key(|part| (part.span.start, part.pattern));
    let (mut sum, mut lines) = (Sha256::new(), document.lines());
    for Part { span, pattern: (location, nth), route, is_read } in parts {
        let route = route.to_string();
        let (line, bytes) = if is_read { (lines.of(span.start), &document.source()[span]) } else { (0, &[][..]) };
        for number in [location, nth, line as usize, route.len(), bytes.len()] {
            sum.update((number as u64).to_le_bytes());
        }
        sum.update(route);
        sum.update(bytes);
    }
    Some(Digest::finish(sum))
}

/// One value of a file that a row names.
struct Part {
    span: Range<usize>,
    /// The location, and which of its patterns it is.
    pattern: (usize, usize),
    route: Route,
    /// Whether the value is read, and not its route alone.
    is_read: bool,
}
