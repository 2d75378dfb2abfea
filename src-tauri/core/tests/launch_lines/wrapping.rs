//! However a launch is quoted and whatever it is wrapped in, the same package is found.

use gatehouse_core::launch_line::Ecosystem;
use gatehouse_core::launch_line::LaunchLine;
use gatehouse_core::launch_line::Pin;
use proptest::prelude::*;
use proptest::test_runner::Config;

/// The number of cases, from the environment where it is set.
fn cases() -> Config {
    let cases = std::env::var("GATEHOUSE_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000);
    Config { cases, failure_persistence: None, ..Config::default() }
}

/// A launch and what it runs.
#[derive(Debug, Clone)]
struct Launch {
    words: Vec<String>,
    ecosystem: Ecosystem,
    package: String,
    version: Option<String>,
}

fn launch() -> impl Strategy<Value = Launch> {
    let npm_name = "(@[a-z][a-z0-9-]{0,8}/)?[a-z][a-z0-9._-]{0,12}";
    let npm = (
        prop::sample::select(vec![
            "npx -y",
            "npx",
            "npx --quiet -p",
            "bunx",
            "bun x",
            "pnpm dlx",
            "pnpm --package",
            "yarn dlx",
            "npm exec --",
            "npx --registry https://registry.example",
        ]),
        npm_name,
        prop::option::of("[0-9]\\.[0-9]{1,2}\\.[0-9]"),
    );
    let npm = npm.prop_map(|(runner, name, version)| of(runner, Ecosystem::Npm, &name, "@", version));
    let pypi = (
        prop::sample::select(vec!["uvx", "uvx --from", "uv tool run", "uvx -p 3.12", "pipx run", "pipx run --spec"]),
        "[a-z][a-z0-9_-]{0,12}[a-z0-9]",
        prop::option::of("[0-9]\\.[0-9]{1,2}"),
    );
    // `uvx python` starts the interpreter.
    let pypi = pypi.prop_map(|(runner, name, version)| of(runner, Ecosystem::Pypi, &format!("x{name}"), "==", version));
    let oci = (
        prop::sample::select(vec!["docker run -i --rm", "docker run -e A=1 --name n", "podman run", "nerdctl run"]),
        "(ghcr\\.io/)?[a-z][a-z0-9]{0,6}/[a-z][a-z0-9]{0,8}",
        prop::option::of("v[0-9]\\.[0-9]"),
    );
    let oci = oci.prop_map(|(runner, name, version)| of(runner, Ecosystem::Oci, &name, ":", version));
    prop_oneof![3 => npm, 2 => pypi, 1 => oci]
}

fn of(runner: &str, ecosystem: Ecosystem, package: &str, mark: &str, version: Option<String>) -> Launch {
    let mut words: Vec<String> = runner.split(' ').map(str::to_owned).collect();
    let behind = version.as_ref().map(|version| format!("{mark}{version}")).unwrap_or_default();
    words.push(format!("{package}{behind}"));
    // Flags that name the package are followed by the program, and pnpm's by its verb.
    match runner {
        "pnpm --package" => words.extend(["dlx".to_owned(), "program".to_owned()]),
        "npx --quiet -p" | "uvx --from" | "pipx run --spec" => words.push("program".to_owned()),
        _ => {}
    }
    Launch { words, ecosystem, package: package.to_owned(), version }
}

/// A word as a POSIX shell is given it.
fn quoted(word: &str, style: u8) -> String {
    let is_plain = !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./:=@".contains(&b));
    match style % 4 {
        0 if is_plain => word.to_owned(),
        1 => format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$").replace('`', "\\`")),
        2 if word.chars().all(|c| c.is_ascii_graphic() || c == ' ') && !word.is_empty() => {
            word.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("\\{c}") }).collect()
        }
        // The pieces of a word may be quoted one by one.
        3 if word.len() > 1 && is_plain => format!("{}'{}'", &word[..1], &word[1..]),
        _ => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

fn posix_line(words: &[String], styles: &[u8]) -> String {
    words.iter().zip(styles.iter().cycle()).map(|(word, style)| quoted(word, *style)).collect::<Vec<_>>().join(" ")
}

/// The line with double quotes around what holds a blank, as `cmd` and PowerShell take it.
fn windows_line(words: &[String]) -> String {
    let quote =
        |word: &String| if word.contains(' ') || word.is_empty() { format!("\"{word}\"") } else { word.clone() };
    words.iter().map(quote).collect::<Vec<_>>().join(" ")
}

/// Whether the words can stand in a line of Windows: none holds a mark of its shells.
fn fits_windows(words: &[String]) -> bool {
    words.iter().all(|word| !word.contains(['"', '\'', '\\', '&', '$', '`', ';']))
}

/// Wraps the words once.
fn wrapped(words: Vec<String>, how: usize, styles: &[u8]) -> Vec<String> {
    const BEFORE: [&str; 22] = [
        "env A=1",
        "/usr/bin/env -i B=2",
        "sudo -u me",
        "nohup",
        "timeout 60",
        "mise exec node@22 --",
        "op run --",
        "wsl -d Ubuntu",
        "doppler run --",
        "nice -n 5",
        "stdbuf -oL",
        "cmd /c",
        "cmd.exe /d /s /c",
        "dotenvx run --",
        "volta run",
        "asdf exec",
        "aws-vault exec p --",
        "nix develop -c",
        "setsid",
        "chronic",
        "conda run -n e",
        "fnm exec --using 22",
    ];
    const SHELLS: [&str; 6] = ["sh -c", "bash -lc", "/bin/bash -l -c", "zsh -ic", "bash -euo pipefail -c", "env -S"];
    let split = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let line = |before: &str, line: String| [split(before), vec![line]].concat();
    match how % (BEFORE.len() + 2 * SHELLS.len() + 2) {
        at if at < BEFORE.len() => [split(BEFORE[at]), words].concat(),
        at if at < BEFORE.len() + SHELLS.len() => line(SHELLS[at - BEFORE.len()], posix_line(&words, styles)),
        at if at < BEFORE.len() + 2 * SHELLS.len() - 1 => {
            let shell = SHELLS[at - BEFORE.len() - SHELLS.len()];
            line(shell, format!("cd /x && A=1 exec {}", posix_line(&words, styles)))
        }
        _ if !fits_windows(&words) => [split("cmd /c"), words].concat(),
        at if at % 2 == 0 => line("cmd /c", windows_line(&words)),
        _ => line("powershell -NoProfile -Command", windows_line(&words)),
    }
}

/// The runner by its place and with its Windows ending.
fn placed(mut words: Vec<String>, place: usize) -> Vec<String> {
    let runner = &words[0];
    words[0] = match place % 6 {
        0 => format!("/usr/local/bin/{runner}"),
        1 => format!("{runner}.exe"),
        2 => format!("{runner}.cmd"),
        3 => format!("/home/somebody/.local/bin/{runner}"),
        _ => return words,
    };
    words
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn quoting_and_wrapping_never_change_the_package_found(
        launch in launch(),
        tail in prop::collection::vec("[a-zA-Z0-9 =:./_-]{0,10}", 0..3),
        place in 0..12_usize,
        wrappings in prop::collection::vec((any::<usize>(), prop::collection::vec(any::<u8>(), 1..5)), 0..4),
        as_line in any::<bool>(),
    ) {
        let plain = LaunchLine::of_command(&launch.words[0], &launch.words[1..]);
        prop_assert_eq!(plain.package.as_deref(), Some(launch.package.as_str()), "{:?}", launch.words);
        prop_assert_eq!(&plain.version, &launch.version);
        let mut words = placed(launch.words.clone(), place);
        words.extend(tail);
        for (how, styles) in wrappings {
            words = wrapped(words, how, &styles);
        }
        // Where everything stands in the command, the client splits it.
        let line = match as_line {
            true => LaunchLine::of_command(&posix_line(&words, &[0]), &[]),
            false => LaunchLine::of_command(&words[0], &words[1..]),
        };
        prop_assert_eq!(line.ecosystem, launch.ecosystem, "{:?}", &words);
        prop_assert_eq!(line.package.as_deref(), Some(launch.package.as_str()), "{:?}", &words);
        prop_assert_eq!(&line.version, &launch.version, "{:?}", &words);
        prop_assert_eq!(line.pin, plain.pin, "{:?}", &words);
        prop_assert_eq!(line.purl(), plain.purl(), "{:?}", &words);
        prop_assert_eq!(&line.specs, &plain.specs, "{:?}", &words);
        prop_assert_ne!(line.pin == Some(Pin::Exact), line.is_floating(), "{:?}", &words);
    }
}
