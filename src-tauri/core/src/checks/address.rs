//! Addresses inside the words of a launch.

// The types only: `core::net` has no sockets.
use core::net::{IpAddr, Ipv6Addr};

/// An address as it is written, taken apart as far as text allows: placeholders stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Address<'a> {
    pub(super) whole: &'a str,
    pub(super) scheme: &'a str,
    /// What stands in front of the host's `@`.
    pub(super) user_info: Option<&'a str>,
    /// Without port; an IPv6 address without brackets.
    pub(super) host: &'a str,
}

/// How far away a host is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// `localhost`, `127.0.0.1`, `[::1]`.
    ThisMachine,
    /// A private or loopback address, or a name that only a local network answers.
    Near,
    Public,
    /// A placeholder decides.
    Unknown,
}

/// Finds every address in a text.
pub(super) fn addresses(text: &str) -> impl Iterator<Item = Address<'_>> {
    text.match_indices("://").filter_map(|(at, _)| {
        let is_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-');
        let scheme = text[..at].rsplit(|c| !is_scheme(c)).next().unwrap_or_default();
        let scheme = scheme.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
        let end = text[at..]
            .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`'))
            .map_or(text.len(), |it| at + it);
        let rest = &text[at + 3..end];
        let (user_info, host) = split(rest);
        (!scheme.is_empty()).then(|| Address { whole: &text[at - scheme.len()..end], scheme, user_info, host })
    })
}

fn split(rest: &str) -> (Option<&str>, &str) {
    // `${…}` may hold slashes and colons of its own.
    let mut open = 0_u32;
    let is_end = |c: char| {
        match c {
            '{' => open += 1,
            '}' => open = open.saturating_sub(1),
            '/' | '\\' | '?' | '#' => return open == 0,
            _ => {}
        }
        false
    };
    let end = rest.find(is_end);
    // A brace that nobody closes protects nothing.
    let end = if open > 0 { rest.find(['/', '\\', '?', '#']) } else { end };
    let authority = &rest[..end.unwrap_or(rest.len())];
    let (user_info, host) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
    let host = match host.strip_prefix('[') {
        Some(inner) => inner.split(']').next().unwrap_or_default(),
        None => match host.rfind([':', '}']) {
            Some(at) if host.as_bytes()[at] == b':' => &host[..at],
            _ => host,
        },
    };
    (user_info, host)
}

impl Address<'_> {
    /// Whether the host is a number.
    pub(super) fn is_ip(&self) -> bool {
        matches!(self.parsed(), Some(url::Host::Ipv4(_) | url::Host::Ipv6(_)))
    }

    fn parsed(&self) -> Option<url::Host> {
        // The parser of addresses knows the other ways to write a number, as `0x7f.1`.
        let bracketed = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.to_owned() };
        url::Url::parse(&format!("http://{bracketed}/")).ok().and_then(|it| it.host().map(|h| h.to_owned()))
    }

    pub(super) fn reach(&self) -> Reach {
        if is_placeholder(self.host) || self.host.is_empty() {
            return Reach::Unknown;
        }
        let host = match self.parsed() {
            Some(url::Host::Ipv4(ip)) => return ip_reach(ip.into()),
            Some(url::Host::Ipv6(ip)) => return ip_reach(ip.to_canonical()),
            Some(url::Host::Domain(name)) => name,
            None => self.host.to_ascii_lowercase(),
        };
        let host = host.trim_end_matches('.');
        const NEAR: [&str; 7] = [".local", ".internal", ".lan", ".home.arpa", ".localdomain", ".intranet", ".corp"];
        if host == "localhost" || host.ends_with(".localhost") {
            Reach::ThisMachine
        } else if !host.contains('.') || NEAR.iter().any(|ending| host.ends_with(ending)) {
            Reach::Near
        } else {
            Reach::Public
        }
    }
}

fn ip_reach(ip: IpAddr) -> Reach {
    match ip {
        IpAddr::V4(ip) if ip.octets() == [127, 0, 0, 1] => Reach::ThisMachine,
        IpAddr::V6(ip) if ip == Ipv6Addr::LOCALHOST => Reach::ThisMachine,
        IpAddr::V4(ip) => {
            let shared = ip.octets()[0] == 100 && ip.octets()[1] & 0xc0 == 64;
            if ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified() || shared {
                Reach::Near
            } else {
                Reach::Public
            }
        }
        IpAddr::V6(ip) if ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local() => Reach::Near,
        IpAddr::V6(_) => Reach::Public,
    }
}

/// Whether a part of an address is filled in later, or by the reader of an example.
pub(super) fn is_placeholder(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let has_pair = |open: char, close: char| text.find(open).is_some_and(|at| text[at..].contains(close));
    text.contains("${")
        || text.starts_with('$')
        || has_pair('{', '}')
        || has_pair('<', '>')
        || text.len() > 2 && text.starts_with('%') && text.ends_with('%')
        || ["your-", "your_", "changeme", "xxxx"].iter().any(|it| lower.contains(it))
        || matches!(lower.as_str(), "..." | "…" | "***")
}
