use serde_json::{Value as Json, json};

use super::*;
use crate::network::web::Says;
use crate::provenance::Mirrors;
use crate::provenance::inquiries::{always, subject, told, troubles};

fn of(service: &str, subject: &Subject) -> Fact<Opinion> {
    let mirrors = Mirrors { opinions: Some(service), ..Mirrors::default() };
    told(fill, &mirrors, &[(subject.clone(), None)]).remove(subject).expect("it was asked about").opinion
}

fn told_of(more: &Json) -> Json {
    let mut all = json!({"versionKey": {"system": "NPM", "name": "@acme/mail", "version": "1.0.0"}});
    for (key, value) in more.as_object().expect("an object") {
        all[key] = value.clone();
    }
    all
}

#[test]
fn only_what_the_index_has_verified_counts() {
    let mail = subject(Index::Npm, "@acme/mail", Some("1.0.0"));
    let check = |more: Json, expected: Opinion| {
        let web = always(&Says::json(told_of(&more).to_string()));
        assert_eq!(of(&web.base(), &mail).value(), Some(&expected), "{more}");
        assert_eq!(web.asked()[0].path, "/v3/systems/npm/packages/%40acme%2Fmail/versions/1.0.0");
    };
    let attested = |verified: bool| {
        json!({"attestations": [{
            "type": "https://slsa.dev/provenance/v1", "verified": verified,
            "sourceRepository": "https://github.com/Acme/Mail", "commit": "abc",
        }]})
    };
    let built = Opinion { built_in: Some("github.com/acme/mail".to_owned()), ..Opinion::default() };
    check(attested(true), built.clone());
    check(attested(false), Opinion::default());
    check(json!({"slsaProvenances": [{"verified": true, "sourceRepository": "https://github.com/acme/mail"}]}), built);
    check(
        json!({"advisoryKeys": [{"id": "GHSA-a"}, {"id": "GHSA-b"}], "isDeprecated": true}),
        Opinion { advisories: 2, is_deprecated: true, ..Opinion::default() },
    );
    check(json!({}), Opinion::default());
    let python = subject(Index::Pypi, "acme-mail", Some("1.0.0"));
    let web = always(&Says::json(told_of(&json!({})).to_string()));
    assert!(of(&web.base(), &python).value().is_some());
    assert_eq!(web.asked()[0].path, "/v3/systems/pypi/packages/acme-mail/versions/1.0.0");
    let untold = subject(Index::Npm, "@acme/mail", None);
    assert_eq!(of(&web.base(), &untold), Fact::default());
    assert_eq!(web.asked().len(), 1);
}

#[test]
fn no_trouble_of_the_index_is_taken_for_an_opinion() {
    let mail = subject(Index::Npm, "@acme/mail", Some("1.0.0"));
    let good = told_of(&json!({})).to_string();
    let odd = [
        (Says::status(404), "not-found"),
        (Says::json(r#"{"versionKey": {"version": "2.0.0"}}"#), "unexpected"),
        (Says::json(r#"{"versionKey": 1}"#), "unreadable"),
    ];
    for (says, reason) in troubles(&good, MOST_BYTES).into_iter().chain(odd) {
        assert_eq!(of(&always(&says).base(), &mail), Fact::unknown(reason), "{reason}");
    }
}
