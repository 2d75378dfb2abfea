use crate::record::NotAHoldId;

use super::*;

fn id() -> HoldId {
    new_id().expect("random")
}

#[test]
fn a_hold_is_put_read_and_removed() {
    let dir = tempfile::tempdir().expect("a folder");
    assert!(HoldStore::existing(dir.path()).expect("sound").is_none());
    let store = HoldStore::open(&dir.path().join("data")).expect("opened");
    assert!(store.is_empty().expect("read"));
    let (first, mut steps) = (id(), Vec::new());
    store.put([(&first, &"postmark")], &mut |s| steps.push(s)).expect("put");
    assert!(matches!(store.put([(&first, &"other")], &mut |_| {}), Err(StoreError::Exists { .. })));
    assert_eq!(store.get::<String>(&first).expect("read"), "postmark");
    assert_eq!(store.ids().expect("read"), [first]);
    store.remove(&first, &mut |s| steps.push(s)).expect("removed");
    assert!(matches!(store.get::<String>(&first), Err(StoreError::Absent { .. })));
    assert!(matches!(store.remove(&first, &mut |_| {}), Err(StoreError::Absent { .. })));
    assert_eq!(steps, [Step::Stashed, Step::StashRemoved]);
    assert!(store.is_empty().expect("read"));
    assert!(leftovers(&store.folder).is_empty());
}

#[test]
fn an_id_is_16_lower_case_hex_digits() {
    let text = id().to_string();
    assert_eq!(text.parse::<HoldId>().map(|id| id.to_string()), Ok(text.clone()));
    assert_eq!(text.len(), 16);
    for broken in ["", "0123", "0123456789ABCDEF", "0123456789abcdeg", "../../../../etc/"] {
        assert_eq!(broken.parse::<HoldId>(), Err(NotAHoldId), "{broken}");
    }
}

#[test]
fn an_error_does_not_quote_a_secret() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = HoldStore::open(dir.path()).expect("opened");
    let first = id();
    store.put([(&first, &"sk-live-1234")], &mut |_| {}).expect("put");
    let error = store.get::<u32>(&first).expect_err("no number");
    assert!(matches!(error, StoreError::Damaged { line: 1, .. }));
    assert!(!format!("{error:?} {error}").contains("sk-live"), "{error:?}");
}

#[cfg(unix)]
#[test]
fn the_store_is_closed_to_others_and_no_link() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().expect("a folder");
    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    let folder = dir.path().join("holds");
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).expect("rights");
    let store = HoldStore::open(dir.path()).expect("opened");
    let first = id();
    store.put([(&first, &1)], &mut |_| {}).expect("put");
    assert_eq!((mode(&folder), mode(&folder.join(first.to_string()))), (0o700, 0o600));

    let second = dir.path().join("second");
    std::fs::create_dir(&second).expect("a folder");
    std::os::unix::fs::symlink(&folder, second.join("holds")).expect("a link");
    assert!(matches!(HoldStore::open(&second), Err(StoreError::NotOurFolder { .. })));
    assert!(matches!(HoldStore::existing(&second), Err(StoreError::NotOurFolder { .. })));

    // A hold that is a link is not followed.
    let linked = id();
    std::os::unix::fs::symlink(folder.join(first.to_string()), folder.join(linked.to_string())).expect("a link");
    assert!(store.get::<u32>(&linked).is_err());
}

#[test]
fn what_was_left_half_written_is_swept() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = HoldStore::open(dir.path()).expect("opened");
    std::fs::write(store.folder.join(format!(".{}.gatehouse-0123abcd~", id())), "half").expect("written");
    assert!(store.is_empty().expect("read"));
    assert_eq!(store.sweep().expect("swept"), 1);
    assert_eq!(store.sweep().expect("swept"), 0);
}
