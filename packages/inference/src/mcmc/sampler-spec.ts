/** Samplers and metrics described by plain data: the same are made here and in a worker. */
import { overlappingAdaptation } from '../adaptation/overlapping-adaptation';
import {
  windowAdaptation,
  type AdaptationOptions,
  type WindowAdaptation,
} from '../adaptation/window-adaptation';
import { hmcSampler, type HmcOptions } from '../hmc/hmc';
import type { Sampler } from '../hmc/sampler';
import type { LogDensity } from '../log-density/log-density';
import type { HeldLogDensity } from '../log-density/model-log-density';
import { blockFamily } from '../metrics/blocks';
import { denseFamily } from '../metrics/dense';
import { diagonalFamily } from '../metrics/diagonal';
import { gradientDiagonalFamily } from '../metrics/gradient-diagonal';
import { lowRankFamily } from '../metrics/low-rank-family';
import type { MetricFamily } from '../metrics/metric';
import { nutsSampler } from '../nuts/nuts';
import type { NamedCode } from '../wasm/sampler-module';
import { codeOf, isLinkable } from '../wasm/wasm-sampler';

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

/** The code of the samplers that `makeSampler` makes, where they have code, for threads that need not write it again. */
export function samplerCodes(
  spec: SamplerSpec,
  density: HeldLogDensity,
  { metric }: MetricSpec,
): readonly NamedCode[] {
  if (!isLinkable(density) || typeof metric !== 'string') return [];
  // In the order in which a chain needs them: each has its place behind the one before.
  const depths = spec.algorithm === 'NUTS' ? [spec.maxTreeDepth.warmup, spec.maxTreeDepth.sample] : [1];
  return depths.map((depth) => codeOf(density, metric, depth));
}

export type MetricName = 'lowRank' | 'diagonal' | 'dense';
export type AdaptationName = 'gradient' | 'windowed';

export interface MetricSpec {
  /** A kind, or groups of coordinates: dense within each, diagonal elsewhere. */
  readonly metric: MetricName | readonly (readonly number[])[];
  readonly adaptation: AdaptationName;
  readonly regularize: boolean;
}

/** @throws {McmcError} if groups overlap or leave the space */
export function makeFamily({ metric, adaptation, regularize }: MetricSpec, dim: number): MetricFamily {
  switch (metric) {
    case 'lowRank':
      return lowRankFamily(dim);
    case 'dense':
      return denseFamily(dim, regularize);
    case 'diagonal':
      return adaptation === 'gradient' ? gradientDiagonalFamily(dim) : diagonalFamily(dim, regularize);
    default:
      return blockFamily(dim, metric, regularize);
  }
}

/** What adapts step size and metric in the warm-up. */
export const makeAdaptation = (
  name: AdaptationName,
  family: MetricFamily,
  options: AdaptationOptions,
): WindowAdaptation =>
  name === 'gradient' ? overlappingAdaptation(family, options) : windowAdaptation(family, options);
