//! The table of clients: every fact about a client stands in its row and nowhere else.
//!
//! To add one: a row in the module of its kind, its name in [`CLIENTS`], and a folder `tests/fixtures/<id>/`. A path uses
//! `/` on every system; `*` stands for any text within one folder or file name.

use std::path::Path;

use crate::connector::Scope;
use crate::document::{Format, Pattern};
use crate::host::{Base, Os};

mod apps;
mod assistants;
mod descendants;
mod editors;
mod gates;
mod packagings;
mod plugins;
mod runners;
mod shapes;
mod unread;

pub use gates::{Gate, Opens};
pub use packagings::{PACKAGINGS, Packaging};
pub use unread::{ELSEWHERE, Elsewhere, KeptAs, UNREAD, Unread};

/// One client.
#[derive(Debug)]
pub struct Client {
    /// Stable, kebab-case.
    pub id: &'static str,
    pub name: &'static str,
    /// Two letters for places where a name is too long.
    pub tile: &'static str,
    /// Names under which its processes run, without `.exe`; a decision made below one of them is not the user's alone.
    /// Empty for what runs in the process of an editor.
    pub processes: &'static [&'static str],
    pub files: &'static [ConfigFile],
    pub shape: &'static Shape,
    pub hold: HoldMethod,
    pub reload: Reload,
    /// It writes its memory back over the file, so that an edit may be undone by it.
    pub rewrites_from_memory: bool,
    /// What it does with entries of one name in several scopes.
    pub namesakes: Namesakes,
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
    /// Where entries stand; the last step of a route is the entry's name. None in a file of settings alone.
    pub containers: &'static [Container],
    /// Settings in it that open the gate.
    pub gates: &'static [Gate],
    /// A list in it of what the client does not start, in any of its scopes.
    pub denies: Option<DenyList>,
    /// Where it lists folders that the user works in.
    pub known_projects: Option<KnownProjects>,
    /// A variable that moves the folder of the file, and the path below it; none below where it names the file itself.
    pub moved_by: Option<(&'static str, &'static str)>,
    /// Which members of an entry mean what, where that is not the client's own shape.
    pub shape: Option<&'static Shape>,
    /// Another file that switches its entries off.
    pub switched_in: Option<SwitchFile>,
    /// Further files that it names.
    pub further: Option<Further>,
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
    /// Entries may stand in a list, each with its name in itself.
    pub has_items: bool,
    /// An item may also be an object of one member, the entry under its name.
    pub has_keyed_items: bool,
    /// It is the one entry itself, and bears the name of the file's folder.
    pub is_entry: bool,
    /// Looked into only where none of those before it is there.
    pub otherwise: bool,
    /// Items without any of these members are no entries: a client keeps in the same list what it did with others.
    pub needs: &'static [&'static str],
}

/// A list of launches that a client does not start, as a member of the root of a file of settings. Only where it was tried
/// with the client: entries are held by it, as long as a rule of it hits no other launch. A list of names is none: a name
/// says nothing of what runs, and hits the namesake in another scope (Gemini's enablement file, `disabledMcpServers`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DenyList {
    pub key: &'static str,
    /// The member of a rule that has a whole command line.
    pub command: &'static str,
    /// The member of a rule that has an address, in which `*` stands for any text.
    pub url: &'static str,
    /// The member of a rule that has a name. We write none.
    pub name: &'static str,
}

/// A file that says whether what another one brings along is on.
#[derive(Debug, Clone, Copy)]
pub enum SwitchFile {
    /// In a folder beside the one that the file's own folder is in, named after the latter.
    Beside { folder: &'static str, switch: Switch },
    /// `settings` beside the folder `plugins`, where `enabledPlugins` has `<plugin>@<marketplace>`. The file lies below
    /// `plugins/cache/<marketplace>/<plugin>`. `in_projects` are a project's own files of settings, which come before the
    /// user's; the first of them that says something counts.
    OfPlugins { settings: &'static str, in_projects: &'static [&'static str] },
}

/// The files in which a manifest has its entries, where it has them not in itself: one path or a list of them, below the
/// folder that the manifest's own is in.
#[derive(Debug)]
pub struct Further {
    pub pattern: &'static [Pattern],
    /// How such a file is read.
    pub file: &'static ConfigFile,
}

/// What a path starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Root {
    Base(Base),
    /// Each known project folder.
    Project,
}

/// Where a client's own file lists project folders.
#[derive(Debug, Clone, Copy)]
pub enum KnownProjects {
    /// As keys.
    Keys(&'static [Pattern]),
    /// As addresses, `file:///home/ana/site`.
    Addresses(&'static [Pattern]),
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
    /// Its word for a streamable address, where an earlier launch is written back.
    pub http: &'static str,
    /// Its words for what the client brings along itself.
    pub builtin: &'static [&'static str],
    /// An object that some people put command or address into.
    pub nested: &'static str,
    /// Members that list variables to hand on from the client's own environment.
    pub passed: &'static [&'static str],
    /// Members whose change says nothing about what runs.
    pub volatile: &'static [&'static str],
    /// Members that widen what a running connector may do unasked.
    pub trust: &'static [&'static str],
    /// Its arguments stand in one text, as on a command line.
    pub joined_args: bool,
    /// The client's own on/off switch: it tells whether an entry is on. Entries are held by it only where the row says so.
    pub switch: Option<Switch>,
}

