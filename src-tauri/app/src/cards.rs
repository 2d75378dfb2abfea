//! Cards from open questions: which rows are one question, and what it offers.

use std::collections::BTreeMap;

use gatehouse_core::connector::ConnectorId;
use gatehouse_core::engine::Survey;
use gatehouse_core::facts::ArtefactKind;
use gatehouse_core::guard::{Standing, Why};
use gatehouse_core::launch_line::{Ecosystem, Pin};
use gatehouse_core::memory::{Memory, Remembered};
use gatehouse_core::policy::FolderRule;
use gatehouse_core::record::{QuestionKind, Sighting};
use gatehouse_core::report::{PublicationState, Row, Status};
use gatehouse_core::request::{ApproveHow, Refusal};
use gatehouse_core::sentences::Speech;

use crate::dto::{ApproveOffer, Card, First, KeepApproved, Offers, Refused};

/// Makes one card for each question, riskiest first, then oldest first.
pub(crate) fn cards(survey: &Survey, speech: &Speech<'_>) -> Vec<Card> {
    let mut groups: BTreeMap<(&str, &'static str, bool), Vec<&Row>> = BTreeMap::new();
    for row in &survey.inventory.connectors {
        if let Some(question) = &row.question {
            let key = (row.fingerprint.as_str(), kind_word(question.kind), runs(row));
            groups.entry(key).or_default().push(row);
        }
    }
    let mut cards: Vec<_> = groups.into_values().map(|rows| (rank(&rows), card(survey, speech, &rows))).collect();
    cards.sort_by(|(a, _), (b, _)| a.cmp(b));
    cards.into_iter().map(|(_, card)| card).collect()
}

/// Whether the worst of a row is worth an alarm.
pub(crate) fn is_grave(row: &Row) -> bool {
    row.why == Why::KnownMalicious || row.findings.iter().any(|f| f.severity >= gatehouse_core::finding::Severity::High)
}

/// What is remembered of a row.
pub(crate) fn remembered<'a>(memory: &'a Memory, row: &Row) -> Option<(&'a ConnectorId, &'a Remembered)> {
    memory.connectors.iter().find(|(id, _)| id.0.starts_with(&row.id))
}

fn kind_word(kind: QuestionKind) -> &'static str {
    match kind {
        QuestionKind::New => "new",
        QuestionKind::Changed => "changed",
        QuestionKind::Artefact => "artefact",
    }
}

/// It runs although a question is open: asked for below a client, or nobody reviewed it.
fn runs(row: &Row) -> bool {
    matches!(row.status, Status::Unreviewed | Status::Approved | Status::Released | Status::AllowedByPolicy)
}

/// Smaller comes first.
fn rank(rows: &[&Row]) -> (bool, std::cmp::Reverse<usize>, String, String) {
    let malicious = rows.iter().any(|row| row.why == Why::KnownMalicious);
    let worst = rows.iter().flat_map(|row| &row.findings).map(|finding| finding.severity as usize + 1).max();
    let since = rows.iter().filter_map(|row| Some(row.question.as_ref()?.since.clone())).min();
    (!malicious, std::cmp::Reverse(worst.unwrap_or(0)), since.unwrap_or_default(), rows[0].id.clone())
}

fn card(survey: &Survey, speech: &Speech<'_>, rows: &[&Row]) -> Card {
    let mut rows = rows.to_vec();
    // The one that can go back to what was approved leads, so that its answer can be given.
    rows.sort_by_key(|row| (!has_approved(&survey.memory, row), row.question.as_ref().map(|q| q.since.clone())));
    let lead = rows[0];
    let known = remembered(&survey.memory, lead);
    let asked = rows.iter().find_map(|row| {
        let question = remembered(&survey.memory, row)?.1.question.as_ref()?;
        Some((question.asked_by.as_ref().and_then(|origin| origin.client.clone()), question.request.clone()?))
    });
    let (asked_by, request) = asked.map_or((None, None), |(by, request)| (by, Some(request)));
    let before = known.and_then(|(_, known)| known.in_force.as_deref());
    Card {
        // The identity, which stays while the entry changes under the open card.
        key: lead.id.clone(),
        kind: lead.question.as_ref().map_or(QuestionKind::New, |question| question.kind),
        lead: lead.id.clone(),
        members: rows.iter().map(|row| row.id.clone()).collect(),
        fingerprint: lead.fingerprint.clone(),
        previous: before.filter(|then| then.seen.fingerprint.0 != lead.fingerprint).map(line),
        asked_by,
        request,
        offers: offers(survey, speech, lead),
    }
}

