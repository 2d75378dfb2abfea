//! Putting entries back, and writing an approved launch back.

use std::path::Path;

use crate::connector::{Connector, ConnectorId, MASK, Stand, Transport, widened};
use crate::document::{Document, EditError, Exactness, Member, Route, Value};
use crate::hold::swap::{self, ReplaceError};
use crate::hold::{self, Step};
use crate::host::files::{self, FileRead};
use crate::memory::{Hold, HoldProgress};
use crate::record::{HoldId, Method, Record, Sighting};
use crate::request::{EffectKind, FileTrouble, Notice, Refusal};

use super::holding::{Kept, edit_trouble, not_editable, replace_trouble, swap_record};
use super::listing::edited;
use super::look::only_watched;
use super::state::{Engine, trouble};

/// So often a release is planned anew when others keep saving the file.
const ROUNDS: usize = 8;

/// What is planned for one held entry.
struct Plan {
    document: Document,
    exactness: Exactness,
}

impl Engine {
    /// Puts a held entry back where it stood.
    pub(super) fn release(&mut self, id: &HoldId) -> Result<Exactness, Refusal> {
        self.put_back(id, false, |_, _| Ok(None))
    }

    /// Puts a held entry back, in place of another launch that stands there where it `replaces` that one, or with other
    /// members: the launch that was in force before.
    pub(super) fn put_back(
        &mut self,
        id: &HoldId,
        replaces: bool,
        amend: impl Fn(&Document, &Connector) -> Result<Option<Document>, Refusal>,
    ) -> Result<Exactness, Refusal> {
        let Some(hold) = self.memory.holds.get(id).cloned() else {
            return Err(Refusal::NotHeld { id: id.to_string() });
        };
        let refuse = |reason| Refusal::File { path: hold.file.clone(), route: Some(hold.route.to_string()), reason };
        let kept: Kept = self.store.get(id).map_err(|error| refuse(FileTrouble::Io { detail: error.to_string() }))?;
        let edited = edited(&kept, &hold).to_owned();
        for _ in 0..ROUNDS {
            let (read, document) = self.read_document(&edited).map_err(refuse)?;
            if let Err(reason) = &read.editable {
                return Err(refuse(not_editable(reason)));
            }
            let freed = if replaces { without(&document, &hold.route).map_err(refuse)? } else { document };
            let plan = match freed.restore(&kept.stash) {
                Ok(restored) => {
                    let exactness = restored.exactness;
                    let exactness = if replaces { Exactness::ByMeaning } else { exactness };
                    Plan { document: restored.after, exactness }
                }
                // Somebody put the same entry back already, or took our rule out.
                Err(error) if self.is_back(id, &hold, &freed, &error) => {
                    self.note(Record::Released { hold: *id, exactness: Exactness::ByMeaning });
                    self.flush().map_err(|e| Refusal::Ledger { detail: e.to_string() })?;
                    self.drop_stashes(&[*id]);
                    return Ok(Exactness::ByMeaning);
                }
                Err(error) => return Err(refuse(edit_trouble(&error))),
            };
            let plan = match self.held.get(id).map(|held| amend(&plan.document, held)).transpose()?.flatten() {
                Some(document) => Plan { document, exactness: Exactness::ByMeaning },
                None => plan,
            };
            let Some(digest) = self.swap_back(id, &edited, &read, &plan.document)? else { continue };
            self.note(Record::Released { hold: *id, exactness: plan.exactness });
            let about = self.held.get(id).map(|held| self.about(held));
            if let Some(connector) = about {
                self.say(Notice::Released { connector, method: hold.method, exactness: plan.exactness });
            }
            if edited == hold.file {
                self.take_in(&edited, &plan.document, digest);
            } else {
                self.list_written(&edited, &plan.document, digest);
                if let Ok((read, document)) = self.read_document(&hold.file) {
                    self.take_in(&hold.file, &document, read.digest);
                }
            }
            self.flush().map_err(|e| Refusal::Ledger { detail: e.to_string() })?;
            (self.observe)(Step::Recorded);
            self.drop_stashes(&[*id]);
            return Ok(plan.exactness);
        }
        let _ = self.flush();
        Err(refuse(FileTrouble::Busy))
    }

