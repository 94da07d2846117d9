/** Effective draws per gradient of a warm-up on a model, the warm-up's own gradients counted. */
import type { Model } from '@pyro-ts/core';
import { unconstrainModel } from '@pyro-ts/core';
import { essBulk, rhat } from '@pyro-ts/diagnostics';
import {
  approach,
  compiledLogDensity,
  makeFamily,
  nutsSampler,
  pathfinder,
  randomSource,
  runChain,
  type HeldLogDensity,
} from '@pyro-ts/inference';
import type { Variant } from './variants';

const [chains, numWarmup, numTransitions] = [4, 1000, 1000];

export interface WarmupRun {
  /** Smallest bulk ESS of an unconstrained coordinate. */
  readonly ess: number;
  readonly rhat: number;
  /** Of all chains; step-size searches, the way to the start and Pathfinder's draws included. */
  readonly warmupGradients: number;
  readonly sampleGradients: number;
  readonly divergences: number;
}

/** Uniform on (−2, 2), as `MCMC` starts. */
function start(density: HeldLogDensity, seed: number, chain: number): Float64Array {
  const gradient = new Float64Array(density.dim);
  for (let attempt = 0; attempt < 100; attempt++) {
    const random = randomSource([seed, 1], chain, 'start', attempt);
    const q = Float64Array.from({ length: density.dim }, () => 4 * random.uniform() - 2);
    if (Number.isFinite(density.valueAndGrad(q, gradient)) && gradient.every(Number.isFinite)) return q;
  }
  throw new Error('no start found');
}

export function measureWarmup(density: HeldLogDensity, { options, isFar }: Variant, seed: number): WarmupRun {
  const { dim } = density;
  const { metric = 'diagonal', adaptation = 'windowed' } = options;
  let warmupGradients = 0;
  let sampleGradients = 0;
  let divergences = 0;
  // What JavaScript evaluates: the start and the searches for a step size. Trees are counted by their steps.
  const target: HeldLogDensity = {
    ...density,
    valueAndGrad(q, gradient) {
      warmupGradients++;
      return density.valueAndGrad(q, gradient);
    },
  };
  const draws = Array.from({ length: dim }, () =>
    Array.from({ length: chains }, () => new Float64Array(numTransitions)),
  );
  const refined = (chain: number): Float64Array => {
    const found = start(density, seed, chain);
    if (isFar === true) return found;
    if (options.pathfinder !== true) return approach(target, found);
    return pathfinder(target, found, randomSource([seed, 2], chain, 'pathfinder', 0));
  };
  for (let chain = 0; chain < chains; chain++) {
    const steps = runChain({
      target,
      sampler: () => nutsSampler(target),
      family: makeFamily({ metric, adaptation, regularize: true }, dim),
      options: { adaptation },
      numWarmup,
      numTransitions,
      key: [seed, 2],
      chain,
      start: refined(chain),
    });
    for (const { phase, iteration, state, info } of steps) {
      if (phase === 'warmup') {
        warmupGradients += info.numSteps;
        continue;
      }
      sampleGradients += info.numSteps;
      divergences += Number(info.diverging);
      for (let i = 0; i < dim; i++) draws[i][chain][iteration] = state.position[i];
    }
  }
  return {
    ess: Math.min(...draws.map((of) => essBulk(of))),
    rhat: Math.max(...draws.map((of) => rhat(of))),
    warmupGradients,
    sampleGradients,
    divergences,
  };
}

/** The density of a model, compiled. */
export function densityOf(model: Model<[]>): HeldLogDensity {
  const { dim, logDensity } = unconstrainModel(model, []);
  return compiledLogDensity()(logDensity, dim);
}
