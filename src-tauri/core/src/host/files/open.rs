//! Opens a file without following a link and without ever waiting for the other end of a pipe.

use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::path::Path;

/// Opens a resolved path for reading. A link at its end is an error ([`is_link_loop`]); a FIFO opens at once.
#[cfg(unix)]
pub(crate) fn open_regular(target: &Path) -> io::Result<File> {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt as _;
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(target)
}

/// Opens a resolved path for reading. Not tried on Windows.
#[cfg(windows)]
pub(crate) fn open_regular(target: &Path) -> io::Result<File> {
    use std::os::windows::fs::OpenOptionsExt as _;
    // FILE_FLAG_OPEN_REPARSE_POINT: a link swapped in is opened itself, and then is no regular file.
    OpenOptions::new().read(true).custom_flags(0x0020_0000).open(target)
}

/// Whether opening failed because of a link: one that leads to itself, or one that must not be followed.
pub(super) fn is_link_loop(error: &io::Error) -> bool {
    #[cfg(unix)]
    return error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error());
    #[cfg(windows)]
    return error.raw_os_error() == Some(1921); // ERROR_CANT_RESOLVE_FILENAME
}
