import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { asked, Desk } from "./browser";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.start();
});
afterAll(() => desk.stop());

const ANSWERED = (all: { command: string }[]): string[] => all.map((one) => one.command);

describe("approving takes the time to read", () => {
  test("a press within 700 ms does nothing, and one afterwards counts", async () => {
    const { page, close } = await desk.open("new", { frozen: true });
    const approve = page.locator('[data-do="approve"]');
    await approve.click({ force: true });
    expect(await page.locator("#drawer").count()).toBe(0);
    expect(await page.locator(".press").first().textContent()).toContain("Just a moment");
    await page.clock.runFor(699);
    await approve.click({ force: true });
    expect(await page.locator("#drawer").count()).toBe(0);
    await page.clock.runFor(1);
    await approve.click();
    expect(await page.locator("#drawer").count()).toBe(1);
    // The drawer is a change too: the second press of a double click finds a button that waits.
    const confirm = page.locator('[data-do="confirm"]');
    await confirm.click({ force: true });
    expect(await asked(page)).toEqual([]);
    await page.clock.runFor(700);
    await confirm.click();
    expect(await asked(page)).toMatchObject([{ command: "decide", wish: { wish: "approve", how: "pin", only_here: false, typed_name: null } }]);
    await close();
  });

  test("it begins anew when the window gains focus, moves or changes its size", async () => {
    const disturbances: Record<string, () => void> = {
      focus: () => window.dispatchEvent(new Event("focus")),
      moved: () => Object.defineProperty(window, "screenX", { value: 321, configurable: true }),
    };
    for (const [name, disturb] of Object.entries(disturbances)) {
      const { page, close } = await desk.open("new", { frozen: true });
      await page.clock.runFor(700);
      expect(await page.getAttribute('[data-do="approve"]', "aria-disabled"), name).toBe("false");
      await page.evaluate(disturb);
      await page.locator('[data-do="approve"]').click({ force: true });
      expect(await page.locator("#drawer").count(), name).toBe(0);
      await page.clock.runFor(700);
      await page.locator('[data-do="approve"]').click();
      expect(await page.locator("#drawer").count(), name).toBe(1);
      await close();
    }
    const { page, close } = await desk.open("new", { frozen: true });
    await page.clock.runFor(700);
    await page.setViewportSize({ width: 600, height: 800 });
    await page.waitForSelector('[data-do="approve"][aria-disabled="true"]');
    await close();
  });

  test("it begins anew when the entry changes under the card, and the card says so", async () => {
    const { page, close } = await desk.open("new", { frozen: true });
    await page.clock.runFor(700);
    await page.locator('[data-do="approve"]').click();
    await page.clock.runFor(700);
    await page.evaluate(() => {
      window.twin.rewrite(window.twin.desk_.cards[0]!.key, "sh");
      window.twin.changed();
    });
    await page.waitForSelector(".notes .banner");
    expect(await page.locator(".notes").textContent()).toContain("It changed while it was shown. This is how it stands now.");
    expect(await page.locator(".command").textContent()).toContain("sh ");
    expect(await page.locator("#drawer").count()).toBe(0);
    expect(await page.getAttribute('[data-do="approve"]', "aria-disabled")).toBe("true");
    expect(await asked(page)).toEqual([]);
    await close();
  });

  test("release and removal wait as well, in the card and in the list", async () => {
    for (const [scenario, opens] of [["new", "more"], ["new", "remove"], ["waiting", "remove"], ["same-launch", "approve"]] as const) {
      const { page, close } = await desk.open(scenario, { frozen: true });
      await page.clock.runFor(700);
      await page.locator(`[data-do="${opens}"]`).click();
      await page.locator('[data-do="confirm"]').click({ force: true });
      expect(await asked(page), `${scenario} ${opens}`).toEqual([]);
      await page.clock.runFor(700);
      await page.locator('[data-do="confirm"]').click();
      expect(ANSWERED(await asked(page)), `${scenario} ${opens}`).toEqual([scenario === "new" ? "decide" : "decide_all"]);
      await close();
    }
  });
});

