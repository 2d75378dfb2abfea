//! Programs that speak stdio to the client and pass everything on to a remote address.

use super::LaunchLine;
use super::Runner;
use super::flags::Flags;
use super::flags::Spread;
use super::program;

/// How a bridge is told its address.
enum Address {
    /// The first operand.
    Operand,
    /// The value of one of these flags.
    Flag(&'static [&'static str]),
}

struct Bridge {
    name: &'static str,
    address: Address,
    valued: &'static [&'static str],
}

const BRIDGES: [Bridge; 3] = [
    Bridge {
        name: "mcp-remote",
        address: Address::Operand,
        valued: &[
            "--header",
            "--transport",
            "--host",
            "--static-oauth-client-metadata",
            "--static-oauth-client-info",
            "--resource",
            "--auth-timeout",
            "--ignore-tool",
        ],
    },
    Bridge {
        name: "supergateway",
        address: Address::Flag(&["--sse", "--streamableHttp", "--ws"]),
        valued: &[
            "--sse",
            "--streamableHttp",
            "--ws",
            "--stdio",
            "--header",
            "--oauth2Bearer",
            "--port",
            "--baseUrl",
            "--ssePath",
            "--messagePath",
            "--outputTransport",
            "--logLevel",
            "--cors",
            "--healthEndpoint",
        ],
    },
    Bridge {
        name: "mcp-proxy",
        address: Address::Operand,
        valued: &[
            "-H",
            "--headers",
            "--transport",
            "--port",
            "--host",
            "--client-id",
            "--client-secret",
            "--token-url",
            "-e",
            "--env",
            "--cwd",
            "--named-server",
            "--named-server-config",
            "--sse-port",
            "--sse-host",
            "--allow-origin",
        ],
    },
];

const CURL: [&str; 40] = [
    "-H",
    "--header",
    "-X",
    "--request",
    "-d",
    "--data",
    "--data-binary",
    "--data-raw",
    "--data-urlencode",
    "--json",
    "-o",
    "--output",
    "-u",
    "--user",
    "-A",
    "--user-agent",
    "-e",
    "--referer",
    "-x",
    "--proxy",
    "-K",
    "--config",
    "-T",
    "--upload-file",
    "-F",
    "--form",
    "-m",
    "--max-time",
    "--connect-timeout",
    "-b",
    "--cookie",
    "-c",
    "--cookie-jar",
    "-E",
    "--cert",
    "--cacert",
    "--url",
    "--retry",
    "-w",
    "--write-out",
];

/// Notes the bridge and its address, if the program of the line is one. `words` are those behind the program.
pub(super) fn note(line: &mut LaunchLine, name: &str, words: &[String]) {
    let known = |it: &str| BRIDGES.iter().find(|bridge| bridge.name == it);
    let named = line.entry.as_deref().map(program::name);
    let installed = line.target.as_deref().and_then(installed_package);
    let Some(bridge) =
        [named.as_deref(), line.package.as_deref(), installed, Some(name)].into_iter().flatten().find_map(known)
    else {
        return;
    };
    let behind = match line.runner {
        // Everything up to the program of the package belongs to the runner.
        Runner::Binary => Some(words),
        _ => {
            let at = words.iter().position(|word| {
                let word = line.target.as_deref().filter(|it| *it == word).and_then(installed_package).unwrap_or(word);
                let word = word.strip_prefix(bridge.name).unwrap_or("-");
                word.is_empty() || word.starts_with(['@', '=', '['])
            });
            at.map(|at| &words[at + 1..])
        }
    };
    let Some(behind) = behind else { return };
    let spread = Spread::of(behind, bridge.valued);
    line.bridge_url = match bridge.address {
        // Behind `-p package` the program of the package comes first.
        Address::Operand => spread.operands.iter().copied().find(|operand| *operand != bridge.name),
        Address::Flag(flags) => spread.flags.value(flags),
    }
    .filter(|address| address.contains("://") || program::has_placeholder(address))
    .map(str::to_owned);
    if spread.flags.has(&["--stdio"]) {
        line.evaluates = line.evaluates.take().or(Some(format!("{} --stdio", bridge.name)));
        line.uses_cwd = true;
        line.unknown = line.unknown.or(Some("the bridge starts another program"));
    } else if line.bridge_url.is_none() {
        // Turned the other way, mcp-proxy serves a program of this machine.
        line.unknown = line.unknown.or(Some("the address of the bridge is not named"));
    }
    line.bridge = Some(bridge.name.to_owned());
}

/// The line of `curl …`.
pub(super) fn curl(words: &[String]) -> LaunchLine {
    let spread = Spread::of(words, &CURL);
    let address = spread.flags.value(&["--url"]).or(spread.operands.first().copied());
    let config = Flags::leading(words, &CURL).has(&["-K", "--config"]);
    LaunchLine {
        bridge: Some("curl".to_owned()),
        bridge_url: address.map(str::to_owned),
        unknown: (config || address.is_none()).then_some("the address of the bridge is not named"),
        ..LaunchLine::empty(Runner::Curl, super::Ecosystem::Local)
    }
}

/// The npm package that a file lies in, where it lies in an innermost `node_modules`.
fn installed_package(file: &str) -> Option<&str> {
    let at = file.rfind("node_modules")?;
    file[at + "node_modules".len()..].trim_start_matches(['/', '\\']).split(['/', '\\']).next()
}
