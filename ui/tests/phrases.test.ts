import { describe, expect, test } from "vitest";

import type { Drift, Row } from "../src/bindings";
import { driftLines, packageOf } from "../src/phrases";

describe("a package URL", () => {
  const read = (purl: string | null) => packageOf({ launch: { purl } } as Row);

  test("is read as people write the package", () => {
    const check = (purl: string, name: string, text: string): void => expect(read(purl)).toEqual({ name, text, purl });
    check("pkg:npm/%40acme/x@1.0", "@acme/x", "@acme/x@1.0");
    check("pkg:npm/left-pad", "left-pad", "left-pad");
    check("pkg:npm/%40acme/x@1.0.0-rc.1%2B7", "@acme/x", "@acme/x@1.0.0-rc.1+7");
    check("pkg:pypi/mcp-server-sqlite@0.6.2", "mcp-server-sqlite", "mcp-server-sqlite@0.6.2");
    check("pkg:oci/tool?repository_url=ghcr.io%2Facme%2Ftool&tag=v2", "ghcr.io/acme/tool", "ghcr.io/acme/tool:v2");
    check(
      "pkg:oci/tool@sha256%3A5d1f?repository_url=docker.io/library/tool",
      "docker.io/library/tool",
      "docker.io/library/tool@sha256:5d1f",
    );
    check("pkg:github/acme/x@v1.2#sub", "github.com/acme/x", "github.com/acme/x@v1.2");
    // What hides in it comes out, and is shown as a chip like any other text from outside.
    check("pkg:npm/a%E2%80%AEb", "a\u202eb", "a\u202eb");
  });

  test("that cannot be read stays what it is", () => {
    for (const purl of ["pkg:npm/%zz", "pkg:npm/x@%", "npm/x", "pkg:", "", "pkg:npm/", "pkg:oci/x?tag=%f"]) {
      expect(read(purl), purl).toEqual({ name: purl, text: purl, purl });
    }
    expect(read(null)).toBeNull();
  });
});

test("what is new in code stands gravest first, and in the order of its sections where nothing is graver", () => {
  const place = { file: "a.js", line: 3 };
  const drift: Drift = {
    severity: "high", partly: false, programs: [],
    scripts: [{ signal: "install-script-added", severity: "high", name: "postinstall", old: null, new: "node a.js" }],
    literals: [
      { signal: "url-of-known-host", severity: "low", kind: "url", text: "https://a.dev/b", ...place, foreign: false, encoded: false },
      { signal: "encoded-address", severity: "high", kind: "email", text: "x@evil.example", ...place, foreign: true, encoded: true },
    ],
    calls: [{ signal: "process-first", severity: "high", kind: "process", name: "child_process", ...place, first: true }],
    dependencies: [{ signal: "dependency-changed", severity: "low", name: "sdk", old: "^1", new: "^2" }],
    files: { added: [], removed: [], changed: [], added_in_all: 0, removed_in_all: 0, changed_in_all: 1, machine_code: ["a.node"] },
  };
  const lines = driftLines(drift);
  expect(lines.map((line) => line.text)).toEqual(["postinstall", "x@evil.example", "child_process", "a.node", "https://a.dev/b", "sdk"]);
  expect(lines[0]?.place).toBe("– → node a.js");
  expect(lines[1]?.also).toEqual(["drift-foreign", "drift-encoded"]);
  expect(lines[5]?.place).toBe("^1 → ^2");
});
