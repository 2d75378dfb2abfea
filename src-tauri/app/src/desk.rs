//! Puts together what the window shows.

use gatehouse_core::clients;
use gatehouse_core::engine::{self, Versions};
use gatehouse_core::memory::Memory;
use gatehouse_core::policy::LookUps;
use gatehouse_core::record::Record;
use gatehouse_core::report::Comparison;
use gatehouse_core::request::Refusal;
use gatehouse_core::sentences::Names;

use crate::cards::cards;
use crate::dto::{Desk, HistoryRow, Open, Refused, Sheet};
use crate::station::{Station, refused};

/// Everything as it is now.
pub(crate) fn desk(station: &Station) -> Result<Desk, Refused> {
    let survey = station.survey()?;
    let speech = station.speech();
    let now = station.host.now();
    let (open, open_seq) = station.wished();
    let (sheet, tray) = (sheet(&survey.memory), station.tray_host.is_there());
    let heard = station.heard();
    let alarms = heard.alarms(survey.inventory.ledger, sheet == Some(Sheet::AfterLoss), &survey.inventory.settings);
    let language = station.wording.language();
    Ok(Desk {
        language: language.tag(),
        open,
        open_seq,
        mark: station.seed.mark(language),
        cards: cards(&survey, &speech),
        news: heard.news(now),
        alarms,
        sheet,
        paused_until: survey.memory.paused_until.filter(|until| now < *until).map(|until| until.to_string()),
        driven: station.driven,
        look_ups: look_ups(station),
        tray,
        files: heard.files,
        clients: clients::names().collect(),
        inventory: survey.inventory,
    })
}

fn look_ups(station: &Station) -> LookUps {
    let (layers, own) = engine::settings(&station.host);
    layers.look_ups(own).value
}

/// The sheet that is due, until somebody went through it or decided anything.
pub(crate) fn sheet(memory: &Memory) -> Option<Sheet> {
    if memory.settled_seq > memory.lost_seq {
        return None;
    }
    match memory.lost_seq {
        0 => memory.has_baseline.then_some(Sheet::FirstRun),
        _ => Some(Sheet::AfterLoss),
    }
}

/// The view for what waits.
pub(crate) fn review(desk: &Desk) -> Open {
    match desk.cards.as_slice() {
        [] => Open::Connectors,
        [card] => Open::Card { key: card.key.clone() },
        _ => Open::Waiting,
    }
}

/// What changed in the code behind a connector. The window shows what counts; `gatehouse diff` also shows the lines.
pub(crate) fn diff(station: &Station, id: &str) -> Result<Comparison, Refused> {
    let survey = station.survey()?;
    let speech = station.speech();
    let row = survey.inventory.connectors.iter().find(|row| row.id == id);
    let row = row.ok_or_else(|| refused(&speech, &Refusal::NoSuchConnector { id: id.to_owned() }))?;
    let compared = engine::compare(
        &station.host,
        &survey,
        row,
        &Versions::default(),
        engine::archives(&station.host),
        &station.wording,
    );
    let compared =
        compared.map_err(|error| Refused { code: "diff".to_owned(), message: speech.cannot_compare(&error) })?;
    Ok(Comparison { passages: None, ..compared })
}

/// What the ledger knows of one connector, oldest first.
pub(crate) fn history(station: &Station, id: &str) -> Result<Vec<HistoryRow>, Refused> {
    let entries = engine::history(&station.host).map_err(|error| {
        let message = station.speech().say("refusal-ledger", &[("detail", &error.to_string())]);
        Refused { code: "ledger".to_owned(), message }
    })?;
    let (speech, mut names, mut rows) = (station.speech(), Names::default(), Vec::new());
    let wanted = entries.iter().rev().find_map(|entry| match &entry.record {
        Record::Appeared { sighting, .. } if sighting.id.0.starts_with(id) => Some(sighting.id.clone()),
        _ => None,
    });
    let Some(wanted) = wanted else { return Ok(rows) };
    for entry in &entries {
        names.learn(&entry.record);
        if names.concerns(&entry.record, &wanted) {
            let kind = serde_json::to_value(&entry.record).ok();
            let kind = kind.and_then(|value| Some(value.get("event")?.as_str()?.to_owned())).unwrap_or_default();
            let text = speech.past(&entry.record, &names);
            rows.push(HistoryRow { seq: entry.seq, at: entry.at.to_string(), kind, text });
        }
    }
    Ok(rows)
}
