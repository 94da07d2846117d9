import { lift, tf } from '@pyro-ts/ops';
import { kernelsLeft } from '../../../test/kernels-left';

const [order, n] = [3, 80];
const series = Array.from({ length: n + order }, (_, t) => Math.sin(t * t));
const lag = (k: number): number[] => series.slice(order - k, order - k + n);
/** One row a time, one column a lag, from the nearest. */
const byTime = Array.from({ length: n }, (_, t) => Array.from({ length: order }, (__, k) => lag(k + 1)[t]));
const byLag = Array.from({ length: order }, (_, k) => lag(k + 1));

const count = (all: readonly string[], kernel: string): number => all.filter((k) => k === kernel).length;

describe('matrices of lags times a vector', () => {
  it('of coefficients are sums over the lags, however they are written', () => {
    const ways: ((b: tf.Tensor) => tf.Tensor)[] = [
      (b) => tf.dot(lift(byTime), b),
      (b) => tf.matMul(b.expandDims(0), lift(byLag)),
      (b) => tf.sum(tf.mul(b, byTime), 1),
      (b) => tf.sum(tf.mul(byLag, b.expandDims(1)), 0),
      (b) => tf.dot(lift(byTime.map((row) => [...row].reverse())), b),
    ];
    for (const way of ways) {
      const left = kernelsLeft(way, order);
      expect(left).not.toContain('BatchMatMul');
      expect(left).not.toContain('Sum');
      expect(count(left, 'Multiply')).toBe(order);
    }
  });

  it('along the times are a sum a lag', () => {
    const ways: ((w: tf.Tensor) => tf.Tensor)[] = [
      (w) => tf.dot(w, lift(byTime)),
      (w) => tf.sum(tf.mul(w, byLag), 1),
    ];
    for (const way of ways) {
      const left = kernelsLeft(way, n);
      expect(left).not.toContain('BatchMatMul');
      expect(count(left, 'Sum')).toBe(order);
    }
  });

  it('stay as they are if they are any other matrix', () => {
    const other = byTime.map((row, t) => (t === n - 1 ? row.map((v) => v + 1) : row));
    expect(kernelsLeft((b) => tf.dot(lift(other), b), order)).toContain('BatchMatMul');
    expect(kernelsLeft((b) => tf.dot(lift(byTime.slice(0, 20)), b), order)).toContain('BatchMatMul');
  });
});
