//! Requests of people: who may ask for what, what it means, and what came of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::connector::{Connector, ConnectorId, Fingerprint};
use crate::guard::{ApprovalKind, Reach, Refusal as Standing, Seen, Verdict, Why};
use crate::hold::swap;
use crate::memory::HoldProgress;
use crate::policy::{CliApprovals, FolderRule, LookUps, Mode};
use crate::record::{Answer, HoldId, Method, Origin, QuestionKind, Record};
use crate::request::{ApproveHow, Effect, EffectKind, FileTrouble, Notice, Refusal, Reply, Request, Selector, Wish};

use super::holding::{Kept, not_editable, replace_trouble};
use super::look::method_of;
use super::state::{Engine, runs};

impl Engine {
    /// Carries out a request.
    pub(super) fn answer(&mut self, request: Request, origin: &Origin) -> Reply {
        let outcome = match request {
            Request::Ping | Request::Subscribe => return Reply::Pong,
            Request::Rescan => {
                self.look_at_all();
                Ok(Reply::Done { effects: Vec::new() })
            }
            Request::ShowDesk if !self.has_window => Err(Refusal::NoWindow),
            Request::ShowDesk => {
                self.say(Notice::ShowDesk);
                Ok(Reply::Done { effects: Vec::new() })
            }
            Request::Decide { id, wish, shown, note } => self.decide(&id, &wish, shown.as_ref(), note, origin),
            Request::Hold { id } => self.decide(&id, &Wish::KeepHeld, None, None, origin),
            Request::Revoke { id } => self.revoke(&id, origin),
            Request::Undo { id } => self.undo(&id, origin),
            Request::Unpin { id } => self.unpin(&id, origin),
            Request::ReleaseAll { malicious_too } => self.release_all(malicious_too, origin),
            Request::SetMode { mode } => self.set_mode(mode, origin),
            Request::Pause { for_ } => self.pause(for_, origin),
            Request::SetCliApprovals { setting } => self.set_cli_approvals(setting, origin),
            Request::SetLookUps { setting } => self.set_look_ups(setting, origin),
            Request::LookUp => self.look_up_now(),
            Request::SetFolder { folder, rule, put_back } => self.set_folder(folder, rule, put_back, origin),
            Request::SetAgeLimit { tool, days } => self.set_age_limit(tool, days, origin),
            Request::UndoAgeLimit { tool } => self.undo_age_limit(tool, origin),
            Request::SetClientPath { client, path } => {
                let origin = origin.clone();
                let set = move |engine: &mut Self| engine.note(Record::ClientPathSet { client, path, origin });
                self.decide_durably(set).map(|()| {
                    self.locate();
                    self.look_at_all();
                    Reply::Done { effects: Vec::new() }
                })
            }
        };
        let reply = outcome.unwrap_or_else(|refusal| Reply::Refused { refusal });
        match self.flush() {
            Ok(()) => reply,
            Err(error) => Reply::Refused { refusal: Refusal::Ledger { detail: error.to_string() } },
        }
    }

    /// Finds the one connector that a person means.
    pub(super) fn find(&self, selector: &Selector) -> Result<ConnectorId, Refusal> {
        let text = selector.0.as_str();
        let fits = |id: &ConnectorId| {
            let known = &self.memory.connectors[id].sighting;
            let by_digits = text.len() >= 4 && text.bytes().all(|b| b.is_ascii_hexdigit()) && id.0.starts_with(text);
            by_digits || text.split_once('/').is_some_and(|(client, name)| known.client == client && known.name == name)
        };
        let is_there = |id: &&ConnectorId| self.memory.connectors[*id].present || self.memory.hold_of(id).is_some();
        let mut found: Vec<_> = self.memory.connectors.keys().filter(is_there).filter(|id| fits(id)).collect();
        if found.is_empty() {
            found = self.memory.connectors.keys().filter(|id| fits(id)).collect();
        }
        match found.as_slice() {
            [] => Err(Refusal::NoSuchConnector { id: text.to_owned() }),
            [one] => Ok((*one).clone()),
            many => {
                let ids = many.iter().map(|id| id.short().to_owned()).collect();
                Err(Refusal::Ambiguous { id: text.to_owned(), ids })
            }
        }
    }

