import { getContext, setContext } from "svelte";

import type { Backend, Shown } from "./backend";
import type { Card, Desk, LookUps, Mode, Outcome, Row, Tool, Wish } from "./bindings";
import { type Clock, realClock, Turnstile } from "./settling";
import { visible } from "./visible";
import { Words } from "./words";

export type View =
  | { view: "card"; key: string }
  | { view: "waiting" }
  | { view: "connectors"; id: string | null }
  | { view: "coverage" }
  | { view: "first-run" };

/** What became of the last request: lines of the engine, or a message of ours. */
export type Told = { tone: "plain" | "look"; lines: string[] } | { tone: "plain" | "look"; id: string };

/** What the window shows, and all that it is able to ask for. */
export class Store {
  desk = $state.raw<Desk | null>(null);
  view = $state.raw<View>({ view: "connectors", id: null });
  /** Where a card was opened from; null where the window was opened for it. */
  from = $state.raw<View | null>(null);
  told = $state.raw<Told | null>(null);
  fault = $state.raw<string | null>(null);
  answering = $state(false);
  words = $state.raw(new Words("en"));

  readonly #turnstile = new Turnstile();
  #seen = -1;
  #reading: Promise<void> | null = null;
  #again = false;

  constructor(
    private readonly backend: Backend,
    readonly clock: Clock = realClock,
  ) {}

  async start(): Promise<void> {
    await this.backend.onChanged(() => void this.refresh());
    await this.refresh();
  }

  /** Asks for the state anew. Calls that come meanwhile share the next reading. */
  refresh(): Promise<void> {
    if (this.#reading) {
      this.#again = true;
      return this.#reading;
    }
    this.#reading = this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    do {
      this.#again = false;
      try {
        this.#take(await this.backend.desk());
        this.fault = null;
      } catch (error) {
        this.fault = String(error);
      }
    } while (this.#again);
  }

