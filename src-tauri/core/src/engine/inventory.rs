//! Makes the rows of the inventory from what is read and what is remembered.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::age_limit::AgeLimit;
use crate::artefact::{self, Memo, Start, age_limits};
use crate::checks::{self, Surroundings};
use crate::clients::{Namesakes, Reload, client};
use crate::connector::{Connector, ConnectorId, Scope, mask_argument};
use crate::discover::{container_matches, ends_like};
use crate::facts::{ArtefactKind, ArtefactState, Evidence, Fact, Facts};
use crate::finding::Finding;
use crate::guard::{self, ApprovalKind, FirstMet, Known, Reach, Subject, Verdict, Why};
use crate::host::Host;
use crate::memory::{Hold, HoldProgress, Memory, Remembered};
use crate::network::Failure;
use crate::policy::{FolderRule, LookUpKind, LookUps, Mode, Policy};
use crate::provenance::{Origin, Registries};
use crate::record::{Answer, Channel, Method};
use crate::report::{
    ApprovalRow, ArtefactRow, ArtefactStateRow, Checks, FindingRow, HoldRow, HoldState, LaunchRow, Namesake, NotRun,
    PreviousRow, PublicationRow, PublicationState, QuestionRow, ReasonRow, Relation, Row, StatementRow, Status,
    TakesEffect, TrustRow,
};
use crate::trust::statements::{Statement, statements};
use crate::trust::{Asked, Reason, Trust};
use crate::wording::Wording;

use super::age_limits::with_undo as age_limits_with_undo;
use super::look::{method_of, only_watched};
use super::look_ups::Registered;
use super::state::runs;
use super::survey::trouble_text;

/// What all rows are made with.
pub(super) struct Rows<'a> {
    pub(super) host: &'a Host,
    pub(super) memory: &'a Memory,
    pub(super) policy: &'a Policy,
    pub(super) wording: &'a Wording,
    pub(super) guard_runs: bool,
    /// By file: why it may not be edited, in the user's language.
    pub(super) locked: &'a BTreeMap<PathBuf, String>,
    /// The held launches whose place another one has taken.
    pub(super) previous: &'a BTreeMap<ConnectorId, Connector>,
    pub(super) around: &'a Surroundings,
    /// The seals of the ledger cannot be checked.
    pub(super) unverified: bool,
    /// Folders of known projects that have programs of their own.
    pub(super) with_programs: &'a [PathBuf],
    /// What registries said.
    pub(super) registered: &'a Registered,
    /// What was hashed for the rows before.
    pub(super) memo: RefCell<Memo>,
}

/// Where a row's entry was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    InFile,
    /// Only in the hold store.
    Held,
}

