import { deterministic, factor, param, plate, sample } from '@pyro-ts/core';
import { Beta, Bernoulli, constraints, Gamma, Normal, Poisson, Uniform } from '@pyro-ts/distributions';
import { lift, tf, type TensorLike } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { initToFeasible, initToValue } from '../initialization';
import { Adam, exponentialDecay } from '../optim';
import { SVI, TraceELBO, type Svi } from '../svi';
import {
  AutoDelta,
  AutoDiagonalNormal,
  AutoLaplaceApproximation,
  AutoMultivariateNormal,
  AutoNormal,
  type AutoGuide,
} from '.';

const cooling = (steps: number, initial = 0.1) =>
  Adam({ learningRate: exponentialDecay({ initial, decayRate: 0.01, decaySteps: steps }) });

const particles = (numParticles: number) => TraceELBO({ numParticles, vectorizeParticles: true });

/** Straight line with known noise: the posterior is normal, with correlated coefficients. */
const x = [-1.2, -0.3, 0.4, 1.1, 1.9, 2.2];
const y = [1.2, 2.1, 2.3, 3.4, 3.9, 5.2];
const line = (): void => {
  const a = sample('a', Normal(0, 3));
  const b = sample('b', Normal(0, 3));
  plate('data', x.length, () => sample('y', Normal(tf.add(a, tf.mul(b, lift(x))), 0.5), { obs: y }));
};
/** Precision matrix and mean of the line's posterior, by the normal equations. */
function exactLine() {
  const w = 1 / 0.25;
  const p11 = 1 / 9 + w * x.length;
  const p12 = w * x.reduce((s, v) => s + v, 0);
  const p22 = 1 / 9 + w * x.reduce((s, v) => s + v * v, 0);
  const r1 = w * y.reduce((s, v) => s + v, 0);
  const r2 = w * y.reduce((s, v, i) => s + v * x[i], 0);
  const det = p11 * p22 - p12 * p12;
  const mean = [(p22 * r1 - p12 * r2) / det, (p11 * r2 - p12 * r1) / det];
  return { mean, sd: [Math.sqrt(p22 / det), Math.sqrt(p11 / det)], precision: [p11, p22] };
}

const reach = async <Args extends unknown[]>(
  svi: Svi<Args>,
  steps: number,
  ...args: Args
): Promise<Awaited<ReturnType<Svi<Args>['run']>>> => svi.run({ steps, seed: 11 }, ...args);

describe('AutoMultivariateNormal', () => {
  it('reaches the exact posterior of a linear model: means within 0.05 sd, sds within 2 %', async () => {
    const guide = AutoMultivariateNormal(line);
    const { params } = await reach(
      SVI({ model: line, guide, optim: cooling(300, 0.2), loss: particles(128) }),
      300,
    );
    const exact = exactLine();
    const { a, b } = guide.median(params);
    expectClose(a.data, [exact.mean[0]], { abs: 0.05 * exact.sd[0] });
    expectClose(b.data, [exact.mean[1]], { abs: 0.05 * exact.sd[1] });
    // One sd above the median is the 84 % quantile.
    const upper = guide.quantiles(params, 0.8413447460685429);
    expectClose(upper['a'].data[0] - a.data[0], exact.sd[0], { rel: 0.02 });
    expectClose(upper['b'].data[0] - b.data[0], exact.sd[1], { rel: 0.02 });
  });
});

describe.each([
  ['AutoNormal', AutoNormal],
  ['AutoDiagonalNormal', AutoDiagonalNormal],
] as const)('%s', (_, make) => {
  it('reaches the mean-field optimum: exact means, sds 1/√(precision diagonal)', async () => {
    const guide: AutoGuide<[]> = make(line);
    const { params } = await reach(
      SVI({ model: line, guide, optim: cooling(200, 0.2), loss: particles(128) }),
      200,
    );
    const exact = exactLine();
    const { a, b } = guide.median(params);
    expectClose(a.data, [exact.mean[0]], { abs: 0.05 * exact.sd[0] });
    expectClose(b.data, [exact.mean[1]], { abs: 0.05 * exact.sd[1] });
    const upper = guide.quantiles(params, 0.8413447460685429);
    expectClose(upper['a'].data[0] - a.data[0], 1 / Math.sqrt(exact.precision[0]), { rel: 0.02 });
    expectClose(upper['b'].data[0] - b.data[0], 1 / Math.sqrt(exact.precision[1]), { rel: 0.02 });
  });
});

