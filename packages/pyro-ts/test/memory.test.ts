/** No inference run leaves a tensor behind, whether it succeeds, fails or is stopped. */
import * as pyro from 'pyro-ts';
import { dist, handlers, infer, optim, tf } from 'pyro-ts';

const model = (y: readonly number[]) => {
  const mu = pyro.sample('mu', dist.Normal(0, 5));
  const sigma = pyro.sample('sigma', dist.HalfCauchy(2));
  const precision = pyro.deterministic('precision', sigma.pow(-2));
  pyro.plate('data', y.length, () => pyro.sample('y', dist.Normal(mu, sigma), { obs: [...y] }));
  return precision;
};
const data = [1.2, 0.4, 2.2, 1.1];
const short = { numWarmup: 30, numSamples: 30, numChains: 2, seed: 0 };
const svi = (guide = infer.AutoNormal(model)) =>
  infer.SVI({ model, guide, optim: optim.Adam({ learningRate: 0.05 }), loss: infer.TraceELBO() });

/** Runs twice: what the first run keeps for good (a compiled program) is not left behind by every run. */
async function leftBehind(run: () => unknown): Promise<number> {
  const before = tf.memory().numTensors;
  await run();
  const between = tf.memory().numTensors;
  await run();
  expect(tf.memory().numTensors).toBe(between);
  return between - before;
}
const failing = async (run: () => Promise<unknown>): Promise<void> => {
  await expect(run()).rejects.toBeInstanceOf(pyro.PyroError);
};
const peeking = () => {
  const x = pyro.sample('x', dist.Normal(0, 1));
  pyro.factor('f', x.dataSync()[0] > 9 ? 1 : 0);
};

it.each<[string, () => unknown]>([
  ['NUTS', () => infer.MCMC(infer.NUTS(model), short).run(data)],
  ['HMC', () => infer.MCMC(infer.HMC(model, { numSteps: 3 }), short).run(data)],
  [
    'NUTS, op by op',
    () =>
      infer
        .MCMC(infer.NUTS(model, { compile: infer.eagerLogDensity }), { ...short, numSamples: 5 })
        .run(data),
  ],
  ['NUTS of a model that cannot be compiled', () => infer.MCMC(infer.NUTS(peeking), short).run()],
  ['NUTS with a NaN in the data', () => failing(() => infer.MCMC(infer.NUTS(model), short).run([1, NaN]))],
  [
    'NUTS of a model that fails halfway',
    () =>
      failing(() => {
        const broken = () => pyro.sample('x', dist.Normal(tf.zeros([2]).add([1, 2, 3]), 1));
        return infer.MCMC(infer.NUTS(broken), short).run();
      }),
  ],
  [
    'NUTS, refused to run op by op',
    () => failing(() => infer.MCMC(infer.NUTS(peeking, { fallback: 'error' }), short).run()),
  ],
  [
    'NUTS, stopped by a listener that throws',
    () => {
      const onEvent = (): void => {
        throw new Error('stop');
      };
      return expect(infer.MCMC(infer.NUTS(model), { ...short, onEvent }).run(data)).rejects.toThrow('stop');
    },
  ],
  ['SVI', () => svi().run({ steps: 20, seed: 0 }, data)],
  ['SVI, step by step', () => [1, 2, 3].map(() => svi().step(data))],
  ['SVI with a NaN in the data', () => failing(() => svi().run(10, [1, NaN]))],
  [
    'SVI that diverges',
    () => {
      const options = { model, guide: infer.AutoNormal(model), loss: infer.TraceELBO() };
      return failing(() => infer.SVI({ ...options, optim: optim.SGD({ learningRate: 1e9 }) }).run(50, data));
    },
  ],
  ['a prior predictive', () => infer.Predictive(model, { numSamples: 5 })(data)],
  [
    'a posterior predictive',
    async () => {
      const mcmc = infer.MCMC(infer.NUTS(model), short);
      await mcmc.run(data);
      infer.Predictive(handlers.uncondition(model), { posteriorSamples: mcmc.getSamples() })(data);
    },
  ],
  [
    'a predictive that fails',
    () => expect(() => infer.Predictive(model, { numSamples: 5, returnSites: ['z'] })(data)).toThrow(/'z'/),
  ],
])('%s', async (_name, run) => {
  expect(await leftBehind(run)).toBe(0);
});
