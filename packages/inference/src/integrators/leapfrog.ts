/** The leapfrog (velocity Verlet) integrator. */
import type { LogDensity } from '../log-density/log-density';
import type { Metric } from '../metrics/metric';
import type { PhasePoint } from './phase-point';

/**
 * Moves a point by one step in place: half a step of momentum, a step of position, half a step of momentum. Volume
 * preserving and reversible; the error of the energy is O(stepSize²) over a fixed time (Neal 2011, section 2.3).
 * @param stepSize negative to go back in time
 */
export function leapfrog(target: LogDensity, metric: Metric, point: PhasePoint, stepSize: number): void {
  const { position, momentum, gradient, velocity } = point;
  const half = stepSize / 2;
  for (let i = 0; i < momentum.length; i++) momentum[i] += half * gradient[i];
  metric.velocity(momentum, velocity);
  for (let i = 0; i < position.length; i++) position[i] += stepSize * velocity[i];
  point.logDensity = target.valueAndGrad(position, gradient);
  for (let i = 0; i < momentum.length; i++) momentum[i] += half * gradient[i];
  metric.velocity(momentum, velocity);
}
