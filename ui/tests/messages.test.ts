import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

const ROOT = new URL("../..", import.meta.url).pathname;
const FILES = ["core.ftl", "cli.ftl", "desk.ftl", "tray.ftl"];

interface Message {
  text: string;
  variables: string[];
}

/** The messages of one language by their ids, read without the library that shows them. */
function messages(language: string): Map<string, Message> {
  const out = new Map<string, Message>();
  for (const file of FILES) {
    let id = "";
    for (const line of readFileSync(join(ROOT, "ui/locales", language, file), "utf8").split("\n")) {
      if (line.startsWith("#") || line.trim() === "") continue;
      const head = /^([a-z][\w-]*) =(.*)$/u.exec(line);
      if (head) {
        id = head[1] ?? "";
        expect(out.has(id), `${id} stands twice in ${language}`).toBe(false);
      } else if (!/^[ }]/u.test(line)) {
        throw new Error(`${language}/${file}: not a message: ${line}`);
      }
      const message = out.get(id) ?? { text: "", variables: [] };
      const text = head ? (head[2] ?? "") : line;
      message.text = `${message.text}\n${text}`.trim();
      message.variables = [...new Set([...message.variables, ...[...text.matchAll(/\$([\w-]+)/gu)].map((one) => one[1] ?? "")])].sort();
      out.set(id, message);
    }
  }
  return out;
}

const english = messages("en");
const spanish = messages("es");

function read(folder: string, matches: (path: string) => boolean): string {
  return readdirSync(folder)
    .map((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return name === "target" || name === "node_modules" ? "" : read(path, matches);
      return matches(path) ? readFileSync(path, "utf8") : "";
    })
    .join("\n");
}

const window_ = read(join(ROOT, "ui/src"), (path) => /\.(svelte|ts)$/u.test(path) && !path.endsWith("twin.ts"));
const rust = read(join(ROOT, "src-tauri"), (path) => path.endsWith(".rs") && !path.endsWith("tests.rs"));

/** Values of an enum, out of the bindings: `export type Status = "unreviewed" | …`. */
function valuesOf(name: string): string[] {
  const bindings = readFileSync(join(ROOT, "ui/src/bindings.ts"), "utf8");
  const line = new RegExp(`export type ${name} = ([^;]+);`, "u").exec(bindings)?.[1] ?? "";
  const values = [...line.matchAll(/"([\w-]+)"/gu)].map((one) => one[1] ?? "");
  expect(values.length, `no values for ${name}`).toBeGreaterThan(1);
  return values;
}

/** Ids that are put together from the name of a value. */
function families(): Set<string> {
  const out: string[] = [];
  const family = (prefix: string, values: string[], suffix = ""): void => {
    out.push(...values.map((value) => `${prefix}-${value}${suffix}`));
  };
  family("status", valuesOf("Status"));
  family("why", valuesOf("Why"));
  family("mode", valuesOf("Mode"));
  family("mode", valuesOf("Mode"), "-means");
  family("scope", valuesOf("Scope"));
  family("channel", valuesOf("Channel"));
  family("ledger", valuesOf("LedgerState"));
  family("severity", valuesOf("Severity"));
  family("coverage", valuesOf("CoverageState"));
  family("coverage", valuesOf("CoverageState").filter((state) => state !== "read" && state !== "absent"), "-why");
  family("finding", valuesOf("Code"));
  family("finding", valuesOf("Code"), "-help");
  family("hold", valuesOf("HoldState"));
  family("method", valuesOf("Method"));
  family("takes-effect", valuesOf("TakesEffect"));
  family("age-limit", valuesOf("Standing"));
  family("how", valuesOf("ApproveHow"));
  family("how", valuesOf("ApproveHow"), "-means");
  family("how", ["pin", "this-version"], "-any");
  family("card-state", valuesOf("QuestionKind"));
  family("card", valuesOf("QuestionKind"));
  family("card", ["deny", "release", "remove", "keep-held"]);
  family("sheet-mode", ["ask", "monitor"]);
  family("sheet-mode", ["ask", "monitor"], "-means");
  family("sheet", ["look", "rest"]);
  family("sheet", ["look", "rest"], "-means");
  family("facet", ["transport", "command", "args", "url", "cwd", "env", "headers", "extra", "resolved", "trust", "code"]);
  family("answer", ["approve", "keep-approved", "keep-held", "deny", "release", "remove", "revoke", "undo"]);
  family("approval", ["exact", "continuity", "development", "everywhere", "here"]);
  family("request", ["approve", "release"]);
  family("folder", ["ask", "notify", "ignore", "developing"]);
  family("cli-approvals", ["allow", "desk", "never"], "-means");
  family("look-ups", ["on", "off"], "-means");
  family("desk-look-ups", ["on", "off"]);
  family("desk-look-ups", ["on", "off"], "-means");
  family("request-for", ["versions", "archive", "advisories", "attestations", "publishers", "listings", "signatures", "repositories", "opinions", "domains", "images"]);
  family("trust", valuesOf("Word"));
  family("trust", valuesOf("Word"), "-means");
  family("trust-because", ["attestation-broken", "attested", "built-in", "catalogue", "finding", "host-not-listed", "known-malicious", "listed", "local-code", "no-service", "nobody-vouches", "not-asked", "registry-signature-broken", "registry-signed", "repository-alone", "vouchers-not-asked", "signature-broken", "signed"]);
  family("said", [
    "advisories", "advisories-none", "attestation-broken", "attestation-holds", "domain-half-told", "domain-open", "domain-protected",
    "domain-silent", "domain-unclaimed", "image-named", "image-there", "listing-absent", "listing-foreign", "listing-inactive",
    "listing-mirrored", "listing-mutual", "namespace-there", "namespace-unclaimed", "opinion-built", "opinion-plain", "release-withdrawn", "repository-archived", "repository-fork",
    "repository-missing", "repository-there", "signature-broken", "signature-holds", "untold-advisories", "untold-attestation",
    "untold-domain", "untold-image", "untold-listing", "untold-namespace", "untold-opinion", "untold-repository", "untold-signature",
  ]);
  family("look-up", [
    "attestation-no-identity", "attestation-no-statement", "attestation-not-verified", "attestation-other-digest",
    "attestation-other-repository", "attestation-other-subject", "attestation-unreadable", "elsewhere", "mirror", "no-claim",
    "no-entry-name", "no-package", "no-publisher-domain", "no-repository", "no-signatures", "not-attested", "not-signed", "other-repository-host", "shared-domain", "switched-off", "unknown-key", "version-not-told",
    "off", "not-asked", "private", "no-registry", "no-address", "not-found", "unauthorised", "rate-limited", "server", "unexpected",
    "timed-out", "unreachable", "truncated", "too-large", "unreadable", "redirected", "other-bytes", "unusable",
  ]);
  for (const check of ["guard", "data-folder", "ledger", "keyring", "exchange", "watches", "coverage", "leftovers", "age-limit", "age-limit-offer"]) {
    family(`doctor-${check}`, ["good", "note", "bad"]);
  }
  return new Set(out);
}

