//! The domains of publishers and of hosts: whether they are there, whom their mail goes to, and how old they are. Asked by the
//! web's own form of the domain name system (DNS over HTTPS) and by RDAP, so that these requests too stand in the list.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value as Json;
use url::Url;

use crate::facts::{Domain, Dossier, Fact, Listing, Publication};
use crate::network::{Answer, Ask, Failure, Purpose};

use super::services::{Inquiry, Origin, Subject, all_day, read_json, reversed};
use super::{Index, pypi};

const MOST_BYTES: usize = 1024 * 1024;

/// Where everybody can have an address: nobody owns the domain who publishes from it.
const OF_EVERYBODY: &[&str] = &[
    "126.com",
    "163.com",
    "aol.com",
    "fastmail.com",
    "github.com",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "outlook.com",
    "pm.me",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "tutanota.com",
    "web.de",
    "yahoo.com",
    "yandex.ru",
    "ymail.com",
    "zoho.com",
];

/// Names of entries below these are proved by an account with a host of code.
const OF_ACCOUNTS: &[&str] = &["github.io", "gitlab.io"];

/// The registry tells no address of the publisher's.
const NO_DOMAIN: &str = "no-publisher-domain";
/// The publisher has one where everybody can.
const SHARED: &str = "shared-domain";

const NO_ERROR: u32 = 0;
const NO_SUCH_NAME: u32 = 3;

#[derive(Deserialize)]
struct Resolved {
    #[serde(rename = "Status")]
    status: u32,
    #[serde(default, rename = "Answer")]
    answers: Vec<Record>,
}

#[derive(Deserialize)]
struct Record {
    #[serde(default)]
    data: String,
}

#[derive(Deserialize)]
struct Registration {
    #[serde(default)]
    events: Vec<Event>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    #[serde(default)]
    event_action: String,
    #[serde(default)]
    event_date: String,
}

/// Asks about each domain once, and at most once a day: those of publishers and of hosts, and those by which the owners of
/// entries have proved that these are theirs.
pub(super) fn fill(inquiry: &Inquiry<'_>, dossiers: &mut BTreeMap<Subject, Dossier>) {
    let mut of_publishers: Vec<(&Subject, String)> = Vec::new();
    let mut of_entries: Vec<(&Subject, String)> = Vec::new();
    let mut addresses = addresses(inquiry);
    for (subject, publication) in &inquiry.subjects {
        let Some(dossier) = dossiers.get_mut(subject) else { continue };
        if let Some(Listing::Mutual { name, .. }) = dossier.listing.value()
            && subject.origin.host().is_none()
            && let Some(domain) = behind(name)
        {
            of_entries.push((subject, domain));
        }
        match publishers(subject, *publication, &mut addresses) {
            Err(failure) => dossier.domain = Fact::unknown(failure.name()),
            Ok(None) => dossier.domain = Fact::unknown(NO_DOMAIN),
            Ok(Some(domain)) if OF_EVERYBODY.contains(&domain.as_str()) => dossier.domain = Fact::unknown(SHARED),
            Ok(Some(domain)) => of_publishers.push((subject, domain)),
        }
    }
    let domains: BTreeSet<&String> = of_publishers.iter().chain(&of_entries).map(|(_, domain)| domain).collect();
    let asks: Vec<Option<Ask>> = domains.iter().flat_map(|domain| questions(inquiry, domain)).collect();
    let answers = inquiry.ask_each(asks);
    let told = domains.iter().zip(answers.chunks(4)).map(|(domain, answers)| (*domain, domain_of(domain, answers)));
    let told: BTreeMap<&String, Result<(Domain, jiff::Timestamp), Failure>> = told.collect();
    let source = inquiry.registries.endpoints.names.as_ref().and_then(Url::host_str).unwrap_or_default();
    let fact = |domain: &String| match &told[domain] {
        Ok((domain, at)) => Fact::known(domain.clone(), source, *at),
        Err(failure) => Fact::unknown(failure.name()),
    };
    for (subject, domain) in &of_publishers {
        if let Some(dossier) = dossiers.get_mut(*subject) {
            dossier.domain = fact(domain);
        }
    }
    for (subject, domain) in &of_entries {
        if let Some(dossier) = dossiers.get_mut(*subject) {
            dossier.namespace = fact(domain);
        }
    }
}

/// The registrable domain that somebody publishes from, or that is called; `None` where none is told.
fn publishers(
    subject: &Subject,
    publication: Option<&Publication>,
    addresses: &mut BTreeMap<Subject, Result<Option<String>, Failure>>,
) -> Result<Option<String>, Failure> {
    let told = match &subject.origin {
        Origin::Host(host) => Some(host.clone()),
        Origin::Image(_) | Origin::Repository(_) => None,
        Origin::Package(package) if package.index == Index::Pypi => addresses.remove(subject).unwrap_or(Ok(None))?,
        Origin::Package(_) => {
            let release = subject.version.as_deref().and_then(|version| publication?.releases.get(version));
            release.and_then(|release| release.mail_domain.clone())
        }
    };
    Ok(told.and_then(|told| psl::domain_str(&told).map(str::to_owned)))
}

