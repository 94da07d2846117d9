/** Step-size adaptation by dual averaging (Nesterov 2009; Hoffman & Gelman 2014, algorithm 5). */

export interface DualAveragingState {
  readonly count: number;
  /** Shrinkage point of log ε: log(10 ε₀). */
  readonly mu: number;
  /** Running mean of target − acceptance (H̄ of the paper). */
  readonly error: number;
  readonly logStepSize: number;
  /** Weighted average of the iterates (log ε̄). */
  readonly logAverage: number;
}

export interface DualAveragingOptions {
  /** δ. Default 0.8 (Stan). */
  readonly targetAcceptProb?: number;
  /** γ = 0.05, κ = 0.75, t₀ = 10: Hoffman & Gelman (2014), section 3.2.1. */
  readonly gamma?: number;
  readonly kappa?: number;
  readonly t0?: number;
}

export interface DualAveraging {
  init(stepSize: number): DualAveragingState;
  update(state: DualAveragingState, acceptProb: number): DualAveragingState;
  /** The averaged step size, to sample with. */
  final(state: DualAveragingState): number;
}

/** Drives the mean acceptance probability to a target by changing log ε. */
export function dualAveraging(options: DualAveragingOptions = {}): DualAveraging {
  const { targetAcceptProb = 0.8, gamma = 0.05, kappa = 0.75, t0 = 10 } = options;
  return {
    init: (stepSize) => ({
      count: 0,
      mu: Math.log(10 * stepSize),
      error: 0,
      logStepSize: Math.log(stepSize),
      logAverage: 0,
    }),
    update(state, acceptProb) {
      const count = state.count + 1;
      const forget = 1 / (count + t0);
      const error = (1 - forget) * state.error + forget * (targetAcceptProb - acceptProb);
      const logStepSize = state.mu - (error * Math.sqrt(count)) / gamma;
      const weight = count ** -kappa;
      return {
        ...state,
        count,
        error,
        logStepSize,
        logAverage: weight * logStepSize + (1 - weight) * state.logAverage,
      };
    },
    final: (state) => Math.exp(state.count === 0 ? state.logStepSize : state.logAverage),
  };
}
