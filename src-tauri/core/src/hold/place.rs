//! One name in one open folder, and the few things that are done there.
//!
//! Everything goes through the folder's descriptor, so that a folder swapped on the way is never written into.

use std::ffi::OsStr;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::host::files;
use crate::host::files::Digest;
use crate::host::files::Stamp;

const MARK: &str = ".gatehouse-";
const HEX: usize = 8;

/// Whether a file name is one of Gatehouse's own temp files, `.<name>.gatehouse-<8 hex>~`. No row's glob matches them.
pub fn is_own_temp(name: &OsStr) -> bool {
    target_name(name).is_some()
}

/// Whether a path is a temp name of ours for the file of this name.
pub fn is_temp_of(path: &Path, name: &OsStr) -> bool {
    path.file_name().and_then(target_name).is_some_and(|target| target == name)
}

/// Returns the name of the file that a temp file belongs to.
pub(super) fn target_name(temp: &OsStr) -> Option<OsString> {
    // Names need not be UTF-8; the mark and the digits are ASCII, so the encoded bytes can be cut there.
    let bytes = temp.as_encoded_bytes();
    let rest = bytes.strip_prefix(b".")?.strip_suffix(b"~")?;
    let (head, digits) = rest.split_at_checked(rest.len().checked_sub(HEX)?)?;
    let name = head.strip_suffix(MARK.as_bytes())?;
    let hex = digits.iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    (hex && !name.is_empty()).then(|| from_bytes(name)).flatten()
}

#[cfg(unix)]
fn from_bytes(name: &[u8]) -> Option<OsString> {
    use std::os::unix::ffi::OsStrExt as _;
    Some(OsStr::from_bytes(name).to_owned())
}

#[cfg(windows)]
fn from_bytes(name: &[u8]) -> Option<OsString> {
    std::str::from_utf8(name).ok().map(OsString::from)
}

/// What lies under a name: which file, and what bytes. `digest` is `None` for anything but a readable, quiet file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) stamp: Stamp,
    pub(super) digest: Option<Digest>,
}

impl Seen {
    /// Whether this is the same file with the same, known bytes.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.stamp.same_file(&other.stamp) && self.digest.is_some() && self.digest == other.digest
    }
}

#[derive(Debug)]
pub(super) struct Place {
    #[cfg(unix)]
    folder: File,
    path: PathBuf,
    pub(super) name: OsString,
}

impl Place {
    /// Opens the folder of a resolved path.
    pub(super) fn of(target: &Path) -> io::Result<Self> {
        let (Some(path), Some(name)) = (target.parent(), target.file_name()) else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"));
        };
        Ok(Self {
            #[cfg(unix)]
            folder: open_folder(path)?,
            path: path.to_owned(),
            name: name.to_owned(),
        })
    }

    pub(super) fn path(&self, name: &OsStr) -> PathBuf {
        self.path.join(name)
    }

    /// Returns a fresh temp name for this place's file.
    pub(super) fn temp_name(&self) -> io::Result<OsString> {
        let mut random = [0; HEX / 2];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let mut temp = OsString::from(".");
        temp.push(&self.name);
        temp.push(MARK);
        temp.push(hex::encode(random));
        temp.push("~");
        Ok(temp)
    }

    /// Creates an empty file of mode 0600 under a fresh temp name.
    pub(super) fn create_temp(&self) -> io::Result<(OsString, File)> {
        for _ in 0..16 {
            let name = self.temp_name()?;
            match self.create(&name) {
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                other => return other.map(|file| (name, file)),
            }
        }
        Err(io::Error::new(io::ErrorKind::AlreadyExists, "no free temp name"))
    }

    /// Looks at what lies under a name without following a link; `None` where there is nothing.
    pub(super) fn look(&self, name: &OsStr) -> io::Result<Option<Seen>> {
        let stamp = match self.stat(name) {
            Ok((stamp, true)) => stamp,
            Ok((stamp, false)) => return Ok(Some(Seen { stamp, digest: None })),
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e),
        };
        let file = match self.open(name) {
            Ok(file) => file,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(_) => return Ok(Some(Seen { stamp, digest: None })),
        };
        Ok(Some(match files::contents(&file)? {
            Some((bytes, stamp)) => Seen { stamp, digest: Some(Digest::of(&bytes)) },
            None => Seen { stamp: Stamp::of(&file.metadata()?), digest: None },
        }))
    }
}

