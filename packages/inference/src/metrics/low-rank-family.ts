/** The low-rank metrics of one dimension. */
import type { PlainData } from '../plain-data';
import { gradientDiagonalFamily } from './gradient-diagonal';
import { lowRankMetric } from './low-rank';
import { lowRankEstimate } from './low-rank-estimate';
import { startEstimate, type MetricFamily } from './metric';

interface State {
  readonly draws: readonly Float64Array[];
  readonly gradients: readonly Float64Array[];
}

interface Saved {
  readonly scale: Float64Array;
  readonly vectors: readonly Float64Array[];
  readonly values: Float64Array;
}

/** Low-rank-plus-diagonal metrics, estimated from draws and gradients, which are kept until then. */
export function lowRankFamily(dim: number): MetricFamily {
  const diagonal = gradientDiagonalFamily(dim);
  const ofVariances = (variances: Float64Array) =>
    lowRankMetric(variances.map(Math.sqrt), [], new Float64Array(0));
  return {
    kind: 'lowRank',
    dim,
    isCheap: false,
    identity: ofVariances(new Float64Array(dim).fill(1)),
    from: (inverseMass) => ofVariances(diagonal.from(inverseMass).inverseMassMatrix),
    restore(saved: PlainData) {
      const { scale, vectors, values } = saved as unknown as Saved;
      return lowRankMetric(scale, vectors, values);
    },
    estimator: (state) =>
      startEstimate<State>(
        {
          init: () => ({ draws: [], gradients: [] }),
          update: ({ draws, gradients }, position, gradient) => ({
            draws: [...draws, position],
            gradients: [...gradients, gradient],
          }),
          final: ({ draws, gradients }) => lowRankEstimate(draws, gradients),
        },
        state,
      ),
  };
}
