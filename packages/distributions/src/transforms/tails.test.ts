import { lift, tf, toNdArray } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import * as constraints from '../constraints';
import { bijectTo } from './biject-to';
import { TanhTransform } from './elementwise';

const numbers = (t: tf.Tensor): number[] => Array.from(toNdArray(t).data);
const golden = { rel: 1e-12, abs: 1e-12 };

describe('tails: log-determinants stay exact where y is saturated', () => {
  it('sigmoid at ±800: log|J| = −|x|', () => {
    tf.tidy(() => {
      const t = bijectTo(constraints.unitInterval);
      const x = lift([-800, -40, 40, 800]);
      expectClose(numbers(t.logAbsDetJacobian(x, t.call(x))), [-800, -40, -40, -800], golden);
    });
  });

  it('softplus and tanh at ±800', () => {
    tf.tidy(() => {
      const soft = bijectTo(constraints.softplusPositive);
      expectClose(numbers(soft.logAbsDetJacobian([-800, 800], soft.call([-800, 800]))), [-800, 0], golden);
      const tanh = TanhTransform();
      const expected = 2 * (Math.LN2 - 800);
      expectClose(
        numbers(tanh.logAbsDetJacobian([-800, 800], tanh.call([-800, 800]))),
        [expected, expected],
        golden,
      );
    });
  });

  it('stick breaking with every piece at its limit: finite, and Σ y = 1', () => {
    tf.tidy(() => {
      const t = bijectTo(constraints.simplex);
      const x = lift([
        [60, -60, 60],
        [-300, 300, -300],
        [0, 0, 0],
      ]);
      const y = t.call(x);
      expectClose(numbers(tf.sum(y, -1)), [1, 1, 1], { abs: 1e-14 });
      const logDet = numbers(t.logAbsDetJacobian(x, y));
      expect(logDet.every(Number.isFinite)).toBe(true);
      // Row 1: z₁ → 1 leaves e^−(60 − log 3); then z₂ = e^(−60 − log 2), z₃ → 1 of that.
      expectClose(logDet[2], Math.log(1 / 256) + Math.log(1), { abs: 1e-13 });
    });
  });

  it('correlations at ±1 to machine precision keep their log-determinant', () => {
    tf.tidy(() => {
      const t = bijectTo(constraints.corrCholesky);
      expectClose(numbers(t.logAbsDetJacobian([50], t.call([50]))), [2 * (Math.LN2 - 50)], golden);
    });
  });

  it('gradients of log-determinants are finite at ±800', () => {
    tf.tidy(() => {
      for (const constraint of [
        constraints.unitInterval,
        constraints.softplusPositive,
        constraints.interval(-1, 2),
      ]) {
        const t = bijectTo(constraint);
        const slope = tf.grad((x) => tf.sum(t.logAbsDetJacobian(x, t.call(x))));
        expect(numbers(slope(lift([-800, 0, 800]))).every(Number.isFinite)).toBe(true);
      }
    });
  });
});
