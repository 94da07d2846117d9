/** Diagonal mass matrix from draws and gradients. */
import { welfordVariance, type WelfordState } from '../adaptation/welford';
import { diagonalFamily, diagonalMetric } from './diagonal';
import { startEstimate, type MetricFamily } from './metric';

interface State {
  readonly draws: WelfordState;
  readonly gradients: WelfordState;
}

/** Beyond, a variance says nothing about the posterior. */
const [smallest, largest] = [1e-20, 1e20];

/** √(variance of the draws / variance of the gradients), and 1 where they do not tell. */
export function fisherScale(draws: Float64Array, gradients: Float64Array): Float64Array {
  return draws.map((variance, i) => {
    const scale = Math.sqrt(variance / gradients[i]);
    return scale > 0 && scale < Infinity ? Math.min(Math.max(scale, smallest), largest) : 1;
  });
}

/**
 * Diagonal metrics that minimise the Fisher divergence between the density of the rescaled draws and a standard normal:
 * M⁻¹ᵢ = √(Var qᵢ / Var ∂ᵢ log p) (Seyboldt, Carlson & Carpenter 2024, section 3.1). A normal density has
 * Var ∂ᵢ log p = 1 / Var qᵢ, so that a few draws tell the scale that variances alone tell by hundreds.
 */
export function gradientDiagonalFamily(dim: number): MetricFamily {
  const welford = welfordVariance(dim);
  return {
    ...diagonalFamily(dim),
    estimator: (state) =>
      startEstimate<State>(
        {
          init: () => ({ draws: welford.init(), gradients: welford.init() }),
          update: ({ draws, gradients }, position, gradient) => ({
            draws: welford.update(draws, position),
            gradients: welford.update(gradients, gradient),
          }),
          final: ({ draws, gradients }) =>
            diagonalMetric(fisherScale(welford.final(draws), welford.final(gradients))),
        },
        state,
      ),
  };
}
