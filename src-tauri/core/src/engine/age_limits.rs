//! Writing a package manager's age limit into the user's own settings, and taking it back byte for byte.
//!
//! The journal is that of every edit: intended, exchanged, written. The file may hold secrets, so that the ledger keeps the
//! digests of the whole and the bytes of the one line.

use std::path::{Path, PathBuf};

use crate::age_limit::{AgeLimit, CannotWrite, Meaning, Standing, Tool, difference, written};
use crate::artefact::age_limits::{self, user_file};
use crate::hold::swap::{self, ReplaceError};
use crate::hold::{self, Step};
use crate::host::Host;
use crate::host::files::{self, Digest, FileRead, ReadError};
use crate::memory::Memory;
use crate::record::{LimitEdit, Origin, Record};
use crate::report::Row;
use crate::request::{FileTrouble, Refusal, Reply};

use super::holding::{not_editable, replace_trouble, swap_record};
use super::state::{Engine, trouble};

/// So often an edit is planned anew when others keep saving the file.
const ROUNDS: usize = 8;

/// The limit in the user's own settings, and whether it was written here.
pub(super) fn of_user(host: &Host, memory: &Memory, tool: Tool) -> AgeLimit {
    with_undo(memory, age_limits::of_user(host, tool))
}

pub(super) fn with_undo(memory: &Memory, limit: AgeLimit) -> AgeLimit {
    let can_be_undone = memory.age_limits.get(&limit.tool).is_some_and(|edits| !edits.is_empty());
    AgeLimit { can_be_undone, ..limit }
}

/// The limits of the package managers that a connector is started by, or that have one.
pub(super) fn in_use(host: &Host, memory: &Memory, rows: &[Row]) -> Vec<AgeLimit> {
    let is_used = |tool| rows.iter().filter_map(|row| row.age_limit.as_ref()).any(|limit| limit.tool == tool);
    let all = Tool::ALL.into_iter().map(|tool| of_user(host, memory, tool));
    all.filter(|limit| is_used(limit.tool) || limit.standing != Standing::NotSet).collect()
}

impl Engine {
    pub(super) fn set_age_limit(&mut self, tool: Tool, days: u32, origin: &Origin) -> Result<Reply, Refusal> {
        let path = self.settings_file(tool)?;
        if self.loosens(tool, days) && !self.gate(origin)? {
            return Ok(self.tell_request("age-limit", origin));
        }
        let refuse = |reason| Refusal::File { path: path.clone(), route: None, reason };
        for _ in 0..ROUNDS {
            let read = read_if_there(&path).map_err(refuse)?;
            let before = read.as_ref().map_or(&[][..], |read| &read.bytes);
            let after = written(tool, before, days).map_err(|error| cannot_write(&error, &path))?;
            if read.is_some() && after == before {
                return Ok(Reply::Done { effects: Vec::new() });
            }
            let (at, was, now) = difference(before, &after);
            let edit = LimitEdit {
                tool,
                days,
                file: path.clone(),
                at,
                was: text(was).map_err(refuse)?,
                now: text(now).map_err(refuse)?,
                before: read.as_ref().map(|read| read.digest.to_string()),
                after: Some(Digest::of(&after).to_string()),
                swap: read.as_ref().map(|read| swap_record(&hold::Intent::of(read, &after))),
            };
            if self.carry_out(edit, false, read.as_ref(), Some(&after), origin)? {
                return Ok(Reply::Done { effects: Vec::new() });
            }
        }
        Err(refuse(FileTrouble::Busy))
    }

    /// Puts back what stood there before the last edit, if the file is as that edit left it.
    pub(super) fn undo_age_limit(&mut self, tool: Tool, origin: &Origin) -> Result<Reply, Refusal> {
        let last = self.memory.age_limits.get(&tool).and_then(|edits| edits.last()).cloned();
        let last = last.ok_or(Refusal::NoAgeLimitToUndo { tool })?;
        if !self.gate(origin)? {
            return Ok(self.tell_request("age-limit --undo", origin));
        }
        let refuse = |reason| Refusal::File { path: last.file.clone(), route: None, reason };
        let changed = || refuse(FileTrouble::ChangedSince);
        let read = read_if_there(&last.file).map_err(refuse)?.ok_or_else(changed)?;
        let stood = read.bytes.get(last.at..last.at + last.now.len());
        if last.after.as_deref() != Some(&*read.digest.to_string()) || stood != Some(last.now.as_bytes()) {
            return Err(changed());
        }
        let rest = &read.bytes[last.at + last.now.len()..];
        let after = [&read.bytes[..last.at], last.was.as_bytes(), rest].concat();
        let after = last.before.is_some().then_some(after);
        if after.as_deref().map(|after| Digest::of(after).to_string()) != last.before {
            return Err(changed());
        }
        let swap = after.as_ref().map(|after| swap_record(&hold::Intent::of(&read, after)));
        let (was, now) = (last.now.clone(), last.was.clone());
        let (before, after_digest) = (last.after.clone(), last.before.clone());
        let edit = LimitEdit { was, now, before, after: after_digest, swap, ..last.clone() };
        if self.carry_out(edit, true, Some(&read), after.as_deref(), origin)? {
            Ok(Reply::Done { effects: Vec::new() })
        } else {
            Err(changed())
        }
    }

    /// The file to write into.
    fn settings_file(&self, tool: Tool) -> Result<PathBuf, Refusal> {
        user_file(&self.host, tool).filter(|_| tool.can_be_set()).ok_or(Refusal::AgeLimitReadOnly { tool })
    }

