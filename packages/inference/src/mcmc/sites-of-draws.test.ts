import { deterministic, plate, sample, unconstrainModel } from '@pyro-ts/core';
import { constraints, ImproperUniform, Normal, Beta } from '@pyro-ts/distributions';
import { expectClose } from '@pyro-ts/testing';
import { tf } from '@pyro-ts/ops';
import { sitesOfDraws } from './sites-of-draws';

const points = Float64Array.of(0.1, 0.2, -1, 0.5, 3, -1);

function expectPointByPoint(model: () => unknown): void {
  const before = tf.memory().numTensors;
  const unconstrained = unconstrainModel(model, []);
  const all = sitesOfDraws(unconstrained, points);
  for (let i = 0; i < 3; i++) {
    const one = unconstrained.postprocess(points.subarray(2 * i, 2 * i + 2));
    expect(Object.keys(all)).toEqual(Object.keys(one));
    for (const [name, { data, shape }] of Object.entries(one)) {
      expect(all[name].shape).toEqual([3, ...shape]);
      expectClose(all[name].data.slice(i * data.length, (i + 1) * data.length), data, { rel: 1e-14 });
    }
  }
  expect(tf.memory().numTensors).toBe(before);
}

describe('sitesOfDraws equals the sites of every point by itself', () => {
  it('for a model of latent sites only', () => {
    expectPointByPoint(() => plate('two', 2, () => sample('p', Beta(2, 2))));
  });

  it('with deterministic sites, vectors and integers among them', () => {
    expectPointByPoint(() => {
      const p = plate('two', 2, () => sample('p', Beta(2, 2)));
      deterministic('odds', p.div(tf.sub(1, p)));
      deterministic('large', p.greater(0.5).cast('int32').sum());
    });
  });

  it('where the support of a site depends on another', () => {
    expectPointByPoint(() => {
      const a = sample('a', Beta(2, 2));
      sample('b', ImproperUniform(constraints.interval(0, a), [], []));
    });
  });

  it('for a model that reads values, which no program can do', () => {
    expectPointByPoint(() => {
      const x = plate('two', 2, () => sample('x', Normal(0, 1)));
      deterministic('first', x.dataSync()[0]);
    });
  });
});

it('gives every point of many chunks the bits that it has alone', () => {
  const wide = (): void => {
    const x = plate('many', 600, () => sample('x', Normal(0, 1)));
    deterministic('sum', tf.logSumExp(x));
    deterministic('share', tf.softmax(x));
  };
  const unconstrained = unconstrainModel(wide, []);
  const { dim } = unconstrained;
  const count = 700;
  const many = Float64Array.from({ length: count * dim }, (_, i) => Math.sin(i * i));
  const all = sitesOfDraws(unconstrained, many);
  for (const i of [0, 1, 350, count - 1]) {
    const one = sitesOfDraws(unconstrained, many.slice(i * dim, (i + 1) * dim));
    for (const [name, { data }] of Object.entries(one))
      expect(all[name].data.slice(i * data.length, (i + 1) * data.length)).toEqual(data);
  }
});
