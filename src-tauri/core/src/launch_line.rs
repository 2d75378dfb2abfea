//! Reads a launch: which runner starts which package, script or address.

use serde::{Deserialize, Serialize};
use url::Url;

mod bridges;
mod containers;
mod flags;
mod git;
mod npm;
mod program;
mod purl;
mod pypi;
mod reader;
mod scripts;
mod shell_line;
mod spec;
#[cfg(test)]
mod tests;
mod toolchains;
mod wrappers;

/// The program family that starts a connector. Names as in the JSON of `scan`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Runner {
    Npx,
    Bunx,
    PnpmDlx,
    YarnDlx,
    Uvx,
    UvRun,
    PipxRun,
    DockerRun,
    DockerCompose,
    DockerExec,
    DockerMcp,
    Dnx,
    Node,
    Bun,
    Deno,
    Tsx,
    Python,
    PythonM,
    Php,
    Java,
    Dotnet,
    CargoRun,
    NpmRun,
    PnpmScript,
    NixRun,
    Shell,
    Curl,
    Script,
    Binary,
    Remote,
    Builtin,
    None,
}

/// Where the code of a launch comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Ecosystem {
    Npm,
    Pypi,
    Oci,
    Git,
    Nuget,
    Jsr,
    Go,
    Maven,
    Nix,
    Local,
    Remote,
    Builtin,
    None,
    Unknown,
}

/// How firmly a launch names the version that it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Pin {
    Exact,
    Range,
    Latest,
    None,
    Tag,
    Digest,
    GitRef,
    GitHead,
}

/// What a launch says, taken apart. What could not be told is `None` with a reason in `unknown`, never a guess.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchLine {
    /// Programs peeled off before the runner, as `sh -c`, `mise exec`, outermost first.
    pub wrappers: Vec<String>,
    pub runner: Runner,
    pub ecosystem: Ecosystem,
    /// npm name, PyPI name as written, image without tag, host/owner/repo, host of a remote; `None` for local code.
    pub package: Option<String>,
    /// As written behind `@`, `==`, `:` or `#`.
    pub version: Option<String>,
    /// `None` where the launch runs no package.
    pub pin: Option<Pin>,
    /// The packages as the runner is told them, `name@version` and the like: runners keep what they fetch under these.
    pub specs: Vec<String>,
    /// The program of the package that is run, where it differs from the package.
    pub entry: Option<String>,
    /// Module of `python -m`.
    pub module: Option<String>,
    /// Local file or binary.
    pub target: Option<String>,
    /// Program that bridges stdio to a remote address (mcp-remote, supergateway, curl).
    pub bridge: Option<String>,
    /// The bridged address.
    pub bridge_url: Option<String>,
    /// Interpreter evaluation in the line (`sh -c`, `node -e`, `python -c`, `npx -c`), as `sh -c`.
    pub evaluates: Option<String>,
    /// The launch reads code out of its working folder (a relative script, `python -m`, `npm run`, `uv run`, …).
    pub uses_cwd: bool,
    /// Why the launch could not be told in full.
    pub unknown: Option<&'static str>,
}

impl LaunchLine {
    /// The one version that can run, where the launch names it.
    pub fn exact_version(&self) -> Option<&str> {
        self.version.as_deref().filter(|_| self.pin == Some(Pin::Exact))
    }

    /// Reads a stdio launch. `args` as written; `${…}` stays literal.
    pub fn of_command(command: &str, args: &[String]) -> Self {
        reader::read(command, args)
    }

    /// Reads a remote launch. The host becomes the package, unless it holds placeholders.
    pub fn of_url(url: &str) -> Self {
        let remote = Self::empty(Runner::Remote, Ecosystem::Remote);
        let authority = url.split_once("://").map(|(_, rest)| authority(rest));
        // Only the host counts: a placeholder for user name or port says nothing of where the code runs.
        let host = authority.map_or(url, |it| it.rsplit('@').next().unwrap_or_default());
        if program::has_placeholder(host) {
            return Self { unknown: Some("the host is a placeholder"), ..remote };
        }
        // What stands behind the host may hold what no address may; it is not needed.
        let address = match (url.split_once("://"), authority) {
            (Some((scheme, _)), Some(_)) => format!("{scheme}://{host}/"),
            _ => url.to_owned(),
        };
        match Url::parse(&address).ok().and_then(|it| it.host_str().map(str::to_ascii_lowercase)) {
            Some(host) if !host.is_empty() => Self { package: Some(host), ..remote },
            _ => Self { unknown: Some("the address names no host"), ..remote },
        }
    }

    /// A line with nothing told but its runner.
    pub fn empty(runner: Runner, ecosystem: Ecosystem) -> Self {
        Self {
            wrappers: Vec::new(),
            runner,
            ecosystem,
            package: None,
            version: None,
            pin: None,
            specs: Vec::new(),
            entry: None,
            module: None,
            target: None,
            bridge: None,
            bridge_url: None,
            evaluates: None,
            uses_cwd: false,
            unknown: None,
        }
    }

    /// Whether the same line may run other code tomorrow: a package that is not pinned to an exact version or digest.
    pub fn is_floating(&self) -> bool {
        matches!(self.pin, Some(Pin::Range | Pin::Latest | Pin::None | Pin::Tag | Pin::GitRef | Pin::GitHead))
    }

    /// The package URL, where the ecosystem has one.
    pub fn purl(&self) -> Option<String> {
        purl::of(self)
    }

    /// The package by the name that its registry knows it by: PyPI names normalised, images with registry and namespace.
    pub fn normalized_package(&self) -> Option<String> {
        let package = self.package.as_deref()?;
        Some(match self.ecosystem {
            Ecosystem::Pypi => pypi::normalized(package),
            Ecosystem::Oci => containers::full_name(package),
            _ => package.to_owned(),
        })
    }
}

/// The part of an address between scheme and path. `${…}` may hold slashes of its own.
fn authority(rest: &str) -> &str {
    let mut open = 0_u32;
    let end = rest.find(|c| {
        match c {
            '{' => open += 1,
            '}' => open = open.saturating_sub(1),
            '/' | '\\' | '?' | '#' => return open == 0,
            _ => {}
        }
        false
    });
    end.map_or(rest, |end| &rest[..end])
}