/// What became of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exchange {
    Done,
    /// This file system has no exchange.
    Unsupported,
}

#[cfg(unix)]
fn open_folder(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

#[cfg(unix)]
impl Place {
    /// Opens a file for reading: no link is followed, no pipe waited for.
    pub(super) fn open(&self, name: &OsStr) -> io::Result<File> {
        use rustix::fs::{Mode, OFlags, openat};
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        Ok(File::from(openat(&self.folder, name, flags, Mode::empty())?))
    }

    fn create(&self, name: &OsStr) -> io::Result<File> {
        use rustix::fs::{Mode, OFlags, openat};
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(File::from(openat(&self.folder, name, flags, Mode::RUSR | Mode::WUSR)?))
    }

    /// Returns the stamp of what lies under a name, and whether it is a regular file.
    pub(super) fn stat(&self, name: &OsStr) -> io::Result<(Stamp, bool)> {
        use rustix::fs::{AtFlags, FileType, statat};
        let stat = statat(&self.folder, name, AtFlags::SYMLINK_NOFOLLOW)?;
        #[allow(clippy::unnecessary_cast, reason = "the widths differ between systems")]
        let stamp = Stamp {
            dev: stat.st_dev as u64,
            ino: stat.st_ino as u64,
            size: u64::try_from(stat.st_size).unwrap_or(0),
            mtime_ns: (stat.st_mtime as i64) * 1_000_000_000 + stat.st_mtime_nsec as i64,
            ctime_ns: (stat.st_ctime as i64) * 1_000_000_000 + stat.st_ctime_nsec as i64,
        };
        Ok((stamp, FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile))
    }

    /// Swaps the file with the one under `temp`, atomically.
    pub(super) fn exchange(&self, temp: &OsStr) -> io::Result<Exchange> {
        use rustix::fs::{RenameFlags, renameat_with};
        match renameat_with(&self.folder, temp, &self.folder, &self.name, RenameFlags::EXCHANGE) {
            Ok(()) => Ok(Exchange::Done),
            Err(e) if unsupported(e) => Ok(Exchange::Unsupported),
            Err(e) => Err(e.into()),
        }
    }

    /// Moves `temp` over the file.
    pub(super) fn rename_over(&self, temp: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.folder, temp, &self.folder, &self.name)?)
    }

    /// Moves `temp` to the name, which must be free.
    pub(super) fn rename_new(&self, temp: &OsStr) -> io::Result<()> {
        use rustix::fs::{AtFlags, RenameFlags, linkat, renameat_with};
        match renameat_with(&self.folder, temp, &self.folder, &self.name, RenameFlags::NOREPLACE) {
            Err(e) if unsupported(e) => {
                linkat(&self.folder, temp, &self.folder, &self.name, AtFlags::empty())?;
                self.unlink(temp)
            }
            other => Ok(other?),
        }
    }

    /// Moves the file to a temp name, which must be free.
    pub(super) fn take_out(&self, temp: &OsStr) -> io::Result<()> {
        use rustix::fs::{RenameFlags, renameat, renameat_with};
        match renameat_with(&self.folder, &self.name, &self.folder, temp, RenameFlags::NOREPLACE) {
            // The name is random: that somebody else has just taken it is not to be expected.
            Err(e) if unsupported(e) => Ok(renameat(&self.folder, &self.name, &self.folder, temp)?),
            other => Ok(other?),
        }
    }

    /// Gives the file a second name; `false` where the file system cannot.
    pub(super) fn link(&self, second: &OsStr) -> io::Result<bool> {
        use rustix::fs::{AtFlags, linkat};
        use rustix::io::Errno;
        match linkat(&self.folder, &self.name, &self.folder, second, AtFlags::empty()) {
            Ok(()) => Ok(true),
            Err(Errno::PERM | Errno::MLINK) => Ok(false),
            Err(e) if unsupported(e) => Ok(false),
            Err(e) => Err(e.into()),
        }
    }

    pub(super) fn unlink(&self, name: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.folder, name, rustix::fs::AtFlags::empty())?)
    }

    pub(super) fn sync(&self) -> io::Result<()> {
        self.folder.sync_all()
    }
}

