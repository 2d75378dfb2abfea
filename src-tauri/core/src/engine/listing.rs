//! Holding by a list that the client obeys: a rule of ours in a file of its settings, the entry's own file untouched.
//!
//! The journal is that of every hold; only the file that is edited is another than the entry's.

use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::clients::{CLIENTS, Client, DenyList, HoldMethod, client};
use crate::connector::Connector;
use crate::discover::{self, Denied};
use crate::document::{Document, EditError, Route};
use crate::hold::swap::{self, ReplaceError};
use crate::hold::{self, Step};
use crate::host::files::{Digest, FileRead};
use crate::memory::{Hold, HoldProgress};
use crate::record::{Answer, HoldId, Method, Record};
use crate::report::CoverageState;
use crate::request::{FileTrouble, Notice};

use super::holding::{Kept, Taken, swap_record};
use super::look::only_watched;
use super::state::{Engine, Target};

/// So often a rule is planned anew when others keep saving the file.
const ROUNDS: usize = 8;

/// How it went to put rules into a list.
enum Put {
    Done,
    /// Somebody saved the file meanwhile.
    Changed,
    Failed,
}

impl Engine {
    /// Holds by their client's list what can be held so, and returns the rest: that is cut.
    pub(super) fn hold_by_list(&mut self, targets: Vec<Target>) -> Vec<Target> {
        let (mut listed, mut rest) = (Vec::new(), Vec::new());
        for target in targets {
            match self.rule_for(&target.connector) {
                Some(place) => listed.push((target, place)),
                None => rest.push(target),
            }
        }
        let Some((_, (path, list, _))) = listed.first() else { return rest };
        let (path, list) = (path.clone(), *list);
        let rules = listed.into_iter().map(|(target, (_, _, rule))| (target, rule)).collect();
        rest.extend(self.enlist(&path, list, rules));
        rest
    }

    /// The rule that keeps a connector off and nothing that is to run, and the file for it.
    fn rule_for(&self, connector: &Connector) -> Option<(PathBuf, DenyList, serde_json::Value)> {
        let row = client(&connector.client).filter(|row| row.hold == HoldMethod::Cut)?;
        let (path, list) = discover::deny_list(&self.host, row)?;
        let known = self.memory.connectors.get(&connector.id)?;
        // Whoever takes our rule out, or wants the entry gone, is not to be met with the rule once more.
        let ours = |hold: &Hold| hold.connector == connector.id && hold.seen.fingerprint == connector.fingerprint;
        let was_listed = self.memory.holds.values().any(|hold| hold.method == Method::List && ours(hold));
        let may = only_watched(connector).is_none()
            && known.contested == 0
            && !was_listed
            && !self.is_removed(connector)
            && !self.is_read_by_others(connector)
            && !self.shares_with_what_runs(connector);
        may.then(|| Some((path, list, discover::exact_rule(connector, list)?))).flatten()
    }

    fn is_removed(&self, connector: &Connector) -> bool {
        let decided = self.memory.connectors.get(&connector.id).and_then(|known| known.decided.as_ref());
        decided.is_some_and(|decided| decided.answer == Answer::Remove)
    }

    /// Whether another client on this machine reads the entry's file: it does not read the list.
    fn is_read_by_others(&self, connector: &Connector) -> bool {
        let locations = self.locations_of(&connector.file);
        let own_rows = locations.iter().map(|location| location.row.client);
        let mut others = own_rows.filter(|row| row.id != connector.client);
        let files = locations.iter().filter(|location| location.row.client.id == connector.client).map(|l| l.row.file);
        let mut readers = files.flat_map(|file| file.readers);
        let is_there = |row: &Client| discover::is_installed(&self.host, row, &self.locations);
        // A reader without a row may be anywhere.
        others.any(is_there) || readers.any(|name| CLIENTS.iter().find(|row| row.name == *name).is_none_or(is_there))
    }

    /// Whether the rule for one launch would also keep off one that is to run.
    fn shares_with_what_runs(&self, connector: &Connector) -> bool {
        let of_client = self.files.values().flat_map(|file| &file.connectors).filter(|c| c.client == connector.client);
        let mut sharing = of_client.filter(|other| discover::share_a_rule(other, connector));
        sharing.any(|other| other.id != connector.id && !self.verdict(other).1.holds())
    }

