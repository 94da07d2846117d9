/**
 * One row per family: parameters on which the tests of `families.test.ts` run. A new family needs its file and a row.
 * Golden rows are found by the family's name.
 */
import type { TensorLike } from '@pyro-ts/ops';

export interface FamilyCase {
  /** Name in the registry. */
  readonly family: string;
  /** Batched parameters, well inside their constraints. Settings are passed as they are. */
  readonly params: Readonly<Record<string, unknown>>;
  /** A value of the support, for each batch element or broadcasting to all. */
  readonly value: TensorLike;
  /**
   * How pathwise gradients are checked: `quantile` — each draw moves along its own quantile, dx = −∂F/∂θ / p(x), true of
   * samplers that transform one variable monotonically; `average` — the mean gradient of a bounded function agrees with
   * the derivative of its expectation, true of all. Default `quantile`; families without rsample are not checked.
   */
  readonly path?: 'quantile' | 'average';
}

export const familyCases: readonly FamilyCase[] = [
  {
    family: 'Beta',
    params: { concentration1: [0.7, 3], concentration0: [[1.4], [6]] },
    value: 0.4,
    path: 'average',
  },
  { family: 'Cauchy', params: { loc: [-1, 2], scale: [[0.5], [3]] }, value: 0.3 },
  { family: 'Chi2', params: { df: [0.8, 5] }, value: 1.7 },
  { family: 'Exponential', params: { rate: [0.3, 4] }, value: 0.6 },
  { family: 'Gamma', params: { concentration: [0.4, 5], rate: [[0.5], [3]] }, value: 1.3 },
  { family: 'Gumbel', params: { loc: [-1, 2], scale: [[0.5], [3]] }, value: 0.3 },
  { family: 'HalfCauchy', params: { scale: [0.5, 3] }, value: 0.3 },
  { family: 'HalfNormal', params: { scale: [0.5, 3] }, value: 0.3 },
  { family: 'InverseGamma', params: { concentration: [0.9, 5], rate: [[0.5], [3]] }, value: 1.3 },
  { family: 'Kumaraswamy', params: { concentration1: [0.7, 3], concentration0: [[1.4], [6]] }, value: 0.4 },
  { family: 'Laplace', params: { loc: [-1, 2], scale: [[0.5], [3]] }, value: 0.3 },
  { family: 'LogNormal', params: { loc: [-1, 1], scale: [[0.5], [1.5]] }, value: 0.3 },
  { family: 'Logistic', params: { loc: [-1, 2], scale: [[0.5], [3]] }, value: 0.3 },
  { family: 'Normal', params: { loc: [-1, 2], scale: [[0.5], [3]] }, value: 0.3 },
  { family: 'Pareto', params: { scale: [0.5, 2], alpha: [[0.8], [4]] }, value: 2.5 },
  { family: 'StudentT', params: { df: [1.5, 7], loc: [[-1], [2]], scale: 0.7 }, value: 0.3, path: 'average' },
  { family: 'Uniform', params: { low: [-1, 2], high: [[2.5], [3]] }, value: 2.2 },
  { family: 'Weibull', params: { scale: [0.5, 2], concentration: [[0.8], [4]] }, value: 1.1 },
];
