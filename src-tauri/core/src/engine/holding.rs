//! Taking entries out of a client's reach, with the journal around it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::clients::client;
use crate::connector::{Connector, ConnectorId};
use crate::document::{Document, Edit, EditError, Stash};
use crate::hold::swap::{self, ReplaceError};
use crate::hold::{self, OldFile, Replaced, Step};
use crate::host::files::{FileRead, NotEditable};
use crate::record::{HoldId, Intent, Method, Record, Sighting, Swap};
use crate::request::{FileTrouble, Notice};

use super::look::{Round, method_of, only_watched};
use super::state::{Aging, Engine, Target};

/// An old file is looked at after so much quiet.
pub(super) const QUIET: Duration = Duration::from_millis(50);

/// So long an unchanged old file stays after the exchange. A writer that is still in the call which opens the file is seen by
/// nobody, and on a busy disk that call takes its time: what it writes afterwards must still have a name.
const REST: Duration = Duration::from_secs(1);

/// What the hold store keeps of one hold: all that is needed to put the entry back without the ledger.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) sighting: Sighting,
    pub(super) intent: Intent,
    pub(super) stash: Stash,
    /// The file that was edited, where it is not the entry's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) edited: Option<PathBuf>,
}

/// One entry that an edit takes out of the client's reach.
pub(super) struct Taken {
    pub(super) id: HoldId,
    pub(super) target: Target,
    pub(super) method: Method,
    pub(super) stash: Stash,
}

impl Engine {
    /// Holds the targets of one file in one edit.
    pub(super) fn hold(&mut self, read: &FileRead, document: Document, targets: Vec<Target>) -> Round {
        let targets = self.without_watched(targets);
        let all = targets.len();
        let targets = self.hold_by_list(targets);
        if targets.len() < all {
            let connectors = self.connectors_in(&read.path, &document);
            self.files.entry(read.path.clone()).or_default().connectors = connectors;
        }
        if targets.is_empty() {
            let _ = self.flush();
            return Round::Done;
        }
        if let Err(reason) = &read.editable {
            let trouble = not_editable(reason);
            for target in targets {
                self.refuse(&target.connector, trouble.clone());
            }
            let _ = self.flush();
            return Round::Done;
        }
        let (document, taken) = self.take_out(document, targets);
        if taken.is_empty() {
            let _ = self.flush();
            return Round::Done;
        }
        let swap = swap_record(&hold::Intent::of(read, document.source()));
        let kept: Vec<_> = taken.iter().map(|taken| (taken.id, self.kept(taken, &swap))).collect();
        if let Err(trouble) = self.make_durable(&kept) {
            for taken in &taken {
                let reason = "the entry could not be kept".to_owned();
                self.note(Record::HoldDropped { hold: taken.id, reason });
            }
            let _ = self.flush();
            // Nothing was edited: the file has what they hold.
            self.drop_stashes(&kept_ids(&taken));
            self.try_again(&read.path);
            if let Some(trouble) = trouble {
                for taken in taken {
                    self.refuse(&taken.target.connector, trouble.clone());
                }
                let _ = self.flush();
            }
            return Round::Done;
        }
        (self.observe)(Step::Intended);
        match swap::replace(read, document.source(), &mut *self.observe) {
            Ok(replaced) => {
                self.held(&read.path, &document, taken, replaced);
                Round::Done
            }
            Err(ReplaceError::Changed { old, .. }) => {
                self.age(old.map(|old| *old));
                self.drop_holds(&kept_ids(&taken), "the file changed meanwhile");
                // The same bytes may have been saved once more, or the file moved off and back: they are not held yet.
                self.files.entry(read.path.clone()).or_default().digest = None;
                Round::Again
            }
            Err(error) => {
                tracing::warn!(%error, "an entry could not be held");
                self.drop_holds(&kept_ids(&taken), &error.to_string());
                self.try_again(&read.path);
                let trouble = replace_trouble(&error);
                for taken in taken {
                    self.refuse(&taken.target.connector, trouble.clone());
                }
                let _ = self.flush();
                Round::Done
            }
        }
    }

    /// Leaves out what is never edited, and says why.
    fn without_watched(&mut self, targets: Vec<Target>) -> Vec<Target> {
        let mut rest = Vec::with_capacity(targets.len());
        for target in targets {
            match only_watched(&target.connector) {
                Some(trouble) => self.refuse(&target.connector, trouble),
                None => rest.push(target),
            }
        }
        rest
    }

