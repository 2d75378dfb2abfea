//! The workspace's own text, for the tests about it.
#![allow(dead_code, reason = "each test program uses its part")]

use std::fs;
use std::path::{Path, PathBuf};

/// A source file of core outside its tests.
pub(crate) struct Source {
    /// Below `src`, with `/`.
    pub(crate) path: String,
    /// Its top-level module.
    pub(crate) module: String,
    /// Its lines without comments and without its test module.
    pub(crate) code: Vec<String>,
}

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Reads a file named from the root.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All sources of core but `lib.rs`, which only lists the modules, and files of tests.
pub(crate) fn core() -> Vec<Source> {
    let src = root().join("src-tauri/core/src");
    let mut files = Vec::new();
    walk(&src, &mut files);
    let mut sources = Vec::new();
    for file in files {
        let path = file.strip_prefix(&src).expect("it was found below").to_string_lossy().replace('\\', "/");
        if path == "lib.rs" || path.split('/').any(|part| part == "tests.rs" || part == "tests") {
            continue;
        }
        let module = path.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
        let text = fs::read_to_string(&file).expect("a source is text");
        sources.push(Source { module, code: code(&text), path });
    }
    assert!(sources.len() > 15, "the sources were found");
    sources
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files.sort();
}

/// Test modules stand at the end of a file. `//` inside a text cuts a line short, which hides nothing that is looked for.
pub(crate) fn code(text: &str) -> Vec<String> {
    let end = text.find("\n#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..end].lines().map(|line| line.split("//").next().unwrap_or_default().trim_end().to_owned()).collect()
}

impl Source {
    /// The top-level modules that this file names, with the line from 1.
    pub(crate) fn imports(&self) -> Vec<(usize, String)> {
        let depth = self.path.matches('/').count();
        let mut found = Vec::new();
        for (at, line) in self.code.iter().enumerate() {
            // Written out from the root, one to a line, so that this scan sees them all.
            assert!(!line.contains("crate::{"), "{}:{}: one `use crate::x` to a line", self.path, at + 1);
            assert!(
                !line.contains(&"super::".repeat(depth + 1)),
                "{}:{}: `super` leaves the module",
                self.path,
                at + 1
            );
            for (_, rest) in line.match_indices("crate::").map(|(i, m)| line.split_at(i + m.len())) {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                found.push((at + 1, rest[..end].to_owned()));
            }
        }
        found
    }
}
