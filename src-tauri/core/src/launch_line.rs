//! Reads a launch: which runner starts which package, script or address.

use serde::{Deserialize, Serialize};

/// The program family that starts a connector. Names as in the JSON of `scan`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
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
    /// Reads a stdio launch. `args` as written; `${…}` stays literal.
    pub fn of_command(_command: &str, _args: &[String]) -> Self {
        Self::empty(Runner::None, Ecosystem::Unknown)
    }

    /// Reads a remote launch.
    pub fn of_url(_url: &str) -> Self {
        Self::empty(Runner::Remote, Ecosystem::Remote)
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
        None
    }
}
