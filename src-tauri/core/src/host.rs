//! The outside world as one value: operating system, folders, environment and clock.
//!
//! Everything that depends on the machine asks a [`Host`], so that the tables of all three systems are tested anywhere.

pub mod files;
pub(crate) mod git;
pub mod processes;
pub mod signatures;
pub mod writers;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

/// An operating system that Gatehouse runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Os {
    Linux,
    Macos,
    Windows,
}

/// A folder that the paths of the table start from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Base {
    /// The user's home.
    Home,
    /// `$XDG_CONFIG_HOME` or `~/.config`, on every system.
    XdgConfig,
    /// The folder of the system for application settings: `$XDG_CONFIG_HOME`, `~/Library/Application Support`, `%APPDATA%`.
    AppConfig,
    /// `%LOCALAPPDATA%`; Windows only.
    LocalAppData,
    /// The root of the file system, for absolute paths.
    Root,
    /// `%ProgramFiles%`; Windows only.
    ProgramFiles,
    /// `%ProgramData%`; Windows only.
    ProgramData,
}

/// Whether a name is one that a part of a path stands for; `*` in it is any text.
pub fn name_fits(part: &str, name: &str) -> bool {
    match part.split_once('*') {
        Some((head, tail)) => name.len() >= head.len() + tail.len() && name.starts_with(head) && name.ends_with(tail),
        None => part == name,
    }
}

/// Names that matter in a folder; `*` in them is any text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Of files that matter themselves.
    pub files: BTreeSet<&'static str>,
    /// Of what may hold such files, or may be one in a way that its name alone does not tell.
    pub ways: BTreeSet<&'static str>,
}

/// Folders with the names that matter in each. Thousands of projects have the same names.
pub type Listed = BTreeMap<PathBuf, Arc<Names>>;

type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The machine and the user, as handed in by a program.
#[derive(Clone)]
pub struct Host {
    pub os: Os,
    pub home: PathBuf,
    /// Of the file system, or a folder that stands for it: where files of the whole machine stand.
    pub root: PathBuf,
    pub env: BTreeMap<String, String>,
    clock: Clock,
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host").field("os", &self.os).field("home", &self.home).finish_non_exhaustive()
    }
}

impl Host {
    pub fn new(os: Os, home: PathBuf, env: BTreeMap<String, String>, clock: Clock) -> Self {
        Self { os, home, root: PathBuf::from("/"), env, clock }
    }

    /// The same machine with its files below another folder.
    pub fn with_root(self, root: PathBuf) -> Self {
        Self { root, ..self }
    }

    /// The system that this program was built for.
    pub const fn this_os() -> Os {
        if cfg!(target_os = "windows") {
            Os::Windows
        } else if cfg!(target_os = "macos") {
            Os::Macos
        } else {
            Os::Linux
        }
    }

    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// A variable of the environment that is set and not empty.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.env.get(name).map(String::as_str).filter(|v| !v.is_empty())
    }

    fn folder(&self, name: &str) -> Option<PathBuf> {
        self.var(name).map(PathBuf::from).filter(|p| p.is_absolute() || self.os == Os::Windows)
    }

    /// Returns the folder behind a base, or `None` where this system has none.
    pub fn base(&self, base: Base) -> Option<PathBuf> {
        match base {
            Base::Home => Some(self.home.clone()),
            Base::XdgConfig => Some(self.folder("XDG_CONFIG_HOME").unwrap_or_else(|| self.home.join(".config"))),
            Base::AppConfig => Some(match self.os {
                Os::Linux => self.folder("XDG_CONFIG_HOME").unwrap_or_else(|| self.home.join(".config")),
                Os::Macos => self.home.join("Library/Application Support"),
                Os::Windows => self.folder("APPDATA").unwrap_or_else(|| self.home.join("AppData/Roaming")),
            }),
            Base::LocalAppData => (self.os == Os::Windows)
                .then(|| self.folder("LOCALAPPDATA").unwrap_or_else(|| self.home.join("AppData/Local"))),
            Base::Root => Some(self.root.clone()),
            Base::ProgramFiles => (self.os == Os::Windows)
                .then(|| self.folder("ProgramFiles").unwrap_or_else(|| "C:/Program Files".into())),
            Base::ProgramData => {
                (self.os == Os::Windows).then(|| self.folder("ProgramData").unwrap_or_else(|| "C:/ProgramData".into()))
            }
        }
    }

    /// Gatehouse's own data folder: ledger, holds, lock and socket.
    pub fn data_dir(&self) -> PathBuf {
        match self.os {
            Os::Linux => {
                self.folder("XDG_DATA_HOME").unwrap_or_else(|| self.home.join(".local/share")).join("gatehouse")
            }
            Os::Macos => self.home.join("Library/Application Support/dev.gatehouse.Gatehouse"),
            Os::Windows => {
                self.folder("LOCALAPPDATA").unwrap_or_else(|| self.home.join("AppData/Local")).join("Gatehouse")
            }
        }
    }

    /// Gatehouse's own settings folder, which holds the `installed` marker.
    pub fn config_dir(&self) -> PathBuf {
        match self.os {
            Os::Linux => self.folder("XDG_CONFIG_HOME").unwrap_or_else(|| self.home.join(".config")).join("gatehouse"),
            Os::Macos => self.home.join("Library/Preferences/dev.gatehouse.Gatehouse"),
            Os::Windows => {
                self.folder("APPDATA").unwrap_or_else(|| self.home.join("AppData/Roaming")).join("Gatehouse")
            }
        }
    }

    /// Writes a path the way people read it: `~/…` inside the home.
    pub fn display(&self, path: &Path) -> String {
        match path.strip_prefix(&self.home) {
            Ok(rest) if rest.as_os_str().is_empty() => "~".to_owned(),
            Ok(rest) => format!("~/{}", rest.display()),
            Err(_) => path.display().to_string(),
        }
    }
}
