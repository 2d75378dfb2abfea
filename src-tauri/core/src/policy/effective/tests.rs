use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::policy::keys::{KEYS, Kind, Merge, OnInvalid};
use crate::policy::layer::Trouble;

fn organisation(name: &str, text: &str) -> Layer {
    Layer::parse(Source::Organisation(PathBuf::from(name)), text.into())
}

fn user(text: &str) -> Layer {
    Layer::parse(Source::User("s.json".into()), text.into())
}

fn troubles(layer: &Layer) -> Vec<(Option<u32>, Trouble)> {
    layer.problems.iter().map(|problem| (problem.line, problem.what.clone())).collect()
}

#[test]
fn rows_are_sorted_and_fit_their_kinds() {
    assert!(KEYS.is_sorted_by(|a, b| a.name < b.name));
    for key in KEYS {
        assert!(!key.doc.is_empty() && !key.default.is_empty() && key.since == "0.1.0", "{}", key.name);
        let fits = match key.kind {
            Kind::Word(words) => {
                words.len() > 1 && key.merge == Merge::Strictest && key.on_invalid == OnInvalid::Strictest
            }
            Kind::Matchers => matches!(key.merge, Merge::Union | Merge::Intersection),
            Kind::Days(most) => most > 0 && (key.merge, key.on_invalid) == (Merge::Strictest, OnInvalid::Strictest),
            Kind::Text | Kind::Address => key.merge == Merge::First && key.on_invalid == OnInvalid::Drop,
        };
        assert!(fits, "{}", key.name);
    }
    assert_eq!((mode_word(Mode::Ask), cli_approvals_word(CliApprovals::Never)), ("ask", "never"));
}

