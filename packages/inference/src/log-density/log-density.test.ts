import { plate, sample, unconstrainModel } from '@pyro-ts/core';
import { constraints, ImproperUniform, Normal } from '@pyro-ts/distributions';
import { tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { MCMC, NUTS } from '../mcmc';
import { compiledLogDensity } from './compiled-log-density';
import { makeLogDensity } from './model-log-density';

const model = (y: readonly number[]): void => {
  const mu = sample('mu', Normal(0, 3));
  const sigma = sample('sigma', ImproperUniform(constraints.positive, [], []));
  plate('data', y.length, () => sample('y', Normal(mu, sigma), { obs: [...y] }));
};
const y = [0.3, 1.2, -0.4];

describe('the log density of a model as numbers', () => {
  const unconstrained = unconstrainModel(model, [y]);

  it('eager: the value, the gradient in the array given, no tensor left', () => {
    const before = tf.memory().numTensors;
    const density = makeLogDensity(unconstrained);
    const gradient = new Float64Array(2);
    const [mu, u] = [0.5, 0.2];
    const value = density.valueAndGrad(Float64Array.of(mu, u), gradient);
    const precision = Math.exp(-2 * u);
    const squares = y.reduce((sum, x) => sum + (x - mu) ** 2, 0);
    const constant = 2 * Math.log(2 * Math.PI) + Math.log(3);
    expectClose(value, -(mu ** 2) / 18 - constant - 3 * u - (precision * squares) / 2 + u, { rel: 1e-14 });
    const slope = y.reduce((sum, x) => sum + (x - mu) * precision, 0);
    expectClose(gradient, [-mu / 9 + slope, -3 + precision * squares + 1], { rel: 1e-13 });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('does not keep or change the point it was given', () => {
    const density = makeLogDensity(unconstrained);
    const q = Float64Array.of(0.5, 0.2);
    density.valueAndGrad(q, new Float64Array(2));
    expect([...q]).toEqual([0.5, 0.2]);
  });

  it('compiled: the same value and gradient to 1e-13', () => {
    const [eager, compiled] = [undefined, compiledLogDensity({ executor: 'reference' })].map((compile) =>
      makeLogDensity(unconstrained, { compile }),
    );
    for (const q of [Float64Array.of(0.5, 0.2), Float64Array.of(-3, 2)]) {
      const [a, b] = [new Float64Array(2), new Float64Array(2)];
      expectClose(compiled.valueAndGrad(q, b), eager.valueAndGrad(q, a), { rel: 1e-13 });
      expectClose(b, a, { rel: 1e-13 });
    }
  });

  it.each(['wasm', 'replay'] as const)('%s: the same call after call; keeps no point', (executor) => {
    const density = makeLogDensity(unconstrained, { compile: compiledLogDensity({ executor }) });
    const eager = makeLogDensity(unconstrained);
    const [a, b] = [new Float64Array(2), new Float64Array(2)];
    for (const q of [Float64Array.of(0.5, 0.2), Float64Array.of(-3, 2), Float64Array.of(0.5, 0.2)]) {
      const given = [...q];
      expectClose(density.valueAndGrad(q, b), eager.valueAndGrad(q, a), { rel: 1e-13 });
      expectClose(b, a, { rel: 1e-13 });
      expect([...q]).toEqual(given);
    }
    density.dispose?.();
  });

  it('compiled: refuses a point of another length, and to be called after dispose', () => {
    const density = makeLogDensity(unconstrained, { compile: compiledLogDensity() });
    const gradient = new Float64Array(2);
    expect(() => density.valueAndGrad(new Float64Array(1), gradient)).toThrow(/has 1 elements, not 2/);
    density.dispose?.();
    expect(() => density.valueAndGrad(new Float64Array(2), gradient)).toThrow(/disposed of/);
  });

  it('a run on the compiled density draws the same as an eager one, up to rounding', async () => {
    const options = { numWarmup: 5, numSamples: 5, numChains: 1, seed: 1 };
    const eager = await MCMC(NUTS(model), options).run(y);
    const compile = compiledLogDensity({ executor: 'reference' });
    const compiled = await MCMC(NUTS(model, { compile }), options).run(y);
    expectClose(compiled.samples['mu'].data, eager.samples['mu'].data, { rel: 1e-8 });
  });
});