    /// Takes in what our own write left in a file, without reading it again.
    pub(super) fn take_in(&mut self, path: &Path, document: &Document, digest: files::Digest) {
        let file = self.files.entry(path.to_owned()).or_default();
        file.digest = Some(digest);
        file.state = Some(crate::report::CoverageState::Read);
        let connectors = self.connectors_in(path, document);
        let targets = self.judge(path, connectors);
        if !targets.is_empty() {
            // Something else in the file has to be held now; that is the next look's.
            self.again.insert(path.to_owned(), std::time::Instant::now());
            if let Some(file) = self.files.get_mut(path) {
                file.digest = None;
            }
        }
    }

    /// The hold of an older launch of a connector that another launch has taken the place of.
    pub(super) fn previous(&self, id: &ConnectorId) -> Option<&HoldId> {
        let known = self.memory.connectors.get(id).filter(|known| known.present)?;
        let (held, hold) = self.memory.hold_of(id)?;
        let is_older = hold.method == Method::Cut && hold.progress == HoldProgress::InForce;
        (is_older && hold.seen.fingerprint != known.sighting.seen.fingerprint).then_some(held)
    }

    /// As [`Engine::previous`], of a launch that may run: it can be put back in place of the one that stands there.
    pub(super) fn approved_previous(&self, id: &ConnectorId) -> Option<&HoldId> {
        let previous = self.previous(id)?;
        let may_run = self.held.get(previous).is_some_and(|connector| !self.verdict(connector).1.holds());
        may_run.then_some(previous)
    }

    /// Makes the swap that ends a hold; `None` where somebody saved meanwhile.
    pub(super) fn swap_back(
        &mut self,
        id: &HoldId,
        path: &Path,
        read: &FileRead,
        document: &Document,
    ) -> Result<Option<files::Digest>, Refusal> {
        let swap = swap_record(&hold::Intent::of(read, document.source()));
        self.note(Record::ReleaseIntended { hold: *id, swap: Box::new(swap) });
        if let Err(error) = self.flush() {
            let detail = error.to_string();
            self.note(Record::ReleaseDropped { hold: *id, reason: detail.clone() });
            self.try_again(path);
            return Err(Refusal::Ledger { detail });
        }
        (self.observe)(Step::Intended);
        match swap::replace(read, document.source(), &mut *self.observe) {
            Ok(replaced) => {
                self.age(replaced.old);
                Ok(Some(replaced.digest))
            }
            Err(ReplaceError::Changed { old, .. }) => {
                self.age(old.map(|old| *old));
                self.note(Record::ReleaseDropped { hold: *id, reason: "the file changed meanwhile".to_owned() });
                Ok(None)
            }
            Err(error) => {
                let route = self.memory.holds.get(id).map(|hold| hold.route.to_string());
                self.note(Record::ReleaseDropped { hold: *id, reason: error.to_string() });
                let _ = self.flush();
                // What may run goes back as soon as it can.
                self.try_again(path);
                Err(Refusal::File { path: path.to_owned(), route, reason: replace_trouble(&error) })
            }
        }
    }

    /// Whether what a release would bring about is so already.
    fn is_back(&self, id: &HoldId, hold: &Hold, document: &Document, error: &EditError) -> bool {
        match (hold.method, error) {
            (Method::Cut, EditError::Taken(_)) => self.stands_again(id, document),
            (Method::List, EditError::Missing(_)) => true,
            _ => false,
        }
    }

    fn stands_again(&self, id: &HoldId, document: &Document) -> bool {
        let Some(held) = self.held.get(id) else { return false };
        self.connectors_in(&held.file, document).iter().any(|c| c.id == held.id && c.fingerprint == held.fingerprint)
    }

