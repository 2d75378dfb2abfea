//! What a package manager is told about the age of versions: by the launch, the environment, its files.
//!
//! The order of each tool is that of its own: a flag, the environment, the project, the user. What npm keeps for all users
//! is not looked at; a limit that stands there alone is told as none.

use std::path::{Path, PathBuf};

use crate::age_limit::{AgeLimit, Meaning, Standing, Tool};
use crate::connector::Connector;
use crate::document::{Document, Format, Route, Value, ini};
use crate::host::{Base, Host, Os, name_fits};
use crate::launch_line::Runner;

use super::Start;
use super::npx;
use super::settings::Settings;

/// A value with what says it.
struct Told {
    setting: &'static str,
    value: String,
    from: String,
    meaning: Option<Meaning>,
}

/// Where one tool is told.
struct Sources<'a> {
    host: &'a Host,
    start: Option<&'a Start<'a>>,
}

/// The limit that the launch of a package which names no exact version runs under; `None` for runners that have none.
pub fn of_launch(host: &Host, start: &Start<'_>) -> Option<AgeLimit> {
    let line = &start.connector.launch_line;
    let tool = match line.runner {
        Runner::Npx => Tool::Npm,
        Runner::Uvx => Tool::Uv,
        Runner::Bunx => Tool::Bun,
        Runner::PnpmDlx => Tool::Pnpm,
        _ => return None,
    };
    let sources = Sources { host, start: Some(start) };
    line.is_floating().then(|| sources.limit(tool, line.package.as_deref()))
}

/// The limit in the user's own settings and environment.
pub fn of_user(host: &Host, tool: Tool) -> AgeLimit {
    Sources { host, start: None }.limit(tool, None)
}

/// The limit that a package comes under by the user's own settings and environment, where these surely limit it.
///
/// bun and pnpm can leave packages out of theirs by lists that are not read: of them nothing is sure.
pub fn of_package(host: &Host, tool: Tool, package: &str) -> Option<Meaning> {
    let sources = Sources { host, start: None };
    let told = match tool {
        Tool::Npm => sources.npm(),
        Tool::Uv => sources.uv(),
        Tool::Bun | Tool::Pnpm => return None,
    };
    told.ok().flatten().and_then(|told| told.meaning).filter(|_| !sources.leaves_out(tool, package))
}

/// Whether a launch comes under the limit of the user's settings and no other.
pub fn is_of_user(connector: &Connector) -> bool {
    const WORDS: [&str; 3] = ["release_age", "exclude_newer", "before"];
    let launch = &connector.launch;
    let own = launch.env.iter().map(|(name, _)| name).chain(&launch.args);
    !own.map(|word| word.to_ascii_lowercase().replace('-', "_")).any(|word| WORDS.iter().any(|it| word.contains(it)))
}

/// The file with the user's own settings of a tool: where a limit is written.
pub fn user_file(host: &Host, tool: Tool) -> Option<PathBuf> {
    match tool {
        Tool::Npm => {
            let told = machine_var(host, "npm_config_userconfig").map(|(_, path)| PathBuf::from(path));
            Some(told.filter(|path| path.is_absolute()).unwrap_or_else(|| host.home.join(".npmrc")))
        }
        Tool::Uv => {
            let told = machine_var(host, "UV_CONFIG_FILE").map(|(_, path)| PathBuf::from(path));
            let base = if host.os == Os::Windows { Base::AppConfig } else { Base::XdgConfig };
            told.filter(|path| path.is_absolute()).or_else(|| Some(host.base(base)?.join("uv/uv.toml")))
        }
        Tool::Bun | Tool::Pnpm => None,
    }
}

fn machine_var<'a>(host: &'a Host, name: &str) -> Option<(&'a str, &'a str)> {
    let minds_case = host.os != Os::Windows && !name.starts_with("npm_config_");
    let is_it = |other: &str| if minds_case { other == name } else { other.eq_ignore_ascii_case(name) };
    let found = host.env.iter().find(|(key, value)| is_it(key) && !value.is_empty())?;
    Some((found.0, found.1))
}

