/** The memory of a sampler, seen from JavaScript. */
import type { Transition } from '../hmc/sampler';
import type { HmcState } from '../integrators/phase-point';
import type { RandomAddress } from '../random/random-source';
import { doublePlaces, wordPlaces } from './layout';
import type { SamplerModule } from './sampler-module';

export class SamplerViews {
  private readonly position: Float64Array;
  private readonly gradient: Float64Array;
  private readonly doubles: Float64Array;
  private readonly words: Int32Array;

  constructor({ memory, layout }: SamplerModule) {
    const { buffer } = memory;
    const { dim, vector, state, doubles, words } = layout;
    this.position = new Float64Array(buffer, state, dim);
    this.gradient = new Float64Array(buffer, state + vector, dim);
    this.doubles = new Float64Array(buffer, doubles, Object.keys(doublePlaces).length);
    this.words = new Int32Array(buffer, words, Object.keys(wordPlaces).length);
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

  read(): Transition {
    const { doubles, words } = this;
    const logDensity = doubles[doublePlaces.logDensity];
    const numSteps = words[wordPlaces.leaves];
    const acceptSum = doubles[doublePlaces.acceptSum];
    const treeDepth = words[wordPlaces.depth];
    return {
      state: { position: this.position.slice(), gradient: this.gradient.slice(), logDensity },
      info: {
        acceptProb: acceptSum / words[wordPlaces.counted],
        energy: doubles[doublePlaces.energy],
        potentialEnergy: -logDensity,
        numSteps,
        treeDepth,
        diverging: words[wordPlaces.diverging] !== 0,
      },
    };
  }
}
