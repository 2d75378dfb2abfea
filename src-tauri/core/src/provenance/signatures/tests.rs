use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::json;

use super::*;
use crate::network::web::{Says, Web};
use crate::provenance::inquiries::{always, publication, subject, told, troubles};
use crate::provenance::{Index, Mirrors};

const INTEGRITY: &str = "sha512-AAAA";

/// A registry's key, and what it signs.
struct Signer(EcdsaKeyPair);

impl Signer {
    fn new() -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).expect("a key");
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &random);
        Self(pair.expect("a key"))
    }

    fn key(&self, expires: Option<&str>) -> serde_json::Value {
        let key = STANDARD.encode([OF_P256, self.0.public_key().as_ref()].concat());
        json!({
            "keyid": "SHA256:one", "keytype": "ecdsa-sha2-nistp256", "scheme": "ecdsa-sha2-nistp256",
            "key": key, "expires": expires,
        })
    }

    fn sign(&self, message: &str) -> String {
        STANDARD.encode(self.0.sign(&SystemRandom::new(), message.as_bytes()).expect("a signature"))
    }
}

fn release(signatures: &[(&str, &str)]) -> Release {
    Release {
        published: Some("2026-01-01T00:00:00Z".parse().expect("a time")),
        integrity: Some(INTEGRITY.to_owned()),
        signatures: signatures.iter().map(|(id, sig)| ((*id).to_owned(), (*sig).to_owned())).collect(),
        ..Release::default()
    }
}

fn keys(all: &[serde_json::Value]) -> Keys {
    serde_json::from_value(json!({"keys": all})).expect("keys")
}

#[test]
fn a_signature_holds_for_one_name_version_and_digest() {
    let signer = Signer::new();
    let good = signer.sign(&format!("@acme/mail@1.0.0:{INTEGRITY}"));
    let own = keys(&[signer.key(None)]);
    let of = |keys: &Keys, name: &str, version: &str, release: &Release| verdict(keys, name, version, release);
    let signed = release(&[("SHA256:one", &good)]);
    let holds = Ok(Signed::Holds { integrity: INTEGRITY.to_owned() });
    assert_eq!(of(&own, "@acme/mail", "1.0.0", &signed), holds);
    assert_eq!(of(&own, "@acme/mai1", "1.0.0", &signed), Ok(Signed::Broken));
    assert_eq!(of(&own, "@acme/mail", "1.0.1", &signed), Ok(Signed::Broken));
    let other = Release { integrity: Some("sha512-BBBB".to_owned()), ..signed.clone() };
    assert_eq!(of(&own, "@acme/mail", "1.0.0", &other), Ok(Signed::Broken));
    // Each of several counts, and each needs a key that is known.
    let both = release(&[("SHA256:one", &good), ("SHA256:one", "AAAA")]);
    assert_eq!(of(&own, "@acme/mail", "1.0.0", &both), Ok(Signed::Broken));
    assert_eq!(of(&own, "@acme/mail", "1.0.0", &release(&[("SHA256:two", &good)])), Err(UNKNOWN_KEY));
    let another = keys(&[Signer::new().key(None)]);
    assert_eq!(of(&another, "@acme/mail", "1.0.0", &signed), Ok(Signed::Broken));
    for odd in ["", "%", "AAAA", &good[..good.len() - 8]] {
        assert_eq!(of(&own, "@acme/mail", "1.0.0", &release(&[("SHA256:one", odd)])), Ok(Signed::Broken), "{odd}");
    }
    // A key that had expired when the version came signs nothing; what it signed before stands.
    let (before, after) = ("2025-12-31T00:00:00.000Z", "2026-01-02T00:00:00.000Z");
    assert_eq!(of(&keys(&[signer.key(Some(before))]), "@acme/mail", "1.0.0", &signed), Ok(Signed::Broken));
    assert_eq!(of(&keys(&[signer.key(Some(after))]), "@acme/mail", "1.0.0", &signed), holds);
    let untold = Release { published: None, ..signed };
    assert_eq!(of(&keys(&[signer.key(Some(after))]), "@acme/mail", "1.0.0", &untold), Ok(Signed::Broken));
}

fn asked(registry: Option<&str>, index: Index, release: Release) -> Fact<Signed> {
    let mirrors = Mirrors { npm: registry, ..Mirrors::default() };
    let subject = subject(index, "mail", Some("1.0.0"));
    told(fill, &mirrors, &[(subject.clone(), Some(publication("1.0.0", release)))])[&subject].signature.clone()
}

#[test]
fn the_keys_are_asked_for_once_and_only_where_something_is_signed() {
    let signer = Signer::new();
    let body = json!({"keys": [signer.key(None)]}).to_string();
    let web = Web::new(
        move |asked| {
            if asked.path == "/-/npm/v1/keys" { Says::json(body.clone()) } else { Says::status(404) }
        },
    );
    let sign = |name: &str| release(&[("SHA256:one", &signer.sign(&format!("{name}@1.0.0:{INTEGRITY}")))]);
    let all: Vec<_> = ["a", "b", "c"]
        .map(|name| (subject(Index::Npm, name, Some("1.0.0")), Some(publication("1.0.0", sign(name)))))
        .into();
    let mirrors = Mirrors { npm: Some(&web.base()), ..Mirrors::default() };
    let told = told(fill, &mirrors, &all);
    assert!(told.values().all(|one| matches!(one.signature.value(), Some(Signed::Holds { .. }))), "{told:?}");
    assert_eq!(web.asked().len(), 1);
    let quiet = Web::new(|_| Says::status(500));
    assert_eq!(asked(None, Index::Npm, release(&[])), Fact::unknown(NOT_SIGNED));
    assert_eq!(asked(Some(&quiet.base()), Index::Npm, release(&[])), Fact::unknown(MIRROR));
    assert_eq!(asked(Some(&quiet.base()), Index::Pypi, release(&[("a", "b")])), Fact::unknown(NO_SIGNATURES));
    assert!(quiet.asked().is_empty());
}

#[test]
fn no_trouble_of_the_registry_is_taken_for_a_signature() {
    let signer = Signer::new();
    let signed = release(&[("SHA256:one", &signer.sign(&format!("mail@1.0.0:{INTEGRITY}")))]);
    let good = json!({"keys": [signer.key(None)]}).to_string();
    let odd = [
        (Says::status(404), "not-found"),
        (Says::json(r#"{"keys": [{"keyid": 1}]}"#), "unreadable"),
        (Says::json(r#"{"keys": []}"#), UNKNOWN_KEY),
    ];
    for (says, reason) in troubles(&good, MOST_BYTES).into_iter().chain(odd) {
        let web = always(&says);
        assert_eq!(asked(Some(&web.base()), Index::Npm, signed.clone()), Fact::unknown(reason), "{reason}");
    }
}
