use crate::document::Route;
use crate::facts::{self, ArtefactKind, ArtefactState, Evidence, Facts, LocalFile, Owner, Signature};
use crate::finding::{Code, Confidence, Finding, Location, Severity};

use super::{Asked, REASONS, Trust, Word};

fn package() -> Facts {
    let facts = Facts::not_looked(ArtefactKind::Npm);
    let state = ArtefactState::Known {
        version: Some("1.0.0".to_owned()),
        integrity: "sha512-AAAA".to_owned(),
        source: "npx".to_owned(),
    };
    Facts { artefact: crate::facts::Artefact { kind: ArtefactKind::Npm, state }, ..facts }
}

fn finding(code: Code, severity: Severity) -> Finding {
    let primary = Location { file: "mcp.json".into(), route: Route::root(), line: None };
    Finding { code, severity, confidence: Confidence::High, args: Vec::new(), primary }
}

fn word(facts: &Facts, findings: &[Finding], asked: Asked) -> (Word, Vec<&'static str>) {
    let trust = Trust::of(facts, findings, asked, None);
    (trust.word, trust.reasons.iter().map(|reason| reason.code).collect())
}

#[test]
fn what_was_not_asked_about_is_never_unconfirmed() {
    assert_eq!(word(&package(), &[], Asked::Not("off")), (Word::NotChecked, vec!["not-asked"]));
    assert_eq!(word(&package(), &[], Asked::Answered), (Word::NotChecked, vec!["vouchers-not-asked"]));
    let image = Facts::not_looked(ArtefactKind::Oci);
    assert_eq!(word(&image, &[], Asked::Nowhere), (Word::NotChecked, vec!["no-service"]));
}

#[test]
fn code_of_this_machine_has_nobody_to_be_asked() {
    let script = Facts::not_looked(ArtefactKind::File);
    assert_eq!(word(&script, &[], Asked::Nowhere), (Word::Unconfirmed, vec!["local-code"]));
    assert_eq!(
        word(&Facts::not_looked(ArtefactKind::Builtin), &[], Asked::Nowhere),
        (Word::Unconfirmed, vec!["built-in"])
    );
}

#[test]
fn a_signature_of_the_system_vouches_while_it_holds() {
    let with = |signature: Signature| {
        let file = LocalFile {
            path: "/opt/mail".into(),
            owner: Owner::System,
            mode: None,
            location: facts::Location::System,
            signature,
        };
        let evidence = Evidence { file: Some(file), ..Evidence::default() };
        word(&Facts { evidence, ..Facts::not_looked(ArtefactKind::File) }, &[], Asked::Nowhere)
    };
    assert_eq!(with(Signature::Signed { by: "Example Corp".to_owned() }), (Word::Verified, vec!["signed"]));
    assert_eq!(with(Signature::Broken), (Word::InDoubt, vec!["signature-broken"]));
    for none in [Signature::Unsigned, Signature::Untold] {
        assert_eq!(with(none), (Word::Unconfirmed, vec!["local-code"]));
    }
}

#[test]
fn a_finding_of_medium_or_more_is_a_doubt_and_a_lesser_one_is_not() {
    let all = [finding(Code::PlainHttp, Severity::Medium), finding(Code::DangerousEnv, Severity::High)];
    assert_eq!(word(&package(), &all, Asked::Answered), (Word::InDoubt, vec!["finding", "finding"]));
    let low = [finding(Code::RepeatedKey, Severity::Low)];
    assert_eq!(word(&package(), &low, Asked::Answered).0, Word::NotChecked);
    // Nearly all real entries float, and many hold a key: that says nothing of who made what runs.
    for code in [Code::FloatingVersion, Code::PlaintextSecret] {
        assert_eq!(word(&package(), &[finding(code, Severity::Medium)], Asked::Not("off")).0, Word::NotChecked);
    }
}