/// An approved launch is there to go back to.
fn has_approved(memory: &Memory, row: &Row) -> bool {
    let is_change = row.question.as_ref().is_some_and(|question| question.kind == QuestionKind::Changed);
    let approved = remembered(memory, row).and_then(|(_, known)| known.known.in_force.as_ref());
    is_change
        && approved
            .is_some_and(|(seen, standing)| *standing == Standing::Approved && seen.fingerprint.0 != row.fingerprint)
}

fn offers(survey: &Survey, speech: &Speech<'_>, row: &Row) -> Offers {
    let keep_approved = (!runs(row) && has_approved(&survey.memory, row)).then(|| {
        let refusal = remembered(&survey.memory, row).and_then(|(id, _)| survey.not_kept.get(id));
        refusal.map_or(KeepApproved::Offered(true), |refusal| KeepApproved::Refused(not_kept(speech, refusal)))
    });
    let first = match &keep_approved {
        _ if runs(row) => First::Hold,
        Some(KeepApproved::Offered(_)) => First::KeepApproved,
        _ => First::KeepHeld,
    };
    let refused = |id: &str| Refused { code: id.trim_start_matches("offer-").to_owned(), message: speech.say(id, &[]) };
    let pin = match row.launch.pin {
        Some(Pin::Exact | Pin::Digest) => refused("offer-already-pinned"),
        _ => refused("offer-cannot-pin"),
    };
    let is_pinnable = row.launch.floating
        && row.artefact.pin.is_some()
        && matches!(row.artefact.kind, ArtefactKind::Npm | ArtefactKind::Pypi | ArtefactKind::Oci);
    let mut approve = vec![
        ApproveOffer { how: ApproveHow::ThisVersion, refused: None },
        ApproveOffer { how: ApproveHow::Pin, refused: (!is_pinnable).then_some(pin) },
        ApproveOffer {
            how: ApproveHow::Updates,
            refused: row.publication.as_ref().is_none_or(|it| it.publisher.is_none()).then(|| {
                let is_off = row.publication.as_ref().is_some_and(|it| it.state == PublicationState::Off);
                refused(if is_off { "offer-look-ups-off" } else { "offer-publisher-unknown" })
            }),
        },
    ];
    // What floats today may be other code tomorrow.
    if is_pinnable {
        approve.swap(0, 1);
    }
    if row.launch.ecosystem == Ecosystem::Local {
        let developing = survey.memory.folders.values().any(|rule| *rule == FolderRule::Developing);
        let refused = (!developing).then(|| refused("offer-not-under-development"));
        approve.push(ApproveOffer { how: ApproveHow::Developing, refused });
    }
    Offers { first, keep_approved, approve, release: !runs(row), typed_name: row.why == Why::KnownMalicious }
}

fn not_kept(speech: &Speech<'_>, refusal: &Refusal) -> Refused {
    match refusal {
        Refusal::SecretMissing { place, .. } => Refused {
            code: "secret-missing".to_owned(),
            message: speech.say("offer-secret-missing", &[("place", place)]),
        },
        other => crate::station::refused(speech, other),
    }
}

/// The command line or address as it would be typed, masked already.
fn line(sighting: &Sighting) -> String {
    let facets = &sighting.facets;
    let quoted = |word: &String| {
        let plain = !word.is_empty() && !word.contains([' ', '\'', '"', '\\', '\n', '\t']);
        if plain { word.clone() } else { format!("'{}'", word.replace('\'', r"'\''")) }
    };
    match (&facets.command, &facets.url) {
        (Some(command), _) => std::iter::once(command).chain(&facets.args).map(quoted).collect::<Vec<_>>().join(" "),
        (None, Some(url)) => url.clone(),
        (None, None) => String::new(),
    }
}
