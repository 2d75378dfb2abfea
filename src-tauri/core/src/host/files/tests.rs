use super::*;

#[cfg(unix)]
use std::os::unix::fs::PermissionsExt as _;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn a_file_is_read_with_digest_and_stamp() {
    let dir = folder();
    let path = dir.path().join("mcp.json");
    std::fs::write(&path, "abc").expect("written");
    let got = read(&path).expect("read");
    assert_eq!(got.bytes, b"abc");
    assert_eq!(got.digest.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!((got.linked, got.stamp.size), (false, 3));
    assert_eq!(got.editable, Ok(()));
    assert_eq!(stamp(&path).expect("a stamp"), got.stamp);
    std::fs::write(&path, "abd").expect("written");
    assert_ne!(stamp(&path).expect("a stamp"), got.stamp);
    assert!(!format!("{got:?}").contains("[97, 98"), "the bytes do not show");
}

#[test]
fn a_digest_survives_json() {
    let digest = Digest::of(b"abc");
    let json = serde_json::to_string(&digest).expect("json");
    assert_eq!(serde_json::from_str::<Digest>(&json).expect("back"), digest);
    for broken in ["\"\"", "\"ba78\"", "1", "\"zz7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\""] {
        assert!(serde_json::from_str::<Digest>(broken).is_err(), "{broken}");
    }
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_says_why() {
    let check = |make: &dyn Fn(&Path), expected: &dyn Fn(&ReadError) -> bool| {
        let dir = folder();
        let path = dir.path().join("mcp.json");
        make(&path);
        let error = read(&path).expect_err("not readable");
        assert!(expected(&error), "{error:?}");
        assert_eq!(error.path(), path);
    };
    let is = |kind: Kind| move |e: &ReadError| matches!(e, ReadError::NotRegular { kind: k, .. } if *k == kind);
    let link = |to: &'static str| move |path: &Path| std::os::unix::fs::symlink(to, path).expect("a link");
    check(&|_| {}, &|e| matches!(e, ReadError::Absent { .. }));
    check(&link("gone"), &|e| matches!(e, ReadError::Absent { .. }));
    check(&link("mcp.json"), &is(Kind::Link));
    check(&link("/dev/zero"), &is(Kind::Device));
    check(&link("/dev/null"), &is(Kind::Device));
    check(&|path| std::fs::create_dir(path).expect("a folder"), &is(Kind::Folder));
    let fifo = |path: &Path| {
        let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
        rustix::fs::mknodat(rustix::fs::CWD, path, rustix::fs::FileType::Fifo, mode, 0).expect("a pipe");
    };
    check(&fifo, &is(Kind::Fifo));
    let socket = |path: &Path| drop(std::os::unix::net::UnixListener::bind(path).expect("a socket"));
    check(&socket, &is(Kind::Socket));
    let large = |path: &Path| File::create(path).and_then(|f| f.set_len(129 << 20)).expect("a sparse file");
    check(&large, &|e| matches!(e, ReadError::TooLarge { bytes: 135_266_304, .. }));
}

#[cfg(unix)]
#[test]
fn a_pipe_that_takes_the_place_of_the_file_does_not_hang() {
    let dir = folder();
    let path = dir.path().join("pipe");
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, mode, 0).expect("a pipe");
    // What happens after the look at it: the open itself must not wait for a writer.
    assert!(!open_regular(&path).expect("opened at once").metadata().expect("known").is_file());
}

#[cfg(unix)]
#[test]
fn a_file_below_a_file_is_absent() {
    let dir = folder();
    let path = dir.path().join("file");
    std::fs::write(&path, "").expect("written");
    assert!(matches!(read(&path.join("mcp.json")), Err(ReadError::Absent { .. })));
}

#[cfg(unix)]
#[test]
fn a_link_is_resolved_and_never_followed_at_the_open() {
    let dir = folder();
    let real = dir.path().join("dotfiles.json");
    let link = dir.path().join("mcp.json");
    std::fs::write(&real, "{}").expect("written");
    std::os::unix::fs::symlink("dotfiles.json", &link).expect("a link");
    let got = read(&link).expect("read");
    assert!(got.linked);
    assert_eq!(got.target, real.canonicalize().expect("real"));
    assert_eq!(got.path, link);
    assert!(open::is_link_loop(&open_regular(&link).expect_err("a link")));
}

#[cfg(unix)]
#[test]
fn a_link_that_is_swapped_all_the_time_gives_one_file_or_none() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let dir = folder();
    let link = dir.path().join("mcp.json");
    for name in ["a", "b"] {
        std::fs::write(dir.path().join(name), name).expect("written");
    }
    std::os::unix::fs::symlink("a", &link).expect("a link");
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for to in ["b", "a"].into_iter().cycle() {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let new = dir.path().join("new");
                std::os::unix::fs::symlink(to, &new).and_then(|()| std::fs::rename(&new, &link)).expect("swapped");
            }
        });
        let mut read_some = 0;
        for _ in 0..2_000 {
            match read(&link) {
                Ok(got) => {
                    read_some += 1;
                    assert_eq!(Some(got.bytes.as_slice()), got.target.file_name().map(|n| n.as_encoded_bytes()));
                }
                Err(ReadError::Unstable { .. }) => {}
                Err(e) => {
                    stop.store(true, Ordering::Relaxed);
                    panic!("{e:?}");
                }
            }
        }
        stop.store(true, Ordering::Relaxed);
        assert!(read_some > 0);
    });
}

