import { sortingOrder } from './sorting-order';

/** A fixed stream of 32-bit words (xorshift). */
function words(count: number): Uint32Array {
  let state = 2463534242;
  return new Uint32Array(count).map(() => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  });
}

const bySort = (values: ArrayLike<number>): number[] =>
  Array.from(values, (_, i) => i).sort(
    (i, j) =>
      values[i] - values[j] || Number(Object.is(values[j], -0)) - Number(Object.is(values[i], -0)) || i - j,
  );

describe('sortingOrder', () => {
  it('is the order of a comparison sort for doubles of every magnitude and sign', () => {
    const values = new Float64Array(words(8000).buffer).filter((x) => !Number.isNaN(x));
    expect([...sortingOrder(values)]).toEqual(bySort(values));
  });

  it('keeps equal numbers in the order of their indices, and puts −0 before +0', () => {
    const values = [...words(500)]
      .map((w) => (w % 7) - 3)
      .concat([0, -0, 0, -0, Infinity, -Infinity, 5e-324]);
    expect([...sortingOrder(values)]).toEqual(bySort(values));
  });

  it('orders none, one, and numbers that share most of their bits', () => {
    expect([...sortingOrder([])]).toEqual([]);
    expect([...sortingOrder([3])]).toEqual([0]);
    const close = [3, 1, 2, 0].map((k) => 1e9 + k * 2 ** -23);
    expect([...sortingOrder(close)]).toEqual([3, 1, 2, 0]);
  });
});
