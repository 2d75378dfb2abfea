use serde_json::{Value as Json, json};

use super::*;
use crate::attestation::samples::{PEP_740, slsa};
use crate::facts::Image;
use crate::network::web::{Says, Web};
use crate::provenance::Mirrors;
use crate::provenance::image_registry::{FORM, LIST, Shelf};
use crate::provenance::images;
use crate::provenance::inquiries::{image, told, troubles};

const NAME: &str = "docker.io/acme/mail:1.0";

/// Its statement is about something else than any image here.
const OTHER: &str = include_str!("../../../tests/fixtures/attestations/npm-sigstore-2.0.0.json");

fn of(web: &Web) -> Fact<Attested> {
    let mirrors = Mirrors { images: Some(&web.base()), ..Mirrors::default() };
    let both = |inquiry: &Inquiry<'_>, dossiers: &mut BTreeMap<Subject, Dossier>| {
        images::fill(inquiry, dossiers);
        fill(inquiry, dossiers);
    };
    told(both, &mirrors, &[(image(NAME), None)]).remove(&image(NAME)).expect("it was asked about").attestation
}

fn shelf() -> (Shelf, String) {
    let mut shelf = Shelf::default();
    let digest = shelf.image(&json!({}), "1.0");
    (shelf, digest)
}

fn bundle() -> Vec<u8> {
    let list: Json = serde_json::from_str(OTHER).expect("JSON");
    list["attestations"][0]["bundle"].to_string().into_bytes()
}

/// Puts a bundle beside the image; the list that names it.
fn refer(shelf: &mut Shelf, kind: &str, bundle: &[u8]) -> String {
    let blob = shelf.put("blobs", "application/octet-stream", bundle, None);
    let form = json!({"layers": [{"mediaType": kind, "digest": blob}]});
    let form = shelf.put("manifests", FORM, form.to_string().as_bytes(), None);
    let others =
        [json!({"digest": "sha256:01", "artifactType": "application/spdx+json"}), json!({"digest": "sha256:02"})];
    let own = json!({"digest": form, "artifactType": kind});
    json!({"manifests": others.into_iter().chain([own]).collect::<Vec<_>>()}).to_string()
}

