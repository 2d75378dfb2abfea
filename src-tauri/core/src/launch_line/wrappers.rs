//! Programs that start another program named behind them.

use super::flags::Flags;
use super::scripts;
use super::shell_line;
use super::shell_line::Dialect;

/// What is left once the outermost wrapper is peeled off.
pub(super) enum Peeled<'a> {
    /// The program is no wrapper.
    None,
    /// The words of the program inside.
    Words { label: String, words: &'a [String], assignments: &'a [String], uses_cwd: bool },
    /// A line for a shell to take apart.
    Line { label: String, line: String, dialect: Dialect, evaluates: bool },
    /// A wrapper that starts something which its words do not tell.
    Untold { label: String, reason: &'static str },
    /// A file that a shell runs.
    Script { file: String },
}

/// Where the program inside begins.
enum Inside {
    /// Behind the flags and this many operands.
    Operands(usize),
    /// Behind `--`.
    Dashes,
    /// Behind one of these flags.
    Flag(&'static [&'static str]),
}

struct Wrapper {
    program: &'static str,
    /// The words that must follow the program, any one of them; none where it wraps by itself.
    verbs: &'static [&'static str],
    valued: &'static [&'static str],
    inside: Inside,
    /// It takes its programs from the project that it is started in.
    of_project: bool,
}

const fn plain(program: &'static str, valued: &'static [&'static str], operands: usize) -> Wrapper {
    Wrapper { program, verbs: &[], valued, inside: Inside::Operands(operands), of_project: false }
}

const fn run(program: &'static str, valued: &'static [&'static str], of_project: bool) -> Wrapper {
    Wrapper { program, verbs: &["run"], valued, inside: Inside::Operands(0), of_project }
}

const fn exec(program: &'static str, valued: &'static [&'static str], inside: Inside) -> Wrapper {
    Wrapper { program, verbs: &["exec", "x"], valued, inside, of_project: false }
}

const CONDA: &[&str] = &["-n", "--name", "-p", "--prefix", "--cwd", "--env-file"];
const NIX_SHELL: Wrapper = Wrapper {
    program: "nix",
    verbs: &["shell", "develop"],
    valued: &["--extra-experimental-features"],
    inside: Inside::Flag(&["-c", "--command"]),
    of_project: false,
};

#[rustfmt::skip]
const WRAPPERS: [Wrapper; 41] = [
    exec("mise", &["-C", "--cd", "-E", "--env", "-j", "--jobs"], Inside::Dashes),
    exec("rtx", &["-C", "--cd", "-j", "--jobs"], Inside::Dashes),
    exec("asdf", &[], Inside::Operands(0)),
    exec("fnm", &["--using"], Inside::Operands(0)),
    exec("nvm", &[], Inside::Operands(1)),
    exec("direnv", &[], Inside::Operands(1)),
    exec("bundle", &["--gemfile"], Inside::Operands(0)),
    exec("aws-vault", &["-d", "--duration", "-n", "--region"], Inside::Dashes),
    exec("chamber", &[], Inside::Dashes),
    run("volta", &["--node", "--npm", "--yarn", "--pnpm"], false),
    run("op", &["--env-file", "--account", "--environment"], false),
    run("doppler", &["-p", "--project", "-c", "--config", "-t", "--token", "--mount", "--scope"], false),
    run("infisical", &["--env", "--path", "--projectId", "--token", "--domain", "--tags"], false),
    run("dotenvx", &["-f", "--env-file", "-fk", "-e", "--env"], true),
    run("poetry", &["-C", "--directory", "-P", "--project"], true),
    run("pipenv", &[], true),
    run("pdm", &["-p", "--project"], true),
    run("hatch", &["-e", "--env"], true),
    run("rye", &["--pyproject"], true),
    run("pixi", &["--manifest-path", "-e", "--environment"], true),
    run("conda", CONDA, false),
    run("mamba", CONDA, false),
    run("micromamba", CONDA, false),
    run("heroku", &[], false),
    plain("dotenv", &["-e", "-c", "-v", "-f"], 0),
    plain("sudo", &["-u", "--user", "-g", "--group", "-h", "--host", "-C", "-D", "-p", "-R", "-T"], 0),
    plain("doas", &["-u", "-C"], 0),
    plain("nohup", &[], 0),
    plain("time", &["-f", "-o"], 0),
    plain("nice", &["-n", "--adjustment"], 0),
    plain("ionice", &["-c", "-n", "--class", "--classdata"], 0),
    plain("timeout", &["-s", "--signal", "-k", "--kill-after"], 1),
    plain("stdbuf", &["-i", "-o", "-e", "--input", "--output", "--error"], 0),
    plain("setsid", &[], 0),
    plain("caffeinate", &["-t", "-w"], 0),
    plain("xvfb-run", &["-e", "-f", "-n", "-p", "-s", "-w", "--server-args"], 0),
    plain("arch", &["-e", "-d"], 0),
    plain("chronic", &[], 0),
    plain("firejail", &[], 0),
    plain("envchain", &[], 1),
    NIX_SHELL,
];

/// Peels the wrapper `name` off `words`, which are those behind it.
pub(super) fn peel<'a>(name: &str, words: &'a [String]) -> Peeled<'a> {
    match name {
        "cmd" => return cmd(words),
        "powershell" | "pwsh" => return powershell(name, words),
        "wsl" => return wsl(words),
        "env" => return env(words),
        "nix-shell" => return nix_shell(words),
        _ if scripts::is_shell(name) => return shell(name, words),
        _ => {}
    }
    let Some(wrapper) = WRAPPERS.iter().find(|it| it.program == name) else { return Peeled::None };
    let (label, words) = if wrapper.verbs.is_empty() {
        (name.to_owned(), words)
    } else {
        let flags = Flags::leading(words, wrapper.valued);
        match flags.rest.split_first() {
            Some((verb, rest)) if wrapper.verbs.contains(&verb.as_str()) => {
                (format!("{name} {}", if verb == "x" { "exec" } else { verb }), rest)
            }
            _ => return Peeled::None,
        }
    };
    let words = match wrapper.inside {
        Inside::Operands(operands) => {
            let rest = Flags::leading(words, wrapper.valued).rest.get(operands..).unwrap_or_default();
            if rest.first().is_some_and(|word| word == "--") { &rest[1..] } else { rest }
        }
        Inside::Dashes => behind(words, &["--"]),
        Inside::Flag(flags) => behind(words, flags),
    };
    inside(label, words, wrapper.of_project)
}

fn behind<'a>(words: &'a [String], marks: &[&str]) -> &'a [String] {
    words.iter().position(|word| marks.contains(&word.as_str())).map_or(&[], |at| &words[at + 1..])
}