describe('AutoNormal', () => {
  it('covers constrained sites, in their supports', async () => {
    const model = (): void => {
      const rate = sample('rate', Gamma(2, 1));
      sample('p', Beta(2, 3));
      plate('data', 3, () => sample('y', Poisson(rate), { obs: [3, 1, 4] }));
    };
    const guide = AutoNormal(model);
    const { params } = await reach(SVI({ model, guide, optim: cooling(150, 0.2), loss: particles(32) }), 150);
    const draws = guide.samplePosterior(params, { sampleShape: [50, 2], seed: 0 });
    expect(draws['rate'].shape).toEqual([50, 2]);
    expect(draws['p'].data.every((v: number) => v > 0 && v < 1)).toBe(true);
    // Posterior of the rate: Gamma(10, 4), mean 2.5; its log is nearly normal.
    const mean = guide.median(params)['rate'].data[0];
    expect(Math.abs(mean - 2.42)).toBeLessThan(0.1);
    const quantiles = guide.quantiles(params, [0.1, 0.5, 0.9]);
    expect(quantiles['rate'].shape).toEqual([3]);
    expect([...quantiles['rate'].data]).toEqual([...quantiles['rate'].data].sort((a, b) => a - b));
  });

  it('follows supports that depend on other sites', async () => {
    const model = (): void => {
      const top = sample('top', Uniform(1, 5));
      sample('inside', Uniform(0, top));
    };
    const guide = AutoNormal(model);
    const svi = SVI({ model, guide, optim: cooling(200), loss: particles(1) });
    const { params } = await reach(svi, 50);
    expect(() => guide.median(params)).toThrow(/support of a site depends on other sites[\s\S]*args/);
    const { top, inside } = guide.samplePosterior(params, { sampleShape: [100], seed: 1, args: [] });
    top.data.forEach((bound: number, i: number) => expect(inside.data[i]).toBeLessThan(bound));
    expect(Math.max(...inside.data)).toBeGreaterThan(1);
  });

  it('learns local sites of a subsampled plate, all elements of them', async () => {
    const data = Array.from({ length: 20 }, (_, i) => (i % 5) - 2);
    const model = (): void =>
      plate('data', { size: 20, subsampleSize: 10 }, (indices) => {
        const z = sample('z', Normal(0, 1));
        sample('y', Normal(z, 0.5), { obs: tf.gather(lift(data), tf.cast(indices, 'int32') as tf.Tensor1D) });
      });
    const guide = AutoNormal(model);
    const { params } = await reach(SVI({ model, guide, optim: cooling(400, 0.3), loss: particles(32) }), 400);
    expect(params['z_auto_loc'].shape).toEqual([20]);
    // Each z has the posterior N(0.8 y, √0.2).
    expectClose(
      params['z_auto_loc'].data,
      data.map((v) => 0.8 * v),
      { abs: 0.1 },
    );
    expectClose(
      params['z_auto_scale'].data,
      data.map(() => Math.sqrt(0.2)),
      { rel: 0.15 },
    );
  });

  it('refuses discrete sites, and asks for a first run', () => {
    const model = (): void => void sample('z', Bernoulli(0.5));
    expect(() => AutoNormal(model).setup()).toThrow(
      /site 'z': AutoNormal covers continuous sites only; 'z' \(Bernoulli\)/,
    );
    expect(() => AutoNormal(line).median({})).toThrow(/has not seen its model yet[\s\S]*Fix: run SVI/);
    expect(() => AutoNormal(() => undefined).setup()).toThrow(/no latent site/);
  });

  it('starts where it is told', () => {
    const model = (): void => void sample('rate', Gamma(2, 1));
    const start = (initLocFn: ReturnType<typeof initToFeasible>) => {
      const guide = AutoNormal(model, { initLocFn, initScale: 0.3 });
      const svi = SVI({ model, guide, optim: Adam(), loss: TraceELBO() });
      const params = svi.getParams(svi.init(0));
      expectClose(params['rate_auto_scale'].data, [0.3]);
      return guide.median(params)['rate'].data[0];
    };
    expectClose(start(initToFeasible()), 1);
    expectClose(start(initToValue({ values: { rate: 2.5 } })), 2.5, { rel: 1e-14 });
  });
});

