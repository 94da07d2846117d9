/** Whether the options of a run make sense. Each message gives the value and what is meant. */
import { checkOptions, describeValue, type OptionNames } from '@pyro-ts/ops';
import { McmcError } from '../errors';
import type { CheckpointOptions } from './checkpoint/store';
import type {
  AdaptationName,
  HamiltonianOptions,
  HmcKernelOptions,
  McmcKernel,
  MetricName,
  NutsKernelOptions,
} from './kernel';
import type { McmcOptions } from './mcmc';
import { isLogDensity } from './target';

const hamiltonian: OptionNames<HamiltonianOptions> = {
  stepSize: 'optional',
  adaptStepSize: 'optional',
  adaptMassMatrix: 'optional',
  targetAcceptProb: 'optional',
  metric: 'optional',
  denseMass: 'optional',
  adaptation: 'optional',
  inverseMassMatrix: 'optional',
  regularizeMassMatrix: 'optional',
  findHeuristicStepSize: 'optional',
  initStrategy: 'optional',
  initParams: 'optional',
  pathfinder: 'optional',
  compile: 'optional',
  fallback: 'optional',
};
const nuts: OptionNames<NutsKernelOptions> = { ...hamiltonian, maxTreeDepth: 'optional' };
const hmc: OptionNames<HmcKernelOptions> = {
  ...hamiltonian,
  trajectoryLength: 'optional',
  numSteps: 'optional',
};
const mcmc: OptionNames<McmcOptions> = {
  numWarmup: 'optional',
  numSamples: 'optional',
  numChains: 'optional',
  thinning: 'optional',
  seed: 'optional',
  chainMethod: 'optional',
  numWorkers: 'optional',
  createWorker: 'optional',
  checkpoint: 'optional',
  extraFields: 'optional',
  onEvent: 'optional',
  signal: 'optional',
  handleSigint: 'optional',
  progressBar: 'optional',
};
const checkpointing: OptionNames<CheckpointOptions> = {
  path: 'optional',
  store: 'optional',
  every: 'optional',
};

const isPositive = (x: number): boolean => x > 0 && x < Infinity;
const isCount =
  (least: number, most = Infinity) =>
  (x: unknown): boolean =>
    Number.isInteger(x) && (x as number) >= least && (x as number) <= most;

function refuse(who: string, option: string, value: unknown, fix: string): never {
  throw new McmcError(`${who}: ${option} is ${describeValue(value)}.\n  Fix: ${fix}`);
}

function checkShared(who: string, target: unknown, options: HamiltonianOptions): void {
  const { stepSize, targetAcceptProb, fallback, pathfinder } = options;
  if (typeof target !== 'function' && !isLogDensity(target)) {
    refuse(who, 'its first argument', target, 'pass the model (a function), or a log density.');
  }
  if (stepSize !== undefined && !isPositive(stepSize))
    refuse(who, 'stepSize', stepSize, 'pass a positive number.');
  if (targetAcceptProb !== undefined && !(targetAcceptProb > 0 && targetAcceptProb < 1)) {
    const fix = 'pass a number between 0 and 1; 0.8 is usual, 0.95 careful.';
    refuse(who, 'targetAcceptProb', targetAcceptProb, fix);
  }
  checkMetric(who, options);
  if (pathfinder !== undefined && typeof pathfinder !== 'boolean')
    refuse(who, 'pathfinder', pathfinder, 'pass true or false.');
  if (fallback !== undefined && !['eager', 'error'].includes(fallback))
    refuse(who, 'fallback', fallback, "pass 'eager' or 'error'.");
}

const metrics: readonly unknown[] = ['lowRank', 'diagonal', 'dense'] satisfies MetricName[];
const adaptations: readonly unknown[] = ['gradient', 'windowed'] satisfies AdaptationName[];

function checkMetric(who: string, { metric, denseMass, adaptation }: HamiltonianOptions): void {
  if (metric !== undefined && !metrics.includes(metric))
    refuse(who, 'metric', metric, "pass 'lowRank', 'diagonal' or 'dense'.");
  if (adaptation !== undefined && !adaptations.includes(adaptation))
    refuse(who, 'adaptation', adaptation, "pass 'gradient' or 'windowed'.");
  if (metric !== undefined && denseMass !== undefined)
    throw new McmcError(`${who}: both metric and denseMass are given.\n  Fix: give one of them.`);
  const kind = metric ?? (denseMass === undefined || denseMass === false ? 'diagonal' : 'dense');
  if ((kind === 'lowRank' && adaptation === 'windowed') || (kind === 'dense' && adaptation === 'gradient')) {
    const fix =
      kind === 'dense'
        ? "pass adaptation: 'windowed', or metric: 'lowRank'."
        : "pass adaptation: 'gradient', or metric: 'diagonal' or 'dense'.";
    throw new McmcError(
      `${who}: a ${kind === 'dense' ? 'dense' : 'low-rank'} metric is not adapted by '${adaptation}'.\n  Fix: ${fix}`,
    );
  }
}

