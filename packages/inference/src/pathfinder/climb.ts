/** The path of L-BFGS up a log density (Nocedal 1980). */
import { dot } from '../integrators/dot';
import { initState, type HmcState } from '../integrators/phase-point';
import type { LogDensity } from '../log-density/log-density';
import { InverseHessian } from './inverse-hessian';

/** A point of the path, with what its last steps tell of the curvature there. */
export interface PathPoint {
  readonly state: HmcState;
  /** Changed by the next step. */
  readonly inverseHessian: InverseHessian;
}

const maxHalvings = 30;
/** Part of the rise that the gradient promises (Armijo). */
const leastRise = 1e-4;
/** Nats: the path ends where steps win less. The log density of draws varies by some √dim. */
const tolerance = 1e-3;

/** At most so many steps up, each by a line search; ends at a maximum, or where no step leads up. */
export function* climb(
  target: LogDensity,
  start: Float64Array,
  maxSteps: number,
): Generator<PathPoint, void, undefined> {
  const inverseHessian = new InverseHessian(target.dim);
  let state = initState(target, start);
  for (let i = 0; i < maxSteps; i++) {
    const direction = inverseHessian.times(state.gradient);
    // Nothing is known of the scales at first: the first step is not longer than 1.
    const longest = i === 0 ? 1 / Math.max(1, Math.sqrt(dot(direction, direction))) : 1;
    const next = searchLine(target, state, direction, longest);
    if (next === undefined) return;
    const { position, gradient, logDensity } = state;
    inverseHessian.update(
      next.position.map((q, k) => q - position[k]),
      next.gradient.map((g, k) => gradient[k] - g),
    );
    state = next;
    yield { state, inverseHessian };
    if (next.logDensity - logDensity < tolerance) return;
  }
}

/** The first of length, length/2, … with a finite gradient and a rise. */
function searchLine(
  target: LogDensity,
  { position, gradient, logDensity }: HmcState,
  direction: Float64Array,
  longest: number,
): HmcState | undefined {
  const slope = dot(direction, gradient);
  if (!(slope > 0)) return undefined;
  for (let length = longest, halvings = 0; halvings < maxHalvings; length /= 2, halvings++) {
    const reached = initState(
      target,
      position.map((q, i) => q + length * direction[i]),
    );
    const rises = reached.logDensity >= logDensity + leastRise * length * slope;
    if (rises && reached.logDensity < Infinity && reached.gradient.every(Number.isFinite)) return reached;
  }
  return undefined;
}
