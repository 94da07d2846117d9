/** Random inputs for conformance tests: every kernel with the shapes and values that break lowerings. */
import { sizeOf, type Attrs, type NumericArray, type Shape } from '@pyro-ts/ops';
import { GraphBuilder } from '../../graph/builder';
import type { Graph, ValueDType } from '../../graph/graph';

/** Marsaglia's xorshift32. */
export function generator(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

export type Domain = 'real' | 'positive' | 'unit' | 'small' | 'index' | 'edges';

const edges = [0, -0, 1, -1, Infinity, -Infinity, NaN, 0.5, 2, 1e-310, -1e300, 3.5];

export function randomArray(
  random: () => number,
  shape: Shape,
  dtype: ValueDType = 'float',
  domain: Domain = 'real',
): NumericArray {
  const n = sizeOf(shape);
  if (dtype === 'bool') return Uint8Array.from({ length: n }, () => (random() < 0.5 ? 0 : 1));
  if (dtype === 'int')
    return Int32Array.from({ length: n }, () => Math.floor(random() * 20) - (domain === 'index' ? 0 : 8));
  const draw: Readonly<Record<Domain, () => number>> = {
    real: () => (random() - 0.5) * 8,
    positive: () => random() * 6 + 0.01,
    unit: () => random() * 0.98 + 0.01,
    small: () => (random() - 0.5) * 0.5,
    index: () => Math.floor(random() * 4),
    edges: () => edges[Math.floor(random() * edges.length)],
  };
  return Float64Array.from({ length: n }, draw[domain]);
}

export interface InputCase {
  readonly shape: Shape;
  readonly dtype?: ValueDType;
  readonly domain?: Domain;
  /** Given values instead of random ones. */
  readonly data?: NumericArray;
  /** Known when compiling. */
  readonly constant?: boolean;
}

export const float = (...shape: number[]): InputCase => ({ shape });
export const int = (...shape: number[]): InputCase => ({ shape, dtype: 'int' });
export const bool = (...shape: number[]): InputCase => ({ shape, dtype: 'bool' });

/** A graph of one kernel, and values for its inputs. */
export function singleNode(
  kernel: string,
  inputs: readonly InputCase[],
  attrs: Attrs = {},
  seed = 1,
): { graph: Graph; data: NumericArray[] } {
  const random = generator(seed * 7919);
  const g = new GraphBuilder();
  const data: NumericArray[] = [];
  const ids = inputs.map((c, i) => {
    const values = c.data ?? randomArray(random, c.shape, c.dtype, c.domain);
    if (c.constant) return g.constant(values, c.shape, c.dtype);
    data.push(values);
    return g.input(`x${i}`, c.shape, c.dtype);
  });
  return { graph: g.finish(g.nodeAll(kernel, ids, attrs)), data };
}
