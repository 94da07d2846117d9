/** Which acceptance probability the step size is adapted to: the one that was asked for, or a higher one where that pays. */
import type { AdaptationInfo } from './window-adaptation';

/** Where steps are to be smaller than usual. */
export const carefulTarget = 0.9;

/** Shares of long trajectories between which smaller steps pay, and from which on nearly all are long anyway. */
const [many, nearlyAll] = [0.5, 0.9];
/** Share of diverging trajectories from which on smaller steps are needed. */
const tooManyDiverging = 0.02;

/** What is counted of trajectories made at about the final step size. */
export interface TrajectoryCounts {
  readonly count: number;
  readonly steps: number;
  readonly diverging: number;
}

export const noTrajectories: TrajectoryCounts = { count: 0, steps: 0, diverging: 0 };

/** Counts a trajectory; those of fixed length (HMC) do not count. */
export const addTrajectory = (
  counts: TrajectoryCounts,
  { numSteps, treeDepth, diverging }: AdaptationInfo,
): TrajectoryCounts =>
  treeDepth === 0 && !diverging
    ? counts
    : {
        count: counts.count + 1,
        steps: counts.steps + numSteps,
        diverging: counts.diverging + Number(diverging),
      };

/** Whether many trajectories diverge, or smaller steps cost no more. */
export const needSmallerSteps = (counts: TrajectoryCounts): boolean =>
  counts.diverging > tooManyDiverging * counts.count || smallerStepsPay(counts);

/**
 * Trajectories of NUTS have 2ᵏ − 1 steps: where k is now one number, now the next, and the greater one more often, steps
 * that make it the rule cost few gradients more, conserve the energy better, and no trajectory stops half an orbit short. On
 * the models of `bench:warmup` that do so (ten coordinates, whitened: steps of 0.8, trajectories of 3 or 7) a gradient is worth
 * 1.2 times as many draws.
 */
function smallerStepsPay({ count, steps }: TrajectoryCounts): boolean {
  if (count === 0) return false;
  const mean = steps / count;
  const short = 2 ** Math.floor(Math.log2(mean + 1)) - 1;
  const shareOfLong = (mean - short) / (short + 1);
  return shareOfLong > many && shareOfLong < nearlyAll;
}