  #take(desk: Desk): void {
    if (this.words.language !== desk.language) this.words = new Words(desk.language);
    document.documentElement.lang = desk.language;
    this.desk = desk;
    // Another view is opened only when it was asked for, never because something changed beside it.
    if (desk.open_seq > this.#seen) {
      this.#seen = desk.open_seq;
      this.from = null;
      this.told = null;
      this.view = desk.open.view === "connectors" ? { view: "connectors", id: null } : desk.open;
    }
    if (this.view.view === "card" && !this.card(this.view.key)) {
      if (!this.answering) this.told = { tone: "plain", id: "card-gone" };
      this.view = this.from ?? { view: "waiting" };
      this.from = null;
    }
  }

  card(key: string): Card | undefined {
    return this.desk?.cards.find((card) => card.key === key);
  }

  row(id: string): Row | undefined {
    return this.desk?.inventory.connectors.find((row) => row.id === id);
  }

  go(view: View): void {
    this.told = null;
    const isAside = view.view === "card" || (view.view === "waiting" && this.view.view !== "card");
    this.from = isAside ? this.view : null;
    this.view = view;
  }

  /** Esc, *Later* and *Back*: nothing is decided. */
  later(): void {
    if (this.from) {
      this.view = this.from;
      this.from = null;
    } else {
      void this.backend.close();
    }
  }

  /** Lets one request at a time through and draws what came of it; a second press does nothing. */
  async #ask<T>(request: () => Promise<T>): Promise<T | undefined> {
    return this.#turnstile.pass(async () => {
      this.answering = true;
      try {
        const answer = await request();
        await this.refresh();
        return answer;
      } catch (error) {
        this.told = { tone: "look", lines: [visible(String(error))] };
        return undefined;
      } finally {
        this.answering = false;
      }
    });
  }

  async #tell(request: () => Promise<Outcome>): Promise<Outcome | undefined> {
    const outcome = await this.#ask(request);
    if (outcome) this.told = tellingOf([outcome]);
    return outcome;
  }

  /** Answers a card. The card itself says why it was refused. */
  async answer(card: Card, wish: Wish | "hold"): Promise<Outcome | undefined> {
    const from = this.from;
    const outcome = await this.#ask(() =>
      wish === "hold"
        ? this.backend.hold(card.lead)
        : this.backend.decide({ id: card.lead, fingerprint: card.fingerprint }, wish),
    );
    if (outcome?.outcome === "done") {
      this.told = outcome.lines.length > 0 ? tellingOf([outcome]) : null;
      if (this.view.view === "card") this.view = from ?? { view: "waiting" };
      this.from = null;
    } else if (outcome && !this.card(card.key)) {
      this.told = { tone: "look", id: "card-gone" };
    }
    return outcome;
  }

  async decideRow(row: Row, wish: Wish): Promise<Outcome | undefined> {
    return this.#tell(() => this.backend.decide({ id: row.id, fingerprint: row.fingerprint }, wish));
  }

  async decideAll(items: Shown[], wish: Wish): Promise<Outcome[] | undefined> {
    const outcomes = await this.#ask(() => this.backend.decideAll(items, wish));
    if (outcomes) this.told = tellingOf(outcomes);
    return outcomes;
  }

  /** Keeps all held: those that run are held first. */
  async keepAll(cards: Card[]): Promise<void> {
    const running = cards.filter((card) => card.offers.first === "hold");
    const held = cards.filter((card) => card.offers.first !== "hold");
    const outcomes = await this.#ask(async () => {
      const out: Outcome[] = [];
      for (const card of running) out.push(await this.backend.hold(card.lead));
      if (held.length === 0) return out;
      const items = held.map((card) => ({ id: card.lead, fingerprint: card.fingerprint }));
      return [...out, ...(await this.backend.decideAll(items, { wish: "keep-held" }))];
    });
    if (outcomes) this.told = tellingOf(outcomes);
  }

  /** Nothing is decided by it: the question stays, and so does its card. */
  askOnly(row: Row): Promise<Outcome | undefined> {
    return this.#ask(() => this.backend.askOnly(row.id));
  }

  hold(row: Row): Promise<Outcome | undefined> {
    return this.#tell(() => this.backend.hold(row.id));
  }

  revoke(row: Row): Promise<Outcome | undefined> {
    return this.#tell(() => this.backend.revoke(row.id));
  }

  async undo(id: string): Promise<void> {
    const outcome = await this.#tell(() => this.backend.undo(id));
    if (outcome?.outcome === "done") this.told = { tone: "plain", id: "desk-undone" };
  }

  async setLookUps(setting: LookUps): Promise<Outcome | undefined> {
    return this.#tell(() => this.backend.setLookUps(setting));
  }

  async setMode(mode: Mode): Promise<Outcome | undefined> {
    return this.#tell(() => this.backend.setMode(mode));
  }

  async pause(minutes: number | null): Promise<void> {
    await this.#tell(() => this.backend.pause(minutes));
  }

  /** Tells what became of it: the line itself may be on another card. */
  async setAgeLimit(tool: Tool): Promise<void> {
    const outcome = await this.#tell(() => this.backend.setAgeLimit(tool));
    if (outcome?.outcome === "done") this.told = { tone: "plain", id: "age-limit-was-set" };
  }

  async undoAgeLimit(tool: Tool): Promise<void> {
    const outcome = await this.#tell(() => this.backend.undoAgeLimit(tool));
    if (outcome?.outcome === "done") this.told = { tone: "plain", id: "age-limit-was-undone" };
  }

  history(id: string): ReturnType<Backend["history"]> {
    return this.backend.history(id);
  }

  diff(id: string): ReturnType<Backend["diff"]> {
    return this.backend.diff(id);
  }

  /** Approves what is selected, sets the mode, and ends the sheet where nothing was refused. */
  async finish(items: Shown[], mode: Mode): Promise<Outcome[]> {
    const outcomes = await this.#ask(async () => {
      const approve: Wish = { wish: "approve", how: "this-version", only_here: false, typed_name: null };
      const out = items.length > 0 ? await this.backend.decideAll(items, approve) : [];
      if (out.some((outcome) => outcome.outcome === "refused")) return out;
      if (this.desk && this.desk.inventory.mode !== mode) out.push(await this.backend.setMode(mode));
      out.push(await this.backend.finishSheet());
      return out;
    });
    if (outcomes && outcomes.every((outcome) => outcome.outcome === "done")) {
      this.go({ view: "connectors", id: null });
    }
    return outcomes ?? [];
  }
}

function tellingOf(outcomes: Outcome[]): Told | null {
  const lines = outcomes.flatMap((one) => (one.outcome === "done" ? one.lines : [one.refused.message]));
  if (lines.length === 0) return null;
  return { tone: outcomes.some((one) => one.outcome === "refused") ? "look" : "plain", lines };
}

const KEY = Symbol("store");

export function provide(store: Store): void {
  setContext(KEY, store);
}

export function useStore(): Store {
  return getContext<Store>(KEY);
}
