import { describe, expect, test } from "vitest";

import { type Clock, SETTLE_MS, Settling, Turnstile } from "../src/settling";

/** Time that passes only when told to. */
class FakeClock implements Clock {
  #now = 0;
  #calls: { at: number; call: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, call: () => void): () => void {
    const one = { at: this.#now + ms, call };
    this.#calls.push(one);
    return () => {
      this.#calls = this.#calls.filter((other) => other !== one);
    };
  }

  pass(ms: number): void {
    this.#now += ms;
    const due = this.#calls.filter((one) => one.at <= this.#now);
    this.#calls = this.#calls.filter((one) => one.at > this.#now);
    for (const one of due) one.call();
  }
}

describe("settling", () => {
  test("takes 700 ms after the card appeared, and not one less", () => {
    expect(SETTLE_MS).toBe(700);
    const clock = new FakeClock();
    const told: boolean[] = [];
    const settling = new Settling(clock, (settled) => told.push(settled));
    expect(settling.settled).toBe(false);
    clock.pass(699);
    expect(settling.settled).toBe(false);
    expect(told).toEqual([false]);
    clock.pass(1);
    expect(settling.settled).toBe(true);
    expect(told).toEqual([false, true]);
  });

  test("begins anew with every disturbance", () => {
    const clock = new FakeClock();
    const settling = new Settling(clock);
    for (let round = 0; round < 5; round += 1) {
      clock.pass(699);
      expect(settling.settled).toBe(false);
      settling.disturb();
    }
    clock.pass(700);
    expect(settling.settled).toBe(true);
    settling.disturb();
    expect(settling.settled).toBe(false);
  });

  test("is judged by the clock although the timer is late", () => {
    let now = 0;
    const late: Clock = { now: () => now, after: () => () => {} };
    const settling = new Settling(late);
    now = 700;
    expect(settling.settled).toBe(true);
  });

  test("tells nothing after its end", () => {
    const clock = new FakeClock();
    const told: boolean[] = [];
    const settling = new Settling(clock, (settled) => told.push(settled));
    settling.end();
    clock.pass(5_000);
    expect(told).toEqual([false]);
  });
});

describe("a turnstile", () => {
  test("lets one answer through at a time", async () => {
    const turnstile = new Turnstile();
    let answers = 0;
    let finish = (): void => {};
    const first = turnstile.pass(async () => {
      answers += 1;
      await new Promise<void>((done) => (finish = done));
      return "first";
    });
    expect(await turnstile.pass(async () => (answers += 1))).toBeUndefined();
    finish();
    expect(await first).toBe("first");
    expect(answers).toBe(1);
    expect(await turnstile.pass(async () => "third")).toBe("third");
  });

  test("opens again after a failure", async () => {
    const turnstile = new Turnstile();
    await expect(turnstile.pass(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(turnstile.taken).toBe(false);
  });
});
