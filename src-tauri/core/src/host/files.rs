//! Reads one file of the user: in full, at one moment, and never anything but a regular file.
//!
//! A config file belongs to somebody else's program, so nothing about it is taken for granted: it may be a FIFO (opening
//! it would hang), a device (opening it may act), a link that is swapped while it is followed, or half of a save.

mod editable;
mod open;
mod trusted;

use std::fmt;
use std::fs::File;
use std::fs::Metadata;
use std::io;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::Digest as _;
use sha2::Sha256;

pub use editable::NotEditable;
pub(crate) use editable::folder_is_ours;
pub(crate) use open::open_regular;
pub use trusted::{Trusted, Untrusted, read_trusted};

/// Files above this many bytes (128 MiB) are not read: coverage `too-large`.
pub const MAX_BYTES: u64 = 128 * 1024 * 1024;

/// How often a file that changes under the reader is read again before it is left for the next event.
const ATTEMPTS: usize = 3;

/// The SHA-256 of some bytes; in text and JSON 64 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Returns the digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Ends a digest that was made piece by piece.
    pub(crate) fn finish(sum: Sha256) -> Self {
        Self(sum.finalize().into())
    }

    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// A text is not 64 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a SHA-256: expected 64 hex digits")]
pub struct NotADigest;

impl FromStr for Digest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| NotADigest)?;
        Ok(Self(bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// What the file system says of a file without its bytes: equal stamps mean that nobody wrote in between.
///
/// Times are nanoseconds since 1970. On Windows `dev` is 0 and `ino` the creation time, since the standard library
/// does not tell the file's index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stamp {
    pub dev: u64,
    pub ino: u64,
    pub size: u64,
    pub mtime_ns: i64,
    pub ctime_ns: i64,
}

impl Stamp {
    #[cfg(unix)]
    pub(crate) fn of(meta: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        let ns = |s: i64, ns: i64| s.saturating_mul(1_000_000_000).saturating_add(ns);
        Self {
            dev: meta.dev(),
            ino: meta.ino(),
            size: meta.size(),
            mtime_ns: ns(meta.mtime(), meta.mtime_nsec()),
            ctime_ns: ns(meta.ctime(), meta.ctime_nsec()),
        }
    }

    #[cfg(windows)]
    pub(crate) fn of(meta: &Metadata) -> Self {
        use std::os::windows::fs::MetadataExt as _;
        // File times count 100 ns since 1601.
        let ns = |t: u64| i64::try_from(i128::from(t) * 100 - 11_644_473_600_000_000_000).unwrap_or(0);
        let mtime_ns = ns(meta.last_write_time());
        Self { dev: 0, ino: meta.creation_time(), size: meta.file_size(), mtime_ns, ctime_ns: mtime_ns }
    }

    /// Whether both are the same file, whatever it contains by now.
    pub fn same_file(&self, other: &Self) -> bool {
        (self.dev, self.ino) == (other.dev, other.ino)
    }
}

/// Something that stands where a file was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Folder,
    Fifo,
    Socket,
    Device,
    /// A link that leads to itself.
    Link,
    Other,
}

impl Kind {
    fn of(meta: &Metadata) -> Self {
        let kind = meta.file_type();
        if kind.is_dir() {
            return Self::Folder;
        }
        if kind.is_symlink() {
            return Self::Link;
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::FileTypeExt as _;
            if kind.is_fifo() {
                return Self::Fifo;
            }
            if kind.is_socket() {
                return Self::Socket;
            }
            if kind.is_char_device() || kind.is_block_device() {
                return Self::Device;
            }
        }
        Self::Other
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Folder => "a folder",
            Self::Fifo => "a named pipe",
            Self::Socket => "a socket",
            Self::Device => "a device",
            Self::Link => "a link that leads nowhere",
            Self::Other => "something else",
        })
    }
}

/// Why a file was not read; each is one state of coverage.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("{path} does not exist", path = path.display())]
    Absent { path: PathBuf },
    #[error("{path} may not be read by this user", path = path.display())]
    Denied { path: PathBuf },
    #[error("{path} is too large: {bytes} bytes of at most {MAX_BYTES}", path = path.display())]
    TooLarge { path: PathBuf, bytes: u64 },
    #[error("{path} is {kind}, not a file", path = path.display())]
    NotRegular { path: PathBuf, kind: Kind },
    /// It changed during each of three attempts; the next event will tell.
    #[error("{path} changed while it was read", path = path.display())]
    Unstable { path: PathBuf },
    #[error("{path} could not be read", path = path.display())]
    Io { path: PathBuf, source: io::Error },
}

impl ReadError {
    pub fn path(&self) -> &Path {
        match self {
            Self::Absent { path }
            | Self::Denied { path }
            | Self::TooLarge { path, .. }
            | Self::NotRegular { path, .. }
            | Self::Unstable { path }
            | Self::Io { path, .. } => path,
        }
    }

    fn from_io(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            // A file where a folder should be: nothing can be under it.
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Absent { path },
            io::ErrorKind::PermissionDenied => Self::Denied { path },
            _ if open::is_link_loop(&source) => Self::NotRegular { path, kind: Kind::Link },
            _ => Self::Io { path, source },
        }
    }
}

