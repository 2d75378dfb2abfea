//! What is no configuration file: each kind is named in words, nothing is edited, and the guard goes on.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::{Run, SOON, Sandbox, Watch, eventually, leaves_nothing};

const FILE: &str = ".cursor/mcp.json";
const OTHER: &str = ".config/Code/User/mcp.json";

fn entry(key: &str, name: &str) -> String {
    format!("{{\"{key}\": {{\"{name}\": {{\"command\": \"x\"}}}}}}")
}

/// The row of coverage of a client's file with this end.
#[track_caller]
fn coverage(scan: &Value, end: &str) -> Value {
    let rows = scan["coverage"].as_array().expect("coverage");
    let found = rows.iter().find(|row| row["path"].as_str().is_some_and(|path| path.ends_with(end)));
    found.unwrap_or_else(|| panic!("no {end} in {scan:#}")).clone()
}

fn clear(path: &Path) {
    if path.is_dir() && !path.is_symlink() {
        std::fs::remove_dir_all(path).expect("removed");
    } else {
        let _ = std::fs::remove_file(path);
    }
}

/// What can be told of a file without changing it.
fn look_of(path: &Path) -> (u32, u64, Option<Vec<u8>>) {
    let meta = std::fs::symlink_metadata(path).expect("there");
    let bytes = (meta.is_file() && meta.len() < 1 << 20).then(|| std::fs::read(path).expect("read"));
    (meta.mode(), meta.len(), bytes)
}

struct Case {
    name: &'static str,
    make: fn(&Path),
    state: &'static str,
    /// The trouble in the guard's notice: a name, or the only key of an object.
    trouble: &'static str,
    english: &'static str,
    spanish: &'static str,
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).expect("written");
}

fn sparse(path: &Path, length: u64) {
    std::fs::File::create(path).and_then(|file| file.set_len(length)).expect("a sparse file");
}

fn fifo(path: &Path) {
    clear(path);
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mknodat(rustix::fs::CWD, path, rustix::fs::FileType::Fifo, mode, 0).expect("a pipe");
}

fn link(path: &Path, to: &str) {
    clear(path);
    std::os::unix::fs::symlink(to, path).expect("a link");
}

const NOT_A_FILE: (&str, &str) = ("It is not a regular file.", "No es un archivo normal.");

const CASES: &[Case] = &[
    Case {
        name: "binary",
        make: |path| write(path, &(0..=255).cycle().take(5_000).collect::<Vec<u8>>()),
        state: "unparsable",
        trouble: "unparsable",
        english: "Line 2: the text is not valid UTF-8",
        spanish: "Línea 2: ",
    },
    Case {
        name: "invalid UTF-8",
        make: |path| write(path, b"{\"mcpServers\": {\n\"a\": {\"command\": \"\xff\xfe\"}}}"),
        state: "unparsable",
        trouble: "unparsable",
        english: "Line 2: the text is not valid UTF-8",
        spanish: "Línea 2: ",
    },
    Case {
        name: "100 MB of nothing",
        make: |path| sparse(path, 100_000_000),
        state: "unparsable",
        trouble: "unparsable",
        english: "Line 1: ",
        spanish: "Línea 1: ",
    },
    Case {
        name: "more than is read",
        make: |path| sparse(path, 129 << 20),
        state: "too-large",
        trouble: "too-large",
        english: "The file is larger than what is read.",
        spanish: "El archivo supera lo que se lee.",
    },
    Case {
        name: "depth",
        make: |path| {
            let deep = format!("{{\"mcpServers\": {{\"a\": {}{}}}}}", "[".repeat(10_000), "]".repeat(10_000));
            write(path, deep.as_bytes());
        },
        state: "unparsable",
        trouble: "unparsable",
        english: "Line 1: nested deeper than 128 levels",
        spanish: "Línea 1: ",
    },
    Case {
        name: "pipe",
        make: fifo,
        state: "not-regular",
        trouble: "not-regular",
        english: NOT_A_FILE.0,
        spanish: NOT_A_FILE.1,
    },
    Case {
        name: "folder",
        make: |path| {
            clear(path);
            std::fs::create_dir(path).expect("a folder");
        },
        state: "not-regular",
        trouble: "not-regular",
        english: NOT_A_FILE.0,
        spanish: NOT_A_FILE.1,
    },
    Case {
        name: "socket",
        make: |path| {
            clear(path);
            drop(std::os::unix::net::UnixListener::bind(path).expect("a socket"));
        },
        state: "not-regular",
        trouble: "not-regular",
        english: NOT_A_FILE.0,
        spanish: NOT_A_FILE.1,
    },
    Case {
        name: "device",
        make: |path| link(path, "/dev/zero"),
        state: "not-regular",
        trouble: "not-regular",
        english: NOT_A_FILE.0,
        spanish: NOT_A_FILE.1,
    },
    Case {
        name: "a link to itself",
        make: |path| link(path, "mcp.json"),
        state: "not-regular",
        trouble: "not-regular",
        english: NOT_A_FILE.0,
        spanish: NOT_A_FILE.1,
    },
];

