use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use crate::facts::Attestation;

use super::oci::{enveloped, of_signed, of_statement};
use super::pypi::{self, Provenance, as_bundle};
use super::samples::{PEP_740, slsa};
use super::{
    Digest, Expected, Flaw, HashAlgorithm, SIGSTORE_PRODUCTION_TRUSTED_ROOT as KEYS, npm, of_bundle, of_envelope,
    of_npm, of_payload, of_pypi, verify, with_keys,
};

const NPM: &str = include_str!("../../tests/fixtures/attestations/npm-sigstore-2.0.0.json");

/// Its statement is of another index's kind.
const PYPI: &str = include_str!("../../tests/fixtures/attestations/conda-as-pep740.json");

/// Parts of a bare signature, as cosign writes them beside an image.
const SIGNED: &str = include_str!("../../tests/fixtures/attestations/blob-as-cosign.json");

/// What is signed there.
const PAYLOAD: &[u8] = b"test content for cosign\n";

/// What the attestation of conda's kind is about.
const CONDA: &str = "sha256:54303491a8418fbed24344b513546182c29b43bf282ceb433af65e2299f9271f";

const SIGSTORE: Expected<'_> = Expected {
    name: "sigstore",
    version: "2.0.0",
    integrity: "sha512-RtTi90xIdzFmQAAKb9+Ki1nx4IR2Z5c+mFn3dN0xuPHgk3gTt3f7ZqKsZ9UFQP40ZAlm7un8LMyjhwgrTIXNPA==",
    repository: Some("github.com/sigstore/sigstore-js"),
};

/// The list, with its bundle changed.
fn changed(change: impl FnOnce(&mut Json)) -> Vec<u8> {
    let mut list: Json = serde_json::from_str(NPM).expect("the fixture is JSON");
    change(&mut list["attestations"][0]["bundle"]);
    list.to_string().into_bytes()
}

/// The same text, with one bit of what it stands for changed.
fn other(text: &Json, at: usize) -> Json {
    let mut bytes = STANDARD.decode(text.as_str().expect("a text")).expect("base64");
    bytes[at] ^= 1;
    json!(STANDARD.encode(bytes))
}

#[test]
fn a_real_attestation_verifies_offline() {
    let held = of_npm(NPM.as_bytes(), SIGSTORE).expect("it verifies");
    let expected = Attestation {
        identity: "https://github.com/sigstore/sigstore-js/.github/workflows/release.yml@refs/heads/main".to_owned(),
        issuer: "https://token.actions.githubusercontent.com".to_owned(),
        repository: "github.com/sigstore/sigstore-js".to_owned(),
        reference: Some("refs/heads/main".to_owned()),
        commit: Some("f0b49a04e5a62250e0f60fb128004a73110fe311".to_owned()),
        workflow: Some(".github/workflows/release.yml".to_owned()),
        logged: "2023-08-18T16:05:35Z".parse().expect("a time"),
    };
    assert_eq!(held, expected);
    assert_eq!(of_npm(NPM.as_bytes(), Expected { repository: None, ..SIGSTORE }), Ok(held));
}

#[test]
fn a_changed_byte_does_not_verify() {
    let flaw = |change: &dyn Fn(&mut Json)| of_npm(&changed(change), SIGSTORE).err();
    let not_verified = Some(Flaw::NotVerified);
    // The last bytes of the statement are those of its last address.
    assert_eq!(
        flaw(&|it| {
            let payload = &it["dsseEnvelope"]["payload"];
            let length = STANDARD.decode(payload.as_str().unwrap_or_default()).unwrap_or_default().len();
            it["dsseEnvelope"]["payload"] = other(payload, length - 8);
        }),
        not_verified
    );
    assert_eq!(
        flaw(&|it| {
            let sealed = &it["dsseEnvelope"]["signatures"][0]["sig"];
            it["dsseEnvelope"]["signatures"][0]["sig"] = other(sealed, 20);
        }),
        not_verified
    );
    assert_eq!(
        flaw(&|it| {
            let entry = &mut it["verificationMaterial"]["tlogEntries"][0]["inclusionPromise"]["signedEntryTimestamp"];
            *entry = other(entry, 20);
        }),
        not_verified
    );
    assert_eq!(
        flaw(&|it| it["verificationMaterial"]["tlogEntries"][0]["integratedTime"] = json!("1692374736")),
        not_verified
    );
}

