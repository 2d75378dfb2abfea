//! The guard's own log: what was done, never with what. Where the command line writes its own, five files of one megabyte.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::Mutex;

use file_rotate::compression::Compression;
use file_rotate::suffix::AppendCount;
use file_rotate::{ContentLimit, FileRotate};
use gatehouse_core::host::Host;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::Layer;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

const FILES: usize = 5;
const BYTES: usize = 1 << 20;

/// Starts the log. One that cannot be written stops nobody.
pub(crate) fn start(host: &Host) {
    if let Ok(file) = open(&host.data_dir().join("logs")) {
        let layer = Layer::new().with_ansi(false).with_writer(Mutex::new(file)).with_filter(LevelFilter::INFO);
        // Fails only where a log is running already.
        let _ = tracing_subscriber::registry().with(layer).try_init();
    }
}

fn open(folder: &Path) -> io::Result<FileRotate<AppendCount>> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    let mut options = OpenOptions::new();
    options.read(true).create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let path = folder.join("gatehouse.log");
    // Tried here, because the rotation panics where it cannot begin.
    options.open(&path)?;
    Ok(FileRotate::new(path, AppendCount::new(FILES - 1), ContentLimit::Bytes(BYTES), Compression::None, Some(options)))
}
