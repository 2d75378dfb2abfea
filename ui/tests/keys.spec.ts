import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { asked, Desk } from "./browser";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.start();
});
afterAll(() => desk.stop());

/** What has the focus: its name for a test, or its text. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    return element?.dataset["do"] ?? element?.getAttribute("value") ?? element?.textContent?.trim() ?? "";
  });

/** Tab until `name` has the focus; it must be seen that it has. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    if ((await focused(page)) === name) {
      const ring = await page.evaluate(() => {
        const element = document.activeElement!;
        const styles = [element, element.parentElement!].map((one) => getComputedStyle(one));
        return styles.some((style) => style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2);
      });
      expect(ring, `the focus on ${name} is seen`).toBe(true);
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`${name} is not reached by Tab`);
}

const settled = (page: Page): Promise<unknown> => page.waitForSelector('.actions [aria-disabled="false"]');

test("the safe answer has the focus, and Enter gives it", async () => {
  const { page, close } = await desk.open("new");
  expect(await focused(page)).toBe("keep");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#waiting-title");
  expect(await asked(page)).toMatchObject([{ command: "decide", wish: { wish: "keep-held" } }]);
  await close();
});

test("Enter keeps it held where nothing has the focus", async () => {
  const { page, close } = await desk.open("new");
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press("Enter");
  expect(await asked(page)).toMatchObject([{ wish: { wish: "keep-held" } }]);
  await close();
});

test("Esc decides nothing: it shuts the drawer, then the window", async () => {
  const { page, close } = await desk.open("new");
  await page.keyboard.press("Shift+Tab");
  expect(await focused(page)).toBe("approve");
  await settled(page);
  await page.keyboard.press("Space");
  await page.waitForSelector("#drawer");
  await page.keyboard.press("Escape");
  await page.waitForSelector("#drawer", { state: "detached" });
  expect(await focused(page)).toBe("approve");
  await page.keyboard.press("Escape");
  expect((await asked(page)).map((one) => one.command)).toEqual(["close"]);
  await close();
});

test("from the list to an approval of this version, by keys alone", async () => {
  const { page, close } = await desk.open("waiting");
  await tabTo(page, "later");
  await page.keyboard.press("Shift+Tab");
  expect(await focused(page)).toBe("keep");
  // From the end of the list backwards to the last question, which is the harmless one.
  for (let presses = 0; presses < 10 && (await focused(page)) !== "review"; presses += 1) await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#card-title");
  expect(await page.textContent("#card-title")).toContain("playwright");
  expect(await focused(page)).toBe("keep");
  await settled(page);
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Space");
  await page.waitForSelector("#drawer");
  expect(await focused(page)).toBe("pin");
  await page.keyboard.press("ArrowDown");
  expect(await focused(page)).toBe("this-version");
  await settled(page);
  await tabTo(page, "confirm");
  await page.keyboard.press("Space");
  await page.waitForSelector("#waiting-title");
  expect(await asked(page)).toMatchObject([{ command: "decide", wish: { wish: "approve", how: "this-version" } }]);
  expect(await page.locator(".queue li").count()).toBe(3);
  await close();
});

test("Esc on a card from the list goes back to the list", async () => {
  const { page, close } = await desk.open("waiting");
  await page.locator('[data-do="review"]').first().focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector("#card-title");
  await page.keyboard.press("Escape");
  await page.waitForSelector("#waiting-title");
  expect(await asked(page)).toEqual([]);
  await close();
});

test("the first run by keys alone: one more is ticked, monitor is chosen, and they are approved", async () => {
  const { page, close } = await desk.open("first-run", { height: 1400 });
  expect(await focused(page)).toBe("leave");
  expect(await page.locator('.modes input[value="ask"]').isChecked()).toBe(true);
  // What has a finding of medium or more is not ticked.
  expect(await page.locator('[aria-labelledby="sheet-look"] input:checked').count()).toBe(0);
  expect(await page.locator('[aria-labelledby="sheet-rest"] input:not(:checked)').count()).toBe(0);
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press("Tab");
  await tabTo(page, "ask");
  await page.keyboard.press("ArrowRight");
  expect(await page.locator('.modes input[value="monitor"]').isChecked()).toBe(true);
  await tabTo(page, "all");
  await page.keyboard.press("Space");
  await tabTo(page, "none");
  await page.keyboard.press("Enter");
  expect(await page.locator(".pick input:checked").count()).toBe(0);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  expect(await page.locator(".pick input:checked").count()).toBe(1);
  await tabTo(page, "approve");
  await page.waitForSelector('[data-do="approve"][aria-disabled="false"]');
  await page.keyboard.press("Enter");
  expect(await asked(page)).toEqual([]);
  await page.keyboard.press("Space");
  await page.waitForSelector("#connectors-title");
  const all = await asked(page);
  expect(all.map((one) => one.command)).toEqual(["decide_all", "set_mode", "finish_sheet"]);
  expect(all[0]).toMatchObject({ wish: { wish: "approve", how: "this-version" } });
  expect((all[0]?.["items"] as unknown[]).length).toBe(1);
  await close();
});

test("the first run is left as it is by Enter", async () => {
  const { page, close } = await desk.open("first-run");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#connectors-title");
  expect((await asked(page)).map((one) => one.command)).toEqual(["finish_sheet"]);
  await close();
});

test("the detail is opened, read and shut by keys, and the focus goes back", async () => {
  for (const width of [720, 1400]) {
    const { page, close } = await desk.open("connectors", { width });
    await page.locator(".entry").nth(2).focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector("#detail-title");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("detail-title");
    await page.waitForSelector(".history li");
    await page.keyboard.press("Escape");
    await page.waitForSelector("#detail-title", { state: "detached" });
    expect(await page.evaluate(() => document.activeElement?.className)).toContain("entry");
    await close();
  }
});

test("search and filters narrow the list", async () => {
  const { page, close } = await desk.open("connectors", { width: 1400 });
  const count = (): Promise<number> => page.locator(".entry").count();
  const all = await count();
  await page.locator('input[type="search"]').fill("POSTMARK-mcp");
  expect(await count()).toBe(1);
  await page.locator('input[type="search"]').fill("no such thing");
  expect(await count()).toBe(0);
  expect(await page.locator(".nothing").textContent()).toContain("No connector matches");
  await page.locator('input[type="search"]').fill("");
  await page.locator(".filters input").first().focus();
  await page.keyboard.press("Space");
  expect(await count()).toBeLessThan(all);
  await close();
});

test.each([
  ["en", "In several places", ["approved", "denied"]],
  ["es", "En varios lugares", ["aprobado", "denegado"]],
] as const)("one launch in several clients is one row with its places, each with its own state (%s)", async (language, heading, states) => {
  const { page, close } = await desk.open("connectors", { width: 1400, language });
  await page.evaluate(() => {
    const twin = window.twin;
    const there = twin.desk_.inventory.connectors.find((row) => row.name === "filesystem" && row.client === "cursor");
    if (there) Object.assign(there, { status: "denied", why: "user-denied" });
    twin.changed();
  });
  const group = page.locator(".group").first();
  expect(await group.locator("h2").textContent()).toContain(heading);
  const entry = group.locator(".entry", { hasText: "filesystem" });
  expect(await page.locator(".entry", { hasText: "filesystem" }).count()).toBe(1);
  await page.waitForFunction((word) => document.querySelector(".group")?.textContent?.includes(word), states[1]);
  for (const state of states) expect(await entry.locator(".status").textContent()).toContain(state);
  const spots = group.locator("li", { has: page.locator(".entry", { hasText: "filesystem" }) }).locator(".spot");
  expect(await spots.allTextContents()).toMatchObject([
    expect.stringMatching(new RegExp(`Claude Desktop.*${states[0]}`, "u")), expect.stringMatching(new RegExp(`Cursor.*${states[1]}`, "u")),
  ]);
  // Each place is reached by keys, after its row, and the focus goes back to what was pressed.
  await entry.focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#detail-title");
  expect(await page.locator(".detail-marks").textContent()).toContain(states[1]);
  await page.keyboard.press("Escape");
  await page.waitForSelector("#detail-title", { state: "detached" });
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("Cursor");
  await close();
});
