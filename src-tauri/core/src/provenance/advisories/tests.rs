use serde_json::json;

use super::*;
use crate::network::web::{Asked, Says, Web};
use crate::provenance::Mirrors;
use crate::provenance::inquiries::{self, always, host, subject, troubles};

/// What the database makes of these subjects.
fn told(service: &str, subjects: &[Subject]) -> Vec<Fact<Vec<Advisory>>> {
    let mirrors = Mirrors { advisories: Some(service), ..Mirrors::default() };
    let asked: Vec<_> = subjects.iter().map(|subject| (subject.clone(), None)).collect();
    let dossiers = inquiries::told(fill, &mirrors, &asked);
    subjects.iter().map(|subject| dossiers[subject].advisories.clone()).collect()
}

fn names(fact: &Fact<Vec<Advisory>>) -> Vec<(&str, bool, Weight)> {
    let all = fact.value().unwrap_or_else(|| panic!("{fact:?}"));
    all.iter().map(|one| (one.id.as_str(), one.is_malicious, one.weight)).collect()
}

/// Answers to the questions in the order in which they came, and each record.
fn database(found: &'static [(&str, &[&str])], records: &'static [(&str, &str)]) -> Web {
    Web::new(move |asked: &Asked| {
        if asked.path == "/v1/querybatch" {
            let body: Json = serde_json::from_str(&asked.body).expect("JSON");
            let of = |query: &Json| {
                let name = query["package"]["name"].as_str().expect("a name");
                let ids = found.iter().find(|(package, _)| *package == name).map_or(&[][..], |(_, ids)| ids);
                if ids.is_empty() {
                    json!({})
                } else {
                    json!({"vulns": ids.iter().map(|id| json!({"id": id})).collect::<Vec<_>>()})
                }
            };
            let results: Vec<_> = body["queries"].as_array().expect("questions").iter().map(of).collect();
            return Says::json(json!({"results": results}).to_string());
        }
        let id = asked.path.strip_prefix("/v1/vulns/").unwrap_or_default();
        records.iter().find(|(name, _)| *name == id).map_or(Says::status(404), |(_, record)| Says::json(*record))
    })
}

