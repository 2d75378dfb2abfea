//! Advisories: which of the versions that connectors run are known to be vulnerable or harmful, as OSV tells it.
//!
//! One question for all of them names packages and versions; the records that it leads to are asked for one by one.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value as Json, json};
use url::Url;

use crate::facts::{Advisory, Dossier, Fact, Weight};
use crate::network::{Access, Ask, Failure, Purpose};

use super::services::{Inquiry, Subject, read_json};
use super::{Index, Package};

/// Questions in one request; the service takes no more.
const MOST_QUESTIONS: usize = 1000;

/// Pages of one answer that are asked for.
const MOST_PAGES: usize = 8;

const MOST_BYTES: usize = 32 * 1024 * 1024;

/// The database's ids of packages that do harm begin with it.
const MALICIOUS: &str = "MAL-";

/// What a version is known by, each as the service says it.
type Ids = BTreeSet<String>;

#[derive(Debug, Deserialize)]
struct Batch {
    results: Vec<Found>,
}

#[derive(Debug, Default, Deserialize)]
struct Found {
    #[serde(default)]
    vulns: Vec<Named>,
    #[serde(default)]
    next_page_token: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Named {
    id: String,
}

/// Asks about every version that is known.
pub(super) fn fill(inquiry: &Inquiry<'_>, dossiers: &mut BTreeMap<Subject, Dossier>) {
    let versions = dossiers.keys().filter_map(|subject| {
        let package = subject.origin.package()?;
        Some((subject.clone(), package.clone(), subject.version.clone()?))
    });
    let versions: Vec<_> = versions.collect();
    for (subject, dossier) in dossiers.iter_mut() {
        let reason = if subject.origin.package().is_some() { "version-not-told" } else { "no-package" };
        dossier.advisories = Fact::unknown(reason);
    }
    let Some(service) = &inquiry.registries.endpoints.advisories else {
        return tell(dossiers, versions.iter().map(|(subject, ..)| (subject, Err(Failure::NoAddress))), "");
    };
    let source = service.host_str().unwrap_or_default().to_owned();
    let ids: Vec<Result<Ids, Failure>> =
        versions.chunks(MOST_QUESTIONS).flat_map(|part| ids_of(inquiry, service, part)).collect();
    let named: BTreeSet<&String> = ids.iter().flatten().flatten().collect();
    let weights = weights(inquiry, service, &named);
    let told = versions.iter().zip(&ids).map(|((subject, ..), ids)| {
        let records = ids.as_ref().map_err(|failure| *failure).map(|ids| {
            let records = ids.iter().filter_map(|id| advisory(id, weights.get(id).copied()));
            (records.collect::<Vec<_>>(), inquiry.now)
        });
        (subject, records)
    });
    tell(dossiers, told, &source);
}

type Told = Result<(Vec<Advisory>, jiff::Timestamp), Failure>;

fn tell<'a>(dossiers: &mut BTreeMap<Subject, Dossier>, told: impl Iterator<Item = (&'a Subject, Told)>, source: &str) {
    for (subject, outcome) in told {
        let Some(dossier) = dossiers.get_mut(subject) else { continue };
        dossier.advisories = match outcome {
            Ok((records, at)) => Fact::known(records, source, at),
            Err(failure) => Fact::unknown(failure.name()),
        };
    }
}

/// A record that was taken back counts as none.
fn advisory(id: &str, record: Option<Record>) -> Option<Advisory> {
    let weight = match record {
        Some(Record::Withdrawn) => return None,
        Some(Record::Stands(weight)) => weight,
        // What the first answer says counts, whether or not more can be learned.
        None => Weight::Untold,
    };
    Some(Advisory { id: id.to_owned(), is_malicious: id.starts_with(MALICIOUS), weight })
}

