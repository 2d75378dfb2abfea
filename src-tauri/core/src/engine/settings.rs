//! Follows the files of settings while the guard runs.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::host::Listed;
use crate::managed;
use crate::memory::Memory;
use crate::policy::Policy;
use crate::policy::effective::{Layers, Own};
use crate::record::Record;
use crate::request::Notice;

use super::state::Engine;

/// What the user has decided, as far as it differs from what holds by itself.
pub(super) fn own(memory: &Memory) -> Own {
    let mode = Some(memory.mode).filter(|mode| *mode != crate::policy::Mode::default());
    Own { mode, cli_approvals: memory.cli_approvals, look_ups: memory.look_ups }
}

/// What all files say; one that cannot be read says what it said when it was read last.
pub(super) fn layers_now(host: &crate::host::Host, memory: &Memory) -> Layers {
    managed::read(host).or_last_good(&memory.settings)
}

/// The rules for a reader, who reads the files now.
pub(super) fn policy_now(host: &crate::host::Host, memory: &Memory) -> Policy {
    Policy { managed: layers_now(host, memory).managed(), ..memory.policy() }
}

impl Engine {
    /// Reads the files of settings; where they say something else than before, everything is judged anew.
    pub(super) fn follow_settings(&mut self) {
        let now = layers_now(&self.host, &self.memory);
        let rules = now.managed();
        let has_changed = rules != self.managed;
        self.managed = rules;
        if now != self.memory.settings {
            let problems: Vec<_> = now.problems().cloned().collect();
            self.note(Record::PolicyChanged { layers: now });
            self.say(Notice::PolicyChanged { problems });
        }
        // The first look judges everything in any case.
        self.look_ups.stale |= has_changed;
        if has_changed && !self.starts {
            self.reconcile_all();
        }
    }

    /// All that is watched: the places of connectors, and those of settings.
    pub(super) fn watched(&self) -> (BTreeSet<PathBuf>, Listed) {
        let (files, further) = managed::places(&self.host);
        let mut listed = self.listed.clone();
        Arc::make_mut(listed.entry(further).or_default()).ways.insert("*.json");
        (self.paths().into_iter().chain(files).collect(), listed)
    }
}
