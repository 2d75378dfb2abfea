//! Gemini CLI. In a folder that is not trusted it starts nothing, the user's own servers included.

use super::*;

const USER: Position = Position { scope: "user", spot: |stage| home(stage, ".gemini/settings.json", "mcpServers") };

const PROJECT: Position =
    Position { scope: "project", spot: |stage| project(stage, ".gemini/settings.json", "mcpServers") };

const ELSEWHERE: Position =
    Position { scope: "project", spot: |stage| elsewhere(stage, ".gemini/settings.json", "mcpServers") };

pub(super) const GEMINI_CLI: RealClient = RealClient {
    id: "gemini-cli",
    with: "",
    package: "@google/gemini-cli",
    version: "0.61.0",
    program: Program::Script("bundle/gemini.js"),
    env: &[("GEMINI_TELEMETRY_ENABLED", "false")],
    runs: &[Run { args: &["mcp", "list"], starts: &["user", "project"] }],
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
    names_projects: true,
    prepare: |stage| {
        let file = |below: &str| stage.home.path.join(".gemini").join(below);
        for project in [&stage.project, &stage.other_project] {
            let trust = json!("TRUST_FOLDER");
            crate::home::add_entry(&file("trustedFolders.json"), &[], &project.to_string_lossy(), trust)?;
        }
        let settings = file("settings.json");
        crate::home::add_entry(&settings, &["general"], "enableAutoUpdate", json!(false))?;
        crate::home::add_entry(&settings, &["privacy"], "usageStatisticsEnabled", json!(false))
    },
};
