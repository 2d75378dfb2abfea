//! The ledger's entries in words.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::connector::ConnectorId;
use crate::record::{HoldId, Origin, Record, Sighting};

use super::chips::visible;
use super::{Speech, client_name, kebab};

/// Names by identity, learnt from the entries themselves.
#[derive(Debug, Default)]
pub struct Names {
    connectors: BTreeMap<ConnectorId, (String, String)>,
    holds: BTreeMap<HoldId, ConnectorId>,
}

impl Names {
    /// Learns from one entry; to be called in order.
    pub fn learn(&mut self, record: &Record) {
        match record {
            Record::Appeared { sighting, .. }
            | Record::Changed { sighting, .. }
            | Record::ValuesChanged { sighting, .. } => self.learn_sighting(sighting),
            Record::HoldIntended { intent } => {
                self.holds.insert(intent.hold, intent.connector.clone());
            }
            _ => {}
        }
    }

    fn learn_sighting(&mut self, sighting: &Sighting) {
        self.connectors.insert(sighting.id.clone(), (sighting.name.clone(), sighting.client.clone()));
    }

    fn connector(&self, speech: &Speech<'_>, id: &ConnectorId) -> String {
        let (name, client) = self.connectors.get(id).map_or(("?", "?"), |(name, client)| (name, client));
        speech.say("connector-line", &[("name", name), ("client", client), ("id", id.short())])
    }

    fn held(&self, speech: &Speech<'_>, hold: &HoldId) -> String {
        self.holds.get(hold).map_or_else(|| hold.to_string(), |id| self.connector(speech, id))
    }

    /// Whether the entry is about this connector.
    pub fn concerns(&self, record: &Record, id: &ConnectorId) -> bool {
        match record {
            Record::Appeared { sighting, .. } | Record::Changed { sighting, .. } => sighting.id == *id,
            Record::ValuesChanged { id: other, .. }
            | Record::Vanished { id: other }
            | Record::InForce { id: other, .. }
            | Record::Asked { id: other, .. }
            | Record::Settled { id: other }
            | Record::Decided { id: other, .. }
            | Record::Revoked { id: other, .. }
            | Record::Undone { id: other, .. }
            | Record::Amended { id: other, .. }
            | Record::Pinned { id: other, .. }
            | Record::Unpinned { id: other, .. }
            | Record::Contested { id: other, .. } => other == id,
            Record::HoldIntended { intent } => intent.connector == *id,
            Record::Held { hold }
            | Record::HoldDropped { hold, .. }
            | Record::ReleaseIntended { hold, .. }
            | Record::Released { hold, .. }
            | Record::ReleaseDropped { hold, .. }
            | Record::StashDeleted { hold } => self.holds.get(hold) == Some(id),
            _ => false,
        }
    }
}

