//! What pages of `docs` say of the workspace: one line for each direct dependency and none besides, and tests that exist.

mod sources;

use std::collections::BTreeSet;
use std::fs;

fn declared() -> BTreeSet<String> {
    let packages = fs::read_dir(sources::root().join("src-tauri")).expect("the packages are there").flatten();
    let manifests = packages.map(|entry| entry.path().join("Cargo.toml")).filter(|path| path.is_file());
    let mut names = BTreeSet::new();
    for path in manifests {
        let text = fs::read_to_string(&path).expect("a manifest is text");
        let manifest: toml_edit::DocumentMut = text.parse().expect("a manifest is TOML");
        tables(manifest.as_table(), &mut names);
    }
    names.retain(|name| name != "gatehouse-core");
    names
}

/// Dependencies of every kind, also those of one system only.
fn tables(table: &toml_edit::Table, names: &mut BTreeSet<String>) {
    for (key, item) in table {
        let Some(below) = item.as_table() else { continue };
        if ["dependencies", "dev-dependencies", "build-dependencies"].contains(&key) {
            names.extend(below.iter().map(|(name, _)| name.to_owned()));
        } else {
            tables(below, names);
        }
    }
}

#[test]
fn each_dependency_has_its_line_and_none_besides() {
    let page = sources::read("docs/dependencies.md");
    let rows =
        page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`')).map(|(name, _)| name.to_owned());
    let listed: Vec<String> = rows.collect();
    let mut once: Vec<String> = declared().into_iter().collect();
    once.sort();
    let mut sorted = listed.clone();
    sorted.sort();
    assert_eq!(sorted, once);
    assert_eq!(listed, sorted, "the rows are sorted");
}

#[test]
fn the_workspace_declares_nothing_that_no_package_uses() {
    let manifest: toml_edit::DocumentMut = sources::read("Cargo.toml").parse().expect("a manifest is TOML");
    let shared = manifest["workspace"]["dependencies"].as_table().expect("it is a table");
    let used = declared();
    let unused: Vec<&str> =
        shared.iter().map(|(name, _)| name).filter(|n| *n != "gatehouse-core" && !used.contains(*n)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn the_tests_that_the_threats_name_are_there() {
    let page = sources::read("docs/THREATS.md");
    let named: Vec<&str> = page.split('`').filter(|text| text.starts_with("core/")).collect();
    assert!(named.len() > 10, "the page names tests");
    let missing: Vec<&&str> =
        named.iter().filter(|path| !sources::root().join("src-tauri").join(path).exists()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
