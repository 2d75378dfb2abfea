//! The ledger's entries in words.

use std::collections::BTreeMap;

use gatehouse_core::connector::ConnectorId;
use gatehouse_core::engine::{HistoryEntry, Verified};
use gatehouse_core::record::{HoldId, Origin, Record, Sighting};
use jiff::Timestamp;

use super::chips::visible;
use super::table::{Field, Tone, rows};
use super::{Page, kebab, phrases};

/// Names by identity, learnt from the entries themselves.
#[derive(Debug, Default)]
pub(crate) struct Names {
    connectors: BTreeMap<ConnectorId, (String, String)>,
    holds: BTreeMap<HoldId, ConnectorId>,
}

impl Names {
    /// Learns from one entry; to be called in order.
    pub(crate) fn learn(&mut self, record: &Record) {
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

    fn connector(&self, page: &Page<'_>, id: &ConnectorId) -> String {
        let (name, client) = self.connectors.get(id).map_or(("?", "?"), |(name, client)| (name, client));
        page.say("connector-line", &[("name", name), ("client", client), ("id", id.short())])
    }

    fn held(&self, page: &Page<'_>, hold: &HoldId) -> String {
        self.holds.get(hold).map_or_else(|| hold.to_string(), |id| self.connector(page, id))
    }

    /// Whether the entry is about this connector.
    pub(crate) fn concerns(&self, record: &Record, id: &ConnectorId) -> bool {
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

/// The entries, newest last.
pub(crate) fn log<'a>(page: &Page<'_>, entries: impl Iterator<Item = &'a HistoryEntry>, names: &Names) -> String {
    let mut widest = 0;
    let lines = entries.map(|entry| {
        let number = entry.seq.to_string();
        widest = widest.max(number.len());
        let seal = if entry.sealed { "" } else { "○" };
        let text = entry_text(page, &entry.record, names);
        vec![
            Field(number, Tone::Dim),
            Field(stamp(entry.at), Tone::Dim),
            Field(seal.to_owned(), Tone::Look),
            text.into(),
        ]
    });
    let lines: Vec<_> = lines.collect();
    if lines.is_empty() {
        return page.say("log-empty", &[]);
    }
    let unsealed = lines.iter().any(|line| !line[2].0.is_empty());
    let table = rows(page, &[], lines, &[Some(widest), Some(20), Some(1), None]);
    if unsealed { format!("{table}\n\n○ {}", page.say("log-unsealed", &[])) } else { table }
}

/// UTC, to the second: `2026-07-01 10:07:12Z`.
pub(crate) fn stamp(at: Timestamp) -> String {
    let text = at.to_string();
    let seconds = text.get(..19).unwrap_or(&text);
    format!("{}Z", seconds.replace('T', " "))
}

fn entry_text(page: &Page<'_>, record: &Record, names: &Names) -> String {
    let about = |id: &str, connector: &ConnectorId| page.say(id, &[("connector", &names.connector(page, connector))]);
    let held = |id: &str, hold: &HoldId| page.say(id, &[("connector", &names.held(page, hold))]);
    match record {
        Record::Started { version, kind } => page.say("log-started", &[("version", version), ("kind", kind)]),
        Record::Stopped => page.say("log-stopped", &[]),
        Record::Baseline { connectors } => page.say("log-baseline", &[("count", &connectors.to_string())]),
        Record::LedgerLost { told_by, detail } => {
            page.say("log-ledger-lost", &[("witnesses", &told_by.join(", ")), ("detail", detail)])
        }
        Record::Appeared { sighting, .. } => about("log-appeared", &sighting.id),
        Record::Changed { sighting, changes } => {
            let facets: Vec<_> = changes.iter().map(|change| phrases::facet(page, change)).collect();
            let connector = names.connector(page, &sighting.id);
            page.say("log-changed", &[("connector", &connector), ("facets", &facets.join(", "))])
        }
        Record::ValuesChanged { id, places, .. } => {
            let connector = names.connector(page, id);
            page.say("log-values-changed", &[("connector", &connector), ("places", &places.join(", "))])
        }
        Record::Vanished { id } => about("log-vanished", id),
        Record::InForce { id, .. } => about("log-in-force", id),
        Record::Asked { id, .. } => about("log-asked", id),
        Record::Settled { id } => about("log-settled", id),
        Record::Decided { id, answer, origin, note, .. } => {
            let answer = answer_name(page, answer);
            let (connector, by) = (names.connector(page, id), by(page, origin));
            let text = page.say("log-decided", &[("connector", &connector), ("answer", &answer), ("by", &by)]);
            match note {
                Some(note) => format!("{text}\n“{}”", visible(note)),
                None => text,
            }
        }
        Record::Revoked { id, origin, .. } => {
            page.say("log-revoked", &[("connector", &names.connector(page, id)), ("by", &by(page, origin))])
        }
        Record::Undone { id, origin, .. } => {
            page.say("log-undone", &[("connector", &names.connector(page, id)), ("by", &by(page, origin))])
        }
        Record::Used { approval } => page.say("log-used", &[("number", &approval.to_string())]),
        Record::HoldIntended { intent } => about("log-hold-intended", &intent.connector),
        Record::Held { hold } => held("log-held", hold),
        Record::Rebuilt { intent, .. } => about("log-rebuilt", &intent.connector),
        Record::NoExchange { folder } => page.say("log-no-exchange", &[("folder", &page.host.display(folder))]),
        Record::HoldDropped { hold, reason } => {
            page.say("log-hold-dropped", &[("connector", &names.held(page, hold)), ("reason", reason)])
        }
        Record::ReleaseIntended { hold, .. } => held("log-release-intended", hold),
        Record::Released { hold, exactness } if kebab(exactness) == "exact" => held("log-released-exact", hold),
        Record::Released { hold, .. } => held("log-released-by-meaning", hold),
        Record::ReleaseDropped { hold, reason } => {
            page.say("log-release-dropped", &[("connector", &names.held(page, hold)), ("reason", reason)])
        }
        Record::StashDeleted { hold } => held("log-stash-deleted", hold),
        Record::Amended { id, .. } => about("log-amended", id),
        Record::Contested { id, times } => {
            page.say("log-contested", &[("connector", &names.connector(page, id)), ("count", &times.to_string())])
        }
        Record::ModeSet { mode, origin } => {
            page.say("log-mode-set", &[("mode", &page.name("mode", mode)), ("by", &by(page, origin))])
        }
        Record::Paused { until: Some(until), origin } => {
            page.say("log-paused", &[("until", &stamp(*until)), ("by", &by(page, origin))])
        }
        Record::Paused { until: None, origin } => page.say("log-pause-ended", &[("by", &by(page, origin))]),
        Record::CliApprovalsSet { setting, origin } => {
            page.say("log-cli-approvals-set", &[("setting", &kebab(setting)), ("by", &by(page, origin))])
        }
        Record::FolderSet { folder, rule, origin } => {
            let args = [("folder", &*page.host.display(folder)), ("rule", &kebab(rule)), ("by", &by(page, origin))];
            page.say("log-folder-set", &args)
        }
        Record::ClientPathSet { client, path, origin } => {
            let path = path.as_ref().map_or_else(|| "–".to_owned(), |path| page.host.display(path));
            page.say("log-client-path-set", &[("client", client), ("path", &path), ("by", &by(page, origin))])
        }
        Record::KeyStateChanged { state } => page.say("log-key-state", &[("state", state)]),
    }
}

/// An answer is a name, or an object with the name as its one key.
fn answer_name(page: &Page<'_>, answer: &impl serde::Serialize) -> String {
    let name = match serde_json::to_value(answer) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(serde_json::Value::Object(members)) => members.keys().next().cloned().unwrap_or_default(),
        _ => String::new(),
    };
    page.say(&format!("answer-{name}"), &[])
}

fn by(page: &Page<'_>, origin: &Origin) -> String {
    let channel = page.name("channel", &origin.channel);
    match &origin.client {
        Some(client) => page.say("log-by-client", &[("channel", &channel), ("client", phrases::client_name(client))]),
        None => channel,
    }
}

/// How a verification ended, in words, and whether the ledger is sound.
pub(crate) fn verified(page: &Page<'_>, verified: &Verified) -> (String, bool) {
    match verified {
        Verified::NoLedger => (page.say("verify-no-ledger", &[]), true),
        Verified::Sound { entries, sealed, unsealed, key } => {
            let args = [("count", &*entries.to_string()), ("sealed", &sealed.to_string())];
            let mut text = page.say("verify-sound", &args);
            if *unsealed > 0 {
                let args = [("count", &*unsealed.to_string()), ("key", &page.name("ledger", key))];
                text = format!("{text}\n{}", page.say("verify-unsealed", &args));
            }
            (text, true)
        }
        Verified::Broken { seq, what } => {
            (page.say("verify-broken", &[("number", &seq.to_string()), ("what", what)]), false)
        }
    }
}
