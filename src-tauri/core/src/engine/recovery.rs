//! The start after an end: swaps under way are finished or undone, and what a killed guard left is settled.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use crate::clients::client;
use crate::connector::{Connector, Fingerprint, Place, Stand, ValueKey, read};
use crate::discover::ends_like;
use crate::document::{Document, Exactness, Member, Step as RouteStep};
use crate::hold::recovery::{Standing, is_file_of};
use crate::hold::{self, Settled};
use crate::host::Host;
use crate::host::files::{self, Digest, Stamp};
use crate::memory::{Hold, HoldProgress, Remembered};
use crate::record::{HoldId, Method, Record, Sighting, Swap};

use super::holding::Kept;
use super::state::{Aging, Engine};

/// What stands in the file of a hold.
enum Found {
    /// The entry is there, and as the hold would have it released.
    There,
    /// The entry is not there, or is switched off.
    Gone,
    /// The file cannot be read now; nothing is concluded.
    Unknown,
}

impl Engine {
    /// Finishes or undoes what was under way when the last guard ended.
    pub(super) fn recover(&mut self) {
        self.settle_swaps();
        self.finish_age_limit();
        let holds: Vec<_> = self.memory.holds.iter().map(|(id, hold)| (*id, hold.clone())).collect();
        for (id, hold) in holds {
            if !self.memory.holds.contains_key(&id) {
                continue;
            }
            match &hold.progress {
                HoldProgress::Intended { swap } => self.finish_hold(&id, &hold, swap),
                HoldProgress::ReleaseIntended { swap } => self.finish_release(&id, &hold, swap),
                HoldProgress::InForce => {}
            }
        }
        let _ = self.flush();
        self.drop_unknown_stashes();
        self.load_held();
    }

    fn finish_hold(&mut self, id: &HoldId, hold: &Hold, swap: &Swap) {
        let done = match standing(swap) {
            Some(Standing::Ours) => true,
            Some(Standing::Base) => false,
            // Somebody saved since. The entry's absence is what the hold is about, whoever brought it about; while in
            // doubt the bytes are kept.
            _ => !matches!(self.find_entry(id, hold, None), Found::There),
        };
        if done && self.store.get::<Kept>(id).is_ok() {
            self.note(Record::Held { hold: *id });
            // The entry was written back and is held anew. The bytes go with those that no hold is recorded for.
            for older in self.older_holds(&hold.connector, id) {
                self.note(Record::StashDeleted { hold: older });
            }
        } else {
            self.note(Record::HoldDropped { hold: *id, reason: "the guard ended before the edit".to_owned() });
            if self.flush().is_ok() {
                self.drop_stashes(&[*id]);
            }
        }
    }

    fn finish_release(&mut self, id: &HoldId, hold: &Hold, swap: &Swap) {
        let done = match standing(swap) {
            Some(Standing::Ours) => true,
            Some(Standing::Base) => false,
            _ => {
                let known = self.memory.known(&hold.connector);
                let approved =
                    known.and_then(|known| known.in_force.as_ref()).map(|(seen, _)| seen.fingerprint.clone());
                matches!(self.find_entry(id, hold, approved.as_ref()), Found::There)
            }
        };
        if done {
            self.note(Record::Released { hold: *id, exactness: Exactness::ByMeaning });
            if self.flush().is_ok() {
                self.drop_stashes(&[*id]);
            }
        } else {
            let reason = "the guard ended before the edit".to_owned();
            self.note(Record::ReleaseDropped { hold: *id, reason });
        }
    }

    /// Looks for the held launch in its file, or for the approved one, which may have been written back in its place.
    fn find_entry(&self, id: &HoldId, hold: &Hold, approved: Option<&Fingerprint>) -> Found {
        let Ok((_, document)) = self.read_document(&hold.file) else { return Found::Unknown };
        let Some(kept) = self.kept_connector(id) else { return Found::Unknown };
        let there = self.connectors_in(&hold.file, &document).into_iter().find(|c| c.id == hold.connector);
        match there {
            Some(entry) if hold.method == Method::Switch && !entry.enabled => Found::Gone,
            Some(entry) if hold.method == Method::List && entry.denied => Found::Gone,
            Some(entry) if entry.fingerprint == kept.fingerprint || approved == Some(&entry.fingerprint) => {
                Found::There
            }
            _ => Found::Gone,
        }
    }

    /// The connectors for which the approved launch was decided on and is not in its place yet, as they were then.
    pub(super) fn to_be_kept_approved(&self) -> Vec<Sighting> {
        let is_due = |known: &&Remembered| {
            known.to_keep_approved && (known.present || self.memory.hold_of(&known.sighting.id).is_some())
        };
        self.memory.connectors.values().filter(is_due).map(|known| known.sighting.clone()).collect()
    }

    /// Finishes decisions for the approved launch that the last guard did not come to; where that cannot be done the
    /// question is open again.
    pub(super) fn finish_keeping_approved(&mut self, due: Vec<Sighting>) {
        for decided in due {
            let id = decided.id;
            // The look that came between may have found it done, or something else that was saved since.
            let stands = self.connector(&id).is_some_and(|connector| {
                connector.fingerprint == decided.seen.fingerprint && connector.beside.trust == decided.beside.trust
            });
            if !stands {
                continue;
            }
            if let Err(refusal) = self.keep_approved(&id) {
                tracing::warn!(%refusal, "the approved launch could not be written back");
                self.open_question(&id);
            }
        }
    }