    /// Lets a loosening pass, turns it into a question at the desk, or refuses it.
    pub(super) fn gate(&self, origin: &Origin) -> Result<bool, Refusal> {
        if !origin.channel.is_unattended() {
            return Ok(true);
        }
        match self.policy().cli_approvals() {
            CliApprovals::Never => Err(Refusal::CliApprovalsNever),
            CliApprovals::Desk if !self.can_ask => Err(Refusal::NoDesk),
            CliApprovals::Desk => Ok(false),
            CliApprovals::Allow => Ok(origin.client.is_none() || !self.can_ask),
        }
    }

    fn decide(
        &mut self,
        selector: &Selector,
        wish: &Wish,
        shown: Option<&Fingerprint>,
        note: Option<String>,
        origin: &Origin,
    ) -> Result<Reply, Refusal> {
        let id = self.find(selector)?;
        let file = self.memory.connectors[&id].sighting.file.clone();
        // What is decided binds the code as it is now.
        let shown_code = self.memory.connectors[&id].sighting.seen.artefact.clone();
        self.look_at_code(&id);
        self.look_anew(&file);
        let known = &self.memory.connectors[&id];
        let seen = known.sighting.seen.clone();
        let other_code = self.watches_code() && seen.artefact.differs_from(&shown_code);
        if shown.is_some_and(|shown| *shown != seen.fingerprint) || other_code {
            return Err(Refusal::Stale { id: id.short().to_owned() });
        }
        let loosens = matches!(wish, Wish::Approve { .. } | Wish::Release);
        if loosens && !self.gate(origin)? {
            return Ok(self.ask_at_desk(&id, wish, origin));
        }
        let pin = match wish {
            Wish::Approve { how: ApproveHow::Pin, version, .. } => Some(self.rehearse_pin(&id, version.as_deref())?),
            _ => None,
        };
        let answer = self.worded(&id, wish)?;
        if loosens && pin.is_none() {
            self.can_put_back(&id)?;
        }
        // What is approved is the launch as it will be.
        let (pinning, seen) = pin.map_or((None, seen.clone()), |(pinning, pinned)| (Some(pinning), pinned));
        let word = word(&answer);
        // The decision is durable before any file changes.
        self.decide_durably(|engine| {
            engine.remember_former(&id, &seen.fingerprint, &answer);
            engine.note(Record::Decided { id: id.clone(), seen, answer, origin: origin.clone(), note });
            engine.announce(&id, word, origin);
        })?;
        self.keep_outline(&id);
        let mut effects = Vec::new();
        if *wish == Wish::KeepApproved {
            let kind = self.keep_approved(&id).unwrap_or_else(|refusal| {
                self.open_question(&id);
                EffectKind::NotEdited(refusal)
            });
            effects.push(self.effect(&id, kind));
        }
        if let Some(pinning) = pinning {
            let kind = self.write_pin(&id, &pinning).unwrap_or_else(EffectKind::NotEdited);
            effects.push(self.effect(&id, kind));
        }
        effects.extend(self.reconcile());
        if !effects.iter().any(|effect| effect.id == id) {
            let holds = matches!(wish, Wish::KeepHeld | Wish::Deny | Wish::Remove);
            let refusal = holds.then(|| self.not_carried_out(&id)).flatten();
            effects.insert(0, self.effect(&id, refusal.map_or(EffectKind::Recorded, EffectKind::NotEdited)));
        }
        Ok(Reply::Done { effects })
    }

    /// Why an entry that is to be held runs all the same.
    fn not_carried_out(&self, id: &ConnectorId) -> Option<Refusal> {
        let connector = self.connector(id).filter(|_| self.memory.connectors[id].present)?;
        let (_, verdict) = self.verdict(connector);
        let reason = self.refused.get(id).filter(|_| self.must_hold(connector, verdict))?.clone();
        Some(Refusal::File { path: connector.file.clone(), route: Some(connector.route.to_string()), reason })
    }

