//! Looks at the machine without changing anything on it: for the reading verbs.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::artefact::Memo;
use crate::checks::{Arrival, Neighbour, Surroundings};
use crate::clients::Unread;
use crate::clients::client;
use crate::connector::{Connector, ConnectorId};
use crate::discover::{self, Earlier, Location};
use crate::document::{Document, SyntaxReason};
use crate::finding::Finding;
use crate::gates;
use crate::guard::FirstMet;
use crate::hold::HoldStore;
use crate::host::Host;
use crate::host::files;
use crate::ipc::GuardLock;
use crate::ledger::{self, KeySource as _, KeyState, Ledger, OsKeyring, ReadOnly};
use crate::memory::Memory;
use crate::record::{HoldId, Method};
use crate::report::{ALL_CLIENTS, Coverage, CoverageState, Guard, Inventory, LedgerState, SCHEMA, Settings};
use crate::request::{FileTrouble, Refusal};
use crate::wording::Wording;

use super::holding::{Kept, not_editable};
use super::inventory::{Found, Rows, name_namesakes, shorten_ids};
use super::look::is_never_edited;
use super::look_ups::Registered;
use super::projects::named_projects;
use super::releasing::can_write_back;
use super::start::{kind_word, remember_read_only};
use super::state::trouble;
use super::{HistoryEntry, Scope, Survey, SurveyError, Unparsable, Verified};

/// What is remembered, and how the ledger stands, as far as a reader can tell.
pub(super) struct Recalled {
    pub(super) memory: Memory,
    pub(super) state: LedgerState,
    pub(super) read: Option<ReadOnly>,
}

pub(super) fn recall(host: &Host) -> Recalled {
    let none = |state| Recalled { memory: Memory::default(), state, read: None };
    match Ledger::open_read_only(&host.data_dir()) {
        Ok(Some(read)) => {
            let keyed = read.was_keyed().unwrap_or(false);
            let memory = remember_read_only(&read);
            let state = match (&read.problem, keyed, read.is_sealed().unwrap_or(false)) {
                (Some(problem), ..) if problem.is_loss() => LedgerState::Broken,
                (_, false, _) => LedgerState::None,
                (_, true, true) => LedgerState::Keyed,
                // The keyring is not asked here: it may ask its user in turn. The last that wrote knew.
                (_, true, false) if memory.key_is_missing => LedgerState::Missing,
                (_, true, false) => LedgerState::Locked,
            };
            Recalled { memory, state, read: Some(read) }
        }
        Ok(None) => none(LedgerState::None),
        Err(error) => {
            tracing::warn!(%error, "the ledger cannot be read");
            none(LedgerState::Broken)
        }
    }
}

impl Recalled {
    /// Something was written behind what is remembered.
    fn has_more(&self) -> bool {
        let mut has_more = false;
        let next = self.memory.seq + 1;
        let read = self.read.as_ref().map(|read| {
            read.entries(next, |_| {
                has_more = true;
                ControlFlow::Break(())
            })
        });
        has_more && matches!(read, Some(Ok(())))
    }
}

/// So many looks at a machine on which a guard keeps writing.
const ROUNDS: usize = 4;

/// One location as it was read.
struct Looked {
    location: Location,
    state: CoverageState,
    trouble: Option<FileTrouble>,
    /// Why the file could be read but may not be edited.
    locked: Option<FileTrouble>,
    connectors: Vec<Arc<Connector>>,
    /// Settings that open the gate.
    open: Vec<Finding>,
}

