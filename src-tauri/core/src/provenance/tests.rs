use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::age_limit::Meaning;
use crate::connector::samples;
use crate::facts::{
    Artefact, ArtefactKind, ArtefactState, Attestation, Attested, Dossier, Fact, Facts, Listing, Missing, Opinion,
    Signed,
};
use crate::host::{Host, Os};
use crate::launch_line::LaunchLine;
use crate::network::web::Says;
use crate::policy::LookUpKind;
use crate::provenance::inquiries::{always, told as told_by, troubles};

const NOW: &str = "2026-11-28T12:00:00Z";

fn answer(body: &serde_json::Value) -> Answer {
    let at = NOW.parse().expect("a time");
    Answer { body: body.to_string().into_bytes(), content_type: Some("application/json".into()), at }
}

fn npm_package(name: &str) -> Package {
    Package { index: Index::Npm, name: name.to_owned() }
}

fn question(index: Index) -> Ask {
    let url = url::Url::parse("https://registry.example/simple/mail-mcp/").expect("an address");
    let accept = if index == Index::Npm { npm::ACCEPT } else { pypi::ACCEPT };
    Ask {
        url,
        accept,
        purpose: Purpose::Versions,
        most_bytes: MOST_BYTES,
        anew: false,
        holds_for: Duration::ZERO,
        access: Access::Anybody,
    }
}

/// Versions with the days since they were published.
fn packument(versions: &[(&str, u32)]) -> serde_json::Value {
    let now: jiff::Timestamp = NOW.parse().expect("a time");
    let mut all = json!({"dist-tags": {"latest": versions.last().map(|it| it.0)}, "time": {}, "versions": {}});
    for (version, days) in versions {
        let at = now.checked_sub(jiff::SignedDuration::from_hours(24 * i64::from(*days))).expect("a time");
        all["time"][version] = json!(at.to_string());
        all["versions"][version] = json!({
            "version": version, "_npmUser": {"name": "someone"},
            "repository": {"type": "git", "url": "git+https://github.com/Someone/Mail.git"},
            "dist": {"integrity": format!("sha512-{version}"), "tarball": format!("https://registry.example/{version}.tgz")},
        });
    }
    all
}

fn read_npm(body: &serde_json::Value) -> Result<Publication, Failure> {
    read(&question(Index::Npm), &npm_package("mail-mcp"), &answer(body), &BTreeSet::new())
}

fn terms() -> Terms<'static> {
    Terms { now: NOW.parse().expect("a time"), cooldown: 14, before: None, approved: None, told: None }
}

fn line(text: &str) -> LaunchLine {
    let mut words = text.split(' ').map(str::to_owned);
    let command = words.next().expect("a command");
    LaunchLine::of_command(&command, &words.collect::<Vec<_>>())
}

#[test]
fn a_packument_is_read_with_what_it_says_of_each_version() {
    let mut body = packument(&[("1.0.0", 30), ("1.0.1", 2)]);
    body["versions"]["1.0.1"]["scripts"] = json!({"postinstall": "node x.js", "test": "true"});
    body["versions"]["1.0.1"]["dist"]["attestations"] = json!({"url": "x", "provenance": {"predicateType": "y"}});
    body["versions"]["1.0.0"]["_npmUser"] = json!({"name": "bot", "trustedPublisher": {"id": "github"}});
    body["versions"]["1.0.0"]["deprecated"] = json!("do not use");
    let read = read_npm(&body).expect("a list");
    let (old, new) = (&read.releases["1.0.0"], &read.releases["1.0.1"]);
    assert_eq!(old.published, Some("2026-10-29T12:00:00Z".parse().expect("a time")));
    assert_eq!(
        (old.publisher.as_deref(), new.publisher.as_deref()),
        (Some("trusted publisher github"), Some("someone"))
    );
    assert_eq!(new.repository.as_deref(), Some("github.com/someone/mail"));
    assert_eq!((new.installs_by_script, old.installs_by_script), (true, false));
    assert_eq!((new.attested, old.attested, old.withdrawn), (true, false, true));
    assert_eq!(read.tags["latest"], "1.0.1");
    assert_eq!(new.identity().as_deref(), Some("someone, github.com/someone/mail, attested"));
}

