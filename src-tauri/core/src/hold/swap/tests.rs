use super::*;

use crate::hold::Settled;
use crate::hold::leftovers;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn file(dir: &tempfile::TempDir, bytes: &str) -> PathBuf {
    let path = dir.path().join("mcp.json");
    std::fs::write(&path, bytes).expect("written");
    path
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).expect("read")
}

const PLAIN: Means = Means { exchange: false, link: true };
const BARE: Means = Means { exchange: false, link: false };

#[test]
fn the_steps_come_in_order_and_the_old_file_is_kept_until_it_is_settled() {
    let check = |means: Means, exchanged: bool, keeps_old: bool| {
        let dir = folder();
        let path = file(&dir, "old");
        let mut steps = Vec::new();
        let mut observe = |step| steps.push(step);
        let read = files::read(&path).expect("read");
        let done = replace_by(means, &read, b"new", &mut observe).expect("replaced");
        assert_eq!((done.exchanged, done.digest), (exchanged, Digest::of(b"new")));
        assert_eq!(files::stamp(&path).expect("a stamp"), done.stamp);
        assert_eq!(text(&path), "new");
        assert_eq!(done.old.is_some(), keeps_old);
        if let Some(old) = done.old {
            assert_eq!(text(&old.temp), "old");
            assert_eq!(leftovers(dir.path()), [dir.path().canonicalize().expect("real").join(&old.temp)]);
            let json = serde_json::to_string(&old).expect("json");
            let old: OldFile = serde_json::from_str(&json).expect("back");
            assert_eq!(old.settle(&mut observe).expect("settled"), Settled::Quiet);
            assert_eq!(old.settle(&mut |_| {}).expect("settled"), Settled::Gone);
            assert_eq!(steps[6..], [Step::Settled, Step::OldRemoved]);
        }
        let first = [Step::TempWritten, Step::TempSynced, Step::Checked, Step::Exchanged, Step::OldChecked];
        assert_eq!(steps[..5], first);
        assert_eq!(steps[5], Step::FolderSynced);
        assert!(steps.is_sorted());
        assert_eq!(leftovers(dir.path()), Vec::<PathBuf>::new());
    };
    check(Means::ALL, true, true);
    check(PLAIN, false, true);
    check(BARE, false, false);
}

/// A save at a given step, in place or by rename, and what stands at the path after one attempt.
#[test]
fn a_save_at_any_moment_before_the_exchange_is_found() {
    let in_place = |path: &Path| std::fs::write(path, "saved").expect("saved");
    let renamed = |path: &Path| {
        let new = path.with_file_name("editor.tmp");
        std::fs::write(&new, "saved").and_then(|()| std::fs::rename(&new, path)).expect("saved");
    };
    let check = |at: Step, save: &dyn Fn(&Path)| {
        let dir = folder();
        let path = file(&dir, "base!");
        let read = files::read(&path).expect("read");
        let mut back = 0;
        let result = replace(&read, b"ours", &mut |step| {
            back += usize::from(step == Step::ExchangedBack);
            if step == at {
                save(&path);
            }
        });
        let Err(ReplaceError::Changed { old, .. }) = result else { panic!("{at:?}: {result:?}") };
        assert_eq!(text(&path), "saved", "{at:?}");
        assert_eq!(back, usize::from(at == Step::Checked), "{at:?}");
        // Only what has stood at the path is left to be settled, and that is ours.
        assert_eq!(old.is_some(), at == Step::Checked);
        if let Some(old) = old {
            assert_eq!(text(&old.temp), "ours");
            assert_eq!(old.settle(&mut |_| {}).expect("settled"), Settled::Quiet);
        }
        assert_eq!(leftovers(dir.path()), Vec::<PathBuf>::new());
    };
    for at in [Step::TempWritten, Step::TempSynced, Step::Checked] {
        check(at, &in_place);
        check(at, &renamed);
    }
}

#[test]
fn a_save_that_comes_right_after_ours_wins() {
    let dir = folder();
    let path = file(&dir, "base");
    let read = files::read(&path).expect("read");
    // First somebody saves so that ours must go back, then somebody saves over ours before it does.
    let result = replace(&read, b"ours", &mut |step| match step {
        Step::Checked => std::fs::write(&path, "first save").expect("saved"),
        Step::Exchanged => std::fs::write(&path, "second save").expect("saved"),
        _ => {}
    });
    let Err(ReplaceError::Changed { old: Some(old), .. }) = result else { panic!("{result:?}") };
    assert_eq!(text(&path), "second save");
    assert_eq!(text(&old.temp), "first save");
    assert_eq!(old.settle(&mut |_| {}).expect("settled"), Settled::Quiet);
}

