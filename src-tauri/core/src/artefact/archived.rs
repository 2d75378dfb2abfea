//! Older versions that the caches of the package managers still have.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha512};

use crate::archive::{self, Contents, Refused};
use crate::host::Host;
use crate::host::files;
use crate::launch_line::Ecosystem;

use super::one_off::folders_and_files;
use super::{Look, Memo, Start, contents, environments, npx, python};

/// Entries of npm's index that are read.
const MOST_ENTRIES: usize = 60_000;

/// Which version is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Older<'a> {
    pub version: Option<&'a str>,
    /// As an artefact has it: the registry's own digest of the archive may be a part of it.
    pub integrity: Option<&'a str>,
}

/// The files of a version of the package that a launch names, if a cache has it.
pub fn archived(host: &Host, start: &Start<'_>, older: &Older<'_>) -> Result<Option<Contents>, Refused> {
    let mut memo = Memo::default();
    let look = Look { host, start, memo: &mut memo };
    match look.line().ecosystem {
        Ecosystem::Npm => of_npm(&look, older),
        Ecosystem::Pypi => Ok(of_uv(&look, older)),
        _ => Ok(None),
    }
}

/// npm keeps each archive that it fetched by its digest, and lists them by their addresses.
fn of_npm(look: &Look<'_>, older: &Older<'_>) -> Result<Option<Contents>, Refused> {
    let project = look.start.folder.as_deref().map(npx::local_prefix);
    let Ok(cache) = npx::cache(look, project.as_deref()) else { return Ok(None) };
    let cache = cache.join("_cacache");
    let told = older.integrity.and_then(|all| all.split(' ').find_map(sha512)).or_else(|| {
        let (name, version) = (look.line().package.as_deref()?, older.version?);
        listed(&cache.join("index-v5"), name, version)
    });
    let Some(digest) = told else { return Ok(None) };
    let hex = hex::encode(&digest);
    let path = cache.join("content-v2/sha512").join(&hex[..2]).join(&hex[2..4]).join(&hex[4..]);
    let Ok(read) = files::read(&path) else { return Ok(None) };
    // A cache is a folder like any other.
    if Sha512::digest(&read.bytes)[..] != digest[..] {
        return Ok(None);
    }
    let version = older.version.unwrap_or_default();
    let name = format!("{}-{version}.tgz", look.line().package.as_deref().unwrap_or_default());
    archive::read(&name, &read.bytes).map(Some)
}

/// `sha512-…` in base64.
fn sha512(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text.strip_prefix("sha512-")?).ok().filter(|digest| digest.len() == 64)
}

/// The digest of an archive by its name in npm's index: lines of a hash, a tab and an object with key and integrity.
fn listed(index: &Path, package: &str, version: &str) -> Option<Vec<u8>> {
    let leaf = package.rsplit('/').next().unwrap_or(package);
    let ends = [
        format!("/{package}/-/{leaf}-{version}.tgz"),
        format!("/{}/-/{leaf}-{version}.tgz", package.replace('/', "%2f")),
    ];
    let first = folders_and_files(index);
    let files = first.iter().flat_map(|folder| folders_and_files(folder)).flat_map(|folder| folders_and_files(&folder));
    let mut found = None;
    for file in files.take(MOST_ENTRIES) {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        if !ends.iter().any(|end| text.contains(end.as_str())) {
            continue;
        }
        // The last line that names it counts.
        for line in text.lines().filter_map(|line| line.split_once('\t')) {
            let Ok(entry) = serde_json::from_str::<Json>(line.1) else { continue };
            let is_it = entry["key"].as_str().is_some_and(|key| ends.iter().any(|end| key.ends_with(end.as_str())));
            if is_it {
                found = entry["integrity"].as_str().and_then(|all| all.split(' ').find_map(sha512)).or(found);
            }
        }
    }
    found
}

/// uv keeps each wheel unpacked, in a folder of its own.
fn of_uv(look: &Look<'_>, older: &Older<'_>) -> Option<Contents> {
    let cache = python::uv_cache(look).ok()?;
    let name = environments::normalized(look.line().package.as_deref()?);
    let version = older.version?;
    let archives: Vec<PathBuf> =
        folders_and_files(&cache).into_iter().filter(|path| super::one_off::is_called(path, "archive-v*")).collect();
    let folders = archives.iter().flat_map(|archive| folders_and_files(archive));
    let fits = |folder: PathBuf| {
        let all = environments::packages_in(&folder);
        // An environment is kept beside the wheels; its packages are links or copies of those.
        let package = all.into_iter().find(|package| package.name == name && package.version == version)?;
        contents::of_package(&folder, &package)
    };
    folders.take(MOST_ENTRIES).find_map(fits)
}
