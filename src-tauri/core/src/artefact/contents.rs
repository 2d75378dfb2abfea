//! The files of code that was found, as they lie there: the same that its digest is of.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::archive::{self, Contents, Refused};
use crate::facts::ArtefactState;
use crate::host::files::{self, open_regular};

use super::environments::{self, Package};
use super::settings::text;
use super::tree::{MOST_BYTES, MOST_FILES};
use super::{Found, Start};

const DEEPEST: usize = 64;

/// Why the files of code are not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// It is not known what runs.
    #[error("the code is not known")]
    NotKnown,
    /// An image, a repository, or a server elsewhere: no files that could be compared.
    #[error("there are no files of it here")]
    NoFiles,
    #[error("{path} cannot be read", path = path.display())]
    Unreadable { path: PathBuf },
    #[error(transparent)]
    Refused(#[from] Refused),
}

/// Reads the files of code that was found. Nothing is run, no link is followed, nothing is written.
pub fn contents(start: &Start<'_>, found: &Found) -> Result<Contents, Unread> {
    let ArtefactState::Known { version, .. } = &found.artefact.state else { return Err(Unread::NotKnown) };
    let from = found.evidence.from.as_deref().ok_or(Unread::NoFiles)?;
    let unreadable = || Unread::Unreadable { path: from.to_owned() };
    // pnpm has the package elsewhere, behind a link.
    let real = from.canonicalize().map_err(|_| unreadable())?;
    if real.is_file() {
        return of_file(&real);
    }
    if real.join("package.json").is_file() {
        return of_folder(&real).ok_or_else(unreadable);
    }
    let wanted = start.connector.launch_line.package.as_deref().map(environments::normalized);
    let program = found.evidence.file.as_ref().and_then(|file| environments::package_of(&file.path));
    let all = environments::packages_in(&real);
    let is_version = |package: &&Package| version.as_ref().is_none_or(|version| *version == package.version);
    let named = all.iter().filter(is_version).find(|package| wanted.as_ref() == Some(&package.name));
    let asked = all.iter().filter(is_version).find(|package| package.is_requested());
    let package = program.map(|(_, package)| package).or(named.or(asked).cloned()).ok_or(Unread::NoFiles)?;
    of_package(&real, &package).ok_or_else(unreadable)
}

fn of_file(real: &Path) -> Result<Contents, Unread> {
    let bytes = read(real).ok_or_else(|| Unread::Unreadable { path: real.to_owned() })?;
    let name = real.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if name.ends_with(".zip") || name.ends_with(".tgz") || name.ends_with(".whl") {
        return Ok(of_yarn(archive::read(&name, &bytes)?));
    }
    let mut contents = Contents::default();
    contents.add(name, bytes);
    Ok(contents)
}

/// yarn keeps a package below the path that it would be unpacked to.
fn of_yarn(contents: Contents) -> Contents {
    let manifests = contents.files().map(|(path, _)| path).filter(|path| path.ends_with("/package.json"));
    let root = manifests.min_by_key(|path| path.len()).filter(|path| path.starts_with("node_modules/"));
    match root.and_then(|path| path.strip_suffix("package.json")).map(str::to_owned) {
        Some(root) => contents.below(&root),
        None => contents,
    }
}

/// The files of a folder of `node_modules`; what the package needs counts only where it brings it along.
pub(super) fn of_folder(root: &Path) -> Option<Contents> {
    let manifest: Option<Json> = text(&root.join("package.json")).and_then(|text| serde_json::from_str(&text).ok());
    let brings = |name: &str| {
        let list = manifest.as_ref().map(|it| &it[name]);
        list.is_some_and(|it| it.as_bool() == Some(true) || it.as_array().is_some_and(|all| !all.is_empty()))
    };
    let brings_along = brings("bundleDependencies") || brings("bundledDependencies");
    let mut paths = Vec::new();
    let whole = list(root, Path::new(""), 0, brings_along, &mut paths)?;
    paths.sort();
    let mut contents = gather(root, paths.iter().map(PathBuf::as_path));
    contents.partly |= !whole;
    Some(contents)
}

/// The files that the record of an installed package lists.
pub(super) fn of_package(site: &Path, package: &Package) -> Option<Contents> {
    let paths = package.paths();
    (!paths.is_empty()).then(|| gather(site, paths.iter().map(Path::new)))
}

fn gather<'a>(root: &Path, paths: impl Iterator<Item = &'a Path>) -> Contents {
    let mut contents = Contents::default();
    let (mut files, mut bytes) = (0, 0);
    for path in paths {
        let full = root.join(path);
        let Some(size) = full.symlink_metadata().ok().filter(fs::Metadata::is_file).map(|meta| meta.len()) else {
            continue;
        };
        if files >= MOST_FILES || bytes + size > MOST_BYTES {
            contents.partly = true;
            continue;
        }
        let Some(read) = read(&full) else {
            contents.partly = true;
            continue;
        };
        (files, bytes) = (files + 1, bytes + size);
        contents.add(path.to_string_lossy().replace('\\', "/"), read);
    }
    contents
}

/// Lists the files below; false where there is more than is listed.
fn list(root: &Path, below: &Path, depth: usize, brings_along: bool, out: &mut Vec<PathBuf>) -> Option<bool> {
    if depth > DEEPEST {
        return Some(false);
    }
    let mut whole = true;
    for entry in fs::read_dir(root.join(below)).ok()?.flatten() {
        let (name, Ok(meta)) = (below.join(entry.file_name()), entry.metadata()) else { continue };
        if meta.is_dir() {
            let is_foreign = entry.file_name() == "node_modules" && !brings_along;
            if !is_foreign && entry.file_name() != "__pycache__" {
                whole &= list(root, &name, depth + 1, brings_along, out).unwrap_or(false);
            }
        } else if meta.is_file() {
            if out.len() > MOST_FILES {
                return Some(false);
            }
            out.push(name);
        }
    }
    Some(whole)
}

fn read(path: &Path) -> Option<Vec<u8>> {
    let file = open_regular(path).ok()?;
    let meta = file.metadata().ok()?;
    if !meta.is_file() || meta.len() > files::MAX_BYTES {
        return None;
    }
    files::contents(&file).ok()?.map(|(bytes, _)| bytes)
}
