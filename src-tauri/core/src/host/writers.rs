//! Tells whether some process still has a file open for writing.

use crate::host::files::Stamp;

/// Looks through the open files of this user's processes for those of `stamps` that are open for writing.
///
/// One answer for each, in their order; `None` where the system does not tell (no `/proc`). Processes of other users, and those that hide their files, are
/// not seen. Costs a few microseconds for each open file on the machine (tens of milliseconds in all), so it is never
/// called between a save and its hold: a guard has a thread for it. A file that is only mapped, with its descriptor closed, is not seen either.
#[cfg(target_os = "linux")]
pub fn open_for_writing(stamps: &[Stamp]) -> Option<Vec<bool>> {
    use std::os::unix::fs::MetadataExt as _;
    let me = rustix::process::geteuid().as_raw();
    let mut seen_any = false;
    let mut open = vec![false; stamps.len()];
    for process in std::fs::read_dir("/proc").ok()?.flatten() {
        let is_process = process.file_name().to_str().is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
        if !is_process || process.metadata().map_or(true, |m| m.uid() != me) {
            continue;
        }
        let Ok(descriptors) = std::fs::read_dir(process.path().join("fd")) else { continue };
        seen_any = true;
        for descriptor in descriptors.flatten() {
            if let Some(found) = writes(&process.path(), &descriptor.path(), stamps) {
                open[found] = true;
            }
        }
    }
    // At least this process is visible wherever /proc is mounted.
    seen_any.then_some(open)
}

#[cfg(not(target_os = "linux"))]
pub fn open_for_writing(_: &[Stamp]) -> Option<Vec<bool>> {
    None
}

/// The order matters: the link's text and the descriptor's information never block, whereas a look at the file itself
/// waits for whoever serves it (a hung network or user-space file system). So that look comes last, for one inode.
#[cfg(target_os = "linux")]
fn writes(process: &std::path::Path, descriptor: &std::path::Path, stamps: &[Stamp]) -> Option<usize> {
    use std::os::unix::ffi::OsStrExt as _;
    let named = std::fs::read_link(descriptor).is_ok_and(|to| to.as_os_str().as_bytes().starts_with(b"/"));
    let name = descriptor.file_name().filter(|_| named)?;
    let info = std::fs::read_to_string(process.join("fdinfo").join(name)).ok()?;
    let field = |key: &str| info.lines().find_map(|line| line.strip_prefix(key)).map(str::trim);
    const ACCESS_MODE: u32 = 0o3;
    let for_writing =
        field("flags:").and_then(|f| u32::from_str_radix(f, 8).ok()).is_some_and(|f| f & ACCESS_MODE != 0);
    // Kernels before 5.14 do not tell the inode here.
    let may_be = field("ino:").is_none_or(|ino| stamps.iter().any(|stamp| ino.parse() == Ok(stamp.ino)));
    if !for_writing || !may_be {
        return None;
    }
    let found = Stamp::of(&std::fs::metadata(descriptor).ok()?);
    stamps.iter().position(|stamp| found.same_file(stamp))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::fs::File;

    #[test]
    fn a_writer_is_seen_and_a_reader_is_not() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("mcp.json");
        std::fs::write(&path, "{}").expect("a file");
        let stamp = crate::host::files::stamp(&path).expect("a stamp");
        assert_eq!(open_for_writing(&[stamp]), Some(vec![false]));
        let reader = File::open(&path).expect("opened");
        assert_eq!(open_for_writing(&[stamp]), Some(vec![false]));
        let writer = std::fs::OpenOptions::new().append(true).open(&path).expect("opened");
        // The name may be another by now: the file is known by its inode.
        std::fs::rename(&path, dir.path().join("other")).expect("renamed");
        assert_eq!(open_for_writing(&[stamp]), Some(vec![true]));
        drop((reader, writer));
        assert_eq!(open_for_writing(&[stamp]), Some(vec![false]));
    }
}
