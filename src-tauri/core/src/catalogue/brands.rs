//! Words that stand for a vendor.

use super::{Catalogue, Entry, Kind, Standing, Vendor, folded};

/// Words of everyday language and of the trade that are somebody's name too: in the name of a connector they say what it
/// does.
const COMMON: &[&str] = &[
    "agent",
    "agents",
    "api",
    "app",
    "apps",
    "base",
    "block",
    "box",
    "browser",
    "chat",
    "cli",
    "close",
    "cloud",
    "code",
    "context",
    "core",
    "data",
    "database",
    "dev",
    "dialer",
    "docs",
    "filesystem",
    "front",
    "golf",
    "graph",
    "instant",
    "java",
    "line",
    "make",
    "maps",
    "mcp",
    "memory",
    "meta",
    "needle",
    "open",
    "python",
    "rember",
    "rube",
    "rust",
    "sap",
    "search",
    "server",
    "servers",
    "short",
    "shortcut",
    "square",
    "svc",
    "team",
    "time",
    "tools",
    "translated",
    "vault",
    "web",
    "wise",
    "uber",
];

/// What owners of accounts put around their name.
const AROUND: &[&str] = &[
    "ai",
    "cloud",
    "com",
    "community",
    "contrib",
    "corp",
    "database",
    "db",
    "dev",
    "ecosystem",
    "foundation",
    "hq",
    "inc",
    "io",
    "js",
    "labs",
    "official",
    "org",
    "oss",
    "public",
    "team",
    "tech",
    "solutions",
    "mcp",
];

/// Digits of the downloads that a vendor's own tool has, where nobody counted them.
const USED: u8 = 7;

/// Reads `name, product, …; domain, …; package, …` and joins each to the vendor that has the name already.
pub(super) fn join(catalogue: &mut Catalogue, text: &str) {
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let mut fields = line.split(';').map(|field| field.split(',').map(|it| it.trim().to_owned()));
        let names: Vec<String> = fields.next().into_iter().flatten().collect();
        let word = folded(&names[0]);
        let is_it = |vendor: &Vendor| vendor.words.contains(&word) || vendor.names.iter().any(|it| folded(it) == word);
        let at = catalogue.vendors.iter().position(is_it).unwrap_or_else(|| {
            catalogue.vendors.push(Vendor { names: names[..1].to_vec(), ..Vendor::default() });
            catalogue.vendors.len() - 1
        });
        let vendor = &mut catalogue.vendors[at];
        for name in &names {
            add_word(vendor, name);
            // As it is written by hand, in place of how an account is spelt.
            match vendor.names.iter_mut().find(|it| folded(it) == folded(name)) {
                Some(known) => known.clone_from(name),
                None => vendor.names.push(name.clone()),
            }
        }
        vendor.domains.extend(fields.next().into_iter().flatten());
        for name in fields.next().into_iter().flatten() {
            let scope = name.strip_prefix('@').and_then(|it| it.split_once('/')).map(|(scope, _)| scope.to_owned());
            vendor.scopes.extend(scope);
            catalogue.entries.push(Entry {
                kind: Kind::Npm,
                name,
                vendor: Some(at),
                standing: Standing::Official,
                used: USED,
                repository: None,
                is_retired: false,
            });
        }
    }
}

/// Adds the word that a name, a scope, an owner or a domain stands on: `@notionhq` and `notion-labs` are both `notion`.
pub(super) fn add_word(vendor: &mut Vendor, name: &str) {
    let lower = name.to_lowercase();
    let mut words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut insert = |word: String| {
        if word.chars().count() >= 3 && !COMMON.contains(&word.as_str()) {
            vendor.words.insert(word);
        }
    };
    insert(words.concat());
    while words.len() > 1 && words.last().is_some_and(|word| AROUND.contains(word)) {
        words.pop();
    }
    let whole = words.concat();
    for end in ["hq", "labs", "-ai"] {
        if let Some(word) = whole.strip_suffix(end) {
            insert(word.to_owned());
        }
    }
    insert(whole);
}
