/** What is counted along a trajectory. */

/** A trajectory whose energy rises by more has diverged, nats (Stan, and Δ_max of Hoffman & Gelman 2014). */
export const maxEnergyChange = 1000;

/** Acceptance and divergence over the points reached in a transition. */
export class TrajectoryStatistics {
  leaves = 0;
  acceptSum = 0;
  diverging = false;

  constructor(readonly initialEnergy: number) {}

  /** Counts a leaf; returns its log weight, or undefined if the trajectory has diverged there. */
  add(energy: number): number | undefined {
    const change = energy - this.initialEnergy;
    this.leaves++;
    // Not finite: outside the domain, or overflow.
    if (!Number.isFinite(change) || change > maxEnergyChange) {
      this.diverging = true;
      return undefined;
    }
    this.acceptSum += Math.min(1, Math.exp(-change));
    return -change;
  }
}
