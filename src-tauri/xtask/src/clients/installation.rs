//! Installs a client from the npm registry of the machine's own settings into the ignored `.gatehouse-clients`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::RealClient;
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

/// Returns the program and first arguments that run the client, or `None` where the registry does not answer.
pub(super) fn program(client: &RealClient) -> Result<Option<Vec<PathBuf>>, Failure> {
    const NODE: &[Need] = &[machine::program("node", &["nodejs"]), machine::program("npm", &["npm"])];
    if !machine::provide(NODE)? {
        return Err(Failure("Real clients are installed with npm and run by node.".to_owned()));
    }
    let folder = machine::root().join(".gatehouse-clients").join(client.id);
    let package = folder.join("node_modules").join(client.package);
    if installed_version(&package).as_deref() != Some(client.version) && !install(client, &folder)? {
        return Ok(None);
    }
    let script = package.join(client.script);
    if !script.is_file() {
        return Err(Failure(format!("{} has no {}", client.package, client.script)));
    }
    Ok(Some(vec!["node".into(), script]))
}

fn installed_version(package: &Path) -> Option<String> {
    let text = fs::read_to_string(package.join("package.json")).ok()?;
    serde_json::from_str::<Value>(&text).ok()?["version"].as_str().map(str::to_owned)
}

fn install(client: &RealClient, folder: &Path) -> Result<bool, Failure> {
    println!("Installing {} {}", client.package, client.version);
    // A folder with a package.json of its own, so that npm looks for none above it.
    home::save(&folder.join("package.json"), "{\"private\":true}\n")?;
    let output = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
        .args(["install", "--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"])
        .arg(folder)
        .arg(format!("{}@{}", client.package, client.version))
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
    Err(Failure(format!("{} cannot be installed", client.package)))
}
