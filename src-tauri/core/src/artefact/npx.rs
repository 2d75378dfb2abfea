//! What `npx` runs, in the order in which it looks: the project's own programs, the global ones, its cache.

use std::fs;
use std::path::{Path, PathBuf};

use nodejs_semver::{Range, Version};
use serde_json::Value as Json;
use sha2::{Digest as _, Sha512};

use crate::host::Os;
use crate::launch_line::{Ecosystem, Pin};

use super::local;
use super::node_modules::{self, Lock};
use super::settings::text;
use super::{Code, Look, Reason, Source};

/// Finds what `npx` or `npm exec` would start.
pub(super) fn look(look: &mut Look<'_>) -> Result<Code, Reason> {
    let line = look.line();
    // What stands for something else is no name of a folder.
    if line.specs.is_empty() || line.specs.iter().any(|spec| spec.contains(['$', '{'])) {
        return Err(Reason::PackageNotTold);
    }
    let project = look.start.folder.as_deref().map(local_prefix);
    // With `--package` npx goes by packages alone; a bare word may also be the name of a program.
    let word = line.entry.is_none().then(|| line.specs[0].clone());
    let global = global_prefix(look, project.as_deref())?;
    if let Some(word) = word.as_deref().filter(|word| is_file_name(word)) {
        let own = project.iter().map(|folder| (Source::LocalProgram, programs_above(folder, word)));
        let global = global.iter().map(|folder| (Source::GlobalProgram, vec![bin(look, folder).join(word)]));
        for (source, places) in own.chain(global).collect::<Vec<_>>() {
            if let Some(found) = places.into_iter().find(|path| path.is_file()) {
                return program(look, source, &found);
            }
        }
    }
    let installed = project.iter().map(|folder| (Source::LocalPackage, folder.clone()));
    let installed = installed.chain(global.iter().map(|folder| (Source::GlobalPackage, library(look, folder))));
    for (source, root) in installed.collect::<Vec<_>>() {
        if let Some(code) = satisfying(look, source, &root)? {
            return Ok(code);
        }
    }
    let cache = cache(look, project.as_deref())?;
    let root = cache.join("_npx").join(folder_name(&line.specs));
    let name = package_in(look, &root)?;
    let folder = root.join("node_modules").join(&name);
    node_modules::package(look, Source::NpxCache, &name, &folder, &Lock::Npm(&root))
}

/// The folder of npm that holds `_npx`.
pub(super) fn cache(look: &Look<'_>, project: Option<&Path>) -> Result<PathBuf, Reason> {
    if let Some(told) = look.settings().npm("cache", project)? {
        return Ok(told);
    }
    Ok(match look.host.os {
        Os::Windows => look.settings().local_app_data().join("npm-cache"),
        _ => look.host.home.join(".npm"),
    })
}

/// The name of the folder below `_npx`: the first 16 hex digits of the SHA-512 of the sorted specifiers.
pub(super) fn folder_name(specs: &[String]) -> String {
    let mut specs = specs.to_vec();
    specs.sort();
    hex::encode(Sha512::digest(specs.join("\n").as_bytes()))[..16].to_owned()
}

/// Programs that npx takes from a project rather than from a registry: `.bin` of its folder and of all above.
pub(super) fn programs_above(folder: &Path, name: &str) -> Vec<PathBuf> {
    folder.ancestors().map(|folder| folder.join("node_modules/.bin").join(name)).collect()
}

/// The folder that npm takes for the project: the nearest with `package.json` or `node_modules`, or the workspace's
/// root above it.
pub(super) fn local_prefix(folder: &Path) -> PathBuf {
    let is_inside = |path: &Path| path.components().any(|part| part.as_os_str() == "node_modules");
    let is_project =
        |path: &&Path| !is_inside(path) && (path.join("package.json").is_file() || path.join("node_modules").is_dir());
    let Some(nearest) = folder.ancestors().find(is_project) else { return folder.to_owned() };
    let is_root = |path: &&Path| {
        let manifest = text(&path.join("package.json")).and_then(|text| serde_json::from_str::<Json>(&text).ok());
        let Some(workspaces) = manifest.map(|it| it["workspaces"].clone()) else { return false };
        let globs = workspaces["packages"].as_array().or(workspaces.as_array()).cloned().unwrap_or_default();
        let below = nearest.strip_prefix(path).map(|it| it.to_string_lossy().replace('\\', "/")).unwrap_or_default();
        globs.iter().filter_map(Json::as_str).any(|glob| fits(glob, &below))
    };
    nearest.ancestors().skip(1).find(is_root).unwrap_or(nearest).to_owned()
}

/// Whether a path is one of `packages/*` or `packages/**`.
fn fits(glob: &str, path: &str) -> bool {
    let (glob, path): (Vec<_>, Vec<_>) =
        (glob.trim_matches(['.', '/']).split('/').collect(), path.split('/').collect());
    let is_part = |(glob, part): (&&str, &&str)| crate::host::name_fits(glob, part);
    match glob.split_last() {
        Some((&"**", head)) => path.len() > head.len() && head.iter().zip(&path).all(is_part),
        _ => glob.len() == path.len() && glob.iter().zip(&path).all(is_part),
    }
}