/** @throws {McmcError} @throws {OptionError} */
export function checkNuts(target: unknown, options: NutsKernelOptions): void {
  checkOptions('NUTS', options, nuts);
  checkShared('NUTS', target, options);
  const { maxTreeDepth = 10 } = options;
  const depths = typeof maxTreeDepth === 'number' ? [maxTreeDepth, maxTreeDepth] : maxTreeDepth;
  if (depths.length === 2 && depths.every(isCount(1, 30))) return;
  throw new McmcError(
    `NUTS: maxTreeDepth is ${String(maxTreeDepth)}.\n  Fix: pass a whole number from 1 to 30, or a pair of them.`,
  );
}

/** @throws {McmcError} @throws {OptionError} */
export function checkHmc(target: unknown, options: HmcKernelOptions): void {
  checkOptions('HMC', options, hmc);
  checkShared('HMC', target, options);
  const { trajectoryLength, numSteps } = options;
  if (trajectoryLength !== undefined && numSteps !== undefined)
    throw new McmcError('HMC: both trajectoryLength and numSteps are given.\n  Fix: give one of them.');
  if (trajectoryLength !== undefined && !isPositive(trajectoryLength))
    refuse('HMC', 'trajectoryLength', trajectoryLength, 'pass a positive number.');
  if (numSteps !== undefined && !isCount(1)(numSteps))
    refuse('HMC', 'numSteps', numSteps, 'pass a whole number of at least 1.');
}

/** @throws {McmcError} @throws {OptionError} */
export function checkMcmc(kernel: unknown, options: McmcOptions): void {
  checkOptions('MCMC', options, mcmc);
  if (!isKernel(kernel))
    refuse('MCMC', 'its first argument', kernel, 'pass a kernel: MCMC(NUTS(model), options).');
  for (const name of ['numSamples', 'numChains', 'thinning', 'numWorkers'] as const) {
    const value = options[name] ?? 1;
    if (!isCount(1)(value)) refuse('MCMC', name, value, 'pass a whole number of at least 1.');
  }
  const { numWarmup = 0, seed, chainMethod, checkpoint, extraFields } = options;
  if (!isCount(0)(numWarmup)) refuse('MCMC', 'numWarmup', numWarmup, 'pass a whole number, 0 for none.');
  if (seed !== undefined && typeof seed !== 'string' && !Number.isFinite(seed))
    refuse('MCMC', 'seed', seed, 'pass a finite number or a string.');
  if (chainMethod !== undefined && !['parallel', 'sequential'].includes(chainMethod))
    refuse('MCMC', 'chainMethod', chainMethod, chainMethodFix(chainMethod));
  if (checkpoint !== undefined) checkCheckpoint(checkpoint);
  const unknown = extraFields?.find((field) => field !== 'unconstrained');
  if (unknown !== undefined)
    refuse(
      'MCMC',
      'a name in extraFields',
      unknown,
      "pass ['unconstrained']; everything else is always kept.",
    );
}

function chainMethodFix(chainMethod: string): string {
  const others = "pass 'parallel' or 'sequential', or leave it out for the faster of the two.";
  return chainMethod === 'vectorized' ? `chains cannot be run in lockstep yet; ${others}` : others;
}

function checkCheckpoint(options: CheckpointOptions): void {
  checkOptions('MCMC checkpoint', options, checkpointing);
  const { path, store, every = 1 } = options;
  if ((path === undefined) === (store === undefined))
    throw new McmcError(
      'MCMC: a checkpoint has to have one of path and store.\n' +
        "  Fix: pass { path: 'run.checkpoint' }, or { store } with read, write and remove.",
    );
  if (!isPositive(every)) refuse('MCMC', 'checkpoint.every', every, 'pass a positive number of seconds.');
}

function isKernel(kernel: unknown): kernel is McmcKernel {
  return typeof kernel === 'object' && kernel !== null && 'sampler' in kernel && 'options' in kernel;
}
