//! No save is lost: writers of every habit against a running guard. Whatever races, at the end the file holds what its
//! writer saved last, without the entries that nobody approved, and nothing lies beside it.

use std::fs::{File, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::support::{Sandbox, Watch, eventually, leaves_nothing};

const FILE: &str = ".cursor/mcp.json";

/// A file with a counter, an entry of the baseline and, if wanted, the entry of a round.
fn text(counter: usize, new: Option<usize>) -> String {
    let mut out =
        format!("{{\n  \"counter\": {counter},\n  \"mcpServers\": {{\n    \"files\": {{ \"command\": \"files\" }}");
    if let Some(new) = new {
        out.push_str(&format!(",\n    \"new-{new}\": {{ \"command\": \"npx\", \"args\": [\"-y\", \"pack-{new}\"] }}"));
    }
    out.push_str(&format!("\n  }},\n  \"tail\": {counter}\n}}\n"));
    out
}

/// Pauses of a seed, so that a failure can be had again.
struct Pauses(u64);

impl Pauses {
    fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }

    /// Part of what the writer does, not a wait for anything.
    fn pause(&mut self, below_micros: u64) {
        std::thread::sleep(Duration::from_micros(self.next(below_micros)));
    }
}

/// Opens the file by its name and truncates it, as `fs.writeFileSync` and the like do.
fn truncated(path: &Path) -> File {
    OpenOptions::new().write(true).create(true).truncate(true).open(path).expect("a file to write")
}

fn rename_over(path: &Path, text: &str) {
    let temp = path.with_extension("editor-temp");
    std::fs::write(&temp, text).expect("a file");
    std::fs::rename(&temp, path).expect("a rename");
}

/// A guarded home whose file holds the baseline.
fn guarded() -> (Sandbox, Watch, PathBuf) {
    let home = Sandbox::new();
    home.write(FILE, &text(0, None));
    let guard = home.watch();
    let path = home.path(FILE);
    (home, guard, path)
}

/// What the end of every race must be: the last save without its new entry, which is held, and can be had back.
#[track_caller]
fn ends_with(home: &Sandbox, path: &Path, last: usize) {
    let expected = text(last, None);
    let folder = path.parent().expect("a folder");
    let read = || std::fs::read_to_string(path).unwrap_or_default();
    let done = || read() == expected && leaves_nothing(folder);
    let until = Instant::now() + 3 * crate::support::SOON;
    while !done() {
        let names: Vec<_> = std::fs::read_dir(folder).expect("a folder").flatten().map(|e| e.file_name()).collect();
        assert!(Instant::now() < until, "{last}: {}\n{names:?}", read());
        std::thread::sleep(Duration::from_millis(20));
    }
    let name = format!("cursor/new-{last}");
    assert_eq!(home.status(&name), "held");
    home.run(&["approve", &name]).ok();
    assert_eq!(read(), text(last, Some(last)), "it goes back byte for byte");
    eventually("old files are gone", || leaves_nothing(folder));
}

#[test]
fn a_writer_in_two_halves_loses_nothing() {
    let (home, guard, path) = guarded();
    let mut pauses = Pauses(0x9e37_79b9_7f4a_7c15);
    const ROUNDS: usize = 500;
    for round in 1..=ROUNDS {
        let text = text(round, Some(round));
        let cut = usize::try_from(pauses.next(text.len() as u64)).expect("small");
        let mut file = truncated(&path);
        file.write_all(&text.as_bytes()[..cut]).expect("written");
        pauses.pause(8_000);
        file.write_all(&text.as_bytes()[cut..]).expect("written");
        drop(file);
        pauses.pause(12_000);
    }
    ends_with(&home, &path, ROUNDS);
    assert_eq!(guard.end(), Some(0));
}

#[test]
fn two_saves_at_once_leave_the_second() {
    let (home, _guard, path) = guarded();
    let mut pauses = Pauses(0x2545_f491_4f6c_dd1d);
    let write = |path: &Path, text: &str| std::fs::write(path, text).expect("written");
    let ways: [fn(&Path, &str); 2] = [write, rename_over];
    let mut round = 0;
    for _ in 0..20 {
        for (first, second) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            round += 2;
            ways[first](&path, &text(round - 1, Some(round - 1)));
            ways[second](&path, &text(round, Some(round)));
            pauses.pause(60_000);
        }
    }
    ends_with(&home, &path, round);
}