#[test]
fn r4_records_count_whatever_shape_their_own_part_has() {
    let records = &[
        // An object, a list, and none; a list of versions alone; two ranges.
        (
            "MAL-2025-47604",
            r#"{"id": "MAL-2025-47604", "database_specific": {"malicious-packages-origins": [{"source": "x"}]},
            "affected": [{"ranges": [{"type": "SEMVER", "events": [{"introduced": "1.0.16"}]}]}]}"#,
        ),
        (
            "MAL-2025-47838",
            r#"{"id": "MAL-2025-47838", "database_specific": [],
            "affected": [{"ranges": [{"events": [{"introduced": "1.0.6"}]}, {"events": [{"introduced": "0"}]}]}]}"#,
        ),
        ("MAL-2026-1642", r#"{"id": "MAL-2026-1642", "affected": [{"versions": ["1.0.2"]}]}"#),
        ("GHSA-6xpm-ggf7-wc3p", r#"{"id": "GHSA-6xpm-ggf7-wc3p", "database_specific": {"severity": "CRITICAL"}}"#),
        ("PYSEC-2026-1", r#"{"id": "PYSEC-2026-1", "affected": [{"database_specific": {"severity": "low"}}]}"#),
        ("GHSA-back", r#"{"id": "GHSA-back", "withdrawn": "2026-01-01T00:00:00Z"}"#),
    ];
    let web = database(
        &[
            ("postmark-mcp", &["MAL-2025-47604"]),
            ("@lanyer640/mcp-runcommand-server", &["MAL-2025-47838"]),
            ("@upstashed/context7-mcp", &["MAL-2026-1642"]),
            ("mcp-remote", &["GHSA-6xpm-ggf7-wc3p", "GHSA-back", "GHSA-untold"]),
            ("some-mcp", &["PYSEC-2026-1"]),
        ],
        records,
    );
    let subjects = [
        subject(Index::Npm, "postmark-mcp", Some("1.0.16")),
        subject(Index::Npm, "@lanyer640/mcp-runcommand-server", Some("1.0.6")),
        subject(Index::Npm, "@upstashed/context7-mcp", Some("1.0.2")),
        subject(Index::Npm, "mcp-remote", Some("0.1.15")),
        subject(Index::Pypi, "some-mcp", Some("2.0")),
        subject(Index::Npm, "clean-mcp", Some("1.0.0")),
    ];
    let told = told(&web.base(), &subjects);
    let told: Vec<_> = told.iter().map(names).collect();
    let harmful = |id| vec![(id, true, Weight::Untold)];
    assert_eq!(told[..3], [harmful("MAL-2025-47604"), harmful("MAL-2025-47838"), harmful("MAL-2026-1642")]);
    // What was taken back counts as none; what cannot be read counts all the same.
    assert_eq!(told[3], [("GHSA-6xpm-ggf7-wc3p", false, Weight::Critical), ("GHSA-untold", false, Weight::Untold)]);
    assert_eq!(told[4], [("PYSEC-2026-1", false, Weight::Low)]);
    assert_eq!(told[5], []);
    let questions: Json = serde_json::from_str(&web.asked()[0].body).expect("JSON");
    let python = json!({"package": {"ecosystem": "PyPI", "name": "some-mcp"}, "version": "2.0"});
    assert!(questions["queries"].as_array().expect("a list").contains(&python), "{questions}");
}

#[test]
fn no_trouble_of_the_service_is_taken_for_clean() {
    let one = [subject(Index::Npm, "a-mcp", Some("1.0.0"))];
    let odd = [
        (Says::status(404), "not-found"),
        (Says::json(r#"{"results": [{"vulns": "none"}]}"#), "unreadable"),
        (Says::json(r#"{"results": []}"#), "unexpected"),
    ];
    for (says, reason) in troubles(r#"{"results": [{}]}"#, MOST_BYTES).into_iter().chain(odd) {
        assert_eq!(told(&always(&says).base(), &one), [Fact::unknown(reason)], "{reason}");
    }
    assert_eq!(told("http://127.0.0.1:9/", &one), [Fact::unknown("unreachable")]);
    assert_eq!(told("no address", &one), [Fact::unknown("no-address")]);
}

#[test]
fn an_answer_in_pages_is_read_to_its_end_or_not_at_all() {
    let web = Web::new(|asked: &Asked| {
        let last = asked.body.contains("page-2");
        let ids = if last { "GHSA-b" } else { "GHSA-a" };
        let next = if last { "" } else { r#", "next_page_token": "page-2""# };
        let found = format!(r#"{{"results": [{{"vulns": [{{"id": "{ids}"}}]{next}}}]}}"#);
        if asked.path == "/v1/querybatch" { Says::json(found) } else { Says::status(404) }
    });
    let one = [subject(Index::Npm, "a-mcp", Some("1.0.0"))];
    let found = told(&web.base(), &one);
    assert_eq!(names(&found[0]), [("GHSA-a", false, Weight::Untold), ("GHSA-b", false, Weight::Untold)]);
    let endless = Web::new(|_| Says::json(r#"{"results": [{"next_page_token": "again"}]}"#));
    assert_eq!(told(&endless.base(), &one), [Fact::unknown("too-large")]);
}

#[test]
fn what_has_no_package_or_no_version_is_not_asked_about() {
    let web = Web::new(|_| Says::status(500));
    let subjects = [host("mcp.vendor.example"), subject(Index::Npm, "a-mcp", None)];
    assert_eq!(told(&web.base(), &subjects), [Fact::unknown("no-package"), Fact::unknown("version-not-told")]);
    assert!(web.asked().is_empty());
}
