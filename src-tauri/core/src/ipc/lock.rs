//! The lock of the guard: one guard to a data folder.
//!
//! The lock is the system's, so it ends with the process however that ends. The file stays; what it says counts only
//! while the lock is held.

use std::fs::File;
use std::fs::OpenOptions;
use std::fs::TryLockError;
use std::io;
use std::io::Read as _;
use std::io::Seek as _;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

const LOCK_FILE: &str = "guard.lock";

/// A locked range cannot be read by others on Windows, so what the lock says stands beside it there.
const INFO_FILE: &str = if cfg!(windows) { "guard.json" } else { LOCK_FILE };

/// Bytes of a lock file that are read at most.
const MAX_INFO: u64 = 4096;

/// Tries for a lock that only readers hold, a millisecond apart.
const TRIES: usize = 250;

/// What runs as the guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GuardKind {
    Tray,
    Watch,
    /// A verb that acts itself because no guard runs.
    Command,
    /// Another version's kind, or one that could not be read.
    #[serde(other)]
    Unknown,
}

/// What a guard says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardInfo {
    /// 0 if it could not be read.
    pub pid: u32,
    pub version: String,
    pub kind: GuardKind,
    /// `monitor`, `ask` or `lockdown`.
    pub mode: String,
}

impl GuardInfo {
    fn unknown() -> Self {
        Self { pid: 0, version: String::new(), kind: GuardKind::Unknown, mode: String::new() }
    }
}

/// Why the lock was not taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another guard runs; what it says of itself, if that could be read.
    #[error("{}", busy(.info.as_ref()))]
    Busy { info: Option<GuardInfo> },
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
}

fn busy(info: Option<&GuardInfo>) -> String {
    match info {
        Some(info) => format!("a guard is running already (process {}, version {})", info.pid, info.version),
        None => "a guard is running already".to_owned(),
    }
}

/// The lock, held until dropped.
#[derive(Debug)]
pub struct GuardLock {
    file: File,
    dir: PathBuf,
}