    /// Whether an entry that a list keeps off has to be taken out instead: a rule of ours must go.
    pub(super) fn must_leave_list(&self, connector: &Connector) -> bool {
        let is_ours = self.rules_in_force().any(|(id, _)| {
            self.held
                .get(id)
                .is_some_and(|held| held.client == connector.client && discover::share_a_rule(held, connector))
        });
        is_ours && (self.is_removed(connector) || self.shares_with_what_runs(connector))
    }

    /// The holds by a list that are in force.
    fn rules_in_force(&self) -> impl Iterator<Item = (&HoldId, &Hold)> {
        let in_force = |hold: &Hold| hold.method == Method::List && hold.progress == HoldProgress::InForce;
        self.memory.holds.iter().filter(move |(_, hold)| in_force(hold))
    }

    /// What may run is kept off by a rule for another entry: that one is held otherwise with the next look at its file.
    pub(super) fn make_way(&mut self, connector: &Connector) {
        if !connector.denied {
            return;
        }
        let shares = |id: &HoldId| self.held.get(id).is_some_and(|held| discover::share_a_rule(held, connector));
        let others = self.rules_in_force().filter(|(id, hold)| hold.connector != connector.id && shares(id));
        let files: Vec<_> = others.map(|(_, hold)| hold.file.clone()).collect();
        for file in files {
            self.look_soon(&file);
        }
    }

    pub(super) fn look_soon(&mut self, path: &Path) {
        self.files.entry(path.to_owned()).or_default().digest = None;
        self.again.insert(path.to_owned(), Instant::now());
    }

    /// Writes one rule for each target in one edit; returns those that could not be held so.
    fn enlist(&mut self, path: &Path, list: DenyList, rules: Vec<(Target, serde_json::Value)>) -> Vec<Target> {
        let route = Route::root().key(list.key);
        let (mut open, mut rest) = (rules, Vec::new());
        for _ in 0..ROUNDS {
            let Ok((read, mut document)) = self.read_document(path) else { break };
            if read.editable.is_err() {
                break;
            }
            let mut taken = Vec::new();
            for (target, rule) in open.drain(..) {
                match document.enlist(&route, &rule).map(|edit| (edit, hold::store::new_id())) {
                    Ok((edit, Ok(id))) => {
                        document = edit.after;
                        taken.push((Taken { id, target, method: Method::List, stash: edit.stash }, rule));
                    }
                    _ => rest.push(target),
                }
            }
            if taken.is_empty() {
                break;
            }
            match self.put_rules(&read, &document, &taken) {
                Put::Done => return rest,
                Put::Changed => open.extend(taken.into_iter().map(|(taken, rule)| (taken.target, rule))),
                Put::Failed => {
                    rest.extend(taken.into_iter().map(|(taken, _)| taken.target));
                    break;
                }
            }
        }
        rest.extend(open.into_iter().map(|(target, _)| target));
        rest
    }

    fn put_rules(&mut self, read: &FileRead, document: &Document, taken: &[(Taken, serde_json::Value)]) -> Put {
        let swap = swap_record(&hold::Intent::of(read, document.source()));
        let edited = Some(read.path.clone());
        let kept: Vec<_> = taken
            .iter()
            .map(|(taken, _)| (taken.id, Kept { edited: edited.clone(), ..self.kept(taken, &swap) }))
            .collect();
        let ids: Vec<_> = taken.iter().map(|(taken, _)| taken.id).collect();
        if self.make_durable(&kept).is_err() {
            self.drop_holds(&ids, "the rule could not be kept");
            return Put::Failed;
        }
        (self.observe)(Step::Intended);
        match swap::replace(read, document.source(), &mut *self.observe) {
            Ok(replaced) => {
                self.note_exchange(&read.path, replaced.exchanged);
                self.age(replaced.old);
                let mut superseded = Vec::new();
                for (taken, _) in taken {
                    let connector = &taken.target.connector;
                    superseded.extend(self.older_holds(&connector.id, &taken.id));
                    self.note(Record::Held { hold: taken.id });
                    self.refused.remove(&connector.id);
                    let about = self.about(connector);
                    self.say(Notice::Held { connector: about, hold: taken.id, method: Method::List });
                    self.held.insert(taken.id, connector.clone());
                    self.stashes.insert(taken.id, taken.stash.clone());
                }
                for hold in &superseded {
                    self.note(Record::StashDeleted { hold: *hold });
                }
                if self.flush().is_ok() {
                    (self.observe)(Step::Recorded);
                    self.drop_stashes(&superseded);
                }
                self.list_written(&read.path, document, replaced.digest);
                Put::Done
            }
            Err(ReplaceError::Changed { old, .. }) => {
                self.age(old.map(|old| *old));
                self.drop_holds(&ids, "the file changed meanwhile");
                Put::Changed
            }
            Err(error) => {
                tracing::warn!(%error, "no rule could be put into the client's list");
                self.drop_holds(&ids, &error.to_string());
                Put::Failed
            }
        }
    }