#[test]
fn a_statement_about_something_else_does_not_count() {
    let flaw = |expected| of_npm(NPM.as_bytes(), expected).err();
    assert_eq!(flaw(Expected { name: "sigstone", ..SIGSTORE }), Some(Flaw::OtherSubject));
    assert_eq!(flaw(Expected { name: "@a/sigstore", ..SIGSTORE }), Some(Flaw::OtherSubject));
    assert_eq!(flaw(Expected { version: "2.0.1", ..SIGSTORE }), Some(Flaw::OtherSubject));
    let integrity = format!("sha512-{}", STANDARD.encode([7; 64]));
    assert_eq!(flaw(Expected { integrity: &integrity, ..SIGSTORE }), Some(Flaw::OtherDigest));
    assert_eq!(flaw(Expected { integrity: "sha1-00", ..SIGSTORE }), Some(Flaw::OtherDigest));
    let repository = Some("github.com/sigstore/sigstore-js-2");
    assert_eq!(flaw(Expected { repository, ..SIGSTORE }), Some(Flaw::OtherRepository));
}

#[test]
fn what_a_key_signed_that_had_expired_does_not_verify() {
    let with = |end: &str| {
        let mut keys: Json = serde_json::from_str(KEYS).expect("the keys are JSON");
        // The first log is the one that took it in.
        keys["tlogs"][0]["publicKey"]["validFor"]["end"] = json!(end);
        npm::verified(&with_keys(&keys.to_string()).expect("keys"), NPM.as_bytes(), SIGSTORE)
    };
    assert_eq!(with("2023-08-18T00:00:00Z").err(), Some(Flaw::NotVerified));
    assert!(with("2040-01-01T00:00:00Z").is_ok());
}

#[test]
fn what_is_no_attestation_is_none() {
    assert_eq!(of_npm(b"<html>", SIGSTORE), Err(Flaw::Unreadable));
    assert_eq!(of_npm(b"{\"attestations\":[]}", SIGSTORE), Err(Flaw::NoStatement));
    assert_eq!(of_npm(&changed(|it| *it = json!({})), SIGSTORE), Err(Flaw::Unreadable));
    assert_eq!(of_pypi(b"{}", "a-1.tar.gz", SIGSTORE), Err(Flaw::Unreadable));
}

#[test]
fn the_parts_of_pep_740_verify_as_a_bundle() {
    let file = "signed-package-2.1.0-hb0f4dca_0.conda";
    let integrity = "sha256:54303491a8418fbed24344b513546182c29b43bf282ceb433af65e2299f9271f";
    let expected = Expected { name: "signed-package", version: "2.1.0", integrity, repository: None };
    let keys = with_keys(KEYS).expect("keys");
    let list: Provenance = serde_json::from_str(PYPI).expect("the fixture is of its form");
    let flaw = |list: &str, file: &str, expected| of_pypi(list.as_bytes(), file, expected).err();
    // Every seal holds, and yet it says nothing of what the index published.
    let entry = &list.attestation_bundles[0].attestations[0];
    let digest =
        Digest { kind: "sha256", algorithm: HashAlgorithm::Sha2256, bytes: hex::decode(&integrity[7..]).expect("hex") };
    let (_, held) = verify(&keys, &as_bundle(entry), &|name| name == file, digest).expect("it verifies");
    assert_eq!(held.issuer, "https://token.actions.githubusercontent.com");
    assert_eq!(flaw(PYPI, file, expected), Some(Flaw::NoStatement));
    let mut changed: Json = serde_json::from_str(PYPI).expect("JSON");
    let sealed = &mut changed["attestation_bundles"][0]["attestations"][0]["envelope"]["signature"];
    *sealed = other(sealed, 20);
    assert_eq!(flaw(&changed.to_string(), file, expected), Some(Flaw::NotVerified));
    assert_eq!(flaw(PYPI, "signed-package-2.1.0.tar.gz", expected), Some(Flaw::OtherSubject));
    let integrity = format!("sha256:{}", hex::encode([7; 32]));
    assert_eq!(flaw(PYPI, file, Expected { integrity: &integrity, ..expected }), Some(Flaw::OtherDigest));
}

