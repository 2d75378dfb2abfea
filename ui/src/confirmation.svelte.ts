import { tick } from "svelte";

import { Settling } from "./settling";
import type { Store } from "./state.svelte";

/**
 * What an answer goes through before it counts: it is opened, there is time to read it, and it is confirmed.
 *
 * A press that came too early says so and does nothing, and Enter never confirms.
 */
export class Confirmation<Kind extends string = never> {
  /** What is asked about at this moment. */
  open = $state<Kind | null>(null);
  settled = $state(false);
  /** Said where the focus is, for a press that did nothing. */
  hint = $state("");
  /** Holds the buttons, and what is opened in their place. */
  foot = $state<HTMLElement | undefined>();

  readonly #settling: Settling;

  constructor(
    private readonly store: Store,
    /** Called before a press is judged: notices what has moved. */
    private readonly look: () => void = () => {},
  ) {
    this.#settling = new Settling(store.clock, (value) => {
      this.settled = value;
      if (value) this.hint = "";
    });
  }

  /** Something appeared, moved, gained focus or changed: the time to read begins anew. */
  disturb = (): void => this.#settling.disturb();

  /** Opens `kind` and gives the focus to the first of `focus`, a selector within the foot. */
  show(kind: Kind, focus: string): void {
    this.open = kind;
    this.disturb();
    this.#focus(focus);
  }

  /** Goes back to the buttons, to the one that had opened it. */
  back = (): void => {
    const before = this.open;
    this.open = null;
    this.hint = "";
    this.#focus(`[data-opens="${before}"]`);
  };

  /** What loosens waits until there was time to read; the clock judges, never the look of a button. */
  ready(): boolean {
    this.look();
    if (this.#settling.settled) return true;
    this.hint = this.store.words.say("card-settling");
    return false;
  }

  /** Enter is what people press without reading. */
  key = (event: KeyboardEvent): void => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    this.hint = this.store.words.say("card-enter-never");
  };

  /** Nothing is told any more. */
  end(): void {
    this.#settling.end();
  }

  #focus(selector: string): void {
    void tick().then(() => this.foot?.querySelector<HTMLElement>(selector)?.focus());
  }
}
