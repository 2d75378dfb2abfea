//! Runners of the Python world and the specifiers that they take.

use super::Ecosystem;
use super::LaunchLine;
use super::Pin;
use super::Runner;
use super::flags::Flags;
use super::git;
use super::git::RefAt;
use super::program;
use super::scripts;
use super::spec::Spec;

const UV: [&str; 52] = [
    "--from",
    "--with",
    "-w",
    "--with-editable",
    "--with-requirements",
    "--python",
    "-p",
    "--index",
    "--index-url",
    "-i",
    "--extra-index-url",
    "--default-index",
    "--find-links",
    "-f",
    "--refresh-package",
    "--upgrade-package",
    "-P",
    "--reinstall-package",
    "--directory",
    "--project",
    "--cache-dir",
    "--config-file",
    "--config-setting",
    "-C",
    "--config-settings-package",
    "--keyring-provider",
    "--resolution",
    "--prerelease",
    "--fork-strategy",
    "--exclude-newer",
    "--link-mode",
    "--color",
    "--python-platform",
    "--index-strategy",
    "--allow-insecure-host",
    "--trusted-host",
    "--env-file",
    "--constraints",
    "-c",
    "--overrides",
    "--build-constraints",
    "-b",
    "--no-build-package",
    "--no-binary-package",
    "--no-build-isolation-package",
    "--torch-backend",
    "--extra",
    "--group",
    "--no-group",
    "--only-group",
    "--package",
    "--python-preference",
];
const PIPX: [&str; 10] = [
    "--spec",
    "--python",
    "--pip-args",
    "--index-url",
    "-i",
    "--with",
    "--fetch-python",
    "--backend",
    "--suffix",
    "--preinstall",
];

/// Reads `uvx …` and what follows `uv tool run`.
pub(super) fn uvx(words: &[String]) -> LaunchLine {
    fetched(Runner::Uvx, &Flags::leading(words, &UV), "--from")
}

/// Reads what follows `pipx run`.
pub(super) fn pipx_run(words: &[String]) -> LaunchLine {
    fetched(Runner::PipxRun, &Flags::leading(words, &PIPX), "--spec")
}

/// Reads `uv …`; `None` for commands of uv that start nothing.
pub(super) fn uv(words: &[String]) -> Option<LaunchLine> {
    let flags = Flags::leading(words, &UV);
    let (command, rest) = flags.rest.split_first()?;
    match (command.as_str(), rest.first().map(String::as_str)) {
        ("tool", Some("run")) => Some(uvx(&rest[1..])),
        ("run", _) => {
            let inner = Flags::leading(rest, &UV);
            let folder = inner.value(&["--directory"]).or(flags.value(&["--directory"]));
            let mut line = uv_run(&inner);
            line.uses_cwd = folder.is_none_or(program::is_relative);
            Some(line)
        }
        _ => None,
    }
}

/// Reads `pipx …`; `None` for commands of pipx that start nothing.
pub(super) fn pipx(words: &[String]) -> Option<LaunchLine> {
    let flags = Flags::leading(words, &PIPX);
    let (command, rest) = flags.rest.split_first()?;
    (command == "run").then(|| pipx_run(rest))
}

fn fetched(runner: Runner, flags: &Flags<'_>, source: &str) -> LaunchLine {
    let first = flags.rest.first().map(String::as_str);
    // `uvx python` starts the interpreter itself.
    if let (Some(name), false) = (first.filter(|it| scripts::is_python(it)), flags.has(&[source])) {
        return LaunchLine { runner, ..scripts::python(name, &flags.rest[1..]) };
    }
    let Some(word) = flags.value(&[source]).or(first) else {
        return Spec::unknown("no package is named").line(runner);
    };
    let mut line = spec(word).line(runner);
    scripts::follow_package(&mut line, flags.rest);
    line.specs = vec![word.to_owned()];
    if flags.has(&[source]) {
        line.entry = first.map(str::to_owned);
    }
    line
}

