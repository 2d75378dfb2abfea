// Written by `UPDATE=1 cargo test -p gatehouse-app`: what goes over to the window and comes back.

export type AgeLimit = { tool: Tool, 
/**
 * What it is set by: the limit itself, or a fixed date.
 */
setting: string, 
/**
 * As it is written.
 */
value: string | null, 
/**
 * The file, variable or flag that says so.
 */
from: string | null, standing: Standing, 
/**
 * Gatehouse can write it into the user's own settings.
 */
can_be_set: boolean, 
/**
 * Gatehouse wrote it there, and can take it back.
 */
can_be_undone: boolean, };

export type Alarm = { 
/**
 * Kebab-case, stable.
 */
code: string, 
/**
 * In the user's language.
 */
message: string, };

export type ApprovalRow = { 
/**
 * `exact`, `continuity` or `development`.
 */
kind: string, 
/**
 * `everywhere` or `here`.
 */
reach: string, by: Channel, at: string, 
/**
 * The key of the ledger is not at hand, so that the entry that gives the approval cannot be proven.
 */
unverified: boolean, };

export type ApproveHow = "this-version" | "pin" | "updates" | "developing";

export type ApproveOffer = { how: ApproveHow, refused: Refused | null, };

export type ArtefactKind = "npm" | "pypi" | "oci" | "git" | "file" | "remote" | "builtin" | "unknown";

export type ArtefactRow = { kind: ArtefactKind, state: ArtefactStateRow, reason: string | null, version: string | null, integrity: string | null, source: string | null, 
/**
 * What the launch may be pinned to: the version, or an image's digest.
 */
pin: string | null, };

export type ArtefactStateRow = "known" | "unknown" | "unobservable" | "not-looked";

export type CallKind = "process" | "network" | "credentials" | "evaluation" | "decoded-code" | "dynamic-load" | "environment" | "obfuscated";

export type Card = { 
/**
 * Names the question while it is open.
 */
key: string, kind: QuestionKind, 
/**
 * Id of the row that the answer is sent for.
 */
lead: string, 
/**
 * Ids of all rows with this question, the lead first.
 */
members: Array<string>, 
/**
 * As shown; goes back with the answer.
 */
fingerprint: string, 
/**
 * What ran before, masked.
 */
previous: string | null, 
/**
 * Id of the client below whose process a decision was asked for.
 */
asked_by: string | null, 
/**
 * What was asked for: `approve`, `release`.
 */
request: string | null, offers: Offers, };

export type Change = { 
/**
 * `command`, `args`, `url`, `cwd`, `transport`, `env.NAME`, `headers.NAME`, `extra.NAME`, `resolved.PLACE`, `trust.NAME`,
 * or `code` for the artefact.
 */
facet: Facet, old: string | null, new: string | null, };

export type Channel = "desk" | "terminal" | "automation" | "policy";

export type Checks = { passed: Array<Code>, not_run: Array<NotRun>, };

export type Code = "approves-project-servers" | "asks-no-one" | "auto-approved-tools" | "burst" | "credentials-in-url" | "dangerous-env" | "floating-version" | "fresh-local-file" | "hidden-text" | "hook-command" | "install-script" | "interpreter-eval" | "ip-literal-host" | "known-malicious" | "known-vulnerable" | "local-bin-shadows-package" | "lookalike-host" | "name-squat" | "odd-location" | "package-missing" | "plain-http" | "plaintext-secret" | "provenance-lost" | "publisher-changed" | "publisher-domain" | "redirected-client" | "registry-backlink-mismatch" | "repeated-key" | "repository-changed" | "same-entry-elsewhere" | "same-name-other-launch" | "vendor-claim-unproven" | "version-burst" | "very-new" | "world-writable";

export type Comparison = { schema: string, id: string, client: string, name: string, package: string | null, old: Side, new: Side, drift: Drift, 
/**
 * Line by line, where the bytes of both are to be had.
 */
passages: Passages | null, 
/**
 * Why not, in the user's language.
 */
no_passages: string | null, };

export type Confidence = "low" | "medium" | "high";

export type Coverage = { 
/**
 * Its id. `*` tells of a project folder that all places in it without a row of their own are absent.
 */
client: string, scope: Scope, path: string, state: CoverageState, 
/**
 * Entries in the file.
 */
connectors: number, 
/**
 * Entries that are held out of it.
 */
held: number, 
/**
 * Why the state is not `read`, or what limits it; in the user's language.
 */
message: string | null, };

