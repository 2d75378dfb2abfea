use serde_json::json;

use super::*;
use crate::facts::{Publication, Release};
use crate::network::web::{Asked, Says, Web};
use crate::provenance::Mirrors;
use crate::provenance::inquiries::{always, host, publication, subject, told, troubles};

const NAME: &str = "io.github.acme/mail";

fn claiming(name: Option<&str>) -> Option<Publication> {
    Some(publication("1.0.0", Release { listed_as: name.map(str::to_owned), ..Release::default() }))
}

fn entry_of(name: &str, status: &str, packages: &[(&str, &str)], remotes: &[&str]) -> Json {
    let package = |(kind, name): &(&str, &str)| json!({"registryType": kind, "identifier": name, "version": "1.0.0"});
    let remote = |url: &&str| json!({"type": "streamable-http", "url": url});
    json!({
        "server": {
            "name": name, "description": "mail", "version": "1.0.0",
            "packages": packages.iter().map(package).collect::<Vec<_>>(),
            "remotes": remotes.iter().map(remote).collect::<Vec<_>>(),
        },
        "_meta": {"io.modelcontextprotocol.registry/official": {"status": status, "isLatest": true}},
    })
}

fn of_one(service: &str, subject: &Subject, publication: Option<Publication>) -> Fact<Listing> {
    let mirrors = Mirrors { listings: Some(service), ..Mirrors::default() };
    let fill = if subject.origin.package().is_some() { of_packages } else { of_hosts };
    told(fill, &mirrors, &[(subject.clone(), publication)]).remove(subject).expect("it was asked about").listing
}

fn mail() -> Subject {
    subject(Index::Npm, "@acme/mail-mcp", Some("1.0.0"))
}

#[test]
fn an_entry_counts_only_where_it_leads_back() {
    let check = |entry: Json, subject: &Subject, expected: Listing| {
        let web = always(&Says::json(entry.to_string()));
        let fact = of_one(&web.base(), subject, claiming(Some(NAME)));
        assert_eq!(fact.value(), Some(&expected), "{fact:?}");
        assert_eq!(web.asked()[0].path, "/v0.1/servers/io.github.acme%2Fmail/versions/latest");
    };
    let mutual = |standing| Listing::Mutual { name: NAME.to_owned(), standing };
    let own: &[_] = &[("pypi", "other"), ("npm", "@acme/mail-mcp")];
    for (status, standing) in [
        ("active", Standing::Active),
        ("deprecated", Standing::Deprecated),
        ("deleted", Standing::Deleted),
        ("hidden", Standing::Other),
    ] {
        check(entry_of(NAME, status, own, &[]), &mail(), mutual(standing));
    }
    // A name of another index is another's, and so is one that only looks like it.
    let foreign = |packages: &[&str]| Listing::Foreign {
        name: NAME.to_owned(),
        packages: packages.iter().map(|it| (*it).to_owned()).collect(),
    };
    check(entry_of(NAME, "active", &[("pypi", "@acme/mail-mcp")], &[]), &mail(), foreign(&["pypi @acme/mail-mcp"]));
    check(entry_of(NAME, "active", &[("npm", "@acme/mail-mcq")], &[]), &mail(), foreign(&["npm @acme/mail-mcq"]));
    check(entry_of(NAME, "active", &[], &["https://mail.example"]), &mail(), foreign(&[]));
}

#[test]
fn what_claims_nothing_is_not_asked_about() {
    let web = Web::new(|_| Says::status(500));
    let of = |claim: Option<&str>| of_one(&web.base(), &mail(), claiming(claim));
    assert_eq!(of(None), Fact::unknown("no-claim"));
    for odd in ["", "mail", "a/b/c", "a b/c", "../x", "io.github.acme/", "/mail", "io.github.acme/mail?x=1"] {
        assert_eq!(of(Some(odd)), Fact::unknown("no-entry-name"), "{odd}");
    }
    assert_eq!(of(Some(&format!("a/{}", "b".repeat(LONGEST_NAME)))), Fact::unknown("no-entry-name"));
    assert_eq!(of_one(&web.base(), &mail(), None), Fact::default());
    assert_eq!(of_one(&web.base(), &host("localhost"), None), Fact::default());
    assert!(web.asked().is_empty());
}