impl GuardLock {
    /// Takes the lock and says who took it. Makes the folder (0700) and the file (0600) where missing, and takes a
    /// folder of this user that others may enter back to 0700.
    pub fn acquire(data_dir: &Path, info: &GuardInfo) -> Result<Self, LockError> {
        make_private(data_dir).map_err(|source| LockError::Io { path: data_dir.to_owned(), source })?;
        let path = data_dir.join(LOCK_FILE);
        let failed = |source| LockError::Io { path: path.clone(), source };
        for _ in 0..TRIES {
            let file = open(&path, true).map_err(failed)?;
            match file.try_lock() {
                Ok(()) if !same_file(&file, &path) => {}
                Ok(()) => {
                    let mut lock = Self { file, dir: data_dir.to_owned() };
                    lock.tell(info).map_err(failed)?;
                    return Ok(lock);
                }
                Err(TryLockError::Error(source)) => return Err(failed(source)),
                // A look (see `peek`) holds it for a moment, a guard for good.
                Err(TryLockError::WouldBlock) => match file.try_lock_shared() {
                    Err(TryLockError::WouldBlock) => return Err(LockError::Busy { info: read_info(data_dir) }),
                    Err(TryLockError::Error(source)) => return Err(failed(source)),
                    Ok(()) => drop(file),
                },
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Err(LockError::Busy { info: None })
    }

    /// Returns what the running guard says of itself, or `None` if none runs. Makes nothing and keeps nothing.
    pub fn peek(data_dir: &Path) -> Option<GuardInfo> {
        let file = open(&data_dir.join(LOCK_FILE), false).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => Some(read_info(data_dir).unwrap_or_else(GuardInfo::unknown)),
            Ok(()) | Err(TryLockError::Error(_)) => None,
        }
    }

    /// Says something new of this guard, such as another mode.
    pub fn tell(&mut self, info: &GuardInfo) -> io::Result<()> {
        let mut line = serde_json::to_vec(info)?;
        line.push(b'\n');
        if INFO_FILE != LOCK_FILE {
            return std::fs::write(self.dir.join(INFO_FILE), line);
        }
        // The line first, then the cut: a reader takes the first line only, so it never meets an empty file.
        self.file.rewind()?;
        self.file.write_all(&line)?;
        self.file.set_len(line.len() as u64)
    }

    /// The data folder that the lock is of.
    pub fn dir(&self) -> &Path {
        &self.dir
    }
}

fn read_info(data_dir: &Path) -> Option<GuardInfo> {
    let mut text = String::new();
    open(&data_dir.join(INFO_FILE), false).ok()?.take(MAX_INFO).read_to_string(&mut text).ok()?;
    serde_json::from_str(text.lines().next()?).ok()
}

/// Opens a regular file, never through a link, never waiting on a pipe.
fn open(path: &Path, create: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(create).create(create).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.mode(0o600).custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    Ok(file)
}

/// Whether the path still leads to the file: a lock on a file that was removed keeps nobody out.
#[cfg(unix)]
fn same_file(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (file.metadata(), std::fs::symlink_metadata(path)) {
        (Ok(open), Ok(there)) => (open.dev(), open.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

/// A file that is open and locked cannot be replaced on Windows.
#[cfg(not(unix))]
fn same_file(_: &File, _: &Path) -> bool {
    true
}

#[cfg(unix)]
fn make_private(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    use std::os::unix::fs::MetadataExt as _;
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    let meta = std::fs::metadata(dir)?;
    if meta.uid() != rustix::process::geteuid().as_raw() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the data folder belongs to another user"));
    }
    if meta.mode() & 0o077 != 0 {
        std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// A folder in the user's profile is the user's own on Windows.
#[cfg(not(unix))]
fn make_private(dir: &Path) -> io::Result<()> {
    std::fs::create_dir_all(dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(mode: &str) -> GuardInfo {
        GuardInfo { pid: std::process::id(), version: "1.2.3".into(), kind: GuardKind::Watch, mode: mode.into() }
    }

    #[test]
    fn one_at_a_time_and_told_by_name() {
        let temp = tempfile::tempdir().expect("temp");
        let dir = temp.path().join("data/gatehouse");
        assert_eq!(GuardLock::peek(&dir), None);
        assert!(!dir.exists(), "a look makes nothing");
        let mut lock = GuardLock::acquire(&dir, &info("ask")).expect("free");
        assert_eq!(GuardLock::peek(&dir), Some(info("ask")));
        match GuardLock::acquire(&dir, &info("other")) {
            Err(LockError::Busy { info: Some(theirs) }) => assert_eq!(theirs, info("ask")),
            other => panic!("{other:?}"),
        }
        lock.tell(&info("lockdown")).expect("told");
        lock.tell(&info("ask")).expect("told");
        assert_eq!(GuardLock::peek(&dir), Some(info("ask")));
        drop(lock);
        assert_eq!(GuardLock::peek(&dir), None);
        GuardLock::acquire(&dir, &info("ask")).expect("free again");
    }

    #[test]
    fn looks_do_not_keep_a_guard_out() {
        let temp = tempfile::tempdir().expect("temp");
        let done = std::sync::atomic::AtomicBool::new(false);
        drop(GuardLock::acquire(temp.path(), &info("ask")).expect("free"));
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    while !done.load(std::sync::atomic::Ordering::Relaxed) {
                        GuardLock::peek(temp.path());
                    }
                });
            }
            for _ in 0..100 {
                let taken = GuardLock::acquire(temp.path(), &info("ask"));
                if taken.is_err() {
                    done.store(true, std::sync::atomic::Ordering::Relaxed);
                }
                taken.expect("free");
            }
            done.store(true, std::sync::atomic::Ordering::Relaxed);
        });
    }

    #[test]
    fn rubbish_in_the_file_is_no_guard_and_no_obstacle() {
        let check = |text: &str| {
            let temp = tempfile::tempdir().expect("temp");
            std::fs::write(temp.path().join(LOCK_FILE), text).expect("written");
            assert_eq!(GuardLock::peek(temp.path()), None);
            let lock = GuardLock::acquire(temp.path(), &info("ask")).expect("stale");
            assert_eq!(GuardLock::peek(temp.path()), Some(info("ask")));
            std::fs::write(temp.path().join(INFO_FILE), text).expect("written");
            assert!(GuardLock::peek(temp.path()).is_some(), "held, whatever the file says");
            drop(lock);
        };
        check("");
        check("{\"pid\":");
        check(&"x".repeat(100_000));
        check("\u{0}\u{1}");
    }

    #[test]
    fn an_unknown_kind_is_read() {
        let newer = r#"{"pid":7,"version":"9","kind":"daemon","mode":"ask","more":1}"#;
        let info: GuardInfo = serde_json::from_str(newer).expect("read");
        assert_eq!((info.pid, info.kind), (7, GuardKind::Unknown));
    }

    #[cfg(unix)]
    #[test]
    fn the_folder_and_the_file_are_private_and_no_link_is_followed() {
        use std::os::unix::fs::PermissionsExt as _;
        let temp = tempfile::tempdir().expect("temp");
        let dir = temp.path().join("data");
        std::fs::create_dir(&dir).expect("made");
        std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o755)).expect("set");
        drop(GuardLock::acquire(&dir, &info("ask")).expect("free"));
        let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&dir), mode(&dir.join(LOCK_FILE))), (0o700, 0o600));
        std::fs::remove_file(dir.join(LOCK_FILE)).expect("removed");
        std::os::unix::fs::symlink(temp.path().join("elsewhere"), dir.join(LOCK_FILE)).expect("linked");
        assert!(matches!(GuardLock::acquire(&dir, &info("ask")), Err(LockError::Io { .. })));
        assert!(!temp.path().join("elsewhere").exists());
    }
}
