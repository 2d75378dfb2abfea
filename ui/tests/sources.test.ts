import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

import { describe, expect, test } from "vitest";

import { POLICY } from "./server.mjs";

const ROOT = new URL("..", import.meta.url).pathname;

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

const sources = files(join(ROOT, "src")).map((path) => ({ name: relative(ROOT, path), text: readFileSync(path, "utf8") }));
const built = files(join(ROOT, "dist")).map((path) => ({ name: relative(join(ROOT, "dist"), path), text: readFileSync(path, "utf8") }));

/** Lines of the sources that hold what must not be there. */
function found(pattern: RegExp, except: string[] = []): string[] {
  return sources
    .filter(({ name }) => !except.includes(name))
    .flatMap(({ name, text }) =>
      text.split("\n").flatMap((line, index) => (pattern.test(line) ? [`${name}:${index + 1}: ${line.trim()}`] : [])),
    );
}

describe("the sources", () => {
  test("are found", () => expect(sources.length).toBeGreaterThan(25));

  test("assign no HTML", () => {
    expect(found(/\{@html|innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|DOMParser/u)).toEqual([]);
    expect(found(/\beval\(|new Function\(/u)).toEqual([]);
  });

  test("set no style beside the style sheets", () => {
    expect(found(/\sstyle(=|:)|\.style\.|<style|cssText/u)).toEqual([]);
  });

  test("know the desktop in one file only", () => {
    expect(found(/@tauri-apps|__TAURI/u, ["src/backend.ts"])).toEqual([]);
    expect(found(/\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|localStorage|sessionStorage/u)).toEqual([]);
  });

  test("say nothing in a language of their own", () => {
    // Text between tags that is more than a sign or the name of the product.
    const own = sources
      .filter(({ name }) => name.endsWith(".svelte"))
      .flatMap(({ name, text }) => {
        const markup = text.replace(/<script[\s\S]*?<\/script>/gu, "").replace(/<!--[\s\S]*?-->/gu, "").replace(/\{[^{}]*\}/gu, "");
        return [...markup.matchAll(/>([^<>{}]*[A-Za-z]{2,}[^<>{}]*)</gu)].map((match) => `${name}: ${match[1]?.trim()}`);
      })
      .filter((line) => !line.endsWith(": Gatehouse"))
      .filter((line) => !/[=&|?:(]|=>|\bas\b/u.test(line.slice(line.indexOf(": ") + 2)));
    expect(own).toEqual([]);
  });
});

describe("what ships", () => {
  test("is plain files without anything inlined", () => {
    const page = built.find(({ name }) => name === "index.html")?.text ?? "";
    expect(page).toContain("<script");
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son\w+=|data:|https?:/u);
    const rest = built.filter(({ name }) => /\.(css|js)$/u.test(name));
    expect(rest.length).toBeGreaterThanOrEqual(2);
    for (const { name, text } of rest) expect(/url\(|data:(image|font)|@import/u.test(text), name).toBe(false);
  });

  test("holds nothing of the twin", () => {
    expect(built.filter(({ text }) => /crypto-helper|build-helper|window\.twin/u.test(text)).map(({ name }) => name)).toEqual([]);
  });

  test("has a lock file without addresses", () => {
    expect(readFileSync(join(ROOT, "package-lock.json"), "utf8")).not.toMatch(/https?:\/\//u);
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/u);
    }
  });

  test("is served here under the policy of the app", () => {
    expect(POLICY).toBe("default-src 'self'");
    const config = join(ROOT, "..", "src-tauri", "app", "tauri.conf.json");
    if (!existsSync(config)) return;
    expect(JSON.parse(readFileSync(config, "utf8")).app.security.csp).toBe(POLICY);
  });
});
