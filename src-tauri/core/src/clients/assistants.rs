//! Assistants in the terminal.

use Pattern::{Any, Key};

use super::*;

pub(super) const AMAZON_Q: Client = Client {
    id: "amazon-q",
    name: "Amazon Q Developer",
    tile: "AQ",
    processes: &["q", "qchat"],
    files: &[
        user(Base::Home, ".aws/amazonq/mcp.json", Format::Json, MCP_SERVERS),
        project(".amazonq/mcp.json", Format::Json, MCP_SERVERS),
    ],
    shape: &shapes::WITH_DISABLED,
    ..ROW
};

/// One key with a dot in it, as in the settings of its editor plugin.
const AMP_SERVERS: &[Container] = below!("amp.mcpServers");

pub(super) const AMP: Client = Client {
    id: "amp",
    name: "Amp",
    tile: "AM",
    processes: &["amp"],
    files: &[
        with_gates(gates::AMP, user(Base::XdgConfig, "amp/settings.json", Format::Jsonc, AMP_SERVERS)),
        with_gates(gates::AMP, user(Base::XdgConfig, "amp/settings.jsonc", Format::Jsonc, AMP_SERVERS)),
        on(WINDOWS, with_gates(gates::AMP, user(Base::AppConfig, "amp/settings.json", Format::Jsonc, AMP_SERVERS))),
        with_gates(gates::AMP, project(".amp/settings.json", Format::Jsonc, AMP_SERVERS)),
        with_gates(gates::AMP, project(".amp/settings.jsonc", Format::Jsonc, AMP_SERVERS)),
    ],
    shape: &shapes::WITH_DISABLED,
    ..ROW
};

/// The keys of `projects` are their folders.
const PROJECTS: KnownProjects = KnownProjects::Keys(&[Key("projects"), Any]);

/// The keys are the folders that were answered about, whatever the answer.
const TRUSTED_FOLDERS: KnownProjects = KnownProjects::Keys(&[Any]);

const CLAUDE_CODE_SHAPE: Shape = Shape { volatile: &["timeout", "request_timeout_ms", "alwaysLoad"], ..shapes::COMMON };

/// Rules merge from every file of settings; tried with 2.1.197, in the user's own.
const CLAUDE_CODE_DENIES: DenyList =
    DenyList { key: "deniedMcpServers", command: "serverCommand", url: "serverUrl", name: "serverName" };

/// Whether a plugin is on for its user, or for one of the user's projects.
const OF_CLAUDE_PLUGIN: ConfigFile = ConfigFile {
    switched_in: Some(SwitchFile::OfPlugins {
        settings: "settings.json",
        in_projects: &[".claude/settings.local.json", ".claude/settings.json"],
    }),
    ..plugin(user(Base::Home, ".claude/plugins/cache/*/*/*/.mcp.json", Format::Json, OF_PLUGINS))
};

/// What a manifest names instead of entries, with the same two ways to write them.
const NAMED_BY_PLUGIN: &ConfigFile = &OF_CLAUDE_PLUGIN;

/// What a sub-agent brings along: names of servers that stand elsewhere, and entries, each alone under its name.
const OF_AGENTS: &[Container] =
    &[Container { pattern: &[Key("mcpServers")], has_items: true, has_keyed_items: true, ..IN_FILE }];

