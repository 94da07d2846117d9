/** Runs of which only shapes are asked: a scan then takes its first step for all. */

const KEY = Symbol.for('pyro-ts.core.shapes-only');
const holder = globalThis as unknown as Record<symbol, boolean | undefined>;

export const isShapesOnly = (): boolean => holder[KEY] === true;

/** Runs `body`, which looks at shapes, supports and names, and at no value: it costs the same for any number of steps. */
export function withShapesOnly<R>(body: () => R): R {
  const before = holder[KEY];
  holder[KEY] = true;
  try {
    return body();
  } finally {
    holder[KEY] = before;
  }
}