    /// Whether a held entry's file can be edited, and its disk has room for that: said before anything is recorded, so that
    /// the question stands.
    fn can_put_back(&self, id: &ConnectorId) -> Result<(), Refusal> {
        let known = &self.memory.connectors[id];
        let Some((held, hold)) = self.memory.hold_of(id).filter(|_| !known.present) else { return Ok(()) };
        let refuse = |reason| Refusal::File { path: hold.file.clone(), route: Some(hold.route.to_string()), reason };
        let (read, document) = self.read_document(&hold.file).map_err(refuse)?;
        read.editable.as_ref().map_err(|reason| refuse(not_editable(reason)))?;
        // What stands in the way in the text itself is told by the release.
        let restored = self.store.get::<Kept>(held).ok().and_then(|kept| document.restore(&kept.stash).ok());
        let Some(restored) = restored else { return Ok(()) };
        swap::rehearse(&read, restored.after.source()).map_err(|error| refuse(replace_trouble(&error)))
    }

    /// Turns a wish into the answer that is recorded, or says why it cannot be.
    fn worded(&self, id: &ConnectorId, wish: &Wish) -> Result<Answer, Refusal> {
        let short = || id.short().to_owned();
        let verdict = self.connector(id).map(|connector| self.verdict(connector).1);
        Ok(match wish {
            Wish::Approve { how, only_here, typed_name, .. } => {
                if matches!(verdict, Some(Verdict::Block(Why::ManagedDeny))) {
                    return Err(Refusal::BlockedByPolicy { id: short() });
                }
                let name = &self.memory.connectors[id].sighting.name;
                let malicious = matches!(verdict, Some(Verdict::Block(Why::KnownMalicious)));
                if malicious && typed_name.as_ref() != Some(name) {
                    return Err(Refusal::NameNotTyped { name: name.clone() });
                }
                let kind = match how {
                    ApproveHow::ThisVersion | ApproveHow::Pin => ApprovalKind::Exact,
                    ApproveHow::Updates => {
                        let facts = self.connector(id).map(|connector| self.facts(connector));
                        let publisher = facts.and_then(|facts| facts.publisher);
                        ApprovalKind::Continuity {
                            publisher: publisher.ok_or_else(|| Refusal::PublisherUnknown { id: short() })?,
                        }
                    }
                    ApproveHow::Developing => {
                        let folder = self.connector(id).and_then(|c| self.developed_folder(c));
                        ApprovalKind::Development {
                            folder: folder.ok_or_else(|| Refusal::NotUnderDevelopment { id: short() })?,
                        }
                    }
                };
                let reach = if *only_here { Reach::Here(id.clone()) } else { Reach::Everywhere };
                Answer::Approve { kind, reach, expires: None, despite_malicious: malicious }
            }
            Wish::KeepApproved => {
                self.can_keep_approved(id)?;
                Answer::KeepApproved
            }
            Wish::KeepHeld => Answer::KeepHeld,
            Wish::Deny => Answer::Deny,
            Wish::Remove => Answer::Remove,
            Wish::Release => {
                if matches!(verdict, Some(Verdict::Block(Why::ManagedDeny))) {
                    return Err(Refusal::BlockedByPolicy { id: short() });
                }
                if !verdict.is_some_and(Verdict::holds) {
                    // What is held under this name is older than what stands in its place.
                    return Err(match self.connector(id).filter(|_| self.previous(id).is_some()) {
                        Some(newer) => Refusal::PlaceTaken {
                            id: short(),
                            newer: runs(newer),
                            approved: self.approved_previous(id).is_some(),
                        },
                        None => Refusal::NotHeld { id: short() },
                    });
                }
                Answer::Release
            }
        })
    }

    /// The folder under development that the code of a connector lies in.
    fn developed_folder(&self, connector: &Connector) -> Option<PathBuf> {
        let code = connector.local_code.as_ref()?;
        let developing = |folder: &std::path::Path| self.memory.folders.get(folder) == Some(&FolderRule::Developing);
        code.ancestors().find(|folder| developing(folder)).map(std::path::Path::to_path_buf)
    }