impl Rows<'_> {
    pub(super) fn row(&self, connector: &Connector, found: Found) -> Row {
        let start = Start::of(connector, &self.host.home);
        let facts = artefact::look(self.host, &start, &mut self.memo.borrow_mut()).facts();
        let now = self.host.now();
        let shadows_in_projects = artefact::shadows_in(&start, self.with_programs);
        let facts = Facts { evidence: Evidence { shadows_in_projects, ..facts.evidence }, ..facts };
        let facts = self.registered.add_to(facts, connector, self.memory, &self.policy.managed, now);
        let facts = checks::with_advisories(facts, connector);
        let report = checks::run_all(&checks::Subject { connector, facts: &facts, around: self.around });
        let remembered = self.memory.connectors.get(&connector.id);
        // Before the first run everything there is what will be the baseline.
        let before_baseline = Known { first_met: FirstMet::Baseline, in_force: None };
        let known = remembered.map(|r| &r.known).or((!self.memory.has_baseline).then_some(&before_baseline));
        let verdict = self.verdict(connector, known, &facts, &report.findings);
        let hold = self.hold_in_force(connector, found);
        let facets = &connector.facets;
        Row {
            id: connector.id.0.clone(),
            client: connector.client.clone(),
            scope: connector.scope,
            project: connector.project.as_deref().map(|p| self.host.display(p)),
            path: self.host.display(&connector.file),
            route: connector.route.to_string(),
            name: connector.name.clone(),
            readers: readers(connector),
            // Known once all rows are.
            namesakes: Vec::new(),
            present: found == Found::InFile,
            line: (found == Found::InFile).then_some(connector.line),
            enabled: connector.enabled,
            transport: connector.launch.transport,
            command: facets.command.clone(),
            args: facets.args.clone(),
            url: facets.url.clone(),
            env: connector.launch.variables().map(str::to_owned).collect(),
            headers: connector.launch.headers.iter().map(|(name, _)| name.clone()).collect(),
            launch: launch_row(connector),
            artefact: artefact_row(&facts),
            publication: self.publication_row(connector, &facts),
            age_limit: self.age_limit(&start),
            fingerprint: connector.fingerprint.0.clone(),
            status: self.status(connector, verdict, hold.is_some()),
            why: verdict.why(),
            hold: self.hold_row(connector, verdict, hold, remembered),
            previous: self.previous_row(connector),
            folder_offer: hold.and_then(|_| self.folder_offer(connector, verdict)),
            question: remembered.and_then(|r| r.question.as_ref()).map(|question| QuestionRow {
                kind: question.kind,
                since: question.since.to_string(),
                changes: question.changes.clone(),
            }),
            approval: self.approval_row(connector, remembered),
            trust: self.trust_row(connector, &facts, &report.findings),
            findings: report.findings.iter().map(|finding| self.finding_row(finding, found)).collect(),
            checks: Checks {
                passed: report.passed,
                not_run: report
                    .not_run
                    .into_iter()
                    .map(|(code, reason)| NotRun { code, reason: reason.to_owned() })
                    .collect(),
            },
        }
    }

    fn age_limit(&self, start: &Start<'_>) -> Option<AgeLimit> {
        let limit = age_limits::of_launch(self.host, start)?;
        Some(age_limits_with_undo(self.memory, limit))
    }

    fn verdict(&self, connector: &Connector, known: Option<&Known>, facts: &Facts, findings: &[Finding]) -> Verdict {
        let (policy, decisions, now) = (self.policy, &self.memory.decisions, self.host.now());
        guard::decide(&Subject { connector, known, facts, findings, policy, decisions, now })
    }

    fn publication_row(&self, connector: &Connector, facts: &Facts) -> Option<PublicationRow> {
        let outcome = self.registered.of(connector)?;
        let none = PublicationRow {
            state: PublicationState::Unknown,
            reason: None,
            registry: None,
            at: None,
            published: None,
            publisher: None,
            offered: false,
            new_install_script: facts.new_install_script,
            provenance_lost: facts.provenance_lost,
        };
        if self.policy.look_ups() == LookUps::Off {
            return Some(PublicationRow { state: PublicationState::Off, ..none });
        }
        let offer = facts.offer.as_ref();
        Some(match outcome {
            Ok(publication) => PublicationRow {
                state: PublicationState::Known,
                registry: Some(publication.registry.clone()),
                at: Some(publication.at.to_string()),
                published: offer.and_then(|it| Some(it.published?.to_string())),
                publisher: offer.and_then(|it| it.publisher.clone()),
                offered: offer.is_some_and(|it| !it.is_installed),
                ..none
            },
            Err(failure) => PublicationRow { reason: Some(failure.name()), ..none },
        })
    }

    fn trust_row(&self, connector: &Connector, facts: &Facts, findings: &[Finding]) -> TrustRow {
        let asked = match self.registered.of(connector) {
            None if facts.artefact.kind == ArtefactKind::Oci => self.asked(connector, &facts.dossier.image),
            None if facts.artefact.kind == ArtefactKind::Git => self.asked(connector, &facts.dossier.repository),
            // The registry of connectors is asked about hosts where the user wants that.
            None if facts.artefact.kind == ArtefactKind::Remote && self.asks_about_domains() => {
                self.asked(connector, &facts.dossier.listing)
            }
            None => Asked::Nowhere,
            Some(_) if self.policy.look_ups() == LookUps::Off => Asked::Not(Failure::Off.name()),
            Some(Ok(_)) => Asked::Answered,
            Some(Err(failure)) => Asked::Not(failure.name()),
        };
        let vendor = (!Registries::has_own(connector)).then(|| checks::vendor_of(connector, facts)).flatten();
        let Trust { word, reasons } = Trust::of(facts, findings, asked, vendor);
        let is_on = self.policy.look_ups() == LookUps::On;
        let codes: BTreeSet<_> = reasons.iter().map(|reason| reason.code).collect();
        // Of what is nobody's business nobody was asked, as the reason says already.
        let is_told = is_on && asked != Asked::Not(Failure::Private.name());
        let statements = is_told.then(|| statements(facts)).into_iter().flatten();
        TrustRow {
            word,
            reasons: reasons.into_iter().map(|reason| self.reason_row(reason)).collect(),
            statements: statements.map(|one| self.statement_row(one, &codes)).collect(),
        }
    }

    fn asks_about_domains(&self) -> bool {
        !self.policy.managed.look_ups_without.contains(&LookUpKind::Domains)
    }

    /// Of images and repositories there are no versions to ask for, but what their names lead to.
    fn asked<T>(&self, connector: &Connector, fact: &Fact<T>) -> Asked {
        match fact {
            _ if self.policy.look_ups() == LookUps::Off => Asked::Not(Failure::Off.name()),
            _ if Origin::of(connector).is_none() => Asked::Not(Failure::Private.name()),
            Fact::Known { .. } => Asked::Answered,
            Fact::Unknown { reason } => {
                let failure = Failure::ALL.iter().find(|failure| failure.name() == reason);
                Asked::Not(failure.unwrap_or(&Failure::NotAsked).name())
            }
        }
    }

    fn statement_row(&self, statement: Statement, reasons: &BTreeSet<&str>) -> StatementRow {
        let told = statement.as_reason().is_some_and(|reason| reasons.contains(reason));
        let Statement { code, mut args, reason, source } = statement;
        let known = reason.is_none();
        args.extend(reason.map(|reason| ("reason", self.wording.text(&format!("look-up-{reason}"), &[]))));
        let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (source, at) = source.map(|(source, at)| (source, at.to_string())).unzip();
        StatementRow { code, known, told, text: self.wording.text(&format!("said-{code}"), &args), source, at }
    }

    fn reason_row(&self, reason: Reason) -> ReasonRow {
        let told = |(name, value): (&'static str, String)| match name {
            "reason" => (name, self.wording.text(&format!("look-up-{value}"), &[])),
            _ => (name, value),
        };
        let args: Vec<_> = reason.args.into_iter().map(told).collect();
        let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (source, at) = reason.source.map(|(source, at)| (source, at.to_string())).unzip();
        let text = self.wording.text(&format!("trust-because-{}", reason.code), &args);
        ReasonRow { code: reason.code, text, source, at }
    }

    fn previous_row(&self, connector: &Connector) -> Option<PreviousRow> {
        let older = self.previous.get(&connector.id)?;
        let (_, hold) = self.memory.hold_of(&connector.id)?;
        let facts = Facts::not_looked(artefact::kind(older.launch_line.ecosystem));
        let verdict = self.verdict(older, self.memory.known(&older.id), &facts, &[]);
        Some(PreviousRow {
            runs: runs(older),
            fingerprint: older.fingerprint.0.clone(),
            since: hold.since.to_string(),
            approved: !verdict.holds(),
        })
    }

    /// The folder whose rule is offered with the question of a connector, until the rule is another one.
    fn folder_offer(&self, connector: &Connector, verdict: Verdict) -> Option<String> {
        let is_asked = self.memory.connectors.get(&connector.id).is_some_and(|known| known.question.is_some());
        let (folder, _) = self.memory.folder_offers.iter().find(|(_, ids)| ids.contains(&connector.id))?;
        let stands = is_asked && verdict.why().is_undecided() && self.policy.folder_rule(folder) == FolderRule::Ask;
        stands.then(|| self.host.display(folder))
    }

    fn hold_in_force(&self, connector: &Connector, found: Found) -> Option<&Hold> {
        let (_, hold) = self.memory.hold_of(&connector.id)?;
        let out = match hold.method {
            Method::Switch => !connector.enabled,
            Method::List => connector.denied,
            _ => found == Found::Held,
        };
        out.then_some(hold)
    }

    fn status(&self, connector: &Connector, verdict: Verdict, held: bool) -> Status {
        let place = connector.project.as_deref().unwrap_or(&connector.file);
        // What was held before its folder is ignored stays held.
        if self.policy.folder_rule(place) == FolderRule::Ignore && !held {
            return Status::Unmanaged;
        }
        match (verdict, held) {
            (Verdict::Allow(Why::ManagedAllow), _) => Status::AllowedByPolicy,
            (Verdict::Allow(Why::Released), _) => Status::Released,
            (Verdict::Allow(Why::Unreviewed), _) => Status::Unreviewed,
            (Verdict::Allow(_), _) => Status::Approved,
            (Verdict::Hold(Why::UserDenied), _) => Status::Denied,
            (Verdict::Block(_), true) => Status::Blocked,
            (Verdict::Hold(_), true) => Status::Held,
            (Verdict::Hold(Why::FingerprintChanged | Why::ArtefactChanged | Why::ProvenanceLost), false) => {
                Status::Changed
            }
            (Verdict::Hold(_) | Verdict::Block(_), false) => Status::New,
        }
    }

    fn hold_row(
        &self,
        connector: &Connector,
        verdict: Verdict,
        hold: Option<&Hold>,
        remembered: Option<&Remembered>,
    ) -> Option<HoldRow> {
        let row = client(&connector.client);
        let takes_effect = match row.map(|row| row.reload) {
            Some(Reload::Live) => TakesEffect::Now,
            Some(Reload::OnRestart) => TakesEffect::OnRestart,
            Some(Reload::Unknown) | None => TakesEffect::Unknown,
        };
        if let Some(hold) = hold {
            let contested = remembered.is_some_and(|r| r.contested > 0);
            let state = match hold.progress {
                HoldProgress::Intended { .. } => HoldState::Pending,
                _ if contested => HoldState::Contested,
                HoldProgress::InForce | HoldProgress::ReleaseIntended { .. } => HoldState::InForce,
            };
            let since = Some(hold.since.to_string());
            return Some(HoldRow { method: hold.method, state, since, reason: None, takes_effect });
        }
        let place = connector.project.as_deref().unwrap_or(&connector.file);
        let would_hold = verdict.holds()
            && self.policy.mode() != Mode::Monitor
            && match self.policy.folder_rule(place) {
                FolderRule::Ask | FolderRule::Developing => true,
                FolderRule::Notify => !verdict.why().is_undecided(),
                FolderRule::Ignore => false,
            };
        // A running guard that left the entry where it is could not edit the file.
        let state = if self.guard_runs { HoldState::Refused } else { HoldState::Pending };
        let watched = only_watched(connector).map(|trouble| trouble_text(self.wording, &trouble));
        let reason = watched.or_else(|| self.locked.get(&connector.file).cloned());
        would_hold.then(|| HoldRow { method: method_of(connector), state, since: None, reason, takes_effect })
    }

    fn approval_row(&self, connector: &Connector, remembered: Option<&Remembered>) -> Option<ApprovalRow> {
        let now = self.host.now();
        let fits = |reach: &Reach| match reach {
            Reach::Everywhere => true,
            Reach::Here(id) => *id == connector.id,
        };
        let approval = self.memory.decisions.approvals.iter().rev().find(|approval| {
            let same = match &approval.kind {
                ApprovalKind::Development { folder } => {
                    connector.local_code.as_ref().is_some_and(|code| code.starts_with(folder))
                }
                ApprovalKind::Exact | ApprovalKind::Continuity { .. } => {
                    approval.seen.fingerprint == connector.fingerprint
                }
            };
            same && fits(&approval.reach) && approval.expires.is_none_or(|until| now < until)
        })?;
        let decided = remembered.and_then(|r| r.decided.as_ref());
        let by = decided
            .filter(|d| d.seq == approval.seq || matches!(d.answer, Answer::Approve { .. }))
            .map_or(Channel::Terminal, |d| d.origin.channel);
        Some(ApprovalRow {
            kind: match approval.kind {
                ApprovalKind::Exact => "exact",
                ApprovalKind::Continuity { .. } => "continuity",
                ApprovalKind::Development { .. } => "development",
            },
            reach: if approval.reach == Reach::Everywhere { "everywhere" } else { "here" },
            by,
            at: approval.at.to_string(),
            unverified: self.unverified,
        })
    }

    pub(super) fn finding_row(&self, finding: &Finding, found: Found) -> FindingRow {
        let id = format!("finding-{}", finding.code.name());
        let args: Vec<_> = finding.args.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        FindingRow {
            code: finding.code,
            severity: finding.severity,
            confidence: finding.confidence,
            message: self.wording.text(&id, &args),
            route: finding.primary.route.to_string(),
            // What is out of its file stands on none of its lines.
            line: finding.primary.line.filter(|_| found == Found::InFile),
            help: self.wording.text(&format!("{id}-help"), &args),
        }
    }
}

