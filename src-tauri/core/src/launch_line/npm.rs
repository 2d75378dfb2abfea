//! Runners of the npm world and the specifiers that they take.

use super::Ecosystem;
use super::LaunchLine;
use super::Pin;
use super::Runner;
use super::flags::Flags;
use super::flags::Spread;
use super::git;
use super::git::RefAt;
use super::program;
use super::scripts;
use super::spec::Spec;
use super::spec::is_semver;

const NPX: [&str; 20] = [
    "-p",
    "--package",
    "-c",
    "--call",
    "--registry",
    "--prefix",
    "-C",
    "-w",
    "--workspace",
    "--cache",
    "--userconfig",
    "--globalconfig",
    "--loglevel",
    "--shell",
    "--script-shell",
    "-n",
    "--node-arg",
    "--node-options",
    "--npm",
    "--before",
];
const BUNX: [&str; 3] = ["-p", "--package", "--cwd"];
const PNPM: [&str; 12] = [
    "--package",
    "-C",
    "--dir",
    "--reporter",
    "-F",
    "--filter",
    "--allow-build",
    "--registry",
    "--loglevel",
    "--store-dir",
    "--config",
    "--workspace-concurrency",
];
const YARN: [&str; 4] = ["-p", "--package", "--cwd", "--registry"];
const NPM: [&str; 8] =
    ["--prefix", "-C", "-w", "--workspace", "--registry", "--loglevel", "--userconfig", "--script-shell"];

/// Reads `npx …`.
pub(super) fn npx(words: &[String]) -> LaunchLine {
    one_off(Runner::Npx, "npx", &Flags::leading(words, &NPX))
}

/// Reads `bunx …` and `bun x …`.
pub(super) fn bunx(words: &[String]) -> LaunchLine {
    one_off(Runner::Bunx, "bunx", &Flags::leading(words, &BUNX))
}

/// Reads `pnpx …` and what follows `pnpm dlx`.
pub(super) fn pnpm_dlx(words: &[String]) -> LaunchLine {
    one_off(Runner::PnpmDlx, "pnpm dlx", &Flags::leading(words, &PNPM))
}

/// Reads `npm exec`, `npm run` and their kin; `None` for the other commands of npm.
pub(super) fn npm(words: &[String]) -> Option<LaunchLine> {
    let flags = Flags::leading(words, &NPM);
    let (command, rest) = flags.rest.split_first()?;
    match command.as_str() {
        "exec" | "x" => {
            // npm takes flags behind the package too, so `--package` is looked for up to `--`.
            let leading = Flags::leading(rest, &NPX);
            let spread = Spread::of(rest, &NPX);
            if leading.has(&["-p", "--package"]) || !spread.flags.has(&["-p", "--package"]) {
                return Some(one_off(Runner::Npx, "npm exec", &leading));
            }
            let entry = spread.operands.first().copied();
            Some(installed(Runner::Npx, spread.flags.values(&["-p", "--package"]).collect(), entry, &[]))
        }
        "run" | "run-script" | "rum" | "urn" => {
            let spread = Spread::of(rest, &NPM);
            let is_elsewhere = is_elsewhere(&[&flags, &spread.flags]);
            Some(task(Runner::NpmRun, Some("run"), spread.operands.first().copied(), is_elsewhere))
        }
        "start" | "test" | "restart" | "stop" => {
            Some(task(Runner::NpmRun, None, Some(command), is_elsewhere(&[&flags])))
        }
        "init" | "create" => Some(unread(Runner::Npx, "the package is told by a rule of npm create")),
        _ => None,
    }
}

/// Reads `pnpm dlx`, `pnpm run` and the short form `pnpm <script>`.
pub(super) fn pnpm(words: &[String]) -> Option<LaunchLine> {
    let flags = Flags::leading(words, &PNPM);
    let (command, rest) = flags.rest.split_first()?;
    match command.as_str() {
        "dlx" => {
            let packages: Vec<_> = flags.values(&["--package"]).collect();
            let inner = Flags::leading(rest, &PNPM);
            if packages.is_empty() {
                return Some(one_off(Runner::PnpmDlx, "pnpm dlx", &inner));
            }
            Some(installed(Runner::PnpmDlx, packages, inner.rest.first().map(String::as_str), inner.rest))
        }
        "run" | "run-script" | "exec" => {
            let inner = Spread::of(rest, &PNPM);
            let name = inner.operands.first().copied();
            Some(task(Runner::PnpmScript, Some(command), name, is_elsewhere(&[&flags, &inner.flags])))
        }
        "create" => Some(unread(Runner::PnpmDlx, "the package is told by a rule of pnpm create")),
        name => Some(task(Runner::PnpmScript, None, Some(name), is_elsewhere(&[&flags]))),
    }
}

