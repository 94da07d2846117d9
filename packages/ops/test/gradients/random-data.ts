/** Reproducible operands for kernel tests, exact in float32 so that other backends see the same numbers. */
import type { DType, NdArray, Shape } from '@pyro-ts/ops';
import { sizeOf } from '@pyro-ts/ops';

/** Where a kernel is smooth: uniform on the interval(s), away from its kinks by more than the step of a difference. */
export type Domain =
  'real' | 'positive' | 'unit' | 'aboveOne' | 'small' | 'bool' | 'distinct' | 'dividend' | 'divisor';

/** Park and Miller 1988, "minimal standard". */
export function generator(seed: number): () => number {
  let state = (seed * 48271 + 11) % 2147483647;
  for (let i = 0; i < 4; i++) state = (state * 48271) % 2147483647;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

const DRAWS: Readonly<Record<Domain, (u: number, v: number, i: number) => number>> = {
  real: (u, v) => (u < 0.5 ? -1 : 1) * (0.2 + 1.6 * v),
  positive: (_u, v) => 0.2 + 1.8 * v,
  unit: (u, v) => (u < 0.5 ? -1 : 1) * (0.1 + 0.8 * v),
  aboveOne: (_u, v) => 1.2 + 2 * v,
  small: (_u, v) => 0.1 + 0.4 * v,
  dividend: (_u, v) => 2.35 + 0.4 * v,
  divisor: (_u, v) => 1 + 0.1 * v,
  bool: (u) => Number(u < 0.5),
  distinct: (_u, v, i) => ((i * 7) % 23) / 4 + 0.1 * v,
};

export function draw(shape: Shape, domain: Domain, seed: number): NdArray {
  const next = generator(seed);
  const dtype: DType = domain === 'bool' ? 'bool' : 'float32';
  const numbers = Array.from({ length: sizeOf(shape) }, (_, i) =>
    Math.fround(DRAWS[domain](next(), next(), i)),
  );
  return { data: domain === 'bool' ? Uint8Array.from(numbers) : Float64Array.from(numbers), shape, dtype };
}

export const ints = (shape: Shape, values: readonly number[]): NdArray => ({
  data: Int32Array.from({ length: sizeOf(shape) }, (_, i) => values[i % values.length]),
  shape,
  dtype: 'int32',
});

/** A shape of at most 8 elements for every rank, with ones at changing places. */
export const shapeOfRank = (rank: number): number[] =>
  Array.from({ length: rank }, (_, i) => (i % 3 === 0 ? 2 : 1));

export const RANKS = [1, 2, 3, 4, 5, 6, 7, 8] as const;
