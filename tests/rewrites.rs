//! A large file that two programs rewrite all the time, and that is empty for seconds now and then: nothing is asked, held
//! or lost until an entry really is new.

use std::io::Write as _;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::Value;

use crate::support::{SOON, Sandbox, leaves_nothing};

const FILE: &str = ".claude.json";

/// Each of the two saves so often; together ten times a second.
const PAUSE: Duration = Duration::from_millis(200);

const SAVES: usize = 36;

/// Which saves of the second writer begin long before they go on.
const STALLED: [usize; 3] = [8, 18, 28];

/// So long a file is empty then. A half-written file is given three seconds.
const STALL: Duration = Duration::from_secs(2);

/// What the two programs keep in the file, each its own part.
struct State {
    starts: usize,
    tips: usize,
    history: String,
    project: String,
}

impl State {
    fn new(home: &Sandbox) -> Self {
        let line = "    { \"display\": \"what a person typed, {}[] and all\", \"pastedContents\": {} },\n";
        let history = line.repeat((5 << 20) / line.len());
        Self { starts: 0, tips: 0, history, project: home.path("work").display().to_string() }
    }

    /// The file: entries of the user's and of a project's, behind a part that changes its length.
    fn text(&self, more: &[&str]) -> String {
        let tips = "    \"a tip that was shown\",\n".repeat(self.tips % 7);
        let entry = |name: &&str| format!(",\n    \"{name}\": {{ \"command\": \"npx\", \"args\": [\"{name}-mcp\"] }}");
        let more: String = more.iter().map(entry).collect();
        format!(
            "{{\n  \"numStartups\": {},\n  \"tipsShown\": [\n{tips}    {}\n  ],\n  \"mcpServers\": {{\n    \"files\": {{ \
             \"command\": \"files\" }},\n    \"notes\": {{ \"command\": \"notes\" }}{more}\n  }},\n  \"projects\": {{\n    \
             {:?}: {{ \"lastCost\": {}, \"mcpServers\": {{ \"local\": {{ \"command\": \"local\" }} }} }}\n  }},\n  \
             \"history\": [\n{}    {}\n  ]\n}}\n",
            self.starts, self.tips, self.project, self.starts, self.history, self.starts
        )
    }
}

fn rename_over(path: &Path, text: &str) {
    let temp = path.with_extension("writer-temp");
    std::fs::write(&temp, text).expect("written");
    std::fs::rename(&temp, path).expect("renamed");
}

/// Truncates the file, goes on after a while, and writes it in two halves.
fn write_slowly(path: &Path, text: &str, stall: Duration) {
    let mut file = std::fs::File::create(path).expect("truncated");
    std::thread::sleep(stall);
    let (first, second) = text.split_at(text.len() / 2);
    file.write_all(first.as_bytes()).and_then(|()| file.write_all(second.as_bytes())).expect("written");
}

fn line_of(text: &str, name: &str) -> usize {
    let at = text.find(&format!("\"{name}\": {{")).expect("it stands there");
    text[..at].matches('\n').count() + 1
}

#[test]
fn two_writers_of_a_large_file_that_is_empty_for_seconds_change_nothing() {
    let home = Sandbox::new();
    let state = State::new(&home);
    home.write(FILE, &state.text(&[]));
    let mut guard = home.watch();
    home.run(&["approve", "claude-code/files"]).ok();
    home.save(FILE, &state.text(&["kept"]));
    guard.wait_about("held", "kept");
    home.run(&["keep", "claude-code/kept"]).ok();
    assert_eq!((home.read(FILE) == state.text(&[]), home.waiting()), (true, 0));
    let before = (home.ledger_entries(), guard.drain().len());

    // The lock that such programs take for a save; who waits for it has another one's save to go on from.
    let path = home.path(FILE);
    let shared = Mutex::new(state);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..SAVES {
                let mut state = shared.lock().expect("the lock");
                state.starts += 1;
                rename_over(&path, &state.text(&[]));
                drop(state);
                std::thread::sleep(PAUSE);
            }
        });
        scope.spawn(|| {
            for save in 0..SAVES {
                let mut state = shared.lock().expect("the lock");
                state.tips += 1;
                let stall = if STALLED.contains(&save) { STALL } else { Duration::ZERO };
                write_slowly(&path, &state.text(&[]), stall);
                drop(state);
                std::thread::sleep(PAUSE);
            }
        });
    });
    let mut state = shared.into_inner().expect("the lock");
    assert_eq!((state.starts, state.tips), (SAVES, SAVES));

    // The guard is through with all of it when it holds what comes last.
    state.tips += 1;
    rename_over(&path, &state.text(&["new"]));
    guard.wait_about_within(3 * SOON, "held", "new");
    let last = state.text(&[]);
    assert!(home.read(FILE) == last, "the last save stands to the byte, without the new entry");
    let new = home.row("claude-code/new")["id"].as_str().expect("an id").to_owned();
    let told: Vec<_> = guard.drain()[before.1..].iter().filter(|n| n["connector"]["name"] != "new").cloned().collect();
    assert!(told.is_empty(), "{told:#?}");
    let is_of_new = |entry: &Value| entry.to_string().contains(&new) || entry["hold"].is_string();
    let noted: Vec<_> = home.ledger_since(before.0).into_iter().filter(|entry| !is_of_new(entry)).collect();
    assert!(noted.is_empty(), "{noted:#?}");

    let rows = |name: &str| home.row(&format!("claude-code/{name}"));
    for (name, status) in [("files", "approved"), ("notes", "unreviewed"), ("local", "unreviewed")] {
        let row = rows(name);
        assert_eq!((&row["status"], &row["present"]), (&status.into(), &true.into()), "{row:#}");
        assert_eq!(row["line"], line_of(&last, name), "{name} is shown where the last save has it");
    }
    assert_eq!((rows("kept")["status"].clone(), rows("new")["status"].clone()), ("held".into(), "held".into()));
    assert_eq!((rows("kept")["hold"]["state"].clone(), home.waiting()), ("in-force".into(), 1));
    assert!(leaves_nothing(&home.home()));
    home.run(&["approve", "claude-code/new"]).ok();
    assert!(home.read(FILE) == state.text(&["new"]), "it goes back byte for byte");
    assert_eq!(guard.end(), Some(0));
}
