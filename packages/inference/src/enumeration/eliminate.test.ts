import type { EnumeratedVariable } from '@pyro-ts/core';
import { lift, scoped, tf, toNested } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { eliminate } from './eliminate';
import { product, sumOver, type Factor } from './factor';
import { Heap } from './heap';

const variable = (site: string, size = 2): EnumeratedVariable => ({
  site,
  size,
  condIndepStack: [],
  kind: 'support',
});
const factor = (values: number[] | number[][], ...dims: EnumeratedVariable[]): Factor => ({
  tensor: lift(values),
  dims,
});

describe('eliminate', () => {
  it('sums a chain out to the logarithm of a product of matrices', () => {
    scoped(() => {
      const [x, y, z] = ['x', 'y', 'z'].map((name) => variable(name));
      const [a, b] = [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]; // prettier-ignore
      const log = (m: number[][]): number[][] => m.map((row) => row.map(Math.log));
      const [left] = eliminate([factor(log(a), x, y), factor(log(b), y, z)], new Set([x, y, z]));
      expectClose(left.tensor.dataSync(), [Math.log(5 + 6 + 14 + 16 + 15 + 18 + 28 + 32)], { rel: 1e-15 });
    });
  });

  it('leaves other variables in, and factors without the variables alone', () => {
    scoped(() => {
      const [x, y, z] = ['x', 'y', 'z'].map((name) => variable(name));
      const alone = factor([1, 2], z);
      const left = eliminate([factor([[0, 1], [2, 3]], x, y), alone], new Set([x])); // prettier-ignore
      expect(left.map(({ dims }) => dims.map((dim) => (dim as EnumeratedVariable).site))).toEqual([
        ['z'],
        ['y'],
      ]);
      expect(left[0]).toBe(alone);
      const expected = [0, 1].map((j) => Math.log(Math.exp(j) + Math.exp(2 + j)));
      expectClose(left[1].tensor.dataSync(), expected, { rel: 1e-15 });
    });
  });

  it('never makes a large factor where a small one will do: a star, a chain and a tree stay at two dims', () => {
    const center = variable('center');
    const leaves = Array.from({ length: 200 }, (_, i) => variable(`leaf${i}`));
    const star = leaves.map((leaf) => [center, leaf]);
    const chain = leaves.slice(1).map((leaf, i) => [leaves[i], leaf]);
    const tree = leaves.slice(1).map((leaf, i) => [leaves[i >> 1], leaf]);
    for (const edges of [star, chain, tree]) {
      scoped(() => {
        const factors = edges.map((dims) => ({ tensor: tf.zeros([2, 2]), dims }));
        const [left] = eliminate(factors, new Set(edges.flat()));
        const count = new Set(edges.flat()).size;
        expectClose(left.tensor.dataSync(), [count * Math.LN2], { rel: 1e-14 });
      });
    }
  });
});

describe('factors', () => {
  it('multiply whatever the order of their dims', () => {
    scoped(() => {
      const [x, y] = [variable('x'), variable('y', 3)];
      const xy = factor([[1, 2, 3], [4, 5, 6]], x, y); // prettier-ignore
      const yx = factor([[10, 40], [20, 50], [30, 60]], y, x); // prettier-ignore
      const both = product([xy, yx]);
      const isXy = both.dims[0] === x;
      expect(toNested({ data: both.tensor.dataSync(), shape: both.tensor.shape, dtype: 'float32' })).toEqual(
        isXy ? [[11, 22, 33], [44, 55, 66]] : [[11, 44], [22, 55], [33, 66]], // prettier-ignore
      );
    });
  });

  it('of −∞ throughout sum to −∞, with a gradient of 0', () => {
    scoped(() => {
      const [x, y] = [variable('x'), variable('y')];
      const f = (t: tf.Tensor): tf.Scalar =>
        tf.sum(tf.maximum(sumOver({ tensor: tf.add(t, lift([[-Infinity, -Infinity], [0, -Infinity]])), dims: [y, x] }, x).tensor, -1e9)); // prettier-ignore
      const { value, grad } = tf.valueAndGrad(f)(lift([[1, 2], [3, 4]])); // prettier-ignore
      expect(value.dataSync()[0]).toBe(3 - 1e9);
      expect([...grad.dataSync()]).toEqual([0, 0, 1, 0]);
    });
  });
});

describe('the queue', () => {
  it('gives items by priority, then by rank', () => {
    const queue = new Heap<number>();
    const items = Array.from({ length: 300 }, (_, i) => ({
      priority: (i * 7919) % 13,
      rank: (i * 104729) % 300,
    }));
    items.forEach(({ priority, rank }, i) => queue.push(i, priority, rank));
    const order: number[] = [];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) order.push(next.item);
    const sorted = items.map((_, i) => i);
    sorted.sort((a, b) => items[a].priority - items[b].priority || items[a].rank - items[b].rank);
    expect(order).toEqual(sorted);
  });
});
