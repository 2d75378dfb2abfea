//! Finds on this machine the code that a launch really runs: without asking anybody, and without running anything.
//!
//! Where each tool keeps its code was measured; `docs/reference/artefacts.md` says with which versions. What cannot be
//! told is unknown with its reason, never a guess.

use std::path::{Path, PathBuf};

use crate::connector::Connector;
use crate::facts::{Artefact, ArtefactKind, ArtefactState, Evidence, Facts, NOT_IN_REGISTRY, REGISTRY, Shadow};
use crate::host::Host;
use crate::host::files::Digest;
use crate::launch_line::{Ecosystem, LaunchLine, Runner};

pub mod age_limits;
mod archived;
mod checkout;
mod contents;
mod environments;
mod images;
mod local;
mod memo;
mod node_modules;
mod npx;
mod one_off;
mod places;
mod python;
mod settings;
#[cfg(all(test, unix))]
mod tests;
mod tree;

pub use archived::{Older, archived};
pub use contents::{Unread, contents};
pub use memo::Memo;
pub use places::{MOST_FILES, Watch, watch_places};

/// Projects that are named for one launch.
const MOST_SHADOWS: usize = 5;

/// A launch and the folder that it starts in.
#[derive(Debug, Clone)]
pub struct Start<'a> {
    pub connector: &'a Connector,
    /// `None` where the client starts it wherever it was started itself.
    pub folder: Option<PathBuf>,
}

impl<'a> Start<'a> {
    /// The folder that the entry names, or else that of its project.
    pub fn of(connector: &'a Connector, home: &Path) -> Self {
        let project = connector.project.clone();
        let folder = match connector.launch.cwd.as_deref() {
            Some("~") => Some(home.to_owned()),
            Some(cwd) if cwd.starts_with("~/") => Some(home.join(&cwd[2..])),
            Some(cwd) if cwd.starts_with("${workspaceFolder}") => {
                project.map(|it| it.join(cwd["${workspaceFolder}".len()..].trim_start_matches('/')))
            }
            Some(cwd) if cwd.contains(['$', '%', '{']) => None,
            Some(cwd) => match (Path::new(cwd).is_absolute(), project) {
                (true, _) => Some(PathBuf::from(cwd)),
                (false, project) => project.map(|it| it.join(cwd)),
            },
            None => project,
        };
        Self { connector, folder }
    }

    /// The same launch when the client is used in another folder: for entries of the user, which start anywhere.
    pub fn within(connector: &'a Connector, folder: PathBuf) -> Self {
        Self { connector, folder: Some(folder) }
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub artefact: Artefact,
    pub evidence: Evidence,
}

impl Found {
    /// The facts that files alone tell.
    pub fn facts(self) -> Facts {
        let Self { artefact, evidence } = self;
        Facts { evidence, artefact: artefact.clone(), ..Facts::not_looked(artefact.kind) }
    }
}

/// Which of its places a piece of code was found in. The name stands in reports and in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    LocalProgram,
    GlobalProgram,
    LocalPackage,
    GlobalPackage,
    NpxCache,
    BunxCache,
    PnpmCache,
    YarnCache,
    UvTool,
    UvCache,
    PipxCache,
    Environment,
    Package,
    ImageStore,
    /// Offered by a registry, and not fetched yet.
    Registry,
    Launch,
    File,
    Task,
}

impl Source {
    pub const ALL: &[Self] = &[
        Self::LocalProgram,
        Self::GlobalProgram,
        Self::LocalPackage,
        Self::GlobalPackage,
        Self::NpxCache,
        Self::BunxCache,
        Self::PnpmCache,
        Self::YarnCache,
        Self::UvTool,
        Self::UvCache,
        Self::PipxCache,
        Self::Environment,
        Self::Package,
        Self::ImageStore,
        Self::Registry,
        Self::Launch,
        Self::File,
        Self::Task,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::LocalProgram => "local-program",
            Self::GlobalProgram => "global-program",
            Self::LocalPackage => "local-package",
            Self::GlobalPackage => "global-package",
            Self::NpxCache => "npx-cache",
            Self::BunxCache => "bunx-cache",
            Self::PnpmCache => "pnpm-cache",
            Self::YarnCache => "yarn-cache",
            Self::UvTool => "uv-tool",
            Self::UvCache => "uv-cache",
            Self::PipxCache => "pipx-cache",
            Self::Environment => "environment",
            Self::Package => "package",
            Self::ImageStore => "image-store",
            Self::Registry => REGISTRY,
            Self::Launch => "launch",
            Self::File => "file",
            Self::Task => "task",
        }
    }
}

