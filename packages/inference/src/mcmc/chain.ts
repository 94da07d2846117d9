/** One chain: warm-up and sampling as a sequence of transitions, from numbers alone. */
import { findReasonableStepSize } from '../adaptation/step-size-search';
import { windowAdaptation, type StepSizeSearch } from '../adaptation/window-adaptation';
import type { Sampler, TransitionInfo } from '../hmc/sampler';
import type { HmcParameters, HmcState } from '../integrators/phase-point';
import type { LogDensity } from '../log-density/log-density';
import type { MetricFamily } from '../metrics/metric';
import { randomSource, type KeyWords } from '../random/random-source';
import type { HamiltonianOptions, Phase } from './kernel';

export interface ChainConfig {
  readonly target: LogDensity;
  readonly sampler: (phase: Phase) => Sampler;
  readonly family: MetricFamily;
  readonly options: HamiltonianOptions;
  readonly numWarmup: number;
  /** Transitions after the warm-up. */
  readonly numTransitions: number;
  readonly key: KeyWords;
  readonly chain: number;
  readonly start: Float64Array;
}

export interface ChainStep {
  readonly phase: Phase;
  /** Counts within the phase, from 0. */
  readonly iteration: number;
  readonly state: HmcState;
  readonly info: TransitionInfo;
  /** What the transition was made with. */
  readonly parameters: HmcParameters;
}

/**
 * Runs a chain, one transition at each `next()`. The transitions depend on nothing but the config: iteration i of chain
 * c takes its random numbers from the address (key, c, i).
 */
export function* runChain(config: ChainConfig): Generator<ChainStep, void, undefined> {
  const { target, family, options, numWarmup, numTransitions, key, chain } = config;
  const { adaptStepSize, adaptMassMatrix, targetAcceptProb, findHeuristicStepSize = true } = options;
  const warmup = windowAdaptation(family, {
    numWarmup,
    ...(targetAcceptProb === undefined ? {} : { targetAcceptProb }),
    ...(adaptMassMatrix === undefined ? {} : { adaptMassMatrix }),
    adaptStepSize: numWarmup > 0 && adaptStepSize !== false,
  });
  const sampler = { warmup: config.sampler('warmup'), sample: config.sampler('sample') };
  let state = sampler.warmup.init(config.start);
  const searchAt = (iteration: number): StepSizeSearch => {
    if (!findHeuristicStepSize) return (_, stepSize) => stepSize;
    const random = randomSource(key, chain, 'stepSizeSearch', iteration);
    return (metric, stepSize) => findReasonableStepSize(target, state, metric, stepSize, random);
  };

  let adaptation = warmup.init(
    { stepSize: options.stepSize ?? 1, metric: initialMetric(family, options.inverseMassMatrix) },
    searchAt(0),
  );
  for (let iteration = 0; iteration < numWarmup; iteration++) {
    const { parameters } = adaptation;
    const random = randomSource(key, chain, 'transition', iteration);
    const transition = sampler.warmup.step(random, state, parameters);
    state = transition.state;
    adaptation = warmup.update(
      adaptation,
      state.position,
      transition.info.acceptProb,
      searchAt(iteration + 1),
    );
    yield { phase: 'warmup', iteration, parameters, ...transition };
  }

  const parameters = warmup.final(adaptation);
  for (let iteration = 0; iteration < numTransitions; iteration++) {
    const random = randomSource(key, chain, 'transition', numWarmup + iteration);
    const transition = sampler.sample.step(random, state, parameters);
    state = transition.state;
    yield { phase: 'sample', iteration, parameters, ...transition };
  }
}

function initialMetric(
  family: MetricFamily,
  given: HamiltonianOptions['inverseMassMatrix'],
): HmcParameters['metric'] {
  return given === undefined ? family.identity : family.from(Float64Array.from([...given].flat()));
}
