import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type Clipboard, Desk, LANGUAGES } from "./browser";
import { cut } from "./views";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.start();
});
afterAll(() => desk.stop());

const COPIED = { en: "Copied", es: "Copiado" };
const button = (page: Page, within: string) => page.locator(`${within} [data-do="copy"]`);
const said = (page: Page, within: string) => page.locator(`${within} [role="status"]`).textContent();
const held = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());

/** Opens a view with the detail of one row, or a card. */
async function open(scenario: "new" | "connectors" | "hostile", clipboard: Clipboard, language: "en" | "es" = "en") {
  const opened = await desk.open(scenario, { language, width: 1400, clipboard });
  if (scenario === "connectors") {
    await opened.page.locator(".entry", { hasText: "github" }).click();
    await opened.page.waitForSelector("#detail-title");
  }
  return opened;
}

describe("what runs and the id are copied", () => {
  test("by a press, and it is said aloud in both languages", async () => {
    for (const language of LANGUAGES) {
      const check = async (scenario: "new" | "connectors", within: string, expected: RegExp, label: string): Promise<void> => {
        const { page, wrongs, close } = await open(scenario, "given", language);
        expect(await button(page, within).getAttribute("aria-label"), within).toBe(label);
        expect(await said(page, within), within).toBe("");
        expect(await page.locator(`${within} [role="status"]`).getAttribute("aria-live"), within).toBe("polite");
        const place = await button(page, within).boundingBox();
        await button(page, within).click();
        await page.waitForFunction((at) => document.querySelector(`${at} [role="status"]`)?.textContent !== "", within);
        expect(await said(page, within), within).toBe(COPIED[language]);
        expect(await held(page), within).toMatch(expected);
        expect(await button(page, within).boundingBox(), "nothing moves").toEqual(place);
        expect(await wrongs()).toEqual([]);
        await close();
      };
      const [runs, id] = language === "en" ? ["Copy what runs", "Copy the id"] : ["Copiar lo que se ejecuta", "Copiar el identificador"];
      await check("new", ".command", /^npx @playwright\/mcp@0\.0\.41$/u, runs);
      await check("connectors", ".detail .command", /^docker run -i --rm -e GITHUB_TOKEN github-mcp-server$/u, runs);
      await check("connectors", ".detail-id", /^[0-9a-f]{8}$/u, id);
    }
  });

  test("by the keys, with the focus staying where it is and nothing decided", async () => {
    const { page, close } = await open("new", "given");
    await button(page, ".command").focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector(".command [role=status]")?.textContent !== "");
    expect(await held(page)).toContain("npx @playwright/mcp");
    expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset["do"])).toBe("copy");
    expect(await page.evaluate(() => window.twin.asked)).toEqual([]);
    await close();
  });

  test("without anything that is not seen", async () => {
    const { page, close } = await open("hostile", "given");
    await button(page, ".command").click();
    await page.waitForFunction(() => document.querySelector(".command [role=status]")?.textContent !== "");
    const text = await held(page);
    expect(text).toBe(await page.locator(".command code").textContent());
    expect(text).toContain("⟦U+0007⟧");
    expect(text).toContain("⟦U+000A⟧");
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    await close();
  });

  test("by a selection where the page is given no clipboard, or is refused it", async () => {
    for (const clipboard of ["none", "refused"] as const) {
      const { page, close } = await open("new", clipboard);
      await button(page, ".command").click();
      await page.waitForFunction(() => document.querySelector(".command [role=status]")?.textContent !== "");
      expect(await said(page, ".command"), clipboard).toBe("Copied");
      expect(await page.evaluate(() => window.copied), clipboard).toEqual(["npx @playwright/mcp@0.0.41"]);
      expect(await page.evaluate(() => getSelection()?.toString()), clipboard).toBe("");
      await close();
    }
  });

  test("by the person, with the text selected, where all of that is refused", async () => {
    const { page, close } = await open("new", "none");
    await page.evaluate(() => (document.execCommand = () => false));
    await button(page, ".command").click();
    await page.waitForFunction(() => document.querySelector(".command [role=status]")?.textContent !== "");
    expect(await said(page, ".command")).toContain("copy it with the keyboard");
    expect(await page.evaluate(() => getSelection()?.toString())).toBe("npx @playwright/mcp@0.0.41");
    await close();
  });

  test("and what is said about it fits a narrow window", async () => {
    for (const language of LANGUAGES) {
      const { page, close } = await desk.open("connectors", { language, width: 360, clipboard: "none" });
      await page.evaluate(() => (document.execCommand = () => false));
      await page.locator(".entry", { hasText: "github" }).click();
      for (const within of [".detail .command", ".detail-id"]) {
        await button(page, within).click();
        await page.waitForFunction((at) => document.querySelector(`${at} [role="status"]`)?.textContent !== "", within);
        expect(await page.evaluate(cut), `${within} ${language}`).toEqual([]);
      }
      await close();
    }
  });

  test("and the word goes again", async () => {
    const { page, close } = await desk.open("new", { frozen: true, clipboard: "given" });
    await button(page, ".command").click();
    await page.waitForFunction(() => document.querySelector(".command [role=status]")?.textContent !== "");
    await page.clock.runFor(3_000);
    expect(await said(page, ".command")).toBe("");
    await close();
  });
});
