//! A home of its own for each test, the built `gatehouse` in it, and a running guard whose notices are waited for.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// A bound for things that must happen; nothing waits for it to pass.
pub(crate) const SOON: Duration = Duration::from_secs(20);

/// A fake home with nothing of this machine's in its environment.
pub(crate) struct Sandbox {
    root: TempDir,
    /// Where it runs instead of here.
    elsewhere: Option<Elsewhere>,
    /// Further variables for everything that is run.
    pub(crate) env: Vec<(String, String)>,
}

/// A place that has its own view of the file system.
pub(crate) struct Elsewhere {
    /// What runs a command there; the command's own words follow.
    pub(crate) words: Vec<String>,
    /// The home as it is called there, and as it is reached from here.
    pub(crate) home: (PathBuf, PathBuf),
    /// Ends the place when dropped.
    pub(crate) _keeper: Box<dyn std::any::Any>,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir_all(root.path().join("home")).expect("a home");
        Self { root, elsewhere: None, env: Vec::new() }
    }

    /// A home in a place of its own, which a folder of this test's leads to.
    pub(crate) fn at(root: TempDir, elsewhere: Elsewhere) -> Self {
        Self { root, elsewhere: Some(elsewhere), env: Vec::new() }
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.elsewhere.as_ref().map_or_else(|| self.root.path().join("home"), |place| place.home.1.clone())
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.home().join(below)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path(".local/share/gatehouse")
    }

    /// Writes a file in place, with the folders above it.
    pub(crate) fn write(&self, below: &str, text: &str) {
        let path = self.path(below);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, text).expect("a file");
    }

    /// Writes a file the way editors do: beside it, then renamed over it.
    pub(crate) fn save(&self, below: &str, text: &str) {
        let path = self.path(below);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        let temp = path.with_extension("editor-temp");
        std::fs::write(&temp, text).expect("a file");
        std::fs::rename(&temp, &path).expect("a rename");
    }

    pub(crate) fn read(&self, below: &str) -> String {
        std::fs::read_to_string(self.path(below)).expect("a readable file")
    }

    /// `gatehouse` with this home and no other variable of this machine but `PATH`.
    pub(crate) fn command(&self) -> Command {
        let mut command = match &self.elsewhere {
            None => {
                let mut command = Command::new(env!("CARGO_BIN_EXE_gatehouse"));
                command.env_clear().env("HOME", self.home()).current_dir(self.home());
                command
            }
            Some(place) => {
                let mut command = Command::new(&place.words[0]);
                command.args(&place.words[1..]).env_clear().env("HOME", &place.home.0);
                command
            }
        };
        // A look-up that a test does not answer itself leads nowhere.
        command.env("LANG", "C.UTF-8").env("HTTPS_PROXY", "http://127.0.0.1:9");
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        Run::of(self.command().args(args).output().expect("gatehouse runs"))
    }

    /// The inventory as `scan --format json` gives it.
    pub(crate) fn scan(&self) -> Value {
        self.run(&["scan", "--format", "json"]).ok().json()
    }

    /// The row of a connector by `client/name`; of several the first in order of path and route.
    pub(crate) fn row(&self, which: &str) -> Value {
        let (client, name) = which.split_once('/').expect("client/name");
        let scan = self.scan();
        let rows = scan["connectors"].as_array().expect("connectors").clone();
        let found = rows.into_iter().find(|row| row["client"] == client && row["name"] == name);
        found.unwrap_or_else(|| panic!("no {which} in {scan:#}"))
    }

    pub(crate) fn status(&self, which: &str) -> String {
        self.row(which)["status"].as_str().expect("a status").to_owned()
    }

    /// The number of entries in the ledger.
    pub(crate) fn ledger_entries(&self) -> usize {
        self.ledger_since(0).len()
    }

    /// The entries of the ledger behind the first so many, as `log --format json` gives them.
    pub(crate) fn ledger_since(&self, skip: usize) -> Vec<Value> {
        let log = self.run(&["log", "--format", "json"]).ok().json();
        let entries = log["entries"].as_array().or(log.as_array()).unwrap_or_else(|| panic!("no entries in {log}"));
        entries.iter().skip(skip).cloned().collect()
    }

    /// Starts `gatehouse watch` without a terminal and waits until all its watches stand.
    pub(crate) fn watch(&self) -> Watch {
        Watch::start(self.command().args(["watch", "--format", "json"]))
    }
}

