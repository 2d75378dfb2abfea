//! Whether what is in force is what the entries of the ledger say.

use std::ops::ControlFlow;
use std::path::Path;

use crate::ledger::{Fault, KeyState, Ledger, Problem, ReadOnly, Verification};
use crate::memory::Memory;
use crate::record::Record;

/// Folds all entries up to one. `None` where they cannot all be read.
pub(super) fn fold(dir: &Path, upto: u64) -> Option<Memory> {
    let read = Ledger::open_read_only(dir).ok()??;
    let (memory, _) = fold_up_to(&read, upto)?;
    (memory.seq == upto).then_some(memory)
}

/// Folds entries, and tells the version of the last guard among those that wrote them.
fn fold_up_to(read: &ReadOnly, upto: u64) -> Option<(Memory, Option<String>)> {
    let mut memory = Memory::default();
    let mut version = None;
    let each = |entry: crate::ledger::Entry| {
        if entry.seq > upto {
            return ControlFlow::Break(());
        }
        if let Ok(record) = serde_json::from_str::<Record>(&entry.body) {
            memory.apply(entry.seq, entry.at, &record);
            if let Record::Started { version: by, .. } = record {
                version = Some(by);
            }
        }
        ControlFlow::Continue(())
    };
    read.entries(1, each).ok()?;
    Some((memory, version))
}

/// Whether the newest snapshot says something that the entries do not. Of a sealed chain its own seal tells; here one that
/// anybody could write is held against the entries that it stands for.
pub(super) fn altered(dir: &Path, found: &Verification) -> Option<Problem> {
    if found.key == KeyState::Keyed || !found.is_sound() {
        return None;
    }
    let read = Ledger::open_read_only(dir).ok()??;
    let snapshot: Memory = serde_json::from_str(read.snapshot.as_deref()?).ok()?;
    let (fold, version) = fold_up_to(&read, snapshot.seq)?;
    // Another version may have made something else of the same entries.
    let same_version = version.is_none_or(|version| version == env!("CARGO_PKG_VERSION"));
    (same_version && !agree(&fold, &snapshot))
        .then_some(Problem::Checkpoint { seq: snapshot.seq, fault: Fault::Snapshot })
}

/// Compares what lets something run or keeps it from running.
fn agree(fold: &Memory, snapshot: &Memory) -> bool {
    let known = |memory: &Memory| {
        memory.connectors.values().map(|c| (c.sighting.id.clone(), c.known.clone())).collect::<Vec<_>>()
    };
    let holds = |memory: &Memory| {
        memory.holds.iter().map(|(id, hold)| (*id, hold.connector.clone(), hold.seen.clone())).collect::<Vec<_>>()
    };
    let refusals = |memory: &Memory| memory.decisions.refusals.clone();
    // What was set before a loss may have been told by a witness of it.
    let set = |memory: &Memory| {
        (memory.mode, memory.paused_until, memory.cli_approvals, memory.look_ups, memory.folders.clone())
    };
    let lost = fold.lost_seq > 0;
    fold.decisions.approvals == snapshot.decisions.approvals
        && known(fold) == known(snapshot)
        && holds(fold) == holds(snapshot)
        && (lost || refusals(fold) == refusals(snapshot) && set(fold) == set(snapshot))
}
