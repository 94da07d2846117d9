/** Runs the chains of one target and assembles the result. */
import { foldIn, keyFromSeed, type NdArray } from '@pyro-ts/ops';
import { McmcError } from '../errors';
import { blockFamily } from '../metrics/blocks';
import { denseFamily } from '../metrics/dense';
import { diagonalFamily } from '../metrics/diagonal';
import type { MetricFamily } from '../metrics/metric';
import { keyWords, randomSource } from '../random/random-source';
import { runChain } from './chain';
import type { McmcListener, WarningEvent } from './events';
import type { HamiltonianOptions, McmcKernel } from './kernel';
import { Progress } from './progress';
import { ChainRecord, fieldNames, fieldType, type FieldName } from './record';
import type { McmcResult } from './result';
import { findStart } from './start';
import type { Target } from './target';
import { judge } from './warnings';

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
    family: metricFamily(target, options),
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

function metricFamily(
  target: Target,
  { denseMass = false, regularizeMassMatrix }: HamiltonianOptions,
): MetricFamily {
  const { dim } = target.density;
  if (denseMass === true) return denseFamily(dim, regularizeMassMatrix);
  if (denseMass === false) return diagonalFamily(dim, regularizeMassMatrix);
  const blocks = denseMass.map((group) =>
    group.flatMap((member) => (typeof member === 'number' ? [member] : target.coordinates(member))),
  );
  return blockFamily(dim, blocks, regularizeMassMatrix);
}

function assemble<Args extends unknown[]>(
  kernel: McmcKernel<Args>,
  target: Target,
  config: RunConfig,
  all: readonly ChainRecord[],
): McmcResult {
  const interrupted = config.signal?.aborted ?? false;
  const numSamples = longestRectangle(all.map((record) => record.length));
  const records = all.filter((record) => record.length >= numSamples);
  if (numSamples === 0) {
    throw new McmcError('MCMC: aborted before the first draw.\n  Fix: abort later, or ask for less warm-up.');
  }
  const { dim } = target.density;
  const numChains = records.length;
  const points = concatenate(records.map((record) => record.positions.subarray(0, numSamples * dim)));
  const samples = target.postprocess(points, numChains * numSamples);
  const grouped = Object.entries(samples).map(([name, values]) => [
    name,
    { ...values, shape: [numChains, numSamples, ...values.shape.slice(1)] },
  ]);
  const field = (name: FieldName): NdArray => {
    const data = concatenate(records.map((record) => record.fields[name].subarray(0, numSamples)));
    const dtype = fieldType(name);
    const stored =
      dtype === 'int32' ? Int32Array.from(data) : dtype === 'bool' ? Uint8Array.from(data) : data;
    return { data: stored, shape: [numChains, numSamples], dtype };
  };
  const fields = Object.fromEntries(fieldNames.map((name) => [name, field(name)])) as Record<
    FieldName,
    NdArray
  >;
  const unconstrained: NdArray = { data: points, shape: [numChains, numSamples, dim], dtype: 'float32' };

  const result: McmcResult = {
    algorithm: kernel.algorithm,
    seed: config.seed,
    numWarmup: config.numWarmup,
    thinning: config.thinning,
    numChains,
    numSamples,
    samples: Object.fromEntries(grouped) as McmcResult['samples'],
    extraFields: config.keepUnconstrained ? { ...fields, unconstrained } : fields,
    chains: records.map((record) => adapted(record, numSamples, dim)),
    divergences: records.reduce((sum, record) => sum + record.divergences, 0),
    warnings: [],
    interrupted,
  };
  const lost = all.reduce((sum, record) => sum + record.length, 0) - numChains * numSamples;
  return {
    ...result,
    warnings: [
      ...config.notes,
      ...(interrupted
        ? [
            {
              type: 'warning' as const,
              kind: 'interrupted' as const,
              message:
                `the run was aborted: ${numChains} chains of ${numSamples} draws are kept, ${lost} draws of unequal chains are not.\n` +
                '  Fix: run it again with the same seed for all of them.',
            },
          ]
        : []),
      ...judge(result, kernel.maxTreeDepth),
    ],
  };
}

/** The number of draws per chain that keeps most draws in a rectangle of chains at least that long. */
function longestRectangle(lengths: readonly number[]): number {
  const kept = (draws: number): number => draws * lengths.filter((length) => length >= draws).length;
  return lengths.reduce((best, length) => (kept(length) > kept(best) ? length : best), 0);
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function adapted(record: ChainRecord, numSamples: number, dim: number): McmcResult['chains'][number] {
  const { metric, stepSize } = record.parameters as NonNullable<ChainRecord['parameters']>;
  const shape = metric.kind === 'diagonal' ? [dim] : [dim, dim];
  return {
    stepSize,
    inverseMassMatrix: { data: metric.inverseMassMatrix, shape, dtype: 'float32' },
    lastPosition: record.positions.slice((numSamples - 1) * dim, numSamples * dim),
  };
}