/// A boolean member that turns an entry off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switch {
    pub key: &'static str,
    /// The value that means off.
    pub off: bool,
}

/// How an entry of a client is held. By its own switch only where that was seen in the client's source or tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldMethod {
    Switch,
    Cut,
    /// Not at all: its entries cannot be edited exactly. They are watched and asked about.
    Observe,
}

/// What a client does with entries of one name in several of its scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Namesakes {
    /// The nearest to the project is started: local, then project, then the user's.
    NearestWins,
    /// One is made of all: what the nearest leaves out counts from the others.
    Merged,
    Unknown,
}

/// When a client notices that its file changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reload {
    Live,
    OnRestart,
    Unknown,
}

const EVERY: &[Os] = &[Os::Linux, Os::Macos, Os::Windows];
const UNIX: &[Os] = &[Os::Linux, Os::Macos];
const LINUX: &[Os] = &[Os::Linux];
const MACOS: &[Os] = &[Os::Macos];
const WINDOWS: &[Os] = &[Os::Windows];

/// A container of the file's scope below one key.
macro_rules! below {
    ($($key:literal),+) => {
        &[Container { pattern: &[$(Pattern::Key($key)),+], ..IN_FILE }]
    };
}
use below;

/// A container of the file's scope.
const IN_FILE: Container = Container {
    pattern: &[],
    scope: None,
    project_step: None,
    has_items: false,
    has_keyed_items: false,
    is_entry: false,
    otherwise: false,
    needs: &[],
};

const MCP_SERVERS: &[Container] = below!("mcpServers");

/// What a plugin may write: entries below the usual key, or nothing but entries.
const OF_PLUGINS: &[Container] =
    &[Container { pattern: &[Pattern::Key("mcpServers")], ..IN_FILE }, Container { otherwise: true, ..IN_FILE }];

/// What most rows have in common.
const ROW: Client = Client {
    id: "",
    name: "",
    tile: "",
    processes: &[],
    files: &[],
    shape: &shapes::COMMON,
    hold: HoldMethod::Cut,
    reload: Reload::Unknown,
    rewrites_from_memory: false,
    namesakes: Namesakes::Unknown,
};

const fn user(root: Base, path: &'static str, format: Format, containers: &'static [Container]) -> ConfigFile {
    ConfigFile {
        scope: Scope::User,
        root: Root::Base(root),
        path,
        systems: EVERY,
        format,
        containers,
        gates: &[],
        denies: None,
        known_projects: None,
        moved_by: None,
        shape: None,
        switched_in: None,
        further: None,
        readers: &[],
    }
}

const fn project(path: &'static str, format: Format, containers: &'static [Container]) -> ConfigFile {
    ConfigFile { scope: Scope::Project, root: Root::Project, ..user(Base::Home, path, format, containers) }
}

/// A file that has settings too.
const fn with_gates(gates: &'static [Gate], file: ConfigFile) -> ConfigFile {
    ConfigFile { gates, ..file }
}

/// A file that lists projects too.
const fn listing(known_projects: KnownProjects, file: ConfigFile) -> ConfigFile {
    ConfigFile { known_projects: Some(known_projects), ..file }
}

/// A file of the user that lists projects and nothing else.
const fn list(path: &'static str, format: Format, base: Base, known_projects: KnownProjects) -> ConfigFile {
    listing(known_projects, user(base, path, format, &[]))
}

