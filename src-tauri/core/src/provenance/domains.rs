//! The domains of publishers and of hosts: whether they are there, whom their mail goes to, and how old they are. Asked by the
//! web's own form of the domain name system (DNS over HTTPS) and by RDAP, so that these requests too stand in the list.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use url::Url;

use crate::facts::{Domain, Dossier, Fact};
use crate::network::{Answer, Ask, Failure, Purpose};

use super::services::{Inquiry, Origin, Subject, all_day, read_json};

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

/// Asks about each domain once, and at most once a day.
pub(super) fn fill(inquiry: &Inquiry<'_>, dossiers: &mut BTreeMap<Subject, Dossier>) {
    let mut subjects: Vec<(Subject, String)> = Vec::new();
    for (subject, publication) in &inquiry.subjects {
        let Some(dossier) = dossiers.get_mut(subject) else { continue };
        let domain = match &subject.origin {
            Origin::Host(host) => psl::domain_str(host),
            Origin::Package(_) => {
                let release =
                    subject.version.as_deref().and_then(|version| publication.as_ref()?.releases.get(version));
                release.and_then(|release| psl::domain_str(release.mail_domain.as_deref()?))
            }
        };
        match domain {
            None => dossier.domain = Fact::unknown(NO_DOMAIN),
            Some(domain) if OF_EVERYBODY.contains(&domain) => dossier.domain = Fact::unknown(SHARED),
            Some(domain) => subjects.push((subject.clone(), domain.to_owned())),
        }
    }
    let domains: BTreeSet<&String> = subjects.iter().map(|(_, domain)| domain).collect();
    let asks: Vec<Option<Ask>> = domains.iter().flat_map(|domain| questions(inquiry, domain)).collect();
    let answers = inquiry.ask_each(asks);
    let told = domains.iter().zip(answers.chunks(4)).map(|(domain, answers)| (*domain, domain_of(domain, answers)));
    let told: BTreeMap<&String, Result<(Domain, jiff::Timestamp), Failure>> = told.collect();
    let source = inquiry.registries.endpoints.names.as_ref().and_then(Url::host_str).unwrap_or_default();
    for (subject, domain) in &subjects {
        let Some(dossier) = dossiers.get_mut(subject) else { continue };
        dossier.domain = match &told[domain] {
            Ok((domain, at)) => Fact::known(domain.clone(), source, *at),
            Err(failure) => Fact::unknown(failure.name()),
        };
    }
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
        told.is_some_and(|told| told.answers.iter().any(|record| record.data.trim_matches('"').starts_with(start)))
    };
    let registration = registration.as_ref().ok().and_then(|answer| read_json::<Registration>(answer).ok());
    let event = |action: &str| {
        let events = registration.iter().flat_map(|it| &it.events);
        events.filter(|event| event.event_action == action).find_map(|event| event.event_date.parse().ok())
    };
    let domain = Domain {
        name: name.to_owned(),
        exists: mail.status != NO_SUCH_NAME,
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
