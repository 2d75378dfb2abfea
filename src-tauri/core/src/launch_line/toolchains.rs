//! Runners of .NET, Rust, Go and Nix.

use super::Ecosystem;
use super::LaunchLine;
use super::Pin;
use super::Runner;
use super::flags::Flags;
use super::flags::Spread;
use super::git;
use super::program;
use super::scripts;
use super::spec::Spec;

const DNX: [&str; 10] = [
    "--version",
    "--source",
    "--add-source",
    "--configfile",
    "-v",
    "--verbosity",
    "--framework",
    "--arch",
    "-a",
    "--tool-path",
];
const DOTNET: [&str; 18] = [
    "--project",
    "-p",
    "-c",
    "--configuration",
    "-f",
    "--framework",
    "-r",
    "--runtime",
    "--launch-profile",
    "-lp",
    "-v",
    "--verbosity",
    "--depsfile",
    "--runtimeconfig",
    "--additionalprobingpath",
    "--fx-version",
    "--roll-forward",
    "-a",
];
const CARGO: [&str; 17] = [
    "--manifest-path",
    "--bin",
    "--example",
    "-p",
    "--package",
    "--features",
    "-F",
    "--target",
    "--target-dir",
    "--profile",
    "-j",
    "--jobs",
    "--color",
    "--config",
    "-Z",
    "-C",
    "--message-format",
];
const GO: [&str; 9] = ["-C", "-exec", "-ldflags", "-tags", "-mod", "-modfile", "-p", "-gcflags", "-overlay"];
const NIX: [&str; 15] = [
    "--extra-experimental-features",
    "--experimental-features",
    "-I",
    "--include",
    "--inputs-from",
    "-f",
    "--file",
    "--expr",
    "--profile",
    "--override-flake",
    "-j",
    "--max-jobs",
    "--cores",
    "--log-format",
    "--store",
];

/// Reads what follows `dnx` and `dotnet tool exec`.
pub(super) fn dnx(words: &[String]) -> LaunchLine {
    let spread = Spread::of(words, &DNX);
    let Some(word) = spread.operands.first() else { return Spec::unknown("no package is named").line(Runner::Dnx) };
    let (name, version) = word.split_once('@').map_or((*word, None), |(name, it)| (name, Some(it)));
    // Behind the package, `--version` is dnx's own only while no word of the tool stands before it.
    let version = version.or(Flags::leading(words, &DNX).value(&["--version"])).or_else(|| {
        let at = words.iter().position(|it| it == word)?;
        Flags::leading(&words[at + 1..], &DNX).value(&["--version"])
    });
    if program::has_placeholder(name) {
        return Spec::unknown("the package is a placeholder").line(Runner::Dnx);
    }
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_')) {
        return Spec::unknown("the package is no name of a package").line(Runner::Dnx);
    }
    let pin = match version {
        None | Some("") => Pin::None,
        Some(version) if version.contains(['*', '[', '(', ',']) => Pin::Range,
        Some(version) if version.starts_with(|c: char| c.is_ascii_digit()) => Pin::Exact,
        Some(_) => Pin::Tag,
    };
    Spec::named(Ecosystem::Nuget, name, version.filter(|it| !it.is_empty()), pin).line(Runner::Dnx)
}

/// Reads `dotnet …`; `None` for commands that start nothing.
pub(super) fn dotnet(words: &[String]) -> Option<LaunchLine> {
    let flags = Flags::leading(words, &DOTNET);
    let (command, rest) = flags.rest.split_first()?;
    match (command.as_str(), rest.first().map(String::as_str)) {
        ("run", _) => {
            let inner = Flags::leading(rest, &DOTNET);
            let target = inner.value(&["--project", "--file"]).or(inner
                .rest
                .first()
                .map(String::as_str)
                .filter(|it| it.ends_with(".cs")));
            Some(LaunchLine {
                uses_cwd: target.is_none_or(program::is_relative),
                target: target.map(str::to_owned),
                ..LaunchLine::empty(Runner::Dotnet, Ecosystem::Local)
            })
        }
        ("tool", Some("exec" | "execute")) => Some(dnx(&rest[1..])),
        ("dnx", _) => Some(dnx(rest)),
        ("tool", Some("run")) => Some(LaunchLine {
            entry: rest.get(1).cloned(),
            uses_cwd: true,
            ..LaunchLine::empty(Runner::Dotnet, Ecosystem::Local)
        }),
        ("exec", _) => Flags::leading(rest, &DOTNET).rest.first().map(|target| scripts::file(Runner::Dotnet, target)),
        (target, _) if program::is_path(target) || target.ends_with(".dll") || target.ends_with(".cs") => {
            Some(scripts::file(Runner::Dotnet, target))
        }
        _ => None,
    }
}

