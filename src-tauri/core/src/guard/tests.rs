use std::path::PathBuf;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use super::*;
use crate::connector::samples::Spot;
use crate::facts::ArtefactKind;
use crate::finding::{Code, Confidence, Location};
use crate::policy::{Managed, Matcher};

/// Everything that a decision looks at, owned.
#[derive(Debug, Clone)]
struct Case {
    connector: Connector,
    known: Option<Known>,
    facts: Facts,
    findings: Vec<Finding>,
    policy: Policy,
    decisions: Decisions,
}

const PUBLISHER: &str = "vendor";
const FOLDER: &str = "/home/ana/w";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("a small number is a time")
}

const NOW: i64 = 1_000;

/// Code with these bytes, or `None` for code that nobody could look at.
fn code(bytes: Option<&str>) -> Artefact {
    let state = match bytes {
        Some(bytes) => ArtefactState::Known { version: None, integrity: bytes.into(), source: "test".into() },
        None => ArtefactState::Unknown { reason: "cache emptied".into() },
    };
    Artefact { kind: ArtefactKind::File, state }
}

fn local_script() -> Connector {
    Spot::project(FOLDER).read(json!({"command": "node", "args": ["./s.js"]}))
}

fn finding(severity: Severity) -> Finding {
    let Connector { file, route, .. } = local_script();
    let primary = Location { file, route, line: None };
    Finding { code: Code::HiddenText, severity, confidence: Confidence::High, args: Vec::new(), primary }
}

fn other_launch() -> Fingerprint {
    Fingerprint("v1:other".into())
}

impl Case {
    /// A connector that nobody knows anything about.
    fn new() -> Self {
        Self {
            connector: local_script(),
            known: None,
            facts: Facts { artefact: code(Some("a")), ..Facts::not_looked(ArtefactKind::File) },
            findings: Vec::new(),
            policy: Policy::default(),
            decisions: Decisions::default(),
        }
    }

    fn seen(&self, bytes: Option<&str>) -> Seen {
        Seen { fingerprint: self.connector.fingerprint.clone(), artefact: code(bytes) }
    }

    fn decide(&self) -> Verdict {
        decide(&Subject {
            connector: &self.connector,
            known: self.known.as_ref(),
            facts: &self.facts,
            findings: &self.findings,
            policy: &self.policy,
            decisions: &self.decisions,
            now: at(NOW),
        })
    }

    fn matcher(&self) -> Matcher {
        Matcher::LaunchHash(self.connector.fingerprint.0.clone())
    }

    fn approve(&mut self, kind: ApprovalKind) -> &mut Approval {
        let seen = self.seen(Some("a"));
        self.decisions.approvals.push(Approval {
            seq: 1,
            kind,
            seen,
            reach: Reach::Everywhere,
            at: at(1),
            expires: None,
            despite_malicious: false,
        });
        self.decisions.approvals.last_mut().expect("one was pushed")
    }

    fn met(&mut self, first_met: FirstMet, in_force: Option<(Seen, Standing)>) {
        self.known = Some(Known { first_met, in_force });
    }
}

/// A reason, what makes it true, and the verdict that it gives.
type Row = (Why, fn(&mut Case), fn(Why) -> Verdict);

/// Every reason in order.
#[rustfmt::skip]
const TABLE: &[Row] = &[
    (Why::ManagedDeny, |c| c.policy.managed.deny.push(c.matcher()), Verdict::Block),
    (Why::KnownMalicious, |c| c.facts.known_malicious = true, Verdict::Block),
    (Why::UserDenied, |c| c.decisions.refusals.push(Refusal::Denied(c.connector.fingerprint.clone())), Verdict::Hold),
    (Why::KeptHeld, |c| c.decisions.refusals.push(Refusal::KeptHeld(c.seen(Some("a")))), Verdict::Hold),
    (Why::LockdownNotAllowed, |c| c.policy.managed.mode = Some(Mode::Lockdown), Verdict::Hold),
    (Why::ManagedAllow, |c| c.policy.managed.allow.push(c.matcher()), Verdict::Allow),
    (Why::ApprovedExact, |c| { c.approve(ApprovalKind::Exact); }, Verdict::Allow),
    (Why::ProvenanceLost, |c| c.facts.provenance_lost = true, Verdict::Hold),
    (Why::ApprovedContinuity, |c| {
        c.approve(ApprovalKind::Continuity { publisher: PUBLISHER.into() });
        c.facts.publisher = Some(PUBLISHER.into());
        c.facts.is_past_cooldown = true;
    }, Verdict::Allow),
    (Why::ApprovedDevelopment, |c| { c.approve(ApprovalKind::Development { folder: FOLDER.into() }); }, Verdict::Allow),
    (Why::FingerprintChanged, |c| {
        let seen = Seen { fingerprint: other_launch(), ..c.seen(Some("a")) };
        c.met(FirstMet::Baseline, Some((seen, Standing::Unreviewed)));
    }, Verdict::Hold),
    (Why::ArtefactChanged, |c| {
        let seen = c.seen(Some("b"));
        c.met(FirstMet::Baseline, Some((seen, Standing::Released)));
    }, Verdict::Hold),
    (Why::Released, |c| { let seen = c.seen(Some("a")); c.met(FirstMet::Baseline, Some((seen, Standing::Released))); }, Verdict::Allow),
    (Why::Unreviewed, |c| { let seen = c.seen(Some("a")); c.met(FirstMet::Baseline, Some((seen, Standing::Unreviewed))); }, Verdict::Allow),
    (Why::New, |_| {}, Verdict::Hold),
];

