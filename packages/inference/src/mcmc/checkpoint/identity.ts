/** What a run must have in common with the one that wrote a checkpoint. */
import { CheckpointError } from '../../errors';
import type { McmcKernel } from '../kernel';
import type { RunConfig } from '../run-config';
import type { StoredRun } from './checkpoint';
import { storeOf, type CheckpointOptions } from './store';
import type { AdaptationSpec } from '../tasks';
import type { Target } from '../target';

/** A point and the log density there: no other model, data or version gives the same bits. */
export interface Probe {
  readonly position: Float64Array;
  readonly logDensity: number;
}

/** Everything that the bits of the draws depend on, but the model: JSON text by name. */
export type Identity = Readonly<Record<string, string>>;

export function identityOf<Args extends unknown[]>(
  kernel: McmcKernel<Args>,
  target: Target,
  config: RunConfig,
  { metric, options }: AdaptationSpec,
): Identity {
  const { initStrategy, pathfinder = false } = kernel.options;
  const { numWarmup, numSamples, numChains, thinning, seed } = config;
  const sites = target.model?.sites.map(({ name, shape }) => `${name}[${shape.join(', ')}]`) ?? [];
  const parts: Readonly<Record<string, unknown>> = {
    'the kernel': kernel.algorithm,
    'the sampler': kernel.spec,
    'the metric': metric,
    'the adaptation': options,
    initStrategy: initStrategy?.strategy,
    pathfinder,
    numWarmup,
    numSamples,
    numChains,
    thinning,
    seed,
    'the number of coordinates': target.density.dim,
    'the list of sites': sites,
  };
  return Object.fromEntries(
    Object.entries(parts).map(([name, value]) => [name, JSON.stringify(value) ?? 'none']),
  );
}

/**
 * To be called with the start that the options, whatever is behind them, give a chain now.
 * @throws {CheckpointError} if the chain began elsewhere
 */
export function checkStart(options: CheckpointOptions, stored: Float64Array, current: Float64Array): void {
  if (stored.every((x, i) => Object.is(x, current[i]))) return;
  throw new CheckpointError(
    `${storeOf(options).name} is of another run: chain 0 began at [${describe(stored)}] and would begin at ` +
      `[${describe(current)}], so initParams or the arguments of initStrategy are others`,
    fix,
  );
}

const describe = (point: Float64Array): string =>
  [...point.subarray(0, 3)].map((x) => x.toPrecision(6)).join(', ') + (point.length > 3 ? ', …' : '');

const fix = 'run it as it was run then, remove the checkpoint to begin anew, or pass another path.';

/** @throws {CheckpointError} if what was stored is of another run, naming what differs */
export function checkStored(
  options: CheckpointOptions,
  stored: StoredRun,
  current: Identity,
  target: Target,
): void {
  const { name } = storeOf(options);
  const { identity, probe } = stored;
  const differs = Object.keys(current).filter((key) => identity[key] !== current[key]);
  if (differs.length > 0) {
    const list = differs
      .map((key) => `${key} was ${identity[key] ?? 'none'} and is ${current[key]}`)
      .join('; ');
    throw new CheckpointError(`${name} is of another run: ${list}`, fix);
  }
  const { density } = target;
  const value = density.valueAndGrad(probe.position, new Float64Array(density.dim));
  if (Object.is(value, probe.logDensity)) return;
  throw new CheckpointError(
    `${name} is of another run: at its first point the log density was ${probe.logDensity} and is ${value}, ` +
      'so the model, its data or the version of pyro-ts is another one',
    fix,
  );
}
