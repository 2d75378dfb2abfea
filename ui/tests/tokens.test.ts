import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

const ROOT = new URL("..", import.meta.url).pathname;
const GROUNDS = ["ground", "side", "surface", "sunken", "hover", "accent-soft", "look-soft", "danger-soft"];

type Palette = Map<string, string>;

/** The colours of both schemes; the dark one names only what differs. */
function palettes(): Record<"light" | "dark", Palette> {
  const [light = "", dark = ""] = readFileSync(join(ROOT, "src/tokens.css"), "utf8").split("@media (prefers-color-scheme: dark)");
  const read = (text: string): [string, string][] =>
    [...text.matchAll(/--([\w-]+): (#[0-9a-f]{6});/gu)].map((one) => [one[1] ?? "", one[2] ?? ""]);
  return { light: new Map(read(light)), dark: new Map([...read(light), ...read(dark)]) };
}

function luminance(colour: string): number {
  const parts = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (parts[0] ?? 0) + 0.7152 * (parts[1] ?? 0) + 0.0722 * (parts[2] ?? 0);
}

function contrast(one: string, other: string): number {
  const [bright = 0, dim = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (bright + 0.05) / (dim + 0.05);
}

/** What axe measures in the pictures holds for hovering and pressing too, which no picture shows. */
test("text reaches 7:1 on every ground, marks and edges 3:1", () => {
  expect(contrast("#ffffff", "#000000")).toBeCloseTo(21);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
  for (const [scheme, palette] of Object.entries(palettes())) {
    const check = (name: string, grounds: string[], least: number): void => {
      for (const ground of grounds) {
        const [colour, behind] = [palette.get(name), palette.get(ground)];
        if (!colour || !behind) throw new Error(`no colour ${name} or ${ground} in the ${scheme} scheme`);
        expect(contrast(colour, behind), `${name} on ${ground}, ${scheme}`).toBeGreaterThanOrEqual(least);
      }
    };
    for (const ink of ["ink", "ink-2", "ink-3", "accent-text", "look-text", "danger-text"]) check(ink, GROUNDS, 7);
    for (const mark of ["edge", "accent", "look", "danger", "focus"]) check(mark, GROUNDS, 3);
    check("on-accent", ["accent", "accent-press"], 7);
  }
});
