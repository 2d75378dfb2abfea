//! Assistants that run inside an editor.

use super::*;

/// A file below `User` in every editor that is built on Visual Studio Code, behind those of the client's own.
macro_rules! in_editors {
    ($path:literal, $format:expr, $containers:expr; $($own:expr),* $(,)?) => {
        &[
            $($own,)*
            user(Base::AppConfig, concat!("Code/User/", $path), $format, $containers),
            user(Base::AppConfig, concat!("Code - Insiders/User/", $path), $format, $containers),
            user(Base::AppConfig, concat!("VSCodium/User/", $path), $format, $containers),
            user(Base::AppConfig, concat!("VSCodium - Insiders/User/", $path), $format, $containers),
            user(Base::AppConfig, concat!("Code - OSS/User/", $path), $format, $containers),
            user(Base::AppConfig, concat!("Cursor/User/", $path), $format, $containers),
            user(Base::AppConfig, concat!("Windsurf/User/", $path), $format, $containers),
            user(Base::AppConfig, concat!("Windsurf - Next/User/", $path), $format, $containers),
            user(Base::AppConfig, concat!("Trae/User/", $path), $format, $containers),
            user(Base::AppConfig, concat!("Trae CN/User/", $path), $format, $containers),
            user(Base::AppConfig, concat!("Antigravity/User/", $path), $format, $containers),
            user(Base::AppConfig, concat!("Kiro/User/", $path), $format, $containers),
            user(Base::AppConfig, concat!("Positron/User/", $path), $format, $containers),
            user(Base::AppConfig, concat!("Void/User/", $path), $format, $containers),
        ]
    };
}

pub(super) const AUGMENT: Client = Client {
    id: "augment",
    name: "Augment Code",
    tile: "AU",
    files: &[
        user(Base::Home, ".augment/settings.json", Format::Json, MCP_SERVERS),
        project(".augment/settings.json", Format::Json, MCP_SERVERS),
        project(".augment/settings.local.json", Format::Json, MCP_SERVERS),
    ],
    ..ROW
};

/// It obeys `disabled`, but guards its file by a lock of its own; entries are cut.
pub(super) const CLINE: Client = Client {
    id: "cline",
    name: "Cline",
    tile: "CL",
    files: in_editors![
        "globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json", Format::Json, MCP_SERVERS;
        user(Base::Home, ".cline/data/settings/cline_mcp_settings.json", Format::Json, MCP_SERVERS),
    ],
    shape: &shapes::WITH_DISABLED,
    reload: Reload::Live,
    rewrites_from_memory: true,
    ..ROW
};

/// One key with a dot in it, in the settings of the editor. Command, arguments and variables only.
const CODY_SERVERS: &[Container] = below!("cody.mcpServers");

pub(super) const CODY: Client = Client {
    id: "cody",
    name: "Sourcegraph Cody",
    tile: "CO",
    files: in_editors!["settings.json", Format::Jsonc, CODY_SERVERS;],
    ..ROW
};

/// Where entries stand in a list or, in files of another program's form, below their names.
const MCP_SERVER_ITEMS: &[Container] =
    &[Container { pattern: &[Pattern::Key("mcpServers")], has_items: true, ..IN_FILE }];