test("in the detail and in the list as well: too early does nothing, Enter never counts, and Back gives the focus back", async () => {
  const check = async (scenario: "connectors" | "waiting" | "same-launch", entry: string | null, opens: string, expected: object): Promise<void> => {
    const { page, close } = await desk.open(scenario, { frozen: true, width: 1400 });
    if (entry !== null) await page.locator(".entry", { hasText: entry }).click();
    const where = `${scenario} ${opens}`;
    const within = entry === null ? ".card-foot" : ".detail-foot";
    const [opener, confirm] = [page.locator(`${within} [data-do="${opens}"]`), page.locator(`${within} [data-do="confirm"]`)];
    const hint = (): Promise<string | null> => page.locator(`${within} [role="status"]`).textContent();
    await page.clock.runFor(700);
    await opener.click();
    await page.locator(`${within} [data-do="back"]`).click();
    await page.waitForFunction((what) => (document.activeElement as HTMLElement).dataset["opens"] === what, opens);
    await page.clock.runFor(700);
    await opener.click();
    await page.clock.runFor(699);
    expect(await confirm.getAttribute("aria-disabled"), where).toBe("true");
    await confirm.click({ force: true });
    expect(await hint(), where).toContain("Just a moment");
    await page.clock.runFor(1);
    expect(await hint(), where).not.toContain("Just a moment");
    await confirm.focus();
    await page.keyboard.press("Enter");
    expect(await hint(), where).toContain("Enter never approves");
    expect(await asked(page), where).toEqual([]);
    await page.keyboard.press("Space");
    expect(await asked(page), where).toMatchObject([expected]);
    await close();
  };
  await check("connectors", "obsidian", "approve", { command: "decide", wish: { wish: "approve", how: "this-version" } });
  await check("connectors", "obsidian", "remove", { command: "decide", wish: { wish: "remove" } });
  await check("waiting", null, "remove", { command: "decide_all", wish: { wish: "remove" } });
  await check("same-launch", null, "approve", { command: "decide_all", wish: { wish: "approve" } });

  // What is held is released from the detail at once, under the same rule.
  const { page, close } = await desk.open("connectors", { frozen: true, width: 1400 });
  await page.locator(".entry", { hasText: "old-tool" }).click();
  const release = page.locator('.detail-foot [data-do="release"]');
  await release.click({ force: true });
  expect(await asked(page)).toEqual([]);
  await page.clock.runFor(700);
  await release.focus();
  await page.keyboard.press("Enter");
  expect(await asked(page)).toEqual([]);
  await page.keyboard.press("Space");
  expect(await asked(page)).toMatchObject([{ wish: { wish: "release" } }]);
  await close();
});

test("Enter never approves, although the button has the focus", async () => {
  const { page, close } = await desk.open("new", { frozen: true });
  await page.clock.runFor(700);
  await page.locator('[data-do="approve"]').click();
  await page.clock.runFor(700);
  await page.locator('[data-do="confirm"]').focus();
  await page.keyboard.press("Enter");
  expect(await asked(page)).toEqual([]);
  expect(await page.locator(".press").first().textContent()).toContain("Enter never approves");
  await page.locator('input[value="this-version"]').focus();
  await page.keyboard.press("Enter");
  expect(await asked(page)).toEqual([]);
  await close();
});

test("a second press while an answer is under way does nothing", async () => {
  const { page, close } = await desk.open("new");
  await page.evaluate(() => {
    window.twin.slow = new Promise((done) => Object.assign(window, { finish: done }));
  });
  await page.locator('[data-do="keep"]').dblclick();
  await page.locator('[data-do="keep"]').click();
  await page.keyboard.press("Enter");
  expect(ANSWERED(await asked(page))).toEqual(["decide"]);
  await page.evaluate(() => (window as unknown as { finish(): void }).finish());
  await page.waitForSelector("#waiting-title");
  expect(ANSWERED(await asked(page))).toEqual(["decide"]);
  await close();
});

test("a stale answer is refused, told on the card, and the new state drawn", async () => {
  const { page, close } = await desk.open("new", { frozen: true });
  await page.clock.runFor(700);
  await page.locator('[data-do="approve"]').click();
  await page.clock.runFor(700);
  // The file changes, and the answer is given before the window hears of it.
  await page.evaluate(() => window.twin.rewrite(window.twin.desk_.cards[0]!.key, "sh"));
  await page.locator('[data-do="confirm"]').click();
  await page.waitForSelector(".notes .banner");
  expect(await page.locator(".notes").textContent()).toContain("so nothing was decided");
  expect(await page.locator(".command").textContent()).toContain("sh ");
  expect(await page.evaluate(() => window.twin.desk_.cards.length)).toBe(1);
  expect(await page.getAttribute('[data-do="approve"]', "aria-disabled")).toBe("true");
  await close();
});

test("what is known to be malicious is approved only with its name typed out", async () => {
  const { page, close } = await desk.open("malicious", { frozen: true });
  await page.clock.runFor(700);
  await page.locator('[data-do="approve"]').click();
  await page.clock.runFor(700);
  const confirm = page.locator('[data-do="confirm"]');
  for (const name of ["", "event-stream", "EVENT-STREAM-MCP"]) {
    await page.locator(".typed input").fill(name);
    await confirm.click({ force: true });
    expect(await asked(page), name).toEqual([]);
  }
  await page.locator(".typed input").fill("event-stream-mcp");
  await page.clock.runFor(700);
  await confirm.click();
  expect(await asked(page)).toMatchObject([{ wish: { wish: "approve", typed_name: "event-stream-mcp" } }]);
  await close();
});