/// Waits until a file counts as unreadable, and returns why.
#[track_caller]
fn wait_unreadable(guard: &mut Watch) -> String {
    let trouble = guard.wait("unreadable")["trouble"].clone();
    let kind = trouble.as_str().or_else(|| trouble.as_object()?.keys().next().map(String::as_str));
    kind.unwrap_or_else(|| panic!("{trouble}")).to_owned()
}

fn check(case: &Case) {
    let mut home = Sandbox::new();
    let name = case.name;
    home.write(FILE, &entry("mcpServers", "files"));
    home.write(OTHER, "{}");
    let path = home.path(FILE);
    let mut guard = home.watch();

    (case.make)(&path);
    let before = look_of(&path);
    assert_eq!(wait_unreadable(&mut guard), case.trouble, "{name}");
    // A file that was named by hand and cannot be read is a failure; one among many is not.
    let ways = [(vec!["scan", "--format", "json"], 0), (vec!["scan", FILE, "--format", "json"], 2)];
    for (args, code) in &ways {
        let run = home.run(args);
        assert_eq!(run.code, Some(*code), "{name}: {}", run.err);
        let row = coverage(&run.json(), FILE);
        assert_eq!(row["state"], case.state, "{name}: {row}");
        let message = row["message"].as_str().unwrap_or_default();
        assert!(message.starts_with(case.english), "{name}: {message}");
    }
    home.env.push(("LANG".to_owned(), "es_ES.UTF-8".to_owned()));
    let row = coverage(&home.scan(), FILE);
    let message = row["message"].as_str().unwrap_or_default();
    assert!(message.starts_with(case.spanish), "{name}: {message}");
    home.env.clear();

    home.save(OTHER, &entry("servers", "meanwhile"));
    guard.wait_about("held", "meanwhile");
    assert_eq!(look_of(&path), before, "{name}: nothing is edited");
    assert!(leaves_nothing(&home.path(".cursor")), "{name}");

    clear(&path);
    home.save(FILE, &entry("mcpServers", "mended"));
    guard.wait_about("held", "mended");
    assert_eq!(guard.end(), Some(0), "{name}");

    // The same at the start.
    clear(&path);
    (case.make)(&path);
    let mut guard = home.watch();
    home.save(OTHER, &entry("servers", "again"));
    guard.wait_about("held", "again");
    assert_eq!(guard.end(), Some(0), "{name}");
    assert_eq!(look_of(&path), before, "{name}: nothing is edited");
}

#[test]
fn what_cannot_be_read_is_named_and_left_alone() {
    // Most of the time of each is a half-written file's time; they wait together.
    std::thread::scope(|scope| {
        let running: Vec<_> = CASES.iter().map(|case| (case.name, scope.spawn(|| check(case)))).collect();
        for (name, thread) in running {
            assert!(thread.join().is_ok(), "{name}");
        }
    });
}

