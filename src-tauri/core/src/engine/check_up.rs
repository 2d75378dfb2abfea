//! Looks at Gatehouse's own health, for `doctor`. Writes nothing in any folder of the user's, and makes nothing.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::age_limit::{AgeLimit, COOLDOWN_DAYS, Standing};
use crate::hold;
use crate::host::{Host, Listed};
use crate::ipc::{self, AskError, GuardLock};
use crate::ledger::{self, Key, KeySource as _, OsKeyring};
use crate::report::{CoverageState, LedgerState};
use crate::request::{Reply, Request};
use crate::watcher::{Watched, Watcher};
use crate::wording::{Language, Wording};

use super::start::{kind_word, runtime};
use super::survey::{recall, survey};
use super::{Check, CheckState, Scope};

/// So long a guard is given to say that it is there.
const PING: Duration = Duration::from_secs(2);

pub(super) fn check_up(host: &Host) -> Vec<Check> {
    let mut checks = vec![guard(host), data_folder(host), the_ledger(host), keyring(host)];
    let wording = Wording::new(Language::English);
    let Ok(found) = survey(host, &Scope::default(), &wording, &mut |_, _| {}) else { return checks };
    let coverage = &found.inventory.coverage;
    let unread = |state| {
        matches!(
            state,
            CoverageState::Denied | CoverageState::Unparsable | CoverageState::TooLarge | CoverageState::NotRegular
        )
    };
    let gaps = coverage.iter().filter(|place| unread(place.state)).count();
    let read = coverage.iter().filter(|place| place.state == CoverageState::Read).count();
    checks.push(if gaps == 0 {
        line("coverage", CheckState::Good, vec![("count", read.to_string())])
    } else {
        line("coverage", CheckState::Bad, vec![("count", gaps.to_string())])
    });
    checks.extend(found.inventory.age_limits.iter().map(age_limit));
    let memory = recall(host).memory;
    checks.push(match memory.no_exchange.first() {
        Some(folder) => line("exchange", CheckState::Note, vec![("path", host.display(folder))]),
        None => line("exchange", CheckState::Good, Vec::new()),
    });
    let projects = super::projects::named_projects(host.os, &memory);
    let places = crate::discover::places(host, &memory.client_paths, &projects);
    let files: BTreeSet<_> = places.locations.into_iter().map(|location| location.path).collect();
    checks.push(watches(&files, &places.listed));
    let folders: BTreeSet<_> = files.iter().filter_map(|path| path.parent()).filter(|folder| folder.is_dir()).collect();
    let left: Vec<_> = folders.iter().flat_map(|folder| hold::leftovers(folder)).collect();
    let paths = left.iter().map(|path| host.display(path)).collect::<Vec<_>>().join(", ");
    let state = if left.is_empty() { CheckState::Good } else { CheckState::Note };
    checks.push(line("leftovers", state, vec![("count", left.len().to_string()), ("paths", paths)]));
    checks
}

fn line(name: &'static str, state: CheckState, args: Vec<(&'static str, String)>) -> Check {
    Check { name, state, args }
}

fn age_limit(limit: &AgeLimit) -> Check {
    let (state, why) = match limit.standing {
        Standing::Enough => (CheckState::Good, "age-limit-enough"),
        Standing::Exempt => (CheckState::Note, "age-limit-exempt"),
        Standing::NotSet => (CheckState::Note, "age-limit-not-set"),
        Standing::TooShort => (CheckState::Note, "age-limit-too-short"),
        Standing::Unreadable => (CheckState::Note, "age-limit-unreadable"),
    };
    let of = |value: &Option<String>| value.clone().unwrap_or_default();
    let args = vec![
        ("tool", limit.tool.name().to_owned()),
        ("setting", limit.setting.clone()),
        ("value", of(&limit.value)),
        ("from", of(&limit.from)),
        ("days", COOLDOWN_DAYS.to_string()),
        ("detail", format!("{} of {}", limit.setting, limit.tool.name())),
        ("why", why.to_owned()),
    ];
    let offers = state != CheckState::Good && limit.can_be_set;
    line(if offers { "age-limit-offer" } else { "age-limit" }, state, args)
}

