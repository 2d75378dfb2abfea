//! A script or program of this machine: its bytes, whose it is, who may write it, and what kind of place it lies in.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::facts::{LocalFile, Location, Owner, Rights, Signature};
use crate::host::signatures::{self, Answer};
use crate::host::{Host, Os};
use crate::launch_line::{LaunchLine, Runner};

use super::environments;
use super::node_modules::{self, Lock};
use super::settings::text;
use super::{Code, Look, Memo, Reason, Source};

/// Lock files beside a script, the first that is there.
#[rustfmt::skip]
const LOCKS: &[&str] = &[
    "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb", "deno.lock",
    "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "requirements.txt", "go.sum", "Cargo.lock", "composer.lock",
    "Gemfile.lock",
];

/// How far above a script its lock file is looked for.
const HIGHEST: usize = 5;

/// Folders of the home in which package managers put programs and what belongs to them.
#[rustfmt::skip]
const INSTALLED: &[&str] = &[
    ".asdf", ".bun", ".cargo", ".deno", ".dotnet", ".fnm", ".gem", ".linuxbrew", ".local/bin", ".local/pipx",
    ".local/share/fnm", ".local/share/mise", ".local/share/pipx", ".local/share/pnpm", ".local/share/uv", ".local/lib",
    ".nix-profile", ".npm", ".npm-global", ".nvm", ".pyenv", ".rbenv", ".rustup", ".sdkman", ".volta", ".yarn", "go",
    ".cache/uv", ".cache/pipx", ".cache/pnpm", "Library/pnpm", "AppData/Roaming/npm", "AppData/Roaming/uv",
    "AppData/Local/Programs", "AppData/Local/pnpm", "scoop",
];

#[rustfmt::skip]
const SYSTEM: &[&str] = &[
    "usr", "bin", "sbin", "opt", "lib", "snap", "nix", "gnu", "Applications", "Library", "System", "Program Files",
    "Program Files (x86)", "Windows",
];

/// What a launch of local code runs.
pub(super) fn look(look: &mut Look<'_>) -> Result<(Code, Option<PathBuf>), Reason> {
    let line = look.line();
    match line.runner {
        Runner::NpmRun | Runner::PnpmScript => return task(look),
        Runner::PythonM => return module(look).map(|code| (code, None)),
        Runner::UvRun if line.target.is_none() => return module(look).map(|code| (code, None)),
        Runner::DockerCompose | Runner::DockerExec | Runner::DockerMcp => return Err(Reason::NotRead),
        _ => {}
    }
    let path = path(look)?;
    let real = path.canonicalize().map_err(|_| Reason::FileNotThere)?;
    if real.is_dir() {
        return Err(Reason::Folder);
    }
    code(look, &real).map(|code| (code, Some(real)))
}

/// The file that the launch names; a bare name is looked for as the system would.
fn path(look: &Look<'_>) -> Result<PathBuf, Reason> {
    let connector = look.start.connector;
    let target = look.line().target.clone().ok_or(Reason::CodeInLine)?;
    if let Some(path) = &connector.local_code {
        return Ok(path.clone());
    }
    if target.contains("://") {
        return Err(Reason::PackageNotTold);
    }
    let is_program = connector.launch.command.as_deref() == Some(&target) || look.line().runner == Runner::Binary;
    if is_program && !target.contains(['/', '\\']) {
        return on_search_path(look, &target).ok_or(Reason::FileNotThere);
    }
    let path = look.settings().place(&target)?;
    if path.exists() { Ok(path) } else { Err(Reason::FileNotThere) }
}

/// The first program of this name on the search path that the launch starts with.
pub(super) fn on_search_path(look: &Look<'_>, name: &str) -> Option<PathBuf> {
    let paths = look.settings().var("PATH")?;
    let (mark, endings): (_, &[&str]) = match look.host.os {
        Os::Windows => (';', &["", ".exe", ".cmd", ".bat", ".com"]),
        _ => (':', &[""]),
    };
    let folders = paths.split(mark).filter(|folder| Path::new(folder).is_absolute()).map(Path::new);
    let places = folders.flat_map(|folder| endings.iter().map(move |end| folder.join(format!("{name}{end}"))));
    places.into_iter().find(|path| path.is_file())
}

