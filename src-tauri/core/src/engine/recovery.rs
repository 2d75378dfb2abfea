//! The start after an end: swaps under way are finished or undone, and what a killed guard left is settled.

use std::time::Instant;

use crate::clients::client;
use crate::connector::{Connector, Place, ValueKey, read};
use crate::document::{Document, Exactness, Member, Step as RouteStep};
use crate::guard::Why;
use crate::hold::recovery::Standing;
use crate::hold::{self, Settled};
use crate::host::Host;
use crate::host::files::{self, Stamp};
use crate::memory::{Hold, HoldProgress};
use crate::record::{HoldId, Method, Record, Swap};

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
        let holds: Vec<_> = self.memory.holds.iter().map(|(id, hold)| (*id, hold.clone())).collect();
        for (id, hold) in holds {
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
            _ => !matches!(self.find_entry(id, hold), Found::There),
        };
        if done && self.store.get::<Kept>(id).is_ok() {
            self.note(Record::Held { hold: *id });
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
            _ => matches!(self.find_entry(id, hold), Found::There),
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

    fn find_entry(&self, id: &HoldId, hold: &Hold) -> Found {
        let Ok((_, document)) = self.read_document(&hold.file) else { return Found::Unknown };
        let Some(kept) = self.kept_connector(id) else { return Found::Unknown };
        let there = self.connectors_in(&hold.file, &document).into_iter().find(|c| c.id == hold.connector);
        match there {
            Some(entry) if entry.fingerprint == kept.fingerprint && (hold.method == Method::Cut || entry.enabled) => {
                Found::There
            }
            _ => Found::Gone,
        }
    }

    /// Judges the files that a killed guard left beside their targets.
    fn settle_swaps(&mut self) {
        let swaps = self.memory.swaps.clone();
        for swap in swaps.iter().rev() {
            let Some(intent) = intent_of(swap) else { continue };
            let Ok(recovered) = intent.recover(&mut *self.observe) else { continue };
            for file in recovered.old {
                // A file of an older swap has other bytes than the newest intent knows: any of the known ones will do.
                let known = swaps.iter().flat_map(|s| [&s.base, &s.ours]).filter_map(|digest| digest.parse().ok());
                let settled = known
                    .map(|base| hold::OldFile { base, ..file.clone() }.settle(&mut *self.observe))
                    .any(|settled| matches!(settled, Ok(Settled::Quiet | Settled::Gone)));
                let now = Instant::now();
                if !settled && !self.old_files.iter().any(|old| old.file.temp == file.temp) {
                    self.old_files.push(Aging { file, due: now, since: now, late_since: None });
                }
            }
        }
    }

    /// Deletes bytes that were kept for a hold that was never recorded.
    fn drop_unknown_stashes(&mut self) {
        let Ok(ids) = self.store.ids() else { return };
        let unknown: Vec<_> = ids.into_iter().filter(|id| !self.memory.holds.contains_key(id)).collect();
        self.drop_stashes(&unknown);
        let _ = self.store.sweep();
    }

    fn load_held(&mut self) {
        let ids: Vec<_> = self.memory.holds.keys().copied().collect();
        for id in ids {
            if let Some(connector) = self.kept_connector(&id) {
                self.held.insert(id, connector);
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
            let Some(connector) = self.kept_connector(&id) else { continue };
            let sighting = Box::new(kept.sighting);
            let first_met = crate::guard::FirstMet::Asked;
            if !self.memory.connectors.contains_key(&connector.id) {
                self.note(Record::Appeared { sighting, first_met });
            }
            self.note(Record::Rebuilt { hold: id, intent: Box::new(kept.intent) });
            if self.memory.holds[&id].method == Method::Cut {
                self.note(Record::Vanished { id: connector.id.clone() });
            }
            self.held.insert(id, connector.clone());
            if matches!(self.verdict(&connector).1.why(), Why::New | Why::FingerprintChanged) {
                let kind = crate::record::QuestionKind::New;
                self.note(Record::Asked { id: connector.id, kind, changes: Vec::new(), by: None, request: None });
            }
        }
    }
}

/// Reads a held entry from the bytes that are kept of it, or, where it stayed in its file, from the file.
pub(super) fn read_kept(host: &Host, kept: &Kept, key: Option<&ValueKey>) -> Option<Connector> {
    let Kept { sighting, intent, stash } = kept;
    let row = client(&sighting.client)?;
    let Some(RouteStep::Key { name, nth }) = intent.route.0.last() else { return None };
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
            let format = row.files.iter().find(|file| intent.file.ends_with(file.path)).map(|file| file.format)?;
            let document = Document::parse(format, bytes).ok()?;
            let node = document.node(&intent.route)?;
            Member { key: name.clone(), nth: *nth, key_span: 0..0, node }
        }
    };
    Some(read(&place, &intent.route, &member, 1, false, key))
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
    intent_of(swap)?.recover(&mut |_| {}).ok().map(|recovered| recovered.standing)
}
