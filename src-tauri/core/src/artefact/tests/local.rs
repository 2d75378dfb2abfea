use std::os::unix::fs::PermissionsExt as _;

use crate::facts::{Checkout, Rights};

use super::*;

fn bytes(found: &Found) -> &str {
    match &found.artefact.state {
        ArtefactState::Known { integrity, .. } => integrity,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_script_is_its_bytes_and_those_of_its_lock_file() {
    let mut machine = Machine::new("");
    machine.write("work/app/build/index.js", "run();\n");
    let plain = machine.look("node build/index.js", "work/app");
    assert_eq!(bytes(&plain), format!("sha256:{}", Digest::of(b"run();\n")));
    machine.write("work/app/package-lock.json", "{}");
    let locked = machine.look("node build/index.js", "work/app");
    assert_eq!(bytes(&locked), format!("sha256:{} lock:sha256:{}", Digest::of(b"run();\n"), Digest::of(b"{}")));
    let file = locked.evidence.file.expect("a file");
    assert_eq!((file.owner, file.location), (Owner::User, Location::Home));
    // What lies in the home itself is of no project.
    machine.write("server.py", "run()\n");
    machine.write("requirements.txt", "httpx\n");
    let path = machine.path("server.py").display().to_string();
    assert_eq!(bytes(&machine.look(&format!("python {path}"), "")), format!("sha256:{}", Digest::of(b"run()\n")));
    assert_eq!(told(&machine.look("node build/gone.js", "work/app")), "unknown file-not-there");
    assert_eq!(told(&machine.look("node build/index.js", "")), "unknown folder-not-told");
    assert_eq!(told(&machine.look("npx .", "work/app")), "unknown folder");
}

#[test]
fn a_program_is_found_on_the_search_path_of_the_launch() {
    let mut machine = Machine::new("");
    machine.write("one/mail-server", "1");
    machine.write("two/mail-server", "2");
    let (one, two) = (machine.path("one").display().to_string(), machine.path("two").display().to_string());
    assert_eq!(told(&machine.look("mail-server", "")), "unknown file-not-there");
    machine.env = vec![("PATH", format!("relative:{one}:{two}"))];
    assert_eq!(bytes(&machine.look("mail-server --stdio", "")), format!("sha256:{}", Digest::of(b"1")));
    let entry = json!({"command": "mail-server", "env": {"PATH": two}});
    assert_eq!(bytes(&machine.look_at(entry, "")), format!("sha256:{}", Digest::of(b"2")));
    machine.os = Os::Windows;
    machine.write("one/other.cmd", "3");
    machine.env = vec![("Path", one)];
    assert_eq!(bytes(&machine.look("other", "")), format!("sha256:{}", Digest::of(b"3")));
}

#[test]
fn a_script_in_a_package_is_the_package() {
    let mut machine = Machine::new("");
    machine.write("app/node_modules/@acme/mail-mcp/package.json", r#"{"version": "2.0.0"}"#);
    machine.write("app/node_modules/@acme/mail-mcp/dist/index.js", "run();");
    let then = machine.look("node node_modules/@acme/mail-mcp/dist/index.js", "app");
    assert_eq!(told(&then), "package 2.0.0 files");
    machine.write("app/node_modules/@acme/mail-mcp/dist/other.js", "more();");
    assert!(differ(&machine.look("node node_modules/@acme/mail-mcp/dist/index.js", "app"), &then));
}

#[test]
fn a_task_is_its_text_and_the_file_that_it_starts() {
    let mut machine = Machine::new("");
    machine.write("app/index.js", "run();");
    let manifest = |text: &str| json!({"scripts": {"mcp": text, "shell": "a && b", "tool": "tsc"}}).to_string();
    machine.write("app/package.json", &manifest("node index.js"));
    let then = machine.look("npm run mcp", "app");
    assert_eq!(told(&then), "task - files");
    machine.write("app/package.json", &manifest("node index.js --all"));
    assert!(differ(&machine.look("npm run mcp", "app"), &then));
    let app = machine.path("app").display().to_string();
    assert_eq!(told(&machine.look(&format!("npm --prefix {app} run mcp"), "")), "task - files");
    assert_eq!(told(&machine.look("pnpm run mcp", "app")), "task - files");
    assert_eq!(told(&machine.look("npm run shell", "app")), "unknown task-not-followed");
    assert_eq!(told(&machine.look("npm run tool", "app")), "unknown task-not-followed");
    assert_eq!(told(&machine.look("npm run gone", "app")), "unknown task-not-there");
}

#[test]
fn what_anybody_may_write_is_told_with_the_place_where_they_may() {
    let mut machine = Machine::new("");
    machine.write("open/app/run.sh", "");
    let mode = |name: &str, bits: u32| {
        fs::set_permissions(machine.path(name), fs::Permissions::from_mode(bits)).expect("the mode is set");
    };
    mode("open", 0o777);
    mode("open/app", 0o755);
    mode("open/app/run.sh", 0o755);
    let expected = [
        ("open", 0o777, Some("open")),
        ("open/app/run.sh", 0o766, Some("open/app/run.sh")),
        ("open/app/run.sh", 0o755, Some("open")),
        // Only the owner of a file replaces it in a sticky folder.
        ("open", 0o1777, None),
        ("open", 0o755, None),
    ];
    for (name, bits, open) in expected {
        fs::set_permissions(machine.path(name), fs::Permissions::from_mode(bits)).expect("the mode is set");
        let path = machine.path("open/app/run.sh").display().to_string();
        let evidence = machine.look(&format!("bash {path}"), "").evidence;
        let expected = open.map_or(Rights::OfOwner, |name| Rights::OfAll(machine.path(name)));
        assert_eq!(evidence.rights, expected, "{name} {bits:o}");
        assert_eq!(evidence.file.and_then(|file| file.mode).map(|mode| mode & 0o700), Some(0o700));
    }
}

#[test]
fn places_are_told_apart() {
    let mut machine = Machine::new("");
    // The home lies within the root here, so that both kinds of places can be made.
    for (name, expected) in [
        ("Downloads/server.py", Location::Downloads),
        (".dev-utils/server.js", Location::Hidden),
        (".local/bin/server.py", Location::Installed),
        (".local/share/uv/tools/x/server.py", Location::Installed),
        ("projects/server.py", Location::Home),
    ] {
        machine.write(name, "");
        let path = machine.path(name).display().to_string();
        let file = machine.look(&format!("bash {path}"), "").evidence.file.expect("a file");
        assert_eq!(file.location, expected, "{name}");
    }
    for (name, expected) in [
        ("tmp/x/server.py", Location::Temporary),
        ("usr/bin/server", Location::System),
        ("srv/server.py", Location::Elsewhere),
    ] {
        machine.write(name, "");
        let path = machine.path(name);
        let connector = samples::connector(json!({"command": "bash", "args": [path]}));
        let mut host = machine.host();
        host.home = machine.path("home/somebody");
        let found = look(&host, &Start { connector: &connector, folder: None }, &mut machine.memo);
        assert_eq!(found.evidence.file.expect("a file").location, expected, "{name}");
    }
}

#[test]
fn git_is_read_from_its_files() {
    let mut machine = Machine::new("");
    machine.write("app/server.py", "");
    machine.write("app/.git/HEAD", "ref: refs/heads/main\n");
    machine.write("app/.git/refs/heads/main", &format!("{COMMIT}\n"));
    machine.write(
        "app/.git/config",
        "[core]\n\tbare = false\n[remote \"fork\"]\n\turl = git@git.example:me/tool\n[remote \"origin\"]\n\turl = https://me:token@git.example/acme/tool.git\n",
    );
    let checkout = |machine: &mut Machine, folder: &str| machine.look("python server.py", folder).evidence.checkout;
    let main = Checkout {
        folder: machine.path("app"),
        remote: Some("https://git.example/acme/tool.git".to_owned()),
        branch: Some("main".to_owned()),
        head: Some(COMMIT.to_owned()),
    };
    assert_eq!(checkout(&mut machine, "app"), Some(main.clone()));
    fs::remove_file(machine.path("app/.git/refs/heads/main")).expect("it is packed");
    machine.write(
        "app/.git/packed-refs",
        &format!("# pack-refs\n{} refs/heads/other\n{COMMIT} refs/heads/main\n", "1".repeat(40)),
    );
    assert_eq!(checkout(&mut machine, "app"), Some(main.clone()));
    // A worktree.
    machine.write("tree/server.py", "");
    machine.write("tree/.git", &format!("gitdir: {}\n", machine.path("app/.git/worktrees/tree").display()));
    machine.write("app/.git/worktrees/tree/HEAD", &format!("{COMMIT}\n"));
    machine.write("app/.git/worktrees/tree/commondir", "../..\n");
    let tree = Checkout { folder: machine.path("tree"), branch: None, ..main.clone() };
    assert_eq!(checkout(&mut machine, "tree"), Some(tree));
    // A name that leads out of the folder is not followed.
    machine.write("app/.git/HEAD", "ref: ../../secret\n");
    assert_eq!(checkout(&mut machine, "app"), Some(Checkout { branch: None, head: None, ..main }));
    machine.write("alone/server.py", "");
    assert_eq!(checkout(&mut machine, "alone"), None);
}

#[test]
fn a_launch_starts_in_the_folder_that_its_entry_names() {
    let home = Path::new("/h");
    let of = |spot: samples::Spot, cwd: Option<&str>| {
        let connector = spot.read(json!({"command": "node", "cwd": cwd}));
        Start::of(&connector, home).folder.map(|it| it.display().to_string())
    };
    let in_project = || samples::Spot { project: Some("/w/app"), ..samples::Spot::CURSOR };
    assert_eq!(of(samples::Spot::CURSOR, None), None);
    assert_eq!(of(in_project(), None).as_deref(), Some("/w/app"));
    assert_eq!(of(samples::Spot::CURSOR, Some("/x")).as_deref(), Some("/x"));
    assert_eq!(of(samples::Spot::CURSOR, Some("~/x")).as_deref(), Some("/h/x"));
    assert_eq!(of(in_project(), Some("sub")).as_deref(), Some("/w/app/sub"));
    assert_eq!(of(in_project(), Some("${workspaceFolder}/sub")).as_deref(), Some("/w/app/sub"));
    assert_eq!(of(in_project(), Some("${env:X}")), None);
    assert_eq!(of(samples::Spot::CURSOR, Some("sub")), None);
}
