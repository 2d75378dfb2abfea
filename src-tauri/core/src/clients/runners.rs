//! Programs of the terminal that start connectors and are no coding assistants.

use super::*;

const MCPORTER_SHAPE: Shape = Shape {
    url: &["baseUrl", "base_url", "url", "serverUrl", "server_url"],
    volatile: &["description", "lifecycle", "logging"],
    trust: &[],
    ..shapes::COMMON
};

/// It reads the files of other clients too, as `imports` says; each stands in its own client's row.
pub(super) const MCPORTER: Client = Client {
    id: "mcporter",
    name: "MCPorter",
    tile: "MP",
    processes: &["mcporter"],
    files: &[
        user(Base::Home, ".mcporter/mcporter.json", Format::Jsonc, MCP_SERVERS),
        user(Base::Home, ".mcporter/mcporter.jsonc", Format::Jsonc, MCP_SERVERS),
        project("config/mcporter.json", Format::Jsonc, MCP_SERVERS),
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
