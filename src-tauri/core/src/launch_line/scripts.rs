//! Interpreters and the files that they run.

use super::Ecosystem;
use super::LaunchLine;
use super::Runner;
use super::flags::Flags;
use super::npm;
use super::program;
use super::shell_line;

/// Why a line of an interpreter names no file.
const IN_THE_LINE: &str = "the code stands in the line";
const FROM_INPUT: &str = "the code comes from standard input";
const PRELOADED: &str = "further code is preloaded";

const NODE: [&str; 22] = [
    "-r",
    "--require",
    "--import",
    "--loader",
    "--experimental-loader",
    "-e",
    "--eval",
    "-p",
    "--print",
    "-pe",
    "-C",
    "--conditions",
    "--env-file",
    "--title",
    "--run",
    "--inspect-port",
    "--input-type",
    "--tsconfig",
    "--icu-data-dir",
    "--openssl-config",
    "--dns-result-order",
    "--stack-trace-limit",
];
const BUN: [&str; 18] = [
    "--cwd",
    "--env-file",
    "-r",
    "--preload",
    "--require",
    "--import",
    "-c",
    "--config",
    "-e",
    "--eval",
    "-p",
    "--print",
    "--tsconfig-override",
    "--conditions",
    "--filter",
    "-F",
    "--port",
    "-d",
];
const DENO: [&str; 14] = [
    "-c",
    "--config",
    "--import-map",
    "--lock",
    "--cert",
    "--location",
    "--seed",
    "--preload",
    "--import",
    "--cwd",
    "--log-level",
    "-L",
    "--ext",
    "--conditions",
];
const JAVA: [&str; 12] = [
    "-jar",
    "-cp",
    "-classpath",
    "--class-path",
    "-p",
    "--module-path",
    "--add-modules",
    "--add-opens",
    "--add-exports",
    "--add-reads",
    "-m",
    "--module",
];
const PHP: [&str; 14] = [
    "-d",
    "--define",
    "-c",
    "--php-ini",
    "-z",
    "--zend-extension",
    "-f",
    "--file",
    "-r",
    "--run",
    "-B",
    "-R",
    "-F",
    "-E",
];
const SCRIPTERS: [&str; 10] =
    ["ruby", "perl", "lua", "luajit", "rscript", "osascript", "julia", "elixir", "tclsh", "groovy"];

/// The shells that take a line behind `-c`.
pub(super) fn is_shell(name: &str) -> bool {
    matches!(name, "sh" | "bash" | "zsh" | "dash" | "ksh" | "ash" | "fish" | "busybox-sh")
}

/// Whether a program is Python, under whatever version it stands.
pub(super) fn is_python(name: &str) -> bool {
    ["python", "pythonw", "pypy"]
        .iter()
        .filter_map(|it| name.strip_prefix(it))
        .any(|version| version.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b't'))
        || name == "py"
}

/// Reads an interpreter and its words; `None` where the program is none that is known.
pub(super) fn read(name: &str, words: &[String]) -> Option<LaunchLine> {
    match name {
        "node" | "nodejs" => Some(node(Runner::Node, words)),
        "tsx" | "ts-node" | "vite-node" | "esno" => Some(node(Runner::Tsx, words)),
        "bun" => bun(words),
        "deno" => deno(words),
        "java" | "javaw" => Some(java(words)),
        "php" => Some(php(words)),
        _ if name.strip_prefix("php").is_some_and(|it| it.bytes().all(|b| b.is_ascii_digit() || b == b'.')) => {
            Some(php(words))
        }
        _ if is_python(name) => Some(python(name, words)),
        _ if SCRIPTERS.contains(&name) => Some(scripter(name, words)),
        _ => None,
    }
}

