/** Numbers keep their 53 bits inside a model, whichever way they are written. */
import * as pyro from 'pyro-ts';
import { dist, handlers, infer, tf } from 'pyro-ts';

const third = 1 / 3;
const outside = tf.scalar(third);

/** Ways to write 1/3, each within a model. */
const ways: Record<string, () => tf.Tensor> = {
  'tf.scalar(1 / 3)': () => tf.scalar(third),
  'x.mul(1 / 3)': () => tf.scalar(1).mul(third),
  'tf.mul(x, 1 / 3)': () => tf.mul(tf.scalar(1), third),
  'x.add, x.sub': () => tf.scalar(0).add(third).sub(0),
  'x.div(3)': () => tf.scalar(1).div(3),
  'tf.tensor1d([1 / 3])': () => tf.tensor1d([third]),
  'tf.tensor([Float64Array])': () => tf.tensor([Float64Array.of(third)] as never),
  'tf.tensor(Float64Array)': () => tf.tensor(Float64Array.of(third)),
  'tf.tensor2d([[1 / 3]])': () => tf.tensor2d([[third]]),
  'tf.fill([2], 1 / 3)': () => tf.fill([2], third),
  'tf.linspace(1 / 3, 1 / 3, 2)': () => tf.linspace(third, third, 2),
  'tf.range(1 / 3, 1)': () => tf.range(third, 1),
  'a tensor made outside the model': () => outside.mul(1),
  'pyro.lift(1 / 3)': () => pyro.lift(third),
  'a parameter': () => pyro.param('p', third),
  'a parameter of a distribution': () => pyro.sample('d', dist.Delta(third)),
  'an observation': () => pyro.sample('o', dist.Normal(0, 1), { obs: third }),
  'a deterministic value': () => pyro.deterministic('v', third),
};

it.each(Object.entries(ways))('%s', (_name, write) => {
  let read = NaN;
  handlers.trace(() => void (read = write().dataSync()[0])).getTrace();
  // One rounding of 1/3; float32 would be 1e-8 off.
  expect(Math.abs(read - third)).toBeLessThanOrEqual(1e-15);
});

it('constants of a compiled density have 53 bits', async () => {
  const model = () => {
    const x = pyro.sample('x', dist.Normal(0.1, 0.3));
    pyro.factor('f', tf.scalar(0.7).mul(x).mul(0.1));
  };
  const options = { numWarmup: 5, numSamples: 5, numChains: 1, seed: 0 };
  const mcmc = infer.MCMC(infer.NUTS(model, { fallback: 'error' }), options);
  await mcmc.run();
  const { potentialEnergy } = mcmc.getExtraFields();
  mcmc.getSamples()['x'].data.forEach((x, i) => {
    const z = (x - 0.1) / 0.3;
    const expected = 0.5 * z * z + Math.log(0.3) + 0.5 * Math.log(2 * Math.PI) - 0.7 * x * 0.1;
    expect(Math.abs(potentialEnergy.data[i] - expected)).toBeLessThanOrEqual(1e-15 * (4 + z * z));
  });
});