describe('AutoMultivariateNormal and subsampled local sites', () => {
  it('are refused with a hint', () => {
    const model = (): void =>
      plate('data', { size: 9, subsampleSize: 3 }, () => void sample('z', Normal(0, 1)));
    expect(() => AutoMultivariateNormal(model).setup()).toThrow(
      /'z' is inside plate 'data', of which a run sees 3 of 9[\s\S]*AutoNormal/,
    );
  });
});

describe('AutoDelta', () => {
  it('finds the maximum of the joint density in the model’s own coordinates', async () => {
    const model = (heads: TensorLike): void => {
      const p = sample('p', Beta(3, 2));
      plate('flips', 10, () => sample('heads', Bernoulli(p), { obs: heads }));
    };
    const guide = AutoDelta(model);
    const svi = SVI({ model, guide, optim: cooling(200, 0.2), loss: TraceELBO() });
    const { params } = await reach(svi, 200, [1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
    // Mode of Beta(9, 6).
    expectClose(params['p_auto_loc'].data, [8 / 13], { rel: 1e-3 });
    expect(guide.median(params)['p'].data[0]).toBe(params['p_auto_loc'].data[0]);
  });
});

describe('AutoLaplaceApproximation', () => {
  it('is exact for a normal posterior: mean and sds to 1e-6', async () => {
    const guide = AutoLaplaceApproximation(line);
    const svi = SVI({ model: line, guide, optim: cooling(300, 0.3), loss: TraceELBO() });
    const { params } = await reach(svi, 300);
    const normal = guide.laplaceApproximation(params);
    const exact = exactLine();
    const upper = normal.guide.quantiles(normal.params, 0.8413447460685429);
    const { a, b } = normal.guide.median(normal.params);
    expectClose([a.data[0], b.data[0]], exact.mean, { abs: 1e-3 * exact.sd[0] });
    expectClose([upper['a'].data[0] - a.data[0], upper['b'].data[0] - b.data[0]], exact.sd, { rel: 1e-6 });
  });

  it('says when there is no maximum', () => {
    const flat = (): void => {
      const z = sample('z', Normal(0, 1));
      factor('f', tf.square(z));
    };
    const params = { auto_loc: { data: Float64Array.of(0), shape: [1], dtype: 'float32' as const } };
    expect(() => AutoLaplaceApproximation(flat).laplaceApproximation(params)).toThrow(
      /not negative definite[\s\S]*Fix/,
    );
  });
});

describe('a guide and the parameters of its model', () => {
  it('are learnt together: empirical Bayes', async () => {
    const model = (): void => {
      const spread = param('spread', 1, { constraint: constraints.positive });
      plate('groups', 4, () => {
        const z = sample('z', Normal(0, spread));
        sample('y', Normal(z, 1), { obs: [3, -3, 2, -4] });
      });
      deterministic('double', tf.mul(spread, 2));
    };
    const svi = SVI({ model, guide: AutoNormal(model), optim: cooling(250, 0.2), loss: particles(64) });
    const { params } = await reach(svi, 250);
    // y ~ N(0, spread² + 1), so spread² = mean y² − 1.
    expectClose(params['spread'].data, [Math.sqrt(38 / 4 - 1)], { rel: 0.02 });
  });
});