/// A word that can be the name of a file in `.bin`.
pub(super) fn is_file_name(word: &str) -> bool {
    !word.contains('\\') && !word.starts_with(['/', '.', '~']) && word.split('/').all(|part| part != "..")
}

/// The prefix of global installs: the setting, or the folder that Node lies in.
pub(super) fn global_prefix(look: &Look<'_>, project: Option<&Path>) -> Result<Option<PathBuf>, Reason> {
    if let Some(told) = look.settings().npm("prefix", project)? {
        return Ok(Some(told));
    }
    if look.host.os == Os::Windows {
        return Ok(Some(look.settings().app_data().join("npm")));
    }
    let command = look.start.connector.launch.command.as_deref().map(PathBuf::from);
    let beside = command.filter(|path| path.is_absolute()).and_then(|path| Some(path.parent()?.join("node")));
    let node = beside.filter(|path| path.is_file()).or_else(|| local::on_search_path(look, "node"));
    // The folder in which node stands is `bin` of the prefix; a link to it counts for npm as where it leads.
    let node = node.and_then(|path| path.canonicalize().ok());
    Ok(node.and_then(|path| Some(path.parent()?.parent()?.to_owned())))
}

fn bin(look: &Look<'_>, prefix: &Path) -> PathBuf {
    if look.host.os == Os::Windows { prefix.to_owned() } else { prefix.join("bin") }
}

/// The folder whose `node_modules` holds global packages.
fn library(look: &Look<'_>, prefix: &Path) -> PathBuf {
    if look.host.os == Os::Windows { prefix.to_owned() } else { prefix.join("lib") }
}

/// The code of a program that takes the place of a package.
pub(super) fn program(look: &mut Look<'_>, source: Source, path: &Path) -> Result<Code, Reason> {
    let real = path.canonicalize().map_err(|_| Reason::FileUnreadable)?;
    let code = match node_modules::package_of(&real) {
        Some((name, folder, root)) => node_modules::package(look, source, &name, &folder, &Lock::Npm(&root))?,
        None => local::file(look, source, &real)?,
    };
    Ok(Code { shadow: Some(path.to_owned()), ..code })
}

/// A package that is installed already and good enough for what is asked.
fn satisfying(look: &mut Look<'_>, source: Source, root: &Path) -> Result<Option<Code>, Reason> {
    let line = look.line();
    let (Ecosystem::Npm, Some(name), true) = (line.ecosystem, line.package.clone(), line.specs.len() == 1) else {
        return Ok(None);
    };
    let folder = root.join("node_modules").join(&name);
    let Some(manifest) = text(&folder.join("package.json")) else { return Ok(None) };
    let manifest: Json = serde_json::from_str(&manifest).map_err(|_| Reason::PackageUnreadable)?;
    let version = manifest["version"].as_str().unwrap_or_default();
    let is_good = match (line.pin, line.version.as_deref()) {
        (Some(Pin::None), _) => true,
        (Some(Pin::Exact), Some(wanted)) => wanted.trim_start_matches(['=', 'v']) == version,
        (Some(Pin::Range), Some(range)) => in_range(version, range),
        // What a tag stands for only the registry knows.
        _ => false,
    };
    if !is_good {
        return Ok(None);
    }
    let code = node_modules::package(look, source, &name, &folder, &Lock::Npm(root))?;
    Ok(Some(Code { shadow: Some(folder), ..code }))
}

/// Whether a version lies in a range as npm understands it.
pub(super) fn in_range(version: &str, range: &str) -> bool {
    match (version.parse::<Version>(), range.parse::<Range>()) {
        (Ok(version), Ok(range)) => range.satisfies(&version),
        _ => false,
    }
}

/// The package that a folder of `_npx` was made for: the one that is asked for, or, of a git repository, the only one.
fn package_in(look: &Look<'_>, root: &Path) -> Result<String, Reason> {
    let line = look.line();
    let manifest = text(&root.join("package.json")).ok_or(Reason::NotInstalled)?;
    let manifest: Json = serde_json::from_str(&manifest).map_err(|_| Reason::PackageUnreadable)?;
    let named = manifest["dependencies"].as_object().map(|it| it.keys().cloned().collect::<Vec<_>>());
    let named = named.unwrap_or_default();
    let own = line.package.clone().filter(|name| line.ecosystem == Ecosystem::Npm && named.contains(name));
    let name = own.or_else(|| named.first().filter(|_| named.len() == 1).cloned()).ok_or(Reason::PackageUnreadable)?;
    // The name comes from a file; it must not lead out of the folder.
    let is_plain = is_file_name(&name) && fs::metadata(root.join("node_modules").join(&name)).is_ok();
    if is_plain { Ok(name) } else { Err(Reason::NotInstalled) }
}
