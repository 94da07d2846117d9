import { lift, softplus, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { verify } from '../../graph/verify';
import { interpret } from '../../reference/executor';
import { trace } from '../../trace/trace';
import { optimize } from '../optimize';

const yes = [1, 0, 0, 1, 1, 0];
const no = yes.map((y) => 1 - y);

function kernels(fn: (x: tf.Tensor) => tf.Tensor): string[] {
  const raw = verify(trace(([x]) => [fn(x)], [{ name: 'x', shape: [6], dtype: 'float32' }]));
  const graph = optimize(raw, { afterPass: (_name, g) => verify(g) });
  const x = Float64Array.of(1.5, -30, 0, 700, -0.2, 40);
  const expected = interpret(raw, [x]);
  interpret(graph, [x]).forEach((output, i) => expectClose(output, expected[i], { rel: 1e-15 }));
  return graph.nodes.map((node) => node.kernel);
}

describe('a function of x and of −x, each where the other is not wanted', () => {
  it('is one function of x with a sign', () => {
    const both = (x: tf.Tensor): tf.Tensor => tf.mul(yes, softplus(x.neg())).add(tf.mul(no, softplus(x)));
    const swapped = (x: tf.Tensor): tf.Tensor => softplus(x).mul(no).add(softplus(x.neg()).mul(yes));
    expect(kernels(both)).toEqual(['Multiply', 'Softplus']);
    expect(kernels(swapped)).toEqual(['Multiply', 'Softplus']);
  });

  it('is one function with two signs where one is subtracted from the other', () => {
    const negatedFirst = (x: tf.Tensor): tf.Tensor =>
      tf.mul(yes, tf.sigmoid(x.neg())).sub(tf.mul(no, tf.sigmoid(x)));
    const plainFirst = (x: tf.Tensor): tf.Tensor =>
      tf.mul(no, tf.sigmoid(x)).sub(tf.mul(yes, tf.sigmoid(x.neg())));
    expect(kernels(negatedFirst)).toEqual(['Multiply', 'Sigmoid', 'Multiply']);
    expect(kernels(plainFirst)).toEqual(['Multiply', 'Sigmoid', 'Multiply']);
  });

  it('stays two where the weights are others than 0 and 1, or both are wanted somewhere', () => {
    const weighed = (weights: number[]) => (x: tf.Tensor) =>
      tf.mul(weights, softplus(x.neg())).add(tf.mul(no, softplus(x)));
    for (const weights of [
      [1, 0, 0, 1, 1, 1],
      [2, 0, 0, 1, 1, 0],
    ])
      expect(kernels(weighed(weights)).filter((kernel) => kernel === 'Softplus')).toHaveLength(2);
    const others = (x: tf.Tensor): tf.Tensor =>
      tf.mul(yes, softplus(x.neg())).add(tf.mul(no, softplus(x.mul(lift(2)))));
    expect(kernels(others).filter((kernel) => kernel === 'Softplus')).toHaveLength(2);
  });
});
