//! Finds the projects below a folder that the user named.
//!
//! A project is a folder with something in it that a project of some client has, or a repository. The walk goes where
//! `git` would: not into hidden folders, not into what a repository ignores. A configuration file that is itself ignored
//! is found all the same: many people keep theirs out of the repository.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::clients::{CLIENTS, Root};
use crate::host::{Os, name_fits};

/// Folders that no repository keeps its own work in, ignored or not.
const PASSED_OVER: &[&str] = &["node_modules", "__pycache__"];

/// Deeper trees are loops of mounts, or no work of people's.
const DEPTH: usize = 32;

/// More threads wait for the disk rather than for each other.
const THREADS: usize = 4;

/// Returns the project folders at and below `root`, in order; `is_left_out` names folders to stay away from.
///
/// Links are not followed. What cannot be read is passed over.
pub fn projects_below(os: Os, root: &Path, is_left_out: &(dyn Fn(&Path) -> bool + Sync)) -> BTreeSet<PathBuf> {
    let (patterns, marks) = marks(os).into_iter().partition(|mark| mark.contains('*'));
    let walk = Walk {
        marks,
        patterns,
        is_left_out,
        state: Mutex::new(State { open: vec![Job { folder: root.to_owned(), depth: 0, rules: None }], busy: 0 }),
        changed: Condvar::new(),
        found: Mutex::default(),
    };
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get().min(THREADS));
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|| walk.work());
        }
        walk.work();
    });
    walk.found.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// The first names of the paths that the projects of all clients have.
fn marks(os: Os) -> HashSet<&'static str> {
    let files = CLIENTS.iter().flat_map(|client| client.files);
    let of_projects = files.filter(|file| file.root == Root::Project && file.systems.contains(&os));
    of_projects.map(|file| file.path.split('/').next().unwrap_or(file.path)).collect()
}

struct Job {
    folder: PathBuf,
    depth: usize,
    rules: Option<Arc<Rules>>,
}

/// What a repository ignores, from its root down to one folder.
struct Rules {
    own: Gitignore,
    above: Option<Arc<Self>>,
}

impl Rules {
    /// The nearest rule that speaks of a folder counts.
    fn ignores(&self, folder: &Path) -> bool {
        let found = self.own.matched(folder, true);
        if found.is_none() { self.above.as_ref().is_some_and(|above| above.ignores(folder)) } else { found.is_ignore() }
    }
}

struct State {
    open: Vec<Job>,
    /// Threads that may still find more.
    busy: usize,
}

struct Walk<'a> {
    marks: HashSet<&'static str>,
    /// Marks with a `*` in them.
    patterns: HashSet<&'static str>,
    is_left_out: &'a (dyn Fn(&Path) -> bool + Sync),
    state: Mutex<State>,
    changed: Condvar,
    found: Mutex<BTreeSet<PathBuf>>,
}

