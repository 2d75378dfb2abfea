import { afterAll, beforeAll, expect, test } from "vitest";

import { Desk, LANGUAGES } from "./browser";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.start();
});
afterAll(() => desk.stop());

/** Characters that must never be in the page as they are. */
const HIDDEN = "[\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\u00a0\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff]";

test("hostile text is shown as chips and never as markup, in every view", async () => {
  for (const language of LANGUAGES) {
    const { page, wrongs, close } = await desk.open("hostile", { language, width: 1400 });
    const check = async (where: string): Promise<void> => {
      const raw = await page.evaluate((pattern) => {
        const hidden = new RegExp(pattern, "u");
        const out: string[] = [];
        const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_ALL);
        for (let node = walk.nextNode(); node; node = walk.nextNode()) {
          if (node instanceof Text && hidden.test(node.data)) out.push(`text: ${JSON.stringify(node.data)}`);
          if (!(node instanceof Element)) continue;
          for (const attribute of node.attributes) {
            if (attribute.name !== "class" && hidden.test(attribute.value)) out.push(`${attribute.name}: ${JSON.stringify(attribute.value)}`);
          }
          if (["IMG", "SCRIPT", "IFRAME", "OBJECT", "STYLE"].includes(node.tagName) && !node.getAttribute("src")?.startsWith("./assets/")) {
            out.push(`element: ${node.tagName}`);
          }
        }
        return out;
      }, HIDDEN);
      expect(raw, `${where} ${language}`).toEqual([]);
      expect(await page.locator(".chip").count(), where).toBeGreaterThan(0);
      expect(await page.textContent("body"), where).toContain("<img src=x onerror=alert(1)>");
    };
    await check("card");
    expect(await page.textContent("h1")).toContain("⟦U+202E⟧");
    expect(await page.textContent(".command")).toContain("<script>alert(1)</script>");
    expect(await page.textContent(".command")).toContain("⟦U+0007⟧");
    const isolated = await page.locator(".command code").evaluate((element) => [element.getAttribute("dir"), getComputedStyle(element).unicodeBidi]);
    expect(isolated).toEqual(["ltr", "isolate"]);
    await page.locator('[data-do="keep"]').click();
    await page.waitForSelector("#waiting-title");
    await check("after the answer");
    await page.locator("nav button").nth(1).click();
    await page.waitForSelector("#connectors-title");
    await check("connectors");
    await page.locator(".entry", { hasText: "onerror" }).click();
    await page.waitForSelector("#detail-title");
    await check("detail");
    expect(await wrongs()).toEqual([]);
    await close();

    const list = await desk.open("waiting", { language });
    expect(await list.page.locator(".queue .chip").count()).toBeGreaterThan(2);
    expect(await list.wrongs()).toEqual([]);
    await list.close();
  }
});

test("a package is shown by its name, with the package URL for those who look for it", async () => {
  const { page, close } = await desk.open("connectors", { width: 1400 });
  const check = async (name: string, shown: string, purl: string): Promise<void> => {
    const subject = page.locator(".entry", { hasText: name }).first().locator(".subject");
    expect(await subject.textContent(), name).toBe(shown);
    expect(await subject.getAttribute("title"), name).toBe(purl);
  };
  await check("playwright", "@playwright/mcp", "pkg:npm/%40playwright/mcp@0.0.41");
  await check("github", "ghcr.io/github/github-mcp-server", "pkg:oci/github-mcp-server?repository_url=ghcr.io/github/github-mcp-server&tag=v0.18.0");
  await page.locator(".entry", { hasText: "playwright" }).first().click();
  const fact = page.locator(".detail .facts [title]");
  expect(await fact.textContent()).toBe("@playwright/mcp@0.0.41");
  expect(await fact.getAttribute("title")).toBe("pkg:npm/%40playwright/mcp@0.0.41");
  await close();
});

test("the policy is in force: what it forbids is stopped and noticed", async () => {
  const { page, wrongs, close } = await desk.open("new");
  expect(await wrongs()).toEqual([]);
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.stained = true";
    document.head.append(script);
  });
  expect(await page.evaluate(() => "stained" in window)).toBe(false);
  expect((await wrongs()).some((one) => one.includes("script-src"))).toBe(true);
  await close();
});