#[test]
fn an_editor_that_renames_over_the_file_races_with_the_exchange() {
    let (home, _guard, path) = guarded();
    let mut pauses = Pauses(0xdead_beef_cafe_f00d);
    const ROUNDS: usize = 400;
    for round in 1..=ROUNDS {
        rename_over(&path, &text(round, Some(round)));
        pauses.pause(6_000);
    }
    ends_with(&home, &path, ROUNDS);
}

/// Spins until something is there: what is aimed at passes within microseconds.
fn spin<T>(what: &str, found: impl Fn() -> Option<T>) -> T {
    let until = Instant::now() + crate::support::SOON;
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(Instant::now() < until, "not in time: {what}");
        std::thread::yield_now();
    }
}

#[cfg(unix)]
/// Saves at the very moment of the exchange: the time from the new file's appearing to the exchange is measured in one
/// round and aimed at in the next ones. Each save has to stand before the next round, so that none hides a lost one.
fn aims_at_the_exchange(seed: u64, save: fn(&Path, &str) -> Box<dyn FnOnce()>) {
    use std::os::unix::fs::MetadataExt as _;
    let (home, _guard, path) = guarded();
    let folder = home.path(".cursor");
    let mut pauses = Pauses(seed);
    let mut distance = Duration::ZERO;
    let mut last = 0;
    for round in 0..24 {
        last += 1;
        rename_over(&path, &text(last, Some(last)));
        let inode = std::fs::metadata(&path).expect("there").ino();
        // Made ready beforehand, so that one system call is left.
        let saves = round % 4 != 0;
        let ready = saves.then(|| save(&path, &text(last + 1, Some(last + 1))));
        spin("the new file", || (!leaves_nothing(&folder)).then_some(()));
        let from = Instant::now();
        match ready {
            None => {
                let changed = || std::fs::metadata(&path).is_ok_and(|meta| meta.ino() != inode).then(|| from.elapsed());
                distance = spin("the exchange", changed);
            }
            Some(ready) => {
                let hundredths = u32::try_from(70 + pauses.next(50)).expect("small");
                let at = from + distance * hundredths / 100;
                spin("the moment", || (Instant::now() >= at).then_some(()));
                ready();
                last += 1;
            }
        }
        let expected = text(last, None);
        let read = || std::fs::read_to_string(&path).unwrap_or_default();
        let until = Instant::now() + 3 * crate::support::SOON;
        while read() != expected || !leaves_nothing(&folder) {
            assert!(Instant::now() < until, "round {round}, save {last}: {}", read());
            std::thread::sleep(Duration::from_millis(2));
        }
    }
    ends_with(&home, &path, last);
}

#[cfg(unix)]
#[test]
fn a_rename_at_the_moment_of_the_exchange_is_not_lost() {
    aims_at_the_exchange(0x1234_5678_9abc_def1, |path, text| {
        let temp = path.with_extension("editor-temp");
        std::fs::write(&temp, text).expect("a file");
        let path = path.to_owned();
        Box::new(move || std::fs::rename(temp, path).expect("a rename"))
    });
}

#[cfg(unix)]
#[test]
fn a_write_at_the_moment_of_the_exchange_is_not_lost() {
    aims_at_the_exchange(0x0fed_cba9_8765_4321, |path, text| {
        let mut file = OpenOptions::new().write(true).open(path).expect("a file");
        let text = text.to_owned();
        // All saves of a round have the same length but for a digit more, so one write is the whole save.
        Box::new(move || {
            file.write_all(text.as_bytes()).and_then(|()| file.set_len(text.len() as u64)).expect("written");
        })
    });
}

#[test]
fn a_half_written_file_is_left_alone_until_it_is_whole() {
    let (home, mut guard, path) = guarded();
    let before = home.ledger_entries();
    for (round, cut) in [0, 30, 80].into_iter().enumerate() {
        let round = round + 1;
        let text = text(round, Some(round));
        let mut file = truncated(&path);
        file.write_all(&text.as_bytes()[..cut]).expect("written");
        std::thread::sleep(Duration::from_secs(1));
        file.write_all(&text.as_bytes()[cut..]).expect("written");
        drop(file);
        guard.wait_about("held", &format!("new-{round}"));
    }
    let told = guard.drain().iter().filter(|notice| notice["notice"] == "unreadable").count();
    assert_eq!(told, 0, "a second is no alarm");
    let gone = home.ledger_since(before).into_iter().filter(|entry| entry.to_string().contains("\"vanished\"")).count();
    assert_eq!(gone, 0, "entries of a file that is half written have not vanished");
    ends_with(&home, &path, 3);
}