/// Why the code behind a launch is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The tool has not fetched it yet, or its cache was emptied.
    NotInstalled,
    /// And the registry has no such package.
    NotInRegistry,
    PackageNotTold,
    PackageUnreadable,
    SeveralPackages,
    /// The tool keeps nothing between two runs.
    FetchedAnew,
    PlaceholderInPlace,
    FolderNotTold,
    FileNotThere,
    FileUnreadable,
    Folder,
    CodeInLine,
    EnvironmentNotTold,
    /// A task that is more than one program with one file.
    Task,
    TaskNotThere,
    /// The list of images is kept where this user cannot read it.
    ImageStoreClosed,
    /// No tool of this kind is looked into.
    NotRead,
}

impl Reason {
    pub const ALL: &[Self] = &[
        Self::NotInstalled,
        Self::NotInRegistry,
        Self::PackageNotTold,
        Self::PackageUnreadable,
        Self::SeveralPackages,
        Self::FetchedAnew,
        Self::PlaceholderInPlace,
        Self::FolderNotTold,
        Self::FileNotThere,
        Self::FileUnreadable,
        Self::Folder,
        Self::CodeInLine,
        Self::EnvironmentNotTold,
        Self::Task,
        Self::TaskNotThere,
        Self::ImageStoreClosed,
        Self::NotRead,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::NotInstalled => "not-installed",
            Self::NotInRegistry => NOT_IN_REGISTRY,
            Self::PackageNotTold => "package-not-told",
            Self::PackageUnreadable => "package-unreadable",
            Self::SeveralPackages => "several-packages",
            Self::FetchedAnew => "fetched-anew",
            Self::PlaceholderInPlace => "placeholder-in-place",
            Self::FolderNotTold => "folder-not-told",
            Self::FileNotThere => "file-not-there",
            Self::FileUnreadable => "file-unreadable",
            Self::Folder => "folder",
            Self::CodeInLine => "code-in-line",
            Self::EnvironmentNotTold => "environment-not-told",
            Self::Task => "task-not-followed",
            Self::TaskNotThere => "task-not-there",
            Self::ImageStoreClosed => "image-store-closed",
            Self::NotRead => "not-read",
        }
    }
}

/// Code that was found.
struct Code {
    version: Option<String>,
    integrity: String,
    source: Source,
    from: PathBuf,
    partly: bool,
    shadow: Option<PathBuf>,
    /// Of an image, as its registry names it.
    digest: Option<String>,
}

/// One look: the machine, the launch, and what was hashed before.
struct Look<'a> {
    host: &'a Host,
    start: &'a Start<'a>,
    memo: &'a mut Memo,
}

impl<'a> Look<'a> {
    fn line(&self) -> &'a LaunchLine {
        &self.start.connector.launch_line
    }

    fn settings(&self) -> settings::Settings<'a> {
        settings::Settings { host: self.host, start: self.start }
    }

    fn has_flag(&self, flags: &[&str]) -> bool {
        self.start.connector.launch.args.iter().any(|word| flags.contains(&word.as_str()))
    }

    fn digest(&mut self, path: &Path) -> Result<Digest, Reason> {
        // The memo reads a file itself, never a link.
        let real = path.canonicalize().map_err(|_| Reason::FileUnreadable)?;
        self.memo.digest(&real, self.host.now()).map_err(|_| Reason::FileUnreadable)
    }

    fn tree(&mut self, folder: &Path) -> Result<tree::Tree, Reason> {
        tree::of(folder, self.memo, self.host.now()).map_err(|_| Reason::PackageUnreadable)
    }
}

