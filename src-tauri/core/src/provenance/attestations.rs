//! Attestations of where packages were built: the registry that a package comes from is asked, what it hands out is
//! verified here.

use std::collections::BTreeMap;
use std::time::Duration;

use url::Url;

use crate::attestation::{Expected, Flaw, of_npm, of_pypi};
use crate::facts::{Attested, Dossier, Fact, Release};
use crate::network::{Access, Answer, Ask, Failure, Purpose};

use super::pypi::ACCEPT_PROVENANCE;
use super::services::{MIRROR, is_json};
use super::{Index, Inquiry, Package, Registries, Subject};

/// Real ones have some ten thousand.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// Below this every npm registry keeps them.
const NPM_PATH: &str = "/-/npm/v1/attestations/";

/// Nobody claims to have one. Whoever is asked later asks about what is said to have none so far.
pub(super) const NONE: &str = "not-attested";
/// It is said to lie where the registry does not answer for it.
const ELSEWHERE: &str = "elsewhere";

/// One version that is asked about.
struct Claim<'a> {
    package: &'a Package,
    version: &'a str,
    release: &'a Release,
}

/// Asks for the attestations of all versions, and verifies them.
pub(super) fn fill(inquiry: &Inquiry<'_>, dossiers: &mut BTreeMap<Subject, Dossier>) {
    let (mut asks, mut claims) = (Vec::new(), Vec::new());
    for (subject, publication) in &inquiry.subjects {
        let Some(dossier) = dossiers.get_mut(subject) else { continue };
        let (Some(package), Some(version)) = (subject.origin.package(), subject.version.as_deref()) else { continue };
        let Some(release) = publication.and_then(|it| it.releases.get(version)) else { continue };
        let claim = Claim { package, version, release };
        match question(inquiry, &claim) {
            Ok(ask) => {
                let host = ask.url.host_str().unwrap_or_default().to_owned();
                asks.push(ask);
                claims.push((subject, claim, host));
            }
            Err(reason) => dossier.attestation = Fact::unknown(reason),
        }
    }
    for ((subject, claim, host), answer) in claims.into_iter().zip(inquiry.network.ask(asks)) {
        if let Some(dossier) = dossiers.get_mut(subject) {
            dossier.attestation = verdict(&claim, host, answer);
        }
    }
}

/// The question, or why there is none to ask.
fn question(inquiry: &Inquiry<'_>, claim: &Claim<'_>) -> Result<Ask, &'static str> {
    let registry = match claim.package.index {
        Index::Npm => inquiry.registries.npm(&claim.package.name),
        Index::Pypi => inquiry.registries.pypi(),
    };
    let registry = registry.map_err(Failure::name)?;
    let is_mirror = !match claim.package.index {
        Index::Npm => Registries::is_npm_default(registry),
        Index::Pypi => Registries::is_pypi_default(registry),
    };
    if !claim.release.attested {
        return Err(if is_mirror { MIRROR } else { NONE });
    }
    let told = claim.release.attestation.as_deref().and_then(|it| Url::parse(it).ok()).ok_or(ELSEWHERE)?;
    let (url, accept) = match claim.package.index {
        // As npm does: the path alone, below the registry that the user has set.
        Index::Npm if told.path().starts_with(NPM_PATH) => {
            let base = registry.as_str().trim_end_matches('/');
            (Url::parse(&format!("{base}{}", told.path())).map_err(|_| ELSEWHERE)?, "application/json")
        }
        Index::Pypi if told.origin() == registry.origin() => (told, ACCEPT_PROVENANCE),
        _ => return Err(ELSEWHERE),
    };
    Ok(Ask {
        url,
        accept,
        purpose: Purpose::Attestations,
        most_bytes: MOST_BYTES,
        anew: inquiry.anew,
        holds_for: Duration::ZERO,
        access: Access::Anybody,
    })
}

/// An answer that is no attestation says nothing; one that is about something else does.
fn verdict(claim: &Claim<'_>, host: String, answer: Result<Answer, Failure>) -> Fact<Attested> {
    let answer = match answer {
        Ok(answer) => answer,
        Err(failure) => return Fact::unknown(failure.name()),
    };
    if !is_json(&answer) {
        return Fact::unknown(Failure::Unreadable.name());
    }
    let expected = Expected {
        name: &claim.package.name,
        version: claim.version,
        integrity: claim.release.integrity.as_deref().unwrap_or_default(),
        repository: claim.release.repository.as_deref(),
    };
    let verdict = match claim.package.index {
        Index::Npm => of_npm(&answer.body, expected),
        Index::Pypi => {
            let file = claim.release.archive.as_deref().and_then(|it| it.rsplit('/').next()).unwrap_or_default();
            of_pypi(&answer.body, file.split('#').next().unwrap_or_default(), expected)
        }
    };
    let value = match (verdict, claim.package.index) {
        (Ok(attestation), _) => Attested::Holds { attestation, integrity: expected.integrity.to_owned() },
        (Err(flaw @ (Flaw::OtherSubject | Flaw::OtherDigest | Flaw::OtherRepository)), Index::Npm) => {
            Attested::Broken { flaw: flaw.name().to_owned() }
        }
        // Keys are renewed, and logs are added that this program does not know yet: that vouches for nothing, and accuses
        // nobody. Indexes of Python write their statements in ways of their own, so there the same holds of all flaws.
        (Err(flaw), _) => return Fact::unknown(format!("attestation-{}", flaw.name())),
    };
    Fact::known(value, host, answer.at)
}

