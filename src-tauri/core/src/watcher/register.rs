//! What is watched for, by entry, and how an event of the system becomes a signal.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::HashMap;
use std::collections::HashSet;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;

use notify::Event;
use notify::EventKind;
use notify::event::AccessKind;
use notify::event::AccessMode;
use notify::event::ModifyKind;
use notify::event::RenameMode;

use super::LISTED;
use super::Reason;
use super::Signal;
use super::Touch;
use super::tree;
use super::tree::Access;
use super::tree::Kind;
use super::tree::Trail;
use crate::host::Listed;
use crate::host::Names;
use crate::host::name_fits;

/// The entries that matter.
#[derive(Debug, Default)]
pub(super) struct Register {
    entries: HashMap<PathBuf, Entry>,
    /// Folders that hold a config file: the old files of our exchanges are told from there.
    homes: HashSet<PathBuf>,
    /// Folders of which some new names matter, each by its real place, with the paths that they were given by.
    listed: HashMap<PathBuf, Vec<(PathBuf, Arc<Names>)>>,
}

#[derive(Debug, Default)]
struct Entry {
    /// The config files that this entry is, or is the last link to.
    files: Vec<PathBuf>,
    /// Whether the way of some file goes through here.
    route: bool,
    access: Access,
}

impl Register {
    pub(super) fn of(trails: &BTreeMap<PathBuf, Trail>, listed: &Listed) -> Self {
        let mut register = Self::default();
        let mut done = HashSet::new();
        for (path, trail) in trails {
            let names =
                path.parent().filter(|_| path.ends_with(LISTED)).and_then(|folder| listed.get_key_value(folder));
            for step in trail {
                if let (Kind::File, Some((folder, names))) = (&step.kind, names) {
                    let at = register.listed.entry(key(&step.folder).into_owned()).or_default();
                    at.push((folder.clone(), Arc::clone(names)));
                    continue;
                }
                let names_file = matches!(step.kind, Kind::File | Kind::Link { last: true, .. });
                // Most steps are those of many files.
                if !done.insert(Arc::as_ptr(step)) && !names_file {
                    continue;
                }
                let name = key(&step.entry);
                if !register.entries.contains_key(&*name) {
                    register.entries.insert(name.clone().into_owned(), Entry::default());
                }
                let Some(entry) = register.entries.get_mut(&*name) else { continue };
                match step.kind {
                    Kind::File => {
                        entry.access = tree::access(&step.entry);
                        register.homes.insert(key(&step.folder).into_owned());
                    }
                    Kind::Folder(_, access) => entry.access = access,
                    Kind::Link { .. } | Kind::Missing => {}
                }
                if names_file && !entry.files.contains(path) {
                    entry.files.push(path.clone());
                }
                entry.route |= step.kind != Kind::File;
            }
        }
        register
    }

    /// Where another access was known than the one that was read for this register, either may be the older one: whatever
    /// comes next is told.
    fn doubt_access(&mut self, before: &Self) {
        for (name, entry) in &mut self.entries {
            if before.entries.get(name).is_some_and(|known| known.access != entry.access) {
                entry.access = None;
            }
        }
    }

    /// The config files that something of this name is in the listed folders of its place, and whether it may be, or hold,
    /// further ones.
    fn listed_as(&self, entry: &Path) -> (Vec<PathBuf>, bool) {
        let listed = entry.parent().and_then(|folder| self.listed.get(folder));
        let Some((listed, name)) = listed.zip(entry.file_name().and_then(|name| name.to_str())) else {
            return (Vec::new(), false);
        };
        let is_meant = |part: &&&str| name_fits(&key(Path::new(part)).to_string_lossy(), name);
        let files = listed.iter().flat_map(|(folder, names)| {
            // By the name of the table, where it has all of it.
            let named = names.files.iter().filter(is_meant).map(|part| if part.contains('*') { name } else { part });
            named.map(|name| folder.join(name))
        });
        (files.collect(), listed.iter().any(|(_, names)| names.ways.iter().any(|part| is_meant(&part))))
    }
}

/// The name under which an entry is looked up: where file names ignore case, events carry the case on disk and the
/// config file may be given in another.
fn key(path: &Path) -> Cow<'_, Path> {
    if cfg!(any(windows, target_os = "macos")) {
        Cow::Owned(PathBuf::from(path.to_string_lossy().to_lowercase()))
    } else {
        Cow::Borrowed(path)
    }
}