pub(super) const CLAUDE_CODE: Client = Client {
    id: "claude-code",
    name: "Claude Code",
    tile: "CC",
    processes: &["claude", "claude-code"],
    files: &[
        ConfigFile {
            moved_by: Some(("CLAUDE_CONFIG_DIR", ".claude.json")),
            readers: &["MCPorter"],
            known_projects: Some(PROJECTS),
            ..user(
                Base::Home,
                ".claude.json",
                Format::Json,
                &[
                    Container { pattern: &[Key("mcpServers")], ..IN_FILE },
                    Container {
                        pattern: &[Key("projects"), Any, Key("mcpServers")],
                        scope: Some(Scope::Local),
                        project_step: Some(1),
                        ..IN_FILE
                    },
                ],
            )
        },
        ConfigFile {
            readers: &["Copilot CLI", "Visual Studio Code", "deepagents CLI"],
            ..project(".mcp.json", Format::Json, MCP_SERVERS)
        },
        ConfigFile {
            moved_by: Some(("CLAUDE_CONFIG_DIR", "settings.json")),
            denies: Some(CLAUDE_CODE_DENIES),
            ..with_gates(gates::CLAUDE_CODE, user(Base::Home, ".claude/settings.json", Format::Json, &[]))
        },
        with_gates(gates::CLAUDE_CODE_SHIPPED, project(".claude/settings.json", Format::Json, &[])),
        // What its user answered in this folder; not what a repository ships.
        ConfigFile {
            scope: Scope::Local,
            ..with_gates(gates::CLAUDE_CODE, project(".claude/settings.local.json", Format::Json, &[]))
        },
        moved_by(
            "CLAUDE_CONFIG_DIR",
            "agents/*.md",
            user(Base::Home, ".claude/agents/*.md", Format::FrontMatter, OF_AGENTS),
        ),
        project(".claude/agents/*.md", Format::FrontMatter, OF_AGENTS),
        managed(on(LINUX, user(Base::Root, "etc/claude-code/managed-mcp.json", Format::Json, MCP_SERVERS))),
        managed(on(
            MACOS,
            user(Base::Root, "Library/Application Support/ClaudeCode/managed-mcp.json", Format::Json, MCP_SERVERS),
        )),
        managed(on(WINDOWS, user(Base::ProgramFiles, "ClaudeCode/managed-mcp.json", Format::Json, MCP_SERVERS))),
        // Marketplace, plugin, version; a version stays a while after the next one came.
        moved_by("CLAUDE_CONFIG_DIR", "plugins/cache/*/*/*/.mcp.json", OF_CLAUDE_PLUGIN),
        moved_by(
            "CLAUDE_CONFIG_DIR",
            "plugins/cache/*/*/*/.claude-plugin/plugin.json",
            ConfigFile {
                path: ".claude/plugins/cache/*/*/*/.claude-plugin/plugin.json",
                containers: MCP_SERVERS,
                further: Some(Further { pattern: &[Key("mcpServers")], file: NAMED_BY_PLUGIN }),
                ..OF_CLAUDE_PLUGIN
            },
        ),
    ],
    shape: &CLAUDE_CODE_SHAPE,
    reload: Reload::OnRestart,
    rewrites_from_memory: true,
    namesakes: Namesakes::NearestWins,
    ..ROW
};

const CODEX_SHAPE: Shape = Shape {
    headers: &["http_headers", "env_http_headers"],
    passed: &["env_vars"],
    volatile: &[
        "startup_timeout_sec",
        "startup_timeout_ms",
        "tool_timeout_sec",
        "required",
        "enabled_tools",
        "disabled_tools",
        "supports_parallel_tool_calls",
    ],
    trust: &["default_tools_approval_mode", "tools"],
    switch: shapes::ENABLED,
    ..shapes::COMMON
};

const SNAKE_SERVERS: &[Container] = below!("mcp_servers");

const OF_CODEX_PLUGINS: &[Container] = &[
    Container { pattern: &[Key("mcpServers")], ..IN_FILE },
    Container { pattern: &[Key("mcp_servers")], ..IN_FILE },
    Container { otherwise: true, ..IN_FILE },
];

/// Not held by `enabled`: it merges the files of several scopes member by member, so that the switch in one turns off the
/// namesake in another; and MCPorter, which reads the file too, ignores it.
pub(super) const CODEX: Client = Client {
    id: "codex",
    name: "Codex",
    tile: "CX",
    processes: &["codex"],
    files: &[
        ConfigFile {
            moved_by: Some(("CODEX_HOME", "config.toml")),
            ..listing(
                PROJECTS,
                with_gates(gates::CODEX, user(Base::Home, ".codex/config.toml", Format::Toml, SNAKE_SERVERS)),
            )
        },
        moved_by(
            "CODEX_HOME",
            "*.config.toml",
            listing(
                PROJECTS,
                with_gates(gates::CODEX, user(Base::Home, ".codex/*.config.toml", Format::Toml, SNAKE_SERVERS)),
            ),
        ),
        with_gates(gates::CODEX_SHIPPED, project(".codex/config.toml", Format::Toml, SNAKE_SERVERS)),
        managed(on(UNIX, user(Base::Root, "etc/codex/config.toml", Format::Toml, SNAKE_SERVERS))),
        managed(on(LINUX, user(Base::Root, "etc/codex/managed_config.toml", Format::Toml, SNAKE_SERVERS))),
        managed(on(WINDOWS, user(Base::ProgramData, "OpenAI/Codex/config.toml", Format::Toml, SNAKE_SERVERS))),
        moved_by(
            "CODEX_HOME",
            "plugins/cache/*/*/*/.mcp.json",
            plugin(user(Base::Home, ".codex/plugins/cache/*/*/*/.mcp.json", Format::Json, OF_CODEX_PLUGINS)),
        ),
        moved_by(
            "CODEX_HOME",
            "plugins/cache/*/*/*/.codex-plugin/plugin.json",
            plugin(user(
                Base::Home,
                ".codex/plugins/cache/*/*/*/.codex-plugin/plugin.json",
                Format::Json,
                &[
                    Container { pattern: &[Key("mcpServers")], ..IN_FILE },
                    Container { pattern: &[Key("mcp_servers")], ..IN_FILE },
                ],
            )),
        ),
    ],
    shape: &CODEX_SHAPE,
    reload: Reload::OnRestart,
    namesakes: Namesakes::Merged,
    ..ROW
};

