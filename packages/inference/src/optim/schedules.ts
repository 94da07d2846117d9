/** Learning rates that change with the step (0, 1, 2, …). Any function of the step is a schedule too. */

export type Schedule = (step: number) => number;

/** The same rate always. */
export const constant =
  (rate: number): Schedule =>
  () =>
    rate;

/** initial · decayRate^(step / decaySteps); in whole powers if `staircase`; never below `minimum`. */
export const exponentialDecay =
  (options: {
    initial: number;
    decayRate: number;
    decaySteps: number;
    staircase?: boolean;
    minimum?: number;
  }): Schedule =>
  (step) => {
    const periods = step / options.decaySteps;
    const power = options.staircase === true ? Math.floor(periods) : periods;
    return Math.max(options.minimum ?? 0, options.initial * options.decayRate ** power);
  };

/** From `initial` to `final` (default 0) along half a cosine over `steps`, then constant. Source: Loshchilov & Hutter (2017). */
export const cosineDecay =
  ({ initial, steps, final = 0 }: { initial: number; steps: number; final?: number }): Schedule =>
  (step) =>
    final + (initial - final) * 0.5 * (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps));

/** rates[0] before boundaries[0], rates[1] before boundaries[1], …; the last rate from the last boundary on. */
export const piecewise = (boundaries: readonly number[], rates: readonly number[]): Schedule => {
  if (rates.length !== boundaries.length + 1) {
    throw new RangeError(
      `piecewise: ${boundaries.length} boundaries need ${boundaries.length + 1} rates; got ${rates.length}.\n` +
        '  Fix: give one rate more than boundaries.',
    );
  }
  return (step) => rates[boundaries.filter((boundary) => step >= boundary).length];
};

/** Rises linearly from 0 over `steps`, then follows `then`, which starts at its own step 0. */
export const warmup =
  (steps: number, then: { readonly peak: number; readonly after?: Schedule }): Schedule =>
  (step) =>
    step < steps ? (then.peak * (step + 1)) / steps : (then.after?.(step - steps) ?? then.peak);
