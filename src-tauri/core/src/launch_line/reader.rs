//! Peels wrappers off a launch until the runner shows, and hands its words to whoever knows it.

use super::Ecosystem;
use super::LaunchLine;
use super::Runner;
use super::bridges;
use super::containers;
use super::npm;
use super::program;
use super::pypi;
use super::scripts;
use super::shell_line;
use super::shell_line::Dialect;
use super::toolchains;
use super::wrappers;
use super::wrappers::Peeled;

/// Nobody wraps deeper; hostile input that does is not told.
const DEEPEST: usize = 12;

/// What the wrappers told, outermost first.
#[derive(Default)]
struct Outside {
    wrappers: Vec<String>,
    evaluates: Option<String>,
    uses_cwd: bool,
    unknown: Option<&'static str>,
}

/// Reads a command and its arguments.
pub(super) fn read(command: &str, args: &[String]) -> LaunchLine {
    let mut outside = Outside::default();
    let inner = match whole_line(command, args) {
        Some(dialect) => {
            let label = "shell-line".to_owned();
            let evaluates = shell_line::is_compound(command, dialect);
            // Where a client lets a shell start it, arguments follow the line.
            outside.line(&Peeled::Line { label, line: command.to_owned(), dialect, evaluates }, args)
        }
        None => {
            let words: Vec<String> = std::iter::once(command.to_owned()).chain(args.iter().cloned()).collect();
            outside.words(&words)
        }
    };
    LaunchLine {
        wrappers: outside.wrappers,
        evaluates: outside.evaluates.or(inner.evaluates),
        uses_cwd: outside.uses_cwd || inner.uses_cwd,
        unknown: inner.unknown.or(outside.unknown),
        ..inner
    }
}

/// Whether `command` is a whole line rather than the name of a program, and by whose rules it is quoted.
fn whole_line(command: &str, args: &[String]) -> Option<Dialect> {
    let trimmed = command.trim();
    let first = trimmed.split_whitespace().next()?;
    if first.len() == trimmed.len() {
        return None;
    }
    let is_path = program::is_path(first) || first.starts_with('"');
    let is_chain = args.is_empty() && [" && ", " | ", "; ", " || "].iter().any(|it| trimmed.contains(it));
    let is_known = !program::has_drive(first) && is_known_program(&program::name(first));
    // A path may hold spaces of its own, as `C:\Program Files\…` does.
    if is_known || is_chain || !is_path && args.is_empty() {
        return Some(if names_windows_path(trimmed) { Dialect::Cmd } else { Dialect::Posix });
    }
    None
}

/// Whether a piece of the line is a path as `C:\x` or `.\x`, whose backslashes would be lost on a POSIX shell.
fn names_windows_path(line: &str) -> bool {
    let pieces = line.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '='));
    pieces.into_iter().any(|piece| {
        let starts = [".\\", "..\\"].iter().find_map(|start| piece.strip_prefix(start));
        let behind = starts.or_else(|| if program::has_drive(piece) { piece[2..].strip_prefix('\\') } else { None });
        // `a:\"` is an escaped quote.
        behind.is_some_and(|name| name.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '%')))
    })
}

fn is_known_program(name: &str) -> bool {
    const RUNNERS: [&str; 26] = [
        "npx", "npm", "pnpm", "pnpx", "yarn", "bunx", "bun", "uvx", "uv", "pipx", "docker", "podman", "nerdctl", "dnx",
        "node", "deno", "tsx", "java", "php", "dotnet", "cargo", "go", "nix", "curl", "env", "cmd",
    ];
    RUNNERS.contains(&name) || scripts::is_python(name) || scripts::is_shell(name)
}

impl Outside {
    fn words(&mut self, words: &[String]) -> LaunchLine {
        let Some((command, rest)) = words.split_first() else { return untold(Runner::None, "no command is named") };
        if self.wrappers.len() >= DEEPEST {
            return untold(Runner::None, "the launch is wrapped too deeply");
        }
        if command.is_empty() {
            return untold(Runner::None, "no command is named");
        }
        self.uses_cwd |= program::is_path(command) && program::is_relative(command);
        let name = program::name(command);
        match wrappers::peel(&name, rest) {
            Peeled::None => self.program(command, &name, rest),
            Peeled::Words { label, words, assignments, uses_cwd } => {
                self.wrappers.push(label);
                self.uses_cwd |= uses_cwd;
                self.assignments(assignments);
                self.words(words)
            }
            line @ Peeled::Line { .. } => self.line(&line, &[]),
            Peeled::Untold { label, reason } => {
                if label.contains(' ') {
                    self.wrappers.push(label);
                }
                LaunchLine { uses_cwd: true, ..untold(Runner::Shell, reason) }
            }
            Peeled::Script { file } => scripts::file(Runner::Script, &file),
        }
    }

