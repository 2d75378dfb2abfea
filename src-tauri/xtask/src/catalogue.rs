//! `catalogue`: makes the lists of known connectors and known malicious packages in `core/data` from the tables that they
//! were gathered in. Rows of one vendor come together; what the core does not read is left behind.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::{Failure, Outcome, machine};

const CATALOGUE: &str = "src-tauri/core/data/catalogue.txt";
const MALICIOUS: &str = "src-tauri/core/data/malicious.txt";

/// A repository of these says nothing of who made what lies in it.
const SHARED_OWNERS: [&str; 2] = ["modelcontextprotocol", "docker"];

pub(crate) fn run(folder: Option<&str>) -> Result<Outcome, Failure> {
    let folder = folder.map_or_else(tables, PathBuf::from);
    if !folder.is_dir() {
        println!("The tables are not in {}: cargo xtask catalogue FOLDER names another place.", folder.display());
        return Ok(Outcome::NotRun);
    }
    for (name, text) in made(&folder)? {
        fs::write(machine::root().join(name), text)?;
        println!("{name}");
    }
    Ok(Outcome::Good)
}

/// Where the tables lie, beside the checkout.
fn tables() -> PathBuf {
    machine::root().join("../shared/data")
}

fn made(folder: &Path) -> Result<[(&'static str, String); 2], Failure> {
    let known = fs::read_to_string(folder.join("known_connectors.tsv"))?;
    let malicious = fs::read_to_string(folder.join("malicious_mcp.tsv"))?;
    Ok([(CATALOGUE, catalogue(&known)), (MALICIOUS, advisories(&malicious))])
}

/// One row of the table of connectors.
struct Row<'a> {
    kind: &'a str,
    name: &'a str,
    vendor: &'a str,
    /// `owner/name` of a repository.
    repository: String,
    downloads: u64,
    rank: Option<u64>,
    is_retired: bool,
}

/// Groups of names that stand for one vendor.
#[derive(Default)]
struct Groups {
    of: BTreeMap<String, usize>,
    names: Vec<Vec<String>>,
}

impl Groups {
    /// The group of all these keys, which are one from now on.
    fn join(&mut self, keys: &[String]) -> usize {
        let found: Vec<usize> = keys.iter().filter_map(|key| self.of.get(key).copied()).collect();
        let group = found.first().copied().unwrap_or_else(|| {
            self.names.push(Vec::new());
            self.names.len() - 1
        });
        for other in found.into_iter().filter(|other| *other != group) {
            let moved = std::mem::take(&mut self.names[other]);
            self.names[group].extend(moved);
            self.of.values_mut().filter(|of| **of == other).for_each(|of| *of = group);
        }
        for key in keys {
            self.of.insert(key.clone(), group);
        }
        group
    }
}

fn catalogue(table: &str) -> String {
    let mut groups = Groups::default();
    let (mut official, mut reference, mut community) = (Vec::new(), Vec::new(), Vec::new());
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [kind, name, _, vendor, repository, standing, _, downloads, rank, ..] = cells.as_slice() else { continue };
        let repository = repository.strip_prefix("https://github.com/").unwrap_or_default();
        let repository = repository.split('/').take(2).collect::<Vec<_>>().join("/");
        let row = Row {
            kind,
            name,
            vendor,
            repository: if repository == *name { String::new() } else { repository },
            downloads: downloads.parse().unwrap_or(0),
            rank: rank.parse().ok(),
            is_retired: cells.last().is_some_and(|note| note.starts_with("retired")),
        };
        match *standing {
            "yes" | "official" => official.push(row),
            "reference" => reference.push(row),
            "community" => community.push(row),
            // Nobody says whose it is, or it is known to be nobody's.
            _ => {}
        }
    }
    let mut joined: Vec<Vec<String>> = Vec::new();
    for row in &official {
        let keys = keys(row);
        groups.join(&keys);
        joined.push(keys);
    }
    for (row, keys) in official.iter().zip(&joined) {
        let group = groups.join(keys);
        let names = &mut groups.names[group];
        for name in shown_names(row.vendor) {
            if !names.iter().any(|other| folded(other) == folded(&name)) {
                names.push(name);
            }
        }
    }
    let mut blocks: BTreeMap<(String, usize), Vec<String>> = BTreeMap::new();
    for (row, keys) in official.iter().zip(&joined) {
        let group = groups.join(keys);
        let title = groups.names[group].join(" | ");
        blocks.entry((title, group)).or_default().push(line(row));
    }
    let mut text = "\
# Connectors that are known, and whose they are. Made by `cargo xtask catalogue`; not written by hand.
# `= names of a vendor`, then what it publishes; `~` what shows the protocol, `-` what others publish. A row has its kind,
# its name, how much it is used (digits of the downloads of a month), its repository, and `!` where it was given up.
"
    .to_owned();
    for ((title, _), mut lines) in blocks {
        lines.sort();
        lines.dedup();
        text.push_str(&format!("= {title}\n{}\n", lines.join("\n")));
    }
    for (mark, rows) in [("~", reference), ("-", community)] {
        let mut lines: Vec<String> = rows.iter().map(line).collect();
        lines.sort();
        lines.dedup();
        text.push_str(&format!("{mark}\n{}\n", lines.join("\n")));
    }
    text
}