/// A line that runs a file of this machine.
pub(super) fn file(runner: Runner, target: &str) -> LaunchLine {
    let mut line = LaunchLine {
        uses_cwd: program::is_relative(target),
        target: Some(target.to_owned()),
        ..LaunchLine::empty(runner, Ecosystem::Local)
    };
    if target == "-" {
        (line.target, line.unknown) = (None, Some(FROM_INPUT));
    } else if target.contains("://") && !target.starts_with("file://") {
        (line.ecosystem, line.unknown) = (Ecosystem::Unknown, Some("the code comes from a web address"));
    } else if matches!(target.as_bytes(), [b'$', b'{', .., b'}'] | [b'$', b'@' | b'*'])
        && !program::is_path(target)
        && target.matches('}').count() <= 1
    {
        line.unknown = Some("the file is a placeholder");
    }
    line
}

fn evaluated(runner: Runner, label: &str) -> LaunchLine {
    LaunchLine {
        evaluates: Some(label.to_owned()),
        uses_cwd: true,
        unknown: Some(IN_THE_LINE),
        ..LaunchLine::empty(runner, Ecosystem::Local)
    }
}

fn without_file(runner: Runner) -> LaunchLine {
    LaunchLine { unknown: Some(FROM_INPUT), ..LaunchLine::empty(runner, Ecosystem::Local) }
}

/// Notes code that a flag loads before the file.
fn preload(line: &mut LaunchLine, flags: &Flags<'_>) {
    const LOADING: [&str; 6] = ["-r", "--require", "--import", "--loader", "--experimental-loader", "--preload"];
    for value in flags.values(&LOADING) {
        line.uses_cwd |=
            value.starts_with('.') || program::is_path(value) && !value.starts_with('@') && program::is_relative(value);
        line.unknown = line.unknown.or(Some(PRELOADED));
    }
}

fn node(runner: Runner, words: &[String]) -> LaunchLine {
    let flags = Flags::leading(words, &NODE);
    let mut line = if flags.has(&["-e", "--eval", "-pe"]) {
        evaluated(runner, "node -e")
    } else if flags.has(&["-p", "--print"]) {
        evaluated(runner, "node -p")
    } else if let Some(script) = flags.value(&["--run"]) {
        npm::task(runner, Some("--run"), Some(script), false)
    } else {
        // `tsx watch x.ts` runs the file too.
        let rest = flags.rest.first().map(String::as_str);
        let rest =
            if runner == Runner::Tsx && rest == Some("watch") { flags.rest.get(1).map(String::as_str) } else { rest };
        rest.map_or_else(|| without_file(runner), |target| file(runner, target))
    };
    preload(&mut line, &flags);
    line
}

fn bun(words: &[String]) -> Option<LaunchLine> {
    let flags = Flags::leading(words, &BUN);
    if flags.has(&["-e", "--eval"]) {
        return Some(evaluated(Runner::Bun, "bun -e"));
    }
    if flags.has(&["-p", "--print"]) {
        return Some(evaluated(Runner::Bun, "bun -p"));
    }
    let (command, rest) = flags.rest.split_first()?;
    let is_fixed = |inner: &Flags<'_>| {
        inner.value(&["--cwd"]).or(flags.value(&["--cwd"])).is_some_and(|folder| !program::is_relative(folder))
    };
    let mut line = match command.as_str() {
        "x" => return Some(npm::bunx(rest)),
        "run" => {
            let inner = Flags::leading(rest, &BUN);
            let mut line = match inner.rest.first() {
                Some(target) if program::is_code_file(target) || program::is_path(target) => file(Runner::Bun, target),
                _ => {
                    // The flags decide which folder's script it is, so they are part of the target.
                    let shown = rest.len() - inner.rest.len() + usize::from(!inner.rest.is_empty());
                    let script = rest[..shown].join(" ");
                    npm::task(Runner::Bun, Some("run"), (!inner.rest.is_empty()).then_some(&script), is_fixed(&inner))
                }
            };
            preload(&mut line, &inner);
            line.uses_cwd &= !is_fixed(&inner);
            line
        }
        target if program::is_code_file(target) || program::is_path(target) => {
            let mut line = file(Runner::Bun, target);
            line.uses_cwd &= !is_fixed(&flags);
            line
        }
        script => npm::task(Runner::Bun, None, Some(script), is_fixed(&flags)),
    };
    preload(&mut line, &flags);
    Some(line)
}