/// The entries on the way to some file that changed since the last walk: a watch on such a folder may be dead.
#[derive(Debug, Default)]
pub(super) struct Doubted {
    all: bool,
    entries: BTreeSet<PathBuf>,
}

impl Doubted {
    pub(super) fn has(&self, entry: &Path) -> bool {
        self.all || self.entries.contains(&*key(entry))
    }

    /// Whether the watch on a folder may be dead: with that of a folder that goes or is moved, `notify` drops those of all
    /// below it, though they may be back in their places by now.
    pub(super) fn covers(&self, folder: &Path) -> bool {
        self.all || !self.entries.is_empty() && folder.ancestors().any(|above| self.has(above))
    }
}

/// What the callback and the owner of a watcher share.
#[derive(Debug, Default)]
pub(super) struct Shared(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    register: Register,
    doubted: Doubted,
    /// A rescan was asked for and not done yet.
    asked: bool,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Puts a new register in force and returns what came into doubt under the old one.
    pub(super) fn replace(&self, mut register: Register) -> Doubted {
        let mut state = self.state();
        register.doubt_access(&state.register);
        state.register = register;
        state.asked = false;
        std::mem::take(&mut state.doubted)
    }

    /// The signal that asks for a rescan, unless one is asked for already.
    pub(super) fn ask_rescan(&self, reason: Reason) -> Option<Signal> {
        let mut state = self.state();
        state.ask(reason)
    }

    /// Turns an event into what has to be told.
    pub(super) fn signals(&self, event: notify::Result<Event>) -> Vec<Signal> {
        let mut state = self.state();
        let event = match event {
            Ok(event) => event,
            Err(_) => {
                // The watcher says that something went wrong and seldom what: every watch is in doubt.
                state.doubted.all = true;
                return state.ask(Reason::Restart).into_iter().collect();
            }
        };
        if event.need_rescan() {
            state.doubted.all = true;
            return state.ask(Reason::Overflow).into_iter().collect();
        }
        // Both ends of a rename were told singly before on Linux.
        if cfg!(target_os = "linux") && event.kind == EventKind::Modify(ModifyKind::Name(RenameMode::Both)) {
            return Vec::new();
        }
        let Some(change) = Change::of(event.kind) else { return Vec::new() };
        event.paths.iter().flat_map(|path| state.signals_of(path, change)).collect()
    }
}

impl State {
    fn ask(&mut self, reason: Reason) -> Option<Signal> {
        (!std::mem::replace(&mut self.asked, true)).then_some(Signal::Rescan(reason))
    }

    fn signals_of(&mut self, path: &Path, change: Change) -> Vec<Signal> {
        let key = key(path);
        let Some(entry) = self.register.entries.get_mut(&*key) else {
            let Change::Touch(kind) = change else { return Vec::new() };
            let (files, is_way) = self.register.listed_as(&key);
            let mut signals: Vec<_> = files.into_iter().map(|path| Signal::Touched { path, kind }).collect();
            if is_way && kind == Touch::Renamed {
                signals.extend(self.ask(Reason::Folder));
            }
            let folder = key.parent().filter(|_| is_old_file(path));
            if folder.is_some_and(|at| self.register.homes.contains(at) || self.register.listed.contains_key(at)) {
                signals.push(Signal::OldFile { path: path.to_owned(), kind });
            }
            return signals;
        };
        let kind = match change {
            Change::Touch(kind) => {
                if kind == Touch::Renamed {
                    entry.access = tree::access(path);
                }
                kind
            }
            Change::Metadata => {
                // Times and link counts change all the time; who may read the file seldom does.
                let access = tree::access(path);
                if access.is_none() || std::mem::replace(&mut entry.access, access) == access {
                    return Vec::new();
                }
                Touch::Closed
            }
        };
        let mut signals: Vec<Signal> =
            entry.files.iter().map(|file| Signal::Touched { path: file.clone(), kind }).collect();
        if entry.route && (kind == Touch::Renamed || change == Change::Metadata) {
            self.doubted.entries.insert(key.into_owned());
            signals.extend(self.ask(Reason::Folder));
        }
        signals
    }
}

/// What an event says, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Touch(Touch),
    Metadata,
}

