use serde_json::json;

use super::*;
use crate::connector::samples;
use crate::network::web::{Says, Web};
use crate::provenance::Mirrors;
use crate::provenance::image_registry::{FORM, LIST, Shelf};
use crate::provenance::inquiries::{always, image, told, troubles};

const NAME: &str = "docker.io/acme/mail:1.0";

fn of(web: &Web, name: &str) -> Fact<Image> {
    let mirrors = Mirrors { images: Some(&web.base()), ..Mirrors::default() };
    told(fill, &mirrors, &[(image(name), None)]).remove(&image(name)).expect("it was asked about").image
}

#[test]
fn a_name_leads_to_a_digest_and_to_labels() {
    let mut shelf = Shelf::default();
    let labels = json!({"org.opencontainers.image.source": "https://github.com/Acme/Mail.git",
        "io.modelcontextprotocol.server.name": "io.github.acme/mail", "odd": 3});
    let digest = shelf.image(&labels, "1.0");
    let web = shelf.open();
    let whole = Image {
        digest: digest.clone(),
        repository: Some("github.com/acme/mail".to_owned()),
        listed_as: Some("io.github.acme/mail".to_owned()),
        created: Some("2026-10-01T02:03:04Z".parse().expect("a time")),
    };
    assert_eq!(of(&web, NAME).value(), Some(&whole));
    // The token is fetched once: name, refusal, token, name, form, labels.
    assert_eq!(web.asked().len(), 5);
    assert_eq!(of(&web, &format!("docker.io/acme/mail@{digest}")).value(), Some(&whole));
    assert_eq!(of(&web, "docker.io/acme/other:1.0"), Fact::unknown("not-found"));
    assert_eq!(of(&web, "docker.io/acme/mail:2.0"), Fact::unknown("not-found"));
}

#[test]
fn labels_may_stand_beside_the_image_and_may_be_missing() {
    let mut shelf = Shelf::default();
    let config = shelf.put("blobs", "application/octet-stream", br#"{"created": "1970-01-01T00:00:00Z"}"#, None);
    let form = json!({"config": {"digest": config}, "annotations": {"org.opencontainers.image.source": "acme/mail"}});
    let digest = shelf.put("manifests", FORM, form.to_string().as_bytes(), Some("1.0"));
    let expected = Image { digest, repository: Some("github.com/acme/mail".to_owned()), ..Image::default() };
    assert_eq!(of(&shelf.open(), NAME).value(), Some(&expected));
}

/// Whoever sits in between, or the registry itself, can hand out anything; what a digest names is one thing.
#[test]
fn other_bytes_than_the_digest_names_are_no_answer() {
    let mut shelf = Shelf::default();
    let digest = shelf.image(&json!({}), "1.0");
    let whole = shelf.clone();
    let paths: Vec<String> = {
        let web = whole.open();
        of(&web, NAME);
        web.asked().into_iter().map(|asked| asked.path).filter(|path| path.contains("sha256:")).collect()
    };
    assert_eq!(paths.len(), 2);
    for path in paths {
        let mut shelf = shelf.clone();
        shelf
            .say(path.trim_start_matches("/v2/acme/mail/"), Says::typed(FORM, r#"{"config": {"digest": "sha256:1"}}"#));
        assert_eq!(of(&shelf.open(), NAME), Fact::unknown("other-bytes"), "{path}");
    }
    shelf.say(&format!("manifests/{digest}"), Says::typed(LIST, r#"{"manifests": []}"#));
    assert_eq!(of(&shelf.open(), &format!("docker.io/acme/mail@{digest}")), Fact::unknown("other-bytes"));
}

#[test]
fn no_trouble_of_a_registry_is_taken_for_an_answer() {
    let good = json!({"config": {"digest": "sha256:00"}}).to_string();
    // What something is called is not looked at: what it leads to has to fit.
    let all = troubles(&good, MOST_BYTES).into_iter().filter(|(says, _)| {
        says.body != good.as_bytes() || says.status != 200 || says.how != crate::network::web::How::Whole
    });
    let odd = [
        (Says::json("{}"), "unreadable"),
        (Says::json(r#"{"manifests": 3}"#), "unreadable"),
        (Says::status(401), "unauthorised"),
    ];
    for (says, reason) in all.chain(odd) {
        assert_eq!(of(&always(&says), NAME), Fact::unknown(reason), "{reason}");
    }
    let mirrors = Mirrors { images: Some("no address"), ..Mirrors::default() };
    assert_eq!(told(fill, &mirrors, &[(image(NAME), None)])[&image(NAME)].image, Fact::unknown("no-address"));
}

#[test]
fn images_of_other_registries_are_told_to_nobody() {
    let name_of = |reference: &str| {
        let entry = json!({"command": "docker", "args": ["run", "-i", reference]});
        name(&samples::connector(entry).launch_line)
    };
    assert_eq!(name_of("acme/mail").as_deref(), Some("docker.io/acme/mail:latest"));
    assert_eq!(name_of("mail:2").as_deref(), Some("docker.io/library/mail:2"));
    let digest = format!("sha256:{}", "a".repeat(64));
    assert_eq!(name_of(&format!("acme/mail:2@{digest}")), Some(format!("docker.io/acme/mail@{digest}")));
    for private in [
        "registry.example/acme/mail",
        "localhost:5000/acme/mail",
        "127.0.0.1/acme/mail",
        "docker.io.evil.example/acme/mail",
        "docker.io:8080/acme/mail",
        "${REGISTRY}/acme/mail",
        "acme/${MAIL}",
        "Acme/Mail",
    ] {
        assert_eq!(name_of(private), None, "{private}");
    }
}

#[test]
fn two_names_of_one_image_are_the_same() {
    let all = ["acme/mail", "docker.io/acme/mail:1.0", "docker://acme/mail"];
    assert!(all.iter().all(|one| is_same(one, NAME)));
    for other in ["acme/mai1", "registry.example/acme/mail", "mail", "", "Acme/Mail"] {
        assert!(!is_same(other, NAME), "{other}");
    }
}
