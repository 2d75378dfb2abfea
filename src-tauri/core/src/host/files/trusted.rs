//! Reads a file that binds the user, and that only the administrator of the machine may have written.
//!
//! On Windows the folder's own rights decide who writes there, and are not looked at: the organisation's folder lies below
//! `%ProgramFiles%`.

use std::io::Read as _;
use std::path::Path;

use super::open_regular;

/// Longer files are no policy.
const MAX_BYTES: u64 = 1024 * 1024;

/// A file that can be believed.
#[derive(Debug)]
pub struct Trusted {
    pub bytes: Vec<u8>,
}

/// Why a file is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untrusted {
    Absent,
    /// A link, a folder or anything else but a file, there or on the way.
    NoFile,
    /// It or a folder on the way belongs to somebody else than the root of the file system does.
    Owner,
    /// Others may write it, or a folder on the way.
    Writable,
    TooLarge,
    Io,
}

/// Reads `path`, which lies below `root`. No link is followed.
pub fn read_trusted(root: &Path, path: &Path) -> Result<Trusted, Untrusted> {
    let meta = match path.symlink_metadata() {
        Ok(meta) => meta,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Untrusted::Absent),
        Err(_) => return Err(Untrusted::Io),
    };
    if !meta.is_file() {
        return Err(Untrusted::NoFile);
    }
    for folder in path.ancestors().skip(1).take_while(|folder| *folder != root) {
        let meta = folder.symlink_metadata().map_err(|_| Untrusted::Io)?;
        if !meta.is_dir() {
            return Err(Untrusted::NoFile);
        }
        rights(root, &meta)?;
    }
    let file = open_regular(path).map_err(|_| Untrusted::Io)?;
    // Of the file that was opened, whatever stands at the path by now.
    let meta = file.metadata().map_err(|_| Untrusted::Io)?;
    rights(root, &meta)?;
    if meta.len() > MAX_BYTES {
        return Err(Untrusted::TooLarge);
    }
    let mut bytes = Vec::new();
    file.take(MAX_BYTES).read_to_end(&mut bytes).map_err(|_| Untrusted::Io)?;
    Ok(Trusted { bytes })
}

#[cfg(unix)]
fn rights(root: &Path, meta: &std::fs::Metadata) -> Result<(), Untrusted> {
    use std::os::unix::fs::MetadataExt as _;

    let owner = std::fs::metadata(root).map_err(|_| Untrusted::Io)?.uid();
    if meta.uid() != owner {
        return Err(Untrusted::Owner);
    }
    if meta.mode() & 0o022 == 0 { Ok(()) } else { Err(Untrusted::Writable) }
}

#[cfg(not(unix))]
fn rights(_: &Path, _: &std::fs::Metadata) -> Result<(), Untrusted> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn only_what_nobody_else_can_write_is_believed() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let root = root.path();
        let folder = root.join("etc/gatehouse");
        let path = folder.join("policy.json");
        let read = || read_trusted(root, &path).map(|trusted| trusted.bytes);
        let mode = |path: &Path, mode: u32| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("rights");
        };
        assert_eq!(read(), Err(Untrusted::Absent));
        fs::create_dir_all(&folder).expect("folders");
        mode(&root.join("etc"), 0o755);
        mode(&folder, 0o755);
        fs::write(&path, "{}").expect("a file");
        mode(&path, 0o644);
        assert_eq!(read(), Ok(b"{}".to_vec()));
        for (place, open) in [(&path, 0o664), (&path, 0o646), (&folder, 0o775), (&root.join("etc"), 0o777)] {
            let before = fs::metadata(place).expect("there").permissions();
            mode(place, open);
            assert_eq!(read(), Err(Untrusted::Writable), "{}", place.display());
            fs::set_permissions(place, before).expect("rights");
        }
        fs::rename(&path, folder.join("other")).expect("renamed");
        symlink(folder.join("other"), &path).expect("a link");
        assert_eq!(read(), Err(Untrusted::NoFile));
        fs::remove_file(&path).expect("removed");
        fs::create_dir(&path).expect("a folder");
        assert_eq!(read(), Err(Untrusted::NoFile));
        fs::remove_dir(&path).expect("removed");
        fs::write(&path, vec![b' '; 1024 * 1024 + 1]).expect("a file");
        mode(&path, 0o600);
        assert_eq!(read(), Err(Untrusted::TooLarge));
    }
}
