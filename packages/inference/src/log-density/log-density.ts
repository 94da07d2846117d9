/** The only thing a gradient-based sampler sees of a model. */

/**
 * A log density on ℝ^dim, known up to a constant. It comes from a model (`makeLogDensity`) or from the user.
 */
export interface LogDensity {
  readonly dim: number;
  /**
   * Log density at q in nats; −Infinity or NaN outside its domain. Writes its gradient into `grad`.
   * @param q [dim], not to be kept or changed
   * @param grad [dim], overwritten
   */
  valueAndGrad(q: Float64Array, grad: Float64Array): number;
}
