//! Claude Code. Its health check leaves project entries alone; a prompt starts them unapproved, before it asks for a login.

use super::*;

const USER: Position = Position { scope: "user", spot: |stage| home(stage, ".claude.json", "mcpServers") };

const PROJECT: Position = Position { scope: "project", spot: |stage| project(stage, ".mcp.json", "mcpServers") };

const LOCAL: Position = Position { scope: "local", spot: |stage| local(stage, &stage.project) };

const LOCAL_ELSEWHERE: Position = Position { scope: "local", spot: |stage| local(stage, &stage.other_project) };

fn local(stage: &Stage<'_>, project: &Path) -> Spot {
    let route = vec!["projects".to_owned(), project.to_string_lossy().into_owned(), "mcpServers".to_owned()];
    Spot { file: stage.home.path.join(".claude.json"), route }
}

const fn add(words: &'static [&'static str]) -> Option<Rewrite> {
    Some(Rewrite::Command(words))
}

pub(super) const CLAUDE_CODE: RealClient = RealClient {
    id: "claude-code",
    with: "",
    package: "@anthropic-ai/claude-code",
    version: "2.1.197",
    program: Program::Script("cli-wrapper.cjs"),
    env: &[
        ("DISABLE_TELEMETRY", "1"),
        ("DISABLE_AUTOUPDATER", "1"),
        ("DISABLE_ERROR_REPORTING", "1"),
        ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
    ],
    runs: &[
        Run { args: &["mcp", "list"], starts: &["user", "local"] },
        Run { args: &["-p", "hi"], starts: &["user", "local", "project"] },
    ],
    places: &[
        Place {
            name: "postbox",
            at: USER,
            namesake: LOCAL_ELSEWHERE,
            rewrite: add(&["mcp", "add", "--scope", "user", "{name}", "--", "{command}", "{args}"]),
        },
        Place {
            name: "ledgerbook",
            at: LOCAL,
            namesake: LOCAL_ELSEWHERE,
            rewrite: add(&["mcp", "add", "--scope", "local", "{name}", "--", "{command}", "{args}"]),
        },
        Place {
            name: "weather",
            at: PROJECT,
            namesake: LOCAL_ELSEWHERE,
            rewrite: add(&["mcp", "add", "--scope", "project", "{name}", "--", "{command}", "{args}"]),
        },
    ],
    entry: command_and_args,
    names_projects: true,
    prepare: |_| Ok(()),
};

/// Where a file of the user's settings is there, a rule in it holds.
pub(super) const WITH_SETTINGS: RealClient = RealClient {
    with: "with settings",
    prepare: |stage| {
        crate::home::add_entry(&stage.home.path.join(".claude/settings.json"), &[], "theme", json!("dark"))
    },
    ..CLAUDE_CODE
};