export type CoverageState = "read" | "absent" | "denied" | "unparsable" | "unsupported" | "too-large" | "not-regular" | "polling";

export type Desk = { language: "en" | "es", 
/**
 * The view that the window was last asked to show.
 */
open: Open, 
/**
 * Rises with each such wish.
 */
open_seq: number, mark: Mark, inventory: Inventory, 
/**
 * Open questions, riskiest first; the same launch in several clients is one card.
 */
cards: Array<Card>, 
/**
 * Decisions of the last 30 s, newest first.
 */
news: Array<News>, alarms: Array<Alarm>, sheet: Sheet | null, 
/**
 * UTC, RFC 3339.
 */
paused_until: string | null, 
/**
 * Programs can press this window's buttons: its answers count as those of a terminal.
 */
driven: boolean, 
/**
 * Whether registries are asked; a file of settings may keep them off.
 */
look_ups: LookUps, 
/**
 * A tray host shows our icon.
 */
tray: boolean, 
/**
 * Files that are watched.
 */
files: number, 
/**
 * Clients as people call them, by id.
 */
clients: Record<string, string>, };

export type Drift = { 
/**
 * Of everything below, the gravest; none where nothing that counts changed.
 */
severity: Severity | null, 
/**
 * What runs when it is installed.
 */
scripts: Array<ManifestChange>, literals: Array<NewLiteral>, calls: Array<NewCall>, dependencies: Array<ManifestChange>, 
/**
 * Its programs.
 */
programs: Array<ManifestChange>, files: Files, 
/**
 * Of one side there is more than was read: what is new may have been there.
 */
partly: boolean, };

export type Ecosystem = "npm" | "pypi" | "oci" | "git" | "nuget" | "jsr" | "go" | "maven" | "nix" | "local" | "remote" | "builtin" | "none" | "unknown";

export type Facet = string;

export type Files = { added: Array<string>, removed: Array<string>, changed: Array<string>, added_in_all: number, removed_in_all: number, changed_in_all: number, 
/**
 * New programs for processors, which nobody can read.
 */
machine_code: Array<string>, };

export type FindingRow = { code: Code, severity: Severity, confidence: Confidence, 
/**
 * In the user's language.
 */
message: string, route: string, line: number | null, 
/**
 * What to do, in the user's language.
 */
help: string, };

export type First = "keep-held" | "keep-approved" | "hold";

export type Guard = { running: boolean, 
/**
 * `tray`, `watch` or `command`.
 */
kind: string | null, };

export type HistoryRow = { seq: number, 
/**
 * UTC, RFC 3339.
 */
at: string, 
/**
 * The kind of record, in kebab-case.
 */
kind: string, 
/**
 * One sentence in the user's language.
 */
text: string, };

export type HoldRow = { method: Method, state: HoldState, 
/**
 * UTC, RFC 3339.
 */
since: string | null, reason: string | null, takes_effect: TakesEffect, };

export type HoldState = "in-force" | "pending" | "refused" | "contested";

export type Inventory = { schema: string, 
/**
 * `gatehouse` and its version.
 */
tool: string, 
/**
 * UTC, RFC 3339.
 */
generated: string, mode: Mode, guard: Guard, ledger: LedgerState, 
/**
 * Open questions.
 */
waiting: number, coverage: Array<Coverage>, 
/**
 * Files with settings that let a client start, use or run something without a question.
 */
settings: Array<Settings>, 
/**
 * What the package managers in use are told about the age of versions in the user's own settings.
 */
age_limits: Array<AgeLimit>, connectors: Array<Row>, };

export type KeepApproved = true | Refused;

export type LaunchRow = { runner: Runner, wrappers: Array<string>, ecosystem: Ecosystem, package: string | null, version: string | null, pin: Pin | null, floating: boolean, purl: string | null, bridge: string | null, target: string | null, unknown: string | null, };

export type LedgerState = "keyed" | "locked" | "missing" | "none" | "broken";

export type Line = { 
/**
 * `+`, `-` or a space.
 */
sign: string, text: string, };

export type LiteralKind = "email" | "host" | "ip" | "url";