#[test]
fn what_nothing_refers_to_is_not_attested() {
    let (shelf, digest) = shelf();
    let web = shelf.clone().open();
    assert_eq!(of(&web), Fact::unknown(NONE));
    let asked: Vec<String> = web.asked().into_iter().map(|it| it.path).collect();
    let name = digest.replace(':', "-");
    for path in [
        format!("referrers/{digest}"),
        format!("manifests/{name}"),
        format!("manifests/{name}.att"),
        format!("manifests/{name}.sig"),
    ] {
        assert!(asked.contains(&format!("/v2/acme/mail/{path}")), "{path}: {asked:?}");
    }
    let mut empty = shelf;
    empty.say(&format!("referrers/{digest}"), Says::typed(LIST, r#"{"manifests": []}"#));
    let web = empty.open();
    assert_eq!(of(&web), Fact::unknown(NONE));
    assert!(!web.asked().iter().any(|it| it.path.ends_with(&name)));
}

/// Whatever way it comes, and whatever it says: about other bytes it says nothing of these.
#[test]
fn a_bundle_of_something_else_vouches_for_nothing() {
    let kind = "application/vnd.dev.sigstore.bundle.v0.3+json";
    let (mut by_list, digest) = shelf();
    let list = refer(&mut by_list, kind, &bundle());
    by_list.say(&format!("referrers/{digest}"), Says::typed(LIST, list.clone()));
    assert_eq!(of(&by_list.open()), Fact::unknown("attestation-other-digest"));
    let (mut by_name, digest) = shelf();
    refer(&mut by_name, kind, &bundle());
    by_name.say(&format!("manifests/{}", digest.replace(':', "-")), Says::typed(LIST, list));
    assert_eq!(of(&by_name.open()), Fact::unknown("attestation-other-digest"));
    for (end, kind, body, flaw) in [
        ("att", ENVELOPE, json!({"payload": ""}).to_string(), "attestation-no-identity"),
        (
            "sig",
            PAYLOAD,
            json!({"critical": {"image": {"docker-manifest-digest": "sha256:03"}}}).to_string(),
            "attestation-other-digest",
        ),
        ("sig", PAYLOAD, "{".to_owned(), "attestation-unreadable"),
    ] {
        let (mut older, digest) = shelf();
        let blob = older.put("blobs", "application/octet-stream", body.as_bytes(), None);
        let form = json!({"layers": [{"mediaType": "text/plain", "digest": "sha256:04"}, {"mediaType": kind, "digest": blob}]});
        let name = format!("{}.{end}", digest.replace(':', "-"));
        older.put("manifests", FORM, form.to_string().as_bytes(), Some(&name));
        assert_eq!(of(&older.open()), Fact::unknown(flaw), "{end}");
    }
}

/// The statement is of a file whose digest an image takes here: it is of the kind that images have, and no real one of an
/// image is at hand.
#[test]
fn one_that_verifies_is_held_to_the_digest() {
    let (_, _, digest, repository) = PEP_740[0];
    let told_by = |web: &Web, digest: &str| {
        let base = web.base();
        let mirrors = Mirrors { images: Some(&base), ..Mirrors::default() };
        let with = |inquiry: &Inquiry<'_>, dossiers: &mut BTreeMap<Subject, Dossier>| {
            for dossier in dossiers.values_mut() {
                let image = Image { digest: digest.to_owned(), ..Image::default() };
                dossier.image = Fact::known(image, "registry.example", inquiry.now);
            }
            fill(inquiry, dossiers);
        };
        told(with, &mirrors, &[(image(NAME), None)]).remove(&image(NAME)).expect("it was asked about").attestation
    };
    let kind = "application/vnd.dev.sigstore.bundle.v0.3+json";
    let mut shelf = Shelf::default();
    let list = refer(&mut shelf, kind, slsa().to_string().as_bytes());
    let another = format!("sha256:{}", "7".repeat(64));
    for digest in [digest, &another] {
        shelf.say(&format!("referrers/{digest}"), Says::typed(LIST, list.clone()));
    }
    let web = shelf.open();
    let held = told_by(&web, digest);
    assert!(
        matches!(held.value(), Some(Attested::Holds { attestation, integrity })
            if attestation.repository == repository && integrity == digest),
        "{held:?}"
    );
    assert_eq!(told_by(&web, &another), Fact::unknown("attestation-other-digest"));
}

#[test]
fn a_registry_in_trouble_says_nothing_of_attestations() {
    let (whole, digest) = shelf();
    let referrers = format!("referrers/{digest}");
    let older = format!("manifests/{}.att", digest.replace(':', "-"));
    let odd = [
        (Says::status(500), "server"),
        (Says::status(429), "rate-limited"),
        (Says::json("["), "unreadable"),
        (Says::typed("text/html", "<html>"), "unreadable"),
    ];
    for (says, reason) in odd {
        for path in [&referrers, &older] {
            let mut shelf = whole.clone();
            shelf.say(path, says.clone());
            assert_eq!(of(&shelf.open()), Fact::unknown(reason), "{path}");
        }
    }
    // Everything else that servers do wrong, but for what they call it: a digest says whether it is the right thing.
    let good = r#"{"manifests": []}"#;
    let is_html = |says: &Says| says.headers.iter().any(|(_, value)| value == "text/html");
    // Where it leads on to, this registry has nothing.
    let all = troubles(good, images::MOST_BYTES).into_iter().filter(|(says, _)| !is_html(says) && says.status != 302);
    for (says, reason) in all {
        let mut shelf = whole.clone();
        shelf.say(&referrers, says);
        assert_eq!(of(&shelf.open()), Fact::unknown(reason), "{reason}");
    }
    let mut other = whole.clone();
    other.say(&referrers, Says::json("{}"));
    assert_eq!(of(&other.open()), Fact::unknown("unreadable"));
    // What it hands out under a digest is something else.
    let (mut shelf, digest) = shelf();
    let list = refer(&mut shelf, "application/vnd.dev.sigstore.bundle.v0.3+json", &bundle());
    let form = serde_json::from_str::<Json>(&list).expect("JSON")["manifests"][2]["digest"]
        .as_str()
        .expect("a text")
        .to_owned();
    shelf.say(&format!("referrers/{digest}"), Says::typed(LIST, list));
    shelf.say(&format!("manifests/{form}"), Says::typed(FORM, r#"{"layers": []}"#));
    assert_eq!(of(&shelf.open()), Fact::unknown("other-bytes"));
}

/// A form without a verdict of its own: no crash, and nothing vouched for.
#[test]
fn an_image_that_is_not_known_is_not_asked_about_further() {
    let (shelf, _) = (Shelf::default(), ());
    let web = shelf.open();
    assert_eq!(of(&web), Fact::default());
    assert!(!web.asked().iter().any(|it| it.path.contains("referrers")));
}
