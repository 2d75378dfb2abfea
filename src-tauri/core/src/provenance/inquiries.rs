//! What the tests of services share: one question to a server on this machine, and everything that a server can do wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use crate::facts::{Dossier, Publication, Release};
use crate::host::{Host, Os};
use crate::network::web::{How, Says, Web};
use crate::network::{Network, Patience};

use super::services::{Inquiry, Origin, Subject};
use super::{Descriptions, Index, Mirrors, Package, Registries};

pub(super) const NOW: &str = "2026-11-28T12:00:00Z";

pub(super) fn subject(index: Index, name: &str, version: Option<&str>) -> Subject {
    let package = Package { index, name: name.to_owned() };
    Subject { origin: Origin::Package(package), version: version.map(str::to_owned) }
}

pub(super) fn host(name: &str) -> Subject {
    Subject { origin: Origin::Host(name.to_owned()), version: None }
}

pub(super) fn image(name: &str) -> Subject {
    Subject { origin: Origin::Image(name.to_owned()), version: None }
}

/// What a registry says of one version.
pub(super) fn publication(version: &str, release: Release) -> Publication {
    Publication {
        at: NOW.parse().expect("a time"),
        registry: "registry.example".to_owned(),
        is_default: false,
        is_quarantined: false,
        created: None,
        tags: BTreeMap::new(),
        releases: [(version.to_owned(), release)].into(),
    }
}

/// What one service makes of these subjects.
pub(super) fn told(
    fill: impl Fn(&Inquiry<'_>, &mut BTreeMap<Subject, Dossier>),
    mirrors: &Mirrors<'_>,
    subjects: &[(Subject, Option<Publication>)],
) -> BTreeMap<Subject, Dossier> {
    let home = TempDir::new().expect("a folder");
    let now: jiff::Timestamp = NOW.parse().expect("a time");
    let host = Host::new(Os::Linux, home.path().to_owned(), BTreeMap::new(), Arc::new(move || now));
    let short = Duration::from_millis(3_000);
    let patience = Patience { connect: short, total: short, retries: 1, pause: Duration::from_millis(4) };
    let network = Network::new(host.clone(), None, patience).expect("a client");
    let registries = Registries::of(&host, mirrors);
    let without = BTreeSet::new();
    let asked = subjects.iter().map(|(subject, publication)| (subject.clone(), publication.as_ref())).collect();
    let (network, registries, without) = (&network, &registries, &without);
    let inquiry = Inquiry {
        network,
        registries,
        now,
        anew: false,
        subjects: asked,
        without,
        token: None,
        descriptions: Descriptions::default(),
    };
    let mut dossiers = subjects.iter().map(|(subject, _)| (subject.clone(), Dossier::default())).collect();
    fill(&inquiry, &mut dossiers);
    dossiers
}

/// What servers do wrong whatever they are asked, each with the reason that it has to end as. `good` is an answer that is
/// believed, and `most` the longest that is read.
pub(super) fn troubles(good: &str, most: usize) -> Vec<(Says, &'static str)> {
    vec![
        (Says::status(429), "rate-limited"),
        (Says::status(500), "server"),
        (Says::status(503), "server"),
        (Says::json(&good[..good.len() / 2]), "unreadable"),
        (Says::json("[]"), "unreadable"),
        (Says::json("3"), "unreadable"),
        (Says::typed("text/html", good), "unreadable"),
        (Says::typed("text/html", "<html>ok</html>"), "unreadable"),
        (Says::status(302).with("location", "/elsewhere"), "redirected"),
        (Says { how: How::CutAt(3), ..Says::json(good) }, "truncated"),
        (Says { how: How::Never, ..Says::json(good) }, "timed-out"),
        (Says { how: How::HangUp, ..Says::json(good) }, "unreachable"),
        (Says::json(format!("{good}{}", " ".repeat(most))), "too-large"),
    ]
}

/// A server that says the same to everybody.
pub(super) fn always(says: &Says) -> Web {
    let says = says.clone();
    Web::new(move |_| says.clone())
}