/// The ids for each of these versions, page by page.
fn ids_of(inquiry: &Inquiry<'_>, service: &Url, versions: &[(Subject, Package, String)]) -> Vec<Result<Ids, Failure>> {
    let mut all: Vec<Result<Ids, Failure>> = versions.iter().map(|_| Ok(Ids::new())).collect();
    let mut open: Vec<(usize, Option<String>)> = (0..versions.len()).map(|at| (at, None)).collect();
    for _ in 0..MOST_PAGES {
        if open.is_empty() {
            return all;
        }
        let queries = open.iter().map(|(at, page)| query(&versions[*at], page.as_deref()));
        let body = json!({"queries": queries.collect::<Vec<_>>()}).to_string();
        let answer = match service.join("v1/querybatch") {
            Ok(url) => inquiry.network.post(vec![(ask(url, false), body)]).pop().unwrap_or(Err(Failure::NoAddress)),
            Err(_) => Err(Failure::NoAddress),
        };
        let found = answer.and_then(|answer| read_json::<Batch>(&answer)).and_then(|batch| {
            // An answer to other questions is none to these.
            if batch.results.len() == open.len() { Ok(batch.results) } else { Err(Failure::Unexpected) }
        });
        match found {
            Ok(found) => {
                let asked = std::mem::take(&mut open);
                for ((at, _), found) in asked.into_iter().zip(found) {
                    if let Ok(ids) = &mut all[at] {
                        ids.extend(found.vulns.into_iter().map(|one| one.id));
                    }
                    open.extend(found.next_page_token.map(|page| (at, Some(page))));
                }
            }
            Err(failure) => {
                open.iter().for_each(|(at, _)| all[*at] = Err(failure));
                return all;
            }
        }
    }
    // A list that has no end was not read to its end.
    open.iter().for_each(|(at, _)| all[*at] = Err(Failure::TooLarge));
    all
}

fn query((_, package, version): &(Subject, Package, String), page: Option<&str>) -> Json {
    let ecosystem = match package.index {
        Index::Npm => "npm",
        Index::Pypi => "PyPI",
    };
    let mut query = json!({"package": {"ecosystem": ecosystem, "name": package.name}, "version": version});
    if let Some(page) = page {
        query["page_token"] = page.into();
    }
    query
}

/// What the record itself says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Record {
    Withdrawn,
    Stands(Weight),
}

/// Asks for the records. One that does not come is missing from the answer.
fn weights(inquiry: &Inquiry<'_>, service: &Url, ids: &BTreeSet<&String>) -> BTreeMap<String, Record> {
    let asks = ids.iter().filter_map(|id| {
        let is_plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
        let url = is_plain.then(|| service.join(&format!("v1/vulns/{id}")).ok())?;
        Some(((*id).clone(), ask(url?, inquiry.anew)))
    });
    let (ids, asks): (Vec<_>, Vec<_>) = asks.unzip();
    let answers = inquiry.network.ask(asks).into_iter().map(|answer| answer.and_then(|it| read_json::<Json>(&it)));
    ids.into_iter().zip(answers).filter_map(|(id, record)| Some((id, record_of(&record.ok()?)))).collect()
}

/// The databases that are gathered there say more in a part that each shapes as it likes: an object, a list, or none.
fn record_of(record: &Json) -> Record {
    if record["withdrawn"].is_string() {
        return Record::Withdrawn;
    }
    let own = record["database_specific"]["severity"].as_str();
    let of_affected =
        || record["affected"].as_array()?.iter().find_map(|one| one["database_specific"]["severity"].as_str());
    let word = own.or_else(of_affected).unwrap_or_default().to_ascii_uppercase();
    Record::Stands(match word.as_str() {
        "LOW" => Weight::Low,
        "MODERATE" | "MEDIUM" => Weight::Moderate,
        "HIGH" => Weight::High,
        "CRITICAL" => Weight::Critical,
        _ => Weight::Untold,
    })
}

fn ask(url: Url, anew: bool) -> Ask {
    Ask {
        url,
        accept: "application/json",
        purpose: Purpose::Advisories,
        most_bytes: MOST_BYTES,
        anew,
        holds_for: Duration::ZERO,
        access: Access::Anybody,
    }
}

#[cfg(test)]
mod tests;
