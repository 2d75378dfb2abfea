use serde_json::json;

use super::*;
use crate::facts::{Publication, Release};
use crate::network::web::{Asked, Says, Web};
use crate::provenance::inquiries::{always, publication, subject, told, troubles};
use crate::provenance::{Index, Mirrors};

fn naming(repository: Option<&str>) -> Option<Publication> {
    Some(publication("1.0.0", Release { repository: repository.map(str::to_owned), ..Release::default() }))
}

fn of(service: &str, repository: Option<&str>) -> Fact<Repository> {
    let mirrors = Mirrors { repositories: Some(service), ..Mirrors::default() };
    let mail = subject(Index::Npm, "mail-mcp", Some("1.0.0"));
    told(fill, &mirrors, &[(mail.clone(), naming(repository))]).remove(&mail).expect("it was asked about").repository
}

fn hosting(fork: bool, archived: bool) -> Web {
    Web::new(move |asked: &Asked| match asked.path.as_str() {
        "/repos/acme/mail" => Says::json(
            json!({
                "id": 1, "full_name": "acme/mail", "fork": fork, "archived": archived, "owner": {"type": "User"},
                "created_at": "2020-01-02T03:04:05Z", "pushed_at": "2026-11-01T00:00:00Z",
            })
            .to_string(),
        ),
        "/users/acme" => Says::json(r#"{"login": "acme", "created_at": "2019-01-01T00:00:00Z"}"#),
        _ => Says::status(404),
    })
}

#[test]
fn a_repository_is_told_with_its_age_and_its_owners() {
    let time = |text: &str| Some(text.parse().expect("a time"));
    for (is_fork, is_archived) in [(false, false), (true, false), (false, true)] {
        let web = hosting(is_fork, is_archived);
        let there = Repository::There {
            name: "acme/mail".to_owned(),
            created: time("2020-01-02T03:04:05Z"),
            changed: time("2026-11-01T00:00:00Z"),
            owner_since: time("2019-01-01T00:00:00Z"),
            is_archived,
            is_fork,
        };
        assert_eq!(of(&web.base(), Some("github.com/acme/mail")).value(), Some(&there));
    }
    let web = hosting(false, false);
    let below = of(&web.base(), Some("github.com/acme/mail/tree/main/packages/x"));
    assert!(matches!(below.value(), Some(Repository::There { .. })));
    // One that is not public, or never was.
    let missing = Repository::Missing { name: "acme/other".to_owned() };
    assert_eq!(of(&web.base(), Some("github.com/acme/other")).value(), Some(&missing));
}

#[test]
fn a_python_package_names_its_repository_in_its_description() {
    let web = hosting(false, false);
    let of = |info: serde_json::Value, says: Option<Says>| {
        let says = says.unwrap_or_else(|| Says::json(json!({ "info": info }).to_string()));
        let index = Web::new(move |asked: &Asked| match asked.path.as_str() {
            "/pypi/acme-mail/1.0.0/json" => says.clone(),
            _ => Says::status(404),
        });
        let (simple, service) = (format!("{}/simple", index.base()), web.base());
        let mirrors = Mirrors { repositories: Some(&service), pypi: Some(&simple), ..Mirrors::default() };
        let python = subject(Index::Pypi, "acme-mail", Some("1.0.0"));
        told(fill, &mirrors, &[(python.clone(), naming(None))]).remove(&python).expect("it was asked about").repository
    };
    let is_it =
        |fact: &Fact<Repository>| matches!(fact.value(), Some(Repository::There { name, .. }) if name == "acme/mail");
    for info in [
        json!({ "project_urls": { "Homepage": "https://acme.dev", "Source Code": "https://github.com/acme/mail/" } }),
        json!({ "project_urls": { "Funding": "https://github.com/sponsors/acme", "Bug Tracker": "https://github.com/Acme/Mail/issues" } }),
        json!({ "project_urls": { "Docs": "https://github.com/other/docs", "Repository": "git+https://github.com/acme/mail.git" } }),
        json!({ "project_urls": null, "home_page": "https://github.com/acme/mail" }),
    ] {
        let fact = of(info.clone(), None);
        assert!(is_it(&fact), "{info}: {fact:?}");
    }
    for info in
        [json!({}), json!({ "project_urls": { "Homepage": "https://acme.dev/github.com/acme/mail" } }), json!([])]
    {
        assert_eq!(of(info.clone(), None), Fact::unknown(NO_REPOSITORY), "{info}");
    }
    let at_another = json!({ "home_page": "https://gitlab.com/acme/mail" });
    assert_eq!(of(at_another, None), Fact::unknown(OTHER_HOST));
    // Whoever else wants the description does not ask for it again, though it is not there.
    let index = always(&Says::status(404));
    let simple = format!("{}/simple", index.base());
    let python = subject(Index::Pypi, "acme-mail", Some("1.0.0"));
    let twice = |inquiry: &Inquiry<'_>, dossiers: &mut BTreeMap<Subject, Dossier>| {
        fill(inquiry, dossiers);
        assert!(pypi::descriptions(inquiry, Purpose::Listings).values().all(Result::is_err));
    };
    told(twice, &Mirrors { pypi: Some(&simple), ..Mirrors::default() }, &[(python, naming(None))]);
    assert_eq!(index.asked().len(), 1);
    // An index that has no descriptions says nothing of what stands there.
    for (says, reason) in [(Says::status(404), MIRROR), (Says::status(503), "server"), (Says::json("{"), "unreadable")]
    {
        assert_eq!(of(json!({}), Some(says)), Fact::unknown(reason));
    }
}

#[test]
fn what_lies_elsewhere_or_is_no_name_is_not_asked_about() {
    let web = Web::new(|_| Says::status(500));
    assert_eq!(of(&web.base(), None), Fact::unknown(NO_REPOSITORY));
    for odd in [
        "gitlab.com/acme/mail",
        "github.com.evil.example/a/b",
        "github.com/acme",
        "github.com/../x",
        "github.com/a b/c",
    ] {
        assert_eq!(of(&web.base(), Some(odd)), Fact::unknown(OTHER_HOST), "{odd}");
    }
    assert!(web.asked().is_empty());
}

#[test]
fn strangers_ask_for_each_once_a_day() {
    let web = hosting(false, false);
    let mirrors = Mirrors { repositories: Some(&web.base()), ..Mirrors::default() };
    let all: Vec<_> = ["a", "b", "c"]
        .map(|name| (subject(Index::Npm, name, Some("1.0.0")), naming(Some("github.com/acme/mail"))))
        .into();
    let told = told(fill, &mirrors, &all);
    assert!(told.values().all(|one| one.repository.value().is_some()), "{told:?}");
    assert_eq!(web.asked().len(), 2);
}

#[test]
fn no_trouble_of_the_host_is_taken_for_an_answer() {
    let good = json!({"full_name": "acme/mail"}).to_string();
    let odd = [(Says::json(r#"{"full_name": 1}"#), "unreadable"), (Says::status(403), "rate-limited")];
    for (says, reason) in troubles(&good, MOST_BYTES).into_iter().chain(odd) {
        let web = always(&says);
        assert_eq!(of(&web.base(), Some("github.com/acme/mail")), Fact::unknown(reason), "{reason}");
    }
    assert_eq!(of("no address", Some("github.com/acme/mail")), Fact::unknown("no-address"));
}
