//! Where to watch, so that new code behind an unchanged launch is seen when it comes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::host::Host;
use crate::launch_line::{Ecosystem, Runner};

use super::images;
use super::npx;
use super::one_off;
use super::python;
use super::{Found, Look, Memo, Start};

/// Folders and files of one launch; beyond it only the folder itself is watched.
pub const MOST_FILES: usize = 256;

/// One place to watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Watch {
    /// This file, or the name where it will come: to be watched through its folder.
    File,
    /// What comes into this folder and leaves it, not what is below.
    Folder,
    /// All below, of which the files counted here are there now.
    Tree { files: usize },
}

/// The places that a change of the code would touch: where the code is, and where other code would take its place.
///
/// A place that is not there yet is named too; it is watched through the nearest folder that is. `found` is what [`super::look`]
/// told of the same start.
pub fn watch_places(host: &Host, start: &Start<'_>, found: &Found, memo: &mut Memo) -> BTreeMap<PathBuf, Watch> {
    let mut places = BTreeMap::new();
    if let Some(from) = &found.evidence.from {
        if from.is_dir() {
            let files = count(from);
            places.insert(from.clone(), if files < MOST_FILES { Watch::Tree { files } } else { Watch::Folder });
        } else {
            places.insert(from.clone(), Watch::File);
        }
    }
    // A link to a script can be made to lead elsewhere.
    let named = found.evidence.file.as_ref().and(start.connector.local_code.as_ref());
    let file = found.evidence.file.as_ref().map(|file| &file.path);
    for path in [found.evidence.shadow.as_ref(), file, named].into_iter().flatten() {
        places.entry(path.clone()).or_insert(Watch::File);
    }
    let look = Look { host, start, memo };
    for (path, watch) in of_tool(&look) {
        places.entry(path).or_insert(watch);
    }
    places
}

/// Where the runner looks, in whatever order.
fn of_tool(look: &Look<'_>) -> Vec<(PathBuf, Watch)> {
    let line = look.line();
    let folder = look.start.folder.as_deref();
    let mut places = Vec::new();
    let programs = |places: &mut Vec<_>, folder: Option<&Path>, name: &str| {
        // Above the home lies nothing that a project would bring.
        let near = folder.into_iter().flat_map(|it| npx::programs_above(it, name));
        let near = near.filter(|path| look.host.home.ancestors().skip(1).all(|it| *it != *above(path)));
        places.extend(near.map(|path| (path, Watch::File)));
    };
    match line.runner {
        Runner::Npx => {
            let project = folder.map(npx::local_prefix);
            if let Some(name) = line.package.as_deref().filter(|_| line.ecosystem == Ecosystem::Npm) {
                programs(&mut places, project.as_deref(), line.entry.as_deref().unwrap_or(name));
                let installed = project.iter().map(|it| it.join("node_modules").join(name).join("package.json"));
                places.extend(installed.map(|path| (path, Watch::File)));
            }
            if let Ok(cache) = npx::cache(look, project.as_deref()) {
                let root = cache.join("_npx").join(npx::folder_name(&line.specs));
                places.push((root.join("node_modules/.package-lock.json"), Watch::File));
                places.push((root.join("package.json"), Watch::File));
            }
        }
        Runner::Bunx => {
            if let Some(name) = line.package.as_deref() {
                programs(&mut places, folder, line.entry.as_deref().unwrap_or(name));
            }
            let users = one_off::bun_cache(look).map(|it| one_off::folders(&it)).unwrap_or_default();
            places.extend(
                users.into_iter().filter(|it| one_off::is_called(it, ".bunx-*")).map(|path| (path, Watch::Folder)),
            );
        }
        Runner::PnpmDlx => places.extend(one_off::pnpm_cache(look).map(|path| (path, Watch::Folder))),
        Runner::YarnDlx => places.extend(one_off::yarn_cache(look).map(|path| (path, Watch::Folder))),
        Runner::Uvx | Runner::PipxRun => {
            if let (Ok(tools), Some(name)) = (python::tools(look), line.normalized_package()) {
                places.push((tools.join(name).join("uv-receipt.toml"), Watch::File));
            }
            let generations = python::uv_cache(look).map(|cache| one_off::folders(&cache)).unwrap_or_default();
            for generation in generations.into_iter().filter(|it| one_off::is_called(it, "environments-*")) {
                places.extend(one_off::folders(&generation).into_iter().map(|path| (path, Watch::Folder)));
                places.push((generation, Watch::Folder));
            }
            if line.runner == Runner::PipxRun {
                places.extend(python::pipx_caches(look).unwrap_or_default().into_iter().map(|it| (it, Watch::Folder)));
            }
        }
        Runner::DockerRun => {
            places.push((images::docker(look), Watch::File));
            places.extend(images::podman(look).unwrap_or_default().into_iter().map(|path| (path, Watch::File)));
        }
        _ => {}
    }
    places.truncate(MOST_FILES);
    places
}

/// The folder whose `node_modules/.bin` a program stands in.
fn above(program: &Path) -> &Path {
    program.ancestors().find(|it| it.ends_with("node_modules")).and_then(Path::parent).unwrap_or(program)
}

/// Files below a folder, counted no further than the bound.
fn count(folder: &Path) -> usize {
    let (mut open, mut files) = (vec![folder.to_owned()], 0);
    while let Some(folder) = open.pop() {
        for path in one_off::folders_and_files(&folder) {
            files += 1;
            if files >= MOST_FILES {
                return files;
            }
            if path.is_dir() && !path.is_symlink() {
                open.push(path);
            }
        }
    }
    files
}
