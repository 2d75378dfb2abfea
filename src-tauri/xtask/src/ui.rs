//! The window's code: its packages, its build and its tests.

use std::fs;
use std::path::{Path, PathBuf};

use crate::node::Node;
use crate::{Failure, machine};

fn folder() -> PathBuf {
    machine::root().join("ui")
}

/// Installs the packages of the lock file, unless they are there, and builds what the app shows.
pub(crate) fn build(node: &Node) -> Result<(), Failure> {
    let folder = folder();
    if !is_installed(&folder) {
        // No package runs a script of its own here.
        node.npm(&folder, &["ci", "--ignore-scripts", "--no-audit", "--no-fund"])?;
    }
    node.npm(&folder, &["run", "--silent", "build"])
}

/// Checks types and runs the window's own tests.
pub(crate) fn test(node: &Node) -> Result<(), Failure> {
    node.npm(&folder(), &["test", "--silent"])
}

/// npm notes what it installed; a lock file that is newer asks for something else.
fn is_installed(folder: &Path) -> bool {
    let changed = |path: PathBuf| fs::metadata(path).and_then(|found| found.modified()).ok();
    let installed = changed(folder.join("node_modules/.package-lock.json"));
    installed.is_some_and(|installed| changed(folder.join("package-lock.json")).is_some_and(|lock| lock <= installed))
}
