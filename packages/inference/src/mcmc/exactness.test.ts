import { essBulk, essTail, mcseMean, mcseSd, mean, rhat, standardDeviation } from '@pyro-ts/diagnostics';
import { tf } from '@pyro-ts/ops';
import { correlatedNormal, funnel, logGamma, scaledNormal, type Target } from '../../test/targets';
import { dualAveraging } from '../adaptation/dual-averaging';
import { hmcSampler } from '../hmc/hmc';
import type { Sampler } from '../hmc/sampler';
import { compiledLogDensity } from '../log-density/compiled-log-density';
import type { LogDensity } from '../log-density/log-density';
import { blockFamily } from '../metrics/blocks';
import { denseFamily } from '../metrics/dense';
import { diagonalFamily } from '../metrics/diagonal';
import type { MetricFamily } from '../metrics/metric';
import { nutsSampler } from '../nuts/nuts';
import { randomSource } from '../random/random-source';
import { isLinkable } from '../wasm/wasm-sampler';
import { runChain } from './chain';
import type { HamiltonianOptions } from './kernel';

type MakeSampler = (target: LogDensity) => Sampler;

const nuts: MakeSampler = (target) => nutsSampler(target);
const hmc: MakeSampler = (target) => hmcSampler(target, { trajectoryLength: 2 });

/** Draws by coordinate: [dim][chains][draws]. */
function draw(
  target: Target,
  make: MakeSampler,
  family: MetricFamily,
  options: HamiltonianOptions = {},
  seed = 20_240_611,
): Float64Array[][] {
  const [numChains, numWarmup, numTransitions] = [4, 400, 1000];
  const draws = target.mean.map(() =>
    Array.from({ length: numChains }, () => new Float64Array(numTransitions)),
  );
  for (let chain = 0; chain < numChains; chain++) {
    const start = new Float64Array(target.dim).fill(0.5 * (chain - 1.5));
    const key = [seed, 1] as const;
    const config = {
      target,
      sampler: () => make(target),
      family,
      options,
      numWarmup,
      numTransitions,
      key,
      chain,
      start,
    };
    for (const { phase, iteration, state } of runChain(config)) {
      if (phase === 'sample') state.position.forEach((x, i) => (draws[i][chain][iteration] = x));
    }
  }
  return draws;
}

// 36 comparisons at 4.5 standard errors: a false alarm in one seed of 4,000.
const k = 4.5;

function expectMoments(target: Target, draws: Float64Array[][]): void {
  for (const [i, chains] of draws.entries()) {
    expect(Math.min(essBulk(chains), essTail(chains))).toBeGreaterThan(300);
    expect(rhat(chains)).toBeLessThan(1.01);
    const all = chains.flatMap((chain) => [...chain]);
    const meanError = Math.abs(mean(all) - target.mean[i]) / mcseMean(chains);
    const sdError = Math.abs(standardDeviation(all) - target.sd[i]) / mcseSd(chains);
    expect({ coordinate: i, meanError: meanError < k, sdError: sdError < k }).toEqual({
      coordinate: i,
      meanError: true,
      sdError: true,
    });
  }
}

describe('chains on targets with known moments: mean and sd within 4.5 MCSE, ESS > 300, R-hat < 1.01', () => {
  it.each([
    ['NUTS', nuts],
    ['HMC', hmc],
  ])('%s, diagonal metric, correlated normal', (_name, make) => {
    const target = correlatedNormal();
    expectMoments(target, draw(target, make, diagonalFamily(2)));
  });

  it.each([
    ['NUTS', nuts],
    ['HMC', hmc],
  ])('%s, log of an exponential (skewed)', (_name, make) => {
    expectMoments(logGamma(), draw(logGamma(), make, diagonalFamily(1)));
  });

  it('NUTS, dense metric, correlation 0.999', () => {
    const target = correlatedNormal(0.999, 50);
    expectMoments(target, draw(target, nuts, denseFamily(2)));
  });

  it('NUTS, scales from 0.01 to 100', () => {
    const target = scaledNormal([0.01, 1, 100]);
    expectMoments(target, draw(target, nuts, diagonalFamily(3)));
    expectMoments(target, draw(target, nuts, blockFamily(3, [[0, 2]])));
  });

  it('NUTS, a funnel', () => {
    expectMoments(funnel(), draw(funnel(), nuts, diagonalFamily(3), { targetAcceptProb: 0.9 }));
  });
});

