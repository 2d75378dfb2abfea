//! Assistants in the terminal that are made from others, or keep to what others do.

use super::*;

/// Read by clients of several makers, as CodeBuddy does.
const DOTTED: &[Container] = below!("mcp", "servers");

pub(super) const CODEBUDDY: Client = Client {
    id: "codebuddy-code",
    name: "CodeBuddy Code",
    tile: "CB",
    processes: &["codebuddy"],
    files: &[
        user(Base::Home, ".codebuddy/.mcp.json", Format::Json, MCP_SERVERS),
        user(Base::Home, ".codebuddy/mcp.json", Format::Json, MCP_SERVERS),
        user(Base::Home, ".codebuddy.json", Format::Json, MCP_SERVERS),
        user(Base::Home, ".workbuddy/mcp.json", Format::Json, MCP_SERVERS),
        project(".codebuddy/mcp.json", Format::Json, MCP_SERVERS),
    ],
    ..ROW
};

pub(super) const FORGE: Client = Client {
    id: "forge",
    name: "ForgeCode",
    tile: "FO",
    processes: &["forge"],
    files: &[
        user(Base::Home, ".forge/.mcp.json", Format::Json, MCP_SERVERS),
        user(Base::Home, "forge/.mcp.json", Format::Json, MCP_SERVERS),
    ],
    reload: Reload::OnRestart,
    ..ROW
};

const HERMES_SHAPE: Shape = Shape {
    volatile: &["timeout", "connect_timeout", "tools"],
    trust: &["trust"],
    nested: "",
    switch: shapes::ENABLED,
    ..shapes::COMMON
};

pub(super) const HERMES: Client = Client {
    id: "hermes-agent",
    name: "Hermes Agent",
    tile: "HE",
    processes: &["hermes"],
    files: &[
        ConfigFile {
            moved_by: Some(("HERMES_HOME", "config.yaml")),
            ..user(Base::Home, ".hermes/config.yaml", Format::Yaml, below!("mcp_servers"))
        },
        on(WINDOWS, user(Base::LocalAppData, "hermes/config.yaml", Format::Yaml, below!("mcp_servers"))),
    ],
    shape: &HERMES_SHAPE,
    hold: HoldMethod::Switch,
    reload: Reload::OnRestart,
    ..ROW
};

pub(super) const IFLOW: Client = Client {
    id: "iflow-cli",
    name: "iFlow CLI",
    tile: "IF",
    processes: &["iflow"],
    files: &[
        user(Base::Home, ".iflow/settings.json", Format::Jsonc, MCP_SERVERS),
        project(".iflow/settings.json", Format::Jsonc, MCP_SERVERS),
    ],
    shape: &shapes::GEMINI,
    reload: Reload::OnRestart,
    ..ROW
};

pub(super) const LLXPRT: Client = Client {
    id: "llxprt",
    name: "LLxprt Code",
    tile: "LL",
    processes: &["llxprt"],
    files: &[
        user(Base::Home, ".llxprt/settings.json", Format::Jsonc, MCP_SERVERS),
        project(".llxprt/settings.json", Format::Jsonc, MCP_SERVERS),
    ],
    shape: &shapes::GEMINI,
    reload: Reload::OnRestart,
    ..ROW
};

pub(super) const NEOVATE: Client = Client {
    id: "neovate",
    name: "Neovate Code",
    tile: "NV",
    processes: &["neovate"],
    files: &[
        user(Base::Home, ".neovate/config.json", Format::Json, MCP_SERVERS),
        project(".neovate/config.json", Format::Json, MCP_SERVERS),
    ],
    reload: Reload::OnRestart,
    ..ROW
};

const OPENCLAW_SHAPE: Shape = Shape { kind: "transport", nested: "", http: "streamable-http", ..shapes::COMMON };

/// Its gateway reads the file again when it changes.
pub(super) const OPENCLAW: Client = Client {
    id: "openclaw",
    name: "OpenClaw",
    tile: "OW",
    processes: &["openclaw"],
    files: &[ConfigFile {
        moved_by: Some(("OPENCLAW_STATE_DIR", "openclaw.json")),
        ..user(Base::Home, ".openclaw/openclaw.json", Format::Json5, DOTTED)
    }],
    shape: &OPENCLAW_SHAPE,
    reload: Reload::Live,
    ..ROW
};

pub(super) const OPENHANDS: Client = Client {
    id: "openhands",
    name: "OpenHands",
    tile: "OH",
    processes: &["openhands"],
    files: &[user(Base::Home, ".openhands/mcp.json", Format::Json, MCP_SERVERS)],
    reload: Reload::OnRestart,
    ..ROW
};

pub(super) const ZCODE: Client = Client {
    id: "zcode",
    name: "ZCode",
    tile: "ZC",
    processes: &["zcode"],
    files: &[
        user(
            Base::Home,
            ".zcode/cli/config.json",
            Format::Json,
            &[
                Container { pattern: &[Pattern::Key("mcp"), Pattern::Key("servers")], ..IN_FILE },
                Container { pattern: &[Pattern::Key("mcpServers")], ..IN_FILE },
            ],
        ),
        project(".zcode/config.json", Format::Json, DOTTED),
    ],
    ..ROW
};
