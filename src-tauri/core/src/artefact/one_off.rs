//! What `bunx`, `pnpm dlx` and `yarn dlx` run.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use nodejs_semver::Version;
use serde_json::Value as Json;

use crate::host::{Os, name_fits};
use crate::launch_line::{Ecosystem, Pin};

use super::node_modules::{self, Lock};
use super::npx::{self, in_range};
use super::settings::text;
use super::{Code, Look, Reason, Source};

/// Which of several installs a launch gets that asks for no version: final ones first, the highest, made last.
pub(super) type Rank<V> = (bool, Option<V>, u128);

/// Folders of a cache that are looked through.
const MOST_FOLDERS: usize = 1_000;

/// Bun takes a program of the project first, then `<cache>/.bunx-<user>/<name>@<version>`.
pub(super) fn bunx(look: &mut Look<'_>) -> Result<Code, Reason> {
    let line = look.line();
    let (Ecosystem::Npm, Some(name)) = (line.ecosystem, line.package.clone()) else {
        return Err(Reason::PackageNotTold);
    };
    if line.version.is_none()
        && let Some(folder) = look.start.folder.clone()
    {
        let program = line.entry.as_deref().unwrap_or_else(|| name.rsplit('/').next().unwrap_or_default());
        let found = npx::programs_above(&folder, program).into_iter().find(|path| path.is_file());
        if let Some(found) = found {
            return npx::program(look, Source::LocalProgram, &found);
        }
    }
    let version = line.version.as_deref().unwrap_or("latest");
    let wanted = format!("{name}@{version}");
    let mut roots: Vec<PathBuf> = folders(&bun_cache(look)?)
        .into_iter()
        .filter(|it| is_called(it, ".bunx-*"))
        .map(|it| it.join(&wanted))
        .collect();
    // Earlier it was the folder for temporary files: `bunx-<user>-<name>@<version>`, a scope as a folder of its own.
    let temporary = look.settings().folder(&["BUN_TMPDIR", "TMPDIR"])?;
    for folder in temporary.into_iter().chain([look.host.root.join("tmp")]) {
        let of_bun = folders(&folder).into_iter().filter(|it| is_called(it, "bunx-*"));
        let users = of_bun.filter_map(|it| Some(it.file_name()?.to_str()?.split('-').nth(1)?.to_owned()));
        roots.extend(users.map(|user| folder.join(format!("bunx-{user}-{wanted}"))));
    }
    let root = roots.into_iter().find(|root| root.join("node_modules").join(&name).is_dir());
    let root = root.ok_or(Reason::NotInstalled)?;
    let folder = root.join("node_modules").join(&name);
    node_modules::package(look, Source::BunxCache, &name, &folder, &Lock::Bun(&root.join("bun.lock")))
}

/// The folder of bun's cache.
pub(super) fn bun_cache(look: &Look<'_>) -> Result<PathBuf, Reason> {
    let settings = look.settings();
    if let Some(told) = settings.folder(&["BUN_INSTALL_CACHE_DIR"])? {
        return Ok(told);
    }
    let bun = settings.folder(&["BUN_INSTALL"])?.unwrap_or_else(|| look.host.home.join(".bun"));
    Ok(bun.join("install/cache"))
}

/// pnpm has a folder for each set of exact versions. A launch that floats gets what its registry calls the latest: of
/// those that are here, the highest that fits.
pub(super) fn pnpm_dlx(look: &mut Look<'_>) -> Result<Code, Reason> {
    let line = look.line();
    if line.specs.len() != 1 {
        return Err(Reason::SeveralPackages);
    }
    let mut found: Option<(Rank<Version>, String, PathBuf)> = None;
    for folder in folders(&pnpm_cache(look)?) {
        let link = folder.join("pkg");
        let Some(manifest) = text(&link.join("package.json")) else { continue };
        let Ok(manifest) = serde_json::from_str::<Json>(&manifest) else { continue };
        for (name, version) in manifest["dependencies"].as_object().into_iter().flatten() {
            let version = version.as_str().unwrap_or_default();
            let is_it = match (line.ecosystem, line.package.as_deref()) {
                (Ecosystem::Npm, Some(wanted)) => {
                    wanted == name && is_wanted(line.pin, line.version.as_deref(), version)
                }
                _ => line.specs[0] == version,
            };
            let version = version.parse::<Version>().ok();
            let is_final = version.as_ref().is_some_and(|it| it.pre_release().is_empty());
            let rank = (is_final, version, made(&link));
            if is_it && found.as_ref().is_none_or(|(best, ..)| rank > *best) {
                found = Some((rank, name.clone(), link.clone()));
            }
        }
    }
    let (_, name, link) = found.ok_or(Reason::NotInstalled)?;
    let root = link.canonicalize().map_err(|_| Reason::PackageUnreadable)?;
    let folder = root.join("node_modules").join(&name);
    node_modules::package(look, Source::PnpmCache, &name, &folder, &Lock::Pnpm(&root.join("pnpm-lock.yaml")))
}