/// Reads `yarn dlx`, `yarn run` and the short form `yarn <script>`.
pub(super) fn yarn(words: &[String]) -> Option<LaunchLine> {
    let flags = Flags::leading(words, &YARN);
    let (command, rest) = flags.rest.split_first()?;
    match command.as_str() {
        "dlx" => Some(one_off(Runner::YarnDlx, "yarn dlx", &Flags::leading(rest, &YARN))),
        "create" => Some(unread(Runner::YarnDlx, "the package is told by a rule of yarn create")),
        "run" | "exec" | "node" => {
            let inner = Spread::of(rest, &YARN);
            let name = inner.operands.first().copied();
            Some(task(Runner::NpmRun, Some(command), name, is_elsewhere(&[&flags, &inner.flags])))
        }
        "workspace" => {
            let name = rest.iter().skip(1).find(|word| *word != "run");
            Some(task(Runner::NpmRun, Some("run"), name.map(String::as_str), is_elsewhere(&[&flags])))
        }
        name => Some(task(Runner::NpmRun, None, Some(name), is_elsewhere(&[&flags]))),
    }
}

/// A script of the `package.json` of a folder.
pub(super) fn task(runner: Runner, verb: Option<&str>, name: Option<&str>, is_elsewhere: bool) -> LaunchLine {
    let target = verb.into_iter().chain(name).collect::<Vec<_>>().join(" ");
    LaunchLine {
        target: (!target.is_empty()).then_some(target),
        uses_cwd: !is_elsewhere,
        unknown: name.is_none().then_some("no script is named"),
        ..LaunchLine::empty(runner, Ecosystem::Local)
    }
}

