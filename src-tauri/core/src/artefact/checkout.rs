//! What git keeps of a folder: its remote and the commit that is checked out. Read from files; git is not run.

use std::path::{Path, PathBuf};

use crate::facts::Checkout;

use super::settings::text;

/// The checkout that holds `path`.
pub(super) fn of(path: &Path) -> Option<Checkout> {
    let (folder, dir) = path.ancestors().find_map(|folder| Some((folder, git_dir(folder)?)))?;
    // A worktree shares all but its HEAD with the checkout that it was made from.
    let shared = text(&dir.join("commondir")).map_or_else(|| dir.clone(), |to| dir.join(to.trim()));
    let head = text(&dir.join("HEAD"))?;
    let (branch, head) = match head.trim().strip_prefix("ref: ") {
        Some(name) => (name.strip_prefix("refs/heads/").map(str::to_owned), commit(&dir, &shared, name)),
        None => (None, Some(head.trim().to_owned())),
    };
    let head = head.filter(|it| it.len() >= 40 && it.bytes().all(|b| b.is_ascii_hexdigit()));
    let remote = text(&shared.join("config")).and_then(|config| remote(&config));
    Some(Checkout { folder: folder.to_owned(), remote, branch, head })
}

/// `.git`, or the folder that a file of this name leads to.
fn git_dir(folder: &Path) -> Option<PathBuf> {
    let git = folder.join(".git");
    if git.join("HEAD").is_file() {
        return Some(git);
    }
    let to = text(&git)?;
    Some(folder.join(to.trim().strip_prefix("gitdir: ")?))
}

fn commit(dir: &Path, shared: &Path, name: &str) -> Option<String> {
    // The name comes from a file; it must not lead out of the folder.
    if name.split('/').any(|part| part == ".." || part.is_empty()) {
        return None;
    }
    let loose = [dir, shared].into_iter().find_map(|folder| text(&folder.join(name)));
    let packed = || {
        let refs = text(&shared.join("packed-refs"))?;
        let of_name =
            |line: &str| line.split_once(' ').filter(|(_, it)| *it == name).map(|(commit, _)| commit.to_owned());
        refs.lines().find_map(of_name)
    };
    loose.map(|commit| commit.trim().to_owned()).or_else(packed)
}

/// The address of `origin`, or of the first remote.
fn remote(config: &str) -> Option<String> {
    let (mut section, mut first) = ("", None);
    for line in config.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
        } else if section.starts_with("[remote ")
            && let Some(("url", address)) = line.split_once('=').map(|(key, value)| (key.trim(), value.trim()))
        {
            if section == "[remote \"origin\"]" {
                return Some(without_user(address));
            }
            first.get_or_insert_with(|| without_user(address));
        }
    }
    first
}

/// `https://user:token@host/…` without what stands before the host; the `git@` of ssh is no secret.
fn without_user(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let end = rest.find('/').unwrap_or(rest.len());
    let host = rest[..end].rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{}", &rest[end..])
}