fn deno(words: &[String]) -> Option<LaunchLine> {
    let flags = Flags::leading(words, &DENO);
    let (command, rest) = flags.rest.split_first()?;
    let inner = Flags::leading(rest, &DENO);
    let operand = inner.rest.first().map(String::as_str);
    let target = match command.as_str() {
        "eval" => return Some(evaluated(Runner::Deno, "deno eval")),
        "task" => {
            let folder = inner.value(&["--cwd"]);
            let is_elsewhere = folder.is_some_and(|it| !program::is_relative(it));
            return Some(npm::task(Runner::Deno, Some("task"), operand, is_elsewhere));
        }
        "run" | "serve" | "x" => operand,
        target => Some(target),
    };
    let mut line = match target {
        None => without_file(Runner::Deno),
        Some(target) if target.starts_with("npm:") || target.starts_with("jsr:") => {
            npm::spec(target).line(Runner::Deno)
        }
        Some(target) => file(Runner::Deno, target),
    };
    preload(&mut line, &inner);
    Some(line)
}

/// Reads Python: a file, `-m module`, or code in the line. `-m` and `-c` end Python's own flags.
pub(super) fn python(name: &str, words: &[String]) -> LaunchLine {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        if word == "-" || !word.starts_with('-') {
            return file(Runner::Python, word);
        }
        if word == "--" {
            break;
        }
        if word.starts_with("--") || name == "py" && word[1..].starts_with(|c: char| c.is_ascii_digit() || c == 'V') {
            continue;
        }
        let Some(place) = word.find(['m', 'c', 'W', 'X']) else { continue };
        let glued = &word[place + 1..];
        let value = if glued.is_empty() { words.get(at).map(String::as_str) } else { Some(glued) };
        match word.as_bytes()[place] {
            b'c' => return evaluated(Runner::Python, "python -c"),
            b'm' => {
                return LaunchLine {
                    module: value.map(str::to_owned),
                    uses_cwd: true,
                    unknown: value.is_none().then_some("no module is named"),
                    ..LaunchLine::empty(Runner::PythonM, Ecosystem::Local)
                };
            }
            _ => at += usize::from(glued.is_empty()),
        }
    }
    words.get(at).map_or_else(|| without_file(Runner::Python), |target| file(Runner::Python, target))
}

fn java(words: &[String]) -> LaunchLine {
    // Behind `-jar file` everything belongs to the program.
    if let Some(at) = words.iter().position(|word| word == "-jar")
        && let Some(jar) = words.get(at + 1)
        && Flags::leading(words, &JAVA).has(&["-jar"])
    {
        return file(Runner::Java, jar);
    }
    let flags = Flags::leading(words, &JAVA);
    let path = flags.value(&["-cp", "-classpath", "--class-path", "-p", "--module-path"]);
    let main = flags.value(&["-m", "--module"]).or(flags.rest.first().map(String::as_str));
    match (path, main) {
        (None, Some(source)) if program::is_path(source) || source.ends_with(".java") => file(Runner::Java, source),
        _ => LaunchLine {
            entry: main.map(str::to_owned),
            uses_cwd: path.is_none_or(program::is_relative),
            target: path.map(str::to_owned),
            unknown: main.is_none().then_some("no class is named"),
            ..LaunchLine::empty(Runner::Java, Ecosystem::Local)
        },
    }
}

