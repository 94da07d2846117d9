/** Euclidean metrics: the mass matrix of the kinetic energy ½ pᵀ M⁻¹ p. */
import type { PlainData } from '../plain-data';
import type { RandomSource } from '../random/random-source';

/** An immutable mass matrix, given by its inverse (an estimate of the posterior covariance). */
export type Metric = DiagonalMetric | DenseMetric | BlockMetric | LowRankMetric;
export type MetricKind = Metric['kind'];

export interface DiagonalMetric extends MetricBase {
  readonly kind: 'diagonal';
  /** [dim], M^(½). */
  readonly momentumScale: Float64Array;
}

export interface DenseMetric extends MetricBase {
  readonly kind: 'dense';
  /** [dim, dim], lower triangular L with L Lᵀ = M⁻¹. */
  readonly factor: Float64Array;
}

export interface BlockMetric extends MetricBase {
  readonly kind: 'blocks';
}

/** M⁻¹ = S (I + U (Λ − I) Uᵀ) S. */
export interface LowRankMetric extends MetricBase {
  readonly kind: 'lowRank';
  /** [dim], the diagonal of S. */
  readonly scale: Float64Array;
  /** [rank] of [dim], orthonormal: the columns of U. */
  readonly vectors: readonly Float64Array[];
  /** [rank], λ − 1. */
  readonly velocityFactors: Float64Array;
  /** [rank], λ^(−½) − 1. */
  readonly momentumFactors: Float64Array;
}

interface MetricBase {
  readonly dim: number;
  /** M⁻¹ as data: [dim] for a diagonal, [dim, dim] row-major otherwise; of a low-rank one the diagonal, [dim]. */
  readonly inverseMassMatrix: Float64Array;
  /** What the family of its kind makes the same metric of again, bit for bit (`restore`). */
  readonly saved: PlainData;
  /** That the draws it was estimated from are far from normal: directions that would be stretched were left out. */
  readonly isFarFromNormal?: true;
  /** Writes M⁻¹ p. */
  velocity(momentum: Float64Array, out: Float64Array): void;
  /** Writes a draw of Normal(0, M); consumes `dim` normals. */
  sampleMomentum(random: RandomSource, out: Float64Array): void;
}

/** An estimate of M⁻¹ from draws, and from the gradients of the log density there: pure, `State` is never changed. */
export interface MetricEstimator<State> {
  init(): State;
  update(state: State, position: Float64Array, gradient: Float64Array): State;
  final(state: State): Metric;
}

/** Everything the warm-up needs to know of one kind of metric, its estimator's state hidden. */
export interface MetricFamily {
  readonly kind: MetricKind;
  readonly dim: number;
  /** Whether an estimate costs no more than a few vectors: it may be renewed after every draw. */
  readonly isCheap: boolean;
  readonly identity: Metric;
  /**
   * Metric of a given inverse mass matrix, [dim] or [dim, dim].
   * @throws {McmcError} if its size does not fit, or it is not symmetric positive definite
   */
  from(inverseMassMatrix: Float64Array): Metric;
  restore(saved: PlainData): Metric;
  /**
   * Starts an estimate without draws, or goes on with one.
   * @param state what an estimate of the same family had as its `state`
   */
  estimator(state?: PlainData): MetricEstimate;
}

/** An estimate in progress. */
export interface MetricEstimate {
  /** All there is to it, as data that a worker or a file can carry. Not to be changed. */
  readonly state: PlainData;
  add(position: Float64Array, gradient: Float64Array): MetricEstimate;
  metric(): Metric;
}

/** Binds an estimator to its state. */
export function startEstimate<State extends object>(
  estimator: MetricEstimator<State>,
  saved?: PlainData,
): MetricEstimate {
  const at = (state: State): MetricEstimate => ({
    state: state as PlainData,
    add: (position, gradient) => at(estimator.update(state, position, gradient)),
    metric: () => estimator.final(state),
  });
  return at(saved === undefined ? estimator.init() : (saved as State));
}
