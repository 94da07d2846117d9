import { expectClose } from '@pyro-ts/testing';
import { lift, tf, toNdArray } from '@pyro-ts/ops';
import { richardson } from '../gradients/finite-differences';
import { draw } from '../gradients/random-data';

type Four = [number, number, number, number];
const x = draw([2, 5, 4, 2], 'distinct', 1);
const filter = draw([3, 2, 2, 3], 'real', 2);

const operations: Record<string, (t: tf.Tensor, f: tf.Tensor) => tf.Tensor> = {
  'conv2d same': (t, f) => tf.conv2d(t as tf.Tensor4D, f as tf.Tensor4D, 1, 'same'),
  'conv2d valid with strides': (t, f) => tf.conv2d(t as tf.Tensor4D, f as tf.Tensor4D, [2, 1], 'valid'),
  'conv2dTranspose': (t, f) =>
    tf.conv2dTranspose(t.concat(t.slice([0, 0, 0, 0], [2, 5, 4, 1]), 3) as tf.Tensor4D, f as tf.Tensor4D, [2, 10, 8, 2] as Four, 2, 'same'), // prettier-ignore
  maxPool: (t) => tf.maxPool(t as tf.Tensor4D, 2, 2, 'same'),
  avgPool: (t) => tf.avgPool(t as tf.Tensor4D, [3, 2], 1, 'same'),
  batchNorm: (t, f) =>
    tf.batchNorm(t, [1, 2], [0.5, 2], f.slice([0, 0, 0, 0], [1, 1, 1, 2]).reshape([2]), [2, 3], 0.1),
};

const objective = (name: string) => (t: tf.Tensor, f: tf.Tensor) =>
  operations[name](t, f).square().sum<tf.Scalar>().mul<tf.Scalar>(0.1);

describe('convolution and pooling', () => {
  it.each(Object.keys(operations))('%s agrees with tfjs on its CPU backend', async (name) => {
    const run = (): number[] => tf.tidy(() => [...toNdArray(operations[name](lift(x), lift(filter))).data]);
    const ours = run();
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    await tf.setBackend('cpu');
    const theirs = run();
    await tf.setBackend('ref64');
    warn.mockRestore();
    expectClose(ours, theirs, { rel: 2e-5, abs: 2e-6 });
  });

  it.each(Object.keys(operations))('%s has the gradient of differences', (name) => {
    const [dx, df] = tf.grads((t: tf.Tensor, f: tf.Tensor) => objective(name)(t, f).add(f.sum()))([
      lift(x),
      lift(filter),
    ]);
    const value = (data: ArrayLike<number>, weights: ArrayLike<number>): number =>
      tf.tidy(
        () =>
          objective(name)(
            lift({ ...x, data: Float64Array.from(data) }),
            lift({ ...filter, data: Float64Array.from(weights) }),
          ).dataSync()[0],
      );
    const moved = (data: ArrayLike<number>, i: number, v: number): Float64Array => {
      const copy = Float64Array.from(data);
      copy[i] = v;
      return copy;
    };
    for (const i of [0, 7, 31, 79]) {
      const expected = richardson((v) => value(moved(x.data, i, v), filter.data), x.data[i], 2 ** -8);
      expectClose([dx.dataSync()[i]], [expected], { rel: 1e-7, abs: 1e-8 }, `x[${i}]`);
    }
    for (const i of [0, 5, 35]) {
      const expected =
        1 + richardson((v) => value(x.data, moved(filter.data, i, v)), filter.data[i], 2 ** -8);
      expectClose([df.dataSync()[i]], [expected], { rel: 1e-7, abs: 1e-8 }, `filter[${i}]`);
    }
  });

  it('refuses channels first', () => {
    expect(() => tf.conv2d(tf.ones([1, 1, 2, 2]), tf.ones([1, 1, 1, 1]), 1, 'same', 'NCHW')).toThrow(
      'transpose to NHWC',
    );
  });
});