impl Change {
    /// Returns `None` for opens and reads: a scan of ours would set itself off for ever.
    pub(super) fn of(kind: EventKind) -> Option<Self> {
        match kind {
            EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)) => {
                Some(Self::Touch(Touch::Renamed))
            }
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => Some(Self::Touch(Touch::Closed)),
            EventKind::Access(_) => None,
            EventKind::Modify(ModifyKind::Metadata(_)) => Some(Self::Metadata),
            EventKind::Modify(_) | EventKind::Any | EventKind::Other => Some(Self::Touch(Touch::Written)),
        }
    }
}

/// Whether this is the name of an old file of an exchange: `.<name>.gatehouse-<8 hex>~`.
fn is_old_file(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    let Some((stem, mark)) = name.strip_suffix('~').and_then(|name| name.rsplit_once(".gatehouse-")) else {
        return false;
    };
    stem.len() > 1 && stem.starts_with('.') && mark.len() == 8 && mark.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_files_are_told_by_their_name() {
        let check = |name: &str, expect: bool| assert_eq!(is_old_file(Path::new(name)), expect, "{name}");
        check("/h/.mcp.json.gatehouse-0123abcd~", true);
        check("/h/..claude.json.gatehouse-0123abcd~", true);
        check("/h/mcp.json.gatehouse-0123abcd~", false);
        check("/h/.mcp.json.gatehouse-0123abc~", false);
        check("/h/.mcp.json.gatehouse-0123abcx~", false);
        check("/h/.mcp.json.gatehouse-0123abcd", false);
        check("/h/..gatehouse-0123abcd~", false);
    }

    #[test]
    fn opens_and_reads_say_nothing() {
        let check = |kind: EventKind, expect: Option<Change>| assert_eq!(Change::of(kind), expect, "{kind:?}");
        check(EventKind::Access(AccessKind::Open(AccessMode::Any)), None);
        check(EventKind::Access(AccessKind::Close(AccessMode::Read)), None);
        check(EventKind::Access(AccessKind::Read), None);
        check(EventKind::Access(AccessKind::Close(AccessMode::Write)), Some(Change::Touch(Touch::Closed)));
        check(EventKind::Modify(ModifyKind::Any), Some(Change::Touch(Touch::Written)));
    }

    /// A walk reads who may read a file, another file takes its place and is told, and only then the walk's end is in force.
    #[cfg(unix)]
    #[test]
    fn access_that_a_walk_read_too_early_hides_no_later_change() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("mcp.json");
        let set_mode = |mode| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).expect("set");
        let register = || {
            let mut steps = tree::Steps::default();
            let trail = tree::Survey::new(&mut steps).trail(&file);
            Register::of(&BTreeMap::from([(file.clone(), trail)]), &Listed::new())
        };
        let event = |kind| Ok(Event::new(kind).add_path(file.clone()));
        let metadata = || event(EventKind::Modify(ModifyKind::Metadata(notify::event::MetadataKind::Any)));
        std::fs::write(&file, "{}").expect("written");
        set_mode(0o600);
        let shared = Shared::default();
        drop(shared.replace(register()));
        let early = register();
        set_mode(0o666);
        assert_eq!(shared.signals(event(EventKind::Create(notify::event::CreateKind::File))).len(), 1);
        drop(shared.replace(early));
        set_mode(0o600);
        assert_eq!(shared.signals(metadata()), [Signal::Touched { path: file.clone(), kind: Touch::Closed }]);
        // What changes nothing of it is still not told.
        assert_eq!(shared.signals(metadata()), []);
    }

    #[test]
    fn lost_events_and_failures_ask_once() {
        let shared = Shared::default();
        let lost = || Ok(Event::new(EventKind::Other).set_flag(notify::event::Flag::Rescan));
        assert_eq!(shared.signals(lost()), [Signal::Rescan(Reason::Overflow)]);
        assert_eq!(shared.signals(lost()), []);
        assert!(shared.replace(Register::default()).has(Path::new("/any")));
        assert_eq!(shared.signals(Err(notify::Error::generic("gone"))), [Signal::Rescan(Reason::Restart)]);
        assert!(shared.replace(Register::default()).has(Path::new("/any")));
        assert!(!shared.replace(Register::default()).has(Path::new("/any")));
    }
}