#[test]
fn real_attestations_of_python_packages_verify_offline() {
    for (told, file, integrity, repository) in PEP_740 {
        let any = Expected { name: "", version: "", integrity, repository: None };
        let flaw = |told: &str, file: &str, expected| of_pypi(told.as_bytes(), file, expected).err();
        if repository.is_empty() {
            assert_eq!(flaw(told, file, any), Some(Flaw::NoIdentity), "{file}");
            continue;
        }
        let held = of_pypi(told.as_bytes(), file, any).expect(file);
        assert_eq!(held.repository, repository);
        let same = Expected { repository: Some(repository), ..any };
        assert_eq!(of_pypi(told.as_bytes(), file, same).as_ref(), Ok(&held));
        // Another repository, file or digest; one byte of each part.
        let other_repository = Some(Flaw::OtherRepository);
        assert_eq!(flaw(told, file, Expected { repository: Some("github.com/someone/else"), ..any }), other_repository);
        assert_eq!(flaw(told, "other-0.0.19.tar.gz", any), Some(Flaw::OtherSubject));
        let integrity = format!("sha256:{}", hex::encode([7; 32]));
        assert_eq!(flaw(told, file, Expected { integrity: &integrity, ..any }), Some(Flaw::OtherDigest));
        let mut publisher: Json = serde_json::from_str(told).expect("JSON");
        let of_index = &mut publisher["attestation_bundles"][0]["publisher"];
        let key = if of_index["repository"].is_string() { "repository" } else { "vcs_origin" };
        of_index[key] = json!("someone/else");
        assert_eq!(flaw(&publisher.to_string(), file, any), other_repository);
        for (part, at) in [
            ("/envelope/signature", 20),
            ("/verification_material/certificate", 100),
            ("/verification_material/transparency_entries/0/inclusionPromise/signedEntryTimestamp", 20),
        ] {
            let mut changed: Json = serde_json::from_str(told).expect("JSON");
            let sealed = changed["attestation_bundles"][0]["attestations"][0].pointer_mut(part).expect(part);
            *sealed = other(sealed, at);
            let flaw = flaw(&changed.to_string(), file, any);
            assert!(matches!(flaw, Some(Flaw::NotVerified | Flaw::Unreadable)), "{file} {part}: {flaw:?}");
        }
    }
}

#[test]
fn a_python_package_that_an_expired_key_signed_does_not_verify() {
    let (told, file, integrity, _) = PEP_740[0];
    let expected = Expected { name: "", version: "", integrity, repository: None };
    let with = |end: &str| {
        let mut keys: Json = serde_json::from_str(KEYS).expect("the keys are JSON");
        keys["tlogs"][0]["publicKey"]["validFor"]["end"] = json!(end);
        pypi::verified(&with_keys(&keys.to_string()).expect("keys"), told.as_bytes(), file, expected)
    };
    assert_eq!(with("2024-12-01T00:00:00Z").err(), Some(Flaw::NotVerified));
    assert!(with("2040-01-01T00:00:00Z").is_ok());
}

