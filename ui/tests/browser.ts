import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

import type { Scenario, Twin } from "../src/twin";
import { serve } from "./server.mjs";

declare global {
  interface Window {
    twin: Twin;
    violations: string[];
    /** What was copied by way of a selection. */
    copied: string[];
  }
}

/** What a page is given: a clipboard, one that refuses, or none. */
export type Clipboard = "given" | "refused" | "none";

export type Language = "en" | "es";
export type Scheme = "light" | "dark";
export const LANGUAGES: Language[] = ["en", "es"];
export const SCHEMES: Scheme[] = ["light", "dark"];
export const WIDTHS = [360, 560, 720, 1000, 1400];

const ROOT = new URL("..", import.meta.url).pathname;

/** A page of the twin, and what it did that it must not do. */
export interface Opened {
  page: Page;
  context: BrowserContext;
  /** Requests to elsewhere, violations of the policy, errors of scripts. */
  wrongs(): Promise<string[]>;
  close(): Promise<void>;
}

/** One browser and one server for a file of tests. */
export class Desk {
  private constructor(
    private readonly browser: Browser,
    private readonly server: { origin: string; close(): void },
    private readonly profile: string,
  ) {}

  static async start(): Promise<Desk> {
    const server = await serve(join(ROOT, "dist-twin"));
    const profile = mkdtempSync(join(tmpdir(), "gatehouse-chromium-"));
    const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
    const root = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    const browser = await chromium.launch({
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: [...quiet, ...root],
      env: { ...process.env, HOME: profile },
    });
    return new Desk(browser, server, profile);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    this.server.close();
    rmSync(this.profile, { recursive: true, force: true });
  }

  /** Opens a scenario. With `clock` the page's time can be passed on; with `frozen` it passes in no other way. */
  async open(
    scenario: Scenario,
    {
      language = "en", scheme = "light", width = 720, height = 900, frozen = false, clock = frozen, clipboard = "refused",
    }: { language?: Language; scheme?: Scheme; width?: number; height?: number; frozen?: boolean; clock?: boolean; clipboard?: Clipboard } = {},
  ): Promise<Opened> {
    const context = await this.browser.newContext({
      viewport: { width, height }, colorScheme: scheme, locale: language, timezoneId: "Europe/Madrid", reducedMotion: "reduce",
      permissions: clipboard === "given" ? ["clipboard-read", "clipboard-write"] : [],
    });
    const wrongs: string[] = [];
    const page = await context.newPage();
    page.on("request", (request) => {
      if (!request.url().startsWith(`${this.server.origin}/`)) wrongs.push(`request to ${request.url()}`);
    });
    page.on("pageerror", (error) => wrongs.push(`error: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") wrongs.push(`console: ${message.text()}`);
    });
    page.on("dialog", (dialog) => {
      wrongs.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.addInitScript(() => {
      window.violations = [];
      document.addEventListener("securitypolicyviolation", (event) => {
        window.violations.push(`policy: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    await page.addInitScript((given) => {
      window.copied = [];
      document.addEventListener("copy", () => window.copied.push(getSelection()?.toString() ?? ""));
      if (given === "none") Object.defineProperty(Navigator.prototype, "clipboard", { value: undefined });
      if (given === "refused") navigator.clipboard.writeText = () => Promise.reject(new DOMException("refused", "NotAllowedError"));
    }, clipboard);
    if (clock) await page.clock.install({ time: new Date("2026-11-22T12:45:00Z") });
    if (frozen) await page.clock.pauseAt(new Date("2026-11-22T12:45:01Z"));
    await page.goto(`${this.server.origin}/?scenario=${scenario}&language=${language}`);
    await page.waitForSelector("h1", { state: "attached" });
    return {
      page,
      context,
      wrongs: async () => [...wrongs, ...(await page.evaluate(() => window.violations))],
      close: () => context.close(),
    };
  }
}

/** What the twin was asked for, without readings. */
export function asked(page: Page): Promise<{ command: string; [name: string]: unknown }[]> {
  return page.evaluate(() => window.twin.asked);
}
