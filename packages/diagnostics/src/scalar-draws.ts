/** The draws of one scalar, with what several diagnostics need of them made once. */
import { type Chains, isUsable, pool, splitChains } from './chains';
import { quantilesOfSorted } from './quantile';
import { rankScores } from './rank';
import { sortingOrder } from './sorting-order';

export class ScalarDraws {
  /** At least 4 draws in each chain and no NaN: what rank-based diagnostics need. */
  readonly isUsable: boolean;
  private lazyHalves: Float64Array[] | undefined;
  private lazyPooled: Float64Array | undefined;
  private lazyOrder: Uint32Array | undefined;
  private lazyBulk: Float64Array[] | undefined;

  /** @throws {DiagnosticsError} without chains, or if the chains differ in length */
  constructor(readonly chains: Chains) {
    this.isUsable = isUsable(chains);
  }

  /** First and last half of every chain. */
  get halves(): readonly Float64Array[] {
    return (this.lazyHalves ??= splitChains(this.chains));
  }

  /** The halves in one array. */
  private get pooled(): Float64Array {
    return (this.lazyPooled ??= pool(this.halves));
  }

  private get order(): Uint32Array {
    return (this.lazyOrder ??= sortingOrder(this.pooled));
  }

  /** The halves, every draw replaced by the normal quantile of its rank (Vehtari et al. 2021, section 4.1). */
  get bulk(): readonly Float64Array[] {
    return (this.lazyBulk ??= this.byHalf(rankScores(this.pooled, this.order)));
  }

  /** The same of the absolute deviations from the median of the halves. */
  get folded(): readonly Float64Array[] {
    const { pooled, order } = this;
    const sorted = gather(pooled, order);
    const [center] = quantilesOfSorted(sorted, [0.5]);
    const deviations = pooled.map((x) => Math.abs(x - center));
    return this.byHalf(rankScores(deviations, foldedOrder(deviations, order, sorted, center)));
  }

  /** Quantiles of all draws; NaN if one is NaN. */
  quantiles(probabilities: readonly number[]): number[] {
    const isEven = this.chains[0].length % 2 === 0;
    // With an odd number of draws the halves leave out the middle ones.
    const sorted = this.isUsable && isEven ? gather(this.pooled, this.order) : pool(this.chains).sort();
    return quantilesOfSorted(sorted, probabilities);
  }

  private byHalf(values: Float64Array): Float64Array[] {
    const { length } = this.halves[0];
    return this.halves.map((_, i) => values.subarray(i * length, (i + 1) * length));
  }
}

function gather(values: Float64Array, order: Uint32Array): Float64Array {
  const result = new Float64Array(order.length);
  for (let k = 0; k < order.length; k++) result[k] = values[order[k]];
  return result;
}

/** The order of |x − center| from that of x: below the center it runs backwards, and both sides are merged. */
function foldedOrder(
  deviations: Float64Array,
  order: Uint32Array,
  sorted: Float64Array,
  center: number,
): Uint32Array {
  const result = new Uint32Array(order.length);
  let above = sorted.findIndex((x) => x >= center);
  let below = above - 1;
  for (let k = 0; k < result.length; k++) {
    const takesBelow =
      below >= 0 && (above >= order.length || deviations[order[below]] < deviations[order[above]]);
    result[k] = takesBelow ? order[below--] : order[above++];
  }
  return result;
}
