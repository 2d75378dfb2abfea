//! Approving a launch at one exact version: the entry is edited to name it, and can be edited back.

use std::path::Path;

use crate::artefact::Source;
use crate::connector::{Connector, ConnectorId};
use crate::document::Document;
use crate::facts::{Artefact, ArtefactKind, ArtefactState};
use crate::guard::{Seen, Standing};
use crate::hold::swap::{self, ReplaceError};
use crate::hold::{self, Step};
use crate::memory::Pinned;
use crate::pin::{self, CannotPin, Pinning};
use crate::record::{HoldId, Method, Origin, Record};
use crate::request::{EffectKind, FileTrouble, Refusal, Reply, Selector};

use super::holding::{Kept, edit_trouble, not_editable, replace_trouble, swap_record};
use super::look::only_watched;
use super::releasing::read_as;
use super::state::Engine;

/// So often an edit is planned anew when others keep saving the file.
const ROUNDS: usize = 8;

impl Engine {
    /// Where a version is to be written, and the launch that comes of it; tried on the file as it is now, and nothing is
    /// changed. The version is the one that is known to run, unless one is given.
    pub(super) fn rehearse_pin(&self, id: &ConnectorId, version: Option<&str>) -> Result<(Pinning, Seen), Refusal> {
        let refuse = |reason: CannotPin| Refusal::CannotPin { id: id.short().to_owned(), reason };
        let connector = self.connector(id).ok_or_else(|| refuse(CannotPin::NoPackage))?;
        let in_file =
            |reason| Refusal::File { path: connector.file.clone(), route: Some(connector.route.to_string()), reason };
        if let Some(trouble) = only_watched(connector) {
            return Err(in_file(trouble));
        }
        let facts = self.facts(connector);
        let known = facts.pin().map(str::to_owned);
        let artefact = facts.artefact;
        let version = version.or(known.as_deref());
        // A launch that cannot be pinned at all is told as that.
        let version = version.unwrap_or_default();
        let pinning = pin::plan(connector, version).map_err(|reason| match reason {
            CannotPin::NoVersion if version.is_empty() => refuse(CannotPin::NotKnown),
            other => refuse(other),
        })?;
        let (read, document) = self.read_document(&connector.file).map_err(in_file)?;
        read.editable.as_ref().map_err(|reason| in_file(not_editable(reason)))?;
        let document = match self.cut_out(id) {
            Some(hold) => {
                let kept: Kept =
                    self.store.get(&hold).map_err(|error| in_file(FileTrouble::Io { detail: error.to_string() }))?;
                document.restore(&kept.stash).map_err(|error| in_file(edit_trouble(&error)))?.after
            }
            None => document,
        };
        let after = pinned(&document, connector, &pinning, &self.host.home).map_err(in_file)?;
        swap::rehearse(&read, after.0.source()).map_err(|error| in_file(replace_trouble(&error)))?;
        let is_same_code = known.as_deref() == Some(version);
        let state = match artefact.kind {
            // A launch that names a digest is known by it, and not by what the store calls the image.
            ArtefactKind::Oci => {
                let (integrity, source) = (version.to_owned(), Source::Launch.name().to_owned());
                ArtefactState::Known { version: None, integrity, source }
            }
            _ if is_same_code => artefact.state,
            _ => ArtefactState::NotLooked,
        };
        let artefact = Artefact { kind: artefact.kind, state };
        Ok((pinning, Seen { fingerprint: after.1.fingerprint, artefact }))
    }

    /// The hold that keeps an entry out of its file.
    fn cut_out(&self, id: &ConnectorId) -> Option<HoldId> {
        let known = self.memory.connectors.get(id).filter(|known| !known.present)?;
        let (hold, of) = self.memory.hold_of(&known.sighting.id)?;
        (of.method == Method::Cut).then_some(*hold)
    }

    /// Writes the version, in the same edit that puts a held entry back.
    pub(super) fn write_pin(&mut self, id: &ConnectorId, pinning: &Pinning) -> Result<EffectKind, Refusal> {
        let home = self.host.home.clone();
        let edit = |document: &Document, connector: &Connector| {
            pinned(document, connector, pinning, &home).map(|(after, _)| after).map_err(|reason| Refusal::File {
                path: connector.file.clone(),
                route: Some(connector.route.to_string()),
                reason,
            })
        };
        let by_edit = self.memory.hold_of(id).filter(|(_, hold)| matches!(hold.method, Method::Cut | Method::Switch));
        let held = by_edit.map(|(hold, _)| *hold).filter(|hold| self.is_this_launch(id, hold));
        match held {
            Some(hold) => drop(self.put_back(&hold, false, |document, held| edit(document, held).map(Some))?),
            None => self.edit_in_place(id, edit)?,
        }
        // The decision put the launch in force before it stood anywhere: a later change is told against what stands now.
        if let Some(connector) = self.connector(id) {
            let (seen, verdict) = self.verdict(connector);
            if !verdict.holds() {
                self.note(Record::InForce { id: id.clone(), seen, standing: Standing::Approved });
            }
        }
        let (old, new) = (pinning.old.clone(), pinning.new.clone());
        self.note(Record::Pinned { id: id.clone(), old, new: new.clone() });
        Ok(EffectKind::Pinned { to: new })
    }