#[test]
fn deep_toml_is_left_alone_too() {
    for deep in [
        format!("a = {}{}\n", "[".repeat(10_000), "]".repeat(10_000)),
        format!("a = {}1{}\n", "{b=".repeat(10_000), "}".repeat(10_000)),
        format!("[{}]\nx = 1\n", vec!["a"; 10_000].join(".")),
        format!("{} = 1\n", vec!["a"; 10_000].join(".")),
    ] {
        let home = Sandbox::new();
        home.write(".codex/config.toml", &deep);
        let row = coverage(&home.scan(), ".codex/config.toml");
        assert_eq!(row["state"], "unparsable", "{row}");
        assert!(row["message"].as_str().is_some_and(|m| m.contains("nested")), "{row}");
        let guard = home.watch();
        assert_eq!(guard.end(), Some(0));
        assert_eq!(home.read(".codex/config.toml"), deep);
    }
}

#[test]
fn a_hundred_megabytes_of_configuration_are_guarded() {
    let home = Sandbox::new();
    let mut guard = home.watch();
    let filler = "x".repeat(100_000_000);
    home.save(FILE, &format!("{{\"mcpServers\": {{\"new\": {{\"command\": \"x\"}}}}, \"filler\": \"{filler}\"}}"));
    // Seconds on an idle machine, most of them the unoptimised parser's.
    guard.wait_about_within(9 * SOON, "held", "new");
    assert!(home.read(FILE) == format!("{{\"mcpServers\": {{}}, \"filler\": \"{filler}\"}}"));
}

#[test]
fn a_link_that_is_swapped_all_the_time_is_followed_to_its_last_target() {
    let home = Sandbox::new();
    for name in ["a", "b"] {
        home.write(&format!("dot/{name}.json"), "{\"mcpServers\": {}}");
    }
    std::fs::create_dir(home.path(".cursor")).expect("a folder");
    link(&home.path(FILE), "../dot/a.json");
    let mut guard = home.watch();
    for round in 0..200 {
        let name = if round % 2 == 0 { "b" } else { "a" };
        home.write(&format!("dot/{name}.json"), &entry("mcpServers", &format!("{name}-{round}")));
        link(&home.path(".cursor/next"), &format!("../dot/{name}.json"));
        std::fs::rename(home.path(".cursor/next"), home.path(FILE)).expect("swapped");
    }
    guard.wait_about("held", "a-199");
    assert_eq!(home.read("dot/a.json"), "{\"mcpServers\": {}}");
    assert_eq!(std::fs::read_link(home.path(FILE)).expect("a link"), Path::new("../dot/a.json"));
    eventually("nothing lies there", || leaves_nothing(&home.path("dot")) && leaves_nothing(&home.path(".cursor")));
}

#[test]
fn a_file_named_by_hand_is_the_one_that_is_guarded() {
    let home = Sandbox::new();
    home.write(FILE, "{}");
    let mut guard = home.watch();
    home.save(FILE, &entry("mcpServers", "new"));
    guard.wait_about("held", "new");
    let whole = home.row("cursor/new");
    for path in [FILE, "./.cursor/mcp.json", &home.path(FILE).display().to_string()] {
        let scan = home.run(&["scan", path, "--format", "json"]).ok().json();
        assert_eq!(connector(&scan, "new"), whole, "{path}");
        assert_eq!(coverage(&scan, FILE)["scope"], "user", "{path}");
    }
}

const BROKEN: &str = "{\n  \"mcpServers\": {\n    \"postmark\": { \"command\": \"npx\", \"env\": { \"TOKEN\": \"pm-very-secret\" \"B\": \"hunter2hunter2\" } }\n  }\n}\n";

#[test]
fn the_line_of_a_syntax_error_is_shown_without_its_values() {
    let mut home = Sandbox::new();
    home.write(FILE, BROKEN);
    for (language, line) in [("en_US.UTF-8", "line 3"), ("es_ES.UTF-8", "línea 3")] {
        home.env = vec![("LANG".to_owned(), language.to_owned())];
        let ways = [(["scan"].as_slice(), 0, ":3:72: "), (&["scan", FILE], 2, ":3:72: "), (&["coverage"], 0, line)];
        for (args, expected, place) in ways {
            let Run { out, err, code } = home.run(args);
            assert_eq!(code, Some(expected), "{args:?}: {err}");
            let all = out + &err;
            assert!(all.to_lowercase().contains(place), "{args:?}: {all}");
            assert!(!all.contains("secret") && !all.contains("hunter2"), "{args:?}: {all}");
        }
        let mut command = home.command();
        command.args(["scan", FILE]).env("TERM", "xterm");
        let shown = on_a_terminal(command);
        assert!(shown.contains("\"env\": { \"*****\": \"**************\""), "the line is shown: {shown}");
        assert!(shown.contains("mcp.json:3:"), "{shown}");
        assert!(!shown.contains("secret") && !shown.contains("hunter2"), "{shown}");
    }
}