pub(super) fn survey(
    host: &Host,
    scope: &Scope,
    wording: &Wording,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Survey, SurveyError> {
    let guard = GuardLock::peek(&host.data_dir());
    let mut rounds = 0;
    let (recalled, looked, folders, unparsable) = loop {
        let recalled = recall(host);
        let mut unparsable = Vec::new();
        let (looked, folders) = if scope.paths.is_empty() {
            look_everywhere(host, &recalled.memory, &mut unparsable, progress)
        } else {
            (look_at(host, &recalled.memory, scope, &mut unparsable)?, BTreeSet::new())
        };
        rounds += 1;
        // A guard that takes an entry out meanwhile has it neither in what is remembered nor in its file.
        if guard.is_none() || rounds == ROUNDS || !recalled.has_more() {
            break (recalled, looked, folders, unparsable);
        }
    };
    let policy = super::settings::policy_now(host, &recalled.memory);
    let locked = looked
        .iter()
        .filter_map(|looked| Some((looked.location.path.clone(), trouble_text(wording, looked.locked.as_ref()?))));
    let locked: BTreeMap<_, _> = locked.collect();
    let guard_runs = guard.is_some();
    let memory = &recalled.memory;
    let previous = previous_entries(host, memory, &looked);
    let unverified = matches!(recalled.state, LedgerState::Locked | LedgerState::Missing);
    let (policy, locked, previous) = (&policy, &locked, &previous);
    let held = held_entries(host, &recalled.memory, &looked, scope);
    let everything = looked.iter().flat_map(|looked| &looked.connectors).map(|c| &**c).chain(held.values());
    let around = &surroundings(host, memory, everything);
    let memo = RefCell::new(Memo::default());
    let has_programs = |folder: &&PathBuf| folder.join("node_modules/.bin").is_dir();
    let with_programs = &folders.iter().filter(has_programs).cloned().collect::<Vec<_>>();
    let registered = &Registered::load(host);
    let rows = Rows {
        host,
        memory,
        policy,
        wording,
        guard_runs,
        locked,
        previous,
        around,
        unverified,
        with_programs,
        registered,
        memo,
    };
    // A guard that ended polls nothing.
    let polled: BTreeSet<_> = memory.polled.iter().filter(|_| guard_runs).map(|path| host.display(path)).collect();
    let mut coverage: Vec<_> = looked
        .iter()
        .filter(|looked| {
            let file = looked.location.row.file;
            match looked.state {
                _ if !file.containers.is_empty() => true,
                // A file of settings that is not there opens nothing, and it never holds connectors.
                CoverageState::Absent => false,
                // Of one that lists projects the projects are told.
                CoverageState::Read => !file.gates.is_empty(),
                _ => true,
            }
        })
        .map(|looked| coverage_row(host, wording, looked, &held))
        .map(|row| polled_row(wording, &polled, row))
        .collect();
    let settings = looked.iter().filter_map(|looked| settings_row(&rows, looked)).collect();
    coverage.extend(folders.iter().map(|folder| folder_row(host, wording, folder)));
    if scope.paths.is_empty() {
        coverage
            .extend(discover::unread(host).into_iter().map(|(path, place)| unread_row(host, wording, &path, place)));
    }
    coverage.sort_by(|a, b| (&a.path, &a.client).cmp(&(&b.path, &b.client)));
    let mut connectors: Vec<_> = looked
        .iter()
        .flat_map(|looked| &looked.connectors)
        .map(|connector| rows.row(connector, Found::InFile))
        .chain(held.values().map(|connector| rows.row(connector, Found::Held)))
        .collect();
    connectors.sort_by(|a, b| (&a.client, &a.path, &a.route).cmp(&(&b.client, &b.path, &b.route)));
    shorten_ids(&mut connectors);
    name_namesakes(&mut connectors);
    let age_limits = super::age_limits::in_use(host, &recalled.memory, &connectors);
    let inventory = Inventory {
        schema: SCHEMA,
        tool: format!("gatehouse {}", env!("CARGO_PKG_VERSION")),
        generated: host.now().to_string(),
        mode: policy.mode(),
        guard: Guard { running: guard.is_some(), kind: guard.map(|info| kind_word(info.kind).to_owned()) },
        ledger: recalled.state,
        waiting: recalled.memory.waiting().count(),
        coverage,
        settings,
        age_limits,
        connectors,
    };
    let not_kept =
        not_kept(&recalled.memory, looked.iter().flat_map(|l| &l.connectors).map(|c| &**c).chain(held.values()));
    let read = looked.iter().flat_map(|looked| looked.connectors.iter().cloned());
    let all = read.chain(held.values().cloned().map(Arc::new)).collect();
    Ok(Survey { inventory, unparsable, connectors: all, memory: recalled.memory, not_kept })
}

/// When each connector came, and what it came with.
fn surroundings<'a>(host: &Host, memory: &Memory, all: impl Iterator<Item = &'a Connector>) -> Surroundings {
    let neighbour = |connector: &Connector| {
        let arrival = match memory.connectors.get(&connector.id) {
            Some(known) if known.decided.is_some() => Arrival::Settled,
            Some(known) if !matches!(known.known.first_met, FirstMet::Baseline | FirstMet::LedgerLoss) => {
                Arrival::Seen(known.first_seen)
            }
            _ => Arrival::Unseen,
        };
        let is_wanted = matches!(arrival, Arrival::Seen(_));
        let made = connector.local_code.as_deref().filter(|_| is_wanted).and_then(files::made);
        Neighbour::of(connector, arrival, made)
    };
    Surroundings::new(host.home.clone(), all.map(neighbour))
}

