/**
 * One row per family: parameters on which `families.test.ts` and `samplers.test.ts` run. A new family needs its file and a row.
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

/** Rows of unit length. */
const LKJ_VALUE = [
  [1, 0, 0],
  [0.6, 0.8, 0],
  [0.48, -0.36, 0.8],
];

export const familyCases: readonly FamilyCase[] = [
  { family: 'AsymmetricLaplace', params: { loc: [-1, 2], scale: [[0.5], [3]], asymmetry: 1.7 }, value: 0.3 },
  {
    family: 'AsymmetricLaplaceQuantile',
    params: { loc: [-1, 2], scale: [[0.5], [3]], quantile: 0.2 },
    value: 0.3,
  },
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
  { family: 'Levy', params: { loc: [-1, 2], scale: [[0.5], [3]] }, value: 2.3 },
  { family: 'LogNormal', params: { loc: [-1, 1], scale: [[0.5], [1.5]] }, value: 0.3 },
  { family: 'LogUniform', params: { low: [0.1, 2], high: [[3], [30]] }, value: 2.3 },
  { family: 'Logistic', params: { loc: [-1, 2], scale: [[0.5], [3]] }, value: 0.3 },
  { family: 'Normal', params: { loc: [-1, 2], scale: [[0.5], [3]] }, value: 0.3 },
  { family: 'Pareto', params: { scale: [0.5, 2], alpha: [[0.8], [4]] }, value: 2.5 },
  { family: 'SoftLaplace', params: { loc: [-1, 2], scale: [[0.5], [3]] }, value: 0.3 },
  { family: 'StudentT', params: { df: [1.5, 7], loc: [[-1], [2]], scale: 0.7 }, value: 0.3, path: 'average' },
  {
    family: 'TruncatedNormal',
    params: { loc: [-1, 2], scale: [[0.5], [3]], low: -1.5, high: 4 },
    value: 0.3,
  },
  { family: 'Uniform', params: { low: [-1, 2], high: [[2.5], [3]] }, value: 2.2 },
  { family: 'Weibull', params: { scale: [0.5, 2], concentration: [[0.8], [4]] }, value: 1.1 },
  { family: 'Bernoulli', params: { probs: [0.3, 0.9] }, value: 1 },
  {
    family: 'BetaBinomial',
    params: { concentration1: [0.4, 3], concentration0: [[2], [0.8]], totalCount: 12 },
    value: 4,
  },
  { family: 'Binomial', params: { totalCount: [5, 40], probs: [[0.2], [0.7]] }, value: 3 },
  {
    family: 'Categorical',
    params: {
      probs: [
        [0.1, 0.6, 0.3],
        [0.5, 0, 0.5],
      ],
    },
    value: 2,
  },
  {
    family: 'Dirichlet',
    params: {
      concentration: [
        [0.4, 2, 3],
        [30, 10, 20],
      ],
    },
    value: [0.2, 0.5, 0.3],
  },
  {
    family: 'DirichletMultinomial',
    params: {
      concentration: [
        [0.4, 2, 3],
        [30, 10, 20],
      ],
      totalCount: 7,
    },
    value: [2, 0, 5],
  },
  { family: 'DiscreteUniform', params: { low: [-2, 0], high: [[3], [9]] }, value: 2 },
  { family: 'GammaPoisson', params: { concentration: [0.8, 6], rate: [[0.5], [3]] }, value: 2 },
  { family: 'Geometric', params: { probs: [0.2, 0.9] }, value: 3 },
  { family: 'LKJCholesky', params: { dim: 3, concentration: [0.7, 4] }, value: LKJ_VALUE },
  { family: 'Multinomial', params: { totalCount: [4, 4], probs: [0.2, 0.5, 0.3] }, value: [1, 3, 0] },
  {
    family: 'MultivariateNormal',
    params: {
      loc: [
        [0, 1],
        [-3, 2],
      ],
      covarianceMatrix: [
        [2, -0.5],
        [-0.5, 0.8],
      ],
    },
    value: [0.3, 0.9],
  },
  { family: 'NegativeBinomial', params: { totalCount: [0.7, 8], probs: [[0.3], [0.6]] }, value: 2 },
  {
    family: 'OneHotCategorical',
    params: {
      logits: [
        [0, 1, -1],
        [2, 0, 0],
      ],
    },
    value: [0, 1, 0],
  },
  { family: 'OrderedLogistic', params: { predictor: [-1, 0.5], cutpoints: [-0.7, 0.2, 2] }, value: 1 },
  { family: 'Poisson', params: { rate: [0.4, 25] }, value: 3 },
  { family: 'ZeroInflatedPoisson', params: { rate: [1.5, 20], gate: [[0.2], [0.7]] }, value: 2 },
];
