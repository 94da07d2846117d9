/** Samplers and metrics described by plain data: the same are made here and in a worker. */
import { hmcSampler, type HmcOptions } from '../hmc/hmc';
import type { Sampler } from '../hmc/sampler';
import type { LogDensity } from '../log-density/log-density';
import { blockFamily } from '../metrics/blocks';
import { denseFamily } from '../metrics/dense';
import { diagonalFamily } from '../metrics/diagonal';
import type { MetricFamily } from '../metrics/metric';
import { nutsSampler } from '../nuts/nuts';

export type Phase = 'warmup' | 'sample';

export type SamplerSpec =
  | { readonly algorithm: 'NUTS'; readonly maxTreeDepth: Readonly<Record<Phase, number>> }
  | { readonly algorithm: 'HMC'; readonly options: HmcOptions };

export function makeSampler(spec: SamplerSpec, density: LogDensity, phase: Phase): Sampler {
  switch (spec.algorithm) {
    case 'NUTS':
      return nutsSampler(density, { maxTreeDepth: spec.maxTreeDepth[phase] });
    case 'HMC':
      return hmcSampler(density, spec.options);
    default:
      return spec satisfies never;
  }
}

export interface MetricSpec {
  /** true: dense; groups of coordinates: dense within each, diagonal elsewhere; false: diagonal. */
  readonly dense: boolean | readonly (readonly number[])[];
  readonly regularize: boolean;
}

/** @throws {McmcError} if groups overlap or leave the space */
export function makeFamily({ dense, regularize }: MetricSpec, dim: number): MetricFamily {
  if (dense === true) return denseFamily(dim, regularize);
  if (dense === false) return diagonalFamily(dim, regularize);
  return blockFamily(dim, dense, regularize);
}