/// Changed connectors whose approved launch cannot be written back.
fn not_kept<'a>(memory: &Memory, connectors: impl Iterator<Item = &'a Connector>) -> BTreeMap<ConnectorId, Refusal> {
    let refusal = |connector: &Connector| {
        let known = memory.connectors.get(&connector.id)?;
        let approved = known.in_force.as_deref().filter(|then| then.seen.fingerprint != connector.fingerprint)?;
        Some((connector.id.clone(), can_write_back(connector, approved).err()?))
    };
    connectors.filter_map(refusal).collect()
}

/// Looks at all places of the table, and tells in which project folders.
fn look_everywhere(
    host: &Host,
    memory: &Memory,
    unparsable: &mut Vec<Unparsable>,
    progress: &mut dyn FnMut(usize, usize),
) -> (Vec<Looked>, BTreeSet<PathBuf>) {
    let mut folders = named_projects(host.os, memory);
    let mut locations = discover::locations(host, &memory.client_paths, &folders);
    let mut done: BTreeMap<(PathBuf, &str), Looked> = BTreeMap::new();
    while !locations.is_empty() {
        let all = done.len() + locations.len();
        let mut further = BTreeSet::new();
        for location in locations {
            let key = (location.path.clone(), location.row.client.id);
            if done.contains_key(&key) {
                continue;
            }
            let (looked, listed) = look(host, location, unparsable);
            further.extend(listed);
            done.insert(key, looked);
            progress(done.len(), all);
        }
        // Files that list projects bring further files to light.
        further.retain(|folder| !folders.contains(folder));
        locations = discover::locations_in(host, &further);
        folders.append(&mut further);
    }
    (done.into_values().collect(), folders)
}

fn look(host: &Host, location: Location, unparsable: &mut Vec<Unparsable>) -> (Looked, BTreeSet<PathBuf>) {
    let failed = |state, trouble, location| {
        let looked =
            Looked { location, state, trouble: Some(trouble), locked: None, connectors: Vec::new(), open: Vec::new() };
        (looked, BTreeSet::new())
    };
    let mut read = match files::read(&location.path) {
        Ok(read) => read,
        Err(error) => {
            let (state, trouble) = trouble(&error);
            return failed(state, trouble, location);
        }
    };
    let bytes = std::mem::take(&mut read.bytes);
    let document = match Document::parse(location.row.file.format, bytes.clone()) {
        Ok(document) => document,
        Err(error) => {
            let trouble = FileTrouble::Unparsable { line: error.line, reason: error.reason.clone() };
            let text = String::from_utf8_lossy(&bytes).into_owned();
            unparsable.push(Unparsable { path: location.path.clone(), text, error });
            return failed(CoverageState::Unparsable, trouble, location);
        }
    };
    let connectors = discover::connectors(host, &location, &document, None, &mut Earlier::none());
    let open = gates::findings(location.row.client, location.row.file, &location.path, &document);
    let projects = discover::known_projects(host, &location, &document);
    let locked = read.editable.err().map(|reason| not_editable(&reason));
    (Looked { location, state: CoverageState::Read, trouble: None, locked, connectors, open }, projects)
}