const COPILOT_SHAPE: Shape = Shape { volatile: &["timeout", "tools", "description"], trust: &[], ..shapes::COMMON };

/// A project's `.mcp.json`, which it reads too, stands in the row of Claude Code.
pub(super) const COPILOT_CLI: Client = Client {
    id: "copilot-cli",
    name: "Copilot CLI",
    tile: "CP",
    processes: &["copilot"],
    files: &[
        ConfigFile {
            moved_by: Some(("COPILOT_HOME", "mcp-config.json")),
            ..user(Base::Home, ".copilot/mcp-config.json", Format::Json, MCP_SERVERS)
        },
        project(".github/mcp.json", Format::Json, MCP_SERVERS),
    ],
    shape: &COPILOT_SHAPE,
    reload: Reload::OnRestart,
    rewrites_from_memory: true,
    ..ROW
};

const CRUSH_SERVERS: &[Container] = below!("mcp");

/// Its `crushrc`, a shell script that can add connectors, is not read.
pub(super) const CRUSH: Client = Client {
    id: "crush",
    name: "Crush",
    tile: "CR",
    processes: &["crush"],
    files: &[
        on(UNIX, with_gates(gates::CRUSH, user(Base::XdgConfig, "crush/crush.json", Format::Json, CRUSH_SERVERS))),
        on(
            UNIX,
            ConfigFile {
                moved_by: Some(("XDG_DATA_HOME", "crush/crush.json")),
                ..user(Base::Home, ".local/share/crush/crush.json", Format::Json, CRUSH_SERVERS)
            },
        ),
        on(WINDOWS, user(Base::LocalAppData, "crush/crush.json", Format::Json, CRUSH_SERVERS)),
        with_gates(gates::CRUSH, project(".crush.json", Format::Json, CRUSH_SERVERS)),
        with_gates(gates::CRUSH, project("crush.json", Format::Json, CRUSH_SERVERS)),
        managed(on(UNIX, user(Base::Root, "etc/crush/crush.json", Format::Json, CRUSH_SERVERS))),
    ],
    shape: &shapes::WITH_DISABLED,
    hold: HoldMethod::Switch,
    ..ROW
};

/// A project's `.mcp.json`, which it reads too, stands in the row of Claude Code.
pub(super) const DEEPAGENTS: Client = Client {
    id: "deepagents",
    name: "deepagents CLI",
    tile: "DA",
    processes: &["deepagents"],
    files: &[
        user(Base::Home, ".deepagents/.mcp.json", Format::Json, MCP_SERVERS),
        project(".deepagents/.mcp.json", Format::Json, MCP_SERVERS),
    ],
    reload: Reload::OnRestart,
    ..ROW
};

/// Its user file was Windsurf's and still is read by it.
pub(super) const DEVIN_LOCAL: Client = Client {
    id: "devin-local",
    name: "Devin CLI",
    tile: "DV",
    processes: &["devin"],
    files: &[
        ConfigFile {
            readers: &["Windsurf"],
            ..on(UNIX, user(Base::XdgConfig, "devin/mcp_config.json", Format::Json, MCP_SERVERS))
        },
        ConfigFile {
            readers: &["Windsurf"],
            ..on(WINDOWS, user(Base::AppConfig, "devin/mcp_config.json", Format::Json, MCP_SERVERS))
        },
        ConfigFile { readers: &["Windsurf"], ..project(".devin/mcp_config.json", Format::Json, MCP_SERVERS) },
        ConfigFile { readers: &["Windsurf"], ..project(".devin/mcp_config.local.json", Format::Json, MCP_SERVERS) },
    ],
    shape: &shapes::SERVER_URL,
    reload: Reload::OnRestart,
    ..ROW
};