#[test]
fn odd_answers_are_unknown_and_never_good() {
    let check = |body: serde_json::Value, expected: Failure| assert_eq!(read_npm(&body), Err(expected), "{body}");
    check(json!({}), Failure::Unreadable);
    check(json!({"versions": {}}), Failure::NotFound);
    check(json!({"time": {"unpublished": {}}}), Failure::NotFound);
    check(json!([]), Failure::Unreadable);
    check(json!({"versions": 3}), Failure::Unreadable);
    check(json!("text"), Failure::Unreadable);
    let html = Answer { content_type: Some("text/html".into()), ..answer(&packument(&[("1.0.0", 1)])) };
    assert_eq!(read(&question(Index::Npm), &npm_package("m"), &html, &BTreeSet::new()), Err(Failure::Unreadable));
    let half = Answer { body: b"{\"versions\": {\"1.0.0\": {".to_vec(), ..answer(&json!({})) };
    assert_eq!(read(&question(Index::Npm), &npm_package("m"), &half, &BTreeSet::new()), Err(Failure::Unreadable));
    // Values of other kinds than are expected are as if they were not there.
    let odd = json!({"dist-tags": {"latest": 7}, "time": {"1.0.0": false}, "versions": {"1.0.0": {
        "dist": [], "scripts": 1, "_npmUser": "me", "maintainers": {}, "repository": 5 }}});
    let release = read_npm(&odd).expect("a list").releases["1.0.0"].clone();
    assert_eq!(release, crate::facts::Release::default());
}

#[test]
fn a_repository_is_the_same_however_it_is_written() {
    let forms = [
        "git+https://github.com/O/N.git",
        "git://github.com/o/n.git",
        "git@github.com:o/n.git",
        "github:o/n",
        "o/n",
        "https://user:pw@github.com/o/n",
        "ssh://git@github.com/o/n.git",
        "git+ssh://git@github.com/o/n.git",
    ];
    for form in forms {
        let mut body = packument(&[("1.0.0", 1)]);
        body["versions"]["1.0.0"]["repository"] = json!({"url": form});
        let repository = read_npm(&body).expect("a list").releases["1.0.0"].repository.clone();
        assert_eq!(repository.as_deref(), Some("github.com/o/n"), "{form}");
    }
}

#[test]
fn an_index_of_python_packages_is_read() {
    let file = |name: &str, more: serde_json::Value| {
        let mut file = json!({"filename": name, "url": format!("../files/{name}"), "hashes": {"sha256": name},
            "upload-time": "2026-11-01T00:00:00Z"});
        for (key, value) in more.as_object().expect("an object") {
            file[key] = value.clone();
        }
        file
    };
    let body = json!({"name": "mail-mcp", "files": [
        file("mail_mcp-1.0-py3-none-any.whl", json!({})),
        file("mail_mcp-1.0.tar.gz", json!({"upload-time": "2026-10-31T00:00:00Z"})),
        file("mail-mcp-1.1.tar.gz", json!({})),
        file("mail_mcp-1.2-py3-none-any.whl", json!({"yanked": "broken"})),
        file("other-9.9-py3-none-any.whl", json!({})),
    ]});
    let package = Package { index: Index::Pypi, name: "mail-mcp".into() };
    let read = read(&question(Index::Pypi), &package, &answer(&body), &BTreeSet::new()).expect("an index");
    assert_eq!(read.releases.keys().collect::<Vec<_>>(), ["1.0", "1.1", "1.2"]);
    let one = &read.releases["1.0"];
    assert_eq!(one.integrity.as_deref(), Some("sha256:mail_mcp-1.0-py3-none-any.whl"));
    assert_eq!(one.archive.as_deref(), Some("https://registry.example/simple/files/mail_mcp-1.0-py3-none-any.whl"));
    assert_eq!(one.published, Some("2026-10-31T00:00:00Z".parse().expect("a time")));
    // What has no wheel is built here, by its own code.
    assert!(read.releases["1.1"].installs_by_script && !one.installs_by_script);
    assert!(read.releases["1.2"].withdrawn);
    let check = |text: &str, expected: Option<&str>| {
        assert_eq!(offered(&line(text), &read, &terms()).map(|it| it.0), expected, "{text}");
    };
    check("uvx mail-mcp", Some("1.1"));
    check("uvx mail-mcp@latest", Some("1.1"));
    check("uvx mail-mcp==1.0", Some("1.0"));
    check("uvx --from mail-mcp<1.1 mail-mcp", Some("1.0"));
    check("uvx --from mail-mcp>=2 mail-mcp", None);
}

