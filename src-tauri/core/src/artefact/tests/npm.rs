use super::*;

const NPX: &str = include_str!("../../../tests/fixtures/artefacts/npx.layout");
const BUN: &str = include_str!("../../../tests/fixtures/artefacts/bun.layout");
const PNPM: &str = include_str!("../../../tests/fixtures/artefacts/pnpm.layout");
const CACHED: &str = ".npm/_npx/36584b3cdb3b9e8d";

#[test]
fn npx_keeps_what_it_fetched_in_a_folder_named_after_the_specifiers() {
    let mut machine = Machine::new(NPX);
    for (line, expected) in [
        ("npx -y postmark-mcp", "npx-cache 1.0.15 sha512-postmark15=="),
        ("npx -p postmark-mcp other", "npx-cache 1.0.15 sha512-postmark15=="),
        ("npm exec -- postmark-mcp", "npx-cache 1.0.15 sha512-postmark15=="),
        ("cmd /c npx -y postmark-mcp", "npx-cache 1.0.15 sha512-postmark15=="),
        ("npx -y @acme/mail-mcp", "npx-cache 2.0.0 sha512-acme=="),
        ("npx -y @acme/mail-mcp@2.0.0", "unknown not-installed"),
    ] {
        assert_eq!(told(&machine.look(line, "")), expected, "{line}");
    }
    let found = machine.look("npx -y postmark-mcp", "");
    assert_eq!(found.artefact.kind, ArtefactKind::Npm);
    assert_eq!(found.evidence.from, Some(machine.path(CACHED).join("node_modules/postmark-mcp")));
    assert_eq!(found.facts().evidence.shadow, None);
}

/// R1 and R2: the launch does not change by a byte, and no registry is asked.
#[test]
fn a_new_version_in_the_cache_is_other_code() {
    let mut machine = Machine::new(NPX);
    let then = machine.look("npx -y postmark-mcp", "");
    let newer = NPX.replace("1.0.15", "1.0.16").replace("postmark15", "postmark16");
    let newer = newer.replace("To: to", "To: to, Bcc: 'somebody@shop.example'");
    fs::remove_dir_all(machine.path(CACHED)).expect("npm moves the old one away");
    machine
        .unpack(&newer.lines().filter(|line| !line.starts_with("-> ")).map(|l| format!("{l}\n")).collect::<String>());
    let now = machine.look("npx -y postmark-mcp", "");
    assert_eq!(told(&now), "npx-cache 1.0.16 sha512-postmark16==");
    assert!(differ(&now, &then));
    fs::remove_dir_all(machine.path(".npm")).expect("the cache is emptied");
    let gone = machine.look("npx -y postmark-mcp", "");
    assert_eq!(told(&gone), "unknown not-installed");
    assert!(!differ(&gone, &then), "known to unknown is no change");
}

#[test]
fn files_that_differ_from_what_was_installed_are_other_code_though_the_lock_file_is_the_same() {
    let mut machine = Machine::new(NPX);
    let then = machine.look("npx -y postmark-mcp", "");
    let folder = format!("{CACHED}/node_modules/postmark-mcp");
    let script = fs::read_to_string(machine.path(&format!("{folder}/index.js"))).expect("it is there");
    for (name, text) in
        [("index.js", "other"), ("lib/helper.js", "exports.a = 2;\n"), ("node_modules/zod/index.js", "x")]
    {
        let path = machine.path(&format!("{folder}/{name}"));
        let before = fs::read_to_string(&path).ok();
        machine.write(&format!("{folder}/{name}"), text);
        assert!(differ(&machine.look("npx -y postmark-mcp", ""), &then), "{name}");
        match before {
            Some(before) => machine.write(&format!("{folder}/{name}"), &before),
            None => fs::remove_dir_all(machine.path(&format!("{folder}/node_modules"))).expect("it is removed"),
        }
        assert!(!differ(&machine.look("npx -y postmark-mcp", ""), &then), "{name} is as it was");
    }
    // The same bytes and the same size, at another time.
    machine.write(&format!("{folder}/index.js"), &script);
    assert!(!differ(&machine.look("npx -y postmark-mcp", ""), &then));
    // A script that leads elsewhere.
    fs::remove_file(machine.path(&format!("{folder}/index.js"))).expect("it is removed");
    machine.link(&format!("{folder}/index.js"), "../mailer/index.js");
    assert!(differ(&machine.look("npx -y postmark-mcp", ""), &then));
}