pub(super) const FACTORY_DROID: Client = Client {
    id: "factory-droid",
    name: "Factory Droid",
    tile: "FD",
    processes: &["droid"],
    files: &[
        user(Base::Home, ".factory/mcp.json", Format::Json, MCP_SERVERS),
        project(".factory/mcp.json", Format::Json, MCP_SERVERS),
    ],
    shape: &shapes::WITH_DISABLED,
    reload: Reload::Live,
    ..ROW
};

const fn of_gemini_system(systems: &'static [Os], base: Base, path: &'static str) -> ConfigFile {
    let file = managed(on(systems, user(base, path, Format::Jsonc, MCP_SERVERS)));
    moved_by("GEMINI_CLI_SYSTEM_SETTINGS_PATH", "", file)
}

const fn of_gemini_defaults(systems: &'static [Os], base: Base, path: &'static str) -> ConfigFile {
    let file = managed(on(systems, user(base, path, Format::Jsonc, MCP_SERVERS)));
    moved_by("GEMINI_CLI_SYSTEM_DEFAULTS_PATH", "", file)
}

pub(super) const GEMINI_CLI: Client = Client {
    id: "gemini-cli",
    name: "Gemini CLI",
    tile: "GE",
    processes: &["gemini"],
    files: &[
        ConfigFile {
            moved_by: Some(("GEMINI_CLI_HOME", ".gemini/settings.json")),
            ..with_gates(gates::GEMINI, user(Base::Home, ".gemini/settings.json", Format::Jsonc, MCP_SERVERS))
        },
        with_gates(gates::GEMINI, project(".gemini/settings.json", Format::Jsonc, MCP_SERVERS)),
        moved_by(
            "GEMINI_CLI_HOME",
            ".gemini/extensions/*/gemini-extension.json",
            extension(user(Base::Home, ".gemini/extensions/*/gemini-extension.json", Format::Json, MCP_SERVERS)),
        ),
        moved_by(
            "GEMINI_CLI_HOME",
            ".gemini/trustedFolders.json",
            list(".gemini/trustedFolders.json", Format::Jsonc, Base::Home, TRUSTED_FOLDERS),
        ),
        of_gemini_system(LINUX, Base::Root, "etc/gemini-cli/settings.json"),
        of_gemini_system(MACOS, Base::Root, "Library/Application Support/GeminiCli/settings.json"),
        of_gemini_system(WINDOWS, Base::ProgramData, "gemini-cli/settings.json"),
        of_gemini_defaults(LINUX, Base::Root, "etc/gemini-cli/system-defaults.json"),
        of_gemini_defaults(MACOS, Base::Root, "Library/Application Support/GeminiCli/system-defaults.json"),
        of_gemini_defaults(WINDOWS, Base::ProgramData, "gemini-cli/system-defaults.json"),
    ],
    shape: &shapes::GEMINI,
    reload: Reload::OnRestart,
    rewrites_from_memory: true,
    ..ROW
};

/// Tools that it does not offer are listed beside the entries, not in them.
pub(super) const GROK_BUILD: Client = Client {
    id: "grok-build",
    name: "Grok Build",
    tile: "GB",
    processes: &["grok"],
    files: &[
        user(Base::Home, ".grok/config.toml", Format::Toml, SNAKE_SERVERS),
        project(".grok/config.toml", Format::Toml, SNAKE_SERVERS),
    ],
    shape: &shapes::WITH_ENABLED,
    reload: Reload::OnRestart,
    ..ROW
};

const KIMI_SHAPE: Shape = Shape {
    kind: "transport",
    nested: "",
    volatile: &["startupTimeoutMs", "toolTimeoutMs", "enabledTools", "disabledTools"],
    switch: shapes::ENABLED,
    ..shapes::COMMON
};

const EXTENSIONS: &[Container] = below!("extensions");

