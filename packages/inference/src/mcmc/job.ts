/** A chain to be run, as plain data: what a worker is told. The user's closure is not in it. */
import type { Sampler } from '../hmc/sampler';
import type { LogDensity } from '../log-density/log-density';
import type { KeyWords } from '../random/random-source';
import { Chain, type AdaptationOptions, type ChainSnapshot } from './chain';
import { makeFamily, type MetricSpec, type Phase } from './sampler-spec';

export interface ChainJob {
  readonly chain: number;
  readonly key: KeyWords;
  readonly start: Float64Array;
  readonly metric: MetricSpec;
  readonly options: AdaptationOptions;
  readonly numWarmup: number;
  readonly numSamples: number;
  readonly thinning: number;
  /** Where the chain is, if it does not begin. */
  readonly snapshot?: ChainSnapshot | undefined;
  /** Draws that it has. */
  readonly drawn: number;
}

/** The chain that a job describes. */
export function chainOf(job: ChainJob, target: LogDensity, sampler: (phase: Phase) => Sampler): Chain {
  const { metric, numSamples, thinning, snapshot, ...rest } = job;
  const family = makeFamily(metric, target.dim);
  return new Chain({ ...rest, target, sampler, family, numTransitions: numSamples * thinning }, snapshot);
}
