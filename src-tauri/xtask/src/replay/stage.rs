//! A home with Cursor and Claude Code, and what their entries start.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use serde_json::{Value, json};

use super::{CLAUDE_CODE, CURSOR, NAME, NEXT};
use crate::Failure;
use crate::home::{Home, save};

/// A home with Cursor and Claude Code, in which both start the package by its name alone.
pub(super) struct Stage {
    pub(super) home: Home,
    /// What ran, a line each.
    started: PathBuf,
    /// Where the runner is, if not on the path.
    programs: Option<PathBuf>,
}

impl Stage {
    pub(super) fn set(
        folder: PathBuf,
        entry: &Value,
        programs: Option<&Path>,
        settings: impl FnOnce(&Home) -> Result<(), Failure>,
    ) -> Result<Self, Failure> {
        let home = Home::fresh(folder)?;
        settings(&home)?;
        let entry = json!({"mcpServers": {NAME: entry}});
        for file in [CURSOR, CLAUDE_CODE] {
            save(&home.path.join(file), &format!("{entry:#}\n"))?;
        }
        let started = home.path.join("started");
        Ok(Self { home, started, programs: programs.map(Path::to_owned) })
    }

    /// Starts what the entry of a file says, to its end.
    pub(super) fn start_as_a_client_would(&self, file: &str) -> Result<(), Failure> {
        let output = self.start(file)?;
        if output.status.success() {
            return Ok(());
        }
        Err(Failure(format!("What {file} says failed:\n{}", String::from_utf8_lossy(&output.stderr))))
    }

    /// The same for a package manager that is to leave out all there is.
    pub(super) fn expect_no_start(&self, file: &str) -> Result<(), Failure> {
        let before = fs::read_to_string(&self.started).unwrap_or_default();
        let output = self.start(file)?;
        let ran = fs::read_to_string(&self.started).unwrap_or_default();
        if !output.status.success() && ran == before {
            return Ok(());
        }
        Err(Failure(format!("It should not have started; there ran:\n{ran}")))
    }

    fn start(&self, file: &str) -> Result<Output, Failure> {
        let text = fs::read_to_string(self.home.path.join(file))?;
        let settings: Value = serde_json::from_str(&text).map_err(|e| Failure(format!("{file}: {e}")))?;
        let entry = &settings["mcpServers"][NAME];
        let (Some(command), Some(args)) = (entry["command"].as_str(), entry["args"].as_array()) else {
            return Err(Failure(format!("{file} has no entry {NAME}:\n{text}")));
        };
        let own = self.programs.as_ref().map(|folder| folder.join(command));
        let program = own.filter(|path| path.is_file()).unwrap_or_else(|| command.into());
        let mut client = self.home.command(&program);
        if let Some(folder) = &self.programs {
            let path = std::env::var_os("PATH").unwrap_or_default();
            let path = std::iter::once(folder.clone()).chain(std::env::split_paths(&path));
            client.env("PATH", std::env::join_paths(path).map_err(|e| Failure(e.to_string()))?);
        }
        client.args(args.iter().filter_map(Value::as_str)).env("STARTED", &self.started).current_dir(&self.home.path);
        Ok(client.stdin(Stdio::null()).output()?)
    }

    /// The version that ran last.
    pub(super) fn expect_started(&self, version: &str) -> Result<(), Failure> {
        let all = fs::read_to_string(&self.started).unwrap_or_default();
        if all.lines().last() == Some(version) {
            return Ok(());
        }
        Err(Failure(format!("{version} should have run last; there ran:\n{all}")))
    }

    pub(super) fn approve(&self, gatehouse: &Path, file: &str, more: &[&str]) -> Result<(), Failure> {
        let id = self.home.connector(gatehouse, &self.home.path.join(file), NAME, "unreviewed").or_else(|_| {
            // An approval holds wherever the same launch stands.
            self.home.connector(gatehouse, &self.home.path.join(file), NAME, "approved")
        })?;
        self.home.gatehouse(gatehouse, &[&["approve", id.as_str()], more].concat()).map(drop)
    }

    /// Held for its code: from the one version, or bytes, to the other.
    pub(super) fn expect_held(
        &self,
        gatehouse: &Path,
        file: &str,
        versions: Option<(&str, &str)>,
    ) -> Result<(), Failure> {
        let path = self.home.path.join(file);
        let row = self.home.row(gatehouse, &path, NAME, "held")?;
        let change = &row["question"]["changes"][0];
        let is_told = row["why"] == "artefact-changed"
            && change["facet"] == "code"
            && versions.is_none_or(|(old, new)| change["old"] == old && change["new"] == new);
        if !is_told || fs::read_to_string(&path)?.contains(NAME) {
            return Err(Failure(format!("{file} is not held as it should be: {row:#}")));
        }
        Ok(())
    }

    /// What changed in the code is told with this address.
    pub(super) fn expect_told(&self, gatehouse: &Path, file: &str, address: &str) -> Result<(), Failure> {
        let id = self.home.connector(gatehouse, &self.home.path.join(file), NAME, "held")?;
        let told = self.home.gatehouse(gatehouse, &["diff", &id])?;
        if told.contains(address) { Ok(()) } else { Err(Failure(format!("{address} is not named in:\n{told}"))) }
    }

    /// Approved, with the last argument as it was pinned; the next version never ran.
    pub(super) fn expect_approved(&self, gatehouse: &Path, file: &str, pinned: &str) -> Result<(), Failure> {
        let row = self.home.row(gatehouse, &self.home.path.join(file), NAME, "approved")?;
        let ran = fs::read_to_string(&self.started)?;
        let last = row["args"].as_array().and_then(|args| args.last());
        if last.is_none_or(|last| last != pinned) || ran.contains(NEXT) {
            return Err(Failure(format!("{file} is not as it was pinned; there ran:\n{ran}\n{row:#}")));
        }
        Ok(())
    }
}
