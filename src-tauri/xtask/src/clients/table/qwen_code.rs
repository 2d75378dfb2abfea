//! Qwen Code. A prompt starts servers before it asks for a way to log in.

use super::*;

const USER: Position = Position { scope: "user", spot: |stage| home(stage, ".qwen/settings.json", "mcpServers") };

const PROJECT: Position =
    Position { scope: "project", spot: |stage| project(stage, ".qwen/settings.json", "mcpServers") };

const ELSEWHERE: Position =
    Position { scope: "project", spot: |stage| elsewhere(stage, ".qwen/settings.json", "mcpServers") };

pub(super) const QWEN_CODE: RealClient = RealClient {
    id: "qwen-code",
    with: "",
    package: "@qwen-code/qwen-code",
    version: "0.15.10",
    program: Program::Script("cli.js"),
    env: &[("QWEN_TELEMETRY_ENABLED", "false")],
    runs: &[
        Run { args: &["mcp", "list"], starts: &["user", "project"] },
        Run { args: &["-p", "hi"], starts: &["user", "project"] },
    ],
    places: &[
        Place {
            name: "postbox",
            at: USER,
            namesake: ELSEWHERE,
            rewrite: Some(Rewrite::Command(&["mcp", "add", "--scope", "user", "{name}", "{command}", "{args}"])),
        },
        Place {
            name: "weather",
            at: PROJECT,
            namesake: USER,
            rewrite: Some(Rewrite::Command(&["mcp", "add", "--scope", "project", "{name}", "{command}", "{args}"])),
        },
    ],
    entry: command_and_args,
    names_projects: false,
    prepare: |stage| {
        let settings = stage.home.path.join(".qwen/settings.json");
        crate::home::add_entry(&settings, &["general"], "enableAutoUpdate", json!(false))?;
        crate::home::add_entry(&settings, &["privacy"], "usageStatisticsEnabled", json!(false))
    },
};