/// The folders that were opened in an editor of the family of Visual Studio Code, one in each file.
const fn workspaces(path: &'static str) -> ConfigFile {
    list(path, Format::Json, Base::AppConfig, KnownProjects::Addresses(&[Pattern::Key("folder")]))
}

/// A file that an administrator puts there for everybody.
const fn managed(file: ConfigFile) -> ConfigFile {
    ConfigFile { scope: Scope::Managed, ..file }
}

/// A file that an installed plugin brings along.
const fn plugin(file: ConfigFile) -> ConfigFile {
    ConfigFile { scope: Scope::Plugin, ..file }
}

/// A file that an installed extension brings along.
const fn extension(file: ConfigFile) -> ConfigFile {
    ConfigFile { scope: Scope::Extension, ..file }
}

/// A file whose folder a variable moves.
const fn moved_by(variable: &'static str, below: &'static str, file: ConfigFile) -> ConfigFile {
    ConfigFile { moved_by: Some((variable, below)), ..file }
}

/// A file on some systems only.
const fn on(systems: &'static [Os], file: ConfigFile) -> ConfigFile {
    ConfigFile { systems, ..file }
}

impl Client {
    /// Whether a file of this name is of a format that is read and never edited.
    pub fn only_reads(&self, path: &Path) -> bool {
        let is_like = |file: &&ConfigFile| Path::new(file.path).extension() == path.extension();
        self.files.iter().filter(is_like).any(|file| file.format.is_only_read())
    }
}

/// Every client that is known, sorted by id.
pub const CLIENTS: &[Client] = &[
    apps::FIVE_IRE,
    apps::AIDER_DESK,
    assistants::AMAZON_Q,
    assistants::AMP,
    editors::ANTIGRAVITY,
    apps::ANYTHINGLLM,
    plugins::AUGMENT,
    plugins::BAIDU_COMATE,
    apps::BEDROCK_CLIENT,
    apps::BOLTAI,
    assistants::CLAUDE_CODE,
    apps::CLAUDE_DESKTOP,
    plugins::CLINE,
    descendants::CODEBUDDY,
    assistants::CODEX,
    plugins::CODY,
    plugins::CONTINUE,
    assistants::COPILOT_CLI,
    plugins::COPILOT_JETBRAINS,
    assistants::CRUSH,
    editors::CURSOR,
    assistants::DEEPAGENTS,
    assistants::DEVIN_LOCAL,
    runners::DOCKER_MCP,
    apps::ENCONVO,
    assistants::FACTORY_DROID,
    editors::FIREBASE_STUDIO,
    plugins::FIREBENDER,
    descendants::FORGE,
    assistants::GEMINI_CLI,
    assistants::GOOSE,
    assistants::GROK_BUILD,
    descendants::HERMES,
    editors::IBM_BOB,
    descendants::IFLOW,
    apps::JAN,
    plugins::JETBRAINS_AI,
    plugins::JUNIE,
    plugins::KILO_CODE,
    plugins::KILO_CODE_LEGACY,
    assistants::KIMI_CODE,
    editors::KIRO,
    descendants::LLXPRT,
    apps::LM_STUDIO,
    plugins::MCPHUB_NVIM,
    runners::MCPORTER,
    assistants::MISTRAL_VIBE,
    assistants::MUSE_CODE,
    runners::NANOBOT,
    descendants::NEOVATE,
    descendants::OPENCLAW,
    assistants::OPENCODE,
    descendants::OPENHANDS,
    assistants::POCHI,
    editors::QODER,
    assistants::QWEN_CODE,
    plugins::ROO_CODE,
    assistants::ROVO_DEV,
    apps::SEMA4_STUDIO,
    assistants::TABNINE,
    editors::TRAE,
    editors::VISUAL_STUDIO,
    editors::VOID,
    editors::VSCODE,
    apps::WARP,
    editors::WINDSURF,
    apps::WITSY,
    descendants::ZCODE,
    editors::ZED,
    plugins::ZENCODER,
];

/// How a value names a variable, by the client that puts it in.
const REFERENCES: &[(&str, &str)] = &[
    ("claude-code", "${NAME}"),
    ("cursor", "${env:NAME}"),
    ("gemini-cli", "${NAME}"),
    ("opencode", "{env:NAME}"),
    ("qwen-code", "${NAME}"),
    ("roo-code", "${env:NAME}"),
    ("vscode", "${env:NAME}"),
    ("windsurf", "${env:NAME}"),
];