/// Reads files that were named by hand.
fn look_at(
    host: &Host,
    memory: &Memory,
    scope: &Scope,
    unparsable: &mut Vec<Unparsable>,
) -> Result<Vec<Looked>, SurveyError> {
    let named = match &scope.client {
        Some(id) => Some(client(id).ok_or_else(|| SurveyError::NoSuchClient { client: id.clone() })?),
        None => None,
    };
    let projects = named_projects(host.os, memory);
    let known = discover::locations(host, &memory.client_paths, &projects);
    let mut out = Vec::new();
    for path in &scope.paths {
        // A file that is guarded is read as the guard reads it.
        let is_named = |client: &crate::clients::Client| named.is_none_or(|named| named.id == client.id);
        let here: Vec<_> = known.iter().filter(|l| l.path == *path && is_named(l.row.client)).cloned().collect();
        if !here.is_empty() {
            out.extend(here.into_iter().map(|location| look(host, location, unparsable).0));
            continue;
        }
        // The text tells the client where its name does not; the format is that of the name's end until then.
        let ends_with = |ends: &[&str]| path.extension().is_some_and(|end| ends.iter().any(|one| end == *one));
        let toml = ends_with(&["toml"]);
        let format = if toml { crate::document::Format::Toml } else { crate::document::Format::Jsonc };
        let (bytes, unread) = match files::read(path) {
            Ok(read) => (read.bytes, None),
            Err(error) => (Vec::new(), Some(trouble(&error).1)),
        };
        let parsed = Document::parse(format, bytes.clone());
        // Of a text that cannot be read nothing can be told; whose it is, least of all.
        let unknown = || match &parsed {
            _ if unread.is_some() => {
                SurveyError::Unreadable { path: path.clone(), trouble: unread.clone().unwrap_or(FileTrouble::Absent) }
            }
            Err(error) if ends_with(&["json", "jsonc", "toml"]) => SurveyError::Unparsable(Box::new(Unparsable {
                path: path.clone(),
                text: String::from_utf8_lossy(&bytes).into_owned(),
                error: error.clone(),
            })),
            _ => SurveyError::UnknownClient { path: path.clone() },
        };
        let document = parsed.as_ref().ok();
        let row = match named {
            Some(client) => discover::row_of_client(client, path, document),
            None => discover::row_of(path, document),
        }
        .ok_or_else(unknown)?;
        let project =
            (row.file.root == crate::clients::Root::Project).then(|| project_of(path, row.file.path)).flatten();
        let (looked, _) = look(host, Location { path: path.clone(), row, project }, unparsable);
        out.push(looked);
    }
    Ok(out)
}

fn project_of(path: &Path, below: &str) -> Option<PathBuf> {
    let depth = Path::new(below).components().count();
    path.ancestors().nth(depth).map(Path::to_path_buf)
}

/// The entries that are out of their files, by hold.
fn held_entries(host: &Host, memory: &Memory, looked: &[Looked], scope: &Scope) -> BTreeMap<HoldId, Connector> {
    let Ok(Some(store)) = HoldStore::existing(&host.data_dir()) else { return BTreeMap::new() };
    let present: BTreeSet<&ConnectorId> = looked.iter().flat_map(|l| &l.connectors).map(|c| &c.id).collect();
    let mut newest: BTreeMap<&ConnectorId, HoldId> = BTreeMap::new();
    for (id, hold) in &memory.holds {
        let wanted = scope.paths.is_empty() || scope.paths.contains(&hold.file);
        if hold.method == Method::Cut && wanted && !present.contains(&hold.connector) {
            let other = newest.get(&hold.connector).and_then(|other| memory.holds.get(other));
            if other.is_none_or(|other| other.since <= hold.since) {
                newest.insert(&hold.connector, *id);
            }
        }
    }
    let read = |id: HoldId| Some((id, super::recovery::read_kept(host, &store.get::<Kept>(&id).ok()?, None)?));
    newest.into_values().filter_map(read).collect()
}

