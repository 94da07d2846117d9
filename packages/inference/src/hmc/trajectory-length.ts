/** How long a trajectory of HMC is. */

export interface HmcOptions {
  /** Length in time; the number of steps is its quotient by the step size, rounded down, at least 1. Default 2π. */
  readonly trajectoryLength?: number;
  /** A fixed number of leapfrog steps instead. */
  readonly numSteps?: number;
  /** No trajectory takes more steps, however small they are. Default 1023, as NUTS at tree depth 10. */
  readonly maxSteps?: number;
}

/** Leapfrog steps of a trajectory. */
export function leapfrogSteps(options: HmcOptions, stepSize: number): number {
  const { trajectoryLength = 2 * Math.PI, numSteps, maxSteps = 1023 } = options;
  const wanted = numSteps ?? Math.max(1, Math.floor(trajectoryLength / stepSize));
  return Math.min(wanted, maxSteps);
}