fn row(why: Why) -> &'static Row {
    TABLE.iter().find(|row| row.0 == why).expect("every reason has a row")
}

/// Makes rows true from the weakest to the strongest, so that of two that exclude each other the stronger stays.
fn with(rows: impl IntoIterator<Item = &'static Row, IntoIter: DoubleEndedIterator>) -> Case {
    let mut case = Case::new();
    for row in rows.into_iter().rev() {
        (row.1)(&mut case);
    }
    case
}

#[test]
fn the_table_is_complete_and_in_order() {
    for pair in TABLE.windows(2) {
        assert!(pair[0].0 < pair[1].0, "{:?} stands before {:?}", pair[0].0, pair[1].0);
    }
    // The compiler asks for a row when a reason is added.
    let number = |why| match why {
        Why::ManagedDeny => 0,
        Why::KnownMalicious => 1,
        Why::UserDenied => 2,
        Why::KeptHeld => 3,
        Why::LockdownNotAllowed => 4,
        Why::ManagedAllow => 5,
        Why::ApprovedExact => 6,
        Why::ProvenanceLost => 7,
        Why::ApprovedContinuity => 8,
        Why::ApprovedDevelopment => 9,
        Why::FingerprintChanged => 10,
        Why::ArtefactChanged => 11,
        Why::Released => 12,
        Why::Unreviewed => 13,
        Why::New => 14,
    };
    assert_eq!(TABLE.iter().map(|row| number(row.0)).collect::<Vec<_>>(), (0..15).collect::<Vec<_>>());
}

#[test]
fn the_first_reason_that_applies_is_the_one() {
    let check = |rows: Vec<&'static Row>, expect: &Row| {
        let names: Vec<_> = rows.iter().map(|row| row.0).collect();
        assert_eq!(with(rows).decide(), (expect.2)(expect.0), "{names:?}");
    };
    for (at, row) in TABLE.iter().enumerate() {
        // A connector that policy allows is none that lockdown stops, so the two never meet.
        let meets = |other: &&Row| (row.0, other.0) != (Why::LockdownNotAllowed, Why::ManagedAllow);
        // Everything above false, nothing else true.
        check(vec![row], row);
        // With everything below true as well.
        check(TABLE[at..].iter().filter(meets).collect(), row);
        // With each one below, by itself.
        for below in TABLE[at + 1..].iter().filter(meets) {
            check(vec![row, below], row);
        }
    }
}

/// Applies `change` to a new case and compares the verdict.
fn check(name: &str, change: impl FnOnce(&mut Case), expect: Verdict) {
    let mut case = Case::new();
    change(&mut case);
    assert_eq!(case.decide(), expect, "{name}");
}

