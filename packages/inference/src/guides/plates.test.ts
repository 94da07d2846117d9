import { plate, sample } from '@pyro-ts/core';
import { Beta, Dirichlet, Gamma, Normal, Uniform } from '@pyro-ts/distributions';
import { tf } from '@pyro-ts/ops';
import { Adam } from '../optim';
import { SVI, TraceELBO, type ElboOptions } from '../svi';
import { AutoDelta, AutoDiagonalNormal, AutoMultivariateNormal, AutoNormal } from '.';
import { repeatTo } from './plates';

/** Sites outside, inside one plate, inside two, with event dims, with unconstrained shapes that differ. */
const nested = (): void => {
  const scale = sample('scale', Gamma(2, 1));
  plate('rows', { size: 3, dim: -2 }, () => {
    const row = sample('row', Normal(0, scale));
    sample('weights', Dirichlet([1, 2, 3]));
    plate('columns', { size: 2, dim: -1 }, () => {
      const cell = sample('cell', Normal(row, 1));
      sample('vector', Normal(tf.zeros([4]), 1).toEvent(1));
      sample('y', Normal(cell, 1), { obs: [[1, 2], [3, 4], [5, 6]] }); // prettier-ignore
    });
  });
};

describe.each([
  ['AutoNormal', AutoNormal],
  ['AutoDiagonalNormal', AutoDiagonalNormal],
  ['AutoMultivariateNormal', AutoMultivariateNormal],
] as const)('%s in nested plates', (_, make) => {
  /** Mean of the loss over many keys, and its standard error. */
  function meanLoss(options: ElboOptions, count: number) {
    const svi = SVI({ model: nested, guide: make(nested), optim: Adam(), loss: TraceELBO(options) });
    const state = svi.init(0);
    const losses = Array.from({ length: count }, (_, step) => svi.evaluate({ ...state, step }));
    const mean = losses.reduce((a, b) => a + b, 0) / count;
    const variance = losses.reduce((a, b) => a + (b - mean) ** 2, 0) / (count - 1);
    return { mean, se: Math.sqrt(variance / count) };
  }

  it('has the same loss with particles one by one and all at once (5 standard errors)', () => {
    const one = meanLoss({}, 200);
    const many = meanLoss({ numParticles: 50, vectorizeParticles: true }, 20);
    expect(Math.abs(one.mean - many.mean)).toBeLessThanOrEqual(5 * Math.hypot(one.se, many.se));
  });

  it('leaves no tensor behind, failures included', async () => {
    const before = tf.memory().numTensors;
    const guide = make(nested);
    const svi = SVI({ model: nested, guide, optim: Adam(), loss: TraceELBO() });
    const { params } = await svi.run({ steps: 3, seed: 0 });
    guide.median(params);
    guide.quantiles(params, [0.1, 0.9]);
    guide.samplePosterior(params, { sampleShape: [20], seed: 0 });
    expect(() => make(() => undefined).setup()).toThrow(/no latent site/);
    expect(() => guide.median({})).toThrow(/the parameter '.*' is missing; given are none[\s\S]*Fix: pass/);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives values of the sites’ shapes, inside their supports', () => {
    const guide = make(nested);
    const svi = SVI({ model: nested, guide, optim: Adam(), loss: TraceELBO() });
    const params = svi.getParams(svi.init(1));
    const shapes = { scale: [], row: [3, 1], weights: [3, 1, 3], cell: [3, 2], vector: [3, 2, 4] };
    for (const values of [guide.median(params), guide.samplePosterior(params, { seed: 0 })]) {
      expect(Object.fromEntries(Object.entries(values).map(([name, { shape }]) => [name, shape]))).toEqual(
        shapes,
      );
    }
    expect(guide.samplePosterior(params, { sampleShape: [2, 5], seed: 0 })['weights'].shape).toEqual([
      2, 5, 3, 1, 3,
    ]);
    const { weights } = guide.quantiles(params, [0.1, 0.9]);
    expect(weights.shape).toEqual([2, 3, 1, 3]);
    expect(Array.from(weights.data).every((w) => w > 0 && w < 1)).toBe(true);
  });
});

describe('AutoDelta', () => {
  it('in nested plates and with a support that depends on another site', async () => {
    const model = (): void => {
      const top = sample('top', Uniform(1, 5));
      plate('rows', 2, () => sample('inside', Uniform(0, top)));
      sample('p', Beta(2, 2));
    };
    const guide = AutoDelta(model);
    const svi = SVI({ model, guide, optim: Adam({ learningRate: 0.05 }), loss: TraceELBO() });
    const { params } = await svi.run({ steps: 200, seed: 0 });
    const { top, inside, p } = guide.median(params, { args: [] });
    // The density 1/top² rises towards small top; p has its mode at ½.
    expect(top.data[0]).toBeLessThan(1.5);
    expect(inside.shape).toEqual([2]);
    expect(Math.max(...inside.data)).toBeLessThan(top.data[0]);
    expect(Math.abs(p.data[0] - 0.5)).toBeLessThan(0.01);
  });

  it('covers nested plates', () => {
    const guide = AutoDelta(nested);
    const svi = SVI({ model: nested, guide, optim: Adam(), loss: TraceELBO() });
    const state = svi.init(0);
    expect(Number.isFinite(svi.update(state).loss)).toBe(true);
    expect(guide.median(svi.getParams(state))['vector'].shape).toEqual([3, 2, 4]);
  });
});

it('repeatTo repeats periodically along the longer axes', () => {
  const value = { data: Float64Array.of(1, 2, 3, 4), shape: [2, 2], dtype: 'float32' as const };
  expect([...repeatTo(value, [5, 2]).data]).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 1, 2]);
  expect([...repeatTo(value, [2, 3]).data]).toEqual([1, 2, 1, 3, 4, 3]);
});
