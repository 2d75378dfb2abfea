//! SIGKILL at each step of the journal: the next start finishes or undoes, and asks nothing twice.
//!
//! The guard runs in a child, which is this very program started again with [`STEPS`] set. It counts the steps that the
//! engine reports once it is armed, and ends itself at the one that it was told.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use gatehouse_core::engine::{Guard, GuardKind, Options};
use gatehouse_core::hold::Step;
use gatehouse_core::host::Host;
use gatehouse_core::request::Notice;

use crate::support::{Sandbox, assert_asked_once, eventually, leaves_nothing, servers};

/// Set for a child: the folder with what it and the test tell each other.
const STEPS: &str = "GATEHOUSE_TEST_STEPS";

/// Set for a child: the number of the step that it ends at.
const KILL_AT: &str = "GATEHOUSE_TEST_KILL_AT";

/// Does nothing as a test. As a child it is a guard that may end itself.
#[test]
fn guard_in_a_child() {
    let Some(folder) = std::env::var_os(STEPS).map(PathBuf::from) else { return };
    let kill_at: Option<usize> = std::env::var(KILL_AT).ok().map(|text| text.parse().expect("a number"));
    let env = std::env::vars().filter(|(name, _)| !name.starts_with("GATEHOUSE_")).collect();
    let home = std::env::home_dir().expect("the test sets a home");
    let host = Host::new(Host::this_os(), home, env, Arc::new(jiff::Timestamp::now));
    let ready = folder.join("ready");
    let tell = move |notice| {
        if matches!(notice, Notice::Guarding { .. }) {
            fs::write(&ready, "").expect("own folder");
        }
    };
    let mut seen = 0;
    let observe = move |step: Step| {
        // What is reported before the first of these still belongs to what was done before.
        if !folder.join("armed").exists() || (seen == 0 && !matches!(step, Stashed | Intended)) {
            return;
        }
        let mut steps = fs::File::options().create(true).append(true).open(folder.join("steps")).expect("own folder");
        writeln!(steps, "{}", step.name()).expect("own folder");
        if kill_at == Some(seen) {
            let own = rustix::process::getpid();
            rustix::process::kill_process(own, rustix::process::Signal::KILL).expect("its own process");
            // The signal may be a moment under way: nothing more is done meanwhile.
            loop {
                std::thread::park();
            }
        }
        seen += 1;
        let intruder = folder.join("intruder");
        if step == Step::Checked && intruder.exists() {
            let target = fs::read_to_string(folder.join("target")).expect("the test wrote it");
            fs::rename(intruder, target).expect("one file system");
        }
    };
    let options = Options { kind: GuardKind::Watch, can_ask: false };
    let _guard = Guard::start_observed(host, options, tell, observe).expect("it starts");
    loop {
        std::thread::park();
    }
}

/// A guard in a child.
struct Killed {
    child: Child,
    folder: PathBuf,
}