#[test]
fn modes_and_pause_say_what_is_asked() {
    use FirstMet::{Asked, Baseline, LedgerLoss, Monitor, Pause};
    use Verdict::{Allow, Hold};
    let held = Hold(Why::New);
    let stays = Allow(Why::Unreviewed);
    // First met, then the verdict in monitor, in ask, in a pause, and in lockdown without an allowance.
    for (met, monitor, ask, pause) in [
        (None, held, held, stays),
        (Some(Asked), held, held, held),
        (Some(Baseline), stays, stays, stays),
        (Some(LedgerLoss), stays, stays, stays),
        (Some(Monitor), held, stays, stays),
        (Some(Pause), held, held, stays),
    ] {
        for in_force in [false, true] {
            let case = |mode, paused_until: Option<i64>| {
                move |c: &mut Case| {
                    let in_force = in_force.then(|| (c.seen(Some("a")), Standing::Unreviewed));
                    c.known = met.map(|first_met| Known { first_met, in_force });
                    c.policy = Policy { mode, paused_until: paused_until.map(at), ..Policy::default() };
                }
            };
            let name = format!("{met:?}, in force: {in_force}");
            check(&name, case(Mode::Monitor, None), monitor);
            check(&name, case(Mode::Ask, None), ask);
            check(&name, case(Mode::Ask, Some(NOW + 1)), pause);
            check(&name, case(Mode::Ask, Some(NOW)), ask);
            check(&name, case(Mode::Lockdown, Some(NOW + 1)), Hold(Why::LockdownNotAllowed));
        }
    }
}

#[test]
fn lockdown_lets_run_what_the_organisation_allows_and_nothing_else() {
    let locked = |c: &mut Case| c.policy.managed.mode = Some(Mode::Lockdown);
    check(
        "allowed",
        |c| {
            locked(c);
            c.policy.managed.allow.push(c.matcher());
        },
        Verdict::Allow(Why::ManagedAllow),
    );
    check(
        "approved by the user",
        |c| {
            locked(c);
            c.approve(ApprovalKind::Exact);
        },
        Verdict::Hold(Why::LockdownNotAllowed),
    );
}

#[test]
fn an_approval_counts_for_its_code_its_time_and_its_place() {
    use ApprovalKind::{Continuity, Development, Exact};
    let new = Verdict::Hold(Why::New);
    let exact = Verdict::Allow(Why::ApprovedExact);
    let here = |c: &Case| Reach::Here(c.connector.id.clone());
    check("another launch", |c| c.approve(Exact).seen.fingerprint = other_launch(), new);
    check("other code", |c| c.approve(Exact).seen.artefact = code(Some("b")), new);
    check(
        "known, then unknown",
        |c| {
            c.approve(Exact);
            c.facts.artefact = code(None);
        },
        exact,
    );
    check(
        "known, then not looked",
        |c| {
            c.approve(Exact);
            c.facts.artefact.state = ArtefactState::NotLooked;
        },
        exact,
    );
    check("not yet over", |c| c.approve(Exact).expires = Some(at(NOW + 1)), exact);
    check("over", |c| c.approve(Exact).expires = Some(at(NOW)), new);
    check(
        "here",
        |c| {
            let here = here(c);
            c.approve(Exact).reach = here;
        },
        exact,
    );
    check("elsewhere", |c| c.approve(Exact).reach = Reach::Here(ConnectorId("other".into())), new);
    check(
        "one of two",
        |c| {
            c.approve(Exact).expires = Some(at(1));
            c.approve(Exact);
        },
        exact,
    );

    let continuity = Verdict::Allow(Why::ApprovedContinuity);
    let update = |c: &mut Case| {
        c.approve(Continuity { publisher: PUBLISHER.into() });
        c.facts.artefact = code(Some("b"));
        c.facts.publisher = Some(PUBLISHER.into());
        c.facts.is_past_cooldown = true;
        let seen = c.seen(Some("a"));
        c.met(FirstMet::Asked, Some((seen, Standing::Approved)));
    };
    let changed = Verdict::Hold(Why::ArtefactChanged);
    check("an update", update, continuity);
    check(
        "another publisher",
        |c| {
            update(c);
            c.facts.publisher = Some("other".into());
        },
        changed,
    );
    check(
        "publisher not known",
        |c| {
            update(c);
            c.facts.publisher = None;
        },
        changed,
    );
    check(
        "too young",
        |c| {
            update(c);
            c.facts.is_past_cooldown = false;
        },
        changed,
    );
    check(
        "a new install script",
        |c| {
            update(c);
            c.facts.new_install_script = true;
        },
        changed,
    );
    check(
        "provenance lost",
        |c| {
            update(c);
            c.facts.provenance_lost = true;
        },
        Verdict::Hold(Why::ProvenanceLost),
    );
    check(
        "another launch",
        |c| {
            update(c);
            c.decisions.approvals[0].seen.fingerprint = other_launch();
        },
        changed,
    );
    check(
        "over",
        |c| {
            update(c);
            c.decisions.approvals[0].expires = Some(at(NOW));
        },
        changed,
    );
    check(
        "the very code that was approved, though young",
        |c| {
            update(c);
            c.facts.artefact = code(Some("a"));
            c.facts.is_past_cooldown = false;
        },
        continuity,
    );
    check(
        "cache emptied",
        |c| {
            update(c);
            c.facts.artefact = code(None);
            c.facts.publisher = None;
        },
        continuity,
    );
    check(
        "code that was not known when it was approved",
        |c| {
            update(c);
            c.decisions.approvals[0].seen.artefact = code(None);
            c.facts.publisher = Some("other".into());
        },
        changed,
    );

    let development = Verdict::Allow(Why::ApprovedDevelopment);
    let developed = |c: &mut Case, entry: serde_json::Value| {
        let approval = c.approve(Development { folder: FOLDER.into() });
        approval.seen.artefact = code(Some("b"));
        c.connector = Spot::project(FOLDER).read(entry);
    };
    check("new code", |c| developed(c, json!({"command": "node", "args": ["./s.js"]})), development);
    check("another script there", |c| developed(c, json!({"command": "node", "args": ["./t.js"]})), development);
    check("outside", |c| developed(c, json!({"command": "node", "args": ["/tmp/s.js"]})), new);
    check("a neighbour", |c| developed(c, json!({"command": "node", "args": ["/home/ana/w2/s.js"]})), new);
    check(
        "through the folder and out",
        |c| developed(c, json!({"command": "node", "args": ["/home/ana/w/../s.js"]})),
        new,
    );
    check("no file", |c| developed(c, json!({"command": "npx", "args": ["x"]})), new);
    check("further code", |c| developed(c, json!({"command": "node", "args": ["-r", "/tmp/x.js", "./s.js"]})), new);
    check(
        "further code by a variable",
        |c| {
            developed(c, json!({"command": "node", "args": ["./s.js"], "env": {"NODE_OPTIONS": "-r /tmp/x.js"}}));
        },
        new,
    );
    check("a line", |c| developed(c, json!({"command": "sh", "args": ["-c", "x; node ./s.js"]})), new);
    check(
        "the approved line",
        |c| {
            c.connector = Spot::project(FOLDER).read(json!({"command": "sh", "args": ["-c", "x; node ./s.js"]}));
            c.approve(Development { folder: FOLDER.into() });
        },
        development,
    );
    check(
        "over",
        |c| {
            developed(c, json!({"command": "node", "args": ["./s.js"]}));
            c.decisions.approvals[0].expires = Some(at(NOW));
        },
        new,
    );
}

