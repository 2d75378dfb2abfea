use super::*;

use std::collections::BTreeMap;
use std::fs::File;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

use crate::hold::leftovers;

fn start() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().canonicalize().expect("real").join("mcp.json");
    (dir, path)
}

fn swapped(path: &Path, base: &str, ours: &str) -> OldFile {
    std::fs::write(path, base).expect("written");
    let read = files::read(path).expect("read");
    swap::replace(&read, ours.as_bytes(), &mut |_| {}).expect("replaced").old.expect("kept")
}

#[cfg(target_os = "linux")]
#[test]
fn an_open_writer_is_waited_for_and_its_save_adopted() {
    let (_dir, path) = start();
    std::fs::write(&path, "base").expect("written");
    let mut writer = OpenOptions::new().write(true).open(&path).expect("opened");
    let read = files::read(&path).expect("read");
    let old = swap::replace(&read, b"ours", &mut |_| {}).expect("replaced").old.expect("kept");
    let settle = || old.settle(&mut |_| {}).expect("looked");
    assert_eq!(settle(), Settled::Writing, "nothing written yet");
    writer.set_len(0).expect("truncated");
    writer.write_all(b"half").expect("written");
    assert_eq!(settle(), Settled::Writing, "half a save is none");
    writer.write_all(b" and half").expect("written");
    drop(writer);
    assert_eq!(settle(), Settled::Late(b"half and half".to_vec()));
    assert_eq!(settle(), Settled::Late(b"half and half".to_vec()), "nothing was removed");

    let adopted = old.adopt(b"half and half", b"planned anew", &mut |_| {}).expect("adopted");
    assert_eq!(adopted.rest, None);
    assert_eq!(std::fs::read(&path).expect("read"), b"planned anew");
    let ours = adopted.replaced.expect("swapped").old.expect("kept");
    assert_eq!(ours.settle(&mut |_| {}).expect("settled"), Settled::Quiet);
    assert_eq!(leftovers(path.parent().expect("in a folder")), Vec::<PathBuf>::new());
}

#[test]
fn late_bytes_beside_a_third_save_are_both_kept() {
    let check = |late_first: bool| {
        let (_dir, path) = start();
        let old = swapped(&path, "base", "ours");
        let late = || std::fs::write(&old.temp, "late").expect("saved");
        let third = || std::fs::write(&path, "third").expect("saved");
        // The clock of the file system is coarse; the times say plainly which was first.
        let times = |path: &Path, seconds| {
            let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
            OpenOptions::new().append(true).open(path).and_then(|f| f.set_modified(time)).expect("time set");
        };
        late();
        third();
        times(&old.temp, if late_first { 1 } else { 3 });
        times(&path, 2);
        assert_eq!(old.settle(&mut |_| {}).expect("looked"), Settled::Late(b"late".to_vec()));
        let error = old.adopt(b"late", b"planned", &mut |_| panic!("no step is done")).expect_err("a third");
        assert!(matches!(&error, AdoptError::Third { standing, .. } if standing.bytes == b"third"), "{error:?}");
        assert_eq!(error.late_is_newer(None), !late_first);
        // Had we put it there ourselves, what counts is when it was saved before that.
        assert!(error.late_is_newer(Some(0)));
        assert_eq!(std::fs::read(&path).expect("read"), b"third");
        assert_eq!(std::fs::read(&old.temp).expect("read"), b"late");
        // The caller decides, and only what it has seen is removed.
        assert_eq!(old.discard(b"other", &mut |_| {}).expect("looked"), Settled::Late(b"late".to_vec()));
        assert_eq!(old.discard(b"late", &mut |_| {}).expect("removed"), Settled::Quiet);
    };
    check(true);
    check(false);
}