#[test]
fn an_index_that_is_a_page_of_links_is_read_too() {
    let page = r##"<!DOCTYPE html><html><body><h1>Links for mail-mcp</h1>
        <a href="/packages/mail_mcp-1.0-py3-none-any.whl#sha256=aa11">mail_mcp-1.0-py3-none-any.whl</a><br>
        <a href="../x/mail_mcp-1.1-py3-none-any.whl" data-yanked="">mail_mcp-1.1-py3-none-any.whl</a>
        <a href="/other">other-2.0-py3-none-any.whl</a></body></html>"##;
    let package = Package { index: Index::Pypi, name: "mail-mcp".into() };
    let of = |body: &str| {
        let answer =
            Answer { body: body.into(), content_type: Some("text/html; charset=utf-8".into()), ..answer(&json!({})) };
        read(&question(Index::Pypi), &package, &answer, &BTreeSet::new())
    };
    let read = of(page).expect("an index");
    assert_eq!(read.releases.keys().collect::<Vec<_>>(), ["1.0", "1.1"]);
    let one = &read.releases["1.0"];
    assert_eq!((one.integrity.as_deref(), one.published), (Some("sha256:aa11"), None));
    assert_eq!(one.archive.as_deref(), Some("https://registry.example/packages/mail_mcp-1.0-py3-none-any.whl"));
    assert!(read.releases["1.1"].withdrawn && !one.withdrawn);
    assert_eq!(offered(&line("uvx mail-mcp"), &read, &terms()).map(|it| it.0), Some("1.0"));
    assert_eq!(of("<html><form>Sign in</form></html>"), Err(Failure::Unreadable));
}

#[test]
fn npm_gives_what_tags_and_ranges_stand_for() {
    let mut body = packument(&[("1.0.0", 90), ("1.4.0", 60), ("2.0.0-beta.1", 50), ("2.0.0", 20), ("3.0.0", 3)]);
    body["dist-tags"]["latest"] = json!("2.0.0");
    body["dist-tags"]["next"] = json!("3.0.0");
    let read = read_npm(&body).expect("a list");
    let check = |text: &str, limit: Option<u32>, expected: Option<&str>| {
        let moment = |days: u32| Meaning::Age(f64::from(days) * 86_400.0).moment(terms().now);
        let terms = Terms { before: limit.and_then(moment), ..terms() };
        assert_eq!(offered(&line(text), &read, &terms).map(|it| it.0), expected, "{text} {limit:?}");
    };
    check("npx -y mail-mcp", None, Some("2.0.0"));
    check("npx -y mail-mcp@latest", None, Some("2.0.0"));
    check("npx -y mail-mcp@next", None, Some("3.0.0"));
    check("npx -y mail-mcp@gone", None, None);
    check("npx -y mail-mcp@1.0.0", None, Some("1.0.0"));
    check("npx -y mail-mcp@^1", None, Some("1.4.0"));
    check("npx -y mail-mcp@>=1", None, Some("2.0.0"));
    check("npx -y mail-mcp@^7", None, None);
    // npm takes nothing younger than its own limit.
    check("npx -y mail-mcp", Some(14), Some("2.0.0"));
    check("npx -y mail-mcp", Some(30), Some("1.4.0"));
    check("npx -y mail-mcp@next", Some(14), None);
    check("npx -y mail-mcp", Some(365), None);
}

fn found(version: Option<&str>, source: &str) -> Facts {
    let state = match version {
        Some(version) => ArtefactState::Known {
            version: Some(version.to_owned()),
            integrity: format!("sha512-{version} sha256:x"),
            source: source.to_owned(),
        },
        None => ArtefactState::Unknown { reason: source.to_owned() },
    };
    let kind = ArtefactKind::Npm;
    Facts { artefact: Artefact { kind, state }, ..Facts::not_looked(kind) }
}

fn version_and_source(facts: &Facts) -> (Option<&str>, &str) {
    match &facts.artefact.state {
        ArtefactState::Known { version, source, .. } => (version.as_deref(), source),
        ArtefactState::Unknown { reason } => (None, reason),
        _ => (None, "?"),
    }
}

