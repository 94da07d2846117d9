/** The generator behind draws that no key was given for: the one piece of random state, shared by all copies of the package. */
import { getBackend } from '@tensorflow/tfjs';
import { TRACE_BACKEND } from '../control/concrete';
import { currentLabel } from '../control/label';
import { ValueError } from '../errors';
import { foldIn, keyFromSeed, type RandomKey } from './key';

export interface Generator {
  /** Starts over from a seed. */
  setSeed(seed: number | string): void;
  /**
   * A key never given before since the seed was set.
   * @throws {ValueError} while compiling: the key would be the same in every run of the program
   */
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

function noKey(label: string | undefined): ValueError {
  const where = label === undefined ? '' : ` at '${label}'`;
  return new ValueError(
    `a random draw${where} without a key while compiling: its numbers would be the same in every run\n` +
      `  Fix: run the model under handlers.seed, or pass a key: sample(shape, { key }).`,
  );
}

export const defaultGenerator: Generator = {
  setSeed(seed) {
    Object.assign(state(), { root: keyFromSeed(seed), count: 0 });
  },
  next() {
    if (getBackend() === TRACE_BACKEND) throw noKey(currentLabel());
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
