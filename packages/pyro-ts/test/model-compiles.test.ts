/** Everything a model may say, traced and compiled: nothing in core reads a value, and the key stays an input. */
import { jit } from '@pyro-ts/compiler';
import {
  deterministic,
  factor,
  handlers,
  LocScaleReparam,
  module,
  param,
  plate,
  sample,
  subsample,
} from '@pyro-ts/core';
import { Bernoulli, HalfNormal, Normal } from '@pyro-ts/distributions';
import { keyFromSeed, lift, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';

const data = Array.from({ length: 20 }, (_, i) => Math.sin(i));
const seen = [true, true, false, false, true];

const model = (): void => {
  const mu = sample('mu', Normal(0, 5));
  const tau = sample('tau', HalfNormal(5));
  const width = param('width', 0.5);
  const net = module('net', {
    init: { a: [1, 2] },
    apply: ({ a }, x: tf.Tensor) => tf.sum(tf.mul(a, x)),
  });
  factor('soft', tf.neg(tf.square(net(tf.stack([mu, tau])))));
  plate('data', { size: 20, subsampleSize: 5 }, (index) => {
    const theta = sample('theta', Normal(mu, tau));
    deterministic('twice', tf.mul(theta, 2));
    const site = (): tf.Tensor => sample('y', Normal(theta, width), { obs: subsample(data) });
    handlers.mask(site, { mask: [true, false, true, true, false] })();
    sample('gaps', Normal(theta, 1), { obs: tf.gather(lift(data), index as tf.Tensor1D), obsMask: seen });
    sample('flag', Bernoulli({ logits: theta }), { obs: 1 });
  });
  for (const i of plate('steps', 2)) sample(`s_${i}`, Normal(mu, 1), { obs: i });
};

/** Log density and its gradient in mu and tau; the other sites are drawn from the key. */
const valueAndGrads = (key: tf.Tensor, mu: tf.Tensor, tau: tf.Tensor): tf.Tensor[] => {
  const noncentred = handlers.reparam(model, { config: { theta: LocScaleReparam({ centered: 0 }) } });
  const seeded = handlers.seed(noncentred, { seed: { key, stream: [0, 0] } });
  const { value, grads } = tf.valueAndGrads((m: tf.Tensor, t: tf.Tensor) =>
    handlers
      .trace(handlers.substitute(seeded, { data: { mu: m, tau: t } }))
      .getTrace()
      .logProbSum()
      .asScalar(),
  )([mu, tau]);
  return [value, ...grads];
};

it('a compiled model gives what the eager one gives but for rounding, for every key', () => {
  const compiled = jit(valueAndGrads, { executor: 'reference' });
  const results = [3, 4].map((seed) => {
    const args = [lift(keyFromSeed(seed).key), lift(0.3), lift(1.2)] as const;
    const [eager, fast] = [valueAndGrads, compiled].map((f) => f(...args).map((t) => t.dataSync()[0]));
    expectClose(fast, eager, { rel: 1e-13 });
    expect(fast.every(Number.isFinite)).toBe(true);
    return fast;
  });
  expect(results[0]).not.toEqual(results[1]);
});
