//! What `uvx` and `pipx run` run.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use pep440_rs::{Version, VersionSpecifiers};
use serde_json::Value as Json;

use crate::host::Os;
use crate::launch_line::{Ecosystem, Pin};

use super::environments::{self, Package};
use super::one_off::{Rank, folders, folders_and_files, is_called, made};
use super::settings::text;
use super::{Code, Look, Reason, Source};

/// uv takes an installed tool where the launch asks for no other version, else an environment of its cache.
pub(super) fn uvx(look: &mut Look<'_>) -> Result<Code, Reason> {
    if look.settings().flag("--no-cache").is_some() || look.has_flag(&["--no-cache", "-n"]) {
        return Err(Reason::FetchedAnew);
    }
    let is_plain = !look.has_flag(&["--isolated", "--with", "--with-editable", "--with-requirements"]);
    if let (Some(name), true) = (wanted(look), is_plain && look.line().pin != Some(Pin::Latest)) {
        let tool = tools(look)?.join(&name);
        let found = environments::packages(&tool).into_iter().find(|it| it.name == name && fits(look, it));
        if let Some(package) = found {
            return environments::package(look, Source::UvTool, &tool, &package);
        }
    }
    cached(look)
}

/// The environments in uv's cache do not tell by what request they were made. Taken is, of those that hold the package
/// asked for by its name, the one with the highest version that fits: the index gives no other to a launch that floats.
fn cached(look: &mut Look<'_>) -> Result<Code, Reason> {
    let mut found: Option<(Rank<Version>, PathBuf, Package)> = None;
    for link in environments_of(&uv_cache(look)?) {
        let Ok(environment) = link.canonicalize() else { continue };
        let package = environments::packages(&environment).into_iter().find(|it| it.is_requested() && is_it(look, it));
        let Some(package) = package else { continue };
        let version = Version::from_str(&package.version).ok();
        let is_final = version.as_ref().is_some_and(|it| !it.any_prerelease());
        let rank = (is_final, version, made(&link));
        if found.as_ref().is_none_or(|(best, ..)| rank > *best) {
            found = Some((rank, environment, package));
        }
    }
    let (_, environment, package) = found.ok_or(Reason::NotInstalled)?;
    environments::package(look, Source::UvCache, &environment, &package)
}

fn environments_of(cache: &Path) -> Vec<PathBuf> {
    let generations = folders(cache).into_iter().filter(|it| is_called(it, "environments-*"));
    generations.flat_map(|it| folders(&it)).flat_map(|interpreter| folders(&interpreter)).collect()
}

/// `pipx run` keeps an environment for each requirement and writes beside it what was asked for; with uv at hand it
/// leaves all to uv.
pub(super) fn pipx(look: &mut Look<'_>) -> Result<Code, Reason> {
    let spec = look.line().specs.first().cloned().ok_or(Reason::PackageNotTold)?;
    let mut found: Option<(u128, PathBuf, Package)> = None;
    for environment in pipx_caches(look)?.iter().flat_map(|cache| folders(cache)) {
        let metadata = text(&environment.join("pipx_metadata.json"));
        let Some(metadata) = metadata.and_then(|text| serde_json::from_str::<Json>(&text).ok()) else { continue };
        let main = &metadata["main_package"];
        if main["package_or_url"].as_str() != Some(&spec) {
            continue;
        }
        let name = environments::normalized(main["package"].as_str().unwrap_or_default());
        let package = environments::packages(&environment).into_iter().find(|it| it.name == name);
        let made = made(&environment);
        if let Some(package) = package
            && found.as_ref().is_none_or(|(newest, ..)| made > *newest)
        {
            found = Some((made, environment, package));
        }
    }
    match found {
        Some((_, environment, package)) => environments::package(look, Source::PipxCache, &environment, &package),
        None => cached(look),
    }
}

/// The package by its normalised name; `None` where the launch names a repository or an archive.
fn wanted(look: &Look<'_>) -> Option<String> {
    let line = look.line();
    line.package.as_deref().filter(|_| line.ecosystem == Ecosystem::Pypi).map(environments::normalized)
}

fn is_it(look: &Look<'_>, package: &Package) -> bool {
    match wanted(look) {
        // What was built from a repository came from no index.
        Some(name) => package.name == name && package.commit().is_none() && fits(look, package),
        None => look.line().ecosystem == Ecosystem::Git && is_from_repository(look, package),
    }
}

/// Whether a package was built from the repository that the launch names.
fn is_from_repository(look: &Look<'_>, package: &Package) -> bool {
    let Some(origin) = text(&package.info.join("direct_url.json")) else { return false };
    let Ok(origin) = serde_json::from_str::<Json>(&origin) else { return false };
    let url = origin["url"].as_str().unwrap_or_default().trim_end_matches('/');
    let line = look.line();
    let names = |repository: &str| url.strip_suffix(".git").unwrap_or(url).ends_with(&format!("/{repository}"));
    let is_commit = match line.pin {
        Some(Pin::Digest) => package.commit() == line.version,
        _ => package.commit().is_some(),
    };
    is_commit && line.package.as_deref().is_some_and(names)
}

/// Whether the version of an installed package is what the launch asks for.
fn fits(look: &Look<'_>, package: &Package) -> bool {
    let line = look.line();
    match (line.pin, line.version.as_deref()) {
        (Some(Pin::Exact), Some(wanted)) => match (Version::from_str(wanted), Version::from_str(&package.version)) {
            (Ok(wanted), Ok(found)) => wanted == found,
            _ => wanted == package.version,
        },
        (Some(Pin::Range), Some(range)) => {
            let range =
                if range.starts_with(|c: char| c.is_ascii_digit()) { format!("=={range}") } else { range.to_owned() };
            match (VersionSpecifiers::from_str(&range), Version::from_str(&package.version)) {
                (Ok(range), Ok(found)) => range.contains(&found),
                _ => false,
            }
        }
        _ => true,
    }
}

/// The folder of `uv tool install`.
pub(super) fn tools(look: &Look<'_>) -> Result<PathBuf, Reason> {
    if let Some(told) = look.settings().folder(&["UV_TOOL_DIR"])? {
        return Ok(told);
    }
    Ok(match look.host.os {
        Os::Windows => look.settings().app_data().join("uv/tools"),
        _ => look.settings().data()?.join("uv/tools"),
    })
}

/// uv's cache; on macOS too it is `~/.cache/uv`.
pub(super) fn uv_cache(look: &Look<'_>) -> Result<PathBuf, Reason> {
    let settings = look.settings();
    if let Some(told) = settings.flag("--cache-dir") {
        return settings.place(told);
    }
    if let Some(told) = settings.folder(&["UV_CACHE_DIR"])? {
        return Ok(told);
    }
    Ok(match look.host.os {
        Os::Windows => settings.local_app_data().join("uv/cache"),
        _ => settings.folder(&["XDG_CACHE_HOME"])?.unwrap_or_else(|| look.host.home.join(".cache")).join("uv"),
    })
}

/// Where `pipx run` keeps environments: in the cache folder of the system, or in a home of its own.
pub(super) fn pipx_caches(look: &Look<'_>) -> Result<Vec<PathBuf>, Reason> {
    let own = look.settings().folder(&["PIPX_HOME"])?.map(|home| home.join(".cache"));
    let system = match look.host.os {
        Os::Windows => look.settings().local_app_data().join("pipx/pipx/Cache"),
        _ => look.settings().cache("pipx")?,
    };
    let old = look.host.home.join(".local/pipx/.cache");
    Ok(own.into_iter().chain([system, old]).filter(|path| !folders_and_files(path).is_empty()).collect())
}
