//! Where a config file really is: the folders, links and missing parts on the way to it, and so which folders have to
//! be watched.
//!
//! Every path is walked part by part with links resolved, so a folder has one name however it is reached. (The system
//! knows a folder by its inode: the same one under two names would be reported under only one of them.)

use std::collections::HashMap;
use std::collections::VecDeque;
use std::collections::hash_map;
use std::ffi::OsString;
use std::fs::Metadata;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

/// Links on the way to one file, above which the way counts as a loop.
const MAX_LINKS: usize = 40;

/// The device and number of a folder; nothing where the system does not tell.
pub(super) type Id = Option<(u64, u64)>;

/// Mode, owner and group; nothing where the system does not tell or the file is missing.
pub(super) type Access = Option<(u32, u32, u32)>;

/// What stands at one step of the way to a config file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A folder on the way.
    Folder(Id, Access),
    /// A link on the way, or the config file itself if `last`.
    Link { target: PathBuf, last: bool },
    /// Nothing yet, or something that is no folder, with more parts to come.
    Missing,
    /// The config file, whether it exists or not.
    File,
}

/// One step: an entry of a folder that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) folder: PathBuf,
    /// The entry itself: folder and name.
    pub(super) entry: PathBuf,
    pub(super) kind: Kind,
}

/// The whole way to one config file. Thousands of files share most of theirs, so each step is kept once.
pub(super) type Trail = Vec<Arc<Step>>;

/// The steps of all trails, by entry and by whether it is the last of a way.
#[derive(Debug, Default)]
pub(super) struct Steps(HashMap<(PathBuf, bool), Arc<Step>>);

impl Steps {
    /// Returns the step that is kept, where it is the same; equal trails of two walks are then told fast.
    fn kept(&mut self, last: bool, step: Step) -> Arc<Step> {
        match self.0.entry((step.entry.clone(), last)) {
            hash_map::Entry::Occupied(kept) if **kept.get() == step => Arc::clone(kept.get()),
            hash_map::Entry::Occupied(mut other) => {
                let step = Arc::new(step);
                other.insert(Arc::clone(&step));
                step
            }
            hash_map::Entry::Vacant(free) => Arc::clone(free.insert(Arc::new(step))),
        }
    }

    /// Forgets the steps that no trail has any more.
    pub(super) fn tidy(&mut self) {
        self.0.retain(|_, step| Arc::strong_count(step) > 1);
    }
}

/// A view of the file system that asks about each entry once.
#[derive(Debug)]
pub(super) struct Survey<'a> {
    seen: HashMap<PathBuf, Seen>,
    steps: &'a mut Steps,
    ways: HashMap<PathBuf, Option<Arc<Way>>>,
}

/// The way to a folder on which there is no link.
#[derive(Debug)]
enum Way {
    There(Trail),
    /// It ends before; so does the way to all that would be below.
    Ends(Trail),
}

#[derive(Debug, Clone)]
enum Seen {
    Folder(Id, Access),
    Link(PathBuf),
    Other,
}

impl<'a> Survey<'a> {
    pub(super) fn new(steps: &'a mut Steps) -> Self {
        Self { seen: HashMap::new(), steps, ways: HashMap::new() }
    }

    fn see(&mut self, entry: &Path) -> Seen {
        if let Some(seen) = self.seen.get(entry) {
            return seen.clone();
        }
        let seen = look_at(entry);
        self.seen.insert(entry.to_owned(), seen.clone());
        seen
    }

    /// Walks to a config file. The last step is the file itself or the part where the way ends; a way that loops ends
    /// at the link that closes the loop.
    pub(super) fn trail(&mut self, file: &Path) -> Trail {
        self.plain_trail(file).unwrap_or_else(|| self.walk(file))
    }

