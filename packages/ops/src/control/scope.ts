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
    if (done) engine.endScope([result, ...kept] as unknown as tfjs.Tensor[]);
    else {
      engine.endScope();
      releaseAbandonedTape();
    }
  }
}
