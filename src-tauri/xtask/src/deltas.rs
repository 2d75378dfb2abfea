//! How often harmless updates show each signal: consecutive versions of popular packages, fetched by npm itself from
//! wherever its settings say, compared, and thrown away. Severities follow from the rates.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::clients::installation;
use crate::{Failure, Outcome, machine};

const PAGE: &str = "docs/reference/deltas.md";

/// Much used, of many hands, bundled and not.
#[rustfmt::skip]
const PACKAGES: &[&str] = &[
    "@antv/mcp-server-chart", "@brave/brave-search-mcp-server", "@circleci/mcp-server-circleci",
    "@cocal/google-calendar-mcp", "@modelcontextprotocol/server-everything", "@modelcontextprotocol/server-filesystem",
    "@modelcontextprotocol/server-memory", "@notionhq/notion-mcp-server", "@playwright/mcp", "@sentry/mcp-server",
    "@stripe/mcp", "@supabase/mcp-server-supabase", "@upstash/context7-mcp", "@wonderwhy-er/desktop-commander",
    "@zereight/mcp-gitlab", "chrome-devtools-mcp", "exa-mcp-server", "figma-developer-mcp", "firecrawl-mcp", "mcp-remote",
    "mongodb-mcp-server", "next-devtools-mcp", "supergateway", "tavily-mcp",
];

/// Versions of each, the newest ones: one pair fewer.
const VERSIONS: usize = 3;

/// Fewer pairs say too little.
const LEAST: usize = 40;

/// A version and its archive.
type Archived = (String, PathBuf);

/// One pair and what was found.
struct Pair {
    package: String,
    old: String,
    new: String,
    told: Value,
}

pub(crate) fn run() -> Result<Outcome, Failure> {
    if !machine::provide(installation::NODE)? {
        return Err(Failure("The measurement needs node and npm.".to_owned()));
    }
    let folder = machine::target()?.join("deltas");
    fs::create_dir_all(&folder)?;
    let mut wanted = Vec::new();
    for package in PACKAGES {
        let Some(archives) = fetch(&folder, package)? else { continue };
        for pair in archives.windows(2) {
            wanted.push(((*package).to_owned(), pair[0].clone(), pair[1].clone()));
        }
    }
    if wanted.len() < LEAST {
        println!("\n!!! NOT RUN: the registry told of {} pairs, {LEAST} are needed. !!!\n", wanted.len());
        return Ok(Outcome::NotRun);
    }
    let pairs = compare(wanted)?;
    let page = page(&pairs);
    fs::write(machine::root().join(PAGE), page)?;
    println!("{} pairs compared: {PAGE}", pairs.len());
    let details: Vec<_> = pairs.iter().map(|it| format!("{} {} {} {}", it.package, it.old, it.new, it.told)).collect();
    fs::write(folder.join("details.txt"), details.join("\n"))?;
    Ok(Outcome::Good)
}

/// The archives of the newest versions, oldest first, with their versions; none where the registry does not answer.
fn fetch(folder: &Path, package: &str) -> Result<Option<Vec<Archived>>, Failure> {
    let told = npm(folder, &["view", package, "versions", "--json"])?;
    let versions = told.and_then(|text| serde_json::from_str::<Vec<String>>(&text).ok()).unwrap_or_default();
    let stable: Vec<_> = versions.into_iter().filter(|version| !version.contains('-')).collect();
    let newest = &stable[stable.len().saturating_sub(VERSIONS)..];
    let own = folder.join(package.replace('/', "+"));
    fs::create_dir_all(&own)?;
    let mut archives = Vec::new();
    for version in newest {
        let path = own.join(format!("{version}.tgz"));
        if !path.is_file() {
            let spec = format!("{package}@{version}");
            let packed = npm(&own, &["pack", &spec, "--ignore-scripts", "--json"])?;
            let packed = packed.and_then(|text| serde_json::from_str::<Value>(&text).ok());
            let name = packed.as_ref().and_then(filename);
            let Some(name) = name.filter(|name| own.join(name).is_file()) else {
                println!("{spec}: not fetched");
                continue;
            };
            fs::rename(own.join(name), &path)?;
        }
        archives.push((version.clone(), path));
    }
    Ok((archives.len() > 1).then_some(archives))
}

/// npm tells a list, or, in newer versions, an object by name.
fn filename(packed: &Value) -> Option<String> {
    let first = packed.get(0).or_else(|| packed.as_object()?.values().next())?;
    Some(first["filename"].as_str()?.to_owned())
}

/// What npm prints, or nothing where it fails.
fn npm(folder: &Path, args: &[&str]) -> Result<Option<String>, Failure> {
    let output = Command::new("npm").args(args).current_dir(folder).stderr(Stdio::null()).output()?;
    Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned()))
}

