/** A point of phase space with what the integrator knows about it. */
import type { LogDensity } from '../log-density/log-density';
import type { Metric } from '../metrics/metric';
import { dot } from './dot';

/** Where a transition starts and ends: readonly, kept by the caller. */
export interface HmcState {
  readonly position: Float64Array;
  /** Log density at the position, nats. */
  readonly logDensity: number;
  readonly gradient: Float64Array;
}

/** What the adaptation tunes. */
export interface HmcParameters {
  readonly stepSize: number;
  readonly metric: Metric;
}

/** A mutable point that the integrator moves in place; lives inside one transition. */
export interface PhasePoint {
  readonly position: Float64Array;
  readonly momentum: Float64Array;
  readonly gradient: Float64Array;
  /** M⁻¹ momentum. */
  readonly velocity: Float64Array;
  logDensity: number;
}

/** A point at the origin, to be filled. */
export function allocatePoint(dim: number): PhasePoint {
  const vector = (): Float64Array => new Float64Array(dim);
  return { position: vector(), momentum: vector(), gradient: vector(), velocity: vector(), logDensity: NaN };
}

/** Copies all but the momentum and its velocity. */
export function setState(point: PhasePoint, state: HmcState): void {
  point.position.set(state.position);
  point.gradient.set(state.gradient);
  point.logDensity = state.logDensity;
}

/** Copies everything. */
export function copyPoint(from: PhasePoint, to: PhasePoint): void {
  setState(to, from);
  to.momentum.set(from.momentum);
  to.velocity.set(from.velocity);
}

/** A readonly copy of position, density and gradient. */
export function takeState(point: PhasePoint): HmcState {
  return {
    position: point.position.slice(),
    gradient: point.gradient.slice(),
    logDensity: point.logDensity,
  };
}

/** Hamiltonian −log density + ½ pᵀ M⁻¹ p, nats. */
export function energyOf({ momentum, velocity, logDensity }: PhasePoint): number {
  return dot(momentum, velocity) / 2 - logDensity;
}

/** Evaluates the log density where a chain starts. */
export function initState(target: LogDensity, position: Float64Array): HmcState {
  const gradient = new Float64Array(target.dim);
  const kept = position.slice();
  return { position: kept, logDensity: target.valueAndGrad(kept, gradient), gradient };
}
