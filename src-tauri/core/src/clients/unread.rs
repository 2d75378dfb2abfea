//! Places that hold connectors and are not read by this version: coverage tells each that is there, so that nobody takes
//! its silence for an empty place.

use super::{EVERY, UNIX, WINDOWS};
use crate::host::{Base, Os};

/// A place that is known and not read.
#[derive(Debug)]
pub struct Unread {
    /// As a row of the table would have it; of a client with a row, that row's.
    pub client: &'static str,
    pub name: &'static str,
    pub base: Base,
    /// Below the base; `*` stands for any text within one folder or file name.
    pub path: &'static str,
    pub systems: &'static [Os],
    pub kept_as: KeptAs,
}

/// Why a place is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptAs {
    Json5,
    Xml,
    /// Entries without a name of their own, one after the other.
    List,
    /// A program that adds connectors when it runs.
    Script,
    /// A package that brings connectors along.
    Extension,
    /// Names of servers that a gateway starts behind a connector of its own.
    Gateway,
    /// Another file of a client that is read.
    OtherFile,
}

impl KeptAs {
    /// The message that says so, and what can be done.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Json5 => "coverage-unread-json5",
            Self::Xml => "coverage-unread-xml",
            Self::List => "coverage-unread-list",
            Self::Script => "coverage-unread-script",
            Self::Extension => "coverage-unread-extension",
            Self::Gateway => "coverage-unread-gateway",
            Self::OtherFile => "coverage-unread-other-file",
        }
    }
}

const fn place(client: &'static str, name: &'static str, base: Base, path: &'static str, kept_as: KeptAs) -> Unread {
    Unread { client, name, base, path, systems: EVERY, kept_as }
}

const fn on(systems: &'static [Os], place: Unread) -> Unread {
    Unread { systems, ..place }
}

/// Every such place, in order of client and path.
pub const UNREAD: &[Unread] = &[
    place(
        "claude-desktop",
        "Claude Desktop",
        Base::AppConfig,
        "Claude/Claude Extensions/*/manifest.json",
        KeptAs::Extension,
    ),
    on(UNIX, place("crush", "Crush", Base::XdgConfig, "crush/crushrc", KeptAs::Script)),
    place("docker-mcp", "Docker MCP Toolkit", Base::Home, ".docker/mcp/registry.yaml", KeptAs::Gateway),
    place("gemini-cli", "Gemini CLI", Base::Home, ".gemini/extensions/*/gemini-extension.json", KeptAs::Extension),
    place("goose", "Goose", Base::Home, ".agents/plugins/*/.mcp.json", KeptAs::OtherFile),
    on(WINDOWS, place("goose", "Goose", Base::AppConfig, "Block/goose/config/recipes/*.yaml", KeptAs::List)),
    on(UNIX, place("goose", "Goose", Base::XdgConfig, "goose/recipes/*.yaml", KeptAs::List)),
    place(
        "jetbrains-ai",
        "JetBrains AI Assistant",
        Base::AppConfig,
        "JetBrains/*/options/llm.mcpServers.xml",
        KeptAs::Xml,
    ),
    place(
        "kilo-code",
        "Kilo Code",
        Base::AppConfig,
        "Code/User/globalStorage/kilocode.kilo-code/settings/mcp_settings.json",
        KeptAs::OtherFile,
    ),
    place("kiro", "Kiro", Base::Home, ".kiro/agents/*.json", KeptAs::OtherFile),
    place("openclaw", "OpenClaw", Base::Home, ".openclaw/openclaw.json", KeptAs::Json5),
    place("qwen-code", "Qwen Code", Base::Home, ".qwen/extensions/*/qwen-extension.json", KeptAs::Extension),
    place("reasonix", "Reasonix", Base::Home, ".reasonix/config.toml", KeptAs::List),
    on(WINDOWS, place("visual-studio", "Visual Studio", Base::Home, ".mcp.json", KeptAs::OtherFile)),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::client;

    #[test]
    fn places_are_sorted_and_bear_the_names_of_the_table() {
        let keys: Vec<_> = UNREAD.iter().map(|place| (place.client, place.path)).collect();
        assert!(keys.is_sorted_by(|a, b| a < b), "{keys:?}");
        for place in UNREAD {
            assert!(client(place.client).is_none_or(|row| row.name == place.name), "{}", place.client);
        }
    }
}
