//! The program's own log: what was done, never with what. Five files of one megabyte in the data folder.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::Mutex;

use file_rotate::compression::Compression;
use file_rotate::suffix::AppendCount;
use file_rotate::{ContentLimit, FileRotate};
use gatehouse_core::host::Host;
use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::Layer;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

const FILES: usize = 5;
const BYTES: usize = 1 << 20;

/// Starts the log. A log that cannot be written stops nobody: it is left out, and `--verbose` says so.
pub(crate) fn start(host: &Host, writes: bool, verbose: bool) {
    let opened = writes.then(|| open(&host.data_dir().join("logs")));
    let (file, trouble) = match opened {
        Some(Ok(file)) => (Some(file), None),
        Some(Err(error)) => (None, Some(error)),
        None => (None, None),
    };
    let file = file.map(|f| Layer::new().with_ansi(false).with_writer(Mutex::new(f)).with_filter(LevelFilter::INFO));
    let stderr = verbose.then(|| {
        let plain = Layer::new().with_ansi(false).with_writer(io::stderr);
        plain.with_filter(LevelFilter::from_level(Level::DEBUG))
    });
    // Fails only where a log is running already.
    let _ = tracing_subscriber::registry().with(file).with(stderr).try_init();
    if let Some(error) = trouble {
        tracing::warn!(%error, "the log file cannot be written");
    }
}

fn open(folder: &Path) -> io::Result<FileRotate<AppendCount>> {
    private_folder(folder)?;
    let path = folder.join("gatehouse.log");
    // Tried here, because the rotation panics where it cannot begin.
    private_file(&path)?;
    let options = append();
    Ok(FileRotate::new(path, AppendCount::new(FILES - 1), ContentLimit::Bytes(BYTES), Compression::None, Some(options)))
}

fn append() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn private_file(path: &Path) -> io::Result<File> {
    append().open(path)
}

fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Write as _;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_log_is_private_and_bounded() {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        let folder = scratch.path().join("data/logs");
        let mut log = open(&folder).expect("the log opens");
        let line = [b'x'; 1 << 16];
        for _ in 0..(8 * BYTES / line.len()) {
            log.write_all(&line).and_then(|()| log.write_all(b"\n")).expect("it is written");
        }
        let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        assert_eq!(mode(folder.parent().expect("it has one")), 0o700);
        let files: Vec<_> = fs::read_dir(&folder).expect("it is there").flatten().map(|e| e.path()).collect();
        assert_eq!(files.len(), FILES);
        for file in files {
            assert_eq!(mode(&file), 0o600, "{}", file.display());
            assert!(fs::metadata(&file).expect("it is there").len() <= BYTES as u64 + (1 << 16) + 1);
        }
    }
}
