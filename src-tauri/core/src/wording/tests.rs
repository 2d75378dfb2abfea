use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;
use crate::network::Failure;
use crate::trust::{self, statements};

/// Message ids of one language with the names of their variables.
fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut out = BTreeMap::new();
    for (file, source) in language.sources() {
        if let Err((_, errors)) = FluentResource::try_new(source.to_owned()) {
            panic!("{}/{file} cannot be parsed: {errors:?}", language.tag());
        }
        let mut id = String::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, _)) =
                line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
            {
                name.clone_into(&mut id);
                assert!(out.insert(id.clone(), BTreeSet::new()).is_none(), "{id} stands twice in {}", language.tag());
            }
            let variables = line.split('$').skip(1).map(|rest| {
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect::<String>()
            });
            if let Some(names) = out.get_mut(&id) {
                names.extend(variables);
            }
        }
    }
    out
}

#[test]
fn both_languages_say_the_same_things() {
    let (english, spanish) = (messages(Language::English), messages(Language::Spanish));
    assert!(english.len() > 100, "only {} messages were read", english.len());
    let ids = |of: &BTreeMap<String, BTreeSet<String>>| of.keys().cloned().collect::<BTreeSet<_>>();
    let (en, es) = (ids(&english), ids(&spanish));
    assert_eq!(en.difference(&es).collect::<Vec<_>>(), Vec::<&String>::new(), "missing in Spanish");
    assert_eq!(es.difference(&en).collect::<Vec<_>>(), Vec::<&String>::new(), "missing in English");
    for (id, variables) in &english {
        assert_eq!(variables, &spanish[id], "variables of {id}");
    }
}

#[test]
fn no_message_shouts_begs_frightens_or_promises() {
    let check = |language: Language, banned: &[&str]| {
        for (file, source) in language.sources() {
            for (number, line) in source.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
                let place = format!("{}/{file}:{}", language.tag(), number + 1);
                assert!(!line.contains(['!', '¡']), "{place}: {line}");
                let lower = format!(" {} ", line.to_lowercase().replace(|c: char| !c.is_alphanumeric(), " "));
                for word in banned {
                    assert!(!lower.contains(&format!(" {word} ")), "{place} says {word}: {line}");
                }
            }
        }
    };
    check(Language::English, &["please", "threat", "threats", "safe", "unsafe", "safely", "safety"]);
    let spanish =
        ["por favor", "amenaza", "amenazas", "seguro", "segura", "seguros", "seguras", "inseguro", "tú", "tu", "tus"];
    check(Language::Spanish, &spanish);
}

/// Ids that are put together from the name of a value, with every value: a new one without a message is a failed test.
fn families() -> BTreeSet<String> {
    let schema = crate::report::schema();
    let values_of = |name: &str| -> Vec<String> {
        let definition = &schema["$defs"][name];
        let listed = definition["enum"].as_array().into_iter().flatten().filter_map(|v| v.as_str());
        let described = definition["oneOf"].as_array().into_iter().flatten();
        let described = described.flat_map(|one| {
            one["const"]
                .as_str()
                .into_iter()
                .chain(one["enum"].as_array().into_iter().flatten().filter_map(|v| v.as_str()))
        });
        let all: Vec<_> = listed.chain(described).map(str::to_owned).collect();
        assert!(all.len() > 1, "the schema has no values for {name}");
        all
    };
    let mut out = BTreeSet::new();
    for (prefix, name) in [
        ("status", "Status"),
        ("why", "Why"),
        ("mode", "Mode"),
        ("scope", "Scope"),
        ("channel", "Channel"),
        ("ledger", "LedgerState"),
        ("severity", "Severity"),
        ("coverage", "CoverageState"),
        ("finding", "Code"),
        ("hold", "HoldState"),
        ("method", "Method"),
        ("takes-effect", "TakesEffect"),
        ("age-limit", "Standing"),
    ] {
        out.extend(values_of(name).iter().map(|value| format!("{prefix}-{value}")));
    }
    out.extend(values_of("Code").iter().map(|code| format!("finding-{code}-help")));
    // A place that was read, or is not there, needs no reason.
    let reasons = values_of("CoverageState");
    let reasons = reasons.iter().filter(|state| !matches!(state.as_str(), "read" | "absent"));
    out.extend(reasons.map(|state| format!("coverage-{state}-why")));
    for check in [
        "guard",
        "data-folder",
        "ledger",
        "keyring",
        "exchange",
        "watches",
        "coverage",
        "leftovers",
        "age-limit",
        "age-limit-offer",
    ] {
        out.extend(["good", "note", "bad"].map(|state| format!("doctor-{check}-{state}")));
    }
    let facets = ["transport", "command", "args", "url", "cwd", "env", "headers", "extra", "resolved", "trust", "code"];
    out.extend(facets.map(|facet| format!("facet-{facet}")));
    // Of the command line.
    out.extend(values_of("Mode").iter().map(|mode| format!("mode-{mode}-means")));
    out.extend(["ask", "notify", "ignore", "developing"].map(|rule| format!("folder-{rule}")));
    out.extend(["allow", "desk", "never"].map(|setting| format!("cli-approvals-{setting}-means")));
    out.extend(["on", "off"].map(|setting| format!("look-ups-{setting}-means")));
    out.extend(
        [
            "versions",
            "archive",
            "advisories",
            "attestations",
            "publishers",
            "listings",
            "signatures",
            "repositories",
            "opinions",
            "domains",
            "images",
        ]
        .map(|purpose| format!("request-for-{purpose}")),
    );
    out.extend(values_of("Word").iter().flat_map(|word| [format!("trust-{word}"), format!("trust-{word}-means")]));
    out.extend(trust::REASONS.iter().map(|reason| format!("trust-because-{reason}")));
    out.extend(statements::STATEMENTS.iter().map(|code| format!("said-{code}")));
    out.extend(statements::REASONS.iter().map(|reason| format!("look-up-{reason}")));
    out.extend(Failure::ALL.iter().map(|failure| format!("look-up-{}", failure.name())));
    let approvals = ["exact", "continuity", "development", "everywhere", "here"];
    out.extend(approvals.map(|part| format!("approval-{part}")));
    let answers = ["approve", "keep-approved", "keep-held", "deny", "release", "remove", "revoke", "undo"];
    out.extend(answers.map(|answer| format!("answer-{answer}")));
    out
}

