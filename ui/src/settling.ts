/** How long what loosens stays out of reach after something moved, in milliseconds. */
export const SETTLE_MS = 700;

/** The passing of time, so that a test can pass it. */
export interface Clock {
  now(): number;
  /** Calls once after `ms`, and returns how to call it off. */
  after(ms: number, call: () => void): () => void;
}

export const realClock: Clock = {
  now: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * Tells whether a person has had the time to read what stands before them.
 *
 * A press that was meant for something else, or that was under way when the card came up, must not approve.
 * The clock decides, never the look of a button: a press is judged when it arrives.
 */
export class Settling {
  #since: number;
  #cancel: () => void = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly told: (settled: boolean) => void = () => {},
  ) {
    this.#since = clock.now();
    this.disturb();
  }

  /** The card appeared, moved, gained focus or changed. */
  disturb(): void {
    this.#since = this.clock.now();
    this.#cancel();
    this.told(false);
    this.#cancel = this.clock.after(SETTLE_MS, () => this.told(this.settled));
  }

  get settled(): boolean {
    return this.clock.now() - this.#since >= SETTLE_MS;
  }

  /** Nothing is told any more. */
  end(): void {
    this.#cancel();
  }
}

/** Lets one answer at a time through: a second press while one is under way does nothing. */
export class Turnstile {
  #taken = false;

  get taken(): boolean {
    return this.#taken;
  }

  async pass<T>(answer: () => Promise<T>): Promise<T | undefined> {
    if (this.#taken) return undefined;
    this.#taken = true;
    try {
      return await answer();
    } finally {
      this.#taken = false;
    }
  }
}
