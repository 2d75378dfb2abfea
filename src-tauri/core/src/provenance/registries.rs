//! Which registry a package manager of this machine asks, by its own settings.
//!
//! No address of a registry stands here: the default of npm, and that of Python, come with libraries.

mod python;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use deno_npmrc::{NpmRc, NpmRegistryUrl, ResolvedNpmRc};
use sys_traits::BaseEnvVar;
use url::Url;

use crate::connector::Connector;
use crate::document::ini;
use crate::host::{Host, files};
use crate::launch_line::Ecosystem;
use crate::network::Failure;
use crate::policy::Addresses;

use super::endpoints::Endpoints;

/// Settings of a launch that lead to another registry.
const NPM_SETTINGS: &[&str] = &["npm_config_registry", "npm_config_userconfig", "npm_config_globalconfig"];
const PYTHON_SETTINGS: &[&str] = &[
    "UV_DEFAULT_INDEX",
    "UV_INDEX",
    "UV_INDEX_URL",
    "UV_EXTRA_INDEX_URL",
    "UV_FIND_LINKS",
    "UV_CONFIG_FILE",
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "PIP_CONFIG_FILE",
];
const FLAGS: &[&str] = &[
    "--registry",
    "--userconfig",
    "--index",
    "--index-url",
    "--default-index",
    "--extra-index-url",
    "--find-links",
    "-i",
    "-f",
];

/// The registries of a machine.
#[derive(Debug)]
pub struct Registries {
    npm: Option<ResolvedNpmRc>,
    pypi: Result<Url, Failure>,
    /// Further certificates that npm trusts.
    pub roots: Option<PathBuf>,
    pub(super) endpoints: Endpoints,
}

/// Registries that the organisation or the user sets for look-ups.
#[derive(Debug, Clone, Default)]
pub struct Mirrors<'a> {
    pub npm: Option<&'a str>,
    pub pypi: Option<&'a str>,
    pub advisories: Option<&'a str>,
    pub images: Option<&'a str>,
    pub listings: Option<&'a str>,
    pub names: Option<&'a str>,
    pub opinions: Option<&'a str>,
    pub registrations: Option<&'a str>,
    pub repositories: Option<&'a str>,
}

impl<'a> Mirrors<'a> {
    pub fn of(addresses: &'a Addresses) -> Self {
        Self {
            npm: addresses.npm.as_deref(),
            pypi: addresses.python.as_deref(),
            advisories: addresses.advisories.as_deref(),
            images: addresses.images.as_deref(),
            listings: addresses.listings.as_deref(),
            names: addresses.names.as_deref(),
            opinions: addresses.opinions.as_deref(),
            registrations: addresses.registrations.as_deref(),
            repositories: addresses.repositories.as_deref(),
        }
    }
}

struct Variables<'a>(&'a Host);

impl BaseEnvVar for Variables<'_> {
    fn base_env_var_os(&self, key: &OsStr) -> Option<OsString> {
        let key = key.to_str()?;
        // npm does not mind the case of its own.
        let of_npm = || {
            let is_it = |name: &&String| name.eq_ignore_ascii_case(key) && key.to_ascii_lowercase().starts_with("npm_");
            self.0.env.keys().find(is_it).and_then(|name| self.0.var(name))
        };
        self.0.var(key).or_else(of_npm).map(OsString::from)
    }
}

impl Registries {
    /// Reads the settings of npm, uv and pip as they are now.
    pub fn of(host: &Host, mirrors: &Mirrors<'_>) -> Self {
        let told = mirrors.pypi.and_then(|it| Url::parse(it).ok());
        Self {
            npm: npm(host, mirrors.npm),
            pypi: told.map_or_else(|| python::index(host), Ok),
            roots: npmrc_value(host, "cafile").map(PathBuf::from),
            endpoints: Endpoints::of(mirrors),
        }
    }

    /// The registry of an npm package. A scope with a registry of its own is private, as far as anybody can tell.
    pub(super) fn npm(&self, package: &str) -> Result<&Url, Failure> {
        let settings = self.npm.as_ref().ok_or(Failure::NoRegistry)?;
        let scope = package.strip_prefix('@').and_then(|it| it.split_once('/')).map(|(scope, _)| scope);
        match scope.and_then(|scope| settings.scopes.get(scope)) {
            Some(own) if own.registry_url != settings.default_config.registry_url => Err(Failure::Private),
            _ => Ok(&settings.default_config.registry_url),
        }
    }

    /// Whether this is the registry that npm asks by itself: others may leave out what they do not know.
    pub(super) fn is_npm_default(asked: &Url) -> bool {
        Url::parse(deno_npmrc::NPM_DEFAULT_REGISTRY).is_ok_and(|it| it.host_str() == asked.host_str())
    }

    /// The same of Python packages.
    pub(super) fn is_pypi_default(asked: &Url) -> bool {
        python::default().is_some_and(|it| it.host_str() == asked.host_str())
    }

    /// Where repositories are asked about.
    pub fn repositories(&self) -> Option<&Url> {
        self.endpoints.repositories.as_ref()
    }

    pub(super) fn pypi(&self) -> Result<&Url, Failure> {
        self.pypi.as_ref().map_err(|failure| *failure)
    }

    /// Whether a launch, or the project that it starts in, goes to a registry of its own: its packages may be private.
    pub fn has_own(connector: &Connector) -> bool {
        let launch = &connector.launch;
        let is_flag = |word: &String| FLAGS.iter().any(|flag| word == flag || word.starts_with(&format!("{flag}=")));
        let is_set = |name: &str| launch.env.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
        let of_project = |name: &str| connector.project.as_ref().is_some_and(|folder| folder.join(name).is_file());
        match connector.launch_line.ecosystem {
            Ecosystem::Npm => {
                let project = connector.project.as_ref().map(|folder| folder.join(".npmrc"));
                let registry = project.and_then(|path| text(&path)).is_some_and(|it| it.contains("registry"));
                registry || NPM_SETTINGS.iter().any(|name| is_set(name)) || launch.args.iter().any(is_flag)
            }
            _ => {
                of_project("uv.toml")
                    || PYTHON_SETTINGS.iter().any(|name| is_set(name))
                    || launch.args.iter().any(is_flag)
            }
        }
    }
}

fn text(path: &std::path::Path) -> Option<String> {
    let real = path.canonicalize().ok()?;
    String::from_utf8(files::read(&real).ok()?.bytes).ok()
}

/// The user's file of npm.
fn npmrc(host: &Host) -> Option<String> {
    let told = Variables(host).base_env_var_os(OsStr::new("npm_config_userconfig")).map(PathBuf::from);
    text(&told.unwrap_or_else(|| host.home.join(".npmrc")))
}

fn npmrc_value(host: &Host, key: &str) -> Option<String> {
    let told = Variables(host).base_env_var_os(OsStr::new(&format!("npm_config_{key}")));
    told.and_then(|it| it.into_string().ok()).or_else(|| ini::value(npmrc(host)?.as_bytes(), key))
}

fn npm(host: &Host, mirror: Option<&str>) -> Option<ResolvedNpmRc> {
    let variables = Variables(host);
    let settings = NpmRc::parse(&variables, &npmrc(host).unwrap_or_default()).ok()?;
    let mut default = NpmRegistryUrl::for_npm(&variables);
    let mirror = mirror.and_then(|it| Url::parse(it).ok());
    if let Some(mirror) = &mirror {
        default = NpmRegistryUrl { url: mirror.clone(), from_env: true };
    }
    settings.as_resolved(&default).ok()
}