#[test]
fn what_is_known_to_be_harmful_is_that_whatever_else_holds() {
    let facts = Facts { known_malicious: true, ..package() };
    let doubt = [finding(Code::PlainHttp, Severity::High)];
    for asked in [Asked::Answered, Asked::Not("off"), Asked::Nowhere] {
        assert_eq!(word(&facts, &doubt, asked), (Word::Harmful, vec!["known-malicious"]));
    }
}

#[test]
fn every_reason_given_stands_in_the_list() {
    assert!(REASONS.is_sorted());
    for kind in [ArtefactKind::Npm, ArtefactKind::File, ArtefactKind::Builtin, ArtefactKind::Unknown] {
        for asked in [Asked::Answered, Asked::Not("off"), Asked::Nowhere] {
            let trust = Trust::of(&Facts::not_looked(kind), &[], asked, None);
            assert!(!trust.reasons.is_empty() && trust.reasons.iter().all(|reason| REASONS.contains(&reason.code)));
        }
    }
}

#[test]
fn an_attestation_vouches_only_where_it_holds_for_the_bytes_that_run() {
    let at = jiff::Timestamp::UNIX_EPOCH;
    let attestation = facts::Attestation {
        identity: "https://git.example/acme/mail/release.yml@refs/heads/main".to_owned(),
        issuer: "https://issuer.example".to_owned(),
        repository: "git.example/acme/mail".to_owned(),
        reference: None,
        commit: None,
        workflow: None,
        logged: at,
    };
    let with = |attested| {
        let attestation = facts::Fact::known(attested, "registry.example", at);
        Facts { dossier: facts::Dossier { attestation, ..facts::Dossier::default() }, ..package() }
    };
    let of = |integrity: &str| {
        with(facts::Attested::Holds { attestation: attestation.clone(), integrity: integrity.into() })
    };
    let holds = of("sha512-AAAA");
    let trust = Trust::of(&holds, &[], Asked::Answered, None);
    assert_eq!((trust.word, trust.reasons[0].code), (Word::Verified, "attested"));
    assert_eq!(trust.reasons[0].source, Some(("registry.example".to_owned(), at)));
    let doubt = finding(Code::WorldWritable, Severity::Medium);
    assert_eq!(word(&holds, &[doubt], Asked::Answered), (Word::InDoubt, vec!["finding"]));
    // Other bytes than those that run.
    assert_eq!(word(&of("sha512-BBBB"), &[], Asked::Answered), (Word::NotChecked, vec!["vouchers-not-asked"]));
    let broken = with(facts::Attested::Broken { flaw: "not-verified".to_owned() });
    assert_eq!(word(&broken, &[], Asked::Answered), (Word::InDoubt, vec!["attestation-broken"]));
}

/// Facts of the running package with these beside them.
fn with(dossier: facts::Dossier) -> Facts {
    Facts { dossier, ..package() }
}

fn fact<T>(value: T) -> facts::Fact<T> {
    facts::Fact::known(value, "registry.example", jiff::Timestamp::UNIX_EPOCH)
}

fn mutual(standing: facts::Standing) -> facts::Fact<facts::Listing> {
    fact(facts::Listing::Mutual { name: "io.github.acme/mail".to_owned(), standing })
}

