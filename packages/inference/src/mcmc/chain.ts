/** One chain: warm-up and sampling as a sequence of transitions, from numbers alone. */
import { findReasonableStepSize } from '../adaptation/step-size-search';
import type { AdaptationState, StepSizeSearch, WindowAdaptation } from '../adaptation/window-adaptation';
import type { Sampler, TransitionInfo } from '../hmc/sampler';
import type { HmcParameters, HmcState } from '../integrators/phase-point';
import type { LogDensity } from '../log-density/log-density';
import type { MetricFamily } from '../metrics/metric';
import type { PlainData } from '../plain-data';
import { randomAddress, randomSource, type KeyWords } from '../random/random-source';
import type { HamiltonianOptions, Phase } from './kernel';
import { makeAdaptation } from './sampler-spec';

/** Those that say how to adapt: plain data. */
export type AdaptationOptions = Pick<
  HamiltonianOptions,
  | 'stepSize'
  | 'adaptStepSize'
  | 'adaptMassMatrix'
  | 'targetAcceptProb'
  | 'inverseMassMatrix'
  | 'adaptation'
  | 'findHeuristicStepSize'
>;

export interface ChainConfig {
  readonly target: LogDensity;
  readonly sampler: (phase: Phase) => Sampler;
  readonly family: MetricFamily;
  readonly options: AdaptationOptions;
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

/** Where a chain is: with its config, all that its next transitions depend on. Plain data. */
export interface ChainSnapshot {
  /** Transitions made, those of the warm-up included. */
  readonly made: number;
  readonly position: Float64Array;
  readonly logDensity: number;
  readonly gradient: Float64Array;
  readonly adaptation: PlainData;
}

/**
 * A chain that is run one transition at a time. The transitions depend on nothing but the config: iteration i of chain
 * c takes its random numbers from the address (key, c, i). A chain made from a snapshot goes on with the same bits.
 */
export class Chain {
  /** Transitions made, those of the warm-up included. */
  made: number;
  private state: HmcState;
  private adaptation: AdaptationState;
  /** What to sample with, once the warm-up is over. */
  private adapted: HmcParameters | undefined;
  private readonly warmup: WindowAdaptation;
  private readonly samplers: Readonly<Record<Phase, Sampler>>;

  constructor(
    private readonly config: ChainConfig,
    snapshot?: ChainSnapshot,
  ) {
    const { family, options, numWarmup } = config;
    const { adaptStepSize, adaptMassMatrix, targetAcceptProb } = options;
    this.warmup = makeAdaptation(options.adaptation ?? 'windowed', family, {
      numWarmup,
      ...(targetAcceptProb === undefined ? {} : { targetAcceptProb }),
      ...(adaptMassMatrix === undefined ? {} : { adaptMassMatrix }),
      adaptStepSize: numWarmup > 0 && adaptStepSize !== false,
    });
    this.samplers = { warmup: config.sampler('warmup'), sample: config.sampler('sample') };
    if (snapshot !== undefined) {
      const { made, position, logDensity, gradient, adaptation } = snapshot;
      this.made = made;
      this.state = { position, logDensity, gradient };
      this.adaptation = this.warmup.restore(adaptation);
      return;
    }
    this.made = 0;
    this.state = this.samplers.warmup.init(config.start);
    const metric =
      options.inverseMassMatrix === undefined
        ? family.identity
        : family.from(Float64Array.from([...options.inverseMassMatrix].flat()));
    this.adaptation = this.warmup.init({ stepSize: options.stepSize ?? 1, metric }, this.searchAt(0));
  }

  get isDone(): boolean {
    return this.made >= this.config.numWarmup + this.config.numTransitions;
  }

  /** Makes the next transition. */
  next(): ChainStep {
    const { key, chain, numWarmup } = this.config;
    const index = this.made;
    const phase = this.phase;
    const parameters = this.parametersOf(phase);
    const random = randomSource(key, chain, 'transition', index);
    const transition = this.samplers[phase].step(random, this.state, parameters);
    this.state = transition.state;
    this.made = index + 1;
    if (phase === 'warmup') {
      const search = this.searchAt(index + 1);
      this.adaptation = this.warmup.update(this.adaptation, this.state, transition.info, search);
    }
    return { phase, iteration: phase === 'warmup' ? index : index - numWarmup, parameters, ...transition };
  }

  /**
   * Makes the transitions that `next` would make, until `visit` returns false or the phase is over.
   * @param visit may be given one object again and again, overwritten by the next transition: copy what is to be kept
   */
  advance(visit: (step: ChainStep) => boolean): void {
    const { phase } = this;
    if (this.isDone) return;
    if (phase === 'sample' && this.sample(visit)) return;
    while (visit(this.next()) && !this.isDone && this.phase === phase);
  }

  /** Samples without an object for each transition; false, with nothing done, if the sampler cannot. */
  private sample(visit: (step: ChainStep) => boolean): boolean {
    const { key, chain, numWarmup } = this.config;
    const parameters = this.parametersOf('sample');
    const first = randomAddress(key, chain, 'transition', this.made);
    const step: { -readonly [K in keyof ChainStep]?: ChainStep[K] } = { phase: 'sample', parameters };
    const reached = this.samplers.sample.advance?.(first, this.state, parameters, ({ state, info }) => {
      step.iteration = this.made++ - numWarmup;
      step.state = state;
      step.info = info;
      return visit(step as ChainStep) && !this.isDone;
    });
    if (reached !== undefined) this.state = reached;
    return reached !== undefined;
  }

  private get phase(): Phase {
    return this.made < this.config.numWarmup ? 'warmup' : 'sample';
  }

  private parametersOf(phase: Phase): HmcParameters {
    if (phase === 'warmup') return this.adaptation.parameters;
    return (this.adapted ??= this.warmup.final(this.adaptation));
  }

  snapshot(): ChainSnapshot {
    return { made: this.made, ...this.state, adaptation: this.warmup.save(this.adaptation) };
  }

  private searchAt(iteration: number): StepSizeSearch {
    const { target, options, key, chain } = this.config;
    if (options.findHeuristicStepSize === false) return (_, stepSize) => stepSize;
    const random = randomSource(key, chain, 'stepSizeSearch', iteration);
    return (metric, stepSize) => findReasonableStepSize(target, this.state, metric, stepSize, random);
  }
}

/** A whole chain, one transition at each `next()` of the generator. */
export function* runChain(config: ChainConfig): Generator<ChainStep, void, undefined> {
  const chain = new Chain(config);
  while (!chain.isDone) yield chain.next();
}
