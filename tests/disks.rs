//! Disks that are full, and one whose files cannot be exchanged: whatever fails, the file is the old one or the new one, the
//! reason is told, the question stands, and all is well again once there is room, without anybody's doing.
#![cfg(target_os = "linux")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::support::{Elsewhere, Sandbox, assert_asked_once, eventually, leaves_nothing, servers};

const FILE: &str = ".cursor/mcp.json";

const DATA: &str = ".local/share/gatehouse";

const NO_ROOM: &str = "No space left on device";

fn with(names: &[&str]) -> String {
    let bodies: Vec<_> = names.iter().map(|name| format!("{{ \"command\": \"{name}-mcp\" }}")).collect();
    let entries: Vec<_> = names.iter().copied().zip(bodies.iter().map(String::as_str)).collect();
    servers("mcpServers", &entries)
}

/// Builds the tree at `$1`, all of it in memory and owned by who runs this, with the program `$2` and the home `$3`; a small
/// disk of its own for each further pair of folder and size. Stays until its input ends.
const BUILD: &str = r#"
set -e
root=$1 program=$2 home=$3
shift 3
mount -t tmpfs -o mode=755 none "$root"
for folder in usr bin lib lib64 proc dev; do
  [ -e "/$folder" ] || continue
  mkdir "$root/$folder"
  mount --rbind "/$folder" "$root/$folder"
