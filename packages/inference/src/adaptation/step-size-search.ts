/** A first guess of the step size. */
import { McmcError } from '../errors';
import type { Metric } from '../metrics/metric';
import { leapfrog } from '../integrators/leapfrog';
import { allocatePoint, energyOf, setState, type HmcState } from '../integrators/phase-point';
import type { LogDensity } from '../log-density/log-density';
import type { RandomSource } from '../random/random-source';

/** Acceptance of one step that the guess brackets (Stan). */
const threshold = Math.log(0.8);
const largest = 1e7;
const smallest = 1e-300;

/**
 * Doubles or halves a step size until the acceptance probability of one leapfrog step, with a fresh momentum each
 * time, crosses 0.8 (Hoffman & Gelman 2014, algorithm 4, with Stan's threshold).
 * @returns the first step size on the other side of the threshold
 * @throws {McmcError} above 10⁷ (the density is flat as far as one can see: improper) or below 10⁻³⁰⁰
 */
export function findReasonableStepSize(
  target: LogDensity,
  state: HmcState,
  metric: Metric,
  stepSize: number,
  random: RandomSource,
): number {
  const point = allocatePoint(target.dim);
  const isGood = (size: number): boolean => {
    setState(point, state);
    metric.sampleMomentum(random, point.momentum);
    metric.velocity(point.momentum, point.velocity);
    const before = energyOf(point);
    leapfrog(target, metric, point, size);
    return before - energyOf(point) > threshold;
  };
  const grow = isGood(stepSize);
  let size = stepSize;
  do {
    size *= grow ? 2 : 0.5;
    if (size > largest || size < smallest) throw outOfRange(size);
  } while (isGood(size) === grow);
  return size;
}

function outOfRange(size: number): McmcError {
  return size > 1
    ? new McmcError(
        'step size search: steps of 1e7 still conserve the energy; the posterior is flat in all directions.\n' +
          '  Fix: give the latent sites proper priors, or check that the data enter the model.',
      )
    : new McmcError(
        'step size search: no step is small enough; the gradient is not that of the log density here, or not finite.\n' +
          '  Fix: check the model for kinks and overflow, or start elsewhere (initStrategy, initParams).',
      );
}