#[test]
fn a_folder_that_is_deleted_and_made_again_stays_guarded() {
    let (home, mut guard, path) = guarded();
    let folder = home.path(".cursor");
    for round in 1..=25 {
        // Ours may lie there for a moment: whatever comes in between, the folder goes.
        eventually("the folder is gone", || std::fs::remove_dir_all(&folder).is_ok() || !folder.exists());
        std::fs::create_dir_all(&folder).expect("folders");
        std::fs::write(&path, text(round, Some(round))).expect("written");
        guard.wait_about("held", &format!("new-{round}"));
    }
    ends_with(&home, &path, 25);
}

#[test]
fn a_file_that_appears_or_comes_back_is_guarded() {
    let home = Sandbox::new();
    let mut guard = home.watch();
    for (round, below) in [".cursor/mcp.json", ".config/Code/User/mcp.json"].into_iter().enumerate() {
        let key = if round == 0 { "mcpServers" } else { "servers" };
        for again in 0..3 {
            let name = format!("new-{round}-{again}");
            let entry = format!("{{\"{key}\": {{\"{name}\": {{\"command\": \"run-{name}\"}}}}, \"last\": {again}}}");
            home.write(below, &entry);
            guard.wait_about("held", &name);
            assert_eq!(home.read(below), format!("{{\"{key}\": {{}}, \"last\": {again}}}"));
            if again == 1 {
                // The whole way goes: from the first folder below the home.
                let top = below.split('/').next().expect("a folder");
                eventually("the tree is gone", || std::fs::remove_dir_all(home.path(top)).is_ok());
            } else {
                std::fs::remove_file(home.path(below)).expect("removed");
            }
        }
    }
    // A held entry outlives its file.
    assert_eq!(home.status("cursor/new-0-2"), "held");
    home.write(FILE, "{\"mcpServers\": {}}");
    home.run(&["approve", "cursor/new-0-2"]).ok();
    assert!(home.read(FILE).contains("new-0-2"));
}