fn compare(wanted: Vec<(String, Archived, Archived)>) -> Result<Vec<Pair>, Failure> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["run", "--quiet", "-p", "gatehouse-core", "--example", "deltas"]);
    let mut child = cargo.current_dir(machine::root()).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut input = String::new();
    for (_, (_, old), (_, new)) in &wanted {
        input += &format!("{}\t{}\n", old.display(), new.display());
    }
    let mut stdin = child.stdin.take().ok_or_else(|| Failure("The comparison takes no input.".to_owned()))?;
    let fed = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output()?;
    let _ = fed.join();
    let lines: Vec<Value> =
        String::from_utf8_lossy(&output.stdout).lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    if !output.status.success() || lines.len() != wanted.len() {
        return Err(Failure(format!("{} of {} pairs were compared.", lines.len(), wanted.len())));
    }
    let pair = |((package, (old, _), (new, _)), told)| Pair { package, old, new, told };
    Ok(wanted.into_iter().zip(lines).map(pair).collect())
}

fn page(pairs: &[Pair]) -> String {
    let mut rates: BTreeMap<&str, usize> = BTreeMap::new();
    let mut severities: BTreeMap<&str, usize> = BTreeMap::new();
    for pair in pairs {
        for signal in pair.told["signals"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            *rates.entry(signal).or_default() += 1;
        }
        *severities.entry(pair.told["severity"].as_str().unwrap_or("none")).or_default() += 1;
    }
    let mut signals: Vec<_> = gatehouse_signals();
    signals.sort_by_key(|(name, _)| (std::cmp::Reverse(rates.get(name.as_str()).copied().unwrap_or(0)), name.clone()));
    let all = pairs.len();
    let share = |count: usize| format!("{count} ({:.0} %)", 100.0 * count as f64 / all as f64);
    let mut out = format!("{HEAD}\n\nMeasured on {} pairs, {}.\n\n", all, date());
    out += "| signal | severity | pairs that show it |\n|---|---|---|\n";
    for (name, severity) in &signals {
        out += &format!("| `{name}` | {severity} | {} |\n", share(rates.get(name.as_str()).copied().unwrap_or(0)));
    }
    out += "\nThe gravest signal of each pair:\n\n| severity | pairs |\n|---|---|\n";
    for severity in ["none", "low", "medium", "high", "critical"] {
        out += &format!("| {severity} | {} |\n", share(severities.get(severity).copied().unwrap_or(0)));
    }
    let mut times: Vec<u64> = pairs.iter().filter_map(|it| it.told["compare_ms"].as_u64()).collect();
    let mut outlines: Vec<u64> = pairs.iter().filter_map(|it| it.told["outline"].as_u64()).collect();
    times.sort_unstable();
    outlines.sort_unstable();
    let at = |list: &[u64], part: usize| list.get(list.len() * part / 100).copied().unwrap_or(0);
    out += &format!(
        "\nReading and comparing a pair of archives, without optimisation: {} ms (median), {} ms (95 of 100), {} ms at most. An outline: {} kB \
         (median), {} kB at most.\n",
        at(&times, 50),
        at(&times, 95),
        times.last().copied().unwrap_or(0),
        at(&outlines, 50) / 1_000,
        outlines.last().copied().unwrap_or(0) / 1_000,
    );
    let refused: Vec<_> = pairs.iter().filter(|it| it.told["refused"].is_string()).collect();
    out += &format!("Archives that were refused: {}.\n", refused.len());
    out += "\n## The pairs\n\n| package | versions | gravest | signals |\n|---|---|---|---|\n";
    for pair in pairs {
        let signals = pair.told["signals"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let signals = signals.map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
        let severity = pair.told["severity"].as_str().unwrap_or("–");
        out += &format!("| {} | {} → {} | {severity} | {signals} |\n", pair.package, pair.old, pair.new);
    }
    out
}

const HEAD: &str = "\
# What harmless updates show

`cargo xtask deltas` writes this page: it has npm fetch consecutive versions of much used MCP packages, compares each pair as
`gatehouse diff` does, and throws them away. None of these updates is known to be harmful, so every signal here is a false
alarm. The severities of the signals follow from the rates:

- **high**: at most one pair in twenty shows it, and known attacks did;
- **medium**: at most one pair in four, or an attack needs it but updates show it too;
- **low**: more than that, or it harms nobody by itself.

What stands in a test of the package's own counts one step lower, unless other code of the package names a test.

A severity says how soon a person should look, not that something is wrong.";

/// Signals and severities as the core has them: from its source, so that this program stays without the core.
fn gatehouse_signals() -> Vec<(String, String)> {
    let source = fs::read_to_string(machine::root().join("src-tauri/core/src/drift/signal.rs")).unwrap_or_default();
    let rows = source.lines().filter_map(|line| line.trim().strip_prefix("(\"")?.strip_suffix("),"));
    rows.filter_map(|row| {
        let (name, severity) = row.split_once("\",")?;
        Some((name.to_owned(), severity.trim().strip_prefix("Severity::")?.to_lowercase()))
    })
    .collect()
}

fn date() -> String {
    let output = Command::new("date").args(["-u", "+%Y-%m-%d"]).output();
    output.map(|it| String::from_utf8_lossy(&it.stdout).trim().to_owned()).unwrap_or_default()
}
