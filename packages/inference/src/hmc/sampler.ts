/** The shape of a sampler: pure functions on readonly state. */
import type { HmcParameters, HmcState } from '../integrators/phase-point';
import type { RandomAddress, RandomSource } from '../random/random-source';

/** Diagnostics of one transition. */
export interface TransitionInfo {
  /** Mean Metropolis acceptance probability over the points of the trajectory (of its end, for HMC). */
  readonly acceptProb: number;
  /** Hamiltonian of the draw with its momentum, nats. */
  readonly energy: number;
  /** −log density of the draw on the unconstrained space, nats. */
  readonly potentialEnergy: number;
  /** Gradient evaluations. */
  readonly numSteps: number;
  /** Whole doublings of the trajectory; 0 for HMC. */
  readonly treeDepth: number;
  readonly diverging: boolean;
}

export interface Transition {
  readonly state: HmcState;
  readonly info: TransitionInfo;
}

/**
 * A Markov kernel that leaves the target invariant for any fixed parameters. `step` depends on nothing but its
 * arguments, and changes none of them but the random source.
 */
export interface Sampler {
  init(position: Float64Array): HmcState;
  step(random: RandomSource, state: HmcState, parameters: HmcParameters): Transition;
  /**
   * Transitions one after the other, each the one that `step` would make, until `visit` returns false. Samplers without
   * it, and those that return undefined (before any transition), are to be stepped.
   * @param first address of the random numbers of the first transition; its last word, the iteration, counts up
   * @param visit is given one object again and again, overwritten by the next transition: copy what is to be kept
   * @returns where the last one ended
   */
  advance?(
    first: RandomAddress,
    state: HmcState,
    parameters: HmcParameters,
    visit: (transition: Transition) => boolean,
  ): HmcState | undefined;
}
