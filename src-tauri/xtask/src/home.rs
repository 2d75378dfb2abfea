//! A home made up for a run. Nothing that runs in it sees the user's own files, settings, keyring or session.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Map, Value};

use crate::Failure;

/// Variables that say how to run and how to print, and nothing of where the user's files are.
const KEPT: &[&str] = &["PATH", "TERM", "COLORTERM", "NO_COLOR", "SystemRoot", "ComSpec", "PATHEXT", "TEMP", "TMP"];

pub(crate) struct Home {
    pub(crate) path: PathBuf,
    language: String,
}

impl Home {
    /// Makes an empty home at `path`; what was there before is removed.
    pub(crate) fn fresh(path: PathBuf) -> Result<Self, Failure> {
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        fs::create_dir_all(path.join("run"))?;
        private(&path.join("run"))?;
        // The home's own path as programs see it, so that project folders are named the way a client names them.
        Ok(Self { path: path.canonicalize()?, language: "en_US.UTF-8".to_owned() })
    }

    /// Uses the language of the user's terminal instead of English.
    pub(crate) fn in_own_language(mut self) -> Self {
        let named = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok());
        self.language = named.unwrap_or(self.language);
        self
    }

    /// A command that runs in this home. No bus is named, so that no keyring is found.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear();
        command.envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        command.env("HOME", &self.path).env("USERPROFILE", &self.path).env("LANG", &self.language);
        for (name, below) in [
            ("XDG_CONFIG_HOME", ".config"),
            ("XDG_DATA_HOME", ".local/share"),
            ("XDG_STATE_HOME", ".local/state"),
            ("XDG_CACHE_HOME", ".cache"),
            ("XDG_RUNTIME_DIR", "run"),
            ("APPDATA", "AppData/Roaming"),
            ("LOCALAPPDATA", "AppData/Local"),
        ] {
            command.env(name, self.path.join(below));
        }
        command
    }

    /// Where applications keep their settings on this system.
    pub(crate) fn app_config(&self) -> PathBuf {
        self.path.join(if cfg!(target_os = "macos") {
            "Library/Application Support"
        } else if cfg!(windows) {
            "AppData/Roaming"
        } else {
            ".config"
        })
    }

    /// Runs a verb of the command line and returns what it printed.
    pub(crate) fn gatehouse(&self, program: &Path, args: &[&str]) -> Result<String, Failure> {
        let output = self.command(program).args(args).stdin(Stdio::null()).output()?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        Err(Failure(format!("`gatehouse {}` ended with {}:\n{said}", args.join(" "), output.status)))
    }

    /// Returns the one connector that `scan` lists by this name and status in this file; `file` is the whole path.
    pub(crate) fn row(&self, program: &Path, file: &Path, name: &str, status: &str) -> Result<Value, Failure> {
        let text = self.gatehouse(program, &["scan", "--offline", "--format", "json"])?;
        let inventory: Value = serde_json::from_str(&text).map_err(|e| Failure(format!("scan's JSON: {e}")))?;
        let shown = file.strip_prefix(&self.path).map_or(file.to_path_buf(), |below| Path::new("~").join(below));
        let rows = inventory["connectors"].as_array().map(Vec::as_slice).unwrap_or_default();
        let path = shown.to_string_lossy();
        let mut found =
            rows.iter().filter(|row| row["name"] == name && row["status"] == status && row["path"] == *path);
        match (found.next(), found.next()) {
            (Some(row), None) => Ok(row.clone()),
            (None, _) => Err(Failure(format!("scan does not list {name} in {path} as {status}"))),
            (Some(_), Some(_)) => Err(Failure(format!("scan lists {name} more than once in {path} as {status}"))),
        }
    }

    /// Returns the id of the connector that [`Self::row`] finds.
    pub(crate) fn connector(&self, program: &Path, file: &Path, name: &str, status: &str) -> Result<String, Failure> {
        let row = self.row(program, file, name, status)?;
        row["id"].as_str().map(str::to_owned).ok_or_else(|| Failure(format!("scan gives {name} no id")))
    }
}

/// Writes a file the way editors do: a new file beside it, renamed over it.
pub(crate) fn save(file: &Path, text: &str) -> Result<(), Failure> {
    let folder = file.parent().expect("a file has a folder");
    fs::create_dir_all(folder)?;
    let beside = folder.join(".saving.tmp");
    fs::write(&beside, text)?;
    fs::rename(&beside, file)?;
    Ok(())
}

/// Adds a member to an object of a JSON file, making file and objects where they are missing.
pub(crate) fn add_entry(file: &Path, route: &[&str], name: &str, entry: Value) -> Result<(), Failure> {
    let text = fs::read_to_string(file).unwrap_or_else(|_| "{}".to_owned());
    let mut document: Value =
        serde_json::from_str(&text).map_err(|e| Failure(format!("{} cannot be parsed: {e}", file.display())))?;
    let mut place = &mut document;
    for step in route {
        let object = place.as_object_mut().ok_or_else(|| Failure(format!("{step} does not stand in an object")))?;
        place = object.entry(*step).or_insert_with(|| Value::Object(Map::new()));
    }
    place[name] = entry;
    save(file, &format!("{document:#}\n"))
}

#[cfg(unix)]
pub(crate) fn private(path: &Path) -> Result<(), Failure> {
    mode(path, 0o700)
}

#[cfg(unix)]
pub(crate) fn mode(path: &Path, mode: u32) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::set_permissions(path, fs::Permissions::from_mode(mode))?)
}

#[cfg(not(unix))]
pub(crate) fn private(_path: &Path) -> Result<(), Failure> {
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn mode(_path: &Path, _mode: u32) -> Result<(), Failure> {
    Ok(())
}