describe('adaptation', () => {
  it('finds the scales, and with a dense metric the correlation', () => {
    const target = correlatedNormal(0.9, 20);
    const run = (family: MetricFamily): Float64Array => {
      const config = {
        target,
        sampler: () => nuts(target),
        family,
        options: {},
        numWarmup: 1000,
        numTransitions: 1,
        key: [3, 3] as const,
        chain: 0,
        start: Float64Array.of(1, 1),
      };
      return [...runChain(config)][1000].parameters.metric.inverseMassMatrix;
    };
    const diagonal = run(diagonalFamily(2));
    expect(diagonal[1] / diagonal[0]).toBeGreaterThan(250);
    expect(diagonal[1] / diagonal[0]).toBeLessThan(640);
    const dense = run(denseFamily(2));
    expect(dense[1] / Math.sqrt(dense[0] * dense[3])).toBeGreaterThan(0.85);
    expect(dense[1] / Math.sqrt(dense[0] * dense[3])).toBeLessThan(0.95);
  });

  it.each([0.6, 0.8, 0.95])(
    'dual averaging brings NUTS to an acceptance probability of %d',
    (targetAcceptProb) => {
      const target = scaledNormal([1, 1, 1, 1, 1]);
      const sampler = nuts(target);
      const averager = dualAveraging({ targetAcceptProb });
      const metric = diagonalFamily(5).identity;
      let averaging = averager.init(1);
      let state = sampler.init(new Float64Array(5));
      const accepted: number[] = [];
      for (let i = 0; i < 1500; i++) {
        const stepSize = Math.exp(averaging.logStepSize);
        const next = sampler.step(randomSource([5, 1], 0, 'transition', i), state, { stepSize, metric });
        averaging = averager.update(averaging, next.info.acceptProb);
        accepted.push(next.info.acceptProb);
        state = next.state;
      }
      expect(Math.abs(mean(accepted.slice(500)) - targetAcceptProb)).toBeLessThan(0.03);
    },
  );
});

/** Moments of draws that start in the target and then make some transitions, in standard errors from the truth. */
function invarianceErrors(make: MakeSampler, seen: LogDensity): number[] {
  const [replications, transitions] = [8_000, 8];
  const sampler = make(seen);
  const family = diagonalFamily(1);
  const parameters = { stepSize: 1.3, metric: family.identity };
  const [first, second]: [number[], number[]] = [[], []];
  for (let r = 0; r < replications; r++) {
    const exact = randomSource([1, 2], 0, 'start', r).normal();
    let state = sampler.init(Float64Array.of(exact));
    for (let t = 0; t < transitions; t++) {
      state = sampler.step(randomSource([1, 2], 1 + t, 'transition', r), state, parameters).state;
    }
    first.push(state.position[0]);
    second.push(state.position[0] ** 2);
  }
  // E x = 0, E x² = 1 with variances 1 and 2.
  const scale = Math.sqrt(replications);
  return [mean(first) * scale, ((mean(second) - 1) * scale) / Math.SQRT2];
}

describe('invariance: 8,000 exact draws of a normal stay normal under coarse transitions', () => {
  const target: LogDensity = {
    dim: 1,
    valueAndGrad: (q, gradient) => {
      gradient[0] = -q[0];
      return (-q[0] * q[0]) / 2;
    },
  };
  /** Takes the density for flatter than it is: the variance that the sampler keeps is 10 % too large. */
  const biased: LogDensity = {
    dim: 1,
    valueAndGrad: (q, gradient) => {
      const value = target.valueAndGrad(q, gradient) / 1.1;
      gradient[0] /= 1.1;
      return value;
    },
  };

  it.each([
    ['NUTS', nuts],
    ['HMC', (t: LogDensity) => hmcSampler(t, { numSteps: 2 })],
  ])('%s', (_name, make) => {
    for (const error of invarianceErrors(make, target)) expect(Math.abs(error)).toBeLessThan(4);
  });

  it.each([
    ['NUTS', nuts],
    ['HMC', (t: LogDensity) => hmcSampler(t, { numSteps: 2 })],
  ])('%s in WebAssembly; and the same test rejects it with a variance 10 % off', (_name, make) => {
    const normalOf =
      (variance: number) =>
      (q: tf.Tensor): tf.Tensor =>
        tf.mul(-0.5 / variance, tf.sum(tf.square(q)));
    const [exact, wide] = [1, 1.1].map((variance) => compiledLogDensity()(normalOf(variance), 1));
    expect(isLinkable(exact)).toBe(true);
    for (const error of invarianceErrors(make, exact)) expect(Math.abs(error)).toBeLessThan(4);
    expect(invarianceErrors(make, wide)[1]).toBeGreaterThan(4);
  });

  it('the same test rejects a sampler whose variance is 10 % off', () => {
    expect(invarianceErrors(nuts, biased)[1]).toBeGreaterThan(4);
  });
});