/// Reads what `uv run` starts inside the environment of a project.
fn uv_run(flags: &Flags<'_>) -> LaunchLine {
    let mut line = LaunchLine::empty(Runner::UvRun, Ecosystem::Local);
    let rest = flags.rest;
    let Some(word) = rest.first() else {
        line.unknown = Some("no program is named");
        return line;
    };
    if flags.has(&["-m", "--module"]) {
        line.module = Some(word.clone());
        return line;
    }
    let name = program::name(word);
    if word.contains("://") {
        line.ecosystem = Ecosystem::Unknown;
        line.unknown = Some("the code comes from a web address");
    } else if scripts::is_python(&name) {
        let python = scripts::python(&name, &rest[1..]);
        (line.module, line.target) = (python.module, python.target);
        (line.evaluates, line.unknown) = (python.evaluates, python.unknown);
    } else if program::is_code_file(word) || program::is_path(word) || flags.has(&["-s", "--script"]) {
        line.target = Some(word.clone());
    } else {
        line.entry = Some(word.clone());
        line.evaluates = scripts::evaluation(rest);
        // `mcp run server.py` and `fastmcp run server.py` load a file by its path.
        if let (true, Some("run" | "dev")) =
            (matches!(name.as_str(), "mcp" | "fastmcp"), rest.get(1).map(String::as_str))
        {
            line.target =
                Flags::leading(&rest[2..], &["--transport", "-t", "--with", "--python"]).rest.first().cloned();
        }
    }
    line
}

/// Reads a specifier as uv and pipx do: `name`, `name[extra]==1.2`, `name@1.2`, `name @ address`, an address or a path.
pub(super) fn spec(word: &str) -> Spec {
    let word = word.trim();
    // What stands behind `;` says on which systems it is wanted.
    let word = word.split(';').next().unwrap_or_default().trim();
    if word.is_empty() {
        return Spec::unknown("no package is named");
    }
    if let Some(spec) = address(word) {
        return spec;
    }
    if word.starts_with(['.', '/', '~', '\\'])
        || program::has_drive(word)
        || (word.ends_with(".whl") || word.contains(".tar.")) && !word.contains("://")
    {
        return Spec::local(word.strip_prefix("file://").unwrap_or(word));
    }
    let end = word.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))).unwrap_or(word.len());
    let (name, mut rest) = (&word[..end], word[end..].trim_start());
    if name.is_empty() || rest.starts_with(['$', '{', '`', '%']) {
        return match program::has_placeholder(word) {
            true => Spec::unknown("the package is a placeholder"),
            false => Spec::unknown("the package is no name of a package"),
        };
    }
    if rest.starts_with('[') {
        match rest.split_once(']') {
            Some((_, behind)) => rest = behind.trim_start(),
            None => return Spec::unknown("the package is no name of a package"),
        }
    }
    if rest.is_empty() {
        return Spec::named(Ecosystem::Pypi, name, None, Pin::None);
    }
    if let Some(version) = rest.strip_prefix('@').map(str::trim) {
        if let Some(spec) = address(version) {
            return spec;
        }
        if program::is_path(version) && !program::has_placeholder(version) {
            return Spec::local(version);
        }
        return at_version(name, version);
    }
    let exact = rest.strip_prefix("===").or_else(|| rest.strip_prefix("==")).map(str::trim);
    match exact {
        Some(version) if !version.contains(',') => {
            Spec::named(Ecosystem::Pypi, name, Some(version), if is_version(version) { Pin::Exact } else { Pin::Range })
        }
        _ if rest.starts_with(['<', '>', '~', '!', '=']) => Spec::named(Ecosystem::Pypi, name, Some(rest), Pin::Range),
        _ => Spec::unknown("the package is no name of a package"),
    }
}

fn at_version(name: &str, version: &str) -> Spec {
    let pin = match version {
        "" => return Spec::named(Ecosystem::Pypi, name, None, Pin::None),
        "latest" => Pin::Latest,
        _ if is_version(version) => Pin::Exact,
        _ if version.contains(['<', '>', '~', '*', ',', '=', '!']) => Pin::Range,
        _ => Pin::Tag,
    };
    Spec::named(Ecosystem::Pypi, name, Some(version), pin)
}

fn address(word: &str) -> Option<Spec> {
    if word.starts_with("git+") {
        Some(git::spec(word, RefAt::At))
    } else if word.starts_with("http://") || word.starts_with("https://") {
        Some(Spec::unknown("the package is an archive at a web address"))
    } else {
        word.strip_prefix("file://").map(Spec::local)
    }
}

/// Whether a word is one version and no range, as in `1.2`, `0.0.1a4`, `1!2.0+local`.
fn is_version(version: &str) -> bool {
    let version = version.strip_prefix('v').unwrap_or(version);
    version.starts_with(|c: char| c.is_ascii_digit())
        && version.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'!' | b'+' | b'-' | b'_'))
}

/// The name by which PyPI knows a package: lower case, runs of `-`, `_` and `.` as one `-`.
pub(super) fn normalized(name: &str) -> String {
    let mut normalized = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '-' | '_' | '.' if normalized.ends_with('-') => {}
            '-' | '_' | '.' => normalized.push('-'),
            c => normalized.extend(c.to_lowercase()),
        }
    }
    normalized
}
