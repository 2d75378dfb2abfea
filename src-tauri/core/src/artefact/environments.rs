//! A Python environment: which packages are in it, and whether their files are those of their records.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::host::files::Digest;

use super::one_off::folders_and_files;
use super::settings::text;
use super::tree::{MOST_BYTES, MOST_FILES};
use super::{Code, Look, Reason, Source};

/// A package as its `*.dist-info` folder names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Package {
    /// Lower case, with `-` between its parts.
    pub(super) name: String,
    pub(super) version: String,
    pub(super) info: PathBuf,
}

impl Package {
    fn of(info: PathBuf) -> Option<Self> {
        let (name, version) = info.file_name()?.to_str()?.strip_suffix(".dist-info")?.split_once('-')?;
        let (name, version) = (normalized(name), version.to_owned());
        Some(Self { name, version, info })
    }

    /// Whether it was asked for, and did not come along with another one.
    pub(super) fn is_requested(&self) -> bool {
        self.info.join("REQUESTED").is_file()
    }

    /// The commit of the repository that it was built from.
    pub(super) fn commit(&self) -> Option<String> {
        let origin: Json = serde_json::from_str(&text(&self.info.join("direct_url.json"))?).ok()?;
        origin["vcs_info"]["commit_id"].as_str().map(str::to_owned)
    }

    /// Whether it brings a program of this name.
    fn has_program(&self, program: &str) -> bool {
        let points = text(&self.info.join("entry_points.txt")).unwrap_or_default();
        points.lines().filter_map(|line| line.split_once('=')).any(|(name, _)| name.trim() == program)
    }

    /// The paths of its files, from the folder that its papers lie in.
    pub(super) fn paths(&self) -> Vec<String> {
        self.record().into_iter().map(|(path, _)| path).collect()
    }

    /// Path and hash of each of its files, as they were when it was installed. Its programs lie outside and are made anew
    /// in each environment. A file without a hash counts too, or a package could leave its code out; what Python compiles
    /// for itself has none.
    fn record(&self) -> Vec<(String, String)> {
        let record = text(&self.info.join("RECORD")).unwrap_or_default();
        let rows = record.lines().filter_map(|line| {
            let (path, rest) = match line.strip_prefix('"') {
                Some(quoted) => quoted.split_once("\",")?,
                None => line.split_once(',')?,
            };
            let hash = rest.split(',').next().unwrap_or_default();
            let inside = !path.starts_with("..") && !path.starts_with('/') && !path.split('/').any(|part| part == "..");
            let counts = inside && (!hash.is_empty() || !is_compiled(path));
            counts.then(|| (path.to_owned(), hash.to_owned()))
        });
        let mut rows: Vec<_> = rows.filter(|(path, _)| !is_of_the_installer(path)).collect();
        rows.sort();
        rows
    }
}

/// What differs with who installed it, not with what is installed.
fn is_of_the_installer(path: &str) -> bool {
    path.split_once(".dist-info/").is_some_and(|(_, name)| {
        matches!(name, "INSTALLER" | "REQUESTED" | "direct_url.json" | "uv_cache.json" | "uv_build.json" | "RECORD")
    })
}

/// The name by which packages are compared.
pub(super) fn normalized(name: &str) -> String {
    let mut parts = name.split(['-', '_', '.']).filter(|part| !part.is_empty());
    let first = parts.next().unwrap_or_default().to_lowercase();
    parts.fold(first, |name, part| format!("{name}-{}", part.to_lowercase()))
}

/// The folder of an environment in which packages are.
pub(super) fn site_packages(environment: &Path) -> Option<PathBuf> {
    let windows = environment.join("Lib/site-packages");
    if windows.is_dir() {
        return Some(windows);
    }
    let pythons = folders_and_files(&environment.join("lib"));
    pythons.into_iter().map(|python| python.join("site-packages")).find(|path| path.is_dir())
}

/// All packages of an environment.
pub(super) fn packages(environment: &Path) -> Vec<Package> {
    site_packages(environment).map(|site| packages_in(&site)).unwrap_or_default()
}

/// All packages whose papers lie in a folder.
pub(super) fn packages_in(site: &Path) -> Vec<Package> {
    folders_and_files(site).into_iter().filter_map(Package::of).collect()
}

