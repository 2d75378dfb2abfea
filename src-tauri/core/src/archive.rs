//! Reads the archive of a package into memory: nothing is unpacked to a disk, and nothing is run.
//!
//! An archive comes from whoever wants to be trusted, so it is refused as a whole for the first thing that no honest
//! package has: what was read up to there is dropped.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use sha2::{Digest as _, Sha256};

mod intake;
mod names;
mod refusal;
mod source;
mod tarball;
#[cfg(test)]
mod tests;
mod zipped;

pub use refusal::{Fault, Refused};
pub use source::{ArchiveSource, NoSource, NotAvailable, Registry, Wanted};

/// How much of an archive is read before it is refused.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the archive itself.
    pub packed: u64,
    /// Bytes of all its files.
    pub unpacked: u64,
    /// Bytes out for each byte in, once more than [`Limits::ratio_from`] came out.
    pub ratio: u64,
    pub ratio_from: u64,
    pub one_file: u64,
    /// Entries, folders among them.
    pub entries: usize,
    /// Bytes of a path.
    pub path: usize,
    /// Folders of a path.
    pub depth: usize,
}

/// What the largest honest packages stay well below.
pub const LIMITS: Limits = Limits {
    packed: 96 * MIB,
    unpacked: 384 * MIB,
    ratio: 200,
    ratio_from: 16 * MIB,
    one_file: 128 * MIB,
    entries: 40_000,
    path: 1_024,
    depth: 64,
};

const MIB: u64 = 1024 * 1024;

/// Of larger files only size and digest are kept.
const KEPT: usize = 24 * 1024 * 1024;

/// So much of a file tells whether it is text.
const HEAD: usize = 8 * 1024;

/// How the first bytes of programs for processors begin: ELF, Windows, Mach-O in its four forms, WebAssembly.
const MACHINE_CODE: &[&[u8]] =
    &[b"\x7fELF", b"MZ", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"\0asm"];

/// The files of a package, by their paths in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contents {
    files: BTreeMap<String, File>,
    /// There is more than was read.
    pub partly: bool,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub size: u64,
    /// 32 hex digits of its SHA-256.
    pub digest: String,
    /// Its bytes, where it is text of a size that is read.
    pub text: Option<Vec<u8>>,
    /// It is a program for a processor.
    pub is_machine_code: bool,
}

impl File {
    pub fn of(bytes: Vec<u8>) -> Self {
        let head = &bytes[..bytes.len().min(HEAD)];
        let is_text = bytes.len() <= KEPT && !head.contains(&0);
        Self {
            size: bytes.len() as u64,
            digest: hex::encode(&Sha256::digest(&bytes)[..16]),
            is_machine_code: MACHINE_CODE.iter().any(|start| bytes.starts_with(start)),
            text: is_text.then_some(bytes),
        }
    }
}

impl Contents {
    /// Adds a file; false where its path is taken.
    pub fn add(&mut self, path: String, bytes: Vec<u8>) -> bool {
        match self.files.entry(path) {
            Entry::Vacant(place) => {
                place.insert(File::of(bytes));
                true
            }
            Entry::Occupied(_) => false,
        }
    }

    pub fn files(&self) -> impl Iterator<Item = (&str, &File)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file))
    }

    pub fn get(&self, path: &str) -> Option<&File> {
        self.files.get(path)
    }

    /// The files below a folder, without its path.
    pub fn below(self, folder: &str) -> Self {
        let files = self.files.into_iter();
        let inside = files.filter_map(|(path, file)| Some((path.strip_prefix(folder)?.to_owned(), file)));
        Self { files: inside.collect(), partly: self.partly }
    }

    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The text of a file; bytes that are no UTF-8 are shown as such.
    pub fn text(&self, path: &str) -> Option<String> {
        let text = self.files.get(path)?.text.as_ref()?;
        Some(String::from_utf8_lossy(text).into_owned())
    }
}

/// Reads an archive: gzipped tar as npm and Python sources have it, or zip as wheels are. `name` is for the message.
///
/// In a tar the first folder is that of the archive, whatever it is called, and no part of the paths.
pub fn read(name: &str, bytes: &[u8]) -> Result<Contents, Refused> {
    read_within(name, bytes, &LIMITS)
}

/// The same with other limits.
pub fn read_within(name: &str, bytes: &[u8], limits: &Limits) -> Result<Contents, Refused> {
    let refuse = |fault| Refused { archive: name.to_owned(), entry: None, fault };
    if bytes.len() as u64 > limits.packed {
        return Err(refuse(Fault::TooLarge));
    }
    let contents = match bytes {
        [0x1f, 0x8b, ..] => tarball::read(name, bytes, limits)?,
        [b'P', b'K', ..] => zipped::read(name, bytes, limits)?,
        _ => return Err(refuse(Fault::Format)),
    };
    if contents.is_empty() { Err(refuse(Fault::Empty)) } else { Ok(contents) }
}
