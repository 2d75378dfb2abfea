//! Programs of the terminal that start connectors and are no coding assistants.

use super::*;

/// A gateway: its clients see one entry of their own, and it starts what is named here. Newer ones keep profiles in a
/// database besides. Nothing of its list is edited: what is taken out of it by `docker mcp server disable` may be asked for
/// by a profile.
pub(super) const DOCKER_MCP: Client = Client {
    id: "docker-mcp",
    name: "Docker MCP Toolkit",
    tile: "DM",
    processes: &["docker-mcp"],
    files: &[
        user(Base::Home, ".docker/mcp/registry.yaml", Format::Yaml, below!("registry")),
        project("gordon-mcp.yml", Format::Yaml, below!("services")),
    ],
    shape: &shapes::GATEWAY,
    hold: HoldMethod::Observe,
    reload: Reload::Live,
    ..ROW
};

const MCPORTER_SHAPE: Shape = Shape {
    url: &["baseUrl", "base_url", "url", "serverUrl", "server_url"],
    volatile: &["description", "lifecycle", "logging"],
    trust: &[],
    ..shapes::COMMON
};

/// Where it looks for entries in a file that it takes for another client's.
const IMPORTED: &[Container] = &[
    Container { pattern: &[Pattern::Key("mcpServers")], ..IN_FILE },
    Container { pattern: &[Pattern::Key("servers")], ..IN_FILE },
    Container { pattern: &[Pattern::Key("mcp")], ..IN_FILE },
];

/// It reads the files of other clients too, as `imports` says, and starts what is switched off there. Each stands in its own
/// client's row, if that client reads it; those that only MCPorter reads stand here.
pub(super) const MCPORTER: Client = Client {
    id: "mcporter",
    name: "MCPorter",
    tile: "MP",
    processes: &["mcporter"],
    files: &[
        user(Base::Home, ".mcporter/mcporter.json", Format::Jsonc, MCP_SERVERS),
        user(Base::Home, ".mcporter/mcporter.jsonc", Format::Jsonc, MCP_SERVERS),
        project("config/mcporter.json", Format::Jsonc, MCP_SERVERS),
        user(Base::Home, ".claude/settings.local.json", Format::Jsonc, IMPORTED),
        user(Base::Home, ".claude/settings.json", Format::Jsonc, IMPORTED),
        user(Base::Home, ".claude/mcp.json", Format::Jsonc, IMPORTED),
        project(".claude/settings.local.json", Format::Jsonc, IMPORTED),
        project(".claude/settings.json", Format::Jsonc, IMPORTED),
        project(".claude/mcp.json", Format::Jsonc, IMPORTED),
        user(Base::AppConfig, "Claude/settings.json", Format::Jsonc, IMPORTED),
        user(Base::AppConfig, "Cursor/User/mcp.json", Format::Jsonc, IMPORTED),
        user(Base::Home, ".windsurf/mcp_config.json", Format::Jsonc, IMPORTED),
        user(Base::Home, ".config/.codeium/windsurf/mcp_config.json", Format::Jsonc, IMPORTED),
        user(Base::Home, ".config/openai/config.json", Format::Jsonc, below!("mcp")),
        project(".openai/config.json", Format::Jsonc, below!("mcp")),
    ],
    shape: &MCPORTER_SHAPE,
    ..ROW
};

const NANOBOT_SERVERS: &[Container] = below!("tools", "mcpServers");

pub(super) const NANOBOT: Client = Client {
    id: "nanobot",
    name: "nanobot",
    tile: "NB",
    processes: &["nanobot"],
    files: &[
        user(Base::Home, ".nanobot/config.json", Format::Json, NANOBOT_SERVERS),
        project(".nanobot/config.json", Format::Json, NANOBOT_SERVERS),
    ],
    reload: Reload::OnRestart,
    ..ROW
};
