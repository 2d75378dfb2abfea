//! The places of the table in project folders. There are thousands of folders and dozens of places in each, nearly all of
//! them empty: one listing of the folder tells which may be there, and the names of all are kept once.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use super::{CLIENTS, Location, Places, Row};
use crate::clients::Root;
use crate::host::{Names, Os, name_fits};

/// The rows of the table for project folders, by the first name of their paths.
#[derive(Debug)]
pub(super) struct ProjectRows {
    by_first: BTreeMap<&'static str, Vec<Row>>,
    /// Those first names that have a `*`.
    patterns: Vec<&'static str>,
    names: Arc<Names>,
    /// Names that differ in their case alone are one.
    ignores_case: bool,
}

/// Made once: folders whose names are the same ones are told fast.
static ROWS: LazyLock<BTreeMap<Os, ProjectRows>> =
    LazyLock::new(|| [Os::Linux, Os::Macos, Os::Windows].map(|os| (os, ProjectRows::new(os))).into());

impl ProjectRows {
    pub(super) fn of(os: Os) -> &'static Self {
        &ROWS[&os]
    }

    fn new(os: Os) -> Self {
        let mut by_first: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut names = Names::default();
        for row in all(os) {
            let first = match row.file.path.split_once('/') {
                Some((first, _)) => {
                    names.ways.insert(first);
                    first
                }
                None => {
                    names.files.insert(row.file.path);
                    row.file.path
                }
            };
            by_first.entry(first).or_default().push(row);
        }
        let patterns = by_first.keys().copied().filter(|part| part.contains('*')).collect();
        Self { by_first, patterns, names: Arc::new(names), ignores_case: os != Os::Linux }
    }

    /// Adds the places of one folder: those whose first name is there, and the names that may come.
    pub(super) fn add(&self, folder: &Path, places: &mut Places) {
        for row in self.rows_in(folder) {
            places.add(row, folder, row.file.path, Some(folder));
        }
        let listed = places.listed.entry(folder.to_owned()).or_insert_with(|| Arc::clone(&self.names));
        if !Arc::ptr_eq(listed, &self.names) {
            let listed = Arc::make_mut(listed);
            listed.files.extend(&self.names.files);
            listed.ways.extend(&self.names.ways);
        }
    }

    fn rows_in(&self, folder: &Path) -> Vec<Row> {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Vec::new(),
            // What is in a folder that may not be listed can be opened by its name all the same.
            Err(_) => return self.by_first.values().flatten().copied().collect(),
        };
        let mut there = BTreeSet::new();
        for entry in entries.flatten() {
            let name = entry.file_name();
            // No name of the table is other than ASCII.
            let Some(name) = name.to_str() else { continue };
            there.extend(self.by_first.get_key_value(name).map(|(part, _)| *part));
            there.extend(self.patterns.iter().filter(|part| name_fits(part, name)));
            if self.ignores_case {
                there.extend(self.by_first.keys().filter(|part| part.eq_ignore_ascii_case(name)));
            }
        }
        there.into_iter().flat_map(|part| &self.by_first[part]).copied().collect()
    }
}

fn all(os: Os) -> impl Iterator<Item = Row> {
    let rows = CLIENTS.iter().flat_map(|client| client.files.iter().map(move |file| Row { client, file }));
    rows.filter(move |row| row.file.root == Root::Project && row.file.systems.contains(&os))
}

/// Returns what a path in one of these project folders is a place of, whether it is there or not.
pub fn locations_at(os: Os, projects: &BTreeSet<PathBuf>, path: &Path) -> Vec<Location> {
    let mut found: Vec<Location> = Vec::new();
    for project in path.ancestors().skip(1).filter(|folder| projects.contains(*folder)) {
        let Ok(below) = path.strip_prefix(project) else { continue };
        let fits = |row: &Row| {
            let mut names = below.iter();
            let mut parts = row.file.path.split('/');
            parts.all(|part| names.next().and_then(|name| name.to_str()).is_some_and(|name| name_fits(part, name)))
                && names.next().is_none()
        };
        let rows = all(os).filter(fits).filter(|row| !found.iter().any(|other| other.row.client.id == row.client.id));
        let rows: Vec<_> = rows.collect();
        let at = |row| Location { path: path.to_owned(), row, project: Some(project.to_owned()) };
        found.extend(rows.into_iter().map(at));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What of the table is in a folder with these entries.
    fn found(os: Os, entries: &[&str]) -> Vec<String> {
        let root = tempfile::tempdir().expect("a temporary folder");
        for entry in entries {
            std::fs::create_dir_all(root.path().join(entry)).expect("a folder");
        }
        let mut places = Places::default();
        ProjectRows::of(os).add(root.path(), &mut places);
        let below = |location: Location| {
            let path = location.path.strip_prefix(root.path()).expect("in the project").display().to_string();
            format!("{} {path}", location.row.client.id)
        };
        places.locations.into_iter().map(below).collect()
    }

    #[test]
    fn a_project_has_the_places_whose_first_name_is_there() {
        assert_eq!(found(Os::Linux, &[]), [""; 0]);
        assert_eq!(found(Os::Linux, &["src", "node_modules", ".mcpx"]), [""; 0]);
        assert_eq!(found(Os::Linux, &[".roo", ".amazonq"]), ["amazon-q .amazonq/mcp.json", "roo-code .roo/mcp.json"]);
        assert_eq!(
            found(Os::Linux, &["a.code-workspace", "b.code-workspace"]),
            ["vscode a.code-workspace", "vscode b.code-workspace"]
        );
        assert_eq!(found(Os::Linux, &[".ROO"]), [""; 0]);
        assert_eq!(found(Os::Macos, &[".ROO"]), ["roo-code .roo/mcp.json"]);
    }

    #[test]
    fn every_place_is_known_by_its_path_and_every_first_name_is_listed() {
        let folder = PathBuf::from(if cfg!(windows) { r"C:\w\shop" } else { "/w/shop" });
        let projects = BTreeSet::from([folder.clone()]);
        for os in [Os::Linux, Os::Macos, Os::Windows] {
            let names = &ProjectRows::of(os).names;
            for row in all(os) {
                let path = folder.join(row.file.path.replace('*', "x"));
                let at = locations_at(os, &projects, &path);
                assert!(at.iter().any(|l| l.row.client.id == row.client.id && l.path == path), "{}", path.display());
                let first = row.file.path.split('/').next().unwrap_or_default();
                assert!(names.files.contains(first) || names.ways.contains(first), "{first}");
            }
        }
        let at = |path: &str| locations_at(Os::Linux, &projects, &folder.join(path)).len();
        assert_eq!((at("src/.mcp.json"), at("package.json"), at(".mcp.json/x"), at(".roo")), (0, 0, 0, 0));
        assert_eq!(locations_at(Os::Linux, &BTreeSet::new(), &folder.join(".mcp.json")), []);
    }

    #[test]
    fn a_folder_that_may_not_be_listed_may_hold_anything_and_one_that_is_not_there_nothing() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let rows = ProjectRows::of(Os::Linux);
        assert_eq!(rows.rows_in(&root.path().join("none")).len(), 0);
        std::fs::write(root.path().join("file"), "").expect("a file");
        assert_eq!(rows.rows_in(&root.path().join("file")).len(), 0);
        // A name that is too long for any folder: neither of the two is known.
        assert_eq!(rows.rows_in(&root.path().join("x".repeat(4_000))).len(), all(Os::Linux).count());
    }
}
