//! Codex. It starts servers before it asks for its provider's key, and those of a project's file in trusted folders only.
//! Files of several scopes are merged member by member: a switch in one turns off the namesake in another.

use super::*;

const USER: Position = Position { scope: "user", spot: |stage| home(stage, ".codex/config.toml", "mcp_servers") };

const PROJECT: Position =
    Position { scope: "project", spot: |stage| project(stage, ".codex/config.toml", "mcp_servers") };

const ELSEWHERE: Position =
    Position { scope: "project", spot: |stage| elsewhere(stage, ".codex/config.toml", "mcp_servers") };

pub(super) const CODEX: RealClient = RealClient {
    id: "codex",
    with: "",
    package: "@openai/codex",
    version: "0.169.0",
    program: Program::Script("bin/codex.js"),
    env: &[],
    runs: &[Run { args: &["exec", "--skip-git-repo-check", "hi"], starts: &["user", "project"] }],
    places: &[
        Place {
            name: "postbox",
            at: USER,
            namesake: ELSEWHERE,
            rewrite: Some(Rewrite::Command(&["mcp", "add", "{name}", "--", "{command}", "{args}"])),
        },
        Place { name: "weather", at: PROJECT, namesake: USER, rewrite: None },
    ],
    entry: command_and_args,
    names_projects: true,
    prepare: |stage| {
        // A provider whose key is missing ends a run at once; without a network the usual one is waited for.
        let mut text = "check_for_update_on_startup = false\n\
                        model_provider = \"nobody\"\n\n\
                        [analytics]\nenabled = false\n\n\
                        [model_providers.nobody]\nname = \"nobody\"\nenv_key = \"KEY_OF_NOBODY\"\n"
            .to_owned();
        for project in [&stage.project, &stage.other_project] {
            text += &format!("\n[projects.\"{}\"]\ntrust_level = \"trusted\"\n", project.display());
        }
        crate::home::save(&stage.home.path.join(".codex/config.toml"), &text)
    },
};