/// The package that a program of an environment belongs to, with the environment.
pub(super) fn package_of(program: &Path) -> Option<(PathBuf, Package)> {
    let environment = program.parent()?.parent()?;
    if !environment.join("pyvenv.cfg").is_file() {
        return None;
    }
    let name = program.file_name()?.to_str()?;
    let name = name.strip_suffix(".exe").unwrap_or(name);
    let package = packages(environment).into_iter().find(|package| package.has_program(name))?;
    Some((environment.to_owned(), package))
}

/// The package that a module of an environment belongs to.
pub(super) fn package_of_module(environment: &Path, module: &str) -> Option<Package> {
    let top = module.split('.').next().unwrap_or_default();
    let starts = |path: &str| path == format!("{top}.py") || path.starts_with(&format!("{top}/"));
    packages(environment).into_iter().find(|package| package.record().iter().any(|(path, _)| starts(path)))
}

/// Reads a package: the files that its record lists, the programs of the environment, and the records of all others.
pub(super) fn package(
    look: &mut Look<'_>,
    source: Source,
    environment: &Path,
    package: &Package,
) -> Result<Code, Reason> {
    let site = site_packages(environment).ok_or(Reason::PackageUnreadable)?;
    let (mut files, mut partly, mut bytes) = (String::new(), false, 0);
    let record = package.record();
    if record.is_empty() {
        return Err(Reason::PackageUnreadable);
    }
    for (at, (path, hash)) in record.iter().enumerate() {
        let file = site.join(path);
        let size = file.symlink_metadata().map_or(0, |meta| meta.len());
        bytes += size;
        let found = if at < MOST_FILES && bytes <= MOST_BYTES {
            digest_or_gone(look, &file)
        } else {
            partly = true;
            format!("{hash} {size}")
        };
        files += &format!("{path}\0{found}\0");
    }
    let mut others = String::new();
    for other in packages(environment).iter().filter(|other| other.info != package.info) {
        others += &format!("{} {}\n", other.name, other.version);
        for (path, hash) in other.record() {
            let hash = if hash.is_empty() { digest_or_gone(look, &site.join(&path)) } else { hash };
            others += &format!("{path}\0{hash}\0");
        }
    }
    // Run by the interpreter before anything else, whoever put them there.
    let starts = folders_and_files(&site).into_iter().filter(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".pth") || name == "sitecustomize.py" || name == "usercustomize.py"
    });
    for path in starts {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        others += &format!("{name}\0{}\0", look.digest(&path)?);
    }
    let programs = programs(environment, package);
    let ours = format!("files {}\nothers {}\nprograms {programs}\n", of(&files), of(&others));
    let built_from = package.commit().map(|commit| format!("git:{commit}"));
    let integrity = built_from.into_iter().chain([format!("sha256:{}", of(&ours))]).collect::<Vec<_>>().join(" ");
    let version = Some(package.version.clone());
    Ok(Code { version, integrity, source, from: site, partly, shadow: None, digest: None })
}

fn digest_or_gone(look: &mut Look<'_>, file: &Path) -> String {
    look.digest(file).map_or_else(|_| "gone".to_owned(), |digest| digest.to_string())
}

fn is_compiled(path: &str) -> bool {
    path.ends_with(".pyc") && path.contains("__pycache__/")
}

fn of(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

/// The programs of the package. They name the environment that they lie in, which says nothing of the code.
fn programs(environment: &Path, package: &Package) -> Digest {
    let points = text(&package.info.join("entry_points.txt")).unwrap_or_default();
    let names = points.lines().filter_map(|line| Some(line.split_once('=')?.0.trim().to_owned()));
    let mut out = String::new();
    for name in names.filter(|name| !name.contains(['/', '\\'])) {
        let script = text(&environment.join("bin").join(&name)).unwrap_or_default();
        let body: Vec<_> = script.lines().filter(|line| !names_interpreter(line)).collect();
        out += &format!("{name}\0{}\0", body.join("\n"));
    }
    of(&out)
}

/// The line that names the interpreter by its place, in either of the two forms that installers write.
fn names_interpreter(line: &str) -> bool {
    line.starts_with("#!") || line.starts_with("'''exec' ") || line == "' '''"
}