/// It writes its whole file anew, comments lost, but keeps each entry's `enabled`.
pub(super) const GOOSE: Client = Client {
    id: "goose",
    name: "Goose",
    tile: "GO",
    processes: &["goose", "goosed"],
    files: &[
        ConfigFile {
            moved_by: Some(("GOOSE_PATH_ROOT", "config/config.yaml")),
            ..on(UNIX, user(Base::XdgConfig, "goose/config.yaml", Format::Yaml, EXTENSIONS))
        },
        ConfigFile {
            moved_by: Some(("GOOSE_PATH_ROOT", "config/config.yaml")),
            ..on(WINDOWS, user(Base::AppConfig, "Block/goose/config/config.yaml", Format::Yaml, EXTENSIONS))
        },
        ConfigFile {
            shape: Some(&shapes::COMMON),
            ..plugin(user(Base::Home, ".agents/plugins/*/.mcp.json", Format::Json, MCP_SERVERS))
        },
        // Whether it obeys its own switch in them is not known.
        ConfigFile {
            shape: Some(&shapes::COMMON),
            ..plugin(project(".agents/plugins/*/.mcp.json", Format::Json, MCP_SERVERS))
        },
    ],
    shape: &shapes::GOOSE,
    hold: HoldMethod::Switch,
    reload: Reload::OnRestart,
    rewrites_from_memory: true,
    ..ROW
};

pub(super) const KIMI_CODE: Client = Client {
    id: "kimi-code",
    name: "Kimi Code",
    tile: "KI",
    processes: &["kimi"],
    files: &[
        ConfigFile {
            moved_by: Some(("KIMI_CODE_HOME", "mcp.json")),
            ..user(Base::Home, ".kimi-code/mcp.json", Format::Json, MCP_SERVERS)
        },
        user(Base::Home, ".kimi/mcp.json", Format::Json, MCP_SERVERS),
        project(".kimi-code/mcp.json", Format::Json, MCP_SERVERS),
    ],
    shape: &KIMI_SHAPE,
    reload: Reload::OnRestart,
    ..ROW
};

/// `mode` tells only whether it goes on where a connector does not start.
const MUSE_SHAPE: Shape = Shape { kind: "transport", nested: "", volatile: &["mode"], ..shapes::WITH_ENABLED };

/// Where entries stand in an array of tables, each with its name in itself.
const VIBE_SERVERS: &[Container] = &[Container { pattern: &[Key("mcp_servers")], has_items: true, ..IN_FILE }];

pub(super) const MISTRAL_VIBE: Client = Client {
    id: "mistral-vibe",
    name: "Mistral Vibe",
    tile: "MV",
    processes: &["vibe"],
    files: &[
        ConfigFile {
            moved_by: Some(("VIBE_HOME", "config.toml")),
            ..with_gates(gates::MISTRAL_VIBE, user(Base::Home, ".vibe/config.toml", Format::Toml, VIBE_SERVERS))
        },
        with_gates(gates::MISTRAL_VIBE, project(".vibe/config.toml", Format::Toml, VIBE_SERVERS)),
    ],
    shape: &shapes::VIBE,
    hold: HoldMethod::Switch,
    reload: Reload::OnRestart,
    ..ROW
};

pub(super) const MUSE_CODE: Client = Client {
    id: "muse-code",
    name: "Muse Code",
    tile: "MU",
    processes: &["muse"],
    files: &[user(Base::Home, ".config/muse/settings.json", Format::Json, SNAKE_SERVERS)],
    shape: &MUSE_SHAPE,
    reload: Reload::OnRestart,
    ..ROW
};

const OPENCODE_SERVERS: &[Container] = below!("mcp");

