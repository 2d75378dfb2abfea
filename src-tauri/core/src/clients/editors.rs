//! Editors with an assistant of their own.

use super::*;

/// Whether it obeys `disabled` is not confirmed: entries are cut.
pub(super) const ANTIGRAVITY: Client = Client {
    id: "antigravity",
    name: "Google Antigravity",
    tile: "AG",
    processes: &["antigravity", "Antigravity", "agy"],
    files: &[
        user(Base::Home, ".gemini/config/mcp_config.json", Format::Json, MCP_SERVERS),
        user(Base::Home, ".gemini/antigravity/mcp_config.json", Format::Json, MCP_SERVERS),
        user(Base::Home, ".gemini/antigravity-ide/mcp_config.json", Format::Json, MCP_SERVERS),
        project(".agents/mcp_config.json", Format::Json, MCP_SERVERS),
        plugin(user(Base::Home, ".gemini/config/plugins/*/mcp_config.json", Format::Json, MCP_SERVERS)),
        // A repository's own: held like the rest of what it ships.
        project(".agents/plugins/*/mcp_config.json", Format::Json, MCP_SERVERS),
        project("_agents/plugins/*/mcp_config.json", Format::Json, MCP_SERVERS),
    ],
    shape: &shapes::SERVER_URL,
    rewrites_from_memory: true,
    ..ROW
};

pub(super) const CURSOR: Client = Client {
    id: "cursor",
    name: "Cursor",
    tile: "CU",
    processes: &["cursor", "Cursor", "cursor-agent"],
    files: &[
        user(Base::Home, ".cursor/mcp.json", Format::Json, MCP_SERVERS),
        on(UNIX, project(".cursor/mcp.json", Format::Json, MCP_SERVERS)),
        ConfigFile {
            readers: &["Visual Studio"],
            ..on(WINDOWS, project(".cursor/mcp.json", Format::Json, MCP_SERVERS))
        },
        with_gates(gates::CURSOR_HOOKS, user(Base::Home, ".cursor/hooks.json", Format::Jsonc, &[])),
        with_gates(gates::CURSOR_HOOKS, project(".cursor/hooks.json", Format::Jsonc, &[])),
        with_gates(gates::CURSOR_CLI, user(Base::Home, ".cursor/cli-config.json", Format::Jsonc, &[])),
        with_gates(gates::CURSOR_CLI, project(".cursor/cli.json", Format::Jsonc, &[])),
        // Marketplace, plugin, commit.
        plugin(user(Base::Home, ".cursor/plugins/cache/*/*/*/mcp.json", Format::Json, MCP_SERVERS)),
        plugin(user(Base::Home, ".cursor/plugins/cache/*/*/*/.mcp.json", Format::Json, MCP_SERVERS)),
        plugin(user(Base::Home, ".cursor/plugins/local/*/mcp.json", Format::Json, MCP_SERVERS)),
        plugin(user(Base::Home, ".cursor/plugins/local/*/.mcp.json", Format::Json, MCP_SERVERS)),
        workspaces("Cursor/User/workspaceStorage/*/workspace.json"),
    ],
    shape: &Shape { volatile: &[], ..shapes::COMMON },
    reload: Reload::Live,
    ..ROW
};

/// It runs on a machine of its maker's: the file matters in a repository.
pub(super) const FIREBASE_STUDIO: Client = Client {
    id: "firebase-studio",
    name: "Firebase Studio",
    tile: "FS",
    files: &[project(".idx/mcp.json", Format::Json, MCP_SERVERS)],
    reload: Reload::Live,
    ..ROW
};

pub(super) const KIRO: Client = Client {
    id: "kiro",
    name: "Kiro",
    tile: "KR",
    processes: &["kiro", "Kiro", "kiro-cli"],
    files: &[
        user(
            Base::Home,
            ".kiro/settings/mcp.json",
            Format::Json,
            &[
                Container { pattern: &[Pattern::Key("mcpServers")], ..IN_FILE },
                Container {
                    pattern: &[Pattern::Key("powers"), Pattern::Key("mcpServers")],
                    scope: None,
                    project_step: None,
                    ..IN_FILE
                },
            ],
        ),
        // Servers of an agent, and those that an installed power brings along.
        user(Base::Home, ".kiro/agents/*.json", Format::Json, MCP_SERVERS),
        user(Base::Home, ".kiro/powers/installed/*/mcp.json", Format::Json, MCP_SERVERS),
        project(".kiro/settings/mcp.json", Format::Json, MCP_SERVERS),
        project(".kiro/agents/*.json", Format::Json, MCP_SERVERS),
    ],
    shape: &shapes::WITH_DISABLED,
    hold: HoldMethod::Switch,
    reload: Reload::Live,
    namesakes: Namesakes::NearestWins,
    ..ROW
};