/// What a command left.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// Asserts that the command ended with 0.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "out: {}\nerr: {}", self.out, self.err);
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error} in {}", self.out))
    }
}

/// A running `gatehouse watch --format json`.
pub(crate) struct Watch {
    pub(crate) child: Child,
    lines: Receiver<String>,
    /// Every notice so far, for messages.
    pub(crate) seen: Vec<Value>,
}

impl Watch {
    pub(crate) fn start(command: &mut Command) -> Self {
        Self::start_within(SOON, command)
    }

    /// As [`Watch::start`], for a home that takes long to look through.
    pub(crate) fn start_within(bound: Duration, command: &mut Command) -> Self {
        let mut watch = Self::spawn(command);
        let guards = watch.wait_within(bound, |notice| notice["notice"] == "guarding");
        assert!(guards.is_some(), "no guard stands; seen: {:#?}", watch.seen);
        watch
    }

    /// Starts without waiting for the first line.
    pub(crate) fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("gatehouse watch runs");
        let out = child.stdout.take().expect("its output");
        let (send, lines) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    break;
                }
            }
        });
        Self { child, lines, seen: Vec::new() }
    }

    /// Waits for the next notice of a kind and returns it.
    #[track_caller]
    pub(crate) fn wait(&mut self, kind: &str) -> Value {
        self.wait_for(|notice| notice["notice"] == kind).unwrap_or_else(|| panic!("no {kind}; seen: {:#?}", self.seen))
    }

    /// Waits for the next notice of a kind about a connector's name.
    #[track_caller]
    pub(crate) fn wait_about(&mut self, kind: &str, name: &str) -> Value {
        self.wait_for(|notice| notice["notice"] == kind && notice["connector"]["name"] == name)
            .unwrap_or_else(|| panic!("no {kind} about {name}; seen: {:#?}", self.seen))
    }

    /// As [`Watch::wait_about`], with another bound: for what is slow on a loaded machine.
    #[track_caller]
    pub(crate) fn wait_about_within(&mut self, bound: Duration, kind: &str, name: &str) -> Value {
        self.wait_within(bound, |notice| notice["notice"] == kind && notice["connector"]["name"] == name)
            .unwrap_or_else(|| panic!("no {kind} about {name}; seen: {:#?}", self.seen))
    }

    fn wait_for(&mut self, wanted: impl Fn(&Value) -> bool) -> Option<Value> {
        self.wait_within(SOON, wanted)
    }

    fn wait_within(&mut self, bound: Duration, wanted: impl Fn(&Value) -> bool) -> Option<Value> {
        let until = Instant::now() + bound;
        loop {
            let line = match self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => line,
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return None,
            };
            let notice: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in {line}"));
            self.seen.push(notice.clone());
            if wanted(&notice) {
                return Some(notice);
            }
        }
    }

    /// Waits for the next notice of one of some kinds, about whatever connector.
    #[track_caller]
    pub(crate) fn wait_about_any_next(&mut self, kinds: &[&str]) -> Value {
        self.wait_for(|notice| kinds.iter().any(|kind| notice["notice"] == *kind))
            .unwrap_or_else(|| panic!("none of {kinds:?}; seen: {:#?}", self.seen))
    }

    /// Takes what was said so far, without waiting for more.
    pub(crate) fn drain(&mut self) -> &[Value] {
        while let Ok(line) = self.lines.try_recv() {
            self.seen.push(serde_json::from_str(&line).expect("JSON"));
        }
        &self.seen
    }

    /// Ends it as a user would (SIGTERM) and returns its exit code.
    pub(crate) fn end(mut self) -> Option<i32> {
        let pid = i32::try_from(self.child.id()).expect("a process id");
        let pid = rustix::process::Pid::from_raw(pid).expect("a process id");
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("the guard runs");
        self.child.wait().expect("it ends").code()
    }

    /// Ends it as a crash would (SIGKILL).
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("the guard runs");
        self.child.wait().expect("it ends");
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `gatehouse` on a terminal of 80 columns.
pub(crate) struct Terminal {
    /// Ends the program when dropped.
    session: expectrl::session::OsSession,
    input: std::fs::File,
    output: Receiver<Vec<u8>>,
    /// Everything that was written to the terminal, byte for byte.
    seen: Vec<u8>,
    /// So much of it was waited for already.
    read: usize,
}

