use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::connector::samples::{Spot, connector};
use crate::facts;
use crate::facts::{
    Advisory, Artefact, ArtefactKind, ArtefactState, Dossier, Evidence, Fact, LocalFile, Owner, Rights, Shadow, Weight,
};

mod names;

const NOON: Timestamp = Timestamp::constant(1_790_000_000, 0);

/// A machine on which only this one connector is, and came at noon.
fn alone(connector: &Connector) -> Surroundings {
    Surroundings::new("/h".into(), [Neighbour::of(connector, Arrival::Seen(NOON), None)])
}

fn outcome(code: Code, connector: &Connector) -> Outcome {
    let facts = Facts::not_looked(ArtefactKind::Unknown);
    let check = ALL.iter().find(|check| check.code == code).expect("every code has a check");
    (check.run)(&Subject { connector, facts: &facts, around: &alone(connector) })
}

/// One line for each finding: severity, confidence, the route below the entry, the values of the message.
fn told(outcome: Outcome) -> Vec<String> {
    let findings = match outcome {
        Outcome::Passed => return Vec::new(),
        Outcome::NotRun(reason) => return vec![format!("not run: {reason}")],
        Outcome::Findings(findings) => findings,
    };
    let tell = |found: &Finding| {
        assert_eq!(found.primary.line, Some(7));
        let severity = format!("{:?} {:?}", found.severity, found.confidence).to_lowercase();
        let route = found.primary.route.to_string();
        let values: Vec<_> = found.args.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("{severity} {} {}", route.strip_prefix("mcpServers.x").unwrap_or(&route), values.join(" "))
    };
    findings.iter().map(tell).collect()
}

fn check(code: Code, entry: Json, expect: &[&str]) {
    assert_eq!(told(outcome(code, &connector(entry.clone()))), expect, "{entry}");
}

fn npx(package: &str) -> Json {
    json!({"command": "npx", "args": ["-y", package]})
}

fn remote(url: &str) -> Json {
    json!({"url": url})
}

fn started_with(name: &str, value: &str) -> Json {
    json!({"command": "x", "env": {name: value}})
}

/// The codes that a connector can have.
fn of_connectors() -> Vec<Code> {
    Code::ALL.iter().copied().filter(|code| !Code::OF_SETTINGS.contains(code)).collect()
}

#[test]
fn there_is_one_check_for_each_code_in_order() {
    assert_eq!(ALL.iter().map(|check| check.code).collect::<Vec<_>>(), of_connectors());
    for pair in Code::ALL.windows(2) {
        assert!(pair[0].name() < pair[1].name());
    }
}

#[test]
fn every_check_ends_in_one_way() {
    let report = |entry| {
        let (connector, facts) = (connector(entry), Facts::not_looked(ArtefactKind::Unknown));
        let report = run_all(&Subject { connector: &connector, facts: &facts, around: &alone(&connector) });
        let mut codes: Vec<_> = report.findings.iter().map(|it| it.code).collect();
        codes.dedup();
        codes.extend(&report.passed);
        codes.extend(report.not_run.iter().map(|it| it.0));
        codes.sort();
        assert_eq!(codes, of_connectors());
        report
    };
    let not_looked = [
        (Code::InstallScript, "registry-not-asked"),
        (Code::KnownVulnerable, "no-advisories"),
        (Code::LocalBinShadowsPackage, "artefact-not-looked"),
        (Code::PackageMissing, "registry-not-asked"),
        (Code::ProvenanceLost, "registry-not-asked"),
        (Code::PublisherChanged, "registry-not-asked"),
        (Code::PublisherDomain, "domain-not-asked"),
        (Code::RegistryBacklinkMismatch, "listing-not-asked"),
        (Code::RepositoryChanged, "registry-not-asked"),
        (Code::VersionBurst, "registry-not-asked"),
        (Code::VeryNew, "registry-not-asked"),
        (Code::WorldWritable, "artefact-not-looked"),
    ];
    let pinned = report(npx("train-times@1.0.15"));
    assert_eq!(pinned.not_run, not_looked);
    assert_eq!(pinned.findings, []);
    assert_eq!(report(npx("train-times")).findings.len(), 1);
    let elsewhere = [
        (Code::FloatingVersion, "unobservable"),
        (Code::KnownVulnerable, "no-advisories"),
        (Code::PublisherDomain, "domain-not-asked"),
        (Code::WorldWritable, "unobservable"),
    ];
    assert_eq!(report(remote("https://h.example")).not_run, elsewhere);
    let untold = [
        (Code::FloatingVersion, "no-launch"),
        (Code::InstallScript, "no-launch"),
        (Code::KnownMalicious, "no-launch"),
        (Code::KnownVulnerable, "no-advisories"),
        (Code::NameSquat, "no-launch"),
        (Code::PackageMissing, "no-launch"),
        (Code::ProvenanceLost, "no-launch"),
        (Code::PublisherChanged, "no-launch"),
        (Code::PublisherDomain, "domain-not-asked"),
        (Code::RegistryBacklinkMismatch, "no-launch"),
        (Code::RepositoryChanged, "no-launch"),
        (Code::SameNameOtherLaunch, "package-not-told"),
        (Code::VendorClaimUnproven, "no-launch"),
        (Code::VersionBurst, "no-launch"),
        (Code::VeryNew, "no-launch"),
        (Code::WorldWritable, "no-launch"),
    ];
    assert_eq!(report(json!("text")).not_run, untold);
}

