/** From a random start to the neighbourhood of the posterior. */
import type { LogDensity } from '../log-density/log-density';
import { climb } from '../pathfinder/climb';

/** Most steps: 2 to 15 are usual. */
const maxSteps = 1000;
/** Nats that the log density of draws varies by in passing, beside one for each coordinate. */
const usual = 10;

/**
 * Climbs (L-BFGS) as long as a step wins more than the draws of a posterior differ by: dim + 10 nats. That is far from the
 * mode, so starts stay as dispersed as draws and in their own basins; but the warm-up does not begin where the density is
 * e^(−10⁹⁹) of that of draws and the chain would need hundreds of tiny steps, from which nothing can be learned of the posterior.
 * @param start [dim], of finite density and gradient
 * @returns [dim], of finite density and gradient
 */
export function approach(target: LogDensity, start: Float64Array): Float64Array {
  let position = start;
  let logDensity = target.valueAndGrad(start, new Float64Array(target.dim));
  for (const { state } of climb(target, start, maxSteps)) {
    const rise = state.logDensity - logDensity;
    ({ position, logDensity } = state);
    if (rise < target.dim + usual) break;
  }
  return position;
}