    pub(super) fn read_document(&self, path: &Path) -> Result<(FileRead, Document), FileTrouble> {
        let mut read = files::read(path).map_err(|error| trouble(&error).1)?;
        let format = self
            .locations_of(path)
            .first()
            .map(|l| l.row.file.format)
            .ok_or_else(|| FileTrouble::Io { detail: "no client reads it any more".to_owned() })?;
        let document = Document::parse(format, std::mem::take(&mut read.bytes))
            .map_err(|error| FileTrouble::Unparsable { line: error.line, reason: error.reason })?;
        Ok((read, document))
    }

    /// Whether all that the earlier launch needs is there: said before anything is recorded.
    pub(super) fn can_keep_approved(&self, id: &ConnectorId) -> Result<(), Refusal> {
        let nothing = || Refusal::NothingApproved { id: id.short().to_owned() };
        let Some(approved) = self.approved_before(id) else {
            return self.approved_previous(id).map(drop).ok_or_else(nothing);
        };
        earlier_members(self.connector(id).ok_or_else(nothing)?, approved).map(drop)
    }

    /// The launch that was in force before the present one, or the same one with less trust.
    fn approved_before(&self, id: &ConnectorId) -> Option<&Sighting> {
        let known = self.memory.connectors.get(id)?;
        let (then, now) = (known.in_force.as_deref()?, &known.sighting);
        let differs = then.seen.fingerprint != now.seen.fingerprint || !widened(&then.beside, &now.beside).is_empty();
        differs.then_some(then)
    }

    /// Writes the launch that was in force before back at the same route, or, where none was, an approved one whose
    /// place another launch has taken.
    pub(super) fn keep_approved(&mut self, id: &ConnectorId) -> Result<EffectKind, Refusal> {
        let nothing = || Refusal::NothingApproved { id: id.short().to_owned() };
        let Some(approved) = self.approved_before(id).cloned() else {
            let previous = *self.approved_previous(id).ok_or_else(nothing)?;
            self.put_back(&previous, true, |_, _| Ok(None))?;
            return Ok(EffectKind::WrittenBack);
        };
        let held_by = self.memory.hold_of(id).map(|(hold, _)| *hold);
        // By a rule in a list the entry is where it was, and the rule goes once nothing fits it any more.
        let is_out = |hold: &HoldId| self.memory.holds.get(hold).is_some_and(|hold| hold.method != Method::List);
        let held_by = held_by.filter(|hold| self.held.contains_key(hold) && is_out(hold));
        if let Some(hold) = held_by {
            let home = self.host.home.clone();
            self.put_back(&hold, false, |document, held| amended(document, held, &approved, &home).map(Some))?;
            return Ok(EffectKind::WrittenBack);
        }
        let home = self.host.home.clone();
        self.edit_in_place(id, |document, connector| amended(document, connector, &approved, &home))?;
        Ok(EffectKind::WrittenBack)
    }
}

/// The document with the entry at a route taken out.
fn without(document: &Document, route: &Route) -> Result<Document, FileTrouble> {
    document.cut(route).map(|edit| edit.after).map_err(|error| edit_trouble(&error))
}

/// Changes the members of an entry to those of an earlier launch. Secret values come from the present entry; the ledger
/// has none.
fn amended(document: &Document, present: &Connector, approved: &Sighting, home: &Path) -> Result<Document, Refusal> {
    let refuse = |reason| Refusal::File { path: present.file.clone(), route: Some(present.route.to_string()), reason };
    let members = earlier_members(present, approved)?;
    let launch = rewritten(document, present, approved, &members).map_err(refuse)?;
    // Flags that cannot be written stay, and are asked about; but then something else must have been put right.
    let after = match earlier_trust(present, approved) {
        flags if flags.is_empty() => launch,
        flags => match amend(&launch, &present.route, &flags) {
            Ok(after) => after,
            Err(_) if launch.source() != document.source() => launch,
            Err(reason) => return Err(refuse(reason)),
        },
    };
    // The proof: read by the same row, it is the launch that was approved.
    let same = read_as(&after, present, home).is_some_and(|read| read.fingerprint == approved.seen.fingerprint);
    if same {
        Ok(after)
    } else {
        Err(refuse(FileTrouble::Inexact { detail: "the result is not the approved launch".to_owned() }))
    }
}

