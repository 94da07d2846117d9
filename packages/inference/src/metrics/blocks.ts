/** Structured mass matrix: dense within given groups of coordinates, diagonal elsewhere, zero between groups. */
import { McmcError } from '../errors';
import { denseFamily, identityMatrix } from './dense';
import { diagonalFamily } from './diagonal';
import type { PlainData } from '../plain-data';
import type { Metric, MetricEstimate, MetricFamily } from './metric';

/** A part of the coordinates and the metric on it. */
interface Part<T> {
  readonly indices: readonly number[];
  readonly value: T;
}

function gather(x: Float64Array, indices: readonly number[]): Float64Array {
  return Float64Array.from(indices, (i) => x[i]);
}

/** One metric from the metrics of disjoint parts that cover all coordinates. */
export function blockMetric(dim: number, parts: readonly Part<Metric>[]): Metric {
  const buffers = parts.map(({ indices }) => new Float64Array(indices.length));
  const results = parts.map(({ indices }) => new Float64Array(indices.length));
  const scatter = (part: number, out: Float64Array): void => {
    const { indices } = parts[part];
    for (let k = 0; k < indices.length; k++) out[indices[k]] = results[part][k];
  };
  return {
    kind: 'blocks',
    dim,
    inverseMassMatrix: assemble(dim, parts),
    saved: parts.map(({ value }) => value.saved),
    velocity(momentum, out) {
      for (let part = 0; part < parts.length; part++) {
        const { indices, value } = parts[part];
        for (let k = 0; k < indices.length; k++) buffers[part][k] = momentum[indices[k]];
        value.velocity(buffers[part], results[part]);
        scatter(part, out);
      }
    },
    sampleMomentum(random, out) {
      for (const [part, { value }] of parts.entries()) {
        value.sampleMomentum(random, results[part]);
        scatter(part, out);
      }
    },
  };
}

function assemble(dim: number, parts: readonly Part<Metric>[]): Float64Array {
  const matrix = new Float64Array(dim * dim);
  for (const { indices, value } of parts) {
    const n = indices.length;
    for (let a = 0; a < n; a++) {
      if (value.kind === 'diagonal') matrix[indices[a] * dim + indices[a]] = value.inverseMassMatrix[a];
      else {
        for (let b = 0; b < n; b++)
          matrix[indices[a] * dim + indices[b]] = value.inverseMassMatrix[a * n + b];
      }
    }
  }
  return matrix;
}

/**
 * Metrics that are dense within each of `blocks` (disjoint lists of coordinates) and diagonal on the rest.
 * @throws {McmcError} if a coordinate is out of range or in two blocks
 */
export function blockFamily(
  dim: number,
  blocks: readonly (readonly number[])[],
  regularize = true,
): MetricFamily {
  const free = new Set(Array.from({ length: dim }, (_, i) => i));
  for (const i of blocks.flat()) {
    if (!free.delete(i)) {
      throw new McmcError(
        `denseMass: coordinate ${i} is in two blocks, or not below ${dim}.\n  Fix: give disjoint blocks.`,
      );
    }
  }
  const families: Part<MetricFamily>[] = blocks.map((indices) => ({
    indices,
    value: denseFamily(indices.length, regularize),
  }));
  if (free.size > 0) {
    families.push({ indices: [...free], value: diagonalFamily(free.size, regularize) });
  }
  const combine = (metricOf: (family: Part<MetricFamily>, part: number) => Metric): Metric =>
    blockMetric(
      dim,
      families.map((family, part) => ({ indices: family.indices, value: metricOf(family, part) })),
    );
  const estimate = (estimates: readonly MetricEstimate[]): MetricEstimate => ({
    state: estimates.map((part) => part.state),
    add: (position, gradient) =>
      estimate(
        estimates.map((part, k) => {
          const { indices } = families[k];
          return part.add(gather(position, indices), gather(gradient, indices));
        }),
      ),
    metric: () => combine((_, part) => estimates[part].metric()),
  });
  return {
    kind: 'blocks',
    dim,
    isCheap: false,
    identity: combine(({ value }) => value.identity),
    from(inverseMass) {
      const full = inverseMass.length === dim ? diagonalMatrix(inverseMass) : inverseMass;
      if (full.length !== dim * dim) {
        throw new McmcError(
          `inverseMassMatrix: expected [${dim}] or [${dim}, ${dim}], got ${inverseMass.length} numbers.\n` +
            '  Fix: pass variances, or a covariance matrix row by row (what is outside the blocks is ignored).',
        );
      }
      return combine(({ indices, value }) => {
        const pairs = value.kind === 'diagonal' ? indices.map((i) => [i, i]) : product(indices);
        return value.from(Float64Array.from(pairs, ([i, j]) => full[i * dim + j]));
      });
    },
    restore: (saved) => combine(({ value }, part) => value.restore((saved as PlainData[])[part])),
    estimator: (state) =>
      estimate(
        families.map(({ value }, part) => value.estimator((state as PlainData[] | undefined)?.[part])),
      ),
  };
}

function product(indices: readonly number[]): number[][] {
  return indices.flatMap((i) => indices.map((j) => [i, j]));
}

function diagonalMatrix(diagonal: Float64Array): Float64Array {
  const matrix = identityMatrix(diagonal.length);
  for (const [i, x] of diagonal.entries()) matrix[i * diagonal.length + i] = x;
  return matrix;
}