#[test]
fn floating_version() {
    let check = |entry, expect: &[&str]| check(Code::FloatingVersion, entry, expect);
    let words = |command: &str, args: &[&str]| json!({"command": command, "args": args});
    check(npx("postmark-mcp"), &["medium high .args[1] package=postmark-mcp version="]);
    check(npx("@a/b@latest"), &["medium high .args[1] package=@a/b version=latest"]);
    check(npx("a@next"), &["medium high .args[1] package=a version=next"]);
    check(npx("a@^1.2.0"), &["low high .args[1] package=a version=^1.2.0"]);
    check(npx("a@1"), &["low high .args[1] package=a version=1"]);
    check(npx("a@1.2.3"), &[]);
    check(npx("y"), &["medium high .args[1] package=y version="]);
    check(words("npx", &["-p", "a-b", "a-b-tool"]), &["medium high .args[1] package=a-b version="]);
    check(words("npx", &["--package=a", "tool-a"]), &["medium high .args[0] package=a version="]);
    check(words("npx -y a", &[]), &["medium high .command package=a version="]);
    check(words("sh", &["-c", "npx -y a"]), &["medium high .args[1] package=a version="]);
    check(words("uvx", &["mcp-server-git"]), &["medium high .args[0] package=mcp-server-git version="]);
    check(words("uvx", &["mcp-server-git==1.0.0"]), &[]);
    check(
        words("uvx", &["--from", "git+https://github.com/o/r", "tool"]),
        &["medium high .args[1] package=github.com/o/r version="],
    );
    check(
        words("uvx", &["--from", "git+https://github.com/o/r@v1.2", "tool"]),
        &["low medium .args[1] package=github.com/o/r version=v1.2"],
    );
    check(words("npx", &["-y", "github:o/r"]), &["medium high .args[1] package=github.com/o/r version="]);
    check(words("docker", &["run", "-i", "mcp/git"]), &["medium high .args[2] package=mcp/git version="]);
    check(words("docker", &["run", "-i", "mcp/git:1.2"]), &["low medium .args[2] package=mcp/git version=1.2"]);
    check(words("docker", &["run", "-i", "mcp/git:main"]), &["medium high .args[2] package=mcp/git version=main"]);
    check(words("npx", &["mcp-remote", "https://h.example"]), &["medium high .args[0] package=mcp-remote version="]);
    // Nothing that has a version.
    check(words("node", &["./s.js"]), &[]);
    check(words("/opt/tool", &[]), &[]);
    // Nothing that could be told, or seen.
    check(npx("${PACKAGE}"), &["not run: package-not-told"]);
    check(words("npx", &["-y"]), &["not run: package-not-told"]);
    check(remote("https://h.example"), &["not run: unobservable"]);
    check(json!({}), &["not run: no-launch"]);
}

