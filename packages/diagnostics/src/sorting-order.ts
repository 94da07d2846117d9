/** The order of numbers, in linear time. */

/** Bits of one pass; that many buckets. */
const passBits = 11;
const buckets = 1 << passBits;

/**
 * Indices in the order of their values, equal ones in the order of their indices (−0 before +0). Sorted are the places in
 * their range, to 22 bits, and then the few that share one; where many share one, as with tails far out, the bits of the
 * doubles are. Both are radix sorts: several times faster than sorting indices with a comparison.
 * @param values without NaN
 */
export function sortingOrder(values: ArrayLike<number>): Int32Array {
  const doubles = values instanceof Float64Array ? values : new Float64Array(values);
  return orderByPlace(doubles) ?? orderByBits(doubles);
}

/** Undefined if the places do not tell the values apart well enough. */
function orderByPlace(values: Float64Array): Int32Array | undefined {
  const n = values.length;
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < n; i++) {
    const x = values[i];
    if (x < low) low = x;
    if (x > high) high = x;
  }
  const scale = (buckets * buckets - 1) / (high - low);
  // No or equal values, an infinite one, or a range next to 0.
  if (!(scale > 0 && scale < Infinity)) return undefined;
  const places = new Int32Array(n);
  for (let i = 0; i < n; i++) places[i] = (values[i] - low) * scale;
  const order = sortedBy(places, passBits, sortedBy(places, 0, indices(n)));
  return mend(order, values) ? order : undefined;
}

/** By every part of the words, from the least significant. */
function orderByBits(values: Float64Array): Int32Array {
  const { high, low } = sortableWords(values);
  let order = indices(values.length);
  for (const words of [low, high])
    for (const shift of [0, passBits, 2 * passBits]) order = sortedBy(words, shift, order);
  return order;
}

function indices(n: number): Int32Array {
  const result = new Int32Array(n);
  for (let i = 0; i < n; i++) result[i] = i;
  return result;
}

/** Doubles as pairs of words that compare as unsigned integers do: negative ones turned round. */
function sortableWords(values: Float64Array): { readonly high: Int32Array; readonly low: Int32Array } {
  const words = new Int32Array(values.slice().buffer);
  const high = new Int32Array(values.length);
  const low = new Int32Array(values.length);
  for (let i = 0; i < high.length; i++) {
    const flip = words[2 * i + 1] >> 31;
    low[i] = words[2 * i] ^ flip;
    high[i] = words[2 * i + 1] ^ (flip | 0x80000000);
  }
  return { high, low };
}

/** By eleven bits of the keys; indices with equal ones stay in the order in which they are given. */
function sortedBy(keys: Int32Array, shift: number, given: Int32Array): Int32Array {
  const n = keys.length;
  const counts = new Int32Array(buckets);
  for (let i = 0; i < n; i++) counts[(keys[i] >>> shift) & (buckets - 1)]++;
  let start = 0;
  for (let b = 0; b < buckets; b++) {
    const count = counts[b];
    if (count === n) return given;
    counts[b] = start;
    start += count;
  }
  const order = new Int32Array(n);
  for (let k = 0; k < n; k++) {
    const i = given[k];
    order[counts[(keys[i] >>> shift) & (buckets - 1)]++] = i;
  }
  return order;
}

/** Sorts what is nearly in order; false if it is a long way. */
function mend(order: Int32Array, values: Float64Array): boolean {
  let moves = order.length;
  for (let k = 1; k < order.length; k++) {
    const index = order[k];
    const x = values[index];
    let at = k;
    while (at > 0 && isBefore(x, values[order[at - 1]])) {
      order[at] = order[at - 1];
      at--;
    }
    order[at] = index;
    moves -= k - at;
    if (moves < 0) return false;
  }
  return true;
}

/** 1/−0 < 1/0. */
const isBefore = (x: number, y: number): boolean => x < y || (x === 0 && y === 0 && 1 / x < 1 / y);