/// Whose file it is cannot be told from a text that cannot be read: it is that which is said.
#[test]
fn a_broken_file_of_an_unknown_name_is_told_as_broken() {
    let home = Sandbox::new();
    home.write("some.json", BROKEN);
    home.write("some.toml", "[mcp_servers.mail]\ncommand = \n");
    home.write("notes.md", "# Not a configuration\n");
    for (file, place, spanish) in
        [("some.json", ":3:72: ", "falta una coma o una llave de cierre"), ("some.toml", ":2:11: ", "no es TOML («")]
    {
        let run = home.run(&["scan", file]);
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
        assert!(run.err.contains(place) && !run.err.contains("client"), "{}", run.err);
        assert!(!run.err.contains("secret") && !run.err.contains("hunter2"), "{}", run.err);
        let error = home.run(&["scan", file, "--format", "json"]).json()["error"].clone();
        assert_eq!((&error["code"], &error["path"]), (&"unparsable".into(), &format!("~/{file}").into()));
        let run = home.run(&["--lang", "es", "scan", file]);
        assert!(run.err.contains(spanish), "{}", run.err);
    }
    assert!(home.refused(&["scan", "notes.md"]).contains("belongs to no client"));
    assert!(home.refused(&["scan", "nowhere.json"]).contains("~/nowhere.json. The file is gone"));
    let mut command = home.command();
    command.args(["scan", "some.json"]).env("TERM", "xterm");
    let shown = on_a_terminal(command);
    assert!(shown.contains("some.json:3:"), "the line is shown: {shown}");
}

