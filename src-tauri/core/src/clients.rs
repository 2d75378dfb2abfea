//! The table of clients: every fact about a client stands in its row and nowhere else.
//!
//! To add one: a row here, in order of its id, and a folder `tests/fixtures/<id>/`. A path uses `/` on every system; `*`
//! stands for any text within one folder or file name.

use crate::connector::Scope;
use crate::document::{Format, Pattern};
use crate::host::{Base, Os};

use Pattern::{Any, Key};

/// One client.
#[derive(Debug)]
pub struct Client {
    /// Stable, kebab-case.
    pub id: &'static str,
    pub name: &'static str,
    /// Two letters for places where a name is too long.
    pub tile: &'static str,
    /// Names under which its processes run, without `.exe`; a decision made below one of them is not the user's alone.
    pub processes: &'static [&'static str],
    pub files: &'static [ConfigFile],
    pub shape: &'static Shape,
    pub hold: HoldMethod,
    pub reload: Reload,
    /// It writes its memory back over the file, so that an edit may be undone by it.
    pub rewrites_from_memory: bool,
    /// Where the file lists folders that the user works in.
    pub known_projects: Option<KnownProjects>,
}

/// One configuration file of a client on one or more systems.
#[derive(Debug)]
pub struct ConfigFile {
    pub scope: Scope,
    pub root: Root,
    /// Below the root.
    pub path: &'static str,
    pub systems: &'static [Os],
    pub format: Format,
    /// Where entries stand; the last step of a route is the entry's name.
    pub containers: &'static [Container],
    /// A variable that moves the folder of the file, and the path below it.
    pub moved_by: Option<(&'static str, &'static str)>,
    /// Other clients, by name, that read the same file.
    pub readers: &'static [&'static str],
}

/// A place for entries in a file.
#[derive(Debug)]
pub struct Container {
    pub pattern: &'static [Pattern],
    /// The scope of the entries, where it is not the file's.
    pub scope: Option<Scope>,
    /// The step of the route that names the project folder.
    pub project_step: Option<usize>,
}

/// What a path starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Root {
    Base(Base),
    /// Each known project folder.
    Project,
}

/// Where a client's own file lists project folders: keys of an object.
#[derive(Debug, Clone, Copy)]
pub struct KnownProjects {
    pub pattern: &'static [Pattern],
}

/// Which members of an entry mean what.
#[derive(Debug)]
pub struct Shape {
    pub command: &'static str,
    pub args: &'static str,
    pub env: &'static str,
    pub cwd: &'static str,
    pub url: &'static [&'static str],
    pub headers: &'static [&'static str],
    /// The member that names the transport.
    pub kind: &'static str,
    /// An object that some people put command or address into.
    pub nested: &'static str,
    /// Members that list variables to hand on from the client's own environment.
    pub passed: &'static [&'static str],
    /// Members whose change says nothing about what runs.
    pub volatile: &'static [&'static str],
    /// Members that widen what a running connector may do unasked.
    pub trust: &'static [&'static str],
    /// The client's own on/off switch, where it was seen in its source or tried.
    pub switch: Option<Switch>,
}

/// A boolean member that turns an entry off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switch {
    pub key: &'static str,
    /// The value that means off.
    pub off: bool,
}

/// How an entry of a client is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldMethod {
    Switch,
    Cut,
}

/// When a client notices that its file changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reload {
    Live,
    OnRestart,
    Unknown,
}

const EVERY: &[Os] = &[Os::Linux, Os::Macos, Os::Windows];

const MCP_SERVERS: &[Container] = &[Container { pattern: &[Key("mcpServers")], scope: None, project_step: None }];

/// Claude Desktop: command, args and env only.
const DESKTOP_SHAPE: Shape = Shape {
    command: "command",
    args: "args",
    env: "env",
    cwd: "cwd",
    url: &["url"],
    headers: &["headers"],
    kind: "type",
    nested: "transport",
    passed: &[],
    volatile: &[],
    trust: &["alwaysAllow", "autoApprove"],
    switch: None,
};

const CLAUDE_CODE_SHAPE: Shape = Shape { volatile: &["timeout", "request_timeout_ms", "alwaysLoad"], ..DESKTOP_SHAPE };

const VSCODE_SHAPE: Shape = Shape { volatile: &["gallery", "version", "dev"], ..DESKTOP_SHAPE };

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
    switch: Some(Switch { key: "enabled", off: false }),
    ..DESKTOP_SHAPE
};

const fn user(root: Base, path: &'static str, format: Format, containers: &'static [Container]) -> ConfigFile {
    ConfigFile {
        scope: Scope::User,
        root: Root::Base(root),
        path,
        systems: EVERY,
        format,
        containers,
        moved_by: None,
        readers: &[],
    }
}

const fn project(path: &'static str, format: Format, containers: &'static [Container]) -> ConfigFile {
    ConfigFile {
        scope: Scope::Project,
        root: Root::Project,
        path,
        systems: EVERY,
        format,
        containers,
        moved_by: None,
        readers: &[],
    }
}

const SERVERS: &[Container] = &[Container { pattern: &[Key("servers")], scope: None, project_step: None }];
const CODEX_SERVERS: &[Container] = &[Container { pattern: &[Key("mcp_servers")], scope: None, project_step: None }];