impl Walk<'_> {
    fn work(&self) {
        while let Some(job) = self.next() {
            let below = self.visit(&job);
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.open.extend(below);
            state.busy -= 1;
            drop(state);
            self.changed.notify_all();
        }
    }

    /// The next folder, or `None` once there are no more and nobody can find any.
    fn next(&self) -> Option<Job> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(job) = state.open.pop() {
                state.busy += 1;
                return Some(job);
            }
            if state.busy == 0 {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn visit(&self, job: &Job) -> Vec<Job> {
        let Ok(entries) = std::fs::read_dir(&job.folder) else { return Vec::new() };
        let (mut folders, mut is_project, mut is_repository, mut has_rules) = (Vec::new(), false, false, false);
        for entry in entries.flatten() {
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            is_repository |= name == ".git";
            has_rules |= name == ".gitignore";
            is_project |= self.marks.contains(name) || self.patterns.iter().any(|part| name_fits(part, name));
            let is_entered = !name.starts_with('.') && !PASSED_OVER.contains(&name);
            // A link is neither: its kind is its own.
            if is_entered && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(name.to_owned());
            }
        }
        if is_project || is_repository {
            self.found.lock().unwrap_or_else(PoisonError::into_inner).insert(job.folder.clone());
        }
        if job.depth == DEPTH {
            return Vec::new();
        }
        let rules = self.rules(job, is_repository, has_rules);
        let folders = folders.into_iter().map(|name| job.folder.join(name));
        let wanted =
            folders.filter(|folder| !rules.as_ref().is_some_and(|r| r.ignores(folder)) && !(self.is_left_out)(folder));
        wanted.map(|folder| Job { folder, depth: job.depth + 1, rules: rules.clone() }).collect()
    }

    /// A repository begins anew: what the one around it ignores says nothing about it. Outside of any, nothing is ignored.
    fn rules(&self, job: &Job, is_repository: bool, has_rules: bool) -> Option<Arc<Rules>> {
        let above = job.rules.clone().filter(|_| !is_repository);
        if !(is_repository || above.is_some()) {
            return None;
        }
        let own = if has_rules {
            let mut builder = GitignoreBuilder::new(&job.folder);
            // A line that is no pattern ignores nothing.
            let _ = builder.add(job.folder.join(".gitignore"));
            builder.build().unwrap_or_else(|_| Gitignore::empty())
        } else if is_repository {
            Gitignore::empty()
        } else {
            return above;
        };
        Some(Arc::new(Rules { own, above }))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn tree(paths: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a temporary folder");
        for path in paths {
            let (path, text) = path.split_once(" = ").unwrap_or((path, ""));
            let full = root.path().join(path);
            if path.ends_with('/') {
                fs::create_dir_all(full).expect("folders");
            } else {
                fs::create_dir_all(full.parent().expect("a folder")).expect("folders");
                fs::write(full, text.replace("\\n", "\n")).expect("a file");
            }
        }
        root
    }

    fn found(root: &Path, left_out: &[&str]) -> Vec<String> {
        let left_out: Vec<_> = left_out.iter().map(|folder| root.join(folder)).collect();
        let found = projects_below(Os::Linux, root, &|folder| left_out.iter().any(|one| one == folder));
        let below = |path: &PathBuf| path.strip_prefix(root).expect("it is below").display().to_string();
        found.iter().map(below).collect()
    }

    #[test]
    fn projects_are_told_by_what_is_in_them() {
        let root = tree(&[
            "plain/src/main.rs",
            "repo/.git/HEAD",
            "one/.mcp.json",
            "deep/down/there/.cursor/mcp.json",
            "deep/down/there/sub/.vscode/mcp.json",
            "code/opencode.json",
            "boxed/.devcontainer.json",
            "several/team.code-workspace",
            ".hidden/one/.mcp.json",
            "one/node_modules/x/.mcp.json",
        ]);
        assert_eq!(
            found(root.path(), &[]),
            ["boxed", "code", "deep/down/there", "deep/down/there/sub", "one", "repo", "several"]
        );
        assert_eq!(found(root.path(), &["deep/down"]), ["boxed", "code", "one", "repo", "several"]);
        assert_eq!(found(&root.path().join("one"), &[]), [""]);
        assert_eq!(found(&root.path().join("nowhere"), &[]), [""; 0]);
    }

    #[test]
    fn ignored_folders_are_passed_over_and_ignored_files_are_not() {
        let root = tree(&[
            "repo/.git/HEAD",
            "repo/.gitignore = target/\\n.mcp.json\\n/build\\n!keep/build\\n",
            "repo/target/a/.mcp.json",
            "repo/build/.mcp.json",
            "repo/member/.mcp.json",
            "repo/member/.gitignore = out\\n",
            "repo/member/out/.mcp.json",
            "repo/member/build/.mcp.json",
            // A repository within another has rules of its own.
            "repo/nested/.git/HEAD",
            "repo/nested/target/.mcp.json",
            // Outside of a repository nothing is ignored.
            "loose/.gitignore = *\\n",
            "loose/a/.mcp.json",
        ]);
        assert_eq!(
            found(root.path(), &[]),
            ["loose/a", "repo", "repo/member", "repo/member/build", "repo/nested", "repo/nested/target"]
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let root = tree(&["one/.mcp.json", "two/"]);
        std::os::unix::fs::symlink(root.path(), root.path().join("two/loop")).expect("a link");
        assert_eq!(found(root.path(), &[]), ["one"]);
    }

    #[test]
    fn a_tree_without_end_is_left() {
        let deep = format!("{}.mcp.json", "a/".repeat(DEPTH + 1));
        let root = tree(&[&deep, "b/.mcp.json"]);
        assert_eq!(found(root.path(), &[]), ["b"]);
    }
}
