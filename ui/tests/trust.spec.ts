import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { Word } from "../src/bindings";
import { Words } from "../src/words";
import { Desk, LANGUAGES, WIDTHS } from "./browser";
import { cut, violations } from "./views";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.start();
});
afterAll(() => desk.stop());

const WORDS: Word[] = ["verified", "known", "unconfirmed", "not-checked", "in-doubt", "harmful"];
const REASON = "The registry hands out an attestation that is about something else.";

/** Gives the rows of a desk the words in turn, with one reason each; nothing is found of any. */
async function judge(page: Page, words: Word[]): Promise<void> {
  await page.evaluate(
    ({ words, text }) => {
      const twin = window.twin;
      twin.desk_.inventory.connectors.forEach((row, index) => {
        const reason = { code: "attestation-broken", text, source: "registry.example", at: null };
        Object.assign(row, { findings: [], trust: { word: words[index % words.length], reasons: [reason], statements: [] } });
      });
      twin.changed();
    },
    { words, text: REASON },
  );
}

/** The shape and the word of each mark. */
const marks = (page: Page, selector: string): Promise<[string, string][]> =>
  page.locator(selector).evaluateAll((all) => all.map((one): [string, string] => [one.querySelector("svg")?.innerHTML ?? "", one.textContent?.trim() ?? ""]));

for (const language of LANGUAGES) {
  const says = new Words(language);

  test(`each connector of the sheet and of what waits bears its word of trust with its shape (${language})`, async () => {
    for (const [scenario, each, name] of [["first-run", ".pick", "summary"], ["waiting", ".queue li", ".what"]] as const) {
      const { page, wrongs, close } = await desk.open(scenario, { language, height: 1400 });
      await page.evaluate(axe.source);
      const shapes = new Set<string>();
      for (const word of WORDS) {
        await judge(page, [word]);
        await page.locator(`${each} ${name}`, { hasText: says.say(`trust-${word}`) }).first().waitFor();
        const drawn = await marks(page, `${each} ${name} .mark`);
        const count = await page.locator(each).count();
        expect(drawn.map(([, text]) => text), `${scenario} ${word}`).toEqual(new Array(count).fill(says.say(`trust-${word}`)));
        for (const [shape] of drawn) shapes.add(shape);
      }
      expect(shapes.size, scenario).toBe(WORDS.length);
      await judge(page, WORDS);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        expect(await page.evaluate(cut), `${scenario} ${width}`).toEqual([]);
        expect(await violations(page), `${scenario} ${width}`).toEqual([]);
      }
      expect(await wrongs()).toEqual([]);
      await close();
    }
  });

  test(`why is one key away, in the sheet and from what waits (${language})`, async () => {
    const sheet = await desk.open("first-run", { language, height: 1400 });
    await judge(sheet.page, ["in-doubt"]);
    const summary = sheet.page.locator(".pick summary").first();
    await sheet.page.locator(".pick summary", { hasText: says.say("trust-in-doubt") }).first().waitFor();
    const name = await sheet.page.locator(".pick-name b").first().textContent();
    expect(await summary.getAttribute("aria-label")).toBe(`${says.say("trust-in-doubt")} ${name}`);
    const why = sheet.page.locator(".pick details p").first();
    expect(await why.isVisible()).toBe(false);
    // After its box to tick.
    await sheet.page.locator(".pick input").first().focus();
    await sheet.page.keyboard.press("Tab");
    await sheet.page.keyboard.press("Enter");
    expect(await why.isVisible()).toBe(true);
    for (const text of [says.say("trust-in-doubt-means"), REASON, "registry.example"]) expect(await why.textContent()).toContain(text);
    await sheet.page.evaluate(axe.source);
    for (const width of WIDTHS) {
      await sheet.page.setViewportSize({ width, height: 900 });
      expect(await sheet.page.evaluate(cut), `${width}`).toEqual([]);
      expect(await violations(sheet.page), `${width}`).toEqual([]);
    }
    await sheet.close();

    const waiting = await desk.open("waiting", { language });
    await judge(waiting.page, ["in-doubt"]);
    await waiting.page.locator('[data-do="review"]').first().focus();
    await waiting.page.keyboard.press("Enter");
    await waiting.page.waitForSelector("#card-title");
    for (const text of [says.say("trust-in-doubt-means"), REASON]) expect(await waiting.page.locator(".card").textContent()).toContain(text);
    await waiting.close();
  });
}

test("what is in doubt or harmful is not ticked by itself, although nothing was found of it", async () => {
  const { page, close } = await desk.open("first-run", { height: 1400 });
  const says = new Words("en");
  for (const word of WORDS) {
    await judge(page, [word]);
    const isDoubt = word === "in-doubt" || word === "harmful";
    await page.locator(".pick summary", { hasText: says.say(`trust-${word}`) }).first().waitFor();
    const count = await page.locator(".pick").count();
    expect(await page.locator(".pick input:checked").count(), word).toBe(isDoubt ? 0 : count);
    expect(await page.locator('[aria-labelledby="sheet-look"] .pick').count(), word).toBe(isDoubt ? count : 0);
  }
  // A hand is still free to.
  await page.locator(".pick input").first().check();
  expect(await page.locator(".pick input:checked").count()).toBe(1);
  await close();
});
