//! The simple index of Python packages, as JSON.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value as Json;
use url::Url;

use crate::facts::{Publication, Release};
use crate::network::{Answer, Failure};

pub(super) const ACCEPT: &str = "application/vnd.pypi.simple.v1+json";

#[derive(Deserialize)]
struct Index {
    name: String,
    files: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    filename: String,
    url: String,
    #[serde(default)]
    hashes: BTreeMap<String, String>,
    /// `true`, or the reason.
    #[serde(default)]
    yanked: Json,
    #[serde(default, rename = "upload-time")]
    uploaded: Option<Timestamp>,
    /// The address of its attestation.
    #[serde(default)]
    provenance: Option<String>,
}

/// The name as indexes compare it.
pub(super) fn normalised(name: &str) -> String {
    let words = name.split(['-', '_', '.']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

/// `<index>/<name>/`
pub(super) fn address(index: &Url, name: &str) -> Option<Url> {
    Url::parse(&format!("{}/{name}/", index.as_str().trim_end_matches('/'))).ok()
}

pub(super) fn read(
    answer: &Answer,
    registry: String,
    asked: &Url,
    wanted: &BTreeSet<String>,
) -> Result<Publication, Failure> {
    let index: Index = serde_json::from_slice(&answer.body).map_err(|_| Failure::Unreadable)?;
    let mut releases: BTreeMap<String, (Rank, Release)> = BTreeMap::new();
    for file in &index.files {
        let Some((version, rank)) = version(&file.filename, &index.name) else { continue };
        let release = Release {
            published: file.uploaded,
            integrity: file.hashes.get("sha256").map(|hash| format!("sha256:{hash}")),
            archive: asked.join(&file.url).ok().map(String::from),
            attested: file.provenance.is_some(),
            // What is built on this machine runs the package's own code for that.
            installs_by_script: rank == Rank::Source,
            withdrawn: file.yanked.as_bool() == Some(true) || file.yanked.is_string(),
            ..Release::default()
        };
        let entry = releases.entry(version).or_insert_with(|| (rank, release.clone()));
        // A version is as old as its first file, and is what its best file is.
        let (first, attested) = (earlier(entry.1.published, release.published), entry.1.attested && release.attested);
        if rank < entry.0 {
            *entry = (rank, release);
        }
        (entry.1.published, entry.1.attested) = (first, attested);
    }
    if releases.is_empty() {
        return Err(Failure::NotFound);
    }
    let all = releases.into_iter().map(|(version, (_, release))| (version, release)).collect();
    Ok(Publication { at: answer.at, registry, tags: BTreeMap::new(), releases: super::offer::newest(all, wanted) })
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}

/// Which of a version's files installers take first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    AnyWheel,
    Wheel,
    Source,
}

/// The version that stands in the name of a file.
fn version(file: &str, name: &str) -> Option<(String, Rank)> {
    if let Some(stem) = file.strip_suffix(".whl") {
        let mut parts = stem.split('-');
        let is_it = parts.next().is_some_and(|it| normalised(it) == normalised(name));
        let rank = if stem.ends_with("-none-any") { Rank::AnyWheel } else { Rank::Wheel };
        return parts.next().filter(|_| is_it).map(|version| (version.to_owned(), rank));
    }
    let stem = file.strip_suffix(".tar.gz").or_else(|| file.strip_suffix(".zip"))?;
    let (before, version) = stem.rsplit_once('-')?;
    (normalised(before) == normalised(name)).then(|| (version.to_owned(), Rank::Source))
}