#[test]
fn a_package_counts_with_all_that_it_needs_and_with_nothing_else() {
    let mut machine = Machine::new(NPX);
    let then = machine.look("npx -y postmark-mcp", "");
    let lock = format!("{CACHED}/node_modules/.package-lock.json");
    let text = fs::read_to_string(machine.path(&lock)).expect("it is there");
    for (from, to, is_other) in [
        ("sha512-mailerAAAA==", "sha512-mailerBBBB==", true),
        ("sha512-zod3AAAA==", "sha512-zod3BBBB==", true),
        ("sha512-unrelated==", "sha512-else==", false),
        ("https://registry.example/mailer", "https://mirror.example/mailer", false),
    ] {
        assert!(text.contains(from));
        machine.write(&lock, &text.replace(from, to));
        assert_eq!(differ(&machine.look("npx -y postmark-mcp", ""), &then), is_other, "{from}");
    }
}

#[test]
fn a_second_look_reads_nothing() {
    let mut machine = Machine::new(NPX);
    machine.look("npx -y postmark-mcp", "");
    let read = machine.memo.bytes_read;
    assert!(read > 0);
    machine.look("npx -y postmark-mcp", "");
    assert_eq!(machine.memo.bytes_read, read);
    // The memo outlives the program.
    let kept = serde_json::to_string(&machine.memo).expect("it is JSON");
    machine.memo = serde_json::from_str(&kept).expect("it is read back");
    machine.look("npx -y postmark-mcp", "");
    assert_eq!(machine.memo.bytes_read, 0);
}

/// What was written a moment ago may be written again within the same tick of the file system's clock.
#[test]
fn a_file_that_was_just_written_is_read_again() {
    let machine = Machine::new(NPX);
    let connector = samples::connector(json!({"command": "npx", "args": ["postmark-mcp"]}));
    let start = Start { connector: &connector, folder: None };
    let host = Host::new(Os::Linux, machine.path(""), [].into(), Arc::new(|| jiff::Timestamp::UNIX_EPOCH));
    let mut memo = Memo::default();
    look(&host, &start, &mut memo);
    let read = memo.bytes_read;
    look(&host, &start, &mut memo);
    assert_eq!(memo.bytes_read, 2 * read);
}

