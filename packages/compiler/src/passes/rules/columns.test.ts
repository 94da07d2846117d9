import { lift, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { verify } from '../../graph/verify';
import { interpret } from '../../reference/executor';
import { trace } from '../../trace/trace';
import { optimize } from '../optimize';

const [groups, rows] = [7, 40];
const index = (): tf.Tensor1D =>
  lift(
    Array.from({ length: rows }, (_, i) => (i * i) % groups),
    'int32',
  ) as tf.Tensor1D;
const covariates = Array.from({ length: rows }, (_, i) => [1, Math.sin(i)]);

/** The kernels that are left of a function of two vectors, after its values have been compared. */
function kernels(fn: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor[], length = groups): string[] {
  const inputs = ['a', 'b'].map((name) => ({ name, shape: [length], dtype: 'float32' as const }));
  const raw = verify(trace(([a, b]) => fn(a, b), inputs));
  const graph = optimize(raw, { afterPass: (_name, g) => verify(g) });
  const values = [1, 2].map((s) => Float64Array.from({ length }, (_, i) => Math.cos(s * i + s)));
  const expected = interpret(raw, values);
  interpret(graph, values).forEach((output, i) =>
    expectClose(output, expected[i], { rel: 1e-12, abs: 1e-12 }),
  );
  return graph.nodes.map((node) => node.kernel).filter((kernel) => kernel !== 'Reshape');
}

const predict = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
  tf.sum(tf.gather(tf.stack([a, b], 1), index()).mul(covariates), 1);

describe('columns side by side', () => {
  it('are gathered, multiplied and summed one by one', () => {
    expect(kernels((a, b) => [predict(a, b)])).toEqual(['GatherV2', 'GatherV2', 'Multiply', 'Add']);
  });

  it('have gradients that are scattered one by one', () => {
    const gradients = tf.grads((a: tf.Tensor, b: tf.Tensor) => predict(a, b).square().sum());
    const left = kernels((a, b) => gradients([a, b]));
    expect(left.filter((kernel) => kernel === 'GatherV2Grad')).toHaveLength(2);
    expect(left).not.toContain('Concat');
    expect(left).not.toContain('Slice');
  });

  it('are summed one by one where nothing is gathered', () => {
    const sums = kernels((a, b) => [tf.sum(tf.stack([a, b], 1).square(), 1)], rows);
    expect(sums).toEqual(['Square', 'Square', 'Add']);
  });

  it('stay together where rows are few, indices are not known, or the matrix is given whole', () => {
    expect(kernels((a, b) => [tf.sum(tf.stack([a, b], 1), 1)])).toContain('Concat');
    const unknown = (a: tf.Tensor, b: tf.Tensor): tf.Tensor[] => [
      tf.gather(tf.stack([a, b], 1), tf.cast(tf.floor(tf.abs(b)), 'int32') as tf.Tensor1D),
    ];
    expect(kernels(unknown)).toContain('Concat');
    const given = tf.grad((x: tf.Tensor) =>
      tf
        .gather(x.reshape([-1, 2]), index())
        .exp()
        .sum(),
    );
    expect(kernels((a, b) => [given(tf.concat([a, b]))]).filter((k) => k === 'GatherV2Grad')).toHaveLength(1);
  });
});