test("what is not offered stays, disabled, with its reason", async () => {
  const { page, close } = await desk.open("new");
  await page.locator('[data-do="approve"][aria-disabled="false"]').click();
  expect(await page.locator('input[value="updates"]').isDisabled()).toBe(true);
  expect(await page.locator(".choice.off").textContent()).toContain("Not offered: The publisher");
  await close();
});

test("every other answer is given as it is meant", async () => {
  const check = async (scenario: "new" | "changed" | "running", clicks: string[], expected: object): Promise<void> => {
    const { page, close } = await desk.open(scenario, { frozen: true });
    for (const click of clicks) {
      await page.clock.runFor(700);
      await page.locator(click).click();
    }
    expect(await asked(page), clicks.join()).toMatchObject([expected]);
    await close();
  };
  const [more, confirm] = ['[data-do="more"]', '[data-do="confirm"]'];
  await check("changed", ['[data-do="keep"]'], { command: "decide", wish: { wish: "keep-approved" } });
  await check("changed", [more, 'input[value="keep-held"]', confirm], { wish: { wish: "keep-held" } });
  await check("new", [more, 'input[value="deny"]', confirm], { wish: { wish: "deny" } });
  await check("new", [more, 'input[value="release"]', confirm], { wish: { wish: "release" } });
  await check("new", ['[data-do="remove"]', confirm], { wish: { wish: "remove" } });
  await check("running", ['[data-do="keep"]'], { command: "hold" });
  await check("new", ['[data-do="approve"]', 'input[value="this-version"]', ".tickline input", confirm], {
    wish: { wish: "approve", how: "this-version", only_here: true },
  });
});

test("a list is kept held or removed at once, and approved only where it is one launch", async () => {
  const { page, close } = await desk.open("waiting");
  expect(await page.locator('[data-do="approve"]').isDisabled()).toBe(true);
  expect(await page.locator(".queue-note").textContent()).toContain("4 different launches");
  await page.locator(".queue input").first().uncheck();
  await page.locator('[data-do="keep"]').click();
  const [first] = await asked(page);
  expect(first).toMatchObject({ command: "decide_all", wish: { wish: "keep-held" } });
  expect((first?.["items"] as unknown[]).length).toBe(3);
  await page.waitForFunction(() => document.querySelectorAll(".queue li").length === 1);
  await close();

  const same = await desk.open("same-launch");
  await same.page.locator('[data-do="approve"]').click();
  await same.page.locator('[data-do="confirm"][aria-disabled="false"]').click();
  expect(await asked(same.page)).toMatchObject([{ command: "decide_all", wish: { wish: "approve", how: "this-version" } }]);
  await same.close();
});

test("a decision is undone for 30 seconds, those of a terminal too", async () => {
  const { page, close } = await desk.open("new", { frozen: true });
  await page.locator('[data-do="keep"]').click();
  await page.waitForSelector(".toast");
  await page.locator(".toast button").click();
  await page.waitForSelector(".told .banner");
  expect(ANSWERED(await asked(page))).toEqual(["decide", "undo"]);
  expect(await page.evaluate(() => window.twin.desk_.cards.length)).toBe(1);
  await page.evaluate(() => window.twin.decideInTerminal(window.twin.desk_.inventory.connectors[3]!.id));
  await page.waitForSelector(".toast");
  expect(await page.locator(".toast").textContent()).toContain("Approved in a terminal");
  await page.clock.runFor(30_000);
  await page.waitForFunction(() => document.querySelector(".toast") === null);
  await close();
});

test("another view is opened only when it was asked for", async () => {
  const { page, close } = await desk.open("waiting");
  await page.evaluate(() => window.twin.changed());
  expect(await page.locator("#waiting-title").count()).toBe(1);
  await page.evaluate(() => window.twin.openView({ view: "connectors" }));
  await page.waitForSelector("#connectors-title");
  await page.evaluate(() => window.twin.changed());
  expect(await page.locator("#connectors-title").count()).toBe(1);
  await close();
});

test("mode and pause are set, and what came of it is shown", async () => {
  const { page, close } = await desk.open("connectors", { width: 1400 });
  await page.locator('[data-do="pause"]').click();
  await page.waitForSelector('[data-do="resume"]');
  await page.locator('[data-do="resume"]').click();
  await page.waitForSelector('[data-do="pause"]');
  await page.locator('.segments input[value="monitor"]').check();
  expect(await asked(page)).toMatchObject([
    { command: "pause", minutes: 60 }, { command: "pause", minutes: null }, { command: "set_mode", mode: "monitor" },
  ]);
  await close();
});