impl Sources<'_> {
    fn limit(&self, tool: Tool, package: Option<&str>) -> AgeLimit {
        let told = match tool {
            Tool::Npm => self.npm(),
            Tool::Uv => self.uv(),
            Tool::Bun => self.bun(),
            Tool::Pnpm => self.pnpm(),
        };
        let now = self.host.now();
        let standing = match &told {
            Err(_) => Standing::Unreadable,
            Ok(None) => Standing::NotSet,
            Ok(Some(told)) => told.meaning.map_or(Standing::Unreadable, |meaning| meaning.standing(now)),
        };
        let may_be_left_out = || package.is_some_and(|package| self.leaves_out(tool, package));
        let standing = if standing == Standing::Enough && may_be_left_out() { Standing::Exempt } else { standing };
        let (setting, value, from) = match told {
            Ok(Some(told)) => (told.setting, Some(told.value), Some(told.from)),
            Ok(None) => (tool.setting(), None, None),
            Err(path) => (tool.setting(), None, Some(self.host.display(&path))),
        };
        AgeLimit {
            tool,
            setting: setting.to_owned(),
            value,
            from,
            standing,
            can_be_set: tool.can_be_set(),
            can_be_undone: false,
        }
    }

    fn settings(&self) -> Option<Settings<'_>> {
        self.start.map(|start| Settings { host: self.host, start })
    }

    /// The value of a flag in front of the package: what stands behind it is the package's own.
    fn flag(&self, flag: &str) -> Option<String> {
        let connector = self.start?.connector;
        let package = connector.launch_line.package.as_deref()?;
        let own: Vec<_> = connector.launch.args.iter().take_while(|arg| !arg.contains(package)).collect();
        own.iter().enumerate().find_map(|(at, word)| match word.strip_prefix(flag)? {
            "" => own.get(at + 1).map(|value| (*value).clone()),
            rest => rest.strip_prefix('=').map(str::to_owned),
        })
    }

    /// A variable of the entry or of the machine.
    fn var(&self, name: &str) -> Option<String> {
        let own = self.settings().and_then(|settings| settings.var(name).map(str::to_owned));
        own.or_else(|| machine_var(self.host, name).map(|(_, value)| value.to_owned()))
    }

    /// A path that a variable or flag names; one that cannot be told is an error.
    fn place(&self, text: &str) -> Result<PathBuf, PathBuf> {
        let told = match self.settings() {
            Some(settings) => settings.place(text).ok(),
            None => Some(PathBuf::from(text)).filter(|path| path.is_absolute()),
        };
        told.ok_or_else(|| PathBuf::from(text))
    }

    /// npm lets `before` win where one source says both.
    fn npm(&self) -> Result<Option<Told>, PathBuf> {
        for (setting, read) in npm_settings() {
            if let Some(value) = self.flag(&format!("--{setting}")) {
                return Ok(Some(Told { setting, meaning: read(&value), value, from: format!("--{setting}") }));
            }
        }
        for (setting, read) in npm_settings() {
            let name = format!("npm_config_{}", setting.replace('-', "_"));
            if let Some(value) = self.var(&name) {
                return Ok(Some(Told { setting, meaning: read(&value), value, from: name }));
            }
        }
        for path in self.npm_files()? {
            let Some(bytes) = bytes(&path)? else { continue };
            for (setting, read) in npm_settings() {
                if let Some(value) =
                    ini::value(&bytes, setting).filter(|value| setting != "before" || !value.is_empty())
                {
                    return Ok(Some(Told { setting, meaning: read(&value), value, from: self.host.display(&path) }));
                }
            }
        }
        Ok(None)
    }

    /// The project's settings before the user's own.
    fn npm_files(&self) -> Result<Vec<PathBuf>, PathBuf> {
        let project = self.start.and_then(|start| start.folder.as_deref()).map(npx::local_prefix);
        let user = match self.flag("--userconfig").or_else(|| self.var("npm_config_userconfig")) {
            Some(told) => self.place(&told)?,
            None => self.host.home.join(".npmrc"),
        };
        Ok(project.map(|folder| folder.join(".npmrc")).into_iter().chain([user]).collect())
    }

    /// Tools of uv read no project's settings.
    fn uv(&self) -> Result<Option<Told>, PathBuf> {
        let setting = Tool::Uv.setting();
        let of = |value: String, from| Told { setting, meaning: Meaning::of(Tool::Uv, &value), value, from };
        if let Some(value) = self.flag("--exclude-newer") {
            return Ok(Some(of(value, "--exclude-newer".to_owned())));
        }
        if let Some(value) = self.var("UV_EXCLUDE_NEWER") {
            return Ok(Some(of(value, "UV_EXCLUDE_NEWER".to_owned())));
        }
        for path in self.uv_files()? {
            let Some(document) = toml(&path)? else { continue };
            let Some(found) = document.node(&Route::root().key(setting)) else { continue };
            let from = self.host.display(&path);
            return Ok(match found.value {
                Value::Bool(false) => {
                    Some(Told { setting, value: "false".to_owned(), from, meaning: Some(Meaning::Age(0.0)) })
                }
                Value::String(text) => Some(of(text, from)),
                // A table of a moment and a span, as a lock file has it.
                other => Some(Told { setting, value: other.to_json().to_string(), from, meaning: None }),
            });
        }
        Ok(None)
    }

    fn uv_files(&self) -> Result<Vec<PathBuf>, PathBuf> {
        let is_on = |value: String| !matches!(value.as_str(), "0" | "false" | "no" | "off");
        if self.has_flag("--no-config") || self.var("UV_NO_CONFIG").is_some_and(is_on) {
            return Ok(Vec::new());
        }
        if let Some(told) = self.flag("--config-file").or_else(|| self.var("UV_CONFIG_FILE")) {
            return Ok(vec![self.place(&told)?]);
        }
        let of_all = match self.host.os {
            Os::Windows => self.host.base(Base::ProgramData),
            _ => Some(self.host.root.join("etc")),
        };
        Ok(user_file(self.host, Tool::Uv).into_iter().chain(of_all.map(|folder| folder.join("uv/uv.toml"))).collect())
    }

    fn has_flag(&self, flag: &str) -> bool {
        self.start.is_some_and(|start| start.connector.launch.args.iter().any(|arg| arg == flag))
    }

    /// `[install] minimumReleaseAge`, in seconds.
    fn bun(&self) -> Result<Option<Told>, PathBuf> {
        let setting = Tool::Bun.setting();
        if let Some(value) = self.flag("--minimum-release-age") {
            let meaning = Meaning::of(Tool::Bun, &value);
            return Ok(Some(Told { setting, value, from: "--minimum-release-age".to_owned(), meaning }));
        }
        let project = self.start.and_then(|start| start.folder.as_ref()).map(|folder| folder.join("bunfig.toml"));
        let user = self.host.var("XDG_CONFIG_HOME").map_or_else(|| self.host.home.clone(), PathBuf::from);
        for path in project.into_iter().chain([user.join(".bunfig.toml")]) {
            let Some(document) = toml(&path)? else { continue };
            let Some(found) = document.node(&Route::root().key("install").key(setting)) else { continue };
            let value = found.value.to_json().to_string();
            let meaning = Meaning::of(Tool::Bun, &value);
            return Ok(Some(Told { setting, value, from: self.host.display(&path), meaning }));
        }
        Ok(None)
    }

    /// In minutes; by the name of the ini files, or in `config.yaml` by its own.
    fn pnpm(&self) -> Result<Option<Told>, PathBuf> {
        const INI: &str = "minimum-release-age";
        let setting = Tool::Pnpm.setting();
        let of = |value: String, from| Told { setting, meaning: Meaning::of(Tool::Pnpm, &value), value, from };
        for name in ["pnpm_config_minimum_release_age", "npm_config_minimum_release_age"] {
            if let Some(value) = self.var(name) {
                return Ok(Some(of(value, name.to_owned())));
            }
        }
        let folder = self.host.base(Base::AppConfig).map(|folder| folder.join("pnpm"));
        if let Some(path) = folder.as_ref().map(|folder| folder.join("config.yaml"))
            && let Some(bytes) = bytes(&path)?
        {
            let document = Document::parse(Format::Yaml, bytes).map_err(|_| path.clone())?;
            if let Some(found) = document.node(&Route::root().key(setting)) {
                return Ok(Some(of(found.value.to_json().to_string(), self.host.display(&path))));
            }
        }
        let files = folder.map(|folder| folder.join("rc")).into_iter().chain([self.host.home.join(".npmrc")]);
        for path in files {
            if let Some(value) = bytes(&path)?.and_then(|bytes| ini::value(&bytes, INI)) {
                return Ok(Some(of(value, self.host.display(&path))));
            }
        }
        Ok(None)
    }

    /// Whether a list may leave the package out of the limit. What is no plain name counts as if it did.
    fn leaves_out(&self, tool: Tool, package: &str) -> bool {
        let lists: Vec<String> = match tool {
            Tool::Npm => {
                let key = "min-release-age-exclude";
                let files = self.npm_files().unwrap_or_default();
                let in_files = files.iter().filter_map(|path| bytes(path).ok().flatten());
                let listed = in_files.flat_map(|bytes| ini::values(&bytes, key));
                listed
                    .chain(self.flag(&format!("--{key}")))
                    .chain(self.var("npm_config_min_release_age_exclude"))
                    .collect()
            }
            Tool::Uv => {
                let files = self.uv_files().unwrap_or_default();
                let documents = files.iter().filter_map(|path| toml(path).ok().flatten());
                let tables = documents.filter_map(|it| it.node(&Route::root().key("exclude-newer-package")));
                let names = tables.flat_map(|table| {
                    table
                        .value
                        .members()
                        .unwrap_or_default()
                        .iter()
                        .map(|member| member.key.clone())
                        .collect::<Vec<_>>()
                });
                names.chain(self.flag("--exclude-newer-package")).chain(self.var("UV_EXCLUDE_NEWER_PACKAGE")).collect()
            }
            Tool::Bun | Tool::Pnpm => Vec::new(),
        };
        let plain = |text: &str| text.to_ascii_lowercase().replace(['_', '.'], "-");
        lists.iter().any(|pattern| {
            let is_hard =
                pattern.matches('*').count() > 1 || pattern.contains(['{', '[', '?', '!', '(', '=', ' ', '\n']);
            is_hard || name_fits(&plain(pattern), &plain(package))
        })
    }
}

type ReadSetting = fn(&str) -> Option<Meaning>;

fn npm_settings() -> [(&'static str, ReadSetting); 2] {
    [("before", Meaning::of_before), ("min-release-age", |text| Meaning::of(Tool::Npm, text))]
}

/// The bytes of a file of settings; `None` where there is none.
fn bytes(path: &Path) -> Result<Option<Vec<u8>>, PathBuf> {
    match crate::host::files::glance(path) {
        Ok(read) => Ok(Some(read.bytes)),
        Err(crate::host::files::ReadError::Absent { .. }) => Ok(None),
        Err(_) => Err(path.to_owned()),
    }
}

fn toml(path: &Path) -> Result<Option<Document>, PathBuf> {
    let parse = |bytes| Document::parse(Format::Toml, bytes).map_err(|_| path.to_owned());
    bytes(path)?.map(parse).transpose()
}
