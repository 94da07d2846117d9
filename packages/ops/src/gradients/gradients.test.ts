import { expectClose } from '@pyro-ts/testing';
import { tf, toNdArray, lift, stopGradient } from '..';

const values = (t: tf.Tensor): number[] => [...toNdArray(t).data];
const grad = (f: (x: tf.Tensor) => tf.Tensor, x: number[] | number): number[] => values(tf.grad(f)(lift(x)));

describe('gradients at the places where tfjs throws or is poor', () => {
  it('where(z > 0, …) on a latent', () => {
    expect(grad((z) => tf.where(z.greater(0), z.mul(2), z.mul(-3)).sum(), [1, -1])).toEqual([2, -3]);
  });
  it('|x|′ is 0 at 0', () => expect(grad((x) => x.abs().sum(), [0, -2])).toEqual([0, -1]));
  it('an infinite derivative under a mask does not become NaN', () => {
    expect(grad((x) => tf.where(x.greater(0), x.sqrt(), 0).sum(), [0, 4])).toEqual([0, 0.25]);
    expect(grad((x) => tf.where(x.greater(0), x.log(), 0).sum(), [0, 4])).toEqual([0, 0.25]);
    expect(grad((x) => tf.where(x.greater(0), x.pow(0.5), 0).sum(), [0, 4])).toEqual([0, 0.25]);
    expect(grad((x) => tf.where(x.greater(0), tf.div(1, x), 0).sum(), [0, 4])).toEqual([0, -1 / 16]);
  });
  it('powers at base 0', () => {
    expect(grad((x) => x.pow(2).sum(), [0])).toEqual([0]);
    expect(grad((x) => x.pow(1).sum(), [0])).toEqual([1]);
    expect(grad((x) => x.pow(0).sum(), [0])).toEqual([0]);
    expect(grad((b) => tf.pow(0, b).sum(), [2])).toEqual([0]);
    expect(grad((x) => x.pow(3).sum(), [-2])).toEqual([12]);
  });
  it('ties share', () => {
    expect(grad((x) => x.max(), [1, 3, 3])).toEqual([0, 0.5, 0.5]);
    expect(grad((x) => tf.maximum(x, 3).sum(), [3])).toEqual([0.5]);
  });
  it('products with zeros', () => {
    expect(grad((x) => x.prod(), [2, 0, 3])).toEqual([0, 6, 0]);
    expect(grad((x) => x.prod(), [0, 0, 3])).toEqual([0, 0, 0]);
    expect(grad((x) => tf.cumprod(x).sum(), [2, 0, 3])).toEqual([1, 2 + 6, 0]);
  });
  it('stopGradient', () => expect(grad((x) => stopGradient(x).mul(x).sum(), [3])).toEqual([3]));
  it('batch-broadcast matMul', () => {
    const a = tf.ones([2, 1, 2, 3]);
    const [da, db] = tf.grads((x: tf.Tensor, y: tf.Tensor) => tf.matMul(x, y).sum())([a, tf.ones([5, 3, 4])]);
    expect(da.shape).toEqual([2, 1, 2, 3]);
    expect(db.shape).toEqual([5, 3, 4]);
    expect(values(da)[0]).toBe(20);
  });
  it('broadcastTo at rank 8', () => {
    const shape = [1, 2, 1, 2, 1, 2, 1, 2];
    const g = tf.grad((x: tf.Tensor) => tf.broadcastTo(x, shape as unknown as [number]).sum())(
      tf.ones([2, 1, 2]),
    );
    expect(values(g)).toEqual([4, 4, 4, 4]);
  });
  it('logSumExp and logSoftmax at −∞', () => {
    expect(grad((x) => x.logSumExp(), [-Infinity, 0])).toEqual([0, 1]);
    expect(grad((x) => x.logSumExp(), [-Infinity, -Infinity])).toEqual([0, 0]);
    expect(grad((x) => tf.logSoftmax(x).slice(1), [-Infinity, 0])).toEqual([0, 0]);
  });
  it('second derivatives', () => {
    const f = (x: tf.Tensor): tf.Tensor => x.log().mul(x).sum();
    const h = tf.grad((x: tf.Tensor) => tf.grad(f)(x).sum())(lift([2, 4]));
    expectClose(values(h), [0.5, 0.25]);
  });
});