#[test]
fn late_bytes_that_need_no_edit_are_adopted_without_a_swap() {
    let (_dir, path) = start();
    let old = swapped(&path, "base", "ours");
    std::fs::write(&old.temp, "late").expect("saved");
    let adopted = old.adopt(b"late", b"ours", &mut |_| {}).expect("adopted");
    assert_eq!((adopted.replaced, adopted.rest), (None, None));
    assert!(!old.temp.exists());
}

#[test]
fn only_own_temp_files_are_ever_removed() {
    let (dir, path) = start();
    let mut old = swapped(&path, "base", "ours");
    old.temp = path.clone();
    old.base = old.ours;
    assert!(matches!(old.settle(&mut |_| {}), Err(SettleError::NotOurs { .. })));
    assert!(path.exists());
    old.temp = dir.path().join(".mcp.json.gatehouse-00000000~");
    std::fs::create_dir(&old.temp).expect("a folder");
    assert!(matches!(old.settle(&mut |_| {}), Err(SettleError::NotRegular { .. })));
    old.temp = dir.path().join("gone/.mcp.json.gatehouse-00000000~");
    assert_eq!(old.settle(&mut |_| {}).expect("looked"), Settled::Gone);
}

#[test]
fn what_is_said_of_late_bytes_does_not_show_them() {
    assert_eq!(format!("{:?}", Settled::Late(b"sk-live".to_vec())), "Late(7 bytes)");
}

/// The smallest guard: puts `held:` before every whole save, and looks after old files.
struct Guard {
    path: PathBuf,
    old: Vec<OldFile>,
    pace: Arc<Pace>,
    /// What was put at the path, and when the bytes it was planned from were saved.
    put: BTreeMap<Digest, i64>,
    /// How often a writer was met before the exchange, after it, and as late bytes.
    changed: usize,
    back: usize,
    late: usize,
}

/// What the other program has done so far, so that the guard can let it act at a chosen moment.
#[derive(Default)]
struct Pace {
    acts: AtomicUsize,
    idle: AtomicBool,
    steps: AtomicUsize,
    waiting: AtomicBool,
}

impl Pace {
    fn acted(&self) {
        self.acts.fetch_add(1, Ordering::SeqCst);
    }

    /// Waits until the other program acts once more, or has nothing left to do.
    fn let_act(&self) {
        let seen = self.acts.load(Ordering::SeqCst);
        self.waiting.store(true, Ordering::SeqCst);
        while self.acts.load(Ordering::SeqCst) == seen && !self.idle.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
        self.waiting.store(false, Ordering::SeqCst);
    }

    /// Waits, as the other program, until the guard comes a step further or lets it act.
    fn let_step(&self) {
        let seen = self.steps.load(Ordering::SeqCst);
        while self.steps.load(Ordering::SeqCst) == seen && !self.waiting.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
    }

    fn stepped(&self) {
        self.steps.fetch_add(1, Ordering::SeqCst);
    }

    /// At each narrow moment of a swap the other program is often let in.
    fn observe(&self, step: Step, back: &mut usize) {
        self.stepped();
        if matches!(step, Step::Checked | Step::Exchanged | Step::ExchangedBack) && random().is_multiple_of(4) {
            self.let_act();
        }
        *back += usize::from(step == Step::ExchangedBack);
    }
}

fn plan(bytes: &[u8]) -> Vec<u8> {
    if bytes.starts_with(b"held:") { bytes.to_vec() } else { [b"held:", bytes].concat() }
}

fn is_whole(bytes: &[u8]) -> bool {
    bytes.ends_with(b"}")
}