#[cfg(unix)]
fn unsupported(e: rustix::io::Errno) -> bool {
    use rustix::io::Errno;
    [Errno::INVAL, Errno::NOSYS, Errno::NOTSUP, Errno::OPNOTSUPP].contains(&e)
}

/// By path, since the standard library opens no folders here. There is no exchange; not tried on Windows.
#[cfg(windows)]
impl Place {
    /// Opens a file that nobody else has open; others may only rename or delete it meanwhile, which our rename needs.
    pub(super) fn open(&self, name: &OsStr) -> io::Result<File> {
        use std::os::windows::fs::OpenOptionsExt as _;
        const SHARE_DELETE: u32 = 4;
        const OPEN_REPARSE_POINT: u32 = 0x0020_0000;
        std::fs::OpenOptions::new()
            .read(true)
            .share_mode(SHARE_DELETE)
            .custom_flags(OPEN_REPARSE_POINT)
            .open(self.path(name))
    }

    fn create(&self, name: &OsStr) -> io::Result<File> {
        use std::os::windows::fs::OpenOptionsExt as _;
        const SHARE_DELETE: u32 = 4;
        std::fs::OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .share_mode(SHARE_DELETE)
            .open(self.path(name))
    }

    pub(super) fn stat(&self, name: &OsStr) -> io::Result<(Stamp, bool)> {
        let meta = std::fs::symlink_metadata(self.path(name))?;
        Ok((Stamp::of(&meta), meta.is_file()))
    }

    pub(super) fn exchange(&self, _: &OsStr) -> io::Result<Exchange> {
        Ok(Exchange::Unsupported)
    }

    pub(super) fn rename_over(&self, temp: &OsStr) -> io::Result<()> {
        std::fs::rename(self.path(temp), self.path(&self.name))
    }

    pub(super) fn rename_new(&self, temp: &OsStr) -> io::Result<()> {
        std::fs::hard_link(self.path(temp), self.path(&self.name))?;
        self.unlink(temp)
    }

    pub(super) fn take_out(&self, temp: &OsStr) -> io::Result<()> {
        std::fs::rename(self.path(&self.name), self.path(temp))
    }

    pub(super) fn link(&self, second: &OsStr) -> io::Result<bool> {
        Ok(std::fs::hard_link(self.path(&self.name), self.path(second)).is_ok())
    }

    pub(super) fn unlink(&self, name: &OsStr) -> io::Result<()> {
        std::fs::remove_file(self.path(name))
    }

    /// The file system keeps its own journal of names.
    pub(super) fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_temp_files_are_known_by_their_name() {
        let check = |name: &str, target: Option<&str>| {
            assert_eq!(target_name(OsStr::new(name)), target.map(OsString::from), "{name}");
            assert_eq!(is_own_temp(OsStr::new(name)), target.is_some(), "{name}");
        };
        check(".mcp.json.gatehouse-0123abcd~", Some("mcp.json"));
        check("..claude.json.gatehouse-0123abcd~", Some(".claude.json"));
        check(".ñ.gatehouse-ffffffff~", Some("ñ"));
        check(".mcp.json.gatehouse-0123ABCD~", None);
        check(".mcp.json.gatehouse-0123abc~", None);
        check(".mcp.json.gatehouse-0123abcd", None);
        check("mcp.json.gatehouse-0123abcd~", None);
        check(".gatehouse-0123abcd~", None);
        check("mcp.json", None);
        check("~", None);
        check("", None);
    }
    proptest::proptest! {
        #[test]
        fn a_temp_name_tells_its_target(name in "[^/\\x00]{1,40}") {
            let dir = std::env::temp_dir();
            let place = Place::of(&dir.join("x")).map(|place| Place { name: OsString::from(&name), ..place });
            let temp = place.expect("a folder").temp_name().expect("random");
            proptest::prop_assert_eq!(target_name(&temp), Some(OsString::from(name)));
        }
    }
}