/// Whether a flag sends the runner to a folder that does not depend on where it is started.
fn is_elsewhere(flags: &[&Flags<'_>]) -> bool {
    flags
        .iter()
        .flat_map(|it| it.values(&["--prefix", "-C", "--dir", "--cwd"]))
        .last()
        .is_some_and(|folder| !program::is_relative(folder))
}

fn unread(runner: Runner, reason: &'static str) -> LaunchLine {
    LaunchLine { unknown: Some(reason), ..LaunchLine::empty(runner, Ecosystem::Unknown) }
}

/// A package that is fetched for one run.
fn one_off(runner: Runner, label: &str, flags: &Flags<'_>) -> LaunchLine {
    let packages: Vec<_> = flags.values(&["-p", "--package"]).collect();
    let mut line = if !packages.is_empty() {
        let entry = flags.rest.first().map(String::as_str);
        installed(runner, packages, entry, flags.rest)
    } else if let Some(word) = flags.rest.first() {
        let mut line = spec(word).line(runner);
        scripts::follow_package(&mut line, flags.rest);
        line.specs = vec![word.clone()];
        line
    } else if flags.has(&["-c", "--call"]) {
        unread(runner, "the line is handed to a shell")
    } else {
        unread(runner, "no package is named")
    };
    if flags.has(&["-c", "--call", "--shell-mode"]) {
        line.evaluates = Some(format!("{label} -c"));
        line.uses_cwd = true;
    }
    line
}

/// Packages named by a flag, and the program that is then run.
fn installed(runner: Runner, packages: Vec<&str>, entry: Option<&str>, rest: &[String]) -> LaunchLine {
    let mut line = packages.first().map_or_else(|| Spec::unknown("no package is named"), |it| spec(it)).line(runner);
    scripts::follow_package(&mut line, rest);
    line.entry = entry.map(str::to_owned);
    line.specs = packages.iter().map(|package| (*package).to_owned()).collect();
    if packages.len() > 1 {
        line.unknown = line.unknown.or(Some("several packages are fetched for it"));
    }
    line
}

/// Reads a specifier as npm does: `name`, `@scope/name@^1`, `alias@npm:name`, `owner/repo`, an address or a path.
pub(super) fn spec(word: &str) -> Spec {
    if word.is_empty() {
        return Spec::unknown("no package is named");
    }
    if let Some(address) =
        ["git+", "git:", "git@", "ssh:"].iter().find_map(|start| word.starts_with(start).then_some(word))
    {
        return git::spec(address, RefAt::Hash);
    }
    for (short, host) in [("github:", "github.com"), ("gitlab:", "gitlab.com"), ("bitbucket:", "bitbucket.org")] {
        if let Some(rest) = word.strip_prefix(short) {
            return repository(host, rest);
        }
    }
    if word.starts_with("http://") || word.starts_with("https://") {
        return web(word);
    }
    let word = word.strip_prefix("npm:").unwrap_or(word);
    if let Some(rest) = word.strip_prefix("jsr:") {
        return named(Ecosystem::Jsr, rest.trim_start_matches('/'));
    }
    if let Some(path) = word.strip_prefix("file:") {
        return Spec::local(path);
    }
    let is_scoped = word.starts_with('@');
    if word.starts_with(['.', '/', '~', '\\']) || program::has_drive(word) || is_archive(word) && !is_scoped {
        return Spec::local(word);
    }
    if !is_scoped && program::has_placeholder(word.split('@').next().unwrap_or_default()) {
        return Spec::unknown("the package is a placeholder");
    }
    if !is_scoped && word.split('@').next().is_some_and(|name| name.matches('/').count() == 1) {
        return repository("github.com", word);
    }
    named(Ecosystem::Npm, word)
}

fn repository(host: &str, rest: &str) -> Spec {
    let (path, reference) = rest.split_once('#').map_or((rest, None), |(path, it)| (path, Some(it)));
    git::of_repository(host, path, reference)
}

fn web(address: &str) -> Spec {
    let place = address.split('#').next().unwrap_or_default();
    let path = place.split_once("://").map_or("", |(_, rest)| rest).trim_end_matches('/');
    let mut parts = path.split('/');
    let host = parts.next().unwrap_or_default().rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
    if place.ends_with(".git") || git::FORGES.contains(&host.as_str()) && parts.count() == 2 {
        return git::spec(address, RefAt::Hash);
    }
    Spec::unknown("the package is an archive at a web address")
}

fn is_archive(word: &str) -> bool {
    [".tgz", ".tar.gz", ".tar"].iter().any(|ending| word.ends_with(ending))
}

/// Reads `name`, `name@version` and `alias@npm:name@version`.
fn named(ecosystem: Ecosystem, word: &str) -> Spec {
    let at = word.char_indices().skip(1).find(|(_, c)| *c == '@').map(|(at, _)| at);
    let (name, version) = at.map_or((word, None), |at| (&word[..at], Some(&word[at + 1..])));
    if program::has_placeholder(name) {
        return Spec::unknown("the package is a placeholder");
    }
    if !is_name(name) {
        return Spec::unknown("the package is no name of a package");
    }
    let Some(version) = version.filter(|it| !it.is_empty()) else {
        return Spec::named(ecosystem, name, None, Pin::None);
    };
    const ELSEWHERE: [&str; 10] =
        ["npm:", "jsr:", "git+", "git:", "git@", "github:", "gitlab:", "bitbucket:", "http", "file:"];
    if ELSEWHERE.iter().any(|start| version.starts_with(start)) && version.contains(':') {
        // An alias of an alias is refused by npm; the cut keeps hostile input from nesting.
        return match version.strip_prefix("npm:").or(version.strip_prefix("jsr:")) {
            Some(real) if real.contains(':') => Spec::unknown("the package is no name of a package"),
            Some(real) if version.starts_with("npm:") => named(Ecosystem::Npm, real),
            Some(real) => named(Ecosystem::Jsr, real),
            None => spec(version),
        };
    }
    Spec::named(ecosystem, name, Some(version), pin(version))
}

fn pin(version: &str) -> Pin {
    if version == "latest" {
        return Pin::Latest;
    }
    if is_semver(version) {
        return Pin::Exact;
    }
    let starts_as_version = version.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
    let is_range = starts_as_version || version.contains(['^', '~', '>', '<', '*', '|', ' ', '=']) || version == "x";
    if is_range { Pin::Range } else { Pin::Tag }
}

/// Whether npm could hold a package of this name.
fn is_name(name: &str) -> bool {
    let (scope, base) = match name.strip_prefix('@') {
        Some(scoped) => match scoped.split_once('/') {
            Some((scope, base)) => (Some(scope), base),
            None => return false,
        },
        None => (None, name),
    };
    let is_part = |part: &str| {
        !part.is_empty()
            && !part.starts_with(['.', '-'])
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~' | b'+'))
    };
    name.len() <= 214 && scope.is_none_or(is_part) && is_part(base)
}