/// References to its hub have no name and say nothing of what runs; they are not listed.
pub(super) const CONTINUE: Client = Client {
    id: "continue",
    name: "Continue",
    tile: "CO",
    processes: &["cn"],
    files: &[
        ConfigFile {
            moved_by: Some(("CONTINUE_GLOBAL_DIR", "config.yaml")),
            ..user(Base::Home, ".continue/config.yaml", Format::Yaml, MCP_SERVER_ITEMS)
        },
        user(Base::Home, ".continue/mcpServers/*.yaml", Format::Yaml, MCP_SERVER_ITEMS),
        user(Base::Home, ".continue/mcpServers/*.yml", Format::Yaml, MCP_SERVER_ITEMS),
        user(Base::Home, ".continue/mcpServers/*.json", Format::Json, MCP_SERVERS),
        user(Base::Home, ".continue/agents/*.yaml", Format::Yaml, MCP_SERVER_ITEMS),
        user(Base::Home, ".continue/assistants/*.yaml", Format::Yaml, MCP_SERVER_ITEMS),
        user(Base::Home, ".continue/configs/*.yaml", Format::Yaml, MCP_SERVER_ITEMS),
        project(".continue/config.yaml", Format::Yaml, MCP_SERVER_ITEMS),
        project(".continue/mcpServers/*.yaml", Format::Yaml, MCP_SERVER_ITEMS),
        project(".continue/mcpServers/*.yml", Format::Yaml, MCP_SERVER_ITEMS),
        project(".continue/mcpServers/*.json", Format::Json, MCP_SERVERS),
        project(".continue/agents/*.yaml", Format::Yaml, MCP_SERVER_ITEMS),
        project(".continue/assistants/*.yaml", Format::Yaml, MCP_SERVER_ITEMS),
        project(".continue/configs/*.yaml", Format::Yaml, MCP_SERVER_ITEMS),
    ],
    shape: &shapes::CONTINUE,
    reload: Reload::Live,
    ..ROW
};

pub(super) const COPILOT_JETBRAINS: Client = Client {
    id: "copilot-jetbrains",
    name: "GitHub Copilot for JetBrains",
    tile: "CJ",
    files: &[
        on(UNIX, user(Base::Home, ".config/github-copilot/intellij/mcp.json", Format::Jsonc, below!("servers"))),
        on(WINDOWS, user(Base::LocalAppData, "github-copilot/intellij/mcp.json", Format::Jsonc, below!("servers"))),
    ],
    reload: Reload::Live,
    ..ROW
};

/// Its user file is not confirmed.
pub(super) const FIREBENDER: Client = Client {
    id: "firebender",
    name: "Firebender",
    tile: "FB",
    files: &[project("firebender.json", Format::Json, MCP_SERVERS)],
    ..ROW
};

/// Before 2025.3 the editor's own state; later ones keep no more there than what is on and which tools are allowed.
const JETBRAINS_COMMANDS: &[Container] = &[Container {
    pattern: &[Pattern::Key("McpApplicationServerCommands")],
    has_items: true,
    needs: &["programPath", "command", "url"],
    ..IN_FILE
}];

const JETBRAINS_PROJECT_COMMANDS: &[Container] =
    &[Container { pattern: &[Pattern::Key("McpProjectServerCommands")], ..JETBRAINS_COMMANDS[0] }];

/// The editor writes it when it closes.
const fn of_jetbrains(file: ConfigFile) -> ConfigFile {
    ConfigFile { shape: Some(&shapes::JETBRAINS), ..file }
}

pub(super) const JETBRAINS_AI: Client = Client {
    id: "jetbrains-ai",
    name: "JetBrains AI Assistant",
    tile: "JB",
    files: &[
        user(Base::Home, ".ai/mcp/mcp.json", Format::Json, MCP_SERVERS),
        project(".ai/mcp/mcp.json", Format::Json, MCP_SERVERS),
        of_jetbrains(user(Base::AppConfig, "JetBrains/*/options/llm.mcpServers.xml", Format::Xml, JETBRAINS_COMMANDS)),
        of_jetbrains(user(
            Base::AppConfig,
            "Google/AndroidStudio*/options/llm.mcpServers.xml",
            Format::Xml,
            JETBRAINS_COMMANDS,
        )),
        of_jetbrains(project(".idea/workspace.xml", Format::Xml, JETBRAINS_PROJECT_COMMANDS)),
        of_jetbrains(project(".idea/.idea.*/.idea/workspace.xml", Format::Xml, JETBRAINS_PROJECT_COMMANDS)),
    ],
    ..ROW
};

