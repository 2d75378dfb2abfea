use serde_json::json;

use super::*;
use crate::facts::{Publication, Release, Standing};
use crate::network::web::{Asked, Says, Web};
use crate::provenance::inquiries::{always, host, publication, subject, told, troubles};
use crate::provenance::{Index, Mirrors};

fn by_mail(domain: Option<&str>) -> Option<Publication> {
    Some(publication("1.0.0", Release { mail_domain: domain.map(str::to_owned), ..Release::default() }))
}

fn asked(names: &str, registrations: &str, subject: &Subject, publication: Option<Publication>) -> Fact<Domain> {
    let mirrors = Mirrors { names: Some(names), registrations: Some(registrations), ..Mirrors::default() };
    told(fill, &mirrors, &[(subject.clone(), publication)]).remove(subject).expect("it was asked about").domain
}

fn mail() -> Subject {
    subject(Index::Npm, "mail-mcp", Some("1.0.0"))
}

/// Directories that know one domain.
fn directories() -> Web {
    Web::new(|asked: &Asked| {
        let found = |data: &str| Says::json(json!({"Status": 0, "Answer": [{"type": 1, "data": data}]}).to_string());
        match asked.path.as_str() {
            "/resolve?name=acme.dev&type=MX" => found("10 mail.acme.dev."),
            "/resolve?name=acme.dev&type=TXT" => found("\"v=spf1 include:mail.acme.dev -all\""),
            "/resolve?name=_dmarc.acme.dev&type=TXT" => found("v=DMARC1; p=reject"),
            "/domain/acme.dev" => Says::typed(
                "application/rdap+json",
                r#"{"events": [{"eventAction": "registration", "eventDate": "2010-05-06T00:00:00Z"},
                    {"eventAction": "last changed", "eventDate": "never"},
                    {"eventAction": "expiration", "eventDate": "2030-05-06T00:00:00Z"}]}"#,
            ),
            // Somebody has it, and it leads nowhere.
            "/domain/parked.dev" => Says::typed(
                "application/rdap+json",
                r#"{"events": [{"eventAction": "registration", "eventDate": "2010-05-06T00:00:00Z"}]}"#,
            ),
            // Its mail is told alone.
            "/resolve?name=half.dev&type=MX" => found("10 mail.half.dev."),
            path if path.starts_with("/resolve?name=half.dev") => Says::status(503),
            "/resolve?name=_dmarc.half.dev&type=TXT" => Says::json(r#"{"Status": 2}"#),
            path if path.starts_with("/resolve?name=quiet.dev&type=MX") => found("0 ."),
            path if path.starts_with("/resolve?name=quiet.dev") => Says::json(r#"{"Status": 0}"#),
            path if path.starts_with("/resolve") => Says::json(r#"{"Status": 3}"#),
            _ => Says::status(404),
        }
    })
}

#[test]
fn a_domain_is_told_with_its_mail_and_its_age() {
    let web = directories();
    let of = |subject: &Subject, publication| asked(&web.base(), &web.base(), subject, publication);
    let whole = Domain {
        name: "acme.dev".to_owned(),
        exists: true,
        takes_mail: true,
        has_spf: Some(true),
        has_dmarc: Some(true),
        registered: Some("2010-05-06T00:00:00Z".parse().expect("a time")),
        expires: Some("2030-05-06T00:00:00Z".parse().expect("a time")),
    };
    assert_eq!(of(&mail(), by_mail(Some("acme.dev"))).value(), Some(&whole));
    // Of a host, and of an address below it, the part that is registered, and no more.
    assert_eq!(of(&host("mcp.team.acme.dev"), None).value(), Some(&whole));
    assert_eq!(of(&mail(), by_mail(Some("mail.acme.dev"))).value(), Some(&whole));
    assert!(!web.asked().iter().any(|one| one.path.contains("team") || one.path.contains("mail.acme")));
    let none = Domain {
        name: "gone.dev".to_owned(),
        exists: false,
        takes_mail: false,
        has_spf: Some(false),
        has_dmarc: Some(false),
        registered: None,
        expires: None,
    };
    assert_eq!(of(&mail(), by_mail(Some("gone.dev"))).value(), Some(&none));
    let quiet = Domain { name: "quiet.dev".to_owned(), exists: true, ..none.clone() };
    assert_eq!(of(&mail(), by_mail(Some("quiet.dev"))).value(), Some(&quiet));
    let parked = Domain { name: "parked.dev".to_owned(), exists: true, registered: whole.registered, ..none.clone() };
    assert_eq!(of(&mail(), by_mail(Some("parked.dev"))).value(), Some(&parked));
    let (exists, takes_mail) = (true, true);
    let half = Domain { name: "half.dev".to_owned(), exists, takes_mail, has_spf: None, has_dmarc: None, ..none };
    assert_eq!(of(&mail(), by_mail(Some("half.dev"))).value(), Some(&half));
}

#[test]
fn what_is_nobodys_own_is_not_asked_about() {
    let web = Web::new(|_| Says::status(500));
    let of = |domain| asked(&web.base(), &web.base(), &mail(), by_mail(domain));
    assert!(OF_EVERYBODY.is_sorted());
    assert_eq!(of(None), Fact::unknown(NO_DOMAIN));
    assert_eq!(of(Some("gmail.com")), Fact::unknown(SHARED));
    assert_eq!(of(Some("users.noreply.github.com")), Fact::unknown(SHARED));
    assert_eq!(of(Some("com")), Fact::unknown(NO_DOMAIN));
    assert!(web.asked().is_empty());
}

#[test]
fn no_trouble_of_the_directories_is_taken_for_an_answer() {
    let of = |names: &str, registrations: &str| asked(names, registrations, &mail(), by_mail(Some("acme.dev")));
    let registrations = directories();
    let odd = [
        (Says::status(404), "not-found"),
        (Says::json(r#"{"Status": 2}"#), "server"),
        (Says::json(r#"{"Status": "no"}"#), "unreadable"),
    ];
    for (says, reason) in troubles(r#"{"Status": 0}"#, MOST_BYTES).into_iter().chain(odd) {
        let web = always(&says);
        assert_eq!(of(&web.base(), &registrations.base()), Fact::unknown(reason), "{reason}");
    }
    // Without the registration its age is not known, and the rest is.
    for (says, _) in troubles(r#"{"events": []}"#, MOST_BYTES) {
        let fact = of(&registrations.base(), &always(&says).base());
        assert!(fact.value().is_some_and(|domain| domain.exists && domain.registered.is_none()), "{fact:?}");
    }
}

#[test]
fn the_owner_of_an_entry_has_the_domain_that_its_name_leads_to() {
    let all = [
        ("dev.acme/mail", Some("acme.dev")),
        ("dev.acme.team/mail", Some("acme.dev")),
        ("com.github/mail", Some("github.com")),
        ("uk.co.vendor/mail", Some("vendor.co.uk")),
        // Proved by an account, which is nobody's domain.
        ("io.github.acme/mail", None),
        ("io.gitlab.acme/mail", None),
        ("dev/mail", None),
        ("acme", None),
    ];
    for (entry, domain) in all {
        assert_eq!(behind(entry).as_deref(), domain, "{entry}");
    }
    let web = directories();
    let mirrors = Mirrors { names: Some(&web.base()), registrations: Some(&web.base()), ..Mirrors::default() };
    let of = |name: &str| {
        let listed = |inquiry: &Inquiry<'_>, dossiers: &mut BTreeMap<Subject, Dossier>| {
            for dossier in dossiers.values_mut() {
                let listing = Listing::Mutual { name: name.to_owned(), standing: Standing::Active };
                dossier.listing = Fact::known(listing, "list.example", inquiry.now);
            }
            fill(inquiry, dossiers);
        };
        told(listed, &mirrors, &[(mail(), by_mail(Some("gmail.com")))]).remove(&mail()).expect("it was asked about")
    };
    let own = of("dev.acme/mail");
    assert!(own.namespace.value().is_some_and(|it| it.name == "acme.dev" && it.exists), "{own:?}");
    assert_eq!(own.domain, Fact::unknown(SHARED));
    assert!(of("dev.gone/mail").namespace.value().is_some_and(|it| !it.exists));
    assert_eq!(of("io.github.acme/mail").namespace, Fact::default());
}

#[test]
fn a_python_package_names_addresses_in_its_description() {
    let told_by = |info: serde_json::Value| {
        let names = directories();
        let index = Web::new(move |asked: &Asked| match asked.path.as_str() {
            "/pypi/acme-mail/1.0.0/json" => Says::json(json!({ "info": info }).to_string()),
            _ => Says::status(404),
        });
        let simple = format!("{}/simple", index.base());
        let (names, pypi) = (names.base(), simple.as_str());
        let mirrors =
            Mirrors { names: Some(&names), registrations: Some(&names), pypi: Some(pypi), ..Mirrors::default() };
        let python = subject(Index::Pypi, "acme-mail", Some("1.0.0"));
        told(fill, &mirrors, &[(python.clone(), by_mail(None))])[&python].domain.clone()
    };
    let acme = |fact: Fact<Domain>| fact.value().is_some_and(|it| it.name == "acme.dev" && it.exists);
    assert!(acme(told_by(json!({ "author_email": "A. Author <author@Acme.dev>, other@gone.dev" }))));
    assert!(acme(told_by(json!({ "author_email": null, "maintainer_email": "team@mail.acme.dev" }))));
    for email in ["\"Author, Ann\" <ann@acme.dev>", "Author, Ann <ann@acme.dev>, o@gone.dev", "A@home <ann@acme.dev>"] {
        assert!(acme(told_by(json!({ "author_email": email }))), "{email}");
    }
    for info in [json!({}), json!({ "author_email": "" }), json!({ "author_email": "nobody" })] {
        assert_eq!(told_by(info.clone()), Fact::unknown(NO_DOMAIN), "{info}");
    }
    assert_eq!(told_by(json!({ "author_email": "x@gmail.com" })), Fact::unknown(SHARED));
    assert_eq!(told_by(json!([])), Fact::unknown(NO_DOMAIN));
}
