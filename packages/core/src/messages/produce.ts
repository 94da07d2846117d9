/**
 * Changed copies of messages. Freezing is off: it would freeze users' arrays, fails on typed arrays, and a frozen
 * tensor cannot be disposed of. Immutability is in the types.
 */
import { Immer } from 'immer';

const immer = new Immer({ autoFreeze: false });

/** The top level can be written; what it refers to is still read-only. */
export type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A copy of `base` with the recipe's assignments; `base` itself if there are none. */
export function produce<T extends object>(base: T, recipe: (draft: Writable<T>) => void): T {
  return immer.produce(base, (draft) => {
    recipe(draft as Writable<T>);
  });
}