impl Killed {
    fn start(home: &Sandbox, kill_at: Option<usize>) -> Self {
        let folder = home.path("../steps");
        fs::create_dir_all(&folder).expect("a folder");
        let like = home.command();
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.env_clear().envs(like.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.args(["--exact", "steps::guard_in_a_child"]).env(STEPS, &folder);
        if let Some(at) = kill_at {
            command.env(KILL_AT, at.to_string());
        }
        let child = command.current_dir(home.home()).stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        let killed = Self { child: child.expect("the child starts"), folder };
        eventually("the child guards", || killed.folder.join("ready").exists());
        killed
    }

    /// From now on steps are counted.
    fn arm(&self) {
        fs::write(self.folder.join("armed"), "").expect("own folder");
    }

    fn steps(&self) -> Vec<String> {
        let text = fs::read_to_string(self.folder.join("steps")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    fn wait(&mut self) {
        let until = std::time::Instant::now() + crate::support::SOON;
        while self.child.try_wait().expect("own child").is_none() {
            assert!(std::time::Instant::now() < until, "it did not end itself; steps: {:?}", self.steps());
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
    }
}

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One way through the journal.
struct Way {
    file: &'static str,
    /// What stands in the file when the guard starts first.
    start: &'static str,
    /// Done with a guard, before the steps count.
    prepare: fn(&Sandbox),
    /// What leads to the steps. The guard may end in it.
    act: fn(&Sandbox),
    /// All that may stand in the file after the end.
    may_stand: &'static [&'static str],
    /// What stands in the file in the end.
    stands: &'static str,
    /// Names that are held in the end.
    held: &'static [&'static str],
    /// What stands there once all of them are approved.
    approved: &'static str,
    /// The steps that lie on this way.
    steps: &'static [Step],
}

use Step::{
    Checked, Exchanged, ExchangedBack, FolderSynced, Intended, OldChecked, OldRemoved, Recorded, Settled, StashRemoved,
    Stashed, TempSynced, TempWritten,
};

const HOLD: &[Step] = &[
    Stashed,
    Intended,
    TempWritten,
    TempSynced,
    Checked,
    Exchanged,
    OldChecked,
    FolderSynced,
    Recorded,
    Settled,
    OldRemoved,
];

const RELEASE: &[Step] = &[
    Intended,
    TempWritten,
    TempSynced,
    Checked,
    Exchanged,
    OldChecked,
    FolderSynced,
    Recorded,
    Settled,
    OldRemoved,
    StashRemoved,
];

const AMEND: &[Step] =
    &[Intended, TempWritten, TempSynced, Checked, Exchanged, OldChecked, FolderSynced, Settled, OldRemoved];

const CURSOR: &str = ".cursor/mcp.json";
const ONE: &str =
    "{\n  \"mcpServers\": {\n    \"files\": { \"command\": \"npx\", \"args\": [\"-y\", \"files-mcp\"] }\n  }\n}\n";
const TWO: &str = "{\n  \"mcpServers\": {\n    \"files\": { \"command\": \"npx\", \"args\": [\"-y\", \"files-mcp\"] },\n    \"mail\": { \"command\": \"npx\", \"args\": [\"-y\", \"mail-mcp\"], \"env\": { \"TOKEN\": \"s3cret\" } }\n  }\n}\n";
const THREE: &str = "{\n  \"mcpServers\": {\n    \"first\": { \"command\": \"uvx\", \"args\": [\"first-mcp\"] },\n    \"files\": { \"command\": \"npx\", \"args\": [\"-y\", \"files-mcp\"] },\n    \"mail\": { \"command\": \"npx\", \"args\": [\"-y\", \"mail-mcp\"], \"env\": { \"TOKEN\": \"s3cret\" } }\n  }\n}\n";
const CHANGED: &str =
    "{\n  \"mcpServers\": {\n    \"files\": { \"command\": \"npx\", \"args\": [\"-y\", \"evil-mcp\"] }\n  }\n}\n";
const NONE: &str = "{\n  \"mcpServers\": {\n  }\n}\n";

const TRUSTED: &str = "{\n  \"mcpServers\": {\n    \"files\": { \"command\": \"npx\", \"args\": [\"-y\", \"files-mcp\"], \"alwaysAllow\": [\"read\"] }\n  }\n}\n";
const WIDENED: &str = "{\n  \"mcpServers\": {\n    \"files\": { \"command\": \"npx\", \"args\": [\"-y\", \"files-mcp\"], \"alwaysAllow\": [\"read\",\"send\"] }\n  }\n}\n";
const OLDER_MAIL: &str = r#"{ "command": "npx", "args": ["-y", "mail-mcp", "--older"] }"#;
const NEWER_MAIL: &str = r#"{ "command": "npx", "args": ["-y", "mail-mcp", "--newer"] }"#;
const MAIL: &str = "{\n  \"mcpServers\": {\n    \"mail\": { \"command\": \"npx\", \"args\": [\"-y\", \"mail-mcp\", \"--older\"] },\n    \"files\": { \"command\": \"npx\", \"args\": [\"-y\", \"files-mcp\"] }\n  }\n}\n";
const TAKEN: &str = "{\n  \"mcpServers\": {\n    \"mail\": { \"command\": \"npx\", \"args\": [\"-y\", \"mail-mcp\", \"--newer\"] },\n    \"files\": { \"command\": \"npx\", \"args\": [\"-y\", \"files-mcp\"] }\n  }\n}\n";

const VSCODE: &str = ".config/Code/User/mcp.json";
const JSONC_ONE: &str = "{\n  // mine\n  \"servers\": {\n    \"files\": { \"command\": \"npx\", \"args\": [\"-y\", \"files-mcp\"] }, // kept\n  },\n}\n";
const JSONC_TWO: &str = "{\n  // mine\n  \"servers\": {\n    /* new */ \"mail\": { \"command\": \"npx\", \"args\": [\"-y\", \"mail-mcp\"] },\n    \"files\": { \"command\": \"npx\", \"args\": [\"-y\", \"files-mcp\"] }, // kept\n  },\n}\n";

const VIBE: &str = ".vibe/config.toml";
const TOML_ONE: &str =
    "model = \"x\" # mine\n\n[[mcp_servers]]\nname = \"files\"\ncommand = \"npx\"\nargs = [\"-y\", \"files-mcp\"]\n";
const TOML_TWO: &str = "model = \"x\" # mine\n\n[[mcp_servers]]\nname = \"files\"\ncommand = \"npx\"\nargs = [\"-y\", \"files-mcp\"]\n\n[[mcp_servers]]\nname = \"mail\"\ncommand = \"npx\"\nargs = [\"-y\", \"mail-mcp\"]\n";
const TOML_OFF: &str = "model = \"x\" # mine\n\n[[mcp_servers]]\nname = \"files\"\ncommand = \"npx\"\nargs = [\"-y\", \"files-mcp\"]\n\n[[mcp_servers]]\ndisabled = true\nname = \"mail\"\ncommand = \"npx\"\nargs = [\"-y\", \"mail-mcp\"]\n";
const CLAUDE_CODE: &str = ".claude/settings.json";
const LIST_NONE: &str = "{\n  \"model\": \"opus\"\n}\n";
const LIST_ONE: &str =
    "{\n  \"model\": \"opus\",\n  \"deniedMcpServers\": [{\"serverCommand\": [\"npx\", \"-y\", \"mail-mcp\"]}]\n}\n";
const JSONC_CUT: &str = "{\n  // mine\n  \"servers\": {\n    /* new */\n    \"files\": { \"command\": \"npx\", \"args\": [\"-y\", \"files-mcp\"] }, // kept\n  },\n}\n";

fn nothing(_: &Sandbox) {}

/// Waits until a file says what it should, and nothing of ours lies beside it.
fn settled(home: &Sandbox, file: &str, text: &str) -> bool {
    let path = home.path(file);
    fs::read_to_string(&path).is_ok_and(|found| found == text) && leaves_nothing(path.parent().expect("a folder"))
}

fn holds(home: &Sandbox) -> usize {
    fs::read_dir(home.data().join("holds")).map_or(0, Iterator::count)
}

/// Walks a way once to the end, and then once for each of its steps with the end at that step.
fn walk(way: &Way) {
    let (whole, ended) = once(way, None);
    assert_eq!(ended, None);
    let named: BTreeSet<_> = way.steps.iter().map(|step| step.name().to_owned()).collect();
    assert_eq!(whole.iter().cloned().collect::<BTreeSet<_>>(), named, "the steps of this way, in order: {whole:?}");
    let ends: BTreeSet<_> = (0..whole.len()).filter_map(|at| once(way, Some(at)).1).collect();
    assert_eq!(ends, named, "a guard was ended at each of its steps");
}

/// Walks a way with the end at a step. Returns the steps that were done and the one that was the last.
fn once(way: &Way, kill_at: Option<usize>) -> (Vec<String>, Option<String>) {
    let home = Sandbox::new();
    home.write(way.file, way.start);
    let mut killed = Killed::start(&home, kill_at);
    (way.prepare)(&home);
    killed.arm();
    fs::write(killed.folder.join("target"), home.path(way.file).to_str().expect("UTF-8")).expect("own folder");
    (way.act)(&home);
    if kill_at.is_some() {
        killed.wait();
    } else {
        // A step is told right after it is done: what it did may be seen before.
        let told = || {
            let steps = killed.steps();
            way.steps.iter().all(|step| steps.iter().any(|told| told == step.name()))
        };
        eventually("the whole way", || {
            settled(&home, way.file, way.stands) && holds(&home) == way.held.len() && told()
        });
    }
    let steps = killed.steps();
    let ended = kill_at.map(|at| steps[at].clone());
    drop(killed);
    let context = || format!("ended at {kill_at:?} {ended:?}, steps {steps:?}");
    let found = home.read(way.file);
    assert!(way.may_stand.contains(&found.as_str()), "{}: {found}", context());
    let intruder = home.path("../steps/intruder");
    if intruder.exists() {
        // The save that did not come between came while no guard ran.
        fs::rename(intruder, home.path(way.file)).expect("one file system");
    }

    let guard = home.watch();
    let good = || settled(&home, way.file, way.stands) && holds(&home) == way.held.len();
    let until = std::time::Instant::now() + crate::support::SOON;
    while !good() {
        let beside: Vec<_> = fs::read_dir(home.path(way.file).parent().expect("a folder")).expect("it").collect();
        let found = home.read(way.file);
        let late = std::time::Instant::now() > until;
        assert!(!late, "not finished; {}: {} holds, {beside:?}, {found}", context(), holds(&home));
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let client = if way.file == CURSOR {
        "cursor"
    } else if way.file == VIBE {
        "mistral-vibe"
    } else if way.file == CLAUDE_CODE {
        "claude-code"
    } else {
        "vscode"
    };
    let scan = home.scan();
    assert_eq!(scan["waiting"], way.held.len(), "{}", context());
    assert_asked_once(&home);
    home.run(&["log", "--verify"]).ok();
    for name in way.held {
        let which = format!("{client}/{name}");
        assert_eq!(home.status(&which), "held", "{}", context());
        home.run(&["approve", &which]).ok();
    }
    assert_eq!(home.read(way.file), way.approved, "{}", context());
    assert_eq!(guard.end(), Some(0));
    assert!(settled(&home, way.file, way.approved) && holds(&home) == 0, "the old files are gone; {}", context());
    assert_asked_once(&home);
    home.run(&["log", "--verify"]).ok();
    (steps, ended)
}

fn save_for_claude_code(home: &Sandbox) {
    home.save(
        ".claude.json",
        &servers("mcpServers", &[("mail", r#"{ "command": "npx", "args": ["-y", "mail-mcp"] }"#)]),
    );
}

fn hold_mail(home: &Sandbox) {
    home.save(CURSOR, TWO);
    eventually("it is held", || settled(home, CURSOR, ONE));
}

fn hold_changed(home: &Sandbox) {
    home.save(CURSOR, CHANGED);
    eventually("it is held", || settled(home, CURSOR, NONE));
}

const CUT: Way = Way {
    file: CURSOR,
    start: ONE,
    prepare: nothing,
    act: |home| home.save(CURSOR, TWO),
    may_stand: &[ONE, TWO],
    stands: ONE,
    held: &["mail"],
    approved: TWO,
    steps: HOLD,
};

const CUT_JSONC: Way = Way {
    file: VSCODE,
    start: JSONC_ONE,
    act: |home| home.write(VSCODE, JSONC_TWO),
    may_stand: &[JSONC_TWO, JSONC_CUT],
    stands: JSONC_CUT,
    approved: JSONC_TWO,
    ..CUT
};

const SWITCH: Way = Way {
    file: VIBE,
    start: TOML_ONE,
    act: |home| home.save(VIBE, TOML_TWO),
    may_stand: &[TOML_TWO, TOML_OFF],
    stands: TOML_OFF,
    approved: TOML_TWO,
    ..CUT
};

/// A rule comes into the list of the client's settings; the entry's own file is not touched.
const LIST: Way = Way {
    file: CLAUDE_CODE,
    start: LIST_NONE,
    act: save_for_claude_code,
    may_stand: &[LIST_NONE, LIST_ONE],
    stands: LIST_ONE,
    approved: LIST_NONE,
    ..CUT
};

const SEVERAL: Way = Way {
    act: |home| home.save(CURSOR, THREE),
    may_stand: &[ONE, THREE],
    held: &["first", "mail"],
    approved: THREE,
    ..CUT
};

const APPROVE: Way = Way {
    prepare: hold_mail,
    act: |home| drop(home.run(&["approve", "cursor/mail"])),
    stands: TWO,
    held: &[],
    steps: RELEASE,
    ..CUT
};

const APPROVE_SWITCH: Way = Way {
    prepare: |home| {
        home.save(VIBE, TOML_TWO);
        eventually("it is held", || settled(home, VIBE, TOML_OFF));
    },
    act: |home| drop(home.run(&["approve", "mistral-vibe/mail"])),
    stands: TOML_TWO,
    held: &[],
    steps: RELEASE,
    ..SWITCH
};

const APPROVE_LIST: Way = Way {
    prepare: |home| {
        save_for_claude_code(home);
        eventually("it is held", || settled(home, CLAUDE_CODE, LIST_ONE));
    },
    act: |home| drop(home.run(&["approve", "claude-code/mail"])),
    stands: LIST_NONE,
    held: &[],
    steps: RELEASE,
    ..LIST
};

/// The approved launch goes back in place of the changed one that is held.
const KEEP_APPROVED: Way = Way {
    prepare: hold_changed,
    act: |home| drop(home.run(&["keep-approved", "cursor/files"])),
    may_stand: &[NONE, ONE],
    stands: ONE,
    approved: ONE,
    ..APPROVE
};

/// The approved launch is written over the changed one, which a rule of its folder left where it was.
const AMEND_IN_PLACE: Way = Way {
    prepare: |home| {
        home.run(&["folder", home.path(".cursor").to_str().expect("UTF-8"), "notify"]).ok();
        home.save(CURSOR, CHANGED);
        eventually("it is noticed", || home.status("cursor/files") == "changed" && home.scan()["waiting"] == 1);
    },
    may_stand: &[CHANGED, ONE],
    steps: AMEND,
    ..KEEP_APPROVED
};

/// Tools that run unasked were widened under the same launch, which runs on.
const AMEND_TRUST: Way = Way {
    start: TRUSTED,
    prepare: |home| {
        home.run(&["approve", "cursor/files"]).ok();
        home.save(CURSOR, WIDENED);
        eventually("it is asked about", || home.scan()["waiting"] == 1);
    },
    may_stand: &[WIDENED, TRUSTED],
    stands: TRUSTED,
    approved: TRUSTED,
    ..AMEND_IN_PLACE
};

/// An approved launch that another has taken the place of goes back in place of that one.
const KEEP_APPROVED_BEFORE: Way = Way {
    prepare: |home| {
        home.write(VSCODE, &servers("servers", &[("post", NEWER_MAIL)]));
        let held = |name| home.rows(name).iter().filter(|row| row["status"] == "held").count();
        eventually("it is held", || held("post") == 1);
        home.run(&["approve", "vscode/post"]).ok();
        home.save(CURSOR, MAIL);
        eventually("the older one is held", || held("mail") == 1);
        home.save(CURSOR, TAKEN);
        eventually("its place is taken", || !home.row("cursor/mail")["previous"].is_null());
        home.write(VSCODE, &servers("servers", &[("post", NEWER_MAIL), ("mail", OLDER_MAIL)]));
        eventually("it is held there too", || held("mail") == 1 && holds(home) == 2);
        // One of its entries cannot go back: the place is taken.
        home.run(&["approve", "vscode/mail"]);
        eventually("it may run", || home.row("cursor/mail")["previous"]["approved"] == true && holds(home) == 1);
        let folder = |file| home.path(file).parent().expect("a folder").to_owned();
        eventually("nothing is under way", || leaves_nothing(&folder(CURSOR)) && leaves_nothing(&folder(VSCODE)));
    },
    act: |home| drop(home.run(&["keep-approved", "cursor/mail"])),
    may_stand: &[TAKEN, MAIL],
    stands: MAIL,
    approved: MAIL,
    ..APPROVE
};

/// Somebody saves between the last check and the exchange.
const COME_BETWEEN: Way = Way {
    act: |home| {
        fs::write(home.path("../steps/intruder"), THREE).expect("a folder");
        home.save(CURSOR, TWO);
    },
    may_stand: &[ONE, TWO, THREE],
    held: &["first", "mail"],
    approved: THREE,
    steps: &[
        Stashed,
        Intended,
        TempWritten,
        TempSynced,
        Checked,
        Exchanged,
        ExchangedBack,
        OldChecked,
        FolderSynced,
        Recorded,
        Settled,
        OldRemoved,
        StashRemoved,
    ],
    ..CUT
};

/// Somebody has the file open across the exchange, and saves into what is the old file by then.
const LATE: Way = Way {
    act: |home| {
        let mut late = fs::File::options().write(true).open(home.path(CURSOR)).expect("it is there");
        home.write(CURSOR, TWO);
        // The guard either takes the entry out, or ends before.
        let steps = home.path("../steps/steps");
        let far_enough = || {
            let steps = fs::read_to_string(&steps).unwrap_or_default();
            steps.contains("folder-synced") || has_ended(home)
        };
        eventually("the entry is out, or the guard has ended", far_enough);
        late.set_len(0).and_then(|()| late.write_all(THREE.as_bytes())).expect("an open file");
    },
    steps: &[
        Stashed,
        Intended,
        TempWritten,
        TempSynced,
        Checked,
        Exchanged,
        OldChecked,
        FolderSynced,
        Recorded,
        Settled,
        OldRemoved,
        StashRemoved,
    ],
    ..COME_BETWEEN
};

/// As [`LATE`], with another swap of the file before the late save.
const LATE_AFTER_TWO: Way = Way {
    act: |home| {
        let mut late = fs::File::options().write(true).open(home.path(CURSOR)).expect("it is there");
        home.write(CURSOR, TWO);
        let done = |times| {
            let steps = fs::read_to_string(home.path("../steps/steps")).unwrap_or_default();
            steps.matches("intended").count() >= times || has_ended(home)
        };
        let recorded = || fs::read_to_string(home.path("../steps/steps")).unwrap_or_default().contains("recorded");
        eventually("the entry is out, or the guard has ended", || recorded() || has_ended(home));
        home.write(CURSOR, TWO);
        eventually("it is going out again, or the guard has ended", || done(2));
        late.set_len(0).and_then(|()| late.write_all(THREE.as_bytes())).expect("an open file");
    },
    ..LATE
};

/// Whether the guard's lock is free.
fn has_ended(home: &Sandbox) -> bool {
    home.scan()["guard"]["running"] == false
}

const WAYS: [&Way; 15] = [
    &CUT,
    &CUT_JSONC,
    &SWITCH,
    &LIST,
    &SEVERAL,
    &APPROVE,
    &APPROVE_SWITCH,
    &APPROVE_LIST,
    &KEEP_APPROVED,
    &AMEND_IN_PLACE,
    &AMEND_TRUST,
    &KEEP_APPROVED_BEFORE,
    &COME_BETWEEN,
    &LATE,
    &LATE_AFTER_TWO,
];

#[test]
fn every_step_lies_on_a_way() {
    let on_a_way: BTreeSet<_> = WAYS.iter().flat_map(|way| way.steps).copied().collect();
    assert_eq!(on_a_way, BTreeSet::from(Step::ALL));
}

#[test]
fn a_cut_is_finished_or_undone() {
    walk(&CUT);
}

#[test]
fn a_cut_among_comments_is_finished_or_undone() {
    walk(&CUT_JSONC);
}

#[test]
fn a_switch_is_finished_or_undone() {
    walk(&SWITCH);
}

#[test]
fn a_rule_in_a_list_is_finished_or_undone() {
    walk(&LIST);
}

#[test]
fn a_rule_that_is_taken_out_of_a_list_is_finished() {
    walk(&APPROVE_LIST);
}

#[test]
fn a_cut_of_several_is_finished_or_undone() {
    walk(&SEVERAL);
}

#[test]
fn a_release_is_finished() {
    walk(&APPROVE);
}

#[test]
fn a_release_by_the_switch_is_finished() {
    walk(&APPROVE_SWITCH);
}

#[test]
fn the_way_back_to_the_approved_launch_is_finished() {
    walk(&KEEP_APPROVED);
    walk(&AMEND_IN_PLACE);
    walk(&AMEND_TRUST);
}

#[test]
fn the_way_back_to_an_approved_launch_whose_place_was_taken_is_finished() {
    walk(&KEEP_APPROVED_BEFORE);
}

#[test]
fn a_save_that_comes_between_is_kept_whenever_the_guard_ends() {
    walk(&COME_BETWEEN);
}

#[test]
fn a_late_save_is_kept_whenever_the_guard_ends() {
    walk(&LATE);
}

#[test]
fn a_late_save_after_another_swap_is_kept_whenever_the_guard_ends() {
    walk(&LATE_AFTER_TWO);
}

/// A program that saves twice what it has, while the first save is being edited: the second one is as new as the first.
#[test]
fn the_same_bytes_saved_again_in_the_middle_of_a_hold_are_held() {
    for (file, start, text, stands) in [(CURSOR, ONE, TWO, ONE), (VIBE, TOML_ONE, TOML_TWO, TOML_OFF)] {
        let home = Sandbox::new();
        home.write(file, start);
        let guard = Killed::start(&home, None);
        guard.arm();
        fs::write(guard.folder.join("target"), home.path(file).to_str().expect("UTF-8")).expect("own folder");
        fs::write(guard.folder.join("intruder"), text).expect("a folder");
        home.save(file, text);
        eventually("it is held", || settled(&home, file, stands) && holds(&home) == 1);
        assert!(guard.steps().iter().any(|step| step == Step::ExchangedBack.name()), "{:?}", guard.steps());
        assert_asked_once(&home);
    }
}

/// A held entry that comes back and goes again while it is being held anew: it is held as before, and so is its question.
#[test]
fn the_question_of_a_held_entry_outlives_its_coming_and_going() {
    let home = Sandbox::new();
    home.write(CURSOR, ONE);
    let guard = Killed::start(&home, None);
    hold_mail(&home);
    assert_eq!((home.waiting(), holds(&home)), (1, 1));
    guard.arm();
    fs::write(guard.folder.join("target"), home.path(CURSOR).to_str().expect("UTF-8")).expect("own folder");
    fs::write(guard.folder.join("intruder"), ONE).expect("a folder");
    let before = home.ledger_entries();
    home.save(CURSOR, TWO);
    eventually("it came and went", || {
        let dropped = |entry: &serde_json::Value| entry["event"] == "vanished";
        home.ledger_since(before).iter().any(dropped) && settled(&home, CURSOR, ONE)
    });
    assert!(guard.steps().iter().any(|step| step == Step::ExchangedBack.name()), "{:?}", guard.steps());
    let row = home.row("cursor/mail");
    assert_eq!((&row["status"], &row["question"]["kind"], home.waiting()), (&"held".into(), &"new".into(), 1));
    assert_asked_once(&home);
    home.run(&["approve", "cursor/mail"]).ok();
    assert_eq!((home.read(CURSOR).as_str(), home.waiting()), (TWO, 0));
}
