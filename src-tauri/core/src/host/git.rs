//! Whether git tracks a file, read from the index of the repository around it. No git is started.
//!
//! What cannot be told counts as not tracked: an index in parts, a work tree that lies elsewhere, a newer format.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use super::files::{contents, open_regular};

/// Bytes of an object's name, by the hash of the repository: SHA-1, SHA-256. The index does not say which.
const HASHES: [usize; 2] = [20, 32];

/// Times, device, file and size before the object's name.
const BEFORE_HASH: usize = 40;

const HEADER: usize = 12;

/// In the flags: the length of the name, as far as it fits.
const LENGTH: u16 = 0x0fff;

/// In the flags: two more bytes of them follow.
const EXTENDED: u16 = 0x4000;

/// Longest file that says where the repository of a work tree lies.
const MAX_LINK: u64 = 8 * 1024;

/// Whether git tracks the file: its links are resolved, for the edit is made where they lead.
pub(crate) fn is_tracked(path: &Path) -> bool {
    let Ok(path) = fs::canonicalize(path) else { return false };
    let Some((top, git)) = path.ancestors().skip(1).find_map(|top| Some((top, repository(top)?))) else { return false };
    let Some(name) = path.strip_prefix(top).ok().and_then(name_in_index) else { return false };
    let Some(index) = read(&git.join("index")) else { return false };
    HASHES.iter().find_map(|hash| lists(&index, *hash, &name)).unwrap_or(false)
}

/// The repository of the work tree that begins here: the folder `.git`, or the one that a file of that name tells, as in
/// further work trees and submodules.
fn repository(top: &Path) -> Option<PathBuf> {
    let git = top.join(".git");
    let kind = fs::metadata(&git).ok()?;
    let folder = if kind.is_dir() {
        git
    } else {
        let link = (kind.is_file() && kind.len() <= MAX_LINK).then(|| read(&git))??;
        top.join(std::str::from_utf8(&link).ok()?.strip_prefix("gitdir:")?.trim())
    };
    folder.join("HEAD").exists().then_some(folder)
}

fn read(path: &Path) -> Option<Vec<u8>> {
    let file = open_regular(path).ok()?;
    contents(&file).ok()?.map(|(bytes, _)| bytes)
}

#[cfg(unix)]
fn name_in_index(path: &Path) -> Option<Cow<'_, [u8]>> {
    use std::os::unix::ffi::OsStrExt as _;
    Some(path.as_os_str().as_bytes().into())
}

/// Not tried on Windows.
#[cfg(windows)]
fn name_in_index(path: &Path) -> Option<Cow<'_, [u8]>> {
    Some(path.to_str()?.replace('\\', "/").into_bytes().into())
}

/// Whether an index lists a name; `None` where it cannot be read with object names of `hash` bytes.
fn lists(index: &[u8], hash: usize, name: &[u8]) -> Option<bool> {
    let version = word(index, 4).filter(|version| index.starts_with(b"DIRC") && (2..=4).contains(version))?;
    let (mut at, mut last) = (HEADER, Vec::new());
    for _ in 0..word(index, 8)? {
        let flags_at = at + BEFORE_HASH + hash;
        let flags = u16::from_be_bytes(index.get(flags_at..flags_at + 2)?.try_into().ok()?);
        let mut name_at = flags_at + 2 + if version > 2 && flags & EXTENDED != 0 { 2 } else { 0 };
        // From version 4 on a name is told by what it takes from the one before.
        let mut kept = 0;
        if version == 4 {
            let (dropped, after) = number(index, name_at)?;
            (kept, name_at) = (last.len().checked_sub(dropped)?, after);
        }
        let length = index.get(name_at..)?.iter().position(|byte| *byte == 0)?;
        last.truncate(kept);
        last.extend_from_slice(&index[name_at..name_at + length]);
        // Where the hash is another one, the flags are no flags.
        if usize::from(flags & LENGTH) != last.len().min(usize::from(LENGTH)) {
            return None;
        }
        if last == name {
            return Some(true);
        }
        at = if version == 4 { name_at + length + 1 } else { at + (name_at + length - at + 8) / 8 * 8 };
    }
    Some(false)
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// A number of seven bits a byte, each further byte worth one more than its bits; with the place behind it.
fn number(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let mut byte = *bytes.get(at)?;
    let mut value = usize::from(byte & 0x7f);
    while byte & 0x80 != 0 {
        at += 1;
        byte = *bytes.get(at)?;
        value = value.checked_add(1)?.checked_mul(128)? | usize::from(byte & 0x7f);
    }
    Some((value, at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An index with these names, as git writes it; `kept` bytes of the name before are taken over in version 4.
    fn index(version: u32, hash: usize, names: &[&str]) -> Vec<u8> {
        let mut out = [b"DIRC".as_slice(), &version.to_be_bytes(), &(names.len() as u32).to_be_bytes()].concat();
        let mut last = "";
        for (number, name) in names.iter().enumerate() {
            let begin = out.len();
            out.extend(vec![7; BEFORE_HASH + hash]);
            let extended = version == 3 && number % 2 == 0;
            let flags = name.len().min(usize::from(LENGTH)) as u16 | if extended { EXTENDED } else { 0 };
            out.extend(flags.to_be_bytes());
            out.extend(if extended { &[0x20, 0][..] } else { &[] });
            if version == 4 {
                let same = last.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
                out.extend(encoded(last.len() - same));
                out.extend(&name.as_bytes()[same..]);
                out.push(0);
            } else {
                out.extend(name.as_bytes());
                out.extend(vec![0; 8 - (out.len() - begin) % 8]);
            }
            last = name;
        }
        out.extend([9; 20]);
        out
    }

    fn encoded(mut value: usize) -> Vec<u8> {
        let mut out = vec![(value & 0x7f) as u8];
        while value > 0x7f {
            value = (value >> 7) - 1;
            out.insert(0, 0x80 | (value & 0x7f) as u8);
        }
        out
    }

    #[test]
    fn a_name_is_found_in_every_version_and_with_either_hash() {
        let long = format!("long/{}", "n".repeat(5_000));
        let names = [".cursor/mcp.json", ".mcp.json", "a", "aa/b", &long, "src/main.rs"];
        for version in 2..=4 {
            for hash in HASHES {
                let whole = index(version, hash, &names);
                for name in names {
                    assert_eq!(lists(&whole, hash, name.as_bytes()), Some(true), "{version} {hash} {name}");
                }
                for name in ["", "mcp.json", ".mcp.jso", ".mcp.json/x", "src"] {
                    assert_eq!(lists(&whole, hash, name.as_bytes()), Some(false), "{version} {hash} {name}");
                }
                let other = HASHES[usize::from(hash == HASHES[0])];
                assert_eq!(lists(&whole, other, b"src/main.rs"), None, "{version} {hash}");
            }
        }
    }

    #[test]
    fn what_is_no_whole_index_tells_nothing() {
        for version in 2..=4 {
            let whole = index(version, 20, &["a", "b"]);
            for end in 0..whole.len() - 20 {
                assert_ne!(lists(&whole[..end], 20, b"c"), Some(true));
            }
            assert_eq!(lists(&whole[..HEADER + 8], 20, b"a"), None);
        }
        assert_eq!(lists(&index(5, 20, &["a"]), 20, b"a"), None);
        assert_eq!(lists(b"DIRC", 20, b"a"), None);
        let mut endless = index(4, 20, &["a"]);
        endless.truncate(HEADER + BEFORE_HASH + 20 + 2);
        endless.extend([0xff; 64]);
        assert_eq!(lists(&endless, 20, b"a"), None);
    }
}
