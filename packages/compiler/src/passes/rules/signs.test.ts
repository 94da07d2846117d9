import type { tf } from '@pyro-ts/ops';
import { verify } from '../../graph/verify';
import { interpret } from '../../reference/executor';
import { trace } from '../../trace/trace';
import { optimize } from '../optimize';

const special = [1.5, -2.25, 0, -0, 1e-310, Infinity, -Infinity, NaN];

/** The kernels that are left of a function of two vectors, after its values have been found the same to the bit. */
function kernels(fn: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor): string[] {
  const length = special.length ** 2;
  const inputs = ['x', 'y'].map((name) => ({ name, shape: [length], dtype: 'float32' as const }));
  const raw = verify(trace(([x, y]) => [fn(x, y)], inputs));
  const graph = optimize(raw, { afterPass: (_name, g) => verify(g) });
  const x = Float64Array.from({ length }, (_, i) => special[i % special.length]);
  const y = Float64Array.from({ length }, (_, i) => special[Math.floor(i / special.length)]);
  const [expected, actual] = [raw, graph].map((g) => Array.from(interpret(g, [x, y])[0]));
  expect(actual).toEqual(expected);
  return graph.nodes.map((node) => node.kernel);
}

describe('signs', () => {
  it('of a factor and of the product cancel', () => {
    expect(kernels((x, y) => x.neg().mul(y).neg())).toEqual(['Multiply']);
    expect(kernels((x, y) => x.mul(y.neg()).neg())).toEqual(['Multiply']);
  });

  it('move into constants', () => {
    expect(kernels((x) => x.mul(3).neg())).toEqual(['Multiply']);
    expect(kernels((x) => x.neg().mul(3))).toEqual(['Multiply']);
  });

  it('of what is subtracted turn the difference into a sum', () => {
    expect(kernels((x, y) => x.sub(y.neg().mul(x)))).toEqual(['Multiply', 'Add']);
    expect(kernels((x, y) => x.sub(y.mul(-3)))).toEqual(['Multiply', 'Add']);
  });

  it('stay outside of products of which functions of both signs are taken', () => {
    const both = kernels((x) => {
      const product = x.mul(3);
      return product.sigmoid().mul(product.neg().sigmoid());
    });
    expect(both).toEqual(['Multiply', 'Sigmoid', 'Neg', 'Sigmoid', 'Multiply']);
  });

  it('stay where nothing is gained', () => {
    expect(kernels((x, y) => x.mul(y).neg())).toEqual(['Multiply', 'Neg']);
    expect(kernels((x, y) => x.sub(y.mul(3)))).toEqual(['Multiply', 'Sub']);
  });
});