    fn line(&mut self, peeled: &Peeled<'_>, args: &[String]) -> LaunchLine {
        let Peeled::Line { label, line, dialect, evaluates } = peeled else {
            return untold(Runner::Shell, "the shell is given no line");
        };
        self.wrappers.push(label.clone());
        if *evaluates {
            self.evaluates.get_or_insert_with(|| label.clone());
            self.uses_cwd = true;
        }
        if label.ends_with("-EncodedCommand") {
            return untold(Runner::Shell, "the line is encoded");
        }
        match shell_line::read(line, *dialect) {
            Ok(mut outcome) => {
                self.unknown = self.unknown.or(outcome.remark);
                self.assignments(&outcome.assignments);
                outcome.words.extend_from_slice(args);
                if matches!(outcome.words[0].as_str(), "source" | ".") {
                    return outcome.words.get(1).map_or_else(
                        || untold(Runner::Shell, "the line starts no program"),
                        |file| scripts::file(Runner::Script, file),
                    );
                }
                self.words(&outcome.words)
            }
            Err(reason) => untold(Runner::Shell, reason),
        }
    }

    fn assignments(&mut self, assignments: &[String]) {
        if assignments.iter().any(|it| shell_line::preloads(it)) {
            self.unknown = self.unknown.or(Some("further code is preloaded"));
        }
    }

    /// Reads the program that no wrapper hides any more.
    fn program(&mut self, command: &str, name: &str, rest: &[String]) -> LaunchLine {
        let known = match name {
            "npx" => Some(npm::npx(rest)),
            "bunx" => Some(npm::bunx(rest)),
            "pnpx" => Some(npm::pnpm_dlx(rest)),
            "npm" => npm::npm(rest),
            "pnpm" => npm::pnpm(rest),
            "yarn" | "yarnpkg" => npm::yarn(rest),
            "uvx" => Some(pypi::uvx(rest)),
            "uv" => pypi::uv(rest),
            "pipx" => pypi::pipx(rest),
            "docker" | "podman" | "nerdctl" => containers::docker(rest),
            "docker-compose" | "podman-compose" => Some(containers::compose(rest)),
            "dnx" => Some(toolchains::dnx(rest)),
            "dotnet" => toolchains::dotnet(rest),
            "cargo" => toolchains::cargo(rest),
            "go" => toolchains::go(rest),
            "nix" => toolchains::nix(rest),
            "curl" => Some(bridges::curl(rest)),
            _ => scripts::read(name, rest),
        };
        let mut line = known.unwrap_or_else(|| {
            let mut line = binary(command, name);
            if is_known_program(name) {
                line.unknown = line.unknown.or(Some("the sub-command is not known"));
            }
            line
        });
        // `python -m uv tool run x` and `python -m pipx run x` fetch a package.
        if line.runner == Runner::PythonM
            && let Some(module @ ("uv" | "pipx")) = line.module.as_deref()
            && let Some(at) = rest.iter().position(|word| word == module)
            && let Some(fetched) = if module == "uv" { pypi::uv(&rest[at + 1..]) } else { pypi::pipx(&rest[at + 1..]) }
        {
            self.wrappers.push("python -m".to_owned());
            line = LaunchLine { uses_cwd: true, ..fetched };
        }
        bridges::note(&mut line, name, rest);
        line
    }
}

/// A program of this machine, or a script that is started as one.
fn binary(command: &str, name: &str) -> LaunchLine {
    if program::has_placeholder(command) && !program::is_path(command) {
        return LaunchLine {
            target: Some(command.to_owned()),
            ..untold(Runner::Binary, "the command is a placeholder")
        };
    }
    let runner = if program::is_code_file(name) { Runner::Script } else { Runner::Binary };
    LaunchLine {
        target: Some(command.to_owned()),
        uses_cwd: program::is_path(command) && program::is_relative(command),
        unknown: matches!(name, "ssh" | "mosh").then_some("it runs on another machine"),
        ..LaunchLine::empty(runner, Ecosystem::Local)
    }
}

fn untold(runner: Runner, reason: &'static str) -> LaunchLine {
    LaunchLine { unknown: Some(reason), ..LaunchLine::empty(runner, Ecosystem::Unknown) }
}
