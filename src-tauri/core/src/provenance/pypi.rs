//! The simple index of Python packages, as JSON or as a page of links.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value as Json;
use url::Url;

use crate::facts::{Publication, Release};
use crate::network::{Answer, Failure, Purpose};

use super::npm;
use super::services::{Inquiry, Subject, all_day, read_json};

/// JSON where the index has it, which alone tells times; else the page that every index has.
pub(super) const ACCEPT: &str =
    "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";

/// What the index says of where a file was built (PEP 740).
pub(super) const ACCEPT_PROVENANCE: &str = "application/vnd.pypi.integrity.v1+json";

/// The longest description that is read.
pub(super) const MOST_BYTES: usize = 4 * 1024 * 1024;

#[derive(Default, Deserialize)]
struct Index {
    name: String,
    #[serde(default)]
    files: Vec<File>,
    /// PEP 792.
    #[serde(default, rename = "project-status")]
    status: Status,
}

#[derive(Default, Deserialize)]
struct Status {
    #[serde(default)]
    status: String,
}

#[derive(Default, Deserialize)]
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

/// Where an index that is built as the public one has the description of a version; `None` where this one is not.
fn description(index: &Url, name: &str, version: &str) -> Option<Url> {
    let above = index.as_str().trim_end_matches('/').strip_suffix("/simple")?;
    Url::parse(&format!("{above}/pypi/{name}/{version}/json")).ok()
}

type Described = Result<Json, Failure>;

/// Filled by the first service that wants them: several do.
#[derive(Debug, Default)]
pub struct Descriptions(OnceCell<BTreeMap<Subject, Described>>);

/// What each version says of itself (`info`), of those that its index has; from one that has no descriptions it is told why.
/// A version's never changes, so that it is asked for once a day.
pub(super) fn descriptions<'a>(inquiry: &'a Inquiry<'_>, purpose: Purpose) -> &'a BTreeMap<Subject, Described> {
    inquiry.descriptions.0.get_or_init(|| described(inquiry, purpose))
}

fn described(inquiry: &Inquiry<'_>, purpose: Purpose) -> BTreeMap<Subject, Described> {
    let versions = inquiry.subjects.iter().filter_map(|(subject, publication)| {
        let package = subject.origin.package().filter(|package| package.index == super::Index::Pypi)?;
        let version = subject.version.as_deref()?;
        publication.filter(|it| it.releases.contains_key(version))?;
        Some((subject.clone(), description(inquiry.registries.pypi().ok()?, &package.name, version)))
    });
    let (subjects, urls): (Vec<_>, Vec<_>) = versions.unzip();
    let asks = urls.into_iter().map(|url| Some(all_day(inquiry, url?, "application/json", purpose, MOST_BYTES)));
    let answers = inquiry.ask_each(asks.collect());
    let read = |answer: Answer| Ok(read_json::<Json>(&answer)?["info"].take());
    subjects.into_iter().zip(answers.into_iter().map(|answer| answer.and_then(read))).collect()
}

/// The repository that a version says it comes from, of all addresses that it names: one that is called so, else one that
/// looks like it. As with npm, that is the publisher's own word.
pub(super) fn repository(info: &Json) -> Option<String> {
    let named = info["project_urls"].as_object().into_iter().flatten();
    let named = named.filter_map(|(name, url)| Some((name.to_ascii_lowercase(), url.as_str()?)));
    let others = ["home_page", "download_url"].into_iter().filter_map(|key| Some((String::new(), info[key].as_str()?)));
    let is_called_so = |name: &str| ["source", "repository", "code", "github"].iter().any(|word| name.contains(word));
    let mut all: Vec<_> = named.chain(others).collect();
    all.sort_by_key(|(name, _)| !is_called_so(name));
    let hosted = |url: &str| {
        let (host, path) = npm::plain(url)?.split_once('/').map(|(host, path)| (host.to_owned(), path.to_owned()))?;
        let mut parts = path.split('/');
        let (owner, name) = (parts.next()?, parts.next().filter(|it| !it.is_empty())?);
        let is_host = ["github.com", "gitlab.com", "bitbucket.org", "codeberg.org"].contains(&host.as_str());
        (is_host && !["sponsors", "orgs"].contains(&owner)).then(|| format!("{host}/{owner}/{name}"))
    };
    all.into_iter().find_map(|(_, url)| hosted(url))
}

pub(super) fn read(
    answer: &Answer,
    registry: String,
    asked: &Url,
    name: &str,
    wanted: &BTreeSet<String>,
) -> Result<Publication, Failure> {
    let is_page = answer.content_type.as_deref().is_some_and(|it| it.contains("html"));
    let index = match is_page {
        true => {
            Index { name: name.to_owned(), files: links(&String::from_utf8_lossy(&answer.body)), ..Index::default() }
        }
        false => serde_json::from_slice(&answer.body).map_err(|_| Failure::Unreadable)?,
    };
    let mut releases: BTreeMap<String, (Rank, Release)> = BTreeMap::new();
    for file in &index.files {
        let Some((version, rank)) = version(&file.filename, &index.name) else { continue };
        let release = Release {
            published: file.uploaded,
            integrity: file.hashes.get("sha256").map(|hash| format!("sha256:{hash}")),
            archive: asked.join(&file.url).ok().map(String::from),
            attested: file.provenance.is_some(),
            attestation: file.provenance.as_deref().and_then(|address| of_index(asked, address)),
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
    let is_quarantined = index.status.status == "quarantined";
    if releases.is_empty() && !is_quarantined {
        // A page without any of its files may be one that asks for a name and a password.
        return Err(if is_page { Failure::Unreadable } else { Failure::NotFound });
    }
    let created = index.files.iter().filter_map(|file| file.uploaded).min();
    let all = releases.into_iter().map(|(version, (_, release))| (version, release)).collect();
    Ok(Publication {
        at: answer.at,
        registry,
        is_default: false,
        is_quarantined,
        created,
        tags: BTreeMap::new(),
        releases: super::offer::newest(all, wanted),
    })
}

/// An address of the index itself: nobody else is asked because an index says so.
fn of_index(index: &Url, address: &str) -> Option<String> {
    let url = index.join(address).ok()?;
    (url.origin() == index.origin()).then(|| url.into())
}

/// The files that a page links to. It tells no times.
fn links(page: &str) -> Vec<File> {
    let mut files = Vec::new();
    let mut open: Option<File> = None;
    for token in html5gum::Tokenizer::new(page).flatten() {
        match token {
            html5gum::Token::StartTag(tag) if tag.name.as_slice() == b"a" => {
                let attribute = |name: &str| {
                    let found = tag.attributes.iter().find(|(key, _)| key.as_slice() == name.as_bytes());
                    found.map(|(_, value)| String::from_utf8_lossy(value).into_owned())
                };
                let href = attribute("href").unwrap_or_default();
                let (url, hash) =
                    href.split_once("#sha256=").map_or((href.as_str(), None), |(url, hash)| (url, Some(hash)));
                open = Some(File {
                    url: url.to_owned(),
                    hashes: hash.map(|hash| ("sha256".to_owned(), hash.to_owned())).into_iter().collect(),
                    yanked: attribute("data-yanked").map_or(Json::Null, Json::String),
                    provenance: attribute("data-provenance"),
                    ..File::default()
                });
            }
            html5gum::Token::String(text) => {
                if let Some(file) = &mut open {
                    file.filename += String::from_utf8_lossy(&text).trim();
                }
            }
            html5gum::Token::EndTag(tag) if tag.name.as_slice() == b"a" => files.extend(open.take()),
            _ => {}
        }
    }
    files
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