#[test]
fn what_would_be_fetched_is_what_will_run() {
    let read = read_npm(&packument(&[("1.0.15", 30), ("1.0.16", 1)])).expect("a list");
    let check = |text: &str, facts: Facts, expected: (Option<&str>, &str)| {
        let facts = enrich(facts, &line(text), &read, &terms());
        assert_eq!(version_and_source(&facts), expected, "{text}");
    };
    let floating = "npx -y mail-mcp";
    check(floating, found(Some("1.0.15"), "npx-cache"), (Some("1.0.16"), "registry"));
    check(floating, found(Some("1.0.16"), "npx-cache"), (Some("1.0.16"), "npx-cache"));
    check(floating, found(None, "not-installed"), (Some("1.0.16"), "registry"));
    check("npx -y mail-mcp@1.0.15", found(None, "not-installed"), (Some("1.0.15"), "registry"));
    check("npx -y mail-mcp@1.0.15", found(Some("1.0.15"), "npx-cache"), (Some("1.0.15"), "npx-cache"));
    // A range is asked about only until something fits it.
    check("npx -y mail-mcp@^1", found(Some("1.0.15"), "npx-cache"), (Some("1.0.15"), "npx-cache"));
    // What is installed comes before what a registry has, and so does what cannot be read.
    check(floating, found(Some("1.0.15"), "local-package"), (Some("1.0.15"), "local-package"));
    check(floating, found(Some("1.0.15"), "global-program"), (Some("1.0.15"), "global-program"));
    check(floating, found(None, "package-unreadable"), (None, "package-unreadable"));
}

#[test]
fn what_is_offered_and_what_comes_of_it_is_the_same_code() {
    let read = read_npm(&packument(&[("1.0.16", 1)])).expect("a list");
    let facts = enrich(found(None, "not-installed"), &line("npx -y mail-mcp"), &read, &terms());
    let offered = facts.artefact;
    assert!(offered.is_offer());
    let installed = found(Some("1.0.16"), "npx-cache").artefact;
    assert!(!installed.differs_from(&offered) && !offered.differs_from(&installed));
    let mut other = found(Some("1.0.16"), "npx-cache").artefact;
    other.state = ArtefactState::Known {
        version: Some("1.0.16".into()),
        integrity: "sha512-other sha256:x".into(),
        source: "npx-cache".into(),
    };
    assert!(other.differs_from(&offered) && offered.differs_from(&other));
    // Two installed ones are compared to the last byte.
    let mut tampered = installed.clone();
    tampered.state = ArtefactState::Known {
        version: Some("1.0.16".into()),
        integrity: "sha512-1.0.16 sha256:y".into(),
        source: "npx-cache".into(),
    };
    assert!(tampered.differs_from(&installed));
}

#[test]
fn age_publisher_scripts_and_attestations_are_told_against_what_was_approved() {
    let facts_of = |body: &serde_json::Value| {
        let read = read_npm(body).expect("a list");
        let approved = found(Some("1.0.15"), "npx-cache").artefact;
        let terms = Terms { approved: Some(&approved), ..terms() };
        enrich(found(Some("1.0.15"), "npx-cache"), &line("npx -y mail-mcp"), &read, &terms)
    };
    let young = facts_of(&packument(&[("1.0.15", 30), ("1.0.16", 13)]));
    assert!(!young.is_past_cooldown && !young.new_install_script && !young.provenance_lost);
    assert_eq!(young.publisher.as_deref(), Some("someone, github.com/someone/mail, not attested"));
    assert!(facts_of(&packument(&[("1.0.15", 30), ("1.0.16", 14)])).is_past_cooldown);
    // Without a time nothing is old.
    let mut timeless = packument(&[("1.0.15", 30), ("1.0.16", 14)]);
    timeless["time"] = json!({});
    assert!(!facts_of(&timeless).is_past_cooldown);
    let mut scripted = packument(&[("1.0.15", 30), ("1.0.16", 20)]);
    scripted["versions"]["1.0.16"]["scripts"] = json!({"preinstall": "x"});
    assert!(facts_of(&scripted).new_install_script);
    scripted["versions"]["1.0.15"]["scripts"] = json!({"postinstall": "x"});
    assert!(!facts_of(&scripted).new_install_script);
    let mut lost = packument(&[("1.0.15", 30), ("1.0.16", 20)]);
    lost["versions"]["1.0.15"]["dist"]["attestations"] = json!({"provenance": {"predicateType": "y"}});
    assert!(facts_of(&lost).provenance_lost);
    lost["versions"]["1.0.16"]["dist"]["attestations"] = json!({"provenance": {"predicateType": "y"}});
    assert!(!facts_of(&lost).provenance_lost);
}