/** Alike in both languages, and rightly so. */
const COGNATES = new Set(["facet-env"]);

describe("messages", () => {
  test("are read", () => expect(english.size).toBeGreaterThan(400));

  test("are the same in both languages, with the same variables", () => {
    expect([...english.keys()].filter((id) => !spanish.has(id)), "missing in Spanish").toEqual([]);
    expect([...spanish.keys()].filter((id) => !english.has(id)), "missing in English").toEqual([]);
    for (const [id, message] of english) expect(spanish.get(id)?.variables, `variables of ${id}`).toEqual(message.variables);
  });

  test("exist wherever one is said", () => {
    const missing = [...families()].filter((id) => !english.has(id));
    expect(missing, "of a family").toEqual([]);
    const said = [...window_.matchAll(/(?:say|parts)\(\s*"([a-z][\w-]+)"|\bid="([a-z]+-[\w-]+)"\s|\b(?:id|title|means): "([a-z]+-[\w-]+)"/gu)]
      .map((match) => match[1] ?? match[2] ?? match[3] ?? "")
      .filter((id) => !/^(card-title|seen-title|waiting-title|connectors-title|coverage-title|detail-title|detail-drawer|sheet-title)$/u.test(id));
    expect(said.length).toBeGreaterThan(100);
    expect(said.filter((id) => !english.has(id)), "said and not written").toEqual([]);
  });

  test("are all said somewhere", () => {
    const known = families();
    const code = window_ + rust;
    const unused = [...english.keys()].filter(
      (id) => !known.has(id) && !id.startsWith("help-") && !code.includes(`"${id}"`) && !code.includes(`\`${id}\``),
    );
    expect(unused).toEqual([]);
  });

  test("are translated", () => {
    const alike = [...english].filter(([id, { text }]) => spanish.get(id)?.text === text && /\p{L}/u.test(text.replace(/\{[^}]*\}/gu, "")));
    expect(alike.map(([id]) => id).filter((id) => !COGNATES.has(id))).toEqual([]);
  });

  test("shout at nobody and promise nothing", () => {
    const check = (all: Map<string, Message>, banned: RegExp): void => {
      for (const [id, { text }] of all) {
        expect(text, id).not.toMatch(/[!¡]/u);
        expect(` ${text.toLowerCase()} `, id).not.toMatch(banned);
      }
    };
    check(english, /[^\p{L}](please|threats?|safe|unsafe|safely|safety)[^\p{L}]/u);
    check(spanish, /[^\p{L}](por favor|amenazas?|segur[oa]s?|inseguro|tú|tu|tus)[^\p{L}]/u);
  });
});