/// The code behind a file: the package that it belongs to, or the file itself.
pub(super) fn code(look: &mut Look<'_>, real: &Path) -> Result<Code, Reason> {
    if let Some((name, folder, root)) = node_modules::package_of(real) {
        return node_modules::package(look, Source::Package, &name, &folder, &Lock::Npm(&root));
    }
    if let Some((environment, package)) = environments::package_of(real) {
        return environments::package(look, Source::Environment, &environment, &package);
    }
    file(look, Source::File, real)
}

/// The bytes of a file and of the lock file beside it.
pub(super) fn file(look: &mut Look<'_>, source: Source, real: &Path) -> Result<Code, Reason> {
    let digest = look.digest(real)?;
    let mut integrity = format!("sha256:{digest}");
    if let Some(lock) = lock(look.host, real)
        && let Ok(digest) = look.digest(&lock)
    {
        integrity += &format!(" lock:sha256:{digest}");
    }
    Ok(Code { version: None, integrity, source, from: real.to_owned(), partly: false, shadow: None, digest: None })
}

/// The lock file of the project that a script belongs to. The home is nobody's project.
fn lock(host: &Host, file: &Path) -> Option<PathBuf> {
    for folder in file.ancestors().skip(1).take(HIGHEST).take_while(|folder| **folder != *host.home) {
        let found = LOCKS.iter().map(|name| folder.join(name)).find(|path| path.is_file());
        if found.is_some() || folder.join(".git").exists() {
            return found;
        }
    }
    None
}

/// A script of `package.json`: what stands there, and the file that it starts.
fn task(look: &mut Look<'_>) -> Result<(Code, Option<PathBuf>), Reason> {
    let settings = look.settings();
    let told = ["--prefix", "--dir", "-C", "--cwd"].iter().find_map(|flag| settings.flag(flag));
    let folder = match told {
        Some(told) => settings.place(told)?,
        None => look.start.folder.clone().ok_or(Reason::FolderNotTold)?,
    };
    let manifest = text(&folder.join("package.json")).ok_or(Reason::FileNotThere)?;
    let manifest: Json = serde_json::from_str(&manifest).map_err(|_| Reason::FileUnreadable)?;
    let target = look.line().target.clone().unwrap_or_default();
    let name = target.rsplit(' ').next().unwrap_or_default();
    let script = manifest["scripts"][name].as_str().ok_or(Reason::TaskNotThere)?.to_owned();
    let started = LaunchLine::of_command(&script, &[]);
    let file = started.target.filter(|_| started.unknown.is_none() && started.evaluates.is_none());
    let real = file.and_then(|file| folder.join(file).canonicalize().ok()).filter(|path| path.is_file());
    let real = real.ok_or(Reason::Task)?;
    let code = code(look, &real)?;
    let text = crate::host::files::Digest::of(script.as_bytes());
    let integrity = format!("{} task:sha256:{text}", code.integrity);
    Ok((Code { integrity, source: Source::Task, ..code }, Some(real)))
}

/// A module of an environment, or a file of the project.
fn module(look: &mut Look<'_>) -> Result<Code, Reason> {
    let line = look.line();
    let (module, entry) = (line.module.clone(), line.entry.clone());
    let project = match look.settings().flag("--directory").or_else(|| look.settings().flag("--project")) {
        Some(told) => Some(look.settings().place(told)?),
        None => look.start.folder.clone(),
    };
    // The interpreter of an environment is named by its path, or it is that of the project.
    let command = look.start.connector.launch.command.as_deref().map(PathBuf::from);
    let command = command.filter(|path| path.is_absolute() && path.components().count() > 2);
    let named = command.and_then(|path| Some(path.parent()?.parent()?.to_owned()));
    let own = project.as_ref().map(|folder| folder.join(".venv"));
    let environment = named.into_iter().chain(own).find(|folder| folder.join("pyvenv.cfg").is_file());
    if let Some(module) = &module {
        let below = module.replace('.', "/");
        let names = [format!("{below}.py"), format!("{below}/__main__.py"), format!("src/{below}/__main__.py")];
        let found =
            project.iter().flat_map(|folder| names.iter().map(|name| folder.join(name))).find(|it| it.is_file());
        if let Some(found) = found {
            let real = found.canonicalize().map_err(|_| Reason::FileUnreadable)?;
            return file(look, Source::File, &real);
        }
    }
    let environment = environment.ok_or(Reason::EnvironmentNotTold)?;
    let package = match (module, entry) {
        (Some(module), _) => environments::package_of_module(&environment, &module),
        (None, Some(entry)) => {
            environments::package_of(&environment.join("bin").join(entry)).map(|(_, package)| package)
        }
        (None, None) => None,
    };
    let package = package.ok_or(Reason::NotInstalled)?;
    environments::package(look, Source::Environment, &environment, &package)
}

