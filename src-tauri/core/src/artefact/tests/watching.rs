use super::*;

const NPX: &str = include_str!("../../../tests/fixtures/artefacts/npx.layout");
const PYTHON: &str = include_str!("../../../tests/fixtures/artefacts/python.layout");
const CACHED: &str = ".npm/_npx/36584b3cdb3b9e8d";

#[test]
fn of_npx_the_package_is_watched_and_every_place_that_comes_before_it() {
    let mut machine = Machine::new(NPX);
    machine.write("work/app/package.json", "{}");
    let expected: Vec<(String, Watch)> = vec![
        (format!("{CACHED}/node_modules/.package-lock.json"), Watch::File),
        (format!("{CACHED}/node_modules/postmark-mcp"), Watch::Tree { files: 4 }),
        (format!("{CACHED}/package.json"), Watch::File),
        ("node_modules/.bin/postmark-mcp".to_owned(), Watch::File),
        ("work/app/node_modules/.bin/postmark-mcp".to_owned(), Watch::File),
        ("work/app/node_modules/postmark-mcp/package.json".to_owned(), Watch::File),
        ("work/node_modules/.bin/postmark-mcp".to_owned(), Watch::File),
    ];
    assert_eq!(machine.watch("npx -y postmark-mcp", "work/app"), expected);
    // What is not there yet has its place already.
    assert_eq!(
        machine.watch("npx -y postmark-mcp@1.0.15", ""),
        [
            (".npm/_npx/52ed6f43acaaceec/node_modules/.package-lock.json".to_owned(), Watch::File),
            (".npm/_npx/52ed6f43acaaceec/package.json".to_owned(), Watch::File),
        ]
    );
}

#[test]
fn a_folder_with_more_files_than_the_bound_is_watched_by_itself() {
    let mut machine = Machine::new(NPX);
    for number in 0..MOST_FILES {
        machine.write(&format!("{CACHED}/node_modules/postmark-mcp/{number}.js"), "");
    }
    let places = machine.watch("npx -y postmark-mcp", "");
    assert!(places.contains(&(format!("{CACHED}/node_modules/postmark-mcp"), Watch::Folder)), "{places:?}");
}

#[test]
fn of_tools_with_a_folder_for_each_install_the_folder_of_installs_is_watched() {
    let mut machine = Machine::new(PYTHON);
    let places = machine.watch("uvx mail-mcp", "");
    for expected in [
        (".cache/uv/environments-v2", Watch::Folder),
        (".cache/uv/environments-v2/3af0", Watch::Folder),
        (".local/share/uv/tools/mail-mcp/uv-receipt.toml", Watch::File),
    ] {
        assert!(places.contains(&(expected.0.to_owned(), expected.1)), "{expected:?} in {places:?}");
    }
    assert!(machine.watch("pipx run mail-mcp", "").contains(&(".cache/pipx".to_owned(), Watch::Folder)));
    assert_eq!(machine.watch("pnpm dlx a", ""), [(".cache/pnpm/dlx".to_owned(), Watch::Folder)]);
    assert_eq!(machine.watch("yarn dlx a", ""), [(".yarn/berry/cache".to_owned(), Watch::Folder)]);
}

#[test]
fn a_script_is_watched_where_it_lies() {
    let mut machine = Machine::new("");
    machine.write("app/index.js", "run();");
    machine.link("app/link.js", "index.js");
    assert_eq!(machine.watch("node index.js", "app"), [("app/index.js".to_owned(), Watch::File)]);
    let link = machine.path("app/link.js").display().to_string();
    let both = ["app/index.js", "app/link.js"].map(|name| (name.to_owned(), Watch::File));
    assert_eq!(machine.watch(&format!("node {link}"), ""), both);
    assert_eq!(machine.watch("node -e x", "app"), []);
}
