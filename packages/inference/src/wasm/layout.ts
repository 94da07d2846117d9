/** Where the sampler keeps what: addresses in the program's memory, all known when its code is written. */
import type { MetricKind } from '../metrics/metric';

/** Numbers that JavaScript writes before a transition, reads after it, or that functions of the module share: places. */
export const doublePlaces = {
  stepSize: 0,
  /** Of the state: log density, and energy of the draw. */
  logDensity: 1,
  energy: 2,
  initialEnergy: 3,
  acceptSum: 4,
  treeWeight: 5,
  subtreeWeight: 6,
  shift: 7,
  candidateLogDensity: 8,
  candidateEnergy: 9,
} as const;
export const wordPlaces = {
  /** The address of the random numbers. */
  key0: 0,
  key1: 1,
  purpose: 2,
  chain: 3,
  iteration: 4,
  /** First counter word of the next block of random numbers. */
  block: 5,
  /** Addresses of the next uniform and of the end of those made. */
  nextUniform: 6,
  endOfUniforms: 7,
  /** Address of the next momentum buffer never used; end of the stack of those given back. */
  freshBuffer: 8,
  freeBuffers: 9,
  /** Points whose acceptance is counted, and gradients. */
  counted: 10,
  leaves: 11,
  depth: 12,
  diverging: 13,
  /** Eigenvectors of a low-rank metric. */
  rank: 14,
} as const;

export type DoubleName = keyof typeof doublePlaces;
export type WordName = keyof typeof wordPlaces;

export interface Layout {
  readonly dim: number;
  /** Bytes of a vector: of an even number of doubles. */
  readonly vector: number;
  /** Of `doublePlaces` and `wordPlaces`. */
  readonly doubles: number;
  readonly words: number;
  /** Each: position, then gradient. */
  readonly state: number;
  readonly forward: number;
  readonly backward: number;
  readonly candidate: number;
  /** Room for the uniforms of a momentum. */
  readonly uniforms: number;
  readonly metric: MetricLayout;
  /** Three addresses of vectors for each level: first momentum, last momentum, their sum. */
  readonly levels: number;
  readonly freeList: number;
  readonly pool: number;
  /** Bytes of a momentum buffer; the velocity lies behind the momentum if the metric keeps it. */
  readonly buffer: number;
  readonly byteLength: number;
}

export interface MetricLayout {
  readonly kind: WasmMetricKind;
  /** Diagonal: M⁻¹ and M^(−½). Dense: M⁻¹, Cholesky factor below its diagonal, the diagonal. Low rank: see there. */
  readonly first: number;
  readonly second: number;
  readonly third: number;
  /** A vector of its own. */
  readonly scratch: number;
}

export type WasmMetricKind = Exclude<MetricKind, 'blocks'>;

const roundUp = (n: number, unit: number): number => Math.ceil(n / unit) * unit;

/** Vectors that the metric's data take up. */
function metricVectors(kind: WasmMetricKind, dim: number, maxRank: number): [number, number, number] {
  switch (kind) {
    case 'diagonal':
      return [1, 1, 0];
    case 'dense':
      return [dim, dim, 1];
    case 'lowRank':
      // The coefficients of velocities and momenta: two numbers a row, at most as many rows as coordinates.
      return [1, maxRank, 2];
    default:
      return kind satisfies never;
  }
}

/** @param start first address */
export function layOut(
  dim: number,
  kind: WasmMetricKind,
  maxTreeDepth: number,
  maxRank: number,
  start: number,
): Layout {
  const vector = roundUp(dim, 2) * 8;
  let end = start;
  const take = (bytes: number): number => {
    const address = end;
    end += roundUp(bytes, 16);
    return address;
  };
  const buffer = kind === 'diagonal' ? vector : 2 * vector;
  // Each level, the tree and the piece that is being joined hold three, and one is being written.
  const buffers = 3 * (maxTreeDepth + 2) + 2;
  const metric = metricVectors(kind, dim, maxRank);
  return {
    dim,
    vector,
    doubles: take(8 * Object.keys(doublePlaces).length),
    words: take(4 * Object.keys(wordPlaces).length),
    state: take(2 * vector),
    forward: take(2 * vector),
    backward: take(2 * vector),
    candidate: take(2 * vector),
    uniforms: take(roundUp(dim, 8) * 8),
    metric: {
      kind,
      first: take(metric[0] * vector),
      second: take(metric[1] * vector),
      third: take(metric[2] * vector),
      scratch: take(vector),
    },
    levels: take(12 * (maxTreeDepth + 1)),
    freeList: take(4 * buffers),
    pool: take(buffer * buffers),
    buffer,
    byteLength: end - start,
  };
}
