//! The outlines of code that is approved, runs, or is held: kept beside the ledger, because a cache that changes in place
//! takes the old bytes along.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::artefact::{self, Found, Memo, Start};
use crate::drift::{FORM, LiteralKind, Outline};
use crate::facts::{Artefact, ArtefactState};
use crate::host::Host;
use crate::host::files::{self, Digest};
use crate::ledger::folder;

use super::artefacts::Message;
use super::state::Engine;

/// A larger outline goes without the addresses of pages, then without the names of files.
const LARGEST: usize = 2 * 1024 * 1024;

/// The folder with one file for each piece of code, named by the digest of its integrity.
#[derive(Debug, Clone)]
pub(super) struct Outlines {
    folder: PathBuf,
}

impl Outlines {
    pub(super) fn of(host: &Host) -> Self {
        Self { folder: host.data_dir().join("outlines") }
    }

    fn path(&self, integrity: &str) -> PathBuf {
        self.folder.join(format!("{}.json", &Digest::of(integrity.as_bytes()).to_string()[..32]))
    }

    pub(super) fn has(&self, integrity: &str) -> bool {
        self.path(integrity).is_file()
    }

    /// Reads an outline; one of another form is as good as none.
    pub(super) fn get(&self, integrity: &str) -> Option<Outline> {
        let read = files::read(&self.path(integrity)).ok()?;
        serde_json::from_slice::<Outline>(&read.bytes).ok().filter(|outline| outline.form == FORM)
    }

    pub(super) fn put(&self, integrity: &str, mut outline: Outline) {
        let mut bytes = serde_json::to_vec(&outline).unwrap_or_default();
        if bytes.len() > LARGEST {
            outline.partly = true;
            outline.literals.remove(&LiteralKind::Url);
            bytes = serde_json::to_vec(&outline).unwrap_or_default();
        }
        if bytes.len() > LARGEST {
            outline.files.clear();
            bytes = serde_json::to_vec(&outline).unwrap_or_default();
        }
        let path = self.path(integrity);
        let written = match folder::ensure(&self.folder) {
            Ok(()) if bytes.len() <= LARGEST => {
                folder::replace_private(&path, &bytes).map_err(|error| error.to_string())
            }
            Ok(()) => Err("it is too large".to_owned()),
            Err(error) => Err(error.to_string()),
        };
        // Without it the next comparison says that nothing was kept; nothing else depends on it.
        if let Err(error) = written {
            tracing::warn!(path = %path.display(), error, "an outline is not kept");
        }
    }

    /// Removes all outlines but these.
    pub(super) fn prune(&self, keep: &BTreeSet<String>) {
        let keep: BTreeSet<_> = keep.iter().map(|integrity| self.path(integrity)).collect();
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        for path in entries.map(|entry| entry.path()).filter(|path| !keep.contains(path)) {
            let _ = fs::remove_file(path);
        }
    }
}

/// What identifies code that is known.
pub(super) fn integrity(artefact: &Artefact) -> Option<&str> {
    match &artefact.state {
        ArtefactState::Known { integrity, .. } => Some(integrity),
        _ => None,
    }
}

/// Outlines code that was found, if its files are still the ones that were found.
pub(super) fn outline(host: &Host, start: &Start<'_>, found: &Found, memo: &mut Memo) -> Option<Outline> {
    let contents = artefact::contents(start, found).ok()?;
    let outline = Outline::of(&contents);
    let now = artefact::look(host, start, memo);
    (now.artefact == found.artefact).then_some(outline)
}

impl Engine {
    /// Keeps the outline of the code that was looked at last, where no thread does.
    pub(super) fn keep_outline(&mut self, id: &crate::connector::ConnectorId) {
        let Some(connector) = self.connector(id).cloned().filter(|_| !self.watches_code()) else { return };
        let outlines = Outlines::of(&self.host);
        let found = self.artefacts.found_of(&connector).cloned();
        let Some(found) = found else { return };
        let Some(integrity) = integrity(&found.artefact).filter(|it| !outlines.has(it)) else { return };
        let start = Start::of(&connector, &self.host.home);
        if let Some(outline) = outline(&self.host, &start, &found, &mut self.artefacts.memo) {
            outlines.put(integrity, outline);
        }
    }

    /// Tells the thread which outlines something still refers to.
    pub(super) fn name_outlines(&self) {
        let memory = &self.memory;
        let approved = memory.decisions.approvals.iter().map(|approval| &approval.seen);
        let known = memory.connectors.values().flat_map(|known| {
            std::iter::once(&known.sighting.seen).chain(known.known.in_force.as_ref().map(|(seen, _)| seen))
        });
        let held = memory.holds.values().map(|hold| &hold.seen);
        let seen = approved.chain(known).chain(held).filter_map(|seen| integrity(&seen.artefact));
        self.artefacts.tell(Message::Keep(seen.map(str::to_owned).collect()));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;
    use crate::host::Os;

    #[test]
    fn outlines_are_kept_for_this_user_alone_and_dropped_when_nothing_refers_to_them() {
        let home = tempfile::tempdir().expect("a folder");
        let host =
            Host::new(Os::Linux, home.path().to_owned(), BTreeMap::new(), Arc::new(|| jiff::Timestamp::UNIX_EPOCH));
        fs::create_dir_all(host.data_dir()).expect("made");
        let outlines = Outlines::of(&host);
        let one = Outline { form: FORM, machine_code: vec!["a.node".to_owned()], ..Outline::default() };
        outlines.put("sha512-a sha256:b", one.clone());
        outlines.put("sha512-c sha256:d", Outline { form: FORM + 1, ..Outline::default() });
        assert_eq!(outlines.get("sha512-a sha256:b"), Some(one));
        assert_eq!(outlines.get("sha512-c sha256:d"), None, "another form");
        assert!(outlines.has("sha512-c sha256:d") && !outlines.has("sha512-x"));
        outlines.prune(&BTreeSet::from(["sha512-a sha256:b".to_owned()]));
        assert!(outlines.has("sha512-a sha256:b") && !outlines.has("sha512-c sha256:d"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &std::path::Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
            assert_eq!((mode(&outlines.folder), mode(&outlines.path("sha512-a sha256:b"))), (0o700, 0o600));
        }
    }

    #[test]
    fn a_large_outline_loses_what_says_least() {
        let home = tempfile::tempdir().expect("a folder");
        let host =
            Host::new(Os::Linux, home.path().to_owned(), BTreeMap::new(), Arc::new(|| jiff::Timestamp::UNIX_EPOCH));
        fs::create_dir_all(host.data_dir()).expect("made");
        let place = || crate::drift::Place {
            file: "a.js".to_owned(),
            line: 1,
            is_data: false,
            is_encoded: false,
            is_test: false,
        };
        let literal = |n: usize, kind: &str| (format!("{kind}{n}{}", "x".repeat(200)), place());
        let urls = (0..10_000).map(|n| literal(n, "https://")).collect();
        let mails = BTreeMap::from([("copy@thief.example".to_owned(), place())]);
        let literals = BTreeMap::from([(LiteralKind::Url, urls), (LiteralKind::Email, mails)]);
        Outlines::of(&host).put("i", Outline { form: FORM, literals, ..Outline::default() });
        let kept = Outlines::of(&host).get("i").expect("kept");
        assert!(kept.partly && kept.literals.contains_key(&LiteralKind::Email));
        assert!(!kept.literals.contains_key(&LiteralKind::Url));
    }
}