#[test]
fn an_entry_that_leads_back_vouches_while_it_stands() {
    let of = |listing| with(facts::Dossier { listing, ..facts::Dossier::default() });
    let listed = of(mutual(facts::Standing::Active));
    assert_eq!(word(&listed, &[], Asked::Answered), (Word::Verified, vec!["listed"]));
    let shadow = Evidence { shadow: Some("node_modules/.bin/mail".into()), ..Evidence::default() };
    let shadowed = Facts { evidence: shadow, ..listed.clone() };
    assert_eq!(word(&shadowed, &[], Asked::Answered).0, Word::NotChecked);
    let doubt = finding(Code::WorldWritable, Severity::Medium);
    assert_eq!(word(&listed, &[doubt], Asked::Answered).0, Word::InDoubt);
    for standing in [facts::Standing::Deprecated, facts::Standing::Deleted, facts::Standing::Other] {
        assert_ne!(word(&of(mutual(standing)), &[], Asked::Answered).0, Word::Verified, "{standing:?}");
    }
    let host = |listing| Facts {
        artefact: crate::facts::Artefact { kind: ArtefactKind::Remote, state: ArtefactState::Unobservable },
        ..of(listing)
    };
    let active = host(mutual(facts::Standing::Active));
    assert_eq!(word(&active, &[], Asked::Nowhere), (Word::Verified, vec!["listed"]));
    let absent = host(fact(facts::Listing::Absent { name: "com.acme".to_owned() }));
    for asked in [Asked::Nowhere, Asked::Answered] {
        assert_eq!(word(&absent, &[], asked), (Word::Unconfirmed, vec!["host-not-listed"]));
    }
    let untold = host(facts::Fact::unknown("timed-out"));
    assert_eq!(word(&untold, &[], Asked::Nowhere), (Word::NotChecked, vec!["no-service"]));
}

#[test]
fn nobody_vouches_only_once_all_who_could_were_asked() {
    let of = |attestation: &str, listing: &str| {
        with(facts::Dossier {
            attestation: facts::Fact::unknown(attestation),
            listing: facts::Fact::unknown(listing),
            ..facts::Dossier::default()
        })
    };
    let asked = of("not-attested", "no-claim");
    assert_eq!(word(&asked, &[], Asked::Answered), (Word::Unconfirmed, vec!["nobody-vouches"]));
    assert_eq!(word(&of("attestation-not-verified", "no-entry-name"), &[], Asked::Answered).0, Word::Unconfirmed);
    assert_eq!(word(&asked, &[], Asked::Not("off")).0, Word::NotChecked);
    for (attestation, listing) in [("timed-out", "no-claim"), ("not-attested", "mirror"), ("not-asked", "not-asked")] {
        let told = word(&of(attestation, listing), &[], Asked::Answered);
        assert_eq!(told, (Word::NotChecked, vec!["vouchers-not-asked"]), "{attestation} {listing}");
    }
}

#[test]
fn a_registrys_signature_adds_to_a_word_and_makes_none() {
    let of = |signature| {
        with(facts::Dossier {
            attestation: facts::Fact::unknown("not-attested"),
            listing: facts::Fact::unknown("no-claim"),
            signature,
            ..facts::Dossier::default()
        })
    };
    let holds = |integrity: &str| of(fact(facts::Signed::Holds { integrity: integrity.to_owned() }));
    let signed = vec!["nobody-vouches", "registry-signed"];
    assert_eq!(word(&holds("sha512-AAAA"), &[], Asked::Answered), (Word::Unconfirmed, signed));
    assert_eq!(word(&holds("sha512-BBBB"), &[], Asked::Answered).1, ["nobody-vouches"]);
    let broken = of(fact(facts::Signed::Broken));
    assert_eq!(word(&broken, &[], Asked::Answered), (Word::InDoubt, vec!["registry-signature-broken"]));
}

#[test]
fn what_is_surely_a_vendors_is_known() {
    let of = |facts: &Facts, findings: &[Finding], asked| {
        let trust = Trust::of(facts, findings, asked, Some("Acme"));
        (trust.word, trust.reasons[0].code)
    };
    assert_eq!(of(&package(), &[], Asked::Not("off")), (Word::Known, "catalogue"));
    assert_eq!(of(&package(), &[], Asked::Answered), (Word::Known, "catalogue"));
    assert_eq!(of(&package(), &[], Asked::Not("private")).0, Word::NotChecked);
    let doubt = [finding(Code::WorldWritable, Severity::Medium)];
    assert_eq!(of(&package(), &doubt, Asked::Answered).0, Word::InDoubt);
    let harmful = Facts { known_malicious: true, ..package() };
    assert_eq!(of(&harmful, &[], Asked::Answered).0, Word::Harmful);
}