    /// The trail of a file on whose way there is no link: most of it is that of its folder, walked once for all.
    fn plain_trail(&mut self, file: &Path) -> Option<Trail> {
        let folder = file.parent().filter(|_| is_plain(file))?;
        match &*self.way(folder)? {
            Way::Ends(trail) => Some(trail.clone()),
            Way::There(_) if matches!(self.see(file), Seen::Link(_)) => None,
            Way::There(trail) => {
                let file = Step { folder: folder.to_owned(), entry: file.to_owned(), kind: Kind::File };
                Some(trail.iter().cloned().chain([self.steps.kept(true, file)]).collect())
            }
        }
    }

    fn way(&mut self, folder: &Path) -> Option<Arc<Way>> {
        if let Some(way) = self.ways.get(folder) {
            return way.clone();
        }
        let way = match folder.parent() {
            None => Some(Arc::new(Way::There(Trail::new()))),
            Some(above) => self.way(above).and_then(|way| self.further(above, folder, way)),
        };
        self.ways.insert(folder.to_owned(), way.clone());
        way
    }

    /// Goes one step on: to `entry` in the folder `at`, which `way` leads to.
    fn further(&mut self, at: &Path, entry: &Path, way: Arc<Way>) -> Option<Arc<Way>> {
        let Way::There(trail) = &*way else { return Some(way) };
        let mut with = |kind| {
            let step = Step { folder: at.to_owned(), entry: entry.to_owned(), kind };
            trail.iter().cloned().chain([self.steps.kept(false, step)]).collect()
        };
        match self.seen.get(entry).cloned().unwrap_or_else(|| look_at(entry)) {
            Seen::Link(_) => None,
            Seen::Folder(id, access) => Some(Arc::new(Way::There(with(Kind::Folder(id, access))))),
            Seen::Other => Some(Arc::new(Way::Ends(with(Kind::Missing)))),
        }
    }

    fn walk(&mut self, file: &Path) -> Trail {
        let mut trail = Trail::new();
        let mut at = PathBuf::new();
        let mut parts: VecDeque<OsString> = VecDeque::new();
        let mut links = 0;
        enter(file, &mut at, &mut parts);
        while let Some(part) = parts.pop_front() {
            if part == ".." {
                at.pop();
                continue;
            }
            let entry = at.join(&part);
            let last = parts.is_empty();
            let seen = self.see(&entry);
            let mut step = |kind| self.steps.kept(last, Step { folder: at.clone(), entry: entry.clone(), kind });
            match seen {
                Seen::Link(target) => {
                    trail.push(step(Kind::Link { target: target.clone(), last }));
                    links += 1;
                    if links > MAX_LINKS {
                        break;
                    }
                    let rest = std::mem::take(&mut parts);
                    enter(&target, &mut at, &mut parts);
                    parts.extend(rest);
                }
                Seen::Folder(id, access) if !last => {
                    trail.push(step(Kind::Folder(id, access)));
                    at = entry;
                }
                _ if last => trail.push(step(Kind::File)),
                _ => {
                    trail.push(step(Kind::Missing));
                    break;
                }
            }
        }
        trail
    }
}

fn look_at(entry: &Path) -> Seen {
    match std::fs::symlink_metadata(entry) {
        Ok(meta) if meta.is_symlink() => std::fs::read_link(entry).map_or(Seen::Other, Seen::Link),
        Ok(meta) if meta.is_dir() => Seen::Folder(id(&meta), access_of(&meta)),
        _ => Seen::Other,
    }
}

/// Whether each part of a path is a name in the one before.
fn is_plain(path: &Path) -> bool {
    path.is_absolute() && path.components().all(|part| matches!(part, Component::RootDir | Component::Normal(_)))
}

/// Starts a path: its root replaces where the walk stands, its parts come first.
fn enter(path: &Path, at: &mut PathBuf, parts: &mut VecDeque<OsString>) {
    for component in path.components() {
        match component {
            Component::Prefix(prefix) => *at = PathBuf::from(prefix.as_os_str()),
            Component::RootDir if at.components().next().is_some_and(|c| matches!(c, Component::Prefix(_))) => {
                at.push(Component::RootDir);
            }
            Component::RootDir => *at = PathBuf::from(Component::RootDir.as_os_str()),
            Component::CurDir => {}
            Component::ParentDir => parts.push_back("..".into()),
            Component::Normal(part) => parts.push_back(part.to_owned()),
        }
    }
}