#[test]
fn plain_http() {
    let check = |entry, expect: &[&str]| check(Code::PlainHttp, entry, expect);
    let high = |host| format!("high high .url host={host}");
    let low = |host| format!("low high .url host={host}");
    for (url, host) in [
        ("http://mcp.vendor.example/mcp", "mcp.vendor.example"),
        ("HTTP://mcp.vendor.example:8080", "mcp.vendor.example"),
        ("ws://mcp.vendor.example", "mcp.vendor.example"),
        ("http://203.0.113.7/mcp", "203.0.113.7"),
        ("http://[2001:db8::1]:80/", "2001:db8::1"),
        ("http://user@mcp.vendor.example/", "mcp.vendor.example"),
        ("http://localhost.evil.example/", "localhost.evil.example"),
        ("http://localhost@evil.example/", "evil.example"),
        ("http://mcp.vendor.example/${PATH}", "mcp.vendor.example"),
    ] {
        check(remote(url), &[&high(host)]);
    }
    for (url, host) in [
        ("http://10.0.0.7:3000/mcp", "10.0.0.7"),
        ("http://192.168.1.2/", "192.168.1.2"),
        ("http://172.16.0.1/", "172.16.0.1"),
        ("http://100.64.1.1/", "100.64.1.1"),
        ("http://169.254.1.1/", "169.254.1.1"),
        ("http://127.0.0.2/", "127.0.0.2"),
        ("http://0.0.0.0:1/", "0.0.0.0"),
        ("http://[fd00::1]/", "fd00::1"),
        ("http://[::ffff:10.0.0.1]/", "::ffff:10.0.0.1"),
        ("http://nas/", "nas"),
        ("http://nas.local/", "nas.local"),
        ("http://host.docker.internal:3000/", "host.docker.internal"),
    ] {
        check(remote(url), &[&low(host)]);
    }
    for url in [
        "https://mcp.vendor.example",
        "wss://mcp.vendor.example",
        "http://localhost:3000/mcp",
        "http://LOCALHOST/",
        "http://app.localhost/",
        "http://127.0.0.1:1/",
        "http://[::1]:1/",
        "http://0x7f.1/",
        "unix:///run/x",
    ] {
        check(remote(url), &[]);
    }
    check(remote("http://${HOST}/mcp"), &["not run: host-is-a-placeholder"]);
    check(remote("http://${HOST}:${PORT}/mcp"), &["not run: host-is-a-placeholder"]);
    check(
        json!({"command": "npx", "args": ["mcp-remote", "http://h.example/sse"]}),
        &["high high .args[1] host=h.example"],
    );
    check(
        json!({"command": "npx", "args": ["x", "--api=http://h.example/v1"]}),
        &["high medium .args[1] host=h.example"],
    );
    check(
        json!({"command": "npx", "args": ["x", "http://localhost:1"], "env": {"HTTP_PROXY": "http://p.example"}}),
        &[],
    );
}

#[test]
fn credentials_in_url() {
    let check = |entry, expect: &[&str]| check(Code::CredentialsInUrl, entry, expect);
    for (url, confidence) in [
        ("https://u:p@h.example/mcp", "high"),
        ("https://ghp_0123456789abcdefghij@h.example/mcp", "high"),
        ("https://h.example/mcp?api_key=abc", "high"),
        ("https://h.example/mcp?a=1&token=abc", "high"),
        ("https://h.example/cb#access_token=abc", "high"),
        ("https://h.example/s/Zk3x9QpLm2Vt7Rw8Yb4Nc6Hd/mcp", "medium"),
    ] {
        check(remote(url), &[&format!("high {confidence} .url host=h.example")]);
    }
    for url in [
        "https://h.example/mcp",
        "https://h.example/mcp?profile=a&depth=2",
        "https://u:${PASSWORD}@h.example/mcp",
        "https://h.example/mcp?api_key=${KEY}",
        "https://h.example/mcp?api_key=${input:key}",
        "https://h.example/mcp?api_key=<your-key>",
        "https://h.example/mcp?api_key=YOUR_API_KEY",
        "https://h.example/mcp?api_key=",
        "https://me@h.example/mcp",
        "https://h.example/0f83c25b15591b149a60b545a80a47a3",
    ] {
        check(remote(url), &[]);
    }
    let arg = |text: &str| json!({"command": "npx", "args": ["x", text]});
    check(arg("postgres://u:p@db.example/x"), &["high high .args[1] host=db.example"]);
    check(arg("--db=postgres://u:p@localhost:5432/x"), &["low high .args[1] host=localhost"]);
    check(arg("curl 'https://u:p@a.example' && curl https://b.example"), &["high high .args[1] host=a.example"]);
    check(arg("git+ssh://git@github.com/o/r"), &[]);
    check(arg("postgres://u:<password>@db.example/x"), &[]);
    // A variable is the place for it.
    check(started_with("DATABASE_URL", "postgres://u:p@db.example/x"), &[]);
}

