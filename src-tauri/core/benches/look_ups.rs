//! What 50 connectors cost when they are looked up, packages of npm and Python and images: a fake of every service on this
//! machine, each answer 50 ms late; once with nothing kept, once more as the next round asks.
//!
//! Beside the time stands the least that the latency alone takes with the four requests that go to one host at once.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a bench prints, and ends where something is missing"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use gatehouse_core::facts::{Dossier, Publication};
use gatehouse_core::host::Host;
use gatehouse_core::network::{Network, Patience};
use gatehouse_core::policy::Managed;
use gatehouse_core::provenance::{self, Descriptions, Index, Inquiry, Mirrors, Origin, Package, Registries, Subject};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

#[path = "../../../tests/web.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod web;

use web::{Asked, Says, Web};

const NPM: usize = 30;
const PYTHON: usize = 12;
const IMAGES: usize = 8;
const CONNECTORS: usize = NPM + PYTHON + IMAGES;

const LATENCY: Duration = Duration::from_millis(50);

/// As the client of the network has it.
const AT_ONCE: usize = 4;

/// Versions of each package; real ones have some dozens.
const VERSIONS: usize = 60;

fn main() {
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&sent);
    let web = Web::new(move |asked| {
        std::thread::sleep(LATENCY);
        let says = answer(asked);
        counted.fetch_add(says.body.len(), Ordering::Relaxed);
        says
    });
    let home = tempfile::tempdir().unwrap();
    let host = Host::new(Host::this_os(), home.path().to_owned(), BTreeMap::new(), Arc::new(jiff::Timestamp::now));
    let base = web.base();
    let index = format!("{base}/simple");
    let mirrors = Mirrors {
        npm: Some(&base),
        pypi: Some(&index),
        advisories: Some(&base),
        listings: Some(&base),
        names: Some(&base),
        images: Some(&base),
        opinions: Some(&base),
        registrations: Some(&base),
        repositories: Some(&base),
    };
    let registries = Registries::of(&host, &mirrors);
    for round in ["with nothing kept", "the next round"] {
        let before = (web.asked().len(), sent.load(Ordering::Relaxed));
        let start = Instant::now();
        look_up(&host, &registries);
        let took = start.elapsed();
        let requests = web.asked().len() - before.0;
        let least = LATENCY * u32::try_from(requests.div_ceil(AT_ONCE)).unwrap();
        println!(
            "{CONNECTORS} connectors, {round}: {requests} requests, {} kB, {:.0} ms; {LATENCY:?} each, {AT_ONCE} at once, take {:.0} ms",
            (sent.load(Ordering::Relaxed) - before.1) / 1000,
            took.as_secs_f64() * 1000.0,
            least.as_secs_f64() * 1000.0,
        );
    }
}

/// As the thread of the guard asks.
fn look_up(host: &Host, registries: &Registries) {
    let network = Network::new(host.clone(), None, Patience::default()).expect("a client");
    let of = |index, count| (0..count).map(move |n| Package { index, name: format!("mail-{n}-mcp") });
    let packages: Vec<_> = of(Index::Npm, NPM).chain(of(Index::Pypi, PYTHON)).collect();
    let wanted: BTreeSet<String> = [format!("1.0.{}", VERSIONS - 2)].into();
    let asks: Vec<_> =
        packages.iter().map(|package| provenance::ask(registries, package, false).expect("an address")).collect();
    let answers = network.ask(asks.clone());
    let all = packages.iter().zip(&asks).zip(answers).map(|((package, ask), answer)| {
        (package, provenance::read(ask, package, &answer.expect("an answer"), &wanted).expect("a list"))
    });
    let mut publications: Vec<(&Package, Publication)> = all.collect();
    let published = publications.iter_mut().map(|(package, publication)| (*package, publication, &wanted));
    provenance::name_publishers(&network, published, false);
    let subjects = publications.iter().flat_map(|(package, publication)| {
        let versions = provenance::versions(package, &wanted, publication);
        let of = |version| Subject { origin: Origin::Package((*package).clone()), version: Some(version) };
        versions.into_iter().map(move |version| (of(version), Some(publication))).collect::<Vec<_>>()
    });
    // A registry whose name the catalogue has.
    let image = |n| Origin::Image(format!("docker.io/acme/mail-{n}:1"));
    let images = (0..IMAGES).map(|n| (Subject { origin: image(n), version: None }, None));
    let subjects = subjects.chain(images);
    // As at first: what is asked without anybody's word.
    let without = Managed::default().look_ups_without;
    let inquiry = Inquiry {
        network: &network,
        registries,
        now: jiff::Timestamp::now(),
        anew: false,
        subjects: subjects.collect(),
        without: &without,
        token: None,
        descriptions: Descriptions::default(),
    };
    let dossiers = provenance::gather(&inquiry, |_| {});
    assert_eq!(dossiers.len(), 2 * (NPM + PYTHON) + IMAGES);
    let is_known = |(subject, one): (&Subject, &Dossier)| {
        let is_there = if subject.origin.package().is_some() {
            one.advisories.value().is_some()
        } else {
            one.image.value().is_some()
        };
        is_there && one.listing.value().is_some() && one.repository.value().is_some()
    };
    for it in &dossiers {
        assert!(is_known(it), "{it:?}");
    }
}