#[cfg(test)]
mod tests {
    use crate::attestation::samples::PEP_740;
    use crate::facts::{Attested, Fact, Release};
    use crate::network::web::Says;
    use crate::network::{Answer, Failure};

    use super::super::inquiries::{always, publication, subject, told as told_by, troubles};
    use super::super::{Index, Mirrors, Package};
    use super::{Claim, MOST_BYTES, fill, verdict};

    const REAL: &str = include_str!("../../tests/fixtures/attestations/npm-sigstore-2.0.0.json");
    const INTEGRITY: &str =
        "sha512-RtTi90xIdzFmQAAKb9+Ki1nx4IR2Z5c+mFn3dN0xuPHgk3gTt3f7ZqKsZ9UFQP40ZAlm7un8LMyjhwgrTIXNPA==";

    fn told(version: &str, kind: &str, body: &str) -> Fact<Attested> {
        let package = Package { index: Index::Npm, name: "sigstore".to_owned() };
        let release = Release { attested: true, integrity: Some(INTEGRITY.to_owned()), ..Release::default() };
        let at = jiff::Timestamp::UNIX_EPOCH;
        let answer = Answer { body: body.as_bytes().to_vec(), content_type: Some(kind.to_owned()), at };
        verdict(&Claim { package: &package, version, release: &release }, "registry.example".to_owned(), Ok(answer))
    }

    #[test]
    fn what_verifies_holds_and_what_does_not_is_broken() {
        let held = told("2.0.0", "application/json", REAL);
        assert!(
            matches!(held.value(), Some(Attested::Holds { attestation, .. }) if attestation.repository == "github.com/sigstore/sigstore-js")
        );
        let moved = told("2.0.1", "application/json", REAL);
        assert_eq!(moved.value(), Some(&Attested::Broken { flaw: "other-subject".to_owned() }));
        assert_eq!(told("2.0.0", "application/json", "{").reason(), Some("attestation-unreadable"));
        let mut forged: serde_json::Value = serde_json::from_str(REAL).expect("JSON");
        let envelope = &mut forged["attestations"][0]["bundle"]["dsseEnvelope"];
        envelope["signatures"][0]["sig"] = serde_json::json!("MEUCIQ==");
        let forged = told("2.0.0", "application/json", &forged.to_string());
        assert!(forged.reason().is_some_and(|reason| reason.starts_with("attestation-")), "{forged:?}");
    }

    #[test]
    fn a_file_of_a_python_package_is_held_to_what_its_index_says() {
        let (answer, file, integrity, repository) = PEP_740[0];
        let told = |file: &str, integrity: &str| {
            let package = Package { index: Index::Pypi, name: "pypi-attestations".to_owned() };
            let release = Release {
                archive: Some(format!("https://files.example/packages/{file}#sha256={}", &integrity[7..])),
                integrity: Some(integrity.to_owned()),
                ..Release::default()
            };
            let kind = "application/vnd.pypi.integrity.v1+json".to_owned();
            let at = jiff::Timestamp::UNIX_EPOCH;
            let answer = Answer { body: answer.as_bytes().to_vec(), content_type: Some(kind), at };
            let claim = Claim { package: &package, version: "0.0.19", release: &release };
            verdict(&claim, "registry.example".to_owned(), Ok(answer))
        };
        let held = told(file, integrity);
        assert!(
            matches!(held.value(), Some(Attested::Holds { attestation, .. }) if attestation.repository == repository
                && attestation.workflow.as_deref() == Some("release.yml")),
            "{held:?}"
        );
        let another = format!("sha256:{}", "7".repeat(64));
        assert_eq!(told(file, &another).reason(), Some("attestation-other-digest"));
        assert_eq!(told("other-0.0.19.tar.gz", integrity).reason(), Some("attestation-other-subject"));
    }

    #[test]
    fn no_trouble_of_a_registry_is_taken_for_an_attestation() {
        let (python, _, integrity, _) = PEP_740[0];
        for (index, good) in [(Index::Npm, REAL), (Index::Pypi, python)] {
            let of = |says: &Says| {
                let web = always(says);
                let base = web.base();
                let mirrors = Mirrors { npm: Some(&base), pypi: Some(&base), ..Mirrors::default() };
                let mail = subject(index, "mail-mcp", Some("1.0.0"));
                let release = Release {
                    attested: true,
                    attestation: Some(format!("{base}/-/npm/v1/attestations/mail-mcp@1.0.0")),
                    integrity: Some(integrity.to_owned()),
                    ..Release::default()
                };
                let all = [(mail.clone(), Some(publication("1.0.0", release)))];
                told_by(fill, &mirrors, &all).remove(&mail).expect("it was asked about").attestation
            };
            assert_eq!(of(&Says::status(404)), Fact::unknown("not-found"));
            for (says, reason) in troubles(good, MOST_BYTES) {
                let found = of(&says);
                // What is JSON, and no attestation, is none that can be read.
                let is_it = found.reason() == Some(reason)
                    || reason == "unreadable" && found.reason() == Some("attestation-unreadable");
                assert!(is_it, "{index:?}, {reason}: {found:?}");
            }
        }
    }

    #[test]
    fn what_did_not_arrive_is_unknown_and_never_clean() {
        assert_eq!(told("2.0.0", "text/html", REAL).reason(), Some("unreadable"));
        let package = Package { index: Index::Npm, name: "sigstore".to_owned() };
        let release = Release::default();
        let claim = Claim { package: &package, version: "2.0.0", release: &release };
        let fact = verdict(&claim, "registry.example".to_owned(), Err(Failure::NotFound));
        assert_eq!(fact.reason(), Some(Failure::NotFound.name()));
    }
}
