//! The clients that judge. To add one: a row, with what was seen of the client when it was tried without an account.

use std::path::{Path, PathBuf};

use super::{Stage, namesake};
use crate::Failure;

pub(super) struct RealClient {
    /// The id of its row in Gatehouse's own table.
    pub(super) id: &'static str,
    pub(super) package: &'static str,
    /// Exact: another version is another judge.
    pub(super) version: &'static str,
    /// Run by node, below the folder of the package; no install script has run.
    pub(super) script: &'static str,
    pub(super) env: &'static [(&'static str, &'static str)],
    pub(super) runs: &'static [Run],
    pub(super) places: &'static [Place],
    /// What the client asks for once before it starts servers in a project folder.
    pub(super) trust: fn(&Stage<'_>) -> Result<(), Failure>,
    /// Writes an entry of the place's name in another scope, which the client starts in the other project.
    pub(super) write_namesake: fn(&Stage<'_>, &Place) -> Result<(), Failure>,
}

/// A command line that ends by itself.
pub(super) struct Run {
    pub(super) args: &'static [&'static str],
    /// The scopes whose entries it starts.
    pub(super) starts: &'static [&'static str],
}

/// Where an entry can stand.
pub(super) struct Place {
    pub(super) scope: &'static str,
    pub(super) name: &'static str,
    pub(super) file: fn(&Stage<'_>) -> PathBuf,
    /// The steps to the object that holds the entry.
    pub(super) route: fn(&Path) -> Vec<String>,
}

pub(super) const REAL_CLIENTS: &[RealClient] = &[RealClient {
    id: "claude-code",
    package: "@anthropic-ai/claude-code",
    version: "2.1.197",
    script: "cli-wrapper.cjs",
    env: &[
        ("DISABLE_TELEMETRY", "1"),
        ("DISABLE_AUTOUPDATER", "1"),
        ("DISABLE_ERROR_REPORTING", "1"),
        ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
    ],
    runs: &[
        // The health check leaves project entries alone; a prompt starts them unapproved, before it asks for a login.
        Run { args: &["mcp", "list"], starts: &["user", "local"] },
        Run { args: &["-p", "hi"], starts: &["user", "local", "project"] },
    ],
    places: &[
        Place { scope: "user", name: "postbox", file: claude_json, route: |_| vec!["mcpServers".into()] },
        Place { scope: "local", name: "ledgerbook", file: claude_json, route: claude_local },
        Place {
            scope: "project",
            name: "weather",
            file: |stage| stage.project.join(".mcp.json"),
            route: |_| vec!["mcpServers".into()],
        },
    ],
    trust: |_| Ok(()),
    write_namesake: |stage, place| {
        stage.add(claude_json(stage), &claude_local(&stage.other_project), place.name, &namesake(place))
    },
}];

fn claude_json(stage: &Stage<'_>) -> PathBuf {
    stage.home.path.join(".claude.json")
}

fn claude_local(project: &Path) -> Vec<String> {
    vec!["projects".into(), project.to_string_lossy().into_owned(), "mcpServers".into()]
}