    /// Whether younger versions would be let through than now.
    fn loosens(&self, tool: Tool, days: u32) -> bool {
        let now = age_limits::of_user(&self.host, tool);
        let days_now = now.value.as_deref().and_then(|value| Meaning::of(tool, value)).map(Meaning::days);
        match days_now {
            Some(Some(days_now)) => f64::from(days) < days_now,
            // A fixed date lets nothing new through.
            Some(None) => true,
            None => false,
        }
    }

    /// Makes one edit with its journal; `false` where somebody saved the file meanwhile.
    fn carry_out(
        &mut self,
        edit: LimitEdit,
        undoes: bool,
        read: Option<&FileRead>,
        after: Option<&[u8]>,
        origin: &Origin,
    ) -> Result<bool, Refusal> {
        let (tool, path) = (edit.tool, edit.file.clone());
        if let Some(reason) = read.and_then(|read| read.editable.as_ref().err()) {
            return Err(Refusal::File { path, route: None, reason: not_editable(reason) });
        }
        let intended = Record::AgeLimitIntended { edit: Box::new(edit), undoes, origin: origin.clone() };
        self.decide_durably(|engine| engine.note(intended))?;
        (self.observe)(Step::Intended);
        let done = match (read, after) {
            (Some(read), Some(after)) => swap::replace(read, after, &mut *self.observe).map(|replaced| {
                self.note_exchange(&path, replaced.exchanged);
                replaced.old
            }),
            (Some(read), None) => swap::remove(read, &mut *self.observe).map(Some),
            (None, after) => create(&path, after.unwrap_or_default(), &mut *self.observe).map(|()| None),
        };
        let outcome = match done {
            Ok(old) => {
                self.age(old);
                self.note(Record::AgeLimitWritten { tool });
                Ok(true)
            }
            Err(error) => {
                let reason = replace_trouble(&error);
                self.note(Record::AgeLimitDropped { tool, reason: reason.to_string() });
                match error {
                    ReplaceError::Changed { old, .. } => {
                        self.age(old.map(|old| *old));
                        Ok(false)
                    }
                    // It came between.
                    ReplaceError::Exists { .. } => Ok(false),
                    _ => Err(Refusal::File { path, route: None, reason }),
                }
            }
        };
        self.flush().map_err(|error| Refusal::Ledger { detail: error.to_string() })?;
        outcome
    }

    /// After an end in between: whether the edit was made is told by the file.
    pub(super) fn finish_age_limit(&mut self) {
        let Some((edit, _)) = self.memory.age_limit_under_way.clone() else { return };
        let tool = edit.tool;
        let stands = match files::read(&edit.file) {
            Ok(read) => Some(Some(read.digest.to_string())),
            Err(ReadError::Absent { .. }) => Some(None),
            Err(_) => None,
        };
        if edit.swap.is_none() {
            self.sweep_unfinished(&edit);
        }
        if stands == Some(edit.after) {
            self.note(Record::AgeLimitWritten { tool });
        } else {
            self.note(Record::AgeLimitDropped { tool, reason: "the guard ended before the edit".to_owned() });
        }
    }

    /// A file that was being made or taken away may lie under a temp name. With the bytes that are known it may go.
    fn sweep_unfinished(&mut self, edit: &LimitEdit) {
        let (Some(folder), Some(name)) = (edit.file.parent(), edit.file.file_name()) else { return };
        let is_known = |path: &PathBuf| {
            let digest = files::read(path).ok().map(|read| read.digest.to_string());
            digest.is_some() && (digest == edit.before || digest == edit.after)
        };
        let of_file = hold::leftovers(folder).into_iter().filter(|path| hold::is_temp_of(path, name));
        for path in of_file.filter(is_known) {
            if let Err(error) = std::fs::remove_file(&path) {
                tracing::warn!(%error, "an unfinished file stays");
            }
        }
    }

    /// The files of package managers that were edited.
    pub(super) fn edited_settings(&self) -> Vec<PathBuf> {
        let under_way = self.memory.age_limit_under_way.iter().map(|(edit, _)| edit.file.clone());
        let edited = self.memory.age_limits.values().flatten().map(|edit| edit.file.clone());
        // One that was taken back may have left an old file as well.
        let places = [Tool::Npm, Tool::Uv].into_iter().filter_map(|tool| user_file(&self.host, tool));
        under_way.chain(edited).chain(places).collect()
    }
}

fn read_if_there(path: &Path) -> Result<Option<FileRead>, FileTrouble> {
    match files::read(path) {
        Ok(read) => Ok(Some(read)),
        // A link that leads nowhere is not ours to replace.
        Err(ReadError::Absent { .. }) if std::fs::symlink_metadata(path).is_ok() => Err(FileTrouble::NotRegular),
        Err(ReadError::Absent { .. }) => Ok(None),
        Err(error) => Err(trouble(&error).1),
    }
}

fn create(path: &Path, bytes: &[u8], observe: hold::Observe<'_>) -> Result<(), ReplaceError> {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder).map_err(|source| ReplaceError::Io { path: path.to_owned(), source })?;
    swap::create(path, bytes, observe).map(drop)
}

fn text(bytes: &[u8]) -> Result<String, FileTrouble> {
    let inexact = |_| FileTrouble::Inexact { detail: "its line is no text".to_owned() };
    String::from_utf8(bytes.to_vec()).map_err(inexact)
}

fn cannot_write(error: &CannotWrite, path: &Path) -> Refusal {
    let reason = match error {
        CannotWrite::Before => return Refusal::AgeLimitHidden { path: path.to_owned(), by: "before".to_owned() },
        CannotWrite::Syntax(error) => FileTrouble::Unparsable { line: error.line, reason: error.reason.clone() },
        other => FileTrouble::Inexact { detail: other.to_string() },
    };
    Refusal::File { path: path.to_owned(), route: None, reason }
}