/// Reads `cargo run`; `None` for the other commands.
pub(super) fn cargo(words: &[String]) -> Option<LaunchLine> {
    let skipped = usize::from(words.first().is_some_and(|it| it.starts_with('+')));
    let flags = Flags::leading(&words[skipped..], &CARGO);
    let (command, rest) = flags.rest.split_first()?;
    if command != "run" && command != "r" {
        return None;
    }
    let inner = Flags::leading(rest, &CARGO);
    let manifest = inner.value(&["--manifest-path"]).or(flags.value(&["--manifest-path", "-C"]));
    Some(LaunchLine {
        entry: inner.value(&["--bin", "--example"]).or(inner.value(&["-p", "--package"])).map(str::to_owned),
        uses_cwd: manifest.is_none_or(program::is_relative),
        target: manifest.map(str::to_owned),
        ..LaunchLine::empty(Runner::CargoRun, Ecosystem::Local)
    })
}

/// Reads `go run`; `None` for the other commands. A module that is fetched is a package, a folder is local code.
pub(super) fn go(words: &[String]) -> Option<LaunchLine> {
    let (command, rest) = words.split_first()?;
    if command != "run" {
        return None;
    }
    let flags = Flags::leading(rest, &GO);
    let Some(word) = flags.rest.first() else { return Some(Spec::unknown("no package is named").line(Runner::Binary)) };
    let (module, version) = word.split_once('@').map_or((word.as_str(), None), |(module, it)| (module, Some(it)));
    let is_module = version.is_some()
        || module.split('/').next().is_some_and(|host| host.contains('.') && host.len() > 2)
            && module.contains('/')
            && !module.starts_with('.');
    if !is_module {
        return Some(scripts::file(Runner::Binary, word));
    }
    if program::has_placeholder(module) {
        return Some(Spec::unknown("the package is a placeholder").line(Runner::Binary));
    }
    let pin = match version {
        None => Pin::None,
        Some("latest" | "upgrade" | "patch") => Pin::Latest,
        Some(version) if version.starts_with('v') && super::spec::is_semver(version) => Pin::Exact,
        Some(version) if version.starts_with(['v', '<', '>']) => Pin::Range,
        Some(_) => Pin::GitRef,
    };
    Some(Spec::named(Ecosystem::Go, module, version, pin).line(Runner::Binary))
}

/// Reads `nix run`; `None` for the other commands.
pub(super) fn nix(words: &[String]) -> Option<LaunchLine> {
    let flags = Flags::leading(words, &NIX);
    let (command, rest) = flags.rest.split_first()?;
    if command != "run" {
        return None;
    }
    let inner = Flags::leading(rest, &NIX);
    let mut line = match inner.rest.first().map(String::as_str) {
        None => scripts::file(Runner::NixRun, "."),
        // `nix run -- …` runs the flake of the working folder.
        Some(_) if rest.len() > inner.rest.len() && rest[rest.len() - inner.rest.len() - 1] == "--" => {
            scripts::file(Runner::NixRun, ".")
        }
        Some(flake) => self::flake(flake).line(Runner::NixRun),
    };
    if inner.has(&["--option", "--override-input", "--expr"]) || flags.has(&["--option", "--override-input"]) {
        line.unknown = Some("a flag says where the flake comes from");
    }
    Some(line)
}

fn flake(word: &str) -> Spec {
    let place = word.split('#').next().unwrap_or_default();
    if place.is_empty() || place.starts_with(['.', '/', '~']) || place.starts_with("path:") {
        return Spec::local(word);
    }
    if program::has_placeholder(place) {
        return Spec::unknown("the package is a placeholder");
    }
    let query = place.split_once('?').map(|(_, query)| query);
    let queried =
        query.and_then(|it| it.split('&').find_map(|pair| pair.strip_prefix("rev=").or(pair.strip_prefix("ref="))));
    let bare = place.split('?').next().unwrap_or_default();
    let reference = queried.or_else(|| {
        let skipped = if bare.contains(':') { 2 } else { 1 };
        (!bare.contains("://")).then(|| bare.splitn(skipped + 1, '/').nth(skipped)).flatten()
    });
    let is_commit = |it: &str| git::of_repository("x", "x", Some(it)).pin == Some(Pin::Digest);
    let pin = match reference {
        Some(commit) if is_commit(commit) => Pin::Digest,
        Some(_) => Pin::GitRef,
        None if bare.contains(':') => Pin::GitHead,
        None => Pin::None,
    };
    Spec::named(Ecosystem::Nix, word, reference, pin)
}
