import { lift } from '@pyro-ts/ops';
import { snapshot } from './snapshot';

describe('snapshot', () => {
  const matrix = lift([[1, 2, 3]]);

  it('gives the tensors of arguments that differ in nothing else', () => {
    const matches = snapshot([{ x: matrix, power: 2 }, [1, NaN], Float64Array.of(3)]);
    const other = lift([[4, 5, 6]]);
    expect(matches([{ x: other, power: 2 }, [1, NaN], Float64Array.of(3)])).toEqual([other]);
    expect(snapshot([])([])).toEqual([]);
  });

  it.each<[string, unknown, unknown]>([
    ['the shape of a tensor', [matrix], [lift([1, 2, 3])]],
    ['the dtype of a tensor', [matrix], [lift([[1, 2, 3]], 'int32')]],
    ['a number', [2], [3]],
    ['the sign of zero', [[0, 1]], [[-0, 1]]],
    ['the length of an array', [[1, 2]], [[1, 2, 3]]],
    ['a number in a nested array', [[[1], [2]]], [[[1], [3]]]],
    ['the kind of a typed array', [Float64Array.of(1)], [Float32Array.of(1)]],
    ['an array and a typed array', [[1]], [Float64Array.of(1)]],
    ['an option', [{ a: 1 }], [{ a: 1, b: 2 }]],
    ['the order of options', [{ a: 1, b: 2 }], [{ b: 2, a: 1 }]],
    ['a function', [() => 1], [() => 1]],
    ['a tensor and a number', [matrix], [1]],
    ['null and an object', [null], [{}]],
  ])('tells apart arguments that differ in %s', (_, value, other) => {
    expect(snapshot(value)(value)).toBeDefined();
    expect(snapshot(value)(other)).toBeUndefined();
    expect(snapshot(other)(value)).toBeUndefined();
  });

  it('sees that an array has been changed', () => {
    const arrays = [[1, 2], Float64Array.of(1, 2)];
    const matches = snapshot(arrays);
    for (const array of arrays) {
      array[1] = 5;
      expect(matches(arrays)).toBeUndefined();
      array[1] = 2;
      expect(matches(arrays)).toEqual([]);
    }
  });
});