/// Skips the variables in front of the program inside.
fn inside(label: String, words: &[String], uses_cwd: bool) -> Peeled<'_> {
    let skipped = words.iter().take_while(|word| shell_line::is_assignment(word)).count();
    let (assignments, words) = words.split_at(skipped);
    if words.is_empty() {
        return Peeled::Untold { label, reason: "the wrapper names no program" };
    }
    Peeled::Words { label, words, assignments, uses_cwd }
}

fn shell<'a>(name: &str, words: &'a [String]) -> Peeled<'a> {
    if let Some((flag, at)) = scripts::shell_flag(words) {
        let label = format!("{name} {flag}");
        return match words.get(at) {
            Some(line) => Peeled::Line { label, line: line.clone(), dialect: Dialect::Posix, evaluates: true },
            None => Peeled::Untold { label, reason: "the shell is given no line" },
        };
    }
    let flags = Flags::leading(words, &["-o", "+o", "-O", "--rcfile", "--init-file"]);
    match flags.rest.first() {
        Some(file) if !flags.has(&["-s"]) => Peeled::Script { file: file.clone() },
        _ => Peeled::Untold { label: name.to_owned(), reason: "the code comes from standard input" },
    }
}

fn cmd(words: &[String]) -> Peeled<'_> {
    let mut at = 0;
    let mut label = None;
    while let Some(word) = words.get(at).filter(|word| word.starts_with('/')) {
        at += 1;
        let switch = word.trim_start_matches('/').to_ascii_lowercase();
        // `/cnpx` would be `/c npx`; cmd reads it so, people do not write it.
        if switch == "c" || switch == "k" || switch == "r" {
            label = Some(format!("cmd /{switch}"));
            break;
        }
        if switch.len() > 7 {
            break;
        }
    }
    let Some(label) = label else {
        return Peeled::Untold { label: "cmd".to_owned(), reason: "the code comes from standard input" };
    };
    let words = &words[at..];
    let is_compound = words.iter().any(|word| word.contains(['&', '|']));
    match words {
        [] => Peeled::Untold { label, reason: "the shell is given no line" },
        [line] if is_compound || line.contains(char::is_whitespace) => {
            Peeled::Line { label, line: line.clone(), dialect: Dialect::Cmd, evaluates: is_compound }
        }
        // Clients quote words that hold blanks; in all others `&` and `|` are the shell's. What stands in an address
        // was hardly meant for it, so the address is read whole.
        words if words.iter().any(|word| word.contains(['&', '|']) && !word.contains(char::is_whitespace)) => {
            let is_quoted = |word: &str| word.contains(char::is_whitespace) || word.contains("://");
            let line: Vec<String> =
                words.iter().map(|word| if is_quoted(word) { format!("\"{word}\"") } else { word.clone() }).collect();
            Peeled::Line { label, line: line.join(" "), dialect: Dialect::Cmd, evaluates: true }
        }
        words if words[0].eq_ignore_ascii_case("start") => {
            let rest = words[1..].iter().skip_while(|word| word.starts_with('/') || word.is_empty()).count();
            inside(label, &words[words.len() - rest..], false)
        }
        words if words[0].eq_ignore_ascii_case("call") => inside(label, &words[1..], false),
        words => inside(label, words, false),
    }
}