/// Shortens the ids to eight digits, or as many as tell all of them apart.
pub(super) fn shorten_ids(rows: &mut [Row]) {
    let full: Vec<ConnectorId> = rows.iter().map(|row| ConnectorId(row.id.clone())).collect();
    let mut by_eight: BTreeMap<&str, usize> = BTreeMap::new();
    for id in &full {
        *by_eight.entry(id.short()).or_default() += 1;
    }
    for (row, id) in rows.iter_mut().zip(&full) {
        let mut length = 8;
        if by_eight[id.short()] > 1 {
            let alike = |length: usize| full.iter().filter(|other| other.0[..length] == id.0[..length]).count() > 1;
            while length < id.0.len() && alike(length) {
                length += 1;
            }
        }
        row.id.truncate(length);
    }
}

/// Tells each row of the entries of its name in other scopes of its client.
pub(super) fn name_namesakes(rows: &mut [Row]) {
    let mut by_name: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        by_name.entry((&row.client, &row.name)).or_default().push(at);
    }
    let mut found: Vec<(usize, Namesake)> = Vec::new();
    for same in by_name.values().filter(|same| same.len() > 1) {
        for (at, other) in same.iter().flat_map(|at| same.iter().map(move |other| (*at, *other))) {
            let (own, other) = (&rows[at], &rows[other]);
            if own.id != other.id && (own.path != other.path || own.scope != other.scope) && meet(own, other) {
                found.push((at, namesake(own, other)));
            }
        }
    }
    for (at, namesake) in found {
        rows[at].namesakes.push(namesake);
    }
}

