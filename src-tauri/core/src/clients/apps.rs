//! Desktop applications that are no editors.

use super::*;

const FIVE_IRE_SHAPE: Shape = Shape {
    volatile: &["name", "description"],
    trust: &["approvalPolicy"],
    switch: Some(Switch { key: "isActive", off: false }),
    ..shapes::COMMON
};

/// An older version had a list in this file; a newer one takes its entries over into a database, which is not read.
pub(super) const FIVE_IRE: Client = Client {
    id: "5ire",
    name: "5ire",
    tile: "5I",
    processes: &["5ire"],
    files: &[user(Base::AppConfig, "5ire/mcp.json", Format::Json, MCP_SERVERS)],
    shape: &FIVE_IRE_SHAPE,
    ..ROW
};

pub(super) const AIDER_DESK: Client = Client {
    id: "aider-desk",
    name: "AiderDesk",
    tile: "AD",
    processes: &["aider-desk"],
    files: &[user(Base::AppConfig, "aider-desk/settings.json", Format::Json, MCP_SERVERS)],
    rewrites_from_memory: true,
    ..ROW
};

pub(super) const ANYTHINGLLM: Client = Client {
    id: "anythingllm",
    name: "AnythingLLM Desktop",
    tile: "AL",
    processes: &["anythingllm-desktop", "AnythingLLM", "AnythingLLMDesktop"],
    files: &[user(
        Base::AppConfig,
        "anythingllm-desktop/storage/plugins/anythingllm_mcp_servers.json",
        Format::Json,
        MCP_SERVERS,
    )],
    reload: Reload::OnRestart,
    ..ROW
};

pub(super) const BEDROCK_CLIENT: Client = Client {
    id: "bedrock-client",
    name: "Amazon Bedrock Client",
    tile: "BC",
    processes: &["Amazon Bedrock"],
    files: &[on(MACOS, user(Base::Home, "Amazon Bedrock Client/mcp_config.json", Format::Json, MCP_SERVERS))],
    ..ROW
};

/// Sources disagree on the name of its container: both are read.
pub(super) const BOLTAI: Client = Client {
    id: "boltai",
    name: "BoltAI",
    tile: "BA",
    processes: &["BoltAI"],
    files: &[on(
        MACOS,
        user(
            Base::Home,
            ".boltai/mcp.json",
            Format::Json,
            &[
                Container { pattern: &[Pattern::Key("mcpServers")], ..IN_FILE },
                Container { pattern: &[Pattern::Key("servers")], ..IN_FILE },
            ],
        ),
    )],
    ..ROW
};

/// An unpacked bundle: its manifest holds the one entry, a file of settings whether it is on.
const fn of_claude_extensions(systems: &'static [Os], base: Base, path: &'static str) -> ConfigFile {
    const ENTRY: &[Container] =
        &[Container { pattern: &[Pattern::Key("server"), Pattern::Key("mcp_config")], is_entry: true, ..IN_FILE }];
    let switch = Switch { key: "isEnabled", off: false };
    let switched_in = Some(SwitchFile::Beside { folder: "Claude Extensions Settings", switch });
    ConfigFile { switched_in, ..extension(on(systems, user(base, path, Format::Json, ENTRY))) }
}

/// Command, arguments and variables only.
pub(super) const CLAUDE_DESKTOP: Client = Client {
    id: "claude-desktop",
    name: "Claude Desktop",
    tile: "CD",
    processes: &["Claude", "claude-desktop"],
    files: &[
        user(Base::AppConfig, "Claude/claude_desktop_config.json", Format::Json, MCP_SERVERS),
        on(&[Os::Linux], user(Base::AppConfig, "claude/claude_desktop_config.json", Format::Json, MCP_SERVERS)),
        // The Store build sees a redirected %APPDATA%.
        on(
            WINDOWS,
            user(
                Base::LocalAppData,
                "Packages/Claude_*/LocalCache/Roaming/Claude/claude_desktop_config.json",
                Format::Json,
                MCP_SERVERS,
            ),
        ),
        of_claude_extensions(EVERY, Base::AppConfig, "Claude/Claude Extensions/*/manifest.json"),
        of_claude_extensions(
            WINDOWS,
            Base::LocalAppData,
            "Packages/Claude_*/LocalCache/Roaming/Claude/Claude Extensions/*/manifest.json",
        ),
    ],
    shape: &Shape { volatile: &[], ..shapes::COMMON },
    reload: Reload::OnRestart,
    rewrites_from_memory: true,
    ..ROW
};

pub(super) const ENCONVO: Client = Client {
    id: "enconvo",
    name: "Enconvo",
    tile: "EN",
    files: &[on(MACOS, user(Base::Home, ".config/enconvo/mcp_config.json", Format::Json, MCP_SERVERS))],
    ..ROW
};

const JAN_SHAPE: Shape =
    Shape { volatile: &["official"], switch: Some(Switch { key: "active", off: false }), ..shapes::COMMON };

pub(super) const JAN: Client = Client {
    id: "jan",
    name: "Jan",
    tile: "JA",
    processes: &["Jan", "jan"],
    files: &[user(Base::AppConfig, "Jan/data/mcp_config.json", Format::Json, MCP_SERVERS)],
    shape: &JAN_SHAPE,
    hold: HoldMethod::Switch,
    rewrites_from_memory: true,
    ..ROW
};

pub(super) const LM_STUDIO: Client = Client {
    id: "lm-studio",
    name: "LM Studio",
    tile: "LM",
    processes: &["lm-studio", "LM Studio", "lmstudio", "lms"],
    files: &[
        user(Base::Home, ".lmstudio/mcp.json", Format::Json, MCP_SERVERS),
        user(Base::Home, ".cache/lm-studio/mcp.json", Format::Json, MCP_SERVERS),
    ],
    reload: Reload::Live,
    ..ROW
};

const SEMA4_SHAPE: Shape = Shape { kind: "transport", nested: "", ..shapes::COMMON };

pub(super) const SEMA4_STUDIO: Client = Client {
    id: "sema4-studio",
    name: "Sema4.ai Studio",
    tile: "S4",
    files: &[
        on(UNIX, user(Base::Home, ".sema4ai/sema4ai-studio/mcp_servers.json", Format::Json, MCP_SERVERS)),
        on(WINDOWS, user(Base::LocalAppData, "sema4ai/sema4ai-studio/mcp_servers.json", Format::Json, MCP_SERVERS)),
    ],
    shape: &SEMA4_SHAPE,
    ..ROW
};

const WARP_SHAPE: Shape =
    Shape { cwd: "working_directory", url: &["url", "serverUrl"], trust: &["start_on_launch"], ..shapes::COMMON };

pub(super) const WARP: Client = Client {
    id: "warp",
    name: "Warp",
    tile: "WA",
    processes: &["warp", "warp-terminal", "Warp"],
    files: &[
        user(Base::Home, ".warp/.mcp.json", Format::Json, MCP_SERVERS),
        project(".warp/.mcp.json", Format::Json, MCP_SERVERS),
    ],
    shape: &WARP_SHAPE,
    reload: Reload::Live,
    ..ROW
};

/// Entries made in its own window stand in a list of the same file, `mcp.servers`, which is not read.
pub(super) const WITSY: Client = Client {
    id: "witsy",
    name: "Witsy",
    tile: "WI",
    processes: &["Witsy", "witsy"],
    files: &[user(Base::AppConfig, "Witsy/settings.json", Format::Json, MCP_SERVERS)],
    reload: Reload::Live,
    rewrites_from_memory: true,
    ..ROW
};