pub(super) const QODER: Client = Client {
    id: "qoder",
    name: "Qoder",
    tile: "QO",
    processes: &["qoder", "Qoder", "qodercli"],
    files: &[
        user(Base::Home, ".qoder/mcp.json", Format::Json, MCP_SERVERS),
        on(WINDOWS, user(Base::AppConfig, "Qoder/SharedClientCache/mcp.json", Format::Json, MCP_SERVERS)),
    ],
    ..ROW
};

const TRAE_SHAPE: Shape = Shape { volatile: &["fromGalleryId", "timeout", "description"], ..shapes::WITH_DISABLED };

/// Its switch is in a database, `disabled` is nothing that it is known to obey.
pub(super) const TRAE: Client = Client {
    id: "trae",
    name: "Trae",
    tile: "TR",
    processes: &["trae", "Trae", "Trae CN"],
    files: &[
        user(Base::AppConfig, "Trae/User/mcp.json", Format::Json, MCP_SERVERS),
        user(Base::AppConfig, "Trae CN/User/mcp.json", Format::Json, MCP_SERVERS),
        project(".trae/mcp.json", Format::Json, MCP_SERVERS),
        workspaces("Trae/User/workspaceStorage/*/workspace.json"),
        workspaces("Trae CN/User/workspaceStorage/*/workspace.json"),
    ],
    shape: &TRAE_SHAPE,
    ..ROW
};

/// Which of its connectors are on is in its own store.
pub(super) const VOID: Client = Client {
    id: "void",
    name: "Void",
    tile: "VO",
    processes: &["void", "Void"],
    files: &[user(Base::Home, ".void-editor/mcp.json", Format::Json, MCP_SERVERS)],
    reload: Reload::Live,
    ..ROW
};

const VSCODE_SHAPE: Shape = Shape { volatile: &["gallery", "version", "dev"], ..shapes::COMMON };

const SERVERS: &[Container] = below!("servers");

/// Where a file that holds the settings of a workspace has them.
const IN_WORKSPACE: &[Container] = &[
    Container { pattern: &[Pattern::Key("settings"), Pattern::Key("mcp"), Pattern::Key("servers")], ..IN_FILE },
    Container { pattern: &[Pattern::Key("settings"), Pattern::Key("mcp.servers")], ..IN_FILE },
];

/// What a container that is built anew is given; one that is there keeps what it got.
const IN_DEVCONTAINER: &[Container] = below!("customizations", "vscode", "mcp", "servers");

pub(super) const VSCODE: Client = Client {
    id: "vscode",
    name: "Visual Studio Code",
    tile: "VS",
    processes: &["code", "Code", "code-insiders", "Code - Insiders", "codium", "VSCodium"],
    files: &[
        user(Base::AppConfig, "Code/User/mcp.json", Format::Jsonc, SERVERS),
        user(Base::AppConfig, "Code/User/profiles/*/mcp.json", Format::Jsonc, SERVERS),
        user(Base::AppConfig, "Code - Insiders/User/mcp.json", Format::Jsonc, SERVERS),
        user(Base::AppConfig, "Code - Insiders/User/profiles/*/mcp.json", Format::Jsonc, SERVERS),
        user(Base::AppConfig, "VSCodium/User/mcp.json", Format::Jsonc, SERVERS),
        user(Base::AppConfig, "VSCodium/User/profiles/*/mcp.json", Format::Jsonc, SERVERS),
        on(UNIX, project(".vscode/mcp.json", Format::Jsonc, SERVERS)),
        ConfigFile { readers: &["Visual Studio"], ..on(WINDOWS, project(".vscode/mcp.json", Format::Jsonc, SERVERS)) },
        user(Base::AppConfig, "Code - OSS/User/mcp.json", Format::Jsonc, SERVERS),
        // Of its other half, where this machine is the remote one.
        user(Base::Home, ".vscode-server/data/User/mcp.json", Format::Jsonc, SERVERS),
        user(Base::Home, ".vscode-server-insiders/data/User/mcp.json", Format::Jsonc, SERVERS),
        project("*.code-workspace", Format::Jsonc, IN_WORKSPACE),
        project(".devcontainer/devcontainer.json", Format::Jsonc, IN_DEVCONTAINER),
        project(".devcontainer.json", Format::Jsonc, IN_DEVCONTAINER),
        with_gates(gates::VSCODE, user(Base::AppConfig, "Code/User/settings.json", Format::Jsonc, &[])),
        with_gates(gates::VSCODE, user(Base::AppConfig, "Code/User/profiles/*/settings.json", Format::Jsonc, &[])),
        with_gates(gates::VSCODE, user(Base::AppConfig, "Code - Insiders/User/settings.json", Format::Jsonc, &[])),
        with_gates(gates::VSCODE, user(Base::AppConfig, "VSCodium/User/settings.json", Format::Jsonc, &[])),
        with_gates(gates::VSCODE_SHIPPED, project(".vscode/settings.json", Format::Jsonc, &[])),
        workspaces("Code/User/workspaceStorage/*/workspace.json"),
        workspaces("Code - Insiders/User/workspaceStorage/*/workspace.json"),
        workspaces("VSCodium/User/workspaceStorage/*/workspace.json"),
        workspaces("Code - OSS/User/workspaceStorage/*/workspace.json"),
    ],
    shape: &VSCODE_SHAPE,
    reload: Reload::Live,
    ..ROW
};

