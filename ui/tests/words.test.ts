import { describe, expect, test } from "vitest";

import { isHidden, pieces, visible } from "../src/visible";
import { Words } from "../src/words";

describe("what is not seen", () => {
  test("becomes a chip", () => {
    const check = (text: string, expected: string): void => expect(visible(text)).toBe(expected);
    check("postmark", "postmark");
    check("conexión ✓ 邮戳", "conexión ✓ 邮戳");
    check("a\u202eb", "a⟦U+202E⟧b");
    check("\u001b[31mred", "⟦U+001B⟧[31mred");
    check("a\r\nb\tc", "a⟦U+000D⟧⟦U+000A⟧b⟦U+0009⟧c");
    check("zero\u200bwidth", "zero⟦U+200B⟧width");
    check("\u{e0041}", "⟦U+E0041⟧");
    check("a\u00a0b", "a⟦U+00A0⟧b");
    check("\ud800", "⟦U+D800⟧");
    check("", "");
  });

  test("is the same as in the terminal, for every code point", () => {
    // Written a second time, by the properties that Unicode gives: controls, formats, spaces but the one, fillers.
    const named = /[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\p{Variation_Selector}\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800]/u;
    for (let code = 0; code <= 0x10ffff; code += 1) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const character = String.fromCodePoint(code);
      if (character !== " " && named.test(character)) expect(isHidden(code), code.toString(16)).toBe(true);
    }
    for (const seen of "aé汉字😀 -_./@") expect(isHidden(seen.codePointAt(0) ?? 0)).toBe(false);
  });

  test("keeps all text in order", () => {
    const text = "a\u202eb\u200b\u200cc";
    const back = pieces(text).map((piece) =>
      "chip" in piece ? String.fromCodePoint(Number.parseInt(piece.chip.slice(3, -1), 16)) : piece.text,
    );
    expect(back.join("")).toBe(text);
  });
});

describe("words", () => {
  const [english, spanish] = [new Words("en"), new Words("es")];

  test("fill values in as they are", () => {
    expect(english.say("card-new", { name: "{ $x }", client: "<b>" })).toBe("{ $x } was added to <b>");
    expect(english.say("card-new", { name: "a\u202eb", client: "Zed" })).toBe("a⟦U+202E⟧b was added to Zed");
    expect(english.parts("card-new", { name: "x", client: "Zed" })).toEqual([
      { name: "name", value: "x" }, { words: " was added to " }, { name: "client", value: "Zed" },
    ]);
  });

  test("count in both languages", () => {
    expect(english.say("waiting-title", { count: 0 })).toBe("Nothing waits for your decision");
    expect(english.say("waiting-title", { count: 1 })).toBe("1 connector waits for your decision");
    expect(spanish.say("waiting-title", { count: 4 })).toBe("4 conectores esperan su decisión");
  });

  test("name moments by the day", () => {
    const now = new Date(2026, 10, 22, 12, 45).toISOString();
    const at = (day: number, year = 2026): string => new Date(year, 10, day, 9, 5).toISOString();
    expect(english.moment(at(22), now)).toBe("09:05");
    expect(english.moment(at(18), now)).toMatch(/18.*Nov.*09:05|Nov.*18.*09:05/u);
    expect(english.moment(at(18, 2025), now)).toContain("2025");
    expect(english.moment("never\u202e", now)).toBe("never⟦U+202E⟧");
    expect(english.ago(at(22), now)).toBe("3 hours ago");
    expect(spanish.ago(now, now)).toBe("ahora mismo");
  });

  test("show a missing message by its id", () => expect(english.say("no-such-message")).toBe("no-such-message"));
});

test("a value of Gatehouse's own chooses the words, and one from outside never does", () => {
  for (const [language, not_installed, cache] of [
    ["en", "it is not installed here", "npx's cache"],
    ["es", "no está instalado", "la caché de npx"],
  ] as const) {
    const words = new Words(language);
    const text = (id: string, args: Record<string, string>, chosen: string[]): string =>
      words.parts(id, args, chosen).map((part) => ("words" in part ? part.words : part.value)).join("");
    expect(text("artefact-unknown", { reason: "not-installed" }, ["reason"])).toContain(not_installed);
    expect(text("artefact-unknown", { reason: "not-installed" }, [])).not.toContain(not_installed);
    const known = { version: "1.0.0", integrity: "sha256:00", source: "npx-cache" };
    expect(text("artefact-known", known, ["source"])).toContain(cache);
  }
});
