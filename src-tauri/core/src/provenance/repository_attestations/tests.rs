use std::collections::BTreeSet;

use serde_json::json;

use super::*;
use crate::attestation::samples::{PEP_740, slsa};
use crate::facts::{Image, Release};
use crate::network::web::{Says, Web};
use crate::provenance::inquiries::{always, image, publication, subject, told, troubles};
use crate::provenance::{Descriptions, Index, Mirrors};

/// About something else than anything here.
const OTHER: &str = include_str!("../../../tests/fixtures/attestations/npm-sigstore-2.0.0.json");

const DIGEST: &str = "sha256:54303491a8418fbed24344b513546182c29b43bf282ceb433af65e2299f9271f";

/// What is said of a Python package without an attestation of its own.
fn of(service: &str, release: Release) -> Fact<Attested> {
    let mirrors = Mirrors { repositories: Some(service), ..Mirrors::default() };
    let mail = subject(Index::Pypi, "mail-mcp", Some("1.0.0"));
    let fill = |inquiry: &Inquiry<'_>, dossiers: &mut BTreeMap<Subject, Dossier>| {
        for dossier in dossiers.values_mut() {
            dossier.attestation = Fact::unknown(NONE);
        }
        fill(inquiry, dossiers);
    };
    told(fill, &mirrors, &[(mail.clone(), Some(publication("1.0.0", release)))])[&mail].attestation.clone()
}

fn release() -> Release {
    Release {
        repository: Some("github.com/acme/mail".to_owned()),
        integrity: Some(DIGEST.to_owned()),
        ..Release::default()
    }
}

#[test]
fn it_is_asked_for_by_the_digest_and_one_of_something_else_vouches_for_nothing() {
    let list: Json = serde_json::from_str(OTHER).expect("JSON");
    let bundle = &list["attestations"][0]["bundle"];
    let says = |attestations: Json| always(&Says::json(json!({ "attestations": attestations }).to_string()));
    let web = says(json!([{ "bundle": bundle, "repository_id": 1 }]));
    assert_eq!(of(&web.base(), release()), Fact::unknown("attestation-other-digest"));
    assert_eq!(web.asked()[0].path, format!("/repos/acme/mail/attestations/{DIGEST}"));
    assert_eq!(of(&says(json!([])).base(), release()), Fact::unknown(NONE));
    assert_eq!(
        of(&says(json!([{ "bundle_url": "https://elsewhere.example" }])).base(), release()),
        Fact::unknown("attestation-unreadable")
    );
    assert_eq!(of(&always(&Says::status(404)).base(), release()), Fact::unknown(NONE));
}

#[test]
fn one_that_verifies_is_held_to_the_digest_and_to_the_repository() {
    let (_, _, digest, repository) = PEP_740[0];
    let web = always(&Says::json(json!({ "attestations": [{ "bundle": slsa(), "repository_id": 1 }] }).to_string()));
    let release = |repository: &str, digest: &str| Release {
        repository: Some(repository.to_owned()),
        integrity: Some(digest.to_owned()),
        ..Release::default()
    };
    let held = of(&web.base(), release(repository, digest));
    assert!(
        matches!(held.value(), Some(Attested::Holds { attestation, integrity })
            if attestation.repository == repository && integrity == digest),
        "{held:?}"
    );
    assert_eq!(of(&web.base(), release("github.com/acme/mail", digest)), Fact::unknown("attestation-other-repository"));
    assert_eq!(of(&web.base(), release(repository, DIGEST)), Fact::unknown("attestation-other-digest"));
}

#[test]
fn what_has_no_digest_or_no_repository_there_is_not_asked_about() {
    let web = Web::new(|_| Says::status(500));
    for release in [
        Release { repository: None, ..release() },
        Release { repository: Some("gitlab.com/acme/mail".to_owned()), ..release() },
        Release { integrity: None, ..release() },
        Release { integrity: Some("sha512-AAAA".to_owned()), ..release() },
        Release { integrity: Some("sha256:../x".to_owned()), ..release() },
    ] {
        assert_eq!(of(&web.base(), release.clone()), Fact::unknown(NONE), "{release:?}");
    }
    assert!(web.asked().is_empty());
}

#[test]
fn an_image_is_asked_about_by_its_digest() {
    let web = always(&Says::status(404));
    let mirrors = Mirrors { repositories: Some(&web.base()), ..Mirrors::default() };
    let name = image("docker.io/acme/mail:1.0");
    let with = |inquiry: &Inquiry<'_>, dossiers: &mut BTreeMap<Subject, Dossier>| {
        for dossier in dossiers.values_mut() {
            let repository = Some("github.com/acme/mail".to_owned());
            let image = Image { digest: DIGEST.to_owned(), repository, ..Image::default() };
            dossier.image = Fact::known(image, "registry.example", inquiry.now);
            dossier.attestation = Fact::unknown(NONE);
        }
        fill(inquiry, dossiers);
        // Whoever does not want repositories asked about does not want them asked for this either.
        let without = BTreeSet::from([LookUpKind::Repositories]);
        let (network, registries, now) = (inquiry.network, inquiry.registries, inquiry.now);
        let subjects = inquiry.subjects.clone();
        fill(
            &Inquiry {
                network,
                registries,
                now,
                anew: true,
                subjects,
                without: &without,
                token: None,
                descriptions: Descriptions::default(),
            },
            dossiers,
        );
    };
    told(with, &mirrors, &[(name, None)]);
    assert_eq!(web.asked().len(), 1);
}

#[test]
fn no_trouble_of_the_host_is_taken_for_an_answer() {
    for (says, reason) in troubles(r#"{"attestations": []}"#, 4 * 1024 * 1024) {
        assert_eq!(of(&always(&says).base(), release()), Fact::unknown(reason), "{reason}");
    }
}