#[test]
fn a_malicious_connector_runs_only_after_its_name_was_typed() {
    let block = Verdict::Block(Why::KnownMalicious);
    let exact = Verdict::Allow(Why::ApprovedExact);
    let malicious = |c: &mut Case| c.facts.known_malicious = true;
    check(
        "approved before it was known",
        |c| {
            malicious(c);
            c.approve(ApprovalKind::Exact);
        },
        block,
    );
    check(
        "typed",
        |c| {
            malicious(c);
            c.approve(ApprovalKind::Exact).despite_malicious = true;
        },
        exact,
    );
    check(
        "approved, then typed",
        |c| {
            malicious(c);
            c.approve(ApprovalKind::Exact);
            c.approve(ApprovalKind::Exact).despite_malicious = true;
        },
        exact,
    );
    check(
        "typed for other code",
        |c| {
            malicious(c);
            let approval = c.approve(ApprovalKind::Exact);
            approval.despite_malicious = true;
            approval.seen.artefact = code(Some("b"));
        },
        block,
    );
    check(
        "typed, but only its updates are approved",
        |c| {
            malicious(c);
            c.approve(ApprovalKind::Continuity { publisher: PUBLISHER.into() }).despite_malicious = true;
        },
        block,
    );
    check(
        "typed, but the organisation denies it",
        |c| {
            malicious(c);
            c.approve(ApprovalKind::Exact).despite_malicious = true;
            c.policy.managed.deny.push(c.matcher());
        },
        Verdict::Block(Why::ManagedDeny),
    );
    check(
        "allowed by the organisation",
        |c| {
            malicious(c);
            c.policy.managed.allow.push(c.matcher());
        },
        block,
    );
}

