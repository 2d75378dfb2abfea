import axe from "axe-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { Desk } from "./browser";
import { cut, lookAt, VIEWS, violations } from "./views";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.start();
});
afterAll(() => desk.stop());

test.each(VIEWS)("$name is whole, readable and in reach at every width (es)", (view) => lookAt(desk, view, "es"));

test("a short window, as 200 % text makes it, covers nothing", async () => {
  for (const scenario of ["changed", "waiting", "connectors", "first-run"] as const) {
    const { page, close } = await desk.open(scenario, { width: 360, height: 450, language: "es" });
    expect(await page.evaluate(cut), scenario).toEqual([]);
    const feet = page.locator(".card-foot, .sheet-foot");
    for (const foot of await feet.all()) expect(await foot.evaluate((element) => getComputedStyle(element).position)).toBe("static");
    await close();
  }
});

test("the measures find what is wrong", async () => {
  const { page, close } = await desk.open("new", { width: 360 });
  await page.evaluate(axe.source);
  await page.evaluate(() => {
    document.querySelector("h1")!.after(document.createElement("button"));
  });
  expect((await violations(page)).some((one) => one.startsWith("button-name"))).toBe(true);
  expect((await violations(page)).filter((one) => one.startsWith("color-contrast"))).toEqual([]);
  await page.evaluate(() => {
    // 4.6:1 is enough for the rule that axe has on by itself, and not for this one.
    document.querySelector<HTMLElement>(".lede")!.style.color = "#757575";
  });
  expect((await violations(page)).filter((one) => one.startsWith("color-contrast-enhanced: .lede")).length).toBe(1);
  await page.evaluate(() => {
    const wide = document.createElement("pre");
    wide.textContent = "wide ".repeat(100);
    document.querySelector("main")!.append(wide);
  });
  expect((await page.evaluate(cut)).join()).toContain("overflows: pre");
  await close();
});
