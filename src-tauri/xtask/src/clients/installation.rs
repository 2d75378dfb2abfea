//! Installs a client from the npm registry of the machine's own settings into the ignored `.gatehouse-clients`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::table::{Program, RealClient};
use crate::machine::{self, Need};
use crate::{Failure, home};

/// npm's words for a registry that was not reached or does not answer. Any other error is one to look at.
const NO_ANSWER: &[&str] = &[
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "ENOTFOUND",
    "ERR_SOCKET_TIMEOUT",
    "ETIMEDOUT",
    "E500",
    "E502",
    "E503",
    "E504",
];

/// What installs and runs packages of npm.
pub(crate) const NODE: &[Need] = &[machine::program("node", &["nodejs"]), machine::program("npm", &["npm"])];

/// npm by the name that the system starts it by.
pub(crate) const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// Returns the program and first arguments that run the client, or `None` where the registry does not answer.
pub(super) fn program(client: &RealClient) -> Result<Option<Vec<PathBuf>>, Failure> {
    if !machine::provide(NODE)? {
        return Err(Failure("Real clients are installed with npm and run by node.".to_owned()));
    }
    let folder = machine::root().join(".gatehouse-clients").join(client.id);
    let package = folder.join("node_modules").join(client.package);
    if installed_version(&package).as_deref() != Some(client.version) && !install(client, &folder)? {
        return Ok(None);
    }
    let missing = |what: &str| Failure(format!("{} has no {what}", client.package));
    match client.program {
        Program::Script(script) => {
            let path = package.join(script);
            if path.is_file() { Ok(Some(vec!["node".into(), path])) } else { Err(missing(script)) }
        }
        Program::Native(prefix, program) => {
            let path = native(&folder.join("node_modules"), prefix, program)?;
            path.map(|path| Some(vec![path])).ok_or_else(|| missing(program))
        }
    }
}

/// Finds the program in the packages that npm chose for this system. Of several, the last by name asks least of the
/// processor (`-baseline`).
fn native(modules: &Path, prefix: &str, program: &str) -> Result<Option<PathBuf>, Failure> {
    let os = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };
    let arch = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    };
    let prefix = format!("{prefix}-{os}-{arch}");
    let mut packages: Vec<PathBuf> =
        fs::read_dir(modules)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    packages
        .retain(|path| path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(&prefix)));
    packages.sort();
    Ok(packages.into_iter().rev().map(|package| package.join(program)).find(|path| path.is_file()))
}

pub(crate) fn installed_version(package: &Path) -> Option<String> {
    let text = fs::read_to_string(package.join("package.json")).ok()?;
    serde_json::from_str::<Value>(&text).ok()?["version"].as_str().map(str::to_owned)
}

fn install(client: &RealClient, folder: &Path) -> Result<bool, Failure> {
    npm(folder, "{\"private\":true}\n", client.package, client.version)
}

/// Installs a package of an exact version into a folder of its own, without running scripts of it; `false` where the
/// registry does not answer. `manifest` is the folder's `package.json`.
pub(crate) fn npm(folder: &Path, manifest: &str, package: &str, version: &str) -> Result<bool, Failure> {
    println!("Installing {package} {version}");
    // A folder with a package.json of its own, so that npm looks for none above it.
    home::save(&folder.join("package.json"), manifest)?;
    let output = Command::new(NPM)
        .args(["install", "--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"])
        .arg(folder)
        .arg(format!("{package}@{version}"))
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()?;
    if output.status.success() {
        return Ok(true);
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    println!("{said}");
    if NO_ANSWER.iter().any(|word| said.contains(word)) {
        return Ok(false);
    }
    Err(Failure(format!("{package} cannot be installed")))
}
