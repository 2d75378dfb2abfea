//! Where tools keep what they fetch, by flag, environment, settings file and system.

use std::fs;
use std::fs::Metadata;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::document::ini;
use crate::host::files::open_regular;
use crate::host::{Host, Os};

use super::Reason;
use super::Start;

/// Files above this are not read as text: lock files and records of large packages have a few megabytes.
const MAX_BYTES: u64 = 32 * 1024 * 1024;

/// The settings that a launch starts with: its own before those of the machine.
pub(super) struct Settings<'a> {
    pub(super) host: &'a Host,
    pub(super) start: &'a Start<'a>,
}

impl<'a> Settings<'a> {
    /// A variable, of the entry or of the machine. Windows and npm do not mind its case.
    pub(super) fn var(&self, name: &str) -> Option<&'a str> {
        let minds_case = self.host.os != Os::Windows && !name.starts_with("npm_config_");
        let is_it = |other: &str| if minds_case { other == name } else { other.eq_ignore_ascii_case(name) };
        let own = self.start.connector.launch.env.iter().rev().find(|(key, _)| is_it(key));
        let own = own.map(|(_, value)| value.0.as_str());
        let of_machine = || self.host.env.iter().find(|(key, _)| is_it(key)).map(|(_, value)| value.as_str());
        own.or_else(of_machine).filter(|value| !value.is_empty())
    }

    /// The value of a long flag of the launch.
    pub(super) fn flag(&self, flag: &str) -> Option<&'a str> {
        let args = &self.start.connector.launch.args;
        args.iter().enumerate().find_map(|(at, word)| match word.strip_prefix(flag)? {
            "" => args.get(at + 1).map(String::as_str),
            rest => rest.strip_prefix('='),
        })
    }

    /// A folder that a setting names: absolute, or below the home or the folder that the launch starts in.
    pub(super) fn place(&self, text: &str) -> Result<PathBuf, Reason> {
        let home = ["~", "$HOME", "${HOME}", "${userHome}", "${env:HOME}", "%USERPROFILE%"];
        let is_end = |rest: &str| rest.is_empty() || rest.starts_with(['/', '\\']);
        let below = home.iter().find_map(|name| text.strip_prefix(name).filter(|rest| is_end(rest)));
        if let Some(below) = below {
            return Ok(self.host.home.join(below.trim_start_matches(['/', '\\'])));
        }
        if text.contains(['$', '%', '{']) {
            return Err(Reason::PlaceholderInPlace);
        }
        let path = Path::new(text);
        match (path.is_absolute(), &self.start.folder) {
            (true, _) => Ok(path.to_owned()),
            (false, Some(folder)) => Ok(folder.join(path)),
            (false, None) => Err(Reason::FolderNotTold),
        }
    }

    /// The folder that the first of these variables names.
    pub(super) fn folder(&self, vars: &[&str]) -> Result<Option<PathBuf>, Reason> {
        vars.iter().find_map(|name| self.var(name)).map(|value| self.place(value)).transpose()
    }

    /// Where the system wants caches.
    pub(super) fn cache(&self, name: &str) -> Result<PathBuf, Reason> {
        if let Some(folder) = self.folder(&["XDG_CACHE_HOME"])? {
            return Ok(folder.join(name));
        }
        Ok(match self.host.os {
            Os::Macos => self.host.home.join("Library/Caches").join(name),
            _ => self.host.home.join(".cache").join(name),
        })
    }

    /// `$XDG_DATA_HOME` or `~/.local/share`.
    pub(super) fn data(&self) -> Result<PathBuf, Reason> {
        Ok(self.folder(&["XDG_DATA_HOME"])?.unwrap_or_else(|| self.host.home.join(".local/share")))
    }

    /// `%LOCALAPPDATA%`.
    pub(super) fn local_app_data(&self) -> PathBuf {
        self.var("LOCALAPPDATA").map_or_else(|| self.host.home.join("AppData/Local"), PathBuf::from)
    }

    /// `%APPDATA%`.
    pub(super) fn app_data(&self) -> PathBuf {
        self.var("APPDATA").map_or_else(|| self.host.home.join("AppData/Roaming"), PathBuf::from)
    }

    /// A setting of npm: flag, environment, the project's file, the user's file.
    pub(super) fn npm(&self, key: &str, project: Option<&Path>) -> Result<Option<PathBuf>, Reason> {
        let told = self.flag(&format!("--{key}")).or_else(|| self.var(&format!("npm_config_{key}")));
        if let Some(told) = told {
            return self.place(told).map(Some);
        }
        let user = match self.flag("--userconfig").or_else(|| self.var("npm_config_userconfig")) {
            Some(told) => self.place(told)?,
            None => self.host.home.join(".npmrc"),
        };
        let files = project.map(|folder| folder.join(".npmrc")).into_iter().chain([user]);
        for file in files {
            if let Some(value) =
                text(&file).and_then(|text| ini::value(text.as_bytes(), key)).filter(|value| !value.is_empty())
            {
                return self.place(&value).map(Some);
            }
        }
        Ok(None)
    }
}

/// A text file of moderate size, behind any links. Nothing else is opened: a pipe would never end.
pub(super) fn text(path: &Path) -> Option<String> {
    let real = path.canonicalize().ok()?;
    let fits = |meta: &Metadata| meta.is_file() && meta.len() <= MAX_BYTES;
    fs::metadata(&real).ok().filter(fits)?;
    let file = open_regular(&real).ok()?;
    file.metadata().ok().filter(fits)?;
    let mut text = String::new();
    file.take(MAX_BYTES).read_to_string(&mut text).ok()?;
    Some(text)
}