#[cfg(unix)]
#[test]
fn only_a_file_that_nobody_else_can_change_is_editable() {
    let check = |folder_mode: u32, file_mode: u32, expected: &dyn Fn(&Result<(), NotEditable>) -> bool| {
        let dir = folder();
        let home = dir.path().join("home");
        std::fs::create_dir(&home).expect("a folder");
        let path = home.join("mcp.json");
        std::fs::write(&path, "{}").expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(file_mode)).expect("rights");
        std::fs::set_permissions(&home, std::fs::Permissions::from_mode(folder_mode)).expect("rights");
        let got = read(&path).expect("read").editable;
        assert!(expected(&got), "folder {folder_mode:o}, file {file_mode:o}: {got:?}");
    };
    let fine = |r: &Result<(), NotEditable>| r.is_ok();
    let open_folder = |r: &Result<(), NotEditable>| matches!(r, Err(NotEditable::OpenFolder { .. }));
    check(0o755, 0o644, &fine);
    check(0o700, 0o600, &fine);
    check(0o755, 0o400, &fine);
    check(0o755, 0o666, &|r| *r == Err(NotEditable::OpenFile));
    check(0o777, 0o644, &open_folder);
    check(0o1777, 0o644, &fine);
    check(0o1777, 0o646, &|r| *r == Err(NotEditable::OpenFile));
}

#[cfg(unix)]
#[test]
fn a_folder_above_counts_too_and_so_do_other_names() {
    let dir = folder();
    let inner = dir.path().join("open/inner");
    std::fs::create_dir_all(&inner).expect("folders");
    let path = inner.join("mcp.json");
    std::fs::write(&path, "{}").expect("written");
    std::fs::hard_link(&path, dir.path().join("second")).expect("a link");
    assert_eq!(read(&path).expect("read").editable, Err(NotEditable::HardLinked { links: 2 }));
    std::fs::remove_file(dir.path().join("second")).expect("removed");
    assert_eq!(read(&path).expect("read").editable, Ok(()));
    std::fs::set_permissions(dir.path().join("open"), std::fs::Permissions::from_mode(0o777)).expect("rights");
    assert!(
        matches!(read(&path).expect("read").editable, Err(NotEditable::OpenFolder { folder }) if folder.ends_with("open"))
    );
}
