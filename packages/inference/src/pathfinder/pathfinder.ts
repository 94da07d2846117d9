/** Pathfinder: a start from the best normal approximation along the path of an optimiser. */
import type { LogDensity } from '../log-density/log-density';
import type { RandomSource } from '../random/random-source';
import { climb, type PathPoint } from './climb';

const maxSteps = 100;
/** Draws that the evidence lower bound of an approximation is estimated from: K of Zhang et al. */
const numDraws = 5;

/**
 * Single-path Pathfinder (Zhang, Carpenter, Gelman & Vehtari 2022): L-BFGS climbs from a point; each point of its path gives
 * the approximation N(q + H ∇log p(q), H) by its inverse Hessian H; the start is a draw of the one with the greatest evidence
 * lower bound. Not the mode: that lies far from the draws in high dimensions, and at infinite density in some hierarchies.
 * @param start [dim], of finite density and gradient
 * @returns [dim], of finite density and gradient; the start itself if the path has no usable approximation
 */
export function pathfinder(target: LogDensity, start: Float64Array, random: RandomSource): Float64Array {
  const gradient = new Float64Array(target.dim);
  let best = { elbo: -Infinity, draw: start };
  for (const point of climb(target, start, maxSteps)) {
    const elbo = lowerBound(target, point, random);
    if (!(elbo > best.elbo)) continue;
    // A fresh one: those that the bound was estimated from lie where it came out too high.
    const draw = drawAt(point, random);
    const isUsable = Number.isFinite(target.valueAndGrad(draw, gradient)) && gradient.every(Number.isFinite);
    if (isUsable) best = { elbo, draw };
  }
  return best.draw;
}

/** A draw of N(q + H ∇log p(q), H). */
function drawAt({ state, inverseHessian }: PathPoint, random: RandomSource): Float64Array {
  const newton = inverseHessian.times(state.gradient);
  return inverseHessian.draw(random).map((x, i) => state.position[i] + newton[i] + x);
}

/** The evidence lower bound of the approximation at a point, up to a constant; the entropy of a normal is ½ log |H|. */
function lowerBound(target: LogDensity, point: PathPoint, random: RandomSource): number {
  const gradient = new Float64Array(target.dim);
  let sum = 0;
  for (let k = 0; k < numDraws; k++) sum += target.valueAndGrad(drawAt(point, random), gradient);
  return sum / numDraws + point.inverseHessian.logDeterminant() / 2;
}
