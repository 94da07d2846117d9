/** What is counted along a trajectory. */
import { portableExp } from '@pyro-ts/ops';

/** A trajectory whose energy rises by more has diverged, nats (Stan, and Δ_max of Hoffman & Gelman 2014). */
export const maxEnergyChange = 1000;

/** Weights are rescaled before one exceeds e^500: sums of them stay far from overflow. */
export const maxLogWeight = 500;

/**
 * Acceptance, divergence and weights of the points reached in a transition. The weight of a point is
 * exp(energy of the start − its energy − shift). The shift is 0 but where the energy falls by hundreds of nats, which
 * only happens far outside the bulk of the density; there all weights are rescaled. One exponential a point and no
 * logarithm: that of `ops`, so that every engine accepts alike.
 */
export class TrajectoryStatistics {
  leaves = 0;
  acceptSum = 0;
  diverging = false;
  /** Sums of weights over the whole trajectory, the start included, and over the subtree that is growing. */
  treeWeight = 1;
  subtreeWeight = 0;
  private shift = 0;

  constructor(readonly initialEnergy: number) {}

  /** Counts a leaf; returns its weight, or undefined if the trajectory has diverged there. */
  add(energy: number): number | undefined {
    const change = energy - this.initialEnergy;
    this.leaves++;
    // Not finite: outside the domain, or overflow.
    if (!Number.isFinite(change) || change > maxEnergyChange) {
      this.diverging = true;
      return undefined;
    }
    if (-change - this.shift > maxLogWeight) this.rescale(-change);
    const weight = portableExp(-change - this.shift);
    this.acceptSum += change <= 0 ? 1 : this.shift === 0 ? weight : portableExp(-change);
    return weight;
  }

  private rescale(shift: number): void {
    const factor = portableExp(this.shift - shift);
    this.treeWeight *= factor;
    this.subtreeWeight *= factor;
    this.shift = shift;
  }
}