#[test]
fn refusals_bind_what_they_name() {
    let new = Verdict::Hold(Why::New);
    let kept = |c: &mut Case, bytes| c.decisions.refusals.push(Refusal::KeptHeld(c.seen(bytes)));
    check("kept held", |c| kept(c, Some("a")), Verdict::Hold(Why::KeptHeld));
    check("kept held, other code", |c| kept(c, Some("b")), new);
    check(
        "kept held, cache emptied",
        |c| {
            kept(c, Some("b"));
            c.facts.artefact = code(None);
        },
        Verdict::Hold(Why::KeptHeld),
    );
    check(
        "denied, other code",
        |c| {
            c.decisions.refusals.push(Refusal::Denied(c.connector.fingerprint.clone()));
            c.facts.artefact = code(Some("b"));
        },
        Verdict::Hold(Why::UserDenied),
    );
    check("another launch denied", |c| c.decisions.refusals.push(Refusal::Denied(other_launch())), new);
}

#[test]
fn what_is_in_force_is_what_a_change_is_told_from() {
    use Standing::{Approved, Released, Unreviewed};
    let met = |c: &mut Case, bytes, standing| {
        let seen = c.seen(bytes);
        c.met(FirstMet::Baseline, Some((seen, standing)));
    };
    let changed = Verdict::Hold(Why::ArtefactChanged);
    let unreviewed = Verdict::Allow(Why::Unreviewed);
    let (a, b) = (Some("a"), Some("b"));
    check("released", |c| met(c, a, Released), Verdict::Allow(Why::Released));
    check("released, new code", |c| met(c, b, Released), changed);
    check("released, code not known then", |c| met(c, None, Released), Verdict::Allow(Why::Released));
    check(
        "released, cache emptied",
        |c| {
            met(c, b, Released);
            c.facts.artefact = code(None);
        },
        Verdict::Allow(Why::Released),
    );
    check("approval revoked or over", |c| met(c, a, Approved), Verdict::Hold(Why::New));
    check("approval revoked, new code", |c| met(c, b, Approved), changed);
    check("unreviewed", |c| met(c, a, Unreviewed), unreviewed);
    check("unreviewed, new code", |c| met(c, b, Unreviewed), unreviewed);
    for (severity, expect) in [
        (Severity::Low, unreviewed),
        (Severity::Medium, unreviewed),
        (Severity::High, changed),
        (Severity::Critical, changed),
    ] {
        check(
            "unreviewed, new code, a finding",
            |c| {
                met(c, b, Unreviewed);
                c.findings.push(finding(severity));
            },
            expect,
        );
        check(
            "unreviewed, a finding",
            |c| {
                met(c, a, Unreviewed);
                c.findings.push(finding(severity));
            },
            unreviewed,
        );
    }
    for standing in [Unreviewed, Released, Approved] {
        let other = |c: &mut Case| {
            met(c, a, standing);
            c.known.as_mut().and_then(|k| k.in_force.as_mut()).expect("it was set").0.fingerprint = other_launch();
        };
        check("another launch", other, Verdict::Hold(Why::FingerprintChanged));
        check(
            "another launch, approved",
            |c| {
                other(c);
                c.approve(ApprovalKind::Exact);
            },
            Verdict::Allow(Why::ApprovedExact),
        );
    }
}

fn any_seen() -> impl Strategy<Value = Seen> {
    (select(vec![None, Some("a"), Some("b")]), any::<bool>()).prop_map(|(bytes, is_same)| {
        let fingerprint = if is_same { local_script().fingerprint } else { other_launch() };
        Seen { fingerprint, artefact: code(bytes) }
    })
}

fn any_approval() -> impl Strategy<Value = Approval> {
    let kinds = vec![
        ApprovalKind::Exact,
        ApprovalKind::Continuity { publisher: PUBLISHER.into() },
        ApprovalKind::Development { folder: PathBuf::from(FOLDER) },
    ];
    let reaches = vec![Reach::Everywhere, Reach::Here(local_script().id), Reach::Here(ConnectorId("other".into()))];
    let times = vec![None, Some(at(NOW - 1)), Some(at(NOW)), Some(at(NOW + 1))];
    (select(kinds), any_seen(), select(reaches), select(times), any::<bool>()).prop_map(
        |(kind, seen, reach, expires, despite_malicious)| Approval {
            seq: 1,
            kind,
            seen,
            reach,
            at: at(1),
            expires,
            despite_malicious,
        },
    )
}

