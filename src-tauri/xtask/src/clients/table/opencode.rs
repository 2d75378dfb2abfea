//! OpenCode. Every run writes its schema's address into files that have none. Files of several scopes are merged member by
//! member: a switch in one turns off the namesake in another.

use super::*;

const SCHEMA: Option<Rewrite> = Some(Rewrite::Run { adds: "$schema" });

const ADD: Option<Rewrite> = Some(Rewrite::Command(&["mcp", "add", "{name}", "--", "{command}", "{args}"]));

const USER: Position = Position { scope: "user", spot: |stage| home(stage, ".config/opencode/opencode.json", "mcp") };

const ELSEWHERE: Position = Position { scope: "project", spot: |stage| elsewhere(stage, "opencode.json", "mcp") };

const fn user(name: &'static str, rewrite: Option<Rewrite>, spot: fn(&Stage<'_>) -> Spot) -> Place {
    Place { name, at: Position { scope: "user", spot }, namesake: ELSEWHERE, rewrite }
}

const fn in_project(name: &'static str, spot: fn(&Stage<'_>) -> Spot) -> Place {
    Place { name, at: Position { scope: "project", spot }, namesake: USER, rewrite: SCHEMA }
}

pub(super) const OPENCODE: RealClient = RealClient {
    id: "opencode",
    with: "",
    package: "opencode-ai",
    version: "1.18.33",
    program: Program::Native("opencode", "bin/opencode"),
    env: &[
        ("OPENCODE_DISABLE_AUTOUPDATE", "1"),
        ("OPENCODE_DISABLE_MODELS_FETCH", "1"),
        ("OPENCODE_DISABLE_SHARE", "1"),
        ("OPENCODE_DISABLE_LSP_DOWNLOAD", "1"),
    ],
    runs: &[Run { args: &["mcp", "list"], starts: &["user", "project"] }],
    places: &[
        user("postbox", ADD, |stage| home(stage, ".config/opencode/opencode.json", "mcp")),
        user("calendar", SCHEMA, |stage| home(stage, ".config/opencode/opencode.jsonc", "mcp")),
        user("library", SCHEMA, |stage| home(stage, ".config/opencode/config.json", "mcp")),
        user("notebook", SCHEMA, |stage| home(stage, ".opencode/opencode.json", "mcp")),
        user("sketches", SCHEMA, |stage| home(stage, ".opencode/opencode.jsonc", "mcp")),
        in_project("weather", |stage| project(stage, "opencode.json", "mcp")),
        in_project("tides", |stage| project(stage, "opencode.jsonc", "mcp")),
        in_project("moon", |stage| project(stage, ".opencode/opencode.json", "mcp")),
        in_project("stars", |stage| project(stage, ".opencode/opencode.jsonc", "mcp")),
    ],
    entry: |words| json!({"type": "local", "command": words}),
    names_projects: false,
    prepare: |_| Ok(()),
};