impl Guard {
    fn of(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            old: Vec::new(),
            pace: Arc::default(),
            put: BTreeMap::new(),
            changed: 0,
            back: 0,
            late: 0,
        }
    }

    fn keep(&mut self, old: Option<OldFile>) {
        self.put.extend(old.iter().map(|old| (old.ours, old.saved_ns)));
        self.old.extend(old);
    }

    fn swap(&mut self, read: &FileRead, after: &[u8]) {
        match swap::replace(read, after, &mut |step| self.pace.observe(step, &mut self.back)) {
            Ok(done) => self.keep(done.old),
            Err(ReplaceError::Changed { old, .. }) => {
                self.changed += 1;
                self.old.extend(old.map(|old| *old));
            }
            Err(e) => panic!("{e:?}"),
        }
    }

    fn look(&mut self) {
        match files::read(&self.path) {
            Ok(read) if is_whole(&read.bytes) && !read.bytes.starts_with(b"held:") => {
                self.swap(&read, &plan(&read.bytes));
            }
            Ok(_) | Err(ReadError::Unstable { .. } | ReadError::Absent { .. }) => {}
            Err(e) => panic!("{e:?}"),
        }
    }

    fn settle(&mut self) {
        for old in std::mem::take(&mut self.old) {
            match old.settle(&mut |_| {}).expect("looked") {
                Settled::Quiet | Settled::Gone => {}
                Settled::Writing => self.old.push(old),
                Settled::Late(late) if !is_whole(&late) => self.old.push(old),
                Settled::Late(late) => self.adopt(old, &late),
            }
        }
    }

    fn adopt(&mut self, old: OldFile, late: &[u8]) {
        self.late += 1;
        match old.adopt(late, &plan(late), &mut |step| self.pace.observe(step, &mut self.back)) {
            Ok(adopted) => {
                self.old.extend(adopted.rest);
                self.keep(adopted.replaced.and_then(|done| done.old));
            }
            Err(AdoptError::Replace(ReplaceError::Changed { old: other, .. })) => {
                self.old.push(old);
                self.old.extend(other.map(|other| *other));
            }
            Err(AdoptError::Read(_)) => self.old.push(old),
            Err(error @ AdoptError::Third { .. }) => {
                let AdoptError::Third { standing, .. } = &error else { unreachable!("matched above") };
                if error.late_is_newer(self.put.get(&standing.digest).copied()) {
                    self.swap(standing, &plan(late));
                    // Somebody was faster: both are judged anew.
                    if files::read(&self.path).is_ok_and(|now| now.digest != Digest::of(&plan(late))) {
                        return self.old.push(old);
                    }
                }
                match old.discard(late, &mut |_| {}).expect("looked") {
                    Settled::Quiet | Settled::Gone => {}
                    Settled::Writing | Settled::Late(_) => self.old.push(old),
                }
            }
            Err(e) => panic!("{e:?}"),
        }
    }

    /// To be called when all writers are done: at most a few looks bring everything to rest.
    fn come_to_rest(&mut self) -> Vec<u8> {
        for _ in 0..20 {
            self.look();
            self.settle();
            let bytes = std::fs::read(&self.path).expect("a file stands at the path");
            if self.old.is_empty() && bytes.starts_with(b"held:") {
                return bytes;
            }
        }
        panic!("no rest: {:?}", self.old);
    }
}

fn random() -> u64 {
    getrandom::u64().expect("random")
}

/// Waits a random while of some microseconds by spinning: the race is the point, no event is waited for.
fn spin() {
    for _ in 0..random() % 15_000 {
        std::hint::spin_loop();
    }
}

fn save(round: usize, word: &str) -> Vec<u8> {
    format!("{{\"round\":{round},\"save\":\"{}\"}}", word.repeat(200)).into_bytes()
}