/// What the file system says of a file.
pub(super) fn about(host: &Host, memo: &mut Memo, real: &Path) -> Option<LocalFile> {
    let meta = real.metadata().ok()?;
    Some(LocalFile {
        path: real.to_owned(),
        owner: owner(host, &meta),
        mode: mode(&meta),
        location: location(host, real),
        signature: memo.signature(real, || signature(host, real)),
    })
}

fn signature(host: &Host, real: &Path) -> Signature {
    match signatures::of(host, real) {
        Answer::Untold => Signature::Untold,
        Answer::Unsigned => Signature::Unsigned,
        Answer::Signed { by } => Signature::Signed { by },
        Answer::Broken => Signature::Broken,
    }
}

#[cfg(unix)]
fn owner(host: &Host, meta: &Metadata) -> Owner {
    use std::os::unix::fs::MetadataExt as _;
    let uid_of = |path: &Path| path.metadata().ok().map(|meta| meta.uid());
    match meta.uid() {
        uid if uid_of(&host.home) == Some(uid) => Owner::User,
        uid if uid_of(&host.root) == Some(uid) => Owner::System,
        _ => Owner::Other,
    }
}

#[cfg(not(unix))]
fn owner(_: &Host, _: &Metadata) -> Owner {
    Owner::Untold
}

#[cfg(unix)]
fn mode(meta: &Metadata) -> Option<u32> {
    use std::os::unix::fs::MetadataExt as _;
    Some(meta.mode() & 0o7777)
}

#[cfg(not(unix))]
fn mode(_: &Metadata) -> Option<u32> {
    None
}

/// Who may replace what lies at this path, or a folder that it lies in.
pub(super) fn rights(real: &Path) -> Rights {
    if real.metadata().ok().and_then(|meta| mode(&meta)).is_none() {
        return Rights::Untold;
    }
    // In a sticky folder only the owner of a file replaces it.
    let is_open = |path: &&Path| {
        let bits = path.symlink_metadata().ok().and_then(|meta| mode(&meta)).unwrap_or(0);
        bits & 0o002 != 0 && bits & 0o1000 == 0
    };
    real.ancestors().find(is_open).map_or(Rights::OfOwner, |path| Rights::OfAll(path.to_owned()))
}

/// The kind of place, told by its path.
fn location(host: &Host, path: &Path) -> Location {
    let temporary = ["tmp", "var/tmp", "dev/shm", "private/tmp", "private/var/folders"].map(|it| host.root.join(it));
    if let Ok(below) = path.strip_prefix(&host.home) {
        if INSTALLED.iter().any(|place| below.starts_with(place)) {
            return Location::Installed;
        }
        if below.starts_with("Downloads") {
            return Location::Downloads;
        }
        if below.starts_with("AppData/Local/Temp") {
            return Location::Temporary;
        }
        let first = below.components().next().map(|part| part.as_os_str().to_string_lossy().into_owned());
        return if first.is_some_and(|it| it.starts_with('.')) { Location::Hidden } else { Location::Home };
    }
    if temporary.iter().any(|folder| path.starts_with(folder)) {
        return Location::Temporary;
    }
    let is_system = |name: &str| path.starts_with(host.root.join(name));
    if SYSTEM.iter().any(|name| is_system(name)) { Location::System } else { Location::Elsewhere }
}