#[test]
fn hidden_text() {
    let check = |entry, expect: &[&str]| check(Code::HiddenText, entry, expect);
    let arg = |text: &str| json!({"command": "npx", "args": ["-y", text]});
    for (text, names) in [
        ("a\u{202E}b", "U+202E"),
        ("a\u{200B}\u{200B}b\u{2066}", "U+200B U+2066"),
        ("a\u{FEFF}", "U+FEFF"),
        ("a\u{E0041}\u{E0042}", "U+E0041 U+E0042"),
        ("a\u{FE0F}", "U+FE0F"),
        ("😀\u{FE0F}\u{FE01}\u{FE0F}", "U+FE01 U+FE0F"),
        ("a\u{E0101}", "U+E0101"),
        ("a\u{200D}b", "U+200D"),
        ("a\u{ad}b", "U+00AD"),
        ("a\u{3164}", "U+3164"),
        ("\u{1b}[2Jx", "U+001B"),
        ("a\0", "U+0000"),
    ] {
        check(arg(text), &[&format!("high high .args[1] place=args[1] characters={names}")]);
    }
    for text in ["plain", "naïve café", "日本語", "❤️ 👩‍💻 1️⃣", "می‌خواهم", "क्‍ष", "line\n\tline", "e\u{301}"]
    {
        check(arg(text), &[]);
    }
    check(json!({"command": "npx\n"}), &["high high .command place=command characters=U+000A"]);
    check(remote("https://h.example/\u{200B}"), &["high high .url place=url characters=U+200B"]);
    check(json!({"command": "x", "cwd": "/a\u{202E}"}), &["high high .cwd place=cwd characters=U+202E"]);
    check(
        started_with("PA\u{200B}TH", "1"),
        &["high high .env[\"PA\u{200B}TH\"] place=env.PA‹U+200B›TH characters=U+200B"],
    );
    check(started_with("A", "\u{202E}"), &[]);
    check(
        json!({"url": "https://h.example", "headers": {"X\u{200B}": "1"}}),
        &["high high .headers[\"X\u{200B}\"] place=headers.X‹U+200B› characters=U+200B"],
    );
    let route = Route::root().key("mcpServers").key("x\u{202E}");
    let named = Spot::CURSOR.read_at(&route, &npx("a@1.0.0"));
    assert_eq!(
        told(outcome(Code::HiddenText, &named)),
        ["high high mcpServers[\"x\u{202E}\"] place=name characters=U+202E"]
    );
}

#[test]
fn dangerous_env() {
    let check = |name: &str, value: &str, expect: &str| {
        let expect: Vec<_> =
            (!expect.is_empty()).then(|| format!("{expect} .env.{name} name={name}")).into_iter().collect();
        check(Code::DangerousEnv, started_with(name, value), &expect.iter().map(String::as_str).collect::<Vec<_>>());
    };
    check("PATH", "/tmp/x:/usr/bin", "high high");
    check("NODE_OPTIONS", "--require /tmp/x.js", "high high");
    check("NODE_OPTIONS", "--max-old-space-size=4096 -r /tmp/x.js", "high high");
    check("LD_PRELOAD", "/tmp/x.so", "high high");
    check("DYLD_INSERT_LIBRARIES", "/tmp/x.dylib", "high high");
    check("HTTPS_PROXY", "http://p.example:3128", "high high");
    check("https_proxy", "http://p.example:3128", "high high");
    check("PYTHONPATH", "/tmp", "medium high");
    check("npm_config_registry", "https://npm.acme.example", "medium high");
    check("NODE_TLS_REJECT_UNAUTHORIZED", "0", "medium high");
    check("UV_INDEX_URL", "https://pypi.acme.example", "medium high");
    check("ENV", "/tmp/x", "medium high");
    check("OPENAI_BASE_URL", "https://llm.acme.example", "low medium");
    check("PATH", "${PATH}", "");
    check("PATH", "${env:PATH}", "");
    check("PATH", "${PATH}:/tmp", "high high");
    check("HTTPS_PROXY", "${HTTPS_PROXY}", "");
    check("PATH", "", "");
    check("NODE_OPTIONS", "--max-old-space-size=4096 --no-warnings", "");
    check("NODE_TLS_REJECT_UNAUTHORIZED", "1", "");
    check("PYTHONUNBUFFERED", "1", "");
    check("NO_PROXY", "localhost", "");
    check("npm_config_loglevel", "silent", "");
    check("NPM_CONFIG_UPDATE_NOTIFIER", "false", "");
    check("ENV", "production", "");
    check("NODE_ENV", "production", "");
    check("API_TOKEN", "t", "");
}

