/** Running mean and (co)variance (Welford 1962), pure, and Stan's shrinkage of them. */

export interface WelfordState {
  readonly count: number;
  /** [dim] */
  readonly mean: Float64Array;
  /** Sum of squared deviations [dim], or of their products [dim, dim]. */
  readonly sum: Float64Array;
}

export interface Welford {
  init(): WelfordState;
  update(state: WelfordState, x: Float64Array): WelfordState;
  /** Divisor count − 1; NaN with fewer than two values. */
  final(state: WelfordState): Float64Array;
}

function moveMean(state: WelfordState, x: Float64Array): Float64Array {
  return state.mean.map((m, i) => m + (x[i] - m) / (state.count + 1));
}

function scaled({ count, sum }: WelfordState): Float64Array {
  return sum.map((s) => s / (count - 1));
}

/** Variances of `dim` coordinates. */
export function welfordVariance(dim: number): Welford {
  return {
    init: () => ({ count: 0, mean: new Float64Array(dim), sum: new Float64Array(dim) }),
    update(state, x) {
      const mean = moveMean(state, x);
      const sum = state.sum.map((s, i) => s + (x[i] - state.mean[i]) * (x[i] - mean[i]));
      return { count: state.count + 1, mean, sum };
    },
    final: scaled,
  };
}

/** Covariance matrix of `dim` coordinates, exactly symmetric. */
export function welfordCovariance(dim: number): Welford {
  return {
    init: () => ({ count: 0, mean: new Float64Array(dim), sum: new Float64Array(dim * dim) }),
    update(state, x) {
      const mean = moveMean(state, x);
      const sum = Float64Array.from(state.sum);
      for (let i = 0; i < dim; i++) {
        for (let j = 0; j <= i; j++) {
          sum[i * dim + j] += (x[i] - state.mean[i]) * (x[j] - mean[j]);
          sum[j * dim + i] = sum[i * dim + j];
        }
      }
      return { count: state.count + 1, mean, sum };
    },
    final: scaled,
  };
}

/** Stan's shrinkage of an estimate from n draws: n/(n + 5) of it, 5/(n + 5) of 10⁻³ (var_adaptation.hpp). */
const priorCount = 5;
const priorVariance = 1e-3;

/** Variances shrunk towards 10⁻³. */
export function regularizedVariance(variance: Float64Array, count: number): Float64Array {
  const weight = count / (count + priorCount);
  return variance.map((v) => weight * v + priorVariance * (1 - weight));
}

/** Covariance matrix shrunk towards 10⁻³ times the identity. */
export function regularizedCovariance(covariance: Float64Array, count: number, dim: number): Float64Array {
  const weight = count / (count + priorCount);
  const shrunk = covariance.map((c) => weight * c);
  for (let i = 0; i < dim; i++) shrunk[i * dim + i] += priorVariance * (1 - weight);
  return shrunk;
}
