/** nutpie's warm-up: the metric is renewed all the time, from windows that overlap. */
import type { MetricEstimate, MetricFamily } from '../metrics/metric';
import type { PlainData } from '../plain-data';
import {
  addTrajectory,
  carefulTarget,
  noTrajectories,
  needSmallerSteps,
  type TrajectoryCounts,
} from './acceptance-target';
import { dualAveraging, type DualAveraging, type DualAveragingState } from './dual-averaging';
import type {
  AdaptationInfo,
  AdaptationOptions,
  AdaptationState,
  StepSizeSearch,
  WindowAdaptation,
} from './window-adaptation';

/** Share of the warm-up that adapts the step size alone (nuts-rs 0.16, `EuclideanAdaptOptions`). */
const stepSizeShare = 0.15;
/** Draws of the first window, and how much longer each is than the one before. */
const firstWindow = 10;
const growth = 1.5;
/** Draws from which a first estimate is made. */
const fewest = 3;
/** An estimate and how many draws are in it. */
interface Counted {
  readonly count: number;
  readonly estimate: MetricEstimate;
}

export interface OverlappingState extends AdaptationState {
  readonly count: number;
  /** Takes the place of the estimate in use when it has enough draws; begins after the draws of that one. */
  readonly next: Counted;
  /** Draws that the next estimate needs. */
  readonly window: number;
  /** Whether the metric is still the one that the chain began with. */
  readonly isInitial: boolean;
  /** Acceptance probability that the step size is adapted to. */
  readonly target: number;
  /** Of the last draws that the metric is estimated from. */
  readonly trajectories: TrajectoryCounts;
}

interface Saved {
  readonly iteration: number;
  readonly averaging: DualAveragingState;
  readonly estimate: PlainData;
  readonly count: number;
  readonly next: PlainData;
  readonly nextCount: number;
  readonly window: number;
  readonly isInitial: boolean;
  readonly target: number;
  readonly trajectories: TrajectoryCounts;
  readonly stepSize: number;
  readonly metric: PlainData;
}

/**
 * Two estimates of the metric run side by side. The older is in use, anew after every draw (where it is costly, when it takes
 * over and after the last); when the younger has 10 draws, later 15, 23, 35, …, it takes over and another begins: draws from
 * before the chain found the posterior are soon forgotten, and there is always an estimate. In the last 15 % the metric
 * stays. The step size is searched for at the start and when the first estimate comes, and averaged throughout (Seyboldt,
 * Carlson & Carpenter 2024, section 4).
 *
 * Unlike theirs, the step size is adapted to an acceptance probability of 0.9 where the draws are far from normal (then it is
 * searched for anew), and in the last 15 % where smaller steps cost no more, or many trajectories diverged.
 */
export function overlappingAdaptation(
  family: MetricFamily,
  options: AdaptationOptions,
): WindowAdaptation<OverlappingState> {
  const { numWarmup, targetAcceptProb = 0.8, adaptStepSize = true, adaptMassMatrix = true } = options;
  const averager = (target: number): DualAveraging => dualAveraging({ targetAcceptProb: target });
  const careful = Math.max(targetAcceptProb, carefulTarget);
  const lastShare = Math.ceil(stepSizeShare * numWarmup);
  const last = adaptMassMatrix ? numWarmup - lastShare : 0;
  const empty = (): Counted => ({ count: 0, estimate: family.estimator() });

  /** Step size and what is counted, for a transition made; the metric as it was. */
  const stepped = (state: OverlappingState, info: AdaptationInfo): OverlappingState => {
    const { iteration } = state;
    const counts = iteration >= last - lastShare && iteration < last;
    const trajectories = counts ? addTrajectory(state.trajectories, info) : state.trajectories;
    const target = iteration === last && needSmallerSteps(trajectories) ? careful : state.target;
    const averaging = adaptStepSize
      ? averager(target).update(state.averaging, info.acceptProb)
      : state.averaging;
    const stepSize = adaptStepSize ? Math.exp(averaging.logStepSize) : state.parameters.stepSize;
    const parameters = { ...state.parameters, stepSize };
    return { ...state, iteration: iteration + 1, averaging, target, trajectories, parameters };
  };

  /** The current estimate becomes the metric. */
  const renewed = (state: OverlappingState, search: StepSizeSearch): OverlappingState => {
    const metric = state.estimate.metric();
    const target = metric.isFarFromNormal === true ? careful : targetAcceptProb;
    const { stepSize } = state.parameters;
    const isOther = state.isInitial || target !== state.target;
    const next = { ...state, isInitial: false, target, parameters: { metric, stepSize } };
    if (!isOther || !adaptStepSize) return next;
    const found = search(metric, stepSize);
    return {
      ...next,
      averaging: averager(target).init(found),
      trajectories: noTrajectories,
      parameters: { metric, stepSize: found },
    };
  };

  return {
    init({ metric, stepSize }, search) {
      const found = adaptStepSize ? search(metric, stepSize) : stepSize;
      return {
        iteration: 0,
        averaging: averager(targetAcceptProb).init(found),
        ...empty(),
        next: empty(),
        window: firstWindow,
        isInitial: true,
        target: targetAcceptProb,
        trajectories: noTrajectories,
        parameters: { metric, stepSize: found },
      };
    },
    update(state, { position, gradient }, info, search) {
      const { iteration } = state;
      const moved = stepped(state, info);
      if (iteration >= last) return moved;
      const added = ({ count, estimate }: Counted): Counted => ({
        count: count + 1,
        estimate: estimate.add(position, gradient),
      });
      const { window } = state;
      const younger = added(state.next);
      // A switch so late that the next estimate would stay small does not pay.
      const switches = younger.count >= window && iteration + growth * window <= last;
      const current = switches ? younger : added(state);
      const grown = {
        ...moved,
        ...current,
        next: switches ? empty() : younger,
        window: switches ? Math.ceil(growth * window) : window,
      };
      const isDue = switches || family.isCheap || iteration === last - 1;
      return isDue && current.count >= fewest ? renewed(grown, search) : grown;
    },
    final: ({ averaging, target, parameters }) => ({
      metric: parameters.metric,
      stepSize: adaptStepSize ? averager(target).final(averaging) : parameters.stepSize,
    }),
    save: ({ estimate, next, averaging, trajectories, parameters, ...rest }) => ({
      ...rest,
      averaging: { ...averaging },
      trajectories: { ...trajectories },
      estimate: estimate.state,
      next: next.estimate.state,
      nextCount: next.count,
      stepSize: parameters.stepSize,
      metric: parameters.metric.saved,
    }),
    restore(saved) {
      const { estimate, next, nextCount, stepSize, metric, ...rest } = saved as unknown as Saved;
      return {
        ...rest,
        estimate: family.estimator(estimate),
        next: { count: nextCount, estimate: family.estimator(next) },
        parameters: { stepSize, metric: family.restore(metric) },
      };
    },
  };
}