/// The held entries whose place another launch has taken.
fn previous_entries(host: &Host, memory: &Memory, looked: &[Looked]) -> BTreeMap<ConnectorId, Connector> {
    let Ok(Some(store)) = HoldStore::existing(&host.data_dir()) else { return BTreeMap::new() };
    let mut out = BTreeMap::new();
    for connector in looked.iter().flat_map(|looked| &looked.connectors) {
        let Some((id, hold)) = memory.hold_of(&connector.id) else { continue };
        if hold.method != Method::Cut || hold.seen.fingerprint == connector.fingerprint {
            continue;
        }
        let kept = store.get::<Kept>(id).ok().and_then(|kept| super::recovery::read_kept(host, &kept, None));
        out.extend(kept.map(|older| (connector.id.clone(), older)));
    }
    out
}

fn coverage_row(host: &Host, wording: &Wording, looked: &Looked, held: &BTreeMap<HoldId, Connector>) -> Coverage {
    let location = &looked.location;
    let trouble = looked.trouble.as_ref().filter(|_| looked.state != CoverageState::Absent);
    let is_read = looked.state == CoverageState::Read && !location.row.file.containers.is_empty();
    let only_watched = is_read && is_never_edited(Some(location.row.client), &location.path);
    let message = match trouble {
        Some(trouble) => Some(coverage_text(wording, looked.state, trouble)),
        None => only_watched.then(|| wording.text("coverage-only-watched", &[])),
    };
    Coverage {
        client: location.row.client.id.to_owned(),
        scope: location.row.file.scope,
        path: host.display(&location.path),
        state: looked.state,
        connectors: looked.connectors.len(),
        held: held.values().filter(|c| c.file == location.path && c.client == location.row.client.id).count(),
        message,
    }
}

/// All places of a project folder that have no row of their own: nothing that begins like one of them is there.
fn folder_row(host: &Host, wording: &Wording, folder: &Path) -> Coverage {
    Coverage {
        client: ALL_CLIENTS.to_owned(),
        scope: crate::connector::Scope::Project,
        path: host.display(folder),
        state: CoverageState::Absent,
        connectors: 0,
        held: 0,
        message: Some(wording.text("coverage-folder-why", &[])),
    }
}

/// A place that is read, and seen only now and then.
fn polled_row(wording: &Wording, polled: &BTreeSet<String>, row: Coverage) -> Coverage {
    if row.state != CoverageState::Read || !polled.contains(&row.path) {
        return row;
    }
    Coverage { state: CoverageState::Polling, message: Some(wording.text("coverage-polling-why", &[])), ..row }
}

/// The settings of a file that open the gate, if it has any.
fn settings_row(rows: &Rows<'_>, looked: &Looked) -> Option<Settings> {
    let Location { path, row, project } = &looked.location;
    let mut findings: Vec<_> = looked.open.iter().map(|finding| rows.finding_row(finding, Found::InFile)).collect();
    findings.sort_by_key(|finding| finding.line);
    (!findings.is_empty()).then(|| Settings {
        client: row.client.id.to_owned(),
        scope: row.file.scope,
        project: project.as_deref().map(|project| rows.host.display(project)),
        path: rows.host.display(path),
        findings,
    })
}

/// A place that holds connectors and is not read by this version.
fn unread_row(host: &Host, wording: &Wording, path: &Path, place: &Unread) -> Coverage {
    Coverage {
        client: place.client.to_owned(),
        scope: crate::connector::Scope::User,
        path: host.display(path),
        state: CoverageState::Unsupported,
        connectors: 0,
        held: 0,
        message: Some(wording.text(place.kept_as.message(), &[])),
    }
}

