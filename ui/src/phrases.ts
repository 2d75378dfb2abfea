import type { Card, Coverage, Desk, Drift, FindingRow, Inventory, Row, Severity, StatementRow, Status, Word } from "./bindings";
import type { Value, Words } from "./words";

/** A message with its values, to be said by `Say`. */
export interface Saying {
  id: string;
  args?: Record<string, Value>;
}

export type Tone = "plain" | "settled" | "look" | "danger";

const SEVERITIES: readonly Severity[] = ["low", "medium", "high", "critical"];

export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

/** A client as people call it; an id that nobody names stays what it is. */
export function clientName(desk: Desk, id: string): string {
  return desk.clients?.[id] ?? id;
}

/** Two letters instead of a logo. */
export function initials(name: string): string {
  const words = name.split(/[\s-]+/u).filter(Boolean);
  const [first, second] = words;
  if (!first) return "?";
  return second ? (first[0] ?? "") + (second[0] ?? "").toUpperCase() : first.slice(0, 2);
}

function quoted(word: string): string {
  return word !== "" && !/[ '"\\\n\t]/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The command line or address of a row, as it would be typed. */
export function runs(row: Row): string {
  const words = [...(row.command === null ? [] : [row.command]), ...row.args].map(quoted);
  if (words.length > 0) return words.join(" ");
  return row.url ?? "–";
}

/** A package as people write it, out of its package URL. */
export interface Package {
  /** With the scope, owner or registry: `@acme/search`, `ghcr.io/acme/search`. */
  name: string;
  /** The name with the version, tag or digest where one is named. */
  text: string;
  purl: string;
}

/** Reads the package URL of a row: `pkg:npm/%40acme/search@1.0` is `@acme/search`. One that cannot be read stays what it is. */
export function packageOf(row: Row): Package | null {
  const purl = row.launch.purl;
  if (purl === null) return null;
  const [, type = "", path = "", version, rest = ""] = /^pkg:([^/]+)\/([^@?#]+)(?:@([^?#]*))?(?:\?([^#]*))?(?:#.*)?$/u.exec(purl) ?? [];
  try {
    const spoken = path.split("/").map(decodeURIComponent).join("/");
    const qualifiers = new Map(rest.split("&").map((one): [string, string] => {
      const [key = "", value = ""] = one.split("=");
      return [key, decodeURIComponent(value)];
    }));
    // An image is named with its registry, which says whose it is.
    const name = type === "oci" ? (qualifiers.get("repository_url") ?? spoken) : type === "github" ? `github.com/${spoken}` : spoken;
    if (name === "") return { name: purl, text: purl, purl };
    const tag = qualifiers.get("tag");
    const text = version ? `${name}@${decodeURIComponent(version)}` : tag ? `${name}:${tag}` : name;
    return { name, text, purl };
  } catch {
    return { name: purl, text: purl, purl };
  }
}

/** The last part of a path. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Host of an address, without user and port. */
export function hostOf(url: string): string {
  const rest = url.includes("://") ? url.slice(url.indexOf("://") + 3) : url;
  const authority = rest.split(/[/?#\\]/u)[0] ?? rest;
  return authority.slice(authority.lastIndexOf("@") + 1);
}

/** What a connector is able to do, in plain words; the same as in the terminal. */
export function abilities(desk: Desk, row: Row): Saying[] {
  const target = row.launch.target?.includes("://") ? row.launch.target : null;
  const can = ((): Saying => {
    if (row.transport === "builtin") return { id: "can-be-builtin", args: { client: clientName(desk, row.client) } };
    if (row.transport === "none") return { id: "can-nothing" };
    if (row.transport !== "stdio" || row.launch.ecosystem === "remote") {
      return { id: "can-call-remote", args: { host: hostOf(row.url ?? target ?? "?") } };
    }
    switch (row.launch.ecosystem) {
      case "oci":
        return { id: "can-run-image" };
      case "local":
      case "builtin":
        return { id: "can-run-local" };
      case "unknown":
      case "none":
        return { id: "can-run-unknown" };
      default:
        return { id: "can-run-package", args: { ecosystem: row.launch.ecosystem } };
    }
  })();
  if (row.transport === "builtin" || row.transport === "none") return [can];
  if (row.env.length > 0) return [can, { id: "can-given-env", args: { names: row.env.join(", ") } }];
  if (row.headers.length > 0) return [can, { id: "can-given-headers", args: { names: row.headers.join(", ") } }];
  return [can, { id: "can-given-nothing" }];
}

/** What is known of the code behind a launch. */
export function artefact(row: Row): Saying {
  const { state, version, integrity, source, reason } = row.artefact;
  switch (state) {
    case "known":
      return version === null
        ? { id: "artefact-known-no-version", args: { integrity: integrity ?? "?", source: source ?? "?" } }
        : { id: "artefact-known", args: { version, integrity: integrity ?? "?", source: source ?? "?" } };
    case "unknown":
      return { id: "artefact-unknown", args: { reason: reason ?? "?" } };
    case "unobservable":
      return { id: "artefact-unobservable" };
    case "not-looked":
      return { id: "artefact-not-looked" };
  }
}

/** What the registry says of the code, one saying a line; none where no registry has it. */
export function publication(row: Row, words: Words, now: string): Saying[] {
  const said = row.publication;
  if (said === null) return [];
  if (said.state === "off") return [{ id: "publication-off" }];
  if (said.state === "unknown") return [{ id: "publication-unknown", args: { reason: words.say(`look-up-${said.reason ?? "not-asked"}`) } }];
  const ago = (at: string | null): string => (at === null ? "?" : words.moment(at, now));
  const source = { registry: said.registry ?? "?", at: ago(said.at) };
  const what = ((): Saying => {
    if (said.published !== null && said.publisher !== null) {
      return { id: "publication-known", args: { age: ago(said.published), publisher: said.publisher, ...source } };
    }
    if (said.published !== null) return { id: "publication-age", args: { age: ago(said.published), ...source } };
    if (said.publisher !== null) return { id: "publication-publisher", args: { publisher: said.publisher, ...source } };
    return { id: "publication-other-code", args: source };
  })();
  const lines: Saying[] = said.offered ? [{ id: "publication-offered" }, what] : [what];
  if (said.new_install_script) lines.push({ id: "publication-new-script" });
  if (said.provenance_lost) lines.push({ id: "publication-lost" });
  return lines;
}

/** What lies beyond the gate, in as few words as there are: package, program or host. */
export function beyond(row: Row): string {
  if (row.url !== null) return hostOf(row.url);
  return row.launch.package ?? row.launch.target ?? row.command ?? row.name;
}

export function isHeld(row: Row): boolean {
  return row.hold !== null && row.hold.method !== "none" && row.hold.state !== "refused" && row.hold.state !== "pending";
}

export function isUnholdable(row: Row): boolean {
  return row.hold !== null && (row.hold.method === "none" || row.hold.state === "refused");
}

/** How one member stands at its gate: how the gate is drawn, and in words. */
export interface Stand {
  gate: "shut" | "waits" | "open";
  saying: Saying;
}

export function standing(row: Row, moment: (at: string) => string): Stand {
  const hold = row.hold;
  if (hold === null) return { gate: "open", saying: { id: "stands-runs" } };
  if (isUnholdable(row)) return { gate: "open", saying: { id: "stands-unholdable" } };
  if (hold.state === "pending") return { gate: "waits", saying: { id: "hold-pending" } };
  if (hold.state === "contested") return { gate: "waits", saying: { id: "stands-contested" } };
  if (hold.takes_effect === "on-restart") return { gate: "waits", saying: { id: "stands-on-restart" } };
  if (hold.takes_effect === "unknown") return { gate: "waits", saying: { id: "stands-unknown" } };
  if (hold.since === null) return { gate: "shut", saying: { id: "stands-held" } };
  return { gate: "shut", saying: { id: "stands-held-since", args: { since: moment(hold.since) } } };
}

export function sortedFindings(row: Row): FindingRow[] {
  return [...row.findings].sort((a, b) => severityRank(b.severity) - severityRank(a.severity));
}

export function worst(row: Row): Severity | null {
  return sortedFindings(row)[0]?.severity ?? null;
}

/** How a severity is drawn. Brick is for high and worse, ochre for medium. */
export function severityTone(severity: Severity): Tone {
  if (severityRank(severity) >= 2) return "danger";
  return severity === "medium" ? "look" : "plain";
}

/** How far a card is from routine; the drawing of its mark follows. */
export function cardTone(card: Card, rows: Row[]): Tone {
  if (card.offers.typed_name || rows.some((row) => row.why === "known-malicious")) return "danger";
  const found = rows.map(worst).filter((severity) => severity !== null).map(severityTone);
  if (found.includes("danger")) return "danger";
  if (card.kind !== "new" || found.includes("look")) return "look";
  return "plain";
}

/** What a launch would be pinned to; of an image's digest the first of its digits, which tell it from any other. */
export function pinText(row: Row): string | null {
  return row.artefact.pin?.replace(/^(sha256:[0-9a-f]{12})[0-9a-f]{52}$/u, "$1…") ?? null;
}

const SPEAKS_FOR = new Set([
  "advisories-none", "attestation-holds", "domain-protected", "listing-mutual", "opinion-built", "repository-there", "signature-holds",
]);
const SPEAKS_AGAINST = new Set([
  "advisories", "attestation-broken", "domain-unclaimed", "listing-foreign", "namespace-unclaimed", "release-withdrawn", "repository-missing", "signature-broken",
]);

/** What a statement weighs, as a shape; most weigh nothing. */
export function statementIcon(statement: StatementRow): string {
  if (SPEAKS_FOR.has(statement.code)) return "tick";
  if (SPEAKS_AGAINST.has(statement.code)) return "diamond";
  return statement.known ? "ring" : "dots";
}

/** The shape of a word of trust. */
export function trustMark(word: Word): { icon: string; tone: Tone } {
  switch (word) {
    case "verified":
      return { icon: "disc-tick", tone: "settled" };
    case "known":
      return { icon: "ring-tick", tone: "plain" };
    case "unconfirmed":
      return { icon: "ring", tone: "plain" };
    case "not-checked":
      return { icon: "dots", tone: "plain" };
    case "in-doubt":
      return { icon: "diamond", tone: "look" };
    case "harmful":
      return { icon: "octagon", tone: "danger" };
  }
}

/** The shape of a status: shape, then word, then colour. */
export function statusMark(status: Status): { icon: string; tone: Tone } {
  switch (status) {
    case "approved":
      return { icon: "arch", tone: "settled" };
    case "allowed-by-policy":
      return { icon: "lock", tone: "plain" };
    case "new":
    case "changed":
      return { icon: "waiting", tone: "look" };
    case "held":
    case "denied":
      return { icon: "held", tone: "plain" };
    case "blocked":
      return { icon: "held", tone: "danger" };
    case "released":
      return { icon: "arch-thin", tone: "plain" };
    case "unmanaged":
      return { icon: "dots", tone: "plain" };
    case "unreviewed":
      return { icon: "arch-dashed", tone: "plain" };
  }
}

export type Place = "gap" | "part" | "good" | "absent";

/** Which part of the coverage a place belongs to. */
export function placeOf(place: Coverage): Place {
  if (place.state === "read") return "good";
  if (place.state === "absent") return "absent";
  return place.state === "polling" ? "part" : "gap";
}

export function gaps(inventory: Inventory): number {
  return inventory.coverage.filter((place) => placeOf(place) === "gap").length;
}

/** What is the same launch: the entries of one row in the list. One without a launch of its own is the same as no other. */
export function byLaunch(rows: Row[]): Row[][] {
  const out = new Map<string, Row[]>();
  for (const row of rows) {
    const key = row.transport === "builtin" || row.transport === "none" ? `id ${row.id}` : row.fingerprint;
    const same = out.get(key);
    if (same) same.push(row);
    else out.set(key, [row]);
  }
  return [...out.values()];
}

/** Rows that start the same thing, in the order of the inventory. */
export function sharing(inventory: Inventory, row: Row): Row[] {
  return byLaunch(inventory.connectors).find((same) => same.some((one) => one.id === row.id)) ?? [row];
}

/** Name of a changed part: `env.PATH` is the variable PATH. */
export function facet(name: string): Saying {
  const dot = name.indexOf(".");
  if (dot < 0) return { id: `facet-${name}`, args: { name: "" } };
  return { id: `facet-${name.slice(0, dot)}`, args: { name: name.slice(dot + 1) } };
}

/** One thing that is new in code, in words and with what comes from outside. */
export interface DriftLine {
  severity: Severity;
  saying: Required<Saying>;
  /** What stands in the code or the manifest. */
  text: string;
  /** Where; of the manifest what was and is. */
  place: string;
  also: string[];
}

/** What changed in the code, gravest first; in the order of the sections where nothing is graver. */
export function driftLines(drift: Drift): DriftLine[] {
  const changed = (id: string, all: Drift["scripts"]): DriftLine[] =>
    all.map(({ severity, name, old, new: now }) => ({
      severity, saying: { id, args: {} }, text: name, place: `${old ?? "–"} → ${now ?? "–"}`, also: [],
    }));
  const lines: DriftLine[] = [
    ...changed("drift-scripts", drift.scripts),
    ...drift.literals.map(({ severity, kind, text, file, line, foreign, encoded }) => ({
      severity, saying: { id: "drift-literal", args: { kind } }, text, place: `${file}:${line}`,
      also: [...(foreign ? ["drift-foreign"] : []), ...(encoded ? ["drift-encoded"] : [])],
    })),
    ...drift.calls.map(({ severity, kind, name, file, line, first }) => ({
      severity, saying: { id: "drift-call", args: { kind } }, text: name, place: `${file}:${line}`, also: first ? ["drift-first"] : [],
    })),
    ...drift.files.machine_code.map((text) => ({
      severity: "medium" as const, saying: { id: "drift-machine-code", args: {} }, text, place: "", also: [],
    })),
    ...changed("drift-dependencies", drift.dependencies),
    ...changed("drift-programs", drift.programs),
  ];
  return lines.sort((a, b) => severityRank(b.severity) - severityRank(a.severity));
}
