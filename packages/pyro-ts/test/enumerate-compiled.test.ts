import { jit } from '@pyro-ts/compiler';
import { Binomial } from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';

/** log Σ over all counts of the mass: 0. */
const total = (n: tf.Tensor | number, p: tf.Tensor): tf.Tensor => {
  const d = Binomial(n, p);
  return tf.logSumExp(d.logProb(d.enumerateSupport()), 0);
};

describe('enumerating a Binomial in a compiled function', () => {
  it('works where the number of trials is a number and the probability a tensor', () => {
    const compiled = jit((p: tf.Tensor) => total(4, p), { executor: 'reference' });
    expectClose(compiled(lift(0.3)).dataSync(), [0], { abs: 1e-15 });
  });

  it('says that the number of trials decides a shape where it is traced', () => {
    const compiled = jit((n: tf.Tensor) => total(n, lift(0.3)), { executor: 'reference' });
    expect(() => compiled(lift(4))).toThrow(/give 'totalCount' as a number/);
  });
});