    /// Takes in what our own write left in a file of settings.
    pub(super) fn list_written(&mut self, path: &Path, document: &Document, digest: Digest) {
        self.files.entry(path.to_owned()).or_default().digest = Some(digest);
        self.note_denials(path, Some(document));
    }

    /// Looks again at the entries that a client's list keeps off now, or does not any more.
    pub(super) fn note_denials(&mut self, path: &Path, document: Option<&Document>) {
        let location = self.locations_of(path).iter().find_map(|l| Some((l.row.client.id, l.row.file.denies?)));
        let Some((id, list)) = location else { return };
        let denied = document.map(|document| Denied::of(document, list)).unwrap_or_default();
        let differs = |c: &Connector| c.client == id && ((c.enabled || c.denied) && denied.covers(c)) != c.denied;
        let stale = self.files.iter().filter(|(_, file)| file.connectors.iter().any(|c| differs(c)));
        let stale: Vec<_> = stale.map(|(path, _)| path.clone()).collect();
        for path in stale {
            self.look_soon(&path);
        }
    }

    /// Takes out the rules of ours that keep nothing off any more: their entry went, changed, or is held otherwise.
    pub(super) fn retire_rules(&mut self) {
        let idle: Vec<_> =
            self.rules_in_force().filter(|(id, hold)| !self.serves(id, hold)).map(|(id, _)| *id).collect();
        for id in idle {
            self.take_rule_out(&id);
        }
    }

    fn serves(&self, id: &HoldId, hold: &Hold) -> bool {
        let Some(file) = self.files.get(&hold.file) else { return true };
        let is_known = matches!(file.state, Some(CoverageState::Read | CoverageState::Absent));
        let stands = |c: &Connector| c.id == hold.connector && c.fingerprint == hold.seen.fingerprint;
        let is_newest = self.memory.hold_of(&hold.connector).is_some_and(|(newest, _)| newest == id);
        !is_known || is_newest && file.connectors.iter().any(|c| stands(c))
    }

    fn take_rule_out(&mut self, id: &HoldId) {
        let Ok(kept) = self.store.get::<Kept>(id) else { return };
        let Some(path) = kept.edited else { return };
        for _ in 0..ROUNDS {
            let planned = match self.read_document(&path) {
                Ok((read, document)) => document.restore(&kept.stash).map(|restored| (read, restored.after)),
                Err(FileTrouble::Absent) => Err(EditError::Missing(Route::root())),
                Err(_) => return self.try_again(&path),
            };
            let (read, document) = match planned {
                Ok(planned) => planned,
                Err(EditError::Missing(_)) => break,
                Err(error) => {
                    tracing::warn!(%error, "a rule of ours cannot be taken out of the client's list");
                    return;
                }
            };
            match self.swap_back(id, &path, &read, &document) {
                Ok(Some(digest)) => {
                    self.list_written(&path, &document, digest);
                    break;
                }
                Ok(None) => {}
                Err(_) => return,
            }
        }
        self.note(Record::StashDeleted { hold: *id });
        if self.flush().is_ok() {
            (self.observe)(Step::Recorded);
            self.drop_stashes(&[*id]);
        }
    }
}

/// The file that a hold was made in: the entry's own, or the one with its client's list.
pub(super) fn edited<'a>(kept: &'a Kept, hold: &'a Hold) -> &'a Path {
    kept.edited.as_deref().unwrap_or(&hold.file)
}
