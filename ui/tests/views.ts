import { mkdirSync } from "node:fs";
import { join } from "node:path";

import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";

import type { Scenario } from "../src/twin";
import { type Desk, type Language, SCHEMES, WIDTHS } from "./browser";

const SHOTS = join(new URL("..", import.meta.url).pathname, "shots");

export interface View {
  name: string;
  scenario: Scenario;
  /** Clicks that lead there. */
  clicks?: string[];
}

export const VIEWS: View[] = [
  { name: "card-new", scenario: "new" },
  { name: "card-new-approve", scenario: "new", clicks: ["approve"] },
  { name: "card-changed", scenario: "changed" },
  { name: "card-changed-more", scenario: "changed", clicks: ["more"] },
  { name: "card-artefact", scenario: "artefact" },
  { name: "card-artefact-more", scenario: "artefact", clicks: ["more"] },
  { name: "card-artefact-remove", scenario: "artefact", clicks: ["remove"] },
  { name: "card-hostile", scenario: "hostile" },
  { name: "card-malicious-approve", scenario: "malicious", clicks: ["approve"] },
  { name: "card-running", scenario: "running" },
  { name: "card-unholdable", scenario: "unholdable" },
  { name: "card-managed", scenario: "managed" },
  { name: "card-switched", scenario: "switched" },
  { name: "card-tracked", scenario: "tracked" },
  { name: "card-asked", scenario: "asked" },
  { name: "waiting", scenario: "waiting" },
  { name: "waiting-card", scenario: "waiting", clicks: ["review"] },
  { name: "waiting-remove", scenario: "waiting", clicks: ["remove"] },
  { name: "waiting-same-launch", scenario: "same-launch", clicks: ["approve"] },
  { name: "waiting-empty", scenario: "empty", clicks: ["nav:0"] },
  { name: "connectors", scenario: "connectors" },
  { name: "connectors-detail", scenario: "connectors", clicks: ["row:1"] },
  { name: "connectors-detail-waiting", scenario: "connectors", clicks: ["row:3"] },
  { name: "connectors-empty", scenario: "empty" },
  { name: "connectors-alarm", scenario: "alarm" },
  { name: "connectors-paused", scenario: "paused" },
  { name: "connectors-news", scenario: "news" },
  { name: "connectors-driven", scenario: "driven" },
  { name: "coverage", scenario: "connectors", clicks: ["nav:2"] },
  { name: "first-run", scenario: "first-run" },
  { name: "first-run-none", scenario: "first-run-none" },
  { name: "after-loss", scenario: "after-loss" },
];

/** Every rule of axe, those that it leaves out by itself too: contrasts of 7:1 among them. */
const RULES = axe.getRules().map((rule) => rule.ruleId);

async function goTo(page: Page, view: View): Promise<void> {
  for (const click of view.clicks ?? []) {
    const [kind, index] = click.split(":");
    if (kind === "nav") await page.locator("nav button").nth(Number(index)).click();
    else if (kind === "row") await page.locator(".entry").nth(Number(index)).click();
    else await page.locator(`[data-do="${kind}"]:not([aria-disabled="true"])`).first().click();
  }
}

/** What is wider than the window, or cut off. */
export function cut(): string[] {
  const out: string[] = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) out.push(`the page is ${document.documentElement.scrollWidth} wide`);
  const name = (element: Element): string => `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""} ${element.textContent?.trim().slice(0, 40)}`;
  for (const element of document.body.querySelectorAll<HTMLElement>("*")) {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (style.display === "none" || box.width === 0 || style.clipPath !== "none" || element.closest("svg")) continue;
    if (element.closest("thead") && getComputedStyle(element.closest("thead")!).clipPath !== "none") continue;
    // Paths and scopes are shortened by design, and stand in full in the detail.
    if (element.closest(".path, .scope, .package")) continue;
    if (box.right > width + 1 || box.left < -1) out.push(`outside: ${name(element)}`);
    if (style.overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1) out.push(`cut: ${name(element)}`);
    if (style.overflowX === "visible" && style.display !== "inline" && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0) {
      out.push(`overflows: ${name(element)}`);
    }
  }
  return out;
}

export async function violations(page: Page): Promise<string[]> {
  const result = await page.evaluate(
    (rules) =>
      (window as unknown as { axe: typeof axe }).axe.run(document, {
        rules: Object.fromEntries(rules.map((id) => [id, { enabled: true }])),
        resultTypes: ["violations"],
      }),
    RULES,
  );
  return result.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")} ${node.failureSummary?.split("\n")[1]?.trim()}`));
}

/** Looks at one view in one language: at every width, in both schemes. Its pictures go to `shots`. */
export async function lookAt(desk: Desk, view: View, language: Language): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  const { page, wrongs, close } = await desk.open(view.scenario, { language, width: 1000, clock: true });
  await page.clock.fastForward(700);
  await goTo(page, view);
  expect(await page.getAttribute("html", "lang")).toBe(language);
  expect(await wrongs()).toEqual([]);
  // Package URLs are for machines: people read the name.
  expect(await page.textContent("body")).not.toMatch(/pkg:|%[0-9A-F]{2}/u);
  expect(await page.locator("svg:not(:has(*))").count(), "shapes that do not exist").toBe(0);
  await page.evaluate(axe.source);
  for (const scheme of SCHEMES) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      // The card has settled again after its window changed.
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      await page.clock.fastForward(700);
      const at = `${view.name} ${language} ${scheme} ${width}`;
      if (width !== 560 && width !== 1000) {
        await page.screenshot({ path: join(SHOTS, `${view.name}-${language}-${scheme}-${width}.png`) });
      }
      expect(await page.evaluate(cut), at).toEqual([]);
      expect(await violations(page), at).toEqual([]);
    }
  }
  expect(await wrongs()).toEqual([]);
  await close();
}
