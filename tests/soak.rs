//! A guard around which several programs save, move, delete and make files again for long: in the end it sees what is there,
//! holds what nobody approved, and has not grown.
//!
//! The ordinary tests run a small one. `cargo xtask soak` runs the whole: ten minutes, 200 folders of clients and 2,000 of
//! projects. `GATEHOUSE_SOAK_SECONDS` and `GATEHOUSE_SOAK_SEED` set the length and repeat a run.
#![cfg(target_os = "linux")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Sandbox, Watch, servers};

const WRITERS: usize = 4;

/// Launches that are approved before, and one in each file that never is.
const APPROVED: [&str; 4] = ["files", "mail", "notes", "search"];

const NEW: &str = "new";

/// How much of everything.
struct Size {
    seconds: u64,
    client_folders: usize,
    projects: usize,
    /// Between two acts of one writer.
    pause: Duration,
}

impl Size {
    fn of_this_run() -> Self {
        let small = Self { seconds: 16, client_folders: 20, projects: 200, pause: Duration::from_millis(25) };
        match setting("GATEHOUSE_SOAK_SECONDS") {
            None => small,
            Some(seconds) => Self { seconds, client_folders: 200, projects: 2_000, ..small },
        }
    }
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// A random sequence that is the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).expect("a small number")
    }
}

/// One file that a writer has to itself.
#[derive(Clone)]
struct Place {
    path: PathBuf,
    /// The folder that goes and comes back as a whole.
    folder: PathBuf,
    container: &'static str,
    /// Its client switches an entry off in its place.
    has_switch: bool,
    /// The names of its entries as they were saved last; `None` while the file is gone.
    saved: Option<Vec<&'static str>>,
    /// The new entry was saved here at some time.
    had_new: bool,
}

impl Place {
    fn new(home: &Sandbox, folder: &str, file: &str) -> Self {
        let container =
            if file.ends_with("vscode/mcp.json") || folder.contains("Code/User") { "servers" } else { "mcpServers" };
        let has_switch = folder.starts_with(".kiro") || file.starts_with(".roo");
        let (folder, saved) = (home.path(folder), Some(vec![APPROVED[0]]));
        Self { path: folder.join(file), folder, container, has_switch, saved, had_new: false }
    }

    fn text(&self, names: &[&str]) -> String {
        if names.is_empty() {
            return format!("{{\n  \"{}\": {{\n  }}\n}}\n", self.container);
        }
        let body = |name: &str| format!("{{ \"command\": \"npx\", \"args\": [\"{name}-mcp@1.0.0\"] }}");
        let bodies: Vec<_> = names.iter().map(|name| (*name, body(name))).collect();
        servers(self.container, &bodies.iter().map(|(name, body)| (*name, body.as_str())).collect::<Vec<_>>())
    }

    /// What stands there once the guard is through: what was saved last, without what nobody approved.
    fn expected(&self) -> Option<String> {
        let names = self.saved.as_ref()?;
        if self.has_switch {
            let (on, off) = (format!("\"{NEW}\": {{ "), format!("\"{NEW}\": {{ \"disabled\": true, "));
            return Some(self.text(names).replace(&on, &off));
        }
        Some(self.text(&names.iter().copied().filter(|name| *name != NEW).collect::<Vec<_>>()))
    }

    fn save(&mut self, dice: &mut Dice) {
        let mut names: Vec<_> = APPROVED.into_iter().filter(|_| dice.below(2) == 0).collect();
        if dice.below(3) == 0 {
            names.insert(dice.below(names.len() + 1), NEW);
            self.had_new = true;
        }
        let text = self.text(&names);
        fs::create_dir_all(self.path.parent().expect("a folder")).expect("folders");
        match dice.below(3) {
            0 => fs::write(&self.path, &text).expect("written"),
            1 => {
                let mut file = fs::File::create(&self.path).expect("truncated");
                let (first, second) = text.as_bytes().split_at(dice.below(text.len()));
                file.write_all(first).expect("written");
                std::thread::sleep(Duration::from_micros(dice.below(5_000) as u64));
                file.write_all(second).expect("written");
            }
            _ => {
                let temp = self.path.with_extension("editor-temp");
                fs::write(&temp, &text).and_then(|()| fs::rename(&temp, &self.path)).expect("renamed");
            }
        }
        self.saved = Some(names);
    }