impl Terminal {
    pub(crate) fn start(mut command: Command) -> Self {
        command.stdin(Stdio::inherit()).env("TERM", "xterm");
        let session = expectrl::Session::spawn(command).expect("gatehouse runs on a terminal");
        let handle = || session.get_process().get_raw_handle().expect("the terminal's other end");
        let (input, mut from) = (handle(), handle());
        let (send, output) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // The last program on it being gone is an error there.
            while let Ok(count @ 1..) = std::io::Read::read(&mut from, &mut bytes) {
                if send.send(bytes[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { session, input, output, seen: Vec::new(), read: 0 }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.seen).into_owned()
    }

    /// Waits for a text behind the last one that was waited for, and returns what stood before it, with it.
    #[track_caller]
    pub(crate) fn wait(&mut self, text: &str) -> String {
        let until = Instant::now() + SOON;
        loop {
            let rest = &self.seen[self.read..];
            if let Some(at) = rest.windows(text.len()).position(|window| window == text.as_bytes()) {
                let end = self.read + at + text.len();
                let found = String::from_utf8_lossy(&self.seen[self.read..end]).into_owned();
                self.read = end;
                return found;
            }
            match self.output.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.seen.extend(bytes),
                Err(error) => panic!("no {text:?} ({error}); seen: {}", self.text()),
            }
        }
    }

    /// Waits for whichever of some texts comes first behind the last one that was waited for, and returns its place in
    /// the list.
    #[track_caller]
    pub(crate) fn wait_any(&mut self, texts: &[&str]) -> usize {
        let until = Instant::now() + SOON;
        loop {
            let rest = String::from_utf8_lossy(&self.seen[self.read..]).into_owned();
            let found = texts.iter().enumerate().filter_map(|(at, text)| Some((rest.find(text)?, at))).min();
            if let Some((_, at)) = found {
                self.wait(texts[at]);
                return at;
            }
            match self.output.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.seen.extend(bytes),
                Err(error) => panic!("none of {texts:?} ({error}); seen: {}", self.text()),
            }
        }
    }

    /// Types bytes as they are: a line ends with `\n`, Ctrl-C is 3, Ctrl-D is 4.
    pub(crate) fn type_in(&mut self, keys: &str) {
        std::io::Write::write_all(&mut self.input, keys.as_bytes()).expect("the terminal takes keys");
    }

    /// Ends it from outside, as a service manager does (SIGTERM).
    pub(crate) fn terminate(&mut self) {
        let pid = rustix::process::Pid::from_raw(self.session.get_process().pid().as_raw()).expect("a process id");
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("it runs");
    }

    /// Waits until the program is gone; returns its exit code and everything that it wrote.
    #[track_caller]
    pub(crate) fn ended(mut self) -> (Option<i32>, String) {
        let until = Instant::now() + SOON;
        loop {
            match self.output.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.seen.extend(bytes),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end; seen: {}", self.text()),
            }
        }
        let code = match self.session.get_process().wait().expect("it ended") {
            expectrl::process::unix::WaitStatus::Exited(_, code) => Some(code),
            _ => None,
        };
        (code, self.text())
    }
}