/// Whether a client can see both at once: entries of two projects never meet.
fn meet(own: &Row, other: &Row) -> bool {
    own.project.is_none() || other.project.is_none() || own.project == other.project
}

fn namesake(own: &Row, other: &Row) -> Namesake {
    let distance = |row: &Row| match row.scope {
        Scope::Local => 0,
        Scope::Project => 1,
        Scope::User | Scope::Profile => 2,
        Scope::Plugin | Scope::Extension | Scope::Managed => 3,
    };
    let relation = match client(&own.client).map(|row| row.namesakes) {
        Some(Namesakes::NearestWins) if distance(own) < distance(other) => Relation::Hides,
        Some(Namesakes::NearestWins) if distance(own) > distance(other) => Relation::HiddenBy,
        Some(Namesakes::Merged) => Relation::Merged,
        _ => Relation::Unknown,
    };
    let (id, path, project) = (other.id.clone(), other.path.clone(), other.project.clone());
    Namesake { id, scope: other.scope, project, path, relation }
}

fn readers(connector: &Connector) -> Vec<String> {
    let Some(row) = client(&connector.client) else { return Vec::new() };
    let file = row.files.iter().find(|file| {
        ends_like(&connector.file, file.path)
            && file.containers.iter().any(|c| container_matches(c.pattern, &connector.route))
    });
    file.map(|file| file.readers.iter().map(|name| (*name).to_owned()).collect()).unwrap_or_default()
}