#[cfg(unix)]
fn id(meta: &Metadata) -> Id {
    use std::os::unix::fs::MetadataExt as _;
    Some((meta.dev(), meta.ino()))
}

#[cfg(not(unix))]
fn id(_: &Metadata) -> Id {
    None
}

#[cfg(unix)]
fn access_of(meta: &Metadata) -> Access {
    use std::os::unix::fs::MetadataExt as _;
    Some((meta.mode(), meta.uid(), meta.gid()))
}

#[cfg(not(unix))]
fn access_of(_: &Metadata) -> Access {
    None
}

/// Who may read an entry at present.
pub(super) fn access(entry: &Path) -> Access {
    std::fs::symlink_metadata(entry).ok().and_then(|meta| access_of(&meta))
}

/// The identity of a folder at present.
pub(super) fn identity(folder: &Path) -> Id {
    std::fs::symlink_metadata(folder).ok().and_then(|meta| id(&meta))
}

/// Whether this user could rename what is in the folder: only there can a folder on the way be moved off unseen.
#[cfg(unix)]
pub(super) fn own(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::symlink_metadata(folder).is_ok_and(|meta| meta.uid() == rustix::process::geteuid().as_raw())
}

/// Nowhere else: an open watch holds a folder in its place on Windows.
#[cfg(not(unix))]
pub(super) fn own(_: &Path) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// Writes a trail as `entry kind` lines, the root of the test cut off.
    fn check(root: &Path, file: &str, expect: &[&str]) {
        let root = root.canonicalize().expect("exists");
        let trail = Survey::new(&mut Steps::default()).trail(&root.join(file));
        let lines: Vec<String> = trail
            .iter()
            .filter_map(|step| {
                let entry = step.entry.strip_prefix(&root).ok()?;
                if entry.as_os_str().is_empty() {
                    return None;
                }
                let kind = match &step.kind {
                    Kind::Folder(..) => "folder",
                    Kind::Link { last: false, .. } => "link",
                    Kind::Link { last: true, .. } => "last link",
                    Kind::Missing => "missing",
                    Kind::File => "file",
                };
                Some(format!("{} {kind}", entry.display()))
            })
            .collect();
        assert_eq!(lines, expect);
    }

    #[test]
    fn trails_name_each_step_by_its_real_place() {
        let temp = tempfile::tempdir().expect("temp");
        let root = temp.path();
        std::fs::create_dir_all(root.join("a/b")).expect("made");
        std::fs::create_dir_all(root.join("dots/cursor")).expect("made");
        std::fs::write(root.join("a/b/c.json"), "").expect("made");
        std::fs::write(root.join("plain"), "").expect("made");
        symlink("dots/cursor", root.join("cursor")).expect("made");
        symlink("../a/b/c.json", root.join("dots/l.json")).expect("made");
        symlink(root.join("dots/gone.json"), root.join("dangling.json")).expect("made");
        symlink("loop.json", root.join("loop.json")).expect("made");
        check(root, "a/b/c.json", &["a folder", "a/b folder", "a/b/c.json file"]);
        check(root, "a/b/none.json", &["a folder", "a/b folder", "a/b/none.json file"]);
        check(root, "a/x/y/c.json", &["a folder", "a/x missing"]);
        check(root, "plain/c.json", &["plain missing"]);
        check(
            root,
            "cursor/mcp.json",
            &["cursor link", "dots folder", "dots/cursor folder", "dots/cursor/mcp.json file"],
        );
        check(
            root,
            "dots/l.json",
            &["dots folder", "dots/l.json last link", "a folder", "a/b folder", "a/b/c.json file"],
        );
        check(root, "dangling.json", &["dangling.json last link", "dots folder", "dots/gone.json file"]);
        let trail = Survey::new(&mut Steps::default()).trail(&root.join("loop.json"));
        assert!(trail.iter().filter(|step| matches!(step.kind, Kind::Link { .. })).count() > MAX_LINKS);
    }
}
