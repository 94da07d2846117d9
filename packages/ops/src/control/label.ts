/** Labels say on whose behalf tensor code runs (a sample site), so that errors raised deep below can name it. */

const KEY = Symbol.for('pyro-ts.labels');

function stack(): string[] {
  const holder = globalThis as unknown as Record<symbol, string[] | undefined>;
  return (holder[KEY] ??= []);
}

/** Runs `f` with `name` as the current label. */
export function withLabel<R>(name: string, f: () => R): R {
  const labels = stack();
  labels.push(name);
  try {
    return f();
  } finally {
    labels.pop();
  }
}

/** The innermost label, if any. */
export function currentLabel(): string | undefined {
  return stack().at(-1);
}
