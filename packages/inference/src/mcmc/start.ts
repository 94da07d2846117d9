/** Where a chain starts. */
import type { RandomKey, TensorLike } from '@pyro-ts/ops';
import { McmcError } from '../errors';
import type { InitStrategy } from '../initialization';
import type { RandomSource } from '../random/random-source';
import type { Target } from './target';

/** Randomness of one attempt: a sequence of numbers, or a key for draws of distributions. */
export interface StartRandomness {
  readonly random: RandomSource;
  readonly key: RandomKey;
}

export interface StartOptions {
  /** Default: every unconstrained coordinate uniform on (−2, 2), as in Stan. */
  readonly strategy?: InitStrategy | undefined;
  /** Constrained values that override the strategy's, by site. */
  readonly values?: Readonly<Record<string, TensorLike>> | undefined;
}

/** Stan and NumPyro try 100 times too. */
const maxTries = 100;
const radius = 2;

/**
 * A point with finite density and gradient.
 * @throws {McmcError} naming the sites whose density is not finite, if no try finds one
 */
export function findStart(
  target: Target,
  { strategy, values }: StartOptions,
  randomness: (attempt: number) => StartRandomness,
): Float64Array {
  const { density } = target;
  const gradient = new Float64Array(density.dim);
  let last: Float64Array = new Float64Array(density.dim);
  const tries = strategy?.isRandom === false ? 1 : maxTries;
  for (let attempt = 0; attempt < tries; attempt++) {
    const { random, key } = randomness(attempt);
    const proposed = strategy === undefined ? uniform(density.dim, random) : target.propose(strategy, key);
    last = values === undefined ? proposed : target.override(proposed, values);
    const value = density.valueAndGrad(last, gradient);
    if (Number.isFinite(value) && gradient.every(Number.isFinite)) return last;
  }
  throw noStart(target, last, gradient, tries);
}

function uniform(dim: number, random: RandomSource): Float64Array {
  return Float64Array.from({ length: dim }, () => radius * (2 * random.uniform() - 1));
}

/**
 * Runs the model once more at a start, op by op, with its arguments checked: invalid ones can have a finite density. A
 * program that gives another value was made of a model that does not do the same in every run.
 * @throws {McmcError} for such a model, and what the model throws
 */
export function checkModel(target: Target, q: Float64Array): void {
  const value = target.density.valueAndGrad(q, new Float64Array(q.length));
  const terms = target.terms(q, true);
  const [sum, size] = terms.reduce(
    ([total, magnitude], { logProb, logJacobian }) => [
      total + logProb + logJacobian,
      magnitude + Math.abs(logProb) + Math.abs(logJacobian),
    ],
    [0, 1],
  );
  if (Math.abs(sum - value) <= 1e-8 * size) return;
  const list = terms.map(({ site, logProb, logJacobian }) => `${site}: ${logProb + logJacobian}`).join(', ');
  throw new McmcError(
    `the log density at the start is ${value}, but running the model again gives ${sum} (${list}).\n` +
      '  Fix: let the model depend on nothing but its arguments and its sites (no Math.random, no state outside).',
  );
}

/** Says which site is to blame. An argument outside its constraint (a NaN in the data) throws its own error here. */
function noStart(target: Target, q: Float64Array, gradient: Float64Array, tries: number): McmcError {
  target.terms(q, true);
  const bad = target
    .terms(q, false)
    .filter(({ logProb, logJacobian }) => !Number.isFinite(logProb + logJacobian))
    .map(
      ({ site, logProb, logJacobian, offender }) =>
        `site '${site}' (log density ${logProb + logJacobian}${offender === undefined ? '' : `, value ${offender}`})`,
    );
  const stuck = target.model?.sites
    .filter(({ offset, size }) => gradient.subarray(offset, offset + size).some((g) => !Number.isFinite(g)))
    .map((site) => `site '${site.name}'`);
  const problem =
    bad.length > 0
      ? `no finite log density at ${bad.join(', ')}`
      : `a finite log density, but a gradient that is not finite, for ${stuck?.join(', ') || 'the density'}`;
  return new McmcError(
    `no start found in ${tries} ${tries === 1 ? 'try' : 'tries'}: at the last one there is ${problem}.\n` +
      '  Fix: give a start inside the support (initParams, initStrategy), or check the data and the scales of the priors.',
  );
}