    /// Does one thing to the place, as its owner might.
    fn act(&mut self, dice: &mut Dice) {
        match dice.below(12) {
            0 => {
                let _ = fs::remove_file(&self.path);
                self.saved = None;
            }
            1 => {
                // A file of ours may come in between; whoever deletes a folder tries again.
                while self.folder.exists() && fs::remove_dir_all(&self.folder).is_err() {}
                self.saved = None;
            }
            2 => there_and_back(&self.path, dice),
            3 => there_and_back(&self.folder, dice),
            _ => self.save(dice),
        }
    }
}

/// Moves something off, and back after a moment.
fn there_and_back(path: &Path, dice: &mut Dice) {
    let away = path.with_extension("away");
    if fs::rename(path, &away).is_ok() {
        std::thread::sleep(Duration::from_micros(dice.below(20_000) as u64));
        fs::rename(&away, path).expect("moved back");
    }
}

/// All places, with a baseline in each, and the list of projects.
fn made(home: &Sandbox, size: &Size) -> Vec<Place> {
    let own =
        [(".cursor", "mcp.json"), (".config/Claude", "claude_desktop_config.json"), (".kiro/settings", "mcp.json")];
    let mut places: Vec<_> = own.iter().map(|(folder, file)| Place::new(home, folder, file)).collect();
    let profiles = places.len()..size.client_folders;
    places.extend(profiles.map(|n| Place::new(home, &format!(".config/Code/User/profiles/{n}"), "mcp.json")));
    let files = [".mcp.json", ".cursor/mcp.json", ".vscode/mcp.json", ".roo/mcp.json"];
    places.extend((0..size.projects).map(|n| Place::new(home, &format!("work/{n}"), files[n % files.len()])));
    for place in &places {
        fs::create_dir_all(place.path.parent().expect("a folder")).expect("folders");
        fs::write(&place.path, place.expected().expect("a baseline")).expect("written");
    }
    let projects = (0..size.projects).map(|n| format!("{:?}: {{}}", home.path(&format!("work/{n}"))));
    home.write(".claude.json", &format!("{{\"projects\": {{{}}}}}\n", projects.collect::<Vec<_>>().join(",")));
    places
}

/// What the process holds of the system's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Holdings {
    descriptors: usize,
    /// For configuration files.
    watches: usize,
    /// For code; they follow on a thread of their own.
    code_watches: usize,
    resident_kb: u64,
}

impl Holdings {
    fn of(guard: &Watch) -> Self {
        let process = PathBuf::from(format!("/proc/{}", guard.child.id()));
        let entries = |folder: &str| fs::read_dir(process.join(folder)).expect("the process").flatten();
        let number = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().parse::<u32>().ok();
        let counted = |entry: fs::DirEntry| {
            let text = fs::read_to_string(entry.path()).ok()?;
            Some((number(&entry)?, text.lines().filter(|line| line.starts_with("inotify")).count()))
        };
        // The watcher of configuration files is made first.
        let by_number: std::collections::BTreeMap<_, _> =
            entries("fdinfo").filter_map(counted).filter(|(_, watches)| *watches > 0).collect();
        let mut counts = by_number.into_values();
        let (watches, code_watches) = (counts.next().unwrap_or_default(), counts.sum());
        let status = fs::read_to_string(process.join("status")).expect("its status");
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next());
        let resident_kb = resident.and_then(|number| number.parse().ok()).expect("a size");
        Self { descriptors: entries("fd").count(), watches, code_watches, resident_kb }
    }
}

/// What is seen, without when and by whom.
fn picture(scan: &Value) -> (Value, Value) {
    (scan["connectors"].clone(), scan["coverage"].clone())
}