/// R21: npx runs the program of the project, of a folder above it, or a global one, and asks no registry.
#[test]
fn a_local_program_takes_the_place_of_the_package() {
    let mut machine = Machine::new(NPX);
    machine.write("work/app/package.json", "{}");
    machine.write("work/app/sub/a.txt", "");
    let plain = machine.look("npx -y postmark-mcp", "work/app/sub");
    assert_eq!(told(&plain), "npx-cache 1.0.15 sha512-postmark15==");
    machine.write("work/node_modules/.bin/postmark-mcp", "#!/bin/sh\n");
    let script = machine.look("npx -y postmark-mcp", "work/app/sub");
    assert_eq!(told(&script), "local-program - files");
    assert_eq!(script.artefact.kind, ArtefactKind::File);
    assert_eq!(script.evidence.shadow, Some(machine.path("work/node_modules/.bin/postmark-mcp")));
    assert!(differ(&script, &plain));
    // The nearer one wins, and belongs to a package.
    machine.write("work/app/node_modules/postmark-mcp/package.json", r#"{"version": "0.0.1"}"#);
    machine.write("work/app/node_modules/postmark-mcp/index.js", "");
    machine.link("work/app/node_modules/.bin/postmark-mcp", "../postmark-mcp/index.js");
    let package = machine.look("npx -y postmark-mcp", "work/app/sub");
    assert_eq!(told(&package), "local-program 0.0.1 files");
    assert_eq!(package.artefact.kind, ArtefactKind::Npm);
    // Nobody's program has a version in its name; a package of that version would do.
    assert_eq!(told(&machine.look("npx postmark-mcp@0.0.1", "work/app/sub")), "local-package 0.0.1 files");
    assert_eq!(told(&machine.look("npx postmark-mcp@^0.0.1", "work/app/sub")), "local-package 0.0.1 files");
    assert_eq!(told(&machine.look("npx postmark-mcp@1.0.15", "work/app/sub")), "unknown not-installed");
    assert_eq!(told(&machine.look("npx postmark-mcp@latest", "work/app/sub")), "unknown not-installed");
    assert_eq!(told(&machine.look("npx -y postmark-mcp", "")), "npx-cache 1.0.15 sha512-postmark15==");
}

#[test]
fn a_workspace_has_its_packages_at_its_root() {
    let mut machine = Machine::new("");
    machine.write("ws/package.json", r#"{"workspaces": ["packages/*"]}"#);
    machine.write("ws/packages/a/package.json", "{}");
    machine.write("ws/other/package.json", "{}");
    machine.write("ws/node_modules/@acme/mail-mcp/package.json", r#"{"version": "3.0.0"}"#);
    assert_eq!(told(&machine.look("npx @acme/mail-mcp", "ws/packages/a")), "local-package 3.0.0 files");
    assert_eq!(told(&machine.look("npx @acme/mail-mcp", "ws/other")), "unknown not-installed");
}

#[test]
fn global_installs_lie_where_the_settings_or_node_say() {
    let mut machine = Machine::new("");
    machine.write("g/lib/node_modules/postmark-mcp/package.json", r#"{"version": "1.0.1"}"#);
    machine.write("g/lib/node_modules/postmark-mcp/index.js", "");
    machine.link("g/bin/postmark-mcp", "../lib/node_modules/postmark-mcp/index.js");
    machine.write("g/bin/node", "");
    machine.write("g/lib/node_modules/@acme/mail-mcp/package.json", r#"{"version": "2.0.1"}"#);
    assert_eq!(told(&machine.look("npx postmark-mcp", "")), "unknown not-installed");
    let bin = machine.path("g/bin").display().to_string();
    machine.env = vec![("PATH", bin.clone())];
    assert_eq!(told(&machine.look("npx postmark-mcp", "")), "global-program 1.0.1 files");
    assert_eq!(told(&machine.look("npx @acme/mail-mcp", "")), "global-package 2.0.1 files");
    machine.env.clear();
    assert_eq!(told(&machine.look(&format!("{bin}/npx postmark-mcp"), "")), "global-program 1.0.1 files");
    machine.write(".npmrc", "; mine\nprefix = \"~/g\"\n");
    assert_eq!(told(&machine.look("npx postmark-mcp", "")), "global-program 1.0.1 files");
    // The entry's own environment comes first.
    let entry = json!({"command": "npx", "args": ["postmark-mcp"], "env": {"NPM_CONFIG_PREFIX": "~/elsewhere"}});
    assert_eq!(told(&machine.look_at(entry, "")), "unknown not-installed");
}

#[test]
fn the_cache_is_where_flag_environment_or_settings_put_it() {
    let mut machine = Machine::new(&NPX.replace(" .npm/", " moved/").replace("-> .npm/", "-> moved/"));
    let moved = machine.path("moved").display().to_string();
    assert_eq!(told(&machine.look("npx postmark-mcp", "")), "unknown not-installed");
    let found = "npx-cache 1.0.15 sha512-postmark15==";
    assert_eq!(told(&machine.look(&format!("npx --cache {moved} postmark-mcp"), "")), found);
    assert_eq!(told(&machine.look(&format!("npx --cache={moved} postmark-mcp"), "")), found);
    let entry = json!({"command": "npx", "args": ["postmark-mcp"], "env": {"npm_config_cache": "${HOME}/moved"}});
    assert_eq!(told(&machine.look_at(entry, "")), found);
    machine.write("app/package.json", "{}");
    machine.write("app/.npmrc", &format!("cache={moved}\n"));
    assert_eq!(told(&machine.look("npx postmark-mcp", "app")), found);
    machine.os = Os::Windows;
    machine.env = vec![("LocalAppData", machine.path("local").display().to_string())];
    fs::create_dir_all(machine.path("local")).expect("a folder");
    fs::rename(machine.path("moved"), machine.path("local/npm-cache")).expect("it is moved");
    assert_eq!(told(&machine.look("npx.cmd postmark-mcp", "")), found);
}

#[test]
fn a_git_repository_is_known_by_the_commit_in_the_lock_file() {
    let mut machine = Machine::new("");
    let root = ".npm/_npx/ad3583ff2245e709";
    machine.write(&format!("{root}/package.json"), r#"{"dependencies": {"tool": "github:acme/tool"}}"#);
    let address = format!("git+ssh://git@git.example/acme/tool.git#{COMMIT}");
    let lock = json!({"packages": {"node_modules/tool": {"resolved": address, "integrity": "sha512-x"}}});
    machine.write(&format!("{root}/node_modules/.package-lock.json"), &lock.to_string());
    machine.write(&format!("{root}/node_modules/tool/package.json"), r#"{"version": "1.0.0"}"#);
    let found = machine.look("npx github:acme/tool", "");
    assert_eq!(told(&found), format!("npx-cache 1.0.0 git:{COMMIT}"));
    assert_eq!(found.artefact.kind, ArtefactKind::Git);
}

#[test]
fn bun_keeps_a_folder_for_each_version_asked_for() {
    let mut machine = Machine::new(BUN);
    let then = machine.look("bunx postmark-mcp", "");
    assert_eq!(told(&then), "bunx-cache 1.0.15 sha512-postmark15==");
    assert_eq!(told(&machine.look("bun x postmark-mcp", "")), "bunx-cache 1.0.15 sha512-postmark15==");
    assert_eq!(told(&machine.look("bunx postmark-mcp@latest", "")), "bunx-cache 1.0.15 sha512-postmark15==");
    assert_eq!(told(&machine.look("bunx postmark-mcp@1.0.15", "")), "unknown not-installed");
    assert_eq!(told(&machine.look("bunx @acme/mail-mcp@2.0.0", "")), "bunx-cache 2.0.0 sha512-acme==");
    machine.unpack(&BUN.replace("mailerAAAA", "mailerBBBB"));
    assert!(differ(&machine.look("bunx postmark-mcp", ""), &then), "what it needs is other code");
    machine.write("app/node_modules/.bin/postmark-mcp", "#!/bin/sh\n");
    fs::create_dir_all(machine.path("app/sub")).expect("a folder");
    assert_eq!(told(&machine.look("bunx postmark-mcp", "app/sub")), "local-program - files");
    assert_eq!(told(&machine.look("bunx postmark-mcp@latest", "app/sub")), "bunx-cache 1.0.15 sha512-postmark15==");
}

#[test]
fn pnpm_keeps_a_folder_for_each_set_of_versions() {
    let mut machine = Machine::new(PNPM);
    let then = machine.look("pnpm dlx postmark-mcp", "");
    assert_eq!(told(&then), "pnpm-cache 1.0.15 sha512-postmark15==");
    assert_eq!(told(&machine.look("pnpm dlx postmark-mcp@^1", "")), "pnpm-cache 1.0.15 sha512-postmark15==");
    assert_eq!(told(&machine.look("pnpm dlx postmark-mcp@2.0.0", "")), "unknown not-installed");
    assert_eq!(told(&machine.look("pnpm dlx github:acme/tool", "")), format!("pnpm-cache 1.0.0 git:{COMMIT}"));
    assert_eq!(told(&machine.look("pnpm --package=a --package=b dlx c", "")), "unknown several-packages");
    // A new version comes beside the old one; another launch may have pinned a version before the final ones.
    for (version, hash) in [("1.0.16", "postmark16"), ("1.1.0-rc.1", "postmarkrc")] {
        let (start, _) = PNPM.split_once("=== .cache/pnpm/dlx/bb22").expect("two folders");
        let newer = start.replace("aa11", hash).replace("1.0.15", version).replace("postmark15", hash);
        machine.unpack(&newer);
    }
    let now = machine.look("pnpm dlx postmark-mcp", "");
    assert_eq!(told(&now), "pnpm-cache 1.0.16 sha512-postmark16==");
    assert!(differ(&now, &then));
    assert!(!differ(&machine.look("pnpm dlx postmark-mcp@1.0.15", ""), &then));
}

#[test]
fn of_yarn_only_the_archive_of_an_exact_version_is_known() {
    let mut machine = Machine::new("");
    machine.write(".yarn/berry/cache/@acme-mail-mcp-npm-2.0.0-34f17fb50c-10c0.zip", "zip");
    assert_eq!(told(&machine.look("yarn dlx @acme/mail-mcp@2.0.0", "")), "yarn-cache 2.0.0 files");
    assert_eq!(told(&machine.look("yarn dlx @acme/mail-mcp", "")), "unknown fetched-anew");
}

/// A folder of many files is not read in full, and it is said.
#[test]
fn a_large_package_counts_by_names_and_sizes_beyond_the_bounds() {
    let mut machine = Machine::new(NPX);
    let folder = format!("{CACHED}/node_modules/postmark-mcp");
    for number in 0..2_100 {
        machine.write(&format!("{folder}/many/{number:04}.js"), "x");
    }
    let then = machine.look("npx -y postmark-mcp", "");
    assert!(then.evidence.partly);
    machine.write(&format!("{folder}/many/2099.js"), "y");
    assert!(!differ(&machine.look("npx -y postmark-mcp", ""), &then));
    machine.write(&format!("{folder}/many/2099.js"), "longer");
    assert!(differ(&machine.look("npx -y postmark-mcp", ""), &then));
}

/// Files come from whoever can write there: what they say leads nowhere, and nothing but files is opened.
#[test]
fn hostile_files_lead_nowhere() {
    let mut machine = Machine::new(NPX);
    let manifest = format!("{CACHED}/package.json");
    for name in ["../../../secret", "/etc", "", ".", "a/../../b"] {
        machine.write(&manifest, &json!({"dependencies": {name: "1.0.0"}}).to_string());
        let found = told(&machine.look("npx postmark-mcp", ""));
        assert!(found.starts_with("unknown "), "{name}: {found}");
    }
    machine.unpack(NPX.split("-> ").next().unwrap_or_default());
    let lock = format!("{CACHED}/node_modules/.package-lock.json");
    // Packages that need each other, and ones that need what is not there.
    let round = json!({"packages": {
        "node_modules/postmark-mcp": {"dependencies": {"b": "*", "gone": "*", "../x": "*"}},
        "node_modules/b": {"dependencies": {"postmark-mcp": "*", "b": "*"}},
    }});
    for text in [round.to_string(), "{".to_owned(), "[]".to_owned(), "{\"packages\": 1}".to_owned(), String::new()] {
        machine.write(&lock, &text);
        assert_eq!(told(&machine.look("npx postmark-mcp", "")), "npx-cache 1.0.15 files", "{text}");
    }
    for name in [&lock, &manifest, &format!("{CACHED}/node_modules/postmark-mcp/index.js")] {
        let path = machine.path(name);
        fs::remove_file(&path).expect("it is there");
        rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0)
            .expect("a pipe is made");
        // That it ends at all is the test.
        machine.look("npx postmark-mcp", "");
        fs::remove_file(&path).expect("it is there");
        machine.write(name, "{}");
    }
}