fn on_a_terminal(command: Command) -> String {
    use std::io::Read as _;
    let mut session = expectrl::Session::spawn(command).expect("a terminal");
    let _ = session.get_process_mut().set_window_size(160, 40);
    let mut out = Vec::new();
    // The end of a terminal is an error on some systems.
    let _ = session.read_to_end(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

#[test]
fn a_broken_file_is_told_after_seconds_and_its_entries_have_not_vanished() {
    let home = Sandbox::new();
    home.write(FILE, &entry("mcpServers", "files"));
    let mut guard = home.watch();
    let before = home.ledger_entries();
    let at = std::time::Instant::now();
    home.write(FILE, BROKEN);
    let told = guard.wait("unreadable");
    assert!(at.elapsed() >= std::time::Duration::from_secs(3), "seconds, not an alarm");
    assert_eq!(told["trouble"]["unparsable"]["line"], 3, "{told}");
    assert!(!told.to_string().contains("secret"), "{told}");
    assert_eq!(home.ledger_since(before), Vec::<Value>::new(), "nothing is concluded from it");
    assert_eq!(home.read(FILE), BROKEN);
    home.write(FILE, &entry("mcpServers", "files"));
    // Told again when it breaks again, also where the file was gone in between.
    std::fs::remove_file(home.path(FILE)).expect("removed");
    eventually("it is gone for the guard", || {
        home.ledger_since(before).iter().any(|entry| entry.to_string().contains("vanished"))
    });
    home.write(FILE, BROKEN);
    guard.wait("unreadable");
}

/// A home of a user who is not root, so that rights mean something. Where the tests do not run as root, it is theirs.
struct Person {
    home: Sandbox,
    program: PathBuf,
    id: Option<u32>,
}

const NOBODY: u32 = 65_534;

impl Person {
    fn new() -> Self {
        let home = Sandbox::new();
        let root = home.home().parent().expect("a folder").to_owned();
        let is_root = rustix::process::geteuid().is_root();
        // The build's own folder may be closed to others.
        let program = root.join("gatehouse");
        // Made by another process: a guard of another test's, forked while this one has the copy open for writing, would
        // make it a program that is busy.
        let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_gatehouse")).arg(&program).status();
        assert!(copied.expect("cp runs").success());
        let person = Self { home, program, id: is_root.then_some(NOBODY) };
        person.own(&root);
        person.own(&person.home.home());
        person
    }

    fn own(&self, path: &Path) {
        if let Some(id) = self.id {
            std::os::unix::fs::chown(path, Some(id), Some(id)).expect("given");
        }
    }

    fn command(&self) -> Command {
        use std::os::unix::process::CommandExt as _;
        let mut command = Command::new(&self.program);
        command.env_clear().env("HOME", self.home.home()).env("LANG", "C.UTF-8").stdin(Stdio::null());
        command.envs(self.home.env.iter().map(|(name, value)| (name, value))).current_dir("/");
        if let Some(id) = self.id {
            command.uid(id).gid(id);
        }
        command
    }

    fn watch(&self) -> Watch {
        Watch::start(self.command().args(["watch", "--format", "json"]))
    }

    fn scan(&self) -> Value {
        Run::of(self.command().args(["scan", "--format", "json"]).output().expect("it runs")).ok().json()
    }

    /// Writes a file that is the person's from the moment it is there.
    fn save(&self, below: &str, text: &str) {
        let path = self.home.path(below);
        let folder = path.parent().expect("a folder");
        if !folder.exists() {
            std::fs::create_dir_all(folder).expect("folders");
            for folder in folder.ancestors().take_while(|folder| **folder != self.home.home()) {
                self.own(folder);
            }
        }
        let temp = path.with_extension("editor-temp");
        std::fs::write(&temp, text).expect("written");
        self.own(&temp);
        std::fs::rename(&temp, &path).expect("renamed");
    }
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("rights");
}

fn connector(scan: &Value, name: &str) -> Value {
    let rows = scan["connectors"].as_array().expect("connectors");
    rows.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("no {name} in {scan:#}")).clone()
}

#[test]
fn what_may_not_be_read_is_denied_until_it_may() {
    let mut person = Person::new();
    person.save(FILE, &entry("mcpServers", "files"));
    person.save(OTHER, "{}");
    let mut guard = person.watch();
    let file = person.home.path(FILE);
    let folder = person.home.path(".cursor");
    for (round, (closed, open)) in [(&file, 0o600), (&folder, 0o700)].into_iter().enumerate() {
        let name = format!("new-{round}");
        set_mode(closed, 0);
        assert_eq!(wait_unreadable(&mut guard), "denied");
        let row = coverage(&person.scan(), FILE);
        assert_eq!((&row["state"], &row["message"]), (&"denied".into(), &"The file may not be read.".into()));
        person.home.env.push(("LANG".to_owned(), "es_ES.UTF-8".to_owned()));
        assert_eq!(coverage(&person.scan(), FILE)["message"], "El archivo no se puede leer.");
        person.home.env.clear();
        let text = entry("servers", &format!("meanwhile-{round}"));
        person.save(OTHER, &text);
        guard.wait_about("held", &format!("meanwhile-{round}"));
        if rustix::process::geteuid().is_root() {
            // Root writes what nobody else may see; only the right to read is the event.
            std::fs::write(&file, entry("mcpServers", &name)).expect("written");
            set_mode(closed, open);
        } else {
            set_mode(closed, open);
            person.save(FILE, &entry("mcpServers", &name));
        }
        guard.wait_about("held", &name);
        assert_eq!(std::fs::read_to_string(&file).expect("read"), "{\"mcpServers\": {}}");
        let meta = std::fs::metadata(&file).expect("there");
        assert_eq!(meta.uid(), person.id.unwrap_or_else(|| rustix::process::geteuid().as_raw()));
    }
    assert_eq!(guard.end(), Some(0));
}

#[test]
#[allow(clippy::print_stderr, reason = "what is not tested is said aloud")]
fn a_file_that_others_can_change_is_only_watched() {
    type Act = fn(&Person);
    let check = |trouble: &str, english: &str, spanish: &str, close: Act, mend: Option<Act>| {
        let mut person = Person::new();
        person.save(FILE, "{}");
        person.save(OTHER, "{}");
        let mut guard = person.watch();
        let text = entry("mcpServers", "new");
        let file = person.home.path(FILE);
        person.save(".cursor/next", &text);
        std::fs::rename(person.home.path(".cursor/next"), person.home.path("next")).expect("moved");
        std::fs::remove_file(&file).expect("removed");
        // All is in place before the file stands under its name.
        std::fs::hard_link(person.home.path("next"), person.home.path("second")).expect("a link");
        if trouble != "hard-linked" {
            std::fs::remove_file(person.home.path("second")).expect("removed");
        }
        close(&person);
        std::fs::rename(person.home.path("next"), &file).unwrap_or_else(|error| panic!("{trouble}: {error}"));
        let mode = std::fs::metadata(&file).expect("there").mode();
        let told = guard.wait_about("not-edited", "new");
        assert_eq!(told["trouble"], trouble, "{told}");
        let row = connector(&person.scan(), "new");
        assert_eq!((&row["status"], &row["hold"]["state"]), (&"new".into(), &"refused".into()), "{row:#}");
        assert!(row["hold"]["reason"].as_str().is_some_and(|r| r.starts_with(english)), "{row:#}");
        assert_eq!(row["question"]["kind"], "new", "it is asked all the same");
        person.home.env.push(("LANG".to_owned(), "es_ES.UTF-8".to_owned()));
        let row = connector(&person.scan(), "new");
        assert!(row["hold"]["reason"].as_str().is_some_and(|r| r.starts_with(spanish)), "{row:#}");
        person.home.env.clear();
        assert_eq!(std::fs::read_to_string(&file).expect("read"), text, "{trouble}: nothing is edited");
        assert_eq!(std::fs::metadata(&file).expect("there").mode(), mode);
        person.save(OTHER, &entry("servers", "meanwhile"));
        guard.wait_about("held", "meanwhile");
        if let Some(mend) = mend {
            mend(&person);
            guard.wait_about("held", "new");
            assert_eq!(std::fs::read_to_string(&file).expect("read"), "{\"mcpServers\": {}}");
        }
        assert_eq!(guard.end(), Some(0));
    };
    check(
        "open-folder",
        "Others may write its folder",
        "Otros pueden escribir en su carpeta",
        |person| set_mode(&person.home.path(".cursor"), 0o777),
        Some(|person| set_mode(&person.home.path(".cursor"), 0o755)),
    );
    check(
        "hard-linked",
        "The file has other names",
        "El archivo tiene otros nombres",
        |_| {},
        // The name that goes says nothing of the one that stays: the next save tells.
        Some(|person| {
            std::fs::remove_file(person.home.path("second")).expect("removed");
            set_mode(&person.home.path(FILE), 0o600);
        }),
    );
    if rustix::process::geteuid().is_root() {
        check(
            "read-only",
            "The file may not be written.",
            "El archivo no se puede escribir.",
            |person| set_mode(&person.home.path(".cursor"), 0o555),
            Some(|person| set_mode(&person.home.path(".cursor"), 0o755)),
        );
        check(
            "foreign-owner",
            "The file belongs to somebody else",
            "El archivo pertenece a otra persona",
            |person| std::os::unix::fs::chown(person.home.path("next"), Some(0), Some(0)).expect("given"),
            Some(|person| person.own(&person.home.path(FILE))),
        );
    } else {
        eprintln!("NOT TESTED without root: read-only folders and files of others");
    }
}

#[test]
fn a_read_only_file_is_held_and_stays_read_only() {
    let person = Person::new();
    person.save(FILE, "{}");
    let mut guard = person.watch();
    let file = person.home.path(FILE);
    person.save("next.json", &entry("mcpServers", "new"));
    set_mode(&person.home.path("next.json"), 0o444);
    std::fs::rename(person.home.path("next.json"), &file).expect("renamed");
    guard.wait_about("held", "new");
    assert_eq!(std::fs::metadata(&file).expect("there").mode() & 0o7777, 0o444);
    assert_eq!(std::fs::read_to_string(&file).expect("read"), "{\"mcpServers\": {}}");
}

#[test]
#[allow(clippy::print_stderr, reason = "what is not tested is said aloud")]
fn what_others_can_change_by_now_is_not_released_and_the_question_stands() {
    type Act = fn(&Person);
    let check = |english: &str, close: Act, mend: Act| {
        let person = Person::new();
        let text = "{\"mcpServers\": {\"files\": {\"command\": \"files\"}}}";
        let saved = entry("mcpServers", "new");
        person.save(FILE, text);
        let mut guard = person.watch();
        person.save(FILE, &saved);
        let file = person.home.path(FILE);
        let facts = || {
            let meta = std::fs::metadata(&file).expect("there");
            (meta.mode(), meta.uid(), meta.gid())
        };
        guard.wait_about("held", "new");
        let (held, before) = (std::fs::read_to_string(&file).expect("read"), facts());
        eventually("old files are gone", || crate::support::leaves_nothing(&person.home.path(".cursor")));
        close(&person);
        let closed = facts();
        for verb in ["approve", "release"] {
            let run = Run::of(person.command().args([verb, "cursor/new"]).output().expect("it runs"));
            assert_eq!(run.code, Some(2), "{verb}: {}{}", run.out, run.err);
            assert!(run.err.contains(english), "{verb}: {}", run.err);
            assert_eq!((std::fs::read_to_string(&file).expect("read"), facts()), (held.clone(), closed), "{english}");
            let row = connector(&person.scan(), "new");
            assert_eq!((&row["status"], &row["question"]["kind"]), (&"held".into(), &"new".into()), "{row:#}");
        }
        mend(&person);
        Run::of(person.command().args(["approve", "cursor/new"]).output().expect("it runs")).ok();
        assert_eq!((std::fs::read_to_string(&file).expect("read"), facts()), (saved, before), "{english}");
        assert_eq!(guard.end(), Some(0));
    };
    check(
        "Others may write its folder",
        |person| set_mode(&person.home.path(".cursor"), 0o777),
        |person| set_mode(&person.home.path(".cursor"), 0o755),
    );
    check(
        "The file has other names",
        |person| std::fs::hard_link(person.home.path(FILE), person.home.path("second")).expect("a link"),
        |person| std::fs::remove_file(person.home.path("second")).expect("removed"),
    );
    if rustix::process::geteuid().is_root() {
        check(
            "The file may not be written.",
            |person| set_mode(&person.home.path(".cursor"), 0o555),
            |person| set_mode(&person.home.path(".cursor"), 0o755),
        );
        check(
            "The file belongs to somebody else",
            |person| std::os::unix::fs::chown(person.home.path(FILE), Some(0), None).expect("given"),
            |person| person.own(&person.home.path(FILE)),
        );
    } else {
        eprintln!("NOT TESTED without root: read-only folders and files of others");
    }
}

#[test]
fn a_place_that_is_not_read_is_told_as_a_gap() {
    let home = Sandbox::new();
    home.write(".docker/mcp/mcp-toolkit.db", "");
    home.write(".config/CherryStudio/Local Storage/leveldb/CURRENT", "");
    home.write(".reasonix/config.toml", "[[plugins]]\nname = \"mail\"\n");
    let scan = home.scan();
    let rows: Vec<_> = scan["coverage"].as_array().expect("coverage").iter().collect();
    for (client, path, word) in [
        ("cherry-studio", "~/.config/CherryStudio/Local Storage/leveldb", "database"),
        ("docker-mcp", "~/.docker/mcp/mcp-toolkit.db", "gateway"),
        ("reasonix", "~/.reasonix/config.toml", "list"),
    ] {
        let row = rows.iter().find(|row| row["path"] == path).unwrap_or_else(|| panic!("{path} in {scan:#}"));
        assert_eq!((&row["client"], &row["state"]), (&client.into(), &"unsupported".into()));
        assert!(row["message"].as_str().is_some_and(|message| message.contains(word)), "{row}");
    }
    assert_eq!(rows.iter().filter(|row| row["state"] == "unsupported").count(), 3);
    let told = home.run(&["--lang", "es", "coverage"]).ok().out;
    let words = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("ni se ven ni se retienen") && words.contains("3 sin leer"), "{told}");
}