#[test]
fn a_bundle_that_refers_to_an_image_verifies_for_its_digest_alone() {
    let keys = with_keys(KEYS).expect("keys");
    let list: Provenance = serde_json::from_str(PYPI).expect("the fixture is of its form");
    let bundle = as_bundle(&list.attestation_bundles[0].attestations[0]);
    let held = of_statement(&keys, &bundle, CONDA, |_| true).expect("it verifies");
    assert_eq!(held.issuer, "https://token.actions.githubusercontent.com");
    // Every seal holds, and yet it says nothing of where an image was built, or that somebody signed one.
    assert_eq!(of_bundle(bundle.to_string().as_bytes(), CONDA), Err(Flaw::NoStatement));
    let another = format!("sha256:{}", hex::encode([7; 32]));
    assert_eq!(of_statement(&keys, &bundle, &another, |_| true), Err(Flaw::OtherDigest));
    assert_eq!(of_statement(&keys, &bundle, "sha512:00", |_| true), Err(Flaw::OtherDigest));
    let mut changed = bundle.clone();
    let sealed = &mut changed["dsseEnvelope"]["signatures"][0]["sig"];
    *sealed = other(sealed, 20);
    assert_eq!(of_statement(&keys, &changed, CONDA, |_| true), Err(Flaw::NotVerified));
    assert_eq!(of_bundle(b"<html>", CONDA), Err(Flaw::Unreadable));
    // The one of npm is of a kind that counts, and about another digest.
    let npm: Json = serde_json::from_str(NPM).expect("JSON");
    assert_eq!(of_bundle(npm["attestations"][0]["bundle"].to_string().as_bytes(), CONDA), Err(Flaw::OtherDigest));
}

/// The envelope of a bundle, and its other parts as older tools keep them beside it.
fn older(bundle: &Json) -> (String, BTreeMap<String, String>) {
    let entry = &bundle["verificationMaterial"]["tlogEntries"][0];
    let number = |key: &str| match &entry[key] {
        Json::String(text) => text.parse::<i64>().ok(),
        number => number.as_i64(),
    };
    let key = STANDARD.decode(entry["logId"]["keyId"].as_str().expect("a text")).expect("base64");
    let logged = json!({
        "SignedEntryTimestamp": entry["inclusionPromise"]["signedEntryTimestamp"],
        "Payload": {
            "body": entry["canonicalizedBody"], "integratedTime": number("integratedTime"),
            "logIndex": number("logIndex"), "logID": hex::encode(key),
        },
    });
    let raw = bundle["verificationMaterial"]["certificate"]["rawBytes"].as_str().expect("a text");
    let certificate = format!("-----BEGIN CERTIFICATE-----\n{raw}\n-----END CERTIFICATE-----\n");
    let beside = [("dev.sigstore.cosign/certificate", certificate), ("dev.sigstore.cosign/bundle", logged.to_string())];
    (bundle["dsseEnvelope"].to_string(), beside.map(|(key, value)| (key.to_owned(), value)).into())
}

/// What GitHub's builders say of whatever they built, images among it, by its digest.
#[test]
fn a_real_statement_of_where_something_was_built_verifies_for_its_digest() {
    let bundle = slsa();
    let (digest, repository) = (PEP_740[0].2, PEP_740[0].3);
    let held = of_bundle(bundle.to_string().as_bytes(), digest).expect("it verifies");
    assert_eq!(held.repository, repository);
    assert_eq!(held.workflow.as_deref(), Some(".github/workflows/release.yml"));
    assert_eq!(held.reference.as_deref(), Some("refs/tags/v0.0.19"));
    let another = format!("sha256:{}", hex::encode([7; 32]));
    assert_eq!(of_bundle(bundle.to_string().as_bytes(), &another), Err(Flaw::OtherDigest));
    for (part, at) in [("/dsseEnvelope/payload", 40), ("/dsseEnvelope/signatures/0/sig", 20)] {
        let mut changed = bundle.clone();
        let sealed = changed.pointer_mut(part).expect(part);
        *sealed = other(sealed, at);
        assert!(of_bundle(changed.to_string().as_bytes(), digest).is_err(), "{part}");
    }
    // Beside an image in the older form.
    let (envelope, beside) = older(&bundle);
    assert_eq!(of_envelope(envelope.as_bytes(), &beside, digest), Ok(held));
    assert_eq!(of_envelope(envelope.as_bytes(), &beside, &another), Err(Flaw::OtherDigest));
}