export type LookUps = "on" | "off";

export type ManifestChange = { signal: string, severity: Severity, name: string, old: string | null, new: string | null, };

export type Mark = { 
/**
 * Sixteen shades from 0 to 3: a grid of four by four, row by row.
 */
cells: Array<number>, 
/**
 * Two words in the language.
 */
words: string, };

export type Method = "cut" | "switch" | "list" | "none";

export type Mode = "monitor" | "ask" | "lockdown";

export type Namesake = { id: string, scope: Scope, project: string | null, path: string, relation: Relation, };

export type NewCall = { signal: string, severity: Severity, kind: CallKind, name: string, file: string, line: number, 
/**
 * It could nothing of the kind before.
 */
first: boolean, };

export type NewLiteral = { signal: string, severity: Severity, kind: LiteralKind, text: string, file: string, line: number, 
/**
 * The package had nothing to do with its domain before.
 */
foreign: boolean, 
/**
 * It is written in base64.
 */
encoded: boolean, };

export type News = { id: string, name: string, client: string, 
/**
 * As in the messages `answer-…`.
 */
answer: string, channel: Channel, 
/**
 * UTC, RFC 3339.
 */
at: string, 
/**
 * UTC, RFC 3339; null where it cannot be undone.
 */
undo_until: string | null, };

export type NotRun = { code: Code, reason: string, };

export type Offers = { first: First, 
/**
 * `true`: offered; null: makes no sense; else why it is not offered.
 */
keep_approved: KeepApproved | null, 
/**
 * In the order of the drawer.
 */
approve: Array<ApproveOffer>, release: boolean, 
/**
 * Approving needs the name typed out.
 */
typed_name: boolean, };

export type Open = { "view": "card", key: string, } | { "view": "waiting" } | { "view": "connectors" } | { "view": "first-run" };

export type Outcome = { "outcome": "done", lines: Array<string>, } | { "outcome": "refused", refused: Refused, };

export type Passage = { file: string, 
/**
 * The first line of the new file, from 1; of a removed file, of the old one.
 */
line: number, 
/**
 * Of the gravest thing that was found in these lines.
 */
severity: Severity | null, lines: Array<Line>, };

export type Passages = { 
/**
 * With what is risky first, then by file.
 */
shown: Array<Passage>, 
/**
 * There are more.
 */
left_out: number, 
/**
 * Changed files that are compared by what they say and can do alone.
 */
unreadable: Array<string>, };

export type Pin = "exact" | "range" | "latest" | "none" | "tag" | "digest" | "git-ref" | "git-head";

export type PreviousRow = { 
/**
 * The command line or address, masked.
 */
runs: string, fingerprint: string, 
/**
 * UTC, RFC 3339.
 */
since: string, 
/**
 * It may run: `keep-approved` puts it back in place of this one.
 */
approved: boolean, };

export type PublicationRow = { state: PublicationState, 
/**
 * Why it is not known, as `not-found`.
 */
reason: string | null, 
/**
 * The host that was asked, and when it said so.
 */
registry: string | null, at: string | null, 
/**
 * When the code that would run was published, and by whom; null where something else than the registry's runs.
 */
published: string | null, publisher: string | null, 
/**
 * It is not on this machine yet: the client's next start would fetch it.
 */
offered: boolean, 
/**
 * It runs a script when it is installed, which what is approved did not.
 */
new_install_script: boolean, 
/**
 * What is approved had an attestation of where it was built, and this has none.
 */
provenance_lost: boolean, };

export type PublicationState = "known" | "unknown" | "off";

export type QuestionKind = "new" | "changed" | "artefact";

export type QuestionRow = { kind: QuestionKind, since: string, changes: Array<Change>, };

export type ReasonRow = { 
/**
 * As `vouchers-not-asked`.
 */
code: string, 
/**
 * In the user's language.
 */
text: string, 
/**
 * The host that says so, and when it did; null for what was seen on this machine.
 */
source: string | null, at: string | null, };

export type Refused = { 
/**
 * Kebab-case, stable.
 */
code: string, 
/**
 * In the user's language.
 */
message: string, };

export type Relation = "hides" | "hidden-by" | "merged" | "unknown";