#[test]
fn ten_saves_a_second_end_held() {
    let (home, _guard, path) = guarded();
    for round in 1..=40 {
        let text = text(round, Some(round));
        if round % 2 == 0 {
            rename_over(&path, &text)
        } else {
            std::fs::write(&path, text).expect("written")
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    ends_with(&home, &path, 40);
}

#[test]
fn a_save_through_a_descriptor_from_before_the_exchange_counts() {
    let (home, mut guard, path) = guarded();
    let mut file = truncated(&path);
    file.write_all(text(1, Some(1)).as_bytes()).expect("written");
    // Written, not closed: held all the same.
    guard.wait_about("held", "new-1");
    assert_eq!(home.read(FILE), text(1, None));
    assert!(!leaves_nothing(&home.path(".cursor")), "the file that is still open is kept");
    // Held open for long, then written through: this is the newest save.
    std::thread::sleep(Duration::from_millis(700));
    file.set_len(0).and_then(|()| file.seek(SeekFrom::Start(0))).expect("truncated");
    file.write_all(text(2, Some(2)).as_bytes()).expect("written");
    drop(file);
    guard.wait_about("held", "new-2");
    ends_with(&home, &path, 2);
}

/// While a disk is busy, a call that opens and empties a file may hang in between, with no descriptor to be seen yet. For
/// a format in which nothing is a whole document, the emptiness is not what was saved.
#[test]
fn a_file_that_is_empty_while_it_is_being_opened_is_no_save() {
    const CODEX: &str = ".codex/config.toml";
    let text = |names: &[&str]| {
        let entry = |name: &&str| format!("\n[mcp_servers.{name}]\ncommand = \"npx\"\nargs = [\"-y\", \"{name}\"]\n");
        format!("model = \"x\"\n{}", names.iter().map(entry).collect::<String>())
    };
    let home = Sandbox::new();
    home.write(CODEX, &text(&["base"]));
    let mut guard = home.watch();
    let (path, folder) = (home.path(CODEX), home.path(".codex"));
    let writer = OpenOptions::new().write(true).open(&path).expect("it is there");
    home.write(CODEX, &text(&["base", "first"]));
    guard.wait_about("held", "first");
    assert_eq!(home.read(CODEX), text(&["base"]));
    // Closed again, empty: so it looks as long as the call hangs.
    writer.set_len(0).expect("truncated");
    drop(writer);
    let is_own = |entry: &std::fs::DirEntry| entry.path() != path;
    let old = std::fs::read_dir(&folder).expect("a folder").flatten().find(is_own).expect("the old file").path();
    let until = Instant::now() + Duration::from_millis(700);
    while Instant::now() < until {
        assert_eq!(home.read(CODEX), text(&["base"]), "the file has the bytes of some save at any moment");
        std::thread::sleep(Duration::from_millis(5));
    }
    std::fs::write(&old, text(&["base", "second"])).expect("the old file is still there");
    guard.wait_about("held", "second");
    eventually("the late save stands", || home.read(CODEX) == text(&["base"]) && leaves_nothing(&folder));
    home.run(&["approve", "codex/second"]).ok();
    assert_eq!(home.read(CODEX), text(&["base", "second"]));
    // What stays empty was saved so.
    let writer = OpenOptions::new().write(true).open(&path).expect("it is there");
    home.write(CODEX, &text(&["base", "third"]));
    guard.wait_about("held", "third");
    writer.set_len(0).expect("truncated");
    drop(writer);
    eventually("it is empty", || home.read(CODEX).is_empty() && leaves_nothing(&folder));
}

/// A writer that was in the call which opens the file at the moment of the exchange has no descriptor that could be seen.
#[test]
fn a_save_that_comes_out_of_its_call_after_the_exchange_counts() {
    // So long the old file keeps its name; a test that comes later than that has shown nothing.
    const REST: Duration = Duration::from_secs(1);
    let comes_in_time = || {
        let (home, mut guard, path) = guarded();
        let folder = path.parent().expect("a folder").to_owned();
        let start = Instant::now();
        home.write(FILE, &text(1, Some(1)));
        guard.wait_about("held", "new-1");
        let is_own = |entry: &std::fs::DirEntry| entry.path() != path;
        let old = || std::fs::read_dir(&folder).expect("a folder").flatten().find(is_own).map(|entry| entry.path());
        let is_late = || start.elapsed() >= REST;
        let temp = old();
        // Longer than a file rests of which it is known that nobody has it open.
        let until = Instant::now() + REST / 3;
        while Instant::now() < until {
            assert!(is_late() || (temp.is_some() && old() == temp), "nobody has it open, and it keeps its name");
            std::thread::sleep(Duration::from_millis(5));
        }
        let late = temp.and_then(|temp| OpenOptions::new().write(true).truncate(true).open(temp).ok());
        let Some(mut late) = late else {
            assert!(is_late(), "the old file is gone");
            return false;
        };
        late.write_all(text(2, Some(2)).as_bytes()).expect("written");
        drop(late);
        guard.wait_about("held", "new-2");
        ends_with(&home, &path, 2);
        true
    };
    assert!((0..20).any(|_| comes_in_time()), "the machine is too busy to tell");
}

/// The old file goes with its folder, and is not forgotten when that comes back.
#[test]
fn an_old_file_whose_folder_was_away_for_a_while_goes_too() {
    let (home, mut guard, path) = guarded();
    let folder = path.parent().expect("a folder").to_owned();
    let away = home.path("away");
    home.write(FILE, &text(1, Some(1)));
    guard.wait_about("held", "new-1");
    std::fs::rename(&folder, &away).expect("moved");
    let is_in = |folder: &Path| !leaves_nothing(folder);
    let had_old = is_in(&away);
    // Longer than it would have stayed.
    let until = Instant::now() + Duration::from_millis(1_500);
    while Instant::now() < until {
        assert_eq!((folder.exists(), is_in(&away)), (false, had_old));
        std::thread::sleep(Duration::from_millis(5));
    }
    std::fs::rename(&away, &folder).expect("moved back");
    eventually("the old file goes", || leaves_nothing(&folder));
    ends_with(&home, &path, 1);
}

#[test]
fn a_later_save_by_name_beats_an_old_descriptor() {
    let (home, mut guard, path) = guarded();
    let mut file = truncated(&path);
    file.write_all(text(1, Some(1)).as_bytes()).expect("written");
    guard.wait_about("held", "new-1");
    file.write_all(b" ").expect("written");
    std::thread::sleep(Duration::from_millis(50));
    rename_over(&path, &text(2, Some(2)));
    guard.wait_about("held", "new-2");
    drop(file);
    ends_with(&home, &path, 2);
}

#[test]
fn a_file_deleted_under_an_open_descriptor_leaves_nothing() {
    let (home, mut guard, path) = guarded();
    let mut file = truncated(&path);
    file.write_all(text(1, Some(1)).as_bytes()).expect("written");
    guard.wait_about("held", "new-1");
    std::fs::remove_file(&path).expect("removed");
    file.write_all(b" ").expect("written");
    drop(file);
    eventually("old files are gone", || leaves_nothing(&home.path(".cursor")));
    assert!(!path.exists());
}

#[test]
fn a_stopped_guard_leaves_nothing_beside_the_file() {
    let (home, mut guard, path) = guarded();
    rename_over(&path, &text(1, Some(1)));
    guard.wait_about("held", "new-1");
    assert_eq!(guard.end(), Some(0));
    assert!(leaves_nothing(&home.path(".cursor")));
    assert_eq!(home.read(FILE), text(1, None));
}

#[cfg(unix)]
#[test]
fn a_linked_file_stays_a_link() {
    let home = Sandbox::new();
    home.write("dotfiles/cursor.json", &text(0, None));
    std::fs::create_dir(home.path(".cursor")).expect("a folder");
    std::os::unix::fs::symlink("../dotfiles/cursor.json", home.path(FILE)).expect("a link");
    let mut guard = home.watch();
    let target = home.path("dotfiles/cursor.json");
    let link = home.path(FILE);
    // Through the link, over the target, and in place at the target.
    std::fs::write(&link, text(1, Some(1))).expect("written");
    guard.wait_about("held", "new-1");
    rename_over(&target, &text(2, Some(2)));
    guard.wait_about("held", "new-2");
    std::fs::write(&target, text(3, Some(3))).expect("written");
    guard.wait_about("held", "new-3");
    assert_eq!(std::fs::read_link(&link).expect("still a link"), Path::new("../dotfiles/cursor.json"));
    // The link is turned to another file, by rename as dotfile tools do.
    home.write("dotfiles/other.json", &text(4, Some(4)));
    std::os::unix::fs::symlink("../dotfiles/other.json", home.path(".cursor/new")).expect("a link");
    std::fs::rename(home.path(".cursor/new"), &link).expect("turned");
    guard.wait_about("held", "new-4");
    assert_eq!(home.read("dotfiles/cursor.json"), text(3, None), "the old target is as it was left");
    ends_with(&home, &home.path("dotfiles/other.json"), 4);
    assert!(link.is_symlink());
    eventually("nothing lies in either folder", || {
        leaves_nothing(&home.path(".cursor")) && leaves_nothing(&home.path("dotfiles"))
    });
}

#[test]
fn a_storm_of_rewrites_of_a_large_file_says_nothing() {
    let home = Sandbox::new();
    let state = |counter: usize| {
        let mut out = format!(
            "{{\n  \"numStartups\": {counter},\n  \"mcpServers\": {{ \"files\": {{ \"command\": \"files\" }} }},\n  \"history\": [\n"
        );
        let line = "    { \"display\": \"what a person typed, {}[] and all\", \"pastedContents\": {} },\n";
        while out.len() < 5 << 20 {
            out.push_str(line);
        }
        out.push_str(&format!("    {counter}\n  ]\n}}\n"));
        out
    };
    home.write(".claude.json", &state(0));
    let mut guard = home.watch();
    let before = home.ledger_entries();
    let path = home.path(".claude.json");
    for round in 1..=40 {
        let text = state(round);
        if round % 2 == 0 {
            rename_over(&path, &text)
        } else {
            std::fs::write(&path, text).expect("written")
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    // The guard is through with them when it holds what comes after.
    home.save(FILE, &text(1, Some(1)));
    guard.wait_about("held", "new-1");
    assert!(std::fs::read_to_string(&path).expect("read") == state(40), "the last save stands to the byte");
    let since = home.ledger_since(before);
    assert!(since.iter().all(|entry| !entry.to_string().contains(".claude.json")), "{since:#?}");
    let asked: Vec<_> = guard.drain().iter().filter(|n| n.to_string().contains(".claude.json")).collect();
    assert!(asked.is_empty(), "{asked:#?}");
    assert!(leaves_nothing(&home.home()));
}