fn guard(host: &Host) -> Check {
    let dir = host.data_dir();
    let Some(info) = GuardLock::peek(&dir) else { return line("guard", CheckState::Note, Vec::new()) };
    let args = vec![("kind", kind_word(info.kind).to_owned()), ("pid", info.pid.to_string())];
    match ipc::ask::<Request, Reply>(&dir, runtime(host).as_deref(), &Request::Ping, PING) {
        Ok(_) => line("guard", CheckState::Good, args),
        // A command that acts itself holds the lock for a moment and has no socket.
        Err(AskError::NoGuard) if info.kind == ipc::GuardKind::Command => line("guard", CheckState::Good, args),
        Err(_) => line("guard", CheckState::Bad, args),
    }
}

fn data_folder(host: &Host) -> Check {
    let dir = host.data_dir();
    let path = ("path", host.display(&dir));
    match std::fs::symlink_metadata(&dir) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => line("data-folder", CheckState::Note, vec![path]),
        Err(error) => line("data-folder", CheckState::Bad, vec![path, ("detail", error.to_string())]),
        Ok(meta) => match private(&meta) {
            Ok(()) => line("data-folder", CheckState::Good, vec![path]),
            Err(detail) => line("data-folder", CheckState::Bad, vec![path, ("detail", detail.to_owned())]),
        },
    }
}

#[cfg(unix)]
fn private(meta: &std::fs::Metadata) -> Result<(), &'static str> {
    use std::os::unix::fs::MetadataExt as _;
    if meta.uid() != rustix::process::geteuid().as_raw() {
        return Err("it belongs to another user");
    }
    if meta.mode() & 0o077 != 0 {
        return Err("others may enter it");
    }
    Ok(())
}

#[cfg(not(unix))]
fn private(_: &std::fs::Metadata) -> Result<(), &'static str> {
    Ok(())
}

fn the_ledger(host: &Host) -> Check {
    if !ledger::exists(&host.data_dir()) {
        return line("ledger", CheckState::Note, Vec::new());
    }
    let recalled = recall(host);
    match (recalled.state, recalled.read) {
        (LedgerState::Broken, read) => {
            let problem = read.and_then(|read| read.problem).map(|problem| problem.to_string());
            let detail = problem.unwrap_or_else(|| "it is no readable database".to_owned());
            line("ledger", CheckState::Bad, vec![("detail", detail)])
        }
        (_, read) => {
            let entries = read.map_or(0, |read| read.last);
            line("ledger", CheckState::Good, vec![("entries", entries.to_string())])
        }
    }
}

fn keyring(host: &Host) -> Check {
    let dir = host.data_dir();
    let keyed = recall(host).read.and_then(|read| read.was_keyed().ok()).unwrap_or(false);
    let detail = |why: &str, text: &str| vec![("detail", text.to_owned()), ("why", why.to_owned())];
    match (OsKeyring::new(&dir).get(), keyed) {
        (Key::Available(_), _) => line("keyring", CheckState::Good, Vec::new()),
        (Key::Locked, _) => line("keyring", CheckState::Bad, detail("doctor-why-key-locked", "the keyring is locked")),
        (Key::Missing, true) => line("keyring", CheckState::Bad, detail("doctor-why-key-gone", "the key is gone")),
        (Key::Missing, false) => {
            line("keyring", CheckState::Note, detail("doctor-why-key-not-made", "none has been made yet"))
        }
        (Key::None, true) => {
            line("keyring", CheckState::Bad, detail("doctor-why-key-silent", "no keyring answers in this session"))
        }
        (Key::None, false) => {
            line("keyring", CheckState::Note, detail("doctor-why-key-none", "there is no keyring in this session"))
        }
    }
}

fn watches(files: &BTreeSet<std::path::PathBuf>, listed: &Listed) -> Check {
    let mut watcher = match Watcher::new(|_| {}) {
        Ok(watcher) => watcher,
        Err(error) => return line("watches", CheckState::Bad, vec![("detail", error.to_string())]),
    };
    watcher.set_files(files, listed);
    let polled = watcher.watched().values().filter(|how| **how == Watched::Poll).count();
    if polled == 0 {
        line("watches", CheckState::Good, vec![("count", watcher.folders().to_string())])
    } else {
        line("watches", CheckState::Note, vec![("count", polled.to_string())])
    }
}
