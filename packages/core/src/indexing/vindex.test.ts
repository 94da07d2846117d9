import { lift, tf, toNested } from '@pyro-ts/ops';
import { vindex } from './vindex';

const numbers = (x: tf.Tensor): unknown => toNested({ data: x.dataSync(), shape: x.shape, dtype: 'float32' });

describe('vindex', () => {
  const table = [
    [0, 1, 2],
    [10, 11, 12],
  ];

  it('picks single elements, counting negative positions from the end', () => {
    tf.tidy(() => {
      expect(numbers(vindex(table, [1, 2]))).toBe(12);
      expect(numbers(vindex(table, [-1, -3]))).toBe(10);
    });
  });

  it('broadcasts positions against each other', () => {
    tf.tidy(() => {
      const [i, j] = [lift([[1], [0]], 'int32'), lift([0, 2, 2], 'int32')];
      expect(numbers(vindex(table, [i, j]))).toEqual([
        [10, 12, 12],
        [0, 2, 2],
      ]);
    });
  });

  it('keeps whole dims on the right, whatever their place in the table', () => {
    tf.tidy(() => {
      expect(numbers(vindex(table, [lift([1, 0], 'int32')]))).toEqual([table[1], table[0]]);
      expect(numbers(vindex(table, [':', lift([2], 'int32')]))).toEqual([[2, 12]]);
    });
  });

  it("broadcasts the batch dims of '...' with the positions", () => {
    tf.tidy(() => {
      expect(numbers(vindex(table, ['...', lift([2, 0], 'int32')]))).toEqual([2, 10]);
      expect(numbers(vindex(table, ['...', lift([[2], [0]], 'int32')]))).toEqual([
        [2, 12],
        [0, 10],
      ]);
    });
  });

  it('agrees with plain loops for positions of any rank', () => {
    tf.tidy(() => {
      const cube = tf.reshape(tf.range(0, 24), [2, 3, 4]);
      const [i, k] = [tf.reshape(tf.range(0, 2, 1, 'int32'), [2, 1, 1]), tf.range(0, 4, 1, 'int32')];
      const found = vindex(cube, [i, ':', k]);
      expect(found.shape).toEqual([2, 1, 4, 3]);
      const expected = [0, 1].map((a) => [[0, 1, 2, 3].map((c) => [0, 1, 2].map((b) => 12 * a + 4 * b + c))]);
      expect(numbers(found)).toEqual(expected);
    });
  });

  it('has a gradient in the table', () => {
    tf.tidy(() => {
      const grad = tf.grad((x) => tf.sum(vindex(x, [lift([1, 1], 'int32'), 2])))(lift(table));
      expect(numbers(grad)).toEqual([
        [0, 0, 0],
        [0, 0, 2],
      ]);
    });
  });

  it('refuses too many indices and a misplaced ...', () => {
    expect(() => vindex(table, [0, 0, 0])).toThrow(/3 indices for a table of shape \[2, 3\]/);
    expect(() => vindex(table, [0, '...'])).toThrow(/must be the first index/);
  });
});
