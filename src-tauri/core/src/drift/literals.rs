//! Addresses that stand in code: of mail, of hosts, of machines, of pages.

// How addresses are written, and nothing that could reach one.
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::connector::mask_url;

/// What kind of address a literal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum LiteralKind {
    Email,
    Host,
    Ip,
    Url,
}

impl LiteralKind {
    pub const ALL: &[Self] = &[Self::Email, Self::Host, Self::Ip, Self::Url];
}

/// Longer ones are cut.
const LONGEST: usize = 300;

/// Ends of names of files and members that are also the ends of domains. Such a word counts as a host only where it stands
/// in an address.
#[rustfmt::skip]
const AMBIGUOUS: &[&str] = &[
    "app", "as", "at", "bar", "bat", "be", "call", "cat", "cc", "cf", "class", "click", "cs", "data", "date", "day", "do",
    "download", "email", "events", "fail", "fm", "group", "help", "host", "id", "in", "info", "int", "is", "it",
    "java", "link", "live", "map", "md", "media", "menu", "mm", "mobi", "mov", "ms", "my", "name", "network", "new",
    "no", "now", "observer", "one", "open", "page", "php", "pl", "place", "plus", "post", "pro", "prod", "properties",
    "ps", "pub", "py", "read", "report", "rest", "review", "rs", "run", "save", "sc", "search", "security", "select",
    "services", "sh", "show", "si", "so", "st", "store", "style", "support", "systems", "target", "team", "tel", "to",
    "tools", "top", "vi", "video", "watch", "win", "works", "world", "zip", "zone",
];

/// What one text says. `found` is told of kind and text.
pub(super) fn find(text: &str, found: &mut dyn FnMut(LiteralKind, String)) {
    // The shortest that can say anything is `::1`, and none is without a dot or a colon.
    if text.len() < 3 || !text.contains(['.', ':']) {
        return;
    }
    urls(text, found);
    for word in text.split(|c: char| c.is_whitespace() || "\"'`,;<>()[]{}|\\^=!".contains(c)) {
        word_of(word.trim_matches(['.', ':', '&', '?', '*', '#', '-', '_', '+', '~']), found);
    }
}

/// What a text says that is written in base64, as far as it is text.
pub(super) fn decoded(text: &str) -> Option<String> {
    let bare = text.trim_end_matches('=');
    let is_base64 = (16..=65_536).contains(&bare.len())
        && bare.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_'));
    if !is_base64 {
        return None;
    }
    let standard = bare.replace('-', "+").replace('_', "/");
    let bytes = STANDARD_NO_PAD.decode(standard).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    text.chars().all(|c| !c.is_control() || c.is_whitespace()).then_some(text)
}

fn urls(text: &str, found: &mut dyn FnMut(LiteralKind, String)) {
    for (at, _) in text.match_indices("://") {
        let scheme_at = text[..at].rfind(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c));
        let start = scheme_at.map_or(0, |it| it + text[it..].chars().next().map_or(1, char::len_utf8));
        let scheme = &text[start..at];
        if scheme.is_empty() || !scheme.as_bytes()[0].is_ascii_alphabetic() {
            continue;
        }
        let rest = &text[at + 3..];
        let end = rest.find(|c: char| c.is_whitespace() || "\"'`<>\\^|{}".contains(c)).unwrap_or(rest.len());
        let rest = rest[..end].trim_end_matches(['.', ',', ';', ')', ']', '!', ':']);
        let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let Some(host) = host_of(host) else { continue };
        let scheme = scheme.to_ascii_lowercase();
        let is_named = match host.parse::<IpAddr>() {
            Ok(ip) => {
                found(LiteralKind::Ip, ip.to_string());
                true
            }
            Err(_) => {
                is_host(&host) && {
                    found(LiteralKind::Host, host.clone());
                    true
                }
            }
        };
        if is_named && matches!(scheme.as_str(), "http" | "https" | "ws" | "wss" | "ftp") {
            let tail = &rest[authority.len()..];
            let tail = &tail[..tail.find(['?', '#']).unwrap_or(tail.len())];
            // A path may hold a secret in its own right; the query and the user are left out altogether.
            found(LiteralKind::Url, cut(&mask_url(&format!("{scheme}://{host}{}", tail.trim_end_matches('/')))));
        }
    }
}

