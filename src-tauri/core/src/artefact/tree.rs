//! One digest over all files of a folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::host::files::Digest;

use super::memo::Memo;

/// Files that are read; of more, name and size count.
pub(super) const MOST_FILES: usize = 2_000;
/// Bytes that are read.
pub(super) const MOST_BYTES: u64 = 50 * 1024 * 1024;
/// Names that are listed at all.
const MOST_NAMES: usize = 40_000;
const DEEPEST: usize = 64;

/// What a folder holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tree {
    pub(super) digest: Digest,
    /// It holds more than is read.
    pub(super) partly: bool,
}

enum Entry {
    File { size: u64, may_run: bool },
    Link(PathBuf),
    Other,
}

/// Hashes the files below `folder`, by name. Links are named with what they lead to and never followed.
pub(super) fn of(folder: &Path, memo: &mut Memo, now: Timestamp) -> io::Result<Tree> {
    let mut entries = Vec::new();
    let mut partly = !list(folder, Path::new(""), 0, &mut entries)?;
    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
    let (mut files, mut bytes) = (0, 0);
    let mut text = String::new();
    for (name, entry) in entries {
        let shown = name.to_string_lossy().replace('\\', "/");
        let line = match entry {
            Entry::File { size, may_run } => {
                let fits = files < MOST_FILES && bytes + size <= MOST_BYTES;
                let mark = if may_run { "x" } else { "-" };
                if fits {
                    (files, bytes) = (files + 1, bytes + size);
                    format!("{mark} {}", memo.digest(&folder.join(&name), now)?)
                } else {
                    partly = true;
                    format!("{mark} {size}")
                }
            }
            Entry::Link(to) => format!("l {}", to.to_string_lossy()),
            Entry::Other => "o".to_owned(),
        };
        // No name holds a zero byte, so no two folders have the same text.
        text += &format!("{shown}\0{line}\0");
    }
    Ok(Tree { digest: Digest::of(text.as_bytes()), partly })
}

/// Lists what is below; false where there is more than is listed.
fn list(root: &Path, below: &Path, depth: usize, out: &mut Vec<(PathBuf, Entry)>) -> io::Result<bool> {
    if depth > DEEPEST {
        return Ok(false);
    }
    let mut names: Vec<_> = fs::read_dir(root.join(below))?.collect::<io::Result<Vec<_>>>()?;
    names.sort_by_key(fs::DirEntry::file_name);
    let mut all = true;
    for entry in names {
        if out.len() >= MOST_NAMES {
            return Ok(false);
        }
        let (name, meta) = (below.join(entry.file_name()), entry.metadata()?);
        if meta.is_dir() {
            // What an interpreter writes by itself is no code of the package: it is made anew from the sources.
            if entry.file_name() != "__pycache__" {
                all &= list(root, &name, depth + 1, out)?;
            }
        } else if meta.is_symlink() {
            let to = fs::read_link(entry.path())?;
            out.push((name, Entry::Link(to)));
        } else if meta.is_file() {
            out.push((name, Entry::File { size: meta.len(), may_run: may_run(&meta) }));
        } else {
            out.push((name, Entry::Other));
        }
    }
    Ok(all)
}

#[cfg(unix)]
fn may_run(meta: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    meta.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn may_run(_: &fs::Metadata) -> bool {
    false
}