/// Every client that is known, sorted by id.
pub const CLIENTS: &[Client] = &[
    Client {
        id: "claude-code",
        name: "Claude Code",
        tile: "CC",
        processes: &["claude", "claude-code"],
        files: &[
            ConfigFile {
                moved_by: Some(("CLAUDE_CONFIG_DIR", ".claude.json")),
                ..user(
                    Base::Home,
                    ".claude.json",
                    Format::Json,
                    &[
                        Container { pattern: &[Key("mcpServers")], scope: None, project_step: None },
                        Container {
                            pattern: &[Key("projects"), Any, Key("mcpServers")],
                            scope: Some(Scope::Local),
                            project_step: Some(1),
                        },
                    ],
                )
            },
            ConfigFile {
                readers: &["Copilot CLI", "Visual Studio Code"],
                ..project(".mcp.json", Format::Json, MCP_SERVERS)
            },
        ],
        shape: &CLAUDE_CODE_SHAPE,
        hold: HoldMethod::Cut,
        reload: Reload::OnRestart,
        rewrites_from_memory: true,
        known_projects: Some(KnownProjects { pattern: &[Key("projects"), Any] }),
    },
    Client {
        id: "claude-desktop",
        name: "Claude Desktop",
        tile: "CD",
        processes: &["Claude", "claude-desktop"],
        files: &[
            user(Base::AppConfig, "Claude/claude_desktop_config.json", Format::Json, MCP_SERVERS),
            ConfigFile {
                systems: &[Os::Linux],
                ..user(Base::AppConfig, "claude/claude_desktop_config.json", Format::Json, MCP_SERVERS)
            },
            // The Store build sees a redirected %APPDATA%.
            ConfigFile {
                systems: &[Os::Windows],
                ..user(
                    Base::LocalAppData,
                    "Packages/Claude_*/LocalCache/Roaming/Claude/claude_desktop_config.json",
                    Format::Json,
                    MCP_SERVERS,
                )
            },
        ],
        shape: &DESKTOP_SHAPE,
        hold: HoldMethod::Cut,
        reload: Reload::OnRestart,
        rewrites_from_memory: true,
        known_projects: None,
    },
    Client {
        id: "codex",
        name: "Codex",
        tile: "CX",
        processes: &["codex"],
        files: &[
            ConfigFile {
                moved_by: Some(("CODEX_HOME", "config.toml")),
                ..user(Base::Home, ".codex/config.toml", Format::Toml, CODEX_SERVERS)
            },
            project(".codex/config.toml", Format::Toml, CODEX_SERVERS),
        ],
        shape: &CODEX_SHAPE,
        hold: HoldMethod::Switch,
        reload: Reload::OnRestart,
        rewrites_from_memory: false,
        known_projects: Some(KnownProjects { pattern: &[Key("projects"), Any] }),
    },
    Client {
        id: "cursor",
        name: "Cursor",
        tile: "CU",
        processes: &["cursor", "Cursor", "cursor-agent"],
        files: &[
            user(Base::Home, ".cursor/mcp.json", Format::Json, MCP_SERVERS),
            project(".cursor/mcp.json", Format::Json, MCP_SERVERS),
        ],
        shape: &DESKTOP_SHAPE,
        hold: HoldMethod::Cut,
        reload: Reload::Live,
        rewrites_from_memory: false,
        known_projects: None,
    },
    Client {
        id: "vscode",
        name: "Visual Studio Code",
        tile: "VS",
        processes: &["code", "Code"],
        files: &[
            user(Base::AppConfig, "Code/User/mcp.json", Format::Jsonc, SERVERS),
            project(".vscode/mcp.json", Format::Jsonc, SERVERS),
        ],
        shape: &VSCODE_SHAPE,
        hold: HoldMethod::Cut,
        reload: Reload::Live,
        rewrites_from_memory: false,
        known_projects: None,
    },
];

/// Returns the row of an id.
pub fn client(id: &str) -> Option<&'static Client> {
    CLIENTS.binary_search_by(|row| row.id.cmp(id)).ok().map(|at| &CLIENTS[at])
}

/// Returns the client under whose name a process runs, if any.
pub fn by_process(name: &str) -> Option<&'static Client> {
    let name = name.strip_suffix(".exe").unwrap_or(name);
    CLIENTS.iter().find(|row| row.processes.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_complete() {
        for pair in CLIENTS.windows(2) {
            assert!(pair[0].id < pair[1].id, "{} stands before {}", pair[0].id, pair[1].id);
        }
        for row in CLIENTS {
            assert!(!row.processes.is_empty(), "{} has no process name", row.id);
            assert_eq!(row.tile.len(), 2);
            assert_eq!(row.hold == HoldMethod::Switch, row.shape.switch.is_some(), "{}", row.id);
            for os in [Os::Linux, Os::Macos, Os::Windows] {
                assert!(row.files.iter().any(|f| f.systems.contains(&os)), "{} has no file on {os:?}", row.id);
            }
            for file in row.files {
                assert!(!file.path.starts_with('/') || file.root == Root::Base(Base::Root));
                for container in file.containers {
                    assert!(container.project_step.is_none_or(|s| matches!(container.pattern.get(s), Some(Any))));
                }
            }
        }
    }

    #[test]
    fn a_row_is_found_by_id_and_by_process() {
        assert_eq!(client("cursor").map(|c| c.name), Some("Cursor"));
        assert!(client("nobody").is_none());
        assert_eq!(by_process("Claude.exe").map(|c| c.id), Some("claude-desktop"));
        assert_eq!(by_process("claude").map(|c| c.id), Some("claude-code"));
    }
}