pub(super) const JUNIE: Client = Client {
    id: "junie",
    name: "JetBrains Junie",
    tile: "JU",
    files: &[
        user(Base::Home, ".junie/mcp/mcp.json", Format::Json, MCP_SERVERS),
        project(".junie/mcp/mcp.json", Format::Json, MCP_SERVERS),
    ],
    ..ROW
};

const KILO_SERVERS: &[Container] = below!("mcp");

pub(super) const KILO_CODE: Client = Client {
    id: "kilo-code",
    name: "Kilo Code",
    tile: "KC",
    files: &[
        user(Base::XdgConfig, "kilo/kilo.json", Format::Jsonc, KILO_SERVERS),
        user(Base::XdgConfig, "kilo/kilo.jsonc", Format::Jsonc, KILO_SERVERS),
        project("kilo.json", Format::Jsonc, KILO_SERVERS),
        project("kilo.jsonc", Format::Jsonc, KILO_SERVERS),
        project(".kilo/kilo.json", Format::Jsonc, KILO_SERVERS),
        project(".kilo/kilo.jsonc", Format::Jsonc, KILO_SERVERS),
    ],
    shape: &shapes::OPENCODE,
    hold: HoldMethod::Switch,
    rewrites_from_memory: true,
    ..ROW
};

/// Before its version 7, made from Roo Code.
pub(super) const KILO_CODE_LEGACY: Client = Client {
    id: "kilo-code-legacy",
    name: "Kilo Code before 7",
    tile: "KL",
    files: in_editors![
        "globalStorage/kilocode.kilo-code/settings/mcp_settings.json", Format::Json, MCP_SERVERS;
        project(".kilocode/mcp.json", Format::Json, MCP_SERVERS),
    ],
    shape: &shapes::WITH_DISABLED,
    hold: HoldMethod::Switch,
    reload: Reload::Live,
    rewrites_from_memory: true,
    ..ROW
};

/// mcphub.nvim, which serves the assistants of Neovim; its native servers are Lua, and no files of ours.
pub(super) const MCPHUB_NVIM: Client = Client {
    id: "mcphub-nvim",
    name: "mcphub.nvim",
    tile: "MH",
    files: &[
        user(Base::Home, ".config/mcphub/servers.json", Format::Json5, MCP_SERVERS),
        project(".mcphub/servers.json", Format::Json5, MCP_SERVERS),
    ],
    shape: &shapes::WITH_DISABLED,
    hold: HoldMethod::Switch,
    reload: Reload::Live,
    ..ROW
};

pub(super) const ROO_CODE: Client = Client {
    id: "roo-code",
    name: "Roo Code",
    tile: "RO",
    files: in_editors![
        "globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json", Format::Json, MCP_SERVERS;
        project(".roo/mcp.json", Format::Json, MCP_SERVERS),
    ],
    shape: &shapes::WITH_DISABLED,
    hold: HoldMethod::Switch,
    reload: Reload::Live,
    rewrites_from_memory: true,
    ..ROW
};

pub(super) const BAIDU_COMATE: Client = Client {
    id: "baidu-comate",
    name: "Baidu Comate",
    tile: "BC",
    files: &[
        user(Base::Home, ".comate/mcp.json", Format::Json, MCP_SERVERS),
        project(".comate/mcp.json", Format::Json, MCP_SERVERS),
        project(".comate/mcp.local.json", Format::Json, MCP_SERVERS),
    ],
    ..ROW
};

/// One key with a dot in it, in the settings of the editor.
const ZENCODER_SERVERS: &[Container] = below!("zencoder.mcpServers");

pub(super) const ZENCODER: Client = Client {
    id: "zencoder",
    name: "Zencoder",
    tile: "ZN",
    files: in_editors![
        "settings.json", Format::Jsonc, ZENCODER_SERVERS;
        project(".vscode/settings.json", Format::Jsonc, ZENCODER_SERVERS),
    ],
    ..ROW
};