fn line(row: &Row<'_>) -> String {
    // A place among the most used packages of Python stands for some ten thousand downloads and more.
    let of_rank = row.rank.map_or(0, |rank| if rank <= 2_000 { 6 } else { 5 });
    let use_ = row.downloads.checked_ilog10().map_or(0, |log| log + 1).max(of_rank);
    let repository = if row.repository.is_empty() { "." } else { &row.repository };
    let retired = if row.is_retired { " !" } else { "" };
    format!("{} {} {use_} {repository}{retired}", row.kind, row.name)
}

/// What makes two rows one vendor's.
fn keys(row: &Row<'_>) -> Vec<String> {
    let mut keys: Vec<String> = shown_names(row.vendor).iter().map(|name| folded(name)).collect();
    let owner = if row.kind == "github" { row.name } else { &row.repository };
    let owner = owner.split('/').next().unwrap_or_default();
    let scope = row.name.strip_prefix('@').and_then(|it| it.split_once('/')).map(|(scope, _)| scope);
    let owner = Some(owner).filter(|it| !it.is_empty() && !SHARED_OWNERS.contains(it));
    keys.extend(scope.filter(|_| row.kind == "npm").into_iter().chain(owner).map(folded));
    keys.retain(|key| !key.is_empty());
    keys.sort();
    keys.dedup();
    keys
}

/// `AWS (awslabs)` is both.
fn shown_names(vendor: &str) -> Vec<String> {
    let (first, rest) = vendor.split_once('(').unwrap_or((vendor, ""));
    let rest = rest.trim_end_matches(')');
    [first, rest].iter().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect()
}

fn folded(name: &str) -> String {
    name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Names with an advisory, or told of by whoever found what they do. What is only said to be malicious stays out.
fn advisories(table: &str) -> String {
    let finders = ["Socket", "JFrog", "Aikido", "mem0ai/mem0", "AndrewXuTurtle/mcpaudit"];
    let mut lines = Vec::new();
    for row in table.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let [kind, name, versions, advisory, _, what, source, ..] = cells.as_slice() else { continue };
        // A guessed number is none.
        let advisory = if advisory.ends_with('?') { "" } else { advisory };
        let finder = finders.iter().find(|finder| source.starts_with(**finder));
        let said_by = if advisory.is_empty() { finder.copied().unwrap_or_default() } else { advisory };
        if said_by.is_empty() || kind.ends_with('?') {
            continue;
        }
        let versions = versions.split(' ').next().unwrap_or_default();
        let versions = match versions {
            "" | "(see" if what.contains("compromised") => "?",
            "" | "all" => "*",
            versions => versions,
        };
        lines.push(format!("{kind} {name} {versions} {said_by}"));
    }
    lines.sort();
    let head = "\
# Packages that are known to do harm. Made by `cargo xtask catalogue`; not written by hand.
# Kind, name, versions (`*` all, `?` some, not told which), the advisory or whoever found it.
";
    format!("{head}{}\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::{folded, made, shown_names, tables};
    use crate::machine;

    #[test]
    fn the_lists_are_what_the_tables_make() {
        let folder = tables();
        if !folder.is_dir() {
            eprintln!("NOT COMPARED: the tables of the catalogue are not beside this checkout");
            return;
        }
        for (name, text) in made(&folder).expect("the tables are read") {
            let kept = std::fs::read_to_string(machine::root().join(name)).expect("the list is there");
            assert!(kept == text, "{name} is not what `cargo xtask catalogue` makes");
        }
    }

    #[test]
    fn a_vendor_has_the_name_in_brackets_too() {
        assert_eq!(shown_names("AWS (awslabs)"), ["AWS", "awslabs"]);
        assert_eq!(folded("Monday.com"), "mondaycom");
    }
}
