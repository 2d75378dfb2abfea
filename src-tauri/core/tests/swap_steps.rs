//! Kills a process at each step of a hold and looks at what it leaves.

#![cfg(unix)]

use std::os::unix::process::CommandExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use gatehouse_core::hold::HoldStore;
use gatehouse_core::hold::Intent;
use gatehouse_core::hold::Settled;
use gatehouse_core::hold::Step;
use gatehouse_core::hold::leftovers;
use gatehouse_core::hold::recovery::Standing;

fn program() -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    let target = test.parent().and_then(Path::parent).expect("<target>/<profile>/deps");
    let program = target.join("examples/swap_steps");
    assert!(program.exists(), "run `cargo test -p gatehouse-core`, which builds the examples: {}", program.display());
    program
}

/// What stands at the path and how many temp files lie beside it after a kill at each step.
#[test]
fn a_process_killed_at_any_step_leaves_the_old_file_or_the_new_one() {
    // Larger than a page and a pipe, so that half a write would show.
    let text = |word: &str| word.repeat(40_000).into_bytes();
    let (base, after, saved) = (text("base "), text("after "), text("saved "));
    let check = |step: Step, stands: &[u8], temps: usize| {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("mcp.json");
        for (name, bytes) in [("mcp.json", &base), ("after", &after), ("saved", &saved)] {
            std::fs::write(dir.path().join(name), bytes).expect("written");
        }
        let status = Command::new(program()).arg("hold").arg(dir.path()).arg(step.name()).status().expect("started");
        assert_eq!(status.signal(), Some(9), "{step:?} is a step that is reached: {status}");

        let found = std::fs::read(&path).expect("a file stands at the path");
        assert!(found == stands, "{step:?}: {} bytes, {:?}…", found.len(), found.first());
        assert_eq!(leftovers(dir.path()).len(), temps, "{step:?}");
        let holds = HoldStore::existing(dir.path()).expect("a sound store").expect("a store");
        assert_eq!(holds.is_empty().expect("read"), step == Step::StashRemoved, "{step:?}");

        // A restart finishes: nothing is left beside the file, and the file is the same.
        if step > Step::Stashed {
            let intent: Intent =
                serde_json::from_slice(&std::fs::read(dir.path().join("intent")).expect("recorded")).expect("sound");
            let recovered = intent.recover(&mut |_| {}).expect("recovered");
            let as_told = match recovered.standing {
                Standing::Base => stands == base,
                Standing::Ours => stands == after,
                Standing::Other(read) => stands == saved && read.bytes == saved,
                Standing::Unreadable(_) => false,
            };
            assert!(as_told, "{step:?}");
            for old in recovered.old {
                assert_eq!(old.settle(&mut |_| {}).expect("settled"), Settled::Quiet, "{step:?}");
            }
            assert_eq!(leftovers(dir.path()), Vec::<PathBuf>::new(), "{step:?}");
            assert!(std::fs::read(&path).expect("still there") == stands, "{step:?}");
        }
    };
    for step in Step::ALL {
        match step {
            Step::Stashed | Step::Intended => check(step, &base, 0),
            Step::TempWritten | Step::TempSynced | Step::Checked => check(step, &base, 1),
            Step::ExchangedBack => check(step, &saved, 1),
            Step::Exchanged | Step::OldChecked | Step::FolderSynced | Step::Recorded | Step::Settled => {
                check(step, &after, 1);
            }
            Step::OldRemoved | Step::StashRemoved => check(step, &after, 0),
        }
    }
}

#[test]
fn a_file_without_rights_is_denied() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().expect("a folder");
    let rights = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("rights set");
    };
    rights(dir.path(), 0o755);
    let path = dir.path().join("mcp.json");
    std::fs::write(&path, "{}").expect("written");
    // Root reads everything, so the process is nobody where it can be; a copy, since the build folder may be closed.
    let copy = dir.path().join("swap_steps");
    // By another process: a child of another test's, forked while this one has the copy open for writing, would make it
    // a program that is busy.
    assert!(Command::new("cp").arg(program()).arg(&copy).status().expect("started").success());
    rights(&copy, 0o755);
    let root = rustix::process::geteuid().is_root();
    let check = |mode: u32, expected: &str| {
        rights(&path, mode);
        let mut command = Command::new(&copy);
        if root {
            command.uid(65534).gid(65534);
        }
        let said = command.arg("read").arg(&path).output().expect("started").stdout;
        let said = String::from_utf8(said).expect("text");
        assert!(said.contains(expected), "mode {mode:o}: {said}");
    };
    check(0o000, "Denied");
    if root {
        check(0o644, "ForeignOwner { uid: 0 }");
    }
}