/// Host of `host:port` or `[::1]:port`, in lower case.
fn host_of(authority: &str) -> Option<String> {
    if let Some(inner) = authority.strip_prefix('[') {
        return Some(inner.split_once(']')?.0.to_ascii_lowercase());
    }
    let host = authority.split_once(':').map_or(authority, |(host, _)| host);
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    (!host.is_empty()).then_some(host)
}

fn word_of(word: &str, found: &mut dyn FnMut(LiteralKind, String)) {
    if word.len() < 3 || word.len() > LONGEST || word.contains("://") {
        return;
    }
    let word = word.strip_prefix("mailto:").unwrap_or(word);
    if let Some((name, host)) = word.split_once('@') {
        let host = host.trim_end_matches(['/', ':']).to_ascii_lowercase();
        // `name@1.0.0` and `@scope/name` are packages.
        let is_name = !name.is_empty()
            && name.len() <= 64
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._%+-/".contains(&b))
            && !name.contains('/');
        if is_name && is_mail_host(&host) {
            found(LiteralKind::Email, format!("{}@{host}", name.to_ascii_lowercase()));
        }
        return;
    }
    let (host, rest) = word.split_at(word.find(['/', '?', '#']).unwrap_or(word.len()));
    if let Some(ip) = address(host) {
        found(LiteralKind::Ip, ip.to_string());
        return;
    }
    let host = host.rsplit_once(':').filter(|(_, port)| is_port(port)).map_or(host, |(host, _)| host);
    let lower = host.to_ascii_lowercase();
    let is_plain = lower == host && (rest.len() < 2 || rest.starts_with('/'));
    if !is_plain || !is_host(&lower) {
        return;
    }
    let end = lower.rsplit('.').next().unwrap_or_default();
    if AMBIGUOUS.binary_search(&end).is_err() {
        found(LiteralKind::Host, lower);
    }
}

fn is_port(text: &str) -> bool {
    !text.is_empty() && text.len() <= 5 && text.bytes().all(|b| b.is_ascii_digit())
}

fn address(text: &str) -> Option<IpAddr> {
    let (bare, _) =
        text.rsplit_once(':').filter(|(host, port)| is_port(port) && host.contains('.')).unwrap_or((text, ""));
    let ip = match bare.parse::<Ipv4Addr>() {
        Ok(ip) => IpAddr::V4(ip),
        Err(_) => IpAddr::V6(text.parse::<Ipv6Addr>().ok()?),
    };
    Some(ip)
}

/// Whether an address can be reached from anywhere; those of this machine and of local networks cannot.
pub(super) fn is_public(ip: &str) -> bool {
    match ip.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => {
            !(ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_broadcast()
                || ip.is_documentation()
                || ip.is_multicast()
                || ip.octets()[0] == 0
                || ip.octets()[0] >= 240)
        }
        Ok(IpAddr::V6(ip)) => {
            let first = ip.segments()[0];
            first & 0xe000 == 0x2000 && !(first == 0x2001 && ip.segments()[1] == 0xdb8)
        }
        Err(_) => false,
    }
}

/// Hosts of this machine and names that are kept for examples.
pub(super) fn is_placeholder(host: &str) -> bool {
    let ends = |name: &str| host == name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'));
    ["localhost", "example.com", "example.org", "example.net", "local", "internal", "invalid", "test"]
        .iter()
        .any(|name| ends(name))
}

fn is_labels(host: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_') || b >= 0x80)
    };
    host.len() <= 253 && host.contains('.') && host.split('.').all(is_label)
}

/// Whether a name ends as domains do that can be bought.
fn is_host(host: &str) -> bool {
    is_labels(host)
        && (is_placeholder(host) || host.ends_with(".example") || has_known_end(host))
        && host.split('.').next_back().is_some_and(|end| !end.bytes().all(|b| b.is_ascii_digit()))
}

fn has_known_end(host: &str) -> bool {
    psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.is_known()) && psl::domain_str(host).is_some()
}

/// In front of an `@` stands a person, so what follows needs no known end.
fn is_mail_host(host: &str) -> bool {
    let end = host.rsplit('.').next().unwrap_or_default();
    is_labels(host) && end.len() >= 2 && end.bytes().all(|b| b.is_ascii_alphabetic()) && !is_file_end(end)
}