#[test]
fn the_past_of_a_package_is_told() {
    let facts_of = |body: &serde_json::Value| {
        let approved = found(Some("1.0.15"), "npx-cache").artefact;
        let terms = Terms { approved: Some(&approved), ..terms() };
        let read = read_npm(body).expect("a list");
        enrich(found(Some("1.0.15"), "npx-cache"), &line("npx -y mail-mcp"), &read, &terms).history
    };
    let mut body = packument(&[("1.0.15", 30), ("1.0.16", 1)]);
    let plain = facts_of(&body);
    assert_eq!((plain.missing, plain.burst, plain.created.map(|it| it.1)), (None, 1, Some(30)));
    assert_eq!((plain.publisher, plain.repository), (None, None));
    // Versions that were taken back since still count for the age.
    body["time"]["created"] = json!("2020-01-01T00:00:00Z");
    assert!(facts_of(&body).created.is_some_and(|(_, days)| days > 300));
    body["versions"]["1.0.16"]["_npmUser"]["name"] = json!("somebody-else");
    body["versions"]["1.0.16"]["repository"] = json!({"url": "https://github.com/other/mail"});
    let changed = facts_of(&body);
    assert_eq!(changed.publisher, Some(("someone".to_owned(), "somebody-else".to_owned())));
    let repositories = ("github.com/someone/mail".to_owned(), "github.com/other/mail".to_owned());
    assert_eq!(changed.repository, Some(repositories));
    // What is not told is no change.
    body["versions"]["1.0.16"].as_object_mut().expect("an object").remove("_npmUser");
    body["versions"]["1.0.16"]["maintainers"] = json!([]);
    assert_eq!(facts_of(&body).publisher, None);
    let many: Vec<_> = (0..12).map(|at| format!("1.0.{}", 16 + at)).collect();
    let mut all = vec![("1.0.15", 30)];
    all.extend(many.iter().map(|version| (version.as_str(), 1)));
    assert_eq!(facts_of(&packument(&all)).burst, 12);
    let mut held = packument(&[("1.0.15", 30), ("0.0.1-security", 1)]);
    held["versions"]["0.0.1-security"]["repository"] = json!("npm/security-holder");
    assert_eq!(facts_of(&held).missing, Some(Missing::Placeholder));
    let package = Package { index: Index::Pypi, name: "mail-mcp".into() };
    let body =
        json!({"name": "mail-mcp", "files": [], "project-status": {"status": "quarantined", "reason": "malware"}});
    let held = read(&question(Index::Pypi), &package, &answer(&body), &BTreeSet::new()).expect("an index");
    let line = line("uvx mail-mcp");
    let enriched = enrich(found(None, "not-installed"), &line, &held, &terms());
    assert_eq!(enriched.history.missing, Some(Missing::Quarantined));
    let archived = json!({"name": "mail-mcp", "files": [], "project-status": {"status": "archived"}});
    let nothing = read(&question(Index::Pypi), &package, &answer(&archived), &BTreeSet::new());
    assert_eq!(nothing, Err(Failure::NotFound));
    assert_eq!(without(found(Some("1.0.15"), "npx-cache")).history.missing, Some(Missing::NotThere));
    assert_eq!(without(found(None, "not-installed")).history.missing, Some(Missing::NotThere));
    // What this machine has of its own is asked of nobody.
    assert_eq!(without(found(Some("1.0.15"), "global-program")).history.missing, None);
}

