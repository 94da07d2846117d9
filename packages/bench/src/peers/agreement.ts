/** Whether a peer sampled the same posterior. */
import type { Measured } from './figures';

/** Relative to the larger of the two differences of log densities. */
const densityTolerance = 1e-8;
/** In combined Monte Carlo errors; as in `npm run posteriordb`. */
const zLimit = 4;

/** What does not agree, in words; empty if all does. */
export function disagreements(ours: Measured, peer: Measured, ourLogJoints: readonly number[]): string[] {
  const difference = ([a, b]: readonly number[]): number => b - a;
  const [expected, actual] = [difference(ourLogJoints), difference(peer.logJoints)];
  const found: string[] = [];
  if (!(Math.abs(actual - expected) <= densityTolerance * Math.max(1, Math.abs(expected))))
    found.push(`log density differs by ${actual} between the points, ours by ${expected}`);
  const z = peer.means.map(({ scalar, mean, mcse }) => {
    const own = ours.means.find((entry) => entry.scalar === scalar);
    return { scalar, z: own === undefined ? NaN : (mean - own.mean) / Math.hypot(mcse, own.mcse) };
  });
  const off = z.filter((entry) => !(Math.abs(entry.z) <= zLimit));
  if (off.length > 0) {
    const worst = off.reduce((a, b) => (Math.abs(b.z) > Math.abs(a.z) ? b : a));
    found.push(`${off.length} of ${z.length} means off, ${worst.scalar} by ${worst.z.toFixed(1)} MCSE`);
  }
  return found;
}

/** Chains that have not met are no measure of anything. */
export function unmixed({ figures }: Measured): string[] {
  return figures.max_rhat < 1.05 ? [] : [`R-hat ${figures.max_rhat.toFixed(2)}`];
}
