//! Hosts that may be taken for a vendor's.

use unicode_security::RestrictionLevel;
use unicode_security::RestrictionLevelDetection as _;

use crate::catalogue::{Kind, folded};
use crate::finding::Severity;

use super::edits::is_one_edit;
use super::spelling::{GENERIC, look, words_of};
use super::{How, Likeness, Squats};

/// A host in both of its spellings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// As it goes over the wire.
    pub ascii: String,
    /// As it is shown.
    pub unicode: String,
}

impl Host {
    /// `None` where it is no name of a host.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim_end_matches('.');
        let ascii = match idna::domain_to_ascii_cow(text.as_bytes(), idna::AsciiDenyList::URL) {
            Ok(ascii) => ascii.into_owned(),
            // Nobody could register it, but it can be written.
            Err(_) if text.is_ascii() => text.to_ascii_lowercase(),
            Err(_) => return None,
        };
        let (unicode, _) = idna::domain_to_unicode(&ascii);
        (!ascii.is_empty()).then(|| Self { ascii, unicode: unicode.to_lowercase() })
    }

    /// Whether one of its labels mixes letters of scripts that nobody writes together.
    pub fn mixes_scripts(&self) -> bool {
        let is_mixed = |label: &str| label.detect_restriction_level() > RestrictionLevel::HighlyRestrictive;
        !self.unicode.is_ascii() && self.unicode.split('.').any(is_mixed)
    }
}

impl Squats<'_> {
    /// The vendor that a host is certainly one of.
    pub fn vendor_of_host(&self, host: &Host) -> Option<usize> {
        let vendors = &self.catalogue.vendors;
        if let Some(entry) = self.catalogue.entry(Kind::Remote, &host.ascii) {
            return entry.vendor;
        }
        let is_under = |domain: &String| is_under(&host.ascii, domain);
        vendors.iter().position(|vendor| vendor.domains.iter().any(is_under))
    }

    /// The gravest likeness of a host; `None` for a known one, and for one that is like none.
    pub fn host_likeness(&self, host: &Host) -> Option<Likeness> {
        if self.catalogue.entry(Kind::Remote, &host.ascii).is_some() || self.vendor_of_host(host).is_some() {
            return None;
        }
        let mut found = Vec::new();
        let vendors = self.catalogue.vendors.iter().enumerate();
        let domains = vendors.flat_map(|(at, vendor)| vendor.domains.iter().map(move |it| (Some(at), it.as_str())));
        for (vendor, domain) in domains {
            if let Some((how, severity)) = like_domain(host, domain) {
                found.push(Likeness { how, like: domain.to_owned(), vendor, severity });
            }
        }
        for entry in self.catalogue.entries.iter().filter(|entry| entry.kind == Kind::Remote) {
            if let Some((how, severity)) = like_host(host, &entry.name) {
                found.push(Likeness { how, like: entry.name.clone(), vendor: entry.vendor, severity });
            }
        }
        found.extend(self.named_after(host));
        found.into_iter().max_by(|a, b| a.severity.cmp(&b.severity).then_with(|| b.how.cmp(&a.how)))
    }

    /// A domain that is nothing but a vendor's name and what every connector has in its name.
    fn named_after(&self, host: &Host) -> Option<Likeness> {
        let label = registered(&host.unicode)?.0;
        if !label.is_ascii() {
            // What is left of it is a vendor's name: the foreign letter is there to be overlooked.
            let ascii: String = look_ascii(label);
            let vendor = words_of(&ascii).iter().find_map(|word| self.catalogue.vendor_of_word(word))?;
            let like = self.catalogue.vendors[vendor].domains.first()?.clone();
            return Some(Likeness { how: How::LookAlike, like, vendor: Some(vendor), severity: Severity::High });
        }
        let words = words_of(label);
        let rest: Vec<&String> = words.iter().filter(|word| !GENERIC.contains(&word.as_str())).collect();
        let [word] = rest.as_slice() else { return None };
        let vendor = self.catalogue.vendor_of_word(word).filter(|_| words.len() > 1)?;
        let like = self.catalogue.vendors[vendor].domains.first()?.clone();
        Some(Likeness { how: How::Decorated, like, vendor: Some(vendor), severity: Severity::Medium })
    }
}

/// The letters of ASCII, and the marks.
fn look_ascii(label: &str) -> String {
    label.chars().filter(char::is_ascii).collect()
}

fn is_under(host: &str, domain: &str) -> bool {
    host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

/// The label that somebody registered, and what stands behind it.
fn registered(host: &str) -> Option<(&str, &str)> {
    psl::domain_str(host)?.split_once('.')
}

fn like_host(host: &Host, known: &str) -> Option<(How, Severity)> {
    if host.ascii.strip_prefix(known).is_some_and(|rest| rest.starts_with('.')) {
        return Some((How::Domain, Severity::High));
    }
    if host.unicode != known && look(&folded(&host.unicode)) == look(&folded(known)) {
        let is_same = folded(&host.unicode) == folded(known);
        return Some((if is_same { How::Marks } else { How::LookAlike }, Severity::High));
    }
    None
}

fn like_domain(host: &Host, domain: &str) -> Option<(How, Severity)> {
    // `vendor.com.elsewhere.net`
    if domain.contains('.') && format!(".{}.", host.ascii).contains(&format!(".{domain}.")) {
        return Some((How::Domain, Severity::High));
    }
    let (label, suffix) = registered(&host.unicode)?;
    let (known, end) = registered(domain)?;
    if known.chars().count() < 4 {
        return None;
    }
    if label == known {
        return Some((How::Domain, Severity::Medium));
    }
    if suffix != end {
        return None;
    }
    if look(&folded(label)) == look(&folded(known)) {
        return Some((How::LookAlike, Severity::High));
    }
    let severity = if known.chars().count() >= 6 { Severity::High } else { Severity::Medium };
    is_one_edit(label, known).then_some((How::OneEdit, severity))
}