fn answer(asked: &Asked) -> Says {
    let kept = |body: Value| if_changed(asked, Says::json(body.to_string()));
    let path = asked.path.trim_start_matches('/');
    if let Some(rest) = path.strip_prefix("v2/acme/") {
        return of_image(rest).map_or_else(|| Says::status(404), |says| if_changed(asked, says));
    }
    if let Some(name) = path.strip_prefix("simple/") {
        return kept(index(name.trim_end_matches('/'), &asked.headers["host"]));
    }
    if path.starts_with("integrity/") {
        let publisher = json!({ "kind": "GitHub", "repository": "acme/mail", "workflow": "release.yml" });
        return kept(json!({ "version": 1, "attestation_bundles": [{ "publisher": publisher, "attestations": [] }] }));
    }
    if let Some(name) = path.strip_prefix("pypi/").and_then(|rest| rest.split('/').next()) {
        let description = format!("mcp-name: io.github.acme/{name}\n{}", "x".repeat(4_000));
        return kept(json!({ "info": { "description": description, "author_email": "a@acme.example" } }));
    }
    if path == "v1/querybatch" {
        let body: Value = serde_json::from_str(&asked.body).unwrap_or_default();
        let results: Vec<_> = body["queries"].as_array().into_iter().flatten().map(|_| json!({})).collect();
        return Says::json(json!({ "results": results }).to_string());
    }
    if let Some(name) = path.strip_prefix("v0.1/servers/").and_then(|it| it.strip_suffix("/versions/latest")) {
        let name = name.replace("%2F", "/");
        let package = name.rsplit('/').next().unwrap_or_default();
        let image = format!("docker.io/acme/{package}:1");
        let packages = json!([
            { "registryType": "npm", "identifier": package, "version": "1.0.0" },
            { "registryType": "pypi", "identifier": package, "version": "1.0.0" },
            { "registryType": "oci", "identifier": image },
        ]);
        return kept(json!({ "server": { "name": name, "packages": packages } }));
    }
    if let Some(name) = path.strip_prefix("repos/") {
        return kept(json!({ "full_name": name, "created_at": "2020-01-01T00:00:00Z" }));
    }
    if path.starts_with("users/") {
        return kept(json!({ "created_at": "2020-01-01T00:00:00Z" }));
    }
    if path == "-/npm/v1/keys" {
        return kept(json!({ "keys": [] }));
    }
    if path.starts_with("-/npm/v1/attestations/") {
        return kept(json!({ "attestations": [] }));
    }
    kept(packument(path))
}

/// The whole answer, or that it is the one that is kept.
fn if_changed(asked: &Asked, says: Says) -> Says {
    let says = says.with("etag", "\"one\"").with("cache-control", "max-age=0");
    let is_same = asked.headers.get("if-none-match").is_some_and(|tag| tag == "\"one\"");
    if is_same { Says { body: Vec::new(), status: 304, ..says } } else { says }
}

/// An image with labels, by its tag and by its parts' digests; nothing refers to it.
fn of_image(path: &str) -> Option<Says> {
    let (name, place) = path.split_once('/')?;
    let digest = |body: &str| format!("sha256:{}", hex::encode(Sha256::digest(body)));
    let labels = json!({
        "io.modelcontextprotocol.server.name": format!("io.github.acme/{name}"),
        "org.opencontainers.image.source": format!("https://github.com/acme/{name}"),
    });
    let config = json!({ "created": "2026-10-01T02:03:04Z", "config": { "Labels": labels } }).to_string();
    let kind = "application/vnd.oci.image.manifest.v1+json";
    let form = json!({
        "schemaVersion": 2, "mediaType": kind, "config": { "digest": digest(&config) }, "layers": [],
    })
    .to_string();
    match place.split_once('/')? {
        ("manifests", tag) if tag == "1" || tag == digest(&form) => Some(Says::typed(kind, form)),
        ("blobs", blob) if blob == digest(&config) => Some(Says::json(config)),
        ("referrers", _) => Some(Says::typed("application/vnd.oci.image.index.v1+json", r#"{"manifests": []}"#)),
        _ => None,
    }
}

fn index(name: &str, host: &str) -> Value {
    let file = |n| {
        let (version, day) = (format!("1.0.{n}"), 1 + n % 28);
        json!({
            "filename": format!("{}-{version}-py3-none-any.whl", name.replace('-', "_")),
            "url": format!("https://files.example/{name}/{version}"), "hashes": { "sha256": "aa".repeat(32) },
            "upload-time": format!("2026-01-{day:02}T00:00:{n:02}Z"),
            "provenance": format!("http://{host}/integrity/{name}/{version}/file/provenance"),
        })
    };
    json!({ "name": name, "files": (0..VERSIONS).map(file).collect::<Vec<_>>() })
}

fn packument(name: &str) -> Value {
    let mut all = json!({ "name": name, "dist-tags": { "latest": format!("1.0.{}", VERSIONS - 1) } });
    for n in 0..VERSIONS {
        let version = format!("1.0.{n}");
        all["time"][&version] = json!("2026-01-01T00:00:00Z");
        all["versions"][&version] = json!({
            "name": name, "version": version, "mcpName": format!("io.github.acme/{name}"),
            "description": "x".repeat(200), "repository": { "url": format!("https://github.com/acme/{name}") }, "dependencies": { "one": "^1", "two": "^2", "three": "^3" },
            "_npmUser": { "name": "someone" }, "maintainers": [{ "name": "someone" }],
            "dist": {
                "integrity": "sha512-AAAA", "signatures": [{ "keyid": "SHA256:one", "sig": "AAAA" }],
                "attestations": {
                    "url": format!("https://registry.example/-/npm/v1/attestations/{name}@{version}"),
                    "provenance": { "predicateType": "https://slsa.dev/provenance/v1" },
                },
            },
        });
    }
    all
}
