//! The organisation's files, below a root of their own, as a running guard obeys them.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use gatehouse_core::connector::Scope as ConnectorScope;
use gatehouse_core::engine::{self, Guard, GuardKind, Options, Scope};
use gatehouse_core::host::Host;
use gatehouse_core::policy::Mode;
use gatehouse_core::record::{Channel, Method, Origin};
use gatehouse_core::report::{HoldState, Inventory, Status};
use gatehouse_core::request::{EffectKind, FileTrouble, Notice, Reply, Request, Selector, Wish};
use gatehouse_core::wording::{Language, Wording};

struct Machine {
    folder: tempfile::TempDir,
    host: Host,
}

impl Machine {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let host = Host::new(Host::this_os(), folder.path().join("home/u"), [].into(), Arc::new(jiff::Timestamp::now));
        let host = host.with_root(folder.path().to_owned());
        let machine = Self { folder, host };
        machine.write("home/u/.cursor/mcp.json", "{\"mcpServers\": {}}");
        machine
    }

    fn write(&self, below: &str, text: &str) {
        let path = self.folder.path().join(below);
        let folder = path.parent().expect("a folder");
        fs::create_dir_all(folder).expect("folders");
        for folder in folder.ancestors().take_while(|folder| *folder != self.folder.path()) {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).expect("rights");
        }
        let beside = path.with_extension("new");
        fs::write(&beside, text).expect("a file");
        fs::set_permissions(&beside, fs::Permissions::from_mode(0o644)).expect("rights");
        fs::rename(&beside, &path).expect("renamed");
    }

    fn start(&self) -> (Guard, Receiver<Notice>) {
        let (tell, told) = channel();
        let options = Options { kind: GuardKind::Watch, can_ask: false };
        let guard = Guard::start(self.host.clone(), options, move |notice| drop(tell.send(notice)));
        (guard.expect("a guard"), told)
    }

    fn scan(&self) -> Inventory {
        let wording = Wording::new(Language::English);
        engine::survey(&self.host, &Scope::default(), &wording, &mut |_, _| {}).expect("a survey").inventory
    }

    fn read(&self, below: &str) -> String {
        fs::read_to_string(self.folder.path().join(below)).expect("a file")
    }
}

/// Waits for what the guard tells.
fn wait(told: &Receiver<Notice>, wanted: impl Fn(&Notice) -> bool) -> Notice {
    loop {
        let notice = told.recv_timeout(Duration::from_secs(20)).expect("it is told");
        if wanted(&notice) {
            return notice;
        }
    }
}

const POLICY: &str = "etc/gatehouse/policy.json";
const CURSOR: &str = "home/u/.cursor/mcp.json";

fn with(name: &str) -> String {
    format!("{{\"mcpServers\": {{\"{name}\": {{\"command\": \"npx\", \"args\": [\"-y\", \"{name}\"]}}}}}}")
}

/// A guard asks the keyring that the environment leads to, which must not be that of whoever runs the tests: the test runs
/// in a process without one. Returns whether this is it.
fn is_apart(test: &str) -> bool {
    const APART: &str = "GATEHOUSE_TEST_APART";
    if std::env::var_os(APART).is_some() {
        return true;
    }
    let program = std::env::current_exe().expect("this program");
    let mut command = std::process::Command::new(program);
    let status = command.args(["--exact", test]).env_clear().env(APART, "1").status().expect("it runs");
    assert!(status.success(), "{test} failed in a process of its own");
    false
}

