//! npm's list of the versions of a package ("packument").

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value as Json;
use url::Url;

use crate::facts::{Publication, Release};
use crate::network::{Answer, Failure};

/// The whole list: the short one has no times and no publishers.
pub(super) const ACCEPT: &str = "application/json";

/// Scripts that npm runs when a package is installed from a registry.
const INSTALL_SCRIPTS: &[&str] = &["preinstall", "install", "postinstall"];

#[derive(Deserialize)]
struct Packument {
    #[serde(default, rename = "dist-tags")]
    tags: BTreeMap<String, Json>,
    #[serde(default)]
    time: BTreeMap<String, Json>,
    versions: Option<BTreeMap<String, Json>>,
}

/// `<registry>/<name>`, with the one slash of a scoped name escaped.
pub(super) fn address(registry: &Url, name: &str) -> Option<Url> {
    let base = registry.as_str().trim_end_matches('/');
    Url::parse(&format!("{base}/{}", name.replace('/', "%2f"))).ok()
}

pub(super) fn read(answer: &Answer, registry: String, wanted: &BTreeSet<String>) -> Result<Publication, Failure> {
    let list: Packument = serde_json::from_slice(&answer.body).map_err(|_| Failure::Unreadable)?;
    // A package that was taken back as a whole keeps its times alone.
    let versions = match list.versions {
        Some(versions) if !versions.is_empty() => versions,
        Some(_) => return Err(Failure::NotFound),
        None if list.time.contains_key("unpublished") => return Err(Failure::NotFound),
        None => return Err(Failure::Unreadable),
    };
    let text = |value: &Json| value.as_str().map(str::to_owned);
    let tags: BTreeMap<_, _> = list.tags.iter().filter_map(|(tag, to)| Some((tag.clone(), text(to)?))).collect();
    let time = |version: &str| list.time.get(version)?.as_str()?.parse::<Timestamp>().ok();
    let all = versions.iter().map(|(version, manifest)| (version.clone(), release(manifest, time(version))));
    let kept: BTreeSet<_> = tags.values().chain(wanted).cloned().collect();
    let first = versions.keys().filter_map(|version| time(version)).min();
    let created = time("created").or(first);
    Ok(Publication {
        at: answer.at,
        registry,
        is_default: false,
        is_quarantined: false,
        created,
        tags,
        releases: super::offer::newest(all.collect(), &kept),
    })
}

fn release(manifest: &Json, published: Option<Timestamp>) -> Release {
    let text = |value: &Json| value.as_str().filter(|it| !it.is_empty()).map(str::to_owned);
    let dist = &manifest["dist"];
    let scripts = manifest["scripts"].as_object();
    let user = &manifest["_npmUser"];
    let trusted = text(&user["trustedPublisher"]["id"]).map(|id| format!("trusted publisher {id}"));
    let maintainers = manifest["maintainers"].as_array().into_iter().flatten().filter_map(|it| text(&it["name"]));
    let maintainers: BTreeSet<_> = maintainers.collect();
    // Registries of one's own do not always say who published; the list of maintainers is the next best thing.
    let maintainers: Vec<_> = maintainers.into_iter().collect();
    let of_list = (!maintainers.is_empty()).then(|| maintainers.join(" "));
    let mail = text(&user["email"]).or_else(|| text(&manifest["maintainers"][0]["email"]));
    let mail = mail.and_then(|it| Some(it.rsplit_once('@')?.1.to_ascii_lowercase()));
    let signatures = dist["signatures"].as_array().into_iter().flatten();
    let repository = text(&manifest["repository"]["url"]).or_else(|| text(&manifest["repository"]));
    Release {
        published,
        integrity: text(&dist["integrity"]).or_else(|| Some(format!("sha1-{}", text(&dist["shasum"])?))),
        archive: text(&dist["tarball"]),
        publisher: trusted.or_else(|| text(&user["name"])).or(of_list),
        maintainers,
        repository: repository.and_then(|address| plain(&address)),
        attested: dist["attestations"]["provenance"].is_object(),
        attestation: text(&dist["attestations"]["url"]),
        listed_as: text(&manifest["mcpName"]),
        mail_domain: mail,
        signatures: signatures.filter_map(|it| Some((text(&it["keyid"])?, text(&it["sig"])?))).collect(),
        // npm builds what has a `binding.gyp` by itself; registries note that in `scripts`.
        installs_by_script: scripts.is_some_and(|it| INSTALL_SCRIPTS.iter().any(|name| it.contains_key(*name))),
        withdrawn: text(&manifest["deprecated"]).is_some(),
    }
}

/// `github.com/owner/name` of the many ways to write it.
pub(super) fn plain(address: &str) -> Option<String> {
    let address = address.strip_prefix("git+").unwrap_or(address);
    let address = match address.split_once(':') {
        Some(("github", rest)) => format!("https://github.com/{rest}"),
        Some(("gitlab", rest)) => format!("https://gitlab.com/{rest}"),
        Some(("bitbucket", rest)) => format!("https://bitbucket.org/{rest}"),
        Some((user, rest)) if user.contains('@') && !user.contains('/') => {
            format!("https://{}/{rest}", user.rsplit('@').next().unwrap_or_default())
        }
        None if address.split('/').count() == 2 => format!("https://github.com/{address}"),
        _ => address.to_owned(),
    };
    let url = Url::parse(&address).ok()?;
    let path = url.path().trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    Some(format!("{}/{path}", url.host_str()?).to_ascii_lowercase())
}