    /// Judges the files that a killed guard left beside their targets.
    fn settle_swaps(&mut self) {
        let mut by_target: BTreeMap<PathBuf, Vec<hold::Intent>> = BTreeMap::new();
        for intent in self.memory.swaps.iter().rev().filter_map(intent_of) {
            by_target.entry(intent.target.clone()).or_default().push(intent);
        }
        for swaps in by_target.into_values() {
            let Some((newest, earlier)) = swaps.split_first() else { continue };
            let stood: Vec<_> = earlier.iter().map(|swap| swap.stamp).collect();
            let Ok(recovered) = newest.recover_among(&stood, &mut *self.observe) else { continue };
            for file in recovered.old {
                let settled = known_bytes(&swaps, &file)
                    .into_iter()
                    .map(|base| hold::OldFile { base, ..file.clone() }.settle(&mut *self.observe))
                    .any(|settled| matches!(settled, Ok(Settled::Quiet | Settled::Gone)));
                let now = Instant::now();
                if !settled && !self.old_files.iter().any(|old| old.file.temp == file.temp) {
                    self.old_files.push(Aging { file, due: now, since: now, rests_until: now, late_since: None });
                }
            }
        }
    }

    /// Deletes bytes that were kept for a hold that was never recorded. What cannot be read stays: it was no killed guard
    /// that left it so, and it may be all that is left of an entry.
    fn drop_unknown_stashes(&mut self) {
        let Ok(ids) = self.store.ids() else { return };
        let unknown = ids.into_iter().filter(|id| !self.memory.holds.contains_key(id));
        let unknown: Vec<_> = unknown.filter(|id| self.store.get::<Kept>(id).is_ok()).collect();
        self.drop_stashes(&unknown);
        let _ = self.store.sweep();
    }

    fn load_held(&mut self) {
        let ids: Vec<_> = self.memory.holds.keys().copied().collect();
        for id in ids {
            if let Some(connector) = self.kept_connector(&id) {
                self.held.insert(id, Arc::new(connector));
            } else {
                tracing::error!(hold = %id, "the kept bytes of a hold cannot be read");
            }
        }
    }

    fn kept_connector(&self, id: &HoldId) -> Option<Connector> {
        read_kept(&self.host, &self.store.get(id).ok()?, self.key.as_ref())
    }

    /// After the ledger was lost: what the hold store keeps is still held.
    pub(super) fn rebuild_holds(&mut self) {
        let Ok(ids) = self.store.ids() else { return };
        for id in ids {
            if self.memory.holds.contains_key(&id) {
                continue;
            }
            let Ok(kept) = self.store.get::<Kept>(&id) else { continue };
            let connector = kept.intent.connector.clone();
            if !self.memory.connectors.contains_key(&connector) {
                let first_met = crate::guard::FirstMet::Asked;
                self.note(Record::Appeared { sighting: Box::new(kept.sighting), first_met });
            }
            let method = kept.intent.method;
            self.note(Record::Rebuilt { hold: id, intent: Box::new(kept.intent) });
            if method == Method::Cut {
                self.note(Record::Vanished { id: connector });
            }
            let Some(connector) = self.kept_connector(&id) else { continue };
            self.held.insert(id, Arc::new(connector.clone()));
            let (seen, verdict) = self.verdict(&connector);
            self.question(&connector, &seen, verdict);
        }
    }
}

/// Reads a held entry from the bytes that are kept of it, or, where it stayed in its file, from the file.
pub(super) fn read_kept(host: &Host, kept: &Kept, key: Option<&ValueKey>) -> Option<Connector> {
    let Kept { sighting, intent, stash, .. } = kept;
    let row = client(&sighting.client)?;
    let Some(RouteStep::Key { name, nth } | RouteStep::Named { name, nth }) = intent.route.0.last() else {
        return None;
    };
    let place = Place {
        client: row.id,
        shape: row.shape,
        scope: sighting.scope,
        project: sighting.project.as_deref(),
        file: &intent.file,
        home: &host.home,
    };
    let member = match stash.node() {
        Some(node) => Member { key: name.clone(), nth: *nth, key_span: 0..0, node },
        None => {
            let bytes = files::read(&intent.file).ok()?.bytes;
            let format = row.files.iter().find(|file| ends_like(&intent.file, file.path)).map(|file| file.format)?;
            let document = Document::parse(format, bytes).ok()?;
            let node = document.node(&intent.route)?;
            Member { key: name.clone(), nth: *nth, key_span: 0..0, node }
        }
    };
    Some(read(&place, Stand::alone(&intent.route), &member, key))
}

fn intent_of(swap: &Swap) -> Option<hold::Intent> {
    Some(hold::Intent {
        target: swap.target.clone(),
        base: swap.base.parse().ok()?,
        stamp: Stamp {
            dev: swap.stamp.dev,
            ino: swap.stamp.ino,
            size: swap.stamp.size,
            mtime_ns: swap.stamp.mtime_ns,
            ctime_ns: swap.stamp.ctime_ns,
        },
        ours: swap.ours.parse().ok()?,
    })
}

fn standing(swap: &Swap) -> Option<Standing> {
    intent_of(swap).map(|intent| intent.standing())
}

/// The bytes that an old file may have and go, of the swaps of its target, newest first. The file that a swap has read
/// holds what was read, or somebody saved into it since; any other may hold what one of the swaps took out or put there.
fn known_bytes(swaps: &[hold::Intent], file: &hold::OldFile) -> Vec<Digest> {
    let meta = std::fs::symlink_metadata(&file.temp).ok();
    let read_by = meta.and_then(|meta| swaps.iter().find(|swap| is_file_of(&swap.stamp, &meta)));
    match read_by {
        Some(swap) => vec![swap.base],
        None => swaps.iter().flat_map(|swap| [swap.base, swap.ours]).collect(),
    }
}
