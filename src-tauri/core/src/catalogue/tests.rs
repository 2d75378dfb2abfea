use super::{Advisories, Catalogue, Kind, Reach, Standing, normalized};

const KNOWN: &str = "\
= Sentry | getsentry
npm @sentry/mcp-server 6 getsentry/sentry-mcp
remote mcp.sentry.dev 0 .
pypi sentry.old-mcp 0 getsentry/sentry-mcp !
~
npm @modelcontextprotocol/server-memory 6 modelcontextprotocol/servers
-
npm excel-mcp 3 ana/excel-mcp
";

#[test]
fn a_vendor_is_known_by_all_that_is_its() {
    let catalogue = Catalogue::read(KNOWN, "Sentry, Relay Mail; sentry.io\nDropbox; dropbox.com\n");
    let entry = catalogue.entry(Kind::Npm, "@Sentry/MCP-server").expect("the row");
    assert_eq!((entry.standing, entry.used, entry.is_retired), (Standing::Official, 6, false));
    let vendor = &catalogue.vendors[entry.vendor.expect("whose it is")];
    assert_eq!(
        (vendor.name(), vendor.name_of("relaymail"), vendor.name_of("other")),
        ("Sentry", "Relay Mail", "Sentry")
    );
    assert!(
        vendor.has_owner("getsentry") && vendor.has_owner("GetSentry") && !vendor.has_owner("sentry"),
        "{vendor:?}"
    );
    assert!(vendor.has_account("sentry") && !vendor.has_account("getsentry"), "{vendor:?}");
    assert!(vendor.is_named_so("sentry") && !vendor.is_named_so("sentinel"), "{vendor:?}");
    assert!(vendor.domains.contains("sentry.dev") && vendor.domains.contains("sentry.io"), "{vendor:?}");
    assert_eq!(catalogue.vendor_of_word("relaymail"), entry.vendor);
    assert_eq!(catalogue.vendor_of_scope("sentry"), entry.vendor);
    assert!(catalogue.entry(Kind::Pypi, "sentry_old-mcp").is_some_and(|entry| entry.is_retired));
    assert!(catalogue.entry(Kind::Npm, "excel-mcp").is_some_and(|entry| entry.vendor.is_none()));
    assert!(catalogue.vendor_of_word("dropbox").is_some() && catalogue.vendor_of_word("excel").is_none());
}

#[test]
fn the_compiled_list_is_read_whole() {
    let text = include_str!("../../data/catalogue.txt");
    let rows = text.lines().filter(|line| !line.starts_with(['#', '=', '~']) && *line != "-").count();
    let brands = include_str!("../../data/brands.txt");
    let packages: usize = brands
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(';').nth(2))
        .map(|it| it.split(',').count())
        .sum();
    assert_eq!(Catalogue::compiled().entries.len(), rows + packages);
    assert!(rows > 2_000, "{rows}");
}

#[test]
fn brands_are_sorted_and_said_once() {
    let text = include_str!("../../data/brands.txt");
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    let names: Vec<String> =
        rows.map(|line| line.split([',', ';']).next().unwrap_or_default().to_lowercase()).collect();
    let mut sorted = names.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(names, sorted);
}

#[test]
fn an_advisory_reaches_as_far_as_its_versions() {
    let list =
        Advisories::read("npm a-mcp >=1.0.16 X-1\nnpm b-mcp 2.4.10,2.4.11 X-2\npypi C_mcp * X-3\nnpm d-mcp ? X-4\n");
    let reach = |kind, name, version| list.of(kind, name, version).map(|(_, reach)| reach);
    assert_eq!(reach(Kind::Npm, "a-mcp", Some("1.0.15")), None);
    assert_eq!(reach(Kind::Npm, "a-mcp", Some("1.0.16")), Some(Reach::Hit));
    assert_eq!(reach(Kind::Npm, "a-mcp", Some("1.0.100")), Some(Reach::Hit));
    assert_eq!(reach(Kind::Npm, "a-mcp", None), Some(Reach::Perhaps));
    assert_eq!(reach(Kind::Npm, "b-mcp", Some("2.4.11")), Some(Reach::Hit));
    assert_eq!(reach(Kind::Npm, "b-mcp", Some("2.4.13")), None);
    assert_eq!(reach(Kind::Pypi, "c-MCP", None), Some(Reach::Hit));
    assert_eq!(reach(Kind::Npm, "c-mcp", None), None, "another registry");
    assert_eq!(reach(Kind::Npm, "d-mcp", Some("1.0.0")), Some(Reach::Perhaps));
}

#[test]
fn python_names_are_one_whatever_stands_between_their_words() {
    assert_eq!(normalized(Kind::Pypi, "AWSLabs.eks_mcp--server"), "awslabs-eks-mcp-server");
    assert_eq!(normalized(Kind::Npm, "@A/b_c"), "@a/b_c");
}