impl Speech<'_> {
    /// An entry of the ledger as one sentence.
    pub fn past(&self, record: &Record, names: &Names) -> String {
        let about =
            |id: &str, connector: &ConnectorId| self.say(id, &[("connector", &names.connector(self, connector))]);
        let held = |id: &str, hold: &HoldId| self.say(id, &[("connector", &names.held(self, hold))]);
        match record {
            Record::Started { version, kind } => self.say("log-started", &[("version", version), ("kind", kind)]),
            Record::Stopped => self.say("log-stopped", &[]),
            Record::Baseline { connectors } => self.say("log-baseline", &[("count", &connectors.to_string())]),
            Record::LedgerLost { told_by, detail } => {
                self.say("log-ledger-lost", &[("witnesses", &told_by.join(", ")), ("detail", detail)])
            }
            Record::Appeared { sighting, .. } => about("log-appeared", &sighting.id),
            Record::Changed { sighting, changes } => {
                let facets: Vec<_> = changes.iter().map(|change| self.facet(change)).collect();
                let connector = names.connector(self, &sighting.id);
                self.say("log-changed", &[("connector", &connector), ("facets", &facets.join(", "))])
            }
            Record::ValuesChanged { id, places, .. } => {
                let connector = names.connector(self, id);
                self.say("log-values-changed", &[("connector", &connector), ("places", &places.join(", "))])
            }
            Record::Vanished { id } => about("log-vanished", id),
            Record::InForce { id, .. } => about("log-in-force", id),
            Record::Asked { id, .. } => about("log-asked", id),
            Record::Settled { id } => about("log-settled", id),
            Record::Decided { id, answer, origin, note, .. } => {
                let answer = answer_name(self, answer);
                let (connector, by) = (names.connector(self, id), by(self, origin));
                let text = self.say("log-decided", &[("connector", &connector), ("answer", &answer), ("by", &by)]);
                match note {
                    Some(note) => format!("{text}\n“{}”", visible(note)),
                    None => text,
                }
            }
            Record::Revoked { id, origin, .. } => {
                self.say("log-revoked", &[("connector", &names.connector(self, id)), ("by", &by(self, origin))])
            }
            Record::Undone { id, origin, .. } => {
                self.say("log-undone", &[("connector", &names.connector(self, id)), ("by", &by(self, origin))])
            }
            Record::Used { approval } => self.say("log-used", &[("number", &approval.to_string())]),
            Record::HoldIntended { intent } => about("log-hold-intended", &intent.connector),
            Record::Held { hold } => held("log-held", hold),
            Record::Rebuilt { intent, .. } => about("log-rebuilt", &intent.connector),
            Record::NoExchange { folder } => self.say("log-no-exchange", &[("folder", &self.host.display(folder))]),
            Record::HoldDropped { hold, reason } => {
                self.say("log-hold-dropped", &[("connector", &names.held(self, hold)), ("reason", reason)])
            }
            Record::ReleaseIntended { hold, .. } => held("log-release-intended", hold),
            Record::Released { hold, exactness } if kebab(exactness) == "exact" => held("log-released-exact", hold),
            Record::Released { hold, .. } => held("log-released-by-meaning", hold),
            Record::ReleaseDropped { hold, reason } => {
                self.say("log-release-dropped", &[("connector", &names.held(self, hold)), ("reason", reason)])
            }
            Record::StashDeleted { hold } => held("log-stash-deleted", hold),
            Record::Amended { id, .. } => about("log-amended", id),
            Record::Pinned { id, old, new } => {
                self.say("log-pinned", &[("connector", &names.connector(self, id)), ("old", old), ("new", new)])
            }
            Record::Unpinned { id, .. } => about("log-unpinned", id),
            Record::Contested { id, times } => {
                self.say("log-contested", &[("connector", &names.connector(self, id)), ("count", &times.to_string())])
            }
            Record::ModeSet { mode, origin } => {
                self.say("log-mode-set", &[("mode", &self.name("mode", mode)), ("by", &by(self, origin))])
            }
            Record::Paused { until: Some(until), origin } => {
                self.say("log-paused", &[("until", &stamp(*until)), ("by", &by(self, origin))])
            }
            Record::Paused { until: None, origin } => self.say("log-pause-ended", &[("by", &by(self, origin))]),
            Record::CliApprovalsSet { setting, origin } => {
                self.say("log-cli-approvals-set", &[("setting", &kebab(setting)), ("by", &by(self, origin))])
            }
            Record::LookUpsSet { setting, origin } => {
                self.say("log-look-ups-set", &[("setting", &kebab(setting)), ("by", &by(self, origin))])
            }
            Record::Polled { files } => self.say("log-polled", &[("count", &files.len().to_string())]),
            Record::PolicyChanged { layers } => {
                let rules = layers.managed();
                let mode = rules.mode.map_or_else(|| "–".to_owned(), |mode| self.name("mode", &mode));
                let (denied, allowed) = (rules.deny.len().to_string(), rules.allow.len().to_string());
                let problems = layers.problems().count().to_string();
                self.say(
                    "log-policy-changed",
                    &[("mode", &mode), ("denied", &denied), ("allowed", &allowed), ("problems", &problems)],
                )
            }
            Record::FolderSet { folder, rule, origin } => {
                let args = [("folder", &*self.host.display(folder)), ("rule", &kebab(rule)), ("by", &by(self, origin))];
                self.say("log-folder-set", &args)
            }
            Record::FolderOffered { folder, .. } => {
                self.say("log-folder-offered", &[("folder", &self.host.display(folder))])
            }
            Record::ClientPathSet { client, path, origin } => {
                let path = path.as_ref().map_or_else(|| "–".to_owned(), |path| self.host.display(path));
                self.say("log-client-path-set", &[("client", client), ("path", &path), ("by", &by(self, origin))])
            }
            Record::AgeLimitIntended { edit, undoes, origin } => {
                let id = if *undoes { "log-age-limit-undone" } else { "log-age-limit-set" };
                let (file, days, by) = (self.host.display(&edit.file), edit.days.to_string(), by(self, origin));
                self.say(id, &[("tool", edit.tool.name()), ("file", &file), ("days", &days), ("by", &by)])
            }
            Record::AgeLimitWritten { tool } => self.say("log-age-limit-written", &[("tool", tool.name())]),
            Record::AgeLimitDropped { tool, reason } => {
                self.say("log-age-limit-dropped", &[("tool", tool.name()), ("reason", reason)])
            }
            Record::KeyStateChanged { state } => self.say("log-key-state", &[("state", state)]),
        }
    }
}

/// UTC, to the second: `2026-07-01 10:07:12Z`.
pub fn stamp(at: Timestamp) -> String {
    let text = at.to_string();
    let seconds = text.get(..19).unwrap_or(&text);
    format!("{}Z", seconds.replace('T', " "))
}

/// An answer is a name, or an object with the name as its one key.
fn answer_name(speech: &Speech<'_>, answer: &impl serde::Serialize) -> String {
    let name = match serde_json::to_value(answer) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(serde_json::Value::Object(members)) => members.keys().next().cloned().unwrap_or_default(),
        _ => String::new(),
    };
    speech.say(&format!("answer-{name}"), &[])
}

fn by(speech: &Speech<'_>, origin: &Origin) -> String {
    let channel = speech.name("channel", &origin.channel);
    match &origin.client {
        Some(client) => speech.say("log-by-client", &[("channel", &channel), ("client", client_name(client))]),
        None => channel,
    }
}
