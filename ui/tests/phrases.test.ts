import { describe, expect, test } from "vitest";

import type { Row } from "../src/bindings";
import { packageOf } from "../src/phrases";

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
