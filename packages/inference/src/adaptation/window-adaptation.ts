/** Stan's warm-up: step size and metric, in windows. */
import type { HmcParameters, HmcState } from '../integrators/phase-point';
import type { Metric, MetricEstimate, MetricFamily } from '../metrics/metric';
import type { PlainData } from '../plain-data';
import type { TransitionInfo } from '../hmc/sampler';
import { dualAveraging, type DualAveragingState } from './dual-averaging';
import { warmupWindows } from './windows';

export interface AdaptationOptions {
  readonly numWarmup: number;
  readonly targetAcceptProb?: number;
  /** Default true. */
  readonly adaptStepSize?: boolean;
  /** Default true. */
  readonly adaptMassMatrix?: boolean;
}

export interface AdaptationState {
  readonly iteration: number;
  readonly averaging: DualAveragingState;
  readonly estimate: MetricEstimate;
  readonly parameters: HmcParameters;
}

/** Position and gradient of the log density there. */
export type ReachedPoint = Pick<HmcState, 'position' | 'gradient'>;

/** What the adaptation looks at of a transition. */
export type AdaptationInfo = Pick<TransitionInfo, 'acceptProb' | 'numSteps' | 'treeDepth' | 'diverging'>;

/** Finds a step size for a metric, starting from a guess. */
export type StepSizeSearch = (metric: Metric, stepSize: number) => number;

export interface WindowAdaptation<State extends AdaptationState = AdaptationState> {
  init(parameters: HmcParameters, search: StepSizeSearch): State;
  /** After each warm-up transition: where it ended, and how it went. */
  update(state: State, reached: ReachedPoint, info: AdaptationInfo, search: StepSizeSearch): State;
  /** What to sample with. */
  final(state: State): HmcParameters;
  /** The state as data that a worker or a file can carry, and back, bit for bit. */
  save(state: State): PlainData;
  restore(saved: PlainData): State;
}

/** What `save` makes of a state. */
interface SavedAdaptation {
  readonly iteration: number;
  readonly averaging: DualAveragingState;
  readonly estimate: PlainData;
  readonly stepSize: number;
  readonly metric: PlainData;
}

/**
 * Dual averaging of the step size in every iteration; in the windows of `warmupWindows` an estimate of the metric,
 * after which the step size is searched for anew and its averaging restarts.
 */
export function windowAdaptation(family: MetricFamily, options: AdaptationOptions): WindowAdaptation {
  const { numWarmup, targetAcceptProb = 0.8, adaptStepSize = true, adaptMassMatrix = true } = options;
  const averager = dualAveraging({ targetAcceptProb });
  const windows = warmupWindows(numWarmup).filter((window) => window.adaptsMetric);
  const restart = (
    metric: Metric,
    guess: number,
    search: StepSizeSearch,
  ): [HmcParameters, DualAveragingState] => {
    const stepSize = adaptStepSize ? search(metric, guess) : guess;
    return [{ metric, stepSize }, averager.init(stepSize)];
  };
  return {
    init({ metric, stepSize }, search) {
      const [parameters, averaging] = restart(metric, stepSize, search);
      return { iteration: 0, averaging, estimate: family.estimator(), parameters };
    },
    update({ iteration, averaging, estimate, parameters }, { position, gradient }, { acceptProb }, search) {
      const next = iteration + 1;
      const averaged = adaptStepSize ? averager.update(averaging, acceptProb) : averaging;
      const stepSize = adaptStepSize ? Math.exp(averaged.logStepSize) : parameters.stepSize;
      const window = windows.find(({ start, end }) => start <= iteration && iteration < end);
      if (window === undefined || !adaptMassMatrix) {
        return { iteration: next, averaging: averaged, estimate, parameters: { ...parameters, stepSize } };
      }
      const extended = estimate.add(position, gradient);
      if (next < window.end) {
        return {
          iteration: next,
          averaging: averaged,
          estimate: extended,
          parameters: { ...parameters, stepSize },
        };
      }
      const [renewed, restarted] = restart(extended.metric(), stepSize, search);
      return {
        iteration: next,
        averaging: restarted,
        estimate: family.estimator(),
        parameters: renewed,
      };
    },
    final: ({ averaging, parameters }) => ({
      metric: parameters.metric,
      stepSize: adaptStepSize ? averager.final(averaging) : parameters.stepSize,
    }),
    save: ({ iteration, averaging, estimate, parameters: { stepSize, metric } }) => ({
      iteration,
      averaging: { ...averaging },
      estimate: estimate.state,
      stepSize,
      metric: metric.saved,
    }),
    restore(saved) {
      const { iteration, averaging, estimate, stepSize, metric } = saved as unknown as SavedAdaptation;
      return {
        iteration,
        averaging,
        estimate: family.estimator(estimate),
        parameters: { stepSize, metric: family.restore(metric) },
      };
    },
  };
}