/// Waits until something holds, looking again after each short pause; for effects that no notice tells.
#[track_caller]
pub(crate) fn eventually(what: &str, holds: impl Fn() -> bool) {
    let until = Instant::now() + SOON;
    while !holds() {
        assert!(Instant::now() < until, "not in time: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Whether a file has neither temp files nor anything else of ours beside it.
pub(crate) fn leaves_nothing(folder: &Path) -> bool {
    let names = std::fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.file_name());
    !names.into_iter().any(|name| name.to_string_lossy().contains(".gatehouse-"))
}

/// A JSON configuration with entries under one container, as clients write it.
pub(crate) fn servers(container: &str, entries: &[(&str, &str)]) -> String {
    let entries: Vec<_> = entries.iter().map(|(name, body)| format!("    \"{name}\": {body}")).collect();
    format!("{{\n  \"{container}\": {{\n{}\n  }}\n}}\n", entries.join(",\n"))
}

impl Sandbox {
    /// All rows of a name, in order of client, path and route.
    pub(crate) fn rows(&self, name: &str) -> Vec<Value> {
        let scan = self.scan();
        scan["connectors"].as_array().expect("connectors").iter().filter(|row| row["name"] == name).cloned().collect()
    }

    /// The one row of a name in a project.
    #[track_caller]
    pub(crate) fn row_in(&self, project: &str, name: &str) -> Value {
        let rows = self.rows(name);
        let found = rows.iter().find(|row| row["project"] == format!("~/{project}"));
        found.unwrap_or_else(|| panic!("no {name} in {project}: {rows:#?}")).clone()
    }

    /// How many questions wait.
    pub(crate) fn waiting(&self) -> u64 {
        self.scan()["waiting"].as_u64().expect("a number")
    }

    /// Runs a verb that is to be refused, and returns what it said.
    #[track_caller]
    pub(crate) fn refused(&self, args: &[&str]) -> String {
        let run = self.run(args);
        assert_eq!(run.code, Some(2), "out: {}\nerr: {}", run.out, run.err);
        run.err
    }

    /// Runs a verb that no guard carries out: it does, and says what that means.
    #[track_caller]
    pub(crate) fn alone(&self, args: &[&str]) -> Run {
        let run = self.run(args).ok();
        assert!(run.err.contains("No guard is running"), "{}", run.err);
        run
    }
}

impl Watch {
    /// How many notices of a kind were told about a name, after all that came before the present moment was told.
    pub(crate) fn count(&mut self, home: &Sandbox, kind: &str, name: &str) -> usize {
        let mode = home.scan()["mode"].as_str().expect("a mode").to_owned();
        home.run(&["mode", &mode]).ok();
        self.wait("mode-changed");
        self.seen.iter().filter(|notice| notice["notice"] == kind && notice["connector"]["name"] == name).count()
    }

    /// As [`Watch::wait_about`], of several names whichever comes first, whether it was told already or is to come.
    #[track_caller]
    pub(crate) fn wait_about_any(&mut self, kind: &str, names: &[&str]) -> Value {
        let is_it =
            |notice: &Value| notice["notice"] == kind && names.iter().any(|name| notice["connector"]["name"] == *name);
        if let Some(seen) = self.seen.iter().find(|notice| is_it(notice)) {
            return seen.clone();
        }
        self.wait_for(is_it).unwrap_or_else(|| panic!("no {kind} about {names:?}; seen: {:#?}", self.seen))
    }
}

/// Asserts that the ledger has no question that was asked again as it was, before it was answered or had ended.
#[track_caller]
pub(crate) fn assert_asked_once(home: &Sandbox) {
    let log = home.run(&["log", "--format", "json"]).ok().json();
    let mut open = std::collections::BTreeMap::new();
    for entry in log["entries"].as_array().expect("entries") {
        let id = entry["id"].as_str().unwrap_or_default().to_owned();
        match entry["event"].as_str().expect("an event") {
            "asked" => {
                let asked = (entry["kind"].clone(), entry["changes"].clone());
                let before = open.insert(id, asked.clone());
                assert_ne!(before, Some(asked), "asked twice: {log:#}");
            }
            "settled" | "decided" | "revoked" | "undone" => drop(open.remove(&id)),
            "ledger-lost" => open.clear(),
            _ => {}
        }
    }
}