/// What a service said before it was switched off counts no more.
#[test]
fn a_kind_that_is_switched_off_says_nothing() {
    let at: jiff::Timestamp = NOW.parse().expect("a time");
    let signature = Fact::known(Signed::Broken, "registry.example", at);
    let listing = Fact::known(Listing::Absent { name: "a/b".to_owned() }, "list.example", at);
    let opinion = Fact::known(Opinion::default(), "index.example", at);
    let said = Dossier { signature, listing, opinion, ..Dossier::default() };
    let package = Origin::Package(npm_package("mail-mcp"));
    let of = |origin: &Origin, kinds: &[LookUpKind]| silenced(said.clone(), origin, &kinds.iter().copied().collect());
    assert_eq!(of(&package, &[]), said);
    let all = of(&package, LookUpKind::ALL);
    assert_eq!((all.signature.reason(), all.listing.reason()), (Some("switched-off"), Some("switched-off")));
    // What is off at first is not missed.
    assert_eq!(all.opinion.reason(), Some("not-asked"));
    // Whether its owner lists a host goes by the switch of domains.
    let host = Origin::Host("mcp.vendor.example".to_owned());
    assert_eq!(of(&host, &[LookUpKind::Listings]).listing, said.listing);
    assert_eq!(of(&host, &[LookUpKind::Domains]).listing.reason(), Some("not-asked"));
    assert_eq!(of(&package, &[LookUpKind::Domains]).listing, said.listing);
}

/// Whoever has the account has not the workflow that attests.
#[test]
fn another_workflow_and_other_accounts_are_told_against_what_was_approved() {
    let built_by = |identity: &str| {
        let attestation = Attestation {
            identity: identity.to_owned(),
            issuer: "https://issuer.example".to_owned(),
            repository: "github.com/acme/mail".to_owned(),
            reference: None,
            commit: None,
            workflow: None,
            logged: NOW.parse().expect("a time"),
        };
        let value = Attested::Holds { attestation, integrity: "sha512-1.0.16".to_owned() };
        let at = NOW.parse().expect("a time");
        Dossier { attestation: Fact::known(value, "registry.example", at), ..Dossier::default() }
    };
    let own = built_by("https://github.com/acme/mail/.github/workflows/release.yml@refs/tags/v1.0.15");
    let next = built_by("https://github.com/acme/mail/.github/workflows/release.yml@refs/tags/v1.0.16");
    let other = built_by("https://github.com/acme/mail/.github/workflows/evil.yml@refs/heads/main");
    let facts = || Facts { publisher: Some("someone".to_owned()), ..found(Some("1.0.16"), "npx-cache") };
    let same = told(facts(), next, Some(&own));
    assert_eq!((same.history.builder, same.publisher.as_deref()), (None, Some("someone")));
    let changed = told(facts(), other.clone(), Some(&own));
    let builder = |name: &str| format!("github.com/acme/mail/.github/workflows/{name}.yml");
    assert_eq!(changed.history.builder, Some((builder("release"), builder("evil"))));
    // An approval of this publisher's updates does not reach it.
    assert_ne!(changed.publisher.as_deref(), Some("someone"));
    assert!(told(facts(), other.clone(), None).history.builder.is_none());
    assert!(told(facts(), other, Some(&Dossier::default())).history.builder.is_none());
    let mut body = packument(&[("1.0.15", 40), ("1.0.16", 20)]);
    body["versions"]["1.0.15"]["maintainers"] = json!([{ "name": "ana" }, { "name": "ben" }]);
    body["versions"]["1.0.16"]["maintainers"] = json!([{ "name": "eve" }, { "name": "ana" }]);
    let publication = read_npm(&body).expect("it is readable");
    let state = ArtefactState::Known {
        version: Some("1.0.15".to_owned()),
        integrity: "sha512-1.0.15".to_owned(),
        source: "npx-cache".to_owned(),
    };
    let approved = Artefact { kind: ArtefactKind::Npm, state };
    let terms = Terms { approved: Some(&approved), ..terms() };
    let facts = enrich(found(Some("1.0.16"), "npx-cache"), &line("npx -y mail-mcp@1.0.16"), &publication, &terms);
    assert_eq!(facts.history.maintainers, Some(("ana, ben".to_owned(), "ana, eve".to_owned())));
}

#[test]
fn only_what_can_be_a_public_name_is_asked_about() {
    let check = |text: &str, expected: Option<&str>| {
        let mut words = text.split(' ');
        let (command, args) = (words.next(), words.collect::<Vec<_>>());
        let package = Package::of(&samples::connector(json!({"command": command, "args": args})));
        assert_eq!(package.as_ref().map(|it| it.name.as_str()), expected, "{text}");
    };
    check("npx -y mail-mcp", Some("mail-mcp"));
    check("npx -y @scope/mail-mcp@1.0.0", Some("@scope/mail-mcp"));
    check("uvx Mail_MCP", Some("mail-mcp"));
    check("npx -y ./mail-mcp", None);
    check("npx -y ${PACKAGE}", None);
    check("npx -y https://host.example/x.tgz", None);
    check("npx -y github:owner/name", None);
    check("node server.js", None);
    check("docker run mail/mcp", None);
}