/// The connector that the entry of an earlier reading says in another text of its file.
pub(super) fn read_as(document: &Document, present: &Connector, home: &Path) -> Option<Connector> {
    let client = crate::clients::client(&present.client)?;
    let container = document.node(&present.route.parent()?)?;
    let member = match &container.value {
        Value::Array(_) => {
            Member { key: present.name.clone(), nth: 1, key_span: 0..0, node: document.node(&present.route)? }
        }
        value => value.members()?.iter().rev().find(|member| member.key == present.name)?.clone(),
    };
    let place = crate::connector::Place {
        client: client.id,
        shape: client.shape,
        scope: present.scope,
        project: present.project.as_deref(),
        file: &present.file,
        home,
    };
    Some(crate::connector::read(&place, Stand::alone(&present.route), &member, None))
}

type Members = Vec<(String, Option<serde_json::Value>)>;

fn amend(document: &Document, route: &Route, members: &Members) -> Result<Document, FileTrouble> {
    document.amend(route, members).map_err(|error| edit_trouble(&error))
}

/// Writes an earlier launch. Of variables and headers only those are touched that are not as they were; where that cannot
/// be done exactly, all of them are written.
fn rewritten(
    document: &Document,
    present: &Connector,
    approved: &Sighting,
    members: &Earlier,
) -> Result<Document, FileTrouble> {
    let (then, now) = (&approved.facets, &present.facets);
    let mut after = amend(document, &present.route, &members.plain)?;
    if let Some((name, whole)) = &members.env {
        let changed = |name: &String, value: &serde_json::Value| {
            !now.env.contains(name)
                || present.launch.env.iter().any(|(n, own)| n == name && value.as_str() != Some(&*own.0))
        };
        let gone = now.env.iter().filter(|name| !then.env.contains(name)).map(|name| (name.clone(), None));
        let set = whole.iter().filter(|(name, value)| changed(name, value));
        let some: Members = gone.chain(set.map(|(name, value)| (name.clone(), Some(value.clone())))).collect();
        let bit_by_bit = !whole.is_empty() && !now.env.is_empty();
        let done = bit_by_bit.then(|| amend(&after, &present.launch.places.env, &some)).and_then(Result::ok);
        after = match done {
            Some(done) => done,
            None => {
                let whole = (!whole.is_empty()).then(|| whole.clone().into());
                amend(&after, &present.route, &vec![(name.clone(), whole)])?
            }
        };
    }
    if then.headers != now.headers {
        for place in &present.launch.places.headers {
            let node = after.node(place);
            let written = node.as_ref().and_then(|node| node.value.members()).unwrap_or_default();
            let is_of_then = |name: &str| then.headers.iter().any(|then| then.eq_ignore_ascii_case(name));
            let gone: Members = written.iter().filter(|m| !is_of_then(&m.key)).map(|m| (m.key.clone(), None)).collect();
            after = match place.name().filter(|_| gone.len() == written.len()) {
                Some(name) => amend(&after, &present.route, &vec![(name.to_owned(), None)])?,
                None => amend(&after, place, &gone)?,
            };
        }
    }
    Ok(after)
}

/// The trust flags to set or remove so that no other ones count than were approved.
fn earlier_trust(present: &Connector, approved: &Sighting) -> Members {
    let (then, now) = (&approved.beside.trust, &present.beside.trust);
    let gone = now.keys().filter(|name| !then.contains_key(*name)).map(|name| (name.clone(), None));
    let set = then.iter().filter(|(name, value)| now.get(*name) != Some(*value)).filter_map(|(name, value)| {
        let plain = (!value.contains(MASK)).then(|| serde_json::from_str(value).ok()).flatten();
        Some((name.clone(), Some(plain?)))
    });
    gone.chain(set).collect()
}

/// What the present entry lacks to say what an earlier one said.
struct Earlier {
    /// Members to set or remove.
    plain: Members,
    /// The member of the variables, and all that were in it, where any of them differs.
    env: Option<(String, serde_json::Map<String, serde_json::Value>)>,
}

/// Whether an approved launch can take the place of the present one.
pub(super) fn can_write_back(present: &Connector, approved: &Sighting) -> Result<(), Refusal> {
    earlier_members(present, approved).map(drop)
}