    fn ask_at_desk(&mut self, id: &ConnectorId, wish: &Wish, origin: &Origin) -> Reply {
        let request = match wish {
            Wish::Release => "release",
            _ => "approve",
        };
        let known = self.memory.connectors.get(id);
        let (kind, changes) = known
            .and_then(|known| known.question.as_ref())
            .map_or((QuestionKind::New, Vec::new()), |question| (question.kind, question.changes.clone()));
        let by = Some(origin.clone());
        let request = Some(request.to_owned());
        self.note(Record::Asked { id: id.clone(), kind, changes: changes.clone(), by, request: request.clone() });
        if let Some(connector) = self.connector(id).map(|c| self.about(c)) {
            let held = self.memory.hold_of(id).is_some();
            let asked_by = origin.client.clone();
            self.say(Notice::Asked { connector, kind, changes, held, asked_by, request });
        }
        Reply::AskedAtDesk { client: origin.client.clone() }
    }

    pub(super) fn announce(&mut self, id: &ConnectorId, answer: &str, origin: &Origin) {
        if let Some(connector) = self.connector(id).map(|c| self.about(c)) {
            let (channel, client) = (origin.channel, origin.client.clone());
            self.say(Notice::Decided { connector, answer: answer.to_owned(), channel, client });
        }
    }

    pub(super) fn effect(&self, id: &ConnectorId, kind: EffectKind) -> Effect {
        let known = &self.memory.connectors[id].sighting;
        let (client, name, file) = (known.client.clone(), known.name.clone(), known.file.clone());
        let recorded = self.memory.hold_of(id).map(|(_, hold)| hold.method);
        let method = recorded.or_else(|| self.connector(id).map(method_of));
        Effect { id: id.clone(), client, name, file, method: method.unwrap_or(Method::None), kind }
    }

    /// Brings every file in line with what is decided now, and says what that changed.
    pub(super) fn reconcile(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        let in_force: Vec<_> = self
            .memory
            .holds
            .iter()
            .filter(|(_, hold)| hold.progress == HoldProgress::InForce)
            .map(|(id, hold)| (*id, hold.connector.clone(), hold.method))
            .collect();
        for (hold, id, method) in in_force {
            let Some(connector) = self.held.get(&hold).cloned() else { continue };
            let (seen, verdict) = self.verdict(&connector);
            if verdict.holds() {
                self.question_of_held(&connector, &seen, verdict);
                continue;
            }
            let kind = match self.release(&hold) {
                Ok(exactness) => EffectKind::Released(exactness),
                Err(refusal) => EffectKind::NotEdited(refusal),
            };
            effects.push(Effect { method, ..self.effect(&id, kind) });
        }
        effects.extend(self.hold_what_must_be());
        effects
    }

    /// A decision counts wherever the launch is: the question of an entry that is out of its file ends or opens with it.
    pub(super) fn question_of_held(&mut self, connector: &Connector, seen: &Seen, verdict: Verdict) {
        let Some(known) = self.memory.connectors.get(&connector.id) else { return };
        // Another entry stands at its route: the question is about that one.
        if known.present {
            return;
        }
        if self.folder_rule(connector) != FolderRule::Ignore {
            self.question(connector, seen, verdict);
        } else if known.question.is_some() {
            self.settle(&connector.id);
        }
    }

    fn hold_what_must_be(&mut self) -> Vec<Effect> {
        let mut due = Vec::new();
        let mut files = BTreeSet::new();
        let paths: Vec<_> = self.files.keys().cloned().collect();
        for path in paths {
            let connectors = self.files[&path].connectors.clone();
            for connector in connectors {
                let (seen, verdict) = self.verdict(&connector);
                self.question(&connector, &seen, verdict);
                if !verdict.holds() {
                    self.let_through(&connector, &seen, verdict);
                } else if self.must_hold(&connector, verdict) {
                    due.push(connector.id.clone());
                    files.insert(path.clone());
                }
            }
        }
        let before: BTreeSet<HoldId> = self.memory.holds.keys().copied().collect();
        let refused = self.refused.clone();
        for path in files {
            self.look_anew(&path);
        }
        let mut effects = Vec::new();
        for id in due {
            let held = self.memory.holds.iter().any(|(hold, h)| h.connector == id && !before.contains(hold));
            let kind = match self.refused.get(&id) {
                _ if held => EffectKind::Held,
                // What could not be edited before is no effect of this request.
                Some(trouble) if refused.get(&id) == Some(trouble) => continue,
                Some(trouble) => {
                    let known = &self.memory.connectors[&id].sighting;
                    let (path, route) = (known.file.clone(), Some(known.route.to_string()));
                    EffectKind::NotEdited(Refusal::File { path, route, reason: trouble.clone() })
                }
                None => continue,
            };
            effects.push(self.effect(&id, kind));
        }
        effects
    }