/// A corporate registry may say anything of a package that has the name of a public one.
#[test]
fn what_a_mirror_says_vouches_for_nothing() {
    let web = always(&Says::json(entry_of(NAME, "active", &[("npm", "@acme/mail-mcp")], &[]).to_string()));
    let mirrors = Mirrors { listings: Some(&web.base()), npm: Some("https://registry.example/"), ..Mirrors::default() };
    let of = |mirrors: &Mirrors<'_>, claim: Option<&str>| {
        told(of_packages, mirrors, &[(mail(), claiming(claim))])[&mail()].listing.clone()
    };
    assert_eq!(of(&mirrors, None), Fact::unknown("mirror"));
    assert_eq!(of(&mirrors, Some(NAME)).value(), Some(&Listing::Mirrored { name: NAME.to_owned() }));
    // That the entry is about another package is as true there.
    let other = always(&Says::json(entry_of(NAME, "active", &[("npm", "mail")], &[]).to_string()));
    let mirrors = Mirrors { listings: Some(&other.base()), ..mirrors };
    assert!(matches!(of(&mirrors, Some(NAME)).value(), Some(Listing::Foreign { .. })));
}

#[test]
fn the_owner_of_a_host_lists_it() {
    let page = |entries: &[Json]| Says::json(json!({"servers": entries, "metadata": {"count": 1}}).to_string());
    let url = "https://mcp.acme.com/v1";
    let of = |entries: &[Json], name: &str| {
        let web = always(&page(entries));
        let fact = of_one(&web.base(), &host(name), None);
        // The registrable domain, and nothing of the host.
        assert_eq!(web.asked()[0].path, "/v0.1/servers?search=com.acme&version=latest&limit=100");
        fact.value().cloned().unwrap_or_else(|| panic!("{fact:?}"))
    };
    let mutual = |name: &str, standing| Listing::Mutual { name: name.to_owned(), standing };
    let absent = Listing::Absent { name: "com.acme".to_owned() };
    let listed = entry_of("com.acme/mail", "active", &[], &[url]);
    assert_eq!(of(std::slice::from_ref(&listed), "mcp.acme.com"), mutual("com.acme/mail", Standing::Active));
    assert_eq!(of(std::slice::from_ref(&listed), "secret-name.acme.com"), absent);
    let given_up = entry_of("com.acme/old", "deprecated", &[], &[url]);
    assert_eq!(of(&[given_up.clone(), listed], "mcp.acme.com"), mutual("com.acme/mail", Standing::Active));
    assert_eq!(of(&[given_up], "mcp.acme.com"), mutual("com.acme/old", Standing::Deprecated));
    let below = entry_of("com.acme.team/mail", "active", &[], &[url]);
    assert_eq!(of(&[below], "mcp.acme.com"), mutual("com.acme.team/mail", Standing::Active));
    // Names that others can publish under, and lines that anybody reads.
    for (name, url) in [
        ("io.github.acme/mail", url),
        ("com.acmemail/mail", url),
        ("com.acme/mail", "http://mcp.acme.com/v1"),
        ("com.acme/mail", "https://mcp.acme.com.evil.example/"),
        ("com.acme/mail", "mcp.acme.com"),
    ] {
        assert_eq!(of(&[entry_of(name, "active", &[], &[url])], "mcp.acme.com"), absent, "{name} {url}");
    }
}

