/** The memory of a sampler, seen from JavaScript. */
import type { Transition, TransitionInfo } from '../hmc/sampler';
import type { HmcState } from '../integrators/phase-point';
import type { RandomAddress } from '../random/random-source';
import { doublePlaces, wordPlaces } from './layout';
import type { SamplerModule } from './sampler-module';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface SeenTransition extends Transition {
  readonly state: Mutable<HmcState>;
  readonly info: Mutable<TransitionInfo>;
}

export class SamplerViews {
  private readonly position: Float64Array;
  private readonly gradient: Float64Array;
  private readonly doubles: Float64Array;
  private readonly words: Int32Array;
  private readonly seen: SeenTransition;

  constructor({ memory, layout }: SamplerModule) {
    const { buffer } = memory;
    const { dim, vector, state, doubles, words } = layout;
    this.position = new Float64Array(buffer, state, dim);
    this.gradient = new Float64Array(buffer, state + vector, dim);
    this.doubles = new Float64Array(buffer, doubles, Object.keys(doublePlaces).length);
    this.words = new Int32Array(buffer, words, Object.keys(wordPlaces).length);
    const { position, gradient } = this;
    this.seen = {
      state: { position, gradient, logDensity: NaN },
      info: {
        acceptProb: NaN,
        energy: NaN,
        potentialEnergy: NaN,
        numSteps: 0,
        treeDepth: 0,
        diverging: false,
      },
    };
  }

  /** The memory has grown: these views are of what it was. */
  get areDetached(): boolean {
    return this.position.length === 0;
  }

  writeState({ position, gradient, logDensity }: HmcState): void {
    this.position.set(position);
    this.gradient.set(gradient);
    this.doubles[doublePlaces.logDensity] = logDensity;
  }

  /** What differs from transition to transition. */
  begin(stepSize: number, address: RandomAddress): void {
    this.doubles[doublePlaces.stepSize] = stepSize;
    // The first words of the layout, in this order.
    for (let i = 0; i < address.length; i++) this.words[i] = address[i];
  }

  /** The iteration in the address of the random numbers. */
  set iteration(iteration: number) {
    this.words[wordPlaces.iteration] = iteration;
  }

  /** The transition that was made last, in an object that the next call overwrites: a view, not a copy. */
  look(): Transition {
    const { doubles, words, seen } = this;
    const { state, info } = seen;
    const logDensity = doubles[doublePlaces.logDensity];
    state.logDensity = logDensity;
    info.acceptProb = doubles[doublePlaces.acceptSum] / words[wordPlaces.counted];
    info.energy = doubles[doublePlaces.energy];
    info.potentialEnergy = -logDensity;
    info.numSteps = words[wordPlaces.leaves];
    info.treeDepth = words[wordPlaces.depth];
    info.diverging = words[wordPlaces.diverging] !== 0;
    return seen;
  }

  /** A copy of the state. */
  takeState(): HmcState {
    const logDensity = this.doubles[doublePlaces.logDensity];
    return { position: this.position.slice(), gradient: this.gradient.slice(), logDensity };
  }
}
