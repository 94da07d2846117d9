/** `NUTS` and `HMC`: which sampler to run on which target, and how to adapt it. */
import type { Model } from '@pyro-ts/core';
import type { TensorLike } from '@pyro-ts/ops';
import type { InitStrategy } from '../initialization';
import type { Sampler } from '../hmc/sampler';
import type { DensityCompiler } from '../log-density/model-log-density';
import type { LogDensity } from '../log-density/log-density';
import { checkHmc, checkNuts } from './check-options';
import {
  makeSampler,
  type AdaptationName,
  type MetricName,
  type Phase,
  type SamplerSpec,
} from './sampler-spec';

export type { AdaptationName, MetricName, Phase } from './sampler-spec';

export interface HamiltonianOptions {
  /** Initial step size, before the search. Default 1. */
  readonly stepSize?: number;
  /** Default true. */
  readonly adaptStepSize?: boolean;
  /** Default true. */
  readonly adaptMassMatrix?: boolean;
  /** Acceptance probability that the step size is adapted to. Default 0.8. */
  readonly targetAcceptProb?: number;
  /** Kind of mass matrix. Default 'diagonal'; 'lowRank': a diagonal, stretched along the directions that stand out. */
  readonly metric?: MetricName;
  /**
   * In place of `metric`, as in NumPyro. true: 'dense'; false: 'diagonal'; a list of lists: dense within each group of
   * sites (names) or of coordinates (numbers), diagonal elsewhere.
   */
  readonly denseMass?: boolean | readonly (readonly (string | number)[])[];
  /**
   * 'gradient': the mass matrix from draws and gradients, renewed in overlapping windows, as nutpie does (metrics
   * 'lowRank' and 'diagonal'); 'windowed': from the draws alone, in Stan's windows (all but 'lowRank'). Default:
   * 'gradient' for 'lowRank', else 'windowed'.
   */
  readonly adaptation?: AdaptationName;
  /** Initial inverse mass matrix: [dim], or [dim, dim] row by row for a dense metric. Default: identity. */
  readonly inverseMassMatrix?: readonly number[] | readonly (readonly number[])[] | Float64Array;
  /** Shrink what 'windowed' estimates as Stan does. Default true. */
  readonly regularizeMassMatrix?: boolean;
  /** Search for a first step size at the start and after each window. Default true. */
  readonly findHeuristicStepSize?: boolean;
  /** Where chains start (models only). Default: uniform on (−2, 2) in unconstrained space. */
  readonly initStrategy?: InitStrategy;
  /** Values (constrained space) that override the strategy, by site. */
  readonly initParams?: Readonly<Record<string, TensorLike>>;
  /**
   * Move each start to a draw of Pathfinder's normal approximation (Zhang et al. 2022), at some hundreds of gradients a
   * chain. Default false.
   */
  readonly pathfinder?: boolean;
  /** How the log density is evaluated. Default: compiled; op by op (`eagerLogDensity`) if the model cannot be traced. */
  readonly compile?: DensityCompiler;
  /** A model that cannot be compiled: evaluate it op by op, with a warning (default), or end with an error. */
  readonly fallback?: 'eager' | 'error';
}

export interface NutsKernelOptions extends HamiltonianOptions {
  /** Largest number of doublings, or [warm-up, sampling]. Default 10. */
  readonly maxTreeDepth?: number | readonly [number, number];
}

export interface HmcKernelOptions extends HamiltonianOptions {
  /** Default 2π. */
  readonly trajectoryLength?: number;
  /** Leapfrog steps of each trajectory, instead of a length. */
  readonly numSteps?: number;
}

/** What `MCMC` runs. `Args` are the arguments of the model. */
export interface McmcKernel<Args extends unknown[] = []> {
  readonly algorithm: string;
  readonly target: Model<Args> | LogDensity;
  readonly options: HamiltonianOptions;
  /** Depth that counts as saturated. */
  readonly maxTreeDepth: number | undefined;
  /** The sampler as data, for workers; chains of a kernel without it run one after the other. */
  readonly spec?: SamplerSpec;
  sampler(target: LogDensity, phase: Phase): Sampler;
}

/** The no-U-turn sampler for a model (its arguments are given to `run`), or for a log density of one's own. */
export function NUTS(target: LogDensity, options?: NutsKernelOptions): McmcKernel;
export function NUTS<Args extends unknown[]>(
  model: Model<Args>,
  options?: NutsKernelOptions,
): McmcKernel<Args>;
export function NUTS<Args extends unknown[]>(
  target: Model<Args> | LogDensity,
  options: NutsKernelOptions = {},
): McmcKernel<Args> {
  checkNuts(target, options);
  const { maxTreeDepth = 10 } = options;
  const [warmup, sample] = typeof maxTreeDepth === 'number' ? [maxTreeDepth, maxTreeDepth] : maxTreeDepth;
  return kernelOf({ algorithm: 'NUTS', maxTreeDepth: { warmup, sample } }, target, options, sample);
}

/** Hamiltonian Monte Carlo with trajectories of one length. */
export function HMC(target: LogDensity, options?: HmcKernelOptions): McmcKernel;
export function HMC<Args extends unknown[]>(model: Model<Args>, options?: HmcKernelOptions): McmcKernel<Args>;
export function HMC<Args extends unknown[]>(
  target: Model<Args> | LogDensity,
  options: HmcKernelOptions = {},
): McmcKernel<Args> {
  checkHmc(target, options);
  const { trajectoryLength, numSteps } = options;
  const sampling = {
    ...(trajectoryLength === undefined ? {} : { trajectoryLength }),
    ...(numSteps === undefined ? {} : { numSteps }),
  };
  return kernelOf({ algorithm: 'HMC', options: sampling }, target, options, undefined);
}

function kernelOf<Args extends unknown[]>(
  spec: SamplerSpec,
  target: Model<Args> | LogDensity,
  options: HamiltonianOptions,
  maxTreeDepth: number | undefined,
): McmcKernel<Args> {
  const sampler = (density: LogDensity, phase: Phase): Sampler => makeSampler(spec, density, phase);
  return { algorithm: spec.algorithm, target, options, maxTreeDepth, spec, sampler };
}