    /// Brings the bytes of entries and the intent to take them out to the disk, both at once: an edit follows only when
    /// both are there, and an intent without bytes or bytes without an intent are dropped by the next start. Without a
    /// durable intent a restart could not tell what happened.
    pub(super) fn make_durable(&mut self, kept: &[(HoldId, Kept)]) -> Result<(), Option<FileTrouble>> {
        for (_, kept) in kept {
            self.note(Record::HoldIntended { intent: Box::new(kept.intent.clone()) });
        }
        let store = self.store.clone();
        let mut observe = std::mem::replace(&mut self.observe, Box::new(|_| {}));
        let (put, flushed) = std::thread::scope(|scope| {
            let put = scope.spawn(|| store.put(kept.iter().map(|(id, kept)| (id, kept)), &mut *observe));
            let flushed = self.flush();
            (put.join(), flushed)
        });
        self.observe = observe;
        let put = put.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        if let Err(error) = put {
            tracing::error!(%error, "the hold store cannot be written");
            return Err(Some(FileTrouble::Io { detail: with_sources(&error) }));
        }
        if flushed.is_err() || !self.is_flushed() {
            return Err(None);
        }
        Ok(())
    }

    /// Edits the document for one target after the other, the last of the file first, so that the number of a repeated
    /// key stays right.
    fn take_out(&mut self, mut document: Document, targets: Vec<Target>) -> (Document, Vec<Taken>) {
        let mut taken: Vec<Taken> = Vec::new();
        let mut out_already = self.stashes_of(targets.first().map(|t| t.connector.file.as_path()));
        for target in targets.into_iter().rev() {
            let method = method_of(&target.connector);
            let edited = take(&document, &target.connector, method).map_err(|error| edit_trouble(&error));
            match edited.and_then(|done| Ok((done, new_id()?))) {
                Ok((Edit { after, mut stash }, id)) => {
                    stash.beside(&out_already);
                    out_already.push(stash.clone());
                    document = after;
                    taken.push(Taken { id, target, method, stash });
                }
                Err(trouble) => self.refuse(&target.connector, trouble),
            }
        }
        (document, taken)
    }

    /// The entries of a file that are out already: a stash has to know its place among them.
    fn stashes_of(&mut self, file: Option<&Path>) -> Vec<Stash> {
        let of_file = self.memory.holds.iter().filter(|(_, hold)| Some(hold.file.as_path()) == file);
        let mut stashes = Vec::new();
        for (id, _) in of_file {
            if !self.stashes.contains_key(id)
                && let Ok(kept) = self.store.get::<Kept>(id)
            {
                self.stashes.insert(*id, kept.stash);
            }
            stashes.extend(self.stashes.get(id).cloned());
        }
        stashes
    }

    pub(super) fn kept(&self, taken: &Taken, swap: &Swap) -> Kept {
        let connector = &taken.target.connector;
        let intent = Intent {
            hold: taken.id,
            connector: connector.id.clone(),
            file: connector.file.clone(),
            route: connector.route.clone(),
            method: taken.method,
            swap: swap.clone(),
            seen: taken.target.seen.clone(),
            why: taken.target.verdict.why(),
        };
        let sighting = Sighting::of(connector, taken.target.seen.clone());
        Kept { sighting, intent, stash: taken.stash.clone(), edited: None }
    }

    fn held(&mut self, path: &Path, document: &Document, taken: Vec<Taken>, replaced: Replaced) {
        self.note_exchange(path, replaced.exchanged);
        self.age(replaced.old);
        let connectors = self.connectors_in(path, document);
        let file = self.files.entry(path.to_owned()).or_default();
        file.digest = Some(replaced.digest);
        file.connectors = connectors;
        let undecided = taken.iter().filter(|taken| taken.target.verdict.why().is_undecided());
        let undecided: Vec<_> = undecided.map(|taken| Arc::clone(&taken.target.connector)).collect();
        let mut superseded = Vec::new();
        for taken in taken {
            let connector = taken.target.connector;
            superseded.extend(self.older_holds(&connector.id, &taken.id));
            self.note(Record::Held { hold: taken.id });
            self.refused.remove(&connector.id);
            let about = self.about(&connector);
            self.say(Notice::Held { connector: about, hold: taken.id, method: taken.method });
            self.held.insert(taken.id, connector);
            self.stashes.insert(taken.id, taken.stash);
        }
        self.offer_to_ask_only(&undecided);
        for hold in &superseded {
            self.note(Record::StashDeleted { hold: *hold });
            self.held.remove(hold);
        }
        if self.flush().is_ok() {
            (self.observe)(Step::Recorded);
            self.drop_stashes(&superseded);
        }
    }

    /// The entry was written back and is held anew: of equal launches one stash is enough, and of another launch under
    /// the same route only the newest can go back. One that may run only waits for its place to be free.
    pub(super) fn older_holds(&self, connector: &ConnectorId, newest: &HoldId) -> Vec<HoldId> {
        self.memory
            .holds
            .iter()
            .filter(|(id, hold)| hold.connector == *connector && *id != newest)
            // A rule has to be taken out of its list first.
            .filter(|(_, hold)| hold.method != Method::List)
            .filter(|(id, _)| self.held.get(*id).is_none_or(|held| self.verdict(held).1.holds()))
            .map(|(id, _)| *id)
            .collect()
    }

