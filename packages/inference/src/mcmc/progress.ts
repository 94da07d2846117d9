/** Tells how far a chain is. */
import type { ChainStep } from './chain';
import type { ProgressEvent } from './events';
import type { Phase } from './sampler-spec';

/** Milliseconds between two progress events. */
const interval = 50;

export class Progress {
  private phase: Phase | undefined;
  /** Of the transitions of this phase that were counted here: a resumed chain made others before. */
  private counted = 0;
  private acceptSum = 0;
  private divergences = 0;
  private phaseBegan = 0;
  private last = performance.now();

  constructor(
    private readonly chain: number,
    private readonly totals: Readonly<Record<Phase, number>>,
  ) {}

  /** Counts a step; now and then, and at the end of a phase, gives an event: time for others to have their turn. */
  add({ phase, iteration, info, parameters }: ChainStep): ProgressEvent | undefined {
    if (phase !== this.phase) {
      this.phase = phase;
      this.counted = this.acceptSum = this.divergences = 0;
      this.phaseBegan = performance.now();
    }
    this.counted++;
    this.acceptSum += info.acceptProb;
    this.divergences += Number(info.diverging);
    const done = iteration + 1;
    const total = this.totals[phase];
    const now = performance.now();
    if (done < total && now - this.last < interval) return undefined;
    this.last = now;
    const left = total - done + (phase === 'warmup' ? this.totals.sample : 0);
    return {
      type: 'progress',
      chain: this.chain,
      phase,
      done,
      total,
      stepSize: parameters.stepSize,
      acceptProb: this.acceptSum / this.counted,
      numSteps: info.numSteps,
      divergences: this.divergences,
      secondsLeft: (left * (now - this.phaseBegan)) / this.counted / 1000,
    };
  }
}