#[test]
fn two_saves_within_the_exchange_back_lose_neither() {
    let dir = folder();
    let path = file(&dir, "base");
    let read = files::read(&path).expect("read");
    let mut back = 0;
    let result = replace(&read, b"ours", &mut |step| match step {
        Step::Checked => std::fs::write(&path, "first save").expect("saved"),
        // Ours has just come back under the temp name; a program that opened it at the path writes into it.
        Step::ExchangedBack => {
            back += 1;
            if back == 1 {
                let temp = leftovers(dir.path()).pop().expect("ours");
                std::fs::write(temp, "second save").expect("saved");
            }
        }
        _ => {}
    });
    let Err(ReplaceError::Changed { old: Some(old), .. }) = result else { panic!("{result:?}") };
    assert_eq!((back, text(&path).as_str(), text(&old.temp).as_str()), (2, "second save", "first save"));
    assert_eq!(old.settle(&mut |_| {}).expect("settled"), Settled::Quiet);
}

#[cfg(unix)]
#[test]
fn a_link_stays_and_its_target_is_edited() {
    let dir = folder();
    let real = dir.path().join("dotfiles/mcp.json");
    std::fs::create_dir(dir.path().join("dotfiles")).expect("a folder");
    std::fs::write(&real, "old").expect("written");
    let link = dir.path().join("mcp.json");
    std::os::unix::fs::symlink("dotfiles/mcp.json", &link).expect("a link");
    let done = replace(&files::read(&link).expect("read"), b"new", &mut |_| {}).expect("replaced");
    assert_eq!((text(&real).as_str(), text(&link).as_str()), ("new", "new"));
    assert_eq!(std::fs::read_link(&link).expect("still a link"), Path::new("dotfiles/mcp.json"));
    assert_eq!(
        done.old.expect("kept").temp.parent(),
        Some(real.canonicalize().expect("real").parent().expect("in one"))
    );
}

#[cfg(unix)]
#[test]
fn a_link_swapped_after_the_read_is_noticed() {
    let check = |swap: &dyn Fn(&Path)| {
        let dir = folder();
        let link = dir.path().join("mcp.json");
        for name in ["a.json", "b.json"] {
            std::fs::write(dir.path().join(name), name).expect("written");
        }
        std::os::unix::fs::symlink("a.json", &link).expect("a link");
        let read = files::read(&link).expect("read");
        swap(dir.path());
        let result = replace(&read, b"new", &mut |_| {});
        assert!(matches!(result, Err(ReplaceError::Changed { old: None, .. })), "{result:?}");
        assert_eq!(text(&dir.path().join("b.json")), "b.json");
        assert_eq!(leftovers(dir.path()), Vec::<PathBuf>::new());
    };
    let symlink = |to: &str, at: &Path| {
        std::fs::remove_file(at).and_then(|()| std::os::unix::fs::symlink(to, at)).expect("a link");
    };
    check(&|dir| symlink("b.json", &dir.join("mcp.json")));
    check(&|dir| symlink("b.json", &dir.join("a.json")));
    check(&|dir| std::fs::remove_file(dir.join("a.json")).expect("removed"));
    check(&|dir| {
        std::fs::remove_file(dir.join("a.json"))
            .and_then(|()| std::fs::create_dir(dir.join("a.json")))
            .expect("a folder");
    });
}

#[cfg(unix)]
#[test]
fn whatever_takes_the_place_at_the_last_moment_is_put_back() {
    let check = |put: &dyn Fn(&Path)| {
        let dir = folder();
        let path = file(&dir, "base");
        let read = files::read(&path).expect("read");
        let result = replace(&read, b"ours", &mut |step| {
            if step == Step::Checked {
                std::fs::remove_file(&path).expect("removed");
                put(&path);
            }
        });
        let Err(ReplaceError::Changed { old: Some(old), .. }) = result else { panic!("{result:?}") };
        assert!(!std::fs::symlink_metadata(&path).expect("there").is_file());
        assert_eq!(text(&old.temp), "ours");
    };
    check(&|path| std::fs::create_dir(path).expect("a folder"));
    check(&|path| std::os::unix::fs::symlink("/etc/passwd", path).expect("a link"));

    let dir = folder();
    let path = file(&dir, "base");
    let read = files::read(&path).expect("read");
    let result = replace(&read, b"ours", &mut |step| {
        if step == Step::Checked {
            std::fs::remove_file(&path).expect("removed");
        }
    });
    assert!(matches!(result, Err(ReplaceError::Changed { old: None, .. })), "{result:?}");
    assert!(!path.exists(), "who removed it wants it gone");
    assert_eq!(leftovers(dir.path()), Vec::<PathBuf>::new());
}

#[cfg(unix)]
#[test]
fn mode_owner_and_attributes_stay() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    let check = |mode: u32, group: u32| {
        let dir = folder();
        let path = file(&dir, "old");
        if rustix::process::geteuid().is_root() {
            std::os::unix::fs::chown(&path, None, Some(group)).expect("chown");
        }
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("rights");
        let before = std::fs::metadata(&path).expect("known");
        replace(&files::read(&path).expect("read"), b"new", &mut |_| {}).expect("replaced");
        let after = std::fs::metadata(&path).expect("known");
        let facts = |m: &std::fs::Metadata| (m.mode(), m.uid(), m.gid());
        assert_eq!(facts(&before), facts(&after));
    };
    check(0o600, 0);
    check(0o644, 1234);
    check(0o640, 1234);
    check(0o400, 0);
    check(0o755, 5);
}