    fn revoke(&mut self, selector: &Selector, origin: &Origin) -> Result<Reply, Refusal> {
        let id = self.find(selector)?;
        let fingerprint = self.memory.connectors[&id].sighting.seen.fingerprint.clone();
        let decisions = &self.memory.decisions;
        let developed = self.developments(&id);
        let approved = !developed.is_empty() || decisions.approvals.iter().any(|a| a.seen.fingerprint == fingerprint);
        let refused = decisions.refusals.iter().any(|r| match r {
            Standing::Denied(launch) => *launch == fingerprint,
            Standing::KeptHeld(seen) => seen.fingerprint == fingerprint,
        });
        let released = self.memory.known(&id).is_some_and(|known| {
            known.in_force.as_ref().is_some_and(|(_, stood)| *stood == crate::guard::Standing::Released)
        });
        if !approved && !refused && !released {
            return Err(Refusal::NothingToRevoke { id: id.short().to_owned() });
        }
        let developed: Vec<_> = developed.into_iter().filter(|launch| *launch != fingerprint).collect();
        self.decide_durably(|engine| {
            for fingerprint in developed.into_iter().chain([fingerprint]) {
                engine.note(Record::Revoked { id: id.clone(), fingerprint, origin: origin.clone() });
            }
            engine.announce(&id, "revoke", origin);
        })?;
        Ok(self.reconciled(&id))
    }

    /// Carries out what is decided now; the connector that it was asked for is always among the effects.
    pub(super) fn reconciled(&mut self, id: &ConnectorId) -> Reply {
        let mut effects = self.reconcile();
        if !effects.iter().any(|effect| effect.id == *id) {
            effects.insert(0, self.effect(id, EffectKind::Recorded));
        }
        Reply::Done { effects }
    }

    /// The launches under whose approval a connector is developed; its own may be another one by now.
    fn developments(&self, id: &ConnectorId) -> BTreeSet<Fingerprint> {
        let Some(code) = self.connector(id).and_then(|connector| connector.local_code.as_ref()) else {
            return BTreeSet::new();
        };
        let covers =
            |kind: &ApprovalKind| matches!(kind, ApprovalKind::Development { folder } if code.starts_with(folder));
        let approvals = self.memory.decisions.approvals.iter().filter(|approval| covers(&approval.kind));
        approvals.map(|approval| approval.seen.fingerprint.clone()).collect()
    }

    /// Opens the question of an entry again whose answer could not be carried out.
    pub(super) fn open_question(&mut self, id: &ConnectorId) {
        let Some(connector) = self.connector(id).cloned() else { return };
        let (seen, verdict) = self.verdict(&connector);
        self.question(&connector, &seen, verdict);
    }

    /// Says which questions were open already: to whoever has just come.
    pub(super) fn ask_again(&mut self) {
        let waiting: Vec<_> = self
            .memory
            .waiting()
            .filter(|known| !self.told.contains(&known.sighting.id))
            .filter_map(|known| Some((known.sighting.id.clone(), known.question.clone()?)))
            .collect();
        for (id, question) in waiting {
            let Some(connector) = self.connector(&id).map(|c| self.about(c)) else { continue };
            let held = self.memory.hold_of(&id).is_some();
            let asked_by = question.asked_by.and_then(|origin| origin.client);
            let (kind, changes, request) = (question.kind, question.changes, question.request);
            self.say(Notice::Asked { connector, kind, changes, held, asked_by, request });
        }
    }

