//! Places that hold connectors and are not read by this version: coverage tells each that is there, so that nobody takes
//! its silence for an empty place.

use super::{EVERY, MACOS, UNIX, WINDOWS};
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
    /// A database of the program's own.
    Database,
    /// An account, on its maker's machines.
    Account,
    /// The operating system's own list.
    System,
    /// Another operating system that this one runs when it is used: reading there would start it.
    OtherSystem,
}

impl KeptAs {
    /// The message that says so, and what can be done.
    pub const fn message(self) -> &'static str {
        match self {
            Self::List => "coverage-unread-list",
            Self::Script => "coverage-unread-script",
            Self::Extension => "coverage-unread-extension",
            Self::Gateway => "coverage-unread-gateway",
            Self::OtherFile => "coverage-unread-other-file",
            Self::Database => "coverage-unread-database",
            Self::Account => "coverage-unread-account",
            Self::System => "coverage-unread-system",
            Self::OtherSystem => "coverage-unread-other-system",
        }
    }
}

const fn place(client: &'static str, name: &'static str, base: Base, path: &'static str, kept_as: KeptAs) -> Unread {
    Unread { client, name, base, path, systems: EVERY, kept_as }
}

const fn on(systems: &'static [Os], place: Unread) -> Unread {
    Unread { systems, ..place }
}

const WSL: &str = "Windows Subsystem for Linux";

/// Every such place, in order of client and path.
pub const UNREAD: &[Unread] = &[
    on(MACOS, place("chatgpt-desktop", "ChatGPT", Base::AppConfig, "com.openai.chat", KeptAs::Account)),
    place("cherry-studio", "Cherry Studio", Base::AppConfig, "CherryStudio/Local Storage/leveldb", KeptAs::Database),
    place("claude-ai-web", "claude.ai", Base::AppConfig, "Claude/claude_desktop_config.json", KeptAs::Account),
    place("copilot-cli", "Copilot CLI", Base::Home, ".copilot/installed-plugins", KeptAs::Extension),
    on(UNIX, place("crush", "Crush", Base::XdgConfig, "crush/crushrc", KeptAs::Script)),
    place("docker-mcp", "Docker MCP Toolkit", Base::Home, ".docker/mcp/mcp-toolkit.db", KeptAs::Gateway),
    on(WINDOWS, place("goose", "Goose", Base::AppConfig, "Block/goose/config/recipes/*.yaml", KeptAs::List)),
    on(UNIX, place("goose", "Goose", Base::XdgConfig, "goose/recipes/*.yaml", KeptAs::List)),
    place("msty", "Msty", Base::AppConfig, "Msty", KeptAs::Database),
    on(MACOS, place("perplexity", "Perplexity", Base::Home, "Library/Containers/ai.perplexity.mac", KeptAs::Database)),
    on(MACOS, place("raycast", "Raycast", Base::AppConfig, "com.raycast.macos", KeptAs::Database)),
    place("reasonix", "Reasonix", Base::Home, ".reasonix/config.toml", KeptAs::List),
    on(
        WINDOWS,
        place(
            "windows-odr",
            "Windows agent registry",
            Base::LocalAppData,
            "Microsoft/WindowsApps/odr.exe",
            KeptAs::System,
        ),
    ),
    // A distribution by its disk or, of the first kind, by its files.
    on(WINDOWS, place("wsl", WSL, Base::LocalAppData, "Packages/*/LocalState/ext4.vhdx", KeptAs::OtherSystem)),
    on(WINDOWS, place("wsl", WSL, Base::LocalAppData, "Packages/*/LocalState/rootfs", KeptAs::OtherSystem)),
    on(WINDOWS, place("wsl", WSL, Base::LocalAppData, "wsl/*/ext4.vhdx", KeptAs::OtherSystem)),
];

/// A client that keeps its connectors where no file of this machine tells of them.
#[derive(Debug)]
pub struct Elsewhere {
    pub client: &'static str,
    pub name: &'static str,
    pub kept_as: KeptAs,
}

const fn elsewhere(client: &'static str, name: &'static str, kept_as: KeptAs) -> Elsewhere {
    Elsewhere { client, name, kept_as }
}

/// Every such client, in order; nothing on this machine says whether it is used.
pub const ELSEWHERE: &[Elsewhere] = &[
    elsewhere("chatwise", "ChatWise", KeptAs::Database),
    elsewhere("copilot-studio", "Copilot Studio", KeptAs::Account),
    elsewhere("deepchat", "DeepChat", KeptAs::Database),
    elsewhere("emacs-mcp-el", "mcp.el for Emacs", KeptAs::Script),
    elsewhere("gitlab-duo", "GitLab Duo", KeptAs::OtherFile),
    elsewhere("helix-ai", "AI plugins of Helix", KeptAs::OtherFile),
    elsewhere("librechat", "LibreChat", KeptAs::OtherFile),
    elsewhere("pieces", "Pieces", KeptAs::Database),
    elsewhere("replit-lovable-v0-devin", "Replit, Lovable, v0, Devin", KeptAs::Account),
    elsewhere("takt", "TAKT", KeptAs::OtherFile),
    elsewhere("tome", "Tome", KeptAs::Database),
    elsewhere("vscode-forks", "other builds of Visual Studio Code", KeptAs::OtherFile),
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
