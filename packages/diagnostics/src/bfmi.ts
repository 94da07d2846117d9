/** Energy diagnostics of Hamiltonian samplers. */
import { mean, variance } from './moments';

/**
 * Estimated Bayesian fraction of missing information of one chain (Betancourt 2016): mean squared change of the
 * energy from draw to draw over its variance. Below 0.3 the momentum resampling explores the energies too slowly.
 * @param energy Hamiltonian at each draw, nats
 */
export function bfmi(energy: ArrayLike<number>): number {
  const squares = new Float64Array(Math.max(energy.length - 1, 0));
  for (let i = 0; i < squares.length; i++) squares[i] = (energy[i + 1] - energy[i]) ** 2;
  return mean(squares) / variance(energy);
}
