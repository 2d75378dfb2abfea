//! What stands beside a connector, and when each came: for checks that no entry answers by itself.

use std::collections::HashMap;
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};

use crate::connector::{Connector, ConnectorId, Fingerprint};
use crate::launch_line::Ecosystem;

/// What comes within this of each other came together.
pub(super) const TOGETHER: SignedDuration = SignedDuration::from_secs(60);

/// When a connector came, as far as it was watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// It was there before, or nobody watched.
    Unseen,
    /// Somebody has decided on it since: how it came is settled.
    Settled,
    Seen(Timestamp),
}

/// One connector among others.
#[derive(Debug, Clone)]
pub struct Neighbour {
    pub id: ConnectorId,
    /// The id of its row.
    pub client: String,
    pub name: String,
    pub fingerprint: Fingerprint,
    /// What runs, without its arguments; `None` where it cannot be told.
    pub subject: Option<String>,
    pub arrival: Arrival,
    /// When the local code that it runs was made, if it runs any.
    pub code_made: Option<Timestamp>,
}

impl Neighbour {
    pub fn of(connector: &Connector, arrival: Arrival, code_made: Option<Timestamp>) -> Self {
        Self {
            id: connector.id.clone(),
            client: connector.client.clone(),
            name: connector.name.clone(),
            fingerprint: connector.fingerprint.clone(),
            subject: subject(connector),
            arrival,
            code_made,
        }
    }
}

/// Package, image or repository; the host of an address; the name of a program or script.
fn subject(connector: &Connector) -> Option<String> {
    let line = &connector.launch_line;
    if let Some(package) = &line.package {
        return Some(format!("{:?} {}", line.ecosystem, package.to_ascii_lowercase()));
    }
    if line.ecosystem == Ecosystem::Remote {
        let url = url::Url::parse(connector.launch.url.as_deref()?).ok()?;
        return url.host_str().map(str::to_owned);
    }
    let code = connector.local_code.as_ref()?;
    Some(code.file_name()?.to_string_lossy().into_owned())
}

/// All connectors of a machine, indexed for the checks.
#[derive(Debug, Default)]
pub struct Surroundings {
    pub(super) home: PathBuf,
    by_id: HashMap<ConnectorId, Neighbour>,
    by_fingerprint: HashMap<Fingerprint, Vec<ConnectorId>>,
    by_name: HashMap<String, Vec<ConnectorId>>,
    /// When each came, in order, and how many came within one span from there.
    arrivals: Vec<(Timestamp, usize)>,
}

impl Surroundings {
    pub fn new(home: PathBuf, neighbours: impl IntoIterator<Item = Neighbour>) -> Self {
        let mut all = Self { home, ..Self::default() };
        let mut arrivals = Vec::new();
        for one in neighbours {
            all.by_fingerprint.entry(one.fingerprint.clone()).or_default().push(one.id.clone());
            all.by_name.entry(one.name.to_lowercase()).or_default().push(one.id.clone());
            if let Arrival::Seen(at) = one.arrival {
                arrivals.push(at);
            }
            all.by_id.insert(one.id.clone(), one);
        }
        arrivals.sort();
        all.arrivals = with_spans(&arrivals);
        all
    }

    pub(super) fn get(&self, id: &ConnectorId) -> Option<&Neighbour> {
        self.by_id.get(id)
    }

    /// The others with the same launch.
    pub(super) fn same_launch(&self, of: &Neighbour) -> impl Iterator<Item = &Neighbour> {
        let ids = self.by_fingerprint.get(&of.fingerprint).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter(|id| **id != of.id).filter_map(|id| self.get(id))
    }

    /// The others under the same name, whatever its case.
    pub(super) fn same_name(&self, of: &Neighbour) -> impl Iterator<Item = &Neighbour> {
        let ids = self.by_name.get(&of.name.to_lowercase()).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter(|id| **id != of.id).filter_map(|id| self.get(id))
    }

    /// The most that came within one span with what came at `at`, itself included.
    pub(super) fn together(&self, at: Timestamp) -> usize {
        let from = self.arrivals.partition_point(|(first, _)| at.duration_since(*first) > TOGETHER);
        let firsts = self.arrivals[from..].iter().take_while(|(first, _)| *first <= at);
        firsts.map(|(_, within)| *within).max().unwrap_or(0)
    }
}

/// Adds to each of these times, which are in order, how many lie within one span from it. Of equal ones the first counts
/// all.
fn with_spans(arrivals: &[Timestamp]) -> Vec<(Timestamp, usize)> {
    let mut end = 0;
    let spans = arrivals.iter().enumerate().map(|(from, first)| {
        while arrivals.get(end).is_some_and(|one| one.duration_since(*first) <= TOGETHER) {
            end += 1;
        }
        (*first, end - from)
    });
    spans.collect()
}