    fn release_all(&mut self, malicious_too: bool, origin: &Origin) -> Result<Reply, Refusal> {
        if !self.gate(origin)? {
            return Ok(self.tell_request("release --all", origin));
        }
        if self.policy().mode() != Mode::Monitor {
            self.decide_durably(|engine| {
                engine.note(Record::ModeSet { mode: Mode::Monitor, origin: origin.clone() });
                engine.say(Notice::ModeChanged { mode: Mode::Monitor });
            })?;
        }
        let holds: Vec<_> = self.memory.holds.iter().map(|(id, hold)| (*id, hold.connector.clone())).collect();
        let mut effects = Vec::new();
        for (hold, id) in holds {
            let malicious = self
                .held
                .get(&hold)
                .is_some_and(|c| matches!(self.verdict(c).1, Verdict::Block(Why::KnownMalicious | Why::ManagedDeny)));
            let kind = if malicious && !malicious_too {
                let name = self.memory.connectors[&id].sighting.name.clone();
                EffectKind::NotEdited(Refusal::NameNotTyped { name })
            } else {
                match self.release(&hold) {
                    Ok(exactness) => EffectKind::Released(exactness),
                    // What stands at its route is in force: there is nothing to put back.
                    Err(Refusal::File { reason: FileTrouble::RouteTaken, .. }) => continue,
                    Err(refusal) => EffectKind::NotEdited(refusal),
                }
            };
            effects.push(self.effect(&id, kind));
        }
        Ok(Reply::Done { effects })
    }

    pub(super) fn tell_request(&mut self, what: &str, origin: &Origin) -> Reply {
        self.say(Notice::Requested { what: what.to_owned(), client: origin.client.clone() });
        Reply::AskedAtDesk { client: origin.client.clone() }
    }

    fn set_mode(&mut self, mode: Mode, origin: &Origin) -> Result<Reply, Refusal> {
        if mode < self.memory.mode && !self.gate(origin)? {
            return Ok(self.tell_request("mode monitor", origin));
        }
        self.decide_durably(|engine| {
            engine.note(Record::ModeSet { mode, origin: origin.clone() });
            engine.say(Notice::ModeChanged { mode });
        })?;
        Ok(Reply::Done { effects: self.reconcile_all() })
    }

    /// As [`Engine::reconcile`], with every file judged anew: another mode opens and settles questions.
    pub(super) fn reconcile_all(&mut self) -> Vec<Effect> {
        for path in self.files.keys().cloned().collect::<Vec<_>>() {
            self.look_anew(&path);
        }
        self.reconcile()
    }

    fn pause(&mut self, for_: Option<jiff::SignedDuration>, origin: &Origin) -> Result<Reply, Refusal> {
        if for_.is_some() && !self.gate(origin)? {
            return Ok(self.tell_request("pause", origin));
        }
        let until = for_.and_then(|time| self.host.now().checked_add(time).ok());
        self.decide_durably(|engine| {
            engine.note(Record::Paused { until, origin: origin.clone() });
            engine.say(Notice::Paused { until });
        })?;
        Ok(Reply::Done { effects: self.reconcile_all() })
    }

    fn set_cli_approvals(&mut self, setting: CliApprovals, origin: &Origin) -> Result<Reply, Refusal> {
        // Looser only by way of the setting that is in force.
        if setting < self.policy().cli_approvals() && !self.gate(origin)? {
            let word = if setting == CliApprovals::Allow { "allow" } else { "desk" };
            return Ok(self.tell_request(&format!("cli-approvals {word}"), origin));
        }
        self.decide_durably(|engine| engine.note(Record::CliApprovalsSet { setting, origin: origin.clone() }))?;
        Ok(Reply::Done { effects: Vec::new() })
    }

    fn set_look_ups(&mut self, setting: LookUps, origin: &Origin) -> Result<Reply, Refusal> {
        if setting == LookUps::On && !self.gate(origin)? {
            return Ok(self.tell_request("look-ups on", origin));
        }
        self.decide_durably(|engine| engine.note(Record::LookUpsSet { setting, origin: origin.clone() }))?;
        self.look_ups.stale = true;
        // What a registry said counts only while it may be asked.
        Ok(Reply::Done { effects: self.reconcile_all() })
    }

