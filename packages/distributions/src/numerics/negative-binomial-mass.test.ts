import { digamma, lift, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { logPoissonMass } from './gamma-density';
import { logNegativeBinomialMass, logNegativeBinomialMassOfLogits } from './negative-binomial-mass';

describe('logNegativeBinomialMass', () => {
  it('tends to the Poisson mass for a huge number of failures', () => {
    const r = 1e13;
    const p = 3 / r;
    const mass = logNegativeBinomialMass(lift([0, 2, 9]), lift(r), lift(p), lift(1 - p));
    expectClose(mass.dataSync(), logPoissonMass(lift([0, 2, 9]), lift(3)).dataSync(), { abs: 1e-11 });
  });

  it('sums to one', () => {
    const k = lift(Float64Array.from({ length: 3000 }, (_, i) => i));
    for (const [r, p] of [
      [0.01, 0.9],
      [7.3, 0.4],
      [300, 0.7],
    ]) {
      const log = logNegativeBinomialMass(k, lift(r), lift(p), lift(1 - p));
      expectClose(tf.sum(tf.exp(log)).dataSync(), [1], { rel: 1e-13 });
    }
  });

  it('has the derivative ψ(r + k) − ψ(r) + log q by r, also where both ψ are 30 and differ by 1e-13', () => {
    const inR = (k: number, r: number, q: number): number =>
      tf
        .grad((x) => logNegativeBinomialMass(lift(k), x, lift(1 - q), lift(q)))(lift(r))
        .dataSync()[0];
    for (const [k, r, q] of [
      [0, 0.3, 0.9],
      [4, 2.5, 0.2],
      [70, 30, 0.4],
    ]) {
      const expected = digamma(r + k).dataSync()[0] - digamma(r).dataSync()[0] + Math.log(q);
      expectClose(inR(k, r, q), expected, { abs: 1e-14 });
    }
    // Σ 1/(r + j) + log q = k/r − k²/2r² + … − p − p²/2 …, and the leading terms cancel at p = k/(r + k).
    expectClose(inR(3, 1e13, 1e13 / (1e13 + 3)) * 1e13, 0, { abs: 1e-2 });
  });
});

describe('logNegativeBinomialMassOfLogits', () => {
  const k = [0, 1, 5, 40];
  const at = (l: number) =>
    tf.valueAndGrads((r: tf.Tensor, x: tf.Tensor) =>
      tf.sum<tf.Scalar>(logNegativeBinomialMassOfLogits(lift(k), r, x)),
    )([lift(2.5), lift(l)]);

  it('is the mass at σ(l), with its derivatives', () => {
    for (const l of [-30, -1.3, 0, 2]) {
      const { value, grads } = at(l);
      const odds = (r: tf.Tensor, x: tf.Tensor): tf.Scalar =>
        tf.sum(logNegativeBinomialMass(lift(k), r, tf.sigmoid(x), tf.sigmoid(tf.neg(x))));
      const expected = tf.valueAndGrads(odds)([lift(2.5), lift(l)]);
      expectClose(value.dataSync(), expected.value.dataSync(), { rel: 1e-14 });
      grads.forEach((g, i) => expectClose(g.dataSync(), expected.grads[i].dataSync(), { rel: 1e-12 }));
    }
  });

  it('is linear in l far out, where σ underflows', () => {
    const [a, b] = [at(-700), at(-1e5)];
    expectClose(b.value.dataSync()[0] - a.value.dataSync()[0], 46 * (700 - 1e5), { rel: 1e-13 });
    expectClose(b.grads[1].dataSync()[0], 46, { rel: 1e-14 });
    const [c, d] = [at(700), at(1e5)];
    expectClose(d.value.dataSync()[0] - c.value.dataSync()[0], 10 * (700 - 1e5), { rel: 1e-13 });
    expectClose(d.grads[0].dataSync()[0] - c.grads[0].dataSync()[0], 4 * (700 - 1e5), { rel: 1e-13 });
  });
});