    /// Gives up holds that were announced and not made.
    pub(super) fn drop_holds(&mut self, taken: &[HoldId], reason: &str) {
        for hold in taken {
            self.note(Record::HoldDropped { hold: *hold, reason: reason.to_owned() });
        }
        if self.flush().is_ok() {
            self.drop_stashes(taken);
        }
    }

    pub(super) fn drop_stashes(&mut self, ids: &[HoldId]) {
        for id in ids {
            self.held.remove(id);
            self.stashes.remove(id);
            if let Err(error) = self.store.remove(id, &mut *self.observe) {
                tracing::warn!(%error, "kept bytes could not be deleted");
            }
        }
    }

    /// Notes that an entry stays where it is although it should be held, and says so once.
    pub(super) fn refuse(&mut self, connector: &Connector, trouble: FileTrouble) {
        if self.refused.insert(connector.id.clone(), trouble.clone()).as_ref() != Some(&trouble) {
            let connector = self.about(connector);
            self.say(Notice::NotEdited { connector, trouble });
        }
    }

    /// Notes once that a swap was no exchange.
    pub(super) fn note_exchange(&mut self, path: &Path, exchanged: bool) {
        let Some(folder) = path.parent().filter(|_| !exchanged) else { return };
        if !self.memory.no_exchange.contains(folder) {
            self.note(Record::NoExchange { folder: folder.to_owned() });
        }
    }

    /// Lets an old file rest until nobody writes to it any more.
    pub(super) fn age(&mut self, old: Option<OldFile>) {
        if let Some(old) = &old {
            self.planned.insert(old.target.clone(), (old.ours, old.saved_ns));
        }
        let now = Instant::now();
        self.old_files.extend(old.map(|file| Aging {
            file,
            due: now + QUIET,
            since: now,
            rests_until: now + REST,
            late_since: None,
        }));
    }
}

/// An error with what brought it about: that is what a person can do something about.
fn with_sources(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn kept_ids(taken: &[Taken]) -> Vec<HoldId> {
    taken.iter().map(|taken| taken.id).collect()
}

fn new_id() -> Result<HoldId, FileTrouble> {
    hold::store::new_id().map_err(|error| FileTrouble::Io { detail: error.to_string() })
}

fn take(document: &Document, connector: &Connector, method: Method) -> Result<Edit, EditError> {
    let switch = client(&connector.client).and_then(|row| row.shape.switch);
    match (method, switch) {
        (Method::Switch, Some(switch)) => document.switch(&connector.route, switch.key, switch.off),
        (Method::None | Method::List, _) => {
            Err(EditError::Inexact(connector.route.clone(), "this client's entries cannot be held"))
        }
        _ => document.cut(&connector.route),
    }
}

/// The swap as the ledger keeps it.
pub(super) fn swap_record(intent: &hold::Intent) -> Swap {
    Swap {
        target: intent.target.clone(),
        base: intent.base.to_string(),
        stamp: crate::record::FileStamp {
            dev: intent.stamp.dev,
            ino: intent.stamp.ino,
            size: intent.stamp.size,
            mtime_ns: intent.stamp.mtime_ns,
            ctime_ns: intent.stamp.ctime_ns,
        },
        ours: intent.ours.to_string(),
    }
}

pub(super) fn not_editable(reason: &NotEditable) -> FileTrouble {
    match reason {
        NotEditable::ForeignOwner { .. } => FileTrouble::ForeignOwner,
        NotEditable::OpenFile | NotEditable::OpenFolder { .. } => FileTrouble::OpenFolder,
        NotEditable::ReadOnly { .. } => FileTrouble::ReadOnly,
        NotEditable::HardLinked { .. } => FileTrouble::HardLinked,
    }
}

pub(super) fn edit_trouble(error: &EditError) -> FileTrouble {
    match error {
        EditError::Missing(_) => FileTrouble::Absent,
        EditError::Taken(_) => FileTrouble::RouteTaken,
        EditError::Inexact(_, detail) => FileTrouble::Inexact { detail: (*detail).to_owned() },
    }
}

pub(super) fn replace_trouble(error: &ReplaceError) -> FileTrouble {
    match error {
        ReplaceError::NotEditable { reason, .. } => not_editable(reason),
        ReplaceError::Changed { .. } | ReplaceError::Contended { .. } => FileTrouble::Busy,
        ReplaceError::Exists { .. } => FileTrouble::RouteTaken,
        ReplaceError::Attribute { source, .. } => FileTrouble::Io { detail: source.to_string() },
        ReplaceError::Io { source, .. } => FileTrouble::Io { detail: source.to_string() },
    }
}
