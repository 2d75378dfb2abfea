//! What is offered beside a question: to be asked only, in a folder whose files git tracks.

use std::path::Path;
use std::sync::Arc;

use crate::connector::{Connector, Scope};
use crate::host::{Base, git};
use crate::policy::FolderRule;
use crate::record::{HoldId, Record};
use crate::request::{Effect, EffectKind, Notice};

use super::state::Engine;

impl Engine {
    /// An edit in a file that git tracks shows as a change of somebody's work, and comes back with every branch. With the
    /// first one in a project the folder's rule is offered that asks without editing.
    pub(super) fn offer_to_ask_only(&mut self, cut: &[Arc<Connector>]) {
        let Some((first, folder)) = cut.first().and_then(|first| Some((first, first.project.clone()?))) else { return };
        let of_project = first.scope == Scope::Project && first.file.starts_with(&folder);
        // A rule for the home or a folder around it would be one for the files of the clients themselves.
        let around_home = self.host.base(Base::Home).is_none_or(|home| home.starts_with(&folder));
        if !of_project
            || around_home
            || self.memory.folder_offers.contains_key(&folder)
            || self.folder_rule(first) != FolderRule::Ask
            || !git::is_tracked(&first.file)
        {
            return;
        }
        let ids = cut.iter().map(|connector| connector.id.clone()).collect();
        self.note(Record::FolderOffered { folder: folder.clone(), ids });
        let connector = self.about(first);
        self.say(Notice::FolderOffered { connector, folder });
    }

    /// Puts back what waits for an answer in a folder, and goes on waiting there. What was decided on stays as it is.
    pub(super) fn put_back_undecided(&mut self, folder: &Path) -> Vec<Effect> {
        let is_due = |id: &HoldId| {
            self.held.get(id).is_some_and(|connector| {
                let place = connector.project.as_deref().unwrap_or(&connector.file);
                place.starts_with(folder)
                    && self.folder_rule(connector) == FolderRule::Notify
                    && self.verdict(connector).1.why().is_undecided()
            })
        };
        let due: Vec<_> = self
            .memory
            .holds
            .iter()
            .filter(|(id, _)| is_due(id))
            .map(|(id, hold)| (*id, hold.connector.clone()))
            .collect();
        let mut effects = Vec::new();
        for (hold, id) in due {
            let kind = match self.release(&hold) {
                Ok(exactness) => EffectKind::Released(exactness),
                Err(refusal) => EffectKind::NotEdited(refusal),
            };
            effects.push(self.effect(&id, kind));
        }
        effects
    }
}
