//! The data folder and the files in it: readable by their owner and nobody else.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

/// A data folder or a file in it that cannot be trusted.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("{} belongs to another user", .0.display())]
    Foreign(PathBuf),
    #[error("{} is a link that leads to {}", .link.display(), .target.display())]
    Outside { link: PathBuf, target: PathBuf },
    #[error("{} is not {expected}", .path.display())]
    Kind { path: PathBuf, expected: &'static str },
    #[error("{}: {error}", .path.display())]
    Io { path: PathBuf, error: io::Error },
}

fn io(path: &Path) -> impl FnOnce(io::Error) -> FolderError {
    move |error| FolderError::Io { path: path.to_owned(), error }
}

/// Makes the folder with mode 0700 where it is missing, and takes group and world out of an existing one's mode.
///
/// A folder of another user is refused, and so is a link whose target lies outside the folder that holds the link.
pub fn ensure(dir: &Path) -> Result<(), FolderError> {
    let found = match fs::symlink_metadata(dir) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create(dir).map_err(io(dir))?;
            fs::symlink_metadata(dir).map_err(io(dir))?
        }
        Err(error) => return Err(io(dir)(error)),
    };
    let found = if found.is_symlink() {
        let target = dir.canonicalize().map_err(io(dir))?;
        let home = dir.parent().unwrap_or(dir).canonicalize().map_err(io(dir))?;
        if !target.starts_with(&home) {
            return Err(FolderError::Outside { link: dir.to_owned(), target });
        }
        fs::metadata(&target).map_err(io(&target))?
    } else {
        found
    };
    if !found.is_dir() {
        return Err(FolderError::Kind { path: dir.to_owned(), expected: "a folder" });
    }
    own(dir, &found, 0o700)
}

/// Opens a file of the folder for reading and writing, making it with mode 0600 where it is missing. A link is not followed.
pub fn open_private(path: &Path) -> Result<File, FolderError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    private(&mut options);
    let file = options.open(path).map_err(io(path))?;
    let found = file.metadata().map_err(io(path))?;
    if !found.is_file() {
        return Err(FolderError::Kind { path: path.to_owned(), expected: "a regular file" });
    }
    own(path, &found, 0o600)?;
    Ok(file)
}

/// Makes a file as [`open_private`] does, but never opens one that is there: closing a second handle of a database would
/// drop the locks that this process holds on it.
pub fn claim_private(path: &Path) -> Result<(), FolderError> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => own(path, &found, 0o600),
        Ok(_) => Err(FolderError::Kind { path: path.to_owned(), expected: "a regular file" }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => open_private(path).map(drop),
        Err(error) => Err(io(path)(error)),
    }
}

/// Writes a file through a temporary one beside it, so that a reader sees the old or the new content, and returns when
/// both the content and the name are on disk.
pub fn replace_private(path: &Path, content: &[u8]) -> Result<(), FolderError> {
    replace_private_with(path, |file| file.write_all(content))
}

/// As [`replace_private`], for a content that is never in memory as a whole.
pub fn replace_private_with(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), FolderError> {
    let draft = path.with_extension("new");
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io(&draft)(error)),
        _ => {}
    }
    let mut file = BufWriter::new(open_private(&draft)?);
    write(&mut file).and_then(|()| file.flush()).and_then(|()| file.get_ref().sync_all()).map_err(io(&draft))?;
    drop(file);
    fs::rename(&draft, path).map_err(io(path))?;
    sync_dir(path.parent().unwrap_or(path))
}

/// Waits until the names in a folder are on disk.
#[cfg(unix)]
pub fn sync_dir(dir: &Path) -> Result<(), FolderError> {
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(io(dir))
}

/// Does nothing: the system keeps names itself.
#[cfg(not(unix))]
pub fn sync_dir(_dir: &Path) -> Result<(), FolderError> {
    Ok(())
}

#[cfg(unix)]
fn create(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

#[cfg(not(unix))]
fn create(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;
    // Not blocking: a pipe in place of the file must not hang the guard.
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    options.mode(0o600).custom_flags(flags.bits().cast_signed());
}

#[cfg(not(unix))]
fn private(_options: &mut OpenOptions) {}

#[cfg(unix)]
fn own(path: &Path, found: &fs::Metadata, mode: u32) -> Result<(), FolderError> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    if found.uid() != rustix::process::geteuid().as_raw() {
        return Err(FolderError::Foreign(path.to_owned()));
    }
    if found.mode() & 0o077 != 0 {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(io(path))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn own(_path: &Path, _found: &fs::Metadata, _mode: u32) -> Result<(), FolderError> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("it was just made").permissions().mode() & 0o7777
    }

    #[test]
    fn folders_and_files_are_their_owners_alone() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let dir = home.path().join("a/b");
        ensure(&dir).expect("a new folder");
        assert_eq!(mode(&dir), 0o700);
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).expect("own folder");
        ensure(&dir).expect("an own folder");
        assert_eq!(mode(&dir), 0o700);
        let file = dir.join("x");
        fs::write(&file, "old").expect("own folder");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("own file");
        replace_private(&file, b"new").expect("own folder");
        assert_eq!((mode(&file), fs::read(&file).expect("own file")), (0o600, b"new".to_vec()));
        assert_eq!(fs::read_dir(&dir).expect("own folder").count(), 1);
    }

    #[test]
    fn links_and_foreign_things_are_refused() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let elsewhere = tempfile::tempdir().expect("a temporary folder");
        let link = home.path().join("out");
        symlink(elsewhere.path(), &link).expect("own folder");
        assert!(matches!(ensure(&link), Err(FolderError::Outside { .. })));
        fs::create_dir(home.path().join("real")).expect("own folder");
        symlink("real", home.path().join("in")).expect("own folder");
        ensure(&home.path().join("in")).expect("a link that stays inside");
        fs::write(home.path().join("file"), "").expect("own folder");
        assert!(matches!(ensure(&home.path().join("file")), Err(FolderError::Kind { .. })));
        symlink(home.path().join("file"), home.path().join("alias")).expect("own folder");
        assert!(matches!(open_private(&home.path().join("alias")), Err(FolderError::Io { .. })));
        if !rustix::process::geteuid().is_root() {
            assert!(matches!(ensure(Path::new("/usr")), Err(FolderError::Foreign(_))));
        }
    }
}
