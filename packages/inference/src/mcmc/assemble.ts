/** Puts the chains together into one result. */
import type { NdArray } from '@pyro-ts/ops';
import { McmcError } from '../errors';
import { convergenceInThreads } from './convergence';
import type { WarningEvent } from './events';
import type { McmcKernel } from './kernel';
import { fieldNames, fieldType, type ChainRecord, type FieldName } from './record';
import type { McmcResult, SiteDraws } from './result';
import type { RunConfig } from './run-config';
import type { Target } from './target';
import { judge } from './warnings';

/** @throws {McmcError} if no chain has a draw */
export async function assemble<Args extends unknown[]>(
  kernel: McmcKernel<Args>,
  target: Target,
  config: RunConfig,
  all: readonly ChainRecord[],
): Promise<McmcResult> {
  const isWhole = all.length === config.numChains && all.every(({ length }) => length === config.numSamples);
  const interrupted = config.signal.aborted && !isWhole;
  const numSamples = longestRectangle(all.map((record) => record.length));
  const records = all.filter((record) => record.length >= numSamples);
  if (numSamples === 0) {
    throw new McmcError('MCMC: stopped before the first draw.\n  Fix: stop later, or ask for less warm-up.');
  }
  const { dim } = target.density;
  const numChains = records.length;
  const points = concatenate(records.map((record) => record.positions.subarray(0, numSamples * dim)));
  const samples = target.postprocess(points, numChains * numSamples);
  const grouped = Object.fromEntries(
    Object.entries(samples).map(([name, values]): [string, NdArray] => [
      name,
      { ...values, shape: [numChains, numSamples, ...values.shape.slice(1)] },
    ]),
  );
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
    samples: grouped,
    convergence: await judged(grouped, config),
    extraFields: config.keepUnconstrained ? { ...fields, unconstrained } : fields,
    chains: records.map((record) => adapted(record, numSamples, dim)),
    divergences: records.reduce((sum, record) => sum + record.divergences, 0),
    warnings: [],
    interrupted,
  };
  const lost = all.reduce((sum, record) => sum + record.length, 0) - numChains * numSamples;
  const stopped = interrupted ? [aborted(numChains, numSamples, lost)] : [];
  return { ...result, warnings: [...config.notes, ...stopped, ...judge(result, kernel.maxTreeDepth)] };
}

async function judged(samples: SiteDraws, config: RunConfig): Promise<McmcResult['convergence']> {
  const { crew, chainMethod, numWorkers } = config;
  const threads = chainMethod === 'sequential' ? [] : crew.takeIdle(numWorkers - 1);
  try {
    return await convergenceInThreads(samples, threads);
  } finally {
    for (const thread of threads) await crew.giveBack(thread);
  }
}

function aborted(numChains: number, numSamples: number, lost: number): WarningEvent {
  return {
    type: 'warning',
    kind: 'interrupted',
    message:
      `the run was stopped: ${numChains} chains of ${numSamples} draws are kept, ${lost} draws of unequal chains are not.\n` +
      '  Fix: run it again with the same seed (or from its checkpoint) for all of them.',
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
  const { stepSize, inverseMassMatrix, shape } = record.adapted as NonNullable<ChainRecord['adapted']>;
  return {
    stepSize,
    inverseMassMatrix: { data: inverseMassMatrix, shape, dtype: 'float32' },
    lastPosition: record.positions.slice((numSamples - 1) * dim, numSamples * dim),
  };
}
