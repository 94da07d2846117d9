/** Tensor lifetimes: what a function makes is released when it ends, also when it throws. */
import * as tfjs from '@tensorflow/tfjs';

/** Marks a tensor (or any nesting of tensors) as outliving the scope; returns it. */
export type Keep = <T>(value: T) => T;

interface TapeOwner {
  readonly state: { gradientDepth: number; activeTape: { saved: tfjs.Tensor[] }[] | null | undefined };
}

/** tfjs forgets the tensors saved for a gradient when the differentiated function throws. */
export function releaseAbandonedTape(): void {
  const { state } = tfjs.engine() as unknown as TapeOwner;
  if (state.gradientDepth > 0 || state.activeTape == null) return;
  for (const { saved } of state.activeTape) for (const tensor of saved) tensor.dispose();
  state.activeTape = null;
}

/** The tensors in a value, as tidy finds them; typed arrays, which tidy looks into number by number, are passed over. */
function tensorsIn(value: unknown, found: tfjs.Tensor[], seen: Set<unknown>): tfjs.Tensor[] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || seen.has(value))
    return found;
  seen.add(value);
  if (value instanceof tfjs.Tensor) found.push(value as tfjs.Tensor);
  else if (Array.isArray(value)) for (const item of value as unknown[]) tensorsIn(item, found, seen);
  else for (const key in value) tensorsIn((value as Record<string, unknown>)[key], found, seen);
  return found;
}

/**
 * Runs `f` and disposes of every tensor it made, except those in its result and those passed to `keep`.
 * Unlike `tf.tidy` this releases after an error too what a gradient in progress had saved, and takes tensors that
 * tidy cannot see (in a Map, in a private field) by the explicit keep-list.
 * @throws {TypeError} if `f` returns a Promise: its tensors would be gone before it resolves
 */
export function scoped<R>(f: (keep: Keep) => R): R {
  const engine = tfjs.engine();
  const kept: unknown[] = [];
  const keep: Keep = (value) => {
    kept.push(value);
    return value;
  };
  let done = false;
  let result: R | undefined;
  engine.startScope('scoped');
  try {
    result = f(keep);
    if (result instanceof Promise) {
      throw new TypeError(
        'scoped: the function returned a Promise\n  Fix: await outside of the scope, and open scopes around its synchronous parts.',
      );
    }
    done = true;
    return result;
  } finally {
    if (done) engine.endScope(tensorsIn([result, ...kept], [], new Set()));
    else {
      engine.endScope();
      releaseAbandonedTape();
    }
  }
}