#[test]
fn a_list_in_pages_is_read_to_its_end_or_not_at_all() {
    let web = Web::new(|asked: &Asked| {
        let last = asked.path.contains("cursor=two");
        let entry = entry_of("com.acme/mail", "active", &[], &["https://mcp.acme.com"]);
        let (entries, next) = if last { (vec![entry], None) } else { (Vec::new(), Some("two")) };
        Says::json(json!({"servers": entries, "metadata": {"nextCursor": next}}).to_string())
    });
    let fact = of_one(&web.base(), &host("mcp.acme.com"), None);
    assert!(matches!(fact.value(), Some(Listing::Mutual { .. })), "{fact:?}");
    let endless = Web::new(|_| Says::json(r#"{"servers": [], "metadata": {"nextCursor": "again"}}"#));
    assert_eq!(of_one(&endless.base(), &host("mcp.acme.com"), None), Fact::unknown("too-large"));
}

#[test]
fn no_trouble_of_the_registry_is_taken_for_an_answer() {
    let good = entry_of(NAME, "active", &[("npm", "@acme/mail-mcp")], &[]).to_string();
    let odd = [
        (Says::json(entry_of("io.github.other/mail", "active", &[], &[]).to_string()), "unexpected"),
        (Says::json(r#"{"server": {"name": 7}}"#), "unreadable"),
        (Says::json(r#"{"server": {"name": "a/b", "packages": "none"}}"#), "unreadable"),
    ];
    for (says, reason) in troubles(&good, MOST_BYTES).into_iter().chain(odd) {
        let web = always(&says);
        assert_eq!(of_one(&web.base(), &mail(), claiming(Some(NAME))), Fact::unknown(reason), "{reason}");
    }
    let good = r#"{"servers": [], "metadata": {}}"#;
    for (says, reason) in troubles(good, MOST_BYTES).into_iter().chain([(Says::status(404), "not-found")]) {
        let web = always(&says);
        assert_eq!(of_one(&web.base(), &host("mcp.acme.com"), None), Fact::unknown(reason), "{reason}");
    }
    assert_eq!(of_one("http://127.0.0.1:9/", &mail(), claiming(Some(NAME))), Fact::unknown("unreachable"));
    assert_eq!(of_one("no address", &mail(), claiming(Some(NAME))), Fact::unknown("no-address"));
    // An entry that is not there is an answer.
    let web = always(&Says::status(404));
    let absent = Listing::Absent { name: NAME.to_owned() };
    assert_eq!(of_one(&web.base(), &mail(), claiming(Some(NAME))).value(), Some(&absent));
}

/// A server that is Python's index and the registry of connectors in one. The entry says that its packages lie there.
fn index(description: &'static str, entry: &Json) -> Web {
    index_named(description, entry, |asked| Some(format!("http://{}", asked.headers["host"])))
}

fn index_named(description: &'static str, entry: &Json, base: fn(&Asked) -> Option<String>) -> Web {
    let entry = entry.clone();
    Web::new(move |asked: &Asked| match asked.path.as_str() {
        "/pypi/acme-mail/1.0.0/json" => Says::json(json!({"info": {"description": description}}).to_string()),
        path if path.starts_with("/v0.1/") => {
            let mut entry = entry.clone();
            for package in entry["server"]["packages"].as_array_mut().into_iter().flatten() {
                package["registryBaseUrl"] = json!(base(asked));
            }
            Says::json(entry.to_string())
        }
        _ => Says::status(500),
    })
}

fn of_python(web: &Web, simple: &str) -> Fact<Listing> {
    let index = format!("{}{simple}", web.base());
    let mirrors = Mirrors { listings: Some(&web.base()), pypi: Some(&index), ..Mirrors::default() };
    let python = subject(Index::Pypi, "acme-mail", Some("1.0.0"));
    told(of_packages, &mirrors, &[(python.clone(), claiming(None))])[&python].listing.clone()
}

#[test]
fn a_python_package_names_its_entry_in_its_description() {
    let own = entry_of(NAME, "active", &[("pypi", "Acme.Mail")], &[]);
    let of = |description| of_python(&index(description, &own), "/simple/");
    let mutual = Listing::Mutual { name: NAME.to_owned(), standing: Standing::Active };
    for description in [
        "# Mail\n<!-- mcp-name: io.github.acme/mail -->",
        "mcp-name: io.github.acme/mail",
        "mcp-name:io.github.acme/mail\n",
    ] {
        assert_eq!(of(description).value(), Some(&mutual), "{description}");
    }
    assert_eq!(of("# Mail"), Fact::unknown("no-claim"));
    assert_eq!(of("mcp-name: "), Fact::unknown("no-entry-name"));
    // The name goes on: it is another, which the registry does not hand out for this one.
    assert_eq!(of("mcp-name: io.github.acme/mail-pro"), Fact::unknown("unexpected"));
    let other = index("mcp-name: io.github.acme/mail", &entry_of(NAME, "active", &[("pypi", "acme-mai1")], &[]));
    assert!(matches!(of_python(&other, "/simple").value(), Some(Listing::Foreign { .. })));
    // An index that is built in another way has no such list.
    assert_eq!(of_python(&index("mcp-name: io.github.acme/mail", &own), "/index/dev/"), Fact::unknown("no-address"));
    let html = Web::new(|_| Says::typed("text/html", "<html></html>"));
    assert_eq!(of_python(&html, "/simple"), Fact::unknown("unreadable"));
    let gone = Web::new(|_| Says::status(404));
    assert_eq!(of_python(&gone, "/simple"), Fact::unknown("not-found"));
}

/// Anybody's index can hand out a package with the name and the description of a public one.
#[test]
fn a_python_package_of_another_index_than_the_entry_means_is_not_vouched_for() {
    let own = entry_of(NAME, "active", &[("pypi", "acme-mail")], &[]);
    let mirrored = Listing::Mirrored { name: NAME.to_owned() };
    let elsewhere: [fn(&Asked) -> Option<String>; 4] = [
        |_| None,
        |_| Some("https://index.example".to_owned()),
        |asked| Some(format!("https://{}", asked.headers["host"])),
        |_| Some("no address".to_owned()),
    ];
    for base in elsewhere {
        let web = index_named("mcp-name: io.github.acme/mail", &own, base);
        assert_eq!(of_python(&web, "/simple").value(), Some(&mirrored));
    }
}
