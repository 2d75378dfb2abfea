use proptest::prelude::*;

use super::likeness::is_scope_alike;
use super::spelling::Spelling;
use super::{Host, How, Squats};
use crate::catalogue::{Catalogue, Kind};
use crate::finding::Severity;

const KNOWN: &str = "\
= Acme Cloud | acmehq
npm @acmehq/acme-mcp-server 6 acmehq/acme-mcp
npm @acmehq/context9 6 acmehq/context9
pypi acme.queue-mcp-server 0 acmehq/mcp !
remote mcp.acme.dev 0 .
github acmehq/acme-reports 0 .
~
npm @modelcontextprotocol/server-weather 6 modelcontextprotocol/servers
pypi mcp-server-weather 5 modelcontextprotocol/servers
-
npm sheets-helper 3 ana/sheets-helper
npm acme-notes 3 ana/acme-notes
github ana/brewing-journal 0 .
";

fn told(kind: Kind, name: &str) -> Option<(How, Severity)> {
    let catalogue = Catalogue::read(KNOWN, "Globex; globex.com\n");
    Squats::over(&catalogue).likeness(kind, name).map(|it| (it.how, it.severity))
}

fn host(name: &str) -> Option<(How, Severity)> {
    let catalogue = Catalogue::read(KNOWN, "Globex; globex.com\n");
    Squats::over(&catalogue).host_likeness(&Host::of(name)?).map(|it| (it.how, it.severity))
}

#[test]
fn each_way_to_be_like_a_name_has_its_weight() {
    use How::{Decorated, GivenUp, LookAlike, Marks, OneEdit, Order, Republished, SameLeaf, ScopeAlike, ScopeDropped};
    use Severity::{High, Low, Medium};
    let cases = [
        (Kind::Npm, "@acmehq/acme-mcp-server", None),
        (Kind::Npm, "@m0delcontextprotocol/server-weather", Some((LookAlike, High))),
        (Kind::Npm, "@modelcontextprotoc0l/anything", Some((LookAlike, High))),
        (Kind::Pypi, "mcp-server-weathеr", Some((LookAlike, High))),
        (Kind::Pypi, "mcp-server-weater", Some((OneEdit, High))),
        (Kind::Npm, "@acmehq/acme-mcp-servers", Some((OneEdit, Medium))),
        (Kind::Pypi, "mcp-weather-server", Some((Order, Medium))),
        (Kind::Pypi, "mcpserver-weather", Some((Marks, Medium))),
        (Kind::Pypi, "mcp_server.weather", None),
        (Kind::Npm, "acmehq-acme-mcp-server", Some((Marks, Medium))),
        (Kind::Npm, "mcp-server-weather", Some((Marks, Medium))),
        (Kind::Npm, "acme-context9", Some((ScopeDropped, Medium))),
        (Kind::Npm, "context9", Some((ScopeDropped, Medium))),
        (Kind::Npm, "context9-official", Some((Decorated, Medium))),
        (Kind::Npm, "@acmehqed/context9", Some((ScopeAlike, Medium))),
        (Kind::Npm, "@ana/context9", Some((SameLeaf, Low))),
        (Kind::Npm, "shets-helper", Some((OneEdit, Low))),
        (Kind::Pypi, "acme.queue-mcp-server", Some((GivenUp, Medium))),
        (Kind::Pypi, "copies-ana-brewing-journal", Some((Republished, Low))),
        (Kind::Npm, "train-times", None),
        (Kind::Oci, "docker.io/acmehq/acme-mcp-server", None),
    ];
    for (kind, name, expect) in cases {
        assert_eq!(told(kind, name), expect, "{name}");
    }
}