    fn set_folder(
        &mut self,
        folder: PathBuf,
        rule: FolderRule,
        put_back: bool,
        origin: &Origin,
    ) -> Result<Reply, Refusal> {
        if rule != FolderRule::Ask && !self.gate(origin)? {
            return Ok(self.tell_request("folder", origin));
        }
        let record = Record::FolderSet { folder: folder.clone(), rule, origin: origin.clone() };
        let developed = if rule == FolderRule::Developing { self.approved_code_in(&folder) } else { Vec::new() };
        self.decide_durably(|engine| {
            engine.note(record);
            for (id, seen) in developed {
                let kind = ApprovalKind::Development { folder: folder.clone() };
                let answer =
                    Answer::Approve { kind, reach: Reach::Everywhere, expires: None, despite_malicious: false };
                engine.note(Record::Decided { id, seen, answer, origin: origin.clone(), note: None });
            }
        })?;
        self.walk();
        self.locate();
        self.look_at_all();
        let mut effects = self.reconcile_all();
        if put_back {
            effects.extend(self.put_back_undecided(&folder));
        }
        if matches!(rule, FolderRule::Notify | FolderRule::Ignore) {
            effects.extend(self.still_held_in(&folder));
        }
        Ok(Reply::Done { effects })
    }

    /// One connector for each launch that is approved as it is and runs code of a folder. What waits for an answer is not
    /// among them: its code is another than the approved one, and a rule is no answer.
    fn approved_code_in(&self, folder: &Path) -> Vec<(ConnectorId, Seen)> {
        let present = self.files.values().flat_map(|file| &file.connectors);
        let inside = present.filter(|c| c.local_code.as_ref().is_some_and(|code| code.starts_with(folder)));
        let judged = inside.map(|connector| (connector.id.clone(), self.verdict(connector)));
        let approved = judged.filter(|(_, (_, verdict))| *verdict == Verdict::Allow(Why::ApprovedExact));
        let mut launches = BTreeSet::new();
        approved
            .filter(|(_, (seen, _))| launches.insert(seen.fingerprint.clone()))
            .map(|(id, (seen, _))| (id, seen))
            .collect()
    }

    /// A folder where nothing is held any more: the rule alone puts nothing back that was held before, for nobody has
    /// looked at it.
    fn still_held_in(&self, folder: &Path) -> Vec<Effect> {
        let is_there = |connector: &&Connector| {
            let place = connector.project.as_deref().unwrap_or(&connector.file);
            let rule = self.folder_rule(connector);
            place.starts_with(folder) && matches!(rule, FolderRule::Notify | FolderRule::Ignore)
        };
        let held = self.memory.holds.keys().filter_map(|hold| self.held.get(hold)).map(|c| &**c).filter(is_there);
        held.map(|connector| self.effect(&connector.id, EffectKind::StaysHeld)).collect()
    }

    /// Looks at every location; projects that this brings to light are looked at too.
    pub(super) fn look_at_all(&mut self) {
        let mut done = BTreeSet::new();
        loop {
            let open: Vec<_> = self.paths().into_iter().filter(|path| !done.contains(path)).collect();
            if open.is_empty() {
                return;
            }
            for path in open {
                self.look(&path);
                done.insert(path);
            }
        }
    }

    /// Deletes the kept bytes of removed connectors whose time is over.
    pub(super) fn delete_removed(&mut self) {
        let now = self.host.now();
        let due: Vec<_> = self
            .memory
            .holds
            .iter()
            .filter(|(_, hold)| hold.delete_at.is_some_and(|at| at <= now))
            .map(|(id, _)| *id)
            .collect();
        for hold in &due {
            self.note(Record::StashDeleted { hold: *hold });
        }
        if !due.is_empty() && self.flush().is_ok() {
            self.drop_stashes(&due);
        }
    }

    /// A hold by a client's own switch ends with its entry: there is nothing left to switch on.
    pub(super) fn end_switch_holds(&mut self, gone: &ConnectorId) {
        let ended: Vec<_> = self
            .memory
            .holds
            .iter()
            .filter(|(_, hold)| hold.connector == *gone && hold.method == Method::Switch)
            .map(|(id, _)| *id)
            .collect();
        for hold in &ended {
            self.note(Record::StashDeleted { hold: *hold });
        }
        if !ended.is_empty() && self.flush().is_ok() {
            self.drop_stashes(&ended);
        }
    }
}

fn word(answer: &Answer) -> &'static str {
    match answer {
        Answer::Approve { .. } => "approve",
        Answer::KeepApproved => "keep-approved",
        Answer::KeepHeld => "keep-held",
        Answer::Deny => "deny",
        Answer::Release => "release",
        Answer::Remove => "remove",
    }
}
