//! Reads what docker, podman and nerdctl start.

use super::Ecosystem;
use super::LaunchLine;
use super::Pin;
use super::Runner;
use super::flags::Flags;
use super::program;
use super::scripts;
use super::spec::Spec;

const GLOBAL: [&str; 15] = [
    "-H",
    "--host",
    "-c",
    "--context",
    "--config",
    "-l",
    "--log-level",
    "--tlscacert",
    "--tlscert",
    "--tlskey",
    "--connection",
    "--url",
    "--root",
    "-n",
    "--namespace",
];

/// Flags of `run` that take a value.
#[rustfmt::skip]
const RUN: [&str; 135] = [
    "--add-host", "--annotation", "-a", "--attach", "--blkio-weight", "--blkio-weight-device", "--cap-add", "--cap-drop",
    "--cgroup-parent", "--cgroupns", "--cidfile", "--cpu-period", "--cpu-quota", "--cpu-rt-period", "--cpu-rt-runtime",
    "-c", "--cpu-shares", "--cpus", "--cpuset-cpus", "--cpuset-mems", "--detach-keys", "--device",
    "--device-cgroup-rule", "--device-read-bps", "--device-read-iops", "--device-write-bps", "--device-write-iops",
    "--dns", "--dns-option", "--dns-opt", "--dns-search", "--domainname", "--entrypoint", "-e", "--env", "--env-file",
    "--expose", "--gpus", "--group-add", "--health-cmd", "--health-interval", "--health-retries",
    "--health-start-interval", "--health-start-period", "--health-timeout", "-h", "--hostname", "--ip", "--ip6",
    "--ipc", "--isolation", "-l", "--label", "--label-file", "--link", "--link-local-ip", "--log-driver", "--log-opt",
    "--mac-address", "-m", "--memory", "--memory-reservation", "--memory-swap", "--memory-swappiness", "--mount",
    "--name", "--net", "--network", "--net-alias", "--network-alias", "--oom-score-adj", "--pid", "--pids-limit",
    "--platform", "-p", "--publish", "--pull", "--restart", "--runtime", "--security-opt", "--shm-size",
    "--stop-signal", "--stop-timeout", "--storage-opt", "--sysctl", "--tmpfs", "--ulimit", "-u", "--user", "--userns",
    "--uts", "-v", "--volume", "--volume-driver", "--volumes-from", "-w", "--workdir", "--kernel-memory",
    // podman and nerdctl
    "--arch", "--authfile", "--creds", "--env-merge", "--gidmap", "--hooks-dir", "--image-volume", "--os", "--pod",
    "--pidfile", "--requires", "--secret", "--seccomp-policy", "--subgidname", "--subuidname", "--systemd", "--timeout",
    "--tz", "--uidmap", "--umask", "--variant", "--chrootdirs", "--decryption-key", "--group-entry",
    "--health-on-failure", "--health-startup-cmd", "--health-startup-interval", "--health-startup-retries",
    "--health-startup-timeout", "--passwd-entry", "--personality", "--preserve-fds", "--rdt-class", "--retry",
    "--retry-delay", "--sdnotify", "--shm-size-systemd",
];

/// Reads `docker …`; `None` for commands that start nothing.
pub(super) fn docker(words: &[String]) -> Option<LaunchLine> {
    let flags = Flags::leading(words, &GLOBAL);
    let (command, rest) = flags.rest.split_first()?;
    match (command.as_str(), rest.first().map(String::as_str)) {
        ("run", _) => Some(run(rest)),
        ("container", Some("run")) => Some(run(&rest[1..])),
        ("exec", _) => Some(exec(rest)),
        ("container", Some("exec")) => Some(exec(&rest[1..])),
        ("start" | "attach", _) => Some(existing(Runner::DockerExec, flags.rest)),
        ("compose", _) => Some(compose(rest)),
        ("mcp", _) => Some(existing(Runner::DockerMcp, flags.rest)),
        _ => None,
    }
}

/// Reads what follows `docker compose`.
pub(super) fn compose(words: &[String]) -> LaunchLine {
    let target = ["compose"].into_iter().chain(words.iter().map(String::as_str)).collect::<Vec<_>>().join(" ");
    LaunchLine {
        target: Some(target),
        uses_cwd: true,
        evaluates: inner_evaluation(words),
        ..LaunchLine::empty(Runner::DockerCompose, Ecosystem::Local)
    }
}