/// Appends the text of every Rust file below `folder`.
fn read_sources(folder: &Path, out: &mut String) {
    for entry in std::fs::read_dir(folder).expect("the sources are here").flatten() {
        let path = entry.path();
        if path.is_dir() {
            read_sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") && path.file_name().is_some_and(|n| n != "tests.rs") {
            out.push_str(&std::fs::read_to_string(&path).expect("a source is text"));
        }
    }
}

#[test]
fn every_message_exists_and_every_one_is_used() {
    let mut code = String::new();
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crates lie side by side");
    for entry in std::fs::read_dir(crates).expect("the crates are here").flatten() {
        if entry.path().join("src").is_dir() {
            read_sources(&entry.path().join("src"), &mut code);
        }
    }
    let english = messages(Language::English);
    let families = families();
    for id in &families {
        assert!(english.contains_key(id), "{id} has no message");
    }
    for call in ["text(", "say(", "note(", "tell("] {
        for rest in code.split(call).skip(1) {
            let Some(rest) = rest.trim_start().strip_prefix('"') else { continue };
            let id = rest.split('"').next().unwrap_or_default();
            let is_id = !id.is_empty() && id.contains('-') && id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
            assert!(!is_id || english.contains_key(id), "{id} is used and has no message");
        }
    }
    let is_help = |id: &str| id.starts_with("help-");
    let unused: Vec<_> = english
        .keys()
        .filter(|id| !families.contains(*id) && !is_help(id) && !code.contains(&format!("\"{id}\"")))
        .collect();
    assert_eq!(unused, Vec::<&String>::new(), "nobody says these");
}

#[test]
fn values_are_filled_in_as_they_are() {
    let check = |language, count: &str, expect| {
        assert_eq!(Wording::new(language).text("ago-minutes", &[("count", count)]), expect);
    };
    check(Language::English, "1", "1 minute ago");
    check(Language::English, "20", "20 minutes ago");
    check(Language::Spanish, "1", "hace 1 minuto");
    let english = Wording::new(Language::English);
    let version = |text| english.text("artefact-known", &[("version", text), ("integrity", "i"), ("source", "s")]);
    for text in ["1.10", "007", "3e5", "20250101", "12345678901234567890"] {
        assert_eq!(version(text), format!("Version {text}, i (s)."));
    }
    assert_eq!(english.text("no-such-message", &[]), "no-such-message");
}

#[test]
fn a_locale_names_its_language() {
    let check = |locale, expect| assert_eq!(Language::of_locale(locale), expect, "{locale}");
    check("es_ES.UTF-8", Language::Spanish);
    check("es-419", Language::Spanish);
    check("ES", Language::Spanish);
    check("est_EE", Language::English);
    check("C", Language::English);
    check("", Language::English);
    check("de_DE.UTF-8", Language::English);
}