/// The domains of the addresses that Python packages name, which their index has in a list of its own.
fn addresses(inquiry: &Inquiry<'_>) -> BTreeMap<Subject, Result<Option<String>, Failure>> {
    let told = pypi::descriptions(inquiry, Purpose::Domains).iter();
    let read = |info: &Json| {
        let fields = ["author_email", "maintainer_email"].map(|key| info[key].as_str().unwrap_or_default());
        fields.into_iter().find_map(mail_domain)
    };
    told.map(|(subject, info)| (subject.clone(), info.as_ref().map(read).map_err(|failure| *failure))).collect()
}

/// Behind the `@` of the first of some addresses: `A. Author <author@domain>, …`, `author@domain`. A name may hold commas,
/// and an `@` too where the address stands in brackets.
fn mail_domain(addresses: &str) -> Option<String> {
    let in_brackets =
        addresses.split('<').skip(1).find_map(|rest| rest.split('>').next().filter(|it| it.contains('@')));
    let (_, rest) = in_brackets.unwrap_or(addresses).split_once('@')?;
    let domain = rest.split([',', ';', '>', ' ', '\t', '\n']).next()?;
    (!domain.is_empty()).then(|| domain.to_ascii_lowercase())
}

/// The registrable domain whose owner alone can have an entry of that name: `com.vendor/mail` is of `vendor.com`. Names below
/// a host of code are given to its accounts.
fn behind(entry: &str) -> Option<String> {
    let (owner, _) = entry.split_once('/')?;
    let host = reversed(owner);
    let is_account = OF_ACCOUNTS.iter().any(|of| host.strip_suffix(of).is_some_and(|rest| rest.ends_with('.')));
    psl::domain_str(&host).filter(|_| !is_account).map(str::to_owned)
}

/// Mail, what is said of mail in two places, and the registration: in this order.
fn questions(inquiry: &Inquiry<'_>, domain: &str) -> [Option<Ask>; 4] {
    let endpoints = &inquiry.registries.endpoints;
    let resolve = |name: &str, kind: &str| {
        let mut url = endpoints.names.as_ref()?.join("resolve").ok()?;
        url.query_pairs_mut().append_pair("name", name).append_pair("type", kind);
        Some(all_day(inquiry, url, "application/dns-json", Purpose::Domains, MOST_BYTES))
    };
    let registration = endpoints.registrations.as_ref().and_then(|it| it.join(&format!("domain/{domain}")).ok());
    [
        resolve(domain, "MX"),
        resolve(domain, "TXT"),
        resolve(&format!("_dmarc.{domain}"), "TXT"),
        registration.map(|url| all_day(inquiry, url, "application/rdap+json", Purpose::Domains, MOST_BYTES)),
    ]
}

/// What the four answers say together. Without the first nothing is known; of the rest each adds what it can.
fn domain_of(name: &str, answers: &[Result<Answer, Failure>]) -> Result<(Domain, jiff::Timestamp), Failure> {
    let [mail, texts, policy, registration] = answers else { return Err(Failure::Unexpected) };
    let answer = mail.as_ref().map_err(|failure| *failure)?;
    let mail = resolved(answer)?;
    let says = |answer: &Result<Answer, Failure>, start: &str| {
        let told = answer.as_ref().ok().and_then(|answer| resolved(answer).ok());
        told.map(|told| told.answers.iter().any(|record| record.data.trim_matches('"').starts_with(start)))
    };
    let registration = registration.as_ref().ok().and_then(|answer| read_json::<Registration>(answer).ok());
    // A domain may be registered and lead nowhere: nobody else can have it.
    let is_registered = registration.as_ref().is_some_and(|it| !it.events.is_empty());
    let event = |action: &str| {
        let events = registration.iter().flat_map(|it| &it.events);
        events.filter(|event| event.event_action == action).find_map(|event| event.event_date.parse().ok())
    };
    let domain = Domain {
        name: name.to_owned(),
        exists: mail.status != NO_SUCH_NAME || is_registered,
        // A lone dot says that it takes none (RFC 7505).
        takes_mail: mail.answers.iter().any(|record| !record.data.trim_end().ends_with(" .")),
        has_spf: says(texts, "v=spf1"),
        has_dmarc: says(policy, "v=DMARC1"),
        registered: event("registration"),
        expires: event("expiration"),
    };
    Ok((domain, answer.at))
}

fn resolved(answer: &Answer) -> Result<Resolved, Failure> {
    let told: Resolved = read_json(answer)?;
    match told.status {
        NO_ERROR | NO_SUCH_NAME => Ok(told),
        _ => Err(Failure::Server),
    }
}

#[cfg(test)]
mod tests;