#[test]
fn no_trouble_of_a_registry_is_taken_for_a_list_of_versions() {
    let file = json!({"filename": "mail_mcp-1.0.0-py3-none-any.whl", "url": "https://files.example/1", "hashes": {"sha256": "aa"}});
    let of_python = json!({"name": "mail-mcp", "files": [file]}).to_string();
    for (index, good) in [(Index::Npm, packument(&[("1.0.0", 40)]).to_string()), (Index::Pypi, of_python)] {
        let package = Package { index, name: "mail-mcp".to_owned() };
        let of = |says: &Says| {
            let web = always(says);
            let base = web.base();
            let mirrors = Mirrors { npm: Some(&base), pypi: Some(&base), ..Mirrors::default() };
            let outcome = std::cell::Cell::new(None);
            let fill = |inquiry: &Inquiry<'_>, _: &mut _| {
                let ask = ask(inquiry.registries, &package, false).expect("an address");
                let answer = inquiry.network.ask(vec![ask.clone()]).remove(0);
                let read = answer.and_then(|answer| read(&ask, &package, &answer, &BTreeSet::new()));
                outcome.set(Some(read.map(|it| it.releases.len()).map_err(Failure::name)));
            };
            told_by(fill, &mirrors, &[]);
            outcome.take().expect("it was asked")
        };
        assert_eq!(of(&Says::json(good.as_str())), Ok(1));
        assert_eq!(of(&Says::status(404)), Err("not-found"));
        for (says, reason) in troubles(&good, MOST_BYTES) {
            assert_eq!(of(&says), Err(reason), "{index:?}");
        }
    }
}

#[test]
fn a_host_of_an_own_network_is_told_to_nobody() {
    let check = |host: &str, expected: bool| {
        let connector = samples::connector(json!({"url": format!("https://{host}/mcp")}));
        assert_eq!(Origin::of(&connector), expected.then(|| Origin::Host(host.to_owned())), "{host}");
    };
    for host in ["mcp.vendor.example", "mcp.acme.dev", "acme.co.uk", "team.github.io"] {
        check(host, true);
    }
    for host in [
        "wiki",
        "wiki.intranet",
        "mcp.localdomain",
        "mcp.private",
        "mcp.hush.internal",
        "box.lan",
        "box.home.arpa",
        "a.local",
        "localhost",
        "mcp.corp",
        "x.onion",
        "10.0.0.1",
    ] {
        check(host, false);
    }
}

struct Machine(TempDir, std::collections::BTreeMap<String, String>);

impl Machine {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"), Default::default())
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }

    fn registries(&self) -> Registries {
        let now = NOW.parse().expect("a time");
        let host = Host::new(Os::Linux, self.0.path().to_owned(), self.1.clone(), Arc::new(move || now));
        let host = host.with_root(self.0.path().to_owned());
        Registries::of(&host, &Mirrors::default())
    }

    fn npm(&self, package: &str) -> Result<String, Failure> {
        ask(&self.registries(), &npm_package(package), false).map(|it| it.url.to_string())
    }

    fn pypi(&self) -> Result<String, Failure> {
        let package = Package { index: Index::Pypi, name: "mail-mcp".into() };
        ask(&self.registries(), &package, false).map(|it| it.url.to_string())
    }
}

#[test]
fn npms_own_settings_say_which_registry_is_asked() {
    let mut machine = Machine::new();
    // The address that the ecosystem has by default comes with a library.
    assert_eq!(machine.npm("mail-mcp").map(|it| it.starts_with("https://") && it.ends_with("/mail-mcp")), Ok(true));
    machine.write(
        ".npmrc",
        "registry=https://mirror.example/npm/\n@own:registry=https://own.example/\n\
        //mirror.example/npm/:_authToken=secret\n",
    );
    assert_eq!(machine.npm("mail-mcp"), Ok("https://mirror.example/npm/mail-mcp".to_owned()));
    assert_eq!(machine.npm("@scope/mail-mcp"), Ok("https://mirror.example/npm/@scope%2fmail-mcp".to_owned()));
    // A scope with its own registry is nobody else's to know.
    assert_eq!(machine.npm("@own/mail-mcp"), Err(Failure::Private));
    machine.1.insert("npm_config_registry".into(), "https://env.example/".into());
    let from_env = machine.npm("mail-mcp");
    assert!(from_env.is_ok_and(|it| it.contains(".example/")));
}

