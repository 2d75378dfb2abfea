//! Where the socket of a data folder is.
//!
//! The name of a socket is short (108 bytes on Linux, 104 on macOS), a home may be deep. Linux then reaches the folder
//! through an open handle, `/proc/self/fd/<n>/guard.sock`; elsewhere the socket has a short name in the runtime folder
//! of the user. Windows has pipes, whose name is made from the folder's.

use std::io;
use std::path::Path;
use std::path::PathBuf;

use sha2::Digest as _;
use sha2::Sha256;

use interprocess::local_socket::Name;

#[cfg(unix)]
const SOCKET: &str = "guard.sock";

/// Bytes that every system takes for the name of a socket.
#[cfg(unix)]
const MAX_NAME: usize = 100;

/// The way to a socket, good as long as this value lives.
#[derive(Debug)]
pub(super) struct Address {
    /// The name that is bound or connected to.
    name: PathBuf,
    /// Where the socket can be found under its own name.
    #[cfg(unix)]
    pub(super) place: PathBuf,
    /// Keeps the folder of a name in `/proc/self/fd` open.
    #[cfg(unix)]
    _folder: Option<std::fs::File>,
}

impl Address {
    /// Finds the way to the socket of a data folder, which must exist; `runtime` is the user's runtime folder
    /// (`$XDG_RUNTIME_DIR`, `$TMPDIR` on macOS) for names that would be too long.
    #[cfg(unix)]
    pub(super) fn of(data_dir: &Path, runtime: Option<&Path>) -> io::Result<Self> {
        let place = data_dir.join(SOCKET);
        if place.as_os_str().len() <= MAX_NAME {
            return Ok(Self { name: place.clone(), place, _folder: None });
        }
        match Self::through_handle(data_dir) {
            Some(address) => Ok(address),
            None => Self::in_runtime(data_dir, runtime),
        }
    }

    #[cfg(unix)]
    fn through_handle(data_dir: &Path) -> Option<Self> {
        use std::os::fd::AsRawFd as _;
        if !cfg!(target_os = "linux") {
            return None;
        }
        let folder = std::fs::File::open(data_dir).ok()?;
        let handle = Path::new("/proc/self/fd").join(folder.as_raw_fd().to_string());
        // No /proc, or one that is not Linux's: a sandbox may do so.
        let meta = std::fs::metadata(&handle).ok()?;
        meta.is_dir().then(|| Self { name: handle.join(SOCKET), place: data_dir.join(SOCKET), _folder: Some(folder) })
    }

    #[cfg(unix)]
    fn in_runtime(data_dir: &Path, runtime: Option<&Path>) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt as _;
        let too_long = |why: &str| io::Error::new(io::ErrorKind::InvalidFilename, why.to_owned());
        let runtime =
            runtime.ok_or_else(|| too_long("the path is too long for a socket and there is no other folder"))?;
        let meta = std::fs::metadata(runtime)?;
        if meta.uid() != rustix::process::geteuid().as_raw() || meta.mode() & 0o022 != 0 {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the runtime folder is open to others"));
        }
        let place = runtime.join(format!("gatehouse-{}.sock", mark(data_dir)));
        if place.as_os_str().len() > MAX_NAME {
            return Err(too_long("the path of the runtime folder is too long for a socket"));
        }
        Ok(Self { name: place.clone(), place, _folder: None })
    }

    #[cfg(windows)]
    pub(super) fn of(data_dir: &Path, _: Option<&Path>) -> io::Result<Self> {
        Ok(Self { name: PathBuf::from(format!(r"\\.\pipe\gatehouse-{}", mark(data_dir))) })
    }

    pub(super) fn name(&self) -> io::Result<Name<'_>> {
        use interprocess::local_socket::GenericFilePath;
        use interprocess::local_socket::ToFsName as _;
        self.name.as_path().to_fs_name::<GenericFilePath>()
    }
}

/// A short mark of a folder, the same however the folder is reached.
fn mark(data_dir: &Path) -> String {
    let real = data_dir.canonicalize().unwrap_or_else(|_| data_dir.to_owned());
    hex::encode(&Sha256::digest(real.as_os_str().as_encoded_bytes())[..8])
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn names_are_short_enough_or_refused() {
        let temp = tempfile::tempdir().expect("temp");
        let deep = temp.path().join("d".repeat(120)).join("e".repeat(120));
        std::fs::create_dir_all(&deep).expect("made");
        let runtime = temp.path().join("run");
        std::fs::create_dir(&runtime).expect("made");
        let mode = |mode| std::fs::set_permissions(&runtime, std::fs::Permissions::from_mode(mode)).expect("set");
        let name = |address: io::Result<Address>| address.map(|a| a.name).map_err(|error| error.kind());

        assert_eq!(name(Address::of(temp.path(), None)), Ok(temp.path().join(SOCKET)));
        if cfg!(target_os = "linux") {
            let address = Address::of(&deep, None).expect("through its handle");
            assert!(address.name.as_os_str().len() <= MAX_NAME);
            assert_eq!(address.place, deep.join(SOCKET));
        }
        mode(0o700);
        let short = runtime.join(format!("gatehouse-{}.sock", mark(&deep)));
        assert_eq!(name(Address::in_runtime(&deep, Some(&runtime))), Ok(short));
        assert_eq!(name(Address::in_runtime(&deep, None)), Err(io::ErrorKind::InvalidFilename));
        assert_eq!(name(Address::in_runtime(&deep, Some(&deep))), Err(io::ErrorKind::InvalidFilename));
        mode(0o770);
        assert_eq!(name(Address::in_runtime(&deep, Some(&runtime))), Err(io::ErrorKind::PermissionDenied));
    }
}