done
cp "$program" "$root/gatehouse"
mkdir -p "$root$home"
while [ $# -gt 0 ]; do
  mkdir -p "$root$home/$1"
  mount -t tmpfs -o "mode=700,size=$2" none "$root$home/$1"
  shift 2
done
echo ready
read -r _ || true
"#;

struct Keeper(Child);

impl Drop for Keeper {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A home in which some folders are small disks. `None` where this machine lets its users mount nothing: that is said.
fn small(disks: &[(&str, &str)]) -> Option<Sandbox> {
    let root = tempfile::tempdir().expect("a folder");
    let inside = root.path().display().to_string();
    let own_home = "/home/ana";
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", BUILD, "sh", &inside]);
    command.args([env!("CARGO_BIN_EXE_gatehouse"), own_home]);
    command.args(disks.iter().flat_map(|(folder, size)| [*folder, *size]));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let not_run = |why: &str| {
        eprintln!("NOT RUN: no disk of a test's own can be had here, so nothing was tried on a full one: {why}");
        None
    };
    let mut keeper = match command.spawn() {
        Ok(child) => Keeper(child),
        Err(error) => return not_run(&format!("unshare: {error}")),
    };
    let mut line = String::new();
    let out = keeper.0.stdout.take().expect("its output");
    BufReader::new(out).read_line(&mut line).expect("text");
    if line != "ready\n" {
        let mut why = String::new();
        keeper.0.stderr.take().expect("its errors").read_to_string(&mut why).expect("text");
        return not_run(why.trim());
    }
    let pid = keeper.0.id().to_string();
    let seen = PathBuf::from(format!("/proc/{pid}/root{inside}{own_home}"));
    let enter = ["nsenter", "--target", &pid, "--user", "--mount", "--preserve-credentials"];
    let words = enter.iter().copied().chain(["chroot", &inside, "/gatehouse"]).map(str::to_owned).collect();
    let elsewhere = Elsewhere { words, home: (own_home.into(), seen), _keeper: Box::new(keeper) };
    Some(Sandbox::at(root, elsewhere))
}

/// Takes all room of the disk that a folder is on.
fn fill(home: &Sandbox, folder: &str) {
    let mut file = std::fs::File::create(home.path(folder).join("filler")).expect("a file");
    while file.write_all(&[0; 4096]).is_ok() {}
}

fn empty(home: &Sandbox, folder: &str) {
    std::fs::remove_file(home.path(folder).join("filler")).expect("removed");
}

fn mode_and_owner(home: &Sandbox) -> (u32, u32, u32) {
    let meta = std::fs::metadata(home.path(FILE)).expect("there");
    (meta.mode(), meta.uid(), meta.gid())
}

#[test]
fn on_a_full_disk_an_entry_is_asked_about_and_held_once_there_is_room() {
    let Some(home) = small(&[(".cursor", "64k")]) else { return };
    home.write(FILE, &with(&["files"]));
    std::fs::set_permissions(home.path(FILE), std::fs::Permissions::from_mode(0o640)).expect("rights");
    let before = mode_and_owner(&home);
    let mut guard = home.watch();
    fill(&home, ".cursor");
    // In place, within the page that the file has.
    home.write(FILE, &with(&["files", "mail"]));
    let told = guard.wait_about("not-edited", "mail");
    assert!(told["trouble"].to_string().contains(NO_ROOM), "{told}");
    assert_eq!((home.read(FILE), mode_and_owner(&home)), (with(&["files", "mail"]), before), "the old file");
    let row = home.row("cursor/mail");
    assert_eq!((&row["status"], &row["question"]["kind"]), (&"new".into(), &"new".into()));
    assert!(leaves_nothing(&home.path(".cursor")));
    empty(&home, ".cursor");
    guard.wait_about("held", "mail");
    assert_eq!((home.read(FILE), mode_and_owner(&home)), (with(&["files"]), before), "the new file");
    assert_eq!((home.status("cursor/mail"), home.waiting()), ("held".to_owned(), 1));
    assert_eq!(guard.count(&home, "not-edited", "mail"), 1, "it is told once");
    home.run(&["approve", "cursor/mail"]).ok();
    assert_eq!((home.read(FILE), mode_and_owner(&home)), (with(&["files", "mail"]), before));
    assert_asked_once(&home);
    assert_eq!(guard.end(), Some(0));
}

#[test]
fn on_a_full_disk_nothing_is_released_and_the_question_stands() {
    for is_guarded in [true, false] {
        let Some(home) = small(&[(".cursor", "64k")]) else { return };
        home.write(FILE, &with(&["files"]));
        std::fs::set_permissions(home.path(FILE), std::fs::Permissions::from_mode(0o600)).expect("rights");
        let before = mode_and_owner(&home);
        let mut guard = home.watch();
        home.write(FILE, &with(&["files", "mail"]));
        guard.wait_about("held", "mail");
        let guard = if is_guarded { Some(guard) } else { guard.end().and(None) };
        eventually("old files are gone", || leaves_nothing(&home.path(".cursor")));
        fill(&home, ".cursor");
        for verb in ["approve", "release"] {
            let said = home.refused(&[verb, "cursor/mail"]);
            assert!(said.contains(NO_ROOM), "{said}");
            assert_eq!((home.read(FILE), mode_and_owner(&home)), (with(&["files"]), before));
            assert_eq!((home.status("cursor/mail"), home.waiting()), ("held".to_owned(), 1));
        }
        assert!(leaves_nothing(&home.path(".cursor")));
        empty(&home, ".cursor");
        home.run(&["approve", "cursor/mail"]).ok();
        assert_eq!((home.read(FILE), mode_and_owner(&home)), (with(&["files", "mail"]), before));
        drop(guard);
    }
}

/// The guard's own folder without room, and a home that has none at all.
#[test]
fn without_room_for_what_is_noted_nothing_is_edited() {
    for disk in [DATA, ""] {
        let Some(home) = small(&[(disk, "2m")]) else { return };
        home.write(FILE, &with(&["files"]));
        let before = mode_and_owner(&home);
        let mut guard = home.watch();
        home.write(FILE, &with(&["files", "first"]));
        guard.wait_about("held", "first");
        eventually("the old file makes no room later", || leaves_nothing(&home.path(".cursor")));
        fill(&home, disk);
        let before_that = home.ledger_entries();
        home.write(FILE, &with(&["files", "mail"]));
        let told = guard.wait("ledger");
        assert_eq!(told["state"], "unwritable", "{told}");
        assert_eq!((home.read(FILE), mode_and_owner(&home)), (with(&["files", "mail"]), before), "the old file");
        let verbs: [&[&str]; 6] = [
            &["approve", "cursor/first"],
            &["release", "cursor/first"],
            &["deny", "cursor/first"],
            &["mode", "monitor"],
            &["pause", "1h"],
            &["folder", "/home/ana", "ignore"],
        ];
        for verb in verbs {
            let said = home.refused(verb);
            assert!(said.contains("The ledger cannot be written"), "{verb:?}: {said}");
        }
        assert_eq!((home.status("cursor/first"), home.ledger_entries()), ("held".to_owned(), before_that));
        assert!(leaves_nothing(&home.path(".cursor")));
        empty(&home, disk);
        guard.wait_about("held", "mail");
        assert_eq!((home.read(FILE), mode_and_owner(&home)), (with(&["files"]), before), "the new file");
        let alarms = guard.drain().iter().filter(|notice| notice["notice"] == "ledger").count();
        assert_eq!(alarms, 1, "{:#?}", guard.seen);
        assert_eq!((home.status("cursor/first"), home.waiting()), ("held".to_owned(), 2));
        let noted = home.ledger_since(before_that);
        let decided = ["decided", "mode-set", "paused", "folder-set"];
        let is_decision = |entry: &Value| decided.iter().any(|event| entry["event"] == *event);
        assert!(!noted.iter().any(is_decision), "what was refused does not count later: {noted:#?}");
        home.run(&["approve", "cursor/first"]).ok();
        home.run(&["approve", "cursor/mail"]).ok();
        assert_eq!((home.read(FILE), mode_and_owner(&home)), (with(&["files", "first", "mail"]), before));
        assert_asked_once(&home);
        assert!(home.run(&["log", "--verify"]).ok().out.contains("The chain is whole"));
        assert_eq!(guard.end(), Some(0));
    }
}

/// Has the system answer every exchange of two files as a file system does that has none, for this thread and for all that
/// it starts.
fn refuse_exchanges() {
    use seccompiler::{SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule};
    const RENAMEAT2: i64 = if cfg!(target_arch = "x86_64") { 316 } else { 276 };
    const EXCHANGE: u64 = 2;
    const EINVAL: u32 = 22;
    let flags = SeccompCondition::new(4, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, EXCHANGE).expect("a condition");
    let rule = SeccompRule::new(vec![flags]).expect("a rule");
    let (others, these) = (SeccompAction::Allow, SeccompAction::Errno(EINVAL));
    let arch = std::env::consts::ARCH.try_into().expect("a known processor");
    let filter = SeccompFilter::new([(RENAMEAT2, vec![rule])].into(), others, these, arch).expect("a filter");
    let program: seccompiler::BpfProgram = filter.try_into().expect("a program");
    seccompiler::apply_filter(&program).expect("the system takes it");
}

#[test]
fn without_an_exchange_a_hold_and_a_release_are_plain_renames_and_doctor_says_so() {
    let run = || {
        refuse_exchanges();
        let home = Sandbox::new();
        home.write(FILE, &with(&["files"]));
        std::fs::set_permissions(home.path(FILE), std::fs::Permissions::from_mode(0o640)).expect("rights");
        let before = mode_and_owner(&home);
        let said = |home: &Sandbox| home.run(&["doctor"]).out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(!said(&home).contains("cannot exchange"));
        let mut guard = home.watch();
        home.save(FILE, &with(&["files", "mail"]));
        std::fs::set_permissions(home.path(FILE), std::fs::Permissions::from_mode(0o640)).expect("rights");
        guard.wait_about("held", "mail");
        eventually("old files are gone", || leaves_nothing(&home.path(".cursor")));
        assert_eq!(home.read(FILE), with(&["files"]));
        home.run(&["approve", "cursor/mail"]).ok();
        assert_eq!((home.read(FILE), mode_and_owner(&home)), (with(&["files", "mail"]), before));
        let told = said(&home);
        assert!(told.contains("~/.cursor cannot exchange two files in one step"), "{told}");

        // A save into the file that was read before the swap counts here as well.
        let mut late = std::fs::OpenOptions::new().append(true).open(home.path(FILE)).expect("a file");
        home.run(&["hold", "cursor/mail"]).ok();
        assert_eq!(home.read(FILE), with(&["files"]));
        late.write_all(b"\n").expect("written");
        drop(late);
        eventually("the late save stands", || home.read(FILE) == format!("{}\n", with(&["files"])));
        eventually("old files are gone", || leaves_nothing(&home.path(".cursor")));
        assert_eq!(home.status("cursor/mail"), "held");
        assert_eq!(guard.end(), Some(0));
    };
    std::thread::spawn(run).join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
}