/// Why a place was not read, in the user's language.
fn coverage_text(wording: &Wording, state: CoverageState, trouble: &FileTrouble) -> String {
    match (state, trouble) {
        (_, FileTrouble::Unparsable { line, reason }) => {
            let reason = syntax_text(wording, reason);
            wording.text("coverage-unparsable-why", &[("line", &line.to_string()), ("reason", &reason)])
        }
        (_, FileTrouble::Io { detail }) => wording.text("trouble-io", &[("detail", detail)]),
        (_, FileTrouble::Busy) => wording.text("trouble-busy", &[]),
        (CoverageState::TooLarge, _) => wording.text("coverage-too-large-why", &[]),
        (CoverageState::NotRegular, _) => wording.text("coverage-not-regular-why", &[]),
        _ => wording.text("coverage-denied-why", &[]),
    }
}

fn syntax_text(wording: &Wording, reason: &SyntaxReason) -> String {
    let (id, args) = reason.message();
    let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    wording.text(id, &args)
}

/// What stands in the way of an edit, in the user's language.
pub(super) fn trouble_text(wording: &Wording, trouble: &FileTrouble) -> String {
    let id = match trouble {
        FileTrouble::ForeignOwner => "trouble-foreign-owner",
        FileTrouble::OpenFolder => "trouble-open-folder",
        FileTrouble::HardLinked => "trouble-hard-linked",
        FileTrouble::List => "trouble-list",
        FileTrouble::OfOrganisation => "trouble-of-organisation",
        FileTrouble::OfPlugin => "trouble-of-plugin",
        FileTrouble::OfExtension => "trouble-of-extension",
        // Whatever else forbids an edit of a file that can be read.
        _ => "trouble-read-only",
    };
    wording.text(id, &[])
}

pub(super) fn history(host: &Host) -> Result<Vec<HistoryEntry>, SurveyError> {
    let fail = |error: ledger::LedgerError| SurveyError::Ledger { detail: error.to_string() };
    let Some(read) = Ledger::open_read_only(&host.data_dir()).map_err(fail)? else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    read.entries(1, |entry| {
        if let Ok(record) = serde_json::from_str(&entry.body) {
            let sealed = entry.seal != ledger::Seal::None;
            out.push(HistoryEntry { seq: entry.seq, at: entry.at, record, sealed });
        }
        ControlFlow::Continue(())
    })
    .map_err(fail)?;
    Ok(out)
}

pub(super) fn verify(host: &Host, progress: &mut dyn FnMut(u64)) -> Result<Verified, SurveyError> {
    let fail = |error: ledger::LedgerError| SurveyError::Ledger { detail: error.to_string() };
    let dir = host.data_dir();
    if !ledger::exists(&dir) {
        return Ok(Verified::NoLedger);
    }
    let source = OsKeyring::new(&dir);
    // Only asked: a verification makes no key.
    let key = source.get();
    let answer = ledger::KeyAnswer { key, anchor: source.anchor() };
    let Some(mut found) = ledger::verify(&dir, &answer, progress).map_err(fail)? else {
        return Ok(Verified::NoLedger);
    };
    found.problems.extend(super::projection::altered(&dir, &found));
    if let Some(problem) = found.problems.first() {
        let seq = found.first_bad().map_or(found.entries, |(seq, _)| seq);
        return Ok(Verified::Broken { seq, what: problem.to_string() });
    }
    Ok(Verified::Sound {
        entries: found.entries,
        sealed: found.sealed,
        unsealed: found.unsealed,
        key: ledger_state(found.key),
    })
}

pub(super) fn ledger_state(state: KeyState) -> LedgerState {
    match state {
        KeyState::Keyed => LedgerState::Keyed,
        KeyState::Locked => LedgerState::Locked,
        KeyState::Missing => LedgerState::Missing,
        KeyState::None => LedgerState::None,
    }
}