/// Not held by `enabled`, for the reasons that [`CODEX`] is not.
pub(super) const OPENCODE: Client = Client {
    id: "opencode",
    name: "OpenCode",
    tile: "OC",
    processes: &["opencode"],
    files: &[
        user(Base::XdgConfig, "opencode/opencode.json", Format::Jsonc, OPENCODE_SERVERS),
        user(Base::XdgConfig, "opencode/opencode.jsonc", Format::Jsonc, OPENCODE_SERVERS),
        user(Base::XdgConfig, "opencode/config.json", Format::Jsonc, OPENCODE_SERVERS),
        user(Base::Home, ".opencode/opencode.json", Format::Jsonc, OPENCODE_SERVERS),
        user(Base::Home, ".opencode/opencode.jsonc", Format::Jsonc, OPENCODE_SERVERS),
        on(WINDOWS, user(Base::LocalAppData, "opencode/opencode.json", Format::Jsonc, OPENCODE_SERVERS)),
        with_gates(gates::OPENCODE_SHIPPED, project("opencode.json", Format::Jsonc, OPENCODE_SERVERS)),
        with_gates(gates::OPENCODE_SHIPPED, project("opencode.jsonc", Format::Jsonc, OPENCODE_SERVERS)),
        with_gates(gates::OPENCODE_SHIPPED, project(".opencode/opencode.json", Format::Jsonc, OPENCODE_SERVERS)),
        with_gates(gates::OPENCODE_SHIPPED, project(".opencode/opencode.jsonc", Format::Jsonc, OPENCODE_SERVERS)),
        managed(on(LINUX, user(Base::Root, "etc/opencode/opencode.json", Format::Jsonc, OPENCODE_SERVERS))),
        managed(on(
            MACOS,
            user(Base::Root, "Library/Application Support/opencode/opencode.json", Format::Jsonc, OPENCODE_SERVERS),
        )),
        managed(on(WINDOWS, user(Base::ProgramData, "opencode/opencode.json", Format::Jsonc, OPENCODE_SERVERS))),
    ],
    shape: &shapes::OPENCODE,
    reload: Reload::OnRestart,
    namesakes: Namesakes::Merged,
    ..ROW
};

/// It runs in an editor too, and reads the same file there.
pub(super) const POCHI: Client = Client {
    id: "pochi",
    name: "Pochi",
    tile: "PO",
    processes: &["pochi"],
    files: &[user(Base::Home, ".pochi/config.jsonc", Format::Jsonc, below!("mcp"))],
    shape: &shapes::WITH_DISABLED,
    ..ROW
};

pub(super) const QWEN_CODE: Client = Client {
    id: "qwen-code",
    name: "Qwen Code",
    tile: "QW",
    processes: &["qwen"],
    files: &[
        with_gates(gates::GEMINI, user(Base::Home, ".qwen/settings.json", Format::Jsonc, MCP_SERVERS)),
        with_gates(gates::GEMINI, project(".qwen/settings.json", Format::Jsonc, MCP_SERVERS)),
        extension(user(Base::Home, ".qwen/extensions/*/qwen-extension.json", Format::Json, MCP_SERVERS)),
        // A repository's own: held like the rest of what it ships.
        project(".qwen/extensions/*/qwen-extension.json", Format::Json, MCP_SERVERS),
        moved_by(
            "QWEN_CODE_TRUSTED_FOLDERS_PATH",
            "",
            list(".qwen/trustedFolders.json", Format::Jsonc, Base::Home, TRUSTED_FOLDERS),
        ),
    ],
    shape: &shapes::GEMINI,
    reload: Reload::OnRestart,
    rewrites_from_memory: true,
    ..ROW
};

const ROVO_SHAPE: Shape = Shape { kind: "transport", nested: "", ..shapes::COMMON };

pub(super) const ROVO_DEV: Client = Client {
    id: "rovo-dev",
    name: "Rovo Dev CLI",
    tile: "RD",
    processes: &["rovodev", "acli"],
    files: &[
        user(Base::Home, ".rovodev/mcp.json", Format::Json, MCP_SERVERS),
        project(".rovodev/mcp.json", Format::Json, MCP_SERVERS),
    ],
    shape: &ROVO_SHAPE,
    reload: Reload::OnRestart,
    ..ROW
};

pub(super) const TABNINE: Client = Client {
    id: "tabnine",
    name: "Tabnine",
    tile: "TN",
    processes: &["tabnine"],
    files: &[
        user(Base::Home, ".tabnine/agent/settings.json", Format::Jsonc, MCP_SERVERS),
        project(".tabnine/agent/settings.json", Format::Jsonc, MCP_SERVERS),
        managed(on(LINUX, user(Base::Root, "etc/tabnine-cli/settings.json", Format::Jsonc, MCP_SERVERS))),
        managed(on(
            MACOS,
            user(Base::Root, "Library/Application Support/TabnineCli/settings.json", Format::Jsonc, MCP_SERVERS),
        )),
    ],
    shape: &shapes::GEMINI,
    ..ROW
};
