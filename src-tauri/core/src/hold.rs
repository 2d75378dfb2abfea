//! Swaps the bytes of users' files without losing a save of anybody, and keeps what was taken out.
//!
//! - [`swap`] puts planned bytes in place of those that were read, by an atomic exchange;
//! - [`settle`] looks after the file that was taken out until nobody writes to it any more;
//! - [`recovery`] finds and judges what a killed process left behind;
//! - [`store`] keeps the bytes of held entries.
//!
//! One rule carries all of it: a file that has ever stood at the user's path is never just removed. It is settled:
//! removed only when its bytes are the known ones and nobody has it open for writing.

mod attributes;
mod place;
pub mod recovery;
pub mod settle;
pub mod store;
pub mod swap;

pub use place::{is_own_temp, is_temp_of};
pub use recovery::Intent;
pub use recovery::leftovers;
pub use settle::OldFile;
pub use settle::Settled;
pub use store::HoldStore;
pub use swap::Replaced;

/// The steps of a hold or release, in order. Each is reported right after it is done; the kill test ends the process
/// at each of them.
///
/// A hold goes from `Stashed` to `OldRemoved`; a release from `Intended` to `StashRemoved`. `ExchangedBack` happens
/// only where a writer was at work, and ends that attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The entry's bytes are in the hold store, synced.
    Stashed,
    /// The ledger has `hold-intended` (reported by the engine).
    Intended,
    /// The new bytes are in a file beside the target, with its attributes.
    TempWritten,
    TempSynced,
    /// The target still is what was read.
    Checked,
    /// The new bytes stand at the path; the old file lies under the temp name.
    Exchanged,
    /// The old file was another than the one read, and stands at the path again.
    ExchangedBack,
    /// The old file is the one that was read.
    OldChecked,
    FolderSynced,
    /// The ledger has `held` or `released` (reported by the engine).
    Recorded,
    /// Nobody writes to the old file, and its bytes are still the known ones.
    Settled,
    OldRemoved,
    /// The entry's bytes are out of the hold store.
    StashRemoved,
}

impl Step {
    pub const ALL: [Self; 13] = [
        Self::Stashed,
        Self::Intended,
        Self::TempWritten,
        Self::TempSynced,
        Self::Checked,
        Self::Exchanged,
        Self::ExchangedBack,
        Self::OldChecked,
        Self::FolderSynced,
        Self::Recorded,
        Self::Settled,
        Self::OldRemoved,
        Self::StashRemoved,
    ];

    /// Returns the step's name in kebab-case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stashed => "stashed",
            Self::Intended => "intended",
            Self::TempWritten => "temp-written",
            Self::TempSynced => "temp-synced",
            Self::Checked => "checked",
            Self::Exchanged => "exchanged",
            Self::ExchangedBack => "exchanged-back",
            Self::OldChecked => "old-checked",
            Self::FolderSynced => "folder-synced",
            Self::Recorded => "recorded",
            Self::Settled => "settled",
            Self::OldRemoved => "old-removed",
            Self::StashRemoved => "stash-removed",
        }
    }
}

/// Told of each step right after it is done.
pub type Observe<'a> = &'a mut dyn FnMut(Step);

#[cfg(test)]
mod tests {
    use super::Step;

    #[test]
    fn all_steps_are_listed_once_in_order() {
        assert!(Step::ALL.is_sorted_by(|a, b| a < b));
        assert_eq!(Step::ALL.last(), Some(&Step::StashRemoved));
        assert_eq!(Step::ALL.len(), Step::StashRemoved as usize + 1);
    }
}