#[test]
fn interpreter_eval() {
    let check = |command: &str, args: &[&str], expect: &[&str]| {
        check(Code::InterpreterEval, json!({"command": command, "args": args}), expect);
    };
    check("sh", &["-c", "npx -y a"], &["medium high .args[1] program=sh -c"]);
    check("bash", &["-lc", "a | b"], &["medium high .args[1] program=bash -lc"]);
    check("node", &["-e", "require('x')"], &["medium high .args[1] program=node -e"]);
    check("node", &["--eval=require('x')"], &["medium high .args[0] program=node -e"]);
    check("python3", &["-u", "-c", "import x"], &["medium high .args[2] program=python -c"]);
    check("python", &["-cimport x"], &["medium high .args[0] program=python -c"]);
    check("npx", &["-c", "a && b"], &["medium high .args[1] program=npx -c"]);
    check("a && b", &[], &["medium high .command program=sh"]);
    check("node", &["s.js", "-e", "x"], &[]);
    check("npx", &["-y", "a", "-c", "config.json"], &[]);
    check("cmd", &["/c", "npx", "-y", "a"], &[]);
    check("python", &["-m", "x"], &[]);
    check("docker", &["run", "-e", "A=1", "img"], &[]);
}

#[test]
fn repeated_key() {
    let mut twice = connector(npx("a@1.0.0"));
    assert_eq!(told(outcome(Code::RepeatedKey, &twice)), [""; 0]);
    twice.repeated = true;
    assert_eq!(told(outcome(Code::RepeatedKey, &twice)), ["medium high  key=x"]);
}

proptest! {
    #[test]
    fn any_launch_is_checked(
        words in prop::collection::vec("[ -~]{0,4}(://|@|-c|[?]token=|.)[ -~]{0,8}", 0..5),
        url in prop::option::of(".{0,6}://.{0,12}"),
        secret in "[A-Z][0-9][a-z][0-9a-zA-Z]{6,12}",
    ) {
        let mut entry = json!({"args": words, "env": {"API_KEY": secret}});
        match url {
            Some(url) => entry["url"] = json!(format!("{url}?token={secret}")),
            None => entry["command"] = json!(words.first()),
        }
        entry["args"].as_array_mut().expect("it was made one").push(json!(format!("https://u:{secret}@h.example")));
        let (connector, facts) = (connector(entry), Facts::not_looked(ArtefactKind::Unknown));
        let report = run_all(&Subject { connector: &connector, facts: &facts, around: &alone(&connector) });
        for found in &report.findings {
            prop_assert!(found.args.iter().all(|(_, value)| !value.contains(&secret)), "{:?}", found.args);
            prop_assert!(found.primary.route.to_string().starts_with("mcpServers.x"));
        }
        prop_assert!(report.findings.iter().any(|it| it.code == Code::CredentialsInUrl));
    }
}

/// Findings of the corpus by code and severity, looked through by hand: none of them is a false alarm.
const CORPUS: [(&str, usize); 10] = [
    ("dangerous-env high", 3),
    ("dangerous-env low", 3),
    ("dangerous-env medium", 2),
    ("floating-version low", 11),
    ("floating-version medium", 137),
    ("interpreter-eval medium", 6),
    // Names that were given up, and one of a generic kind in another order.
    ("name-squat medium", 3),
    ("plain-http high", 1),
    ("vendor-claim-unproven low", 12),
    // A scope that is a vendor's name and not its scope: models make such names up.
    ("vendor-claim-unproven medium", 5),
];

#[test]
#[expect(clippy::print_stderr, reason = "a test that compares nothing says so")]
fn real_entries_raise_no_false_alarm() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/expected.jsonl");
    let Ok(rows) = fs::read_to_string(&path) else {
        let is_required = std::env::var("GATEHOUSE_CORPUS").as_deref() == Ok("required");
        assert!(!is_required, "the corpus is required and {} is not there", path.display());
        eprintln!("SKIPPED: there is no corpus at {}; no entry was checked", path.display());
        return;
    };
    let mut found = BTreeMap::<String, usize>::new();
    for row in rows.lines() {
        let row: Json = serde_json::from_str(row).expect("the corpus holds one JSON object a line");
        let names = row["env_keys"].as_array().into_iter().flatten().filter_map(Json::as_str);
        let env: serde_json::Map<_, _> = names.map(|name| (name.to_owned(), json!("set"))).collect();
        let entry = match row["command"].is_null() {
            // The address of a bridge stands among the arguments too.
            true => json!({"url": row["url"], "env": env}),
            false => json!({"command": row["command"], "args": row["args"], "env": env}),
        };
        let (connector, facts) = (connector(entry), Facts::not_looked(ArtefactKind::Unknown));
        for it in run_all(&Subject { connector: &connector, facts: &facts, around: &alone(&connector) }).findings {
            let severity = format!("{:?}", it.severity).to_lowercase();
            *found.entry(format!("{} {severity}", it.code.name())).or_default() += 1;
        }
    }
    let found: Vec<_> = found.iter().map(|(name, times)| (name.as_str(), *times)).collect();
    assert_eq!(found, CORPUS);
}

