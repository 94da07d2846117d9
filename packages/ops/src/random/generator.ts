/** The generator behind draws that no key was given for: the one piece of random state, shared by all copies of the package. */
import { foldIn, keyFromSeed, type RandomKey } from './key';

export interface Generator {
  /** Starts over from a seed. */
  setSeed(seed: number | string): void;
  /** A key never given before since the seed was set. */
  next(): RandomKey;
}

interface GeneratorState {
  root: RandomKey;
  count: number;
}

const stateSymbol = Symbol.for('pyro-ts.random.default-generator');

/** Unseeded processes differ, as users of NumPy and PyTorch expect; a seed makes them repeat. */
function entropySeed(): string {
  return `${Date.now()} ${Math.random()} ${Math.random()}`;
}

function state(): GeneratorState {
  const shared = globalThis as unknown as Record<symbol, GeneratorState | undefined>;
  return (shared[stateSymbol] ??= { root: keyFromSeed(entropySeed()), count: 0 });
}

export const defaultGenerator: Generator = {
  setSeed(seed) {
    Object.assign(state(), { root: keyFromSeed(seed), count: 0 });
  },
  next() {
    const current = state();
    const key = foldIn(current.root, current.count);
    current.count += 1;
    return key;
  },
};

/** Seeds the generator used by draws outside any `seed` handler. */
export function setRngSeed(seed: number | string): void {
  defaultGenerator.setSeed(seed);
}