/// `icon@2x.png`
fn is_file_end(end: &str) -> bool {
    matches!(end, "png" | "jpg" | "jpeg" | "gif" | "svg" | "webp" | "js" | "ts" | "json" | "css" | "py" | "md" | "tgz")
}

/// The domain that somebody registered: what owner and name of a host are told by.
pub(super) fn registrable(host: &str) -> String {
    psl::domain_str(host).unwrap_or(host).to_owned()
}

/// The host that a literal names.
pub(super) fn host_in(kind: LiteralKind, text: &str) -> Option<&str> {
    match kind {
        LiteralKind::Host => Some(text),
        LiteralKind::Email => text.rsplit_once('@').map(|(_, host)| host),
        LiteralKind::Url => {
            let rest = text.split_once("://")?.1;
            Some(rest.split_once('/').map_or(rest, |(host, _)| host))
        }
        LiteralKind::Ip => None,
    }
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> String {
        let mut out = Vec::new();
        find(text, &mut |kind, text| {
            let kind = match kind {
                LiteralKind::Email => 'e',
                LiteralKind::Host => 'h',
                LiteralKind::Ip => 'i',
                LiteralKind::Url => 'u',
            };
            out.push(format!("{kind}:{text}"));
        });
        out.join(" ")
    }

    #[test]
    fn addresses_are_found() {
        let check = |text: &str, expect: &str| assert_eq!(all(text), expect, "{text}");
        check("phan@giftshop.club", "e:phan@giftshop.club");
        check("Copy <Copy@Evil.Example>, please", "e:copy@evil.example");
        check("https://api.evil.com/v1?key=secret#x", "h:api.evil.com u:https://api.evil.com/v1");
        check("see https://user:pw@a.dev/x.", "h:a.dev u:https://a.dev/x");
        check("wss://[2606:4700::1]:8080/x", "i:2606:4700::1 u:wss://2606:4700::1/x i:2606:4700::1");
        check("http://170.205.31.203:18080/a", "i:170.205.31.203 u:http://170.205.31.203/a");
        check("170.205.31.203", "i:170.205.31.203");
        check("2001:470:1f0b::2", "i:2001:470:1f0b::2");
        check("giftshop.club", "h:giftshop.club");
        check("smtp.evil.io", "h:smtp.evil.io");
        check("c2.evil.com:443", "h:c2.evil.com");
        check("postgres://db.evil.com/x", "h:db.evil.com");
    }

    #[test]
    fn what_is_no_address_is_not() {
        for text in [
            "package.json",
            "user.name",
            "README.md",
            "a.b.c",
            "index.ts",
            "react@18.2.0",
            "@scope/name@1.0.0",
            "e.g.",
            "1.2.3",
            "this.id",
            "icon@2x.png",
            "://",
            "http://",
            "Node.js",
            "foo::bar",
            "12:30",
            "https://${host}/x",
            "util.promisify",
            "obj.call",
            "https://localhost",
            "std::io",
            "Go.To",
        ] {
            assert_eq!(all(text), "", "{text}");
        }
    }

    #[test]
    fn the_ends_that_tell_nothing_are_sorted() {
        assert!(AMBIGUOUS.is_sorted());
    }

    #[test]
    fn base64_is_looked_into() {
        assert_eq!(decoded("cGhhbkBnaWZ0c2hvcC5jbHVi").as_deref(), Some("phan@giftshop.club"));
        assert_eq!(decoded("aHR0cHM6Ly9ldmlsLmV4YW1wbGUvYQ==").as_deref(), Some("https://evil.example/a"));
        assert_eq!(decoded("short"), None);
        assert_eq!(decoded("not base64 at all, no"), None);
    }

    #[test]
    fn machines_of_everybody_are_told_from_those_near() {
        let check = |ip: &str, expect: bool| assert_eq!(is_public(ip), expect, "{ip}");
        check("170.205.31.203", true);
        check("10.0.0.1", false);
        check("127.0.0.1", false);
        check("0.0.0.0", false);
        check("192.0.2.1", false);
        check("2606:4700::1", true);
        check("::1", false);
        check("fe80::1", false);
    }

    #[test]
    fn hosts_belong_to_who_registered_them() {
        let check = |host: &str, expect: &str| assert_eq!(registrable(host), expect);
        check("api.mail.evil.co.uk", "evil.co.uk");
        check("someone.github.io", "someone.github.io");
        check("evil.example", "evil.example");
    }
}