pub(super) const WINDSURF: Client = Client {
    id: "windsurf",
    name: "Windsurf",
    tile: "WS",
    processes: &["windsurf", "Windsurf", "windsurf-next"],
    files: &[
        user(Base::Home, ".codeium/windsurf/mcp_config.json", Format::Json, MCP_SERVERS),
        user(Base::Home, ".codeium/windsurf-next/mcp_config.json", Format::Json, MCP_SERVERS),
        // The plugin for the editors of JetBrains.
        user(Base::Home, ".codeium/mcp_config.json", Format::Json, MCP_SERVERS),
        project(".windsurf/mcp_config.json", Format::Json, MCP_SERVERS),
        workspaces("Windsurf/User/workspaceStorage/*/workspace.json"),
    ],
    shape: &shapes::SERVER_URL,
    hold: HoldMethod::Switch,
    rewrites_from_memory: true,
    ..ROW
};

const CONTEXT_SERVERS: &[Container] = below!("context_servers");

/// `disabled` is ignored by it. Of a connector of an extension only the name stands in the file; what runs stands in code.
const ZED_SHAPE: Shape = Shape { volatile: &["timeout", "source"], switch: shapes::ENABLED, ..shapes::COMMON };

const fn of_zed_extensions(systems: &'static [Os], base: Base, path: &'static str) -> ConfigFile {
    extension(on(systems, user(base, path, Format::Toml, CONTEXT_SERVERS)))
}

pub(super) const ZED: Client = Client {
    id: "zed",
    name: "Zed",
    tile: "ZE",
    processes: &["zed", "zed-editor", "zeditor", "Zed"],
    files: &[
        on(UNIX, with_gates(gates::ZED, user(Base::XdgConfig, "zed/settings.json", Format::Jsonc, CONTEXT_SERVERS))),
        on(WINDOWS, with_gates(gates::ZED, user(Base::AppConfig, "Zed/settings.json", Format::Jsonc, CONTEXT_SERVERS))),
        with_gates(gates::ZED, project(".zed/settings.json", Format::Jsonc, CONTEXT_SERVERS)),
        moved_by(
            "XDG_DATA_HOME",
            "zed/extensions/installed/*/extension.toml",
            of_zed_extensions(LINUX, Base::Home, ".local/share/zed/extensions/installed/*/extension.toml"),
        ),
        of_zed_extensions(MACOS, Base::AppConfig, "Zed/extensions/installed/*/extension.toml"),
        of_zed_extensions(WINDOWS, Base::LocalAppData, "Zed/extensions/installed/*/extension.toml"),
    ],
    shape: &ZED_SHAPE,
    hold: HoldMethod::Switch,
    reload: Reload::Live,
    ..ROW
};

/// The desktop program reads the first file, its shell the second.
pub(super) const IBM_BOB: Client = Client {
    id: "ibm-bob",
    name: "IBM Bob",
    tile: "BO",
    processes: &["bob"],
    files: &[
        user(Base::Home, ".bob/mcp.json", Format::Json, MCP_SERVERS),
        user(Base::Home, ".bob/mcp_settings.json", Format::Json, MCP_SERVERS),
        project(".bob/mcp.json", Format::Json, MCP_SERVERS),
    ],
    shape: &shapes::WITH_DISABLED,
    ..ROW
};

/// It reads `.vscode/mcp.json`, `.cursor/mcp.json` and `.mcp.json` of a solution too; each stands in its own client's row.
pub(super) const VISUAL_STUDIO: Client = Client {
    id: "visual-studio",
    name: "Visual Studio",
    tile: "VI",
    processes: &["devenv"],
    files: &[
        on(WINDOWS, user(Base::Home, ".mcp.json", Format::Jsonc, SERVERS)),
        on(WINDOWS, project(".vs/mcp.json", Format::Jsonc, SERVERS)),
    ],
    shape: &VISUAL_STUDIO_SHAPE,
    reload: Reload::Live,
    ..ROW
};

const VISUAL_STUDIO_SHAPE: Shape = Shape { volatile: &["dev"], ..shapes::COMMON };
