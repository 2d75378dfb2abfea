//! SIGKILL at any moment, with entries coming and going and approvals under way: at the end every entry is in its file or
//! held, once, and nothing was asked twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::support::{Sandbox, Watch, assert_asked_once, eventually, leaves_nothing};

/// A random sequence that is the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    fn rest(&mut self, micros: u64) {
        std::thread::sleep(Duration::from_micros(self.below(micros)));
    }
}

struct File {
    client: &'static str,
    path: &'static str,
    /// What stands before and after the entries.
    frame: (&'static str, &'static str),
    entry: fn(&str) -> String,
}

const FILES: [File; 3] = [
    File {
        client: "cursor",
        path: ".cursor/mcp.json",
        frame: ("{\n  \"mcpServers\": {\n", "    \"base\": { \"command\": \"true\" }\n  }\n}\n"),
        entry: |name| format!("    \"{name}\": {{ \"command\": \"npx\", \"args\": [\"-y\", \"{name}-mcp\"] }},\n"),
    },
    File {
        client: "vscode",
        path: ".config/Code/User/mcp.json",
        frame: ("{\n  // mine\n  \"servers\": {\n", "    \"base\": { \"command\": \"true\" }, // last\n  },\n}\n"),
        entry: |name| format!("    \"{name}\": {{ \"command\": \"uvx\", \"args\": [\"{name}-mcp\"] }},\n"),
    },
    File {
        client: "codex",
        path: ".codex/config.toml",
        frame: ("model = \"x\"\n\n[mcp_servers.base]\ncommand = \"true\"\n", ""),
        entry: |name| format!("\n[mcp_servers.{name}]\ncommand = \"npx\"\nargs = [\"-y\", \"{name}-mcp\"]\n"),
    },
];

/// What the writer and the approver have done to the entries.
#[derive(Default)]
struct Told {
    /// Every entry that was ever saved, with the number of its file.
    added: BTreeMap<String, usize>,
    /// Taken out by the writer, or overwritten by a save that was planned before an approval put them back.
    doubtful: BTreeSet<String>,
    approved: BTreeSet<String>,
}

impl Told {
    fn of(&self, file: usize) -> impl Iterator<Item = &String> {
        self.added.iter().filter(move |(_, at)| **at == file).map(|(name, _)| name)
    }

    /// Adds or removes an entry the way an editor does: reads, changes, saves.
    fn save(&mut self, home: &Sandbox, dice: &mut Dice) {
        let at = usize::try_from(dice.below(FILES.len() as u64)).expect("a small number");
        let file = &FILES[at];
        let text = home.read(file.path);
        let stands = |name: &String| text.contains(&(file.entry)(name));
        let present: Vec<_> = self.of(at).filter(|name| stands(name)).cloned().collect();
        let missed: Vec<_> =
            self.of(at).filter(|name| !stands(name) && self.approved.contains(*name)).cloned().collect();
        self.doubtful.extend(missed);
        let next = if !present.is_empty() && dice.below(3) == 0 {
            let gone = &present[usize::try_from(dice.below(present.len() as u64)).expect("a small number")];
            self.doubtful.insert(gone.clone());
            text.replace(&(file.entry)(gone), "")
        } else {
            let name = format!("n{}", self.added.len());
            let next = if file.client == "codex" {
                text + &(file.entry)(&name)
            } else {
                text.replacen(file.frame.0, &format!("{}{}", file.frame.0, (file.entry)(&name)), 1)
            };
            self.added.insert(name, at);
            next
        };
        if dice.below(2) == 0 { home.save(file.path, &next) } else { home.write(file.path, &next) }
    }

    /// Approves one of the newest entries, whether or not it is held yet.
    fn approve(&mut self, home: &Sandbox, dice: &mut Dice) -> Option<Child> {
        let back = usize::try_from(dice.below(6)).expect("a small number");
        let name = format!("n{}", self.added.len().checked_sub(back + 1)?);
        let client = FILES[self.added[&name]].client;
        self.approved.insert(name.clone());
        let mut command = home.command();
        command.args(["approve", &format!("{client}/{name}")]).stdout(Stdio::null()).stderr(Stdio::null());
        Some(command.spawn().expect("gatehouse runs"))
    }