fn launch_row(connector: &Connector) -> LaunchRow {
    let line = &connector.launch_line;
    LaunchRow {
        runner: line.runner,
        wrappers: line.wrappers.clone(),
        ecosystem: line.ecosystem,
        package: line.package.clone(),
        version: line.version.clone(),
        pin: line.pin,
        floating: line.is_floating(),
        purl: line.purl(),
        bridge: line.bridge.clone(),
        // A target may be a whole argument line.
        target: line.target.as_deref().map(|target| mask_argument(None, target)),
        unknown: line.unknown.map(str::to_owned),
    }
}

fn artefact_row(facts: &Facts) -> ArtefactRow {
    let empty = ArtefactRow {
        kind: facts.artefact.kind,
        state: ArtefactStateRow::NotLooked,
        reason: None,
        version: None,
        integrity: None,
        source: None,
        pin: facts.pin().map(str::to_owned),
    };
    match &facts.artefact.state {
        ArtefactState::NotLooked => empty,
        ArtefactState::Unobservable => ArtefactRow { state: ArtefactStateRow::Unobservable, ..empty },
        ArtefactState::Unknown { reason } => {
            ArtefactRow { state: ArtefactStateRow::Unknown, reason: Some(reason.clone()), ..empty }
        }
        ArtefactState::Known { version, integrity, source } => ArtefactRow {
            state: ArtefactStateRow::Known,
            version: version.clone(),
            integrity: Some(integrity.clone()),
            source: Some(source.clone()),
            ..empty
        },
    }
}
