import axe from "axe-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { Desk, SCHEMES } from "./browser";
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

test("boxes to tick are drawn in the colours of their scheme, ticked or not", async () => {
  for (const scheme of SCHEMES) {
    const { page, close } = await desk.open("first-run", { scheme });
    const token = (name: string): Promise<string> =>
      page.evaluate((one) => {
        const probe = document.body.appendChild(document.createElement("i"));
        probe.style.color = `var(--${one})`;
        const colour = getComputedStyle(probe).color;
        probe.remove();
        return colour;
      }, name);
    const drawn = (selector: string): Promise<string[]> =>
      page.locator(selector).first().evaluate((element) => {
        const style = getComputedStyle(element);
        return [style.appearance, style.backgroundColor, style.borderTopColor, getComputedStyle(element, "::before").transform];
      });
    const empty = ["none", await token("surface"), await token("edge"), "matrix(0, 0, 0, 0, 0, 0)"];
    const full = ["none", await token("accent"), await token("accent"), "none"];
    for (const type of ["checkbox", "radio"]) {
      expect(await drawn(`input[type="${type}"]:not(:checked)`), `${type} ${scheme}`).toEqual(empty);
      expect(await drawn(`input[type="${type}"]:checked`), `${type} ${scheme}`).toEqual(full);
    }
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
