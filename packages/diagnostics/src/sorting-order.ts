/** The order of numbers, in linear time. */

/** Bits of one pass, from the least significant of a word. */
const shifts = [0, 11, 22] as const;
const buckets = 1 << 11;

/**
 * Indices in the order of their values, equal ones in the order of their indices (−0 before +0). Radix sort on the bits
 * of the doubles: several times faster than sorting indices with a comparison. The upper halves of the bits order most
 * draws; where they leave many in disorder, the lower halves are sorted by first.
 * @param values without NaN
 */
export function sortingOrder(values: ArrayLike<number>): Int32Array {
  const { high, low } = sortableWords(values);
  const order = sortedBy(high, indices(values.length));
  return mend(order, high, low) ? order : sortedBy(high, sortedBy(low, indices(values.length)));
}

function indices(n: number): Int32Array {
  const result = new Int32Array(n);
  for (let i = 0; i < n; i++) result[i] = i;
  return result;
}

/** Doubles as pairs of words that compare as unsigned integers do: negative ones turned round. */
function sortableWords(values: ArrayLike<number>): { readonly high: Uint32Array; readonly low: Uint32Array } {
  const words = new Uint32Array(new Float64Array(values).buffer);
  const high = new Uint32Array(values.length);
  const low = new Uint32Array(values.length);
  for (let i = 0; i < high.length; i++) {
    const flip = words[2 * i + 1] >> 31;
    low[i] = words[2 * i] ^ flip;
    high[i] = words[2 * i + 1] ^ (flip | 0x80000000);
  }
  return { high, low };
}

/** Stable: indices with equal keys stay in the order in which they are given. */
function sortedBy(keys: Uint32Array, given: Int32Array): Int32Array {
  const n = keys.length;
  let order = given;
  let [next, other] = [new Int32Array(n), new Int32Array(n)];
  const counts = new Int32Array(buckets);
  for (const shift of shifts) {
    counts.fill(0);
    for (let i = 0; i < n; i++) counts[(keys[i] >>> shift) & (buckets - 1)]++;
    if (counts.includes(n)) continue; // all in one bucket
    let start = 0;
    for (let b = 0; b < buckets; b++) {
      const count = counts[b];
      counts[b] = start;
      start += count;
    }
    for (let k = 0; k < n; k++) {
      const i = order[k];
      next[counts[(keys[i] >>> shift) & (buckets - 1)]++] = i;
    }
    [order, next, other] = [next, other, next];
  }
  return order;
}

/** Puts indices whose upper words are equal in the order of the lower ones; false if that would be a long way. */
function mend(order: Int32Array, high: Uint32Array, low: Uint32Array): boolean {
  let budget = order.length;
  for (let k = 1; k < order.length; k++) {
    const i = order[k];
    let at = k;
    while (at > 0 && high[order[at - 1]] === high[i] && low[order[at - 1]] > low[i]) {
      order[at] = order[at - 1];
      at--;
      if (budget-- === 0) return false;
    }
    order[at] = i;
  }
  return true;
}
