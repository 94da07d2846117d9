/** What the tests of wrong uses share: how an error is printed, and models to misuse. */
import * as pyro from 'pyro-ts';
import { dist, handlers, infer, optim, tf } from 'pyro-ts';

/** The error as it is printed. No tensor is left behind. */
export async function printed(run: () => unknown): Promise<string> {
  const before = tf.memory().numTensors;
  let error: unknown;
  try {
    await run();
  } catch (thrown) {
    error = thrown;
  }
  expect(tf.memory().numTensors).toBe(before);
  expect(error).toBeInstanceOf(pyro.PyroError);
  return String(error);
}

export const trace = (model: () => unknown) => () => void handlers.trace(model).getTrace();
export const short = { numWarmup: 20, numSamples: 20, numChains: 1, seed: 0 };
export const nuts = (model: (...args: never[]) => unknown, options: object = {}) =>
  infer.NUTS(model, options);
export const sampled =
  (model: (...args: never[]) => unknown, options: object = {}) =>
  () =>
    infer.MCMC(nuts(model, options), short).run();
export const learnt = (model: () => unknown, guide: () => unknown) => () =>
  infer
    .SVI({ model, guide, optim: optim.Adam({ learningRate: 0.1 }), loss: infer.TraceELBO() })
    .run({ steps: 20, seed: 0 });

export const x = () => pyro.sample('x', dist.Normal(0, 1));
export const normal =
  (...y: number[]) =>
  () => {
    const mu = pyro.sample('mu', dist.Normal(0, 1));
    pyro.plate('data', y.length, () => pyro.sample('y', dist.Normal(mu, 1), { obs: y }));
  };
export const guideOfX = () => pyro.sample('x', dist.Normal(pyro.param('loc', 0), 1));
