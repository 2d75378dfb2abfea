import { FluentBundle, FluentResource } from "@fluent/bundle";

import enCli from "../locales/en/cli.ftl?raw";
import enCore from "../locales/en/core.ftl?raw";
import enDesk from "../locales/en/desk.ftl?raw";
import esCli from "../locales/es/cli.ftl?raw";
import esCore from "../locales/es/core.ftl?raw";
import esDesk from "../locales/es/desk.ftl?raw";
import { visible } from "./visible";

export type Language = "en" | "es";

/** A count, or text that may come from outside. */
export type Value = number | string;

/** A stretch of a message: words of ours, or a value by its name. */
export type Part = { words: string } | { name: string; value: string };

const SOURCES: Record<Language, string[]> = { en: [enCore, enCli, enDesk], es: [esCore, esCli, esDesk] };

function bundleOf(language: Language): FluentBundle {
  // Values are isolated as elements; the marks for plain text would be shown as chips.
  const bundle = new FluentBundle(language, { useIsolating: false });
  for (const source of SOURCES[language]) bundle.addResource(new FluentResource(source));
  return bundle;
}

/** The messages of one language. */
export class Words {
  readonly #bundle: FluentBundle;

  constructor(readonly language: Language) {
    this.#bundle = bundleOf(language);
  }

  has(id: string): boolean {
    return this.#bundle.hasMessage(id);
  }

  /** Returns a message in plain text; what would not be seen in a value is shown as a chip. */
  say(id: string, args: Record<string, Value> = {}): string {
    return this.parts(id, args).map((part) => ("words" in part ? part.words : visible(part.value))).join("");
  }

  /**
   * Returns a message taken apart, so that values from outside become elements of their own. `chosen` are values of
   * Gatehouse's own by which the message chooses its words.
   */
  parts(id: string, args: Record<string, Value> = {}, chosen: string[] = []): Part[] {
    const pattern = this.#bundle.getMessage(id)?.value;
    if (!pattern) return [{ words: id }];
    // Text never passes through Fluent: its place is marked, and filled afterwards.
    const names = Object.keys(args);
    const given: Record<string, Value> = {};
    names.forEach((name, index) => {
      const value = args[name] ?? "";
      given[name] = typeof value === "number" || chosen.includes(name) ? value : `\u{e000}${index}\u{e001}`;
    });
    const text = this.#bundle.formatPattern(pattern, given, []);
    return text.split(/\u{e000}(\d+)\u{e001}/u).flatMap((piece, index): Part[] => {
      if (index % 2 === 0) return piece ? [{ words: piece }] : [];
      const name = names[Number(piece)] ?? "";
      return [{ name, value: String(args[name] ?? "") }];
    });
  }

  /** Joins names as the language does: "Cursor, Codex and Zed". */
  list(names: string[]): string {
    return new Intl.ListFormat(this.language, { type: "conjunction" }).format(names);
  }

  /** A moment as a person says it beside `now`: the time alone on the same day, else with the date. */
  moment(at: string, now: string): string {
    const [then, today] = [new Date(at), new Date(now)];
    if (Number.isNaN(then.getTime())) return visible(at);
    const time = new Intl.DateTimeFormat(this.language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    if (then.toDateString() === today.toDateString()) return time.format(then);
    const sameYear = then.getFullYear() === today.getFullYear();
    const day = new Intl.DateTimeFormat(this.language, {
      day: "numeric", month: "short", year: sameYear ? undefined : "numeric",
    });
    return `${day.format(then)}, ${time.format(then)}`;
  }

  /** How long before `now` a moment was. */
  ago(at: string, now: string): string {
    const seconds = (Date.parse(now) - Date.parse(at)) / 1000;
    if (Number.isNaN(seconds)) return visible(at);
    if (seconds < 60) return this.say("ago-now");
    if (seconds < 3_600) return this.say("ago-minutes", { count: Math.floor(seconds / 60) });
    if (seconds < 86_400) return this.say("ago-hours", { count: Math.floor(seconds / 3_600) });
    return this.say("ago-days", { count: Math.floor(seconds / 86_400) });
  }
}