export type Row = { 
/**
 * Eight hex digits, more where two would be alike.
 */
id: string, client: string, scope: Scope, project: string | null, path: string, route: string, name: string, 
/**
 * Other clients that read the same file.
 */
readers: Array<string>, 
/**
 * Entries of the same name in other scopes of the client.
 */
namesakes: Array<Namesake>, 
/**
 * The entry stands in its file.
 */
present: boolean, line: number | null, enabled: boolean, transport: Transport, command: string | null, args: Array<string>, url: string | null, 
/**
 * Names.
 */
env: Array<string>, 
/**
 * Names.
 */
headers: Array<string>, launch: LaunchRow, artefact: ArtefactRow, 
/**
 * `null` where no registry has what is run.
 */
publication: PublicationRow | null, 
/**
 * What the package manager is told about the age of versions, where the launch names no exact one.
 */
age_limit: AgeLimit | null, fingerprint: string, status: Status, why: Why, hold: HoldRow | null, 
/**
 * An older launch that is held, and whose place this one has taken.
 */
previous: PreviousRow | null, 
/**
 * A project with the entry's file under git, where it was the first to be held: to be asked only is offered there.
 */
folder_offer: string | null, question: QuestionRow | null, approval: ApprovalRow | null, 
/**
 * Who vouches for what it runs.
 */
trust: TrustRow, findings: Array<FindingRow>, checks: Checks, };

export type Runner = "npx" | "bunx" | "pnpm-dlx" | "yarn-dlx" | "uvx" | "uv-run" | "pipx-run" | "docker-run" | "docker-compose" | "docker-exec" | "docker-mcp" | "dnx" | "node" | "bun" | "deno" | "tsx" | "python" | "python-m" | "php" | "java" | "dotnet" | "cargo-run" | "npm-run" | "pnpm-script" | "nix-run" | "shell" | "curl" | "script" | "binary" | "remote" | "builtin" | "none";

export type Scope = "user" | "project" | "local" | "managed" | "plugin" | "extension" | "profile";

export type Settings = { client: string, scope: Scope, project: string | null, path: string, 
/**
 * In the order of the file.
 */
findings: Array<FindingRow>, };

export type Severity = "low" | "medium" | "high" | "critical";

export type Sheet = "first-run" | "after-loss";

export type Shown = { id: string, fingerprint: string, };

export type Side = { version: string | null, source: SideSource, };

export type SideSource = "present" | "outline" | "cache" | "registry";

export type Standing = "not-set" | "enough" | "too-short" | "unreadable" | "exempt";

export type StatementRow = { 
/**
 * As `listing-mutual`.
 */
code: string, 
/**
 * Something is known; else `text` says why not.
 */
known: boolean, 
/**
 * One of the reasons says the same.
 */
told: boolean, 
/**
 * In the user's language.
 */
text: string, 
/**
 * The host that says so, and when it did.
 */
source: string | null, at: string | null, };

export type Status = "unreviewed" | "new" | "changed" | "approved" | "held" | "released" | "denied" | "blocked" | "allowed-by-policy" | "unmanaged";

export type TakesEffect = "now" | "on-restart" | "unknown";

export type Tool = "npm" | "uv" | "bun" | "pnpm";

export type Transport = "stdio" | "http" | "sse" | "ws" | "builtin" | "none";

export type TrustRow = { word: Word, 
/**
 * Never empty.
 */
reasons: Array<ReasonRow>, 
/**
 * What others were asked about it, each with what came of it. Empty while look-ups are off.
 */
statements: Array<StatementRow>, };

export type Why = "managed-deny" | "known-malicious" | "user-denied" | "kept-held" | "lockdown-not-allowed" | "managed-allow" | "approved-exact" | "provenance-lost" | "approved-continuity" | "approved-development" | "fingerprint-changed" | "artefact-changed" | "released" | "unreviewed" | "new";

export type Wish = { "wish": "approve", how: ApproveHow, 
/**
 * The version to pin to, where it is not the one that runs.
 */
version?: string, only_here: boolean, 
/**
 * The name of a connector that is known to be malicious, typed out.
 */
typed_name: string | null, } | { "wish": "keep-approved" } | { "wish": "keep-held" } | { "wish": "deny" } | { "wish": "release" } | { "wish": "remove" };

export type Word = "verified" | "known" | "unconfirmed" | "not-checked" | "in-doubt" | "harmful";