    /// Every line of every file was saved by somebody, once, and stands in its frame.
    fn check_files(&self, home: &Sandbox, round: usize) {
        for (at, file) in FILES.iter().enumerate() {
            let mut text = home.read(file.path);
            let whole = text.clone();
            for name in self.of(at) {
                let entry = (file.entry)(name);
                let times = text.matches(&entry).count();
                assert!(times <= 1, "round {round}: {name} stands {times} times in {whole}");
                text = text.replace(&entry, "");
            }
            assert_eq!(text, [file.frame.0, file.frame.1].concat(), "round {round}: {whole}");
        }
    }
}

fn rounds(seed: u64, count: usize) {
    let home = Sandbox::new();
    let mut dice = Dice(seed);
    let mut told = Told::default();
    for file in &FILES {
        home.write(file.path, &[file.frame.0, file.frame.1].concat());
    }
    home.watch().end();
    for round in 0..count {
        let mut watch = home.command();
        let guard = Watch::spawn(watch.args(["watch", "--format", "json"]));
        let mut approvals = Vec::new();
        for _ in 0..=dice.below(2) {
            dice.rest(60_000);
            told.save(&home, &mut dice);
        }
        if dice.below(2) == 0 {
            dice.rest(60_000);
            approvals.extend(told.approve(&home, &mut dice));
        }
        dice.rest(60_000);
        guard.kill();
        // Without a guard the command does it itself, so it has to be through before the next one starts.
        for mut approval in approvals {
            approval.wait().expect("it ends");
        }
        told.check_files(&home, round);
    }

    // A last start, with nothing else going on.
    let guard = home.watch();
    let folders = || FILES.iter().all(|file| leaves_nothing(home.path(file.path).parent().expect("a folder")));
    eventually("nothing of ours is left beside the files", folders);
    let scan = home.scan();
    let rows = scan["connectors"].as_array().expect("connectors");
    let held: Vec<_> = rows.iter().filter(|row| row["status"] == "held").collect();
    let names: BTreeSet<_> = rows.iter().map(|row| row["name"].as_str().expect("a name")).collect();
    assert_eq!(names.len() + FILES.len() - 1, rows.len(), "each entry is there once: {scan:#}");
    for name in told.added.keys().filter(|name| !told.doubtful.contains(*name)) {
        assert!(names.contains(name.as_str()), "{name} is lost: {scan:#}");
    }
    let waiting = rows.iter().filter(|row| !row["question"].is_null()).count();
    assert_eq!(scan["waiting"], waiting);
    assert_eq!(waiting, held.len(), "what is held is asked, and nothing else: {scan:#}");
    let stashes = fs::read_dir(home.data().join("holds")).expect("holds").count();
    assert_eq!(stashes, held.len(), "a stash for each hold, and no other: {scan:#}");
    for row in &held {
        home.run(&["approve", row["id"].as_str().expect("an id")]).ok();
    }
    told.check_files(&home, count);
    for (name, at) in told.added.iter().filter(|(name, _)| !told.doubtful.contains(*name)) {
        let file = &FILES[*at];
        assert!(home.read(file.path).contains(&(file.entry)(name)), "{name} is not back: {}", home.read(file.path));
    }
    eventually("nothing of ours is left beside the files", folders);
    assert_eq!(fs::read_dir(home.data().join("holds")).expect("holds").count(), 0);
    assert_asked_once(&home);
    assert_eq!(guard.end(), Some(0));
    let verified = home.run(&["log", "--verify", "--format", "json"]).ok().json();
    assert_eq!(verified["verified"]["state"], "sound");
    let surely = told.added.len() - told.doubtful.len();
    assert!(surely * 3 > told.added.len(), "too little is certain: {surely} of {}", told.added.len());
}

#[test]
fn a_hundred_random_ends_leave_everything_in_order() {
    rounds(0x9e37_79b9_7f4a_7c15, 100);
}

#[test]
fn another_hundred_random_ends_leave_everything_in_order() {
    rounds(0x2545_f491_4f6c_dd1d, 100);
}
