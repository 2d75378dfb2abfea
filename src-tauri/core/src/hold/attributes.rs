//! Gives a new file the owner, rights and attributes of the one it stands in for.

use std::fs::File;
use std::io;

/// A right of the old file that the new one could not be given; the swap does not happen.
#[derive(Debug, thiserror::Error)]
#[error("{what} cannot be kept")]
pub struct AttributeError {
    /// `the group`, `the mode`, or the name of an extended attribute.
    pub what: String,
    pub source: io::Error,
}

/// Copies group, extended attributes (with access lists) and mode, in this order. Returns the names of the attributes
/// that were lost; those that bear on security are never lost but an error.
#[cfg(unix)]
pub(super) fn copy(old: &File, new: &File) -> Result<Vec<String>, AttributeError> {
    use std::os::unix::fs::MetadataExt as _;
    let fail = |what: &str, source: io::Error| AttributeError { what: what.to_owned(), source };
    let from = old.metadata().map_err(|e| fail("the mode", e))?;
    let to = new.metadata().map_err(|e| fail("the mode", e))?;
    if (from.uid(), from.gid()) != (to.uid(), to.gid()) {
        let owner = rustix::fs::Uid::from_raw(from.uid());
        let group = rustix::fs::Gid::from_raw(from.gid());
        // A group without any right may differ: nobody gains or loses by it.
        if let Err(e) = rustix::fs::fchown(new, Some(owner), Some(group))
            && (from.uid() != to.uid() || from.mode() & 0o070 != 0)
        {
            return Err(fail("the group", e.into()));
        }
    }
    // Attributes while the owner may still write, the mode last: a read-only file stays read-only.
    let lost = extended::copy(old, new)?;
    let mode = rustix::fs::Mode::from_raw_mode((from.mode() & 0o7777) as rustix::fs::RawMode);
    rustix::fs::fchmod(new, mode).map_err(|e| fail("the mode", e.into()))?;
    Ok(lost)
}

/// Nothing is copied: the new file has the folder's access list. Not tried on Windows.
#[cfg(windows)]
pub(super) fn copy(_: &File, _: &File) -> Result<Vec<String>, AttributeError> {
    Ok(Vec::new())
}

/// Extended attributes. On macOS access lists are none of them, and are not kept.
#[cfg(unix)]
mod extended {
    use std::ffi::OsStr;
    use std::fs::File;
    use std::io;
    use std::os::unix::ffi::OsStrExt as _;

    use rustix::fs::XattrFlags;
    use rustix::fs::{fgetxattr, flistxattr, fremovexattr, fsetxattr};
    use rustix::io::Errno;

    use super::AttributeError;

    #[cfg(target_os = "macos")]
    const MISSING: Errno = Errno::NOATTR;
    #[cfg(not(target_os = "macos"))]
    const MISSING: Errno = Errno::NODATA;

    pub(super) fn copy(old: &File, new: &File) -> Result<Vec<String>, AttributeError> {
        let (wanted, present) = (names(old)?, names(new)?);
        let mut lost = Vec::new();
        for name in &wanted {
            let key = OsStr::from_bytes(name);
            let failed = match (value(old, key), value(new, key)) {
                (Ok(want), Ok(have)) if want == have => continue,
                (Ok(want), _) => fsetxattr(new, key, &want, XattrFlags::empty()).err(),
                // Somebody removed it meanwhile; the stamp will tell.
                (Err(e), _) if e == MISSING => continue,
                (Err(e), _) => Some(e),
            };
            if let Some(e) = failed {
                if guards(name) {
                    return Err(error(key, e));
                }
                lost.push(key.to_string_lossy().into_owned());
            }
        }
        // A folder's default access list would open the new file to people whom the old one was closed to.
        for name in present.iter().filter(|name| name.starts_with(b"system.") && !wanted.contains(*name)) {
            let key = OsStr::from_bytes(name);
            fremovexattr(new, key).map_err(|e| error(key, e))?;
        }
        Ok(lost)
    }

    fn error(name: &OsStr, e: Errno) -> AttributeError {
        AttributeError { what: name.to_string_lossy().into_owned(), source: e.into() }
    }

    /// Whether an attribute decides who may do what.
    fn guards(name: &[u8]) -> bool {
        name.starts_with(b"system.") || name.starts_with(b"security.")
    }

    /// Measurements of the old content: meaningless on the new one, and the kernel makes its own.
    fn measures_content(name: &[u8]) -> bool {
        matches!(name, b"security.ima" | b"security.evm")
    }

    fn names(file: &File) -> Result<Vec<Vec<u8>>, AttributeError> {
        let list = grown(|buffer| flistxattr(file, buffer));
        let list = match list {
            Ok(list) => list,
            // A file system without attributes.
            Err(Errno::NOTSUP | Errno::NOSYS) => Vec::new(),
            Err(e) => {
                return Err(AttributeError { what: "the list of attributes".to_owned(), source: io::Error::from(e) });
            }
        };
        Ok(list.split(|b| *b == 0).filter(|n| !n.is_empty() && !measures_content(n)).map(<[u8]>::to_vec).collect())
    }

    fn value(file: &File, name: &OsStr) -> Result<Vec<u8>, Errno> {
        grown(|buffer| fgetxattr(file, name, buffer))
    }

    /// Reads into a buffer that grows to the 64 KiB that the kernel allows.
    fn grown(read: impl Fn(&mut [u8]) -> Result<usize, Errno>) -> Result<Vec<u8>, Errno> {
        let mut buffer = vec![0; 1024];
        loop {
            match read(&mut buffer) {
                Ok(length) => {
                    buffer.truncate(length);
                    return Ok(buffer);
                }
                Err(Errno::RANGE) if buffer.len() < 1 << 20 => buffer.resize(buffer.len() * 8, 0),
                Err(e) => return Err(e),
            }
        }
    }
}
