/** Sets of plates. */
import type { PlateFrame } from '@pyro-ts/core';

/** The vectorised plates around a site: name → number of elements present. */
export type Ordinal = ReadonlyMap<string, number>;

export const ordinalOf = (frames: readonly PlateFrame[]): Ordinal =>
  new Map(frames.filter(({ dim }) => dim !== undefined).map(({ name, size }) => [name, size]));

/** Equal for equal sets. */
export const keyOf = (ordinal: Ordinal): string => [...ordinal.keys()].sort().join('\n');

export const union = (ordinals: readonly Ordinal[]): Ordinal =>
  new Map(ordinals.flatMap((ordinal) => [...ordinal]));

/** a without the plates of b. */
export const without = (a: Ordinal, b: Ordinal): Ordinal => new Map([...a].filter(([name]) => !b.has(name)));

export const isSubset = (a: Ordinal, b: Ordinal): boolean => [...a.keys()].every((name) => b.has(name));
