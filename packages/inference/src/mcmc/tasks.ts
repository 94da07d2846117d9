/** The chains of a run: each with its job and what is kept of it. */
import { foldIn, keyFromSeed } from '@pyro-ts/ops';
import { approach } from '../initialization/approach';
import { pathfinder } from '../pathfinder/pathfinder';
import { keyWords, randomSource } from '../random/random-source';
import type { AdaptationOptions, ChainSnapshot } from './chain';
import type { StoredRun } from './checkpoint/checkpoint';
import { checkStart } from './checkpoint/identity';
import type { ChainJob } from './job';
import type { HamiltonianOptions, McmcKernel } from './kernel';
import { ChainRecord } from './record';
import type { RunConfig } from './run-config';
import type { MetricSpec } from './sampler-spec';
import { findStart } from './start';
import type { Target } from './target';

export class ChainTask {
  constructor(
    public job: ChainJob,
    readonly record: ChainRecord,
  ) {}

  get chain(): number {
    return this.job.chain;
  }

  get isDone(): boolean {
    const { snapshot, numWarmup, numSamples, thinning } = this.job;
    return snapshot !== undefined && snapshot.made >= numWarmup + numSamples * thinning;
  }

  /** Whoever takes the chain from here begins at the snapshot. */
  goOnFrom(snapshot: ChainSnapshot): void {
    this.job = { ...this.job, snapshot, drawn: this.record.length };
  }
}

/** What all chains of a run adapt, and how. */
export type AdaptationSpec = Pick<ChainJob, 'metric' | 'options'>;

/** @throws {McmcError} if a site of `denseMass` does not exist */
export function adaptationSpec(target: Target, options: HamiltonianOptions): AdaptationSpec {
  const names = [
    'stepSize',
    'adaptStepSize',
    'adaptMassMatrix',
    'targetAcceptProb',
    'inverseMassMatrix',
    'findHeuristicStepSize',
  ] as const satisfies readonly (keyof AdaptationOptions)[];
  const metric = metricSpec(target, options);
  return { metric, options: { ...pickDefined(options, names), adaptation: metric.adaptation } };
}

/** @throws {McmcError} if no start is found for a chain @throws {CheckpointError} if the stored run began elsewhere */
export function planTasks<Args extends unknown[]>(
  { options }: McmcKernel<Args>,
  target: Target,
  { numWarmup, numSamples, numChains, thinning, seed, checkpoint }: RunConfig,
  adaptation: AdaptationSpec,
  stored: StoredRun | undefined,
): ChainTask[] {
  const { dim } = target.density;
  const key = keyWords(seed);
  const start = (chain: number): Float64Array => {
    const starting = { strategy: options.initStrategy, values: options.initParams };
    const found = findStart(target, starting, (attempt) => ({
      random: randomSource(key, chain, 'start', attempt),
      key: foldIn(foldIn(foldIn(keyFromSeed(seed), 'start'), chain), attempt),
    }));
    if (options.pathfinder === true)
      return pathfinder(target.density, found, randomSource(key, chain, 'pathfinder', 0));
    // A start that the user chose stays where it is.
    const isChosen = options.initStrategy !== undefined || options.initParams !== undefined;
    return isChosen ? found : approach(target.density, found);
  };

  if (checkpoint !== undefined && stored !== undefined)
    checkStart(checkpoint, stored.chains[0].start, start(0));
  return Array.from({ length: numChains }, (_, chain) => {
    const saved = stored?.chains[chain];
    const record = new ChainRecord(dim, numSamples, thinning);
    if (saved !== undefined) record.append(saved.draws);
    const job: ChainJob = {
      chain,
      key,
      start: saved?.start ?? start(chain),
      ...adaptation,
      numWarmup,
      numSamples,
      thinning,
      snapshot: saved?.snapshot,
      drawn: record.length,
    };
    return new ChainTask(job, record);
  });
}

/** The metric as data: groups of sites become groups of coordinates. */
function metricSpec(target: Target, options: HamiltonianOptions): MetricSpec {
  const { denseMass, regularizeMassMatrix: regularize = true } = options;
  const kind = typeof denseMass === 'boolean' ? (denseMass ? 'dense' : 'diagonal') : undefined;
  const { metric = kind ?? 'diagonal' } = options;
  if (typeof denseMass !== 'object') {
    const { adaptation = metric === 'lowRank' ? 'gradient' : 'windowed' } = options;
    return { metric, adaptation, regularize };
  }
  const groups = denseMass.map((group) =>
    group.flatMap((member) => (typeof member === 'number' ? [member] : target.coordinates(member))),
  );
  return { metric: groups, adaptation: 'windowed', regularize };
}

function pickDefined<T, K extends keyof T>(record: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(
    names.filter((name) => record[name] !== undefined).map((name) => [name, record[name]]),
  ) as unknown as Pick<T, K>;
}