describe("being asked only in a project under git", () => {
  for (const [language, offer, done] of [
    ["en", "git tracks .mcp.json", "nothing is held before you decide"],
    ["es", "git sigue .mcp.json", "nada se retiene antes de que usted decida"],
  ] as const) {
    test(`it is offered once, waits as all that loosens, and leaves the question open (${language})`, async () => {
      const { page, close } = await desk.open("tracked", { frozen: true, language });
      expect(await page.locator(".notes").textContent()).toContain(offer);
      const button = page.locator('[data-do="ask-only"]');
      await button.click({ force: true });
      expect(await asked(page)).toEqual([]);
      await page.clock.runFor(700);
      // Enter is what people press without reading.
      await button.focus();
      await page.keyboard.press("Enter");
      expect(await asked(page)).toEqual([]);
      await page.clock.runFor(700);
      await page.keyboard.press("Space");
      await page.waitForSelector('[data-do="ask-only"]', { state: "detached" });
      expect(await asked(page)).toMatchObject([{ command: "ask_only" }]);
      expect(await page.locator(".notes").textContent()).toContain(done);
      expect(await page.locator("h1").textContent()).toContain("playwright");
      expect(await page.evaluate(() => document.activeElement?.getAttribute("data-do"))).toBe("keep");
      await close();
    });
  }

  test("nothing else that is asked about offers it", async () => {
    const { page, close } = await desk.open("new");
    expect(await page.locator('[data-do="ask-only"]').count()).toBe(0);
    await close();
  });
});

describe("what is only watched", () => {
  for (const [language, words, wrong] of [
    ["en", "ask whoever looks after the machine", "Switch it off in"],
    ["es", "en este equipo", "Desactívelo en"],
  ] as const) {
    test(`says what to do about it, and of an organisation's nothing that its user cannot do (${language})`, async () => {
      const { page, close } = await desk.open("managed", { language });
      const text = (await page.locator("main").textContent()) ?? "";
      expect(text).toContain(words);
      expect(text).not.toContain(wrong);
      // Nothing can be held here: the first button promises no hold.
      await page.locator('[data-do="keep"]').click();
      expect(ANSWERED(await asked(page))).toEqual(["close"]);
      await close();
    });
  }
});

test("two alarms of one kind are both told", async () => {
  const { page, close } = await desk.open("alarm");
  expect(await page.locator(".banner.danger").allTextContents()).toMatchObject([
    expect.anything(), expect.stringContaining("~/.claude/settings.json"), expect.stringContaining("shop-front"),
  ]);
  await close();
});

test("what is held by its client's switch is not told as switched off by somebody", async () => {
  for (const [language, words, wrong] of [
    ["en", "switched off by the client's own switch", "switched off in Codex"],
    ["es", "interruptor", "desactivado en Codex"],
  ] as const) {
    const { page, close } = await desk.open("switched", { language });
    const text = (await page.locator("main").textContent()) ?? "";
    expect(text).toContain(words);
    expect(text).not.toContain(wrong);
    await close();
  }
});

describe("the age limit of a package manager", () => {
  for (const [language, lacks, told] of [
    ["en", "npm runs a new version at once", "stands in your own settings"],
    ["es", "npm ejecuta cada versión nueva al momento", "está en sus propios ajustes"],
  ] as const) {
    test(`is told on the card of what names no version, and written only when it is pressed (${language})`, async () => {
      const { page, close } = await desk.open("artefact", { language });
      await page.locator('[data-do="more"]').click();
      const line = page.locator('[data-tool="npm"]');
      expect(await line.textContent()).toContain(lacks);
      expect(await asked(page)).toEqual([]);
      await line.locator('[data-do="set-age-limit"]').click();
      await line.locator('[data-do="set-age-limit"]').waitFor({ state: "detached" });
      expect(await asked(page)).toEqual([{ command: "set_age_limit", tool: "npm" }]);
      expect(await line.textContent()).toContain("min-release-age");
      await close();
    });

    test(`is told in the list, and taken back there (${language})`, async () => {
      const { page, close } = await desk.open("connectors", { language });
      await page.locator("summary", { has: page.locator("#age-limits-title") }).click();
      const line = page.locator('.settings [data-tool="uv"]');
      await line.locator('[data-do="set-age-limit"]').click();
      await line.locator('[data-do="undo-age-limit"]').waitFor();
      expect(await page.locator(".told").textContent()).toContain(told);
      await line.locator('[data-do="undo-age-limit"]').click();
      await line.locator('[data-do="set-age-limit"]').waitFor();
      expect(await asked(page)).toEqual([{ command: "set_age_limit", tool: "uv" }, { command: "undo_age_limit", tool: "uv" }]);
      await close();
    });
  }
});