/// A writer opens the file, truncates it, writes half, pauses and writes the rest, while the guard swaps it.
#[cfg(target_os = "linux")]
#[test]
fn a_slow_save_in_place_is_never_lost() {
    let (dir, path) = start();
    let (go, started) = mpsc::channel::<usize>();
    let (done, finished) = mpsc::channel::<Vec<u8>>();
    let mut guard = Guard::of(&path);
    std::thread::scope(|scope| {
        let written = path.clone();
        let pace = Arc::clone(&guard.pace);
        scope.spawn(move || {
            for round in started {
                let bytes = save(round, "in place ");
                spin();
                // Opened first and truncated later, as by a descriptor that a program keeps.
                let mut file = OpenOptions::new().write(true).open(&written).expect("opened");
                pace.acted();
                spin();
                file.set_len(0).expect("truncated");
                pace.acted();
                if random().is_multiple_of(2) {
                    pace.let_step();
                }
                let (first, rest) = bytes.split_at(bytes.len() / 2);
                file.write_all(first).expect("written");
                pace.acted();
                spin();
                file.write_all(rest).expect("written");
                drop(file);
                pace.acted();
                let mut last = bytes;
                // Often a second save follows within the same millisecond, now by the path.
                if random().is_multiple_of(2) {
                    last = save(round, "again ");
                    std::fs::write(&written, &last).expect("written");
                }
                pace.idle.store(true, Ordering::SeqCst);
                done.send(last).expect("the test waits");
            }
        });
        for round in 0..500 {
            std::fs::write(&path, save(round, "base ")).expect("written");
            guard.pace.idle.store(false, Ordering::SeqCst);
            go.send(round).expect("the writer waits");
            let last = loop {
                guard.look();
                if random().is_multiple_of(4) {
                    guard.settle();
                }
                guard.pace.stepped();
                match finished.try_recv() {
                    Ok(last) => break last,
                    Err(mpsc::TryRecvError::Empty) => spin(),
                    Err(mpsc::TryRecvError::Disconnected) => panic!("the writer ended"),
                }
            };
            let stands = guard.come_to_rest();
            assert!(stands == plan(&last), "round {round}: {}", String::from_utf8_lossy(&stands));
            assert_eq!(leftovers(dir.path()), Vec::<PathBuf>::new(), "round {round}");
        }
        drop(go);
    });
    assert!(guard.changed > 0 && guard.late > 0, "{} {} {}", guard.changed, guard.back, guard.late);
}

/// An editor renames its saves over the file, several within a millisecond, while the guard exchanges it.
#[test]
fn a_save_by_rename_at_the_moment_of_the_exchange_is_never_lost() {
    let (dir, path) = start();
    let (go, started) = mpsc::channel::<usize>();
    let (done, finished) = mpsc::channel::<Vec<u8>>();
    let mut guard = Guard::of(&path);
    std::thread::scope(|scope| {
        let written = path.clone();
        let pace = Arc::clone(&guard.pace);
        scope.spawn(move || {
            for round in started {
                let mut last = Vec::new();
                for count in 0..1 + random() % 8 {
                    last = save(round, &format!("{count} "));
                    let temp = written.with_file_name("editor.tmp");
                    File::create(&temp).and_then(|mut f| f.write_all(&last)).expect("written");
                    std::fs::rename(&temp, &written).expect("renamed");
                    pace.acted();
                    match random() % 4 {
                        0 => {}
                        1 => spin(),
                        _ => pace.let_step(),
                    }
                }
                pace.idle.store(true, Ordering::SeqCst);
                done.send(last).expect("the test waits");
            }
        });
        for round in 0..500 {
            std::fs::write(&path, save(round, "base ")).expect("written");
            guard.pace.idle.store(false, Ordering::SeqCst);
            go.send(round).expect("the editor waits");
            let last = loop {
                guard.look();
                guard.pace.stepped();
                match finished.try_recv() {
                    Ok(last) => break last,
                    Err(mpsc::TryRecvError::Empty) => {}
                    Err(mpsc::TryRecvError::Disconnected) => panic!("the editor ended"),
                }
            };
            let stands = guard.come_to_rest();
            assert!(stands == plan(&last), "round {round}: {}", String::from_utf8_lossy(&stands));
            assert_eq!(leftovers(dir.path()), Vec::<PathBuf>::new(), "round {round}");
        }
        drop(go);
    });
    assert!(guard.changed > 0 && guard.back > 0, "{} {} {}", guard.changed, guard.back, guard.late);
}
