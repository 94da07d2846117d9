/** The draws of one scalar, with what several diagnostics need of them made once. */
import { quantilesOfSorted } from './quantile';
import { rankScores } from './rank';
import { halvesOf, isUsable, type Rows } from './rows';
import { sortingOrder } from './sorting-order';

export class ScalarDraws {
  /** At least 4 draws in each chain and no NaN: what rank-based diagnostics need. */
  readonly isUsable: boolean;
  private lazyHalves: Rows | undefined;
  private lazyOrder: Int32Array | undefined;
  private lazySorted: Float64Array | undefined;
  private lazyBulk: Rows | undefined;

  constructor(readonly chains: Rows) {
    this.isUsable = isUsable(chains);
  }

  /** First and last half of every chain. */
  get halves(): Rows {
    return (this.lazyHalves ??= halvesOf(this.chains));
  }

  /** Of the halves, and the halves in that order. */
  private get order(): Int32Array {
    return (this.lazyOrder ??= sortingOrder(this.halves.values));
  }

  private get sorted(): Float64Array {
    return (this.lazySorted ??= gather(this.halves.values, this.order));
  }

  /** The halves, every draw replaced by the normal quantile of its rank (Vehtari et al. 2021, section 4.1). */
  get bulk(): Rows {
    return (this.lazyBulk ??= { ...this.halves, values: rankScores(this.sorted, this.order) });
  }

  /** The same of the absolute deviations from the median of the halves. */
  get folded(): Rows {
    const { sorted, order } = this;
    const [center] = quantilesOfSorted(sorted, [0.5]);
    const folded = fold(sorted, order, center);
    return { ...this.halves, values: rankScores(folded.sorted, folded.order) };
  }

  /** Places, in the halves, of the draws up to a bound, or of those above it, whichever are fewer. */
  fewerSide(bound: number): Int32Array {
    const { sorted, order } = this;
    let [first, end] = [0, sorted.length];
    while (first < end) {
      const middle = (first + end) >> 1;
      if (sorted[middle] <= bound) first = middle + 1;
      else end = middle;
    }
    return 2 * first <= order.length ? order.subarray(0, first) : order.subarray(first);
  }

  /** Quantiles of all draws; NaN if one is NaN. */
  quantiles(probabilities: readonly number[]): number[] {
    const isEven = this.chains.length % 2 === 0;
    // With an odd number of draws the halves leave out the middle ones.
    const sorted = this.isUsable && isEven ? this.sorted : this.chains.values.slice().sort();
    return quantilesOfSorted(sorted, probabilities);
  }
}

function gather(values: Float64Array, order: Int32Array): Float64Array {
  const result = new Float64Array(order.length);
  for (let k = 0; k < order.length; k++) result[k] = values[order[k]];
  return result;
}

/** |x − center| in ascending order, from x in that order: below the center it runs backwards, and both sides are merged. */
function fold(
  sorted: Float64Array,
  order: Int32Array,
  center: number,
): { readonly sorted: Float64Array; readonly order: Int32Array } {
  const n = sorted.length;
  const deviations = new Float64Array(n);
  const indices = new Int32Array(n);
  let above = 0;
  while (above < n && sorted[above] < center) above++;
  let below = above - 1;
  let down = below < 0 ? Infinity : center - sorted[below];
  let up = above < n ? sorted[above] - center : Infinity;
  for (let k = 0; k < n; k++) {
    // Infinities may be draws: a side that is at its end is not taken.
    if (below >= 0 && (down < up || above >= n)) {
      deviations[k] = down;
      indices[k] = order[below--];
      down = below < 0 ? Infinity : center - sorted[below];
    } else {
      deviations[k] = up;
      indices[k] = order[above++];
      up = above < n ? sorted[above] - center : Infinity;
    }
  }
  return { sorted: deviations, order: indices };
}
