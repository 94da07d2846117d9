import { unconstrainModel } from '@pyro-ts/core';
import { lift, scoped, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { benchmarkModels, benchmarkNames } from '../models';
import { checkSameDensity, randomPoint } from './agreement';
import { bars } from './bars';
import { compileGradient } from './compiled-gradient';

/** The large regression is the small one with more rows: too slow to evaluate here op by op. */
const models = benchmarkModels().filter(({ block }) => block.length < 100_000);

it('names the models as they name themselves', () => {
  expect(benchmarkModels().map(({ name }) => name)).toEqual(benchmarkNames);
});

describe.each(models.map((model) => [model.name, model] as const))('%s', (name, model) => {
  it('compiled, has the density and the gradient of eager evaluation to 1e-10, without fallbacks', () => {
    const { program, dim } = compileGradient(model.model);
    const q = randomPoint(name, dim);
    const [value, gradient] = program.run([q]);
    const expected = scoped(() => {
      const { logDensity } = unconstrainModel(model.model, []);
      const { value: v, grad } = tf.valueAndGrad((x: tf.Tensor) => logDensity(x) as tf.Scalar)(lift(q));
      return { value: v.dataSync().slice(), gradient: grad.dataSync().slice() };
    });
    expectClose(value, expected.value, { rel: 1e-10 });
    expectClose(gradient, expected.gradient, { rel: 1e-10, abs: 1e-10 });
    expect(program.fallbackKernels).toEqual([]);
    program.dispose();
  });

  it('has a bar and a block of data for its C twin', () => {
    expect(bars[model.c]).toBeGreaterThan(0);
    expect(model.block.every(Number.isFinite)).toBe(true);
  });
});

/** Each variant with its model. */
const variants = models.flatMap((model) =>
  (model.variants ?? []).map((variant) => [`${model.name}: ${variant.name}`, model, variant] as const),
);

describe.each(variants)('%s', (name, model, variant) => {
  const base = compileGradient(model.model);
  const { program, dim } = compileGradient(variant.model);

  it('has the sites of the model and no fallbacks', () => {
    expect(dim).toBe(base.dim);
    expect(program.fallbackKernels).toEqual([]);
  });

  if (!variant.isReparameterised)
    it('has the density of the model up to a constant, and its gradient', () => {
      checkSameDensity(name, base.program, program, randomPoint(name, dim));
    });
});