/// A connector of this client that came so many seconds after noon.
fn came(client: &str, name: &str, entry: Json, after: i64) -> (Connector, Neighbour) {
    let id = crate::connector::ConnectorId(format!("{client} {name} {entry}"));
    let connector = Connector { client: client.to_owned(), name: name.to_owned(), id, ..connector(entry) };
    let at = NOON + jiff::SignedDuration::from_secs(after);
    let neighbour = Neighbour::of(&connector, Arrival::Seen(at), None);
    (connector, neighbour)
}

fn among(code: Code, connector: &Connector, all: &[&Neighbour]) -> Vec<String> {
    let around = Surroundings::new("/h".into(), all.iter().copied().cloned());
    let facts = Facts::not_looked(ArtefactKind::Unknown);
    let check = ALL.iter().find(|check| check.code == code).expect("every code has a check");
    told((check.run)(&Subject { connector, facts: &facts, around: &around }))
}

#[test]
fn the_same_entry_in_two_clients_within_a_minute_is_told() {
    let code = Code::SameEntryElsewhere;
    let entry = || npx("dev-tools-mcp");
    let (own, first) = came("cursor", "a", entry(), 0);
    let (_, soon) = came("claude-code", "b", entry(), 60);
    let (_, late) = came("windsurf", "a", entry(), 61);
    let (_, here) = came("cursor", "c", entry(), 5);
    let (_, other) = came("zed", "a", npx("other-mcp"), 5);
    assert_eq!(among(code, &own, &[&first, &soon, &late, &here, &other]), ["medium medium  clients=Claude Code"]);
    assert_eq!(among(code, &own, &[&first, &late, &here, &other]), [""; 0]);
    // Once somebody has decided, how it came is settled; what was there before was not seen to come.
    let with = |arrival: Arrival| Neighbour { arrival, ..first.clone() };
    assert_eq!(among(code, &own, &[&with(Arrival::Settled), &soon]), [""; 0]);
    assert_eq!(among(code, &own, &[&with(Arrival::Unseen), &soon]), ["not run: arrival-unseen"]);
    let before = Neighbour { arrival: Arrival::Unseen, ..soon.clone() };
    assert_eq!(among(code, &own, &[&first, &before]), [""; 0]);
}

#[test]
fn many_entries_within_a_minute_are_told() {
    let entries = |seconds: &[i64]| -> Vec<(Connector, Neighbour)> {
        seconds
            .iter()
            .enumerate()
            .map(|(n, after)| came("cursor", &format!("x{n}"), npx(&format!("p{n}")), *after))
            .collect()
    };
    let check = |seconds: &[i64], of: usize, expect: &[&str]| {
        let all = entries(seconds);
        let neighbours: Vec<_> = all.iter().map(|(_, neighbour)| neighbour).collect();
        assert_eq!(among(Code::Burst, &all[of].0, &neighbours), expect, "{seconds:?} {of}");
    };
    check(&[0, 1, 2, 3, 60], 0, &["low medium  count=5"]);
    check(&[0, 1, 2, 3, 60], 4, &["low medium  count=5"]);
    check(&[0, 1, 2, 3, 61], 4, &[]);
    check(&[0, 1, 2, 3, 61, 61], 0, &[]);
    check(&[0, 1, 2, 3, 61, 61], 3, &["low medium  count=5"]);
    check(&[0, 0, 0, 0, 0, 0, 0, 300], 7, &[]);
    check(&[0], 0, &[]);
}

