/** The memory of a sampler, seen from JavaScript. */
import type { Transition } from '../hmc/sampler';
import type { HmcState } from '../integrators/phase-point';
import type { RandomAddress } from '../random/random-source';
import type { DoubleName, WordName } from './layout';
import type { SamplerModule } from './sampler-module';

export class SamplerViews {
  private readonly position: Float64Array;
  private readonly gradient: Float64Array;
  private readonly doubles: Float64Array;
  private readonly words: Int32Array;
  private readonly double: (name: DoubleName) => number;
  private readonly word: (name: WordName) => number;

  constructor({ memory, layout }: SamplerModule) {
    const { buffer } = memory;
    const { dim, vector, state, double, word } = layout;
    this.position = new Float64Array(buffer, state, dim);
    this.gradient = new Float64Array(buffer, state + vector, dim);
    this.doubles = new Float64Array(buffer, double.stepSize, Object.keys(double).length);
    this.words = new Int32Array(buffer, word.key0, Object.keys(word).length);
    this.double = (name) => (double[name] - double.stepSize) / 8;
    this.word = (name) => (word[name] - word.key0) / 4;
  }

  /** The memory has grown: these views are of what it was. */
  get areDetached(): boolean {
    return this.position.length === 0;
  }

  writeState({ position, gradient, logDensity }: HmcState): void {
    this.position.set(position);
    this.gradient.set(gradient);
    this.doubles[this.double('logDensity')] = logDensity;
  }

  /** What differs from transition to transition. */
  begin(stepSize: number, address: RandomAddress): void {
    this.doubles[this.double('stepSize')] = stepSize;
    // The first words of the layout, in this order.
    for (let i = 0; i < address.length; i++) this.words[i] = address[i];
  }

  read(): Transition {
    const { doubles, words } = this;
    const logDensity = doubles[this.double('logDensity')];
    const numSteps = words[this.word('leaves')];
    const acceptSum = doubles[this.double('acceptSum')];
    const treeDepth = words[this.word('depth')];
    return {
      state: { position: this.position.slice(), gradient: this.gradient.slice(), logDensity },
      info: {
        acceptProb: acceptSum / words[this.word('counted')],
        energy: doubles[this.double('energy')],
        potentialEnergy: -logDensity,
        numSteps,
        treeDepth,
        diverging: words[this.word('diverging')] !== 0,
      },
    };
  }
}