/// Finds the code behind a launch.
pub fn look(host: &Host, start: &Start<'_>, memo: &mut Memo) -> Found {
    let line = &start.connector.launch_line;
    let mut look = Look { host, start, memo };
    let mut file = None;
    let code = match (line.runner, line.ecosystem) {
        (_, Ecosystem::Remote) => return Found::plain(ArtefactKind::Remote, ArtefactState::Unobservable),
        (_, Ecosystem::Builtin) => return Found::plain(ArtefactKind::Builtin, ArtefactState::NotLooked),
        (Runner::None, Ecosystem::None) => return Found::plain(ArtefactKind::Unknown, ArtefactState::NotLooked),
        (_, Ecosystem::Local) => local::look(&mut look).map(|(code, path)| {
            file = path;
            code
        }),
        (Runner::Npx, Ecosystem::Npm | Ecosystem::Git | Ecosystem::Unknown) => npx::look(&mut look),
        (Runner::Bunx, _) => one_off::bunx(&mut look),
        (Runner::PnpmDlx, _) => one_off::pnpm_dlx(&mut look),
        (Runner::YarnDlx, _) => one_off::yarn_dlx(&mut look),
        (Runner::Uvx, _) => python::uvx(&mut look),
        (Runner::PipxRun, _) => python::pipx(&mut look),
        (Runner::DockerRun, _) => images::look(&mut look),
        (_, Ecosystem::Unknown) => Err(Reason::PackageNotTold),
        _ => Err(Reason::NotRead),
    };
    let kind = kind(line.ecosystem);
    let code = match code {
        Ok(code) => code,
        Err(reason) => {
            let reason = reason.name().to_owned();
            return Found::plain(kind, ArtefactState::Unknown { reason });
        }
    };
    // A program of the project is what its bytes are, whatever the launch calls it.
    let kind = if code.shadow.is_some() && code.version.is_none() { ArtefactKind::File } else { kind };
    // A link counts as where it leads.
    let real = file.as_deref().unwrap_or(&code.from).canonicalize();
    let evidence = Evidence {
        rights: real.map(|real| local::rights(&real)).unwrap_or_default(),
        file: file
            .as_deref()
            .or(code.shadow.as_deref())
            .and_then(|path| local::about(host, look.memo, &path.canonicalize().ok()?)),
        checkout: if kind == ArtefactKind::File { checkout::of(&code.from) } else { None },
        from: (!code.from.as_os_str().is_empty()).then_some(code.from),
        shadow: code.shadow,
        partly: code.partly,
        digest: code.digest,
        shadows_in_projects: Vec::new(),
    };
    let (version, integrity, source) = (code.version, code.integrity, code.source.name().to_owned());
    Found { artefact: Artefact { kind, state: ArtefactState::Known { version, integrity, source } }, evidence }
}

impl Found {
    fn plain(kind: ArtefactKind, state: ArtefactState) -> Self {
        Self { artefact: Artefact { kind, state }, evidence: Evidence::default() }
    }
}

/// The programs of projects that a launch would run in place of its package, if its client is used there. `folders` are
/// those of known projects; an entry that starts in one folder alone has none.
pub fn shadows_in(start: &Start<'_>, folders: &[PathBuf]) -> Vec<Shadow> {
    let line = &start.connector.launch_line;
    let is_asked = matches!(line.runner, Runner::Npx | Runner::Bunx) && start.folder.is_none() && line.entry.is_none();
    let (Some(word), Some(package)) = (line.specs.first(), line.package.as_deref()) else { return Vec::new() };
    if !is_asked || !npx::is_file_name(word) {
        return Vec::new();
    }
    let programs = folders.iter().map(|folder| folder.join("node_modules/.bin").join(word));
    let shadow = |program: PathBuf| {
        let real = program.canonicalize().unwrap_or_default();
        let is_package = real.ancestors().any(|folder| folder.ends_with(format!("node_modules/{package}")));
        Shadow { program, is_package }
    };
    programs.filter(|program| program.is_file()).take(MOST_SHADOWS).map(shadow).collect()
}

/// The kind of artefact that an ecosystem has.
pub fn kind(ecosystem: Ecosystem) -> ArtefactKind {
    match ecosystem {
        Ecosystem::Npm => ArtefactKind::Npm,
        Ecosystem::Pypi => ArtefactKind::Pypi,
        Ecosystem::Oci => ArtefactKind::Oci,
        Ecosystem::Git => ArtefactKind::Git,
        Ecosystem::Local => ArtefactKind::File,
        Ecosystem::Remote => ArtefactKind::Remote,
        Ecosystem::Builtin => ArtefactKind::Builtin,
        _ => ArtefactKind::Unknown,
    }
}