/// Returns every client that is known, read or not: id and name. One may come twice.
pub fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
    CLIENTS.iter().map(|row| (row.id, row.name)).chain(UNREAD.iter().map(|place| (place.client, place.name)))
}

/// Returns the row of an id.
pub fn client(id: &str) -> Option<&'static Client> {
    CLIENTS.binary_search_by(|row| row.id.cmp(id)).ok().map(|at| &CLIENTS[at])
}

/// Returns how a client's file names a variable of the environment in place of its value, where the client is known to
/// read that.
pub fn reference(id: &str, variable: &str) -> Option<String> {
    let form = REFERENCES.iter().find(|(client, _)| *client == id)?.1;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let name: String = variable.chars().map(|c| if is_name(c) { c.to_ascii_uppercase() } else { '_' }).collect();
    Some(form.replace("NAME", &name))
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
    fn a_reference_is_told_for_clients_that_there_are() {
        for (id, form) in REFERENCES {
            assert!(client(id).is_some() && form.contains("NAME"), "{id}");
        }
        assert_eq!(reference("cursor", "api-key").as_deref(), Some("${env:API_KEY}"));
        assert_eq!(reference("nobody", "KEY"), None);
    }

    /// They run in the process of an editor, which has a row of its own or none.
    const PLUGINS: [&str; 13] = [
        "augment",
        "baidu-comate",
        "cline",
        "cody",
        "copilot-jetbrains",
        "firebender",
        "jetbrains-ai",
        "junie",
        "kilo-code",
        "kilo-code-legacy",
        "mcphub-nvim",
        "roo-code",
        "zencoder",
    ];

    /// Their program's name is not confirmed, or it runs on another machine.
    const UNNAMED: [&str; 3] = ["enconvo", "firebase-studio", "sema4-studio"];

    /// They exist on one system only.
    const ONE_SYSTEM: [(&str, Os); 4] =
        [("bedrock-client", Os::Macos), ("boltai", Os::Macos), ("enconvo", Os::Macos), ("visual-studio", Os::Windows)];

    #[test]
    fn no_two_rows_claim_the_same_entries_or_the_same_process() {
        let mut places = std::collections::BTreeMap::new();
        let mut processes = std::collections::BTreeMap::new();
        for row in CLIENTS {
            for file in row.files {
                for os in file.systems {
                    for container in file.containers {
                        let place =
                            (format!("{os:?} {:?} {}", file.root, file.path), format!("{:?}", container.pattern));
                        let other = places.insert(place, row.id);
                        assert_eq!(other, None, "{}: {} of {}", row.id, file.path, other.unwrap_or_default());
                    }
                }
            }
            for process in row.processes {
                assert_eq!(processes.insert(*process, row.id), None, "{process}");
            }
        }
    }

    #[test]
    fn the_table_is_sorted_and_complete() {
        for pair in CLIENTS.windows(2) {
            assert!(pair[0].id < pair[1].id, "{} stands before {}", pair[0].id, pair[1].id);
        }
        for row in CLIENTS {
            let has_no_name = PLUGINS.contains(&row.id) || UNNAMED.contains(&row.id);
            assert_eq!(row.processes.is_empty(), has_no_name, "{} has no process name", row.id);
            assert_eq!(row.tile.len(), 2);
            assert!(row.hold != HoldMethod::Switch || row.shape.switch.is_some(), "{} has no switch", row.id);
            let only = ONE_SYSTEM.iter().find(|(id, _)| *id == row.id).map(|(_, os)| *os);
            for os in [Os::Linux, Os::Macos, Os::Windows] {
                let has_file = row.files.iter().any(|f| f.systems.contains(&os));
                assert_eq!(has_file, only.is_none_or(|only| only == os), "{} on {os:?}", row.id);
            }
            for file in row.files {
                let is_empty = file.containers.is_empty() && file.gates.is_empty() && file.known_projects.is_none();
                assert!(!is_empty, "{} has no place for entries, no settings and no projects", file.path);
                assert!(!file.path.starts_with('/'), "{} starts at its root", file.path);
                assert_eq!(row.only_reads(Path::new(file.path)), file.format.is_only_read(), "{}", file.path);
                for container in file.containers {
                    assert!(
                        container.project_step.is_none_or(|s| matches!(container.pattern.get(s), Some(Pattern::Any)))
                    );
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
