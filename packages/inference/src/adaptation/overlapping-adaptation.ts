/** nutpie's warm-up: the metric is renewed after every draw, from windows that overlap. */
import type { HmcParameters } from '../integrators/phase-point';
import type { MetricEstimate, MetricFamily } from '../metrics/metric';
import type { PlainData } from '../plain-data';
import { dualAveraging, type DualAveragingState } from './dual-averaging';
import type { AdaptationOptions, AdaptationState, WindowAdaptation } from './window-adaptation';

/** Sizes of nutpie 0.16 (nuts-rs, `EuclideanAdaptOptions`). */
const earlyShare = 0.3;
const stepSizeShare = 0.15;
const earlySwitch = 10;
const lateSwitch = 80;
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
  /** Whether the metric is still the one that the chain began with. */
  readonly isInitial: boolean;
}

interface Saved {
  readonly iteration: number;
  readonly averaging: DualAveragingState;
  readonly estimate: PlainData;
  readonly count: number;
  readonly next: PlainData;
  readonly nextCount: number;
  readonly isInitial: boolean;
  readonly stepSize: number;
  readonly metric: PlainData;
}

/**
 * Two estimates of the metric run side by side. The older is in use, anew after every draw; when the younger has 10
 * draws (in the first 30 % of the warm-up) or 80, it takes over and another begins: draws from before the chain found
 * the posterior are soon forgotten, and there is always an estimate. In the last 15 % the metric stays. The step size is
 * searched for at the start and when the first estimate comes, and averaged throughout (Seyboldt, Carlson & Carpenter
 * 2024, section 4).
 */
export function overlappingAdaptation(
  family: MetricFamily,
  options: AdaptationOptions,
): WindowAdaptation<OverlappingState> {
  const { numWarmup, targetAcceptProb = 0.8, adaptStepSize = true, adaptMassMatrix = true } = options;
  const averager = dualAveraging({ targetAcceptProb });
  const early = Math.ceil(earlyShare * numWarmup);
  const last = adaptMassMatrix ? numWarmup - Math.ceil(stepSizeShare * numWarmup) : 0;
  const empty = (): Counted => ({ count: 0, estimate: family.estimator() });
  return {
    init({ metric, stepSize }, search) {
      const found = adaptStepSize ? search(metric, stepSize) : stepSize;
      const { estimate, count } = empty();
      return {
        iteration: 0,
        averaging: averager.init(found),
        estimate,
        count,
        next: empty(),
        isInitial: true,
        parameters: { metric, stepSize: found },
      };
    },
    update(state, { position, gradient }, acceptProb, search) {
      const { iteration } = state;
      const averaging = adaptStepSize ? averager.update(state.averaging, acceptProb) : state.averaging;
      const stepSize = adaptStepSize ? Math.exp(averaging.logStepSize) : state.parameters.stepSize;
      const stepped = {
        ...state,
        iteration: iteration + 1,
        averaging,
        parameters: { ...state.parameters, stepSize },
      };
      if (iteration >= last) return stepped;
      const added = ({ count, estimate }: Counted): Counted => ({
        count: count + 1,
        estimate: estimate.add(position, gradient),
      });
      const enough = iteration < early ? earlySwitch : lateSwitch;
      const younger = added(state.next);
      // A switch so late that the next estimate would stay small does not pay.
      const switches = younger.count >= enough && iteration + enough <= last;
      const current = switches ? younger : added(state);
      const renewed = { ...stepped, ...current, next: switches ? empty() : younger };
      if (current.count < fewest || !(switches || family.isCheap)) return renewed;
      const metric = current.estimate.metric();
      const parameters: HmcParameters = { metric, stepSize };
      if (!state.isInitial || !adaptStepSize) return { ...renewed, isInitial: false, parameters };
      const found = search(metric, stepSize);
      return {
        ...renewed,
        isInitial: false,
        averaging: averager.init(found),
        parameters: { metric, stepSize: found },
      };
    },
    final: ({ averaging, parameters }) => ({
      metric: parameters.metric,
      stepSize: adaptStepSize ? averager.final(averaging) : parameters.stepSize,
    }),
    save: ({ iteration, averaging, estimate, count, next, isInitial, parameters }) => ({
      iteration,
      averaging: { ...averaging },
      estimate: estimate.state,
      count,
      next: next.estimate.state,
      nextCount: next.count,
      isInitial,
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
