//! Taking the last decision back while it is fresh: what it replaced is kept in mind for half a minute.

use jiff::{SignedDuration, Timestamp};

use crate::connector::{ConnectorId, Fingerprint};
use crate::guard::{Approval, Refusal as Standing};
use crate::record::{Answer, Former, Origin, Record};
use crate::request::{Refusal, Reply, Selector, UNDO_SECONDS};

use super::state::Engine;

/// A decision that can be taken back, and what it replaced.
#[derive(Debug, Clone)]
pub(super) struct Undoable {
    id: ConnectorId,
    launch: Fingerprint,
    at: Timestamp,
    /// Taking it back lets something run.
    tightened: bool,
    formers: Vec<Former>,
    approvals: Vec<Approval>,
    refusals: Vec<Standing>,
}

impl Engine {
    /// Keeps in mind what a decision on a launch is about to replace.
    pub(super) fn remember_former(&mut self, id: &ConnectorId, launch: &Fingerprint, answer: &Answer) {
        let now = self.host.now();
        // Only the last decision on a connector, and on a launch, can be taken back.
        self.undoable.retain(|old| old.id != *id && old.launch != *launch && is_fresh(old.at, now));
        // The entry was written back as approved: there is nothing harmful to return to.
        if *answer == Answer::KeepApproved {
            return;
        }
        let is_of = |known: &&crate::memory::Remembered| known.sighting.seen.fingerprint == *launch;
        let formers = self.memory.connectors.values().filter(is_of).map(|known| Former {
            id: known.sighting.id.clone(),
            known: known.known.clone(),
            in_force: known.in_force.clone(),
        });
        let decisions = &self.memory.decisions;
        let undoable = Undoable {
            id: id.clone(),
            launch: launch.clone(),
            at: now,
            tightened: !matches!(answer, Answer::Approve { .. } | Answer::Release),
            formers: formers.collect(),
            approvals: decisions.approvals.iter().filter(|a| a.seen.fingerprint == *launch).cloned().collect(),
            refusals: decisions.refusals.iter().filter(|r| r.launch() == launch).cloned().collect(),
        };
        self.undoable.push(undoable);
    }

    /// Gives back what the last decision on a connector replaced.
    pub(super) fn undo(&mut self, selector: &Selector, origin: &Origin) -> Result<Reply, Refusal> {
        let id = self.find(selector)?;
        let short = || id.short().to_owned();
        let launch = &self.memory.connectors[&id].sighting.seen.fingerprint;
        let last = self.undoable.iter().rposition(|u| u.id == id && u.launch == *launch);
        let last = last.ok_or_else(|| Refusal::NothingToUndo { id: short() })?;
        if !is_fresh(self.undoable[last].at, self.host.now()) {
            return Err(Refusal::UndoTooLate { id: short() });
        }
        if self.undoable[last].tightened && !self.gate(origin)? {
            return Ok(self.tell_request("undo", origin));
        }
        self.decide_durably(|engine| {
            let Undoable { launch, formers, approvals, refusals, .. } = engine.undoable.remove(last);
            let (id, origin) = (id.clone(), origin.clone());
            engine.announce(&id, "undo", &origin);
            engine.note(Record::Undone { id, launch, formers, approvals, refusals, origin });
        })?;
        Ok(self.reconciled(&id))
    }
}

fn is_fresh(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at) <= SignedDuration::from_secs(UNDO_SECONDS)
}
