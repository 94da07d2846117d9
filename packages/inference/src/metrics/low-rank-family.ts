/** The low-rank metrics of one dimension. */
import type { PlainData } from '../plain-data';
import { diagonalMetric } from './diagonal';
import { gradientDiagonalFamily } from './gradient-diagonal';
import { lowRankMetric } from './low-rank';
import { lowRankEstimate } from './low-rank-estimate';
import type { MetricEstimate, MetricFamily } from './metric';

interface State {
  readonly draws: readonly Float64Array[];
  readonly gradients: readonly Float64Array[];
}

interface Saved {
  readonly scale: Float64Array;
  readonly vectors: readonly Float64Array[];
  readonly values: Float64Array;
}

/**
 * Low-rank-plus-diagonal metrics, estimated from draws and gradients, which are kept until then. Those without directions
 * are plain diagonal ones, which cost less.
 */
export function lowRankFamily(dim: number): MetricFamily {
  const diagonal = gradientDiagonalFamily(dim);
  return {
    kind: 'lowRank',
    dim,
    isCheap: false,
    identity: diagonal.identity,
    from: (inverseMass) => diagonal.from(inverseMass),
    restore(saved: PlainData) {
      if (ArrayBuffer.isView(saved)) return diagonalMetric(saved);
      const { scale, vectors, values } = saved as unknown as Saved;
      return lowRankMetric(scale, vectors, values);
    },
    estimator(state) {
      const { draws, gradients } = (state ?? { draws: [], gradients: [] }) as unknown as State;
      return estimateAfter([...draws], [...gradients], draws.length);
    },
  };
}

/**
 * The estimate from the first `count` of some draws. The next draw is appended to the same arrays, unless another has been
 * already: what an estimate sees of them never changes.
 */
function estimateAfter(draws: Float64Array[], gradients: Float64Array[], count: number): MetricEstimate {
  const own = (all: Float64Array[]): Float64Array[] => (all.length === count ? all : all.slice(0, count));
  return {
    get state() {
      return { draws: draws.slice(0, count), gradients: gradients.slice(0, count) };
    },
    add(position, gradient) {
      const [longerDraws, longerGradients] = [own(draws), own(gradients)];
      longerDraws.push(position);
      longerGradients.push(gradient);
      return estimateAfter(longerDraws, longerGradients, count + 1);
    },
    metric: () => lowRankEstimate(own(draws), own(gradients)),
  };
}
