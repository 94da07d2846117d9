/** Log likelihood of the observations at every posterior draw. */
import { scoped, sizeOf, toNdArray, type NdArray } from '@pyro-ts/ops';
import { LatentSiteError } from '../errors';
import { seed } from '../handlers/seed';
import { substitute } from '../handlers/substitute';
import { trace } from '../handlers/trace';
import type { Model } from '../model';

export interface LogLikelihoodOptions {
  /** How many leading dims of the samples count draws: 1, or 2 for samples grouped by chain. Default 1. */
  readonly batchNdims?: number;
}

/**
 * Pointwise log likelihoods, as LOO and WAIC need them (NumPyro's `log_likelihood`).
 * @param samples site → [...draws, ...shape], as from `mcmc.getSamples()`
 * @returns observed site → [...draws, ...batch], nats
 */
export function logLikelihood<Args extends unknown[]>(
  model: Model<Args>,
  samples: Readonly<Record<string, NdArray>>,
  args: Args,
  { batchNdims = 1 }: LogLikelihoodOptions = {},
): Record<string, NdArray> {
  const entries = Object.entries(samples);
  if (entries.length === 0) {
    throw new LatentSiteError({ problem: 'logLikelihood: no samples', fix: 'pass mcmc.getSamples().' });
  }
  const leading = entries[0][1].shape.slice(0, batchNdims);
  const count = sizeOf(leading);
  const result = new Map<string, { data: Float64Array; shape: number[] }>();
  for (let draw = 0; draw < count; draw++) {
    const data = Object.fromEntries(entries.map(([name, values]) => [name, pick(values, batchNdims, draw)]));
    scoped(() => {
      const found = trace(seed(substitute(model, { data }), { seed: 0 })).getTrace(...args);
      const terms = found.computeLogProb((site) => site.kind === 'sample' && site.isObserved);
      for (const [name, term] of terms) {
        const { data: row, shape } = toNdArray(term);
        const known = result.get(name) ?? {
          data: new Float64Array(count * row.length),
          shape: [...leading, ...shape],
        };
        result.set(name, known);
        known.data.set(row, draw * row.length);
      }
    });
  }
  return Object.fromEntries(
    [...result].map(([name, { data, shape }]) => [name, { data, shape, dtype: 'float32' }]),
  );
}

/** One draw of a site. */
function pick({ data, shape, dtype }: NdArray, batchNdims: number, draw: number): NdArray {
  const rest = shape.slice(batchNdims);
  const size = sizeOf(rest);
  return { data: data.subarray(draw * size, (draw + 1) * size), shape: rest, dtype };
}
