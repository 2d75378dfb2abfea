//! Decides whether Gatehouse may edit a file: only a file of this user in folders that nobody else can write.
//!
//! Where others can write, a swap could be made to hit a file of their choice, and holding would protect nothing.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

/// Why a file is only observed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotEditable {
    #[error("it belongs to another user ({uid})")]
    ForeignOwner { uid: u32 },
    #[error("others may write it")]
    OpenFile,
    /// The folder, or one above it, is writable by others (and not sticky) or belongs to somebody else.
    #[error("others may write the folder {folder}", folder = folder.display())]
    OpenFolder { folder: PathBuf },
    /// The folder or its file system is read-only. (A read-only *file* in a writable folder is edited and stays
    /// read-only: a guard that a chmod stops would be worth little.)
    #[error("the folder {folder} is read-only", folder = folder.display())]
    ReadOnly { folder: PathBuf },
    /// A swap would leave the old bytes in force under the other names.
    #[error("it has {links} names (hard links)")]
    HardLinked { links: u64 },
}

#[cfg(unix)]
pub(super) fn check(target: &Path, meta: &Metadata) -> Result<(), NotEditable> {
    use std::os::unix::fs::MetadataExt as _;
    if meta.uid() != rustix::process::geteuid().as_raw() {
        return Err(NotEditable::ForeignOwner { uid: meta.uid() });
    }
    if meta.nlink() > 1 {
        return Err(NotEditable::HardLinked { links: meta.nlink() });
    }
    if others_write(target, meta) {
        return Err(NotEditable::OpenFile);
    }
    target.parent().map_or(Ok(()), folder_is_ours)
}

/// Whether only this user (and root) decides what stands in a resolved folder, and may write it.
#[cfg(unix)]
pub(crate) fn folder_is_ours(parent: &Path) -> Result<(), NotEditable> {
    use rustix::fs::{Access, AtFlags, CWD, accessat};
    use std::os::unix::fs::MetadataExt as _;
    const STICKY: u32 = 0o1000;
    let me = rustix::process::geteuid().as_raw();
    // Every folder above counts: who can rename a folder on the way decides what the path means.
    for folder in parent.ancestors() {
        let open = match std::fs::symlink_metadata(folder) {
            Ok(meta) => {
                let foreign = meta.uid() != me && meta.uid() != 0;
                foreign || (others_write(folder, &meta) && meta.mode() & STICKY == 0)
            }
            Err(_) => true,
        };
        if open {
            return Err(NotEditable::OpenFolder { folder: folder.to_owned() });
        }
    }
    accessat(CWD, parent, Access::WRITE_OK | Access::EXEC_OK, AtFlags::EACCESS)
        .map_err(|_| NotEditable::ReadOnly { folder: parent.to_owned() })
}

/// Whether somebody other than this user and root has the right to write.
#[cfg(unix)]
fn others_write(path: &Path, meta: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    if meta.mode() & 0o002 != 0 {
        return true;
    }
    if meta.mode() & 0o020 == 0 {
        return false;
    }
    // Many systems give each user a group of the same number and a umask of 002: such a group is the user alone.
    // With an access list the bit says nothing of the group, so it counts as open.
    let (uid, gid) = (rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw());
    let private = meta.gid() == 0 || (meta.gid() == gid && gid == uid);
    !private || has_access_list(path)
}

#[cfg(target_os = "linux")]
fn has_access_list(path: &Path) -> bool {
    rustix::fs::lgetxattr_query(path, "system.posix_acl_access").is_ok()
}

#[cfg(all(unix, not(target_os = "linux")))]
fn has_access_list(_: &Path) -> bool {
    false
}

/// Only the read-only attribute is looked at; access lists are not. Not tried on Windows.
#[cfg(windows)]
pub(super) fn check(target: &Path, meta: &Metadata) -> Result<(), NotEditable> {
    if meta.permissions().readonly() {
        return Err(NotEditable::ReadOnly { folder: target.to_owned() });
    }
    Ok(())
}

#[cfg(windows)]
pub(crate) fn folder_is_ours(_: &Path) -> Result<(), NotEditable> {
    Ok(())
}
