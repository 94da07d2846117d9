/** Runs the chains of one target and assembles the result. */
import { foldIn, keyFromSeed } from '@pyro-ts/ops';
import { keyWords, randomSource } from '../random/random-source';
import { assemble } from './assemble';
import { runChain } from './chain';
import type { McmcListener, WarningEvent } from './events';
import type { HamiltonianOptions, McmcKernel } from './kernel';
import { Progress } from './progress';
import { ChainRecord } from './record';
import type { McmcResult } from './result';
import { makeFamily, type MetricSpec } from './sampler-spec';
import { findStart } from './start';
import type { Target } from './target';

/** Everything decided; see `McmcOptions`. */
export interface RunConfig {
  readonly numWarmup: number;
  readonly numSamples: number;
  readonly numChains: number;
  readonly thinning: number;
  readonly seed: number | string;
  readonly signal: AbortSignal | undefined;
  readonly keepUnconstrained: boolean;
  /** Warnings from before the run. */
  readonly notes: readonly WarningEvent[];
  readonly emit: McmcListener;
}

/** @throws {McmcError} without a start, or if aborted before the first draw */
export async function runChains<Args extends unknown[]>(
  kernel: McmcKernel<Args>,
  target: Target,
  config: RunConfig,
): Promise<McmcResult> {
  config.emit({ type: 'start', numChains: config.numChains, seed: config.seed });
  const records: ChainRecord[] = [];
  for (let chain = 0; chain < config.numChains && !config.signal?.aborted; chain++) {
    records.push(await oneChain(kernel, target, config, chain));
  }
  const result = assemble(kernel, target, config, records);
  for (const warning of result.warnings) config.emit(warning);
  config.emit({ type: 'end', draws: result.numChains * result.numSamples });
  return result;
}

async function oneChain<Args extends unknown[]>(
  kernel: McmcKernel<Args>,
  target: Target,
  config: RunConfig,
  chain: number,
): Promise<ChainRecord> {
  const { options } = kernel;
  const { numWarmup, numSamples, thinning, signal } = config;
  const key = keyWords(config.seed);
  const starting = { strategy: options.initStrategy, values: options.initParams };
  const start = findStart(target, starting, (attempt) => ({
    random: randomSource(key, chain, 'start', attempt),
    key: foldIn(foldIn(foldIn(keyFromSeed(config.seed), 'start'), chain), attempt),
  }));

  const record = new ChainRecord(target.density.dim, numSamples, thinning);
  const numTransitions = numSamples * thinning;
  const steps = runChain({
    target: target.density,
    sampler: (phase) => kernel.sampler(target.density, phase),
    family: makeFamily(metricSpec(target, options), target.density.dim),
    options,
    numWarmup,
    numTransitions,
    key,
    chain,
    start,
  });
  const progress = new Progress(chain, { warmup: numWarmup, sample: numTransitions }, config.emit);
  for (const step of steps) {
    if (step.phase === 'sample') record.add(step);
    const pause = progress.add(step);
    if (pause === undefined) continue;
    await pause;
    // Others had their turn: they may have asked to stop.
    if (signal?.aborted) break;
  }
  config.emit({ type: 'chainEnd', chain, draws: record.length, divergences: record.divergences });
  return record;
}

/** The metric as data: groups of sites become groups of coordinates. */
function metricSpec(target: Target, options: HamiltonianOptions): MetricSpec {
  const { denseMass = false, regularizeMassMatrix: regularize = true } = options;
  if (typeof denseMass === 'boolean') return { dense: denseMass, regularize };
  const dense = denseMass.map((group) =>
    group.flatMap((member) => (typeof member === 'number' ? [member] : target.coordinates(member))),
  );
  return { dense, regularize };
}