#[test]
fn the_settings_of_uv_and_pip_say_which_index_is_asked() {
    let mut machine = Machine::new();
    // The address that the ecosystem has by default comes with a library.
    assert!(machine.pypi().is_ok_and(|it| it.starts_with("https://") && it.ends_with("/simple/mail-mcp/")));
    machine.write("etc/pip.conf", "[global]\nindex-url = https://machine.example/simple\n");
    assert_eq!(machine.pypi(), Ok("https://machine.example/simple/mail-mcp/".to_owned()));
    machine.write(".config/pip/pip.conf", "[install]\nindex_url =\n  https://pip.example/simple\n");
    assert_eq!(machine.pypi(), Ok("https://pip.example/simple/mail-mcp/".to_owned()));
    machine.write("etc/uv/uv.toml", "index-url = \"https://machine.example/uv\"\n");
    assert_eq!(machine.pypi(), Ok("https://machine.example/uv/mail-mcp/".to_owned()));
    machine.write(".config/uv/uv.toml", "index-url = \"https://uv.example/simple/\"\n");
    assert_eq!(machine.pypi(), Ok("https://uv.example/simple/mail-mcp/".to_owned()));
    machine.write(".config/uv/uv.toml", "[[index]]\nurl = \"https://one.example/simple\"\ndefault = true\n");
    assert_eq!(machine.pypi(), Ok("https://one.example/simple/mail-mcp/".to_owned()));
    // What cannot be understood may say otherwise.
    machine.write(".config/uv/uv.toml", "index-url = ");
    assert_eq!(machine.pypi(), Err(Failure::NoRegistry));
    machine.write(".config/uv/uv.toml", "index-url = \"nowhere\"\n");
    assert_eq!(machine.pypi(), Err(Failure::NoRegistry));
    machine.1.insert("UV_CONFIG_FILE".into(), machine.0.path().join("own.toml").display().to_string());
    machine.write("own.toml", "index-url = \"https://own.example/simple\"\n");
    assert_eq!(machine.pypi(), Ok("https://own.example/simple/mail-mcp/".to_owned()));
    machine.1.insert("UV_DEFAULT_INDEX".into(), "https://env.example/simple".into());
    assert_eq!(machine.pypi(), Ok("https://env.example/simple/mail-mcp/".to_owned()));
}

/// Of two indexes one may be private, and a name of the one would be told to the other.
#[test]
fn where_packages_come_from_several_places_no_index_is_asked() {
    for (file, settings) in [
        (".config/uv/uv.toml", "[[index]]\nurl = \"https://own.example/simple\"\n"),
        (".config/uv/uv.toml", "extra-index-url = [\"https://own.example/simple\"]\n"),
        ("etc/uv/uv.toml", "find-links = [\"/srv/wheels\"]\n"),
        (".config/pip/pip.conf", "[global]\nextra-index-url = https://own.example/simple\n"),
        ("etc/xdg/pip/pip.conf", "[install]\nfind_links:\n    /srv/wheels\n"),
        (".pip/pip.conf", "[global]\nno-index = true\n"),
    ] {
        let machine = Machine::new();
        machine.write(file, settings);
        assert_eq!(machine.pypi(), Err(Failure::Private), "{file}: {settings}");
    }
    for name in ["UV_INDEX", "UV_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX"] {
        let mut machine = Machine::new();
        machine.1.insert(name.into(), "https://own.example/simple".into());
        assert_eq!(machine.pypi(), Err(Failure::Private), "{name}");
    }
    // Sections of other commands say nothing of what is installed.
    let machine = Machine::new();
    machine.write(".config/pip/pip.conf", "[global]\ntimeout = 9\n[wheel]\nfind-links = /srv\n");
    assert!(machine.pypi().is_ok());
}
