//! MCPorter. It reads the files of other clients too, without their switches.

use super::*;

const USER: Position = Position { scope: "user", spot: |stage| home(stage, ".mcporter/mcporter.json", "mcpServers") };

const PROJECT: Position =
    Position { scope: "project", spot: |stage| project(stage, "config/mcporter.json", "mcpServers") };

const ELSEWHERE: Position =
    Position { scope: "project", spot: |stage| elsewhere(stage, "config/mcporter.json", "mcpServers") };

const fn import(name: &'static str, spot: fn(&Stage<'_>) -> Spot) -> Place {
    Place { name, at: Position { scope: "user", spot }, namesake: ELSEWHERE, rewrite: None }
}

pub(super) const MCPORTER: RealClient = RealClient {
    id: "mcporter",
    with: "",
    package: "mcporter",
    version: "0.9.0",
    program: Program::Script("dist/cli.js"),
    env: &[],
    runs: &[Run { args: &["list"], starts: &["user", "project"] }],
    places: &[
        Place {
            name: "postbox",
            at: USER,
            namesake: ELSEWHERE,
            rewrite: Some(Rewrite::Command(&[
                "config",
                "add",
                "{name}",
                "--scope",
                "home",
                "--command",
                "{command}",
                "--",
                "{args}",
            ])),
        },
        Place {
            name: "weather",
            at: PROJECT,
            namesake: USER,
            rewrite: Some(Rewrite::Command(&[
                "config",
                "add",
                "{name}",
                "--scope",
                "project",
                "--command",
                "{command}",
                "--",
                "{args}",
            ])),
        },
        import("calendar", |stage| home(stage, ".cursor/mcp.json", "mcpServers")),
        import("library", |stage| home(stage, ".codex/config.toml", "mcp_servers")),
        import("almanac", |stage| home(stage, ".claude.json", "mcpServers")),
        import("notebook", |stage| home(stage, ".claude/settings.json", "mcpServers")),
    ],
    entry: command_and_args,
    names_projects: false,
    prepare: |_| Ok(()),
};