/// The folder of `pnpm dlx`.
pub(super) fn pnpm_cache(look: &Look<'_>) -> Result<PathBuf, Reason> {
    let told = look.settings().folder(&["npm_config_cache_dir", "pnpm_config_cache_dir"])?;
    Ok(match (told, look.host.os) {
        (Some(told), _) => told,
        (None, Os::Windows) => look.settings().local_app_data().join("pnpm-cache"),
        (None, _) => look.settings().cache("pnpm")?,
    }
    .join("dlx"))
}

fn is_wanted(pin: Option<Pin>, wanted: Option<&str>, version: &str) -> bool {
    match (pin, wanted) {
        (Some(Pin::Exact), Some(wanted)) => wanted.trim_start_matches(['=', 'v']) == version,
        (Some(Pin::Range), Some(range)) => in_range(version, range),
        _ => true,
    }
}

/// yarn unpacks nothing that stays: of an exact version the archive in its cache is the code, of others nothing tells.
pub(super) fn yarn_dlx(look: &mut Look<'_>) -> Result<Code, Reason> {
    let line = look.line();
    let (Some(name), Some(version), Some(Pin::Exact)) = (&line.package, &line.version, line.pin) else {
        return Err(Reason::FetchedAnew);
    };
    let start = format!("{}-npm-{}-", name.replace('/', "-"), version.trim_start_matches(['=', 'v']));
    let version = version.clone();
    let mut archives = folders_and_files(&yarn_cache(look)?);
    archives.retain(|path| {
        let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        name.starts_with(&start) && name.ends_with(".zip")
    });
    let archive = archives.first().ok_or(Reason::NotInstalled)?;
    let digest = look.digest(archive)?;
    Ok(Code {
        version: Some(version),
        integrity: format!("sha256:{digest}"),
        source: Source::YarnCache,
        from: archive.clone(),
        partly: false,
        shadow: None,
        digest: None,
    })
}

/// The folder of yarn's archives.
pub(super) fn yarn_cache(look: &Look<'_>) -> Result<PathBuf, Reason> {
    let global = look.settings().folder(&["YARN_GLOBAL_FOLDER"])?;
    let global = global.unwrap_or_else(|| match look.host.os {
        Os::Windows => look.settings().local_app_data().join("Yarn/Berry"),
        _ => look.host.home.join(".yarn/berry"),
    });
    Ok(global.join("cache"))
}

/// Whether a path ends in a name; `*` in it is any text.
pub(super) fn is_called(path: &Path, name: &str) -> bool {
    path.file_name().is_some_and(|it| name_fits(name, &it.to_string_lossy()))
}

/// What stands in a folder, by name; nothing where it cannot be read.
pub(super) fn folders_and_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

pub(super) fn folders(folder: &Path) -> Vec<PathBuf> {
    folders_and_files(folder).into_iter().filter(|path| path.is_dir()).take(MOST_FOLDERS).collect()
}

/// When a link or folder was put where it is, in nanoseconds.
pub(super) fn made(path: &Path) -> u128 {
    let time = path.symlink_metadata().and_then(|meta| meta.modified()).ok();
    time.and_then(|time| time.duration_since(UNIX_EPOCH).ok()).map_or(0, |since| since.as_nanos())
}