#[cfg(target_os = "linux")]
#[allow(clippy::print_stderr, reason = "a test that is skipped says so")]
#[test]
fn extended_attributes_and_access_lists_stay_and_none_is_added() {
    use rustix::fs::{XattrFlags, getxattr, setxattr};
    // USER_OBJ rw, USER 1234 r, GROUP_OBJ r, MASK r, OTHER none: as the kernel stores an access list.
    let entries: [(u16, u16, u32); 5] =
        [(1, 6, u32::MAX), (2, 4, 1234), (4, 4, u32::MAX), (0x10, 4, u32::MAX), (0x20, 0, u32::MAX)];
    let mut list = 2_u32.to_le_bytes().to_vec();
    for (tag, rights, id) in entries {
        list.extend(tag.to_le_bytes().into_iter().chain(rights.to_le_bytes()).chain(id.to_le_bytes()));
    }
    let value = |path: &Path, name: &str| {
        let mut buffer = [0; 4096];
        getxattr(path, name, &mut buffer).map(|n| buffer[..n].to_vec()).ok()
    };
    let dir = folder();
    let path = file(&dir, "old");
    let long = vec![b'x'; 3_000];
    if setxattr(&path, "user.note", &long, XattrFlags::empty()).is_err() {
        eprintln!("SKIPPED: this file system has no extended attributes");
        return;
    }
    // New files of this folder get an access list by themselves, which the old one does not have.
    setxattr(dir.path(), "system.posix_acl_default", &list, XattrFlags::empty()).expect("a default list");
    let done = replace(&files::read(&path).expect("read"), b"new", &mut |_| {}).expect("replaced");
    assert_eq!(value(&path, "user.note"), Some(long));
    assert_eq!(value(&path, "system.posix_acl_access"), None);
    assert_eq!(done.lost_attributes, Vec::<String>::new());

    setxattr(&path, "system.posix_acl_access", &list, XattrFlags::empty()).expect("a list");
    replace(&files::read(&path).expect("read"), b"newer", &mut |_| {}).expect("replaced");
    assert_eq!(value(&path, "system.posix_acl_access"), Some(list));
    assert_eq!(text(&path), "newer");
}

#[test]
fn a_file_that_is_not_ours_to_edit_is_left_alone() {
    let dir = folder();
    let path = file(&dir, "old");
    std::fs::hard_link(&path, dir.path().join("second")).expect("a link");
    let result = replace(&files::read(&path).expect("read"), b"new", &mut |_| panic!("no step is done"));
    let expected = NotEditable::HardLinked { links: 2 };
    assert!(matches!(&result, Err(ReplaceError::NotEditable { reason, .. }) if *reason == expected), "{result:?}");
    assert_eq!(text(&path), "old");
}

#[test]
fn a_missing_file_is_created_and_an_existing_one_is_not() {
    let dir = folder();
    let path = dir.path().join("mcp.json");
    let mut steps = Vec::new();
    let (stamp, digest) = create(&path, b"{}", &mut |s| steps.push(s)).expect("created");
    assert_eq!(digest, Digest::of(b"{}"));
    assert_eq!(files::stamp(&path).expect("a stamp").ino, stamp.ino);
    assert_eq!(steps, [Step::TempWritten, Step::TempSynced, Step::Exchanged, Step::FolderSynced]);
    assert!(matches!(create(&path, b"other", &mut |_| {}), Err(ReplaceError::Exists { .. })));
    assert_eq!(text(&path), "{}");
    assert!(matches!(create(&dir.path().join("no/such"), b"", &mut |_| {}), Err(ReplaceError::Io { .. })));
    assert_eq!(leftovers(dir.path()), Vec::<PathBuf>::new());
}

/// Where there is no exchange, a save in the last moment comes to light when the old file is settled.
#[test]
fn a_plain_rename_misses_no_save_in_place() {
    let check = |means: Means| {
        let dir = folder();
        let path = file(&dir, "base");
        let read = files::read(&path).expect("read");
        let done = replace_by(means, &read, b"ours", &mut |step| {
            // Links are made after the check, so the bytes change under the second name too.
            if step == Step::Exchanged && means.link {
                std::fs::write(leftovers(dir.path()).pop().expect("the old file"), "saved").expect("saved");
            }
            if step == Step::Checked && !means.link {
                std::fs::write(&path, "saved").expect("saved");
            }
        });
        let old = done.expect("replaced").old.expect("kept");
        assert_eq!(old.settle(&mut |_| {}).expect("settled"), Settled::Late(b"saved".to_vec()));
        old.adopt(b"saved", b"ours, again", &mut |_| {}).expect("adopted");
        assert_eq!(text(&path), "ours, again");
    };
    check(PLAIN);
    check(BARE);

    // With a second name the change is even seen before.
    let dir = folder();
    let path = file(&dir, "base");
    let read = files::read(&path).expect("read");
    let result = replace_by(PLAIN, &read, b"ours", &mut |step| {
        if step == Step::Checked {
            std::fs::write(&path, "saved").expect("saved");
        }
    });
    assert!(matches!(result, Err(ReplaceError::Changed { old: None, .. })), "{result:?}");
    assert_eq!(text(&path), "saved");
}