/// One file as it was at one moment.
#[derive(Clone)]
pub struct FileRead {
    /// The path that was asked for.
    pub path: PathBuf,
    /// The same with every link resolved: the file that is read and edited.
    pub target: PathBuf,
    /// Whether `path` itself is a link.
    pub linked: bool,
    pub bytes: Vec<u8>,
    pub digest: Digest,
    pub stamp: Stamp,
    /// Whether Gatehouse may edit it, or why not.
    pub editable: Result<(), NotEditable>,
}

impl fmt::Debug for FileRead {
    /// Says everything but the bytes, which may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileRead")
            .field("path", &self.path)
            .field("target", &self.target)
            .field("digest", &self.digest)
            .field("stamp", &self.stamp)
            .field("editable", &self.editable)
            .finish_non_exhaustive()
    }
}

/// One file as it was at one moment, before its bytes are digested: that costs as much as all else of a look.
#[derive(Clone)]
pub struct Glance {
    path: PathBuf,
    target: PathBuf,
    linked: bool,
    pub bytes: Vec<u8>,
    stamp: Stamp,
    editable: Result<(), NotEditable>,
}

impl Glance {
    /// Adds the digest of the bytes that were read, which may have been taken out since.
    pub fn with_digest(self, digest: Digest) -> FileRead {
        let Self { path, target, linked, bytes, stamp, editable } = self;
        FileRead { path, target, linked, bytes, digest, stamp, editable }
    }
}

impl fmt::Debug for Glance {
    /// Says nothing of the bytes, which may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Glance").field("path", &self.path).field("stamp", &self.stamp).finish_non_exhaustive()
    }
}

/// Reads a file as [`glance`] does, and digests its bytes.
pub fn read(path: &Path) -> Result<FileRead, ReadError> {
    let read = glance(path)?;
    let digest = Digest::of(&read.bytes);
    Ok(read.with_digest(digest))
}

/// Reads a file through any links to it.
///
/// The links are resolved first, then the real path is opened without following any; a link swapped in between is
/// noticed and the whole is done again, at most three times. Opens regular files only and never blocks on one.
pub fn glance(path: &Path) -> Result<Glance, ReadError> {
    for _ in 0..ATTEMPTS {
        if let Some(read) = attempt(path)? {
            return Ok(read);
        }
    }
    Err(ReadError::Unstable { path: path.to_owned() })
}

/// When a file was made; where the file system keeps no such time, when it was written last.
pub fn made(path: &Path) -> Option<jiff::Timestamp> {
    let metadata = std::fs::metadata(path).ok()?;
    let time = metadata.created().or_else(|_| metadata.modified()).ok()?;
    jiff::Timestamp::try_from(time).ok()
}

/// Returns the stamp of the file behind a path: a cheap look whether it is worth reading again.
pub fn stamp(path: &Path) -> Result<Stamp, ReadError> {
    let meta = std::fs::metadata(path).map_err(|e| ReadError::from_io(path, e))?;
    regular(path, &meta)?;
    Ok(Stamp::of(&meta))
}

fn regular(path: &Path, meta: &Metadata) -> Result<(), ReadError> {
    if !meta.is_file() {
        return Err(ReadError::NotRegular { path: path.to_owned(), kind: Kind::of(meta) });
    }
    if meta.len() > MAX_BYTES {
        return Err(ReadError::TooLarge { path: path.to_owned(), bytes: meta.len() });
    }
    Ok(())
}

/// Reads once; `None` where somebody changed the file or a link on the way to it.
fn attempt(path: &Path) -> Result<Option<Glance>, ReadError> {
    let fail = |e| ReadError::from_io(path, e);
    let linked = std::fs::symlink_metadata(path).map_err(fail)?.is_symlink();
    let target = path.canonicalize().map_err(fail)?;
    // Looked at before it is opened: to open a device can be an act (a watchdog, a tape).
    let before = match std::fs::symlink_metadata(&target) {
        Ok(meta) if meta.is_symlink() => return Ok(None),
        Ok(meta) => meta,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(fail(e)),
    };
    regular(path, &before)?;
    let file = match open_regular(&target) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound || open::is_link_loop(&e) => return Ok(None),
        Err(e) => return Err(fail(e)),
    };
    let meta = file.metadata().map_err(fail)?;
    regular(path, &meta)?;
    let Some((bytes, stamp)) = contents(&file).map_err(fail)? else { return Ok(None) };
    if bytes.len() as u64 > MAX_BYTES {
        return Err(ReadError::TooLarge { path: path.to_owned(), bytes: bytes.len() as u64 });
    }
    let still = std::fs::metadata(path).is_ok_and(|now| Stamp::of(&now).same_file(&stamp));
    if !still {
        return Ok(None);
    }
    let editable = editable::check(&target, &meta);
    Ok(Some(Glance { path: path.to_owned(), target, linked, bytes, stamp, editable }))
}

/// Reads an open file up to one byte more than [`MAX_BYTES`]; `None` where its stamp moved meanwhile.
pub(crate) fn contents(file: &File) -> io::Result<Option<(Vec<u8>, Stamp)>> {
    let stamp = Stamp::of(&file.metadata()?);
    let mut bytes = Vec::with_capacity(usize::try_from(stamp.size.min(MAX_BYTES)).unwrap_or(0));
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok((Stamp::of(&file.metadata()?) == stamp).then_some((bytes, stamp)))
}

#[cfg(test)]
mod tests;
