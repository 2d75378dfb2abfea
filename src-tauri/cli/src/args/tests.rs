use std::collections::BTreeSet;

use clap::FromArgMatches as _;

use super::*;

fn parse(line: &str) -> Result<Arguments, clap::Error> {
    let words = line.split(' ');
    let mut command = command(&Wording::new(Language::English));
    let matches = command.try_get_matches_from_mut(words)?;
    Arguments::from_arg_matches(&matches)
}

#[test]
fn the_table_of_arguments_holds_together() {
    for language in Language::ALL {
        command(&Wording::new(*language)).debug_assert();
    }
}

#[test]
fn every_command_line_of_the_reference_is_understood() {
    for line in [
        "gatehouse scan",
        "gatehouse scan a.json b.json --client cursor --format json --offline --fail-on high --fail-on-waiting",
        "gatehouse show cursor/postmark",
        "gatehouse approve 3fa9c1d2 --pin --only-here --note x",
        "gatehouse approve 3fa9c1d2 --this-version",
        "gatehouse approve 3fa9c1d2 --updates",
        "gatehouse approve 3fa9c1d2 --developing --typed-name postmark",
        "gatehouse keep 3fa9c1d2",
        "gatehouse keep-approved 3fa9c1d2",
        "gatehouse hold 3fa9c1d2",
        "gatehouse deny 3fa9c1d2 --note x",
        "gatehouse remove 3fa9c1d2",
        "gatehouse release 3fa9c1d2",
        "gatehouse release --all --malicious-too",
        "gatehouse revoke 3fa9c1d2",
        "gatehouse review",
        "gatehouse watch --format json --verbose",
        "gatehouse log --verify",
        "gatehouse coverage --format json",
        "gatehouse doctor",
        "gatehouse --lang es status",
        "gatehouse mode",
        "gatehouse mode monitor",
        "gatehouse cli-approvals",
        "gatehouse cli-approvals desk",
        "gatehouse pause",
        "gatehouse pause 1h30m",
        "gatehouse pause off",
        "gatehouse folder . developing",
        "gatehouse help floating-version",
        "gatehouse completions zsh",
    ] {
        assert!(parse(line).is_ok(), "{line}: {}", parse(line).expect_err("it is one"));
    }
}

#[test]
fn what_is_not_understood_is_told() {
    for line in [
        "gatehouse",
        "gatehouse scan --fail-on severe",
        "gatehouse scan --client cursor",
        "gatehouse scan --format sarif-x",
        "gatehouse approve",
        "gatehouse approve 3fa9c1d2 --pin --updates",
        "gatehouse release",
        "gatehouse release 3fa9c1d2 --all",
        "gatehouse release 3fa9c1d2 --malicious-too",
        "gatehouse mode lockdown",
        "gatehouse cli-approvals sometimes",
        "gatehouse pause 0m",
        "gatehouse pause yesterday",
        "gatehouse folder .",
        "gatehouse --lang de scan",
        "gatehouse unknown",
    ] {
        assert!(parse(line).is_err(), "{line}");
    }
}

#[test]
fn a_pause_is_a_duration_or_off() {
    let check = |text: &str, expect| assert_eq!(pause(text).ok(), expect, "{text}");
    check("off", Some(Pause::Off));
    check("30m", Some(Pause::For(SignedDuration::from_mins(30))));
    check("2h", Some(Pause::For(SignedDuration::from_hours(2))));
    check("1h30m", Some(Pause::For(SignedDuration::from_mins(90))));
    check("-5m", None);
    check("", None);
}

/// Every verb and every argument says what it does, in both languages, and no text is left over.
#[test]
fn help_is_complete() {
    for language in Language::ALL {
        let wording = Wording::new(*language);
        let mut used: BTreeSet<String> = BTreeSet::new();
        let mut built = command(&wording);
        built.build();
        let mut check = |command: &Command| {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(!about.is_empty() && !about.starts_with("help-"), "{} says {about:?}", command.get_name());
            for arg in command.get_arguments() {
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(
                    !help.is_empty() && !help.starts_with("help-"),
                    "{} {}: {help:?}",
                    command.get_name(),
                    arg.get_id()
                );
                used.insert(help);
            }
            used.insert(about);
        };
        check(&built);
        for verb in built.get_subcommands() {
            check(verb);
            verb.get_subcommands().filter(|below| below.get_name() != "help").for_each(&mut check);
        }
        let source = match language {
            Language::English => include_str!("../../../../ui/locales/en/cli.ftl"),
            Language::Spanish => include_str!("../../../../ui/locales/es/cli.ftl"),
        };
        for id in source.lines().filter_map(|line| line.split_once(" =")).map(|(id, _)| id) {
            let is_heading =
                ["usage", "verbs", "arguments", "options", "exit-codes"].iter().any(|h| id == format!("help-{h}"));
            if id.starts_with("help-") && !is_heading {
                assert!(used.contains(&wording.text(id, &[])), "nobody says {id}");
            }
        }
    }
}