fn any_known() -> impl Strategy<Value = Option<Known>> {
    use FirstMet::{Asked, Baseline, LedgerLoss, Monitor, Pause};
    let standing = select(vec![Standing::Unreviewed, Standing::Released, Standing::Approved]);
    let in_force = prop::option::of((any_seen(), standing));
    let known = (select(vec![Asked, Baseline, LedgerLoss, Monitor, Pause]), in_force)
        .prop_map(|(first_met, in_force)| Known { first_met, in_force });
    prop::option::of(known)
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let publishers = select(vec![None, Some(PUBLISHER.to_owned()), Some("other".to_owned())]);
    (any_seen(), flags, publishers).prop_map(|(seen, (malicious, lost, cooled, script), publisher)| Facts {
        artefact: seen.artefact.clone(),
        known_malicious: malicious,
        provenance_lost: lost,
        publisher,
        is_past_cooldown: cooled,
        new_install_script: script,
        ..Facts::not_looked(seen.artefact.kind)
    })
}

fn any_policy() -> impl Strategy<Value = Policy> {
    let modes = || select(vec![Mode::Monitor, Mode::Ask, Mode::Lockdown]);
    let launches = vec![local_script().fingerprint.0, "v1:other".to_owned()];
    let matchers = move || prop::collection::vec(select(launches.clone()).prop_map(Matcher::LaunchHash), 0..2);
    let pauses = select(vec![None, Some(at(NOW)), Some(at(NOW + 1))]);
    (modes(), prop::option::of(modes()), matchers(), matchers(), pauses).prop_map(
        |(mode, managed, deny, allow, pause)| {
            let managed = Managed { mode: managed, deny, allow, ..Managed::default() };
            Policy { mode, paused_until: pause, managed, ..Policy::default() }
        },
    )
}

fn any_refusal() -> impl Strategy<Value = Refusal> {
    (any_seen(), any::<bool>()).prop_map(|(seen, is_denied)| {
        if is_denied { Refusal::Denied(seen.fingerprint) } else { Refusal::KeptHeld(seen) }
    })
}

fn any_case() -> impl Strategy<Value = Case> {
    let severities = vec![Severity::Low, Severity::Medium, Severity::High, Severity::Critical];
    let findings = prop::collection::vec(select(severities).prop_map(finding), 0..2);
    let approvals = prop::collection::vec(any_approval(), 0..4);
    let refusals = prop::collection::vec(any_refusal(), 0..3);
    (any_known(), any_facts(), findings, any_policy(), approvals, refusals).prop_map(
        |(known, facts, findings, policy, approvals, refusals)| Case {
            connector: local_script(),
            known,
            facts,
            findings,
            policy,
            decisions: Decisions { approvals, refusals },
        },
    )
}

/// How firmly a verdict holds: allowed, held, blocked.
fn firmness(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Allow(_) => 0,
        Verdict::Hold(_) => 1,
        Verdict::Block(_) => 2,
    }
}

proptest! {
    #[test]
    fn every_verdict_is_of_the_class_of_its_reason(case in any_case()) {
        let verdict = case.decide();
        prop_assert_eq!(verdict, (row(verdict.why()).2)(verdict.why()));
        prop_assert_eq!(verdict, case.decide());
    }

    #[test]
    fn what_tightens_never_loosens(case in any_case(), refusal in any_refusal(), hash in "[ab]{0,2}") {
        let before = firmness(case.decide());
        let tightened = |change: &dyn Fn(&mut Case)| {
            let mut case = case.clone();
            change(&mut case);
            firmness(case.decide())
        };
        let denied = tightened(&|c| c.policy.managed.deny.push(c.matcher()));
        prop_assert_eq!(denied, 2);
        prop_assert!(tightened(&|c| c.policy.managed.deny.push(Matcher::LaunchHash(hash.clone()))) >= before);
        prop_assert!(tightened(&|c| c.decisions.refusals.push(refusal.clone())) >= before);
        prop_assert!(tightened(&|c| c.policy.managed.mode = Some(Mode::Lockdown)) >= before);
        prop_assert!(tightened(&|c| c.facts.known_malicious = true) >= before);
        prop_assert!(tightened(&|c| c.facts.provenance_lost = true) >= before);
        prop_assert!(tightened(&|c| c.findings.push(finding(Severity::Critical))) >= before);
        prop_assert!(tightened(&|c| c.decisions.approvals.clear()) >= before);
        prop_assert!(tightened(&|c| c.policy.paused_until = None) >= before);
    }
}
