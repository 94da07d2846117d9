/** Tells how far a chain is. */
import type { ChainStep } from './chain';
import type { ProgressEvent } from './events';
import type { Phase } from './sampler-spec';

/** Milliseconds between two progress events. */
const usualInterval = 50;
/** The clock is read this many times, or more, in an interval. */
const looks = 10;

export class Progress {
  private phase: Phase | undefined;
  /** Of the transitions of this phase that were counted here: a resumed chain made others before. */
  private counted = 0;
  private acceptSum = 0;
  private divergences = 0;
  private phaseBegan = 0;
  private last = performance.now();
  /** When the clock was read; the work (transitions and gradients) since then, and after how much it is read again. */
  private looked = this.last;
  private work = 0;
  private stride = 1;

  constructor(
    private readonly chain: number,
    private readonly totals: Readonly<Record<Phase, number>>,
    private readonly interval = usualInterval,
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
    this.work += 1 + info.numSteps;
    if (done < total && this.work < this.stride) return undefined;
    const now = this.look();
    if (done < total && now - this.last < this.interval) return undefined;
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

  /** Reads the clock, which costs as much as a small gradient, and not too often from now on. */
  private look(): number {
    const now = performance.now();
    const share = (now - this.looked) / this.interval;
    if (share > 1 / looks) this.stride = Math.max(1, this.stride / 2);
    else if (share < 1 / (4 * looks)) this.stride *= 2;
    this.looked = now;
    this.work = 0;
    return now;
  }
}