/// Waits until the guard is through with all that was done.
fn wait_until_quiet(places: &[Place], bound: Duration) {
    let until = Instant::now() + bound;
    let folders: BTreeSet<_> = places.iter().filter_map(|place| place.path.parent()).collect();
    loop {
        let differs = |place: &&Place| fs::read_to_string(&place.path).ok() != place.expected();
        let wrong = places.iter().find(differs);
        let mut around = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flat_map(Iterator::flatten);
        let left = around.find(|entry| entry.file_name().to_string_lossy().contains(".gatehouse-"));
        match (wrong, left) {
            (None, None) => return,
            (Some(place), _) if Instant::now() > until => panic!(
                "{}\nis: {:?}\nexpected: {:?}",
                place.path.display(),
                fs::read_to_string(&place.path),
                place.expected()
            ),
            (_, Some(left)) if Instant::now() > until => panic!("an old file is left: {}", left.path().display()),
            _ => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// Waits until the ledger says of every entry whether it stands in its file: what need not be held leaves no other trace of
/// having been looked at.
fn wait_until_told(home: &Sandbox, places: &[Place], bound: Duration) {
    let until = Instant::now() + bound;
    loop {
        let mut stands: BTreeMap<String, (String, String)> = BTreeMap::new();
        for entry in home.ledger_since(0) {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let sighting = &entry["sighting"];
            match entry["event"].as_str() {
                Some("appeared") => {
                    drop(stands.insert(text(&sighting["id"]), (text(&sighting["file"]), text(&sighting["name"]))));
                }
                Some("vanished") => drop(stands.remove(entry["id"].as_str().unwrap_or_default())),
                _ => {}
            }
        }
        let told: BTreeSet<_> = stands.into_values().filter(|(_, name)| name != NEW).collect();
        let files = places.iter().flat_map(|place| {
            let file = place.path.display().to_string();
            place
                .saved
                .iter()
                .flatten()
                .filter(|name| **name != NEW)
                .map(move |name| (file.clone(), (*name).to_owned()))
        });
        let there: BTreeSet<_> = files.collect();
        let differs = told.symmetric_difference(&there).next();
        match differs {
            None => return,
            Some(one) => assert!(Instant::now() < until, "the ledger tells otherwise: {one:?}"),
        }
        std::thread::sleep(Duration::from_millis(250));
    }
}

/// Lets all writers work for a while.
fn work(places: &mut [Place], seed: u64, length: Duration, pause: Duration) -> usize {
    let share = places.len().div_ceil(WRITERS);
    std::thread::scope(|scope| {
        let writers: Vec<_> = places
            .chunks_mut(share)
            .enumerate()
            .map(|(writer, own)| {
                scope.spawn(move || {
                    let mut dice = Dice(seed.wrapping_mul(2 * writer as u64 + 3) | 1);
                    let until = Instant::now() + length;
                    let mut acts = 0;
                    while Instant::now() < until {
                        let place = dice.below(own.len());
                        own[place].act(&mut dice);
                        acts += 1;
                        std::thread::sleep(Duration::from_micros(dice.below(2 * pause.as_micros() as usize) as u64));
                    }
                    acts
                })
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().expect("it works")).sum()
    })
}

#[test]
fn after_a_long_storm_the_guard_sees_what_is_there_and_has_not_grown() {
    let size = Size::of_this_run();
    let seed = setting("GATEHOUSE_SOAK_SEED").unwrap_or(0x9e37_79b9_7f4a_7c15);
    eprintln!("soak: seed {seed}, {} s, {} + {} folders", size.seconds, size.client_folders, size.projects);
    let home = Sandbox::new();
    let mut places = made(&home, &size);
    let bound = Duration::from_secs(60 + size.projects as u64 / 10);
    let mut guard = Watch::start_within(bound, home.command().args(["watch", "--format", "json"]));
    // Approved once, a launch may run anywhere.
    let text = places[0].text(&APPROVED);
    fs::write(&places[0].path, text).expect("written");
    places[0].saved = Some(APPROVED.to_vec());
    for name in &APPROVED[1..] {
        guard.wait_about_any("held", &[name]);
    }
    for row in home.scan()["connectors"].as_array().expect("connectors") {
        if row["path"] == "~/.cursor/mcp.json" {
            home.run(&["approve", row["id"].as_str().expect("an id")]).ok();
        }
    }
    wait_until_quiet(&places, bound);

    // Every file gets its new entry once, so that all holds that there can be are there before anything is measured.
    for place in &mut places {
        let names = vec![APPROVED[0], NEW];
        fs::write(&place.path, place.text(&names)).expect("written");
        (place.saved, place.had_new) = (Some(names), true);
    }
    wait_until_quiet(&places, bound);
    let mut told = 0;
    let mut acts = work(&mut places, seed, Duration::from_secs(size.seconds / 4), size.pause);
    wait_until_quiet(&places, bound);
    let warm = Holdings::of(&guard);
    eprintln!("soak: warm after {acts} acts: {warm:?}");
    for part in 1..=3_u64 {
        acts += work(&mut places, seed ^ part, Duration::from_secs(size.seconds / 4), size.pause);
        wait_until_quiet(&places, bound);
        told = guard.drain().len();
        eprintln!("soak: after {acts} acts, {told} notices: {:?}", Holdings::of(&guard));
    }
    assert!(acts > 50 && told > 0, "something was done");
    let end = Holdings::of(&guard);
    assert!(end.descriptors <= warm.descriptors + 2, "{warm:?} {end:?}");
    assert!(end.resident_kb <= warm.resident_kb * 5 / 4 + 4_096, "{warm:?} {end:?}");

    assert!(end.code_watches <= warm.code_watches * 5 / 4 + 16, "{warm:?} {end:?}");

    wait_until_told(&home, &places, bound);
    let scan = home.scan();
    check_rows(&home, &scan, &places);
    assert_eq!(guard.end(), Some(0));
    assert_eq!(picture(&home.scan()), picture(&scan), "seen without the guard");

    // A guard that looks at everything afresh finds nothing that the first one had not seen, and watches as much.
    let before = home.ledger_entries();
    let mut fresh = Watch::start_within(bound, home.command().args(["watch", "--format", "json"]));
    let news: Vec<_> = home.ledger_since(before).into_iter().filter(|entry| entry["event"] != "started").collect();
    assert!(news.is_empty(), "{} news, of them {:#?}", news.len(), news.first());
    assert_eq!(picture(&home.scan()), picture(&scan), "seen afresh");
    assert_eq!(Holdings::of(&fresh).watches, end.watches, "{end:?}");
    fresh.drain();
    assert!(home.run(&["log", "--verify"]).ok().out.contains("The chain is whole"));
    assert_eq!(fresh.end(), Some(0));
}

/// Every entry is where it was saved, or held.
fn check_rows(home: &Sandbox, scan: &Value, places: &[Place]) {
    let mut rows: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for row in scan["connectors"].as_array().expect("connectors") {
        rows.entry(row["path"].as_str().expect("a path").to_owned()).or_default().push(row);
    }
    for place in places {
        let shown = format!("~/{}", place.path.strip_prefix(home.home()).expect("below the home").display());
        let rows = rows.remove(&shown).unwrap_or_default();
        let names = |present: bool| -> BTreeSet<_> {
            rows.iter().filter(|row| row["present"] == present).filter_map(|row| row["name"].as_str()).collect()
        };
        let saved: BTreeSet<_> = place.saved.iter().flatten().copied().collect();
        let stands = saved.into_iter().filter(|name| place.has_switch || *name != NEW).collect();
        assert_eq!(names(true), stands, "{shown}");
        // What was cut outlives the file; what was switched off goes with it.
        let held: BTreeSet<_> = if place.had_new && !place.has_switch { [NEW].into() } else { BTreeSet::new() };
        assert_eq!(names(false), held, "{shown}");
        for row in rows {
            let is_new = row["name"] == NEW;
            assert_eq!(row["status"], if is_new { "held" } else { "approved" }, "{row:#}");
            // A client that rewrites from memory is told of where its file keeps coming back.
            let state = &row["hold"]["state"];
            assert!(!is_new || state == "in-force" || state == "contested", "{row:#}");
        }
    }
    assert!(rows.is_empty(), "nothing else is there: {:?}", rows.keys());
}
