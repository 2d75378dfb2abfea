import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";

import type { Comparison, Desk, HistoryRow, LookUps, Mode, Outcome, Tool, Wish } from "./bindings";

/** One connector as it was shown: the engine refuses an answer to anything else. */
export interface Shown {
  id: string;
  fingerprint: string;
}

/** All that the window is able to ask for. The twin of the tests implements the same. */
export interface Backend {
  desk(): Promise<Desk>;
  decide(shown: Shown, wish: Wish): Promise<Outcome>;
  decideAll(items: Shown[], wish: Wish): Promise<Outcome[]>;
  hold(id: string): Promise<Outcome>;
  revoke(id: string): Promise<Outcome>;
  undo(id: string): Promise<Outcome>;
  /** Takes up the offer beside the question of this row: in its project nothing is held before it is decided on. */
  askOnly(id: string): Promise<Outcome>;
  /** On, registries are asked about the packages that connectors run. */
  setLookUps(setting: LookUps): Promise<Outcome>;
  setMode(mode: Mode): Promise<Outcome>;
  /** `null` ends the pause. */
  pause(minutes: number | null): Promise<Outcome>;
  /** Writes the cooldown into the user's own settings of a package manager. */
  setAgeLimit(tool: Tool): Promise<Outcome>;
  undoAgeLimit(tool: Tool): Promise<Outcome>;
  history(id: string): Promise<HistoryRow[]>;
  /** What changed in the code behind this row; rejected with a `Refused` where that cannot be told. */
  diff(id: string): Promise<Comparison>;
  finishSheet(): Promise<Outcome>;
  close(): Promise<void>;
  /** Calls back whenever `desk()` would tell something else. */
  onChanged(changed: () => void): Promise<void>;
}

/** The engine behind the window. */
export function tauri(): Backend {
  return {
    desk: () => invoke("desk"),
    decide: ({ id, fingerprint }, wish) => invoke("decide", { id, fingerprint, wish }),
    decideAll: (items, wish) => invoke("decide_all", { items, wish }),
    hold: (id) => invoke("hold", { id }),
    revoke: (id) => invoke("revoke", { id }),
    undo: (id) => invoke("undo", { id }),
    askOnly: (id) => invoke("ask_only", { id }),
    setLookUps: (setting) => invoke("set_look_ups", { setting }),
    setMode: (mode) => invoke("set_mode", { mode }),
    pause: (minutes) => invoke("pause", { minutes }),
    setAgeLimit: (tool) => invoke("set_age_limit", { tool }),
    undoAgeLimit: (tool) => invoke("undo_age_limit", { tool }),
    history: (id) => invoke("history", { id }),
    diff: (id) => invoke("diff", { id }),
    finishSheet: () => invoke("finish_sheet"),
    close: () => invoke("close"),
    onChanged: async (changed) => {
      await listen("desk-changed", changed);
    },
  };
}
