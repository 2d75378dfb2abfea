use super::*;

use crate::hold::swap;

fn setting() -> (tempfile::TempDir, PathBuf, FileRead) {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().canonicalize().expect("real").join("mcp.json");
    std::fs::write(&path, "base").expect("written");
    let read = files::read(&path).expect("read");
    (dir, path, read)
}

#[test]
fn leftovers_are_the_own_temp_files_only() {
    let dir = tempfile::tempdir().expect("a folder");
    for name in ["mcp.json", ".mcp.json.gatehouse-0123abcd~", ".mcp.json.swp", "mcp.json~", ".b.gatehouse-0123abcd~"] {
        std::fs::write(dir.path().join(name), "").expect("written");
    }
    let names = [".b.gatehouse-0123abcd~", ".mcp.json.gatehouse-0123abcd~"];
    assert_eq!(leftovers(dir.path()), names.map(|name| dir.path().join(name)));
    assert_eq!(leftovers(&dir.path().join("gone")), Vec::<PathBuf>::new());
}

#[test]
fn an_intent_survives_json() {
    let (_dir, _, read) = setting();
    let intent = Intent::of(&read, b"ours");
    let json = serde_json::to_string(&intent).expect("json");
    assert_eq!(serde_json::from_str::<Intent>(&json).expect("back"), intent);
}

#[test]
fn a_half_written_temp_file_is_removed_and_that_of_another_file_is_not() {
    let (dir, _, read) = setting();
    let intent = Intent::of(&read, b"ours");
    let half = dir.path().join(".mcp.json.gatehouse-0123abcd~");
    let other = dir.path().join(".other.json.gatehouse-0123abcd~");
    for path in [&half, &other] {
        std::fs::write(path, "ou").expect("written");
    }
    let recovered = intent.recover(&mut |_| {}).expect("recovered");
    assert!(matches!(recovered.standing, Standing::Base));
    assert_eq!((recovered.removed, recovered.old), (1, Vec::new()));
    assert!(!half.exists() && other.exists());
}

#[test]
fn bytes_saved_while_no_guard_was_running_are_late() {
    let (_dir, path, read) = setting();
    let intent = Intent::of(&read, b"ours");
    let old = swap::replace(&read, b"ours", &mut |_| {}).expect("replaced").old.expect("kept");
    std::fs::write(&old.temp, "saved").expect("written");
    let recovered = intent.recover(&mut |_| {}).expect("recovered");
    assert!(matches!(recovered.standing, Standing::Ours));
    assert_eq!(recovered.old, [old]);
    assert_eq!(recovered.old[0].settle(&mut |_| {}).expect("looked"), Settled::Late(b"saved".to_vec()));

    std::fs::write(&path, "third").expect("written");
    let recovered = intent.recover(&mut |_| {}).expect("recovered");
    assert!(matches!(recovered.standing, Standing::Other(read) if read.bytes == b"third"));
    std::fs::remove_file(&path).expect("removed");
    let recovered = intent.recover(&mut |_| {}).expect("recovered");
    assert!(matches!(recovered.standing, Standing::Unreadable(ReadError::Absent { .. })));
    assert_eq!(recovered.old.len(), 1, "the only copy is not removed");
}

#[test]
fn a_second_name_of_the_file_itself_is_removed() {
    let (dir, path, read) = setting();
    let second = dir.path().join(".mcp.json.gatehouse-0123abcd~");
    std::fs::hard_link(&path, &second).expect("a link");
    let recovered = Intent::of(&read, b"ours").recover(&mut |_| {}).expect("recovered");
    assert_eq!((recovered.removed, recovered.old), (1, Vec::new()));
    assert_eq!(files::read(&path).expect("read").editable, Ok(()));
}