/// Returns the members to set or remove so that the present entry says what the approved one said.
fn earlier_members(present: &Connector, approved: &Sighting) -> Result<Earlier, Refusal> {
    let Some(row) = crate::clients::client(&present.client) else {
        return Err(Refusal::NothingApproved { id: present.id.short().to_owned() });
    };
    if let Some(reason) = only_watched(present) {
        return Err(Refusal::File { path: present.file.clone(), route: Some(present.route.to_string()), reason });
    }
    let (shape, then, now) = (row.shape, &approved.facets, &present.facets);
    let missing = |place: String| Refusal::SecretMissing { id: present.id.short().to_owned(), place };
    let mut out: Members = Vec::new();
    if then.command != now.command {
        out.push((shape.command.to_owned(), then.command.clone().map(Into::into)));
    }
    if then.args != now.args {
        // Masked parts are filled, in order, with the present entry's masked parts of the same form.
        let mut secrets = now.args.iter().zip(&present.launch.args).filter(|(shown, _)| shown.contains(MASK));
        let mut args = Vec::with_capacity(then.args.len());
        for (at, arg) in then.args.iter().enumerate() {
            if arg.contains(MASK) {
                let found = secrets.find(|(shown, _)| *shown == arg);
                let (_, written) = found.ok_or_else(|| missing(format!("args[{at}]")))?;
                args.push(serde_json::Value::from(written.as_str()));
            } else {
                args.push(arg.as_str().into());
            }
        }
        out.push((shape.args.to_owned(), (!args.is_empty()).then(|| args.into())));
    }
    if then.url != now.url {
        if then.url.as_deref().is_some_and(|url| url.contains(MASK)) {
            return Err(missing("url".to_owned()));
        }
        let written = shape.url.iter().find(|key| now.url.is_some() && present_has(present, key)).or(shape.url.first());
        if let Some(key) = written {
            out.push(((*key).to_owned(), then.url.clone().map(Into::into)));
        }
    }
    if then.cwd != now.cwd {
        out.push((shape.cwd.to_owned(), then.cwd.clone().map(Into::into)));
    }
    if then.transport != now.transport {
        let kind = match then.transport {
            Transport::Stdio => Some("stdio"),
            Transport::Http => Some(shape.http),
            Transport::Sse => Some("sse"),
            Transport::Ws => Some("ws"),
            Transport::Builtin | Transport::None => None,
        };
        out.push((shape.kind.to_owned(), kind.map(Into::into)));
    }
    let mut env = None;
    if then.env != now.env || then.values != now.values {
        let mut whole = serde_json::Map::new();
        for name in &then.env {
            let own = present.launch.env.iter().find(|(n, _)| n == name).map(|(_, value)| value.0.clone());
            let value = match then.values.get(name) {
                Some(value) if !value.contains(MASK) => Some(value.clone()),
                _ => own,
            };
            whole.insert(name.clone(), value.ok_or_else(|| missing(format!("env.{name}")))?.into());
        }
        env = Some((shape.env.to_owned(), whole));
    }
    // The ledger knows no header's value: one that is gone cannot be written.
    if let Some(name) = then.headers.iter().find(|name| !now.headers.contains(name)) {
        return Err(missing(format!("headers.{name}")));
    }
    for name in now.extra.keys().filter(|name| !then.extra.contains_key(*name)) {
        out.push((name.clone(), None));
    }
    for (name, value) in then.extra.iter().filter(|(name, value)| now.extra.get(*name) != Some(*value)) {
        let plain = (!value.contains(MASK)).then(|| serde_json::from_str(value).ok()).flatten();
        out.push((name.clone(), Some(plain.ok_or_else(|| missing(name.clone()))?)));
    }
    Ok(Earlier { plain: out, env })
}

/// Which of the names for the address the present entry uses; they are all read, in the row's order.
fn present_has(present: &Connector, key: &str) -> bool {
    crate::clients::client(&present.client).is_some_and(|row| row.shape.url.first() == Some(&key))
}