fn powershell<'a>(name: &str, words: &'a [String]) -> Peeled<'a> {
    let label = |flag: &str| format!("{name} {flag}");
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let Some(flag) = word.strip_prefix(['-', '/']).map(str::to_ascii_lowercase) else { break };
        at += 1;
        let is_short_for = |long: &str, least: usize| flag.len() >= least && long.starts_with(&flag);
        if is_short_for("encodedcommand", 1) || flag == "ec" {
            return Peeled::Line {
                label: label("-EncodedCommand"),
                line: String::new(),
                dialect: Dialect::PowerShell,
                evaluates: true,
            };
        }
        if is_short_for("command", 1) || flag == "commandwithargs" || flag == "cwa" {
            return Peeled::Line {
                label: label("-Command"),
                line: words[at..].join(" "),
                dialect: Dialect::PowerShell,
                evaluates: true,
            };
        }
        if is_short_for("file", 1) {
            break;
        }
        let takes_value = is_short_for("executionpolicy", 2) || is_short_for("windowstyle", 1) || flag == "ep";
        let takes_value =
            takes_value || is_short_for("workingdirectory", 2) || is_short_for("version", 1) || flag == "wd";
        let takes_value = takes_value || is_short_for("configurationname", 3) || is_short_for("inputformat", 3);
        at += usize::from(takes_value || is_short_for("outputformat", 1));
    }
    match words.get(at) {
        Some(file) if file.to_ascii_lowercase().ends_with(".ps1") => Peeled::Script { file: file.clone() },
        Some(_) => Peeled::Line {
            label: label("-Command"),
            line: words[at..].join(" "),
            dialect: Dialect::PowerShell,
            evaluates: true,
        },
        None => Peeled::Untold { label: name.to_owned(), reason: "the code comes from standard input" },
    }
}

fn wsl(words: &[String]) -> Peeled<'_> {
    let valued = ["-d", "--distribution", "--cd", "-u", "--user", "--shell-type", "--distribution-id"];
    let mut words = words;
    loop {
        let flags = Flags::leading(words, &valued);
        // `wsl ~ program` starts in the home folder.
        match flags.rest.split_first() {
            Some((word, rest)) if word == "~" => words = rest,
            _ => return inside("wsl".to_owned(), flags.rest, false),
        }
    }
}

fn env(words: &[String]) -> Peeled<'_> {
    let label = "env".to_owned();
    let flags = Flags::leading(words, &["-u", "--unset", "-C", "--chdir", "-S", "--split-string", "-P"]);
    match flags.value(&["-S", "--split-string"]) {
        Some(line) => {
            let line = format!("{line} {}", flags.rest.join(" "));
            Peeled::Line { label, line, dialect: Dialect::Posix, evaluates: false }
        }
        None => inside(label, flags.rest, false),
    }
}

/// Only with a line of its own is `nix-shell` a wrapper; bare, it is a program like others.
fn nix_shell(words: &[String]) -> Peeled<'_> {
    match words.iter().position(|word| word == "--run" || word == "--command").and_then(|at| words.get(at + 1)) {
        Some(line) => Peeled::Line {
            label: "nix-shell --run".to_owned(),
            line: line.clone(),
            dialect: Dialect::Posix,
            evaluates: true,
        },
        None => Peeled::None,
    }
}
