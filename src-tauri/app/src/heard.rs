//! What the guard told lately: decisions of the last moments, alarms, and how many files are watched.

use std::time::Duration;

use gatehouse_core::report::{LedgerState, Settings};
use gatehouse_core::request::{Notice, UNDO_SECONDS};
use gatehouse_core::sentences::{Speech, client_name};
use jiff::{SignedDuration, Timestamp};

use crate::dto::{Alarm, News};

/// So long a decision is news and can be undone.
const FRESH: SignedDuration = SignedDuration::from_secs(UNDO_SECONDS);

/// Everything heard that no ledger entry keeps.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    pub(crate) files: usize,
    news: Vec<(Timestamp, News)>,
    alarms: Vec<Alarm>,
    /// Settings that opened the gate, by file as it is shown, while they stand.
    opened: Vec<(String, Alarm)>,
}

impl Heard {
    /// Takes a notice in.
    pub(crate) fn hear(&mut self, notice: &Notice, now: Timestamp, speech: &Speech<'_>) {
        let mut alarm = |code: &str, message: String| {
            let alarm = Alarm { code: code.to_owned(), message };
            self.alarms.retain(|other| *other != alarm);
            self.alarms.push(alarm);
        };
        match notice {
            Notice::Guarding { files } => self.files = *files,
            Notice::Decided { connector, answer, channel, .. } => {
                // What takes a decision back is none that could be undone; nor is the return to what was approved.
                let is_decision = !matches!(answer.as_str(), "undo" | "revoke" | "keep-approved");
                let undo_until = now.checked_add(FRESH).ok().filter(|_| is_decision).map(|until| until.to_string());
                let id = connector.id.short().to_owned();
                // Whoever decides has seen what speaks against it.
                self.alarms.retain(|alarm| alarm.code != format!("doubted-{id}"));
                // Only the last decision on a connector can be undone.
                self.news.retain(|(_, news)| news.id != id);
                let news = News {
                    id,
                    name: connector.name.clone(),
                    client: connector.client.clone(),
                    answer: answer.clone(),
                    channel: *channel,
                    at: now.to_string(),
                    undo_until,
                };
                self.news.insert(0, (now, news));
            }
            Notice::Ledger { state, .. } => {
                let id = match state.as_str() {
                    "lost" => "alarm-ledger-lost",
                    "locked" => "alarm-ledger-locked",
                    "missing" => "alarm-ledger-missing",
                    _ => "alarm-ledger-unwritable",
                };
                alarm(id.trim_start_matches("alarm-"), speech.say(id, &[]));
            }
            Notice::Contested { connector, times } => {
                let client = client_name(&connector.client);
                let args = [("client", client), ("name", connector.name.as_str()), ("count", &times.to_string())];
                self.alarms.retain(|alarm| alarm.code != format!("contested-{}", connector.id.short()));
                let message = speech.say("alarm-contested", &args);
                self.alarms.push(Alarm { code: format!("contested-{}", connector.id.short()), message });
            }
            Notice::Doubted { connector, findings } => {
                let client = client_name(&connector.client);
                let code = format!("doubted-{}", connector.id.short());
                self.alarms.retain(|alarm| alarm.code != code);
                for finding in findings {
                    let message = speech.finding(finding);
                    let args = [("client", client), ("name", connector.name.as_str()), ("message", &*message)];
                    self.alarms.push(Alarm { code: code.clone(), message: speech.say("alarm-doubted", &args) });
                }
            }
            Notice::SettingOpened { path, finding, .. } => {
                let file = speech.host.display(path);
                let args = [("message", &*speech.finding(finding)), ("file", &file)];
                let code = finding.code.name().to_owned();
                let opened = (file.clone(), Alarm { code, message: speech.say("alarm-setting-opened", &args) });
                self.opened.retain(|other| *other != opened);
                self.opened.push(opened);
            }
            Notice::PolicyChanged { problems } => {
                self.alarms.retain(|alarm| alarm.code != "policy");
                for problem in problems {
                    let problem = speech.policy_problem(problem);
                    let message = speech.say("alarm-policy", &[("problem", &problem)]);
                    self.alarms.push(Alarm { code: "policy".to_owned(), message });
                }
            }
            Notice::Requested { what, client } => {
                let message = match client.as_deref().map(client_name) {
                    Some(client) => speech.say("alarm-requested", &[("client", client), ("request", what)]),
                    None => speech.say("alarm-requested-elsewhere", &[("request", what)]),
                };
                alarm("requested", message);
            }
            _ => {}
        }
    }

    /// Decisions that are still news, newest first.
    pub(crate) fn news(&self, now: Timestamp) -> Vec<News> {
        let fresh = self.news.iter().filter(|(at, _)| now.duration_since(*at) < FRESH);
        fresh.map(|(_, news)| news.clone()).collect()
    }

    /// Drops what is no news any more, and returns in how long the next will be none.
    pub(crate) fn age(&mut self, now: Timestamp) -> Option<Duration> {
        self.news.retain(|(at, _)| now.duration_since(*at) < FRESH);
        let oldest = self.news.iter().map(|(at, _)| *at).min()?;
        Duration::try_from(FRESH - now.duration_since(oldest)).ok()
    }

    /// Alarms that still stand, for the state of the ledger, the sheet and what the files of settings say now.
    pub(crate) fn alarms(&self, ledger: LedgerState, after_loss: bool, settings: &[Settings]) -> Vec<Alarm> {
        let stands = |alarm: &&Alarm| match alarm.code.as_str() {
            "ledger-lost" => after_loss,
            "ledger-locked" | "ledger-missing" => ledger != LedgerState::Keyed,
            _ => true,
        };
        let is_open = |(file, alarm): &&(String, Alarm)| {
            let of_file = settings.iter().filter(|settings| settings.path == *file);
            of_file.flat_map(|settings| &settings.findings).any(|finding| finding.code.name() == alarm.code)
        };
        let opened = self.opened.iter().filter(is_open).map(|(_, alarm)| alarm);
        self.alarms.iter().filter(stands).chain(opened).cloned().collect()
    }

    /// The guard's thread is gone.
    pub(crate) fn guard_ended(&mut self, speech: &Speech<'_>) {
        self.alarms.push(Alarm { code: "guard-ended".to_owned(), message: speech.say("alarm-guard-ended", &[]) });
    }
}

#[cfg(test)]
mod tests;
