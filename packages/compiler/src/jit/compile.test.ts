import { expectClose } from '@pyro-ts/testing';
import { lift, tf } from '@pyro-ts/ops';
import { interpret } from '../reference/executor';
import { toText } from '../graph/print';
import { verify } from '../graph/verify';
import { traceFunction } from './compile';

const x = [[0.1, -0.7], [1.3, 0.2], [0.4, -1.1]]; // prettier-ignore
const y = [1, 0, 1];

function logistic(beta: tf.Tensor): tf.Tensor {
  const logits = tf.matMul(lift(x), beta.expandDims(1)).squeeze([1]);
  return tf.sub(lift(y).mul(logits), tf.softplus(logits)).sum().sub(beta.square().sum().mul(0.5));
}

describe('traceFunction', () => {
  it('records the forward and the backward pass of a function', () => {
    const gradient = (inputs: readonly tf.Tensor[]) => {
      const { value, grad } = tf.valueAndGrad(logistic as (t: tf.Tensor) => tf.Scalar)(inputs[0]);
      return [value, grad];
    };
    const { graph } = traceFunction(gradient, [{ name: 'beta', shape: [2], dtype: 'float32' }]);
    verify(graph);
    expect(toText(graph)).toMatchSnapshot();
    const beta = Float64Array.of(0.3, -0.2);
    const [value, grad] = interpret(graph, [beta]);
    const eager = tf.valueAndGrad(logistic as (t: tf.Tensor) => tf.Scalar)(lift(beta));
    expectClose(value, eager.value.dataSync(), { rel: 1e-14 });
    expectClose(grad, eager.grad.dataSync(), { rel: 1e-14 });
  });
});
