/** Simulation-based calibration (Talts et al. 2018) of NUTS with its warm-up, on a small hierarchy. */
import { plate, sample, unconstrainModel } from '@pyro-ts/core';
import { HalfNormal, Normal } from '@pyro-ts/distributions';
import { normalQuantile, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import type { LogDensity } from '../log-density/log-density';
import { makeLogDensity } from '../log-density/model-log-density';
import { diagonalFamily } from '../metrics/diagonal';
import { nutsSampler } from '../nuts/nuts';
import { randomSource } from '../random/random-source';
import { runChain } from './chain';

const groups = 4;

/** mu ~ N(0, 1), tau ~ N⁺(0, 1), z_j ~ N(0, 1), y_j ~ N(mu + tau z_j, 0.7). */
function hierarchy(y: readonly number[]): void {
  const mu = sample('mu', Normal(0, 1));
  const tau = sample('tau', HalfNormal(1));
  plate('groups', groups, () => {
    const z = sample('z', Normal(0, 1));
    sample('y', Normal(tf.add(mu, tf.mul(tau, z)), 0.7), { obs: [...y] });
  });
}

/** The same by hand, up to a constant: q = [mu, log tau, z…]. Fast enough for thousands of chains. */
function byHand(y: readonly number[]): LogDensity {
  return {
    dim: groups + 2,
    valueAndGrad(q, gradient) {
      const mu = q[0];
      const logTau = q[1];
      const tau = Math.exp(logTau);
      let value = -(mu * mu + tau * tau) / 2 + logTau;
      gradient[0] = -mu;
      gradient[1] = 1 - tau * tau;
      for (let j = 0; j < groups; j++) {
        const z = q[2 + j];
        const residual = y[j] - mu - tau * z;
        const pull = residual / 0.49;
        value -= (z * z + residual * pull) / 2;
        gradient[0] += pull;
        gradient[1] += pull * tau * z;
        gradient[2 + j] = -z + pull * tau;
      }
      return value;
    },
  };
}

/** Draws spread 5 % too wide: all log densities are divided by 1.05². */
const planted = (density: LogDensity): LogDensity => ({
  dim: density.dim,
  valueAndGrad(q, gradient) {
    const value = density.valueAndGrad(q, gradient) / 1.05 ** 2;
    for (let i = 0; i < gradient.length; i++) gradient[i] /= 1.05 ** 2;
    return value;
  },
});

const [replications, draws, thinning, numWarmup] = [2000, 31, 4, 150];

/** Ranks of the true values among the draws: [coordinate][replication], 0 … draws. */
function simulate(change: (density: LogDensity) => LogDensity): number[][] {
  const ranks: number[][] = Array.from({ length: groups + 2 }, () => []);
  for (let r = 0; r < replications; r++) {
    const random = randomSource([2024, 6], 0, 'start', r);
    const truth = [random.normal(), Math.log(Math.abs(random.normal()))];
    for (let j = 0; j < groups; j++) truth.push(random.normal());
    const y = truth.slice(2).map((z) => truth[0] + Math.exp(truth[1]) * z + 0.7 * random.normal());
    const target = change(byHand(y));
    const below = truth.map(() => 0);
    const steps = runChain({
      target,
      sampler: () => nutsSampler(target),
      family: diagonalFamily(target.dim),
      options: {},
      numWarmup,
      numTransitions: draws * thinning,
      key: [2024, 611],
      chain: r,
      start: Float64Array.from(truth, () => 2 * random.uniform() - 1),
    });
    for (const { phase, iteration, state } of steps) {
      if (phase === 'warmup' || (iteration + 1) % thinning !== 0) continue;
      for (let i = 0; i < truth.length; i++) below[i] += Number(state.position[i] < truth[i]);
    }
    below.forEach((rank, i) => ranks[i].push(rank));
  }
  return ranks;
}

const score = (rank: number): number => normalQuantile((rank + 0.5) / (draws + 1));

/** Second and fourth moment of the scores of uniform ranks. */
const [second, fourth] = [2, 4].map((power) =>
  average(Array.from({ length: draws + 1 }, (_, rank) => score(rank) ** power)),
);

function average(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

/**
 * Errors of the mean and of the spread of the ranks' normal scores, in standard errors: 0 ± 1 if ranks are uniform.
 * A shift of the draws moves the mean, a wrong width the spread.
 */
function errors(ranks: readonly number[]): [number, number] {
  const scale = Math.sqrt(ranks.length);
  const scores = ranks.map(score);
  return [
    (average(scores) * scale) / Math.sqrt(second),
    ((average(scores.map((x) => x * x)) - second) * scale) / Math.sqrt(fourth - second ** 2),
  ];
}

/** The error of the spread over all coordinates together, its standard error taken from the replications. */
function pooledSpread(ranks: readonly (readonly number[])[]): number {
  const spreads = ranks[0].map((_, r) => average(ranks.map((column) => score(column[r]) ** 2)) - second);
  const center = average(spreads);
  const variance = average(spreads.map((x) => (x - center) ** 2));
  return (center * Math.sqrt(spreads.length)) / Math.sqrt(variance);
}

/** χ² of 16 bins over its 15 degrees of freedom, in standard deviations. */
function binError(ranks: readonly number[]): number {
  const counts = new Array<number>(16).fill(0);
  for (const rank of ranks) counts[Math.floor(rank / 2)]++;
  const expected = ranks.length / 16;
  const chi2 = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return (chi2 - 15) / Math.sqrt(30);
}

jest.setTimeout(600_000);

describe('simulation-based calibration of NUTS on a hierarchical model', () => {
  it('the density by hand is that of the model', () => {
    const y = [0.3, -1.2, 2, 0.4];
    const model = makeLogDensity(unconstrainModel(hierarchy, [y]));
    const constant = (q: Float64Array, gradients: [Float64Array, Float64Array]): number =>
      model.valueAndGrad(q, gradients[0]) - byHand(y).valueAndGrad(q, gradients[1]);
    const first = constant(new Float64Array(6), [new Float64Array(6), new Float64Array(6)]);
    for (let k = 0; k < 5; k++) {
      const q = Float64Array.from({ length: 6 }, (_, i) => Math.sin(7 * k + i));
      const gradients: [Float64Array, Float64Array] = [new Float64Array(6), new Float64Array(6)];
      expectClose(constant(q, gradients), first, { rel: 1e-12 });
      expectClose(gradients[1], gradients[0], { rel: 1e-11 });
    }
  });

  // 13 statistics at 4 standard errors and 6 at 5 (χ²): a false alarm in about one seed of 1,000.
  it('ranks of the true values are uniform: mean and spread within 4 standard errors, bins within 5', () => {
    const ranks = simulate((density) => density);
    for (const column of ranks) {
      const [shift, spread] = errors(column);
      expect(Math.abs(shift)).toBeLessThan(4);
      expect(Math.abs(spread)).toBeLessThan(4);
      expect(binError(column)).toBeLessThan(5);
    }
    expect(Math.abs(pooledSpread(ranks))).toBeLessThan(4);
  });

  it('the same test rejects a sampler whose draws spread 5 % too wide', () => {
    expect(pooledSpread(simulate(planted))).toBeLessThan(-4);
  });
});