#[test]
fn every_value_knows_its_origin() {
    let layers = Layers(vec![
        organisation("a", r#"{"mode": "ask", "organizationName": "Acme"}"#),
        organisation("b", r#"{"mode": "lockdown", "deniedMcpServers": [{"serverCommand": ["npx", "-y", "x"]}]}"#),
        user(
            r#"{"mode": "lockdown", "cliApprovals": "desk", "deniedMcpServers": [{"serverUrl": "https://h.example/*"}]}"#,
        ),
    ]);
    let at = |path: &str| Origin::File(Source::Organisation(path.into()));
    let own = Own { mode: Some(Mode::Monitor), cli_approvals: None, ..Own::default() };
    assert_eq!(layers.mode(own), Effective { value: Mode::Lockdown, origin: at("b") });
    let users = Origin::File(Source::User("s.json".into()));
    assert_eq!(layers.cli_approvals(own), Effective { value: CliApprovals::Desk, origin: users.clone() });
    let denied: Vec<_> = layers.denied().into_iter().map(|one| one.origin).collect();
    assert_eq!(denied, [at("b"), users]);
    assert_eq!(layers.managed().organization.as_deref(), Some("Acme"));
    assert_eq!(layers.problems().count(), 0);
    let none = Layers::default();
    assert_eq!(none.mode(Own::default()), Effective { value: Mode::Ask, origin: Origin::Default });
    assert_eq!(none.mode(own), Effective { value: Mode::Monitor, origin: Origin::Decided });
    assert_eq!(none.managed(), Managed::default());
}

#[test]
fn what_every_file_allows_is_allowed() {
    let allow = |name: &str, hashes: &[&str]| {
        let list: Vec<_> = hashes.iter().map(|hash| format!("{{\"launchHash\": \"{hash}\"}}")).collect();
        organisation(name, &format!("{{\"allowedMcpServers\": [{}]}}", list.join(", ")))
    };
    let allowed = |layers: Vec<Layer>| {
        let of = |one: Effective<Matcher>| match one.value {
            Matcher::LaunchHash(hash) => hash,
            other => panic!("{other:?}"),
        };
        Layers(layers).allowed().into_iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(allowed(vec![allow("a", &["1", "2"]), organisation("b", "{}"), allow("c", &["2", "3"])]), ["2"]);
    assert_eq!(allowed(vec![allow("a", &["1"]), allow("c", &[])]), [""; 0]);
    assert_eq!(allowed(vec![organisation("b", "{}")]), [""; 0]);
}

#[test]
fn what_cannot_be_understood_tightens_and_is_told() {
    let check = |layer: Layer, mode: Option<Mode>, expect: &[(Option<u32>, Trouble)]| {
        assert_eq!((layer.mode, troubles(&layer)), (mode, expect.to_vec()));
    };
    let name = str::to_owned;
    check(
        organisation("p", "{\n\"mode\": \"aks\"}"),
        Some(Mode::Lockdown),
        &[(Some(2), Trouble::Invalid(name("mode")))],
    );
    check(organisation("p", "{\"Mode\": \"ask\"}"), None, &[(Some(1), Trouble::UnknownKey(name("Mode")))]);
    check(organisation("p", "[]"), Some(Mode::Ask), &[(Some(1), Trouble::NoObject)]);
    check(organisation("p", "{\"$schema\": \"x\", // why\n}"), None, &[]);
    check(organisation("p", " \n"), None, &[]);
    check(user("{\"allowedMcpServers\": []}"), None, &[(Some(1), Trouble::NotTheUsers(name("allowedMcpServers")))]);
    let twice = "{\"mode\": \"ask\", \"mode\": \"lockdown\"}";
    check(organisation("p", twice), Some(Mode::Lockdown), &[(Some(1), Trouble::Repeated(name("mode")))]);
    let broken = organisation("p", "{\"mode\": \"monitor\",,}");
    assert!(matches!(troubles(&broken)[..], [(Some(1), Trouble::Unparsable(_))]));
    assert_eq!((broken.mode, broken.allowed.as_deref()), (Some(Mode::Ask), Some(&[][..])));
    // Of a list the sound elements count; a name is no launch.
    let list = r#"{"deniedMcpServers": [{"serverName": "x"}, {"serverCommand": "npx"}, {"launchHash": "v1:1"}]}"#;
    let layer = organisation("p", list);
    assert_eq!(layer.denied, Some(vec![Matcher::LaunchHash("v1:1".into())]));
    let denied = || name("deniedMcpServers");
    let expect = [(Some(1), Trouble::ByName(denied())), (Some(1), Trouble::InvalidElement(denied()))];
    assert_eq!(troubles(&layer), expect);
    let layer = organisation("p", "{\"allowedMcpServers\": {}}");
    assert_eq!(layer.allowed, Some(Vec::new()));
}

#[test]
fn a_file_that_breaks_says_what_it_said_before() {
    let good = Layers(vec![organisation("p", r#"{"mode": "lockdown", "allowedMcpServers": [{"launchHash": "1"}]}"#)]);
    let broken = Layers(vec![organisation("p", "{"), organisation("q", "{")]).or_last_good(&good);
    assert_eq!((broken.0[0].mode, broken.0[0].allowed.as_ref().map(Vec::len)), (Some(Mode::Lockdown), Some(1)));
    assert_eq!(broken.0[1].mode, Some(Mode::Ask), "of this one nothing better is known");
    assert_eq!(broken.problems().count(), 2);
    let again = Layers(vec![organisation("p", "[")]).or_last_good(&broken);
    assert_eq!(again.0[0].mode, Some(Mode::Lockdown));
    assert_eq!(Layers(vec![organisation("p", "{}")]).or_last_good(&broken).0[0].mode, None);
}

fn any_layer() -> impl Strategy<Value = Layer> {
    let matchers = || {
        let hash = prop::sample::select(vec!["1", "2", "3"]).prop_map(|hash| Matcher::LaunchHash(hash.into()));
        prop::option::of(prop::collection::vec(hash, 0..3))
    };
    let mode = prop::option::of(prop::sample::select(vec![Mode::Monitor, Mode::Ask, Mode::Lockdown]));
    let cli =
        prop::option::of(prop::sample::select(vec![CliApprovals::Allow, CliApprovals::Desk, CliApprovals::Never]));
    (mode, cli, matchers(), matchers(), any::<bool>()).prop_map(|(mode, cli_approvals, denied, allowed, of_user)| {
        let source = if of_user { Source::User("u".into()) } else { Source::Organisation("o".into()) };
        let allowed = allowed.filter(|_| !of_user);
        Layer { mode, cli_approvals, denied, allowed, ..Layer::empty(source) }
    })
}

proptest! {
    #[test]
    fn another_file_never_loosens(layers in prop::collection::vec(any_layer(), 0..4), more in any_layer(), at in any::<prop::sample::Index>()) {
        let before = Layers(layers.clone());
        let mut with = layers.clone();
        with.insert(at.index(layers.len() + 1), more.clone());
        let after = Layers(with);
        let (old, new) = (before.managed(), after.managed());
        prop_assert!(new.mode >= old.mode && new.cli_approvals >= old.cli_approvals);
        prop_assert!(old.deny.iter().all(|one| new.deny.contains(one)));
        // The first file that speaks of what is allowed opens; each further one narrows.
        let speaks = layers.iter().any(|layer| layer.allowed.is_some());
        prop_assert!(!speaks || new.allow.iter().all(|one| old.allow.contains(one)));
        let own = Own { mode: Some(Mode::Ask), cli_approvals: None, ..Own::default() };
        prop_assert!(after.mode(own).value >= before.mode(own).value);
    }

    #[test]
    fn the_order_of_files_decides_nothing(layers in prop::collection::vec(any_layer(), 0..4)) {
        let mut turned = layers.clone();
        turned.reverse();
        let sorted = |layers: Vec<Layer>| {
            let managed = Layers(layers).managed();
            let text = |list: Vec<Matcher>| {
                let mut out: Vec<_> = list.iter().map(|one| format!("{one:?}")).collect();
                out.sort();
                out.dedup();
                out
            };
            (managed.mode, managed.cli_approvals, text(managed.deny), text(managed.allow))
        };
        prop_assert_eq!(sorted(layers), sorted(turned));
    }
}