fn exec(words: &[String]) -> LaunchLine {
    LaunchLine { evaluates: inner_evaluation(words), ..existing(Runner::DockerExec, words) }
}

/// A container that is there already: which code it holds cannot be read from the line.
fn existing(runner: Runner, words: &[String]) -> LaunchLine {
    LaunchLine {
        target: Some(words.join(" ")),
        unknown: (runner == Runner::DockerExec).then_some("the image of the container is not named"),
        ..LaunchLine::empty(runner, Ecosystem::Local)
    }
}

fn run(words: &[String]) -> LaunchLine {
    let flags = Flags::leading(words, &RUN);
    let Some((reference, inside)) = flags.rest.split_first() else {
        return Spec::unknown("no image is named").line(Runner::DockerRun);
    };
    let mut line = image(reference).line(Runner::DockerRun);
    let entry = flags.value(&["--entrypoint"]).filter(|it| !it.is_empty());
    line.entry = entry.map(str::to_owned);
    // The entry point is a word of its own flag; put in front, it reads as the line that runs inside.
    let inner: Vec<String> = entry.into_iter().map(str::to_owned).chain(inside.iter().cloned()).collect();
    line.evaluates = scripts::evaluation(&inner);
    if line.unknown.is_none() && inner.first().is_some_and(|word| is_launcher(word)) {
        line.unknown = Some("a launcher inside the container fetches the code");
    }
    line
}

/// Whether a program inside a container would fetch a package or start other programs.
fn is_launcher(word: &str) -> bool {
    const LAUNCHERS: [&str; 15] =
        ["npx", "npm", "pnpm", "pnpx", "yarn", "bunx", "bun", "uvx", "uv", "pipx", "sh", "bash", "env", "deno", "dnx"];
    LAUNCHERS.contains(&program::name(word).as_str())
}

/// Finds an evaluation anywhere behind the name of a container or service.
fn inner_evaluation(words: &[String]) -> Option<String> {
    (0..words.len().min(64)).find_map(|at| scripts::evaluation(&words[at..]))
}

/// Reads `host:port/name:tag@digest`.
pub(super) fn image(reference: &str) -> Spec {
    let reference = reference.strip_prefix("docker://").unwrap_or(reference);
    let (named, digest) = reference.split_once('@').map_or((reference, None), |(named, it)| (named, Some(it)));
    let base = named.rfind('/').map_or(0, |at| at + 1);
    // `${IMAGE:-name}` holds a colon of its own.
    let colon = if program::has_placeholder(&named[..base]) { None } else { named[base..].find(':') };
    let (name, tag) = colon.map_or((named, None), |at| (&named[..base + at], Some(&named[base + at + 1..])));
    if program::has_placeholder(name) || reference.is_empty() {
        return Spec::unknown("the image is a placeholder");
    }
    let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/' | b':' | b'[' | b']');
    if !name.bytes().all(is_name) || name.starts_with(['-', '/', '.', ':']) {
        return Spec::unknown("the image is no name of an image");
    }
    match (digest, tag) {
        (Some(digest), _) => {
            let is_digest = digest.split_once(':').is_some_and(|(algorithm, hex)| {
                !algorithm.is_empty() && hex.len() >= 32 && hex.bytes().all(|b| b.is_ascii_hexdigit())
            });
            let mut spec =
                Spec::named(Ecosystem::Oci, name, Some(digest), if is_digest { Pin::Digest } else { Pin::None });
            if !is_digest && spec.unknown.is_none() {
                spec.unknown = Some("the digest is none");
            }
            spec
        }
        (None, Some("latest")) => Spec::named(Ecosystem::Oci, name, Some("latest"), Pin::Latest),
        (None, Some(tag)) => Spec::named(Ecosystem::Oci, name, Some(tag), Pin::Tag),
        (None, None) => Spec::named(Ecosystem::Oci, name, None, Pin::None),
    }
}

/// The full name of an image: registry and namespace are filled in as docker does.
pub(super) fn full_name(name: &str) -> String {
    let is_registry = |part: &str| part.contains(['.', ':']) || part == "localhost";
    match name.split_once('/') {
        Some((first, _)) if is_registry(first) => name.to_owned(),
        Some(_) => format!("docker.io/{name}"),
        None => format!("docker.io/library/{name}"),
    }
}
