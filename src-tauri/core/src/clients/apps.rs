//! Desktop applications that are no editors.

use super::*;

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
    ],
    shape: &Shape { volatile: &[], ..shapes::COMMON },
    reload: Reload::OnRestart,
    rewrites_from_memory: true,
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