fn php(words: &[String]) -> LaunchLine {
    let flags = Flags::leading(words, &PHP);
    if flags.has(&["-r", "--run", "-B", "-R", "-E"]) {
        return evaluated(Runner::Php, "php -r");
    }
    let script = flags.value(&["-f", "--file"]).or(flags.rest.first().map(String::as_str));
    let Some(script) = script else { return without_file(Runner::Php) };
    let mut line = file(Runner::Php, script);
    // The consoles of frameworks run the command that is named behind them.
    if matches!(program::name(script).as_str(), "artisan" | "console")
        && let Some(command) = flags.rest.get(1).filter(|it| !it.starts_with('-'))
    {
        line.target = Some(format!("{script} {command}"));
    }
    line
}

fn scripter(name: &str, words: &[String]) -> LaunchLine {
    let flags = Flags::leading(words, &["-e", "-E", "-I", "-r", "--eval", "-l", "-M"]);
    if flags.has(&["-e", "-E", "--eval"]) {
        return evaluated(Runner::Script, &format!("{name} -e"));
    }
    flags.rest.first().map_or_else(|| without_file(Runner::Script), |target| file(Runner::Script, target))
}

/// Where the line of `sh -c` stands: the flag as written and the index of the line.
pub(super) fn shell_flag(words: &[String]) -> Option<(&str, usize)> {
    let mut at = 0;
    let mut found: Option<&str> = None;
    while let Some(word) = words.get(at) {
        if !word.starts_with(['-', '+']) || word.len() < 2 {
            break;
        }
        at += 1;
        if matches!(word.as_str(), "--rcfile" | "--init-file" | "-o" | "+o" | "-O" | "+O") {
            at += 1;
        } else if !word.starts_with("--") && word.starts_with('-') && word.contains('c') || word == "--command" {
            found = found.or(Some(word));
            // `-euo pipefail -c` and `-euoc pipefail`: `o` takes a word of its own.
            at += usize::from(word.contains('o') && word != "--command");
        } else if !word.starts_with("--") && word.ends_with('o') {
            at += 1;
        }
    }
    found.map(|flag| (flag, at))
}

/// The evaluation that a program and its words amount to, as `sh -c` or `node -e`.
pub(super) fn evaluation(words: &[String]) -> Option<String> {
    let (program, rest) = words.split_first()?;
    let name = program::name(program);
    if is_shell(&name) {
        return shell_flag(rest).map(|(flag, _)| format!("{name} {flag}"));
    }
    if matches!(name.as_str(), "env" | "sudo" | "exec") {
        let skipped = rest.iter().take_while(|word| word.starts_with('-') || shell_line::is_assignment(word)).count();
        let inner = &rest[skipped..];
        return inner
            .first()
            .filter(|it| !matches!(program::name(it).as_str(), "env" | "sudo" | "exec"))
            .and_then(|_| evaluation(inner));
    }
    read(&name, rest)?.evaluates
}

/// Takes in the file that a fetched interpreter runs: `npx tsx src/index.ts`, `uvx mcp run server.py`.
pub(super) fn follow_package(line: &mut LaunchLine, rest: &[String]) {
    let Some((program, behind)) = rest.split_first() else { return };
    let program = program.split('@').next().unwrap_or_default();
    let inner = match program {
        "tsx" | "ts-node" | "vite-node" | "esno" => node(Runner::Tsx, behind),
        "node" | "bun" | "deno" => match read(program, behind) {
            Some(inner) => inner,
            None => return,
        },
        "mcp" | "fastmcp" if behind.first().is_some_and(|it| it == "run" || it == "dev") => {
            match Flags::leading(&behind[1..], &["--transport", "-t", "--with", "--python"]).rest.first() {
                Some(target) => file(Runner::Script, target),
                None => return,
            }
        }
        _ => return,
    };
    line.target = line.target.take().or(inner.target);
    line.evaluates = line.evaluates.take().or(inner.evaluates);
    line.uses_cwd |= inner.uses_cwd;
    line.unknown = line.unknown.or(inner.unknown);
}