/// The same parts under the names that older tools give them.
#[test]
fn an_envelope_with_its_annotations_is_a_bundle() {
    let keys = with_keys(KEYS).expect("keys");
    let list: Provenance = serde_json::from_str(PYPI).expect("the fixture is of its form");
    let bundle = as_bundle(&list.attestation_bundles[0].attestations[0]);
    let (envelope, whole) = older(&bundle);
    let of = |beside: &BTreeMap<String, String>| {
        of_statement(&keys, &enveloped(envelope.as_bytes(), beside)?, CONDA, |_| true)
    };
    assert_eq!(of(&whole), of_statement(&keys, &bundle, CONDA, |_| true));
    assert!(of(&whole).is_ok());
    assert_eq!(of_envelope(envelope.as_bytes(), &whole, CONDA), Err(Flaw::NoStatement));
    let logged = |change: &dyn Fn(&mut Json)| {
        let mut beside = whole.clone();
        let text = beside.get_mut("dev.sigstore.cosign/bundle").expect("it is there");
        let mut logged: Json = serde_json::from_str(text).expect("JSON");
        change(&mut logged);
        *text = logged.to_string();
        of(&beside)
    };
    assert_eq!(logged(&|it| it["Payload"]["integratedTime"] = json!(1)), Err(Flaw::NotVerified));
    assert_eq!(logged(&|it| *it = json!({})), Err(Flaw::Unreadable));
    assert_eq!(of(&[].into()), Err(Flaw::NoIdentity));
}

#[test]
fn a_signature_beside_an_image_verifies_for_what_was_signed() {
    let keys = with_keys(KEYS).expect("keys");
    let beside: BTreeMap<String, String> = serde_json::from_str(SIGNED).expect("annotations");
    // A person's: it holds, and names no repository.
    assert_eq!(of_signed(&keys, PAYLOAD, &beside), Err(Flaw::NoIdentity));
    assert_eq!(of_signed(&keys, b"other content", &beside), Err(Flaw::NotVerified));
    let without = |key: &str| {
        let mut beside = beside.clone();
        beside.retain(|name, _| !name.ends_with(key));
        of_signed(&keys, PAYLOAD, &beside).err()
    };
    assert_eq!(without("cosign/signature"), Some(Flaw::Unreadable));
    assert_eq!(without("/bundle"), Some(Flaw::NotVerified));
    let with = |key: &str, from: &str, to: &str| {
        let mut beside = beside.clone();
        let value = beside.get_mut(key).expect("it is there");
        *value = value.replacen(from, to, 1);
        of_signed(&keys, PAYLOAD, &beside).err()
    };
    assert_eq!(
        with("dev.sigstore.cosign/bundle", "\"integratedTime\":1", "\"integratedTime\":2"),
        Some(Flaw::NotVerified)
    );
    assert_eq!(with("dev.cosignproject.cosign/signature", "MEUC", "MEQC"), Some(Flaw::NotVerified));
    // A payload that names another image was signed for that one.
    let payload = json!({"critical": {"image": {"docker-manifest-digest": CONDA}}}).to_string();
    assert_eq!(of_payload(payload.as_bytes(), &beside, CONDA), Err(Flaw::NotVerified));
    assert_eq!(
        of_payload(payload.as_bytes(), &beside, &format!("sha256:{}", hex::encode([7; 32]))),
        Err(Flaw::OtherDigest)
    );
}