#[test]
fn one_name_for_two_things_is_told() {
    let code = Code::SameNameOtherLaunch;
    let (own, first) = came("cursor", "GitHub", npx("github-mcp"), 0);
    let check = |other: Json, expect: &[&str]| {
        let (_, second) = came("zed", "github", other.clone(), 9_000);
        assert_eq!(among(code, &own, &[&first, &second]), expect, "{other}");
    };
    check(npx("github-mcp@1.2.3"), &[]);
    check(json!({"command": "npx", "args": ["-y", "github-mcp", "--read-only"]}), &[]);
    check(npx("githuh-mcp"), &["low low  name=GitHub clients=Zed"]);
    check(remote("https://mcp.h.example/github"), &["low low  name=GitHub clients=Zed"]);
    check(json!({"command": "${TOOL}"}), &[]);
    let (_, elsewhere) = came("zed", "gitlab", npx("gitlab-mcp"), 0);
    assert_eq!(among(code, &own, &[&first, &elsewhere]), [""; 0]);
    assert_eq!(among(code, &own, &[]), ["not run: alone"]);
}

#[test]
fn a_fresh_file_in_a_hidden_folder_is_told() {
    let check = |entry: Json, made: Option<i64>, expect: &[&str]| {
        let connector = connector(entry.clone());
        let made = made.map(|before| NOON - jiff::SignedDuration::from_mins(before));
        let own = Neighbour::of(&connector, Arrival::Seen(NOON), made);
        assert_eq!(among(Code::FreshLocalFile, &connector, &[&own]), expect, "{entry} {made:?}");
    };
    let node = |file: &str| json!({"command": "node", "args": [file]});
    check(node("/h/.dev-utils/server.js"), Some(2), &["high medium .args[0] file=/h/.dev-utils/server.js"]);
    check(node("/h/.config/a/b/server.js"), Some(15), &["high medium .args[0] file=/h/.config/a/b/server.js"]);
    check(json!({"command": "/h/.cache/x/tool"}), Some(-1), &["high medium .command file=/h/.cache/x/tool"]);
    check(node("/h/.dev-utils/server.js"), Some(16), &[]);
    check(node("/h/.dev-utils/server.js"), None, &["not run: code-not-at-hand"]);
    check(node("/h/src/server.js"), Some(1), &[]);
    check(node("/h/.hidden.js"), Some(1), &[]);
    check(json!({"command": "/h/.local/bin/tool"}), Some(1), &[]);
    check(node("/opt/.x/server.js"), Some(1), &[]);
    check(npx("postmark-mcp"), Some(1), &[]);
}

/// What the artefact of a launch is, for checks that look at it.
fn with_evidence(evidence: Evidence) -> Facts {
    let state = ArtefactState::Known { version: None, integrity: "sha256:0".to_owned(), source: "file".to_owned() };
    let facts = Facts::not_looked(ArtefactKind::Npm);
    Facts { artefact: Artefact { kind: ArtefactKind::Npm, state }, evidence, ..facts }
}

fn on_facts(code: Code, entry: Json, facts: &Facts) -> Vec<String> {
    let connector = connector(entry);
    let check = ALL.iter().find(|check| check.code == code).expect("every code has a check");
    told((check.run)(&Subject { connector: &connector, facts, around: &alone(&connector) }))
}

#[test]
fn a_version_with_known_faults() {
    let code = Code::KnownVulnerable;
    let with = |advisories: Fact<Vec<Advisory>>| {
        let dossier = Dossier { advisories, ..Dossier::default() };
        on_facts(code, npx("a-mcp@1.0.0"), &Facts { dossier, ..Facts::not_looked(ArtefactKind::Npm) })
    };
    let at = "2026-11-28T12:00:00Z".parse().expect("a time");
    let known = |all: &[(&str, bool, Weight)]| {
        let all = all.iter().map(|(id, is_malicious, weight)| Advisory {
            id: (*id).to_owned(),
            is_malicious: *is_malicious,
            weight: *weight,
        });
        with(Fact::known(all.collect(), "osv.example", at))
    };
    assert_eq!(known(&[]), [""; 0]);
    let two = [("GHSA-a", false, Weight::Low), ("GHSA-b", false, Weight::Critical)];
    assert_eq!(known(&two), ["high high .args[1] package=a-mcp count=2 ids=GHSA-a, GHSA-b"]);
    assert_eq!(known(&[("GHSA-c", false, Weight::Untold)]), ["medium high .args[1] package=a-mcp count=1 ids=GHSA-c"]);
    assert_eq!(known(&[("GHSA-d", false, Weight::Low)]), ["low high .args[1] package=a-mcp count=1 ids=GHSA-d"]);
    // What does harm itself is no fault of it.
    assert_eq!(known(&[("MAL-1", true, Weight::Untold)]), [""; 0]);
    // No answer is not a clean one.
    assert_eq!(with(Fact::unknown("timed-out")), ["not run: advisories-not-asked"]);
    check(code, remote("https://h.test"), &["not run: no-advisories"]);
}