#[cfg(target_os = "linux")]
#[test]
fn the_organisations_rules_bind_a_running_guard() {
    if !is_apart("the_organisations_rules_bind_a_running_guard") {
        return;
    }
    let machine = Machine::new();
    machine.write(
        POLICY,
        "{\"mode\": \"lockdown\", \"allowedMcpServers\": [{\"serverCommand\": [\"npx\", \"-y\", \"mail\"]}]}",
    );
    let (guard, told) = machine.start();
    assert_eq!(machine.scan().mode, Mode::Lockdown);
    machine.write(CURSOR, &with("mail"));
    wait(&told, |notice| matches!(notice, Notice::Allowed { connector, .. } if connector.name == "mail"));
    assert_eq!(machine.scan().connectors[0].status, Status::AllowedByPolicy);
    machine.write(CURSOR, &with("other"));
    wait(&told, |notice| matches!(notice, Notice::Held { connector, .. } if connector.name == "other"));
    assert!(!machine.read(CURSOR).contains("other"));
    // Another file of the folder denies what the first one allows.
    machine.write(
        "etc/gatehouse/policy.d/10-mail.json",
        "{\"deniedMcpServers\": [{\"serverCommand\": [\"npx\", \"-y\", \"mail\"]}]}",
    );
    wait(&told, |notice| matches!(notice, Notice::PolicyChanged { problems } if problems.is_empty()));
    machine.write(CURSOR, &with("mail"));
    wait(&told, |notice| matches!(notice, Notice::Held { connector, .. } if connector.name == "mail"));
    // A file that others can write is not believed: what it said stays, and it is told.
    fs::set_permissions(machine.folder.path().join(POLICY), fs::Permissions::from_mode(0o666)).expect("rights");
    let Notice::PolicyChanged { problems } = wait(&told, |notice| matches!(notice, Notice::PolicyChanged { .. }))
    else {
        unreachable!()
    };
    assert_eq!(problems.len(), 1);
    guard.stop();
    assert_eq!(engine::settings(&machine.host).0.managed().mode, Some(Mode::Lockdown), "readers know it too");
    // Whoever reads it for the first time believes nothing of it, and takes nothing for allowed.
    fs::remove_dir_all(machine.host.data_dir()).expect("forgotten");
    let (layers, own) = engine::settings(&machine.host);
    assert_eq!((layers.mode(own).value, layers.allowed().len()), (Mode::Ask, 0));
}

#[test]
fn without_files_nothing_binds() {
    let machine = Machine::new();
    let (layers, own) = engine::settings(&machine.host);
    assert!(layers.0.is_empty());
    assert_eq!(layers.mode(own).value, Mode::Ask);
    assert!(!Path::new(&machine.folder.path().join("etc")).exists(), "looking makes nothing");
}

#[cfg(target_os = "linux")]
#[test]
fn what_the_organisation_sets_up_is_asked_about_and_never_edited() {
    if !is_apart("what_the_organisation_sets_up_is_asked_about_and_never_edited") {
        return;
    }
    const MANAGED: &str = "etc/claude-code/managed-mcp.json";
    let machine = Machine::new();
    machine.write(MANAGED, &with("theirs"));
    let (guard, told) = machine.start();
    let row = |name: &str| {
        let connectors = machine.scan().connectors;
        connectors.into_iter().find(|row| row.name == name).unwrap_or_else(|| panic!("{name} is listed"))
    };
    // What was there first is the baseline, like anything else.
    assert_eq!((row("theirs").status, row("theirs").scope), (Status::Unreviewed, ConnectorScope::Managed));
    let changed = with("another");
    machine.write(MANAGED, &changed);
    let asked = wait(&told, |notice| matches!(notice, Notice::Asked { connector, .. } if connector.name == "another"));
    assert!(matches!(asked, Notice::Asked { held: false, .. }), "{asked:?}");
    let trouble = wait(&told, |notice| matches!(notice, Notice::NotEdited { .. }));
    assert!(matches!(trouble, Notice::NotEdited { trouble: FileTrouble::OfOrganisation, .. }), "{trouble:?}");
    let asked = row("another");
    assert_eq!((asked.status, asked.question.is_some()), (Status::New, true));
    let hold = asked.hold.expect("it is said why it is not held");
    assert_eq!((hold.method, hold.state), (Method::None, HoldState::Refused));
    assert!(hold.reason.is_some_and(|reason| reason.contains("organisation")));
    // Not even what the user denies is taken out: the file is the organisation's.
    let origin = Origin { channel: Channel::Desk, parents: Vec::new(), client: None };
    let deny = Request::Decide { id: Selector(asked.id), wish: Wish::Deny, shown: None, note: None };
    let Reply::Done { effects } = guard.ask(deny, origin) else { unreachable!() };
    assert!(matches!(effects[0].kind, EffectKind::NotEdited(_)), "{effects:?}");
    assert_eq!(row("another").status, Status::Denied);
    guard.stop();
    assert_eq!(machine.read(MANAGED), changed);
    let beside = fs::read_dir(machine.folder.path().join("etc/claude-code")).expect("a folder").count();
    assert_eq!(beside, 1, "nothing is left beside it");
}