#[test]
fn a_vendors_name_is_a_claim_unless_it_is_the_vendors() {
    let catalogue = Catalogue::read(KNOWN, "Globex; globex.com\n");
    let squats = Squats::over(&catalogue);
    let told = |name| {
        let claim = squats.claim(Kind::Npm, name)?;
        Some((claim.vendor.map(|at| catalogue.vendors[at].name()), claim.is_asserted, claim.is_whole))
    };
    assert_eq!(told("@acmehq/anything-new"), None, "a scope of its own");
    assert_eq!(told("@acmehq/acme-mcp-server"), None);
    assert_eq!(told("globex-mcp"), Some((Some("Globex"), false, true)));
    assert_eq!(told("globex-mail-mcp"), Some((Some("Globex"), false, false)));
    assert_eq!(told("official-globex-mcp"), Some((Some("Globex"), true, true)));
    assert_eq!(told("globexhq-mcp-server"), Some((Some("Globex"), true, true)));
    assert_eq!(told("@ana/globex-mcp"), Some((Some("Globex"), false, false)), "its scope says whose it is");
    assert_eq!(told("@globex-mcp/server"), Some((Some("Globex"), true, true)));
    assert_eq!(told("@globex/server"), Some((Some("Globex"), false, true)), "it may be the vendor's");
    assert_eq!(told("@acme/server"), Some((Some("Acme Cloud"), true, true)), "that vendor has another scope");
    assert_eq!(told("acme-notes"), Some((Some("Acme Cloud"), false, false)), "known to be ana's");
    assert_eq!(told("weather-official"), Some((None, true, false)));
    assert_eq!(told("train-times"), None);
}

#[test]
fn hosts_are_told_by_what_is_registered() {
    use Severity::{High, Medium};
    assert_eq!(host("mcp.acme.dev"), None);
    assert_eq!(host("eu.acme.dev"), None, "only the vendor names hosts there");
    assert_eq!(host("api.globex.com"), None);
    assert_eq!(host("mcp.example.org"), None);
    assert_eq!(host("mcp.acne.dev"), Some((How::OneEdit, Medium)));
    assert_eq!(host("api.globx.com"), Some((How::OneEdit, High)));
    assert_eq!(host("api.gl0bex.com"), Some((How::LookAlike, High)));
    assert_eq!(host("api.gl\u{43e}bex.com"), Some((How::LookAlike, High)));
    assert_eq!(host("api.xn--glbex-kye.com"), Some((How::LookAlike, High)));
    assert_eq!(host("api.globex.co"), Some((How::Domain, Medium)));
    assert_eq!(host("api.globex.com.example.org"), Some((How::Domain, High)));
    assert_eq!(host("mcp-acme.dev"), Some((How::Marks, High)));
    assert_eq!(host("globex-mcp.com"), Some((How::Decorated, Medium)));
}

#[test]
fn a_label_of_two_scripts_is_seen() {
    let mixes = |name| Host::of(name).is_some_and(|host| host.mixes_scripts());
    assert!(mixes("m\u{43e}del.example"));
    assert!(!mixes("bücher.example") && !mixes("модель.example") && !mixes("model.example"));
}

proptest! {
    /// The look at the letters leaves out nothing that the comparison would have found.
    #[test]
    fn what_is_left_out_at_a_glance_is_not_alike(
        scope in "[a-z0-9é]{5,12}",
        edits in proptest::collection::vec((0..3usize, any::<prop::sample::Index>(), "[a-z0-9é]"), 0..4),
    ) {
        let mut letters: Vec<char> = scope.chars().collect();
        for (kind, at, letter) in &edits {
            let (at, letter) = (at.index(letters.len()), letter.chars().next().expect("a letter"));
            match kind {
                0 => letters[at] = letter,
                1 => letters.insert(at, letter),
                _ if letters.len() > 1 => drop(letters.remove(at)),
                _ => {}
            }
        }
        let other: String = letters.into_iter().collect();
        let of = |scope: &str| Spelling::of(Kind::Npm, &format!("@{scope}/mcp")).scope_letters;
        if is_scope_alike(&scope, &other) {
            prop_assert!(of(&scope).may_be_near(of(&other)), "{scope} {other}");
        }
    }
}
