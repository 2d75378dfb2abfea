/** Longer than anything takes; reached only where something is wrong. */
const PATIENCE = 15_000;

/** Looks until something is there, and returns it. */
export async function until(look, what, patience = PATIENCE) {
  const end = Date.now() + patience;
  let last;
  for (;;) {
    try {
      const found = await look();
      if (found) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`${what}: not within ${patience} ms${last ? ` (${last.message})` : ''}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/** Looks for a while that something stays as it is. */
export async function stays(look, what, time = 400) {
  const end = Date.now() + time;
  while (Date.now() < end) {
    if (!(await look())) throw new Error(`${what}: it did not stay so`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export function check(is, what) {
  if (!is) throw new Error(what);
}

export function same(found, expected, what) {
  if (found !== expected) throw new Error(`${what}:\n  found    ${JSON.stringify(found)}\n  expected ${JSON.stringify(expected)}`);
}