#[test]
fn a_local_program_in_place_of_a_package() {
    let code = Code::LocalBinShadowsPackage;
    let shadow = Some("/h/w/node_modules/.bin/a".into());
    let script = Evidence { shadow: shadow.clone(), from: Some("/h/w/tools/a.sh".into()), ..Evidence::default() };
    let high = "high high .args[1] program=~/w/node_modules/.bin/a package=a started=here";
    assert_eq!(on_facts(code, npx("a"), &with_evidence(script.clone())), [high]);
    let other = Evidence { from: Some("/h/w/node_modules/b".into()), ..script.clone() };
    assert_eq!(on_facts(code, npx("a"), &with_evidence(other)), [high]);
    let same = Evidence { from: Some("/h/w/node_modules/a".into()), ..script.clone() };
    let low = "low high .args[1] program=~/w/node_modules/.bin/a package=a started=here";
    assert_eq!(on_facts(code, npx("a"), &with_evidence(same.clone())), [low]);
    let scoped = Evidence { from: Some("/h/w/node_modules/@s/a".into()), ..same };
    let low = "low high .args[1] program=~/w/node_modules/.bin/a package=@s/a started=here";
    assert_eq!(on_facts(code, npx("@s/a"), &with_evidence(scoped)), [low]);
    let flag = json!({"command": "npx", "args": ["--package=a", "b"]});
    let high = "high high .args[0] program=~/w/node_modules/.bin/a package=a started=here";
    assert_eq!(on_facts(code, flag, &with_evidence(script.clone())), [high]);
    let none = Evidence { shadow: None, ..script.clone() };
    assert_eq!(on_facts(code, npx("a"), &with_evidence(none)), [""; 0]);
    assert_eq!(on_facts(code, json!({"command": "node", "args": ["a.js"]}), &with_evidence(script)), [""; 0]);
    // In a project that the client may be used in, whatever is known of the package.
    let there = |is_package| {
        let shadow = Shadow { program: "/h/w/node_modules/.bin/a".into(), is_package };
        let evidence = Evidence { shadows_in_projects: vec![shadow], ..Evidence::default() };
        Facts { evidence, ..Facts::not_looked(ArtefactKind::Npm) }
    };
    let found = |level: &str| format!("{level} high .args[1] program=~/w/node_modules/.bin/a package=a started=there");
    assert_eq!(on_facts(code, npx("a"), &there(false)), [found("high")]);
    assert_eq!(on_facts(code, npx("a"), &there(true)), [found("low")]);
    let unknown = ArtefactState::Unknown { reason: "not-installed".to_owned() };
    let unknown = Facts {
        artefact: Artefact { kind: ArtefactKind::Npm, state: unknown },
        ..Facts::not_looked(ArtefactKind::Npm)
    };
    assert_eq!(on_facts(code, npx("a"), &unknown), ["not run: artefact-unknown"]);
    check(code, npx("a"), &["not run: artefact-not-looked"]);
    check(code, remote("https://h.test"), &[]);
}

#[test]
fn code_that_everybody_may_write() {
    let code = Code::WorldWritable;
    let entry = || json!({"command": "node", "args": ["--x", "open/a.js"]});
    let file = LocalFile {
        path: "/h/open/a.js".into(),
        owner: Owner::User,
        mode: Some(0o666),
        location: facts::Location::Home,
        signature: facts::Signature::Untold,
    };
    let open = Evidence { rights: Rights::OfAll("/h/open".into()), file: Some(file), ..Evidence::default() };
    assert_eq!(on_facts(code, entry(), &with_evidence(open.clone())), ["high high .args[1] place=~/open"]);
    let package = Evidence { file: None, ..open.clone() };
    assert_eq!(on_facts(code, npx("a"), &with_evidence(package)), ["high high .command place=~/open"]);
    let closed = Evidence { rights: Rights::OfOwner, ..open.clone() };
    assert_eq!(on_facts(code, entry(), &with_evidence(closed)), [""; 0]);
    let untold = Evidence { rights: Rights::Untold, ..open };
    assert_eq!(on_facts(code, entry(), &with_evidence(untold)), ["not run: rights-not-told"]);
    check(code, entry(), &["not run: artefact-not-looked"]);
    check(code, remote("https://h.test"), &["not run: unobservable"]);
    check(code, json!("text"), &["not run: no-launch"]);
}