    /// Whether what a hold keeps is the launch that a question about the connector means now.
    fn is_this_launch(&self, id: &ConnectorId, hold: &HoldId) -> bool {
        let asked = self.memory.connectors.get(id).map(|known| &known.sighting.seen.fingerprint);
        self.held.get(hold).is_some_and(|held| asked == Some(&held.fingerprint))
    }

    /// Edits an entry that stands in its file.
    pub(super) fn edit_in_place(
        &mut self,
        id: &ConnectorId,
        edit: impl Fn(&Document, &Connector) -> Result<Document, Refusal>,
    ) -> Result<(), Refusal> {
        let connector = self.connector(id).cloned();
        let connector = connector.ok_or_else(|| Refusal::NoSuchConnector { id: id.short().to_owned() })?;
        let refuse =
            |reason| Refusal::File { path: connector.file.clone(), route: Some(connector.route.to_string()), reason };
        for _ in 0..ROUNDS {
            let (read, document) = self.read_document(&connector.file).map_err(refuse)?;
            let after = edit(&document, &connector)?;
            let swap = swap_record(&hold::Intent::of(&read, after.source()));
            self.note(Record::Amended { id: id.clone(), swap: Box::new(swap) });
            self.flush().map_err(|e| Refusal::Ledger { detail: e.to_string() })?;
            (self.observe)(Step::Intended);
            match swap::replace(&read, after.source(), &mut *self.observe) {
                Ok(replaced) => {
                    self.age(replaced.old);
                    self.take_in(&connector.file, &after, replaced.digest);
                    self.retire_rules();
                    return self.flush().map_err(|e| Refusal::Ledger { detail: e.to_string() });
                }
                Err(ReplaceError::Changed { old, .. }) => self.age(old.map(|old| *old)),
                Err(error) => return Err(refuse(replace_trouble(&error))),
            }
        }
        Err(refuse(FileTrouble::Busy))
    }

    /// Writes back what stood there before a pin. The launch is another one then: approved before, or asked about.
    pub(super) fn unpin(&mut self, selector: &Selector, origin: &Origin) -> Result<Reply, Refusal> {
        let id = self.find(selector)?;
        let file = self.memory.connectors[&id].sighting.file.clone();
        self.look_anew(&file);
        let nothing = || Refusal::NotPinned { id: id.short().to_owned() };
        let Pinned { old, new } = self.memory.connectors[&id].pinned.clone().ok_or_else(nothing)?;
        if !self.gate(origin)? {
            return Ok(self.tell_request("unpin", origin));
        }
        let connector = self.connector(&id).filter(|_| self.memory.connectors[&id].present).ok_or_else(nothing)?;
        let args = connector.launch.args.iter().zip(&connector.launch.places.args);
        let mut places = args.filter(|(arg, _)| arg.contains(&new));
        let (text, route) = match (places.next(), places.next()) {
            (Some((arg, route)), None) => (arg.replacen(&new, &old, 1), route.clone()),
            _ => return Err(nothing()),
        };
        let back = Pinning { route, old: new, new: old, text };
        let home = self.host.home.clone();
        self.edit_in_place(&id, |document, connector| {
            pinned(document, connector, &back, &home).map(|(after, _)| after).map_err(|reason| Refusal::File {
                path: connector.file.clone(),
                route: Some(connector.route.to_string()),
                reason,
            })
        })?;
        let by = origin.clone();
        self.note(Record::Unpinned { id: id.clone(), origin: by });
        let mut effects = vec![self.effect(&id, EffectKind::Unpinned { to: back.new })];
        effects.extend(self.reconcile());
        Ok(Reply::Done { effects })
    }
}

/// The document with the version written, and the connector that it says then.
fn pinned(
    document: &Document,
    connector: &Connector,
    pinning: &Pinning,
    home: &Path,
) -> Result<(Document, Connector), FileTrouble> {
    let part = (pinning.old.as_str(), pinning.new.as_str());
    let entry = &connector.launch.places.entry;
    let after = document.respell(entry, &pinning.route, part, &pinning.text).map_err(|error| edit_trouble(&error))?;
    let read = read_as(&after, connector, home)
        .ok_or_else(|| FileTrouble::Inexact { detail: "the entry could not be read afterwards".to_owned() })?;
    let only_that = read.launch.args.iter().zip(&connector.launch.args).filter(|(now, then)| now != then).count() == 1;
    if !only_that || read.launch.args.len() != connector.launch.args.len() {
        return Err(FileTrouble::Inexact { detail: "something else would change with it".to_owned() });
    }
    Ok((after, read))
}
