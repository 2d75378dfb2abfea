import { afterAll, beforeAll, expect, test } from "vitest";

import { Desk, LANGUAGES } from "./browser";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.start();
});
afterAll(() => desk.stop());

test("a card of changed code says what is new in it, gravest first", async () => {
  for (const language of LANGUAGES) {
    const { page, wrongs, close } = await desk.open("artefact", { language });
    await page.waitForSelector("#drift-title");
    const lines = page.locator(".drift li");
    expect(await lines.count()).toBe(4);
    expect(await lines.nth(0).textContent()).toContain("copy@letters.example");
    expect(await lines.nth(0).getAttribute("class")).toContain("danger");
    expect(await lines.nth(1).textContent()).toContain("left-pad");
    // The name of the file would turn what follows it around.
    expect(await lines.nth(0).textContent()).toContain("⟦U+202E⟧");
    // What has the focus keeps it: the answer that holds.
    expect(await page.evaluate(() => document.activeElement?.getAttribute("data-do"))).toBe("keep");
    expect(await wrongs()).toEqual([]);
    await close();

    const other = await desk.open("new", { language });
    expect(await other.page.locator(".drift").count()).toBe(0);
    await other.close();
  }
});
