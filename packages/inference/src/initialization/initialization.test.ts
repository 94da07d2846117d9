import { param, plate, sample, handlers } from '@pyro-ts/core';
import { constraints, ImproperUniform, Normal } from '@pyro-ts/distributions';
import { keyFromSeed, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import {
  defineStrategy,
  findInitialValues,
  initToFeasible,
  initToMean,
  initToMedian,
  initToSample,
  initToUniform,
  initToValue,
  type InitStrategy,
} from '.';

const model = (y: number[]): void => {
  const mu = sample('mu', Normal(3, 2));
  const rate = sample('rate', ImproperUniform(constraints.positive, [], []));
  sample('weights', ImproperUniform(constraints.simplex, [], [3]));
  plate('data', y.length, () => sample('y', Normal(mu, rate), { obs: y }));
};
const data = [1, 2];

const start = (strategy: InitStrategy, seed = 0) => findInitialValues(model, [data], { strategy, seed });

describe('strategies', () => {
  it('feasible is the image of the origin', () => {
    const values = start(initToFeasible());
    expectClose(values['rate'].data, [1]);
    expectClose(values['weights'].data, [1 / 3, 1 / 3, 1 / 3], { rel: 1e-14 });
  });

  it('uniform is within the radius in unconstrained space, and inside the support', () => {
    const values = start(initToUniform({ radius: 0.5 }));
    expect(Math.abs(values['mu'].data[0])).toBeLessThan(0.5);
    expect(Math.abs(Math.log(values['rate'].data[0]))).toBeLessThan(0.5);
    expectClose(
      Array.from(values['weights'].data).reduce((a, b) => a + b, 0),
      1,
      { rel: 1e-14 },
    );
  });

  it('mean is the prior mean, and feasible where there is none', () => {
    const values = start(initToMean());
    expectClose(values['mu'].data, [3]);
    expectClose(values['rate'].data, [1]);
  });

  it('median and sample come from the prior, and repeat with the seed', () => {
    const key = keyFromSeed(1);
    for (const strategy of [initToMedian({ numSamples: 501 }), initToSample()]) {
      const at = (k = key) => strategy({ name: 'mu', fn: Normal(3, 2), condIndepStack: [], key: k }).data[0];
      expect(at()).toBe(at());
      expect(at(keyFromSeed(2))).not.toBe(at());
    }
    // sd of the median of n normal draws ≈ 1.2533 σ/√n; 5 of them.
    const median = initToMedian({ numSamples: 501 })({
      name: 'mu',
      fn: Normal(3, 2),
      condIndepStack: [],
      key,
    });
    expect(Math.abs(median.data[0] - 3)).toBeLessThan((5 * 1.2533 * 2) / Math.sqrt(501));
  });

  it('value takes what is given and the fallback for the rest; refuses what does not fit', () => {
    const values = start(initToValue({ values: { rate: 7 }, fallback: initToFeasible() }));
    expectClose(values['rate'].data, [7]);
    expectClose(values['mu'].data, [0]);
    expect(() => start(initToValue({ values: { rate: -1 } }))).toThrow(
      /site 'rate'.*not in the support[\s\S]*Fix/,
    );
    expect(() => start(initToValue({ values: { rate: [1, 2] } }))).toThrow(/shape \[2\], the site \[\]/);
  });
});

describe('findInitialValues', () => {
  it('names the sites without a finite density, and leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    expect(() => findInitialValues(model, [[1, NaN]], { seed: 0, maxTries: 3 })).toThrow(
      /in 3 tries \(initToUniform\)[\s\S]*observed site 'y' \(Normal\) has log density NaN[\s\S]*Fix:/,
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it('tries again with other random numbers until the density is finite', () => {
    let calls = 0;
    const strategy = defineStrategy('test', true, (site) => ({
      data: Float64Array.of(site.name === 'mu' && calls++ < 2 ? NaN : 1),
      shape: [],
      dtype: 'float32',
    }));
    const plain = (): void => {
      sample('mu', Normal(0, 1));
    };
    expect(findInitialValues(plain, [], { strategy, seed: 0 })['mu'].data[0]).toBe(1);
    expect(calls).toBe(3);
  });

  it('takes a further condition, and reports what it said', () => {
    expect(() =>
      findInitialValues(model, [data], {
        strategy: initToFeasible(),
        seed: 0,
        refuse: () => 'the gradient is NaN',
      }),
    ).toThrow(/in 1 try \(initToFeasible\)[\s\S]*- the gradient is NaN/);
  });

  it('is not seen by handlers around it', () => {
    const guide = (): void => {
      param('a', 0);
      start(initToFeasible());
    };
    const sites = [...handlers.trace(guide).getTrace().sites.keys()];
    expect(sites).toEqual(['a']);
  });
});
